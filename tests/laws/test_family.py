"""The inner product and row sums on arrays: against certified values, against each other, and bad input."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from laws.accuracy import LAWS, ulps
import numpy as np
import pytest
from support import examples

from boundkit.errors import ParameterError
from boundkit.laws import family, inner_product, row_sum

FAST = {
    "inner product": inner_product.logsf_abs,
    "row sum, lower": row_sum.logcdf,
    "row sum, upper": row_sum.logsf,
    "correlated": inner_product.logsf_abs,
}
ULPS = 32
dimensions = st.one_of(st.integers(1, 200), st.integers(1, 10**6))
rows = st.floats(1.001, 1e4)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_within_32_ulp_of_certified_values(law: str) -> None:
    points, ball = LAWS[law]
    assert max(ulps(FAST[law], ball, points(20), 150)) <= ULPS


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_within_32_ulp_of_many_certified_values(law: str) -> None:
    points, ball = LAWS[law]
    assert max(ulps(FAST[law], ball, points(21), 3000)) <= ULPS


def test_a_mistake_in_a_coefficient_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = family._odd_series
    monkeypatch.setattr(family, "_odd_series", lambda square, terms: right(square, terms) + 1e-9 * square)
    points, ball = LAWS["row sum, lower"]
    assert max(ulps(row_sum.logcdf, ball, points(20), 40)) > ULPS


def test_a_forgotten_pole_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family, "_pole", lambda distance, *_: np.zeros_like(distance))
    points, ball = LAWS["inner product"]
    assert max(ulps(inner_product.logsf_abs, ball, points(20), 40)) > 10**6


def test_canaries() -> None:
    assert np.exp(row_sum.logcdf(0.5, 600, 1)) == pytest.approx(3.130415126e-27, rel=1e-9)
    assert np.exp(row_sum.log_below_zero(600, 10)) == pytest.approx(9.509e-16, rel=1e-4)
    failure = (
        9 * np.exp(row_sum.log_below_zero(600, 10))
        + np.exp(row_sum.logcdf(1 / 8, 600, 10))
        + np.exp(row_sum.logsf(2, 600, 1))
    )
    assert failure == pytest.approx(2.5659e-12, rel=1e-4)


@settings(max_examples=examples(60))
@given(st.floats(0, 1e4), st.floats(1e-6, 10), dimensions)
def test_a_further_threshold_is_less_likely(s: float, more: float, n: int) -> None:
    tails = inner_product.logsf_abs([s, s + more], n)
    assert tails[1] <= tails[0] + 1e-14 * abs(tails[0])
    assert tails[0] <= 0


@settings(max_examples=examples(60))
@given(st.floats(0.1, 1e4), dimensions)
def test_more_coordinates_spread_the_inner_product(s: float, n: int) -> None:
    fewer, more = inner_product.logsf_abs(s, [n, n + 1])
    assert fewer <= more + 1e-13 * abs(fewer)


@settings(max_examples=examples(60))
@given(st.floats(-50, 50), dimensions, rows)
def test_both_tails_add_up_to_one(c: float, n: int, m: float) -> None:
    assert np.exp(row_sum.logcdf(c, n, m)) + np.exp(row_sum.logsf(c, n, m)) == pytest.approx(1, abs=1e-14)


@settings(max_examples=examples(60))
@given(st.floats(0, 5), dimensions, st.floats(1.001, 1e4))
def test_a_row_sum_is_a_scaled_inner_product(distance: float, n: int, m: float) -> None:
    """X/sqrt m has the law of <a, b> at correlation 1/sqrt m."""
    r = 1 / np.sqrt(m)
    s = r * n + distance * np.sqrt(n)
    c = s * np.sqrt(m) / n
    both = np.logaddexp(row_sum.logsf(c, n, m), row_sum.logcdf(-c, n, m))
    assert inner_product.logsf_abs(s, n, r) == pytest.approx(both, rel=1e-9)  # c and r are rounded


@settings(max_examples=examples(60))
@given(st.floats(0, 1e4), dimensions, st.floats(-1, 1))
def test_the_sign_of_a_correlation_does_not_matter(s: float, n: int, r: float) -> None:
    assert inner_product.logsf_abs(s, n, r) == inner_product.logsf_abs(s, n, -r)


def test_tiny_thresholds_keep_their_digits() -> None:
    """P[|<a, b>| < s] is nearly twice the density at 0 times s; two coordinates: 1 - e^-s exactly."""
    s = np.array([1e-300, 1e-100, 1e-12, 1e-3, 0.3, 0.7, 2, 50])
    np.testing.assert_allclose(inner_product.logsf_abs(s, 2), -s, rtol=4e-15)


def test_shapes_scalars_and_nan() -> None:
    assert type(inner_product.logsf_abs(3, 5)) is float
    assert type(row_sum.logcdf(0.5, 5, 2)) is float
    assert row_sum.logcdf(np.zeros((3, 1)), np.ones(4), 2).shape == (3, 4)
    assert inner_product.logsf_abs(np.empty((0, 2)), 5).shape == (0, 2)
    assert np.isnan(inner_product.logsf_abs([1, np.nan, 2], 5)).tolist() == [False, True, False]
    n = np.array([2.0, 99, 100, 10**6])
    alone = [row_sum.logcdf(0.9, x, 3) for x in n]
    np.testing.assert_allclose(row_sum.logcdf(0.9, np.tile(n, 3000), 3), np.tile(alone, 3000), rtol=2e-15)


def test_the_ends() -> None:
    assert inner_product.logsf_abs(0, 7) == 0
    assert inner_product.logsf_abs(np.inf, 7) == -np.inf
    assert row_sum.logcdf([-1, 0], 7, 1).tolist() == [-np.inf, -np.inf]
    assert row_sum.logcdf([-np.inf, np.inf], 7, 3).tolist() == [-np.inf, 0]
    assert row_sum.logsf([-1, 0], 7, 1).tolist() == [0, 0]
    assert np.isfinite(row_sum.logcdf([1e-3, -10, 0.99999], [10**9, 10**9, 10**9], [1, 10**4, 1.5])).all()


@pytest.mark.parametrize(
    ("law", "args", "message"),
    [
        (inner_product.logsf_abs, (-1, 5), r"s = -1.0: s >= 0"),
        (inner_product.logsf_abs, ([1, -2], 5), r"s\[1\] = -2.0"),
        (inner_product.logsf_abs, (1, 0), "n = 0.0: n > 0"),
        (inner_product.logsf_abs, (1, np.nan), "n = nan"),
        (inner_product.logsf_abs, (1, 5, 1.5), r"r = 1.5: r in \[-1, 1\]"),
        (inner_product.logsf_abs, ("a", 5), "real numbers are needed"),
        (row_sum.logcdf, (np.nan, 5, 2), "c = nan"),
        (row_sum.logcdf, (1, 5, 0.5), "m = 0.5: m >= 1"),
        (row_sum.logsf, (1, [5, 0], 2), r"n\[1\] = 0.0"),
        (row_sum.log_below_zero, (5, np.inf), "m = inf"),
        (row_sum.logcdf, (np.ones(2), np.ones(3), 2), "shapes that broadcast"),
    ],
)
def test_bad_values_are_named_with_the_rule(law: Any, args: tuple, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        law(*args)
