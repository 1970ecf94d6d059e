"""What a step orthogonal to P does to an output, for certain: bounds that hold after all rounding.

Seen from x0 the output in its label's favour is f(z) = sum_i v_i max(t_i, 0) + o with t_i = a_i + <w_i, z>, where v_i >
0 supports the label and v_i < 0 opposes it. Inputs and weights orthogonal to P were rounded on the way here: that
moves f(z) by at most `shift` + `drift` |z|, and what is proved below is proved with that much to spare.

A linear bound f(z) >= <omega, t> + constant shows that f > 0 wherever |z| is below
(<omega, a> + constant)/|sum_i omega_i w_i|. For a supporting neuron any omega_i in [0, v_i] does. An opposing one that
stays active has omega_i = v_i, one that stays inactive 0; within |z| <= R another lies below the chord of its ReLU over
[a_i - R |w_i|, a_i + R |w_i|].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.products import one_by_one
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import near_one, norms, times
from boundkit.simulate.tolerances import EPS, gamma

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network

FAR = 100.0  # where no step is known nothing beyond is looked at
TINY = 2.0**-900  # what numbers that leave the floats at their lower end may add up to, beside others of about 1


@dataclass(frozen=True, eq=False)
class Relaxation:
    """f(z) >= <omega, t> + constant in some region, for any omega (..., m) between `least` and `most`."""

    omega: Array
    constant: Array
    least: Array
    most: Array


@dataclass(frozen=True, eq=False)
class Output:
    """The output in a label's favour as steps from points (...) see it, in units of their own.

    Attributes
    ----------
    a, v : arrays (..., m)
        Pre-activations, and output weights: positive where they support the label. The latter are right to EPS.
    rows : array (m, n)
        The weights orthogonal to P.
    o : array (...)
        The output bias, right to EPS.
    a_by, rows_by : arrays (..., m) and (m,)
        By how much pre-activations, and weights, may be off.
    unit : array (...)
        A length here is that times 2^unit.
    factors : pair of arrays
        A basis (n, q) and a triangular matrix (q, m), whose product is the rows' transpose.
    """

    a: Array
    v: Array
    rows: Array
    o: Array
    a_by: Array
    rows_by: Array
    unit: NDArray[np.intc]
    factors: tuple[Array, Array]

    @cached_property
    def compact(self) -> Output:
        """The same in as few coordinates as there are neurons; Householder QR is that of rows a little off (Higham)."""
        m, n = self.rows.shape
        if n <= m:
            return self
        lost = 4 * gamma(m * n) * self.reach
        return replace(self, rows=np.ascontiguousarray(self.factors[1].T), rows_by=self.rows_by + lost)

    def lifted(self, z: Array) -> Array:
        """A step in the coordinates of `compact` in those of the rows."""
        m, n = self.rows.shape
        return z if n <= m else np.asarray(self.factors[0] @ z)

    @cached_property
    def reach(self) -> Array:
        """How fast a step of length 1 moves each pre-activation (m,), rounded up."""
        return np.asarray(np.linalg.norm(self.rows, axis=1) * (1 + gamma(self.rows.shape[1])))

    @cached_property
    def gram(self) -> Array:
        """The rows' inner products (m, m)."""
        return self.rows @ self.rows.T

    @cached_property
    def steep(self) -> float:
        """The largest eigenvalue of that, up to rounding."""
        return float(np.linalg.norm(self.gram, 2)) or 1.0

    @cached_property
    def shift(self) -> Array:
        """What f(z) may be off by at z = 0 (...)."""
        off = (np.abs(self.v) * (self.a_by + 2 * EPS * np.abs(self.a))).sum(-1) + 2 * EPS * np.abs(self.o)
        return np.asarray(off * (1 + gamma(self.a.shape[-1])) + TINY)

    @cached_property
    def drift(self) -> Array:
        """What that may grow by for each unit of |z| (...)."""
        off = (np.abs(self.v) * (self.rows_by + 2 * EPS * self.reach)).sum(-1)
        return np.asarray(off * (1 + gamma(self.a.shape[-1])) + TINY)

    def climbed(self, by: Relaxation) -> Relaxation:
        """The multipliers one step up the gradient of `at_least`; where that is 0, those of the active neurons."""
        scale, t = self.aim(by)
        known = np.isfinite(scale)
        step = np.where(known, t, 0.0) / (np.where(known, scale, 1.0) * self.steep)
        start = np.where(known, by.omega + step, np.where(self.a > 0, self.v, 0.0))
        return replace(by, omega=np.clip(start, by.least, by.most))

    def aim(self, by: Relaxation) -> tuple[Array, Array]:
        """The shortest z = -s sum_i omega_i w_i that brings <omega, t> + constant to 0: its s (..., 1), and its t."""
        height = ((by.omega * self.a).sum(-1) + by.constant)[..., None]
        along = one_by_one(by.omega, self.gram)
        square = (by.omega * along).sum(-1, keepdims=True)
        known = (height > 0) & (square > 0)
        scale = np.where(known, height, np.inf) / np.where(known, square, 1.0)
        return scale, self.a - np.where(known, scale, 0.0) * along

    def at(self, index: Any) -> Output:
        """That of one of the points, or of some."""
        return replace(self, **{name: getattr(self, name)[index] for name in ("a", "v", "o", "a_by", "unit")})

    @property
    def nearest(self) -> Array:
        """A length (...) within which f > 0, though every neuron did all that it can."""
        fastest = (np.abs(self.v) * self.reach).sum(-1) * (1 + gamma(self.a.shape[-1])) + self.drift
        return np.asarray(np.maximum(self.least, 0) / fastest * (1 - gamma(0)))

    @property
    def farthest(self) -> Array:
        """How far (...) it makes sense to look: FAR times where neurons could have switched and made up for f."""
        fastest = (np.abs(self.v) * self.reach).sum(-1) / np.sqrt(self.a.shape[-1])
        size = (np.abs(self.v * self.a)).sum(-1) + np.abs(self.o)
        return np.asarray(FAR * size / np.where(fastest > 0, fastest, 1.0))

    @property
    def least(self) -> Array:
        """f(0) (...), less what rounding may have added."""
        terms = self.v * np.maximum(self.a, 0)
        size = np.abs(terms).sum(-1) + np.abs(self.o)
        return np.asarray(terms.sum(-1) + self.o - gamma(self.a.shape[-1]) * size - self.shift)

    def most(self, z: Array) -> Array:
        """f(z) (...) for steps z (..., n), and what rounding may have taken from it; 0 where all is off for certain."""
        length = (np.linalg.norm(z, axis=-1) * (1 + gamma(z.shape[-1])))[..., None]
        t = self.a + one_by_one(z, self.rows.T)
        by = self.a_by + self.rows_by * length + gamma(z.shape[-1]) * (np.abs(self.a) + self.reach * length)
        v = self.v + EPS * np.abs(self.v)
        terms = v * np.maximum(t + np.where(v > 0, by, -by), 0)
        size = np.abs(terms).sum(-1) + np.abs(self.o)
        return np.asarray(terms.sum(-1) + self.o + gamma(self.a.shape[-1]) * size)

    def ball(self, radius: Array) -> tuple[Array, Array]:
        """Between what (..., m) each t lies wherever |z| <= radius (...), rounded outwards."""
        swing = radius[..., None] * self.reach
        room = gamma(0) * (np.abs(self.a) + swing)
        return self.a - swing - room, self.a + swing + room

    def cap(self, radius: Array, by: Relaxation) -> tuple[Array, Array]:
        """Between what (..., m) each t lies where f <= 0 too, f(z) >= <omega, t> + constant: in a cap of the ball.

        With g = sum_i omega_i w_i and <g, z> <= -D there, <w, z> <= R |w - s g| - s D for every s >= 0; the best s is
        taken.
        """
        (m, n), omega = self.rows.shape, by.omega
        depth = self._height(by) - self.shift - self.drift * radius
        size = (np.abs(omega) * self.reach).sum(-1, keepdims=True)
        along = one_by_one(omega, self.gram)
        square = (omega * along).sum(-1, keepdims=True)
        radius, depth, spread = radius[..., None], np.maximum(depth, 0)[..., None], gamma(m + n) * size
        known = (depth > 0) & (square > 0)
        length = np.sqrt(np.where(known, square, 1.0))
        known &= radius > 0
        cosine = np.minimum(np.where(known, depth / length, 0.0) / np.where(known, radius, 1.0), 1 - EPS)
        tilt = cosine / np.sqrt(1 - cosine**2)
        ends = []
        for way in (-1.0, 1.0):
            on = way * along / length
            rest = np.sqrt(np.maximum(self.reach**2 - on**2, 0))
            s = np.where(known, np.maximum(on + rest * tilt, 0) / length, 0.0)
            left = self.reach**2 - 2 * s * way * along + s**2 * square
            left = np.maximum(left, 0) + 2 * s * spread * self.reach + s**2 * spread * size
            left += gamma(0) * (self.reach**2 + 2 * s * np.abs(along) + s**2 * square)
            most = radius * np.sqrt(left) * (1 + gamma(0)) - s * depth * (1 - gamma(0))
            ends.append(self.a + way * most + way * gamma(0) * (np.abs(self.a) + radius * self.reach))
        return ends[0], ends[1]

    def at_least(self, by: Relaxation, scale: Array | float = 1.0) -> Array:
        """A length (...) within which f > 0, where scale f(z) >= <omega, t> + constant."""
        (m, n), omega = self.rows.shape, by.omega
        height = self._height(by) - scale * self.shift
        spread = gamma(m + n) * (np.abs(omega) * self.reach).sum(-1) + scale * self.drift
        slope = np.linalg.norm(one_by_one(omega, self.rows), axis=-1) * (1 + gamma(n)) + spread
        with np.errstate(over="ignore"):
            return np.where(height > 0, height / slope * (1 - gamma(0)), 0.0)

    def _height(self, by: Relaxation) -> Array:
        """<omega, a> + constant (...), rounded down."""
        size = (np.abs(by.omega) * np.abs(self.a)).sum(-1) + np.abs(by.constant)
        return np.asarray((by.omega * self.a).sum(-1) + by.constant - gamma(self.a.shape[-1]) * size)

    def relaxed(self, omega: Array, low: Array, high: Array) -> Relaxation:
        """What is known where low <= t <= high, with multipliers as near to `omega` (..., m) as they may be.

        A supporting neuron may have any in [0, v], an opposing one that of its chord; where it is active all of it any
        up to v, and where it is inactive any from 0 on.
        """
        opposes, active, inactive = self.v < 0, low >= 0, high <= 0
        both = opposes & ~active & ~inactive
        bottom, top = np.where(both, low, -1.0), np.where(both, high, 1.0)
        slope = np.where(both, top / (top - bottom), active)
        offset = np.where(both, np.maximum(-bottom * slope, top * (1 - slope)) * (1 + gamma(0)), 0.0)
        least = np.where(opposes, np.where(both, self.v * slope, np.where(active, -np.inf, 0.0)), 0.0)
        most = np.where(opposes, np.where(both | active, self.v * slope, np.inf), self.v)
        given = np.where(both, self.v * offset, 0.0).sum(-1)
        constant = self.o + given - gamma(self.a.shape[-1]) * (np.abs(given) + np.abs(self.o))
        return Relaxation(np.clip(omega, least, most), constant, least, most)

    def outer(self, length: Array) -> Array:
        """Lengths (...) as they are."""
        return times(length, self.unit)


def favours(network: Network, at: Array) -> Iterator[tuple[int | None, Output, NDArray[np.bool_]]]:
    """What can take the label at points (..., q), one rival class after the other; None is that of one output.

    A rival, by how much the label is ahead of it, and at which points it is another class than the label.
    """
    labels = np.asarray(network.labels(at))
    a, inputs = near_one(network.inputs(at))
    rows, weights = network.near_off
    a_by, rows_by = times(inputs_by(network, at), -inputs), times(network.layer.off_by, -weights)
    above = np.broadcast_to(np.asarray(network.output_bias, dtype=float), network.u.shape[:-1])
    for rival in range(network.classes) if network.classes else (None,):
        if rival is None:
            v, o, other = labels[..., None] * network.u, labels * above, labels != 0
        else:
            v, o, other = network.u[labels] - network.u[rival], above[labels] - above[rival], labels != rival
        v, outer = near_one(v)
        o = times(o, -(inputs + outer)[..., 0])
        yield rival, Output(a, v, rows.vectors, o, a_by, rows_by, inputs[..., 0] - weights, rows.factors), other


def inputs_by(network: Network, at: Array) -> Array:
    """By how much the pre-activations (..., m) at points (..., q) may be off."""
    q, d = at.shape[-1], network.subspace.d
    biases = 0.0 if network.biases is None else np.abs(network.biases)
    if q == d:
        lengths, terms = norms(network.weights), d
    elif network.full:  # the columns were rounded too, each along one of q vectors
        lengths, terms = np.sqrt(q) * norms(network.weights), d + q
    else:
        lengths, terms = norms(network.on_columns[:, :q]), q
    return np.asarray(gamma(terms) * (lengths * norms(at)[..., None] + biases))
