"""Corollary 4.1: with constant fractions of directions and of active neurons, the gradient off P is Omega(1).

Theorem 4.1 with ell = c_ell d and k = c_k m: neither d nor m is left in the bound, and the failure probability
is e^(-Omega(d)).
"""

from sympy import Eq, Piecewise, Rational, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import GRADIENT
from boundkit.library.melamed2023.notation import (
    BLIND,
    FIRST_LAYER,
    ON_SUBSPACE,
    STANDARD,
    c_ell,
    c_k,
    d,
    ell,
    k,
    m,
    norm_gradient,
    parameters,
)
from boundkit.library.melamed2023.theorem_4_1 import theorem_4_1
from boundkit.model.proof import Proof, spend
from boundkit.model.statement import assumed
from boundkit.tails import chi_square_at_most

corollary_4_1 = Statement(
    name="corollary_4_1",
    place="Corollary 4.1, section 4",
    parameters=parameters(d, c_ell, c_k),
    quantities=parameters(norm_gradient),
    hypotheses=(ON_SUBSPACE, STANDARD, FIRST_LAYER, assumed(BLIND), assumed("ReLU's derivative at 0 is 1")),
    claims=(norm_gradient >= sqrt(c_ell * c_k / 2),),
    failure=exp(-c_ell * d / 16),
    truth=Piecewise((0, Eq(c_k, 0)), (chi_square_at_most(c_ell * d, Rational(1, 2)), True)),
    worst_case=(("c_k", 1),),
    depends_on=("theorem_4_1",),
    proof=Proof(
        spends=(
            spend(
                theorem_4_1,
                {ell: c_ell * d, k: c_k * m},
                because="c_ell = ell/d and c_k = k/m",
                whole="c_ell d and c_k m are counts, of directions and of neurons",
            ),
        ),
        parameters=parameters(m),
    ),
    text=(("bound", "sqrt(c_ell c_k/2)"), ("failure", "e^(-c_ell d/16)")),
    tex=(("bound", r"\sqrt{\frac{c_\ell c_k}{2}}"), ("failure", r"e^{-c_\ell d/16}")),
    experiment=GRADIENT,
    paper="melamed2023",
    doc=__doc__,
)
