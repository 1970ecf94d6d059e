"""The distance to the boundary from both sides, and the radius: against enumeration, exact arithmetic and attacks."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
import numpy as np
from patterns import distance
import pytest
from support import examples

from boundkit.errors import ParameterError
from boundkit.simulate import FullLayer, Network, Span, problem, train


@st.composite
def networks(draw, most_m=6, most_ell=9, aligned=False, classes=None):
    """A network on R^d and a point of R^d; output weights of sizes 0.3 to 1.5, so that NNLS keeps its digits."""
    n, ell, m = draw(st.integers(1, 4)), draw(st.integers(1, most_ell)), draw(st.integers(1, most_m))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (classes, m) if classes else m
    u = rng.choice([-1, 1], shape) * rng.uniform(0.3, 1.5, shape)
    biases = rng.standard_normal(m) if draw(st.booleans()) else None
    above = rng.standard_normal(classes) if draw(st.booleans()) else 0.0
    basis = np.eye(n + ell, n) if aligned else np.linalg.qr(rng.standard_normal((n + ell, n)))[0]
    net = Network(FullLayer(Span(basis), rng.standard_normal((m, n + ell))), u, biases, above)
    x = rng.standard_normal(n + ell)
    if not classes:
        assume(abs(net.output(x)) > 1e-3 * np.abs(net.u) @ np.abs(net.inputs(x)))
    return net, x


def held_against_all_patterns(net, x):
    found, true = net.distance(x), distance(net, x)
    assert found.lower <= true * (1 + 1e-6)
    assert found.upper >= true * (1 - 1e-6)
    assert net.certified_radius(x) <= true * (1 + 1e-6)
    assert found.certified == np.isfinite(true)  # also where it can only be lost
    if np.isfinite(true):
        assert found.upper == pytest.approx(true, rel=2e-6)
        assert not found.flipped or net.attack(x, largest=2 * true).flipped or net.subspace.ell > 1


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(networks())
def test_the_two_ends_are_the_distance_over_all_activation_patterns(found):
    held_against_all_patterns(*found)


@pytest.mark.slow
@settings(max_examples=examples(1000), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(networks(most_m=10, most_ell=14))
def test_the_two_ends_are_the_distance_over_all_activation_patterns_to_ten_neurons(found):
    held_against_all_patterns(*found)


def exactly(net, x, z):
    """y0 N(x0 + z) in rational numbers, y0 the sign of N(x0)."""

    def output(point):
        total = Fraction(float(net.output_bias))
        for w, c, u in zip(net.weights, np.zeros(net.m) if net.biases is None else net.biases, net.u, strict=True):
            a = sum((Fraction(float(v)) * p for v, p in zip(w, point, strict=True)), Fraction(float(c)))
            total += Fraction(float(u)) * max(a, Fraction(0))
        return total

    start = [Fraction(float(v)) for v in x]
    before = output(start)
    return (1 if before > 0 else -1) * output([p + Fraction(float(v)) for p, v in zip(start, z, strict=True)])


@settings(max_examples=examples(40), deadline=None)
@given(networks(aligned=True), st.integers(0, 2**32))
def test_in_exact_arithmetic_the_upper_end_flips_and_nothing_below_the_lower_end_does(found, seed):
    """P is spanned by coordinates, so that steps orthogonal to it are exactly that."""
    net, x = found
    known = net.distance(x)
    n = net.subspace.width
    if np.isfinite(known.upper):
        z = np.where(np.arange(len(x)) < n, 0.0, known.z)
        np.testing.assert_allclose(z, known.z, atol=1e-12 * known.upper)
        value = exactly(net, x, z)
        assert value < 0 if known.flipped else value <= 0
        assert sum(Fraction(float(v)) ** 2 for v in known.z) <= Fraction(float(known.upper)) ** 2
    rng = np.random.default_rng(seed)
    towards = [known.z, -net.off_subspace_gradient(x) * np.sign(net.output(x)), *rng.standard_normal((4, len(x)))]
    for way in towards:
        step = np.where(np.arange(len(x)) < n, 0.0, way)
        if step.any():
            length = float(min(known.lower, 1e6)) * (1 - 1e-15)
            assert exactly(net, x, step * (length / np.linalg.norm(step))) > 0


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(1, 7), st.integers(0, 2**32))
def test_where_nothing_switches_the_ends_hold_the_exact_quotient(m, seed):
    """All neurons far from their kinks: the distance is |N| over the gradient's length, here in rational numbers."""
    rng = np.random.default_rng(seed)
    W, u, biases = rng.standard_normal((m, 6)), rng.standard_normal(m), 1e4 * (1 + rng.random(m))
    o = -float(u @ biases) + float(rng.standard_normal())
    net = Network(FullLayer(Span(np.eye(6, 2)), W), u, biases, o)
    x = rng.standard_normal(6)
    F = [[Fraction(float(v)) for v in row] for row in W]
    g = [sum(Fraction(float(a)) * row[j] for a, row in zip(u, F, strict=True)) for j in range(6)]
    N = sum(gj * Fraction(float(v)) for gj, v in zip(g, x, strict=True)) + Fraction(o)
    N += sum(Fraction(float(a)) * Fraction(float(c)) for a, c in zip(u, biases, strict=True))
    square, off = N**2, sum(v**2 for v in g[2:])
    assume(off > Fraction(1, 100) and square > Fraction(1, 100) and square < 10**4 * off)
    found = net.distance(x)
    for low in (found.lower, net.certified_radius(x)):
        assert Fraction(float(low)) ** 2 * off <= square
        assert float(low) ** 2 * float(off) >= float(square) * (1 - 1e-6)
    assert square <= Fraction(float(found.upper)) ** 2 * off
    assert found.certified


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32), st.integers(-15, 0), st.booleans())
def test_what_is_proved_of_weights_that_hardly_leave_p_holds_in_rational_numbers(m, seed, power, line):
    """Nothing switches, and P is the line, or all but a line, of no coordinate: the distance is |N|/|Q g| exactly."""
    rng = np.random.default_rng(seed)
    d = 2 if line else 5
    b = rng.standard_normal(d)
    b /= np.linalg.norm(b)
    W = np.outer(rng.standard_normal(m), b) + 10.0**power * rng.standard_normal((m, d))
    u, biases, x = rng.standard_normal(m), 1e3 * (1 + rng.random(m)), rng.standard_normal(d)
    o = 1.0 - float(np.maximum(W @ x + biases, 0) @ u)
    net = Network(FullLayer(Span(b[:, None]), W), u, biases, o)
    w, v, f = ([Fraction(float(t)) for t in row] for row in (b, u, x))
    rows = [[Fraction(float(t)) for t in row] for row in W]
    g = [sum(c * row[j] for c, row in zip(v, rows, strict=True)) for j in range(d)]
    along = sum(p * q for p, q in zip(g, w, strict=True)) / sum(t * t for t in w)
    off = sum((p - along * q) ** 2 for p, q in zip(g, w, strict=True))
    N = sum(p * q for p, q in zip(g, f, strict=True)) + Fraction(o)
    N += sum(c * Fraction(float(t)) for c, t in zip(v, biases, strict=True))
    assume(off > 0)
    far = min(biases) / np.linalg.norm(net.off, axis=1).max() / 2  # nothing switches before
    assume(N**2 < off * Fraction(float(far)) ** 2)
    found, step = net.distance(x, nodes=200), net.shortest_flip(x, 1)
    for low in (found.lower, net.certified_radius(x), step.norm / (1 + step.gap) if step.certified else 0.0):
        assert Fraction(float(low)) ** 2 * off <= N**2 * (1 + Fraction(1, 10**14))
    if np.isfinite(found.upper):
        assert N**2 <= Fraction(float(found.upper)) ** 2 * off * (1 + Fraction(1, 10**14))
    if power > -7:
        assert found.certified
        assert step.certified


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(networks(classes=3))
def test_of_several_classes_both_are_the_least_over_the_rivals(found):
    net, x = found
    y = int(net.labels(x))
    rivals = [c for c in range(3) if c != y]
    pairs = [net.pair(y, c).distance(x) for c in rivals]
    known = net.distance(x)
    assert known.lower <= min(float(pair.upper) for pair in pairs) * (1 + 1e-6)
    assert known.upper == pytest.approx(min(float(pair.upper) for pair in pairs), rel=2e-6)
    assert net.certified_radius(x) == min(net.pair(y, c).certified_radius(x) for c in rivals)
    for space in ("off", "on", "free"):
        each, attack = ([net.pair(y, c).attack(x, space, steps=5) for c in rivals], net.attack(x, space, steps=5))
        assert attack.norm == min(pair.norm for pair in each)
        if attack.found:
            assert attack.norm == each[rivals.index(attack.toward)].norm
            np.testing.assert_array_equal(attack.z, each[rivals.index(attack.toward)].z)
        many = net.attack(np.stack([x, 2 * x, -x]), space, steps=5)
        assert (many.norm[0], many.toward[0]) == (attack.norm, attack.toward)
        assert net.attack(np.empty((0, len(x))), space).norm.shape == (0,)
    if known.flipped:
        assert known.toward in rivals
        assert net.labels(x + net.lift(known.z)) != y


def test_a_rival_far_away_does_not_close_the_gap_of_the_nearest():
    """The third class is never near: what is not known of the second is not known of all."""
    rng = np.random.default_rng(2)
    u = np.vstack([rng.standard_normal((2, 40)), np.zeros(40)])
    layer = FullLayer(Span(np.eye(90, 10)), rng.standard_normal((40, 90)))
    net = Network(layer, u, output_bias=np.array([0.0, 0.0, -1e4]))
    x = rng.standard_normal(90)
    y = int(net.labels(x))
    pair, known = net.pair(y, 1 - y).distance(x, nodes=60), net.distance(x, nodes=120)
    assert not pair.certified
    assert not known.certified
    assert known.toward == 1 - y
    assert known.lower < pair.upper * 0.99


SIZES = ((2, 1), (3, 2), (4, 6), (6, 3), (8, 8), (10, 30), (16, 20), (24, 60), (32, 40), (48, 100), (64, 200))


def radii_are_below_every_flip(networks_, points):
    """On trained and random networks of all sizes; returns how near the radius comes to the shortest flip, at best."""
    best = 0.0
    for i in range(networks_):
        m, ell = SIZES[i % len(SIZES)]
        data = problem(ell + 12, ell, points, seed=i, rank=10)
        how = {"layers": "all", "biases": 0.3} if i % 3 == 0 else {}
        net = train(data, m, steps=1 + 30 * (i % 4), seed=i, representation=("subspace", "full")[i % 2], **how)
        x = data.coordinates if i % 2 else data.coordinates * np.geomspace(0.1, 10, points)[:, None]
        radius, attack = net.certified_radius(x), net.attack(x, starts=6, steps=20)
        assert (radius <= attack.norm).all()
        flips = net.flips(x, "one_point_flip", 1.0)
        assert (radius <= flips.norm).all()
        assert ((radius > 0) | (np.abs(net.output(x)) < 1e-9)).all()
        best = max(best, float(np.max(radius[radius > 0] / attack.norm[radius > 0])))
    return best


def test_no_flip_is_within_the_certified_radius():
    assert radii_are_below_every_flip(11, 10) > 0.99  # else it would say little


@pytest.mark.slow
def test_no_flip_is_within_the_certified_radius_at_ten_thousand_points_of_sixty_networks():
    assert radii_are_below_every_flip(60, 170) > 0.99


def test_sixteen_neurons_are_exact_at_every_point():
    """The radius is below the distance, the attack and the programmes' steps above it."""
    data = problem(d=200, ell=120, points=12, seed=1)
    net = train(data, 16, steps=100, seed=2)
    found = net.distance(data.coordinates)
    assert found.certified.all()
    assert found.flipped.all()
    assert (found.gap < 1e-8).all()
    assert (net.certified_radius(data.coordinates) <= found.upper).all()
    assert (net.attack(data.coordinates).norm >= found.lower).all()
    steps = net.flips(data.coordinates, "shortest_flip", 1.0)
    assert (steps.norm >= found.lower).all()
    assert steps.norm[steps.certified] == pytest.approx(found.upper[steps.certified], rel=2e-6)
    assert "exact at 12 of 12 points" in repr(found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_up_to_sixteen_neurons_are_exact_at_every_point_whatever_the_sizes(seed):
    """Trained and random networks, some with all but two neurons of one sign."""
    rng, m, ell = np.random.default_rng(seed), (16, 15, 12)[seed % 3], (4, 10, 16, 40, 150, 600)[seed % 6]
    if seed % 2:
        how = {"layers": "all", "biases": 0.2} if seed % 4 == 1 else {}
        net = train(problem(ell + 40, ell, 8, seed, rank=8), m, steps=30 * (1 + seed % 5), seed=seed, **how)
        x = net.problem.coordinates
    else:
        u = rng.standard_normal(m)
        u = np.abs(u) * np.where(np.arange(m) < m - 2, -1, 1) if seed % 4 == 0 else u
        span = Span(np.linalg.qr(rng.standard_normal((ell + 10, 10)))[0])
        net = Network(FullLayer(span, rng.standard_normal((m, ell + 10))), u, rng.standard_normal(m), 0.2)
        x = rng.standard_normal((8, ell + 10))
    found = net.distance(x)
    assert found.certified.all()
    assert (net.certified_radius(x) <= found.upper).all()
    assert (net.attack(x).norm >= found.lower).all()


def test_a_budget_that_ends_leaves_two_ends():
    data = problem(d=200, ell=120, points=4, seed=1)
    net = train(data, 40, steps=100, seed=2)
    few, more = (net.distance(data.coordinates, nodes=nodes) for nodes in (64, 2000))
    attacks = net.attack(data.coordinates).norm
    for found in (few, more, net.distance(data.coordinates, seconds=0.02)):
        assert (found.lower > 0).all()
        assert (found.lower <= np.minimum(found.upper, attacks)).all()
    assert (more.gap < few.gap).all()
    assert not few.certified.any()
    for wrong in ({"nodes": 0}, {"seconds": -1}):
        with pytest.raises(ParameterError, match="nodes = 0|seconds = -1"):
            net.distance(data.coordinates, **wrong)


def test_a_point_gets_the_same_alone_or_among_others():
    data = problem(d=60, ell=40, points=7, seed=1)
    net = train(data, 12, steps=50, seed=0)
    together, radius = net.distance(data.coordinates), net.certified_radius(data.coordinates)
    for i, x in enumerate(data.coordinates):
        alone = net.distance(x)
        assert (alone.lower, alone.upper) == (together.lower[i], together.upper[i])
        np.testing.assert_array_equal(alone.z, together.z[i])
        assert net.certified_radius(x) == radius[i]
    assert net.distance(data.coordinates[:0]).lower.shape == net.certified_radius(data.coordinates[:0]).shape == (0,)


def test_a_label_that_can_only_be_lost_and_one_that_is_open():
    """N = max(x_2, 0) + max(x_3, 0) is silenced at sqrt(2); where N = 0 there is no label."""
    net = Network(FullLayer(Span(np.eye(3, 1)), np.eye(3)[1:]), np.ones(2))
    found = net.distance(np.array([0.0, 1.0, 1.0]))
    assert (found.certified, found.flipped) == (True, False)
    assert found.lower <= 2**0.5 <= found.upper
    open_ = net.distance(np.array([[1.0, 0.0, 0.0], [1.0, -1.0, 0.0]]))
    assert (open_.lower.tolist(), open_.certified.any()) == ([0.0, 0.0], False)
    assert net.certified_radius(np.array([1.0, 0.0, 0.0])) == 0


def test_dimensions_beyond_memory_cost_nothing():
    data = problem(d=10**12, ell=9 * 10**11, points=5, seed=1)
    net = train(data, 10, steps=50, seed=0)
    found = net.distance(data.coordinates)
    assert found.certified.all()
    assert (net.certified_radius(data.coordinates) <= found.upper).all()


@pytest.mark.parametrize("size", [1e-100, 1e100])
def test_scaled_weights_have_scaled_distances(size):
    rng = np.random.default_rng(0)
    W, u, x = rng.standard_normal((5, 9)), rng.standard_normal(5), rng.standard_normal(9)
    one, other = (Network(FullLayer(Span(np.eye(9, 3)), s * W), u).distance(x) for s in (1.0, size))
    assert other.upper == pytest.approx(float(one.upper), rel=1e-8)
    assert other.certified


@settings(max_examples=examples(8), deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1e-5, 1e-7, 1e-9]))
def test_weights_that_hardly_leave_p_have_two_ends_and_soon(seed, size):
    """As of pixels that are 0 in all data, under weight decay: only rounding of the rest keeps the ends apart."""
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((6, 12)) * np.where(np.arange(12) < 9, 1.0, size)
    net = Network(FullLayer(Span(np.eye(12, 9)), W), rng.standard_normal(6), rng.standard_normal(6))
    x = rng.standard_normal(12)
    assume(abs(net.output(x)) > 0.1)
    found, steps = net.distance(x, nodes=1000), net.flips(x[None], "shortest_flip", 1.0).norm
    assert found.nodes < 200
    assert found.lower > 0
    assert np.isfinite(found.upper) == np.isfinite(steps[0])
    assert found.lower <= steps[0]
