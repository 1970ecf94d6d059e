"""What parameters and laws are called changes no value: not of a call, of arrays, of a search."""

import builtins
from keyword import iskeyword
from typing import Any

from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples
import sympy

import boundkit as bk
from boundkit.explorer.printer import BallPrinter
from boundkit.formats.expressions import expression_text
from boundkit.formulas import ARRAYS
from boundkit.model.validation import RESERVED
from boundkit.studies.sweeps.identity import fingerprint
from boundkit.tails import Named, Tail

WORDS = {*dir(np), *dir(sympy), *dir(builtins), *ARRAYS, "parameter_1", "parameter_0", "law_0", "x1", "x2", "_"}
NAMES = sorted(name for name in WORDS if name.isidentifier() and not iskeyword(name) and name not in RESERVED)
HARD = ("pi", "e", "E", "gamma", "log", "sqrt", "abs", "erf", "select", "less", "maximum", "float", "LogSumExp")


class Slow(Tail):
    """P[X >= x] of an exponential X."""

    continuous = True

    @staticmethod
    def log(x: Any) -> Any:
        return -np.asarray(x, float)

    @staticmethod
    def ball(x: Any) -> arb:
        return -arb(x)


class Fast(Tail):
    """The same of X/3."""

    continuous = True

    @staticmethod
    def log(x: Any) -> Any:
        return -3 * np.asarray(x, float)

    @staticmethod
    def ball(x: Any) -> arb:
        return -3 * arb(x)


def statement(parameters: tuple[str, str], laws: tuple[str, str] = ("Slow", "Fast")) -> bk.Statement:
    """One statement of all kinds of parts, whatever its parameters and laws are called."""
    n, t = sympy.symbols(parameters)
    U = sympy.Symbol("the_length")
    slow, fast = (type(name, (law,), {}) for law, name in zip((Slow, Fast), laws, strict=True))
    bound = sympy.pi * n * sympy.log(n + t) + sympy.gamma(t) + sympy.sqrt(t) + sympy.Max(n, t) + sympy.erf(t)
    bound += sympy.exp(sympy.E) + sympy.Piecewise((n, n < t), (t**n, True)) + sympy.floor(t) * 2**60
    return bk.Statement(
        name="own",
        place="Own",
        parameters=(bk.integers(n, "a count", 1, 40), bk.reals(t, "a time", 1, 9)),
        quantities=(bk.reals(U, "a length"),),
        hypotheses=(bk.Hypothesis("n > 2 or t > 2", sympy.Or(n > 2, t > 2)),),
        claims=(sympy.Le(U, bound),),
        failure=(sympy.exp(-n) + sympy.exp(-t)) * sympy.pi / 9,
        truth=slow(t) / 2 + fast(t) / 9,
    )


N, T = np.arange(1, 13), np.linspace(1.25, 7, 12)
COLUMNS = ("bound", "log_failure", "applies", "verdict", "log_exact")
PLAIN = statement(("n", "t")).evaluate(columns=COLUMNS, n=N, t=T)


@settings(max_examples=examples(25))
@given(
    st.tuples(*[st.sampled_from(HARD) | st.sampled_from(NAMES)] * 2).filter(lambda pair: pair[0] != pair[1]),
    st.tuples(*[st.sampled_from(("One", "law_1", "gamma", "exp", "parameter_0"))] * 2),
)
def test_no_name_changes_a_value(parameters: tuple[str, str], laws: tuple[str, str]) -> None:
    s = statement(parameters, laws)
    got = s.evaluate(columns=COLUMNS, **dict(zip(parameters, (N, T), strict=True)))
    for column in COLUMNS:
        assert np.array_equal(got[column], PLAIN[column]), column  # to the last digit
    for i in (0, 7):
        g = s(**dict(zip(parameters, (N[i], T[i]), strict=True)))
        assert g.bound == pytest.approx(got["bound"][i], rel=1e-13)
        assert g.exact().log_failure == pytest.approx(got["log_exact"][i], rel=1e-13)


@pytest.mark.parametrize("parameters", [("pi", "e"), ("e", "pi"), ("gamma", "log"), ("less", "select")])
def test_a_search_finds_what_it_finds_under_other_names(parameters: tuple[str, str]) -> None:
    found, again = (bk.falsify(s, points=300) for s in (statement(("n", "t")), statement(parameters, ("law", "law"))))
    assert found.counterexample is not None
    assert again.counterexample is not None
    values, same = ([x for _, x in search.counterexample.point] for search in (found, again))
    assert values == same


def test_what_is_false_everywhere_is_found_whatever_its_parameter_is_called() -> None:
    """P[X >= x] = e^-x is claimed to be at most e^(-4 x/pi)."""
    for name in ("x", *HARD):
        x, U = sympy.symbols([name, "the_length"])
        s = bk.Statement(
            name="own", place="Own", parameters=(bk.reals(x, "a time", 5, 9),), quantities=(bk.reals(U, "a length"),),
            hypotheses=(), claims=(sympy.Le(U, x),), failure=sympy.exp(-4 * x / sympy.pi), truth=Slow(x),
        )  # fmt: skip
        assert bk.falsify(s, points=60).counterexample is not None, name


def test_namesakes_are_told_apart_in_print_and_in_stores() -> None:
    x = sympy.Symbol("x")
    one, other = (type("Max", (law,), {"__module__": __name__}) for law in (Slow, Fast))
    assert fingerprint(one(x) + 2 * other(x)) != fingerprint(other(x) + 2 * one(x))
    double = type("Pow", (Named,), {"nargs": 2, "formula": property(lambda self: self.args[0] + self.args[1])})
    s = statement(("n", "t"))
    assert expression_text(s, double(x, 2)) == "Pow(x, 2)"
    assert BallPrinter().doprint(double(x, 2)) == BallPrinter().doprint(x + 2)
    assert expression_text(s, type("Abs", (Slow,), {})(x)) == "Abs(x)"
