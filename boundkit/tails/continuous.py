"""The continuous laws that textbook bounds speak of: which law of `boundkit.laws` computes which probability."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sympy

from boundkit.tails.laws import _Law
from boundkit.tails.tail import Tail, Threshold

END = 1e-7  # nearer to the upper end of a support the rounding of a threshold counts: balls have to say


def _numbers(log: str, ball: str, end: Any = None) -> tuple[Any, Any]:
    """The two functions that compute a law, each loaded when it is first asked; on arrays the threshold comes first.

    `end` gives the upper end of the support from the arguments: near it arrays have nan.
    """

    def arrays(*args: Any) -> Any:
        module, name = log.split(".")
        found = getattr(import_module(f"boundkit.laws.{module}"), name)(args[-1], *args[:-1])
        if end is None:
            return found
        import numpy as np

        most = np.asarray(end(*args), float)
        near = np.abs(most - np.asarray(args[-1], float)) < END * most
        return np.where(near, np.nan, found)[()]

    def point(*args: Any) -> Any:
        return getattr(import_module("boundkit.laws.continuous_balls"), ball)(*args)

    return staticmethod(arrays), staticmethod(point)


class _Continuous(_Law, Threshold):
    """A law without jumps that knows its threshold."""


class _Normal(_Continuous):
    """A standard normal variable beyond t, any real number."""

    nargs = 1
    parameters = ("t",)
    _variable = "normal"
    _least = sympy.S.NegativeInfinity

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """theta^2/2, for every theta."""
        return sympy.sympify(theta) ** 2 / 2, sympy.true


class normal_at_least(_Normal):
    """``P[Z >= t]``, Z standard normal, any real t."""

    @property
    def formula(self) -> sympy.Expr:
        """The complementary error function."""
        return sympy.erfc(self.args[0] / sympy.sqrt(2)) / 2

    log, ball = _numbers("normal.logsf", "normal_log_at_least")


class normal_at_most(_Normal):
    """``P[Z <= t]``, Z standard normal, any real t."""

    _operator = "<="

    @property
    def formula(self) -> sympy.Expr:
        """The complementary error function."""
        return sympy.erfc(-self.args[0] / sympy.sqrt(2)) / 2

    log, ball = _numbers("normal.logcdf", "normal_log_at_most")


class _Gamma(_Continuous):
    """A gamma variable of shape k and scale 1 beyond x."""

    nargs = 2
    parameters = ("k", "x")
    _variable = "gamma"

    @property
    def domain(self) -> tuple[Any, ...]:
        """A shape above 0."""
        return (sympy.Gt(self.args[0], 0),)

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """-k log(1 - theta), for theta < 1."""
        return -self.args[0] * sympy.log(1 - theta), 1 - theta > 0


class gamma_at_least(_Gamma):
    """``P[G >= x]``, G gamma of real shape k > 0 and scale 1; 1 for x <= 0."""

    log, ball = _numbers("gamma.logsf", "gamma_log_at_least")


class gamma_at_most(_Gamma):
    """``P[G <= x]``, G gamma of real shape k > 0 and scale 1; 0 for x <= 0."""

    _operator = "<="
    log, ball = _numbers("gamma.logcdf", "gamma_log_at_most")


class _Beta(_Continuous):
    """A beta variable beyond x."""

    nargs = 3
    parameters = ("a", "b", "x")
    _variable = "beta"

    @property
    def domain(self) -> tuple[Any, ...]:
        """Shapes above 0."""
        return sympy.Gt(self.args[0], 0), sympy.Gt(self.args[1], 0)


class beta_at_least(_Beta):
    """``P[B >= x]``, B beta of real shapes a, b > 0; 1 for x <= 0, 0 for x >= 1."""

    log, ball = _numbers("beta.logsf", "beta_log_at_least", end=lambda *_: 1)


class beta_at_most(_Beta):
    """``P[B <= x]``, B beta of real shapes a, b > 0; 0 for x <= 0, 1 for x >= 1."""

    _operator = "<="
    log, ball = _numbers("beta.logcdf", "beta_log_at_most", end=lambda *_: 1)


class _Student(_Continuous):
    """Student's variable of n degrees of freedom beyond x."""

    nargs = 2
    parameters = ("n", "x")

    @property
    def domain(self) -> tuple[Any, ...]:
        """Degrees of freedom above 0."""
        return (sympy.Gt(self.args[0], 0),)


class student_at_least(_Student):
    """``P[T >= x]``, T Student with real n > 0 degrees of freedom, any real x."""

    _variable = "student"
    _least = sympy.S.NegativeInfinity
    log, ball = _numbers("student.logsf", "student_log_at_least")


class student_two_sided(_Student):
    """``P[|T| >= x]``, T Student with real n > 0 degrees of freedom; 1 for x <= 0."""

    _variable = "|student|"

    @property
    def sides(self) -> int:
        """Both."""
        return 2

    log, ball = _numbers("student.log_two_sided", "student_log_two_sided")


class _Greatest(_Continuous):
    """The greatest of n independent variables beyond x."""

    nargs = 2
    parameters = ("n", "x")

    @property
    def domain(self) -> tuple[Any, ...]:
        """One variable at least."""
        return (sympy.Ge(self.args[0], 1),)


class greatest_normal_at_least(_Greatest):
    """``P[max(Z_1, ..., Z_n) >= x] = 1 - P[Z < x]^n``, independent standard normals, real n >= 1, any real x."""

    _variable = "greatest normal"
    _least = sympy.S.NegativeInfinity
    log, ball = _numbers("greatest_normal.logsf", "greatest_normal_log_at_least")


class greatest_absolute_normal_at_least(_Greatest):
    """``P[max(|Z_1|, ..., |Z_n|) >= x]``, independent standard normals, real n >= 1; 1 for x <= 0."""

    _variable = "greatest |normal|"
    log, ball = _numbers("greatest_normal.logsf_abs", "greatest_absolute_normal_log_at_least")


class kolmogorov_at_least(_Continuous):
    """``P[D_n^+ >= t]``, D_n^+ = sup(F_n - F) of n independent draws from a continuous law F, n whole; 1 for t <= 0."""

    nargs = 2
    parameters = ("n", "t")
    _variable = "one-sided Kolmogorov"

    @property
    def whole(self) -> tuple[Any, ...]:
        """How many there are."""
        return tuple(self.args[:1])

    @property
    def domain(self) -> tuple[Any, ...]:
        """One draw at least."""
        return (sympy.Ge(self.args[0], 1),)

    log, ball = _numbers("kolmogorov.logsf", "kolmogorov_log_at_least", end=lambda *_: 1)


class uniform_sum_at_least(_Continuous):
    """``P[U_1 + ... + U_n >= x]``, independent uniforms on [0, 1], n whole; 1 for x <= 0, 0 for x >= n."""

    nargs = 2
    parameters = ("n", "x")
    _variable = "sum of uniforms"

    @property
    def whole(self) -> tuple[Any, ...]:
        """How many there are."""
        return tuple(self.args[:1])

    @property
    def domain(self) -> tuple[Any, ...]:
        """One summand at least."""
        return (sympy.Ge(self.args[0], 1),)

    log, ball = _numbers("uniform_sum.logsf", "uniform_sum_log_at_least", end=lambda n, _: n)


class gaussian_mechanism_delta(Tail):
    """``Q(eps sigma - 1/(2 sigma)) - e^eps Q(eps sigma + 1/(2 sigma))``, sensitivity 1, eps >= 0, sigma > 0.

    The least delta for which normal noise of deviation sigma is (eps, delta)-private (Balle and Wang 2018).
    It is no probability of one event, so it prints by its name.
    """

    nargs = 2
    parameters = ("eps", "sigma")
    continuous = True

    @property
    def domain(self) -> tuple[Any, ...]:
        """A level of privacy, and noise."""
        eps, sigma = self.args
        return sympy.Ge(eps, 0), sympy.Gt(sigma, 0)

    @staticmethod
    def log(eps: Any, sigma: Any) -> Any:
        """Return log delta on broadcast arrays."""
        return import_module("boundkit.laws.gaussian_mechanism").log_delta(eps, sigma)

    @staticmethod
    def ball(eps: Any, sigma: Any) -> Any:
        """Return an arb that encloses log delta."""
        return import_module("boundkit.laws.continuous_balls").gaussian_mechanism_log_delta(eps, sigma)
