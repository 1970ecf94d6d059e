"""Theorem 6.1: a smaller initialisation makes the gradient orthogonal to the data smaller.

As in Theorem 4.1 the gradient off P is a sum of k untrained Gaussian vectors over sqrt(m), each of standard
deviation beta. Lemma D.1 bounds the length of the sum from above.
"""

from sympy import Eq, Piecewise, exp, sqrt

from boundkit.paper.notation import BLIND, FIRST_LAYER, ON_SUBSPACE, beta, d, ell, k, letters, m, norm_gradient
from boundkit.statement import Erratum, Statement, assumed
from boundkit.tails import chi_square_at_least

theorem_6_1 = Statement(
    name="theorem_6_1",
    place="Theorem 6.1, section 6; proof in appendix D",
    parameters=letters(d, ell, m, k, beta),
    quantities=letters(norm_gradient),
    hypotheses=(ON_SUBSPACE, assumed("w_i ~ N(0, beta^2 I_d) at the start"), FIRST_LAYER, assumed(BLIND)),
    claims=(norm_gradient <= beta * sqrt(2 * k * ell / m),),
    failure=exp(-ell / 16),
    truth=Piecewise((0, Eq(k, 0)), (chi_square_at_least(ell, 2), True)),
    worst=(("k", 1),),
    depends_on=("theorem_a_1", "theorem_a_2", "lemma_d_1"),
    text=(("bound", "beta sqrt(2 k ell/m)"), ("failure", "e^(-ell/16)")),
    tex=(("bound", r"\beta \sqrt{\frac{2k\ell}{m}}"), ("failure", r"e^{-\frac{\ell}{16}}")),
    errata=(
        Erratum(
            "E10", "Lemma B.2, for the sum of the w_i, in the proof",
            "Lemma D.1, for the sum of the sign(u_i) w_i", "text",
            reason="B.2 bounds from below; the gradient is a sum with signs, which has the same law",
        ),
    ),
    doc=__doc__,
)
