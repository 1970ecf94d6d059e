"""Figures 2, 3, 5 and 6: one data set, three ways to train, and how far the boundary is along the normal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.parallel import spread
from boundkit.simulate.deep import DeepNetwork, Run, TrainingConfig, pytorch_default, train_deep
from boundkit.simulate.lines import boundary_distance
from boundkit.simulate.rng import Array, stream

REACH = 10.0  # how far along the normal the boundary is looked for: five times the data's extent or more
Start = Callable[[Sequence[int]], DeepNetwork]


@dataclass(frozen=True)
class Setting:
    """One panel: how networks start, in code and in words, and how they are trained."""

    title: str
    start: Start
    start_is: str
    recipe: TrainingConfig

    def to_dict(self) -> dict[str, Any]:
        """What fixes it, apart from the seed."""
        return {"panel": self.title, "initialisation": self.start_is, **asdict(self.recipe)}


@dataclass(frozen=True, eq=False)
class Experiment:
    """A data set on a line or plane, its unit normal, the box that is drawn, and the three panels."""

    number: int
    title: str
    X: Array
    y: Array
    normal: Array
    low: float
    high: float
    settings: tuple[Setting, ...]

    @property
    def exits(self) -> Array:
        """The distance along the normal, the nearer way, at which each point leaves the box (n,)."""
        moving = self.normal != 0
        x, n = self.X[:, moving], np.abs(self.normal[moving])
        forward = np.where(self.normal[moving] > 0, self.high - x, x - self.low)
        backward = (self.high - self.low) - forward
        return np.asarray(np.minimum((forward / n).min(-1), (backward / n).min(-1)))

    def shortened(self, steps: int) -> Experiment:
        """The same, stopped after so many steps at the latest."""
        settings = tuple(replace(s, recipe=replace(s.recipe, steps=steps)) for s in self.settings)
        return replace(self, settings=settings)


@dataclass(frozen=True, eq=False)
class Outcome:
    """One panel for several seeds.

    Attributes
    ----------
    setting : Setting
    run : Run
        Networks with one leading axis, the seeds.
    distance : array (seeds, n)
        From each point to the boundary along the normal, the nearer way; inf where none is within REACH.
    side : array (seeds, n)
        +1 or -1: which way along the normal that is.
    """

    setting: Setting
    run: Run
    distance: Array
    side: Array

    @property
    def typical(self) -> Array:
        """The median over the points, one a seed; what is beyond REACH counts as REACH."""
        return np.asarray(np.median(np.minimum(self.distance, REACH), axis=-1))


def distances(network: DeepNetwork, X: Array, normal: Array, reach: float = REACH) -> tuple[Array, Array]:
    """How far the boundary is from every point along the normal, the nearer way, and which way that is."""
    ahead, behind = (boundary_distance(network, X, way * normal, reach) for way in (1, -1))
    return np.minimum(ahead, behind), np.where(ahead <= behind, 1, -1)


def perform(setting: Setting, X: Array, y: Array, normal: Array, seeds: Sequence[int]) -> Outcome:
    """Train the panel's networks, one a seed, and measure them."""
    run = train_deep(setting.start(seeds), X, y, setting.recipe)
    found = [distances(run.network[i], X, normal) for i in range(len(seeds))]
    return Outcome(setting, run, *map(np.array, zip(*found, strict=True)))


def outcomes(
    experiment: Experiment, seeds: Sequence[int], workers: int | None = None, progress: Progress | None = None
) -> tuple[Outcome, ...]:
    """All three panels."""
    e = experiment
    tasks = [(setting, e.X, e.y, e.normal, seeds) for setting in e.settings]
    return tuple(spread(perform, tasks, workers, progress))


@dataclass(frozen=True, eq=False)
class Claim:
    """The paper's claim: how much further the boundary is than by default, one ratio a seed.

    Distances are medians over the points along the normal; a boundary beyond REACH counts as at REACH, so that a
    ratio is too small rather than too large where the default's boundary is nearer. Seeds at which one of the two
    networks missed its margin have the ratio nan and are counted apart.

    Attributes
    ----------
    titles : tuple of str
        The panels but the first.
    ratios : array (panels - 1, seeds)
    reached : array of bool (panels, seeds)
        Which networks have their margin.
    """

    titles: tuple[str, ...]
    ratios: Array
    reached: Array

    def __str__(self) -> str:
        kept = [(title, r[np.isfinite(r)], len(r)) for title, r in zip(self.titles, self.ratios, strict=True)]
        return "\n".join(
            f"{title}: {np.median(r):.2f} times as far (median of {len(r)} seeds, "
            f"range {r.min():.2f} to {r.max():.2f}), further in {np.sum(r > 1)}; "
            f"the margin was missed at {n - len(r)} other seeds"
            for title, r, n in kept
        )

    def median(self, panel: int) -> float:
        """The median ratio of panel 0 (smaller initialisation) or 1 (regularised)."""
        return float(np.nanmedian(self.ratios[panel]))


def claim(
    experiment: Experiment, seeds: Sequence[int], workers: int | None = None, progress: Progress | None = None
) -> Claim:
    """Measure the paper's claim over several seeds.

    Examples
    --------
    >>> from boundkit.library.melamed2023.figures import figure_2
    >>> found = claim(figure_2.experiment(), seeds=range(4), workers=1)
    >>> found.median(0) > 1, found.median(1) > 1
    (True, True)
    """
    default, *others = outcomes(experiment, seeds, workers, progress)
    ratios = np.array([
        np.where(other.run.reached & default.run.reached, other.typical / default.typical, np.nan) for other in others
    ])  # fmt: skip
    reached = np.array([o.run.reached for o in (default, *others)])
    return Claim(tuple(o.setting.title for o in others), ratios, reached)


def diagonal() -> tuple[Array, Array, Array]:
    """Seven points on y = x from (-1, -1) to (1, 1), alternating labels, and the normal (figures 2 and 6)."""
    t = np.linspace(-1, 1, 7)
    return np.stack([t, t], axis=1), np.where(np.arange(7) % 2 == 0, 1.0, -1.0), np.array([1.0, -1.0]) / np.sqrt(2)


def chessboard() -> tuple[Array, Array, Array]:
    """25 points {0, 1/4, ..., 1}^2 at z = 0.5, chessboard labels, and the normal of that plane (figures 3 and 5)."""
    i, j = np.divmod(np.arange(25), 5)
    X = np.stack([i / 4, j / 4, np.full(25, 0.5)], axis=1)
    return X, np.where((i + j) % 2 == 0, 1.0, -1.0), np.array([0.0, 0.0, 1.0])


def standard(widths: tuple[int, ...], divide: float = 1.0) -> Start:
    """PyTorch's default, every number divided."""
    return partial(pytorch_default, widths, divide=divide)


def wide_start(m: int, sigma: float, seeds: Sequence[int]) -> DeepNetwork:
    """Figure 3's: N(0, sigma^2) in the first layer, +-1 in the output layer, PyTorch's default biases."""
    usual = pytorch_default((3, m, 1), seeds)
    first = [sigma * stream(seed, "figures", 0).standard_normal((m, 3)) for seed in seeds]
    last = [np.where(stream(seed, "figures", 1).random((1, m)) < 0.5, -1.0, 1.0) for seed in seeds]
    return DeepNetwork((np.array(first), np.array(last)), usual.biases)
