"""Weights move at most: how far training moves the weights orthogonally to a subspace that the data are only near.

Let P be any subspace, and the parts of the training points orthogonal to it have the largest singular value residue.
Gradient descent adds to hat W sums of these parts times the derivatives of the points' losses in the pre-activations,
each shrunk by powers of 1 - eta lam: a matrix -G^T X Pi whose rows of G are at most A_r long, A_r the sum over the
steps of eta times those derivatives' lengths. So what is added has no singular value above residue times the root of
the sum of the A_r^2: surely, for any P, depth, loss and start. The derivatives can be read off a log of the losses,
as each is at most min(1, L); and from sizes alone each is at most 1. Where the weights of the start were kept what was
added can be measured instead.
"""

from dataclasses import replace

from sympy import Abs, S, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import MOVED
from boundkit.library.beyond.notation import points, words
from boundkit.library.beyond.notation_near import (
    FLAT,
    LOGGED,
    PLAIN,
    added,
    parameters,
    path,
    point_weight,
    residue,
    walked,
)
from boundkit.library.melamed2023.notation import T, eta, lam
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step
from boundkit.model.statement import Hypothesis

shrinks = Hypothesis("abs(1 - eta lam) <= 1", Abs(1 - eta * lam) <= 1, r"|1 - \eta\lambda| \leq 1")
penalty, number = parameters(lam, points)
by_log, by_sizes = added <= residue * path, added <= residue * point_weight * eta * T * sqrt(points)
moved = added <= residue * walked

weights_move_at_most = Statement(
    name="weights_move_at_most",
    place="Weights move at most",
    parameters=parameters(
        residue, path, eta, T, replace(number, high=S.Infinity), point_weight, replace(penalty, default=0)
    ),
    quantities=parameters(added),
    hypotheses=(PLAIN, LOGGED, FLAT, shrinks),
    claims=(by_log, by_sizes),
    failure=S.Zero,
    proof=Proof(
        parameters=parameters(walked),
        steps=(
            Step(
                moved,
                Fact(
                    "what is added is -G^T X Pi, row r of G is at most A_r long, and |G^T X Pi| <= |G|_F |X Pi|",
                    (*words(PLAIN, LOGGED), shrinks.relation),
                ),
            ),
            Step(walked <= path, Fact("path is at least the root of the sum of the A_r^2", words(LOGGED))),
            Step(
                walked <= point_weight * eta * T * sqrt(points),
                Fact("each derivative is |L'| times the output weights of active neurons, at most 1", words(FLAT)),
            ),
            Step(by_log, NonnegativeSum(((moved,), (residue, walked <= path)))),
            Step(
                by_sizes,
                NonnegativeSum(((moved,), (residue, walked <= point_weight * eta * T * sqrt(points)))),
            ),
        ),
    ),
    text=(("bound", "residue path"), ("bound_2", "residue point_weight eta T sqrt(points)")),
    tex=(("bound", r"\sigma_X A_X"), ("bound_2", r"\sigma_X w_X \eta T \sqrt{r}")),
    experiment=MOVED,
    paper="beyond",
    doc=__doc__,
)
