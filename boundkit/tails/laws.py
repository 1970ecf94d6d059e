"""Which law of `boundkit.laws` computes which probability."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sympy

from boundkit.tails.tail import Tail
from boundkit.values import Formula


def _numbers(log: str, ball: str, turned: bool = False) -> tuple[Any, Any]:
    """The two functions that compute a law, each loaded when it is first asked; `turned`: they take (a, n)."""

    def asked(place: str) -> Any:
        module, name = place.split(".")
        order = -1 if turned else 1
        return staticmethod(lambda *args: getattr(import_module(f"boundkit.laws.{module}"), name)(*args[::order]))

    return asked(log), asked(ball)


class _Law(Tail):
    """A law without jumps."""

    continuous = True
    _least: Formula = sympy.S.Zero

    @property
    def support(self) -> tuple[Formula, bool]:
        """All above its least value, almost surely."""
        return (self._least, True)


class _ChiSquare(_Law):
    """A chi-square variable with n degrees of freedom beyond the threshold a n."""

    nargs = 2
    parameters = ("n", "a")

    @property
    def domain(self) -> tuple[Formula, ...]:
        """Degrees of freedom above 0."""
        return (sympy.Gt(self.args[0], 0),)

    def rescaled(self, factor: Formula) -> Tail:
        """The threshold is a n."""
        n, a = self.args
        return type(self)(n, factor * a)

    def cumulant(self, theta: Formula) -> tuple[sympy.Expr, Formula]:
        """-n log(1 - 2 theta)/2, for theta < 1/2."""
        return -self.args[0] * sympy.log(1 - 2 * theta) / 2, 1 - 2 * theta > 0


class chi_square_at_most(_ChiSquare):
    """``P[chi2_n <= a n]``."""

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How the law is printed."""
        n, a = self.args
        return "chi2", (n,), "<=", a * n

    log, ball = _numbers("chi_square.logcdf_ratio", "balls.chi_square_log_at_most", turned=True)


class chi_square_at_least(_ChiSquare):
    """``P[chi2_n >= a n]``."""

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How the law is printed."""
        n, a = self.args
        return "chi2", (n,), ">=", a * n

    log, ball = _numbers("chi_square.logsf_ratio", "balls.chi_square_log_at_least", turned=True)


class normal_two_sided(_Law):
    """``P[|Z| >= t]``, Z standard normal."""

    nargs = 1
    parameters = ("t",)

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
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

    def cumulant(self, theta: Formula) -> tuple[sympy.Expr, Formula]:
        """theta^2/2, for every theta."""
        return sympy.sympify(theta) ** 2 / 2, sympy.true

    def rescaled(self, factor: Formula) -> Tail:
        """The threshold is t."""
        (t,) = self.args
        return type(self)(factor * t)

    log, ball = _numbers("normal.log_two_sided", "balls.normal_log_two_sided")


class inner_product_at_least(_Law):
    """``P[|<a, b>| >= s]``, a and b independent standard normal in R^n."""

    nargs = 2
    parameters = ("s", "n")

    @property
    def domain(self) -> tuple[Formula, ...]:
        """Dimensions above 0."""
        return (sympy.Gt(self.args[1], 0),)

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How the law is printed."""
        s, n = self.args
        return "|inner product|", (n,), ">=", s

    @property
    def sides(self) -> int:
        """Both."""
        return 2

    def cumulant(self, theta: Formula) -> tuple[sympy.Expr, Formula]:
        """-n log(1 - theta^2)/2, for theta between -1 and 1."""
        return -self.args[1] * sympy.log(1 - theta**2) / 2, 1 - theta**2 > 0

    def rescaled(self, factor: Formula) -> Tail:
        """The threshold is s."""
        s, n = self.args
        return type(self)(factor * s, n)

    log, ball = _numbers("inner_product.logsf_abs", "balls.inner_product_log_at_least")


class correlated_inner_product_at_least(_Law):
    """``P[|<a, b>| >= s]``, a and b standard normal in R^n whose coordinates have correlation r in [-1, 1]."""

    nargs = 3
    parameters = ("s", "n", "r")

    @property
    def domain(self) -> tuple[Formula, ...]:
        """Dimensions above 0, and a correlation."""
        _, n, r = self.args
        return sympy.Gt(n, 0), sympy.Ge(r, -1), sympy.Le(r, 1)

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How the law is printed."""
        s, n, r = self.args
        return "|inner product|", (n, r), ">=", s

    log, ball = _numbers("inner_product.logsf_abs", "balls.correlated_inner_product_log_at_least")


class _RowSum(_Law):
    """A row sum of n degrees of freedom and m rows."""

    _least = sympy.S.NegativeInfinity

    @property
    def domain(self) -> tuple[Formula, ...]:
        """Degrees of freedom above 0, and one row at least."""
        n, m = self.args[-2:]
        return sympy.Gt(n, 0), sympy.Ge(m, 1)


class row_sum_at_most(_RowSum):
    """``P[R + sqrt((m - 1) R) g <= c n]``, R ~ chi2_n and g standard normal, independent; m is any real >= 1."""

    nargs = 3
    parameters = ("c", "n", "m")

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How the law is printed."""
        c, n, m = self.args
        return "row sum", (n, m), "<=", c * n

    def cumulant(self, theta: Formula) -> tuple[sympy.Expr, Formula]:
        """-n log(1 - 2 theta - (m - 1) theta^2)/2, where that log's argument is positive."""
        _, n, m = self.args
        inside = 1 - 2 * theta - (m - 1) * theta**2
        return -n * sympy.log(inside) / 2, inside > 0

    log, ball = _numbers("row_sum.logcdf", "balls.row_sum_log_at_most")


class row_sum_below_zero(_RowSum):
    """``P[R + sqrt((m - 1) R) g <= 0] = I_{1 - 1/m}(n/2, 1/2)/2``, m >= 1."""

    nargs = 2
    parameters = ("n", "m")

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How the law is printed."""
        n, m = self.args
        return "row sum", (n, m), "<=", sympy.S.Zero

    log, ball = _numbers("row_sum.log_below_zero", "continuous_balls.row_sum_log_below_zero")


class gaussian_deviation(Tail):
    """``P[f - E f >= t]`` for a function f of independent normals that is 1-Lipschitz; it has no law of its own."""

    nargs = 1
    parameters = ("t",)

    @property
    def support(self) -> tuple[Formula, bool]:
        """Any number."""
        return (sympy.S.NegativeInfinity, True)

    @property
    def event(self) -> tuple[str, tuple[Formula, ...], str, Formula]:
        """How it is printed."""
        (t,) = self.args
        return "f - E f", (), ">=", t
