"""Where along a step the label y0 = sign(N(x0)) is lost, or flips.

A step z *flips* the label where y0 N(x0 + z) < 0; the label is *lost* where y0 N(x0 + z) <= 0. A *distance* is an
infimum, and N is 0 there: a step that is handed out is longer by what rounding takes, so that it flips, or says that it
does not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.rng import Array
from boundkit.simulate.scales import near_one, times

CARRIED = 1e-15  # relative rounding of running sums
LOST = 2.0**-46  # relative rounding of an output, of the sizes of what it adds up
LONGER = 2.0**-52 * 4.0 ** np.arange(17)  # by how much a step may be lengthened, relatively: at most 10^-6


def rounding(u: Array, a: Array, reach: Array) -> Array:
    """What rounding may add to an output whose inputs a (..., m) have moved by at most `reach` (..., m)."""
    return np.asarray(LOST * ((np.abs(a) + reach) * np.abs(u)).sum(-1))


def lengthened(flips: Callable[[Array], NDArray[np.bool_]], shape: tuple[int, ...]) -> Array:
    """The least of some factors t (shape) >= 1 for which flips(t) holds, all within 10^-6; 1 where none does."""
    t, done = np.ones(shape), flips(np.ones(shape))
    for longer in LONGER:
        if done.all():
            break
        t = np.where(done, t, 1 + longer)
        done = done | flips(t)
    return np.where(done, t, 1.0)


def first_lost(a: Array, moves: Array, u: Array) -> Array:
    """The distance along a line: the least t >= 0 at which the label is lost, sign(f(0)) f(t) <= 0.

    f(t) = sum_i u_i max(a_i + t moves_i, 0) is piecewise linear: the kinks are sorted, one linear equation is solved.

    Parameters
    ----------
    a, moves : arrays (..., m)
        Pre-activations and how fast they change.
    u : array (m,)
        Output weights.

    Returns
    -------
    array (...)
        inf where the label is never lost, 0 where f(0) = 0.
    """
    return _first(a, moves, u, strictly=False)


def first_flip(a: Array, moves: Array, u: Array) -> Array:
    """The infimum of the t >= 0 at which the label flips along a line, sign(f(0)) f(t) < 0; as `first_lost`.

    It is larger where f falls to 0, stays there and goes on later; inf where it never flips, and where f(0) = 0.
    """
    return _first(a, moves, u, strictly=True)


def _first(a: Array, moves: Array, u: Array, *, strictly: bool) -> Array:
    """The t (...) of `first_flip` where `strictly`, else of `first_lost`."""
    # Nothing here mixes the points: each gets what it would get alone, to the last bit. The units keep products floats.
    a, moves = (np.ascontiguousarray(x) for x in np.broadcast_arrays(a, moves))
    (a, inputs), (moves, speeds), (u, _) = near_one(a), near_one(moves), near_one(u)
    label = np.sign((near_one(np.maximum(a, 0))[0] * u).sum(-1))[..., None]
    v = label * u
    turns = turning(a, moves)
    with np.errstate(over="ignore"):  # a kink beyond all floats is none
        kinks = np.where(turns, -a / np.where(turns, moves, 1.0), np.inf)
    order = np.argsort(kinks, axis=-1)
    on = v * ((a > 0) | ((a == 0) & (moves > 0)))
    # A neuron that starts or stops at its kink adds v|moves| to the slope and -v|a| to the intercept, either
    # way.
    turned = np.take_along_axis(v * turns, order, -1)
    intercept = _running(on * a, -turned * np.take_along_axis(np.abs(a), order, -1))
    slope = _running(on * moves, turned * np.take_along_axis(np.abs(moves), order, -1))
    start = np.concatenate([np.zeros_like(a[..., :1]), np.take_along_axis(kinks, order, -1)], axis=-1)
    end = np.concatenate([start[..., 1:], np.full_like(a[..., :1], np.inf)], axis=-1)
    last = np.isinf(end)
    at = np.where(last, 0.0, end)
    # The running sums carry this much rounding: a network that dies out at a kink is exactly 0 there and beyond.
    size, steep = (CARRIED * np.abs(v * x).sum(-1)[..., None] for x in (a, moves))
    value, rounding = intercept + slope * at, size + at * steep
    falls = slope < -steep
    reached = np.where(last, falls, value < -rounding if strictly else value <= rounding)
    first = np.argmax(reached, axis=-1)[..., None]
    c, s, low, high = (np.take_along_axis(x, first, -1)[..., 0] for x in (intercept, slope, start, end))
    root = np.clip(-c / np.where(s < 0, s, -1.0), low, high)
    found = np.where(reached.any(-1), np.where(s < 0, root, low), np.inf)
    found = times(found, (inputs - speeds)[..., 0])
    return np.where(label[..., 0] != 0, found, np.inf if strictly else 0.0)


def turning(a: Array, moves: Array) -> NDArray[np.bool_]:
    """Which inputs go to 0; by their signs, since a product of small numbers is 0."""
    return np.asarray(((a > 0) & (moves < 0)) | ((a < 0) & (moves > 0)))


def _running(initial: Array, changes: Array) -> Array:
    """The sum of `initial`, then with one change after the other, on the last axis."""
    total = initial.sum(axis=-1, keepdims=True)
    return np.concatenate([total, total + np.cumsum(changes, axis=-1)], axis=-1)
