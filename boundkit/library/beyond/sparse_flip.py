"""Sparse flip: any h >= m pixels that are 0 in all data, chosen in advance, are enough to take every label surely.

Given all else the weights in these pixels are Gaussian, so the universal flip can be built in them alone: it changes no
other pixel, takes the label surely at every x0 of R^d, and is c |N(x0)| (m/(k + 1))/(b chi) long, chi^2 with n = h - m
+ 1 degrees of freedom, one variable for every x0. The pixels must not be chosen by the weights there.
"""

from dataclasses import replace

from sympy import Abs, Min, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import SPARSE
from boundkit.library.beyond.linf_flip import twice
from boundkit.library.beyond.notation import CHOSEN_PIXELS, UNTRAINED, c, h, moved_back, parameters, shrink, words
from boundkit.library.beyond.prescribed_moves import prescribed, share_kept
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, flipped, k, m, norm_z, output
from boundkit.model.parameter import integers
from boundkit.model.proof import Fact, Step
from boundkit.model.statement import Hypothesis

enough = Hypothesis("h >= m", h >= m, r"h \geq m")
share = c / (k + 1)
lost = Step(
    flipped <= Abs(output) * (1 - k * share - Min(share, 1)),
    Fact(
        "Lemma 1 of docs/beyond.md: every opposing input rises by c sqrt(m) |N(x0)|/(k + 1), and every supporting one "
        "falls by it",
        (LABELLED.relation, *words(FIRST_LAYER)),
    ),
)

sparse_flip = Statement(
    name="sparse_flip",
    place="Sparse flip",
    parameters=parameters(
        d,
        integers(h, "the number of pixels that may change", 1, d, typical=64),
        m,
        k,
        output,
        twice,
        share_kept,
        shrink,
    ),
    quantities=parameters(norm_z, replace(moved_back, phrase=())),
    hypotheses=(CHOSEN_PIXELS, *UNTRAINED, FIRST_LAYER, enough, LABELLED),
    **prescribed(
        c * Abs(output) * m / (k + 1) * sqrt(d) / shrink, h - m + 1, enough, words(CHOSEN_PIXELS, *UNTRAINED), lost
    ),
    depends_on=("universal_flip",),
    text=(
        ("bound", "c |N(x0)| (m/(k + 1)) sqrt(d)/(shrink sqrt(a (h - m + 1)))"),
        ("bound_2", "|N(x0)| (1 - k c/(k + 1) - min(c/(k + 1), 1))"),
        ("failure", "e^(-(h - m + 1) chi_square_rate(a))"),
    ),
    tex=(
        (
            "bound",
            r"c |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \sqrt{\frac{d}{a \cdot (h - m + 1)}} \cdot \frac{1}{s}",
        ),
        (
            "bound_2",
            r"|N(x_0)| \cdot \left(1 - \frac{k_{y_0} c}{k_{y_0} + 1} - \min(\frac{c}{k_{y_0} + 1}, 1)\right)",
        ),
        ("failure", r"e^{-(h - m + 1) \cdot \kappa(a)}"),
    ),
    experiment=SPARSE,
    paper="beyond",
    doc=__doc__,
)
