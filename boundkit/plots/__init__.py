"""Plots: how loose a statement is, where it says anything, what its quantities do, and a network of one's own.

Every function takes ``ax=None`` and returns the axes; matplotlib is loaded when the first one is called.
"""

from boundkit.formats.style import save
from boundkit.plots.bounds import bounds_curves
from boundkit.plots.coverage import coverage
from boundkit.plots.curves import tightness_curves
from boundkit.plots.networks import gradients, spectrum, step_lengths

__all__ = ["bounds_curves", "coverage", "gradients", "save", "spectrum", "step_lengths", "tightness_curves"]
