"""Two-layer ReLU networks: what can be asked of one by its weights alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import count, real
from boundkit.simulate.attacks import projected_gradient
from boundkit.simulate.exact_distance import exact_distance
from boundkit.simulate.layers import FirstLayer
from boundkit.simulate.many import flips
from boundkit.simulate.moves import Rows
from boundkit.simulate.nearest import distance_in_inputs
from boundkit.simulate.perturbations import exact_flip, one_point_flip, shortest_flip, swap, universal_flip
from boundkit.simulate.piecewise import first_flip
from boundkit.simulate.products import one_by_one
from boundkit.simulate.radius import certified_radius
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import all_near_one, times
from boundkit.simulate.subspace import Subspace
from boundkit.simulate.threads import single_threaded

ROUNDINGS = 4  # of 1/sqrt(m), however it was computed


@dataclass(frozen=True, eq=False)
class Network:
    """A network N(x) = sum_i u_i max(<w_i, x> + c_i, 0) + o with one output or several, and a subspace P of its inputs.

    Points are coordinates in the frame of P, or vectors of R^d, one or many (last axis); a trained network also takes
    data points' numbers. Each point gets the same alone or among others, in any order, to the last bit. Vectors
    orthogonal to P are vectors of R^d where the first layer is written out in full; else they are coordinates in the
    span of the off-subspace weights, with the same lengths and inner products, and `lift` makes vectors of them.

    One output is a label, its sign; of several the greatest is. Steps that change the label are between two classes:
    `pair(y, c)` is the network N_y - N_c.

    Attributes
    ----------
    layer : FirstLayer
        The weights w_i, on P and off it.
    u : array (m,) or (K, m)
        The output weights. Those that are all +-1/sqrt(m) up to the rounding of their dtype, such as float32, are taken
        to be just that.
    biases : array (m,), optional
        The first layer's c_i.
    output_bias : float, or array (K,)
        The output's o.

    Examples
    --------
    >>> from boundkit.simulate import FullLayer, Span
    >>> W = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
    >>> network = Network(FullLayer(Span(np.eye(3, 2)), W), u=np.array([1.0, -1.0]), output_bias=0.5)
    >>> network.output(np.array([3.0, 1.0])), network.shortest_flip(np.array([3.0, 1.0])).flipped
    (np.float64(2.5), True)
    """

    layer: FirstLayer
    u: Array
    biases: Array | None = None
    output_bias: Any = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "u", _doubles(self.u))
        m, u, above = self.layer.m, np.shape(self.u), np.shape(self.output_bias)
        if u[-1:] != (m,) or len(u) > 2 or (len(u) == 2 and u[0] < 2):
            raise ParameterError(f"u of shape {u} above {m} neurons: give ({m},), or (K, {m}) for K >= 2 outputs")
        if self.biases is not None and np.shape(self.biases) != (m,):
            raise ParameterError(f"biases of shape {np.shape(self.biases)}: give ({m},), one for each neuron")
        if above not in ((), u[:-1]):
            raise ParameterError(f"output_bias of shape {above}: give one number for each output")

    def __repr__(self) -> str:
        p, classes = self.subspace, f" and {self.classes} classes" if self.classes else ""
        return f"<network of {self.m} neurons{classes} on R^{p.d}, ell = {p.ell}>"

    @property
    def classes(self) -> int | None:
        """The number K of outputs; None for one, whose sign is the label."""
        return self.u.shape[0] if self.u.ndim == 2 else None

    @property
    def standard(self) -> bool:
        """Whether it has one output, output weights +-1/sqrt(m) and no biases, as most statements assume."""
        bare = self.biases is None and not np.any(self.output_bias)
        return bare and not self.classes and equal_sizes(self.u)

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
        return self.layer.m

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

    @cached_property
    def nothing_off(self) -> bool:
        """Whether no weight has a part orthogonal to P."""
        return not self.off.any()

    def lift(self, z: Array) -> Array:
        """A vector orthogonal to P, as this network writes it, as a vector of R^d."""
        return self.layer.lift(z)

    def pair(self, y: Any, c: Any) -> Self:
        """The network of one output N_y - N_c, positive where class y is ahead of class c."""
        if self.classes is None:
            raise ParameterError(f"{self!r} has one output, whose sign is the label: ask it as it is")
        first, second = (count("a class", k, "the number of an output", 0, self.classes - 1) for k in (y, c))
        if first == second:
            raise ParameterError(f"classes {first} and {second} are the same: give two that differ")
        above = np.broadcast_to(self.output_bias, self.classes)
        return replace(self, u=self.u[first] - self.u[second], output_bias=float(above[first] - above[second]))

    @single_threaded
    def inputs(self, x: Any) -> Array:
        """The pre-activations <w_i, x> + c_i (..., m)."""
        at = self.subspace.point(x)
        if at.shape[-1] == self.subspace.d:
            a = one_by_one(at, self.weights.T)
        else:
            a = one_by_one(at, self.on_columns[:, : at.shape[-1]].T)
        return a if self.biases is None else a + self.biases

    def output(self, x: Any, z: Array | None = None) -> Any:
        """N(x) (...) or (..., K); or N(x + z) for z orthogonal to P as this network writes it."""
        return self._above(self.inputs(x) if z is None else self.inputs(x) + one_by_one(z, self.off.T))

    def _above(self, a: Array) -> Any:
        on = np.maximum(a, 0)
        output = one_by_one(on, self.u.T) if self.classes else one_by_one(on, self.u[:, None])[..., 0]
        return output + self.output_bias if np.any(self.output_bias) else output

    def labels(self, x: Any) -> Any:
        """The sign of N(x), or the class whose output is the greatest (...)."""
        output = self.output(x)
        return np.argmax(output, axis=-1) if self.classes else np.sign(output)

    def margins(self, x: Any, y: Any = None) -> Any:
        """How far the labels y (...) are ahead: y N(x) (...), or N_y(x) - N_c(x) for each class c (..., K), inf at y.

        The labels are the network's own where they are not given.
        """
        output = self.output(x)
        y = np.asarray(self.labels(x)) if y is None else self._given(y, output)
        if not self.classes:
            return y * output
        own = y.astype(int)[..., None]
        ahead = np.take_along_axis(output, own, -1) - output
        np.put_along_axis(ahead, own, np.inf, -1)
        return ahead

    def _given(self, y: Any, output: Array) -> Array:
        """Labels for these outputs."""
        given, points = real("labels", y), output.shape[:-1] if self.classes else output.shape
        if given.shape != points or not np.isin(given, range(self.classes) if self.classes else (-1, 1)).all():
            told = f"0 to {self.classes - 1}" if self.classes else "-1 or 1 (0/1 labels become 2*y - 1)"
            raise ParameterError(
                f"labels of shape {given.shape}, as {np.unique(given)[:4]}: give {told} for each point"
            )
        return given

    def active(self, x: Any) -> NDArray[np.bool_]:
        """Which neurons are in S = {i : <w_i, x> + c_i >= 0}."""
        return self.inputs(x) >= 0

    def opposing(self, x: Any) -> NDArray[np.bool_]:
        """Which active neurons have the sign opposite to N(x); none where N(x) = 0."""
        self.require_two_classes()
        a = self.inputs(x)
        y0 = np.sign(self._above(a))[..., None]
        return np.asarray((a >= 0) & (self.u * y0 < 0))

    def counting(self, x: Any) -> NDArray[np.bool_]:
        """Which neurons can bring the output down: those that are active, or have the sign opposite to N(x)."""
        self.require_two_classes()
        return np.asarray(self.active(x) | (self.u * np.sign(self.output(x))[..., None] < 0))

    @single_threaded
    def gradient(self, x: Any) -> Array:
        """dN/dx at x (..., n) or (..., K, n): vectors of R^d in the full representation, else [parts on P, off P]."""
        return one_by_one(self._output_gradient(x), self.layer.free)

    @single_threaded
    def off_subspace_gradient(self, x: Any) -> Array:
        """The part of dN/dx at x orthogonal to P; in law its length is b |u_S| chi_ell, |u_S|^2 = k/m or so."""
        return one_by_one(self._output_gradient(x), self.off)

    @single_threaded
    def on_subspace_gradient(self, x: Any) -> Array:
        """The part of dN/dx at x in P, written as `gradient` is where the first layer is written out in full."""
        return one_by_one(self._output_gradient(x), self.layer.on)

    def _output_gradient(self, x: Any) -> Array:
        active = self.active(x)
        return (active[..., None, :] if self.classes else active) * self.u

    def require_two_classes(self) -> None:
        """Raise a ParameterError where there are several outputs."""
        if self.classes:
            raise ParameterError(
                f"{self!r}: a label is lost to one class; take network.pair(y, c), the network N_y - N_c"
            )

    @cached_property
    def stretch(self) -> Array:
        """sqrt(m) |u_i| of the neurons whose output weight is not 0 (n,)."""
        self.require_two_classes()
        return np.ones(self.m) if equal_sizes(self.u) else np.sqrt(self.m) * np.abs(self.u[self.u != 0])

    @cached_property
    def near_off(self) -> tuple[Rows, int]:
        """The weights orthogonal to P near to 1, and the exponent taken out."""
        rows, exponent = all_near_one(self.off)
        return Rows(rows), exponent

    def evened(self, a: Array, rows: Array) -> tuple[Array, Array, Array]:
        """Inputs (..., n), weights (n, ...) and output weights +-1/sqrt(m) (n,) that give the same output.

        The inputs a (..., m) and weights `rows` (m, ...) are stretched by sqrt(m) |u_i|, and left out where that is 0;
        an output bias is one more neuron, at rest.
        """
        if not equal_sizes(self.u):
            some = self.u != 0
            a, rows = self.stretch * a[..., some], self.stretch[:, None] * rows[some]
        if self.output_bias:
            o = np.full((*a.shape[:-1], 1), np.sqrt(self.m) * abs(self.output_bias))
            a, rows = np.concatenate([a, o], axis=-1), np.vstack([rows, np.zeros((1, rows.shape[1]))])
        return a, rows, self._evened_u

    @cached_property
    def _evened_u(self) -> Array:
        """The output weights of `evened`."""
        u = self.u if equal_sizes(self.u) else np.sign(self.u[self.u != 0]) / np.sqrt(self.m)
        return np.append(u, np.sign(self.output_bias) / np.sqrt(self.m)) if self.output_bias else u

    @cached_property
    def evened_off(self) -> tuple[dict[float, Rows], int]:
        """The weights orthogonal to P of `evened`, near to 1, for each label, and the exponent taken out.

        The label's supporters come first: most steps move all of them.
        """
        _, rows, u = self.evened(np.zeros(self.m), self.off)
        near, exponent = all_near_one(rows)
        return {y0: Rows(near, u * y0 > 0) for y0 in (-1.0, 1.0)}, exponent

    def flip_scale(self, x0: Any, z: Array) -> float:
        """The infimum of the t >= 0 at which t z flips the label, y0 N(x0 + t z) < 0, exactly; inf where none does.

        Along a line the network is piecewise linear: the kinks are sorted and one linear equation is solved.
        `first_lost` is the same for where the label is lost, N = 0.
        """
        step = real("z", z)
        if step.shape != self.off.shape[1:]:
            raise ParameterError(f"z of shape {step.shape}: this network writes a step in {self.off.shape[1]} numbers")
        a, off, u = self.evened(self.inputs(x0), self.off)
        (step, length), (rows, weights) = all_near_one(step), all_near_one(off)
        return float(times(first_flip(a, np.asarray(step @ rows.T), u), -length - weights))

    universal_flip = universal_flip
    exact_flip = exact_flip
    one_point_flip = one_point_flip
    shortest_flip = shortest_flip
    swap = swap
    flips = flips
    distance_in_inputs = distance_in_inputs
    attack = projected_gradient
    certified_radius = certified_radius
    distance = exact_distance


def _doubles(u: Any) -> Array:
    """Output weights as doubles; where they are +-1/sqrt(m) up to a few roundings in their own dtype, just that."""
    given = np.asarray(u)
    doubles = np.asarray(given, dtype=float)
    if doubles.ndim != 1 or not doubles.size:
        return doubles
    rounding = float(np.finfo(given.dtype if given.dtype.kind == "f" else float).eps)
    even = np.copysign(1 / np.sqrt(len(doubles)), doubles)
    return even if (np.abs(doubles - even) <= ROUNDINGS * rounding * np.abs(even)).all() else doubles


def equal_sizes(u: Array) -> bool:
    """Whether output weights (m,) are +-1/sqrt(m)."""
    return bool(np.all(np.abs(u) == 1 / np.sqrt(len(u))))
