"""Samplers of our own statements: by law and in full they agree, and both catch a planted mistake.

Seeds are fixed; with fresh ones a test of equality in law would raise a false alarm once in 10^5.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats
import sympy

import boundkit as bk
from boundkit.library.beyond.draws import MOST_PATTERNS, _steepest
from boundkit.simulate import SimulationVerdict, check
from boundkit.simulate.evidence import setting_of
from boundkit.simulate.samplers import experiment_of

IN_LAW = {
    "sharpened_5_1_everywhere": {"d": 60, "ell": 9, "m": 4, "k": 1, "c": 3},
    "improved_5_1": {"d": 60, "ell": 50, "m": 3, "k": 1, "c": 3},
    "off_subspace_radius": {"d": 60, "ell": 3, "m": 5, "t": 1, "shrink": 2},
    "off_subspace_radius_at": {"d": 60, "ell": 7, "m": 6, "q": 3, "output": -2, "t": 1},
    "deep_gradient_everywhere": {"d": 60, "ell": 9, "m": 4, "t": 1},
    "deep_distance": {"d": 60, "ell": 40, "m": 4, "t": 1},
}


@pytest.mark.parametrize("name", IN_LAW)
def test_by_law_and_from_whole_vectors_the_quantities_agree(name: str) -> None:
    s = bk.catalogue[name]
    setting = setting_of(s, IN_LAW[name], 0, 0, {}, None)
    rng = np.random.default_rng(7)
    both = [draw(setting, rng, 3000) for draw in (experiment_of(s).law, experiment_of(s).full)]
    for claim in s.claims:
        one, other = (drawn[claim.lhs.name][np.isfinite(drawn[claim.lhs.name])] for drawn in both)
        assert stats.ks_2samp(one, other).pvalue > 1e-5, claim.lhs


FULL = {
    "sharpened_5_1": {"d": 300, "ell": 290, "m": 5},
    "universal_flip": {"d": 60, "ell": 40, "m": 5, "shrink": 3},
    "one_direction_limit": {"d": 60, "ell": 40, "m": 4, "k": 1, "n_o": 2},
    "gradient_interval": {"d": 60, "ell": 40, "m": 5, "shrink": 0.2},
    "gradient_everywhere": {"d": 60, "ell": 40, "m": 5, "k": 2, "t": 2},
    "deep_gradient": {"d": 60, "ell": 40},
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name == "one_direction_limit" else ()) for name in FULL]
)
def test_trained_networks_obey_and_their_exact_law_lies_in_the_interval(name: str) -> None:
    found = check(bk.catalogue[name], 120, mode="full", seed=1, training={"steps": 50}, **FULL[name])
    assert found.verdict is not SimulationVerdict.VIOLATED
    assert found.exact_inside is not False
    assert found.trials >= 30


def test_the_sharpened_step_flips_points_chosen_after_the_weights_are_seen() -> None:
    """Of many points of P, with both labels, the one that the step with c = 8 moves least past 0."""
    p = bk.simulate.problem(d=1000, ell=600, points=20, seed=3)
    net = bk.simulate.train(p, m=10, steps=50, seed=3)
    rng = np.random.default_rng(3)
    X = rng.standard_normal((400, p.rank)) * 30
    labels, looked = set(), 0
    for x in X:
        if net.output(x) != 0 and net.opposing(x).any():
            k = int(net.opposing(x).sum())
            z = net.paper_step(x, c=8.0 * k / (k + 1))  # its length has k in the place of k + 1
            assert z.flipped
            labels.add(np.sign(z.before))
            looked += 1
            assert z.norm <= bk.sharpened_5_1_everywhere(d=1000, ell=600, m=10, k=z.k, output=z.before).bound
    assert looked > 200
    assert labels == {-1, 1}


@pytest.mark.parametrize(("rows", "dimension"), [(1, 1), (2, 1), (4, 3), (6, 2)])
def test_the_steepest_pattern_is_the_steepest_direction(rows: int, dimension: int) -> None:
    """The greatest |D V| over patterns is the greatest sum of max(<v_i, z>, 0) over unit z, found by ascent."""
    rng = np.random.default_rng(rows)
    for _ in range(5):
        V = rng.standard_normal((rows, dimension))

        def climb(z: np.ndarray, V: np.ndarray = V) -> float:
            return -float(np.maximum(V @ z, 0).sum() / np.linalg.norm(z))

        best = max(
            -optimize.minimize(
                climb, rng.standard_normal(dimension), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
            ).fun
            for _ in range(25)
        )
        assert best == pytest.approx(float(_steepest(V)), rel=1e-5)


def test_too_many_patterns_are_refused() -> None:
    with pytest.raises(bk.ParameterError, match=f"at most {MOST_PATTERNS}"):
        check(bk.off_subspace_radius, 10, d=100, ell=50, m=40, t=1)


def planted(s: bk.Statement, factor: object) -> bk.Statement:
    claim = s.claims[0]
    return replace(s, claims=(claim.func(claim.lhs, factor * claim.rhs, evaluate=False), *s.claims[1:]))


@pytest.mark.parametrize(
    ("name", "factor", "values"),
    [
        ("off_subspace_radius", sympy.Rational(3, 2), {"d": 60, "ell": 40, "m": 8, "t": 2}),
        ("off_subspace_radius_at", sympy.Rational(3, 2), {"d": 60, "ell": 40, "m": 8, "q": 5, "output": 1, "t": 2}),
        ("deep_gradient_everywhere", sympy.Rational(4, 3), {"d": 600, "ell": 400, "m": 8, "t": 2}),
        ("deep_distance", sympy.Rational(4, 3), {"d": 600, "ell": 400, "m": 8, "t": 2}),
        ("gradient_interval", sympy.Rational(4, 3), {"d": 60, "ell": 40, "m": 5, "k": 3}),
        ("deep_gradient", sympy.Rational(4, 3), {"d": 60, "ell": 40, "norm_J": 2}),
        ("sharpened_5_1", sympy.Rational(2, 3), {"d": 600, "ell": 500, "m": 5, "k": 2, "output": 1}),
        ("sharpened_5_1_everywhere", sympy.Rational(2, 3), {"d": 600, "ell": 500, "m": 5, "k": 2, "output": 1}),
        ("improved_5_1", sympy.Rational(2, 3), {"d": 600, "ell": 500, "m": 5, "k": 2, "output": 1}),
        ("one_direction_limit", sympy.Rational(3, 2), {"d": 600, "ell": 400, "m": 4, "k": 1, "n_o": 2, "a": 1.2}),
        ("gradient_everywhere", sympy.Rational(4, 3), {"d": 600, "ell": 400, "m": 6, "k": 3, "t": 2}),
    ],
)
def test_a_bound_that_is_a_third_or_a_half_too_tight_is_violated(name: str, factor: object, values: dict) -> None:
    s = bk.catalogue[name]
    assert check(s, 2000, seed=2, **values).verdict is not SimulationVerdict.VIOLATED
    assert check(planted(s, factor), 2000, seed=2, **values).verdict is SimulationVerdict.VIOLATED


def trained_three_layers(rng: np.random.Generator, X: np.ndarray, y: np.ndarray, width: int) -> tuple:
    """A three-layer network with biases, all of it trained by gradient descent with L2, by hand."""
    d = X.shape[1]
    W = rng.standard_normal((width, d)) / np.sqrt(d)
    bias, A, out = np.zeros(width), rng.standard_normal((width, width)) / np.sqrt(width), rng.standard_normal(width)
    start, steps, eta, lam = W.copy(), 40, 0.05, 0.1
    for _ in range(steps):
        first = X @ W.T + bias
        second = np.maximum(first, 0) @ A.T
        output_gradient = -y / (1 + np.exp(y * (np.maximum(second, 0) @ out))) / len(y)
        back = (output_gradient[:, None] * out) * (second > 0)
        down = (back @ A) * (first > 0)
        out = out - eta * np.maximum(second, 0).T @ output_gradient
        A = A - eta * back.T @ np.maximum(first, 0)
        bias = bias - eta * down.sum(axis=0)
        W = (1 - eta * lam) * W - eta * down.T @ X
    x0 = X[0]
    first = W @ x0 + bias
    J = ((out * (A @ np.maximum(first, 0) > 0)) @ A) * (first > 0)
    return start, W, J, (1 - eta * lam) ** steps


def test_a_trained_three_layer_network_has_the_law_of_deep_gradient() -> None:
    """|gradient orthogonal to P|/(b |J|) is chi with ell degrees of freedom; off P the first layer has only shrunk."""
    d, ell, width, seen = 30, 12, 6, []
    for seed in range(250):
        rng = np.random.default_rng(seed)
        X = np.zeros((8, d))
        X[:, : d - ell] = rng.standard_normal((8, d - ell))
        start, W, J, decay = trained_three_layers(rng, X, rng.choice((-1.0, 1.0), 8), width)
        assert W[:, d - ell :] == pytest.approx(decay * start[:, d - ell :], rel=1e-9)
        if np.linalg.norm(J) > 0:
            seen.append((np.linalg.norm(J @ W[:, d - ell :]) * np.sqrt(d) / (decay * np.linalg.norm(J))) ** 2)
    assert len(seen) > 200
    assert stats.kstest(seen, stats.chi2(ell).cdf).pvalue > 1e-5


def test_a_common_half_plane_is_as_likely_as_wendel_says() -> None:
    """m normal vectors of the plane lie on one side of a line with probability m/2^(m - 1)."""
    rng = np.random.default_rng(5)
    for m in (3, 4, 6):
        angles = np.sort(rng.uniform(0, 2 * np.pi, (20_000, m)), axis=1)
        gaps = np.diff(np.hstack([angles, angles[:, :1] + 2 * np.pi]), axis=1)
        seen = int((gaps.max(axis=1) > np.pi).sum())
        assert stats.binomtest(seen, 20_000, m / 2 ** (m - 1)).pvalue > 1e-5


def test_the_mean_of_the_steepest_pattern_is_below_chevets() -> None:
    """Within four standard errors: sqrt(m ell) + m/sqrt(2 pi) is above the mean, and within a quarter of it."""
    rng = np.random.default_rng(11)
    for m, ell in ((1, 1), (8, 8), (8, 200), (10, 2)):
        steepest = _steepest(rng.standard_normal((400, m, ell)))
        bound = np.sqrt(m * ell) + m / np.sqrt(2 * np.pi)
        assert steepest.mean() - 4 * steepest.std() / 20 < bound
        if ell >= m > 1:
            assert bound < 1.25 * steepest.mean()
