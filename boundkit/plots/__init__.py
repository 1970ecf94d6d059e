"""Plots: how loose a statement is, where it says anything, and what its quantities do.

Every function takes ``ax=None`` and returns the axes; matplotlib is loaded when the first one is called.
"""

from boundkit.formats.style import save
from boundkit.plots.bounds import bounds_curves
from boundkit.plots.coverage import coverage
from boundkit.plots.curves import tightness_curves

__all__ = ["bounds_curves", "coverage", "save", "tightness_curves"]
