"""The sign of an expression on a box, by a ball around its value on each cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from flint import arb

from boundkit.enclose import ball
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.values import Ball, Formula

CELLS = 4096  # that are looked at


def shown_by_cells(expr: Formula, strictly: bool, own: list[Parameter], ends: list[tuple[Formula, Formula]]) -> bool:
    """Whether balls show the sign on all cells, split where one does not tell; False past CELLS of them."""
    work = list(split([(ball(low, {}), ball(high, {})) for low, high in ends], 8))
    for _ in range(CELLS):
        if not work:
            return True
        cell = work.pop()
        values = {p.symbol: arb(low).union(arb(high)) for p, (low, high) in zip(own, cell, strict=True)}
        try:
            value = arb(ball(expr, values))
        except BoundkitError:
            return False
        if value > 0 or (not strictly and value >= 0):
            continue
        if value < 0:
            return False
        work += split(cell, 2)
    return not work


def split(cell: Iterable[tuple[Ball, Ball]], parts: int) -> Iterator[tuple[tuple[Ball, Ball], ...]]:
    """The equal cells of a box, so many parts a side."""
    edges = [[low + (high - low) * i / parts for i in range(parts)] + [high] for low, high in cell]
    return product(*([(e[i], e[i + 1]) for i in range(parts)] for e in edges))
