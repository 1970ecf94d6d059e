"""A statement on one page: the same numbers as elsewhere, and red where something is false."""

from dataclasses import replace
import json
from pathlib import Path
import re

from click.testing import CliRunner
import pytest
from scipy import stats

import boundkit as bk
from boundkit.cli import main
from boundkit.studies import reviewing
from boundkit.studies.errata import ErratumCheck


@pytest.fixture(scope="module")
def found() -> bk.Review:
    return bk.review(bk.lemma_c_2, norm_u=1, sigma=1, t=3)


@pytest.fixture(scope="module")
def page(found: bk.Review) -> str:
    return str(found)


def test_the_numbers_are_those_of_another_library(found: bk.Review, page: str) -> None:
    (row,) = found.rows
    assert row.log_exact == pytest.approx(float(stats.norm.logsf(3)) + 0.6931471805599453, rel=1e-12)
    claimed, exact, slack, bound, best = page.split("best bound\n")[1].split()[:5]
    assert float(exact) == pytest.approx(2 * stats.norm.sf(3), rel=2e-3)
    assert float(best) == pytest.approx(stats.norm.isf(float(claimed) / 2), rel=2e-3)
    assert (bound, float(slack)) == ("3", pytest.approx(row.exponent_ratio, rel=1e-2))


def test_both_readings_stand_side_by_side(page: str) -> None:
    assert re.search(r"^ +as printed +as corrected$", page, re.MULTILINE)
    assert re.search(r"^if +nothing +\|u\| > 0$", page, re.MULTILINE)
    assert re.search(r"^it holds that +\|<u, v>\| < \|u\| t +the same$", page, re.MULTILINE)


def test_it_says_verdict_witness_certificate_and_what_it_rests_on(page: str) -> None:
    assert "as printed: degenerate case: E5" in page
    assert "as corrected: proved for all sizes" in page
    assert "witness: false at norm_u = 0, sigma = 1, t = 2" in page
    certificate = page.split("Certificate\n")[1].split("\n\n")[0]
    assert [line[:4] for line in certificate.splitlines()] == ["  pr", "  it", "  it", "  ac", "    "]
    assert page.split("It depends on\n")[1].strip()
    assert len(page.splitlines()) < 60
    assert max(map(len, page.splitlines())) <= 80


def test_the_html_carries_the_same_and_asks_for_nothing(found: bk.Review, page: str, tmp_path: Path) -> None:
    html = found._repr_html_()
    assert "<math" in html
    for number in page.split("best bound\n")[1].split()[:5]:
        assert f"<td>{number}</td>" in html
    file = tmp_path / "review.html"
    words = ["review", "lemma_c_2", "norm_u=1", "sigma=1", "t=3", "--html", str(file)]
    assert CliRunner().invoke(main, words).exit_code == 0
    written = file.read_text()
    assert html in written
    assert f"boundkit review lemma_c_2 norm_u=1 sigma=1 t=3 --html {file}" in written
    assert not re.search(r"(src|href)=.?http|<script", written)


def test_sizes_vary_and_are_typical_where_none_is_given() -> None:
    rows = bk.review(bk.lemma_b_1, {"n": "10:30:10"}).rows
    assert [dict(row.guarantee.values)["n"] for row in rows] == [10, 20, 30]
    told = json.loads(CliRunner().invoke(main, ["review", "lemma_b_1", "--format", "json"]).output)
    assert [row["verdict"] for row in told["rows"]] == ["INFORMATIVE"]
    assert (told["proved"], told["certificate"]["holds"]) == (True, True)


def test_a_false_statement_turns_it_red(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(bk.lemma_b_1, failure=bk.lemma_b_1.failure**4, proof=None)
    monkeypatch.setattr("boundkit.api.loading.find", {"wrong": wrong}.__getitem__)
    done = CliRunner().invoke(main, ["review", "wrong", "n=50"])
    assert done.exit_code == 1
    assert "FALSE at" in done.output
    assert "no proof that a machine can check" in done.output
    assert "proved for all sizes" not in done.output


def test_a_witness_that_no_longer_shows_anything_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ErratumCheck, "refutation", None)
    page = str(bk.review(bk.lemma_c_2, norm_u=1, t=3))
    assert "NOT CONFIRMED" in page
    assert "witness: false" not in page


def test_without_a_law_the_rest_is_told() -> None:
    found = reviewing.review(replace(bk.lemma_b_1, truth=None, proof=None), n=50)
    assert found.rows == ()
    assert "can only be simulated" in str(found)
    assert "can only be simulated" in found._repr_html_()
    assert "checked at" not in str(found)


def test_wrong_sizes_are_refused_before_anything_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "audit", lambda *_: pytest.fail("audited"))
    for words in (["q=1"], ["n=0"], ["n=1", "--over", "n=1:3:1"]):
        done = CliRunner().invoke(main, ["review", "lemma_b_1", *words])
        assert done.exit_code == 2
        assert done.stderr.startswith("Error: ")
