"""What a statement is worth at given values: the same for a call, for arrays, and for what is drawn from them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import sympy
from sympy.core.relational import Relational

if TYPE_CHECKING:
    import numpy as np

    from boundkit.model.parameter import Parameter
    from boundkit.model.statement import StatementRecord
    from boundkit.values import Formula


class Verdict(Enum):
    """What a statement is worth at given values, in order of precedence."""

    INAPPLICABLE = "a hypothesis fails: nothing is promised"
    VACUOUS = "promised, and vacuous: it may fail with probability 1, or its bounds are always met"
    UNDETERMINED = "promised under the conditions still open"
    INFORMATIVE = "promised"

    @property
    def brief(self) -> str:
        """What the statement does there, in two words: "it does not apply"."""
        return _BRIEF[self.name]


_BRIEF = {
    "INAPPLICABLE": "does not apply", "VACUOUS": "promises nothing", "UNDETERMINED": "is undetermined",
    "INFORMATIVE": "says something",
}  # fmt: skip


def verdict_at(fails: bool, vacuous: bool, is_open: bool) -> Verdict:
    """The verdict where a hypothesis fails, where the promise is vacuous, where a condition is open, or else."""
    return next(verdict for verdict, so in zip(Verdict, (fails, vacuous, is_open, True), strict=True) if so)


def verdict_names(fails: np.ndarray, vacuous: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """The names of the verdicts on arrays."""
    import numpy as np

    *first, last = (verdict.name for verdict in Verdict)
    return np.select([fails, vacuous, is_open], first, last)


def always_met(s: StatementRecord, claim: Relational) -> Relational | None:
    """Return the relation under which a claim is vacuous, by its quantity's range; None if never."""
    quantity: Parameter | None = next((q for q in s.quantities if q.symbol == claim.lhs), None)
    if quantity is None:
        return None
    end = quantity.low if claim.rel_op in (">", ">=") else quantity.high
    touching = claim.rel_op in (">=", "<=") or (quantity.strict and end is quantity.low)
    if end.is_infinite or claim.rel_op not in (">", ">=", "<", "<="):
        return None
    above = claim.rel_op in (">", ">=")
    order = (sympy.Ge if touching else sympy.Gt) if above else (sympy.Le if touching else sympy.Lt)
    return order(end, claim.rhs, evaluate=False)


def vacuity(s: StatementRecord) -> tuple[Relational, ...]:
    """Return the relations that, all together, say that every claim is always met; none where that is never so."""
    relations = tuple(always_met(s, claim) for claim in s.claims)
    return tuple(r for r in relations if r is not None) if None not in relations else ()


def apart_from_truth(s: StatementRecord) -> tuple[Formula, ...]:
    """The hypotheses that speak of no parameter of the truth: where one fails, it is not of what happens there."""
    known = frozenset() if s.truth is None else s.truth.free_symbols
    return tuple(relation for relation in s.relations if not relation.free_symbols & known)
