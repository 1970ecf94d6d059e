"""A shorter step than an attack's, on a two-layer network: convex programmes that count the neurons that it meets.

Opposing neurons are counted along their lines, all supporting ones as they are: every step that brings this count to 0
loses the label, and the shortest one is found exactly. Counting what a step leaves active, that step is admissible, so
the next one is no longer; then one neuron more or less is counted, of those nearest to their kinks. `least` proves the
like of single points; here nothing is proved.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.min_norm_qp import Programme, multipliers
from boundkit.simulate.piecewise import first_flip
from boundkit.simulate.rng import Array

BESIDE = 4  # neurons nearest to their kinks, each of which is counted or not in turn
MOST, LEAST = 4000, 3  # programmes times neurons at a point, but so many programmes at least
SETTLED = 1e-6  # what is shorter by less, relatively, is not gone on from

Some = NDArray[np.bool_]


def nearer(u: Array, a: Array, rows: Array, steps: Array, longest: float) -> tuple[Array | None, float]:
    """The shortest step found that flips the label and is shorter than `longest`, and its length; None where none is.

    Parameters
    ----------
    u, a : arrays (m,)
        Output weights, and the inputs at the point, where the output is not 0.
    rows : array (m, n)
        The first layer's weights, as a step sees them.
    steps : array (steps, n)
        Where to begin: steps that flip, or 0, the shortest first.
    """
    signed = u * np.sign(np.maximum(a, 0) @ u)
    counts = _Counts(signed > 0, a * np.abs(u), rows * np.abs(u)[:, None])
    z, seen = None, set[bytes]()
    bounds = [np.zeros(counts.supports.sum())]
    waiting = [counts.left_active(step) for step in steps[::-1]]
    left = max(LEAST, MOST // len(a))
    while waiting and left:
        counted = waiting.pop()
        if counted.tobytes() in seen:
            continue
        seen.add(counted.tobytes())
        programme = counts.programme(counted)
        if programme is None or max(map(programme.at_least, bounds)) >= (1 - SETTLED) * longest:
            continue
        left -= 1
        step, v = multipliers(programme)
        t = float(first_flip(a, rows @ step, u)) if np.isfinite(step).all() else np.inf
        length = t * float(np.linalg.norm(step))
        if length < (1 - SETTLED) * longest:
            z, longest, bounds = t * step, length, [bounds[0], v]
            waiting += [*counts.beside(z), counts.left_active(z)]
    return z, longest


class _Counts:
    """The network at a point, with output weights 1 for the neurons that support the label and -1 for the others."""

    def __init__(self, supports: Some, a: Array, rows: Array) -> None:
        self.supports, self.opposing, self.a, self.rows = supports, ~supports, a, rows
        self.active = supports & (a >= 0)
        self.switches = np.where(self.active, 1.0, -1.0)[supports, None] * rows[supports]
        self.lengths = np.linalg.norm(rows, axis=1)

    def left_active(self, z: Array) -> Some:
        """The opposing neurons that are active after a step."""
        return np.asarray(self.opposing & (self.a + self.rows @ z > 0))

    def beside(self, z: Array) -> Iterator[Some]:
        """The same with one neuron more or less, the one nearest to its kink last."""
        counted = self.left_active(z)
        some = np.flatnonzero(self.opposing & (self.lengths > 0))
        far = np.abs(self.a + self.rows @ z)[some] / self.lengths[some]
        for i in some[np.argsort(far, kind="stable")[:BESIDE]][::-1]:
            yield counted ^ (np.arange(len(counted)) == i)

    def programme(self, counted: Some) -> Programme | None:
        """To the count's 0, these opposing neurons counted; None where there is nothing to lower, or to lower it by."""
        need = float(self.a[self.active].sum() - self.a[counted].sum())
        if need <= 0 or not counted.any():
            return None
        slope = self.rows[counted].sum(axis=0) - self.rows[self.active].sum(axis=0)
        return Programme(slope, self.switches, np.abs(self.a[self.supports]), need)
