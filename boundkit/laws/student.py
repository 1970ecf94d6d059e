"""Student's law in log space, by the beta law."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from boundkit.laws.arrays import REAL, Array, Domain, elementwise, piecewise
from boundkit.laws.beta_tails import log_tails, one_tail
from boundkit.laws.pairs import Pair, add, divide, exact, two_product

DEGREES = Domain("in [2e-6, 1e12]", lambda df: (df >= 2e-6) & (df <= 1e12), "give degrees of freedom in that range")
FAR = 1e140  # where the tail is a power to all digits
NEAR = 1e-150  # where P[|T| < x] is below it, and P[T >= x] is 1/2


def logsf(x: ArrayLike, df: ArrayLike) -> Any:
    """log P[T >= x].

    Parameters
    ----------
    x : array_like
        Any real number.
    df : array_like
        Degrees of freedom, real, in [2e-6, 1e12].

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
    log(I_z(df/2, 1/2)/2), z = df/(df + x^2) as a pair of doubles (DLMF 8.17), for x < 0 the log of the complement.
    Relative error of the log at most 5e-14, measured against balls for df from 1e-5 to 1e9 and |x| from 1e-300 to
    1e300; below 5e-15 but for two-sided tails with df < 1e-3.

    Examples
    --------
    >>> logsf([-1.0, 0.0, 1.0, 1e200], 3)
    array([-2.17535692e-01, -6.93147181e-01, -1.63218922e+00, -1.38145333e+03])
    """
    return elementwise(_one_sided, x=(x, REAL), df=(df, DEGREES))


def log_two_sided(x: ArrayLike, df: ArrayLike) -> Any:
    """log P[|T| >= x]: parameters, errors and accuracy as for `logsf`; 0 for x <= 0.

    Examples
    --------
    >>> log_two_sided([0.0, 1.0, 40.0], 3)
    array([  0.        ,  -0.93904204, -10.27801576])
    """
    return elementwise(lambda x, df: np.where(x <= 0, 0.0, log_sizes(np.abs(x), df)), x=(x, REAL), df=(df, DEGREES))


def _one_sided(x: Array, df: Array) -> Array:
    return piecewise(
        (x, df),
        (x >= 0, lambda x, df: log_sizes(x, df) - np.log(2)),
        (x < 0, lambda x, df: _log_complement(-x, df)),
    )


def log_sizes(x: Array, df: Array) -> Array:
    """log P[|T| >= x], x >= 0, on columns."""
    return piecewise(
        (x, df),
        (x < NEAR, lambda x, df: _by_beta(np.full_like(x, NEAR), df) * (x / NEAR)),
        (x > FAR, _far),
        ((x >= NEAR) & (x <= FAR), _by_beta),
    )


def _log_complement(x: Array, df: Array) -> Array:
    """log(1 - P[|T| >= x]/2), x > 0."""
    lower, _, p = one_tail(*_shapes(np.clip(x, NEAR, FAR), df))
    near = np.log1p(-0.5 * np.where(lower, p, 1 - p))
    return np.where(x > FAR, np.log1p(-0.5 * np.exp(_far(np.maximum(x, FAR), df))), near)


def _by_beta(x: Array, df: Array) -> Array:
    return log_tails(True, *_shapes(x, df))


def _shapes(x: Array, df: Array) -> tuple[Array, Array, Pair, Pair]:
    square = two_product(x, x)
    whole = add(exact(df), square)
    return 0.5 * df, np.full_like(df, 0.5), divide(exact(df), whole), divide(square, whole)


def _far(x: Array, df: Array) -> Array:
    """The leading term of DLMF 8.17.8."""
    s = 0.5 * df
    found: Array = s * (np.log(df) - 2 * np.log(x)) + gammaln(s + 0.5) - gammaln(s + 1) - 0.5 * np.log(np.pi)
    return found
