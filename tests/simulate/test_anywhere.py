"""Any data, any two points, any output weights: their laws on trained networks, and what their hypotheses are for.

Seeds are fixed; with fresh ones a test of a law would raise a false alarm once in 10^5, one of a refuted claim never
finds more than 10^-6 of chance in its favour.
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot, sqrt

from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import stats
from support import some
from untrained import ELL, FALSE_ALARM, NETWORKS, D, M, Trained, trained

import boundkit as bk
from boundkit.simulate import FullLayer, Network, SimulationVerdict, Span, check
from boundkit.simulate.evidence import setting_of
from boundkit.simulate.samplers import experiment_of

ANY = {"d": 40, "points": 12, "D": 3, "m": 4}
OFF = {"d": 40, "ell": 20, "m": 4}
SMALL_TANGENT = 3


def flip_chi(x: dict, d: int, m: int) -> np.ndarray:
    """The chi-square variable in the length of a flip of any output weights, c = 2."""
    return (2 * np.abs(x["output"]) / (x["U_F"] + x["u_min"]) / x["norm_z"]) ** 2 * m * d


LAWS = {  # statement, sizes, the variable that is chi-square, its degrees of freedom
    "any-data gradient": ("any_data_gradient", ANY, lambda x: x["norm_gradient"] ** 2 * 4 * 40 / x["k"], 40 - 16),
    "any-data flip": (
        "any_data_flip",
        ANY,
        lambda x: (2 * x["output"] * 4 / (x["k"] + 1) / x["norm_z"]) ** 2 * 40,
        40 - 16 - 3,
    ),
    "swap off P": ("representation_swap", OFF, lambda x: (x["moved"] / x["norm_z"]) ** 2 * 40, 16),
    "swap along P": ("representation_swap", {**OFF, "off": 0}, lambda x: (x["moved"] / x["norm_z"]) ** 2 * 40, 17),
    "any output": ("flip_any_output", OFF, lambda x: flip_chi(x, 40, 4), 17),
    "a pair of classes": ("class_flip", {**OFF, "pairs": 1}, lambda x: flip_chi(x, 40, 4), 17),
}


@pytest.mark.parametrize("case", some(LAWS, 2))
@pytest.mark.parametrize("count", [150, pytest.param(2500, marks=pytest.mark.slow)])
def test_each_law_on_networks_trained_in_all_that_its_statement_allows(case: str, count: int) -> None:
    name, sizes, chi_square, freedom = LAWS[case]
    s = bk.catalogue[name]
    setting = setting_of(s, sizes, 5, 0, {}, None)
    drawn = experiment_of(s).full(setting, np.random.default_rng(5), count)
    with np.errstate(invalid="ignore", divide="ignore"):
        seen = chi_square(drawn)
    seen = seen[np.isfinite(seen)]
    assert seen.size > 0.7 * count
    assert stats.kstest(seen, stats.chi2(freedom).cdf).pvalue > FALSE_ALARM
    if "flipped" in drawn:
        assert (drawn["flipped"][np.isfinite(drawn["flipped"])] <= 1e-9).all()
    if "gap" in drawn:
        assert (drawn["gap"] == 0).all()


def within(nets: Trained, *others: np.ndarray) -> np.ndarray:
    """The weights' parts orthogonal to P and to vectors (count, d, n) of each network."""
    on_P = np.broadcast_to(
        np.linalg.svd(nets.perp.T)[2][nets.perp.shape[1] :].T, (len(nets.W), D, D - nets.perp.shape[1])
    )
    taken = np.linalg.qr(np.concatenate([on_P, *others], axis=2))[0]
    return nets.W - (nets.W @ taken) @ np.swapaxes(taken, 1, 2)


def shortest(rows: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """The shortest z (count, d) that the rows (count, m, d) see as these moves."""
    return np.einsum("tmd,tm->td", rows, np.linalg.solve(rows @ np.swapaxes(rows, 1, 2), moves[..., None])[..., 0])


@NETWORKS
def test_any_data_a_step_orthogonal_to_the_points_to_x0_and_to_its_tangent_space(count: int) -> None:
    nets, rng = trained(count, 21), np.random.default_rng(21)
    x, T = rng.standard_normal((count, D)), rng.standard_normal((count, D, SMALL_TANGENT))
    E = within(nets, x[..., None], T)
    h = ELL - 1 - SMALL_TANGENT
    a = nets.inputs(x)
    N, S = nets.output(a), a >= 0
    k = S.sum(axis=1)
    squared = (np.einsum("tm,tmd->td", S * nets.u, E) ** 2).sum(axis=1)[k > 0] * M * D / k[k > 0]
    assert stats.kstest(squared, stats.chi2(h).cdf).pvalue > FALSE_ALARM
    opposing = (S & (nets.u * np.sign(N)[:, None] < 0)).sum(axis=1)
    alpha = 2 * np.abs(N) * sqrt(M) / (opposing + 1)
    z = shortest(E, -(np.sign(N) * alpha)[:, None] * np.sign(nets.u))
    assert (np.sign(N) * nets.output(nets.inputs(x + z)) <= 1e-9).all()
    for orthogonal in (
        z @ np.linalg.svd(nets.perp.T)[2][ELL:].T,
        np.einsum("td,td->t", z, x),
        np.einsum("td,tdn->tn", z, T),
    ):
        assert np.abs(orthogonal).max() < 1e-9 * (1 + np.abs(z).max())
    shown = np.abs(N) > 1e-9
    chi_square = (alpha**2 * M * D)[shown] / (z**2).sum(axis=1)[shown]
    assert stats.kstest(chi_square, stats.chi2(h - M + 1).cdf).pvalue > FALSE_ALARM


def test_x0s_own_direction_has_to_be_left_out() -> None:
    """On all of P's complement the law given a small output is another: x0 off P sees the weights there."""
    nets, rng = trained(4000, 22, ell=2), np.random.default_rng(22)
    x = rng.standard_normal((4000, D)) @ nets.perp @ nets.perp.T  # what decides at x0 is all off P
    a = nets.inputs(x)
    N, S = nets.output(a), a >= 0
    small = (np.abs(N) < np.median(np.abs(N))) & S.any(axis=1)
    laws = []
    for E, freedom in ((within(nets), 2), (within(nets, x[..., None]), 1)):
        squared = (np.einsum("tm,tmd->td", S * nets.u, E) ** 2).sum(axis=1) * M * D / np.maximum(S.sum(axis=1), 1)
        laws.append(stats.kstest(squared[small], stats.chi2(freedom).cdf).pvalue)
    assert laws[0] < 1e-6
    assert laws[1] > FALSE_ALARM


def test_a_swap_off_p_has_its_law_without_the_direction_that_x1_lies_in_only() -> None:
    """The shortest z over all of P's complement is another variable: W (x1 - x0) depends on the weights there."""
    nets, rng = trained(1500, 23), np.random.default_rng(23)
    way = rng.standard_normal((1500, D)) @ nets.perp @ nets.perp.T  # x1 - x0 is orthogonal to P
    moves = nets.inputs(way)
    laws = [
        stats.kstest((moves**2).sum(axis=1) * D / (shortest(E, moves) ** 2).sum(axis=1), stats.chi2(freedom).cdf).pvalue
        for E, freedom in (
            (within(nets, way[..., None]), ELL - M),
            (within(nets), ELL - M + 1),
            (within(nets), ELL - M),
        )
    ]
    assert laws[0] > FALSE_ALARM
    assert max(laws[1:]) < 1e-6


def least_moves(a: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Moves tau of active opposing and -min(tau, a) of active supporting neurons that bring N to 0, and N."""
    N = np.einsum("tm,tm->t", np.maximum(a, 0), u)
    label = np.sign(N)[:, None]
    pushing, held = (u * label < 0) & (a >= 0), (u * label > 0) & (a > 0)

    def moves(tau: np.ndarray) -> np.ndarray:
        return np.where(pushing, tau[:, None], 0) - np.where(held, np.minimum(tau[:, None], a), 0)

    low, high = np.zeros(len(a)), np.full(len(a), 10 * np.abs(a).max())
    for _ in range(60):
        tau = (low + high) / 2
        enough = np.abs(moves(tau)).sum(axis=1) >= np.abs(N) * sqrt(a.shape[1])
        low, high = np.where(enough, low, tau), np.where(enough, tau, high)
    return moves(high), N


def test_x0_has_to_lie_on_p_for_the_law_of_its_one_point_flip() -> None:
    """Off P, given a small output, the step is longer: its move depends on the weights that it is made with."""
    nets, rng = trained(4000, 25, ell=8), np.random.default_rng(25)
    on_P = np.linalg.svd(nets.perp.T)[2][8:]
    laws = []
    for frame in (on_P, nets.perp.T):
        moves, N = least_moves(nets.inputs(rng.standard_normal((4000, len(frame))) @ frame), nets.u)
        some = (N != 0) & (np.abs(N) < np.median(np.abs(N)))
        lengths = np.linalg.norm(shortest(within(nets), moves), axis=1)[some]
        squared = (moves[some] ** 2).sum(axis=1) * D / lengths**2
        laws.append(stats.kstest(squared, stats.chi2(8 - M + 1).cdf).pvalue)
    assert laws[0] > FALSE_ALARM
    assert laws[1] < 1e-6


def test_every_statement_about_one_point_says_where_it_lies() -> None:
    """That x0 does not depend on the weights off P is not enough: its pre-activations may, where it is off P itself."""
    for name in bk.BEYOND:
        assumed = bk.catalogue[name].assumed
        if "x0 does not depend on the off-subspace weights" in assumed:
            assert any(
                "the data and x0 lie on" in said or "x0 has patches in their span" in said for said in assumed
            ), name


def test_a_target_with_the_shortest_step_loses_the_law() -> None:
    nets, rng = trained(400, 24), np.random.default_rng(24)
    on_P = np.linalg.svd(nets.perp.T)[2][ELL:]
    E, lengths, seen = within(nets), [], []
    for _ in range(40):
        moves = nets.inputs(rng.standard_normal((400, D - ELL)) @ on_P)
        lengths.append(np.linalg.norm(shortest(E, moves), axis=1))
        seen.append((moves**2).sum(axis=1) * D / lengths[-1] ** 2)
    picked = np.array(seen)[np.argmin(lengths, axis=0), np.arange(400)]
    law = stats.chi2(ELL - M + 1).cdf
    assert stats.kstest(seen[0], law).pvalue > FALSE_ALARM
    assert stats.kstest(picked, law).pvalue < 1e-6


# Any output weights


def filled_up(u: np.ndarray, a: np.ndarray, total: float) -> np.ndarray:
    """Moves tau |u_i| of active opposing neurons and min(tau |u_i|, a_i) of supporting ones that lower N by `total`."""
    low, high = 0.0, 1e12
    for _ in range(200):
        tau = (low + high) / 2
        moves = np.where(u < 0, tau * np.abs(u), np.minimum(tau * np.abs(u), a))
        low, high = (tau, high) if np.abs(u) @ moves < total else (low, tau)
    return moves


@pytest.mark.parametrize(
    ("u", "a", "c"),
    [([1, -0.01], [1, 0], 2), ([1 / sqrt(2), -1 / sqrt(2)], [1, 0], 3), ([0.5, 0.1, -0.01], [1, 2, 0], 2)],
)
def test_filling_up_to_c_times_the_output_is_longer_than_its_bound(u: list, a: list, c: float) -> None:
    """Filling up to the output alone and going c times as far keeps it: c |N|/sqrt(|u_F|^2 + u_min^2)."""
    u, a = np.array(u), np.array(a, dtype=float)
    N = np.maximum(a, 0) @ u
    bound = c * N / hypot(np.linalg.norm(u[u < 0]), u[u > 0].min())
    assert np.linalg.norm(filled_up(u, a, c * N)) > 1.01 * bound
    d = u.size + 1
    net = Network(FullLayer(Span(np.eye(d, 1)), np.column_stack([a, np.eye(u.size)])), u)
    step = net.one_point_flip(np.eye(d)[0], c)
    assert step.before == pytest.approx(N)
    assert step.lost
    assert np.linalg.norm(net.off @ step.z) <= bound * (1 + 1e-9)


@given(st.integers(0, 2**32), st.floats(1.001, 9))
def test_the_one_point_flip_of_any_output_weights_is_as_short_as_its_statement_says(seed: int, c: float) -> None:
    """Its moves are at most c |N|/|(u_F, u_min)| long, with an output bias too, and it takes the label surely."""
    rng = np.random.default_rng(seed)
    m = int(rng.integers(1, 9))
    a, u = rng.standard_normal(m) * rng.choice([1e-2, 1, 100], m), rng.standard_normal(m)
    W = np.column_stack([a, rng.standard_normal((m, m + 2))])
    net = Network(
        FullLayer(Span(np.eye(m + 3, 1)), W), u, output_bias=float(rng.standard_normal() * rng.choice([0, 3]))
    )
    x0 = np.eye(m + 3)[0]
    N, F, S = net.output(x0), net.opposing(x0), (a > 0) & (u * net.output(x0) > 0)
    supported = np.sign(N) * net.output_bias <= np.abs(u[F]) @ a[F]
    length = hypot(np.linalg.norm(u[F]), np.abs(u[S]).min() if supported and S.any() else 0)
    if length == 0 or abs(N) < 1e-6 * (np.abs(u) @ np.abs(a) + abs(net.output_bias)):
        return
    step = net.one_point_flip(x0, c)
    assert step.lost
    moved = F | (u * N > 0)
    assert np.linalg.norm((net.off @ step.z)[moved]) <= c * abs(N) / length * (1 + 1e-5)


@given(st.integers(0, 2**32), st.floats(0, 5))
def test_lemma_1_with_any_output_weights_and_an_output_bias(seed: int, tau: float) -> None:
    """y0 N falls by U_F tau + min(u_min tau, |N|) where the bias makes no more of the label than F takes from it."""
    rng = np.random.default_rng(seed)
    m = int(rng.integers(1, 9))
    a, u = rng.standard_normal(m) * rng.choice([1e-3, 1, 100], m), rng.standard_normal(m)
    bias = rng.standard_normal() * rng.choice([0, 1, 10])
    N = float(np.maximum(a, 0) @ u + bias)
    y0, size = np.sign(N), np.abs(u)
    F, S = (u * y0 < 0) & (a >= 0), (u * y0 > 0) & (a > 0)
    least = tau * abs(N)
    supported = y0 * bias <= size[F] @ a[F]
    if N == 0 or (supported and not S.any()):
        return
    after = y0 * (np.maximum(a - y0 * np.sign(u) * least, 0) @ u + bias)
    kept = min(size[S].min() * least, abs(N)) if supported else 0
    assert after <= abs(N) - size[F].sum() * least - kept + 1e-9 * (size @ (np.abs(a) + least) + abs(bias))


def test_where_an_output_bias_makes_the_label_u_min_does_not_count() -> None:
    """N = max(x, 0) + 5 at x = 1: with U_F = 0, u_min = 1 the claim would be N <= 0, and no step brings it below 5."""
    claimed = bk.flip_any_output(d=3, ell=2, m=1, U_F=0, u_min=1, output=6, c=2).bounds[1]
    assert claimed == 0 < max(1 - 2 * 6, 0) + 5
    assert bk.flip_any_output(d=3, ell=2, m=1, U_F=0, u_min=0, output=6).verdict is bk.Verdict.INAPPLICABLE


def test_drawing_level_with_a_class_need_not_be_winning() -> None:
    """x0 of class 0, towards class 1: it passes class 0, and class 2 is ahead of both."""
    W, U = np.column_stack([np.ones(3), np.eye(3)]), np.array([[1, 0, 0], [0, 0.9, 0], [0, 0, 0.95]])
    net = Network(FullLayer(Span(np.eye(4, 1)), W), U + 1e-9)
    x0 = np.eye(4)[0]
    assert net.labels(x0) == 0
    z = net.pair(0, 1).universal_flip(x0, 1.01)
    output = net.output(x0 + z.vector)
    assert output[1] >= output[0]
    assert net.labels(x0 + z.vector) == 2


# Against each other, and planted mistakes


@given(st.integers(1, 9), st.data())
def test_where_they_meet_they_are_the_universal_flip_and_the_gradient_interval(m: int, data: st.DataObject) -> None:
    h = data.draw(st.integers(m, 500))
    points, tangent = data.draw(st.integers(1, 99)), data.draw(st.integers(0, 99))
    k, d = data.draw(st.integers(0, m - 1)), h + points + 1 + tangent
    universal = bk.universal_flip(d=d, ell=h, m=m, k=k, output=-3, c=2.5)
    anywhere = bk.any_data_flip(d=d, points=points, D=tangent, m=m, k=k, output=-3, c=2.5)
    other = bk.flip_any_output(d=d, ell=h, m=m, U_F=k / sqrt(m), u_min=1 / sqrt(m), output=-3, c=2.5)
    pair = bk.class_flip(d=d, ell=h, m=m, U_F=k / sqrt(m), u_min=1 / sqrt(m), output=-3, c=2.5, pairs=1)
    for flip in (anywhere, other, pair):
        assert flip.bounds == pytest.approx(universal.bounds, rel=1e-9, abs=1e-9)
        assert flip.log_failure == pytest.approx(universal.log_failure, rel=1e-9)
    one = bk.flip_at(d=d, ell=h, m=m, k=k, p=m - k, h=m, output=-3, c=2.5)
    other = bk.flip_any_output_at(d=d, ell=h, m=m, h=m, norm_u_f=sqrt((k + 1) / m), output=-3, c=2.5)
    assert other.bounds == pytest.approx(one.bounds, rel=1e-9)
    assert other.log_failure == one.log_failure
    swap = bk.representation_swap(d=d, ell=h, m=m, off=0, moved=2.5 * 3 * m / (k + 1))
    assert swap.bounds[0] == pytest.approx(universal.bounds[0], rel=1e-9)
    one = bk.any_data_gradient(d=d, points=points, D=tangent, m=m, k=k)
    assert one.bounds == pytest.approx(bk.gradient_interval(d=d, ell=h, m=m, k=k).bounds, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("any_data_gradient", {"d": 700, "points": 100, "D": 9, "m": 5, "k": 3}),
        ("any_data_flip", {"d": 700, "points": 100, "D": 9, "m": 5, "k": 3, "output": 1, "a": 0.85}),
        ("representation_swap", {"d": 700, "ell": 600, "m": 5, "a": 0.85}),
        ("representation_swap_everywhere", {"d": 600, "ell": 400, "m": 8, "t": 2}),
        ("flip_any_output", {"d": 700, "ell": 600, "m": 5, "a": 0.85}),
        ("class_flip", {"d": 700, "ell": 600, "m": 5, "a": 0.85, "pairs": 3}),
        ("flip_any_output_at", {"d": 700, "ell": 600, "m": 5, "h": 5, "a": 0.85}),
    ],
)
def test_a_bound_that_is_a_quarter_too_tight_is_violated(name: str, values: dict) -> None:
    s = bk.catalogue[name]
    claim = s.claims[0]
    factor = bk.coerce.exactly(4 / 3 if claim.rel_op == ">=" else 3 / 4)
    wrong = replace(s, claims=(claim.func(claim.lhs, factor * claim.rhs, evaluate=False), *s.claims[1:]))
    assert check(s, 2000, seed=2, **values).verdict is not SimulationVerdict.VIOLATED
    assert check(wrong, 2000, seed=2, **values).verdict is SimulationVerdict.VIOLATED
