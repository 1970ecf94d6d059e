"""Sharpened Theorem 5.1 everywhere: one draw of the weights serves every x0 in P and both labels.

If every row sum X_i is above ell/c and R <= a ell, then the step of the sharpened theorem flips every x0 at which
some active neuron opposes the label: whichever neurons these are, their mean is above ell/c, and no supporting X_i
is below 0. Only the length alpha depends on x0, so x0 may be chosen after the weights are seen. The union bound
over the m neurons costs a factor m; row_sum_rate(1/c, m) is Chernoff's exponent for one row sum.
"""

from dataclasses import replace

from sympy import Abs, Eq, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.engine.proof.chernoff import chi_square_steps, row_sum_steps
from boundkit.library.beyond.experiments import EVERYWHERE
from boundkit.library.beyond.notation import CHI_SQUARE, GAUSSIAN, X, a, c, mean, parameters
from boundkit.library.beyond.sharpened_5_1 import alpha_length, bound, lemma_6, sharpened_5_1
from boundkit.library.melamed2023.notation import FIRST_LAYER, ON_SUBSPACE, ell, flipped, m, norm_z, output
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.tails import chi_square_at_least, chi_square_rate, row_sum_at_most, row_sum_rate

low, too_long = row_sum_at_most(1 / c, ell, m), chi_square_at_least(ell, a)
all_high = spend(low, {mean: mean}, count=m, because="each of the m row sums has this law")
not_long = spend(too_long, {X: X}, because=CHI_SQUARE)
by_row_sums, by_chi_square = row_sum_steps(1 / c, ell, m), chi_square_steps(ell, a)
failure = m * exp(-ell * row_sum_rate(1 / c, m)) + exp(-ell * chi_square_rate(a))

sharpened_5_1_everywhere = Statement(
    name="sharpened_5_1_everywhere",
    place="Sharpened Theorem 5.1 everywhere",
    parameters=sharpened_5_1.parameters,
    quantities=sharpened_5_1.quantities,
    hypotheses=(
        ON_SUBSPACE,
        GAUSSIAN,
        FIRST_LAYER,
        *(h for h in sharpened_5_1.hypotheses if h.relation is not None),
    ),
    claims=sharpened_5_1.claims,
    failure=failure,
    truth=m * low + too_long,
    proof=Proof(
        spends=(all_high, not_long),
        parameters=parameters(replace(*parameters(mean), meaning="the least row sum"), X),
        steps=(
            Step(
                lemma_6,
                Fact(
                    "Lemma 6 of docs/beyond.md at any x0: Y is at least k times the least row sum, which is above 0",
                    (*all_high.granted, GAUSSIAN.text, FIRST_LAYER.text, ON_SUBSPACE.text),
                ),
            ),
            Step(flipped < 0, NonnegativeSum(((lemma_6,), (c * Abs(output) / ell, *all_high.granted)))),
            Step(Eq(norm_z, alpha_length * sqrt(X)), Fact("z = -y0 alpha b sum_j v_j, and |sum_j v_j|^2 = m X")),
            Step(norm_z <= bound, Squares(((alpha_length**2, *not_long.granted),))),
            *by_row_sums,
            *by_chi_square,
        ),
        budget=(
            Step(
                m * low + too_long <= failure,
                NonnegativeSum(((m, by_row_sums[-1].relation), (by_chi_square[-1].relation,))),
            ),
        ),
    ),
    truth_is="upper bound",
    depends_on=("sharpened_5_1",),
    text=sharpened_5_1.text[:1],
    tex=sharpened_5_1.tex[:1],
    experiment=EVERYWHERE,
    paper="beyond",
    doc=__doc__,
)
