"""Lemma B.2: a sum of independent Gaussian vectors is not short.

The sum of m independent vectors N(0, sigma^2 I_n) is one vector N(0, m sigma^2 I_n), and Lemma B.1 applies to
it. Without independence, which the paper's proof uses and its lemma does not state, the sum may vanish.
"""

from sympy import Eq, Or, Piecewise, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import SUM
from boundkit.library.melamed2023.lemma_b_1 import lemma_b_1
from boundkit.library.melamed2023.notation import m, n, norm_squared_of_sum, parameters, r, sigma, sigma_any
from boundkit.model.proof import Proof, Spend, spend
from boundkit.model.statement import Erratum, StatementRecord, assumed
from boundkit.tails import chi_square_at_most

INDEPENDENT = assumed("the w_i are independent")
ZERO_SUM = Erratum(
    "E21",
    "any sigma",
    "sigma > 0: at sigma = 0 the sum is 0 and meets the bound 0 with probability 1",
    "degenerate case",
    witness=(("n", 16), ("m", 2), ("sigma", 0)),
    brief="sigma > 0",
)
squared = norm_squared_of_sum.symbol


def one_vector(lemma: StatementRecord) -> Spend:
    """A lemma on one vector, spent on the sum of m."""
    return spend(
        lemma,
        {sigma: sqrt(m) * sigma},
        because="the sum of the w_i is one vector N(0, m sigma^2 I_n)",
        needs=(INDEPENDENT.text,),
    )


printed = Statement(
    name="lemma_b_2",
    place="Lemma B.2, appendix B",
    parameters=parameters(n, m, sigma_any, r),
    quantities=(norm_squared_of_sum,),
    hypotheses=(assumed("each w_i ~ N(0, sigma^2 I_n)"),),
    claims=(squared > m * sigma**2 * n / 2,),
    failure=exp(-n / 16),
    truth=Piecewise(
        (1, Or(Eq(sigma, 0), Eq((m - 1) * r, -1))), (chi_square_at_most(n, 1 / (2 * (1 + (m - 1) * r))), True)
    ),
    depends_on=("lemma_b_1",),
    text=(("bound", "m sigma^2 n/2"), ("failure", "e^(-n/16)")),
    tex=(("bound", r"\frac{1}{2} m \sigma^2 n"), ("failure", r"e^{-\frac{n}{16}}")),
    experiment=SUM,
    paper="melamed2023",
    doc=__doc__,
)

independent = printed.corrected(
    fixed={r: 0},
    add=(INDEPENDENT,),
    errata=(
        Erratum(
            "E4",
            "independence is not assumed",
            "independent w_i: with w_2 = -w_1 the sum is 0",
            "missing hypothesis",
            witness=(("n", 16), ("m", 2), ("sigma", 1), ("r", -1)),
            brief="the w_i are independent",
        ),
    ),
)

whole = one_vector(lemma_b_1)

lemma_b_2 = independent.corrected(
    parameters=parameters(n, m, sigma),
    claims=whole.granted,
    truth=lemma_b_1.truth,
    proof=Proof(spends=(whole,)),
    errata=(ZERO_SUM,),
)
