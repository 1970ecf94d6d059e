"""How far a fast law is from the certified truth, in units in the last place of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from flint import ctx
import numpy as np

from boundkit.errors import PrecisionError
from boundkit.laws import balls

Point = tuple[float, ...]


def ulps(fast: Callable[..., Any], ball: Callable[..., Any], points: Iterator[Point], count: int) -> list[float]:
    """Errors at the first `count` points whose log is above -10^5 and certified."""
    kept: list[Point] = []
    truth = []
    for point in points:
        try:
            value = ball(*map(Fraction, point))
        except PrecisionError:
            continue
        if value.is_finite() and value > -1e5:
            kept.append(point)
            truth.append(value)
        if len(kept) == count:
            break
    found = fast(*np.array(kept).T)
    with ctx.workprec(300):
        return [
            float(abs(value - float(got)) / np.spacing(abs(float(value.mid()))))
            for got, value in zip(found, truth, strict=True)
        ]


def dimension(rng: np.random.Generator) -> float:
    """1 to 10^6, log-uniform; two in three above 48, where certified values are quick."""
    low, high = ((0, np.log(48)), (np.log(48), np.log(1e6)), (np.log(48), np.log(1e6)))[rng.integers(3)]
    return float(round(np.exp(rng.uniform(low, high))))


def inner_products(seed: int) -> Iterator[Point]:
    rng = np.random.default_rng(seed)
    while True:
        n = dimension(rng)
        yield float(np.exp(rng.uniform(-9, 4)) * np.sqrt(n) if rng.random() < 0.7 else np.exp(rng.uniform(0, 11.5))), n


def row_sums(seed: int) -> Iterator[Point]:
    """Lower tails: c up to 1, near the mean, near zero, and far out."""
    rng = np.random.default_rng(seed)
    while True:
        n, m = dimension(rng), 1 + float(np.exp(rng.uniform(-5, 9.2)))
        near = 1 - abs(rng.normal()) * 8 * np.sqrt((m + 1) / n)
        far = rng.choice((-1, 1)) * np.exp(rng.uniform(-9, 0)) if rng.random() < 0.5 else -np.exp(rng.uniform(0, 9))
        yield float(near if rng.random() < 0.6 else far), n, m


def upper_row_sums(seed: int) -> Iterator[Point]:
    for c, n, m in row_sums(seed):
        yield 2 - c, n, m


def correlated(seed: int) -> Iterator[Point]:
    rng = np.random.default_rng(seed)
    while True:
        n, r = dimension(rng), float(rng.uniform(-1, 1))
        yield float(abs(r) * n + abs(rng.normal()) * 8 * np.sqrt(n)), n, r


LAWS = {
    "inner product": (inner_products, balls.inner_product_log_at_least),
    "row sum, lower": (row_sums, balls.row_sum_log_at_most),
    "row sum, upper": (upper_row_sums, balls.row_sum_log_at_least),
    "correlated": (correlated, balls.correlated_inner_product_log_at_least),
}
