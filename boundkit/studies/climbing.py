"""The search by simulation: cheap looks everywhere, then uphill where failures seem too frequent for the claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from math import inf
from random import Random

import numpy as np

from boundkit.api.objects import Statement
from boundkit.engine.domain import anywhere, ends_of, filled, in_order, lies, near, scale
from boundkit.errors import BoundkitError
from boundkit.formats.progress import Progress
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.studies.looks import Looker, Place
from boundkit.studies.simulation import ANY, LIKELY, cost, says_something, small_points
from boundkit.values import Value

NEW, CHILDREN, LONGER = 8, 2, 12  # places of a round: new ones, of each that is climbed from, and looked at again
PARENTS, OTHERS, FEW = 3, 4, 10  # that are climbed from: the best of all, and the best of each of some few
TRIES = 200  # neighbours in a row where the statement says nothing, after which there are no more
UNLEVELLED, LADDER, REFINED = (
    0.5,
    12,
    2,
)  # how often no parameter follows; values tried of a parameter, and how often near the best
TILTS = (-2.5, 1.0)  # log10 of a tilt's size


def search(looker: Looker, points: Iterable[Point], rng: Random, progress: Progress | None = None) -> None:
    """Look at new places and beside the worst, longer where that cannot tell, and test where failures seem too many.

    It stops where a test finds the statement violated, where nothing is left to look at, or when its time is up, of
    which `progress` tells the percents. What was seen is in the looker, also after an interrupt.
    """
    s = looker.statement
    new = _unseen(looker, chain(_candidates(s, list(points), rng), _around(s, looker, rng)))
    while looker.going:
        before = looker.draws
        if progress is not None:
            progress(f"{s.name}, simulated", int(100 * looker.share), 100)
        looker.look_at(islice(new, NEW))
        parents = dict.fromkeys(looker.lowest(PARENTS) + [p for _ in range(OTHERS) for p in _best_of_some(looker, rng)])
        children = (child for place in parents for child in islice(_beside(s, place, rng), CHILDREN))
        looker.look_at(_unseen(looker, children))
        looker.look_again(LONGER)
        looker.test_the_suspicious()
        if looker.draws == before:
            break
    if looker.errors and not looker.tallies and s.sampler is not None:
        raise looker.errors[0]
    if looker.violated is None:
        looker.look_at_the_worst()


def _best_of_some(looker: Looker, rng: Random) -> list[Place]:
    """The best of a few places at random: the best of all may lie on the wrong hill."""
    return looker.lowest(2, among=rng.sample(list(looker.tallies), min(FEW, len(looker.tallies))))


def _unseen(looker: Looker, places: Iterator[Place]) -> Iterator[Place]:
    return (place for place in places if place not in looker.tallies)


def _candidates(s: Statement, points: list[Point], rng: Random) -> Iterator[Place]:
    """In turn where failures as likely as is claimed would be seen, anywhere else that the statement says something,
    and, where there are other laws to draw from, places for these.
    """
    seen = set[Place]()
    plain = (map(Place, small_points(s, points, rng, claimed)) for claimed in (LIKELY, ANY))
    tilted = (Place(point, _tilt(rng)) for point in small_points(s, points, rng, ANY)) if s.tilted else ()
    for place in chain.from_iterable(zip_longest(*plain, tilted)):
        if place is not None and place not in seen:
            seen.add(place)
            yield place


def _around(s: Statement, looker: Looker, rng: Random) -> Iterator[Place]:
    """Neighbours of what was looked at, until there are none."""
    while looker.tallies:
        place = rng.choice(list(looker.tallies))
        beside = next(_beside(s, place, rng), None)
        if beside is None:
            return
        yield beside


def _beside(s: Statement, place: Place, rng: Random) -> Iterator[Place]:
    """Places near this one at which the statement says something: a parameter or two changed, or the law drawn from;
    no dearer to draw.
    """
    misses = 0
    while misses < TRIES:
        misses += 1
        tilt = place.tilt
        if tilt:
            tilt = rng.choice((tilt, tilt * rng.uniform(0.6, 1.6), _tilt(rng)))
        values = _moved(s, dict(place.point), rng, stays=bool(tilt))
        if values is None:
            continue
        beside = Place(tuple((p.name, values[p.name]) for p in s.parameters), tilt)
        if beside != place and cost(s, beside.point) <= max(1, cost(s, place.point)) and says_something(s, values):
            misses = 0
            yield beside


def _moved(s: Statement, old: dict[str, Value], rng: Random, stays: bool) -> dict[str, Value] | None:
    """A parameter or two changed, and now and then another after it, so that the claim is as likely as before."""
    parameters = in_order(s.parameters)
    number = rng.choice((0, 1, 1, 2) if stays else (1, 1, 2))
    changed = rng.sample(parameters, min(number, len(parameters)))
    values = filled(parameters, lambda p, ends: near(p, old[p.name], ends, rng) if p in changed else old[p.name])
    others = [p for p in parameters if p not in changed]
    if values is None or not changed or not others or rng.random() < UNLEVELLED:
        return values
    return levelled(s, values, rng.choice(others), float(s(**old).log_failure), rng)


def levelled(
    s: Statement, values: dict[str, Value], p: Parameter, log_claimed: float, rng: Random
) -> dict[str, Value] | None:
    """The same with a parameter at which the claimed failure probability comes nearest to this."""
    given = {q.symbol: values[q.name] for q in s.parameters}
    ends = ends_of(p, given)
    some = [*scale(p, ends), *(anywhere(p, ends, rng) for _ in range(LADDER))]
    for _ in range(REFINED):
        some = [x for x in some if lies(x, p.integer, p.strict, ends)]
        if not some:
            return None
        arrays = {name: float(value) for name, value in values.items()} | {p.name: np.array(some, float)}
        try:
            logs = np.broadcast_to(s.evaluate(columns=("log_failure",), **arrays)["log_failure"], len(some))
        except BoundkitError:
            return None
        with np.errstate(invalid="ignore"):  # where both logs are infinite
            best = some[int(np.argmin(np.nan_to_num(abs(logs - log_claimed), nan=inf)))]
        some = [best, *(near(p, best, ends, rng) for _ in range(LADDER))]
    return values | {p.name: best}


def _tilt(rng: Random) -> float:
    return float(rng.choice((-1, 1)) * 10 ** rng.uniform(*TILTS))
