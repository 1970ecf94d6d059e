"""A statement at one point, held against its exact law: does its claim hold there? Certified, three-valued."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Any

from boundkit.enclose import log_ball, outward
from boundkit.errors import PrecisionError
from boundkit.exact import log_truth, surely_true
from boundkit.guarantee import Guarantee, Verdict
from boundkit.statement import Statement
from boundkit.verify.refutation import Refutation, refute


class Standing(Enum):
    """What was found at a point."""

    INAPPLICABLE = "a hypothesis fails there"
    VACUOUS = "it promises nothing there"
    HOLDS = "the true failure probability is certainly at most the claimed one"
    FALSE = "it is certainly false"
    UNDECIDED = "neither could be certified"
    MEASURED = "no law decides it; a trained network can be measured"


@dataclass(frozen=True)
class Judgement:
    """A statement at one point.

    Attributes
    ----------
    guarantee : Guarantee
        The statement and the point.
    standing : Standing
        What was found.
    log_claimed, log_exact : tuple of (float, float)
        Logs of the claimed and of the true failure probability, enclosed; where they were not needed, all that
        is known: (-inf, 0).
    refutation : Refutation, optional
        Where it is false: why.
    """

    guarantee: Guarantee
    standing: Standing
    log_claimed: tuple[float, float] = (-inf, 0.0)
    log_exact: tuple[float, float] = (-inf, 0.0)
    refutation: Refutation | None = None

    @property
    def looseness(self) -> float | None:
        """How many times the claimed exponent the true one is; None where either is 0 or infinite."""
        claimed, exact = sum(self.log_claimed) / 2, sum(self.log_exact) / 2
        if self.standing is not Standing.HOLDS or not -inf < exact < 0 or not -inf < claimed < 0:
            return None
        return exact / claimed


def judge(statement: Statement, **values: Any) -> Judgement:
    """Hold a statement against its exact law at a point of its domain.

    Parameters
    ----------
    statement : Statement
        Any reading.
    **values
        A value for each of its letters.

    Returns
    -------
    Judgement
        HOLDS and FALSE are certified; a bound on the truth that is only an upper bound never makes it FALSE.
    """
    g = statement(**values)
    if g.verdict is Verdict.INAPPLICABLE:
        return Judgement(g, Standing.INAPPLICABLE)
    if g.verdict is Verdict.VACUOUS:
        return Judgement(g, Standing.VACUOUS)
    if g.applies is None:
        return Judgement(g, Standing.UNDECIDED)
    try:
        if refutation := refute(statement, **values):
            return _with_logs(g, Standing.FALSE, refutation)
        if statement.truth is None:
            return Judgement(g, Standing.MEASURED)
        if statement.failure == 0:
            return Judgement(g, Standing.HOLDS if surely_true(g) else Standing.FALSE)
        found = _with_logs(g, Standing.UNDECIDED)
    except PrecisionError:
        return Judgement(g, Standing.UNDECIDED)
    if found.log_exact[1] <= found.log_claimed[0]:
        return Judgement(g, Standing.HOLDS, found.log_claimed, found.log_exact)
    return found


def _with_logs(g: Guarantee, standing: Standing, refutation: Refutation | None = None) -> Judgement:
    s = g.statement
    if s.truth is None or s.failure == 0 or (refutation and refutation.excess is None):
        return Judgement(g, standing, refutation=refutation)
    claimed, exact = outward(log_ball(s.failure, g.given)), outward(log_truth(g))
    return Judgement(g, standing, claimed, exact, refutation)

