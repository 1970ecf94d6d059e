"""Section B.4: Hoeffding's inequality for averages of bounded variables, and his lemma."""

from sympy import exp

from boundkit.library.classics.notation import X, a, eps, m, p
from boundkit.library.uml_appendix_b.notation import CHANCE, DEVIATION, SAMPLE, b, lam, lemma, size
from boundkit.model.parameter import reals
from boundkit.tails import binomial_at_least, binomial_at_most

LEAST = reals(a, "the least value", typical=0)
GREATEST = reals(b, "the greatest value", a, typical=1)
scaled = m * eps / (b - a)

uml_b_6 = lemma(
    "uml_b_6", "Lemma B.6", "an average of variables in [a, b] is off by eps with probability at most "
    "2 e^(-2 m eps^2/(b - a)^2).",
    (SAMPLE, CHANCE, LEAST, GREATEST, DEVIATION), X < eps, 2 * exp(-2 * m * eps**2 / (b - a) ** 2),
    binomial_at_least(m, p, m * p + scaled) + binomial_at_most(m, p, m * p - scaled),
    "X is |average - mean| of m independent variables, each b with probability p, else a",
    what=size("the distance of the average from the mean"), idea="Chernoff's bound on both sides, with Lemma B.7.",
    depends_on=("uml_b_7", "classics.hoeffding_sides"),
)  # fmt: skip

BELOW = reals(a, "the least value", high=0, strict=False, typical=-1)
ABOVE = reals(b, "the greatest value", 0, typical=1)
RATE = reals(lam, "the rate", 0, typical=1)
uml_b_7 = lemma(
    "uml_b_7", "Lemma B.7", "the mean of e^(lam Z) is at most e^(lam^2 (b - a)^2/8), for Z in [a, b] with mean 0.",
    (BELOW, ABOVE, RATE), X <= exp(lam**2 * (b - a) ** 2 / 8), 0,
    (b * exp(lam * a) - a * exp(lam * b)) / (b - a), "X is the mean of e^(lam Z), where Z is a or b and has mean 0",
    what=size("the mean of e^(lam Z)"),
    idea="By convexity the mean is greatest where Z is a or b. There the second derivative of its log in lam (b - a) "
    "is at most 1/4.",
)  # fmt: skip
