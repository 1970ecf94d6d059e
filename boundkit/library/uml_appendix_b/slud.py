"""Section B.6: a binomial variable of mean below m/2 reaches m/2 often enough, by Slud's inequality."""

from fractions import Fraction

from sympy import exp, sqrt

from boundkit.library.classics.notation import X, eps, m
from boundkit.library.uml_appendix_b.bibliography import SLUD
from boundkit.library.uml_appendix_b.notation import SAMPLE, lemma, reals, size
from boundkit.tails import binomial_at_least

BIAS = reals(eps, "the bias", 0, 1, typical=Fraction(1, 10))

uml_b_11 = lemma(
    "uml_b_11", "Lemma B.11", "Bin(m, (1 - eps)/2) reaches m/2 with probability at least "
    "(1 - sqrt(1 - exp(-m eps^2/(1 - eps^2))))/2.",
    (SAMPLE, BIAS), X >= (1 - sqrt(1 - exp(-m * eps**2 / (1 - eps**2)))) / 2, 0,
    binomial_at_least(m, (1 - eps) / 2, m / 2), eps < 1, what=size("P[Bin(m, (1 - eps)/2) >= m/2]"),
    idea="Slud's inequality, which is about whole numbers, and so about even m; and a lower bound of the normal tail. For "
    "odd m it is checked, not proved.",
    depends_on=("classics.slud", "classics.polya"), rests_on=((SLUD, "Theorem 2.1"),),
)  # fmt: skip
STATEMENTS = (uml_b_11,)
