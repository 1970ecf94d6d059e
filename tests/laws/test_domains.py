"""The laws over the whole domain that they state: log-uniform, edges, subnormals, neighbours; seeded, with counts.

The fast laws are held to balls. What was found stands in `docs/laws_chi_square.md` and `docs/laws_family.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import inf, nextafter
from typing import Any

from flint import arb, ctx
from laws.domains import Point, dimension, log_uniform, ulps, worst
import numpy as np
import pytest

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws import balls, chi_square, closed_forms, inner_product, row_sum, row_sums


def moved(x: float, steps: int) -> float:
    for _ in range(abs(steps)):
        x = nextafter(x, inf if steps > 0 else 0)
    return x


def chi_squares(seed: int) -> Iterator[Point]:
    """x and df: anywhere, around the mean and within ulps of it, among subnormals, near the largest double."""
    rng = np.random.default_rng(seed)
    while True:
        df = log_uniform(rng, -6, 15) if rng.random() < 0.8 else float(rng.integers(1, 2000))
        yield (
            (log_uniform(rng, -323.5, 308.2), df),
            (df * max(1 + rng.standard_normal() * log_uniform(rng, -8, 2) * np.sqrt(2 / df), 1e-300), df),
            (df * log_uniform(rng, -3, 3), df),
            (moved(df, rng.integers(-40, 40)), df),
            (5e-324 * rng.integers(1, 10**6), df),
            (log_uniform(rng, 300, 308.2), df),
        )[rng.integers(6)]


def row_sum_points(seed: int, low: float, high: float) -> Iterator[Point]:
    """c, n, m: near the mean, near zero and far out; m - 1 from 10^-15 to 10^15."""
    rng = np.random.default_rng(seed)
    while True:
        n, m = dimension(rng, low, high), 1 + log_uniform(rng, *((-3, 9) if rng.random() < 0.8 else (-15, 14.9)))
        near = 1 + rng.choice((-1, 1)) * log_uniform(rng, -3, 2) * np.sqrt((m + 1) / n)
        yield float(near if rng.random() < 0.8 else rng.choice((-1, 1)) * log_uniform(rng, -5, 5)), n, m


def inner_product_points(seed: int, low: float, high: float) -> Iterator[Point]:
    rng = np.random.default_rng(seed)
    while True:
        n = dimension(rng, low, high)
        yield float(log_uniform(rng, -3, 2.5) * np.sqrt(n)) if rng.random() < 0.7 else log_uniform(rng, -300, 8), n


def correlated_points(seed: int, low: float, high: float) -> Iterator[Point]:
    """s, n, r: s around the mean, r near 0 and near 1 too."""
    rng = np.random.default_rng(seed)
    while True:
        n = dimension(rng, low, high)
        r = (rng.random(), 1 - log_uniform(rng, -16, 0), log_uniform(rng, -16, 0))[rng.integers(3)]
        s = r * n + rng.choice((-1, 1)) * log_uniform(rng, -3, 2) * np.sqrt(n * (1 + r * r))
        yield float(abs(s)), n, float(r * rng.choice((-1, 1)))


def ratio(ball: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, df: ball(x / df, df)


CHI_SQUARES = {
    "cdf": (chi_square.logcdf, ratio(balls.chi_square_log_at_most)),
    "sf": (chi_square.logsf, ratio(balls.chi_square_log_at_least)),
    "cdf by ratio": (lambda x, df: chi_square.logcdf_ratio(x, df), balls.chi_square_log_at_most),
    "sf by ratio": (lambda x, df: chi_square.logsf_ratio(x, df), balls.chi_square_log_at_least),
}
ROW_SUMS = {
    "lower": (row_sum.logcdf, balls.row_sum_log_at_most),
    "upper": (row_sum.logsf, balls.row_sum_log_at_least),
}


def check_chi_square(side: str, seed: int, count: int) -> None:
    error, point = worst(*CHI_SQUARES[side], chi_squares(seed), count)
    assert error <= 16, point


@pytest.mark.parametrize("side", CHI_SQUARES)
def test_chi_square_everywhere(side: str) -> None:
    check_chi_square(side, 40, 1500)


@pytest.mark.slow
@pytest.mark.parametrize("side", CHI_SQUARES)
def test_chi_square_everywhere_on_ten_thousand_points(side: str) -> None:
    check_chi_square(side, 41, 10_000)


def test_chi_square_at_the_points_that_were_wrong() -> None:
    cases = [
        (chi_square.logcdf, 523635006.6755466, 523635006.67554665),
        (chi_square.logcdf, 5e-324, 7),
        (chi_square.logsf, 5e-324, 1e-6),
        (chi_square.logsf, 1e-300, 1.5),
        (chi_square.logcdf, 1e-310, 1e15),
    ]
    for law, x, df in cases:
        ball = CHI_SQUARES["cdf" if law is chi_square.logcdf else "sf"][1]
        assert ulps(law(x, df), ball(Fraction(x), Fraction(df))) <= 8, (x, df)
    assert chi_square.logsf(1e308, [0.5, 1e15]).tolist() == [-5e307, -5e307]


def check_density(seed: int, count: int) -> None:
    points = chi_squares(seed)
    x, df = np.array([next(points) for _ in range(count)]).T
    with ctx.workprec(400):
        for value, u, n in zip(chi_square.logpdf(x, df), x, df, strict=True):
            s, half = arb(float(n)) / 2, arb(float(u)) / 2
            truth = (s - 1) * half.log() - half - s.lgamma() - arb(2).log()
            assert abs(arb(float(value)) - truth) <= 4e-16 * (abs(float(truth)) + abs(np.log(u)) + 4), (u, n)


def test_density_everywhere() -> None:
    check_density(42, 1500)


@pytest.mark.slow
def test_density_everywhere_on_ten_thousand_points() -> None:
    check_density(43, 10_000)


def log_probabilities(seed: int, count: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    df, kind = 10 ** rng.uniform(-6, 15, count), rng.integers(4, size=count)
    sizes = [
        10 ** rng.uniform(-323, 308, count),
        10 ** rng.uniform(-3, 3, count),
        df * 10 ** rng.uniform(-6, 3, count),
        10 ** rng.uniform(-1, 6, count),
    ]
    return -np.choose(kind, sizes), df


@pytest.mark.parametrize("sign", [1, -1])
def test_quantiles_everywhere(sign: int) -> None:
    """The tail at x moved up and down by a few ulp, times 1 + |log(x/df)|, lies on both sides of log_p."""
    log_p, df = log_probabilities(44, 8000)
    law, quantile = ((chi_square.logcdf, chi_square.ppf_log), (chi_square.logsf, chi_square.isf_log))[sign < 0]
    x = quantile(log_p, df)
    step = 8e-16 * (1 + np.abs(np.log(np.maximum(x, 5e-324)) - np.log(df)))
    with np.errstate(over="ignore"):
        low, high = law(np.maximum(x * (1 - step) - 5e-324, 0), df), law(x * (1 + step) + 5e-324, df)
    slack = 2e-15 * np.abs(log_p)
    wrong = (sign * (low - log_p) > slack) | (sign * (log_p - high) > slack)
    assert not wrong.any(), (log_p[wrong][0], df[wrong][0], x[wrong][0])


def test_brackets_everywhere() -> None:
    for log_p, df in zip(*log_probabilities(45, 60), strict=True):
        for quantile, bracket in (
            (chi_square.ppf_log, chi_square.ppf_log_bracket),
            (chi_square.isf_log, chi_square.isf_log_bracket),
        ):
            x = quantile(log_p, df)
            lo, hi = bracket(log_p, df)
            wide = 4e-15 * (1 + abs(np.log(max(x, 5e-324)) - np.log(df))) * x
            assert lo <= x <= hi, (log_p, df)
            assert x == inf or hi - lo <= wide + 1e-323, (log_p, df)


def test_quantiles_at_the_points_that_were_wrong() -> None:
    assert chi_square.isf_log(-1e17, 1) == pytest.approx(2e17, rel=1e-15)
    assert chi_square.isf_log([-1e300, -1.7e308], [1e-6, 1e15]).tolist() == [2e300, inf]
    assert chi_square.ppf_log(-1e5, 1) == 0
    assert chi_square.ppf_log(-1e300, 1e15) == 0


RANGES = {"small": (-1.2, 1.68, 16), "large": (1.69, 6, 120), "huge": (6, 15, 120)}  # of log10 n; how many points


@pytest.mark.parametrize("size", RANGES)
@pytest.mark.parametrize("side", ROW_SUMS)
def test_row_sums_on_both_sides_everywhere(side: str, size: str) -> None:
    low, high, count = RANGES[size]
    error, point = worst(*ROW_SUMS[side], row_sum_points(46, low, high), count)
    assert error <= (32 if low < 0 else 16), point


@pytest.mark.slow
@pytest.mark.parametrize(("low", "high", "count"), [(0, 1.68, 500), (1.69, 6, 5000), (6, 15, 2000)])
@pytest.mark.parametrize("side", ROW_SUMS)
def test_row_sums_on_both_sides_on_thousands_of_points(side: str, low: float, high: float, count: int) -> None:
    error, point = worst(*ROW_SUMS[side], row_sum_points(47, low, high), count)
    assert error <= 16, point


@pytest.mark.parametrize("size", ["large", "huge"])
def test_inner_products_everywhere(size: str) -> None:
    low, high, count = RANGES[size]
    points = inner_product_points(48, low, high)
    error, point = worst(inner_product.logsf_abs, balls.inner_product_log_at_least, points, count // 3)
    assert error <= 16, point


def check_correlated(seed: int, low: float, high: float, count: int) -> None:
    points = correlated_points(seed, low, high)
    for _ in range(count):
        point = next(points)
        try:
            truth = balls.correlated_inner_product_log_at_least(*map(Fraction, point))
        except PrecisionError:
            continue
        got = inner_product.logsf_abs(*point)
        assert ulps(got, truth) <= 16 if truth < -0.5 else abs(got - float(truth)) <= 1e-15, point


@pytest.mark.parametrize("size", ["large", "huge"])
def test_correlated_inner_products_everywhere(size: str) -> None:
    low, high, count = RANGES[size]
    check_correlated(49, low, high, count)


@pytest.mark.slow
def test_inner_products_on_thousands_of_points() -> None:
    error, point = worst(
        inner_product.logsf_abs, balls.inner_product_log_at_least, inner_product_points(50, 1.69, 15), 5000
    )
    assert error <= 16, point
    check_correlated(51, 1.69, 15, 5000)


def test_thresholds_near_the_largest_double_keep_their_logs() -> None:
    """log P falls like -theta q, theta the zero of 1 - 2 theta - (m - 1) theta^2."""
    m = np.array([1.5, 3, 1e6, 1e15])
    theta = 1 / (1 + np.sqrt(m))
    for c in (1e292, 1e300, 1e306):
        np.testing.assert_allclose(row_sum.logsf(c, 7, m), -theta * 7 * c, rtol=1e-15)
        np.testing.assert_allclose(row_sum.logcdf(-c, 7, m), -7 * c / (np.sqrt(m) - 1), rtol=2e-15)
    s = np.array([1e289, 1e300, 1e308])
    np.testing.assert_allclose(inner_product.logsf_abs(s, 600), -s, rtol=1e-15)
    np.testing.assert_allclose(inner_product.logsf_abs(1e308, 600, [0.5, -1]), [-1e308 / 1.5, -5e307], rtol=1e-15)


@pytest.mark.parametrize(
    ("law", "args"),
    [
        (inner_product.logsf_abs, (1, 1e-20)),
        (row_sum.logcdf, (-1, 1e-50, 3)),
        (row_sum.logsf, (1, 2e15, 3)),
        (row_sum.logcdf, (1, 5, 1e16)),
        (row_sums.log_all_at_least, (0, 1e10, 3)),
        (row_sums.log_some_below, (1e10, 3, 3)),
        (row_sums.log_some_below, (0.5, 600, 1e10)),
        (chi_square.logcdf, (1, 1e16)),
        (closed_forms.log_perturbation_longer, (1, 10, 11 - 1e-9)),
    ],
)
def test_what_was_never_measured_is_refused(law: Callable[..., Any], args: Point) -> None:
    with pytest.raises(ParameterError, match="needed"):
        law(*args)
