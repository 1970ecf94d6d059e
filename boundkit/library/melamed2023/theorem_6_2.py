"""Theorem 6.2: L2 regularisation shrinks the gradient orthogonal to the data.

Off P the loss has no gradient, only the penalty has: each step multiplies hat w_i by 1 - eta lambda. After T
steps the weights there are as if initialised with standard deviation |1 - eta lambda|^T/sqrt(d), and Theorem 6.1
applies.
"""

from fractions import Fraction

from sympy import Abs, And, Eq, Or, Piecewise, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import GRADIENT_SHRUNK, witness
from boundkit.library.melamed2023.notation import (
    BLIND,
    FIRST_LAYER,
    ON_SUBSPACE,
    STANDARD,
    T,
    beta,
    d,
    ell,
    eta,
    k,
    lam,
    m,
    norm_gradient,
    parameters,
)
from boundkit.library.melamed2023.theorem_6_1 import theorem_6_1
from boundkit.model.proof import Proof, spend
from boundkit.model.statement import Erratum, assumed
from boundkit.tails import chi_square_at_least

FAILURE_TEX = r"e^{-\frac{\ell}{16}}"

printed = Statement(
    name="theorem_6_2",
    place="Theorem 6.2, section 6.2; proof in appendix D.1",
    parameters=parameters(d, ell, m, k, eta, lam, T),
    quantities=parameters(norm_gradient),
    hypotheses=(ON_SUBSPACE, STANDARD, FIRST_LAYER, assumed(BLIND), assumed("each step carries the whole penalty")),
    claims=(norm_gradient <= (1 - eta * lam) ** T * sqrt(2 * k * ell / (m * d)),),
    failure=exp(-ell / 16),
    truth=Piecewise((0, Or(Eq(k, 0), And(Eq(eta * lam, 1), T > 0))), (chi_square_at_least(ell, 2), True)),
    worst_case=(("k", 1), ("eta", 1), ("lam", 0), ("T", 0)),
    depends_on=("theorem_a_1", "theorem_a_2", "theorem_6_1"),
    text=(("bound", "(1 - eta lam)^T sqrt(2 k ell/(m d))"), ("failure", "e^(-ell/16)")),
    tex=(("bound", r"(1 - \eta\lambda)^T \sqrt{\frac{2k\ell}{md}}"), ("failure", FAILURE_TEX)),
    errata=(
        Erratum(
            "E18",
            "with SGD too",
            "only if each SGD step carries the whole penalty",
            "missing hypothesis",
            reason="split over r samples, a step shrinks the weights by 1 - eta lambda/r only",
            simulation=witness("split_penalty"),
            brief="each step carries the whole penalty",
        ),
        Erratum(
            "E19",
            "equivalent to a small initialisation without regularisation",
            "only the off-subspace weights are",
            "typo",
            reason="the weights along P are regularised too; the law of hat w given S survives, which is enough",
        ),
    ),
    experiment=GRADIENT_SHRUNK,
    paper="melamed2023",
    doc=__doc__,
)

decay = Abs(1 - eta * lam) ** T

theorem_6_2 = printed.corrected(
    proof=Proof(
        spends=(
            spend(
                theorem_6_1,
                {beta: decay / sqrt(d)},
                because="every step multiplies hat w_i by 1 - eta lam, so it stays N(0, (1 - eta lam)^(2T) I_ell/d)",
                where=decay > 0,
                otherwise="at eta lam = 1 one step leaves no weights off P, and the gradient is 0",
            ),
        ),
    ),
    claims=(norm_gradient <= Abs(1 - eta * lam) ** T * sqrt(2 * k * ell / (m * d)),),
    text=(("bound", "|1 - eta lam|^T sqrt(2 k ell/(m d))"), ("failure", "e^(-ell/16)")),
    tex=(("bound", r"|1 - \eta\lambda|^T \sqrt{\frac{2k\ell}{md}}"), ("failure", FAILURE_TEX)),
    errata=(
        Erratum(
            "E6",
            "(1 - eta lambda)^T for any eta and lambda",
            "|1 - eta lambda|^T: past eta lambda = 1 the factor turns negative",
            "wrong formula",
            witness=(("d", 100), ("ell", 50), ("m", 4), ("k", 2), ("eta", 1), ("lam", Fraction(3, 2)), ("T", 1)),
            brief="|1 - eta lambda| for 1 - eta lambda",
        ),
    ),
)
