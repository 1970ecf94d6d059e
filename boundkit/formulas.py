"""What a formula may hold: one table, asked when a statement is written and by all that computes or prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
import operator
from typing import Any

from flint import arb, fmpq, fmpz
import numpy as np
import sympy
from sympy.codegen.cfunctions import log1p

WRITTEN_OUT = 1000  # factorials and powers of rationals up to here stay exact
LONGEST = 8192  # bits of a power of a rational that stays exact
NOWHERE = arb("nan")
NEVER = arb("-inf")  # the log of 0
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
    array : callable, optional
        The same on float arrays; none where NumPy's own is printed.
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
    ball: Callable[..., Any]
    array: Callable[..., Any] | None = None
    log: Callable[..., sympy.Expr] | None = None
    defined: str = "everywhere"
    drawn: str = ""
    jumps: bool = False


# At one point.


def _is_whole(x: Any) -> bool:
    return isinstance(x, fmpq) and x.q == 1


def power(base: Any, exponent: Any) -> Any:
    """Return a power, a real number or nan; a root of a rational that is rational is exact."""
    if not all(isinstance(x, fmpq) or x.is_finite() for x in (base, exponent)):
        return NOWHERE  # what is not defined is not defined to the power 0 either
    if _is_whole(exponent):
        if base == 0 and exponent < 0:
            return NOWHERE
        return (base if _stays_short(base, exponent) else arb(base)) ** int(exponent.p)
    if isinstance(base, fmpq) and isinstance(exponent, fmpq) and base > 0:
        roots = [sympy.integer_nthroot(int(part), int(exponent.q)) for part in (base.p, base.q)]
        if all(exact for _, exact in roots):
            return power(fmpq(*(root for root, _ in roots)), fmpq(exponent.p))
    return arb(base) ** exponent


def _stays_short(base: Any, exponent: Any) -> bool:
    if not isinstance(base, fmpq):
        return False
    times = abs(int(exponent.p))
    return times <= 64 or times * max(int(base.p).bit_length(), int(base.q).bit_length()) <= LONGEST


def _log(x: Any) -> Any:
    return NEVER if x == 0 else arb(x).log()


def _log1p(x: Any) -> Any:
    return NEVER if x == -1 else arb(x).log1p()


def _larger(a: Any, b: Any) -> Any:
    """The one that certainly is, as exact as it was given; else a ball for either."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return max(a, b)
    return a if arb(a) >= b else b if arb(b) >= a else arb(a).max(arb(b))


def _largest(*xs: Any) -> Any:
    return reduce(_larger, xs)


def _smallest(*xs: Any) -> Any:
    return -reduce(_larger, (-x for x in xs))


def _floor(x: Any) -> Any:
    if isinstance(x, fmpq):
        return fmpq(x.floor())
    if not x.is_finite():
        return NOWHERE
    low, high = (end.floor().unique_fmpz() for end in (x.lower(), x.upper()))
    if low is None or high is None:
        return NOWHERE
    return fmpq(low) if low == high else arb(low).union(arb(high))


def _gamma(x: Any) -> Any:
    if _is_whole(x):
        if x <= 0:
            return NOWHERE
        if x <= WRITTEN_OUT:
            return fmpq(fmpz.fac_ui(int(x.p) - 1))
    return arb(x).gamma()


def _loggamma(x: Any) -> Any:
    return arb(0) if x == 1 or x == 2 else arb(x).lgamma()


def _binomial(n: Any, k: Any) -> Any:
    """By gamma functions, and so 0 for whole k < 0 or k > n >= 0; for whole k >= 0 a polynomial in n."""
    if _is_whole(k) and k < 0:
        return NOWHERE if _is_whole(n) and n < 0 else fmpq(0)
    if _is_whole(n) and _is_whole(k):
        if n < 0:
            return (-1) ** (int(k.p) % 2) * _binomial(k - n - 1, k)
        k = min(k, n - k)
        if k < 0:
            return fmpq(0)
        if max(n.p.bit_length(), 1) <= 64 and k <= WRITTEN_OUT:
            return fmpq(fmpz.bin_uiui(int(n.p), int(k.p)))
    if _is_whole(k) and k <= 64:
        factors = ((n - i) / (i + 1) for i in range(int(k.p)))
        return reduce(operator.mul, factors, fmpq(1))
    if _is_whole(n) and n < 0:
        return NOWHERE
    n, k = arb(n), arb(k)
    if n > k and k > 0:  # their logs, since the gamma functions would be wide
        return _log_binomial(n, k).exp()
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def _log_sum_exp(*terms: Any) -> Any:
    finite = [arb(term) for term in terms if not (arb(term).is_exact() and arb(term) == NEVER)]
    if not finite or not all(term.is_finite() for term in finite):
        return NOWHERE if finite else NEVER
    # It rises with every term, and so lies between its values at their ends; wide terms less each other overflow.
    return _log_sum_of([term.lower() for term in finite]).union(_log_sum_of([term.upper() for term in finite]))


def _log_sum_of(terms: list[Any]) -> Any:
    top = max(terms, key=lambda term: float(term.mid()))
    return top + reduce(operator.add, ((term - top).exp() for term in terms)).log()


def _log_diff_exp(a: Any, b: Any) -> Any:
    if arb(b) == NEVER:
        return arb(a)
    return NEVER if a == b else arb(a) + (-(arb(b) - a).expm1()).log()


def _log_abs_diff_exp(a: Any, b: Any) -> Any:
    return _log_diff_exp(a, b) if arb(a) >= b else _log_diff_exp(b, a) if arb(b) > a else NOWHERE


def _log_log1p_exp(a: Any) -> Any:
    y = arb(a).exp()  # y - y^2/2 <= log(1 + y) <= y
    return arb(a) - y * arb(0.25, 0.25) if y < 1e-30 else _log(y.log1p())


def _log_erfc(x: Any) -> Any:
    from boundkit.laws.balls import normal_log_two_sided

    return normal_log_two_sided(arb(x) * arb(2).sqrt()) if x > 1 else arb(x).erfc().log()


def _log_binomial(n: Any, k: Any) -> Any:
    n, k = arb(n), arb(k)
    if not (n >= k and k >= 0):
        return NOWHERE
    return (n + 1).lgamma() - (k + 1).lgamma() - (n - k + 1).lgamma()


# On arrays.


def _special(name: str) -> Callable[..., Any]:
    """A function of SciPy's, which is not loaded before it is asked."""

    def function(*args: Any) -> Any:
        from scipy import special

        return getattr(special, name)(*args)

    return function


def _factorial_array(n: Any) -> Any:
    return _gamma_array(np.add(n, 1.0))


def _gamma_array(x: Any) -> Any:
    pole = (np.asarray(x) <= 0) & (np.floor(x) == x)
    return np.where(pole, np.nan, _special("gamma")(x))


def _loggamma_array(x: Any) -> Any:
    return np.where(np.asarray(x) > 0, _special("gammaln")(x), np.nan)


def _binomial_array(n: Any, k: Any) -> Any:
    """nan where floats lose digits: outside n >= k >= 0, but for small whole k."""
    n, k = np.broadcast_arrays(np.asarray(n, float), np.asarray(k, float))
    few = (np.floor(k) == k) & (k >= 0) & (k < 20)
    return np.where(few, _special("binom")(n, k), np.exp(_log_binomial_array(n, k)))


def _log_binomial_array(n: Any, k: Any) -> Any:
    """By Stirling's formula, whose large terms have one sign; nan unless n >= k >= 0."""
    n, k = np.broadcast_arrays(np.asarray(n, float), np.asarray(k, float))
    rest = n - k
    with np.errstate(all="ignore"):
        half = np.log(n / k / rest / (2 * np.pi)) / 2
        large = -k * np.log(k / n) - rest * np.log1p(-k / n)
        found = large + half + _stirling_error(n) - _stirling_error(k) - _stirling_error(rest)
    return np.where((k == 0) | ((rest == 0) & (k > 0)), 0.0, np.where((rest > 0) & (k > 0), found, np.nan))


def _stirling_error(x: Any) -> Any:
    """log(x!) - (x log x - x + log(2 pi x)/2), x > 0."""
    far = ((1 / 1260 - 1 / 1680 / x**2) / x**2 - 1 / 360) / x**2 / x + 1 / 12 / x
    near = _special("gammaln")(x + 1) - (x * np.log(x) - x + np.log(2 * np.pi * x) / 2)
    return np.where(x > 100, far, near)


def log_sum_exp(*terms: Any) -> Any:
    """log(exp(a) + exp(b) + ...) on arrays, without overflow or underflow."""
    top = reduce(np.maximum, terms)
    finite = np.where(np.isfinite(top), top, 0.0)
    return finite + np.log(reduce(operator.add, (np.exp(term - finite) for term in terms)))


def _log_diff_exp_array(a: Any, b: Any) -> Any:
    gap = np.where(np.asarray(b) == -np.inf, -np.inf, np.subtract(b, a))
    return a + np.where(gap > -0.6931, np.log(-np.expm1(gap)), np.log1p(-np.exp(gap)))


def _log_abs_diff_exp_array(a: Any, b: Any) -> Any:
    return _log_diff_exp_array(np.maximum(a, b), np.minimum(a, b))


def _log_log1p_exp_array(a: Any) -> Any:
    return np.where(np.asarray(a) < -37, a, np.log(np.logaddexp(0.0, a)))


def _log_erfc_array(x: Any) -> Any:
    x = np.asarray(x, float)
    far = np.maximum(x, 0.0)
    return np.where(x > 0, np.log(_special("erfcx")(far)) - far * far, np.log(_special("erfc")(x)))


def power_array(base: Any, exponent: Any) -> Any:
    """nan where floats cannot tell: NumPy makes 1 of nan**0, inf**0 and 1**nan, and a whole exponent of one near it."""
    told = np.isfinite(base) & np.isfinite(exponent) & np.greater_equal(base, 0)
    return np.where(told, np.power(base, exponent), np.nan)


def power_of_one_plus(x: Any, exponent: Any) -> Any:
    """|1 + x|**exponent by log(1 + x): what rounding 1 + x loses, a high power would magnify."""
    near = np.where(np.greater(x, -1.0), x, -2.0 - x)
    known = np.isfinite(near) & np.isfinite(exponent) & (near > -1)
    by_log = np.exp(exponent * np.log1p(np.where(known, near, 0.0)))
    return np.where(known, by_log, power_array(np.abs(1.0 + x), exponent))


# Their logs.


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


TABLE: Mapping[Any, Entry] = {
    sympy.Pow: Entry("x**y, sqrt(x)", power, defined="x > 0, or y whole (and x != 0 for y < 0), or x = 0 < y",
                     drawn="pow"),
    sympy.exp: Entry("exp(x)", lambda x: arb(x).exp(), log=lambda _, x: x, drawn="exp"),
    sympy.log: Entry("log(x)", _log, log=_log_log, defined="x > 0 (minus infinity at 0)", drawn="log"),
    log1p: Entry("log1p(x)", _log1p, log=lambda log_of, x: LogLog1pExp(log_of(x)),
                 defined="x > -1 (minus infinity at -1)", drawn="log1p"),
    sympy.Abs: Entry("Abs(x)", abs, log=_log_abs, drawn="abs"),
    sympy.Min: Entry("Min(x, y, ...)", _smallest, log=lambda log_of, *xs: LogMin(*map(log_of, xs)), drawn="min"),
    sympy.Max: Entry("Max(x, y, ...)", _largest, log=lambda log_of, *xs: LogMax(*map(log_of, xs)), drawn="max"),
    sympy.floor: Entry("floor(x)", _floor, np.floor, drawn="floor", jumps=True),
    sympy.ceiling: Entry("ceiling(x)", lambda x: -_floor(-x), np.ceil, drawn="ceil", jumps=True),
    sympy.factorial: Entry("factorial(x)", lambda n: _gamma(n + 1), _factorial_array,
                           lambda _, n: sympy.loggamma(n + 1), "but for whole x < 0"),
    sympy.gamma: Entry("gamma(x)", _gamma, _gamma_array, lambda _, x: sympy.loggamma(x), "but for whole x <= 0"),
    sympy.loggamma: Entry("loggamma(x)", _loggamma, _loggamma_array, defined="x > 0"),
    sympy.binomial: Entry("binomial(x, y)", _binomial, _binomial_array, lambda _, n, k: LogBinomial(n, k),
                          "but for whole x < 0, unless y is whole and y >= 0"),
    sympy.erf: Entry("erf(x)", lambda x: arb(x).erf(), _special("erf")),
    sympy.erfc: Entry("erfc(x)", lambda x: arb(x).erfc(), _special("erfc"), lambda _, x: LogErfc(x)),
    LogSumExp: Entry("", _log_sum_exp, log_sum_exp, drawn="logSumExp"),
    LogDiffExp: Entry("", _log_diff_exp, _log_diff_exp_array, drawn="logDiffExp"),
    LogAbsDiffExp: Entry("", _log_abs_diff_exp, _log_abs_diff_exp_array),
    LogLog1pExp: Entry("", _log_log1p_exp, _log_log1p_exp_array),
    LogMax: Entry("", _largest, lambda *xs: reduce(np.maximum, xs), drawn="max"),
    LogMin: Entry("", _smallest, lambda *xs: reduce(np.minimum, xs), drawn="min"),
    LogErfc: Entry("", _log_erfc, _log_erfc_array),
    LogBinomial: Entry("", _log_binomial, _log_binomial_array),
}  # fmt: skip
CONSTANTS: Mapping[Any, Callable[[], Any]] = {
    type(sympy.pi): lambda: arb.pi(),
    type(sympy.E): lambda: arb(1).exp(),
    type(-sympy.oo): lambda: NEVER,  # the logs of 0 and of a negative number, written by no one
    type(sympy.nan): lambda: NOWHERE,
    type(sympy.zoo): lambda: NOWHERE,
}
GROWING = (sympy.factorial, sympy.gamma, sympy.loggamma, sympy.binomial)  # which SymPy writes out digit by digit
WRITTEN = tuple(entry.written for entry in TABLE.values() if entry.written)
ARRAYS = {head.__name__: entry.array for head, entry in TABLE.items() if entry.array is not None}
