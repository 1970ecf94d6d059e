"""Deep gradient everywhere: one draw of the weights bounds the gradient at every x0 in P, at any depth.

The part of the gradient orthogonal to P is J^T hat W, so its length lies between |J| times the least and |J| times the
greatest singular value of hat W, whatever x0 and J are. Those of a Gaussian m x ell matrix lie within
b (sqrt(ell) -+ (sqrt(m) + t)), each side but for a probability e^(-t^2/2) (Davidson and Szarek). The lower bound says
something where sqrt(ell) > sqrt(m) + t.
"""

from sympy import exp, sqrt

from boundkit.beyond.notation import ANY_DEPTH, GAUSSIAN, greatest_gradient, least_gradient, letters, norm_j, shrink, t
from boundkit.paper.notation import ON_SUBSPACE, d, ell, m
from boundkit.statement import Statement

deep_gradient_everywhere = Statement(
    name="deep_gradient_everywhere",
    place="Deep gradient everywhere",
    parameters=letters(d, ell, m, norm_j, t, shrink),
    quantities=letters(least_gradient, greatest_gradient),
    hypotheses=(ON_SUBSPACE, GAUSSIAN, ANY_DEPTH),
    claims=(
        least_gradient >= shrink * norm_j * (sqrt(ell) - sqrt(m) - t) / sqrt(d),
        greatest_gradient <= shrink * norm_j * (sqrt(ell) + sqrt(m) + t) / sqrt(d),
    ),
    failure=2 * exp(-(t**2) / 2),
    depends_on=("deep_gradient",),
    text=(
        ("bound", "shrink |J| (sqrt(ell) - sqrt(m) - t)/sqrt(d)"),
        ("bound_2", "shrink |J| (sqrt(ell) + sqrt(m) + t)/sqrt(d)"),
        ("failure", "2 e^(-t^2/2)"),
    ),
    tex=(
        ("bound", r"s \cdot \|J\| \cdot \frac{\sqrt{\ell} - \sqrt{m} - t}{\sqrt{d}}"),
        ("bound_2", r"s \cdot \|J\| \cdot \frac{\sqrt{\ell} + \sqrt{m} + t}{\sqrt{d}}"),
        ("failure", r"2e^{-t^2/2}"),
    ),
    doc=__doc__,
)
