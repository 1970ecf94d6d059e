"""How far a point is from the boundary orthogonal to P, from both sides."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.arguments import count, size
from boundkit.simulate.branching import Ends, searched
from boundkit.simulate.certified import Output, favours
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import times
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.tolerances import EXACT

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network

NODES = 10_000


@dataclass(frozen=True, eq=False)
class Distance:
    """The distance to the boundary orthogonal to P at each point, as an interval that holds it for certain.

    Attributes
    ----------
    lower : array (...)
        No shorter step orthogonal to P takes the label. 0 where rounding leaves the label open.
    upper : array (...)
        The length of the shortest step that was found, whose output was evaluated with all rounding; inf where none.
    z : array (..., n)
        That step, as the network writes vectors orthogonal to P; zeros where none was found.
    flipped : array (...)
        Whether it flips the label, y0 N(x0 + z) < 0; else it only loses it, N(x0 + z) = 0.
    toward : array (...), optional
        The class that it leads to; -1 where none was found.
    nodes : array (...)
        How many programmes' regions were looked at.
    """

    lower: Array
    upper: Array
    z: Array
    flipped: NDArray[np.bool_]
    toward: NDArray[np.int_] | None
    nodes: NDArray[np.int_]

    def __repr__(self) -> str:
        exact, ends = int(self.certified.sum()), np.stack([self.lower, self.upper], axis=-1)
        told = np.array2string(ends, precision=6, threshold=12)
        return f"<distance orthogonal to P, exact at {exact} of {self.lower.size} points: {told}>"

    @property
    def gap(self) -> Array:
        """By how much the upper end is longer, relatively (...)."""
        some = (self.lower > 0) & np.isfinite(self.upper)
        return np.where(some, self.upper / np.where(some, self.lower, 1.0) - 1, np.inf)

    @property
    def certified(self) -> NDArray[np.bool_]:
        """Where the two ends are one, up to a relative 10^-6 (...)."""
        return np.asarray(self.gap <= EXACT)


@single_threaded
def exact_distance(network: Network, x0: Any = 0, *, nodes: int = NODES, seconds: float | None = None) -> Distance:
    """The length of the shortest z orthogonal to P that takes the label at points x0 (...), with both ends proved.

    By branch and bound on which opposing neurons are active. Of several classes it is the least over the rivals. Where
    the budget ends first, the two ends differ.

    Parameters
    ----------
    x0 : point or points
        Anywhere: a data point's number, coordinates (..., q) or vectors (..., d).
    nodes : int
        How many regions are looked at for each point at most.
    seconds : float, optional
        How long that may take for each point; the ends then depend on the machine.

    Raises
    ------
    ParameterError
        x0 is no point, or a budget is out of range.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> network = train(problem(d=60, ell=40, points=6, seed=1), m=8, steps=50)
    >>> points = network.problem.coordinates
    >>> found, attacks = network.distance(points), network.attack(points)
    >>> bool(found.certified.all()), bool((found.lower <= attacks.norm).all())
    (True, True)
    """
    nodes = count("nodes", nodes, "the number of regions looked at")
    wait = np.inf if seconds is None else size("seconds", seconds, "the time for each point")
    at = network.subspace.point(x0)
    points = at.reshape(-1, at.shape[-1])
    rivals = list(favours(network, points))
    found = [_nearest(rivals, i, nodes, wait) for i in range(len(points))]
    toward, ends = [c for c, _ in found], [e for _, e in found]
    shape = at.shape[:-1]
    z = np.array([e.z for e in ends]).reshape(*shape, network.off.shape[1])
    lower, upper = (np.array([getattr(e, side) for e in ends]).reshape(shape) for side in ("lower", "upper"))
    return Distance(
        lower, upper, z, np.array([e.flipped for e in ends], dtype=bool).reshape(shape),
        np.array(toward).reshape(shape) if network.classes else None,
        np.array([e.nodes for e in ends], dtype=int).reshape(shape),
    )  # fmt: skip


def _nearest(
    rivals: list[tuple[int | None, Output, NDArray[np.bool_]]], i: int, nodes: int, wait: float
) -> tuple[int, Ends]:
    """The ends at point i over all rivals, and the nearest one."""
    until = monotonic() + wait
    here = sorted(
        ((c, o.at(i)) for c, o, other in rivals if other[i]), key=lambda each: float(each[1].outer(each[1].nearest))
    )
    width = rivals[0][1].rows.shape[1]
    lower = upper = np.inf
    toward, z, flipped, seen = -1, np.zeros(width), False, 0
    for k, (c, output) in enumerate(here):
        unit = int(output.unit)
        share = max(1, (nodes - seen) // (len(here) - k))
        ends = searched(output, float(times(upper, -unit)), share, until)
        seen += ends.nodes
        lower = min(lower, float(output.outer(np.asarray(ends.lower))))
        if ends.z.any():
            toward, upper, flipped = -1 if c is None else c, float(output.outer(np.asarray(ends.upper))), ends.flipped
            z = output.outer(ends.z)
    return toward, Ends(lower if here else 0.0, upper, z, flipped, seen)
