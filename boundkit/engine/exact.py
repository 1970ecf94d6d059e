"""The exact failure probability: a statement's law at given values, certified."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import expm1
from typing import TYPE_CHECKING

from flint import arb
import sympy

from boundkit.enclose import BITS, BrokenLaw, as_arb, ball, holds, log_ball, log_law_ball, nearest, outward
from boundkit.engine.accept import accept
from boundkit.engine.verdict import apart_from_truth
from boundkit.errors import HypothesisError, LawError, ParameterError, PrecisionError, StatementError, asked_for
from boundkit.precision import at_bits
from boundkit.tails import Tail, law_at
from boundkit.values import Formula, Value, point_text

if TYPE_CHECKING:
    from boundkit.engine.guarantee import GuaranteeRecord
    from boundkit.model.statement import StatementRecord

LAST_BITS = 2**14  # what is nan even here is taken to be not defined
DIGITS = 12  # that the two ends of an exact answer agree to


@dataclass(frozen=True)
class Exact:
    """The exact failure probability, enclosed.

    Attributes
    ----------
    enclosure : tuple of (float, float)
        Ends of the log of the failure probability, rounded outward.
    log_failure, failure : float
        The float nearest to the middle; 0.0 where the probability is below every float.
    kind : {"exact", "upper bound"}
        What the law gives.
    worst_case : tuple of (name, value)
        Parameters that were not given and took their worst case.
    attained : str
        For an upper bound, the case in which it is the exact failure.
    assumed : tuple of str
        What the law needs besides the statement's hypotheses.
    """

    enclosure: tuple[float, float]
    log_failure: float
    failure: float
    kind: str
    worst_case: tuple[tuple[str, Value], ...] = ()
    attained: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def probability(self) -> float:
        """1 - failure to the nearest float; where `kind` is an upper bound, the claims hold at least this often."""
        return -expm1(self.log_failure) if self.log_failure < 0 else 0.0

    def __float__(self) -> float:
        """The failure probability."""
        return self.failure

    def __str__(self) -> str:
        from boundkit.engine.cards import exact_text

        return exact_text(self)


def exact(g: GuaranteeRecord) -> Exact:
    """Return what `Guarantee.exact` promises, and raise what it names."""
    s = g.statement
    if s.truth is None:
        raise StatementError(f"{s.title} has no law: it can only be simulated")
    sides = [claim.rhs for claim in s.claims] if s.failure == 0 else []  # truth is then held against these
    missing = frozenset().union(*(side.free_symbols for side in (s.truth, *sides))) - g.given.keys()
    worst = tuple((name, value) for name, value in s.worst_case if sympy.Symbol(name) in missing)
    if open_parameters := [x.name for x in missing if x.name not in dict(worst)]:
        raise ParameterError(f"{s.title}: the exact law {asked_for(open_parameters)}")
    return _enclosed(type(g)(s, accept(s, {**dict(g.values), **dict(worst)})) if worst else g, worst)


def _enclosed(g: GuaranteeRecord, worst: tuple[tuple[str, Value], ...]) -> Exact:
    """The law's answer at these values; a PrecisionError where its enclosure is not narrow."""
    s = g.statement
    log = arb("-inf" if surely_true(g) else 0) if s.failure == 0 else log_truth(g)
    if not at_bits(BITS, _is_narrow, log):
        raise PrecisionError(
            f"{s.title}: the log of the failure probability could only be enclosed as {log}; ask for smaller values"
        )
    failure = nearest(at_bits(BITS, log.exp))
    return Exact(outward(log), nearest(log), failure, s.truth_is, worst, s.attained, s.truth_assumes)


def _is_narrow(log: arb) -> bool:
    return not log.is_finite() or log == 0 or bool(log.rad() <= abs(log.mid()) * arb(10) ** -DIGITS)


def log_truth(g: GuaranteeRecord) -> arb:
    """Enclose the log of the true failure probability; every parameter of the truth is given.

    Raises
    ------
    HypothesisError
        Where the law is not defined, at values that the statement does not cover.
    PrecisionError
        Where a law gives nan at every precision: it may be defined there, with a `ball` that loses every digit.
    LawError
        Where it is not defined, at values that the statement does cover: its truth is to be corrected.
    """
    s, broken, says = g.statement, False, "the law is not defined"
    known = (relation for relation in apart_from_truth(s) if relation.free_symbols <= g.given.keys())
    elsewhere = any(holds(relation, g.given) is False for relation in known)
    try:
        log = log_law_ball(s.truth, g.given)
        log = log_law_ball(s.truth, g.given, LAST_BITS) if log.is_nan() else log
        if not (elsewhere or log.is_nan()):
            return log
    except LawError as error:
        broken, says = isinstance(error, BrokenLaw), str(error)
    at = point_text(g.values)
    if not g.applies and not broken:
        raise HypothesisError(f"{s.title} at {at}: {says}; the statement does not cover these values")
    if not broken and (law := _law_without_digits(s.truth, g.given)):
        raise PrecisionError(
            f"{s.title} at {at}: {law} is nan at every precision up to {LAST_BITS} bits: mend its `ball`, which loses "
            "every digit there; or, if it is not defined there, add a hypothesis"
        )
    raise LawError(
        f"{s.title} at {at}: {says}; no hypothesis leaves this point out, so mend truth there (Max, Min or a Piecewise "
        "around the law's arguments), or add a hypothesis"
    )


def _law_without_digits(truth: Formula, given: Mapping[sympy.Symbol, Value]) -> str:
    """The law, in words, that is nan at arguments that are numbers; '' where none is."""
    for tail in truth.atoms(Tail):
        args = [as_arb(ball(arg, given)) for arg in tail.args]
        with suppress(LawError):
            if all(arg.is_finite() for arg in args) and log_ball(tail, given, LAST_BITS).is_nan():
                return law_at(type(tail), args)
    return ""


def told_by_truth(s: StatementRecord, claim: Formula) -> bool:
    """Whether `truth` speaks of a deterministic claim: it is the value of the headline's quantity."""
    return bool(claim.lhs == s.claims[0].lhs)


def claim_holds(s: StatementRecord, claim: Formula, given: Mapping[sympy.Symbol, Value]) -> bool | None:
    """Whether a claim of a deterministic statement holds at a point: certified, and None where that stays open."""
    if s.truth is None or not told_by_truth(s, claim):
        return None
    if s.truth_is != "exact" and not s.attained:
        return _told_from_above(s.truth, claim, given)
    here = claim.func(s.truth, claim.rhs, evaluate=False)
    answer = holds(here, given)
    if answer is None and isinstance(here, sympy.Eq) and as_arb(ball(s.truth, given)).is_finite():
        answer = True if sympy.simplify(s.truth - claim.rhs) == 0 else None  # balls refute, algebra can prove
    return answer


def _told_from_above(most: Formula, claim: Formula, given: Mapping[sympy.Symbol, Value]) -> bool | None:
    """What is known of a claim about a quantity that is at most `most`."""
    touching = claim.rel_op in ("<=", ">")
    below = holds((sympy.Le if touching else sympy.Lt)(most, claim.rhs, evaluate=False), given)
    return claim.rel_op in ("<=", "<", "!=") if below else None


def claims_hold(s: StatementRecord, given: Mapping[sympy.Symbol, Value]) -> tuple[bool | None, ...]:
    """Whether each claim of a deterministic statement holds at a point, as `claim_holds`."""
    return tuple(claim_holds(s, claim, given) for claim in s.claims)


def require_decided(s: StatementRecord, answers: tuple[bool | None, ...]) -> None:
    """Raise a PrecisionError that says which claim stays open, and why."""
    for claim, answer in zip(s.claims, answers, strict=True):
        if answer is None and not told_by_truth(s, claim):
            raise PrecisionError(f"{s.title}: nothing tells {claim.lhs}; truth is the value of {s.claims[0].lhs}")
        if answer is None:
            raise PrecisionError(f"{s.title}: {claim} could not be decided at these values")


def surely_true(g: GuaranteeRecord) -> bool:
    """Whether every claim of a deterministic statement holds at these values, where `truth` is its quantity.

    Raises
    ------
    PrecisionError
        Where none is false and one could not be decided.
    """
    answers = claims_hold(g.statement, g.given)
    if False in answers:
        return False
    require_decided(g.statement, answers)
    return True
