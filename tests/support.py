"""What several tests share: how many examples, points of a domain, and the paper's LaTeX and text read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from random import Random
import re
from typing import Any

from hypothesis import settings
from hypothesis.strategies import SearchStrategy
import pytest
import sympy
from sympy.parsing.latex import parse_latex
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.formulas import TABLE
from boundkit.tails import chi_square_rate, mean_excess, row_sum_rate
from boundkit.testing import parameters


def examples(count: int) -> int:
    """A test's own number of examples, as many times more as the profile in force asks for: 20 in `thorough`."""
    return max(1, count * settings().max_examples // 100)


def some(cases: Iterable[Any], number: int = 12, keep: Callable[[Any], bool] = lambda _: False) -> list[Any]:
    """All of them, for `parametrize`: a seeded few and those to keep in the default run, the others marked slow.

    In the profile `thorough` a few are twenty times as many.
    """
    given = list(cases)
    rest = [i for i, case in enumerate(given) if not keep(case)]
    few = number * max(1, settings().max_examples // 100)
    slow = set(rest) - set(Random(0).sample(rest, min(few, len(rest))))
    marked = [(case if isinstance(case, tuple) else (case,), i in slow) for i, case in enumerate(given)]
    return [pytest.param(*case, marks=pytest.mark.slow if late else (), id=_id(case)) for case, late in marked]


def _id(case: tuple[Any, ...]) -> str:
    return "-".join(str(getattr(x, "name", getattr(x, "__name__", x))) for x in case)


def points(s: Statement, largest: int = 10**6) -> SearchStrategy[dict[str, Any]]:
    """Points anywhere in the domain, whatever is assumed."""
    return parameters(replace(s, hypotheses=()), largest=largest)


def assert_sound_bounds(found: bk.Bounds) -> None:
    """Every bound that counts is one, and stands before those that do not."""
    low, high = found.enclosure
    for bound in found.upper:
        assert not bound.counts or (bound.true is not False and bound.log_claimed >= low), bound
    for bound in found.lower:
        assert not bound.counts or (bound.true is not False and bound.log_claimed <= high), bound
    for side, sign in ((found.upper, 1), (found.lower, -1)):
        keys = [(not b.counts, sign * b.log_claimed) for b in side]
        assert keys == sorted(keys)


_PARAMETERS = {
    "ell": "ell",
    "lambda": "lam",
    "c_{ell}": "c_ell",
    "c_{k}": "c_k",
    "k_{y_{0}}": "k",
    "q": "gamma",
    "U": "norm_u",
    "u": "norm_u",
    "sigma_{1}": "sigma_1",
    "sigma_{2}": "sigma_2",
    "s": "shrink",
    "J": "norm_J",
    "q_{y_{0}}": "q",
    "vartheta": "theta",
    "n_{o}": "n_o",
    "r": "points",
    "U_{F}": "U_F",
    "u_{min}": "u_min",
    "W": "moved",
    "varepsilon": "off",
    "p": "pairs",
    "L": "both",
    "R": "top",
    "H": "pixels",
    "varrho": "reach",
    "varrho_{1}": "total_reach",
    "x": "level",
    "w": "width",
    "M": "norm_M",
    "A": "moved",
    "U_{2}": "u_2",
    "U_{1}": "u_1",
    "Delta": "dimension",
    "Delta_{W}": "drift",
    "h_{A}": "height",
    "varsigma": "bias_ratio",
    "sigma_{X}": "residue",
    "A_{X}": "path",
    "w_{X}": "point_weight",
}


def read_latex(text: str) -> Any:
    """The paper's LaTeX as an expression in the parameters of the catalogue."""
    plain = text.replace(r"\left|", "|").replace(r"\right|", "|").replace(r"\,", " ")
    plain = plain.replace(r"\|u\|", "U").replace(r"\|J\|", "J").replace(r"\|W(x_1 - x_0)\|", "W")
    plain = plain.replace(r"\|M\|", "M").replace(r"\|a(x_1) - a(x_0)\|", "A")
    expr = parse_latex(plain, backend="antlr")
    named = {
        s: sympy.Symbol(_PARAMETERS.get(s.name, s.name)) for s in expr.free_symbols if s.name not in ("x_{0}", "e")
    }
    output = sympy.Function("N")(sympy.Symbol("x_{0}"))
    constants = {sympy.Symbol("e"): sympy.E, sympy.Symbol("pi"): sympy.pi}
    named_formulas = {"kappa": chi_square_rate, "kappa_{Sigma}": row_sum_rate, "nu": mean_excess, "min": sympy.Min}
    for name, head in named_formulas.items():
        expr = expr.replace(sympy.Function(name), head)
    return expr.subs(output, sympy.Symbol("output")).xreplace({**named, **constants}).doit()


def read_text(text: str) -> Any:
    """Our plain text as an expression in the parameters of the catalogue."""
    names = {p.symbol.name: p.symbol for s in STATEMENTS.values() for r in s.readings for p in r.parameters}
    plain = text.replace("|N(x0)|", "Abs(output)").replace("N(x0)", "output").replace("|u|", "norm_u")
    plain = plain.replace("|J|", "norm_J").replace("|W (x1 - x0)|", "moved")
    plain = plain.replace("|M|", "norm_M").replace("|a(x1) - a(x0)|", "moved")
    plain = re.sub(r"\|([^|]+)\|", r"Abs(\1)", plain)
    plain = re.sub(r"\be\^", "E^", plain)
    steps = (*standard_transformations, convert_xor, implicit_multiplication_application)
    functions = {"sqrt": sympy.sqrt, "log": sympy.log, "Abs": sympy.Abs, "E": sympy.E, "pi": sympy.pi}
    functions |= {named.__name__: named for named in (chi_square_rate, row_sum_rate, mean_excess)}
    functions["min"] = sympy.Min
    return parse_expr(plain, local_dict={**names, **functions}, transformations=steps)


def read_relation(text: str, read: Any) -> Any:
    """A hypothesis in LaTeX or plain text, as a relation."""
    operators = {
        r"\geq": sympy.Ge,
        r"\leq": sympy.Le,
        r"\neq": sympy.Ne,
        ">=": sympy.Ge,
        "<=": sympy.Le,
        "!=": sympy.Ne,
        ">": sympy.Gt,
        "<": sympy.Lt,
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


_NAMED = {head.__name__: head for head, entry in TABLE.items() if entry.written and isinstance(head, type)}


def read_formula_text(text: str) -> Any:
    """Plain text as an expression in any parameters, whatever of the table it holds."""
    plain = re.sub(r"\|([^|]+)\|", r"Abs(\1)", _pieces_written(text))
    plain = re.sub(r"\be\b", "E", plain)
    steps = (*standard_transformations, convert_xor, implicit_multiplication_application)
    return parse_expr(plain, local_dict=dict(_NAMED), transformations=steps)


def _pieces_written(text: str) -> str:
    """``(a if x > 1, b otherwise)`` as a call of Piecewise, wherever it stands."""
    found, depth, start = "", 0, 0
    for i, parameter in enumerate(text):
        if parameter == "(":
            start = i if depth == 0 else start
            depth += 1
        elif parameter == ")":
            depth -= 1
            if depth == 0:
                found += f"({_pieces_written(text[start + 1 : i])})"
        elif depth == 0:
            found += parameter
    if " if " not in found:
        return found
    branches = [re.split(r" if | otherwise", part) for part in _split(found, ", ")]
    return f"Piecewise({', '.join(f'({value}, {_condition(when)})' for value, when, *_ in branches)})"


def _condition(text: str) -> str:
    for word, joined in ((" or ", "Or"), (" and ", "And")):
        if len(parts := _split(text, word)) > 1:
            return f"{joined}({', '.join(map(_condition, parts))})"
    for sign, relation in ((" != ", "Ne"), (" = ", "Eq")):
        if sign in text:
            return f"{relation}({text.replace(sign, ', ')})"
    return text or "True"


def _split(text: str, between: str) -> list[str]:
    """Outside brackets."""
    parts, depth = [""], 0
    for i, parameter in enumerate(text):
        depth += (parameter == "(") - (parameter == ")")
        parts[-1] += parameter
        if depth == 0 and parts[-1].endswith(between) and i + 1 < len(text):
            parts[-1] = parts[-1][: -len(between)]
            parts.append("")
    return parts


def read_formula_latex(text: str) -> Any:
    """LaTeX as an expression in any parameters, whatever of the table it holds; cases and conditions are read here."""
    pieces: dict[sympy.Symbol, Any] = {}

    def cases(found: re.Match[str]) -> str:
        rows = [row.split("&") for row in found[1].split(r"\\")]
        branches = [
            (read_formula_latex(value), _latex_condition(when.replace(r"\text{for}\:", ""))) for value, when in rows
        ]
        symbol = f"P_{{{len(pieces)}}}"
        pieces[sympy.Symbol(symbol)] = sympy.Piecewise(*branches)
        return symbol

    plain = re.sub(r"\\begin\{cases\}(.*?)\\end\{cases\}", cases, text)
    plain = plain.replace(r"\left|", "|").replace(r"\right|", "|").replace(r"\operatorname{erfc}", r"\xi")
    plain = re.sub(r"\b([a-z]) \\left\(", r"\1 \\cdot \\left(", plain.replace(r"\operatorname{erf}", r"\zeta"))
    expr = parse_latex(plain, backend="antlr")
    named = {"zeta": sympy.erf, "xi": sympy.erfc, "Gamma": sympy.gamma, "max": sympy.Max, "min": sympy.Min}
    for name, head in named.items():
        expr = expr.replace(sympy.Function(name), head)
    return expr.subs({sympy.Symbol("e"): sympy.E, sympy.Symbol("pi"): sympy.pi}).doit().xreplace(pieces)


def _latex_condition(text: str) -> Any:
    if r"\text{otherwise}" in text:
        return True
    for word, joined in ((r"\vee", sympy.Or), (r"\wedge", sympy.And)):
        if word in text:
            return joined(*map(_latex_condition, text.split(word)))
    return read_relation(text.replace("=", "==") if re.search(r" = ", text) else text, read_formula_latex)


# The first paper, and what stands beside it; the classics have a test of their own.
STATEMENTS = {s.name: s for paper in ("melamed2023", "beyond") for s in bk.papers[paper].statements}
# erfc; a law as a number; too many combinations of stops
UNDRAWN = {
    "gradient_everywhere", "chi_square_two_sided", "chi_square_two_sided_above", "any_data_flip", "linf_flip",
    "valid_image_flip",
}  # fmt: skip
DRAWN = {name: s for name, s in STATEMENTS.items() if name not in UNDRAWN}
