"""How the paper's assumptions are measured on a network of one's own.

Nothing here says that weights were drawn at random: a test refutes it, or does not. What a weight is orthogonally to P
the weights tell alone, since training leaves it there; what else a start had only the start tells.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from boundkit.simulate.inspection import Inspection, Measured, Standing
from boundkit.simulate.networks import equal_sizes
from boundkit.simulate.normality import SURE, Normality, deviation_p
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import all_near_one, norms
from boundkit.simulate.scales import deviation as root_mean_square
from boundkit.simulate.trained import TrainedNetwork

MOVED = 1e-3  # how far, of its length, a weight may have moved orthogonally to P: training's own rounding, not steps


def on_subspace(seen: Inspection, _: Any) -> Measured:
    """Whether the points lie on P, up to the rounding of their dtype; of others only their owner knows."""
    worst = float(seen.off_p.max())
    off = int((seen.off_p > seen.rounding).sum())
    if off:
        return Measured(
            Standing.FAILS, f"{off} of {len(seen.X)} points are off P, by up to {worst:.2g} of their length"
        )
    told = f"none of these {len(seen.X)} points is off P by more than rounding, {seen.rounding:.1g} of its length"
    return Measured(Standing.NOT_REFUTED, told)


def first_layer(seen: Inspection, _: Any) -> Measured:
    """Whether the output weights are still +-1/sqrt(m), and there are no biases."""
    net = seen.network
    if net.classes:
        return Measured(Standing.FAILS, f"the network has {net.classes} outputs")
    sizes = np.abs(net.u) * np.sqrt(net.m)
    faults = [] if equal_sizes(net.u) else [f"|u_i| sqrt(m) is from {sizes.min():.2g} to {sizes.max():.2g}, and not 1"]
    faults += [] if net.biases is None or not net.biases.any() else ["there are biases"]
    faults += ["there is an output bias"] if np.any(net.output_bias) else []
    if faults:
        return Measured(Standing.FAILS, "; ".join(faults))
    return Measured(Standing.NOT_REFUTED, "|u_i| sqrt(m) is 1, and there are no biases")


def standard_start(seen: Inspection, s: Any) -> Measured:
    """N(0, I_d/d) at the start; without it, and without decay, that is what is left orthogonally to P."""
    kept = s.experiment is None or s.experiment.deviation is None
    return _drawn(seen, seen.network.subspace.d**-0.5, kept)


def small_start(seen: Inspection, _: Any) -> Measured:
    """N(0, I_d/(2 d^2)) at the start, or orthogonally to P."""
    return _drawn(seen, 1 / (seen.network.subspace.d * np.sqrt(2)), True)


def any_start(seen: Inspection, _: Any) -> Measured:
    """Independent normals of one deviation at the start, which are rotation invariant."""
    return of_start(seen, None)


def unregularised(seen: Inspection, _: Any) -> Measured:
    """Whether the weights orthogonal to P are those of the start."""
    if isinstance(seen.network, TrainedNetwork):
        lam = seen.network.lam
        return Measured(Standing.FAILS if lam else Standing.HOLDS, f"lam = {lam:g}")
    if seen.moved_off is None:
        return Measured(Standing.OPEN, "give the start")
    told = f"orthogonally to P weights have moved by {seen.moved_off:.1g} of their length"
    return Measured(Standing.FAILS if seen.moved_off > MOVED else Standing.NOT_REFUTED, told)


def derivative_at_0(_seen: Inspection, _: Any) -> Measured:
    """As gradients are taken here."""
    return Measured(Standing.HOLDS, "gradients are so taken here")


def left_gaussian(seen: Inspection, _: Any) -> Measured:
    """Whether the weights orthogonal to P are normals of one deviation, and the start's up to a factor."""
    if seen.start is not None and seen.network.layer.leaves_p:
        (before, _), (after, _) = all_near_one(seen.coordinates_off(seen.start)), all_near_one(seen.off)
        size = float(np.sum(before**2))
        factor = float(np.sum(before * after)) / size if size else 0.0
        moved = float(norms(after - factor * before).max() / norms(after).max())
        if moved > MOVED:
            return Measured(Standing.FAILS, f"beside a factor, weights there have moved by {moved:.2g} of their length")
        if (p := seen.start_normality.shape) < SURE:
            return Measured(Standing.REFUTED, "the start's entries do not have the shape of a normal law", p)
    return of_what_is_left(seen, None)


def tested(found: Normality, W: Array, deviation: float | None, what: str) -> Measured:
    """Whether weights W are refuted as independent normals, of this deviation if one is given."""
    p, worst = found.p, found.worst
    rms = root_mean_square(W)
    told = f"{what} have the deviation {rms:.4g}"
    if deviation is not None:
        apart = deviation_p(W, deviation)
        p, worst = min(1.0, 2 * min(p, apart)), worst if p <= apart else "their deviation"
        told += f", {rms / deviation:.4g} of what is assumed"
    if p < SURE:
        return Measured(Standing.REFUTED, f"{told}; not normal by {worst}" if worst != "their deviation" else told, p)
    return Measured(Standing.NOT_REFUTED, told, p)


def of_start(seen: Inspection, deviation: float | None) -> Measured:
    """The same of the start."""
    if seen.start is None:
        return Measured(Standing.OPEN, "give the start")
    if not seen.start.any():
        return Measured(Standing.FAILS, "the start's weights are 0")
    return tested(seen.start_normality, seen.start, deviation, "the start's weights")


def of_what_is_left(seen: Inspection, deviation: float | None) -> Measured:
    """The same of the weights orthogonal to P."""
    if not seen.network.layer.leaves_p:
        return Measured(Standing.FAILS, "no weight has a part orthogonal to P but for rounding")
    return tested(seen.normality, seen.off, deviation, "the weights orthogonal to P")


def _drawn(seen: Inspection, deviation: float, kept: bool) -> Measured:
    """Whether the start was drawn with this deviation; of what is left orthogonally to P, if that was kept."""
    return of_start(seen, deviation) if seen.start is not None or not kept else of_what_is_left(seen, deviation)
