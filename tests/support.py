"""What several tests share: points of a statement's own domain, and the paper's LaTeX and text read back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import exp, log
from random import Random
import re
from typing import Any

from hypothesis import strategies as st
import sympy
from sympy.parsing.latex import parse_latex
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

import boundkit as bk
from boundkit.enclose import ball, fraction, holds
from boundkit.parameter import Parameter
from boundkit.statement import Statement
from boundkit.tails import chi_square_rate, row_sum_rate

LARGEST = 10**6


def ends(p: Parameter, given: dict[sympy.Symbol, Any], largest: int = LARGEST) -> tuple[Fraction, Fraction]:
    """The range to draw a letter from, its own domain cut to reasonable sizes."""
    low = Fraction(-50) if p.low.is_infinite else fraction(ball(p.low, given))
    top = Fraction(largest if p.integer else 50)
    return low, top if p.high.is_infinite else min(fraction(ball(p.high, given)), top)


@st.composite
def points(draw: Any, s: Statement, largest: int = LARGEST) -> dict[str, Any]:
    """A value for every letter, within its domain; small, large and edge values are all likely."""
    given: dict[sympy.Symbol, Any] = {}
    for p in s.parameters:
        low, high = ends(p, given, largest)
        if p.integer:
            size = draw(st.sampled_from([1, 10, 1000, 10**9]))
            given[p.symbol] = draw(st.integers(int(low), int(min(high, low + size))))
        else:
            numerator = draw(st.integers(1 if p.strict else 0, 1000))
            given[p.symbol] = low + (high - low) * Fraction(numerator, draw(st.sampled_from([1000, 10**5])))
    return {symbol.name: value for symbol, value in given.items()}


def covers(s: Statement, values: dict[str, Any]) -> bool:
    """Whether every hypothesis certainly holds."""
    given = {sympy.Symbol(name): value for name, value in values.items()}
    return all(holds(relation, given) is True for relation in s.relations)


def random_points(s: Statement, seed: int, count: int, largest: int = LARGEST) -> Iterator[dict[str, Any]]:
    """Seeded points of the domain, log-uniform in size, as floats and ints."""
    rng = Random(seed)
    for _ in range(count):
        given: dict[sympy.Symbol, Any] = {}
        for p in s.parameters:
            low, high = (float(x) for x in ends(p, given, largest))
            if p.integer:
                start = max(low, 1.0)
                value: Any = round(exp(rng.uniform(log(start), log(max(high, start)))))
                value = int(low) if rng.random() < 0.05 else min(value, int(high))
            elif low < 0 < high:
                value = rng.choice((-1, 1)) * min(exp(rng.uniform(-3, 3)), high, -low)
            else:
                value = low + (high - low) * rng.choice((rng.random(), exp(rng.uniform(-8, 0))))
                value = value if value > low or not p.strict else high
            given[p.symbol] = value if p.integer else Fraction(value)
        yield {symbol.name: value for symbol, value in given.items()}


_LETTERS = {
    "ell": "ell", "lambda": "lam", "c_{ell}": "c_ell", "c_{k}": "c_k", "k_{y_{0}}": "k", "q": "gamma", "U": "norm_u",
    "u": "norm_u", "sigma_{1}": "sigma_1", "sigma_{2}": "sigma_2",
    "s": "shrink", "J": "norm_J", "q_{y_{0}}": "q",
}


def read_latex(text: str) -> Any:
    """The paper's LaTeX as an expression in the letters of the catalogue."""
    plain = text.replace(r"\left|", "|").replace(r"\right|", "|").replace(r"\,", " ")
    plain = plain.replace(r"\|u\|", "U").replace(r"\|J\|", "J")
    expr = parse_latex(plain, backend="antlr")
    named = {s: sympy.Symbol(_LETTERS.get(s.name, s.name)) for s in expr.free_symbols if s.name not in ("x_{0}", "e")}
    output = sympy.Function("N")(sympy.Symbol("x_{0}"))
    constants = {sympy.Symbol("e"): sympy.E, sympy.Symbol("pi"): sympy.pi}
    return expr.subs(output, sympy.Symbol("output")).xreplace({**named, **constants}).doit()


def read_text(text: str) -> Any:
    """Our plain text as an expression in the letters of the catalogue."""
    names = {p.symbol.name: p.symbol for s in bk.catalogue.values() for r in s.readings for p in r.parameters}
    plain = text.replace("|N(x0)|", "Abs(output)").replace("N(x0)", "output").replace("|u|", "norm_u")
    plain = plain.replace("|J|", "norm_J")
    plain = re.sub(r"\|([^|]+)\|", r"Abs(\1)", plain)
    plain = re.sub(r"\be\^", "E^", plain)
    steps = (*standard_transformations, convert_xor, implicit_multiplication_application)
    functions = {"sqrt": sympy.sqrt, "log": sympy.log, "Abs": sympy.Abs, "E": sympy.E, "pi": sympy.pi}
    functions |= {rate.__name__: rate for rate in (chi_square_rate, row_sum_rate)}
    return parse_expr(plain, local_dict={**names, **functions}, transformations=steps)


def read_relation(text: str, read: Any) -> Any:
    """A hypothesis in LaTeX or plain text, as a relation."""
    operators = {
        r"\geq": sympy.Ge, r"\leq": sympy.Le, r"\neq": sympy.Ne,
        ">=": sympy.Ge, "<=": sympy.Le, "!=": sympy.Ne, ">": sympy.Gt, "<": sympy.Lt,
    }
    for sign, relation in operators.items():
        if sign in text:
            left, right = text.split(sign)
            return relation(read(left), read(right), evaluate=False)
    raise AssertionError(f"{text} is no relation")


def same_number(one: Any, other: Any, point: dict[str, Any]) -> bool:
    """Whether two expressions agree at a point, to 30 digits."""
    at = {sympy.Symbol(name): sympy.Rational(Fraction(value)) for name, value in point.items()}
    first, second = (sympy.N(sympy.sympify(expr).subs(at), 40) for expr in (one, other))
    return bool(abs(first - second) <= sympy.Float(10) ** -30 * (1 + abs(second)))
