"""Lemma 1: the mean is close to the truth.

The mean of n measurements is N(mu, sigma^2/n), and a standard normal variable has P[|Z| >= x] <= 2 e^(-x^2/2).
"""

from draws import errors
from parameters import DEVIATION, ERROR, GAUSSIAN, MEASUREMENTS, TOLERANCE, error, n, sigma, t
from sympy import Eq, exp, sqrt, symbols

import boundkit as bk
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import normal_two_sided

Z = symbols("Z")
tail = normal_two_sided(sqrt(n) * t)
not_far = spend(tail, {Z: Z}, because="sqrt(n) (mean - mu)/sigma is N(0, 1), and Z its size")

printed = bk.Statement(
    name="lemma_1",
    place="Lemma 1, section 2",
    parameters=(MEASUREMENTS, TOLERANCE, DEVIATION),
    quantities=(ERROR,),
    hypotheses=(GAUSSIAN,),
    claims=(error < sigma * t,),
    failure=2 * exp(-n * t**2),
    truth=tail,
    sampler=errors,
    paper="example2024",
    doc=__doc__,
)

lemma_1 = printed.corrected(
    failure=2 * exp(-n * t**2 / 2),
    proof=Proof(
        spends=(not_far,),
        parameters=(bk.reals(Z, "the size of a standard normal variable", 0, strict=False, text="|Z|", tex="|Z|"),),
        steps=(
            Step(Eq(error, sigma * Z / sqrt(n)), Fact("|mean - mu| is sigma |Z|/sqrt(n)")),
            Step(error < sigma * t, NonnegativeSum(((sigma / sqrt(n), *not_far.granted),))),
        ),
        budget=(Step(tail <= 2 * exp(-n * t**2 / 2), Chernoff(sqrt(n) * t)),),
    ),
    errata=(
        bk.Erratum(
            "E1",
            "2 e^(-n t^2)",
            "2 e^(-n t^2/2)",
            "wrong formula",
            witness=(("n", 4), ("t", 1)),
            brief="e^(-n t^2/2) for e^(-n t^2)",
        ),
    ),
)
