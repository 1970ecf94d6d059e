"""Inverse questions: the answer works, its neighbour certainly fails, and nothing better was missed."""

from dataclasses import replace
from fractions import Fraction
import json

from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import optimize, stats
from support import examples
import sympy

import boundkit as bk
from boundkit.cli import main


@pytest.mark.parametrize(("d", "m"), [(784, 3), (3072, 8)])
def test_how_wide_a_network_the_paper_covers(d: int, m: int) -> None:
    """At MNIST's and CIFAR's dimensions Theorem 5.1 never applies above m = 3 and m = 8."""
    found = bk.theorem_5_1.solve_for("m", d=d, ell=d - 1, largest=True)
    assert (found.value, found.neighbour) == (m, m + 1)


@pytest.mark.parametrize(("m", "d"), [(2, 218), (10, 3693), (100, 64251)])
def test_the_smallest_dimension_with_data(m: int, d: int) -> None:
    """ell <= d - 1 needs d >= 218 at m = 2, 3693 at m = 10, 64251 at m = 100."""
    for size, expected in ((d, True), (d - 1, False)):
        assert (bk.theorem_5_1.solve_for("ell", d=size, m=m).value <= size - 1) is expected


@settings(max_examples=examples(40))
@given(st.integers(2, 50), st.integers(10**4, 10**12), st.fractions(Fraction(1, 100), 1, max_denominator=1000))
def test_every_smaller_value_fails(m: int, d: int, failure: Fraction) -> None:
    found = bk.theorem_5_1.solve_for("ell", failure=failure, d=d, m=m)
    ladder = np.unique(np.geomspace(1, d, 500).astype(np.int64))
    got = bk.theorem_5_1.evaluate(d=d, ell=ladder, m=m, k=1, output=1)
    works = got["applies"] & (got["log_failure"] <= float(sympy.log(sympy.Rational(failure))) + 1e-12)
    if found.value is None:
        assert not works[:-1].any() or d <= 10**4
        return
    assert not works[ladder < found.value].any()
    assert works[ladder > found.value].all()
    g = found.guarantee
    assert g.applies is not False
    assert g.failure <= failure
    if found.neighbour is not None:
        beside = bk.theorem_5_1(d=d, ell=found.neighbour, m=m, k=1, output=1)
        assert beside.applies is False or beside.failure > failure


def test_integers_and_reals_against_another_library() -> None:
    assert bk.lemma_b_1.solve_for("n", failure=1e-10).value == int(np.ceil(16 * np.log(1e10)))
    exact = bk.lemma_b_1.solve_for("n", failure=1e-10, exact=True)
    n = next(n for n in range(1, 400) if stats.chi2.cdf(n / 2, n) <= 1e-10)
    assert (exact.value, exact.neighbour, exact.how) == (n, n - 1, "sampled")
    t = bk.lemma_c_2.solve_for("t", failure=Fraction(1, 100), norm_u=1)
    assert float(t.value) == pytest.approx(np.sqrt(2 * np.log(200)), rel=1e-9)
    assert t.guarantee.failure <= 0.01
    in_fact = bk.lemma_c_2.solve_for("t", failure=Fraction(1, 100), norm_u=1, exact=True)
    assert float(in_fact.value) == pytest.approx(optimize.brentq(lambda x: 2 * stats.norm.sf(x) - 0.01, 1, 5), rel=1e-9)
    sigma = bk.lemma_c_2.solve_for("sigma", failure=Fraction(1, 100), norm_u=1, t=3, largest=True)
    assert float(sigma.value) == pytest.approx(3 / np.sqrt(2 * np.log(200)), rel=1e-9)
    assert sigma.value < sigma.neighbour


def test_nothing_is_assumed_monotone() -> None:
    """A failure probability that dips: the first dip is found, not the last."""
    n, norm = sympy.symbols("n norm")
    dips = bk.Statement(
        name="dips",
        place="nowhere",
        parameters=(bk.integers(n, "a size"),),
        quantities=(bk.reals(norm, "a length"),),
        hypotheses=(),
        claims=(norm <= 1,),
        failure=sympy.exp(-10) + (n - 100) ** 2 * (n - 5000) ** 2 / 10**12,
    )
    found = dips.solve_for("n", failure=Fraction(1, 1000))
    assert found.neighbour is not None
    assert dips(n=found.value).failure <= 1e-3 < dips(n=found.neighbour).failure
    assert found.value < 100
    assert all(dips(n=k).failure > 1e-3 for k in range(1, found.value))
    assert dips.solve_for("n", failure=Fraction(1, 1000), largest=True).value > 5000


@pytest.mark.parametrize("exact", [False, True])
def test_an_edge_at_0_is_reached(exact: bool) -> None:
    """From -10^18 up: no relative accuracy comes to an end there, an absolute one does."""
    x, n, U = sympy.symbols("x n U")
    s = bk.Statement(
        name="own", place="Own", parameters=(bk.reals(x, "x"), bk.integers(n, "n")),
        quantities=(bk.reals(U, "a quantity", 0),), hypotheses=(bk.Hypothesis("x > 0", x > 0),),
        claims=(sympy.Lt(U, 2 * n),), failure=sympy.exp(-n / 16), truth=bk.tails.chi_square_at_least(n, 2),
    )  # fmt: skip
    found = s.solve_for("x", failure=0.5, exact=exact, n=100)
    assert 0 < found.value < Fraction(1, 10**15)


@settings(max_examples=examples(60))
@given(
    st.integers(1, 60), st.integers(1, 10**9), st.integers(1, 60), st.fractions(Fraction(1, 50), 3, max_denominator=50)
)
def test_the_bound_is_reached_there_and_not_before(k: int, d: int, more: int, bound: Fraction) -> None:
    """sqrt(k ell/(2 m d)) >= b from ell >= 2 m d b^2/k on, in fractions."""
    m = k + more
    found = bk.theorem_4_1.solve_for("ell", bound=bound, d=d, m=m, k=k)
    least = -(-2 * m * d * bound**2 // k)
    assert found.value == (least if least <= d else None)
    if found.value is not None and least > 1:
        assert (found.neighbour, found.how) == (least - 1, "certified")
    widest = bk.theorem_4_1.solve_for("m", bound=bound, d=d, ell=max(1, d // 2), k=k, largest=True)
    most = k * max(1, d // 2) // (2 * d * bound**2)
    assert widest.value == (most if most >= k else None)


def test_a_bound_from_above_and_both_at_once() -> None:
    """beta sqrt(2 k ell/m) <= 0.3 up to ell = 405: the failure probability is below 0.01 from 74 on."""
    at = {"d": 1000, "m": 10, "k": 1, "beta": Fraction(1, 30)}
    found = bk.theorem_6_1.solve_for("ell", bound=Fraction(3, 10), failure=Fraction(1, 100), **at)
    assert found.value == next(n for n in range(1, 1000) if 16 * np.log(100) <= n)
    assert "promises |gradient orthogonal to P| <= 0.3 and fails with probability at most 0.01" in str(found)
    most = bk.theorem_6_1.solve_for("ell", bound=Fraction(3, 10), largest=True, **at)
    assert (most.value, most.neighbour) == (405, 406)


def test_what_may_always_fail_promises_no_bound() -> None:
    """2 n e^(-n/16) is below 1 from n = 75 on; norm >= n/2 alone is at least 1 from n = 2 on."""
    n, norm = sympy.symbols("n norm")
    s = bk.Statement(
        name="own", place="Own", parameters=(bk.integers(n, "a size", 1),), quantities=(bk.reals(norm, "a length", 0),),
        hypotheses=(), claims=(norm >= n / 2,), failure=2 * n * sympy.exp(-n / 16),
    )  # fmt: skip
    found = s.solve_for("n", bound=1)
    assert found.value == next(x for x in range(1, 200) if 2 * x * np.exp(-x / 16) < 1)
    assert "failure < 1 does not hold" in found.reason


def test_no_value_says_why() -> None:
    none = bk.theorem_5_1.solve_for("ell", failure=0.001, d=10**6, m=10)
    assert none.value is None
    assert "failure <= 0.001 does not hold for ell from 1 to 1000000" in str(none)
    with pytest.raises(bk.HypothesisError, match="no ell works"):
        _ = none.guarantee
    assert "32 (m - 1) log(m^2 d) does not hold" in str(bk.theorem_5_1.solve_for("ell", d=1000, m=10))


@pytest.mark.parametrize(
    ("parameter", "how", "rule"),
    [
        ("q", {}, "no parameter 'q'"),
        ("ell", {"failure": 2}, "at most 1"),
        ("ell", {"failure": 0}, "above 0"),
        ("ell", {"failure": "1"}, "text"),
        ("ell", {"d": 0}, "at least 1"),
        ("ell", {"ell": 5}, "both given"),
        ("d", {"failure": 0.1, "m": 10}, "needs ell"),
        ("output", {"failure": 0.5, "d": 9}, "needs ell, m"),
        ("ell", {"bound": "x", "d": 9, "m": 2, "k": 1, "output": 1}, "bound: .*text"),
        ("ell", {"bound": 5, "d": 9, "m": 2}, "its bound needs k, output"),
    ],
    ids=str,
)
def test_bad_questions(parameter: str, how: dict, rule: str) -> None:
    with pytest.raises(bk.ParameterError, match=rule):
        bk.theorem_5_1.solve_for(parameter, **how)


@pytest.mark.parametrize("exact", [False, True])
def test_a_parameter_left_out_takes_its_worst_case(exact: bool) -> None:
    sizes = {"failure": 0.01, "d": 1000, "ell": 600, "m": 10, "exact": exact}
    found = bk.sharpened_5_1.solve_for("c", **sizes)
    assert found.value == bk.sharpened_5_1.solve_for("c", k=1, **sizes).value
    assert found.value > bk.sharpened_5_1.solve_for("c", k=2, **sizes).value
    assert ", for the worst case k = 1, at d = 1000" in str(found)


def test_the_command() -> None:
    result = CliRunner().invoke(main, ["solve", "theorem_5_1", "ell", "d=1e6", "m=10", "failure=0.01"])
    assert result.exit_code == 0
    assert result.output.startswith("ell = 5306 is the smallest ell at which Theorem 5.1 applies")
    told = json.loads(CliRunner().invoke(main, ["solve", "lemma_b_1", "n", "failure=1e-10", "--format", "json"]).output)
    assert (told["value"], told["neighbour"]) == ("369", "368")
    assert CliRunner().invoke(main, ["solve", "theorem_5_1", "ell", "d=1000", "m=10"]).exit_code == 3
    assert CliRunner().invoke(main, ["solve", "theorem_5_1", "q"]).exit_code == 2


@settings(max_examples=examples(20))
@given(st.integers(1, 300), st.integers(1, 10**9))
def test_no_number_of_a_sentence_is_longer_than_a_line(power, start):
    """The value itself is exact; what is said of its neighbours and beyond is cut, and whole in JSON."""
    found = replace(SOLVED, value=start, neighbour=start - 1, onward=10**power * start + 1)
    assert max(map(len, str(found).split())) <= 60
    assert found.to_dict()["onward"] == str(10**power * start + 1)


SOLVED = bk.lemma_b_1.solve_for("n", failure=0.01)
