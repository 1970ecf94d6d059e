"""Chi-square two-sided: the tail below the mean, from both sides, within a factor that does not grow with n.

With s = n/2 and x = a s the probability is x^s e^(-x)/Gamma(s + 1) times the sum of x^j/((s + 1) ... (s + j)) over
j >= 0, which lies between 1 and the geometric series 1/(1 - x/(s + 1)). Stirling's formula with its remainder between 0
and 1/(12 s) turns the first factor into e^(-n chi_square_rate(a))/sqrt(pi n). So Chernoff's bound is too large by a
factor of the order of sqrt(pi n), and its exponent is the best: at a = 1/2 the factor left is at most 2.
"""

from dataclasses import replace
from fractions import Fraction

from sympy import Eq, exp, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.notation import a, n, parameters, probability, series, stirling
from boundkit.model.parameter import reals
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step
from boundkit.model.statement import Hypothesis
from boundkit.tails import chi_square_at_most, chi_square_rate

BELOW = Hypothesis("a < 1", a < 1)
density = exp(-n * chi_square_rate(a)) / sqrt(pi * n)
remainder = stirling >= exp(-1 / (6 * n))
least, most = series >= 1, series <= (n + 2) / (n + 2 - a * n)
CLAIMS = (probability >= density * exp(-1 / (6 * n)), probability <= density * (n + 2) / (n + 2 - a * n))
STIRLING = (
    Step(remainder, Fact("Gamma(s + 1) <= sqrt(2 pi s) (s/e)^s e^(1/(12 s)), s = n/2 (Stirling)")),
    Step(stirling <= 1, Fact("Gamma(s + 1) >= sqrt(2 pi s) (s/e)^s, s = n/2 (Stirling)")),
)

chi_square_two_sided = Statement(
    name="chi_square_two_sided",
    place="Chi-square two-sided",
    parameters=parameters(n, reals(a, "the factor", 0, 1, typical=Fraction(1, 2))),
    quantities=parameters(replace(*parameters(probability), text="P[chi2(n) <= a n]", tex=r"P[\chi^2_n \leq an]")),
    hypotheses=(BELOW,),
    claims=CLAIMS,
    failure=0,
    truth=chi_square_at_most(n, a),
    proof=Proof(
        parameters=parameters(stirling, series),
        steps=(
            Step(
                Eq(probability, density * stirling * series),
                Fact("P[chi2(n) <= 2 x] = x^s e^(-x)/Gamma(s + 1) sum_j x^j/((s + 1) ... (s + j)), x = a s, s = n/2"),
            ),
            *STIRLING,
            Step(least, Fact("its first term, j = 0, is 1, and all are positive")),
            Step(most, Fact("it is below the geometric series of x/(s + 1)", (BELOW.relation,))),
            Step(
                CLAIMS[0],
                NonnegativeSum(((density, remainder), (density, stirling, least))),
            ),
            Step(CLAIMS[1], NonnegativeSum(((density, stirling, most), (density, most.rhs, stirling <= 1)))),
        ),
    ),
    text=(
        ("bound", "e^(-n chi_square_rate(a))/sqrt(pi n) e^(-1/(6 n))"),
        ("bound_2", "e^(-n chi_square_rate(a))/sqrt(pi n) (n + 2)/(n + 2 - a n)"),
    ),
    tex=(
        ("bound", r"\frac{e^{-n \cdot \kappa(a)}}{\sqrt{\pi n}} \cdot e^{-\frac{1}{6n}}"),
        ("bound_2", r"\frac{e^{-n \cdot \kappa(a)}}{\sqrt{\pi n}} \cdot \frac{n + 2}{n + 2 - a n}"),
    ),
    paper="beyond",
    doc=__doc__,
)
