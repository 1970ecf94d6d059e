"""The Poisson law with mean lam: tails, probabilities and quantiles in log space.

P[X >= k] = P[chi2_2k <= 2 lam] and P[X <= k] = P[chi2_(2k + 2) >= 2 lam]: `boundkit.laws.chi_square` and its accuracy,
relative error of the log at most 2e-15, for k to 10^14. All functions broadcast; scalars give a float. lam is a real
number from 0 on, x any real number up to 10^14, or infinity.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import LOG_PROBABILITY, Array, Domain, elementwise, piecewise
from boundkit.laws.chi_square import tail_by_value
from boundkit.laws.gamma_tails import log_density
from boundkit.laws.lattice import least_unbounded, reached
from boundkit.laws.pairs import divide, exact

COUNT = Domain("up to 1e14, or infinity", lambda x: (x <= 1e14) | (x == np.inf), "give a number in that range")
MEAN = Domain(">= 0 and finite", lambda x: (x >= 0) & (x <= 1e300), "give zero or a positive number up to 1e300")
FINDABLE = Domain("from 0 to 1e12", lambda x: (x >= 0) & (x <= 1e12), "give a mean in that range")


def logcdf(x: ArrayLike, lam: ArrayLike) -> Any:
    """log P[X <= x], X Poisson with mean lam.

    Parameters
    ----------
    x : array_like
        A real number up to 1e14, or infinity; the greatest integer up to it counts.
    lam : array_like
        From 0 to 1e300.

    Returns
    -------
    float or ndarray
        Of the broadcast shape; -inf below 0.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    Examples
    --------
    >>> print(f"{logcdf(2.5, 100):.10f}, and at 10^12 {logcdf(10**12 - 10**7, 10**12):.10f}")
    -91.4628081221, and at 10^12 -53.2314467208
    """
    return elementwise(_at_most, x=(x, COUNT), lam=(lam, MEAN))


def logsf(x: ArrayLike, lam: ArrayLike) -> Any:
    """log P[X > x], as SciPy means it: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> logsf([-1, 3, 1000], 1).round(6)
    array([ 0.00000000e+00, -3.96394000e+00, -5.92003593e+03])
    """
    return elementwise(_more, x=(x, COUNT), lam=(lam, MEAN))


def log_at_least(x: ArrayLike, lam: ArrayLike) -> Any:
    """log P[X >= x]: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> log_at_least([0, 3.5, 4, 1001], 1).round(6)
    array([ 0.00000000e+00, -3.96394000e+00, -3.96394000e+00, -5.92003593e+03])
    """
    return elementwise(lambda x, lam: _from(np.ceil(x), lam), x=(x, COUNT), lam=(lam, MEAN))


log_at_most = logcdf


def logpmf(x: ArrayLike, lam: ArrayLike) -> Any:
    """log P[X = x], -inf where x is no whole number from 0 on: parameters and errors as for `logcdf`.

    The error is at most 1e-15 times |log P| + log x + 1.

    Examples
    --------
    >>> logpmf([0, 0.5, 100], 100).round(6)
    array([-100.      ,        -inf,   -3.222357])
    """
    return elementwise(_mass, x=(x, COUNT), lam=(lam, MEAN))


def ppf_log(log_p: ArrayLike, lam: ArrayLike) -> Any:
    """The least whole x with log P[X <= x] >= log_p, by bisection; log_p from -inf to 0, lam up to 1e12.

    Where log P[X <= x] and log_p agree to 1e-14 either neighbour may be given; inf at log_p = 0.

    Examples
    --------
    >>> ppf_log([-50, -1, -1e-9], 100)
    array([ 21.,  96., 166.])
    """
    return _quantile(lambda lam, log_p: reached(lambda k: _at_most(k, lam), lambda k: _more(k, lam), log_p), log_p, lam)


def isf_log(log_p: ArrayLike, lam: ArrayLike) -> Any:
    """The least whole x with log P[X > x] <= log_p, like `ppf_log`; inf at log_p = -inf.

    Examples
    --------
    >>> isf_log([-50, -1, -1e-9], 100)
    array([211., 103.,  46.])
    """
    return _quantile(lambda lam, log_p: lambda k: _more(k, lam) <= log_p, log_p, lam)


def _quantile(holds: Any, log_p: ArrayLike, lam: ArrayLike) -> Any:
    """The least whole number at which the condition made of lam and log_p holds; infinity beyond 1e14."""

    return elementwise(
        lambda log_p, lam: least_unbounded(holds(lam, log_p), np.zeros_like(lam), 1e14),
        log_p=(log_p, LOG_PROBABILITY),
        lam=(lam, FINDABLE),
    )


def _from(k: Array, lam: Array) -> Array:
    """log P[X >= k], k whole or infinite."""
    return piecewise(
        (k, lam),
        (k <= 0, lambda k, _: np.zeros_like(k)),
        (k == np.inf, lambda k, _: np.full_like(k, -np.inf)),
        ((k > 0) & (k < np.inf), lambda k, lam: tail_by_value(False, 2 * lam, 2 * k)),
    )


def _more(x: Array, lam: Array) -> Array:
    return _from(np.floor(x) + 1, lam)


def _at_most(x: Array, lam: Array) -> Array:
    """log P[X <= x]."""
    k = np.floor(x)
    return piecewise(
        (k, lam),
        (k < 0, lambda k, _: np.full_like(k, -np.inf)),
        (k == np.inf, lambda k, _: np.zeros_like(k)),
        ((k >= 0) & (k < np.inf), lambda k, lam: tail_by_value(True, 2 * lam, 2 * k + 2)),
    )


def _mass(x: Array, lam: Array) -> Array:
    """log P[X = x]."""
    whole = (x >= 0) & (x == np.floor(x)) & (x < np.inf)
    return piecewise(
        (x, lam),
        (~whole, lambda x, _: np.full_like(x, -np.inf)),
        (whole & (x == 0), lambda _, lam: -lam + 0.0),
        (whole & (x > 0) & (lam == 0), lambda x, _: np.full_like(x, -np.inf)),
        (whole & (x > 0) & (lam > 0), lambda x, lam: log_density(*divide(exact(lam), exact(x)), x) - np.log(x)),
    )
