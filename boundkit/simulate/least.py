"""The shortest step that brings y0 N(x0 + z) down to (1 - c) |N(x0)|: convex programmes, and what they prove together.

Whatever set of opposing neurons is counted along their lines, with the others as nothing, a z does at least what is
counted, and exactly that where those that it leaves active are counted. So each programme's optimum lowers the output
as asked, and the least of all sets' optima is the true one. Within a radius only the neurons whose kink is that near
can switch: where these are few, all sets of them are looked at, and the answer is proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from boundkit.errors import HypothesisError, NoStepError, PrecisionError
from boundkit.simulate.attacks import largest_radius, steps_of_one_layer
from boundkit.simulate.context import PointContext
from boundkit.simulate.min_norm_qp import Programme, solved
from boundkit.simulate.moves import one_point
from boundkit.simulate.piecewise import first_lost
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import norms, times
from boundkit.simulate.steps import Perturbation
from boundkit.simulate.tolerances import EXACT

PASSES = 20  # convex programmes, three or four mostly settle it
FEW, MANY = 4, 10  # neurons all of whose sets are looked at: to prove a step that was found, and where none was
ROUNDING = 1e-9  # relative; what is closer than this is not told apart
ROOM = 1e-12
SILENCED = 1e-7  # the residual below which no step that silences all supporters is found

Some = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A step, a lower bound for all steps that do as much as its programme counts, and how it was found."""

    z: Array
    bound: float
    found: str

    @property
    def norm(self) -> float:
        """Its length."""
        return float(np.linalg.norm(self.z))

    @property
    def proved(self) -> bool:
        """Whether it is one, or there is none of some length."""
        return self.norm < np.inf or self.bound > 0


def least(view: PointContext[Any], c: float, few: int = FEW) -> Perturbation:
    """The shortest step that is found, and what is proved of it; see `perturbations.shortest_flip`.

    All sets of at most `few` neurons are looked at to prove it.

    Raises
    ------
    NoStepError
        None was found: `within` says up to which length none exists.
    """
    if c > 1:
        view.some_opposing()
    task = _Task(view, c)
    if view.network.subspace.ell == 1 or view.network.m == 1:
        return task.record(task.on_the_line(), exhausted=True)
    best = task.descended(task.start())
    reach = best.norm * (1 + ROUNDING) if best else np.inf
    free = ~view.supports & task.switching(reach)
    exhausted = bool(np.sum(free) <= (few if best else MANY))
    if exhausted:
        best = task.over_all_sets(free, best)
    else:
        for other in task.others():
            if other.norm < (best.norm if best else np.inf):
                best = task.descended(task.left_active(other), other)
    if best is None or not best.proved:
        best = task.attacked()
    return task.record(best, exhausted=exhausted)


@dataclass(frozen=True, eq=False)
class _Task:
    """What is asked at a point, in the view's units and an orthonormal basis of the weights' span."""

    view: PointContext[Any]
    c: float

    @cached_property
    def _compact(self) -> tuple[Array | None, Array]:
        off = self.view.off
        if off.shape[1] <= off.shape[0]:
            return None, off
        basis, factor = self.view.rows.factors
        return basis, factor.T

    @property
    def rows(self) -> Array:
        """The weights (m, w)."""
        return self._compact[1]

    @cached_property
    def lengths(self) -> Array:
        """Their lengths (m,)."""
        return np.asarray(np.linalg.norm(self.rows, axis=1))

    @cached_property
    def doubt(self) -> tuple[float, float]:
        """By how much rounding may have changed what z lowers sqrt(m) y0 N by, or is asked to: shift + drift |z|."""
        shift, drift = (float(x.sum()) for x in self.view.doubts)
        return (1 + abs(self.c - 1)) * shift, drift

    def switching(self, radius: float) -> Some:
        """Which neurons may switch within a radius."""
        shift, drift = self.view.doubts
        fast = self.lengths + drift
        return np.asarray(np.abs(self.view.a) - shift < radius * np.where(fast > 0, fast, 1.0)) & (fast > 0)

    @cached_property
    def lifted(self) -> tuple[Array, Array]:
        """Pre-activations and output weights of N + (c - 1) N(x0), whose label is lost where enough is done."""
        shift = (self.c - 1) * self.view.output
        return np.append(self.view.a, 1.0), np.append(self.view.u, shift)

    def along(self, z: Array) -> float:
        """The least t at which t z does enough."""
        a, u = self.lifted
        return float(first_lost(a, np.append(self.rows @ z, 0.0), u))

    def surely(self, e: Array) -> float:
        """A t below which t e, of length 1, does not do enough, whatever rounding did."""
        (shift, drift), (a, u) = self.doubt, self.lifted
        if shift >= self.c * self.view.weight:
            return 0.0
        against = -self.view.y0 * np.array([shift, drift]) / np.sqrt(self.view.network.m)
        moves = np.concatenate([self.rows @ e, [0.0, 0.0, 1.0]])
        return float(first_lost(np.append(a, [1.0, 0.0]), moves, np.append(u, against)))

    def record(self, best: Candidate | None, *, exhausted: bool) -> Perturbation:
        """The result, or why there is none."""
        asked = f"brings y0 N down to {1 - self.c:.3g} |N(x0)|"
        if best is None:
            raise NoStepError(
                f"no step orthogonal to P that {asked} was found: the programme has none, and the attack found none. "
                "That none exists is not proved; take a smaller c, a larger ell or a smaller m"
            )
        if not best.norm < np.inf:
            within = self.view.outer(best.bound)
            where = "" if within == np.inf else f" within {within:.3g}"
            raise NoStepError(
                f"no step orthogonal to P{where} {asked}: none exists, whichever of the opposing neurons are active; "
                "take a smaller c, a larger ell or a smaller m", within,
            )  # fmt: skip
        view = self.view
        basis = self._compact[0]
        z = best.z if basis is None else basis @ best.z
        step = view.step(z, "shortest_flip", self.c, found=best.found)  # which lengthens it
        bound = view.outer(best.bound)
        gap = max(step.norm / bound - 1, 0.0) if bound > 0 else np.inf
        return replace(step, gap=gap, certified=True if exhausted and gap <= EXACT else None)

    def on_the_line(self) -> Candidate:
        """Where all weights lie on one line: the nearer of the two ways."""
        e = self.rows[np.argmax(self.lengths)] / self.lengths.max()
        t, way = min((self.along(way * e), way) for way in (1.0, -1.0))
        bound = min(self.surely(way * e) for way in (1.0, -1.0))
        return Candidate(t * way * e if t < np.inf else np.full_like(e, np.inf), min(bound, t), "line")

    def programme(self, counted: Some) -> Programme:
        """The convex programme that counts these opposing neurons along their lines, and the others as nothing."""
        view, rows = self.view, self.rows
        active = view.supports & (view.a >= 0)
        switches = np.where(active, 1.0, -1.0)[view.supports, None] * rows[view.supports]
        slope = rows[counted].sum(axis=0) - rows[active].sum(axis=0)
        # A line starts at a_i: below 0 that has to be made up for, and a positive a_i left out is lost.
        need = self.c * view.weight + np.abs(view.a[counted != view.pushing]).sum()
        return Programme(slope, switches, np.abs(view.a[view.supports]), need, *self.doubt)

    def optimum(self, counted: Some) -> Candidate:
        """That programme's: a step of length inf where there is none."""
        if self.c >= 1 and not counted.any():
            return self.silent() if self.c == 1 else Candidate(self.none, np.inf, "programmes")
        try:
            z, bound = solved(self.programme(counted))
        except NoStepError as error:
            return Candidate(self.none, error.within, "programmes")
        except PrecisionError:
            return Candidate(self.none, 0.0, "programmes")
        return Candidate(z, bound, "programmes")

    def silent(self) -> Candidate:
        """The shortest step that turns all supporters off: a least-distance problem, as Lawson and Hanson solve it."""
        supports, rows, a = self.view.supports, self.rows, self.view.a
        size = np.abs(a[supports]).max()
        # A neuron that ends at its kink would be on or off by rounding; with this much room it is off.
        E = np.vstack([-rows[supports].T, a[supports] / size + ROOM])
        f = np.eye(len(E))[-1]
        prices, _ = nnls(E, f)
        r = E @ prices - f
        # Off, up to rounding, are all where the sum of their max(t_i, 0) is no more than that; so <prices, t> is small.
        shift, drift = (prices.max(initial=0) * x for x in self.doubt)
        slope = float(np.linalg.norm(prices @ rows[supports])) + drift
        height = float(prices @ a[supports]) * (1 - ROOM) - shift
        bound = height / slope if height > 0 < slope else np.inf if height > 0 else 0.0
        if np.linalg.norm(r) <= SILENCED:
            return Candidate(self.none, min(bound, size / SILENCED), "programmes")
        return Candidate(-r[:-1] / r[-1] * size, bound, "programmes")

    def start(self) -> Some:
        """The opposing neurons counted first: the active ones, or where there is none and one is needed the nearest."""
        view, a = self.view, self.view.a
        others = np.flatnonzero(~view.supports & (self.lengths > 0))
        if view.k or self.c < 1 or not len(others):
            return view.pushing
        nearest = others[np.argmax(a[others] / self.lengths[others])]
        return np.asarray(view.pushing | (np.arange(len(a)) == nearest))

    @property
    def none(self) -> Array:
        """What stands for a step where there is none."""
        return np.full(self.rows.shape[1], np.inf)

    def one_point(self) -> Candidate:
        """The one-point flip, as far as it has to go; of length inf where it never does enough, or there is none."""
        try:
            step, _ = one_point(self.view, self.c)
        except HypothesisError:
            return Candidate(self.none, 0.0, "one point")
        z = step if self._compact[0] is None else step @ self._compact[0]
        t = self.along(z)
        return Candidate(t * z if t < np.inf else self.none, 0.0, "one point")

    def others(self) -> Iterator[Candidate]:
        """What an answer that is not proved is held against: the one-point flip, and the programme not started from."""
        yield self.one_point()
        if not self.view.k:
            yield self.optimum(self.view.pushing)

    def left_active(self, step: Candidate) -> Some:
        """The opposing neurons that are active after a step."""
        return np.asarray(~self.view.supports & (self.view.a + self.rows @ step.z > 0))

    def descended(self, counted: Some, best: Candidate | None = None) -> Candidate | None:
        """Programmes one after the other, each counting what the one before left active, until nothing changes.

        The step before stays admissible, so the next optimum is no longer.
        """
        for _ in range(PASSES):
            step = self.optimum(counted)
            if not step.norm < (np.inf if best is None else (1 - ROUNDING) * best.norm):
                break
            best = self.cut(step)
            left = self.left_active(best)
            if np.array_equal(left, counted) or not left.any():
                break
            counted = left
        return best

    def cut(self, step: Candidate) -> Candidate:
        """The step cut back to where it has done enough, if that is earlier: neurons may do more than is counted."""
        t = self.along(step.z)
        return Candidate(t * step.z, step.bound, step.found) if t < 1 - ROUNDING else step

    def over_all_sets(self, free: Some, best: Candidate | None) -> Candidate:
        """The shortest over all sets of the free opposing neurons, with the least of their bounds."""
        bound, shortest = np.inf, best
        for counted in self._sets(free):
            if shortest and counted.any():
                linear = self.programme(counted)
                at_least = linear.at_least(np.zeros(len(linear.room)))
                if at_least >= shortest.norm:  # no need to solve it
                    bound = min(bound, at_least)
                    continue
            step = self.optimum(counted)
            bound = min(bound, step.bound)
            if step.norm < (np.inf if shortest is None else (1 - ROUNDING) * shortest.norm):
                shortest = self.cut(Candidate(step.z, step.bound, "patterns"))
        if shortest is None:
            return Candidate(self.none, bound, "patterns")
        return Candidate(shortest.z, bound, shortest.found)

    def _sets(self, free: Some) -> Iterator[Some]:
        places = np.flatnonzero(free)
        for chosen in product((False, True), repeat=len(places)):
            counted = self.view.pushing.copy()
            counted[places] = chosen
            yield counted

    def attacked(self) -> Candidate | None:
        """The attack's step, and the programme that counts what it leaves active, where that is shorter."""
        view = self.view
        a, u = self.lifted
        rows = np.vstack([self.rows, np.zeros(self.rows.shape[1])])
        near = times(2 * (1 + norms(view.at[None])), view.weights - view.inputs)
        top = max(1.0, self.c) * largest_radius(u, a[None], rows, near)
        norm, z, _ = steps_of_one_layer(u, a[None], rows, top)
        if not np.isfinite(norm[0]):
            return None
        found = Candidate(z[0], 0.0, "attack")
        better = self.optimum(self.left_active(found))
        return self.cut(Candidate(better.z, better.bound, "attack")) if better.norm < found.norm else found
