"""Guarantees that hold together, as a reader meets them: text, LaTeX, HTML and JSON-able dictionaries."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

import sympy

from boundkit.api.objects import Guarantee
from boundkit.engine.cards import bracketed, check_line, check_text, corrected_lines
from boundkit.engine.guarantee import shown_bounds
from boundkit.engine.verdict import Verdict
from boundkit.formats.expressions import TextPrinter, escaped_latex, expression_latex, relation_latex, relation_text
from boundkit.formats.numbers import latex_number, number_text, probability_text, shown_failure
from boundkit.formats.plainly import plainly
from boundkit.values import value_text

if TYPE_CHECKING:
    from boundkit.api.union import Union

UNDEFINED = sympy.Symbol("undefined")
MARKS = {True: "holds", False: "fails", None: "open"}


def union_text(u: Union) -> str:
    """The joined promise as a reader of the papers would say it."""
    words = _words(u)
    promise = f"{_likely(u)}: {' and '.join(_claims(u, relation_text))}"
    if u.verdict in (Verdict.INAPPLICABLE, Verdict.VACUOUS):
        lead = "would say" if u.verdict is Verdict.INAPPLICABLE else "says"
        lines = [
            f"{_head(u)}: {words}.",
            *_failing(u),
            *([f"  the formula {lead}: {promise}"] if _is_defined(u) else []),
        ]
    else:
        lines = [f"{_head(u)}:{f' {words},' if words else ''}", f"  {promise}"]
        lines += [f"  assumed: {'; '.join(u.assumed)}"] if u.assumed else []
    corrected = dict.fromkeys(line for g in u.guarantees for line in corrected_lines(g.statement))
    return "\n".join([*lines, *corrected])


def union_latex(u: Union) -> str:
    """The joined promise as one line of LaTeX mathematics; where nothing is promised, that is said first."""
    claims = r" \text{ and } ".join(_claims(u, relation_latex))
    formula = claims if _is_sure(u) else rf"\Pr\left[ {claims} \right] \geq {_probability_latex(u)}"
    words = _words(u)
    if not words:
        return formula
    return rf"\text{{{escaped_latex(words)}: }} {formula}" if _is_defined(u) else rf"\text{{{escaped_latex(words)}}}"


def union_repr(u: Union) -> str:
    """One line with the key number."""
    number = "" if _is_sure(u) else f": probability >= {_probability(u)}"
    return f"<union of {len(u.guarantees)} guarantees: {u.verdict.name}{number}>"


def union_html(u: Union) -> str:
    """A small card for notebooks; nothing in it is loaded from elsewhere."""
    rows = "".join(
        f"<tr><td>{MARKS[check.holds]}</td>"
        f"<td style='text-align:left'>{escape(f'{g.statement.title}: {check_line(g.statement, check)}')}</td></tr>"
        for g in u.guarantees
        for check in g.hypotheses
    )
    head = f"<b>{escape(_head(u))}</b>: {escape(_words(u) or u.verdict.value)}"
    return f"<div><p>{head}</p><p>$${escape(union_latex(u))}$$</p><table>{rows}</table></div>"


def union_dict(u: Union) -> dict[str, Any]:
    """What JSON can carry; every expression as text, every number finite."""
    return plainly({
        "verdict": u.verdict.name,
        "says": _words(u) or u.verdict.value,
        "applies": u.applies,
        "free": list(u.free),
        "assumed": list(u.assumed),
        "claims": _claims(u, relation_text),
        "failure": _written(u.failure),
        "log_failure": _written(u.log_failure),
        "probability": _written(u.probability),
        "guarantees": [g.to_dict() for g in u.guarantees],
    })  # fmt: skip


def _head(u: Union) -> str:
    return " and ".join(map(_place, u.guarantees))


def _place(g: Guarantee) -> str:
    text = {p.name: p.text or p.name for p in g.statement.parameters}
    at = ", ".join(f"{text[name]} = {value_text(value)}" for name, value in g.values)
    return f"{g.statement.title} at {at}" if at else g.statement.title


def _words(u: Union) -> str:
    """What has to be said before the formula; '' where it is a plain promise."""
    if u.verdict is Verdict.INAPPLICABLE:
        return "does not apply; nothing is promised"
    if u.verdict is Verdict.VACUOUS:
        return f"promises nothing: {u.vacuous_reason}"
    if u.verdict is Verdict.INFORMATIVE:
        return ""
    opened = dict.fromkeys(check.text for check in u.hypotheses if check.holds is None)
    needed = [str(s) for s in sorted(u.failure.free_symbols, key=str)] if isinstance(u.failure, sympy.Expr) else []
    named = {str(s) for check in u.hypotheses if check.holds is None for s in check.relation.free_symbols}
    parts = [*(name for name in needed if name not in named), *opened]
    return f"for every {', '.join(parts[:-1])}{' and ' if parts[1:] else ''}{parts[-1]}"


def _failing(u: Union) -> list[str]:
    """The hypotheses that fail or are open, and whose they are."""
    checks = [(g.statement, check) for g in u.guarantees for check in g.hypotheses]
    fails = [f"  fails  {s.title}: {check_text(s, check)}" for s, check in checks if check.holds is False]
    return fails + [f"  open   {s.title}: {check.text}" for s, check in checks if check.holds is None]


def _claims(u: Union, write: Any) -> list[str]:
    """Every claim with its bound, one after the other."""
    return [
        write(g.statement, claim, UNDEFINED if bound is None else bound)
        for g in u.guarantees
        for claim, bound in zip(g.statement.claims, shown_bounds(g), strict=True)
    ]


def _is_sure(u: Union) -> bool:
    return all(g.statement.failure == 0 for g in u.guarantees)


def _is_defined(u: Union) -> bool:
    return None not in u.bounds and u.log_failure != float("inf")


def _likely(u: Union) -> str:
    return "always" if _is_sure(u) else f"with probability at least {_probability(u)}"


def _probability(u: Union) -> str:
    from boundkit.api.union import _summed

    if u._is_open:
        return f"1 - {bracketed(TextPrinter({}, 1).doprint(u.failure))}"
    return probability_text(*shown_failure(*_summed(u.guarantees)))


def _probability_latex(u: Union) -> str:
    if u._is_open:
        short = {x: sympy.Float(number_text(Decimal(str(x)), toward=1), 6) for x in u.failure.atoms(sympy.Float)}
        return f"1 - {bracketed(expression_latex(u.guarantees[0].statement, u.failure.xreplace(short), 1))}"
    head, minus, tail = _probability(u).rpartition(" - ")
    return f"{head}{minus}{latex_number(tail)}"


def _written(value: Any) -> Any:
    return str(TextPrinter({}).doprint(value)) if isinstance(value, sympy.Expr) else value
