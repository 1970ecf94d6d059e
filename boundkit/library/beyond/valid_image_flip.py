"""Valid-image flip: pixels that are 0 go up, stay in their range, and every label is lost.

Let ell pixels be 0 in every training input and in x0, as borders are, and let them only go up, to R at most. The step
z_j = eps where -y0 s_v,j > 0, else 0, moves input i the right way by eps b X_i, where X_i sums v_ij over the pixels
that are on: half of them, in the mean ell/sqrt(2 pi m). If every X_i is above the c-th part of that, the label is
lost, at every x0 of that label with these pixels at 0. The other label has the other pixels: twice the failure for
both. Below its mean the move of a pixel is no wilder than a normal variable of its own variance, 1/2 - 1/(2 pi m).
"""

from dataclasses import replace

from sympy import Abs, Rational, erfc, exp, log, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import VALID_IMAGE
from boundkit.library.beyond.linf_flip import several, twice
from boundkit.library.beyond.notation import (
    AT_0,
    FREE_PIXELS,
    UNTRAINED,
    both,
    c,
    least,
    moved_back,
    norm_inf,
    parameters,
    shrink,
    top,
    words,
)
from boundkit.library.beyond.sign_laws import upward_move_at_most
from boundkit.library.melamed2023.notation import FIRST_LAYER, LABELLED, d, ell, flipped, k, m, output
from boundkit.model.proof import Chernoff, Fact, Logs, NonnegativeSum, Proof, Step, spend
from boundkit.model.statement import Hypothesis

SETTING = (FREE_PIXELS, AT_0, *UNTRAINED, FIRST_LAYER)
ROOMY = "c sqrt(2 pi) |N(x0)| (m/(k + 1)) sqrt(d)/(shrink ell)"
ROOMY_TEX = r"c \sqrt{2 \pi} |N(x_0)| \cdot \frac{m}{k_{y_0} + 1} \cdot \frac{\sqrt{d}}{s \ell}"

size = c * sqrt(2 * pi) * Abs(output) * m / (k + 1) * sqrt(d) / (shrink * ell)
in_range = Hypothesis(f"{ROOMY} <= top", size <= top, rf"{ROOMY_TEX} \leq R")
mean = ell / sqrt(2 * pi * m)
low = upward_move_at_most(c, ell, m)
all_high = spend(
    low,
    {least: least},
    count=(1 + both) * m,
    because="each X_i, of either label, is the sum over ell pixels of v_ij where it is on (Lemma 28 of docs/beyond.md)",
    needs=words(FREE_PIXELS, *UNTRAINED),
)
lost = flipped <= Abs(output) * k / (k + 1) * (1 - c * least / mean)
theta = (1 - 1 / c) * sqrt(2 * pi * m) / (pi * m - 1)
pixel = (1 + erfc(theta / sqrt(2 * m)) * exp(theta**2 / 2)) / 2
wild = log(pixel) <= -theta / sqrt(2 * pi * m) + theta**2 * (Rational(1, 2) - 1 / (2 * pi * m)) / 2
chernoff = exp(ell * log(pixel) + theta * mean / c)
rarely = exp(-((1 - 1 / c) ** 2) * ell / (2 * pi * m - 2))
by_chernoff, simpler = low <= chernoff, chernoff <= rarely

valid_image_flip = Statement(
    name="valid_image_flip",
    place="Valid-image flip",
    parameters=parameters(d, ell, m, k, output, twice, top, both, shrink),
    quantities=parameters(
        replace(*parameters(norm_inf), meaning="the most that a pixel goes up; none goes down"), moved_back
    ),
    hypotheses=(*SETTING, several, LABELLED, in_range),
    claims=(norm_inf <= size, norm_inf <= top, flipped <= 0),
    failure=(1 + both) * m * rarely,
    truth=(1 + both) * m * low,
    truth_is="upper bound",
    worst_case=(("both", 1),),
    proof=Proof(
        spends=(all_high,),
        parameters=parameters(replace(*parameters(least), meaning="the least X_i")),
        steps=(
            Step(norm_inf <= size, Fact("each coordinate of z is eps, or 0", words(FREE_PIXELS))),
            Step(norm_inf <= top, NonnegativeSum(((norm_inf <= size,), (in_range.relation,)))),
            Step(
                lost,
                Fact(
                    "Lemma 1 of docs/beyond.md: input i moves by c sqrt(m) |N(x0)| X_i/(mean (k + 1)) the right way, "
                    "and the active supporting ones lose sqrt(m) |N(x0)|/(k + 1) at least",
                    (*all_high.granted, LABELLED.relation, *words(*SETTING)),
                ),
            ),
            Step(flipped <= 0, NonnegativeSum(((lost,), (c * Abs(output) * k / (mean * (k + 1)), *all_high.granted)))),
            Step(wild, Fact("Lemma 30 of docs/beyond.md, at the theta that is best there")),
            Step(by_chernoff, Chernoff(theta)),
            Step(simpler, Logs(((ell, wild),))),
        ),
        budget=(
            Step(
                (1 + both) * m * low <= (1 + both) * m * rarely,
                NonnegativeSum((((1 + both) * m, by_chernoff), ((1 + both) * m, simpler))),
            ),
        ),
    ),
    depends_on=("linf_flip",),
    text=(
        ("bound", ROOMY),
        ("bound_2", "top"),
        ("bound_3", "0"),
        ("failure", "(1 + both) m e^(-(1 - 1/c)^2 ell/(2 pi m - 2))"),
    ),
    tex=(
        ("bound", ROOMY_TEX),
        ("bound_2", "R"),
        ("bound_3", "0"),
        ("failure", r"(1 + L) \cdot m e^{-(1 - \frac{1}{c})^2 \ell/(2 \pi m - 2)}"),
    ),
    experiment=VALID_IMAGE,
    paper="beyond",
    doc=__doc__,
)
