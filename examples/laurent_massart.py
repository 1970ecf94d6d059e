"""Laurent and Massart's bounds of the chi-square tails, held against the exact law, and a term of them dropped."""

from dataclasses import replace

import numpy as np
from sympy import Max, exp, sqrt, symbols

import boundkit as bk
from boundkit.tails import chi_square_at_least, chi_square_at_most

n, t, U = symbols("n t U")


def chi_square(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    return rng.chisquare(n, trials)


upper = bk.Statement(
    name="laurent_massart_upper",
    place="Laurent and Massart (upper), Lemma 1; Annals of Statistics 28, 2000",
    parameters=(bk.integers(n, "the degrees of freedom"), bk.reals(t, "the exponent", 0)),
    quantities=(bk.reals(U, "a chi-square variable", 0, strict=False),),
    hypotheses=(bk.assumed("U is chi-square with n degrees of freedom"),),
    claims=(U < n + 2 * sqrt(n * t) + 2 * t,),
    failure=exp(-t),
    truth=chi_square_at_least(n, 1 + 2 * sqrt(t / n) + 2 * t / n),
    sampler=chi_square,
    doc="A chi-square variable is rarely far above its mean.",
)
lower = replace(
    upper,
    name="laurent_massart_lower",
    place="Laurent and Massart (lower), Lemma 1; Annals of Statistics 28, 2000",
    claims=(U > n - 2 * sqrt(n * t),),
    truth=chi_square_at_most(n, Max(0, 1 - 2 * sqrt(t / n))),
    doc="A chi-square variable is rarely far below its mean.",
)
without_2t = replace(upper, claims=(U < n + 2 * sqrt(n * t),), truth=chi_square_at_least(n, 1 + 2 * sqrt(t / n)))

if __name__ == "__main__":
    for s in (upper, lower):
        print(s(n=100, t=3))
        print(" ", s(n=100, t=3).exact())
        print(bk.falsify(s))
        print(bk.simulate.check(s, n=10, t=1))
        print(bk.table(s, {"n": "10:100:30"}, {"t": 3}).to_text())
    print("log of the true failure probability at n = 10^9, t = 1e4:")
    print(" ", float(upper.evaluate(("log_exact",), n=10**9, t=10**4)["log_exact"]))
    print(bk.audit(upper, lower, points=60))
    print(bk.falsify(without_2t).counterexample)
