"""Sphere has none: a manifold on which no small step orthogonal to the tangent space ever changes a label.

On the sphere |x| = rho what is orthogonal to the tangent space at x0 is the line through x0 and 0. A ReLU network
without biases has N(s x0) = s N(x0) for s >= 0, so no such z shorter than |x0| takes the label, whatever the depth, the
weights and the data are: it has to reach 0. The gradient's part along that line is |N(x0)|/|x0| long (Euler). So being
orthogonal to the tangent space is the wrong condition for Open Problem 7.1 of the paper; being orthogonal to the span
of the data is enough, and where the data span R^d only z = 0 is.
"""

from dataclasses import replace

from sympy import Abs, Eq, Integer, S

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import SPHERE
from boundkit.library.beyond.notation import distance, normal_gradient, parameters, rho, turn
from boundkit.library.melamed2023.notation import LABELLED, d, output
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step
from boundkit.model.statement import assumed

MANIFOLD = assumed("M is the sphere of radius rho around 0 in R^d, and x0 lies on it")
NO_BIASES = assumed("N is a ReLU network without biases, of any depth")
SETTING = (MANIFOLD.text, NO_BIASES.text)
dimension, radius = parameters(d, distance)
far, lost, through_0 = distance >= rho * (1 - turn), turn * Abs(output) <= 0, turn <= 0
CLAIMS = (distance >= rho, Eq(normal_gradient, Abs(output) / rho))

sphere_has_none = Statement(
    name="sphere_has_none",
    place="Sphere has none",
    parameters=parameters(replace(dimension, low=Integer(2)), rho, output),
    quantities=(
        replace(
            radius,
            meaning="the length of the shortest z orthogonal to the tangent space with which x0 + z loses the label",
        ),
        *parameters(normal_gradient),
    ),
    hypotheses=(MANIFOLD, NO_BIASES, LABELLED),
    claims=CLAIMS,
    failure=S.Zero,
    proof=Proof(
        parameters=parameters(turn),
        steps=(
            Step(far, Fact("x0 + z = turn x0 for such a z, which is |1 - turn| rho long", SETTING)),
            Step(lost, Fact("N(turn x0) = turn N(x0) for turn >= 0, and x0 + z has lost the label", SETTING)),
            Step(through_0, NonnegativeSum(((1 / Abs(output), lost),))),
            Step(CLAIMS[0], NonnegativeSum(((far,), (rho, through_0)))),
            Step(CLAIMS[1], Fact("<gradient, x0> = N(x0) (Euler), and x0/rho is the unit normal", SETTING)),
        ),
    ),
    text=(("bound", "rho"), ("bound_2", "|N(x0)|/rho")),
    tex=(("bound", r"\rho"), ("bound_2", r"\frac{|N(x_0)|}{\rho}")),
    experiment=SPHERE,
    paper="beyond",
    doc=__doc__,
)
