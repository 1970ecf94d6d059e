"""A statement at many points in floats: which it covers, and which are worth a certified look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import numpy as np
import sympy

from boundkit.errors import BoundkitError
from boundkit.evaluate import compiled
from boundkit.expressions import fold, relations_in
from boundkit.statement import Point, Statement

ROUNDING = 1e-12


class Floats(NamedTuple):
    """Of each point: whether it is covered; how far the truth goes beyond the claim; how much there is to suspect,
    above 0; how far the hypotheses are from being met.
    """

    covered: Any
    gap: Any
    suspicion: Any
    far: Any


class Screen:
    """The statement as functions on arrays."""

    def __init__(self, statement: Statement) -> None:
        # Every call looks its plan up by the statement, and what is not looked at need not be compared.
        self.statement = replace(statement, errata=(), printed=None, doc="", sampler=None)

    def look(self, batch: list[Point], lawful: bool = True) -> Floats:
        """The points in floats; what a law cannot say, and a point outside the domain, is no error here."""
        s = self.statement
        arrays = {p.name: np.array([float(dict(point)[p.name]) for point in batch]) for p in s.parameters}
        law = ("log_exact",) if lawful and s.truth is not None and s.failure != 0 else ()
        try:
            columns = s.evaluate(columns=("log_failure", "applies", *law), **arrays)
            got = {name: np.broadcast_to(column, len(batch)).copy() for name, column in columns.items()}
            with np.errstate(all="ignore"):
                sides = [np.broadcast_to(np.asarray(x, float), len(batch)) for x in self._sides(*arrays.values())]
                return self._weighed(got, sides, -inf if lawful else np.nan)
        except BoundkitError:  # one point spoils its batch
            if len(batch) > 1:
                middle = len(batch) // 2
                halves = self.look(batch[:middle], lawful), self.look(batch[middle:], lawful)
                return Floats(*(np.concatenate(pair) for pair in zip(*halves, strict=True)))
            if law:
                return self.look(batch, lawful=False)
            return Floats(np.array([False]), np.array([np.nan]), np.array([-inf]), np.array([inf]))

    def _weighed(self, got: dict[str, Any], sides: list[Any], unknown: float) -> Floats:
        """What the numbers say of each point; `unknown` is the gap where they say nothing of it."""
        s, number = self.statement, 3 * len(self.statement.claims)
        claims = list(zip(s.claims, sides[:number:3], sides[1:number:3], sides[2:number:3], strict=True))
        truth, relations = sides[number], sides[number + 1 :]
        gap = got["log_exact"] - got["log_failure"] if "log_exact" in got else np.full(len(truth), unknown)
        if s.failure == 0 and s.truth is not None:
            gap = np.max([_beyond(claim.rel_op, truth, bound) - ROUNDING for claim, bound, _, _ in claims], axis=0)
        proves = s.failure == 0 or s.truth_is == "exact" or bool(s.attained)
        suspicion = np.nan_to_num(gap, nan=-inf) if proves else np.full(len(gap), -inf)
        for claim, bound, low, high in claims:
            impossible = {"<=": bound < low, "<": bound <= low, ">=": bound > high, ">": bound >= high}
            never = impossible.get(claim.rel_op, False) & (got["log_failure"] < 0)
            suspicion = np.where(np.isnan(bound), inf, np.where(never, 1e300, suspicion))
            suspicion = np.where(np.isinf(bound), np.fmax(suspicion, 1e-9), suspicion)  # say 1/0
        far = np.zeros(len(gap))
        pairs = zip(relations[::2], relations[1::2], strict=True)
        for condition in s.relations:
            far += fold(condition, lambda r: _unmet(r, *next(pairs)), np.add.reduce, np.minimum.reduce)
        return Floats(got["applies"], gap, suspicion, far)

    @cached_property
    def _sides(self) -> Callable[..., tuple[Any, ...]]:
        """As one function of the letters: each claim's bound and the quantity's ends, the truth, the hypotheses."""
        s, flat = self.statement, []
        for claim in s.claims:
            quantity = next(q for q in s.quantities if q.symbol == claim.lhs)
            ends = (sympy.nan if end.is_infinite else end for end in (quantity.low, quantity.high))
            flat += [claim.rhs, *ends]
        truth = s.truth if s.truth is not None and s.failure == 0 else sympy.S.Zero
        symbols = tuple(sympy.Symbol(p.name) for p in s.parameters)
        relations = (r for condition in s.relations for r in relations_in(condition))
        return compiled(symbols, (*flat, truth, *(side for relation in relations for side in relation.args)))


def _unmet(relation: Any, lhs: Any, rhs: Any) -> Any:
    return np.nan_to_num(np.maximum(_beyond(relation.rel_op, lhs, rhs), 0), nan=1.0)


def _beyond(op: str, lhs: Any, rhs: Any) -> Any:
    """How far a relation is from holding, relative to its sides: above 0 where it fails."""
    size = np.maximum(np.abs(lhs) + np.abs(rhs), 1e-300)
    gap = {"<": lhs - rhs, ">": rhs - lhs, "=": np.abs(lhs - rhs), "!": 1.0 * (lhs == rhs)}[op[0]]
    return gap if op == "!=" else gap / size
