"""Sharpened Theorem 5.1 everywhere: one draw of the weights serves every x0 in P and both labels.

If every row sum X_i is above ell/c and R <= a ell, then the step of the sharpened theorem flips every x0 at which
some active neuron opposes the label: whichever neurons these are, their mean is above ell/c, and no supporting X_i
is below 0. Only the length alpha depends on x0, so x0 may be chosen after the weights are seen. The union bound
over the m neurons costs a factor m; row_sum_rate(1/c, m) is Chernoff's exponent for one row sum.
"""

from sympy import exp

from boundkit.beyond.notation import GAUSSIAN, a, c
from boundkit.beyond.sharpened_5_1 import sharpened_5_1
from boundkit.paper.notation import FIRST_LAYER, ON_SUBSPACE, ell, m
from boundkit.statement import Statement
from boundkit.tails import chi_square_at_least, chi_square_rate, row_sum_at_most, row_sum_rate

sharpened_5_1_everywhere = Statement(
    name="sharpened_5_1_everywhere",
    place="Sharpened Theorem 5.1 everywhere",
    parameters=sharpened_5_1.parameters,
    quantities=sharpened_5_1.quantities,
    hypotheses=(
        ON_SUBSPACE, GAUSSIAN, FIRST_LAYER,
        *(h for h in sharpened_5_1.hypotheses if h.relation is not None),
    ),
    claims=sharpened_5_1.claims,
    failure=m * exp(-ell * row_sum_rate(1 / c, m)) + exp(-ell * chi_square_rate(a)),
    truth=m * row_sum_at_most(1 / c, ell, m) + chi_square_at_least(ell, a),
    truth_is="upper bound",
    depends_on=("sharpened_5_1",),
    text=sharpened_5_1.text[:1],
    tex=sharpened_5_1.tex,
    doc=__doc__,
)
