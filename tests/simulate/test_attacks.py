"""The projected-gradient attack against what bounds it from below and from above."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import nnls

from boundkit.errors import ParameterError
from boundkit.simulate import problem, train


@pytest.fixture(scope="module", params=["subspace", "full"])
def net(request):
    return train(problem(d=60, ell=30, points=10, seed=1), 8, steps=100, seed=2, representation=request.param)


@pytest.mark.parametrize("within", ["off", "on", "free"])
def test_a_found_step_is_in_its_space_and_reaches_the_boundary(net, within):
    found = net.attack(net.problem.coordinates, within)
    assert found.found.any()
    assert np.allclose(np.linalg.norm(found.z, axis=1)[found.found], found.norm[found.found])
    if net.full:
        z = found.z[found.found]
        ends = net.problem.X[found.found] + z
        np.testing.assert_allclose(net.output(ends), 0, atol=1e-9)
        if within == "off":
            np.testing.assert_allclose(net.problem.off(z), z, atol=1e-9)
        if within == "on":
            np.testing.assert_allclose(net.problem.off(z), 0, atol=1e-9)


def test_more_room_never_helps_the_defender_much(net):
    """A free attack finds a step about as short as the restricted ones; it is a heuristic, so 5% are allowed."""
    x = net.problem.coordinates
    free = net.attack(x, "free").norm
    best = np.minimum(net.attack(x, "off").norm, net.attack(x, "on").norm)
    assert np.all(free <= 1.05 * best)


def test_no_attack_beats_the_radius(net):
    """|N(x0)| over the Lipschitz constant bounds every step; restricted to P-perp, over its own."""
    x = net.problem.coordinates
    for within, weights in (("off", net.off), ("on", net.on)):
        radius = np.abs(net.output(x)) / (np.linalg.norm(weights, 2))
        assert np.all(net.attack(x, within).norm >= radius * (1 - 1e-9))


def test_no_attack_beats_the_probable_radius():
    """|N(x0)| sqrt(m/q)/(b (sqrt(ell) + sqrt(q/(2 pi)) + t)) at one x0 with q opposing or active supporting neurons.

    Chevet's inequality; t = 6 makes it fail with probability e^-18 = 1.5e-8 a network, 20 networks.
    """
    p = problem(d=300, ell=200, points=8, seed=1)
    for seed in range(20):
        net = train(p, 10, steps=50, seed=seed)
        output, a = net.output(0), net.inputs(0)
        if output == 0:
            continue
        q = np.sum((net.u * output < 0) | (a >= 0))
        radius = abs(output) * np.sqrt(10 / q) / (net.b * (np.sqrt(200) + np.sqrt(q / (2 * np.pi)) + 6))
        assert net.attack(0).norm >= radius


def distance(a, rows, u):
    """The true distance to the boundary: the nearest zero of every activation pattern's linear piece.

    Each is a least-distance problem, min |z| subject to G z >= h, which Lawson and Hanson reduce to NNLS.
    """
    best = np.inf
    for pattern in itertools.product((0.0, 1.0), repeat=len(u)):
        on = np.array(pattern)
        sides = (2 * on - 1)[:, None] * rows
        G = np.vstack([sides, (on * u) @ rows, -(on * u) @ rows])
        h = np.concatenate([-(2 * on - 1) * a, [-(on * u) @ a, (on * u) @ a]])
        E, f = np.vstack([G.T, h]), np.eye(G.shape[1] + 1)[-1]
        r = E @ nnls(E, f)[0] - f
        if np.linalg.norm(r) > 1e-10:
            best = min(best, np.linalg.norm(r[:-1] / r[-1]))
    return best


def test_no_attack_beats_the_true_distance_and_most_come_close():
    """Against enumeration of all 32 activation patterns; at least three points in four within 5%."""
    net = train(problem(d=30, ell=15, points=20, seed=1), 5, steps=60, seed=4)
    x = net.problem.coordinates
    x = x[net.output(x) != 0]
    found = net.attack(x, "off", restarts=2).norm
    true = np.array([distance(a, net.off, net.u) for a in net.inputs(x)])
    assert np.all(found >= true * (1 - 1e-6))
    assert np.mean(found <= 1.05 * true) >= 0.75


def test_it_finds_at_least_the_theorems_own_step():
    """Where Theorem 5.1's z flips, its ray's crossing is a step that the attack has to match within 5%."""
    net = train(problem(d=2000, ell=1900, points=16, seed=1), 12, steps=150, seed=2)
    for i in range(net.problem.points):
        if net.opposing(i).any():
            z = net.perturbation(i)
            assert net.attack(i).norm <= 1.05 * z.scale * z.norm


def test_one_point_and_many_agree(net):
    many = net.attack(net.problem.coordinates, "on").norm
    assert float(net.attack(3, "on").norm) == pytest.approx(many[3], rel=1e-9)


def test_a_small_initialisation_is_harder_to_attack_off_p():
    """Section 6: dividing beta by 10 pushes the boundary away orthogonally to P and not along it."""
    p = problem(d=60, ell=30, points=10, seed=1, labels="clusters")
    wide = train(p, 20, steps=400, seed=2)
    narrow = train(p, 20, steps=400, seed=2, beta=wide.start.beta / 10)
    x = p.coordinates
    assert np.median(narrow.attack(x).norm) > 4 * np.median(wide.attack(x).norm)
    assert np.median(narrow.attack(x, "on").norm) < 2 * np.median(wide.attack(x, "on").norm)


def test_bad_options_are_refused(net):
    with pytest.raises(ParameterError, match="within = 'up': choose one of 'off', 'on', 'free'"):
        net.attack(0, "up")
    with pytest.raises(ParameterError, match="steps = 0"):
        net.attack(0, steps=0)


def test_a_point_on_the_boundary_needs_no_step(net):
    found = net.attack(np.zeros(net.problem.rank))
    assert float(found.norm) == 0
