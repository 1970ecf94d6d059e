"""Formulas by mpmath, exact rationals as long as that goes: the slow second opinion on what boundkit computes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, comb, floor
from typing import Any

import mpmath
import sympy

HUGE = 2000  # no exponential beyond e^2000, no factorial of more


class UndefinedError(Exception):
    """Not a real number there."""


class UntoldError(Exception):
    """Not worth the time, or not to be told with these digits."""


def value(expr: Any, at: Mapping[str, Fraction], digits: int = 50) -> Any:
    """A Fraction where only rational arithmetic is needed, else an mpf of so many digits."""
    with mpmath.workdps(digits):
        found = _walk(sympy.sympify(expr), at)
        return found if isinstance(found, Fraction) else +found


def near(expr: Any, at: Mapping[str, Fraction]) -> tuple[Any, float]:
    """The value, and how far floats with 10 bits less than Python's are from it."""
    exact = value(expr, at)
    with mpmath.workdps(50):
        rough = max(abs(_real(value(expr, at, digits)) - _real(exact)) for digits in (11, 12, 13))
        return exact, float(rough)


def holds(relation: Any, at: Mapping[str, Fraction]) -> bool:
    """Whether a relation or a combination of them holds; within 1e-40 it is not told."""
    if relation in (True, False):
        return bool(relation)
    if isinstance(relation, sympy.And):
        return all(holds(part, at) for part in relation.args)
    if isinstance(relation, sympy.Or):
        return any(holds(part, at) for part in relation.args)
    if isinstance(relation, sympy.Not):
        return not holds(relation.args[0], at)
    left, right = value(relation.lhs, at), value(relation.rhs, at)
    if not (isinstance(left, Fraction) and isinstance(right, Fraction)):
        with mpmath.workdps(50):
            left, right = _real(left), _real(right)
            if abs(left - right) <= 1e-40 * max(abs(left), abs(right), 1e-40):
                raise UntoldError
    return bool(
        {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "==": left == right,
         "!=": left != right}[relation.rel_op]
    )  # fmt: skip


def _real(x: Any) -> Any:
    return mpmath.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else x


def _walk(expr: Any, at: Mapping[str, Fraction]) -> Any:
    if expr.is_Symbol:
        return at[expr.name]
    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q))
    if expr is sympy.pi:
        return +mpmath.pi
    if expr is sympy.E:
        return mpmath.e + 0
    if isinstance(expr, sympy.Piecewise):
        for branch, when in expr.args:
            if holds(when, at):
                return _walk(branch, at)
        raise UndefinedError
    parts = [_walk(arg, at) for arg in expr.args]
    mixed = not all(isinstance(part, Fraction) for part in parts)
    if mixed and not isinstance(expr, sympy.Max | sympy.Min | sympy.Pow):
        parts = [_real(part) for part in parts]
    found = _RULES[type(expr).__name__](*parts)
    if not isinstance(found, Fraction) and (isinstance(found, mpmath.mpc) or not mpmath.isfinite(found)):
        raise UndefinedError
    return found


def _sum(*parts: Any) -> Any:
    return sum(parts[1:], parts[0])


def _product(*parts: Any) -> Any:
    found = parts[0]
    for part in parts[1:]:
        found = found * part
    return found


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        if base == 0 and exponent < 0:
            raise UndefinedError
        if isinstance(base, Fraction) and abs(exponent) <= 64:
            return base ** int(exponent)
        if base and abs(exponent) * (1 + abs(mpmath.log(abs(_real(base))))) > HUGE:
            raise UntoldError
        return _real(base) ** int(exponent)
    base, exponent = _real(base), _real(exponent)
    if base < 0 or (base == 0 and exponent <= 0):
        raise UndefinedError
    if base and abs(exponent * mpmath.log(base)) > HUGE:
        raise UntoldError
    return base**exponent


def _exp(x: Any) -> Any:
    if abs(x) > HUGE:
        raise UntoldError
    return mpmath.exp(_real(x))


def _log(x: Any) -> Any:
    if x == 0:
        raise UntoldError  # minus infinity, by convention
    if x < 0:
        raise UndefinedError
    return mpmath.log(_real(x))


def _gamma(x: Any) -> Any:
    if x <= 0 and x == int(x):
        raise UndefinedError
    if abs(x) > HUGE:
        raise UntoldError
    return mpmath.gamma(_real(x))


def _loggamma(x: Any) -> Any:
    if x <= 0:
        raise UndefinedError
    return mpmath.loggamma(_real(x))


def _whole(rounding: Any) -> Any:
    def rule(x: Any) -> Any:
        if isinstance(x, Fraction):
            return Fraction(rounding(x))
        if abs(x - mpmath.nint(x)) < mpmath.mpf(10) ** (-mpmath.mp.dps + 8) * max(1, abs(x)):
            raise UntoldError  # so near an integer that these digits do not tell
        return Fraction(int(mpmath.floor(x) if rounding is floor else mpmath.ceil(x)))

    return rule


def _binomial(n: Any, k: Any) -> Any:
    if isinstance(n, Fraction) and isinstance(k, Fraction) and n.denominator == k.denominator == 1 and n >= 0:
        if n > HUGE:
            raise UntoldError
        return Fraction(comb(int(n), int(k)) if 0 <= k else 0)
    return mpmath.binomial(_real(n), _real(k))


def _chi_square_at_least(n: Any, a: Any) -> Any:
    return mpmath.gammainc(_real(n) / 2, _real(a) * _real(n) / 2, mpmath.inf, regularized=True)


def _chi_square_at_most(n: Any, a: Any) -> Any:
    return mpmath.gammainc(_real(n) / 2, 0, _real(a) * _real(n) / 2, regularized=True)


_RULES = {
    "Add": _sum, "Mul": _product, "Pow": _power, "exp": _exp, "log": _log, "Abs": abs,
    "Max": lambda *xs: max(xs, key=_real), "Min": lambda *xs: min(xs, key=_real),
    "floor": _whole(floor), "ceiling": _whole(ceil), "factorial": lambda n: _gamma(n + 1), "gamma": _gamma,
    "loggamma": _loggamma, "binomial": _binomial,
    "erf": lambda x: mpmath.erf(_real(x)), "erfc": lambda x: mpmath.erfc(_real(x)),
    "log1p": lambda x: _log(1 + x),
    "normal_two_sided": lambda t: mpmath.erfc(_real(t) / mpmath.sqrt(2)),
    "chi_square_at_least": _chi_square_at_least, "chi_square_at_most": _chi_square_at_most,
}  # fmt: skip
