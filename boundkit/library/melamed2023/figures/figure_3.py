"""Figure 3: a chessboard of 25 points on a plane in space, two layers of width 4000 (section E.3)."""

from __future__ import annotations

from functools import partial

from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.boundaries import Experiment, Setting, chessboard, wide_start
from boundkit.library.melamed2023.figures.panels import boundary_picture
from boundkit.library.melamed2023.figures.pictures import Picture
from boundkit.simulate.deep import TrainingConfig

WIDTH = 4000


def experiment(lam: float = 0.8) -> Experiment:
    """The paper's settings; the penalty is lam times the unsquared norm of the first layer."""
    large, small = partial(wide_start, WIDTH, 3**-0.5), partial(wide_start, WIDTH, 1 / 6)
    words = "N(0, {}) in the first layer, +-1 in the output layer, PyTorch's default biases"
    usual = TrainingConfig(eta=0.002, margin=0.3, steps=200_000)
    penalised = TrainingConfig(eta=0.002, margin=0.3, steps=200_000, lam=lam, penalty="first norm")
    settings = (
        Setting("default", large, words.format("1/3"), usual),
        Setting("smaller initialisation", small, words.format("1/36"), usual),
        Setting(f"penalty {lam:g} on layer 1", large, words.format("1/3"), penalised),
    )
    return Experiment(3, "a chessboard on a plane, smaller effect", *chessboard(), 0.0, 1.0, settings)


def picture(
    *, seed: int = 0, quick: bool = False, workers: int | None = None, progress: Progress | None = None
) -> Picture:  # fmt: skip
    """Make figure 3; `quick` stops after 2000 steps."""
    chosen = experiment().shortened(2000) if quick else experiment()
    return boundary_picture(chosen, seed, quick, (), workers, progress)
