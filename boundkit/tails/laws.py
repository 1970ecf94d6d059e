"""Which law of `boundkit.laws` computes which probability."""

from __future__ import annotations

from typing import Any

import sympy

from boundkit.tails.tail import Tail


class _ChiSquare(Tail):
    """A chi-square variable with n degrees of freedom beyond the threshold a n."""

    nargs = 2
    continuous = True

    @property
    def domain(self) -> tuple[Any, ...]:
        """Degrees of freedom above 0."""
        return (sympy.Gt(self.args[0], 0),)

    @property
    def support(self) -> tuple[Any, bool]:
        """Above 0, almost surely."""
        return (sympy.S.Zero, True)

    def rescaled(self, factor: Any) -> Tail:
        """The threshold is a n."""
        n, a = self.args
        return type(self)(n, factor * a)

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """-n log(1 - 2 theta)/2, for theta < 1/2."""
        return -self.args[0] * sympy.log(1 - 2 * theta) / 2, 1 - 2 * theta > 0


class chi_square_at_most(_ChiSquare):
    """``P[chi2_n <= a n]``."""

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        n, a = self.args
        return "chi2", (n,), "<=", a * n

    @staticmethod
    def log(n: Any, a: Any) -> Any:
        from boundkit.laws.chi_square import logcdf_ratio

        return logcdf_ratio(a, n)

    @staticmethod
    def ball(n: Any, a: Any) -> Any:
        from boundkit.laws import balls

        return balls.chi_square_log_at_most(a, n)


class chi_square_at_least(_ChiSquare):
    """``P[chi2_n >= a n]``."""

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        n, a = self.args
        return "chi2", (n,), ">=", a * n

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
    continuous = True

    @property
    def domain(self) -> tuple[Any, ...]:
        """Any threshold."""
        return ()

    @property
    def support(self) -> tuple[Any, bool]:
        """Above 0, almost surely."""
        return (sympy.S.Zero, True)

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
    continuous = True

    @property
    def domain(self) -> tuple[Any, ...]:
        """Dimensions above 0."""
        return (sympy.Gt(self.args[1], 0),)

    @property
    def support(self) -> tuple[Any, bool]:
        """Above 0, almost surely."""
        return (sympy.S.Zero, True)

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
    continuous = True

    @property
    def domain(self) -> tuple[Any, ...]:
        """Dimensions above 0, and a correlation."""
        _, n, r = self.args
        return sympy.Gt(n, 0), sympy.Ge(r, -1), sympy.Le(r, 1)

    @property
    def support(self) -> tuple[Any, bool]:
        """Above 0, almost surely."""
        return (sympy.S.Zero, True)

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
    continuous = True

    @property
    def domain(self) -> tuple[Any, ...]:
        """Degrees of freedom above 0, and one row at least."""
        _, n, m = self.args
        return sympy.Gt(n, 0), sympy.Ge(m, 1)

    @property
    def support(self) -> tuple[Any, bool]:
        """Any number."""
        return (sympy.S.NegativeInfinity, True)

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
    continuous = True

    @property
    def domain(self) -> tuple[Any, ...]:
        """Degrees of freedom above 0, and one row at least."""
        n, m = self.args
        return sympy.Gt(n, 0), sympy.Ge(m, 1)

    @property
    def support(self) -> tuple[Any, bool]:
        """Any number."""
        return (sympy.S.NegativeInfinity, True)

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


class gaussian_deviation(Tail):
    """``P[f - E f >= t]`` for a function f of independent normals that is 1-Lipschitz; it has no law of its own."""

    nargs = 1

    @property
    def domain(self) -> tuple[Any, ...]:
        """Any threshold."""
        return ()

    @property
    def support(self) -> tuple[Any, bool]:
        """Any number."""
        return (sympy.S.NegativeInfinity, True)

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How it is printed."""
        (t,) = self.args
        return "f - E f", (), ">=", t
