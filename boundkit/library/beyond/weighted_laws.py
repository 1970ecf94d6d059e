"""Weighted sums of independent chi-square variables, which have no law of their own here, only a bound."""

from __future__ import annotations

from typing import Any

import sympy

from boundkit.tails import Tail


class _Weighted(Tail):
    """n Q/E Q beyond a n, Q = sum mu_j C_j with weights mu_j >= 0 and C_j independent chi-square variables.

    n is at most E Q over the largest weight, and n Q/E Q is the variable. Its Laplace transform is at most that of a
    chi-square variable with n degrees of freedom, on both sides of 0 (Lemma 37 of docs/beyond.md), which stands for it
    here.
    """

    nargs = 2
    parameters = ("n", "a")
    _operator = "<="

    @property
    def domain(self) -> tuple[Any, ...]:
        """Degrees of freedom above 0."""
        return (sympy.Gt(self.args[0], 0),)

    @property
    def support(self) -> tuple[Any, bool]:
        """Above 0, almost surely."""
        return (sympy.S.Zero, True)

    @property
    def event(self) -> tuple[str, tuple[Any, ...], str, Any]:
        """How the law is printed."""
        n, a = self.args
        return "weighted chi2", (n,), self._operator, a * n

    def rescaled(self, factor: Any) -> Tail:
        """The threshold is a n."""
        n, a = self.args
        return type(self)(n, factor * a)

    def cumulant(self, theta: Any) -> tuple[sympy.Expr, Any]:
        """At most -n log(1 - 2 theta)/2, for theta < 1/2."""
        return -self.args[0] * sympy.log(1 - 2 * theta) / 2, 1 - 2 * theta > 0


class weighted_chi_square_at_most(_Weighted):
    """``P[Q <= a E Q]``."""


class weighted_chi_square_at_least(_Weighted):
    """``P[Q >= a E Q]``."""

    _operator = ">="
