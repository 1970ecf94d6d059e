"""Universal flip: a direction that moves every neuron the right way, for every x0 at once, surely.

With V the matrix of rows v_i = sign(u_i) hat w_i/b and ell >= m, z = -y0 (alpha/b) V^T (V V^T)^(-1) 1 moves every
opposing neuron up and every supporting one down by exactly alpha. With alpha = c |N(x0)| sqrt(m)/(k + 1) the k active
opposing neurons and one active supporting one bring y0 N(x0 + z) down to 0, and below it where k >= 1. That claim fails
with probability 0, at every x0 of R^d; what is left to chance is the length, c |N(x0)| (m/(k + 1))/(b chi), where chi^2
is chi-square with n = ell - m + 1 degrees of freedom (inverse Wishart), one variable for every x0. Chernoff's exponent
at n/2 is (log(2) - 1/2)/2 = 0.0966, above the paper's 1/16.
"""

from dataclasses import replace

from sympy import Abs, Eq, Min, Rational, exp, log, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import UNIVERSAL
from boundkit.library.beyond.notation import UNTRAINED, X, c, moved_back, parameters, share, shrink, words
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, ell, flipped, k, m, norm_z, output
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.model.statement import Hypothesis
from boundkit.tails import chi_square_at_most

n = ell - m + 1
(factor,) = parameters(c)

enough = Hypothesis("ell >= m", ell >= m, r"\ell \geq m")
not_short = spend(
    chi_square_at_most(n, Rational(1, 2)),
    {X: X},
    because="X = 1/(1^T (V V^T)^(-1) 1) is chi-square with ell - m + 1 degrees of freedom (inverse Wishart)",
    needs=words(*UNTRAINED),
)
size = c * Abs(output) * m / (k + 1) * sqrt(d) / shrink
bound = c * sqrt(2) * Abs(output) * m / (k + 1) * sqrt(d / n) / shrink
rarely = exp(-n * (log(2) - Rational(1, 2)) / 2)


universal_flip = Statement(
    name="universal_flip",
    place="Universal flip",
    parameters=parameters(
        d, ell, m, k, output, replace(factor, meaning="how many times over z outweighs N(x0)", default=2), shrink
    ),
    quantities=parameters(norm_z, replace(moved_back, phrase=())),
    hypotheses=(*UNTRAINED, FIRST_LAYER, enough, LABELLED),
    claims=(norm_z <= bound, flipped <= Abs(output) * (1 - k * c / (k + 1) - Min(c / (k + 1), 1))),
    failure=rarely,
    truth=not_short.event,
    proof=Proof(
        spends=(not_short,),
        parameters=parameters(X),
        let=((share, c / (k + 1)),),
        steps=(
            Step(n > 0, NonnegativeSum(((enough.relation,), (1,)))),
            Step(
                Eq(norm_z, size / sqrt(X)),
                Fact(
                    "|V^T (V V^T)^(-1) 1|^2 = 1^T (V V^T)^(-1) 1 = 1/X, where V has full rank",
                    (enough.relation, *words(*UNTRAINED)),
                ),
            ),
            Step(norm_z <= bound, Squares(((2 * size**2 / (n * X), *not_short.granted),))),
            Step(
                flipped <= Abs(output) * (1 - k * share - Min(share, 1)),
                Fact(
                    "Lemma 1 of docs/beyond.md, where every opposing input rises by share sqrt(m) |N(x0)| and every "
                    "supporting one falls by it",
                    (LABELLED.relation, FIRST_LAYER.text),
                ),
            ),
        ),
        budget=(Step(not_short.event <= rarely, Chernoff(Rational(1, 2))),),
    ),
    depends_on=("theorem_a_2",),
    text=(
        ("bound", "c sqrt(2) |N(x0)| (m/(k + 1)) sqrt(d/(ell - m + 1))/shrink"),
        ("bound_2", "|N(x0)| (1 - k c/(k + 1) - min(c/(k + 1), 1))"),
        ("failure", "e^(-(ell - m + 1) (log(2) - 1/2)/2)"),
    ),
    tex=(
        (
            "bound",
            r"c \sqrt{2} |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \sqrt{\frac{d}{\ell - m + 1}} \cdot \frac{1}{s}",
        ),
        (
            "bound_2",
            r"|N(x_0)| \cdot \left(1 - \frac{k_{y_0} c}{k_{y_0} + 1} - \min(\frac{c}{k_{y_0} + 1}, 1)\right)",
        ),
        ("failure", r"e^{-(\ell - m + 1)(\log(2) - \frac{1}{2})/2}"),
    ),
    experiment=UNIVERSAL,
    paper="beyond",
    doc=__doc__,
)
