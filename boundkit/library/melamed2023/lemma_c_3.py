"""Lemma C.3: two independent Gaussian vectors are nearly orthogonal.

Either |u| is at least sigma_1 sqrt(2n), which Lemma C.1 makes rare, or Lemma C.2 with that u bounds the inner
product by sigma_1 sqrt(2n) t. The paper prints sqrt(2 n t) and proves, and later uses, sqrt(2n) t.
"""

from sympy import Eq, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import INNER
from boundkit.library.melamed2023.lemma_c_1 import lemma_c_1
from boundkit.library.melamed2023.lemma_c_2 import lemma_c_2
from boundkit.library.melamed2023.notation import (
    inner,
    n,
    norm_squared,
    norm_u,
    norm_u_positive,
    parameters,
    r,
    r_pair,
    sigma,
    sigma_1,
    sigma_2,
    t,
    u_squared,
)
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.model.statement import Erratum, assumed
from boundkit.tails import correlated_inner_product_at_least, inner_product_at_least

printed = Statement(
    name="lemma_c_3",
    place="Lemma C.3, appendix C",
    parameters=parameters(n, sigma_1, sigma_2, t, r_pair),
    quantities=parameters(inner),
    hypotheses=(assumed("u ~ N(0, sigma_1^2 I_n) and v ~ N(0, sigma_2^2 I_n)"),),
    claims=(inner < sigma_1 * sqrt(2 * n * t),),
    failure=exp(-n / 16) + 2 * exp(-(t**2) / (2 * sigma_2**2)),
    truth=correlated_inner_product_at_least(sqrt(2 * n * t) / sigma_2, n, r),
    depends_on=("lemma_c_1", "lemma_c_2"),
    text=(("bound", "sigma_1 sqrt(2 n t)"), ("failure", "e^(-n/16) + 2 e^(-t^2/(2 sigma_2^2))")),
    tex=(("bound", r"\sigma_1 \sqrt{2nt}"), ("failure", r"e^{-n/16} + 2e^{-t^2/2\sigma_2^2}")),
    experiment=INNER,
    paper="melamed2023",
    doc=__doc__,
)

threshold = printed.corrected(
    claims=(inner < sigma_1 * sqrt(2 * n) * t,),
    truth=correlated_inner_product_at_least(sqrt(2 * n) * t / sigma_2, n, r),
    text=(("bound", "sigma_1 sqrt(2 n) t"), ("failure", "e^(-n/16) + 2 e^(-t^2/(2 sigma_2^2))")),
    tex=(("bound", r"\sigma_1 \sqrt{2n}\, t"), ("failure", r"e^{-n/16} + 2e^{-t^2/2\sigma_2^2}")),
    errata=(
        Erratum(
            "E3",
            "|<u, v>| < sigma_1 sqrt(2 n t)",
            "|<u, v>| < sigma_1 sqrt(2 n) t, which the proof gives and uses",
            "wrong formula",
            witness=(("n", 100), ("sigma_1", 1), ("sigma_2", 5), ("t", 25), ("r", 0)),
            brief="sqrt(2 n) t for sqrt(2 n t)",
        ),
    ),
)

not_long = spend(lemma_c_1, {sigma: sigma_1}, {norm_squared: u_squared}, because="u is N(0, sigma_1^2 I_n)")
small = spend(
    lemma_c_2,
    {sigma: sigma_2},
    given=(norm_u,),
    because="given u, which is not 0 almost surely, v is N(0, sigma_2^2 I_n)",
    needs=("u and v are independent",),
)
longest = norm_u <= sigma_1 * sqrt(2 * n)

lemma_c_3 = threshold.corrected(
    fixed={r: 0},
    proof=Proof(
        spends=(not_long, small),
        parameters=parameters(norm_u_positive, u_squared),
        steps=(
            Step(Eq(norm_u, sqrt(u_squared)), Fact("|u| is the root of |u|^2")),
            Step(longest, Squares((not_long.granted,))),
            Step(inner < sigma_1 * sqrt(2 * n) * t, NonnegativeSum((small.granted, (t, longest)))),
        ),
    ),
    truth=inner_product_at_least(sqrt(2 * n) * t / sigma_2, n),
    add=(assumed("u and v are independent"),),
    errata=(
        Erratum(
            "E4",
            "independence is not assumed",
            "independent u and v: with v = u the product is a squared length",
            "missing hypothesis",
            witness=(("n", 64), ("sigma_1", 1), ("sigma_2", 1), ("t", 3), ("r", 1)),
            brief="u and v are independent",
        ),
    ),
)
