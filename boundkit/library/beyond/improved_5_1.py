"""Improved Theorem 5.1: its direction takes the label of every x0 in R^d, with better constants, for any c and a.

It is the sharpened theorem everywhere where ell >= (c/(c - 1))^2 (m + 1) log(m^2 d). Chernoff's bound for one row sum
at theta = (1 - 1/c)/(m + 1) in place of the best one, with log(1 + y) >= y - y^2/2, has the exponent
(1 - 1/c)^2/(2 (m + 1)) at least, so m row sums cost at most m e^(-log(m^2 d)/2) = d^(-1/2). With c = 8 and a = 2 the
hypothesis is ell >= 1.31 (m + 1) log(m^2 d) where the paper has 32 (m - 1), the length is the paper's with m/(k + 1)
for m/k, and the failure probability has 1 for 5. Where k >= 1 the label flips; where k = 0 it is lost.
"""

from sympy import Eq, Rational, exp, log, sqrt

from boundkit.api.objects import Statement
from boundkit.engine.proof.chernoff import chi_square_steps
from boundkit.library.beyond.experiments import EVERYWHERE
from boundkit.library.beyond.notation import UNTRAINED, a, c, parameters, spread
from boundkit.library.beyond.sharpened_5_1_everywhere import (
    CLAIMS,
    PARAMETERS,
    STEPS,
    all_high,
    low,
    not_long,
    sharpened_5_1_everywhere,
    truth,
)
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, ell, m
from boundkit.model.proof import Chernoff, Fact, Logs, NonnegativeSum, Proof, Step, Unimodal
from boundkit.model.statement import Hypothesis
from boundkit.tails import chi_square_rate

wide = Hypothesis(
    "ell >= (c/(c - 1))^2 (m + 1) log(m^2 d)",
    ell >= (c / (c - 1)) ** 2 * (m + 1) * log(m**2 * d),
    r"\ell \geq \left(\frac{c}{c - 1}\right)^2 (m + 1) \log(m^2 d)",
)
failure = 1 / sqrt(d) + exp(-ell * chi_square_rate(a))

theta, v = (1 - 1 / c) / (m + 1), m - 1
inside = 1 + 2 * theta - v * theta**2
small, finite = v * theta <= 1, inside > 0
bent = log(1 + spread) >= spread - spread**2 / 2
exponent = log(inside) / 2 - theta / c
lasting = exponent >= (1 - 1 / c) ** 2 / (2 * (m + 1))
rate, allowed = exp(-ell * exponent), 1 / (m * sqrt(d))
by_chernoff, rarely = low <= rate, rate <= allowed
by_chi_square = chi_square_steps(ell, a)

improved_5_1 = Statement(
    name="improved_5_1",
    place="Improved Theorem 5.1",
    parameters=sharpened_5_1_everywhere.parameters,
    quantities=sharpened_5_1_everywhere.quantities,
    hypotheses=(*UNTRAINED, FIRST_LAYER, LABELLED, wide),
    claims=CLAIMS,
    failure=failure,
    truth=truth,
    proof=Proof(
        spends=(all_high, not_long),
        parameters=(*PARAMETERS, *parameters(spread)),
        steps=(
            *STEPS,
            Step(small, NonnegativeSum(((2 / (m + 1),), (v, 1 / (c * (m + 1)))))),
            Step(finite, NonnegativeSum(((1,), (theta,), (theta, small))), "where the cumulant is finite"),
            Step(Eq(spread, 2 * theta - v * theta**2), Fact("by definition of spread")),
            Step(bent, Unimodal(spread)),
            Step(lasting, NonnegativeSum(((Rational(1, 2), bent), (v, theta**3, 1 - v * theta / 4)))),
            Step(by_chernoff, Chernoff(theta)),
            Step(rarely, Logs(((ell, lasting), ((1 - 1 / c) ** 2 / (2 * (m + 1)), wide.relation)))),
            *by_chi_square,
        ),
        budget=(
            Step(truth <= failure, NonnegativeSum(((m, by_chernoff), (m, rarely), (by_chi_square[-1].relation,)))),
        ),
    ),
    truth_is="upper bound",
    depends_on=("sharpened_5_1_everywhere",),
    text=(*sharpened_5_1_everywhere.text[:2], ("failure", "1/sqrt(d) + e^(-ell chi_square_rate(a))")),
    tex=(*sharpened_5_1_everywhere.tex[:2], ("failure", r"\frac{1}{\sqrt{d}} + e^{-\ell \cdot \kappa(a)}")),
    experiment=EVERYWHERE,
    paper="beyond",
    doc=__doc__,
)
