"""Chernoff's bound of a law at its best theta: looked for in floats, certified at the theta that was found."""

from __future__ import annotations

from fractions import Fraction
from math import exp, inf, sqrt
from typing import Any

import sympy

from boundkit.enclose import as_arb, ball, holds, nearest, outward
from boundkit.errors import BoundkitError, StatementError
from boundkit.tails import Tail
from boundkit.values import Value

ENDS = (-60.0, 60.0)  # logs of theta between which the best one is looked for
STEPS = 70
DIGITS = 9  # of theta
GOLDEN = (sqrt(5) - 1) / 2


def chernoff(law: Tail) -> tuple[Value, Any] | None:
    """Return theta and a ball around the log of inf E exp(theta (X - x)), an upper bound at any theta.

    None where the law does not know its cumulants, or says no event.
    """
    if law.event is None:
        return None
    *_, operator, threshold = law.event
    theta = sympy.Symbol("theta")
    sign = 1 if operator in (">=", ">") else -1
    try:
        mean, finite = law.cumulant(sign * theta)
    except StatementError:
        return None
    log = sympy.log(law.sides) + mean - sign * theta * threshold

    def value(x: Fraction) -> Any:
        """The log at theta, certainly finite there; None elsewhere."""
        try:
            found = as_arb(ball(log, {theta: x})) if holds(finite, {theta: x}) else None
        except BoundkitError:
            return None
        return found if found is not None and found.is_finite() else None

    def at(s: float) -> float:
        found = value(short(exp(s)))
        return inf if found is None else nearest(found)

    near = exp(_least(at, *ENDS))
    nearby = (short(near, digits) for digits in range(1, DIGITS + 1))
    tried = [(x, found) for x in nearby if (found := value(x)) is not None]
    if not tried:
        return None
    best, found = min(tried, key=lambda one: outward(one[1])[1])
    return best.numerator if best.denominator == 1 else best, found


def short(x: float, digits: int = DIGITS) -> Fraction:
    """A float as the decimal of so many digits that is next to it."""
    return Fraction(f"{x:.{digits - 1}e}")


def _least(f: Any, low: float, high: float) -> float:
    """Where a function that falls and then rises is least, by golden sections."""
    inner, outer = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_inner, at_outer = f(inner), f(outer)
    for _ in range(STEPS):
        if at_inner <= at_outer:
            high, outer, at_outer = outer, inner, at_inner
            inner = high - GOLDEN * (high - low)
            at_inner = f(inner)
        else:
            low, inner, at_inner = inner, outer, at_outer
            outer = low + GOLDEN * (high - low)
            at_outer = f(outer)
    return (low + high) / 2
