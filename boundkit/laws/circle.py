"""Binomial tails on arrays: the generating function on a circle, as e^(-E) times something tame.

P[X >= k], n p < k < n, X the successes in n trials. At the saddle r = k q/((n - k) p) of f(z) z^-k, f(z) = (q + p z)^n,
f(r) r^-k = e^-E with E = n KL(k/n, p), which `deviance` gives to 20 digits. With M even and the points z at the angles
(2 j + 1) pi/M of the circle |z| = r, j = 0, ..., M - 1, the mean of f(z) z^-k/(1 - 1/z) is

    P[X >= k] + sum over m >= 1 of (-1)^m (r^(m M) P[X >= k + m M] + r^(-m M) P[X >= k - m M]).

M is REACH standard deviations of the law with mean k, and some, so that the first probabilities do not count; the last
ones are 1 as far as doubles see, which sums to 1/(r^M + 1), or do not count. No pole is near a point, and nothing
cancels: at k = n p all is 1/(r^M + 1) = 1/2.

With c = k/n, f(z) z^-k at the angle t is (1 - c + c e^it)^n e^-ikt times e^-E. Its argument,
n arg(1 - c + c e^it) - k t, is taken from sin x - x, since these two have no digits left of it for large n.
"""

from __future__ import annotations

import numpy as np

from boundkit.laws.arrays import Array, piecewise
from boundkit.laws.gamma_tails import exponent, scale
from boundkit.laws.pairs import Pair, add, divide, exact, minus, multiply, two_sum

REACH = 9.3  # e^(-REACH^2/2) is below 2^-62
MORE = 25.0  # points, for laws of few successes, which are skew
NOTHING = -45.0  # e^NOTHING does not count
SERIES = (-1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800, -1 / 1307674368000)


def log_successes(n: Array, p: Pair, q: Pair, k: Array) -> Array:
    """log P[X >= k] for whole numbers n and k, any k; p + q = 1."""
    return piecewise(
        (n, *p, *q, k),
        (k <= 0, lambda n, *_: np.zeros_like(n)),
        (k > n, lambda n, *_: np.full_like(n, -np.inf)),
        ((k > 0) & (k <= n), _inside),
    )


def log_mass(n: Array, p: Pair, q: Pair, k: Array) -> Array:
    """log P[X = k] for whole numbers n and k, any k; p + q = 1."""
    return piecewise(
        (n, *p, *q, k),
        ((k < 0) | (k > n), lambda n, *_: np.full_like(n, -np.inf)),
        ((k >= 0) & (k <= n), _mass),
    )


def complement(p: Array) -> Pair:
    """1 - p, exactly."""
    return two_sum(np.ones_like(p), -p)


def _inside(n: Array, p: Array, p_rest: Array, q: Array, q_rest: Array, k: Array) -> Array:
    """log P[X >= k], 1 <= k <= n: the shorter tail, or its complement."""
    gap = add(exact(k), minus(multiply(exact(n), (p, p_rest))))[0]
    return piecewise(
        (n, p, p_rest, q, q_rest, k),
        (p <= 0, lambda n, *_: np.full_like(n, -np.inf)),
        ((p > 0) & (q <= 0), lambda n, *_: np.zeros_like(n)),
        ((p > 0) & (q > 0) & (gap > 0), lambda n, p, pr, q, qr, k: _short(n, (p, pr), (q, qr), k, False)),
        ((p > 0) & (q > 0) & (gap <= 0), lambda n, p, pr, q, qr, k: _short(n, (q, qr), (p, pr), n - k + 1, True)),
    )


def _mass(n: Array, p: Array, p_rest: Array, q: Array, q_rest: Array, k: Array) -> Array:
    """log P[X = k], 0 <= k <= n."""

    def between(n: Array, p: Array, p_rest: Array, q: Array, q_rest: Array, k: Array) -> Array:
        lead, rest = _exponent(n, (p, p_rest), (q, q_rest), k)
        return (np.log(scale(k) * scale(n - k) / scale(n) * (n / (k * (n - k)))) - rest) - lead

    return piecewise(
        (n, p, p_rest, q, q_rest, k),
        (k == 0, lambda n, p, pr, q, qr, _: _log_power(n, (q, qr), (p, pr))),
        ((k == n) & (k > 0), lambda n, p, pr, q, qr, _: _log_power(n, (p, pr), (q, qr))),
        ((k > 0) & (k < n) & ((p <= 0) | (q <= 0)), lambda n, *_: np.full_like(n, -np.inf)),
        ((k > 0) & (k < n) & (p > 0) & (q > 0), between),
    )


def _log_power(n: Array, p: Pair, q: Pair) -> Array:
    """n log p."""
    log_p = np.where(p[0] > 0.5, np.log1p(-q[0]) - q[1] / p[0], np.log(p[0]) + p[1] / p[0])
    return np.where(n == 0, 0.0, n * np.where(p[0] > 0, log_p, -np.inf)) + 0.0


def _exponent(n: Array, p: Pair, q: Pair, k: Array) -> Pair:
    """n KL(k/n, p) for 0 < k < n."""
    parts = []
    for share, count in ((p, k), (q, n - k)):
        parts.append(exponent(*divide(multiply(exact(n), share), exact(count)), count))
    lead, lost = two_sum(parts[0][0], parts[1][0])
    return lead, lost + (parts[0][1] + parts[1][1])


def _short(n: Array, p: Pair, q: Pair, k: Array, other: bool) -> Array:
    """log P[X >= k], n p < k <= n; or where `other` the log of what is left to 1."""
    last = k == n

    def all_of_them(n: Array, p: Array, p_rest: Array, q: Array, q_rest: Array, _: Array) -> Array:
        """log P[X = n], or of the rest."""
        log_p = _log_power(n, (p, p_rest), (q, q_rest))
        if not other:
            return log_p
        power = p**n * np.exp(n * p_rest / p)  # the exponential of log_p has fewer digits
        return np.where(log_p > -0.7, np.log(-np.expm1(log_p)), np.log1p(-power))

    def fewer(n: Array, p: Array, p_rest: Array, q: Array, q_rest: Array, k: Array) -> Array:
        """log P[X >= k], k < n, or of the rest."""
        lead, rest = _exponent(n, (p, p_rest), (q, q_rest), k)
        tame = _tame(n, (p, p_rest), (q, q_rest), k, lead + rest)
        if other:
            return np.log1p(-np.exp(-lead) * (np.exp(-rest) * tame))
        return (np.log(tame) - rest) - lead

    return piecewise((n, *p, *q, k), (last, all_of_them), (~last, fewer))


def _tame(n: Array, p: Pair, q: Pair, k: Array, exponents: Array) -> Array:
    """P[X >= k] e^E, n p < k < n."""
    fewer = n - k
    c, d = k / n, fewer / n
    gap = add(exact(k), minus(multiply(exact(n), p)))
    beyond = (gap[0] + gap[1]) / (k * q[0])  # 1 - 1/r
    inverse = fewer * p[0] / (k * q[0])  # 1/r
    log_r = np.where(beyond < 0.5, -np.log1p(-beyond), -np.log(inverse))
    points = 2 * np.ceil(0.5 * (REACH * np.sqrt(k * d) + MORE))
    total = np.zeros_like(n)
    for j in range(int(0.5 * points.max(initial=0))):
        angle = np.minimum((2 * j + 1) * (np.pi / points), np.pi)
        half = np.sin(0.5 * angle)
        size = 0.5 * n * np.log1p(-4 * c * d * half * half)
        counts = (2 * j + 1 < points) & (size > NOTHING)
        if not counts.any():
            break
        turn = n * np.arctan2(
            c * d * (_less_itself(d * angle) / d - _less_itself(c * angle) / c),
            d * np.cos(c * angle) + c * np.cos(d * angle),
        )
        x = beyond + inverse * (2 * half * half)
        y = inverse * np.sin(angle)
        value = np.exp(size) * (x * np.cos(turn) + y * np.sin(turn)) / (x * x + y * y)
        total += np.where(counts, value, 0.0)
    near = k - points < n * p[0]
    pole = np.where(near, np.exp(exponents - np.logaddexp(0.0, points * log_r)), 0.0)
    tame: Array = 2 * total / points + pole
    return tame


def _less_itself(x: Array) -> Array:
    """sin x - x."""
    square = x * x
    series = np.zeros_like(x)
    for coefficient in reversed(SERIES):
        series = series * square + coefficient
    return np.where(x < 1, x * square * series, np.sin(x) - x)
