"""One row sum of a Wishart matrix, X = R + sqrt((m - 1) R) g with R ~ chi2_n and g ~ N(0, 1), in log space."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import DIMENSION, Array, Domain, elementwise, piecewise
from boundkit.laws.chi_square import logcdf_ratio, logsf_ratio
from boundkit.laws.family import HUGE, log_upper_tail, upper_tail
from boundkit.laws.pairs import exact, multiply, two_sum

NUMBER = Domain("a number", lambda c: ~np.isnan(c), "give a real number, or an infinite one")
ROWS = Domain(">= 1 and <= 1e15", lambda m: (m >= 1) & (m <= 1e15), "give a number of rows, or a ratio of at least 1")


def logcdf(c: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """Return log P[R + sqrt((m - 1) R) g <= c n].

    The row sum <v_i, v_1 + ... + v_m> of m independent standard normal vectors in R^n has this law, and so has the mean
    of k of them with m/k for m. At m = 1 it is chi2_n.

    Parameters
    ----------
    c, n, m : float or array_like
        Any c (also infinite), n from 1/16 to 10^15 and m from 1 to 10^15 (real numbers too), broadcast against each
        other.

    Returns
    -------
    float or ndarray
        A float for scalars; minus infinity where the event is impossible (m = 1, c <= 0). NaN in an array gives NaN
        there.

    Raises
    ------
    ParameterError
        A value outside its domain, or a scalar NaN.

    Notes
    -----
    Estimated by the contour integral of `boundkit.laws.family`, without a bound. Measured against certified values for
    n from 1 on, on the whole domain: within 16 ulp of the log on both sides of the mean, also where the log is nearly 0
    (down to 10^-300). For n below 1 within 32 ulp.

    Examples
    --------
    >>> round(logcdf(0.125, 600, 10), 6)
    -26.692064
    """
    return elementwise(lambda c, n, m: _log_beyond(c, n, m, upper=False), c=(c, NUMBER), n=(n, DIMENSION), m=(m, ROWS))


def logsf(c: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """Return log P[R + sqrt((m - 1) R) g >= c n]: the other tail, with the domain, errors and accuracy of `logcdf`.

    Examples
    --------
    >>> round(logsf(4, 600, 10), 6)
    -157.355654
    """
    return elementwise(lambda c, n, m: _log_beyond(c, n, m, upper=True), c=(c, NUMBER), n=(n, DIMENSION), m=(m, ROWS))


def log_below_zero(n: ArrayLike, m: ArrayLike) -> Any:
    """Return log P[R + sqrt((m - 1) R) g <= 0] = log(I_{1 - 1/m}(n/2, 1/2)/2).

    I is the regularised incomplete beta function. This is `logcdf(0, n, m)`: the same domain, errors and accuracy, and
    no underflow.

    Examples
    --------
    >>> round(log_below_zero(600, 10), 6)
    -34.589113
    """
    return logcdf(0.0, n, m)


def _log_beyond(c: Array, n: Array, m: Array, upper: bool) -> Array:
    """By the tail that holds less than half, the lower one as that of -X."""
    alone, far = m == 1, (c >= 1) if upper else (c <= 1)
    return piecewise(
        (c, n, m),
        (far & ~alone, partial(_log_tail, upper)),
        (~far & ~alone, partial(_log_rest, upper)),
        (alone, partial(_alone, upper)),
    )


def _log_tail(upper: bool, c: Array, n: Array, m: Array) -> Array:
    side, near = np.full_like(c, 1 if upper else -1), np.clip(c, -HUGE / n, HUGE / n)
    log_p = log_upper_tail(side * near * n, np.abs(1 - near) * n, n, side, m - 1)
    return log_p * np.where(near == c, 1.0, c / near)


def _log_rest(upper: bool, c: Array, n: Array, m: Array) -> Array:
    side, near = np.full_like(c, -1 if upper else 1), np.clip(c, -HUGE / n, HUGE / n)
    distance = multiply(two_sum(side * near, -side), exact(n))
    result: Array = np.log1p(-upper_tail(side * near * n, distance, n, side, two_sum(m, np.full_like(m, -1.0))))
    return result


def _alone(upper: bool, c: Array, n: Array, _m: Array) -> Array:
    law: Array = (logsf_ratio if upper else logcdf_ratio)(np.maximum(c, 0), n)
    return law
