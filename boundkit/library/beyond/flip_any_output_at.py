"""Flip any output at x0: for one point a step takes the label surely, whatever output weights training leaves.

The move of the flip at x0 with tau |u_i| for tau: it raises each active opposing neuron by tau |u_i| and lowers active
supporting ones by min(tau |u_i|, a_i), tau the least that brings the output down to 0. Then (|u_F|^2 + u_min^2) tau <=
|N(x0)|, |u_F| the length of the output weights of the active opposing neurons, and the squared length of the move is at
most tau |N(x0)|: at most N(x0)^2/(|u_F|^2 + u_min^2). Going c times as far, with no input below 0, keeps that bound;
filling up to c times the output would not. As in flip any output u_min counts as 0 where an output bias makes more of
the label than the opposing neurons take from it. With output weights +-1/sqrt(m) it is the flip at x0.
"""

from sympy import Abs

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import FLIP_ANY_OUTPUT_AT
from boundkit.library.beyond.flip_any_output import twice
from boundkit.library.beyond.flip_at import enough
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    BLIND,
    FEW,
    SUPPORTED,
    UNTRAINED,
    h,
    moved_back,
    norm_u_f,
    parameters,
    shrink,
    words,
)
from boundkit.library.beyond.prescribed_moves import at_one_point, share_kept
from boundkit.library.melamed2023.notation import LABELLED, ON_SUBSPACE, d, ell, m, norm_z, output

SETTING = (ON_SUBSPACE, *UNTRAINED, ANY_DEPTH, BLIND, FEW, SUPPORTED)

flip_any_output_at = Statement(
    name="flip_any_output_at",
    place="Flip any output at x0",
    parameters=parameters(d, ell, m, h, norm_u_f, output, twice, share_kept, shrink),
    quantities=parameters(norm_z, moved_back),
    hypotheses=(*SETTING, enough, LABELLED),
    **at_one_point(
        Abs(output),
        norm_u_f,
        enough,
        (LABELLED.relation,),
        words(*SETTING),
    ),
    depends_on=("flip_at", "flip_any_output"),
    text=(
        ("bound", "c |N(x0)|/|(u_F, u_min)| sqrt(d)/(shrink sqrt(a (ell - h + 1)))"),
        ("bound_2", "0"),
        ("failure", "e^(-(ell - h + 1) chi_square_rate(a))"),
    ),
    tex=(
        (
            "bound",
            r"\frac{c |N(x_0)|}{\|(u_F, u_{\min})\|} \cdot \sqrt{\frac{d}{a \cdot (\ell - h + 1)}} "
            r"\cdot \frac{1}{s}",
        ),
        ("bound_2", "0"),
        ("failure", r"e^{-(\ell - h + 1) \cdot \kappa(a)}"),
    ),
    experiment=FLIP_ANY_OUTPUT_AT,
    paper="beyond",
    doc=__doc__,
)
