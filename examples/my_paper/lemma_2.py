"""Lemma 2: the sample deviation is not small.

(n - 1) s^2/sigma^2 is chi-square with n - 1 degrees of freedom. Laurent and Massart's bound for its lower tail says
that it falls below half its mean with probability at most e^(-(n - 1)/16).
"""

from draws import deviations
from parameters import DEVIATION, GAUSSIAN, MEASUREMENTS, SPREAD, n, sigma, spread
from sympy import Eq, Rational, exp, log, sqrt, symbols

import boundkit as bk
from boundkit.model.proof import Chernoff, Fact, Logs, Proof, Squares, Step, spend
from boundkit.tails import chi_square_at_most

X = symbols("X")
tail, rate = chi_square_at_most(n - 1, Rational(1, 2)), exp(-(n - 1) * (log(2) - Rational(1, 2)) / 2)
not_small = spend(tail, {X: X}, because="X = (n - 1) s^2/sigma^2 is chi-square with n - 1 degrees of freedom")

lemma_2 = bk.Statement(
    name="lemma_2",
    place="Lemma 2, section 2",
    parameters=(MEASUREMENTS, DEVIATION),
    quantities=(SPREAD,),
    hypotheses=(GAUSSIAN,),
    claims=(spread >= sigma / sqrt(2),),
    failure=exp(-(n - 1) / 16),
    truth=tail,
    proof=Proof(
        spends=(not_small,),
        parameters=(bk.reals(X, "a chi-square variable", 0, strict=False),),
        steps=(
            Step(Eq(spread, sigma * sqrt(X / (n - 1))), Fact("s^2 is sigma^2 X/(n - 1)")),
            Step(spread >= sigma / sqrt(2), Squares(((sigma**2 / (n - 1), *not_small.granted),))),
        ),
        budget=(Step(tail <= rate, Chernoff(Rational(1, 2))), Step(rate <= exp(-(n - 1) / 16), Logs())),
    ),
    sampler=deviations,
    text=(("bound", "sigma/sqrt(2)"), ("failure", "e^(-(n - 1)/16)")),
    tex=(("bound", r"\sigma/\sqrt{2}"), ("failure", r"e^{-(n - 1)/16}")),
    rests_on=(("laurent2000adaptive", "Lemma 1"),),
    paper="example2024",
    doc=__doc__,
)
