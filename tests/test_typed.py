"""What people type: names of statements, letters, numbers and formulas; and mistakes, which end in a line."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
import pytest
import sympy

import boundkit as bk
from boundkit.cli import main
from boundkit.formats.commands import read_values
from boundkit.formats.plain.reading import read_typed
from boundkit.values import parse_number

d, ell, m, k = sympy.symbols("d ell m k")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize("name", ["theorem_5_1", "theorem-5-1", "Theorem 5.1", "THEOREM 5.1", "thm5.1", "Thm. 5.1",
                                  "5.1", "5_1", "melamed2023.5.1", "melamed2023.Theorem 5.1"])  # fmt: skip
def test_a_theorem_by_what_people_call_it(name: str) -> None:
    assert bk.catalogue[name] is bk.theorem_5_1
    assert name in bk.catalogue


def test_every_numbered_statement_is_found_by_its_number_in_its_paper() -> None:
    for paper in (bk.papers.melamed2023, bk.papers.uml_appendix_b):
        for s in paper.statements:
            assert paper[s.number] is s


def test_a_name_of_its_own_goes_before_what_it_may_be_taken_for() -> None:
    for name, s in bk.catalogue.items():
        assert bk.catalogue[name] is s
        assert bk.papers[s.paper][s.name] is s


def test_a_number_that_several_have_is_the_theorem_or_refused() -> None:
    assert bk.catalogue["6.2"].name == "theorem_6_2"
    assert bk.catalogue["Corollary 6.2"].name == "corollary_6_2"
    assert bk.catalogue["B.2"].name == "lemma_b_2"
    with pytest.raises(bk.UnknownStatement):
        bk.catalogue["5"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
     ("theorem_51", "theorem_5_1"), ("hoefding", "hoeffding"), ("melamed", "melamed2023"),
     ("chernof_kl", "chernoff_kl"), ("theorem 5.7", "theorem_5_1"), ("kolmogorov", "kolmogorov_maximal")],
)  # fmt: skip
def test_a_miss_suggests_what_is_near(name: str, near: str) -> None:
    with pytest.raises(bk.UnknownStatement, match=rf"did you mean .*\b{near}\b"):
        bk.catalogue[name]


@pytest.mark.parametrize("name", ["", "zzz", "1", "\u221e", "x" * 3000, "a.b", "theorem", "melamed2023.zzz"])
def test_a_miss_never_lists_everything(name: str) -> None:
    with pytest.raises(bk.UnknownStatement) as raised:
        bk.catalogue[name]
    assert sum(known.rpartition(".")[2] in str(raised.value) for known in bk.catalogue) <= 12
    assert len(str(raised.value)) < 200 + len(name)


@pytest.mark.parametrize(
    ("text", "value"),
    [("10^6", 10**6), ("10**6", 10**6), ("1_000_000", 10**6), ("-2^2", -4), ("2^-3", Fraction(1, 8)),
     ("0.5^2", None), ("1e6", 10**6), ("\u22125", -5), ("1_0.5", Fraction(21, 2)), ("2^0", 1)],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: int | Fraction | None) -> None:
    if value is None:
        with pytest.raises(bk.ParameterError, match="not a number"):
            parse_number(text)
    else:
        assert parse_number(text) == value


@pytest.mark.parametrize("text", ["1__0", "_1", "1_", "10^", "^6", "1e", "1,000", "1 000", "0^-1", "9^9^9", "10^10000"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(bk.ParameterError):
        parse_number(text)


def test_thousands_with_commas_are_told_how_to_be_written() -> None:
    assert "write 1000000" in run("eval", "theorem_5_1", "d=1,000,000").output


@pytest.mark.parametrize(
    ("text", "formula"),
    [("0.9d", d * 9 / 10), ("m/2", m / 2), ("2(m - 1)", 2 * (m - 1)), ("d - ell", d - ell), ("2 d m", 2 * d * m),
     ("10^6 d", 10**6 * d), ("2d^2", 2 * d**2), ("(m-1)(m-2)", (m - 1) * (m - 2)),
     ("floor(0.9d)", sympy.floor(d * 9 / 10)),
     ("3\u00b7d", 3 * d), ("1_000d", 1000 * d), ("-d/3", -d / 3)],
)  # fmt: skip
def test_formulas_as_people_write_them(text: str, formula: sympy.Expr) -> None:
    assert sympy.expand(read_typed(text) - formula) == 0


@pytest.mark.parametrize(
    "text", ["1/2d", "m/2k", "d d)", "2 3", "__import__('os')", "d.real", "lambda: 1", "d[0]", "2d="]
)
def test_what_may_mean_two_things_or_none_is_refused(text: str) -> None:
    with pytest.raises(bk.StatementError, match="position"):
        read_typed(text)


@given(st.integers(1, 10**6), st.integers(1, 999))
def test_a_parameter_in_terms_of_another_is_exact(size: int, part: int) -> None:
    """Against Fraction; where the product is no integer it is refused with the remedy, which then works."""
    wanted = Fraction(part, 1000) * size
    values = {"d": size, "ell": sympy.Rational(part, 1000) * d}
    if wanted.denominator == 1 and wanted >= 1:
        assert dict(bk.theorem_5_1(**values).values)["ell"] == wanted
    elif wanted.denominator > 1:
        with pytest.raises(bk.ParameterError, match=r"write floor\("):
            bk.theorem_5_1(**values)
    if wanted >= 1:
        below = bk.theorem_5_1(d=size, ell=sympy.floor(values["ell"]))
        assert dict(below.values)["ell"] == size * part // 1000


def test_a_float_in_a_formula_is_the_decimal_that_it_prints() -> None:
    assert dict(bk.theorem_5_1(d=10, ell=0.1 * d).values)["ell"] == 1
    assert dict(bk.theorem_5_1(**read_values(("d=10", "ell=0.3d"))).values)["ell"] == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ell=0.9d",), "d is not given"), (("d=2ell", "ell=d/2"), "need each other"), (("d=d",), "in terms of itself"),
        (("d=1001", "ell=0.9d"), "900.9"), (("m=17", "k=sqrt(m)"), "4.12311"), (("d=x",), "no parameter 'x'"),
        (("m=64", "d=2^m^m"), "too long"), (("m=1", "d=1/(m-1)"), "no real number"), (("d=5", "ell=d+1"), "ell = 6"),
        (("ell=5", "\u2113=6"), "given twice"), (("D=5",), "did you mean d"), (("d", "=", "5"), "without spaces"),
    ],
)  # fmt: skip
def test_values_that_make_no_sense_say_so(words: tuple[str, ...], says: str) -> None:
    done = run("eval", "theorem_5_1", *words)
    assert done.exit_code == 2
    assert says in done.output
    assert done.output.count("\n") == 1


def test_letters_as_the_paper_writes_them() -> None:
    five, six = bk.theorem_5_1, bk.theorem_6_2
    assert five(ℓ=5) == five(l=5) == five(ell=5)
    assert six(λ=2) == six(**{"lambda": 2}) == six(**{r"\lambda": 2}) == six(lam=2)
    assert five(**{"N(x0)": 2}) == five(output=2)
    assert bk.lemma_b_1(σ=2) == bk.lemma_b_1(sigma=2)
    assert five.solve_for("\u2113", d=10**6, m=10).value == five.solve_for("ell", d=10**6, m=10).value
    assert five.evaluate(("applies",), d=10**6, ℓ=[10], m=10, k=1, output=1)["applies"].size == 1
    assert bk.table(five, {"\u2113": [10, 20]}, {"d": 100, "m": 5}).over == bk.table(five, {"ell": [10, 20]}).over


def test_every_parameter_is_found_by_its_own_name_whatever_others_are_called() -> None:
    from boundkit.engine.accept import parameter_named

    for s in bk.catalogue.values():
        assert [parameter_named(s, p.name) for p in s.parameters] == [p.name for p in s.parameters]


def test_text_is_no_number_in_python() -> None:
    for text in ("5", "0.9d", "d"):
        with pytest.raises(bk.ParameterError, match="text is not a number"):
            bk.theorem_5_1(d=1000, ell=text)


def test_one_syntax_for_all_that_take_values() -> None:
    at = ("d=10^4", "\u2113=0.9d", "m=10")
    assert "ell = 9000" in run("eval", "5.1", *at).output
    assert "ell = 9000" in run("budget", "thm5.1", *at).output
    assert "ell = " in run("solve", "Theorem 5.1", "\u2113", "d=10^4", "m=10").output
    table = run("table", "theorem-5-1", *at[1:], "--over", "d=10^3:10^5:x10", "--columns", "d,ell,failure").output
    assert [line.split()[1] for line in table.splitlines()[1:4]] == ["900", "9000", "90000"]
    assert "ell = 9*d/10" in run("table", "5.1", *at[1:], "--over", "d=10^4,10^5", "--columns", "d,failure").output


def test_the_command_of_a_table_of_formulas_makes_it_again() -> None:
    made = bk.table(bk.theorem_5_1, {"d": "1e4:1e5:x10"}, {"ell": sympy.floor(0.9 * d), "m": 10})
    import shlex

    assert run(*shlex.split(made.command)[1:]).output.rstrip("\n") == str(made).rstrip("\n")


NAMES = (
    "5.1", "thm5.1", "Theorem 5.1", "theorem 5.1", "theorem_51", "Thm 5", "5", "lemma b1", "Lemma B.1", "B1",
    "hoefding", "Hoeffding", "melamed", "melamed2023", "classics", "theorem_5_1.py", "d=1000", "--help", "", "all",
    "theorem_5_1:", "./nothing", "chernoff", "corollary 5.1",
)  # fmt: skip
VALUES = (
    "d=1000", "d = 1000", "d", "=", "1000", "d:1000", "--d=1000", "-d", "d=1,000", "d=1.000.000", "d=10^6", "d=10e6",
    "d=1k", "d=1000.", "d=1000,", "d=1'000", "D=1000", "ell=0.9d", "ell=.9d", "ell=90%", "ell=0.9*d", "\u2113=0.9 d",
    "l=600", "L=600", "ell=d", "ell=d-10", "ell=d/m", "m=2^10", "m=ten", "m=", "m==10", "m=10 ", "m=-1", "m=1/2",
    "k=m/2", "k=m/2/", "k=(m", "k=m)", "k=sqrt(m)", "k=m//2", "k=m**2", "k=2k", "k=1e1000", "k=10^1000", "k=10^10^10",
    "k=1/0", "k=0/0", "k=nan", "k=inf", "k=\u221e", "k=None", "k=True", "output=|N|", "N(x0)=1", "\u03bb=1", "n=100",
    "n=100", "sigma=\u03c3", "failure=1%", "failure=0.01", "over=d", "m=[1,2]", "m={2}", "m=1:5:1", "d=1000m=10",
)  # fmt: skip
VERBS = (
    ("eval",), ("eval", "--exact"), ("solve",), ("table",), ("plot", "tightness"), ("plot", "coverage"), ("budget",),
    ("show",), ("list",), ("cite",), ("graph",), ("evaluate",), ("bounds", "binomial_at_least"), ("plot", "gradient"),
)  # fmt: skip
OPTIONS = (
    "--over", "--over d=1:10", "--over ell=1:9:2", "--over d=100:1000", "--over ell", "--exact", "--as-printed",
    "--format pdf", "--fix d=5", "--over m=2,3,", "--over k=m/2", "-o x", "--largest", "--columns bound failure",
)  # fmt: skip


@pytest.mark.parametrize("seed", [0, *(pytest.param(s, marks=pytest.mark.slow) for s in range(1, 5))])
def test_two_hundred_lines_of_natural_mistakes_end_in_a_line(seed: int, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Seeded, so that it never fails by chance: 200 lines in the default run, 800 more in the slow one."""
    monkeypatch.chdir(tmp_path)
    rng = Random(seed)
    for _ in range(200):
        verb = rng.choice(VERBS)
        words = [*verb, rng.choice(NAMES), *rng.sample(VALUES, rng.randint(0, 4))]
        words += rng.choice(OPTIONS).split() if rng.random() < 0.4 else []
        done = run(*words)
        assert done.exit_code in (0, 1, 2, 3, 4), (words, done.output)
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
        assert "Traceback" not in done.output, words
        if done.exit_code == 2:
            assert "Error: " in done.output, words
