"""Laws on a lattice: balls against exact sums, other routes and identities; arrays against balls; what is refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb, inf
from typing import Any

from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.discrete import DRAWN, FAST, binomials, error
import mpmath
import numpy as np
import pytest
from scipy import stats
from support import examples
import sympy
from sympy import Rational, exp, log

import boundkit as bk
from boundkit.api.exchange import from_json, to_json
from boundkit.engine.proof.checking import check
from boundkit.errors import HypothesisError, LawError, ParameterError, PrecisionError
from boundkit.formats.plain.reading import read_formula
from boundkit.formats.plain.writing import formula_text
from boundkit.laws import circle, discrete_balls
from boundkit.model.proof import Chernoff, NonnegativeSum, Proof, Step, spend
from boundkit.tails import (
    binomial_at_least,
    binomial_at_most,
    hypergeometric_at_least,
    hypergeometric_at_most,
    negative_binomial_at_least,
    negative_binomial_at_most,
    poisson_at_least,
    poisson_at_most,
)

Q = Fraction
LAWS = (
    binomial_at_least,
    binomial_at_most,
    poisson_at_least,
    poisson_at_most,
    negative_binomial_at_least,
    negative_binomial_at_most,
    hypergeometric_at_least,
    hypergeometric_at_most,
)
AT = {
    "binomial": (10, Q(3, 10)),
    "poisson": (Q(7, 2),),
    "negative_binomial": (3, Q(1, 5)),
    "hypergeometric": (20, 8, 6),
}
WORST = 1e-13  # the relative error of a log on arrays; the worst found stand in docs/laws_discrete.md


def encloses(ball: Any, share: Fraction) -> bool:
    """Whether a ball is exactly the log of 0 or 1, or narrow and around the log of a share between them."""
    if share in (0, 1):
        return bool(ball == (arb.neg_inf() if share == 0 else arb(0)))
    with ctx.workprec(4000 if share.denominator.bit_length() > 3000 else 600):
        true = arb(fmpq(share.numerator, share.denominator)).log()
        return bool(ball.overlaps(true) and ball.rel_accuracy_bits() >= 80)


def both(ball: str, parameters: tuple[Any, ...], x: Fraction, masses: dict[int, Fraction]) -> None:
    at_least = getattr(discrete_balls, f"{ball}_log_at_least")(*parameters, x)
    at_most = getattr(discrete_balls, f"{ball}_log_at_most")(*parameters, x)
    assert encloses(at_least, sum((m for k, m in masses.items() if k >= x), Q(0)))
    assert encloses(at_most, sum((m for k, m in masses.items() if k <= x), Q(0)))


PROBABILITIES = st.one_of(
    st.sampled_from([Q(0), Q(1), Q(1, 2), Q(1, 10**9), 1 - Q(1, 10**9)]), st.fractions(0, 1, max_denominator=50)
)
THRESHOLDS = st.one_of(st.integers(-2, 70).map(Q), st.fractions(-2, 70, max_denominator=10))


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 60), PROBABILITIES, THRESHOLDS)
def test_binomial_against_exact_sums(n: int, p: Fraction, x: Fraction) -> None:
    both("binomial", (n, p), x, {k: comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)})


@settings(max_examples=examples(60), deadline=None)
@given(st.data(), st.integers(0, 60), THRESHOLDS)
def test_hypergeometric_against_exact_sums(data: Any, total: int, x: Fraction) -> None:
    white, drawn = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    ways = {k: comb(white, k) * comb(total - white, drawn - k) for k in range(drawn + 1)}
    masses = {k: Q(w, comb(total, drawn)) for k, w in ways.items() if w}
    both("hypergeometric", (total, white, drawn), x, masses)


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(1, 12), PROBABILITIES.filter(lambda p: p > 0), THRESHOLDS)
def test_trials_until_r_successes_against_exact_sums(r: int, p: Fraction, t: Fraction) -> None:
    below = {k: comb(k - 1, r - 1) * p**r * (1 - p) ** (k - r) for k in range(r, 71)}
    at_most = sum((m for k, m in below.items() if k <= t), Q(0))
    less = sum((m for k, m in below.items() if k < t), Q(0))
    assert encloses(discrete_balls.negative_binomial_log_at_most(r, p, t), at_most)
    assert encloses(discrete_balls.negative_binomial_log_at_least(r, p, t), 1 - less)


@pytest.mark.parametrize("lam", [Q(1, 10**6), Q(7, 2), 40, 300])
@pytest.mark.parametrize("k", [1, 3, 35, 320])
def test_poisson_against_its_sum(lam: Fraction, k: int) -> None:
    with mpmath.workdps(3000):
        mean = mpmath.mpf(Q(lam).numerator) / Q(lam).denominator
        term = below = mpmath.exp(-mean)
        for j in range(1, k):
            term *= mean / j
            below += term
        logs = mpmath.log(1 - below), mpmath.log(below)
        texts = [mpmath.nstr(value, 60) for value in logs]
    with ctx.workprec(180):
        for found, text in zip(
            (discrete_balls.poisson_log_at_least(lam, k), discrete_balls.poisson_log_at_most(lam, Q(2 * k - 1, 2))),
            texts,
            strict=True,
        ):
            assert abs(found - arb(text)) < abs(found) * arb(10) ** -24
            assert found.rel_accuracy_bits() >= 80


@pytest.mark.parametrize("n", [10**5, 10**6])
@pytest.mark.parametrize("p", [Q(1, 50), Q(1, 3), Q(1, 2), Q(889, 1000)])
@pytest.mark.parametrize("z", [0, Q(1, 10), 1, 5, 30])
def test_the_circle_against_the_series(n: int, p: Fraction, z: Fraction, monkeypatch: pytest.MonkeyPatch) -> None:
    k = min(int(n * p + float(z) * float(n * p * (1 - p)) ** 0.5) + 1, n)
    found = []
    for few in (40.0, inf):
        monkeypatch.setattr(discrete_balls, "FEW", few)
        found.append(discrete_balls.binomial_log_at_least(n, p, k))
    with ctx.workprec(400):
        assert found[0].overlaps(found[1])
        assert min(ball.rel_accuracy_bits() for ball in found) >= 80


@pytest.mark.parametrize(("n", "k"), [(10**9, 500_010_000), (10**9, 499_999_000), (10**12, 5 * 10**11 + 10**6)])
def test_large_binomials_lie_between_normal_tails(n: int, k: int) -> None:
    """Zubkov and Serov 2013: Phi(C(k - 1)) <= P[X <= k - 1] <= Phi(C(k)), C(j) = +-sqrt(2 n KL(j/n, 1/2))."""

    def phi(j: int) -> Any:
        with mpmath.workdps(50):
            a = mpmath.mpf(j) / n
            signed = mpmath.sqrt(2 * n * (a * mpmath.log(2 * a) + (1 - a) * mpmath.log(2 * (1 - a))))
            return float(mpmath.log(mpmath.ncdf(signed if 2 * j > n else -signed)))

    found = float(discrete_balls.binomial_log_at_most(n, Q(1, 2), k - 1).mid())
    assert phi(k - 1) <= found <= phi(k)


def test_a_threshold_is_decided_exactly_or_not_at_all() -> None:
    at = discrete_balls.binomial_log_at_least
    tiny = Q(1, 10**400)
    assert at(10, Q(1, 2), 3).overlaps(at(10, Q(1, 2), 3 - tiny))
    assert not at(10, Q(1, 2), 3).overlaps(at(10, Q(1, 2), 3 + tiny))
    wide = arb(3, 1e-30)
    for law, parameters in ((law, AT[law.__name__[: -len("_at_least")]]) for law in LAWS[::2]):
        assert law.ball(*map(fmpq_of, parameters), wide).is_nan()
        assert not law.ball(*map(fmpq_of, parameters), arb(3.5, 1e-30)).is_nan()
    assert at(arb(10, 1e-30), fmpq(1, 2), fmpq(3)).is_nan()  # 10, perhaps
    with pytest.raises(ParameterError, match="whole number"):
        at(arb(10.5, 1e-30), fmpq(1, 2), fmpq(3))


def fmpq_of(x: Any) -> fmpq:
    return fmpq(*Q(x).as_integer_ratio())


@pytest.mark.parametrize(
    ("law", "args"),
    [
        ("binomial", (Q(21, 2), Q(1, 2), 3)),
        ("binomial", (-1, Q(1, 2), 3)),
        ("binomial", (10, Q(3, 2), 3)),
        ("binomial", (10, Q(-1, 2), 3)),
        ("poisson", (-1, 3)),
        ("negative_binomial", (0, Q(1, 2), 3)),
        ("negative_binomial", (2, 0, 3)),
        ("hypergeometric", (10, 11, 3, 1)),
        ("hypergeometric", (10, 3, 11, 1)),
        ("hypergeometric", (10, Q(5, 2), 3, 1)),
    ],
)
def test_what_is_no_law_is_refused(law: str, args: tuple[Any, ...]) -> None:
    *parameters, x = args
    for side in ("at_least", "at_most"):
        with pytest.raises(ParameterError):
            getattr(discrete_balls, f"{law}_log_{side}")(*args)
        with pytest.raises(ParameterError):
            getattr(FAST[law], f"log_{side}")(float(x), *map(float, parameters))
        with pytest.raises(ParameterError):
            getattr(FAST[law], f"log_{side}")(float("nan"), *map(float, AT[law]))


def test_what_cannot_be_certified_is_refused() -> None:
    with pytest.raises(PrecisionError, match="more than"):
        discrete_balls.hypergeometric_log_at_least(10**18, 5 * 10**17, 5 * 10**17, 25 * 10**16)
    with pytest.raises(PrecisionError):
        discrete_balls.binomial_log_at_least(10, arb(0.5, 1.0), 3)
    with pytest.raises(PrecisionError):
        discrete_balls.binomial_log_at_least(10**301, Q(1, 2), 3)


def worst(law: str, side: str, points: list[tuple[float, ...]]) -> float:
    """The largest relative error of the logs on arrays; infinity where one is lost."""
    found = getattr(FAST[law], f"log_{side}")(*np.array(points).T)
    ball: Callable[..., Any] = getattr(discrete_balls, f"{law}_log_{side}")
    return max(error(value, ball(*map(Q, rest), Q(x))) for value, (x, *rest) in zip(found, points, strict=True))


@pytest.mark.parametrize("law", FAST)
@pytest.mark.parametrize("side", ["at_least", "at_most"])
@pytest.mark.parametrize("count", [300, pytest.param(5000, marks=pytest.mark.slow)])
def test_arrays_against_balls(law: str, side: str, count: int) -> None:
    draws = DRAWN[law](np.random.default_rng(count))
    assert worst(law, side, [next(draws) for _ in range(count)]) <= WORST


def test_a_slip_in_the_circle_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = binomials(np.random.default_rng(1))
    points = [next(draws) for _ in range(300)]
    monkeypatch.setattr(circle, "REACH", 6.0)
    monkeypatch.setattr(circle, "MORE", 2.0)
    assert worst("binomial", "at_least", points) > WORST


@pytest.mark.parametrize("law", FAST)
def test_probabilities_add_up_and_follow_scipy(law: str) -> None:
    fast, parameters = FAST[law], tuple(map(float, AT[law]))
    x = np.arange(-2.0, 60.0)
    masses = np.exp(fast.logpmf(x, *parameters))
    np.testing.assert_allclose(np.exp(fast.logcdf(x, *parameters)), np.cumsum(masses), rtol=1e-13)
    np.testing.assert_allclose(fast.logsf(x, *parameters), fast.log_at_least(x + 0.5, *parameters), rtol=0)
    np.testing.assert_allclose(np.exp(fast.logcdf(x, *parameters)) + np.exp(fast.logsf(x, *parameters)), 1, rtol=1e-14)
    theirs = {
        "binomial": stats.binom(10, 0.3),
        "poisson": stats.poisson(3.5),
        "negative_binomial": stats.nbinom(3, 0.2, loc=3),
        "hypergeometric": stats.hypergeom(20, 8, 6),
    }[law]
    np.testing.assert_allclose(masses, theirs.pmf(x), rtol=1e-11, atol=1e-300)
    np.testing.assert_allclose(np.exp(fast.logsf(x, *parameters)), theirs.sf(x), rtol=1e-9, atol=1e-14)
    assert np.all(fast.logpmf(x + 0.5, *parameters) == -inf)
    assert (fast.logcdf(inf, *parameters), fast.logsf(inf, *parameters)) == (0, -inf)


QUANTILES = {
    "binomial": (1000.0, 0.3),
    "poisson": (300.0,),
    "negative_binomial": (30.0, 0.01),
    "hypergeometric": (10_000.0, 3000.0, 1000.0),
}


@pytest.mark.parametrize("law", FAST)
def test_quantiles_are_the_least(law: str) -> None:
    fast, parameters = FAST[law], QUANTILES[law]
    log_p = -np.exp(np.linspace(-20, 6, 200))
    log_p = log_p[log_p > -290]
    x = fast.ppf_log(log_p, *parameters)
    inside = np.isfinite(fast.logpmf(x - 1, *parameters))
    assert np.all(fast.logcdf(x, *parameters) >= log_p)
    assert np.all(fast.logcdf(x - 1, *parameters)[inside] < log_p[inside])
    y = fast.isf_log(log_p, *parameters)
    inside = np.isfinite(fast.logpmf(y - 1, *parameters))
    assert np.all(fast.logsf(y, *parameters) <= log_p)
    assert np.all(fast.logsf(y - 1, *parameters)[inside] > log_p[inside])
    assert np.count_nonzero(inside) > 100


@pytest.mark.slow
@settings(max_examples=examples(15), deadline=None)
@given(st.sampled_from(sorted(FAST)), st.integers(0, 2**32), st.floats(1e-9, 50))
def test_quantiles_against_balls(law: str, seed: int, depth: float) -> None:
    """Least x with log P[X <= x] >= log_p, or log P[X > x] <= log_p, decided in balls at x and its neighbours."""
    _, *parameters = next(DRAWN[law](np.random.default_rng(seed)))
    exact = [Q(value) for value in parameters]
    at_most, at_least = (getattr(discrete_balls, f"{law}_log_at_{side}") for side in ("most", "least"))
    x, y = (getattr(FAST[law], f"{name}_log")(-depth, *parameters) for name in ("ppf", "isf"))
    slack = arb(depth) * arb(10) ** -12
    assert at_most(*exact, Q(x)) >= -depth - slack
    assert at_least(*exact, Q(y) + 1) <= -depth + slack
    ends = FAST[law].ppf_log(-inf, *parameters)
    assert x == ends or at_most(*exact, Q(x) - 1) < -depth + slack
    assert y == ends or at_least(*exact, Q(y)) > -depth - slack


@pytest.mark.parametrize("law", FAST)
def test_quantiles_at_the_ends(law: str) -> None:
    fast, parameters = FAST[law], QUANTILES[law]
    first, last = fast.ppf_log([-inf, 0.0], *parameters)
    assert (fast.isf_log(0.0, *parameters), fast.isf_log(-inf, *parameters)) == (first, last)
    assert fast.logcdf(first - 1, *parameters) == -inf < fast.logcdf(first, *parameters)
    assert fast.logsf(last, *parameters) == -inf
    with pytest.raises(ParameterError):
        fast.ppf_log(0.1, *parameters)


n, p, t, lam, k = sympy.symbols("n p t lam k")
X = sympy.Symbol("X")


def hoeffding(factor: int = 2, **how: Any) -> bk.Statement:
    return bk.Statement(
        name="hoeffding", place="Theorem 1", doc="Hoeffding's bound.",
        parameters=(bk.integers(n, "trials"), bk.reals(p, "a probability", 0, 1), bk.reals(t, "a deviation", 0)),
        quantities=(bk.reals(X, "the successes"),), hypotheses=(), claims=(X < n * (p + t),),
        failure=exp(-factor * n * t**2), truth=binomial_at_least(n, p, n * (p + t)), **how,
    )  # fmt: skip


def test_a_statement_in_a_few_lines() -> None:
    s = hoeffding()
    at = s(n=10, p=Rational(3, 10), t=Rational(1, 5))
    assert at.exact().failure == pytest.approx(float(stats.binom.sf(4, 10, 0.3)), rel=1e-12)  # X >= 5 exactly
    many = s.evaluate(("log_exact",), n=np.array([10, 10**6]), p=0.3, t=np.array([0.2, 0.01]))["log_exact"]
    assert many[0] == pytest.approx(float(stats.binom.logsf(4, 10, 0.3)), rel=1e-12)  # 0.3 + 0.2 is decided as 1/2
    assert bk.falsify(s).counterexample is None
    found = bk.falsify(hoeffding(3)).counterexample
    assert found is not None
    assert from_json(to_json(s)).truth == s.truth


@pytest.mark.parametrize("law", LAWS)
def test_how_a_law_prints_and_is_read_back(law: Any) -> None:
    parameters = ("n", "p", "k", "t")
    args = {1: (t, t), 2: (n, p, t), 3: (n, k, n, t)}[{2: 1, 3: 2, 4: 3}[next(iter(law.nargs))]]
    tail = law(*args)
    assert read_formula(formula_text(tail, parameters), parameters) == tail
    assert tail.event[2] == (">=" if "least" in law.__name__ else "<=")
    assert r"\Pr" in sympy.latex(tail)
    assert tail.rescaled(2).args[-1] == 2 * t


@pytest.mark.parametrize("cumulants", [binomial_at_least(5, Rational(1, 3), t), poisson_at_least(2, t)])
def test_cumulants_are_logs_of_means(cumulants: Any) -> None:
    theta = Rational(1, 3)
    value, finite = cumulants.cumulant(theta)
    name = type(cumulants).__name__.split("_")[0]
    parameters = tuple(map(float, cumulants.args[:-1]))
    x = np.arange(80.0)
    mean = np.sum(np.exp(FAST[name].logpmf(x, *parameters) + x / 3))
    assert finite == sympy.true
    assert float(value) == pytest.approx(float(np.log(mean)), rel=1e-12)


def test_chernoff_is_checked_for_a_binomial_and_only_for_whole_sizes() -> None:
    bound = exp(n * log(1 - p + p * exp(t)) - t * k)
    step = Step(binomial_at_least(n, p, k) <= bound, Chernoff(t))

    def proved(sizes: bk.Parameter) -> bool | None:
        s = bk.Statement(
            name="chernoff", place="Chernoff", doc="Chernoff's bound.",
            parameters=(sizes, bk.reals(p, "p", 0, 1), bk.reals(t, "theta", 0), bk.reals(k, "threshold", 0)),
            quantities=(bk.reals(X, "the successes"),), hypotheses=(), claims=(X < k,), failure=bound,
            truth=binomial_at_least(n, p, k),
            proof=_proof(step),
        )  # fmt: skip
        return check(s).holds

    assert proved(bk.integers(n, "trials")) is True
    assert proved(bk.reals(n, "trials", 1)) is not True


def _proof(step: Step) -> Any:
    positive = Step(1 - p + p * exp(t) > 0, NonnegativeSum(((1 - p,), (p, exp(t)))))
    hence = Step(X < k)
    return Proof(
        spends=(spend(binomial_at_least(n, p, k), {X: X}, because="X counts successes"),),
        steps=(positive, hence),
        budget=(step,),
    )


def test_a_point_outside_the_law_is_named() -> None:
    s = bk.Statement(
        name="wrong", place="Wrong", doc="d.", parameters=(bk.reals(t, "t", 0),),
        quantities=(bk.reals(X, "X"),), hypotheses=(), claims=(X < t,), failure=exp(-t),
        truth=binomial_at_least(10, t, 3),
    )  # fmt: skip
    with pytest.raises((LawError, HypothesisError), match="p must be in"):
        s(t=2).exact()
