"""What a statement's names and texts may hold, so that they can stand in a line, a comment, a page or a formula."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword
import re
from typing import TYPE_CHECKING, Any

from boundkit.text import odd_characters
from boundkit.values import cut_text

if TYPE_CHECKING:
    from boundkit.model.statement import StatementRecord

_TOKEN = re.compile(r"\\(begin|end)\{([a-zA-Z]+\*?)\}|\\[a-zA-Z]+|\\.|[{}%$#&\\]", re.DOTALL)


def wording(s: StatementRecord) -> Iterator[str]:
    """What is wrong with its names and texts."""
    yield from _names(s)
    for where, text in _texts(s):
        if not isinstance(text, str):
            yield f"{where} is {cut_text(text)}; give text"
        if odd := odd_characters(text, "\n" if where == "doc" else ""):
            yield f"{where} holds {', '.join(map(repr, odd[:3]))}; write it as one line of plain characters"
    for where, tex in _formulas(s):
        if fault := tex_fault(tex):
            yield f"{where} = {cut_text(tex)} {fault}; mend the LaTeX"


def tex_fault(tex: str) -> str:
    r"""Why a piece of LaTeX would break out of the formula that it is put into; "" where it would not.

    >>> tex_fault(r"\frac{1}{2}"), tex_fault(r"{x"), tex_fault("50%")
    ('', 'has a { without its }', 'has a %, which stands for something else; write \\%')
    """
    opened: list[str] = []
    for token in _TOKEN.finditer(tex):
        if token[1] == "begin" or token[0] == "{":
            opened.append(token[2] or "{")
        elif token[1] == "end" or token[0] == "}":
            if not opened or opened.pop() != (token[2] or "{"):
                return f"has a {token[0]} that nothing opens"
        elif token[0] in ("%", "$", "#"):
            return f"has a {token[0]}, which stands for something else; write \\{token[0]}"
        elif token[0] in ("&", r"\\") and not any(name != "{" for name in opened):
            return f"has a {token[0]} outside an environment"
        elif token[0] == "\\":
            return "ends with a backslash"
    return f"has a {opened[-1]} without its {'}' if opened[-1] == '{' else 'end'}" if opened else ""


def _names(s: StatementRecord) -> Iterator[str]:
    """Names that nothing could be called, and statements that depend on themselves or twice on one."""
    for what, name in (("name", s.name), *(("depends_on", name) for name in s.depends_on)):
        parts = name.split(".", 1) if what == "depends_on" else [name]
        if not all(part.isidentifier() and not iskeyword(part) for part in parts):
            yield f"{what} has {cut_text(name)}, which is no name; take letters, digits and _, as in main_bound"
    if s.name in s.depends_on:
        yield "depends_on names the statement itself; name what its proof uses"
    if len(set(s.depends_on)) < len(s.depends_on):
        yield "depends_on names a statement twice; name each once"


def _texts(s: StatementRecord) -> Iterator[tuple[str, Any]]:
    """Every text that is printed somewhere, with the name of its field."""
    yield from (("place", s.place), ("attained", s.attained), ("doc", s.doc))
    yield from (("truth_assumes", text) for text in s.truth_assumes)
    for h in s.hypotheses:
        yield from (("the text of a hypothesis", h.text), ("the tex of a hypothesis", h.tex))
    for p in (*s.parameters, *s.quantities):
        for field, text in (
            ("meaning", p.meaning),
            ("tex", p.tex),
            ("text", p.text),
            *(("phrase", t) for t in p.phrase),
        ):
            yield f"the {field} of {p.name}", text
    for field in ("tex", "text"):
        yield from ((f"{field} of {key}", text) for key, text in getattr(s, field))
    for e in s.errata:
        yield from ((f"{field} of an erratum", getattr(e, field)) for field in ("id", "printed", "holds", "reason"))


def _formulas(s: StatementRecord) -> Iterator[tuple[str, str]]:
    yield from (("the tex of a hypothesis", h.tex) for h in s.hypotheses)
    yield from ((f"the tex of {p.name}", p.tex) for p in (*s.parameters, *s.quantities))
    yield from ((f"the LaTeX in phrase of {p.name}", p.phrase[1]) for p in s.quantities if len(p.phrase) == 2)
    yield from ((f"tex of {key}", tex) for key, tex in s.tex)
