"""Corollary 5.1: with constant fractions of directions and of opposing neurons, the step is O(|N(x0)|) long.

Theorem 5.1 with ell = c_ell d and k = c_k m: neither d nor m is left in the bound on the length.
"""

from fractions import Fraction

from boundkit.library.melamed2023.corollary_4_1 import FRACTIONS, spend_at_fractions
from boundkit.library.melamed2023.experiments import FLIP, FLIP_AS_PRINTED, witness
from boundkit.library.melamed2023.notation import LABELLED, c_ell, c_k, c_k_but_one, d, m, m_two, output, parameters
from boundkit.library.melamed2023.theorem_5_1 import ALL_OPPOSE, absolute_output, theorem_5_1
from boundkit.model.proof import NonnegativeSum, Proof, Step
from boundkit.model.statement import Erratum, Hypothesis

FAILURE_TEX = r"5(me^{-c_\ell d/16} + d^{-1/2})"

printed = theorem_5_1.as_printed.substituted(
    FRACTIONS,
    name="corollary_5_1",
    place="Corollary 5.1, section 5",
    parameters=parameters(d, m, c_ell, c_k, output),
    words=(("c_ell d >= 32 (m - 1) log(m^2 d)", r"c_\ell d \geq 32(m - 1) \log(m^2 d)"),),
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
    claims=absolute_output(printed.claims),
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
        spends=(spend_at_fractions(theorem_5_1),),
        steps=(Step(c_k > 0, NonnegativeSum(((1 / m, active), (1 / m,)))),),
    ),
    parameters=parameters(d, m_two, c_ell, c_k_but_one, output),
    add=(
        Hypothesis("c_k m >= 1", active, r"c_k m \geq 1"),
        LABELLED,
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
