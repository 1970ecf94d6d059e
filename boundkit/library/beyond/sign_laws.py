"""The laws of how far a step of signs moves a neuron, as SymPy functions; `sign_sums` computes them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sympy

from boundkit.tails import Tail


def _numbers(log: str, ball: str) -> tuple[Any, Any]:
    """The two functions that compute a law, loaded when they are first asked."""

    def asked(name: str) -> Any:
        return staticmethod(lambda *args: getattr(import_module("boundkit.library.beyond.sign_sums"), name)(*args))

    return asked(log), asked(ball)


class _Move(Tail):
    """A neuron's move over b by a step of size 1 in n pixels, of m neurons, up to the c-th part of its mean."""

    nargs = 3
    parameters = ("c", "n", "m")
    continuous = True
    pointwise = True
    _share = sympy.S.One  # of the pixels, in the mean

    @property
    def domain(self) -> tuple[Any, ...]:
        """A share of the mean above 0, one pixel, and two neurons at least."""
        c, n, m = self.args
        return sympy.Gt(c, 0), sympy.Ge(n, 1), sympy.Ge(m, 2)

    @property
    def whole(self) -> tuple[Any, ...]:
        """The number of pixels."""
        return (self.args[1],)

    @property
    def support(self) -> tuple[Any, bool]:
        """Any number."""
        return (sympy.S.NegativeInfinity, True)

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        c, n, m = self.args
        return self._variable, (n, m), "<=", self._share * n * sympy.sqrt(2) / sympy.sqrt(sympy.pi * m) / c

    _variable = "move"

    def rescaled(self, factor: Any) -> Tail:
        """The threshold goes with 1/c."""
        c, n, m = self.args
        return type(self)(c / factor, n, m)

    def _mean_of_pixel(self, theta: Any) -> Any:
        """E e^(theta v) for a pixel that is always on: 2 e^(theta^2/2) P[Z <= theta/sqrt(m)]."""
        return sympy.exp(theta**2 / 2) * sympy.erfc(-theta / sympy.sqrt(2 * self.args[2]))


class sign_move_at_most(_Move):
    """``P[X <= n sqrt(2/(pi m))/c]``: the move of one of m >= 2 neurons by the signs of their sum, n pixels."""

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """n times a pixel's, for every theta."""
        return self.args[1] * sympy.log(self._mean_of_pixel(theta)), sympy.true

    log, ball = _numbers("log_both_ways", "both_ways_log_at_most")


class upward_move_at_most(_Move):
    """``P[X <= n/(c sqrt(2 pi m))]``: the same where only the pixels with a sum above 0 are on."""

    _share = sympy.Rational(1, 2)
    _variable = "upward move"

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """n times a pixel's, for every theta."""
        return self.args[1] * sympy.log((1 + self._mean_of_pixel(theta)) / 2), sympy.true

    log, ball = _numbers("log_upward", "upward_log_at_most")
