"""Where a statement is simulated: where it says something, and failures as likely as it allows would be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from math import inf, log, prod
from random import Random
from typing import TYPE_CHECKING, Any

from boundkit.api.objects import Statement
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
LARGEST = 500  # the largest of those, where networks are trained: their time grows with its third power
LIKELY = (log(0.001), log(0.5))  # the log of a claimed failure probability at which failures can be seen
TURNS = (1, 2, 6)  # how rarely, beside the cheapest points, those of each cost come
ASKED, TRIED = 3, 5  # sizes at which an audit simulates a statement; points at which it tries one's own sampler
ANY = (-inf, 0.0)

NO_SAMPLER, NOWHERE = "no sampler", "no small size where it says something and failures would be seen"


def can_be_simulated(s: Statement) -> bool:
    """Whether the statement says how its quantities are drawn."""
    return s.sampler is not None or s.experiment is not None


def simulations(s: Statement) -> tuple[tuple[Evidence, ...], str]:
    """Return how often a statement's claims fail at a few sizes; none, and why, where nothing was simulated.

    The sizes are those where it says something, and failures as frequent as it allows would be seen; after a violation
    there are no more. Where nothing is random, one size is all.
    """
    from boundkit.simulate import SimulationVerdict, check

    if not can_be_simulated(s):
        return (), NO_SAMPLER
    seen: list[Evidence] = []
    errors: list[BoundkitError] = []
    for values in _sizes(s):
        try:
            seen.append(check(s, seed=SEED, mode="full", **values))
        except BoundkitError as error:
            errors.append(error)
        if len(seen) == (1 if s.failure == 0 else ASKED) or (seen and seen[-1].verdict is SimulationVerdict.VIOLATED):
            break
    if errors and not seen and s.sampler is not None:
        raise errors[0]
    return tuple(seen), "" if seen else NOWHERE


def _sizes(s: Statement) -> Iterator[dict[str, Any]]:
    """Where a statement says something, and failures as frequent as it allows would be seen; each size once."""
    if s.sampler is not None:
        yield from map(dict, islice(small_points(s, covered_points(s), Random(SEED)), TRIED))
        return
    if s.experiment is None:
        return
    own = {p.name for p in s.parameters}
    different = dict.fromkeys(tuple(x for x in sizes if x[0] in own) for sizes in s.experiment.sizes)
    for values in map(dict, different):
        if says_something(s, values, LIKELY):
            yield values


def small_points(
    s: Statement, points: Iterable[Point], rng: Random, claimed: tuple[float, float] = LIKELY
) -> Iterator[Point]:
    """Those of the points where the statement says something, with such a claim, at random, cheap ones more often."""
    left, places = list(points), Counter[int]()
    rng.shuffle(left)
    turns: dict[Point, int] = {}
    for point in left:
        if (dear := cost(s, point)) <= len(SMALL):
            places[dear] += 1
            turns[point] = TURNS[dear] * places[dear]
    for point in sorted(turns, key=lambda point: turns[point]):
        if says_something(s, dict(point), claimed):
            yield point


def cost(s: Statement, point: Point) -> int:
    """How dear a point is to simulate: 0 is cheap, `len(SMALL)` the most that is tried."""
    largest = max((abs(x) for _, x in point), default=0)
    for dear, size in enumerate(SMALL):
        if largest <= size:
            return dear
    counts = [max(1, abs(x)) for _, x in point if isinstance(x, int)]
    trained = s.experiment is not None and max(counts, default=1) > LARGEST
    return len(SMALL) + (trained or prod(counts) > MANY)


def says_something(s: Statement, values: dict[str, Value], claimed: tuple[float, float] = ANY) -> bool:
    """Whether a statement may hold and is not vacuous, and the log of its claimed failure lies between these."""
    try:
        g = s(**values)
        seen = s.failure == 0 or (isinstance(g.log_failure, float) and claimed[0] <= g.log_failure <= claimed[1])
        return seen and g.verdict not in (Verdict.INAPPLICABLE, Verdict.VACUOUS)
    except BoundkitError:  # outside its domain, or not decided
        return False
