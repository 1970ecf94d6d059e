"""The successes in n trials: tails, probabilities and quantiles in log space, and Clopper and Pearson's interval.

All functions broadcast; scalars give a float, anything else an array. n is a whole number up to 2^53, p is 0 or from
1e-300 to 1, x any real number. A NaN in an array makes its own result NaN; a scalar NaN, and a value outside its
domain, is a ParameterError that says which and why. `boundkit.laws.circle` has the method.

Accuracy of the tails, tested against balls for n to 10^12: relative error of the log at most 1e-13, on the side where
the log is near 0 too. Results that no double can hold are -0.0 there. `scipy.stats.binom` takes the logarithm of a
probability that has underflowed, and loses digits of large n: see docs/laws_discrete.md.
"""

from __future__ import annotations

from math import expm1, inf, log, nextafter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainccinv, betaincinv

from boundkit.errors import ParameterError
from boundkit.laws.arrays import LOG_PROBABILITY, PROBABILITY, REAL, SIZE, Array, elementwise
from boundkit.laws.circle import complement, log_mass, log_successes
from boundkit.laws.lattice import least_whole, reached
from boundkit.laws.pairs import exact

ERROR = 1e-6  # how often the interval misses the true probability, at most
MOST_TRIALS, LEAST_ERROR = 10**9, 1e-12  # beyond, the inverse of the incomplete beta function is not reliable


def clopper_pearson(failures: float, trials: float, error: float = ERROR) -> tuple[float, float]:
    """The exact two-sided interval of a binomial probability at level 1 - error, for up to 10^9 trials.

    It covers the truth with probability at least 1 - error, whatever the truth is (Clopper and Pearson 1934). With no
    failures, or no successes, it has a closed form, for any number of trials.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 1_000_000)
    >>> low, round(high * 1_000_000, 2)
    (0.0, 14.51)
    """
    if failures in (0, trials) and 0 < trials < inf and LEAST_ERROR <= error < 1:
        end = nextafter(-expm1(log(error / 2) / trials), 2)
        return (0.0, min(end, 1.0)) if failures == 0 else (max(1 - end, 0.0), 1.0)
    if not (0 <= failures <= trials <= MOST_TRIALS and LEAST_ERROR <= error < 1):
        raise ParameterError(
            f"failures = {failures!r}, trials = {trials!r}, error = {error!r}: 0 <= failures <= trials"
            f" <= {MOST_TRIALS:g} and {LEAST_ERROR:g} <= error < 1 are needed; check their order"
        )
    low = betaincinv(failures, trials - failures + 1, error / 2) if failures > 0 else 0.0
    high = betainccinv(failures + 1, trials - failures, error / 2) if failures < trials else 1.0
    return max(nextafter(low, -1), 0.0), min(nextafter(high, 2), 1.0)


def logcdf(x: ArrayLike, n: ArrayLike, p: ArrayLike) -> Any:
    """log P[X <= x], X the successes in n trials, each with probability p.

    Parameters
    ----------
    x : array_like
        Any real number; the greatest integer up to it counts.
    n : array_like
        Trials: whole numbers from 0 to 2^53.
    p : array_like
        0, or from 1e-300 to 1.

    Returns
    -------
    float or ndarray
        Of the broadcast shape; -inf below the support, 0 from n on.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    Examples
    --------
    >>> print(f"{logcdf(100, 1000, 0.5):.10f}, and of 10^12 trials {logcdf(4e11, 10**12, 0.5):.4f}")
    -371.1164211849, and of 10^12 trials -20135513563.6112
    """
    return elementwise(_at_most, x=(x, REAL), n=(n, SIZE), p=(p, PROBABILITY))


def logsf(x: ArrayLike, n: ArrayLike, p: ArrayLike) -> Any:
    """log P[X > x], as SciPy means it: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> round(logsf(0, 10, 0.1), 12) == round(log_at_least(1, 10, 0.1), 12)
    True
    """
    return elementwise(_more, x=(x, REAL), n=(n, SIZE), p=(p, PROBABILITY))


def log_at_least(x: ArrayLike, n: ArrayLike, p: ArrayLike) -> Any:
    """log P[X >= x]: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> log_at_least([0, 2.5, 3, 11], 10, 0.1).round(6)
    array([ 0.      , -2.656538, -2.656538,      -inf])
    """
    return elementwise(_at_least, x=(x, REAL), n=(n, SIZE), p=(p, PROBABILITY))


log_at_most = logcdf


def logpmf(x: ArrayLike, n: ArrayLike, p: ArrayLike) -> Any:
    """log P[X = x], -inf where x is no whole number from 0 to n: parameters and errors as for `logcdf`.

    The error is at most 1e-15 times |log P| + 1.

    Examples
    --------
    >>> print(f"{logpmf(500, 1000, 0.5):.12f}")
    -3.679918992094
    """
    return elementwise(_mass, x=(x, REAL), n=(n, SIZE), p=(p, PROBABILITY))


def ppf_log(log_p: ArrayLike, n: ArrayLike, p: ArrayLike) -> Any:
    """The least whole x with log P[X <= x] >= log_p, by bisection; log_p from -inf to 0, errors as for `logcdf`.

    Where log P[X <= x] and log_p agree to 1e-13 either neighbour may be given.

    Examples
    --------
    >>> ppf_log([-50, -1, -1e-9], 1000, 0.5)
    array([348., 495., 595.])
    """
    return elementwise(
        lambda log_p, n, p: least_whole(
            reached(lambda k: _at_most(k, n, p), lambda k: _more(k, n, p), log_p), np.zeros_like(n), n
        ),
        log_p=(log_p, LOG_PROBABILITY),
        n=(n, SIZE),
        p=(p, PROBABILITY),
    )


def isf_log(log_p: ArrayLike, n: ArrayLike, p: ArrayLike) -> Any:
    """The least whole x with log P[X > x] <= log_p, like `ppf_log`.

    Examples
    --------
    >>> isf_log([-50, -1, -1e-9], 1000, 0.5)
    array([652., 505., 405.])
    """
    return elementwise(
        lambda log_p, n, p: least_whole(lambda k: _more(k, n, p) <= log_p, np.zeros_like(n), n),
        log_p=(log_p, LOG_PROBABILITY),
        n=(n, SIZE),
        p=(p, PROBABILITY),
    )


def _at_least(x: Array, n: Array, p: Array) -> Array:
    return log_successes(n, exact(p), complement(p), np.ceil(x))


def _more(x: Array, n: Array, p: Array) -> Array:
    return log_successes(n, exact(p), complement(p), np.floor(x) + 1)


def _at_most(x: Array, n: Array, p: Array) -> Array:
    return log_successes(n, complement(p), exact(p), n - np.floor(x))


def _mass(x: Array, n: Array, p: Array) -> Array:
    return np.where(x == np.floor(x), log_mass(n, exact(p), complement(p), np.floor(x)), -np.inf)
