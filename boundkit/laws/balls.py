"""Logs of probabilities as balls: what `certified` wraps, and what a call at one point stands on.

Every function takes exact rationals (int, Fraction, fmpq, float) or balls (arb) and returns an arb that contains
the log for every point of its arguments. For exact arguments at least 80 bits of the log are good, or there is a
PrecisionError; a ball too wide to decide anything gives a PrecisionError too. log 0 is arb.neg_inf(), log 1 is 0.
Accepted are real n > 0. Near n = 10^9 a chi-square takes a millisecond; see docs/laws.md for the methods.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from typing import Any

from flint import arb, fmpq

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws import contour, mixture
from boundkit.precision import at_bits, watch
from boundkit.values import Ball

BITS = 110  # asked of each method; 80 are promised
GOOD_BITS = 80
ROUNDS = 4  # each in twice the bits of the one before
SIZE_BITS = 53
CONTOUR_FROM = 48  # below, its integrand decays too slowly in deep tails
FAR, FAR_TERMS = 1000, 20  # where a few terms of the series give every bit that is asked
NEAR = 0.8  # up to this ratio to the mean, or its inverse above, a chi-square tail is a short series
SERIES_TERMS = 2000
EXTREME = 2**64  # beyond this ratio to the mean, elementary bounds of a chi-square tail are narrow enough
MIXTURE_FROM = 0.0625  # the least n for which the mixture answers in about a second


def certified_log(law: Callable[..., arb]) -> Callable[..., arb]:
    """Run a law in growing working precision until 80 bits are good, and refuse a useless answer."""

    @wraps(law)
    def checked(*args: Any) -> arb:
        exact = [as_exact(x) for x in args]
        bits = at_bits(SIZE_BITS, _bits, law, exact)
        narrow = all(isinstance(x, fmpq) or x.is_exact() for x in exact)
        for _ in range(ROUNDS):
            log_p = at_bits(bits, lambda: law(*(arb(x) for x in exact)))
            if log_p == arb.neg_inf() or (log_p.is_finite() and log_p.rel_accuracy_bits() >= GOOD_BITS):
                return log_p
            if not narrow:  # more bits make a wide ball no narrower
                break
            bits *= 2
        if not narrow and log_p.is_finite():
            return log_p
        shown = ", ".join(map(str, exact))
        raise PrecisionError(
            f"{law.__name__.strip('_')}({shown}) has no enclosure of {GOOD_BITS} bits; "
            "give exact arguments, or less extreme ones"
        )

    return checked


def _bits(law: Callable[..., arb], exact: list[Ball]) -> int:
    """The working precision that arguments of these sizes ask for."""
    if not all(arb(x).is_finite() for x in exact):
        raise PrecisionError(f"{law.__name__}({', '.join(map(str, exact))}): give finite arguments")
    sizes = [abs(arb(x)).log() for x in exact if x != 0]
    digits = max((abs(float(size.mid())) for size in sizes if size.is_finite()), default=0)
    return min(256 + int(6 * digits), 2**14)


@certified_log
def chi_square_log_at_most(a: arb, n: arb) -> arb:
    """log P[chi2_n <= a n], a >= 0 (minus infinity at a = 0)."""
    return _chi_square(a, n, below=True)


@certified_log
def chi_square_log_at_least(a: arb, n: arb) -> arb:
    """log P[chi2_n >= a n], a >= 0 (0 at a = 0)."""
    return _chi_square(a, n, below=False)


@certified_log
def normal_log_two_sided(t: arb) -> arb:
    """log P[|Z| >= t], t >= 0."""
    _domain("t", t, ">= 0", t >= 0, t < 0)
    z = t / arb(2).sqrt()
    if t < 1:
        return (-z.erf()).log1p()
    return _log_erfc_far(z) if z > FAR else z.erfc().log()


def _log_erfc_far(z: arb) -> arb:
    """The asymptotic series, whose remainder has the sign of the first term left out and is smaller (DLMF 7.12(ii))."""
    total, term = arb(0), arb(1)
    for k in range(1, FAR_TERMS):
        total += term
        term *= -(2 * k - 1) / (2 * z * z)
    return (total + term * arb(0.5, 0.5)).log() - z * z - (z * arb.pi().sqrt()).log()


@certified_log
def inner_product_log_at_least(s: arb, n: arb) -> arb:
    """log P[|<a, b>| >= s], a and b independent N(0, I_n), s >= 0."""
    _domain("s", s, ">= 0", s >= 0, s < 0)
    _domain("n", n, "> 0", n > 0, n <= 0)
    if s == 0:
        return arb(0)
    lost = max(0, int(-float((s * s / n).log().mid())))  # bits that 1 - P[|<a, b>| < s] would cancel, and a few
    if lost > 4 and n < (CONTOUR_FROM if lost < BITS else 10_000):
        _mixture_reaches(n)
        return log_complement(mixture.log_inside(s, n, BITS))
    return _family(s, n, arb(0), arb(1), BITS + 2 * lost) + arb(2).log()


@certified_log
def row_sum_log_at_most(c: arb, n: arb, m: arb) -> arb:
    """log P[R + sqrt((m - 1) R) g <= c n], R ~ chi2_n and g ~ N(0, 1) independent, m >= 1, any real c."""
    return _row_sum(c, n, m, below=True)


@certified_log
def row_sum_log_at_least(c: arb, n: arb, m: arb) -> arb:
    """log P[R + sqrt((m - 1) R) g >= c n], R ~ chi2_n and g ~ N(0, 1) independent, m >= 1, any real c."""
    return _row_sum(c, n, m, below=False)


@certified_log
def correlated_inner_product_log_at_least(s: arb, n: arb, r: arb) -> arb:
    """log P[|<a, b>| >= s], a and b standard normal in R^n whose coordinates have correlation r, s >= 0.

    Given |b|^2 = R, <a, b> is N(r R, (1 - r^2) R): the family again, and chi2_n itself at r = 1 and -1.
    """
    _domain("s", s, ">= 0", s >= 0, s < 0)
    _domain("n", n, "> 0", n > 0, n <= 0)
    _domain("|r|", abs(r), "<= 1", abs(r) <= 1, abs(r) > 1)
    r = abs(r)
    if r == 1:
        return chi_square_log_at_least(s / n, n)
    if s == 0:
        return arb(0)
    opposite = _family(s, n, -r, 1 - r * r, BITS).exp()
    if s.mid() > r * n:
        return (_family(s, n, r, 1 - r * r, BITS).exp() + opposite).log()
    return (opposite - _family(-s, n, -r, 1 - r * r, BITS).exp()).log1p()


def log_complement(log_p: arb) -> arb:
    """log(1 - p), without cancellation where p is small."""
    return (-log_p.exp()).log1p()


def _family(q: arb, n: arb, mu: arb, nu: arb, bits: int) -> arb:
    route = contour if n >= CONTOUR_FROM else mixture
    if route is mixture:
        _mixture_reaches(n)
    log_p: arb = route.log_upper_tail(q, n, mu, nu, bits)
    return log_p


def _mixture_reaches(n: arb) -> None:
    if not n >= MIXTURE_FROM:
        raise PrecisionError(f"n = {n.str(12)}: a certified value needs n >= {MIXTURE_FROM}; give a larger n")


def _chi_square(a: arb, n: arb, below: bool) -> arb:
    """log P[chi2_n <= a n], or of the other tail."""
    _domain("a", a, ">= 0", a >= 0, a < 0)
    _domain("n", n, "> 0", n > 0, n <= 0)
    if a == 0:
        return arb.neg_inf() if below else arb(0)
    lower, log_p = _chi_square_tail(a, n)
    return log_p if lower == below else log_complement(log_p)


def _row_sum(c: arb, n: arb, m: arb, below: bool) -> arb:
    """log P[R + sqrt((m - 1) R) g <= c n], or of the other tail: that on the side of c n, or its complement."""
    _domain("n", n, "> 0", n > 0, n <= 0)
    _domain("m", m, ">= 1", m >= 1, m < 1)
    if m == 1:
        _domain("c", c, "> 0 or c <= 0", c > 0 or c <= 0, False)
        alone = chi_square_log_at_most if below else chi_square_log_at_least
        return alone(c if c > 0 else 0, n)
    lower = bool(c.mid() <= 1)
    sign = -1 if lower else 1
    log_p = _family(sign * c * n, n, arb(sign), m - 1, BITS)
    return log_p if lower == below else log_complement(log_p)


def _chi_square_tail(a: arb, n: arb) -> tuple[bool, arb]:
    """Whether a n lies below the mean, and the log of the tail on that side."""
    lower = bool(a.mid() < 1)
    x, s = a * n / 2, n / 2
    if a > EXTREME:
        return False, _log_far_upper(x, s)
    if s < SERIES_TERMS:
        return lower, _log_lower_series(x, s) if lower else x.gamma_upper(s, regularized=1).log()
    if a < NEAR or a * NEAR > 1:
        return lower, _log_lower_series(x, s) if lower else _log_upper_series(x, s)
    sign = -1 if lower else 1
    return lower, contour.log_upper_tail(sign * a * n, n, sign, 0, BITS)


def _log_far_upper(x: arb, s: arb) -> arb:
    """log Q(s, x), x > s - 1: Gamma(s, x) lies between x^(s-1) e^-x and that over 1 - (s-1)/x (DLMF 8.10.5)."""
    return (s - 1) * x.log() - x - s.lgamma() - arb(0).union((1 - (s - 1) / x).log())


def _log_lower_series(x: arb, s: arb) -> arb:
    """log P(s, x), DLMF 8.7.1: x^s e^-x/Gamma(s + 1) times 1 + x/(s + 1) + x^2/((s + 1)(s + 2)) + ..."""
    return s * x.log() - x - (s + 1).lgamma() + _log_sum(lambda k: x / (s + k))


def _log_upper_series(x: arb, s: arb) -> arb:
    """log Q(s, x), x > s > SERIES_TERMS: x^(s-1) e^-x/Gamma(s) times 1 + (s - 1)/x + (s - 1)(s - 2)/x^2 + ...

    By parts (DLMF 8.8.2). While s - k > 0 all is positive; what is left out is an integral below its geometric series,
    as Gamma(s - k, x) <= x^(s-k-1) e^-x/(1 - (s - k - 1)/x) (DLMF 8.10.5).
    """
    return (s - 1) * x.log() - x - s.lgamma() + _log_sum(lambda k: (s - k) / x)


def _log_sum(ratio: Callable[[int], arb]) -> arb:
    """log of 1 + r_1 + r_1 r_2 + ... for positive falling ratios r_k: what is left out is below a geometric series."""
    term = total = arb(1)
    enough = arb(2) ** -BITS
    for k in range(1, SERIES_TERMS):
        watch()
        term *= ratio(k)
        total += term
        below = ratio(k + 1)
        if below < 1 and term * below < total * enough * (1 - below):
            return (total + (term * below / (1 - below)) * arb(0.5, 0.5)).log()
    raise PrecisionError("the argument's ball is too wide for the series")


def as_exact(x: Any) -> Ball:
    """A ball as it is, any other number as an fmpq."""
    if isinstance(x, arb | fmpq):
        return x
    try:
        return fmpq(*Fraction(x).as_integer_ratio())
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{x!r} is no real number; give an int, a Fraction, a finite float, or an arb") from None


def _domain(name: str, value: arb, rule: str, holds: bool, fails: bool) -> None:
    if fails:
        raise ParameterError(f"{name} = {value.str(12)}: {name} {rule} is needed")
    if not holds:
        raise PrecisionError(f"{name} = {value.str(12)} is too wide to decide {name} {rule}; give an exact value")
