r"""Upper tails of the one family behind the laws, in log space, by a contour integral in plain NumPy.

The family. S given R is N(mu R, nu R) with R ~ chi2_n, so E e^{z S} = D(z)^(-n/2), D(z) = 1 - 2 mu z - nu z^2:
an inner product of independent vectors is (mu, nu) = (0, 1), of vectors with correlation r (r, 1 - r^2), a row sum
(1, m - 1), chi2_n itself (1, 0); -S has (-mu, nu).

The rule. P[S >= q] = 1/(2 pi i) int D(z)^(-n/2) e^(-q z) dz/z along any line right of the pole at 0. From n = 100
on we take the vertical line through the saddle point c; below, where D decays slowly, the hyperbola
z = z_0 + i w sinh(u + i eta) through c, which turns to the side where e^(-q z) decays. The midpoint rule of step h
errs by O(e^(-2 pi d/h)), d the half width of the strip in which the integrand is analytic and small (`contour`
proves it with constants). The one pole inside the strip, z = 0 at distance d_0, gives an exact term,
1/(1 + e^(2 pi d_0/h)): 20 to 60 nodes in all.

Digits. At the saddle K'(c) = q makes D_c = 2 n (mu^2 + nu)/(root + n nu), root^2 = (n nu)^2 + 4 q^2 (mu^2 + nu), so
nothing cancels however near c is to a zero of D; with zeta = z - c, D(z)/D_c = 1 - b zeta - a zeta^2, b = 2 q/n and
a = nu/D_c. All are scaled by the peak's standard deviation along the line. On the vertical line the modulus is a
log1p of positive terms, and the phase is carried by atan(y) - y, not by a difference of large numbers.
The threshold comes twice, as q and as its distance x = q - n mu to the mean, neither with cancellation. Where the
tail is wanted for its complement, the log of the peak is carried as a pair of doubles, and so are x and nu.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import erf, gamma

from boundkit.laws.arrays import Array
from boundkit.laws.gamma_tails import exponent
from boundkit.laws.pairs import Pair, add, exact, minus, multiply

LINE_FROM = 100.0
LINE_STEP = 0.5  # in standard deviations of the peak
BENT_STEP, BENT_WIDTH = 0.11, 2.0  # in u; w in standard deviations
COLUMNS, ENTRIES = 2048, 8192  # points, and points times nodes, at a time: temporaries of that size stay in the cache
NEGLIGIBLE = 2.0**-60
MOST_NODES = 20_000
SINC_FROM, SINC_STEP = 12.0, 0.35
MIXTURE_STEP, MIXTURE_TOP, MIXTURE_LOW, MIXTURE_TERMS = 0.18, 130.0, 0.1, 10  # P[R > 130] < 10^-20 for n < 12
TINY, HUGE, FURTHEST = np.finfo(float).tiny, 1e290, 1e150
MOST_BENT = 1e14  # beyond, rounding c moves the peak; the log is below -10^5 there


def log_upper_tail(q: Array, x: Array, n: Array, mu: Array, nu: Array) -> Array:
    """Return log P[S >= q] for columns with x = q - n mu >= 0, n > 0, nu >= 0 and mu^2 + nu > 0.

    A subnormal q/n counts as the smallest normal number; beyond q = HUGE the log is a multiple of q.
    """
    return _by_rule(_log_tail, -np.inf, q, n, mu, nu, x)


def upper_tail(q: Array, x: Pair, n: Array, mu: Array, nu: Pair) -> Array:
    """Return P[S >= q], as good as a double may be, which an exponential of its log is not: for complements."""
    return _by_rule(_tail, 0.0, q, n, mu, nu[0], x[0], nu[1], x[1])


def _by_rule(
    tail: Callable[..., Array], impossible: float, q: Array, n: Array, mu: Array, nu: Array, *others: Array
) -> Array:
    """What `tail` gives, by the hyperbola for n < LINE_FROM, else by the line; `impossible` where S never reaches q."""
    result = np.full_like(q, impossible)
    possible = (q < np.inf) & ((nu > 0) | (mu * q > 0))
    q = np.where(q == 0, q, np.copysign(np.maximum(np.abs(q), TINY * n), q))
    for rows, rule in ((n < LINE_FROM, _hyperbola), (n >= LINE_FROM, _line)):
        chosen = np.flatnonzero(rows & possible)
        for start in range(0, chosen.size, COLUMNS):
            part = chosen[start : start + COLUMNS]
            result[part] = tail(rule, *(column[part] for column in (q, n, mu, nu, *others)))
    return result


def _log_tail(rule: Callable[..., Array], q: Array, n: Array, mu: Array, nu: Array, x: Array) -> Array:
    c, D = _saddle(q, n, mu, nu, x)
    y = -(2 * mu + nu * c) * c  # D - 1
    near = n / 2 * (nu * c * c - log1p_minus(y)) - x * c
    log_peak = np.where((y > -0.5) & (y < 1), near, -n / 2 * np.log(D) - q * c)
    return log_peak + _log_integral(rule, q, n, nu, x, c, D, log_peak)


def _tail(
    rule: Callable[..., Array], q: Array, n: Array, mu: Array, nu: Array, x: Array, nu_rest: Array, x_rest: Array
) -> Array:
    c, D = _saddle(q, n, mu, nu, x)
    bend = (np.abs(mu) + nu * c) * c / D  # how steeply log D changes with log c
    paired = bend * bend * n < MOST_BENT
    lead, rest = _log_peak((x, x_rest), n, mu, (nu, nu_rest), np.where(paired, c, 0.0))
    lead = np.where(paired, lead, -n / 2 * np.log(D) - q * c)
    return np.exp(lead) * np.exp(rest + _log_integral(rule, q, n, nu, x, c, D, lead + rest))


def _saddle(q: Array, n: Array, mu: Array, nu: Array, x: Array) -> Pair:
    """c and D(c)."""
    linear, root = n * nu / 2 + mu * q, np.hypot(n * nu / 2, q * np.sqrt(mu * mu + nu))
    return (
        np.where(linear > 0, x / (linear + root), (root - linear) / (q * nu)),
        n * (mu * mu + nu) / (root + n * nu / 2),
    )


def _log_integral(
    rule: Callable[..., Array], q: Array, n: Array, nu: Array, x: Array, c: Array, D: Array, log_peak: Array
) -> Array:
    """The log of what the tail is relative to e^log_peak, by a rule in units of the peak's width."""
    root_a, b = np.sqrt(nu / D), 2 * q / n
    unit = 1 / (
        np.sqrt(n / 2) * np.hypot(np.sqrt(2) * root_a, b)
    )  # of z: the standard deviation of the peak along the line
    c = c / unit
    near_pole = np.minimum(c, FURTHEST)  # where 1/z is 1/c to all digits, and c^2 would overflow
    integral = rule(x * unit, n, near_pole, (root_a * unit) ** 2, b * unit, log_peak)
    return np.log(integral) + np.log(np.where(c > near_pole, near_pole / c, 1))


def _log_peak(x: Pair, n: Array, mu: Array, nu: Pair, c: Array) -> Pair:
    """The log of D(c)^(-n/2) e^(-q c) as n/2 (phi(D) + nu c^2) - x c, phi(D) = D - 1 - log D: little cancels."""
    linear = exact(c)
    slope = multiply(nu, linear)
    fall, down = multiply(add(exact(2 * mu), slope), linear), multiply(x, linear)
    D = add(exact(np.ones_like(c)), minus(fall))
    bent = multiply(multiply(slope, linear), exact(n / 2))
    return add(add(exponent(*D, n / 2), bent), minus(down))


def _line(x: Array, n: Array, c: Array, a: Array, b: Array, log_peak: Array) -> Array:
    """The tail relative to its peak, by midpoints on the vertical line through c, with what the pole adds."""

    def node(k: Array, n: Array, c: Array, a: Array, b: Array) -> tuple[Array, Array]:
        tau = LINE_STEP * k
        at2, bt = a * tau * tau, b * tau
        y = bt / (1 + at2)
        size = np.exp(-n / 4 * np.log1p(at2 * (2 + at2) + bt * bt))
        phase, square = n / 2 * (atan_minus(y) - y * at2), c * c + tau * tau
        return size * (c * np.cos(phase) + tau * np.sin(phase)) / square, size[-1] / np.sqrt(square[-1])

    return LINE_STEP * _midpoints(node, n, c, a, b) + _pole(c / LINE_STEP, x * LINE_STEP, log_peak)


def _hyperbola(x: Array, n: Array, c: Array, a: Array, b: Array, log_peak: Array) -> Array:
    """The same on the hyperbola through c that turns to the side where e^(-q z) decays."""
    side = np.where(b >= 0, -1.0, 1.0)  # z = c + w (i sinh(u + i eta) + sin eta) turns to where e^(-q z) decays
    bend = 0.7 / (1 + n / 60)  # less where a Gaussian peak decays on a line already
    sin, cos = side * np.sin(bend), np.cos(bend)
    root = np.hypot(b, 2 * np.sqrt(a))
    near, far = 2 / (root - side * b), 2 / (root + side * b)  # from c to the zeros of D, on that side and the other
    w = np.minimum(BENT_WIDTH, np.minimum(near / (1 - np.sin(bend)), far / np.sin(bend)))

    def node(k: Array, n: Array, c: Array, a: Array, b: Array, w: Array, sin: Array, cos: Array) -> tuple[Array, Array]:
        sinh, cosh, bent = (
            np.sinh(BENT_STEP * k),
            np.cosh(BENT_STEP * k),
            -2 * np.sinh(BENT_STEP / 2 * k) ** 2,
        )  # 1 - cosh
        re, im = w * sin * bent, w * cos * sinh  # z - c
        across, along = -b * re - a * (re * re - im * im), -im * (b + 2 * a * re)  # D/D_c - 1
        size = w * np.exp(-n / 4 * np.log1p(across * (2 + across) + along * along) - n / 2 * b * re)
        phase = -n / 2 * (np.arctan2(along, 1 + across) + b * im)
        re += c
        square, down, up = re * re + im * im, cos * cosh, sin * sinh  # dz/dv = i w (down + i up)
        cosine, sine = re * down + im * up, re * up - im * down
        last = size[-1] * np.sqrt((down[-1] ** 2 + up[-1] ** 2) / square[-1])
        return size * (cosine * np.cos(phase) - sine * np.sin(phase)) / square, last

    e = c / w
    flat = np.sqrt(np.maximum(1 - (sin + e) ** 2, 0))
    distance = 2 * np.arctan(e / (cos + flat))  # asin(sin eta + e) - eta, without the cancellation
    slope = np.where(flat > 0, x * w * flat, np.inf)
    return BENT_STEP * _midpoints(node, n, c, a, b, w, sin, cos) + _pole(
        distance / BENT_STEP, slope * BENT_STEP, log_peak
    )


def inside(s: Array, n: Array) -> Array:
    """P[|S| < s] for the inner product (mu = 0, nu = 1), s < sqrt(n)/2, in full relative accuracy; 0 below 10^-300."""
    result = np.zeros_like(s)
    for rows, rule in ((n < SINC_FROM, _inside_mixture), (n >= SINC_FROM, _inside_sinc)):
        chosen = np.flatnonzero(rows & (s >= 1e-300))
        for start in range(0, chosen.size, COLUMNS):
            part = chosen[start : start + COLUMNS]
            result[part] = rule(s[part], n[part])
    return result


def _inside_sinc(s: Array, n: Array) -> Array:
    """The inverse Fourier integral 2/pi int_0^inf (1 + t^2)^(-n/2) sin(s t)/t dt."""
    h = SINC_STEP / np.sqrt(n)

    def node(k: Array, s: Array, n: Array, h: Array) -> tuple[Array, Array]:
        t = k * h
        size = np.exp(-n / 2 * np.log1p(t * t))
        return size * np.sin(s * t) / t, size[-1] * s

    return 2 * h * _midpoints(node, s, n, h)


def _inside_mixture(s: Array, n: Array) -> Array:
    """E erf(s/sqrt(2 R)) by the midpoint rule over v = log(R/n), from the right; the sum is closed where erf is 1."""
    h = MIXTURE_STEP
    top = np.log(MIXTURE_TOP) - np.log(n)
    scaled = s / np.sqrt(2 * n)
    certain = np.minimum(2 * np.log(scaled / 6), np.log(MIXTURE_LOW / n))  # erf(6) is 1
    count = np.ceil((top - certain) / h)

    def node(k: Array, n: Array, top: Array, scaled: Array, count: Array) -> tuple[Array, Array]:
        v = top - h * k
        terms = np.where(k < count, np.exp(n / 2 * (v - np.expm1(v))) * erf(scaled * np.exp(-v / 2)), 0)
        return terms, terms[-1]

    low = n * np.exp(top - h * (count + 0.5)) / 2  # R/2 at the first node of the rest
    rest, factor = np.zeros_like(s), np.exp(n / 2) * (2 * low / n) ** (n / 2)
    for j in range(MIXTURE_TERMS):  # e^(-R/2) in powers of R
        rest += factor / -np.expm1(-h * (n / 2 + j))
        factor *= -low / (j + 1)
    density = (n / 2) ** (n / 2) * np.exp(-n / 2) / gamma(n / 2)  # of v at 0
    result: Array = h * density * (np.pi * _midpoints(node, n, top, scaled, count) + rest)
    return result


def _midpoints(node: Callable[..., tuple[Array, Array]], *columns: Array) -> Array:
    """1/pi times the sum of node(k + 1/2), each column until the modulus of its last term does not matter."""
    total = np.zeros_like(columns[0])
    active, sums = np.arange(total.size), total.copy()
    at = 0
    while at < MOST_NODES:
        together = min(max(ENTRIES // active.size, 4), 32)
        terms, last = node(np.arange(at, at + together)[:, None] + 0.5, *columns)
        sums += terms.sum(0)
        at += together
        more = ~(last < NEGLIGIBLE * np.abs(sums))
        if not more.any():
            break
        if more.sum() < 0.8 * more.size:
            total[active] = sums
            active, sums, columns = active[more], sums[more], tuple(column[more] for column in columns)
    total[active] = sums
    return total / np.pi


def _pole(distance: Array, slope: Array, log_peak: Array) -> Array:
    """What the residue at z = 0 adds, relative to the peak, its distance in steps.

    The rule's error is that of the best line left of c, where log(integrand) falls by 2 pi a step; at the pole it falls
    by `slope` a step, so the best line lies beyond the pole, and the residue counts, where slope < 2 pi.
    """
    term = np.exp(-log_peak - np.logaddexp(0, 2 * np.pi * distance))
    return np.where(slope < 2 * np.pi, term, 0)


def log1p_minus(y: Array) -> Array:
    """log(1 + y) - y to full relative accuracy for -1/2 < y < 1, from log(1 + y) = 2 atanh(t), t = y/(2 + y)."""
    t = y / (2 + y)
    return 2 * t**3 * _odd_series(t * t, 18) - y * t


def atan_minus(y: Array) -> Array:
    """atan(y) - y: to full relative accuracy for |y| < 1/4, to rounding of y beyond."""
    if np.abs(y).max(initial=0) < 0.25:
        return -(y**3) * _odd_series(-y * y, 13)
    return np.where(np.abs(y) < 0.25, -(y**3) * _odd_series(-y * y, 13), np.arctan(y) - y)


def _odd_series(square: Array, terms: int) -> Array:
    """1/3 + square/5 + square^2/7 + ..."""
    total = np.full_like(square, 1 / (2 * terms + 1))
    for k in range(terms - 1, 0, -1):
        total = total * square + 1 / (2 * k + 1)
    return total
