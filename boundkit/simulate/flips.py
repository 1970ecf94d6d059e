"""A step orthogonal to P, and where along it the output loses its sign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from boundkit.simulate.network import Network
from boundkit.simulate.streams import Array


@dataclass(frozen=True, eq=False)
class Perturbation:
    """A step z orthogonal to P at x0, built to bring y0 N(x0 + z) down to (1 - c) |N(x0)|; see `perturb`.

    Attributes
    ----------
    x0 : array
        The point.
    z : array
        The step, as the network writes vectors orthogonal to P; `vector` is the same in R^d.
    method : {"paper", "universal", "exact", "least"}
        How it was built.
    c : float
        How far past the boundary, which is at c = 1.
    alpha : float, optional
        "paper": the factor in z, negative where the printed one is taken and N(x0) < 0. "universal", "exact": how
        far each input is moved.
    k : int
        Active neurons that oppose the label.
    before, after : float
        N(x0) and N(x0 + z).
    gap : float, optional
        "least": |z| is within this relative distance of its programme's optimum, by duality.
    certified : bool, optional
        "least": True where no shorter z orthogonal to P brings the output down as far, up to the gap; None where
        that is not known.
    """

    network: Network
    x0: Array
    z: Array
    method: str
    c: float
    alpha: float | None
    k: int
    before: float
    after: float
    gap: float | None = None
    certified: bool | None = None

    def __repr__(self) -> str:
        moved = f"N from {self.before:.4g} to {self.after:.4g}, k = {self.k}"
        return f"<{self.method} perturbation of length {self.norm:.4g}: {moved}>"

    @property
    def norm(self) -> float:
        """The length of z."""
        unit = np.abs(self.z).max() or 1.0  # a step against weights that shrank for long has a square that overflows
        return float(unit * np.linalg.norm(self.z / unit))

    @property
    def flipped(self) -> bool:
        """Whether the sign of the output changed, strictly."""
        return self.before * self.after < 0

    @property
    def vector(self) -> Array:
        """z as a vector of R^d (d,)."""
        return self.network.lift(self.z)

    @cached_property
    def scale(self) -> float:
        """The smallest t > 0 at which x0 + t z has lost the sign, exactly; inf where none has."""
        return self.network.flip_scale(self.x0, self.z)


def first_flip(a: Array, moves: Array, u: Array) -> Array:
    """The smallest t > 0 with sign(f(0)) f(t) <= 0, for f(t) = sum_i u_i max(a_i + t moves_i, 0).

    Parameters
    ----------
    a, moves : arrays (..., m)
        Pre-activations and how fast they change.
    u : array (m,)
        Output weights.

    Returns
    -------
    array (...)
        inf where the sign never changes, 0 where f(0) = 0.
    """
    a, moves = np.broadcast_arrays(a, moves)
    v = np.sign(np.maximum(a, 0) @ u)[..., None] * u
    turns = a * moves < 0
    kinks = np.where(turns, -a / np.where(turns, moves, 1.0), np.inf)
    order = np.argsort(kinks, axis=-1)
    on = v * ((a > 0) | ((a == 0) & (moves > 0)))
    # A neuron that starts or stops at its kink adds v|moves| to the slope and -v|a| to the intercept, either
    # way.
    turning = np.take_along_axis(v * turns, order, -1)
    intercept = _running(on * a, -turning * np.take_along_axis(np.abs(a), order, -1))
    slope = _running(on * moves, turning * np.take_along_axis(np.abs(moves), order, -1))
    start = np.concatenate([np.zeros_like(a[..., :1]), np.take_along_axis(kinks, order, -1)], axis=-1)
    end = np.concatenate([start[..., 1:], np.full_like(a[..., :1], np.inf)], axis=-1)
    last = np.isinf(end)
    at = np.where(last, 0.0, end)
    # The running sums carry this much rounding: a network that dies out at a kink is exactly 0 there.
    rounding = 1e-15 * ((np.abs(v * a)).sum(-1)[..., None] + at * np.abs(v * moves).sum(-1)[..., None])
    reached = np.where(last, slope < 0, intercept + slope * at <= rounding)
    first = np.argmax(reached, axis=-1)[..., None]
    c, s, low, high = (np.take_along_axis(x, first, -1)[..., 0] for x in (intercept, slope, start, end))
    root = np.clip(-c / np.where(s < 0, s, -1.0), low, high)
    found = np.where(reached.any(-1), np.where(s < 0, root, low), np.inf)
    return np.where(v.any(-1), found, 0.0)  # v is 0 where f(0) is


def _running(initial: Array, changes: Array) -> Array:
    """The sum of `initial`, then with one change after the other, on the last axis."""
    total = initial.sum(axis=-1, keepdims=True)
    return np.concatenate([total, total + np.cumsum(changes, axis=-1)], axis=-1)
