"""What a formula may hold: one table, asked when a statement is written and by all that computes or prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flint import arb
import sympy
from sympy.codegen.cfunctions import log1p

from boundkit.formulas import points
from boundkit.values import Ball

Log = Callable[[sympy.Expr], sympy.Expr]


class LogSumExp(sympy.Function):
    """log(exp(a) + exp(b) + ...)."""


class LogDiffExp(sympy.Function):
    """log(exp(a) - exp(b)), a >= b."""

    nargs = 2


class LogAbsDiffExp(sympy.Function):
    """log|exp(a) - exp(b)|."""

    nargs = 2


class LogLog1pExp(sympy.Function):
    """log(log(1 + exp(a)))."""

    nargs = 1


class LogMax(sympy.Function):
    """The largest of some logs; SymPy's Max would compare them."""


class LogMin(sympy.Function):
    """The smallest of some logs."""


class PowerOfOnePlus(sympy.Function):
    """abs(1 + x)**y, on arrays."""

    nargs = 2


class LogErfc(sympy.Function):
    """log(erfc(x))."""

    nargs = 1


class LogBinomial(sympy.Function):
    """log(binomial(n, k))."""

    nargs = 2


@dataclass(frozen=True)
class Entry:
    """One function of the table, with all that its uses need.

    Attributes
    ----------
    written : str
        As it is written; '' for what stands inside logs only, where nobody writes it.
    ball : callable
        Exact rationals (fmpq) or balls (arb) to one of either: nan where it is not defined, exact where that is cheap.
    array : str
        The function of `arrays` that is the same on float arrays, by name: who asks for one point loads no NumPy. ''
        where NumPy's own is printed.
    log : callable, optional
        From `log_of` and the arguments to the log, such that nothing underflows; none where floats hold the value.
    defined : str
        Where it is defined, in words.
    drawn : str
        Its name in the explorer's `balls.js`; '' where it is not drawn.
    jumps : bool
        Whether it jumps at every integer.
    """

    written: str
    ball: Callable[..., Ball]
    array: str = ""
    log: Callable[..., sympy.Expr] | None = None
    defined: str = "everywhere"
    drawn: str = ""
    jumps: bool = False


# Logs.


def _log_abs(log_of: Log, x: sympy.Expr) -> sympy.Expr:
    """Factor by factor; of a difference by the logs of what is added and of what is taken away."""
    if x.is_Mul:
        return sympy.Add(*(_log_abs(log_of, factor) for factor in x.args))
    if x.is_Pow:
        return x.exp * _log_abs(log_of, x.base)
    if x.is_Add:
        more, less = apart(x)
        return LogAbsDiffExp(log_of(more), log_of(less)) if more != 0 and less != 0 else log_of(more + less)
    return log_of(x) if isinstance(x, sympy.exp) else sympy.log(sympy.Abs(x))


def log_of_plain(x: sympy.Expr) -> sympy.Expr:
    """The log of what floats hold, by log(1 + y) where that is what it is."""
    if x.is_Add and x.as_coeff_Add()[0] == 1:
        return log1p(x - 1)
    found = sympy.log(x)
    return sympy.nan if found.has(sympy.I) else found  # of a negative number


def _log_log(log_of: Log, x: sympy.Expr) -> sympy.Expr:
    """Where the inner log is as small as what it adds to 1."""
    if not (x.is_Add and x.as_coeff_Add()[0] == 1):
        return sympy.log(sympy.log(x))
    return LogLog1pExp(log_of(x - 1))


def apart(total: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """What a sum adds and what it takes away, by the signs that are written."""
    taken = [term for term in sympy.Add.make_args(total) if term.as_coeff_Mul()[0].is_negative]
    return total - sympy.Add(*taken), -sympy.Add(*taken)


TABLE: Mapping[type[sympy.Basic], Entry] = {
    sympy.Pow: Entry("x**y, sqrt(x)", points.power, defined="x > 0, or y whole (and x != 0 for y < 0), or x = 0 < y",
                     drawn="pow"),
    sympy.exp: Entry("exp(x)", lambda x: arb(x).exp(), log=lambda _, x: x, drawn="exp"),
    sympy.log: Entry("log(x)", points.log, log=_log_log, defined="x > 0 (minus infinity at 0)", drawn="log"),
    log1p: Entry("log1p(x)", points.log1p, log=lambda log_of, x: LogLog1pExp(log_of(x)),
                 defined="x > -1 (minus infinity at -1)", drawn="log1p"),
    sympy.Abs: Entry("Abs(x)", abs, log=_log_abs, drawn="abs"),
    sympy.Min: Entry("Min(x, y, ...)", points.smallest, log=lambda log_of, *xs: LogMin(*map(log_of, xs)), drawn="min"),
    sympy.Max: Entry("Max(x, y, ...)", points.largest, log=lambda log_of, *xs: LogMax(*map(log_of, xs)), drawn="max"),
    sympy.floor: Entry("floor(x)", points.floor, "floor", drawn="floor", jumps=True),
    sympy.ceiling: Entry("ceiling(x)", lambda x: -points.floor(-x), "ceil", drawn="ceil", jumps=True),
    sympy.factorial: Entry("factorial(x)", lambda n: points.gamma(n + 1), "factorial",
                           lambda _, n: sympy.loggamma(n + 1), "but for whole x < 0"),
    sympy.gamma: Entry("gamma(x)", points.gamma, "gamma", lambda _, x: sympy.loggamma(x), "but for whole x <= 0"),
    sympy.loggamma: Entry("loggamma(x)", points.loggamma, "loggamma", defined="x > 0"),
    sympy.binomial: Entry("binomial(x, y)", points.binomial, "binomial", lambda _, n, k: LogBinomial(n, k),
                          "but for whole x < 0, unless y is whole and y >= 0"),
    sympy.erf: Entry("erf(x)", lambda x: arb(x).erf(), "erf"),
    sympy.erfc: Entry("erfc(x)", lambda x: arb(x).erfc(), "erfc", lambda _, x: LogErfc(x)),
    LogSumExp: Entry("", points.log_sum_exp, "log_sum_exp", drawn="logSumExp"),
    LogDiffExp: Entry("", points.log_diff_exp, "log_diff_exp", drawn="logDiffExp"),
    LogAbsDiffExp: Entry("", points.log_abs_diff_exp, "log_abs_diff_exp"),
    LogLog1pExp: Entry("", points.log_log1p_exp, "log_log1p_exp"),
    LogMax: Entry("", points.largest, "largest", drawn="max"),
    LogMin: Entry("", points.smallest, "smallest", drawn="min"),
    LogErfc: Entry("", points.log_erfc, "log_erfc"),
    LogBinomial: Entry("", points.log_binomial, "log_binomial"),
}  # fmt: skip
CONSTANTS: Mapping[type[sympy.Basic], Callable[[], Ball]] = {
    type(sympy.pi): lambda: arb.pi(),
    type(sympy.E): lambda: arb(1).exp(),
    type(-sympy.oo): lambda: points.NEVER,  # the logs of 0 and of a negative number, written by no one
    type(sympy.nan): lambda: points.NOWHERE,
    type(sympy.zoo): lambda: points.NOWHERE,
}
GROWING = (sympy.factorial, sympy.gamma, sympy.loggamma, sympy.binomial)  # which SymPy writes out digit by digit
WRITTEN = tuple(entry.written for entry in TABLE.values() if entry.written)
ARRAYS = {head.__name__: entry.array for head, entry in TABLE.items() if entry.array}
