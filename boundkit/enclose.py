"""Expressions at one point: exact rationals in, a ball out, and questions answered True, False or None.

The working precision is 128 bits; a question that 128 bits leave open is asked again at up to 2048, and then of
algebra, which alone can see that two sides are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import inf, nextafter
import operator
from typing import Any

from flint import arb, ctx, fmpq
import sympy
from sympy.codegen.cfunctions import log1p

from boundkit.errors import LawError, PrecisionError, StatementError
from boundkit.tails import LogOf, LogSumExp, Named, Tail, law_says, log_of

Values = Mapping[sympy.Symbol, Any]  # exact numbers; or balls, to ask about all their values at once

BITS = 128
MORE_BITS = (128, 256, 512, 2048)
FLOAT_BITS = 53
CHEAP = 10**4  # numbers with which algebra is quick
NOWHERE = arb("nan")

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
    with ctx.workprec(BITS):
        return arb(_walk(log_of(expr), values))


def holds(condition: Any, values: Values) -> bool | None:
    """Whether a relation is certain to hold (True), certain to fail (False), or neither (None)."""
    if condition in (True, False):
        return bool(condition)
    if isinstance(condition, sympy.And | sympy.Or):
        answers = {holds(part, values) for part in condition.args}
        decisive = isinstance(condition, sympy.Or)
        return decisive if decisive in answers else None if None in answers else not decisive
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
    if expr.is_Pow:
        return _power(*parts)
    if rule := _RULES.get(expr.func):
        return rule(*parts)
    if expr.is_Float:
        exact = sympy.Rational(expr)
        return fmpq(int(exact.p), int(exact.q))
    raise StatementError(
        f"{expr.func.__name__} has no enclosure; a formula is made of + - * / ** sqrt exp log Abs Min Max "
        "Piecewise, and the laws in boundkit.tails"
    )


def _equal_by_algebra(condition: Any, values: Values) -> bool:
    """Whether the sides are one number, which no precision can see; only asked where that is cheap."""
    given = [values[symbol] for symbol in condition.free_symbols]
    if any(isinstance(value, arb) or abs(value.numerator) > CHEAP or value.denominator > CHEAP for value in given):
        return False
    at = {s: sympy.Rational(v.numerator, v.denominator) for s, v in values.items()}
    return bool(sympy.simplify(condition.lhs.xreplace(at) - condition.rhs.xreplace(at)) == 0)


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


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, fmpq) and exponent.q == 1:
        if base == 0 and exponent < 0:
            return NOWHERE
        exact = isinstance(base, fmpq) and abs(exponent) <= 64
        return (base if exact else arb(base)) ** int(exponent.p)
    return arb(base) ** exponent


def _log_sum_exp(*terms: Any) -> Any:
    finite = [arb(term) for term in terms if not (arb(term).is_exact() and arb(term) == arb("-inf"))]
    if not finite:
        return arb("-inf")
    top = max(finite, key=lambda term: float(term.mid()))
    return top + reduce(operator.add, ((term - top).exp() for term in finite)).log()


def _larger(a: Any, b: Any) -> Any:
    return max(a, b) if isinstance(a, fmpq) and isinstance(b, fmpq) else arb(a).max(arb(b))


def _log(x: Any) -> Any:
    return arb("-inf") if x == 0 else arb(x).log()


_RULES: dict[Any, Callable[..., Any]] = {
    sympy.exp: lambda x: arb(x).exp(),
    sympy.log: _log,
    log1p: lambda x: arb("-inf") if x == -1 else arb(x).log1p(),
    sympy.Abs: abs,
    sympy.Max: lambda *xs: reduce(_larger, xs),
    sympy.Min: lambda *xs: -reduce(_larger, (-x for x in xs)),
    LogSumExp: _log_sum_exp,
    type(sympy.pi): lambda: arb.pi(),
    type(sympy.E): lambda: arb(1).exp(),
    type(-sympy.oo): lambda: arb("-inf"),
}
