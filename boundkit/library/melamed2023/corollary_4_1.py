"""Corollary 4.1: with constant fractions of directions and of active neurons, the gradient orthogonal to P is Omega(1).

Theorem 4.1 with ell = c_ell d and k = c_k m: neither d nor m is left in the bound, and the failure probability
is e^(-Omega(d)).
"""

from boundkit.library.melamed2023.experiments import GRADIENT
from boundkit.library.melamed2023.notation import c_ell, c_k, d, ell, k, m, parameters
from boundkit.library.melamed2023.theorem_4_1 import theorem_4_1
from boundkit.model.proof import Proof, Spend, spend
from boundkit.model.statement import StatementRecord

FRACTIONS = {ell: c_ell * d, k: c_k * m}


def spend_at_fractions(theorem: StatementRecord) -> Spend:
    """The theorem whose corollary it is, spent at c_ell and c_k."""
    return spend(
        theorem,
        FRACTIONS,
        because="c_ell = ell/d and c_k = k/m",
        whole="c_ell d and c_k m are counts, of directions and of neurons",
    )


corollary_4_1 = theorem_4_1.substituted(
    FRACTIONS,
    name="corollary_4_1",
    place="Corollary 4.1, section 4",
    parameters=parameters(d, c_ell, c_k),
    worst_case=(("c_k", 1),),
    depends_on=("theorem_4_1",),
    proof=Proof(spends=(spend_at_fractions(theorem_4_1),), parameters=parameters(m)),
    text=(("bound", "sqrt(c_ell c_k/2)"), ("failure", "e^(-c_ell d/16)")),
    tex=(("bound", r"\sqrt{\frac{c_\ell c_k}{2}}"), ("failure", r"e^{-c_\ell d/16}")),
    experiment=GRADIENT,
    paper="melamed2023",
    doc=__doc__,
)
