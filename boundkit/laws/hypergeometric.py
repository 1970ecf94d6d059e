"""The white balls among n drawn without replacement from N, of which K are white: tails and probabilities in log space.

Arguments come in the order x, N, K, n: all balls, the white ones, those drawn (SciPy's M, n, N). All functions
broadcast; scalars give a float. Sizes are whole numbers up to 10^12, K <= N and n <= N; x is any real number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.errors import ParameterError
from boundkit.laws.arrays import LOG_PROBABILITY, REAL, Array, Domain, elementwise, piecewise
from boundkit.laws.hypergeometric_tails import log_mass, shorter_tail
from boundkit.laws.lattice import least_whole, reached
from boundkit.laws.pairs import add, divide, exact, minus, multiply

COUNT = Domain(
    "a whole number from 0 to 1e12", lambda n: (n >= 0) & (n <= 1e12) & (n == np.floor(n)), "give a number of balls"
)


def logcdf(x: ArrayLike, N: ArrayLike, K: ArrayLike, n: ArrayLike) -> Any:
    """log P[X <= x].

    Parameters
    ----------
    x : array_like
        Any real number; the greatest integer up to it counts.
    N, K, n : array_like
        All balls, the white ones, those drawn: whole numbers up to 1e12, K <= N and n <= N.

    Returns
    -------
    float or ndarray
        Of the broadcast shape; -inf below the support, 0 from its end on.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    Examples
    --------
    >>> logcdf([0, 1, 5], 52, 4, 5).round(6)
    array([-0.417272, -0.042578,  0.      ])
    """
    return _law(_at_most, N, K, n, x=(x, REAL))


def logsf(x: ArrayLike, N: ArrayLike, K: ArrayLike, n: ArrayLike) -> Any:
    """log P[X > x], as SciPy means it: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> print(f"{np.exp(logsf(1, 52, 4, 5)):.12f}")  # two aces or more of five cards
    0.041684366054
    """
    return _law(_more, N, K, n, x=(x, REAL))


def log_at_least(x: ArrayLike, N: ArrayLike, K: ArrayLike, n: ArrayLike) -> Any:
    """log P[X >= x]: parameters, errors and accuracy as for `logcdf`.

    Examples
    --------
    >>> print(f"{log_at_least(3e8, 10**9, 5 * 10**8, 5 * 10**8):.6f}")
    -20135522.816357
    """
    return _law(lambda x, N, K, n: _at_least(np.ceil(x), N, K, n), N, K, n, x=(x, REAL))


log_at_most = logcdf


def logpmf(x: ArrayLike, N: ArrayLike, K: ArrayLike, n: ArrayLike) -> Any:
    """log P[X = x], -inf where x is no whole number of the support: parameters and errors as for `logcdf`.

    Examples
    --------
    >>> logpmf([0, 0.5, 1], 52, 4, 5).round(6)
    array([-0.417272,      -inf, -1.205729])
    """
    return _law(_mass, N, K, n, x=(x, REAL))


def ppf_log(log_p: ArrayLike, N: ArrayLike, K: ArrayLike, n: ArrayLike) -> Any:
    """The least whole x with log P[X <= x] >= log_p, by bisection; log_p from -inf to 0, errors as for `logcdf`.

    x is in the support. Where log P[X <= x] and log_p agree to 1e-13 either neighbour may be given.

    Examples
    --------
    >>> ppf_log([-50, -1, -1e-9], 10**6, 5000, 20_000)
    array([ 21.,  97., 164.])
    """
    return _quantile(
        lambda log_p, *sizes: reached(lambda k: _at_most(k, *sizes), lambda k: _more(k, *sizes), log_p), log_p, N, K, n
    )


def isf_log(log_p: ArrayLike, N: ArrayLike, K: ArrayLike, n: ArrayLike) -> Any:
    """The least whole x with log P[X > x] <= log_p, like `ppf_log`.

    Examples
    --------
    >>> isf_log([-50, -1, -1e-9], 10**6, 5000, 20_000)
    array([209., 103.,  47.])
    """
    return _quantile(lambda log_p, *sizes: lambda k: _more(k, *sizes) <= log_p, log_p, N, K, n)


def _quantile(holds: Any, log_p: ArrayLike, N: ArrayLike, K: ArrayLike, n: ArrayLike) -> Any:
    """The least whole number of the support at which the condition made of log_p and the sizes holds."""

    def kernel(log_p: Array, N: Array, K: Array, n: Array) -> Array:
        ends = np.maximum(0.0, n + K - N), np.minimum(n, K)
        return least_whole(holds(log_p, N, K, n), *ends)

    return _law(kernel, N, K, n, log_p=(log_p, LOG_PROBABILITY))


def _law(kernel: Any, N: ArrayLike, K: ArrayLike, n: ArrayLike, **first: Any) -> Any:
    """The kernel on columns, the first of which is named, once K <= N and n <= N."""

    def checked(x: Array, N: Array, K: Array, n: Array) -> Array:
        if (wrong := (K > N) | (n > N)).any():
            i = int(wrong.argmax())
            raise ParameterError(f"N = {N[i]}, K = {K[i]}, n = {n[i]}: K <= N and n <= N are needed; check their order")
        found: Array = kernel(x, N, K, n)
        return found

    return elementwise(checked, **first, N=(N, COUNT), K=(K, COUNT), n=(n, COUNT))


def _more(x: Array, N: Array, K: Array, n: Array) -> Array:
    return _at_least(np.floor(x) + 1, N, K, n)


def _at_most(x: Array, N: Array, K: Array, n: Array) -> Array:
    """As many black ones or more."""
    return _at_least(n - np.floor(x), N, N - K, n)


def _at_least(k: Array, N: Array, K: Array, n: Array) -> Array:
    """log P[X >= k], k whole or infinite."""
    certain = k <= np.maximum(0.0, n + K - N)
    impossible = ~certain & (k > np.minimum(n, K))
    mean = divide(multiply(exact(n), exact(K)), exact(np.maximum(N, 1.0)))
    above = add(exact(np.clip(k, -1.0, 1e13)), minus(mean))[0] > 0
    inside = ~certain & ~impossible
    return piecewise(
        (k, N, K, n),
        (certain, lambda k, *_: np.zeros_like(k)),
        (impossible, lambda k, *_: np.full_like(k, -np.inf)),
        (inside & above, lambda k, N, K, n: shorter_tail(k, N, K, n, False)),
        (inside & ~above, lambda k, N, K, n: shorter_tail(n - k + 1, N, N - K, n, True)),
    )


def _mass(x: Array, N: Array, K: Array, n: Array) -> Array:
    inside = (x == np.floor(x)) & (x >= np.maximum(0.0, n + K - N)) & (x <= np.minimum(n, K))

    def there(x: Array, N: Array, K: Array, n: Array) -> Array:
        lead, rest = log_mass(exact(x), N, K, n)
        return rest - lead

    return piecewise((x, N, K, n), (~inside, lambda x, *_: np.full_like(x, -np.inf)), (inside, there))
