"""Sweeps written down in a TOML file; what is wrong in it is named by its line. Nothing in it is evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
import re
import tomllib
from typing import Any

from boundkit.errors import BoundkitError, ParameterError
from boundkit.studies.sweeps.runners import refuse_parameters
from boundkit.studies.sweeps.tasks import Subject, Task, grids_of, seeds_of, subject_of, tasks_of, values_of
from boundkit.text import one_line
from boundkit.values import Value, cut_text, parse_number

TOP = ("store", "sweep")
KEYS = ("what", "kind", "trials", "seeds", "version", "grid")
MISSING = {"what": 'write what = "NAME", of a statement', "grid": 'write for example grid = { n = "100:500:100" }'}
_HEADER = re.compile(r"\s*\[\[\s*sweep\s*\]\]")


@dataclass(frozen=True)
class SweepFile:
    """What a file asks for: sweeps, each a subject and its tasks, and the store it names, "" for none."""

    sweeps: tuple[tuple[Subject, tuple[Task, ...]], ...]
    store: str


def read_sweep_file(path: str) -> SweepFile:
    """Read a file of sweeps.

    Raises
    ------
    ParameterError
        Where it cannot be read, is no TOML, or asks for what does not exist; with the line.
    """
    try:
        text = Path(path).read_bytes().decode()
    except OSError as error:
        raise ParameterError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ParameterError(f"{path} is not text in UTF-8; write it as TOML") from None
    page = _Page(path, text)
    try:
        read = tomllib.loads(text, parse_float=page.number)
    except tomllib.TOMLDecodeError as error:
        raise ParameterError(f"{path} is no TOML: {error}") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, BoundkitError):
            raise
        raise ParameterError(f"{path} holds a number of thousands of digits, or lists without end; mend it") from None
    _refuse_unknown(page, None, read, TOP)
    store = read.get("store", "")
    with page.at(None, "store"):
        if not isinstance(store, str):
            raise ParameterError(f"store = {cut_text(store)}: write the name of a file")
    entries = read.get("sweep", [])
    with page.at(None, "sweep"):
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            raise ParameterError("there is no sweep; write each below a line [[sweep]]")
    return SweepFile(tuple(_sweep(page, number, entry) for number, entry in enumerate(entries)), store)


def _sweep(page: _Page, number: int, entry: dict[str, Any]) -> tuple[Subject, tuple[Task, ...]]:
    """The subject and the tasks of one sweep; a ParameterError with the line of what is wrong in it."""
    _refuse_unknown(page, number, entry, KEYS)
    for key in ("what", "grid"):
        with page.at(number):
            if key not in entry:
                raise ParameterError(f"this sweep has no {key}; " + MISSING[key])
    what, kind, trials, version = (entry.get(key) for key in ("what", "kind", "trials", "version"))
    with page.at(number, "what"):
        if not isinstance(what, str):
            raise ParameterError(f"what = {cut_text(what)}: write the name of a statement")
        subject_of(what, None, None, "")
    with page.at(number, "kind"):
        if not isinstance(kind, str | None):
            raise ParameterError(f"kind = {cut_text(kind)}: write text")
        subject_of(what, kind, None, "")
    with page.at(number, "version"):
        if not isinstance(version, str | None):
            raise ParameterError(f"version = {cut_text(version)}: write text")
    with page.at(number, "trials"):
        subject = subject_of(what, kind, trials, version or "")
    with page.at(number, "seeds"):
        seeds_of(subject, entry.get("seeds"))
    with page.at(number, "grid"):
        grids = grids_of(entry["grid"])
    for parameter, values in ((parameter, values) for one in grids for parameter, values in one.items()):
        with page.at(number, parameter):
            values_of(subject, parameter, values)
            refuse_parameters(subject.what, subject.kind, {parameter: ()})
    with page.at(number, "grid"):
        return subject, tasks_of(subject, grids, entry.get("seeds"))


def _refuse_unknown(page: _Page, number: int | None, read: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in read:
        with page.at(number, key):
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"what may stand here is {', '.join(known)}"
                raise ParameterError(f"there is no {key!r}; {hint}")


@dataclass(frozen=True)
class _Page:
    """The file's text, to find lines in."""

    path: str
    text: str

    def number(self, text: str) -> Value | float:
        """A decimal of the file, exact; nan and inf as they are, for the parameter that will not have them."""
        plain = text.replace("_", "")
        if plain.lstrip("+-") in ("nan", "inf"):
            return float(plain)
        try:
            return parse_number(plain)
        except ParameterError as error:
            line = self.text[: self.text.find(text)].count("\n") + 1
            raise ParameterError(f"{self.path}, line {line}: {one_line(error)[:200]}") from None

    @contextmanager
    def at(self, number: int | None, key: str = "") -> Iterator[None]:
        """Errors inside are about this key of the sweep with this number, of the file for None."""
        try:
            yield
        except BoundkitError as error:
            raise ParameterError(f"{self.path}, line {self._line(number, key)}: {error}") from None

    def _line(self, number: int | None, key: str) -> int:
        """The line, counted from 1, with this key in this sweep, or above all sweeps; else the first line there."""
        lines = self.text.splitlines()
        heads = [at for at, line in enumerate(lines) if _HEADER.match(line)]
        bounds = [0, *heads, len(lines)]
        here = 0 if number is None or not heads else min(number + 1, len(bounds) - 2)
        start, stop = bounds[here], bounds[here + 1] if heads or number is None else len(lines)
        says = re.compile(rf"(^|[\s.{{,\"'\[]){re.escape(key)}[\"']?\s*(=|\.|\])")
        found = (at for at in range(start, stop) if key and says.search(lines[at].partition("#")[0]))
        return next(found, start) + 1
