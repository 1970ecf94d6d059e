"""A projected-gradient attack with convex programmes after it, and the shortest step that both find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.arguments import choice, count, size
from boundkit.simulate.nearer import nearer
from boundkit.simulate.piecewise import LOST, first_flip, first_lost, lengthened
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.scales import all_near_one, near_one, norms, times
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network

Steps = tuple[Array, Array, NDArray[np.bool_]]  # lengths, steps, and which of them flip

STEPS, STARTS = 20, 16
FIRST, LAST = 2.0, 0.01  # a gradient step, over the radius: large to leave the starting cell, small to settle
SECANTS, AIM = 3, 1e-6  # how many, and how far past the crossing each aims, relatively
TINY = 1e-300
FARTHEST = 2.0**400  # beside inputs and weights of about 1; its square is a float
BLOCK = 2**18  # numbers in an array of a block of points


@dataclass(frozen=True, eq=False)
class Attack:
    """The shortest step found at each point.

    Attributes
    ----------
    within : str
        Where the step was looked for: "off" (P-perp), "on" (P) or "free".
    norm : array (...)
        Its length; inf where none up to the largest radius was found, 0 where N(x0) = 0 up to rounding, and there is
        no label. An upper bound of the distance to the decision boundary; the step is longer than where it crosses
        that by what rounding takes, at most a relative 10^-6.
    z : array (..., n)
        The step, in the network's coordinates of that space; zeros where none was found.
    flipped : array (...)
        Whether it flips the label, y0 N(x0 + z) < 0. Where no step that flips was found, z only loses the label,
        N(x0 + z) = 0 up to rounding.
    toward : array (...), optional
        Of several classes the one that the step leads to; -1 where none was found.
    """

    within: str
    norm: Array
    z: Array
    flipped: NDArray[np.bool_]
    toward: NDArray[np.int_] | None = None

    def __repr__(self) -> str:
        lengths = np.array2string(np.asarray(self.norm), precision=4, threshold=6)
        only = int(np.sum(self.found & ~self.flipped))
        told = "shortest steps that flip" if not only else f"shortest steps, {only} of which only lose the label,"
        missed = int(np.sum(~self.found))
        none = f"; none found at {missed} of {np.size(self.norm)} points" if missed else ""
        return f"<attack {self.within}: {told} {lengths}{none}>"

    @property
    def found(self) -> NDArray[np.bool_]:
        """Where a step was found, whether it flips the label or only loses it."""
        return np.isfinite(self.norm)


@single_threaded
def projected_gradient(
    network: Network,
    x0: Any = 0,
    within: str = "off",
    *,
    steps: int = STEPS,
    starts: int = STARTS,
    largest: float | None = None,
    seed: int = 0,
) -> Attack:
    """L2 attack by projected gradient steps in a ball that shrinks with every success.

    y0 N(x0 + z) is driven down by `steps` normalised gradient steps, shorter and shorter, in a ball; where the
    label flips, z is cut back to where its ray crosses the boundary, and the ball to its length. This is done from
    several starts, on the largest ball: down and up the gradient at x0, and directions at random, each both ways.
    From x0 and from what the starts found, convex programmes go on to the shortest steps near them, on networks of two
    layers. A point gets the same step alone or among others, in any order. Where nothing was found, the attack says so.
    Of several classes each rival of the label is tried, and the shortest step counts; the time goes with their number.

    Parameters
    ----------
    network : Network
        Any network.
    x0 : point or points
        Anywhere: a data point's number, coordinates (..., q) or vectors (..., d).
    within : {"off", "on", "free"}
        Orthogonal to P, in P, or anywhere.
    steps, starts : int
        Gradient steps, and how many starts; the time goes with their product, and with the programmes.
    largest : float, optional
        The largest radius tried, 2 (1 + |x0|) + 100 |N(x0)| sqrt(m)/max_i |w_i| by default.
    seed : int
        For the random starts.

    Returns
    -------
    Attack

    Raises
    ------
    ParameterError
        A value out of range, or x0 is no point.
    """
    space = choice("within", within, ("off", "on", "free"))
    if largest is not None:
        largest = size("largest", largest, "the largest radius")
    at = network.subspace.settled(x0)
    points = at.reshape(-1, at.shape[-1])

    def ask(net: Network, some: Array) -> Steps:
        rows = net.layer.off if space == "off" else net.layer.on if space == "on" else net.layer.free
        a, rows, u = net.evened(net.inputs(some), rows)
        top = largest_radius(u, a, rows, 2 * (1 + norms(some))) if largest is None else np.full(len(a), largest)
        return steps_of_one_layer(u, a, rows, top, steps, starts, seed)

    shape, toward = at.shape[:-1], None
    if network.classes:
        (norm, z, flipped), toward = _over_rivals(network, points, ask)
        toward = toward.reshape(shape)
    else:
        norm, z, flipped = ask(network, points)
    return Attack(space, norm.reshape(shape), z.reshape(*shape, z.shape[1]), flipped.reshape(shape), toward)


def _over_rivals(
    network: Network, points: Array, ask: Callable[[Network, Array], Steps]
) -> tuple[Steps, NDArray[np.int_]]:
    """The shortest of the steps against each class but the label, and toward which class each is."""
    labels = network.labels(points)
    width = ask(network.pair(0, 1), points[:0])[1].shape[1]
    norm, z = np.full(len(points), np.inf), np.zeros((len(points), width))
    flipped, toward = np.zeros(len(points), dtype=bool), np.full(len(points), -1)
    for y, c in ((y, c) for y in np.unique(labels) for c in range(network.classes or 0) if c != y):
        index = np.flatnonzero(labels == y)
        found = ask(network.pair(int(y), c), points[index])
        shorter = found[0] < norm[index]
        some = index[shorter]
        norm[some], z[some], flipped[some] = (x[shorter] for x in found)
        toward[some] = c
    return (norm, z, flipped), toward


def largest_radius(u: Array, a: Array, rows: Array, near: Array) -> Array:
    """How far an attack looks by default from points with inputs a (points, m): past what is near (points,)."""
    (a, inputs), (rows, weights) = near_one(a), all_near_one(rows)
    largest_row = float(norms(rows).max(initial=0)) or 1.0
    output = np.abs((np.maximum(a, 0) * u).sum(-1))
    return np.asarray(near + times(100 * output * np.sqrt(len(u)) / largest_row, inputs[:, 0] - weights))


class Above(Protocol):
    """What stands above the first layer's pre-activations a (..., m), as the attack uses it."""

    def above(self, a: Array) -> Array:
        """The output (...)."""

    def output_gradient(self, a: Array) -> Array:
        """Its gradient in a (..., m)."""

    def size(self, a: Array) -> Array:
        """What the output would be if nothing in it cancelled, for a >= 0: its rounding is in proportion."""

    def first(self, a: Array, moves: Array, strictly: bool) -> Array:
        """The first t at which the label flips (or is lost) at a + t moves; inf where none is known."""

    def nearer(self, a: Array, rows: Array, steps: Array, longest: float) -> tuple[Array | None, float]:
        """A step (n,) below `longest` that flips, from these (steps, n) on, and its length; None where none is."""


@dataclass(frozen=True, eq=False)
class OneLayer:
    """The output layer of a two-layer network."""

    u: Array

    def above(self, a: Array) -> Array:
        return np.asarray(np.maximum(a, 0) @ self.u)

    def output_gradient(self, a: Array) -> Array:
        return np.asarray((a >= 0) * self.u)

    def size(self, a: Array) -> Array:
        return np.asarray(a @ np.abs(self.u))

    def first(self, a: Array, moves: Array, strictly: bool) -> Array:
        return (first_flip if strictly else first_lost)(a, moves, self.u)

    def nearer(self, a: Array, rows: Array, steps: Array, longest: float) -> tuple[Array | None, float]:
        return nearer(self.u, a, rows, steps, longest)


def steps_of_one_layer(
    u: Array, a: Array, rows: Array, top: Array, steps: Any = STEPS, starts: Any = STARTS, seed: int = 0
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """`shortest_steps` of a network without biases, in units that bring inputs and weights near to 1."""
    (a, inputs), (rows, weights) = near_one(a), all_near_one(rows)
    outer = inputs[:, 0] - weights
    top = np.minimum(times(top, -outer), FARTHEST)
    norm, z, flipped = shortest_steps(OneLayer(u), a, rows, top, steps, starts, seed)
    norm, z = times(norm, outer), times(z, outer[:, None])
    held = np.asarray(np.isfinite(z).all(-1))  # a step that no float holds is none
    return np.where(held, norm, np.inf), np.where(held[:, None], z, 0.0), flipped & held


def shortest_steps(
    top_layers: Above, a: Array, rows: Array, top: Array, steps: Any = STEPS, starts: Any = STARTS, seed: int = 0
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The attack on any network above its first layer: lengths (points,), steps (points, n), and which of them flip.

    `a` are the first layer's pre-activations (points, m), `rows` its weights (m, n) as a step sees them, `top` the
    largest radius for each point; the rest as for `projected_gradient`.
    """
    steps = count("steps", steps, "the number of gradient steps")
    starts = count("starts", starts, "the number of starts")
    # What is orthogonal to every weight changes nothing, so a start lies in the weights' span, and in the space.
    random = [stream(seed, "attack", i).standard_normal(rows.shape[0]) @ rows for i in range((starts - 1) // 2)]
    directions = unit(np.array([way * x for x in random for way in (1, -1)]).reshape(-1, rows.shape[1]))[: starts - 2]
    block = max(1, BLOCK // (starts * max(rows.shape)))
    parts = [slice(i, i + block) for i in range(0, len(a), block)] or [slice(0, 0)]
    found = [_Search(top_layers, a[part, None], rows, directions, steps, starts).run(top[part]) for part in parts]
    norm, z, flipped = (np.concatenate(x) for x in zip(*found, strict=True))
    return norm, z, flipped


@dataclass(frozen=True, eq=False)
class _Search:
    """One block of points. Its arrays are (points, starts, ...), so that every product is one of each point's own."""

    top_layers: Above
    a: Array  # (points, 1, m)
    rows: Array  # (m, n)
    directions: Array  # (starts - 2, n)
    steps: int
    starts: int

    def run(self, top: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
        """The shortest step of all starts at each point; one that only loses the label where none flips."""
        output = self.top_layers.above(self.a)
        y0 = np.where(np.abs(output) <= LOST * self.top_layers.size(np.abs(self.a)), 0.0, np.sign(output))
        norm, z = np.where(y0[:, 0] == 0, 0.0, np.inf), np.zeros((len(top), self.rows.shape[1]))
        flipped = np.zeros(len(top), dtype=bool)
        for strictly in (True, False):
            left = np.flatnonzero(np.isinf(norm))
            if len(left):
                some = replace(self, a=self.a[left])
                norm[left], z[left], flipped[left] = some._shortest(y0[left], top[left, None], strictly)
        return norm, z, flipped

    def _shortest(self, y0: Array, top: Array, strictly: bool) -> tuple[Array, Array, NDArray[np.bool_]]:
        """Each point's length (points,), its step (points, n), whether it flips; inf and 0 where there is none."""
        length, z = self._descended(y0, top, strictly)
        t = self.top_layers.first(np.broadcast_to(self.a, (*length.shape, self.a.shape[-1])), z @ self.rows.T, strictly)
        t = np.where(np.isfinite(length) & np.isfinite(t), t, 1.0)  # exact along each ray, where that can be had
        length, z = t * length, t[..., None] * z
        if strictly:
            self._shorten(length, z, top)
        best = np.argmin(length, axis=1)[:, None]
        length = np.take_along_axis(length, best, 1)
        z = np.where(np.isfinite(length)[..., None], np.take_along_axis(z, best[..., None], 1), 0.0)
        moves, reach = z @ self.rows.T, np.linalg.norm(z, axis=-1)[..., None] * np.linalg.norm(self.rows, axis=1)

        def flips(t: Array) -> NDArray[np.bool_]:
            output = y0 * self.top_layers.above(self.a + t[..., None] * moves)
            return np.asarray(output < -LOST * self.top_layers.size(np.abs(self.a) + reach))

        def loses(t: Array) -> NDArray[np.bool_]:
            return np.asarray(y0 * self.top_layers.above(self.a + t[..., None] * moves) <= 0)

        t = lengthened(flips, length.shape)
        flipped = flips(t)
        t = np.where(flipped, t, lengthened(loses, length.shape))
        return (t * length)[:, 0], (t[..., None] * z)[:, 0], flipped[:, 0]

    def _shorten(self, length: Array, z: Array, top: Array) -> None:
        """Put a shorter step in the place of each point's shortest, where one is known from x0 or from another step."""
        for i, order in enumerate(np.argsort(length, axis=1, kind="stable")):
            longest = min(length[i, order[0]], top[i, 0])
            steps = np.vstack([np.zeros_like(z[i, :1]), z[i, order][np.isfinite(length[i, order])]])
            found, shorter = self.top_layers.nearer(self.a[i, 0], self.rows, steps, longest)
            if found is not None:
                z[i, order[0]], length[i, order[0]] = found, shorter

    def _descended(self, y0: Array, top: Array, strictly: bool) -> tuple[Array, Array]:
        """For each start the length at which it crosses, inf where it does not, and the step (points, starts, n)."""
        points = len(top)
        top = np.broadcast_to(top, (points, self.starts))
        down = unit(-(self.top_layers.output_gradient(self.a) * y0[..., None]) @ self.rows)
        given = np.broadcast_to(self.directions, (points, *self.directions.shape))
        z = np.concatenate([down, -down, given], axis=1)[:, : self.starts] * top[..., None]
        radius, best, step = top, np.full(top.shape, np.inf), z
        for i in range(self.steps):
            moves = z @ self.rows.T
            t = self._crossing(y0, moves, np.isinf(best), strictly)
            hit = np.isfinite(t)
            t = np.where(hit, t, 1.0)
            z, moves, length = t[..., None] * z, t[..., None] * moves, t * np.linalg.norm(z, axis=-1)
            better = hit & (length < best)
            best, step = np.where(better, length, best), np.where(better[..., None], z, step)
            radius = np.minimum(radius, best)
            rate = FIRST * (LAST / FIRST) ** (i / self.steps)
            down = unit(-(self.top_layers.output_gradient(self.a + moves) * y0[..., None]) @ self.rows)
            z = z + down * (rate * radius)[..., None]
            z *= np.minimum(1, radius / np.maximum(np.linalg.norm(z, axis=-1), TINY))[..., None]
        return best, step

    def _crossing(self, y0: Array, moves: Array, new: NDArray[np.bool_], strictly: bool) -> Array:
        """A t <= 1 at which a + t moves has crossed, by secants, inf where t = 1 has not; the first where `new`."""
        low, high = np.zeros(new.shape), np.ones(new.shape)
        above = np.broadcast_to(np.abs(self.top_layers.above(self.a)), new.shape)
        below = y0 * self.top_layers.above(self.a + moves)
        crossed = below < 0 if strictly else below <= 0
        for turn in range(SECANTS):
            aim = (1 + AIM) * above
            t = low + (high - low) * (aim / np.maximum(np.maximum(above - below, aim), TINY))
            if turn == SECANTS - 1:  # a secant that has got nowhere is left for the middle
                t = np.where(high - low > 1 / 2, (low + high) / 2, t)
            value = y0 * self.top_layers.above(self.a + t[..., None] * moves)
            over = value < 0 if strictly else value <= 0
            low, above = np.where(over, low, t), np.where(over, above, value)
            high, below = np.where(over, t, high), np.where(over, value, below)
        found = np.where(crossed, high, np.inf)
        if new.any():
            first = self.top_layers.first(np.broadcast_to(self.a, moves.shape)[new], moves[new], strictly)
            found[new] = np.fmin(found[new], np.where(first <= 1, first, np.inf))
        return found


def unit(x: Array) -> Array:
    """Vectors (..., n) of length 1; those of zeros stay."""
    near, _ = near_one(x)
    return np.asarray(near / np.maximum(np.linalg.norm(near, axis=-1, keepdims=True), TINY))
