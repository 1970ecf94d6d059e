"""What a network of one's own says of single pixels: which of them the data leave free, and steps and slopes there.

The steps here are those of statements about networks of one output whose first layer alone was trained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from boundkit.errors import HypothesisError
from boundkit.simulate.inspection import Inspection, Look
from boundkit.simulate.networks import Network
from boundkit.simulate.pixels import sign_flip, signs
from boundkit.simulate.rng import Array

RARE = 1e-6  # what the chance that some pixel is above the level adds up to


def _step_along_all_weights(part: int) -> Look:
    """The step down the sum of all weights, each with its output weight's sign: its length, or y0 N after it."""

    def look(seen: Inspection, values: Mapping[str, Any]) -> Array:
        net = seen.network
        down = np.sign(net.u) @ net.off
        alpha = float(values["c"]) * np.sqrt(net.m) * np.abs(seen.output) / (seen.b**2 * values["ell"])
        alpha = alpha / (np.asarray(values["k"]) + 1)
        if part == 0:
            return np.asarray(alpha * np.linalg.norm(down))
        return _after(seen, -(np.sign(seen.output) * alpha)[:, None] * net.lift(down))

    return look


def _after(seen: Inspection, z: Array) -> Array:
    """y0 N at the points after steps z (N, d)."""
    return np.asarray(np.sign(seen.output) * seen.network.output(seen.points_in_space + z))


def _sign_step(part: int, *, upward: bool = False) -> Look:
    """The step of signs in the pixels that the data leave free: the most that one changes, or y0 N after it."""

    def look(seen: Inspection, values: Mapping[str, Any]) -> Array | None:
        net, free = seen.network, seen.free_pixels
        if not len(free):
            return None
        mean = 1 / np.sqrt(2 * np.pi) if upward else np.sqrt(2 / np.pi)  # of a pixel's move, times sqrt(m)
        size = float(values["c"]) * net.m * np.abs(seen.output) / (seen.b * len(free) * mean)
        size = size / (np.asarray(values["k"]) + 1)
        if part == 0:
            return np.asarray(size)
        z = np.zeros(seen.X.shape)
        for label in (-1.0, 1.0):
            here = np.sign(seen.output) == label
            z[np.ix_(here, free)] = size[here, None] * signs(net.weights[:, free], net.u, label, upward)
        return _after(seen, z)

    return look


def _sparse_step(part: int) -> Look:
    """The universal flip in the free pixels alone: its length, or y0 N after it."""

    def look(seen: Inspection, values: Mapping[str, Any]) -> Array | None:
        net, free = seen.network, seen.free_pixels
        if not len(free):
            return None
        down = np.linalg.lstsq(net.weights[:, free], np.sign(net.u), rcond=None)[0]
        alpha = float(values["c"]) * np.sqrt(net.m) * np.abs(seen.output) / (np.asarray(values["k"]) + 1)
        if part == 0:
            return np.asarray(alpha * np.linalg.norm(down))
        z = np.zeros(seen.X.shape)
        z[:, free] = -(np.sign(seen.output) * alpha)[:, None] * down
        return _after(seen, z)

    return look


def _of_slopes(ask: Callable[[Array], Array]) -> Look:
    """Something of the gradient orthogonal to P, pixel by pixel."""
    return lambda seen, _: seen.grouped(lambda net, x: ask(np.abs(net.lift(net.off_subspace_gradient(x)))))


def _largest_change(seen: Inspection, values: Mapping[str, Any]) -> Array:
    """The most that the universal flip changes a pixel; nan where there is none."""

    def ask(net: Network, x: Array) -> Array:
        found = net.flips(x, c=float(values["c"]))
        some = np.isfinite(found.norm)
        largest = np.full(len(x), np.nan)
        if some.any():
            largest[some] = np.abs(net.lift(found.z[some])).max(axis=-1)
        return largest

    return seen.grouped(ask)


def _smallest_change(seen: Inspection, _: Mapping[str, Any]) -> tuple[Array, Array]:
    """The least largest change of a pixel that takes the label, between the radius and a step of signs."""

    def ask(net: Network, x: Array) -> float:
        try:
            return sign_flip(net, x).largest
        except HypothesisError:
            return 0.0

    P, free = seen.network.subspace, seen.free_pixels.size
    high = seen.each(ask) if free else np.full(len(seen.X), np.inf)
    return seen.radius / np.sqrt(free if free == P.ell else P.d), high


def _level_of_directions(seen: Inspection, _: Mapping[str, Any]) -> float | None:
    """What no pixel of a uniform direction exceeds, but for a chance of RARE."""
    P = seen.network.subspace
    return float(np.sqrt(-np.expm1(-2 * np.log(P.d / RARE) / (P.ell - 1)))) if P.ell > 1 else None


def _when_free(ask: Callable[[Inspection], float]) -> Look:
    """What is known where free pixels span what is orthogonal to P."""
    return lambda seen, _: ask(seen) if len(seen.free_pixels) == seen.network.subspace.ell else None


PIXELS: dict[str, Look] = {
    "step along all weights": _step_along_all_weights(0),
    "step along all weights' output": _step_along_all_weights(1),
    "free pixels": lambda seen, _: len(seen.free_pixels) or None,
    "range of pixels": lambda seen, _: float(seen.X.max()) if seen.X.min() >= 0 and seen.X.max() > 0 else None,
    "sign step": _sign_step(0),
    "sign step's output": _sign_step(1),
    "upward step": _sign_step(0, upward=True),
    "upward step's output": _sign_step(1, upward=True),
    "sparse step": _sparse_step(0),
    "sparse step's output": _sparse_step(1),
    "universal flip's largest change": _largest_change,
    "smallest change": _smallest_change,
    "pixels off P": lambda seen, _: int((seen.reaches > 0).sum()),
    "reach": lambda seen, _: float(seen.reaches.max()),
    "sum of reaches": lambda seen, _: float(seen.reaches.sum()),
    "level of directions": _level_of_directions,
    "level of normals": lambda seen, _: float(np.sqrt(2 * np.log((seen.reaches > 0).sum() / RARE))),
    "greatest slope": _of_slopes(lambda g: g.max(axis=-1)),
    "sum of slopes": _of_slopes(lambda g: g.sum(axis=-1)),
    "longest in the cube": _when_free(lambda seen: float(np.sqrt(seen.network.subspace.ell))),
    "width of the cube": _when_free(lambda seen: seen.network.subspace.ell * float(np.sqrt(2 / np.pi))),
    "length of output weights": lambda seen, _: seen.grouped(lambda net, x: _of_all(x, np.linalg.norm(net.u))),
    "sum of output weights": lambda seen, _: seen.grouped(lambda net, x: _of_all(x, np.abs(net.u).sum())),
}  # fmt: skip


def _of_all(x: Array, value: Any) -> Array:
    return np.full(len(x), float(value))
