r"""Statements and guarantees as LaTeX for a paper: displays that fit its line, and theorem environments."""

from __future__ import annotations

from collections.abc import Sequence

from boundkit.engine.cards import (
    bracketed,
    claims_latex,
    conditions_latex,
    is_told,
    probability_latex,
)
from boundkit.engine.guarantee import GuaranteeRecord
from boundkit.engine.qualified import qualification
from boundkit.formats.expressions import escaped_latex, expression_latex, failure_formula, relation_latex
from boundkit.formats.latex import INLINE, LINE, display, gathered, lines_of, width_of
from boundkit.formats.prose import prose_latex
from boundkit.model.parameter import Parameter
from boundkit.model.statement import StatementRecord
from boundkit.text import latex_comment, series

ENVIRONMENTS = ("theorem", "lemma", "corollary", "proposition", "remark")
BRACKETS = 60.0  # points, of what stands around the claims


def statement_display(s: StatementRecord) -> str:
    r"""The statement as a display below a comment.

    >>> from boundkit.library.melamed2023.lemma_b_1 import lemma_b_1
    >>> print(statement_display(lemma_b_1))
    % Lemma B.1, appendix B; corrected: sigma > 0 (E21)
    \[ \Pr\left[ \|w\|^2 \geq \frac{1}{2} \sigma^2 n \right] \geq 1 - e^{-\frac{n}{16}} \]
    """
    conditions = conditions_latex(s)
    pieces = [rf"{x},\ " for x in conditions[:-1]] + conditions[-1:] + ([r"\implies"] if conditions else [])
    claims = [relation_latex(s, claim) for claim in s.claims]
    return f"{_comment(s)}\n{display([*pieces, *_promise(claims, _likely(s))])}"


def statement_theorem(s: StatementRecord) -> str:
    r"""The statement in a theorem environment of its kind: parameters with their domains, assumptions, claims.

    >>> from boundkit.library.melamed2023.lemma_b_1 import lemma_b_1
    >>> print(statement_theorem(lemma_b_1).splitlines()[2])
    \begin{lemma}[{Lemma B.1}]\label{boundkit:lemma_b_1}\sloppy
    """
    kind = next((name for name in ENVIRONMENTS if s.title.lower().startswith(name)), "theorem")
    claims = [relation_latex(s, claim) for claim in s.claims]
    short = [x for x in conditions_latex(s) if width_of(x) <= INLINE]
    long = [x for x in conditions_latex(s) if x not in short]
    told = [f"Let {series([_let(s, p) for p in s.parameters])}."] if s.parameters else []
    told += [f"Assume that {prose_latex('; '.join(s.assumed))}."] if s.assumed else []
    if short:
        told.append(f"Suppose that {series([f'${x}$' for x in short])}{'' if long else '.'}")
    told += [f"{'and' if short else 'Suppose that'}\n{display([x])}" for x in long]
    told.append(f"Then\n{display(_promise(claims, _likely(s)))}")
    packages = "amsmath,amsthm,graphicx" if any(r"\resizebox" in x for x in told) else "amsmath,amsthm"
    return "\n".join([
        _comment(s),
        rf"% needs \usepackage{{{packages}}} and \newtheorem{{{kind}}}{{{kind.capitalize()}}}",
        rf"\begin{{{kind}}}[{{{escaped_latex(s.title)}}}]\label{{boundkit:{s.name}}}\sloppy",
        *told,
        rf"\end{{{kind}}}",
    ])  # fmt: skip


def guarantee_display(g: GuaranteeRecord) -> str:
    r"""What is promised at these values: a display, with what has to be said first in words before it."""
    s, words = g.statement, qualification(g)
    told = "; ".join(filter(None, (words.text, words.leads if is_told(g) else "")))
    said = f"{prose_latex(told)}{':' if is_told(g) else '.'}"
    lines = [latex_comment(f"{s.number} {s.reading}")] if s.reading else []
    lines += [said[:1].upper() + said[1:]] if told else []
    return "\n".join([*lines, *([display(_promise(claims_latex(g), probability_latex(g)))] if is_told(g) else [])])


def _comment(s: StatementRecord) -> str:
    return latex_comment(s.place + (f"; {s.reading}" if s.reading else ""))


def _likely(s: StatementRecord) -> str:
    return "" if s.failure == 0 else f"1 - {bracketed(failure_formula(s, latex=True))}"


def _promise(claims: Sequence[str], likely: str) -> list[str]:
    """The claims, within their probability where one is given, as pieces of a display."""
    pieces = [claims[0], *(rf"\text{{ and }} {claim}" for claim in claims[1:])]
    if not likely:
        return pieces
    inside = gathered(lines_of(pieces, LINE - BRACKETS))
    return [rf"\Pr\left[ {inside} \right]", rf"\geq {likely}"]


def _let(s: StatementRecord, p: Parameter) -> str:
    """What a parameter is, and its domain."""
    letter = p.tex or prose_latex(p.name).strip("$")
    told = ["an integer" if p.integer else "real"]
    above = ">" if p.strict else r"\geq"
    told += [] if p.low.is_infinite else [f"${letter} {above} {expression_latex(s, p.low)}$"]
    told += [] if p.high.is_infinite else [rf"${letter} \leq {expression_latex(s, p.high)}$"]
    return f"${letter}$ be {prose_latex(p.meaning)} ({', '.join(told)})"
