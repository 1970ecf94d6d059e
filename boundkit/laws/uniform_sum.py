"""The sum of n independent uniforms on [0, 1] (Irwin and Hall) in log space, one point after the other."""

from __future__ import annotations

from math import inf
from typing import Any

from flint import arb
import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import REAL, Array, Domain, elementwise
from boundkit.laws.continuous_balls import uniform_sum_log_at_least

SUMMANDS = Domain(
    "whole, from 1 to 1e15,",
    lambda n: (n >= 1) & (n <= 1e15) & (np.floor(n) == n),
    "give a whole number in that range",
)


def logsf(x: ArrayLike, n: ArrayLike) -> Any:
    """log P[U_1 + ... + U_n >= x].

    Parameters
    ----------
    x : array_like
        Any real number; the log is 0 for x <= 0 and -inf for x >= n.
    n : array_like
        How many, whole, from 1 to 1000; for larger n only the x outside the support have an answer.

    Returns
    -------
    float or ndarray
        Of the broadcast shape.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    PrecisionError
        For a larger n inside the support.

    Notes
    -----
    The sum alternates, so every point is computed in balls and rounded: the error is one unit in the last place, and
    the time grows as n squared.

    Examples
    --------
    >>> logsf([1.0, 2.5, 3.0], 3)
    array([-0.18232156, -3.87120101,        -inf])
    """
    return elementwise(_each, x=(x, REAL), n=(n, SUMMANDS))


def _each(x: Array, n: Array) -> Array:
    return np.array([_nearest(float(t), int(size)) for t, size in zip(x, n, strict=True)])


def _nearest(x: float, n: int) -> float:
    if x <= 0:
        return 0.0
    found = uniform_sum_log_at_least(n, x) if x < n else arb.neg_inf()
    return -inf if found == arb.neg_inf() else float(found)
