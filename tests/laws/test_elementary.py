"""The law of a length against balls."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from laws.domains import Point, log_uniform, worst
import numpy as np

from boundkit.laws import balls, closed_forms


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
