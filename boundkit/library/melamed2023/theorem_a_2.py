"""Theorem A.2: training moves no weight orthogonally to the data.

The loss at (x, y) has the gradient y L'(y N(x)) u_i sigma'(<w_i, x>) x in w_i, a multiple of x; where x has no
component orthogonal to M, neither has any step.
"""

from sympy import Eq, S, exp

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import OFF_CHANGE
from boundkit.library.melamed2023.notation import (
    FIRST_LAYER,
    ON_SUBSPACE,
    UNREGULARISED,
    d,
    derivative,
    ell,
    m,
    off_subspace_change,
    output,
    parameters,
    y,
)
from boundkit.model.statement import Erratum, Hypothesis

loss_derivative = Statement(
    name="loss_derivative",
    place="Proofs of Theorems A.1 and A.2, appendix A",
    parameters=parameters(output, y),
    quantities=parameters(derivative),
    hypotheses=(Hypothesis("y is -1 or 1", Eq(y**2, 1)),),
    claims=(Eq(derivative, -1 / (1 + exp(y * output))),),
    failure=S.Zero,
    truth=-y / (1 + exp(y * output)),
    doc="The derivative of L(y N) in N as the proofs of Theorems A.1 and A.2 print it, without the factor y.",
)

label_factor = Erratum(
    "E15",
    "dL(y N)/dw = L'(y N) dN/dw, in the proof",
    "y L'(y N) dN/dw; harmless",
    "proof only",
    witness=(("output", 1), ("y", -1)),
    step=loss_derivative,
)

theorem_a_2 = Statement(
    name="theorem_a_2",
    place="Theorem A.2, appendix A",
    parameters=parameters(d, ell, m),
    quantities=parameters(off_subspace_change),
    hypotheses=(ON_SUBSPACE, FIRST_LAYER, UNREGULARISED),
    claims=(off_subspace_change <= 0,),
    failure=S.Zero,
    errata=(label_factor,),
    experiment=OFF_CHANGE,
    paper="melamed2023",
    doc=__doc__,
)
