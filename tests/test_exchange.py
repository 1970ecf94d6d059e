"""Statements and papers as JSON: what is written is read back the same, and what is not written like it is refused."""

from __future__ import annotations

import copy
from dataclasses import replace
from importlib import import_module
import json
from pathlib import Path
from typing import Any

from adversarial.grammar.drawing import deterministic, points, probable, statements
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import some
import sympy
from sympy import Add, And, Max, Mul, Ne, Or, Piecewise, Pow, Rational, exp, factorial, log, sqrt

import boundkit as bk
from boundkit.api.exchange import from_json, to_json
from boundkit.api.papers import Paper
from boundkit.cli import main
from boundkit.formats.plain.building import head_named
from boundkit.formats.plain.reading import read_condition, read_formula, read_part
from boundkit.formats.plain.writing import formula_text
from boundkit.shelf import OWN_LAWS, PAPERS
from boundkit.tails import Tail, chi_square_at_least, row_sum_rate

DRAWS = {"deadline": None, "suppress_health_check": [HealthCheck.filter_too_much, HealthCheck.too_slow]}
MARGIN = Rational(1, 100)
n, t, U = sympy.symbols("n t U")
PARAMETERS = ("n", "t")
KEPT = {"evaluate": False}


def own(**changes: Any) -> bk.Statement:
    """A small statement of one's own."""
    fields: dict[str, Any] = {
        "name": "own", "place": "Own", "parameters": (bk.integers(n, "a count"), bk.reals(t, "a size", 0)),
        "quantities": (bk.reals(U, "a length"),), "hypotheses": (), "claims": (U <= n * t,), "failure": exp(-n),
    }  # fmt: skip
    return bk.Statement(**fields | changes)


def same(s: Any) -> Any:
    """What is read back, which is what was written, to the last bracket."""
    text = to_json(s)
    again = from_json(text)
    assert again == s
    assert to_json(again) == text
    return again


# There and back.


# What is drawn is code.
DATA = [n for n, s in bk.catalogue.items() if not any(r.sampler for r in s.readings)]


@pytest.mark.parametrize("name", some(DATA, 24, keep=lambda name: name in bk.PAPER))
def test_every_reading_of_every_statement_is_read_back(name: str) -> None:
    for s in bk.catalogue[name].readings:
        again = same(s)
        assert (str(again), again.latex(), repr(again)) == (str(s), s.latex(), repr(s))
        assert [sympy.srepr(c) for c in again.claims] == [sympy.srepr(c) for c in s.claims]
        assert "left_out" not in to_json(s)


def test_every_law_that_one_paper_alone_needs_can_be_named() -> None:
    for home, _ in PAPERS.values():
        folder = Path(import_module(home).__file__).parent
        for file in folder.glob("*laws.py"):
            module = import_module(f"{home.rpartition('.')[0]}.{file.stem}")
            found = {name for name, law in vars(module).items() if isinstance(law, type) and issubclass(law, Tail)}
            own = {name for name in found if name[0] != "_" and vars(module)[name].__module__ == module.__name__}
            assert own == {name for name, there in OWN_LAWS.items() if there == module.__name__}
    assert all(head_named(name).__name__ == name for name in OWN_LAWS)


@pytest.mark.parametrize("name", ["melamed2023", "uml_appendix_b", pytest.param("beyond", marks=pytest.mark.slow)])
def test_a_paper_is_read_back(name: str) -> None:
    same(bk.papers[name])


@settings(max_examples=40, **DRAWS)
@given(st.data())
def test_random_statements_are_read_back_and_compute_the_same(data: Any) -> None:
    kinds = (statements(), *(kind(MARGIN).map(lambda known: known.true) for kind in (deterministic, probable)))
    s = data.draw(st.one_of(*kinds))
    again = same(s)
    for one, other in zip((*s.claims, s.failure), (*again.claims, again.failure), strict=True):
        assert sympy.srepr(one) == sympy.srepr(other)
        assert hash(one) == hash(other)
    at = data.draw(points(s))
    assert (str(again(**at)), again(**at).latex()) == (str(s(**at)), s(**at).latex())
    arrays = {name: np.array([float(x)]) for name, x in at.items()}
    for name, column in s.evaluate(**arrays).items():
        np.testing.assert_array_equal(again.evaluate(**arrays)[name], column)


@pytest.mark.parametrize(
    "formula",
    [
        Mul(n, 2, **KEPT), Mul(2, Add(n, t, **KEPT), **KEPT), Mul(2, Mul(n, t, **KEPT), **KEPT), Mul(1, n, **KEPT),
        Mul(-1, Mul(2, n, **KEPT), **KEPT), Mul(-1, 2, n, **KEPT), Mul(3, Pow(2, -1, **KEPT), **KEPT),
        Add(n, 0, **KEPT), Add(n, 1, **KEPT),
        Add(Add(n, t, **KEPT), 1, **KEPT), Pow(sympy.E, n, **KEPT), Pow(n, 1, **KEPT),
        Pow(Pow(n, -1, **KEPT), -1, **KEPT), Pow(2, 3, **KEPT), exp(0, **KEPT), log(exp(n, **KEPT), **KEPT),
        factorial(5, **KEPT), Max(n, 2, 3, **KEPT), sqrt(8), sqrt(Pow(n, 2, **KEPT)), -n / 2, Rational(-2, 3) * n / t,
        n ** -t, n ** (-t / 2), (-n) ** t, Rational(2, 3) ** n, (-2) ** n, n**t**2, Pow(n**t, 2, **KEPT), sympy.pi,
        sympy.E * n, Piecewise((n, Or(n > 1, And(t <= 2, Ne(n, t)))), (t, True)), Piecewise((1, n < t), (0, True)),
        chi_square_at_least(n, 1 + t) / 3, row_sum_rate(t, n), 1 / sqrt(n) - t ** Rational(-3, 2), Rational(7, 10**9),
        n - (t - (n - t) * 2), sympy.Integer(10) ** 40, sympy.Float("0.1") * n,
    ],
)  # fmt: skip
def test_a_formula_is_read_back_as_it_is_kept(formula: Any) -> None:
    exact = formula.xreplace({sympy.Float("0.1"): Rational(1, 10)}) if formula.has(sympy.Float) else formula
    assert sympy.srepr(read_formula(formula_text(formula, PARAMETERS), PARAMETERS)) == sympy.srepr(exact)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (sympy.Ge(n, n, **KEPT), "n >= n"),
        (And(n > 1, Or(t < 2, sympy.Eq(n, t))), "And(n > 1, Or(n = t, t < 2))"),
        (sympy.Lt(5, n, **KEPT), "5 < n"),
    ],
)
def test_a_condition_is_never_decided(condition: Any, text: str) -> None:
    assert formula_text(condition, PARAMETERS) == text
    assert sympy.srepr(read_condition(text, PARAMETERS)) == sympy.srepr(condition)
    assert same(own(hypotheses=(bk.Hypothesis("as it is", condition),))).hypotheses[0].relation == condition


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("2^n^2", 2 ** (n**2)), ("-n^2", -(n**2)), ("e^(-n/16)", exp(-n / 16)), ("0.1 * n", n / 10),
        ("1e-3", Rational(1, 1000)),
        ("3 - 2*n - 1", 2 - 2 * n), ("n/2/t", n / 2 / t), ("10^6", sympy.Integer(10) ** 6),
        ("sqrt(n) / t^-2", sqrt(n) * t**2),
        ("n == t", sympy.Eq(n, t)), ("Not(And(n < 1, t >= 2))", Or(n >= 1, t < 2)), ("pi*n", sympy.pi * n),
    ],
)  # fmt: skip
def test_what_people_write_is_what_they_mean(text: str, formula: Any) -> None:
    assert read_part(text, PARAMETERS) == formula


@pytest.mark.parametrize(
    "text",
    ["n = n", "n != n", "2 >= 1", "2 < 1", "And(n > 1, n <= 1)", "Or(t < 2, n > 1, t < 2)", "Max(2, 1) < n"],
)
def test_what_is_written_stays_word_for_word(text: str) -> None:
    """SymPy would decide it, sort it, or drop some of it."""
    assert formula_text(read_condition(text, PARAMETERS), PARAMETERS) == text
    s = from_json(changed("hypotheses", [{"text": "as it is", "relation": text}]))
    assert json.loads(to_json(s))["hypotheses"][0]["relation"] == text


def test_a_constant_is_one_only_where_no_parameter_has_its_name() -> None:
    e, pi = sympy.symbols("e pi")
    assert read_formula("e*pi", ("e", "pi")) == e * pi
    assert read_formula("E*pi", ("e",)) == sympy.E * sympy.pi
    assert formula_text(sympy.E * e, ("e",)) == "E*e"
    with pytest.raises(bk.StatementError, match="rename the parameter"):
        formula_text(pi * sympy.pi, ("pi",))
    same(own(parameters=(bk.reals(e, "a size", 0), bk.reals(pi, "a size", 0)), claims=(U <= e * pi,), failure=exp(-e)))


# What is left out, and what is refused when it is written.


def test_code_is_left_out_and_named() -> None:
    def sampler(rng: Any, trials: int, **_parameters: Any) -> Any:
        return rng.random(trials)

    wrong = bk.Erratum("O1", "a", "b", "typo", simulation=lambda: (True, ""))
    text = to_json(own(sampler=sampler, errata=(wrong,), experiment=replace(bk.lemma_b_1.experiment, sizes=())))
    assert json.loads(text)["left_out"] == ["sampler", "experiment"]
    assert json.loads(text)["errata"][0]["left_out"] == ["simulation"]
    assert from_json(text) == own(errata=(replace(wrong, simulation=None),))


def test_a_law_of_ones_own_is_refused_by_name() -> None:
    law = type("chi_square_at_least", (Tail,), {"nargs": 1})  # called like one that is installed
    with pytest.raises(bk.StatementError, match=r"own\.truth: .*chi_square_at_least is a law of your own.*closed form"):
        to_json(own(truth=law(n)))


def test_what_is_no_statement_is_not_written() -> None:
    with pytest.raises(bk.StatementError, match="a str is neither a statement nor a paper"):
        to_json("theorem_5_1")  # type: ignore[arg-type]


# What is refused when it is read.


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("n +", "'n +', position 4: the text ends; expected a number, a parameter, a function or '('"),
        ("(n", "expected an operator or ')'"),
        ("2 n", "position 3: there is 'n'; expected an operator, or the end of the text"),
        ("m", "there is 'm'; expected a parameter that is declared: n, t"),
        ("sin(n)", "there is 'sin'; expected a function that formulas may hold"),
        ("exp(n, t)", "expected 1 argument"),
        ("Max(n)", "expected two arguments or more of Max"),
        ("__import__('os').system('true')", 'position 12: there is "\'"; expected a number'),
        ("n.is_zero", "there is '.'; expected"),
        ("lambda: n", "there is ':'; expected a number, a parameter"),
        ("n < t", "there is '<'; expected an operator, or the end"),
        ("Abs(n < t)", "position 7: there is '<'; expected an operator, ',' or ')'"),
        ("1/0", "position 3: it divides by 0"),
        ("1e99999", "a number of at most 1000 digits"),
        ("9" * 1100, "a number of at most 1000 digits"),
        ("10**800 * 10**800", "numbers of at most 1000 digits"),
        ("factorial(10**9)", "is above e^1000000"),
        ("2**(3**(10**9))", "is above e^1000000"),
        ("1/2**(10**9)", "is above e^1000000"),
        ("(" * 10**3, "at most 50 brackets within each other"),
        ("-" * 10**3 + "n", "at most 50 brackets within each other"),
        ("n + " * 10**4 + "n", "at most 5000 are read as a formula"),
        ("Piecewise((1, n))", "expected an operator or one of"),
        ("Piecewise((1, n < Piecewise((1, n < t), (2, True))))", "a condition without Piecewise"),
        ("", "position 1: the text ends"),
    ],
)
def test_a_wrong_formula_is_told_with_its_place(text: str, says: str) -> None:
    with pytest.raises(bk.StatementError) as told:
        read_formula(text, PARAMETERS)
    assert says in str(told.value)
    assert len(str(told.value)) < 300


GOOD = json.loads(
    to_json(own(worst_case=(("n", 1),), errata=(bk.Erratum("O1", "a", "b", "typo", witness=(("n", 1),)),)))
)


def changed(path: str, value: Any) -> str:
    """The JSON of a good statement with another value at one place."""
    data = copy.deepcopy(GOOD)
    *inside, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    there: Any = data
    for part in inside:
        there = there[part]
    there[last] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (changed("boundkit", 2), "boundkit: version 2 of the form; this boundkit reads version 1"),
        (changed("kind", "theorem"), "kind: 'theorem'; write one of statement, collection, paper"),
        (changed("claim", []), "at the top: there is no field 'claim'; expected claims"),
        (changed("parameters/0/lo", "1"), "parameters[0]: there is no field 'lo'; expected low"),
        (changed("parameters/1/low", "m"), "parameters[1].low: 'm', position 1: there is 'm'"),
        (changed("parameters/0/integer", 1), "parameters[0].integer: 1; expected true or false"),
        (changed("worst_case/0/1", float("nan")), "worst_case[0][1]: NaN is no number; write a finite one"),
        (changed("worst_case/0/1", 10**1001), "worst_case[0][1]: a number of more than 1000 digits"),
        (changed("worst_case/0/1", True), "worst_case[0][1]: true; expected a number"),
        (changed("failure", 0), "failure: 0; expected a formula as text"),
        (changed("failure", "-exp(-n)"), "failure = -exp(-n) is negative"),
        (changed("claims", "U < 1"), "claims: 'U < 1'; expected a list"),
        (changed("name", "a\nb\x1b[31m"), "name: it holds"),
        (changed("sampler", "os.system"), "sampler: it is code"),
        (changed("experiment", "os.system"), "experiment: 'os.system' is no experiment that comes with boundkit"),
        (changed("errata/0/simulation", "melamed2023.os"), "errata[0].simulation: 'melamed2023.os' is no simulation"),
        (changed("errata/0/grade", "awful"), "errata[0]: O1: grade = 'awful'; write one of"),
        (json.dumps(GOOD).replace('"place"', '"name": "own", "place"', 1), "at the top: it says 'name' twice"),
        (json.dumps(GOOD)[:-1], "no JSON at line 1, column"),
        ("[" * 10**6, "no JSON"),
        (json.dumps({"boundkit": 1, "kind": "statement", "printed": []}), "at the top: it does not say 'name'"),
        ("[]", "at the top: a list; expected an object"),
        ("{}", 'it does not say "boundkit"'),
        (json.dumps("x" * 10**7), "a text of 10000002 characters; at most 2000000 are read"),
    ],
)  # fmt: skip
def test_wrong_json_is_told_with_its_place(text: str, says: str) -> None:
    with pytest.raises(bk.BoundkitError) as told:
        from_json(text)
    if says == "no JSON":  # or too deep, as the interpreter has it
        says = "at most" if "at most" in str(told.value) else says if says in str(told.value) else "within each other"
    assert says in str(told.value)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) <= 1001


def test_statements_within_each_other_are_counted() -> None:
    data = copy.deepcopy(GOOD)
    for _ in range(20):
        data = {key: value for key, value in GOOD.items() if key not in ("boundkit", "kind")} | {"printed": data}
        data = {key: value for key, value in data.items() if key not in ("boundkit", "kind")}
        for key in ("boundkit", "kind"):
            data["printed"].pop(key, None)
    with pytest.raises(bk.StatementError, match="more than 12 statements within each other"):
        from_json(json.dumps({"boundkit": 1, "kind": "statement", **data}))


ODD = [
    None, True, -1, 1.5, "", "x", "d < d", "1/0", [], {}, [[]], [1, 2], "\ud800", 10**40, "log(-1)", "(-1)**(1/2)",
    "0**(-n)",
    "factorial(10**9*d/d)", "2**(10**9+0*d)", "Max(log(-1), d)", "Piecewise((1, d < 2))",
    "chi_square_at_least(-1, log(-2))",
    "norm_z <= Abs(1-Abs(1-Abs(sqrt(-d))))", "e**e**e**d", "floor(log(-1))", "log(log(log(1/d)))", "And(d < 1, d > 2)",
]  # fmt: skip
TEXTS = [to_json(s) for s in (bk.theorem_5_1, bk.lemma_c_3, bk.papers.beyond["sharpened_5_1"])]


def told_or_read(read: Any, text: str) -> Any:
    """What is read, or the one line that says why it is not; nothing else is raised."""
    try:
        return read(text)
    except bk.BoundkitError as error:
        line = str(error)
    assert "\n" not in line
    assert len(line) <= 1001
    return line


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every list and object in it with each of its keys."""
    keys = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else []
    return [(data, key) for key in keys] + [place for key in keys for place in places(data[key])]


@settings(max_examples=100, **DRAWS)
@given(st.data())
def test_damaged_json_is_a_statement_or_one_line(data: Any) -> None:
    good = json.loads(data.draw(st.sampled_from(TEXTS)))
    for _ in range(data.draw(st.integers(1, 3))):
        there, key = data.draw(st.sampled_from(places(good)))
        if data.draw(st.integers(0, 4)):
            there[key] = data.draw(st.sampled_from(ODD))
        else:
            del there[key]
    text = json.dumps(good)
    cut = data.draw(st.integers(0, 10 * len(text)))
    found = told_or_read(from_json, text[:cut] + data.draw(st.sampled_from(["", "[", "NaN", '"'])) + text[cut:])
    if not isinstance(found, str):
        assert from_json(to_json(found)) == found


@settings(max_examples=200, **DRAWS)
@given(st.text(alphabet="nt0129.e+-*/^()<>=,! MaxPiewsgqrtAd\u03bb", max_size=60))
def test_any_text_is_a_formula_or_one_line(text: str) -> None:
    found = told_or_read(lambda text: read_part(text, PARAMETERS), text)
    if not isinstance(found, str):
        assert read_part(formula_text(found, PARAMETERS), PARAMETERS) == found


# At the command line.


def run(*words: str) -> Any:
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, list(words))


def test_files_are_read_where_python_files_are(tmp_path: Path) -> None:
    file, paper = tmp_path / "lemma.json", tmp_path / "paper.json"
    file.write_text(run("show", "lemma_b_1", "--format", "exchange").output, encoding="utf-8")
    paper.write_text(run("show", "melamed2023", "--format", "exchange").output, encoding="utf-8")
    for name in (str(file), f"{file}:lemma_b_1", f"{paper}:lemma_b_1"):
        assert run("eval", name, "n=100").output == run("eval", "lemma_b_1", "n=100").output
    assert (
        run("show", "lemma_b_1", "--as-printed", "--format", "exchange").output
        == to_json(bk.lemma_b_1.as_printed) + "\n"
    )
    assert "has no statement 'nix'" in run("eval", f"{file}:nix", "n=100").output
    examples = Path(__file__).parent.parent / "examples" / "laurent_massart.py"
    paper.write_text(run("show", str(examples), "--format", "exchange").output, encoding="utf-8")
    at = ("n=100", "t=3")
    assert run("eval", f"{paper}:laurent_massart_lower", *at).output == run("eval", f"{examples}:lower", *at).output
    file.write_bytes(b"\xff{")
    assert run("eval", str(file)).exit_code == 2
    assert "cannot be read" in run("eval", str(tmp_path / "nowhere.json")).output


def test_a_paper_of_ones_own_is_found_by_its_name_once_it_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(PAPERS, "own2026", ("", ()))  # what reading puts there goes again
    monkeypatch.delitem(PAPERS, "own2026")
    paper = Paper(name="own2026", title="Own", statements=(own(paper="own2026"),))
    file = tmp_path / "own.json"
    file.write_text(to_json(paper), encoding="utf-8")
    assert run("eval", f"{file}:own", "n=100", "t=1").exit_code == 0
    assert bk.papers["own2026"] == paper
    (tmp_path / "other.json").write_text(to_json(replace(paper, title="Other")), encoding="utf-8")
    assert "there is a paper 'own2026' already" in run("list", str(tmp_path / "other.json")).output
