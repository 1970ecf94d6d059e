"""Sections B.1 and B.2: Markov's inequality for variables in [0, 1], Chebyshev's for averages."""

from fractions import Fraction

from sympy import Piecewise, sqrt

from boundkit.api.objects import Statement
from boundkit.library.classics.notation import X, a, decides, delta, m, p
from boundkit.library.uml_appendix_b.notation import (
    CHANCE,
    CONFIDENCE,
    SAMPLE,
    SHARE,
    c,
    lemma,
    mu,
    number,
    size,
)
from boundkit.model.erratum import Erratum
from boundkit.model.parameter import reals
from boundkit.tails import binomial_at_least, binomial_at_most

MEAN = reals(mu, "the mean", 0, 1, typical=0.8)
LESSER = reals(c, "the lesser value", 0, mu, strict=False, typical=0.2)
TWO = (MEAN, LESSER, SHARE)
VARIABLE = "X is c or 1, with mean mu"
OPEN = (mu < 1, a < 1, VARIABLE)
low = (1 - mu) / (1 - c)
MARKOV = "Markov's inequality for 1 - X, which is at least 0. Of two values it is attained where the lesser is"

uml_b_1 = lemma(
    "uml_b_1", "Lemma B.1", "a variable in [0, 1] is above 1 - a with probability at least (mu - (1 - a))/a.",
    TWO, X > 1 - a, (1 - mu) / a, Piecewise((low, c <= 1 - a), (0, True)), *OPEN,
    what=size("the variable"), idea=f"{MARKOV} 1 - a.",
)  # fmt: skip

chain = Statement(
    name="uml_b_1_chain", place="Lemma B.1 (its last display), appendix B", parameters=(MEAN, SHARE),
    quantities=(number("(mu - a)/(1 - a)"),), hypotheses=decides(mu < 1, a < 1), claims=(X >= mu - a,), failure=0,
    truth=(mu - a) / (1 - a), paper="uml_appendix_b", doc="Lemma B.1: (mu - a)/(1 - a) is at least mu - a.",
)  # fmt: skip
uml_b_1_level = lemma(
    "uml_b_1_level", "Lemma B.1 (second part)",
    "a variable in [0, 1] is above a with probability at least (mu - a)/(1 - a).",
    TWO, X > a, (1 - mu) / (1 - a), Piecewise((low, c <= a), (0, True)), *OPEN, what=size("the variable"),
    idea=f"{MARKOV} a. For a <= mu the bound is at least mu - a.",
    errata=(
        Erratum(
            "U1", "(mu - a)/(1 - a) >= mu - a",
            "for a <= mu; for others both are below 0, and P[X > a] >= mu - a says nothing",
            "proof only", (("mu", Fraction(1, 5)), ("a", Fraction(1, 2))), step=chain,
        ),
    ),
)  # fmt: skip

spread = sqrt(m * p * (1 - p) / delta)
uml_b_2 = lemma(
    "uml_b_2", "Lemma B.2", "an average of variance 1/m is off by 1/sqrt(delta m) with probability at most delta.",
    (SAMPLE, CHANCE, CONFIDENCE), X < sqrt(1 / (delta * m)), delta,
    binomial_at_least(m, p, m * p + spread) + binomial_at_most(m, p, m * p - spread), p < 1, delta < 1,
    "X is |average - mean| of m coins over their deviation sqrt(p (1 - p)), whose variance is 1",
    what=size("the distance of the average from the mean"), idea="Chebyshev's inequality at that distance.",
    depends_on=("classics.chebyshev",),
)  # fmt: skip
