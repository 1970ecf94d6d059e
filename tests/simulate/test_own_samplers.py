"""Samplers of one's own: whatever they draw is judged as it is, or refused."""

from __future__ import annotations

from dataclasses import replace
import operator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest
from sympy import Rational, S, symbols

import boundkit as bk
from boundkit.simulate import check

T, U, V = symbols("t U V")
TRIALS, HALF = 64, Rational(1, 2)
OPERATORS = {"<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt}


def claiming(claim: Any, draw: Any, failure: Any = HALF) -> bk.Statement:
    """A statement with that claim about U, or those, and that sampler."""
    return bk.Statement(
        name="own",
        place="Own",
        parameters=(bk.reals(T, "x"),),
        quantities=(bk.reals(U, "u"), bk.reals(V, "v")),
        hypotheses=(),
        claims=claim if isinstance(claim, tuple) else (claim,),
        failure=S(failure),
        sampler=draw,
    )


@given(st.lists(st.sampled_from([-np.inf, -1.0, 0.5, 2.0, np.inf]), min_size=TRIALS, max_size=TRIALS))
def test_what_is_infinite_is_compared_like_a_number(drawn: list[float]) -> None:
    array = np.array(drawn)
    for claim, fails in ((U <= T, array > 0.75), (U >= T, array < 0.75)):
        found = check(claiming(claim, lambda _rng, trials, **_: array[:trials]), TRIALS, t=0.75)
        assert (found.failures, found.uncovered) == (fails.sum(), 0)


@pytest.mark.parametrize(
    "drawn",
    [np.full(TRIALS, np.nan), np.ma.array(np.ones(TRIALS), mask=True), np.full(TRIALS, "x"), np.ones(TRIALS) * 1j],
)
def test_what_is_no_number_is_refused(drawn: np.ndarray) -> None:
    with pytest.raises(bk.StatementError, match="own's sampler gave .* mend sampler"):
        check(claiming(U <= T, lambda _rng, trials, **_: drawn[:trials]), TRIALS, t=1)


@given(
    st.sampled_from(sorted(OPERATORS)),
    st.lists(st.integers(-3, 3), min_size=TRIALS, max_size=TRIALS),
    st.sampled_from([Rational(0), Rational(1), Rational(-7, 3), 1 - Rational(1, 10**25), 1 + Rational(1, 10**25)]),
)
def test_integers_are_compared_exactly(op: str, drawn: list[int], bound: Any) -> None:
    claim = OPERATORS[op](U, bound + T)
    found = check(claiming(claim, lambda _rng, trials, **_: np.array(drawn)[:trials]), TRIALS, t=0)
    assert found.failures == sum(not OPERATORS[op](x, bound) for x in drawn)
    assert found.close == 0


@given(st.integers(-20, 20), st.integers(-20, 20), st.booleans(), st.booleans())
def test_claims_that_contradict_each_other_are_false(low: int, high: int, strictly: bool, certain: bool) -> None:
    upper, lower = (U < high + T) if strictly else (U <= high + T), U >= low + T
    s = claiming((upper, lower), None, 0 if certain else HALF)
    empty = low > high or (low == high and strictly)
    assert (bk.refute(s, t=1) is not None) == empty
    assert (bk.refute(replace(s, claims=(upper, V >= low + T)), t=1)) is None
    if empty:
        assert bk.falsify(s, points=200).counterexample is not None


def test_a_find_is_shrunk() -> None:
    """Called false wrongly with probability 0: every trial fails."""
    s = claiming(U <= T**2, lambda rng, trials, t: 1 + t**2 + rng.random(trials), Rational(1, 1000))
    found = bk.falsify(s, seconds=5).counterexample
    assert found is not None
    assert abs(dict(found.point)["t"]) <= 1
