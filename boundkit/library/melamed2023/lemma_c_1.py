"""Lemma C.1: a Gaussian vector is not long.

The squared length of w/sigma is a chi-square variable with n degrees of freedom. Laurent and Massart's bound
for its upper tail, P[chi2_n - n >= 2 sqrt(n t) + 2 t] <= e^(-t), at t = n/16 covers 5n/8 above the mean, so
twice the mean is exceeded with probability at most e^(-n/16).
"""

from sympy import Eq, Piecewise, Rational, exp, log

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import SUM
from boundkit.library.melamed2023.lemma_b_1 import ZERO_LENGTH
from boundkit.library.melamed2023.notation import CHI_SQUARE, LENGTH, X, n, norm_squared, parameters, sigma, sigma_any
from boundkit.model.proof import Chernoff, Fact, Logs, NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import assumed
from boundkit.tails import chi_square_at_least

long = chi_square_at_least(n, 2)
not_long = spend(long, {X: X}, because=CHI_SQUARE)
rate = exp(-n * (1 - log(2)) / 2)

printed = Statement(
    name="lemma_c_1",
    place="Lemma C.1, appendix C",
    parameters=parameters(n, sigma_any),
    quantities=parameters(norm_squared),
    hypotheses=(assumed("w ~ N(0, sigma^2 I_n)"),),
    claims=(norm_squared < 2 * sigma**2 * n,),
    failure=exp(-n / 16),
    truth=Piecewise((1, Eq(sigma, 0)), (long, True)),
    text=(("bound", "2 sigma^2 n"), ("failure", "e^(-n/16)")),
    tex=(("bound", r"2\sigma^2 n"), ("failure", r"e^{-\frac{n}{16}}")),
    experiment=SUM,
    paper="melamed2023",
    depends_on=("classics.laurent_massart_upper",),
    doc=__doc__,
)

lemma_c_1 = printed.corrected(
    parameters=parameters(n, sigma),
    claims=(norm_squared <= 2 * sigma**2 * n,),
    truth=long,
    proof=Proof(
        spends=(not_long,),
        parameters=parameters(X),
        steps=(
            Step(Eq(norm_squared, sigma**2 * X), Fact(LENGTH)),
            Step(norm_squared <= 2 * sigma**2 * n, NonnegativeSum(((sigma**2, not_long.granted[0]),))),
        ),
        budget=(Step(long <= rate, Chernoff(Rational(1, 4))), Step(rate <= exp(-n / 16), Logs())),
    ),
    errata=(ZERO_LENGTH,),
)
