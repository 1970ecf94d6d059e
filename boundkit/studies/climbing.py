"""The search by simulation: cheap looks everywhere, then uphill where failures seem most frequent for what is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from random import Random
from time import monotonic

from boundkit.api.objects import Statement
from boundkit.engine.domain import filled, in_order, near
from boundkit.laws.binomial import ERROR
from boundkit.model.statement import Point
from boundkit.studies.looks import Looker, Place
from boundkit.studies.simulation import ANY, LIKELY, cost, says_something, small_points

NEW, PARENTS, CHILDREN, LONGER = 8, 4, 2, 12  # places of a round: new ones, those climbed from, and looked at again
TRIES = 200  # neighbours in a row where the statement says nothing, after which there are no more
TILTS = (-2.5, 1.0)  # log10 of a tilt's size
SEARCHING = 0.9  # of the time; the rest is for the last look


def search(
    s: Statement, points: Iterable[Point], rng: Random, seed: int, end: float, most: int, error: float = ERROR
) -> Looker:
    """Look at up to `most` places, more often where that cannot tell, and test where failures seem too many.

    It stops where a test finds the statement violated, where no more trials can be had, or at the time `end`.
    """
    began = monotonic()
    looker = Looker(s, seed, began + SEARCHING * (end - began), error)
    new = _unseen(looker, chain(_candidates(s, list(points), rng), _around(s, looker, rng)))
    while looker.going:
        before = looker.draws
        left = most - len(looker.tallies)
        looker.look_at(islice(new, min(NEW, left)))
        children = (child for place in looker.lowest(PARENTS) for child in islice(_beside(s, place, rng), CHILDREN))
        looker.look_at(islice(_unseen(looker, children), max(0, left - NEW)))
        looker.look_again(LONGER)
        looker.test_the_suspicious()
        if looker.draws == before:
            break
    if looker.errors and not looker.tallies and s.sampler is not None:
        raise looker.errors[0]
    if looker.violated is None:
        looker.look_at_the_worst()
    return looker


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
    parameters, old = in_order(s.parameters), dict(place.point)
    misses = 0
    while misses < TRIES:
        misses += 1
        tilt = place.tilt
        if tilt:
            tilt = rng.choice((tilt, tilt * rng.uniform(0.6, 1.6), _tilt(rng)))
        changed = rng.sample(parameters, min(rng.choice((0, 1, 1, 2) if tilt else (1, 1, 2)), len(parameters)))
        values = filled(parameters, lambda p, ends: near(p, old[p.name], ends, rng) if p in changed else old[p.name])  # noqa: B023
        if values is None:
            continue
        beside = Place(tuple((p.name, values[p.name]) for p in s.parameters), tilt)
        if beside != place and cost(beside.point) <= max(1, cost(place.point)) and says_something(s, values):
            misses = 0
            yield beside


def _tilt(rng: Random) -> float:
    return float(rng.choice((-1, 1)) * 10 ** rng.uniform(*TILTS))
