"""Moves orthogonal to P that change the sign of the output."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from boundkit.errors import HypothesisError
from boundkit.simulate.arguments import size
from boundkit.simulate.network import Network
from boundkit.simulate.streams import Array


@dataclass(frozen=True, eq=False)
class Perturbation:
    """Theorem 5.1's z = -y0 alpha sum_j sign(u_j) hat w_j at x0, alpha = c sqrt(m) |N(x0)|/(b^2 ell k).

    Attributes
    ----------
    x0 : array
        The point.
    z : array
        The step, as the network writes vectors orthogonal to P; `vector` is the same in R^d.
    alpha : float
        The factor; negative where the printed alpha is taken and N(x0) < 0.
    k : int
        Active neurons that oppose the label.
    before, after : float
        N(x0) and N(x0 + z).
    """

    network: Network
    x0: Array
    z: Array
    alpha: float
    k: int
    before: float
    after: float

    def __repr__(self) -> str:
        return f"<perturbation of length {self.norm:.4g}: N from {self.before:.4g} to {self.after:.4g}, k = {self.k}>"

    @property
    def norm(self) -> float:
        """The length of z."""
        return float(np.linalg.norm(self.z))

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


def theorem_perturbation(network: Network, x0: Any, c: float, as_printed: bool) -> Perturbation:
    """The mended z, or the printed one: alpha with N(x0) instead of |N(x0)|, and b^2 = 1/d whatever b is."""
    c = size("c", c, "the factor in alpha")
    p = network.problem
    at = p.locate(x0)
    before, k = float(network.output(at)), int(np.sum(network.opposing(at)))
    if k == 0 or before == 0 or not np.isfinite(before):
        raise HypothesisError(
            f"k = {k} active neurons oppose N(x0) = {before:.4g}: Theorem 5.1 needs k >= 1 and N(x0) != 0; "
            "take another x0 or seed, or train with a smaller step"
        )
    if network.b == 0:
        raise HypothesisError("eta lam = 1 leaves no weights orthogonal to P, and no z: take another eta or lam")
    length, variance = (before, 1 / p.d) if as_printed else (abs(before), network.b**2)
    alpha = c * np.sqrt(network.m) * length / (variance * p.ell * k)
    z = -np.sign(before) * alpha * (np.sign(network.u) @ network.off)
    return Perturbation(network, at, z, float(alpha), k, before, float(network.output(at, z)))


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
