"""What the benchmarks share: alternating pairs of timed runs, and errors of logs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from flint import arb, ctx

Run = Callable[[], Any]


class Times(NamedTuple):
    """Median seconds of ours and theirs, and the median of the ratios within pairs."""

    ours: float
    theirs: float
    ratio: float


def seconds(run: Run) -> float:
    """How long it takes."""
    start = perf_counter()
    run()
    return perf_counter() - start


def pairs(ours: Run, theirs: Run, runs: int, per: tuple[int, int] = (1, 1)) -> Times:
    """Run both in turn, once unmeasured and then `runs` times; times are divided by how much each does, `per`."""
    if runs > 1:
        ours()
        theirs()
    return medians([(seconds(ours) / per[0], seconds(theirs) / per[1]) for _ in range(runs)])


def medians(measured: list[tuple[float, float]]) -> Times:
    """Of each, and of the ratios."""
    return Times(median(a for a, _ in measured), median(b for _, b in measured), median(a / b for a, b in measured))


def errors(found: Iterable[float], truth: Iterable[arb]) -> tuple[float | None, float]:
    """The largest relative error of a log, and the share lost: infinite, NaN, or 0 where the truth is not."""
    with ctx.workprec(200):
        both = [(float(x), log_p) for x, log_p in zip(found, truth, strict=True) if log_p.is_finite()]
        ordinary = [(x, log_p) for x, log_p in both if abs(float(log_p)) >= 1e-300]
        kept = [(x, log_p) for x, log_p in ordinary if isfinite(x) and x != 0]
        worst = max((float(abs((arb(x) - log_p) / log_p)) for x, log_p in kept), default=None)
    return worst, 1 - len(kept) / max(len(ordinary), 1)
