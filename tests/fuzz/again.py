"""Hypotheses once more, by another route: Fractions as long as the arithmetic is rational, then balls of 512 bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, reduce
import operator
from typing import Any

from flint import arb, ctx, fmpq
import sympy

from boundkit.api.objects import Statement

BITS = 512
Parameters = Mapping[str, Fraction]
Number = Fraction | arb

_SIGNS = {">=": (0, 1), "<=": (-1, 0), ">": (1,), "<": (-1,), "!=": (-1, 1), "==": (0,)}


def certain(s: Statement, at: Parameters) -> bool | None:
    """Whether all hypotheses of a statement that numbers decide hold at a point; None where balls cannot tell."""
    answers = [_holds(*_compiled(relation), at) for relation in s.relations]
    return False if False in answers else None if None in answers else True


@cache
def _compiled(relation: Any) -> tuple[Callable[[Parameters], Number], tuple[int, ...]]:
    return _code(relation.lhs - relation.rhs), _SIGNS[relation.rel_op]


def _holds(gap: Callable[[Parameters], Number], signs: tuple[int, ...], at: Parameters) -> bool | None:
    with ctx.workprec(BITS):
        try:
            value = gap(at)
        except ZeroDivisionError:
            return False  # not defined
        if isinstance(value, arb):
            if value.is_nan():
                return False
            if value.contains(0) and not value.is_exact():
                return True if set(signs) == {-1, 0, 1} else None
        return ((value > 0) - (value < 0)) in signs


def _code(expr: Any) -> Callable[[Parameters], Number]:
    """The expression as a function of the parameters."""
    if expr.is_Symbol:
        name = expr.name
        return lambda at: at[name]
    if expr.is_Rational:
        number = Fraction(int(expr.p), int(expr.q))
        return lambda _at: number
    parts = [_code(arg) for arg in expr.args]
    if expr.is_Add or expr.is_Mul:
        join = _sum if expr.is_Add else _product
        return lambda at: reduce(join, (part(at) for part in parts))
    if expr.is_Pow:
        return lambda at: _power(parts[0](at), parts[1](at))
    if isinstance(expr, sympy.Abs):
        return lambda at: abs(parts[0](at))
    if isinstance(expr, sympy.Max | sympy.Min):
        sign = 1 if isinstance(expr, sympy.Max) else -1
        return lambda at: sign * reduce(_greater, (sign * part(at) for part in parts))
    return _FUNCTIONS[expr.func](*parts)


_FUNCTIONS: dict[Any, Any] = {
    sympy.exp: lambda x: lambda at: _ball(x(at)).exp(),
    sympy.log: lambda x: lambda at: _ball(x(at)).log(),
    type(sympy.E): lambda: lambda _at: arb(1).exp(),
    type(sympy.pi): lambda: lambda _at: arb.pi(),
}


def _ball(x: Number) -> arb:
    return arb(fmpq(x.numerator, x.denominator)) if isinstance(x, Fraction) else x


def _alike(join: Callable[[Any, Any], Any]) -> Callable[[Number, Number], Number]:
    """Joined as Fractions where both are, else as balls."""

    def joined(x: Number, y: Number) -> Number:
        both = isinstance(x, Fraction) and isinstance(y, Fraction)
        return join(x, y) if both else join(_ball(x), _ball(y))

    return joined


_sum, _product = _alike(operator.add), _alike(operator.mul)
_greater = _alike(lambda x, y: max(x, y) if isinstance(x, Fraction) else x.max(y))


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(exponent, Fraction) and exponent.denominator == 1 and isinstance(base, Fraction):
        if abs(exponent) <= 64:
            return base ** int(exponent)
        return _ball(base) ** arb(int(exponent))
    if exponent == Fraction(1, 2):
        return _ball(base).sqrt()
    return _ball(base) ** _ball(exponent)
