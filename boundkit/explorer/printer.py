"""SymPy expressions as JavaScript in interval arithmetic: what the browser computes is printed here, never typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy
from sympy.printing.jscode import JavascriptCodePrinter

from boundkit.errors import StatementError
from boundkit.formulas import TABLE
from boundkit.tails import LogOf, Named, Tail
from boundkit.values import Formula

EXACT_INTEGERS = 2**53


class BallPrinter(JavascriptCodePrinter):
    """Prints an expression as calls of `balls.js`, with the parameters as properties of `v`.

    Parameters
    ----------
    law : callable, optional
        Tail to the number of its table; by default a law has no JavaScript.

    Examples
    --------
    >>> from sympy.abc import k, m, x
    >>> BallPrinter().doprint(8*m*sympy.exp(-x/2)/k)
    'b.div(b.mul(b.point(8), v.m, b.exp(b.div(b.mul(b.point(-1), v.x), b.point(2)))), v.k)'
    """

    def __init__(self, law: Callable[[Tail], int] | None = None) -> None:
        super().__init__()
        self.law = law

    def doprint(self, expr: Formula, assign_to: Any = None) -> str:
        """Return the expression as JavaScript."""
        return str(self._print(sympy.sympify(expr)))

    def function(self, expr: Formula) -> str:
        """Return the expression as a JavaScript function of the parameters."""
        return f"v => {self.doprint(expr)}"

    def _print(self, expr: Formula, **settings: Any) -> str:
        # SymPy goes by the name of the class, and a law may be called what one of its own functions is called.
        return self._print_Function(expr) if isinstance(expr, LogOf | Named) else str(super()._print(expr, **settings))

    def _print_Symbol(self, expr: Formula) -> str:
        return f"v.{expr.name}"

    def _print_Integer(self, expr: Formula) -> str:
        if abs(int(expr)) > EXACT_INTEGERS:
            raise StatementError(f"{expr} is not drawn: JavaScript holds no integers of that size; write it as a power")
        return f"b.point({int(expr)})"

    _print_Zero = _print_One = _print_NegativeOne = _print_Integer

    def _print_Rational(self, expr: Formula) -> str:
        return f"b.div({self._print_Integer(sympy.Integer(expr.p))}, {self._print_Integer(sympy.Integer(expr.q))})"

    _print_Half = _print_Rational

    def _print_Float(self, expr: Formula) -> str:
        return f"b.point({float(expr)!r})"

    def _print_Pi(self, expr: Formula) -> str:
        return "b.pi"

    def _print_Exp1(self, expr: Formula) -> str:
        return "b.exp(b.point(1))"

    def _print_Infinity(self, expr: Formula) -> str:
        return "b.point(Infinity)"

    def _print_NegativeInfinity(self, expr: Formula) -> str:
        return "b.point(-Infinity)"

    def _print_NaN(self, expr: Formula) -> str:
        return "b.nowhere"

    _print_ComplexInfinity = _print_NaN

    def _print_Add(self, expr: Formula, order: Any = None) -> str:
        return self._call("add", expr.args)

    def _print_Mul(self, expr: Formula) -> str:
        """A product, over another where factors have denominators or negative powers."""
        above: list[Formula] = []
        below: list[Formula] = []
        for factor in expr.args:
            if factor.is_Rational:
                above += [sympy.Integer(factor.p)] if factor.p != 1 else []
                below += [sympy.Integer(factor.q)] if factor.q != 1 else []
            elif factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
                below.append(1 / factor)
            else:
                above.append(factor)
        over = self._product(above)
        return f"b.div({over}, {self._product(below)})" if below else over

    def _print_Pow(self, expr: Formula) -> str:
        if expr.exp == sympy.S.Half:
            return f"b.sqrt({self._print(expr.base)})"
        if expr.exp.is_Rational and expr.exp.is_negative:
            return f"b.div(b.point(1), {self._print(1 / expr)})"
        return self._call("pow", expr.args)

    def _print_Piecewise(self, expr: Formula) -> str:
        branches = ", ".join(f"[() => {self._print(when)}, () => {self._print(branch)}]" for branch, when in expr.args)
        return f"b.pick({branches})"

    def _print_Relational(self, expr: Formula) -> str:
        return f'b.holds("{expr.rel_op}", {self._print(expr.lhs)}, {self._print(expr.rhs)})'

    def _print_And(self, expr: Formula) -> str:
        return self._call("and", expr.args)

    def _print_Or(self, expr: Formula) -> str:
        return self._call("or", expr.args)

    def _print_BooleanTrue(self, expr: Formula) -> str:
        return "true"

    def _print_BooleanFalse(self, expr: Formula) -> str:
        return "false"

    def _print_Function(self, expr: Formula) -> str:
        """What a named formula stands for, a law's table, or a call; a StatementError for what has no JavaScript."""
        if isinstance(expr, Named):
            return str(self._print(expr.formula))
        if isinstance(expr, LogOf) and self.law is not None:
            return f"law({self.law(expr.tail)}, v)"
        entry = TABLE.get(expr.func)
        if entry is None or not entry.drawn:
            drawn = ", ".join(known.written for known in TABLE.values() if known.written and known.drawn)
            name = type(expr).__name__
            raise StatementError(
                f"{name} is not drawn: the explorer draws + - * / {drawn} and Piecewise; boundkit eval "
                "computes the others"
            )
        return self._call(entry.drawn, expr.args)

    _print_Abs = _print_exp = _print_log = _print_log1p = _print_Max = _print_Min = _print_Function
    _print_floor = _print_ceiling = _print_Function

    def _call(self, name: str, args: Iterable[Formula]) -> str:
        return f"b.{name}({', '.join(map(self._print, args))})"

    def _product(self, factors: list[Formula]) -> str:
        return self._print(factors[0]) if len(factors) == 1 else self._call("mul", factors) if factors else "b.point(1)"
