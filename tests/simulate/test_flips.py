"""Moves orthogonal to P that change the label."""

from __future__ import annotations

from fractions import Fraction
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples

from boundkit.errors import HypothesisError, ParameterError
from boundkit.simulate import first_flip, first_lost, problem, train


@pytest.fixture(scope="module")
def net():
    return train(problem(d=2000, ell=1900, points=40, seed=1), 12, steps=150, seed=2)


def covered(net):
    return [i for i in range(net.problem.points) if net.opposing(i).any()]


def test_printed_alpha_flips_one_label_only_and_mended_alpha_both(net):
    """E2: with N(x0) in alpha, points of label -1 move away from the boundary."""
    outputs = {i: net.output(i) for i in covered(net)}
    assert {np.sign(x) for x in outputs.values()} == {-1.0, 1.0}
    for i, x in outputs.items():
        assert net.paper_step(i).flipped
        assert net.paper_step(i, as_printed=True).flipped == (x > 0)


def test_one_direction_up_to_the_sign_flips_every_data_point(net):
    z = {i: net.paper_step(i) for i in covered(net)}
    direction = net.off.T @ np.sign(net.u)
    for each in z.values():
        along = each.z @ direction / (np.linalg.norm(each.z) * np.linalg.norm(direction))
        assert along == pytest.approx(-np.sign(each.before), rel=1e-12)
    for i in np.flatnonzero(net.output(net.problem.coordinates)):  # k = 0 or not, a long enough step flips a label
        assert np.isfinite(net.flip_scale(int(i), -np.sign(net.output(int(i))) * direction))


def test_a_direction_fixed_beforehand_flips_at_most_about_half_the_time():
    """E16: the same z on 200 fresh networks, 20 times as long as the theorem asks; P[Bin(200, 1/2) >= 136] < 2e-7."""
    p = problem(d=400, ell=300, points=10, seed=1)
    rng = np.random.default_rng(0)
    z = p.off(rng.standard_normal(400))
    flips = trials = 0
    for seed in range(200):
        net = train(p, 6, steps=50, seed=seed)
        if net.output(0) == 0:
            continue
        trials += 1
        step = 50 * z / np.linalg.norm(z)
        flips += net.output(0) * net.output(p.X[0] + step) < 0
    assert trials > 150
    assert flips <= trials / 2 + 36


def test_alpha_and_length_are_theorem_5_1s(net):
    i = covered(net)[0]
    z = net.paper_step(i, c=8)
    s = net.off.T @ np.sign(net.u)
    alpha = 8 * np.sqrt(12) * abs(z.before) * 2000 / (1900 * z.k)
    assert z.alpha == pytest.approx(alpha)
    assert z.norm == pytest.approx(alpha * np.linalg.norm(s))
    assert z.norm <= 8 * np.sqrt(2) * abs(z.before) * 12 / z.k * np.sqrt(2000 / 1900)
    assert z.after == pytest.approx(float(net.output(net.problem.X[i] + z.vector)))
    assert np.linalg.norm(net.problem.off(z.vector)) == pytest.approx(z.norm)
    assert 0 < z.scale < 1


def test_the_perturbation_reaches_further_where_the_weights_were_shrunk():
    """b^2 is the network's own; the printed 1/d makes a step that is too short."""
    p = problem(d=2000, ell=1900, points=40, seed=1)
    eta = 1 / np.linalg.norm(p.coordinates, 2) ** 2
    net = train(p, 12, steps=100, eta=eta, lam=0.05 / eta, seed=2)
    assert net.b == pytest.approx(0.95**100 / np.sqrt(2000))
    found = [net.paper_step(i) for i in covered(net)]
    assert found
    for z in found:
        assert z.flipped
        assert z.alpha == pytest.approx(8 * np.sqrt(12) * abs(z.before) / (net.b**2 * 1900 * z.k))
    assert not any(net.paper_step(i, as_printed=True).flipped for i in covered(net))


@settings(max_examples=examples(200))
@given(st.integers(1, 8), st.integers(0, 2**32), st.booleans())
def test_the_first_flip_and_the_first_loss_are_exact(m, seed, coarse):
    """Against all linear pieces, in rationals; coarse numbers bring zeros, ties, and stretches on which f is 0."""
    rng = np.random.default_rng(seed)
    a, moves = rng.integers(-2, 3, (2, m)).astype(float) if coarse else rng.standard_normal((2, m))
    u = np.where(rng.random(m) < 0.5, -1, 1)
    start, speed, sign = [Fraction(x) for x in a], [Fraction(x) for x in moves], [int(x) for x in u]

    def f(t):
        return sum(s * max(x + t * v, 0) for x, v, s in zip(start, speed, sign, strict=True))

    lost, flip = float(first_lost(a, moves, u)), float(first_flip(a, moves, u))
    if f(0) == 0:
        assert (lost, flip) == (0, np.inf)
        return
    y0 = 1 if f(0) > 0 else -1
    kinks = sorted({Fraction(0), *(-x / v for x, v in zip(start, speed, strict=True) if v and -x / v > 0)})
    last = kinks[-1] + 1
    pieces = [*itertools.pairwise([*kinks, last])]
    ends = {"lost": np.inf, "flip": np.inf}
    for low, high in pieces:
        left, right = y0 * f(low), y0 * f(high)
        falls = right < left and (right < 0 or high == last)
        root = float(low + (high - low) * left / (left - right)) if falls else float(high)
        if falls or (right == 0 and high != last):
            ends["lost"] = min(ends["lost"], root)
        if falls:
            ends["flip"] = root
            break
    assert lost == pytest.approx(ends["lost"], rel=1e-6, abs=1e-9)
    assert flip == pytest.approx(ends["flip"], rel=1e-6, abs=1e-9)
    assert lost <= flip


def test_a_network_that_dies_out_loses_the_label_and_flips_later_or_never():
    """One supporting neuron goes off at t = 1; an opposing one, if there is one, comes on at t = 2."""
    a, moves, u = np.array([1.0, -2.0]), np.array([-1.0, 1.0]), np.array([1.0, -1.0])
    assert (first_lost(a, moves, u), first_flip(a, moves, u)) == (1, 2)
    assert (first_lost(a[:1], moves[:1], u[:1]), first_flip(a[:1], moves[:1], u[:1])) == (1, np.inf)


def test_the_first_flip_of_many_points_at_once(net):
    points = net.problem.coordinates
    z = net.off.T @ np.sign(net.u)
    a, moves = net.inputs(points), net.off @ z
    together = first_flip(a, moves, net.u)
    np.testing.assert_allclose(together, [net.flip_scale(i, z) for i in range(len(points))])


def test_k_0_after_large_steps_is_a_clear_error():
    p = problem(d=100, ell=60, points=6, seed=1)
    nets = [train(p, 4, eta=1.0, steps=3, seed=seed) for seed in range(20)]
    uncovered = [n for n in nets if not n.opposing(0).any()]
    assert uncovered
    for n in uncovered:
        with pytest.raises(HypothesisError, match=r"k = 0 active neurons oppose .* needs (k >= 1 and )?N\(x0\) != 0"):
            n.paper_step(0)


def test_without_off_subspace_weights_nothing_can_flip():
    p = problem(d=100, ell=60, points=6, seed=1)
    net = train(p, 8, eta=0.01, lam=100.0, steps=2, seed=1)
    assert net.b == 0
    if net.opposing(0).any():
        with pytest.raises(HypothesisError, match="no weights orthogonal to P are left, as by eta lam = 1"):
            net.paper_step(0)
    assert not net.attack(0).found or net.output(0) == 0


def test_bad_c_is_refused(net):
    with pytest.raises(ParameterError, match="c = 0: the factor in alpha"):
        net.paper_step(0, c=0)
