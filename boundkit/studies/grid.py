"""The audit's grid: points of a statement's domain at every scale, at its edges and at its hypotheses' boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

import sympy

from boundkit.api.objects import Statement
from boundkit.engine.domain import Choose, Ends, anywhere, ends_of, filled, in_order, scale
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.studies.boundaries import Boundaries, Drawn
from boundkit.values import Value

POINTS = 300  # of each statement's grid, where its domain has so many
SEED = 20230228  # which of them
TRIES = 8  # points drawn for each that is wanted: a domain may have fewer
AT_AN_END = 0.25  # how often a parameter stands at an end of its domain, where not all combinations are taken


def grid(s: Statement, points: int = POINTS, seed: int = SEED) -> tuple[Point, ...]:
    """Return points of the statement's domain, the same each time; fewer where it has no more.

    Half are combinations of every parameter's scale: its ends, sizes that grow tenfold from each end on, parts of the
    way between two, what it usually is. A quarter lie at the boundary of a hypothesis, on it and on both sides, one
    parameter solved for; the rest anywhere. The seed says which, where not all can be had.
    """
    rng, parameters = Random(seed), in_order(s.parameters)
    found = dict[Point, None]()

    def take(drawn: Iterator[Drawn | None], most: int) -> None:
        for values in drawn:
            if len(found) >= most:
                return
            if values is not None:
                found[tuple((p.name, values[p.name]) for p in s.parameters)] = None

    def combination(p: Parameter, ends: Ends) -> Value:
        values = scale(p, ends) or (0,)  # an empty range: `filled` finds none either
        return rng.choice((values[0], values[-1]) if rng.random() < AT_AN_END else values)

    def drawn(choose: Choose, number: int) -> Iterator[Drawn | None]:
        return (filled(parameters, choose) for _ in range(number))

    every = list(islice(_combinations(parameters, {}), points // 2 + 1))
    take(iter(every) if len(every) <= points // 2 else drawn(combination, TRIES * points), max(1, points // 2))
    start = len(found)
    somewhere = (point for point in drawn(combination, points // 2) if point is not None)
    take(iter(Boundaries(s, rng).points(somewhere)), start + points // 4)
    take(drawn(lambda p, ends: anywhere(p, ends, rng), TRIES * points), points)
    return tuple(found)


def _combinations(parameters: tuple[Parameter, ...], given: dict[sympy.Symbol, Value]) -> Iterator[Drawn]:
    """Every combination of the parameters' scales; a parameter that has no values at a point leaves that point out."""
    if len(given) == len(parameters):
        yield {symbol.name: value for symbol, value in given.items()}
        return
    p = parameters[len(given)]
    for value in scale(p, ends_of(p, given)):
        yield from _combinations(parameters, {**given, p.symbol: value})
