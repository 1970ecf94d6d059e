"""Section B.7: a chi-square variable is near its mean. What is printed of the upper tail is false.

The printed proof stands here too, so that the certificate of what is printed names the step that fails.
"""

from fractions import Fraction

from sympy import Piecewise, Rational, S, exp, log

from boundkit.library.classics.notation import X, eps, said
from boundkit.library.uml_appendix_b.notation import k, lemma, size
from boundkit.model.erratum import Erratum, Point
from boundkit.model.parameter import integers, reals
from boundkit.model.proof import Chernoff, Fact, Identity, Logs, NonnegativeSum, Proof, Step, Unimodal, spend
from boundkit.tails import Tail, chi_square_at_least, chi_square_at_most

CHI = "X ~ chi-square with k degrees of freedom"
WHAT = size("a chi-square variable")
DEGREES = integers(k, "the degrees of freedom", typical=20)
HALF = Fraction(1, 2)
ANY = reals(eps, "the relative deviation", 0, typical=HALF)
TO_3 = reals(eps, "the relative deviation", 0, 3, typical=HALF)
NARROW = reals(eps, "the relative deviation", 0, Rational(39, 50), typical=HALF)
WITNESS: Point = (("k", 20), ("eps", 2))
RANGE = "for eps <= 0.78"
allowed = exp(-(eps**2) * k / 6)
high, low = chi_square_at_least(k, 1 + eps), chi_square_at_most(k, 1 - eps)
below = Piecewise((low, eps <= 1), (0, True))

Side = tuple[
    Tail, tuple[Step, ...], tuple[Step, ...]
]  # a tail, what is known first, and the chain from it to `allowed`


def proof(*sides: Side, at: Point = ()) -> Proof:
    """Of one tail its chain; of both the union bound, where the chains are known first."""
    spends = tuple(spend(tail, {X: X}, because=CHI) for tail, _, _ in sides)
    steps = (*(Step(spent.granted[0]) for spent in spends), *(step for _, first, _ in sides for step in first))
    chain = tuple(step for _, _, links in sides for step in links)
    if len(sides) == 1:
        return Proof(spends, steps=steps, budget=chain, at=at)
    union = NonnegativeSum(tuple((S.One, link.relation) for link in chain))
    return Proof(spends, steps=(*steps, *chain), budget=(Step(low + high <= 2 * allowed, union),), at=at)


at_third = exp((1 - eps) * k * eps / 3 - k * log(1 + 2 * eps / 3) / 2)
bent_down = log(1 + 2 * eps / 3) >= 2 * eps / 3 - 2 * eps**2 / 9
LOWER: Side = (
    low,
    (Step(bent_down, Unimodal(eps)),),
    (
        Step(low <= at_third, Chernoff(eps / 3)),
        Step(at_third <= allowed, Logs(((k / 2, bent_down), (k * eps**2 / 18,)))),
    ),
)
at_sixth, too_small = (
    exp(-(1 + eps) * k * eps / 6) * (1 - eps / 3) ** (-k / 2),
    exp(-(1 + eps) * k * eps / 6 + k * eps / 6),
)
known = 1 - eps / 3 <= exp(-eps / 3)
PRINTED: Side = (
    high,
    (Step(1 - eps / 3 > 0), Step(known, Fact("1 - a <= e^(-a) for every a"))),
    (
        Step(high <= at_sixth, Chernoff(eps / 6)),
        Step(at_sixth <= too_small, Logs(((k / 2, known),)), "as 1 - a <= e^(-a)"),
        Step(too_small <= allowed, Identity()),
    ),
)
at_best = exp(-k * (eps - log(1 + eps)) / 2)
bent_up = eps**2 / 3 <= eps - log(1 + eps)
UPPER: Side = (
    high,
    (Step(bent_up, Unimodal(eps, S.Half)),),
    (
        Step(high <= at_best, Chernoff(eps / (2 * (1 + eps)))),
        Step(at_best <= allowed, Logs(((k / 2, bent_up),))),
    ),
)

uml_b_12_below = lemma(
    "uml_b_12_below", "Lemma B.12 (lower tail)",
    "a chi-square variable is 1 - eps times its mean or less with probability at most e^(-eps^2 k/6).",
    (DEGREES, ANY), X > (1 - eps) * k, allowed, below, CHI, what=WHAT,
    idea="Chernoff's bound at eps/3. For eps < 1, classics.chi_square_shrink has e^(-eps^2 k/4).",
    depends_on=("classics.chi_square_shrink",), proof=proof(LOWER),
)  # fmt: skip
uml_b_12_above = lemma(
    "uml_b_12_above", "Lemma B.12 (upper tail)",
    "a chi-square variable is 1 + eps times its mean or more with probability at most e^(-eps^2 k/6).",
    (DEGREES, TO_3), X < (1 + eps) * k, allowed, high, eps < 3, CHI, what=WHAT,
    idea="Chernoff's bound at its best, exp(-k (eps - log(1 + eps))/2), and eps - log(1 + eps) >= eps^2/3. That holds "
    "up to eps = 0.7826, and beyond it the lemma is false for large k. What holds for every eps is Chernoff's bound, "
    "classics.chi_square_chernoff_upper; classics.chi_square_stretch, e^(-k (eps^2/4 - eps^3/6)), says something up to "
    "eps = 1.5.",
    depends_on=("classics.chi_square_chernoff_upper",), proof=proof(PRINTED, at=WITNESS),
).corrected(
    parameters=(DEGREES, NARROW), hypotheses=(said(CHI),), proof=proof(UPPER),
    errata=(
        Erratum(
            "U5", "for 0 < eps < 3", f"{RANGE}: the proof takes 1 - a <= e^(-a) the wrong way round", "wrong formula",
            WITNESS, brief=RANGE,
        ),
    ),
)  # fmt: skip
uml_b_12 = lemma(
    "uml_b_12", "Lemma B.12", "a chi-square variable is off by eps times its mean with probability at most "
    "2 e^(-eps^2 k/6).",
    (DEGREES, TO_3), (X <= (1 + eps) * k, X >= (1 - eps) * k), 2 * allowed, high + below, eps < 3, CHI, what=WHAT,
    idea="The union bound over the two tails.", depends_on=("uml_b_12_below", "uml_b_12_above"),
    proof=proof(LOWER, PRINTED, at=WITNESS),
).corrected(
    parameters=(DEGREES, NARROW), hypotheses=(said(CHI),), proof=proof(LOWER, UPPER),
    errata=(
        Erratum(
            "U6", "for 0 < eps < 3", f"{RANGE}, as above the mean", "wrong formula", WITNESS, brief=RANGE
        ),
    ),
)  # fmt: skip
