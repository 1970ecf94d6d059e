"""Patches: what shared filters leave untrained, the laws of gradients and swaps, and what overlap or borders spoil.

Seeds are fixed; with fresh ones a test of a law would raise a false alarm once in 10^5, one of a refuted claim never
finds more than 10^-6 of chance in its favour.
"""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest
from scipy import stats
from untrained import FALSE_ALARM

import boundkit as bk
from boundkit.errors import HypothesisError, ParameterError
from boundkit.simulate import PatchNetwork, SimulationVerdict, check, off_patches, patches_of, train_patches

P, DIM, FILTERS, POSITIONS = 12, 5, 3, 4  # a patch's entries, what the data take of them
OFF = P - DIM
COUNTS = pytest.mark.parametrize("count", [300, pytest.param(2500, marks=pytest.mark.slow)])


def trained(count: int, seed: int) -> tuple[PatchNetwork, PatchNetwork, np.ndarray, np.ndarray]:
    """Networks before and after training on six points whose patches lie in a subspace; its complement; a new point."""
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(rng.standard_normal((P, DIM)))[0]
    points = (rng.standard_normal((7, POSITIONS, DIM)) @ frame.T).reshape(7, -1)
    y = np.where(rng.random(6) < 0.5, -1.0, 1.0)
    patches = patches_of(POSITIONS * P, P)
    start, net = train_patches(points[:-1], y, patches, FILTERS, networks=count, seed=seed)
    return start, net, off_patches(points[:-1], patches), points[-1]


@COUNTS
def test_filters_are_left_gaussian_off_the_patches_and_the_gradients_law_is_a_weighted_chi_square(count: int) -> None:
    start, net, off, x0 = trained(count, 51)
    assert off.shape == (P, OFF)
    assert np.abs((net.filters - start.filters) @ off).max() < 1e-13
    assert np.abs(net.filters - start.filters).max() > 0.1
    hat = net.filters @ off * sqrt(P)
    assert stats.kstest(hat[:, 0, 0], "norm").pvalue > FALSE_ALARM
    sees = net.gradient(np.tile(x0, (count, 1))).reshape(count, POSITIONS, P) @ off
    squared = P * (sees**2).sum(axis=(1, 2))
    weights = np.linalg.svd(net.slopes(x0), compute_uv=False) ** 2
    drawn = np.einsum("nj,nj->n", weights, np.random.default_rng(52).chisquare(OFF, weights.shape))
    total = weights.sum(axis=1)
    some = total > 0
    seen, law = squared[some] / total[some] / OFF, drawn[some] / total[some] / OFF
    assert stats.ks_2samp(seen, law).pvalue > FALSE_ALARM
    n = OFF  # at most the effective number
    assert np.mean(seen < 1 / 2) <= exp(-n * (np.log(2) - 0.5) / 2)
    assert np.mean(seen > 2) <= exp(-n * (1 - np.log(2)) / 2)
    with np.errstate(invalid="ignore"):
        assert (total[some] / weights.max(axis=1)[some] >= 1 - 1e-12).all()


def test_the_gradient_is_the_derivative() -> None:
    _, net, _, x0 = trained(3, 53)
    way = np.random.default_rng(53).standard_normal(POSITIONS * P) * 1e-6
    change = net.output(x0 + way) - net.output(x0 - way)
    assert np.allclose(change / 2, net.gradient(np.tile(x0, (3, 1))) @ way, rtol=1e-5, atol=1e-12)


@COUNTS
def test_a_swap_in_each_patch_has_the_law_of_the_inverse_wishart(count: int) -> None:
    _, net, off, x0 = trained(count, 54)
    rng = np.random.default_rng(54)
    x1 = (rng.standard_normal((POSITIONS, P)) @ (np.eye(P) - off @ off.T)).ravel()
    moved = net.inputs(x1) - net.inputs(x0)
    hat = net.filters @ off
    z = np.einsum("nec,ntc->nte", np.linalg.pinv(hat), moved)
    chi_square = P * (moved[:, 1] ** 2).sum(axis=1) / (z[:, 1] ** 2).sum(axis=1)
    assert stats.kstest(chi_square, stats.chi2(OFF - FILTERS + 1).cdf).pvalue > FALSE_ALARM
    there = np.tile(x0, (count, 1)) + (z @ off.T).reshape(count, -1)
    gap = [abs(net[i].output(there[i]) - net[i].output(x1)) for i in range(count)]
    assert max(gap) < 1e-9 * np.abs(z).max() * np.abs(net.head).max() * 100
    assert np.abs((there - x0).reshape(count, POSITIONS, P) @ (np.eye(P) - off @ off.T)).max() < 1e-10 * np.abs(z).max()


# What is false without its hypotheses


def test_border_pixels_that_are_always_0_do_not_help() -> None:
    """The first patch is 0 in all data, a quarter of the pixels: the filters learn from the others, nothing is left."""
    rng = np.random.default_rng(55)
    X = rng.standard_normal((15, 40))
    X[:, :10] = 0
    patches = patches_of(40, 10)
    start, net = train_patches(X, np.sign(rng.standard_normal(15)), patches, FILTERS, networks=800, seed=55)
    assert off_patches(X, patches).shape[1] == 0
    step = np.linalg.norm(net.filters - start.filters, axis=-1)
    assert step.min() > 0.01 * np.median(step)
    # With ell = 10 the gradient in these pixels would be a Gaussian vector through J at the patch; that law is refuted.
    x0 = X[0]
    gradient = net.gradient(np.tile(x0, (800, 1)))[:, :10]
    J = (net.slopes(x0)[:, 0] ** 2).sum(axis=1)
    some = J > 0
    squared = 10 * (gradient[some] ** 2).sum(axis=1) / J[some]
    assert stats.kstest(squared, stats.chi2(10).cdf).pvalue < 1e-6


def test_with_all_degrees_of_freedom_for_the_effective_number_the_claim_is_false() -> None:
    """One large weight: as if the positions' derivatives were independent, the gradient is short too often."""
    weights = np.array([1.0, 0.01, 0.01, 0.01])
    ell = 8
    Q = np.random.default_rng(56).chisquare(ell, (100_000, 4)) @ weights / (ell * weights.sum())
    assert np.mean(Q < 1 / 2) > 2 * exp(-4 * ell * (np.log(2) - 0.5) / 2)
    assert np.mean(Q < 1 / 2) <= exp(-ell * (np.log(2) - 0.5) / 2)


def test_where_patches_overlap_the_steps_do_not_fit_together() -> None:
    """Stride 1: no z has all patches off the training patches, though each patch has such steps."""
    rng = np.random.default_rng(57)
    X = np.tile(rng.standard_normal((6, 3)), (1, 6))  # of period 3: all patches of 6 lie in 3 dimensions
    apart, close = patches_of(18, 6), patches_of(18, 6, 1)
    off = off_patches(X, close)
    assert off.shape[1] == 3
    on = np.eye(6) - off @ off.T
    for patches, free in ((apart, 9), (close, 3)):
        seen = np.vstack([on @ np.eye(18)[t] for t in patches])
        assert 18 - np.linalg.matrix_rank(seen, tol=1e-9) == free  # dim Z; 9 = 3 patches of 3


# The statements


def test_full_mode_and_the_law() -> None:
    for name, sizes in (
        ("patch_gradient", {"d": 24, "n": 14}),
        ("patch_swap", {"d": 30, "ell": 20, "m": 3, "t": 0.5}),
    ):
        s = bk.catalogue[name]
        for mode, trials in (("conditional", 4000), ("full", 80)):
            found = check(s, trials, seed=7, mode=mode, **sizes)
            assert found.verdict is SimulationVerdict.CONSISTENT, str(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sizes"),
    [("patch_gradient", {"d": 24, "n": 7.5}), ("patch_swap", {"d": 30, "ell": 20, "m": 3, "t": 0})],
)
def test_two_thousand_networks_keep_the_claims(name: str, sizes: dict) -> None:
    found = check(bk.catalogue[name], 2500, seed=8, mode="full", **sizes)
    assert found.verdict is not SimulationVerdict.VIOLATED, str(found)
    assert found.failures > 0


def test_patches_say_what_they_need() -> None:
    with pytest.raises(ParameterError, match="no patch is so large"):
        patches_of(3, 4)
    with pytest.raises(ParameterError, match="label"):
        train_patches(np.ones((2, 4)), np.zeros(2), patches_of(4, 2))
    with pytest.raises(HypothesisError, match="one entry"):
        check(bk.patch_gradient, 5, mode="full", d=1, n=1)
    with pytest.raises(HypothesisError, match="ell < d"):
        check(bk.patch_swap, 5, mode="full", d=10, ell=10, m=2, t=0)
    assert repr(trained(1, 58)[0]) == "<patch network of 3 filters of 12 entries at 4 positions>"
