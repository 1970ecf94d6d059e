"""A table in every form: aligned text, Markdown, LaTeX, HTML, CSV and pandas. Nothing here knows what a table is about.

A table is its headings, its rows of cells, and the side on which each column stands: "lrr", as LaTeX has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
import csv
from importlib import import_module
from io import StringIO
from typing import Any, TypeVar

from boundkit.errors import BoundkitError
from boundkit.formats.html import Html, tag
from boundkit.text import markdown_cell

T = TypeVar("T")

Cells = Sequence[str]
BOOKTABS = (r"\toprule", r"\midrule", r"\bottomrule")
HLINES = (r"\hline", r"\hline", r"\hline")


def text_table(rows: Iterable[Cells], sides: str = "", indent: str = "") -> str:
    """Rows as aligned lines, the headings as the first of them if there are any; without sides all on the left.

    >>> print(text_table([("n", "claimed"), ("1000", "7.19e-28")], "rl"))
       n  claimed
    1000  7.19e-28
    """
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    pad = [str.rjust if side == "r" else str.ljust for side in sides or "l" * len(widths)]
    lines = ("  ".join(p(cell, w) for p, cell, w in zip(pad, row, widths, strict=True)) for row in rows)
    return "\n".join((indent + line).rstrip() for line in lines)


def markdown_table(headings: Cells, rows: Iterable[Cells], sides: str = "") -> str:
    """A table of GitHub's Markdown, its cells escaped."""
    rule = [" --: " if side == "r" else " :-- " for side in sides] or ["---"] * len(headings)
    head, *body = ("| " + " | ".join(map(markdown_cell, row)) + " |" for row in (headings, *rows))
    return "\n".join([head, f"|{'|'.join(rule)}|", *body])


def latex_table(
    headings: Cells, rows: Iterable[Cells], sides: str, *,
    sums: Sequence[Cells] = (), below: Iterable[Cells] = (), rules: tuple[str, str, str] = BOOKTABS,
) -> str:  # fmt: skip
    r"""A bare tabular of cells that are LaTeX already; sums stand under a rule of their own, others below the last."""
    top, middle, bottom = rules
    body, summed, last = (map(_latex_row, part) for part in (rows, sums, below))
    return "\n".join([
        rf"\begin{{tabular}}{{{sides}}}", top, _latex_row(headings), middle, *body,
        *([middle, *summed] if sums else []), bottom, *last, r"\end{tabular}",
    ])  # fmt: skip


def _latex_row(cells: Cells) -> str:
    """Cells on a line; a bracket or star at its beginning would be an option of the line before."""
    line = " & ".join(cells) + r" \\"
    return f"{{}}{line}" if line.startswith(("[", "*")) else line


def html_table(headings: Cells, rows: Iterable[Cells], caption: str | None = None, named: bool = False) -> Html:
    """A table of HTML, in which what is not markup already is escaped; where `named`, the first column names the rows.

    >>> html_table(("n",), [("1 < 2",)])
    '<table><thead><tr><th>n</th></tr></thead><tbody><tr><td>1 &lt; 2</td></tr></tbody></table>'
    """
    head = tag("tr", *(tag("th", heading, scope="col" if named else None) for heading in headings))
    body = [
        tag("tr", *(tag("td", cell) if i or not named else tag("th", cell, scope="row") for i, cell in enumerate(row)))
        for row in rows
    ]
    title = None if caption is None else tag("caption", caption)
    return tag("table", title, tag("thead", head), tag("tbody", *body))


def grid(headings: Cells, rows: Iterable[Cells], caption: str | None = None, class_: str | None = None) -> Html:
    """A table of a page, whose first column names its rows; it scrolls where the page is narrow."""
    whole, name = html_table(headings, rows, caption, named=True), caption or ", ".join(headings)
    return tag("div", whole, class_=f"wide {class_ or ''}".rstrip(), tabindex="0", role="region", aria_label=name)


def csv_text(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """CSV, floats to their last digit and None as a gap."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows([headings, *rows])
    return out.getvalue()


class Tabular:
    """What is a table: its `records` as a pandas.DataFrame."""

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a row."""
        raise NotImplementedError

    def to_pandas(self) -> Any:
        """Return the records as a pandas.DataFrame.

        Raises
        ------
        BoundkitError
            Where pandas is not installed.
        """
        return data_frame(self.records())


class Rows(tuple[T, ...], Tabular):
    """Several answers of one kind, as a tuple and as a table of what each says as JSON."""

    __slots__ = ()

    def records(self) -> list[dict[str, Any]]:
        """Return what each says, a record of its own."""
        return [one.to_dict() for one in self]  # type: ignore[attr-defined]

    def _repr_html_(self) -> str:
        records = self.records()
        headings = tuple(records[0]) if records else ("nothing",)
        return str(html_table(headings, [["" if x is None else str(x) for x in one.values()] for one in records]))


def data_frame(records: Sequence[dict[str, Any]]) -> Any:
    """Return records as a pandas.DataFrame.

    Raises
    ------
    BoundkitError
        Where pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ImportError:
        raise BoundkitError("to_pandas() needs pandas; install it with: pip install 'boundkit[pandas]'") from None
    return pandas.DataFrame(records)
