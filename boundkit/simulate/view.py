"""How the neurons stand at one point of P, and the record of a step from there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import HypothesisError, NoStepError, ParameterError
from boundkit.simulate.flips import Perturbation, length, lengthened, rounding
from boundkit.simulate.network import Network
from boundkit.simulate.streams import Array


@dataclass(frozen=True, eq=False)
class View:
    """How the neurons stand at one point of P: who supports the label, who opposes it, who is active."""

    network: Network
    at: Array
    before: float

    @cached_property
    def a(self) -> Array:
        """Pre-activations (m,)."""
        return self.network.inputs(self.at)

    @property
    def y0(self) -> float:
        """The label, the sign of the output."""
        return float(np.sign(self.before))

    @cached_property
    def supports(self) -> NDArray[np.bool_]:
        """Which neurons have the label's sign."""
        return np.asarray(self.network.u * self.y0 > 0)

    @cached_property
    def pushing(self) -> NDArray[np.bool_]:
        """Which active neurons oppose the label."""
        return np.asarray(~self.supports & (self.a >= 0))

    @property
    def k(self) -> int:
        """How many those are."""
        return int(self.pushing.sum())

    @property
    def weight(self) -> float:
        """sqrt(m) |N(x0)|: what the supporting inputs exceed the opposing ones by."""
        return float(np.sqrt(self.network.m) * abs(self.before))

    def step(self, z: Array, method: str, c: float, alpha: float | None = None, **found: Any) -> Perturbation:
        """The record of a step z; one that reaches the boundary is lengthened by rounding's worth until it flips."""
        if not np.isfinite(z).all():
            raise HypothesisError(
                f"N(x0) = {self.before:.4g} and b = {self.network.b:.4g}: no float holds so long a z; "
                "train with fewer steps or a smaller lam"
            )
        if method != "paper" and c >= 1:
            z = self._flipping(z)
        after = float(self.network.output(self.at, z))
        return Perturbation(self.network, self.at, z, method, c, alpha, self.k, self.before, after, **found)

    def _flipping(self, z: Array) -> Array:
        """z, or a multiple that flips the label, or else one that loses it, by at most a relative 10^-6 longer."""
        u, moves, norm = self.network.u, self.network.off @ z, length(z)
        carried = rounding(u, self.a, norm * np.linalg.norm(self.network.off, axis=1))

        def flips(t: Array) -> NDArray[np.bool_]:
            return np.asarray(self.y0 * (np.maximum(self.a + t * moves, 0) @ u) < -carried)

        def loses(t: Array) -> NDArray[np.bool_]:
            return np.asarray(self.y0 * self.network.output(self.at, t * z) <= 0)

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


def view_of(network: Network, x0: Any) -> View:
    """The view from a point, where there is a label to flip and a weight orthogonal to P."""
    at = network.problem.locate(x0)
    if at.ndim != 1:
        raise ParameterError(f"x0 of shape {at.shape}: a step starts at one point; take the points one by one")
    view = View(network, at, float(network.output(at)))
    if not np.abs(view.before) > rounding(network.u, view.a, np.zeros(network.m)) or not np.isfinite(view.before):
        raise view.uncovered("Theorem 5.1 needs k >= 1 and N(x0) != 0, and every z here a label")
    if network.b == 0 or not network.off.any():
        raise HypothesisError("eta lam = 1 leaves no weights orthogonal to P, and no z: take another eta or lam")
    return view
