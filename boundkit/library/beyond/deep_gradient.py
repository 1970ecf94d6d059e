"""Deep gradient: the same law of the gradient at any depth, above a Gaussian first layer.

Let N(x) = h(W x + bias) with a Gaussian first layer W and anything differentiable above it, trained by gradient
descent. Every gradient in W is a sum of vectors of the data, so orthogonally to P the first layer only shrinks, and h
never sees it. With J the gradient of h at the pre-activations of x0, the part of N's gradient orthogonal to P is
J^T hat W, whose length is b |J| times chi with ell degrees of freedom, exactly. In the paper's network
|J| = sqrt(k/m); where the output layer is trained too it is the length of u over the active neurons.
"""

from sympy import Eq, Piecewise, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import DEEP_GRADIENT
from boundkit.library.beyond.gradient_interval import FAILURE, FAILURE_TEX, FAILURE_TEXT, OUTSIDE, chi_proof
from boundkit.library.beyond.notation import ANY_DEPTH, BLIND, GAUSSIAN, norm_j, parameters, shrink
from boundkit.library.melamed2023.notation import ON_SUBSPACE, d, ell, norm_gradient

CLAIMS = (
    norm_gradient >= shrink * norm_j * sqrt(ell / (2 * d)),
    norm_gradient <= shrink * norm_j * sqrt(2 * ell / d),
)

deep_gradient = Statement(
    name="deep_gradient",
    place="Deep gradient",
    parameters=parameters(d, ell, norm_j, shrink),
    quantities=parameters(norm_gradient),
    hypotheses=(ON_SUBSPACE, GAUSSIAN, ANY_DEPTH, BLIND),
    claims=CLAIMS,
    failure=FAILURE,
    truth=Piecewise((0, Eq(norm_j, 0)), (OUTSIDE, True)),
    worst_case=(("norm_J", 1),),
    depends_on=("gradient_interval",),
    text=(
        ("bound", "shrink |J| sqrt(ell/(2 d))"),
        ("bound_2", "shrink |J| sqrt(2 ell/d)"),
        ("failure", FAILURE_TEXT),
    ),
    tex=(
        ("bound", r"s \cdot \|J\| \sqrt{\frac{\ell}{2d}}"),
        ("bound_2", r"s \cdot \|J\| \sqrt{\frac{2\ell}{d}}"),
        ("failure", FAILURE_TEX),
    ),
    proof=chi_proof(
        shrink * norm_j / sqrt(d),
        CLAIMS,
        "given what is on P the gradient orthogonal to P is J^T hat W, N(0, b^2 |J|^2 I_ell)",
        tuple(h.text for h in (ON_SUBSPACE, GAUSSIAN, ANY_DEPTH, BLIND)),
    ),
    experiment=DEEP_GRADIENT,
    paper="beyond",
    doc=__doc__,
)
