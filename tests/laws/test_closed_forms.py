"""Closed forms against the laws they bound, against counting, and against simulation."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples

from boundkit.errors import ParameterError
from boundkit.laws import closed_forms as cf
from boundkit.laws import row_sum, row_sums


@settings(max_examples=examples(60))
@given(st.floats(0, 0.99), st.integers(1, 10**6), st.floats(1.01, 1e4))
def test_bounds_are_above_the_exact_laws(tau: float, n: int, m: float) -> None:
    assert row_sum.log_below_zero(n, m) <= cf.log_below_zero_bound(n, m)
    assert row_sum.logcdf(tau, n, m) <= cf.log_row_sum_bound(tau, n, m) + 1e-9


def test_chernoff_is_the_least_over_theta() -> None:
    theta = np.linspace(1e-4, 0.2, 200_000)
    grid = 600 * (theta / 8 - np.log1p(2 * theta - 9 * theta**2) / 2)
    assert cf.log_row_sum_bound(1 / 8, 600, 10) == pytest.approx(grid.min(), rel=1e-8)


def test_wendel_on_a_line_and_in_the_plane() -> None:
    assert cf.wendel_probability(5, 1) == Fraction(2, 32)
    assert cf.wendel_probability(5, 2) == Fraction(5, 16)  # m points on a circle lie in a half: m/2^(m-1)
    assert cf.wendel_probability(7, 7) == 1
    for m, n in product(range(1, 9), range(1, 9)):  # duality of the count
        if n < m:
            assert cf.wendel_probability(m, n) + cf.wendel_probability(m, m - n) == 1


def test_wendel_in_space_by_simulation() -> None:
    """0 is in a simplex of n + 1 points iff the one dependence has one sign. False alarm: 10^-9."""
    rng = np.random.default_rng(4)
    V = rng.standard_normal((40_000, 4, 3))
    weights = np.linalg.svd(V.transpose(0, 2, 1))[2][:, -1]
    outside = ~((weights > 0).all(axis=1) | (weights < 0).all(axis=1))
    seen = row_sums.clopper_pearson(int(outside.sum()), 40_000, 1 - 1e-9)
    assert seen.low <= float(cf.wendel_probability(4, 3)) <= seen.high


def test_length_of_the_universal_flip_by_simulation() -> None:
    """|V^T (V V^T)^-1 1| is sqrt m/chi. False alarm: 10^-9."""
    rng = np.random.default_rng(6)
    n, m, length = 12, 4, 0.45
    V = rng.standard_normal((20_000, m, n))
    gram = V @ V.transpose(0, 2, 1)
    squared = np.linalg.solve(gram, np.ones((20_000, m, 1)))[..., 0].sum(axis=1)
    seen = row_sums.clopper_pearson(int((np.sqrt(squared / m) > length).sum()), 20_000, 1 - 1e-9)
    assert seen.low <= np.exp(cf.log_perturbation_longer(length, n, m)) <= seen.high


def test_radius_tails_bound_what_they_say() -> None:
    """At one x0 with all neurons active, no z shorter than N/(b |sum u_i w_i|) flips: a Lipschitz count from below."""
    rng = np.random.default_rng(8)
    n, m, q = 30, 6, 4
    W = rng.standard_normal((20_000, q, n))
    patterns = np.array(list(product((0, 1), repeat=q)))
    signs = np.where(np.arange(q) % 2, 1, -1)
    steepest = np.linalg.norm(np.einsum("pq,tqn->tpn", patterns * signs, W), axis=2).max(axis=1) / np.sqrt(m)
    for r in (1 / 5.5, 1 / 6.5, 1 / 8):
        seen = row_sums.clopper_pearson(int((1 / steepest < r).sum()), 20_000, 1 - 1e-9)
        assert seen.low <= np.exp(cf.log_radius_tail_at(r, n, m, q))
        assert cf.log_radius_tail_at(r, n, m, m) == pytest.approx(cf.log_radius_tail(r, n, m))
        assert cf.log_radius_tail(r, n, m) <= cf.log_radius_tail_by_norm(r, n, m)


@pytest.mark.parametrize(
    ("law", "args", "message"),
    [
        (cf.wendel_probability, (0, 3), "vectors = 0"),
        (cf.wendel_probability, (3, 2.5), "dimension = 2.5"),
        (cf.log_row_sum_bound, (1, 5, 2), "tau = 1.0"),
        (cf.log_below_zero_bound, (5, 0.9), "m = 0.9"),
        (cf.log_perturbation_longer, (1, 3, 4), "n - rows"),
        (cf.log_radius_tail, (0, 3, 4), "r = 0.0"),
    ],
)
def test_bad_values_are_named_with_the_rule(law: Any, args: tuple, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        law(*args)
