"""The audit: what it finds, that it turns red where it should, and how it reads."""

from dataclasses import replace
import json
from math import exp

from click.testing import CliRunner
import pytest
from scipy import stats
from scipy.special import gammaln
from support import STATEMENTS
import sympy

import boundkit as bk
from boundkit.cli import main
from boundkit.studies.auditing import Entry
from boundkit.studies.grid import grid
from boundkit.studies.point_check import PointStatus

FEW = 60
RANDOM = [name for name in bk.PAPER if bk.catalogue[name].truth is not None and bk.catalogue[name].failure != 0]


@pytest.fixture(scope="module")
def whole() -> bk.Audit:
    return bk.audit(points=FEW, simulated=False)


def of(audit: bk.Audit, name: str) -> Entry:
    return next(entry for entry in audit.entries if entry.statement.name == name)


def test_the_paper_as_mended_stands(whole: bk.Audit) -> None:
    assert len(whole.entries) == 17
    assert not whole.is_false
    for entry in whole.entries:
        if entry.statement.truth is not None:
            assert entry.counts[PointStatus.HOLDS] >= 1, entry.statement.name


def test_every_false_erratum_with_a_witness_is_confirmed(whole: bk.Audit) -> None:
    confirmed = {f.erratum.id for entry in whole.entries for f in entry.erratum_checks if f.confirmed}
    assert confirmed == {f"E{i}" for i in (1, 2, 3, 4, 5, 6, 13, 15, 16, 17, 18, 20, 21)}


@pytest.mark.parametrize("names", [("theorem_4_1", "theorem_a_2"), pytest.param(bk.PAPER, marks=pytest.mark.slow)])
def test_every_statement_is_simulated_and_none_is_violated(names: tuple[str, ...]) -> None:
    """A statement that holds is called VIOLATED at most once in 10^6 audits; the seed is fixed."""
    entries = bk.audit(*(bk.catalogue[name] for name in names), points=FEW).entries
    for entry in entries:
        assert entry.evidence is not None, entry.statement.name
        assert entry.evidence.trials >= 20
        assert not entry.is_violated
    measured = {"theorem_a_1", "theorem_a_2"} & set(names)
    assert {entry.statement.name for entry in entries if entry.is_measured} == measured


def test_a_statement_that_simulation_refutes_turns_the_audit_red() -> None:
    wrong = replace(bk.lemma_b_1, failure=bk.lemma_b_1.failure**4, truth=None)
    entry = bk.audit(wrong, points=10).entries[0]
    assert entry.is_violated
    assert entry.is_false


@pytest.mark.parametrize("name", RANDOM)
def test_a_failure_shrunk_past_the_exact_value_turns_the_audit_red(name: str, whole: bk.Audit) -> None:
    """The claimed exponent is multiplied until it exceeds the true one at the tightest point of the grid."""
    s = bk.catalogue[name]
    tightest = min((j for j in of(whole, name).checks if j.looseness), key=lambda j: j.looseness or 0)
    factor = sympy.Rational(101, 100) * sympy.Rational(str(tightest.looseness))
    wrong = replace(s, failure=s.failure**factor)
    entry = bk.audit(wrong, points=FEW, simulated=False).entries[0]
    if s.truth_is == "exact" or s.attained:
        assert entry.is_false
        assert entry.counterexample is not None
        assert entry.counterexample.log_exact[0] > entry.counterexample.log_claimed[1]
    else:  # an upper bound refutes nothing, and must not pass either
        assert entry.is_undecided


@pytest.mark.parametrize("name", RANDOM)
def test_a_truth_made_ten_times_larger_is_seen(name: str, whole: bk.Audit) -> None:
    """The exact column comes from `truth` alone."""
    s = bk.catalogue[name]
    before, after = of(whole, name), bk.audit(replace(s, truth=10 * s.truth), points=FEW, simulated=False).entries[0]
    for one, other in zip(before.checks, after.checks, strict=False):  # false, it has suspects at its end
        if one.status is PointStatus.HOLDS and one.log_exact[0] > -1e6:
            assert other.log_exact[0] == pytest.approx(one.log_exact[0] + 2.302585, abs=1e-5)


def test_printed_readings_are_not_passed() -> None:
    for name in ("lemma_c_2", "theorem_6_2", "corollary_6_2", "theorem_4_1", "lemma_b_2"):
        printed = bk.catalogue[name].as_printed
        assert bk.audit(printed, points=400, simulated=False).entries[0].is_false, name


def test_the_grid_runs_from_1_to_a_million_and_is_the_same_each_time() -> None:
    for name in bk.PAPER:
        points = grid(bk.catalogue[name], FEW)
        assert points == grid(bk.catalogue[name], FEW)
        assert 5 <= len(points) <= FEW
        assert len(set(points)) == len(points)
    sizes = [dict(point)["n"] for point in grid(bk.lemma_b_1)]
    assert (min(sizes), max(sizes)) == (1, 10**6)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_grid_lies_in_the_domain_and_spans_it(name: str) -> None:
    s = bk.catalogue[name]
    points = [s.accept(dict(point)) for point in grid(s, FEW)]  # outside the domain it would raise
    for p in s.parameters:
        values = {dict(point)[p.name] for point in points}
        assert len(values) > 1, p.name
        if p.low.is_infinite and p.high.is_infinite and not p.integer:
            assert min(values) < 0 < max(values), p.name


def test_ends_that_are_no_fractions_are_no_hindrance() -> None:
    """The last float before such an end, so that the point lies in the domain."""
    root = sympy.sqrt(2)
    s = replace(bk.lemma_b_1, parameters=(*bk.lemma_b_1.parameters, bk.reals(sympy.Symbol("q"), "q", -root, root)))
    points = grid(s, FEW)
    assert all(s.accept(dict(point)) for point in points)
    assert max(dict(point)["q"] for point in points) == pytest.approx(2**0.5, rel=1e-15)
    assert not bk.audit(s, points=20, simulated=False).is_false


def test_a_judgement_is_what_another_library_says() -> None:
    j = bk.check_point(bk.lemma_b_1, n=50)
    assert j.status is PointStatus.HOLDS
    assert sum(j.log_exact) / 2 == pytest.approx(stats.chi2.logcdf(25, 50), rel=1e-12)
    assert bk.check_point(bk.lemma_b_1.as_printed, n=50, sigma=0).status is PointStatus.FALSE
    assert bk.check_point(bk.lemma_c_2, norm_u=1, t=1).status is PointStatus.VACUOUS
    assert bk.check_point(bk.theorem_a_1, d=5, ell=3, m=2).status is PointStatus.MEASURED


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["audit", "--no-simulate", *words])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_the_command_in_every_format() -> None:
    for form in ("text", "json", "markdown", "latex"):
        code, output = run("lemma_b_1", "lemma_c_3", "--points", "20", "--format", form)
        assert code == 0
        assert "Lemma B.1" in output or "lemma_b_1" in output
        if form == "json":
            told = json.loads(output)
            assert told["statements"][0]["counts"]["FALSE"] == 0
            assert len(told["statements"][0]["points"]) == 20
        if form == "latex":
            assert output.count(r"\begin{tabular}") == output.count(r"\end{tabular}") > 0
            assert output.count(r"Lemma B.1 & ") == output.count(r"Lemma C.3 & ") == output.count(r"\toprule")


def test_exit_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("nonsense")[0] == 2
    assert run("lemma_b_1", "--points", "0")[0] == 2
    false = replace(bk.lemma_b_1, failure=bk.lemma_b_1.failure**4)
    unknown = replace(bk.theorem_5_1, failure=bk.theorem_5_1.failure**1000)
    planted = {"lemma_b_1": false, "theorem_5_1": unknown}
    monkeypatch.setattr("boundkit.api.loading.find", planted.__getitem__)
    code, output = run("lemma_b_1", "--points", "20")
    assert code == 1
    assert "FALSE" in output
    assert run("theorem_5_1", "--points", "100")[0] == 0
    assert run("theorem_5_1", "--points", "100", "--strict")[0] == 4


@pytest.mark.parametrize(
    ("name", "parameters", "law"),
    [
        ("lemma_b_1", {"n": 80}, lambda p: stats.chi2(80).ppf(p)),
        ("lemma_c_1", {"n": 80, "sigma": 3}, lambda p: 9 * stats.chi2(80).isf(p)),
        ("theorem_4_1", {"d": 200, "ell": 80, "m": 5, "k": 2}, lambda p: (2 / 1000 * stats.chi2(80).ppf(p)) ** 0.5),
        ("corollary_6_1", {"d": 200, "ell": 80}, lambda p: (stats.chi2(80).isf(p) / 80000) ** 0.5),
        ("lemma_c_2", {"norm_u": 2, "sigma": 3, "t": 10}, lambda p: 6 * stats.norm.isf(p / 2)),
    ],
)
def test_the_best_bound_is_the_exact_quantile(name: str, parameters: dict, law: object) -> None:
    row = bk.tightness(bk.catalogue[name], **parameters)[0]
    assert row.best == pytest.approx(law(bk.catalogue[name](**parameters).failure), rel=1e-10)
    assert row.bound_ratio == pytest.approx(row.bound / row.best)
    assert row.exponent_ratio > 1


@pytest.mark.parametrize(
    ("s", "law"),
    [
        (replace(bk.lemma_b_1, failure=bk.lemma_b_1.failure**4), stats.chi2(80).ppf),
        (replace(bk.lemma_c_1, failure=bk.lemma_c_1.failure**4), stats.chi2(80).isf),
        (replace(bk.lemma_c_1, failure=bk.lemma_c_1.failure ** sympy.Rational(1, 1000)), stats.chi2(80).isf),
        (replace(bk.lemma_b_1, failure=bk.lemma_b_1.failure**1000), stats.chi2(80).ppf),
    ],
    ids=["long, false", "short, false", "far too loose", "far too bold"],
)
def test_the_best_bound_lies_on_either_side_and_far_off(s: bk.Statement, law: object) -> None:
    row = bk.tightness(s, n=80)[0]
    log = float(s(n=80).log_failure)
    best = law(exp(log)) if log > -700 else 2 * exp((log + gammaln(41)) / 40)  # P[chi2_80 <= x] is about (x/2)^40/40!
    assert row.best == pytest.approx(best, rel=1e-9)


def test_tightness_over_values() -> None:
    rows = bk.tightness(bk.theorem_5_1, over={"ell": range(5000, 9001, 1000)}, d=10**4, m=10)
    assert [dict(row.guarantee.values)["ell"] for row in rows] == [5000, 6000, 7000, 8000, 9000]
    assert all(row.log_exact < row.log_claimed for row in rows)
    assert rows[0].bound is None
    assert json.dumps(rows[0].to_dict(), allow_nan=False)
    for wrong, rule in (
        ({"over": {"q": [1]}}, "no parameter 'q'"),
        ({"over": {"ell": []}}, "no values"),
        ({"over": {"d": [1]}, "d": 2}, "both varied and fixed"),
        ({"over": {"ell": ["x"]}}, "text"),
        ({"over": {"ell": range(1, 10**6)}}, "fewer"),
    ):
        with pytest.raises(bk.ParameterError, match=rule):
            bk.tightness(bk.theorem_5_1, **wrong)
    with pytest.raises(bk.StatementError, match="can only be simulated"):
        bk.tightness(bk.theorem_a_1, d=5, ell=2, m=2)


def test_statements_of_one_title_are_told_apart() -> None:
    audited = bk.audit(bk.lemma_b_1, replace(bk.lemma_b_1, name="another"), points=5, simulated=False)
    assert [entry.title for entry in audited.entries] == ["Lemma B.1 (lemma_b_1)", "Lemma B.1 (another)"]
    assert "Lemma B.1 (another)" in str(audited)
    assert bk.audit(bk.lemma_b_1, points=5, simulated=False).entries[0].title == "Lemma B.1"
