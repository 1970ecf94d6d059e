"""What several tests share: how many examples, points of a domain, and the paper's LaTeX and text read back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
import re
from typing import Any

from hypothesis import settings
from hypothesis.strategies import SearchStrategy
import sympy
from sympy.parsing.latex import parse_latex
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

import boundkit as bk
from boundkit.statement import Statement
from boundkit.tails import chi_square_rate, row_sum_rate
from boundkit.testing import parameters


def examples(count: int) -> int:
    """A test's own number of examples, as many times more as the profile in force asks for: 20 in `thorough`."""
    return count * settings().max_examples // 100


def points(s: Statement, largest: int = 10**6) -> SearchStrategy[dict[str, Any]]:
    """Points anywhere in the domain, whatever is assumed."""
    return parameters(replace(s, hypotheses=()), largest=largest)


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
    expr = expr.replace(sympy.Function("kappa"), chi_square_rate).replace(sympy.Function("kappa_{Sigma}"), row_sum_rate)
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
