"""What is known of a best constant, in words and for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boundkit.api.objects import Statement
from boundkit.studies.refutation import Refutation
from boundkit.text import filled
from boundkit.values import Value, point_words, value_text

DIGITS = 13


@dataclass(frozen=True)
class BestConstant:
    """The best constant of a statement, from both sides.

    Attributes
    ----------
    statement : Statement
        What was asked.
    constant : str
        The parameter, or the number in whose place it stands.
    kind : {"smallest", "largest"}
        Which one is the best: the promise is the weaker the larger it is, or the smaller.
    refuted : int or fractions.Fraction or None
        The best constant that certainly fails; with `refutation`, which says where. None where none was.
    holds : int or fractions.Fraction or None
        One for which a search found no counterexample; None where it found one to the end.
    certified : int or fractions.Fraction or None
        The best one for which the statement is certified; `how` says by what.
    searched : int
        How many points were looked at.
    given : tuple of (name, value or ends)
        The domain, where it was narrowed.
    """

    statement: Statement
    constant: str
    kind: str
    refuted: Value | None
    refutation: Refutation | None
    holds: Value | None
    certified: Value | None
    how: str
    searched: int
    given: tuple[tuple[str, Any], ...] = ()

    @property
    def value(self) -> Value | None:
        """The constant to name: one that was searched in vain, else a certified one, else one that fails."""
        return next((x for x in (self.holds, self.certified, self.refuted) if x is not None), None)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        refuted = self.refutation and {"at": point_words(self.refutation.point), "why": self.refutation.why}
        return {
            "statement": self.statement.name, "reading": self.statement.reading, "constant": self.constant,
            "kind": self.kind, "refuted": _text(self.refuted), "refutation": refuted, "holds": _text(self.holds),
            "certified": _text(self.certified), "how": self.how, "searched": self.searched,
            "given": {name: list(map(str, x)) if isinstance(x, tuple | list) else str(x) for name, x in self.given},
        }  # fmt: skip

    def __str__(self) -> str:
        instead = self.constant if self.constant.isidentifier() else f"constant in the place of {self.constant}"
        domain = "".join(f", {name} = {_domain(x)}" for name, x in self.given)
        about = "not known" if self.value is None else f"about {_text(self.value)}"
        lines = [f"{self.statement.title}{domain}: the {self.kind} {instead} is {about}"]
        if self.certified is not None:
            lines.append(f"  {_text(self.certified)} is certified: {self.how}")
        if self.holds is not None:
            lines.append(f"  {_text(self.holds)}: no counterexample at {self.searched} points, which proves nothing")
        if self.refutation is not None:
            lines.append(f"  {_text(self.refuted)} is refuted {self.refutation.where}")
        else:
            lines.append("  no constant beyond it could be refuted for certain")
        return "\n".join(map(filled, lines))


def _text(x: Value | None) -> str | None:
    """A number as a short fraction, or as the decimal that it is."""
    if x is None or len(value_text(x)) <= DIGITS:
        return None if x is None else value_text(x)
    return f"{Decimal(x.numerator) / Decimal(x.denominator):.{DIGITS}g}"


def _domain(x: Any) -> str:
    return f"{x[0]} to {x[1]}" if isinstance(x, tuple | list) else str(x)
