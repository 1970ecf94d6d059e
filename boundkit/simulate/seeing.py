"""What a network of one's own says of the parameters and quantities of statements, by name.

Each is a number, an array (N,) over the points, or a pair of arrays between which what is not known exactly lies; None
where this network cannot say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from boundkit.errors import BoundkitError
from boundkit.simulate.inspection import PAST, Inspection, Look
from boundkit.simulate.measures import MEASURES, OF_EACH_NETWORK
from boundkit.simulate.networks import Network
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import deviation, norms
from boundkit.simulate.seeing_pixels import PIXELS
from boundkit.simulate.trained import TrainedNetwork


def _of_points(name: str) -> Look:
    """A measure of any network, at every point."""
    return lambda seen, _: seen.each(lambda net, x: OF_EACH_NETWORK[name](net, x))  # type: ignore[arg-type]


def _of_runs(name: str) -> Look:
    """What only a network that was trained here can say."""

    def look(seen: Inspection, _: Mapping[str, Any]) -> Any:
        return MEASURES[name](seen.network, None) if isinstance(seen.network, TrainedNetwork) else None

    return look


def _beta(seen: Inspection, _: Mapping[str, Any]) -> float | None:
    """The start's standard deviation: known of a network that was trained here, estimated from a start."""
    if isinstance(seen.network, TrainedNetwork):
        return seen.network.start.beta
    return None if seen.start is None else deviation(seen.start)


def _step(method: str, part: int, *, few: bool = False) -> Look:
    """The length of a method's steps at the statement's c, or y0 N after them; nan where there is none.

    With `few` at the chosen points only, where each has a factorisation of its own.
    """

    def look(seen: Inspection, values: Mapping[str, Any]) -> Array:
        found = seen.steps(method, float(values.get("c", PAST)), few=few)[part]
        return np.where(np.isfinite(found), found, np.nan)

    return look


def _sum_step(part: int) -> Look:
    """The same of the step along the sum of all weights, which only a network trained here has."""

    def look(seen: Inspection, values: Mapping[str, Any]) -> Array | None:
        if not isinstance(seen.network, TrainedNetwork) or not seen.network.standard:
            return None

        def one(net: Any, x: Array) -> float:
            try:
                z = net.paper_step(x, float(values.get("c", 8.0)))
            except BoundkitError:
                return np.nan
            return float(z.norm if part == 0 else np.sign(z.before) * z.after)

        return seen.each(one)

    return look


def sides(net: Network, x: Array) -> tuple[Array, Array]:
    """At points (n, d) the output weights' sizes of active opposing neurons (n, m), 0 of all others, and u_min (n,).

    That is the least size of an active supporting one, or 0 where an output bias makes the label alone.
    """
    sizes, a, y0 = np.abs(net.u), net.inputs(x), np.sign(net.output(x))
    supports = (a > 0) & (net.u * y0[:, None] > 0)
    pushing = np.where(net.opposing(x), sizes, 0.0)
    alone = y0 * float(net.output_bias) > np.sum(pushing * a, axis=-1)
    least = np.where(supports, sizes, np.inf).min(axis=-1)
    return pushing, np.where(np.isfinite(least) & ~alone, least, 0.0)


def _length_of_both(net: Network, x: Array) -> Array:
    """The length of the two together."""
    pushing, least = sides(net, x)
    return np.asarray(np.hypot(np.linalg.norm(pushing, axis=-1), least))


def _movable(net: Network, x: Array) -> Array:
    """How many neurons support the label, or oppose it and are active."""
    supports = net.u * np.sign(net.output(x))[:, None] > 0
    return np.asarray(np.sum(supports | net.opposing(x), axis=-1), dtype=float)


def _length(net: Network, x: Array) -> Array:
    """The length of the output weights of active neurons."""
    return np.asarray(np.linalg.norm(net.active(x) * net.u, axis=-1))


def _distance_in_inputs(seen: Inspection, _: Mapping[str, Any]) -> Any:
    """delta* where there is a closed form for it."""
    if seen.network.classes or not seen.network.standard:
        return None
    return seen.each(lambda net, x: OF_EACH_NETWORK["distance in the pre-activations"](net, x))  # type: ignore[arg-type]


def _swap(part: str) -> Look:
    """The swap from each point to the next one: its length, or how far the pre-activations move."""

    def look(seen: Inspection, _: Mapping[str, Any]) -> Array | None:
        found = seen.swaps
        return None if found is None else np.asarray(getattr(found, part), dtype=float)

    return look


def _linear(seen: Inspection, _: Mapping[str, Any]) -> Array:
    """|N| over the length of its gradient orthogonal to P."""
    off = seen.gradients[0]
    return np.where(off > 0, np.abs(seen.output) / np.where(off > 0, off, 1.0), np.nan)


def _change(seen: Inspection, _: Mapping[str, Any]) -> Any:
    """The longest move of a weight orthogonally to P, 0 up to rounding."""
    if seen.start is None or seen.moved_off is None:
        return None
    return 0.0 if seen.moved_off <= seen.rounding else float(norms(seen.off - seen.coordinates_off(seen.start)).max())


SEEN: dict[str, Look] = {
    "d": lambda seen, _: seen.network.subspace.d,
    "ell": lambda seen, _: seen.network.subspace.ell,
    "ell/d": lambda seen, _: seen.network.subspace.ell / seen.network.subspace.d,
    "m": lambda seen, _: seen.network.m,
    "deviation times sqrt(d)": lambda seen, _: float(seen.b * np.sqrt(seen.network.subspace.d)),
    "beta": _beta,
    **{name: _of_points(name) for name in OF_EACH_NETWORK},
    **{name: _of_runs(name) for name in ("margin", "steps", "eta", "lam")},
    "output": lambda seen, _: seen.output,
    "distance in the pre-activations": _distance_in_inputs,
    "pairs of classes": lambda seen, _: None if not (K := seen.network.classes) else K * (K - 1) // 2,
    "sum of opposing weights": lambda seen, _: seen.grouped(lambda net, x: sides(net, x)[0].sum(axis=-1)),
    "least supporting weight": lambda seen, _: seen.grouped(lambda net, x: sides(net, x)[1]),
    "length of both": lambda seen, _: seen.grouped(_length_of_both),
    "movable": lambda seen, _: seen.grouped(_movable),
    "length of active weights": lambda seen, _: seen.grouped(_length),
    "change off P": _change,
    "gradient off P": lambda seen, _: seen.gradients[0],
    "linear distance": _linear,
    "distance": lambda seen, _: (seen.radius, seen.shortest),
    "universal flip": _step("universal_flip", 0),
    "universal flip's output": _step("universal_flip", 1),
    "one-point flip": _step("one_point_flip", 0, few=True),
    "one-point flip's output": _step("one_point_flip", 1, few=True),
    "sum step": _sum_step(0),
    "sum step's output": _sum_step(1),
    "swap": _swap("norm"),
    "swap's move": _swap("moved"),
    **PIXELS,
}  # fmt: skip
