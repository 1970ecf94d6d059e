"""A walk through a statement's domain: corners, boundaries of hypotheses, random points, uphill from the best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from math import ceil
from numbers import Real
from random import Random
from typing import Any

import numpy as np
import sympy

from boundkit.api.objects import Statement
from boundkit.enclose import holds
from boundkit.engine.domain import Ends, along, anywhere, complexity, filled, in_order, near, special
from boundkit.errors import ParameterError, StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.studies.boundaries import Boundaries
from boundkit.studies.grid import grid
from boundkit.studies.prefilter import Screen
from boundkit.values import Value

FEW = 20  # points that meet every hypothesis: with fewer, more are drawn
BATCH, GENERATION = 250, 50  # points between two looks at the clock, at large and in the climb
REFILLS = 4  # times that points at boundaries are solved for: few hypotheses have more
PARENTS, SIBLINGS = 12, 3  # the points that the climb goes on from, and how many of them may stem from one
WALKS = (400, 2000)  # points drawn to find some that meet every hypothesis, while these are too few

Draw = Callable[[], dict[str, Value] | None]


class Walk:
    """What was drawn of a statement's domain, and the best of it to climb from."""

    def __init__(self, statement: Statement, rng: Random) -> None:
        self.statement, self.rng = statement, rng
        self.screen = Screen(statement)
        self.parameters = in_order(statement.parameters)
        self.boundaries = Boundaries(statement, rng)
        self.waiting: list[dict[str, Value]] = []  # points at a boundary: they are solved for many at a time
        self.refills = REFILLS
        self.seen: dict[Point, None] = {}
        self.heights: list[tuple[float, Point]] = []  # the highest first
        self.stems: dict[Point, Point] = {}  # of a point of the climb, the one at which that began

    def batches(self, points: int) -> Iterator[list[Point]]:
        """New points, in the order of the search; fewer where the domain has no more."""
        turns = ((0.2, self.corner, BATCH), (0.4, self.boundary, BATCH), (0.6, self.anywhere, BATCH),
                 (1.0, self.uphill, GENERATION))  # fmt: skip
        for share, draw, size in turns:
            while batch := self.fresh(draw, min(size, ceil(points * share) - len(self.seen))):
                yield batch
        if not self.seen and (rare := grid(self.statement, points)):  # ranges that depend on one another may hide some
            self.seen = dict.fromkeys(rare)
            yield list(rare)

    def fresh(self, draw: Draw, number: int) -> list[Point]:
        """So many points not seen before, if that many tries find them."""
        found: list[Point] = []
        for _ in range(8 * number):
            values = draw()
            point = tuple((p.name, values[p.name]) for p in self.statement.parameters) if values is not None else None
            if point is not None and point not in self.seen:
                self.seen[point] = None
                found.append(point)
                if len(found) == number:
                    break
        return found

    def corner(self) -> dict[str, Value] | None:
        """Every parameter at a special value."""
        return filled(self.parameters, lambda p, ends: self.rng.choice(special(p, ends) or [0]))

    def boundary(self) -> dict[str, Value] | None:
        """A parameter at the boundary of a hypothesis, or next to it, the others at special values or at random."""
        if not self.waiting and self.refills and self.boundaries.relations:
            self.refills -= 1
            drawn = (draw() for draw in (self.corner, self.anywhere) for _ in range(BATCH))
            self.waiting = self.boundaries.points(point for point in drawn if point is not None)
        return self.waiting.pop() if self.waiting else None

    def anywhere(self) -> dict[str, Value] | None:
        """Every parameter at random."""
        return filled(self.parameters, lambda p, ends: anywhere(p, ends, self.rng))

    def uphill(self) -> dict[str, Value] | None:
        """A neighbour of one of the worst points: a parameter or two changed, the others as they were."""
        if not self.heights:
            return None
        _, climbed = self.rng.choice(self.heights)
        parent = dict(climbed)
        changed = self.rng.sample(self.parameters, min(self.rng.choice((1, 1, 2)), len(self.parameters)))
        in_step = self.rng.random() < 0.5

        def moved(p: Parameter, ends: Ends) -> Value:
            if p in changed:
                return near(p, parent[p.name], ends, self.rng)
            return along(p, parent, ends) if in_step else parent[p.name]

        child = filled(self.parameters, moved)
        if child is not None:
            point = tuple((p.name, child[p.name]) for p in self.statement.parameters)
            self.stems.setdefault(point, self.stems.get(climbed, climbed))
        return child

    def climb(self, batch: list[Point], covered: np.ndarray, log_excess: np.ndarray, violation: np.ndarray) -> None:
        """Take a batch into account: what is not covered climbs towards the hypotheses first, below all that is."""
        height = np.where(
            covered, np.maximum(np.nan_to_num(log_excess, nan=-1e9), -1e9), -1e12 * (1 + violation)
        ).tolist()
        kin = Counter[Point]()
        self.heights, ranked = [], sorted([*self.heights, *zip(height, batch, strict=True)], key=lambda h: -h[0])
        for place, point in ranked:
            stem = self.stems.get(point, point)
            kin[stem] += 1
            if kin[stem] <= SIBLINGS and len(self.heights) < PARENTS:
                self.heights.append((place, point))

    def require_some(self, covered: int) -> None:
        """Raise a StatementError where no point met every hypothesis, and name the one met least often."""
        if covered:
            return
        s, some = self.statement, list(self.seen)[: FEW * 10]
        if not some:
            raise StatementError(f"{s.title}: its parameters have no values in common; look at their ends, low <= high")
        met = {
            h.text: sum(holds(h.relation, {sympy.Symbol(name): x for name, x in point}) is True for point in some)
            for h in s.hypotheses
            if h.relation is not None
        }
        rarest = min(met, key=lambda text: met[text], default="")
        hint = (
            f"look at its hypothesis {rarest}, met at {met[rarest]} of {len(some)}" if met else "look at its parameters"
        )
        raise StatementError(f"{s.title}: none of {len(self.seen)} points drawn meets every hypothesis; {hint}")


def covers(statement: Statement, point: Point) -> bool:
    """Whether every hypothesis certainly holds."""
    given = {sympy.Symbol(name): value for name, value in point}
    return all(holds(relation, given) is True for relation in statement.relations)


@lru_cache(maxsize=128)
def covered_points(statement: Statement, seed: int = 0) -> tuple[Point, ...]:
    """Return points of the domain that meet every hypothesis, the simplest first.

    Raises
    ------
    StatementError
        Where none is found; it names the hypothesis in the way.
    """
    found: list[Point] = []
    for number in WALKS:
        walk = Walk(statement, Random(seed))
        found = []
        for batch in walk.batches(number):
            covered, log_excess, _, violation = walk.screen.evaluate_batch(batch, lawful=False)
            walk.climb(batch, covered, log_excess, violation)
            found += [point for point, ok in zip(batch, covered, strict=True) if ok and covers(statement, point)]
        if len(found) >= FEW:
            break
    walk.require_some(len(found))
    return tuple(sorted(found, key=lambda point: complexity(statement.parameters, point)))


def require_search(seed: Any, seconds: Any, points: Any) -> None:
    """Refuse what is no seed, no time or no number of points of a search."""
    for name, value, least in (("seed", seed, 0), ("points", points, 1)):
        if type(value) is not int or value < least:
            raise ParameterError(f"{name} = {value!r}: an integer from {least} on is needed")
    if isinstance(seconds, bool) or not isinstance(seconds, Real) or not float(seconds) > 0:
        raise ParameterError(f"seconds = {seconds!r}: a time above 0 is needed")
