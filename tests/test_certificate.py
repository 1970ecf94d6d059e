"""Proofs for all sizes: they hold, each part of them is needed, and nothing false can be proved with them."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import chain
import json
from math import exp, inf, log
import os
import pickle
import subprocess
import sys

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import integrate, optimize, stats
from support import STATEMENTS, some
import sympy
from sympy import Eq, Rational, pi, sqrt

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.cli import main
from boundkit.enclose import ball, log_ball, outward
from boundkit.engine.proof import known
from boundkit.engine.proof.checking import check
from boundkit.engine.proof.chernoff import chi_square_steps, row_sum_steps
from boundkit.engine.proof.known import Known
from boundkit.errors import StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import (
    Chernoff,
    Fact,
    GaussianMixtureTail,
    Identity,
    Logs,
    NonnegativeSum,
    Proof,
    Spend,
    Squares,
    Step,
    Unimodal,
    spend,
)
from boundkit.model.statement import Hypothesis
from boundkit.studies.walking import covered_points
from boundkit.tails import (
    chi_square_at_least,
    chi_square_at_most,
    inner_product_at_least,
    normal_two_sided,
    row_sum_at_most,
    row_sum_below_zero,
)

PROVED = tuple(s for s in STATEMENTS.values() if s.proof is not None)
LONG = ("sharpened_5_1", "sharpened_5_1_everywhere", "improved_5_1", "one_direction_limit")  # seconds for each change
by_name = pytest.mark.parametrize("s", some(PROVED, keep=lambda s: s.name in bk.PAPER))
by_name_slowly = pytest.mark.parametrize(
    "s", [*some([s for s in PROVED if s.name not in LONG], 3), *some([s for s in PROVED if s.name in LONG], 0)]
)
a, b, n, q, t, x = sympy.symbols("a b n q t x")


def test_only_the_two_theorems_about_whole_trajectories_carry_no_proof() -> None:
    without = {name for name in bk.PAPER if bk.catalogue[name].proof is None}
    assert without == {"theorem_a_1", "theorem_a_2"}
    with pytest.raises(StatementError, match="carries no proof"):
        bk.theorem_a_2.certificate()


@by_name
def test_every_stored_proof_is_checked_to_its_end(s: Statement) -> None:
    found = s.certificate()
    assert found.holds is True
    assert {line.relation for line in found.lines if line.part == "claims"} == set(s.claims)
    assert set(s.assumed) <= set(found.assumed)
    assert pickle.loads(pickle.dumps(s)) == s


@by_name_slowly
def test_all_that_is_spent_taken_as_known_or_supposed_is_needed(s: Statement) -> None:
    """Without any one spend, fact or hypothesis the proof no longer reaches the statement."""
    for part in ("spends", "steps"):
        whole = getattr(s.proof, part)
        for i, one in enumerate(whole):
            if isinstance(one, Spend) or isinstance(one.by, Fact):
                less = replace(s.proof, **{part: whole[:i] + whole[i + 1 :]})
                assert replace(s, proof=less).certificate().holds is None, (part, i)
    for hypothesis in s.hypotheses:
        if hypothesis.relation is not None:
            rest = tuple(h for h in s.hypotheses if h is not hypothesis)
            assert replace(s, hypotheses=rest).certificate().holds is None, hypothesis.text


@by_name_slowly
def test_a_step_that_says_one_percent_more_is_not_shown(s: Statement) -> None:
    """The larger side of every relation, claim and failure 1% smaller, or the smaller side 1% larger."""
    for i, step in enumerate(s.proof.steps):
        for stronger in _stronger(step.relation):
            steps = (*s.proof.steps[:i], replace(step, relation=stronger), *s.proof.steps[i + 1 :])
            assert replace(s, proof=replace(s.proof, steps=steps)).certificate().holds is None, stronger
    for i, step in enumerate(s.proof.budget):
        for stronger in _stronger(step.relation):
            up = (*s.proof.budget[:i], replace(step, relation=stronger), *s.proof.budget[i + 1 :])
            assert replace(s, proof=replace(s.proof, budget=up)).certificate().holds is None, stronger
    if s.failure != 0:
        assert replace(s, failure=s.failure * Rational(99, 100)).certificate().holds is None
    for claim in s.claims:
        for stronger in _stronger(claim):
            claims = tuple(stronger if c is claim else c for c in s.claims)
            assert replace(s, claims=claims).certificate().holds is None, stronger


@pytest.mark.slow
@by_name
@pytest.mark.parametrize("factor", [Rational(101, 100), Rational(99, 100)], ids=["up", "down"])
def test_no_constant_of_a_proof_can_be_changed_by_one_percent(s: Statement, factor: Rational) -> None:
    for part in ("proof", "claims", "failure", "hypotheses"):
        for mutant in _mutants(getattr(s, part), factor):
            try:
                holds = replace(s, **{part: mutant}).certificate().holds
            except StatementError:
                continue
            assert holds is None or _only_says_where(mutant, s), mutant


@by_name
def test_printed_readings_are_not_proved_by_the_proof_of_the_mended_one(s: Statement) -> None:
    for reading in s.readings[:-1]:
        assert replace(reading, proof=s.proof).certificate().holds is None


@by_name_slowly
def test_what_is_spent_is_at_least_the_truth(s: Statement) -> None:
    """By another route: in balls, at many sizes, exact law <= what the proof spends <= what is allowed."""
    if s.truth is None or s.failure == 0:
        return
    seen = 0
    for point in covered_points(s, 5):
        g = s(**dict(point))
        if any(value > 10**6 for _, value in point):
            continue
        if g.applies is not True or not s.proof.spent.free_symbols <= g.given.keys():
            continue
        spent, allowed = log_ball(s.proof.spent, g.given), log_ball(s.failure, g.given)
        seen += 1
        assert not spent > allowed
        assert not log_ball(s.truth, g.given) > spent
        if seen == 20:
            break
    assert seen >= 5 or not s.proof.spent.free_symbols <= set(s.symbols)


@pytest.mark.slow
@given(st.data())
def test_a_sign_that_is_shown_is_right(data: st.DataObject) -> None:
    """Random expressions: where the machine says at least 0, no point of the parameters' ranges says otherwise."""
    parameters = (bk.integers(a, "a"), bk.reals(b, "b", 0, 2, strict=False), bk.reals(x, "x"))
    leaves = st.sampled_from([a, b, x, sympy.Integer(1), sympy.Integer(-1), Rational(1, 2), sympy.Integer(2), sqrt(2)])

    def grown(inner: st.SearchStrategy) -> st.SearchStrategy:
        two = st.tuples(inner, inner)
        return st.one_of(
            two.map(lambda p: p[0] + p[1]),
            two.map(lambda p: p[0] - p[1]),
            two.map(lambda p: p[0] * p[1]),
            inner.map(sympy.Abs),
            inner.map(lambda e: e**2),
            inner.map(lambda e: e**3),
            inner.map(lambda e: sympy.exp(-e) if len(str(e)) < 12 else e),
            inner.map(lambda e: sqrt(1 + e**2)),
            inner.map(lambda e: sympy.log(1 + e**2)),
        )

    expr = data.draw(st.recursive(leaves, grown, max_leaves=6))
    strictly = data.draw(st.booleans())
    if expr.has(sympy.re):  # SymPy writes some roots by real parts
        return
    shown = Known(parameters).nonnegative(expr, strictly)
    values = ((1, 0, 0), (1, 2, -1), (7, 1, 3), (3, Rational(1, 3), -5), (100, Rational(3, 2), Rational(-1, 7)))
    points = [dict(zip((a, b, x), map(sympy.Rational, v), strict=True)) for v in values]
    assert Known(parameters, points=points).nonnegative(expr, strictly) is shown  # points only spare a search
    for at in points if shown else ():
        _, high = outward(ball(expr, at))
        assert high >= 0, (expr, at)
        if strictly:
            assert high > 0, (expr, at)


@pytest.mark.parametrize(
    ("expr", "shown"),
    [
        (5 * a - 2 * a - 1, True), (a - 1, True), (a - 2, False), (1 - b / 2, True), (1 - b, False), (x**2, True),
        (x, False), (a * b - b, True), (sympy.exp(-x) + 1, True), (sympy.log(a), True), (sympy.log(b), False),
        (b**2 - 2 * b + 2, True), (b**2 - 2 * b + Rational(99, 100), False), (2 ** (-b) - Rational(1, 4), False),
        (sympy.exp(-b) - Rational(1, 8), True), (1 / a, True), (1 / x, False), (sqrt(a - 1), True),
        (sympy.exp(-b) - 2, False), (sympy.log(1 + b) - b - 1, False), (-b - 1, False), (b - 3, False),
    ],
)  # fmt: skip
def test_signs_over_all_values(expr: sympy.Expr, shown: bool) -> None:
    parameters = (bk.integers(a, "a"), bk.reals(b, "b", 0, 2, strict=False), bk.reals(x, "x"))
    assert Known(parameters).nonnegative(expr) is shown


@pytest.mark.parametrize(
    ("expr", "shown", "above"),
    [
        (t, True, True), (b, True, False), (a, True, True), (x, False, False), (b + b**2, True, False),
        (b + t, True, True), (b * t, True, False), (abs(x), True, False), (abs(t), True, True), (abs(b), True, False),
        (x**2, True, False), (t**-2, True, True), (b**-2, False, False), (sympy.floor(b), False, False),
        (sympy.Min(b, t), False, False), (sympy.exp(-b) + n, False, False), (sympy.exp(b * x * t) + n, False, False),
        (1 - b + x**2, False, False), (b - x**2, False, False), (sympy.exp(-b) * (2 - b), True, False),
    ],
)  # fmt: skip
def test_at_least_0_and_above_it(expr: sympy.Expr, shown: bool, above: bool) -> None:
    """n is no parameter here: nothing is known of it."""
    parameters = (bk.integers(a, "a"), bk.reals(b, "b", 0, 2, strict=False), bk.reals(x, "x"), bk.reals(t, "t", 0))
    known = Known(parameters)
    assert known.nonnegative(expr) is shown
    assert known.nonnegative(expr, strictly=True) is above
    assert known.has(sympy.Ne(expr, 0, evaluate=False)) is above
    assert set(known.lows) == {a, b, t}


@pytest.mark.parametrize(
    ("expr", "strictly"),
    [
        (a**2 - 3 * a + x**2 + 1, False), (a - 2 * b - 1, False), (a - 1 - x**2 * b, False), (a**2 - a * b, True),
        (a * x - normal_two_sided(a), False), (normal_two_sided(a) + x - b, True),
    ],
)  # fmt: skip
def test_what_a_point_refutes_is_not_searched_for(
    expr: sympy.Expr, strictly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = (bk.integers(a, "a"), bk.reals(b, "b", 0, 2, strict=False), bk.reals(x, "x"))
    asked: list[sympy.Expr] = []
    monkeypatch.setattr(known, "proposals", lambda _, expr: asked.append(expr) or ())
    monkeypatch.setattr(Known, "_by_cells", lambda self, expr, strictly: False)
    here = {a: sympy.Integer(1), b: sympy.Integer(1), x: sympy.Rational(-1, 2)}
    assert not Known(parameters).nonnegative(expr, strictly)
    assert asked
    asked.clear()
    assert not Known(parameters, points=[here]).nonnegative(expr, strictly)
    assert not asked
    assert not Known(parameters, points=[here]).where(a >= 2).nonnegative(expr, strictly)  # here it tells nothing
    assert asked


def nearly_0(size: int) -> sympy.Expr:
    """-1/(8 size^3), as far as the next term."""
    return sqrt(size**2 + 1) - size - Rational(1, 2 * size)


@pytest.mark.parametrize(
    ("number", "sign"),
    [
        (nearly_0(10**30), -1), (nearly_0(10**200), None), (sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3), 0),
        (sqrt(2) - Rational(7, 5), 1), (1 - sqrt(2), -1), (sqrt(2) - Rational(1, 2), 1), (Rational(-1, 2), -1),
    ],
)  # fmt: skip
def test_signs_of_numbers(number: sympy.Expr, sign: int | None) -> None:
    """What is 0 is at least 0 and not above; what is not, but needs more digits than are tried, is nothing."""
    nothing = Known(())
    assert nothing.nonnegative(number) is (sign in (0, 1))
    assert nothing.nonnegative(-number) is (sign in (0, -1))
    assert nothing.nonnegative(number, strictly=True) is (sign == 1)
    assert nothing.nonnegative(-number, strictly=True) is (sign == -1)


@pytest.mark.parametrize(
    ("tail", "density", "theta"),
    [
        (chi_square_at_least(5, 2), stats.chi2(5), 0.2), (chi_square_at_most(5, Rational(1, 2)), stats.chi2(5), -0.7),
        (normal_two_sided(3), stats.norm(), 1.3),
    ],
)  # fmt: skip
def test_cumulants_are_integrals(tail: object, density: object, theta: float) -> None:
    """log E exp(theta X) against quadrature of the density."""
    cumulant, finite = tail.cumulant(Rational(theta))
    assert finite in (True, sympy.true)
    low = -inf if density.support()[0] == -inf else 0
    mean, _ = integrate.quad(lambda u: np.exp(theta * u + density.logpdf(u)), low, inf)
    assert float(cumulant) == pytest.approx(log(mean), rel=1e-8)


@pytest.mark.parametrize(("tail", "theta"), [(inner_product_at_least(3, 4), 0.6), (row_sum_at_most(1, 4, 3), -0.4)])
def test_cumulants_of_products_are_means(tail: object, theta: float) -> None:
    """log E exp(theta X) against a million seeded draws; wrong once in 10^6 (5 standard deviations)."""
    rng = np.random.default_rng(7)
    if isinstance(tail, inner_product_at_least):
        draws = np.sum(rng.standard_normal((10**6, 4)) * rng.standard_normal((10**6, 4)), axis=1)
        theta = 0.3
    else:
        radius = rng.chisquare(4, 10**6)
        draws = radius + np.sqrt(2 * radius) * rng.standard_normal(10**6)
    sample = np.exp(theta * draws)
    cumulant, _ = tail.cumulant(Rational(theta))
    assert abs(sample.mean() - exp(cumulant)) < 5 * sample.std() / 1000


@pytest.mark.parametrize(
    "step",
    [
        *(chi_square_steps(n, Rational(a))[-1] for a in ("1.1", "2", "50")),
        *(row_sum_steps(Rational(*at[:2]), n, Rational(at[2]))[-1] for at in ((1, 8, 10), (1, 2, 3), (9, 10, 1))),
    ],
)
def test_chernoff_bounds_are_the_best_of_their_kind(step: Step) -> None:
    """Their theta is the one at which E exp(theta (X - x)) is least, by SciPy's own search."""
    tail, sign = step.relation.lhs, 1 if step.relation.lhs.event[2] == ">=" else -1
    cumulant, _ = tail.cumulant(sign * t)
    log_mean = sympy.lambdify(t, ((cumulant - sign * t * tail.event[3]) / n).simplify())
    theta = float(step.by.theta)
    best = optimize.minimize_scalar(log_mean, bounds=(theta / 2, min(2 * theta, theta / 2 + 0.249)), method="bounded")
    assert log_mean(theta) <= best.fun + 1e-12
    assert theta == pytest.approx(best.x, rel=1e-3)


RULES = (
    Fact("known"),
    NonnegativeSum(),
    Squares(),
    Logs(),
    Identity(),
    Chernoff(t),
    GaussianMixtureTail(),
    Unimodal(t),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_rules_compare_by_value(rule: object) -> None:
    again = pickle.loads(pickle.dumps(rule))
    assert again == rule
    assert hash(again) == hash(rule)


def own(**changes: object) -> Statement:
    """P[chi2_n <= n/2] <= e^(-n/16), as a newcomer would prove it."""
    short = chi_square_at_most(n, Rational(1, 2))
    rate = sympy.exp(-n * (sympy.log(2) - Rational(1, 2)) / 2)
    proof = Proof(
        spends=(spend(short, {q: q}, because="q is chi-square with n degrees of freedom"),),
        steps=(Step(q >= n / 2),),
        budget=(Step(short <= rate, Chernoff(Rational(1, 2))), Step(rate <= sympy.exp(-n / 16), Logs())),
    )
    fields = {
        "name": "own", "place": "Own lemma", "parameters": (bk.integers(n, "n"),),
        "quantities": (bk.reals(q, "chi-square", 0, strict=False),), "hypotheses": (), "claims": (q >= n / 2,),
        "failure": sympy.exp(-n / 16), "proof": proof,
    }  # fmt: skip
    return Statement(**fields | changes)


def changed(**parts: object) -> Statement:
    return own(proof=replace(own().proof, **parts))


def test_a_proof_of_ones_own() -> None:
    assert own().certificate().holds is True


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (own(failure=sympy.exp(-n / 10)), "budget"),
        (own(claims=(q >= n,)), "claims"),
        (changed(budget=(Step(own().proof.spent <= own().failure, Chernoff(Rational(1, 2))),)), "budget"),
        (changed(budget=(Step(own().proof.spent <= own().failure, Chernoff(Rational(-1, 2))),)), "budget"),
        (changed(budget=(Step(own().proof.spent <= own().failure, Identity()),)), "budget"),
        (changed(budget=(Step(own().proof.spent <= own().failure, GaussianMixtureTail()),)), "budget"),
        (changed(steps=(Step(q >= n / 2, Identity()),)), "so"),
        (changed(steps=(Step(q >= n / 2, Squares(((1, q >= n),))),)), "so"),
        (changed(steps=(Step(q > n / 2, NonnegativeSum(((1, q >= n / 2),))),)), "so"),
        (changed(steps=(Step(Eq(q, n / 2), NonnegativeSum()),)), "so"),
        (changed(steps=(Step(q >= n / 2, Fact("needs more", (q >= n,))),)), "so"),
    ],
)
def test_what_does_not_follow_is_not_shown(wrong: Statement, where: str) -> None:
    found = wrong.certificate()
    assert found.holds is None
    assert where in {line.part for line in found.missing}
    assert "NOT SHOWN" in str(found)


def test_a_statement_can_only_be_spent_where_it_applies_and_is_proved() -> None:
    counted = bk.integers(a, "a")

    def using(event: Statement, size: sympy.Expr = a, parameter: Parameter = counted, **how: object) -> bool | None:
        """Whether P[chi2 <= size/2] <= e^(-size/16) is proved by spending the same in n."""
        proof = Proof(spends=(spend(event, **{"values": {n: size}, "because": "the same q", **how}),))
        claims, failure = (q >= size / 2,), sympy.exp(-size / 16)
        return own(parameters=(parameter,), claims=claims, failure=failure, proof=proof).certificate().holds

    real = bk.reals(a, "a", 1, strict=False)
    assert using(own()) is True
    assert using(own(), size=a + 1) is True
    assert using(own(), size=3 * a - 2) is True
    assert using(own(), size=a - 1) is None  # may be 0
    assert using(own(), size=a / 2) is None  # may be a half
    assert using(own(), parameter=real) is None
    assert using(own(), parameter=real, whole="it counts something") is True
    assert using(own(), parameter=bk.reals(a, "a", 0), whole="it counts something") is True  # an integer above 0
    assert using(own(), parameter=bk.reals(a, "a", 0, strict=False), whole="it counts something") is None
    few = own(parameters=(bk.integers(n, "n", 1, 9),))
    assert using(few) is None
    assert using(few, parameter=bk.integers(a, "a", 1, 9)) is True
    assert using(few, parameter=bk.reals(a, "a", 1, 10, strict=False), whole="it counts something") is None
    assert using(own(proof=Proof())) is None
    assert using(own(hypotheses=(Hypothesis("n >= 5", n >= 5),))) is None
    assert using(own(hypotheses=(Hypothesis("n >= 5", n >= 5),)), size=a + 4) is True
    assert using(own(), where=a >= 2) is None
    assert using(own(), where=a >= 2, otherwise="at a = 1 it is known") is True
    assert using(own(), needs=("it rains",)) is None


def test_parameters_of_a_proof_are_declared() -> None:
    with pytest.raises(StatementError, match="uses b, which it does not declare"):
        changed(steps=(Step(q >= b),)).certificate()
    with pytest.raises(StatementError, match="abbreviates by n, which is a parameter"):
        changed(let=((n, sympy.Integer(3)),)).certificate()


TURN, ONE_CONSTANT = sqrt(2 / pi), sympy.exp(-(t**2) / 2)


def normal_tail(turn: sympy.Expr | None = TURN, bound: sympy.Expr = ONE_CONSTANT) -> Statement:
    tail = normal_two_sided(t)
    shape = Step(tail <= bound, Unimodal(t, turn))
    return Statement(
        name="one_constant", place="The normal tail", parameters=(bk.reals(t, "the threshold", 0, strict=False),),
        quantities=(bk.reals(q, "|Z|", 0, strict=False),), hypotheses=(), claims=(q < t,), failure=bound, truth=tail,
        proof=Proof(spends=(spend(tail, {q: q}, because="q is |Z|"),), steps=(Step(q < t),), budget=(shape,)),
    )  # fmt: skip


def test_the_normal_tail_needs_one_constant_only() -> None:
    """P[|Z| >= t] <= e^(-t^2/2): the difference rises up to sqrt(2/pi), then falls, from 0 to 0."""
    assert normal_tail().certificate().holds is True
    assert normal_tail(turn=sympy.Integer(1)).certificate().holds is None
    assert normal_tail(turn=None).certificate().holds is None
    assert normal_tail(bound=sympy.exp(-(t**2) * Rational(51, 100))).certificate().holds is None
    assert normal_tail(bound=Rational(99, 100) * sympy.exp(-(t**2) / 2)).certificate().holds is None


def test_one_row_sum_below_zero() -> None:
    m = b
    bound = (1 - 1 / m) ** (n / 2) / 2
    tail = row_sum_below_zero(n, m)

    def proved(bound: sympy.Expr, low: int) -> bool | None:
        return (
            Statement(
                name="row",
                place="One row sum",
                parameters=(bk.integers(n, "n"), bk.integers(m, "rows", low)),
                quantities=(bk.reals(q, "the row sum"),),
                hypotheses=(),
                claims=(q > 0,),
                failure=bound,
                truth=tail,
                proof=Proof(
                    spends=(spend(tail, {q: q}, because="q is a row sum"),),
                    steps=(Step(q > 0),),
                    budget=(Step(tail <= bound, GaussianMixtureTail()),),
                ),
            )
            .certificate()
            .holds
        )

    assert proved(bound, 1) is True
    assert proved(bound, 0) is None
    assert proved(bound * Rational(99, 100), 2) is None


@pytest.mark.slow
def test_in_words() -> None:
    text = str(bk.lemma_b_1.certificate())
    assert text.startswith("Lemma B.1: proved for all sizes; all 6 steps were checked by machine")
    assert "P[chi2(n) <= n/2] <= e^(-(log(2) - 1/2) n/2)  [Chernoff's bound]" in text
    for s in PROVED:
        found = s.certificate()
        assert "NOT SHOWN" not in str(found)
        assert max(map(len, str(found).splitlines())) <= 120
        json.dumps(found.to_dict(), allow_nan=False)
        assert found.latex().count(r"\begin{itemize}") == found.latex().count(r"\end{itemize}")


@by_name
def test_text_and_latex_say_each_line_in_its_part(s: Statement) -> None:
    found = s.certificate()
    assert "NOT SHOWN" not in str(found)
    assert sum(line.part == "budget" for line in found.lines) == max(len(s.proof.budget), 1)
    labels = [row[:12].strip() for row in str(found).splitlines()[1:] if row[:12].strip()]
    order = [label for label in ("spends", "with", "so", "hence", "budget", "as known", "checked") if label in labels]
    assert labels == order
    assert all(row[:2] == "  " and row[12:].strip() for row in str(found).splitlines()[1:])
    latex = found.latex()
    parts = {"spends": "It spends", "so": "Where none", "claims": "Hence", "budget": "The failure probabilities"}
    for part, opening in parts.items():
        number = sum(line.part == part for line in found.lines)
        items = latex.partition(f"{opening}")[2].partition(r"\end{itemize}")[0].count(r"\item $") if number else 0
        assert items == number, part
        assert latex.count(f"\n\n{opening}") == (number > 0)
    assert latex.count(r"\item $") == len(found.lines)
    assert "<=" not in latex
    assert ">=" not in latex
    assert ("\n\nwith $" in latex) == ("with" in labels) == bool(s.proof.let)


def test_how_often_something_is_spent_is_said() -> None:
    (spent,) = own().proof.spends
    for count, said in ((sympy.Integer(1), "spent once]"), (sympy.Integer(3), "spent 3 times]"), (n, "spent n times]")):
        assert said in str(changed(spends=(replace(spent, count=count),)).certificate())
    needy = changed(spends=(replace(spent, needs=("it rains",)),))
    assert 'NOT SHOWN; its law needs the assumption "it rains"' in str(needy.certificate())


def test_at_the_command_line() -> None:
    done = CliRunner().invoke(main, ["certificate", "theorem_5_1"])
    assert done.exit_code == 0
    assert "proved for all sizes" in done.output
    done = CliRunner().invoke(main, ["certificate", "theorem_a_1"])
    assert done.exit_code == 2
    assert "carries no proof" in done.output


def _stronger(relation: sympy.Rel) -> Iterator[sympy.Rel]:
    if relation.rhs != 0:
        factor = Rational(101, 100) if relation.rel_op in (">", ">=") else Rational(99, 100)
        yield relation.func(relation.lhs, relation.rhs * factor)
    else:
        yield relation.func(relation.lhs, Rational(1 if relation.rel_op in (">", ">=") else -1, 100))


def _mutants(thing: object, factor: Rational) -> Iterator:
    """Every copy of a proof or an expression in which one number is multiplied by `factor`."""
    if isinstance(thing, tuple):
        for i, part in enumerate(thing):
            yield from ((*thing[:i], other, *thing[i + 1 :]) for other in _mutants(part, factor))
    elif isinstance(thing, sympy.Basic):
        if thing.is_Number and thing not in (0, 1, -1) and thing.is_finite:
            yield thing * factor
        for i, part in enumerate(thing.args):
            yield from (thing.func(*thing.args[:i], other, *thing.args[i + 1 :]) for other in _mutants(part, factor))
    elif is_dataclass(thing) and not isinstance(thing, Statement | Parameter):
        for field in fields(thing):
            yield from (replace(thing, **{field.name: o}) for o in _mutants(getattr(thing, field.name), factor))


def _only_says_where(mutant: object, s: Statement) -> bool:
    """m >= 2 as m >= 1.98 or 2.02: the same integers."""
    if not isinstance(mutant, Proof):
        return False
    spends: chain[tuple[Spend, Spend]] = chain(zip(mutant.spends, s.proof.spends, strict=True))
    return all(replace(one, where=None) == replace(other, where=None) for one, other in spends) and (
        replace(mutant, spends=()) == replace(s.proof, spends=())
    )


@pytest.mark.slow
def test_what_is_shown_does_not_depend_on_the_process() -> None:
    """A sum is spelled by its sign, not by its hash, which is another in every process."""
    ask = "import boundkit as bk; print(bk.papers.classics.chernoff_kl.certificate().holds)"
    for seed in map(str, range(1, 5)):
        told = subprocess.run(
            [sys.executable, "-c", ask], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        assert told.stdout == b"True\n"


def test_checking_twice_costs_once() -> None:
    assert check(bk.lemma_b_1) is check(bk.lemma_b_1)


def test_parameters_whose_ends_belong_to_a_spent_statement_are_written_too() -> None:
    """Corollary 6.1 spends Theorem 6.1, whose k is at most an m that the corollary does not have."""
    assert "Theorem 6.1" in str(bk.corollary_6_1.certificate())
    assert r"\item" in bk.corollary_6_2.certificate().latex()
