"""How long a flip has to be against m/k: what is promised, what suffices, and where nothing flips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boundkit.formats.numbers import number_text
from boundkit.formats.style import BLUE, GREEN, GREY, ORANGE, VERMILION, legend_below, styled
from boundkit.library.melamed2023.comparison import Comparison, compare

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTHS = (4, 8, 16, 32, 64, 128, 256, 512)
SERIES = {  # of a row of the comparison: its name, colour and marker
    "promised": ("Theorem 5.1", VERMILION, "x"),
    "sharpened": ("sharpened", ORANGE, "^"),
    "universal": ("universal, $k + 1$", GREEN, "s"),
    "one_point": ("one point", BLUE, "o"),
    "swap": ("swap", "black", "+"),
    "radius": ("radius", GREY, "v"),
}


@styled
def lengths_against_k(found: Comparison | None = None, *, ax: Axes, **options: Any) -> Axes:
    """Draw a comparison's lengths against m/k, a point for each network that has them.

    Parameters
    ----------
    found : Comparison, optional
        What to draw; by default `compare` at one input dimension and many widths, with these options.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = lengths_against_k(d=784, m=(4, 16))
    >>> len(ax.get_legend_handles_labels()[1]), ax.get_xscale()
    (5, 'log')
    """
    asked: dict[str, Any] = {"d": 150528, "m": WIDTHS, "searched": 0} | options
    found = found or compare(**asked)
    for name, (label, colour, marker) in SERIES.items():
        points = sorted((row.m / row.k, y) for row in found.rows if (y := getattr(row, name)) is not None)
        if points:
            ax.plot(*zip(*points, strict=True), color=colour, marker=marker, ms=5, ls="", label=label)
    ax.set_xscale("log")
    factors = [row.m / row.k for row in found.rows]
    ax.set_xticks([2.0**i for i in range(12) if min(factors) / 1.5 < 2.0**i < max(factors) * 1.5])
    ax.xaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.set_yscale("log")
    ax.set_xlabel("$m/k$")
    ax.set_ylabel("length off $P$, over $|N(x_0)|$")
    dims = ", ".join(str(d) for d in sorted({row.d for row in found.rows}))
    ax.set_title(f"$d = {dims}$, at failure {number_text(found.failure, 3)}", color=GREY)
    legend_below(ax, 3)
    return ax
