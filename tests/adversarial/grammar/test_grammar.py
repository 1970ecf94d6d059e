"""Random statements from a grammar, held against mpmath and against truths known by construction."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
import math
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import mpmath
import numpy as np
import pytest
from support import examples
from sympy import Rational

from adversarial.grammar.drawing import Known, deterministic, points, probable, statements
from adversarial.grammar.slowly import UndefinedError, UntoldError, holds, near, value
import boundkit as bk

MARGIN = Rational(1, 100)
DRAWS = {"deadline": None, "suppress_health_check": [HealthCheck.filter_too_much, HealthCheck.too_slow]}


def drawn(data: st.DataObject) -> tuple[bk.Statement, dict[str, Fraction]]:
    """A statement, and a point of its domain that floats stand for."""
    s = data.draw(statements())
    return s, {name: Fraction(repr(float(x))) for name, x in data.draw(points(s)).items()}


def agrees(s: bk.Statement, at: dict[str, Fraction]) -> None:
    """A call and the arrays say what mpmath says with 50 digits; what it calls undefined promises nothing."""
    g = s(**at)
    floats = {name: float(x) for name, x in at.items()}
    got = s.evaluate(**{name: np.array([x, x]) for name, x in floats.items()})
    for h in s.hypotheses:
        try:
            expected = holds(h.relation, at)
        except (UndefinedError, UntoldError):
            continue
        (check,) = (c for c in g.hypotheses if c.hypothesis == h)
        assert check.holds in (expected, None), (h, at)
        assert check.holds is not None or not expected, (h, at)
    assert list(got["applies"]) == [g.applies is True] * 2, (s.hypotheses, at)
    try:
        bound, rough = near(s.bound, at)
    except UntoldError:
        return
    except UndefinedError:
        assert g.bound is None or not math.isfinite(g.bound), (s.bound, at)
        assert not np.isfinite(got["bound"]).any(), (s.bound, at)
        return
    with mpmath.workdps(50):
        exact = mpmath.mpf(bound.numerator) / bound.denominator if isinstance(bound, Fraction) else bound
        if 1e-300 < abs(exact) < 1e300:
            assert g.bound == float(exact), (s.bound, at)
            allowed = 1e-11 * abs(float(exact)) + 4 * rough
            np.testing.assert_allclose(got["bound"], float(exact), rtol=0, atol=allowed, err_msg=f"{s.bound} {at}")
        if s.failure != 0:
            try:
                log = mpmath.log(value(s.failure, at))
            except UndefinedError:
                assert g.log_failure == math.inf
                return
            except UntoldError:
                return
            assert mpmath.almosteq(mpmath.mpf(g.log_failure), log, 1e-12, 1e-15), (s.failure, at)


def looks_well(s: bk.Statement, at: dict[str, Fraction]) -> None:
    """Everything that prints does, in one line where a line is meant."""
    g = s(**at)
    for made in (str(s), s.latex(), str(g), g.latex(), g._repr_html_(), repr(g), str(g.to_dict())):
        assert isinstance(made, str)
        assert made
        assert "zoo" not in made
    first, *_ = at
    with suppress(bk.BoundkitError):
        bk.table(s, {first: [at[first]]}, {name: x for name, x in at.items() if name != first})


@settings(max_examples=examples(60), **DRAWS)
@given(st.data())
def test_calls_and_arrays_are_mpmath(data: Any) -> None:
    agrees(*drawn(data))


@settings(max_examples=examples(40), **DRAWS)
@given(st.data())
def test_what_is_accepted_prints(data: Any) -> None:
    looks_well(*drawn(data))


@pytest.mark.slow
@settings(max_examples=10_000, **DRAWS)
@given(st.data())
def test_ten_thousand_statements_without_a_raw_exception(data: Any) -> None:
    s, at = drawn(data)
    agrees(s, at)
    looks_well(s, at)
    with suppress(bk.BoundkitError):
        bk.falsify(s, points=50, seconds=1)


def found_false(known: Known, seed: int, points: int, seconds: float) -> None:
    (entry,) = bk.audit(known.true, points=20).entries  # which searches too
    assert not entry.is_false
    found = bk.falsify(known.false, seed=seed, points=points, seconds=seconds).counterexample
    assert found is not None, (known.false.claims, known.false.failure)
    assert bk.audit(known.false, points=20).is_false


@pytest.mark.slow
@settings(max_examples=10, **DRAWS)
@given(deterministic(MARGIN), st.integers(0, 10))
def test_a_deterministic_claim_wrong_by_one_percent_is_found(known: Known, seed: int) -> None:
    found_false(known, seed, 300, 5)


@pytest.mark.slow
@settings(max_examples=10, **DRAWS)
@given(probable(MARGIN), st.integers(0, 10))
def test_a_probability_wrong_by_one_percent_is_found(known: Known, seed: int) -> None:
    found_false(known, seed, 300, 5)


@pytest.mark.slow
@settings(max_examples=1000, **DRAWS)
@given(st.one_of(deterministic(MARGIN), probable(MARGIN)), st.integers(0, 10))
def test_a_thousand_claims_wrong_by_one_percent_are_found(known: Known, seed: int) -> None:
    found_false(known, seed, 2000, 20)
