"""The exact laws where the sliders stop: logs of probabilities, computed here, looked up in the browser."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
import sympy

from boundkit.api.objects import Statement
from boundkit.enclose import holds
from boundkit.engine.evaluate import compiled
from boundkit.errors import StatementError
from boundkit.explorer.scales import stops
from boundkit.model.parameter import RELATIONS
from boundkit.tails import LogOf, Tail
from boundkit.values import Formula, exact_number

NO_PLACE = 2**16 - 1
MOST_STOPS = 300_000  # combinations in a group: each takes bytes of the page


@dataclass(frozen=True)
class Group:
    """Parameters that appear together in some of a law's arguments.

    Attributes
    ----------
    parameters : tuple of str
        In the order of `places`.
    stops : tuple of tuple of float
        Where each parameter's slider stops.
    places : tuple of int
        For every combination of stops, the last parameter fastest, where the law's values for it stand;
        `NO_PLACE` where the statement does not cover it.
    points : numpy.ndarray
        One combination of stops for each place.
    """

    parameters: tuple[str, ...]
    stops: tuple[tuple[float, ...], ...]
    places: tuple[int, ...]
    points: np.ndarray


@dataclass(frozen=True)
class LawTable:
    """The log of one law at every combination of stops of its parameters.

    Attributes
    ----------
    groups : tuple of Group
        Arguments that share no parameter vary independently; the last group fastest.
    logs : numpy.ndarray
        By the float laws, to about fifteen digits; nan where the law is not defined.
    """

    groups: tuple[Group, ...]
    logs: np.ndarray

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        groups = [_group_dict(g) for g in self.groups]
        sizes = [len(g.points) for g in self.groups]
        return {"groups": groups, "sizes": sizes, "logs": _packed(self.logs.astype("<f8"))}


def law_table(tail: Tail, s: Statement) -> LawTable:
    """Compute a law of a statement's truth at the stops of its parameters, each distinct combination of arguments once.

    Examples
    --------
    >>> import boundkit as bk
    >>> from sympy.abc import k, m
    >>> from boundkit.tails import chi_square_at_most
    >>> table = law_table(chi_square_at_most(m / k, 2), bk.theorem_5_1)
    >>> table.groups[0].parameters, len(table.groups[0].places), table.logs.shape
    (('k', 'm'), 360, (48,))
    """
    if not tail.free_symbols:
        raise StatementError(f"{s.title} is not drawn: its exact law is one number; boundkit eval computes it")
    if tail.pointwise:
        name = type(tail).__name__
        raise StatementError(f"{name} takes milliseconds a point, and a table of it minutes; boundkit eval computes it")
    groups = tuple(_group(parameters, args, s) for parameters, args in _apart(tail))
    sizes = [len(group.points) for group in groups]
    columns: dict[str, np.ndarray] = {}
    for axis, group in enumerate(groups):
        shape = [-1 if i == axis else 1 for i in range(len(groups))]
        for i, parameter in enumerate(group.parameters):
            columns[parameter] = np.broadcast_to(group.points[:, i].reshape(shape), sizes).reshape(-1)
    args = _values(tail.args, tuple(columns), tuple(columns.values()))
    logs = np.full(args.shape[1], np.nan)
    defined = np.isfinite(args).all(axis=0)
    parameters = sympy.symbols(f"x:{len(args)}")
    with np.errstate(all="ignore"):
        (logs[defined],) = compiled(parameters, (LogOf(type(tail)(*parameters)),))(*args[:, defined])
    return LawTable(groups, logs)


def _apart(tail: Tail) -> list[tuple[tuple[str, ...], tuple[Formula, ...]]]:
    """The law's arguments, joined where they share a parameter."""
    joined: list[tuple[set[str], tuple[Formula, ...]]] = []
    for arg in tail.args:
        parameters = {s.name for s in arg.free_symbols}
        mine = (parameters, (arg,))
        rest = []
        for other in joined:
            if other[0] & parameters:
                mine = (mine[0] | other[0], other[1] + mine[1])
            else:
                rest.append(other)
        joined = [*rest, mine]
    return [(tuple(sorted(parameters)), args) for parameters, args in joined if parameters]


def _group(parameters: tuple[str, ...], args: tuple[Formula, ...], s: Statement) -> Group:
    """The parameters' stops, the place of each combination of them, and one point for each place."""
    by_name = {p.name: p for p in s.parameters}
    own = tuple(stops(by_name[parameter]) for parameter in parameters)
    if (many := prod(map(len, own))) > MOST_STOPS:
        raise StatementError(
            f"{s.title} is not drawn: a page would have to hold its exact law at {many} combinations of "
            f"{', '.join(parameters)}, more than {MOST_STOPS}; boundkit eval and boundkit plot compute it"
        )
    points = np.array(list(product(*own)), float)
    covered = _covered(s, parameters, points)
    keys = _values(args, parameters, tuple(points[covered].T)).T
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    places = np.full(len(points), NO_PLACE)
    places[covered] = inverse.ravel()
    return Group(parameters, own, tuple(map(int, places)), points[covered][first])


def _values(args: tuple[Formula, ...], parameters: tuple[str, ...], columns: tuple[np.ndarray, ...]) -> np.ndarray:
    """A row for each argument."""
    with np.errstate(all="ignore"):
        found = compiled(tuple(map(sympy.Symbol, parameters)), args)(*columns)
    return np.array([np.broadcast_to(np.asarray(row, float), len(columns[0])) for row in found])


def _covered(s: Statement, parameters: tuple[str, ...], points: np.ndarray) -> np.ndarray:
    """Where no domain or hypothesis that speaks of these parameters alone leaves a point out."""
    symbols = {sympy.Symbol(parameter) for parameter in parameters}
    ends = [
        RELATIONS[compare](p.symbol, end, evaluate=False)
        for p in s.parameters
        if p.symbol in symbols
        for end, compare, _ in p.edges
        if end.free_symbols and end.free_symbols <= symbols
    ]
    relations = [*ends, *(r for r in s.relations if r.free_symbols <= symbols)]
    if not relations:
        return np.ones(len(points), bool)
    exact = ({sympy.Symbol(n): exact_number(x) for n, x in zip(parameters, point, strict=True)} for point in points)
    return np.array([all(holds(relation, at) for relation in relations) for at in exact])


def _group_dict(g: Group) -> dict[str, Any]:
    return {"parameters": g.parameters, "stops": g.stops, "places": _packed(np.array(g.places, "<u2"))}


def _packed(array: np.ndarray) -> str:
    return b64encode(array.tobytes()).decode()
