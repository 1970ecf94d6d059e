"""Flip at x0: for one point a step of length |N(x0)| sqrt(m/(k + 1))/(b chi) takes the label, surely.

The shortest move of the pre-activations that counts active opposing neurons F along their lines and leaves inactive
ones out raises each of F by tau and lowers the active supporting ones by min(tau, a_i), where k tau + sum_i min(tau,
a_i) = sqrt(m) |N(x0)|. As in Lemma 1 of docs/beyond.md (k + 1) tau <= sqrt(m) |N(x0)|, and its square is at most tau
sqrt(m) |N(x0)|: its length is at most |N(x0)| sqrt(m/(k + 1)). Scaled by c, and with inactive supporting neurons held
where they are, it prescribes the moves of k + p neurons, h or fewer; the shortest z that makes it has n = ell - h + 1
degrees of freedom or more. That is the square root of the m/(k + 1) that one direction for all points needs.
"""

from sympy import Abs, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import FLIP_AT
from boundkit.library.beyond.flip_any_output import twice
from boundkit.library.beyond.notation import BLIND, UNTRAINED, h, moved_back, p, parameters, shrink, words
from boundkit.library.beyond.prescribed_moves import at_one_point, share_kept
from boundkit.library.melamed2023.notation import (
    FIRST_LAYER,
    LABELLED,
    ON_SUBSPACE,
    d,
    ell,
    k,
    m,
    norm_z,
    output,
)
from boundkit.model.statement import Hypothesis

SETTING = (ON_SUBSPACE, *UNTRAINED, FIRST_LAYER, BLIND)
enough = Hypothesis("ell >= h", ell >= h, r"\ell \geq h")
counted = Hypothesis("k + p <= h", k + p <= h, r"k_{y_0} + p_{y_0} \leq h")

flip_at = Statement(
    name="flip_at",
    place="Flip at x0",
    parameters=parameters(d, ell, m, k, p, h, output, twice, share_kept, shrink),
    quantities=parameters(norm_z, moved_back),
    hypotheses=(*SETTING, enough, counted, LABELLED),
    **at_one_point(
        sqrt(m) * Abs(output),
        sqrt(k + 1),
        enough,
        (LABELLED.relation, counted.relation),
        words(*SETTING),
    ),
    depends_on=("universal_flip",),
    text=(
        ("bound", "c |N(x0)| sqrt(m/(k + 1)) sqrt(d)/(shrink sqrt(a (ell - h + 1)))"),
        ("bound_2", "0"),
        ("failure", "e^(-(ell - h + 1) chi_square_rate(a))"),
    ),
    tex=(
        (
            "bound",
            r"c |N(x_0)| \cdot \sqrt{\frac{m}{k_{y_0} + 1}} \cdot \sqrt{\frac{d}{a \cdot (\ell - h + 1)}} "
            r"\cdot \frac{1}{s}",
        ),
        ("bound_2", "0"),
        ("failure", r"e^{-(\ell - h + 1) \cdot \kappa(a)}"),
    ),
    experiment=FLIP_AT,
    paper="beyond",
    doc=__doc__,
)
