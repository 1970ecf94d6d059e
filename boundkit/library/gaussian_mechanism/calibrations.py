"""How much noise is enough: the exact condition, of one answer and of k, and three that are sufficient.

X is the least delta: the mechanism is (eps, delta)-private if, and only if, X <= delta.
"""

from fractions import Fraction
from typing import Any

from sympy import Expr, Rational, Symbol, erfc, exp, log, sqrt

from boundkit.api.objects import Statement
from boundkit.library.classics.notation import X, decides, delta, eps, integers, k, law, misquoted, reals, sigma
from boundkit.model.parameter import Parameter
from boundkit.tails import gaussian_mechanism_delta

Delta = Symbol("Delta")
LOSS = reals(eps, "the privacy loss", 0, typical=Fraction(1, 2))
FAILURE = reals(delta, "the failure allowed", 0, 1, typical=Fraction(1, 10**5))
NOISE = reals(sigma, "the standard deviation of the noise", 0, typical=10)
SENSITIVITY = reals(Delta, "the sensitivity, by which one person can move the answer", 0, default=1)
GIVEN = (LOSS, FAILURE, NOISE, SENSITIVITY)


def spent(moved: Expr) -> Expr:
    """The least delta, by its law, where one person can move the answer by so much."""
    return gaussian_mechanism_delta(eps, sigma / moved)


def formula(moved: Expr) -> Expr:
    """The same as it is printed."""
    shift, slack = moved / (2 * sigma), eps * sigma / moved
    return Phi(shift - slack) - exp(eps) * Phi(-shift - slack)


def Phi(x: Expr) -> Expr:
    """The standard normal law."""
    return erfc(-x / sqrt(2)) / 2


BY_LAW = spent(Delta)


def private(
    name: str, stated: str, says: str, *needs: Any, truth: Expr = BY_LAW, parameters: tuple[Parameter, ...] = GIVEN
) -> Statement:
    """A statement that the mechanism is (eps, delta)-private."""
    return law(
        name, stated, says, parameters, X <= delta, 0, truth, *needs,
        what="the least delta of the mechanism", size=True, paper="gaussian_mechanism",
    )  # fmt: skip


exact_delta = private(
    "exact_delta", "Balle and Wang 2018, Theorem 8",
    "the mechanism is (eps, delta)-private if, and only if, Phi(Delta/(2 sigma) - eps sigma/Delta) - e^eps "
    "Phi(-Delta/(2 sigma) - eps sigma/Delta) is at most delta.",
    BY_LAW <= delta, delta < 1, truth=formula(Delta),
)  # fmt: skip
together = Delta * sqrt(k)
gaussian_composition = private(
    "gaussian_composition", "Dong et al. 2022, section 3",
    "k answers, each with noise sigma and chosen by those before it, are as private as one with noise sigma/sqrt(k).",
    spent(together) <= delta, delta < 1,
    truth=formula(together), parameters=(*GIVEN, integers(k, "the answers", 1, typical=100)),
)  # fmt: skip
classical = Delta * sqrt(2 * log(Rational(5, 4) / delta)) / eps
classical_calibration = misquoted(
    private(
        "classical_calibration", "Dwork and Roth 2014, Theorem A.1",
        "sigma = Delta sqrt(2 log(1.25/delta))/eps is enough for eps <= 1.", sigma >= classical, eps <= 1,
    ),
    "M39", "for any eps", "for eps <= 1", {"eps": 10, "delta": Fraction(1, 10**5), "sigma": Fraction(97, 200)},
    grade="missing hypothesis", hypotheses=decides(sigma >= classical),
)  # fmt: skip


def closed(z: Expr) -> Expr:
    """The least sigma with eps sigma/Delta - Delta/(2 sigma) >= sqrt(2 z)."""
    return Delta * (sqrt(z) + sqrt(z + eps)) / (eps * sqrt(2))


vinterbo = private(
    "vinterbo", "Vinterbo 2022, Theorem 1",
    "sigma = Delta (sqrt(z) + sqrt(z + eps))/(eps sqrt 2), z = -log(4 delta (1 - delta)), is enough for delta < 1/2.",
    sigma >= closed(-log(4 * delta * (1 - delta))), delta < Rational(1, 2),
)  # fmt: skip
zero_concentrated = private(
    "zero_concentrated", "Bun and Steinke 2016, Propositions 1.3 and 1.6",
    "with rho = Delta^2/(2 sigma^2) it is rho-concentrated, so eps = rho + 2 sqrt(rho log(1/delta)): Vinterbo's sigma "
    "with z = log(1/delta).",
    sigma >= closed(log(1 / delta)),
)  # fmt: skip
