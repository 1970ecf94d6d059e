"""Training of both layers, biases and classes, with momentum: what is orthogonal to the data stays a multiple."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import chi2, kstest
from support import examples, some

import boundkit as bk
from boundkit.errors import ParameterError
from boundkit.simulate import Schedule, check, descend, off_subspace_change, problem, train
from boundkit.simulate.both_layers import Layers, advanced, ascent
from boundkit.simulate.training import descend_layers

HOW = [
    {"layers": "all"}, {"layers": "all", "biases": 0.3}, {"biases": 0.0}, {"layers": "all", "biases": 0.1, "lam": 0.5},
    {"momentum": 0.9}, {"layers": "all", "biases": 0.2, "momentum": 0.8, "nesterov": True},
    {"layers": "all", "biases": 0.2, "momentum": 0.5, "method": "sgd", "batch": 3},
]  # fmt: skip
LAWFUL = [{"layers": "all", "biases": 0.2, "momentum": 0.9}, {"layers": "all", "lam": 2.0}]


def loss(layers, X, y):
    """The summed loss by its definition."""
    N = np.maximum(X @ layers.W.T + layers.biases, 0) @ layers.u.T + layers.output_bias
    if N.ndim == 1:
        return np.logaddexp(0, -y * N).sum()
    return (logsumexp(N, axis=1) - N[np.arange(len(y)), y.astype(int)]).sum()


def drawn(seed, r, m, n, classes):
    rng = np.random.default_rng(seed)
    shape = (classes,) if classes else ()
    y = rng.integers(classes, size=r).astype(float) if classes else np.where(rng.random(r) < 0.5, -1.0, 1.0)
    parts = (rng.standard_normal(s) for s in ((m, n), (m,), (*shape, m), shape))
    return Layers(*map(np.asarray, parts)), rng.standard_normal((r, n)), y


@settings(max_examples=examples(30))
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 4), st.sampled_from([None, 2, 4]), st.integers(0, 2**32))
def test_the_ascent_is_minus_the_gradient(r, m, n, classes, seed):
    """Against central differences, part by part and number by number."""
    layers, X, y = drawn(seed, r, m, n, classes)
    h = 1e-6
    if np.abs(X @ layers.W.T + layers.biases).min() < 100 * h * (1 + np.abs(X).max()):
        return  # a kink of ReLU in between
    up, _ = ascent(layers, X, y)
    for part, name in enumerate(Layers._fields):
        assert up[part].shape == layers[part].shape
        for place in np.ndindex(layers[part].shape):
            e = np.zeros(layers[part].shape)
            e[place] = h
            there, back = (layers._replace(**{name: layers[part] + way * e}) for way in (1, -1))
            slope = (loss(there, X, y) - loss(back, X, y)) / (2 * h)
            assert -up[part][place] == pytest.approx(slope, rel=1e-4, abs=1e-6 * r)


@settings(max_examples=examples(30))
@given(st.floats(0.1, 0.9), st.booleans(), st.integers(0, 2**32))
def test_momentum_unrolls_to_a_weighted_sum_of_past_gradients(momentum, nesterov, seed):
    """With gradients g_t given: steps of eta sum_s momentum^(t-s) g_s, and Nesterov's as much once more plus g_t."""
    rng = np.random.default_rng(seed)
    gradients = rng.standard_normal((6, 3))
    eta, at, kept = 0.1, Layers(*np.zeros((4, 3))), Layers(*np.zeros((4, 3)))
    for t, g in enumerate(gradients):
        weights = momentum ** np.arange(t, -1, -1.0)
        gone = eta * weights @ gradients[: t + 1]
        expected = at.u + (eta * g + momentum * gone if nesterov else gone)
        at, kept = advanced(at, kept, Layers(g, g, g, g), eta, 0.0, momentum, nesterov, (0, 2))
        np.testing.assert_allclose(at.u, expected, atol=1e-13)
        assert not at.biases.any()


def test_a_step_carries_the_penalty_of_what_is_trained():
    layers, X, y = drawn(1, 5, 3, 2, 3)
    up, _ = ascent(layers, X, y)
    still = Layers(*(np.zeros_like(part) for part in layers))
    after, _ = advanced(layers, still, up, 0.1, 2.0, 0.0, False, (0, 1))
    np.testing.assert_allclose(after.W, 0.8 * layers.W + 0.1 * up.W)
    np.testing.assert_allclose(after.biases, 0.8 * layers.biases + 0.1 * up.biases)
    assert after.u is layers.u


def test_with_only_the_first_layer_trained_both_ways_agree():
    layers, X, y = drawn(2, 9, 6, 4, None)
    layers = Layers(layers.W, np.zeros(6), layers.u, np.zeros(()))
    for plan in (Schedule(0.01, 0.1, 50), Schedule(0.01, 0.0, 50, 2, seed=3)):
        one, history = descend(layers.W, X, y, layers.u, plan)
        other, same = descend_layers(layers, X, y, plan, (0,))
        np.testing.assert_allclose(one, other.W, atol=1e-12)
        np.testing.assert_allclose(history.loss, same.loss, rtol=1e-12)
    with_momentum, _ = descend(layers.W, X, y, layers.u, Schedule(0.01, 0.0, 50, momentum=0.9))
    assert np.abs(with_momentum - one).max() > 1e-3


@pytest.mark.parametrize(("how", "classes", "m"), some(product(HOW, (None, 3), (4, 30)), 6))
def test_both_representations_agree_and_off_the_data_weights_are_a_multiple_of_the_start(how, classes, m):
    p = problem(d=50, ell=20, points=9, seed=3, rank=6, classes=classes)
    a = train(p, m, steps=80, seed=5, **how)
    b = train(p, m, steps=80, seed=5, representation="full", **how)
    assert np.abs(a.weights - b.weights).max() < 1e-11
    np.testing.assert_allclose(a.u, b.u, atol=1e-11)
    np.testing.assert_allclose(a.output_bias, b.output_bias, atol=1e-11)
    np.testing.assert_allclose(a.history.loss, b.history.loss, rtol=1e-10)
    assert (a.biases is None) == ("biases" not in how)
    assert off_subspace_change(b) < 1e-12
    assert b.b == pytest.approx(b.start.beta * abs(1 - b.eta * b.lam) ** 80)
    points = problem(d=50, ell=20, points=4, seed=8).X  # anywhere in R^50
    np.testing.assert_allclose(a.output(points), b.output(points), atol=1e-10)
    assert np.array_equal(a.u, a.start.u) == (how.get("layers") != "all")
    assert np.any(a.output_bias) == (how.get("layers") == "all" and "biases" in how)
    assert a.history.loss[-1] < a.history.loss[0]
    assert a.margin == pytest.approx(float(np.min(a.margins(p.coordinates, p.labels))), abs=1e-12)


@pytest.mark.parametrize(("classes", "how"), some(product((None, 4), LAWFUL), 1))
def test_off_subspace_gradients_are_b_times_the_active_output_weights_times_chi_ell(classes, how):
    """Kolmogorov's test on retrained networks; false alarms 1e-6 each, 4 tests."""
    p = problem(d=30, ell=11, points=8, seed=1, classes=classes)
    found = []
    for seed in range(150):
        net = train(p, 7, steps=30, seed=seed, **how)
        net = net.pair(0, 2) if classes else net
        if length := np.linalg.norm(net.active(0) * net.u):
            found.append(np.sum((net.off_subspace_gradient(0) / (net.b * length)) ** 2))
    assert len(found) > 120
    assert kstest(found, chi2(11).cdf).pvalue > 1e-6


def test_a_margin_stops_a_run_of_classes_and_not_before():
    p = problem(d=60, ell=30, points=8, seed=1, classes=3)
    net = train(p, 20, layers="all", steps=5000, margin=0.5, seed=1)
    assert net.margin >= 0.5
    assert net.steps < 5000
    assert train(p, 20, layers="all", steps=net.steps - 1, seed=1).margin < 0.5
    assert net.labels(p.coordinates).tolist() == p.labels.tolist()


def test_problems_in_classes():
    for labels in ("random", "linear", "clusters"):
        p = problem(d=40, ell=20, points=200, seed=1, classes=4, labels=labels)
        assert set(p.labels) == {0, 1, 2, 3}
        assert "200 points in 4 classes" in repr(p)
        np.testing.assert_allclose(np.linalg.norm(p.X, axis=1), np.sqrt(40))
    centres = np.array([p.coordinates[p.labels == c].mean(axis=0) for c in range(4)])
    nearest = np.argmax(p.coordinates @ centres.T, axis=1)
    assert np.mean(nearest == p.labels) > 0.9
    given = problem(X=np.eye(3, 6), y=[0, 2, 1], classes=3)
    assert (given.classes, given.labels.tolist()) == (3, [0, 2, 1])
    with pytest.raises(ParameterError, match=r"y holds .*: the labels of 2 classes are 0 to 1"):
        problem(X=np.eye(3, 6), y=[0, 2, 1], classes=2)
    with pytest.raises(ParameterError, match="classes = 1: the number of classes is an integer, at least 2"):
        problem(40, 20, classes=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": "last"}, "layers = 'last': choose one of 'first', 'all'"),
        ({"biases": -1}, "biases = -1"),
        ({"momentum": 1}, "momentum = 1: what is kept of the step before is a share below 1"),
        ({"momentum": -0.1}, "momentum = -0.1"),
        ({"nesterov": True}, "give momentum > 0"),
        ({"momentum": 0.5, "lam": 0.1}, "take lam = 0, or momentum = 0"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ParameterError, match=message):
        train(problem(d=30, ell=10, points=5, seed=1), 4, steps=5, **options)


def test_no_statement_is_held_against_a_network_that_it_does_not_speak_of():
    p = problem(d=30, ell=10, points=5, seed=1)
    for how in ({"layers": "all"}, {"biases": 0.1}):
        net = train(p, 4, steps=5, **how)
        for ask in (lambda net=net: net.values(bk.theorem_4_1), lambda net=net: bk.flip_probability(net, draws=2)):
            with pytest.raises(ParameterError, match="biases"):
                ask()
        with pytest.raises(ParameterError, match=f"training with {next(iter(how))}, of which theorem_4_1 says nothing"):
            check(bk.theorem_4_1, 5, problem=p, m=4, training=how)
    with pytest.raises(ParameterError, match="a problem in 3 classes, of which theorem_4_1 says nothing"):
        check(bk.theorem_4_1, 5, problem=problem(30, 10, 5, 1, classes=3), m=4)
    assert train(p, 4, steps=5, momentum=0.5).values(bk.theorem_4_1)["m"] == 4
    trained = train(p, 4, steps=50, layers="all")
    if trained.opposing(0).any():
        with pytest.raises(bk.BoundkitError, match="output weights other than"):
            trained.paper_step(0)
