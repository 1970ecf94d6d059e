"""Class flip: many classes, and a direction for each two of them along which one draws level with the other.

For classes y and c the network N = N_y - N_c has one output, with output weights U_y - U_c and the same first layer, so
flip any output holds for it. Its direction is that of the pair, up to the sign: K (K - 1)/2 directions serve all pairs
of K classes, at every x0 of R^d at once, and a union bound over the pairs all their lengths. c draws level with y or
passes it; it need not win, as a third class may be ahead of both. For a pair that is fixed in advance, pairs = 1, the
law is exact.
"""

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import CLASSES
from boundkit.library.beyond.flip_any_output import flip_any_output
from boundkit.library.beyond.notation import OF_PAIR, pairs, parameters
from boundkit.model.proof import Proof, spend

each_pair = spend(
    flip_any_output,
    count=pairs,
    because="N_y - N_c is a network of one output with the same first layer; for N_c - N_y the direction is opposite",
    needs=(OF_PAIR.text, *flip_any_output.assumed),
)
texts, formulas = dict(flip_any_output.text), dict(flip_any_output.tex)

class_flip = Statement(
    name="class_flip",
    place="Class flip",
    parameters=(*flip_any_output.parameters[:3], *parameters(pairs), *flip_any_output.parameters[3:]),
    quantities=flip_any_output.quantities,
    hypotheses=(OF_PAIR, *flip_any_output.hypotheses),
    claims=flip_any_output.claims,
    failure=pairs * flip_any_output.failure,
    truth=pairs * flip_any_output.truth,
    truth_is="upper bound",
    attained="pairs = 1",
    proof=Proof(spends=(each_pair,)),
    depends_on=("flip_any_output",),
    text=tuple({**texts, "failure": f"pairs {texts['failure']}"}.items()),
    tex=tuple({**formulas, "failure": rf"p \cdot {formulas['failure']}"}.items()),
    experiment=CLASSES,
    paper="beyond",
    doc=__doc__,
)
