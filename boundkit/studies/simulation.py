"""Where a statement is simulated: where it says something, and failures as likely as it allows would be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from math import inf, log, prod
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

from boundkit.api.objects import Statement
from boundkit.engine.domain import filled, in_order, near
from boundkit.engine.guarantee import Verdict
from boundkit.errors import BoundkitError
from boundkit.model.statement import Point
from boundkit.studies.grid import SEED
from boundkit.studies.walking import covered_points
from boundkit.values import Value

if TYPE_CHECKING:
    from boundkit.simulate.evidence import Evidence

SMALL = (40, 200)  # the largest parameter of a point that is cheap to simulate, and of the next best
MANY = 10**5  # the product of all sizes, of those that are still looked at
LIKELY = (log(0.001), log(0.5))  # the log of a claimed failure probability at which failures can be seen
ASKED = 5  # points at which an audit asks one's own sampler
ANY = (-inf, 0.0)
PLACES, LOOKS = 40, (20, 200, 2000, 20_000)  # of a search: points, and the trials of each look at the worst of them
CLIMBS, PARENTS, STEPS = 4, 6, 5  # of it: rounds, the points that each goes on from, the steps tried from each
FIRST_LOOK, CLIMBING = 0.2, 0.5  # until when, of the time that it has
SHRINKING = 2.0  # seconds more that a find is made simpler in
MOST_LOOKS = 10**6  # that seeds are kept apart for

NO_SAMPLER, NOWHERE = "no sampler", "no small size where it says something and failures would be seen"


def can_be_simulated(s: Statement) -> bool:
    """Whether the statement says how its quantities are drawn."""
    return s.sampler is not None or s.experiment is not None


def simulation(s: Statement) -> tuple[Evidence | None, str]:
    """Return how often a statement's claims fail at a small size; none, and why, where nothing was simulated.

    With a sampler of one's own several sizes are looked at, and a violation at any of them is what is returned.
    """
    from boundkit.simulate import SimulationVerdict, check

    if not can_be_simulated(s):
        return None, NO_SAMPLER
    seen: list[Evidence] = []
    errors: list[BoundkitError] = []
    for values in _sizes(s):
        try:
            seen.append(check(s, seed=SEED, mode="full", **values))
        except BoundkitError as error:
            errors.append(error)
            continue
        if s.sampler is None or seen[-1].verdict is SimulationVerdict.VIOLATED:
            return seen[-1], ""
    if errors and not seen and s.sampler is not None:
        raise errors[0]
    return (seen[0], "") if seen else (None, NOWHERE)


def search(s: Statement, points: Iterable[Point], rng: Random, seed: int, end: float) -> Looker:
    """Simulate at many points, climb from the worst of them, then look longer at those where failures seem too many.

    It stops where a point is violated, where the trials can tell everywhere, or at the time `end`.
    """
    looker, began = Looker(s, seed, end), monotonic()
    known = list(points)

    def until(share: float) -> float:
        return began + share * (end - began)

    looker.look_at(islice(_candidates(s, known, rng), PLACES), LOOKS[0], until(FIRST_LOOK))
    for _ in range(CLIMBS):
        parents = looker.worst(PARENTS)
        looker.look_at(parents, LOOKS[1], until(CLIMBING))
        looker.look_at((child for point in parents for child in _neighbours(s, point, rng)), LOOKS[1], until(CLIMBING))
    for size in LOOKS[1:]:
        looker.look_at(looker.worst(1 + len(looker.open) // 2), size, end)
    if looker.errors and not looker.places and s.sampler is not None:
        raise looker.errors[0]
    return looker


class Looker:
    """Looks at points by simulation, each look with draws of its own, until one is violated or the time is up."""

    def __init__(self, s: Statement, seed: int, end: float) -> None:
        self.statement, self.seed, self.end = s, seed, end
        self.violated: Evidence | None = None
        self.places: dict[Point, float] = {}  # seconds a trial
        self.open: dict[Point, float] = {}  # how many times as often as claimed its claims failed, where that is open
        self.errors: list[BoundkitError] = []
        self.looks = self.trials = 0

    def look_at(self, points: Iterable[Point], size: int, stop: float) -> None:
        """Look at these, with so many trials each, while there is time."""
        for point in points:
            start = monotonic()
            if self.violated or (start > stop and self.places):
                return
            if start + size * self.places.get(point, 0.0) < self.end:
                self.violated = self.look(point, size)

    def look(self, point: Point, size: int) -> Evidence | None:
        """Look at a point: what was seen, if that is a violation."""
        from boundkit.simulate import SimulationVerdict, check

        start = monotonic()
        try:
            seen = check(self.statement, size, seed=self.seed * MOST_LOOKS + self.looks, mode="full", **dict(point))
        except BoundkitError as error:
            self.errors.append(error)
            return None
        self.places[point] = (monotonic() - start) / size
        self.looks, self.trials = self.looks + 1, self.trials + seen.trials
        self.open.pop(point, None)
        if seen.verdict is SimulationVerdict.INCONCLUSIVE and seen.trials:
            self.open[point] = seen.failures / seen.trials / (seen.claimed or 1)
        return seen if seen.verdict is SimulationVerdict.VIOLATED else None

    def worst(self, number: int) -> list[Point]:
        """So many of the points that are open, those with the most failures for what is claimed."""
        return sorted(self.open, key=lambda point: -self.open[point])[:number]

    def again(self, point: Point) -> Evidence | None:
        """Look at a point as long as at the one that was violated: what was seen, if that is a violation too."""
        if self.violated is None or monotonic() > self.end + SHRINKING:
            return None
        seen = self.look(point, self.violated.trials + self.violated.uncovered)
        self.violated = seen or self.violated
        return seen


def _neighbours(s: Statement, point: Point, rng: Random) -> Iterator[Point]:
    """Points beside this one at which the statement says something: a parameter or two changed, no dearer to draw."""
    parameters, old = in_order(s.parameters), dict(point)
    for _ in range(STEPS):
        changed = rng.sample(parameters, min(rng.choice((1, 1, 2)), len(parameters)))
        values = filled(parameters, lambda p, ends: near(p, old[p.name], ends, rng) if p in changed else old[p.name])  # noqa: B023
        if values is not None:
            beside = tuple((p.name, values[p.name]) for p in s.parameters)
            if beside != point and _cost(beside) <= max(1, _cost(point)) and _says_something(s, values):
                yield beside


def _candidates(s: Statement, points: list[Point], rng: Random) -> Iterator[Point]:
    """Where simulation can tell, cheap sizes first: in turn where failures as likely as is claimed would be seen,
    and anywhere else that the statement says something.
    """
    likely, others = small_points(s, points, rng), small_points(s, points, rng, ANY)
    seen = set[Point]()
    for point in chain.from_iterable(zip_longest(likely, others)):
        if point is not None and point not in seen:
            seen.add(point)
            yield point


def _sizes(s: Statement) -> Iterator[dict[str, Any]]:
    if s.sampler is not None:
        yield from map(dict, islice(small_points(s, covered_points(s), Random(SEED)), ASKED))
        return
    for sizes in s.experiment.sizes if s.experiment else ():
        values = {name: value for name, value in sizes if name in {p.name for p in s.parameters}}
        if _says_something(s, values, LIKELY):
            yield values


def small_points(
    s: Statement, points: Iterable[Point], rng: Random, claimed: tuple[float, float] = LIKELY
) -> Iterator[Point]:
    """Those of the points where the statement says something, with such a claim, in random order, cheap sizes first."""
    left = list(points)
    rng.shuffle(left)
    for cost in range(len(SMALL) + 1):
        for point in left:
            if _cost(point) == cost and _says_something(s, dict(point), claimed):
                yield point


def _cost(point: Point) -> int:
    """How dear a point is to simulate: 0 is cheap, `len(SMALL)` the most that is tried."""
    largest = max((abs(x) for _, x in point), default=0)
    for cost, size in enumerate(SMALL):
        if largest <= size:
            return cost
    counts = prod(max(1, abs(x)) for _, x in point if isinstance(x, int))
    return len(SMALL) + (counts > MANY)


def _says_something(s: Statement, values: dict[str, Value], claimed: tuple[float, float] = ANY) -> bool:
    """Whether a statement may hold and is not vacuous, and the log of its claimed failure lies between these."""
    try:
        g = s(**values)
        seen = s.failure == 0 or (isinstance(g.log_failure, float) and claimed[0] <= g.log_failure <= claimed[1])
        return seen and g.verdict not in (Verdict.INAPPLICABLE, Verdict.VACUOUS)
    except BoundkitError:  # outside its domain, or not decided
        return False
