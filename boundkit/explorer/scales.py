"""The sliders: at which values each parameter stops, and where it stands when a statement is first shown."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

import sympy

from boundkit.api.objects import Statement
from boundkit.enclose import ball, nearest
from boundkit.model.parameter import Parameter
from boundkit.studies.showing import COARSE, EVEN, number_ends, shown_at, typical_value, values
from boundkit.values import Value, exact_number


def stops(p: Parameter) -> tuple[float, ...]:
    """Return the values at which the parameter's slider stops, increasing, each a number that floats hold.

    Log-spaced where the parameter is positive; parameters that say the same of themselves stop at the same values.

    >>> from boundkit.model.parameter import integers
    >>> from sympy import Symbol
    >>> stops(integers(Symbol("k"), "a count", 0))[:8]
    (0, 1, 2, 3, 4, 6, 8, 10)
    """
    low, high = number_ends(p)
    high = _widest(p) if high is None else high
    found = {plain_float(x) for x in values(p, (low, high), EVEN if p.integer else COARSE)}
    return tuple(sorted(x for x in found if isfinite(x) and (low is None or x > low or (x == low and not p.strict))))


def _widest(p: Parameter) -> Fraction | None:
    """Where an upper end goes as parameters in it grow, if that is a number above the typical value: 1 for 1 - 1/m."""
    end = p.high.xreplace(dict.fromkeys(p.high.free_symbols, sympy.oo))
    return Fraction(int(end.p), int(end.q)) if end.is_Rational and end > typical_value(p) else None


def start(s: Statement) -> dict[str, float]:
    """Return the values at which the statement is first shown: inside every parameter's range."""
    at = {name: plain_float(value) for name, value in shown_at(s).items()}
    for p in s.parameters:
        if p.high.free_symbols:
            high = ball(p.high, {x: exact_number(at[x.name]) for x in p.high.free_symbols})
            at[p.name] = min(at[p.name], nearest(high))
    return at


def first(p: Parameter) -> float:
    """Where a parameter stands that the statement shown does not have itself."""
    return plain_float(typical_value(p))


def plain_float(x: Value) -> float:
    """An integer as it is, a fraction as a float."""
    return int(x) if x.denominator == 1 else float(x)
