"""Points of the discrete laws: centres, deep tails, ends and thresholds between integers, as a stream for each law."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

import numpy as np

from boundkit.laws import binomial, hypergeometric, negative_binomial, poisson
from boundkit.precision import at_bits

Points = Iterator[tuple[float, ...]]
FAST: dict[str, Any] = {
    "binomial": binomial,
    "poisson": poisson,
    "negative_binomial": negative_binomial,
    "hypergeometric": hypergeometric,
}


def binomials(rng: np.random.Generator) -> Points:
    while True:
        n = float(np.floor(10 ** rng.uniform(0, 12))) if rng.random() < 0.8 else float(rng.integers(0, 40))
        kinds = (
            rng.random(),
            10 ** rng.uniform(-300, 0),
            10 ** rng.uniform(-15, 0),
            1 - 10 ** rng.uniform(-15, 0),
            0.5,
        )
        p = float(kinds[rng.integers(5)])
        yield near(rng, n * p, n * p * (1 - p), 0, n), n, p


def poissons(rng: np.random.Generator) -> Points:
    while True:
        lam = float(10 ** rng.uniform(-3, 12)) if rng.random() < 0.8 else float(10 ** rng.uniform(-300, 0))
        yield near(rng, lam, lam, 0, 10 * lam + 10), lam


def waits(rng: np.random.Generator) -> Points:
    while True:
        r = float(np.floor(10 ** rng.uniform(0, 6)))
        p = float((rng.random(), 10 ** rng.uniform(-6, 0), 1 - 10 ** rng.uniform(-12, 0))[rng.integers(3)])
        yield near(rng, r / p, r * (1 - p) / p**2, r, 10 * r / p), r, p


def urns(rng: np.random.Generator) -> Points:
    while True:
        total = float(np.floor(10 ** rng.uniform(0, 8)))
        some = [min(total, 10 ** rng.uniform(0, 8)), rng.random() * total, min(total, 5.0), total]
        white, drawn = (float(np.floor(some[i] * rng.choice((1, rng.random())))) for i in rng.integers(0, 4, 2))
        mean, share = white * drawn / total, (total - white) / total * ((total - drawn) / total)
        low, high = max(0.0, white + drawn - total), min(white, drawn)
        yield near(rng, mean, mean * share, low, high), total, white, drawn


def near(rng: np.random.Generator, mean: float, variance: float, low: float, high: float) -> float:
    """A threshold near the mean, far from it, anywhere, or near an end; one in ten between two integers."""
    spread = np.sqrt(variance)
    where = (
        mean + 3 * spread * rng.normal(),
        mean + 40 * spread * rng.normal(),
        rng.uniform(low, high),
        low + rng.integers(0, 8),
        high - rng.integers(0, 8),
    )
    x = float(np.clip(np.round(where[rng.integers(5)]), low - 1, high + 1))
    return x + 0.5 * float(rng.random() < 0.1)


DRAWN = {"binomial": binomials, "poisson": poissons, "negative_binomial": waits, "hypergeometric": urns}


def error(value: float, true: Any) -> float:
    if not true.is_finite() or true == 0:
        return 0.0 if value == (-inf if not true.is_finite() else 0) else inf
    if abs(true) < 1e-305:
        return 0.0 if abs(value) < 1e-304 else inf  # no double holds its digits
    if not np.isfinite(value) or value == 0:
        return inf
    return at_bits(300, lambda: float(abs((true - float(value)) / true).mid()))
