"""Quantiles on the whole numbers, by bisection on arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from boundkit.laws.arrays import Array, Mask

DOUBLINGS = 60


def least_whole(holds: Callable[[Array], Mask], low: Array, high: Array) -> Array:
    """The least whole number from `low` to `high` at which a condition holds, and stays true; `high` where none is."""
    low, high = low.copy(), high.copy()
    while (low < high).any():
        middle = np.floor(0.5 * (low + high))
        there = holds(middle)
        high = np.where((low < high) & there, middle, high)
        low = np.where((low < high) & ~there, middle + 1, low)
    return high


def above(holds: Callable[[Array], Mask], start: Array) -> Array:
    """A whole number at which such a condition holds, from `start` on by doubling; infinity where none is found."""
    high = np.maximum(np.ceil(start), 1.0)
    for _ in range(DOUBLINGS):
        there = holds(high)
        if there.all():
            break
        high = np.where(there, high, 2 * high)
    return np.where(holds(high), high, np.inf)
