"""The elementary bounds to the edges of their domains, against mpmath, and the law of a length against balls."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from laws.domains import Point, dimension, log_uniform, worst
import mpmath
import numpy as np
import pytest

from boundkit.laws import balls, closed_forms


def close(got: float, truth: Any) -> bool:
    near = float(truth)
    return bool(abs(mpmath.mpf(float(got)) - truth) <= 16 * np.spacing(abs(near)))


def check_bounds(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    with mpmath.workdps(60):
        for _ in range(count):
            n, m = dimension(rng, -1.2, 15), 1 + log_uniform(rng, -15.6, 14.9)
            q = float(rng.choice((m, 1, min(m, 1 + log_uniform(rng, -3, 10)))))
            tau = float(
                min(
                    rng.choice((1 - log_uniform(rng, -15.9, 0), log_uniform(rng, -300, -0.1), rng.random())), 1 - 2**-53
                )
            )
            N, M, Q, T = map(mpmath.mpf, (n, m, q, tau))
            v = M - 1
            assert close(closed_forms.log_below_zero_bound(n, m), N / 2 * mpmath.log(1 - 1 / M) - mpmath.log(2)), (n, m)
            theta = 2 * (1 - T) / ((v + 2 * T) + mpmath.sqrt(v * v + 4 * T * T * M))
            bound = N * (theta * T - mpmath.log(1 + theta * (2 - v * theta)) / 2)
            assert close(closed_forms.log_row_sum_bound(tau, n, m), bound), (tau, n, m)
            for law, args, width, longest in (
                (closed_forms.log_radius_tail, (n, m), mpmath.sqrt(M / (2 * mpmath.pi)), mpmath.mpf(1)),
                (closed_forms.log_radius_tail_by_norm, (n, m), mpmath.sqrt(M), mpmath.mpf(1)),
                (closed_forms.log_radius_tail_at, (n, m, q), mpmath.sqrt(Q / (2 * mpmath.pi)), mpmath.sqrt(M / Q)),
            ):
                edge = float(longest / (mpmath.sqrt(N) + width))
                r = edge * (1 - log_uniform(rng, -15, 0)) if rng.random() < 0.8 else log_uniform(rng, -150, 150)
                t = max(longest / mpmath.mpf(r) - mpmath.sqrt(N) - width, 0)
                assert close(law(r, *args), -t * t / 2), (law.__name__, r, args)


def test_elementary_bounds_to_their_edges() -> None:
    check_bounds(58, 500)


@pytest.mark.slow
def test_elementary_bounds_on_thousands_of_points() -> None:
    check_bounds(59, 5000)


def lengths(seed: int) -> Iterator[Point]:
    rng = np.random.default_rng(seed)
    while True:
        rows, freedom = float(max(1, round(log_uniform(rng, 0, 5)))), log_uniform(rng, -1, 7)
        n = rows - 1 + freedom
        near = (
            freedom * max(1 + rng.standard_normal() * log_uniform(rng, -2, 1.5) * np.sqrt(2 / freedom), 1e-3)
        ) ** -0.5
        yield float(near) if rng.random() < 0.7 else log_uniform(rng, -300, 300), n, rows


def test_lengths_are_as_good_as_the_chi_square_law() -> None:
    def ball(length: Fraction, n: Fraction, rows: Fraction) -> Any:
        freedom = Fraction(float(n) - float(rows) + 1)
        return balls.chi_square_log_at_most(length**-2 / freedom, freedom)

    error, point = worst(closed_forms.log_perturbation_longer, ball, lengths(60), 500)
    assert error <= 16, point
