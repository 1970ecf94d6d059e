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


def reached(at_most: Callable[[Array], Array], more: Callable[[Array], Array], log_p: Array) -> Callable[[Array], Mask]:
    """The test that log P[X <= k] >= log_p; at 0, which log P rounds to, that no k beyond is possible."""
    certain = log_p == 0
    if not certain.any():
        return lambda k: at_most(k) >= log_p
    return lambda k: np.where(certain, more(k) == -np.inf, at_most(k) >= log_p)


def above(holds: Callable[[Array], Mask], start: Array) -> Array:
    """A whole number at which such a condition holds, from `start` on by doubling; infinity where none is found."""
    high = np.maximum(np.ceil(start), 1.0)
    for _ in range(DOUBLINGS):
        there = holds(high)
        if there.all():
            break
        high = np.where(there, high, 2 * high)
    return np.where(holds(high), high, np.inf)


def least_unbounded(holds: Callable[[Array], Mask], low: Array, most: float) -> Array:
    """As `least_whole` where no upper end is known: looked for up to `most`, and infinity beyond."""

    def there(k: Array) -> Mask:
        return (k > most) | holds(np.minimum(k, most))

    found = least_whole(there, low, above(there, low))
    return np.where(found > most, np.inf, found)
