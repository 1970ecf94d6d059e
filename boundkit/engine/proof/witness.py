"""Points at which hypotheses hold: of no point anything can be proved."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import sympy

from boundkit.enclose import holds
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.values import Formula, Value

TRIES, ENOUGH = 1000, 4

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
