"""A paper: what it is called, who wrote it, its statements in order, and what of it is not encoded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Any, ClassVar

from boundkit.errors import StatementError
from boundkit.model.erratum import Erratum
from boundkit.values import cut_text


@dataclass(frozen=True)
class PaperRecord:
    """A paper and its statements.

    Attributes
    ----------
    name : str
        What it is called in code and at the command line: ``author2023``.
    title : str
        Its title.
    about : str
        What it is, in a sentence or two, where the title does not say it.
    authors : tuple of str
        Who wrote it.
    year : int, optional
        When.
    bibtex : str
        Its BibTeX entry.
    statements : tuple of Statement
        In its order; each says ``paper=name``.
    not_encoded : tuple of (item, reason)
        What of it is no statement here, and why.
    errata : tuple of Erratum
        What is wrong in it beside its statements.
    main : str
        The name of the statement that is shown first; by default the first one.
    sources : tuple of (key, BibTeX)
        The entries that its statements rest on, by the keys of their `rests_on`.

    Raises
    ------
    StatementError
        Where a field is of the wrong kind, there is no title or no statement, two statements have one name, one is
        another paper's, or is called like a field of a paper, and where proofs depend on each other in a circle.
    """

    loose: ClassVar[bool] = False  # whether it needs no title, and takes statements of any paper

    name: str
    title: str = ""
    about: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    bibtex: str = ""
    statements: tuple[Any, ...] = ()
    not_encoded: tuple[tuple[str, str], ...] = ()
    errata: tuple[Erratum, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    main: str = ""

    def __post_init__(self) -> None:
        if not str(self.name).isidentifier():
            raise StatementError(f"a paper's name is {cut_text(self.name)}; write an identifier, such as author2023")
        for says in chain(_wrong_kinds(self), () if self.loose else _mistakes(self)):
            raise StatementError(f"{self.name}: {says}")

    @property
    def heading(self) -> str:
        """Its title, or its name where it has none."""
        return self.title or self.name


def _wrong_kinds(paper: PaperRecord) -> Iterator[str]:
    """Fields that are not what they have to be: before anything in them is looked at."""
    for field in ("title", "about", "bibtex", "main"):
        if not isinstance(value := getattr(paper, field), str):
            yield f"{field} is {cut_text(value)}; give text"
    for field in ("authors", "statements", "not_encoded", "errata", "sources"):
        if not isinstance(value := getattr(paper, field), tuple):
            yield f"{field} is {cut_text(value)}; give a tuple, {field}=(...,), with a comma after the last"
    if paper.year is not None and type(paper.year) is not int:
        yield f"year is {cut_text(paper.year)}; give a whole number, or leave it out"
    authors: tuple[Any, ...] = paper.authors
    for author in authors:
        if not isinstance(author, str):
            yield f"authors holds {cut_text(author)}; give names as texts"
    for field, pair in (("not_encoded", "an item and a reason"), ("sources", "a key and its BibTeX")):
        for item in getattr(paper, field):
            if not (isinstance(item, tuple) and len(item) == 2 and all(isinstance(part, str) for part in item)):
                yield f"{field} holds {cut_text(item)}; give pairs of texts, {pair}"
    errata: tuple[Any, ...] = paper.errata
    for erratum in errata:
        if not isinstance(erratum, Erratum):
            yield f"errata holds {cut_text(erratum)}; make it with bk.Erratum(...)"
    for s in paper.statements:
        if not hasattr(s, "claims"):
            yield f"statements holds {cut_text(s)}; make it with bk.Statement(...)"


def _mistakes(paper: PaperRecord) -> Iterator[str]:
    """What is wrong with a paper whose fields are of the right kinds, the first thing first."""
    if not paper.title.strip():
        yield "it has no title; give title="
    if not paper.statements:
        yield "it has no statements; give statements=(...,)"
    reserved = {f.name for f in fields(PaperRecord)} | {"heading", "loose"}
    for s in paper.statements:
        if s.paper != paper.name:
            says = f"says paper={s.paper!r}" if s.paper else "says no paper"
            yield f"{s.name} {says}; write paper={paper.name!r} in it, or leave it out of statements"
        if s.name in reserved:
            yield f"a statement is called {s.name}, like a field of a paper; rename it"
        if s.superseded:
            yield f"{s.name} is there {s.reading}; put the reading that holds into statements"
    if paper.main and paper.main not in {s.name for s in paper.statements}:
        yield f"main is {cut_text(paper.main)}, none of its statements; name one, or leave it out"
    twice = [name for name, times in Counter(s.name for s in paper.statements).items() if times > 1]
    for name in twice:
        yield f"two statements are called {name}; rename one"
    inside = {s.name: s.depends_on for s in paper.statements}
    try:
        TopologicalSorter({name: [x for x in uses if x in inside] for name, uses in inside.items()}).prepare()
    except CycleError as error:
        yield f"{' rests on '.join(reversed(error.args[1]))}; mend depends_on"
