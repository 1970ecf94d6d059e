"""The losses that are trained on: logistic for labels +-1, softmax cross entropy for classes 0 to K - 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from boundkit.simulate.rng import Array

LARGEST_EXPONENT = 700.0  # e^700 is still a float; a slope below e^-700 moves no weight


def slopes(xp: Any, y: Any, margins: Any) -> Any:
    """y_i over 1 + exp(margin_i): how fast the logistic loss of each point falls as its output grows."""
    return y / (1 + xp.exp(xp.minimum(margins, LARGEST_EXPONENT)))


def output_slopes(outputs: Array, y: Array) -> Array:
    """How fast each point's loss falls as its outputs (r,) or (r, K) grow."""
    if outputs.ndim == 1:
        return np.asarray(slopes(np, y, y * outputs))
    towards = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    towards /= -towards.sum(axis=1, keepdims=True)
    towards[np.arange(len(y)), y.astype(int)] += 1
    return np.asarray(towards)


def point_margins(outputs: Array, y: Array) -> Array:
    """How far each point's label is ahead of the best other one (r,)."""
    if outputs.ndim == 1:
        return np.asarray(y * outputs)
    own, others = y.astype(int)[:, None], outputs.copy()
    np.put_along_axis(others, own, -np.inf, 1)
    return np.asarray(np.take_along_axis(outputs, own, 1)[:, 0] - others.max(axis=1))


def summed(outputs: Array, y: Array) -> float:
    """The loss summed over the points."""
    if outputs.ndim == 1:
        return float(np.logaddexp(0, -y * outputs).sum())
    ahead = outputs - np.take_along_axis(outputs, y.astype(int)[:, None], 1)
    return float(np.logaddexp.reduce(ahead, axis=1).sum())
