"""What a trained network answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import boundkit as bk
from boundkit.errors import ParameterError
from boundkit.simulate import problem, train


@pytest.fixture(scope="module", params=["subspace", "full"])
def net(request):
    return train(problem(d=50, ell=20, points=10, seed=1), 16, steps=100, seed=2, representation=request.param)


def test_output_is_the_papers_formula(net):
    x = net.problem.X
    for points in (x, net.problem.coordinates):
        np.testing.assert_allclose(net.output(points), np.maximum(x @ net.weights.T, 0) @ net.u, atol=1e-12)
    assert net.output(3) == pytest.approx(float(net.output(x[3])))
    assert np.unique(np.abs(net.u)) == pytest.approx(1 / 4)
    assert net.margin == pytest.approx(np.min(net.problem.labels * net.output(x)))


def test_gradient_is_the_slope(net):
    x = net.problem.X[0]
    basis = np.eye(50)
    h = 1e-6
    slopes = np.array([(net.output(x + h * e) - net.output(x - h * e)) / (2 * h) for e in basis])
    gradient = net.gradient(0)
    off = net.off_subspace_gradient(0)
    if net.full:
        np.testing.assert_allclose(gradient, slopes, atol=1e-7)
        np.testing.assert_allclose(off, net.problem.off(gradient), atol=1e-12)
    assert np.linalg.norm(gradient) == pytest.approx(np.linalg.norm(slopes), abs=1e-6)
    np.testing.assert_allclose(net.lift(off), net.problem.off(slopes), atol=1e-7)


def test_active_and_opposing(net):
    a = net.problem.X @ net.weights.T
    np.testing.assert_array_equal(net.active(net.problem.coordinates), a >= 0)
    y0 = np.sign(net.output(net.problem.coordinates))
    np.testing.assert_array_equal(net.opposing(net.problem.coordinates), (a >= 0) & (net.u * y0[:, None] < 0))


def test_values_are_a_statements_own_parameters(net):
    a = net.inputs(0)
    all_active, opposing = int((a >= 0).sum()), int(net.opposing(0).sum())
    assert all_active > opposing > 0
    assert net.values(bk.theorem_4_1, 0) == {"d": 50, "ell": 20, "m": 16, "k": all_active}
    assert net.values(bk.theorem_5_1, 0)["k"] == opposing
    assert net.values(bk.theorem_5_1, 0)["output"] == net.output(0)
    assert net.values(bk.corollary_5_1, 0)["c_k"] == opposing / 16
    assert net.values(bk.theorem_6_2, 0)["T"] == 100
    assert set(net.values(bk.remark_3_1)) == {"gamma", "d"}
    bk.theorem_5_1(**net.values(bk.theorem_5_1, 0))
    with pytest.raises(ParameterError, match=r"x0 lies .* off the data subspace"):
        net.values(bk.theorem_4_1, np.ones(50))


@pytest.mark.parametrize("options", [{}, {"lam": 2.0}, {"beta": 0.3}])
def test_off_subspace_gradients_are_b_sqrt_k_over_m_chi_ell(options):
    """Kolmogorov's test of (norm/(b sqrt(k/m)))^2 against chi2_ell on retrained networks; false alarms 1e-6 each."""
    p = problem(d=30, ell=11, points=6, seed=1)
    found = []
    for seed in range(400):
        net = train(p, 7, steps=30, seed=seed, representation="full" if seed % 2 else "subspace", **options)
        if k := net.active(0).sum():
            found.append(np.sum(net.off_subspace_gradient(0) ** 2) / (net.b**2 * k / 7))
    assert stats.kstest(found, stats.chi2(11).cdf).pvalue > 1e-6


def test_derivative_1_at_0_makes_every_neuron_active_at_x0_0():
    """E17: at x0 = 0 the set S is everything, and the gradient is not 0."""
    net = train(problem(d=50, ell=20, points=10, seed=1), 16, steps=10, seed=2)
    zero = np.zeros(net.problem.rank)
    assert net.active(zero).all()
    assert np.linalg.norm(net.off_subspace_gradient(zero)) > 0.1
