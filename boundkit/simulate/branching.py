"""The distance to the boundary orthogonal to P, by branch and bound on which opposing neurons are active.

Where an opposing neuron is known to be active or not its ReLU is linear or 0, and a supporting one's is convex: what is
left is a convex quadratic programme. Of a neuron that is not decided the chord of its ReLU is counted, which only makes
the optimum shorter: a lower bound. It is split on its sign where the chord is farthest off. The multipliers of each
programme prove its bound anew, rounding included, so nothing rests on how well it was solved; and the step that is
handed out is evaluated, rounding included, until it takes the label.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from boundkit.simulate.attacks import OneLayer, shortest_steps
from boundkit.simulate.certified import Output, Relaxation
from boundkit.simulate.min_norm_qp import Programme, multipliers
from boundkit.simulate.piecewise import LONGER, first_lost
from boundkit.simulate.radius import linear_radius
from boundkit.simulate.regions import Region, within
from boundkit.simulate.rng import Array
from boundkit.simulate.tolerances import gamma

DIVES = 20  # programmes one after the other, from what the step before left active
BATCH, CAPS, CLIMBS = 64, 4, 3  # regions at a time; caps, and steps up the gradient for each, in them
SLICES, FINE = 8, 0.01  # of the budget, for each radius tried where the whole is too much; and how near those go
CLOSE = 1e-9  # relative: a node that cannot be better by more is closed
BLURRED = 4.0  # and so many times what rounding takes from bounds: beyond that no split can raise them
# By how much a step is lengthened until it takes the label after all rounding.
FURTHER = 2.0**-52 * 4.0 ** np.arange(27)
ROOM = 1e-10  # of what is asked, by how much programmes do more
MORE = 16.0  # and times what rounding may have added
SILENCED = 1e-7  # the residual below which no step that turns all supporting neurons off is found


@dataclass(frozen=True, eq=False)
class Ends:
    """The two ends between which a distance lies, and a step as long as the upper one."""

    lower: float
    upper: float
    z: Array
    flipped: bool
    nodes: int


def searched(output: Output, upper: float, nodes: int, until: float) -> Ends:
    """The ends at one point, looking for steps below `upper` only, in at most so many nodes, up to a time."""
    return _Search(output, upper).run(nodes, until)


class _Search:
    """The state of one search: the shortest step so far, and the rows in as few columns as there are neurons."""

    def __init__(self, output: Output, upper: float) -> None:
        self.output, self.compact = output, output.compact
        self.supports, self.opposes = output.v > 0, output.v < 0
        self.upper, self.flipped = upper, False
        self.z = np.zeros(output.rows.shape[1])
        self.scale = 1.0 / (float(self.compact.reach.max()) or 1.0)
        self.tried: set[bytes] = set()

    def run(self, nodes: int, until: float) -> Ends:
        """Branch and bound, the regions of the least bounds first."""
        if not self.output.least > 0:
            return Ends(0.0, np.inf, self.z, flipped=False, nodes=0)
        if (self.output.reach <= self.output.rows_by).all():  # all that a step does might be rounding
            return Ends(float(linear_radius(self.output)), np.inf, self.z, flipped=False, nodes=0)
        self.dive(self.opposes & (self.output.a > 0))
        if not np.isfinite(self.upper):
            self.attack()
        top = self.upper if np.isfinite(self.upper) else float(self.compact.farthest)
        lower, seen = self.proved(top, nodes // 2, until)
        top = min(top, self.upper)
        if lower < top * self.close(top):
            lower = max(lower, float(linear_radius(self.compact)))
            self.attack()
            top = min(top, self.upper)
        failed = top
        while seen < nodes and monotonic() < until and lower < min(top * self.close(top), failed * (1 - FINE)):
            middle = (lower + failed) / 2
            known, more = self.proved(middle, max(1, nodes // SLICES), until)
            seen, lower, top = seen + more, max(lower, known), min(top, self.upper)
            failed = failed if known >= middle * self.close(middle) else middle
        return Ends(min(lower, top), self.upper, self.z, self.flipped, seen)

    def close(self, radius: float) -> float:
        """The part of this radius from which on a bound is as good as it."""
        o = self.compact
        return 1 - CLOSE - min(0.5, BLURRED * float((o.shift + o.drift * radius) / o.least))

    def proved(self, radius: float, nodes: int, until: float) -> tuple[float, int]:
        """A length, at most this radius, within which no step takes the label; and how many regions that took."""
        o, closed, seen = self.compact, np.inf, 0
        start = np.where(self.output.a > 0, np.maximum(self.output.v, 0), 0.0)
        left = Region(*(x[None] for x in (*o.ball(np.asarray(radius)), start, np.asarray(0.0))))
        while len(left.bound) and seen < nodes and monotonic() < until:
            order = np.argsort(left.bound, kind="stable")
            now, left = _of(left, order[:BATCH]), _of(left, order[BATCH:])
            seen += len(now.bound)
            now = within(o, np.asarray(radius), now, CAPS, CLIMBS)
            self.look(now, radius)
            radius = min(radius, self.upper)
            now, done = self.settled(now, radius)
            closed = min(closed, done)
            left = _joined(left, self.children(now))
            over = left.bound >= radius * self.close(radius)
            closed = min(closed, np.min(left.bound[over], initial=np.inf))
            left = _of(left, ~over)
        return float(min(closed, radius, np.min(left.bound, initial=np.inf))), seen

    def look(self, now: Region, radius: float) -> None:
        """Look for a shorter step from where the first region's bound is reached."""
        o, some = self.compact, np.argmin(now.bound)
        if now.bound[some] < radius * self.close(radius):
            _, t = o.aim(o.relaxed(now.omega[some], now.low[some], now.high[some]))
            self.dive(self.opposes & (t > 0))

    def settled(self, now: Region, radius: float) -> tuple[Region, float]:
        """The regions in which something is left to decide, and the least bound of the others, each solved for."""
        undecided = (self.opposes & (now.low < 0) & (now.high > 0)).any(-1)
        open_ = now.bound < radius * self.close(radius)
        bounds = now.bound.copy()
        for i in np.flatnonzero(open_ & ~undecided):
            by, scale, z = self.programme(now.low[i], now.high[i])
            bounds[i] = max(bounds[i], float(self.compact.at_least(by, scale)))
            if z is not None:
                self.offer(z)
        least = np.min(bounds[~(open_ & undecided)], initial=np.inf)
        return _of(now, open_ & undecided), float(least)

    def children(self, now: Region) -> Region:
        """Each region twice: with the neuron whose chord is farthest off active, and inactive."""
        o = self.compact
        free = self.opposes & (now.low < 0) & (now.high > 0)
        _, t = o.aim(o.relaxed(now.omega, now.low, now.high))
        t = np.clip(t, now.low, now.high)
        width = np.where(free, now.high - now.low, 1.0)
        gap = np.abs(o.v) * np.where(t > 0, -now.low * (now.high - t), now.high * (t - now.low)) / width
        split = np.eye(len(o.v), dtype=bool)[np.argmax(np.where(free, gap, -1.0), axis=-1)]
        return _joined(
            replace(now, low=np.where(split, 0.0, now.low)), replace(now, high=np.where(split, 0.0, now.high))
        )

    def programme(self, low: Array, high: Array) -> tuple[Relaxation, float, Array | None]:
        """The multipliers of the programme between these, their scale, and its step if there is one."""
        o = self.compact
        some = self.supports
        by = o.relaxed(np.zeros(len(o.v)), low, high)
        omega = np.where(self.opposes & (low >= 0), o.v, np.where(self.opposes & (high <= 0), 0.0, by.omega))
        if not omega[self.opposes].any() and by.constant == 0:
            return self.silent(by)
        on = some & (o.a >= 0)
        need = float(omega @ o.a + by.constant + o.v[on] @ o.a[on])
        if need <= 0:
            return by, 1.0, None
        # Beyond a kink the step may undo what it does: this one does a little more before, and is seen to do it.
        need += ROOM * need + MORE * (float(o.shift) + float(o.drift) * self.scale)
        slope = -(omega @ o.rows) - o.v[on] @ o.rows[on]
        signs = np.where(on, o.v, -o.v)[some]
        z, taken = multipliers(Programme(slope, signs[:, None] * o.rows[some], (o.v * np.abs(o.a))[some], need))
        omega[some] = o.v[some] * np.where(on[some], 1 - taken, taken)
        found = replace(by, omega=np.clip(omega, by.least, by.most))
        return found, 1.0, z if np.isfinite(z).all() and z.any() else None

    def silent(self, by: Relaxation) -> tuple[Relaxation, float, Array | None]:
        """The shortest step that turns all supporting neurons off, by Lawson and Hanson's least-distance problem."""
        o, S = self.compact, self.supports
        size = float(np.abs(o.a[S]).max(initial=0)) or 1.0
        E = np.vstack([-o.rows[S].T, o.a[S] / size + ROOM])  # one that ends at its kink might be on, by rounding
        prices, f = nnls(E, np.eye(len(E))[-1])[0], np.eye(len(E))[-1]
        r = E @ prices - f
        omega = np.zeros(len(o.v))
        omega[S] = prices
        scale = max(1.0, float((omega[S] / o.v[S]).max(initial=0)))
        z = -r[:-1] / r[-1] * size if np.linalg.norm(r) > SILENCED else None
        return replace(by, omega=omega), scale, z

    def dive(self, counted: NDArray[np.bool_]) -> None:
        """Programmes that count these opposing neurons, then those left active, as long as steps become shorter."""
        o = self.compact
        if not counted.any() and o.o >= 0 and self.opposes.any():
            nearest = np.where(self.opposes & (o.reach > 0), o.a / np.where(o.reach > 0, o.reach, 1.0), -np.inf)
            counted = np.arange(len(o.v)) == np.argmax(nearest)
        for _ in range(DIVES):
            if counted.tobytes() in self.tried:
                return
            self.tried.add(counted.tobytes())
            low = np.where(counted, 0.0, -np.inf)
            high = np.where(counted | ~self.opposes, np.inf, 0.0)
            before, z = self.upper, self.programme(low, high)[2]
            if z is None:
                return
            self.offer(z)
            left = self.opposes & (o.a + o.rows @ z > 0)
            if not self.upper < before * (1 - CLOSE) or np.array_equal(left, counted):
                return
            counted = left

    def attack(self) -> None:
        """A step found by projected gradients."""
        o = self.compact
        a, u = np.append(o.a, 1.0), np.append(o.v, o.o)
        rows = np.vstack([o.rows, np.zeros(o.rows.shape[1])])
        norm, z, _ = shortest_steps(OneLayer(u), a[None], rows, np.array([float(self.compact.farthest)]))
        if np.isfinite(norm[0]):
            self.offer(z[0])

    def offer(self, z: Array) -> None:
        """Keep the step, cut back to where its ray takes the label, if that is for certain, and shorter."""
        o = self.compact
        a, u = np.append(o.a, 1.0), np.append(o.v, o.o)
        t = float(first_lost(a, np.append(o.rows @ z, 0.0), u))
        if not t < np.inf or not t * float(np.linalg.norm(z)) < self.upper:
            return
        full = self.output.lifted(z)
        longer = np.append(1.0, 1 + FURTHER)
        factors = np.concatenate([t * longer, longer]) if 1 - LONGER[-1] < t < 1 else t * longer
        steps = factors[:, None] * full
        most = self.output.most(steps)
        near = factors <= factors[0] * (1 + 4 * LONGER[-1])
        flips, loses = most < 0, most <= 0
        for takes, flipped in ((flips & near, True), (loses & near, False), (flips, True), (loses, False)):
            if takes.any():
                step = steps[np.argmax(takes)]
                length = float(np.linalg.norm(step)) * (1 + gamma(len(step)))
                if length < self.upper:
                    self.upper, self.z, self.flipped = length, step, flipped
                return


def _of(regions: Region, chosen: NDArray[Any]) -> Region:
    return Region(*(x[chosen] for x in vars(regions).values()))


def _joined(one: Region, other: Region) -> Region:
    return Region(*(np.concatenate(pair) for pair in zip(vars(one).values(), vars(other).values(), strict=True)))
