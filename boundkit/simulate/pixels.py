"""Steps in single pixels: which of them the data leave free, steps of signs, and attacks in the largest change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import HypothesisError, ParameterError
from boundkit.simulate.arguments import count
from boundkit.simulate.piecewise import first_flip
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.subspace import Subspace
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.tolerances import ON_P

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network

STEPS, STARTS = 40, 8
FIRST, LAST = 1.0, 0.02  # a step's size, over the box


@dataclass(frozen=True, eq=False)
class PixelStep:
    """A step that changes pixels.

    Attributes
    ----------
    z : array (d,)
        The step, up to where the label flips; zeros where none was found.
    largest : float
        The most that a pixel changes; inf where no step was found.
    """

    z: Array
    largest: float

    def __repr__(self) -> str:
        return f"<step of {np.count_nonzero(self.z)} pixels, by {self.largest:.4g} at most>"


def free_pixels(subspace: Subspace) -> NDArray[np.intp]:
    """The pixels that are 0 at every point of P, up to rounding.

    Examples
    --------
    >>> from boundkit.simulate import Span
    >>> free_pixels(Span(np.eye(5, 2)))
    array([2, 3, 4])
    """
    basis = subspace.frame.vectors(np.eye(subspace.d - subspace.ell))
    return np.flatnonzero(np.linalg.norm(basis, axis=0) <= ON_P)


def all_free(subspace: Subspace) -> NDArray[np.intp]:
    """The same, where they span the orthogonal complement of P.

    Raises
    ------
    ParameterError
        They do not.
    """
    found = free_pixels(subspace)
    if found.size != subspace.ell:
        raise ParameterError(
            f"{found.size} pixels are 0 on P and ell = {subspace.ell}: give data that leave ell pixels at 0, such as "
            "problem(..., aligned=True)"
        )
    return found


def signs(rows: Array, u: Array, y0: float, upward: bool = False) -> Array:
    """The step of size 1 down the sum of sign(u_i) rows_i (..., n): -1 or 1 a pixel, or 0 where it may only go up."""
    down = np.sign(-y0 * np.einsum("...m,...mn->...n", np.sign(u), rows))
    return np.asarray(np.maximum(down, 0) if upward else down)


@single_threaded
def sign_flip(network: Network, x0: Any = 0, *, upward: bool = False) -> PixelStep:
    """The step of signs in the pixels that are 0 on P, up to where it flips the label.

    Parameters
    ----------
    network : Network
        Any network with one output.
    x0 : point
        Anywhere: a data point's number, coordinates or a vector of R^d.
    upward : bool
        Whether pixels may only go up.

    Returns
    -------
    PixelStep
        Without a step where this direction never flips the label.

    Raises
    ------
    HypothesisError
        N(x0) = 0: there is no label.
    ParameterError
        No pixel is 0 on P, or x0 is no point.

    Examples
    --------
    >>> import boundkit as bk
    >>> data = bk.simulate.problem(d=200, ell=120, points=20, seed=1, aligned=True)
    >>> net = bk.simulate.train(data, m=4, steps=50, seed=2)
    >>> step = bk.simulate.sign_flip(net)
    >>> float(net.output(0)) * float(net.output(data.frame.vectors(data.point(0)) + 1.001 * step.z)) < 0
    True
    """
    free, at, output = _looked_at(network, x0)
    rows = network.weights[:, free]
    direction = signs(rows, network.u, float(np.sign(output)), upward)
    return _on_pixels(network, free, direction, float(_crossing(network, at, rows, direction)))


@single_threaded
def sign_attack(
    network: Network, x0: Any = 0, pixels: Any = None, *, steps: int = STEPS, starts: int = STARTS, seed: int = 0
) -> PixelStep:
    """L-infinity attack: steps of the gradient's signs in a box that shrinks with every success.

    Parameters
    ----------
    network, x0 : as for `sign_flip`
    pixels : array of ints, optional
        The pixels that may change; by default those that are 0 on P.
    steps, starts : int
        Gradient steps, and how many starts: the step of signs, down the gradient at x0, and directions at random.
    seed : int
        For the random starts.

    Returns
    -------
    PixelStep
        The smallest step found, exactly up to where its ray flips the label: an upper bound of the distance to the
        decision boundary in the largest change.

    Raises
    ------
    HypothesisError, ParameterError
        As for `sign_flip`.
    """
    steps, starts = count("steps", steps, "the number of steps"), count("starts", starts, "the number of starts")
    free, at, output = _looked_at(network, x0, pixels)
    y0, rows, u = np.sign(output), network.weights[:, free], network.u
    a = network.inputs(at)
    random = stream(seed, "attack").standard_normal((max(starts - 2, 0), len(u))) @ rows
    z = np.concatenate([[signs(rows, u, y0)], np.sign([-y0 * ((a >= 0) * u) @ rows]), np.sign(random)])[:starts]
    best, found = np.inf, np.zeros(free.size)
    box = np.full(len(z), np.inf)
    for i in range(steps):
        for j, way in enumerate(z):
            largest = np.abs(way).max()
            t = _crossing(network, at, rows, way)
            if t * largest < box[j]:
                box[j] = t * largest
                z[j] = t * way
            if box[j] < best:
                best, found = box[j], z[j].copy()
        radius = np.where(np.isfinite(box), box, best if np.isfinite(best) else 1.0)[:, None]
        down = np.sign(-y0 * (((a + z @ rows.T) >= 0) * u) @ rows)
        rate = FIRST * (LAST / FIRST) ** (i / steps)
        z = np.clip(z + rate * radius * down, -radius, radius)
    largest = float(np.abs(found).max())
    return _on_pixels(network, free, found / largest if largest else found, best)


def _looked_at(network: Network, x0: Any, pixels: Any = None) -> tuple[NDArray[np.intp], Array, float]:
    """The pixels that may change, the point, and the output there."""
    network.require_two_classes()
    free = free_pixels(network.subspace) if pixels is None else np.atleast_1d(np.asarray(pixels, dtype=np.intp))
    if not free.size:
        raise ParameterError("no pixel is 0 on P: say which may change, or give data that leave some at 0")
    at = network.subspace.settled(x0)
    output = float(network.output(at))
    if output == 0:
        raise HypothesisError("N(x0) = 0: there is no label to lose; take another x0 or seed")
    return free, at, output


def _crossing(network: Network, at: Array, rows: Array, z: Array) -> Array:
    """The infimum of the t at which the label flips at x0 + t z; inf where it never does."""
    a, weights, u = network.evened(network.inputs(at), rows)
    return first_flip(a, weights @ z, u)


def _on_pixels(network: Network, pixels: NDArray[np.intp], z: Array, t: float) -> PixelStep:
    there = np.zeros(network.subspace.d)
    if np.isfinite(t):
        there[pixels] = t * z
    return PixelStep(there, t)
