"""Sharpened Theorem 5.1 everywhere: one draw of the weights serves every x0 in R^d and both labels.

The step is z = -y0 alpha sum_j sign(u_j) hat w_j with alpha = c sqrt(m) |N(x0)|/(b^2 ell (k + 1)). If every row sum X_i
is above ell/c, it moves every neuron the right way by more than sqrt(m) |N(x0)|/(k + 1), which takes the label from
every x0: the k active opposing neurons and one active supporting one are enough, whichever these are. Where k >= 1 the
label flips. z is short when R <= a ell. Only alpha depends on x0, so x0 may be chosen after the weights are seen. The
union bound over the m neurons costs a factor m; row_sum_rate(1/c, m) is Chernoff's exponent for one row sum.
"""

from dataclasses import replace

from sympy import Abs, Eq, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.engine.proof.chernoff import chi_square_steps, row_sum_steps
from boundkit.library.beyond.experiments import EVERYWHERE
from boundkit.library.beyond.notation import (
    CHI_SQUARE,
    UNTRAINED,
    X,
    a,
    c,
    least,
    moved_back,
    parameters,
    shrink,
    words,
)
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, ell, flipped, k, m, norm_z, output
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.tails import chi_square_at_least, chi_square_rate, row_sum_at_most, row_sum_rate

low, too_long = row_sum_at_most(1 / c, ell, m), chi_square_at_least(ell, a)
truth = m * low + too_long
all_high = spend(low, {least: least}, count=m, because="each of the m row sums has this law", needs=words(*UNTRAINED))
not_long = spend(too_long, {X: X}, because=CHI_SQUARE, needs=words(*UNTRAINED))

bound = c * sqrt(a) * Abs(output) * m / (k + 1) * sqrt(d / ell) / shrink
# z = alpha b sum_j v_j, over |sum_j v_j|/sqrt(m)
alpha_length = c * Abs(output) * m * sqrt(d) / ((k + 1) * shrink * ell)
CLAIMS = (norm_z <= bound, flipped <= 0)
lost = flipped <= Abs(output) * k / (k + 1) * (1 - c * least / ell)
PARAMETERS = parameters(replace(*parameters(least), meaning="the least row sum"), X)
STEPS = (
    Step(
        lost,
        Fact(
            "Lemma 1 of docs/beyond.md: input i moves by c sqrt(m) |N(x0)| X_i/(ell (k + 1)) the right way, and the "
            "active supporting ones lose sqrt(m) |N(x0)|/(k + 1) at least",
            (*all_high.granted, LABELLED.relation, *words(*UNTRAINED, FIRST_LAYER)),
        ),
    ),
    Step(flipped <= 0, NonnegativeSum(((lost,), (c * Abs(output) * k / (ell * (k + 1)), *all_high.granted)))),
    Step(Eq(norm_z, alpha_length * sqrt(X)), Fact("z = -y0 alpha b sum_j v_j, and |sum_j v_j|^2 = m X")),
    Step(norm_z <= bound, Squares(((alpha_length**2, *not_long.granted),))),
)
by_row_sums, by_chi_square = row_sum_steps(1 / c, ell, m), chi_square_steps(ell, a)
failure = m * exp(-ell * row_sum_rate(1 / c, m)) + exp(-ell * chi_square_rate(a))

sharpened_5_1_everywhere = Statement(
    name="sharpened_5_1_everywhere",
    place="Sharpened Theorem 5.1 everywhere",
    parameters=parameters(d, ell, m, k, output, c, a, shrink),
    quantities=parameters(norm_z, moved_back),
    hypotheses=(*UNTRAINED, FIRST_LAYER, LABELLED),
    claims=CLAIMS,
    failure=failure,
    truth=truth,
    proof=Proof(
        spends=(all_high, not_long),
        parameters=PARAMETERS,
        steps=(*STEPS, *by_row_sums, *by_chi_square),
        budget=(
            Step(truth <= failure, NonnegativeSum(((m, by_row_sums[-1].relation), (by_chi_square[-1].relation,)))),
        ),
    ),
    truth_is="upper bound",
    depends_on=("theorem_a_2",),
    text=(
        ("bound", "c sqrt(a) |N(x0)| (m/(k + 1)) sqrt(d/ell)/shrink"),
        ("bound_2", "0"),
        ("failure", "m e^(-ell row_sum_rate(1/c, m)) + e^(-ell chi_square_rate(a))"),
    ),
    tex=(
        ("bound", r"c \sqrt{a} |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \sqrt{\frac{d}{\ell}} \cdot \frac{1}{s}"),
        ("bound_2", "0"),
        ("failure", r"m e^{-\ell \cdot \kappa_{\Sigma}(1/c, m)} + e^{-\ell \cdot \kappa(a)}"),
    ),
    experiment=EVERYWHERE,
    paper="beyond",
    doc=__doc__,
)
