"""What makes a statement contradict itself: each is refused as soon as it is written, with the part to mend."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from keyword import iskeyword
from typing import TYPE_CHECKING

import sympy
from sympy.core.relational import Relational

from boundkit.errors import ParameterError, StatementError
from boundkit.parameter import Parameter
from boundkit.tails import Tail
from boundkit.values import Value

if TYPE_CHECKING:
    from boundkit.statement import Statement

TUPLES = ("parameters", "quantities", "hypotheses", "claims", "worst", "errata", "depends_on", "truth_assumes")
TRUTHS = ("exact", "upper bound")


def refuse_contradictions(s: Statement) -> None:
    """Raise a StatementError for the first mistake that can be seen without asking for any value."""
    for says in _mistakes(s):
        raise StatementError(f"{s.name}: {says}")


def _mistakes(s: Statement) -> Iterator[str]:
    for field in TUPLES:
        if not isinstance(getattr(s, field), tuple):
            yield f"{field} is no tuple; write {field}=(...,), with a comma after the last"
    if not s.claims:
        yield "it claims nothing; give at least one claim"
    if s.truth_is not in TRUTHS:
        yield f"truth_is = {s.truth_is!r}; write one of {', '.join(map(repr, TRUTHS))}"
    yield from _letters(s)
    for p in (*s.parameters, *s.quantities):
        yield from _ends(p, s.parameters)
    yield from _relations(s)
    yield from _formulas(s)
    yield from _fixed_values(s)


def _letters(s: Statement) -> Iterator[str]:
    """Each letter and quantity once, under a name that a call can use, as a symbol without assumptions."""
    seen: set[str] = set()
    for field in ("parameters", "quantities"):
        for p in getattr(s, field):
            if not isinstance(p, Parameter):
                yield f"{field} holds {p!r}; make it with integers(...) or reals(...)"
            if p.symbol != sympy.Symbol(p.name):
                plain = f'sympy.Symbol("{p.name}")'
                yield f"{p.name} is a symbol with assumptions; make it {plain}, and say its range in {field}"
            if not p.name.isidentifier() or iskeyword(p.name):
                yield f"{p.name!r} cannot be written in a call; rename it in {field}, and give text= and tex="
            if p.name in seen:
                yield f"{p.name} is declared twice; declare it once, in parameters or in quantities"
            seen.add(p.name)
    formulas = (*s.claims, *(h.relation for h in s.hypotheses), s.failure, s.truth)
    used = set[sympy.Symbol]().union(*(f.free_symbols for f in formulas if isinstance(f, sympy.Basic)))
    if missing := sorted(x.name for x in used if x.name not in seen):
        yield f"it uses {', '.join(missing)}, which it does not declare; add a Parameter"
    if strange := sorted(x.name for x in used if x != sympy.Symbol(x.name)):
        yield f"{', '.join(strange)} is a symbol with assumptions in a formula; use the symbol without them"


def _ends(p: Parameter, letters: tuple[Parameter, ...]) -> Iterator[str]:
    known = {q.symbol for q in letters}
    if foreign := sorted(x.name for x in (p.low.free_symbols | p.high.free_symbols) - known):
        yield f"the ends of {p.name} use {', '.join(foreign)}, which is no letter; mend its low or high"
    apart = sympy.Lt if p.strict else sympy.Le
    if p.low.is_number and p.high.is_number and apart(p.low, p.high) == False:  # noqa: E712  SymPy's own
        yield f"{p.name} has no values: low = {p.low} and high = {p.high}; mend them"


def _relations(s: Statement) -> Iterator[str]:
    """Claims bound a quantity by letters; hypotheses speak of letters only."""
    quantities = {q.symbol for q in s.quantities}
    for claim in s.claims:
        if not isinstance(claim, Relational):
            yield f"the claim {claim!r} is no relation that SymPy keeps; write quantity <= bound in claims"
        if claim.lhs not in quantities:
            yield f"the claim {claim} has no quantity on its left; write quantity <= bound, and declare it"
        if both := sorted(x.name for x in claim.rhs.free_symbols & quantities):
            yield f"the claim {claim} has {', '.join(both)} on its right; a bound is made of letters: mend claims"
    for h in s.hypotheses:
        if h.relation is None:
            continue
        if not isinstance(h.relation, Relational):
            yield f"the hypothesis {h.text!r} is {h.relation}, no single relation; mend it in hypotheses"
        if random := sorted(x.name for x in h.relation.free_symbols & quantities):
            yield f"the hypothesis {h.text!r} speaks of {', '.join(random)}, a quantity; only letters may stand there"


def _formulas(s: Statement) -> Iterator[str]:
    quantities = {q.symbol for q in s.quantities}
    for field in ("failure", "truth"):
        formula = getattr(s, field)
        if formula is None:
            continue
        if random := sorted(x.name for x in formula.free_symbols & quantities):
            yield f"{field} uses {', '.join(random)}, a quantity; write it in letters"
        if (field == "failure" or s.failure != 0) and _is_negative(formula, s.parameters):
            yield f"{field} = {formula} is negative, and no probability; mend {field}"


def _is_negative(formula: sympy.Expr, letters: tuple[Parameter, ...]) -> bool:
    """Whether SymPy can see that a formula is negative wherever the letters are."""
    known = {p.symbol: sympy.Dummy(nonnegative=p.low.is_nonnegative or None, real=True) for p in letters}
    laws = {law: sympy.Dummy(positive=True) for law in formula.atoms(Tail)}
    return bool(formula.xreplace(laws).xreplace(known).is_negative)


def _fixed_values(s: Statement) -> Iterator[str]:
    """Defaults and worst cases lie in their letters' ranges."""
    letters = {p.name: p for p in s.parameters}
    for name, _ in s.worst:
        if name not in letters:
            near = get_close_matches(name, letters, n=1)
            hint = f"did you mean {near[0]}" if near else f"its letters are {', '.join(letters)}"
            yield f"worst names {name!r}, which is no letter; {hint}"
    defaults = tuple((p.name, p.default) for p in s.parameters if p.default is not None)
    for field, values in (("default", defaults), ("worst", s.worst)):
        try:
            given: dict[sympy.Symbol, Value] = {letters[name].symbol: letters[name].read(x) for name, x in values}
            for name, _ in values:
                letters[name].require_inside(given)
        except ParameterError as error:
            yield f"a {field} outside its range: {error}"
