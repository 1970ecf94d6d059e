"""Gradient everywhere: one draw of the weights bounds the gradient at every x0 in R^d with k active neurons.

Orthogonally to P the gradient is b/sqrt(m) |V^T D| long, D being the pattern of active neurons. Over the patterns of k
neurons the mean of the least |V^T D| is at least sqrt(k) E chi_ell less E max <g, D> (Gordon), that of the greatest at
most their sum (Sudakov and Fernique), and both are sqrt(k)-Lipschitz. The maximum is the sum of the k largest of m
normals, at most k theta + sum_i max(g_i - theta, 0) for any theta, where E max(g - theta, 0) = phi(theta) - theta
P[Z >= theta] is called mean_excess(theta); the mean of that is least where P[Z >= theta] = k/m, and is then
m phi(theta): below the sqrt(k m) that singular values give.
"""

from dataclasses import replace

from sympy import Integer, Rational, exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import GRADIENT_EVERYWHERE
from boundkit.library.beyond.notation import (
    CONCENTRATION,
    UNTRAINED,
    excess,
    greatest_gradient,
    least_gradient,
    mean_chi,
    parameters,
    shortfall,
    shrink,
    t,
    theta,
    upper,
    words,
)
from boundkit.library.melamed2023.notation import FIRST_LAYER, TAKEN_AS_1, d, ell, k, m
from boundkit.library.melamed2023.notation import parameters as of_the_paper
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, spend
from boundkit.tails import gaussian_deviation, mean_excess

(active,) = of_the_paper(k)
least, greatest = parameters(least_gradient, greatest_gradient)
SETTING = (*UNTRAINED, FIRST_LAYER, TAKEN_AS_1)
scale = shrink / sqrt(m * d)
top = m * mean_excess(theta) + k * theta
CLAIMS = (
    least_gradient >= scale * (sqrt(k) * (sqrt(ell - Rational(1, 2)) - t) - top),
    greatest_gradient <= scale * (sqrt(k) * (sqrt(ell) + t) + top),
)
not_low, not_high = (
    spend(
        gaussian_deviation(t),
        {name: name},
        because=f"{name} is how far {which} |V^T D|/sqrt(k) of k neurons, 1-Lipschitz in V, is {side} its mean",
        needs=words(*UNTRAINED),
    )
    for name, which, side in ((shortfall, "the least", "below"), (excess, "the greatest", "above"))
)
few, short, long = upper <= top, mean_chi >= sqrt(ell - Rational(1, 2)), mean_chi <= sqrt(ell)
gordon = least_gradient >= scale * (sqrt(k) * (mean_chi - shortfall) - upper)
fernique = greatest_gradient <= scale * (sqrt(k) * (mean_chi + excess) + upper)
failure = 2 * exp(-(t**2) / 2)

gradient_everywhere = Statement(
    name="gradient_everywhere",
    place="Gradient everywhere",
    parameters=parameters(d, ell, m, replace(active, low=Integer(1)), theta, t, shrink),
    quantities=(
        replace(least, text="least |gradient off P|", meaning=f"{least.meaning}, of those with k active neurons"),
        replace(
            greatest, text="greatest |gradient off P|", meaning=f"{greatest.meaning}, of those with k active neurons"
        ),
    ),
    hypotheses=SETTING,
    claims=CLAIMS,
    failure=failure,
    depends_on=("gradient_interval",),
    text=(
        ("bound", "shrink (sqrt(k) (sqrt(ell - 1/2) - t) - m mean_excess(theta) - k theta)/sqrt(m d)"),
        ("bound_2", "shrink (sqrt(k) (sqrt(ell) + t) + m mean_excess(theta) + k theta)/sqrt(m d)"),
        ("failure", "2 e^(-t^2/2)"),
    ),
    tex=(
        (
            "bound",
            r"\frac{s}{\sqrt{m d}} \cdot \left(\sqrt{k} \cdot (\sqrt{\ell - \frac{1}{2}} - t) "
            r"- m \cdot \nu(\vartheta) - k \vartheta\right)",
        ),
        (
            "bound_2",
            r"\frac{s}{\sqrt{m d}} \cdot \left(\sqrt{k} \cdot (\sqrt{\ell} + t) "
            r"+ m \cdot \nu(\vartheta) + k \vartheta\right)",
        ),
        ("failure", r"2e^{-t^2/2}"),
    ),
    proof=Proof(
        spends=(not_low, not_high),
        parameters=parameters(upper, mean_chi, shortfall, excess),
        steps=(
            Step(
                few,
                Fact(
                    "the k largest add up to at most k theta + sum_i max(g_i - theta, 0), the last sum to m "
                    "mean_excess(theta) in the mean"
                ),
            ),
            Step(short, Fact("E chi_ell >= sqrt(ell - 1/2) (Gamma quotients)")),
            Step(long, Fact("E chi_ell <= sqrt(E chi_ell^2) = sqrt(ell)")),
            Step(
                gordon,
                Fact(
                    "Gordon's inequality over patterns D of k neurons and unit vectors (docs/beyond.md)",
                    words(*SETTING),
                ),
            ),
            Step(
                fernique,
                Fact("the Sudakov-Fernique inequality over the same (docs/beyond.md)", words(*SETTING)),
            ),
            Step(
                CLAIMS[0],
                NonnegativeSum(
                    ((gordon,), (scale * sqrt(k), short), (scale * sqrt(k), *not_low.granted), (scale, few))
                ),
            ),
            Step(
                CLAIMS[1],
                NonnegativeSum(
                    ((fernique,), (scale * sqrt(k), long), (scale * sqrt(k), *not_high.granted), (scale, few))
                ),
            ),
        ),
        budget=(Step(2 * gaussian_deviation(t) <= failure, Fact(CONCENTRATION)),),
    ),
    experiment=GRADIENT_EVERYWHERE,
    paper="beyond",
    rests_on=(
        ("vershynin2018high", "the Sudakov-Fernique and Gordon inequalities"),
        ("boucheron2013concentration", "the Gaussian concentration inequality"),
    ),
    doc=__doc__,
)
