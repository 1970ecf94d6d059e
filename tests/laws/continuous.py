"""Points of the continuous laws: centres, edges and deep tails, as a seeded stream for each law."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import inf
from typing import Any

from flint import arb, ctx
import numpy as np

from boundkit.laws import (
    beta,
    continuous_balls,
    gamma,
    gaussian_mechanism,
    greatest_normal,
    kolmogorov,
    normal,
    student,
    uniform_sum,
)

Point = tuple[float, ...]
TINY = 1e-300  # logs nearer to 0 are subnormal, or 0


def error(got: float, truth: Any) -> float:
    """The relative error of a log."""
    if truth == arb.neg_inf() or abs(float(truth)) < TINY:
        return 0.0 if got == float(truth) or (abs(float(truth)) < TINY and abs(got) < 2 * TINY) else inf
    with ctx.workprec(300):
        found = float(abs(truth - float(got)) / abs(truth))
    return found if found == found else inf


def worst(fast: Callable[..., Any], ball: Callable[..., Any], points: Iterator[Point], count: int) -> tuple[float, Any]:
    """The largest error at so many points, every one of which balls must certify."""
    chosen = [next(points) for _ in range(count)]
    found = fast(*np.array(chosen).T)
    return max((error(got, ball(*map(Fraction, at))), at) for got, at in zip(found, chosen, strict=True))


def power(rng: np.random.Generator, low: float, high: float) -> float:
    return float(10 ** rng.uniform(low, high))


def real(rng: np.random.Generator) -> float:
    kind = rng.integers(3)
    if kind == 0:
        return float(3 * rng.normal())
    return float(rng.uniform(-40, 40) if kind == 1 else rng.choice((-1, 1)) * power(rng, -10, 8))


def reals(rng: np.random.Generator) -> Point:
    return (real(rng),)


def intervals(rng: np.random.Generator) -> Point:
    low, width = real(rng), power(rng, -12, 2)
    return low, low + (width / max(1, abs(low)) if rng.random() < 0.5 else width)


def gammas(rng: np.random.Generator) -> Point:
    k = power(rng, -6, 9)
    near = k + 6 * k**0.5 * rng.normal()
    return float(near if rng.random() < 0.5 else k * np.exp(rng.normal())), k


def betas(rng: np.random.Generator) -> Point:
    a, b = (power(rng, -6, 9) if rng.random() < 0.5 else power(rng, -1, 3) for _ in range(2))
    b = min(max(float(a * np.exp(rng.normal())), 1e-6), 1e9) if rng.random() < 0.3 else b
    mean = a / (a + b)
    spread = (mean * (1 - mean) / (a + b + 1)) ** 0.5
    x = (
        mean + 6 * spread * rng.normal(), rng.random(), power(rng, -300, 0), 1 - power(rng, -16, 0),
        mean * np.exp(rng.normal()), 1 - (1 - mean) * np.exp(rng.normal()),
    )[rng.integers(6)]  # fmt: skip
    return float(x if 0 < x < 1 else rng.random()), a, b


def students(rng: np.random.Generator) -> Point:
    n = float(np.ceil(power(rng, 0, 4))) if rng.random() < 0.4 else power(rng, -5, 9)
    sign = rng.choice((-1, 1))
    kind = rng.integers(10)
    return float(
        4 * rng.normal() if kind < 5 else sign * (power(rng, -20, 8) if kind < 9 else power(rng, -299, 299))
    ), n


def greatest(rng: np.random.Generator) -> Point:
    return (float(6 * rng.normal()) if rng.random() < 0.6 else power(rng, -8, 8)), float(np.floor(power(rng, 0, 9)))


def distances(rng: np.random.Generator) -> Point:
    n = float(np.floor(power(rng, 0, 3)))
    t = (power(rng, -1, 0.8) / n**0.5, float(rng.random()), power(rng, -12, 0))[rng.integers(3)]
    return (t if t < 1 else float(rng.random())), n


def sums(rng: np.random.Generator) -> Point:
    n = float(np.floor(power(rng, 0, 2)))
    return float(n * rng.uniform(-0.1, 1.1)), n


def mechanisms(rng: np.random.Generator) -> Point:
    eps = power(rng, -3, 2) if rng.random() < 0.5 else power(rng, -12, 6) * float(rng.random() < 0.95)
    kind = rng.integers(3)
    edge = float((2 * max(eps, 1e-3)) ** -0.5 * np.exp(rng.normal()))
    return eps, (power(rng, -2, 3), power(rng, -9, 9), edge)[kind]


def last_first(ball: Callable[..., Any]) -> Callable[..., Any]:
    """A ball that takes its arguments as the laws on arrays do, the threshold first."""
    return lambda x, *others: ball(*others, x)


B = continuous_balls
LAWS: dict[str, tuple[Any, Any, Any, float]] = {
    "normal, above": (normal.logsf, B.normal_log_at_least, reals, 2e-15),
    "normal, below": (normal.logcdf, B.normal_log_at_most, reals, 2e-15),
    "normal, interval": (normal.log_interval, B.normal_log_interval, intervals, 1e-14),
    "gamma, above": (gamma.logsf, last_first(B.gamma_log_at_least), gammas, 4e-15),
    "gamma, below": (gamma.logcdf, last_first(B.gamma_log_at_most), gammas, 4e-15),
    "beta, above": (beta.logsf, last_first(B.beta_log_at_least), betas, 1e-13),
    "beta, below": (beta.logcdf, last_first(B.beta_log_at_most), betas, 1e-13),
    "Student, above": (student.logsf, last_first(B.student_log_at_least), students, 1e-13),
    "Student, two-sided": (student.log_two_sided, last_first(B.student_log_two_sided), students, 1e-13),
    "greatest normal": (greatest_normal.logsf, last_first(B.greatest_normal_log_at_least), greatest, 1e-12),
    "greatest size": (greatest_normal.logsf_abs, last_first(B.greatest_absolute_normal_log_at_least), greatest, 1e-12),
    "Kolmogorov": (kolmogorov.logsf, last_first(B.kolmogorov_log_at_least), distances, 1e-13),
    "sum of uniforms": (uniform_sum.logsf, last_first(B.uniform_sum_log_at_least), sums, 1e-15),
    "Gaussian mechanism": (gaussian_mechanism.log_delta, B.gaussian_mechanism_log_delta, mechanisms, 1e-14),
}


def stream(law: str, seed: int) -> Iterator[Point]:
    rng, draw = np.random.default_rng(seed), LAWS[law][2]
    while True:
        yield draw(rng)
