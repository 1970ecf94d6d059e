"""Second ways to the same certified numbers, for comparison only."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial
from typing import Any

from flint import arb, ctx, fmpq

Q = Fraction


def ball(x: Any) -> Any:
    x = Fraction(x)
    return arb(fmpq(x.numerator, x.denominator))


def gap_tail(x: Any, ratio: Fraction, p: int, slip: Any = 0) -> Any:
    """P[G_1 >= x + ratio G_2], G_i independent Gamma(p), p whole, x >= 0: a finite sum with exact coefficients.

    P[G_1 >= y] = e^-y sum_{j<p} y^j/j! at y = x + ratio G_2, and E e^(-ratio G) G^i = (p)_i (1 + ratio)^(-p - i).
    """
    moments = [Q(factorial(p + i - 1), factorial(p - 1)) / (1 + ratio) ** (p + i) for i in range(p)]
    total = arb(0)
    for j in range(p):
        for i in range(j + 1):
            total += ball(Q(comb(j, i), factorial(j)) * ratio**i * moments[i] * Q(x) ** (j - i))
    return (total + slip) * (-ball(x)).exp()


def inner_product(s: Fraction, n: int, slip: Any = 0) -> Any:
    """log P[|<a, b>| >= s] for even n: <a, b> = G_1 - G_2."""
    with ctx.workprec(400):
        return (2 * gap_tail(s, Q(1), n // 2, slip)).log()


def row_sum_at_most(c: Fraction, n: int, root_m: Fraction) -> Any:
    """log P[X <= c n], X = (root_m + 1) G_1 - (root_m - 1) G_2, for even n."""
    up, down, q = root_m + 1, root_m - 1, c * n
    with ctx.workprec(3000):
        return (gap_tail(-q / down, up / down, n // 2) if q <= 0 else 1 - gap_tail(q / up, down / up, n // 2)).log()
