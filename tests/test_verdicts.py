"""One verdict: calls, arrays, plots, the page with sliders and the report say the same of a statement at a point."""

from fractions import Fraction
from random import Random

from flint import arb
import numpy as np
import pytest
from support import STATEMENTS, some
import sympy

import boundkit as bk
from boundkit.enclose import ball, log_ball
from boundkit.engine.domain import anywhere, filled, in_order, near, special
from boundkit.studies.point_check import PointStatus, check_point
from boundkit.studies.walking import covered_points

SILENT = {bk.Verdict.INAPPLICABLE: PointStatus.INAPPLICABLE, bk.Verdict.VACUOUS: PointStatus.VACUOUS}
READINGS = {
    f"{name}-{i}": reading for name, s in STATEMENTS.items() for i, reading in enumerate(s.readings)
}  # fmt: skip


def drawn(s: bk.Statement, seed: int, count: int) -> list[dict]:
    """Random points: at edges, anywhere, and near to those that the statement covers."""
    rng, parameters = Random(seed), in_order(s.parameters)
    covered = covered_points(s)

    def draw() -> dict | None:
        old = dict(rng.choice(covered))

        def choose(p: object, ends: tuple) -> object:
            how = rng.random()
            if how < 0.3:
                return rng.choice(special(p, ends) or [old[p.name]])
            if how < 0.8:
                return anywhere(p, ends, rng) if how < 0.6 else old[p.name]
            return near(p, old[p.name], ends, rng)

        return filled(parameters, choose)

    found = (draw() for _ in range(count))
    return [point for point in found if point is not None]


def floats(s: bk.Statement, points: list[dict]) -> list[dict]:
    """Those of the points that arrays of floats carry, as floats carry them, and that stay in the domain."""
    kept = []
    for point in points:
        at = {name: float(x) for name, x in point.items()}
        try:
            s(**{name: Fraction(x) for name, x in at.items()})
        except bk.ParameterError:
            continue
        kept.append(at)
    return kept


def by_definition(s: bk.Statement, point: dict) -> str:
    """The verdict by the words of its definition, asked of balls one by one."""
    at = {sympy.Symbol(name): Fraction(x) for name, x in point.items()}
    g = s(**point)
    if any(check.holds is False for check in g.hypotheses):
        return "INAPPLICABLE"
    ends = {q.symbol: q for q in s.quantities}

    def empty(claim: object) -> bool:
        q, side = ends[claim.lhs], arb(ball(claim.rhs, at))
        if claim.rel_op in (">", ">="):
            if q.low.is_infinite:
                return False
            low = arb(ball(q.low, at))
            return bool(side < low or ((claim.rel_op == ">=" or q.strict) and side == low and side.is_exact()))
        if claim.rel_op in ("<", "<="):
            if q.high.is_infinite:
                return False
            high = arb(ball(q.high, at))
            return bool(side > high or (claim.rel_op == "<=" and side == high and side.is_exact()))
        return False

    if not log_ball(s.failure, at) < 0 or all(map(empty, s.claims)):
        return "VACUOUS"
    return "UNDETERMINED" if any(check.holds is None for check in g.hypotheses) else "INFORMATIVE"


@pytest.mark.parametrize("name", some(READINGS, 8))
def test_calls_arrays_and_the_audit_agree(name: str) -> None:
    s = READINGS[name]
    points = floats(s, drawn(s, 7, 150))
    assert len(points) >= 20
    arrays = {p.name: np.array([point[p.name] for point in points]) for p in s.parameters}
    got = s.evaluate(("verdict", "applies"), **arrays)
    assert got["verdict"].dtype.kind == "U"
    verdicts = np.broadcast_to(got["verdict"], len(points))
    applies = np.broadcast_to(got["applies"], len(points))
    for i, point in enumerate(points):
        exact = {parameter: Fraction(x) for parameter, x in point.items()}
        g = s(**exact)
        assert verdicts[i] == g.verdict.name == by_definition(s, exact), g
        assert applies[i] == (g.applies is True), g
    for point in points[:12]:
        exact = {parameter: Fraction(x) for parameter, x in point.items()}
        g = s(**exact)
        status = check_point(s, **exact).status
        silent = SILENT.get(g.verdict)
        assert status is silent if silent else status not in SILENT.values(), g
