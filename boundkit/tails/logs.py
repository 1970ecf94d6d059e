"""The logarithm of an expression, pushed inwards."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy
from sympy.codegen.cfunctions import log1p

from boundkit.errors import StatementError
from boundkit.tails.tail import Tail


class LogSumExp(sympy.Function):
    """log(exp(a) + exp(b) + ...)."""


class LogOf(sympy.Function):
    """The logarithm of a Tail."""

    nargs = 1

    @property
    def tail(self) -> Tail:
        """The probability inside."""
        inside: Tail = self.args[0]
        return inside

    def _numpycode(self, printer: Any) -> str:
        return f"log_{type(self.tail).__name__}({', '.join(printer._print(a) for a in self.tail.args)})"


@lru_cache(maxsize=1024)
def log_of(expr: sympy.Expr) -> sympy.Expr:
    """Return log(expr), pushed inwards until no exponential is left to underflow.

    exp(a) gives a, a law its own logarithm, products sums, powers factors (of 1 + x by log1p, which keeps a
    small x), sums of positive terms one log-sum-exp. A subtraction around an exponential is a StatementError.
    """
    if expr.is_zero:
        return -sympy.oo
    if isinstance(expr, sympy.exp):
        return expr.args[0]
    if isinstance(expr, Tail):
        return LogOf(expr)
    if isinstance(expr, sympy.Piecewise):
        return sympy.Piecewise(*((log_of(branch), when) for branch, when in expr.args))
    if not _is_deep(expr):
        return sympy.log(expr)
    if any(term.as_coeff_Mul()[0].is_negative for term in sympy.Add.make_args(expr)):
        raise StatementError(f"the log of {expr} would lose all digits; write a failure as a sum of positive terms")
    if expr.is_Pow:
        base = expr.base
        return expr.exp * (log1p(base - 1) if base.is_Add and base.as_coeff_Add()[0] == 1 else log_of(base))
    if expr.is_Add:
        return LogSumExp(*map(log_of, expr.args))
    if expr.is_Mul:  # plain factors stay together: two of them may be negative
        plain = sympy.Mul(*(factor for factor in expr.args if not _is_deep(factor)))
        return sympy.Add(sympy.log(plain), *(log_of(factor) for factor in expr.args if _is_deep(factor)))
    return sympy.log(expr)


def _is_deep(expr: sympy.Expr) -> bool:
    """Whether an expression may be smaller than every float: exponentials, laws, and powers with letters on top."""
    return bool(expr.has(sympy.exp, Tail)) or any(power.exp.free_symbols for power in expr.atoms(sympy.Pow))
