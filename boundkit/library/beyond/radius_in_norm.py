"""Radius in norm: no z orthogonal to P of a smaller norm takes a label, in any norm and with any output weights.

Along z every ReLU has a slope D_i in [0, 1], so N changes by at most <V^T D u, z>. Over the patterns D and the z whose
norm is 1 the largest of these has, by the Sudakov-Fernique inequality, a mean of at most |u|_2 w +
rho |u|_1/sqrt(2 pi), w being the mean of the largest <g, z> and rho the greatest length of such a z; and it is
|u|_2 rho-Lipschitz in the weights. The largest change of a pixel has w = ell sqrt(2/pi) and rho = sqrt(ell) over ell
pixels that are 0 in all data, the sum of the changes w = sqrt(2 log(2 ell)) and rho = 1, the length w = sqrt(ell) and
rho = 1.
"""

from dataclasses import replace

from sympy import Abs, exp, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import RADIUS_IN_NORM
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    CONCENTRATION,
    UNIT_BALL,
    UNTRAINED,
    distance,
    excess,
    lower,
    parameters,
    rho,
    shrink,
    t,
    u_1,
    u_2,
    width,
    words,
)
from boundkit.library.melamed2023.notation import d, output
from boundkit.model.parameter import reals
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation

SETTING = (UNIT_BALL, *UNTRAINED, ANY_DEPTH)
centre = u_2 * width + rho * u_1 / sqrt(2 * pi)
far = u_2 * (width + rho * t) + rho * u_1 / sqrt(2 * pi)
claim = distance >= Abs(output) * sqrt(d) / (shrink * far)
concentrated = spend(
    gaussian_deviation(t),
    {excess: excess},
    because="excess is how far the steepest pattern over |u|_2 rho, 1-Lipschitz in the weights over b, is above its "
    "mean",
)
compared = lower <= centre
slope = Abs(output) <= distance * shrink * (lower + u_2 * rho * excess) / sqrt(d)

radius_in_norm = Statement(
    name="radius_in_norm",
    place="Radius in norm",
    parameters=parameters(
        d,
        output,
        u_2,
        u_1,
        width,
        reals(rho, "the greatest length of a z of norm 1", 0, tex=r"\rho", typical=22),
        t,
        shrink,
    ),
    quantities=parameters(
        replace(
            *parameters(distance), meaning="the least norm of a z orthogonal to P with which x0 + z loses its label"
        )
    ),
    hypotheses=SETTING,
    claims=(claim,),
    failure=exp(-(t**2) / 2),
    depends_on=("off_subspace_radius",),
    proof=Proof(
        spends=(concentrated,),
        parameters=parameters(lower, excess),
        steps=(
            Step(
                compared,
                Fact(
                    "the Sudakov-Fernique inequality over patterns and the norm's ball (docs/beyond.md)",
                    words(UNIT_BALL),
                ),
            ),
            Step(
                slope,
                Fact(
                    "a z that takes the label has b times its norm times the steepest pattern at least as large as "
                    "|N(x0)|, the steepest pattern being lower + |u|_2 rho excess",
                    words(*SETTING),
                ),
            ),
            Step(
                claim,
                NonnegativeSum(
                    (
                        (sqrt(d) / (shrink * far), slope),
                        (distance / far, compared),
                        (distance * u_2 * rho / far, *concentrated.granted),
                    )
                ),
            ),
        ),
        budget=(Step(concentrated.event <= exp(-(t**2) / 2), Fact(CONCENTRATION)),),
    ),
    text=(
        ("bound", "|N(x0)| sqrt(d)/(shrink (u_2 (width + rho t) + rho u_1/sqrt(2 pi)))"),
        ("failure", "e^(-t^2/2)"),
    ),
    tex=(
        (
            "bound",
            r"\frac{|N(x_0)| \sqrt{d}}{s \cdot (\|u\|_2 \cdot (w + \rho t) + \frac{\rho \|u\|_1}{\sqrt{2 \pi}})}",
        ),
        ("failure", r"e^{-t^2/2}"),
    ),
    experiment=RADIUS_IN_NORM,
    paper="beyond",
    rests_on=(
        ("vershynin2018high", "the Sudakov-Fernique inequality"),
        ("boucheron2013concentration", "the Gaussian concentration inequality"),
    ),
    doc=__doc__,
)
