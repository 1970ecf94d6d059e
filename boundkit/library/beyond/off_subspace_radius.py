"""Off-subspace radius: no shorter step orthogonal to P flips any x0.

Along z every ReLU has a slope D_i in [0, 1], so N changes by at most |z| times b/sqrt(m) times the largest
|sum_i D_i v_i|, which is reached at a pattern D in {0, 1}^m. By Chevet's inequality its mean is at most
sqrt(m ell) + m/sqrt(2 pi), the second term being the mean of the sum of max(g_i, 0); and it is a sqrt(m)-Lipschitz
function of the Gaussian weights. The event does not mention x0, so it serves every x0 in R^d, also one chosen after the
weights are seen.
"""

from sympy import Abs, Symbol, exp, pi, sqrt
from sympy.core.relational import Relational

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import RADIUS
from boundkit.library.beyond.notation import CONCENTRATION, UNTRAINED, distance, excess, lower, parameters, shrink, t
from boundkit.library.melamed2023.notation import FIRST_LAYER, d, ell, m, output
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import Hypothesis
from boundkit.tails import gaussian_deviation

SETTING = (*UNTRAINED, FIRST_LAYER)


def radius(q: Symbol, *setting: Hypothesis) -> tuple[Relational, Proof]:
    """No shorter step flips, by the patterns of q of the m neurons: the claim and its proof."""
    centre = sqrt(ell) + sqrt(q / (2 * pi))
    claim = distance >= Abs(output) * sqrt(m / q) * sqrt(d) / (shrink * (centre + t))
    concentrated = spend(
        gaussian_deviation(t),
        {excess: excess},
        because="excess is how far the steepest pattern, 1-Lipschitz in the weights over b, is above its mean",
    )
    chevet = lower <= centre
    slope = Abs(output) * sqrt(m / q) <= distance * shrink * (lower + excess) / sqrt(d)
    proof = Proof(
        spends=(concentrated,),
        parameters=parameters(lower, excess),
        steps=(
            Step(chevet, Fact("Chevet's inequality over patterns of active neurons (docs/beyond.md)")),
            Step(
                slope,
                Fact(
                    "a z that flips has b |z| (lower + excess) at least as large as |N(x0)|, lower + excess being the "
                    "steepest pattern",
                    tuple(h.text for h in setting),
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
    )
    return claim, proof


claim, proof = radius(m, *SETTING)

off_subspace_radius = Statement(
    name="off_subspace_radius",
    place="Off-subspace radius",
    parameters=parameters(d, ell, m, output, t, shrink),
    quantities=parameters(distance),
    hypotheses=SETTING,
    claims=(claim,),
    failure=exp(-(t**2) / 2),
    depends_on=("theorem_a_2",),
    text=(("bound", "|N(x0)| sqrt(d)/(shrink (sqrt(ell) + sqrt(m/(2 pi)) + t))"), ("failure", "e^(-t^2/2)")),
    tex=(
        ("bound", r"\frac{|N(x_0)| \sqrt{d}}{s \cdot (\sqrt{\ell} + \sqrt{\frac{m}{2\pi}} + t)}"),
        ("failure", r"e^{-t^2/2}"),
    ),
    proof=proof,
    experiment=RADIUS,
    paper="beyond",
    rests_on=(
        ("vershynin2018high", "the Sudakov-Fernique inequality"),
        ("boucheron2013concentration", "the Gaussian concentration inequality"),
    ),
    doc=__doc__,
)
