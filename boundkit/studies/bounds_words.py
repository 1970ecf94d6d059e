"""Bounds of a law in words: tables for the terminal, LaTeX, HTML and CSV, and what JSON can carry."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import inf
from textwrap import fill
from typing import TYPE_CHECKING, Any

import sympy

from boundkit.formats.expressions import TextPrinter, escaped_latex
from boundkit.formats.html import signature
from boundkit.formats.latex import RULE, latex_table
from boundkit.formats.numbers import failure_text, latex_number, number_text
from boundkit.formats.plainly import plainly
from boundkit.formats.prose import prose_latex
from boundkit.formats.tables import csv_text, html_table, noted_table, text_table
from boundkit.text import latex_comment
from boundkit.values import Value, point_text, point_words, value_text

if TYPE_CHECKING:
    from boundkit.model.statement import Point
    from boundkit.studies.bound_records import Bound, Bounds, BoundsOver

WIDTH = 80  # of a terminal
HEADINGS = ("", "claimed", "ratio of logs", "applies", "at", "where it stands")
SIDES = "lrrlll"
LONGEST, DIGITS = 34, 15  # bits of a number that is written out; digits of one that is not
LONG = 24  # characters of a value that is written out in a table
APPLIES = {True: "yes", False: "no", None: "open"}


def bounds_text(found: Bounds) -> str:
    """The exact value, the bounds from above, those from below, and what was left out."""
    why = f": {found.unknown}" if found.unknown else ""
    parts = [_wrapped(f"{law_words(found.law)} = {exact_words(found)}{why}", 0)]
    for title, bounds, above in (("at most", found.upper, True), ("at least", found.lower, False)):
        if bounds:
            rows = [(title, *HEADINGS[1:4]), *(_cells(found, bound, above)[:4] for bound in bounds)]
            table = noted_table(rows, ["", *map(_where, bounds)], SIDES[:4], indent="  ")
            parts.append("\n".join([table, *(_wrapped(note, 2) for note in _notes(found, bounds))]))
    if found.left_out:
        parts.append("\n".join(["left out:", *(_wrapped(f"{name}: {why}", 2) for name, why in found.left_out)]))
    return "\n\n".join(parts)


def _where(bound: Bound) -> str:
    """The point and the place, under the row that they belong to."""
    at = _at(bound.values)
    return f"at {at}; {bound.place}" if at else bound.place


def _wrapped(text: str, indent: int) -> str:
    """As wide as a terminal."""
    return fill(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_long_words=False)


LATEX_HEADINGS = ("bound", "claimed", "ratio of logs", "applies", "at")


def bounds_latex(found: Bounds) -> str:
    r"""A bare tabular with booktabs, ready for \input; bounds from below under a rule of their own."""
    rows = [_latex_cells(found, bound, True) for bound in found.upper]
    below = [_latex_cells(found, bound, False) for bound in found.lower]
    comment = latex_comment(f"{law_words(found.law)} = {exact_words(found)}")
    return f"{comment}\n{latex_table(LATEX_HEADINGS, [*rows, *([RULE] if below else []), *below], 'lrrll')}"


def bounds_html(found: Bounds) -> str:
    """The tables of a notebook."""
    tables = [
        html_table((title, *HEADINGS[1:]), [_cells(found, bound, above) for bound in bounds])
        for title, bounds, above in (("at most", found.upper, True), ("at least", found.lower, False))
        if bounds
    ]
    law = html_table((law_words(found.law),), [(exact_words(found),)])
    return "".join(map(str, (law, *tables, signature())))


def bounds_dict(found: Bounds) -> dict[str, Any]:
    """What JSON can carry; logs of bounds on the safe side."""
    return plainly({
        "law": law_words(found.law),
        "log_exact": found.log_exact,
        "enclosure": found.enclosure,
        "upper": [_bound_dict(found, bound) for bound in found.upper],
        "lower": [_bound_dict(found, bound) for bound in found.lower],
        "left_out": dict(found.left_out),
    })  # fmt: skip


def bounds_records(found: Bounds) -> list[dict[str, Any]]:
    """One flat record a bound."""
    sides = [*((b, "at most") for b in found.upper), *((b, "at least") for b in found.lower)]
    return [
        dict(zip(BOUND_COLUMNS, (b.name, side, b.log_claimed, found.log_exact, found.ratio(b), b.applies, b.true,
                                 point_text(b.values), law_words(b.law), b.reason), strict=True))
        for b, side in sides
    ]  # fmt: skip


BOUND_COLUMNS = ("name", "side", "log_claimed", "log_exact", "ratio", "applies", "true", "at", "law", "reason")


def bounds_csv(found: Bounds) -> str:
    """One line a bound."""
    return csv_text(BOUND_COLUMNS, (record.values() for record in bounds_records(found)))


def exact_words(found: Bounds) -> str:
    """The exact value in digits."""
    if found.enclosure is None:
        return "not known"
    return _number(found.enclosure[1], 5, 0)


def over_text(found: BoundsOver) -> str:
    """A line a point: who wins there."""
    rows = [(found.parameter, *OVER[1:]), *_over_cells(found)]
    return f"{law_words(found.law)}: the tightest bound from above\n\n{text_table(rows, 'rlrrr', indent='  ')}"


OVER = ("", "tightest", "claimed", "exact", "ratio of logs")


def over_latex(found: BoundsOver) -> str:
    r"""A bare tabular of the winners."""
    rows = [
        [value, escaped_latex(name), *(f"${latex_number(x)}$" if x else "" for x in numbers)]
        for value, name, *numbers in _over_cells(found)
    ]
    head = (prose_latex(found.parameter), *OVER[1:])
    return f"{latex_comment(law_words(found.law))}\n{latex_table(head, rows, 'rlrrr')}"


def over_dict(found: BoundsOver) -> dict[str, Any]:
    """What JSON can carry: all bounds at each point."""
    return plainly({
        "law": law_words(found.law),
        "parameter": found.parameter,
        "points": [
            {found.parameter: value, "tightest": at.winner.name if at.winner else None, **bounds_dict(at)}
            for value, at in found.points
        ],
    })  # fmt: skip


def over_records(found: BoundsOver) -> list[dict[str, Any]]:
    """A flat record a point: its winner, and the log of each bound that counts."""
    records = []
    for value, at in found.points:
        logs = {b.name: b.log_claimed for b in reversed(at.upper) if b.counts}
        told = {"tightest": at.winner.name if at.winner else None, "log_exact": at.log_exact}
        records.append({found.parameter: value, **told, **{name: logs.get(name) for name in found.names}})
    return records


def over_csv(found: BoundsOver) -> str:
    """A line a point: its winner, and the log of each bound that counts."""
    lines = ((value_text(value), *rest) for value, *rest in (record.values() for record in over_records(found)))
    return csv_text((found.parameter, "tightest", "log_exact", *found.names), lines)


def over_html(found: BoundsOver) -> str:
    """The table of a notebook."""
    return str(html_table((found.parameter, *OVER[1:]), _over_cells(found), law_words(found.law)))


def _over_cells(found: BoundsOver) -> Iterator[tuple[str, ...]]:
    for value, at in found.points:
        exact = exact_words(at)
        if at.winner is None:
            yield value_text(value), "none", "", exact, ""
        else:
            yield value_text(value), at.winner.name, _number(at.winner.log_claimed, 3, 1), exact, _ratio(at, at.winner)


def _cells(found: Bounds, bound: Bound, above: bool) -> tuple[str, ...]:
    values = _at(bound.values)
    return bound.name, _claimed(bound, above), _ratio(found, bound), _applies(bound), values, bound.place


def _latex_cells(found: Bounds, bound: Bound, above: bool) -> list[str]:
    number = _claimed(bound, above)
    shown = f"${latex_number(number)}$" if number else ""
    rest = (_ratio(found, bound), _applies(bound), _at(bound.values))
    return [escaped_latex(bound.name), shown, *map(prose_latex, rest)]


def _notes(found: Bounds, bounds: tuple[Bound, ...]) -> Iterator[str]:
    """Why a bound does not count, and of which other law it speaks."""
    for bound in bounds:
        if bound.reason:
            yield f"{bound.name}: {bound.reason}"
        if not bound.is_exact and (law := law_words(bound.law)) != law_words(found.law):
            yield f"{bound.name}: by {law}"


def _applies(bound: Bound) -> str:
    return "false" if bound.applies and bound.true is False else APPLIES[bound.applies]


def _claimed(bound: Bound, above: bool) -> str:
    if bound.log_claimed >= 0 or bound.log_claimed == -inf:  # 1 says no more than it has to
        return "1" if above else "0"
    return _number(bound.log_claimed, 3, 1 if above else -1)


def _ratio(found: Bounds, bound: Bound) -> str:
    ratio = found.ratio(bound)
    return "" if ratio is None else number_text(ratio, 4)


def _number(log: float, digits: int, toward: int) -> str:
    """A probability from its log, however small."""
    return "1" if log == inf else failure_text(log, digits, toward)


def _bound_dict(found: Bounds, bound: Bound) -> dict[str, Any]:
    """One bound for JSON, with what its proof takes from the literature."""
    return {
        "name": bound.name,
        "place": bound.place,
        "rests_on": [] if bound.guarantee is None else [list(key) for key in bound.guarantee.statement.rests_on],
        "values": point_words(bound.values),
        "law": law_words(bound.law),
        "is_exact": bound.is_exact,
        "log_claimed": bound.log_claimed,
        "ratio": found.ratio(bound),
        "applies": bound.applies,
        "true": bound.true,
        "reason": bound.reason,
    }


def law_words(law: Any) -> str:
    """A law at numbers, each as it is where that is short."""
    short = (arg.evalf(DIGITS) if any(_is_long(x) for x in arg.atoms(sympy.Rational)) else arg for arg in law.args)
    return str(TextPrinter({}).doprint(type(law)(*short)))


def _is_long(x: Any) -> bool:
    return max(abs(int(x.p)).bit_length(), int(x.q).bit_length()) > LONGEST


def _at(values: Point) -> str:
    """Where it was taken, numbers of many digits shortened."""
    short = ((name, value_text(x) if len(value_text(x)) <= LONG else _rounded(x)) for name, x in values)
    return ", ".join(f"{name} = {text}" for name, text in short)


def _rounded(x: Value) -> str:
    return f"about {Decimal(x.numerator) / Decimal(x.denominator):.6g}"
