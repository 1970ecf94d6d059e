"""Expressions at one point: exact rationals in, a ball out, and questions answered True, False or None.

The working precision is 128 bits; what 128 bits leave open is asked again at up to 2048: a value until one float is
nearest to it, whichever the precision, a question until it is decided, and then of algebra, which alone can see that
two sides are equal. flint's own precision is left as it was (`precision`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import inf, nextafter
import operator
from typing import Any

from flint import arb, ctx, fmpq
import sympy

from boundkit.coerce import exactly, fold
from boundkit.errors import LawError, ParameterError, PrecisionError, StatementError, is_mistake
from boundkit.filling import CHEAP, TooLong, filled
from boundkit.formulas import CONSTANTS, TABLE, WRITTEN
from boundkit.formulas.points import NOWHERE, whole
from boundkit.precision import at_bits, watch
from boundkit.tails import LogOf, Named, Tail, law_at, law_says, log_of
from boundkit.values import Ball, Formula, cut_text

Values = Mapping[sympy.Symbol, Any]  # exact numbers; or balls, to ask about all their values at once

BITS = 128
LONGEST = 2**20  # binary digits of an end that is written out exactly
MORE_BITS = (128, 256, 512, 2048)
ZERO_BITS = 400  # a log of a probability that is nearer to 0 than 2^-400, as far as is known, is taken as it is
LONGEST = 8192  # bits of a ball without width that is taken for the rational that it is
HIGHEST = 4  # the power of a number up to which a tie is looked for in its square
UNDEFINED = arb("nan")  # this very object: a division by 0, which more precision would not mend


class BrokenLaw(LawError):  # noqa: N818  a LawError by its name
    """A law's `ball` gave what no law may give, wherever it was asked."""


_TEST: dict[type[sympy.Basic], Callable[[Ball | int, int], bool]] = {
    sympy.Ge: operator.ge,
    sympy.Le: operator.le,
    sympy.Gt: operator.gt,
    sympy.Lt: operator.lt,
    sympy.Eq: operator.eq,
    sympy.Ne: operator.ne,
}


def ball(expr: sympy.Expr, values: Values, bits: int = BITS, *, enough: Callable[[arb], bool] | None = None) -> Ball:
    """Enclose expr: an exact rational (fmpq) where only rational arithmetic is needed, else an arb.

    Where the expression is not defined (a division by zero, the log of a negative number) the ball is nan. Where the
    precision does not suffice for a float, as in 93^(10^300), more is tried, until it does or is `enough`.
    """
    precisions = (bits, *(more for more in _precisions(values) if more > bits))
    for precision in precisions:
        try:
            found = at_bits(precision, _walk, expr, values)
        except (PrecisionError, LawError) as error:
            if precision == precisions[-1] or isinstance(error, BrokenLaw):
                raise
            continue
        if isinstance(found, fmpq) or found is UNDEFINED or _is_one_float(found) or (enough and enough(found)):
            break
    return found


def log_ball(expr: sympy.Expr, values: Values, bits: int = BITS, *, enough: Callable[[arb], bool] | None = None) -> arb:
    """Enclose log(expr), an arb, for a probability far too small for any float; nan where it is not defined."""
    found = ball(log_of(expr), values, bits, enough=enough)
    if isinstance(found, arb) and found.is_nan() and found is not UNDEFINED:  # no log of parts, perhaps of all
        found = ball(sympy.log(expr, evaluate=False), values, bits)
    return as_arb(found)


def log_law_ball(expr: sympy.Expr, values: Values, bits: int = BITS) -> arb:
    """As `log_ball`, of laws: one that is certain there has the log 0, to which no precision narrows it down."""
    return log_ball(expr, values, bits, enough=lambda log: bool(abs(log).upper() < arb(2) ** -ZERO_BITS))


def nearest(x: Ball) -> float:
    """The float nearest to an enclosed number; nan where that is not defined."""
    if not isinstance(x, fmpq):
        return float(x.mid())
    try:
        return int(x.p) / int(x.q)
    except OverflowError:
        return inf if x > 0 else -inf


def difference(a: Ball, b: Ball) -> arb:
    """Enclose a - b, of balls or rationals."""
    return at_bits(BITS, lambda: arb(a) - arb(b))


def as_arb(x: Ball) -> arb:
    """A rational as a ball of the working precision, a ball as it is."""
    return x if isinstance(x, arb) else at_bits(BITS, arb, x)


def _is_one_float(x: arb) -> bool:
    """Whether one float is nearest to all of a ball: then it does not depend on the precision."""
    return bool(x.is_exact() or at_bits(BITS, lambda: float(x.lower()) == float(x.upper())))


def holds(condition: Formula, values: Values) -> bool | None:
    """Whether a relation is certain to hold (True), certain to fail (False), or neither (None)."""
    if condition in (True, False):
        return bool(condition)
    if isinstance(condition, sympy.And | sympy.Or):
        together: bool | None = fold(condition, lambda relation: holds(relation, values), all_hold, one_holds)
        return together
    test = _TEST[type(condition)]
    for bits in _precisions(values):
        gap = at_bits(bits, _gap, condition, values)
        if isinstance(gap, fmpq) or gap.is_exact():
            return bool(test(gap, 0))
        if not gap.is_nan() and not gap.contains(0):
            return bool(test(1 if gap > 0 else -1, 0))
    return bool(test(0, 0)) if not gap.is_nan() and _equal_by_algebra(condition, values) else None


def _gap(condition: Formula, values: Values) -> Any:
    return _walk(condition.lhs, values) - _walk(condition.rhs, values)


def _precisions(values: Values) -> tuple[int, ...]:
    """More and more for exact values; a ball of values stays as wide as it is."""
    wide = any(isinstance(value, arb) and not value.is_exact() for value in values.values())
    return MORE_BITS[:1] if wide else MORE_BITS


def all_hold(answers: Iterable[bool | None]) -> bool | None:
    """False where one is False, else None where one is open."""
    found = {*answers}
    return False if False in found else None if None in found else True


def one_holds(answers: Iterable[bool | None]) -> bool | None:
    """True where one is True, else None where one is open."""
    found = {*answers}
    return True if True in found else None if None in found else False


def outward(x: Ball) -> tuple[float, float]:
    """Endpoints as floats, rounded away from the middle where they are not floats already."""
    return at_bits(BITS, _ends, x)


def _ends(x: Ball) -> tuple[float, float]:
    x = arb(x)
    if x.is_nan():
        return -inf, inf
    low, high = x.lower(), x.upper()
    lo, hi = float(low), float(high)
    return (lo if arb(lo) <= low else nextafter(lo, -inf)), (hi if arb(hi) >= high else nextafter(hi, inf))


def ends(x: arb) -> tuple[Fraction | float, Fraction | float]:
    """Endpoints as they are, for logs so large that floats no longer tell them apart; infinite where they are.

    An end whose digits nobody could write out, such as 2^(-10^9), is the float beyond it.
    """
    exact = at_bits(BITS, x.lower), at_bits(BITS, x.upper)
    low, high = (_exactly(end, beyond) for end, beyond in zip(exact, outward(x), strict=True))
    return low, high


def _exactly(x: arb, beyond: float) -> Fraction | float:
    if not x.is_finite():
        return float(x)
    mantissa, exponent = (int(part) for part in x.man_exp())
    return mantissa * Fraction(2) ** exponent if abs(exponent) <= LONGEST else beyond


def fraction(x: fmpq) -> Fraction:
    """An exact rational as a Fraction."""
    return Fraction(int(x.p), int(x.q))


def _walk(expr: sympy.Expr, values: Values) -> Ball:
    """An fmpq where rational arithmetic is enough, else an arb; nan where it is not defined or stays open."""
    watch()
    if expr.is_Symbol:
        value = values[expr]
        return value if isinstance(value, arb) else fmpq(value.numerator, value.denominator)
    if expr.is_Rational:
        return fmpq(int(expr.p), int(expr.q))
    if isinstance(expr, sympy.Piecewise):
        return _branch(expr, values)
    if isinstance(expr, LogOf):
        return _law(expr.tail, values)
    if isinstance(expr, Tail):
        log = _law(expr, values)
        return log if log is UNDEFINED else log.exp()
    if isinstance(expr, Named):
        return _walk(expr.formula, values)
    parts = []
    for arg in expr.args:
        parts.append(_walk(arg, values))
        if parts[-1] is UNDEFINED:
            return UNDEFINED
    if expr.is_Pow and parts[0] == 0 and parts[1] < 0:
        return UNDEFINED
    if any(isinstance(part, arb) and part.is_nan() for part in parts):  # of which a power with exponent 0 makes 1
        return NOWHERE
    if expr.is_Add:
        return reduce(operator.add, parts)
    if expr.is_Mul:
        return reduce(operator.mul, parts)
    if constant := CONSTANTS.get(expr.func):
        return constant()
    if entry := TABLE.get(expr.func):
        found = entry.ball(*parts)
        return _at_integer(expr, parts[0], found, values) if entry.jumps else found
    if expr.is_Float:
        return _float_ball(expr)
    raise StatementError(f"{expr.func.__name__} has no enclosure; what a formula may hold: {', '.join(WRITTEN)}")


def _float_ball(number: sympy.Float) -> Ball:
    """A float as the decimal that it prints; one too large to be written out as it is."""
    try:
        decimal = exactly(number)
    except ParameterError:
        sign, mantissa, exponent, _ = number._mpf_
        huge: arb = (1 - 2 * sign) * arb(int(mantissa)) * arb(2) ** int(exponent)
        return huge
    return fmpq(int(decimal.p), int(decimal.q))


def _equal_by_algebra(condition: Formula, values: Values) -> bool:
    """Whether the sides are one number, which no precision can see; only asked where that is cheap."""
    if condition.lhs == condition.rhs or at_bits(BITS, _equal_squares, condition, values):
        return True
    given = [values[symbol] for symbol in condition.free_symbols]
    if any(isinstance(value, arb) or abs(value.numerator) > CHEAP or value.denominator > CHEAP for value in given):
        return False
    at = {s: sympy.Rational(v.numerator, v.denominator) for s, v in values.items()}
    try:
        left, right = (filled(side, at, powers=CHEAP) for side in condition.args)
    except TooLong:
        return False
    try:
        return bool(sympy.simplify(left - right) == 0)
    except ValueError:  # SymPy writes numbers out to sort them, and Python refuses beyond some thousand digits
        return False


def _equal_squares(condition: Formula, values: Values) -> bool:
    """Whether the sides, as sqrt(2/9) and sqrt(2)/3, have one sign and one rational square: at any size."""
    if any(side.has(sympy.Function) for side in condition.args) or not all(
        power.exp.is_Rational and abs(power.exp) <= HIGHEST for power in condition.atoms(sympy.Pow)
    ):
        return False
    squares = [_walk(side**2, values) for side in condition.args]
    if not all(isinstance(square, fmpq) for square in squares) or squares[0] != squares[1]:
        return False
    sides = [arb(_walk(side, values)) for side in condition.args]
    return all(side > 0 for side in sides) or all(side < 0 for side in sides)


def equals_zero(expr: sympy.Expr, values: Values) -> bool:
    """Whether algebra knows that an expression is 0, which no precision can see; False where it does not."""
    return _equal_by_algebra(sympy.Eq(expr, 0, evaluate=False), values)


def _at_integer(expr: sympy.Expr, x: Any, found: Ball, values: Values) -> Ball:
    """A floor or ceiling whose argument every precision leaves on both sides of an integer: algebra may know it."""
    if isinstance(found, fmpq) or ctx.prec < MORE_BITS[-1] or not (x.is_finite() and x.rad() < 1):
        return found
    if any(isinstance(values[symbol], arb) for symbol in expr.free_symbols):
        return found
    beside = [int(n) for n in (whole(x.mid().floor()), whole(x.mid().ceil())) if n is not None]
    equal = (n for n in beside if _equal_by_algebra(sympy.Eq(expr.args[0], n, evaluate=False), values))
    return next(map(fmpq, equal), NOWHERE)


def _law(tail: Tail, values: Values) -> arb:
    parts = [_rational(_walk(arg, values)) for arg in tail.args]
    if any(part is UNDEFINED for part in parts):
        return UNDEFINED
    if not all(isinstance(part, fmpq) or part.is_finite() for part in parts):
        return NOWHERE
    return law_ball(type(tail), parts)


def law_ball(law: type[Tail], parts: Sequence[Ball]) -> arb:
    """What a law's `ball` gives, held to what it has to be: an arb that may contain the log of a probability."""
    try:
        found: Any = law.ball(*parts)
    except (PrecisionError, StatementError):
        raise
    except BaseException as error:  # a law of the user's may raise anything outside its domain
        if not is_mistake(error):
            raise
        raise LawError(law_says(law, parts, error)) from error
    wrong = ""
    if not isinstance(found, arb):
        wrong = f"gave {cut_text(found)}; `ball` returns an arb around log P"
    elif found > 0:
        wrong = f"gave {found.str(12)}, above 0, which is the log of no probability; mend its `ball`"
    if wrong:
        raise BrokenLaw(f"{law_at(law, parts)} {wrong}")
    log_p: arb = found
    return log_p


def _rational(x: Ball) -> Ball:
    """A ball without width as the rational that it is, so that laws on a lattice are asked exactly."""
    if not isinstance(x, arb) or not x.is_exact() or not x.is_finite():
        return x
    mantissa, exponent = (int(part) for part in x.man_exp())
    if abs(exponent) > LONGEST:
        return x
    return fmpq(mantissa * 2**exponent) if exponent >= 0 else fmpq(mantissa, 2**-exponent)


def _branch(expr: sympy.Piecewise, values: Values) -> Ball:
    for branch, condition in expr.args:
        answer = holds(condition, values)
        if answer is None:
            return NOWHERE
        if answer:
            return _walk(branch, values)
    return NOWHERE
