"""One row sum of a Wishart matrix, X = R + sqrt((m - 1) R) g with R ~ chi2_n and g ~ N(0, 1), in log space."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import POSITIVE, Array, Domain, elementwise
from boundkit.laws.family import log_upper_tail

NUMBER = Domain("a number", lambda c: ~np.isnan(c), "give a real number, or an infinite one")
ROWS = Domain(">= 1 and finite", lambda m: (m >= 1) & (m < np.inf), "give a number of rows, or a ratio of at least 1")


def logcdf(c: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """Return log P[R + sqrt((m - 1) R) g <= c n].

    The row sum <v_i, v_1 + ... + v_m> of m independent standard normal vectors in R^n has this law, and so has the mean
    of k of them with m/k for m. At m = 1 it is chi2_n.

    Parameters
    ----------
    c, n, m : float or array_like
        Any c (also infinite), n > 0 and m >= 1 (real numbers too), broadcast against each other.

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
    n from 1 to 10^9, m to 10^12 and logs down to -10^5: within 16 ulp of the log up to c = 1. For c > 1 the log is
    about -P[X > c n], and loses what the exponential of a float must: its relative error is that many ulp of `logsf`.

    Examples
    --------
    >>> round(logcdf(0.125, 600, 10), 6)
    -26.692064
    """
    return elementwise(lambda c, n, m: _log_beyond(c, n, m, -1.0), c=(c, NUMBER), n=(n, POSITIVE), m=(m, ROWS))


def logsf(c: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """Return log P[R + sqrt((m - 1) R) g >= c n]: the other tail, with the domain, errors and accuracy of `logcdf`.

    Examples
    --------
    >>> round(logsf(4, 600, 10), 6)
    -157.355654
    """
    return elementwise(lambda c, n, m: _log_beyond(c, n, m, 1.0), c=(c, NUMBER), n=(n, POSITIVE), m=(m, ROWS))


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


def _log_beyond(c: Array, n: Array, m: Array, sign: float) -> Array:
    """The upper tail for sign 1, the lower one, that of -X, for -1; integrated is the one that holds less than half."""
    direct = sign*(c - 1) >= 0
    side = np.where(direct, sign, -sign)
    tail = log_upper_tail(side*c*n, np.abs(1 - c)*n, n, side, m - 1)
    return np.where(direct, tail, np.log1p(-np.exp(tail)))
