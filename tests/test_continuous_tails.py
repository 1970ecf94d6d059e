"""The continuous laws as SymPy functions: in calls, arrays, searches, audits, text, LaTeX, JSON and the explorer."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from support import some
from sympy import Rational, Symbol, exp, latex, log, oo, sqrt, srepr
from sympy.abc import e, k, n, s, t

import boundkit as bk
from boundkit.api.exchange import from_json, to_json
from boundkit.enclose import ball, log_ball
from boundkit.explorer.lawtables import law_table
from boundkit.formats.expressions import TextPrinter
from boundkit.formats.plain.reading import read_formula
from boundkit.formats.plain.writing import formula_text
from boundkit.tails import (
    Tail,
    beta_at_least,
    beta_at_most,
    gamma_at_least,
    gamma_at_most,
    gaussian_mechanism_delta,
    greatest_absolute_normal_at_least,
    greatest_normal_at_least,
    kolmogorov_at_least,
    normal_at_least,
    normal_at_most,
    student_at_least,
    student_two_sided,
    uniform_sum_at_least,
)

X, theta = Symbol("X"), Symbol("theta")
COUNT, SIZE, SHAPE = bk.integers(n, "how many", 1), bk.reals(t, "a distance", 0), bk.reals(k, "a shape", 0)


def statement(name: str, claim: Any, failure: Any, truth: Any, *parameters: bk.Parameter) -> bk.Statement:
    return bk.Statement(
        name=name, place=name.capitalize(), parameters=parameters, quantities=(bk.reals(X, "what is bounded"),),
        hypotheses=(), claims=(claim,), failure=failure, truth=truth, doc=f"{name}.",
    )  # fmt: skip


top = sqrt(2 * log(n)) + t
TRUE = (
    (statement("normal", X < t, exp(-(t**2) / 2) / 2, normal_at_least(t), SIZE), {"t": 1}),
    (statement("normal_below", X > -t, exp(-(t**2) / 2) / 2, normal_at_most(-t), SIZE), {"t": 1}),
    (statement("gamma", X < k * (1 + t), ((1 + t) * exp(-t)) ** k, gamma_at_least(k, k * (1 + t)), SHAPE, SIZE),
     {"k": 2, "t": 1}),
    (statement("gamma_below", X > k * exp(-t), exp(k * (1 - t - exp(-t))), gamma_at_most(k, k * exp(-t)), SHAPE, SIZE),
     {"k": 2, "t": 1}),
    (statement("beta", X < Rational(1, 2) + t, exp(-(4 * k + 2) * t**2), beta_at_least(k, k, Rational(1, 2) + t),
               SHAPE, SIZE), {"k": 2, "t": Rational(1, 3)}),
    (statement("beta_below", X > Rational(1, 2) - t, exp(-(4 * k + 2) * t**2),
               beta_at_most(k, k, Rational(1, 2) - t), SHAPE, SIZE), {"k": 2, "t": Rational(1, 3)}),
    (statement("student", X < t, n / (n + t**2), student_at_least(n + 2, t), COUNT, SIZE), {"n": 3, "t": 1}),
    (statement("student_two", X < t, (n + 2) / n / t**2, student_two_sided(n + 2, t), COUNT, SIZE), {"n": 3, "t": 3}),
    (statement("greatest", X < top, exp(-(t**2) / 2 - t * sqrt(2 * log(n))) / 2, greatest_normal_at_least(n, top),
               COUNT, SIZE), {"n": 30, "t": 1}),
    (statement("greatest_size", X < top, exp(-(t**2) / 2 - t * sqrt(2 * log(n))),
               greatest_absolute_normal_at_least(n, top), COUNT, SIZE), {"n": 30, "t": 1}),
    (statement("kolmogorov", X < t, exp(-2 * n * t**2), kolmogorov_at_least(n, t), COUNT, SIZE),
     {"n": 20, "t": Rational(1, 5)}),
    (statement("uniforms", X < n * (Rational(1, 2) + t), exp(-6 * n * t**2),
               uniform_sum_at_least(n, n * (Rational(1, 2) + t)), COUNT, SIZE), {"n": 20, "t": Rational(1, 5)}),
    (statement("mechanism", X < t, exp(-((t - 1 / (2 * t)) ** 2) / 2) + 1 / t, gaussian_mechanism_delta(1, t), SIZE),
     {"t": 3}),
)  # fmt: skip
FALSE = (
    (statement("normal", X < t, exp(-(t**2)), normal_at_least(t), SIZE)),
    (statement("greatest", X < sqrt(2 * log(n)), 1 / (n + 1), greatest_normal_at_least(n, sqrt(2 * log(n))), COUNT)),
    (statement("kolmogorov", X < t, exp(-4 * n * t**2), kolmogorov_at_least(n, t), COUNT, SIZE)),
    (statement("uniforms", X < n * (Rational(1, 2) + t), exp(-8 * n * t**2),
               uniform_sum_at_least(n, n * (Rational(1, 2) + t)), COUNT, SIZE)),
    (statement("mechanism", X < t, exp(-(t**2)), gaussian_mechanism_delta(e, t), bk.reals(e, "a level", 0), SIZE)),
)  # fmt: skip
NAMES = [one.name for one, _ in TRUE]


@pytest.mark.parametrize(("own", "at"), some(TRUE, 5))
def test_a_true_bound_is_called_searched_and_solved(own: bk.Statement, at: dict[str, Any]) -> None:
    assert own(**at).exact() is not None
    found = bk.falsify(own, points=20)
    assert "no counterexample" in str(found)
    assert not bk.audit(own, points=20).is_false
    at_t = {name: value for name, value in at.items() if name != "t"}
    assert own.solve_for("t", failure=0.01, exact=True, **at_t).value > 0


@pytest.mark.parametrize("own", FALSE, ids=[one.name for one in FALSE])
def test_a_false_bound_is_refuted(own: bk.Statement) -> None:
    assert f"{own.title} is false at" in str(bk.falsify(own, points=200))


@pytest.mark.parametrize(("own", "at"), TRUE, ids=NAMES)
def test_a_law_is_written_and_read_back(own: bk.Statement, at: dict[str, Any]) -> None:
    del at
    names = tuple(p.name for p in own.parameters)
    assert srepr(read_formula(formula_text(own.truth, names), names)) == srepr(own.truth)
    assert from_json(to_json(own)) == own
    assert type(own.truth).__name__ in to_json(own)
    assert "\\" in latex(own.truth)


@pytest.mark.parametrize(("own", "at"), TRUE, ids=NAMES)
def test_arrays_and_balls_say_the_same(own: bk.Statement, at: dict[str, Any]) -> None:
    exact = {Symbol(name): value for name, value in at.items()}
    args = [float(arg.subs(exact)) for arg in own.truth.args]
    truth = float(log_ball(own.truth, exact))
    assert float(type(own.truth).log(*args)) == pytest.approx(truth, rel=1e-12)
    assert np.shape(type(own.truth).log(*(np.full((2, 3), arg) for arg in args))) == (2, 3)


@pytest.mark.parametrize(("own", "at"), TRUE, ids=NAMES)
def test_the_explorer_has_its_table(own: bk.Statement, at: dict[str, Any]) -> None:
    del at
    if own.name not in ("kolmogorov", "uniforms"):  # thousands of sizes, each a sum
        assert np.isfinite(law_table(own.truth, own).logs).any()


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (normal_at_least(t), "P[normal >= t]"), (normal_at_most(-t), "P[normal <= -t]"),
        (gamma_at_least(k, t), "P[gamma(k) >= t]"), (gamma_at_most(k, t), "P[gamma(k) <= t]"),
        (beta_at_least(k, n, t), "P[beta(k, n) >= t]"), (beta_at_most(k, n, t), "P[beta(k, n) <= t]"),
        (student_at_least(n, t), "P[student(n) >= t]"), (student_two_sided(n, t), "P[|student|(n) >= t]"),
        (greatest_normal_at_least(n, t), "P[greatest normal(n) >= t]"),
        (greatest_absolute_normal_at_least(n, t), "P[greatest |normal|(n) >= t]"),
        (kolmogorov_at_least(n, t), "P[one-sided Kolmogorov(n) >= t]"),
        (uniform_sum_at_least(n, t), "P[sum of uniforms(n) >= t]"),
        (gaussian_mechanism_delta(e, s), "gaussian_mechanism_delta(e, s)"),
    ],
)  # fmt: skip
def test_how_laws_print_and_what_they_say_of_themselves(law: Tail, text: str) -> None:
    assert TextPrinter({}).doprint(law) == text
    assert type(law).continuous
    if law.event is not None:
        assert law.rescaled(2).event[3] == 2 * law.event[3]
        assert law.support[0] in (0, -oo)
        assert law.support[1] is True


def test_cumulants_are_means() -> None:
    with mpmath.workdps(20):
        found = normal_at_most(t).cumulant(Rational(1, 2))[0]
        mean = mpmath.quad(lambda x: mpmath.exp(x / 2) * mpmath.npdf(x), [-mpmath.inf, 0, mpmath.inf])
        assert float(found) == pytest.approx(float(mpmath.log(mean)))
        found, finite = gamma_at_least(3, t).cumulant(theta)
        mean = mpmath.quad(lambda x: mpmath.exp(x / 3) * x**2 * mpmath.exp(-x) / 2, [0, 5, mpmath.inf])
        assert float(found.subs(theta, Rational(1, 3))) == pytest.approx(float(mpmath.log(mean)))
        assert finite == (1 - theta > 0)


@pytest.mark.parametrize("law", [normal_at_least, normal_at_most])
@pytest.mark.parametrize("at", [-2, 0, 3])
def test_the_formula_of_the_normal_is_its_law(law: Any, at: int) -> None:
    assert float(ball(law(at).formula, {})) == pytest.approx(float(log_ball(law(at), {}).exp()), rel=1e-14)


def test_near_the_end_of_a_support_arrays_leave_it_to_balls() -> None:
    for law, args in (
        (beta_at_least, (2, 3)), (beta_at_most, (2, 3)), (kolmogorov_at_least, (3,)), (uniform_sum_at_least, (3,)),
    ):  # fmt: skip
        end = 3.0 if law is uniform_sum_at_least else 1.0
        assert np.isnan(law.log(*args, np.array([end, end * (1 - 1e-12), end / 2]))).tolist() == [True, True, False]
