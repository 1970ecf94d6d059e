"""Best Lemma B.1: the same with the best constant, (log(2) - 1/2)/2 = 0.0966 for 1/16 = 0.0625.

Chernoff's bound at half the mean holds for every n. No larger constant does: the probability is e^(-n (log(2) - 1/2)/2)
over sqrt(pi n), up to a factor 2 (chi-square two-sided), so any faster decay is too fast for n large.
"""

from sympy import Eq, Rational, exp, log

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.lemma_b_1 import lemma_b_1, not_short, short
from boundkit.library.melamed2023.notation import LENGTH, X, n, norm_squared, parameters, sigma
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Step

failure = exp(-n * (log(2) - Rational(1, 2)) / 2)

lemma_b_1_best = Statement(
    name="lemma_b_1_best",
    place="Best Lemma B.1",
    parameters=lemma_b_1.parameters,
    quantities=lemma_b_1.quantities,
    hypotheses=lemma_b_1.hypotheses,
    claims=lemma_b_1.claims,
    failure=failure,
    truth=short,
    proof=Proof(
        spends=(not_short,),
        parameters=parameters(X),
        steps=(
            Step(Eq(norm_squared, sigma**2 * X), Fact(LENGTH)),
            Step(norm_squared >= sigma**2 * n / 2, NonnegativeSum(((sigma**2, not_short.granted[0]),))),
        ),
        budget=(Step(short <= failure, Chernoff(Rational(1, 2))),),
    ),
    text=(("bound", "sigma^2 n/2"), ("failure", "e^(-n (log(2) - 1/2)/2)")),
    tex=(("bound", r"\frac{1}{2} \sigma^2 n"), ("failure", r"e^{-n \cdot (\log(2) - \frac{1}{2})/2}")),
    experiment=lemma_b_1.experiment,
    paper="beyond",
    sharpens=(("lemma_b_1", ()),),
    doc=__doc__,
)
