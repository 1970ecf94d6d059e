"""Expressions at one point: exact rationals in, a ball out, and questions answered True, False or None.

The working precision is 128 bits; a question that 128 bits leave open is asked again at up to 2048, and then of
algebra, which alone can see that two sides are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import inf, nextafter
import operator
from typing import Any

from flint import arb, ctx, fmpq
import sympy

from boundkit.errors import LawError, PrecisionError, StatementError
from boundkit.expressions import fold
from boundkit.formulas import CONSTANTS, GROWING, NOWHERE, TABLE, WRITTEN
from boundkit.tails import LogOf, Named, Tail, law_says, log_of

Values = Mapping[sympy.Symbol, Any]  # exact numbers; or balls, to ask about all their values at once

BITS = 128
MORE_BITS = (128, 256, 512, 2048)
FLOAT_BITS = 53
CHEAP = 10**4  # numbers with which algebra is quick

_TEST: dict[Any, Callable[[Any, Any], Any]] = {
    sympy.Ge: operator.ge, sympy.Le: operator.le, sympy.Gt: operator.gt, sympy.Lt: operator.lt,
    sympy.Eq: operator.eq, sympy.Ne: operator.ne,
}


def ball(expr: sympy.Expr, values: Values, bits: int = BITS) -> Any:
    """Enclose expr: an exact rational (fmpq) where only rational arithmetic is needed, else an arb.

    Where the expression is not defined (a division by zero, the log of a negative number) the ball is nan. Where the
    precision does not suffice for a float, as in 93^(10^300), more is tried.
    """
    for precision in (bits, *(more for more in MORE_BITS if more > bits)):
        with ctx.workprec(precision):
            found = _walk(expr, values)
        if isinstance(found, fmpq) or found.is_nan() or found.rel_accuracy_bits() >= FLOAT_BITS:
            break
    return found


def log_ball(expr: sympy.Expr, values: Values) -> Any:
    """Enclose log(expr), an arb, for a probability far too small for any float."""
    found = ball(log_of(expr), values)
    if isinstance(found, arb) and found.is_nan():  # of parts that are negative there is no log, of the whole perhaps
        found = ball(sympy.log(expr, evaluate=False), values)
    with ctx.workprec(BITS):
        return arb(found)


def holds(condition: Any, values: Values) -> bool | None:
    """Whether a relation is certain to hold (True), certain to fail (False), or neither (None)."""
    if condition in (True, False):
        return bool(condition)
    if isinstance(condition, sympy.And | sympy.Or):
        together: bool | None = fold(condition, lambda relation: holds(relation, values), all_hold, one_holds)
        return together
    test = _TEST[type(condition)]
    for bits in MORE_BITS:
        with ctx.workprec(bits):
            gap = _walk(condition.lhs, values) - _walk(condition.rhs, values)
            if isinstance(gap, fmpq):
                return bool(test(gap, 0))
            if gap.is_nan():
                return None
            if gap.is_exact():
                return bool(test(gap, 0))
            if not gap.contains(0):
                return bool(test(1 if gap > 0 else -1, 0))
    return bool(test(0, 0)) if _equal_by_algebra(condition, values) else None


def all_hold(answers: Iterable[bool | None]) -> bool | None:
    """False where one is False, else None where one is open."""
    found = {*answers}
    return False if False in found else None if None in found else True


def one_holds(answers: Iterable[bool | None]) -> bool | None:
    """True where one is True, else None where one is open."""
    found = {*answers}
    return True if True in found else None if None in found else False


def outward(x: Any) -> tuple[float, float]:
    """Endpoints as floats, rounded away from the middle where they are not floats already."""
    x = arb(x)
    if x.is_nan():
        return -inf, inf
    low, high = x.lower(), x.upper()
    lo, hi = float(low), float(high)
    return (lo if arb(lo) <= low else nextafter(lo, -inf)), (hi if arb(hi) >= high else nextafter(hi, inf))


def fraction(x: Any) -> Fraction:
    """An exact rational as a Fraction."""
    return Fraction(int(x.p), int(x.q))


def _walk(expr: sympy.Expr, values: Values) -> Any:
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
        return _law(expr, values).exp()
    if isinstance(expr, Named):
        return _walk(expr.formula, values)
    parts = [_walk(arg, values) for arg in expr.args]
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
        exact = sympy.Rational(expr)
        return fmpq(int(exact.p), int(exact.q))
    raise StatementError(f"{expr.func.__name__} has no enclosure; what a formula may hold: {', '.join(WRITTEN)}")


def _equal_by_algebra(condition: Any, values: Values) -> bool:
    """Whether the sides are one number, which no precision can see; only asked where that is cheap."""
    if condition.lhs == condition.rhs:
        return True
    given = [values[symbol] for symbol in condition.free_symbols]
    if any(isinstance(value, arb) or abs(value.numerator) > CHEAP or value.denominator > CHEAP for value in given):
        return False
    large = {arg for node in condition.atoms(*GROWING) for arg in node.args}
    if not all(abs(arb(_walk(arg, values))) <= CHEAP for arg in large):
        return False
    at = {s: sympy.Rational(v.numerator, v.denominator) for s, v in values.items()}
    return bool(sympy.simplify(condition.lhs.xreplace(at) - condition.rhs.xreplace(at)) == 0)


def _at_integer(expr: sympy.Expr, x: Any, found: Any, values: Values) -> Any:
    """A floor or ceiling whose argument every precision leaves on both sides of an integer: algebra may know it."""
    if isinstance(found, fmpq) or ctx.prec < MORE_BITS[-1] or not x.rad() < 1:
        return found
    if any(isinstance(values[symbol], arb) for symbol in expr.free_symbols):
        return found
    whole = int(x.mid().floor().unique_fmpz()), int(x.mid().ceil().unique_fmpz())
    equal = (n for n in whole if _equal_by_algebra(sympy.Eq(expr.args[0], n, evaluate=False), values))
    return next(map(fmpq, equal), NOWHERE)


def _law(tail: Tail, values: Values) -> Any:
    parts = [_walk(arg, values) for arg in tail.args]
    if not all(isinstance(part, fmpq) or part.is_finite() for part in parts):
        return NOWHERE
    try:
        return arb(type(tail).ball(*parts))
    except (PrecisionError, StatementError):
        raise
    except Exception as error:  # a law of the user's may raise anything outside its domain
        raise LawError(law_says(type(tail), parts, error)) from error


def _branch(expr: sympy.Piecewise, values: Values) -> Any:
    for branch, condition in expr.args:
        answer = holds(condition, values)
        if answer is None:
            return NOWHERE
        if answer:
            return _walk(branch, values)
    return NOWHERE
