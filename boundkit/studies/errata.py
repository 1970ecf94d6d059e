"""Errata, each with what shows it, run again on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
import re
import textwrap
from typing import Any

from boundkit.api.objects import Statement
from boundkit.api.papers import Paper, first, papers, statements_in
from boundkit.errors import BoundkitError, is_mistake
from boundkit.formats.expressions import escaped_latex
from boundkit.formats.prose import prose_latex
from boundkit.formats.tables import Rows
from boundkit.model.statement import Erratum
from boundkit.studies.refutation import Refutation, refute
from boundkit.text import one_line

WIDTH = 80
MISSED = "NOT CONFIRMED"


@dataclass(frozen=True)
class ErratumCheck:
    """An erratum and the reading that it finds fault with; none where it lies outside the statements."""

    erratum: Erratum
    reading: Statement | None

    @cached_property
    def _looked(self) -> tuple[Refutation | None, str]:
        """The witness, run again, and why it could not be, if so."""
        if self.reading is None or not self.erratum.witness:
            return None, ""
        try:
            return refute(self.reading, **dict(self.erratum.witness)), ""
        except BoundkitError as error:
            return None, str(error)

    @property
    def refutation(self) -> Refutation | None:
        """Why the printed reading is false at the witness."""
        return self._looked[0]

    @property
    def undecided(self) -> str:
        """Why nothing can be said of the witness or the simulation; '' where something can."""
        return "; ".join(filter(None, (self._looked[1], self._simulated[1])))

    @cached_property
    def _simulated(self) -> tuple[tuple[bool, str] | None, str]:
        """The simulation, run again, and why it could not be, if so."""
        if self.erratum.simulation is None:
            return None, ""
        try:
            failed, seen = self.erratum.simulation()
            return (bool(failed), str(seen)), ""
        except BaseException as error:
            if not is_mistake(error):
                raise
            why = one_line(f"{type(error).__name__}: {error}")
            return None, f"the simulation of {self.erratum.id} gave {why}; mend it"

    @property
    def simulation(self) -> tuple[bool, str] | None:
        """The trained network that shows it, run again: whether print failed there, and what was seen."""
        return self._simulated[0]

    @property
    def confirmed(self) -> bool | None:
        """Whether every witness still refutes the printed reading; None where none could be run."""
        shown = [self.refutation is not None] if self.erratum.witness and not self._looked[1] else []
        shown += [self.simulation[0]] if self.simulation else []
        return False if False in shown else True if shown and not self.undecided else None

    @property
    def seen(self) -> str:
        """What the witness shows, in words."""
        why = self._looked[1]
        missed = f"UNDECIDED: {why}" if why else MISSED
        return self.refutation.where if self.refutation else missed

    @property
    def where(self) -> str:
        """The place in the paper."""
        return "The text" if self.reading is None else self.reading.number

    def __str__(self) -> str:
        e = self.erratum
        lines = [f"{e.id} {self.where}: {e.grade}", f"printed   {e.printed}", f"holds     {e.holds}"]
        if e.witness:
            lines.append(f"witness   {self.seen}")
        if self.simulation:
            lines.append(f"simulated {self.simulation[1]}{'' if self.simulation[0] else '; NOT CONFIRMED'}")
        if self._simulated[1]:
            lines.append(f"simulated UNDECIDED: {self._simulated[1]}")
        if e.reason:
            lines.append(f"because   {e.reason}")
        indent = " " * 4
        return "\n".join(
            textwrap.fill(line, WIDTH, initial_indent=indent if i else "", subsequent_indent=indent + " " * 10)
            for i, line in enumerate(lines)
        )

    def to_dict(self) -> dict[str, Any]:
        """What JSON can carry."""
        e = self.erratum
        return {
            "id": e.id,
            "where": self.where,
            "statement": None if self.reading is None else self.reading.name,
            "grade": e.grade,
            "printed": e.printed,
            "holds": e.holds,
            "reason": e.reason,
            "witness": {name: str(value) for name, value in e.witness},
            "simulated": None if self.simulation is None else self.simulation[1],
            "confirmed": self.confirmed,
            "undecided": self.undecided,
            "why": None if self.refutation is None else self.refutation.why,
        }


def errata(*chosen: Statement | Paper) -> Rows[ErratumCheck]:
    """Return what is wrong in print in statements and papers, every witness run again.

    Parameters
    ----------
    *chosen : Statement or Paper
        By default the first paper.

    Returns
    -------
    tuple of ErratumCheck
        By their numbers; it is a table too, by `to_pandas()` and in a notebook.

    Examples
    --------
    >>> import boundkit as bk
    >>> [(found.erratum.id, found.confirmed) for found in bk.errata(bk.lemma_b_1)]
    [('E21', True)]
    """
    return Rows(all_errata(chosen or (first(),)))


def all_errata(chosen: tuple[Statement | Paper, ...] = ()) -> tuple[ErratumCheck, ...]:
    """Return the errata of some statements and papers, or of all that there are, by their numbers."""
    chosen = chosen or tuple(papers.values())
    found = [ErratumCheck(erratum, reading) for s in statements_in(chosen) for erratum, reading in s.steps()]
    beside = [ErratumCheck(erratum, None) for one in chosen if isinstance(one, Paper) for erratum in one.errata]
    return tuple(sorted(dict.fromkeys(found + beside), key=lambda f: _number(f.erratum.id)))


def _number(name: str) -> list[tuple[int, str]]:
    """The second before the tenth, whatever the numbers are called."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", name)]


def errata_latex(findings: tuple[ErratumCheck, ...]) -> str:
    r"""Write the errata as a LaTeX description list, ready for \input."""
    return "\n".join([r"\begin{description}\sloppy", *map(_item, findings), r"\end{description}"])


def _item(f: ErratumCheck) -> str:
    e = f.erratum
    where = escaped_latex(f"{e.id}, {f.where}: {e.grade}")
    shown = f" {prose_latex(str(f.refutation))}." if f.refutation else ""
    return rf"  \item[{where}] printed: {prose_latex(e.printed)}; holds: {prose_latex(e.holds)}.{shown}"
