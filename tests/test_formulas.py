"""The table of what a formula may hold times what is done with a formula: a new entry is tested like the others."""

from fractions import Fraction
from functools import cache
import json
from math import isfinite, isnan, log
from pathlib import Path
from random import Random
from typing import Any

import mpmath
import numpy as np
import pytest
from support import read_formula_latex, read_formula_text, some
import sympy

import boundkit as bk
from boundkit.coerce import as_real
from boundkit.enclose import log_ball
from boundkit.engine.guarantee import Verdict
from boundkit.explorer.printer import BallPrinter
from boundkit.formats.expressions import expression_latex, expression_text
from boundkit.formats.html import formula as as_mathml
from boundkit.formulas import TABLE

x, y, U = sympy.symbols("x y U")
PARAMETERS = (bk.reals(x, "a number"), bk.reals(y, "another"))
HEADS = [head for head, entry in TABLE.items() if entry.written]
EDGES = [Fraction(i, 2) for i in (-7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 7, 20, 41)]
EXACT = 1e-13  # to which arrays give a value; a call gives the nearest float, more or less


def _of(head: Any) -> sympy.Expr:
    written = TABLE[head].written.split(", sqrt")[0]
    if head is sympy.Pow:
        return x**y
    return head(x, y) if "y" in written else head(x)


@cache
def _formulas() -> dict[str, sympy.Expr]:
    """Each entry alone, inside others, and the shapes of the house."""
    found = {head.__name__: _of(head) for head in HEADS}
    found |= {f"{name} in a sum": 2 * f + x / 3 - sympy.pi for name, f in found.items()}
    found |= {f"{head.__name__} on top": sympy.exp(-_of(head)) / 2 for head in HEADS}
    found |= {f"{head.__name__} squared": _of(head) ** 2 * y for head in HEADS}
    found |= {
        "sqrt": sympy.sqrt(x), "1/x": 1 / x, "x^3": (x - y) ** 3, "E": x**sympy.E, "1 - x": 1 - x,
        "a fraction": (x + 1) / (y - 2), "1 - (1 - x)^y": 1 - (1 - x) ** y, "1 - exp(-x)": 1 - sympy.exp(-x),
        "exp - exp": sympy.exp(-x) - sympy.exp(-y), "log(1 + exp(-x))": sympy.log(1 + sympy.exp(-x)),
        "Piecewise": sympy.Piecewise((x, x > y), (y**2, sympy.And(x < 2, y > 0)), (1, True)),
        "open Piecewise": sympy.Piecewise((x, sympy.Or(x > y, x < 0))), "Abs of a difference": sympy.Abs(x - y),
        "floor of a quotient": sympy.floor(3 * x / 7 + y / 10), "Abs(exp(x))": sympy.Abs(sympy.exp(x)) * y,
        "|exp - exp|": sympy.Abs(sympy.exp(-x) - sympy.exp(-y)), "log log": sympy.log(sympy.log(x)),
        "near a pole": sympy.gamma(1 / (1 + x**2) - 2),
        "x!/y!": sympy.exp(sympy.loggamma(x + 1) - sympy.loggamma(y + 1)),
    }  # fmt: skip
    return {name: as_real(f) for name, f in found.items()}


def _points(count: int = 24) -> list[tuple[Fraction, Fraction]]:
    """Edges beside edges, and anywhere: five sizes."""
    rng = Random(20230228)
    some = [(rng.choice(EDGES), rng.choice(EDGES)) for _ in range(count // 2)]
    sizes = (Fraction(1, 1000), 1, 3, 30, 150)
    while len(some) < count:
        some.append(tuple(Fraction(f"{rng.uniform(-1, 2):.6f}") * rng.choice(sizes) for _ in range(2)))
    return some


def _oracle(expr: sympy.Expr) -> Any:
    run = sympy.lambdify((x, y), expr, [{"binomial": _binomial}, "mpmath"])

    def at(a: Fraction, b: Fraction) -> Any:
        """The value to 50 digits, or None where it is not a real number."""
        with mpmath.workdps(60):
            try:
                value = run(*(mpmath.mpf(c.numerator) / c.denominator for c in (a, b)))
            except (ZeroDivisionError, ValueError, OverflowError):
                return None
            value = mpmath.mpmathify(mpmath.nan if value is None else value)
            if isinstance(value, mpmath.mpc):
                return None if value.imag else value.real
            return None if mpmath.isnan(value) else value

    return at


def _binomial(n: Any, k: Any) -> Any:
    """By gamma functions; mpmath's own raises at whole k < 0, where it is 0."""
    if mpmath.isint(k) and k < 0:
        return mpmath.nan if mpmath.isint(n) and n < 0 else mpmath.mpf(0)
    return mpmath.binomial(n, k)


def _statement(f: sympy.Expr, **changes: Any) -> bk.Statement:
    fields = {
        "name": "own",
        "place": "Own",
        "parameters": PARAMETERS,
        "quantities": (bk.reals(U, "a quantity"),),
        "hypotheses": (),
        "claims": (U <= f,),
        "failure": sympy.Rational(1, 2),
        "doc": "Own: a test.",
    }
    return bk.Statement(**{**fields, **changes})


def _close(found: float, value: Any, slack: float) -> bool:
    if abs(value) > 1e307 or (value != 0 and abs(value) < 1e-290):
        return True  # floats end
    return bool(abs(mpmath.mpf(found) - value) <= slack * abs(value))


VARIANTS = (" in a sum", " on top", " squared")  # of each entry: in the slow run
every = pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.slow] * n.endswith(VARIANTS)) for n in _formulas()],
)


@every
def test_a_call_is_the_value_to_50_digits(name: str) -> None:
    f = _formulas()[name]
    s, at = _statement(f), _oracle(f)
    known = 0
    for a, b in _points():
        value, found = at(a, b), s(x=a, y=b).bound
        if value is None or not mpmath.isfinite(value):
            assert found is None or not isfinite(found), (a, b, found)
            continue
        known += 1
        assert found is not None, (a, b, value)
        assert _close(found, value, 4e-16), (a, b, found, value)
    assert known >= 4


@every
def test_arrays_are_the_call(name: str) -> None:
    f = _formulas()[name]
    s = _statement(f, failure=f, hypotheses=(bk.Hypothesis("f >= 1/3", sympy.Ge(f, sympy.Rational(1, 3))),))
    points = _points(60)
    arrays = {"x": [float(a) for a, _ in points], "y": [float(b) for _, b in points]}
    got = s.evaluate(**arrays)
    for i in range(len(points)):
        g = s(x=arrays["x"][i], y=arrays["y"][i])
        bound = np.nan if g.bound is None else g.bound
        for column, value in (("bound", bound), ("log_failure", g.log_failure)):
            found = got[column][i]
            same = found == value or (isnan(found) and isnan(value)) or not (isfinite(found) or isfinite(value))
            size = 1 if column == "log_failure" else abs(value) * (1 + abs(log(abs(value) or 1)) / 100)
            slack = EXACT * (size + abs(value)) + 1e-300
            assert same or abs(found - value) <= slack, (column, points[i], found, value)
        assert got["applies"][i] == (g.applies is True), points[i]


@every
def test_the_log_of_a_failure_keeps_its_digits(name: str) -> None:
    f = _formulas()[name]
    at = _oracle(f)
    for a, b in _points():
        value = at(a, b)
        found = log_ball(f, {x: a, y: b})
        if value is not None and mpmath.isfinite(value) and value > mpmath.mpf(10) ** -45:
            assert abs(float(found.mid()) - float(mpmath.log(value))) <= 1e-13 * (1 + abs(float(mpmath.log(value))))
        elif value is None or value < 0:
            assert not found.is_finite(), (a, b, value, found)


@every
def test_deterministic_claims(name: str) -> None:
    """The quantity is the formula: true with room, false without, at every point where it is defined."""
    f = _formulas()[name]
    true = _statement(f, claims=(U <= f + sympy.Rational(1, 10),), failure=0, truth=f)
    false = _statement(f, claims=(U < f,), failure=0, truth=f)
    at = _oracle(f)
    asked = 0
    for a, b in _points(12):
        if at(a, b) is None or not mpmath.isfinite(at(a, b)) or abs(at(a, b)) > 1e30:
            continue
        asked += 1
        assert true(x=a, y=b).exact().failure == 0
        assert bk.refute(true, x=a, y=b) is None
        assert false(x=a, y=b).exact().failure == 1
        assert bk.refute(false, x=a, y=b) is not None
        assert bk.check_point(true, x=a, y=b).status.name == "HOLDS"
    assert asked


def _inside(name: str) -> tuple[bk.Parameter, ...]:
    """Parameters in ranges where the formula is defined, for the most part."""
    low, high = (0, 1) if name.startswith("1 - (1") else (1, 4)
    return bk.reals(x, "a number", low, high), bk.reals(y, "another", sympy.Rational(1, 2), 1)


@pytest.mark.parametrize("name", some(_formulas(), 4))
def test_searches_and_audits(name: str) -> None:
    f = _formulas()[name]
    room = sympy.Rational(1, 10)
    defined = (bk.Hypothesis("defined", sympy.Le(f, f + 1, evaluate=False)),)
    true = _statement(f, claims=(U <= f + room,), failure=0, truth=f, parameters=_inside(name), hypotheses=defined)
    assert bk.falsify(true, points=30, seconds=60).counterexample is None
    assert not bk.audit(true, points=5).is_false
    false = _statement(f, claims=(U <= f - room,), failure=0, truth=f, parameters=_inside(name), hypotheses=defined)
    assert bk.falsify(false, points=30, seconds=60).counterexample is not None
    assert bk.audit(false, points=5).is_false


@every
def test_solving_tabling_and_carrying(name: str) -> None:
    f = _formulas()[name]
    low, high = (_inside(name)[0].low, _inside(name)[0].high)
    middle = float((low + high) / 2)
    level = sympy.Rational(f"{_statement(f)(x=middle, y=Fraction(3, 4)).bound:.4g}")
    s = _statement(f, parameters=_inside(name), hypotheses=(bk.Hypothesis("f >= level", sympy.Ge(f, level)),))
    found = s.solve_for("x", y=Fraction(3, 4))
    assert found.value is None or s(x=found.value, y=Fraction(3, 4)).applies
    table = bk.table(s, over={"x": [middle, middle * 1.25, high]}, fix={"y": 0.75})
    for text in (table.to_text(), table.to_latex(), table.to_json(), table.to_csv(), table._repr_html_()):
        assert text
    g = s(x=middle)
    assert g.verdict in Verdict
    for shown in (s, g, s(x=middle, y=1)):
        assert str(shown)
        assert shown.latex()
    json.dumps([g.to_dict(), s(x=middle, y=1).to_dict()], allow_nan=False)
    assert "<table>" in g._repr_html_()


@every
def test_latex_and_text_read_back(name: str) -> None:
    s = _statement(_formulas()[name])
    f = s.bound
    at = _oracle(f)
    for written, read in ((expression_text(s, f), read_formula_text), (expression_latex(s, f), read_formula_latex)):
        again = _oracle(read(written))
        for a, b in _points(12):
            value = at(a, b)
            if value is not None and mpmath.isfinite(value):
                assert again(a, b) is not None, written
                assert mpmath.almosteq(again(a, b), value, 1e-30), (written, a, b)
    assert as_mathml(expression_latex(s, f)).startswith("<math"), expression_latex(s, f)


@every
def test_the_explorer_draws_it_or_says_that_it_does_not(name: str) -> None:
    f = _statement(_formulas()[name]).bound
    hidden = [entry.written for head, entry in TABLE.items() if f.has(head) and not entry.drawn]
    if hidden:
        with pytest.raises(bk.StatementError, match=f"{hidden[0].partition('(')[0]} is not drawn"):
            BallPrinter().doprint(f)
    else:
        assert "b." in BallPrinter().doprint(f) or f in (x, y)


def test_the_docs_show_the_table() -> None:
    page = (Path(__file__).parent.parent / "docs" / "own.md").read_text()
    rows = [
        f"| `{entry.written}` | {entry.defined} | {'drawn' if entry.drawn else 'not drawn'} |"
        for entry in TABLE.values() if entry.written
    ]  # fmt: skip
    assert "\n" + "\n".join(rows) + "\n\n" in page
