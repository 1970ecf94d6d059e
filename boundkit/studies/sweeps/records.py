"""The rows that a store holds, for reading: one a task, flat, and exported as tables are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from boundkit.errors import StatementError
from boundkit.formats.plainly import json_text
from boundkit.formats.tables import csv_text, data_frame
from boundkit.studies.sweeps.serialize import from_text
from boundkit.studies.sweeps.tasks import Identity
from boundkit.text import one_line
from boundkit.values import point_numbers


@dataclass(frozen=True)
class Run:
    """A task and what it came to.

    Attributes
    ----------
    identity : Identity
        What tells it from every other task.
    result : dict, optional
        Its numbers by name; none where it failed.
    error : str, optional
        Why it failed: the sentence of its BoundkitError.
    """

    identity: Identity
    result: dict[str, Any] | None
    error: str | None

    @property
    def statement(self) -> str:
        """The name of the statement, or of the function."""
        return self.identity.label

    @property
    def kind(self) -> str:
        """How it was run: evaluate, exact, simulate, attack or function."""
        return self.identity.kind

    @property
    def parameters(self) -> dict[str, Any]:
        """Its point of the grid: exact numbers, and words."""
        return from_text(self.identity.parameters)

    @property
    def seed(self) -> int | None:
        """Its seed as it was asked for."""
        return self.identity.seed

    @property
    def derived_seed(self) -> int | None:
        """The seed that its draws started from; `simulate.check` with it gives the same numbers."""
        return self.identity.derived_seed

    @property
    def found_false(self) -> bool:
        """Whether it shows that the statement is false: refuted by the exact law, or by simulation."""
        told = self.result or {}
        return self.kind != "function" and (told.get("refuted") is True or told.get("verdict") == "VIOLATED")

    def to_dict(self) -> dict[str, Any]:
        """Return one flat record: parameters as floats where they are fractions, then the numbers, then the error."""
        settings = from_text(self.identity.settings)
        parameters = point_numbers(self.parameters.items())
        head = {"statement": self.statement, "kind": self.kind, **parameters, "seed": self.seed}
        return {**head, **settings, **(self.result or {}), "error": self.error}


@dataclass(frozen=True, repr=False)
class Runs:
    """What a sweep came to, or what a store holds.

    Attributes
    ----------
    rows : tuple of Run
        In the order of the grid; of a whole store, by statement, kind, parameters and seed.
    version : str
        The boundkit that computed them.
    store : str
        The file; empty where there is none.
    damaged : tuple of str
        What is not as it was written: rows, which are left out and which a sweep runs again, and the store's header.
    corrected : tuple of str
        Those that this sweep found damaged, and ran again where its grid holds them.
    """

    rows: tuple[Run, ...]
    version: str
    store: str = ""
    damaged: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Run, ...]:
        """The rows whose task ended with an error."""
        return tuple(row for row in self.rows if row.error is not None)

    @property
    def found_false(self) -> tuple[Run, ...]:
        """The rows that show a statement to be false."""
        return tuple(row for row in self.rows if row.found_false)

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a row, all with the same fields; None where a row has no such number."""
        told = [row.to_dict() for row in self.rows]
        names = dict.fromkeys(name for record in told for name in record if name != "error")
        return [{name: record.get(name) for name in (*names, "error")} for record in told]

    def to_csv(self) -> str:
        """Return the records as CSV, floats to their last digit."""
        records = self.records()
        return csv_text(records[0] if records else ["statement"], (record.values() for record in records))

    def to_json(self) -> str:
        """Return the records as JSON with the version; infinities and nan as text, which JSON lacks."""
        damaged = {"damaged": list(self.damaged)} if self.damaged else {}
        return json_text({"boundkit": self.version, "rows": self.records(), **damaged})

    def to_pandas(self) -> Any:
        """Return the records as a pandas.DataFrame.

        Raises
        ------
        BoundkitError
            Where pandas is not installed.
        """
        return data_frame(self.records())

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Run]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"<{len(self)} runs{f' in {self.store}' if self.store else ''}, {len(self.failed)} failed>"

    def __str__(self) -> str:
        """Lines of counts, one for each statement and kind, and one for each error that occurs."""
        groups: dict[tuple[str, str], list[Run]] = {}
        for row in self.rows:
            groups.setdefault((row.statement, row.kind), []).append(row)
        lines = [f"{self.store or 'a sweep'}: {_count(len(self), 'run')} by boundkit {self.version}"]
        for (statement, kind), rows in groups.items():
            parameters = list(dict.fromkeys(name for row in rows for name in row.parameters))
            failed = sum(row.error is not None for row in rows)
            false = sum(row.found_false for row in rows)
            notes = [_count(len(rows), "run"), *([f"{failed} failed"] if failed else [])]
            notes += [f"{false} found it false"] if false else []
            lines.append(f"{statement}, {kind}: {', '.join(notes)}{_over(parameters)}")
        for error, rows in _errors(self.failed).items():
            lines.append(f"failed {len(rows)} times: {error}" if len(rows) > 1 else f"failed: {error}")
        told = (("damaged, and left out", self.damaged), ("damaged, and taken out; run again", self.corrected))
        for what, names in told:
            more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
            lines += [f"{what}: {'; '.join(names[:MOST])}{more}"] if names else []
        return "\n".join(f"  {one_line(line)}" if i else one_line(line) for i, line in enumerate(lines))


def run_of(identity: Identity, result: Any, error: Any) -> Run | None:
    """What a store says of a task; None where that is no record."""
    if (result is None) == (error is None):
        return None
    try:
        run = Run(identity, None if result is None else from_text(result), error)
        named = all(isinstance(value, int | float | Fraction | str) for value in run.parameters.values())
        return run if named and isinstance(from_text(identity.settings), dict) else None
    except StatementError:
        return None


def sorted_runs(rows: Iterator[Run]) -> tuple[Run, ...]:
    """Rows in an order that does not depend on how they came."""

    def order(row: Run) -> Any:
        parameters = [(name, isinstance(value, str), value) for name, value in row.parameters.items()]
        seed = -1 if row.seed is None else row.seed
        return row.statement, row.kind, row.identity.settings, parameters, seed, row.identity.code

    return tuple(sorted(rows, key=order))


MOST = 5  # errors or damaged rows that are told one by one


def _errors(failed: tuple[Run, ...], most: int = MOST) -> dict[str, list[Run]]:
    by_text: dict[str, list[Run]] = {}
    for row in failed:
        by_text.setdefault(str(row.error), []).append(row)
    return dict(sorted(by_text.items(), key=lambda item: -len(item[1]))[:most])


def _over(parameters: list[str]) -> str:
    return f", over {', '.join(parameters)}" if parameters else ""


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
