"""Figure 5: a chessboard of 25 points on a plane in space, two layers of width 400 (section E.4)."""

from __future__ import annotations

from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.boundaries import Experiment, Setting, chessboard, standard
from boundkit.library.melamed2023.figures.figure_2 import SMALL, USUAL
from boundkit.library.melamed2023.figures.panels import boundary_picture
from boundkit.library.melamed2023.figures.pictures import Picture
from boundkit.simulate.deep import TrainingConfig


def experiment(loss: str = "sum") -> Experiment:
    """The paper's settings, with the sum of section 3.1 as the loss.

    With the mean instead, a weight decay of 0.005 is stronger than the data: the network of panel (c) shrinks to
    nothing before it fits the chessboard.

    Panels (b) and (c) amplify rounding: with every coordinate one ulp larger the distances of (a) change by less than
    1e-12, those of (b) by about 1e-8, and those of (c) by tenths, at single points by units; its training then takes
    another number of steps. So (c) is one picture of many, and equal only where sums are rounded equally.
    """
    widths = (3, 400, 1)
    settings = (
        Setting("default", standard(widths), USUAL, TrainingConfig(eta=0.005, margin=0.1, loss=loss)),
        Setting("initialisation / 3", standard(widths, 3), SMALL, TrainingConfig(eta=0.05, margin=0.1, loss=loss)),
        Setting(
            "weight decay 0.005", standard(widths), USUAL, TrainingConfig(eta=0.05, margin=0.1, loss=loss, lam=0.005)
        ),
    )
    return Experiment(5, "a chessboard on a plane, default scale", *chessboard(), 0.0, 1.0, settings)


def picture(
    *, seed: int = 0, quick: bool = False, workers: int | None = None, progress: Progress | None = None
) -> Picture:  # fmt: skip
    """Make figure 5; it is quick as it is."""
    return boundary_picture(experiment(), seed, quick, (), workers, progress)
