"""A statement at many points in floats: which it covers, and which are worth a certified look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import numpy as np
import sympy

from boundkit.api.objects import Statement
from boundkit.coerce import fold, relations_in
from boundkit.engine.evaluate import compiled
from boundkit.engine.exact import told_by_truth
from boundkit.errors import BoundkitError, StatementError
from boundkit.model.statement import Point
from boundkit.studies.refutation import opposite
from boundkit.tails import log_of
from boundkit.values import Formula

ROUNDING = 1e-12


class Floats(NamedTuple):
    """Of each point: whether it is covered; how far the truth goes beyond the claim; how much there is to
    suspect, above 0; how far the hypotheses are from being met.
    """

    covered: np.ndarray
    log_excess: np.ndarray
    priority: np.ndarray
    violation: np.ndarray


class Screen:
    """The statement as functions on arrays."""

    def __init__(self, statement: Statement) -> None:
        # Every call looks its plan up by the statement, and what is not looked at need not be compared.
        self.statement = replace(statement, errata=(), printed=None, doc="", sampler=None, tilted=None, experiment=None)

    def evaluate_batch(self, batch: list[Point], lawful: bool = True) -> Floats:
        """The points in floats; what a law cannot say, and a point outside the domain, is no error here."""
        s = self.statement
        arrays = {p.name: np.array([float(dict(point)[p.name]) for point in batch]) for p in s.parameters}
        try:
            columns = s.evaluate(columns=("log_failure", "applies"), **arrays)
            got = {name: np.broadcast_to(column, len(batch)).copy() for name, column in columns.items()}
            with np.errstate(all="ignore"):
                sides = [np.broadcast_to(np.asarray(x, float), len(batch)) for x in self._sides(*arrays.values())]
        except BoundkitError:  # one point spoils its batch
            if len(batch) > 1:
                middle = len(batch) // 2
                halves = self.evaluate_batch(batch[:middle], lawful), self.evaluate_batch(batch[middle:], lawful)
                return Floats(*(np.concatenate(pair) for pair in zip(*halves, strict=True)))
            return Floats(np.array([False]), np.array([np.nan]), np.array([-inf]), np.array([inf]))
        if lawful and s.truth is not None and s.failure != 0:  # a law is asked only where the statement speaks
            got["log_exact"] = np.full(len(batch), np.nan)
            covered = np.flatnonzero(got["applies"])
            there = {name: array[covered] for name, array in arrays.items()}
            got["log_exact"][covered] = self._law(there, len(covered))
        with np.errstate(all="ignore"):
            return self._weighed(got, sides, -inf if lawful else np.nan)

    def _law(self, arrays: dict[str, np.ndarray], number: int) -> np.ndarray:
        """The log of the true failure probability; nan at points that the law cannot say."""
        try:
            return np.broadcast_to(self.statement.evaluate(columns=("log_exact",), **arrays)["log_exact"], number)
        except BoundkitError:
            if number <= 1:
                return np.full(number, np.nan)
            middle = number // 2
            first = self._law({name: array[:middle] for name, array in arrays.items()}, middle)
            rest = self._law({name: array[middle:] for name, array in arrays.items()}, number - middle)
            return np.concatenate([first, rest])

    def _weighed(self, got: dict[str, np.ndarray], sides: list[np.ndarray], unknown: float) -> Floats:
        """What the numbers say of each point; `unknown` is the log_excess where they say nothing of it."""
        s, number = self.statement, 3 * len(self.statement.claims)
        claims = list(zip(s.claims, sides[:number:3], sides[1:number:3], sides[2:number:3], strict=True))
        told, relations = sides[number : number + len(self._told)], sides[number + len(self._told) :]
        log_excess = (
            got["log_exact"] - got["log_failure"] if "log_exact" in got else np.full(len(got["applies"]), unknown)
        )
        if s.failure == 0 and s.truth is not None:
            quantity, log_quantity = told[:2]
            excesses = [
                _excess(claim.rel_op, quantity, bound, log_quantity, log_bound)
                for (claim, bound, _, _), log_bound in zip(claims, told[2:], strict=True)
                if told_by_truth(s, claim)
            ]
            log_excess = np.max(excesses, axis=0)
        proves = s.failure == 0 or s.truth_is == "exact" or bool(s.attained)
        priority = np.nan_to_num(log_excess, nan=-inf) if proves else np.full(len(log_excess), -inf)
        for claim, bound, low, high in claims:
            impossible = {"<=": bound < low, "<": bound <= low, ">=": bound > high, ">": bound >= high}
            never = impossible.get(claim.rel_op, False) & (got["log_failure"] < 0)
            priority = np.where(np.isnan(bound), inf, np.where(never, 1e300, priority))
            priority = np.where(np.isinf(bound), np.fmax(priority, 1e-9), priority)  # say 1/0
        bounds = {claim: bound for claim, bound, _, _ in claims}
        for upper, lower in opposite(s.claims):
            crossed = (bounds[upper] <= bounds[lower]) & (got["log_failure"] < 0)
            priority = np.where(crossed, np.fmax(priority, 1e200), priority)
        violation = np.zeros(len(log_excess))
        pairs = zip(relations[::2], relations[1::2], strict=True)
        for condition in s.relations:
            violation += fold(condition, lambda r: _unmet(r, *next(pairs)), np.add.reduce, np.minimum.reduce)
        return Floats(got["applies"], log_excess, priority, violation)

    @cached_property
    def _told(self) -> tuple[sympy.Expr, ...]:
        """Where nothing is random: the quantity, its log, and the log of each claim's bound; nan for what has none."""
        s = self.statement
        if s.truth is None or s.failure != 0:
            return ()
        return (s.truth, *(_log(side) for side in (s.truth, *(claim.rhs for claim in s.claims))))

    @cached_property
    def _sides(self) -> Callable[..., tuple[np.ndarray | float, ...]]:
        """As one function of the parameters: bounds and their quantities' ends, what `truth` tells, hypotheses."""
        s, flat = self.statement, []
        for claim in s.claims:
            quantity = next(q for q in s.quantities if q.symbol == claim.lhs)
            ends = (sympy.nan if end.is_infinite else end for end in (quantity.low, quantity.high))
            flat += [claim.rhs, *ends]
        symbols = tuple(sympy.Symbol(p.name) for p in s.parameters)
        relations = (r for condition in s.relations for r in relations_in(condition))
        return compiled(symbols, (*flat, *self._told, *(side for relation in relations for side in relation.args)))


def _unmet(relation: Formula, lhs: np.ndarray, rhs: np.ndarray) -> Any:
    return np.nan_to_num(np.maximum(_beyond(relation.rel_op, lhs, rhs), 0), nan=1.0)


def _log(side: sympy.Expr) -> sympy.Expr:
    try:
        return log_of(side)
    except StatementError:  # a difference: floats have to do
        return sympy.nan


def _excess(op: str, lhs: np.ndarray, rhs: np.ndarray, log_lhs: np.ndarray, log_rhs: np.ndarray) -> Any:
    """The log of how many times too large the left side is, or too small; where logs say nothing, as `_beyond`.

    What may be an equality, as far as floats see, is held against a strict relation.
    """
    in_logs = {"<": log_lhs - log_rhs, ">": log_rhs - log_lhs}.get(op[0], np.abs(log_lhs - log_rhs))
    excess = np.where(np.isnan(in_logs), _beyond(op, lhs, rhs), in_logs)
    rounded = ROUNDING * np.maximum(1, np.nan_to_num(np.abs(log_rhs), nan=1.0, posinf=1.0))
    if op == "!=":
        return rounded - np.where(np.isnan(in_logs), np.abs(lhs - rhs), in_logs)
    return excess + rounded if op in ("<", ">") else excess - rounded


def _beyond(op: str, lhs: np.ndarray, rhs: np.ndarray) -> Any:
    """How far a relation is from holding, relative to its sides: above 0 where it fails."""
    size = np.maximum(np.abs(lhs) + np.abs(rhs), 1e-300)
    gap = {"<": lhs - rhs, ">": rhs - lhs, "=": np.abs(lhs - rhs), "!": 1.0 * (lhs == rhs)}[op[0]]
    return gap if op == "!=" else gap / size
