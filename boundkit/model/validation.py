"""What makes a statement contradict itself: each is refused as soon as it is written, with the part to mend."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from boundkit.coerce import foreign
from boundkit.enclose import holds
from boundkit.errors import ParameterError, StatementError
from boundkit.model.parameter import Parameter, reals
from boundkit.model.signs import AT_LEAST_0, signs
from boundkit.model.wording import wording
from boundkit.text import one_line
from boundkit.values import Value, cut_text, exact_number, value_text

if TYPE_CHECKING:
    from boundkit.model.statement import StatementRecord

TUPLES = (
    "parameters",
    "quantities",
    "hypotheses",
    "claims",
    "worst_case",
    "errata",
    "depends_on",
    "truth_assumes",
    "tex",
    "text",
)
WORDS = ("name", "place", "attained", "doc")
TRUTHS = ("exact", "upper bound")
# What calls, commands and tables say of a statement: no parameter of it is called so.
RESERVED = frozenset((
    "self", "columns", "parameter", "failure", "exact", "largest", "statement", "over", "trials", "seed", "mode",
    "problem", "x0", "training", "progress", "missing", "rng", "bound", "log_failure", "probability", "log_exact",
    "log_exact_low", "log_exact_high", "exact_kind", "worst_case", "ratio", "applies", "verdict", "reading",
))  # fmt: skip


def refuse_contradictions(s: StatementRecord) -> None:
    """Raise a StatementError for the first mistake that can be seen without asking for any value."""
    for says in _mistakes(s):
        raise StatementError(f"{one_line(s.name)}: {says}")


def any_numbers(s: StatementRecord) -> tuple[Parameter, ...]:
    """Quantities where none are declared: what stands on the left of a claim and is no parameter, any number."""
    claims: Any = s.claims
    declared: Any = s.parameters
    if not (isinstance(claims, tuple) and isinstance(declared, tuple)):
        return ()  # which is refused in words
    parameters = {getattr(p, "symbol", None) for p in declared}
    sides = [claim.lhs for claim in claims if isinstance(claim, Relational)]
    found = dict.fromkeys(side for side in sides if side.is_Symbol and side not in parameters)
    return tuple(reals(symbol, "what is bounded") for symbol in found)


def _mistakes(s: StatementRecord) -> Iterator[str]:
    """What is wrong with a statement, the first thing first; each check may rely on those before it."""
    yield from _shapes(s)
    if not s.claims:
        yield "it claims nothing; give at least one claim"
    if s.truth_is not in TRUTHS:
        yield f"truth_is = {s.truth_is!r}; write one of {', '.join(map(repr, TRUTHS))}"
    yield from _parameters(s)
    yield from _relations(s)
    yield from wording(s)
    yield from _foreign(s)
    yield from _undeclared(s)
    for p in (*s.parameters, *s.quantities):
        yield from _ends(p, s.parameters)
    yield from _circles(s)
    yield from _chosen(s)
    yield from _sides(s)
    yield from _formulas(s)
    yield from _fixed_values(s)


def _shapes(s: StatementRecord) -> Iterator[str]:
    """Each field of its kind: before anything in it is looked at."""
    for field in TUPLES:
        if not isinstance(getattr(s, field), tuple):
            yield f"{field} is no tuple; write {field}=(...,), with a comma after the last"
    for field in WORDS:
        if not isinstance(getattr(s, field), str):
            yield f"{field} is {cut_text(getattr(s, field))}; give text"
    for field in ("depends_on", "truth_assumes"):
        for item in getattr(s, field):
            if not isinstance(item, str):
                yield f"{field} holds {cut_text(item)}; give texts"
    places = ("failure", "bound", *(f"bound_{i}" for i in range(2, len(s.claims) + 1)))
    for field in ("tex", "text"):
        for item in getattr(s, field):
            if not _is_pair(item) or not isinstance(item[1], str):
                yield f'{field} holds {cut_text(item)}; give pairs of texts: {field}=(("failure", "..."),)'
            if item[0] not in places:
                yield f"{field} has {item[0]!r}, which is no part of it; its parts are {', '.join(places)}"
    for item in s.worst_case:
        if not _is_pair(item):
            yield f'worst_case holds {cut_text(item)}; give pairs of a name and a value: worst_case=(("n", 1),)'
    errata: tuple[Any, ...] = s.errata
    for erratum in errata:
        if not hasattr(erratum, "witness"):
            yield f"errata holds {cut_text(erratum)}; make it with Erratum(...)"
        if not isinstance(erratum.witness, tuple) or not all(map(_is_pair, erratum.witness)):
            yield f"the witness of {erratum.id} is no tuple of pairs of a name and a value; mend errata"
    for field, takes in (("sampler", "rng, trials"), ("tilted", "rng, trials, tilt")):
        own: Any = getattr(s, field)
        if own is not None and not callable(own):
            yield f"{field} is {cut_text(own)}; give a function ({takes}, **parameters), or leave it out"
    if s.tilted is not None and s.sampler is None:
        yield "tilted has no sampler beside it, which draws with tilt 0; give both"


def _is_pair(item: Any) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)


def _parameters(s: StatementRecord) -> Iterator[str]:
    """Each parameter and quantity once, under a name that a call can use, as a symbol without assumptions."""
    seen: set[str] = set()
    for field in ("parameters", "quantities"):
        for p in getattr(s, field):
            if not isinstance(p, Parameter):
                yield f"{field} holds {cut_text(p)}; make it with integers(...) or reals(...)"
            if not isinstance(p.symbol, sympy.Symbol):
                yield f'{field} holds {cut_text(p.symbol)}, which is no symbol; make it sympy.Symbol("...")'
            if p.symbol != sympy.Symbol(p.name):
                plain = f'sympy.Symbol("{p.name}")'
                yield f"{p.name} is a symbol with assumptions; make it {plain}, and say its range in {field}"
            if not p.name.isidentifier() or iskeyword(p.name):
                yield f"{p.name!r} cannot be written in a call; rename it in {field}, and give text= and tex="
            if field == "parameters" and p.name in RESERVED:
                yield f"{p.name!r} means something else in calls and tables; rename it, and give text= and tex="
            if p.name in seen:
                yield f"{p.name} is declared twice; declare it once, in parameters or in quantities"
            if not all(isinstance(end, sympy.Expr) for end in (p.low, p.high)):
                yield f"the ends of {p.name} are {cut_text((p.low, p.high))}; make it with integers(...) or reals(...)"
            for part in ("meaning", "tex", "text"):
                if not isinstance(getattr(p, part), str):
                    yield f"{part} of {p.name} is {cut_text(getattr(p, part))}; give text"
            if p.phrase != () and not (_is_pair(p.phrase) and isinstance(p.phrase[1], str)):
                yield f"phrase of {p.name} is {cut_text(p.phrase)}; give two texts: the words, and their LaTeX"
            if type(p.chosen) is not bool or (p.chosen and field == "quantities"):
                yield f"chosen of {p.name} is {cut_text(p.chosen)}; give True or False, and True to parameters only"
            if type(p.degree) is not int or p.degree < 0:
                yield f"degree of {p.name} is {cut_text(p.degree)}; give an integer from 0 on"
            seen.add(p.name)


def _relations(s: StatementRecord) -> Iterator[str]:
    """Claims and hypotheses are what they have to be."""
    for claim in s.claims:
        if isinstance(claim, sympy.And | sympy.Or | sympy.Not):
            yield f"the claim {claim} is more than one relation; write each as one claim: they hold together"
        if not isinstance(claim, Relational):
            yield f"the claim {cut_text(claim)} is no relation that SymPy keeps; write quantity <= bound in claims"
    seen: set[str] = set()
    hypotheses: tuple[Any, ...] = s.hypotheses
    for h in hypotheses:
        if not all(hasattr(h, part) for part in ("text", "relation", "tex")):
            yield f'hypotheses holds {cut_text(h)}; make it with Hypothesis("n > 1", n > 1), or assumed("...")'
        if not isinstance(h.text, str) or not h.text.strip() or not isinstance(h.tex, str):
            yield f"a hypothesis says {cut_text(h.text)}, {cut_text(h.tex)}; give text for text and for tex"
        if h.text in seen:
            yield f"two hypotheses say {h.text!r}; leave one out, or say what tells them apart"
        seen.add(h.text)
        if h.relation is None:
            continue
        if h.relation in (True, False):
            word = "always met, so leave it out" if h.relation else "never met, so that nothing is promised"
            yield f"the hypothesis {h.text!r} is {bool(h.relation)}: {word}; SymPy settled it, or it is no relation"
        if not isinstance(h.relation, Boolean) or h.relation.is_Symbol:
            yield f"the hypothesis {h.text!r} is {cut_text(h.relation)}, no relation; write n > 1, with And, Or, Not"


def _foreign(s: StatementRecord) -> Iterator[str]:
    """What stands in no formula, by name."""
    named = [("failure", s.failure), ("truth", s.truth), *(("", c) for c in s.claims)]
    named += [(f"the hypothesis {h.text!r}", h.relation) for h in s.hypotheses]
    for p in (*s.parameters, *s.quantities):
        named += [(f"an end of {p.name}", end) for end in (p.low, p.high) if end not in (sympy.oo, -sympy.oo)]
    for where, formula in named:
        if formula is not None:
            for strange in foreign(formula):
                yield f"{where or f'the claim {formula}'} holds {strange}"  # printed last: that may take its time


def _undeclared(s: StatementRecord) -> Iterator[str]:
    seen = {p.name for p in (*s.parameters, *s.quantities)}
    formulas = (*s.claims, *(h.relation for h in s.hypotheses), s.failure, s.truth)
    used = set[sympy.Symbol]().union(*(f.free_symbols for f in formulas if isinstance(f, sympy.Basic)))
    if missing := sorted(x.name for x in used if x.name not in seen):
        yield f"it uses {', '.join(missing)}, which it does not declare; add a Parameter"
    if strange := sorted(x.name for x in used if x != sympy.Symbol(x.name)):
        yield f"{', '.join(strange)} is a symbol with assumptions in a formula; use the symbol without them"


def _ends(p: Parameter, parameters: tuple[Parameter, ...]) -> Iterator[str]:
    """A parameter's ends are made of the statement's parameters, and are in order where both are numbers."""
    known = {q.symbol for q in parameters}
    if foreign := sorted(x.name for x in (p.low.free_symbols | p.high.free_symbols) - known):
        yield f"the ends of {p.name} use {', '.join(foreign)}, which is no parameter; mend its low or high"
    if p.low == sympy.oo or p.high == -sympy.oo:
        yield f"{p.name} has no values: low = {p.low} and high = {p.high}; mend them"
    ends = sympy.Tuple(p.low, p.high)
    apart = (sympy.Lt if p.strict else sympy.Le)(p.low, p.high, evaluate=False)
    if not ends.free_symbols and not ends.has(sympy.oo, -sympy.oo) and holds(apart, {}) is False:
        yield f"{p.name} has no values: low = {p.low} and high = {p.high}; mend them"


def _circles(s: StatementRecord) -> Iterator[str]:
    """No parameter's range depends on itself, through others or not."""
    needs = {p.name: {x.name for x in p.low.free_symbols | p.high.free_symbols} for p in s.parameters}
    while ready := [name for name, others in needs.items() if not others & needs.keys()]:
        needs = {name: others for name, others in needs.items() if name not in ready}
    if needs:
        yield f"the ends of {', '.join(needs)} depend on each other; mend low or high"


def _chosen(s: StatementRecord) -> Iterator[str]:
    """No promise depends on what is chosen against it."""
    chosen = {p.symbol for p in s.parameters if p.chosen is True}
    promises = [("failure", s.failure), *((f"the claim {claim}", claim) for claim in s.claims)]
    promises += [(f"the hypothesis {h.text!r}", h.relation) for h in s.hypotheses if h.relation is not None]
    promises += [(f"an end of {p.name}", end) for p in s.parameters if not p.chosen for end in (p.low, p.high)]
    for part, formula in promises:
        if known := sorted(x.name for x in formula.free_symbols & chosen):
            yield f"{part} uses {', '.join(known)}, which whoever refutes it chooses; leave it out, or drop chosen=True"


def _sides(s: StatementRecord) -> Iterator[str]:
    """Claims bound a quantity by parameters; hypotheses speak of parameters only."""
    quantities = {q.symbol for q in s.quantities}
    for claim in s.claims:
        if claim.lhs not in quantities:
            yield f"the claim {claim} has no quantity on its left; write quantity <= bound, and declare it"
        if both := sorted(x.name for x in claim.rhs.free_symbols & quantities):
            yield f"the claim {claim} has {', '.join(both)} on its right; a bound is made of parameters: mend claims"
    for h in s.hypotheses:
        random = set() if h.relation is None else h.relation.free_symbols & quantities
        if random:
            names = ", ".join(sorted(x.name for x in random))
            yield f"the hypothesis {h.text!r} speaks of {names}, a quantity; only parameters may stand there"


def _formulas(s: StatementRecord) -> Iterator[str]:
    """`failure` and `truth` are made of parameters only, and what is a probability is not plainly negative."""
    quantities = {q.symbol for q in s.quantities}
    for field in ("failure", "truth"):
        formula = getattr(s, field)
        if formula is None:
            continue
        if random := sorted(x.name for x in formula.free_symbols & quantities):
            yield f"{field} uses {', '.join(random)}, a quantity; write it in parameters"
        if (field == "failure" or s.failure != 0) and _is_negative(formula, s.parameters):
            shown = value_text(exact_number(formula)) if formula.is_Rational else formula
            yield f"{field} = {shown} is negative, and no probability; mend {field}"


def _is_negative(formula: sympy.Expr, parameters: tuple[Parameter, ...]) -> bool:
    """Whether its form says that a formula is negative wherever the parameters are."""
    ends = {p.symbol: signs(p.low, {}) for p in parameters if p.low != -sympy.oo}
    return signs(formula, {symbol: AT_LEAST_0 for symbol, end in ends.items() if end <= AT_LEAST_0}) == {-1}


def _fixed_values(s: StatementRecord) -> Iterator[str]:
    """Defaults and worst cases lie in their parameters' ranges."""
    parameters = {p.name: p for p in s.parameters}
    for name, _ in s.worst_case:
        if name not in parameters:
            near = get_close_matches(name, parameters, n=1)
            hint = f"did you mean {near[0]}" if near else f"its parameters are {', '.join(parameters)}"
            yield f"worst_case names {name!r}, which is no parameter; {hint}"
    defaults = tuple((p.name, p.default) for p in s.parameters if p.default is not None)
    for field, values in (("default", defaults), ("worst_case", s.worst_case)):
        try:
            given: dict[sympy.Symbol, Value] = {parameters[name].symbol: parameters[name].read(x) for name, x in values}
            for name, _ in values:
                parameters[name].require_inside(given)
        except ParameterError as error:
            yield f"a {field} outside its range: {error}"
