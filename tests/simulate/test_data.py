"""Problems: where the points lie, what a seed fixes, and what is refused."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples

from boundkit.errors import ParameterError
from boundkit.simulate import problem
from boundkit.simulate.frame import Frame
from boundkit.simulate.rng import gaussian_factor, haar


@settings(max_examples=examples(40))
@given(st.integers(1, 12), st.integers(0, 12), st.integers(0, 2**32), st.booleans())
def test_a_frame_is_an_orthonormal_basis_that_starts_with_the_vectors_given(q, more, seed, axes):
    d = q + more
    first = np.eye(d, q) if axes else haar(np.random.default_rng(seed), d, q)
    frame = Frame(first)
    basis = frame.vectors(np.eye(d))
    np.testing.assert_allclose(basis @ basis.T, np.eye(d), atol=1e-13)
    np.testing.assert_allclose(basis[:q], first.T, atol=1e-13)
    x = np.random.default_rng(seed + 1).standard_normal((3, d))
    np.testing.assert_allclose(frame.coordinates(x), x @ basis.T, atol=1e-12)
    np.testing.assert_allclose(frame.vectors(frame.coordinates(x)), x, atol=1e-12)


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("labels", ["random", "linear", "clusters"])
def test_points_lie_on_p_and_have_length_sqrt_d(aligned, labels):
    p = problem(d=40, ell=15, points=30, seed=2, aligned=aligned, labels=labels)
    assert p.basis.shape == (40, 25)
    np.testing.assert_allclose(p.basis.T @ p.basis, np.eye(25), atol=1e-13)
    np.testing.assert_allclose(p.X, (p.X @ p.basis) @ p.basis.T, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(p.X, axis=1), np.sqrt(40))
    assert set(p.labels) == {-1.0, 1.0}
    if aligned:
        assert np.all(p.X[:, 25:] == 0)


def test_the_default_points_are_uniform_on_the_sphere_of_p():
    """Inner products of two points of R^8: variance 1/8, and fourth moment 3/(8 * 10); 5 sigma, about 1e-6 a side."""
    pairs = np.array(
        [np.prod(problem(d=20, ell=12, points=2, seed=s, norm=1.0).coordinates, axis=0).sum() for s in range(4000)]
    )
    second, fourth = 1 / 8, 3 / 80
    assert abs(np.mean(pairs)) < 5 * np.sqrt(second / 4000)
    assert abs(np.mean(pairs**2) - second) < 5 * np.sqrt((fourth - second**2) / 4000)


def test_a_batch_of_one_gaussian_factor_is_the_single_one():
    one, batch = (gaussian_factor(np.random.default_rng(3), 5, 4, *trials) for trials in ((), (1,)))
    np.testing.assert_array_equal(batch, one[None])


def test_gaussian_factor_has_the_wishart_law():
    """Mean n I and variance n (1 + [i = j]) of L L', against Gaussian matrices; 5 sigma for 12 numbers, < 1e-5."""
    rng, trials, m, n = np.random.default_rng(3), 4000, 3, 5
    grams = np.array([f @ f.T for f in (gaussian_factor(rng, m, n) for _ in range(trials))])
    g = rng.standard_normal((trials, m, n))
    direct = g @ g.transpose(0, 2, 1)
    for power in (1, 2):
        a, b = grams**power, direct**power
        spread = np.sqrt((a.var(axis=0) + b.var(axis=0)) / trials)
        assert np.all(np.abs(a.mean(axis=0) - b.mean(axis=0)) < 5 * spread)


def test_a_seed_fixes_the_points_whatever_d_costs():
    a, b = problem(d=10**12, ell=6 * 10**11, seed=5), problem(d=1e12, ell=6e11, seed=5)
    assert np.array_equal(a.coordinates, b.coordinates)
    assert not np.array_equal(a.coordinates, problem(d=10**12, ell=6 * 10**11, seed=6).coordinates)


def test_users_data_get_their_span_for_p():
    rng = np.random.default_rng(1)
    X = rng.standard_normal((9, 4)) @ rng.standard_normal((4, 30))
    y = np.where(rng.random(9) < 0.5, -1, 1)
    p = problem(X=X, y=y)
    assert (p.d, p.ell, p.rank) == (30, 26, 4)
    np.testing.assert_allclose(p.X, X, atol=1e-12)
    roomy = problem(X=X, y=y, ell=20)
    np.testing.assert_allclose(roomy.off(X), 0, atol=1e-12)
    assert roomy.basis.shape == (30, 10)


@settings(max_examples=examples(120))
@given(
    st.sampled_from([np.float16, np.float32, np.float64]), st.integers(1, 12), st.integers(0, 30), st.integers(2, 80),
    st.integers(0, 2**32), st.floats(-3, 3),
)  # fmt: skip
def test_the_rank_is_the_one_before_rounding_to_the_dtype(dtype, rank, more, d, seed, power):
    """Data of a rank, each number rounded to its dtype: the same rank is found, and what was found stands there."""
    rng = np.random.default_rng(seed)
    d = max(d, 3 * rank + 1)
    n = 3 * rank + more
    left, right = (np.linalg.qr(rng.standard_normal((k, rank)))[0] for k in (n, d))
    X = ((left * rng.uniform(0.5, 1, rank)) @ right.T * (1 if dtype is np.float16 else 10**power)).astype(dtype)
    p = problem(X=X, y=np.where(rng.random(n) < 0.5, -1, 1))
    assert (p.rank, p.ell) == (rank, d - rank)
    assert 0 <= p.off_by <= p.tol + 1e-13 < 0.05
    assert f"rank {rank} at tolerance" in repr(p)
    np.testing.assert_allclose(p.X, X.astype(float), atol=2 * p.tol * np.abs(X).astype(float).max() * n)
    assert p.locate(X[0]).shape == (d,)
    assert np.linalg.norm(p.off(p.locate(X[0]))) <= 1e-12 * np.linalg.norm(X[0].astype(float))


@settings(max_examples=examples(150))
@given(
    st.sampled_from([np.float16, np.float32]), st.integers(1, 8), st.integers(0, 30), st.integers(2, 60),
    st.integers(0, 2**32), st.integers(-4, 28),
)  # fmt: skip
def test_subnormal_numbers_keep_the_rank_or_are_refused(dtype, rank, more, d, seed, power):
    """Numbers down to the smallest that the dtype holds, whose rounding is absolute.

    The largest singular value is at least tiny 2^(7 - power), and at most 54 x 60 numbers are off by half of
    tiny 2^-nmant each: below the border 8 times that is no more than 0.05 of it.
    """
    rng = np.random.default_rng(seed)
    d, n = max(d, 3 * rank + 1), 3 * rank + more
    left, right = (np.linalg.qr(rng.standard_normal((k, rank)))[0] for k in (n, d))
    X = ((left * rng.uniform(0.5, 1, rank)) @ right.T * float(np.finfo(dtype).tiny) * 2.0 ** (8 - power)).astype(dtype)
    if power <= np.finfo(dtype).nmant - 6:
        p = problem(X=X, y=np.ones(n))
        assert (p.rank, p.ell) == (rank, d - rank)
        assert p.off_by <= p.tol
        return
    try:
        assert problem(X=X, y=np.ones(n)).rank == rank
    except ParameterError as error:
        if not re.search("scale the data up|all zeros", str(error)):
            raise


def test_subnormal_data_that_keep_digits_are_taken_and_others_refused_with_the_reason():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 3)) @ rng.standard_normal((3, 20))
    for size in (1.0, 1e-38, 1e-40, 1e-42):
        assert problem(X=(size * X).astype(np.float32), y=np.ones(40)).rank == 3
    lost = (1e-44 * X).astype(np.float32)
    with pytest.raises(ParameterError, match="float32 numbers below 1.18e-38, whose rounding .* or give tol"):
        problem(X=lost, y=np.ones(40))
    assert problem(X=lost, y=np.ones(40), tol=0.3).rank == 3


def test_the_tolerance_can_be_set_and_says_what_it_found():
    """Float32 data kept as doubles look like full rank; tol= tells them that they are not."""
    rng = np.random.default_rng(3)
    X = (rng.standard_normal((61, 29)) @ rng.standard_normal((29, 80))).astype(np.float32)
    y = np.ones(61)
    assert problem(X=X, y=y).rank == 29
    assert problem(X=X.astype(float), y=y).rank == 61
    near = problem(X=X.astype(float), y=y, tol=1e-5)
    assert (near.rank, near.tol) == (29, 1e-5)
    assert 0 < near.off_by < 1e-6
    assert problem(X=X.astype(float), y=y, tol=1e-5, ell=40).rank == 29
    with pytest.raises(ParameterError, match="span 61 dimensions at tolerance .* give a larger tol"):
        problem(X=X.astype(float), y=y, ell=51)
    integers = problem(X=rng.integers(0, 255, (9, 1)) * rng.integers(1, 9, (1, 20)), y=np.ones(9))
    assert integers.rank == 1
    assert integers.tol < 1e-14
    for bad in (-1, np.nan, 1.5, "a"):
        with pytest.raises(ParameterError, match="tol"):
            problem(X=X, y=y, tol=bad)
    with pytest.raises(ParameterError, match="together with X"):
        problem(d=10, ell=4, tol=1e-3)


def test_fresh_points_lie_on_p_and_leave_the_span():
    p = problem(d=50, ell=20, points=4, seed=1)
    fresh = p.draw(6, seed=9)
    assert fresh.shape == (6, 10)
    np.testing.assert_allclose(np.linalg.norm(fresh, axis=1), np.sqrt(50))
    np.testing.assert_allclose(p.off(p.frame.vectors(fresh)), 0, atol=1e-12)
    with pytest.raises(ParameterError, match="spare=26"):
        problem(d=50, ell=20, points=4, seed=1, spare=2).draw(30, seed=9)


GOOD = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"d": 1, "ell": 1}, "d = 1: the input dimension is an integer, at least 2"),
        ({"d": 10, "ell": 10}, r"ell = 10: .*ell = d would leave no data.* at most 9"),
        ({"d": 10, "ell": 0}, "ell = 0"),
        ({"d": 10.5, "ell": 3}, "d = 10.5"),
        ({"d": True, "ell": 3}, "d = True"),
        ({"d": 10, "ell": 3, "points": 0}, "points = 0"),
        ({"d": 10, "ell": 3, "rank": 8}, "rank = 8: .* at most 7"),
        ({"d": 10, "ell": 3, "labels": "odd"}, "labels = 'odd': choose one of 'random', 'linear', 'clusters'"),
        ({"d": 10, "ell": 3, "norm": 0}, "norm = 0"),
        ({"d": 10, "ell": 3, "seed": -1}, "seed = -1"),
        ({"d": 10}, "needs d and ell"),
        ({"X": GOOD}, "X and y go together"),
        ({"X": GOOD, "y": [1]}, r"X of shape \(2, 3\) and y of shape \(1,\)"),
        ({"X": GOOD[0], "y": [1, 1, 1]}, r"X is \(points, d\)"),
        ({"X": GOOD, "y": [0, 1]}, r"labels are \+1 and -1 \(0/1 labels become 2\*y - 1\)"),
        ({"X": GOOD * np.nan, "y": [1, -1]}, "numbers that are not finite"),
        ({"X": GOOD * 0, "y": [1, -1]}, "all zeros"),
        ({"X": GOOD * 1j, "y": [1, -1]}, "X of type complex128"),
        ({"X": np.ma.array(GOOD, mask=GOOD == 0), "y": [1, -1]}, "none of them masked"),
        ({"X": [["a", "b"], ["c", "d"]], "y": [1, -1]}, "X of type <U1"),
        ({"X": np.ones((0, 3)), "y": []}, r"X of shape \(0, 3\)"),
        ({"X": GOOD * 1e-200, "y": [1, -1]}, "rescale"),
        ({"X": GOOD * 1e200, "y": [1, -1]}, "rescale"),
        ({"d": 10, "ell": 3, "norm": 1e-200}, "rescale"),
        ({"X": np.eye(3), "y": [1, 1, -1]}, r"the points span all of R\^3, so ell = 0"),
        ({"X": GOOD, "y": [1, -1], "d": 4}, "d = 4 and X has 3 columns"),
        ({"X": np.diag([3.0, 2, 0.5, 0])[:3], "y": [1, 1, -1], "ell": 2}, "the farthest, point 2, lies 0.5 off"),
    ],
)
def test_bad_data_are_refused_with_the_rule(options, message):
    with pytest.raises(ParameterError, match=message):
        problem(**options)


@pytest.mark.parametrize(
    ("x0", "message"),
    [
        (5, "x0 = 5: the number of a data point is an integer, at least 0 and at most 4"),
        (np.ones(38), r"give 40 .* or up to 25 \(coordinates"),
        (np.full(3, np.inf), "not finite"),
        ([0, 1, 2], "whole numbers could be coordinates or several points' numbers"),
        ([1j, 0], "type complex128"),
        ("0", "the number of a data point"),
        ([], "a point of 0 numbers"),
        (np.ones((2, 0)), "a point of 0 numbers"),
    ],
)
def test_bad_points_are_refused(x0, message):
    with pytest.raises(ParameterError, match=message):
        problem(d=40, ell=15, points=5, seed=2).locate(x0)


def test_a_point_off_p_is_refused_with_its_distance():
    p = problem(d=40, ell=15, points=5, seed=2)
    away = p.frame.vectors(np.eye(40))[-1]
    with pytest.raises(ParameterError, match=r"x0 lies 0\.25 off the data subspace"):
        p.locate(p.X[0] + 0.25 * away)


def test_the_full_representation_says_what_it_would_need():
    with pytest.raises(ParameterError, match=r"GiB here, more than 4 GiB; use representation='subspace'"):
        _ = problem(d=10**6, ell=10, seed=1).X


def test_clusters_on_a_line_are_two_points() -> None:
    for seed in range(8):
        data = problem(d=2, ell=1, points=20, seed=seed, labels="clusters")
        assert np.isfinite(data.coordinates).all()
        assert len(np.unique(np.sign(data.coordinates[:, 0]) * data.labels)) == 1
