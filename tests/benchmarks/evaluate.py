"""Evaluation on arrays.

`Statement.evaluate` on a million points of Theorem 5.1, beside the same formulas written by hand in NumPy, which check
no value.
"""

from __future__ import annotations

from collections.abc import Iterator

from measure import pairs
import numpy as np
from record import Row

import boundkit as bk

POINTS = 1_000_000
RUNS = 9


def by_hand(d, ell, m, k, output):
    """What one would write: bound, log failure and hypotheses, without a check of the values."""
    bound = 8 * np.sqrt(2) * np.abs(output) * m / k * np.sqrt(d / ell)
    log_failure = np.log(5) + np.logaddexp(np.log(m) - ell / 16, -np.log(d) / 2)
    applies = (ell >= 32 * (m - 1) * np.log(m**2 * d)) & (k >= 1) & (output != 0)
    return {"bound": bound, "log_failure": log_failure, "applies": applies}


def rows(quick: bool) -> Iterator[Row]:
    size = 1000 if quick else POINTS
    rng = np.random.default_rng(1)
    d = np.floor(10 ** rng.uniform(3, 8, size))
    m = np.ceil(1 + 10 ** rng.uniform(0, 2, size))
    points = {
        "d": d,
        "ell": np.ceil(d * rng.uniform(0, 1, size)),
        "m": m,
        "k": np.ceil((m - 1) * rng.uniform(0, 1, size)),
        "output": rng.standard_normal(size),
    }
    ours, hand = bk.theorem_5_1.evaluate(**points), by_hand(**points)
    for name in hand:
        assert np.allclose(ours[name], hand[name], rtol=1e-12, atol=1e-12), name
    found = pairs(lambda: bk.theorem_5_1.evaluate(**points), lambda: by_hand(**points), 1 if quick else RUNS)
    yield Row("a million points of Theorem 5.1", "by hand in NumPy", *found, at_most=2.0)
