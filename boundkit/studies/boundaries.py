"""Points at a hypothesis' boundary, on either side and on it: one parameter is solved for, the others stay.

A hypothesis met only there (t = 4 n, or n <= t <= n + 1) is met by no point drawn at random. Here a drawn point has one
parameter moved to where a hypothesis turns, and then others, one at a time, until the rest of the hypotheses hold too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from math import floor, isfinite
from random import Random
from typing import Any

from flint import fmpq
import numpy as np
import sympy

from boundkit.api.objects import Statement
from boundkit.coerce import fold, relations_in
from boundkit.enclose import Values, ball, fraction, holds
from boundkit.engine.domain import Choose, Ends, ends_of, filled, in_order, scale
from boundkit.engine.evaluate import compiled
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.values import Ball, Formula, Value

HALVINGS = 60  # of the bracket around a root, in floats
FIGURES = 6  # of the decimals on the two sides of one
BEYOND = 1e18  # where a range without an end is looked at last, and how much nearer than its scale an open end is
FAR = 0.05  # how often that is done for an integer
MOVES = 4  # parameters moved before a point is given up

Drawn = dict[str, Value]
Side = tuple[float, float, int]  # where, the sign there, and which way it lies


class Boundaries:
    """The hypotheses of a statement, each as a function that changes its sign where it turns."""

    def __init__(self, statement: Statement, rng: Random) -> None:
        self.parameters, self.rng = in_order(statement.parameters), rng
        known = {p.symbol: p for p in self.parameters}
        self.conditions = [c for c in statement.relations if known.keys() & c.free_symbols]
        self.relations = [r for c in self.conditions for r in relations_in(c) if r.free_symbols]
        self.movable = [[known[x] for x in sorted(r.free_symbols, key=str)] for r in self.relations]

    def points(self, drawn: Iterable[Drawn]) -> list[Drawn]:
        """Each drawn point moved to a boundary, and on until it meets the other hypotheses, if that succeeds."""
        if not self.relations:
            return []
        moved = self._crossed([(point, self.rng.randrange(len(self.relations)), False) for point in drawn])
        for _ in range(MOVES):
            unmet = self._unmet(moved)
            if not any(unmet):
                break
            again = [(point, self.rng.choice(left), True) for point, left in zip(moved, unmet, strict=True) if left]
            moved = [point for point, left in zip(moved, unmet, strict=True) if not left] + self._crossed(again)
        return moved

    @cached_property
    def _functions(self) -> list[Callable[..., tuple[np.ndarray | float, ...]]]:
        symbols = tuple(p.symbol for p in self.parameters)
        return [compiled(symbols, r.args) for r in self.relations]

    def _sides(
        self, number: int, arrays: list[np.ndarray], shape: int | tuple[int, ...]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The two sides of a hypothesis in floats; nan where they are not defined."""
        try:
            with np.errstate(all="ignore"):
                sides = self._functions[number](*arrays)
        except BoundkitError:  # a law outside its domain
            sides = (np.nan, np.nan)
        lhs, rhs = (np.broadcast_to(np.asarray(side, float), shape) for side in sides)
        return lhs, rhs

    def _unmet(self, points: list[Drawn]) -> list[list[int]]:
        """Of each point, the relations that fail in hypotheses that do: a joined one may need but one of its own."""
        rows = dict(zip(self.relations, self._hold(points), strict=True))
        always = np.ones(len(points), bool)
        failing: list[list[int]] = [[] for _ in points]
        for condition in self.conditions:
            met = fold(condition, lambda r: rows.get(r, always), np.logical_and.reduce, np.logical_or.reduce)
            for number, relation in enumerate(self.relations):
                if relation in relations_in(condition):
                    for at in np.flatnonzero(~np.asarray(met) & ~rows[relation]):
                        failing[int(at)].append(number)
        return failing

    def _hold(self, points: list[Drawn]) -> list[np.ndarray]:
        """Of each relation, at which points it holds: in floats, and near its boundary exactly."""
        arrays = [np.array([float(point[p.name]) for point in points]) for p in self.parameters]
        found = []
        for number, relation in enumerate(self.relations):
            lhs, rhs = self._sides(number, arrays, len(points))
            with np.errstate(invalid="ignore"):
                gap = np.subtract(lhs, rhs)
            row = np.array(_HOLDS[relation.rel_op](gap))
            for at in np.flatnonzero(np.abs(gap) <= 1e-9 * np.maximum(np.abs(lhs), np.abs(rhs))):
                row[at] = holds(relation, _given(points[int(at)])) is True
            found.append(row)
        return found

    def _crossed(self, asked: list[tuple[Drawn, int, bool]]) -> list[Drawn]:
        """Each point with a parameter of a hypothesis at its boundary; `inside` asks for the side on which it holds."""
        groups: dict[tuple[int, str], list[tuple[Drawn, bool]]] = {}
        parameters = {p.name: p for p in self.parameters}
        for point, number, inside in asked:
            p = self.rng.choice(self.movable[number])
            groups.setdefault((number, p.name), []).append((point, inside))
        return [
            moved for (number, name), some in groups.items() for moved in self._solved(number, parameters[name], some)
        ]

    def _solved(self, number: int, p: Parameter, some: list[tuple[Drawn, bool]]) -> list[Drawn]:
        """The points with this parameter where that hypothesis turns, one boundary for each that has any."""
        ladders = [self._ladder(p, ends_of(p, _given(point))) for point, _ in some]
        longest = max(map(len, ladders))
        kept = [at for at, ladder in enumerate(ladders) if ladder]
        if not kept:
            return []
        rungs = np.array([ladders[at] + ladders[at][-1:] * (longest - len(ladders[at])) for at in kept])
        arrays = [np.array([[float(some[at][0][q.name])] for at in kept]) for q in self.parameters]
        place = self.parameters.index(p)

        def sign(x: np.ndarray) -> Any:
            lhs, rhs = self._sides(number, [x if i == place else a for i, a in enumerate(arrays)], x.shape)
            with np.errstate(invalid="ignore"):  # infinity less infinity
                return np.sign(np.subtract(lhs, rhs))

        signs = sign(rungs)
        turns = (signs[:, :-1] != signs[:, 1:]) & np.isfinite(signs[:, :-1]) & np.isfinite(signs[:, 1:])
        chosen = [self.rng.choice(np.flatnonzero(row).tolist() or [-1]) for row in turns]
        rows = np.arange(len(kept))
        low, high = rungs[rows, chosen], rungs[rows, np.array(chosen) + 1]
        below, above = signs[rows, chosen], signs[rows, np.array(chosen) + 1]
        low, high = np.where(above == 0, high, low), np.where(below == 0, low, high)  # a rung is the root
        for _ in range(HALVINGS):
            middle = _middle(low, high)
            here = sign(middle[:, None])[:, 0]
            up = here == below
            low, high = np.where(up, middle, low), np.where(up, high, middle)
        found = []
        for i, at in enumerate(kept):
            point, inside = some[at]
            if chosen[i] < 0 or not isfinite(low[i]) or not isfinite(high[i]):
                continue
            sides = ((low[i], below[i], -1), (high[i], above[i], 1))
            values = list(self._values(number, p, point, sides, inside))
            if values:
                moved = filled(self.parameters, _as_in({**point, p.name: self.rng.choice(values)}))
                found += [moved] if moved is not None else []
        return found

    def _ladder(self, p: Parameter, ends: Ends) -> list[float]:
        """The parameter's scale, and on beyond where its range goes on; rarely of integers: laws are slow out there."""
        rungs = [float(x) for x in scale(p, ends)]
        if not rungs:
            return []
        low, high = (None if end is None else float(end) for end in ends)
        far = not p.integer or self.rng.random() < FAR
        first = [-BEYOND] * far if low is None else [low + (rungs[0] - low) / BEYOND] if rungs[0] > low else []
        return [*first, *rungs, *([BEYOND] * far if high is None else [])]

    def _values(self, number: int, p: Parameter, point: Drawn, sides: Sequence[Side], inside: bool) -> Iterable[Value]:
        """The parameter on the boundary, where it can stand there, and next to it on the sides that are asked for."""
        relation = self.relations[number]
        yield from self._root(relation, p, point, sides[0][0], sides[1][0])
        for x, sign, side in sides:
            if relation.rel_op != "==" and (not inside or sign == 0 or _HOLDS[relation.rel_op](sign)):
                yield _beside(p, x, side)

    def _root(self, relation: Formula, p: Parameter, point: Drawn, low: float, high: float) -> list[Value]:
        """The value at which the two sides are certainly equal, in a list; empty where none was found."""
        middle = _middle(low, high)
        guesses: set[Value] = {Fraction(round(middle))} if p.integer else {Fraction(middle).limit_denominator(10**3)}
        if not p.integer and (line := _secant(relation, p, point, middle)) is not None:
            guesses.add(line)
        equal = sympy.Eq(*relation.args, evaluate=False)
        near = [x for x in guesses if abs(float(x) - middle) <= 1e-6 * abs(middle) + (high - low)]
        return [x for x in near if holds(equal, {**_given(point), p.symbol: x}) is True][:1]


_HOLDS: dict[str, Callable[[Any], Any]] = {
    ">=": lambda gap: gap >= 0, "<=": lambda gap: gap <= 0, ">": lambda gap: gap > 0, "<": lambda gap: gap < 0,
    "==": lambda gap: gap == 0, "!=": lambda gap: gap != 0,
}  # fmt: skip


def _as_in(point: Drawn) -> Choose:
    return lambda p, _: point[p.name]


def _given(point: Drawn) -> dict[sympy.Symbol, Value]:
    return {sympy.Symbol(name): value for name, value in point.items()}


def _middle(low: Any, high: Any) -> Any:
    """Between the two, in the middle of the orders of magnitude where they are far apart."""
    with np.errstate(all="ignore"):
        far = (low > 0) & (high > 4 * low)
        return np.where(far, np.sqrt(low) * np.sqrt(high), low / 2 + high / 2)[()]


def _beside(p: Parameter, x: float, side: int) -> Value:
    """A plain number at x, or next to it on that side."""
    if p.integer:
        return floor(x) if side < 0 else -floor(-x)
    with localcontext(prec=FIGURES, rounding=ROUND_FLOOR if side < 0 else ROUND_CEILING):
        near = Fraction(+Decimal(float(x)))
        step = Fraction(Decimal(1).scaleb(Decimal(float(x)).adjusted() - FIGURES + 1))
    return near + side * step if near == Fraction(float(x)) else near


def _secant(relation: Formula, p: Parameter, point: Drawn, middle: float) -> Fraction | None:
    """The root of what is linear in the parameter, exactly; None where it is not rational."""
    given: dict[sympy.Symbol, Value] = _given(point)

    def gap(x: Fraction) -> Ball:
        at: Values = {**given, p.symbol: x}
        return ball(relation.lhs, at) - ball(relation.rhs, at)

    one = Fraction(f"{middle:.3g}")
    other = one + (abs(one) / 8 or 1)
    here, there = gap(one), gap(other)
    if not isinstance(here, fmpq) or not isinstance(there, fmpq) or here == there:
        return None
    return one - fraction(here) * (other - one) / fraction(there - here)
