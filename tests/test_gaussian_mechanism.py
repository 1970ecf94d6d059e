"""The Gaussian mechanism: the least noise against the formula by another route, against dp-accounting, and by scale."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import mpmath
import pytest
from support import examples

import boundkit as bk
from boundkit.library.gaussian_mechanism import STATEMENTS
from boundkit.library.gaussian_mechanism.bibliography import SOURCES

PAPER = bk.papers.gaussian_mechanism
EXACT, FORMULAS = PAPER.exact_delta, (PAPER.classical_calibration, PAPER.vinterbo, PAPER.zero_concentrated)
DIGITS = 1e-9  # an answer has ten digits, and is rounded up
CALIBRATED = {  # what dp_accounting.get_sigma_gaussian(eps, delta) returns, version 0.6.0
    ("0.000001", "0.00001"): 38021.98146873988,
    ("0.000001", "0.9"): 0.3039783711590748,
    ("0.01", "1e-300"): 3672.720103334873,
    ("0.1", "0.00001"): 30.74956613197769,
    ("0.5", "0.00001"): 7.0318266755825,
    ("1", "1e-12"): 6.557822067458816,
    ("1", "0.00001"): 3.7306316348159374,
    ("1", "0.1"): 1.0858777651918556,
    ("2", "0.00001"): 1.993812445643537,
    ("4", "0.00001"): 1.0811618495202397,
    ("10", "0.00001"): 0.4998886197090323,
    ("50", "1e-300"): 0.7524165537273017,
    ("1000", "0.00001"): 0.02458178335165422,
}
TOO_LITTLE = ("0.000000001", "1e-300", 36284119078.71951)  # what it returns there is not enough
ODD = [(Fraction(e), Fraction(d)) for e in ("1e-6", "1", "50") for d in ("1e-300", "1e-5", "0.999999")]


def some(things: Any, of: int) -> list[Any]:
    """All of them, one of so many in the default run."""
    return [pytest.param(x, marks=pytest.mark.slow if i % of else (), id=str(i)) for i, x in enumerate(things)]


def least(statement: bk.Statement = EXACT, **at: Any) -> Fraction:
    """The least sigma; the answer is certified, and nothing before it is open."""
    found = statement.solve_for("sigma", **at)
    assert found.how == "certified"
    assert not found.only_looked_at
    assert found.value is not None
    return Fraction(found.value)


def ratio(eps: Fraction, delta: Fraction, sigma: Fraction) -> Any:
    """Balle and Wang's formula over delta, in digits enough for what cancels."""
    with mpmath.workdps(700):
        e, s, d = (mpmath.mpf(x.numerator) / x.denominator for x in map(Fraction, (eps, sigma, delta)))
        middle, step, root = e * s, 1 / (2 * s), mpmath.sqrt(2)
        return (mpmath.erfc((middle - step) / root) - mpmath.exp(e) * mpmath.erfc((middle + step) / root)) / (2 * d)


def brackets(eps: Fraction, delta: Fraction) -> None:
    """The bracket is right: sigma is enough, and what is smaller in the ninth digit is not."""
    sigma = least(eps=eps, delta=delta)
    assert ratio(eps, delta, sigma) <= 1 < ratio(eps, delta, sigma * (1 - Fraction(2, 10**9)))


@settings(max_examples=examples(3), deadline=None)
@given(
    st.fractions(Fraction(1, 1000), 20, max_denominator=1000),
    st.fractions(Fraction(1, 10**6), Fraction(99, 100), max_denominator=10**6),
)
def test_the_bracket_by_another_route(eps: Fraction, delta: Fraction) -> None:
    brackets(eps, delta)


@pytest.mark.parametrize("at", some(ODD, 4))
def test_the_bracket_at_odd_values(at: tuple[Fraction, Fraction]) -> None:
    brackets(*at)


@pytest.mark.parametrize("at", some(CALIBRATED, 3))
def test_the_least_sigma_is_what_dp_accounting_calibrates(at: tuple[str, str]) -> None:
    eps, delta = map(Fraction, at)
    assert float(least(eps=eps, delta=delta)) == pytest.approx(CALIBRATED[at], rel=DIGITS)


def test_where_dp_accounting_gives_too_little() -> None:
    eps, delta, sigma = map(Fraction, TOO_LITTLE)
    assert EXACT(eps=eps, delta=delta, sigma=sigma).verdict.name == "INAPPLICABLE"
    assert ratio(eps, delta, sigma) > 1.09


@pytest.mark.slow
def test_the_stored_values_are_what_dp_accounting_returns() -> None:
    theirs = pytest.importorskip("dp_accounting")
    for (eps, delta), sigma in CALIBRATED.items():
        assert theirs.get_sigma_gaussian(float(eps), float(delta)) == pytest.approx(sigma, rel=1e-10)


@pytest.mark.parametrize("statement", [EXACT, *FORMULAS], ids=lambda s: s.name)
def test_sigma_is_in_proportion_to_the_sensitivity(statement: bk.Statement) -> None:
    at = {"eps": Fraction(1, 2), "delta": Fraction(1, 1000)}
    scaled = least(statement, **at, Delta=Fraction(7, 1000))
    assert float(scaled) == pytest.approx(0.007 * float(least(statement, **at)), rel=2 * DIGITS)


@pytest.mark.parametrize("k", [4, 10**6])
def test_k_answers_cost_the_root_of_k(k: int) -> None:
    at = {"eps": 1, "delta": Fraction(1, 10**5)}
    together = least(PAPER.gaussian_composition, **at, k=k)
    assert float(together) == pytest.approx(k**0.5 * float(least(**at)), rel=2 * DIGITS)
    most = PAPER.gaussian_composition.solve_for("k", largest=True, **at, sigma=together)
    assert most.value == k


@settings(max_examples=examples(3), deadline=None)
@given(st.fractions(Fraction(1, 100), 1, max_denominator=100), st.fractions(Fraction(1, 10**4), Fraction(49, 100)))
def test_every_formula_gives_enough(eps: Fraction, delta: Fraction) -> None:
    classical, vinterbo, concentrated = (least(s, eps=eps, delta=delta) for s in FORMULAS)
    assert least(eps=eps, delta=delta) <= min(classical, vinterbo)
    assert vinterbo <= concentrated


def test_the_classical_formula_promises_nothing_beyond_its_range() -> None:
    at = {"eps": 10, "delta": Fraction(1, 10**5), "sigma": Fraction(97, 200)}
    s = PAPER.classical_calibration
    assert s(**at).verdict.name == "INAPPLICABLE"
    ((erratum, reading),) = s.steps()
    assert erratum.id == "M39"
    assert reading(**at).verdict.name == "INFORMATIVE"
    assert bk.refute(reading, **at) is not None


@pytest.mark.parametrize("seed", range(3))
def test_the_misuse_is_found_unaided(seed: int) -> None:
    assert bk.falsify(PAPER.classical_calibration.as_printed, seed=seed).counterexample is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", STATEMENTS)
def test_nothing_is_found_against_what_holds(name: str) -> None:
    statement = PAPER[name]
    (entry,) = bk.audit(statement, points=100).entries
    assert not entry.is_false
    assert bk.falsify(statement).counterexample is None


@pytest.mark.slow
def test_a_slip_in_the_formula_is_seen() -> None:
    """The hypothesis asks the law and the truth is the formula as printed: they check each other."""
    assert EXACT.truth is not None
    slipped = replace(EXACT, truth=EXACT.truth * Fraction(1001, 1000))
    assert bk.falsify(slipped).counterexample is not None


def test_every_work_is_used() -> None:
    assert {key for s in PAPER.statements for key, _ in s.rests_on} == set(dict(SOURCES))
    assert tuple(s.name for s in PAPER.statements) == STATEMENTS
