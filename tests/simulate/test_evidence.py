"""Checks: counting, judging, conditional against full, and the printed readings that fail in simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace
import json
import re
import subprocess
import sys
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import stats
from support import examples, some
import sympy

import boundkit as bk
from boundkit.errors import HypothesisError, ParameterError, StatementError
from boundkit.library.melamed2023.draws import flip_law
from boundkit.simulate import Evidence, SimulationVerdict, check, clopper_pearson, problem
from boundkit.simulate.samplers import experiment_of
from boundkit.simulate.setting import Setting
from boundkit.simulate.verdicts import judged, trials_to_decide


@settings(max_examples=examples(50))
@given(st.integers(1, 10**6), st.floats(0, 1))
def test_the_interval_is_clopper_and_pearsons(trials, share):
    """At each end the binomial tail beyond what was seen is half of 1e-6."""
    failures = int(share * trials)
    low, high = clopper_pearson(failures, trials)
    if failures:
        assert stats.binom.sf(failures - 1, trials, low) == pytest.approx(5e-7, rel=1e-6)
    else:
        assert low == 0
    if failures < trials:
        step = (trials - failures) * np.spacing(high) / (1 - high)  # what the next float at this end is worth
        assert stats.binom.cdf(failures, trials, high) == pytest.approx(5e-7, rel=1e-6 + step)
    else:
        assert high == 1


def test_the_verdict_compares_the_interval_with_the_claim():
    assert judged(0, 1000, 0.1) is SimulationVerdict.CONSISTENT
    assert judged(300, 1000, 0.1) is SimulationVerdict.VIOLATED
    assert judged(90, 1000, 0.1) is SimulationVerdict.INCONCLUSIVE
    fails = {"mode": "full", "uncovered": 0, "by_claim": (0,)}
    outside = bk.theorem_5_1(d=1000, ell=600, m=10)
    assert Evidence(outside, trials=1000, failures=900, **fails).verdict is SimulationVerdict.INCONCLUSIVE
    lemma = bk.lemma_b_1(n=10)
    assert Evidence(lemma, trials=0, failures=0, **fails).verdict is SimulationVerdict.INCONCLUSIVE
    assert (
        Evidence(bk.theorem_a_2(d=9, ell=4, m=2), trials=5, failures=1, **fails).verdict is SimulationVerdict.VIOLATED
    )


def test_it_says_whether_the_exact_law_lies_inside():
    fails = {"mode": "full", "uncovered": 0, "by_claim": (0,)}
    lemma, bound = bk.lemma_b_1(n=10), bk.corollary_6_1(d=10, ell=9)
    assert lemma.exact().failure == pytest.approx(0.1088219)
    assert Evidence(lemma, trials=1000, failures=109, **fails).exact_inside
    assert not Evidence(lemma, trials=1000, failures=300, **fails).exact_inside
    assert not Evidence(lemma, trials=1000, failures=10, **fails).exact_inside
    assert Evidence(bound, trials=1000, failures=0, **fails).exact_inside
    assert not Evidence(bound, trials=1000, failures=900, **fails).exact_inside


@pytest.mark.parametrize(("rate", "claimed"), [(0.0, 1e-3), (0.01, 0.02), (0.03, 0.02), (0.0, 1e-12)])
def test_the_trials_it_asks_for_decide(rate, claimed):
    needed = trials_to_decide(rate, claimed)
    assert judged(int(rate * needed), needed, claimed) is not SimulationVerdict.INCONCLUSIVE
    assert judged(int(rate * needed * 0.9), int(needed * 0.9), claimed) is SimulationVerdict.INCONCLUSIVE
    assert trials_to_decide(0.02, 0.02) is None or rate != 0.02


@pytest.mark.slow
def test_a_million_trials_of_theorem_5_1_at_ten_to_the_twelve():
    found = check(bk.theorem_5_1, 10**6, d=10**12, ell=6 * 10**11, m=10, seed=1)
    assert (found.failures, found.trials, found.verdict) == (0, 10**6, SimulationVerdict.INCONCLUSIVE)
    assert found.claimed == pytest.approx(5e-6)
    again = check(bk.theorem_5_1, found.trials_needed, d=10**12, ell=6 * 10**11, m=10, seed=2)
    assert again.verdict is SimulationVerdict.CONSISTENT


# Conditional mode against networks. ell is far too small for Theorem 5.1 here, so its claims do fail.

SMALL = {"d": 30, "ell": 6, "m": 5}


def test_conditional_flips_have_the_law_of_explicit_gaussian_weights():
    """Kolmogorov's two-sample test of y0 N(x0 + z) and |z|, one trained part, weights of P-perp drawn as vectors.

    False alarm rate 1e-6 for each.
    """
    p = problem(30, 6, 12, seed=3)
    setting = Setting(bk.theorem_5_1, SMALL, seed=4, data=p)
    drawn = flip_law(setting, np.random.default_rng(5), 20_000)
    net, basis = setting.network, p.basis
    away = p.frame.vectors(np.eye(30))[24:]
    x0, u = p.X[0], net.u
    on = (net.weights @ basis) @ basis.T
    y0, k = np.sign(net.output(0)), net.opposing(0).sum()
    rng, flipped, length = np.random.default_rng(6), [], []
    for _ in range(5000):
        hat = rng.standard_normal((5, 6)) @ away / np.sqrt(30)
        z = -y0 * 8 * np.sqrt(5) * 30 * abs(net.output(0)) / (6 * k) * (np.sign(u) @ hat)
        flipped.append(y0 * (np.maximum((on + hat) @ (x0 + z), 0) @ u))
        length.append(np.linalg.norm(z))
    assert np.mean(np.array(flipped) >= 0) > 0.01
    assert stats.ks_2samp(drawn["flipped"], flipped).pvalue > 1e-6
    assert stats.ks_2samp(drawn["norm_z"], length).pvalue > 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("representation", ["subspace", "full"])
def test_conditional_and_full_mode_fail_equally_often(representation):
    """Theorem 5.1's two claims, on retrained networks; 6 sigma between two shares, 2 of them: false alarm < 1e-8.

    Conditional mode fixes one network a check, so many checks are averaged.
    """
    p = problem(30, 6, 12, seed=3)
    options = {"problem": p, "m": 5, "training": {"steps": 30, "representation": representation}}
    full = check(bk.theorem_5_1, 1500, mode="full", seed=1, **options)
    runs = [check(bk.theorem_5_1, 100, seed=s, **options) for s in range(250)]
    assert full.uncovered > 0
    for claim in (0, 1):
        shares = np.array([run.by_claim[claim] / run.trials for run in runs])
        share = full.by_claim[claim] / full.trials
        spread = np.sqrt(shares.var() / len(shares) + share * (1 - share) / full.trials)
        assert 0.001 < share < 0.5
        assert abs(shares.mean() - share) < 6 * spread


@pytest.mark.slow
@pytest.mark.parametrize("name", some(["theorem_4_1", "theorem_6_1", "theorem_6_2"], 1))
def test_gradients_fail_equally_often_in_both_modes(name):
    """6 sigma between two shares; false alarm < 1e-8."""
    parameters = {"theorem_6_1": {"beta": 0.3}, "theorem_6_2": {"eta": 0.01, "lam": 1, "T": 30}}.get(name, {})
    values = {"d": 20, "ell": 6, "m": 4, **parameters}
    training = {} if "T" in parameters else {"steps": 30}
    full = check(bk.catalogue[name], 1500, mode="full", seed=1, training=training, **values)
    given = check(bk.catalogue[name], 100_000, seed=1, k=2, **values)
    a, b = (e.failures / e.trials for e in (full, given))
    assert abs(a - b) < 6 * np.sqrt(a * (1 - a) / full.trials + b * (1 - b) / given.trials) + 1e-9
    assert given.exact_inside


LEMMAS = {
    "lemma_b_1": {"n": 3, "sigma": 2}, "lemma_b_2": {"n": 3, "m": 4, "sigma": 0.5}, "lemma_c_1": {"n": 3},
    "lemma_c_2": {"norm_u": 3, "sigma": 2, "t": 2}, "lemma_c_3": {"n": 3, "sigma_1": 2, "sigma_2": 1, "t": 0.5},
    "lemma_d_1": {"n": 3, "m": 4},
}  # fmt: skip
CORRELATED = {
    "lemma_b_2": {"n": 3, "m": 4, "sigma": 1, "r": -0.3}, "lemma_d_1": {"n": 3, "m": 4, "sigma": 1, "r": 0.7},
    "lemma_c_3": {"n": 3, "sigma_1": 2, "sigma_2": 1, "t": 0.5, "r": -0.6},
}  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "values"),
    [(bk.catalogue[n], v) for n, v in LEMMAS.items()]
    + [(bk.catalogue[n].as_printed, v) for n, v in CORRELATED.items()],
    ids=[*LEMMAS, *(f"{n} correlated" for n in CORRELATED)],
)
def test_lemmas_drawn_by_law_and_as_vectors_agree(statement, values):
    """Kolmogorov's two-sample test, false alarm rate 1e-6 each; and both contain the exact law."""
    sampler = experiment_of(statement)
    setting = Setting(statement, {"sigma": 1, **values}, seed=0)
    law, vectors = (draw(setting, np.random.default_rng(i), 4000) for i, draw in enumerate((sampler.law, sampler.full)))
    for name in law:
        assert stats.ks_2samp(law[name], vectors[name]).pvalue > 1e-6
    for mode in ("conditional", "full"):
        found = check(statement, 4000, mode=mode, seed=3, **values)
        assert found.exact_inside


E6 = bk.theorem_6_2.printed
PRINTED = {
    "E2": (bk.theorem_5_1.as_printed, {"d": 10**6, "ell": 9 * 10**5, "m": 10, "k": 3, "output": -1}),
    "E2 corollary": (bk.corollary_5_1.as_printed, {"d": 10**6, "m": 10, "c_ell": 0.9, "c_k": 0.5, "output": -1}),
    "E3": (bk.lemma_c_3.as_printed, {"n": 100, "t": 25, "sigma_1": 1, "sigma_2": 5, "r": 0}),
    "E4 B.2": (bk.lemma_b_2.as_printed, {"n": 16, "m": 2, "sigma": 1, "r": -1}),
    "E4 C.3": (bk.lemma_c_3.as_printed, {"n": 64, "sigma_1": 1, "sigma_2": 1, "t": 3, "r": 1}),
    "E4 D.1": (bk.lemma_d_1.as_printed, {"n": 20, "m": 2, "sigma": 1, "r": 1}),
    "E5": (bk.lemma_c_2.as_printed, {"norm_u": 0, "sigma": 1, "t": 2}),
    "E6": (E6, {"d": 100, "ell": 50, "m": 4, "k": 2, "eta": 1, "lam": 1.5, "T": 1}),
    "E17": (bk.theorem_4_1.as_printed, {"d": 100, "ell": 50, "m": 4, "k": 4, "k_0": 4}),
    "E21 C.1": (bk.lemma_c_1.as_printed, {"n": 16, "sigma": 0}),
    "E21 B.1": (bk.lemma_b_1.as_printed, {"n": 16, "sigma": 0}),
}


@pytest.mark.parametrize("name", PRINTED)
def test_printed_readings_are_violated_in_simulation(name):
    statement, values = PRINTED[name]
    assert check(statement, 10_000, seed=1, **values).verdict is SimulationVerdict.VIOLATED


def test_a_planted_mistake_is_found():
    n = sympy.Symbol("n")
    wrong = replace(bk.lemma_b_1, failure=sympy.exp(-n / 4))
    assert check(wrong, 100_000, n=40).verdict is SimulationVerdict.VIOLATED
    assert check(bk.lemma_b_1, 100_000, n=40).verdict is SimulationVerdict.CONSISTENT


def test_deterministic_statements_hold_on_real_runs():
    for name in ("theorem_a_1", "theorem_a_2"):
        found = check(bk.catalogue[name], 5, d=30, ell=12, m=6, seed=1)
        assert (found.verdict, found.failures, found.trials) == (SimulationVerdict.CONSISTENT, 0, 5)
    remark = check(bk.remark_3_1, 10, d=200, seed=1)
    assert (remark.verdict, remark.failures) == (SimulationVerdict.CONSISTENT, 0)
    assert remark.trials > 0
    assert check(bk.remark_3_1, 1, gamma=30, d=200).verdict is SimulationVerdict.CONSISTENT
    printed = check(bk.remark_3_1.as_printed, 1, gamma=30, d=200)
    assert (printed.verdict, printed.by_claim) == (SimulationVerdict.VIOLATED, (1, 0))


def test_parameters_given_are_conditioned_on_and_nothing_is_trained(monkeypatch):
    monkeypatch.setattr("boundkit.simulate.setting.train", None)
    assert check(bk.theorem_5_1, 100, d=10**6, ell=9 * 10**5, m=10, k=7, output=2.0).values[-1] == ("output", 2)
    assert check(bk.theorem_4_1, 100, d=50, ell=50, m=10, k=0).failures == 0
    setting = Setting(bk.theorem_5_1, {"d": 100, "ell": 60, "m": 10, "k": 7, "output": -2.0}, seed=0)
    a, u = setting.inputs
    assert np.maximum(a, 0) @ u == pytest.approx(-2.0)
    assert np.sum((a >= 0) & (u > 0)) == 7


def test_what_is_not_given_is_measured_on_the_network():
    p = problem(100, 60, 12, seed=1)
    found = check(bk.theorem_4_1, 200, problem=p, m=9, x0=3, training={"steps": 20}, seed=5)
    setting = Setting(bk.theorem_4_1, {"d": 100, "ell": 60, "m": 9}, 5, 3, {"steps": 20}, p)
    assert dict(found.values) == {"d": 100, "ell": 60, "m": 9, "k": int(setting.network.active(3).sum())}


def test_a_seed_fixes_everything_and_progress_is_told():
    values = {"d": 40, "ell": 20, "m": 8, "seed": 7}
    seen = []
    a = check(bk.theorem_4_1, 20_000, progress=lambda *x: seen.append(x), **values)
    assert check(bk.theorem_4_1, 20_000, **values) == a
    assert seen[-1] == ("theorem_4_1", 20_000, 20_000)
    assert check(bk.theorem_4_1, 20_000, **{**values, "seed": 8}) != a
    full = {"mode": "full", **values}
    assert check(bk.theorem_4_1, 20, **full) == check(bk.theorem_4_1, 20, **full)


def test_uncovered_networks_are_counted_and_not_judged():
    found = check(bk.theorem_5_1, 60, mode="full", d=4000, ell=3990, m=10, training={"eta": 1.0, "steps": 3}, seed=1)
    assert found.uncovered > 0
    assert found.trials + found.uncovered == 60
    assert found.failures == 0
    assert "not covered" in str(found)


def test_runs_that_stop_being_finite_are_not_covered():
    values = {"d": 20, "ell": 5, "m": 3, "eta": 10, "lam": 10, "T": 2000}
    found = check(bk.theorem_6_2, 3, mode="full", **values)
    assert (found.trials, found.uncovered, found.verdict) == (0, 3, SimulationVerdict.INCONCLUSIVE)
    with pytest.raises(HypothesisError, match="weights that are not finite in each of 20 networks"):
        check(bk.theorem_6_2, 3, **values)


def test_where_a_hypothesis_fails_nothing_is_judged():
    found = check(bk.theorem_5_1, 1000, d=1000, ell=600, m=10, k=3, output=2.0)
    assert (found.applies, found.verdict) == (False, SimulationVerdict.INCONCLUSIVE)
    assert "nothing is promised" in str(found)


@pytest.mark.parametrize("t", [0.01, 0.3, 0.6])
def test_where_the_claim_is_vacuous_nothing_is_judged(t):
    """Whatever is counted: it allows failure with probability 1."""
    found = check(bk.lemma_c_3, 1000, n=3, t=t, sigma_1=1, sigma_2=1)
    assert found.guarantee.verdict is bk.Verdict.VACUOUS
    assert (found.verdict, found.trials_needed) == (SimulationVerdict.INCONCLUSIVE, None)
    assert "INCONCLUSIVE, promises nothing there: it allows failure with probability 1" in str(found)
    assert "promises nothing there" in found.to_dict()["reason"]


def test_evidence_prints_and_goes_to_json():
    found = check(bk.lemma_b_1, 1000, n=10, seed=1)
    assert found.to_dict()["confidence"] == found.confidence == 1 - 1e-6
    assert clopper_pearson(found.failures, found.trials, 1 - found.confidence) == pytest.approx(found.interval)
    assert "at confidence 1 - 10^-6" in str(found)
    assert json.loads(json.dumps(found.to_dict()))["verdict"] == "CONSISTENT"
    assert str(found).startswith("Lemma B.1 at n = 10, sigma = 1: CONSISTENT, the claims fail no more often")
    assert re.search(r"  exact: 0\.108\d*, in the interval", str(found))


@dataclass(frozen=True)
class Sampled(bk.Statement):
    """A statement with a sampler, whether or not the core has the field."""

    sampler: Any = None


N, T, EXCESS = sympy.symbols("n t excess")
HOEFFDING = Sampled(
    name="hoeffding",
    place="Hoeffding 1963, Theorem 1, for fair coins",
    parameters=(bk.integers(N, "the number of coins"), bk.reals(T, "the excess of heads", 0, 1)),
    quantities=(bk.reals(EXCESS, "the share of heads above 1/2", -1, 1),),
    hypotheses=(),
    claims=(EXCESS < T,),
    failure=sympy.exp(-2 * N * T**2),
    sampler=lambda rng, trials, n, **_: rng.binomial(n, 0.5, trials) / n - 0.5,
)


def test_a_users_own_statement_is_checked_with_its_sampler():
    assert check(HOEFFDING, 20_000, n=50, t=0.1).verdict is SimulationVerdict.CONSISTENT
    assert (
        check(replace(HOEFFDING, failure=sympy.exp(-8 * N * T**2)), 20_000, n=50, t=0.1).verdict
        is SimulationVerdict.VIOLATED
    )
    one = replace(HOEFFDING, sampler=lambda _, trials, **_parameters: (np.zeros(trials),))
    assert check(one, 100, n=50, t=0.1).failures == 0
    with pytest.raises(StatementError, match=r"shapes \[\(3,\)\]; it has to give one of shape \(1,\)"):
        check(replace(HOEFFDING, sampler=lambda *_, **_parameters: np.zeros(3)), 100, n=50, t=0.1)
    with pytest.raises(StatementError, match="cannot be simulated: give the Statement sampler="):
        check(replace(HOEFFDING, sampler=None), 100, n=50, t=0.1)


@pytest.mark.parametrize(
    ("name", "values", "error", "message"),
    [
        ("theorem_5_1", {"trials": 0, "d": 100, "ell": 50, "m": 4}, ParameterError, "trials = 0"),
        ("theorem_5_1", {"mode": "fast", "d": 100, "ell": 50, "m": 4}, ParameterError, "mode = 'fast'"),
        ("theorem_5_1", {"d": 100, "ell": 100, "m": 4}, ParameterError, "ell = 100"),
        ("theorem_5_1", {"d": 100, "m": 4}, ParameterError, "theorem_5_1 needs ell"),
        ("theorem_5_1", {"d": 100, "ell": 50, "m": 4, "k": 2, "mode": "full"}, ParameterError, "k given: full mode"),
        ("theorem_5_1", {"d": 100, "ell": 50, "m": 4, "k": 4, "output": 1}, ParameterError, "k = 4: .* at most m - 1"),
        ("theorem_5_1", {"d": 100, "ell": 50, "m": 4, "k": 0, "output": 1}, HypothesisError, "k = 0 active"),
        ("theorem_5_1", {"d": 100, "ell": 50, "m": 4, "k": 1, "output": 0}, HypothesisError, "z is not defined"),
        ("theorem_5_1", {"d": 100, "ell": 50, "m": 4, "zeta": 1}, ParameterError, "no parameter 'zeta'"),
        ("corollary_5_1", {"d": 10, "c_ell": 0.55, "m": 4, "c_k": 0.5, "output": 1}, ParameterError, "c_ell d = 5.5"),
        ("corollary_5_1", {"d": 10, "c_ell": 0.5, "m": 5, "c_k": 0.5, "output": 1}, ParameterError, "c_k m = 2.5"),
        ("lemma_b_1", {}, ParameterError, "lemma_b_1 needs n"),
        ("theorem_4_1", {"ell": 5, "m": 3}, ParameterError, "theorem_4_1 needs d"),
        ("theorem_4_1", {"d": 20, "ell": 5, "m": 3, "training": {"lam": 1}}, ParameterError, "training with lam"),
        ("theorem_5_1", {"d": 20, "ell": 5, "m": 3, "training": {"beta": 1}}, ParameterError, "training with beta"),
        ("lemma_b_1", {"n": 10**9, "mode": "full"}, ParameterError, r"one trial would draw 2e\+09 numbers"),
        (
            "theorem_4_1",
            {"d": 20, "ell": 5, "m": 3, "training": {"colour": 1}},
            ParameterError,
            "training has no option colour",
        ),
    ],
)
def test_bad_checks_are_refused(name, values, error, message):
    with pytest.raises(error, match=message):
        check(bk.catalogue[name], **{"trials": 10, **values})


def test_a_problem_that_contradicts_the_parameters_is_refused():
    with pytest.raises(ParameterError, match="d = 101 and the problem has 100"):
        check(bk.theorem_4_1, 10, problem=problem(100, 60, seed=1), d=101, m=4)


def test_the_package_does_not_load_the_room_nor_scipy_stats():
    room, heavy = "print('boundkit.simulate' in sys.modules)", "print('scipy.stats' in sys.modules)"
    code = f"import sys, boundkit; {room}; import boundkit.simulate; {heavy}"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["False", "False"]
