"""Section B.5: Bennett's and Bernstein's inequalities, and what they say of the error on a sample."""

from fractions import Fraction

from sympy import Piecewise, Rational, exp, log, sqrt

from boundkit.library.classics.notation import X, bennett_h, delta, eps, m, p, t
from boundkit.library.uml_appendix_b.bibliography import CESA_BIANCHI_LUGOSI
from boundkit.library.uml_appendix_b.notation import (
    CHANCE,
    CONFIDENCE,
    SAMPLE,
    THRESHOLD,
    M,
    lemma,
    number,
    size,
)
from boundkit.model.erratum import Erratum
from boundkit.model.parameter import reals
from boundkit.tails import binomial_at_least, binomial_at_most

SUM = number("the sum")
STATED = ((CESA_BIANCHI_LUGOSI, "appendix A.1"),)
odds = p / (1 - p)

uml_b_8 = lemma(
    "uml_b_8", "Lemma B.8", "a sum of m centred variables, at most 1, is eps or more with probability at most "
    "exp(-m s h(eps/(m s))), s their variance.",
    (SAMPLE, CHANCE, reals(eps, "the threshold", 0, typical=10)), X < eps,
    exp(-m * odds * bennett_h(eps / (m * odds))), binomial_at_least(m, p, m * p + eps * (1 - p)), p < 1,
    "X is the sum of m independent variables, each 1 with probability p, else -p/(1 - p)", what=SUM,
    idea="Bennett's inequality, in the case that is worst for the mean of e^(t X): one value is 1, and the variance is "
    "p/(1 - p).",
    depends_on=("classics.bennett_sharp",), rests_on=STATED,
)  # fmt: skip
uml_b_9 = lemma(
    "uml_b_9", "Lemma B.9", "a sum of m centred variables, at most M in size, is t or more with probability at most "
    "exp(-(t^2/2)/(m s + M t/3)), s their variance.",
    (
        SAMPLE, reals(p, "the probability of M", 0, Rational(1, 2), typical=Fraction(1, 5)),
        reals(M, "the greatest size of a variable", 0, typical=1), THRESHOLD,
    ),
    X < t, exp(-(t**2) / 2 / (m * M**2 * odds + M * t / 3)), binomial_at_least(m, p, m * p + t * (1 - p) / M),
    "X is the sum of m independent variables, each M with probability p, else -M p/(1 - p)", what=SUM,
    idea="Lemma B.8 over M, and h(u) >= u^2/(2 + 2 u/3).", depends_on=("uml_b_8", "classics.bernstein"),
    rests_on=STATED,
)  # fmt: skip

# The error on a sample, L_S, and the risk, L_D, of one hypothesis; a loss in [0, 1] varies most where it is 0 or 1.
RISK = reals(p, "the risk L_D", 0, 1, typical=Fraction(1, 10))
ERROR = "L_S is the average of m independent losses, each 1 with probability p = L_D, else 0"
cost = log(1 / delta) / m
HIGH = "the error on a sample is above the risk by"
right, wrong = (p + sqrt(2 * p * cost / i) + 2 * cost / j for i, j in ((1, 3), (3, 1)))
uml_b_10_sample = lemma(
    "uml_b_10_sample", "Lemma B.10 (first part)", f"{HIGH} sqrt(2 L_D log(1/delta)/m) + 2 log(1/delta)/(3 m) with "
    "probability at most delta.",
    (SAMPLE, RISK, CONFIDENCE), X < wrong, delta, binomial_at_least(m, p, m * wrong), delta < 1, ERROR,
    what=size("L_S, the error on the sample"),
    idea="Lemma B.9, as the variance of a loss is at most L_D; then t is solved for.", depends_on=("uml_b_9",),
).corrected(
    claims=(X < right,), truth=binomial_at_least(m, p, m * right),
    errata=(
        Erratum(
            "U3", "sqrt(2 L_D log(1/delta)/(3 m)) + 2 log(1/delta)/m",
            "sqrt(2 L_D log(1/delta)/m) + 2 log(1/delta)/(3 m), with which the proof ends: the 3 is in the other term",
            "wrong formula", (("m", 10000), ("p", Fraction(1, 10)), ("delta", Fraction(1, 100))),
            brief="the 3 is in the last term",
        ),
    ),
)  # fmt: skip

root = (sqrt(4 * p - 14 * cost) - sqrt(2 * cost)) / 2  # of the L_S at which the two sides are equal
uml_b_10_risk = lemma(
    "uml_b_10_risk", "Lemma B.10 (second part)", "the risk is above the error on a sample by sqrt(2 L_S "
    "log(1/delta)/m) + 4 log(1/delta)/m with probability at most delta.",
    (SAMPLE, RISK, CONFIDENCE), X < 4 * cost, delta,
    Piecewise((binomial_at_most(m, p, m * root**2), p >= 4 * cost), (0, True)), delta < 1, ERROR,
    what=number("L_D - L_S - sqrt(2 L_S log(1/delta)/m)"),
    idea="Lemma B.9 for L_D - L_S, solved for the root of L_D.", depends_on=("uml_b_9",),
)  # fmt: skip
