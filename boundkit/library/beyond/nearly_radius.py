"""Nearly radius: with data near a subspace no shorter step orthogonal to P flips any x0.

As for the off-subspace radius N changes along z by at most |z|/sqrt(m) times the largest |sum_i D_i sign(u_i) hat w_i|,
D in {0, 1}^m. Of that the start gives at most b sqrt(m) (sqrt(ell) + sqrt(m/(2 pi)) + t), but for a probability
e^(-t^2/2), and what training added at most sqrt(m) drift. So it serves every x0 of R^d.
"""

from sympy import Abs, exp, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.deep_gradient_everywhere import b
from boundkit.library.beyond.experiments import NEARLY_RADIUS
from boundkit.library.beyond.notation import CONCENTRATION, distance, excess, lower, shrink, t, words
from boundkit.library.beyond.notation_near import NEARLY, drift, parameters
from boundkit.library.melamed2023.notation import FIRST_LAYER, d, ell, m, output
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation

SETTING = words(*NEARLY, FIRST_LAYER)
centre = sqrt(ell) + sqrt(m / (2 * pi))
slope = b * (centre + t) + drift
claim = distance >= Abs(output) / slope
not_high = spend(
    gaussian_deviation(t),
    {excess: excess},
    because="excess is how far the shrunk start's steepest pattern over b sqrt(m), 1-Lipschitz, is above its mean",
    needs=SETTING,
)
chevet = lower <= centre
steepest = Abs(output) <= distance * (b * (lower + excess) + drift)

nearly_radius = Statement(
    name="nearly_radius",
    place="Nearly radius",
    parameters=parameters(d, ell, m, output, drift, t, shrink),
    quantities=parameters(distance),
    hypotheses=(*NEARLY, FIRST_LAYER),
    claims=(claim,),
    failure=exp(-(t**2) / 2),
    depends_on=("off_subspace_radius", "weights_move_at_most"),
    text=(
        ("bound", "|N(x0)|/(shrink (sqrt(ell) + sqrt(m/(2 pi)) + t)/sqrt(d) + drift)"),
        ("failure", "e^(-t^2/2)"),
    ),
    tex=(
        (
            "bound",
            r"\frac{|N(x_0)|}{s \cdot \frac{\sqrt{\ell} + \sqrt{\frac{m}{2\pi}} + t}{\sqrt{d}} + \Delta_W}",
        ),
        ("failure", r"e^{-t^2/2}"),
    ),
    proof=Proof(
        spends=(not_high,),
        parameters=parameters(lower, excess),
        steps=(
            Step(chevet, Fact("Chevet's inequality over patterns of active neurons (docs/beyond.md)")),
            Step(
                steepest,
                Fact(
                    "a z that flips has |z| times the steepest pattern over sqrt(m) at least as large as |N(x0)|, and "
                    "that is b (lower + excess) of the start and at most drift of what training added",
                    SETTING,
                ),
            ),
            Step(
                claim,
                NonnegativeSum(
                    ((1 / slope, steepest), (b * distance / slope, chevet), (b * distance / slope, *not_high.granted))
                ),
            ),
        ),
        budget=(Step(not_high.event <= exp(-(t**2) / 2), Fact(CONCENTRATION)),),
    ),
    experiment=NEARLY_RADIUS,
    paper="beyond",
    rests_on=(
        ("vershynin2018high", "the Sudakov-Fernique inequality"),
        ("boucheron2013concentration", "the Gaussian concentration inequality"),
    ),
    doc=__doc__,
)
