"""Text that came from elsewhere, on its way to a line of a terminal, a comment or an error."""

from __future__ import annotations

from collections.abc import Sequence
import re
import textwrap
from typing import Any
import unicodedata

# Controls, surrogates, the ends of lines and paragraphs; of the format characters those that turn the text around.
_KINDS = ("Cc", "Cs", "Zl", "Zp")
WHOLE: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}  # a formula or an address is one word
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def odd_characters(text: str, allowed: str = "") -> list[str]:
    """The characters that no line of text should hold, each once.

    >>> odd_characters("one\\ntwo \\x1b[31m red"), odd_characters("Müller, 2 <= 3"), odd_characters("a\\n", "\\n")
    (['\\n', '\\x1b'], [], [])
    """
    return [x for x in dict.fromkeys(text) if x not in allowed and (unicodedata.category(x) in _KINDS or x in _TURNING)]


def one_line(text: object) -> str:
    """Anything as a line of its own: no control characters, and single spaces for the ends of lines.

    >>> one_line("one\\n  two\\x1b[31m")
    'one two?[31m'
    """
    plain = " ".join(str(text).split())
    return plain.translate({ord(x): "?" for x in odd_characters(plain)})


def filled(line: str, width: int = 80) -> str:
    """A line as so many as a terminal needs, those after the first further in; "n = 5" and "k >= 1" stay whole.

    >>> print(filled("  one two three four", 11))
      one two
        three
        four
    """
    indent = line[: len(line) - len(line.lstrip())]
    bound = re.sub(r" ([!<>]?=|[<>]) ", "\u00a0\\1\u00a0", line.strip())  # which textwrap does not take for a space
    rows = textwrap.wrap(bound, width, initial_indent=indent, subsequent_indent=indent + "  ", **WHOLE)
    return "\n".join(rows).replace("\u00a0", " ")


def wrapped(text: str, width: int) -> list[str]:
    """Text in lines of a narrow column; a word that is too long for it is cut."""
    return textwrap.wrap(text, width, break_on_hyphens=False)


def fitted(text: str, width: int = 80) -> str:
    """Lines as they are, those that are too long as so many as a terminal needs.

    >>> print(fitted("n  claimed\\none two three four", 11))
    n  claimed
    one two
      three
      four
    """
    return "\n".join(line if len(line) <= width else filled(line, width) for line in text.split("\n"))


def labelled(label: str, indent: int, text: str, width: int = 80) -> str:
    """A label and what it stands for, in lines that begin under each other.

    >>> print(labelled("n", 4, "one two three", 12))
    n   one two
        three
    """
    start, below = f"{label:{indent}}", " " * indent
    return textwrap.fill(text, width, initial_indent=start, subsequent_indent=below, **WHOLE)


def paragraphs(text: str, width: int = 80) -> str:
    """Prose as wide as a terminal, an empty line between its paragraphs.

    >>> print(paragraphs("one two\\nthree\\n\\nfour", 11))
    one two
    three
    <BLANKLINE>
    four
    """
    return "\n\n".join(textwrap.fill(" ".join(part.split()), width) for part in text.strip().split("\n\n"))


def markdown_text(text: str) -> str:
    """Text in which Markdown sees no emphasis, escape, entity or HTML.

    >>> print(markdown_text("2*n <= <b>"))
    2\\*n <= &lt;b>
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", re.sub(r"[\\*]|&(?=#?\w+;)", r"\\\g<0>", text))


def markdown_cell(text: str) -> str:
    """The same for a cell of a table, which a | would end.

    >>> print(markdown_cell("a | b"))
    a \\| b
    """
    return markdown_text(text).replace("|", r"\|")


def latex_comment(text: object) -> str:
    """A line that LaTeX does not read, whatever is in it."""
    return f"% {one_line(text)}"


def series(texts: Sequence[str]) -> str:
    """Several texts as a sentence has them.

    >>> series(["a", "b", "c"]), series(["a"])
    ('a, b and c', 'a')
    """
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
