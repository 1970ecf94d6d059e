"""How a table prints: its cells, rounded so that each stays true, its notes, and the forms they are laid out in.

A bound is rounded the way that keeps the claim true, a failure probability up, a probability and a ratio down, each
from its certified enclosure rather than from the float nearest to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import inf, nextafter
import re
from typing import TYPE_CHECKING

import sympy

from boundkit.api.objects import Statement
from boundkit.engine.guarantee import Verdict, claimed_text, failure_at, shown_bounds
from boundkit.engine.qualified import qualification
from boundkit.formats.expressions import (
    escaped_latex,
    expression_latex,
    expression_text,
    outward,
    relation_latex,
    relation_text,
)
from boundkit.formats.html import joined, tag
from boundkit.formats.latex import BOOKTABS, HLINES, latex_table, number_column
from boundkit.formats.numbers import DIGITS, exp_decimal, failure_text, latex_number, number_text, probability_text
from boundkit.formats.prose import prose_latex
from boundkit.formats.tables import html_table, markdown_table, text_table
from boundkit.terms import given_text, is_formula
from boundkit.text import latex_comment, markdown_cell
from boundkit.values import Formula, value_text
from boundkit.version import VERSION

if TYPE_CHECKING:
    from boundkit.studies.tables.making import Table
    from boundkit.studies.tables.rows import Row

RATIO_DIGITS = 4

HEADS = {
    "failure": "claimed failure",
    "exact": "exact failure",
    "ratio": "ratio of logs",
    "bound": "bound",
}
WORDS = ("statement", "applies", "verdict")
_TEX_SIGN = {"<=": r"\leq", ">=": r"\geq", "==": "="}


@dataclass(frozen=True)
class Style:
    """How one kind of document writes a number, an expression in parameters, a relation sign, a formula and a gap."""

    number: Callable[[str], str]
    expression: Callable[[Statement, Formula, int], str]
    sign: Callable[[str], str]
    formula: Callable[[str], str]
    gap: str


def _tex(text: str, number: Callable[[str], str]) -> str:
    """LaTeX for "4e-27144", "1 - 4e-27144", "e^(-2e15)", "2/3" or "inf", with `number` for the digits."""
    head, minus, tail = text.rpartition(" - ")
    if tail.startswith("e^("):
        tail = f"e^{{{number(tail[3:-1])}}}"
    elif "/" not in tail:
        tail = tail.replace("inf", r"\infty") if "inf" in tail else number(tail)
    return f"{head}{minus}{tail}"


def _tex_style(number: Callable[[str], str]) -> Style:
    return Style(
        lambda text: _tex(text, number), _inline_latex, lambda sign: _TEX_SIGN.get(sign, sign), "${}$".format, "--"
    )


def _inline_latex(s: Statement, expr: Formula, toward: int) -> str:
    """An expression for a line of text: a/b, where a stacked fraction would be set too small to read."""
    tex = expression_latex(s, expr, toward)
    stacked = re.fullmatch(r"([^\\]*)\\frac\{(.*)\}\{(\w+(?:_\{\w+\})?)\}", tex)
    return rf"{stacked[1]}{stacked[2]} / {stacked[3]}" if stacked and " + " not in tex and " - " not in tex else tex


PLAIN = Style(str, expression_text, str, str, "-")
LATEX = _tex_style(latex_number)
SIUNITX = _tex_style(r"\num{{{}}}".format)


def table_text(table: Table) -> str:
    """The table as aligned plain text."""
    lines = text_table([_heads(table, PLAIN), *_cells(table, PLAIN)], _sides(table))
    return "\n".join([lines, *(f"  {note}" for note in table.notes)])


def table_markdown(table: Table) -> str:
    """The table as Markdown."""
    lines = markdown_table(_heads(table, PLAIN), _cells(table, PLAIN), _sides(table))
    notes = (f"- {markdown_cell(note)}" for note in (*table.notes, made_by(table)))
    return "\n".join([lines, "", *notes]) + "\n"


def table_html(table: Table) -> str:
    """The table for notebooks; nothing in it is loaded from elsewhere."""
    notes = tag("p", tag("small", joined((*table.notes, made_by(table)), "<br>")))
    return html_table(_heads(table, PLAIN), _cells(table, PLAIN)) + notes


def table_latex(table: Table, booktabs: bool, siunitx: bool) -> str:
    """The table as a bare tabular below comments."""
    style = SIUNITX if siunitx else LATEX
    told = [
        prose_latex(note)
        for s in table.statements
        for note in _qualifying(s, [row for row in table.rows if row.statement is s])
    ]
    rules = BOOKTABS if booktabs else HLINES
    columns = [_latex_column(table, column, style) for column in table.shown]
    rows = zip(*(cells for _, cells in columns), strict=True)
    swept = {"statement", *dict(table.over)}
    keys = [i for i, column in enumerate(table.shown) if column in swept]
    sides = [kind for kind, _ in columns]
    made = latex_table(_heads(table, style), rows, sides, notes=told, rules=rules, keys=keys)
    used = (("array", r"\arraybackslash" in made), ("booktabs", booktabs), ("siunitx", siunitx))
    packages = ", ".join(rf"\usepackage{{{name}}}" for name, needed in used if needed)
    lines = [
        *origin(table, "--format latex" + (" --siunitx" if siunitx else "")),
        *([f"% needs {packages}"] if packages else []),
        *map(latex_comment, table.notes),
        made,
    ]
    return "\n".join(lines) + "\n"


def _latex_column(table: Table, column: str, style: Style) -> tuple[str, list[str]]:
    """The kind of a column and its cells: numbers of siunitx as they are, where all are numbers or told in braces."""
    signed = _one_claim(table) is None
    written = [cell(row, column, style, signed) for row in table.rows]
    if column in WORDS:
        return "l", written
    plain = [cell(row, column, PLAIN, signed) for row in table.rows]
    numbers = [text != PLAIN.gap and not text.startswith("(") for text in plain]
    kind = number_column(text for text, number in zip(plain, numbers, strict=True) if number)
    if style is LATEX or not kind:
        return "r", written
    told = zip(plain, written, numbers, strict=True)
    return kind, [text if number else f"{{{other}}}" for text, other, number in told]


def heading(table: Table, column: str, style: Style) -> str:
    """A column's heading; the bound's says what is bounded, where that is one thing."""
    if column == "bound" and (claim := _one_claim(table)):
        s, relation = claim
        write = relation_text if style is PLAIN else relation_latex
        return style.formula(write(s, relation, sympy.Symbol("")).strip())
    parameter = next((p for s in table.statements for p in s.parameters if p.name == column), None)
    if parameter is not None:
        return (parameter.text or column) if style is PLAIN else style.formula(parameter.tex or _tex_parameter(column))
    return HEADS.get(column, column)


def cell(row: Row, column: str, style: Style, signed: bool = False) -> str:
    """One cell, with the bound's relation sign where `signed`; numbers without a promise stand in brackets."""
    if column in WORDS:
        return _word(row, column) if style is PLAIN else escaped_latex(_word(row, column))
    text = content(row, column, style)
    if not text:
        return style.gap
    if column not in _CONTENT:
        return style.formula(text)
    sign = ""
    if column == "bound" and signed:
        sign = row.statement.claims[0].rel_op
    elif column == "exact" and row.exact is not None and row.exact.kind != "exact":
        sign = "<="
    text = f"{style.sign(sign)} {text}" if sign else text
    return style.formula(f"({text})" if row.verdict is Verdict.INAPPLICABLE else text)


def content(row: Row, column: str, style: Style) -> str:
    """A number or an expression, '' where there is none."""
    if column not in _CONTENT:
        return style.number(value_text(row.values[column])) if column in row.values else ""
    return _CONTENT[column](row, style)


def table_notes(table: Table) -> tuple[str, ...]:
    """What a reader of the numbers has to know."""
    notes: list[str] = []
    for s in table.statements:
        rows = [row for row in table.rows if row.statement is s]
        notes += [f"{s.number} {s.reading}"] if s.reading else []
        given = {**rows[0].values, **{k: v for k, v in table.fix if k in rows[0].values and is_formula(v)}}
        fixed = {k: v for k, v in given.items() if k not in {*dict(table.over), *table.shown}}
        if fixed:
            at = ", ".join(f"{name} = {given_text(value)}" for name, value in fixed.items())
            notes.append(f"at {at}" if len(table.statements) == 1 else f"{s.title} at {at}")
        notes += [f"{s.title} assumes: {'; '.join(s.assumed)}"] if s.assumed else []
        notes += _notes_on_verdicts(s, rows)
        if {"exact", "ratio"} & {*table.shown}:
            notes += _notes_on_exact(s, rows)
    return tuple(dict.fromkeys(notes))


def _notes_on_verdicts(s: Statement, rows: list[Row]) -> Iterator[str]:
    yield from _qualifying(s, rows)
    if count := sum(row.refuted for row in rows):
        yield f"{s.title} is false in {count} of {len(rows)} rows: it fails with a larger probability than it claims"


def _qualifying(s: Statement, rows: list[Row]) -> Iterator[str]:
    """What has to be said of rows that are no plain promise."""
    for words in dict.fromkeys(qualification(row.guarantee) for row in rows):
        if words.verdict is Verdict.INAPPLICABLE:
            yield f"(in brackets): {s.title} {words.text}; {words.leads} this"
        elif words.verdict is Verdict.VACUOUS:
            yield f"{s.title}, where vacuous: {words.text}"
        elif words.says:
            yield f"{s.title} is promised {words.text}"


def _notes_on_exact(s: Statement, rows: list[Row]) -> Iterator[str]:
    """What the rows' exact failures are, and what they assume; and why other rows have none."""
    for kind, worst, attained, assumed in dict.fromkeys(
        (row.exact.kind, row.worst_case, row.exact.attained, row.exact.assumed) for row in rows if row.exact is not None
    ):
        parts = [f"an upper bound{f' that is attained at {attained}' if attained else ''}"] if kind != "exact" else []
        parts += [f"for the worst case {worst}"] if worst else []
        parts += [f"assuming that {' and '.join(assumed)}"] if assumed else []
        if parts:
            yield f"exact failure of {s.title}: {', '.join(parts)}"
    gaps = [row.why for row in rows if row.exact is None]
    if gaps:
        others = f" (and {len(gaps) - 1} more rows)" if len(set(gaps)) > 1 else ""
        yield f"no exact failure: {gaps[0]}{others}"


def origin(table: Table, options: str) -> list[str]:
    """The comment that says how a file was made."""
    return [latex_comment(f"{made_by(table)} {options}" if table.command else made_by(table))]


def made_by(table: Table) -> str:
    """The version, and the command that makes the table again where there is one."""
    return f"boundkit {VERSION}" + (f": {table.command}" if table.command else "")


def _heads(table: Table, style: Style) -> list[str]:
    return [heading(table, column, style) for column in table.shown]


def _cells(table: Table, style: Style) -> list[list[str]]:
    signed = _one_claim(table) is None
    return [[cell(row, column, style, signed) for column in table.shown] for row in table.rows]


def _sides(table: Table) -> str:
    return "".join("l" if column in WORDS else "r" for column in table.shown)


def _tex_parameter(name: str) -> str:
    base, _, index = name.partition("_")
    return f"{base}_{{{index}}}" if index else base


def _one_claim(table: Table) -> tuple[Statement, Formula] | None:
    """A statement whose headline bounds the same quantity, from the same side, as every other's."""
    heads = {relation_text(s, s.claims[0], sympy.Symbol("")): s for s in table.statements}
    return next(((s, s.claims[0]) for s in heads.values()), None) if len(heads) == 1 else None


def _word(row: Row, column: str) -> str:
    if column == "statement":
        return row.statement.title
    applies = {True: "yes", False: "no", None: "open"}[row.guarantee.applies]
    return applies if column == "applies" else row.verdict.name.lower()


def _bound(row: Row, style: Style) -> str:
    g, toward = row.guarantee, outward(row.statement.claims[0])
    if g.bound is None:
        return ""
    if not isinstance(g.bound, float):
        return style.expression(g.statement, g.bound, toward)
    return style.number(number_text(shown_bounds(g)[0], DIGITS, toward))


def _failure(row: Row, style: Style) -> str:
    if not isinstance(row.log_failure, float):
        return style.expression(row.statement, row.failure, 1)
    return style.number(claimed_text(row.guarantee))


def _probability(row: Row, style: Style) -> str:
    if not isinstance(row.log_failure, float):
        return f"1 - ({style.expression(row.statement, row.failure, 1)})"
    log, failure = failure_at(row.guarantee)  # what is not rational is below its upper end only
    return style.number(probability_text(log, failure if isinstance(failure, Fraction) else exp_decimal(log)))


def _above(log: float) -> float:
    """A float above that covers the rounding of what is computed from it."""
    return nextafter(log, inf) if log > -inf else log


def _exact(row: Row, style: Style) -> str:
    return style.number(failure_text(_above(row.exact.enclosure[1]))) if row.exact else ""


def _ratio(row: Row, style: Style) -> str:
    if row.exact is None or row.ratio is None:
        return ""
    least = -row.exact.enclosure[1] / -row.claimed[0]
    if least == inf:
        return style.number("inf")
    return style.number(number_text(max(nextafter(least, -inf), 0.0), RATIO_DIGITS, -1))


_CONTENT: dict[str, Callable[[Row, Style], str]] = {
    "bound": _bound,
    "failure": _failure,
    "probability": _probability,
    "exact": _exact,
    "ratio": _ratio,
}
