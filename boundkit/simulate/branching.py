"""The distance to the boundary orthogonal to P, by branch and bound on which opposing neurons are active.

Where an opposing neuron is known to be active or not its ReLU is linear or 0, and a supporting one's is convex: what is
left is a convex quadratic programme. Of a neuron that is not decided the chord of its ReLU is counted, which only makes
the optimum shorter: a lower bound. It is split on its sign where the chord is farthest off. The multipliers of each
programme prove its bound anew, rounding included, so nothing rests on how well it was solved; and the step that is
handed out is evaluated, rounding included, until it takes the label.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count as numbers
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from boundkit.simulate.attacks import OneLayer, shortest_steps
from boundkit.simulate.certified import Output
from boundkit.simulate.min_norm_qp import Programme, multipliers
from boundkit.simulate.piecewise import LONGER, first_lost
from boundkit.simulate.rng import Array
from boundkit.simulate.tolerances import gamma

DIVES = 20  # programmes one after the other, from what the step before left active
ROUNDS = 2  # programmes at a node: the first one's bound makes the chords of the second shorter
CLOSE = 1e-9  # relative: a node that cannot be better by more is closed
SILENCED = 1e-7  # the residual below which no step that turns all supporting neurons off is found
LOOK = 100.0  # times the linear output's distance, how far is looked where no step is known


@dataclass(frozen=True, eq=False)
class Ends:
    """The two ends between which a distance lies, and a step as long as the upper one."""

    lower: float
    upper: float
    z: Array
    flipped: bool
    nodes: int


@dataclass(frozen=True, eq=False)
class Node:
    """What is decided: between what each t lies, and a lower bound."""

    low: Array
    high: Array
    bound: float


def searched(output: Output, upper: float, nodes: int, until: float) -> Ends:
    """The ends at one point, looking for steps below `upper` only, in at most so many nodes, up to a time."""
    search = _Search(output, upper)
    return search.run(nodes, until)


class _Search:
    """The state of one search: the shortest step so far, and the rows in as few columns as there are neurons."""

    def __init__(self, output: Output, upper: float) -> None:
        self.output, self.compact = output, output
        self.basis: Array | None = None
        m, n = output.rows.shape
        if n > m:
            self.basis, factor = np.linalg.qr(output.rows.T)
            lost = 4 * gamma(m * n) * output.reach  # Higham, Theorem 19.4: as of rows that are that much off
            self.compact = replace(output, rows=np.ascontiguousarray(factor.T), rows_by=output.rows_by + lost)
        self.supports, self.opposes = output.v > 0, output.v < 0
        self.upper, self.flipped = upper, False
        self.z = np.zeros(n)

    def run(self, nodes: int, until: float) -> Ends:
        """Branch and bound, the node of the least bound first."""
        if not self.output.least > 0:
            return Ends(0.0, np.inf, self.z, flipped=False, nodes=0)
        self.dive(self.opposes & (self.output.a > 0))
        if not np.isfinite(self.upper):
            self.attack()
        radius = self.upper if np.isfinite(self.upper) else self.farthest()
        order, closed, seen = numbers(), np.inf, 0
        heap = [(0.0, next(order), Node(*self.compact.ball(np.asarray(radius)), 0.0))]
        while heap and seen < nodes and monotonic() < until and heap[0][0] < radius * (1 - CLOSE):
            node = heappop(heap)[2]
            seen += 1
            node, z = self.bounded(node, radius)
            radius = min(radius, self.upper)
            split = self.worst(node, z)
            if split is None or node.bound >= radius * (1 - CLOSE):
                closed = min(closed, node.bound)
                continue
            for child in self.children(node, split):
                heappush(heap, (child.bound, next(order), child))
        lower = min([closed, radius, *(bound for bound, _, _ in heap)])
        return Ends(lower, self.upper, self.z, self.flipped, seen)

    def farthest(self) -> float:
        """How far is looked where no step is known."""
        o = self.output
        fastest = float(np.abs(o.v) @ o.reach) / len(o.v) ** 0.5
        return LOOK * (float(np.abs(o.v) @ np.abs(o.a)) + abs(float(o.o))) / (fastest or 1.0)

    def bounded(self, node: Node, radius: float) -> tuple[Node, Array | None]:
        """The node with its bound and what lies in the cap that this leaves, and the programme's step."""
        o, low, high, bound, z = self.compact, node.low, node.high, node.bound, None
        for _ in range(ROUNDS):
            omega, constant, scale, z = self.programme(low, high)
            bound = max(bound, float(o.at_least(omega, constant, scale)))
            if bound >= radius * (1 - CLOSE):
                break
            if z is not None:
                self.offer(z)
                self.dive(self.opposes & (o.a + o.rows @ z > 0), once=True)
                radius = min(radius, self.upper)
            if scale > 1:
                break
            lower, upper = o.cap(np.asarray(radius), omega, constant)
            low, high = np.maximum(low, lower), np.minimum(high, upper)
            if (low > high).any():  # nothing is left
                bound = max(bound, radius)
                break
        return Node(low, high, bound), z

    def worst(self, node: Node, z: Array | None) -> int | None:
        """The neuron whose chord is farthest off, of those not decided."""
        free = self.opposes & (node.low < 0) & (node.high > 0)
        if not free.any():
            return None
        o = self.compact
        t = np.clip(o.a if z is None else o.a + o.rows @ z, node.low, node.high)
        width = np.where(free, node.high - node.low, 1.0)
        gap = np.where(t > 0, -node.low * (node.high - t), node.high * (t - node.low)) / width
        return int(np.argmax(np.where(free, np.abs(o.v) * gap, -1.0)))

    def children(self, node: Node, split: int) -> tuple[Node, Node]:
        """That neuron active, and inactive."""
        low, high = node.low.copy(), node.high.copy()
        low[split], high[split] = 0.0, 0.0
        return Node(low, node.high, node.bound), Node(node.low, high, node.bound)

    def programme(self, low: Array, high: Array) -> tuple[Array, Array, float, Array | None]:
        """Multipliers and a constant of the programme between these, their scale, and a step if there is one."""
        o = self.compact
        always = self.supports & (low >= 0)
        omega, constant = o.relaxed(np.where(always, o.v, 0.0), low, high)
        some = self.supports & (low < 0) & (high > 0)
        on = some & (o.a >= 0)
        need = float(omega @ o.a + constant + o.v[on] @ o.a[on])
        if not omega[self.opposes].any() and constant == 0:
            return self.silent()
        if need <= 0:
            return np.where(on, o.v, omega), constant, 1.0, None
        slope = -(omega @ o.rows) - o.v[on] @ o.rows[on]
        signs = np.where(on, o.v, -o.v)[some]
        z, taken = multipliers(Programme(slope, signs[:, None] * o.rows[some], (o.v * np.abs(o.a))[some], need))
        omega = omega.copy()
        omega[some] = o.v[some] * np.where(on[some], 1 - taken, taken)
        return omega, constant, 1.0, z if np.isfinite(z).all() and z.any() else None

    def silent(self) -> tuple[Array, Array, float, Array | None]:
        """The shortest step that turns all supporting neurons off, by Lawson and Hanson's least-distance problem."""
        o, S = self.compact, self.supports
        size = float(np.abs(o.a[S]).max(initial=0)) or 1.0
        E = np.vstack([-o.rows[S].T, o.a[S] / size])
        prices, f = nnls(E, np.eye(len(E))[-1])[0], np.eye(len(E))[-1]
        r = E @ prices - f
        omega = np.zeros(len(o.v))
        omega[S] = prices
        scale = max(1.0, float((omega[S] / o.v[S]).max(initial=0)))
        z = -r[:-1] / r[-1] * size if np.linalg.norm(r) > SILENCED else None
        return omega, np.asarray(0.0), scale, z

    def dive(self, counted: NDArray[np.bool_], *, once: bool = False) -> None:
        """Programmes that count these opposing neurons, then those left active, as long as steps become shorter."""
        o = self.compact
        if not counted.any() and o.o >= 0 and self.opposes.any():
            nearest = np.where(self.opposes & (o.reach > 0), o.a / np.where(o.reach > 0, o.reach, 1.0), -np.inf)
            counted = np.arange(len(o.v)) == np.argmax(nearest)
        for _ in range(1 if once else DIVES):
            low = np.where(counted, 0.0, -np.inf)
            high = np.where(counted | ~self.opposes, np.inf, 0.0)
            before, z = self.upper, self.programme(low, high)[3]
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
        norm, z, _ = shortest_steps(OneLayer(u), a[None], rows, np.array([self.farthest()]))
        if np.isfinite(norm[0]):
            self.offer(z[0])

    def offer(self, z: Array) -> None:
        """Keep the step, cut back to where its ray takes the label, if that is for certain, and shorter."""
        o = self.compact
        a, u = np.append(o.a, 1.0), np.append(o.v, o.o)
        t = float(first_lost(a, np.append(o.rows @ z, 0.0), u))
        if not t < np.inf or not t * float(np.linalg.norm(z)) < self.upper:
            return
        full = t * (z if self.basis is None else self.basis @ z)
        steps = np.append(1.0, 1 + LONGER)[:, None] * full
        most = self.output.most(steps)
        for takes, flipped in ((most < 0, True), (most <= 0, False)):
            if takes.any():
                step = steps[np.argmax(takes)]
                length = float(np.linalg.norm(step)) * (1 + gamma(len(step)))
                if length < self.upper:
                    self.upper, self.z, self.flipped = length, step, flipped
                return
