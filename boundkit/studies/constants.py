"""The best constant of a statement: the smallest, or the largest, for which it holds on its whole domain.

The search climbs to the point that asks for the most, by the exact law; there the constant is refuted, certified, from
one side. From the other it is certified where the statement's proof is accepted with it, and else searched in vain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import inf
from random import Random
from time import monotonic
from typing import Any

import numpy as np

from boundkit.api.objects import Statement
from boundkit.engine.domain import along, filled, in_order, near
from boundkit.errors import HypothesisError, LawError, ParameterError, PrecisionError
from boundkit.formats.progress import Progress
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.studies.constant_asked import Asked, short
from boundkit.studies.constant_words import BestConstant
from boundkit.studies.falsification import SECONDS, falsify
from boundkit.studies.prefilter import Screen
from boundkit.studies.refutation import Refutation, refute
from boundkit.studies.tables.grids import grid_values
from boundkit.studies.walking import Walk, covers, require_search
from boundkit.values import Value, exact_number

POINTS = 1000
REACH = 1e9  # how many times the first constant is looked at on either side
RUNGS = 65  # constants that are looked at at once
ZOOMS, LAST_ZOOMS = 6, 9  # how often their grid gets finer: on the way, and at the end
GAIN = 1e-10  # relative: less is none, on the way
ROUNDING = 1e-9  # relative: less may be rounding
WALKS, WALK_STEPS, NEIGHBOURS = 20, 24, 40  # outward from the worst point; uphill, and points looked at in each step
STEPS = (Fraction(1, 10), Fraction(9, 10), Fraction(11, 10), 10)  # times a parameter, outward
STARTS = (2, 10)  # times a parameter, from where it goes uphill again
LARGEST = 10**15  # that a parameter gets
MARGINS = tuple(Fraction(1, 10**digits) for digits in (13, 12, 11, 10, 9, 8, 6, 4, 3))  # relative: what is refuted
SEARCHES = 3  # for a counterexample to the constant found
SHARE = 0.6  # of the time, for the first climb


def best_constant(
    statement: Statement,
    constant: Any,
    *,
    seed: int = 0,
    seconds: float = SECONDS,
    points: int = POINTS,
    progress: Progress | None = None,
    **given: Any,
) -> BestConstant:
    """Return the smallest, or largest, constant for which a statement holds at all other values, from both sides.

    Parameters
    ----------
    statement : Statement
        One with an exact law as its truth.
    constant : str or number
        One of its parameters, above 0; or a number that stands in its failure probability (where nothing is random, in
        its claims): 1/16 of e^(-n/16). Whether the smallest or the largest is meant, the formulas say.
    seed : int
        Fixes every point.
    seconds : float
        The search stops about then.
    points : int
        How many points of the domain are looked at.
    progress : callable, optional
        Called with (what, done, total) as points are drawn.
    **given
        The domain: a value for another parameter, or a pair (low, high) of ends. The others have all of theirs.

    Returns
    -------
    BestConstant
        `refuted` certainly fails, at a point; `holds` was searched for a counterexample in vain, and `certified` is
        the best one for which the proof was accepted.

    Raises
    ------
    ParameterError
        For what is no parameter and no such number, or stands there twice; where hypotheses or ranges depend on it, or
        it makes claims weaker at some points and stronger at others; where no constant decides.
    StatementError
        Where no exact law decides.

    Examples
    --------
    >>> import boundkit as bk
    >>> found = bk.best_constant(bk.lemma_b_1, "1/16", points=300)
    >>> found.kind, f"{float(found.certified):.9f}", found.certified < found.refuted
    ('largest', '0.096573590', True)
    """
    require_search(seed, seconds, points)
    asked = Asked.of(statement, constant, given)
    climb = _Climb(asked, Random(seed), monotonic() + SHARE * seconds)
    climb.run(points, progress)
    for turn in range(SEARCHES):
        holds = climb.past()
        found = falsify(
            asked.at(holds), seed=seed + turn, seconds=max(seconds * (1 - SHARE) / SEARCHES, 1e-3), points=points
        )
        if found.counterexample is None or not climb.take(tuple(found.counterexample.point)):
            break
        climb.outward()
    vain = found.counterexample is None
    refutation, refuted = climb.refuted()
    certified, how = asked.certified(refuted)
    return BestConstant(
        statement, asked.text, "smallest" if climb.up else "largest", refuted, refutation,
        holds if vain else None, certified, how, found.searched, asked.given,
    )  # fmt: skip


def best_constants(
    statement: Statement, constant: Any, over: Mapping[str, Any] | None = None, **how: Any
) -> tuple[BestConstant, ...]:
    """Return the best constant at each value of other parameters, a curve: two constants at once.

    Parameters
    ----------
    statement, constant, **how
        As for `best_constant`.
    over : mapping of name to values
        For other parameters a range in text, ``"1:5:1"``, or numbers; every combination is looked at.

    Examples
    --------
    >>> import boundkit as bk
    >>> few = bk.best_constants(bk.lemma_b_1, "1/16", {"n": "1,4"}, points=50)
    >>> [f"{float(found.value):.4f}" for found in few]
    ['0.6530', '0.3327']
    """
    names = list(over or {})
    grids = [grid_values(values) for values in (over or {}).values()]
    points: list[dict[str, Any]] = [dict(zip(names, point, strict=True)) for point in product(*grids)]
    return tuple(best_constant(statement, constant, **how, **point) for point in points)


class _Climb:
    """The worst point so far, and the constant that it asks for."""

    def __init__(self, asked: Asked, rng: Random, end: float) -> None:
        self.asked, self.rng, self.end = asked, rng, end
        self.plain = asked.at(asked.start)
        self.screen = Screen(asked.statement)
        self.parameters = in_order(self.plain.parameters)
        self.searched = 0
        self.best, self.worst = 0.0, Point()
        self.ways = [0, 0]

    @property
    def up(self) -> bool:
        """Whether larger constants claim less, so that the smallest is looked for."""
        weaker, stronger = self.ways
        if weaker and stronger:
            raise self._no_best("at some points, and more at others")
        if not weaker and not stronger:
            raise ParameterError(f"{self.plain.title}: {self.asked.text} changes no claim at the points looked at")
        return bool(weaker)

    def _no_best(self, where: str) -> ParameterError:
        return ParameterError(
            f"{self.plain.title}: a larger {self.asked.text} claims less {where}, so there is no best one; narrow the "
            "domain"
        )

    def run(self, points: int, progress: Progress | None) -> None:
        """Points of the whole domain, uphill from those that ask for the most, and outward from the worst."""
        walk = Walk(self.plain, self.rng)
        for batch in walk.batches(points):
            covered, _, _, violation = walk.screen.evaluate_batch(batch, lawful=False)
            inside = [point for point, ok in zip(batch, covered, strict=True) if ok]
            heights = np.full(len(batch), -inf)
            if inside:
                self._look_both_ways(inside)
                heights[covered] = self._take_all(inside)
            walk.climb(batch, covered, heights, violation)
            self.searched += len(inside)
            if progress is not None:
                progress(f"{self.plain.name}, {self.asked.text}", len(walk.seen), points)
            if monotonic() > self.end:
                break
        walk.require_some(self.searched)
        if not self.worst:
            raise ParameterError(
                f"{self.plain.title}: at none of {self.searched} points does it fail for one {self.asked.text} and "
                "hold for another; look at the formulas, or narrow the domain"
            )
        self.outward()

    def _reach(self) -> tuple[float, float]:
        """Between which a constant is looked for."""
        start, (low, high) = float(self.asked.start), self.asked.ends
        return max(start / REACH, low * (1 + GAIN)), min(start * REACH, high * (1 - GAIN))

    def outward(self) -> None:
        """From the worst point on, one parameter or all in step, and uphill there, as far as that asks for more."""
        for _ in range(WALKS):
            self._take_all([self._uphill(self.worst)])
            before = self.best
            self._take_all(list(self._beside(STEPS, (True, False))))
            self._take_all([self._uphill(point) for point in self._beside(STARTS, (True,))])
            if monotonic() > self.end or self.best == before:
                break

    def _uphill(self, point: Point) -> Point:
        """The worst met on a walk from a point, a parameter or all changed a little at a time."""
        height = self._excess([point], [self.best])[0]
        for _ in range(WALK_STEPS):
            drawn = (self._moved(dict(point)) for _ in range(NEIGHBOURS))
            beside = list(dict.fromkeys(self._point(values) for values in drawn if values is not None))
            if beside == [point]:
                break
            heights = self._excess(beside, [self.best] * len(beside))
            if len(beside) and heights.max() > height:
                point, height = beside[int(np.argmax(heights))], heights.max()
            if monotonic() > self.end:
                break
        return point

    def _moved(self, old: dict[str, Value]) -> dict[str, Value] | None:
        """A parameter, or all, changed a little."""
        moved = self.rng.choice((self.parameters, *((p,) for p in self.parameters)))
        return filled(
            self.parameters, lambda p, ends: near(p, old[p.name], ends, self.rng) if p in moved else old[p.name]
        )

    def _beside(self, factors: tuple[Any, ...], ways: tuple[bool, ...]) -> Iterator[Point]:
        """One parameter at so many times its value in the worst point, the others in step or as they are."""
        old = dict(self.worst)
        for p, factor, in_step in product(self.parameters, factors, ways):
            moved = Fraction(old[p.name]) * factor
            if abs(moved) <= LARGEST:
                value = round(moved) if p.integer else exact_number(moved)
                values = self._with(p, value, old, in_step)
                if values is not None:
                    yield self._point(values)

    def _with(self, p: Parameter, value: Value, old: dict[str, Value], in_step: bool) -> dict[str, Value] | None:
        """The old values but for p, and where asked for those that move in step with it; None outside the domain."""

        def of(q: Parameter, ends: Any) -> Value:
            return value if q is p else along(q, old, ends) if in_step else old[q.name]

        return filled(self.parameters, of)

    def _point(self, values: dict[str, Value]) -> Point:
        return tuple((p.name, values[p.name]) for p in self.plain.parameters)

    def take(self, point: Point) -> bool:
        """Take a point into account that refutes the constant found; whether it asks for more."""
        before = self.best
        self._take_all([point])
        return self.best != before

    def _take_all(self, points: list[Point]) -> np.ndarray:
        """How far each is beyond the best constant so far; the worst of them makes a new one."""
        if not points:
            return np.array([])
        excess = self._excess(points, [self.best or float(self.asked.start)] * len(points))
        worst = int(np.argmax(np.where(np.isnan(excess), -inf, excess)))
        if not self.worst or excess[worst] > 0:
            asks = self._critical(points[worst])
            if asks is None and not self.worst:  # with the boldest constant another point may be the worst
                worst = int(np.argmax(self._excess(points, [self._reach()[not self.up]] * len(points))))
                asks = self._critical(points[worst])
            beyond = self.best * (1 + GAIN if self.up else 1 - GAIN)
            if asks is not None and (not self.worst or (asks > beyond if self.up else asks < beyond)):
                self.best, self.worst = asks, points[worst]
        return excess

    def _excess(self, points: list[Point], constants: list[float]) -> np.ndarray:
        """The log of the true failure probability over the claimed; -inf where a point is not covered."""
        name = self.asked.symbol.name
        order = [p.name for p in self.asked.statement.parameters]
        batch = []
        for point, constant in zip(points, constants, strict=True):
            values = {**dict(point), name: Fraction(constant)}
            batch.append(tuple((each, values[each]) for each in order))
        seen = self.screen.evaluate_batch(batch)
        return np.where(seen.covered, seen.log_excess, -inf)

    def _critical(self, point: Point, zooms: int = ZOOMS) -> float | None:
        """The constant at which a point begins to fail: from both ends ever finer; None where floats see none."""
        low, high = self._reach()
        for zoom in range(zooms):
            rungs = np.geomspace(low, high, RUNGS)
            fails = self._excess([point] * RUNGS, list(map(float, rungs))) > 0
            if fails.all() or not fails.any():
                return None
            if not zoom and (np.count_nonzero(np.diff(fails)) > 1 or fails[0] != self.up):
                raise self._no_best("up to one and more beyond it, or the other way round, at one point")
            last = int(np.flatnonzero(fails)[-1 if self.up else 0])
            low, high = (rungs[last], rungs[last + 1]) if self.up else (rungs[last - 1], rungs[last])
            if high <= low * (1 + 4e-16):
                break
        return float(low if self.up else high)

    def _look_both_ways(self, points: list[Point]) -> None:
        """Count where a larger constant claims less, and where it claims more."""
        constants = np.clip(float(self.asked.start) * np.array([0.75, 1.25]), *self._reach())
        few, many = (self._excess(points, [float(constant)] * len(points)) for constant in constants)
        known = np.isfinite(few) & np.isfinite(many)
        few, many = np.where(known, few, 0.0), np.where(known, many, 0.0)
        apart = known & (np.abs(many - few) > ROUNDING * np.maximum(1, np.abs(few)))
        self.ways[0] += int((apart & (many < few)).sum())
        self.ways[1] += int((apart & (many > few)).sum())

    def past(self) -> Value:
        """A decimal of nine digits a little beyond the best, which should hold."""
        self.best = self._critical(self.worst, LAST_ZOOMS) or self.best
        return short(self.best, 9, upward=self.up)

    def refuted(self) -> tuple[Refutation | None, Value | None]:
        """The best constant that is certainly refuted at the worst point, and how."""
        if not self.worst or not covers(self.plain, self.worst):
            return None, None
        for clear in MARGINS:
            value = exact_number(short(self.best * float(1 - clear if self.up else 1 + clear), 13, upward=not self.up))
            try:
                if found := refute(self.asked.at(value), **dict(self.worst)):
                    return found, value
            except (HypothesisError, LawError, PrecisionError):
                continue
        return None, None
