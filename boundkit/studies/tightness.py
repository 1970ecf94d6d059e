"""How far a statement is from the truth: its failure probability against the exact one, its bound against the best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, inf
from typing import Any

import sympy

from boundkit.api.objects import Guarantee, Statement
from boundkit.enclose import log_ball, nearest
from boundkit.engine.accept import named
from boundkit.errors import HypothesisError, LawError, ParameterError, PrecisionError, asked_for
from boundkit.formats.plainly import plainly
from boundkit.formats.tables import Rows
from boundkit.studies.tables.grids import grid, points
from boundkit.tails import Tail
from boundkit.values import point_numbers

STEPS = 60  # halvings of the bracket around a quantile: more than a float can show


@dataclass(frozen=True)
class Tightness:
    """A statement at one point, against the truth there.

    Attributes
    ----------
    guarantee : Guarantee
        The statement and the point.
    log_claimed, log_exact : float or None
        Logs of the claimed and of the true failure probability; None where `reason` says why not.
    bound : float or None
        The headline's bound; None while it has free parameters.
    best : float or None
        The best bound with the claimed failure probability: the exact quantile, or where nothing is random the
        quantity itself; None where no law gives it.
    reason : str
        Why there is no exact value at this point.
    """

    guarantee: Guarantee
    log_claimed: float | None
    log_exact: float | None
    bound: float | None
    best: float | None
    reason: str = ""

    @property
    def exponent_ratio(self) -> float | None:
        """The true exponent over the claimed one: 1 is tight, more is loose; None where either is trivial."""
        if self.log_claimed is None or self.log_exact is None:
            return None
        if not -inf < self.log_claimed < 0 or not -inf < self.log_exact < 0:
            return None
        return self.log_exact / self.log_claimed

    @property
    def bound_ratio(self) -> float | None:
        """The bound over the exact quantile at the claimed failure probability: 1 is tight."""
        return None if self.best is None or self.bound is None or not self.best else self.bound / self.best

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON can carry it."""
        row = point_numbers(self.guarantee.values)
        row |= {"verdict": self.guarantee.verdict.name, "log_claimed": self.log_claimed, "log_exact": self.log_exact}
        row |= {"exponent_ratio": self.exponent_ratio, "bound": self.bound, "best": self.best}
        row |= {"reason": self.reason} if self.reason else {}
        return plainly({**row, "bound_ratio": self.bound_ratio})


def tightness(statement: Statement, over: Mapping[str, Any] | None = None, **fixed: Any) -> Rows[Tightness]:
    """Return how loose a statement is, row by row, over every combination of values.

    Parameters
    ----------
    statement : Statement
        Any with an exact law.
    over : mapping of parameter to values
        What varies: ``{"n": range(10, 101, 10)}``, or as text ``{"n": "10:100:10"}``.
    **fixed
        Parameters that stay the same. Those that the law needs and that are not given take their worst case.

    Returns
    -------
    tuple of Tightness
        Claimed and exact failure probability as logs, and the bound beside the exact quantile at the claimed
        failure probability, to about 15 digits.

    Raises
    ------
    ParameterError
        Where a parameter is unknown, given twice, has no values, or a value makes no sense.
    StatementError
        Where the statement has no law, or it says nothing at any of the points; at one of them that is a `reason`.

    Examples
    --------
    >>> import boundkit as bk
    >>> row = bk.tightness(bk.lemma_b_1, n=100)[0]
    >>> round(row.exponent_ratio, 3), round(row.bound, 3), round(row.best, 3)
    (1.9, 50.0, 63.994)
    """
    rows, errors = [], []
    for point in _points(statement, dict(over or {}), fixed):
        g = statement(**point)
        try:
            rows.append(_row(g))
        except (HypothesisError, LawError, PrecisionError) as error:  # of one point, which must not stop the others
            errors.append(error)
            rows.append(Tightness(g, None, None, _float(g.bound), None, str(error)))
    if errors and len(errors) == len(rows):
        raise errors[0]
    return Rows(rows)


def best_bound(g: Guarantee) -> float | None:
    """Return the exact quantile at the claimed failure probability; None where no law gives it.

    With the threshold of its law scaled by x^degree the claim speaks of x times its bound: the x at which the
    law gives the claimed probability makes the bound exact.
    """
    s = g.statement
    if s.failure == 0:
        return None if s.truth is None or s.truth_is != "exact" else _float(g.at(s.truth))
    degree = next(q.degree for q in s.quantities if q.symbol == s.claims[0].lhs)
    tails = s.truth.atoms(Tail) if s.truth is not None else set()
    if not degree or len(tails) != 1 or not isinstance(g.bound, float) or not isinstance(g.log_failure, float):
        return None
    if g.log_failure >= 0 or g.bound == 0:
        return None
    (tail,) = tails
    rising = s.claims[0].rel_op in (">", ">=")  # a larger lower bound fails more often

    def excess(log_scale: float) -> float:
        scale = sympy.Rational(*exp(degree * log_scale).as_integer_ratio())
        gap = nearest(log_ball(tail.rescaled(scale), g.given)) - float(g.log_failure)
        return gap if rising else -gap

    low, high = _bracket(excess)
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) > 0 else (middle, high)
    return g.bound * exp((low + high) / 2)


def _bracket(excess: Callable[[float], float]) -> tuple[float, float]:
    """Logs of scales around the one where excess, which increases, is 0."""
    step = 0.125
    if excess(0.0) > 0:
        while excess(-step) > 0:
            step *= 2
        return -step, 0.0
    while excess(step) <= 0:
        step *= 2
        if step > 512:
            raise PrecisionError("the quantile lies beyond every float")
    return 0.0, step


def _row(g: Guarantee) -> Tightness:
    exact = g.exact()
    filled = g.statement(**{**dict(g.values), **dict(exact.worst_case)})
    if not isinstance(filled.log_failure, float):
        raise ParameterError(f"the comparison of {g.statement.title} {asked_for(filled.free)}")
    return Tightness(g, filled.log_failure, exact.log_failure, _float(g.bound), best_bound(g))


def _float(x: Any) -> float | None:
    return x if isinstance(x, float) else None


def _points(s: Statement, over: dict[str, Any], fixed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    over, fixed = named(s, over), named(s, fixed)
    if twice := sorted(over.keys() & fixed.keys()):
        raise ParameterError(f"{', '.join(twice)} is both varied and fixed; give each parameter once")
    for point in points(grid(over)):
        yield {**fixed, **point}
