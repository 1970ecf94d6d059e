"""Lemma 0: what training leaves Gaussian off P, at any point of R^d, on networks trained here by hand; what it needs.

Seeds are fixed; with fresh ones a test of a law would raise a false alarm once in 10^5, one of a refuted claim never
finds more than 10^-6 of chance in its favour.
"""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest
from scipy import stats
from untrained import ELL, FALSE_ALARM, NETWORKS, D, M, Trained, trained

import boundkit as bk
from boundkit.simulate import SimulationVerdict, clopper_pearson
from boundkit.simulate.piecewise import first_lost


def moved(nets: Trained) -> float:
    """How far the part off P has moved, over its own size."""
    before, after = (w @ nets.perp for w in (nets.start, nets.W))
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


@pytest.mark.parametrize("method", ["gd", "momentum"])
def test_training_moves_nothing_off_the_span(method: str) -> None:
    nets = trained(20, 1, method)
    assert moved(nets) < 1e-13
    assert np.linalg.norm(nets.W - nets.start) > 1


@NETWORKS
def test_the_universal_flip_takes_the_label_of_points_anywhere_and_has_its_law(count: int) -> None:
    """x0 anywhere in R^d, chosen by the weights or not, k = 0 too: one chi-square variable, and no label is kept."""
    nets, rng = trained(count, 2), np.random.default_rng(2)
    V = nets.V
    inverse = np.linalg.solve(V @ np.swapaxes(V, 1, 2), np.ones((count, M, 1)))
    direction = (np.swapaxes(V, 1, 2) @ inverse)[..., 0] @ nets.perp.T * sqrt(D)
    seen, none_opposes = [], 0
    for x in (rng.standard_normal((count, D)), nets.W[:, 0] + nets.W[:, 1]):
        a = nets.inputs(x)
        N = nets.output(a)
        k = ((a >= 0) & (nets.u * np.sign(N)[:, None] < 0)).sum(axis=1)
        none_opposes += (k == 0).sum()
        z = -(np.sign(N) * 1.01 * np.abs(N) * sqrt(M) / (k + 1))[:, None] * direction
        after = np.sign(N) * nets.output(nets.inputs(x + z))
        shown = np.abs(N) > 1e-9
        assert (after <= 1e-9)[shown].all()
        assert (after[shown & (k >= 1)] < 0).all()
        claimed = np.abs(N) * (1 - 1.01 * k / (k + 1) - np.minimum(1.01 / (k + 1), 1))
        assert (after <= claimed + 1e-9)[shown].all()
        assert np.abs(z @ (np.eye(D) - nets.perp @ nets.perp.T)).max() < 1e-9
        with np.errstate(invalid="ignore"):
            seen.append(np.where(shown, (1.01 * np.abs(N) * M / (k + 1)) ** 2 * D / (z**2).sum(axis=1), np.nan))
    assert none_opposes > count / 20
    assert stats.kstest(seen[0][np.isfinite(seen[0])], stats.chi2(ELL - M + 1).cdf).pvalue > FALSE_ALARM
    both = np.isfinite(seen).all(axis=0)
    assert seen[1][both] == pytest.approx(seen[0][both])  # one variable for all x0
    assert both.sum() > count / 2


def test_the_papers_direction_takes_it_wherever_every_row_sum_is_high() -> None:
    nets, rng, c = trained(400, 3, ell=26), np.random.default_rng(3), 4
    V = nets.V
    X = np.einsum("tij,tj->ti", V, V.sum(axis=1))
    high = (X > 26 / c).all(axis=1)
    assert 100 < high.sum()
    for x in (rng.standard_normal((400, D)), nets.W.sum(axis=1)):
        a = nets.inputs(x)
        N = nets.output(a)
        k = ((a >= 0) & (nets.u * np.sign(N)[:, None] < 0)).sum(axis=1)
        alpha = c * sqrt(M) * np.abs(N) * D / (26 * (k + 1))
        z = -(np.sign(N) * alpha)[:, None] * np.einsum("tm,tmd->td", np.sign(nets.u), nets.W @ nets.perp) @ nets.perp.T
        after = np.sign(N) * nets.output(nets.inputs(x + z))
        assert (after <= 1e-9)[high].all()
        assert (after[high & (k >= 1) & (N != 0)] < 0).all()
        R = (V.sum(axis=1) ** 2).sum(axis=1) / M
        assert np.linalg.norm(z, axis=1) == pytest.approx(c * np.abs(N) * M / (k + 1) * np.sqrt(R * D) / 26)


# What Lemma 0 needs: without each the claims fail.


def shortness(nets: Trained, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """|gradient off P|^2 m d/k, in law chi-square with ell degrees of freedom, and whether k >= 1."""
    S = nets.inputs(x) >= 0
    g = np.einsum("tm,tml->tl", S * nets.u, nets.W @ nets.perp)
    k = S.sum(axis=1)
    return (g**2).sum(axis=1) * M * D / np.maximum(k, 1), k >= 1


def fails_4_1(squared: np.ndarray, ell: int) -> float:
    """A lower end of the probability that Theorem 4.1 fails, at level 10^-6."""
    return clopper_pearson(int((squared < ell / 2).sum()), squared.size, 1e-6)[0]


def test_x0_must_not_see_the_weights_off_the_span() -> None:
    """Of 400 points of P the one with the shortest gradient for its k fails 4.1; one chosen blindly does not."""
    nets, rng = trained(300, 4), np.random.default_rng(4)
    on_P = np.linalg.qr(np.hstack([nets.perp, rng.standard_normal((D, D - ELL))]))[0][:, ELL:]
    found = [shortness(nets, rng.standard_normal((300, D - ELL)) @ on_P.T) for _ in range(400)]
    every = np.array([np.where(active, squared, np.inf) for squared, active in found])
    assert fails_4_1(every.min(axis=0), ELL) > exp(-ELL / 16)
    blind = every[0][np.isfinite(every[0])]
    assert stats.kstest(blind, stats.chi2(ELL).cdf).pvalue > FALSE_ALARM


def test_what_chooses_among_seeds_is_a_training_input() -> None:
    """The best of 10 networks on inputs off P has another law than chi-square: validation sees the weights there."""
    nets, rng = trained(4000, 5), np.random.default_rng(5)
    x = rng.standard_normal((400, D)).repeat(10, axis=0)
    x -= x @ nets.perp @ nets.perp.T
    squared, active = shortness(nets, x)
    N = nets.output(nets.inputs(x))
    noise = 2 * rng.standard_normal((20, 400, ELL)).repeat(10, axis=1) @ nets.perp.T
    changed = np.mean([(nets.output(nets.inputs(x + z)) - N) ** 2 for z in noise], axis=0)
    best = np.where(active, changed, np.inf).reshape(400, 10).argmin(axis=1) + 10 * np.arange(400)
    assert stats.kstest(squared[::10][active[::10]], stats.chi2(ELL).cdf).pvalue > FALSE_ALARM
    assert stats.kstest(squared[best], stats.chi2(ELL).cdf).pvalue < 1e-6


def test_the_data_must_not_be_chosen_by_the_weights() -> None:
    """Data that span where the first layer is largest leave too little off P."""
    rng, squared = np.random.default_rng(6), []
    for _ in range(200):
        W = rng.standard_normal((M, D)) / sqrt(D)
        _, _, directions = np.linalg.svd(W)
        hat = W @ directions[2:].T  # P: the first two right singular vectors
        S = W @ directions[:2].T @ rng.standard_normal(2) >= 0
        u = np.where(rng.random(M) < 0.5, -1, 1) / sqrt(M)
        if S.any():
            squared.append(((S * u) @ hat) @ ((S * u) @ hat) * M * D / S.sum())
    assert fails_4_1(np.array(squared), D - 2) > exp(-(D - 2) / 16)


@pytest.mark.parametrize(("method", "noise"), [("adam", 0.0), ("gd", 0.5)], ids=["Adam", "inputs off P"])
def test_adam_and_inputs_off_the_span_move_what_is_off_it(method: str, noise: float) -> None:
    assert moved(trained(20, 7, method, noise)) > 0.1


# One direction for all x0


def even_weights(nets: Trained, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """k/n_o on the neurons that oppose the label 1, 1/n_s on the others, the sum of squares, and where these are."""
    opposing = nets.u < 0
    n_o = opposing.sum(axis=1, keepdims=True)
    usable = (n_o[:, 0] >= max(k, 1)) & (n_o[:, 0] < M)
    with np.errstate(divide="ignore"):
        omega = np.where(opposing, k / n_o, 1 / (M - n_o))[usable]
    return omega, (omega**2).sum(axis=1), usable


@NETWORKS
def test_both_laws_of_one_direction_hold_on_trained_networks(count: int) -> None:
    nets, k = trained(count, 8), 1
    omega, spread, usable = even_weights(nets, k)
    V = nets.V[usable]
    far = (np.einsum("tm,tml->tl", omega, V) ** 2).sum(axis=1) / spread
    inverse = np.linalg.solve(V @ np.swapaxes(V, 1, 2), omega[..., None])[..., 0]
    near = spread / np.einsum("tm,tm->t", omega, inverse)
    assert stats.kstest(far, stats.chi2(ELL).cdf).pvalue > FALSE_ALARM
    assert stats.kstest(near, stats.chi2(ELL - M + 1).cdf).pvalue > FALSE_ALARM


def test_at_the_x0_that_decides_no_direction_takes_the_label_earlier() -> None:
    """x0 in P with the pre-activations of the proof: N falls along a line until just when the moves add up."""
    nets, k = trained(60, 9), 1
    _, spread, usable = even_weights(nets, k)
    V, u = nets.V[usable], nets.u[usable]
    rng = np.random.default_rng(9)
    for t in range(len(u)):
        n = np.linalg.lstsq(V[t], rng.random(M), rcond=None)[0]  # a direction that moves every neuron the right way
        mu = V[t] @ n / np.linalg.norm(n)
        opposing = np.flatnonzero(u[t] < 0)
        F, s = opposing[np.argsort(mu[opposing])[:k]], min(np.flatnonzero(u[t] > 0), key=lambda i: mu[i])
        a = np.full(M, -1e7)
        a[F], a[s] = 1e3, sqrt(M) + k * 1e3
        W = nets.W[usable][t]
        on_P = np.linalg.svd(nets.perp.T)[2][ELL:]
        x0 = np.linalg.lstsq(W @ on_P.T, a, rcond=None)[0] @ on_P
        assert W @ x0 == pytest.approx(a, rel=1e-6)
        length = float(first_lost(W @ x0, -np.sign(u[t]) * mu / sqrt(D), u[t]))
        assert length == pytest.approx(sqrt(M * D) / (mu[F].sum() + mu[s]), rel=1e-4)
    low = bk.one_direction_limit(d=D, ell=ELL, m=M, n_o=2, k=1, a=1.5).bounds[0]
    assert low == pytest.approx(sqrt(M * D / (1 / 2 + 1 / 3)) / sqrt(1.5 * ELL))
    assert spread.min() > 0


def test_where_P_is_a_line_a_direction_may_be_shorter_than_the_limit() -> None:
    """Without a first layer of rank m on P: on a line only two patterns occur, and their gradients are enough."""
    rng, shorter, looked = np.random.default_rng(10), 0, 0
    g = bk.one_direction_limit(d=D, ell=D - 1, m=M, n_o=2, k=1, a=1.5)
    u = np.array([-1, -1, 1, 1, 1]) / sqrt(M)
    while looked < 300:
        V, on = rng.standard_normal((M, D - 1)), rng.standard_normal(M)
        active, N = on > 0, np.maximum(on, 0) @ u
        if N > 0 > np.maximum(-on, 0) @ u and (active & (u < 0)).sum() == 1:  # the label 1 occurs on one half only
            n = V[active].sum(axis=0)
            moves = -np.sign(u) * (V @ n) / np.linalg.norm(n) / sqrt(D)
            looked, shorter = looked + 1, shorter + (first_lost(on / N, moves, u) < g.bounds[0])
    assert clopper_pearson(shorter, looked, 1e-6)[0] > g.failure
    assert g.verdict is bk.Verdict.INAPPLICABLE


# The sphere


def test_with_a_bias_a_small_step_orthogonal_to_the_sphere_takes_the_label() -> None:
    """N(x) = max(<w, x>, 0) - 0.9 at x0 = w: hardly more than a tenth of x0 is enough."""
    w = np.array([0.6, 0.8])
    assert max(w @ (0.91 * w), 0) - 0.9 > 0 > max(w @ (0.89 * w), 0) - 0.9
    assert bk.sphere_has_none(d=2, rho=1, output=0.1).bounds[0] == 1


def test_trained_deep_networks_without_biases_on_a_sphere() -> None:
    found = bk.simulate.check(bk.sphere_has_none, 300, seed=3, d=6, rho=2, output=0.5)
    assert found.verdict is SimulationVerdict.CONSISTENT
    assert found.trials > 250
