"""The audit as one self-contained page: nothing in it is loaded from elsewhere, and no script runs."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
import os
import platform
from typing import TYPE_CHECKING

from boundkit.api.papers import Collection, Paper, belongs, papers
from boundkit.formats.html import Html, joined, listed, tag
from boundkit.formats.progress import Progress
from boundkit.formats.prose import prose_html
from boundkit.formats.tables import grid
from boundkit.report.references import dependency_section, reference_section
from boundkit.report.sections import badge, erratum_section, statement_section
from boundkit.studies.audit_summary import verdict_text
from boundkit.studies.audit_words import HEADINGS, LEGEND, entry_cells, title
from boundkit.studies.errata import all_errata
from boundkit.version import VERSION

if TYPE_CHECKING:
    from boundkit.studies.auditing import Audit, Entry
    from boundkit.studies.errata import ErratumCheck

PACKAGES = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "matplotlib")
# No script, and nothing from elsewhere: maps are images inside the page.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def audit_page(audit: Audit, command: str = "", progress: Progress | None = None) -> str:
    """Write the page.

    Parameters
    ----------
    audit : Audit
        What was found; the first paper's statements come first, those of others in parts of their own.
    command : str
        The command that makes the page again, printed on it.
    progress : callable, optional
        Called with (what, done, total) before each statement.

    Returns
    -------
    str
        HTML. Equal audits give equal pages: it has a date only where SOURCE_DATE_EPOCH gives one.
    """
    groups = _by_paper(audit)
    sections = {}
    for i, entry in enumerate(entry for entries in groups.values() for entry in entries):
        if progress is not None:
            progress(entry.statement.name, i, len(audit.entries))
        sections[entry.label] = statement_section(entry)
    parts = [("summary", "Summary", [_summary(audit, groups)])]
    for number, (name, entries) in enumerate(groups.items()):
        text = _text_place(number, name)
        told = [tag("p", about)] if (about := _paper(name).about) else []
        heading = _caption(number, name)
        parts.append((_place(number, name), heading, [*told, *(sections[e.label] for e in entries)]))
        if beside := _beside(entries):
            errata = [erratum_section(f, text) for f in beside]
            parts.append((text, "Errata outside the statements", errata))
    parts += [*_resting(groups), ("made", "How it was made", [made_by(command)])]
    inside = [tag("section", tag("h2", text), *content, id=name) for name, text, content in parts]
    heading = title(audit).partition(", statement by")[0]
    first = _paper(next(iter(groups), ""))
    whose = ", ".join((*first.authors, *([str(first.year)] if first.year else [])))
    said = tag("p", whose, class_="place") if whose else None
    top = tag("header", tag("p", "boundkit audit", class_="kicker"), tag("h1", heading), said)
    return whole_page(f"boundkit audit: {heading}", top, _contents(parts, groups), tag("main", *inside))


def whole_page(name: str, *inside: Html) -> str:
    """A page of that name that needs nothing else, with the report's style."""
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"boundkit {VERSION}"), tag("title", name),
        tag("style", Html(files("boundkit.report").joinpath("page.css").read_text(encoding="utf-8"))),
    )  # fmt: skip
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', *inside), lang='en')}\n"


def _resting(groups: dict[str, list[Entry]]) -> list[tuple[str, str, list[Html]]]:
    """What rests on what in each paper, and what all of them cite."""
    labels = {entry.statement: entry.label for entries in groups.values() for entry in entries}
    own = {name: tuple(entry.statement for entry in entries) for name, entries in groups.items()}
    drawn = {name: dependency_section(statements, labels) for name, statements in own.items()}
    told = {_paper(name).heading: found for name, found in drawn.items() if found is not None}
    headed = [part for heading, found in told.items() for part in (tag("h3", heading), found)]
    parts = [("graph", "What rests on what", headed if len(told) > 1 else [*told.values()])] if told else []
    cited = reference_section(tuple(labels))
    return [*parts, *([] if cited is None else [("references", "References", [cited])])]


def _by_paper(audit: Audit) -> dict[str, list[Entry]]:
    """The entries of each paper, in the audit's order."""
    groups: dict[str, list[Entry]] = {}
    for entry in audit.entries:
        groups.setdefault(entry.statement.paper, []).append(entry)
    return groups


def _paper(name: str) -> Paper:
    """The paper of that name; one that says nothing where there is none."""
    return papers[name] if name in papers else Collection(name="untitled")


def _place(number: int, name: str) -> str:
    """Where on the page a paper's statements are."""
    return name if number else "statements"


def _text_place(number: int, name: str) -> str:
    """Where the errata beside a paper's statements are."""
    return f"text-{name}" if number else "text"


def _caption(number: int, name: str) -> str:
    return _paper(name).heading if number else "The statements"


def _contents(parts: list[tuple[str, str, list[Html]]], groups: dict[str, list[Entry]]) -> Html:
    inside = {_place(number, name): entries for number, (name, entries) in enumerate(groups.items())}
    items = [tag("li", tag("a", heading, href=f"#{name}"), _links(inside.get(name, []))) for name, heading, _ in parts]
    return tag("nav", tag("p", "Contents", class_="kicker"), tag("ol", *items), aria_label="Contents")


def _links(entries: list[Entry]) -> Html | None:
    rows = [tag("li", _link(entry), None if not entry.is_false else badge(entry)) for entry in entries]
    return tag("ol", *rows) if rows else None


def _link(entry: Entry) -> Html:
    return tag("a", entry.title, href=f"#{entry.label}")


def _summary(audit: Audit, groups: dict[str, list[Entry]]) -> Html:
    """The verdict, a table of each paper's statements with its legend, the errata, and what is not encoded."""
    lines = verdict_text(audit).replace("; boundkit errata shows them", "").splitlines()
    verdict = tag(
        "p",
        tag("strong", lines[0]),
        " ",
        " ".join(lines[1:]),
        class_=f"verdict {'bad' if audit.is_false else 'good' if not audit.is_undecided else 'open'}",
    )
    tables = [_table(entries, _caption(number, name)) for number, (name, entries) in enumerate(groups.items())]
    findings = [(entry.label, f) for entry in audit.entries for f in entry.erratum_checks]
    findings += [
        (_text_place(number, name), f) for number, (name, own) in enumerate(groups.items()) for f in _beside(own)
    ]
    errata = grid(
        ("Erratum", "Where", "Grade", "As printed"),
        [(tag("a", f.erratum.id, href=f"#{where}-{f.erratum.id}"), f.where, f.erratum.grade,
          prose_html(f.erratum.printed)) for where, f in findings],
        "What is wrong or loose in print",
    ) if findings else None  # fmt: skip
    whole = [_paper(name) for name, entries in groups.items() if _is_whole(entries)]
    absent = [tag("p", f"{item} is not encoded: {why}.") for paper in whole for item, why in paper.not_encoded]
    return joined((verdict, *tables, listed(map(prose_html, LEGEND), class_="legend"), errata, *absent))


def _table(entries: list[Entry], caption: str) -> Html:
    rows = []
    for entry in entries:
        _, _, *rest = entry_cells(entry)
        rows.append((_link(entry), badge(entry), *rest))
    return grid(HEADINGS, rows, caption, "summary")


def _is_whole(entries: list[Entry]) -> bool:
    """Whether all of a paper that is known is there."""
    statements = {entry.statement.name for entry in entries if belongs(entry.statement)}
    return bool(statements) and statements >= {s.name for s in _paper(entries[0].statement.paper).statements}


def _beside(entries: list[Entry]) -> list[ErratumCheck]:
    """The errata beside a paper's statements, where all of it is there."""
    paper = _paper(entries[0].statement.paper)
    return [f for f in all_errata((paper,)) if f.reading is None] if _is_whole(entries) else []


def made_by(command: str) -> Html:
    """The command, a date where SOURCE_DATE_EPOCH gives one, and the versions of boundkit, Python and packages."""
    rows = [("boundkit", VERSION), ("Python", platform.python_version())]
    rows += [(name, version(name)) for name in PACKAGES]
    when = os.environ.get("SOURCE_DATE_EPOCH", "")
    day = f"Made on {datetime.fromtimestamp(int(when), UTC):%Y-%m-%d}." if when.isdecimal() else None
    return joined((
        tag("p", "This page was made by the command") if command else None,
        tag("pre", tag("code", command)) if command else None,
        None if day is None else tag("p", day), grid(("Package", "Version"), rows, "Versions"),
    ))  # fmt: skip
