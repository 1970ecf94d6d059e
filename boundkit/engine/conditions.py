"""What an inverse question asks of a parameter: conditions on its values, and the values that are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isfinite
from typing import Any

from flint import arb, fmpq
import sympy

from boundkit.coerce import fold
from boundkit.enclose import (
    BITS,
    MORE_BITS,
    Values,
    all_hold,
    as_arb,
    ball,
    difference,
    fraction,
    holds,
    log_ball,
    one_holds,
)
from boundkit.enclose import outward as outer_floats
from boundkit.engine.exact import claims_hold
from boundkit.engine.scanning import FINE, Interval, Test
from boundkit.errors import BoundkitError, ParameterError, asked_for
from boundkit.formats.expressions import expression_text, outward, relation_text
from boundkit.model.parameter import RELATIONS, Parameter
from boundkit.model.statement import StatementRecord
from boundkit.precision import at_bits
from boundkit.tails import Tail
from boundkit.values import Formula, Value, value_text

PLAIN = Fraction(1, 2**32)  # below it a number may be lost beside 1 in the usual precision

Given = Mapping[sympy.Symbol, Value]


@dataclass(frozen=True)
class Span:
    """The values looked at, and what of the domain lies beyond them.

    Attributes
    ----------
    low, high : int or fractions.Fraction
        The first and the last of them, both in the domain.
    goes_on : tuple of (bool, bool)
        Whether the domain goes on below `low`, and above `high`.
    rims : tuple of intervals
        What lies between an end that is outside and the value next to it.
    """

    low: Value
    high: Value
    goes_on: tuple[bool, bool]
    rims: tuple[Interval, ...] = ()

    @property
    def interval(self) -> Interval:
        """From the first to the last."""
        return self.low, self.high


def domain(s: StatementRecord, p: Parameter, at: Given) -> list[tuple[str, Test]]:
    """What the domains of the parameters given ask of this one, beyond its being one of their ends: see `span_of`."""
    known = {*at, p.symbol}
    ends = [(q.symbol, end, compare) for q in s.parameters if q.symbol in at for end, compare, _ in q.edges]
    relations = [
        RELATIONS[compare](symbol, end, evaluate=False)
        for symbol, end, compare in ends
        if not end.is_Symbol and p.symbol in end.free_symbols and end.free_symbols <= known
    ]
    return [(str(relation), _relation_test(relation, p, at)) for relation in relations]


def conditions_on(
    s: StatementRecord, p: Parameter, at: Given, target: Value | None, exact: bool, bound: Value | None = None
) -> list[tuple[str, Test]]:
    """What has to hold, in words and as a test on an interval; what needs other free parameters is left open."""
    known = {*at, p.symbol}
    stated = [h for h in s.hypotheses if h.relation is not None and h.relation.free_symbols <= known]
    if target is None and bound is None:
        stated = [h for h in stated if h.relation is not None and p.symbol in h.relation.free_symbols] or stated
    found = [(h.text, _relation_test(h.relation, p, at)) for h in stated]
    found += [] if bound is None else _bound(s, p, at, bound)
    if target is not None:
        found.append((f"failure <= {value_text(target)}", _failure(s, p, at, target, exact)))
    elif bound is not None and s.failure != 0:  # a promise that may always fail is none
        worst = _worst(s, p, at, s.failure.free_symbols)
        found.append(("failure < 1", _relation_test(sympy.Lt(s.failure, 1, evaluate=False), p, worst)))
    return found


def promised(s: StatementRecord, bound: Value) -> str:
    """The headline with a number for its bound, in words.

    Raises
    ------
    ParameterError
        Where no number can stand for it.
    """
    claim = s.claims[0]
    quantity = next(q for q in s.quantities if q.symbol == claim.lhs)
    if quantity.phrase or not outward(claim):
        raise ParameterError(f"{s.title}: {relation_text(s, claim)} has no bound to reach; give a failure instead")
    return f"{expression_text(s, claim.lhs)} {claim.rel_op} {value_text(bound)}"


def _bound(s: StatementRecord, p: Parameter, at: Given, bound: Value) -> list[tuple[str, Test]]:
    """The test that the headline promises at least so much."""
    claim, said = s.claims[0], promised(s, bound)
    if missing := [x.name for x in claim.rhs.free_symbols - {*at, p.symbol}]:
        raise ParameterError(f"{s.title}: its bound {asked_for(missing)}")
    wanted = sympy.Rational(bound.numerator, bound.denominator)
    reached = (sympy.Le if outward(claim) > 0 else sympy.Ge)(claim.rhs, wanted, evaluate=False)
    return [(said, _relation_test(reached, p, at))]


def _worst(s: StatementRecord, p: Parameter, at: Given, needed: set[sympy.Symbol]) -> Given:
    """The values given, and the worst case of the parameters left out."""
    worst = {sympy.Symbol(name): value for name, value in s.worst_case}
    if missing := [x.name for x in needed - {*at, p.symbol} - worst.keys()]:
        raise ParameterError(f"{s.title}: its failure probability {asked_for(missing)}")
    return {**worst, **at}


def _failure(s: StatementRecord, p: Parameter, at: Given, target: Value, exact: bool) -> Test:
    """The test that the failure probability is small enough."""
    formula = s.truth if exact else s.failure
    if formula is None:
        raise ParameterError(f"{s.title} has no law; leave exact out")
    certain = exact and s.failure == 0  # then truth is the quantity, and the claims hold or they do not
    needed = formula.free_symbols.union(*(claim.rhs.free_symbols for claim in s.claims if certain))
    at = _worst(s, p, at, needed)
    return _claims_test(s, p, at) if certain else _failure_test(formula, p, at, target)


def _claims_test(s: StatementRecord, p: Parameter, at: Given) -> Test:
    def test(interval: Interval) -> bool | None:
        try:
            return all_hold(claims_hold(s, {**at, p.symbol: _as_value(interval)}))
        except BoundkitError:  # outside what the law can enclose
            return None

    return test


def _failure_test(formula: sympy.Expr, p: Parameter, at: Given, target: Value) -> Test:
    """The test that a formula is at most the target: what holds on all of an interval, None where that is open."""
    wanted = sympy.Rational(target.numerator, target.denominator)
    log_wanted = log_ball(wanted, {})
    reached = sympy.Le(formula, wanted, evaluate=False)

    def test(interval: Interval) -> bool | None:
        low, high = interval
        values = {**at, p.symbol: _as_value(interval)}
        try:
            log = log_ball(formula, values)
            gap = difference(log, log_wanted)
            if gap <= 0 or gap > 0:
                return bool(gap <= 0)
            if low != high and p.symbol in formula.free_symbols:
                return None if formula.has(Tail) else _holds_finely(reached, values, interval, p)
            values[p.symbol] = low
            undefined = log.is_nan() and not formula.has(Tail)
            return False if undefined else holds(reached, values)  # two logs never show that their numbers are one
        except BoundkitError:  # outside what the law can enclose
            return None

    return test


def _relation_test(relation: Formula, p: Parameter, at: Given) -> Test:
    """The test that a relation, or a joined one, holds: what is so on all of an interval, None where that is open."""

    def test(interval: Interval) -> bool | None:
        low, high = interval
        values = {**at, p.symbol: _as_value(interval)}

        def alone(part: Formula) -> bool | None:
            try:
                answer = holds(part, values)
                if answer is not None or low != high:
                    return _holds_finely(part, values, interval, p) if answer is None else answer
                return False if _undefined(part, values) else None
            except BoundkitError:
                return None

        found: bool | None = fold(relation, alone, all_hold, one_holds)
        return found

    return test


def _holds_finely(relation: Formula, values: Values, interval: Interval, p: Parameter) -> bool | None:
    """As `holds` of an interval near 0, in bits enough to tell 1 + x from 1 on it."""
    nearest = min(abs(Fraction(end)) for end in interval)
    if nearest >= PLAIN or nearest == 0:
        return None
    bits = min(BITS + (1 / nearest).__ceil__().bit_length(), MORE_BITS[-1])
    values = {**values, p.symbol: at_bits(bits, _ball_between, *interval)}
    gap = as_arb(ball(sympy.Add(relation.lhs, -relation.rhs, evaluate=False), values, bits))
    return bool(relation.func(1 if gap > 0 else -1, 0)) if gap > 0 or gap < 0 else None


def _undefined(relation: Formula, values: Values) -> bool:
    """Whether a side is nan at every precision: then it is taken to be not defined, and nothing holds there."""
    return any(as_arb(ball(side, values, MORE_BITS[-1])).is_nan() for side in relation.args)


def _as_value(interval: Interval) -> Any:
    """One value as it is, an interval as a ball around it."""
    low, high = interval
    return low if low == high else at_bits(BITS, _ball_between, low, high)


def _ball_between(low: Value, high: Value) -> arb:
    ends = (arb(fmpq(end.numerator, end.denominator)) for end in (low, high))
    return next(ends).union(next(ends))


def span_of(s: StatementRecord, p: Parameter, at: Given, reach: int) -> Span:
    """The parameter's domain, with what the parameters given ask of it, cut to sizes from 1/reach to reach."""
    below = [*_edge(p.low, at, 0, p.strict)]
    above = [*_edge(p.high, at, 1, False)]
    for other in s.parameters:
        if other.symbol in at and other.high == p.symbol:
            below.append((at[other.symbol], False))
        if other.symbol in at and other.low == p.symbol:
            above.append((at[other.symbol], other.strict))
    low, low_out = max([*below, (-reach, False)])
    high, high_out = min([*above, (reach, False)], key=lambda end: (end[0], not end[1]))
    beyond = (low == -reach and not below, high == reach and not above)
    if p.integer:
        first = floor(low) + 1 if low_out else ceil(low)
        last = ceil(high) - 1 if high_out else floor(high)
        return Span(first, last, beyond)
    first_inside = low + _apart(low, reach) if low_out else low
    last_inside = high - _apart(high, reach) if high_out else high
    ends = ((low_out, (low, first_inside)), (high_out, (last_inside, high)))
    rims = tuple(rim for outside, rim in ends if outside and 0 not in rim)  # nothing is understood so near to 0
    return Span(first_inside, last_inside, (beyond[0] or low_out, beyond[1] or high_out), rims)


def _apart(end: Value, reach: int) -> Fraction:
    size: Fraction = abs(Fraction(end)) / FINE
    return max(size, Fraction(1, reach))


def _edge(edge: sympy.Expr, at: Given, side: int, strict: bool) -> list[tuple[Value, bool]]:
    """An end of the domain and whether it is outside; an irrational one as a number just beyond it."""
    if edge.is_infinite or not edge.free_symbols <= at.keys():
        return []
    found = ball(edge, at)
    if isinstance(found, fmpq):
        return [(fraction(found), strict)]
    near = outer_floats(found)
    if not isfinite(near[side]):
        return []
    whole = round(near[side])
    if near[0] <= whole <= near[1] and holds(sympy.Eq(edge, whole, evaluate=False), at):  # as log(exp(3))
        return [(whole, strict)]
    return [(Fraction(near[side]), True)]
