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
from dataclasses import dataclass
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
FARTHEST, HALVINGS, LARGEST = 1e9, 80, 700.0  # of a search for a saddle, to which only the ball's width is due
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
    """log P[X <= E X/c], by the shorter tail."""
    for name, value, holds, least in (("c", c, c > 0, "> 0"), ("n", n, n >= 1, ">= 1"), ("m", m, m >= 2, ">= 2")):
        if not holds:
            raise ParameterError(f"{name} = {value}: {name} {least} is needed; give another")
    if not n.is_integer():
        raise ParameterError(f"n = {n}: a whole number of pixels is needed; give one")
    q = n * (2 / (arb.pi() * m)).sqrt() / c / (2 if upward else 1)
    if c >= 1:
        return _Tail(n, m, q, upward, 1).probability().log()
    return (-_Tail(n, m, q, upward, -1).probability()).log1p()


@dataclass(frozen=True)
class _Tail:
    """P[X <= q] for side 1, P[X >= q] for side -1, q > 0: the lower tail of side X at side q."""

    n: Any
    m: Any
    q: Any
    upward: bool
    side: int

    def probability(self) -> Any:
        """The tail in a ball."""
        c, left, L, edges = self._strip()
        peak = self._exponent(c)
        total, beyond = self._midpoints(c, 2 * arb.pi() / L, peak)
        found = total + arb(0, (edges + beyond).abs_upper())
        if left < 0:
            found += (1 - self._atom) * (-peak).exp() / (1 + (c * L).exp())
        return found * peak.exp() + (self._atom if self.side > 0 else 0)  # the atom is at 0, and q > 0

    @property
    def _atom(self) -> Any:
        return arb(2) ** -self.n if self.upward else arb(0)

    def _log_pixel(self, z: Any) -> Any:
        """log B(side z)."""
        z = self.side * z
        return z * z / 2 + (z / (2 * self.m).sqrt()).erfc().log()

    def _exponent(self, z: Any) -> Any:
        """log of e^(z side q) E e^(-z side X)."""
        log_pixel = self._log_pixel(z)
        return self.n * (((1 + log_pixel.exp()) / 2).log() if self.upward else log_pixel) + self.side * self.q * z

    def _strip(self) -> tuple[Any, float, Any, Any]:
        """c, r_-, L, and a bound, over the integrand's size at c, of the error between the lines; any r would do."""
        n, target = float(self.n), self.side * float(self.q) / float(self.n)
        r, spread = self._saddle(target)
        spread *= sqrt(n)
        c = arb(max(r, 0.5 / spread))
        for room in range(8):
            reach = sqrt(2 * (BITS + 20) * log(2)) * spread * (1 + room / 4)
            left, right = (self._saddle(target + turn * reach / n)[0] for turn in (1, -1))
            if abs(left) < 0.25 / spread:  # too near the pole: go beyond it
                left = -0.25 / spread
            L, peak = arb(reach), self._exponent(c)
            edges = sum(
                (self._exponent(arb(r)) - peak).exp() / ((L * abs(arb(r) - c)).exp() - 1) for r in (left, right)
            )
            if left < c < right and edges < arb(2) ** -BITS:
                return c, left, L, edges
        raise PrecisionError(f"n = {self.n.str(8)}, m = {self.m.str(8)}: no strip for the contour; give others")

    def _midpoints(self, c: Any, h: Any, peak: Any) -> tuple[Any, Any]:
        """The midpoint sum over its integrand's size at c, and a bound of what is left out."""
        total = arb(0)
        for k in range(MOST_NODES):
            watch()
            z = acb(c, (k + arb(1) / 2) * h)
            growth = (self._exponent(z) - peak).exp()
            if self.upward:
                growth -= self._atom * (self.side * self.q * z - peak).exp()
            total += (growth / z).real
            beyond = self._left_out(c, (k + arb(1) / 2) * h, peak)
            if beyond < arb(2) ** -BITS:
                return total * h / arb.pi(), beyond
        raise PrecisionError(f"n = {self.n.str(8)}, m = {self.m.str(8)}: too many nodes; give less extreme values")

    def _left_out(self, c: Any, T: Any, peak: Any) -> Any:
        """The bound from T on."""
        w = 1 - 1 / self.m
        if self.upward:
            beta = (self._log_pixel(c) - w * T * T / 2).exp()
            bound = self._atom * (self.n * beta.log1p()).expm1() * (self.side * self.q * c - peak).exp()
            return bound / (arb.pi() * w * T * T)
        return (-self.n * w * T * T / 2).exp() / (arb.pi() * w * self.n * T * T)

    def _saddle(self, target: float) -> tuple[float, float]:
        """About the r at which side Y, tilted by e^(-r side Y), has its mean at `target`, and its deviation there."""
        low, high = -1.0, 1.0
        while self._tilted(low)[0] < self.side * target and low > -FARTHEST:
            low *= 2
        while self._tilted(high)[0] > self.side * target and high < FARTHEST:
            high *= 2
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._tilted(middle)[0] > self.side * target else (low, middle)
        return self.side * low, sqrt(max(self._tilted(low)[1], 1e-12))

    def _tilted(self, r: float) -> tuple[float, float]:
        """About the mean and the variance of Y under e^(-r Y)."""
        m = float(self.m)
        x = r / sqrt(m)
        log_share = float(log_ndtr(-x))
        mills = exp(min(-x * x / 2 - log(2 * pi) / 2 - log_share, LARGEST))
        mean, variance = mills / sqrt(m) - r, 1 + (x * mills - mills * mills) / m
        if not self.upward:
            return mean, variance
        on = 1 / (1 + exp(min(-(r * r / 2 + log(2) + log_share), LARGEST)))
        return on * mean, on * variance + on * (1 - on) * mean * mean
