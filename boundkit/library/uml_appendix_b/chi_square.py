"""Section B.7: a chi-square variable is near its mean. What is printed of the upper tail is false.

The printed proof stands here as data too, so that the certificate of what is printed names the step that fails.
"""

from fractions import Fraction

from sympy import Piecewise, Rational, exp, log

from boundkit.api.objects import Statement
from boundkit.library.classics.notation import X, eps, said
from boundkit.library.uml_appendix_b.notation import integers, k, lemma, reals, size
from boundkit.model.erratum import Erratum
from boundkit.model.proof import Chernoff, Identity, Logs, Proof, Step, Unimodal, spend
from boundkit.tails import chi_square_at_least, chi_square_at_most

CHI = "X ~ chi-square with k degrees of freedom"
WHAT = size("a chi-square variable")
DEGREES = integers(k, "the degrees of freedom", typical=100)
HALF = Fraction(1, 2)
ANY = reals(eps, "the relative deviation", 0, typical=HALF)
TO_3 = reals(eps, "the relative deviation", 0, 3, typical=HALF)
TRUE_TO = Rational(78, 100)
NARROW = reals(eps, "the relative deviation", 0, TRUE_TO, typical=HALF)
allowed = exp(-(eps**2) * k / 6)
high, low = chi_square_at_least(k, 1 + eps), chi_square_at_most(k, 1 - eps)
below = Piecewise((low, eps <= 1), (0, True))



def sides(upper: Statement) -> Proof:
    """Both tails, one after the other."""
    return Proof(spends=tuple(spend(tail, because="it is the same variable") for tail in (uml_b_12_below, upper)))


# Below the mean: Chernoff's bound at eps/3, as printed, with log(1 + u) >= u - u^2/2 for the mean itself
at_third = exp((1 - eps) * k * eps / 3 - k * log(1 + 2 * eps / 3) / 2)
bent_down = log(1 + 2 * eps / 3) >= 2 * eps / 3 - 2 * eps**2 / 9
uml_b_12_below = lemma(
    "uml_b_12_below", "Lemma B.12 (lower tail)",
    "a chi-square variable is 1 - eps times its mean or less with probability at most e^(-eps^2 k/6).",
    (DEGREES, ANY), X > (1 - eps) * k, allowed, below, CHI, what=WHAT,
    idea="Chernoff's bound at eps/3. For eps < 1, classics.chi_square_shrink has e^(-eps^2 k/4).",
    depends_on=("classics.chi_square_shrink",),
    proof=Proof(
        spends=(spend(low, {X: X}, because=CHI),),
        steps=(Step(X > (1 - eps) * k), Step(bent_down, Unimodal(eps))),
        budget=(
            Step(low <= at_third, Chernoff(eps / 3)),
            Step(at_third <= allowed, Logs(((k / 2, bent_down), (k * eps**2 / 18,)))),
        ),
    ),
)  # fmt: skip

# Above the mean, as printed: Chernoff's bound at eps/6, and a step that would need 1 - a >= e^(-a)
at_sixth = exp(-(1 + eps) * k * eps / 6)
printed_proof = Proof(
    spends=(spend(high, {X: X}, because=CHI),),
    steps=(Step(X < (1 + eps) * k), Step(1 - eps / 3 > 0)),
    budget=(
        Step(high <= at_sixth * (1 - eps / 3) ** (-k / 2), Chernoff(eps / 6)),
        Step(at_sixth * (1 - eps / 3) ** (-k / 2) <= at_sixth * exp(k * eps / 6), Logs(), "1 - a <= e^(-a)"),
        Step(at_sixth * exp(k * eps / 6) <= allowed, Identity()),
    ),
)
chernoff = exp(-k * (eps - log(1 + eps)) / 2)
bent_up = eps**2 / 3 <= eps - log(1 + eps)
BEST = (
    "Chernoff's bound at its best rate, exp(-k (eps - log(1 + eps))/2), and eps - log(1 + eps) >= eps^2/3, which holds up "
    "to eps = 0.7826 and is needed for all k. Beyond it that bound holds for every eps, and so does "
    "classics.chi_square_stretch, e^(-k (eps^2/4 - eps^3/6))."
)
uml_b_12_above = lemma(
    "uml_b_12_above", "Lemma B.12 (upper tail)",
    "a chi-square variable is 1 + eps times its mean or more with probability at most e^(-eps^2 k/6).",
    (DEGREES, TO_3), X < (1 + eps) * k, allowed, high, eps < 3, CHI, what=WHAT, idea=BEST,
    depends_on=("classics.chi_square_chernoff_upper",), proof=printed_proof,
).corrected(
    parameters=(DEGREES, NARROW), hypotheses=(said(CHI),),
    proof=Proof(
        spends=(spend(high, {X: X}, because=CHI),),
        steps=(Step(X < (1 + eps) * k), Step(bent_up, Unimodal(eps, Rational(1, 2)))),
        budget=(Step(high <= chernoff, Chernoff(eps / (2 * (1 + eps)))), Step(chernoff <= allowed, Logs(((k / 2, bent_up),)))),
    ),
    errata=(
        Erratum(
            "U4", "for 0 < eps < 3", "for eps <= 0.78: the proof takes 1 - a <= e^(-a) the wrong way round",
            "wrong formula", (("k", 20), ("eps", 2)), brief="for eps <= 0.78",
        ),
    ),
)  # fmt: skip

# Both sides
uml_b_12 = lemma(
    "uml_b_12", "Lemma B.12", "a chi-square variable is within eps times its mean but with probability 2 e^(-eps^2 k/6).",
    (DEGREES, TO_3), (X <= (1 + eps) * k, X >= (1 - eps) * k), 2 * allowed, high + below, eps < 3, CHI, what=WHAT,
    idea="The union bound over the two tails.", depends_on=("uml_b_12_below", "uml_b_12_above"),
    proof=sides(uml_b_12_above.as_printed),
).corrected(
    parameters=(DEGREES, NARROW), hypotheses=(said(CHI),), proof=sides(uml_b_12_above),
    errata=(
        Erratum(
            "U5", "for 0 < eps < 3", "for eps <= 0.78, as for the upper tail",
            "wrong formula", (("k", 20), ("eps", 2)), brief="for eps <= 0.78",
        ),
    ),
)  # fmt: skip
STATEMENTS = (uml_b_12_below, uml_b_12_above, uml_b_12)
