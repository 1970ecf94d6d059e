"""A radius within which no step orthogonal to P takes the label, from the weights alone and with nothing random.

Within |z| <= R only neurons whose kink is that near can switch. Those that support the label and may switch are counted
by a multiplier each, those that oppose it by the chord of their ReLU, and what the linear output so counted allows is a
radius, if it is at least R: the largest such R is looked for. The multipliers go up the bound's own gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.simulate.certified import Output, favours
from boundkit.simulate.regions import Region, within
from boundkit.simulate.rng import Array
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network

TRIES, CAPS, CLIMBS = 12, 5, 2  # of an R; caps for each; steps up the gradient for each cap
CLOSE = 1e-12
FARTHER = 4.0  # times what the active neurons alone allow: no R beyond is tried
BLOCK = 2**18  # numbers in an array of a block of points


@single_threaded
def certified_radius(network: Network, x0: Any = 0) -> Array:
    """A length (...) such that no shorter z orthogonal to P takes the label at points x0 (...): a proof, not a law.

    It is |N(x0)| over a Lipschitz constant of what can move within that length: the active neurons together, and each
    inactive opposing one as far as it can wake up. Of several classes it is the least over the rivals. All rounding is
    paid for, so it holds for the weights as they are. 0 where rounding leaves the label open, and inf where no step
    takes it. `distance` is sharper, and takes longer.

    Parameters
    ----------
    x0 : point or points
        Anywhere: a data point's number, coordinates (..., q) or vectors (..., d).

    Raises
    ------
    ParameterError
        x0 is no point.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> network = train(problem(d=60, ell=40, points=6, seed=1), m=8, steps=50)
    >>> points = network.problem.coordinates
    >>> bool((network.certified_radius(points) <= network.attack(points).norm).all())
    True
    """
    at = network.subspace.point(x0)
    points = at.reshape(-1, at.shape[-1])
    block = max(1, BLOCK // max(network.off.shape))
    found = [_least(network, points[i : i + block]) for i in range(0, len(points), block)]
    return np.concatenate(found or [np.empty(0)]).reshape(at.shape[:-1])


def _least(network: Network, points: Array) -> Array:
    """The least radius over all rivals (points,)."""
    least = np.full(len(points), np.inf)
    known = np.zeros(len(points), dtype=bool)
    for _, output, other in favours(network, points):
        least = np.minimum(least, np.where(other, output.outer(linear_radius(output.compact)), np.inf))
        known |= other
    return np.where(known, least, 0.0)


def linear_radius(output: Output) -> Array:
    """The largest radius (...) that is found, in the output's units."""
    omega = np.where(output.a > 0, np.maximum(output.v, 0), 0.0)
    none = np.zeros(output.o.shape)
    low = best = allowed = output.nearest
    high = np.minimum(FARTHER * output.at_least(output.relaxed(omega, *output.ball(none))), output.farthest)
    high = np.maximum(low, high)
    for turn in range(TRIES):
        middle = np.sqrt(low) * np.sqrt(high)
        if turn % 2:  # what the bound at `low` allows, which is all where nothing switches
            middle = np.clip(allowed, middle, high)
        found = within(output, middle, Region(*output.ball(middle), omega, none), CAPS, CLIMBS)
        omega, holds = found.omega, found.bound >= middle
        best = np.maximum(best, np.minimum(found.bound, middle))
        allowed = np.where(holds, found.bound * (1 - CLOSE), allowed)
        low, high = np.where(holds, middle, low), np.where(holds, high, middle)
    return best
