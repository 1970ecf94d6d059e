"""The p-values of weights as independent normals: never too small by chance, and small where they are not."""

from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy.stats import binom

from boundkit.simulate.normality import SURE, deviation_p, deviation_within, normality

SHAPES = [(1, 1), (1, 7), (9, 1), (8, 15), (20, 60)]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_p_value_is_small_more_often_than_it_says(shape):
    """Of 1000 matrices those with p <= 0.05: more than these with probability at most 1e-9 for each part."""
    rng = np.random.default_rng(3)
    found = [normality(7e-3 * rng.standard_normal(shape)) for _ in range(1000)]
    most = binom.isf(1e-9, 1000, 0.05)
    for part in found[0].parts:
        assert sum(x.parts[part] <= 0.05 for x in found) <= most, part
    assert sum(x.p <= 0.05 for x in found) <= most


def other_laws(rng, m, n):
    yield "their shape", rng.uniform(-1, 1, (m, n))
    yield "their shape", rng.standard_t(2, (m, n))
    yield "their mean", rng.standard_normal((m, n)) + 0.5
    yield "the neurons' lengths", rng.standard_normal((m, n)) * np.linspace(0.5, 2, m)[:, None]
    yield "the directions' scales", rng.standard_normal((m, n)) * np.linspace(0.2, 3, n)
    first = rng.standard_normal(n)
    yield "the neurons' correlations", 0.3 * rng.standard_normal((m, n)) + rng.choice([-1, 1], m)[:, None] * first


def test_what_is_not_normal_is_refuted_by_what_is_odd_about_it():
    for part, x in other_laws(np.random.default_rng(5), 40, 90):
        found = normality(x)
        assert found.p < SURE, part
        assert found.parts[part] < SURE, part


@given(st.integers(-300, 300), st.integers(0, 10**6))
def test_no_p_value_depends_on_the_unit(exponent, seed):
    x = np.random.default_rng(seed).standard_normal((3, 4))
    assert normality(np.ldexp(x, exponent)) == normality(x)


def test_the_deviation_and_its_interval():
    """1000 intervals at 1 - 1e-6 miss with probability 1e-3 in all; p <= 0.05 as above."""
    rng = np.random.default_rng(7)
    drawn = [0.3 * rng.standard_normal((4, 12)) for _ in range(1000)]
    assert all(low < 0.3 < high for low, high in map(deviation_within, drawn))
    assert sum(deviation_p(x, 0.3) <= 0.05 for x in drawn) <= binom.isf(1e-9, 1000, 0.05)
    low, high = deviation_within(drawn[0])
    assert deviation_p(drawn[0], low) == pytest.approx(SURE, rel=1e-6)
    assert deviation_p(drawn[0], high) == pytest.approx(SURE, rel=1e-6)
    assert deviation_p(drawn[0], 0.0) == 0
