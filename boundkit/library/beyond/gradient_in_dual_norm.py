"""Gradient in dual norm: its largest entry, and the sum of the sizes of its entries, off P and at any depth.

Given all else the part of the gradient orthogonal to P is b |J| Pi G, G standard normal in R^d and Pi the projection
onto P-perp. Entry j is normal with the deviation b |J| rho_j, rho_j = |Pi e_j|: where P is spanned by coordinates rho_j
is 1 for ell pixels and 0 for the others. A union bound over the pixels bounds the largest entry, what a step of size
1 in every pixel gains at most in the sum of sizes: that has the mean b |J| sqrt(2/pi) sum rho_j, and is
sqrt(pixels)-Lipschitz.
"""

from sympy import exp, pi, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import GRADIENT_IN_NORM
from boundkit.library.beyond.normal_tail import normal_tail
from boundkit.library.beyond.notation import (
    ANY_DEPTH,
    BLIND,
    CONCENTRATION,
    GAUSSIAN,
    REACHES,
    excess,
    greatest_slope,
    level,
    norm_j,
    parameters,
    pixels,
    reach,
    shortfall,
    shrink,
    t,
    total_reach,
    total_slope,
    words,
)
from boundkit.library.melamed2023.notation import ON_SUBSPACE, Z, d
from boundkit.library.melamed2023.notation import t as threshold
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation

SETTING = (ON_SUBSPACE, GAUSSIAN, REACHES, ANY_DEPTH, BLIND)
unit = shrink * norm_j / sqrt(d)
mean = sqrt(2 / pi) * total_reach
CLAIMS = (
    greatest_slope <= unit * reach * level,
    total_slope >= unit * (mean - t * sqrt(pixels)),
    total_slope <= unit * (mean + t * sqrt(pixels)),
)
no_entry = spend(
    normal_tail,
    {threshold: level},
    {Z: Z},
    count=pixels,
    because="Z is the largest of the entries' sizes over their deviations, each the size of a standard normal variable",
)
not_low = spend(
    gaussian_deviation(t),
    {shortfall: shortfall},
    because="shortfall is how far |Pi G|_1/sqrt(pixels), 1-Lipschitz in G, is below its mean",
)
not_high = spend(
    gaussian_deviation(t), {excess: excess}, because="excess is how far |Pi G|_1/sqrt(pixels) is above its mean"
)
entry = greatest_slope <= unit * reach * Z
low = total_slope >= unit * (mean - shortfall * sqrt(pixels))
high = total_slope <= unit * (mean + excess * sqrt(pixels))
GIVEN = "given what is on P the gradient orthogonal to P is b |J| Pi G, G ~ N(0, I_d)"
failure = pixels * exp(-(level**2) / 2) + 2 * exp(-(t**2) / 2)

gradient_in_dual_norm = Statement(
    name="gradient_in_dual_norm",
    place="Gradient in dual norm",
    parameters=parameters(d, norm_j, pixels, reach, total_reach, level, t, shrink),
    quantities=parameters(greatest_slope, total_slope),
    hypotheses=SETTING,
    claims=CLAIMS,
    failure=failure,
    proof=Proof(
        spends=(no_entry, not_low, not_high),
        parameters=parameters(Z, shortfall, excess),
        steps=(
            Step(entry, Fact(f"{GIVEN}, and entry j has the deviation b |J| |Pi e_j|", words(*SETTING))),
            Step(low, Fact(f"{GIVEN}: the mean of |Pi G|_1 is sqrt(2/pi) times the sum of |Pi e_j|", words(*SETTING))),
            Step(high, Fact(f"{GIVEN}: so has the other side", words(*SETTING))),
            Step(CLAIMS[0], NonnegativeSum(((entry,), (unit * reach, *no_entry.granted)))),
            Step(CLAIMS[1], NonnegativeSum(((low,), (unit * sqrt(pixels), *not_low.granted)))),
            Step(CLAIMS[2], NonnegativeSum(((high,), (unit * sqrt(pixels), *not_high.granted)))),
            Step(gaussian_deviation(t) <= exp(-(t**2) / 2), Fact(CONCENTRATION)),
        ),
        budget=(
            Step(
                pixels * exp(-(level**2) / 2) + 2 * gaussian_deviation(t) <= failure,
                NonnegativeSum(((2, gaussian_deviation(t) <= exp(-(t**2) / 2)),)),
            ),
        ),
    ),
    depends_on=("deep_gradient", "normal_tail"),
    text=(
        ("bound", "shrink |J| reach level/sqrt(d)"),
        ("bound_2", "shrink |J| (sqrt(2/pi) total_reach - t sqrt(pixels))/sqrt(d)"),
        ("bound_3", "shrink |J| (sqrt(2/pi) total_reach + t sqrt(pixels))/sqrt(d)"),
        ("failure", "pixels e^(-level^2/2) + 2 e^(-t^2/2)"),
    ),
    tex=(
        ("bound", r"\frac{s \|J\| \varrho x}{\sqrt{d}}"),
        ("bound_2", r"\frac{s \|J\|}{\sqrt{d}} \cdot \left(\sqrt{\frac{2}{\pi}} \varrho_1 - t \sqrt{H}\right)"),
        ("bound_3", r"\frac{s \|J\|}{\sqrt{d}} \cdot \left(\sqrt{\frac{2}{\pi}} \varrho_1 + t \sqrt{H}\right)"),
        ("failure", r"H \cdot e^{-x^2/2} + 2 e^{-t^2/2}"),
    ),
    experiment=GRADIENT_IN_NORM,
    paper="beyond",
    rests_on=(("boucheron2013concentration", "the Gaussian concentration inequality"),),
    doc=__doc__,
)
