"""Deep distance: the shortest step orthogonal to P that flips the label, from below and above, at any depth.

Moving x0 by z moves the pre-activations by hat W z, and the label is lost where these cross the decision boundary of
what stands above them, at distance delta*. A z that crosses it has |hat W z| >= delta*, so |z| >= delta*/s_max; and
where ell >= m the move to the nearest point of the boundary is hat W z for a z no longer than delta*/s_min. The
singular values of hat W lie within b (sqrt(ell) -+ (sqrt(m) + t)), so both sides agree as m/ell goes to 0. The event
does not mention x0.
"""

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import DISTANCES
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    CONCENTRATION,
    GAUSSIAN,
    delta,
    excess,
    greatest_distance,
    least_distance,
    parameters,
    shortfall,
    shrink,
    t,
)
from boundkit.library.melamed2023.notation import ON_SUBSPACE, d, ell, m
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import Hypothesis
from boundkit.tails import gaussian_deviation

b = shrink / sqrt(d)
wide = Hypothesis("sqrt(ell) > sqrt(m) + t", sqrt(ell) > sqrt(m) + t, r"\sqrt{\ell} > \sqrt{m} + t")
near, far = sqrt(ell) - sqrt(m) - t, sqrt(ell) + sqrt(m) + t
SETTING = tuple(h.text for h in (ON_SUBSPACE, GAUSSIAN, ANY_DEPTH))
CLAIMS = (least_distance >= delta * sqrt(d) / (shrink * far), greatest_distance <= delta * sqrt(d) / (shrink * near))
not_low = spend(
    gaussian_deviation(t),
    {shortfall: shortfall},
    because="shortfall is how far the least singular value of hat W/b, 1-Lipschitz, is below its mean",
)
not_high = spend(
    gaussian_deviation(t),
    {excess: excess},
    because="excess is how far the greatest singular value of hat W/b, 1-Lipschitz, is above its mean",
)
rare = 2 * gaussian_deviation(t) <= 2 * exp(-(t**2) / 2)
crossed = delta <= least_distance * b * (sqrt(ell) + sqrt(m) + excess)
reached = greatest_distance * b * (sqrt(ell) - sqrt(m) - shortfall) <= delta

deep_distance = Statement(
    name="deep_distance",
    place="Deep distance",
    parameters=parameters(d, ell, m, delta, t, shrink),
    quantities=parameters(least_distance, greatest_distance),
    hypotheses=(
        ON_SUBSPACE,
        GAUSSIAN,
        ANY_DEPTH,
        wide,
    ),
    claims=CLAIMS,
    failure=2 * exp(-(t**2) / 2),
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
        budget=(Step(rare, Fact(CONCENTRATION)),),
    ),
    experiment=DISTANCES,
    paper="beyond",
    doc=__doc__,
)
