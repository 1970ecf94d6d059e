"""Section B.3: Chernoff's bounds for a sum of independent coins; of equal coins it is binomial, with mean m p."""

from sympy import Piecewise, exp, log

from boundkit.library.classics.notation import X, bennett_h, d, decides, m, p
from boundkit.library.uml_appendix_b.notation import CHANCE, RELATIVE, SAMPLE, lemma, size
from boundkit.model.erratum import Erratum
from boundkit.model.proof import Chernoff, Logs, Proof, Step, Unimodal, spend
from boundkit.tails import binomial_at_least, binomial_at_most

BIN = "X ~ Bin(m, p)"
COUNT = size("the number of ones")
COINS = (SAMPLE, CHANCE)
over, under = binomial_at_least(m, p, (1 + d) * m * p), binomial_at_most(m, p, (1 - d) * m * p)
many, few = exp(-bennett_h(d) * m * p), exp(-bennett_h(-d) * m * p)
quadratic = exp(-m * p * d**2 / (2 + 2 * d / 3))

below_tangent = log(1 + p * d) <= p * d
at_best = exp(m * log(1 + p * d) - (1 + d) * m * p * log(1 + d))
uml_b_3 = lemma(
    "uml_b_3", "Lemma B.3", "a count is 1 + d times its mean with probability at most e^(-h(d) m p).",
    (*COINS, RELATIVE), X < (1 + d) * m * p, many, over, BIN, what=COUNT,
    idea="Markov's inequality for (1 + d)^X, and 1 + p d <= e^(p d). Here h(d) = (1 + d) log(1 + d) - d.",
    depends_on=("classics.chernoff_relative",),
    proof=Proof(
        spends=(spend(over, {X: X}, because=BIN),),
        steps=(Step(X < (1 + d) * m * p), Step(below_tangent, Unimodal(d))),
        budget=(Step(over <= at_best, Chernoff(log(1 + d))), Step(at_best <= many, Logs(((m, below_tangent),)))),
    ),
)  # fmt: skip

bent = log(1 + d) >= (6 * d + 5 * d**2) / ((6 + 2 * d) * (1 + d))
uml_b_4 = lemma(
    "uml_b_4", "Lemma B.4", "a count is 1 + d times its mean with probability at most e^(-m p d^2/(2 + 2 d/3)).",
    (*COINS, RELATIVE), X < (1 + d) * m * p, quadratic, over, BIN, what=COUNT,
    idea="Lemma B.3, and h(d) >= d^2/(2 + 2 d/3).", depends_on=("uml_b_3", "classics.mcdiarmid_relative"),
    proof=Proof(
        spends=(spend(uml_b_3, because="X is the same count"),),
        steps=(Step(bent, Unimodal(d)),),
        budget=(Step(many <= quadratic, Logs(((m * p * (1 + d), bent),))),),
    ),
)  # fmt: skip

LOWER = "a count is 1 - d times its mean with probability at most"
uml_b_5 = lemma(
    "uml_b_5", "Lemma B.5", f"{LOWER} e^(-h(-d) m p).",
    (*COINS, RELATIVE), X > (1 - d) * m * p, few, under, BIN, what=COUNT,
    idea="Markov's inequality for (1 - d)^X, and 1 - p d <= e^(-p d).", depends_on=("classics.chernoff_lower",),
).corrected(
    add=decides(d < 1),
    errata=(
        Erratum(
            "U2", "for any d > 0, the notation of Lemma B.3", "for d < 1", "degenerate case",
            reason="h(-d) holds log(1 - d), which is not defined from d = 1 on; the proof takes t = -log(1 - d)",
        ),
    ),
)  # fmt: skip
uml_b_5_quadratic = lemma(
    "uml_b_5_quadratic", "Lemma B.5 (last bound)", f"{LOWER} e^(-m p d^2/(2 + 2 d/3)).",
    (*COINS, RELATIVE), X > (1 - d) * m * p, quadratic, Piecewise((under, d <= 1), (0, True)), BIN, what=COUNT,
    idea="Lemma B.5, and h(-d) >= h(d) >= d^2/(2 + 2 d/3) for d < 1; from d = 1 on the count would be below 0, or 0.",
    depends_on=("uml_b_5",),
)  # fmt: skip
