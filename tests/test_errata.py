"""Errata are graded once, and counted by grade wherever they are counted."""

from collections import Counter
from dataclasses import fields

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
import pytest

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import StatementError
from boundkit.model.erratum import CHANGING, GRADES, Erratum, by_grade, counted
from boundkit.report.page import audit_page
from boundkit.studies.audit_words import printed_text, verdict_text
from boundkit.studies.errata import all_errata

FROM_THE_WORST = ["wrong formula", "missing hypothesis", "degenerate case", "proof only", "typo", "loose"]


def test_each_erratum_of_the_paper_has_its_grade() -> None:
    expected = {
        "wrong formula": {1, 2, 3, 6, 16}, "missing hypothesis": {4, 13, 18, 20}, "degenerate case": {5, 17, 21, 25},
        "proof only": {7, 9, 10, 11, 12, 15, 22}, "typo": {14, 19, 23, 24}, "loose": {8},
    }  # fmt: skip
    found = all_errata((bk.papers.melamed2023, bk.papers.beyond))
    assert list(GRADES) == FROM_THE_WORST
    for grade, numbers in expected.items():
        assert {f.erratum.id for f in found if f.erratum.grade == grade} == {f"E{i}" for i in numbers}, grade


def test_only_what_changes_a_claim_has_a_reading_of_its_own() -> None:
    for s in bk.catalogue.values():
        for before, after in zip(s.readings, s.readings[1:], strict=False):
            for erratum in after.errata[len(before.errata) :]:
                assert erratum.grade in CHANGING, erratum


@pytest.mark.parametrize("grade", ["", "false", "text", "Typo", "typo ", None, 3, ["typo"], "wrong formulas"], ids=repr)
def test_a_grade_is_one_of_six(grade: object) -> None:
    with pytest.raises(StatementError, match="X1: grade = .*write one of 'wrong formula', 'missing hypothesis'"):
        Erratum("X1", "a", "b", grade)


def test_there_is_no_other_word_for_it() -> None:
    assert "kind" not in {field.name for field in fields(Erratum)}
    with pytest.raises(TypeError):
        Erratum("X1", "a", "b", kind="typo")


@given(
    st.lists(
        st.builds(
            Erratum,
            st.sampled_from(["A", "B1", "", "7", "E2", "E10"]),
            st.just("p"),
            st.just("h"),
            st.sampled_from(GRADES),
        ),
        max_size=12,
    )
)
def test_an_erratum_is_counted_once_at_its_worst(errata: list[Erratum]) -> None:
    graded = by_grade(errata)
    names = [name for ids in graded.values() for name in ids]
    assert sorted(names) == sorted({e.id for e in errata})
    for grade, ids in graded.items():
        for name in ids:
            assert min(FROM_THE_WORST.index(e.grade) for e in errata if e.id == name) == FROM_THE_WORST.index(grade)
    told = counted(errata)
    assert sum(int(part.split()[0]) for part in told.split(", ") if part) == len(names)


@pytest.mark.slow
def test_the_audit_counts_by_grade_and_shows_the_worst() -> None:
    found = bk.audit(bk.theorem_5_1, bk.lemma_c_3, bk.theorem_4_1, points=10, simulated=False)
    first, second, third = map(printed_text, found.entries)
    assert first == "wrong formula: E2; also E13, E25, E7, E12, E23, E8"
    assert second == "wrong formula: E3; also E4"
    assert third == "degenerate case: E17; also E9"
    line = "2 wrong formulas, 2 missing hypotheses, 2 degenerate cases, 3 proof only, 1 typo, 1 loose"
    assert f"Errata as printed: {line}; boundkit errata shows them." in verdict_text(found)
    graded = [len(ids) for ids in found.to_dict()["errata"].values()]
    assert graded == [2, 2, 2, 3, 1, 1]
    assert line in audit_page(found)


def test_every_output_says_the_grade() -> None:
    assert Counter(
        line.rpartition(": ")[2]
        for line in CliRunner().invoke(main, ["errata", "lemma_c_3"]).output.splitlines()
        if line.startswith("E")
    ) == {"wrong formula": 1, "missing hypothesis": 1}
    assert "E3, Lemma C.3: wrong formula" in CliRunner().invoke(main, ["errata", "--format", "latex"]).output
    assert '"grade": "wrong formula"' in CliRunner().invoke(main, ["errata", "--format", "json"]).output
    assert '"grade": "wrong formula"' in CliRunner().invoke(main, ["show", "lemma_c_3", "--format", "json"]).output
    assert "wrong formula: |<u, v>| <" in str(bk.lemma_c_3)


@pytest.mark.parametrize("name", ["", "E", "Ü7", "12", "E2b", "Typo 3"])
def test_numbers_may_be_called_anything(name: str) -> None:
    from dataclasses import replace

    s = replace(bk.lemma_b_1.as_printed, errata=(Erratum(name, "a", "b", "typo"), Erratum("E10", "a", "b", "loose")))
    assert {f.erratum.id for f in all_errata((s,))} == {name, "E10"}
