"""Chi-square two-sided above: the tail above the mean, from both sides, within a factor that does not grow with n.

With s = n/2 >= 1 and x = a s the probability is x^s e^(-x)/Gamma(s) times the integral of (1 + v)^(s - 1) e^(-x v) over
v >= 0. As 1 <= (1 + v)^(s - 1) <= e^((s - 1) v), it lies between 1/x and 1/(x - s + 1). Stirling's formula with its
remainder between 0 and 1/(6 n) does the rest, as below the mean: at a = 2 the factor left is between 0.46 and 1.
"""

from dataclasses import replace

from sympy import exp

from boundkit.api.objects import Statement
from boundkit.library.beyond.chi_square_two_sided import GAMMA, density, from_both_sides, power
from boundkit.library.beyond.notation import a, gamma, incomplete, n, parameters, probability
from boundkit.model.parameter import reals
from boundkit.model.proof import Fact, Proof, Step
from boundkit.tails import chi_square_at_least

least, most = incomplete >= power / a, incomplete <= power * n / ((a - 1) * n + 2)
CLAIMS = (probability >= density * exp(-1 / (6 * n)) / a, probability <= density * n / ((a - 1) * n + 2))

chi_square_two_sided_above = Statement(
    name="chi_square_two_sided_above",
    place="Chi-square two-sided above",
    parameters=(
        reals(n, "the degrees of freedom", 2, strict=False, typical=600),
        reals(a, "the factor", 1, strict=False, typical=2),
    ),
    quantities=parameters(replace(*parameters(probability), text="P[chi2(n) >= a n]", tex=r"P[\chi^2_n \geq an]")),
    hypotheses=(),
    claims=CLAIMS,
    failure=0,
    truth=chi_square_at_least(n, a),
    proof=Proof(
        parameters=parameters(gamma, incomplete),
        steps=(
            *GAMMA,
            Step(least, Fact("it is s x^s e^(-x) int_0^oo (1 + v)^(s - 1) e^(-x v) dv, x = a s, s = n/2, and s >= 1")),
            Step(most, Fact("here (1 + v)^(s - 1) <= e^((s - 1) v), and the integral is at most 1/(x - s + 1)")),
            *from_both_sides(least, most, CLAIMS),
        ),
    ),
    depends_on=("chi_square_two_sided",),
    text=(
        ("bound", "(a e^(1 - a))^(n/2)/sqrt(pi n) e^(-1/(6 n))/a"),
        ("bound_2", "(a e^(1 - a))^(n/2)/sqrt(pi n) n/((a - 1) n + 2)"),
    ),
    tex=(
        ("bound", r"\frac{(a e^{1 - a})^{n/2}}{\sqrt{\pi n}} \cdot \frac{1}{a} e^{-\frac{1}{6n}}"),
        ("bound_2", r"\frac{(a e^{1 - a})^{n/2}}{\sqrt{\pi n}} \cdot \frac{n}{(a - 1) n + 2}"),
    ),
    paper="beyond",
    doc=__doc__,
)
