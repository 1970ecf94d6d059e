"""Training: the gradient, the two representations, and what a run reports."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples
from threadpoolctl import threadpool_limits

from boundkit.errors import ParameterError, StatementError
from boundkit.simulate import (
    DivergenceWarning,
    Schedule,
    off_subspace_change,
    problem,
    rotation_gap,
    step,
    train,
)  # fmt: skip


def loss(W, X, y, u, lam):
    return np.logaddexp(0, -y * (np.maximum(X @ W.T, 0) @ u)).sum() + lam / 2 * np.sum(W**2)


@settings(max_examples=examples(30))
@given(st.integers(1, 300), st.integers(1, 5), st.integers(1, 4), st.floats(0, 2), st.integers(0, 2**32))
def test_a_step_goes_down_the_gradient(r, m, n, lam, seed):
    """Against central differences; more than 128 rows run through several blocks."""
    rng = np.random.default_rng(seed)
    W, X, y = rng.standard_normal((m, n)), rng.standard_normal((r, n)), np.where(rng.random(r) < 0.5, -1.0, 1.0)
    u = np.where(rng.random(m) < 0.5, -1.0, 1.0) / np.sqrt(m)
    h = 1e-6
    if np.abs(X @ W.T).min() < 100 * h * np.abs(X).max():
        return  # a kink of ReLU in between
    new, margins = step(W, X, y, u, 0.01, lam)
    for i, j in np.ndindex(m, n):
        e = np.zeros((m, n))
        e[i, j] = h
        slope = (loss(W + e, X, y, u, lam) - loss(W - e, X, y, u, lam)) / (2 * h)
        assert (W - new)[i, j] / 0.01 == pytest.approx(slope, rel=1e-5, abs=1e-5 * r)
    np.testing.assert_allclose(margins, y * (np.maximum(X @ W.T, 0) @ u), atol=1e-13)


def test_a_step_keeps_to_the_array_api_standard():
    xp = pytest.importorskip("array_api_strict")
    rng = np.random.default_rng(0)
    W, X, y = rng.standard_normal((5, 3)), rng.standard_normal((400, 3)), np.sign(rng.standard_normal(400))
    u = np.sign(rng.standard_normal(5))
    ours = step(W, X, y, u, 0.01, 0.1)
    strict = step(*map(xp.asarray, (W, X, y, u)), 0.01, 0.1)
    for a, b in zip(ours, strict, strict=True):
        np.testing.assert_allclose(a, np.asarray(b), rtol=1e-14)


def test_the_derivative_at_0_is_1():
    new, _ = step(np.zeros((1, 1)), np.ones((1, 1)), np.ones(1), np.ones(1), 1.0)
    assert new[0, 0] == 0.5


def test_a_step_survives_huge_margins():
    x = np.array([[1.0], [1.0]])
    new, _ = step(np.array([[1e5]]), x, np.array([1.0, -1.0]), np.ones(1), 1.0)
    assert new[0, 0] == 1e5 - 1


RUNS = [
    {}, {"method": "sgd"}, {"method": "sgd", "batch": 3}, {"lam": 0.5}, {"method": "sgd", "batch": 4, "lam": 1.0},
    {"beta": 0.01}, {"margin": 0.2},
]  # fmt: skip
DATA = [{}, {"rank": 5}, {"aligned": True}, {"spare": 0}, {"spare": 3}, {"labels": "clusters"}]


@pytest.mark.parametrize("how", RUNS)
@pytest.mark.parametrize("kind", DATA)
@pytest.mark.parametrize("m", [3, 40])
def test_both_representations_agree_weight_for_weight(how, kind, m):
    """m = 40 > ell as well as m < ell, test points on and off the training span."""
    p = problem(d=60, ell=25, points=8, seed=3, **kind)
    a = train(p, m, steps=100, seed=5, **how)
    b = train(p, m, steps=100, seed=5, representation="full", **how)
    assert np.abs(a.weights - b.weights).max() < 1e-12
    assert a.steps == b.steps
    np.testing.assert_allclose(a.history.loss, b.history.loss, rtol=1e-12)
    points = problem(d=60, ell=25, points=4, seed=8).X  # anywhere in R^60
    fresh = p.draw(min(3, p.width - p.rank + (p.spread == p.rank) * 3) or 1, seed=1) if p.spare else p.coordinates
    for x in (points, fresh, 2):
        np.testing.assert_allclose(a.output(x), b.output(x), atol=1e-12)


def test_uncoupled_they_agree_in_law():
    """Full initial weights are N(0, I/d): entries, and products across the blocks; 5 sigma, 4 numbers, < 3e-6."""
    p = problem(d=30, ell=12, points=4, seed=0, spare=2)
    starts = [train(p, 3, steps=1, seed=seed, representation="full").start.full for seed in range(1500)]
    w = np.sqrt(30) * np.array(starts)
    assert abs(w.mean()) < 5 / np.sqrt(w.size)
    assert abs((w**2).mean() - 1) < 5 * np.sqrt(2 / w.size)
    for a, b in (((0, 0), (0, 29)), ((0, 3), (1, 3))):
        assert abs((w[:, *a] * w[:, *b]).mean()) < 5 / np.sqrt(len(w))


def test_threads_do_not_matter():
    p = problem(d=400, ell=100, points=300, seed=1)
    runs = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            runs.append(train(p, 64, steps=20, seed=2).on_columns)
    assert np.array_equal(*runs)


def test_a_test_point_off_the_span_needs_its_extra_columns():
    """Coupled, output agrees to rounding; leaving the extra column out is wrong by about its own size."""
    p = problem(d=60, ell=25, points=8, seed=3)
    net = train(p, 20, steps=50, seed=5)
    x = p.draw(1, seed=4)[0]
    assert net.output(x) == pytest.approx(net.output(p.frame.vectors(x)), abs=1e-12)
    assert abs(net.output(x) - net.output(x[: p.rank])) > 0.01


def test_training_stops_at_the_margin_and_not_before():
    p = problem(d=100, ell=60, points=5, seed=1)
    net = train(p, 20, steps=5000, margin=0.5, seed=1)
    assert net.margin >= 0.5
    assert net.steps < 5000
    assert train(p, 20, steps=net.steps - 1, seed=1).margin < 0.5
    np.testing.assert_array_equal(train(p, 20, steps=net.steps, seed=1).on_columns, net.on_columns)
    sgd = train(p, 20, steps=20000, margin=0.5, seed=1, method="sgd")
    assert sgd.margin >= 0.5
    assert sgd.steps < 20000


def test_history_and_progress():
    seen = []
    net = train(problem(d=30, ell=10, points=5, seed=1), 8, steps=250, seed=1, progress=lambda *x: seen.append(x))
    assert net.history.step[0] == 0
    assert net.history.step[-1] == net.steps == 250
    assert net.history.loss[-1] < net.history.loss[0]
    assert (
        net.margin
        == net.history.margin[-1]
        == pytest.approx(np.min(net.problem.labels * net.output(net.problem.coordinates)))
    )
    assert seen[0] == ("training", 0, 250)
    assert seen[-1] == ("training", 250, 250)


def test_divergence_is_a_warning():
    p = problem(d=30, ell=10, points=5, seed=1)
    with pytest.warns(DivergenceWarning, match="the weights stopped being finite"):
        train(p, 8, steps=2000, eta=10.0, lam=10.0)
    crowded = problem(d=30, ell=10, points=60, rank=2, seed=1)
    with pytest.warns(DivergenceWarning, match=r"the loss went from .* try a step size below eta = 10"):
        train(crowded, 8, steps=10, eta=10.0)


def test_off_subspace_weights_only_shrink():
    """Theorem A.2, and Theorem 6.2's exact (1 - eta lam)^T for GD and for SGD whose steps carry the whole penalty."""
    p = problem(d=40, ell=15, points=10, seed=1)
    for how in ({}, {"method": "sgd", "batch": 2}):
        for lam in (0.0, 3.0):
            net = train(p, 12, steps=150, lam=lam, seed=3, representation="full", **how)
            assert off_subspace_change(net) < 1e-13
            ratio = np.linalg.norm(net.off) / np.linalg.norm(p.off(net.start.full))
            assert ratio == pytest.approx(abs(1 - net.eta * lam) ** 150, rel=1e-10)
    with pytest.raises(StatementError, match="representation='full'"):
        off_subspace_change(train(p, 12, steps=5))


def test_a_penalty_split_over_the_samples_shrinks_by_less():
    """E18: r = 25, eta lam = 0.1, T = 100: (1 - 0.1/25)^100 = 0.670 in fact, 0.9^100 = 2.7e-5 by the theorem."""
    p = problem(d=40, ell=15, points=25, seed=1)
    start = train(p, 6, steps=1, seed=2).start.off
    eta = 1e-3
    split = train(p, 6, method="sgd", eta=eta, lam=0.1 / eta / 25, steps=100, seed=2)
    whole = train(p, 6, method="sgd", eta=eta, lam=0.1 / eta, steps=100, seed=2)
    assert np.linalg.norm(split.off) / np.linalg.norm(start) == pytest.approx(0.670, abs=5e-4)
    assert np.linalg.norm(whole.off) / np.linalg.norm(start) == pytest.approx(2.7e-5, rel=0.02)


def test_one_large_step_jumps_past_the_margin_of_remark_3_1():
    """E20: one step with eta = 1 at d = 1000 takes the margin past log(d)^2 = 47.7."""
    p = problem(d=1000, ell=500, points=5, seed=1, labels="clusters")
    margins = [train(p, 100, eta=1.0, steps=1, seed=seed).margin for seed in range(5)]
    assert min(margins) > np.log(1000) ** 2


@pytest.mark.parametrize("batch", [None, 1, 4])
def test_training_commutes_with_rotation(batch):
    p = problem(d=40, ell=15, points=10, seed=1)
    assert rotation_gap(p, 12, Schedule(0.005, 0.1, 200, batch), seed=4) < 1e-11


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"m": 0}, "m = 0: the number of neurons is an integer, at least 1"),
        ({"steps": 0}, "steps = 0"),
        ({"eta": 0}, "eta = 0: the step size is a finite number > 0"),
        ({"eta": float("nan")}, "eta = nan"),
        ({"lam": -1}, "lam = -1"),
        ({"beta": 0}, "beta = 0"),
        ({"margin": -1}, "margin = -1"),
        ({"method": "adam"}, "method = 'adam': choose one of 'gd', 'sgd'"),
        ({"method": "sgd", "batch": 6}, "batch = 6: .* at most 5"),
        ({"representation": "dense"}, "representation = 'dense'"),
        ({"seed": 1.5}, "seed = 1.5"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ParameterError, match=message):
        train(problem(d=30, ell=10, points=5, seed=1), **{"m": 8, "steps": 5, **options})


def test_a_full_representation_that_does_not_fit_offers_the_other():
    with pytest.raises(ParameterError, match=r"would need .* GiB .*use representation='subspace'"):
        train(problem(d=10**9, ell=10**8, points=5, rank=5, seed=1), 8, representation="full")
