r"""LaTeX that fits the line of a paper: how wide it will be, formulas in several lines, tables in several parts.

Widths are those of Computer Modern at ten points, estimated rather above than below; a line is \textwidth of the
class article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
import re

LINE = 345.0  # points
INLINE = 150.0  # points, of a formula in a line of text
LINES = 42  # of text on a page, in a table at most
GAP = 12.0  # points between two columns
TEXT = 115.0  # points, a column of running text
CELL_LINE = 4.8  # points, a character of running text
BOOKTABS = (r"\toprule", r"\midrule", r"\bottomrule")
HLINES = (r"\hline", r"\hline", r"\hline")
RULE = ()  # for a row
SMALL = 0.72  # an index against what it stands at
WIDE_SIGNS = {"leq", "geq", "neq", "sim", "implies", "pm", "times", "wedge", "vee", "in"}
NO_WIDTH = {
    "left", "right", "bigl", "bigr", "text", "mathrm", "operatorname", "raggedright", "arraybackslash", "footnotesize",
    "displaystyle", "mathbf", "textbf", "mathbb", "num", "hat", "bar", "tilde", "limits",
}  # fmt: skip
CUTS = ((r"\leq", r"\geq", r"\neq", r"\implies", "=", "<", ">"), ("+", "-"), (r"\cdot",))
# What nothing cuts is made smaller where it is too wide indeed; needs the package graphicx.
SHRUNK = rf"\resizebox{{\ifdim\width>{LINE - 25}pt {LINE - 25}pt\else\width\fi}}{{!}}{{$\displaystyle %s$}}"
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_]|\s+|.", re.DOTALL)
_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?(?:e(?P<power>-?[0-9]+))?")

Cells = Sequence[str]


def width_of(tex: str) -> float:
    r"""How wide a formula or a line of text is, in points, rather more than less.

    >>> width_of("$10$") < width_of(r"$\frac{10}{3} + 1$") < width_of("$10 + 3 + 1$")
    True
    """
    return _width(_TOKEN.findall(tex.replace("$", "")), 0)[0]


def _width(tokens: list[str], i: int) -> tuple[float, int]:
    """Of what stands up to the end of a group, and where that is."""
    total = widest = 0.0
    while i < len(tokens) and tokens[i] not in ("}", r"\end"):
        part = tokens[i]
        if part == r"\\":
            widest, total, i = max(widest, total), 0.0, i + 1
        elif part in ("^", "_"):
            inside, i = _argument(tokens, i + 1)
            total += SMALL * inside
        elif part in (r"\frac", r"\binom"):
            over, i = _argument(tokens, i + 1)
            under, i = _argument(tokens, i)
            total += max(over, under) + 3
        elif part == r"\sqrt":
            inside, i = _argument(tokens, i + 1)
            total += inside + 8.5
        elif part == r"\begin":
            _, i = _argument(tokens, i + 1)
            inside, i = _width(tokens, i)
            _, i = _argument(tokens, i + 1)
            total += inside + 5
        elif part == "{":
            inside, i = _width(tokens, i + 1)
            total, i = total + inside, i + 1
        else:
            total, i = total + _glyph(part), i + 1
    return max(widest, total), i


def _argument(tokens: list[str], i: int) -> tuple[float, int]:
    while i < len(tokens) and tokens[i].isspace():
        i += 1
    if i < len(tokens) and tokens[i] == "{":
        inside, i = _width(tokens, i + 1)
        return inside, i + 1
    return (_glyph(tokens[i]), i + 1) if i < len(tokens) else (0.0, i)


def _glyph(part: str) -> float:
    """How wide a sign is, rather more than less."""
    if part.startswith("\\"):
        name = part[1:].rstrip("*")
        if name in NO_WIDTH:
            return 0.0
        if name in WIDE_SIGNS:
            return 14.0
        if len(name) == 1:
            return 4.0
        return 5.5 * len(name) if name in ("log", "exp", "min", "max", "sup", "inf", "Pr") else 7.0
    if part.isspace():
        return 1.5
    if part in "=<>+":
        return 13.0
    if part == "-":
        return 10.0
    return 9.5 if part in "mwMWN" else 7.8 if part.isupper() else 5.4 if part.isalnum() else 4.5


def display(pieces: Iterable[str], width: float = LINE) -> str:
    r"""A displayed formula of these pieces, in as many lines as it needs.

    >>> print(display(["a = b", r"\geq c"]))
    \[ a = b \geq c \]
    >>> print(display(["a = b", r"\geq c"], 40))
    \[ \begin{gathered}
      a = b \\
      \geq c
    \end{gathered} \]
    """
    lines = lines_of(pieces, width)
    return rf"\[ {lines[0]} \]" if len(lines) == 1 else f"\\[ {gathered(lines)} \\]"


def gathered(lines: Sequence[str]) -> str:
    """Lines of a formula, one under the other; one alone as it is."""
    if len(lines) == 1:
        return lines[0]
    inside = " \\\\\n  ".join(lines)
    return f"\\begin{{gathered}}\n  {inside}\n\\end{{gathered}}"


def lines_of(pieces: Iterable[str], width: float = LINE) -> list[str]:
    """Pieces of a formula side by side while there is room; one that has none is cut at its own signs."""
    lines: list[str] = []
    for piece in pieces:
        fits = [piece] if width_of(piece) <= width else [*_cut(piece, width)]
        for part in fits:
            if lines and width_of(f"{lines[-1]} {part}") <= width:
                lines[-1] += f" {part}"
            else:
                lines.append(part if width_of(part) <= width else SHRUNK % part)
    return lines


def _cut(piece: str, width: float) -> Iterator[str]:
    """Before its relations, else before a sum's signs, else before its products, where no bracket is open."""
    for signs in CUTS:
        parts = _split(piece, signs)
        if len(parts) > 1:
            for part in parts:
                yield from ([part] if width_of(part) <= width else _cut(part, width))
            return
    yield piece


def _split(piece: str, signs: Sequence[str]) -> list[str]:
    """Parts that each begin with one of these signs, but for the first."""
    depth, found = 0, [""]
    for part in re.findall(r"\\[A-Za-z]+|\\.|.", piece, re.DOTALL):
        opened = part in ("{", "(", r"\left", r"\begin", r"\langle")
        closed = part in ("}", ")", r"\right", r"\end", r"\rangle")
        if depth == 0 and found[-1].strip() and part in signs:
            found.append("")
        found[-1] += part
        depth += opened - closed
    return [part.strip() for part in found]


def number_column(cells: Iterable[str]) -> str:
    r"""The column of the package siunitx for plain numbers, "" where a cell is none; a comparison may stand before one.

    >>> number_column(["0.5", "12", "4e-17"])
    'S[table-format=2.1e-2]'
    >>> number_column(["1e-17", "1e100"])
    'S[table-format=1e-3]'
    >>> number_column(["0.5", "n/2"])
    ''
    """
    cells = [*cells]
    read = [_NUMBER.fullmatch(cell.removeprefix("<= ")) for cell in cells]
    found = [number for number in read if number]
    if not found or len(found) < len(read):
        return ""
    sign, whole, part, power = (
        "-" if any(x["sign"] for x in found) else "", max(len(x["whole"]) for x in found),
        max(len(x["part"] or "") for x in found), max(len((x["power"] or "").removeprefix("-")) for x in found),
    )  # fmt: skip
    below = "-" if any((x["power"] or "").startswith("-") for x in found) else ""
    comparison = "<" if any(cell.startswith("<= ") for cell in cells) else ""
    exponent = f"e{below}{power}" if power else ""
    return f"S[table-format={comparison}{sign}{whole}{f'.{part}' if part else ''}{exponent}]"


def latex_table(
    headings: Cells, rows: Iterable[Cells], sides: str | Sequence[str], *,
    notes: Iterable[str] = (), rules: tuple[str, str, str] = BOOKTABS, keys: Sequence[int] = (0,), width: float = LINE,
) -> str:  # fmt: skip
    r"""A bare tabular of cells that are LaTeX already; several where one is too wide for a line or too long for a page.

    Parameters
    ----------
    headings, rows : sequences of str
        The cells; an empty row is a rule.
    sides : str or sequence of str
        Of each column "l", "r" or a column of siunitx; running text that is long is set in lines.
    notes : iterable of str
        What stands below the last.
    rules : three of str
        The lines above, between and below.
    keys : sequence of int
        The columns that tell the rows apart, with which every part begins.
    width : float
        In points.
    """
    body = [*rows]
    kinds = [*sides] or ["l"] * len(headings)
    natural = [max(map(_cell_width, column)) for column in zip(headings, *filter(None, body), strict=True)]
    wrapped = [kind == "l" and size > TEXT for kind, size in zip(kinds, natural, strict=True)]
    sizes = [TEXT if long else size for long, size in zip(wrapped, natural, strict=True)]
    columns = [rf">{{\raggedright\arraybackslash}}p{{{TEXT:g}pt}}" if long else kind
               for long, kind in zip(wrapped, kinds, strict=True)]  # fmt: skip
    parts = []
    for block in _blocks(sizes, keys, width):
        for some in _pages(body, [i for i in block if wrapped[i]]):
            lines = [[row[i] for i in block] if row else RULE for row in some]
            heads = [f"{{{headings[i]}}}" if kinds[i].startswith("S") else headings[i] for i in block]
            parts.append((heads, lines, [columns[i] for i in block], sum(sizes[i] + GAP for i in block)))
    return "\n\n\\medskip\n".join(
        _tabular(*part, [*notes] if part is parts[-1] else [], rules, width) for part in parts
    )


def _cell_width(cell: str) -> float:
    return width_of(cell) if "$" in cell or "\\" in cell else CELL_LINE * len(cell)


def _blocks(sizes: Sequence[float], keys: Sequence[int], width: float) -> list[list[int]]:
    blocks: list[list[int]] = [[]]
    for column, size in enumerate(sizes):
        block = blocks[-1]
        if set(block) - set(keys) and sum(sizes[i] + GAP for i in block) + size + GAP > width:
            blocks.append([*keys])
        blocks[-1].append(column)
    return blocks


def _pages(rows: Sequence[Cells], wrapped: Sequence[int]) -> Iterator[list[Cells]]:
    """Rows by pages, each row as high as its highest text."""
    page: list[Cells] = []
    used = 0.0
    for row in rows:
        height = max((_cell_width(row[i]) * 1.3 // TEXT + 1 for i in wrapped), default=1) if row else 0
        if page and used + height > LINES:
            yield page
            page, used = [], 0.0
        page.append(row)
        used += height
    yield page


def _tabular(
    headings: Cells, rows: Sequence[Cells], columns: Cells, size: float, notes: Sequence[str],
    rules: tuple[str, str, str], width: float,
) -> str:  # fmt: skip
    """One tabular of these cells, its notes as lines below it."""
    top, middle, bottom = rules
    across = min(max(size, 240.0), width) - GAP
    below = [
        _latex_row([rf"\multicolumn{{{len(columns)}}}{{p{{{across:.0f}pt}}}}{{\footnotesize\raggedright {note}}}"])
        for note in notes
    ]
    return "\n".join([
        rf"\begin{{tabular}}{{{''.join(columns)}}}", top, _latex_row(headings), middle,
        *(_latex_row(row) if row else middle for row in rows), bottom, *below, r"\end{tabular}",
    ])  # fmt: skip


def _latex_row(cells: Cells) -> str:
    """Cells on a line; a bracket or star at its beginning would be an option of the line before."""
    line = " & ".join(cells) + r" \\"
    return f"{{}}{line}" if line.startswith(("[", "*")) else line
