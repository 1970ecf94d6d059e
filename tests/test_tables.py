"""Tables: what stands in a row, what is printed of it, that it reads back, and that LaTeX takes it."""

from collections.abc import Iterator
import csv
from fractions import Fraction
import json
from math import inf, log
import os
from pathlib import Path
import pickle
import shutil
import subprocess

from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
import mpmath
import numpy as np
import pytest
from support import points

import boundkit as bk
from boundkit.cli import main
from boundkit.studies.tables.grids import LARGEST, grid_values, parse_range, range_text
from boundkit.studies.tables.layouts import PLAIN, cell, content
from boundkit.studies.tables.rows import Row, row_at

GOLDEN = Path(__file__).with_name("golden_table.tex")
PROMISED = ("theorem_5_1", {"ell": "3000:9000:3000"}, {"d": 10000, "m": 10})


def five_one(**how: object) -> bk.Table:
    name, over, fix = PROMISED
    return bk.table(name, over=over, fix=fix, **how)


# Rows


def test_rows_are_the_guarantee_and_its_exact_law() -> None:
    made = bk.table(["theorem_4_1", bk.theorem_6_1], over={"m": [2, 7], "ell": range(100, 400, 100)}, fix={"d": 500})
    expected = [(s, m, ell) for s in (bk.theorem_4_1, bk.theorem_6_1) for m in (2, 7) for ell in (100, 200, 300)]
    assert len(made) == len(expected)
    for row, (s, m, ell) in zip(made, expected, strict=True):
        g = s(d=500, m=m, ell=ell)
        assert row.guarantee == g
        assert row.exact == g.exact()
        assert (row.bound, row.failure, row.log_failure, row.verdict) == (g.bound, g.failure, g.log_failure, g.verdict)
        assert row.ratio == g.exact().log_failure / g.log_failure


def test_a_table_is_frozen_and_travels() -> None:
    made = five_one()
    assert pickle.loads(pickle.dumps(made)) == made
    assert hash(made) == hash(five_one())
    assert repr(made) == "<table of theorem_5_1 over ell: 3 rows>"
    with pytest.raises(AttributeError):
        made.rows = ()


def test_where_there_is_no_law_there_is_a_gap_and_its_reason() -> None:
    for made, reason in (
        (bk.table("theorem_a_1"), "can only be simulated"),
        (bk.table("lemma_c_2", fix={"norm_u": 1}), "the exact law needs t; give it"),
        (bk.table("theorem_5_1", over={"k": [0, 1]}, fix={"d": 9, "ell": 9, "m": 2, "output": 1}), "not defined"),
    ):
        row = made.rows[0]
        assert row.exact is None
        assert row.ratio is None
        assert reason in row.why
        assert any(row.why in note for note in made.notes)
        assert cell(row, "exact", PLAIN) == "-"
        assert made.records()[0]["exact"] is None


def test_the_worst_case_and_the_kind_of_the_exact_value_are_noted() -> None:
    assert five_one().rows[0].worst_case == "k = 1"
    notes = " ".join(five_one().notes)
    assert "exact failure of Theorem 5.1: an upper bound, for the worst case k = 1, assuming that x0 does not" in notes
    assert "attained at k = m" in " ".join(bk.table("corollary_6_1", fix={"d": 9}, over={"ell": [5]}).notes)
    assert cell(five_one().rows[1], "exact", PLAIN).startswith("<= ")
    assert not cell(bk.table("lemma_b_1", over={"n": [9]}).rows[0], "exact", PLAIN).startswith("<= ")


def test_a_row_that_does_not_apply_stands_in_brackets() -> None:
    first, *others = five_one().rows
    assert first.verdict is bk.Verdict.INAPPLICABLE
    assert cell(first, "bound", PLAIN) == "(206.56 |N(x0)|/k)"
    assert all(cell(row, "bound", PLAIN)[0] != "(" for row in others)
    assert "(in brackets)" in str(five_one())
    assert "(in brackets)" not in str(bk.table("lemma_b_1", over={"n": [5]}))


def test_there_is_no_ratio_without_a_claim() -> None:
    assert bk.table("lemma_c_2", fix={"norm_u": 1, "t": 1}).rows[0].ratio is None  # it allows failure 1.2
    assert bk.table("remark_3_1", fix={"gamma": 9, "d": 2}).rows[0].ratio is None  # nothing is random
    assert bk.table("theorem_4_1", fix={"d": 9, "ell": 4, "m": 3, "k": 0}).rows[0].ratio == inf


def test_a_claim_that_is_false_in_a_row_is_said_to_be() -> None:
    made = bk.table(bk.lemma_c_3.as_printed, over={"r": [0, 1]}, fix={"n": 100, "sigma_1": 1, "sigma_2": 5, "t": 25})
    assert [row.refuted for row in made] == [True, True]
    assert "Lemma C.3 as printed is false in 2 of 2 rows" in str(made)
    assert not any(row.refuted for row in five_one())


def test_the_exact_law_is_left_alone_where_no_column_needs_it() -> None:
    made = five_one(columns=("ell", "bound", "failure"))
    assert all(row.exact is None and row.why == "not asked for" for row in made)
    assert "exact" not in " ".join(made.notes)
    assert five_one(columns=("ratio",)).rows[0].exact


# Printed numbers stay on the safe side


@st.composite
def rows(draw: st.DrawFn) -> Row:
    s = bk.catalogue[draw(st.sampled_from(bk.PAPER))]
    return row_at(1, s, draw(points(s)))


@given(rows())
def test_printed_numbers_are_rounded_outward(row: Row) -> None:
    """Against mpmath, which knows nothing of balls: on the safe side, and as near as so many digits allow."""
    slack = mpmath.mpf(10) ** -40  # of mpmath's own rounding
    with mpmath.workdps(60):
        true = {name: mpmath.mpf(str(value)) for name, value in row.guarantee.digits(50).items()}
        printed = {name: content(row, name, PLAIN) for name in ("bound", "failure", "probability")}
        if "bound" in true and printed["bound"] not in ("", "inf") and 1e-300 < abs(true["bound"]) < 1e300:
            toward = {">=": -1, ">": -1, "<=": 1, "<": 1}.get(row.statement.claims[0].rel_op, 0)
            gap = (mpmath.mpf(printed["bound"]) - true["bound"]) / abs(true["bound"])
            assert toward * gap >= -slack
            assert abs(gap) <= 1.001e-4
        if row.log_failure > -1e15 and row.statement.failure != 0:
            gap = mpmath.mpf(printed["failure"]) / true["failure"] - 1
            assert -slack <= gap <= 0.1001
            parts = [mpmath.mpf(part) for part in printed["probability"].split(" - ")]
            assert parts[0] - sum(parts[1:]) <= max(1 - true["failure"], 0) + slack
        if row.exact and row.exact.log_failure > -1e15:
            most = row.exact.enclosure[1]
            said = mpmath.log(mpmath.mpf(content(row, "exact", PLAIN))) if most > -inf else -mpmath.inf
            assert most <= said <= most + 0.1
            if row.ratio is not None:
                assert mpmath.mpf(content(row, "ratio", PLAIN)) <= max(most / row.log_failure, 0) * (1 + 1e-15)


@pytest.mark.parametrize(
    ("s", "values", "column", "expected"),
    [
        ("corollary_6_1", {"d": 10**4, "ell": 5}, "bound", "0.01"),  # exact, though no ball can say so
        ("corollary_6_1", {"d": 10**12, "ell": 5}, "bound", "1e-6"),
        ("corollary_6_1", {"d": 3, "ell": 2}, "bound", "0.57736"),  # up: 0.577350...
        ("theorem_4_1", {"d": 2, "ell": 1, "m": 3, "k": 1}, "bound", "0.28867"),  # down: 0.288675...
        ("theorem_5_1", {"d": 10**6, "ell": 9 * 10**5, "m": 10}, "failure", "0.00501"),  # 0.005 and a little more
        ("theorem_5_1", {"d": 10**6, "ell": 9 * 10**5, "m": 10}, "probability", "0.994999"),
        ("lemma_b_1", {"n": 10**6}, "failure", "4e-27144"),
        ("lemma_b_1", {"n": 10**6}, "probability", "1 - 4e-27144"),
        ("lemma_b_1", {"n": 10**10}, "failure", "6.5e-271434052"),
        ("lemma_b_1", {"n": 10**18}, "failure", "e^(-6.25e16)"),
        ("theorem_4_1", {"d": 9, "ell": 4, "m": 3, "k": 0}, "exact", "0"),
        ("theorem_6_2", {"d": 9, "ell": 9, "m": 2, "k": 1, "eta": "1/2", "lam": 1, "T": 10**6}, "bound", "4.9407e-324"),
    ],
)
def test_numbers_print_as(s: str, values: dict, column: str, expected: str) -> None:
    exact = {name: Fraction(value) if isinstance(value, str) else value for name, value in values.items()}
    assert content(row_at(1, bk.catalogue[s], exact), column, PLAIN) == expected


# Formats


def test_csv_reads_back_to_the_same_numbers() -> None:
    made = bk.table("theorem_4_1", over={"ell": "100:1e5:x10", "k": [1, 2]}, fix={"d": 10**5, "m": 2})
    back = list(csv.DictReader(made.to_csv().splitlines()[1:]))
    assert len(back) == len(made)
    for record, row in zip(back, made, strict=True):
        assert {name: Fraction(record[name]) for name in row.values} == row.values
        for name, value in (
            ("bound", row.bound),
            ("failure", row.failure),
            ("log_failure", row.log_failure),
            ("ratio", row.ratio),
            ("exact", row.exact.failure),
            ("log_exact", row.exact.log_failure),
            ("log_exact_low", row.exact.enclosure[0]),
            ("log_exact_high", row.exact.enclosure[1]),
        ):
            assert float(record[name]) == value, name
        assert bk.Verdict[record["verdict"]] is row.verdict
    assert {record["failure"] for record in back[-2:]} == {"0.0"}  # the log carries what the float cannot
    assert float(back[-1]["log_failure"]) == -(10**5) / 16


def test_json_reads_back_to_the_same_numbers() -> None:
    told = json.loads(five_one().to_json())
    assert told["rows"] == five_one().records()
    assert told["boundkit"] == bk.__version__
    for record, row in zip(told["rows"], five_one(), strict=True):
        assert (record["failure"], record["log_failure"]) == (row.failure, row.log_failure)
        assert (record["log_exact_low"], record["log_exact_high"]) == row.exact.enclosure
        assert record["bound"] == content(row, "bound", PLAIN)
    nothing = json.loads(bk.table("theorem_a_1").to_json())["rows"][0]
    assert nothing["log_failure"] == "-inf"


def test_data_formats_carry_the_columns_asked_for() -> None:
    made = five_one(columns=("failure", "verdict"))
    assert list(made.records()[0]) == ["statement", "d", "ell", "m", "failure", "log_failure", "verdict"]
    assert made.to_csv().splitlines()[1] == "statement,d,ell,m,failure,log_failure,verdict"


def test_pandas_gives_the_same_numbers() -> None:
    pandas = pytest.importorskip("pandas")
    frame = five_one().to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["log_exact"].tolist() == [row.exact.log_failure for row in five_one()]
    assert bk.table("theorem_a_1").to_pandas()["log_failure"].tolist() == [-inf]


def test_without_pandas_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(bk.BoundkitError, match=r"pip install 'boundkit\[pandas\]'"):
        five_one().to_pandas()


def test_text_and_markdown_are_rectangular() -> None:
    made = bk.table(["theorem_4_1", "theorem_6_1"], over={"ell": [10, 100]}, fix={"d": 100, "m": 3, "beta": 0.5})
    lines = made.to_text().splitlines()[:5]
    assert len({line.index("informative") for line in lines[1:]}) == 1
    table, _, notes = made.to_markdown().partition("\n\n")
    assert {line.replace(r"\|", "").count("|") for line in table.splitlines()} == {8}
    assert notes.count("- ") >= len(made.notes)
    assert r"\|N(x0)\|/k" in five_one().to_markdown()
    assert ">= " in lines[1]
    assert "<= " in lines[3]


def test_html_escapes_what_it_shows() -> None:
    html = five_one()._repr_html_()
    assert "|z| &lt;=" in html
    assert html.count("<tr>") == html.count("</tr>") == 4
    assert "http" not in html


def test_latex_is_what_it_was() -> None:
    assert five_one().to_latex() == GOLDEN.read_text().replace("VERSION", bk.__version__)
    plain = five_one().to_latex(booktabs=False, siunitx=True)
    assert r"\hline" in plain
    assert "rule" not in plain
    assert r"\begin{tabular}{S[table-format=4]r" in plain
    assert "\n6000 & " in plain
    assert r"\cdot" not in plain


def test_the_command_makes_the_table_again() -> None:
    for made in (
        five_one(columns=["ell", "bound"]),
        bk.table(["theorem_4_1", "corollary_6_1"], over={"ell": [3, 1, 2]}, fix={"d": 30, "m": 2}),
        bk.table("lemma_c_3", over={"t": [Fraction(1, 3), 0.5]}, fix={"n": 10**30, "sigma_1": 0.1, "sigma_2": 2}),
    ):
        assert CliRunner().invoke(main, made.command.split()[1:]).output == f"{made}\n"
    printed = bk.table(bk.lemma_c_3.as_printed, fix={"n": 5, "r": 0})
    assert printed.command == ""
    assert printed.to_latex().startswith(f"% boundkit {bk.__version__}\n")


def test_newcommands_are_named_in_parameters_and_leave_out_what_is_not_promised() -> None:
    made = bk.table(["theorem_4_1", "corollary_6_1"], over={"ell": [100, 1234]}, fix={"d": 2000, "m": 2, "k": 1})
    lines = made.newcommands("my").splitlines()
    names = [line.split("}")[0].removeprefix(r"\newcommand{") for line in lines if line.startswith(r"\newcommand")]
    assert len(names) == len(set(names)) == 4 * len(made)
    assert all(name[0] == "\\" and name[1:].isalpha() and name.isascii() for name in names)
    assert r"\myTheoremFourOneEllOneThousandTwoHundredThirtyFourFailure" in names
    told = five_one().newcommands()
    assert "boundEllThreeThousand" not in told
    assert "ell = 3000, m = 10: does not apply" in told
    assert r"\newcommand{\boundEllSixThousandRatio}" in told


@pytest.mark.parametrize("prefix", ["", "a1", "a_b", "é", r"\x", "a b"])
def test_a_prefix_that_latex_would_not_take_is_refused(prefix: str) -> None:
    with pytest.raises(bk.ParameterError, match="parameters only"):
        five_one().newcommands(prefix)


def test_two_numbers_never_share_a_name() -> None:
    with pytest.raises(bk.ParameterError, match="would be both"):
        bk.table("lemma_b_1", over={"n": [5, 5]}).newcommands()


# Ranges


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("100:1000:100", tuple(range(100, 1001, 100))),
        ("1:10:4", (1, 5, 9)),
        ("10:1e6:x10", (10, 100, 1000, 10**4, 10**5, 10**6)),
        ("8:1:x1/2", (8, 4, 2, 1)),
        ("-1:-8:x2", (-1, -2, -4, -8)),
        ("3:1:-1", (3, 2, 1)),
        ("0:0.3:0.1", (0, Fraction(1, 10), Fraction(1, 5), Fraction(3, 10))),
        ("2,10,100", (2, 10, 100)),
        (" 1 , 2 : 4 : 2 ", (1, 2, 4)),
        ("7", (7,)),
        ("5:5:1", (5,)),
    ],
)
def test_ranges_are_read_exactly(text: str, values: tuple) -> None:
    assert parse_range(text) == values


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty item"),
        ("1,,2", "empty item"),
        ("1:2", "no range"),
        ("1:2:3:4", "no range"),
        ("::", "not a number"),
        ("1:x:2", "not a number"),
        ("1:5:0", "step 0"),
        ("5:1:1", "empty"),
        ("1:5:-1", "empty"),
        ("5:1:x2", "empty"),
        ("1:5:x1/2", "empty"),
        ("1:5:x0", "nowhere"),
        ("1:5:x1", "nowhere"),
        ("1:5:x-2", "nowhere"),
        ("0:5:x2", "nowhere"),
        ("-1:5:x2", "nowhere"),
        ("1:1e12:1", "more than 10000"),
        ("1:1e300:x1.0001", "past 300 digits"),
        ("a", "not a number"),
        ("1:10:1/0", "divides by zero"),
        ("1:2:1e-999", "1e-300"),
        ("__import__('os'):2:3", "not a number"),
    ],
)
def test_what_is_no_range_is_refused(text: str, says: str) -> None:
    with pytest.raises(bk.ParameterError, match=says):
        parse_range(text)


@given(st.lists(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=1000), min_size=1, max_size=8))
def test_values_written_as_text_read_back(values: list) -> None:
    exact = grid_values(values)
    assert parse_range(range_text(exact)) == exact


@given(st.integers(-50, 50), st.integers(-9, 9).filter(bool), st.integers(3, 60))
def test_a_steady_sequence_is_written_as_a_range(start: int, step: int, count: int) -> None:
    values = tuple(range(start, start + step * count, step))
    assert parse_range(range_text(values)) == values
    assert (":" in range_text(values)) == (count > 3)


def test_values_come_from_any_iterable_of_numbers() -> None:
    assert grid_values(np.arange(3)) == grid_values(range(3)) == grid_values(iter([0, 1, 2])) == (0, 1, 2)
    assert grid_values(np.float64(0.5)) == grid_values(np.array(0.5)) == (Fraction(1, 2),)

    def endless() -> Iterator[int]:
        while True:
            yield 1

    for wrong, says in (
        ([], "no values"),
        (endless(), f"more than {LARGEST}"),
        ([1, "2"], "text"),
        ([True], "truth"),
        ([float("nan")], "finite"),
        (None, "real number"),
        ([[1, 2]], "real number"),
    ):
        with pytest.raises(bk.ParameterError, match=says):
            grid_values(wrong)


# Bad input


@pytest.mark.parametrize(
    ("how", "error", "says"),
    [
        ({"statements": []}, bk.ParameterError, "no statement"),
        ({"statements": "theorem_51"}, bk.UnknownStatement, "did you mean theorem_5_1"),
        ({"statements": ["theorem_5_1", bk.theorem_5_1]}, bk.ParameterError, "given twice"),
        ({"over": {"n": [1]}}, bk.ParameterError, "theorem_5_1 has no parameter 'n'"),
        ({"statements": ["theorem_4_1", "corollary_6_1"], "over": {"m": [1]}}, bk.ParameterError, "corollary_6_1 has"),
        ({"fix": {"q": 1}}, bk.ParameterError, "no parameter 'q'"),
        ({"over": {"d": [1]}, "fix": {"d": 1}}, bk.ParameterError, "d: both swept and fixed"),
        ({"over": {"ell": "1:2"}}, bk.ParameterError, "ell: '1:2' is no range"),
        ({"over": {"ell": []}}, bk.ParameterError, "ell: no values"),
        ({"fix": {"d": "ten"}}, bk.ParameterError, "d: text is not a number"),
        ({"over": {"ell": range(200), "m": range(51)}}, bk.ParameterError, "10200 points"),
        ({"statements": ["theorem_4_1", "theorem_6_1"], "over": {"ell": "1:9e3:1"}}, bk.ParameterError, "18000 rows"),
        ({"over": {"ell": [1, 6]}, "fix": {"d": 5}}, bk.ParameterError, r"row 2 \(theorem_5_1 at d = 5, ell = 6\)"),
        ({"over": {"ell": [0.5]}}, bk.ParameterError, "row 1 .* is an integer"),
        ({"columns": ("bond",)}, bk.ParameterError, "no column 'bond'; did you mean bound"),
        ({"columns": ("n",)}, bk.ParameterError, "no column 'n'"),
        ({"columns": ()}, bk.ParameterError, "no column is asked for"),
        ({"columns": ("bound", "bound")}, bk.ParameterError, "asked for twice"),
    ],
)
def test_wrong_use_is_told(how: dict, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        bk.table(**{"statements": "theorem_5_1", **how})


# The command


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["table", *words])


WORDS = ("theorem_5_1", "d=10000", "m=10", "--over", "ell=3000:9000:3000")


@pytest.mark.parametrize("form", ["text", "latex", "markdown", "csv", "json"])
def test_the_command_speaks_every_format(form: str) -> None:
    result = run(*WORDS, "--format", form)
    assert result.exit_code == 0
    assert result.output.rstrip("\n") == getattr(five_one(), f"to_{form}")().rstrip("\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--over", "ell"), "not PARAMETER=VALUE"),
        (("nonsense",), "no statement"),
        (("theorem_5_1", "--over", "ell"), "not PARAMETER=VALUE"),
        (("theorem_5_1", "--over", "ell=1:2"), "no range"),
        (("theorem_5_1", "--over", "ell=1:5:0"), "step 0"),
        (("theorem_5_1", "--over", "ell=5:1:1"), "empty"),
        (("theorem_5_1", "--over", "ell=1:1e9:1"), "more than 10000"),
        (("theorem_5_1", "--over", "ell=1", "--over", "ell=2"), "given twice"),
        (("theorem_5_1", "--over", "q=1"), "no parameter 'q'"),
        (("theorem_5_1", "q=1"), "no parameter 'q'"),
        (("theorem_5_1", "d=1:2:3"), "not a number"),
        (("theorem_5_1", "d=5", "--over", "ell=1,6"), "row 2"),
        (("theorem_5_1", "--columns", "bond"), "did you mean bound"),
        (("theorem_5_1", "--columns", ""), "no column ''"),
        (("theorem_5_1", "--format", "yaml"), "yaml"),
        (("theorem_5_1", "--commands", "x.tex", "--prefix", "a1"), "parameters only"),
        (("theorem_5_1", "--out", "x.tex", "--commands", "x.tex"), "give two files"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, tuple) else None,
)
def test_wrong_use_of_the_command_exits_with_2(
    words: tuple, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["--over", "--columns", "theorem_5_1", "lemma_b_1", "d=9", "ell=1:9:4", "n=2,3", "bound"]),
            st.builds("{}={}".format, st.sampled_from(["ell", "n", "d"]), st.text("0123456789:,x./e-", max_size=8)),
            st.text(max_size=6),
        ),
        max_size=6,
    )
)
def test_no_words_give_a_traceback(words: list) -> None:
    result = run(*(word for word in words if not word.startswith(("--o", "--com")) or word == "--over"))
    assert result.exit_code in (0, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_the_command_writes_files(tmp_path: Path) -> None:
    out, commands = tmp_path / "table.tex", tmp_path / "numbers.tex"
    files = ("--out", str(out), "--commands", str(commands), "--prefix", "x")
    result = run(*WORDS, "--format", "latex", "--siunitx", *files)
    assert (result.exit_code, result.output) == (0, "")
    assert out.read_text() == five_one().to_latex(siunitx=True)
    assert commands.read_text() == five_one().newcommands("x", siunitx=True)


def test_a_table_that_cannot_be_written_is_printed(tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere" / "table.csv")
    result = run(*WORDS, "--format", "csv", "--out", missing, "--commands", str(tmp_path))
    assert result.exit_code == 2
    assert result.stdout == five_one().to_csv() + five_one().newcommands()
    assert f"{missing} cannot be written: No such file or directory" in result.stderr
    assert f"{tmp_path} cannot be written: Is a directory" in result.stderr


# LaTeX


def pdflatex(tmp_path: Path, *bodies: str) -> str:
    """The log of a document with these bodies; pdflatex may be missing anywhere but in CI."""
    if shutil.which("pdflatex") is None:
        if os.environ.get("CI"):
            pytest.fail("pdflatex is missing: install texlive-latex-base texlive-latex-recommended texlive-science")
        pytest.skip("pdflatex is not installed")
    packages = r"\usepackage{amsmath,array,booktabs,graphicx,siunitx}"
    body = "\n\n".join(bodies)
    text = rf"\documentclass{{article}}{packages}\input{{numbers}}\begin{{document}}{body}\end{{document}}"
    (tmp_path / "paper.tex").write_text(text)
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"], cwd=tmp_path, capture_output=True
    )
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-2000:]
    return said


def test_a_document_that_inputs_tables_and_numbers_compiles(tmp_path: Path) -> None:
    tables = [
        five_one(),
        bk.table("lemma_b_1", over={"n": "16,1e6,1e10,1e18"}, columns=("n", "bound", "probability", "exact")),
        bk.table(["theorem_4_1", "corollary_6_1", "theorem_6_2"], over={"ell": "10:1000:x10"}, fix={"d": 1000}),
        bk.table("corollary_4_1", over={"c_ell": "1/3,0.5"}, columns=("c_ell", "c_k", "bound", "failure", "applies")),
        bk.table(["theorem_a_1", "theorem_a_2"]),
        *(bk.table(name) for name in bk.PAPER),
    ]
    bodies = []
    for i, made in enumerate(tables):
        for booktabs in (True, False):
            name = f"table-{i}-{booktabs}"
            (tmp_path / f"{name}.tex").write_text(made.to_latex(booktabs=booktabs, siunitx=not booktabs))
            bodies.append(rf"\input{{{name}}}")
    (tmp_path / "numbers.tex").write_text(tables[0].newcommands("x") + tables[1].newcommands("y", siunitx=True))
    bodies.append(r"In text \xEllNineThousandFailure, in mathematics $p = \yNOneMillionExact$.")
    said = pdflatex(tmp_path, *bodies)
    assert (tmp_path / "paper.pdf").stat().st_size > 10_000
    assert "undefined" not in said.lower()


def test_what_the_commands_print_as_latex_compiles(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from boundkit.cli import main

    (tmp_path / "numbers.tex").write_text("")
    commands = [["list"], ["errata"], ["audit", "lemma_b_1", "theorem_5_1", "--points", "40", "--no-simulate"]]
    commands += [["eval", "theorem_5_1", "d=1e6", "ell=9e5", "m=10"], ["show", "theorem_6_2", "--as-printed"]]
    printed = [CliRunner().invoke(main, [*command, "--format", "latex"]).output for command in commands]
    said = pdflatex(tmp_path, *printed)
    assert (tmp_path / "paper.pdf").stat().st_size > 10_000
    assert "undefined" not in said.lower()


def test_bibtex_takes_the_entries(tmp_path: Path) -> None:
    (tmp_path / "numbers.tex").write_text("")
    (tmp_path / "sources.bib").write_text(bk.cite("theorem_5_1"))
    pdflatex(tmp_path, r"\nocite{*}\bibliographystyle{plain}\bibliography{sources}")
    done = subprocess.run(["bibtex", "paper"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    assert "Warning" not in done.stdout
    assert (tmp_path / "paper.bbl").read_text().count(r"\bibitem") == 2


def test_a_missing_pdflatex_is_a_failure_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="texlive-science"):
        pdflatex(tmp_path)
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception):
        pdflatex(tmp_path)


def test_logs_print_as_exponents_would() -> None:
    row = bk.table("lemma_b_1", over={"n": [16000]}).rows[0]
    assert row.log_failure == -1000
    mantissa, _, power = content(row, "failure", PLAIN).partition("e")
    assert abs(log(float(mantissa)) + int(power) * log(10) + 1000) < 0.01
