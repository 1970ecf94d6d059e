"""The trials T until r successes have been seen, the last one counted: tails and probabilities in log space.

T is the number of trials, r and more; SciPy's `nbinom` counts the failures, T - r. The geometric law is r = 1. That
more than k trials are needed says that k trials had fewer than r successes: the binomial law, and its accuracy, with
the roles changed. All functions broadcast, as in `boundkit.laws.binomial`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import LOG_PROBABILITY, Array, Domain, elementwise, piecewise
from boundkit.laws.circle import complement, log_mass, log_successes
from boundkit.laws.lattice import least_unbounded, reached
from boundkit.laws.pairs import exact

SUCCESSES = Domain(
    "a whole number from 1 to 2^53", lambda r: (r >= 1) & (r <= 2.0**53) & (r == np.floor(r)), "give a number"
)
CHANCE = Domain("from 1e-300 to 1", lambda p: (p >= 1e-300) & (p <= 1), "give a probability above 0")
MOST = 1e15  # the largest quantile that is looked for
TRIALS = Domain("up to 2^53, or infinity", lambda t: (t <= 2.0**53) | (t == np.inf), "give a number in that range")


def logcdf(t: ArrayLike, r: ArrayLike, p: ArrayLike) -> Any:
    """log P[T <= t], T the trials until r successes, each with probability p.

    Parameters
    ----------
    t : array_like
        A real number up to 2^53, or infinity; the greatest integer up to it counts.
    r : array_like
        Successes: whole numbers from 1 to 2^53.
    p : array_like
        From 1e-300 to 1.

    Returns
    -------
    float or ndarray
        Of the broadcast shape; -inf below r.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    Examples
    --------
    >>> logcdf([2, 3, 1000], 3, 0.01).round(6)
    array([          -inf, -1.3815511e+01, -2.6830000e-03])
    """
    return elementwise(_at_most, t=(t, TRIALS), r=(r, SUCCESSES), p=(p, CHANCE))


def logsf(t: ArrayLike, r: ArrayLike, p: ArrayLike) -> Any:
    """log P[T > t], as SciPy means it, but of the trials: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> print(f"{logsf(10, 1, 0.5):.12f}")  # ten failures
    -6.931471805599
    """
    return elementwise(_more, t=(t, TRIALS), r=(r, SUCCESSES), p=(p, CHANCE))


def log_at_least(t: ArrayLike, r: ArrayLike, p: ArrayLike) -> Any:
    """log P[T >= t]: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> print(f"{log_at_least(11, 1, 0.5):.12f}")
    -6.931471805599
    """
    return elementwise(_at_least, t=(t, TRIALS), r=(r, SUCCESSES), p=(p, CHANCE))


log_at_most = logcdf


def logpmf(t: ArrayLike, r: ArrayLike, p: ArrayLike) -> Any:
    """log P[T = t], -inf where t is no whole number from r on: parameters and errors as for `logcdf`.

    Examples
    --------
    >>> logpmf([2, 3, 4], 3, 0.5).round(6)
    array([     -inf, -2.079442, -1.673976])
    """
    return elementwise(_mass, t=(t, TRIALS), r=(r, SUCCESSES), p=(p, CHANCE))


def ppf_log(log_p: ArrayLike, r: ArrayLike, p: ArrayLike) -> Any:
    """The least whole t >= r with log P[T <= t] >= log_p, by bisection; log_p from -inf to 0, errors as for `logcdf`.

    Where log P[T <= t] and log_p agree to 1e-13 either neighbour may be given; inf beyond 1e15, and at
    log_p = 0 unless p is 1.

    Examples
    --------
    >>> ppf_log([-50, -1, -1e-9], 3, 0.01)
    array([   3.,  217., 2655.])
    """
    return _quantile(
        lambda r, p, log_p: reached(lambda t: _at_most(t, r, p), lambda t: _more(t, r, p), log_p), log_p, r, p
    )


def isf_log(log_p: ArrayLike, r: ArrayLike, p: ArrayLike) -> Any:
    """The least whole t >= r with log P[T > t] <= log_p, like `ppf_log`; inf at log_p = -inf unless p is 1.

    Examples
    --------
    >>> isf_log([-50, -1, -1e-9], 3, 0.01)
    array([5.717e+03, 3.260e+02, 3.000e+00])
    """
    return _quantile(lambda r, p, log_p: lambda t: _more(t, r, p) <= log_p, log_p, r, p)


def _quantile(holds: Any, log_p: ArrayLike, r: ArrayLike, p: ArrayLike) -> Any:
    """The least whole number of the support at which the condition made of r, p and log_p holds."""
    return elementwise(
        lambda log_p, r, p: least_unbounded(holds(r, p, log_p), r, MOST),
        log_p=(log_p, LOG_PROBABILITY),
        r=(r, SUCCESSES),
        p=(p, CHANCE),
    )


def _more(t: Array, r: Array, p: Array) -> Array:
    return _at_least(np.floor(t) + 1, r, p)


def _at_least(t: Array, r: Array, p: Array) -> Array:
    """k - 1 trials had at most r - 1 successes: k - r failures at least."""
    k = np.ceil(t)
    return piecewise(
        (k, r, p),
        (k <= r, lambda k, *_: np.zeros_like(k)),
        (k == np.inf, lambda k, *_: np.full_like(k, -np.inf)),
        ((k > r) & (k < np.inf), lambda k, r, p: log_successes(k - 1, complement(p), exact(p), k - r)),
    )


def _at_most(t: Array, r: Array, p: Array) -> Array:
    k = np.floor(t)
    return piecewise(
        (k, r, p),
        (k < r, lambda k, *_: np.full_like(k, -np.inf)),
        (k == np.inf, lambda k, *_: np.zeros_like(k)),
        ((k >= r) & (k < np.inf), lambda k, r, p: log_successes(k, exact(p), complement(p), r)),
    )


def _mass(t: Array, r: Array, p: Array) -> Array:
    """The last trial is a success: r/t of the probability of r successes in t trials."""
    return piecewise(
        (t, r, p),
        ((t < r) | (t != np.floor(t)) | (t == np.inf), lambda t, *_: np.full_like(t, -np.inf)),
        (
            (t >= r) & (t == np.floor(t)) & (t < np.inf),
            lambda t, r, p: log_mass(t, exact(p), complement(p), r) + np.log(r / t),
        ),
    )
