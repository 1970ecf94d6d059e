"""The exact laws as SymPy functions, so that a true failure probability is an expression like any other.

Each says which probability it is and which law computes its logarithm: on arrays as floats (`log`), at one
point as a ball (`ball`). This is the one place that says which; nothing is computed here, and `laws/` never
sees SymPy. A law of your own is one more subclass of `Tail`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy

from boundkit.errors import StatementError


class Tail(sympy.Function):
    """A probability, with its logarithm on arrays and at one point."""

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any] | None:
        """The variable's name, its letters, <= or >=, and the threshold: how the law is printed."""
        return None

    def rescaled(self, factor: Any) -> Tail:
        """Return the same law with its threshold multiplied by a factor."""
        raise StatementError(f"{type(self).__name__} does not say where its threshold is; give it a `rescaled`")

    @staticmethod
    def log(*args: Any) -> Any:
        """Return log P on broadcast arrays."""
        raise StatementError("this law answers at one point only; give it a `log` that takes arrays")

    @staticmethod
    def ball(*args: Any) -> Any:
        """Return an arb that encloses log P; each argument is an exact fmpq or an arb."""
        raise StatementError("this law has no certified value; give it a `ball` that returns an enclosure of log P")


class chi_square_at_most(Tail):
    """``P[chi2_n <= a n]``."""

    nargs = 2

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        n, a = self.args
        return "chi2", (n,), "<=", a * n

    def rescaled(self, factor: Any) -> Tail:
        """The threshold is a n."""
        n, a = self.args
        return type(self)(n, factor * a)

    @staticmethod
    def log(n: Any, a: Any) -> Any:
        from boundkit.laws.chi_square import logcdf_ratio

        return logcdf_ratio(a, n)

    @staticmethod
    def ball(n: Any, a: Any) -> Any:
        from boundkit.laws import balls

        return balls.chi_square_log_at_most(a, n)


class chi_square_at_least(Tail):
    """``P[chi2_n >= a n]``."""

    nargs = 2

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        n, a = self.args
        return "chi2", (n,), ">=", a * n

    def rescaled(self, factor: Any) -> Tail:
        """The threshold is a n."""
        n, a = self.args
        return type(self)(n, factor * a)

    @staticmethod
    def log(n: Any, a: Any) -> Any:
        from boundkit.laws.chi_square import logsf_ratio

        return logsf_ratio(a, n)

    @staticmethod
    def ball(n: Any, a: Any) -> Any:
        from boundkit.laws import balls

        return balls.chi_square_log_at_least(a, n)


class normal_two_sided(Tail):
    """``P[|Z| >= t]``, Z standard normal."""

    nargs = 1

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        (t,) = self.args
        return "|normal|", (), ">=", t

    def rescaled(self, factor: Any) -> Tail:
        """The threshold is t."""
        (t,) = self.args
        return type(self)(factor * t)

    @staticmethod
    def log(t: Any) -> Any:
        from boundkit.laws.normal import log_two_sided

        return log_two_sided(t)

    @staticmethod
    def ball(t: Any) -> Any:
        from boundkit.laws import balls

        return balls.normal_log_two_sided(t)


class inner_product_at_least(Tail):
    """``P[|<a, b>| >= s]``, a and b independent standard normal in R^n."""

    nargs = 2

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        s, n = self.args
        return "|inner product|", (n,), ">=", s

    def rescaled(self, factor: Any) -> Tail:
        """The threshold is s."""
        s, n = self.args
        return type(self)(factor * s, n)

    @staticmethod
    def log(s: Any, n: Any) -> Any:
        from boundkit.laws.inner_product import logsf_abs

        return logsf_abs(s, n)

    @staticmethod
    def ball(s: Any, n: Any) -> Any:
        from boundkit.laws import balls

        return balls.inner_product_log_at_least(s, n)


class correlated_inner_product_at_least(Tail):
    """``P[|<a, b>| >= s]``, a and b standard normal in R^n whose coordinates have correlation r in [-1, 1]."""

    nargs = 3

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        s, n, r = self.args
        return "|inner product|", (n, r), ">=", s

    @staticmethod
    def log(s: Any, n: Any, r: Any) -> Any:
        from boundkit.laws.inner_product import logsf_abs

        return logsf_abs(s, n, r)

    @staticmethod
    def ball(s: Any, n: Any, r: Any) -> Any:
        from boundkit.laws import balls

        return balls.correlated_inner_product_log_at_least(s, n, r)


class row_sum_at_most(Tail):
    """``P[R + sqrt((m - 1) R) g <= c n]``, R ~ chi2_n and g standard normal, independent; m is any real >= 1."""

    nargs = 3

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        c, n, m = self.args
        return "row sum", (n, m), "<=", c * n

    @staticmethod
    def log(c: Any, n: Any, m: Any) -> Any:
        from boundkit.laws.row_sum import logcdf

        return logcdf(c, n, m)

    @staticmethod
    def ball(c: Any, n: Any, m: Any) -> Any:
        from boundkit.laws import balls

        return balls.row_sum_log_at_most(c, n, m)


class row_sum_below_zero(Tail):
    """``P[R + sqrt((m - 1) R) g <= 0] = I_{1 - 1/m}(n/2, 1/2)/2``, m >= 1."""

    nargs = 2

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        n, m = self.args
        return "row sum", (n, m), "<=", sympy.S.Zero

    @staticmethod
    def log(n: Any, m: Any) -> Any:
        from boundkit.laws.row_sum import log_below_zero

        return log_below_zero(n, m)

    @staticmethod
    def ball(n: Any, m: Any) -> Any:
        from boundkit.laws import balls

        return balls.row_sum_log_below_zero(n, m)


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

    exp(a) gives a, a law its own logarithm, products sums, powers factors, sums of positive terms one
    log-sum-exp. A subtraction around an exponential is a StatementError.
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
        return expr.exp * log_of(expr.base)
    if expr.is_Add:
        return LogSumExp(*map(log_of, expr.args))
    if expr.is_Mul:  # plain factors stay together: two of them may be negative
        plain = sympy.Mul(*(factor for factor in expr.args if not _is_deep(factor)))
        return sympy.Add(sympy.log(plain), *(log_of(factor) for factor in expr.args if _is_deep(factor)))
    return sympy.log(expr)


def _is_deep(expr: sympy.Expr) -> bool:
    """Whether an expression may be smaller than every float: exponentials, laws, and powers with letters on top."""
    return bool(expr.has(sympy.exp, Tail)) or any(power.exp.free_symbols for power in expr.atoms(sympy.Pow))
