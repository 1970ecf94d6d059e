"""A few tasks that return arrays or whole networks, on all cores; grids of numbers are for `boundkit.sweeps`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from boundkit.simulate.training import Progress

Result = TypeVar("Result")


def spread(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], jobs: int = -1, progress: Progress | None = None
) -> list[Result]:
    """work(*task) for every task, in the order of the tasks; with one job in this very process.

    Parameters
    ----------
    work : callable
        Must be picklable unless jobs is 1, and take all its randomness from the task.
    tasks : sequence of tuples
    jobs : int
        Processes; -1 for one a core.
    progress : callable, optional
        Called with (tasks done, tasks) before the first and after each.
    """
    from joblib import Parallel, delayed

    jobs = min(jobs, len(tasks)) if jobs > 0 else jobs
    calls = [delayed(_numbered)(work, i, task) for i, task in enumerate(tasks)]
    found: dict[int, Result] = {}
    if progress is not None:
        progress(0, len(tasks))
    for i, result in Parallel(n_jobs=jobs, return_as="generator_unordered")(calls):
        found[i] = result
        if progress is not None:
            progress(len(found), len(tasks))
    return [found[i] for i in range(len(tasks))]


def _numbered(work: Callable[..., Result], number: int, task: tuple[Any, ...]) -> tuple[int, Result]:
    return number, work(*task)
