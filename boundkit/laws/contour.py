r"""Tails of the one family behind the laws, in balls, by a contour integral with every error bounded.

The family. S given R is N(mu R, nu R) with R ~ chi2_n, so E e^{theta S} = D(theta)^(-n/2) with
D(theta) = 1 - 2 mu theta - nu theta^2. (mu, nu) = (1, 0) is chi2_n itself, (0, 1) the inner product of two
standard normal vectors, (1, m - 1) a row sum; -S has (-mu, nu), so upper tails are enough.

The rule. For c > 0 in the strip D > 0, P[S >= q] = 1/(2 pi) int g(c + it) dt, g(z) = D(z)^(-n/2) e^(-qz)/z.
On a vertical line Re D(r + it) = D(r) + nu t^2 > 0: the principal logarithm is analytic, no cut is near.
Moving the midpoint sum of step h to the lines Re z = r_- < c < r_+ gives, with no other error,

    | P - (h/pi) sum_{k>=0} Re g(c + i(k + 1/2)h) - [r_- < 0]/(1 + e^(2 pi c/h)) |
        <= sum over both r of J(r)/(e^(2 pi |r - c|/h) - 1),      J(r) = 1/(2 pi) int |g(r + it)| dt,

the middle term being the residue at the pole 0 where r_- lies beyond it. As |D(r + it)|^2 >=
D(r)^2 (1 + B t^2), B = 2 nu/D + (2 (mu + nu r)/D)^2 at r, one has with p = n/4 > 1

    J(r) <= g_0(r)/(2 pi |r|) sqrt(pi/B) Gamma(p - 1/2)/Gamma(p) <= g_0(r)/(2 |r|) / sqrt(pi B (p - 1)),

g_0 = D^(-n/2) e^(-qr) (Gautschi's inequality, DLMF 5.6.4), and what is left out from the node N on is at most
(1/pi) int_T^inf g_0(c) (1 + B t^2)^(-p) dt/t <= g_0(c) (1 + B T^2)^(1-p) / (2 pi B T^2 (p - 1)),
T = (N - 1/2) h, because the summands' bound decreases and 1/t <= t/T^2. As |D(c + it)| >= D + nu t^2 too,
(n/2, nu/D) may stand for (p, B) there: better for small n.
"""

from __future__ import annotations

from math import log
from operator import itemgetter
from typing import TypeVar

from flint import acb, arb

from boundkit.errors import PrecisionError
from boundkit.precision import watch

MOST_NODES = 20_000

Z = TypeVar("Z", arb, acb)


def log_upper_tail(q: arb, n: arb, mu: arb | int, nu: arb | int, bits: int) -> arb:
    """log P[S >= q] in a ball, its error near 2^-bits of the probability.

    n > 4 is needed; from n = 48 it is fast at any depth. PrecisionError where more than MOST_NODES nodes were needed.
    """
    q, n, mu, nu = arb(q), arb(n), arb(mu), arb(nu)

    def D(z: Z) -> Z:
        return 1 - 2 * mu * z - nu * z * z

    def curvature(r: arb) -> arb:
        slope = 2 * (mu + nu * r) / D(r)
        return 2 * nu / D(r) + slope * slope  # never slope**2: nan for a ball around 0

    width = (n * (nu / 2 + mu * mu) * 2).rsqrt().mid()
    c = saddle(q, n, mu, nu)
    c = c if c > width / 2 else (width / 2).mid()
    p, B = n / 4, curvature(c)
    spread = (n * B / 2).rsqrt().mid()
    D_c, log_peak = D(c), -n / 2 * D(c).log() - c * q
    goal = arb(2) ** (-bits) / (2 + 4 * c / spread)  # the sum is erfcx(x/sqrt 2)/2, x = c/spread, up to O(1/n)

    def edge(r: arb, h: arb) -> arb:
        growth = (-n / 2 * (D(r) / D_c).log() - (r - c) * q).exp()
        line = growth / (2 * abs(r)) * (arb.pi() * curvature(r) * (p - 1)).rsqrt()
        return line / ((2 * arb.pi() * abs(r - c) / h).exp() - 1)

    h: arb = (spread * 4.44 / (bits * log(2) + 5) ** 0.5).mid()
    for _ in range(40):
        left, right = (saddle(q + step * 2 * arb.pi() / h, n, mu, nu, q / 8) for step in (-1, 1))
        if abs(left) < width / 2:  # too near the pole: go beyond it
            left = -(width / 2).mid()
        error = edge(left, h) + edge(right, h)
        if left < c < right and error < goal:
            break
        h = (h * 0.8).mid()
    else:
        raise PrecisionError(f"the contour for n = {n.str(8)} has no narrow strip; exact inputs give more room")
    nodes, cut = min(
        (truncation(decay, slope, h, bits) for decay, slope in ((p, B), (n / 2, nu / D_c)) if slope > 0),
        key=itemgetter(0),
        default=(MOST_NODES, arb.pos_inf()),
    )
    if nodes == MOST_NODES:
        raise PrecisionError(f"n = {n.str(8)} is too small for the contour: its integrand decays too slowly")
    error += cut
    total = arb(0)
    for k in range(nodes):
        watch()
        z = acb(c, (k + arb(1) / 2) * h)
        total += ((-n / 2 * (D(z) / D_c).log() - acb(0, z.imag) * q).exp() / z).real
    total = total * h / arb.pi() + arb(0, error.abs_upper())
    if left < 0:
        total += (-log_peak).exp() / (1 + (2 * arb.pi() * c / h).exp())
    return log_peak + total.log()


def truncation(p: arb, B: arb, h: arb, bits: int) -> tuple[int, arb]:
    """How many nodes make (1/pi) int_T^inf (1 + B t^2)^(-p) dt/t less than about 2^-bits, and its bound then."""
    reach = (((bits * log(2) + 5) / (p - 1)).expm1() / B).sqrt() / h
    if not reach < MOST_NODES:
        return MOST_NODES, arb.pos_inf()
    nodes = int(float(reach.mid())) + 2
    BT2 = B * ((nodes - arb(1) / 2) * h) ** 2
    return nodes, (1 + BT2) ** (1 - p) / (2 * arb.pi() * BT2 * (p - 1))


def saddle(q: arb, n: arb, mu: arb, nu: arb, least: arb | int = 0) -> arb:
    """An exact number near the solution of K'(r) = q for K = -n/2 log D; any point of the strip would do."""
    if nu.contains(0) and not mu * q > mu * least:
        q = arb(least)  # K' never changes sign
    linear, root = 2 * mu * q + n * nu, (n * n * nu * nu + 4 * q * q * (mu * mu + nu)).sqrt()
    if linear > 0:
        return (2 * (q - n * mu) / (linear + root)).mid()
    return ((root - linear) / (2 * q * nu)).mid()
