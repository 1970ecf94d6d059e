"""Distance at x0: the shortest step off P that takes the label, from both sides by the distance in the inputs.

Let delta* be the distance in R^m from the pre-activations at x0 to nearest ones without the label, which is known in
closed form (docs/beyond.md). A z that takes the label moves the q neurons that oppose it or are active by delta* at
least, since the others can only add to y0 N, and by s_max |z| at most, s_max the greatest singular value of q rows of
hat W. And the shortest z that makes the nearest move has n = ell - m + 1 degrees of freedom, the move being fixed given
the trained part.
"""

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import DISTANCE_AT
from boundkit.library.beyond.notation import (
    BLIND,
    CONCENTRATION,
    UNTRAINED,
    X,
    a,
    delta,
    distance,
    excess,
    parameters,
    q,
    shrink,
    t,
    words,
)
from boundkit.library.beyond.prescribed_moves import not_short, rarely, seldom, share_kept, too_short, within
from boundkit.library.beyond.universal_flip import enough, n
from boundkit.library.melamed2023.notation import FIRST_LAYER, ON_SUBSPACE, d, ell, m
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.tails import gaussian_deviation

SETTING = (ON_SUBSPACE, *UNTRAINED, FIRST_LAYER, BLIND)
unit = sqrt(d) / shrink
far = sqrt(ell) + sqrt(q) + t
CLAIMS = (distance >= delta * unit / far, within(distance, delta * unit, n))
not_high = spend(
    gaussian_deviation(t),
    {excess: excess},
    because="excess is how far the greatest singular value of q rows of hat W/b, 1-Lipschitz, is above its mean",
    needs=words(ON_SUBSPACE, *UNTRAINED, BLIND),
)
kept = not_short(
    n,
    "X = delta^2/(b^2 |z|^2) is chi-square with ell - m + 1 degrees of freedom, for the shortest z that makes the "
    "nearest move (inverse Wishart)",
    words(ON_SUBSPACE, *UNTRAINED, BLIND),
)
crossed, reached = delta * unit <= distance * (sqrt(ell) + sqrt(q) + excess), distance <= delta * unit / sqrt(X)
from_above = delta * unit / sqrt(X) <= CLAIMS[1].rhs
rarely_high, by_short = exp(-(t**2) / 2), seldom(n)
by_high = gaussian_deviation(t) <= rarely_high

distance_at = Statement(
    name="distance_at",
    place="Distance at x0",
    parameters=parameters(
        d,
        ell,
        m,
        q,
        delta,
        share_kept,
        t,
        shrink,
    ),
    quantities=parameters(distance),
    hypotheses=(*SETTING, enough),
    claims=CLAIMS,
    failure=rarely_high + rarely(n),
    depends_on=("deep_distance",),
    proof=Proof(
        spends=(not_high, kept),
        parameters=parameters(X, excess),
        steps=(
            Step(n > 0, NonnegativeSum(((enough.relation,), (1,)))),
            Step(
                crossed,
                Fact(
                    "a z that takes the label moves the q neurons by delta at least, and by s_max |z| at most; the "
                    "mean of s_max is at most b (sqrt(ell) + sqrt(q)) (Gordon)",
                    words(*SETTING),
                ),
            ),
            Step(
                reached,
                Fact(
                    "the shortest z that makes the nearest move of all m neurons takes the label",
                    (enough.relation, *words(*SETTING)),
                ),
            ),
            Step(from_above, Squares((((delta * unit) ** 2 / (a * n * X), *kept.granted),))),
            Step(
                CLAIMS[0],
                NonnegativeSum(((1 / far, crossed), (distance / far, *not_high.granted))),
            ),
            Step(CLAIMS[1], NonnegativeSum(((reached,), (from_above,)))),
            Step(by_high, Fact(CONCENTRATION)),
            by_short,
        ),
        budget=(
            Step(
                gaussian_deviation(t) + too_short(n) <= rarely_high + rarely(n),
                NonnegativeSum(((by_high,), (by_short.relation,))),
            ),
        ),
    ),
    text=(
        ("bound", "delta sqrt(d)/(shrink (sqrt(ell) + sqrt(q) + t))"),
        ("bound_2", "delta sqrt(d)/(shrink sqrt(a (ell - m + 1)))"),
        ("failure", "e^(-t^2/2) + e^(-(ell - m + 1) chi_square_rate(a))"),
    ),
    tex=(
        ("bound", r"\frac{\delta \sqrt{d}}{s \cdot (\sqrt{\ell} + \sqrt{q_{y_0}} + t)}"),
        ("bound_2", r"\frac{\delta}{s} \cdot \sqrt{\frac{d}{a \cdot (\ell - m + 1)}}"),
        ("failure", r"e^{-t^2/2} + e^{-(\ell - m + 1) \cdot \kappa(a)}"),
    ),
    experiment=DISTANCE_AT,
    paper="beyond",
    doc=__doc__,
)
