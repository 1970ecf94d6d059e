"""What a network of one's own says of the parameters and quantities of statements, by name.

Each is a number, an array (N,) over the points, or a pair of arrays between which what is not known exactly lies; None
where this network cannot say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from boundkit.errors import BoundkitError
from boundkit.simulate.inspection import PAST, Inspection
from boundkit.simulate.measures import MEASURES, OF_EACH_NETWORK
from boundkit.simulate.networks import Network
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import norms
from boundkit.simulate.trained import TrainedNetwork

Look = Callable[[Inspection, Mapping[str, Any]], Any]
LATER = 1  # which of the points, counted from each, it is to be taken for


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
    return None if seen.start is None else float(np.sqrt(np.mean(np.square(seen.start))))


def _step(method: str, part: int) -> Look:
    """The length of a method's steps at the statement's c, or y0 N after them; nan where there is none."""

    def look(seen: Inspection, values: Mapping[str, Any]) -> Array:
        found = seen.steps(method, float(values.get("c", PAST)))[part]
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


def sides(net: Network, x: Array) -> tuple[Array, float]:
    """The output weights' sizes of the active opposing neurons, and the least one of an active supporting neuron.

    The latter is 0 where an output bias makes the label alone.
    """
    sizes, a, y0 = np.abs(net.u), net.inputs(x), np.sign(net.output(x))
    supports, opposing = (a > 0) & (net.u * y0 > 0), net.opposing(x)
    alone = y0 * float(net.output_bias) > float(sizes[opposing] @ a[opposing])
    return sizes[opposing], float(sizes[supports].min()) if supports.any() and not alone else 0.0


def _movable(net: Network, x: Array) -> float:
    """How many neurons support the label, or oppose it and are active."""
    return float(np.sum((net.u * np.sign(net.output(x)) > 0) | net.opposing(x)))


def _length(net: Network, x: Array) -> float:
    """The length of the output weights of active neurons."""
    return float(np.linalg.norm(net.u[net.active(x)]))


def _distance_in_inputs(seen: Inspection, _: Mapping[str, Any]) -> Any:
    """delta* where there is a closed form for it."""
    if seen.network.classes or not seen.network.standard:
        return None
    return seen.each(lambda net, x: OF_EACH_NETWORK["distance in the pre-activations"](net, x))  # type: ignore[arg-type]


def _swap(part: str) -> Look:
    """The swap from each point to the next one: its length, or how far the pre-activations move."""

    def look(seen: Inspection, _: Mapping[str, Any]) -> Array | None:
        if len(seen.points) < 2:
            return None
        try:
            found = seen.network.swap(seen.points, np.roll(seen.points, -LATER, axis=0))
        except BoundkitError:
            return None
        return np.asarray(getattr(found, part), dtype=float)

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
    "sum of opposing weights": lambda seen, _: seen.each(lambda net, x: float(sides(net, x)[0].sum())),
    "least supporting weight": lambda seen, _: seen.each(lambda net, x: sides(net, x)[1]),
    "length of both": lambda seen, _: seen.each(lambda net, x: float(np.linalg.norm(np.append(*sides(net, x))))),
    "movable": lambda seen, _: seen.each(_movable),
    "length of active weights": lambda seen, _: seen.each(_length),
    "change off P": _change,
    "gradient off P": lambda seen, _: seen.gradients[0],
    "linear distance": _linear,
    "distance": lambda seen, _: (seen.radius, seen.shortest),
    "universal flip": _step("universal_flip", 0),
    "universal flip's output": _step("universal_flip", 1),
    "one-point flip": _step("one_point_flip", 0),
    "one-point flip's output": _step("one_point_flip", 1),
    "sum step": _sum_step(0),
    "sum step's output": _sum_step(1),
    "swap": _swap("norm"),
    "swap's move": _swap("moved"),
}  # fmt: skip
