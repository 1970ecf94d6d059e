"""Best Lemma C.1: the same with the best constant, (1 - log(2))/2 = 0.1534 for 1/16 = 0.0625.

Chernoff's bound at twice the mean holds for every n. No larger constant does: the probability is e^(-n (1 - log(2))/2)
over sqrt(pi n), up to a factor 3 (chi-square two-sided above), so any faster decay is too fast for n large.
"""

from sympy import Eq, Rational, exp, log

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.lemma_c_1 import lemma_c_1, long, not_long
from boundkit.library.melamed2023.notation import LENGTH, X, n, norm_squared, parameters, sigma
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Step

failure = exp(-n * (1 - log(2)) / 2)

lemma_c_1_best = Statement(
    name="lemma_c_1_best",
    place="Best Lemma C.1",
    parameters=lemma_c_1.parameters,
    quantities=lemma_c_1.quantities,
    hypotheses=lemma_c_1.hypotheses,
    claims=lemma_c_1.claims,
    failure=failure,
    truth=long,
    proof=Proof(
        spends=(not_long,),
        parameters=parameters(X),
        steps=(
            Step(Eq(norm_squared, sigma**2 * X), Fact(LENGTH)),
            Step(norm_squared <= 2 * sigma**2 * n, NonnegativeSum(((sigma**2, not_long.granted[0]),))),
        ),
        budget=(Step(long <= failure, Chernoff(Rational(1, 4))),),
    ),
    text=(("bound", "2 sigma^2 n"), ("failure", "e^(-n (1 - log(2))/2)")),
    tex=(("bound", r"2\sigma^2 n"), ("failure", r"e^{-n \cdot (1 - \log(2))/2}")),
    experiment=lemma_c_1.experiment,
    paper="beyond",
    sharpens=(("lemma_c_1", ()),),
    doc=__doc__,
)
