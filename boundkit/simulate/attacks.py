"""A projected-gradient attack, and the shortest step it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.arguments import choice, count, size
from boundkit.simulate.flips import first_flip
from boundkit.simulate.streams import Array, stream
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.simulate.network import Network


@dataclass(frozen=True, eq=False)
class Attack:
    """The shortest successful step found at each point.

    Attributes
    ----------
    within : str
        Where the step was looked for: "off" (P-perp), "on" (P) or "free".
    norm : array (...)
        Its length; inf where none up to the largest radius was found, 0 where N(x0) = 0. An upper bound of the
        distance to the decision boundary, and the true distance where the network is linear as far as that.
    z : array (..., n)
        The step, in the network's coordinates of that space; at its end the output is 0 up to rounding.
    """

    within: str
    norm: Array
    z: Array

    def __repr__(self) -> str:
        lengths = np.array2string(np.asarray(self.norm), precision=4, threshold=6)
        return f"<attack {self.within}: shortest successful steps {lengths}>"

    @property
    def found(self) -> NDArray[np.bool_]:
        """Where a step was found."""
        return np.isfinite(self.norm)


@single_threaded
def projected_gradient(
    network: Network,
    x0: Any = 0,
    within: str = "off",
    *,
    steps: int = 40,
    restarts: int = 1,
    largest: float | None = None,
    tolerance: float = 1e-3,
    seed: int = 0,
) -> Attack:
    """L2 attack by projected gradient steps in a ball, its radius found by bisection (section 6.3).

    For a radius, y0 N(x0 + z) is driven down by `steps` normalised gradient steps inside the ball; success
    at one radius shrinks the ball to the exact place where that step's ray crosses the boundary. All points
    at once.

    Parameters
    ----------
    network : Network
        A trained network.
    x0 : point or points
        On P: a data point's number, coordinates (..., q) or vectors (..., d).
    within : {"off", "on", "free"}
        Orthogonal to P, in P, or anywhere.
    steps, restarts : int
        Gradient steps for a radius, and random starts beyond the first, which is x0 itself.
    largest : float, optional
        The largest radius tried, 2 (1 + |x0|) + 100 |N(x0)| sqrt(m)/max_i |w_i| by default.
    tolerance : float
        Bisection stops when the radius is known to this relative width.
    seed : int
        For the random starts.

    Returns
    -------
    Attack

    Raises
    ------
    ParameterError
        A value out of range, or x0 off P.
    """
    space = choice("within", within, ("off", "on", "free"))
    at = network.problem.locate(x0)
    a = np.atleast_2d(network.inputs(at))
    rows = _rows(network, space)
    largest_row = np.linalg.norm(rows, axis=1).max() or 1.0
    reach = 2 * (1 + np.linalg.norm(np.atleast_2d(at), axis=-1))
    reach += 100 * np.abs(np.maximum(a, 0) @ network.u) * np.sqrt(network.m) / largest_row
    top = reach if largest is None else np.full(len(a), size("largest", largest, "the largest radius"))
    best, step = shortest_steps(OneLayer(network.u), a, rows, top, steps, restarts, tolerance, seed)
    shape = at.shape[:-1]
    return Attack(space, best.reshape(shape), step.reshape(*shape, -1))


class Above(Protocol):
    """What stands above the first layer's pre-activations a (points, m), as the attack uses it."""

    def above(self, a: Array) -> Array:
        """The output (points,)."""

    def pull(self, a: Array) -> Array:
        """Its gradient in a (points, m)."""

    def flip(self, a: Array, moves: Array) -> Array:
        """A scale t in (0, 1] at which the output at a + t moves has lost its sign at a; inf where none."""


@dataclass(frozen=True, eq=False)
class OneLayer:
    """The output layer of a two-layer network."""

    u: Array

    def above(self, a: Array) -> Array:
        return np.asarray(np.maximum(a, 0) @ self.u)

    def pull(self, a: Array) -> Array:
        return np.asarray((a >= 0) * self.u)

    def flip(self, a: Array, moves: Array) -> Array:
        return first_flip(a, moves, self.u)


def shortest_steps(
    top_layers: Above, a: Array, rows: Array, top: Array, steps: Any, restarts: Any, tolerance: Any, seed: int
) -> tuple[Array, Array]:
    """The attack on any network above its first layer: the lengths (points,), and the steps (points, n).

    `a` are the first layer's pre-activations (points, m), `rows` its weights (m, n) as a step sees them, `top` the
    largest radius for each point; the rest as for `projected_gradient`.
    """
    steps = count("steps", steps, "the number of gradient steps")
    restarts = count("restarts", restarts, "the number of random starts", 0)
    tolerance = size("tolerance", tolerance, "the relative width of the bisection")
    y0 = np.sign(top_layers.above(a))
    best, step = np.where(y0 == 0, 0.0, np.inf), np.zeros((len(a), rows.shape[1]))
    for start in range(restarts + 1):
        rng = stream(seed, "attack", start)
        # What is orthogonal to every weight changes nothing, so a start lies in the weights' span, and in the space.
        seeds = rng.standard_normal(a.shape) @ rows if start else np.zeros_like(step)
        _bisect(_Ascent(top_layers, a, y0, rows, seeds, steps), top, tolerance, best, step)
    return best, step


def _rows(network: Network, within: str) -> Array:
    """The weights (m, n) as a step in this space sees them."""
    if within == "off":
        return network.off
    if within == "on":
        return network.on
    return network.weights if network.full else np.hstack([network.on, network.off])


@dataclass(frozen=True, eq=False)
class _Ascent:
    """The inner loop: drive y0 N(x0 + z) down over |z| <= radius."""

    top_layers: Above
    a: Array  # (points, m)
    y0: Array  # (points,)
    rows: Array  # (m, n)
    direction: Array  # where z starts, as a direction; 0 for x0 itself
    steps: int

    def run(self, radius: Array) -> tuple[Array, Array]:
        """The shortest step met that flips the sign (points, n) and its length, inf where none does."""
        z = unit(self.direction) * (radius / 2)[:, None]
        found, length = np.zeros_like(z), np.full(len(z), np.inf)
        for i in range(self.steps):
            down = -((self.top_layers.pull(self.a + z @ self.rows.T) * self.y0[:, None]) @ self.rows)
            # Large steps first to leave the starting cell, small ones later to settle on the sphere.
            z = z + unit(down) * (radius * 2 / (1 + i / 4))[:, None]
            z *= np.minimum(1, radius / np.maximum(np.linalg.norm(z, axis=1), 1e-300))[:, None]
            scale = self.top_layers.flip(self.a, z @ self.rows.T)
            hit = scale <= 1
            reach = np.where(hit, np.where(hit, scale, 0.0) * np.linalg.norm(z, axis=1), np.inf)
            better = reach < length
            length[better] = reach[better]
            found[better] = z[better] * scale[better, None]
        return found, length


def _bisect(ascent: _Ascent, top: Array, tolerance: float, best: Array, step: Array) -> None:
    """Bisect every point's radius between failure and success; better steps go into `best` and `step`."""
    low, high = np.zeros_like(top), np.minimum(top, best)
    radius = high.copy()
    while np.any(high - low > tolerance * high):
        z, length = ascent.run(radius)
        better = length < best
        best[better], step[better] = length[better], z[better]
        hit = np.isfinite(length)
        high = np.where(hit, np.minimum(high, length), high)
        low = np.where(hit, low, radius)
        radius = (low + high) / 2


def unit(x: Array) -> Array:
    """Rows of length 1; rows of zeros stay."""
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-300))
