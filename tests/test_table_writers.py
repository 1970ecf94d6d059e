"""Whatever stands in the cells, every form of a table carries the same cells."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from io import StringIO
from math import inf
import re

from hypothesis import given
from hypothesis import strategies as st

from boundkit.formats.expressions import escaped_latex
from boundkit.formats.html import tag
from boundkit.formats.latex import HLINES, RULE, latex_table
from boundkit.formats.tables import csv_text, grid, html_table, markdown_table, text_table

Row = list[str]
Parts = tuple[Row, list[Row], str]
CHARACTERS = st.one_of(
    st.sampled_from("|&\\<>*_^~#%${}[]\"',;-: ab1é"),
    st.characters(exclude_categories=("C", "Z")),
)
LONG = r">{\raggedright\arraybackslash}p{115pt}"
CELLS = st.text(CHARACTERS, max_size=12).map(str.strip)
COMMANDS = {r"\textbackslash{}": "\\", r"\textasciicircum{}": "^", r"\textasciitilde{}": "~", r"\textless{}": "<",
            r"\textgreater{}": ">", r"\textbar{}": "|"}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> Parts:
    """Headings, rows, and sides."""
    width = draw(st.integers(1, 4))
    row = st.lists(CELLS, min_size=width, max_size=width)
    sides = draw(st.one_of(st.just(""), st.text("lr", min_size=width, max_size=width)))
    return draw(row), draw(st.lists(row, max_size=4)), sides


class Reader(HTMLParser):
    """The rows of a table, and the names of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.elements: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, name: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(name)
        if name == "tr":
            self.rows.append([])
        elif name in ("th", "td"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.elements[-1] in ("th", "td"):
            self.rows[-1][-1] += data


def from_markdown(line: str) -> Row:
    cells = re.split(r"(?<!\\)\|", line)[1:-1]
    return [re.sub(r"\\([\\|*&])|&lt;", lambda found: found[1] or "<", cell.strip()) for cell in cells]


def from_latex(line: str) -> Row:
    cells = re.split(r"(?<!\\)&", line.removesuffix(r" \\").removeprefix("{}"))
    words = re.compile("|".join([*map(re.escape, COMMANDS), r"\\[&%$#_{}]"]))
    return [words.sub(lambda found: COMMANDS.get(found[0], found[0][1:]), cell.strip()) for cell in cells]


@given(tables())
def test_every_form_carries_the_same_cells(table: Parts) -> None:
    headings, rows, sides = table
    told = [headings, *rows]

    lines = text_table(told, sides).split("\n")
    widths = [max(map(len, column)) for column in zip(*told, strict=True)]
    ends = [sum(widths[: i + 1]) + 2 * i for i in range(len(widths))]
    for line, row in zip(lines, told, strict=True):
        cut = [line[end - width : end] for width, end in zip(widths, ends, strict=True)]
        assert [cell.strip() for cell in cut] == row
        assert line == line.rstrip()

    head, rule, *body = markdown_table(headings, rows, sides).split("\n")
    assert [from_markdown(line) for line in (head, *body)] == told
    assert [cell.strip() for cell in rule.strip("|").split("|")] == (
        [{"l": ":--", "r": "--:"}[side] for side in sides] or ["---"] * len(headings)
    )

    escaped = [[escaped_latex(cell) for cell in row] for row in told]
    begin, _, head, _, *body = latex_table(escaped[0], escaped[1:], sides, width=inf).split("\n")
    assert begin.replace(LONG, "l") == rf"\begin{{tabular}}{{{sides or 'l' * len(headings)}}}"
    assert body[-2:] == [r"\bottomrule", r"\end{tabular}"]
    assert [from_latex(line) for line in (head, *body[:-2])] == told

    for page in (html_table(headings, rows), grid(headings, rows, "a | <caption>")):
        found = Reader(page)
        assert found.rows == told
        assert sum(name in ("th", "td") for name in found.elements) == len(headings) * len(told)

    assert list(csv.reader(StringIO(csv_text(headings, rows)))) == told


def test_rules_and_notes_have_their_places() -> None:
    made = latex_table(["a"], [["1"], RULE, ["3"]], "r", notes=["4"], rules=HLINES)
    assert made.split("\n") == [
        r"\begin{tabular}{r}", r"\hline", r"a \\", r"\hline", r"1 \\", r"\hline", r"3 \\", r"\hline",
        r"\multicolumn{1}{p{228pt}}{\footnotesize\raggedright 4} \\", r"\end{tabular}",
    ]  # fmt: skip


def test_markup_in_cells_stays_markup() -> None:
    assert "<td><b>1 &lt; 2</b></td>" in html_table(("n",), [(tag("b", "1 < 2"),)])


def test_numbers_in_csv_keep_every_digit_and_none_is_a_gap() -> None:
    assert csv_text(["x", "y"], [[0.1 + 0.2, None]]) == "x,y\n0.30000000000000004,\n"


def test_a_row_of_latex_that_begins_with_a_bracket_is_no_option_of_the_row_before() -> None:
    assert r"\\" + "\n[" not in latex_table(["a"], [["[1]"], ["[2]"], ["*"]], "l")


def test_no_rows_are_an_empty_text() -> None:
    assert text_table([]) == ""
