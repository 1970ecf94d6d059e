"""Scaled weights flip at the same steps: to the last bit, and for the smallest weights as far as floats hold them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples

from boundkit.errors import HypothesisError, PrecisionError
from boundkit.simulate import first_flip, first_lost, problem, train
from boundkit.simulate.deep import DeepNetwork, pytorch_default
from boundkit.simulate.lines import boundary_distance
from boundkit.simulate.piecewise import turning
from boundkit.simulate.scales import norms

POWERS = st.integers(-1070, 900)
METHODS = ("paper_step", "universal_flip", "exact_flip", "one_point_flip", "shortest_flip")


@settings(max_examples=examples(300))
@given(st.integers(1, 8), st.integers(0, 2**32), POWERS, POWERS, POWERS)
def test_first_flips_and_losses_scale_exactly(m, seed, inputs, speeds, outputs):
    """Small integers, which every power of two holds."""
    a, moves, u = np.random.default_rng(seed).integers(-7, 8, (3, m)).astype(float)
    scaled = np.ldexp(a, inputs), np.ldexp(moves, speeds), np.ldexp(u, outputs)
    for first in (first_flip, first_lost):
        with np.errstate(over="ignore"):
            expected = np.ldexp(first(a, moves, u), inputs - speeds)
        assert first(*scaled) == expected


@settings(max_examples=examples(200))
@given(st.lists(st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)), min_size=1))
def test_what_turns_is_told_by_signs(pairs):
    a, moves = np.array(pairs).T
    assert turning(a, moves).tolist() == [np.sign(x) * np.sign(v) < 0 for x, v in pairs]


@settings(max_examples=examples(100))
@given(st.integers(1, 9), st.integers(0, 2**32), POWERS)
def test_lengths_of_any_size(n, seed, power):
    x = np.random.default_rng(seed).integers(-7, 8, (3, n)).astype(float)
    np.testing.assert_allclose(norms(np.ldexp(x, power)), np.ldexp(np.linalg.norm(x, axis=1), power), rtol=1e-15)


def test_the_smallest_weights_hide_no_kink():
    one = np.ones(1)
    assert first_flip(1e-170 * one, -1e-170 * one, one) == np.inf
    assert first_lost(np.array([2e-170, -1e-170]), np.array([-1e-170, 1e-170]), np.array([1.0, -1.0])) == 1.5


def scaled(net, power):
    """The network with all its weights times 2^power."""
    start = replace(net.start, beta=float(np.ldexp(net.start.beta, power)))
    if net.full:
        return replace(net, start=start, layer=replace(net.layer, vectors=np.ldexp(net.weights, power)))
    return replace(net, start=start, layer=replace(net.layer, start=start, trained=np.ldexp(net.layer.trained, power)))


def answers(net, c):
    """Everything that a step is, by method and by attack."""
    found = {}
    for method in METHODS:
        try:
            z = getattr(net, method)(0, c)
        except (HypothesisError, PrecisionError) as error:
            found[method] = (type(error), getattr(error, "within", None))
        else:
            found[method] = (
                z.z,
                z.norm,
                z.flipped,
                z.lost,
                z.certified,
                z.gap,
                z.found,
                z.scale,
                net.flip_scale(0, np.ldexp(z.z, -600)),
            )
    for within in ("off", "on", "free"):
        attack = net.attack(net.problem.coordinates, within, largest=50.0, steps=10)
        found[within] = (attack.norm, attack.z, attack.flipped)
    return found


@st.composite
def networks(draw):
    ell, rank, seed = draw(st.integers(1, 12)), draw(st.integers(1, 4)), draw(st.integers(0, 2**32))
    data = problem(ell + rank, ell, 4, seed, rank=rank)
    return train(
        data, draw(st.integers(1, 8)), steps=20, seed=seed, representation=draw(st.sampled_from(["subspace", "full"]))
    )


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(networks(), st.integers(-900, 900), st.sampled_from([1.0, 1.01, 8.0]))
def test_steps_and_attacks_do_not_see_the_scale_of_the_weights(net, power, c):
    """To the last bit, while no weight is subnormal."""
    expected, found = answers(net, c), answers(scaled(net, power), c)
    for name, values in expected.items():
        for one, other in zip(values, found[name], strict=True):
            np.testing.assert_array_equal(one, other, err_msg=name)


@pytest.mark.parametrize("power", [-1000, -1030, -1045])
def test_outputs_that_are_subnormal_change_nothing_but_what_they_lose_in_rounding(power):
    for seed in range(4):
        net = train(problem(d=30, ell=20, points=4, seed=seed), 6, steps=20, seed=seed)
        if not net.opposing(0).any():
            continue
        small = scaled(net, power)
        assert small.output(0) != 0
        near = {"rtol": 2.0 ** (-1074 - power + 12) + 1e-9}
        for method in METHODS:
            z, same = getattr(net, method)(0, 1), getattr(small, method)(0, 1)
            np.testing.assert_allclose(same.norm, z.norm, **near)
            assert (same.lost, same.flipped) == (z.lost, z.flipped)
            np.testing.assert_allclose(same.scale, z.scale, **near)
        np.testing.assert_allclose(small.attack(0).norm, net.attack(0).norm, rtol=near["rtol"] + 1e-3)


@pytest.mark.parametrize("steps", [300, 540, 900])
def test_the_attack_finds_a_flip_where_weight_decay_left_weights_of_any_size(steps):
    """Off P the weights are about 2^-steps."""
    data = problem(d=40, ell=20, points=6, seed=1)
    net = train(data, 12, steps=steps, eta=0.5, lam=1.0, seed=3)
    for i in range(6):
        if not net.opposing(i).any():
            continue
        z, attack = net.shortest_flip(i, 1), net.attack(i)
        assert z.flipped
        assert attack.flipped
        assert attack.norm <= 1.05 * z.norm
        assert net.flip_scale(i, z.z) == pytest.approx(1, rel=2e-6)
        assert net.flip_scale(i, z.z / z.norm) == pytest.approx(z.norm, rel=2e-6)


@pytest.mark.parametrize("widths", [(3, 40, 1), (3, 10, 10, 1)])
@pytest.mark.parametrize("power", [-900, -600, 600])
def test_boundaries_along_a_line_do_not_see_the_scale(widths, power):
    """The first layer's weights and all biases scaled: N is scaled."""
    x, direction = np.random.default_rng(0).standard_normal((50, 3)), np.array([0.6, 0.0, 0.8])
    net = pytorch_default(widths, 1)
    net.biases[-1][...] -= np.median(net.output(x))
    first, *others = net.weights
    small = DeepNetwork((np.ldexp(first, power), *others), tuple(np.ldexp(b, power) for b in net.biases))
    found = boundary_distance(net, x, direction, 20)
    assert np.isfinite(found).any()
    np.testing.assert_allclose(boundary_distance(small, x, direction, 20), found, rtol=1e-12)
