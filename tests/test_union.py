"""Guarantees that hold together: never safer than their sum, and no more certain than the least of them."""

from math import exp, log

from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
import sympy

import boundkit as bk
from boundkit.enclose import ball
from boundkit.precision import at_bits

t, U = sympy.symbols("t U")
half = bk.Statement(
    name="half",
    place="Half",
    parameters=(bk.integers(t, "a count"),),
    quantities=(bk.reals(U, "a number"),),
    hypotheses=(bk.Hypothesis("t <= 100", t <= 100),),
    claims=(U <= t,),
    failure=1 / (t + sympy.S.One),
)
points = st.one_of(
    st.integers(1, 10**6).map(lambda n: bk.lemma_b_1(n=n)),
    st.integers(1, 10**6).map(lambda n: bk.lemma_c_1(n=n, sigma=2)),
    st.integers(1, 200).map(lambda x: half(t=x)),
    st.fractions(0.1, 100).map(lambda x: bk.lemma_c_2(norm_u=1, t=x)),
    st.just(bk.theorem_a_1()),
    st.just(bk.lemma_b_1()),
    st.just(half()),
)
numbers = points.filter(lambda g: not g.free or g.statement.failure == 0)


def true_sum(guarantees: list) -> arb:
    """The sum of the failures to many digits."""
    return at_bits(300, lambda: sum((arb(ball(g.statement.failure, g.given, 300)) for g in guarantees), arb(0)))


@settings(max_examples=40)
@given(st.lists(numbers, min_size=1, max_size=5))
def test_the_failure_is_the_sum_rounded_up(guarantees: list) -> None:
    u, true = bk.union(*guarantees), true_sum(guarantees)
    assert not arb(u.failure) < true
    assert arb(u.failure) <= true * (1 + arb(2) ** -50) + arb(1e-320)
    if u.failure:
        assert not at_bits(300, lambda: arb(u.log_failure).exp() < true)
        assert u.log_failure <= log(sum(g.failure for g in guarantees) or 5e-324) + 1e-9 or u.failure < 1e-300
    assert u.probability <= max(0, 1 - float(true.mid())) + 1e-16
    assert not at_bits(300, lambda: arb(u.probability) > arb(0).max(1 - true))


@settings(max_examples=40)
@given(st.lists(points, min_size=1, max_size=5))
def test_it_is_what_its_guarantees_are(guarantees: list) -> None:
    u = bk.union(*guarantees)
    answers = [g.applies for g in guarantees]
    assert u.applies is (False if False in answers else None if None in answers else True)
    assert u.bounds == tuple(b for g in guarantees for b in g.bounds)
    assert u.hypotheses == tuple(c for g in guarantees for c in g.hypotheses)
    if u.verdict.name == "INFORMATIVE":
        assert all(g.applies for g in guarantees)
        assert float(u.failure) < 1
    if False in answers:
        assert u.verdict.name == "INAPPLICABLE"
    for one in (str(u), u.latex(), u._repr_html_(), repr(u)):
        assert one
    assert u.to_dict()["verdict"] == u.verdict.name
    assert bk.union(u) == u


@settings(max_examples=40)
@given(st.lists(points, min_size=1, max_size=3), st.lists(points, min_size=1, max_size=3))
def test_unions_join(first: list, second: list) -> None:
    assert bk.union(bk.union(*first), bk.union(*second)) == bk.union(*first, *second)


@given(numbers)
def test_one_guarantee_alone_is_as_good(g: bk.Guarantee) -> None:
    u = bk.union(g)
    assert u.verdict == g.verdict
    assert u.applies is g.applies
    assert u.failure == pytest.approx(g.failure, rel=1e-15, abs=5e-324)
    assert u.failure >= g.failure or g.failure == pytest.approx(u.failure, rel=1e-15)


def test_equal_guarantees_are_two_events() -> None:
    g = bk.lemma_b_1(n=16)
    assert bk.union(g, g).failure == pytest.approx(2 * exp(-1))
    assert bk.union(g, g, g).verdict.name == "VACUOUS"
    assert "add up to 1 or more" in str(bk.union(g, g, g))


def test_failures_that_sum_to_one_exactly_are_vacuous() -> None:
    assert bk.union(half(t=1), half(t=1)).verdict.name == "VACUOUS"
    assert bk.union(half(t=1), half(t=2)).verdict.name == "INFORMATIVE"


def test_free_parameters_stay_symbols() -> None:
    u = bk.union(bk.lemma_b_1(), bk.lemma_c_1(n=600))
    n = sympy.Symbol("n")
    assert u.verdict.name == "UNDETERMINED"
    assert u.free == ("n",)
    rest = u.failure - sympy.exp(-n / 16)
    assert exp(-37.5) <= float(rest) <= exp(-37.5) * (1 + 1e-15)
    assert float(sympy.expand(u.failure + u.probability)) == 1
    assert "for every n," in str(u)


def test_far_below_every_float_it_has_a_log() -> None:
    u = bk.union(bk.lemma_b_1(n=10**6), bk.lemma_b_1(n=10**6))
    assert u.log_failure == pytest.approx(-62500 + log(2), rel=1e-15)
    assert u.failure == 5e-324
    assert "1 - 8e-27144" in str(u) or "1 - 7.9e-27144" in str(u)


def test_require_names_what_fails() -> None:
    good, bad = half(t=5), half(t=500)
    assert bk.union(good).require() == bk.union(good)
    with pytest.raises(bk.HypothesisError, match="t <= 100"):
        bk.union(good, bad).require()
    with pytest.raises(bk.HypothesisError):
        bk.union(good, half()).require()
    assert "fails  Half: t <= 100" in str(bk.union(good, bad))


@pytest.mark.parametrize("wrong", [(), (3,), (bk.lemma_b_1,)])
def test_what_is_no_guarantee_is_refused(wrong: tuple) -> None:
    with pytest.raises(bk.ParameterError):
        bk.union(*wrong)
