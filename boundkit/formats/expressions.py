"""Expressions as people write them: plain text and LaTeX. What is rounded is rounded outward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
import re
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.str import StrPrinter

from boundkit import enclose
from boundkit.formats.numbers import DIGITS, latex_number, number_text
from boundkit.model.statement import StatementRecord
from boundkit.tails import Named, Tail
from boundkit.values import Formula

LARGEST_LOG = 10**6  # of a number that is written out

TEXT_OPERATORS = {"==": "=", "!=": "!=", ">=": ">=", "<=": "<=", ">": ">", "<": "<"}
_OPPOSITE = {"==": "!=", "!=": "=", ">=": "<", "<=": ">", ">": "<=", "<": ">="}
TEX_OPERATORS = {"==": "=", "!=": r"\neq", ">=": r"\geq", "<=": r"\leq", ">": ">", "<": "<"}


class _Latex(LatexPrinter):
    """SymPy's, where what it prints can be read only one way."""

    def _print_factorial(self, expr: Formula, exp: str | None = None) -> str:
        text = rf"{self.parenthesize(expr.args[0], PRECEDENCE['Func'])}!"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _print_binomial(self, expr: Formula, exp: str | None = None) -> str:
        text = rf"\binom{{{self._print(expr.args[0])}}}{{{self._print(expr.args[1])}}}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _print_loggamma(self, expr: Formula, exp: str | None = None) -> str:
        return self._power_of(rf"\log{{\left(\Gamma\left({self._print(expr.args[0])}\right) \right)}}", exp)

    def _print_log1p(self, expr: Formula, exp: str | None = None) -> str:
        return self._power_of(rf"\log{{\left({self._print(1 + expr.args[0])} \right)}}", exp)

    def _print_log(self, expr: Formula, exp: str | None = None) -> str:
        return self._power_of(rf"\log{{\left({self._print(expr.args[0])} \right)}}", exp)

    def _print_gamma(self, expr: Formula, exp: str | None = None) -> str:
        return self._power_of(rf"\Gamma\left({self._print(expr.args[0])}\right)", exp)

    def _print_erf(self, expr: Formula, exp: str | None = None) -> str:
        name = rf"\operatorname{{{type(expr).__name__}}}"
        return self._power_of(rf"{name}\left({self._print(expr.args[0])}\right)", exp)

    _print_erfc = _print_erf

    def _power_of(self, text: str, exp: str | None) -> str:
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


class TextPrinter(StrPrinter):
    """Plain text close to the paper: m^2, e^(-ell/16), |N(x0)|, products by juxtaposition."""

    def __init__(self, names: Mapping[sympy.Symbol, str], toward: int = 0) -> None:
        super().__init__({"order": "none"})
        self.names, self.toward = names, toward

    def _print(self, expr: Formula, **settings: Any) -> str:
        # SymPy goes by the name of the class, and a law may be called what one of its own functions is called.
        return self._print_Function(expr) if isinstance(expr, Tail | Named) else str(super()._print(expr, **settings))

    def _print_Symbol(self, expr: Formula) -> str:
        return self.names.get(expr, str(expr.name))

    def _print_Float(self, expr: Formula) -> str:
        return number_text(Decimal(str(expr)), DIGITS, self.toward)

    def _print_Rational(self, expr: Formula) -> str:
        return f"{expr.p}/{expr.q}"

    def _print_Pow(self, expr: Formula, rational: bool = False) -> str:
        """sqrt(x), 1/x, or x^n, in brackets where the power is more than a name or a number."""
        if expr.exp == sympy.S.Half:
            return f"sqrt({self._print(expr.base)})"
        if expr.exp == -sympy.S.Half:
            return f"{self._atom(expr.base)}^(-1/2)"
        if expr.exp == -1:
            return f"1/{self._atom(expr.base)}"
        power = self._print(expr.exp)
        return f"{self._atom(expr.base)}^{power if re.fullmatch(r'[a-zA-Z0-9]+', power) else f'({power})'}"

    def _print_exp(self, expr: Formula) -> str:
        return f"e^({self._print(expr.args[0])})"

    def _print_Exp1(self, expr: Formula) -> str:
        return "e"

    def _print_Abs(self, expr: Formula) -> str:
        inside = self._print(expr.args[0])
        return f"Abs({inside})" if "|" in inside else f"|{inside}|"

    def _print_Mul(self, expr: Formula) -> str:
        """A sign, then factors side by side, over what they are divided by."""
        sign, rest = ("-", -expr) if expr.could_extract_minus_sign() else ("", expr)
        if not rest.is_Mul:
            return sign + self._factor(rest)
        above, below = [], []
        for factor in rest.args:
            if factor.is_Rational and factor.q != 1:
                above += [sympy.Integer(factor.p)] if factor.p != 1 else []
                below.append(sympy.Integer(factor.q))
            elif factor.is_Pow and factor.exp.could_extract_minus_sign() and factor.exp != -sympy.S.Half:
                below.append(1 / factor)
            else:
                above.append(factor)
        over = " ".join(map(self._factor, self._in_order(above))) or "1"
        under = " ".join(map(self._factor, self._in_order(below)))
        return sign + (f"{over}/({under})" if len(below) > 1 else f"{over}/{under}" if below else over)

    def _print_Add(self, expr: Formula, order: Any = None) -> str:
        terms = sorted(expr.args, key=lambda term: (term.could_extract_minus_sign(), term.is_number))
        text = str(self._print(terms[0]))
        for term in terms[1:]:
            negative = term.could_extract_minus_sign()
            text += f" {'-' if negative else '+'} {self._print(-term if negative else term)}"
        return text

    def _print_Relational(self, expr: Formula) -> str:
        return " ".join((self._print(expr.lhs), TEXT_OPERATORS[expr.rel_op], self._print(expr.rhs)))

    def _print_Function(self, expr: Formula) -> str:
        if getattr(expr, "event", None) is None:
            return f"{type(expr).__name__}({', '.join(map(self._print, expr.args))})"
        variable, parameters, operator, threshold = expr.event
        of = f"({', '.join(map(self._print, parameters))})" if parameters else ""
        return f"P[{variable}{of} {operator} {self._print(threshold)}]"

    def doprint(self, expr: Formula) -> str:
        """Return the text; at the top branches stand without brackets."""
        return self._branches(expr) if isinstance(expr, sympy.Piecewise) else str(super().doprint(expr))

    def _print_Piecewise(self, expr: Formula) -> str:
        return f"({self._branches(expr)})"

    def _branches(self, expr: Formula) -> str:
        return ", ".join(
            f"{self._print(branch)}" + (f" if {self._print(when)}" if when != sympy.true else " otherwise")
            for branch, when in expr.args
        )

    def _print_And(self, expr: Formula) -> str:
        return " and ".join(map(self._part, expr.args))

    def _print_Or(self, expr: Formula) -> str:
        return " or ".join(map(self._part, expr.args))

    def _part(self, condition: Formula) -> str:
        text = str(self._print(condition))
        return text if isinstance(condition, Relational) else f"({text})"

    def _in_order(self, factors: list[Formula]) -> list[Formula]:
        """Numbers first, then parameters and their powers, then what needs brackets."""
        return sorted(factors, key=lambda f: (not f.is_number, isinstance(f, sympy.Function), f.is_Add))

    def _factor(self, expr: Formula) -> str:
        text = self._print(expr)
        return f"({text})" if expr.is_Add else text

    def _atom(self, expr: Formula) -> str:
        text = self._print(expr)
        loose = precedence(expr) < PRECEDENCE["Atom"] and not isinstance(expr, sympy.Function)
        return f"({text})" if loose else text


def expression_text(statement: StatementRecord, expr: Formula, toward: int = 0) -> str:
    """Write an expression in a statement's parameters as plain text; its numbers rounded outward."""
    if isinstance(expr, int | float | Fraction):
        return number_text(expr if isinstance(expr, Fraction) else float(expr), DIGITS, toward)
    names = {p.symbol: p.text for p in (*statement.parameters, *statement.quantities) if p.text}
    return str(TextPrinter(names, toward).doprint(_numbers_joined(expr)))


def expression_latex(statement: StatementRecord, expr: Formula, toward: int = 0) -> str:
    """Write an expression in a statement's parameters as LaTeX; its numbers rounded outward."""
    if isinstance(expr, int | float | Fraction):
        return latex_number(expression_text(statement, expr, toward))
    names = {p.symbol: p.tex for p in (*statement.parameters, *statement.quantities) if p.tex}
    printer = _Latex({"symbol_names": names})
    if not isinstance(expr, sympy.Expr):
        return str(printer.doprint(expr))
    number, rest = _numbers_joined(expr).as_coeff_Mul()
    if not number.is_Float:
        return str(printer.doprint(_numbers_joined(expr)))
    shown = latex_number(number_text(Decimal(str(number)), DIGITS, toward))
    return shown if rest == 1 else f"{shown} {printer.doprint(rest)}"


def relation_text(statement: StatementRecord, relation: Formula, bound: Formula | None = None) -> str:
    """Write a claim or hypothesis as plain text; with `bound` for its right-hand side where that is given."""
    return _relation(statement, relation, bound, expression_text, TEXT_OPERATORS)


def relation_latex(statement: StatementRecord, relation: Formula, bound: Formula | None = None) -> str:
    """Write a claim or hypothesis as LaTeX; with `bound` for its right-hand side where that is given."""
    return _relation(statement, relation, bound, expression_latex, TEX_OPERATORS)


def _relation(
    statement: StatementRecord,
    relation: Formula,
    bound: Formula | None,
    write: Callable[..., str],
    operators: Mapping[str, str],
) -> str:
    """A relation as `write` writes formulas; a claim in its quantity's words, or with its own form of the bound."""
    if not isinstance(relation, Relational):
        return str(write(statement, relation))
    latex = write is expression_latex
    quantity = next((q for q in statement.quantities if q.symbol == relation.lhs), None)
    if quantity is not None and quantity.phrase:
        return quantity.phrase[latex]
    own = _own(statement.tex if latex else statement.text, statement, relation, bound)
    right = own or write(statement, relation.rhs if bound is None else bound, outward(relation))
    return f"{write(statement, relation.lhs)} {operators[relation.rel_op]} {right}"


def failure_formula(statement: StatementRecord, latex: bool = False) -> str:
    """Write the failure probability, in the paper's own form where the statement carries it."""
    own = dict(statement.tex if latex else statement.text).get("failure")
    return own or (expression_latex if latex else expression_text)(statement, statement.failure)


def opposite(relation: Formula) -> str:
    """The operator that holds where the relation fails."""
    return _OPPOSITE[relation.rel_op]


def escaped_latex(text: str) -> str:
    """Text with what LaTeX would read as commands escaped."""
    special = {
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
    }
    special |= {parameter: f"\\{parameter}" for parameter in "&%$#_{}"}
    return "".join(special.get(parameter, parameter) for parameter in text)


def outward(relation: Formula) -> int:
    """Which way a bound is rounded so that the claim stays true: up for an upper bound, down for a lower."""
    return {"<": 1, "<=": 1, ">": -1, ">=": -1}.get(relation.rel_op, 0)


def _own(forms: Iterable[tuple[str, str]], statement: StatementRecord, relation: Formula, bound: Formula | None) -> str:
    """A claim's own form of its bound, where no values are filled in; the headline's is under "bound"."""
    place = next((i for i, claim in enumerate(statement.claims) if claim is relation), None)
    if bound is not None or place is None:
        return ""
    return str(dict(forms).get(f"bound_{place + 1}" if place else "bound", ""))


def _numbers_joined(expr: Formula) -> Formula:
    """The number in front of a product as one float, where it is no plain fraction and parameters are given."""
    if not isinstance(expr, sympy.Mul) or not expr.free_symbols:
        return expr if expr.free_symbols or expr.is_Rational else _as_float(expr)
    number, rest = expr.as_independent(*expr.free_symbols, as_Add=False)
    plain = number.is_Rational and number.q <= 64 and abs(number.p) <= 10**6
    return expr if plain else _as_float(number) * rest


def _as_float(number: sympy.Expr) -> sympy.Expr:
    """A number with twenty digits; as it is written where it is no real number, or too large to write out."""
    found = enclose.as_arb(enclose.ball(number, {}))
    if not found.is_finite() or (found != 0 and abs(found).log() > LARGEST_LOG) or not found.rel_accuracy_bits() > 60:
        return number
    return sympy.Float(found.str(30, radius=False), 20)
