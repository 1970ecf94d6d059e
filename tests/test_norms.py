"""Other norms and patches: the laws and bounds by other routes, and where they meet the statements beside them.

Random tests are seeded; one that compares frequencies raises a false alarm once in 10^5.
"""

from __future__ import annotations

from math import comb, exp, log, pi, sqrt

from hypothesis import given, settings
from hypothesis import strategies as st
import mpmath
import numpy as np
import pytest
from scipy import integrate, stats
import sympy

import boundkit as bk
from boundkit.enclose import ball
from boundkit.errors import ParameterError
from boundkit.library.beyond.linf_flip import theta as theta_both
from boundkit.library.beyond.sign_laws import sign_move_at_most, upward_move_at_most
from boundkit.library.beyond.sign_sums import (
    both_ways_log_at_most,
    log_both_ways,
    log_upward,
    upward_log_at_most,
)
from boundkit.library.beyond.valid_image_flip import theta as theta_upward
from boundkit.simulate.patches import off_patches, patches_of
from boundkit.tails import log_of

FEW = settings(max_examples=25)
STEP, CELLS = 1 / 256, 2**15  # of a grid on which densities are convolved


def densities(n: int, m: int) -> list[np.ndarray]:
    """The density of the move by j pixels that are on, j = 0, ..., n, on a grid around 0: a sum of skew normals.

    |G|/sqrt(m) + sqrt(1 - 1/m) g is SciPy's skew normal variable with a = 1/sqrt(m - 1). The midpoint rule is as good
    as exact for densities so smooth.
    """
    at = STEP * (np.arange(CELLS) - CELLS // 2)
    one = np.fft.rfft(np.fft.ifftshift(stats.skewnorm.pdf(at, 1 / sqrt(m - 1)))) * STEP
    return [np.fft.fftshift(np.fft.irfft(one**j)) for j in range(n + 1)]


def below(mass: np.ndarray, q: float) -> float:
    """P[X <= q], with the last cell in part: a cumulative sum at midpoints, interpolated by a cubic."""
    at = STEP * (np.arange(CELLS) - CELLS // 2) + STEP / 2
    near = slice(np.searchsorted(at, q) - 4, np.searchsorted(at, q) + 4)
    return float(np.polynomial.Polynomial.fit(at[near], np.cumsum(mass)[near], 7)(q))


@pytest.mark.parametrize(("n", "m"), [(1, 2), (2, 2), (3, 5), (8, 3), (20, 2), (40, 17)])
@pytest.mark.parametrize("c", [0.5, 1, 1.5, 4])
def test_the_laws_are_convolutions_of_skew_normals(n: int, m: int, c: float) -> None:
    sums = densities(n, m)
    mean = n * sqrt(2 / (pi * m))
    both, upward = exp(log_both_ways(c, n, m)), exp(log_upward(c, n, m))
    assert both == pytest.approx(below(sums[n], mean / c), abs=1e-6)
    some = sum(comb(n, j) * below(sums[j], mean / 2 / c) for j in range(1, n + 1))
    assert upward == pytest.approx((1 + some) / 2**n, abs=1e-6)


@pytest.mark.parametrize("c", [1.1, 3, 50])
def test_two_pixels_by_quadrature(c: float) -> None:
    """To ten digits, deep in the tail of one pixel too."""
    m = 3
    one = stats.skewnorm(1 / sqrt(m - 1))
    q = 2 * sqrt(2 / (pi * m)) / c
    two, _ = integrate.quad(lambda y: one.pdf(y) * one.cdf(q - y), -12, 12, epsabs=1e-13, epsrel=1e-12)
    assert exp(log_both_ways(c, 2, m)) == pytest.approx(two, rel=1e-9)
    upward = (
        1 / 4
        + one.cdf(q / 2) / 2
        + integrate.quad(lambda y: one.pdf(y) * one.cdf(q / 2 - y), -12, 12, epsabs=1e-13, epsrel=1e-12)[0] / 4
    )
    assert exp(log_upward(c, 2, m)) == pytest.approx(upward, rel=1e-9)


@FEW
@given(st.integers(1, 10**12), st.integers(2, 10**9), st.fractions(1, 1000).filter(lambda c: c > 1), st.booleans())
def test_a_tail_is_a_ball_of_80_bits_that_falls_as_the_threshold_does(n: int, m: int, c: object, upward: bool) -> None:
    law = upward_log_at_most if upward else both_ways_log_at_most
    here, lower = law(c, n, m), law(c * 2, n, m)
    assert here.rel_accuracy_bits() >= 80
    assert lower < here < 0
    assert float(here) == pytest.approx((log_upward if upward else log_both_ways)(float(c), n, m), rel=1e-9)


def test_sums_that_are_none_are_refused() -> None:
    for c, n, m in ((0, 3, 2), (2, 0, 2), (2, 3, 1), (2, 2.5, 3)):
        with pytest.raises(ParameterError):
            both_ways_log_at_most(c, n, m)
        with pytest.raises(ParameterError):
            log_upward(c, n, m)


# Lemmas 29, 30 and 37


@given(st.floats(0, 1e3))
def test_half_normals_are_no_wilder_below_than_a_normal_variable(x: float) -> None:
    with mpmath.workdps(60):
        x = mpmath.mpf(x)
        assert mpmath.erfc(x) <= mpmath.exp(-2 * x / mpmath.sqrt(mpmath.pi) - 2 * x**2 / mpmath.pi)


def test_the_constant_of_half_normals_is_the_best() -> None:
    x = mpmath.mpf("1e-3")
    assert mpmath.erfc(x) > mpmath.exp(-2 * x / mpmath.sqrt(mpmath.pi) - mpmath.mpf("2.02") * x**2 / mpmath.pi)


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_a_pixel_that_may_only_go_up_is_no_wilder_below(m: int, share: float) -> None:
    with mpmath.workdps(60):
        mu = 1 / mpmath.sqrt(2 * mpmath.pi * m)
        theta = share * 2 * mu / (mpmath.mpf(1) / 2 - 2 * mu**2)
        left = mpmath.log((1 + mpmath.exp(theta**2 / 2) * mpmath.erfc(theta / mpmath.sqrt(2 * m))) / 2)
        assert left <= -theta * mu + theta**2 / 2 * (mpmath.mpf(1) / 2 - mu**2) + mpmath.mpf(10) ** -40


@pytest.mark.parametrize(("law", "upward"), [(sign_move_at_most, False), (upward_move_at_most, True)])
@pytest.mark.parametrize("theta", [-0.7, -2.0, 0.4])
def test_cumulants_are_integrals(law: type, upward: bool, theta: float) -> None:
    m = 3
    found = float(law(2, 1, m).cumulant(sympy.Rational(theta))[0])
    mean, _ = integrate.quad(lambda y: exp(theta * y) * stats.skewnorm.pdf(y, 1 / sqrt(m - 1)), -15, 15)
    assert found == pytest.approx(log((1 + mean) / 2 if upward else mean), rel=1e-8)


@FEW
@given(st.integers(2, 100), st.floats(1.01, 100), st.integers(1, 10**6))
def test_the_exponents_are_near_chernoffs_best(m: int, c: float, n: int) -> None:
    """Markov's inequality at that theta allows what is true, and the closed form what it gives."""
    at = {"c": sympy.Rational(c), "m": sympy.Integer(m)}
    for law, theta in ((sign_move_at_most, theta_both), (upward_move_at_most, theta_upward)):
        tail = law(sympy.Symbol("c"), n, sympy.Symbol("m"))
        mean = tail.cumulant(-theta)[0] + theta * tail.event[3]
        values = {sympy.Symbol(name): value for name, value in at.items()}
        markov = float(ball(mean, values).mid())
        slack = 1e-9 * abs(markov)
        assert float(ball(log_of(tail), values).upper()) <= markov + slack
        closed = -((1 - 1 / c) ** 2) * n / (pi * m - 2 if law is sign_move_at_most else 2 * pi * m - 2)
        assert markov <= closed + slack


@pytest.mark.parametrize("a", [0.3, 0.5, 2, 3])
@pytest.mark.parametrize("weights", [[1, 1, 1], [1, 0.5, 0.1], [1, *[0.2] * 15], [1, 0.01]])
def test_weighted_chi_squares_keep_their_bound(weights: list[float], a: float) -> None:
    """200,000 draws: the frequency less five of its standard errors is below the bound."""
    Q = np.random.default_rng(4).chisquare(1, (200_000, len(weights))) @ weights
    n = sum(weights) / max(weights)
    hit = np.mean(Q <= a * sum(weights) if a < 1 else Q >= a * sum(weights))
    assert hit - 5 * sqrt(hit / 200_000) <= exp(-n * (a - 1 - log(a)) / 2)


def test_with_the_number_of_weights_for_the_effective_number_the_bound_would_be_false() -> None:
    weights = np.array([1, *[0.001] * 30])
    Q = np.random.default_rng(5).chisquare(1, (200_000, weights.size)) @ weights
    assert np.mean(Q >= 3 * weights.sum()) > exp(-weights.size * (3 - 1 - log(3)) / 2) * 100


# The statements, beside others


@FEW
@given(st.integers(2, 50), st.floats(1.01, 50), st.integers(1, 10**6))
def test_the_law_is_below_the_claim_and_upward_steps_are_twice_as_long(m: int, c: float, ell: int) -> None:
    sizes = {"d": 10**6, "ell": ell, "m": m, "c": c, "output": -3, "k": m // 2}
    both, upward = bk.linf_flip(**sizes), bk.valid_image_flip(**sizes, top=10**9, both=0)
    assert both.exact().log_failure <= both.log_failure
    assert upward.exact().log_failure <= upward.log_failure
    assert upward.bounds[0] == pytest.approx(2 * both.bounds[0], rel=1e-12)
    assert both.log_failure <= upward.log_failure
    if upward.log_failure < -1:
        twice = bk.valid_image_flip(**sizes, top=10**9)
        assert twice.log_failure == pytest.approx(upward.log_failure + log(2), rel=1e-9)


def test_a_range_that_is_too_narrow_is_not_covered() -> None:
    sizes = {"d": 784, "ell": 484, "m": 5, "k": 1, "output": 1}
    assert bk.valid_image_flip(**sizes, top=0.7).verdict is bk.Verdict.INAPPLICABLE
    assert bk.valid_image_flip(**sizes, top=0.8).applies
    assert bk.linf_flip(**{**sizes, "m": 1, "k": 0}).verdict is bk.Verdict.INAPPLICABLE


def test_the_event_itself_is_hardly_rarer_than_the_union_bound() -> None:
    """ell = 400, m = 5, c = 2: of 50,000 draws of all X_i, within five standard errors."""
    rng = np.random.default_rng(6)
    H = sum(np.abs(rng.standard_normal((50_000, 100))).sum(axis=1) for _ in range(4))
    g = rng.standard_normal((50_000, 5))
    X = H[:, None] / sqrt(5) + 20 * (g - g.mean(axis=1, keepdims=True))
    seen = np.mean(X.min(axis=1) <= 400 * sqrt(2 / (pi * 5)) / 2)
    union = bk.linf_flip(d=784, ell=400, m=5, output=1).exact().failure
    assert 1e-4 < union < 1e-3
    assert abs(seen - union) < 5 * sqrt(union / 50_000)


@FEW
@given(st.integers(1, 30), st.floats(1.01, 9), st.data())
def test_where_they_meet_they_are_the_universal_flip(m: int, c: float, data: st.DataObject) -> None:
    h, k = data.draw(st.integers(m, 500)), data.draw(st.integers(0, m - 1))
    sizes = {"d": 600, "m": m, "k": k, "output": -2, "c": c}
    universal = bk.universal_flip(**sizes, ell=h)
    few = bk.sparse_flip(**sizes, h=h)
    assert few.bounds == pytest.approx(universal.bounds, rel=1e-9, abs=1e-9)
    assert few.log_failure == pytest.approx(universal.log_failure, rel=1e-9)
    norm = bk.universal_flip_in_norm(**sizes, ell=h, pixels=h, dimension=max(h, 2), level=0.5, reach=0.5)
    assert norm.bounds[1:] == pytest.approx(universal.bounds, rel=1e-9, abs=1e-9)
    assert norm.bounds[0] == pytest.approx(universal.bounds[0] / 4, rel=1e-9)
    assert norm.log_failure >= universal.log_failure


def test_a_coordinate_of_a_uniform_direction_is_a_beta_variable() -> None:
    """2 P[row sum <= 0] with 1/x^2 for m is P[Beta(1/2, (D - 1)/2) >= x^2]."""
    for D, x in ((2, 0.3), (5, 0.9), (40, 0.5), (700, 0.1)):
        g = bk.universal_flip_in_norm(
            d=10**6, ell=10**5, m=1, k=0, output=1, a=0.01, pixels=3, dimension=D, level=x
        )  # the length never fails
        assert g.exact().failure == pytest.approx(3 * stats.beta.sf(x**2, 0.5, (D - 1) / 2), rel=1e-9)


@FEW
@given(st.just(0) | st.floats(1e-3, 6), st.integers(1, 10**6), st.integers(1, 10**4))
def test_in_length_the_radius_is_the_off_subspace_radius(t: float, ell: int, m: int) -> None:
    one = bk.radius_in_norm(d=10**6, u_2=1, u_1=sqrt(m), output=-2, width=sqrt(ell), rho=1, t=t)
    other = bk.off_subspace_radius(d=10**6, ell=ell, m=m, output=-2, t=t)
    assert one.bound == pytest.approx(other.bound, rel=1e-9)
    assert one.log_failure == other.log_failure


def test_the_flip_in_the_largest_change_is_m_over_k_plus_1_times_the_radius() -> None:
    """c (m/(k + 1)) (1 + o(1)) as m/ell and t^2/ell go to 0, as in length."""
    for m, k in ((2, 0), (10, 3), (50, 1)):
        ell = 10**12
        flip = bk.linf_flip(d=ell, ell=ell, m=m, k=k, output=1, c=1.5)
        radius = bk.radius_in_norm(d=ell, u_2=1, u_1=sqrt(m), output=1, width=ell * sqrt(2 / pi), rho=sqrt(ell), t=3)
        assert flip.bounds[0] / radius.bound == pytest.approx(1.5 * m / (k + 1), rel=1e-3)


def test_a_radius_through_any_output_weights_by_all_patterns() -> None:
    """Eight neurons, heavy-tailed weights, 256 patterns, 4000 draws: beyond it no more often than allowed.

    The bound on the mean is met within 25%: it says something.
    """
    rng = np.random.default_rng(9)
    ell, m = 30, 8
    patterns = np.array(list(np.ndindex(*(2,) * m)))
    u = rng.standard_t(2, m)
    steepest = np.array(
        [np.abs(patterns @ (u[:, None] * rng.standard_normal((m, ell)))).sum(axis=1).max() for _ in range(4000)]
    )
    sizes = {"d": 1, "output": 1, "u_2": np.linalg.norm(u), "u_1": np.abs(u).sum()}
    for t in (0, 1, 2):
        bound = bk.radius_in_norm(**sizes, width=ell * sqrt(2 / pi), rho=sqrt(ell), t=t).bound
        hit = np.mean(1 / steepest < bound)
        assert hit <= exp(-(t**2) / 2) + 5 * sqrt(0.25 / 4000)
        if t == 0:
            assert 0.75 / bound < steepest.mean() <= 1 / bound


def test_the_entries_of_a_gradient_on_any_subspace() -> None:
    """A random P-perp of R^30: no bound fails more often than allowed, and the mean of the sum is exact."""
    rng = np.random.default_rng(10)
    basis = np.linalg.qr(rng.standard_normal((30, 12)))[0]
    reach = np.linalg.norm(basis, axis=1)
    entries = np.abs(rng.standard_normal((40_000, 12)) @ basis.T)
    g = bk.gradient_in_dual_norm(d=1, norm_J=1, pixels=30, reach=reach.max(), total_reach=reach.sum(), level=3, t=1)
    top, low, high = g.bounds
    assert np.mean(entries.max(axis=1) > top) <= 30 * exp(-4.5) + 1e-2
    total = entries.sum(axis=1)
    assert abs(total.mean() - (low + high) / 2) < 5 * total.std() / 200
    for side in (total < low, total > high):
        assert side.mean() <= exp(-0.5)


def test_patches_that_overlap_have_the_eigenvalues_of_m() -> None:
    """|Pi_Z gradient|^2 = b^2 times a form in the filters' parts, whose matrix is M^T M: on one network, by hand."""
    rng = np.random.default_rng(11)
    d, p, C = 12, 4, 2
    patches = patches_of(d, p, 2)
    Q = np.linalg.qr(rng.standard_normal((p, 2)))[0]  # a subspace of patches, and its complement
    off = off_patches((Q @ rng.standard_normal((2, 8))).T, np.arange(p)[None])
    A = [np.eye(d)[t] for t in patches]
    seen = np.vstack([Q.T @ a for a in A])  # z in Z has no part of Q in any patch
    _, values, rows = np.linalg.svd(seen)
    Z = rows[(values > 1e-9).sum() :]
    J = rng.standard_normal((len(patches), C))
    F = rng.standard_normal((C, off.shape[1]))  # the filters' parts
    M = sum(np.kron(J[t][None], Z @ A[t].T @ off) for t in range(len(patches)))
    gradient = Z @ sum(A[t].T @ off @ F.T @ J[t] for t in range(len(patches)))
    assert np.allclose(M @ F.ravel(), gradient)
    apart = patches_of(d, p)
    Jn = rng.standard_normal((len(apart), C))
    M = sum(np.kron(Jn[t][None], np.eye(d)[apart[t]].T @ off) for t in range(len(apart)))
    wanted = np.sort(np.repeat(np.linalg.eigvalsh(Jn.T @ Jn), off.shape[1]))
    assert np.allclose(np.sort(np.linalg.eigvalsh(M.T @ M)), wanted)


@pytest.mark.parametrize(("d", "n"), [(100, 91), (268, 91), (150, 60)])
def test_training_patches_leave_as_many_dimensions_as_asked_for(d: int, n: int) -> None:
    """Were there fewer patches than d - n, more would be left, and the upper claim false."""
    seen = bk.simulate.check(bk.patch_gradient, 20, mode="full", seed=0, d=d, n=n, norm_M=1)
    assert seen.trials > seen.uncovered
    assert seen.by_claim == (0, 0)
