"""Distances along a line: the walk against the sorted kinks, and both against a fine grid."""

from __future__ import annotations

import numpy as np
import pytest

from boundkit.errors import ParameterError
from boundkit.simulate import lines
from boundkit.simulate.deep import pytorch_default
from boundkit.simulate.lines import boundary_distance

X = np.random.default_rng(0).standard_normal((50, 3))
DIRECTION = np.array([0.6, 0.0, 0.8])


@pytest.mark.parametrize("seed", range(5))
def test_the_walk_finds_what_sorting_finds(seed):
    network = pytorch_default((3, 60, 1), seed)
    a = network.inputs(X)
    moves = np.broadcast_to(network.weights[0] @ DIRECTION, a.shape)
    walked, found = lines._walked(network, a, moves, 50.0), boundary_distance(network, X, DIRECTION, 50)
    assert np.isfinite(found).any()
    np.testing.assert_array_equal(np.isfinite(walked), np.isfinite(found))
    some = np.isfinite(found)
    np.testing.assert_allclose(walked[some], found[some], rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize("widths", [(3, 40, 1), (3, 20, 20, 1), (3, 10, 10, 10, 10, 1)])
def test_the_sign_changes_there_and_not_before(widths):
    network = pytorch_default(widths, 1)
    network.biases[-1][...] -= np.median(network.output(X))  # or hardly any sign would ever change
    found = boundary_distance(network, X, DIRECTION, 20)
    assert np.isfinite(found).any()
    sign = np.sign(network.output(X))
    for t in np.linspace(0, 20, 4001):
        before = t < found - 1e-6
        assert np.all((sign * network.output(X + t * DIRECTION))[before] > 0)
    some = np.isfinite(found)
    ends = X[some] + found[some, None] * DIRECTION
    np.testing.assert_allclose(network.output(ends), 0, atol=1e-9)


def test_at_0_and_for_many_networks():
    network = pytorch_default((3, 20, 20, 1), 0)
    network.biases[-1][...] -= network.output(X[:1])
    assert boundary_distance(network, X[:1], DIRECTION, 5)[0] == pytest.approx(0, abs=1e-12)
    with pytest.raises(ParameterError, match="one network at a time"):
        boundary_distance(pytorch_default((3, 20, 1), range(2)), X, DIRECTION, 5)
    for bad in (np.zeros(3), np.ones(2), np.full(3, np.nan), 1.0):
        with pytest.raises(ParameterError, match="direction"):
            boundary_distance(network, X, bad, 5)
    assert boundary_distance(network, X[:0], DIRECTION, 5).shape == (0,)
    with pytest.raises(ParameterError, match="how far to look"):
        boundary_distance(network, X, DIRECTION, -1)
