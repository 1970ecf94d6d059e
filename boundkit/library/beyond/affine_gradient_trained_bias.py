"""Affine gradient with trained biases: they leave the direction from 0 to the set Gaussian in part.

With biases c_i the inputs are (x, 1) in R^(d+1). For data on an affine set at the distance h from 0, with its normal,
(normal, -h)/sqrt(1 + h^2) is orthogonal to all of them: f_i = (<w_i, normal> - h c_i)/sqrt(1 + h^2) is never trained.
Given all else it is normal with the variance (1 + h^2) beta^2 tau^2/(h^2 beta^2 + tau^2) at the start, tau being the
biases' deviation, and so is the gradient along the normal, with gamma = tau^2/(h^2 beta^2 + tau^2) of the variance of
any other direction, around a trained mean. A square around a mean is no smaller in law than one around 0, so what is
orthogonal to the set is at least b sqrt(k/m) times the root of chi^2 with ell - 1 degrees of freedom plus gamma g^2: a
weighted sum of chi-square variables. The mean is trained, so there is no upper bound.
"""

from dataclasses import replace

from sympy import Eq, Rational, exp, log, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.affine_gradient import off_affine
from boundkit.library.beyond.experiments import AFFINE_TRAINED_BIAS
from boundkit.library.beyond.gradient_interval import DERIVATIVE, active
from boundkit.library.beyond.notation import GAUSSIAN, X, Y, shrink, words
from boundkit.library.beyond.notation_near import (
    AFFINE,
    FREE_BIASES,
    ON_SET,
    SEEN_ON_SET,
    bias_ratio,
    height,
    parameters,
)
from boundkit.library.beyond.weighted_laws import weighted_chi_square_at_most
from boundkit.library.melamed2023.notation import FIRST_LAYER, d, ell, k, m, norm_gradient
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Squares, Step, spend

SETTING = (AFFINE, ON_SET, GAUSSIAN, FIRST_LAYER, FREE_BIASES, SEEN_ON_SET, DERIVATIVE)
n = ell - 1 + bias_ratio**2 / (height**2 + bias_ratio**2)
SHORT = weighted_chi_square_at_most(n, Rational(1, 2))
unit = shrink * sqrt(k / (m * d))
claim = norm_gradient >= shrink * sqrt(k * n / (2 * m * d))
rarely_short = exp(-n * (log(2) - Rational(1, 2)) / 2)
by_short = rarely_short >= SHORT
not_short = spend(
    SHORT,
    {X: X},
    because="X = chi^2 + gamma g^2, chi^2 with ell - 1 degrees of freedom, is a sum of squared normals with weights of "
    "at most 1 that add up to ell - 1 + gamma",
    needs=words(*SETTING),
)

affine_gradient_trained_bias = Statement(
    name="affine_gradient_trained_bias",
    place="Affine gradient with trained biases",
    parameters=parameters(d, off_affine, m, active, height, bias_ratio, shrink),
    quantities=parameters(
        replace(
            *parameters(norm_gradient),
            meaning="the length of the part of N's gradient at x0 that is orthogonal to the affine set",
            text="|gradient orthogonal to the set|",
            tex=r"\left\| \Pi_{P_0^\perp} \frac{\partial N(x_0)}{\partial x} \right\|",
        )
    ),
    hypotheses=SETTING,
    claims=(claim,),
    failure=rarely_short,
    proof=Proof(
        spends=(not_short,),
        parameters=parameters(X, replace(*parameters(Y), meaning="the gradient's square over b^2 k/m")),
        steps=(
            Step(
                Eq(norm_gradient, unit * sqrt(Y)),
                Fact(
                    "given all that is trained its square is b^2 k/m times Y = chi^2 + (sqrt(gamma) g + mean)^2",
                    words(*SETTING),
                ),
            ),
            Step(Y >= X, Fact("Y is no smaller in law than with mean 0, so X may be drawn below it (Anderson)")),
            Step(claim, Squares(((unit**2, Y >= X), (unit**2, *not_short.granted)))),
            Step(by_short, Chernoff(Rational(1, 2))),
        ),
        budget=(Step(SHORT <= rarely_short, NonnegativeSum(((by_short,),))),),
    ),
    depends_on=("affine_gradient",),
    text=(
        ("bound", "shrink sqrt(k (ell - 1 + bias_ratio^2/(height^2 + bias_ratio^2))/(2 m d))"),
        ("failure", "e^(-(ell - 1 + bias_ratio^2/(height^2 + bias_ratio^2)) (log(2) - 1/2)/2)"),
    ),
    tex=(
        ("bound", r"s \cdot \sqrt{\frac{k \cdot (\ell - 1 + \frac{\varsigma^2}{h_A^2 + \varsigma^2})}{2md}}"),
        ("failure", r"e^{-(\log(2) - \frac{1}{2})(\ell - 1 + \frac{\varsigma^2}{h_A^2 + \varsigma^2})/2}"),
    ),
    experiment=AFFINE_TRAINED_BIAS,
    paper="beyond",
    doc=__doc__,
)
