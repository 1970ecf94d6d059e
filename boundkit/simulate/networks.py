"""Two-layer ReLU networks: what can be asked of one by its weights alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import real
from boundkit.simulate.layers import FirstLayer
from boundkit.simulate.products import one_by_one
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import all_near_one, times
from boundkit.simulate.subspace import Subspace
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.simulate.attacks import Attack


@dataclass(frozen=True, eq=False)
class Network:
    """A network N(x) = sum_i u_i max(<w_i, x>, 0), and a subspace P of its inputs.

    Points are coordinates in the frame of P, or vectors of R^d, one or many (last axis); a trained network also takes
    data points' numbers. Each point gets the same alone or among others, in any order, to the last bit. Vectors
    orthogonal to P are vectors of R^d where the first layer is written out in full; else they are coordinates in the
    span of the off-subspace weights, with the same lengths and inner products, and `lift` makes vectors of them.

    Attributes
    ----------
    layer : FirstLayer
        The weights w_i, on P and off it.
    u : array (m,)
        The output weights.
    """

    layer: FirstLayer
    u: Array

    def __repr__(self) -> str:
        p = self.subspace
        return f"<network of {self.m} neurons on R^{p.d}, ell = {p.ell}>"

    @property
    def subspace(self) -> Subspace:
        """P, which says how points are written."""
        return self.layer.subspace

    @property
    def full(self) -> bool:
        """Whether vectors orthogonal to P are vectors of R^d here."""
        return self.layer.full

    @property
    def m(self) -> int:
        """The number of neurons."""
        return int(self.u.shape[-1])

    @property
    def weights(self) -> Array:
        """The first layer as vectors of R^d (m, d)."""
        return self.layer.vectors

    @property
    def on_columns(self) -> Array:
        """The weights along the frame's first `width` vectors (m, width)."""
        return self.layer.columns

    @property
    def off(self) -> Array:
        """The weights' parts orthogonal to P (m, n)."""
        return self.layer.off

    @property
    def on(self) -> Array:
        """The weights' parts on P (m, n)."""
        return self.layer.on

    @property
    def nothing_off(self) -> bool:
        """Whether no weight has a part orthogonal to P."""
        return not self.off.any()

    def lift(self, z: Array) -> Array:
        """A vector orthogonal to P, as this network writes it, as a vector of R^d."""
        return self.layer.lift(z)

    @single_threaded
    def inputs(self, x: Any) -> Array:
        """The pre-activations <w_i, x> (..., m)."""
        at = self.subspace.point(x)
        if at.shape[-1] == self.subspace.d:
            return one_by_one(at, self.weights.T)
        return one_by_one(at, self.on_columns[:, : at.shape[-1]].T)

    def output(self, x: Any, z: Array | None = None) -> Any:
        """N(x), or N(x + z) for z orthogonal to P as this network writes it."""
        return self._above(self.inputs(x) if z is None else self.inputs(x) + one_by_one(z, self.off.T))

    def _above(self, a: Array) -> Any:
        return one_by_one(np.maximum(a, 0), self.u[:, None])[..., 0]

    def active(self, x: Any) -> NDArray[np.bool_]:
        """Which neurons are in S = {i : <w_i, x> >= 0}."""
        return self.inputs(x) >= 0

    def opposing(self, x: Any) -> NDArray[np.bool_]:
        """Which active neurons have the sign opposite to N(x); none where N(x) = 0."""
        a = self.inputs(x)
        y0 = np.sign(self._above(a))[..., None]
        return np.asarray((a >= 0) & (self.u * y0 < 0))

    def counting(self, x: Any) -> NDArray[np.bool_]:
        """Which neurons can bring the output down: those that are active, or have the sign opposite to N(x)."""
        return np.asarray(self.active(x) | (self.u * np.sign(self.output(x))[..., None] < 0))

    @single_threaded
    def gradient(self, x: Any) -> Array:
        """dN/dx at x: a vector of R^d in the full representation, else [its part on P, its part off P]."""
        output_gradient = self.active(x) * self.u
        return one_by_one(output_gradient, self.layer.free)

    @single_threaded
    def off_subspace_gradient(self, x: Any) -> Array:
        """The part of dN/dx at x orthogonal to P; in law its length is b sqrt(k/m) chi_ell."""
        return one_by_one(self.active(x) * self.u, self.off)

    def flip_scale(self, x0: Any, z: Array) -> float:
        """The infimum of the t >= 0 at which t z flips the label, y0 N(x0 + t z) < 0, exactly; inf where none does.

        Along a line the network is piecewise linear: the kinks are sorted and one linear equation is solved.
        `flips.first_lost` is the same for where the label is lost, N = 0.
        """
        from boundkit.simulate.piecewise import first_flip

        step = real("z", z)
        if step.shape != self.off.shape[1:]:
            raise ParameterError(f"z of shape {step.shape}: this network writes a step in {self.off.shape[1]} numbers")
        (step, length), (rows, weights) = all_near_one(step), all_near_one(self.off)
        return float(times(first_flip(self.inputs(x0), np.asarray(step @ rows.T), self.u), -length - weights))

    def attack(self, x0: Any = 0, within: Literal["off", "on", "free"] = "off", **options: Any) -> Attack:
        """The shortest step from x0 `within` P, P-perp or R^d found by an attack; see `attacks.projected_gradient`."""
        from boundkit.simulate.attacks import projected_gradient

        return projected_gradient(self, x0, within, **options)
