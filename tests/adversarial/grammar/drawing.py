"""Random statements: formulas of every kind, domains, hypotheses, and truths that are known by construction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
import sympy
from sympy import (
    Abs,
    And,
    Max,
    Min,
    Not,
    Or,
    Piecewise,
    Rational,
    Symbol,
    binomial,
    ceiling,
    erf,
    erfc,
    exp,
    factorial,
    floor,
    gamma,
    log,
    loggamma,
    sqrt,
)

import boundkit as bk
from boundkit.coerce import foreign
from boundkit.tails import chi_square_at_least, chi_square_at_most, normal_two_sided

PARAMETERS = "abcdxyz"
X = Symbol("X")
LARGEST = 10**12
Formula = Any


@st.composite
def some_parameters(draw: st.DrawFn, least: int = 1, most: int = 3) -> tuple[bk.Parameter, ...]:
    """Parameters with domains: integers and reals, open and closed, bounded by numbers or by a parameter before."""
    found: list[bk.Parameter] = []
    for name in PARAMETERS[: draw(st.integers(least, most))]:
        symbol, whole = Symbol(name), draw(st.booleans())
        low = draw(st.sampled_from([0, 1, Rational(1, 2)] if not whole else [0, 1, 2]))
        high = draw(st.sampled_from([3, 10, 40, sympy.oo]))
        if found and found[-1].integer and whole and draw(st.booleans()):
            found.append(bk.integers(symbol, f"a count {name}", min(low, 1), found[-1].symbol + 1))
        elif whole:
            found.append(bk.integers(symbol, f"a count {name}", low, high))
        else:
            found.append(bk.reals(symbol, f"a size {name}", low, high, strict=draw(st.booleans()) or low == 0))
    return tuple(found)


def numbers() -> st.SearchStrategy[Formula]:
    """Constants as people write them."""
    plain = st.integers(0, 12).map(sympy.Integer)
    parts = st.fractions(Fraction(1, 20), 5, max_denominator=20).map(lambda f: Rational(f.numerator, f.denominator))
    return st.one_of(plain, parts, st.sampled_from([sympy.pi, sympy.E]))


def formulas(parameters: tuple[bk.Parameter, ...]) -> st.SearchStrategy[Formula]:
    """Formulas in the parameters, of all that a formula may hold but laws."""
    leaves = st.one_of(st.sampled_from([p.symbol for p in parameters]), numbers())

    def grown(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        one = [
            sqrt, exp, log, Abs, erf, erfc, floor, ceiling, gamma, loggamma, lambda f: exp(-f), lambda f: log(1 + f),
            lambda f: f**2, lambda f: 1 / f, lambda f: 1 - f, lambda f: factorial(floor(f)),
        ]  # fmt: skip
        two = [
            Max, Min, lambda f, g: f + g, lambda f, g: f - g, lambda f, g: f * g, lambda f, g: f / g, lambda f, g: f**g,
            lambda f, g: Piecewise((f, f > g), (g, True)), lambda f, g: binomial(floor(f), floor(g)),
        ]  # fmt: skip
        return st.one_of(
            st.tuples(st.sampled_from(one), inner).map(_applied),
            st.tuples(st.sampled_from(two), inner, inner).map(_applied),
        )

    return st.recursive(leaves, grown, max_leaves=5).filter(_is_written)


def _applied(parts: tuple[Any, ...]) -> Formula:
    """A function of formulas, or the first of them where SymPy makes of it what nobody writes, or takes for ever."""
    function, *inside = parts
    if not any(part.free_symbols for part in inside) and not all(part.is_Rational and part <= 5 for part in inside):
        return inside[0]
    try:
        found = function(*inside)
    except (TypeError, ValueError):  # say, a comparison of what is not real
        return inside[0]
    return found if _is_written(found) else inside[0]


def _is_written(formula: Formula) -> bool:
    """Whether a person might write it: no infinity, no imaginary part, no number of twenty digits."""
    if formula.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo) or any(foreign(formula)):
        return False
    if getattr(formula, "is_extended_real", True) is False:
        return False
    return all(max(abs(r.p), r.q) < LARGEST for r in formula.atoms(Rational))


def relations(parameters: tuple[bk.Parameter, ...]) -> st.SearchStrategy[Formula]:
    """Relations between formulas, and their combinations; none that SymPy sees through."""
    orders = st.sampled_from([sympy.Lt, sympy.Le, sympy.Gt, sympy.Ge, sympy.Ne])
    plain = st.tuples(orders, formulas(parameters), formulas(parameters)).map(lambda r: r[0](r[1], r[2]))
    both = st.tuples(st.sampled_from([And, Or]), plain, plain).map(lambda r: r[0](r[1], r[2]))
    return st.one_of(plain, both, plain.map(Not)).filter(
        lambda r: r not in (True, False) and bool(r.free_symbols) and _is_written(r)
    )


@st.composite
def statements(draw: st.DrawFn) -> bk.Statement:
    """Any statement that may be written, without a truth."""
    parameters = draw(some_parameters())
    conditions = draw(st.lists(relations(parameters), max_size=2, unique_by=str))
    claim = draw(st.sampled_from([sympy.Lt, sympy.Le, sympy.Gt, sympy.Ge]))(X, draw(formulas(parameters)))
    failure = draw(
        st.one_of(st.just(sympy.S.Zero), formulas(parameters).map(lambda f: exp(-Abs(f))).filter(_is_written))
    )
    return written(parameters, claim, failure, None, conditions)


def written(
    parameters: tuple[bk.Parameter, ...], claim: Any, failure: Formula, truth: Formula | None, conditions: Any = ()
) -> bk.Statement:
    """A statement with one claim on X."""
    return bk.Statement(
        name="drawn",
        place="Drawn at random",
        parameters=parameters,
        quantities=(bk.reals(X, "what is bounded"),),
        hypotheses=tuple(bk.Hypothesis(str(c), c) for c in conditions),
        claims=(claim,),
        failure=failure,
        truth=truth,
        doc="A statement drawn at random.",
    )


@st.composite
def points(draw: st.DrawFn, s: bk.Statement) -> dict[str, Fraction]:
    """A point of the domain, its edges often."""
    at: dict[str, Fraction] = {}
    for p in s.parameters:
        high = p.high.xreplace({Symbol(name): Rational(v.numerator, v.denominator) for name, v in at.items()})
        low, top = Fraction(int(p.low.p), int(p.low.q)), Fraction(60 if high.is_infinite else int(high))
        if p.integer:
            edges = st.sampled_from([int(low), int(top)])
            at[p.name] = Fraction(draw(st.one_of(st.integers(int(low), int(top)), edges)))
        else:
            inside = low + (top - low) * draw(st.fractions(Fraction(1, 1000), 1, max_denominator=1000))
            edge = st.just(top) if p.strict else st.sampled_from([low, top])
            at[p.name] = draw(st.one_of(st.just(inside), edge))
    return at


@dataclass(frozen=True)
class Known:
    """A statement that is true by construction, and the same made false by a margin."""

    true: bk.Statement
    false: bk.Statement


SCALES: tuple[Callable[[Formula], Formula], ...] = (
    lambda f: f, lambda f: sqrt(1 + f), lambda f: log(2 + f), lambda f: 1 + f**2, lambda f: f / (1 + f),
    lambda f: exp(-f), lambda f: 1 + floor(f), lambda f: gamma(1 + f / (1 + f)), lambda f: 2 - erf(f),
    lambda f: Max(f, 1), lambda f: 1 + Abs(f - 2),
)  # fmt: skip


@st.composite
def positive(draw: st.DrawFn, parameters: tuple[bk.Parameter, ...]) -> Formula:
    """A formula above 0 wherever the parameters are in their domains (all are at least 0)."""
    terms = [draw(st.sampled_from(SCALES))(p.symbol) for p in parameters]
    found = sympy.S.One / 4
    for term in terms:
        found = found + term if draw(st.booleans()) else found * (1 + term)
    return found


@st.composite
def deterministic(draw: st.DrawFn, margin: Rational) -> Known:
    """X is a formula, and the claim compares it with itself times 1 and a margin, to the right or to the wrong side."""
    parameters = draw(some_parameters())
    quantity = draw(positive(parameters))
    upper = draw(st.booleans())
    order = sympy.Le if upper else sympy.Ge
    kind, other = (1 + margin, 1 - margin) if upper else (1 - margin, 1 + margin)
    true = written(parameters, order(X, kind * quantity), sympy.S.Zero, quantity)
    return Known(true, written(parameters, order(X, other * quantity), sympy.S.Zero, quantity))


@st.composite
def probable(draw: st.DrawFn, margin: Rational) -> Known:
    """The probability that X fails its claim is known, and what is allowed is that times a margin above or below 1."""
    parameters = draw(some_parameters())
    size, count = draw(positive(parameters)), 1 + parameters[0].symbol
    law = draw(st.sampled_from([
        exp(-size), (1 + size) ** -2, erfc(size), size / (1 + size) / 2, 1 - (1 - exp(-size)) ** count,
        1 - exp(-1 / (1 + size)), 2**-size, normal_two_sided(size), chi_square_at_least(count, 1 + size),
        chi_square_at_most(count, 1 / (1 + size)), exp(-size) / 2 + normal_two_sided(1 + size) / 2,
    ]))  # fmt: skip
    claim = sympy.Lt(X, size)
    return Known(
        written(parameters, claim, law * (1 + margin), law), written(parameters, claim, law * (1 - margin), law)
    )
