"""Normal tail: one constant is enough, P[|Z| >= t] <= e^(-t^2/2), where the paper's Lemma C.2 has 2.

The difference of the two sides is 0 at t = 0, rises up to t = sqrt(2/pi), and falls to 0 from there on, so it is
never negative. With it the union bound in the proof of Theorem 5.1 costs d^(-1/2) instead of 2 d^(-1/2) (E8).
"""

from sympy import Lt, exp, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import NORMAL
from boundkit.library.melamed2023.notation import Z, parameters, t
from boundkit.model.proof import Proof, Step, Unimodal, spend
from boundkit.model.statement import assumed
from boundkit.tails import normal_two_sided

tail = normal_two_sided(t)
small = spend(tail, {Z: Z}, because="|Z| is the size of a standard normal variable")

normal_tail = Statement(
    name="normal_tail",
    place="Normal tail",
    parameters=parameters(t),
    quantities=parameters(Z),
    hypotheses=(assumed("Z ~ N(0, 1)"),),
    claims=(Lt(Z, t),),
    failure=exp(-(t**2) / 2),
    truth=tail,
    proof=Proof(
        spends=(small,),
        steps=(Step(Lt(Z, t)),),
        budget=(Step(tail <= exp(-(t**2) / 2), Unimodal(t, sqrt(2 / pi))),),
    ),
    text=(("failure", "e^(-t^2/2)"),),
    tex=(("failure", r"e^{-t^2/2}"),),
    experiment=NORMAL,
    paper="beyond",
    doc=__doc__,
)
