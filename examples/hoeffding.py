"""Hoeffding's inequality for fair coins, encoded in one's own file, and a variant that is wrong."""

from dataclasses import replace
from math import ceil, comb

from flint import arb, fmpq
from sympy import exp, symbols

import boundkit as bk

n, t, excess = symbols("n t excess")


class heads_at_least(bk.tails.Tail):
    """P[Bin(n, 1/2)/n - 1/2 >= t], an exact fraction."""

    @staticmethod
    def ball(n: fmpq, t: fmpq) -> arb:
        coins, first = int(n), ceil(n * (fmpq(1, 2) + t))
        return arb(fmpq(sum(comb(coins, j) for j in range(int(first), coins + 1)), 2**coins)).log()


hoeffding = bk.Statement(
    name="hoeffding",
    place="Hoeffding 1963, Theorem 1, for fair coins",
    parameters=(bk.integers(n, "the number of coins", 1, 200), bk.reals(t, "the excess of heads", 0, 0.5)),
    quantities=(bk.reals(excess, "the share of heads above 1/2", -0.5, 0.5),),
    hypotheses=(bk.assumed("the coins are fair and independent"),),
    claims=(excess < t,),
    failure=exp(-2 * n * t**2),
    truth=heads_at_least(n, t),
    doc="Hoeffding's inequality: the share of heads is rarely far above a half.",
)

print(hoeffding(n=100, t=0.1))
print(" ", hoeffding(n=100, t=0.1).exact())
print(bk.refute(hoeffding, n=100, t=0.3))
print(bk.refute(replace(hoeffding, failure=exp(-4 * n * t**2)), n=100, t=0.3))
