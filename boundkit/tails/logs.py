"""The logarithm of an expression, pushed inwards."""

from __future__ import annotations

from functools import lru_cache

import sympy

from boundkit.formulas import TABLE, LogBinomial, LogDiffExp, LogErfc, LogSumExp, apart, log_of_plain
from boundkit.tails.tail import Tail

__all__ = ["LogBinomial", "LogDiffExp", "LogErfc", "LogOf", "LogSumExp", "log_of"]
# What may be smaller than every float, or larger.
_FAR = (sympy.exp, Tail, sympy.factorial, sympy.gamma, sympy.binomial, sympy.erfc)


class LogOf(sympy.Function):
    """The logarithm of a Tail."""

    nargs = 1

    @property
    def tail(self) -> Tail:
        """The probability inside."""
        inside: Tail = self.args[0]
        return inside


@lru_cache(maxsize=1024)
def log_of(expr: sympy.Expr) -> sympy.Expr:
    """Return log(expr), pushed inwards until no exponential is left to underflow.

    exp(a) gives a, a law its own logarithm, products sums, powers factors (of 1 + x by log1p, which keeps a
    small x), sums of positive terms one log-sum-exp, and what is taken away from them 1 - exp(the difference of the
    logs), which keeps the digits of 1 - exp(-x) and of 1 - (1 - q)^n. Where a part of it turns out negative, the
    log is nan, and has to be taken of the expression itself.
    """
    if expr.is_zero:
        return -sympy.oo
    if isinstance(expr, Tail):
        return LogOf(expr)
    if isinstance(expr, sympy.Piecewise):
        return sympy.Piecewise(*((log_of(branch), when) for branch, when in expr.args))
    if not _is_deep(expr):
        return log_of_plain(expr)
    if expr.is_Pow:
        return expr.exp * (log_of_plain(expr.base) if not _is_deep(expr.base) else log_of(expr.base))
    if expr.is_Add:
        return _log_of_sum(expr)
    if expr.is_Mul:  # plain factors stay together: two of them may be negative
        plain = sympy.Mul(*(factor for factor in expr.args if not _is_deep(factor)))
        return sympy.Add(log_of_plain(plain), *(log_of(factor) for factor in expr.args if _is_deep(factor)))
    entry = TABLE.get(expr.func)
    return entry.log(log_of, *expr.args) if entry and entry.log else log_of_plain(expr)


def _log_of_sum(expr: sympy.Expr) -> sympy.Expr:
    more, less = apart(expr)
    if less == 0:
        return LogSumExp(*map(log_of, expr.args))
    return LogDiffExp(log_of(more), log_of(less)) if more != 0 else sympy.nan


def _is_deep(expr: sympy.Expr) -> bool:
    """Whether an expression may be smaller than every float: exponentials, laws, and powers with parameters on top."""
    return bool(expr.has(*_FAR)) or any(power.exp.free_symbols for power in expr.atoms(sympy.Pow))
