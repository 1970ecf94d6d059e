"""Flip any output: the universal flip for trained output weights, biases and an output bias, at every x0 of R^d.

With U_F the sum of |u_i| over the active opposing neurons and u_min the least |u_i| of an active supporting one, moves
of alpha = c |N(x0)|/(U_F + u_min), each neuron the right way, take the label surely, and the shortest z that makes them
is alpha sqrt(m)/(b chi) long, chi^2 with ell - m + 1 degrees of freedom: one variable, and up to its sign one direction
for every x0. m counts the neurons whose output weight is not 0. An output bias that makes more of the label than the
opposing neurons take from it would be left when all supporting ones are off; there u_min counts as 0, and k >= 1 is
needed. With output weights +-1/sqrt(m) and without output bias this is the universal flip.
"""

from dataclasses import replace

from sympy import Abs, Min, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import ANY_OUTPUT
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    SUPPORTED,
    U_F,
    UNTRAINED,
    c,
    moved_back,
    parameters,
    shrink,
    u_min,
    words,
)
from boundkit.library.beyond.prescribed_moves import prescribed, share_kept
from boundkit.library.beyond.universal_flip import enough, factor
from boundkit.library.melamed2023.notation import LABELLED, d, ell, flipped, m, norm_z, output
from boundkit.model.proof import Fact, Step
from boundkit.model.statement import Hypothesis

SETTING = (*UNTRAINED, ANY_DEPTH, SUPPORTED)
pushed = Hypothesis("U_F + u_min > 0", U_F + u_min > 0, r"U_F + u_{\min} > 0")
twice = replace(factor, meaning="how many times over z outweighs N(x0)", default=2)
share = c / (U_F + u_min)
lost = Step(
    flipped <= Abs(output) * (1 - U_F * share - Min(u_min * share, 1)),
    Fact(
        "Lemma 1 of docs/beyond.md: every opposing input rises by c |N(x0)|/(U_F + u_min), and every supporting one "
        "falls by it",
        (LABELLED.relation, pushed.relation, *words(SUPPORTED)),
    ),
)

flip_any_output = Statement(
    name="flip_any_output",
    place="Flip any output",
    parameters=parameters(d, ell, m, U_F, u_min, output, twice, share_kept, shrink),
    quantities=parameters(norm_z, replace(moved_back, phrase=())),
    hypotheses=(*SETTING, enough, pushed, LABELLED),
    **prescribed(
        share * Abs(output) * sqrt(m * d) / shrink,
        ell - m + 1,
        enough,
        words(*UNTRAINED, ANY_DEPTH),
        lost,
    ),
    depends_on=("universal_flip",),
    text=(
        ("bound", "c |N(x0)|/(U_F + u_min) sqrt(m d)/(shrink sqrt(a (ell - m + 1)))"),
        ("bound_2", "|N(x0)| (1 - U_F c/(U_F + u_min) - min(u_min c/(U_F + u_min), 1))"),
        ("failure", "e^(-(ell - m + 1) chi_square_rate(a))"),
    ),
    tex=(
        (
            "bound",
            r"\frac{c |N(x_0)|}{U_F + u_{\min}} \cdot \sqrt{\frac{m d}{a \cdot (\ell - m + 1)}} \cdot \frac{1}{s}",
        ),
        (
            "bound_2",
            r"|N(x_0)| \cdot \left(1 - \frac{U_F c}{U_F + u_{\min}} "
            r"- \min(\frac{u_{\min} c}{U_F + u_{\min}}, 1)\right)",
        ),
        ("failure", r"e^{-(\ell - m + 1) \cdot \kappa(a)}"),
    ),
    experiment=ANY_OUTPUT,
    paper="beyond",
    doc=__doc__,
)
