"""Networks from arrays, with biases and any output weights, asked at points anywhere: no data and no seed."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
import numpy as np
from patterns import distance
import pytest
from scipy.stats import chi, kstest
from support import examples

from boundkit.errors import HypothesisError, NoStepError, ParameterError
from boundkit.simulate import FullLayer, Network, Span, problem, train
from boundkit.simulate.moves import Rows

SAID: list[str] = []  # the errors met
STEPS = ("universal_flip", "one_point_flip", "exact_flip", "shortest_flip")


@st.composite
def networks(draw, most_m=6, classes=False):
    """A network on R^d with a subspace of n dimensions, and a point of R^d; some output weights are 0."""
    n, ell, m = draw(st.integers(1, 4)), draw(st.integers(1, 9)), draw(st.integers(1, most_m))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    d = n + ell
    u = rng.standard_normal((3, m) if classes else m)
    if draw(st.booleans()):
        u = np.where(rng.random(u.shape) < 0.25, 0.0, u)
    if not classes and draw(st.booleans()):
        u = np.where(u < 0, -1, 1) / np.sqrt(m)
    biases = rng.standard_normal(m) if draw(st.booleans()) else None
    above = rng.standard_normal(u.shape[:-1]) if draw(st.booleans()) else 0.0
    span = Span(np.linalg.qr(rng.standard_normal((d, n)))[0])
    return Network(FullLayer(span, rng.standard_normal((m, d))), u, biases, above), rng.standard_normal(d)


def formula(net, x):
    return np.maximum(x @ net.weights.T + (0 if net.biases is None else net.biases), 0) @ net.u.T + net.output_bias


@settings(max_examples=examples(60))
@given(networks(), networks(classes=True))
def test_outputs_slopes_and_margins_are_those_of_the_formula(one, many):
    for net, x in (one, many):
        np.testing.assert_allclose(net.output(x), formula(net, x), atol=1e-12)
        on_p = net.subspace.basis @ (net.subspace.basis.T @ x)
        np.testing.assert_allclose(net.output(x @ net.subspace.basis), formula(net, on_p), atol=1e-12)
        h, basis = 1e-6, np.eye(len(x))
        assume(np.abs(net.inputs(x)).min() > 100 * h)
        slopes = np.array([(formula(net, x + h * e) - formula(net, x - h * e)) / (2 * h) for e in basis]).T
        np.testing.assert_allclose(net.gradient(x), slopes, atol=1e-6)
        np.testing.assert_allclose(net.off_subspace_gradient(x) @ net.subspace.basis, 0, atol=1e-12)
        np.testing.assert_allclose(net.off_subspace_gradient(x), net.subspace.off(net.gradient(x)), atol=1e-12)
    net, x = many
    y = int(np.argmax(formula(net, x)))
    ahead = [np.inf if c == y else net.pair(y, c).output(x) for c in range(3)]
    assert net.labels(x) == y
    np.testing.assert_allclose(net.margins(x), ahead, atol=1e-12)
    np.testing.assert_allclose(net.pair(0, 1).gradient(x), net.gradient(x)[0] - net.gradient(x)[1], atol=1e-12)


@settings(max_examples=examples(60))
@given(networks())
def test_evened_output_weights_give_the_same_output(found):
    net, x = found
    a, _, u = net.evened(net.inputs(x), net.off)
    np.testing.assert_allclose(np.maximum(a, 0) @ u, net.output(x), atol=1e-12)
    np.testing.assert_allclose(np.abs(u) * np.sqrt(net.m), 1)


@settings(max_examples=examples(60))
@given(st.integers(1, 12), st.integers(0, 6), st.integers(0, 2**32))
def test_the_shortest_step_with_given_moves_makes_them_and_lies_in_the_span(m, more, seed):
    """Of any of the rows, of lengths that differ by twelve orders; a step in their span is the shortest."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((m, m + more)) * 10.0 ** rng.uniform(-6, 6, (m, 1))
    chosen = rng.random(m) < 0.6
    units = vectors[chosen] / np.linalg.norm(vectors[chosen], axis=1, keepdims=True)
    assume(not chosen.any() or np.linalg.cond(units) < 1e4)
    moves = rng.standard_normal(m)
    rows = Rows(vectors, rng.random(m) < 0.5)
    z = rows.shortest(moves, chosen)
    expected = np.linalg.pinv(units) @ (moves[chosen] / np.linalg.norm(vectors[chosen], axis=1))
    np.testing.assert_allclose(z, expected, atol=1e-9 * np.abs(expected).max(initial=0))
    basis, coordinates = rows.factors
    np.testing.assert_allclose(basis @ coordinates / rows.lengths, vectors.T / rows.lengths, atol=1e-12)


def built(net, method, x, c):
    """The step, or None where it says why there is none, and what to do."""
    try:
        return getattr(net, method)(x, c)
    except HypothesisError as error:
        SAID.append(str(error))
        return None


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(networks(), st.sampled_from([0.5, 1.0, 1.01, 3.0]))
def test_steps_from_anywhere_take_the_label_and_stay_orthogonal_to_p(found, c):
    """Held against the formula at the vector x0 + z; each step exists where it should."""
    net, x = found
    output, size = formula(net, x), np.abs(net.u) @ np.abs(net.inputs(x)) + abs(net.output_bias)
    assume(abs(output) > 1e-6 * size)
    y0, real = np.sign(output), net.u != 0
    assume(real.any())
    F, supports = net.opposing(x), net.u * output > 0
    enough = np.maximum(net.inputs(x), 0)[supports] @ np.abs(net.u[supports]) > abs(output) * (1 - 1e-12)
    assume(abs(y0 * net.output_bias - np.abs(net.u[F]) @ net.inputs(x)[F]) > 1e-9 * size or not net.output_bias)
    steps = {method: built(net, method, x, c) for method in STEPS}
    ell, q = net.subspace.ell, int((F | supports).sum())
    assert (steps["universal_flip"] is not None) == (ell >= real.sum() and bool(F.any() or enough))
    assert (steps["one_point_flip"] is not None) == (q <= ell and bool(F.any() or enough))
    assert (steps["exact_flip"] is not None) == (q <= ell and bool(F.any()))
    for method, z in steps.items():
        if z is None:
            continue
        np.testing.assert_allclose(z.vector @ net.subspace.basis, 0, atol=1e-9 * max(z.norm, 1))
        after, carried = y0 * formula(net, x + z.vector), 1e-8 * (size + z.norm * np.abs(net.u) @ np.ones(net.m) * 10)
        promised = 1 - c if method in ("exact_flip", "shortest_flip") else 1 - min(c, 1)
        assert after <= promised * abs(output) + carried
        assert z.after == pytest.approx(y0 * after, abs=carried)
        if c >= 1:
            assert z.lost
        if c > 1 and (F.any() or method == "shortest_flip"):
            assert z.flipped
    assert all("take" in said for said in SAID)
    if (z := steps["one_point_flip"]) is not None and enough:
        S = supports & (net.inputs(x) > 0)
        most = c * abs(output) / np.hypot(np.linalg.norm(net.u[F]), np.abs(net.u[S]).min())
        assert np.linalg.norm((net.off @ z.z)[F | supports]) <= most * (1 + 2e-6)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(networks(most_m=5), st.sampled_from([1.0, 1.5]))
def test_the_shortest_step_is_never_below_the_truth_and_equal_where_certified(found, c):
    """Against all activation patterns, with an output bias and any output weights."""
    net, x = found
    assume(net.u.any())
    assume(abs(net.output(x)) > 1e-3 * (np.abs(net.u) @ np.abs(net.inputs(x)) + abs(net.output_bias)))
    true = distance(net, x, c)
    within, z = 0.0, None
    try:
        z = net.shortest_flip(x, c)
    except NoStepError as none:
        within = none.within
    assert true >= within * (1 - 1e-5)
    if z is None:
        return
    assert z.norm >= true * (1 - 1e-5)
    if z.certified:
        assert z.norm == pytest.approx(true, rel=1e-5)
    if c == 1:
        attack = net.attack(x)
        assert attack.norm >= true * (1 - 1e-5)
        y0 = np.sign(net.output(x))
        assert not attack.found or y0 * formula(net, x + attack.z) <= 1e-9 * (1 + float(attack.norm))


def test_most_shortest_steps_are_certified():
    """Else the property above would say little."""
    rng, seen = np.random.default_rng(0), []
    for _ in range(30):
        W, u = rng.standard_normal((4, 10)), rng.standard_normal(4)
        net = Network(FullLayer(Span(np.eye(10, 3)), W), u, rng.standard_normal(4), 0.3)
        try:
            seen.append(net.shortest_flip(rng.standard_normal(10), 1).certified is True)
        except HypothesisError:
            continue
    assert np.mean(seen) > 0.9
    assert len(seen) > 20


@settings(max_examples=examples(60))
@given(networks())
def test_the_universal_direction_does_not_depend_on_the_point(found):
    net, x = found
    assume(net.subspace.ell >= net.m)
    directions = []
    for point in (x, -x, x @ net.subspace.basis, 3 * x + 1):
        z = built(net, "universal_flip", point, 2.0) if abs(net.output(point)) > 1e-9 else None
        if z is not None:
            directions.append(np.sign(z.before) * z.z / z.norm)
    for one in directions:
        np.testing.assert_allclose(one, directions[0], atol=1e-6)


@settings(max_examples=examples(60))
@given(networks(classes=True), st.integers(0, 2**32))
def test_after_a_swap_every_layer_above_sees_the_other_point(found, seed):
    net, x = found
    other = np.random.default_rng(seed).standard_normal(len(x))
    if net.subspace.ell < net.m:
        with pytest.raises(HypothesisError, match="a swap moves all inputs at will; take"):
            net.swap(x, other)
        return
    z = net.swap(x, other)
    scale = 1e-7 * (1 + z.norm)
    np.testing.assert_allclose(net.inputs(x + z.vector), net.inputs(other), atol=scale)
    np.testing.assert_allclose(formula(net, x + z.vector), formula(net, other), atol=scale * np.abs(net.u).sum())
    np.testing.assert_allclose(z.vector @ net.subspace.basis, 0, atol=scale)
    shortest = np.linalg.lstsq(net.off, net.inputs(other) - net.inputs(x), rcond=None)[0]
    assert z.norm == pytest.approx(np.linalg.norm(shortest), rel=1e-5)
    assert z.moved == pytest.approx(np.linalg.norm(net.weights @ (other - x)))
    back = net.swap(other, x)
    np.testing.assert_allclose(back.z, -z.z, atol=scale)


def test_the_length_of_a_swap_follows_its_law():
    """|W (x1 - x0)|/(b |z|) ~ chi_{ell-m+1} on P, over redrawn networks; false alarms 1e-6 each."""
    ell, m = 14, 8
    found = []
    for how in ({}, {"layers": "all", "biases": 0.2}):
        net = train(problem(40, ell, 8, seed=1, classes=3), m, steps=30, seed=3, **how)
        steps = [net.redrawn(seed).swap(0, 1) for seed in range(300)]
        assert len({z.moved for z in steps}) == 1
        found.append([z.moved / (net.b * z.norm) for z in steps])
    for lengths in found:
        assert kstest(lengths, chi(ell - m + 1).cdf).pvalue > 1e-6


def test_off_p_the_universal_flip_has_the_chi_that_it_has_everywhere():
    """alpha sqrt(m)/(b |z|) is one number for all points, and ~ chi_{ell-m+1} over redrawn networks; 1e-6."""
    ell, m = 12, 6
    net = train(problem(30, ell, 8, seed=1), m, steps=30, seed=3, layers="all")
    away, found = np.random.default_rng(0).standard_normal((3, 30)), []
    for seed in range(400):
        drawn = net.redrawn(seed)
        steps = [drawn.universal_flip(x, 1.5) for x in (*away, 0) if drawn.output(x)]
        ratios = [z.alpha * np.sqrt(m) / (net.b * z.norm) for z in steps]
        np.testing.assert_allclose(ratios, ratios[0], rtol=2e-6)
        found.append(ratios[0])
    assert kstest(found, chi(ell - m + 1).cdf).pvalue > 1e-6


def test_off_p_a_swap_is_no_longer_than_its_law_with_one_degree_less():
    """One-sided, over 300 redrawn networks in R^d: the share below every length is no less than the law's, but for what
    the one-sided Dvoretzky-Kiefer-Wolfowitz inequality allows with probability 1e-6."""
    ell, m = 12, 6
    data = problem(30, ell, 8, seed=1)
    net = train(data, m, steps=30, seed=3, representation="full")
    away = data.X[0] + np.random.default_rng(0).standard_normal(30)
    steps = [net.redrawn(seed).swap(0, away) for seed in range(300)]
    found = np.sort([net.b * z.norm / z.moved for z in steps])
    law = chi(ell - m).sf(1 / found)
    assert np.all(np.arange(1, 301) / 300 >= law - np.sqrt(np.log(1e6) / 600))


@pytest.mark.parametrize("how", [{}, {"layers": "all", "biases": 0.3}])
def test_both_representations_take_the_same_steps_from_points_off_p(how):
    data = problem(d=50, ell=30, points=8, seed=2)
    one, other = (train(data, 9, steps=40, seed=0, representation=r, **how) for r in ("subspace", "full"))
    away = np.random.default_rng(1).standard_normal((6, 50))
    for x in away:
        for method in STEPS:
            here, there = built(one, method, x, 1.5), built(other, method, x, 1.5)
            assert (here is None) == (there is None)
            if here is not None:
                np.testing.assert_allclose(here.vector, there.vector, atol=1e-6 * here.norm)
                assert here.lost
                assert np.sign(here.before) * other.output(x + here.vector) <= 1e-9
        swaps = one.swap(x, away[0]), other.swap(x, away[0])
        np.testing.assert_allclose(swaps[0].vector, swaps[1].vector, atol=1e-9)
    np.testing.assert_allclose(one.attack(away).norm, other.attack(away).norm, rtol=0.2)


def test_what_makes_no_sense_is_refused_with_a_remedy():
    rng = np.random.default_rng(0)
    layer = FullLayer(Span(np.eye(6, 2)), rng.standard_normal((3, 6)))
    net = Network(layer, rng.standard_normal((4, 3)))
    x = rng.standard_normal(6)
    for ask in (net.opposing, net.counting, net.shortest_flip, net.universal_flip):
        with pytest.raises(ParameterError, match=r"take network.pair\(y, c\)"):
            ask(x)
    for y, c, message in ((1, 1, "give two that differ"), (0, 4, "at most 3"), (-1, 0, "c = -1|a class = -1")):
        with pytest.raises(ParameterError, match=message):
            net.pair(y, c)
    with pytest.raises(ParameterError, match="ask it as it is"):
        net.pair(0, 1).pair(0, 1)
    for labels in (4, [0, 1], 0.5):
        with pytest.raises(ParameterError, match="labels of shape .* give 0 to 3"):
            net.margins(x, labels)
    shapes = (((2,), {}), ((1, 3), {}), ((3,), {"biases": np.ones(2)}), ((3,), {"output_bias": np.ones(2)}))
    for shape, options in shapes:
        with pytest.raises(ParameterError, match="shape .*: give"):
            Network(layer, np.ones(shape), **options)
    for weights in (np.ones((3, 5)), np.ones(6), np.ones((0, 6))):
        with pytest.raises(ParameterError, match=r"weights of shape .*: give \(m, 6\)"):
            FullLayer(Span(np.eye(6, 2)), weights)
    for basis in (np.eye(6, 2) * 1.1, np.ones(3), np.eye(2, 3)):
        with pytest.raises(ParameterError, match="np.linalg.qr|give orthonormal columns"):
            Span(basis)
    same = Network(FullLayer(Span(np.eye(6, 2)), np.ones((2, 6))), np.array([1.0, -0.5]))
    with pytest.raises(HypothesisError, match="linearly dependent: they cannot all be moved at will; take shortest"):
        same.universal_flip(x + 3)
    flat = Network(FullLayer(Span(np.eye(6, 2)), np.eye(2, 6)), np.array([1.0, -0.5]))
    for net in (flat, Network(layer, np.zeros(3), output_bias=1.0)):
        with pytest.raises(HypothesisError, match="no weights orthogonal to P"):
            net.shortest_flip(x + 3)
    with pytest.raises(HypothesisError, match="linearly dependent"):
        Rows(np.zeros((1, 3))).shortest(np.ones(1))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_output_weights_that_are_even_up_to_the_rounding_of_their_dtype_are_even(dtype):
    """However 1/sqrt(m) was computed; what is farther off, or even in a coarser dtype only, is not."""
    rng = np.random.default_rng(1)
    for m in (1, 2, 3, 7, 10, 50, 1000):
        layer, signs = FullLayer(Span(np.eye(m + 1, 1)), rng.standard_normal((m, m + 1))), rng.choice([-1.0, 1.0], m)
        one, root = np.ones(m, dtype), np.sqrt(np.full(m, m, dtype))
        for even in (signs / np.sqrt(m), signs.astype(dtype) / root, signs.astype(dtype) * (one / root)):
            net = Network(layer, even.astype(dtype))
            assert net.standard
            assert np.array_equal(net.u, signs / np.sqrt(m))
        eps = float(np.finfo(dtype).eps)
        for off in (8 * eps, 0.1):
            given = (signs / np.sqrt(m) * (1 + off)).astype(dtype)
            assert not Network(layer, given).standard
            assert np.array_equal(Network(layer, given).u, given.astype(float))
        if dtype is not np.float64 and m in (3, 7, 10):
            assert not Network(layer, (signs / np.sqrt(m)).astype(dtype).astype(float)).standard


def test_a_label_that_an_output_bias_makes_needs_an_active_opposing_neuron():
    """N = 5 + max(x_1, 0): turning the neuron off leaves 5; with -max(x_1, 0) a step takes it."""
    layer = FullLayer(Span(np.eye(2, 1)), np.array([[0.0, 1.0]]))
    kept, taken = (Network(layer, np.array([way]), output_bias=5.0) for way in (1.0, -1.0))
    x = np.array([0.0, 2.0])
    for method in ("universal_flip", "one_point_flip"):
        with pytest.raises(HypothesisError, match="an output bias makes this label"):
            getattr(kept, method)(x)
        z = getattr(taken, method)(x, 2.0)
        assert (z.flipped, z.z.tolist()) == (True, [0.0, 6.0])
    assert taken.shortest_flip(x, 1).norm == pytest.approx(3)
    with pytest.raises(HypothesisError, match="no step makes it flip"):
        kept.shortest_flip(x)
    with pytest.raises(NoStepError):
        kept.shortest_flip(x, 1)
    assert not kept.attack(x).found
    assert float(taken.attack(x).norm) == pytest.approx(3, rel=1e-5)
