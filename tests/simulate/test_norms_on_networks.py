"""Other norms on trained networks: the laws of steps in pixels, and what their hypotheses are for.

The networks of `untrained` are looked at in the coordinates of their frame, in which the data leave ELL pixels at 0.
Seeds are fixed; with fresh ones a test of a law would raise a false alarm once in 10^5, one of a refuted claim never
finds more than 10^-6 of chance in its favour.
"""

from __future__ import annotations

from math import pi, sqrt

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import stats
from untrained import ELL, FALSE_ALARM, NETWORKS, D, M, Trained, trained

import boundkit as bk
from boundkit.errors import HypothesisError, ParameterError
from boundkit.library.beyond.draws_norms import worst_after
from boundkit.simulate import (
    FullLayer,
    Network,
    SimulationVerdict,
    Span,
    Subspace,
    check,
    free_pixels,
    sign_attack,
    sign_flip,
)
from boundkit.simulate.pixels import signs

DRAWS = 40_000


def same_law(seen: np.ndarray, drawn: np.ndarray) -> float:
    """The p value of the hypothesis that both are draws of one law."""
    return float(stats.ks_2samp(seen, drawn, method="asymp").pvalue)


def moves(nets: Trained, step: np.ndarray) -> np.ndarray:
    """<v_i, step> (count, m) for steps (count, ell)."""
    return np.einsum("tmn,tn->tm", nets.V, step)


def around_mean(rng: np.random.Generator, m: int = M) -> np.ndarray:
    g = rng.standard_normal((DRAWS, m))
    return g - g.mean(axis=1, keepdims=True)


# Laws: each against draws of what the lemma says, in plain NumPy


@NETWORKS
def test_steps_of_signs(count: int) -> None:
    nets, rng = trained(count, 31), np.random.default_rng(31)
    s_v = nets.V.sum(axis=1)
    X = moves(nets, np.sign(s_v))
    H = np.abs(rng.standard_normal((DRAWS, ELL))).sum(axis=1, keepdims=True)
    drawn = H / sqrt(M) + sqrt(ELL) * around_mean(rng)
    for statistic in (lambda x: x.min(axis=1), lambda x: x[:, 0], lambda x: x.max(axis=1) - x.min(axis=1)):
        assert same_law(statistic(X), statistic(drawn)) > FALSE_ALARM


@NETWORKS
def test_steps_that_may_only_go_up(count: int) -> None:
    nets, rng = trained(count, 32), np.random.default_rng(32)
    s_v = nets.V.sum(axis=1)
    on = rng.random((DRAWS, ELL)) < 0.5
    H = (np.abs(rng.standard_normal((DRAWS, ELL))) * on).sum(axis=1, keepdims=True)
    drawn = H / sqrt(M) + np.sqrt(on.sum(axis=1, keepdims=True)) * around_mean(rng)
    for label in (1, -1):  # each label has its own pixels
        X = moves(nets, label * (label * s_v > 0.0))
        for statistic in (lambda x: x.min(axis=1), lambda x: x[:, 1]):
            assert same_law(statistic(X), statistic(drawn)) > FALSE_ALARM


@NETWORKS
@pytest.mark.parametrize("h", [1, 6])
def test_the_pixels_with_the_largest_sums(count: int, h: int) -> None:
    nets, rng = trained(count, 33), np.random.default_rng(33)
    s_v = nets.V.sum(axis=1)
    least = np.sort(np.abs(s_v), axis=1)[:, -h, None]
    X = moves(nets, np.sign(s_v) * (np.abs(s_v) >= least))
    H = np.sort(np.abs(rng.standard_normal((DRAWS, ELL))), axis=1)[:, -h:].sum(axis=1, keepdims=True)
    drawn = H / sqrt(M) + sqrt(h) * around_mean(rng)
    assert same_law(X.min(axis=1), drawn.min(axis=1)) > FALSE_ALARM


def universal(nets: Trained, pixels: np.ndarray) -> np.ndarray:
    """V^T (V V^T)^(-1) 1 in these pixels (count, h) of each network."""
    V = np.take_along_axis(nets.V, np.broadcast_to(pixels[:, None], (len(pixels), M, pixels.shape[1])), axis=2)
    ones = np.ones((len(V), M, 1))
    return np.einsum("tmn,tm->tn", V, np.linalg.solve(V @ np.swapaxes(V, 1, 2), ones)[..., 0])


@NETWORKS
@pytest.mark.parametrize("h", [M, 9])
def test_few_pixels_are_enough_if_they_are_chosen_in_advance(count: int, h: int) -> None:
    nets = trained(count, 34)
    chosen = np.tile(np.random.default_rng(34).permutation(ELL)[:h], (count, 1))
    z = universal(nets, chosen)
    law = stats.chi2(h - M + 1).cdf
    assert stats.kstest(M / (z**2).sum(axis=1), law).pvalue > FALSE_ALARM


def test_pixels_that_are_chosen_by_the_weights_have_another_law() -> None:
    nets, h = trained(2000, 35), 9
    strongest = np.argsort(-(nets.V**2).sum(axis=1), axis=1)[:, :h]
    z = universal(nets, strongest)
    assert stats.kstest(M / (z**2).sum(axis=1), stats.chi2(h - M + 1).cdf).pvalue < 1e-6


@NETWORKS
@pytest.mark.parametrize("p", [1, 4, np.inf])
def test_the_universal_flip_in_other_norms(count: int, p: float) -> None:
    nets, rng = trained(count, 36), np.random.default_rng(36)
    z = universal(nets, np.tile(np.arange(ELL), (count, 1)))
    G = rng.standard_normal((DRAWS, ELL))
    ratio = np.linalg.norm(z, p, axis=1) / np.linalg.norm(z, axis=1)
    assert same_law(ratio, np.linalg.norm(G, p, axis=1) / np.linalg.norm(G, axis=1)) > FALSE_ALARM
    chi_square = M / (z**2).sum(axis=1)
    assert abs(stats.spearmanr(ratio, chi_square).statistic) < 5 / sqrt(count)  # the direction and the length
    pixel = (z @ nets.perp.T)[:, 2] ** 2 / (z**2).sum(axis=1)  # of R^d, for this P
    reach = np.linalg.norm(nets.perp[2])
    assert stats.kstest(pixel / reach**2, stats.beta(1 / 2, (ELL - 1) / 2).cdf).pvalue > FALSE_ALARM


@NETWORKS
def test_on_a_random_subspace_the_direction_is_uniform_over_all_pixels(count: int) -> None:
    """The data are turned, independently of the weights: an own Haar-random P for each network."""
    nets, rng = trained(count, 37), np.random.default_rng(37)
    z = universal(nets, np.tile(np.arange(ELL), (count, 1)))
    frames = np.linalg.qr(rng.standard_normal((count, D, ELL)))[0]
    there = np.einsum("tdn,tn->td", frames, z)
    G = rng.standard_normal((DRAWS, D))
    seen = np.abs(there).max(axis=1) / np.linalg.norm(z, axis=1)
    assert same_law(seen, np.abs(G).max(axis=1) / np.linalg.norm(G, axis=1)) > FALSE_ALARM


@NETWORKS
def test_gradients_in_pixels(count: int) -> None:
    nets, rng = trained(count, 38), np.random.default_rng(38)
    x = rng.standard_normal((D, D - ELL)) @ rng.standard_normal(D - ELL)
    on_P = x - nets.perp @ (nets.perp.T @ x)
    S = nets.inputs(np.tile(on_P, (count, 1))) >= 0
    k = S.sum(axis=1)
    entries = np.abs(np.einsum("tm,tmd->td", S * nets.u, nets.W @ nets.perp))[k > 0]
    entries = entries * np.sqrt(M * D / k[k > 0])[:, None]
    law = bk.tails.greatest_absolute_normal_at_least
    at_least = np.exp([float(law.log(ELL, x)) for x in entries.max(axis=1)])
    assert stats.kstest(at_least, "uniform").pvalue > FALSE_ALARM
    drawn = np.abs(rng.standard_normal((DRAWS, ELL))).sum(axis=1)
    assert same_law(entries.sum(axis=1), drawn) > FALSE_ALARM


# Claims that are false without their hypotheses


def test_a_pixel_that_training_has_seen_has_no_such_law() -> None:
    """The same step of signs in as many pixels of P: its moves are trained."""
    nets, rng = trained(2000, 39), np.random.default_rng(39)
    on_P = np.linalg.svd(nets.perp.T)[2][ELL:]
    V = np.sign(nets.u)[..., None] * (nets.W @ on_P.T) * sqrt(D)
    X = np.einsum("tmn,tn->tm", V, np.sign(V.sum(axis=1)))
    n = D - ELL
    H = np.abs(rng.standard_normal((DRAWS, n))).sum(axis=1, keepdims=True)
    drawn = H / sqrt(M) + sqrt(n) * around_mean(rng)
    assert same_law(X.max(axis=1) - X.min(axis=1), (drawn.max(axis=1) - drawn.min(axis=1))) < 1e-6


def test_the_simple_rate_of_upward_steps_is_not_that_of_both_ways() -> None:
    """With pi m - 2 for 2 pi m - 2 the valid-image flip would promise more than is true."""
    m, ell, c = 3, 300, 3
    upward = bk.valid_image_flip(d=784, ell=ell, m=m, c=c, output=1, top=100, both=0)
    both = bk.linf_flip(d=784, ell=ell, m=m, c=c, output=1)
    assert both.log_failure < upward.exact().log_failure < upward.log_failure


def test_a_smaller_step_leaves_labels() -> None:
    """At the x0 for which Lemma 1 is sharp: four tenths of the step, c = 1 for 2.5, and the label is kept in half."""
    nets = trained(1000, 40)
    s_v = nets.V.sum(axis=1)
    X = moves(nets, np.sign(s_v)) / (ELL * sqrt(2 / (pi * M)))
    opposing = np.tile(np.arange(M) < 2, (1000, 1))
    assert np.mean(worst_after(X / 2, opposing, 1) > 0) > 0.3


# Points anywhere


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.booleans())
def test_where_every_neuron_moves_enough_the_label_of_every_point_is_lost(seed: int, upward: bool) -> None:
    rng = np.random.default_rng(seed)
    d, ell, m = 80, 60, int(rng.integers(2, 6))
    W, u = rng.standard_normal((m, d)) / sqrt(d), np.where(rng.random(m) < 0.5, -1, 1) / sqrt(m)
    x = rng.standard_normal((50, d)) * rng.choice([0.1, 1, 10], (50, 1))
    if upward:
        x[:, d - ell :] = 0
    a = x @ W.T
    N = np.maximum(a, 0) @ u
    for y0 in (-1.0, 1.0):
        direction = signs(W[:, d - ell :], u, y0, upward)
        X = -y0 * np.sign(u) * (W[:, d - ell :] @ direction)
        if not X.min() > 0:
            continue
        k = ((a >= 0) & (u * y0 < 0)).sum(axis=1)
        eps = 1.001 * sqrt(m) * np.abs(N) / (k + 1) / X.min()  # every X_i is at least its share of the mean
        after = np.maximum(a + eps[:, None] * (W[:, d - ell :] @ direction), 0) @ u
        mine = np.sign(N) == y0
        assert (y0 * after[mine] <= 1e-9 * np.abs(N[mine]) * m).all()
        assert not upward or (direction >= 0).all()


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_the_attack_is_no_longer_than_the_step_of_signs_and_flips(seed: int) -> None:
    rng = np.random.default_rng(seed)
    d, ell, m = 30, 20, 4
    u = np.array([1, 1, -1, -1]) / 2
    net = Network(FullLayer(Span(np.eye(d, d - ell)), rng.standard_normal((m, d)) / sqrt(d)), u)
    x0 = rng.standard_normal(d)
    N = float(net.output(x0))
    if not N:
        return
    step, attack = sign_flip(net, x0), sign_attack(net, x0, steps=15, starts=4)
    assert attack.largest <= step.largest * (1 + 1e-9)
    for found in (step, attack):
        if np.isfinite(found.largest):
            assert np.abs(found.z).max() == pytest.approx(found.largest)
            assert not found.z[: d - ell].any()
            assert N * float(net.output(x0 + (1 + 1e-6) * found.z)) < 0
    steepest = max(
        np.abs((u * D) @ net.weights[:, d - ell :]).sum() for D in np.array(list(np.ndindex(2, 2, 2, 2)), dtype=float)
    )
    assert attack.largest >= abs(N) / steepest * (1 - 1e-9)  # no step is within the radius


@given(st.integers(1, 30), st.integers(0, 2**32))
def test_what_is_0_in_all_data_is_free(dead: int, seed: int) -> None:
    """A basis found from data has rounding where the data have none."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((12, 40))
    X[:, rng.permutation(40)[:dead]] = 0
    assert free_pixels(Subspace.from_data(X)).tolist() == np.flatnonzero(~X.any(axis=0)).tolist()


def test_attacks_in_pixels_say_what_they_cannot_do() -> None:
    net = Network(FullLayer(Span(np.eye(3, 2)), np.ones((2, 3))), np.array([1.0, -1.0]) / sqrt(2))
    assert list(free_pixels(net.subspace)) == [2]
    with pytest.raises(HypothesisError, match="no label"):
        sign_flip(net, np.array([1.0, 0.0, 0.0]))
    turned = Span(np.array([[0.6], [0.8]]))
    net = Network(FullLayer(turned, np.array([[1.0, 0], [0, 1]])), np.array([1.0, -1.0]) / sqrt(2))
    with pytest.raises(ParameterError, match="no pixel"):
        sign_attack(net, np.array([1.0, 0.5]))
    assert sign_attack(net, np.array([1.0, 0.5]), pixels=[1]).largest == pytest.approx(0.5)
    assert "1 pixels" in repr(sign_attack(net, np.array([1.0, 0.5]), pixels=[1]))
    one = Network(FullLayer(Span(np.eye(3, 2)), np.ones((1, 3))), np.array([1.0]))
    assert not np.isfinite(sign_flip(one, np.array([1.0, 0.0, 0.0])).largest)  # nothing opposes


# In full, and planted mistakes

FULL = {
    "linf_flip": {"d": 60, "ell": 45, "m": 3, "c": 3},
    "valid_image_flip": {"d": 60, "ell": 50, "m": 2, "c": 4, "top": 100},
    "sparse_flip": {"d": 60, "h": 12, "m": 4},
    "universal_flip_in_norm": {"d": 60, "ell": 20, "m": 4, "pixels": 20, "dimension": 20, "level": 0.6},
    "gradient_in_dual_norm": {"d": 60, "pixels": 20, "level": 2.5, "t": 1.5},
    "radius_in_norm": {"d": 60, "width": 16, "rho": 4.5, "t": 0.5},
}


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("count", [30, pytest.param(2500, marks=pytest.mark.slow)])
def test_networks_in_full_keep_the_claims(name: str, count: int) -> None:
    found = check(bk.catalogue[name], count, seed=3, mode="full", **FULL[name])
    assert found.verdict is not SimulationVerdict.VIOLATED, str(found)
    assert found.exact_inside is not False, str(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", FULL)
def test_networks_and_the_law_fail_as_often(name: str) -> None:
    """Of 400 networks and 20,000 draws by the law: within five standard errors."""
    s, sizes = bk.catalogue[name], FULL[name]
    networks = check(s, 400, seed=4, mode="full", **sizes)
    law = check(s, 20_000, seed=4, **({"output": 1, "k": 1} if "k" in {p.name for p in s.parameters} else {}), **sizes)
    p = law.failures / law.trials
    assert abs(networks.failures / networks.trials - p) < 5 * sqrt((p + 0.01) / networks.trials)


def test_full_mode_says_what_it_needs() -> None:
    with pytest.raises(ParameterError, match="spanned by coordinates"):
        check(bk.universal_flip_in_norm, 5, mode="full", **{**FULL["universal_flip_in_norm"], "pixels": 30})
    turned = bk.simulate.problem(d=60, ell=45, points=10, seed=1)
    with pytest.raises(ParameterError, match="aligned=True"):
        check(bk.linf_flip, 5, mode="full", problem=turned, m=3, c=3)
    with pytest.raises(HypothesisError, match="patterns|neurons"):
        check(bk.radius_in_norm, 5, d=60, width=16, rho=4, t=1, u_2=1, u_1=9)
