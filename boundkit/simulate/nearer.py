"""A shorter step than an attack's, on a two-layer network: convex programmes that count the neurons that it meets.

Opposing neurons are counted along their lines, all supporting ones as they are: every step that brings this count to 0
loses the label, and the shortest one is found exactly. Counting what a step leaves active, that step is admissible, so
the next one is no longer; then one neuron more or less is counted, of those nearest to their kinks. `least` proves the
like of single points; here nothing is proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.min_norm_qp import Programme, multipliers
from boundkit.simulate.piecewise import first_flip
from boundkit.simulate.rng import Array

BESIDE = 4  # neurons nearest to their kinks, each of which is counted or not in turn
MOST, LEAST = 4000, 3  # programmes times neurons at a point, but so many programmes at least
SETTLED = 1e-6  # what is shorter by less, relatively, is not gone on from
DEAR = 5  # how many programmes one counts as that had to be solved from nothing
TURNS = 20  # guesses of which neurons stand at their kinks; four mostly do
ROUNDING = 1e-10  # relative

Some = NDArray[np.bool_]


class Nearer:
    """What goes on from steps on one network, at any of its points.

    Parameters
    ----------
    u : array (m,)
        Output weights.
    rows : array (m, n)
        The first layer's weights, as a step sees them.
    """

    def __init__(self, u: Array, rows: Array) -> None:
        self.u, self.rows, self.weighted = u, rows, rows * np.abs(u)[:, None]
        self.lengths = np.linalg.norm(self.weighted, axis=1)
        self.gram = self.weighted @ self.weighted.T

    def __call__(self, a: Array, steps: Array, longest: float) -> tuple[Array | None, float]:
        """The shortest step found that flips the label, below `longest`, and its length; None where none is.

        Parameters
        ----------
        a : array (m,)
            The inputs at the point, where the output is not 0.
        steps : array (steps, n)
            Where to begin: steps that flip, or 0, the shortest first.
        """
        counts = _Counts(self, a)
        z, seen = None, set[bytes]()
        bounds = [np.zeros(len(a))]
        moved = steps[::-1] @ self.weighted.T
        waiting = [*zip(counts.left_active(moved), counts.past(moved), strict=True)]
        left = max(LEAST, MOST // len(a))
        while waiting and left > 0:
            counted, v = waiting.pop()
            if counted.tobytes() in seen:
                continue
            seen.add(counted.tobytes())
            task = counts.task(counted)
            if task is None or max(map(task.at_least, bounds)) >= (1 - SETTLED) * longest:
                continue
            guessed = task.guessed(v)
            left -= 1 if guessed else DEAR
            step, v = guessed or task.solved()
            t = float(first_flip(a, self.rows @ step, self.u)) if np.isfinite(step).all() else np.inf
            length = t * float(np.linalg.norm(step))
            if length < (1 - SETTLED) * longest:
                z, longest, bounds = t * step, length, [bounds[0], v]
                moved = self.weighted @ z
                waiting += [(c, v) for c in (*counts.beside(moved), counts.left_active(moved))]
        return z, longest


class _Counts:
    """The network at a point, with output weights 1 for the neurons that support the label and -1 for the others."""

    def __init__(self, at: Nearer, a: Array) -> None:
        signed = at.u * np.sign(np.maximum(a, 0) @ at.u)
        self.at, self.a, self.supports, self.opposing = at, a * np.abs(at.u), signed > 0, signed <= 0
        self.active = self.supports & (a >= 0)
        self.switch = np.where(self.active, 1.0, -1.0) * self.supports
        self.room = np.abs(self.a) * self.supports

    def left_active(self, moved: Array) -> Some:
        """The opposing neurons that are active after steps that move the inputs by this (..., m)."""
        return np.asarray(self.opposing & (self.a + moved > 0))

    def past(self, moved: Array) -> Array:
        """1 for the supporting neurons that such steps switch, or 0."""
        return np.asarray(self.switch * moved < -self.room, dtype=float)

    def beside(self, moved: Array) -> Iterator[Some]:
        """Those left active with one neuron more or less, the one nearest to its kink last."""
        counted = self.left_active(moved)
        some = np.flatnonzero(self.opposing & (self.at.lengths > 0))
        far = np.abs(self.a + moved)[some] / self.at.lengths[some]
        for i in some[np.argsort(far, kind="stable")[:BESIDE]][::-1]:
            yield counted ^ (np.arange(len(counted)) == i)

    def task(self, counted: Some) -> _Task | None:
        """To the count's 0, these opposing neurons counted; None where there is nothing to lower, or to lower it by."""
        need = float(self.a[self.active].sum() - self.a[counted].sum())
        return (
            _Task(self, counted.astype(float) - self.active.astype(float), need) if need > 0 and counted.any() else None
        )


@dataclass(frozen=True, eq=False)
class _Task:
    """A `Programme` over all neurons, its slope a sum of their weights: a step is `sums @ weighted`."""

    counts: _Counts
    slope: Array  # (m,)
    need: float

    def at_least(self, v: Array) -> float:
        """The dual bound at v in [0, 1]^m, up to rounding."""
        c = self.counts
        length = float(np.linalg.norm((self.slope + v * c.switch) @ c.at.weighted))
        margin = self.need - float(c.room @ v)
        return margin / length if margin > 0 < length else np.inf if margin > 0 else 0.0

    def solved(self) -> tuple[Array, Array]:
        """A step, and its v, by an interior point's steps."""
        c = self.counts
        switches = (c.switch[:, None] * c.at.weighted)[c.supports]
        z, some = multipliers(Programme(self.slope @ c.at.weighted, switches, c.room[c.supports], self.need))
        v = np.zeros(len(c.a))
        v[c.supports] = some
        return z, v

    def guessed(self, v: Array) -> tuple[Array, Array] | None:
        """The same, from a v near it: which neurons stand at their kinks is guessed until it fits; None where not."""
        c, gram = self.counts, self.counts.at.gram
        at_kink, over = (v > 0) & (v < 1), v >= 1
        for _ in range(TURNS):
            base = self.slope + c.switch * over
            push = gram @ base
            k = np.flatnonzero(at_kink)
            turn = c.switch[k]
            matrix = np.empty((len(k) + 1, len(k) + 1))
            matrix[:-1, :-1] = turn[:, None] * gram[np.ix_(k, k)] * turn
            matrix[:-1, -1] = matrix[-1, :-1] = turn * push[k]
            matrix[-1, -1] = base @ push
            right = np.append(-c.room[k], self.need - c.room[over].sum())
            try:
                *prices, scale = np.linalg.solve(matrix, right)
            except np.linalg.LinAlgError:
                return None
            if not scale > 0:
                return None
            share = np.array(prices) / scale
            sums = scale * base
            sums[k] += turn * prices
            moved = c.switch * (gram @ sums)
            past, slack = moved + c.room, ROUNDING * (np.abs(moved) + c.room)
            out, all_of_it = np.zeros_like(over), np.zeros_like(over)
            out[k], all_of_it[k] = share < 0, share > 1
            kinks = at_kink & ~out & ~all_of_it | ~at_kink & ~over & (past < -slack) | over & (past > slack)
            overs = over & (past <= slack) | all_of_it
            if (kinks == at_kink).all() and (overs == over).all():
                v = over.astype(float)
                v[k] = share
                return sums @ c.at.weighted, v
            at_kink, over = kinks, overs
        return None
