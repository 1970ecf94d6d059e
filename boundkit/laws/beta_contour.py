r"""The upper tail of a beta variable in balls, by the contour integral of `contour` with another transform.

B = G/(G + H) for independent gamma variables of shapes a and b, so B >= x is (1 - x) G - x H >= 0, a sum whose
moment generating function is M(z) = (1 - (1 - x) z)^-a (1 + x z)^-b, and P[B >= x] = 1/(2 pi) int M(c + it)/(c + it) dt
for 0 < c < 1/(1 - x). The midpoint sum and the residue are as in `contour`. The decay on a vertical line:

    |M(r + it)| = M(r) (1 + A t^2)^(-a/2) (1 + C t^2)^(-b/2),  A = ((1 - x)/(1 - (1 - x) r))^2,  C = (x/(1 + x r))^2,

and as log(1 + C u) >= (C/A) log(1 + A u) for C <= A (it is concave), that is at most M(r) (1 + B t^2)^-p with
B = max(A, C) and p = (a A + b C)/(2 B). From there on the bounds of `contour` hold word for word, where p > 1.
"""

from __future__ import annotations

from math import log
from typing import Any

from flint import acb, arb

from boundkit.errors import PrecisionError
from boundkit.laws.contour import MOST_NODES, truncation
from boundkit.precision import watch


def log_upper_tail(a: Any, b: Any, x: Any, y: Any, bits: int) -> Any:
    """log P[B(a, b) >= x] in a ball, y = 1 - x, its error near 2^-bits of the probability; x above the mean is meant.

    It is fast from a, b = 24. PrecisionError where no strip is narrow enough or too many nodes were needed.
    """

    def transform(z: Any) -> Any:
        return -a * (1 - y * z).log() - b * (1 + x * z).log()

    def decay(r: Any) -> tuple[Any, Any]:
        left, right = y / (1 - y * r), x / (1 + x * r)
        B = (left * left).max(right * right)
        return (a * left * left + b * right * right) / (2 * B), B

    def at_slope(slope: Any) -> Any:
        """An exact number near the r with K'(r) = slope."""
        if slope == 0:
            return ((b * x - a * y) / ((a + b) * x * y)).mid()
        square, linear = slope * x * y, (a + b) * x * y - slope * (x - y)
        constant = a * y - b * x - slope
        root = (linear * linear - 4 * square * constant).sqrt()
        return (-2 * constant / (linear + root) if linear > 0 else (root - linear) / (2 * square)).mid()

    p, B = decay(arb(0))
    width = (4 * p * B).rsqrt().mid()
    c = at_slope(0)
    c = c if c > width / 2 else (width / 2).mid()
    if not (c * y < 1 and c * x > -1):
        raise PrecisionError(f"a = {a.str(8)}, b = {b.str(8)}: no line for the contour; exact inputs give more room")
    p, B = decay(c)
    spread = (2 * p * B).rsqrt().mid()
    log_peak = transform(c)
    goal = arb(2) ** (-bits) / (2 + 4 * c / spread)

    def edge(r: Any, h: Any) -> Any:
        q, D = decay(r)
        line = (transform(r) - log_peak).exp() / (2 * abs(r)) * (arb.pi() * D * (q - 1)).rsqrt()
        return line / ((2 * arb.pi() * abs(r - c) / h).exp() - 1)

    h = (spread * 4.44 / (bits * log(2) + 5) ** 0.5).mid()
    for _ in range(40):
        left, right = (at_slope(step * 2 * arb.pi() / h) for step in (-1, 1))
        if abs(left) < width / 2:  # too near the pole: go beyond it
            left = -(width / 2).mid()
        inside = right * y < 1 and left * x > -1 and left < c < right
        error = edge(left, h) + edge(right, h) if inside else arb.pos_inf()
        if error < goal:
            break
        h = (h * 0.8).mid()
    else:
        raise PrecisionError(
            f"the contour for a = {a.str(8)}, b = {b.str(8)} has no narrow strip; exact inputs give more room"
        )
    nodes, cut = truncation(p, B, h, bits) if p > 1 else (MOST_NODES, arb.pos_inf())
    if nodes == MOST_NODES:
        raise PrecisionError(f"a = {a.str(8)}, b = {b.str(8)} are too small for the contour")
    error += cut
    total, up, down = arb(0), 1 - y * c, 1 + x * c
    up, down = y / up, x / down
    for k in range(nodes):
        watch()
        t = (k + arb(1) / 2) * h
        turned = -a * acb(1, -up * t).log() - b * acb(1, down * t).log()
        total += (turned.exp() / acb(c, t)).real
    total = total * h / arb.pi() + arb(0, error.abs_upper())
    if left < 0:
        total += (-log_peak).exp() / (1 + (2 * arb.pi() * c / h).exp())
    return log_peak + total.log()
