"""Affine gradient: data on an affine set leave one dimension less than are orthogonal to it, with biases or without.

Let the data lie on an affine set A of dimension d - ell that does not contain 0. Their span P is one dimension larger:
it holds the direction from 0 to A. A bias, fixed or trained, changes what is seen at x0 and not that the first layer's
gradients are sums of training inputs, so the weights orthogonal to P are left Gaussian and the gradient's part there is
b sqrt(k/m) chi with ell - 1 degrees of freedom, exactly. Along the direction from 0 to A the weights are a function of
what is on P: without a trained bias nothing Gaussian is left there. The lower bound passes on to all that is orthogonal
to A.
"""

from dataclasses import replace

from sympy import Eq, Piecewise

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import AFFINE_GRADIENT
from boundkit.library.beyond.gradient_interval import DERIVATIVE, FAILURE, OUTSIDE, active, gradient_interval
from boundkit.library.beyond.notation import BLIND, GAUSSIAN, shrink, words
from boundkit.library.beyond.notation_near import AFFINE, ANY_BIASES, parameters
from boundkit.library.melamed2023.notation import FIRST_LAYER, d, ell, k, m, norm_gradient
from boundkit.model.proof import Proof, spend
from boundkit.model.statement import Hypothesis

roomy = Hypothesis("ell - 1 >= 1", ell - 1 >= 1, r"\ell - 1 \geq 1")
SETTING = (AFFINE, GAUSSIAN, FIRST_LAYER, ANY_BIASES, BLIND, DERIVATIVE)
dimension, off = parameters(d, ell)
off_affine = replace(off, meaning="the dimension orthogonal to the affine set, d less the set's own")
on_span = spend(
    gradient_interval,
    {ell: ell - 1},
    because="P, the span of the affine set, has one dimension more than it; a bias changes only what is seen at x0",
    needs=words(*SETTING),
)

affine_gradient = Statement(
    name="affine_gradient",
    place="Affine gradient",
    parameters=parameters(d, off_affine, m, active, shrink),
    quantities=parameters(norm_gradient),
    hypotheses=(*SETTING, roomy),
    claims=on_span.granted,
    failure=FAILURE.subs(ell, ell - 1),
    truth=Piecewise((0, Eq(k, 0)), (OUTSIDE.subs(ell, ell - 1), True)),
    proof=Proof(spends=(on_span,)),
    worst_case=(("k", 1),),
    depends_on=("gradient_interval",),
    text=(
        ("bound", "shrink sqrt(k (ell - 1)/(2 m d))"),
        ("bound_2", "shrink sqrt(2 k (ell - 1)/(m d))"),
        ("failure", "e^(-(ell - 1) (log(2) - 1/2)/2) + e^(-(ell - 1) (1 - log(2))/2)"),
    ),
    tex=(
        ("bound", r"s \cdot \sqrt{\frac{k \cdot (\ell - 1)}{2md}}"),
        ("bound_2", r"s \cdot \sqrt{\frac{2k \cdot (\ell - 1)}{md}}"),
        ("failure", r"e^{-(\log(2) - \frac{1}{2})(\ell - 1)/2} + e^{-(1 - \log(2))(\ell - 1)/2}"),
    ),
    experiment=AFFINE_GRADIENT,
    paper="beyond",
    doc=__doc__,
)
