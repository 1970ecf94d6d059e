"""How the neurons stand at one point, and the record of a step from there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import HypothesisError, NoStepError, ParameterError
from boundkit.simulate.certified import inputs_by
from boundkit.simulate.moves import Rows
from boundkit.simulate.piecewise import lengthened, rounding
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import all_near_one, norms, times
from boundkit.simulate.steps import Perturbation
from boundkit.simulate.tolerances import gamma

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network

N = TypeVar("N", bound="Network")


@dataclass(frozen=True, eq=False)
class PointContext(Generic[N]):
    """How the neurons stand at one point: who supports the label, who opposes it, who is active.

    Every neuron has an output weight +-1/sqrt(m) here, its input and weights stretched in exchange; an output bias is
    one more neuron, which no step moves.

    In units of its own: pre-activations are over 2^inputs and weights over 2^weights, which brings them near to 1, and
    steps over 2^(inputs - weights). `at`, `before` and what `step` hands out are as they are.
    """

    network: N
    at: Array
    before: float

    @cached_property
    def _evened(self) -> tuple[Array, int, Array]:
        nothing = np.empty((self.network.m, 0))
        a, _, u = self.network.evened(self.network.inputs(self.at), nothing)
        return *all_near_one(a), u

    @property
    def a(self) -> Array:
        """Pre-activations (n,)."""
        return self._evened[0]

    @property
    def inputs(self) -> int:
        """The exponent of the unit of pre-activations and outputs."""
        return self._evened[1]

    @property
    def off(self) -> Array:
        """The weights orthogonal to P (n, q)."""
        return self.rows.vectors

    @property
    def rows(self) -> Rows:
        """The same, with what is worked out once for all points of this label."""
        return self.network.evened_off[0][self.y0]

    @property
    def weights(self) -> int:
        """The exponent of the unit of weights orthogonal to P."""
        return self.network.evened_off[1]

    @property
    def u(self) -> Array:
        """Output weights +-1/sqrt(m) (n,)."""
        return self._evened[2]

    @cached_property
    def sizes(self) -> Array:
        """By what each input was stretched, sqrt(m) |u_i| (n,); 0 of an output bias."""
        stretch = self.network.stretch
        return np.append(stretch, np.zeros(len(self.u) - len(stretch)))

    @cached_property
    def moves(self) -> NDArray[np.bool_]:
        """Which of them are neurons (n,): all but an output bias."""
        return self.sizes > 0

    @property
    def output(self) -> float:
        """N(x0)."""
        return float(np.maximum(self.a, 0) @ self.u)

    @property
    def y0(self) -> float:
        """The label, the sign of the output."""
        return float(np.sign(self.before))

    @cached_property
    def supports(self) -> NDArray[np.bool_]:
        """Which neurons have the label's sign."""
        return np.asarray(self.u * self.y0 > 0)

    @cached_property
    def pushing(self) -> NDArray[np.bool_]:
        """Which active neurons oppose the label."""
        return np.asarray(~self.supports & (self.a >= 0))

    @property
    def k(self) -> int:
        """How many those are."""
        return int((self.pushing & self.moves).sum())

    @property
    def weight(self) -> float:
        """sqrt(m) |N(x0)|: what the supporting inputs exceed the opposing ones by."""
        return float(np.sqrt(self.network.m) * abs(self.output))

    @property
    def reach(self) -> Array:
        """How fast a step of length 1 can move each pre-activation (m,)."""
        return self.rows.lengths

    @cached_property
    def doubts(self) -> tuple[Array, Array]:
        """By how much rounding may have moved each pre-activation at x0 + z, at 0 (n,) and for each unit of |z| (n,).

        Products and sums in which they are taken are counted too, and coordinates in an orthonormal basis of the rows.
        """
        some, (n, width) = self.network.u != 0, self.off.shape
        rest = np.zeros(n - len(self.network.stretch))
        known = inputs_by(self.network, self.at)[some], self.network.layer.off_by[some]
        a_by, off_by = (np.append(self.network.stretch * x, rest) for x in known)
        shift = times(a_by, -self.inputs) + gamma(n) * np.abs(self.a)
        return shift, times(off_by, -self.weights) + 5 * gamma(n * width) * self.reach

    def outer(self, length: float) -> float:
        """The length of a step as it is."""
        return float(times(length, self.inputs - self.weights))

    def step(self, z: Array, method: str, c: float, alpha: float | None = None, **found: Any) -> Perturbation:
        """The record of a step z; one that reaches the boundary is lengthened by rounding's worth until it flips."""
        if method != "paper_step" and c >= 1 and np.isfinite(z).all():
            z = self._flipping(z)
        there = times(z, self.inputs - self.weights)
        if not np.isfinite(there).all():
            longest = times(self.reach.max(), self.weights)
            raise HypothesisError(
                f"N(x0) = {self.before:.4g} and weights orthogonal to P no longer than {longest:.4g}: no float holds "
                "so long a z; train with fewer steps or a smaller lam"
            )
        output = self._after(z)
        return Perturbation(
            self.network, self.at, there, method, c, alpha, self.k, self.before,
            float(times(output, self.inputs)),
            flipped=bool(self.y0 * output < -self._rounding(z)),
            lost=bool(self.y0 * output <= self._rounding(z)), **found,
        )  # fmt: skip

    def _after(self, z: Array) -> float:
        return float(np.maximum(self.a + z @ self.off.T, 0) @ self.u)

    def _rounding(self, z: Array) -> Array:
        return rounding(self.u, self.a, norms(z) * self.reach)

    def _flipping(self, z: Array) -> Array:
        """z, or a multiple that flips the label, or else one that loses it, by at most a relative 10^-6 longer."""
        moves, carried = self.off @ z, self._rounding(z)

        def flips(t: Array) -> NDArray[np.bool_]:
            return np.asarray(self.y0 * (np.maximum(self.a + t * moves, 0) @ self.u) < -carried)

        def loses(t: Array) -> NDArray[np.bool_]:
            return np.asarray(self.y0 * self._after(t * z) <= carried)

        for enough in (flips, loses):
            t = lengthened(enough, ())
            if enough(t):
                return np.asarray(t * z)
        return z

    def some_opposing(self) -> NDArray[np.bool_]:
        """Which neurons oppose the label, where some do."""
        if self.supports.all():
            raise NoStepError(
                f"all {self.network.m} neurons support the label, and no step makes it flip: none exists; "
                "take another seed, or more neurons", np.inf
            )  # fmt: skip
        return ~self.supports

    def uncovered(self, needs: str) -> HypothesisError:
        """What to say where k = 0."""
        return HypothesisError(
            f"k = {self.k} active neurons oppose N(x0) = {self.before:.4g}: {needs}; "
            "take another x0 or seed, or train with a smaller step"
        )


def view_of(network: N, x0: Any) -> PointContext[N]:
    """The view from a point, where there is a label to flip and a weight orthogonal to P."""
    network.require_two_classes()
    at = network.subspace.settled(x0)
    if at.ndim != 1:
        raise ParameterError(f"x0 of shape {at.shape}: a step starts at one point; from many take network.flips(x0)")
    view = PointContext(network, at, float(network.output(at)))
    known = np.isfinite(view.before) and abs(view.output) > rounding(view.u, view.a, np.zeros(len(view.a)))
    if not view.before or not known:
        raise view.uncovered("every z here needs N(x0) != 0")
    if network.nothing_off or not view.reach.any():
        raise HypothesisError(
            "no weights orthogonal to P are left, as by eta lam = 1, and so no z: take another eta or lam, or network"
        )
    return view
