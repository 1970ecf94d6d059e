"""Chi-square two-sided above: the tail above the mean, from both sides, within a factor that does not grow with n.

With s = n/2 >= 1 and x = a s the probability is x^s e^(-x)/Gamma(s) times the integral of (1 + v)^(s - 1) e^(-x v) over
v >= 0. As 1 <= (1 + v)^(s - 1) <= e^((s - 1) v), it lies between 1/x and 1/(x - s + 1). Stirling's formula with its
remainder between 0 and 1/(12 s) does the rest, as below the mean: at a = 2 the factor left is between 0.46 and 1.
"""

from dataclasses import replace

from sympy import Eq, exp

from boundkit.api.objects import Statement
from boundkit.library.beyond.chi_square_two_sided import STIRLING, density, remainder
from boundkit.library.beyond.notation import a, n, parameters, probability, series, stirling
from boundkit.model.parameter import reals
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step
from boundkit.tails import chi_square_at_least

least, most = series >= 1 / a, series <= n / ((a - 1) * n + 2)
CLAIMS = (probability >= density * exp(-1 / (6 * n)) / a, probability <= density * n / ((a - 1) * n + 2))

chi_square_two_sided_above = Statement(
    name="chi_square_two_sided_above",
    place="Chi-square two-sided above",
    parameters=(
        reals(n, "the degrees of freedom", 2, strict=False, typical=600),
        reals(a, "the factor", 1, typical=2),
    ),
    quantities=parameters(replace(*parameters(probability), text="P[chi2(n) >= a n]", tex=r"P[\chi^2_n \geq an]")),
    hypotheses=(),
    claims=CLAIMS,
    failure=0,
    truth=chi_square_at_least(n, a),
    proof=Proof(
        parameters=parameters(stirling, series),
        steps=(
            Step(
                Eq(probability, density * stirling * series),
                Fact("P[chi2(n) >= 2 x] = x^s e^(-x)/Gamma(s) int_0^oo (1 + v)^(s - 1) e^(-x v) dv, x = a s, s = n/2"),
            ),
            *STIRLING,
            Step(least, Fact("(1 + v)^(s - 1) >= 1 for s >= 1, so s times the integral is at least s/x")),
            Step(most, Fact("(1 + v)^(s - 1) <= e^((s - 1) v), so s times the integral is at most s/(x - s + 1)")),
            Step(CLAIMS[0], NonnegativeSum(((density, 1 / a, remainder), (density, stirling, least)))),
            Step(CLAIMS[1], NonnegativeSum(((density, stirling, most), (density, most.rhs, stirling <= 1)))),
        ),
    ),
    depends_on=("chi_square_two_sided",),
    text=(
        ("bound", "e^(-n chi_square_rate(a))/sqrt(pi n) e^(-1/(6 n))/a"),
        ("bound_2", "e^(-n chi_square_rate(a))/sqrt(pi n) n/((a - 1) n + 2)"),
    ),
    tex=(
        ("bound", r"\frac{e^{-n \cdot \kappa(a)}}{\sqrt{\pi n}} \cdot \frac{1}{a} e^{-\frac{1}{6n}}"),
        ("bound_2", r"\frac{e^{-n \cdot \kappa(a)}}{\sqrt{\pi n}} \cdot \frac{n}{(a - 1) n + 2}"),
    ),
    paper="beyond",
    doc=__doc__,
)
