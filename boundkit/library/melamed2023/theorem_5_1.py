"""Theorem 5.1: one short step orthogonal to the data flips the label.

Walk along z = y0 alpha (sum of hat w_i over I-  -  sum of hat w_i over I+). Every neuron that opposes y0 gains
alpha |hat w_i|^2, about alpha ell/d, every one that supports it loses as much, and the cross terms are about
alpha sqrt(ell m)/d. Once ell is well above m log(m^2 d) no cross term turns a sign, and the k active opposing
neurons outweigh N(x0). The direction is the same for every x0 in P, up to the sign y0; only its length depends
on x0.
"""

from sympy import Abs, Eq, Rational, exp, log, sqrt
from sympy.core.relational import Relational

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import FLIP, FLIP_AS_PRINTED, witness
from boundkit.library.melamed2023.lemma_b_1 import lemma_b_1
from boundkit.library.melamed2023.lemma_c_1 import lemma_c_1
from boundkit.library.melamed2023.lemma_c_3 import lemma_c_3
from boundkit.library.melamed2023.notation import (
    BLIND,
    FIRST_LAYER,
    LABELLED,
    ON_SUBSPACE,
    OPPOSED,
    STANDARD,
    alpha,
    cross,
    d,
    ell,
    flipped,
    inner,
    k,
    k_but_one,
    k_opposing,
    m,
    m_two,
    move,
    n,
    norm_squared,
    norm_z,
    output,
    parameters,
    sigma,
    sigma_1,
    sigma_2,
    sum_squared,
    t,
    w_squared,
)
from boundkit.model.proof import Fact, Identity, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.model.statement import Erratum, Hypothesis
from boundkit.tails import chi_square_at_least, row_sum_at_most, row_sum_below_zero

ALL_OPPOSE = Erratum(
    "E25",
    "k may be m",
    "k <= m - 1, so m >= 2: with k = m no network has that N(x0)",
    "degenerate case",
    reason="all m neurons are active and oppose y0, so N(x0) has the other sign; the promise is about nothing",
    brief="k <= m - 1",
)
FAILURE_TEX = r"5(me^{-\ell/16} + d^{-1/2})"

printed = Statement(
    name="theorem_5_1",
    place="Theorem 5.1, section 5; proof in appendix C",
    parameters=parameters(d, ell, m, k_opposing, output),
    quantities=parameters(norm_z, flipped),
    hypotheses=(
        ON_SUBSPACE,
        STANDARD,
        FIRST_LAYER,
        Hypothesis(
            "ell >= 32 (m - 1) log(m^2 d)", ell >= 32 * (m - 1) * log(m**2 * d), r"\ell \geq 32(m - 1) \log(m^2 d)"
        ),
    ),
    claims=(norm_z <= 8 * sqrt(2) * output * m / k * sqrt(d / ell), flipped < 0),
    failure=5 * (m * exp(-ell / 16) + 1 / sqrt(d)),
    truth=(m - k) * row_sum_below_zero(ell, m)
    + row_sum_at_most(Rational(1, 8), ell, m / k)
    + chi_square_at_least(ell, 2),
    truth_is="upper bound",
    truth_assumes=(BLIND,),
    worst_case=(("k", 1),),
    depends_on=("theorem_a_1", "theorem_a_2", "lemma_b_1", "lemma_c_1", "lemma_c_3"),
    text=(("bound", "8 sqrt(2) N(x0) (m/k) sqrt(d/ell)"), ("failure", "5 (m e^(-ell/16) + d^(-1/2))")),
    tex=(
        ("bound", r"8\sqrt{2}N(x_0) \cdot \frac{m}{k_{y_0}} \cdot \sqrt{\frac{d}{\ell}}"),
        ("failure", FAILURE_TEX),
    ),
    errata=(
        Erratum(
            "E7",
            "w.p. at least 1 - e^(-ell/16) + 2/(m sqrt(d)), in the proof",
            "the last sign is a minus",
            "proof only",
            reason="a union bound adds failures; the display after it subtracts both",
        ),
        Erratum(
            "E8",
            "1 - 5 (m e^(-ell/16) + d^(-1/2))",
            "1 - (2m + 1) e^(-ell/16) - 2 d^(-1/2), by the proof's own union bound",
            "loose",
            reason="I- and I+ partition the m neurons, so each lemma is spent m times, not 2m; "
            "with P[|Z| >= x] <= e^(-x^2/2) the last term is d^(-1/2)",
        ),
        Erratum(
            "E12",
            "+ alpha <w_i, sum of sign(u_j) w_j>, in the first displays for I- and for I+",
            "a minus in both",
            "proof only",
            reason="harmless: the law of the sum is symmetric",
        ),
        Erratum(
            "E23",
            "one universal direction; does not depend on x0; at any x0 in P; ell = Omega(M)",
            "universal up to the sign y0; x0 independent of the off-subspace weights; Omega(m)",
            "typo",
            reason="the text of section 5 beside the theorem",
        ),
    ),
    experiment=FLIP_AS_PRINTED,
    paper="melamed2023",
    doc=__doc__,
)


def absolute_output(claims: tuple[Relational, ...]) -> tuple[Relational, ...]:
    """The claims with |N(x0)| for N(x0)."""
    return tuple(claim.xreplace({output: Abs(output)}) for claim in claims)


absolute = printed.corrected(
    experiment=FLIP,
    claims=absolute_output(printed.claims),
    text=(("bound", "8 sqrt(2) |N(x0)| (m/k) sqrt(d/ell)"), ("failure", "5 (m e^(-ell/16) + d^(-1/2))")),
    tex=(
        ("bound", r"8\sqrt{2}|N(x_0)| \cdot \frac{m}{k_{y_0}} \cdot \sqrt{\frac{d}{\ell}}"),
        ("failure", FAILURE_TEX),
    ),
    errata=(
        Erratum(
            "E2",
            "alpha and the bound use N(x0)",
            "|N(x0)|: for y0 = -1 the printed z points the wrong way",
            "wrong formula",
            witness=(("d", 10**6), ("ell", 9 * 10**5), ("m", 10), ("k", 3), ("output", -1)),
            simulation=witness("printed_alpha"),
            brief="|N(x0)| for N(x0)",
        ),
    ),
)

wide = printed.hypotheses[3].relation
step_size = 8 * sqrt(m) * d * Abs(output) / (ell * k)
rarely = exp(-ell / 16)
total = (2 * m + 1) * rarely + 2 / sqrt(d)

long = spend(
    lemma_b_1,
    {n: ell, sigma: 1 / sqrt(d)},
    {norm_squared: w_squared},
    count=m,
    because="each hat w_i is N(0, I_ell/d): training does not move it (Theorem A.2)",
)
nearly_orthogonal = spend(
    lemma_c_3,
    {n: ell, sigma_1: 1 / sqrt(d), sigma_2: sqrt(m - 1) / sqrt(d), t: sqrt((m - 1) * log(m**2 * d)) / sqrt(d)},
    {inner: cross},
    count=m,
    because="sum_{j != i} sign(u_j) hat w_j is N(0, (m - 1) I_ell/d) and independent of hat w_i",
)
not_long = spend(
    lemma_c_1,
    {n: ell, sigma: sqrt(m / d)},
    {norm_squared: sum_squared},
    because="sum_j sign(u_j) hat w_j is N(0, m I_ell/d)",
)

small_cross = nearly_orthogonal.granted[0].rhs <= ell / (4 * d)
moved = move >= alpha * ell / (4 * d)
lifted = flipped <= Abs(output) - k * move / sqrt(m)

theorem_5_1 = absolute.corrected(
    proof=Proof(
        spends=(long, nearly_orthogonal, not_long),
        parameters=parameters(w_squared, cross, sum_squared, move),
        let=((alpha, step_size),),
        steps=(
            Step(
                small_cross, Squares(((ell / (16 * d**2), wide),)), "the hypothesis on ell makes the cross terms small"
            ),
            Step(
                Eq(move, alpha * (w_squared - cross)),
                Fact("every opposing input rises by at least this move, and every supporting one falls by it"),
            ),
            Step(
                moved,
                NonnegativeSum(((alpha, *long.granted), (alpha, *nearly_orthogonal.granted), (alpha, small_cross))),
            ),
            Step(
                lifted, Fact("ReLU rises with its input, and only the k active opposing neurons are counted", (moved,))
            ),
            Step(
                flipped < 0,
                NonnegativeSum(((lifted,), (k / sqrt(m), moved), (Abs(output),))),
                "y0 N(x0 + z) is at most -|N(x0)|",
            ),
            Step(Eq(norm_z, alpha * sqrt(sum_squared)), Fact("z = -y0 alpha sum_j sign(u_j) hat w_j")),
            Step(norm_z <= absolute.bound, Squares(((alpha**2, *not_long.granted),))),
        ),
        budget=(
            Step(Eq(m * rarely + m * (rarely + 2 * exp(-log(m**2 * d) / 2)) + rarely, total), Identity()),
            Step(total <= absolute.failure, NonnegativeSum(), "2m + 1 <= 3m"),
        ),
    ),
    parameters=parameters(d, ell, m_two, k_but_one, output),
    add=(OPPOSED, LABELLED),
    errata=(
        Erratum(
            "E13",
            "k may be 0, N(x0) may be 0",
            "k >= 1 and N(x0) != 0: otherwise alpha is not defined",
            "missing hypothesis",
            witness=(("d", 10**6), ("ell", 9 * 10**5), ("m", 10), ("k", 0), ("output", 1)),
            brief="k >= 1, N(x0) != 0",
        ),
        ALL_OPPOSE,
    ),
)
