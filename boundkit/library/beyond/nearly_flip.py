"""Nearly flip: data near a subspace still leave a short step that takes the label, made of the weights as trained.

Let s = b (sqrt(ell) - sqrt(m) - t) - drift be above 0. But for a probability e^(-t^2/2) no singular value of hat W is
below s (Weyl, Gordon), so a z orthogonal to P moves every input the right way by alpha = c |N(x0)|/(U_F + u_min), and
the shortest, made of the trained weights and not of the start's, is at most alpha sqrt(m)/s long. It takes the label
surely, at every x0 of R^d, with any output weights, biases and output bias, as the flip of any output does. In the same
way the shortest z with W (x0 + z) = W x1 is at most |W (x1 - x0)|/s long.
"""

from dataclasses import replace

from sympy import Abs, Min, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.deep_gradient_everywhere import b, near
from boundkit.library.beyond.experiments import NEARLY_FLIP
from boundkit.library.beyond.flip_any_output import lost, pushed, share, twice
from boundkit.library.beyond.nearly_gradient import not_low
from boundkit.library.beyond.notation import (
    CONCENTRATION,
    SUPPORTED,
    U_F,
    moved_back,
    shortfall,
    shrink,
    t,
    u_min,
    words,
)
from boundkit.library.beyond.notation_near import NEARLY, drift, parameters
from boundkit.library.melamed2023.notation import LABELLED, d, ell, flipped, m, norm_z, output
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step
from boundkit.model.statement import Hypothesis

left = Hypothesis(
    "shrink (sqrt(ell) - sqrt(m) - t)/sqrt(d) > drift",
    b * near > drift,
    r"s \cdot \frac{\sqrt{\ell} - \sqrt{m} - t}{\sqrt{d}} > \Delta_W",
)
size = share * Abs(output) * sqrt(m)
claim = norm_z <= size / (b * near - drift)
reached = norm_z * (b * (sqrt(ell) - sqrt(m) - shortfall) - drift) <= size

nearly_flip = Statement(
    name="nearly_flip",
    place="Nearly flip",
    parameters=parameters(d, ell, m, U_F, u_min, output, twice, drift, t, shrink),
    quantities=parameters(norm_z, replace(moved_back, phrase=())),
    hypotheses=(*NEARLY, SUPPORTED, left, pushed, LABELLED),
    claims=(claim, flipped <= Abs(output) * (1 - U_F * share - Min(u_min * share, 1))),
    failure=exp(-(t**2) / 2),
    depends_on=("flip_any_output", "nearly_gradient"),
    text=(
        ("bound", "c |N(x0)|/(U_F + u_min) sqrt(m)/(shrink (sqrt(ell) - sqrt(m) - t)/sqrt(d) - drift)"),
        ("bound_2", "|N(x0)| (1 - U_F c/(U_F + u_min) - min(u_min c/(U_F + u_min), 1))"),
        ("failure", "e^(-t^2/2)"),
    ),
    tex=(
        (
            "bound",
            r"\frac{c |N(x_0)|}{U_F + u_{\min}} \cdot "
            r"\frac{\sqrt{m}}{s \cdot \frac{\sqrt{\ell} - \sqrt{m} - t}{\sqrt{d}} - \Delta_W}",
        ),
        (
            "bound_2",
            r"|N(x_0)| \cdot \left(1 - \frac{U_F c}{U_F + u_{\min}} "
            r"- \min(\frac{u_{\min} c}{U_F + u_{\min}}, 1)\right)",
        ),
        ("failure", r"e^{-t^2/2}"),
    ),
    proof=Proof(
        spends=(not_low,),
        parameters=parameters(shortfall),
        steps=(
            Step(
                reached,
                Fact(
                    "the shortest z that moves every input by alpha is at most alpha sqrt(m)/s_min(hat W) long; "
                    "s_min(hat W) is at least that of the shrunk start less drift (Weyl), and the latter has a mean >= "
                    "b (sqrt(ell) - sqrt(m)) (Gordon)",
                    (*words(*NEARLY), left.relation),
                ),
            ),
            Step(
                claim,
                NonnegativeSum(
                    (
                        (1 / (b * near - drift), reached),
                        (b * norm_z / (b * near - drift), *not_low.granted),
                    )
                ),
            ),
            lost,
        ),
        budget=(Step(not_low.event <= exp(-(t**2) / 2), Fact(CONCENTRATION)),),
    ),
    experiment=NEARLY_FLIP,
    paper="beyond",
    doc=__doc__,
)
