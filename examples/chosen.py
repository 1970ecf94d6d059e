"""Claims about any law and about any point: whoever refutes them chooses which."""

from dataclasses import replace

import numpy as np
from sympy import binomial, exp, log, sqrt, symbols

import boundkit as bk

n, t, c, p, w, X = symbols("n t c p w X")

# Hoeffding's inequality for any variables in [0, c]: against it two values are enough, 0 and w c.
hoeffding = bk.Statement(
    name="hoeffding",
    place="Hoeffding 1963, Theorem 2",
    parameters=(
        bk.integers(n, "how many variables"),
        bk.reals(c, "the length of their range", 0),
        bk.reals(t, "the deviation of the mean", 0),
        bk.reals(p, "how likely the larger value is", 0, 1, chosen=True),
        bk.reals(w, "the larger value over c", 0, 1, chosen=True),
    ),
    hypotheses=(bk.assumed("X is a mean of n independent variables in [0, c], less what is expected"),),
    claims=(X < t,),
    failure=exp(-2 * n * t**2 / c**2),
    truth=bk.tails.binomial_at_least(n, p, n * (p + t / (w * c))),
)
in_unit_steps = replace(hoeffding, failure=exp(-2 * n * t**2))
twice_the_exponent = replace(hoeffding, failure=exp(-4 * n * t**2 / c**2))

# |V^T D|, V being m Gaussian vectors of ell numbers and D the pattern of the k neurons that are active at a point.
ell, m, k, a, looks, G = symbols("ell m k a looks G")


def least_of_looks(
    rng: np.random.Generator, trials: int, ell: int, m: int, k: int, looks: int, **_: float
) -> np.ndarray:
    """The least |V^T D| at so many points, looked at after V was drawn; their patterns are drawn by themselves."""
    V = rng.standard_normal((trials, m, ell))
    order = rng.random((trials, looks, m)).argsort(axis=2)
    D = (order < k).astype(float)
    return np.linalg.norm(D @ V, axis=2).min(axis=1)


one_point = bk.Statement(
    name="one_point",
    place="One point",
    parameters=(
        bk.integers(ell, "the dimension off P", 1, 60),
        bk.integers(m, "neurons", 1, 12),
        bk.integers(k, "active neurons", 1, m),
        bk.reals(a, "the share of the mean square", 0, 1),
    ),
    claims=(G > sqrt(k * a * ell),),
    failure=exp(-ell * (a - 1 - log(a)) / 2),
    truth=bk.tails.chi_square_at_most(ell, a),
    sampler=lambda rng, trials, **sizes: least_of_looks(rng, trials, looks=1, **sizes),
)
# "With that probability the claim holds for all points": they may be chosen once V is known.
AFTERWARDS = bk.integers(looks, "points looked at once V is known", 1, 100, chosen=True)
misread = replace(
    one_point,
    name="misread",
    place="One point, read as every point",
    parameters=(*one_point.parameters, AFTERWARDS),
    truth=None,
    sampler=least_of_looks,
)
every_point = replace(
    misread, name="every_point", place="Every point", failure=binomial(m, k) * exp(-ell * (a - 1 - log(a)) / 2)
)

if __name__ == "__main__":
    print(bk.falsify(hoeffding).counterexample)
    print(bk.falsify(in_unit_steps).counterexample)
    print(bk.falsify(twice_the_exponent).counterexample)
    print(bk.falsify(one_point).counterexample)
    print(bk.falsify(misread).counterexample is not None)
    print(bk.falsify(every_point, seconds=1).counterexample)
