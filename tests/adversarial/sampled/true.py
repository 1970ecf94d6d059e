"""True statements that only a sampler knows: theorems, some of them equalities, some with draws under a tilt."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri
from sympy import erfc, exp, log, sqrt, symbols

from adversarial.statements.laws import statement
import boundkit as bk
from boundkit.simulate import scaled_normals, shifted_normals, tilted_bits

X, n, m, k, d, H, t, p, lam, eps = symbols("X n m k d H t p lam eps")
COUNT, FEW, MANY = bk.integers(n, "how many"), bk.integers(n, "how many", 1, 60), bk.integers(n, "how many", 100)
KINDS, POINTS = bk.integers(k, "kinds", 1, 60), bk.integers(k, "points", 2, 20)
SIDES = bk.integers(m, "rows", 1, 60), bk.integers(n, "columns", 1, m)
SHIFT = bk.reals(t, "how far", 0)
SHARE = bk.reals(p, "how likely", 0, 1)
INSIDE = bk.reals(t, "how far", 0, 1)
Rng = np.random.Generator


def norm(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return np.linalg.norm(rng.standard_normal((trials, n)), axis=1)


def norm_tilted(rng: Rng, trials: int, tilt: float, n: int, **_: Any) -> Any:
    z, logs = scaled_normals(rng, (trials, n), tilt)
    return np.linalg.norm(z, axis=1), logs


def chi_square(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return rng.chisquare(n, trials)


def chi_square_tilted(rng: Rng, trials: int, tilt: float, n: int, **_: Any) -> Any:
    z, logs = scaled_normals(rng, (trials, n), tilt)
    return (z**2).sum(axis=1), logs


def normal(rng: Rng, trials: int, **_: Any) -> Any:
    return rng.standard_normal(trials)


def normal_tilted(rng: Rng, trials: int, tilt: float, **_: Any) -> Any:
    z, logs = shifted_normals(rng, (trials, 1), tilt)
    return z[:, 0], logs


def signs(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return 2 * rng.binomial(n, 0.5, trials) - n


def signs_tilted(rng: Rng, trials: int, tilt: float, n: int, **_: Any) -> Any:
    bits, logs = tilted_bits(rng, (trials, n), 0.5, tilt)
    return 2 * bits.sum(axis=1) - n, logs


def bits(rng: Rng, trials: int, n: int, p: float, **_: Any) -> Any:
    return rng.binomial(n, p, trials) / n - p


def poisson(rng: Rng, trials: int, lam: float, **_: Any) -> Any:
    return rng.poisson(lam, trials)


def exponential(rng: Rng, trials: int, **_: Any) -> Any:
    return rng.exponential(size=trials)


def exponential_mean(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return rng.gamma(n, 1 / n, trials)


def uniform(rng: Rng, trials: int, **_: Any) -> Any:
    return rng.random(trials)


def greatest_uniform(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return rng.random((trials, n)).max(axis=1)


def greatest_normal(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return -ndtri(-np.expm1(np.log(rng.random(trials)) / n))


def singular(rng: Rng, trials: int, m: int, n: int, which: int) -> Any:
    return np.linalg.svd(rng.standard_normal((trials, m, n)), compute_uv=False)[:, which]


def greatest_singular(rng: Rng, trials: int, m: int, n: int, **_: Any) -> Any:
    return singular(rng, trials, m, n, 0)


def least_singular(rng: Rng, trials: int, m: int, n: int, **_: Any) -> Any:
    return singular(rng, trials, m, n, -1)


def farthest(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    x, steps = np.sort(rng.random((trials, n)), axis=1), np.arange(n + 1) / n
    return np.maximum((steps[1:] - x).max(axis=1), (x - steps[:-1]).max(axis=1))


def coupons(rng: Rng, trials: int, k: int, **_: Any) -> Any:
    return rng.geometric(np.arange(1, k + 1) / k, (trials, k)).sum(axis=1)


def collides(rng: Rng, trials: int, n: int, k: int) -> Any:
    drawn = np.sort(rng.integers(0, n, (trials, k)), axis=1)
    return (np.diff(drawn, axis=1) == 0).any(axis=1).astype(int)


def worst_survivor(rng: Rng, trials: int, H: int, m: int, **_: Any) -> Any:
    """H hypotheses of errors evenly spaced in (0, 1]: the greatest error of those that m examples do not show."""
    errors = np.arange(1, H + 1) / H
    return (errors * (rng.random((trials, H)) < (1 - errors) ** m)).max(axis=1)


def largest_partial_sum(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return (2 * rng.integers(0, 2, (trials, n)) - 1).cumsum(axis=1).max(axis=1)


def stretch(rng: Rng, trials: int, k: int, **_: Any) -> Any:
    return abs(rng.chisquare(k, trials) / k - 1)


def greatest_cosine(rng: Rng, trials: int, n: int, k: int, **_: Any) -> Any:
    z = rng.standard_normal((trials, k, n))
    z /= np.linalg.norm(z, axis=2, keepdims=True)
    cosines = abs(z @ z.transpose(0, 2, 1))
    cosines[:, np.arange(k), np.arange(k)] = 0
    return cosines.max(axis=(1, 2))


def greatest_of_sums(rng: Rng, trials: int, n: int, k: int, **_: Any) -> Any:
    return abs(2 * rng.binomial(n, 0.5, (trials, k)) - n).max(axis=1) / np.sqrt(n)


lipschitz = statement(
    "lipschitz", (FEW, SHIFT), X < sqrt(n) + t, exp(-(t**2) / 2), None, sampler=norm, tilted=norm_tilted
)
massart = statement(
    "massart", (COUNT, SHIFT), X < n + 2 * sqrt(n * t) + 2 * t, exp(-t), None, sampler=chi_square,
)  # fmt: skip
doubled = statement(
    "doubled", (bk.integers(n, "how many", 100, 400),), X < 2 * n, exp(-3 * n / 20), None,
    sampler=chi_square, tilted=chi_square_tilted,
)  # fmt: skip
mills = statement(
    "mills", (bk.reals(t, "how far", 5, 12),), X < t, exp(-(t**2) / 2) / (t * sqrt(2 * 3)), None,
    sampler=normal, tilted=normal_tilted,
)  # fmt: skip
coin = statement(
    "coin", (bk.integers(n, "how many", 30, 60), SHIFT), X < t, exp(-(t**2) / (2 * n) - t**4 / (12 * n**3)), None,
    sampler=signs, tilted=signs_tilted,
)  # fmt: skip
hoeffding = statement("hoeffding", (COUNT, SHARE, SHIFT), X < t, exp(-2 * n * t**2), None, sampler=bits)
bernstein = statement("bernstein", (COUNT, SHARE, SHIFT), X < t, exp(-n * t**2 / (2 * (p + t / 3))), None, sampler=bits)
poisson_above = statement(
    "poisson_above", (bk.reals(lam, "the mean", 0, 10**4), SHIFT), X < lam + t, exp(-(t**2) / (2 * (lam + t / 3))),
    None, sampler=poisson,
)  # fmt: skip
exponentials = statement(
    "exponentials", (COUNT, SHIFT), X < 1 + t, exp(-n * (t - log(1 + t))), None, sampler=exponential_mean
)
greatest = statement(
    "greatest", (COUNT, SHIFT), X < sqrt(2 * log(n)) + t, exp(-(t**2) / 2), None, sampler=greatest_normal
)
davidson_szarek = statement(
    "davidson_szarek", (*SIDES, SHIFT), X < sqrt(m) + sqrt(n) + t, exp(-(t**2) / 2), None, sampler=greatest_singular
)
gordon = statement("gordon", (*SIDES, SHIFT), X > sqrt(m) - sqrt(n) - t, exp(-(t**2) / 2), None, sampler=least_singular)
dvoretzky = statement("dvoretzky", (FEW, SHIFT), X <= t, 2 * exp(-2 * n * t**2), None, sampler=farthest)
collector = statement(
    "collector", (KINDS, SHIFT), X <= k * log(k) + k * t + 1, exp(-t), None, sampler=coupons,
)  # fmt: skip
birthdays = statement(
    "birthdays", (bk.integers(n, "days"), bk.integers(k, "people", 2, 60)), X < 1, k * (k - 1) / (2 * n), None,
    sampler=collides,
)  # fmt: skip
occam = statement(
    "occam", (bk.integers(H, "hypotheses", 1, 10**4), bk.integers(m, "examples"), bk.reals(eps, "error", 0, 1)),
    X <= eps, H * exp(-eps * m), None, sampler=worst_survivor,
)  # fmt: skip
walk = statement("walk", (FEW, SHIFT), X < t, exp(-(t**2) / (2 * n)), None, sampler=largest_partial_sum)
projection = statement(
    "projection", (bk.integers(k, "dimension"), INSIDE), X < t, 2 * exp(-k * (t**2 / 2 - t**3 / 3) / 2), None,
    sampler=stretch,
)  # fmt: skip
cosines = statement(
    "cosines", (bk.integers(n, "dimension", 2, 200), POINTS, INSIDE), X < t, k**2 * exp(-n * t**2 / 2), None,
    sampler=greatest_cosine,
)  # fmt: skip
union = statement(
    "union", (bk.integers(n, "how many", 1, 10**4), bk.integers(k, "sums", 1, 200), SHIFT), X < t,
    2 * k * exp(-(t**2) / 2), None, sampler=greatest_of_sums,
)  # fmt: skip
# Equalities: what fails as often as it may.
uniform_exactly = statement("uniform_exactly", (INSIDE,), X < t, 1 - t, None, sampler=uniform)
exponential_exactly = statement("exponential_exactly", (SHIFT,), X < t, exp(-t), None, sampler=exponential)
power_exactly = statement("power_exactly", (FEW, INSIDE), X < t, 1 - t**n, None, sampler=greatest_uniform)
normal_exactly = statement(
    "normal_exactly", (bk.reals(t, "how far", 0, 7),), X < t, erfc(t / sqrt(2)) / 2, None,
    sampler=normal, tilted=normal_tilted,
)  # fmt: skip
plane_exactly = statement(
    "plane_exactly", (bk.reals(t, "how far", 0, 7),), X < t, exp(-(t**2) / 2), None,
    sampler=lambda rng, trials, **_: norm(rng, trials, 2),
    tilted=lambda rng, trials, tilt, **_: norm_tilted(rng, trials, tilt, 2),
)  # fmt: skip

TRUE = {s.name: s for s in list(globals().values()) if isinstance(s, bk.Statement)}
TIGHT = [name for name in TRUE if name.endswith("_exactly")]
