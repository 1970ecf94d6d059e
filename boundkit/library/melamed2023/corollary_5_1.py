"""Corollary 5.1: with constant fractions of directions and of opposing neurons, the step is O(|N(x0)|) long.

Theorem 5.1 with ell = c_ell d and k = c_k m: neither d nor m is left in the bound on the length.
"""

from fractions import Fraction

from sympy import Abs, Ne, Rational, exp, log, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import FLIP, FLIP_AS_PRINTED, witness
from boundkit.library.melamed2023.notation import (
    BLIND,
    FIRST_LAYER,
    ON_SUBSPACE,
    STANDARD,
    c_ell,
    c_k,
    c_k_but_one,
    d,
    ell,
    flipped,
    k,
    m,
    m_two,
    norm_z,
    output,
    parameters,
)
from boundkit.library.melamed2023.theorem_5_1 import ALL_OPPOSE, theorem_5_1
from boundkit.model.proof import NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import Erratum, Hypothesis
from boundkit.tails import chi_square_at_least, row_sum_at_most, row_sum_below_zero

FAILURE_TEX = r"5(me^{-c_\ell d/16} + d^{-1/2})"

printed = Statement(
    name="corollary_5_1",
    place="Corollary 5.1, section 5",
    parameters=parameters(d, m, c_ell, c_k, output),
    quantities=parameters(norm_z, flipped),
    hypotheses=(
        ON_SUBSPACE,
        STANDARD,
        FIRST_LAYER,
        Hypothesis(
            "c_ell d >= 32 (m - 1) log(m^2 d)",
            c_ell * d >= 32 * (m - 1) * log(m**2 * d),
            r"c_\ell d \geq 32(m - 1) \log(m^2 d)",
        ),
    ),
    claims=(norm_z <= 8 * sqrt(2) * output / (c_k * sqrt(c_ell)), flipped < 0),
    failure=5 * (m * exp(-c_ell * d / 16) + 1 / sqrt(d)),
    truth=m * (1 - c_k) * row_sum_below_zero(c_ell * d, m)
    + row_sum_at_most(Rational(1, 8), c_ell * d, 1 / c_k)
    + chi_square_at_least(c_ell * d, 2),
    truth_is="upper bound",
    truth_assumes=(BLIND,),
    depends_on=("theorem_5_1",),
    text=(("bound", "8 sqrt(2) N(x0)/(c_k sqrt(c_ell))"), ("failure", "5 (m e^(-c_ell d/16) + d^(-1/2))")),
    tex=(("bound", r"\frac{8\sqrt{2}N(x_0)}{c_k \sqrt{c_\ell}}"), ("failure", FAILURE_TEX)),
    errata=(
        Erratum(
            "E16",
            "there exists z such that with probability ...",
            "with probability ... there exists z",
            "wrong formula",
            reason="a z fixed before the weights are drawn flips the label at best about half the time",
            simulation=witness("fixed_direction"),
            brief="z may depend on the weights",
        ),
    ),
    experiment=FLIP_AS_PRINTED,
    paper="melamed2023",
    doc=__doc__,
)

absolute = printed.corrected(
    experiment=FLIP,
    claims=(norm_z <= 8 * sqrt(2) * Abs(output) / (c_k * sqrt(c_ell)), flipped < 0),
    text=(("bound", "8 sqrt(2) |N(x0)|/(c_k sqrt(c_ell))"), ("failure", "5 (m e^(-c_ell d/16) + d^(-1/2))")),
    tex=(("bound", r"\frac{8\sqrt{2}|N(x_0)|}{c_k \sqrt{c_\ell}}"), ("failure", FAILURE_TEX)),
    errata=(
        Erratum(
            "E2",
            "|z| = O(N(x0))",
            "|z| = O(|N(x0)|): for y0 = -1 the bound would be negative",
            "wrong formula",
            witness=(("d", 10**6), ("m", 10), ("c_ell", Fraction(9, 10)), ("c_k", Fraction(1, 2)), ("output", -1)),
            brief="|N(x0)| for N(x0)",
        ),
    ),
)

active = c_k * m >= 1
corollary_5_1 = absolute.corrected(
    proof=Proof(
        spends=(
            spend(
                theorem_5_1,
                {ell: c_ell * d, k: c_k * m},
                because="c_ell = ell/d and c_k = k/m",
                whole="c_ell d and c_k m are counts, of directions and of neurons",
            ),
        ),
        steps=(Step(c_k > 0, NonnegativeSum(((1 / m, active), (1 / m,)))),),
    ),
    parameters=parameters(d, m_two, c_ell, c_k_but_one, output),
    add=(
        Hypothesis("c_k m >= 1", active, r"c_k m \geq 1"),
        Hypothesis("N(x0) != 0", Ne(output, 0), r"N(x_0) \neq 0"),
    ),
    errata=(
        Erratum(
            "E13",
            "k may be 0, N(x0) may be 0",
            "k >= 1 and N(x0) != 0: otherwise alpha is not defined",
            "missing hypothesis",
            witness=(("d", 10**6), ("m", 10), ("c_ell", Fraction(9, 10)), ("c_k", 0), ("output", 1)),
            brief="k >= 1, N(x0) != 0",
        ),
        ALL_OPPOSE,
    ),
)
