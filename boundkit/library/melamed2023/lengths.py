"""The comparison of perturbations in words: a table for the terminal, Markdown, LaTeX and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundkit.formats.html import listed, signature
from boundkit.formats.latex import latex_table
from boundkit.formats.numbers import failure_text, latex_number, number_text
from boundkit.formats.tables import csv_text, html_table, markdown_table, split_table
from boundkit.text import latex_comment, markdown_text

if TYPE_CHECKING:
    from boundkit.library.melamed2023.comparison import Comparison, Lengths

DIGITS = 3
NOTHING = "-"
HEADINGS = (
    "data", "d", "ell", "m", "k", "Thm 5.1", "fails", "by law", "sharpened", "universal", "one point", "swap",
    "shortest", "attack", "radius",
)  # fmt: skip
KEYS = (1, 3)  # d and m
SIDES = "l" + "r" * (len(HEADINGS) - 1)


def legend(found: Comparison) -> tuple[str, ...]:
    """What the columns are."""
    level = number_text(found.failure, DIGITS, 1)
    return (
        "Lengths of steps orthogonal to the data that flip the label, over |N(x0)|, one trained network a row.",
        f"Thm 5.1: the length it promises, with the failure probability it claims; {NOTHING}: it promises nothing.",
        "by law: the most that its own z fails or is longer, by the exact laws, where the theorem applies or not;"
        f" {NOTHING}: 1.",
        f"sharpened, universal, one point: the length that suffices with failure {level}, for all x0 or for this one;"
        f" {NOTHING}: none at these sizes.",
        f"swap: the length that makes the first layer see the nearest data point of the other label; {NOTHING}: none.",
        "shortest, attack: found on this network, by convex programmes and by projected gradient steps"
        f" (m <= {found.searched}); * is the true distance.",
        "in brackets: a step that only loses the label, N = 0 there; one that flips may be longer, or there is none.",
        f"radius: no shorter step flips, except with probability {level}.",
    )


def lengths_text(found: Comparison) -> str:
    """The comparison as aligned plain text."""
    table = split_table([HEADINGS, *(cells(row, found) for row in found.rows)], SIDES, KEYS)
    return "\n".join([table, "", *legend(found)])


def lengths_markdown(found: Comparison) -> str:
    """The comparison as Markdown."""
    table = markdown_table(HEADINGS, (cells(row, found) for row in found.rows), SIDES)
    return "\n".join([table, "", *(f"- {markdown_text(line)}" for line in legend(found))])


def lengths_html(found: Comparison) -> str:
    """The table of a notebook, and what its columns are."""
    table = html_table(HEADINGS, [cells(row, found) for row in found.rows])
    return f"{table}{listed(legend(found))}{signature(f'seed {found.seed}')}"


def lengths_latex(found: Comparison) -> str:
    """The comparison as a bare tabular below comments."""
    heads = [rf"${name}$" if len(name) == 1 else r"$\ell$" if name == "ell" else name for name in HEADINGS]
    lines = [[_tex(text) for text in cells(row, found)] for row in found.rows]
    return "\n".join([
        r"% needs \usepackage{booktabs}", *map(latex_comment, legend(found)), latex_table(heads, lines, SIDES),
    ])  # fmt: skip


def lengths_csv(found: Comparison) -> str:
    """The rows in full precision; gaps are empty."""
    records = [row.to_dict() for row in found.rows]
    return csv_text(records[0], (record.values() for record in records))


def cells(row: Lengths, found: Comparison) -> tuple[str, ...]:
    """One row, a cell for each heading; what is promised is rounded up, the radius down."""
    searched = row.m <= found.searched
    shortest = _found(row.shortest, row.shortest_flips) + ("*" if row.certified and row.shortest_flips else "")
    return (
        row.data, *(str(n) for n in (row.d, row.ell, row.m, row.k)), _length(row.promised),
        NOTHING if row.claimed is None else number_text(row.claimed, DIGITS, 1),
        failure_text(row.log_in_fact) if row.log_in_fact < 0 else NOTHING,
        *map(_length, (row.sharpened, row.universal, row.one_point, row.swap)),
        *((shortest, _found(row.attack, row.attack_flips)) if searched else ("", "")),
        number_text(row.radius, DIGITS, -1),
    )  # fmt: skip


def _length(x: float | None) -> str:
    return NOTHING if x is None else number_text(x, DIGITS, 1)


def _found(x: float | None, flips: bool | None) -> str:
    return _length(x) if flips is not False else f"({_length(x)})"


def _tex(text: str) -> str:
    if text in (NOTHING, ""):
        return "--" if text else ""
    if text.startswith("("):
        return f"({_tex(text[1:-1])})"
    number = text.rstrip("*")
    star = r"$^*$" if number != text else ""
    return (f"${latex_number(number)}$" if number[0].isdigit() else number) + star
