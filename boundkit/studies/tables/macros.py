r"""The numbers of a table as \newcommand lines, so that a text cites them by name and never by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from boundkit.engine.qualified import qualification
from boundkit.errors import ParameterError
from boundkit.studies.tables.layouts import LATEX, SIUNITX, WORDS, content, origin
from boundkit.text import latex_comment
from boundkit.values import Value, point_text, value_text

if TYPE_CHECKING:
    from boundkit.studies.tables.making import Table
    from boundkit.studies.tables.rows import Row

_ONES = (
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
)
_TENS = ("", "Ten", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_LARGE = ((10**9, "Billion"), (10**6, "Million"), (1000, "Thousand"), (100, "Hundred"))
_SIGNS = {"-": "Minus", ".": "Point", "/": "Over", "e": "E"}


def table_newcommands(table: Table, prefix: str, siunitx: bool) -> str:
    """The numbers of a table as named LaTeX commands."""
    if not re.fullmatch("[a-zA-Z]+", prefix):
        raise ParameterError(f"{prefix!r} cannot begin a LaTeX command; use parameters only")
    style = SIUNITX if siunitx else LATEX
    lines = origin(table, f"--commands FILE --prefix {prefix}" + (" --siunitx" if siunitx else ""))
    seen: dict[str, str] = {}
    for row in table.rows:
        where = f"{row.statement.title} at {point_text(row.values.items())}"
        words = qualification(row.guarantee)
        lines.append(latex_comment(f"{where}: {words.text or row.verdict.name.lower()}"))
        if words.leads:
            continue
        for column in table.shown:
            if column in WORDS or column in row.values or not (text := content(row, column, style)):
                continue
            name = prefix + _row_name(table, row) + column.capitalize()
            if name in seen:
                raise ParameterError(f"\\{name} would be both {seen[name]} and {where}; drop one of these rows")
            seen[name] = where
            lines.append(rf"\newcommand{{\{name}}}{{\ensuremath{{{text}}}}}")
    return "\n".join(lines) + "\n"


def in_words(value: Value) -> str:
    """Spell a number in parameters only.

    >>> from boundkit.values import parse_number
    >>> in_words(600), in_words(1_000_000), in_words(1234), in_words(parse_number("-0.25"))
    ('SixHundred', 'OneMillion', 'OneThousandTwoHundredThirtyFour', 'MinusZeroPointTwoFive')
    """
    if isinstance(value, int) and 0 <= value < 10**12:
        return _whole(value)
    return "".join(_ONES[int(c)] if c.isdigit() else _SIGNS.get(c, "") for c in value_text(value))


def _whole(n: int) -> str:
    if n < 20:
        return _ONES[n]
    for size, name in _LARGE:
        if n >= size:
            return _whole(n // size) + name + (_whole(n % size) if n % size else "")
    return _TENS[n // 10] + (_ONES[n % 10] if n % 10 else "")


def _row_name(table: Table, row: Row) -> str:
    statement = _parameters_only(row.statement.name) if len(table.statements) > 1 else ""
    swept = (_parameters_only(parameter) + in_words(row.values[parameter]) for parameter, _ in table.over)
    return statement + "".join(swept)


def _parameters_only(name: str) -> str:
    return "".join(
        "".join(_ONES[int(c)] for c in part) if part.isdigit() else part.capitalize() for part in name.split("_")
    )
