"""Remark 3.1: at margin gamma the loss pulls with |L'(gamma)| = 1/(1 + e^gamma), which is tiny from log(d)^2 on.

L(q) = log(1 + e^(-q)), so L'(q) = -e^(-q)/(1 + e^(-q)); at gamma >= log(d)^2 that is at most e^(-log(d)^2) =
d^(-log(d)), smaller than any inverse polynomial in d. Training effectively stops there.
"""

from fractions import Fraction

from sympy import Eq, S, exp, log

from boundkit.api.objects import Statement
from boundkit.library.melamed2023.experiments import SLOPE, witness
from boundkit.library.melamed2023.notation import d, gamma, parameters, slope
from boundkit.model.proof import Fact, Logs, NonnegativeSum, Proof, Step
from boundkit.model.statement import Erratum, Hypothesis

printed = Statement(
    name="remark_3_1",
    place="Remark 3.1, section 3.2",
    parameters=parameters(gamma, d),
    quantities=parameters(slope),
    hypotheses=(Hypothesis("gamma >= log(d)^2", gamma >= log(d) ** 2, r"\gamma \geq \log^2(d)"),),
    claims=(
        Eq(slope, gamma * exp(-gamma) / (1 + exp(-gamma))),
        slope <= log(d) ** 2 * d ** (-log(d)),
    ),
    failure=S.Zero,
    truth=1 / (1 + exp(gamma)),
    text=(("bound", "gamma e^(-gamma)/(1 + e^(-gamma))"),),
    tex=(("bound", r"\left| \frac{-qe^{-q}}{1+e^{-q}} \right|"),),
    errata=(
        Erratum(
            "E20",
            "the margin is O(log^2(d)); smaller than any polynomial",
            "where eta |x|^2 is polylogarithmic; smaller than any inverse polynomial",
            "missing hypothesis",
            reason="one large step can jump past log^2(d): it needs a trained network to see",
            simulation=witness("one_large_step"),
            brief="eta |x|^2 is polylogarithmic",
        ),
    ),
    experiment=SLOPE,
    paper="melamed2023",
    doc=__doc__,
)

derivative = printed.corrected(
    claims=(Eq(slope, exp(-gamma) / (1 + exp(-gamma))), printed.claims[1]),
    text=(("bound", "e^(-gamma)/(1 + e^(-gamma))"),),
    tex=(("bound", r"\frac{e^{-\gamma}}{1+e^{-\gamma}}"),),
    errata=(
        Erratum(
            "E1",
            "|L'(q)| = q e^(-q)/(1 + e^(-q))",
            "e^(-q)/(1 + e^(-q)), without the factor q",
            "wrong formula",
            witness=(("gamma", 2), ("d", 1)),
            brief="no factor q",
        ),
    ),
)

at_margin = derivative.bound
decays = exp(-gamma) <= d ** (-log(d))
wide = printed.hypotheses[0].relation
loss = log(1 + exp(-gamma))

remark_3_1 = derivative.corrected(
    proof=Proof(
        steps=(
            Step(Eq(slope, -loss.diff(gamma)), Fact("L(q) = log(1 + e^(-q))")),
            Step(slope <= exp(-gamma), NonnegativeSum(((exp(-gamma), at_margin),))),
            Step(decays, Logs(((wide,),))),
            Step(slope <= d ** (-log(d)), NonnegativeSum(((slope <= exp(-gamma),), (decays,)))),
        ),
    ),
    claims=(derivative.claims[0], slope <= d ** (-log(d))),
    errata=(
        Erratum(
            "E1",
            "|L'(log(d)^2)| <= log(d)^2 d^(-log(d))",
            "<= d^(-log(d)); the printed factor is below 1 at d = 1 and d = 2",
            "wrong formula",
            witness=(("gamma", Fraction("0.481")), ("d", 2)),
            brief="no factor log(d)^2",
        ),
    ),
)
