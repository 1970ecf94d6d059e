"""Universal flip: a direction that moves every neuron the right way, for every x0 at once, surely.

With V the matrix of rows v_i = sign(u_i) hat w_i/b and ell >= m, z = -y0 (alpha/b) V^T (V V^T)^(-1) 1 moves every
opposing neuron up and every supporting one down by exactly alpha. With alpha = c |N(x0)| sqrt(m)/k the k active
opposing neurons alone bring y0 N(x0 + z) down to (1 - c) |N(x0)| or below. That claim fails with probability 0;
what is left to chance is the length, c |N(x0)| (m/k)/(b chi), where chi^2 is chi-square with n = ell - m + 1 degrees
of freedom (inverse Wishart), one variable for every x0. Chernoff's exponent at n/2 is (log(2) - 1/2)/2 = 0.0966, above
the paper's 1/16.
"""

from dataclasses import replace

from sympy import Abs, Eq, Rational, exp, log, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import UNIVERSAL
from boundkit.library.beyond.notation import GAUSSIAN, X, c, parameters, shrink
from boundkit.library.melamed2023.notation import (
    FIRST_LAYER,
    LABELLED,
    ON_SUBSPACE,
    OPPOSED,
    d,
    ell,
    flipped,
    k,
    m,
    m_two,
    norm_z,
    output,
)
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.model.statement import Hypothesis
from boundkit.tails import chi_square_at_most

n = ell - m + 1
factor, moved = parameters(c, flipped)

enough = Hypothesis("ell >= m", ell >= m, r"\ell \geq m")
not_short = spend(
    chi_square_at_most(n, Rational(1, 2)),
    {X: X},
    because="X = 1/(1^T (V V^T)^(-1) 1) is chi-square with ell - m + 1 degrees of freedom (inverse Wishart)",
)
size = c * Abs(output) * m / k * sqrt(d) / shrink
bound = c * sqrt(2) * Abs(output) * m / k * sqrt(d / n) / shrink
rarely = exp(-n * (log(2) - Rational(1, 2)) / 2)

universal_flip = Statement(
    name="universal_flip",
    place="Universal flip",
    parameters=parameters(
        d, ell, m_two, k, output, replace(factor, meaning="how many times over z outweighs N(x0)", default=2), shrink
    ),
    quantities=parameters(norm_z, replace(moved, phrase=())),
    hypotheses=(
        ON_SUBSPACE,
        GAUSSIAN,
        FIRST_LAYER,
        enough,
        OPPOSED,
        LABELLED,
    ),
    claims=(
        norm_z <= bound,
        flipped <= (1 - c) * Abs(output),
    ),
    failure=rarely,
    truth=not_short.event,
    proof=Proof(
        spends=(not_short,),
        parameters=parameters(X),
        steps=(
            Step(n > 0, NonnegativeSum(((enough.relation,), (1,)))),
            Step(
                Eq(norm_z, size / sqrt(X)),
                Fact(
                    "|V^T (V V^T)^(-1) 1|^2 = 1^T (V V^T)^(-1) 1 = 1/X, where V has full rank",
                    (enough.relation, GAUSSIAN.text, ON_SUBSPACE.text),
                ),
            ),
            Step(norm_z <= bound, Squares(((2 * size**2 / (n * X), *not_short.granted),))),
            Step(
                flipped <= (1 - c) * Abs(output),
                Fact(
                    "every opposing input rises by alpha and every supporting one falls by it, y0 being N(x0)'s sign",
                    (LABELLED.relation, FIRST_LAYER.text),
                ),
            ),
        ),
        budget=(Step(not_short.event <= rarely, Chernoff(Rational(1, 2))),),
    ),
    depends_on=("theorem_a_2",),
    text=(
        ("bound", "c sqrt(2) |N(x0)| (m/k) sqrt(d/(ell - m + 1))/shrink"),
        ("bound_2", "(1 - c) |N(x0)|"),
        ("failure", "e^(-(ell - m + 1) (log(2) - 1/2)/2)"),
    ),
    tex=(
        ("bound", r"c \sqrt{2} |N(x_0)| \cdot \frac{m}{k_{y_0}} \cdot \sqrt{\frac{d}{\ell - m + 1}} \cdot \frac{1}{s}"),
        ("bound_2", r"(1 - c) |N(x_0)|"),
        ("failure", r"e^{-(\ell - m + 1)(\log(2) - \frac{1}{2})/2}"),
    ),
    experiment=UNIVERSAL,
    paper="beyond",
    doc=__doc__,
)
