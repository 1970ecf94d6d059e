"""What has a closed form: elementary bounds, exact counts, and tails of lengths and radii that are chi-square laws.

`wendel_probability` is exact. `log_perturbation_longer` is as good as the chi-square law it calls. The others are
theorems with elementary formulas: upper bounds, right to 16 ulp as formulas, up to the edges of their domains. (The
law of one row sum below zero is `row_sum.log_below_zero`.) Arrays broadcast; a float comes out for scalars; NaN in an
array gives NaN there; a value outside its domain, or a scalar NaN, is a ParameterError.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.errors import ParameterError
from boundkit.laws.arrays import DIMENSION, POSITIVE, Array, Domain, elementwise
from boundkit.laws.family import log1p_minus
from boundkit.laws.gamma_tails import log_tail
from boundkit.laws.pairs import add, divide, exact, minus, root, two_product
from boundkit.laws.row_sum import ROWS

TWO_PI = (2 * np.pi, 2.4492935982947064e-16)
LEAST_FREEDOM = 1e-6
LONGEST = 1e140  # from there on the law of a length is a power, and below 1/LONGEST it is 1
RADIUS = Domain("> 0, from 1e-150 to 1e150,", lambda r: (r >= 1e-150) & (r <= 1e150), "give a radius in that range")
ROOT_MARGIN = Domain("between 0 and 1", lambda tau: (tau >= 0) & (tau < 1), "give a fraction of the mean")


def log_below_zero_bound(n: ArrayLike, m: ArrayLike) -> Any:
    """Return log((1 - 1/m)^(n/2)/2), which P[one row sum <= 0] never exceeds.

    Examples
    --------
    >>> round(log_below_zero_bound(600, 10), 4)
    -32.3013
    """
    return elementwise(lambda n, m: n / 2 * _log_share(m) - np.log(2), n=(n, DIMENSION), m=(m, ROWS))


def log_row_sum_bound(tau: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """Return Chernoff's bound on log P[R + sqrt((m - 1) R) g <= tau n], 0 <= tau < 1, real m >= 1.

    min over theta > 0 of n (theta tau - log(1 + 2 theta - (m - 1) theta^2)/2), in closed form.

    Examples
    --------
    >>> round(log_row_sum_bound(1/8, 600, 10), 4)
    -23.853
    """
    return elementwise(_chernoff, tau=(tau, ROOT_MARGIN), n=(n, DIMENSION), m=(m, ROWS))


def wendel_probability(vectors: int, dimension: int) -> Fraction:
    """Return P[0 is outside the convex hull of the vectors], exactly, for any symmetric law in general position.

    2^(1-m) sum over j < n of C(m - 1, j), m vectors in R^n (Wendel 1962): then some direction moves every neuron the
    right way.

    Examples
    --------
    >>> wendel_probability(10, 5)
    Fraction(1, 2)
    """
    given: dict[str, object] = {"vectors": vectors, "dimension": dimension}
    for name, value in given.items():
        if not (isinstance(value, int | np.integer) and value >= 1):
            raise ParameterError(f"{name} = {value!r}: a whole number >= 1 is needed; give a count")
    m, n = int(vectors), int(dimension)
    return Fraction(sum(comb(m - 1, j) for j in range(min(n, m))), 2 ** (m - 1))


def log_perturbation_longer(length: ArrayLike, n: ArrayLike, rows: ArrayLike) -> Any:
    """Return log P[1/chi > length], chi^2 chi-square with n - rows + 1 >= 1e-6 degrees of freedom.

    The least z with given moves delta of `rows` neurons has length |delta|/(b chi) (inverse Wishart). For the
    universal flip rows = m, and |z| = c |N| (m/k)/(b chi).

    Examples
    --------
    >>> round(log_perturbation_longer(0.1, 600, 10), 4)
    -283.0779
    """

    def kernel(length: Array, n: Array, rows: Array) -> Array:
        freedom = n - rows + 1
        if not (freedom >= LEAST_FREEDOM).all():
            raise ParameterError(
                f"n - rows + 1 = {freedom.min()}: more dimensions than rows - 1 are needed, by "
                f"{LEAST_FREEDOM:g} at least; raise n"
            )
        near = np.clip(length, 1 / LONGEST, LONGEST)
        ratio = divide(divide(exact(np.ones_like(near)), two_product(near, near)), exact(freedom))
        result: Array = log_tail(False, *ratio, freedom / 2)
        return result - freedom * np.log(np.maximum(length / LONGEST, 1))

    return elementwise(kernel, length=(length, POSITIVE), n=(n, DIMENSION), rows=(rows, ROWS))


def log_radius_tail(r: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """Return a bound on log P[at some x0 a z in P-perp with b |z| <= r |N(x0)| flips the sign], all x0 in P at once.

    -t^2/2 with 1/r = sqrt n + sqrt(m/(2 pi)) + t, and 0 for t < 0: Chevet's inequality over activation patterns, and
    Gaussian concentration.

    Examples
    --------
    >>> round(log_radius_tail(1/40, 600, 10), 4)
    -101.4392
    """
    return elementwise(lambda r, n, m: _gaussian(r, n, m, m, TWO_PI), r=(r, RADIUS), n=(n, DIMENSION), m=(m, ROWS))


def log_radius_tail_by_norm(r: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """Return the weaker bound by the operator norm, sqrt m for sqrt(m/(2 pi)) (Davidson and Szarek 2001, II.13).

    Examples
    --------
    >>> log_radius_tail_by_norm(1/40, 600, 10) > log_radius_tail(1/40, 600, 10)
    True
    """
    return elementwise(lambda r, n, m: _gaussian(r, n, m, m, (1.0, 0.0)), r=(r, RADIUS), n=(n, DIMENSION), m=(m, ROWS))


def log_radius_tail_at(r: ArrayLike, n: ArrayLike, m: ArrayLike, q: ArrayLike) -> Any:
    """Return the bound for one x0 with q opposing or active supporting neurons of m, r and the event as before.

    sqrt(m/q)/r = sqrt n + sqrt(q/(2 pi)) + t.

    Examples
    --------
    >>> log_radius_tail_at(1/40, 600, 10, 10) == log_radius_tail(1/40, 600, 10)
    True
    """
    return elementwise(
        lambda r, n, m, q: _gaussian(r, n, q, m, TWO_PI), r=(r, RADIUS), n=(n, DIMENSION), m=(m, ROWS), q=(q, ROWS)
    )


def _gaussian(r: Array, n: Array, q: Array, m: Array, spread: tuple[float, float]) -> Array:
    """-t^2/2, t = sqrt(m/q)/r - sqrt n - sqrt(q/spread) > 0, in pairs: near 0 a difference of doubles has no digits."""
    width = root(divide(exact(q), (np.full_like(q, spread[0]), np.full_like(q, spread[1]))))
    longest = divide(root(divide(exact(m), exact(q))), exact(r))
    t, _ = add(add(longest, minus(root(exact(n)))), minus(width))
    return -(np.maximum(t, 0) ** 2) / 2


def _log_share(m: Array) -> Array:
    """log(1 - 1/m)."""
    return np.where(m < 2, np.log(m - 1) - np.log(m), np.log1p(-1 / m))


def _chernoff(tau: Array, n: Array, m: Array) -> Array:
    v = m - 1
    theta = 2 * (1 - tau) / ((v + 2 * tau) + np.sqrt(v * v + 4 * tau * tau * m))
    y = theta * (2 - v * theta)  # near tau = 1 theta tau and log(1 + y)/2 nearly cancel
    near = n * ((v * theta * theta - log1p_minus(y)) / 2 - (1 - tau) * theta)
    return np.where((tau == 0) & (v == 0), -np.inf, np.where(y < 1, near, n * (theta * tau - np.log1p(y) / 2)))
