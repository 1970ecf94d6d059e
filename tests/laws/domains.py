"""Points of a law's whole domain, and how far a value is from a ball."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import inf
from typing import Any

from flint import ctx
import numpy as np

from boundkit.errors import PrecisionError

Point = tuple[float, ...]
Law = Callable[..., Any]
TINY = 1e-300  # logs nearer to 0 are subnormal, or -0


def ulps(got: float, truth: Any) -> float:
    """The error of a log in units in its last place; logs that are nearly subnormal need only be as small."""
    near = float(truth)
    if abs(near) < TINY or np.isinf(near):
        return 0.0 if got == near or (abs(near) < TINY and abs(got) < 2 * TINY) else inf
    with ctx.workprec(300):
        error = float(abs(truth - float(got))) / np.spacing(abs(near))
    return error if error == error else inf


def worst(law: Law, ball: Law, points: Iterator[Point], count: int) -> tuple[float, Point]:
    """The largest error on the first `count` points that balls certify."""
    kept, truth = [], []
    while len(kept) < count:
        point = next(points)
        try:
            truth.append(ball(*map(Fraction, point)))
        except PrecisionError:
            continue
        kept.append(point)
    found = law(*np.array(kept).T)
    return max(zip(map(ulps, found, truth), kept, strict=True))


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(10 ** rng.uniform(low, high))


def dimension(rng: np.random.Generator, low: float, high: float) -> float:
    n = log_uniform(rng, low, high)
    return float(round(n)) if n > 1 and rng.random() < 0.8 else n
