"""One door to the six figures."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from boundkit.errors import ParameterError
from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.pictures import Picture, prepared
from boundkit.simulate.arguments import count

WITH_DATA, WITH_STORE = (1, 4), 4


def make(
    number: int, *, quick: bool = False, seed: int = 0, data: str | Path | None = None, workers: int | None = None,
    progress: Progress | None = None, store: str | Path | None = None,
) -> Picture:  # fmt: skip
    """Make one of the paper's figures again.

    Parameters
    ----------
    number : int
        1 to 6.
    quick : bool
        A smaller version, in seconds.
    seed : int
        Fixes everything that is random.
    data : path, optional
        For figures 1 and 4: a folder with MNIST's IDX files or CIFAR-10's binary batches; without it, what this
        machine has (Debian's dataset-fashion-mnist, scikit-learn's digits).
    workers : int, optional
        Processes; by default what the caller's joblib.parallel_config says, or else all cores.
    progress : callable, optional
        Called with (what, done, total) after each task.
    store : path, optional
        For figure 4: a file of a sweep that keeps each network as it comes; a run that was stopped goes on from it.

    Returns
    -------
    Picture

    Raises
    ------
    ParameterError
        No such figure, data that are missing or damaged, or data or a store for a figure that takes none.
    """
    number = count("number", number, "the paper's figures have a number, which", 1, 6)
    if data is not None and number not in WITH_DATA:
        raise ParameterError(f"figure {number} uses no data files; only figures 1 and 4 take a folder")
    if store is not None and number != WITH_STORE:
        raise ParameterError(f"figure {number} is quick and keeps no runs; only figure {WITH_STORE} takes a store")
    extra: dict[str, Any] = {"data": data} if number in WITH_DATA else {}
    extra |= {"store": store} if number == WITH_STORE else {}
    made = import_module(f"boundkit.library.melamed2023.figures.figure_{number}").picture
    seed = count("seed", seed, "the seed", 0)
    picture: Picture = made(seed=seed, quick=quick, workers=workers, progress=progress, **extra)
    return picture


def write(number: int, folder: str | Path = ".", **options: Any) -> tuple[Picture, tuple[Path, ...]]:
    """Make a figure and save it; the folder is tried first, since some figures take minutes.

    Parameters
    ----------
    number : int
        1 to 6.
    folder : path
        Made where it does not exist.
    **options
        As for `make`.

    Returns
    -------
    Picture, tuple of Path
        The picture, and its PNG, PDF and JSON files.
    """
    home = prepared(folder)
    picture = make(number, **options)
    return picture, picture.save(home)
