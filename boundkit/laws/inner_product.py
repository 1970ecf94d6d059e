"""The inner product of two standard normal vectors, in log space."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import DIMENSION, NONNEGATIVE, Array, Domain, elementwise, piecewise
from boundkit.laws.chi_square import logsf
from boundkit.laws.family import HUGE, inside, log_upper_tail, upper_tail
from boundkit.laws.pairs import Pair, add, exact, minus, multiply, two_product, two_sum

CORRELATION = Domain("in [-1, 1]", lambda r: np.abs(r) <= 1, "give a correlation")


def logsf_abs(s: ArrayLike, n: ArrayLike, r: ArrayLike = 0.0) -> Any:
    """Return log P[|<a, b>| >= s] for a and b standard normal in R^n.

    Parameters
    ----------
    s, n, r : float or array_like
        The threshold s >= 0, the dimension n from 1/16 to 10^15 (any real number), and the correlation -1 <= r <= 1 of
        a_i with b_i, by default 0; broadcast against each other.

    Returns
    -------
    float or ndarray
        A float for scalars. NaN in an array gives NaN there.

    Raises
    ------
    ParameterError
        A value outside its domain, or a scalar NaN.

    Notes
    -----
    Estimated by the contour integral of `boundkit.laws.family`, without a bound. Measured against certified values for
    n from 1 on: within 16 ulp of the log at r = 0 (32 for n below 1). At r != 0 the same while the log is below -1/2;
    nearer to 0 its absolute error is 10^-15.

    Examples
    --------
    >>> round(logsf_abs(300, 600), 6)
    -70.614781
    """
    return elementwise(_log_tail, s=(s, NONNEGATIVE), n=(n, DIMENSION), r=(r, CORRELATION))


def _log_tail(s: Array, n: Array, r: Array) -> Array:
    """log P[|<a, b>| >= s] on columns, each row by what is good for its correlation and its threshold."""
    r, small = np.abs(r), s < np.sqrt(n) / 2
    return piecewise(
        (s, n, r),
        ((r == 0) & ~small, _log_two_tails),
        ((r == 0) & small, _log_outside),
        ((r > 0) & (r < 1), _log_correlated),
        (r == 1, lambda s, n, _: logsf(s, n)),
    )


def _log_two_tails(s: Array, n: Array, r: Array) -> Array:
    near = np.minimum(s, HUGE)
    log_p = float(np.log(2)) + log_upper_tail(near, near, n, r, np.ones_like(s))
    return log_p * np.where(near == s, 1.0, s / near)


def _log_outside(s: Array, n: Array, _r: Array) -> Array:
    result: Array = np.log1p(-inside(s, n))
    return result


def _log_correlated(s: Array, n: Array, r: Array) -> Array:
    beyond = _less_mean(np.minimum(s, HUGE), n, r)[0] >= 0
    return piecewise((s, n, r), (beyond, _log_beyond_mean), (~beyond, _log_within_mean))


def _less_mean(s: Array, n: Array, r: Array) -> Pair:
    return add(exact(s), minus(two_product(r, n)))


def _log_beyond_mean(s: Array, n: Array, r: Array) -> Array:
    near, nu = np.minimum(s, HUGE), (1 - r) * (1 + r)
    log_p = np.logaddexp(
        log_upper_tail(near, _less_mean(near, n, r)[0], n, r, nu), log_upper_tail(near, near + r * n, n, -r, nu)
    )
    return log_p * np.where(near == s, 1.0, s / near)


def _log_within_mean(s: Array, n: Array, r: Array) -> Array:
    one, gap, other = np.ones_like(s), _less_mean(-s, n, -r), _less_mean(s, n, -r)
    nu = multiply(two_sum(one, -r), two_sum(one, r))
    result: Array = np.log1p(upper_tail(s, other, n, -r, nu) - upper_tail(-s, gap, n, -r, nu))
    return result
