"""Networks that nobody means to have: whatever is given, there is a report, or a refusal; and no wrong answer."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples

import boundkit as bk
from boundkit.report import network_page
from boundkit.simulate import Subspace, network
from boundkit.simulate.inspection import Standing

D, M = 14, 5
KINDS = {
    "as drawn": lambda W, u, b: (W, u, b),
    "tiny": lambda W, u, b: (1e-250 * W, u, 1e-250 * b),
    "huge": lambda W, u, b: (1e250 * W, u, 1e250 * b),
    "tiny u": lambda W, u, b: (W, 1e-150 * u, b),
    "equal neurons": lambda W, u, b: (W[[0, 0, 1, 1, 2]], u[[0, 0, 1, 1, 2]], b[[0, 0, 1, 1, 2]]),
    "cancelling": lambda W, u, b: (W[[0, 0, 1, 1, 2]], u[[0, 0, 1, 1, 2]] * [1, -1, 1, -1, 0], b[[0, 0, 1, 1, 2]]),
    "a zero neuron": lambda W, u, b: (W * (np.arange(M) > 0)[:, None], u, b),
    "no first layer": lambda W, u, b: (0 * W, u, b),
    "no second layer": lambda W, u, b: (W, 0 * u, b),
    "dead": lambda W, u, b: (W, u, b - 1e3),
    "nothing at all": lambda W, u, b: (0 * W, 0 * u, 0 * b),
}


def asked(kind, seed, classes=None, N=4):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((N, 3)) @ rng.standard_normal((3, D))
    u = rng.standard_normal(M if classes is None else (classes, M))
    W, u, b = rng.standard_normal((M, D)), u, rng.standard_normal(M)
    if classes is None:
        W, u, b = KINDS[kind](W, u, b)
    else:
        W, u, b = (W, u[[0, 0, 1]], b) if kind == "equal neurons" else (KINDS[kind](W, np.ones(M), b)[0], u, b)
    return network(W, u, b, subspace=Subspace.from_data(X)), X, rng.standard_normal((M, D))


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(KINDS)), st.integers(0, 2**32), st.sampled_from([None, 3]), st.booleans())
def test_there_is_a_report_in_which_no_flip_is_within_the_radius(kind, seed, classes, started):
    net, X, start = asked(kind, seed, classes)
    found = bk.applicable(net, X, start if started else None, attacked=2)
    seen = found.inspection
    assert not (seen.radius > seen.shortest * (1 + 1e-9)).any()
    known = net.distance(X, nodes=50)
    assert not (known.lower > np.where(np.isnan(seen.shortest), np.inf, seen.shortest) * (1 + 1e-9)).any()
    assert max(map(len, str(found).splitlines())) <= 80
    assert "nan" not in str(found).split()
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize("kind", ["nothing at all", "no first layer"])
def test_there_are_pictures_of_nothing(kind):
    net, X, _ = asked(kind, 0)
    assert network_page(bk.applicable(net, X, attacked=2), "").count("<svg role") == 3


@settings(max_examples=examples(10), deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1e-250, 1e-100, 1.0, 1e100, 1e250]))
def test_what_is_said_of_randomness_does_not_depend_on_the_scale(seed, size):
    net, X, start = asked("as drawn", seed)
    scaled = network(size * net.weights, net.u, size * net.biases, subspace=net.subspace)
    one, other = (bk.applicable(n, X, s * start, attacked=1) for n, s in ((net, 1.0), (scaled, size)))
    for name in ("deep_gradient", "representation_swap"):
        a, b = (next(s for s in f.statements if s.statement.name == name) for f in (one, other))
        for p, q in zip(a.assumptions, b.assumptions, strict=True):
            assert p.measured.standing is q.measured.standing
            assert (p.measured.p is None) or p.measured.p == pytest.approx(q.measured.p)
    assert other.inspection.b == pytest.approx(size * one.inspection.b)
    assert other.inspection.b_within == pytest.approx([size * b for b in one.inspection.b_within])


def test_weights_that_leave_p_by_rounding_alone_are_not_taken_for_gaussian():
    net, X, _ = asked("as drawn", 3)
    P = net.subspace
    on = network(net.weights - P.off(net.weights), net.u, net.biases, subspace=P)
    found = bk.applicable(on, X, attacked=1)
    assert on.layer.off.any()
    assert not any(s.promises for s in found.statements)
    says = {a.text: a.measured for a in found.assumptions}
    gaussian = says["orthogonally to P the first layer is left Gaussian, with standard deviation shrink/sqrt(d)"]
    assert gaussian.standing is Standing.FAILS
    assert on.distance(X).nodes.max() <= 10


def test_an_array_gives_the_same_network_however_it_lies_in_memory():
    net, X, _ = asked("as drawn", 1, classes=3)
    turned = network(net.weights.T.copy().T, net.u.T.copy().T, net.biases, subspace=net.subspace)
    np.testing.assert_array_equal(net.output(X), turned.output(X))
    np.testing.assert_array_equal(net.certified_radius(X), turned.certified_radius(X))


def test_the_gradient_in_p_keeps_its_digits_beside_a_large_one_off_it():
    net, X, _ = asked("as drawn", 2)
    P = net.subspace
    steep = network(net.weights + 1e12 * P.off(net.weights), net.u, net.biases, subspace=P)
    np.testing.assert_allclose(steep.on_subspace_gradient(X), net.on_subspace_gradient(X), rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(net.on_subspace_gradient(X) + net.off_subspace_gradient(X), net.gradient(X), atol=1e-12)
