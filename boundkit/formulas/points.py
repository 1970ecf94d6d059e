"""The functions of formulas at one point: exact rationals (fmpq) or balls (arb) to one of either."""

from __future__ import annotations

from functools import reduce
import operator
from typing import TypeGuard

from flint import arb, fmpq, fmpz
import sympy

from boundkit.values import Ball

WRITTEN_OUT = 1000  # factorials and powers of rationals up to here stay exact
LONGEST = 8192  # bits of a power of a rational that stays exact
NOWHERE = arb("nan")
NEVER = arb("-inf")  # the log of 0


def _is_whole(x: Ball) -> TypeGuard[fmpq]:
    return isinstance(x, fmpq) and x.q == 1


def power(base: Ball, exponent: Ball) -> Ball:
    """Return a power, a real number or nan; a root of a rational that is rational is exact."""
    if not all(isinstance(x, fmpq) or x.is_finite() for x in (base, exponent)):
        return NOWHERE  # what is not defined is not defined to the power 0 either
    if _is_whole(exponent):
        if base == 0 and exponent < 0:
            return NOWHERE
        return (base if _stays_short(base, exponent) else arb(base)) ** int(exponent.p)
    if isinstance(base, fmpq) and isinstance(exponent, fmpq) and base > 0:
        roots = [sympy.integer_nthroot(int(part), int(exponent.q)) for part in (base.p, base.q)]
        if all(exact for _, exact in roots):
            return power(fmpq(*(root for root, _ in roots)), fmpq(exponent.p))
    return arb(base) ** exponent


def _stays_short(base: Ball, exponent: fmpq) -> bool:
    if not isinstance(base, fmpq):
        return False
    times = abs(int(exponent.p))
    return times <= 64 or times * max(int(base.p).bit_length(), int(base.q).bit_length()) <= LONGEST


def log(x: Ball) -> arb:
    """log(x), minus infinity at 0."""
    return NEVER if x == 0 else arb(x).log()


def log1p(x: Ball) -> arb:
    """log(1 + x), minus infinity at -1."""
    return NEVER if x == -1 else arb(x).log1p()


def _larger(a: Ball, b: Ball) -> Ball:
    """The one that certainly is, as exact as it was given; else a ball for either."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return max(a, b)
    return a if arb(a) >= b else b if arb(b) >= a else arb(a).max(arb(b))


def largest(*xs: Ball) -> Ball:
    """The largest, as exact as it was given."""
    return reduce(_larger, xs)


def smallest(*xs: Ball) -> Ball:
    """The smallest, as exact as it was given."""
    return -reduce(_larger, (-x for x in xs))


def whole(x: arb) -> fmpz | None:
    """The integer that a ball is (fmpz); None where it is not one alone, or is too long to be written out."""
    return x.unique_fmpz() if abs(x) < arb(2) ** LONGEST else None  # FLINT ends the process where memory ends


def floor(x: Ball) -> Ball:
    """The largest integer that is no larger."""
    if isinstance(x, fmpq):
        return fmpq(x.floor())
    if not x.is_finite():
        return NOWHERE
    low, high = (whole(end.floor()) for end in (x.lower(), x.upper()))
    if low is None or high is None:
        return arb(x).floor()
    return fmpq(low) if low == high else arb(low).union(arb(high))


def gamma(x: Ball) -> Ball:
    """Gamma(x), exact where that is short; nan at a pole."""
    if _is_whole(x):
        if x <= 0:
            return NOWHERE
        if x <= WRITTEN_OUT:
            return fmpq(fmpz.fac_ui(int(x.p) - 1))  # type: ignore[arg-type]  # flint's stub asks for an fmpz
    return arb(x).gamma()


def loggamma(x: Ball) -> arb:
    """log(Gamma(x)), x > 0."""
    return arb(0) if x == 1 or x == 2 else arb(x).lgamma()


def binomial(n: Ball, k: Ball) -> Ball:
    """By gamma functions, and so 0 for whole k < 0 or k > n >= 0; for whole k >= 0 a polynomial in n."""
    if _is_whole(k) and k < 0:
        return NOWHERE if _is_whole(n) and n < 0 else fmpq(0)
    if _is_whole(n) and _is_whole(k):
        if n < 0:
            sign: int = (-1) ** (int(k.p) % 2)
            return sign * binomial(k - n - 1, k)
        k = min(k, n - k)
        if k < 0:
            return fmpq(0)
        if max(n.p.bit_length(), 1) <= 64 and k <= WRITTEN_OUT:
            return fmpq(fmpz.bin_uiui(int(n.p), int(k.p)))
    if _is_whole(k) and k <= 64:
        factors = ((n - i) / (i + 1) for i in range(int(k.p)))
        return reduce(operator.mul, factors, fmpq(1))
    if _is_whole(n) and n < 0:
        return NOWHERE
    n, k = arb(n), arb(k)
    if n > k and k > 0:  # their logs, since the gamma functions would be wide
        return log_binomial(n, k).exp()
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def log_sum_exp(*terms: Ball) -> arb:
    """log(exp(a) + exp(b) + ...)."""
    finite = [arb(term) for term in terms if not (arb(term).is_exact() and arb(term) == NEVER)]
    if not finite or not all(term.is_finite() for term in finite):
        return NOWHERE if finite else NEVER
    # It rises with every term, and so lies between its values at their ends; wide terms less each other overflow.
    return _log_sum_of([term.lower() for term in finite]).union(_log_sum_of([term.upper() for term in finite]))


def _log_sum_of(terms: list[arb]) -> arb:
    top = max(terms, key=lambda term: float(term.mid()))
    return top + reduce(operator.add, ((term - top).exp() for term in terms)).log()


def log_diff_exp(a: Ball, b: Ball) -> arb:
    """log(exp(a) - exp(b))."""
    if arb(b) == NEVER:
        return arb(a)
    return NEVER if a == b else arb(a) + (-(arb(b) - a).expm1()).log()


def log_abs_diff_exp(a: Ball, b: Ball) -> arb:
    """log|exp(a) - exp(b)|."""
    return log_diff_exp(a, b) if arb(a) >= b else log_diff_exp(b, a) if arb(b) > a else NOWHERE


def log_log1p_exp(a: Ball) -> arb:
    """log(log(1 + exp(a)))."""
    y = arb(a).exp()  # y - y^2/2 <= log(1 + y) <= y
    return arb(a) - y * arb(0.25, 0.25) if y < 1e-30 else log(y.log1p())


def log_erfc(x: Ball) -> arb:
    """log(erfc(x))."""
    from boundkit.laws.balls import normal_log_two_sided

    return normal_log_two_sided(arb(x) * arb(2).sqrt()) if x > 1 else arb(x).erfc().log()


def log_binomial(n: Ball, k: Ball) -> arb:
    """log(n over k), 0 <= k <= n."""
    n, k = arb(n), arb(k)
    if not (n >= k and k >= 0):
        return NOWHERE
    return (n + 1).lgamma() - (k + 1).lgamma() - (n - k + 1).lgamma()
