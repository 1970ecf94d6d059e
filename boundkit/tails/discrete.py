"""Laws on a lattice: binomial, Poisson, trials until r successes, white balls of an urn, beyond any real number.

They jump: whether ``P[X >= 3]`` or ``P[X >= 4]`` is meant is decided on exact numbers wherever floats may be wrong.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sympy

from boundkit.tails.tail import Threshold


def _numbers(law: str, name: str) -> tuple[Any, Any]:
    """The two functions that compute a law, each loaded when it is first asked; on arrays the threshold comes first."""

    def log(*args: Any) -> Any:
        *parameters, x = args
        return getattr(import_module(f"boundkit.laws.{law}"), name)(x, *parameters)

    def ball(*args: Any) -> Any:
        return getattr(import_module("boundkit.laws.discrete_balls"), f"{law}_{name}")(*args)

    return staticmethod(log), staticmethod(ball)


class _Discrete(Threshold):
    """A variable that takes whole numbers, beyond the law's last argument."""

    @property
    def support(self) -> tuple[Any, bool]:
        """From 0 on."""
        return (sympy.S.Zero, False)


class _Binomial(_Discrete):
    """The successes in n trials, each with probability p."""

    nargs = 3
    parameters = ("n", "p", "x")
    _variable = "Bin"

    @property
    def domain(self) -> tuple[Any, ...]:
        """A number of trials, and a probability."""
        n, p, _ = self.args
        return sympy.Ge(n, 0), sympy.Ge(p, 0), sympy.Le(p, 1)

    @property
    def whole(self) -> tuple[Any, ...]:
        """The number of trials."""
        return tuple(self.args[:1])

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """n log(1 - p + p e^theta), for every theta."""
        n, p, _ = self.args
        return n * sympy.log(1 - p + p * sympy.exp(theta)), sympy.true


class binomial_at_least(_Binomial):
    """``P[X >= x]``, X the successes in n trials, each with probability p."""

    log, ball = _numbers("binomial", "log_at_least")


class binomial_at_most(_Binomial):
    """``P[X <= x]``, X the successes in n trials, each with probability p."""

    _operator = "<="
    log, ball = _numbers("binomial", "log_at_most")


class _Poisson(_Discrete):
    """A Poisson variable with mean lam."""

    nargs = 2
    parameters = ("lam", "x")
    _variable = "Poisson"

    @property
    def domain(self) -> tuple[Any, ...]:
        """A mean."""
        return (sympy.Ge(self.args[0], 0),)

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """lam (e^theta - 1), for every theta."""
        return self.args[0] * (sympy.exp(theta) - 1), sympy.true


class poisson_at_least(_Poisson):
    """``P[X >= x]``, X Poisson with mean lam."""

    log, ball = _numbers("poisson", "log_at_least")


class poisson_at_most(_Poisson):
    """``P[X <= x]``, X Poisson with mean lam."""

    _operator = "<="
    log, ball = _numbers("poisson", "log_at_most")


class _NegativeBinomial(_Discrete):
    """The trials until r successes have been seen, the last one counted, each with probability p."""

    nargs = 3
    parameters = ("r", "p", "t")
    _variable = "trials"

    @property
    def domain(self) -> tuple[Any, ...]:
        """A number of successes, and a probability above 0."""
        r, p, _ = self.args
        return sympy.Ge(r, 1), sympy.Gt(p, 0), sympy.Le(p, 1)

    @property
    def whole(self) -> tuple[Any, ...]:
        """The number of successes."""
        return tuple(self.args[:1])

    @property
    def support(self) -> tuple[Any, bool]:
        """From r on."""
        return (self.args[0], False)

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """r (theta + log p - log(1 - (1 - p) e^theta)), where that log's argument is positive."""
        r, p, _ = self.args
        inside = 1 - (1 - p) * sympy.exp(theta)
        return r * (theta + sympy.log(p) - sympy.log(inside)), inside > 0


class negative_binomial_at_least(_NegativeBinomial):
    """``P[T >= t]``, T the trials until r successes, each with probability p; geometric for r = 1."""

    log, ball = _numbers("negative_binomial", "log_at_least")


class negative_binomial_at_most(_NegativeBinomial):
    """``P[T <= t]``, T the trials until r successes, each with probability p; geometric for r = 1."""

    _operator = "<="
    log, ball = _numbers("negative_binomial", "log_at_most")


class _Hypergeometric(_Discrete):
    """The white balls among n drawn without replacement from N, of which K are white."""

    nargs = 4
    parameters = ("N", "K", "n", "x")
    _variable = "Hyper"

    @property
    def domain(self) -> tuple[Any, ...]:
        """Not more white ones than there are, nor more drawn."""
        N, K, n, _ = self.args
        return sympy.Ge(K, 0), sympy.Ge(N, K), sympy.Ge(n, 0), sympy.Ge(N, n)

    @property
    def whole(self) -> tuple[Any, ...]:
        """All three numbers of balls."""
        return tuple(self.args[:3])


class hypergeometric_at_least(_Hypergeometric):
    """``P[X >= x]``, X the white balls among n drawn without replacement from N, of which K are white."""

    log, ball = _numbers("hypergeometric", "log_at_least")


class hypergeometric_at_most(_Hypergeometric):
    """``P[X <= x]``, X the white balls among n drawn without replacement from N, of which K are white."""

    _operator = "<="
    log, ball = _numbers("hypergeometric", "log_at_most")
