"""Off-subspace radius at x0: only neurons that oppose the label or are active can bring it down.

An inactive supporting neuron can only add to y0 N, so it is left out, and the largest |sum_i D_i v_i| runs over the
patterns of the q others. Which neurons these are must not depend on the off-subspace weights, so x0 must not either.
Then Chevet's inequality and Gaussian concentration give the bound of the off-subspace radius with q in place of m,
but for the factor 1/sqrt(m) that the output weights keep.
"""

from sympy import Abs, exp, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import RADIUS_AT
from boundkit.library.beyond.notation import (
    BLIND,
    CONCENTRATION,
    GAUSSIAN,
    distance,
    excess,
    lower,
    parameters,
    q,
    shrink,
    t,
)
from boundkit.library.melamed2023.notation import FIRST_LAYER, ON_SUBSPACE, d, ell, m, output
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation

centre = sqrt(ell) + sqrt(q / (2 * pi))
claim = distance >= Abs(output) * sqrt(m / q) * sqrt(d) / (shrink * (sqrt(ell) + sqrt(q / (2 * pi)) + t))
concentrated = spend(
    gaussian_deviation(t),
    {excess: excess},
    because="excess is how far the steepest pattern, 1-Lipschitz in the weights over b, is above its mean",
)
reach = shrink * (lower + excess) / sqrt(d)
chevet, slope = lower <= centre, Abs(output) * sqrt(m / q) <= distance * reach

off_subspace_radius_at = Statement(
    name="off_subspace_radius_at",
    place="Off-subspace radius at x0",
    parameters=parameters(d, ell, m, q, output, t, shrink),
    quantities=parameters(distance),
    hypotheses=(ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND),
    claims=(claim,),
    failure=exp(-(t**2) / 2),
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
    proof=Proof(
        spends=(concentrated,),
        parameters=parameters(lower, excess),
        steps=(
            Step(chevet, Fact("Chevet's inequality over patterns of active neurons (docs/beyond.md)")),
            Step(
                slope,
                Fact(
                    "a z that flips has b |z| (lower + excess) at least as large as |N(x0)|, lower + excess being the "
                    "steepest pattern",
                    tuple(h.text for h in (ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND)),
                ),
            ),
            Step(
                claim,
                NonnegativeSum(
                    (
                        (sqrt(d) / (shrink * (centre + t)), slope),
                        (distance / (centre + t), chevet),
                        (distance / (centre + t), *concentrated.granted),
                    )
                ),
            ),
        ),
        budget=(Step(concentrated.event <= exp(-(t**2) / 2), Fact(CONCENTRATION)),),
    ),
    experiment=RADIUS_AT,
    paper="beyond",
    doc=__doc__,
)
