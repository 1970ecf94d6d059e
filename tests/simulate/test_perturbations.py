"""The ways to build a step that flips the label: what each promises surely, its length's law, and the true distance."""

from __future__ import annotations

import warnings

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
import numpy as np
from patterns import distance
import pytest
from scipy.optimize import linprog
from scipy.stats import chi, kstest
from support import examples

import boundkit as bk
from boundkit.errors import HypothesisError, NoStepError, ParameterError, PrecisionError
from boundkit.laws.closed_forms import log_perturbation_longer
from boundkit.simulate import DivergenceWarning, min_norm_qp, problem, train
from boundkit.simulate.min_norm_qp import Programme, solved

SURE = ("universal_flip", "exact_flip", "one_point_flip", "shortest_flip")
SAID: list[str] = []  # the errors met


@st.composite
def networks(draw, largest=12, most_d=10**9):
    """Any data, training, seed and size, in both representations where d is small."""
    d = draw(st.sampled_from([2, 3, 7, 40, 200, 10**6, most_d]))
    ell = draw(st.one_of(st.integers(1, min(d - 1, 20)), st.integers(1, d - 1)))
    data = problem(
        d, ell, draw(st.integers(1, 8)), draw(st.integers(0, 2**32)), rank=min(d - ell, draw(st.integers(1, 5))),
        labels=draw(st.sampled_from(["random", "linear"])), spare=0,
    )  # fmt: skip
    eta = 1 / np.linalg.norm(data.coordinates, 2) ** 2
    with warnings.catch_warnings():  # what is promised holds however training went
        warnings.simplefilter("ignore", DivergenceWarning)
        return train(
            data, draw(st.integers(1, largest)), seed=draw(st.integers(0, 2**32)), steps=draw(st.sampled_from([1, 30])),
            method=draw(st.sampled_from(["gd", "sgd"])), eta=eta, lam=draw(st.sampled_from([0, 0.1, 0.5])) / eta,
            beta=draw(st.sampled_from([1, 1e-3, 1e-6])) / np.sqrt(d),
            representation=draw(st.sampled_from(["subspace", "full"])) if d <= 200 else "subspace",
        )  # fmt: skip


def rounding(net, i=0):
    """What the sums of a network's output lose, and a relative 10^-9 of the rest."""
    return 1e-9 * (np.abs(net.u) @ np.abs(net.inputs(i)))


def built(net, method, c, i=0):
    """The step, or None where it says why there is none."""
    try:
        return getattr(net, method)(i, c)
    except HypothesisError as error:
        SAID.append(str(error))
        return None


@settings(max_examples=examples(400), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(networks(), st.sampled_from([0.5, 1.0, 1.01, 2.0, 8.0]))
def test_every_step_but_the_papers_brings_the_output_down_surely(net, c):
    output = float(net.output(0))
    assume(abs(output) > rounding(net))  # else it is no label
    k, ell = int(net.opposing(0).sum()), net.problem.ell
    p = int((net.u * output > 0).sum())
    steps = {method: built(net, method, c) for method in SURE}
    for method, z in steps.items():
        if z is None:
            continue
        promised = 1 - c if method in ("exact_flip", "shortest_flip") else 1 - min(c, 1)
        assert np.sign(output) * z.after <= promised * abs(output) + c * rounding(net)
        assert (z.method, z.k, z.before, z.c) == (method, k, output, c)
        if c > 1 and (c - 1) * abs(output) > c * rounding(net) and (k > 0 or method == "shortest_flip"):
            assert z.flipped
            assert z.scale < 1
        if c >= 1:
            assert z.flipped or z.lost
    # Each exists where it should, and nowhere else.
    assert (steps["universal_flip"] is not None) == (ell >= net.m)
    assert (steps["exact_flip"] is not None) == (k > 0 and k + p <= ell)
    assert (steps["one_point_flip"] is not None) == (k + p <= ell)
    if ell >= net.m and (c <= 1 or p < net.m):
        assert steps["shortest_flip"] is not None
    least, one_point, exact = (steps[method] for method in ("shortest_flip", "one_point_flip", "exact_flip"))
    if exact is not None:  # its moves meet the programme's constraint
        assert least.norm <= exact.norm * (1 + 1e-6)
    if c == 1 and least is not None:  # so do all others' where the label is only to be lost
        for other in filter(None, steps.values()):
            assert k == 0 or least.norm <= other.norm * (1 + 1e-6)
    if one_point is not None:
        chosen = net.opposing(0) | (net.u * output > 0)
        assert np.linalg.norm(net.off[chosen] @ one_point.z) <= c * abs(output) * np.sqrt(net.m / (k + 1)) * (1 + 2e-6)
    if least is not None:
        assert least.gap >= 0
        assert not least.certified or least.gap <= 1e-6
        if np.linalg.norm(net.off) > 1e-6 * np.linalg.norm(net.on):  # else rounding keeps it apart
            assert least.gap <= 1e-6 or least.found in ("one point", "attack")
    assert all("take" in said or "train" in said for said in SAID)  # the remedy


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(networks(most_d=200))
def test_the_moves_are_those_prescribed(net):
    output = float(net.output(0))
    assume(output != 0)
    supports = net.u * output > 0
    for method in ("universal_flip", "exact_flip"):
        z = built(net, method, 2.0)
        if z is None:
            continue
        moves = net.off @ z.z
        expected = np.where(supports, -z.alpha if method == "universal_flip" else 0.0, z.alpha)
        chosen = supports | net.opposing(0) if method == "exact_flip" else np.full(net.m, True)
        np.testing.assert_allclose(moves[chosen], expected[chosen], atol=1e-7 * z.alpha)
        shortest = np.linalg.pinv(net.off[chosen], rcond=1e-14) @ expected[chosen]
        assert z.norm == pytest.approx(np.linalg.norm(shortest), rel=1e-5)
        if net.full:
            np.testing.assert_allclose(net.problem.off(z.z), z.z, atol=1e-9 * z.norm)


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(networks(largest=6, most_d=200), st.sampled_from([1.0, 1.5]))
def test_least_is_never_below_the_truth_and_equal_where_certified(net, c):
    assume(not net.full)
    output = float(net.output(0))
    assume(abs(output) > 1e-3 * np.abs(net.u) @ np.abs(net.inputs(0)))
    least = built(net, "shortest_flip", c)
    assume(least is not None)
    true = distance(net, 0, c)
    assert least.norm >= true * (1 - 1e-5)
    if least.certified:
        assert least.norm == pytest.approx(true, rel=1e-5)


def test_certificates_are_right_and_most_lengths_are_the_distance():
    """Against the enumeration at fresh points of trained networks; a certificate never given would test nothing."""
    verdicts, equal, tight = [], 0, 0
    for seed in range(20):
        data = problem(40, 12, 10, seed)
        net = train(data, 5, steps=20, seed=seed)
        for x in data.draw(5, seed):
            least = built(net, "shortest_flip", 1.0, x)
            if least is None:
                continue
            verdicts.append(least.certified)
            true = distance(net, x)
            same = least.norm <= true * (1 + 1e-6)
            equal += same
            assert least.norm >= true * (1 - 1e-6)
            assert same or least.certified is not True
            tight += abs(least.after) <= 1e-9 * abs(least.before)
    assert verdicts.count(True) > 0.95 * len(verdicts) > 10  # at five neurons, all sets of opposing ones are looked at
    assert equal > 0.95 * len(verdicts)
    assert tight > 0.95 * len(verdicts)  # the last programme counts what is active, so it does not overshoot


@pytest.mark.parametrize("m", [4, 20, 100])
def test_lengths_lie_between_the_radius_and_the_attack(m):
    """The radius, t = 6, fails with probability e^-18 = 1.5e-8 a point, 60 points; |attack| >= |least| is a theorem
    where least is certified, and else it is a step that the attack should come near to."""
    certified = overshot = 0
    for seed in range(6):
        data = problem(d=400, ell=300, points=10, seed=seed)
        net = train(data, m, steps=20, seed=seed)
        points = data.draw(10, seed)
        attacks = net.attack(points).norm
        for x, attack in zip(points, attacks, strict=True):
            output, a = float(net.output(x)), net.inputs(x)
            if output == 0 or not net.opposing(x).any():
                continue
            q = int(np.sum((net.u * output < 0) | (a >= 0)))
            radius = np.sqrt(m / q) / (np.sqrt(300) + np.sqrt(q / (2 * np.pi)) + 6)
            at = bk.off_subspace_radius_at(d=400, ell=300, m=m, q=q, output=1, t=6)
            assert float(at.bound) == pytest.approx(radius * 20)
            assert at.log_failure == -18
            radius *= abs(output) / net.b
            least = net.shortest_flip(x, 1)
            assert radius <= min(least.norm, attack)
            assert attack <= 1.05 * least.norm
            overshot += least.after * np.sign(output) < -1e-9 * abs(output)
            if least.certified:
                certified += 1
                assert attack >= least.norm * (1 - 1e-6)
            for method in ("universal_flip", "one_point_flip", "exact_flip"):
                assert least.norm <= getattr(net, method)(x, 1).norm * (1 + 1e-9)
    assert certified >= (1 if m == 100 else 5)
    assert overshot <= 1  # one programme alone overshoots at a quarter of these points, m = 100


def delta_0(net, i, c):
    """How far `one_point_flip` moves the inputs, by bisection of its definition."""
    a, output, s = net.inputs(i), float(net.output(i)), np.abs(net.u)
    F, S = net.opposing(i), (net.u * output > 0) & (net.inputs(i) > 0)

    def lowered(tau):
        return tau * np.sum(s[F] ** 2) + np.sum(s[S] * np.minimum(tau * s[S], a[S]))

    low, high = 0.0, 1.0
    while lowered(high) < abs(output) * (1 - 1e-13):
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if lowered(middle) < abs(output) else (low, middle)
    return float(np.sqrt(np.sum((c * high * s[F]) ** 2) + np.sum(np.minimum(c * high * s[S], a[S]) ** 2)))


@pytest.mark.slow
@pytest.mark.parametrize(("d", "ell", "m"), [(60, 12, 8), (10**9, 40, 8)])
def test_lengths_follow_their_chi_laws(d, ell, m):
    """Kolmogorov-Smirnov over 2000 untrained parts of one trained network each: P[p < 1e-4] = 1e-4 a test, 8 tests."""
    data = problem(d, ell, 6, seed=3, rank=4)
    found = {method: [] for method in SURE[:3]}
    longer = []
    for seed in range(2000):
        net = train(data, m, steps=2, seed=seed)
        k = int(net.opposing(0).sum())
        if k == 0:
            continue
        p = int((net.u * net.output(0) > 0).sum())
        unit = net.b / (2 * abs(net.output(0)))
        delta = delta_0(net, 0, 2) / (2 * abs(net.output(0)))
        moves = {"universal_flip": m / (k + 1), "exact_flip": np.sqrt(m / k), "one_point_flip": delta}
        for method, moved in moves.items():
            length = unit * getattr(net, method)(0, 2).norm / moved
            found[method].append(chi(ell - (m if method == "universal_flip" else k + p) + 1).cdf(1 / length))
            if method == "universal_flip":
                longer.append(np.exp(log_perturbation_longer(length, ell, m)))
    assert len(longer) > 1500
    for values in (*found.values(), longer):
        assert kstest(values, "uniform").pvalue > 1e-4


def test_exact_is_shorter_in_law_than_universal():
    """sqrt(k) chi_{ell-m+1} <= sqrt(m) chi_{ell-k-p+1} in law: every quantile, at k + p <= m <= ell."""
    at = np.linspace(0.01, 0.99, 25)
    for ell, m, k, p in ((20, 20, 1, 3), (20, 8, 4, 4), (900, 700, 10, 350)):
        exact = np.sqrt(m / k) / chi(ell - k - p + 1).ppf(at)
        universal = m / k / chi(ell - m + 1).ppf(at)
        assert np.all(exact < universal)


def programme(seed, m, ell, need=1.0):
    rng = np.random.default_rng(seed)
    w, a = rng.standard_normal((m, ell)), rng.standard_normal(m)
    supports = rng.random(m) < 0.5
    supports[0] = True
    active = supports & (a >= 0)
    slope = w[~supports & (a >= 0)].sum(0) - w[active].sum(0)
    return Programme(slope, np.where(active, 1, -1)[supports, None] * w[supports], np.abs(a[supports]), need)


@pytest.mark.parametrize(("m", "ell"), [(200, 50), (200, 103), (400, 1000), (60, 1)])
def test_large_and_flat_programmes_are_solved_or_proved_empty(m, ell):
    """Where no z is found, a linear programme (HiGHS) finds none either, and the other way round."""
    for seed in range(2):
        p = programme(seed, m, ell)
        n = len(p.room)
        left = np.block([[-p.switches, -np.eye(n)], [-p.slope[None], np.ones((1, n))]])
        exists = linprog(
            np.zeros(ell + n), left, np.r_[p.room, -p.need], bounds=[(None, None)] * ell + [(0, None)] * n
        ).status
        try:
            z, bound = solved(p)
        except HypothesisError:
            assert exists == 2
        else:
            assert exists == 0
            assert np.linalg.norm(z) <= bound * (1 + 1e-9)
            assert p.lowered(z) == pytest.approx(p.need, rel=1e-9)


@settings(max_examples=examples(200))
@given(st.integers(0, 2**32), st.integers(2, 12), st.integers(1, 14), st.floats(-15, 5))
def test_any_v_bounds_the_programme_from_below(seed, m, ell, power):
    """Weak duality, at random v; with what `solved` returns the two sides meet."""
    p = programme(seed, m, ell, 10.0**power)
    assume(p.slope.any())
    try:
        z, _ = solved(p)
    except HypothesisError:
        return
    rng = np.random.default_rng(seed)
    for sharp in (0.1, 1, 10):
        v = rng.beta(sharp, sharp, len(p.room))
        assert p.at_least(v) <= np.linalg.norm(z) * (1 + 1e-9)


def test_the_gap_is_honest_where_the_iteration_is_cut_short(monkeypatch):
    programmes = [programme(seed, 12, 20) for seed in range(10)]
    best = [np.linalg.norm(solved(p)[0]) for p in programmes]
    monkeypatch.setattr(min_norm_qp, "SOUND", 0.5)
    monkeypatch.setattr(min_norm_qp, "STEPS", 5)
    gaps = []
    for p, least in zip(programmes, best, strict=True):
        try:
            z, bound = solved(p)
        except PrecisionError:
            continue
        gaps.append(np.linalg.norm(z) / bound - 1)
        assert bound <= least * (1 + 1e-12)
    assert max(gaps) > 1e-6


def one_neuron():
    data = problem(d=30, ell=10, points=3, seed=1)
    return next(net for net in (train(data, 1, steps=1, seed=seed) for seed in range(40)) if net.output(0) != 0)


def test_one_neuron_never_flips_and_says_so():
    net = one_neuron()
    with pytest.raises(HypothesisError, match="all 1 neurons support the label, and no step makes it flip"):
        net.shortest_flip(0)
    for step in (net.universal_flip, net.one_point_flip):
        assert (step(0).lost, step(0).flipped, step(0).after) == (True, False, 0)
    half = net.shortest_flip(0, 0.5)
    assert half.after == pytest.approx(half.before / 2)
    assert half.certified


def test_without_active_opposing_neurons_the_label_is_lost_and_the_shortest_step_flips():
    data = problem(d=400, ell=300, points=6, seed=1)
    nets = [train(data, 4, eta=1.0, steps=3, seed=seed) for seed in range(40)]
    nets = [n for n in nets if n.output(0) != 0 and not n.opposing(0).any() and (n.u * n.output(0) < 0).any()]
    assert nets
    for net in nets:
        z = net.shortest_flip(0, 1.5)
        assert z.flipped
        assert z.norm == pytest.approx(distance(net, 0, 1.5), rel=1e-5) or not z.certified
        assert np.sign(z.before) * z.after <= -0.5 * abs(z.before) * (1 - 1e-9)
        for step in (net.universal_flip, net.one_point_flip):
            assert step(0).lost
        with pytest.raises(HypothesisError, match="k = 0 .* universal_flip and shortest_flip do without"):
            net.exact_flip(0)


def test_what_cannot_be_built_says_why_and_what_to_do():
    wide = train(problem(d=40, ell=5, points=6, seed=1), 12, steps=20, seed=1)
    assert wide.opposing(0).any()
    with pytest.raises(HypothesisError, match=r"ell = 5 < m = 12: .* take shortest_flip, or ell >= m"):
        wide.universal_flip(0)
    with pytest.raises(HypothesisError, match=r"k \+ p = \d+ > ell = 5"):
        wide.exact_flip(0)
    with pytest.raises(ParameterError, match="c = -1"):
        wide.shortest_flip(0, c=-1)
    flat = train(problem(d=40, ell=1, points=6, seed=0), 60, steps=20, seed=0)
    with pytest.raises(NoStepError, match="no step orthogonal to P brings .*: none exists, .* take a smaller"):
        flat.shortest_flip(0, 100)
    dead = train(problem(d=100, ell=60, points=6, seed=1), 8, eta=0.01, lam=100.0, steps=2, seed=1)
    assert dead.b == 0
    with pytest.raises(HypothesisError, match="no weights orthogonal to P|0 active neurons oppose"):
        dead.shortest_flip(0)


def test_both_representations_give_the_same_steps():
    data = problem(d=60, ell=40, points=8, seed=2)
    one, other = (train(data, 9, steps=40, seed=0, representation=r) for r in ("subspace", "full"))
    for method in ("paper_step", *SURE):
        here, there = getattr(one, method)(0, 1.5), getattr(other, method)(0, 1.5)
        np.testing.assert_allclose(here.vector, there.vector, atol=1e-7 * here.norm)
        assert here.certified == there.certified
        assert f"<{method} of length" in repr(here)


def test_points_and_steps_of_other_shapes_and_sizes_are_refused():
    net = train(problem(d=30, ell=10, points=5, seed=1), 5, steps=5, seed=1)
    for x0 in (net.problem.coordinates, np.full(20, 1e300), np.full(20, 1e-300), [[0.5] * 20, [0.5]]):
        with pytest.raises(ParameterError, match="network.flips|rescale|rows of one length"):
            net.shortest_flip(x0)
    for z in (np.ones(3), np.full(5, np.nan), np.ones((2, 5))):
        with pytest.raises(ParameterError, match="z "):
            net.flip_scale(0, z)
