"""The beta law in log space: both tails, where `scipy.special.betainc` underflows or rounds to 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import Array, Domain, elementwise
from boundkit.laws.beta_tails import log_tails
from boundkit.laws.normal import REAL
from boundkit.laws.pairs import exact, two_sum

SHAPE = Domain("in [1e-6, 1e12]", lambda a: (a >= 1e-6) & (a <= 1e12), "give a shape in that range")


def logcdf(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Any:
    """log P[B <= x]."""
    return elementwise(lambda x, a, b: _tail(True, x, a, b), x=(x, REAL), a=(a, SHAPE), b=(b, SHAPE))


def logsf(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Any:
    """log P[B >= x]: parameters, errors and accuracy as for `logcdf`; 0 for x <= 0, -inf for x >= 1."""
    return elementwise(lambda x, a, b: _tail(False, x, a, b), x=(x, REAL), a=(a, SHAPE), b=(b, SHAPE))


def _tail(lower: bool, x: Array, a: Array, b: Array) -> Array:
    inside = (x > 0) & (x < 1)
    near = np.where(inside, x, 0.5)
    log_p = log_tails(lower, a, b, exact(near), two_sum(np.ones_like(near), -near))
    return np.where(inside, log_p, np.where((x <= 0) == lower, -np.inf, 0.0))
