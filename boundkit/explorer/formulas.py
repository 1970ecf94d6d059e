"""What the page is told of a statement: its words and scales as data, its formulas as JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
import json
from typing import Any

import sympy
from sympy.core.relational import Relational

import boundkit
from boundkit.api.objects import Statement
from boundkit.api.papers import papers, sharper
from boundkit.engine.cards import summary
from boundkit.engine.verdict import always_met, apart_from_truth
from boundkit.errors import StatementError
from boundkit.explorer.printer import BallPrinter
from boundkit.explorer.scales import first, start, stops
from boundkit.formats.expressions import (
    TEX_OPERATORS,
    expression_latex,
    expression_text,
    outward,
)
from boundkit.model.hypothesis import Hypothesis
from boundkit.model.parameter import Parameter
from boundkit.studies.showing import leading
from boundkit.tails import Tail, log_of
from boundkit.values import Formula


def words(s: Statement) -> dict[str, Any]:
    """What JSON can carry of a statement: texts, parameters with the stops of their sliders, where it starts."""
    ours, at = _sharpened(s)
    own = [p for p in ours.parameters if p.symbol not in {*s.symbols, *at}] if ours else []
    return {
        "title": s.title,
        "call": f"bk.{s.name}" if getattr(boundkit, s.name, None) == s else s.name,  # where one has it
        "says": summary(s),
        "group": papers[s.paper].heading if s.paper in papers else "Statements",
        "parameters": [_parameter(p) for p in (*s.parameters, *own)],
        "hypotheses": [_hypothesis(s, h) for h in s.hypotheses if h.relation is not None],
        "assumed": list(s.assumed),
        "claims": [_claim(s, claim) for claim in s.claims],
        "random": s.failure != 0,
        "truth": "" if s.truth is None else expression_text(s, s.truth),
        "truthIs": s.truth_is,
        "truthAssumes": list(s.truth_assumes),
        "truthLetters": [] if s.truth is None else [p.name for p in s.parameters if p.symbol in s.truth.free_symbols],
        "sharpened": ours.name if ours else "",
        "ownLetters": [p.name for p in own],
        "axes": [p.name for p in leading(s)[:2]],
        "start": {**start(s), **{p.name: first(p) for p in own}},
    }


def functions(s: Statement, law: Callable[[Tail], int]) -> str:
    """Return a statement's formulas as a JavaScript object; `law` numbers the tables that its truth looks up."""
    printer = BallPrinter(law)
    relations = [_single(s, h.relation) for h in s.hypotheses if h.relation is not None]
    _, at = _sharpened(s)
    truth = None if s.truth is None else s.truth if s.failure == 0 else log_of(s.truth)
    parts = {
        "low": _object({p.name: printer.function(p.low) for p in s.parameters if not p.low.is_infinite}),
        "high": _object({p.name: printer.function(p.high) for p in s.parameters if not p.high.is_infinite}),
        "left": _list(printer.function(r.lhs) for r in relations),
        "right": _list(printer.function(r.rhs) for r in relations),
        "bounds": _list(printer.function(claim.rhs) for claim in s.claims),
        "alwaysMet": _list("null" if (r := always_met(s, c)) is None else printer.function(r) for c in s.claims),
        "logFailure": printer.function(log_of(s.failure)),
        "truth": "null" if truth is None else printer.function(truth),
        "sharpened": _object({x.name: printer.function(value) for x, value in at.items()}),
    }
    return _object(parts)


def _sharpened(s: Statement) -> tuple[Statement | None, dict[sympy.Symbol, sympy.Expr]]:
    """The one that says more, and what its own parameters are there; others keep their sliders."""
    return next(iter(sharper(s)), (None, {}))


def _parameter(p: Parameter) -> dict[str, Any]:
    return {
        "name": p.name, "text": p.text or p.name, "meaning": p.meaning, "integer": p.integer, "strict": p.strict,
        "stops": list(stops(p)), "low": "" if p.low.is_infinite else str(p.low),
        "high": "" if p.high.is_infinite else str(p.high),
    }  # fmt: skip


def _hypothesis(s: Statement, h: Hypothesis) -> dict[str, Any]:
    relation = _single(s, h.relation)
    parameter = next((p for p in s.parameters if p.symbol == relation.lhs and p.integer), None)
    needed = parameter is not None and not relation.rhs.is_number and relation.rel_op in (">=", "<=")
    return {
        "text": h.text, "operator": relation.rel_op, "needed": parameter.name if parameter and needed else "",
        "apart": relation in apart_from_truth(s),
    }  # fmt: skip


def _single(s: Statement, relation: Formula) -> Formula:
    if not isinstance(relation, Relational):
        raise StatementError(f"{s.name}: the explorer draws hypotheses of one relation each, not {relation}")
    return relation


def _claim(s: Statement, claim: Formula) -> dict[str, Any]:
    says = next((q.phrase for q in s.quantities if q.symbol == claim.lhs), ())
    return {
        "left": expression_text(s, claim.lhs), "operator": claim.rel_op, "toward": outward(claim),
        "says": says[0] if says else "",
        "tex": says[1] if says else f"{expression_latex(s, claim.lhs)} {TEX_OPERATORS[claim.rel_op]}",
    }  # fmt: skip


def _object(parts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {code}" for name, code in parts.items()) + "}"


def _list(parts: Iterable[str]) -> str:
    return f"[{', '.join(parts)}]"
