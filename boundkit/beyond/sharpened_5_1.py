"""Sharpened Theorem 5.1: the paper's own step, with an exact law: no log d, and no hypothesis on ell.

The step is z = -y0 alpha sum_j sign(u_j) hat w_j with alpha = c sqrt(m) |N(x0)|/(b^2 ell k), the paper's for c = 8.
Neuron i's input moves by -sign(u_i) y0 alpha b^2 X_i, where X_i = R + sqrt(m R) (g_i - mean(g)) are the row sums of
a Wishart matrix: R is chi-square with ell degrees of freedom, g are m normals. ReLU is 1-Lipschitz, and inactive
opposing neurons only help, so the label flips when no supporting X_i is below 0 and the mean of X_i over the k
active opposing neurons is above ell/c; and z is short when R <= a ell. The first event fails for one neuron with
probability at most (1 - 1/m)^(ell/2)/2, the other two by Chernoff's bound: chi_square_rate(a) = (a - 1 - log(a))/2,
and row_sum_rate(1/c, m/k) = log(1 + 2 theta - v theta^2)/2 - theta/c with v = (m - k)/k at the best theta.
"""

from sympy import Abs, Ne, exp, sqrt

from boundkit.beyond.notation import BLIND, GAUSSIAN, a, c, letters, shrink
from boundkit.paper.notation import FIRST_LAYER, ON_SUBSPACE, d, ell, flipped, k, m, norm_z, output
from boundkit.statement import Hypothesis, Statement
from boundkit.tails import chi_square_at_least, chi_square_rate, row_sum_at_most, row_sum_below_zero, row_sum_rate

sharpened_5_1 = Statement(
    name="sharpened_5_1",
    place="Sharpened Theorem 5.1",
    parameters=letters(d, ell, m, k, output, c, a, shrink),
    quantities=letters(norm_z, flipped),
    hypotheses=(
        ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND,
        Hypothesis("k >= 1", k >= 1, r"k_{y_0} \geq 1"),
        Hypothesis("N(x0) != 0", Ne(output, 0), r"N(x_0) \neq 0"),
    ),
    claims=(norm_z <= c * sqrt(a) * Abs(output) * m / k * sqrt(d / ell) / shrink, flipped < 0),
    failure=(m - k) / 2 * (1 - 1 / m) ** (ell / 2)
    + exp(-ell * row_sum_rate(1 / c, m / k))
    + exp(-ell * chi_square_rate(a)),
    truth=(m - k) * row_sum_below_zero(ell, m) + row_sum_at_most(1 / c, ell, m / k) + chi_square_at_least(ell, a),
    truth_is="upper bound",
    worst=(("k", 1),),
    depends_on=("theorem_a_2",),
    text=(
        ("bound", "c sqrt(a) |N(x0)| (m/k) sqrt(d/ell)/shrink"),
        ("failure",
         "(m - k)/2 (1 - 1/m)^(ell/2) + e^(-ell row_sum_rate(1/c, m/k)) + e^(-ell chi_square_rate(a))"),
    ),
    tex=(("bound", r"c \sqrt{a} |N(x_0)| \cdot \frac{m}{k_{y_0}} \cdot \sqrt{\frac{d}{\ell}} \cdot \frac{1}{s}"),),
    doc=__doc__,
)
