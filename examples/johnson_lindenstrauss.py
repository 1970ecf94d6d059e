"""The Johnson-Lindenstrauss lemma for Gaussian projections: one distance exactly, and all of n points at once."""

from dataclasses import replace

import numpy as np
from sympy import exp, symbols

import boundkit as bk
from boundkit.tails import chi_square_at_least, chi_square_at_most

n, k, eps, least, greatest = symbols("n k eps least greatest")
dimension, distortion = bk.integers(k, "the dimension projected to"), bk.reals(eps, "the distortion", 0, 1)
one_fails = 2 * exp(-k * (eps**2 / 2 - eps**3 / 3) / 2)
one_fails_in_fact = chi_square_at_most(k, 1 - eps) + chi_square_at_least(k, 1 + eps)


def stretches(rng: np.random.Generator, trials: int, k: int, n: int = 2, **_: float) -> tuple[np.ndarray, ...]:
    """The n points are e_1, ..., e_n; their images are the columns of a Gaussian matrix."""
    images = rng.standard_normal((trials, n, k)) / np.sqrt(2 * k)
    one, other = np.triu_indices(n, 1)
    squares = np.sum((images[:, one] - images[:, other]) ** 2, axis=2)
    return squares.min(axis=1), squares.max(axis=1)


one_pair = bk.Statement(
    name="johnson_lindenstrauss_pair",
    place="Johnson-Lindenstrauss (one distance), after Dasgupta and Gupta 2003",
    parameters=(dimension, distortion),
    quantities=tuple(
        bk.reals(symbol, f"the {symbol.name} squared distance over the one before", 0, strict=False)
        for symbol in (least, greatest)
    ),
    hypotheses=(bk.assumed("the projection has independent entries N(0, 1/k)"),),
    claims=(least > 1 - eps, greatest < 1 + eps),
    failure=one_fails,
    truth=one_fails_in_fact,
    sampler=stretches,
    doc="A Gaussian projection rarely changes a squared distance by more than a factor 1 +- eps.",
)
all_pairs = replace(
    one_pair,
    name="johnson_lindenstrauss",
    place="Johnson-Lindenstrauss, after Dasgupta and Gupta 2003",
    parameters=(bk.integers(n, "the number of points", 2), dimension, distortion),
    failure=n * (n - 1) / 2 * one_fails,
    truth=n * (n - 1) / 2 * one_fails_in_fact,
    truth_is="upper bound",
    doc="A Gaussian projection rarely changes any squared distance of n points by more than a factor 1 +- eps.",
)
four_times_the_exponent = replace(one_pair, failure=2 * exp(-k * (eps**2 - 2 * eps**3 / 3)))

if __name__ == "__main__":
    print(all_pairs(n=1000, k=1200, eps=0.25))
    print(" ", all_pairs(n=1000, k=1200, eps=0.25).exact())
    print(all_pairs.solve_for("k", n=1000, eps=0.25, failure=0.01))
    print(all_pairs.solve_for("k", n=1000, eps=0.25, failure=0.01, exact=True))
    print(bk.falsify(one_pair))
    print(bk.simulate.check(all_pairs, 1000, n=10, k=150, eps=0.5))
    print(bk.table(all_pairs, {"k": "400:1600:400"}, {"n": 1000, "eps": 0.25}).to_text())
    print(bk.falsify(four_times_the_exponent).counterexample)
