"""Who bounds a probability best along a parameter: the bounds of the tightest beside the exact value."""

from __future__ import annotations

from itertools import cycle, pairwise
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Symbol, latex

from boundkit.formats.expressions import TextPrinter
from boundkit.formats.style import COLOURS_IN_ORDER, DASHES, GREY, math, plain, styled, wrapped
from boundkit.plots.parameters import is_wide
from boundkit.studies.bound_records import Bound, BoundsOver

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEN = float(np.log(10))
ABOVE, BELOW = 6, 2  # curves that are drawn of the bounds from each side
SAME = 1e-3  # powers of ten between curves that no eye tells apart
LINE = 0.075  # of the height of the axes: between two names
WRAP = 36  # characters of a name in a line
OUTSIDE = 1.03  # where the names stand, of the width


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
        The exact value, the six tightest bounds from above, and the two tightest from below, dotted; each where it
        counts, with its name beside it. Bounds that are the same are one curve; the tail is to the right.

    Examples
    --------
    >>> import boundkit as bk, sympy
    >>> law = bk.tails.normal_two_sided(sympy.Symbol("t"))
    >>> ax = bk.plots.bounds_curves(bk.bounds_over(law, {"t": "1:5:1"}))
    >>> [line.get_label() for line in ax.get_lines()][:2]
    ['exact', 'beyond.normal_tail, classics.normal_sides']
    """
    x = np.array([float(value) for value, _ in found.points])
    curves: list[tuple[str, np.ndarray, dict[str, Any]]] = [
        ("exact", _powers([at.log_exact for _, at in found.points]), {"color": GREY, "lw": 2.5})
    ]
    upper = _tightest([at.upper for _, at in found.points], -1)[:ABOVE]
    lower = _tightest([at.lower for _, at in found.points], 1)[:BELOW]
    looks = zip(COLOURS_IN_ORDER, cycle(DASHES), strict=False)
    curves += [
        (name, y, {"color": colour, "ls": dash}) for (name, y), (colour, dash) in zip(upper, looks, strict=False)
    ]
    curves += [(f"at least {name}", y, {"color": "black", "ls": ":", "lw": 2 - i}) for i, (name, y) in enumerate(lower)]
    for name, y, style in curves:
        ax.plot(x, y, label=plain(name), **style)
    if is_wide(x):
        ax.set_xscale("log")
    if curves[0][1][0] > curves[0][1][-1]:
        ax.invert_xaxis()
    ax.set_xlabel(math(latex(Symbol(found.parameter)), found.parameter))
    ax.set_ylabel(r"$-\log_{10}$ of the probability")
    ax.set_title(wrapped(f"Bounds of {TextPrinter({}).doprint(found.law)}"))
    _name(ax)
    return ax


def _tightest(sides: list[tuple[Bound, ...]], sign: int) -> list[tuple[str, np.ndarray]]:
    """The bounds of one side along the points, those that win somewhere first; the same ones together."""
    logs = [{b.name: b.log_claimed for b in reversed(side) if b.counts} for side in sides]
    curves = {
        name: _powers([at.get(name) for at in logs]) for name in dict.fromkeys(name for at in logs for name in at)
    }
    win = {next(iter(reversed(at))) for at in logs if at}

    def rank(name: str) -> tuple[bool, int, float]:
        y = curves[name]
        return name not in win, int(np.isnan(y).sum()), sign * float(np.nanmean(y))

    groups: list[list[str]] = []
    for name in sorted(curves, key=rank):
        same = (g for g in groups if np.allclose(curves[g[0]], curves[name], rtol=0, atol=SAME, equal_nan=True))
        if group := next(same, None):
            group.append(name)
        else:
            groups.append([name])
    return [(", ".join(sorted(group, key=lambda name: "." not in name)), curves[group[0]]) for group in groups]


def _name(ax: Axes) -> None:
    """The name of each curve to its right, in the order in which they end, a thin line between them."""
    low, high = ax.get_ylim()
    ends = []
    for line in ax.get_lines():
        x, y = (np.asarray(data, float) for data in line.get_data())
        if len(there := np.flatnonzero(~np.isnan(y))):
            end = there[0] if ax.xaxis_inverted() else there[-1]
            ends.append((float(y[end]), float(x[end]), line))
    ends.sort(key=lambda end: end[0])
    labels = [textwrap.fill(str(line.get_label()), WRAP) for *_, line in ends]
    places = _apart([(y - low) / (high - low) for y, *_ in ends], [LINE * (1 + label.count("\n")) for label in labels])
    for (end, at, line), label, place in zip(ends, labels, places, strict=True):
        arrow = {
            "arrowstyle": "-",
            "color": line.get_color(),
            "lw": 0.6,
            "shrinkA": 2,
            "shrinkB": 1,
            "relpos": (0, 0.5),
        }
        where = (OUTSIDE, place)
        ax.annotate(label, (at, end), where, textcoords="axes fraction", va="center", fontsize=8, arrowprops=arrow)


def _apart(heights: list[float], sizes: list[float]) -> list[float]:
    """Increasing heights, moved until things of these sizes do not overlap, the last one at 1 at most."""
    places, steps = [*heights], [(one + other) / 2 for one, other in pairwise(sizes)]
    for i, step in enumerate(steps):
        places[i + 1] = max(places[i + 1], places[i] + step)
    places[-1] = min(places[-1], 1.0)
    for i, step in reversed([*enumerate(steps)]):
        places[i] = min(places[i], places[i + 1] - step)
    return places


def _powers(logs: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else -value / TEN for value in logs])
