"""Linear distance: how far off P the label would be lost if no neuron changed between active and inactive.

It is |N(x0)| over the length of the gradient orthogonal to P, which is b sqrt(k/m) chi_ell, k counting all active
neurons. Where |a_i|/|hat w_i| of every neuron is at least that, no neuron changes earlier, and it is the length of the
shortest step exactly. The law is that of the linear distance alone: given that this is so it is another.
"""

from dataclasses import replace

from sympy import Abs, Eq, Integer, Rational, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import DISTANCE_LINEAR
from boundkit.library.beyond.gradient_interval import (
    DERIVATIVE,
    FAILURE,
    FAILURE_TEX,
    FAILURE_TEXT,
    LONG,
    OUTSIDE,
    RARELY_LONG,
    RARELY_SHORT,
    SHORT,
)
from boundkit.library.beyond.notation import (
    BLIND,
    CHI_SQUARE,
    GAUSSIAN,
    X,
    linear_distance,
    parameters,
    shrink,
    words,
)
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, ON_SUBSPACE, d, ell, k, m, output
from boundkit.library.melamed2023.notation import parameters as of_the_paper
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Squares, Step, spend

(active,) = of_the_paper(k)
SETTING = (ON_SUBSPACE, GAUSSIAN, FIRST_LAYER, BLIND, DERIVATIVE)
reach = Abs(output) * sqrt(m * d / k) / shrink
CLAIMS = (linear_distance >= reach / sqrt(2 * ell), linear_distance <= reach * sqrt(2 / ell))
not_long, not_short = (spend(law, {X: X}, because=CHI_SQUARE, needs=words(GAUSSIAN, BLIND)) for law in (LONG, SHORT))
by_long, by_short = LONG <= RARELY_LONG, SHORT <= RARELY_SHORT

distance_linear = Statement(
    name="distance_linear",
    place="Linear distance",
    parameters=parameters(
        d,
        ell,
        m,
        replace(active, low=Integer(1), why_ends=("an output that is not 0 needs an active neuron", "")),
        output,
        shrink,
    ),
    quantities=parameters(linear_distance),
    hypotheses=(*SETTING, LABELLED),
    claims=CLAIMS,
    failure=FAILURE,
    truth=OUTSIDE,
    depends_on=("gradient_interval",),
    proof=Proof(
        spends=(not_long, not_short),
        parameters=parameters(X),
        steps=(
            Step(
                Eq(linear_distance, reach / sqrt(X)),
                Fact(
                    "given S the gradient orthogonal to P is sqrt(k/m) N(0, shrink^2 I_ell/d)",
                    (LABELLED.relation, *words(*SETTING)),
                ),
            ),
            Step(CLAIMS[0], Squares(((reach**2 / (2 * ell * X), *not_long.granted),))),
            Step(CLAIMS[1], Squares(((2 * reach**2 / (ell * X), *not_short.granted),))),
            Step(by_long, Chernoff(Rational(1, 4))),
            Step(by_short, Chernoff(Rational(1, 2))),
        ),
        budget=(Step(OUTSIDE <= FAILURE, NonnegativeSum(((by_long,), (by_short,)))),),
    ),
    text=(
        ("bound", "|N(x0)| sqrt(m d/k)/(shrink sqrt(2 ell))"),
        ("bound_2", "|N(x0)| sqrt(m d/k) sqrt(2/ell)/shrink"),
        ("failure", FAILURE_TEXT),
    ),
    tex=(
        ("bound", r"\frac{1}{s} \cdot |N(x_0)| \cdot \sqrt{\frac{m d}{k}} \cdot \frac{1}{\sqrt{2 \ell}}"),
        ("bound_2", r"\frac{1}{s} \cdot |N(x_0)| \cdot \sqrt{\frac{m d}{k}} \cdot \sqrt{\frac{2}{\ell}}"),
        ("failure", FAILURE_TEX),
    ),
    experiment=DISTANCE_LINEAR,
    paper="beyond",
    doc=__doc__,
)
