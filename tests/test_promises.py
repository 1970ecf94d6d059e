"""No output shows the formula of what is no plain promise without saying so, nor a reading without its name."""

from collections.abc import Callable
import csv
from dataclasses import replace
from html import unescape
import json
from random import Random

from click.testing import CliRunner
import pytest
from support import STATEMENTS, some
from sympy import Symbol
from test_verdicts import drawn

import boundkit as bk
from boundkit.cli import main
from boundkit.engine.qualified import qualification
from boundkit.engine.verdict import Verdict

READINGS = {f"{name}-{i}": reading for name, s in STATEMENTS.items() for i, reading in enumerate(s.readings)}
WORDS = {  # how each verdict is told apart in prose; one of them stands in an output, or none
    Verdict.INAPPLICABLE: "does not apply; nothing is promised", Verdict.VACUOUS: "it promises nothing: ",
    Verdict.UNDETERMINED: "for every ",
}  # fmt: skip


def said(output: str) -> set[Verdict]:
    plain = " ".join(unescape(output).replace(r"\text{", "").replace("}", "").split())
    return {verdict for verdict, words in WORDS.items() if " ".join(words.split()) in plain}


def verdict_in(record: dict) -> set[Verdict]:
    verdict = Verdict[record["verdict"]]
    return set() if verdict is Verdict.INFORMATIVE else {verdict}


def tabled(g: bk.Guarantee, columns: tuple[str, ...] = ("bound", "failure", "probability")) -> bk.Table:
    return bk.table(g.statement, fix=dict(g.values), columns=columns)


PROSE: dict[str, Callable[[bk.Guarantee], str]] = {
    "text": str,
    "latex": lambda g: g.latex(),
    "repr_latex": lambda g: g._repr_latex_(),
    "html": lambda g: g._repr_html_(),
    "json": lambda g: g.to_dict()["says"],
    "table": lambda g: str(tabled(g)),
    "markdown": lambda g: tabled(g).to_markdown(),
    "html table": lambda g: tabled(g)._repr_html_(),
    "typeset table": lambda g: "\n".join(
        line for line in tabled(g).to_latex().splitlines() if not line.startswith("%")
    ).replace(r"\textgreater{}", ">"),
    "commands": lambda g: tabled(g).newcommands(),
}
DATA: dict[str, Callable[[bk.Guarantee], dict]] = {
    "json": lambda g: json.loads(json.dumps(g.to_dict(), allow_nan=False)),
    "digits": lambda g: {"verdict": repr(g.digits(20))[1:].partition(":")[0]},
    "csv": lambda g: next(csv.DictReader(tabled(g).to_csv().splitlines()[1:])),
    "table json": lambda g: json.loads(tabled(g).to_json())["rows"][0],
    "records": lambda g: tabled(g, ("failure",)).records()[0],
    "repr": lambda g: {"verdict": repr(g).partition("): ")[2].partition(":")[0].rstrip(">")},
}


def partly_given(s: bk.Statement, seed: int, count: int) -> list[bk.Guarantee]:
    """Random points, all parameters given or only some."""
    rng, found = Random(seed), []
    for point in drawn(s, seed, count):
        kept = {name: x for name, x in point.items() if rng.random() < 0.7}
        for values in (point, kept):
            try:
                found.append(s(**values))
            except bk.ParameterError:  # an end that the parameters left out would have moved
                continue
    return found


@pytest.mark.parametrize("name", some(READINGS, 6))
def test_what_is_no_plain_promise_says_so_in_every_format(name: str) -> None:
    s = READINGS[name]
    for g in partly_given(s, 3, 5):
        expected = set() if g.verdict is Verdict.INFORMATIVE else {g.verdict}
        undecided = g.verdict is Verdict.UNDETERMINED and not qualification(g).text.startswith("for every")
        for form, write in PROSE.items():
            if not undecided:
                assert said(write(g)) == expected, (form, g, write(g))
        for form, read in DATA.items():
            assert verdict_in(read(g)) == expected, (form, g)


def test_the_verdicts_are_all_met() -> None:
    """Or the test above would test less than it says."""
    seen = {g.verdict for s in (bk.theorem_5_1, bk.theorem_4_1, bk.lemma_c_3) for g in partly_given(s, 3, 12)}
    assert seen == set(Verdict)


def test_the_formula_follows_the_words() -> None:
    g = bk.theorem_5_1(d=1000, ell=600, m=10)
    assert g.latex().startswith(r"\text{does not apply; nothing is promised; the formula would say: } \Pr")
    assert (
        bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10)
        .latex()
        .startswith(r"\text{for every } k_{y_0} \geq 1 \text{ and } N(x_0) \neq 0 \text{: } \Pr")
    )
    assert bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10, k=1, output=1).latex().startswith(r"\Pr")
    assert bk.theorem_5_1(d=1000, ell=600, m=10, k=0, output=1).latex() == r"\text{does not apply; nothing is promised}"
    assert r"\text{for every } \ell \text{: }" in bk.theorem_4_1(d=100).latex()
    assert "for every ell," in str(bk.theorem_4_1(d=100))


def test_a_condition_that_nothing_decides_is_named() -> None:
    s = replace(
        bk.lemma_b_1,
        hypotheses=(*bk.lemma_b_1.hypotheses, bk.Hypothesis("odd", Symbol("n") > 0)),
    )
    g = s(n=5)
    object.__setattr__(g, "hypotheses", (replace(g.hypotheses[0], holds=None),))
    assert g.verdict is Verdict.UNDETERMINED
    assert qualification(g).text == "if odd, which could not be decided"
    assert g.latex().startswith(r"\text{if }")


def test_a_table_says_what_is_no_promise() -> None:
    """In brackets, with a note that is typeset too; data carry the verdict whatever columns are asked for."""
    made = bk.table(
        "theorem_5_1",
        over={"ell": [600, 900_000]},
        fix={"d": 10**6, "m": 10, "k": 3, "output": 1},
        columns=("ell", "bound", "failure"),
    )
    assert [row["verdict"] for row in made.records()] == ["INAPPLICABLE", "INFORMATIVE"]
    first, second = (line for line in made.to_text().splitlines()[1:3])
    assert [word[0] for word in first.split()[1:]] == ["(", "("]
    assert "(" not in second
    typeset = [line for line in made.to_latex().splitlines() if not line.startswith("%")]
    assert any(r"\multicolumn{3}" in line and "does not apply; nothing is promised" in line for line in typeset)


@pytest.mark.parametrize("name", some(READINGS))
def test_every_output_names_its_reading(name: str) -> None:
    s = READINGS[name]
    printed, g = s.superseded, partly_given(s, 5, 2)[0]
    words = s.reading if printed else ""
    assert s.title == (f"{s.number} {words}" if printed else s.number)
    assert ("as printed" in s.reading) == printed
    assert s.reading.startswith("corrected: ") == (not printed and len(s.readings) > 1)
    for text in (
        str(s),
        repr(s),
        str(g),
        repr(g),
        g._repr_html_(),
        s._repr_latex_(),
        g._repr_latex_(),
        s.latex(),
        g.latex(),
        str(tabled(g)),
        tabled(g).to_markdown(),
        tabled(g).to_latex(),
    ):
        assert ("as printed" in text) == printed, text
        assert not printed or words in text, text
    assert g.to_dict()["reading"] == s.reading
    assert tabled(g).records()[0]["statement"] == s.label
    for text in (str(s), str(g), g._repr_html_(), s._repr_latex_(), g._repr_latex_(), str(tabled(g))):
        assert ("corrected" in text) == s.reading.startswith("corrected"), text


def test_a_middle_reading_says_what_it_includes() -> None:
    assert [reading.reading for reading in bk.theorem_5_1.readings] == [
        "as printed", "as printed but for E2",
        "corrected: |N(x0)| for N(x0) (E2); k >= 1, N(x0) != 0 (E13); k <= m - 1 (E25)",
    ]  # fmt: skip


def test_a_reading_mended_anew_is_no_printed_one() -> None:
    mine = bk.lemma_c_3.as_printed.corrected(errata=(bk.Erratum("X1", "a", "b", "wrong formula", brief="b for a"),))
    assert mine.reading == "corrected: b for a (X1)"
    assert mine.title == "Lemma C.3"
    assert mine.as_printed.title == "Lemma C.3 as printed"
    assert bk.lemma_c_3.readings[-1] is bk.lemma_c_3
    assert not bk.lemma_c_3.superseded


@pytest.mark.parametrize(("words", "label"), [
    (["falsify", "lemma_c_3", "--as-printed", "--seconds", "3"], "Lemma C.3 as printed is false"),
    (["eval", "theorem_5_1", "d=1000", "--as-printed"], "Theorem 5.1 as printed at d = 1000"),
    (["eval", "theorem_5_1", "d=1000", "--as-printed", "--format", "latex"], "as printed"),
    (["eval", "theorem_5_1", "d=1000", "--format", "latex"], "% Theorem 5.1 corrected: |N(x0)| for N(x0) (E2)"),
    (["eval", "theorem_5_1", "d=1000", "--as-printed", "--format", "json"], '"reading": "as printed"'),
    (["show", "lemma_c_3", "--as-printed"], "Lemma C.3 as printed, appendix C"),
    (["show", "lemma_c_3"], "  corrected sqrt(2 n) t for sqrt(2 n t) (E3)"),
    (["show", "lemma_c_3", "--format", "latex"], "; corrected: "),
    (["simulate", "lemma_b_1", "n=5", "--trials", "50", "--as-printed"], "Lemma B.1 as printed at n = 5"),
    (["simulate", "lemma_b_1", "n=5", "--trials", "50"], "  corrected: sigma > 0 (E21)"),
    (["falsify", "lemma_c_2", "--seconds", "1"], "  corrected: u != 0 (E5)"),
    (["table", "lemma_b_1", "--over", "n=5,6"], "Lemma B.1 corrected: sigma > 0 (E21)"),
], ids=lambda words: " ".join(words) if isinstance(words, list) else "")  # fmt: skip
def test_commands_name_the_reading(words: list[str], label: str) -> None:
    assert label in CliRunner().invoke(main, words).output


def test_a_notebook_that_is_exported_to_latex_says_so() -> None:
    """What nbconvert takes of a cell: its text/latex."""
    g = bk.theorem_5_1(d=1000, ell=600, m=10)
    shown = g._repr_latex_()
    assert shown.startswith("$")
    assert shown.endswith("$")
    assert "does not apply; nothing is promised" in shown
    assert "corrected: E2, E13, E25" in shown
