"""How far a deep network's decision boundary lies along a line: exact, because the network is linear between kinks."""

from __future__ import annotations

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import real, size
from boundkit.simulate.deep import DeepNetwork
from boundkit.simulate.piecewise import first_lost, turning
from boundkit.simulate.rng import Array
from boundkit.simulate.threads import single_threaded

PAST = 1e-9  # a walk goes so far past a kink, relative to its reach, so as to be in the next piece for sure


@single_threaded
def boundary_distance(network: DeepNetwork, x: Array, direction: Array, reach: float) -> Array:
    """The least t in (0, reach] at which N(x + t direction) has lost its label, sign(N(x)) N <= 0.

    Two layers: the kinks are sorted and one linear equation is solved (`flips.first_lost`). Deeper: the line is
    walked from kink to kink, each found from the pre-activations and their slopes. A pair of crossings closer than
    1e-9 reach is the only thing that the walk can miss.

    Parameters
    ----------
    network : DeepNetwork
        A single one.
    x : array (n, d)
        Points.
    direction : array (d,)
        The line's; distances are in units of its length.
    reach : float
        How far to look.

    Returns
    -------
    array (n,)
        inf where the label is not lost within reach, 0 where N(x) = 0.

    Examples
    --------
    >>> network = DeepNetwork((np.array([[1.0]]), np.array([[1.0]])), (np.array([0.0]), np.array([-3.0])))
    >>> boundary_distance(network, np.array([[1.0], [5.0]]), np.array([1.0]), reach=10)
    array([ 2., inf])
    """
    reach = size("reach", reach, "how far to look")
    if network.networks:
        raise ParameterError(f"{network!r}: one network at a time; index it first")
    direction, d = real("direction", direction), network.weights[0].shape[-1]
    if direction.shape != (d,) or not direction.any():
        raise ParameterError(f"a direction of shape {direction.shape}: give {d} numbers, not all 0")
    a = network.inputs(x)
    moves = np.broadcast_to(network.weights[0] @ direction, a.shape)
    found = _sorted(network, a, moves) if network.depth == 2 else _walked(network, a, moves, reach)
    return np.where(found <= reach, found, np.inf)


def _sorted(network: DeepNetwork, a: Array, moves: Array) -> Array:
    """The output bias is one more neuron, at 1 and at rest."""
    still = np.ones((len(a), 1))
    u = np.concatenate([network.weights[1][0], network.biases[1]])
    return np.asarray(first_lost(np.hstack([a, still]), np.hstack([moves, 0 * still]), u))


def _walked(network: DeepNetwork, a: Array, moves: Array, reach: float) -> Array:
    """How far (n,) along the line each label is lost, from kink to kink up to `reach`; inf where that is not seen."""
    sign = np.sign(network.above(a))
    at, found = np.zeros(len(a)), np.where(sign == 0, 0.0, np.inf)
    open_ = np.flatnonzero(sign)
    while len(open_):
        value, slope, kink = _piece(network, a[open_] + at[open_, None] * moves[open_], moves[open_])
        value, slope = value * sign[open_], slope * sign[open_]
        zero = np.where(value <= 0, 0.0, np.where(slope < 0, value / np.where(slope < 0, -slope, 1.0), np.inf))
        hit = zero <= kink
        found[open_[hit]] = at[open_[hit]] + zero[hit]
        open_, kink = open_[~hit], kink[~hit]
        at[open_] += kink + PAST * reach
        open_ = open_[at[open_] <= reach]
    return found


def _piece(network: DeepNetwork, a: Array, moves: Array) -> tuple[Array, Array, Array]:
    """N here, its slope along the line, and how far this linear piece goes on."""
    kink = np.full(len(a), np.inf)
    for W, b in zip(network.weights[1:], network.biases[1:], strict=True):
        on = (a > 0) | ((a == 0) & (moves > 0))
        turns = turning(a, moves)
        kink = np.minimum(kink, np.where(turns, -a / np.where(turns, moves, 1.0), np.inf).min(-1))
        a, moves = np.maximum(a, 0) @ W.T + b, (on * moves) @ W.T
    return a[:, 0], moves[:, 0], kink
