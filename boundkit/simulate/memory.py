"""How much memory a draw takes that is not ours, so that its blocks fit."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log2
import tracemalloc
from typing import Any

NUMBER = 8  # bytes
FEW, MORE = 1, 9  # trials whose peaks are compared
LARGE = 2**26  # bytes of one trial from which no second look is needed


def numbers_a_trial(draw: Callable[[int], Any]) -> float:
    """Return how many numbers one more trial takes while `draw(trials)` runs, rounded up to a power of two."""
    first = _peak(draw, FEW)
    if first < LARGE:
        first = (_peak(draw, MORE) - first) / (MORE - FEW)
    return float(2 ** ceil(log2(max(first / NUMBER, 1))))


def _peak(draw: Callable[[int], Any], trials: int) -> float:
    """The most bytes that are held at once while `draw(trials)` runs, less those held before."""
    traced = tracemalloc.is_tracing()
    if not traced:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        draw(trials)
        return float(tracemalloc.get_traced_memory()[1] - before)
    finally:
        if not traced:
            tracemalloc.stop()
