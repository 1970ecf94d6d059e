"""Numbers too long to write out, digits that cancel, and floats in formulas."""

from decimal import Decimal
from fractions import Fraction
import re
from typing import Any

from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import examples
import sympy
from sympy import Float, Rational, binomial, exp, factorial, gamma, log, loggamma, sqrt

import boundkit as bk
from boundkit.coerce import exactly
from boundkit.enclose import ends, holds
from boundkit.filling import TooLong, filled
from boundkit.formats.numbers import ABSURD, failure_text, latex_number
from boundkit.formulas import GROWING
from boundkit.precision import at_bits
from boundkit.studies.refutation import too_likely

n, t, U = sympy.symbols("n t U")


def own(**fields: Any) -> bk.Statement:
    plain = {
        "name": "own", "place": "Own", "parameters": (bk.integers(n, "a count"),), "quantities": (bk.reals(U, "u"),),
        "hypotheses": (), "claims": (sympy.Le(U, n),), "failure": Rational(1, 10),
    }  # fmt: skip
    return bk.Statement(**{**plain, **fields})


def bounded(bound: Any, **fields: Any) -> bk.Statement:
    return own(claims=(sympy.Le(U, bound),), **fields)


CALLS = {
    factorial: (factorial(n),), gamma: (gamma(n), gamma(n + Rational(1, 2))), loggamma: (loggamma(n), loggamma(n + 1)),
    binomial: (binomial(2 * n, n), binomial(n, 7), binomial(n, n - 2)),
}  # fmt: skip
GROWN = [call for head in GROWING for call in CALLS[head]]
AROUND = (
    lambda f: f, log, sqrt, lambda f: sympy.Piecewise((f, n < 5), (n, True)),
    lambda f: sympy.Piecewise((n, n < 5), (log(f), True)), lambda f: 1 / f, lambda f: log(f) + n,
)  # fmt: skip
HIGH = (2**n, n**n, exp(n * log(2)), log(n**n))


@pytest.mark.parametrize("size", [10**9, 2**53])
@pytest.mark.parametrize("bound", [*(around(f) for f in GROWN for around in AROUND), *HIGH], ids=str)
def test_no_number_is_written_out_that_is_too_long(bound: Any, size: int) -> None:
    """It would take hours: that this ends is what is tested."""
    s = bounded(bound, failure=1 / (1 + loggamma(n)), hypotheses=(bk.Hypothesis("large", bound > 0),))
    g = s(n=size)
    assert "n = " in str(g)
    assert repr(g)
    assert g.latex()
    assert g._repr_html_()
    assert g.to_dict()["bound"] is not None
    assert set(g.digits(20)) == {"bound", "failure", "probability"}
    assert bk.table(s, {"n": [size]}).to_text()
    assert bk.check_point(s, n=size)
    assert bk.refute(s, n=size) is None


@pytest.mark.parametrize("bound", GROWN, ids=str)
def test_a_parameter_is_found_past_numbers_too_long_to_write_out(bound: Any) -> None:
    s = bounded(bound, failure=1 / (1 + loggamma(n)), parameters=(bk.integers(n, "a count", 1, 2**53),))
    found = s.solve_for("n", failure=Rational(1, 10**9))
    assert 10**7 < found.value < 10**9
    assert str(found)
    assert s(n=10**9).bound


def test_what_is_filled_in_is_what_sympy_computes_where_that_is_short() -> None:
    for f in (*GROWN, *HIGH, sympy.Piecewise((n, n < 5), (n**2, True))):
        assert filled(f, {n: sympy.Integer(6)}) == f.subs(n, 6)
    for f in (factorial(n), 2**n, exp(n * log(2)), binomial(2 * n, n)):
        with pytest.raises(TooLong):
            filled(f, {n: sympy.Integer(10**6)})
    assert filled(factorial(n) + t, {n: sympy.Integer(10**6)}, lambda part: sympy.Integer(7)) == t + 7


@settings(max_examples=examples(40))
@given(st.integers(1, 290), st.integers(1, 9), st.integers(5, 60))
def test_digits_survive_what_cancels(power: int, times: int, count: int) -> None:
    small = Rational(1, 10**power)
    s = bounded(log(1 + small * n), failure=1 - exp(-small * n))
    digits = s(n=times).digits(count)
    x = sympy.N(times * small, power + count + 30)
    for found, exact in ((digits["failure"], 1 - exp(-x)), (digits["bound"], log(1 + x))):
        true = exact.evalf(count + 10, maxn=2000)
        assert abs(found / sympy.Float(true, count + 10) - 1) < Float(10) ** (1 - count)


def test_digits_of_differences_zeros_laws_and_what_has_none() -> None:
    root = bounded(sqrt(n + 1) - sqrt(n))(n=10**250).digits(30)["bound"]
    assert abs(root / Float("5e-126", 30) - 1) < Float("1e-29", 30)
    zero = bounded(loggamma(n) - log(gamma(n)))
    assert float(zero(n=70).digits(30)["bound"]) == 0
    with pytest.raises(bk.PrecisionError, match="no 30 digits"):
        zero(n=7 * 10**6).digits(30)
    lawful = own(failure=bk.tails.chi_square_at_least(n, 2))(n=3)
    assert float(lawful.digits(30)["failure"]) == lawful.failure
    assert set(bounded(log(-n))(n=3).digits()) == {"failure", "probability"}
    assert set(bounded(1 / (n - 3))(n=3).digits()) == {"failure", "probability"}


@given(st.floats(1e-290, 1e290) | st.floats(-1e290, -1e-290))
def test_floats_in_formulas_are_the_decimals_that_python_prints(x: float) -> None:
    assert exactly(Float(x)) == Rational(Fraction(repr(x)))
    assert exactly(t * x + 1).coeff(t) == Rational(Fraction(repr(x)))


def test_a_computed_float_keeps_its_digits() -> None:
    parameters = (bk.reals(t, "a threshold", 0),)
    assert bounded(t * (0.1 + 0.2), parameters=parameters).bound == Rational(Fraction("0.30000000000000004")) * t
    assert exactly(Float("0.1", 30)) == Rational(1, 10)
    assert exactly(Float("1.5e-330")) == Rational(3, 2) / 10**330


@pytest.mark.parametrize("jump", [sympy.floor, sympy.ceiling])
@pytest.mark.parametrize("size", [2.0**60, 1e18, 1e300])
def test_a_jump_of_a_number_of_any_length_is_no_end_of_the_process(jump: Any, size: float) -> None:
    """FLINT would write it out, and ends the process where memory ends."""
    x, u = sympy.symbols("x U")
    s = bk.Statement(
        name="own",
        place="Own",
        parameters=(bk.reals(x, "x", 0),),
        quantities=(bk.reals(u, "u"),),
        hypotheses=(bk.Hypothesis("x <= jump", x <= jump(2**x)),),
        claims=(u <= jump(sympy.exp(x)),),
        failure=sympy.exp(-x),
    )
    for g in (s(x=size), s(x=1)):
        assert str(g)
        assert g.verdict in bk.Verdict
    found = s.evaluate(("bound", "applies", "verdict"), x=[1, size])
    assert found["applies"][0]
    bk.falsify(s, points=60, seconds=5)


@pytest.mark.parametrize("jump", [sympy.floor, sympy.ceiling])
@settings(max_examples=examples(10))
@given(size=st.integers(12, 10**4), times=st.integers(1, 3000))
def test_a_jump_within_a_hypothesis_is_decided_or_left_open(jump: Any, size: int, times: int) -> None:
    """At a boundary algebra is asked, and SymPy writes out in words what it cannot tell."""
    for inner in (sympy.exp(n), factorial(times) * sympy.exp(n), sympy.exp(n) / 7):
        relation = sympy.Lt(n, factorial(jump(inner), evaluate=False), evaluate=False)
        assert holds(relation, {n: size}) in (True, None)


def shown_log(text: str) -> Decimal:
    return Decimal(text[3:-1]) if text.startswith("e^(") else Decimal(text).ln()


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(1, 40), st.integers(1, 9999), st.integers(0, 20), st.integers(1, 999))
def test_a_refutation_shows_both_probabilities_in_one_form_and_apart(size: int, n_: int, near: int, part: int) -> None:
    claimed = -Fraction(n_ * 10**size, 1000)
    true = claimed * (1 - Fraction(part, 1000 * 10**near))
    s = own(parameters=(bk.reals(t, "a number", low=0),), claims=(sympy.Le(U, t),), failure=exp(-t), truth=exp(-t / 2))
    true_log, claimed_log = (at_bits(128, arb, fmpq(x.numerator, x.denominator)) for x in (true, claimed))
    found = too_likely(s, (("t", -claimed),), true_log, claimed_log)
    assert found is not None
    fails, claims = re.fullmatch(r"it fails with probability (\S+), and claims at most (\S+)", found.why).groups()
    assert fails.startswith("e^(") == claims.startswith("e^(") or true > -745
    assert claims.startswith("e^(") == (claimed < -ABSURD)
    assert "0" not in (fails, claims)
    slack = Decimal(10) ** -9
    assert shown_log(claims) < shown_log(fails) or true > -1
    assert shown_log(fails) <= Decimal(true.numerator) / true.denominator + slack
    assert shown_log(claims) >= Decimal(claimed.numerator) / claimed.denominator - slack


def test_a_power_of_e_is_one_in_latex() -> None:
    assert latex_number("1 - e^(-5.2342e29)") == r"1 - e^{-5.2342 \cdot 10^{29}}"


@given(st.integers(-(10**12), 10**12), st.integers(1, 2**60), st.booleans())
def test_the_ends_of_a_number_of_any_length_hold_it_and_are_printed(power: int, mantissa: int, negative: bool) -> None:
    """A log of -2^(-10^9), as of a failure just below 1, once took minutes to write; it is no certainty either."""
    x = (-1 if negative else 1) * arb(mantissa) * arb(2) ** power
    low, high = ends(x)
    assert arb(fmpq(low.numerator, low.denominator) if isinstance(low, Fraction) else low) <= x
    assert arb(fmpq(high.numerator, high.denominator) if isinstance(high, Fraction) else high) >= x
    if negative:
        text = failure_text(low, 9, -1)
        assert text.startswith("e^(-") or 0 <= Decimal(text) < 1
