"""The shortest step that lowers the output by a given amount: a convex quadratic programme.

Count an active opposing neuron along its own line, and an inactive one as nothing, which never overstates what it
does. Then z lowers sqrt(m) y0 N by at least

    g(z) = <slope, z> - sum_i max(-<switch_i, z> - room_i, 0),

slope = the sum of w_i over the active opposing neurons less that over the active supporting ones: the linear network,
less what each supporting neuron that switches (on or off) undoes. Here room_i = |a_i|, and switch_i is w_i where
supporter i is active, -w_i where it is not. Minimise |z| subject to g(z) >= need.

Its dual: for every v in [0, 1]^n, |z| >= (need - <room, v>)/|slope + sum v_i switch_i| wherever g(z) >= need (replace
max(t, 0) by v t, which is no more). The greatest such bound is the optimum, so any v certifies how good a z is. With
the numerator scaled to 1 this is a nearest point, of a polyhedron to 0, that exists whether or not any z does: where
it is 0, none does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from boundkit.errors import NoStepError, PrecisionError
from boundkit.simulate.rng import Array

STEPS = 100  # it takes about 10
DONE, SETTLED = 1e-13, 1e-11  # what relative gap is asked for, and how well the conditions are to hold
SOUND = 1e-6  # relative gap that is still handed out, as what it is
FARTHEST = 1e7  # times the linear network's distance; beyond that no double tells a far z from none
EPS = 1e-14
SHY = 0.995  # of the way to the edge


@dataclass(frozen=True, eq=False)
class Programme:
    """Minimise |z| subject to <slope, z> - sum_i max(-<switch_i, z> - room_i, 0) >= need > 0.

    Attributes
    ----------
    slope : array (w,)
        What lowers the output while nothing switches.
    switches : array (n, w)
        The supporting neurons' weights, negative where inactive.
    room : array (n,)
        How far each is from switching, >= 0.
    need : float
        By how much the output is to be lowered.
    shift, drift : float
        By how much rounding may have changed what z lowers the output by: by shift + drift |z|. Bounds pay for it.
    """

    slope: Array
    switches: Array
    room: Array
    need: float
    shift: float = 0.0
    drift: float = 0.0

    def lowered(self, z: Array) -> float:
        """g(z)."""
        return float(self.slope @ z - np.maximum(-(self.switches @ z) - self.room, 0).sum())

    def at_least(self, v: Array) -> float:
        """The dual bound at v in [0, 1]^n."""
        length = float(np.linalg.norm(self.slope + v @ self.switches)) + self.drift
        taken = float(self.room @ v)
        margin = self.need - taken - EPS * (self.need + taken) - self.shift  # less what rounding may have added
        return margin / length if margin > 0 < length else np.inf if margin > 0 else 0.0


def solved(programme: Programme) -> tuple[Array, float]:
    """The shortest z, and a length that no z may be below, whatever rounding did to the programme.

    Raises
    ------
    NoStepError
        No z lowers the output that far, as far as `FARTHEST`: `within` is the length that is proved.
    PrecisionError
        The iteration did not get there.
    """
    rounded, unit, _ = _scaled(programme)
    scaled = replace(rounded, shift=0.0, drift=0.0)  # whether the iteration got there is another question
    z, v = _nearest(scaled)
    bound = scaled.at_least(v)
    if bound > FARTHEST:
        within = min(rounded.at_least(v), 2 * FARTHEST)
        raise NoStepError(
            f"the programme has no step within {within:.2g} times the linear network's distance: the weights to be "
            "moved cancel in some combination, as is usual from about ell < m/2 on; take a larger ell or a smaller m",
            within * programme.need / unit,
        )
    length = float(np.linalg.norm(z))
    gap = length / bound - 1 if bound > 0 else np.inf
    if not (gap <= SOUND and scaled.lowered(z) >= 1 - SOUND):
        raise PrecisionError(f"the shortest step is known to a relative {gap:.2g} only; take another x0 or seed")
    with np.errstate(over="ignore"):
        outer = programme.need / unit
        return z * outer, min(rounded.at_least(v), length) * outer


def multipliers(programme: Programme) -> tuple[Array, Array]:
    """A step, and a v in [0, 1]^n, where the iteration got to: what they are worth is for the caller to see."""
    scaled, unit, near = _scaled(programme)
    z, some = _nearest(scaled)
    v = np.zeros(len(near))
    v[near] = some
    with np.errstate(over="ignore", invalid="ignore"):
        return z * (programme.need / unit), v


def _scaled(programme: Programme) -> tuple[Programme, float, NDArray[np.bool_]]:
    """The programme with need 1 and a slope of length 1, that length, and which switches are near enough to count."""
    unit = float(np.linalg.norm(programme.slope)) or float(np.abs(programme.switches).max(initial=0)) or 1.0
    slope, switches = programme.slope / unit, programme.switches / unit
    with np.errstate(over="ignore"):
        room, shift = programme.room / programme.need, programme.shift / programme.need
    near = room < 2 * FARTHEST * np.linalg.norm(switches, axis=1)  # the others switch nowhere within FARTHEST
    return Programme(slope, switches[near], room[near], 1.0, shift, programme.drift / unit), unit, near


@dataclass(frozen=True, eq=False)
class _Iterate:
    """A point (v, tau) of the dual with need tau - <room, v> = 1, 0 <= v <= tau, and prices of these conditions."""

    v: Array
    rest: Array  # tau - v
    tau: float
    low: Array  # the price of v >= 0, times price: by how much the neuron does not switch
    high: Array  # that of v <= tau, times price: by how much it does
    price: float  # of the equality; the step is z = x/price

    def __iter__(self) -> Iterator[Array]:
        return iter((self.v, self.rest, self.low, self.high))

    @property
    def slack(self) -> float:
        """What the products of prices and conditions add up to: 0 at the optimum."""
        return float(self.low @ self.v + self.high @ self.rest)

    def moved(self, by: _Iterate, t: float) -> _Iterate:
        """This and t times that."""
        return _Iterate(*(x + t * dx for x, dx in zip(vars(self).values(), vars(by).values(), strict=True)))

    def reach(self, by: _Iterate) -> float:
        """The largest t <= 1 for which that stays within the conditions."""
        shrinking = (np.min(-x[dx < 0] / dx[dx < 0], initial=1.0) for x, dx in zip(self, by, strict=True))
        return float(min(shrinking))

    def least(self, by: _Iterate) -> float:
        """The t at which that brings the slack, which is quadratic in t, to its least."""
        slope = sum(float(x @ dy + y @ dx) for x, dx, y, dy in self.pairs(by))
        curve = sum(float(dx @ dy) for _, dx, _, dy in self.pairs(by))
        return -slope / (2 * curve) if curve > 0 > slope else 1.0

    def pairs(self, by: _Iterate) -> Iterator[tuple[Array, Array, Array, Array]]:
        """Each condition with its price, and how both change."""
        yield self.v, by.v, self.low, by.low
        yield self.rest, by.rest, self.high, by.high


def _nearest(p: Programme) -> tuple[Array, Array]:
    """z and its certificate v, need = 1, by Mehrotra's predictor and corrector.

    Minimise |x|^2/2, x = tau slope + v switches, over the points of `_Iterate`; then |x| = 1/|z|.
    """
    n = len(p.room)
    if n == 0:
        square = float(p.slope @ p.slope)
        return p.slope / square if square else p.slope, p.room
    gram, across = p.switches @ p.switches.T, p.switches @ p.slope
    now = _start(p)
    for _ in range(STEPS):
        newton = _Newton(p, gram, across, now)
        if newton.done:
            break
        try:
            newton.factor()
            plain = newton.step(-now.low * now.v, -now.high * now.rest)
        except np.linalg.LinAlgError:  # as far as rounding allows; the gap says how far that is
            break
        reach = now.reach(plain)
        centre = (now.moved(plain, reach).slack / now.slack) ** 3
        aim = centre * now.slack / (2 * n)
        step = newton.step(
            aim - now.low * now.v - reach**2 * plain.low * plain.v,
            aim - now.high * now.rest - reach**2 * plain.high * plain.rest,
        )
        # Whole steps can go round in circles; those to the least slack do not.
        now = now.moved(step, min(SHY * now.reach(step), now.least(step)))
    x = now.tau * p.slope + now.v @ p.switches
    return x / now.price, np.clip(now.v / now.tau, 0, 1)


def _start(p: Programme) -> _Iterate:
    """In the middle, as far as the equality allows; the prices of v fit, that of tau comes later."""
    share = 0.5 / (1 + p.room)
    share *= min(1.0, 1 / max(float(p.room @ share) * 2, 1e-300))
    tau = 1 / (1 - float(p.room @ share))
    x = tau * (p.slope + share @ p.switches)
    price = float(x @ x)
    pressed = p.switches @ x + price * p.room
    low, high = np.maximum(pressed, 0) + price, np.maximum(-pressed, 0) + price
    return _Iterate(tau * share, tau * (1 - share), tau, low, high, price)


class _Newton:
    """The optimality conditions made linear at a point: the supporters' Gram matrix plus a diagonal, bordered."""

    def __init__(self, p: Programme, gram: Array, across: Array, now: _Iterate) -> None:
        x = now.tau * p.slope + now.v @ p.switches
        self.p, self.gram, self.now = p, gram, now
        self.off = p.switches @ x + now.price * p.room - now.low + now.high
        self.off_tau = float(p.slope @ x) - now.price - float(now.high.sum())
        self.off_one = now.tau - float(p.room @ now.v) - 1
        self.length = float(np.linalg.norm(x))
        self.b = across - now.high / now.rest

    @property
    def done(self) -> bool:
        """Whether this is the optimum to rounding, or so near to 0 that there is no z."""
        worst = max(float(np.max(np.abs(self.off) / (1 + self.p.room))), abs(self.off_tau))
        settled = worst <= SETTLED * self.now.price and self.now.slack <= DONE * self.now.price
        return settled or self.length * FARTHEST < 1

    def factor(self) -> None:
        """Factor the system; LinAlgError where rounding has made it indefinite."""
        now, room = self.now, self.p.room
        matrix = self.gram.copy()
        matrix[np.diag_indices(len(room))] += now.low / now.v + now.high / now.rest
        self.cholesky = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
        self.by_tau, self.by_price = self.solve(np.column_stack([self.b, room])).T
        corner = float(self.p.slope @ self.p.slope + np.sum(now.high / now.rest))
        self.border = np.array(
            [[corner - self.b @ self.by_tau, -1 - self.b @ self.by_price],
             [1 + room @ self.by_tau, room @ self.by_price]]
        )  # fmt: skip

    def solve(self, right: Array) -> Array:
        """The solution for these right sides."""
        return np.asarray(cho_solve(self.cholesky, right, check_finite=False))

    def step(self, low: Array, high: Array) -> _Iterate:
        """The step that changes the products low v and high rest by these, to first order, and mends the rest."""
        now = self.now
        own = self.solve(low / now.v - high / now.rest - self.off)
        sides = [np.sum(high / now.rest) - self.off_tau - self.b @ own, self.p.room @ own - self.off_one]
        tau, price = (float(t) for t in np.linalg.solve(self.border, sides))
        v = own - price * self.by_price - tau * self.by_tau
        rest = tau - v
        return _Iterate(v, rest, tau, (low - now.low * v) / now.v, (high - now.high * rest) / now.rest, price)
