"""What rests on what, drawn, and the references, set to be read."""

from __future__ import annotations

from collections.abc import Mapping
import re
import unicodedata

from boundkit.api.objects import Statement
from boundkit.api.papers import papers, used_by
from boundkit.errors import BoundkitError
from boundkit.formats.html import Html, joined, source, tag
from boundkit.formats.tables import grid
from boundkit.studies.citations import Reference, dependencies, listed, references

COLUMN, ROW, WIDE, HIGH = 190, 34, 148, 24  # of a box and its place, in the picture's own pixels
LONGEST = 23  # parameters in a box
ACCENTS = dict(zip("'`^\"~=cH", "\u0301\u0300\u0302\u0308\u0303\u0304\u0327\u030b", strict=True))
OUTSIDE = ("journal", "booktitle", "publisher", "school", "howpublished", "note")


def dependency_section(statements: tuple[Statement, ...], labels: Mapping[Statement, str]) -> Html | None:
    """What the proofs of statements use, as a picture and a table; None where none uses anything.

    The labels say where the statements on the page are.
    """
    try:
        dependencies(statements)
        uses = {s: used_by(s) for s in statements}
    except BoundkitError as error:
        return tag("p", f"Not drawn: {error}.", class_="note")
    entries = dict(pair for paper in papers.values() for pair in paper.sources)
    rows = [
        (
            _linked(s, labels),
            joined([_linked(other, labels) for other in uses[s]], ", "),
            "; ".join(listed(short_name(entries[key]) if key in entries else key, place) for key, place in s.rests_on),
        )
        for s in statements
        if s.depends_on or s.rests_on
    ]
    if not rows:
        return None
    table = grid(("Statement", "Its proof uses", "It rests on"), rows, "What rests on what", "rests")
    return joined((_picture(uses, labels), table))


def reference_section(statements: tuple[Statement, ...]) -> Html | None:
    """What is cited, each entry with what it is cited for and its BibTeX; None where there is nothing."""
    try:
        found = references(statements)
    except BoundkitError as error:
        return tag("p", f"Not listed: {error}.", class_="note")
    return tag("ol", *map(_reference, found), class_="references") if found else None


def plain_text(bibtex: str) -> str:
    r"""BibTeX's or LaTeX's text as it is read: accents set, brackets and commands away.

    >>> plain_text(r"St{\'e}phane {Banach} spaces, 1302--1338")
    'Stéphane Banach spaces, 1302-1338'
    """
    accented = re.sub(r"\\(['`^\"~=cH])\s*\{?\\?(\w)\}?", lambda found: found[2] + ACCENTS[found[1]], bibtex)
    plain = re.sub(r"\\[a-zA-Z]+\s*|[{}]", "", accented).replace("--", "-").replace("~", " ").replace("\\", "")
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def bibtex_fields(entry: str) -> dict[str, str]:
    """The fields of an entry, brackets in brackets and all."""
    found: dict[str, str] = {}
    for match in re.finditer(r'(\w+)\s*=\s*(?=[{"\w])', entry):
        start, depth = match.end(), 0
        for end in range(start, len(entry)):
            depth += {"{": 1, "}": -1}.get(entry[end], 0)
            closed = entry[end] == '"' and end > start if entry[start] == '"' else depth == 0 and entry[end] in "},\n"
            if closed or depth < 0:
                break
        else:
            break
        found.setdefault(match[1].lower(), entry[start : end + (depth == 0)].strip('",\n '))
    return found


def short_name(entry: str) -> str:
    """Who wrote an entry, and when: Laurent and Massart 2000; its key where it does not say.

    >>> short_name("@book{vershynin2018high, author = {Vershynin, Roman}, title = {A book}, year = 2018}")
    'Vershynin 2018'
    """
    fields = {name: plain_text(text) for name, text in bibtex_fields(entry).items()}
    people = [name.partition(",")[0] if "," in name else name.split()[-1] for name in _people(fields)]
    who = " and ".join(people) if len(people) < 3 else f"{people[0]} and others"
    return f"{who} {fields.get('year', '')}".strip() if people else entry.partition(",")[0].partition("{")[2]


def _people(fields: dict[str, str]) -> list[str]:
    return [name.strip() for name in fields.get("author", "").split(" and ") if name.strip()]


def _reference(reference: Reference) -> Html:
    """An item of the list: who, what, where and when, what it is cited for, and its BibTeX."""
    fields = {name: plain_text(text) for name, text in bibtex_fields(reference.bibtex).items()}
    people = [" ".join(reversed(name.split(", ", 1))) for name in _people(fields)]
    title, year = fields.get("title"), fields.get("year")
    where = next((fields[name] for name in OUTSIDE if name in fields), None)
    known = [", ".join(people) or None, title and tag("cite", title), where, year]
    entry = joined((part for part in known if part), ", ") if title else tag("code", short_name(reference.bibtex))
    why = None if reference.is_paper else tag("p", f"{reference.says}.", class_="place")
    return tag("li", entry, ".", why, source(reference.bibtex, "BibTeX"))


def _linked(s: Statement, labels: Mapping[Statement, str]) -> Html:
    return tag("a", s.title, href=f"#{labels[s]}") if s in labels else tag("span", s.title)


def _picture(uses: dict[Statement, tuple[Statement, ...]], labels: Mapping[Statement, str]) -> Html | None:
    """From left to right: what is used, then what uses it; statements that stand alone are left out."""
    joined_up = dict.fromkeys(x for s, others in uses.items() if others for x in (s, *others))
    if not joined_up:
        return None
    columns: dict[Statement, int] = {}

    def column(s: Statement) -> int:
        if s not in columns:
            columns[s] = 1 + max((column(other) for other in uses.get(s, ())), default=-1)
        return columns[s]

    places: dict[Statement, tuple[int, int]] = {}
    for s in sorted(joined_up, key=column):
        places[s] = column(s), sum(x == column(s) for x, _ in places.values())
    lines = [_arrow(places[other], places[s]) for s in places for other in uses.get(s, ())]
    boxes = [_box(places[s], s.title, labels.get(s)) for s in places]
    wide, high = (max(ends) for ends in zip(*places.values(), strict=True))
    size = f"0 0 {wide * COLUMN + WIDE + 2} {high * ROW + HIGH + 2}"
    named = f"{labels[next(iter(uses))]}-graph"  # no two pictures begin with one statement
    title = tag("title", "What rests on what; the table says the same", id=named)
    drawn = tag(
        "svg", title, *lines, *boxes, viewBox=size, role="group", aria_labelledby=named, width=size.split()[2],
        class_="graph",
    )  # fmt: skip
    return tag("figure", drawn, tag("figcaption", "Each statement stands to the right of what its proof uses."))


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> Html:
    x, y = start[0] * COLUMN + WIDE + 1, start[1] * ROW + HIGH / 2 + 1
    to_x, to_y = end[0] * COLUMN + 1, end[1] * ROW + HIGH / 2 + 1
    middle = x + (COLUMN - WIDE) / 2, to_x - (COLUMN - WIDE) / 2
    return tag("path", d=f"M{x:g} {y:g}C{middle[0]:g} {y:g} {middle[1]:g} {to_y:g} {to_x:g} {to_y:g}")


def _box(place: tuple[int, int], title: str, label: str | None) -> Html:
    x, y = place[0] * COLUMN + 1, place[1] * ROW + 1
    kind = None if label else "other"
    box = tag("rect", x=str(x), y=str(y), width=str(WIDE), height=str(HIGH), rx="3", class_=kind)
    short = title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
    text = tag("text", short, x=str(x + WIDE / 2), y=str(y + HIGH / 2))
    return tag("a", box, text, href=f"#{label}") if label else tag("g", box, text)
