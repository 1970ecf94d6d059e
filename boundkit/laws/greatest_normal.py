"""The greatest of n independent standard normals, and of their sizes, in log space."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import REAL, Array, Domain, elementwise
from boundkit.laws.normal import log_two_sided
from boundkit.laws.normal_tails import log_upper

COUNT = Domain(">= 1 and finite", lambda n: (n >= 1) & (n < np.inf), "give a number of variables")
RARE = -40.0  # log of n P[Z >= x] below which it is the probability to all digits


def logsf(x: ArrayLike, n: ArrayLike) -> Any:
    """log P[max(Z_1, ..., Z_n) >= x] = log(1 - P[Z < x]^n).

    Parameters
    ----------
    x : array_like
        Any real number.
    n : array_like
        How many, real, at least 1.

    Returns
    -------
    float or ndarray
        Of the broadcast shape.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    Notes
    -----
    log(-expm1(n log P[Z < x])), never by subtraction. Relative error of the log at most 1e-14, measured against balls
    for n to 1e9 and |x| to 1e8, but where the probability is near 1: there the log is -P[Z < x]^n, and its relative
    error is the rounding of the exponent, up to 1e-15 |n log P[Z < x]|, at most 7e-13.

    Examples
    --------
    >>> logsf([5.0, 40.0], 1000)
    array([  -8.15738629, -797.70068673])
    """
    return elementwise(lambda x, n: _log_some(n, log_upper(-x), log_upper(x)), x=(x, REAL), n=(n, COUNT))


def logsf_abs(x: ArrayLike, n: ArrayLike) -> Any:
    """log P[max(|Z_1|, ..., |Z_n|) >= x]: parameters, errors and accuracy as for `logsf`; 0 for x <= 0.

    Examples
    --------
    >>> logsf_abs([0.0, 5.0], 1000)
    array([ 0.        , -7.46438229])
    """
    return elementwise(_log_some_size, x=(x, REAL), n=(n, COUNT))


def _log_some_size(x: Array, n: Array) -> Array:
    from scipy.special import erf

    near = np.maximum(x, 0.0)
    outside = log_two_sided(near)
    inside = np.where(near < 1, np.log(erf(near * np.sqrt(0.5))), np.log1p(-np.exp(outside)))
    return np.where(x <= 0, 0.0, _log_some(n, inside, outside))


def _log_some(n: Array, inside: Array, outside: Array) -> Array:
    """log(1 - e^(n inside)), by n e^outside where that is tiny."""
    total = n * inside
    near_1 = total < -0.7
    usual = np.where(near_1, np.log1p(-np.exp(total)), np.log(-np.expm1(np.where(near_1, -1.0, total))))
    rare = np.log(n) + outside
    return np.where(rare < RARE, rare, usual) + 0.0
