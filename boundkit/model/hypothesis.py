"""What a statement assumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sympy.logic.boolalg import Boolean

from boundkit.coerce import as_real


@dataclass(frozen=True)
class Hypothesis:
    """What a statement assumes; outside it nothing is promised.

    Attributes
    ----------
    text : str
        In words or as plain text.
    relation : sympy relation, optional
        The same as a relation between parameters, or several joined by And, Or, Not; none where no number decides it.
    tex : str
        The paper's own LaTeX, where it has some.
    measure : callable, optional
        How it is measured on a network of one's own: a function of a `boundkit.simulate.inspection.Inspection` and the
        statement, which returns a `Measured`; none where weights and data tell nothing of it.
    """

    text: str
    relation: Boolean | None = None
    tex: str = ""
    measure: Callable[[Any, Any], Any] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "relation", as_real(self.relation))


def assumed(text: str, measure: Callable[[Any, Any], Any] | None = None) -> Hypothesis:
    """Return a Hypothesis that numbers cannot decide; it prints wherever the statement is used."""
    return Hypothesis(text, measure=measure)
