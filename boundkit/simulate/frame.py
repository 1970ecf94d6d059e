"""An orthonormal basis of R^d of which only the first vectors are stored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from boundkit.simulate.rng import Array
from boundkit.simulate.threads import single_threaded


@dataclass(frozen=True, eq=False)
class Frame:
    """An orthonormal basis of R^d that starts with the columns of `first` (d, q), in O(d q) memory.

    The other d - q vectors are the last columns of the reflection F = I - V K V' that sends e_1, ..., e_q
    onto the span of `first`. The columns are turned within that span first, so that their top block becomes
    negative semidefinite: K is then the inverse of I + (something positive), and never ill conditioned.
    """

    first: Array

    @cached_property
    def _reflection(self) -> tuple[Array, Array]:
        q = self.first.shape[1]
        left, sines, right = np.linalg.svd(self.first[:q])
        v = self.first @ (right.T @ left.T)
        v[:q] += np.eye(q)
        return v, (left / (1 + sines)) @ left.T

    def _reflect(self, x: Array) -> Array:
        v, k = self._reflection
        return np.asarray(x - ((x @ v) @ k) @ v.T)

    @single_threaded
    def coordinates(self, x: Array) -> Array:
        """Coordinates (..., d) of the vectors x (..., d)."""
        c = self._reflect(x)
        c[..., : self.first.shape[1]] = x @ self.first
        return c

    @single_threaded
    def vectors(self, c: Array) -> Array:
        """The vectors (..., d) with these leading coordinates (..., j), j <= d; the others are 0."""
        d, q = self.first.shape
        j = min(q, c.shape[-1])
        x = c[..., :j] @ self.first[:, :j].T
        if c.shape[-1] > q:
            tail = np.zeros((*c.shape[:-1], d))
            tail[..., q : c.shape[-1]] = c[..., q:]
            x = x + self._reflect(tail)
        return np.asarray(x)
