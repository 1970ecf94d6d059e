"""What is wrong in print, and how much it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from boundkit.errors import StatementError
from boundkit.values import cut_text

if TYPE_CHECKING:
    from boundkit.model.statement import StatementRecord

Point = tuple[tuple[str, Any], ...]
Grade = Literal["wrong formula", "missing hypothesis", "degenerate case", "proof only", "typo", "loose"]
GRADES: tuple[Grade, ...] = get_args(Grade)  # from the worst on
CHANGING = GRADES[:3]  # what is claimed is another thing once it is corrected
_MANY = {
    "wrong formula": "wrong formulas", "missing hypothesis": "missing hypotheses",
    "degenerate case": "degenerate cases", "typo": "typos",
}  # fmt: skip


@dataclass(frozen=True)
class Erratum:
    """What is printed, what holds instead, and how one sees it.

    Attributes
    ----------
    id : str
        Its number in the list of errata.
    printed, holds : str
        The two readings, in plain text.
    grade : {"wrong formula", "missing hypothesis", "degenerate case", "proof only", "typo", "loose"}
        False at sizes that matter; false without an assumption; false, or about nothing, at an edge only; wrong in a
        proof whose result stands; a slip of the text; true and needlessly weak.
    witness : tuple of (name, value)
        A point of the printed domain where the printed reading is false.
    reason : str
        What shows it, in words, where no single point does.
    step : StatementRecord, optional
        Where a display inside a proof is meant: that display as a statement; the witness is a point of its domain.
    simulation : callable, optional
        Trains networks that show it: () to (whether print failed there, what was seen).
    brief : str
        What is corrected, in a few words; `holds` by default.

    Raises
    ------
    StatementError
        For a grade that is none of these, and for fields that are no text.
    """

    id: str
    printed: str
    holds: str
    grade: Grade
    witness: Point = ()
    reason: str = ""
    step: StatementRecord | None = None
    simulation: Callable[[], tuple[bool, str]] | None = None
    brief: str = ""

    def __post_init__(self) -> None:
        for field in ("id", "printed", "holds", "reason", "brief"):
            if not isinstance(getattr(self, field), str):
                raise StatementError(f"an erratum's {field} is {cut_text(getattr(self, field))}; give text")
        if self.grade not in GRADES:
            given = f"{self.id}: grade = {cut_text(self.grade)}"
            raise StatementError(f"{given}; write one of {', '.join(map(repr, GRADES))}")

    @property
    def correction(self) -> str:
        """What is corrected, and its number."""
        return f"{self.brief or self.holds} ({self.id})"


def by_grade(errata: Iterable[Erratum]) -> dict[Grade, tuple[str, ...]]:
    """Return the numbers of errata by grade, the worst first; one that is graded twice stands at its worst."""
    worst: dict[str, int] = {}
    for e in errata:
        worst[e.id] = min(GRADES.index(e.grade), worst.get(e.id, len(GRADES)))
    found = {grade: tuple(name for name, place in worst.items() if place == i) for i, grade in enumerate(GRADES)}
    return {grade: names for grade, names in found.items() if names}


def counted(errata: Iterable[Erratum]) -> str:
    """Return how many errata have each grade, in words."""
    return ", ".join(
        f"{len(names)} {grade if len(names) == 1 else _MANY.get(grade, grade)}"
        for grade, names in by_grade(errata).items()
    )
