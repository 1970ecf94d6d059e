"""Our own statements: against other routes to the same numbers, against the paper's, and in the audit."""

from dataclasses import replace
from itertools import product
from math import exp, inf, log, pi, sqrt

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
import mpmath
import numpy as np
import pytest
from scipy import integrate, optimize, stats
from support import some
import sympy

import boundkit as bk
from boundkit.cli import main
from boundkit.enclose import ball, log_ball
from boundkit.engine.evaluate import compiled
from boundkit.laws import row_sums
from boundkit.tails import chi_square_rate, log_of, row_sum_rate

SIZES = {"d": 1000, "ell": 600, "m": 10}
FEW = {
    "distance_at": 300,
    "gradient_everywhere": 60,
    "sphere_has_none": 300,
    "representation_swap_everywhere": 100,
    "gradient_in_dual_norm": 20,
    "radius_in_norm": 60,
    "patch_gradient": 60,
    "patch_swap": 100,
    "weights_move_at_most": 100,
    "nearly_flip": 300,
}  # trials of trained networks, in ten seconds of a busy machine
A, C, M, DRIFT = sympy.symbols("a c m drift")


@pytest.fixture(scope="module")
def audit() -> bk.Audit:
    return bk.audit(*map(bk.catalogue.get, bk.BEYOND), points=80)


@pytest.mark.slow
def test_none_is_false_and_none_that_has_a_law_is_undecided(audit: bk.Audit) -> None:
    assert [entry.statement.name for entry in audit.entries] == list(bk.BEYOND)
    assert not audit.is_false
    assert not audit.is_undecided
    for entry in audit.entries:
        assert (entry.evidence is None) == (entry.statement.experiment is None)
        assert entry.is_measured == (entry.statement.truth is None), entry.statement.name
        if entry.statement.truth is not None:
            assert entry.counts[bk.check_point(bk.lemma_b_1, n=50).status] >= 4, entry.statement.name


@pytest.mark.parametrize("name", some(bk.BEYOND, 1))
def test_the_search_finds_no_counterexample(name: str) -> None:
    found = bk.falsify(bk.catalogue[name], seconds=inf if bk.catalogue[name].truth is not None else 10)
    assert found.counterexample is None
    assert found.covered >= 500
    decided = bk.catalogue[name].truth is not None
    assert found.searched >= 500 if decided else found.trials >= FEW.get(name, 1000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", bk.BEYOND)
def test_other_seeds_find_none_either(name: str, seed: int) -> None:
    assert bk.falsify(bk.catalogue[name], seed=seed, seconds=3).counterexample is None


# Chernoff's exponents


@given(st.floats(1e-3, 0.999), st.floats(1, 1e6))
def test_the_row_sums_exponent_is_the_best_of_all_theta(c: float, m: float) -> None:
    """Against a numerical search over theta, of the exponent as it is defined."""
    v = m - 1

    def exponent(share: float) -> float:  # theta as a share of where 1 + 2 theta - v theta^2 = 0, or any at v = 0
        edge = (1 + sqrt(1 + v)) / v if v > 1e-9 else 1 / c
        theta = share * edge
        return theta * c - 0.5 * np.log1p(theta * (2 - v * theta))

    found = optimize.minimize_scalar(exponent, bounds=(0, 1 - 1e-12), method="bounded", options={"xatol": 1e-12})
    got = float(ball(row_sum_rate(C, M), {C: sympy.Rational(c), M: sympy.Rational(m)}).mid())
    assert got >= 0
    assert got == pytest.approx(-found.fun, rel=1e-6, abs=1e-14)


@given(st.floats(1e-9, 1e6).map(lambda x: 1 + x))
def test_the_chi_square_exponent_keeps_its_digits_near_1(a: float) -> None:
    run = compiled((A,), (chi_square_rate(A),))
    with mpmath.workdps(60):
        true = (mpmath.mpf(a) - 1 - mpmath.log(a)) / 2
    assert run(a)[0] == pytest.approx(float(true), rel=1e-13 + 4e-16 / (a - 1))


@pytest.mark.parametrize("m", [1, 2, 7, 10**6, 10**12])
def test_a_power_of_nearly_one_keeps_its_digits(m: int) -> None:
    run = compiled((M,), (log_of((1 - 1 / M) ** (3 * M)),))
    with mpmath.workdps(60), np.errstate(divide="ignore"):
        true = 3 * m * mpmath.log(1 - mpmath.mpf(1) / m) if m > 1 else -inf
        assert run(float(m))[0] == pytest.approx(float(true), rel=1e-14)


# The sharpened theorem


def one_row_sum(c: float, ell: int, m: float) -> float:
    """P[R + sqrt((m - 1) R) g <= c ell], as an integral over R of normal probabilities."""

    def inside(r: float) -> float:
        return stats.chi2.pdf(r, ell) * stats.norm.cdf((c * ell - r) / sqrt((m - 1) * r))

    peak = ell * 0.8
    return integrate.quad(inside, 0, 2 * ell, points=[peak / 4, peak / 2, peak], epsabs=0, epsrel=1e-9, limit=400)[0]


def test_the_papers_own_step_at_sizes_of_which_the_paper_says_nothing() -> None:
    assert bk.theorem_5_1(**SIZES).verdict is bk.Verdict.INAPPLICABLE
    g = bk.sharpened_5_1(**SIZES)
    below_zero = stats.t.cdf(-sqrt(600 / 9), 600)
    exact = 9 * below_zero + one_row_sum(1 / 8, 600, 10) + stats.chi2.sf(1200, 600)
    assert g.exact().failure == pytest.approx(exact, rel=1e-6) == pytest.approx(2.5659e-12, rel=1e-4)
    assert 4.3e-11 < g.failure < 4.4e-11
    assert dict(g.exact().worst_case) == {"k": 1}
    assert "1 - 4.39e-11" in str(g)


@pytest.mark.parametrize(("ell", "m", "c", "a"), [(600, 10, 8, 2), (50, 3, 2, 3), (20, 2, 1.5, 2), (3, 2, 4, 5)])
def test_the_joint_law_lies_below_the_union_bound_and_that_below_the_closed_form(
    ell: int, m: int, c: float, a: float
) -> None:
    s = bk.sharpened_5_1_everywhere
    g = s(d=10**4, ell=ell, m=m, c=c, a=a)
    joint = row_sums.log_some_below(1 / c, ell, m, sqrt(a))
    assert joint <= g.exact().enclosure[1] + 1e-9
    assert g.exact().log_failure <= g.log_failure
    if (ell, m) == (600, 10):
        assert exp(joint) == pytest.approx(2.5573e-11, rel=1e-4)


def test_the_formulas_are_right_where_all_oppose() -> None:
    """At k = m nothing supports, and mean_F X is R: only the chi-square's two tails are left of the formulas."""
    s, a, c = bk.sharpened_5_1, 3.0, 5.0
    for m in (1, 2, 1000):
        at = dict(zip(sympy.symbols("d ell m k c a output"), (50, 7, m, m, 5, 3, 1), strict=True))
        tails = [-7 / 2 * (a - 1 - log(a)), -7 / 2 * (1 / c - 1 + log(c))]
        assert float(log_ball(s.failure, at).mid()) == pytest.approx(np.logaddexp(*tails), rel=1e-12)
        exact = stats.chi2.cdf(7 / c, 7) + stats.chi2.sf(7 * a, 7)
        assert exp(float(log_ball(s.truth, at).mid())) == pytest.approx(exact, rel=1e-9)
    assert not s.evaluate(d=50, ell=7, m=2, k=0, output=1)["applies"]
    assert s(d=50, ell=7, m=2, k=0, output=1).verdict is bk.Verdict.INAPPLICABLE


def test_with_the_papers_constants_the_length_is_the_papers_and_the_failure_smaller() -> None:
    s, paper = bk.sharpened_5_1, bk.theorem_5_1
    at = {sympy.Symbol(p.name): p.default for p in s.parameters if p.default is not None}
    ratio = (s.bound.subs(at) / paper.bound).subs({"d": 70, "ell": 30, "m": 5, "k": 2, "output": -3})
    assert sympy.simplify(ratio) == 1
    for d, ell, m in ((10**6, 9 * 10**5, 10), (300, 299, 2), (10**4, 4000, 8)):
        sizes = {"d": d, "ell": ell, "m": m}
        assert paper(**sizes).applies is not False
        assert s(**sizes).log_failure < paper(**sizes).log_failure
        assert bk.sharpened_5_1_everywhere(**sizes).log_failure < paper(**sizes).log_failure


def test_solving_for_ell_answers_where_the_paper_needs_3316() -> None:
    found = bk.sharpened_5_1.solve_for("ell", failure=0.01, d=1000, m=10, k=1)
    below = bk.sharpened_5_1(d=1000, ell=found.value - 1, m=10, k=1)
    assert found.guarantee.failure <= 0.01 < below.failure
    assert found.value < 300


# The other statements, against the paper's and against each other


@given(st.integers(2, 40), st.floats(1, 8), st.data())
def test_the_universal_flip_is_shorter_wherever_theorem_5_1_applies(m: int, factor: float, data: st.DataObject) -> None:
    ell = int(factor * 32 * (m - 1) * log(m**2 * 10**7)) + 1
    d = data.draw(st.integers(ell, max(ell, 10**7)))
    k = data.draw(st.integers(1, m - 1))
    sizes = {"d": d, "ell": ell, "m": m, "k": k, "output": -2}
    assert bk.theorem_5_1(**sizes).applies
    assert bk.universal_flip(**sizes).bound < bk.theorem_5_1(**sizes).bound
    assert bk.universal_flip(**sizes).log_failure < bk.theorem_5_1(**sizes).log_failure


def test_the_universal_flip_fails_by_one_chi_square() -> None:
    exact = bk.universal_flip(d=200, ell=30, m=12, output=1).exact()
    assert exact.failure == pytest.approx(stats.chi2.cdf(19 / 2, 19), rel=1e-12)
    assert bk.universal_flip(d=200, ell=30, m=31).verdict is bk.Verdict.INAPPLICABLE


def test_the_gradient_interval_joins_theorems_4_1_and_6_1() -> None:
    at = {"d": 90, "ell": 40, "m": 7, "k": 3, "shrink": sympy.Rational(2, 3)}
    lower, upper = (claim.rhs.subs(at) for claim in bk.gradient_interval.claims)
    beta = at["shrink"] / sympy.sqrt(90)
    assert sympy.simplify(lower / (bk.theorem_4_1.bound.subs(at) * at["shrink"])) == 1
    assert sympy.simplify(upper / bk.theorem_6_1.bound.subs({**at, "beta": beta})) == 1
    for ell in (1, 40, 5000):
        sizes = {"d": 10**4, "ell": ell, "m": 7, "k": 3}
        paper = [bk.theorem_4_1(**sizes), bk.theorem_6_1(**sizes, beta=1)]
        both = np.logaddexp(*(g.exact().log_failure for g in paper))
        assert bk.gradient_interval(**sizes).exact().log_failure == pytest.approx(both, rel=1e-9)
    assert bk.gradient_interval(d=90, ell=40, m=7, k=0).exact().failure == 0
    deep = [claim.rhs.subs({**at, "norm_J": sympy.sqrt(sympy.Rational(3, 7))}) for claim in bk.deep_gradient.claims]
    assert [sympy.simplify(one / other) for one, other in zip(deep, (lower, upper), strict=True)] == [1, 1]


def test_the_constants_hold_for_every_dimension() -> None:
    """Chernoff's exponents are above the paper's 1/16, and below the true ones' limits."""
    low, high = (log(2) - 0.5) / 2, (1 - log(2)) / 2
    assert 1 / 16 < low < high
    for n in (10**4, 10**6):
        assert bk.lemma_b_1(n=n).exact().log_failure / -n == pytest.approx(low, rel=2e-2)
        assert bk.lemma_c_1(n=n).exact().log_failure / -n == pytest.approx(high, rel=2e-2)


def test_the_radius_is_a_lipschitz_constant_turned_round() -> None:
    """The bound is |N| over b times the mean and deviation of the steepest activation pattern."""
    at = {"d": 100, "ell": 49, "m": 8, "output": -3, "t": 2, "shrink": 0.5}
    b = 0.5 / 10
    assert bk.off_subspace_radius(**at).bound == pytest.approx(3 / (b * (7 + sqrt(8 / (2 * pi)) + 2)))
    all_count = bk.off_subspace_radius_at(**at, q=8)
    assert all_count.bound == pytest.approx(bk.off_subspace_radius(**at).bound)
    assert bk.off_subspace_radius_at(**at, q=2).bound > all_count.bound


def test_both_sides_of_the_deep_distance_meet_as_ell_grows() -> None:
    at = {"m": 5, "delta": 2, "t": 3}
    ratios = [np.divide(*bk.deep_distance(d=ell, ell=ell, **at).bounds[::-1]) for ell in (100, 10**4, 10**8)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] == pytest.approx(1, abs=2e-3)
    assert bk.deep_distance(d=100, ell=25, **at).verdict is bk.Verdict.INAPPLICABLE


@pytest.mark.parametrize("name", some(bk.BEYOND, 8))
def test_bounds_scale_as_their_quantity_does(name: str) -> None:
    """Lengths are inverse to the weights' deviation and proportional to the output; gradients to the deviation."""
    s = bk.catalogue[name]
    sizes = {"d": 7, "ell": 6, "m": 5}
    at = {p.symbol: sympy.Integer(sizes.get(p.name, 1 + i)) for i, p in enumerate(s.parameters)}
    power = 1 if "gradient" in name else -1
    for parameter, expected in (("shrink", power), ("output", 1), ("norm_J", 1), ("delta", 1), ("moved", 1)):
        symbol = sympy.Symbol(parameter)
        for claim in s.claims:
            if symbol in claim.rhs.free_symbols:
                scaled = {symbol: 3 * at[symbol]}
                if parameter == "shrink" and DRIFT in at:  # it is a size of weights too
                    scaled[DRIFT] = 3 * at[DRIFT]
                wanted = expected if claim.lhs.name != "flipped" else 1
                ratio = claim.rhs.subs({**at, **scaled}) / claim.rhs.subs(at)
                assert sympy.simplify(ratio - sympy.Integer(3) ** wanted) == 0, (parameter, claim)


def test_worst_cases_left_free_are_used_and_other_parameters_stay_open() -> None:
    g = bk.sharpened_5_1(d=1000, ell=600, m=10)
    assert g.failure == bk.sharpened_5_1(d=1000, ell=600, m=10, k=1).failure
    assert g.failure > bk.sharpened_5_1(d=1000, ell=600, m=10, k=2).failure
    assert isinstance(bk.sharpened_5_1(d=1000, m=10).failure, sympy.Expr)


def test_the_commands_know_them() -> None:
    run = CliRunner().invoke
    listed = run(main, ["list", "--all"]).output
    assert listed.index("lemma_d_1") < listed.index("Beyond the paper") < listed.index("sharpened_5_1 ")
    audited = run(main, ["audit", "universal_flip", "gradient_interval", "--points", "30", "--no-simulate"])
    assert audited.exit_code == 0
    assert "Universal flip" in audited.output
    shown = run(main, ["eval", "sharpened_5_1", "d=1000", "ell=600", "m=10", "k=1", "output=1", "--exact"]).output
    assert "2.566e-12" in shown or "2.5659e-12" in shown
    solved = run(main, ["solve", "universal_flip", "ell", "d=1e6", "m=10", "failure=1e-6"])
    assert solved.exit_code == 0
    assert run(main, ["graph"]).exit_code == run(main, ["cite", "deep_distance"]).exit_code == 0
    assert "davidsonszarek2001" in run(main, ["cite", "deep_distance"]).output
    tabled = run(
        main,
        [
            "table",
            "sharpened_5_1",
            "d=1000",
            "m=10",
            "k=1",
            "output=1",
            "--over",
            "ell=200:600:200",
        ],
    )
    assert tabled.exit_code == 0, tabled.output
    falsified = run(main, ["falsify", "deep_distance", "--seconds", "1"])
    assert falsified.exit_code == 0


PLANTED = {
    "half the length": replace(
        bk.universal_flip,
        claims=(bk.universal_flip.claims[0].lhs <= bk.universal_flip.bound / 2, bk.universal_flip.claims[1]),
    ),
    "one tail of two": replace(bk.gradient_interval, failure=bk.gradient_interval.failure.args[1] ** 2),
    "twice the exponent": replace(bk.deep_gradient, failure=bk.deep_gradient.failure**2),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found(name: str) -> None:
    wrong = PLANTED[name]
    if name == "half the length":  # the law does not know of the claim; only simulation does
        found = bk.simulate.check(wrong, 4000, d=400, ell=300, m=5, k=2, output=1.0)
        assert found.verdict.name == "VIOLATED"
    else:
        assert bk.audit(wrong, points=120, simulated=False).is_false


def test_the_radius_at_a_point_bounds_the_steepest_pattern() -> None:
    """No z shorter than |N|/(b |sum D_i u_i w_i|) at the steepest D flips: a Lipschitz count from below."""
    rng = np.random.default_rng(8)
    n, m, q = 30, 6, 4
    W = rng.standard_normal((20_000, q, n))
    patterns = np.array(list(product((0, 1), repeat=q)))
    signs = np.where(np.arange(q) % 2, 1, -1)
    steepest = np.linalg.norm(np.einsum("pq,tqn->tpn", patterns * signs, W), axis=2).max(axis=1) / sqrt(m)
    for r in (1 / 5.5, 1 / 6.5, 1 / 8):
        t = sqrt(m / q) / r - sqrt(n) - sqrt(q / (2 * pi))
        promise = bk.off_subspace_radius_at(d=100, ell=n, m=m, q=q, output=1, t=t)
        assert float(promise.bound) == pytest.approx(10 * r)
        low, _ = bk.simulate.clopper_pearson(int((1 / steepest < r).sum()), 20_000, 1e-9)
        assert low <= exp(promise.log_failure)
