"""The report: all of the audit is on one page, which is readable by itself, and nothing leaves it."""

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
import re

from browser import address, chromium, complaints, requested, violations
import pytest
from support import STATEMENTS

import boundkit as bk
from boundkit.engine.cards import summary
from boundkit.errors import ParameterError
from boundkit.formats.expressions import expression_latex
from boundkit.formats.html import Html, formula, tag
from boundkit.formats.prose import prose_html
from boundkit.formats.tables import grid
from boundkit.report import sections
from boundkit.report.page import audit_page

NAMES = ("theorem_5_1", "lemma_c_3", "theorem_a_2", "sharpened_5_1", "off_subspace_radius")
COMMAND = "boundkit audit --html 'my report.html'"


class Read(HTMLParser):
    """What a reader without scripts gets: text, elements and their attributes; every element has its end."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, name: str, attributes: list) -> None:
        self.elements.append((name, dict(attributes)))
        if name != "meta":
            self.open.append(name)

    def handle_startendtag(self, name: str, attributes: list) -> None:
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_data(self, text: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(text)

    def all(self, attribute: str) -> list[str]:
        return [given[attribute] for _, given in self.elements if given.get(attribute) is not None]


@pytest.fixture(scope="module")
def audit() -> bk.Audit:
    return bk.audit(*(bk.catalogue[name] for name in NAMES), points=40)


@pytest.fixture(scope="module")
def page(audit: bk.Audit) -> str:
    return audit_page(audit, COMMAND)


def test_all_that_was_found_is_there_without_scripts(audit: bk.Audit, page: str) -> None:
    text = Read(page).text
    for entry in audit.entries:
        s = entry.statement
        assert s.title in text
        assert summary(s)[1:] in text
        for assumption in s.assumed:
            assert prose_html(assumption) in page
        for f in entry.erratum_checks:
            assert prose_html(f.erratum.printed) in page
            assert prose_html(f.erratum.holds) in page
            if f.refutation:
                assert prose_html(f.refutation.where) in page
            if f.simulation:
                assert prose_html(f.simulation[1]) in page
        found = entry.evidence
        assert found is not None
        assert f"{found.failures} of {found.trials} trials" in text
        assert found.verdict.value in text
        if s.proof:
            assert f"all {len(s.certificate().lines)} steps were checked by machine" in text
    assert "with one constant" in text  # the budget of Theorem 5.1
    assert text.count("So that") == 3  # a budget for each statement with a law that is random
    assert COMMAND in text
    for name in ("boundkit", "Python", "numpy", "scipy", "sympy", "python-flint"):
        assert name in text
    assert re.search(r"No corrected statement was found false\.", text)


def test_nothing_is_loaded_and_no_script_runs(page: str) -> None:
    read = Read(page)
    assert not {"script", "link", "iframe", "img", "object", "base"} & {name for name, _ in read.elements}
    assert not any(key.startswith("on") for _, given in read.elements for key in given)
    for where in (*read.all("href"), *read.all("xlink:href"), *read.all("src")):
        assert where.startswith(("#", "data:image/png;base64,")), where[:80]
    assert not re.search(r"url\((?!#)|@import", page)


def test_names_are_used_once_and_links_lead_somewhere(page: str) -> None:
    read = Read(page)
    names = Counter(read.all("id"))
    assert names.most_common(1)[0][1] == 1
    aims = {where[1:] for where in (*read.all("href"), *read.all("xlink:href")) if where.startswith("#")}
    aims |= set(re.findall(r"url\(#([^)]+)\)", page)) | {*read.all("aria-labelledby")}
    assert aims <= names.keys()
    assert {*NAMES, "summary", "beyond", "made"} <= aims
    assert {"theorem_5_1-E2", "lemma_c_3-E3"} <= aims


def test_headings_tables_and_pictures_say_what_they_are(page: str) -> None:
    read = Read(page)
    levels = [int(name[1]) for name, _ in read.elements if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all("scope" in given for name, given in read.elements if name == "th")
    pictures = [given for name, given in read.elements if name == "svg"]
    assert len(pictures) >= 5
    assert all(given["role"] in ("img", "group") and given["aria-labelledby"] for given in pictures)
    assert sum(name == "title" for name, _ in read.elements) == len(pictures) + 1
    assert dict(read.elements)["html"] == {"lang": "en"}


def test_formulas_are_mathematics_with_their_latex_beside(page: str) -> None:
    read = Read(page)
    assert page.count("<math") > 50
    assert bk.theorem_5_1.latex() in " ".join(read.words)
    assert "\\" not in "".join(re.findall(r"<math.*?</math>", page))  # no command was left unread


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_formula_of_the_catalogue_can_be_set(name: str) -> None:
    s = bk.catalogue[name]
    laws = [] if s.truth is None else [expression_latex(s, s.truth)]
    for latex in (s.latex(), *laws):
        assert "<code>" not in formula(latex)
        assert "_" not in re.sub(r"<[^>]*>", "", formula(latex))  # no Python name was left in it


@pytest.mark.slow
def test_equal_audits_give_equal_pages_and_a_date_only_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    small = bk.audit(bk.lemma_c_3, points=10, simulated=False)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    one = audit_page(small)
    assert one == audit_page(small)
    assert "Made on" not in one
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert "Made on 2023-11-14." in audit_page(small)


def test_text_is_never_taken_for_markup() -> None:
    bad = "<script>alert(1)</script>"
    s = replace(bk.lemma_b_1, name="own", place=f"Lemma {bad}", doc=f"{bad}: {bad}\n\n{bad}",
                tex=(("bound", rf"\text{{{bad}}}"), ("failure", bad)), hypotheses=(bk.assumed(bad),))  # fmt: skip
    page = audit_page(bk.audit(s, points=5, simulated=False), f"boundkit audit {bad}")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 6
    assert tag("p", bad, Html("<b></b>"), title='"') == f'<p title="&quot;">{tag("i", bad)[3:-4]}<b></b></p>'
    assert "<script" not in grid((bad,), [(bad,)], bad, bad)
    assert formula(r"\left( x") == r"<code>\left( x</code>"


def test_what_cannot_be_drawn_is_said_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ParameterError("no such picture")

    monkeypatch.setattr(sections, "tightness_picture", fails)
    text = Read(audit_page(bk.audit(bk.lemma_c_3, points=10, simulated=False))).text
    assert "Not drawn: no such picture." in text
    assert "Proved for all sizes" in text


def test_a_statement_of_ones_own_in_parameters_of_its_own_gets_pictures() -> None:
    from sympy import exp, symbols

    from boundkit.tails import chi_square_at_least

    j, i, x = symbols("j i x")
    parameters = (bk.integers(j, "a size", 1, 50), bk.integers(i, "a part of it", 1, j))
    s = bk.Statement(
        name="own", place="Own, nowhere", parameters=parameters, quantities=(bk.reals(x, "a square", low=0),),
        claims=(x <= 2 * i,), failure=exp(-i / 16), truth=chi_square_at_least(i, 2), doc="Own: of its own.",
    )  # fmt: skip
    page = audit_page(bk.audit(s, points=10, simulated=False))
    assert "Not drawn" not in page
    assert page.count("<svg") == 1


def test_what_is_false_is_seen_at_once() -> None:
    text = Read(audit_page(bk.audit(bk.lemma_c_3.as_printed, points=60, simulated=False))).text
    assert "FALSE: Lemma C.3 as printed." in text
    assert text.count("FALSE at ") >= 2


def test_the_browser_log_shows_what_leaves_a_page(tmp_path: Path) -> None:
    """The test below would be worth nothing without this one."""
    leaky = tmp_path / "leaky.html"
    leaky.write_text("<!DOCTYPE html><title>x</title><img src='http://127.0.0.1:9/x.png'><script>oops()</script>")
    with chromium() as driver:
        driver.get(address(leaky))
        assert "http://127.0.0.1:9/x.png" in requested(driver)
        assert any("oops" in said for said in complaints(driver))


@pytest.mark.parametrize("width", [1300, 400])
def test_a_browser_shows_it_and_asks_nobody(width: int, page: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    with chromium(width) as driver:
        driver.get(address(path))
        assert requested(driver) == [address(path)]
        assert complaints(driver) == []
        assert width < 700 or violations(driver) == []
        shown, window = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert shown <= window  # tables scroll by themselves, the page does not
        heights = driver.execute_script(
            "return [...document.querySelectorAll('.formula math, figure svg')].map(e => e.offsetHeight "
            "|| e.getBoundingClientRect().height)"
        )
        assert len(heights) > 20
        assert min(heights) > 10
        driver.execute_script("document.querySelector('nav a[href=\"#lemma_c_3\"]').click()")
        top = driver.execute_script("return document.getElementById('lemma_c_3').getBoundingClientRect().top")
        assert abs(top) < 60
        assert requested(driver) == []


def test_a_missing_browser_is_a_failure_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="chromium-driver"), chromium():
        pass
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception), chromium():
        pass
