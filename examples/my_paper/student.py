"""The law of the mean over the sample deviation: Student's, which boundkit does not have."""

from flint import arb, fmpq
from sympy import And

import boundkit as bk


class student_two_sided(bk.tails.Tail):
    """P[|T| >= x] for Student's T with k degrees of freedom: I_y(k/2, 1/2) at y = k/(k + x^2)."""

    @property
    def domain(self) -> tuple:
        k, x = self.args
        return (And(k > 0, x >= 0),)

    @property
    def event(self) -> tuple:
        k, x = self.args
        return "|student|", (k,), ">=", x

    @staticmethod
    def ball(k: fmpq | arb, x: fmpq | arb) -> arb:
        k, x = arb(k), arb(x)
        return (k / (k + x * x)).beta_lower(k / 2, arb(1) / 2, regularized=True).log()
