"""Statements on arrays."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st
import mpmath
import numpy as np
import pytest
from support import examples, points
import sympy

import boundkit as bk
from boundkit.engine.evaluate import BLOCK
from boundkit.formulas.arrays import log_sum_exp


def test_logs_do_not_underflow() -> None:
    assert bk.theorem_4_1.evaluate(d=10**6, ell=10**6, m=1, k=1)["log_failure"] == -62500.0
    got = bk.lemma_b_1.evaluate(n=np.array([16, 10**6, 16 * 10**9]))
    assert got["log_failure"].tolist() == [-1.0, -62500.0, -1e9]


def test_arrays_agree_with_calls_and_broadcast() -> None:
    d, m = np.array([10**4, 10**6, 10**8])[:, None], np.array([2, 3, 10, 100])
    got = bk.theorem_5_1.evaluate(d=d, ell=9000, m=m, k=1, output=-2.5)
    assert got["bound"].shape == (3, 4)
    for i in range(3):
        for j in range(4):
            g = bk.theorem_5_1(d=d[i, 0], ell=9000, m=m[j], k=1, output=-2.5)
            assert got["applies"][i, j] == g.applies
            assert got["bound"][i, j] == pytest.approx(g.bound, rel=1e-14)
            assert got["log_failure"][i, j] == pytest.approx(g.log_failure, rel=1e-13)


def test_hypotheses_are_decided_rightly_at_the_edge() -> None:
    """The sides differ by less than floats can tell at some of these sizes; each is decided as a call decides it."""
    d = np.array([218, 3693, 64251, 10**6, 10**9, 2**52])
    m = np.array([2, 10, 100, 10, 1000, 7])
    with mpmath.workdps(50):
        exact = (32 * (int(b) - 1) * mpmath.log(int(b) ** 2 * int(a)) for a, b in zip(d, m, strict=True))
        edge = np.array([int(mpmath.ceil(x)) for x in exact])
    for shift, expected in ((0, True), (-1, False)):
        inside = edge + shift <= d
        got = bk.theorem_5_1.evaluate(d=d[inside], ell=(edge + shift)[inside], m=m[inside], k=1, output=1)
        assert (got["applies"] == expected).all()
    # 1/2 <= 1/sqrt(2 d) at d = 2 is an equality that floats and balls both see
    assert bk.corollary_6_2.evaluate(d=2, ell=1, eta=1, lam=0.5, T=1, columns=("applies",))["applies"]


def test_sides_that_are_equal_are_equal_whatever_floats_say() -> None:
    n, sizes = sympy.Symbol("n"), np.arange(1, 20)
    sides = (sympy.log(n**3), 3 * sympy.log(n))
    assert (np.log(sizes**3) < 3 * np.log(sizes)).any()  # so floats alone would be wrong
    for order, holds in ((sympy.Ge, True), (sympy.Le, True), (sympy.Gt, False), (sympy.Lt, False)):
        hypothesis = bk.Hypothesis("the logs", order(*sides, evaluate=False))
        s = replace(bk.lemma_b_1, hypotheses=(hypothesis,), proof=None)
        assert (s.evaluate(columns=("applies",), n=sizes)["applies"] == holds).all()


def test_blocks_make_no_difference() -> None:
    n = np.arange(1, 3 * BLOCK + 17)
    got = bk.lemma_b_1.evaluate(n=n)
    assert np.array_equal(got["log_failure"], -n / 16)
    assert np.array_equal(got["bound"], n / 2)


def test_the_index_of_a_wrong_value_counts_from_the_start() -> None:
    n = np.ones(BLOCK + 9)
    n[BLOCK + 5] = 0
    with pytest.raises(bk.ParameterError, match=f"n = 0 at index {BLOCK + 5}: "):
        bk.lemma_b_1.evaluate(n=n)


def test_columns_ask_for_no_more_parameters_than_they_need() -> None:
    got = bk.theorem_5_1.evaluate(d=1000, ell=600, m=10, columns=("log_failure",))
    assert set(got) == {"log_failure"}
    assert got["log_failure"].shape == ()
    with pytest.raises(bk.ParameterError, match="needs k, output"):
        bk.theorem_5_1.evaluate(d=1000, ell=600, m=10)
    with pytest.raises(bk.ParameterError, match="no column 'probability'"):
        bk.theorem_5_1.evaluate(d=1000, ell=600, m=10, columns=("probability",))


def test_exact_logs_on_arrays_take_the_worst_case_of_parameters_that_are_left_out() -> None:
    got = bk.theorem_5_1.evaluate(columns=("log_exact", "log_failure"), d=1000, ell=[600, 700], m=10)
    assert np.exp(got["log_exact"][0]) == pytest.approx(2.5659e-12, rel=1e-4)
    certified = bk.theorem_5_1(d=1000, ell=700, m=10, k=1).exact().log_failure
    assert got["log_exact"][1] == pytest.approx(certified, rel=1e-13)
    deep = bk.lemma_b_1.evaluate(columns=("log_exact",), n=10**9)["log_exact"]
    assert deep == pytest.approx(-96573600.520823, rel=1e-14)
    with pytest.raises(bk.StatementError, match="nothing in it is random"):
        bk.theorem_a_1.evaluate(columns=("log_exact",), d=5, ell=2, m=3)
    with pytest.raises(bk.StatementError, match="nothing in it is random"):
        bk.remark_3_1.evaluate(columns=("log_exact",), gamma=50, d=2)  # its truth is the quantity itself
    with pytest.raises(bk.ParameterError, match="needs ell for log_exact;"):
        bk.theorem_5_1.evaluate(columns=("log_exact",), d=1000, m=10)
    with pytest.raises(bk.ParameterError, match="needs gamma for applies;"):
        bk.remark_3_1.evaluate(columns=("applies",), d=1000)


class all_heads(bk.tails.Tail):
    """P[n fair coins all show heads], which its author gives in balls only."""

    @staticmethod
    def ball(n: fmpq) -> arb:
        return -arb(n) * arb(2).log()


class breaks(bk.tails.Tail):
    """A law whose author forgot something."""

    @staticmethod
    def log(n: np.ndarray) -> np.ndarray:
        return {}["n"]


def test_whatever_a_law_raises_on_arrays_names_the_law() -> None:
    s = replace(bk.lemma_b_1, truth=breaks(sympy.Symbol("n")), proof=None)
    with pytest.raises(bk.LawError, match="breaks.*mend its `log`"):
        s.evaluate(columns=("log_exact",), n=[1, 2])


def test_a_law_in_balls_only_is_asked_point_by_point() -> None:
    n, sizes = sympy.Symbol("n"), np.array([1, 2, 10, 700])
    s = replace(bk.lemma_b_1, truth=all_heads(n), proof=None)
    assert s.evaluate(columns=("log_exact",), n=sizes)["log_exact"] == pytest.approx(-np.log(2) * sizes, rel=1e-14)
    beyond = replace(s, truth=all_heads(n**n)).evaluate(columns=("log_exact",), n=sizes)["log_exact"]
    assert beyond[:2] == pytest.approx([-np.log(2), -4 * np.log(2)], rel=1e-14)
    assert np.isnan(beyond[3])  # 700^700 is beyond every float


def test_where_the_formula_is_not_defined_it_does_not_apply() -> None:
    got = bk.theorem_5_1.evaluate(d=10**6, ell=9 * 10**5, m=10, k=[0, 0, 1], output=[1, 0, 1])
    assert got["applies"].tolist() == [False, False, True]
    assert np.isfinite(got["bound"][2])
    assert np.isnan(got["bound"][1])  # 0/0
    # a factor beyond every float, times 0 active neurons, is 0
    far = bk.theorem_6_2.evaluate(d=100, ell=50, m=4, k=0, eta=50.0, lam=50.0, T=10**6)
    assert far["bound"] == 0
    assert far["applies"]


def test_no_points_is_fine() -> None:
    assert bk.lemma_b_1.evaluate(n=np.array([], dtype=int))["bound"].shape == (0,)


@settings(max_examples=examples(60))
@given(points(bk.corollary_5_1, largest=10**9))
def test_arrays_and_calls_never_disagree(values: dict) -> None:
    floats = {name: float(value) for name, value in values.items()}
    assume(floats["c_k"] < 1 - 1 / floats["m"])  # where a float's rounding leads out of the domain
    got, g = bk.corollary_5_1.evaluate(**floats), bk.corollary_5_1(**floats)
    assert bool(got["applies"]) == (g.applies is True)
    assert got["log_failure"] == pytest.approx(g.log_failure, rel=1e-12, abs=1e-12)
    if g.bound is not None:
        assert got["bound"] == pytest.approx(g.bound, rel=1e-12)


@pytest.mark.parametrize(
    ("arrays", "rule"),
    [
        ({"n": [1.5]}, "index 0: the dimension; an integer is needed"),
        ({"n": [3, np.nan]}, "index 1"),
        ({"n": [np.inf]}, "finite"),
        ({"n": [4, 0]}, "n = 0 at index 1: the dimension is at least 1"),
        ({"n": [True]}, "array of numbers"),
        ({"n": ["3"]}, "array of numbers"),
        ({"n": [1j]}, "array of numbers"),
        ({"n": [10**30]}, "2\\^53"),
        ({"n": np.array([2**60 + 1])}, "2\\^53"),
        ({"n": [None]}, "index 0"),
        ({"n": [1, 2], "sigma": [1, 2, 3]}, "do not broadcast: n \\(2,\\), sigma \\(3,\\)"),
        ({"n": [1, 2], "sigma": 0}, "above 0"),
        ({"n": [1, 2], "sigma": 0, "columns": ("log_failure",)}, "above 0"),
        ({"q": [1]}, "no parameter 'q'"),
        ({}, "needs n"),
    ],
    ids=str,
)
def test_bad_arrays(arrays: dict, rule: str) -> None:
    with pytest.raises(bk.ParameterError, match=rule):
        bk.lemma_b_1.evaluate(**arrays)


def test_domains_that_depend_on_other_parameters_name_the_point() -> None:
    with pytest.raises(bk.ParameterError, match="ell = 11 at index 2: .* at most 10"):
        bk.theorem_4_1.evaluate(d=10, ell=[1, 10, 11], m=1, k=1)


def test_objects_that_are_numbers_are_welcome() -> None:
    assert bk.lemma_b_1.evaluate(n=[10], sigma=[Fraction(1, 2)])["bound"] == pytest.approx(1.25)
    assert bk.lemma_b_1.evaluate(n=np.array([10], dtype=object))["bound"] == pytest.approx(5)


def test_log_sum_exp_at_its_limits() -> None:
    with np.errstate(divide="ignore"):
        assert log_sum_exp(-np.inf, -np.inf) == -np.inf
    assert log_sum_exp(-1e6, -1e6) == pytest.approx(-1e6 + np.log(2), rel=1e-15)
    assert log_sum_exp(np.array([0.0, -5.0]), -np.inf).tolist() == [0.0, -5.0]


X, Y, N, U = sympy.symbols("x y n U")


def assuming(relation: Any) -> bk.Statement:
    """A statement of two reals and an integer under one hypothesis."""
    return bk.Statement(
        name="own", place="Own", parameters=(bk.reals(X, "x"), bk.reals(Y, "y", 0), bk.integers(N, "n")),
        quantities=(bk.reals(U, "a quantity", 0),), hypotheses=(bk.Hypothesis(str(relation), relation),),
        claims=(sympy.Lt(U, N),), failure=sympy.exp(-N),
    )  # fmt: skip


@pytest.mark.parametrize("around", [lambda total: total, lambda total: N * total], ids=["plain", "in a product"])
@given(y=st.floats(0.1, 10), n=st.integers(1, 10**6), ulps=st.integers(-3, 3))
def test_sums_that_cancel_are_decided_exactly(around: Any, y: float, n: int, ulps: int) -> None:
    """At the root of x y + x/y + y/3 = n and a few roundings beside it, floats get the sign of the difference wrong."""
    x = float((n - y / 3) / (y + 1 / y) * (1 + ulps * 2**-52))
    s = assuming(sympy.Ge(around(X * Y + X / Y + Y / 3 - N), 0, evaluate=False))
    assert bool(s.evaluate(x=x, y=y, n=n, columns=("applies",))["applies"]) is s(x=x, y=y, n=n).applies


@given(y=st.floats(1.1, 1e3), n=st.integers(1, 10**15), parts=st.integers(-3, 3))
def test_steep_powers_are_decided_exactly(y: float, n: int, parts: int) -> None:
    """(1 + x)^n at n = 10^15 is lost in floats, which round 1 + x; a part of the difference is 10^-7."""
    x = float(np.expm1(np.log(y) / n) * (1 + parts * 1e-7))
    s = assuming(sympy.Le((1 + X) ** N, Y, evaluate=False))
    assert bool(s.evaluate(x=x, y=y, n=n, columns=("applies",))["applies"]) is s(x=x, y=y, n=n).applies


def test_what_floats_would_round_is_kept() -> None:
    tiny = Fraction(1, 10**30)
    for relation in (sympy.Ge(X, Y, evaluate=False), sympy.Ge(X - Y, 0, evaluate=False)):
        around = [Fraction(1, 3) - tiny, Fraction(1, 3), Fraction(1, 3) + tiny]
        found = assuming(relation).evaluate(x=around, y=Fraction(1, 3), n=3, columns=("applies",))
        assert found["applies"].tolist() == [False, True, True]
    s = bk.sharpened_5_1
    sizes = {"d": 1000, "ell": 600, "m": 2, "k": 1, "output": 1}
    assert s.evaluate(**sizes, c=[8, 1 + tiny])["applies"].all()  # the domain is c > 1
    for c in (1 - tiny, 1):
        with pytest.raises(bk.ParameterError, match="at index 1: .* is above 1"):
            s.evaluate(**sizes, c=[8, c])


@pytest.mark.parametrize(
    ("bound", "x", "holds"),
    [(Y**2 / 10**300, 1e99, True), (Y**2 / 10**300, 1e150, False), (Y**2 * sympy.exp(-Y), -1.0, True)],
    ids=str,
)
def test_one_side_beyond_floats_is_no_answer(bound: sympy.Expr, x: float, holds: bool) -> None:
    """At y = 10^200, y^2 is inf in floats, and inf e^(-y) is nan."""
    s = assuming(sympy.Le(X, bound, evaluate=False))
    assert s.evaluate(x=x, y=1e200, n=1, columns=("applies",))["applies"] == holds
