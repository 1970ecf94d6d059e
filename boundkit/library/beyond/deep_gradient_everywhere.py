"""Deep gradient everywhere: one draw of the weights bounds the gradient at every x0 in R^d, at any depth.

The part of the gradient orthogonal to P is J^T hat W, so its length lies between |J| times the least and |J| times the
greatest singular value of hat W, whatever x0 and J are. Those of a Gaussian m x ell matrix lie within
b (sqrt(ell) -+ (sqrt(m) + t)), each side but for a probability e^(-t^2/2) (Davidson and Szarek). The lower bound says
something where sqrt(ell) > sqrt(m) + t.
"""

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import GRADIENTS
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    CONCENTRATION,
    UNTRAINED,
    excess,
    greatest_gradient,
    least_gradient,
    norm_j,
    parameters,
    shortfall,
    shrink,
    t,
    words,
)
from boundkit.library.melamed2023.notation import d, ell, m
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation

b = shrink / sqrt(d)
SETTING = words(*UNTRAINED, ANY_DEPTH)
near, far = sqrt(ell) - sqrt(m) - t, sqrt(ell) + sqrt(m) + t
CLAIMS = (
    least_gradient >= shrink * norm_j * near / sqrt(d),
    greatest_gradient <= shrink * norm_j * far / sqrt(d),
)
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
failure = 2 * exp(-(t**2) / 2)
budget = (Step(2 * gaussian_deviation(t) <= failure, Fact(CONCENTRATION)),)
least_singular = least_gradient >= b * norm_j * (sqrt(ell) - sqrt(m) - shortfall)
greatest_singular = greatest_gradient <= b * norm_j * (sqrt(ell) + sqrt(m) + excess)

deep_gradient_everywhere = Statement(
    name="deep_gradient_everywhere",
    place="Deep gradient everywhere",
    parameters=parameters(d, ell, m, norm_j, t, shrink),
    quantities=parameters(least_gradient, greatest_gradient),
    hypotheses=(*UNTRAINED, ANY_DEPTH),
    claims=CLAIMS,
    failure=failure,
    depends_on=("deep_gradient", "classics.davidson_szarek_lower", "classics.davidson_szarek_upper"),
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
    proof=Proof(
        spends=(not_low, not_high),
        parameters=parameters(shortfall, excess),
        steps=(
            Step(
                least_singular,
                Fact("the least singular value of hat W/b has a mean >= sqrt(ell) - sqrt(m) (Gordon)", SETTING),
            ),
            Step(
                greatest_singular,
                Fact("the greatest one has a mean <= sqrt(ell) + sqrt(m) (Gordon)", SETTING),
            ),
            Step(CLAIMS[0], NonnegativeSum(((least_singular,), (b * norm_j, *not_low.granted)))),
            Step(CLAIMS[1], NonnegativeSum(((greatest_singular,), (b * norm_j, *not_high.granted)))),
        ),
        budget=budget,
    ),
    experiment=GRADIENTS,
    paper="beyond",
    doc=__doc__,
)
