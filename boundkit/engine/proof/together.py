"""Values at which all that a proof takes as known holds: from facts that contradict each other anything follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from random import Random

import sympy
from sympy.core.relational import Relational

from boundkit.enclose import holds
from boundkit.engine.proof.known import Known
from boundkit.engine.proof.witness import At, witnesses
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import Fact, Proof
from boundkit.model.statement import StatementRecord
from boundkit.tails import Tail
from boundkit.values import Formula, Value

WAYS, DRAWS = 32, 64  # of taking values from facts, and of drawing what is left

Formulas = dict[sympy.Symbol, Formula]


@dataclass(frozen=True)
class Together:
    """Values at which everything holds.

    Attributes
    ----------
    numbers : dict of symbol to number
        Of what is free.
    formulas : dict of symbol to expression
        Of the rest: what a fact says that it is, or where one bounds it.
    """

    numbers: At
    formulas: Formulas


def ends(p: Parameter) -> list[Relational]:
    """The ends of a parameter's range, as relations."""
    above = sympy.Gt if p.strict else sympy.Ge
    low = [above(p.symbol, p.low, evaluate=False)] if p.low != -sympy.oo else []
    return low + ([sympy.Le(p.symbol, p.high, evaluate=False)] if p.high != sympy.oo else [])


def facts_of(proof: Proof) -> tuple[Relational, ...]:
    """What a proof takes as known, abbreviations written out, but for what it says of laws and normal integrals."""
    plain = Known((), proof.let).plain
    said = [step.relation for step in (*proof.steps, *proof.budget) if isinstance(step.by, Fact)]
    facts = [type(r)(*map(plain, r.args), evaluate=False) for r in said if isinstance(r, Relational)]
    return tuple(fact for fact in facts if not fact.has(Tail, sympy.erfc))


@lru_cache(maxsize=256)
def together(statement: StatementRecord, proof: Proof) -> Together | None:
    """Values in their ranges at which the hypotheses and facts certainly hold together; None where none were found.

    They are searched for from where the hypotheses hold, or from the values that the proof gives.
    """
    from boundkit.engine.domain import Ends, anywhere, filled, in_order, special

    parameters = (*statement.parameters, *statement.quantities, *proof.parameters)
    facts, own = facts_of(proof), set(statement.symbols)
    said = (*statement.relations, *(end for p in parameters for end in ends(p)), *facts)
    starts = witnesses(statement.parameters, statement.relations, proof.at) or ({},)
    given = {p.symbol: p.read(value) for name, value in proof.at for p in parameters if p.name == name}
    rng = Random(0)

    def corner(p: Parameter, ends: Ends) -> Value:
        return start[p.symbol] if p.symbol in start else rng.choice(special(p, ends) or [0])

    def inside(p: Parameter, ends: Ends) -> Value:
        return start[p.symbol] if p.symbol in start else anywhere(p, ends, rng)

    for formulas in islice(_ways(parameters, facts, own), WAYS):
        meaning = _resolved(formulas)
        free = tuple(
            p.within(low=p.low.xreplace(meaning), high=p.high.xreplace(meaning))
            for p in parameters
            if p.symbol not in formulas
        )
        whole = [meaning[p.symbol] for p in parameters if p.integer and p.symbol in meaning]
        asked = [_at(relation, meaning) for relation in said]
        for i in range(DRAWS if free else 1):
            start = given | (dict(starts[i % len(starts)]) if i % 4 < 3 else {})
            drawn = filled(in_order(free), inside if i % 2 else corner)
            if drawn is not None and _all_hold(asked, whole, at := {sympy.Symbol(n): v for n, v in drawn.items()}):
                return Together(at, formulas)
    return None


def _ways(parameters: tuple[Parameter, ...], facts: tuple[Relational, ...], own: set[Formula]) -> Iterator[Formulas]:
    """Formulas for symbols: by every equation, and by one of the bounds of what only the proof speaks of, or none."""
    defined: Formulas = {}
    others = [p.symbol for p in parameters if p.symbol not in own]
    for fact in facts:
        if isinstance(fact, sympy.Eq):
            sides = sorted((fact.args, fact.args[::-1]), key=lambda pair: pair[0] not in others)
            any(_defines(defined, symbol, value) for symbol, value in sides)  # up to the first
    bounded = [s for s in others if s not in defined]
    options = [
        [
            *(
                a if s == b else b
                for f in facts
                for a, b in [f.args]
                if isinstance(f, sympy.Le | sympy.Ge) and s in (a, b)
            )
        ]
        for s in bounded
    ]
    for chosen in product(*([*found, None] for found in options)):
        formulas = dict(defined)
        if all(v is None or _defines(formulas, s, v) for s, v in zip(bounded, chosen, strict=True)):
            yield formulas


def _defines(formulas: Formulas, symbol: Formula, value: Formula) -> bool:
    """Let a formula say what a symbol is, where it is a symbol that none says, and this does not lead in a circle."""
    if not symbol.is_Symbol or symbol in formulas or symbol in _at(value, _resolved(formulas)).free_symbols:
        return False
    formulas[symbol] = value
    return True


def _resolved(formulas: Formulas) -> Formulas:
    """Formulas in free symbols only."""
    found = dict(formulas)
    for _ in formulas:
        found = {symbol: value.xreplace(found) for symbol, value in found.items()}
    return found


def _at(thing: Formula, meaning: Formulas) -> Formula:
    """With formulas put in; a relation stays one."""
    if isinstance(thing, Relational):
        return type(thing)(*(side.xreplace(meaning) for side in thing.args), evaluate=False)
    return thing.xreplace(meaning)


def _all_hold(relations: list[Formula], whole: list[Formula], at: At) -> bool:
    """Whether relations certainly hold at a point, and some expressions are integers there."""
    exact = {symbol: sympy.Rational(v.numerator, v.denominator) for symbol, v in at.items()}
    try:
        return all(holds(relation, at) is True for relation in relations) and all(
            value.xreplace(exact).is_integer for value in whole
        )
    except BoundkitError:
        return False
