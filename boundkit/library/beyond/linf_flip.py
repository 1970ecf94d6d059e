"""L-infinity flip: the signs of the paper's direction move every neuron the right way, each pixel by the same amount.

Let ell pixels be 0 in every training input. With s_v = sum_j sign(u_j) hat w_j/b the step z = -y0 eps sign(s_v) moves
input i the right way by eps b X_i, X_i = <v_i, sign(s_v)>, a sum over the pixels of independent |Z|/sqrt(m) +
sqrt(1 - 1/m) g with the mean sqrt(2/(pi m)). If every X_i is above the c-th part of its mean, every label is lost, at
every x0 of R^d. Below its mean a pixel's move is no wilder than a normal variable of its own variance, 1 - 2/(pi m):
hence the exponent. Nothing is random in the size of z.
"""

from dataclasses import replace

from sympy import Abs, erfc, exp, log, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import LINF
from boundkit.library.beyond.notation import (
    FREE_PIXELS,
    UNTRAINED,
    c,
    least,
    moved_back,
    norm_inf,
    parameters,
    shrink,
    words,
)
from boundkit.library.beyond.sign_laws import sign_move_at_most
from boundkit.library.beyond.universal_flip import factor
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, ell, flipped, k, m, output
from boundkit.model.proof import Chernoff, Fact, Logs, NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import Hypothesis

twice = replace(factor, meaning="how many times over z outweighs N(x0)", default=2)
several = Hypothesis("m >= 2", m >= 2, r"m \geq 2")
SETTING = (FREE_PIXELS, *UNTRAINED, FIRST_LAYER)
HALF_NORMAL = "Lemma 29 of docs/beyond.md, erfc(x) <= e^(-2 x/sqrt(pi) - 2 x^2/pi) for x >= 0"

size = c * sqrt(pi / 2) * Abs(output) * m / (k + 1) * sqrt(d) / (shrink * ell)
mean = ell * sqrt(2) / sqrt(pi * m)
low = sign_move_at_most(c, ell, m)
all_high = spend(
    low,
    {least: least},
    count=m,
    because="each X_i is the sum over ell pixels of |Z|/sqrt(m) + sqrt(1 - 1/m) g (Lemma 28 of docs/beyond.md)",
    needs=words(FREE_PIXELS, *UNTRAINED),
)
lost = flipped <= Abs(output) * k / (k + 1) * (1 - c * least / mean)
theta = (1 - 1 / c) * sqrt(2 * pi * m) / (pi * m - 2)
x = theta / sqrt(2 * m)
half_normal = log(erfc(x)) <= -2 * x / sqrt(pi) - 2 * x**2 / pi
chernoff = exp(ell * (log(erfc(x)) + theta**2 / 2) + theta * mean / c)
rarely = exp(-((1 - 1 / c) ** 2) * ell / (pi * m - 2))
by_chernoff, simpler = low <= chernoff, chernoff <= rarely

linf_flip = Statement(
    name="linf_flip",
    place="L-infinity flip",
    parameters=parameters(d, ell, m, k, output, twice, shrink),
    quantities=parameters(norm_inf, moved_back),
    hypotheses=(*SETTING, several, LABELLED),
    claims=(norm_inf <= size, flipped <= 0),
    failure=m * rarely,
    truth=m * low,
    truth_is="upper bound",
    proof=Proof(
        spends=(all_high,),
        parameters=parameters(replace(*parameters(least), meaning="the least X_i")),
        steps=(
            Step(norm_inf <= size, Fact("each coordinate of z is eps in size, or 0", words(FREE_PIXELS))),
            Step(
                lost,
                Fact(
                    "Lemma 1 of docs/beyond.md: input i moves by c sqrt(m) |N(x0)| X_i/(mean (k + 1)) the right way, "
                    "and the active supporting ones lose sqrt(m) |N(x0)|/(k + 1) at least",
                    (*all_high.granted, LABELLED.relation, *words(*SETTING)),
                ),
            ),
            Step(flipped <= 0, NonnegativeSum(((lost,), (c * Abs(output) * k / (mean * (k + 1)), *all_high.granted)))),
            Step(half_normal, Fact(HALF_NORMAL)),
            Step(by_chernoff, Chernoff(theta)),
            Step(simpler, Logs(((ell, half_normal),))),
        ),
        budget=(Step(m * low <= m * rarely, NonnegativeSum(((m, by_chernoff), (m, simpler)))),),
    ),
    depends_on=("sharpened_5_1_everywhere",),
    text=(
        ("bound", "c sqrt(pi/2) |N(x0)| (m/(k + 1)) sqrt(d)/(shrink ell)"),
        ("bound_2", "0"),
        ("failure", "m e^(-(1 - 1/c)^2 ell/(pi m - 2))"),
    ),
    tex=(
        ("bound", r"c \sqrt{\frac{\pi}{2}} |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \frac{\sqrt{d}}{s \ell}"),
        ("bound_2", "0"),
        ("failure", r"m e^{-(1 - \frac{1}{c})^2 \ell/(\pi m - 2)}"),
    ),
    experiment=LINF,
    paper="beyond",
    doc=__doc__,
)
