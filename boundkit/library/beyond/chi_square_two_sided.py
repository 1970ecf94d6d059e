"""Chi-square two-sided: the tail below the mean, from both sides, within a factor that does not grow with n.

With s = n/2 and x = a s the probability is x^s e^(-x)/Gamma(s + 1) times the sum of x^j/((s + 1) ... (s + j)) over
j >= 0, which lies between 1 and the geometric series 1/(1 - x/(s + 1)). Stirling's formula with its remainder between 0
and 1/(6 n) turns the first factor into (a e^(1 - a))^(n/2)/sqrt(pi n). So Chernoff's bound is too large by a
factor of the order of sqrt(pi n), and its exponent is the best: at a = 1/2 the factor left is at most 2.
"""

from dataclasses import replace
from fractions import Fraction

from sympy import E, Eq, exp, pi, sqrt
from sympy.core.relational import Relational

from boundkit.api.objects import Statement
from boundkit.library.beyond.notation import a, gamma, incomplete, n, parameters, probability
from boundkit.model.parameter import reals
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step
from boundkit.tails import chi_square_at_most

density = (a * exp(1 - a)) ** (n / 2) / sqrt(pi * n)
stirling = sqrt(pi * n) * (n / (2 * E)) ** (n / 2)
power = (a * n / 2) ** (n / 2) * exp(-a * n / 2)
large, small = gamma >= stirling, gamma <= stirling * exp(1 / (6 * n))
GAMMA = (
    Step(Eq(probability, incomplete / gamma), Fact("the density of half a chi-square variable, that of Gamma(n/2)")),
    Step(large, Fact("Stirling's formula from below: Gamma(s + 1) >= sqrt(2 pi s) (s/e)^s, s = n/2")),
    Step(small, Fact("Stirling's formula from above: Gamma(s + 1) <= sqrt(2 pi s) (s/e)^s e^(1/(6 n)), s = n/2")),
)
least, most = incomplete >= power, incomplete <= power * (n + 2) / (n + 2 - a * n)
CLAIMS = (probability >= density * exp(-1 / (6 * n)), probability <= density * (n + 2) / (n + 2 - a * n))


def from_both_sides(least: Relational, most: Relational, claims: tuple[Relational, ...]) -> tuple[Step, ...]:
    """The claims from bounds of the incomplete integral over `power`, and of the Gamma function."""
    low, high = least.rhs / power, most.rhs / power
    return (
        Step(claims[0], NonnegativeSum(((1 / gamma, least), (density * low * exp(-1 / (6 * n)) / gamma, small)))),
        Step(claims[1], NonnegativeSum(((1 / gamma, most), (density * high / gamma, large)))),
    )


chi_square_two_sided = Statement(
    name="chi_square_two_sided",
    place="Chi-square two-sided",
    parameters=parameters(n, reals(a, "the factor", 0, 1, typical=Fraction(1, 2))),
    quantities=parameters(replace(*parameters(probability), text="P[chi2(n) <= a n]", tex=r"P[\chi^2_n \leq an]")),
    hypotheses=(),
    claims=CLAIMS,
    failure=0,
    truth=chi_square_at_most(n, a),
    proof=Proof(
        parameters=parameters(gamma, incomplete),
        steps=(
            *GAMMA,
            Step(
                least, Fact("it is x^s e^(-x) sum_j x^j/((s + 1) ... (s + j)), x = a s, s = n/2, whose first term is 1")
            ),
            Step(most, Fact("this sum is below the geometric series of x/(s + 1), which is below 1")),
            *from_both_sides(least, most, CLAIMS),
        ),
    ),
    text=(
        ("bound", "(a e^(1 - a))^(n/2)/sqrt(pi n) e^(-1/(6 n))"),
        ("bound_2", "(a e^(1 - a))^(n/2)/sqrt(pi n) (n + 2)/(n + 2 - a n)"),
    ),
    tex=(
        ("bound", r"\frac{(a e^{1 - a})^{n/2}}{\sqrt{\pi n}} \cdot e^{-\frac{1}{6n}}"),
        ("bound_2", r"\frac{(a e^{1 - a})^{n/2}}{\sqrt{\pi n}} \cdot \frac{n + 2}{n + 2 - a n}"),
    ),
    paper="beyond",
    doc=__doc__,
)
