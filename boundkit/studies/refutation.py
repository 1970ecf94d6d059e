"""Is a statement false at a point? Certified, or not said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import inf, isnan
from typing import Any

from flint import arb
import sympy

from boundkit.api.objects import Guarantee, Statement
from boundkit.enclose import Values, ball, difference, ends, holds, log_ball, nearest, outward
from boundkit.engine.exact import claims_hold, log_truth
from boundkit.engine.guarantee import failure_at
from boundkit.errors import HypothesisError, ParameterError
from boundkit.formats.expressions import outward as rounded
from boundkit.formats.expressions import relation_text
from boundkit.formats.numbers import ABSURD, failure_text, number_text, power_text, safe_side
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.precision import at_bits
from boundkit.values import Ball, Formula, point_text

DIGITS = (6, 12, 30)  # of two numbers that should differ in print
FAILURE_DIGITS = (3, 6, 9, 12, 15, 18, 21, 24, 27, 30)
LEAST_LOG = -745  # of a probability that a float holds


@dataclass(frozen=True)
class Refutation:
    """A point at which a statement is certainly false.

    Attributes
    ----------
    statement : Statement
        What is refuted.
    point : tuple of (name, value)
        Where.
    why : str
        What is wrong there.
    excess : tuple of (float, float), optional
        Where a probability is at fault: the log of the true failure probability over the claimed one, enclosed.
    """

    statement: Statement
    point: Point
    why: str
    excess: tuple[float, float] | None = None

    @property
    def where(self) -> str:
        """The point in words, what was chosen against the statement, and what is wrong there."""
        against = {p.name for p in self.statement.parameters if p.chosen}
        own = point_text((name, x) for name, x in self.point if name not in against)
        chosen = point_text((name, x) for name, x in self.point if name in against)
        told = f"{own} when {chosen} is chosen" if own and chosen else f"{chosen}, which is chosen" if chosen else own
        return f"at {told}: {self.why}"

    def __str__(self) -> str:
        return f"{self.statement.title} is false {self.where}"


def refute(statement: Statement, **values: Any) -> Refutation | None:
    """Return why a statement is false at a point of its domain, certified; None where that cannot be shown.

    Parameters
    ----------
    statement : Statement
        Any reading: ``statement.as_printed``.
    **values
        A value for each of its parameters.

    Raises
    ------
    ParameterError
        Where a parameter is missing or its value makes no sense.
    HypothesisError
        Where the statement does not cover the point, so that nothing could be refuted.
    LawError
        Where it does, and its truth is not defined there.

    Examples
    --------
    >>> import boundkit as bk
    >>> print(bk.refute(bk.lemma_b_2.as_printed, n=16, m=2, sigma=1, r=-1))
    Lemma B.2 as printed is false at n = 16, m = 2, sigma = 1, r = -1: it fails with probability 1, and claims ...
    >>> bk.refute(bk.lemma_b_2, n=16, m=2) is None
    True
    """
    point = statement.accept(values)
    given = _refutable(statement, point)
    return (
        without_law(statement, point, given)
        or wrong_value(statement, point, given, claims_hold(statement, given) if statement.failure == 0 else ())
        or _too_likely(statement, point, given)
    )


def _refutable(statement: Statement, point: Point) -> Values:
    """The point's values by symbol, where the statement covers it."""
    given = {sympy.Symbol(name): value for name, value in point}
    if missing := [s.name for s in statement.symbols if s not in given]:
        raise ParameterError(f"{statement.title} needs a value for {', '.join(missing)} to be refuted there")
    for hypothesis in statement.hypotheses:
        if hypothesis.relation is not None and holds(hypothesis.relation, given) is not True:
            raise HypothesisError(f"{statement.title} does not cover this point: {hypothesis.text} is needed")
    return given


def without_law(s: Statement, point: Point, given: Values) -> Refutation | None:
    """What is wrong with the bounds themselves: one is not defined, or one that its quantity can never keep to."""
    return _undefined(s, point, given) or _impossible(s, point, given)


def _undefined(s: Statement, point: Point, given: Values) -> Refutation | None:
    for claim in s.claims:
        if isnan(nearest(ball(claim.rhs, given))):
            return Refutation(s, point, "the bound is not defined")
    return None


def _impossible(s: Statement, point: Point, given: Values) -> Refutation | None:
    """A claim that its quantity can never meet, or two of them, with a failure probability claimed below 1."""
    if not log_ball(s.failure, given) < 0:
        return None

    def said(claim: Formula) -> str:
        return relation_text(s, claim, safe_side(claim.rhs, given, rounded(claim)))

    for claim in s.claims:
        quantity = next(q for q in s.quantities if q.symbol == claim.lhs)
        if _beyond(claim, quantity, given):
            return Refutation(s, point, f"it claims {said(claim)}, which cannot be")
    for upper, lower in opposite(s.claims):
        if holds(_crossed(upper, lower), given) is True:
            return Refutation(s, point, f"it claims both {said(upper)} and {said(lower)}, which cannot be")
    return None


def opposite(claims: tuple[Formula, ...]) -> Iterator[tuple[Formula, Formula]]:
    """Those that bound one quantity from above and from below, in pairs."""
    for upper, lower in permutations(claims, 2):
        if upper.lhs == lower.lhs and upper.rel_op in ("<=", "<", "==") and lower.rel_op in (">=", ">", "=="):
            yield upper, lower


def _crossed(upper: Formula, lower: Formula) -> Formula:
    strict = "<" in (upper.rel_op, lower.rel_op) or ">" in (upper.rel_op, lower.rel_op)
    return (sympy.Le if strict else sympy.Lt)(upper.rhs, lower.rhs, evaluate=False)


def _beyond(claim: Formula, quantity: Parameter, given: Values) -> bool:
    end, outside = {
        "<=": (quantity.low, sympy.Lt),
        "<": (quantity.low, sympy.Le),
        ">=": (quantity.high, sympy.Gt),
        ">": (quantity.high, sympy.Ge),
    }.get(claim.rel_op, (sympy.oo, None))
    return not end.is_infinite and holds(outside(claim.rhs, end, evaluate=False), given) is True


def wrong_value(s: Statement, point: Point, given: Values, answers: tuple[bool | None, ...]) -> Refutation | None:
    """Where nothing is random, `truth` is the quantity itself: the first claim that certainly does not hold of it."""
    for claim, answer in zip(s.claims, answers, strict=False):  # without answers, none is
        if answer is False:
            true, bound = _told_apart(ball(s.truth, given), ball(claim.rhs, given))
            quantity = next(q for q in s.quantities if q.symbol == claim.lhs)
            said = "" if claim.rel_op == "==" else f"{claim.rel_op} "
            fact = "is" if s.truth_is == "exact" or s.attained else "is at most"
            return Refutation(s, point, f"{quantity.text or quantity.name} {fact} {true}, not {said}{bound}")
    return None


def _told_apart(*sides: Ball) -> tuple[str, ...]:
    """Numbers of any size as decimals, with as many digits as it takes to see that they differ."""
    for digits in DIGITS:
        texts = tuple(number_text(_decimal(side, digits), digits) for side in sides)
        if len({*texts}) == len(sides):
            break
    return texts


def _decimal(x: Ball, digits: int) -> Decimal:
    return Decimal(at_bits(4 * digits + 64, lambda: arb(x).mid().str(digits + 5, radius=False)))


def _too_likely(s: Statement, point: Point, given: Values) -> Refutation | None:
    if s.failure == 0 or s.truth is None or (s.truth_is == "upper bound" and not s.attained):
        return None
    return too_likely(s, point, log_truth(Guarantee(s, point)), log_ball(s.failure, given))


def too_likely(s: Statement, point: Point, true: arb, claimed: arb) -> Refutation | None:
    """A true failure probability that is certainly larger than the claimed one, from the logs of both."""
    excess = difference(true, claimed)
    if (s.truth_is == "upper bound" and not s.attained) or not excess > 0:
        return None
    fails, claims = _probabilities(failure_at(Guarantee(s, point))[1], true, claimed)
    why = f"it fails with probability {fails}, and claims at most {claims}"
    return Refutation(s, point, why, outward(excess))


def _probabilities(shown: Fraction | Decimal, true: arb, claimed: arb) -> tuple[str, str]:
    """What is true and what is claimed, rounded towards each other, with the digits that it takes to tell them apart.

    A claim too small for a decimal is a power of e, and beside it the truth is one too where no float holds it.
    """
    low, high = ends(true)[0], ends(claimed)[1]
    as_powers = -inf < high < -ABSURD and low < LEAST_LOG
    texts = ("", "")
    for digits in FAILURE_DIGITS:
        fails = power_text(low, digits, -1) if as_powers else failure_text(low, digits, -1)
        rational = isinstance(shown, Fraction) and not as_powers
        texts = fails, number_text(shown, digits, 1) if rational else failure_text(high, digits, 1)
        if _size(texts[0]) > _size(texts[1]):
            break
    return texts


def _size(text: str) -> tuple[bool, Decimal]:
    """What a printed probability is ordered by: all powers of e are below what is written as a decimal, save 0."""
    if text == "0":
        return False, Decimal("-inf")
    power = text.startswith("e^(")
    return not power, Decimal(text[3:-1] if power else text)
