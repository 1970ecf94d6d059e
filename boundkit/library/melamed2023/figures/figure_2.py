"""Figure 2: seven points on a line in the plane, two layers of width 100 (sections 6.3 and E.2)."""

from __future__ import annotations

from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.boundaries import Experiment, Setting, diagonal, standard
from boundkit.library.melamed2023.figures.panels import boundary_picture
from boundkit.library.melamed2023.figures.pictures import Picture
from boundkit.simulate.deep import TrainingConfig

USUAL, SMALL = "PyTorch's default", "PyTorch's default divided by 3"


def experiment() -> Experiment:
    """The paper's settings."""
    widths = (2, 100, 1)
    settings = (
        Setting("default", standard(widths), USUAL, TrainingConfig(eta=0.02, margin=0.3)),
        Setting("initialisation / 3", standard(widths, 3), SMALL, TrainingConfig(eta=0.04, margin=0.3)),
        Setting("weight decay 0.005", standard(widths), USUAL, TrainingConfig(eta=0.02, margin=0.3, lam=0.005)),
    )
    return Experiment(2, "seven points on a line, two layers", *diagonal(), -1.5, 1.5, settings)


def picture(
    *, seed: int = 0, quick: bool = False, workers: int | None = None, progress: Progress | None = None
) -> Picture:  # fmt: skip
    """Make figure 2; it is quick as it is."""
    return boundary_picture(experiment(), seed, quick, (), workers, progress)
