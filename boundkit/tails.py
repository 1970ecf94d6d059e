"""The exact laws as SymPy functions, so that a true failure probability is an expression like any other.

Each says which probability it is and which law computes its logarithm: on arrays as floats (`log`), at one
point as a ball (`ball`). This is the one place that says which; nothing is computed here, and `laws/` never
sees SymPy. A law of your own is one more subclass of `Tail`.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.codegen.cfunctions import log1p

from boundkit.errors import StatementError

OPERATORS = {"<=": r"\leq", ">=": r"\geq"}


class Tail(sympy.Function):
    """A probability, with its logarithm on arrays and at one point."""

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any] | None:
        """The variable's name, its letters, <= or >=, and the threshold: how the law is printed."""
        return None

    def _latex(self, printer: Any, exp: str = "") -> str:
        variable, letters, operator, threshold = self.event or (type(self).__name__, self.args, "", "")
        of = ", ".join(map(printer._print, letters))
        name = rf"\chi^2_{{{of}}}" if variable == "chi2" else rf"\text{{{variable.replace('_', ' ')}}}"
        name = rf"{name}\left({of}\right)" if of and variable != "chi2" else name
        text = rf"\Pr\left[ {name} {OPERATORS[operator]} {printer._print(threshold)} \right]" if operator else name
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    def rescaled(self, factor: Any) -> Tail:
        """Return the same law with its threshold multiplied by a factor."""
        raise StatementError(f"{type(self).__name__} does not say where its threshold is; give it a `rescaled`")

    @property
    def formula(self) -> sympy.Expr | None:
        """The probability in SymPy's own functions, where it has one that proofs can differentiate."""
        return None

    @property
    def sides(self) -> int:
        """How many tails of the variable the event has: 2 where its absolute value is meant."""
        return 1

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """Return log E exp(theta X) for the variable X, and the condition under which it is finite."""
        raise StatementError(f"{type(self).__name__} does not know its cumulants; give it a `cumulant`")

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

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """-n log(1 - 2 theta)/2, for theta < 1/2."""
        return -self.args[0] * sympy.log(1 - 2 * theta) / 2, 1 - 2 * theta > 0

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

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """-n log(1 - 2 theta)/2, for theta < 1/2."""
        return -self.args[0] * sympy.log(1 - 2 * theta) / 2, 1 - 2 * theta > 0

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

    @property
    def formula(self) -> sympy.Expr:
        """The complementary error function."""
        return sympy.erfc(self.args[0] / sympy.sqrt(2))

    @property
    def sides(self) -> int:
        """Both."""
        return 2

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """theta^2/2, for every theta."""
        return sympy.sympify(theta) ** 2 / 2, sympy.true

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

    @property
    def sides(self) -> int:
        """Both."""
        return 2

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """-n log(1 - theta^2)/2, for theta between -1 and 1."""
        return -self.args[1] * sympy.log(1 - theta**2) / 2, 1 - theta**2 > 0

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

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """-n log(1 - 2 theta - (m - 1) theta^2)/2, where that log's argument is positive."""
        _, n, m = self.args
        inside = 1 - 2 * theta - (m - 1) * theta**2
        return -n * sympy.log(inside) / 2, inside > 0

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


class Named(sympy.Function):
    """A formula under a name: it prints by its name, and is computed by what it stands for."""

    @property
    def formula(self) -> sympy.Expr:
        """What it stands for."""
        raise StatementError(f"{type(self).__name__} does not say what it stands for; give it a `formula`")

    def _eval_evalf(self, prec: int) -> Any:
        return self.formula._eval_evalf(prec)

    def _numpycode(self, printer: Any) -> str:
        return f"({printer._print(self.formula)})"


class chi_square_rate(Named):
    """``(a - 1 - log(a))/2``: ``e^(-n chi_square_rate(a))`` bounds both tails of a chi-square beyond a n (Chernoff)."""

    nargs = 1

    @property
    def formula(self) -> sympy.Expr:
        """Written so that nothing cancels near a = 1."""
        (a,) = self.args
        return (a - 1) * (1 - sympy.log(a) / (a - 1)) / 2

    def _latex(self, printer: Any, exp: str = "") -> str:
        return rf"\kappa\left({printer._print(self.args[0])}\right)" + (f"^{{{exp}}}" if exp else "")


class row_sum_rate(Named):
    """Chernoff's exponent for a row sum, ``P[R + sqrt((m - 1) R) g <= c n] <= e^(-n row_sum_rate(c, m))``, 0 < c <= 1.

    With v = m - 1 it is log(1 + 2 theta - v theta^2)/2 - theta c at its largest, which is at
    theta = 2 (1 - c)/(v + 2 c + sqrt(v^2 + 4 c^2 (1 + v))).
    """

    nargs = 2

    @property
    def formula(self) -> sympy.Expr:
        """By log(1 + x), since theta is as small as 1/m."""
        c, m = self.args
        v = m - 1
        theta = 2 * (1 - c) / (v + 2 * c + sympy.sqrt(v**2 + 4 * c**2 * m))
        return log1p(theta * (2 - v * theta)) / 2 - theta * c

    def _latex(self, printer: Any, exp: str = "") -> str:
        inside = ", ".join(map(printer._print, self.args))
        return rf"\kappa_{{\Sigma}}\left({inside}\right)" + (f"^{{{exp}}}" if exp else "")


class gaussian_deviation(Tail):
    """``P[f - E f >= t]`` for a function f of independent normals that is 1-Lipschitz; it has no law of its own."""

    nargs = 1

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How it is printed."""
        (t,) = self.args
        return "f - E f", (), ">=", t


def law_says(law: type[Tail], args: Any, error: Exception) -> str:
    """What went wrong inside a law, in a line that names it."""
    given = ", ".join(arg.str(6, radius=False) if hasattr(arg, "rad") else str(arg) for arg in args)
    return f"the law {law.__name__}({given}) gave {type(error).__name__}: {error}"


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
