"""Who bounds a probability best along a parameter: every statement's bound beside the exact value."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np

from boundkit.formats.expressions import TextPrinter
from boundkit.formats.style import COLOURS_IN_ORDER, DASHES, GREY, legend_below, plain, styled, wrapped
from boundkit.plots.parameters import is_wide
from boundkit.studies.bound_records import BoundsOver

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEN = log(10)


@styled
def bounds_curves(found: BoundsOver, *, ax: Axes) -> Axes:
    """Draw the bounds of a law along its parameter, as negative powers of ten: higher is tighter.

    Parameters
    ----------
    found : BoundsOver
        What `bounds_over` gave.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes
        A curve for each statement that counts somewhere, where it does; those that win somewhere come first.

    Examples
    --------
    >>> import boundkit as bk, sympy
    >>> law = bk.tails.normal_two_sided(sympy.Symbol("t"))
    >>> ax = bk.plots.bounds_curves(bk.bounds_over(law, {"t": "1:5:1"}))
    >>> [line.get_label() for line in ax.get_lines()][:2]
    ['exact', 'beyond.normal_tail']
    """
    x = np.array([float(value) for value, _ in found.points])
    exact = [at.log_exact for _, at in found.points]
    ax.plot(x, _powers(exact), color=GREY, lw=2, label="exact")
    for i, name in enumerate(found.names):
        logs = [min((b.log_claimed for b in at.upper if b.counts and b.name == name), default=None)
                for _, at in found.points]  # fmt: skip
        style = {"color": COLOURS_IN_ORDER[i % len(COLOURS_IN_ORDER)], "ls": DASHES[i % len(DASHES)]}
        ax.plot(x, _powers(logs), label=plain(name), **style)
    if is_wide(x):
        ax.set_xscale("log")
    ax.set_xlabel(f"${found.parameter}$")
    ax.set_ylabel(r"$-\log_{10}$ of the probability")
    ax.set_title(wrapped(f"Bounds of {TextPrinter({}).doprint(found.law)}"))
    legend_below(ax, 2)
    return ax


def _powers(logs: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else -value / TEN for value in logs])
