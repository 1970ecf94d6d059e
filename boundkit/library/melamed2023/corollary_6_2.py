"""Corollary 6.2: enough regularised steps bring the gradient orthogonal to P to at most 1/sqrt(d).

Theorem 6.2 with k <= m, ell <= d and |1 - eta lambda|^T <= 1/sqrt(2d).
"""

from fractions import Fraction

from sympy import Abs, And, Eq, Piecewise, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import GRADIENT_SHRUNK
from boundkit.library.melamed2023.notation import (
    BLIND,
    FIRST_LAYER,
    ON_SUBSPACE,
    STANDARD,
    T,
    d,
    ell,
    eta,
    k,
    lam,
    m,
    norm_gradient,
    parameters,
)
from boundkit.library.melamed2023.theorem_6_2 import theorem_6_2
from boundkit.model.proof import NonnegativeSum, Proof, Squares, Step, spend
from boundkit.model.statement import Erratum, Hypothesis, assumed
from boundkit.tails import chi_square_at_least

SETTING = (ON_SUBSPACE, STANDARD, FIRST_LAYER, assumed(BLIND), assumed("each step carries the whole penalty"))

printed = Statement(
    name="corollary_6_2",
    place="Corollary 6.2, section 6.2",
    parameters=parameters(d, ell, eta, lam, T),
    quantities=parameters(norm_gradient),
    hypotheses=(
        *SETTING,
        Hypothesis(
            "(1 - eta lam)^T <= 1/sqrt(2 d)",
            (1 - eta * lam) ** T <= 1 / sqrt(2 * d),
            r"(1 - \eta\lambda)^T \leq \frac{1}{\sqrt{2d}}",
        ),
    ),
    claims=(norm_gradient <= 1 / sqrt(d),),
    failure=exp(-ell / 16),
    truth=Piecewise(
        (0, And(Eq(eta * lam, 1), T > 0)), (chi_square_at_least(ell, Abs(1 - eta * lam) ** (-2 * T) / ell), True)
    ),
    truth_is="upper bound",
    attained="k = m",
    depends_on=("theorem_6_2",),
    text=(("bound", "1/sqrt(d)"), ("failure", "e^(-ell/16)")),
    tex=(("bound", r"\frac{1}{\sqrt{d}}"), ("failure", r"e^{-\frac{\ell}{16}}")),
    experiment=GRADIENT_SHRUNK,
    paper="melamed2023",
    doc=__doc__,
)

small = spend(theorem_6_2, because="the same network at the same x0")
worst = small.granted[0].rhs <= 1 / sqrt(d)
decay = Abs(1 - eta * lam) ** T
decayed = decay <= 1 / sqrt(2 * d)

corollary_6_2 = printed.corrected(
    proof=Proof(
        spends=(small,),
        parameters=parameters(m, k),
        steps=(
            Step(
                worst,
                Squares(((2 * k * ell / (m * d), decayed, 1 / sqrt(2 * d) + decay), (1 / d, 1 - k * ell / (m * d)))),
                "k <= m and ell <= d",
            ),
            Step(norm_gradient <= 1 / sqrt(d), NonnegativeSum((small.granted, (worst,)))),
        ),
    ),
    hypotheses=(
        *SETTING,
        Hypothesis(
            "|1 - eta lam|^T <= 1/sqrt(2 d)",
            decayed,
            r"|1 - \eta\lambda|^T \leq \frac{1}{\sqrt{2d}}",
        ),
    ),
    errata=(
        Erratum(
            "E6",
            "where (1 - eta lambda)^T <= 1/sqrt(2d)",
            "where |1 - eta lambda|^T <= 1/sqrt(2d)",
            "wrong formula",
            witness=(("d", 100), ("ell", 50), ("eta", 1), ("lam", Fraction(5, 2)), ("T", 1)),
            brief="|1 - eta lambda| for 1 - eta lambda",
        ),
    ),
)
