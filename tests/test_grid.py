"""The points that audits and searches share: every scale, edges, both sides of hypotheses, narrow domains."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, permutations
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples, some
import sympy

import boundkit as bk
from boundkit.engine.domain import ends_of, scale
from boundkit.report.folder import audit_tables
from boundkit.report.page import audit_page
from boundkit.studies.boundaries import Boundaries
from boundkit.studies.grid import grid
from boundkit.studies.point_check import PointStatus
from boundkit.studies.simulation import simulations
from boundkit.studies.walking import covered_points, covers

d, k, m, n, p, t, U = sympy.symbols("d k m n p t U")
exp, Rational = sympy.exp, sympy.Rational


def own(*parameters: bk.Parameter, meets: tuple = (), **more: Any) -> bk.Statement:
    hypotheses = tuple(bk.Hypothesis(str(h), h) for h in meets)
    fields = {
        "name": "own", "place": "Own", "parameters": parameters, "quantities": (bk.reals(U, "U"),), "doc": "Own.",
        "hypotheses": hypotheses, "claims": (U <= 1,), "failure": Rational(1, 2), "truth": Rational(1, 3),
    }  # fmt: skip
    return bk.Statement(**{**fields, **more})


def values(p: bk.Parameter) -> tuple:
    return scale(p, ends_of(p, {}))


def test_a_scale_has_every_size_between_its_ends() -> None:
    assert {Fraction(10) ** power for power in range(-3, 4)} <= {*values(bk.reals(t, "t", 0, 1000))}
    shares = {Fraction(x) for x in ("0.001", "0.01", "0.1", "0.5", "0.9", "0.99", "0.999")}
    assert shares <= {*values(bk.reals(p, "p", 0, 1))}
    assert {1, 2, 10, 100, 10**6} <= {*values(bk.integers(n, "n"))}
    assert {0, 1, 39, 40} <= {*values(bk.integers(n, "n", 0, 40))}
    tiny = values(bk.reals(t, "t", 0, Rational(1, 10**9)))
    assert len(tiny) >= 8
    assert max(tiny) == Fraction(1, 10**9) >= 1000 * min(tiny) > 0
    assert {-100, 0, 100} <= {*values(bk.reals(t, "t"))}


@settings(max_examples=examples(100))
@given(st.data())
def test_a_scale_lies_in_the_domain_holds_its_ends_and_leaves_no_wide_gap(data: st.DataObject) -> None:
    size = 10 ** data.draw(st.integers(-6, 12))
    low = Fraction(data.draw(st.integers(-1000, 1000))) * Fraction(size)
    width = Fraction(data.draw(st.integers(1, 1000))) * Fraction(size)
    strict = data.draw(st.booleans())
    parameter = bk.reals(t, "t", sympy.Rational(low), sympy.Rational(low + width), strict=strict)
    some = values(parameter)
    assert all(low <= x <= low + width for x in some)
    assert (low in some) != strict
    assert low + width in some
    steps = [float((b - a) / width) for a, b in pairwise(some)]
    assert max(steps) <= 0.3
    near = [x - low for x in some if x > low]
    assert min(near) <= width / 900


def test_where_a_parameter_usually_lives_is_looked_at_more_closely() -> None:
    usual = bk.reals(t, "t", 0, usual=(0.002, 0.005))
    assert [float(end) for end in usual.usual] == [0.002, 0.005]
    plain = bk.reals(t, "t", 0)
    count = [sum(0.002 <= dict(at)["t"] <= 0.005 for at in grid(own(parameter))) for parameter in (usual, plain)]
    assert count[0] >= 60 > 2 * count[1]
    for wrong in ((1,), (2, 1), (-1, 1), ("a", "b"), 3, (1, float("inf"))):
        with pytest.raises(bk.StatementError, match="usual="):
            bk.reals(t, "t", 0, usual=wrong)
    assert {10, 40} <= {*values(bk.integers(n, "n", usual=(10, 40)))}


NARROW = {
    "t = 4 n": (bk.integers(n, "n"), bk.reals(t, "t", 0), (sympy.Eq(t, 4 * n),), 20),
    "n k = 36": (bk.integers(n, "n"), bk.integers(k, "k"), (sympy.Eq(n * k, 36),), 9),
    "n <= t <= n + 1": (bk.integers(n, "n"), bk.reals(t, "t", 0), (t >= n, t <= n + 1), 20),
    "t^2 = n": (bk.integers(n, "n"), bk.reals(t, "t", 0), (sympy.Eq(t**2, n),), 10),
    "far out": (bk.integers(n, "n"), bk.reals(t, "t", 0), (n >= 10**9, t >= n), 1),
    "a sliver": (
        bk.reals(n, "n", 0, 1), bk.reals(t, "t", 0, 1), (n <= t / 10**4, n * t >= Rational(1, 10**5)), 20,
    ),
    "either": (
        bk.reals(n, "n", 0), bk.reals(t, "t", 0),
        (sympy.Or(sympy.Eq(n, 7), sympy.And(t >= n, t <= n * Rational(1001, 1000))),), 20,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", some(NARROW, 2))
def test_narrow_domains_have_points_wherever_points_are_drawn(name: str) -> None:
    first, second, meets, least = NARROW[name]
    s = own(first, second, meets=meets)
    assert len(covered_points(s)) >= least
    assert all(covers(s, point) for point in covered_points(s))
    assert sum(covers(s, point) for point in grid(s)) >= min(least, 5)
    assert bk.falsify(s, points=400).searched >= min(least, 5)
    wrong = replace(s, truth=Rational(2, 3))
    assert bk.falsify(wrong).counterexample is not None
    assert bk.audit(wrong, points=60).is_false
    bk.testing.assert_conforms(s)


def test_both_sides_of_a_hypothesis_and_the_boundary_itself() -> None:
    s = own(bk.integers(n, "n"), bk.reals(t, "t", 0), meets=(n * t >= 30,))
    rng = Random(0)
    drawn = [{"n": rng.randint(1, 50), "t": Fraction(rng.randint(1, 50))} for _ in range(400)]
    points = Boundaries(s, rng).points(drawn)
    products = [float(point["n"] * point["t"]) for point in points]
    assert 30.0 in products
    assert any(30 < x < 30.01 for x in products)
    strict = Boundaries(own(bk.reals(t, "t", 0, 9), meets=(sympy.Ne(t, 3),)), rng).points([{"t": 1}] * 40)
    assert {float(point["t"]) for point in strict} & {2.99999, 3.00001}


@pytest.mark.parametrize(
    ("condition", "where"),
    [(sympy.Eq(n, 36), {36}), (n <= 36, range(1, 37)), (n >= 999_999, {999_999, 10**6})],
    ids=["on a boundary", "at one side", "at the end"],
)
def test_what_is_false_at_a_boundary_or_corner_only_is_found(condition: Any, where: Any) -> None:
    """By 1%, at one size or at one side."""
    truth = sympy.Piecewise((Rational(505, 1000), condition), (Rational(1, 4), True))
    s = own(bk.integers(n, "n", 1, 10**6), bk.reals(t, "t", 0), meets=(n >= 36,) if where == {36} else (), truth=truth)
    for found in (bk.falsify(s).counterexample, bk.audit(s).entries[0].counterexample.refutation):
        assert dict(found.point)["n"] in where


def chained() -> tuple[bk.Parameter, ...]:
    return bk.integers(d, "d", 1, 50), bk.integers(m, "m", 1, d), bk.integers(k, "k", 1, m - 1), bk.reals(t, "t", k, m)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3], ids=str)
def test_parameters_in_any_order_and_ranges_empty_at_some_points(order: tuple[int, ...]) -> None:
    """k in 1..m-1 has no values at m = 1: that point is left out, and nothing breaks."""
    parameters = [chained()[i] for i in order]
    s = own(*parameters, failure=exp(-k), truth=exp(-k) / 2, meets=(m >= 2,))
    points = grid(s, 60)
    assert len(points) == 60
    for point in points:
        assert [name for name, _ in point] == [parameter.name for parameter in parameters]
        s.accept(dict(point))
    entry = bk.audit(s, points=30).entries[0]
    assert not entry.is_false
    assert not entry.is_undecided
    assert entry.counts[PointStatus.HOLDS] == 30


@settings(max_examples=examples(8), deadline=None)
@given(st.data())
def test_random_dependent_ranges_never_break(data: st.DataObject) -> None:
    symbols = sympy.symbols("a b c e")
    parameters = []
    for i, symbol in enumerate(symbols):
        before = [x + data.draw(st.integers(-2, 2)) for x in symbols[:i]]
        known = [sympy.Integer(data.draw(st.integers(-3, 12))), *before]
        low, high = data.draw(st.sampled_from([*known, -sympy.oo])), data.draw(st.sampled_from([*known, sympy.oo]))
        if low.is_number and high.is_number and not low < high:
            low, high = sympy.Integer(0), sympy.Integer(5)
        kind = data.draw(st.sampled_from((bk.integers, bk.reals)))
        parameters.append(kind(symbol, "a parameter", low, high))
    s = own(*data.draw(st.permutations(parameters)))
    for point in grid(s, 40):
        s.accept(dict(point))
    for ask in (lambda: bk.audit(s, points=20, simulated=False), lambda: bk.falsify(s, points=60)):
        if not grid(s, 40):
            with pytest.raises(bk.StatementError, match="no values in common"):
                ask()
        else:
            ask()


def test_a_search_finds_a_domain_that_the_grid_finds() -> None:
    """Two integers above one another and below 0, where few corners and few random points have all four."""
    first, second, low, high = sympy.symbols("a b c e")
    s = own(
        bk.integers(first, "a", -sympy.oo, 5), bk.integers(second, "b", -sympy.oo, 0),
        bk.integers(low, "c", second - 2, first), bk.integers(high, "e", first, second - 1),
    )  # fmt: skip
    assert grid(s, 40)
    assert bk.falsify(s, points=60).covered


def test_one_statement_or_point_never_stops_the_others() -> None:
    class breaks(bk.tails.Tail):
        @staticmethod
        def ball(x: Any) -> Any:
            raise ZeroDivisionError("it breaks")

    parameter = bk.reals(t, "t", 0)
    broken = own(parameter, truth=breaks(t), name="broken", place="Broken")
    never = own(parameter, meets=(t < 0,), name="never", place="Never")
    sampler = own(parameter, truth=None, sampler=lambda rng, trials, t: 1 / 0, name="sampler", place="Sampler")
    some = own(parameter, truth=sympy.Piecewise((breaks(t), t > 1), (Rational(1, 3), True)), name="some", place="Some")
    found = bk.audit(broken, never, sampler, some, own(parameter), points=30)
    errors = [entry.error for entry in found.entries]
    assert [bool(error) for error in errors] == [True, True, True, False, False]
    assert not found.is_false
    assert found.is_undecided
    assert found.entries[3].counts[PointStatus.HOLDS] > 0 < found.entries[3].counts[PointStatus.UNDECIDED]
    for text in (str(found), audit_page(found), *audit_tables(found).values()):
        assert text
    assert "it breaks" in str(found)
    assert "not checked" in str(found)
    rows = bk.tightness(some, over={"t": [Fraction(1, 2), 2]})
    assert rows[0].log_exact == pytest.approx(np.log(1 / 3))
    assert rows[1].log_exact is None
    assert "it breaks" in rows[1].reason
    bk.testing.assert_conforms(some)
    for alone in (broken, never, sampler):
        with pytest.raises(bk.StatementError):
            bk.audit(alone, points=10)


def top_singular_value(rng: np.random.Generator, trials: int, N: int, n: int, **_: float) -> Any:
    return np.linalg.svd(rng.standard_normal((trials, N, n)), compute_uv=False)[:, 0]


def error_of_a_consistent_one(rng: np.random.Generator, trials: int, H: int, eps: float, m: int) -> Any:
    """Each of H hypotheses has an error a little above eps, and is consistent with m samples on its own."""
    worst = min(1.001 * eps, 1.0)
    return np.where((rng.binomial(m, worst, (trials, H)) == 0).any(axis=1), worst, 0.0)


def sampled(correct: bool) -> tuple[bk.Statement, ...]:
    """Davidson and Szarek's bound of a Gaussian matrix, Occam's bound; without sqrt(n) and log|H| they are false."""
    N, S, H, eps, E = sympy.symbols("N S H eps E")
    singular = own(
        bk.integers(N, "rows"), bk.integers(n, "columns", 1, N), bk.reals(t, "t", 0), truth=None,
        quantities=(bk.reals(S, "S", 0),), claims=(S < sympy.sqrt(N) + sympy.sqrt(n) * int(correct) + t,),
        failure=exp(-(t**2) / 2), sampler=top_singular_value,
    )  # fmt: skip
    occam = own(
        bk.integers(H, "hypotheses"), bk.reals(eps, "error", 0, 1), bk.integers(m, "samples"), truth=None,
        quantities=(bk.reals(E, "E", 0, 1, strict=False),), claims=(E < eps,),
        failure=(H if correct else 1) * exp(-eps * m), sampler=error_of_a_consistent_one,
    )  # fmt: skip
    return singular, occam


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def test_searches_by_simulation_find_what_fails_nearly_always(seed: int) -> None:
    for s in sampled(correct=False):
        found = bk.falsify(s, seed=seed)
        assert found.counterexample is not None
        assert "simulated trials failed" in found.counterexample.why
        assert found.places > 0 < found.trials
        assert found.searched == 0 < found.covered
        assert "confidence 1 - 10^-6" in " ".join(str(found).split())
        assert "searched:" not in str(found)


@pytest.mark.slow
def test_audits_simulate_where_the_claim_says_something() -> None:
    """A true statement is called VIOLATED at most once in 10^5 audits; the seed is fixed."""
    for s in sampled(correct=True):
        entry = bk.audit(s, points=20).entries[0]
        assert 0.001 <= entry.evidence.claimed <= 0.5
        assert not entry.is_false
        assert bk.falsify(s, seconds=3).counterexample is None
    for s in sampled(correct=False):
        assert bk.audit(s, points=20).is_false
    vacuous = replace(sampled(correct=True)[0], failure=1 + exp(-(t**2)))
    entry = bk.audit(vacuous, points=20).entries[0]
    assert entry.evidence is None
    assert "no small size where it says something" in entry.why_not
    for name in bk.PAPER:
        if bk.catalogue[name].failure != 0:
            seen, _ = simulations(bk.catalogue[name])
            assert 1 <= len(seen) <= 3
            assert all(0.001 <= evidence.claimed <= 0.5 for evidence in seen), name
