"""Closed forms against counting and against simulation."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from boundkit.errors import ParameterError
from boundkit.laws import closed_forms as cf
from boundkit.laws.binomial import clopper_pearson


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
    low, high = clopper_pearson(int(outside.sum()), 40_000, 1e-9)
    assert low <= float(cf.wendel_probability(4, 3)) <= high


def test_length_of_the_universal_flip_by_simulation() -> None:
    """|V^T (V V^T)^-1 1| is sqrt m/chi. False alarm: 10^-9."""
    rng = np.random.default_rng(6)
    n, m, length = 12, 4, 0.45
    V = rng.standard_normal((20_000, m, n))
    gram = V @ V.transpose(0, 2, 1)
    squared = np.linalg.solve(gram, np.ones((20_000, m, 1)))[..., 0].sum(axis=1)
    low, high = clopper_pearson(int((np.sqrt(squared / m) > length).sum()), 20_000, 1e-9)
    assert low <= np.exp(cf.log_perturbation_longer(length, n, m)) <= high


@pytest.mark.parametrize(
    ("law", "args", "message"),
    [
        (cf.wendel_probability, (0, 3), "vectors = 0"),
        (cf.wendel_probability, (3, 2.5), "dimension = 2.5"),
        (cf.log_perturbation_longer, (1, 3, 4), "n - rows"),
    ],
)
def test_bad_values_are_named_with_the_rule(law: Any, args: tuple, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        law(*args)
