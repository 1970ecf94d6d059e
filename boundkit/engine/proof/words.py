"""Certificates as a reader meets them: text, LaTeX, and what JSON can carry."""

from __future__ import annotations

from dataclasses import replace
import textwrap
from typing import TYPE_CHECKING, Any

from sympy import Symbol, oo
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter

from boundkit.formats.expressions import TEX_OPERATORS, TEXT_OPERATORS, TextPrinter, escaped_latex
from boundkit.model.statement import StatementRecord

if TYPE_CHECKING:
    from boundkit.engine.proof.certificate import CertificateRecord, Line
    from boundkit.values import Formula

WIDTH, INDENT = 80, 12
LABELS = {"parameters": "where", "spends": "spends", "so": "so", "claims": "hence", "budget": "budget"}
OPENINGS = {
    "parameters": "Its parameters:",
    "spends": "It spends",
    "so": "Where none of these fails,",
    "claims": "Hence",
    "budget": "The failure probabilities add up:",
}


def certificate_text(c: CertificateRecord) -> str:
    """The proof step by step, what it takes as known, and what is missing."""
    s = spoken(c.statement)
    lines = [f"{s.title}: {verdict(c)}"]
    for part, label in LABELS.items():
        for i, line in enumerate(line for line in c.lines if line.part == part):
            lines += _row("" if i else label, relation_between(s, line.relation), _why(line))
        if part == "spends":
            lines += (row for a, b in _abbreviations(c) for row in _row("with", f"{a} = {_write(s, b)}"))
    for i, text in enumerate(c.assumed):
        lines += _row("" if i else "as known", text)
    if c.accepted:
        lines += _row("checked", f"by boundkit; {c.accepted}")
    return "\n".join(lines)


def verdict(c: CertificateRecord) -> str:
    """What the checking came to, in a clause."""
    if c.holds:
        return f"proved for all sizes; all {len(c.lines)} steps were checked by machine"
    return f"not proved; {len(c.missing)} of {len(c.lines)} steps were not shown, which refutes nothing"


def certificate_dict(c: CertificateRecord) -> dict[str, Any]:
    """Every line as text."""
    s = spoken(c.statement)
    lines = [
        {
            "part": line.part,
            "relation": relation_between(s, line.relation),
            "shown": line.shown,
            "why": line.why,
            "because": line.because,
        }
        for line in c.lines
    ]
    told = {"statement": s.name, "holds": c.holds, "lines": lines, "assumed": list(c.assumed)}
    return told | ({"coq": str(c.accepted)} if c.accepted else {})


def certificate_latex(c: CertificateRecord) -> str:
    """A paragraph for each part, its relations in a list."""
    s = spoken(c.statement)
    parts = [rf"\textbf{{{escaped_latex(s.title)}}}: {escaped_latex(verdict(c))}."]
    for part, opening in OPENINGS.items():
        of_part = [line for line in c.lines if line.part == part]
        rows = [
            rf"  \item ${relation_between(s, line.relation, latex=True)}$ ({escaped_latex(_why(line))})"
            for line in of_part
        ]
        parts += ["\n".join([opening, r"\begin{itemize}", *rows, r"\end{itemize}"])] if rows else []
        if part == "spends" and (lets := _abbreviations(c)):
            parts.append(f"with {', '.join(f'${_write(s, a, True)} = {_write(s, b, True)}$' for a, b in lets)}.")
    parts.append(f"Taken as known: {escaped_latex('; '.join(c.assumed))}." if c.assumed else "")
    parts.append(f"Checked by boundkit; {escaped_latex(str(c.accepted))}." if c.accepted else "")
    return "\n\n".join(part for part in parts if part)


def relation_between(s: StatementRecord, relation: Relational, latex: bool = False) -> str:
    """A relation in the parameters of its statement; one side only where both are the same."""
    if not isinstance(relation, Relational):
        return str(relation)
    operators = TEX_OPERATORS if latex else TEXT_OPERATORS
    left, right = (_write(s, side, latex) for side in relation.args)
    return left if left == right else f"{left} {operators[relation.rel_op]} {right}"


def spoken(s: StatementRecord) -> StatementRecord:
    """The statement, with the parameters of its proof among those that have a spelling."""
    names = {p.name for p in (*s.parameters, *s.quantities)}
    inside = tuple(
        replace(p, low=-oo, high=oo, default=None)
        for p in (s.proof.parameters if s.proof else ())
        if p.name not in names and p.symbol == Symbol(p.name)
    )
    return replace(s, proof=None, parameters=s.parameters + inside)


def _abbreviations(c: CertificateRecord) -> tuple[tuple[Formula, Formula], ...]:
    return c.statement.proof.let if c.statement.proof else ()


def _why(line: Line) -> str:
    why = f"{line.why}: {line.because}" if line.because else line.why
    return why if line.shown else f"NOT SHOWN; {why}"


def _write(s: StatementRecord, expr: Formula, latex: bool = False) -> str:
    """An expression with its numbers as they are: a proof rounds nothing."""
    parameters = (*s.parameters, *s.quantities)
    if latex:
        return str(LatexPrinter({"symbol_names": {p.symbol: p.tex for p in parameters if p.tex}}).doprint(expr))
    return str(TextPrinter({p.symbol: p.text for p in parameters if p.text}).doprint(expr))


def _row(label: str, text: str, why: str = "") -> list[str]:
    """A labelled line; its reason beside it, or below where there is no room."""
    start, below = f"  {label:{INDENT - 2}}", " " * (INDENT + 2)
    reason = f"  [{why}]" if why else ""
    if len(start + text + reason) <= WIDTH:
        return [start + text + reason]
    rows = textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=below, break_long_words=False)
    reasons = textwrap.wrap(reason.strip(), WIDTH, initial_indent=below, subsequent_indent=below)
    return rows + reasons
