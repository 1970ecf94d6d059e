"""Figure 1: how much of the variance of image data sets few principal components hold (section 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.datasets import Images, images
from boundkit.library.melamed2023.figures.parallel import spread
from boundkit.library.melamed2023.figures.pictures import LINE, MINUS, PLUS, Picture, new_axes, new_figure
from boundkit.simulate.rng import Array
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHARES = (0.9, 0.95)
PRINTED = {"CIFAR-10": (98, 216), "MNIST": (86, 153)}
COUNTING = (
    "the paper's 98 and 216 components for CIFAR-10 and 86 and 153 for MNIST look like indices counted from zero: "
    "as numbers of components they would be 99 and 217, 87 and 154"
)
QUICK = 2000  # images, at most


@single_threaded
def cumulative_variance(data: Images) -> Array:
    """The share of the variance that the first 1, 2, ..., d principal components hold (d,).

    Examples
    --------
    >>> line = Images("a line", np.outer(np.arange(4), [1, 2]).astype(np.uint8), 1, np.zeros(4, int))
    >>> cumulative_variance(line).round(6)
    array([1., 1.])
    """
    values = np.maximum(np.linalg.eigvalsh(data.scatter()[1])[::-1], 0)
    return np.asarray(np.cumsum(values) / values.sum())


def components(share: Array, target: float) -> int:
    """The least number of components that hold the target share."""
    return int(np.argmax(share >= target)) + 1


def draw_variance(share: Array, title: str, ax: Any = None) -> Any:
    """Draw the cumulative variance of one data set and return the axes."""
    ax = new_axes(ax)
    ax.plot(np.arange(1, len(share) + 1), share, color=PLUS, lw=1.4)
    for target, style in zip(SHARES, ("--", ":"), strict=True):
        k = components(share, target)
        ax.plot([0, k, k], [target, target, 0], color=MINUS, lw=1, ls=style, label=f"{target:.0%}: {k} components")
    ax.set(xlim=(0, len(share)), ylim=(0, 1.02), xlabel="principal components", ylabel="share of the variance")
    ax.set_title(title)
    ax.legend(loc="lower right", frameon=False)
    ax.spines[["top", "right"]].set_color(LINE)
    return ax


def picture(
    *, seed: int = 0, quick: bool = False, data: str | Path | None = None, workers: int | None = None,
    progress: Progress | None = None,
) -> Picture:  # fmt: skip
    """Make figure 1 of the image data in a folder, or of what stands in; `quick` takes 2000 images of each.

    Nothing is random but which images `quick` takes.
    """
    found = [one.some(QUICK, seed) if quick else one for one in images(data)]
    shares = spread(cumulative_variance, [(one,) for one in found], workers, progress)
    counts = [{f"{t:.0%}": components(share, t) for t in SHARES} for share in shares]
    names = " and ".join(one.name for one in found)
    lines = tuple(
        f"({chr(97 + i)}) {one.name}, {len(one.labels)} images in {one.pixels.shape[1]} dimensions: "
        + ", ".join(f"{share} of the variance at {k} components" for share, k in counts[i].items())
        + _beside(one.name)
        for i, one in enumerate(found)
    )
    told = (f"this is {names}, not the paper's MNIST and CIFAR-10",)
    other = () if {one.name for one in found} & set(PRINTED) else told
    settings = {"seed": seed, "quick": quick, "data": None if data is None else Path(data).name, "shares": SHARES}
    numbers = {
        "panels": [
            {"data": one.name, "images": len(one.labels), "components": c, "cumulative_variance": share}
            for one, c, share in zip(found, counts, shares, strict=True)
        ]
    }

    def figure() -> Figure:
        drawn = new_figure(3.6 * len(found), 2.8)
        for i, (ax, one) in enumerate(zip(np.ravel(drawn.subplots(1, len(found))), found, strict=True)):
            draw_variance(shares[i], f"({chr(97 + i)}) {one.name}, {len(one.labels)} images", ax)
        return drawn

    return Picture(1, f"cumulative variance of {names}", settings, numbers, lines, (COUNTING, *other), figure)


def _beside(name: str) -> str:
    printed: Sequence[int] = PRINTED.get(name, ())
    return f" (the paper: {printed[0]} and {printed[1]})" if printed else ""
