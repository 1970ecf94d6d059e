"""Where a statement is simulated: where it says something, and failures as likely as it allows would be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from math import inf, log
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

from boundkit.errors import BoundkitError
from boundkit.guarantee import Verdict
from boundkit.statement import Point, Statement
from boundkit.values import Value
from boundkit.verify.grid import SEED
from boundkit.verify.walking import covered_points

if TYPE_CHECKING:
    from boundkit.simulate.evidence import Evidence

SMALL = (40, 200)  # the largest letter of a point that is cheap to simulate, and of the next best
LIKELY = (log(0.001), log(0.5))  # the log of a claimed failure probability at which failures can be seen
ASKED = 5  # points at which an audit asks one's own sampler
PLACES, LOOKS = 40, (20, 200, 2000, 20_000)  # of a search: points, and the trials of each look at the worst of them
FIRST_LOOK = 0.1  # of the time that a search has

# Sizes of small networks, and of the vectors in the lemmas.
SIMULATED: tuple[dict[str, Value], ...] = tuple(
    {
        "d": d, "ell": ell, "c_ell": Fraction(ell, d), "m": m, "n": n, "beta": Fraction(1, 20),
        "eta": Fraction(1, 1000), "lam": 40, "T": 100, "sigma": 1, "sigma_1": 1, "sigma_2": 1, "t": t, "norm_u": 1,
    }
    for d, ell, m, n, t in ((40, 20, 8, 20, 2), (60, 40, 2, 40, 3), (1600, 1580, 5, 20, 2))
)
NO_SAMPLER, NOWHERE = "no sampler", "no small size where it says something and failures would be seen"


@dataclass(frozen=True)
class Looks:
    """What a search by simulation found: a violation if there is one; how many points, looks and trials it took."""

    violated: Evidence | None
    points: int
    looks: int
    trials: int


def can_be_simulated(s: Statement) -> bool:
    """Whether the statement says how its quantities are drawn."""
    return s.sampler is not None or s.experiment is not None


def simulation(s: Statement) -> tuple[Evidence | None, str]:
    """Return how often a statement's claims fail at a small size; none, and why, where nothing was simulated.

    With a sampler of one's own several sizes are looked at, and a violation at any of them is what is returned.
    """
    from boundkit.simulate import Finding, check

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
        if s.sampler is None or seen[-1].verdict is Finding.VIOLATED:
            return seen[-1], ""
    if errors and not seen and s.sampler is not None:
        raise errors[0]
    return (seen[0], "") if seen else (None, NOWHERE)


def search(s: Statement, points: Iterable[Point], rng: Random, seed: int, end: float) -> Looks:
    """Simulate at many points, then more often at those where failures are most above what is claimed.

    It stops where a point is violated, where the trials can tell everywhere, or at the time `end`.
    """
    from boundkit.simulate import Finding, check

    began, looks, trials, errors = monotonic(), 0, 0, []
    left: list[Point] = list(islice(_candidates(s, points, rng), PLACES))
    places, pace = set[Point](), dict[Point, float]()  # seconds a trial
    for number, size in enumerate(LOOKS):
        stop = end if number else began + FIRST_LOOK * (end - began)
        open_: list[tuple[float, Point]] = []
        for point in left:
            start = monotonic()
            if start > stop and places:
                break
            if start + size * pace.get(point, 0.0) > max(stop, end):
                continue
            try:
                seen = check(s, size, seed=seed, mode="full", **dict(point))
            except BoundkitError as error:
                errors.append(error)
                continue
            places.add(point)
            pace[point] = (monotonic() - start) / size
            looks, trials = looks + 1, trials + seen.trials
            if seen.verdict is Finding.VIOLATED:
                return Looks(seen, len(places), looks, trials)
            if seen.verdict is Finding.INCONCLUSIVE and seen.trials:
                open_.append((seen.failures / seen.trials / (seen.claimed or 1), point))
        left = [point for _, point in sorted(open_, key=lambda one: -one[0])[: 1 + len(open_) // 2]]
    if errors and not places and s.sampler is not None:
        raise errors[0]
    return Looks(None, len(places), looks, trials)


def _candidates(s: Statement, points: Iterable[Point], rng: Random) -> Iterator[Point]:
    """Where simulation can tell, first where failures as likely as is claimed would be seen, cheap sizes first."""
    known = list(points)
    likely = list(small_points(s, known, rng))
    yield from likely
    yield from (point for point in small_points(s, known, rng, (-inf, 0.0)) if point not in set(likely))


def _sizes(s: Statement) -> Iterator[dict[str, Any]]:
    if s.sampler is not None:
        yield from map(dict, islice(small_points(s, covered_points(s), Random(SEED)), ASKED))
        return
    for sizes in SIMULATED:
        values = {p.name: sizes[p.name] for p in s.parameters if p.name in sizes}
        if _says_something(s, values, LIKELY):
            yield values


def small_points(
    s: Statement, points: Iterable[Point], rng: Random, claimed: tuple[float, float] = LIKELY
) -> Iterator[Point]:
    """Those of the points where the statement says something, with such a claim, in random order, cheap sizes first."""
    left = list(points)
    rng.shuffle(left)
    for low, high in pairwise((-1, *SMALL)):
        for point in left:
            if low < max((abs(x) for _, x in point), default=0) <= high and _says_something(s, dict(point), claimed):
                yield point


def _says_something(s: Statement, values: dict[str, Value], claimed: tuple[float, float]) -> bool:
    """Whether a statement may hold and is not vacuous, and the log of its claimed failure lies between these."""
    try:
        g = s(**values)
        seen = s.failure == 0 or (isinstance(g.log_failure, float) and claimed[0] <= g.log_failure <= claimed[1])
        return seen and g.verdict not in (Verdict.INAPPLICABLE, Verdict.VACUOUS)
    except BoundkitError:  # outside its domain, or not decided
        return False
