"""Sweeps.

Two workers beside one; what a sweep adds to a short task, beside the task itself in a plain loop that stores nothing;
and 10,000 exact rows on two workers beside such a loop. Every sweep writes to a fresh store. The workers have started,
which takes them about a second; two idle cores are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from measure import Run, medians, pairs, seconds
from record import Row

import boundkit as bk
from boundkit.studies.sweeps.batches import Batch, run_batch
from boundkit.studies.sweeps.sending import Parcel
from boundkit.studies.sweeps.tasks import subject_of, tasks_of

SIMULATION = {"d": 1000, "ell": "500:690:10", "m": 10, "steps": 1000}
EXACT = {"d": 10**6, "ell": "20:200000:20", "m": 100, "k": 50}
FEW = {"ell": "500:510:10"}, {"ell": "20:100:20"}  # of them, to try the benchmark
TASKS, RUNS = 200, 5
LOOP = "a plain loop"


def swept(what: str, grid: dict[str, Any], workers: int, **how: Any) -> Run:
    """A sweep into a fresh store."""

    def run() -> None:
        with TemporaryDirectory() as folder:
            bk.sweep(what, grid, workers=workers, store=Path(folder, "runs.sqlite"), **how)

    return run


def looped(what: str, grid: dict[str, Any], trials: int | None = None, seeds: int | None = None) -> Run:
    """The same tasks in a plain loop, nothing stored."""
    subject = subject_of(what, None, trials, "")
    tasks = tasks_of(subject, grid, seeds)
    return lambda: run_batch(Batch(Parcel(subject), tasks))


def rows(quick: bool) -> Iterator[Row]:
    simulation, exact = ({**SIMULATION, **FEW[0]}, {**EXACT, **FEW[1]}) if quick else (SIMULATION, EXACT)
    runs, seeds, tasks = (1, 1, 2) if quick else (RUNS, 10, TASKS)
    swept("theorem_5_1", {"d": 100, "ell": 50, "m": 5}, 2, trials=10, seeds=8)()  # the workers start
    two, one = (swept("theorem_5_1", simulation, workers, trials=10_000, seeds=seeds) for workers in (2, 1))
    yield Row(f"{TASKS} simulations on 2 workers", "on 1 worker", *pairs(two, one, runs), at_most=1 / 1.7)

    short = swept("theorem_5_1", simulation, 1, trials=100, seeds=seeds)
    alone = looped("theorem_5_1", simulation, 100, seeds)
    measured = [(seconds(short), seconds(alone)) for _ in range(runs)]
    added = medians([((ours - theirs) / tasks, theirs / tasks) for ours, theirs in measured])
    yield Row("what a sweep adds to a task, 1 worker", f"the task in {LOOP}", *added, within=0.005)

    found = pairs(swept("theorem_4_1", exact, 2), looped("theorem_4_1", exact), runs)
    yield Row("10,000 exact rows on 2 workers", LOOP, *found, within=5.0)
