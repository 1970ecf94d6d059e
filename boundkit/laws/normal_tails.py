"""Tails of the normal law and the mass of an interval, on columns."""

from __future__ import annotations

import numpy as np
from scipy.special import erfc, erfcx

from boundkit.laws.arrays import Array, piecewise
from boundkit.laws.pairs import two_product

LOG_ROOT_2_PI = 0.5 * np.log(2 * np.pi)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
WIDE, STEEP = 4.0, 8.0  # an interval's width, and its width times its middle, up to which the nodes above do


def log_upper(t: Array) -> Array:
    """log Q(t) on a column."""
    return piecewise((t,), (t > 0, _log_far), (t <= 0, lambda t: np.log1p(-upper(-t)) + 0.0))


def _log_far(t: Array) -> Array:
    z = t * np.sqrt(0.5)
    log_q: Array = np.log(0.5 * erfcx(z)) - 0.5 * t * t
    return log_q


def upper(t: Array) -> Array:
    """Q(t) for t >= 0, as good as a double may be."""
    z = t * np.sqrt(0.5)
    near = np.minimum(t, 50.0)
    square, lost = two_product(near, near)
    q: Array = np.where(t < 1, 0.5 * erfc(z), 0.5 * erfcx(z) * np.exp(-0.5 * square) * np.exp(-0.5 * lost))
    return q


def log_between(low: Array, high: Array) -> Array:
    """By nodes, by both tails where it is wide and holds 0, else by the tail of its nearer end and a ratio."""
    flip = high <= 0
    low, high = np.where(flip, -high, low) + 0.0, np.where(flip, -low, high)
    width = high - low
    middle = low + 0.5 * width
    narrow = (width < WIDE) & (np.abs(middle) * width < STEEP)
    across = ~narrow & (low < 0)
    found = piecewise(
        (low, high, width, middle),
        (narrow, _log_narrow),
        (across, lambda low, high, *_: np.log1p(-(upper(-low) + upper(high)))),
        (~narrow & ~across, _log_wide),
    )
    return np.where(low == high, -np.inf, found + 0.0)


def _log_narrow(low: Array, high: Array, width: Array, middle: Array) -> Array:
    """The mean of the density relative to that of the middle, by nodes."""
    del low, high
    mean = np.zeros_like(width)
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        u = 0.5 * width * node
        mean += 0.5 * weight * np.exp(-u * (middle + 0.5 * u))
    found: Array = np.log(width * mean) - 0.5 * middle * middle - LOG_ROOT_2_PI
    return found


def _log_wide(low: Array, high: Array, *_: Array) -> Array:
    near, far = log_upper(low), log_upper(high)
    found: Array = near + np.log1p(-np.exp(far - near))
    return found
