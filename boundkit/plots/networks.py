"""A network of one's own and its data: how long steps are, how steep it is, and where P cuts the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boundkit.formats.style import BLUE, COLOURS_IN_ORDER, DASHES, GREY, VERMILION, legend_below, styled
from boundkit.studies.applicability_words import steps

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from boundkit.studies.applicability import Applicability


@styled
def step_lengths(found: Applicability, *, ax: Axes) -> Axes:
    """Draw which share of the points a step of each kind reaches within which length.

    Parameters
    ----------
    found : Applicability
        From `boundkit.applicable`.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes
        A curve for each kind; the share is of the points at which it was looked for.
    """
    for (name, lengths), colour, dash in zip(steps(found.inspection).items(), COLOURS_IN_ORDER, DASHES, strict=False):
        looked = np.sort(lengths[~np.isnan(lengths)])
        some = np.isfinite(looked) & (looked > 0)
        if some.any():
            share = np.arange(1, len(looked) + 1) / len(looked)
            ax.step(looked[some], share[some], where="post", color=colour, linestyle=dash, label=name)
    ax.set(ylim=(0, 1.02), xlabel="length of the step", ylabel="share of the points")
    if ax.lines:
        ax.set_xscale("log")
        legend_below(ax, 3)
    ax.set_title("How long a step to the boundary is, by kind")
    return ax


@styled
def gradients(found: Applicability, *, ax: Axes) -> Axes:
    """Draw the gradient's length orthogonal to P over that in P, a dot a point.

    Parameters
    ----------
    found : Applicability
        From `boundkit.applicable`.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes
        On the line the two are equal.
    """
    off, on = found.inspection.gradients
    ends = [0, 1.05 * float(max(off.max(), on.max())) or 1.0]
    ax.plot(ends, ends, color=GREY, linewidth=0.8)
    ax.plot(on, off, ".", color=BLUE, markersize=3)
    ax.set(xlim=ends, ylim=ends, xlabel="length in P", ylabel="length orthogonal to P", aspect="equal")
    ax.set_title("The gradient at the points, in P and off it")
    return ax


@styled
def spectrum(found: Applicability, *, ax: Axes) -> Axes:
    """Draw the singular values of the points over the largest, and where P cuts them.

    Parameters
    ----------
    found : Applicability
        From `boundkit.applicable`.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes
        Values below the rounding of doubles are drawn there.
    """
    seen = found.inspection
    P, sines = seen.network.subspace, seen.spectrum
    ax.plot(np.arange(1, len(sines) + 1), np.maximum(sines / (sines[0] or 1), 1e-17), ".", color=BLUE, markersize=3)
    ax.axvline(P.d - P.ell + 0.5, color=VERMILION, linestyle="--", label=f"P has {P.d - P.ell} dimensions")
    ax.set(yscale="log", xlabel="number", ylabel="singular value over the largest")
    ax.set_title("The spectrum of the points, and the cut")
    ax.legend(frameon=False)
    return ax
