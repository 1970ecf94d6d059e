"""The projected-gradient attack against what bounds it from below and from above."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy.optimize import nnls
from support import examples

from boundkit.errors import ParameterError
from boundkit.simulate import FullLayer, Network, Span, problem, train
from boundkit.simulate.min_norm_qp import Programme
from boundkit.simulate.nearer import Nearer, _Counts


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
    found = net.attack(x, "off", starts=16).norm
    true = np.array([distance(a, net.off, net.u) for a in net.inputs(x)])
    assert np.all(found >= true * (1 - 1e-6))
    assert np.mean(found <= 1.05 * true) >= 0.75


def test_it_finds_at_least_the_theorems_own_step():
    """Where Theorem 5.1's z flips, its ray's crossing is a step that the attack has to match within 5%."""
    net = train(problem(d=2000, ell=1900, points=16, seed=1), 12, steps=150, seed=2)
    for i in range(net.problem.points):
        if net.opposing(i).any():
            z = net.paper_step(i)
            assert net.attack(i).norm <= 1.05 * z.scale * z.norm


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([(5, 1), (6, 3), (60, 30), (101, 37), (10**9, 5 * 10**8)]), st.sampled_from([1, 2, 7, 24, 53]),
    st.integers(0, 2**32), st.sampled_from(["off", "on", "free"]), st.booleans(), st.permutations(range(8)),
    st.integers(1, 8),
)  # fmt: skip
def test_a_point_gets_the_same_step_alone_or_among_others_in_any_order(size, m, seed, within, full, order, some):
    """To the last bit."""
    d, ell = size
    rank = min(d - ell, 9)
    net = train(
        problem(d, ell, 8, seed, rank=rank), m, steps=20, seed=seed,
        representation="full" if full and d < 10**6 else "subspace",
    )  # fmt: skip
    x = net.problem.coordinates
    all_of_them, those = net.attack(x, within), np.array(order[:some])
    batch, alone = net.attack(x[those], within), net.attack(int(those[0]), within)
    for name in ("norm", "z", "flipped"):
        np.testing.assert_array_equal(getattr(batch, name), getattr(all_of_them, name)[those])
        np.testing.assert_array_equal(getattr(alone, name), getattr(all_of_them, name)[those[0]])
    nested = net.attack(x.reshape(2, 4, -1), within)
    np.testing.assert_array_equal(nested.norm.ravel(), all_of_them.norm)


@pytest.mark.filterwarnings("ignore:training diverged")
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(2, 12), st.integers(1, 8), st.integers(0, 2**32), st.sampled_from([1, 3, 8]))
def test_a_step_flips_strictly_or_says_that_it_only_loses_the_label(d, m, seed, starts):
    """Evaluated on vectors of R^d; no step is shorter than where its ray crosses."""
    ell = 1 + seed % (d - 1)
    net = train(problem(d, ell, 4, seed), m, steps=10, seed=seed, representation="full")
    found = net.attack(net.problem.coordinates, starts=starts, seed=seed)
    for i in range(4):
        y0, z = np.sign(net.output(i)), found.z[i]
        after = y0 * net.output(net.problem.X[i] + z)
        if y0 == 0:
            assert (found.norm[i], found.flipped[i]) == (0, False)
        elif found.flipped[i]:
            assert after < 0
            assert net.flip_scale(i, z) == pytest.approx(1, rel=2e-6)
        elif found.found[i]:
            assert abs(after) <= 1e-9 * np.abs(net.u) @ np.abs(net.inputs(i))
            assert net.flip_scale(i, z) > 1
        else:
            assert not z.any()


def test_one_neuron_is_silenced_and_never_flips():
    data = problem(d=30, ell=10, points=20, seed=1)
    net = train(data, 1, steps=1, seed=2)
    x = data.coordinates[net.output(data.coordinates) != 0]
    found = net.attack(x)
    assert found.found.all()
    assert not found.flipped.any()
    np.testing.assert_allclose(found.norm, net.inputs(x)[:, 0] / np.linalg.norm(net.off), rtol=1e-5)
    assert f"{len(x)} of which only lose the label" in repr(found)


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
    assert not found.flipped


@pytest.mark.parametrize("exponent", [-4, -9, -30, -100])
def test_an_output_far_smaller_than_what_steps_change_is_attacked_without_a_warning(exponent):
    """Where a start does not cross, the secant's quotient is one number over a far smaller one: it counts as 1."""
    for m in (1, 2, 5):
        rng = np.random.default_rng(m)
        W = np.column_stack([10.0**exponent * np.abs(rng.standard_normal(m)), rng.standard_normal((m, 2))])
        net = Network(FullLayer(Span(np.eye(3, 1)), W), rng.choice([-1.0, 1.0], m) / np.sqrt(m))
        found = net.attack(np.eye(3)[0], starts=16)  # a warning is an error here
        assert not found.found or found.norm > 0


@pytest.mark.parametrize(
    ("networks", "others"), [(3, 3), pytest.param(40, 10, marks=pytest.mark.slow)], ids=["a few", "many"]
)
def test_the_default_attack_is_within_one_percent_of_the_best_of_many(networks, others):
    """At 95% of the points; of ten runs, each of three times as many steps, with starts of its own."""
    gaps = []
    for seed in range(networks):
        rng = np.random.default_rng(seed)
        d = int(rng.integers(20, 200))
        ell, m = int(rng.integers(2, d - 4)), int(rng.integers(3, 40))
        net = train(problem(d, ell, 12, seed, rank=min(d - ell, 10)), m, steps=100, seed=seed)
        found = net.attack(net.problem.coordinates)
        for i in np.flatnonzero(found.flipped):
            z = found.z[i]
            assert found.norm[i] == pytest.approx(np.linalg.norm(z))
        norms = [
            net.attack(net.problem.coordinates, steps=60, starts=16, seed=100 + other).norm for other in range(others)
        ]
        best = np.minimum(found.norm, np.min(norms, axis=0))
        labelled = best > 0
        assert np.isfinite(found.norm[np.isfinite(best)]).all()
        gaps += [*(found.norm[labelled] / best[labelled])]
    assert np.mean(np.array(gaps) <= 1.01) >= 0.95


@settings(max_examples=examples(60))
@given(st.integers(2, 25), st.integers(1, 30), st.integers(0, 2**32))
def test_a_programme_solved_from_a_guess_is_solved(m, n, seed):
    """Guessed from nothing or from any step, what comes out is proved the shortest by its dual bound, or is none."""
    rng = np.random.default_rng(seed)
    rows, u, a = rng.standard_normal((m, n)), rng.standard_normal(m), rng.standard_normal(m)
    counts = _Counts(Nearer(u, rows), a)
    task = counts.task(counts.opposing & (rng.random(m) < 0.7))
    some = counts.supports
    for z in (np.zeros(n), rng.standard_normal(n) * rng.exponential()):
        guessed = task and task.guessed(counts.past(counts.at.weighted @ z))
        if guessed:
            z, v = guessed
            weights = counts.at.weighted
            switches = (counts.switch[:, None] * weights)[some]
            programme = Programme(task.slope @ weights, switches, counts.room[some], task.need)
            assert programme.lowered(z) >= task.need * (1 - 1e-6)
            assert ((v >= 0) & (v <= 1)).all()
            assert np.linalg.norm(z) <= programme.at_least(v[some]) * (1 + 1e-6)


def test_what_starts_found_lets_programmes_be_guessed(monkeypatch):
    """Where ell >= m no programme is solved from nothing, which takes ten times as long."""
    net = train(problem(d=200, ell=120, points=12, seed=1), 60, steps=60, seed=2)
    monkeypatch.setattr("boundkit.simulate.nearer.multipliers", lambda _: pytest.fail("solved from nothing"))
    assert net.attack(net.problem.coordinates).flipped.all()


def test_programmes_shorten_what_one_start_finds():
    """One start of one step each, and nothing else: most points are as near as from all starts."""
    net = train(problem(d=60, ell=40, points=10, seed=3), 12, steps=60, seed=3)
    x = net.problem.coordinates
    one, many = net.attack(x, starts=1, steps=1), net.attack(x)
    assert np.all(many.norm <= one.norm * (1 + 1e-9))
    assert np.mean(one.norm <= 1.01 * many.norm) >= 0.6
    assert np.isfinite(many.norm).all()
    assert f"none found at {np.isinf(one.norm).sum()} of 10 points" in repr(one)
