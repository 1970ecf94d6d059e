"""The explorer without a browser: what is printed, what is computed beforehand, and the command."""

import builtins
from math import isnan
from pathlib import Path
from random import Random
import re
import webbrowser

from click.testing import CliRunner
import pytest
from support import DRAWN, UNDRAWN, some
from sympy import Abs, Eq, Function, Max, Piecewise, Rational, exp, log, oo, pi, sqrt
from sympy.abc import k, m, n, t, x

import boundkit as bk
from boundkit.api.loading import load
from boundkit.cli import main
from boundkit.enclose import log_ball
from boundkit.errors import BoundkitError, StatementError
from boundkit.explorer import page as page_module
from boundkit.explorer.formulas import functions, words
from boundkit.explorer.lawtables import NO_PLACE, law_table
from boundkit.explorer.page import explorer_page
from boundkit.explorer.printer import BallPrinter
from boundkit.explorer.scales import start, stops
from boundkit.formats.prose import parts
from boundkit.tails import Tail, chi_square_at_most, row_sum_rate

HERE = Path(page_module.__file__).parent
BY_HAND = sorted(path for path in HERE.iterdir() if path.suffix in (".js", ".html", ".css"))


@pytest.fixture(scope="module")
def page() -> str:
    undrawn = set()
    made = explorer_page((bk.papers.melamed2023, bk.papers.beyond), lambda s, _: undrawn.add(s.name))
    assert undrawn == UNDRAWN
    return made


def test_no_formula_is_typed(page: str) -> None:
    """Every formula on the page comes from the printer, and what is written by hand calls no arithmetic of balls."""
    table = page[page.rindex("const formulas = {") :]
    for name, s in DRAWN.items():
        printed = functions(s, lambda tail: 0)
        assert re.sub(r"law\(\d+,", "law(0,", f'"{name}": {printed}') in re.sub(r"law\(\d+,", "law(0,", table)
    arithmetic = {"add", "mul", "div", "pow", "sqrt", "exp", "log", "log1p", "logSumExp", "abs", "pi", "max", "min"}
    scripts = [path for path in BY_HAND if path.suffix == ".js" and path.stem != "balls"]
    used = {name for path in scripts for name in re.findall(r"\bb\.(\w+)", path.read_text())}
    assert "holds" in used
    assert used.isdisjoint(arithmetic), used & arithmetic
    parameters = {p.name for s in bk.catalogue.values() for p in s.parameters if len(p.name) > 1}
    for path in BY_HAND:
        text = path.read_text()
        assert not re.findall(rf"\bv\.({'|'.join(parameters)})\b", text), path
        assert not re.findall(r"(?:theorem|lemma|corollary|remark)_\w+", text), path
        assert not re.search(r"\b(16|32)\b(?!px)", text) or path.suffix == ".css", f"{path} has a constant of the paper"


def test_a_changed_statement_changes_the_page() -> None:
    s = bk.theorem_5_1.corrected(failure=bk.theorem_5_1.failure * 2)
    assert functions(s, lambda tail: 0) != functions(bk.theorem_5_1, lambda tail: 0)


@pytest.mark.parametrize(
    ("expr", "code"),
    [
        (m - k, "b.add(v.m, b.mul(b.point(-1), v.k))"),
        (m * sqrt(x) / (3 * k**2), "b.div(b.mul(v.m, b.sqrt(v.x)), b.mul(b.point(3), b.pow(v.k, b.point(2))))"),
        (Rational(-2, 3), "b.div(b.point(-2), b.point(3))"),
        (1 / sqrt(n), "b.div(b.point(1), b.sqrt(v.n))"),
        (x ** (-log(x)), "b.pow(v.x, b.mul(b.point(-1), b.log(v.x)))"),
        (exp(-n * t / 2), "b.exp(b.div(b.mul(b.point(-1), v.n, v.t), b.point(2)))"),
        (Max(Abs(x), 1), "b.max(b.point(1), b.abs(v.x))"),
        (Piecewise((0, Eq(k, 0) | (m > 2)), (x, True)),
         'b.pick([() => b.or(b.holds("==", v.k, b.point(0)), b.holds(">", v.m, b.point(2))), () => b.point(0)], '
         "[() => true, () => v.x])"),
        (2 * pi, "b.mul(b.point(2), b.pi)"),
        (-oo, "b.point(-Infinity)"),
        (n * 0.1, "b.mul(b.point(0.1), v.n)"),
    ],
)  # fmt: skip
def test_expressions_print_as_interval_arithmetic(expr: object, code: str) -> None:
    assert BallPrinter().doprint(expr) == code


def test_a_named_formula_prints_as_what_it_stands_for() -> None:
    rate = row_sum_rate(x, m)
    assert BallPrinter().doprint(rate) == BallPrinter().doprint(rate.formula)


@pytest.mark.parametrize("expr", [Function("f")(x), chi_square_at_most(n, x), 2**60 + x])
def test_what_has_no_javascript_is_refused(expr: object) -> None:
    with pytest.raises(StatementError, match="is not drawn"):
        BallPrinter().doprint(expr)


WITH_LAWS = [name for name, s in DRAWN.items() if s.truth is not None and s.truth.atoms(Tail)]


@pytest.mark.parametrize("name", some(WITH_LAWS))
def test_tables_hold_the_certified_laws(name: str) -> None:
    s, random = bk.catalogue[name], Random(name)
    for tail in s.truth.atoms(Tail):
        table = law_table(tail, s)
        for _ in range(4):
            place, point, inside = 0, {}, True
            for group in table.groups:
                at = random.randrange(len(group.places))
                inside &= group.places[at] != NO_PLACE
                place = place * len(group.points) + group.places[at]
                for parameter, own in reversed(list(zip(group.parameters, group.stops, strict=True))):
                    at, i = divmod(at, len(own))
                    point[parameter] = own[i]
            if not inside:
                assert not _is_covered(s, point), (tail, point)
                continue
            g = s(**point)
            truth = log_ball(tail, g.given)
            if isnan(table.logs[place]):
                assert not truth.is_finite() or abs(float(truth.mid())) > 1e290, (tail, point)
            else:
                assert table.logs[place] == pytest.approx(float(truth.mid()), rel=1e-11, abs=1e-15), (tail, point)


def _is_covered(s: bk.Statement, point: dict) -> bool:
    try:
        return s(**point).applies is not False
    except bk.ParameterError:
        return False


@pytest.mark.parametrize("name", DRAWN)
def test_every_stop_makes_sense_and_every_start_says_something(name: str) -> None:
    s = bk.catalogue[name]
    for p in s.parameters:
        values = stops(p)
        assert list(values) == sorted(set(values))
        assert len(values) >= (2 if (p.low, p.high) == (0, 1) and p.integer else 7)
        assert all(s(**{p.name: value}).values for value in values)
        assert all(float(repr(value)) == value for value in values)
    assert s(**start(s)).verdict is bk.Verdict.INFORMATIVE
    told = words(s)
    assert set(told["axes"]) <= {parameter["name"] for parameter in told["parameters"]}
    assert len(set(told["axes"])) == min(2, len(s.parameters))


def test_the_page_is_one_file_that_asks_for_nothing(page: str) -> None:
    assert len(page.encode()) < 4.5e6
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?+(?!data:)", page)
    assert "default-src 'none'" in page
    for source in BY_HAND:
        assert not re.search(r"https?://|\bfetch\(|XMLHttpRequest|innerHTML", source.read_text()), source


def test_every_statement_is_typeset_at_a_glance(page: str) -> None:
    """A template for each, with one formula for each claim, hypothesis and failure, none of them left as LaTeX."""
    for name, s in DRAWN.items():
        (told,) = re.findall(rf'<template id="glance-{name}">(.*?)</template>', page)
        corrected = sum(bool(part.tex) for part in parts(s.reading))
        assert told.count("<math") == len(s.claims) + len(s.relations) + (s.failure != 0) + corrected, name
        assert "\\" not in told
        assert s.place in told


def test_the_command_writes_and_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "explorer_page", lambda *_: "<!DOCTYPE html>")
    seen: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: seen.append(address) or True)
    out = tmp_path / "a page.html"
    done = CliRunner().invoke(main, ["explore", "--out", str(out)])
    assert (done.exit_code, done.output) == (0, f"wrote {out}\n")
    assert out.read_text() == "<!DOCTYPE html>"
    assert seen == [out.as_uri()]
    CliRunner().invoke(main, ["explore", "--out", str(out), "--no-open"])
    assert len(seen) == 1
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    assert "no browser was found" in CliRunner().invoke(main, ["explore", "--out", str(out)]).output
    refused = CliRunner().invoke(main, ["explore", "--out", str(tmp_path / "no" / "x.html")])
    assert refused.exit_code == 2
    assert "cannot be written" in refused.output


def test_without_bokeh_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name.startswith("bokeh"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    done = CliRunner().invoke(main, ["explore", "--no-open"])
    assert done.exit_code == 2
    assert "extra, '.[explore]', or run pip install bokeh" in done.output
    assert done.output.count("\n") == 1
    with pytest.raises(BoundkitError):
        explorer_page()


def told_on(page: str) -> list[str]:
    """The statements on a page."""
    return re.findall(r'<template id="glance-(\w+)">', page)


def test_a_page_of_some_statements_has_those_that_say_more_beside_them() -> None:
    assert told_on(explorer_page([bk.theorem_5_1])) == ["theorem_5_1", "sharpened_5_1"]
    assert told_on(explorer_page([bk.catalogue["beyond.gradient_interval"], bk.lemma_b_1])) == [
        "gradient_interval",
        "lemma_b_1",
        "lemma_b_1_best",
    ]


def test_a_statement_that_cannot_be_drawn_is_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import boundkit as bk\nfrom dataclasses import replace\nfrom sympy import exp, factorial, symbols\n"
        "n, U = symbols('n U')\n"
        "mine = bk.Statement(name='mine', place='Mine', parameters=(bk.integers(n, 'a count'),),\n"
        "    quantities=(bk.reals(U, 'a length', 0),), hypotheses=(), claims=(U <= n,), failure=exp(-n))\n"
        "other = replace(mine, name='other', failure=1 / factorial(n + 1))\n"
    )
    out = tmp_path / "page.html"
    done = CliRunner().invoke(main, ["explore", str(tmp_path / "mine.py"), "--no-open", "--out", str(out)])
    assert (done.exit_code, done.stdout) == (0, f"wrote {out}\n")
    assert done.stderr.startswith("left out: other: ")
    assert told_on(out.read_text()) == ["mine"]
    assert words(load(tmp_path / "mine.py").mine)["call"] == "mine"
    assert words(bk.theorem_5_1)["call"] == "bk.theorem_5_1"
    alone = CliRunner().invoke(main, ["explore", f"{tmp_path / 'mine.py'}:other", "--no-open", "--out", str(out)])
    assert alone.exit_code == 2
