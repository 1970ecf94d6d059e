"""Differential privacy: composition, subsampling."""

from fractions import Fraction
from typing import Any

from sympy import exp, log, sqrt

from boundkit.library.classics.notation import X, delta, eps, integers, k, law, misquoted, p, reals
from boundkit.tails import binomial_at_least

LOSS = reals(eps, "the privacy loss", 0, typical=1)
FAILURE = reals(delta, "the failure allowed", 0, 1, typical=Fraction(1, 10**5))
ROUNDS = integers(k, "the rounds", 1, 10**4, typical=100)
part = sqrt(2 * k * log(1 / delta)) * eps
odds = exp(eps) / (1 + exp(eps))


def composed(loss: Any) -> Any:
    """The delta of k randomised responses at a loss: Kairouz, Oh and Viswanath's sum, as two tails."""
    least = (k + loss / eps) / 2
    rare = exp(loss) * binomial_at_least(k, 1 - odds, least)
    return binomial_at_least(k, odds, least) - rare


advanced_composition = misquoted(
    law(
        "advanced_composition", "Dwork et al. 2010, Theorem III.3",
        "k rounds of loss eps cost sqrt(2 k log(1/delta)) eps + k eps (e^eps - 1) but for delta.",
        (ROUNDS, reals(eps, "the privacy loss", 0, 10, typical=Fraction(1, 10)), FAILURE), X <= delta, 0,
        composed(part + k * eps * (exp(eps) - 1)), delta < 1, what="the delta of k randomised responses", size=True,
    ),
    "M40", "sqrt(2 k log(1/delta)) eps alone", "k eps (e^eps - 1) besides, the mean loss",
    {"k": 100, "eps": 1, "delta": Fraction(1, 10**5)}, truth=composed(part),
)  # fmt: skip
SHARE = reals(p, "the share that is sampled", 0, 1, typical=Fraction(1, 10))
amplified = log(1 + p * (exp(eps) - 1))
subsampling = misquoted(
    law(
        "subsampling", "Balle et al. 2018, Theorem 8", "a mechanism of loss eps on a share p of the data loses "
        "log(1 + p (e^eps - 1)) at most.", (LOSS, SHARE), X <= amplified, 0, amplified,
        "the mechanism has loss eps on what is sampled, each with probability p", what="the privacy loss", size=True,
    ),
    "M41", "at most p eps", "at most log(1 + p (e^eps - 1)), which is more", {"eps": 1, "p": Fraction(1, 2)},
    claims=(X <= p * eps,),
)  # fmt: skip
