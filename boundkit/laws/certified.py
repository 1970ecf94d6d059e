"""The laws as certified enclosures: every digit that prints is proved.

Each function is named after the fast one, `certified.row_sum_logcdf(c, n, m)` for `row_sum.logcdf(c, n, m)`, and takes
one point: ints, Fractions, floats (taken exactly) and NumPy scalars. The answer is an `Enclosure` of the natural log
with at least 80 correct bits, or a PrecisionError; a value outside its domain is a ParameterError. The methods, each
with its error bounded in ball arithmetic, are in `balls`, `contour` and `mixture`.

Times. Chi-square and normal: about a millisecond for n to 10^9. The others: milliseconds from n = 48 to 10^6; below
48 mostly a fraction of a second, and up to a few seconds where n < 1, m - 1 < 0.01 or the log is below -10^4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import inf, nextafter
from typing import Any

from flint import arb

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws import balls, continuous_balls
from boundkit.precision import at_bits

BITS = 192  # to which endpoints are rounded outward
SMALLEST = 2**16  # a log nearer to 0 than 2^-SMALLEST has endpoints too long to hold
MOST_DIGITS = 40

Number = int | float | Fraction


@dataclass(frozen=True)
class Enclosure:
    """Two exact numbers with the truth between them; both are -inf where the log is that of an impossible event."""

    lo: Fraction | float
    hi: Fraction | float

    def floats(self) -> tuple[float, float]:
        """Return the endpoints as floats, rounded outward."""
        return _down(self.lo), -_down(-self.hi)

    def contains(self, x: Number) -> bool:
        """Whether x, taken exactly, lies in the enclosure."""
        return bool(self.lo <= x <= self.hi)

    def __repr__(self) -> str:
        return f"Enclosure({_digits(self.lo, self.hi)})"


def chi_square_logcdf_ratio(a: Number, df: Number) -> Enclosure:
    """Enclose log P[chi2_df <= a df], a >= 0, df > 0.

    Examples
    --------
    >>> chi_square_logcdf_ratio(Fraction(1, 2), 600)
    Enclosure(-61.0286318870634337438...)
    """
    return _enclose(balls.chi_square_log_at_most, a, df)


def chi_square_logsf_ratio(a: Number, df: Number) -> Enclosure:
    """Enclose log P[chi2_df >= a df], a >= 0, df > 0."""
    return _enclose(balls.chi_square_log_at_least, a, df)


def chi_square_logcdf(x: Number, df: Number) -> Enclosure:
    """Enclose log P[chi2_df <= x], x >= 0, df > 0."""
    return _enclose(balls.chi_square_log_at_most, _ratio(x, df), df)


def chi_square_logsf(x: Number, df: Number) -> Enclosure:
    """Enclose log P[chi2_df >= x], x >= 0, df > 0."""
    return _enclose(balls.chi_square_log_at_least, _ratio(x, df), df)


def normal_log_two_sided(t: Number) -> Enclosure:
    """Enclose log P[|Z| >= t], Z standard normal, t >= 0."""
    return _enclose(balls.normal_log_two_sided, t)


def inner_product_logsf_abs(s: Number, n: Number, r: Number = 0) -> Enclosure:
    """Enclose log P[|<a, b>| >= s], a and b standard normal in R^n with correlation r, s >= 0, n > 0, |r| <= 1.

    Examples
    --------
    >>> inner_product_logsf_abs(300, 600).floats()
    (-70.61478112204844, -70.61478112204843)
    """
    if r == 0:
        return _enclose(balls.inner_product_log_at_least, s, n)
    return _enclose(balls.correlated_inner_product_log_at_least, s, n, r)


def row_sum_logcdf(c: Number, n: Number, m: Number) -> Enclosure:
    """Enclose log P[R + sqrt((m - 1) R) g <= c n], real c, n > 0, m >= 1."""
    return _enclose(balls.row_sum_log_at_most, c, n, m)


def row_sum_logsf(c: Number, n: Number, m: Number) -> Enclosure:
    """Enclose log P[R + sqrt((m - 1) R) g >= c n], real c, n > 0, m >= 1."""
    return _enclose(balls.row_sum_log_at_least, c, n, m)


def row_sum_log_below_zero(n: Number, m: Number) -> Enclosure:
    """Enclose log P[R + sqrt((m - 1) R) g <= 0] = log(I_{1 - 1/m}(n/2, 1/2)/2), n > 0, m >= 1."""
    return _enclose(continuous_balls.row_sum_log_below_zero, n, m)


def _enclose(law: Callable[..., arb], *args: Number) -> Enclosure:
    log_p = law(*(_exact(x) for x in args))
    if log_p == arb.neg_inf():
        return Enclosure(-inf, -inf)
    low, high = at_bits(BITS, lambda: (log_p.lower(), log_p.upper()))
    return Enclosure(_fraction(low), min(_fraction(high), Fraction(0)))


def _exact(x: Any) -> Fraction:
    try:
        if isinstance(x, str):
            raise TypeError
        return Fraction(x)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{x!r}: a finite real number is needed; give an int, a Fraction or a float") from None


def _ratio(x: Number, df: Number) -> Fraction:
    x, df = _exact(x), _exact(df)
    if not (x >= 0 and df > 0):
        raise ParameterError(f"x = {x}, df = {df}: x >= 0 and df > 0 are needed")
    return x / df


def _fraction(x: arb) -> Fraction:
    """An exact ball as the fraction it is."""
    mantissa, exponent = (int(part) for part in x.man_exp())
    if exponent < -SMALLEST:
        raise PrecisionError(f"the log is nearer to 0 than 2^-{SMALLEST - BITS}; ask for the other tail")
    return mantissa * Fraction(2) ** exponent


def _down(x: Fraction | float) -> float:
    if abs(x) == inf:
        return float(x)
    try:
        near = float(x)
    except OverflowError:
        near = inf if x > 0 else -inf
    return near if near <= x else nextafter(near, -inf)


def _digits(lo: Fraction | float, hi: Fraction | float) -> str:
    """The digits that both endpoints share, or both endpoints where they share none."""
    if lo == hi and (abs(lo) == inf or Fraction(lo).denominator == 1):
        return str(lo)
    low, high = sorted((abs(Fraction(lo)), abs(Fraction(hi))))
    place = len(str(int(high))) if high >= 1 else -_leading_zeros(high)
    for digits in range(MOST_DIGITS, 0, -1):
        unit = Fraction(10) ** (place - digits)
        if lo * hi > 0 and low // unit == high // unit:
            return ("-" if hi < 0 else "") + _written(str(low // unit), place) + "..."
    return "{!r}, {!r}".format(*Enclosure(lo, hi).floats())


def _leading_zeros(x: Fraction) -> int:
    """How many zeros follow the decimal point of 0 < x < 1."""
    zeros = max(0, len(str(x.denominator)) - len(str(x.numerator)) - 1) if x else 0
    while x and x * 10 ** (zeros + 1) < 1:
        zeros += 1
    return zeros


def _written(digits: str, place: int) -> str:
    """0.digits times 10^place."""
    if 0 < place < len(digits):
        return f"{digits[:place]}.{digits[place:]}"
    if -5 < place <= 0:
        return "0." + "0" * -place + digits
    return f"{digits[0]}.{digits[1:]}e{place - 1:+03d}"
