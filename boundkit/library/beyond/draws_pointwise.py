"""How the shortest steps from one point are drawn: by their law given the trained part, or in full."""

from __future__ import annotations

from typing import Any

import numpy as np

from boundkit.errors import BoundkitError, HypothesisError
from boundkit.library.melamed2023.draws import each, network
from boundkit.simulate.context import view_of
from boundkit.simulate.least import MANY, least
from boundkit.simulate.rng import Array
from boundkit.simulate.samplers import Draws
from boundkit.simulate.setting import Setting
from boundkit.simulate.trained import TrainedNetwork


def _chi(s: Setting, rng: np.random.Generator, trials: int, rows: int) -> Array:
    """b chi of the shortest z that makes a move of so many neurons."""
    if s.ell < rows:
        raise HypothesisError(f"ell = {s.ell} < {rows} neurons to be moved at will; give a larger ell")
    return np.asarray(s.deviation * np.sqrt(rng.chisquare(s.ell - rows + 1, trials)))


def flip_at_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """c |delta_0|/(b chi), at the pre-activations that make the move delta_0 longest with this k, p and N(x0).

    There one supporting neuron is active, the k opposing ones are at 0, and no other comes near; h are moved.
    """
    return longest_flip(s, rng, trials, s.value("output"), np.sqrt(s.value("k") / s.value("m")), s.value("m") ** -0.5)


def longest_flip(
    s: Setting, rng: np.random.Generator, trials: int, output: float, opposing: float, least: float
) -> Draws:
    """The same for output weights of the length `opposing` on the opposing neurons, and `least` on the other one."""
    size, together = abs(output), float(np.hypot(opposing, least))
    if size == 0 or together == 0:
        raise HypothesisError("N(x0) = 0, or no neuron brings it down: there is no such step; give others")
    of_opposing, of_other = opposing / together, least / together
    c = s.value("c")
    share = min(c * of_other**2, 1)  # of N(x0) that the supporting neuron gives up
    after = size * (1 - c * of_opposing**2 - share)
    move = np.hypot(c * of_opposing, share / of_other if of_other else 0.0)
    return {
        "norm_z": size / together * move / _chi(s, rng, trials, int(s.value("h"))),
        "flipped": np.full(trials, min(float(after), 0.0)),
    }


def flip_at_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    def flip(net: TrainedNetwork) -> dict[str, float]:
        try:
            step = net.one_point_flip(s.x0, s.value("c"))
        except BoundkitError:
            return {}
        return {"norm_z": step.norm, "flipped": np.sign(step.before) * step.after * (not step.lost)}

    return each(s, rng, trials, flip)


def _shortest(net: TrainedNetwork, x0: Any) -> float:
    """The length of the shortest step that takes the label, where it is proved to be that; nan elsewhere."""
    try:
        step = least(view_of(net, x0), 1.0, few=MANY)
    except BoundkitError:
        return np.nan
    return step.norm if step.certified else np.nan


def _given(s: Setting) -> bool:
    return bool({"q", "delta"} & s.given.keys())


def _some(s: Setting) -> int:
    """How many neurons oppose or are active, where some do."""
    q = int(s.value("q"))
    if q == 0:
        raise HypothesisError("q = 0: no neuron makes a label at x0 that could be lost; take another x0, or give q")
    return q


def distance_at_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Of one trained network with its weights off P drawn anew; or, with q or delta given, where all q are far from 0.

    There they stay active: the k = q - 1 opposing ones and one supporting neuron, each move counts alike, and the
    distance is delta/(b chi_ell).
    """
    _some(s)
    if _given(s):
        return {"distance": s.value("delta") / (s.deviation * np.sqrt(rng.chisquare(s.ell, trials)))}
    seeds = rng.integers(2**63, size=trials)
    return {"distance": np.array([_shortest(s.network.redrawn(int(seed)), s.x0) for seed in seeds])}


def distance_at_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Of networks; or, with q or delta given, of the q vectors that all count alike."""
    if _given(s):
        q = _some(s)
        together = np.linalg.norm(rng.standard_normal((trials, q, s.ell)).sum(axis=1), axis=-1)
        return {"distance": s.value("delta") * np.sqrt(q) / (s.deviation * together)}
    return each(s, rng, trials, lambda net: {"distance": _shortest(net, s.x0)})


def distance_linear_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    k = s.value("k")
    if not k:
        raise HypothesisError(
            "k = 0: without an active neuron N(x0) = 0, and there is no label to lose; take another x0"
        )
    length = abs(s.value("output")) * np.sqrt(s.value("m") / k)
    return {"linear_distance": length / (s.deviation * np.sqrt(rng.chisquare(s.ell, trials)))}


def distance_linear_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    def look(net: TrainedNetwork) -> dict[str, float]:
        gradient = float(np.linalg.norm(net.off_subspace_gradient(s.x0)))
        return {"linear_distance": abs(float(net.output(s.x0))) / gradient if gradient else np.nan}

    return each(s, rng, trials, look)


def distance_at_weight(s: Setting) -> float:
    """A number a trial where all is given, else a network's."""
    return 1.0 if _given(s) else network(s)


def distance_at_full_weight(s: Setting) -> float:
    """The numbers of a trial: of the vectors where all is given, else of a network."""
    return float(max(s.value("q"), 1) * s.ell) if _given(s) else network(s)
