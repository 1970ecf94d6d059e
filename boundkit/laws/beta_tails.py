r"""The tails of a beta law at x and y = 1 - x, both as pairs of doubles, on arrays.

With N = a + b, u = x N/a, v = y N/b and phi(u) = u - 1 - log u the front of every formula is

    x^a y^b/B(a, b) = g(a) g(b)/g(N) e^(-a phi(u) - b phi(v)),  g(s) = s^s e^(-s)/Gamma(s),

a sum of two terms of one sign, each a pair of doubles (`gamma_tails.exponent`), so that it keeps its digits also where
a complement needs them. What it is multiplied by, for b <= a (else 1 - B has the shapes the other way round):

b >= 50: the midpoint rule on the vertical line through the saddle of (1 - y z)^-a (1 + x z)^-b/z, as in `family`. In
units of the peak's width the line does not depend on x: with al = sqrt(b/(a N)) and be = sqrt(a/(b N)) the modulus is
(1 + al^2 t^2)^(-a/2) (1 + be^2 t^2)^(-b/2), and in the phase a atan(al t) - b atan(be t) the linear terms are the same.
b < 50, x <= 1/2: the series of P[B <= x], DLMF 8.17.8. b < 50, x > 1/2: that of P[B >= x] where y is below its mean,
else Gauss' fraction for P[B <= x]; and where b < 1 makes P[B >= x] near 1, its log (DLMF 8.17.7) in orders of b.
"""

from __future__ import annotations

import numpy as np
from scipy.special import psi

from boundkit.laws.arrays import Array, Mask, in_cache, piecewise
from boundkit.laws.family import COLUMNS, LINE_STEP, _midpoints, _pole, atan_minus
from boundkit.laws.gamma_tails import LOG_GAMMA, exponent, scale
from boundkit.laws.pairs import Pair, divide, exact, multiply, two_sum
from boundkit.laws.temme import horner

LINE_FROM = 50.0
MOST_TERMS, ENOUGH = 400, 2.0**-56
DEPTH = 128  # of the fraction
TINY_BELOW, TINY_MEAN, TINY_LOG = 1.0, 2.0, -3.0  # b, y N, and the log of (y N)^b, near the probability
TINY_TERMS = 40
PSI_FROM = 30.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


def log_tails(lower: Mask | bool, a: Array, b: Array, x: Pair, y: Pair) -> Array:
    """log P[B <= x] where `lower`, else log P[B >= x], for 0 < x < 1."""
    computed, log_p, p = one_tail(a, b, x, y)
    return np.where(computed == lower, log_p, np.where(log_p > -0.7, np.log(-np.expm1(log_p)), np.log1p(-p)))


def one_tail(a: Array, b: Array, x: Pair, y: Pair) -> tuple[Mask, Array, Array]:
    """Whether it is P[B <= x], not P[B >= x], that is computed; its log; itself, as good as a double may be."""
    swap = b > a
    first, second = np.where(swap, b, a), np.where(swap, a, b)
    low = np.where(swap, y[0], x[0]), np.where(swap, y[1], x[1])
    high = np.where(swap, x[0], y[0]), np.where(swap, x[1], y[1])
    lower, log_p, p = in_cache(_one_tail, first, second, *low, *high)
    return lower != swap, log_p, p


def _one_tail(a: Array, b: Array, x: Array, x_rest: Array, y: Array, y_rest: Array) -> tuple[Mask, Array, Array]:
    """What `one_tail` gives for b <= a."""
    N = two_sum(a, b)
    u, v = divide(multiply((x, x_rest), N), exact(a)), divide(multiply((y, y_rest), N), exact(b))
    (first, first_rest), (second, second_rest) = exponent(*u, a), exponent(*v, b)
    lead, lost = two_sum(first, second)
    rest = first_rest + second_rest + lost
    gap = a * ((u[0] - 1) + u[1])  # N x - a
    line, mean = b >= LINE_FROM, y * N[0]
    series = ~line & (x <= 0.5)
    tiny = ~line & ~series & (b < TINY_BELOW) & (mean < TINY_MEAN) & (b * np.log(mean) > TINY_LOG)
    other = ~line & ~series & ~tiny & (mean < b + 1)
    fraction = ~(line | series | tiny | other)
    tame = piecewise(
        (a, b, x, y, gap, lead + rest),
        (line, _by_line),
        (series, lambda a, b, x, *_: _front(a, b) / a * _series(a, b, x)),
        (other, lambda a, b, _x, y, *_: _front(a, b) / b * _series(b, a, y)),
        (fraction, lambda a, b, x, y, *_: _front(a, b) / (a * y) * _fraction(a, b, x, y)),
        (tiny, lambda a, b, _x, y, *_: _log_tiny(a, b, y)),
    )
    log_p = np.where(tiny, np.minimum(tame, 0.0), (np.log(tame) - rest) - lead)
    p = np.where(tiny, np.exp(log_p), np.exp(-lead) * np.exp(-np.maximum(rest, -1)) * tame)
    return np.where(line, gap < 0, series | fraction), log_p, p


def _front(a: Array, b: Array) -> Array:
    return scale(a) * scale(b) / scale(a + b)


def _by_line(a: Array, b: Array, x: Array, y: Array, gap: Array, exponents: Array) -> Array:
    """The tail on the side of x, relative to e^-exponents."""
    N = a + b
    slope = np.abs(gap) / (N * x * y) * np.sqrt(a / N * b)  # of the log of the integrand at the pole
    upper = gap >= 0
    first, second = np.where(upper, a, b), np.where(upper, b, a)
    c = np.abs(gap) * np.sqrt(N / a / b)
    columns = c, first, second, np.sqrt(second / first / N), np.sqrt(first / second / N)

    def node(k: Array, c: Array, a: Array, b: Array, al: Array, be: Array) -> tuple[Array, Array]:
        t = LINE_STEP * k
        size = np.exp(-0.5 * (a * np.log1p((al * t) ** 2) + b * np.log1p((be * t) ** 2)))
        phase, square = a * atan_minus(al * t) - b * atan_minus(be * t), c * c + t * t
        return size * (c * np.cos(phase) + t * np.sin(phase)) / square, size[-1] / np.sqrt(square[-1])

    result = np.empty_like(c)
    for start in range(0, c.size, COLUMNS):
        part = slice(start, start + COLUMNS)
        result[part] = LINE_STEP * _midpoints(node, *(column[part] for column in columns))
    return result + _pole(c / LINE_STEP, slope * LINE_STEP, -exponents)


def _series(a: Array, b: Array, x: Array) -> Array:
    """The sum over k of (a + b)_k/(a + 1)_k x^k."""
    term, total = np.ones_like(x), np.ones_like(x)
    for k in range(MOST_TERMS):
        term = term * (x * ((a + b + k) / (a + 1 + k)))
        total += term
        if not (term > ENOUGH * total).any():
            break
    return total


def _fraction(a: Array, b: Array, x: Array, y: Array) -> Array:
    """F(1, 1 - b; a + 1; -x/y) by the even part of Gauss' continued fraction, from its end."""
    w = x / y

    def even(k: int) -> Array:
        return k / (a + 2 * k - 1) * w * ((a + b + (k - 1)) / (a + 2 * k))

    def odd(k: int) -> Array:
        return (1 - b + k) / (a + 2 * k) * w * ((a + k) / (a + 1 + 2 * k))

    total = 1 + even(DEPTH) + odd(DEPTH)
    for k in range(DEPTH - 1, 0, -1):
        total = 1 + even(k) + odd(k) - odd(k) * even(k + 1) / total
    total = 1 + odd(0) - odd(0) * even(1) / total
    result: Array = 1 / total
    return result


def _log_tiny(a: Array, b: Array, y: Array) -> Array:
    """log P[B >= x] for b < 1 and y N < 2: every term is of the order of b."""
    total, power = np.zeros_like(y), np.ones_like(y)
    for k in range(1, TINY_TERMS):
        power = power * ((k - a) / k * y)
        total += power / (b + k)
    log_gamma = horner(LOG_GAMMA, b) * b - np.log1p(b)  # of 1 + b
    growth = np.zeros_like(b)
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        growth += 0.5 * weight * _psi_minus_log(a, 0.5 * b * (1 + node))
    found: Array = b * (np.log(y * a) + growth) - log_gamma + np.log1p(b * total)
    return found


def _psi_minus_log(a: Array, more: Array) -> Array:
    """psi(a + more) - log a (DLMF 5.11.2 for large a)."""
    z = a + more
    inverse = 1 / (z * z)
    far = np.log1p(more / a) - 0.5 / z - inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse / 240)))
    return np.where(a > PSI_FROM, far, psi(z) - np.log(a))
