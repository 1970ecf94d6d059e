"""Lemma D.1: a sum of independent Gaussian vectors is not long.

The sum of m independent vectors N(0, sigma^2 I_n) is one vector N(0, m sigma^2 I_n), and Lemma C.1 applies to
it. Without independence, which the paper's proof uses and its lemma does not state, equal vectors add up.
"""

from sympy import Eq, Piecewise, exp

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import SUM
from boundkit.library.melamed2023.lemma_b_2 import INDEPENDENT, ZERO_SUM, one_vector
from boundkit.library.melamed2023.lemma_c_1 import lemma_c_1
from boundkit.library.melamed2023.notation import m, n, norm_squared_of_sum, parameters, r, sigma, sigma_any
from boundkit.model.proof import Proof
from boundkit.model.statement import Erratum, assumed
from boundkit.tails import chi_square_at_least

squared = norm_squared_of_sum.symbol

printed = Statement(
    name="lemma_d_1",
    place="Lemma D.1, appendix D",
    parameters=parameters(n, m, sigma_any, r),
    quantities=(norm_squared_of_sum,),
    hypotheses=(assumed("each w_i ~ N(0, sigma^2 I_n)"),),
    claims=(squared < 2 * m * sigma**2 * n,),
    failure=exp(-n / 16),
    truth=Piecewise((1, Eq(sigma, 0)), (0, Eq((m - 1) * r, -1)), (chi_square_at_least(n, 2 / (1 + (m - 1) * r)), True)),
    depends_on=("lemma_c_1",),
    text=(("bound", "2 m sigma^2 n"), ("failure", "e^(-n/16)")),
    tex=(("bound", r"2m\sigma^2 n"), ("failure", r"e^{-\frac{n}{16}}")),
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
            "independent w_i: two equal ones make the sum twice as long",
            "missing hypothesis",
            witness=(("n", 20), ("m", 2), ("sigma", 1), ("r", 1)),
            brief="the w_i are independent",
        ),
    ),
)

whole = one_vector(lemma_c_1)

lemma_d_1 = independent.corrected(
    parameters=parameters(n, m, sigma),
    claims=whole.granted,
    truth=lemma_c_1.truth,
    proof=Proof(spends=(whole,)),
    errata=(ZERO_SUM,),
)
