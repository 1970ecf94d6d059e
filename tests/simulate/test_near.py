"""Affine sets and data near a subspace: what training leaves there and adds, their laws, and what is false.

Seeds are fixed; with fresh ones a test of a law would raise a false alarm once in 10^5. Sure claims raise none.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import stats
import sympy
from untrained import FALSE_ALARM

import boundkit as bk
from boundkit.errors import HypothesisError, ParameterError
from boundkit.library.beyond.draws_near import affine_gradient_law, affine_trained_bias_law
from boundkit.simulate import (
    SimulationVerdict,
    check,
    path_of_losses,
    points_near,
    points_on_affine,
    train_logged,
)
from boundkit.simulate.losses import slopes
from boundkit.simulate.near import LoggedRun, Points
from boundkit.simulate.setting import Setting

D, OFF, M = 14, 6, 5
COUNTS = pytest.mark.parametrize("count", [300, pytest.param(2500, marks=pytest.mark.slow)])
SEEDS = st.integers(0, 2**32)
NAMES = (
    "affine_gradient",
    "affine_gradient_trained_bias",
    "weights_move_at_most",
    "nearly_gradient",
    "nearly_flip",
    "nearly_radius",
)


def affine(count: int, seed: int, height: float, tau: float | None, lam: float = 0.0) -> tuple[Points, LoggedRun]:
    data = points_on_affine(D, OFF, 7, height, seed)
    return data, train_logged(data, M, networks=count, deviation=0.3, bias=tau, steps=30, eta=0.05, lam=lam, seed=seed)


def split(data: Points, run: LoggedRun) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """At a training point: |u_S|, the gradient's part along the normal, the squared length of the others, and S u."""
    us = (run.inputs(data.X[0]) >= 0) * run.u
    gradient = np.einsum("nm,nmd->nd", us, run.weights)
    return np.linalg.norm(us, axis=1), gradient @ data.normal, ((gradient @ data.off) ** 2).sum(axis=1), us


# Affine sets


@COUNTS
@pytest.mark.parametrize(("height", "tau", "lam"), [(0.7, 0.3, 0.0), (0.7, 0.1, 0.5), (2.0, 0.5, 1.0), (0.3, None, 0)])
def test_one_dimension_less_is_left_with_biases_or_without(
    count: int, height: float, tau: float | None, lam: float
) -> None:
    data, run = affine(count, 61, height, tau, lam)
    assert np.abs(run.added(data.off)).max() < 1e-13
    size, _, squared, _ = split(data, run)
    some = size > 0
    found = squared[some] / (0.3 * run.decay * size[some]) ** 2
    assert stats.kstest(found, stats.chi2(OFF - 1).cdf).pvalue > FALSE_ALARM


@COUNTS
@pytest.mark.parametrize(("height", "tau", "lam"), [(0.7, 0.3, 0.0), (0.7, 0.1, 0.5), (2.0, 0.5, 1.0)])
def test_along_the_normal_the_gradient_is_normal_given_what_is_trained(
    count: int, height: float, tau: float, lam: float
) -> None:
    """Lemma 41 and Theorem 42: the invariant, its law, and its independence of the others."""
    data, run = affine(count, 62, height, tau, lam)
    root, beta = sqrt(1 + height**2), 0.3

    def split_bias(W: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        omega = W @ data.normal
        return (omega - height * c) / root, (height * omega + c) / root

    (f_0, e_0), (f, e) = split_bias(run.start, run.start_biases), split_bias(run.weights, run.biases)
    assert np.abs(f - run.decay * f_0).max() < 1e-13
    assert np.abs(e - run.decay * e_0).max() > 0.1
    size, along, squared, us = split(data, run)
    together = height**2 * beta**2 + tau**2
    mean = (us * (height * e + run.decay * height * (beta**2 - tau**2) / together * e_0)).sum(axis=1) / root
    some = size > 0
    z = (along - mean)[some] / (run.decay * beta * tau / sqrt(together) * size[some])
    assert stats.kstest(z, "norm").pvalue > FALSE_ALARM
    assert stats.spearmanr(np.abs(z), squared[some] / size[some] ** 2).pvalue > FALSE_ALARM
    n = OFF - 1 + tau**2 / together
    total = (squared + along**2)[some] / (run.decay * beta * size[some]) ** 2
    assert np.mean(total < n / 2) <= exp(-n * (log(2) - 0.5) / 2)


def test_without_a_trained_bias_nothing_is_left_along_the_normal() -> None:
    """Networks that start alike but for the weights orthogonal to the span end alike along the normal."""
    data, run = affine(200, 63, 0.7, None)
    moved = np.abs((run.weights - run.decay * run.start) @ data.normal)
    assert np.median(moved.max(axis=1)) > 0.05
    with pytest.raises(ParameterError, match="ell"):
        points_on_affine(3, 3)


def test_l2_on_the_weights_alone_moves_the_invariant() -> None:
    """Refuted: f would be left alone; with L2 on the weights and none on the biases half of it is new."""
    data, run = affine(400, 64, 0.7, 0.3)
    W, c, eta, lam = run.start, run.start_biases, 0.05, 1.0
    for _ in range(30):
        a = data.X @ np.swapaxes(W, 1, 2) + c[:, None]
        margins = data.y * np.einsum("nm,nrm->nr", run.u, np.maximum(a, 0))
        back = eta * (data.y / (1 + np.exp(margins)))[..., None] * run.u[:, None] * (a >= 0)
        W, c = (1 - eta * lam) * W + np.swapaxes(back, 1, 2) @ data.X, c + back.sum(axis=1)

    def f(W: np.ndarray, c: np.ndarray) -> np.ndarray:
        return (W @ data.normal - 0.7 * c) / sqrt(1.49)

    kept = (1 - eta * lam) ** 30 * f(run.start, run.start_biases)
    assert np.std(f(W, c) - kept) > 0.3 * np.std(f(W, c))


def test_a_start_that_is_chosen_by_a_point_of_the_span_off_the_set_breaks_the_claim() -> None:
    """Of 20 starts that with the least change from x0 to a multiple of it: the line of x0 leaves the set."""
    data = points_on_affine(2, 1, 6, 1.0, 68)
    run = train_logged(data, 3, networks=8000, steps=20, bias=0.5**0.5, seed=68)
    x0 = data.normal  # the height is 1
    us = (run.inputs(x0) >= 0) * run.u
    along = np.einsum("nm,nmd,d->n", us, run.weights, data.normal)
    size = np.linalg.norm(us, axis=1)
    short = np.abs(along) <= np.sqrt(size**2 / 8)  # b^2 |u_S|^2 n/2, n = 1/2
    allowed = bk.affine_gradient_trained_bias(d=2, ell=1, m=3, k=1, height=1).failure
    for score, false in ((np.abs(along), True), (np.abs(run.output(x0)), False)):
        best = np.where(size > 0, score, np.inf).reshape(-1, 20).argmin(axis=1)
        seen = short.reshape(-1, 20)[np.arange(len(best)), best]
        assert (seen.mean() > allowed + 3 * np.sqrt(allowed * (1 - allowed) / len(seen))) == false


@given(st.integers(1, 10**6), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_a_trained_bias_says_more_than_none_and_less_than_one_dimension_more(
    ell: int, height: float, ratio: float
) -> None:
    sizes = {"d": 10**7, "m": 4, "k": 2}
    ours = bk.affine_gradient_trained_bias(**sizes, ell=ell, height=height, bias_ratio=ratio)
    above = bk.gradient_interval(**sizes, ell=ell)
    assert ours.bound <= above.bounds[0] * (1 + 1e-12)
    if ell >= 2:
        below = bk.affine_gradient(**sizes, ell=ell)
        assert below.bounds[0] == pytest.approx(bk.gradient_interval(**sizes, ell=ell - 1).bounds[0], rel=1e-12)
        assert below.bounds[0] <= ours.bound * (1 + 1e-12)


# How far training moves the weights


@settings(max_examples=25)
@given(
    SEEDS, st.integers(1, 12), st.integers(0, 60), st.floats(0.001, 3), st.floats(0, 2), st.floats(1e-3, 5),
    st.booleans(),
)  # fmt: skip
def test_the_weights_move_at_most_so_far(
    seed: int, points: int, steps: int, eta: float, shrunk: float, residue: float, sgd: bool
) -> None:
    """Surely, in this order: moved, by the derivatives, by the losses, by sizes; 1 - eta lam in [-1, 1]."""
    data = points_near(10, 6, points, residue, seed)
    batch = max(1, points // 3) if sgd and points % 3 == 0 else None
    run = train_logged(data, 3, networks=4, steps=steps, eta=eta, lam=shrunk / eta, batch=batch, seed=seed)
    rounding = 1e-9 * (np.linalg.norm(run.weights) + np.linalg.norm(run.start))
    moved, walked = run.moved(data.off), np.linalg.norm(run.pushed, axis=1)
    by_losses = np.linalg.norm(run.logged, axis=1)
    assert (moved <= residue * walked + rounding).all()
    assert (walked <= by_losses * (1 + 1e-12)).all()
    uses = steps if batch is None else -(-steps * batch // points) + 1
    assert (by_losses <= eta * uses * sqrt(points) * (1 + 1e-12)).all()
    if batch is None:
        bound = bk.weights_move_at_most(
            residue=residue, path=float(walked.max()), eta=eta, T=steps, points=points, lam=0
        ).bounds
        assert (moved <= bound[0] + rounding).all()
        assert bound[1] == pytest.approx(residue * eta * steps * sqrt(points), rel=1e-12)


def test_what_was_added_is_what_the_log_says_it_is() -> None:
    """Another route: the weights off P are the shrunk start and a sum over steps, written out with autograd by hand."""
    data = points_near(9, 5, 4, 0.7, 65)
    run = train_logged(data, 2, networks=3, steps=3, eta=0.2, lam=0.3, seed=65)
    for i in range(3):
        W, u, s = run.start[i].copy(), run.u[i], 1 - 0.2 * 0.3
        pushed = np.zeros(4)
        for _ in range(3):
            gradient = np.zeros_like(W)
            for r, (x, y) in enumerate(zip(data.X, data.y, strict=True)):
                q = y * (u @ np.maximum(W @ x, 0))
                slope = -y / (1 + exp(q)) * u * (W @ x >= 0)
                gradient += np.outer(slope, x)
                pushed[r] += 0.2 * np.linalg.norm(slope)
            W = s * W - 0.2 * gradient
        assert np.allclose(W, run.weights[i], rtol=1e-12, atol=1e-13)
        assert np.allclose(pushed, run.pushed[i], rtol=1e-12)


def test_the_path_is_the_logs() -> None:
    losses = np.array([[0.5, 3.0], [0.1, 0.0]])
    assert path_of_losses(losses, eta=0.1) == pytest.approx(0.1 * sqrt(0.6**2 + 1))
    with pytest.raises(ParameterError, match="at least 0"):
        path_of_losses(-losses, eta=0.1)


def test_it_is_attained_and_one_percent_less_is_refuted() -> None:
    """All points alike and always fully wrong: the bound by sizes is reached in the limit, so 0.99 of it is false."""
    frame = np.eye(4)
    data = Points(np.array([[1e-9, 0, 0, 0.5]] * 6), -np.ones(6), frame[:, 1:])
    start = train_logged(data, 1, networks=50, deviation=400.0, steps=1, eta=1.0, seed=3)
    moved, bound = start.moved(data.off), float(bk.weights_move_at_most(
        residue=data.residue, path=sqrt(6), eta=1, T=1, points=6).bounds[1])  # fmt: skip
    assert moved.max() > 0.999 * bound
    assert moved.max() <= bound * (1 + 1e-12)
    s = bk.weights_move_at_most
    wrong = replace(
        s, claims=tuple(claim.lhs <= sympy.Rational(99, 100) * claim.rhs for claim in s.claims), proof=None, text=(),
        tex=(),
    )  # fmt: skip
    sizes = {"residue": 1, "eta": sympy.Rational(1, 10), "T": 10, "points": 5}
    assert check(wrong, 400, seed=1, **sizes).verdict is SimulationVerdict.VIOLATED
    assert check(s, 400, seed=1, **sizes).verdict is SimulationVerdict.CONSISTENT


def descended(momentum: float, eta: float, lam: float, steps: int) -> tuple[float, float]:
    """How far one network moved off P, with momentum or L2 of any size, and what its log says."""
    data = points_near(20, 12, 15, 1.0, 66)
    first = train_logged(data, 4, steps=0, eta=eta, seed=66)
    W, u = first.start[0], first.u[0]
    velocity, pushed, kept = np.zeros_like(W), np.zeros(15), 1 - eta * lam
    for _ in range(steps):
        a = data.X @ W.T
        slope = eta * slopes(np, data.y, data.y * (np.maximum(a, 0) @ u))[:, None] * u * (a >= 0)
        pushed += np.linalg.norm(slope, axis=1)
        velocity = momentum * velocity + slope.T @ data.X
        W = kept * W + velocity
    return float(np.linalg.norm((W - kept**steps * first.start[0]) @ data.off, 2)), float(np.linalg.norm(pushed))


def test_with_momentum_or_growing_weights_it_is_false() -> None:
    for momentum, lam, false in ((0.0, 0.0, False), (0.9, 0.0, True), (0.0, 25.0, True)):
        moved, walked = descended(momentum, 0.1, lam, 40)
        assert (moved > walked) is false, (momentum, lam)
    g = bk.weights_move_at_most(residue=1, path=1, eta=0.1, T=40, points=15, lam=25)
    assert g.verdict is bk.Verdict.INAPPLICABLE


def test_single_rows_need_the_sum_of_slopes() -> None:
    """|M_i| <= sum A'_r |e_r|/sqrt(m) with A'_r the sum of eta |L'|, and not with A_r, which is smaller."""
    data = points_near(12, 8, 1, 1.0, 67)
    run = train_logged(data, 6, networks=200, steps=1, eta=1.0, seed=67)
    rows = np.linalg.norm(run.added(data.off), axis=2).max(axis=1)
    slope = 1 / (1 + np.exp(data.y * np.einsum("nm,nm->n", run.u, np.maximum(run.start @ data.X[0], 0))))
    residue = np.linalg.norm(data.X[0] @ data.off)
    assert (rows <= slope * residue / sqrt(6) * (1 + 1e-12)).all()
    assert (rows > run.pushed[:, 0] * residue / sqrt(6) * (1 + 1e-9)).any()


# What survives


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 5), st.floats(0.01, 2))
def test_weyl_and_the_patterns_for_each_network(seed: int, m: int, residue: float) -> None:
    """Surely, given the start's own singular values: what the statements add to the laws of the start."""
    data = points_near(16, 10, 8, residue, seed)
    run = train_logged(data, m, networks=3, steps=40, lam=0.1, seed=seed)
    start, hat, moved = run.decay * run.start @ data.off, run.weights @ data.off, run.moved(data.off)
    before, after = (np.linalg.svd(x, compute_uv=False) for x in (start, hat))
    assert (np.abs(before - after) <= moved[:, None] + 1e-9).all()
    patterns = np.array(np.meshgrid(*[(0.0, 1.0)] * m)).reshape(m, -1).T
    steepest = [np.linalg.norm(patterns @ (run.u[..., None] * x), axis=-1).max(axis=1) for x in (start, hat)]
    assert (steepest[1] <= steepest[0] + moved + 1e-9).all()


@given(st.integers(2, 10**6), st.integers(1, 100), st.just(0) | st.floats(1e-3, 5), st.floats(0.01, 100))
def test_without_drift_they_are_the_statements_on_a_subspace(ell: int, m: int, t: float, shrink: float) -> None:
    sizes = {"d": 10**6, "ell": ell, "m": m, "t": t, "shrink": shrink}
    gradients = bk.nearly_gradient(**sizes, norm_J=0.5, drift=0).bounds
    assert gradients == pytest.approx(bk.deep_gradient_everywhere(**sizes, norm_J=0.5).bounds, rel=1e-9)
    radius = bk.nearly_radius(**sizes, output=2, drift=0).bound
    assert radius == pytest.approx(bk.off_subspace_radius(**sizes, output=2).bound, rel=1e-9)
    flip = bk.nearly_flip(**sizes, output=2, U_F=0.5, u_min=0.25, c=2, drift=0)
    if flip.applies:
        longest = bk.deep_distance(**sizes, delta=2 * 2 / 0.75 * sqrt(m)).bounds[1]
        assert flip.bound == pytest.approx(longest, rel=1e-9)


def test_a_drift_as_large_as_the_start_leaves_nothing() -> None:
    sizes = {"d": 100, "ell": 64, "m": 4, "t": 1, "output": 1, "U_F": 1, "u_min": 0}
    assert bk.nearly_flip(**sizes, drift=0.5).verdict is bk.Verdict.INAPPLICABLE  # (8 - 2 - 1)/10, not more
    assert bk.nearly_flip(**sizes, drift=0.49).applies
    assert bk.nearly_gradient(d=100, ell=64, m=4, t=1, norm_J=1, drift=0.5).bounds[0] == 0


# The statements


def test_full_mode_and_the_law() -> None:
    for name in NAMES:
        s = bk.catalogue[name]
        for sizes in s.experiment.sizes:
            at = {key: value for key, value in sizes if key in {p.name for p in s.parameters}}
            for mode, trials in (("conditional", 2000), ("full", 120)):
                found = check(s, trials, seed=7, mode=mode, **at)
                assert found.verdict is not SimulationVerdict.VIOLATED, str(found)
                assert found.exact_inside is not False, str(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_thousands_of_networks_keep_the_claims(name: str) -> None:
    s = bk.catalogue[name]
    for i, sizes in enumerate(s.experiment.sizes):
        at = {key: value for key, value in sizes if key in {p.name for p in s.parameters}}
        found = check(s, 2500, seed=70 + i, mode="full", **at)
        assert found.verdict is not SimulationVerdict.VIOLATED, str(found)
        assert found.exact_inside is not False, str(found)


@pytest.mark.parametrize("ell", [2, 5, 14])
def test_the_laws_of_affine_sets_are_drawn(ell: int) -> None:
    """20,000 draws against SciPy's chi-square law; with trained biases against its mean and variance."""
    at = {"d": 20, "ell": ell, "m": 4, "k": 2, "shrink": 3.0}
    rng = np.random.default_rng(ell)
    drawn = affine_gradient_law(Setting(bk.affine_gradient, at, 0), rng, 20_000)["norm_gradient"]
    assert stats.kstest(drawn**2 * 20 * 2 / 9, stats.chi2(ell - 1).cdf).pvalue > FALSE_ALARM
    more = {**at, "height": 1.0, "bias_ratio": 2.0}
    biased = affine_trained_bias_law(Setting(bk.affine_gradient_trained_bias, more, 0), rng, 20_000)["norm_gradient"]
    squares, share = biased**2 * 20 * 2 / 9, 0.8
    spread = sqrt(2 * (ell - 1 + share**2))
    assert squares.mean() == pytest.approx(ell - 1 + share, abs=5 * spread / sqrt(20_000))
    assert squares.std() == pytest.approx(spread, rel=0.1)


def test_given_parameters_are_met() -> None:
    """Networks are stretched to a drift and a k that are given; a path that is given covers those that keep it."""
    for name, at in (
        ("affine_gradient", {"d": 20, "ell": 8, "m": 3, "k": 2}),
        ("affine_gradient_trained_bias", {"d": 20, "ell": 8, "m": 3, "k": 2, "height": 2, "bias_ratio": 0.5}),
        ("weights_move_at_most", {"residue": 1, "path": 0.5, "eta": 0.1, "T": 20, "points": 5}),
        ("nearly_gradient", {"d": 60, "ell": 50, "m": 2, "t": 2, "drift": 0.2, "norm_J": 3}),
        ("nearly_flip", {"d": 60, "ell": 50, "m": 2, "t": 2, "drift": 0.2, "output": 1, "U_F": 1, "u_min": 0.5}),
        ("nearly_radius", {"d": 60, "ell": 50, "m": 2, "t": 2, "drift": 0.2, "output": -3}),
    ):
        for mode in ("conditional", "full"):
            found = check(bk.catalogue[name], 200, seed=8, mode=mode, **at)
            assert found.verdict is not SimulationVerdict.VIOLATED, str(found)


def test_a_smaller_drift_than_the_true_one_is_refuted() -> None:
    """The greatest singular value of a start that training moved by 3 b is above what a drift of 0 allows."""
    s = bk.nearly_gradient
    wrong = replace(s, claims=tuple(c.subs(sympy.Symbol("drift"), 0) for c in s.claims), proof=None, text=(), tex=())
    at = {"d": 60, "ell": 50, "m": 2, "t": 3, "drift": 1, "norm_J": 1}
    for mode in ("conditional", "full"):
        assert check(wrong, 200, seed=9, mode=mode, **at).verdict is SimulationVerdict.VIOLATED
        assert check(s, 200, seed=9, mode=mode, **at).failures == 0


@pytest.mark.parametrize("name", NAMES)
def test_certificates_are_whole_and_fail_one_percent_the_wrong_way(name: str) -> None:
    s = bk.catalogue[name]
    assert s.certificate().holds is True
    for i, claim in enumerate(s.claims):
        if claim.lhs.name == "flipped":
            continue
        factor = sympy.Rational(101 if claim.rel_op == ">=" else 99, 100)
        claims = list(s.claims)
        claims[i] = type(claim)(claim.lhs, factor * claim.rhs)
        assert replace(s, claims=tuple(claims), text=(), tex=(), truth=None).certificate().holds is None
    if s.failure != 0:
        assert replace(s, failure=sympy.Rational(99, 100) * s.failure, text=(), tex=()).certificate().holds is None


def test_what_cannot_be_drawn_is_refused_with_a_reason() -> None:
    with pytest.raises(HypothesisError, match="ell < d"):
        check(bk.nearly_gradient, 5, mode="full", d=10, ell=10, m=2, t=1)
    with pytest.raises(HypothesisError, match="moved at will"):
        check(bk.nearly_flip, 5, mode="full", d=10**4, ell=3, m=4, t=0, drift=0, shrink=1)
    with pytest.raises(ParameterError, match="use mode='conditional'"):
        check(bk.nearly_gradient, 5, mode="full", d=10**8, ell=10, m=2, t=1)
    with pytest.raises(ParameterError, match="T <="):
        check(bk.weights_move_at_most, 5, mode="full", residue=1, eta=1, T=10**6, points=3)
