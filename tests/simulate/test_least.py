"""The least step against all activation patterns: what is certified is never beaten, what is refused never found."""

from __future__ import annotations

import warnings

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
import numpy as np
from patterns import distance
import pytest
from support import examples

from boundkit.errors import HypothesisError
from boundkit.simulate import DivergenceWarning, FullLayer, Network, NoStepError, Span, least, problem, train


@st.composite
def small(draw, most_m=6, most_ell=5):
    """Networks small enough for all their patterns, with fewer dimensions than neurons, as many, and more."""
    ell, rank, seed = draw(st.integers(1, most_ell)), draw(st.integers(1, 3)), draw(st.integers(0, 2**32))
    data = problem(ell + rank + draw(st.integers(0, 2)), ell, 5, seed, rank=rank)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        return train(
            data, draw(st.integers(1, most_m)), steps=draw(st.sampled_from([1, 30])), seed=seed,
            eta=draw(st.sampled_from([None, 0.5])), representation=draw(st.sampled_from(["subspace", "full"])),
        )  # fmt: skip


def least_or_none(net, c):
    """The step, or the error that says that there is none."""
    try:
        return net.shortest_flip(0, c)
    except NoStepError as none:
        return none


def held_against_all_patterns(net, c):
    if abs(net.output(0)) <= 1e-12 * np.abs(net.u) @ np.abs(net.inputs(0)):  # no label
        return
    true, z = distance(net, 0, c), least_or_none(net, c)
    if isinstance(z, NoStepError):
        assert z.within > 0  # so small, everything is proved
        assert true >= z.within * (1 - 1e-5)
        assert "none exists" in str(z)
        assert "take" in str(z)
        assert c != 1 or net.attack(0, starts=16).norm >= z.within * (1 - 1e-6)
        return
    unit = np.abs(net.u) @ (np.abs(net.inputs(0)) + z.norm * np.linalg.norm(net.off, axis=1))
    assert np.sign(z.before) * z.after <= (1 - c) * abs(z.before) + 1e-9 * unit
    assert z.norm >= true * (1 - 1e-5)
    if z.certified:
        assert z.norm <= true * (1 + 1e-5)
        assert "no shorter step does" in z.proves
    if c == 1:
        assert z.lost or z.after * np.sign(z.before) < 1e-12 * unit
        if z.certified:
            assert net.attack(0, starts=16).norm >= z.norm * (1 - 2e-6)


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(small(), st.sampled_from([0.5, 1.0, 1.01, 3.0]))
def test_a_certified_step_is_never_beaten_and_a_refused_one_never_found(net, c):
    held_against_all_patterns(net, c)


@pytest.mark.slow
@settings(max_examples=examples(1500), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(small(most_m=8), st.sampled_from([0.5, 1.0, 1.01, 3.0]))
def test_a_certified_step_is_never_beaten_and_a_refused_one_never_found_to_eight_neurons(net, c):
    held_against_all_patterns(net, c)


def test_every_way_to_find_a_step_is_met_and_says_what_it_proves():
    """And most small networks have a certified one."""
    ways = {}
    for seed in range(60):
        rng = np.random.default_rng(seed)
        ell, rank = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        net = train(problem(ell + rank, ell, 6, seed, rank=rank), int(rng.integers(2, 9)), steps=30, seed=seed)
        try:
            z = net.shortest_flip(0)
        except HypothesisError:
            continue
        ways.setdefault(z.found, []).append(z.certified)
    assert ways.keys() >= {"programmes", "line", "patterns"}
    assert all(ways["line"])
    assert np.mean([bool(each) for certified in ways.values() for each in certified]) > 0.9


def test_where_the_programme_has_no_step_the_network_may_have_one():
    """On a line, over all sets, and by the attack where there are too many: one network, three routes, one answer."""
    data = problem(d=5, ell=1, points=6, seed=11)
    x = data.draw(4, seed=111)[3]
    net = train(data, 7, steps=60, seed=11)
    z = net.shortest_flip(x, 1)
    assert (z.found, z.certified, z.flipped) == ("line", True, True)
    assert z.norm == pytest.approx(5.47164719, rel=1e-8)
    assert float(net.attack(x).norm) == pytest.approx(z.norm, rel=1e-8)


def test_too_many_neurons_for_all_sets_leave_the_attack_or_an_open_question(monkeypatch):
    monkeypatch.setattr(least, "MANY", -1)
    monkeypatch.setattr(least, "FEW", -1)
    found = 0
    for seed in range(40):
        net = train(problem(6, 2, 6, seed, rank=3), 8, steps=30, seed=seed)
        if net.output(0) == 0:
            continue
        z = least_or_none(net, 2.0)
        if isinstance(z, NoStepError):
            if (net.u * net.output(0) < 0).any():
                assert z.within == 0
                assert "not proved" in str(z)
        elif z.found == "attack":
            found += 1
            assert z.certified is None
            assert distance(net, 0, 2.0) * (1 - 1e-6) <= z.norm
            assert z.proves == "nothing of shorter steps"
    assert found >= 1


def test_a_network_that_can_only_be_silenced_loses_its_label_and_says_so():
    """All neurons support the label: N >= 0 everywhere, so no step flips; the shortest that loses the label does."""
    met = 0
    for seed in range(40):
        net = train(problem(d=8, ell=4, points=3, seed=seed, rank=2), 2, steps=1, seed=seed)
        output = net.output(0)
        if output == 0 or not (net.u * output > 0).all():
            continue
        met += 1
        with pytest.raises(NoStepError, match="no step makes it flip") as none:
            net.shortest_flip(0)
        assert none.value.within == np.inf
        z = net.shortest_flip(0, 1)
        assert (z.lost, z.flipped, z.certified, z.after) == (True, False, True, 0)
        assert "only loses the label" in repr(z)
        assert z.norm == pytest.approx(distance(net, 0), rel=1e-6)
        assert z.scale == np.inf
    assert met >= 3


@pytest.mark.parametrize("method", ["universal_flip", "exact_flip", "one_point_flip", "shortest_flip"])
def test_at_the_boundary_a_step_flips_strictly(method):
    """At c = 1 the steps end where N = 0; they are lengthened by rounding's worth, and evaluate below 0."""
    for seed in range(4):
        net = train(problem(d=60, ell=40, points=6, seed=seed), 8, steps=30, seed=seed, representation="full")
        for i in range(6):
            if not net.output(i) or not net.opposing(i).any():
                continue
            z = getattr(net, method)(i, 1)
            assert z.flipped
            assert np.sign(z.before) * net.output(net.problem.X[i] + z.vector) < 0
            assert z.scale < 1 + 1e-6


@settings(max_examples=examples(100))
@given(st.integers(0, 2**32), st.sampled_from([1.0, 1.01, 2.0]), st.booleans())
@example(53, 1.01, True)  # where programmes alone end at a longer one
@example(322, 1.0, True)
def test_it_is_no_longer_than_other_steps_that_do_as_much(seed, c, asleep):
    """Than the one-point flip, and at c = 1 than the step that silences all supporters; many neurons, few proved."""
    rng = np.random.default_rng(seed)
    m = int(rng.integers(6, 16))
    u = rng.choice([-1, 1], m) * (1 if seed % 2 else rng.uniform(0.1, 1, m)) / np.sqrt(m)
    u[:2] = 1, -1
    a = np.abs(rng.standard_normal(m)) * np.where(u > 0, 1, rng.choice([0.01, 0.1, 1], m))
    a = np.where(u < 0, -a, a) if asleep else a * rng.choice([-1, 1], m)
    net = Network(FullLayer(Span(np.eye(2 * m, 1)), np.column_stack([a, rng.standard_normal((m, 2 * m - 1))])), u)
    x0 = np.eye(2 * m)[0]
    if abs(net.output(x0)) < 1e-6:
        return
    one, found = net.one_point_flip(x0, c), net.shortest_flip(x0, c)
    label = np.sign(one.before)
    assert found.lost
    if label * one.after <= (1 - c) * abs(one.before):
        assert found.norm <= one.norm * (1 + 1e-5)
    if c == 1:
        supports = u * label > 0
        silent = np.where(supports & (a > 0), -a, 0.0)[supports]
        assert found.norm <= np.linalg.norm(np.linalg.pinv(net.off[supports]) @ silent) * (1 + 1e-5)
