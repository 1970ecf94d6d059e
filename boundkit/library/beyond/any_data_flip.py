"""Any-data flip: a step orthogonal to all training points, to x0 and to a tangent space that takes the label surely.

The universal flip, built in a subspace E orthogonal to the r training points, to x0 and to a tangent space of dimension
D at x0. There is such an E of dimension d - r - 1 - D, whatever the data are; training leaves the weights in E
Gaussian, and N(x0) and k do not depend on them. So the universal flip's law holds with this dimension for ell:
d >= r + 1 + D + m is enough for Open Problem 7.1, for every manifold and every distribution of the data.
"""

from dataclasses import replace

from sympy import Abs, Min, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import ANY_DATA_FLIP
from boundkit.library.beyond.notation import ANY_DATA, D, c, moved_back, parameters, points, shrink, words
from boundkit.library.beyond.prescribed_moves import prescribed, share_kept
from boundkit.library.beyond.universal_flip import factor
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, flipped, k, m, norm_z, output
from boundkit.model.proof import Fact, Step
from boundkit.model.statement import Hypothesis

n = d - points - D - m
roomy = Hypothesis("d >= points + 1 + D + m", d >= points + 1 + D + m, r"d \geq r + 1 + D + m")
SETTING = (*ANY_DATA, FIRST_LAYER)
share = c / (k + 1)
lost = Step(
    flipped <= Abs(output) * (1 - k * share - Min(share, 1)),
    Fact(
        "Lemma 1 of docs/beyond.md: every opposing input rises by c sqrt(m) |N(x0)|/(k + 1), and every supporting one "
        "falls by it",
        (LABELLED.relation, *words(FIRST_LAYER)),
    ),
)

any_data_flip = Statement(
    name="any_data_flip",
    place="Any-data flip",
    parameters=parameters(
        d,
        points,
        D,
        m,
        k,
        output,
        replace(factor, meaning="how many times over z outweighs N(x0)", default=2),
        share_kept,
        shrink,
    ),
    quantities=parameters(norm_z, replace(moved_back, phrase=())),
    hypotheses=(*SETTING, roomy, LABELLED),
    **prescribed(c * Abs(output) * m / (k + 1) * sqrt(d) / shrink, n, roomy, words(*ANY_DATA), lost),
    depends_on=("universal_flip",),
    text=(
        ("bound", "c |N(x0)| (m/(k + 1)) sqrt(d)/(shrink sqrt(a (d - points - D - m)))"),
        ("bound_2", "|N(x0)| (1 - k c/(k + 1) - min(c/(k + 1), 1))"),
        ("failure", "e^(-(d - points - D - m) chi_square_rate(a))"),
    ),
    tex=(
        (
            "bound",
            r"c |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \sqrt{\frac{d}{a \cdot (d - r - D - m)}} \cdot \frac{1}{s}",
        ),
        (
            "bound_2",
            r"|N(x_0)| \cdot \left(1 - \frac{k_{y_0} c}{k_{y_0} + 1} - \min(\frac{c}{k_{y_0} + 1}, 1)\right)",
        ),
        ("failure", r"e^{-(d - r - D - m) \cdot \kappa(a)}"),
    ),
    experiment=ANY_DATA_FLIP,
    paper="beyond",
    doc=__doc__,
)
