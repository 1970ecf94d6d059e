"""All row sums at once: three samplers agree, the deterministic law against other routes, exact intervals."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betainc, betaincc, erf, gammaln
from support import examples

from boundkit.errors import ParameterError
from boundkit.laws import binomial, greatest_deviation, row_sum, row_sums

DRAWS = 20_000
# Kolmogorov-Smirnov distance that two samples of DRAWS of one law exceed with probability below 10^-7.
FARTHEST = np.sqrt(-np.log(1e-7 / 2) / 2) * np.sqrt(2 / DRAWS)
SURE = 1 - 1e-9  # each simulated comparison below fails by chance once in 10^9


def direct(n: int, m: int, rng: np.random.Generator) -> np.ndarray:
    V = rng.standard_normal((DRAWS, m, n))
    return np.einsum("tmn,tn->tm", V, V.sum(axis=1))


def bartlett(n: int, m: int, rng: np.random.Generator) -> np.ndarray:
    """V V^T = L L^T, L lower triangular: normals below the diagonal, roots of chi-squares on it."""
    L = np.tril(rng.standard_normal((DRAWS, m, m)), -1)
    for i in range(m):
        L[:, i, i] = np.sqrt(rng.chisquare(n - i, DRAWS))
    return np.einsum("tij,tj->ti", L, L.sum(axis=1))


def reduced(n: int, m: int, rng: np.random.Generator) -> np.ndarray:
    return row_sums.sample(n, m, DRAWS, rng)[0]


def distance(one: np.ndarray, other: np.ndarray) -> float:
    grid = np.sort(np.concatenate([one, other]))
    first, second = (np.searchsorted(np.sort(x), grid, side="right") / x.size for x in (one, other))
    return float(abs(first - second).max())


@pytest.mark.parametrize(("n", "m"), [(30, 4), (6, 5)])
def test_direct_bartlett_and_reduced_samplers_agree(n: int, m: int) -> None:
    """False alarms: 2 sizes, 3 pairs, 4 statistics at 10^-7 each, below 10^-5 in all."""
    rng = np.random.default_rng(7)
    samples = [sampler(n, m, rng) for sampler in (direct, bartlett, reduced)]
    for statistic in (lambda X: X.min(axis=1), lambda X: X[:, 0], lambda X: X.sum(axis=1), lambda X: X[:, 0] * X[:, 1]):
        for one, other in combinations(samples, 2):
            assert distance(statistic(one), statistic(other)) < FARTHEST


def test_a_forgotten_mean_is_caught() -> None:
    rng = np.random.default_rng(7)
    right = row_sums.sample(30, 4, DRAWS, rng)[0]
    R, g = rng.chisquare(30, DRAWS), rng.standard_normal((DRAWS, 4))
    assert distance((R[:, None] + np.sqrt(4 * R)[:, None] * g).min(axis=1), right.min(axis=1)) > FARTHEST


@pytest.mark.parametrize(
    ("c", "n", "m", "rho"),
    [
        (0.2, 50, 5, np.inf),
        (0.5, 50, 5, 1.1),
        (-0.2, 2, 3, np.inf),
        (1, 2, 3, 2),
        (0, 1, 2, np.inf),
        (0.4, 300, 40, 1.05),
        (-1, 7, 200, np.inf),
    ],
)
def test_the_joint_law_lies_in_the_interval_of_a_simulation(c: float, n: int, m: int, rho: float) -> None:
    X, R = row_sums.sample(n, m, 100_000, seed=3)
    seen = row_sums.clopper_pearson(int(((X.min(axis=1) >= c * n) & (rho**2 * n >= R)).sum()), 100_000, SURE)
    assert seen.low <= np.exp(row_sums.log_all_at_least(c, n, m, rho)) <= seen.high


@pytest.mark.parametrize(("c", "n"), [(0.3, 1), (0.9, 20), (-0.5, 3), (0, 600), (0.5, 600)])
def test_two_rows_against_quadrature(c: float, n: int) -> None:
    """m = 2: max(g_i - mean) = |g_1 - g_2|/2, so F_2 = erf."""

    def density(v: float) -> float:
        return float(np.exp(n / 2 * (v - np.expm1(v)) + n / 2 * np.log(n / 2) - n / 2 - gammaln(n / 2)))

    def integrand(v: float) -> float:
        t = np.sqrt(n / 2) * (np.exp(v / 2) - c * np.exp(-v / 2))
        return density(v) * erf(max(t, 0))

    low = np.log(c) if c > 0 else -80 / n - 1
    value = (
        quad(integrand, low, 0, epsabs=0, epsrel=1e-11, limit=500)[0]
        + quad(integrand, 0, np.log1p(60 / np.sqrt(n) + 60 / n), epsabs=0, epsrel=1e-11, limit=500)[0]
    )
    assert row_sums.log_all_at_least(c, n, 2) == pytest.approx(np.log(value), rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("t", [0.1, 0.5, 1.0, 2.5])
def test_the_greatest_deviation_obeys_nairs_recursion(t: float) -> None:
    """F_m(x) = m sqrt(m/(2 pi (m-1))) int_0^x e^(-m u^2/(2(m-1))) F_{m-1}(m u/(m-1)) du."""
    for m in (2, 3, 10, 1000):

        def integrand(u: float, m: int = m) -> float:
            before = greatest_deviation.log_below(np.array([m * u / (m - 1)]), m - 1)[0]
            return float(np.exp(-m * u * u / (2 * (m - 1)) + before))

        value = m * np.sqrt(m / (2 * np.pi * (m - 1))) * quad(integrand, 0, t, epsabs=0, epsrel=1e-11)[0]
        below = greatest_deviation.log_below(np.array([t]), m)[0]
        above = greatest_deviation.log_above(np.array([t]), m)[0]
        if value > 1e-300:
            assert below == pytest.approx(np.log(value), abs=1e-10, rel=1e-11)
        assert np.exp(below) + np.exp(above) == pytest.approx(1, abs=1e-13)


def test_one_row_is_chi_square() -> None:
    c = np.array([0.5, 0.9, 1.0, 1.5, 2.0])
    np.testing.assert_allclose(row_sums.log_some_below(c, 600, 1), row_sum.logcdf(c, 600, 1), rtol=1e-10)
    np.testing.assert_allclose(row_sums.log_all_at_least(c, 600, 1), row_sum.logsf(c, 600, 1), rtol=1e-10)


@pytest.mark.parametrize("n", [1, 39, 40, 41, 600, 10**6, 10**9])
def test_one_row_in_a_shell_is_a_difference_of_chi_square_laws(n: int) -> None:
    low, high = 1 - 0.5 / np.sqrt(n), 1 + 1.5 / np.sqrt(n)
    shell = np.exp(row_sum.logcdf(high, n, 1)) - np.exp(row_sum.logcdf(low, n, 1))
    assert np.exp(row_sums.log_all_at_least(low, n, 1, np.sqrt(high))) == pytest.approx(shell, rel=1e-10)


def test_a_failure_near_10_to_the_minus_11_is_seen_exactly() -> None:
    failure = np.exp(row_sums.log_some_below(1 / 8, 600, 10, np.sqrt(2)))
    one, radius = np.exp(row_sum.logcdf(1 / 8, 600, 10)), np.exp(row_sum.logsf(2, 600, 1))
    assert max(one, radius) < failure <= 10 * one + radius  # the union bound, nearly attained
    assert failure == pytest.approx(10 * one + radius, rel=1e-6)
    assert failure < 2.6e-11


@settings(max_examples=examples(25))
@example(-0.25, 1, 18, 1.0)  # one dimension: a long tail beside narrow features
@given(st.floats(-2, 2), st.integers(1, 10**5), st.integers(1, 500), st.floats(0.5, 3))
def test_both_sides_add_up_and_bounds_hold(c: float, n: int, m: int, rho: float) -> None:
    some, every = row_sums.log_some_below(c, n, m, rho), row_sums.log_all_at_least(c, n, m, rho)
    assert np.exp(some) + np.exp(every) == pytest.approx(1, abs=1e-10)
    free = row_sums.log_some_below(c, n, m)
    assert free <= some + 1e-9 * abs(some)
    assert rho**2 > c or every == -np.inf
    if m > 1:
        one = row_sum.logcdf(c, n, m)
        assert one - 1e-9 * abs(one) <= free <= one + np.log(m) + 1e-9 * abs(one)


@settings(max_examples=examples(20))
@given(st.integers(0, 30), st.integers(1, 30))
def test_clopper_pearson_ends_solve_the_binomial_equations(count: int, more: int) -> None:
    trials = count + more
    found = row_sums.clopper_pearson(count, trials, 0.9)

    def at_most(k: int, p: float) -> float:
        p = Fraction(p)
        return float(sum(comb(trials, j) * p**j * (1 - p) ** (trials - j) for j in range(k + 1)))

    assert at_most(count, found.high) == pytest.approx(0.05, rel=1e-9)
    if count:
        assert 1 - at_most(count - 1, found.low) == pytest.approx(0.05, rel=1e-9)
    else:
        assert found.low == 0


@pytest.mark.parametrize(("opposing", "c"), [(1, 2), (3, 1.5), (4, 1.2)])
def test_without_supporting_rows_the_mean_has_the_row_sum_law(opposing: int, c: float) -> None:
    """The mean of k rows of m is one row sum with m/k rows."""
    seen = row_sums.flip_failure(c, 40, 4, opposing, 0, 50_000, seed=5, confidence=SURE)
    assert seen.low <= np.exp(row_sum.logcdf(1 / c, 40, 4 / opposing)) <= seen.high


def test_supporting_rows_only_hurt() -> None:
    alone = row_sums.flip_margin(30, 6, 2, 0, 1000, seed=1)
    helped = row_sums.flip_margin(30, 6, 2, 4, 1000, seed=1)
    assert (helped <= alone).all()
    assert (helped < alone).any()


def test_draws_are_seeded_and_come_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (row_sums.sample(9, 3, 5, seed=2)[0] == row_sums.sample(9, 3, 5, seed=2)[0]).all()
    monkeypatch.setattr(row_sums, "LARGEST", 30)
    assert row_sums.flip_margin(9, 3, 1, 2, 25, seed=1).shape == (25,)


@pytest.mark.parametrize(
    ("law", "args", "message"),
    [
        (row_sums.log_all_at_least, (0.5, 10, 2.5), "m = 2.5: m a whole number"),
        (row_sums.log_all_at_least, (0.5, -1, 2), "n = -1.0"),
        (row_sums.log_some_below, (0.5, 10, 2, 0), "rho = 0.0"),
        (row_sums.log_some_below, (np.nan, 10, 2), "c = nan"),
        (row_sums.sample, (10, 0, 5, 1), "m = 0"),
        (row_sums.sample, (0, 2, 5, 1), "n = 0"),
        (row_sums.flip_margin, (10, 3, 2, 2, 5, 1), "opposing \\+ supporting = 4"),
        (row_sums.flip_failure, (0, 10, 3, 1, 2, 5, 1), "c = 0: c > 0"),
        (row_sums.clopper_pearson, (5, 3), "count = 5, trials = 3"),
    ],
)
def test_bad_values_are_named_with_the_rule(law: Any, args: tuple, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        law(*args)


def test_nan_in_an_array_stays_where_it_is() -> None:
    found = row_sums.log_some_below([0.5, np.nan], 10, 2)
    assert np.isnan(found).tolist() == [False, True]
    assert type(row_sums.log_all_at_least(0.5, 10, 2)) is float


def test_the_binomial_interval_covers_at_every_count() -> None:
    """As many failures at the lower end, and as few at the upper one, have half the error as chance, within 10^-5."""
    rng = np.random.default_rng(61)
    for _ in range(2000):
        trials, error = float(round(10 ** rng.uniform(0, 9))), 10 ** rng.uniform(-12, -0.1)
        few = min(trials, round(10 ** rng.uniform(0, 6)))
        count = float(rng.choice((0, 1, trials, round(trials * rng.random() * 0.999), few)))
        low, high = binomial.clopper_pearson(count, trials, error)
        assert 0 <= low <= count / trials <= high <= 1
        if count > 0:
            assert betainc(count, trials - count + 1, low) <= error / 2 * (1 + 1e-5)
        if count < trials:
            assert betaincc(count + 1, trials - count, high) <= error / 2 * (1 + 1e-5)
    assert binomial.clopper_pearson(0, 0) == (0, 1)


@pytest.mark.parametrize("args", [(5, 3), (-1, 3), (np.nan, 3), (1, np.inf), (1, 1e12), (1, 3, 0), (1, 3, 1)])
def test_what_has_no_binomial_interval_is_refused(args: tuple) -> None:
    with pytest.raises(ParameterError, match="check their order"):
        binomial.clopper_pearson(*args)
