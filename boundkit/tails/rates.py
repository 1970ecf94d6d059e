"""Formulas under a name: what would fill a page written out."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.codegen.cfunctions import log1p

from boundkit.errors import StatementError
from boundkit.values import Formula


class Named(sympy.Function):
    """A formula under a name: it prints by its name, and is computed by what it stands for."""

    @property
    def formula(self) -> sympy.Expr:
        """What it stands for."""
        raise StatementError(f"{type(self).__name__} does not say what it stands for; give it a `formula`")

    def _eval_evalf(self, prec: int) -> Formula:
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


class mean_excess(Named):
    """``E max(Z - theta, 0)``, Z standard normal: by how much it is above theta in the mean."""

    nargs = 1

    @property
    def formula(self) -> sympy.Expr:
        """The density less theta times the tail."""
        (theta,) = self.args
        density = sympy.exp(-(theta**2) / 2) / sympy.sqrt(2 * sympy.pi)
        return density - theta * sympy.erfc(theta / sympy.sqrt(2)) / 2

    def _latex(self, printer: Any, exp: str = "") -> str:
        return rf"\nu\left({printer._print(self.args[0])}\right)" + (f"^{{{exp}}}" if exp else "")
