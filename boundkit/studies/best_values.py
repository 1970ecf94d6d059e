"""Values of parameters that a law leaves open at which a claim about it is tightest, by ever finer scans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import Any

import sympy

from boundkit.api.objects import Statement
from boundkit.enclose import log_ball, nearest
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.studies.chernoff import short
from boundkit.studies.matching import Match, scanned
from boundkit.values import Value

ROUNDS, PARTS = 18, 8  # of a scan between the neighbours of the best value so far: each is four times as fine
FAR = 4


def at_its_best(s: Statement, match: Match, formula: Any, above: bool) -> Match:
    """The match with those real parameters moved that the formula has and the law has not, one after the other."""
    for p in s.parameters:
        if not p.integer and p.symbol in formula.free_symbols - match.tail.free_symbols:
            values = dict(match.values)
            values[p.name] = _best(s, p, values, formula, above)
            match = replace(match, values=tuple(values.items()))
    return match


def _best(s: Statement, p: Parameter, values: dict[str, Value], formula: Any, above: bool) -> Value:
    """Where the statement applies and claims least; of a bound from below, most."""

    def cost(x: Fraction) -> float:
        try:
            g = s(**{**values, p.name: x})
            log = inf if g.applies is False else nearest(log_ball(formula, g._at_worst))
        except BoundkitError:
            return inf
        return inf if log != log else log if above else -log

    ends = scanned(p, {sympy.Symbol(name): value for name, value in values.items() if name != p.name})
    costs = {x: cost(x) for x in (Fraction(values[p.name]), *ends)}
    best = min(costs, key=lambda x: costs[x])
    for _ in range(ROUNDS if costs[best] < inf else 0):
        points = sorted(costs)
        i = points.index(best)
        low, high = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        between = {short(x) for x in _between(float(low), float(high))} - costs.keys()
        costs |= {x: cost(x) for x in sorted(between)}
        best = min(costs, key=lambda x: costs[x])
    return best.numerator if best.denominator == 1 else best


def _between(low: float, high: float) -> Iterator[float]:
    """Numbers between two others, by ratios where these are far apart."""
    for share in (j / PARTS for j in range(1, PARTS)):
        yield low * (high / low) ** share if low > 0 and high > FAR * low else low + (high - low) * share
