"""Lemma B.1: a Gaussian vector is not short.

The squared length of w/sigma is a chi-square variable with n degrees of freedom. Laurent and Massart's bound
for its lower tail, P[n - chi2_n >= 2 sqrt(n t)] <= e^(-t), at t = n/16 says that it falls below half its mean
with probability at most e^(-n/16).
"""

from sympy import Eq, Piecewise, Rational, exp, log

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import SUM
from boundkit.library.melamed2023.notation import CHI_SQUARE, LENGTH, X, n, norm_squared, parameters, sigma, sigma_any
from boundkit.model.proof import Chernoff, Fact, Logs, NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import Erratum, assumed
from boundkit.tails import chi_square_at_most

short = chi_square_at_most(n, Rational(1, 2))
not_short = spend(short, {X: X}, because=CHI_SQUARE)
rate = exp(-n * (log(2) - Rational(1, 2)) / 2)

ZERO_LENGTH = Erratum(
    "E21",
    "any sigma",
    "sigma > 0: at sigma = 0 the length is 0 and meets the bound 0 with probability 1",
    "degenerate case",
    witness=(("n", 16), ("sigma", 0)),
    brief="sigma > 0",
)

printed = Statement(
    name="lemma_b_1",
    place="Lemma B.1, appendix B",
    parameters=parameters(n, sigma_any),
    quantities=parameters(norm_squared),
    hypotheses=(assumed("w ~ N(0, sigma^2 I_n)"),),
    claims=(norm_squared > sigma**2 * n / 2,),
    failure=exp(-n / 16),
    truth=Piecewise((1, Eq(sigma, 0)), (short, True)),
    text=(("bound", "sigma^2 n/2"), ("failure", "e^(-n/16)")),
    tex=(("bound", r"\frac{1}{2} \sigma^2 n"), ("failure", r"e^{-\frac{n}{16}}")),
    experiment=SUM,
    paper="melamed2023",
    depends_on=("classics.laurent_massart_lower",),
    doc=__doc__,
)

lemma_b_1 = printed.corrected(
    parameters=parameters(n, sigma),
    claims=(norm_squared >= sigma**2 * n / 2,),
    truth=short,
    proof=Proof(
        spends=(not_short,),
        parameters=parameters(X),
        steps=(
            Step(Eq(norm_squared, sigma**2 * X), Fact(LENGTH)),
            Step(norm_squared >= sigma**2 * n / 2, NonnegativeSum(((sigma**2, not_short.granted[0]),))),
        ),
        budget=(Step(short <= rate, Chernoff(Rational(1, 2))), Step(rate <= exp(-n / 16), Logs())),
    ),
    errata=(ZERO_LENGTH,),
)
