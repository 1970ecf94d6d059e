"""Hoeffding's inequality for fair coins, encoded in one's own file, with a law of its own."""

from dataclasses import replace
from math import ceil, comb

from flint import arb, fmpq
import numpy as np
from sympy import exp, symbols

import boundkit as bk

n, t, excess = symbols("n t excess")


class heads_at_least(bk.tails.Tail):
    """P[Bin(n, 1/2)/n - 1/2 >= t], an exact fraction."""

    @staticmethod
    def ball(n: fmpq, t: fmpq) -> arb:
        coins, first = int(n), ceil(n * (fmpq(1, 2) + t))
        return arb(fmpq(sum(comb(coins, j) for j in range(int(first), coins + 1)), 2**coins)).log()


def share_of_heads(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    return rng.binomial(n, 0.5, trials) / n - 0.5


hoeffding = bk.Statement(
    name="hoeffding",
    place="Hoeffding's inequality, for fair coins; Hoeffding 1963",
    parameters=(bk.integers(n, "the number of coins", 1, 200), bk.reals(t, "the excess of heads", 0, 0.5)),
    quantities=(bk.reals(excess, "the share of heads above 1/2", -0.5, 0.5, strict=False),),
    hypotheses=(bk.assumed("the coins are fair and independent"),),
    claims=(excess < t,),
    failure=exp(-2 * n * t**2),
    truth=heads_at_least(n, t),
    sampler=share_of_heads,
    doc="Hoeffding's inequality: the share of heads is rarely far above a half.",
)
twice_the_exponent = replace(hoeffding, failure=exp(-4 * n * t**2))

if __name__ == "__main__":
    print(hoeffding(n=100, t=0.1))
    print(" ", hoeffding(n=100, t=0.1).exact())
    print(bk.falsify(hoeffding))
    print(bk.simulate.check(hoeffding, n=100, t=0.1))
    print(bk.table(hoeffding, {"n": "50:200:50"}, {"t": 0.125}).to_text())
    print(bk.falsify(twice_the_exponent).counterexample)
