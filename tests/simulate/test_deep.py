"""Deep networks: gradients against differences, a step against the two-layer trainer, and what a run reports."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples

from boundkit.errors import ParameterError
from boundkit.simulate import step
from boundkit.simulate.attacks import shortest_steps
from boundkit.simulate.deep import DeepNetwork, TrainingConfig, ascent, pytorch_default, train_deep

WIDTHS = st.lists(st.integers(1, 5), min_size=1, max_size=4)
H = 1e-6


def data(rng, n, d):
    return rng.standard_normal((n, d)), np.where(rng.random(n) < 0.5, -1.0, 1.0)


def objective(network, X, y, recipe):
    """As the docstrings say it, by another route than the gradient's: one network, point by point."""
    total = 0.0
    for x, label in zip(X, y, strict=True):
        h = x
        for W, b in zip(network.weights, network.biases, strict=True):
            h = np.maximum(W @ h + b, 0) if W is not network.weights[-1] else W @ h + b
        total += np.logaddexp(0, -label * h[0])
    if recipe.loss == "mean":
        total /= len(y)
    W, b = network.weights, network.biases
    if recipe.penalty == "first norm":
        return total + recipe.lam * (np.linalg.norm(W[0]) + np.linalg.norm(b[0]))
    parts = (*W, *b) if recipe.penalty == "all" else (W[0], b[0])
    return total + recipe.lam / 2 * sum(np.sum(p**2) for p in parts)


def near_a_kink(network, X, reach):
    a = network.inputs(X)
    least = np.abs(a).min()
    for W, b in zip(network.weights[1:-1], network.biases[1:-1], strict=True):
        a = np.maximum(a, 0) @ W.T + b
        least = min(least, np.abs(a).min())
    return least < reach


@settings(max_examples=examples(40))
@given(
    WIDTHS, st.integers(1, 3), st.integers(1, 6), st.integers(0, 2**32), st.sampled_from(["mean", "sum"]),
    st.sampled_from(["all", "first", "first norm"]), st.floats(0, 2),
)  # fmt: skip
def test_a_step_goes_down_the_gradient_of_the_objective(hidden, d, n, seed, loss, penalty, lam):
    X, y = data(np.random.default_rng(seed), n, d)
    network = pytorch_default((d, *hidden, 1), seed)
    if near_a_kink(network, X, 1e-4):
        return
    recipe = TrainingConfig(eta=1e-3, margin=1e9, steps=1, loss=loss, lam=lam, penalty=penalty)
    after = train_deep(network, X, y, recipe).network
    for kind in ("weights", "biases"):
        for layer, part in enumerate(getattr(network, kind)):
            slope = (part - getattr(after, kind)[layer]) / recipe.eta
            for index in np.ndindex(part.shape):
                moved = []
                for sign in (1, -1):
                    parts = [p.copy() for p in getattr(network, kind)]
                    parts[layer][index] += sign * H
                    both = {"weights": network.weights, "biases": network.biases} | {kind: tuple(parts)}
                    moved.append(objective(DeepNetwork(**both), X, y, recipe))
                assert slope[index] == pytest.approx((moved[0] - moved[1]) / (2 * H), rel=1e-4, abs=1e-5 * n)


@settings(max_examples=examples(40))
@given(WIDTHS, st.integers(1, 4), st.integers(0, 2**32))
def test_gradients_by_input_and_by_preactivation(hidden, d, seed):
    X, _ = data(np.random.default_rng(seed), 3, d)
    network = pytorch_default((d, *hidden, 1), seed)
    if near_a_kink(network, X, 1e-4):
        return
    gradient, output_gradient = network.gradient(X), network.output_gradient(network.inputs(X))
    for i in range(d):
        e = H * np.eye(d)[i]
        np.testing.assert_allclose(gradient[:, i], (network.output(X + e) - network.output(X - e)) / (2 * H), atol=1e-7)
    a = network.inputs(X)
    for i in range(hidden[0]):
        e = H * np.eye(hidden[0])[i]
        np.testing.assert_allclose(
            output_gradient[:, i], (network.above(a + e) - network.above(a - e)) / (2 * H), atol=1e-7
        )


def test_a_step_is_the_two_layer_trainers():
    """Without biases, on the summed loss, the first layer moves as in the paper's own setting."""
    rng = np.random.default_rng(0)
    W, u = rng.standard_normal((20, 4)), np.where(rng.random(20) < 0.5, -1.0, 1.0) / np.sqrt(20)
    X, y = data(rng, 30, 4)
    network = DeepNetwork((W, u[None]), (np.zeros(20), np.zeros(1)))
    recipe = TrainingConfig(eta=0.01, margin=1e9, steps=1, loss="sum", lam=0.3, penalty="first")
    ours = train_deep(network, X, y, recipe).network.weights[0]
    np.testing.assert_allclose(ours, step(W, X, y, u, 0.01, 0.3)[0], rtol=1e-12, atol=1e-14)


def test_networks_train_together_as_they_do_alone():
    X, y = data(np.random.default_rng(0), 6, 2)
    recipe = TrainingConfig(eta=0.2, margin=0.05, steps=3000)
    together = train_deep(pytorch_default((2, 30, 30, 1), range(4)), X, y, recipe)
    assert len(set(together.steps.tolist())) > 1  # they stop one after the other
    for seed in range(4):
        alone = train_deep(pytorch_default((2, 30, 30, 1), seed), X, y, recipe)
        assert alone.steps == together.steps[seed]
        assert alone.margin == pytest.approx(together.margin[seed], rel=1e-9)
        np.testing.assert_allclose(alone.network.weights[1], together.network.weights[1][seed], rtol=1e-7, atol=1e-9)
        assert (y * alone.network.output(X)).min() == pytest.approx(float(alone.margin), rel=1e-9)


def test_pytorchs_default_is_uniform_within_one_over_root_fan_in():
    """Kolmogorov and Smirnov: the greatest deviation of n uniform numbers is above 3/sqrt(n) with probability 3e-8."""
    network = pytorch_default((50, 200, 1), seeds=range(3))
    for part, fan_in in ((network.weights[0], 50), (network.biases[0], 50), (network.weights[1], 200)):
        u = np.sort(part.ravel() * np.sqrt(fan_in) / 2 + 0.5)
        assert 0 <= u[0] <= u[-1] <= 1
        assert np.abs(2 * u - 1).max() > 1 - 30 / len(u)  # false with probability e^-30
        assert np.abs(u - (np.arange(len(u)) + 0.5) / len(u)).max() < 3 / np.sqrt(len(u))
    third = pytorch_default((50, 200, 1), seeds=(2,), divide=3)
    np.testing.assert_allclose(3 * third.weights[0][0], network.weights[0][2])
    assert pytorch_default((50, 200, 1), 2).networks == ()


def test_the_derivative_at_0_is_1():
    dW, _, _ = ascent([np.zeros((1, 1, 1)), np.ones((1, 1, 1))], [np.zeros((1, 1))] * 2, np.ones((1, 1)), np.ones(1))
    assert dW[0][0, 0, 0] == 0.5


def test_a_margin_that_is_never_reached_is_said():
    X, y = np.array([[1.0], [1.0]]), np.array([1.0, -1.0])  # one point, both labels
    run = train_deep(pytorch_default((1, 5, 1), range(2)), X, y, TrainingConfig(eta=0.1, margin=0.3, steps=50))
    assert not run.reached.any()
    assert "margin 0.3 not reached in 50 steps" in run.note
    assert train_deep(pytorch_default((1, 5, 1), 0), X[:1], y[:1], TrainingConfig(eta=0.5, margin=0.3)).note == ""


@pytest.mark.parametrize("eta", [1e3, 1e200])
def test_a_diverging_step_size_is_refused(eta):
    X, y = data(np.random.default_rng(0), 10, 3)
    with pytest.raises(ParameterError, match="diverged.*take a smaller step size"):
        train_deep(pytorch_default((3, 20, 20, 1), 0), X, y, TrainingConfig(eta=eta, margin=0.3, steps=20))


@pytest.mark.parametrize(
    ("X", "y", "says"),
    [
        (np.ones((2, 3)), np.ones(2), "points of shape"),
        (np.ones((2, 2)), np.ones(3), "labels of shape"),
        (np.ones((2, 2)), np.zeros(2), "each -1 or 1"),
        (np.full((2, 2), np.nan), np.ones(2), "not finite"),
    ],
)
def test_data_that_do_not_fit(X, y, says):
    with pytest.raises(ParameterError, match=says):
        train_deep(pytorch_default((2, 5, 1), 0), X, y, TrainingConfig(eta=0.1, margin=0.3))


@pytest.mark.parametrize("bad", [{"eta": 0}, {"margin": -1}, {"loss": "median"}, {"lam": -1}, {"penalty": "last"}])
def test_recipes_out_of_range(bad):
    with pytest.raises(ParameterError):
        TrainingConfig(**({"eta": 0.1, "margin": 0.3} | bad))


def test_an_attack_on_a_deep_network_flips_strictly_and_no_ray_crosses_much_earlier():
    """Against a fine grid along the way; the same steps in any batch."""
    rng = np.random.default_rng(1)
    network = pytorch_default((4, 30, 30, 1), 3)
    x = rng.standard_normal((40, 4))
    network.biases[-1][...] -= np.median(network.output(x))
    top = np.full(40, 20.0)
    a = network.inputs(x)
    norm, z, flipped = shortest_steps(network, a, network.weights[0], top)
    assert flipped.mean() > 0.5
    assert np.all(np.sign(network.output(x)) * network.output(x + z) < 0, where=flipped)
    np.testing.assert_array_equal(np.isfinite(norm), flipped)
    np.testing.assert_allclose(np.linalg.norm(z, axis=1)[flipped], norm[flipped])
    t = np.linspace(0, 1, 1001)[1:-1]
    kept = np.array([np.sign(network.output(x)) * network.output(x + s * z) > -1e-9 for s in t])
    assert np.mean(kept[:, flipped]) > 0.99
    some = shortest_steps(network, a[[7, 3]], network.weights[0], top[:2])
    np.testing.assert_array_equal(some[1], z[[7, 3]])


@pytest.mark.parametrize(
    ("outputs", "said"),
    [(10, "10 outputs, and N.x. is one number"), (0, "at least 1"), (2, "one of its rows, or the difference of two")],
)
def test_a_network_with_another_number_of_outputs_is_refused(outputs, said):
    with pytest.raises(ParameterError, match=said):
        DeepNetwork((np.ones((5, 3)), np.ones((outputs, 5))), (np.ones(5), np.ones(outputs)))


@settings(max_examples=examples(60))
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(0, 2**32))
def test_layers_that_do_not_fit_are_refused_and_those_that_do_are_not(widths, seed):
    rng = np.random.default_rng(seed)
    widths = [*widths, 1]
    sizes = [*itertools.pairwise(widths)]
    W, b = [np.ones((m, n)) for n, m in sizes], [np.ones(m) for _, m in sizes]
    network = DeepNetwork(tuple(W), tuple(b))
    assert network.output(np.ones((2, widths[0]))).shape == (2,)
    layer = int(rng.integers(len(W)))
    for spoilt in (np.ones((W[layer].shape[0] + 1, W[layer].shape[1])), W[layer] * np.nan, W[layer] * 1j, W[layer][0]):
        with pytest.raises(ParameterError, match="layer|output"):
            DeepNetwork((*W[:layer], spoilt, *W[layer + 1 :]), tuple(b))
    with pytest.raises(ParameterError, match="as many"):
        DeepNetwork(tuple(W), tuple(b[:-1]))
    for x in (np.ones((2, widths[0] + 1)), np.ones(widths[0]), np.full((2, widths[0]), np.nan), [["a"] * widths[0]]):
        with pytest.raises(ParameterError, match="points"):
            network.output(x)
