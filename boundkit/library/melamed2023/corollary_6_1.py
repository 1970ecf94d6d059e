"""Corollary 6.1: initialised at beta = 1/(d sqrt 2), the gradient orthogonal to P is at most 1/sqrt(d).

Theorem 6.1 with k <= m and ell <= d.
"""

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import GRADIENT_SMALL_START
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
    norm_gradient,
    parameters,
)
from boundkit.library.melamed2023.theorem_6_1 import theorem_6_1
from boundkit.model.proof import NonnegativeSum, Proof, Squares, Step, spend
from boundkit.model.statement import Erratum, assumed
from boundkit.tails import chi_square_at_least

DRAWN = assumed("w_i ~ N(0, I_d/(2 d^2)) at the start", measure("small_start"))
small = spend(theorem_6_1, {beta: 1 / (d * sqrt(2))}, because="beta = 1/(d sqrt 2)")
worst = small.granted[0].rhs <= 1 / sqrt(d)

corollary_6_1 = Statement(
    name="corollary_6_1",
    place="Corollary 6.1, section 6.1",
    parameters=parameters(d, ell),
    quantities=parameters(norm_gradient),
    hypotheses=(
        ON_SUBSPACE,
        DRAWN,
        FIRST_LAYER,
        assumed(BLIND),
    ),
    claims=(norm_gradient <= 1 / sqrt(d),),
    failure=exp(-ell / 16),
    truth=chi_square_at_least(ell, 2 * d / ell),
    truth_is="upper bound",
    attained="k = m",
    depends_on=("theorem_6_1",),
    proof=Proof(
        spends=(small,),
        parameters=parameters(m, k),
        steps=(
            Step(worst, Squares(), "k <= m and ell <= d"),
            Step(norm_gradient <= 1 / sqrt(d), NonnegativeSum((small.granted, (worst,)))),
        ),
    ),
    text=(("bound", "1/sqrt(d)"), ("failure", "e^(-ell/16)")),
    tex=(("bound", r"\frac{1}{\sqrt{d}}"), ("failure", r"e^{-\frac{\ell}{16}}")),
    errata=(
        Erratum(
            "E14",
            "a variance of 1/d^2, in the text below",
            "1/(2 d^2)",
            "typo",
            reason="beta = 1/(d sqrt(2)) is the standard deviation",
        ),
    ),
    experiment=GRADIENT_SMALL_START,
    paper="melamed2023",
    doc=__doc__,
)
