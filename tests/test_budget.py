"""The budget: what Theorem 5.1's failure probability pays for, by routes that do not share its sums."""

import json
from math import exp, log, sqrt

from click.testing import CliRunner
import pytest
from scipy.stats import chi2

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import ParameterError, StatementError
from boundkit.studies.walking import covered_points

AT = {"d": 10_000, "ell": 9000, "m": 10}


def test_the_printed_constants_are_recomputed() -> None:
    """Printed (5, 5); the proof's own events give (2m + 1, 2), and (2m + 1, 1) with one constant."""
    found = bk.budget(bk.theorem_5_1, **AT)
    d, ell, m = AT.values()
    assert exp(found.log_printed) == pytest.approx(5 * (m * exp(-ell / 16) + d**-0.5), rel=1e-12)
    assert exp(found.log_claimed) == pytest.approx((2 * m + 1) * exp(-ell / 16) + 2 * d**-0.5, rel=1e-12)
    assert exp(found.log_one_constant) == pytest.approx((2 * m + 1) * exp(-ell / 16) + d**-0.5, rel=1e-12)
    assert [(item.name, item.count) for item in found.items] == [("Lemma B.1", 10), ("Lemma C.3", 10), ("Lemma C.1", 1)]


def test_exact_tails_come_from_the_laws_of_the_spent_events() -> None:
    """Against SciPy's chi-square, and for Lemma C.3 against the law of the inner product at its own threshold."""
    d, ell, m = 400, 60, 3
    first, second, third = bk.budget(bk.theorem_5_1, d=d, ell=ell, m=m).items
    assert first.log_exact == pytest.approx(log(m) + log(chi2.cdf(ell / 2, ell)), rel=1e-10)
    assert third.log_exact == pytest.approx(log(chi2.sf(2 * ell, ell)), rel=1e-10)
    threshold = sqrt(2 * ell * log(m**2 * d))
    assert second.log_exact == pytest.approx(log(m) + bk.laws.inner_product.logsf_abs(threshold, ell), rel=1e-10)


def test_each_column_is_at_most_the_one_before() -> None:
    for values in (AT, {"d": 50, "ell": 3, "m": 2}, {"d": 10**9, "ell": 10**8, "m": 1000}, {"d": 1, "ell": 1, "m": 2}):
        found = bk.budget(bk.theorem_5_1, **values)
        for thing in (found, *found.items):
            assert thing.log_exact <= thing.log_one_constant <= thing.log_claimed
        assert found.log_claimed <= found.log_printed


def test_a_lemma_that_spends_lemmas_and_one_that_spends_a_law() -> None:
    union = bk.budget(bk.lemma_c_3, n=100, sigma_1=1, sigma_2=1, t=3)
    assert [item.name for item in union.items] == ["Lemma C.1", "Lemma C.2"]
    assert exp(union.items[1].log_one_constant) == pytest.approx(exp(-9 / 2), rel=1e-12)
    direct = bk.budget(bk.lemma_b_1, n=100)
    assert direct.log_exact == pytest.approx(log(chi2.cdf(50, 100)), rel=1e-10)
    fraction = bk.budget(bk.corollary_4_1, d=1000, c_ell=0.5)
    assert fraction.log_exact == pytest.approx(log(chi2.cdf(250, 500)), rel=1e-10)


SOMETIMES = [s.name for s in bk.catalogue.values() if s.proof and any(e.where is not None for e in s.proof.spends)]


@pytest.mark.parametrize("name", SOMETIMES)
def test_events_that_are_only_needed_somewhere_cost_at_least_the_truth_everywhere(name: str) -> None:
    s = bk.catalogue[name]
    points = [point for point in covered_points(s, 5) if all(abs(value) <= 10**6 for _, value in point)]
    for parameter in ("m", "k"):
        for point in [point for point in points if dict(point)[parameter] == 1][:5] + points[:5]:
            found = bk.budget(s, **dict(point))
            assert found.log_law <= found.log_claimed + 1e-9, point
            assert found.log_claimed <= found.log_printed + 1e-9, point


def test_what_it_cannot_do() -> None:
    with pytest.raises(ParameterError, match="needs m; give it"):
        bk.budget(bk.theorem_5_1, d=100, ell=50)
    with pytest.raises(StatementError, match="no budget"):
        bk.budget(bk.remark_3_1, gamma=1, d=2)
    with pytest.raises(StatementError, match="no budget"):
        bk.budget(bk.theorem_a_1, d=3, ell=1, m=1)


def test_in_words_and_at_the_command_line() -> None:
    words = ["budget", "theorem_5_1", "d=10000", "ell=9000", "m=10"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    assert "the statement allows" in done.output
    assert str(bk.budget(bk.theorem_5_1, **AT)) == done.output.rstrip("\n")
    told = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).output)
    assert told["formulas"]["claimed"] == "2 d^(-1/2) + (2 m + 1) e^(-ell/16)"
    assert told["sums"]["law"] < told["sums"]["exact"] < told["sums"]["one_constant"]
    assert r"\begin{tabular}" in CliRunner().invoke(main, [*words, "--format", "latex"]).output
    outside = CliRunner().invoke(main, ["budget", "theorem_5_1", "d=9", "ell=1", "m=5"])
    assert "does not apply" in outside.output
    assert CliRunner().invoke(main, ["budget", "theorem_5_1", "d=9"]).exit_code == 2
