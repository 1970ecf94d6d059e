"""Universal flip in norm: how much the sure flip changes a single pixel.

The universal flip's direction is uniform on the sphere of P-perp and independent of its length, because the weights
there have no preferred direction. Where P is spanned by coordinates it is uniform over ell pixels; where P is random
over all d; for any given P pixel j moves by |Pi e_j| times a coordinate of a uniform direction. One in R^D is above x
with probability P[R + sqrt(1/x^2 - 1) sqrt(R) g <= 0], R chi-square with D - 1 degrees of freedom, at most
(1 - x^2)^((D - 1)/2)/2; a union bound over the pixels and both signs does the rest. So the largest change is about
sqrt(2 log(q)/D) of the length, q being the number of pixels.
"""

from dataclasses import replace
from fractions import Fraction

from sympy import Abs, Eq, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import UNIVERSAL_IN_NORM
from boundkit.library.beyond.linf_flip import twice
from boundkit.library.beyond.notation import (
    SPREAD,
    UNTRAINED,
    X,
    a,
    c,
    dimension,
    least,
    level,
    moved_back,
    norm_inf,
    parameters,
    pixels,
    reach,
    shrink,
    words,
)
from boundkit.library.beyond.prescribed_moves import rarely, seldom, share_kept, too_short
from boundkit.library.beyond.sparse_flip import lost
from boundkit.library.beyond.universal_flip import enough, n
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, ell, k, m, norm_z, output
from boundkit.model.hypothesis import Hypothesis
from boundkit.model.parameter import reals
from boundkit.model.proof import Fact, GaussianMixtureTail, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.tails import row_sum_below_zero

share = reals(
    level, "the share of its length that a coordinate of a uniform direction may have", 0, 1, typical=Fraction(1, 4)
)
flatter = Hypothesis("level < 1", level < 1, "x < 1")
SETTING = (SPREAD, *UNTRAINED, FIRST_LAYER)
size = c * Abs(output) * m / (k + 1) * sqrt(d) / shrink
long, wide = norm_z <= size / sqrt(a * n), norm_inf <= reach * level * size / sqrt(a * n)
short, far = too_short(n), row_sum_below_zero(dimension - 1, 1 / level**2)
not_short = spend(
    short,
    {X: X},
    because="X = 1/(1^T (V V^T)^(-1) 1) is chi-square with ell - m + 1 degrees of freedom (inverse Wishart)",
    needs=words(*UNTRAINED),
)
not_far = spend(
    far,
    {least: least},
    count=2 * pixels,
    because="a coordinate of a uniform direction in R^dimension is g/sqrt(g^2 + R), R chi-square; it is below level "
    "where sqrt(1/level^2 - 1) sqrt(R) > g, in law the same as R + sqrt(1/level^2 - 1) sqrt(R) g > 0",
    needs=words(SPREAD, *UNTRAINED),
)
rare = (1 - level**2) ** ((dimension - 1) / 2)
by_chi, by_cap = seldom(n), far <= rare / 2
inside = 1 - level**2 > 0
flat = norm_inf <= reach * level * norm_z

universal_flip_in_norm = Statement(
    name="universal_flip_in_norm",
    place="Universal flip in norm",
    parameters=parameters(d, ell, m, k, output, twice, share_kept, share, pixels, dimension, reach, shrink),
    quantities=parameters(norm_inf, norm_z, replace(moved_back, phrase=())),
    hypotheses=(*SETTING, enough, LABELLED, flatter),
    claims=(wide, long, lost.relation),
    failure=rarely(n) + pixels * rare,
    truth=short + 2 * pixels * far,
    truth_is="upper bound",
    proof=Proof(
        spends=(not_short, not_far),
        parameters=parameters(X, replace(*parameters(least), meaning="the least row sum of a pixel and a sign")),
        steps=(
            Step(n > 0, NonnegativeSum(((enough.relation,), (1,)))),
            Step(inside, NonnegativeSum(((flatter.relation, 1 + level),))),
            Step(1 / level**2 >= 1, NonnegativeSum(((1 / level**2, inside),))),
            Step(
                Eq(norm_z, size / sqrt(X)),
                Fact(
                    "|V^T (V V^T)^(-1) 1|^2 = 1^T (V V^T)^(-1) 1 = 1/X, where V has full rank",
                    (enough.relation, *words(*UNTRAINED)),
                ),
            ),
            Step(long, Squares(((size**2 / (a * n * X), *not_short.granted),))),
            Step(
                flat,
                Fact(
                    "no pixel is above reach times level times |z|, where every row sum is above 0",
                    (*not_far.granted, *words(SPREAD)),
                ),
            ),
            Step(wide, NonnegativeSum(((flat,), (reach * level, long)))),
            lost,
            by_chi,
            Step(by_cap, GaussianMixtureTail()),
        ),
        budget=(
            Step(
                short + 2 * pixels * far <= rarely(n) + pixels * rare,
                NonnegativeSum(((by_chi.relation,), (2 * pixels, by_cap))),
            ),
        ),
    ),
    depends_on=("universal_flip",),
    text=(
        ("bound", "reach level c |N(x0)| (m/(k + 1)) sqrt(d)/(shrink sqrt(a (ell - m + 1)))"),
        ("bound_2", "c |N(x0)| (m/(k + 1)) sqrt(d)/(shrink sqrt(a (ell - m + 1)))"),
        ("bound_3", "|N(x0)| (1 - k c/(k + 1) - min(c/(k + 1), 1))"),
        ("failure", "e^(-(ell - m + 1) chi_square_rate(a)) + pixels (1 - level^2)^((dimension - 1)/2)"),
    ),
    tex=(
        (
            "bound",
            r"\varrho x \cdot c |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \sqrt{\frac{d}{a \cdot (\ell - m + 1)}} "
            r"\cdot \frac{1}{s}",
        ),
        (
            "bound_2",
            r"c |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \sqrt{\frac{d}{a \cdot (\ell - m + 1)}} \cdot \frac{1}{s}",
        ),
        (
            "bound_3",
            r"|N(x_0)| \cdot \left(1 - \frac{k_{y_0} c}{k_{y_0} + 1} - \min(\frac{c}{k_{y_0} + 1}, 1)\right)",
        ),
        ("failure", r"e^{-(\ell - m + 1) \cdot \kappa(a)} + H \cdot (1 - x^2)^{(\Delta - 1)/2}"),
    ),
    experiment=UNIVERSAL_IN_NORM,
    paper="beyond",
    doc=__doc__,
)
