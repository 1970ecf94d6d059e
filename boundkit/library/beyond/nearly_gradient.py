"""Nearly gradient: data near a subspace still leave large gradients, as far as training moved the weights little.

P is any subspace chosen from the data alone, such as that of the first principal directions. Training adds to the
shrunk start, which is Gaussian orthogonally to P, a matrix whose singular values are at most drift. By Weyl's
inequality those of hat W lie within b (sqrt(ell) -+ (sqrt(m) + t)) -+ drift, each side but for a probability
e^(-t^2/2), and the gradient's part orthogonal to P is J^T hat W, at every x0 of R^d and at any depth. Nothing asks that
x0, J or training do not depend on the start.
"""

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.deep_gradient_everywhere import b, far, near
from boundkit.library.beyond.experiments import NEARLY_GRADIENT
from boundkit.library.beyond.notation import (
    CONCENTRATION,
    excess,
    greatest_gradient,
    least_gradient,
    norm_j,
    shortfall,
    shrink,
    t,
    words,
)
from boundkit.library.beyond.notation_near import NEARLY, drift, parameters
from boundkit.library.melamed2023.notation import d, ell, m
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation

CLAIMS = (least_gradient >= norm_j * (b * near - drift), greatest_gradient <= norm_j * (b * far + drift))
not_low, not_high = (
    spend(
        gaussian_deviation(t),
        {name: name},
        because=f"{name} is how far the {which} singular value of the shrunk start over b, 1-Lipschitz, is {side} its "
        "mean",
        needs=words(*NEARLY),
    )
    for name, which, side in ((shortfall, "least", "below"), (excess, "greatest", "above"))
)
failure = 2 * exp(-(t**2) / 2)
least_singular = least_gradient >= norm_j * (b * (sqrt(ell) - sqrt(m) - shortfall) - drift)
greatest_singular = greatest_gradient <= norm_j * (b * (sqrt(ell) + sqrt(m) + excess) + drift)

nearly_gradient = Statement(
    name="nearly_gradient",
    place="Nearly gradient",
    parameters=parameters(d, ell, m, norm_j, drift, t, shrink),
    quantities=parameters(least_gradient, greatest_gradient),
    hypotheses=NEARLY,
    claims=CLAIMS,
    failure=failure,
    depends_on=("deep_gradient_everywhere", "weights_move_at_most"),
    text=(
        ("bound", "|J| (shrink (sqrt(ell) - sqrt(m) - t)/sqrt(d) - drift)"),
        ("bound_2", "|J| (shrink (sqrt(ell) + sqrt(m) + t)/sqrt(d) + drift)"),
        ("failure", "2 e^(-t^2/2)"),
    ),
    tex=(
        ("bound", r"\|J\| \cdot \left(s \cdot \frac{\sqrt{\ell} - \sqrt{m} - t}{\sqrt{d}} - \Delta_W\right)"),
        ("bound_2", r"\|J\| \cdot \left(s \cdot \frac{\sqrt{\ell} + \sqrt{m} + t}{\sqrt{d}} + \Delta_W\right)"),
        ("failure", r"2e^{-t^2/2}"),
    ),
    proof=Proof(
        spends=(not_low, not_high),
        parameters=parameters(shortfall, excess),
        steps=(
            Step(
                least_singular,
                Fact(
                    "Weyl: s_min(hat W) is at least that of the shrunk start less drift, and the latter has a mean >= "
                    "b (sqrt(ell) - sqrt(m)) (Gordon)",
                    words(*NEARLY),
                ),
            ),
            Step(
                greatest_singular,
                Fact(
                    "Weyl: s_max(hat W) is at most that of the shrunk start and drift, and the former has a mean <= "
                    "b (sqrt(ell) + sqrt(m)) (Gordon)",
                    words(*NEARLY),
                ),
            ),
            Step(CLAIMS[0], NonnegativeSum(((least_singular,), (b * norm_j, *not_low.granted)))),
            Step(CLAIMS[1], NonnegativeSum(((greatest_singular,), (b * norm_j, *not_high.granted)))),
        ),
        budget=(Step(2 * gaussian_deviation(t) <= failure, Fact(CONCENTRATION)),),
    ),
    experiment=NEARLY_GRADIENT,
    paper="beyond",
    doc=__doc__,
)
