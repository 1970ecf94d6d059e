"""Logs of probabilities of the continuous laws as balls, in the manner of `balls`: exact or ball arguments, an arb out.

For exact arguments at least 80 bits of the log are good, or there is a PrecisionError. Outside the support the log is
exactly 0 or -inf. A value outside the parameters' domain is a ParameterError.

The methods. Normal: erfc, and its asymptotic series far out. Gamma: the chi-square of 2k degrees of freedom. Beta: the
series of positive terms (DLMF 8.17.8), an asymptotic series whose remainder is smaller than its first omitted term, or
a contour (`beta_contour`), by size; Student is a beta. Kolmogorov: the finite sum of Birnbaum and Tingey, whose terms
are positive, n to 20,000. Sum of uniforms: the alternating sum at as many bits as it cancels, n to 1000.
"""

from __future__ import annotations

from typing import Any

from flint import arb, ctx, fmpq

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws import beta_contour
from boundkit.laws.balls import (
    BITS,
    FAR,
    _domain,
    _log_erfc_far,
    as_exact,
    certified_log,
    chi_square_log_at_least,
    chi_square_log_at_most,
    log_complement,
)
from boundkit.precision import at_bits, watch

SMALL = 24  # a shape below it: series; from it on the contour's integrand decays fast
ASYMPTOTIC_FROM = 150  # where the terms of the asymptotic series become small enough
MOST_TERMS = 20_000
MOST_SAMPLES = 20_000  # of Kolmogorov's sum, whose terms are that many
MOST_SUMMANDS = 1000  # of the sum of uniforms


@certified_log
def normal_log_at_least(t: Any) -> Any:
    """log P[Z >= t], any real t."""
    return _normal(t)


@certified_log
def normal_log_at_most(t: Any) -> Any:
    """log P[Z <= t], any real t."""
    return _normal(-t)


@certified_log
def normal_log_interval(low: Any, high: Any) -> Any:
    """log P[low <= Z <= high], low <= high (minus infinity where they are the same)."""
    _domain("high - low", high - low, ">= 0", high >= low, high < low)
    if low == high:
        return arb.neg_inf()
    if high <= 0:
        low, high = -high, -low
    if low >= 0:
        near, far = _normal(low), _normal(high)
        return near + log_complement(far - near)
    return (-(_normal(-low).exp() + _normal(high).exp())).log1p()


def gamma_log_at_least(k: Any, x: Any) -> Any:
    """log P[G >= x], G gamma of shape k > 0 and scale 1; 0 for x <= 0."""
    k, x = as_exact(k), as_exact(x)
    _shape("k", k)
    return arb(0) if _below("x", x) else chi_square_log_at_least(x / k, 2 * k)


def gamma_log_at_most(k: Any, x: Any) -> Any:
    """log P[G <= x], G gamma of shape k > 0 and scale 1; minus infinity for x <= 0."""
    k, x = as_exact(k), as_exact(x)
    _shape("k", k)
    return arb.neg_inf() if _below("x", x) else chi_square_log_at_most(x / k, 2 * k)


def beta_log_at_least(a: Any, b: Any, x: Any) -> Any:
    """log P[B >= x], B beta of shapes a, b > 0; 0 for x <= 0, minus infinity for x >= 1."""
    a, b, x = as_exact(a), as_exact(b), as_exact(x)
    return _beta_beyond(b, a, 1 - x, x)


def beta_log_at_most(a: Any, b: Any, x: Any) -> Any:
    """log P[B <= x], B beta of shapes a, b > 0; minus infinity for x <= 0, 0 for x >= 1."""
    a, b, x = as_exact(a), as_exact(b), as_exact(x)
    return _beta_beyond(a, b, x, 1 - x)


def student_log_at_least(n: Any, x: Any) -> Any:
    """log P[T >= x], T Student with n > 0 degrees of freedom, any real x."""
    n, x = as_exact(n), as_exact(x)
    _shape("n", n)
    if x == 0:
        return at_bits(2 * BITS, lambda: -arb(2).log())
    _below("x", x)
    return _student(n, x)


def student_log_two_sided(n: Any, x: Any) -> Any:
    """log P[|T| >= x], T Student with n > 0 degrees of freedom; 0 for x <= 0."""
    n, x = as_exact(n), as_exact(x)
    _shape("n", n)
    if _below("x", x):
        return arb(0)
    return _beta_beyond(n / 2, fmpq(1, 2), n / (n + x * x), x * x / (n + x * x))


@certified_log
def row_sum_log_below_zero(n: arb, m: arb) -> arb:
    """log P[R + sqrt((m - 1) R) g <= 0] = log(I_{1 - 1/m}(n/2, 1/2)/2), m >= 1 (minus infinity at m = 1)."""
    _domain("n", n, "> 0", n > 0, n <= 0)
    _domain("m", m, ">= 1", m >= 1, m < 1)
    return arb.neg_inf() if m == 1 else _beta(n / 2, arb(1) / 2, 1 - 1 / m, 1 / m) - arb(2).log()


@certified_log
def greatest_normal_log_at_least(n: Any, x: Any) -> Any:
    """log P[max of n standard normals >= x] = log(1 - (1 - Q(x))^n), real n > 0, any real x."""
    _domain("n", n, "> 0", n > 0, n <= 0)
    return _one_of(n, _normal(-x))


@certified_log
def greatest_absolute_normal_log_at_least(n: Any, x: Any) -> Any:
    """log P[max of n |standard normals| >= x], real n > 0; 0 for x <= 0."""
    _domain("n", n, "> 0", n > 0, n <= 0)
    if _below("x", x):
        return arb(0)
    return _one_of(n, _inside(x))


def kolmogorov_log_at_least(n: Any, t: Any) -> Any:
    """log P[D_n^+ >= t], D_n^+ = sup(F_n - F), n whole, 1 to 20,000; 0 for t <= 0, minus infinity for t >= 1."""
    n, t = as_exact(n), as_exact(t)
    size = _whole("n", n)
    if _below("t", t):
        return arb(0)
    if _below("1 - t", 1 - t):
        return arb.neg_inf()
    _within("n", size, MOST_SAMPLES)
    return _kolmogorov(fmpq(size), t, 1 - t)


def uniform_sum_log_at_least(n: Any, x: Any) -> Any:
    """log P[U_1 + ... + U_n >= x], n whole, 1 to 1000; 0 for x <= 0, minus infinity for x >= n."""
    n, x = as_exact(n), as_exact(x)
    size = _whole("n", n)
    if _below("x", x):
        return arb(0)
    if _below("n - x", size - x):
        return arb.neg_inf()
    _within("n", size, MOST_SUMMANDS)
    if isinstance(x, fmpq):
        return _uniform_sum(size, x)
    low, high = (_uniform_sum(size, min(max(end, fmpq(0)), fmpq(size))) for end in _ends(x))
    return low.union(high)  # it falls with x


def gaussian_mechanism_log_delta(eps: Any, sigma: Any) -> Any:
    """log(Q(eps sigma - 1/(2 sigma)) - e^eps Q(eps sigma + 1/(2 sigma))), eps >= 0, sigma > 0 (Balle and Wang 2018)."""
    eps, sigma = as_exact(eps), as_exact(sigma)
    _domain("eps", arb(eps), ">= 0", eps >= 0, eps < 0)
    _domain("sigma", arb(sigma), "> 0", sigma > 0, sigma <= 0)
    if isinstance(eps, fmpq) and isinstance(sigma, fmpq):
        return _mechanism(eps, sigma)
    most, least = map(_mechanism, _ends(eps), _ends(sigma))
    return least.union(most)  # it falls with both


@certified_log
def _mechanism(eps: Any, sigma: Any) -> Any:
    """log delta at a point."""
    middle, step = eps * sigma, 1 / (2 * sigma)
    near, far = middle - step, middle + step
    if near < 0:
        return (-(_normal(-near).exp() + (eps + _normal(far)).exp())).log1p()
    lead = _normal(near)
    return lead + log_complement(eps + _normal(far) - lead)


def _normal(t: Any) -> Any:
    """log Q(t)."""
    if t < 0:
        return log_complement(_normal(-t))
    z = t / arb(2).sqrt()
    return (_log_erfc_far(z) if z > FAR else z.erfc().log()) - arb(2).log()


def _inside(x: Any) -> Any:
    """log P[|Z| < x], x > 0."""
    z = x / arb(2).sqrt()
    return log_complement(_normal(x) + arb(2).log()) if x > 1 else z.erf().log()


def _one_of(n: Any, inside: Any) -> Any:
    """log(1 - e^(n inside)), for the log of a probability."""
    total = n * inside
    return log_complement(total) if total < -1 else (-total.expm1()).log()


@certified_log
def _student(n: Any, x: Any) -> Any:
    """log P[T >= x], any real x."""
    square = x * x
    one = _beta(n / 2, arb(1) / 2, n / (n + square), square / (n + square)) - arb(2).log()
    return log_complement(one) if x < 0 else one


def _beta_beyond(a: Any, b: Any, x: Any, y: Any) -> Any:
    """log P[B(a, b) <= x], y = 1 - x, where x may lie outside."""
    _shape("a", a)
    _shape("b", b)
    if _below("x", x):
        return arb.neg_inf()
    if _below("1 - x", y):
        return arb(0)
    return _beta(a, b, x, y)


@certified_log
def _beta(a: Any, b: Any, x: Any, y: Any) -> Any:
    """log P[B(a, b) <= x], 0 < x < 1, y = 1 - x."""
    if b.mid() > a.mid():  # the law of 1 - B has the shapes the other way round
        lower, log_p = _beta_tail(b, a, y, x)
        lower = not lower
    else:
        lower, log_p = _beta_tail(a, b, x, y)
    return log_p if lower else log_complement(log_p)


def _beta_tail(a: Any, b: Any, x: Any, y: Any) -> tuple[bool, Any]:
    """Whether it is P[B <= x], not P[B >= x], that is computed, and its log; b <= a up to their balls."""
    if x <= 0.5 and (b < SMALL or (a + b) * x < (a + 1) / 2):
        return True, _beta_series(a, b, x, y)
    if y <= 0.5 and (a + b) * y < (b + 1) / 2:
        return False, _beta_series(b, a, y, x)
    if b >= SMALL:
        if (a + b) * x < a:
            return True, beta_contour.log_upper_tail(b, a, y, x, BITS)
        return False, beta_contour.log_upper_tail(a, b, x, y, BITS)
    if a * y > ASYMPTOTIC_FROM * x:
        return True, _beta_asymptotic(a, b, x, y)
    return False, _beta_series(b, a, y, x)


def _beta_front(a: Any, b: Any, x: Any, y: Any) -> Any:
    """log of x^a y^b/B(a, b), B beta's function."""
    log_x = x.log() if x < 0.5 else (-y).log1p()
    log_y = y.log() if y < 0.5 else (-x).log1p()
    return a * log_x + b * log_y - (a.lgamma() + b.lgamma() - (a + b).lgamma())


def _beta_series(a: Any, b: Any, x: Any, y: Any) -> Any:
    """log P[B <= x] by DLMF 8.17.8: positive terms, their ratio (a + b + k) x/(a + 1 + k) monotone in k."""
    term = total = arb(1)
    for k in range(MOST_TERMS):
        watch()
        ratio = (a + b + k) * x / (a + 1 + k)
        term *= ratio
        total += term
        most = ratio.max(x)  # of all later ratios: they go to x, from the one side
        if most < 0.999 and term < total * arb(2) ** -ctx.prec * (1 - most):
            rest = (term * most / (1 - most)).abs_upper()
            return _beta_front(a, b, x, y) - a.log() + (total + arb(0, rest)).log()
    raise PrecisionError(f"a = {a.str(8)}, b = {b.str(8)}, x = {x.str(8)}: the series is too long")


def _beta_asymptotic(a: Any, b: Any, x: Any, y: Any) -> Any:
    """log P[B <= x] = log(x^a y^(b - 1)/B(a, b) int (1 - t)^(a - 1) (1 + w t)^(b - 1) dt), w = x/y, over [0, 1].

    Taylor's formula for (1 + u)^(b - 1): once k >= b - 1, what is left out is the k-th term times a number in [0, 1].
    """
    term, total, w = arb(1), arb(0), x / y
    for k in range(4 * ASYMPTOTIC_FROM):
        watch()
        if k >= b and abs(term) < abs(total) * arb(2) ** -BITS:
            rest = term * arb(0.5, 0.5)
            return _beta_front(a, b, x, y) - y.log() - a.log() + (total + rest).log()
        total += term
        term *= (b - 1 - k) * w / (a + 1 + k)
    raise PrecisionError(f"a = {a.str(8)}, b = {b.str(8)}, x = {x.str(8)}: the asymptotic series is not good enough")


@certified_log
def _kolmogorov(n: Any, t: Any, rest: Any) -> Any:
    """log of t sum_j C(n, j) (t + j/n)^(j - 1) (1 - t - j/n)^(n - j) over j < n (1 - t); rest = 1 - t.

    A last term whose base may be 0 lies between 0 and the upper end of its base to its power.
    """
    size, total, ways = int(n.unique_fmpz()), arb(0), arb(1)
    for j in range(size):
        watch()
        left = (rest * size - j) / size
        if left <= 0:
            break
        power = left ** (size - j) if left > 0 else arb(0).union(left.abs_upper() ** (size - j))
        total += ways * (t + arb(j) / size) ** (j - 1) * power
        ways = ways * (size - j) / (j + 1)
    return (t * total).log()


def _uniform_sum(n: int, x: Any) -> Any:
    """log P[U_1 + ... + U_n >= x] for a rational x."""
    return arb.neg_inf() if x >= n else arb(0) if x <= 0 else _uniform_sum_inside(fmpq(n), x)


@certified_log
def _uniform_sum_inside(n: Any, x: Any) -> Any:
    """By the shorter tail, or its complement."""
    return _uniform_sum_below(n, n - x) if 2 * x >= n else log_complement(_uniform_sum_below(n, x))


def _uniform_sum_below(n: Any, x: Any) -> Any:
    """log of sum_k (-1)^k C(n, k) (x - k)^n/n! over k < x."""
    size, total, ways = int(n.unique_fmpz()), arb(0), arb(1)
    for k in range(size):
        watch()
        base = x - k
        if base <= 0:
            break
        total += ways * (base**size if base > 0 else arb(0).union(base.abs_upper() ** size))
        ways = -ways * (size - k) / (k + 1)
    return total.log() - (n + 1).lgamma()


def _ends(x: Any) -> tuple[fmpq, fmpq]:
    """The ends of a ball as rationals; a rational is its own."""
    if isinstance(x, fmpq):
        return x, x
    found = []
    for end in (x.lower(), x.upper()):
        mantissa, exponent = end.man_exp()
        found.append(fmpq(mantissa) * fmpq(2) ** int(exponent))
    return found[0], found[1]


def _shape(name: str, value: Any) -> None:
    _domain(name, arb(value), "> 0", value > 0, value <= 0)


def _below(name: str, value: Any) -> bool:
    """Whether a number is at most 0: there the answer is exact."""
    if not (value <= 0 or value > 0):
        raise PrecisionError(f"{name} = {value.str(12)} is too wide to decide its sign; give an exact value")
    return bool(value <= 0)


def _whole(name: str, value: Any) -> int:
    """The whole number, at least 1."""
    if isinstance(value, arb):
        if not value.is_exact():
            raise PrecisionError(f"{name} = {value.str(12)}: give an exact whole number")
        value = _ends(value)[0]
    if value.q != 1 or value < 1:
        raise ParameterError(f"{name} = {value}: {name} whole, at least 1, is needed")
    return int(value.p)


def _within(name: str, value: int, most: int) -> None:
    if value > most:
        raise PrecisionError(f"{name} = {value}: the sum is computed for {name} up to {most}; give a smaller {name}")
