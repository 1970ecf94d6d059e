"""Section B.6: a binomial variable of mean below m/2 reaches m/2 often enough, by Slud's inequality."""

from fractions import Fraction

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.classics.notation import X, decides, eps, m
from boundkit.library.uml_appendix_b.bibliography import SLUD
from boundkit.library.uml_appendix_b.notation import SAMPLE, lemma, size
from boundkit.model.erratum import Erratum
from boundkit.model.parameter import reals
from boundkit.tails import binomial_at_least, normal_at_least

BIAS = reals(eps, "the bias", 0, 1, typical=Fraction(1, 10))
reached_exactly = binomial_at_least(m, (1 - eps) / 2, m / 2)
REACHED = size("P[Bin(m, (1 - eps)/2) >= m/2]")
quoted = Statement(
    name="uml_b_11_quoted", place="Lemma B.11 (Slud's inequality as quoted), appendix B",
    parameters=(SAMPLE, BIAS), quantities=(REACHED,), hypotheses=decides(eps < 1),
    claims=(X >= normal_at_least(sqrt(m * eps**2 / (1 - eps**2))),), failure=0, truth=reached_exactly,
    paper="uml_appendix_b", doc="Lemma B.11: m/2 is reached at least as likely as by a normal variable.",
)  # fmt: skip

# (1 - sqrt(1 - u))/2, which is u/(2 (1 + sqrt(1 - u))): of the first no digit is left where u is small.
u = exp(-m * eps**2 / (1 - eps**2))
reached = u / (2 * (1 + sqrt(1 - u)))
uml_b_11 = lemma(
    "uml_b_11", "Lemma B.11", "Bin(m, (1 - eps)/2) reaches m/2 with probability at least "
    "(1 - sqrt(1 - exp(-m eps^2/(1 - eps^2))))/2.",
    (SAMPLE, BIAS), X >= reached, 0,
    reached_exactly, eps < 1, what=REACHED,
    idea="Slud's inequality at m/2, for even m, and a lower bound of the normal tail. For odd m it is searched, not "
    "proved.",
    depends_on=("classics.slud", "classics.polya"), rests_on=((SLUD, "Theorem 2.1"),),
    errata=(
        Erratum(
            "U4", "P[X >= m/2] >= P[N >= sqrt(m eps^2/(1 - eps^2))], by Slud's inequality",
            "for even m: Slud's inequality is about whole numbers, and m/2 is none for odd m", "proof only",
            (("m", 1), ("eps", Fraction(1, 2))), step=quoted,
        ),
    ),
)  # fmt: skip
