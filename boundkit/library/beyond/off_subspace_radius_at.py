"""Off-subspace radius at x0: only neurons that oppose the label or are active can bring it down.

An inactive supporting neuron can only add to y0 N, so it is left out, and the largest |sum_i D_i v_i| runs over the
patterns of the q others. Which neurons these are must not depend on the off-subspace weights, so x0 must not either.
Then Chevet's inequality and Gaussian concentration give the bound of the off-subspace radius with q in place of m,
but for the factor 1/sqrt(m) that the output weights keep.
"""

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import RADIUS_AT
from boundkit.library.beyond.notation import BLIND, GAUSSIAN, distance, parameters, q, shrink, t
from boundkit.library.beyond.off_subspace_radius import off_subspace_radius, radius
from boundkit.library.melamed2023.notation import FIRST_LAYER, ON_SUBSPACE, d, ell, m, output

SETTING = (ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND)
claim, proof = radius(q, *SETTING)

off_subspace_radius_at = Statement(
    name="off_subspace_radius_at",
    place="Off-subspace radius at x0",
    parameters=parameters(d, ell, m, q, output, t, shrink),
    quantities=parameters(distance),
    hypotheses=SETTING,
    claims=(claim,),
    failure=off_subspace_radius.failure,
    depends_on=("off_subspace_radius",),
    text=(
        ("bound", "|N(x0)| sqrt(m/q) sqrt(d)/(shrink (sqrt(ell) + sqrt(q/(2 pi)) + t))"),
        ("failure", "e^(-t^2/2)"),
    ),
    tex=(
        (
            "bound",
            r"\frac{|N(x_0)| \sqrt{\frac{m}{q_{y_0}}} \sqrt{d}}"
            r"{s \cdot (\sqrt{\ell} + \sqrt{\frac{q_{y_0}}{2\pi}} + t)}",
        ),
        ("failure", r"e^{-t^2/2}"),
    ),
    proof=proof,
    experiment=RADIUS_AT,
    paper="beyond",
    doc=__doc__,
)
