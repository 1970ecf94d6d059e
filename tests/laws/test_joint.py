"""The joint law of the row sums for m to 10^9, by identities that hold for every m, and by dense quadrature for two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import Any

from laws.domains import Point, dimension, log_uniform
import mpmath
import numpy as np
import pytest
from scipy.special import erf, erfc, log_ndtr

from boundkit.errors import PrecisionError
from boundkit.laws import chi_square, greatest_deviation, radius, row_sum, row_sums


@pytest.mark.parametrize("m", [1, 2, 3, 10, 1000, 10**4, 10**6, 10**9])
def test_all_row_sums_of_numbers_have_one_sign(m: int) -> None:
    """n = 1, c = 0: X_i = v_i (v_1 + ... + v_m) >= 0 for all i means that all signs agree."""
    assert row_sums.log_all_at_least(0, 1, m) == pytest.approx((1 - m) * np.log(2), rel=1e-14)
    if m > 2:
        assert row_sums.log_some_below(0, 1, m) == pytest.approx(np.log1p(-(2.0 ** (1 - m))), rel=1e-12)


def test_the_joint_law_where_it_was_lost() -> None:
    assert row_sums.log_some_below(0.5, 600, 10**6) == 0
    some, every = row_sums.log_some_below(0.5, 600, 100), row_sums.log_all_at_least(0.5, 600, 100)
    assert some == pytest.approx(np.log1p(-np.exp(every)))


def check_smoothing(seed: int, count: int) -> None:
    """max(g_i) = max(g_i - mean) + mean, the two parts independent: E F_m(s - mean) = P[all g_i <= s] = Phi(s)^m."""
    rng = np.random.default_rng(seed)
    x, weights = np.polynomial.legendre.leggauss(30)
    for _ in range(count):
        m, s = float(max(2, round(log_uniform(rng, 0.3, 9)))), rng.uniform(-6, 8)

        def log_sum(law: Callable[..., Any], m: float = m, s: float = s) -> float:
            @np.errstate(all="ignore")
            def log_terms(t: Any) -> Any:
                return law(t, m) - m * (s - t) ** 2 / 2 + np.log(m / (2 * np.pi)) / 2

            t = np.concatenate([[0], np.geomspace(1e-9, max(s, 0) + 3 + 12 / np.sqrt(m), 2000)])
            for _ in range(12):
                values = log_terms(t)
                seen = np.flatnonzero(values > values.max() - 50)
                low, high = t[max(seen[0] - 1, 0)], t[min(seen[-1] + 1, t.size - 1)]
                if seen.size > 25:
                    break
                t = np.linspace(low, high, 101)
            width = (high - low) / 12
            values = log_terms((low + width * (np.arange(12)[:, None] + (x + 1) / 2)).ravel())
            return float(
                values.max() + np.log((np.tile(weights, 12) * np.exp(values - values.max())).sum() * width / 2)
            )

        truth = m * log_ndtr(s)
        assert abs(log_sum(greatest_deviation.log_below) - truth) <= 1e-11 + 1e-13 * abs(truth), (m, s)
        if s > 0 and truth > -1:  # the mean alone exceeds s, or some deviation does
            above = np.logaddexp(log_sum(greatest_deviation.log_above), log_ndtr(-s * np.sqrt(m)))
            assert above == pytest.approx(np.log(-np.expm1(truth)), abs=1e-11), (m, s)


def test_the_greatest_deviation_smoothed_is_the_greatest_normal() -> None:
    check_smoothing(52, 25)


@pytest.mark.slow
def test_the_greatest_deviation_smoothed_on_thousands_of_points() -> None:
    check_smoothing(53, 3000)


def test_the_greatest_deviation_of_two_is_erf() -> None:
    t = np.concatenate([10.0 ** np.arange(-300, 0, 7), [0.1, 0.5, 1, 3, 5, 5.5, 20, 39]])
    with np.errstate(all="ignore"):
        below, above = greatest_deviation.log_below(t, 2), greatest_deviation.log_above(t[t < 25], 2)
    np.testing.assert_allclose(below, np.log(erf(t)), rtol=1e-13, atol=5e-14)
    np.testing.assert_allclose(above, np.log(erfc(t[t < 25])), rtol=1e-13, atol=5e-14)


def joint_points(seed: int) -> Iterator[Point]:
    rng = np.random.default_rng(seed)
    while True:
        n, m = dimension(rng, -1.2, 9), float(max(1, round(log_uniform(rng, 0, 9))))
        c = (
            0.0,
            1.0,
            1 - log_uniform(rng, -4, 2) * np.sqrt(2 * m / n),
            rng.choice((-1, 1)) * log_uniform(rng, -6, 4),
            rng.uniform(-2, 2),
        )[rng.integers(5)]
        near = max(1 + log_uniform(rng, -2, 1.3) * np.sqrt(2 / n) * rng.choice((-1, 1)), 1e-3)
        yield float(np.clip(c, -1e9, 1e9)), n, m, float(inf if rng.random() < 0.5 else np.sqrt(near))


def check_joint(seed: int, count: int) -> None:
    """One row below is less likely than some, some less than all the single ones together; both sides make one."""
    points = joint_points(seed)
    for _ in range(count):
        c, n, m, rho = point = next(points)
        every, some = row_sums.log_all_at_least(*point), row_sums.log_some_below(*point)
        assert np.exp(every) + np.exp(some) == pytest.approx(1, abs=1e-10), point
        one = row_sum.logcdf(c, n, m)
        radius = chi_square.logsf_ratio(rho**2, n) if rho < inf else -inf
        slack = 1e-9 + 1e-11 * abs(some) if some > -inf else 0.0
        assert max(one, radius) - slack <= some <= np.logaddexp(one + np.log(m), radius) + slack, point
        below = chi_square.logcdf_ratio(max(c, 0), n)
        shell = 1 - np.exp(radius) - np.exp(below)  # P[c n <= R <= rho^2 n], which every row needs
        assert np.exp(every) <= max(shell, 0) + 1e-9, point
        assert every == -inf or every <= row_sum.logsf(c, n, m) + 1e-9 + 1e-11 * abs(every), point


def test_the_joint_law_keeps_its_bounds_everywhere() -> None:
    check_joint(54, 40)


@pytest.mark.slow
def test_the_joint_law_keeps_its_bounds_on_thousands_of_points() -> None:
    check_joint(55, 3000)


def check_two_rows(seed: int, count: int) -> None:
    """m = 2: F_2 = erf, and the mean over the radius by 40,000 Gauss nodes on the whole range that matters."""
    points = joint_points(seed)
    x, weights = np.polynomial.legendre.leggauss(20)
    for _ in range(count):
        c, n, _, rho = next(points)

        def log_terms(v: Any, c: float = c, n: float = n) -> Any:
            with np.errstate(all="ignore"):
                t = np.sqrt(n / 2) * (np.exp(v / 2) - c * np.exp(-v / 2))
                if c > 0:
                    t = np.sqrt(2 * n * c) * np.sinh((v - np.log(c)) / 2)
                series = v * v / 2 * (1 + v / 3 * (1 + v / 4 * (1 + v / 5 * (1 + v / 6))))
                gap = np.where(np.abs(v) < 1e-2, series, np.expm1(v) - v)
                return -n / 2 * gap + np.log(erf(np.maximum(t, 0)))

        low, high = np.log(c) if c > 0 else -inf, 2 * np.log(rho)
        if low >= high:
            assert row_sums.log_all_at_least(c, n, 2, rho) == -inf
            continue
        reach = 90 / n
        first, last = max(low, -reach - np.sqrt(2 * reach)), min(high, np.log1p(reach + np.sqrt(2 * reach)))
        if first >= last:
            first, last = (low, min(high, low + 1)) if low >= last else (high - 1, high)
        top = log_terms(np.linspace(first, last, 2001)).max()
        reach = 2 * (50 - top) / n
        first, last = max(low, -reach - np.sqrt(2 * reach)), min(high, np.log1p(reach + np.sqrt(2 * reach)))
        for _ in range(12):
            v = np.linspace(first, last, 1501)
            values = log_terms(v)
            seen = np.flatnonzero(values > values.max() - 50)
            first, last = v[max(seen[0] - 1, 0)], v[min(seen[-1] + 1, 1500)]
            if seen.size > 400:
                break
        width = (last - first) / 2000
        values = log_terms((first + width * (np.arange(2000)[:, None] + (x + 1) / 2)).ravel())
        with mpmath.workdps(40):
            s = mpmath.mpf(n) / 2
            density = float(s * mpmath.log(s) - s - mpmath.loggamma(s))
        truth = (
            values.max() + np.log((np.tile(weights, 2000) * np.exp(values - values.max())).sum() * width / 2) + density
        )
        got = row_sums.log_all_at_least(c, n, 2, rho)
        assert abs(got - truth) <= 1e-9 + 1e-12 * abs(truth), (c, n, rho, got, truth)


def test_two_rows_everywhere() -> None:
    check_two_rows(56, 60)


@pytest.mark.slow
def test_two_rows_on_thousands_of_points() -> None:
    check_two_rows(57, 5000)


def test_a_range_that_is_cut_too_short_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    reach = radius._reach
    monkeypatch.setattr(radius, "_reach", lambda n, top: reach(n, 0.0))
    with pytest.raises((AssertionError, PrecisionError)):
        test_all_row_sums_of_numbers_have_one_sign(1000)
