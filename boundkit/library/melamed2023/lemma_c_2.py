"""Lemma C.2: a Gaussian vector has a small component along any fixed direction.

Rotate u onto the first axis: the component of v along it is one Gaussian variable of standard deviation sigma,
and P[|Z| >= x] <= 2 e^(-x^2/2). With u = 0 there is no direction: 0 >= 0 holds for every t.
"""

from sympy import Eq, Piecewise, exp

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import PROJECTION
from boundkit.library.melamed2023.notation import Z, inner, norm_u, parameters, sigma, t
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import Erratum, Hypothesis, assumed
from boundkit.tails import normal_two_sided

printed = Statement(
    name="lemma_c_2",
    place="Lemma C.2, appendix C",
    parameters=parameters(norm_u, sigma, t),
    quantities=parameters(inner),
    hypotheses=(assumed("u is fixed and v ~ N(0, sigma^2 I_n)"),),
    claims=(inner < norm_u * t,),
    failure=2 * exp(-(t**2) / (2 * sigma**2)),
    truth=Piecewise((1, Eq(norm_u, 0)), (normal_two_sided(t / sigma), True)),
    text=(("bound", "|u| t"), ("failure", "2 e^(-t^2/(2 sigma^2))")),
    tex=(("bound", r"\|u\| t"), ("failure", r"2 \exp \left( -\frac{t^2}{2\sigma^2} \right)")),
    experiment=PROJECTION,
    paper="melamed2023",
    doc=__doc__,
)

small = spend(normal_two_sided(t / sigma), {Z: Z}, because="<u, v> is N(0, |u|^2 sigma^2), and Z it over |u| sigma")

lemma_c_2 = printed.corrected(
    add=(Hypothesis("|u| > 0", norm_u > 0, r"u \neq 0"),),
    proof=Proof(
        spends=(small,),
        parameters=parameters(Z),
        steps=(
            Step(Eq(inner, norm_u * sigma * Z), Fact("|<u, v>| is |u| sigma |Z|")),
            Step(inner < norm_u * t, NonnegativeSum(((norm_u, sigma, small.granted[0]),))),
        ),
        budget=(Step(small.event <= printed.failure, Chernoff(t / sigma)),),
    ),
    errata=(
        Erratum(
            "E5",
            "any u",
            "u != 0: for u = 0 the probability is 1 at every t",
            "degenerate case",
            witness=(("norm_u", 0), ("sigma", 1), ("t", 2)),
            brief="u != 0",
        ),
    ),
)
