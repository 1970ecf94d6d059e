"""Any-data gradient: the gradient's law at any point of R^d, orthogonally to any r training points and a tangent space.

Let E be orthogonal to the r training points, to x0 and to a tangent space of dimension D at x0. There is such an E of
dimension h = d - r - 1 - D, whatever the data are. Training leaves the weights in E Gaussian, and what is seen at x0
does not depend on them, so the part of the gradient in E is b sqrt(k/m) chi_h long, exactly. What is longer than that
in E is longer in the whole orthogonal complement of the tangent space: the lower bound passes on to it, the upper one
does not. x0's own direction has to be left out of E, or x0 to lie on P.
"""

from dataclasses import replace

from sympy import Eq, Piecewise

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import ANY_DATA_GRADIENT
from boundkit.library.beyond.gradient_interval import DERIVATIVE, FAILURE, OUTSIDE, active, gradient_interval
from boundkit.library.beyond.notation import ANY_DATA, D, parameters, points, shrink, words
from boundkit.library.melamed2023.notation import FIRST_LAYER, d, ell, k, m, norm_gradient
from boundkit.model.proof import Proof, spend
from boundkit.model.statement import Hypothesis

h = d - points - 1 - D
roomy = Hypothesis("d - points - 1 - D >= 1", h >= 1, r"d - r - 1 - D \geq 1")
SETTING = (*ANY_DATA, FIRST_LAYER, DERIVATIVE)
(quantity,) = parameters(norm_gradient)
in_e = spend(
    gradient_interval,
    {ell: h},
    because="Lemma 0 of docs/beyond.md with E for the orthogonal complement of P: x0 is orthogonal to E",
    needs=words(*SETTING),
)

any_data_gradient = Statement(
    name="any_data_gradient",
    place="Any-data gradient",
    parameters=parameters(d, points, D, m, active, shrink),
    quantities=(
        replace(
            quantity,
            meaning="the length of the part of N's gradient at x0 that lies in E",
            text="|gradient in E|",
            tex=r"\left\| \Pi_E \frac{\partial N(x_0)}{\partial x} \right\|",
        ),
    ),
    hypotheses=(*SETTING, roomy),
    claims=in_e.granted,
    failure=FAILURE.subs(ell, h),
    truth=Piecewise((0, Eq(k, 0)), (OUTSIDE.subs(ell, h), True)),
    proof=Proof(spends=(in_e,)),
    worst_case=(("k", 1),),
    depends_on=("gradient_interval",),
    text=(
        ("bound", "shrink sqrt(k (d - points - 1 - D)/(2 m d))"),
        ("bound_2", "shrink sqrt(2 k (d - points - 1 - D)/(m d))"),
        ("failure", "e^(-(d - points - 1 - D) (log(2) - 1/2)/2) + e^(-(d - points - 1 - D) (1 - log(2))/2)"),
    ),
    tex=(
        ("bound", r"s \cdot \sqrt{\frac{k \cdot (d - r - 1 - D)}{2md}}"),
        ("bound_2", r"s \cdot \sqrt{\frac{2k \cdot (d - r - 1 - D)}{md}}"),
        ("failure", r"e^{-(d - r - 1 - D)(\log(2) - \frac{1}{2})/2} + e^{-(d - r - 1 - D)(1 - \log(2))/2}"),
    ),
    experiment=ANY_DATA_GRADIENT,
    paper="beyond",
    doc=__doc__,
)
