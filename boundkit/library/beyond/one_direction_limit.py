"""One direction's limit: how short a single direction can be that takes the label from every x0, from both sides.

If the first layer has rank m on P, any pre-activations occur at some x0 in P. The k opposing neurons and the supporting
one that a direction n moves least move by at most b <sum_i omega_i v_i, n> in all, omega_i = k/n_o on the n_o opposing
neurons and 1/n_s on the n_s = m - n_o supporting ones. So at the x0 where just these decide n has to go
sqrt(m) |N|/(b |sum_i omega_i v_i|) at least, and the sum is sqrt(k^2/n_o + 1/n_s) chi_ell long. The shortest z that
moves every neuron in proportion to omega_i takes the label from all, and has chi_(ell - m + 1) for chi_ell. With
n_o = n_s = m/2 both are m/sqrt(2 (k^2 + 1)) |N|/(b sqrt(ell)) in the limit m/ell -> 0, for k = 1 the universal flip's
m/(k + 1): a factor of that order is necessary. The direction may be chosen after all weights are seen.
"""

from dataclasses import replace

from sympy import exp, sqrt

from boundkit.api.objects import Statement
from boundkit.library.beyond.experiments import ONE_DIRECTION
from boundkit.library.beyond.notation import (
    CHI_SQUARE,
    UNTRAINED,
    X,
    Y,
    a,
    best_length,
    n_o,
    parameters,
    shrink,
    words,
)
from boundkit.library.beyond.prescribed_moves import not_short, rarely, seldom, too_short, within
from boundkit.library.beyond.universal_flip import enough, n
from boundkit.library.melamed2023.notation import FIRST_LAYER, d, ell, k, k_opposing, m, m_two
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Squares, Step, spend
from boundkit.model.statement import Hypothesis, assumed
from boundkit.tails import chi_square_at_least, chi_square_rate

factor = replace(*parameters(a), meaning="the factor allowed to either chi-square variable")
RANK = assumed("the first layer has rank m on P")
roomy = Hypothesis("d >= ell + m", d >= ell + m, r"d \geq \ell + m")
SETTING = (*UNTRAINED, FIRST_LAYER, RANK)
spread = k**2 / n_o + 1 / (m - n_o)
reach = sqrt(m * d / spread) / shrink
CLAIMS = (best_length >= reach / sqrt(a * ell), within(best_length, reach, n, 1 / a))
too_long = chi_square_at_least(ell, a)
not_long = spend(too_long, {X: X}, because=CHI_SQUARE, needs=words(*UNTRAINED))
kept = not_short(
    n,
    "Y = |omega|^2/(omega^T (V V^T)^(-1) omega) is chi-square with ell - m + 1 degrees of freedom",
    words(*UNTRAINED),
    Y,
    1 / a,
)
necessary, sufficient = best_length >= reach / sqrt(X), best_length <= reach / sqrt(Y)
from_below, from_above = reach / sqrt(X) >= CLAIMS[0].rhs, reach / sqrt(Y) <= CLAIMS[1].rhs
rarely_long, by_short = exp(-ell * chi_square_rate(a)), seldom(n, 1 / a)
truth, failure = too_long + too_short(n, 1 / a), rarely_long + rarely(n, 1 / a)
by_long = too_long <= rarely_long

one_direction_limit = Statement(
    name="one_direction_limit",
    place="One direction's limit",
    parameters=parameters(d, ell, m_two, n_o, replace(k_opposing, high=n_o), factor, shrink),
    quantities=parameters(best_length),
    hypotheses=(*SETTING, roomy, enough),
    claims=CLAIMS,
    failure=failure,
    truth=truth,
    proof=Proof(
        spends=(not_long, kept),
        parameters=parameters(X, Y),
        steps=(
            Step(n > 0, NonnegativeSum(((enough.relation,), (1,)))),
            Step(
                necessary,
                Fact(
                    "at the x0 where only the neurons decide that a direction moves least, the label is lost when "
                    "these moves add up to sqrt(m) |N(x0)|; they add up to at most b |sum_i omega_i v_i| |z|",
                    (roomy.relation, *words(*SETTING)),
                ),
            ),
            Step(
                sufficient,
                Fact(
                    "Lemma 1 of docs/beyond.md for moves in proportion to omega_i, and the shortest z with these moves",
                    (enough.relation, *words(*SETTING)),
                ),
            ),
            Step(from_below, Squares(((reach**2 / (a * ell * X), *not_long.granted),))),
            Step(from_above, Squares(((reach**2 * a / (n * Y), *kept.granted),))),
            Step(CLAIMS[0], NonnegativeSum(((necessary,), (from_below,)))),
            Step(CLAIMS[1], NonnegativeSum(((sufficient,), (from_above,)))),
            Step(by_long, Chernoff((1 - 1 / a) / 2)),
            by_short,
        ),
        budget=(Step(truth <= failure, NonnegativeSum(((by_long,), (by_short.relation,)))),),
    ),
    truth_is="upper bound",
    depends_on=("universal_flip",),
    text=(
        ("bound", "sqrt(m d/(k^2/n_o + 1/(m - n_o)))/(shrink sqrt(a ell))"),
        ("bound_2", "sqrt(m d/(k^2/n_o + 1/(m - n_o))) sqrt(a/(ell - m + 1))/shrink"),
        ("failure", "e^(-ell chi_square_rate(a)) + e^(-(ell - m + 1) chi_square_rate(1/a))"),
    ),
    tex=(
        (
            "bound",
            r"\frac{1}{s} \cdot \sqrt{\frac{m d}{\frac{k_{y_0}^2}{n_o} + \frac{1}{m - n_o}}} "
            r"\cdot \frac{1}{\sqrt{a \ell}}",
        ),
        (
            "bound_2",
            r"\frac{1}{s} \cdot \sqrt{\frac{m d}{\frac{k_{y_0}^2}{n_o} + \frac{1}{m - n_o}}} "
            r"\cdot \sqrt{\frac{a}{\ell - m + 1}}",
        ),
        ("failure", r"e^{-\ell \cdot \kappa(a)} + e^{-(\ell - m + 1) \cdot \kappa(1/a)}"),
    ),
    experiment=ONE_DIRECTION,
    paper="beyond",
    doc=__doc__,
)
