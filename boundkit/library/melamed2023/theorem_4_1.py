"""Theorem 4.1: the gradient orthogonal to the data is not small.

Training moves no weight orthogonally to P (Theorem A.2), so there the gradient at x0 is a sum of k untouched
Gaussian vectors of length about sqrt(ell/d), one for each active neuron, with signs that do not matter, over
sqrt(m). Lemma B.2 bounds its length from below.
"""

from sympy import Eq, Piecewise, Rational, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import GRADIENT
from boundkit.library.melamed2023.lemma_b_2 import lemma_b_2
from boundkit.library.melamed2023.notation import (
    BLIND,
    FIRST_LAYER,
    ON_SUBSPACE,
    STANDARD,
    TAKEN_AS_1,
    d,
    ell,
    k,
    k_0,
    m,
    n,
    norm_gradient,
    norm_squared,
    parameters,
    sigma,
)
from boundkit.model.proof import Fact, Proof, Squares, Step, spend
from boundkit.model.statement import Erratum, assumed
from boundkit.tails import chi_square_at_most

printed = Statement(
    name="theorem_4_1",
    place="Theorem 4.1, section 4; proof in appendix B",
    parameters=parameters(d, ell, m, k, k_0),
    quantities=parameters(norm_gradient),
    hypotheses=(ON_SUBSPACE, STANDARD, FIRST_LAYER, assumed(BLIND)),
    claims=(norm_gradient >= sqrt(k * ell / (2 * m * d)),),
    failure=exp(-ell / 16),
    truth=Piecewise((0, Eq(k, 0)), (1, Eq(k_0, k)), (chi_square_at_most(ell, k / (2 * (k - k_0))), True)),
    worst_case=(("k", 1),),
    depends_on=("theorem_a_1", "theorem_a_2", "lemma_b_2"),
    text=(("bound", "sqrt(k ell/(2 m d))"), ("failure", "e^(-ell/16)")),
    tex=(("bound", r"\sqrt{\frac{k\ell}{2md}}"), ("failure", r"e^{-\ell/16}")),
    errata=(
        Erratum(
            "E9",
            "hat w_i ~ N(0, I_ell/sqrt(d)), in the proof",
            "variance 1/d",
            "proof only",
            reason="the initialisation has variance 1/d, and the next line of the proof uses it",
        ),
    ),
    experiment=GRADIENT,
    paper="melamed2023",
    doc=__doc__,
)

not_short = spend(
    lemma_b_2,
    {n: ell, m: k, sigma: 1 / sqrt(d)},
    because="the k active hat w_i are independent N(0, I_ell/d), also times sign(u_i) (Theorem A.2)",
    needs=(BLIND, ON_SUBSPACE.text, STANDARD.text, FIRST_LAYER.text),
    where=k >= 1,
    otherwise="without active neurons the gradient is 0, and so is the bound",
)

theorem_4_1 = printed.corrected(
    fixed={k_0: 0},
    proof=Proof(
        spends=(not_short,),
        parameters=parameters(norm_squared),
        steps=(
            Step(
                Eq(norm_gradient, sqrt(norm_squared / m)),
                Fact(
                    "off P the gradient is the sum over the active neurons of sign(u_i) hat w_i, over sqrt(m)",
                    ("ReLU's derivative at 0 is 1",),
                ),
            ),
            Step(norm_gradient >= printed.bound, Squares(((1 / m, *not_short.granted),))),
        ),
    ),
    add=(TAKEN_AS_1,),
    truth=Piecewise((0, Eq(k, 0)), (chi_square_at_most(ell, Rational(1, 2)), True)),
    errata=(
        Erratum(
            "E17",
            "any x0",
            "ReLU's derivative at 0 is 1, as the set S has it: with derivative 0 the gradient at x0 = 0 is 0",
            "degenerate case",
            witness=(("d", 100), ("ell", 50), ("m", 4), ("k", 4), ("k_0", 4)),
            brief="ReLU's derivative at 0 is 1",
        ),
    ),
)
