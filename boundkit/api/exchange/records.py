"""The fields of each record, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy

from boundkit.api.exchange.installed import EXPERIMENT, SIMULATION, statement_name, statement_named
from boundkit.api.exchange.kinds import (
    CODE,
    CONDITION,
    ELSEWHERE,
    FLAG,
    FORMULA,
    PART,
    SYMBOL,
    TEXT,
    VALUE,
    WHOLE,
    Kind,
    Place,
    expect,
    many,
    pair,
    record,
)
from boundkit.api.objects import Statement
from boundkit.api.papers import Collection, Paper
from boundkit.model import proof
from boundkit.model.erratum import Erratum
from boundkit.model.hypothesis import Hypothesis
from boundkit.model.parameter import Parameter
from boundkit.tails import Tail

POINT = many(pair(TEXT, VALUE))
TEXTS = many(pair(TEXT, TEXT))
EXPRESSIONS = many(pair(SYMBOL, FORMULA))
SHARPENS = many(pair(TEXT, many(pair(SYMBOL, ELSEWHERE))))

PARAMETER = record(
    Parameter,
    {
        "symbol": SYMBOL, "integer": FLAG, "low": FORMULA, "high": FORMULA, "meaning": TEXT, "tex": TEXT, "text": TEXT,
        "strict": FLAG, "default": VALUE, "degree": WHOLE, "phrase": many(TEXT), "why_ends": pair(TEXT, TEXT),
        "usual": many(VALUE), "typical": VALUE, "chosen": FLAG,
    },
    low=-sympy.oo,
    high=sympy.oo,
)  # fmt: skip
HYPOTHESIS = record(Hypothesis, {"text": TEXT, "relation": CONDITION, "tex": TEXT})


def _within(kind: Callable[[], Kind]) -> Kind:
    """A statement within another, whose parameters are its own."""

    def inside(place: Place) -> Place:
        return Place(place.path, depth=place.depth).deeper()

    return Kind(
        lambda value, place: kind().write(value, inside(place)), lambda data, place: kind().read(data, inside(place))
    )


# A statement holds statements: its readings, the steps of its errata, and what its proof spends.
INNER = _within(lambda: STATEMENT)

ERRATUM = record(
    Erratum,
    {
        "id": TEXT, "printed": TEXT, "holds": TEXT, "grade": TEXT, "witness": POINT, "reason": TEXT, "step": INNER,
        "simulation": SIMULATION, "brief": TEXT,
    },
)  # fmt: skip


def _write_event(event: Any, place: Place) -> Any:
    if isinstance(event, Tail):
        return {"law": FORMULA.write(event, place)}
    return {"statement": statement_name(event) or INNER.write(event, place)}


def _read_event(data: Any, place: Place) -> Any:
    """What a proof spends: a law, or a statement by its name or written out; all else is refused."""
    expect(data, dict, "an object", place)
    if list(data) == ["law"]:
        law = FORMULA.read(data["law"], place.field("law"))
        return (
            law if isinstance(law, Tail) else place.field("law").refuse("it is no law; expected one of boundkit.tails")
        )
    if list(data) != ["statement"]:
        place.refuse("expected one field, 'law' or 'statement'")
    named, place = data["statement"], place.field("statement")
    return statement_named(named, place) if isinstance(named, str) else INNER.read(named, place)


def _write_need(need: Any, place: Place) -> Any:
    return need if isinstance(need, str) else {"relation": CONDITION.write(need, place)}


def _read_need(data: Any, place: Place) -> Any:
    if isinstance(data, str):
        return TEXT.read(data, place)
    if list(expect(data, dict, "text, or an object", place)) != ["relation"]:
        place.refuse("expected one field, 'relation'")
    return CONDITION.read(data["relation"], place.field("relation"))


TERMS = {"terms": many(many(PART))}
RULES: Mapping[str, tuple[type, Kind]] = {
    rule.__name__: (rule, record(rule, kinds))
    for rule, kinds in (
        (proof.Fact, {"why": TEXT, "needs": many(Kind(_write_need, _read_need))}),
        (proof.NonnegativeSum, TERMS),
        (proof.Squares, TERMS),
        (proof.Logs, TERMS),
        (proof.Identity, {}),
        (proof.Chernoff, {"theta": FORMULA}),
        (proof.GaussianMixtureTail, {}),
        (proof.Unimodal, {"parameter": SYMBOL, "turn": FORMULA}),
    )
}


def _write_rule(rule: Any, place: Place) -> Any:
    name = type(rule).__name__
    return {"rule": name, **RULES[name][1].write(rule, place)}


def _read_rule(data: Any, place: Place) -> Any:
    given = dict(expect(data, dict, "an object", place))
    name = expect(given.pop("rule", None), str, f"one of {', '.join(RULES)}", place.field("rule"))
    if name not in RULES:
        place.field("rule").refuse(f"{name[:40]!r}; expected one of {', '.join(RULES)}")
    return RULES[name][1].read(given, place)


STEP = record(proof.Step, {"relation": CONDITION, "by": Kind(_write_rule, _read_rule), "because": TEXT})
SPEND = record(
    proof.Spend,
    {
        "event": Kind(_write_event, _read_event), "values": EXPRESSIONS, "names": many(pair(SYMBOL, SYMBOL)),
        "count": FORMULA, "because": TEXT, "where": CONDITION, "otherwise": TEXT, "needs": many(TEXT), "whole": TEXT,
        "proved": TEXT, "given": many(SYMBOL),
    },
)  # fmt: skip
_PROOF = record(
    proof.Proof,
    {
        "spends": many(SPEND), "parameters": many(PARAMETER), "let": EXPRESSIONS, "steps": many(STEP),
        "budget": many(STEP), "at": POINT,
    },
)  # fmt: skip


def _write_proof(value: Any, place: Place) -> Any:
    names = [p.name for p in value.parameters] + [symbol.name for symbol, _ in value.let]
    return _PROOF.write(value, place.knowing(names))


def _read_proof(data: Any, place: Place) -> Any:
    given = expect(data, dict, "an object, a Proof", place)
    let = [one[0] for one in _listed(given, "let") if isinstance(one, list) and one and isinstance(one[0], str)]
    return _PROOF.read(data, place.knowing([*_declared(given, "parameters"), *let]))


_STATEMENT = record(
    Statement,
    {
        "name": TEXT, "place": TEXT, "parameters": many(PARAMETER), "quantities": many(PARAMETER),
        "hypotheses": many(HYPOTHESIS), "claims": many(CONDITION), "failure": FORMULA, "truth": FORMULA,
        "truth_is": TEXT, "attained": TEXT, "truth_assumes": many(TEXT), "worst_case": POINT, "depends_on": many(TEXT),
        "tex": TEXTS, "text": TEXTS, "errata": many(ERRATUM), "printed": INNER, "superseded": FLAG, "sampler": CODE,
        "tilted": CODE, "experiment": EXPERIMENT, "paper": TEXT, "rests_on": TEXTS, "sharpens": SHARPENS,
        "proof": Kind(_write_proof, _read_proof), "doc": TEXT,
    },
)  # fmt: skip


def _write_statement(s: Any, place: Place) -> Any:
    return _STATEMENT.write(s, place.knowing([p.name for p in (*s.parameters, *s.quantities)]))


def _read_statement(data: Any, place: Place) -> Any:
    given = expect(data, dict, "an object, a Statement", place)
    return _STATEMENT.read(data, place.knowing([*_declared(given, "parameters"), *_declared(given, "quantities")]))


def _listed(data: Mapping[str, Any], field: str) -> list[Any]:
    found = data.get(field)
    return found if isinstance(found, list) else []


def _declared(data: Mapping[str, Any], field: str) -> list[str]:
    """The names of the parameters in it, before it is looked at what else they are."""
    names = [one.get("symbol") for one in _listed(data, field) if isinstance(one, dict)]
    return [name for name in names if isinstance(name, str)]


STATEMENT: Kind = Kind(_write_statement, _read_statement)
_PAPER: Mapping[str, Kind] = {
    "name": TEXT, "title": TEXT, "about": TEXT, "authors": many(TEXT), "year": WHOLE, "bibtex": TEXT,
    "statements": many(STATEMENT), "not_encoded": TEXTS, "errata": many(ERRATUM), "sources": TEXTS, "main": TEXT,
}  # fmt: skip
PAPER, COLLECTION = record(Paper, _PAPER), record(Collection, _PAPER)
