"""Theorem 6.1: a smaller initialisation makes the gradient orthogonal to the data smaller.

As in Theorem 4.1 the gradient orthogonal to P is a sum of k untrained Gaussian vectors over sqrt(m), each of standard
deviation beta. Lemma D.1 bounds the length of the sum from above.
"""

from sympy import Eq, Piecewise, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import GRADIENT_ANY_START
from boundkit.library.melamed2023.lemma_d_1 import lemma_d_1
from boundkit.library.melamed2023.notation import (
    BLIND,
    FIRST_LAYER,
    ON_SUBSPACE,
    beta,
    d,
    ell,
    k,
    m,
    measure,
    n,
    norm_gradient,
    norm_squared,
    parameters,
    sigma,
)
from boundkit.model.proof import Fact, Proof, Squares, Step, spend
from boundkit.model.statement import Erratum, assumed
from boundkit.tails import chi_square_at_least

DRAWN = assumed("w_i ~ N(0, beta^2 I_d) at the start", measure("any_start"))
bound = beta * sqrt(2 * k * ell / m)
not_long = spend(
    lemma_d_1,
    {n: ell, m: k, sigma: beta},
    because="the k active hat w_i are independent N(0, beta^2 I_ell), also times sign(u_i) (Theorem A.2)",
    needs=(BLIND, ON_SUBSPACE.text, FIRST_LAYER.text),
    where=k >= 1,
    otherwise="without active neurons the gradient is 0",
)

theorem_6_1 = Statement(
    name="theorem_6_1",
    place="Theorem 6.1, section 6; proof in appendix D",
    parameters=parameters(d, ell, m, k, beta),
    quantities=parameters(norm_gradient),
    hypotheses=(
        ON_SUBSPACE,
        DRAWN,
        FIRST_LAYER,
        assumed(BLIND),
    ),
    claims=(norm_gradient <= bound,),
    failure=exp(-ell / 16),
    truth=Piecewise((0, Eq(k, 0)), (chi_square_at_least(ell, 2), True)),
    worst_case=(("k", 1),),
    depends_on=("theorem_a_1", "theorem_a_2", "lemma_d_1"),
    proof=Proof(
        spends=(not_long,),
        parameters=parameters(norm_squared),
        steps=(
            Step(
                Eq(norm_gradient, sqrt(norm_squared / m)),
                Fact("off P the gradient is the sum over the active neurons of sign(u_i) hat w_i, over sqrt(m)"),
            ),
            Step(norm_gradient <= bound, Squares(((1 / m, *not_long.granted),))),
        ),
    ),
    text=(("bound", "beta sqrt(2 k ell/m)"), ("failure", "e^(-ell/16)")),
    tex=(("bound", r"\beta \sqrt{\frac{2k\ell}{m}}"), ("failure", r"e^{-\frac{\ell}{16}}")),
    errata=(
        Erratum(
            "E10",
            "Lemma B.2, for the sum of the w_i, in the proof",
            "Lemma D.1, for the sum of the sign(u_i) w_i",
            "proof only",
            reason="B.2 bounds from below; the gradient is a sum with signs, which has the same law",
        ),
    ),
    experiment=GRADIENT_ANY_START,
    paper="melamed2023",
    doc=__doc__,
)
