"""Representation swap everywhere: one draw of the weights bounds the step from any point of R^d to any other.

The shortest z orthogonal to P with W (x0 + z) = W x1 is at most |W (x1 - x0)| over the least singular value of hat W
long, and that is at least b (sqrt(ell) - sqrt(m) - t) but for a probability e^(-t^2/2) (Davidson and Szarek). The event
mentions neither point, so both may be chosen after all weights are seen: no detector that looks at any layer can tell
x0 + z from x1, and every class can be aimed at.
"""

from dataclasses import replace

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.deep_distance import wide
from boundkit.library.beyond.deep_gradient_everywhere import SETTING, b, near, not_low
from boundkit.library.beyond.experiments import SWAPS
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    CONCENTRATION,
    UNTRAINED,
    greatest_distance,
    moved,
    parameters,
    shortfall,
    shrink,
    t,
)
from boundkit.library.melamed2023.notation import d, ell, m
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step

(longest,) = parameters(greatest_distance)
claim = greatest_distance <= moved * sqrt(d) / (shrink * near)
reached = greatest_distance * b * (sqrt(ell) - sqrt(m) - shortfall) <= moved

representation_swap_everywhere = Statement(
    name="representation_swap_everywhere",
    place="Representation swap everywhere",
    parameters=parameters(d, ell, m, moved, t, shrink),
    quantities=(
        replace(
            longest,
            meaning="the length of the shortest z orthogonal to P with W (x0 + z) = W x1, for the x0 and x1 so far "
            "apart for which it is longest",
            text="greatest |z|",
            tex=r"\max_{x_0, x_1} \|z\|",
        ),
    ),
    hypotheses=(*UNTRAINED, ANY_DEPTH, wide),
    claims=(claim,),
    failure=exp(-(t**2) / 2),
    depends_on=("representation_swap", "deep_gradient_everywhere"),
    text=(("bound", "|W (x1 - x0)| sqrt(d)/(shrink (sqrt(ell) - sqrt(m) - t))"), ("failure", "e^(-t^2/2)")),
    tex=(
        ("bound", r"\frac{\|W(x_1 - x_0)\| \sqrt{d}}{s \cdot (\sqrt{\ell} - \sqrt{m} - t)}"),
        ("failure", r"e^{-t^2/2}"),
    ),
    proof=Proof(
        spends=(not_low,),
        parameters=parameters(shortfall),
        steps=(
            Step(
                reached,
                Fact(
                    "where ell >= m some z no longer than |W (x1 - x0)|/s_min(hat W) moves the pre-activations so, and "
                    "s_min(hat W)/b has a mean >= sqrt(ell) - sqrt(m) (Gordon)",
                    (*SETTING, wide.relation),
                ),
            ),
            Step(claim, NonnegativeSum(((1 / (b * near), reached), (greatest_distance / near, *not_low.granted)))),
        ),
        budget=(Step(not_low.event <= exp(-(t**2) / 2), Fact(CONCENTRATION)),),
    ),
    experiment=SWAPS,
    paper="beyond",
    doc=__doc__,
)
