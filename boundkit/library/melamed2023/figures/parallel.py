"""A few tasks that return arrays or whole networks, on all cores; grids of numbers are for sweeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from boundkit.formats.progress import Progress

Result = TypeVar("Result")


def spread(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], workers: int | None = None,
    progress: Progress | None = None,
) -> list[Result]:  # fmt: skip
    """work(*task) for every task, in the order of the tasks; with one worker in this very process.

    Parameters
    ----------
    work : callable
        Must be picklable unless workers is 1, and take all its randomness from the task.
    tasks : sequence of tuples
    workers : int, optional
        Processes; by default what the caller's joblib.parallel_config says, or else all cores.
    progress : callable, optional
        Called with (what, done, total) before the first task and after each.
    """
    from joblib import Parallel, delayed

    from boundkit.studies.sweeps.batches import unheard
    from boundkit.studies.sweeps.running import worker_count

    workers = min(worker_count(workers), len(tasks))
    calls = [delayed(_numbered)(work, i, task) for i, task in enumerate(tasks)]
    found: dict[int, Result] = {}
    if progress is not None:
        progress("tasks", 0, len(tasks))
    with unheard():
        results = Parallel(n_jobs=workers, return_as="generator_unordered")(calls)
    for i, result in results:
        found[i] = result
        if progress is not None:
            progress("tasks", len(found), len(tasks))
    return [found[i] for i in range(len(tasks))]


def _numbered(work: Callable[..., Result], number: int, task: tuple[Any, ...]) -> tuple[int, Result]:
    return number, work(*task)
