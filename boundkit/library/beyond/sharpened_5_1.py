"""Sharpened Theorem 5.1: the paper's own step, with an exact law: no log d, and no hypothesis on ell.

The step is z = -y0 alpha sum_j sign(u_j) hat w_j with alpha = c sqrt(m) |N(x0)|/(b^2 ell k), the paper's for c = 8.
Neuron i's input moves by -sign(u_i) y0 alpha b^2 X_i, where X_i = R + sqrt(m R) (g_i - mean(g)) are the row sums of
a Wishart matrix: R is chi-square with ell degrees of freedom, g are m normals. ReLU is 1-Lipschitz, and inactive
opposing neurons only help, so the label flips when no supporting X_i is below 0 and the mean of X_i over the k
active opposing neurons is above ell/c; and z is short when R <= a ell. The first event fails for one neuron with
probability at most (1 - 1/m)^(ell/2)/2, the other two by Chernoff's bound: chi_square_rate(a) = (a - 1 - log(a))/2,
and row_sum_rate(1/c, m/k) = log(1 + 2 theta - v theta^2)/2 - theta/c with v = (m - k)/k at the best theta.
"""

from sympy import Abs, Eq, Integer, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.engine.proof.chernoff import chi_square_steps, row_sum_steps
from boundkit.library.beyond.experiments import SHARPENED
from boundkit.library.beyond.notation import BLIND, CHI_SQUARE, GAUSSIAN, X, a, c, least, mean, parameters, shrink
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
from boundkit.model.proof import Fact, GaussianMixtureTail, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.tails import chi_square_at_least, chi_square_rate, row_sum_at_most, row_sum_below_zero, row_sum_rate

bound = c * sqrt(a) * Abs(output) * m / k * sqrt(d / ell) / shrink
failure = (
    (m - k) / 2 * (1 - 1 / m) ** (ell / 2) + exp(-ell * row_sum_rate(1 / c, m / k)) + exp(-ell * chi_square_rate(a))
)
below = row_sum_below_zero(ell, m)
low_mean, too_long = row_sum_at_most(1 / c, ell, m / k), chi_square_at_least(ell, a)
no_support_rises = spend(
    below, {least: least}, count=m - k, because="each of the m - k supporting row sums has this law"
)
high_mean = spend(
    low_mean, {mean: mean}, because="the mean row sum over k of m neurons has the law of one row sum of m/k"
)
not_long = spend(too_long, {X: X}, because=CHI_SQUARE)

alpha_length = c * Abs(output) * m * sqrt(d) / (k * shrink * ell)  # z = alpha b sum_j v_j, over |sum_j v_j|/sqrt(m)
lemma_6 = flipped <= Abs(output) * (1 - c * mean / ell)
rarely_below = below <= (1 - 1 / m) ** (ell / 2) / 2
by_row_sums, by_chi_square = row_sum_steps(1 / c, ell, m / k), chi_square_steps(ell, a)


sharpened_5_1 = Statement(
    name="sharpened_5_1",
    place="Sharpened Theorem 5.1",
    parameters=parameters(d, ell, m_two, k, output, c, a, shrink),
    quantities=parameters(norm_z, flipped),
    hypotheses=(
        ON_SUBSPACE,
        GAUSSIAN,
        FIRST_LAYER,
        BLIND,
        OPPOSED,
        LABELLED,
    ),
    claims=(norm_z <= bound, flipped < 0),
    failure=failure,
    truth=(m - k) * below + low_mean + too_long,
    proof=Proof(
        spends=(no_support_rises, high_mean, not_long),
        parameters=parameters(least, mean, X),
        steps=(
            Step(
                lemma_6,
                Fact(
                    "Lemma 6 of docs/beyond.md, with Y = k mean where no supporting row sum is below 0",
                    (*no_support_rises.granted, BLIND.text, GAUSSIAN.text, FIRST_LAYER.text, ON_SUBSPACE.text),
                ),
            ),
            Step(flipped < 0, NonnegativeSum(((lemma_6,), (c * Abs(output) / ell, *high_mean.granted)))),
            Step(Eq(norm_z, alpha_length * sqrt(X)), Fact("z = -y0 alpha b sum_j v_j, and |sum_j v_j|^2 = m X")),
            Step(norm_z <= bound, Squares(((alpha_length**2, *not_long.granted),))),
            Step(rarely_below, GaussianMixtureTail()),
            *by_row_sums,
            *by_chi_square,
        ),
        budget=(
            Step(
                (m - k) * below + low_mean + too_long <= failure,
                NonnegativeSum(((m - k, rarely_below), (by_row_sums[-1].relation,), (by_chi_square[-1].relation,))),
            ),
        ),
    ),
    truth_is="upper bound",
    worst_case=(("k", 1),),
    depends_on=("theorem_a_2",),
    text=(
        ("bound", "c sqrt(a) |N(x0)| (m/k) sqrt(d/ell)/shrink"),
        ("failure", "(m - k)/2 (1 - 1/m)^(ell/2) + e^(-ell row_sum_rate(1/c, m/k)) + e^(-ell chi_square_rate(a))"),
    ),
    tex=(
        ("bound", r"c \sqrt{a} |N(x_0)| \cdot \frac{m}{k_{y_0}} \cdot \sqrt{\frac{d}{\ell}} \cdot \frac{1}{s}"),
        (
            "failure",
            r"\frac{m - k_{y_0}}{2} \cdot \left(1 - \frac{1}{m}\right)^{\ell/2} "
            r"+ e^{-\ell \cdot \kappa_{\Sigma}(1/c, m/k_{y_0})} + e^{-\ell \cdot \kappa(a)}",
        ),
    ),
    experiment=SHARPENED,
    paper="beyond",
    sharpens=(("theorem_5_1", ((shrink, Integer(1)),)),),
    doc=__doc__,
)
