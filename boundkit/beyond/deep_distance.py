"""Deep distance: the shortest step orthogonal to P that flips the label, from below and above, at any depth.

Moving x0 by z moves the pre-activations by hat W z, and the label is lost where these cross the decision boundary of
what stands above them, at distance delta*. A z that crosses it has |hat W z| >= delta*, so |z| >= delta*/s_max; and
where ell >= m the move to the nearest point of the boundary is hat W z for a z no longer than delta*/s_min. The
singular values of hat W lie within b (sqrt(ell) -+ (sqrt(m) + t)), so both sides agree as m/ell goes to 0. The event
does not mention x0.
"""

from sympy import exp, sqrt

from boundkit.beyond.notation import ANY_DEPTH, GAUSSIAN, delta, greatest_distance, least_distance, letters, shrink, t
from boundkit.paper.notation import ON_SUBSPACE, d, ell, m
from boundkit.statement import Hypothesis, Statement

deep_distance = Statement(
    name="deep_distance",
    place="Deep distance",
    parameters=letters(d, ell, m, delta, t, shrink),
    quantities=letters(least_distance, greatest_distance),
    hypotheses=(
        ON_SUBSPACE, GAUSSIAN, ANY_DEPTH,
        Hypothesis("sqrt(ell) > sqrt(m) + t", sqrt(ell) > sqrt(m) + t, r"\sqrt{\ell} > \sqrt{m} + t"),
    ),
    claims=(
        least_distance >= delta * sqrt(d) / (shrink * (sqrt(ell) + sqrt(m) + t)),
        greatest_distance <= delta * sqrt(d) / (shrink * (sqrt(ell) - sqrt(m) - t)),
    ),
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
    doc=__doc__,
)
