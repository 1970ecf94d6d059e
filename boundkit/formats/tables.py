"""A table in every form but LaTeX: text, Markdown, HTML, CSV and pandas. Nothing here knows what a table is about.

A table is its headings, its rows of cells, and the side on which each column stands: "lrr", as LaTeX has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
import csv
from importlib import import_module
from io import StringIO
from itertools import zip_longest
from typing import Any, TypeVar

from boundkit.errors import BoundkitError
from boundkit.formats.html import Html, signature, tag
from boundkit.text import filled, markdown_cell, wrapped

T = TypeVar("T")

Cells = Sequence[str]
LABEL = 16  # columns of the labels of a table of texts, at most


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


def noted_table(rows: Iterable[Cells], notes: Iterable[str], sides: str = "", indent: str = "") -> str:
    """Rows as aligned lines, and under each what is said of it, if anything.

    >>> print(noted_table([("n", "claimed"), ("10", "0.5")], ["", "by Lemma 1"], "rr"))
     n  claimed
    10      0.5
      by Lemma 1
    """
    lines = text_table(rows, sides, indent).splitlines()
    told = zip(lines, notes, strict=True)
    return "\n".join(f"{line}\n{filled(f'{indent}  {note}')}" if note else line for line, note in told)


def split_table(rows: Iterable[Cells], sides: str, keys: Sequence[int], width: int = 80) -> str:
    """Rows as aligned lines, in several tables one under the other where they are too wide.

    Parameters
    ----------
    rows : iterable of sequences of str
        The headings, then the rows.
    sides : str
        As in `text_table`.
    keys : sequence of int
        The columns that tell the rows apart; every table after the first begins with them.
    width : int
        Of a line, at most, where two columns beside the keys have room in it.

    Examples
    --------
    >>> print(split_table([("n", "claimed", "exact"), ("10", "0.5", "0.25")], "rrr", [0], 12))
     n  claimed
    10      0.5
    <BLANKLINE>
     n  exact
    10   0.25
    """
    rows = list(rows)
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    blocks: list[list[int]] = [[]]
    for column, size in enumerate(sizes):
        block = blocks[-1]
        if set(block) - set(keys) and sum(sizes[i] + 2 for i in block) + size > width:
            blocks.append([*keys])
        blocks[-1].append(column)
    parts = ((([row[i] for i in block] for row in rows), "".join(sides[i] for i in block)) for block in blocks)
    return "\n\n".join(text_table(*part) for part in parts)


def beside(rows: Sequence[Cells], width: int = 80) -> str:
    """Rows of texts side by side: the first column as wide as its words, the others of one width, their texts wrapped.

    >>> print(beside([("", "printed", "corrected"), ("if", "n >= 1", "n >= 1 and m >= 2")], 24))
        printed    corrected
    if  n >= 1     n >= 1
                   and m >=
                   2
    """
    label = min(max(len(row[0]) for row in rows), LABEL)
    share = (width - label - 2 * (len(rows[0]) - 1)) // (len(rows[0]) - 1)
    lines = []
    for row in rows:
        parts = [wrapped(text, label if i == 0 else share) or [""] for i, text in enumerate(row)]
        for line in zip_longest(*parts, fillvalue=""):
            padded = (f"{text:{label if i == 0 else share}}" for i, text in enumerate(line))
            lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def markdown_table(headings: Cells, rows: Iterable[Cells], sides: str = "") -> str:
    """A table of GitHub's Markdown, its cells escaped."""
    rule = [" --: " if side == "r" else " :-- " for side in sides] or ["---"] * len(headings)
    head, *body = ("| " + " | ".join(map(markdown_cell, row)) + " |" for row in (headings, *rows))
    return "\n".join([head, f"|{'|'.join(rule)}|", *body])


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
    return tag("div", whole, class_=f"wide {class_ or ''}".rstrip(), tabindex="0", role="group", aria_label=name)


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
        rows = [["" if x is None else str(x) for x in one.values()] for one in records]
        return f"{html_table(headings, rows)}{signature()}"


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
