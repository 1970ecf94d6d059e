"""A statement at one point, held against its exact law: does its claim hold there? Certified, three-valued."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Any

import sympy

from boundkit.api.objects import Guarantee, Statement
from boundkit.enclose import holds, log_ball, outward
from boundkit.engine.exact import claims_hold, log_truth, require_decided
from boundkit.engine.guarantee import Verdict
from boundkit.errors import BoundkitError, ParameterError
from boundkit.studies.refutation import Refutation, too_likely, without_law, wrong_value


class PointStatus(Enum):
    """What was found at a point."""

    INAPPLICABLE = "a hypothesis fails there"
    VACUOUS = "it promises nothing there"
    HOLDS = "the true failure probability is certainly at most the claimed one"
    FALSE = "it is certainly false"
    UNDECIDED = "neither could be certified"
    MEASURED = "no law decides it; it can only be simulated"


@dataclass(frozen=True)
class PointCheck:
    """A statement at one point.

    Attributes
    ----------
    guarantee : Guarantee
        The statement and the point.
    status : PointStatus
        What was found.
    log_claimed, log_exact : tuple of (float, float)
        Logs of the claimed and of the true failure probability, enclosed; where they were not needed, all that
        is known: (-inf, 0).
    refutation : Refutation, optional
        Where it is false: why.
    reason : str
        Where nothing could be decided: why not.
    """

    guarantee: Guarantee
    status: PointStatus
    log_claimed: tuple[float, float] = (-inf, 0.0)
    log_exact: tuple[float, float] = (-inf, 0.0)
    refutation: Refutation | None = None
    reason: str = ""

    @property
    def looseness(self) -> float | None:
        """How many times the claimed exponent the true one is; None where either is 0 or infinite."""
        claimed, exact = sum(self.log_claimed) / 2, sum(self.log_exact) / 2
        if self.status is not PointStatus.HOLDS or not -inf < exact < 0 or not -inf < claimed < 0:
            return None
        return exact / claimed


def check_point(statement: Statement, **values: Any) -> PointCheck:
    """Hold a statement against its exact law at a point of its domain.

    Parameters
    ----------
    statement : Statement
        Any reading.
    **values
        A value for each of its parameters.

    Returns
    -------
    PointCheck
        HOLDS and FALSE are certified; a bound on the truth that is only an upper bound never makes it FALSE. What a
        law cannot say, or no precision could decide, is UNDECIDED, with the reason.

    Raises
    ------
    ParameterError
        Where a parameter is missing or its value makes no sense.
    """
    g = statement(**values)
    if g.free:
        raise ParameterError(f"{statement.title} needs a value for {', '.join(g.free)} to be judged there")
    try:
        return _judged(g)
    except BoundkitError as error:  # what a law of the user's raises comes as one too
        return PointCheck(g, PointStatus.UNDECIDED, reason=str(error))


def _judged(g: Guarantee) -> PointCheck:
    """What is found at the point; a BoundkitError where its law has no answer, or a claim stays open."""
    s = g.statement
    if g.verdict is Verdict.INAPPLICABLE:
        return PointCheck(g, PointStatus.INAPPLICABLE)
    if g.verdict is Verdict.VACUOUS:
        return PointCheck(g, PointStatus.VACUOUS)
    if g.applies is None:
        left = "; ".join(check.text for check in g.hypotheses if check.holds is None)
        return PointCheck(g, PointStatus.UNDECIDED, reason=f"no precision tried decides whether {left}")
    if refutation := without_law(s, g.values, g.given):
        return PointCheck(g, PointStatus.FALSE, refutation=refutation)
    if s.truth is None:
        return PointCheck(g, PointStatus.MEASURED)
    if s.failure == 0:
        answers = claims_hold(s, g.given)
        if refutation := wrong_value(s, g.values, g.given, answers):
            return PointCheck(g, PointStatus.FALSE, refutation=refutation)
        require_decided(s, answers)
        return PointCheck(g, PointStatus.HOLDS)
    true, claimed = log_truth(g), log_ball(s.failure, g.given)
    logs = outward(claimed), outward(true)
    if refutation := too_likely(s, g.values, true, claimed):
        return PointCheck(g, PointStatus.FALSE, *logs, refutation)
    if true <= claimed or holds(sympy.Le(s.truth, s.failure, evaluate=False), g.given):  # equal, as algebra may see
        return PointCheck(g, PointStatus.HOLDS, *logs)
    loose = s.truth_is == "upper bound" and not s.attained
    reason = "truth is only an upper bound here, and above the claim" if loose else "the law's enclosure is too wide"
    return PointCheck(g, PointStatus.UNDECIDED, *logs, reason=reason)
