"""Points at which hypotheses hold: of no point anything can be proved, and what is false at one cannot be shown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from random import Random

from flint import arb
import sympy
from sympy.core.relational import Relational

from boundkit.enclose import Values, as_arb, ball, holds
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.tails import Tail
from boundkit.values import Formula, Value

TRIES, ENOUGH = 1000, 4
PROBABILITY = arb(0.5, 0.5)  # all from 0 to 1

At = dict[sympy.Symbol, Value]


@lru_cache(maxsize=256)
def witnesses(parameters: tuple[Parameter, ...], relations: tuple[Formula, ...], given: Point = ()) -> tuple[At, ...]:
    """Values of the parameters in their ranges at which every relation certainly holds: the point given, and more."""
    from boundkit.engine.domain import Ends, anywhere, filled, in_order, special

    def corner(p: Parameter, ends: Ends) -> Value:
        return rng.choice(special(p, ends) or [0])

    def inside(p: Parameter, ends: Ends) -> Value:
        return anywhere(p, ends, rng)

    rng, ordered = Random(0), in_order(parameters)
    found = [at] if given and _covers(parameters, relations, at := _read(parameters, given)) else []
    for i in range(TRIES if parameters else 1):
        drawn = filled(ordered, inside if i % 2 else corner)
        at = {sympy.Symbol(name): value for name, value in (drawn or {}).items()}
        if drawn is not None and _covers(parameters, relations, at) and at not in found:
            found.append(at)
            if len(found) == ENOUGH:
                break
    return tuple(found)


def holding(points: Iterable[At], relation: Formula) -> tuple[At, ...]:
    """Those at which one more relation between the statement's parameters certainly holds; none where it is no such."""
    if not isinstance(relation, Relational):
        return ()
    return tuple(at for at in points if relation.free_symbols <= at.keys() and _covers((), (relation,), at))


def refuted(expr: Formula, strictly: bool, points: Iterable[At]) -> bool:
    """Whether a point says that an expression is certainly below 0, or not above it, whatever the laws in it are."""
    laws = {law: sympy.Dummy() for law in expr.atoms(Tail)}
    bare, anything = expr.xreplace(laws), dict.fromkeys(laws.values(), PROBABILITY)
    told = (at for at in points if expr.free_symbols <= at.keys())
    return any(_is_below(bare, {**at, **anything}, or_zero=strictly) for at in told)


def _is_below(expr: Formula, values: Values, or_zero: bool) -> bool:
    try:
        value = as_arb(ball(expr, values, enough=lambda _: True))
    except BoundkitError:
        return False
    return bool(value <= 0 if or_zero else value < 0)


def _read(parameters: tuple[Parameter, ...], point: Point) -> At:
    by_name = {p.name: p for p in parameters}
    return {by_name[name].symbol: by_name[name].read(value) for name, value in point if name in by_name}


def _covers(parameters: tuple[Parameter, ...], relations: tuple[Formula, ...], at: At) -> bool:
    """Whether a point has a value for every parameter, inside its range, and every relation certainly holds there."""
    try:
        return all(
            p.symbol in at
            and (not p.integer or at[p.symbol].denominator == 1)
            and all(p.is_inside(at, edge, inside) for edge, inside, _ in p.edges)
            for p in parameters
        ) and all(holds(relation, at) is True for relation in relations)
    except BoundkitError:
        return False
