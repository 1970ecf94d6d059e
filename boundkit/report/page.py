"""The audit as one self-contained page: nothing in it is loaded from elsewhere, and no script runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
import os
import platform
from typing import TYPE_CHECKING

import boundkit
from boundkit.contents import is_ours
from boundkit.paper.remainder import NOT_ENCODED
from boundkit.report.markup import Html, grid, joined, listed, tag
from boundkit.report.sections import badge, erratum_section, statement_section
from boundkit.report.words import HEADINGS, LEGEND, TITLE, entry_cells, title, verdict_text
from boundkit.verify.errata import all_errata

if TYPE_CHECKING:
    from boundkit.verify.auditing import Audit, Entry
    from boundkit.verify.errata import Finding

AUTHORS = "Odelia Melamed, Gilad Yehudai, Gal Vardi"
PACKAGES = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "matplotlib")
# No script, and nothing from elsewhere: maps are images inside the page.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
Progress = Callable[[str, int, int], None]


def audit_page(audit: Audit, command: str = "", progress: Progress | None = None) -> str:
    """Write the page.

    Parameters
    ----------
    audit : Audit
        What was found; the paper's statements come first, ours in a part of their own.
    command : str
        The command that makes the page again, printed on it.
    progress : callable, optional
        Called with the statement's name, the number done and the number in all.

    Returns
    -------
    str
        HTML. Equal audits give equal pages: it has a date only where SOURCE_DATE_EPOCH gives one.
    """
    paper = [entry for entry in audit.entries if entry.statement.paper != "beyond"]
    ours = [entry for entry in audit.entries if entry.statement.paper == "beyond"]
    sections = {}
    for i, entry in enumerate((*paper, *ours)):
        if progress is not None:
            progress(entry.statement.name, i, len(audit.entries))
        sections[entry.statement.name] = statement_section(entry)
    parts = [("summary", "Summary", [_summary(audit, paper, ours)])]
    parts += [("statements", "The statements", [sections[e.statement.name] for e in paper])] if paper else []
    if beside := _beside(paper):
        parts += [("text", "Errata outside the statements", [erratum_section(f, "text") for f in beside])]
    parts += [("beyond", "Beyond the paper", [BEYOND, *(sections[e.statement.name] for e in ours)])] if ours else []
    parts += [("made", "How it was made", [_made(command)])]
    inside = [tag("section", tag("h2", text), *content, id=name) for name, text, content in parts]
    heading = title(audit).partition(", statement by")[0]
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"boundkit {boundkit.__version__}"),
        tag("title", f"boundkit audit: {heading}"),
        tag("style", Html(files("boundkit.report").joinpath("page.css").read_text(encoding="utf-8"))),
    )  # fmt: skip
    whose = tag("p", AUTHORS, class_="place") if title(audit) == TITLE else None
    top = tag("header", tag("p", "boundkit audit", class_="kicker"), tag("h1", heading), whose)
    body = tag("body", top, _contents(parts, paper, ours), tag("main", *inside))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


BEYOND = tag("p", "Statements of our own in the same setting, checked in the same way; docs/beyond.md proves them.")


def _contents(parts: list[tuple[str, str, list[Html]]], paper: list[Entry], ours: list[Entry]) -> Html:
    inside = {"statements": paper, "beyond": ours}
    items = [tag("li", tag("a", heading, href=f"#{name}"), _links(inside.get(name, []))) for name, heading, _ in parts]
    return tag("nav", tag("p", "Contents", class_="kicker"), tag("ol", *items), aria_label="Contents")


def _links(entries: list[Entry]) -> Html | None:
    rows = [tag("li", _link(entry), None if not entry.is_false else badge(entry)) for entry in entries]
    return tag("ol", *rows) if rows else None


def _link(entry: Entry) -> Html:
    return tag("a", entry.statement.title, href=f"#{entry.statement.name}")


def _summary(audit: Audit, paper: list[Entry], ours: list[Entry]) -> Html:
    lines = verdict_text(audit).replace("; boundkit errata shows them", "").splitlines()
    verdict = tag(
        "p",
        tag("strong", lines[0]),
        " ",
        " ".join(lines[1:]),
        class_=f"verdict {'bad' if audit.is_false else 'good' if not audit.is_undecided else 'open'}",
    )
    tables = [
        _table(entries, caption)
        for entries, caption in ((paper, "The statements"), (ours, "Beyond the paper"))
        if entries
    ]
    findings = [(entry, f) for entry in paper for f in entry.findings]
    errata = grid(
        ("Erratum", "Where", "Grade", "As printed"),
        [(tag("a", f.erratum.id, href=f"#{e.statement.name}-{f.erratum.id}"), f.where, f.erratum.grade,
          f.erratum.printed) for e, f in findings],
        "What is wrong or loose in print",
    ) if findings else None  # fmt: skip
    absent = [tag("p", f"{name} is not encoded: {why}.") for name, why in NOT_ENCODED if _whole(paper)]
    return joined((verdict, *tables, listed(LEGEND, class_="legend"), errata, *absent))


def _table(entries: list[Entry], caption: str) -> Html:
    rows = []
    for entry in entries:
        _, _, *rest = entry_cells(entry)
        rows.append((_link(entry), badge(entry), *rest))
    return grid(HEADINGS, rows, caption, "summary")


def _whole(paper: list[Entry]) -> bool:
    return {entry.statement.name for entry in paper if is_ours(entry.statement)} >= set(boundkit.PAPER)


def _beside(paper: list[Entry]) -> list[Finding]:
    return [f for f in all_errata() if f.reading is None] if _whole(paper) else []


def _made(command: str) -> Html:
    rows = [("boundkit", boundkit.__version__), ("Python", platform.python_version())]
    rows += [(name, version(name)) for name in PACKAGES]
    when = os.environ.get("SOURCE_DATE_EPOCH", "")
    made = f"Made on {datetime.fromtimestamp(int(when), UTC):%Y-%m-%d}." if when.isdecimal() else None
    return joined((
        tag("p", "This page was made by the command") if command else None,
        tag("pre", tag("code", command)) if command else None,
        None if made is None else tag("p", made), grid(("Package", "Version"), rows, "Versions"),
    ))  # fmt: skip
