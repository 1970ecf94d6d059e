"""What a statement assumes."""

from __future__ import annotations

from dataclasses import dataclass

from sympy.core.relational import Relational


@dataclass(frozen=True)
class Hypothesis:
    """What a statement assumes; outside it nothing is promised.

    Attributes
    ----------
    text : str
        In words or as plain text.
    relation : sympy relation, optional
        The same as a relation between letters; none where numbers cannot decide it.
    tex : str
        The paper's own LaTeX, where it has some.
    """

    text: str
    relation: Relational | None = None
    tex: str = ""


def assumed(text: str) -> Hypothesis:
    """Return a Hypothesis that numbers cannot decide; it prints wherever the statement is used."""
    return Hypothesis(text)
