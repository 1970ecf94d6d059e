"""What the checker says of a proof: a line for each thing that was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boundkit.model.statement import StatementRecord
from boundkit.values import Formula

if TYPE_CHECKING:
    from boundkit.engine.proof.coq.accepting import Acceptance


@dataclass(frozen=True)
class Line:
    """One thing that was checked.

    Attributes
    ----------
    part : {"parameters", "spends", "so", "claims", "budget"}
        Where in the proof it stands; what is said of parameters is a line only where something is wrong with them.
    relation : sympy relation
        What it says.
    shown : bool
        Whether the machine showed it.
    why : str
        How, in words; or what is missing.
    because : str
        What it means.
    """

    part: str
    relation: Formula
    shown: bool
    why: str
    because: str = ""


@dataclass(frozen=True)
class CertificateRecord:
    """A proof for all sizes, checked.

    Attributes
    ----------
    statement : StatementRecord
        What it proves.
    lines : tuple of Line
        Every step, in order.
    assumed : tuple of str
        What it takes as known.
    """

    statement: StatementRecord
    lines: tuple[Line, ...]
    assumed: tuple[str, ...]

    @property
    def holds(self) -> bool | None:
        """True where every step was shown; None where one was not, which refutes nothing."""
        return True if all(line.shown for line in self.lines) else None

    @property
    def missing(self) -> tuple[Line, ...]:
        """What was not shown."""
        return tuple(line for line in self.lines if not line.shown)

    @property
    def accepted(self) -> Acceptance | None:
        """What Coq said of it when it was asked, where that is kept beside the paper."""
        from boundkit.engine.proof.coq.accepting import stored

        return stored(self.statement) if self.holds else None

    def latex(self) -> str:
        """Return it as LaTeX, a description of the proof with its steps in an enumerate."""
        from boundkit.engine.proof.words import certificate_latex

        return certificate_latex(self)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.engine.proof.words import certificate_dict

        return certificate_dict(self)

    def __str__(self) -> str:
        from boundkit.engine.proof.words import certificate_text

        return certificate_text(self)

    def __repr__(self) -> str:
        found = "every step shown" if self.holds else f"{len(self.missing)} of {len(self.lines)} steps not shown"
        return f"<certificate of {self.statement.name}: {found}>"
