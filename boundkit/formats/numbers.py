"""Numbers as people write them. What is rounded is rounded outward."""

from __future__ import annotations

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    getcontext,
    localcontext,
)
from fractions import Fraction
from math import isfinite

from flint import fmpq
import sympy

from boundkit import enclose
from boundkit.filling import TooLong, filled

DIGITS = 5
ABSURD = 1e15  # logs beyond which a number is written as a power of e
LEAST, MOST = 1e-4, 2  # failures below are shown as such, beside 1; those above say nothing
ENOUGH = 8000  # bits of a number, for 2000 digits
TINY = Decimal("1e-50")  # a log whose number no printed digits tell from 1
GIVEN = 6  # an exact number of so few digits is printed as it is, not rounded away from itself


def number_text(x: float | Decimal | Fraction, digits: int = DIGITS, toward: int = 0) -> str:
    """Write x with so many significant digits, rounded up (toward = 1), down (-1) or to nearest (0).

    >>> number_text(2 / 3, 4), number_text(2 / 3, 4, toward=-1), number_text(1e-20), number_text(12345678.0)
    ('0.6667', '0.6666', '1e-20', '1.2346e7')
    >>> number_text(Fraction(1, 3), 3, toward=1), number_text(Fraction(1234, 10**4), 3, toward=1)
    ('0.334', '0.1234')
    """
    if not isinstance(x, Fraction) and not isfinite(x):
        return str(float(x))
    rounding = {1: ROUND_CEILING, -1: ROUND_FLOOR, 0: ROUND_HALF_EVEN}[toward]
    with localcontext(Context(prec=2000, Emin=MIN_EMIN, Emax=MAX_EMAX, rounding=rounding)):
        exact = Decimal(repr(x)) if isinstance(x, float) else x if isinstance(x, Decimal) else _decimal(x)
        if exact == 0:
            return "0"
        if isinstance(x, Fraction) and len(exact.normalize().as_tuple().digits) <= GIVEN:
            digits = max(digits, GIVEN)
        rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), rounding)
    sign, figures, _ = rounded.as_tuple()
    power = rounded.adjusted()
    if -4 <= power < max(digits, 7):
        text = f"{rounded:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa = "".join(map(str, figures)).rstrip("0") or "0"
    return f"{'-' if sign else ''}{mantissa[0]}{'.' if mantissa[1:] else ''}{mantissa[1:]}e{power}"


def _decimal(x: Fraction) -> Decimal:
    """As the context in force rounds; of a number of very many digits only the first are turned into decimal ones."""
    above, below = x.numerator, x.denominator
    shift = below.bit_length() - above.bit_length() + ENOUGH
    if max(above.bit_length(), below.bit_length()) <= 4 * ENOUGH:
        return Decimal(above) / Decimal(below)
    first, rest = divmod(above << max(shift, 0), below << max(-shift, 0))
    up = bool(rest) and getcontext().rounding == ROUND_CEILING
    return Decimal(first + up) * Decimal(2) ** -shift


def safe_side(expr: sympy.Expr, values: enclose.Values, toward: int) -> Fraction | float:
    """An exact number on the safe side of an expression: not below it for 1, not above it for -1; itself if rational.

    It is the nearest float for 0, and where the expression is not finite.
    """
    found = enclose.ball(expr, values)
    if isinstance(found, fmpq):
        return enclose.fraction(found)
    if (rational := _by_algebra(expr, values)) is not None:
        return rational
    end = enclose.outward(found)[toward > 0] if toward else enclose.nearest(found)
    return Fraction(end) if isfinite(end) else end


def _by_algebra(expr: sympy.Expr, values: enclose.Values) -> Fraction | None:
    """A product of roots that is rational, which no ball can say: sqrt(2) sqrt(1/8) is 1/2."""
    try:
        value = filled(expr, {s: sympy.Rational(v.numerator, v.denominator) for s, v in values.items()})
    except TooLong:
        return None
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else None


def shown_failure(expr: sympy.Expr, values: enclose.Values) -> tuple[float, Fraction | Decimal]:
    """The log of a claimed failure probability, rounded up, and itself: exact if rational, else to 25 digits."""
    log = enclose.outward(enclose.log_ball(expr, values))[1]
    found = enclose.ball(expr, values)
    if isinstance(found, fmpq):
        return log, enclose.fraction(found)
    if not (found > LEAST and found < MOST):
        return log, exp_decimal(log) if isfinite(log) and abs(log) < ABSURD else Decimal(0)
    mantissa, exponent = (int(part) for part in found.mid().man_exp())
    with localcontext(Context(prec=25, Emin=MIN_EMIN, Emax=MAX_EMAX)):  # 1/200 + e^-10000 is 0.005
        return log, _decimal(mantissa * Fraction(2) ** exponent)


def probability_text(log_failure: float, failure: float | Decimal | Fraction) -> str:
    """Write 1 - failure, rounded down; from 0.9999 on as a difference, which shows how small the failure is."""
    if log_failure >= 0:
        return "0"
    if failure >= LEAST:
        with localcontext(Context(prec=60)):
            return number_text(1 - failure, 6, toward=-1)
    if isinstance(failure, Fraction):
        return f"1 - {number_text(failure, 3, toward=1)}"
    return f"1 - {failure_text(log_failure)}" if log_failure > -float("inf") else "1"


def failure_text(log_failure: float | Fraction, digits: int | None = None, toward: int = 1) -> str:
    """Write a failure probability from its log, rounded up unless said otherwise; "0" for nothing above 0.

    >>> failure_text(-62500.0), failure_text(-1e30), failure_text(-float("inf"))
    ('4e-27144', 'e^(-1e30)', '0')
    >>> failure_text(-62500.0, 4, toward=-1)
    '3.934e-27144'
    """
    if log_failure == -float("inf"):
        return "0"
    if not -ABSURD <= log_failure <= ABSURD:
        return power_text(log_failure, digits or DIGITS, toward)
    return number_text(exp_decimal(log_failure), digits or (3 if -1e4 < log_failure < 1e4 else 2), toward)


def power_text(log: float | Fraction, digits: int = DIGITS, toward: int = 0) -> str:
    """A number from its log as a power of e."""
    return f"e^({number_text(Fraction(log), digits, toward)})"


def exp_decimal(log: float | Fraction) -> Decimal:
    """e^log as a decimal, for any log that is not absurd: floats end at 1e-308, decimals at 10^(-10^18)."""
    with localcontext(Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX)):
        exact = Decimal(log) if isinstance(log, float) else _decimal(log)  # its shortest decimal may lie below
        if 0 < abs(exact) < TINY:  # so near to 1, and not 1
            return 1 + (TINY / 1000).copy_sign(exact)
        return exact.exp()


def latex_number(text: str) -> str:
    """Write 1.2e-20 as 1.2 \\cdot 10^{-20}, 1e-20 as 10^{-20}, and e^(-1e20) as e^{-10^{20}}."""
    before, is_power, log = text.rstrip(")").partition("e^(")
    if is_power:
        sign = "-" * log.startswith("-")
        return rf"{before}e^{{{sign}{latex_number(log.removeprefix('-'))}}}"
    mantissa, _, power = text.partition("e")
    factor = "" if mantissa == "1" else rf"{mantissa} \cdot "
    return rf"{factor}10^{{{power}}}" if power else mantissa
