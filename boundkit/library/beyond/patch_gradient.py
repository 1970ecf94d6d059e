"""Patch gradient: a convolutional first layer, or a patch embedding, leaves a Gaussian part too.

Let the first layer see patches A_t x of the input with shared filters, anything trained above. A filter learns from
all patches of all inputs, so what is left Gaussian are its parts orthogonal to all training patches, not to what one
position sees: pixels at the border that are always 0 do not help where other patches are not 0. The part of the
gradient in the steps that no training patch sees is M times these parts: its squared length is a weighted sum of
chi-square variables, the weights the eigenvalues of M M^T. Without overlap they are those of J^T J, J the derivative in
the pre-activations, each ell times. It is within a factor 2 of its mean but for Chernoff's bounds at the effective
number of degrees of freedom, which is at least ell without overlap.
"""

from dataclasses import replace

from sympy import Eq, Rational, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import PATCH_GRADIENT
from boundkit.library.beyond.gradient_interval import RARELY_LONG, RARELY_SHORT
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    PATCH_BLIND,
    PATCHES_LEFT,
    PATCHES_SEEN,
    X,
    norm_m,
    parameters,
    patch_size,
    shrink,
    words,
)
from boundkit.library.beyond.notation import n as freedom
from boundkit.library.beyond.weighted_laws import weighted_chi_square_at_least, weighted_chi_square_at_most
from boundkit.library.melamed2023.notation import d, ell, norm_gradient
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Squares, Step, spend

SETTING = (PATCHES_SEEN, PATCHES_LEFT, ANY_DEPTH, PATCH_BLIND)
CLAIMS = (norm_gradient >= shrink * norm_m / sqrt(2 * d), norm_gradient <= shrink * norm_m * sqrt(2 / d))
SHORT, LONG = weighted_chi_square_at_most(freedom, Rational(1, 2)), weighted_chi_square_at_least(freedom, 2)
not_short, not_long = (
    spend(
        law,
        {X: X},
        because="X is n times the squared length over b^2 |M|^2, a sum of squared normals with weights of at most 1 "
        "that add up to n",
        needs=words(*SETTING),
    )
    for law in (SHORT, LONG)
)
rarely_short, rarely_long = RARELY_SHORT.subs(ell, freedom), RARELY_LONG.subs(ell, freedom)
by_short, by_long = rarely_short >= SHORT, rarely_long >= LONG
unit = shrink * norm_m / sqrt(d * freedom)

patch_gradient = Statement(
    name="patch_gradient",
    place="Patch gradient",
    parameters=parameters(
        patch_size,
        norm_m,
        replace(
            *parameters(freedom),
            meaning="at most |M|^2 over the largest eigenvalue of M M^T; without overlap ell is",
            typical=600,
        ),
        shrink,
    ),
    quantities=parameters(
        replace(
            *parameters(norm_gradient),
            meaning="the length of the part of N's gradient at x0 in the steps that no training patch sees",
            text="|gradient off the patches|",
            tex=r"\|\Pi_Z \nabla N(x_0)\|",
        )
    ),
    hypotheses=SETTING,
    claims=CLAIMS,
    failure=rarely_short + rarely_long,
    proof=Proof(
        spends=(not_short, not_long),
        parameters=parameters(X),
        steps=(
            Step(
                Eq(norm_gradient, unit * sqrt(X)),
                Fact("the gradient there is b M g, g standard normal given the rest", words(*SETTING)),
            ),
            Step(CLAIMS[0], Squares(((unit**2, *not_short.granted),))),
            Step(CLAIMS[1], Squares(((unit**2, *not_long.granted),))),
            Step(by_short, Chernoff(Rational(1, 2))),
            Step(by_long, Chernoff(Rational(1, 4))),
        ),
        budget=(Step(SHORT + LONG <= rarely_short + rarely_long, NonnegativeSum(((by_short,), (by_long,)))),),
    ),
    depends_on=("gradient_interval",),
    text=(
        ("bound", "shrink |M|/sqrt(2 d)"),
        ("bound_2", "shrink |M| sqrt(2/d)"),
        ("failure", "e^(-n (log(2) - 1/2)/2) + e^(-n (1 - log(2))/2)"),
    ),
    tex=(
        ("bound", r"\frac{s \|M\|}{\sqrt{2 d}}"),
        ("bound_2", r"s \|M\| \sqrt{\frac{2}{d}}"),
        ("failure", r"e^{-(\log(2) - \frac{1}{2}) n/2} + e^{-(1 - \log(2)) n/2}"),
    ),
    experiment=PATCH_GRADIENT,
    paper="beyond",
    doc=__doc__,
)
