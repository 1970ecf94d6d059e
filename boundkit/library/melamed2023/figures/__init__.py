"""The paper's figures 1 to 6, made again in NumPy: `make(2).save("pictures")`.

One module each; a picture comes with its numbers and settings.
"""

from boundkit.library.melamed2023.figures.making import make
from boundkit.library.melamed2023.figures.pictures import Picture

__all__ = ["Picture", "make"]
