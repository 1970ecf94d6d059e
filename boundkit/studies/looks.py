"""Looks at a statement by simulation, and the tests that call it false: one false-alarm probability for all of them.

What looks drew says where to look again and what to test, and is never itself the ground of a finding: a test draws
anew, a number of trials that is fixed before. Given all that was drawn before it, the i-th test is wrong with
probability at most ERROR/(2 i (i + 1)); these add up to ERROR/2, however many there are and whatever chose them. The
last look at the worst place, a test as well, takes the other half.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest
from math import ceil, exp, expm1, floor, inf, log, log1p, sqrt
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from boundkit.api.objects import Statement
from boundkit.errors import BoundkitError
from boundkit.laws.binomial import ERROR
from boundkit.model.statement import Point
from boundkit.simulate.verdicts import LEAST_CLAIM
from boundkit.studies.simulation import cost

if TYPE_CHECKING:
    from boundkit.simulate import Evidence, Weighted

Seen: TypeAlias = "Evidence | Weighted"

SPREADS = 3.0  # standard errors on either side of an estimate
FIRST, FIRST_TILTED = 50, 200  # trials of a first look
PROBED = 2  # before it, where a trial may be dear
TIMES = 3  # as many again as there were, in the next
ENOUGH = 4  # times the trials that would do, if all is as it seems, are taken for a test
MOST = 10**7  # trials of a look, or of a test
SLICE = 0.2  # of the time that is left, what a single look may take, and twice that a test
LOG_HALF = log(0.5)  # claims above it are of a size of their own: no failures are far more frequent than these
NATS = 7.0  # claims this much apart in their logs are of another size
SEARCHING = 0.9  # of the time; the rest is for the last look
MOST_LOOKS = 10**6  # that seeds are kept apart for
LOG_VISIBLE = log(0.001)  # of a claim: from here on plain draws show whether the claims fail as often
LEAST = log(LEAST_CLAIM)
LARGEST = 150.0  # log of a weight over a claim: its square is a float


class Place(NamedTuple):
    """A point, and the law that is drawn from there: 0 is the statement's own."""

    point: Point
    tilt: float = 0.0


@dataclass(frozen=True)
class Tally:
    """What looks at one place saw: sums of weight over claim of the trials that failed, and of its square."""

    log_claimed: float
    trials: int = 0
    failures: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        sums = (self.trials + other.trials, self.failures + other.failures, self.total + other.total)
        return Tally(self.log_claimed, *sums, self.squares + other.squares)

    @property
    def log_ratio(self) -> float:
        """Log of how many times as often as claimed the claims failed; -inf where they never did."""
        return log(self.total / self.trials) if self.total else -inf

    @property
    def spread(self) -> float:
        """How far the log may be off, more or less."""
        if not self.total:
            return inf
        return SPREADS * sqrt(max(self.squares / self.total**2 - 1 / self.trials, 0.0))

    @property
    def log_low(self) -> float:
        """The lower end of what the log of the ratio may be: what the search climbs on."""
        return self.log_ratio - self.spread if self.total else -inf

    def log_high(self, plain: bool) -> float:
        """The upper end; where nothing failed that plain draws would show, what these leave possible, else -inf."""
        if self.total:
            return self.log_ratio + self.spread
        visible = plain and self.trials and self.log_claimed >= LOG_VISIBLE
        return log(SPREADS / self.trials) - self.log_claimed if visible else -inf

    def trials_to_test(self, log_error: float, plain: bool) -> float:
        """How many trials should tell, if the ratio is halfway between estimate and lower end; inf if none would."""
        log_ratio = (self.log_ratio + self.log_low) / 2
        if not log_ratio > 0:
            return inf
        if plain:
            p = min(exp(min(log_ratio + self.log_claimed, 0.0)), 1 - 0.5 / self.trials)
            growth = _divergence(p, exp(self.log_claimed))
        else:
            growth = (expm1(min(log_ratio, LARGEST)) / exp(min(log_ratio, LARGEST))) ** 2
            growth *= self.total**2 / self.squares / self.trials / 2
        return ENOUGH * (1 - log_error) / growth if growth > 0 else inf


def _divergence(p: float, q: float) -> float:
    """Of a coin that shows heads with probability p, seen as one with q: what a trial says, in nats."""
    q = max(q, LEAST_CLAIM)
    return 0.0 if p <= q else p * log(p / q) + (1 - p) * (log1p(-p) - log1p(-q))


class Looker:
    """Looks at places, each look with draws of its own, and tests some, until one is violated or the time is up."""

    def __init__(self, s: Statement, seed: int, end: float, error: float = ERROR) -> None:
        self.statement, self.seed, self.error = s, seed, error
        self.began = monotonic()
        self.end = self.began + SEARCHING * (end - self.began)
        self.violated: Seen | None = None
        self.tallies: dict[Place, Tally] = {}
        self.seconds: dict[Place, float] = {}  # a trial
        self.open: dict[Place, None] = {}  # where more trials may show more failures than claimed
        self.errors: list[BoundkitError] = []
        self.draws = self.looks = self.tests = self.trials = 0
        self.worst_seen: Seen | None = None

    @property
    def going(self) -> bool:
        """Whether there is time, and nothing found."""
        return self.violated is None and monotonic() < self.end

    @property
    def share(self) -> float:
        """How much of its time is over."""
        return min((monotonic() - self.began) / max(self.end - self.began, 1e-9), 1.0)

    def affords(self, place: Place, size: float, share: float = SLICE) -> bool:
        """Whether so many trials there leave time for others."""
        return size <= MOST and size * self.seconds.get(place, 0.0) < share * (self.end - monotonic())

    def look_at(self, places: Iterable[Place]) -> None:
        """A first look at these, while there is time."""
        for place in places:
            if not self.going and self.tallies:
                return
            size = FIRST_TILTED if place.tilt else FIRST
            if cost(self.statement, place.point):
                self.look(place, PROBED)
                if not (self.going and place in self.tallies and self.affords(place, size)):
                    continue
            self.look(place, size)

    def look_again(self, number: int) -> None:
        """Look longer at those of the open places that may have the most failures for what is claimed."""
        for place in self.highest(number):
            size = TIMES * self.tallies[place].trials
            if self.going and self.affords(place, size):
                self.look(place, size)
            else:
                self.open.pop(place, None)

    def look(self, place: Place, size: int) -> None:
        """Look at a place, and take what is seen into account."""
        seen = self.drawn(place, size)
        if seen is None:
            return
        tally = self.tallies[place]
        self.looks += 1
        self.open.pop(place, None)
        if self.statement.failure == 0:  # then no chance is in a failure, and one is enough
            self.violated = seen if seen.refutes(-inf) else None
        elif seen.trials and tally.log_high(not place.tilt) > 0 and not seen.promises_nothing:
            self.open[place] = None

    def drawn(self, place: Place, size: int) -> Seen | None:
        """What so many trials show, by draws that nothing else has; None where it cannot be drawn."""
        from boundkit.simulate import check, weighted

        seed, start = self.seed * MOST_LOOKS + self.draws, monotonic()
        self.draws += 1
        values = dict(place.point)
        seen: Seen
        try:
            if place.tilt:
                seen = weighted(self.statement, size, tilt=place.tilt, seed=seed, **values)
                log_weights = seen.log_weights
            else:
                seen = check(self.statement, size, seed=seed, mode="full", **values)
                log_weights = np.zeros(seen.failures)
        except BoundkitError as error:
            self.errors.append(error)
            self.open.pop(place, None)
            return None
        self.seconds[place] = (monotonic() - start) / size
        self.trials += seen.trials
        tally = _tally(seen, log_weights)
        self.tallies[place] = self.tallies[place] + tally if place in self.tallies else tally
        return seen

    def test_the_suspicious(self) -> None:
        """Test where failures seem too many, if the trials that it takes can be had: the quickest first."""
        log_error = self.log_share(self.tests + 1)
        sizes = {p: self.tallies[p].trials_to_test(log_error, not p.tilt) for p in self.open}
        for place in sorted((p for p in sizes if self.affords(p, sizes[p], 2 * SLICE)), key=lambda p: sizes[p]):
            if self.going:
                self.violated = self.test(place, ceil(sizes[place]))

    def test(self, place: Place, size: int) -> Seen | None:
        """What fresh draws show, if the statement is violated by them; for its share of the error."""
        self.tests += 1
        log_error = self.log_share(self.tests)
        seen = self.drawn(place, size)
        return seen if seen is not None and seen.refutes(log_error) else None

    def log_share(self, test: int) -> float:
        """Log of how often the test of this number may be wrong."""
        return log(self.error / 2) - log(test) - log1p(test)

    def again(self, point: Point, end: float) -> Seen | None:
        """Test a point with as many trials as the one that was violated: what was seen, if that is a violation too."""
        if self.violated is None or monotonic() > end:
            return None
        seen = self.test(Place(point, self.violated.tilt), self.violated.trials + self.violated.uncovered)
        self.violated = seen or self.violated
        return seen

    def look_at_the_worst(self) -> None:
        """Draw the place with the most failures for what is claimed once more, as often as before: a last test."""
        place = max(self.tallies, key=lambda p: self.tallies[p].log_low, default=None)
        if place is None or self.statement.failure == 0:
            return
        most = max(FIRST, int(SLICE * self.trials))
        self.worst_seen = self.drawn(place, min(self.tallies[place].trials, most, MOST))
        if self.worst_seen is not None and self.worst_seen.refutes(log(self.error / 2)):
            self.violated = self.worst_seen

    def told(self) -> dict[str, Any]:
        """What a search says of its simulation, by the names of the fields."""
        points = dict.fromkeys(place.point for place in self.tallies)
        columns = zip(*points, strict=True)
        sizes = tuple((column[0][0], min(x for _, x in column), max(x for _, x in column)) for column in columns)
        seen = self.violated or self.worst_seen
        ratio, at = (None, ()) if seen is None or not self.statement.failure else (seen.ratio, seen.guarantee.values)
        return {
            "simulated": self.looks, "places": len(points), "tests": self.tests, "trials": self.trials,
            "sizes": sizes, "error": self.error, "ratio": ratio, "ratio_at": at, "evidence": self.violated,
        }  # fmt: skip

    def lowest(self, number: int, among: Iterable[Place] | None = None) -> list[Place]:
        """So many places whose ratio is certainly large, as far as looks say: the best for each size of claim first."""
        some = self.tallies if among is None else among
        lows = {p: self.tallies[p].log_low for p in some if self.tallies[p].total}
        return self._each_size(lows)[:number]

    def highest(self, number: int) -> list[Place]:
        """So many open places whose ratio may be large, likewise."""
        return self._each_size({p: self.tallies[p].log_high(not p.tilt) for p in self.open})[:number]

    def _each_size(self, heights: dict[Place, float]) -> list[Place]:
        """The places from the highest down, in turn of each size of claim: small ones have a hill of their own."""
        sizes: dict[int, list[Place]] = {}
        for place in sorted(heights, key=lambda p: -heights[p]):
            log_claimed = max(self.tallies[place].log_claimed, LEAST)
            size = 0 if log_claimed > LOG_HALF else floor(log_claimed / NATS)
            sizes.setdefault(size, []).append(place)
        turns = chain.from_iterable(zip_longest(*sizes.values()))
        return [place for place in turns if place is not None]


def _tally(seen: Seen, log_weights: np.ndarray) -> Tally:
    """What a look adds."""
    log_claimed = float(seen.guarantee.log_failure)
    ratios = np.exp(np.clip(log_weights - max(log_claimed, LEAST), -LARGEST, LARGEST))
    return Tally(log_claimed, seen.trials, seen.failures, float(ratios.sum()), float((ratios**2).sum()))
