r"""How far a step of signs moves a neuron: the law's lower tail, in balls, by a contour integral.

A pixel. With v_1, ..., v_m independent standard normal, G their sum over sqrt(m), and v one of them, v = G/sqrt(m) +
sqrt(1 - 1/m) g for an independent normal g. A step of size 1 along sign(G) moves the neuron by
Y = |G|/sqrt(m) + sqrt(1 - 1/m) g; one that may only go up moves it by v where G > 0, and by 0 elsewhere. So with

    B(z) = E e^(-z |G|/sqrt(m)) e^(z^2 (1 - 1/m)/2) = e^(z^2/2) erfc(z/sqrt(2 m)),

E e^(-z Y) is B(z), or (1 + B(z))/2. X is the sum over n pixels, and F(q) = P[X <= q], less the atom 2^-n that a step
which may only go up has at 0.

The rule. M(z) is E e^(-z X), less the atom. For c > 0, F(q) = 1/(2 pi) int M(c + it) e^(q (c + it))/(c + it) dt. By
Poisson's formula the midpoint sum of step h is the sum of (-1)^j e^(-c L j) F(q + L j) over all whole j, L = 2 pi/h. As
F(t) <= e^(r t) E e^(-r X) for every r > 0, and the same holds of what F is short of its end for r < 0,

    | F(q) - (h/pi) sum_{k>=0} Re g(c + i(k + 1/2)h) - [r_- < 0] F(oo)/(1 + e^(c L)) |
        <= sum over both r of e^(r q) E e^(-r X)/(e^(L |r - c|) - 1),  r_- < c < r_+.

What is left out: |B(c + it)| <= B(c) e^(-w t^2/2), w = 1 - 1/m, because of g. From T on the integrand of the first law
is at most e^(c q) B(c)^n e^(-n w t^2/2)/t, that of the second e^(c q) 2^-n ((1 + beta)^n - 1)/t with beta the bound of
|B|, and (1 + beta)^n - 1 is convex in beta and 0 at 0. So the rest is at most the bound at T over pi w n T, and over
pi w T for the second law.

The upper tail is the lower one of -X, which has M(-z).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import exp, log, pi, sqrt
from typing import Any

from flint import acb, arb
import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws.arrays import POSITIVE, Array, Domain, elementwise
from boundkit.laws.balls import certified_log
from boundkit.precision import watch

BITS = 110
MOST_NODES = 4000
PIXELS = Domain("a whole number >= 1 and <= 1e15", lambda n: (n >= 1) & (n <= 1e15) & (n == np.floor(n)), "give one")
ROWS = Domain(">= 2 and <= 1e15", lambda m: (m >= 2) & (m <= 1e15), "give two neurons or more")


@certified_log
def both_ways_log_at_most(c: Any, n: Any, m: Any) -> Any:
    """log P[X <= E X/c], c > 0, of a step that goes both ways: n pixels, m >= 2 neurons."""
    return _log_at_most(c, n, m, False)


@certified_log
def upward_log_at_most(c: Any, n: Any, m: Any) -> Any:
    """log P[X <= E X/c], c > 0, of a step that may only go up: n pixels, m >= 2 neurons."""
    return _log_at_most(c, n, m, True)


def log_both_ways(c: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """The same on arrays, one point after the other; float-rounded balls."""
    return _on_arrays(both_ways_log_at_most, c, n, m)


def log_upward(c: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    """The same on arrays, one point after the other; float-rounded balls."""
    return _on_arrays(upward_log_at_most, c, n, m)


def _on_arrays(law: Callable[..., Any], c: ArrayLike, n: ArrayLike, m: ArrayLike) -> Any:
    def each(*columns: Array) -> Array:
        return np.array([float(law(*point)) for point in zip(*(column.tolist() for column in columns), strict=True)])

    return elementwise(each, c=(c, POSITIVE), n=(n, PIXELS), m=(m, ROWS))


def _log_at_most(c: Any, n: Any, m: Any, upward: bool) -> Any:
    for name, value, holds, least in (("c", c, c > 0, "> 0"), ("n", n, n >= 1, ">= 1"), ("m", m, m >= 2, ">= 2")):
        if not holds:
            raise ParameterError(f"{name} = {value}: {name} {least} is needed; give another")
    if not n.is_integer():
        raise ParameterError(f"n = {n}: a whole number of pixels is needed; give one")
    mean = n * (2 / (arb.pi() * m)).sqrt() / (2 if upward else 1)
    q = mean / c
    if c >= 1:
        return _tail(q, n, m, upward, 1).log()
    return (-_tail(q, n, m, upward, -1)).log1p()


def _tail(q: Any, n: Any, m: Any, upward: bool, side: int) -> Any:
    """P[X <= q] for side 1, P[X >= q] for side -1: the lower tail of side X."""
    w, atom = 1 - 1 / m, arb(2) ** -n if upward else arb(0)

    def log_B(z: Any) -> Any:
        z = side * z
        return z * z / 2 + (z / (2 * m).sqrt()).erfc().log()

    def log_all(z: Any) -> Any:
        """log E e^(-z X)."""
        return n * (((1 + log_B(z).exp()) / 2).log() if upward else log_B(z))

    at = partial(_saddle, float(m), upward, side)
    target = side * float(q) / float(n)
    r, deviation = at(target)
    deviation *= sqrt(float(n))
    c = arb(max(r, 0.5 / deviation))
    for room in range(8):
        reach = sqrt(2 * (BITS + 20) * log(2)) * deviation * (1 + room / 4)  # L
        left, right = (at(target + turn * reach / float(n))[0] for turn in (1, -1))
        if abs(left) < 0.25 / deviation:  # too near the pole: go beyond it
            left = -0.25 / deviation
        L, peak = arb(reach), log_all(c) + c * side * q
        edges = sum(
            (log_all(arb(r)) + arb(r) * side * q - peak).exp() / ((L * abs(arb(r) - c)).exp() - 1)
            for r in (left, right)
        )
        if left < c < right and edges < arb(2) ** -BITS:
            break
    else:
        raise PrecisionError(f"n = {n.str(8)}, m = {m.str(8)}: no strip for the contour; give less extreme values")
    h = 2 * arb.pi() / L
    total, beyond = arb(0), arb.pos_inf()
    for k in range(MOST_NODES):
        watch()
        z = acb(c, (k + arb(1) / 2) * h)
        growth = (log_all(z) + side * q * z - peak).exp()
        if upward:
            growth -= atom * (side * q * z - peak).exp()
        total += (growth / z).real
        T = (k + 1) * h - h / 2
        if upward:
            on = (n * (log_B(c) - w * T * T / 2).exp().log1p()).expm1() * n
            bound = atom * on * (side * q * c - peak).exp()
        else:
            bound = (-n * w * T * T / 2).exp()
        beyond = bound / (arb.pi() * w * n * T * T)
        if beyond < arb(2) ** -BITS:
            break
    else:
        raise PrecisionError(f"n = {n.str(8)}, m = {m.str(8)}: the contour needs too many nodes; give other values")
    found = total * h / arb.pi() + arb(0, (edges + beyond).abs_upper())
    if left < 0:
        found += (1 - atom) * (-peak).exp() / (1 + (c * L).exp())
    return found * peak.exp() + (atom if side > 0 else 0)  # q > 0, and the atom is at 0


def _saddle(m: float, upward: bool, side: int, target: float) -> tuple[float, float]:
    """About the r at which the lower tail of side Y, tilted by e^(-r side Y), has its mean at `target`; its deviation.

    Any r would do: only how narrow the ball gets depends on it.
    """

    def tilted(r: float) -> tuple[float, float]:
        """Mean and variance of Y under e^(-r Y)."""
        x = r / sqrt(m)
        log_mills = -x * x / 2 - log(sqrt(2 * pi)) - float(log_ndtr(-x))  # of the tilted half-normal
        mills = exp(min(log_mills, 700.0))
        mean, variance = mills / sqrt(m) - r, 1 + (x * mills - mills * mills) / m
        if not upward:
            return mean, variance
        log_B = r * r / 2 + log(2) + float(log_ndtr(-x))
        share = 1 / (1 + exp(min(-log_B, 700.0)))
        return share * mean, share * variance + share * (1 - share) * mean * mean

    low, high = -1.0, 1.0
    while tilted(low)[0] < side * target and low > -1e9:
        low *= 2
    while tilted(high)[0] > side * target and high < 1e9:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if tilted(middle)[0] > side * target else (low, middle)
    return side * low, sqrt(max(tilted(low)[1], 1e-12))
