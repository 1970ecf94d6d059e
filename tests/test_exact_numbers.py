"""A float stands for the decimal it prints, everywhere; exact values stay exact; numbers print on their safe side."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, comb, log
from typing import Any

from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
import mpmath
import numpy as np
import pytest
from support import examples
import sympy

import boundkit as bk
from boundkit.errors import BoundkitError
from boundkit.values import exact_number, value_text

n, t, S, x = sympy.symbols("n t S x")
FLOATS = (np.float16, np.float32, np.float64, np.longdouble)


class heads_at_least(bk.tails.Tail):
    """P[Bin(n, 1/2)/n - 1/2 >= t], on a lattice, in balls only."""

    @staticmethod
    def ball(n: fmpq, t: fmpq) -> arb:
        assert isinstance(n, fmpq)
        assert isinstance(t, fmpq)
        coins, first = int(n), ceil(n * (fmpq(1, 2) + t))
        return arb(fmpq(sum(comb(coins, j) for j in range(int(first), coins + 1)), 2**coins)).log()


class heads_in_floats(bk.tails.Tail):
    """The same at a threshold on the number of heads, on arrays too, where floats may miss an integer."""

    @staticmethod
    def log(n: np.ndarray, least: np.ndarray) -> np.ndarray:
        from scipy.stats import binom

        return binom.logsf(np.ceil(least) - 1, n, 0.5)

    @staticmethod
    def ball(n: fmpq, least: fmpq) -> arb:
        return heads_at_least.ball(n, least / n - fmpq(1, 2))


def coins(**changes: Any) -> bk.Statement:
    return bk.Statement(**{
        "name": "coins", "place": "Coins",
        "parameters": (bk.integers(n, "coins", 1, 200), bk.reals(t, "excess", 0, 0.5)),
        "quantities": (bk.reals(S, "the share of heads above 1/2", -0.5, 0.5, strict=False),), "hypotheses": (),
        "claims": (S < t,), "failure": sympy.exp(-2 * n * t**2), "truth": heads_at_least(n, t), "doc": "Coins.",
        **changes,
    })  # fmt: skip


def above(coins: int, least: Fraction) -> float:
    """The log of P[X >= least], by whole numbers alone."""
    return log(sum(comb(coins, j) for j in range(ceil(least), coins + 1))) - coins * log(2)


@given(st.floats(1e-300, 1e300) | st.integers(1, 10**6).map(lambda i: i / 1000))
def test_a_float_is_the_decimal_that_python_prints(value: float) -> None:
    assert exact_number(value) == exact_number(np.float64(value)) == Fraction(repr(value))
    assert exact_number(np.array(value)) == exact_number(Decimal(repr(value))) == Fraction(repr(value))


@pytest.mark.parametrize("kind", FLOATS)
@given(st.integers(1, 999), st.integers(-3, 3))
def test_in_any_precision_a_short_decimal_is_meant(kind: Any, digits: int, power: int) -> None:
    """Three digits name a float even in half precision."""
    meant = Decimal(digits).scaleb(power - 3)
    rounded = kind(str(meant))
    assert exact_number(rounded) == exact_number(np.array(rounded)) == Fraction(meant)
    got = bk.lemma_c_2.evaluate(norm_u=1, t=np.array([rounded] * 3), columns=("log_failure",))["log_failure"]
    assert (got == bk.lemma_c_2.evaluate(norm_u=1, t=float(meant), columns=("log_failure",))["log_failure"]).all()


def test_a_computed_float_keeps_its_17_digits() -> None:
    assert exact_number(0.1 + 0.2) == Fraction("0.30000000000000004")
    assert value_text(exact_number(0.1 + 0.2)) == "0.30000000000000004"


@pytest.mark.parametrize("given", [
    np.ma.masked, np.ma.array(5, mask=True), np.array(True), np.True_, True, np.timedelta64(5), np.datetime64("2020"),
    b"53", np.bytes_(b"53"), np.str_("5"), "5", 1j, np.complex64(1), np.zeros((), dtype=[("a", int)]), object(),
    float("nan"), np.float32("inf"), Decimal("sNaN"), Decimal("nan"), Decimal("1e99999999"),
    Decimal("-1e-99999999"), Fraction(10**5000, 10**5000 - 1), 10**5000, Decimal("0." + 2000 * "1"), 1e301,
    np.longdouble("1e4000"), sympy.Symbol("z"), sympy.pi, sympy.oo,
], ids=lambda x: f"{type(x).__name__}")  # fmt: skip
def test_what_is_no_number_of_a_size_is_refused_in_calls_and_arrays(given: Any) -> None:
    with pytest.raises(bk.ParameterError, match="sigma"):
        bk.lemma_b_1(n=5, sigma=given)
    for wrapped in ([given], [1, given], np.array([1, given, None], dtype=object)[:2]):
        with pytest.raises(bk.ParameterError, match="sigma"):
            bk.lemma_b_1.evaluate(n=5, sigma=wrapped)


@pytest.mark.parametrize("array", [
    np.ma.array([1, 7, 2], mask=[0, 1, 0]), np.array([True]), np.array([5], "m8[s]"), np.array(["2020"], "M8[D]"),
    np.array([b"53"]), np.array(["5"]), np.array([1j]), np.zeros(2, dtype=[("a", int)]), np.array([1, True], object),
    np.array([1, None], object), [True, 5], [1, b"2"], [[1, 2], [3]], [1, np.ma.masked], [1e301], [1e-301],
], ids=str)  # fmt: skip
def test_arrays_of_what_is_no_number_are_refused(array: Any) -> None:
    with pytest.raises(bk.ParameterError, match="sigma"):
        bk.lemma_b_1.evaluate(n=5, sigma=array)


def test_a_law_on_a_lattice_is_asked_exactly() -> None:
    assert bk.refute(coins(), n=100, t=0.1) is None
    assert coins()(n=100, t=0.1).exact().failure == pytest.approx(0.0284439668, rel=1e-9)  # P[X >= 60]
    assert coins()(n=100, t=np.float32(0.1)).exact() == coins()(n=100, t=Fraction(1, 10)).exact()


@pytest.mark.parametrize("truth", [heads_at_least(n, t), heads_in_floats(n, n / 2 + n * t)], ids=["balls", "floats"])
@settings(max_examples=examples(15))
@given(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 49)), min_size=1, max_size=20), st.sampled_from(FLOATS))
def test_on_arrays_a_threshold_never_falls_to_the_wrong_side_of_an_integer(truth: Any, points: Any, kind: Any) -> None:
    sizes, hundredths = zip(*points, strict=True)
    excess = np.array([kind(str(h / 100)) for h in hundredths])
    got = coins(truth=truth).evaluate(n=np.array(sizes), t=excess, columns=("log_exact",))["log_exact"]
    for found, size, h in zip(np.broadcast_to(got, len(points)), sizes, hundredths, strict=True):
        least = Fraction(size, 2) + size * Fraction(h, 100)
        assert found == pytest.approx(above(size, least), rel=1e-11), (size, h)


def test_hypotheses_and_edges_of_arrays_are_decided_on_the_decimal() -> None:
    s = coins(
        parameters=(bk.integers(n, "coins", 1, 200), bk.reals(t, "excess", 0.1, sympy.Rational(3, 10), strict=False)),
        hypotheses=(bk.Hypothesis("n t >= 3", n * t >= 3),),
    )
    for kind in FLOATS:
        got = s.evaluate(n=[30, 10, 29, 10], t=np.array(["0.1", "0.3", "0.1", "0.299"]).astype(kind))
        assert got["applies"].tolist() == [True, True, False, False]
        assert s(n=30, t=kind("0.1")).applies
    for value in (0.09999999999999999, np.float32("0.09999999"), 0.30000000000000004):
        for ask in (lambda v: s(n=30, t=v), lambda v: s.evaluate(n=30, t=[v])):
            with pytest.raises(bk.ParameterError, match="excess is at"):
                ask(value)


def test_floats_in_formulas_are_their_decimals() -> None:
    s = coins(failure=0.1, claims=(S < 0.3 * t,), worst_case=(("t", 0.1),), truth=None)
    assert (s.failure, s.bound, s.worst_case) == (sympy.Rational(1, 10), 3 * t / 10, (("t", Fraction(1, 10)),))
    assert coins(hypotheses=(bk.Hypothesis("t small", t <= 0.1),)).relations == (t <= sympy.Rational(1, 10),)
    assert s(n=5, t=0.1).failure == 0.1


def test_exact_values_stay_exact_down_to_laws_and_samplers() -> None:
    seen = []

    def sampler(rng: np.random.Generator, trials: int, **parameters: Any) -> np.ndarray:
        seen.append(parameters["t"])
        return rng.binomial(10, 0.5, trials) / 10 - 0.5

    for low in (Fraction(3, 10), Fraction(1, 3)):
        s = coins(
            parameters=(bk.reals(t, "excess", sympy.Rational(low.numerator, low.denominator), 0.5, strict=False),),
            failure=sympy.Rational(1, 2), truth=heads_at_least(30, t), sampler=sampler,
        )  # fmt: skip
        evidence = bk.simulate.check(s, trials=100, t=low)
        assert dict(evidence.values)["t"] == low
        assert evidence.exact == s(t=low).exact().failure
    assert {type(value) for value in seen} == {float}


def shares(claim: Any, failure: Any) -> bk.Statement:
    return coins(
        parameters=(), claims=(claim,), failure=failure, truth=None,
        sampler=lambda rng, trials, **_: rng.binomial(10, 0.5, trials) / 10 - 0.5,
    )  # fmt: skip


def test_a_sampled_value_within_rounding_of_a_bound_violates_nothing() -> None:
    """P[S > 3/10] = 11/1024 and P[S >= 3/10] = 56/1024; 8/10 - 1/2 is above 0.3 in floats. Seeded."""
    assert bk.simulate.check(shares(S <= 0.3, 0.02), 50_000).verdict.name == "CONSISTENT"
    strict = bk.simulate.check(shares(S < 0.3, 0.02), 50_000)
    assert (strict.verdict.name, strict.close > 1000) == ("INCONCLUSIVE", True)
    assert strict.interval[0] < 11 / 1024 < 56 / 1024 < strict.interval[1]
    assert "within rounding of a strict bound" in str(strict)
    for claim in (S <= 0.2, S < 0.2, S <= sympy.Rational(3, 10) - sympy.Rational(1, 10**6), S >= -0.2):
        assert bk.simulate.check(shares(claim, 0.02), 50_000).verdict.name == "VIOLATED"


@settings(max_examples=examples(60))
@given(st.integers(1, 10**4), st.integers(1, 10**4), st.integers(1, 10**4))
def test_the_bound_is_the_nearest_float_and_prints_on_its_safe_side(size: int, above_: int, below: int) -> None:
    sigma = Fraction(above_, below)
    for s, toward in ((bk.lemma_c_1, 1), (bk.lemma_b_1, -1)):
        g = s(n=size, sigma=sigma)
        exact = Fraction(size) * sigma**2 * (2 if toward == 1 else Fraction(1, 2))
        assert g.bound == exact.numerator / exact.denominator
        printed = Fraction(str(g).partition("|w|^2 ")[2].split()[1])
        assert toward * printed >= toward * exact
        table = bk.table(s, {"n": size, "sigma": sigma}, columns=("bound",)).to_text().splitlines()[1].split()[-1]
        assert toward * Fraction(table) >= toward * exact


def test_a_bound_that_is_rational_by_its_roots_prints_as_it_is() -> None:
    """sqrt(5 1000/(2 10 1000)) is 1/2."""
    assert "0.5 " in bk.table(bk.theorem_4_1, {"ell": 1000, "d": 1000, "m": 10, "k": 5}).to_text().splitlines()[1]


@settings(max_examples=examples(60))
@given(st.integers(1, 999))
def test_a_constant_prints_as_it_was_given(thousandths: int) -> None:
    given_ = Fraction(thousandths, 1000)
    s = replace(bk.lemma_b_1, failure=sympy.Rational(thousandths, 1000), truth=sympy.S.One, proof=None)
    g = s(n=5)
    assert (g.failure, g.probability) == (thousandths / 1000, (1000 - thousandths) / 1000)
    assert f"probability at least {float(1 - given_)!r}:" in str(g)
    assert f"claims at most {float(given_)!r}" in str(bk.refute(s, n=5))
    assert f" {float(given_)!r} " in bk.table(s, {"n": 5}).to_text()


def test_differences_that_cancel_are_taken_exactly() -> None:
    """1 - eta lam is 10^-15 here, and 1.1 10^-15 in floats."""
    parameters = {"d": 1000, "ell": 600, "m": 10, "k": 3, "eta": 0.1}
    for lam in (10.0, 9.99999999999999, 10.00000000000001):
        g = bk.theorem_6_2(**parameters, lam=lam, T=3)
        got = bk.theorem_6_2.evaluate(**parameters, lam=[lam, 5.0], T=3, columns=("bound", "log_exact"))
        assert got["bound"][0] == pytest.approx(g.bound, rel=1e-14, abs=0)
        assert got["log_exact"][0] == g.exact().log_failure


class answers(bk.tails.Tail):
    """A law whose `ball` gives what `told` says."""

    told: Any = None

    @staticmethod
    def ball(n: fmpq) -> Any:
        return answers.told(n)


def told(law: Any) -> bk.Statement:
    answers.told = staticmethod(law)
    return replace(bk.lemma_b_1, truth=answers(n), failure=sympy.Rational(9, 10), proof=None)


@pytest.mark.parametrize("law", [lambda _: None, lambda _: -1.0, lambda _: arb(1), lambda _: fmpq(-1)])
def test_a_law_that_gives_what_no_law_may_is_refused_with_its_point(law: Any) -> None:
    s = told(law)
    asks = (
        lambda: s(n=5).exact(), lambda: bk.refute(s, n=5), lambda: s.evaluate(n=[5, 6], columns=("log_exact",)),
    )  # fmt: skip
    for ask in asks:
        with pytest.raises(bk.LawError, match=r"answers\(5\) gave"):
            ask()


def gaussian_mechanism(sigma: fmpq) -> arb:
    """log of Q(eps sigma - 1/(2 sigma)) - e^eps Q(eps sigma + 1/(2 sigma)) at eps = 1/sigma: two that nearly cancel."""
    eps, half = 1 / arb(sigma), 1 / (2 * arb(sigma))
    q = [(z / arb(2).sqrt()).erfc() / 2 for z in (1 - half, 1 + half)]
    return (q[0] - eps.exp() * q[1]).log()


@pytest.mark.parametrize("size", [10**6, 10**30])
def test_a_law_that_cancels_is_asked_in_more_precision(size: int) -> None:
    s = told(gaussian_mechanism)
    with mpmath.workdps(200):
        z = [1 - mpmath.mpf(1) / (2 * size), 1 + mpmath.mpf(1) / (2 * size)]
        true = mpmath.log(mpmath.ncdf(-z[0]) - mpmath.exp(mpmath.mpf(1) / size) * mpmath.ncdf(-z[1]))
    assert s(n=size).exact().log_failure == pytest.approx(float(true), rel=1e-14)
    if size < 2**53:
        got = s.evaluate(n=[size, 5], columns=("log_exact",))["log_exact"]
        assert got[0] == s(n=size).exact().log_failure


def test_one_undefined_or_undecided_point_leaves_the_others_alone() -> None:
    s = told(lambda n: arb("nan") if n == 7 else -arb(n))
    got = s.evaluate(n=[5, 7, 9], columns=("log_exact",))["log_exact"]
    assert got[[0, 2]].tolist() == [-5, -9]
    assert np.isnan(got[1])
    wide = told(lambda n: arb(-2, 1) if n == 7 else -arb(n))
    with pytest.raises(bk.PrecisionError):
        wide(n=7).exact()
    assert bk.check_point(wide, n=7).status.name in ("UNDECIDED", "HOLDS")
    undefined = bk.theorem_5_1.evaluate(d=1000, ell=600, m=10, k=[0, 1, 2], output=1, columns=("log_exact", "bound"))
    assert np.isfinite(undefined["log_exact"][1:]).all()
    assert not np.isfinite(undefined["log_exact"][0])


def test_solving_on_a_lattice_finds_the_smallest_and_where_all_work() -> None:
    for most in (200, 3000):
        s = coins(parameters=(bk.integers(n, "coins", 1, most), bk.reals(t, "excess", 0, 0.5)))
        found = s.solve_for("n", failure=0.01, exact=True, t=0.25)
        works = [above(size, Fraction(3 * size, 4)) <= np.log(0.01) for size in range(1, 101)]
        assert found.value == 1 + works.index(True) == 19
        assert found.onward == 1 + max(i for i, fine in enumerate(works) if not fine) + 1 == 25
        assert "n = 19 is the smallest" in str(found)
        assert "from 25 on all work" in str(found)
        assert ("as far as looked" in str(found)) == (most > 1000) == (found.how == "sampled")


@settings(max_examples=examples(15))
@given(st.integers(1, 45), st.sampled_from([0.3, 0.05, 0.001]))
def test_solving_on_a_lattice_agrees_with_looking_everywhere(hundredths: int, target: float) -> None:
    s = coins(parameters=(bk.integers(n, "coins", 1, 120), bk.reals(t, "excess", 0, 0.5)))
    excess = Fraction(hundredths, 100)
    works = [above(size, size * (excess + Fraction(1, 2))) < np.log(target) for size in range(1, 121)]
    found = s.solve_for("n", failure=target, exact=True, t=excess)
    assert found.value == (1 + works.index(True) if True in works else None)
    if not works[-1]:
        assert found.onward is None


def test_what_cannot_be_read_is_one_kind_of_error() -> None:
    for text in ("1e99999999", "1" * 5000, "1/0"):
        with pytest.raises(BoundkitError):
            bk.values.parse_number(text)
