"""Statements and guarantees as a reader meets them: text, LaTeX, HTML and JSON-able dictionaries."""

from __future__ import annotations

from html import escape
from math import ceil, floor, inf
import textwrap
from typing import TYPE_CHECKING, Any

import sympy

from boundkit.engine.qualified import qualification
from boundkit.formats.expressions import (
    escaped_latex,
    expression_latex,
    expression_text,
    failure_formula,
    opposite,
    relation_latex,
    relation_text,
)
from boundkit.formats.numbers import failure_text, latex_number, number_text, probability_text
from boundkit.formats.plainly import plainly
from boundkit.model.corrections import corrections
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Erratum, StatementRecord
from boundkit.text import filled, fitted
from boundkit.values import Formula, point_text, value_text

if TYPE_CHECKING:
    from boundkit.engine.exact import Exact
    from boundkit.engine.guarantee import Check, GuaranteeRecord


WIDTH, INDENT = 80, 12


def statement_text(s: StatementRecord) -> str:
    """The statement as a card: where it stands, what it assumes, what it promises, its parameters and errata."""
    lines = [s.title + s.place.removeprefix(s.number)]
    lines += _row(*corrected) if (corrected := _corrected(s)) else []
    if conditions := [h.text for h in s.hypotheses if h.relation is not None]:
        lines += _row("if", " and ".join(conditions))
    lines += _row("assumed", "; ".join(s.assumed)) if s.assumed else []
    likely = f"{_likely(s, f'1 - {bracketed(failure_formula(s))}')}:"
    lines += textwrap.wrap(likely, WIDTH, initial_indent="  ", subsequent_indent=" " * INDENT)
    lines += [fitted(" " * INDENT + relation_text(s, claim), WIDTH) for claim in s.claims]
    width = max((len(p.name) for p in s.parameters), default=0)
    for i, p in enumerate(s.parameters):
        lines += _row("" if i else "where", f"{p.name:{width}}  {_meaning(p)}")
    if s.truth is not None and s.failure != 0:
        attained = f", attained at {s.attained}" if s.attained else ""
        label = "exact" if s.truth_is == "exact" else "at most"
        lines += _row(label, f"it fails with probability {expression_text(s, s.truth)}{attained}")
    for e in s.errata:
        lines += _row(e.id, f"{erratum_text(e)}")
    return "\n".join(lines)


def statement_dict(s: StatementRecord) -> dict[str, Any]:
    """What JSON can carry of a statement: formulas as plain text and LaTeX."""
    return {
        "name": s.name,
        "place": s.place,
        "reading": s.reading,
        "says": summary(s),
        "parameters": {p.name: _meaning(p) for p in s.parameters},
        "hypotheses": [h.text for h in s.hypotheses if h.relation is not None],
        "assumed": list(s.assumed),
        "claims": [relation_text(s, claim) for claim in s.claims],
        "failure": failure_formula(s),
        "latex": statement_latex(s),
        "truth": None if s.truth is None else expression_text(s, s.truth),
        "truth_is": s.truth_is,
        "depends_on": list(s.depends_on),
        "errata": [{"id": e.id, "grade": e.grade, "printed": e.printed, "holds": e.holds} for e in s.errata],
    }


def summary(s: StatementRecord) -> str:
    """The first sentence of the statement's own words."""
    line = s.doc.strip().partition("\n")[0]
    return line.partition(": ")[2] or line


def _row(label: str, text: str) -> list[str]:
    start = f"  {label:{INDENT - 2}}"
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=" " * INDENT)


def statement_latex(s: StatementRecord) -> str:
    """The statement as one line of LaTeX mathematics."""
    claims = r" \text{ and } ".join(relation_latex(s, claim) for claim in s.claims)
    conditions = r",\ ".join(conditions_latex(s))
    failure = bracketed(failure_formula(s, latex=True))
    promise = claims if s.failure == 0 else rf"\Pr\left[ {claims} \right] \geq 1 - {failure}"
    return _as_read(s, rf"{conditions} \implies {promise}" if conditions else promise)


def inline_latex(s: StatementRecord, formula: str) -> str:
    """A formula for a notebook, with the numbers of what is corrected in it."""
    known = ", ".join(dict.fromkeys(e.id for e in corrections(s)))
    tag = rf" \quad \text{{(corrected: {escaped_latex(known)})}}" if known and not s.superseded else ""
    return rf"$\displaystyle {formula}{tag}$"


def _as_read(s: StatementRecord, formula: str) -> str:
    """A formula of a reading that does not hold, labelled."""
    return rf"\text{{{escaped_latex(s.reading)}: }} {formula}" if s.superseded else formula


def _corrected(s: StatementRecord) -> tuple[str, str] | None:
    """That a statement is corrected, and how: the word and the rest."""
    word, colon, rest = s.reading.partition(": ")
    return (word, rest) if colon and not s.superseded else None


def corrected_lines(s: StatementRecord, width: int = 80) -> list[str]:
    """The line that says that a statement is corrected, and how; none where it is not."""
    if _corrected(s) is None:
        return []
    return textwrap.wrap(s.reading, width, initial_indent="  ", subsequent_indent="    ")


def erratum_text(e: Erratum) -> str:
    """What is printed and what holds, in a line."""
    return f"{e.grade}: {e.printed}; holds: {e.holds}"


def guarantee_text(g: GuaranteeRecord) -> str:
    """The guarantee as a reader of the paper would say it."""
    s, words = g.statement, qualification(g)
    if not words.leads:
        head = f"{_head(g)} {words.text}," if words.says else _head(g)
        lines = [head, f"  {_likely(s, _probability(g))}: {_claims(g)}", *_undetermined(g), *_assumed(g)]
    else:
        lines = [f"{_head(g)} {words.text}.", *_failing(g)]
        lines += [f"  {words.leads}: {_claims(g)}, {_likely(s, _probability(g))}"] if _is_defined(g) else []
    return "\n".join([*lines, *corrected_lines(s)])


def check_text(s: StatementRecord, check: Check) -> str:
    """A hypothesis that fails or is open, with both sides at the values given."""
    if check.holds is None:
        return f"open: {check.text}"
    if check.parts:
        failing = (" ".join(_with_sides(part, opposite(part.relation))) for part in check.parts)
        return f"{check.text}: {', '.join(failing)}"
    text = f"{check.text}: {' '.join(_with_sides(check, opposite(check.relation)))}"
    return f"{text}, so {needed} is needed" if (needed := _needed(s, check)) else text


def guarantee_latex(g: GuaranteeRecord) -> str:
    """What is promised at these values as one line of LaTeX mathematics; where nothing is, that is said first."""
    words = qualification(g)
    return _as_read(g.statement, words.latex(_formula(g) if is_told(g) else ""))


def is_told(g: GuaranteeRecord) -> bool:
    """Whether there is a formula to show."""
    return _is_defined(g) or not qualification(g).leads


def _formula(g: GuaranteeRecord) -> str:
    """The claims at these values, within their probability where failure is not 0, as LaTeX mathematics."""
    claims = r" \text{ and } ".join(claims_latex(g))
    likely = probability_latex(g)
    return rf"\Pr\left[ {claims} \right] \geq {likely}" if likely else claims


def claims_latex(g: GuaranteeRecord) -> list[str]:
    """Each claim at these values."""
    from boundkit.engine.guarantee import shown_bounds

    return [
        relation_latex(g.statement, claim, sympy.Symbol(r"\text{undefined}") if bound is None else bound)
        for claim, bound in zip(g.statement.claims, shown_bounds(g), strict=True)
    ]


def probability_latex(g: GuaranteeRecord) -> str:
    """The probability that is promised at these values; "" where nothing is random."""
    s = g.statement
    if s.failure == 0:
        return ""
    if isinstance(g.log_failure, float):
        return _power_of_ten(_probability(g))
    return f"1 - {bracketed(expression_latex(s, g.failure, 1))}"


def guarantee_repr(g: GuaranteeRecord) -> str:
    """One line with the key number."""
    values = ", ".join(f"{name}={value_text(value)}" for name, value in g.values)
    s = g.statement
    number = f": probability >= {_probability(g)}" if s.failure != 0 else ""
    return f"<{s.label}({values}): {g.verdict.name}{number}>"


def guarantee_html(g: GuaranteeRecord) -> str:
    """A small card for notebooks; nothing in it is loaded from elsewhere."""
    rows = "".join(
        f"<tr><td>{_MARK[c.holds]}</td><td style='text-align:left'>{escape(check_line(g.statement, c))}</td></tr>"
        for c in g.hypotheses
    )
    words = qualification(g)
    head = f"<b>{escape(_head(g))}</b> {escape(words.text or g.verdict.value)}{'.' if words.leads else ''}"
    formula = f"<p>{words.leads.capitalize()}:</p>" if words.leads else ""
    formula = f"{formula}<p>$${escape(_formula(g))}$$</p>" if _is_defined(g) or not words.leads else ""
    corrected = "".join(f"<p>{escape(line.strip())}</p>" for line in corrected_lines(g.statement, 10**4))
    return f"<div><p>{head}</p>{formula}<table>{rows}</table>{corrected}</div>"


def check_line(s: StatementRecord, check: Check) -> str:
    """A hypothesis with its two sides, whether it holds or not."""
    if check.holds is None:
        return check.text
    if check.holds is False:
        return check_text(s, check)
    holding = (_with_sides(part, part.relation.rel_op) for part in check.parts or (check,))
    return f"{check.text}: {', '.join(map(' '.join, holding))}"


def guarantee_dict(g: GuaranteeRecord) -> dict[str, Any]:
    """What JSON can carry; every expression as text, every number finite."""
    s = g.statement
    return plainly({
        "statement": s.name,
        "place": s.place,
        "reading": s.reading,
        "values": dict(g.values),
        "free": list(g.free),
        "verdict": g.verdict.name,
        "missing": list(g.missing),
        "says": qualification(g).text or g.verdict.value,
        "applies": g.applies,
        "hypotheses": [
            {"text": c.text, "holds": c.holds, "lhs": _written(s, c.lhs), "rhs": _written(s, c.rhs)}
            for c in g.hypotheses
        ],
        "assumed": list(s.assumed),
        "claims": _claim_texts(g),
        "bound": _written(s, g.bound),
        "failure": _written(s, g.failure),
        "log_failure": _written(s, g.log_failure),
        "probability": _written(s, g.probability),
    })  # fmt: skip


def exact_dict(e: Exact) -> dict[str, Any]:
    """What JSON can carry of an exact failure probability."""
    return plainly({
        "failure": e.failure,
        "log_failure": e.log_failure,
        "enclosure": e.enclosure,
        "kind": e.kind,
        "attained": e.attained,
        "worst_case": dict(e.worst_case),
        "assumed": list(e.assumed),
    })  # fmt: skip


def exact_text(e: Exact) -> str:
    """The exact failure probability, in a sentence."""
    if e.kind != "exact" and e.enclosure[1] >= 0:
        return "the exact failure probability is not known: the bound on the failure probability is 1 or above"
    word = "is" if e.kind == "exact" else "is at most"
    worst = point_text(e.worst_case)
    worst = f", for the worst case {worst}" if worst else ""
    attained = f", with equality at {e.attained}" if e.attained else ""
    assumed = f"; assumed: {'; '.join(e.assumed)}" if e.assumed else ""
    return f"the exact failure probability {word} {_exact_number(e)}{worst}{attained}{assumed}"


_MARK = {True: "holds", False: "fails", None: "open"}


def _exact_number(e: Exact) -> str:
    high = e.enclosure[1]
    return failure_text(high, 5 if abs(high) < 1e9 else None)


def _failing(g: GuaranteeRecord) -> list[str]:
    """The hypotheses that fail or are open."""
    failing = (check for check in g.hypotheses if check.holds is False)
    lines = ["  fails  " + check_text(g.statement, check).replace(": ", "    ", 1) for check in failing]
    opened = [check.text for check in g.hypotheses if check.holds is None]
    return [*lines, f"  open   {', '.join(opened)}"] if opened else lines


def _is_defined(g: GuaranteeRecord) -> bool:
    return None not in g.bounds and g.log_failure != inf


def _head(g: GuaranteeRecord) -> str:
    text = {p.name: p.text or p.name for p in g.statement.parameters}
    at = ", ".join(f"{text[name]} = {value_text(value)}" for name, value in g.values)
    return f"{g.statement.title} at {at}:" if at else f"{g.statement.title}:"


def _undetermined(g: GuaranteeRecord) -> list[str]:
    return [f"  undetermined without a value for {', '.join(g.missing)}"] if g.missing else []


def _likely(s: StatementRecord, probability: str) -> str:
    return "always" if s.failure == 0 else f"with probability at least {probability}"


def _claims(g: GuaranteeRecord) -> str:
    return " and ".join(_claim_texts(g))


def _claim_texts(g: GuaranteeRecord) -> list[str]:
    from boundkit.engine.guarantee import shown_bounds

    undefined = sympy.Symbol("undefined")
    return [
        relation_text(g.statement, claim, undefined if bound is None else bound)
        for claim, bound in zip(g.statement.claims, shown_bounds(g), strict=True)
    ]


def _probability(g: GuaranteeRecord) -> str:
    from boundkit.engine.guarantee import failure_at

    if isinstance(g.log_failure, float):
        return probability_text(*failure_at(g))
    s = g.statement
    formula = failure_formula(s) if g.failure == s.failure else expression_text(s, g.failure, 1)
    return f"1 - {bracketed(formula)}"


def _assumed(g: GuaranteeRecord) -> list[str]:
    return filled(f"  assumed: {'; '.join(g.statement.assumed)}").split("\n") if g.statement.assumed else []


def _with_sides(check: Check, operator: str) -> tuple[str, str, str]:
    left, right = _sides(check)
    return left, operator, right


def _sides(check: Check) -> tuple[str, str]:
    """Both sides with enough digits to see which is larger, the right one rounded away from the left."""
    if check.lhs is None or check.rhs is None:
        known = ("undefined" if side is None else number_text(float(side), 8) for side in (check.lhs, check.rhs))
        return next(known), next(known)
    left, right = float(check.lhs), float(check.rhs)
    digits = 8
    while number_text(left, 17) == number_text(right, digits, 1 if right > left else -1) and digits < 17:
        digits += 1
    return number_text(left, 15), number_text(right, digits, 1 if right > left else -1)


def _needed(s: StatementRecord, check: Check) -> str:
    """The nearest integer that would do, where an integer parameter fails against an expression in others."""
    relation, right = check.relation, check.rhs
    whole = any(p.symbol == relation.lhs and p.integer for p in s.parameters)
    if not whole or relation.rhs.is_number or not isinstance(right, float) or abs(right) >= 2**53:
        return ""
    nearest = {">=": ceil, "<=": floor}.get(relation.rel_op)
    return f"{relation.lhs} {relation.rel_op} {nearest(right)}" if nearest else ""


def conditions_latex(s: StatementRecord) -> list[str]:
    """Each hypothesis on its parameters."""
    return [h.tex or relation_latex(s, h.relation) for h in s.hypotheses if h.relation is not None]


def bracketed(formula: str) -> str:
    """A sum in brackets, so that it can be subtracted."""
    depth = 0
    for i, parameter in enumerate(formula):
        depth += (parameter in "([{") - (parameter in ")]}")
        if depth == 0 and parameter in "+-" and i and formula[i - 1] == " ":
            return f"({formula})"
    return formula


def _power_of_ten(text: str) -> str:
    head, minus, tail = text.rpartition(" - ")
    return f"{head}{minus}{latex_number(tail)}"


def _meaning(p: Parameter) -> str:
    default = f" ({value_text(p.default)} unless given)" if p.default is not None else ""
    kind = "an integer" if p.integer else "real"
    low = "" if p.low.is_infinite else f", {'>' if p.strict else '>='} {p.low}"
    high = "" if p.high.is_infinite else f", <= {p.high}"
    whose = "; whoever refutes chooses it" if p.chosen else ""
    return f"{p.meaning}: {kind}{low}{high}{default}{whose}"


def _written(s: StatementRecord, value: float | Formula | None) -> float | str | None:
    return value if value is None or isinstance(value, int | float) else expression_text(s, value)
