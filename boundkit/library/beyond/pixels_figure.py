"""How little every pixel has to change to take the label: in images of several sizes, half of whose pixels are free."""

from __future__ import annotations

from math import isfinite, log, pi, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.api.objects import Statement
from boundkit.errors import ParameterError
from boundkit.formats.numbers import number_text
from boundkit.formats.style import BLUE, DASHES, GREEN, GREY, legend_below, styled
from boundkit.library.beyond.linf_flip import linf_flip
from boundkit.library.beyond.radius_in_norm import radius_in_norm
from boundkit.library.beyond.valid_image_flip import valid_image_flip
from boundkit.simulate.arguments import count, size
from boundkit.studies.tables.grids import grid_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

IMAGES = (784, 1024, 2352, 3072, 4096, 12288, 27648, 49152, 150528)  # from MNIST's size to ImageNet's
WIDTHS = (16, 64)
FACTORS = np.geomspace(1.01, 100, 500)  # candidates for c
LARGEST = 1e300  # of a pixel, where no range is asked for


def least_change(statement: Statement, failure: float, **sizes: Any) -> float:
    """The least change of every pixel that the statement promises with at most this failure; nan where none is.

    Examples
    --------
    >>> round(least_change(linf_flip, 0.01, d=3072, ell=1536, m=16, k=4), 3)
    0.281
    """
    found = statement.evaluate(("log_failure", "bound", "applies"), c=FACTORS, output=1, **sizes)
    kept = (found["log_failure"] <= log(failure)) & found["applies"]
    return float(found["bound"][np.argmax(kept)]) if kept.any() else float("nan")


@styled
def change_against_pixels(d: Any = IMAGES, m: Any = WIDTHS, failure: float = 0.01, *, ax: Axes) -> Axes:
    """Draw how much each pixel has to change, over N(x0), against the number of pixels, half of them 0 in all data.

    A quarter of the neurons are active and oppose the label. Where a width has no point nothing is promised.

    Parameters
    ----------
    d, m : whole numbers, or a range in text
        The numbers of pixels, and widths.
    failure : float
        The failure probability that is allowed.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> ax = change_against_pixels(d=(784, 12288), m=(16,))
    >>> ax.get_xlabel()
    'pixels'
    """
    sizes = [count("d", x, "the number of pixels", 2) for x in grid_values(d)]
    if not size("failure", failure, "the failure probability") < 1:
        raise ParameterError(f"failure = {failure}: a probability below 1 is allowed; give one, such as 0.01")
    for width, dash in zip((count("m", x, "the number of neurons", 2) for x in grid_values(m)), DASHES, strict=False):
        at = [{"d": x, "ell": x // 2, "m": width, "k": width // 4} for x in sizes]
        both = [least_change(linf_flip, failure, **some) for some in at]
        upward = [least_change(valid_image_flip, failure, **some, top=LARGEST) for some in at]
        none = [_radius(x, width, failure) for x in sizes]
        for values, label, colour in (
            (upward, "upward only", BLUE),
            (both, "up or down", GREEN),
            (none, "below: no flip", GREY),
        ):
            some = [(x, y) for x, y in zip(sizes, values, strict=True) if isfinite(y)]
            if some:
                ax.plot(*zip(*some, strict=True), color=colour, ls=dash, marker=".", label=f"{label}, $m = {width}$")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("pixels")
    ax.set_ylabel("change of a pixel, over $|N(x_0)|$")
    ax.set_title(f"half the pixels 0 in all data, failure {number_text(failure, 3)}", color=GREY)
    legend_below(ax, 2)
    return ax


def _radius(d: int, m: int, failure: float) -> float:
    """The largest change of a pixel below which no step in half of them takes any label."""
    ell = d // 2
    t = sqrt(2 * log(1 / failure))
    norms = {"u_2": 1, "u_1": sqrt(m), "width": ell * sqrt(2 / pi), "rho": sqrt(ell)}
    return float(radius_in_norm(d=d, output=1, t=t, **norms).bound)
