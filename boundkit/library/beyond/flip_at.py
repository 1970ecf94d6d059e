"""Flip at x0: for one point a step of length |N(x0)| sqrt(m/(k + 1))/(b chi) takes the label, surely.

The shortest move of the pre-activations that counts active opposing neurons F along their lines and leaves inactive
ones out raises each of F by tau and lowers the active supporting ones by min(tau, a_i), where k tau + sum_i min(tau,
a_i) = sqrt(m) |N(x0)|. As in Lemma 1 of docs/beyond.md (k + 1) tau <= sqrt(m) |N(x0)|, and its square is at most tau
sqrt(m) |N(x0)|: its length is at most |N(x0)| sqrt(m/(k + 1)). Scaled by c, and with inactive supporting neurons held
where they are, it prescribes the moves of k + p neurons, h or fewer; the shortest z that makes it has n = ell - h + 1
degrees of freedom or more. That is the square root of the m/(k + 1) that one direction for all points needs.
"""

from dataclasses import replace

from sympy import Abs, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import FLIP_AT
from boundkit.library.beyond.notation import (
    BLIND,
    UNTRAINED,
    X,
    a,
    c,
    h,
    moved_back,
    p,
    parameters,
    shrink,
    squared_move,
    tau,
    words,
)
from boundkit.library.beyond.prescribed import not_short, rarely, seldom, share_kept, too_short, within
from boundkit.library.melamed2023.notation import (
    FIRST_LAYER,
    LABELLED,
    ON_SUBSPACE,
    d,
    ell,
    flipped,
    k,
    m,
    norm_z,
    output,
)
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Squares, Step
from boundkit.model.statement import Hypothesis

n = ell - h + 1
(factor,) = parameters(c)
SETTING = (ON_SUBSPACE, *UNTRAINED, FIRST_LAYER, BLIND)
enough = Hypothesis("ell >= h", ell >= h, r"\ell \geq h")
counted = Hypothesis("k + p <= h", k + p <= h, r"k_{y_0} + p_{y_0} \leq h")
kept = not_short(
    n,
    "X = |move|^2/(b^2 |z|^2), z the shortest that makes a move of h neurons fixed given the trained part, is "
    "chi-square with ell - h + 1 degrees of freedom (inverse Wishart)",
    words(*SETTING),
)
weight = sqrt(m) * Abs(output)
reach = c * Abs(output) * sqrt(m / (k + 1)) * sqrt(d) / shrink
claim = within(norm_z, reach, n)
at_most, of_the_move = (k + 1) * tau <= weight, squared_move <= tau * weight
no_longer = squared_move <= weight**2 / (k + 1)
moved = norm_z <= c * sqrt(squared_move) * sqrt(d) / (shrink * sqrt(X))
no_farther, above = moved.rhs <= reach / sqrt(X), reach / sqrt(X) <= claim.rhs

flip_at = Statement(
    name="flip_at",
    place="Flip at x0",
    parameters=parameters(
        d,
        ell,
        m,
        k,
        p,
        h,
        output,
        replace(factor, meaning="how many times over z outweighs N(x0)", default=2),
        share_kept,
        shrink,
    ),
    quantities=parameters(norm_z, moved_back),
    hypotheses=(*SETTING, enough, counted, LABELLED),
    claims=(claim, flipped <= 0),
    failure=rarely(n),
    truth=too_short(n),
    truth_is="upper bound",
    depends_on=("universal_flip",),
    proof=Proof(
        spends=(kept,),
        parameters=parameters(X, tau, squared_move),
        steps=(
            Step(n > 0, NonnegativeSum(((enough.relation,), (1,)))),
            Step(
                at_most,
                Fact(
                    "k tau + sum_i min(tau, a_i) = sqrt(m) |N(x0)|, and sum_i min(tau, a_i) >= tau, over the active "
                    "supporting neurons",
                    (LABELLED.relation, FIRST_LAYER.text),
                ),
            ),
            Step(
                of_the_move,
                Fact("k tau^2 + sum_i min(tau, a_i)^2 <= tau (k tau + sum_i min(tau, a_i))", (FIRST_LAYER.text,)),
            ),
            Step(no_longer, NonnegativeSum(((of_the_move,), (weight / (k + 1), at_most)))),
            Step(
                moved,
                Fact(
                    "z is the shortest with c tau on F, -min(c tau, a_i) on active supporting neurons and 0 on "
                    "inactive ones; with moves of 0 for as many others as make h it would be no shorter",
                    (enough.relation, counted.relation, *words(*SETTING)),
                ),
            ),
            Step(no_farther, Squares(((c**2 * d / (shrink**2 * X), no_longer),))),
            Step(above, Squares(((reach**2 / (a * n * X), *kept.granted),))),
            Step(claim, NonnegativeSum(((moved,), (no_farther,), (above,)))),
            Step(
                flipped <= 0,
                Fact(
                    "these moves lower y0 N by |N(x0)| at least, and other opposing neurons can only add to that",
                    (LABELLED.relation, FIRST_LAYER.text),
                ),
            ),
        ),
        budget=(seldom(n),),
    ),
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
