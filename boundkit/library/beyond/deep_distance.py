"""Deep distance: the shortest step orthogonal to P that flips the label, from below and above, at any depth.

Moving x0 by z moves the pre-activations by hat W z, and the label is lost where these cross the decision boundary of
what stands above them, at distance delta*. A z that crosses it has |hat W z| >= delta*, so |z| >= delta*/s_max; and
where ell >= m the move to the nearest point of the boundary is hat W z for a z no longer than delta*/s_min. The
singular values of hat W lie within b (sqrt(ell) -+ (sqrt(m) + t)), so both sides agree as m/ell goes to 0. The event
does not mention x0.
"""

from sympy import sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.deep_gradient_everywhere import (
    SETTING,
    b,
    budget,
    deep_gradient_everywhere,
    far,
    near,
    not_high,
    not_low,
)
from boundkit.library.beyond.experiments import DISTANCES
from boundkit.library.beyond.notation import (
    delta,
    excess,
    greatest_distance,
    least_distance,
    parameters,
    shortfall,
    shrink,
    t,
)
from boundkit.library.melamed2023.notation import d, ell, m
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step
from boundkit.model.statement import Hypothesis

wide = Hypothesis("sqrt(ell) > sqrt(m) + t", sqrt(ell) > sqrt(m) + t, r"\sqrt{\ell} > \sqrt{m} + t")
CLAIMS = (least_distance >= delta * sqrt(d) / (shrink * far), greatest_distance <= delta * sqrt(d) / (shrink * near))
crossed = delta <= least_distance * b * (sqrt(ell) + sqrt(m) + excess)
reached = greatest_distance * b * (sqrt(ell) - sqrt(m) - shortfall) <= delta

deep_distance = Statement(
    name="deep_distance",
    place="Deep distance",
    parameters=parameters(d, ell, m, delta, t, shrink),
    quantities=parameters(least_distance, greatest_distance),
    hypotheses=(*deep_gradient_everywhere.hypotheses, wide),
    claims=CLAIMS,
    failure=deep_gradient_everywhere.failure,
    depends_on=("deep_gradient_everywhere",),
    text=(
        ("bound", "delta sqrt(d)/(shrink (sqrt(ell) + sqrt(m) + t))"),
        ("bound_2", "delta sqrt(d)/(shrink (sqrt(ell) - sqrt(m) - t))"),
        ("failure", "2 e^(-t^2/2)"),
    ),
    tex=(
        ("bound", r"\frac{\delta \sqrt{d}}{s \cdot (\sqrt{\ell} + \sqrt{m} + t)}"),
        ("bound_2", r"\frac{\delta \sqrt{d}}{s \cdot (\sqrt{\ell} - \sqrt{m} - t)}"),
        ("failure", r"2e^{-t^2/2}"),
    ),
    proof=Proof(
        spends=(not_low, not_high),
        parameters=parameters(shortfall, excess),
        steps=(
            Step(
                crossed,
                Fact(
                    "a z that flips moves the pre-activations by delta at least, and by s_max(hat W) |z| at most",
                    SETTING,
                ),
            ),
            Step(
                reached,
                Fact(
                    "where ell >= m some z no longer than delta/s_min(hat W) moves them to its nearest point",
                    (*SETTING, wide.relation),
                ),
            ),
            Step(
                CLAIMS[0],
                NonnegativeSum(((1 / (b * far), crossed), (least_distance / far, *not_high.granted))),
            ),
            Step(
                CLAIMS[1],
                NonnegativeSum(((1 / (b * near), reached), (greatest_distance / near, *not_low.granted))),
            ),
        ),
        budget=budget,
    ),
    experiment=DISTANCES,
    paper="beyond",
    doc=__doc__,
)
