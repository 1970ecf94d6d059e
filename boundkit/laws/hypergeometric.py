"""The white balls among n drawn without replacement from N, of which K are white: tails and probabilities in log space.

Arguments come in the order x, N, K, n: all balls, the white ones, those drawn (SciPy's M, n, N). All functions
broadcast; scalars give a float. Sizes are whole numbers up to 10^12, K <= N and n <= N; x is any real number.

Method. With the four counts of the two by two table at x, and what each is on the average, log P[X = x] is minus the
sum of count times phi(average/count), phi as in `deviance`, plus Stirling's corrections; so it is known for real x.
The shorter tail is summed from x outward: term by term where up to DIRECT count, else by the quadrature of Gauss for
sums over L consecutive whole numbers, whose nodes are the zeros of Gram's polynomials; L is some ten deviations.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.errors import ParameterError
from boundkit.laws.arrays import LOG_PROBABILITY, REAL, Array, Domain, elementwise, piecewise
from boundkit.laws.gamma_tails import exponent, scale
from boundkit.laws.lattice import least_whole, reached
from boundkit.laws.pairs import Pair, add, divide, exact, minus, multiply, two_sum

COUNT = Domain(
    "a whole number from 0 to 1e12", lambda n: (n >= 0) & (n <= 1e12) & (n == np.floor(n)), "give a number of balls"
)
DIRECT = 512  # terms
NODES = 40
REACH, MORE, SMALL = 9.5, 25.0, 42.0  # standard deviations; terms besides; e^-SMALL does not count


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
        (inside & above, lambda k, N, K, n: _short(k, N, K, n, False)),
        (inside & ~above, lambda k, N, K, n: _short(n - k + 1, N, N - K, n, True)),
    )


def _mass(x: Array, N: Array, K: Array, n: Array) -> Array:
    inside = (x == np.floor(x)) & (x >= np.maximum(0.0, n + K - N)) & (x <= np.minimum(n, K))

    def there(x: Array, N: Array, K: Array, n: Array) -> Array:
        lead, rest = _log_mass(exact(x), N, K, n)
        return rest - lead

    return piecewise((x, N, K, n), (~inside, lambda x, *_: np.full_like(x, -np.inf)), (inside, there))


def _log_mass(x: Pair, N: Array, K: Array, n: Array) -> Pair:
    """log P[X = x] as -lead + rest, for x in the support that need not be whole."""
    lead, rest = np.zeros_like(N), np.zeros_like(N)
    for white, drawn, sign, base in (
        (K, n, 1, 0 * N),
        (K, N - n, -1, K),
        (N - K, n, -1, n),
        (N - K, N - n, 1, N - K - n),
    ):
        count = add(exact(base), x if sign > 0 else minus(x))
        average = divide(multiply(exact(white), exact(drawn)), exact(np.maximum(N, 1.0)))
        some = count[0] > 0
        safe = (np.where(some, count[0], 1.0), np.where(some, count[1], 0.0))
        far = average[0] > 0
        most, more = exponent(*divide((np.where(far, average[0], 1.0), np.where(far, average[1], 0.0)), safe), safe[0])
        lead, lost = two_sum(lead, np.where(some, most, average[0]))
        rest = rest - lost - np.where(some, more, average[1]) - np.log(_stirling(np.maximum(count[0], 0.0)))
    top = _stirling(K) * _stirling(N - K) / _stirling(N)
    return lead, rest + np.log(top * (_stirling(n) * _stirling(N - n)))


def _stirling(b: Array) -> Array:
    """b! e^b/b^b, which is 1 at b = 0."""
    safe = np.where(b > 0, b, 1.0)
    return np.where(b > 0, safe / scale(safe), 1.0)


def _short(k: Array, N: Array, K: Array, n: Array, other: bool) -> Array:
    """log P[X >= k], k above the mean and in the support; or where `other` the log of what is left to 1."""
    log_p = _one_side(k, N, K, n, other)
    near = (_one_side(k, N, K, n, False) if other else log_p) > -0.7  # near an end of the support
    if near.any():
        k, N, K, n = (column[near] for column in (k, N, K, n))
        log_p[near] = _one_side(n - k + 1, N, N - K, n, not other)
    return log_p


def _one_side(k: Array, N: Array, K: Array, n: Array, other: bool) -> Array:
    """As `_short`, from k upward."""
    lead, rest = _log_mass(exact(k), N, K, n)
    black = N - K - n + k
    ratio = (K - k) / (k + 1) * ((n - k) / (black + 1))
    spread = 1 / np.sqrt(1 / k + 1 / (K - k) + 1 / (n - k) + 1 / np.maximum(black, 1e-9))
    count = np.minimum(np.minimum(K, n) - k + 1, np.minimum(SMALL / -np.log(ratio), REACH * spread + MORE))
    few = ~(count > DIRECT)
    total = piecewise((k, N, K, n, count), (few, _term_by_term), (~few, _by_nodes))
    if other:
        return np.log1p(-np.exp(-lead) * (np.exp(rest) * total))
    return (np.log(total) + rest) - lead


def _term_by_term(k: Array, N: Array, K: Array, n: Array, _: Array) -> Array:
    """P[X >= k]/P[X = k] by the ratios of its terms."""
    term, total = np.ones_like(k), np.ones_like(k)
    white, drawn, above, black = K - k, n - k, k + 1, N - K - n + k + 1
    for i in range(2 * DIRECT):
        term = term * (np.maximum(white - i, 0.0) / (above + i)) * (np.maximum(drawn - i, 0.0) / (black + i))
        total += term
        if not (term > 1e-18 * total).any():
            break
    return total


def _by_nodes(k: Array, N: Array, K: Array, n: Array, count: Array) -> Array:
    """P[X >= k]/P[X = k] by quadrature, points with the same L together."""
    result = np.empty_like(k)
    halves = np.ceil(2 * np.log2(count))
    lead, rest = _log_mass(exact(k), N, K, n)
    for half in np.unique(halves):
        rows = halves == half
        nodes, weights = _gauss(int(np.ceil(2.0 ** (half / 2))))
        total = np.zeros(int(rows.sum()))
        for node, weight in zip(nodes, weights, strict=True):
            x = two_sum(k[rows], np.full_like(total, node))
            there, more = _log_mass(x, N[rows], K[rows], n[rows])
            total += weight * np.exp((lead[rows] - there) + (more - rest[rows]))
        result[rows] = total
    return result


@cache
def _gauss(length: int) -> tuple[Any, Any]:
    """Nodes and weights exact for sums over 0, ..., length - 1 of polynomials below degree 2 NODES (Golub, Welsch)."""
    i = np.arange(1.0, NODES)
    beside = i * np.sqrt((length - i) * (length + i) / (4 * (4 * i * i - 1)))
    matrix = np.diag(np.full(NODES, 0.5 * (length - 1))) + np.diag(beside, 1) + np.diag(beside, -1)
    nodes, vectors = np.linalg.eigh(matrix)
    return nodes, length * vectors[0] ** 2
