"""Sweeps: two workers beside one, what a task costs beside running it in a plain loop, and rows in a second.

    python tests/benchmarks/bench_sweep.py

Prints a Markdown table of medians; the ratios come from runs that alternate. It needs two idle cores.
"""

from __future__ import annotations

from collections.abc import Callable
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import boundkit as bk
from boundkit.sweeps.batches import Batch, run_batch
from boundkit.sweeps.tasks import subject_of, tasks_of

TASKS = 200
SIMULATION = {"d": 1000, "ell": "500:690:10", "m": 10, "steps": 1000}
EXACT = {"d": 10**6, "ell": "20:200000:20", "m": 100, "k": 50}
RUNS = 5


def seconds(run: Callable[[], Any]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def swept(what: str, grid: dict[str, Any], workers: int, **how: Any) -> float:
    """Seconds of a sweep into a fresh store."""
    with TemporaryDirectory() as folder:
        return seconds(lambda: bk.sweep(what, grid, workers=workers, store=Path(folder, "runs.sqlite"), **how))


def looped(what: str, grid: dict[str, Any], kind: str | None, trials: int | None, seeds: int | None) -> float:
    """Seconds of the same tasks in a plain loop, nothing stored."""
    subject = subject_of(what, kind, trials, "")
    tasks = tasks_of(subject, grid, seeds)
    return seconds(lambda: run_batch(Batch(subject, tasks)))


def main() -> None:
    print(f"load before: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores")
    print("| what | found | asked |\n|---|---|---|")
    bk.sweep("theorem_5_1", {"d": 100, "ell": 50, "m": 5}, workers=2, trials=10, seeds=8)  # the workers start

    two, one = [], []
    for _ in range(RUNS):
        two.append(swept("theorem_5_1", SIMULATION, 2, trials=10_000, seeds=10))
        one.append(swept("theorem_5_1", SIMULATION, 1, trials=10_000, seeds=10))
    faster = median(a / b for a, b in zip(one, two, strict=True))
    print(
        f"| {TASKS} simulations on 2 workers, beside 1 | {median(two):.2f} s, {median(one):.2f} s: {faster:.2f} times "
        "| at least 1.7 |"
    )

    extra = []
    for _ in range(RUNS):
        loop = looped("theorem_5_1", SIMULATION, None, 100, 10)
        extra.append((swept("theorem_5_1", SIMULATION, 1, trials=100, seeds=10) - loop) / TASKS)
    print(f"| a task of a sweep on 1 worker, beyond a plain loop | {1000 * median(extra):.2f} ms | under 5 ms |")

    took = median(swept("theorem_4_1", EXACT, 2) for _ in range(RUNS))
    print(f"| 10000 exact rows on 2 workers, stored | {took:.2f} s: {10_000 / took:.0f} a second | under 5 s |")
    print(f"load after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
