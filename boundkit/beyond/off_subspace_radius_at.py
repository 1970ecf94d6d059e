"""Off-subspace radius at x0: only neurons that oppose the label or are active can bring it down.

An inactive supporting neuron can only add to y0 N, so it is left out, and the largest |sum_i D_i v_i| runs over the
patterns of the q others. Which neurons these are must not depend on the off-subspace weights, so x0 must not either.
Then Chevet's inequality and Gaussian concentration give the bound of the off-subspace radius with q in place of m,
but for the factor 1/sqrt(m) that the output weights keep.
"""

from sympy import Abs, exp, pi, sqrt

from boundkit.beyond.notation import BLIND, GAUSSIAN, distance, letters, q, shrink, t
from boundkit.paper.notation import FIRST_LAYER, ON_SUBSPACE, d, ell, m, output
from boundkit.statement import Statement

off_subspace_radius_at = Statement(
    name="off_subspace_radius_at",
    place="Off-subspace radius at x0",
    parameters=letters(d, ell, m, q, output, t, shrink),
    quantities=letters(distance),
    hypotheses=(ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND),
    claims=(distance >= Abs(output) * sqrt(m / q) * sqrt(d) / (shrink * (sqrt(ell) + sqrt(q / (2 * pi)) + t)),),
    failure=exp(-(t**2) / 2),
    depends_on=("off_subspace_radius",),
    text=(
        ("bound", "|N(x0)| sqrt(m/q) sqrt(d)/(shrink (sqrt(ell) + sqrt(q/(2 pi)) + t))"), ("failure", "e^(-t^2/2)"),
    ),
    tex=(
        ("bound",
         r"\frac{|N(x_0)| \sqrt{\frac{m}{q_{y_0}}} \sqrt{d}}{s \cdot (\sqrt{\ell} + \sqrt{\frac{q_{y_0}}{2\pi}} + t)}"),
        ("failure", r"e^{-t^2/2}"),
    ),
    doc=__doc__,
)
