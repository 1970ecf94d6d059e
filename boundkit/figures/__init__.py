"""The paper's figures 1 to 6, made again in NumPy: `make(2).save("pictures")`.

One module each; a picture comes with its numbers and settings.
"""

from boundkit.figures.making import make
from boundkit.figures.pictures import Picture

__all__ = ["Picture", "make"]
