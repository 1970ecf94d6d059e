"""Plots: how loose a statement is, where it says anything, and what its quantities do.

Every function takes ``ax=None`` and returns the axes; matplotlib is loaded when the first one is called.
"""

from boundkit.plots.coverage import coverage
from boundkit.plots.curves import tightness_curves
from boundkit.plots.flips import flip_probability
from boundkit.plots.gradients import gradient_law
from boundkit.plots.style import save

__all__ = ["coverage", "flip_probability", "gradient_law", "save", "tightness_curves"]
