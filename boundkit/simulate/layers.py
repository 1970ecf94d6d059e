"""First layers, on P and off it: written out in R^d, or drawn in the frame as far as they are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.data import Problem
from boundkit.simulate.rng import Array, gaussian_factor, haar, stream
from boundkit.simulate.scales import norms
from boundkit.simulate.subspace import Subspace
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.tolerances import gamma

FINE = 2.0**-36  # of a weight's part off P: what rounding may be before it is looked at more closely
SHARPEST = 2.0**-63  # what is believed of long doubles, whatever they say of themselves


@dataclass(frozen=True, eq=False)
class Initialisation:
    """Weights w_i ~ N(0, beta^2 I_d) and signs u_i = +-1/sqrt(m) from a seed, drawn as far as they are read.

    Of K classes the output weights are N(0, 1/m). Biases c_i ~ N(0, bias^2) where a deviation is given.

    In the problem's frame the weights are [columns, rest Q', off R']: the first `width` columns entry by
    entry, so that more of them never change those before; the rest of P and the part orthogonal to P as a
    triangular factor times a uniform frame, in law the same Gaussian matrix. The frames Q and R matter only
    to vectors of R^d. The part orthogonal to P has a seed of its own where it is drawn anew.
    """

    problem: Problem
    m: int
    beta: float
    seed: int
    off_seed: int | None = None
    bias: float | None = None

    @cached_property
    def u(self) -> Array:
        """The output weights (m,) or (K, m)."""
        if classes := self.problem.classes:
            drawn = stream(self.seed, "output weights").standard_normal((classes, self.m))
            return np.asarray(drawn / np.sqrt(self.m))
        coin: Array = stream(self.seed, "signs").random(self.m)
        return np.asarray(np.where(coin < 0.5, -1.0, 1.0) / np.sqrt(self.m))

    @cached_property
    def biases(self) -> Array:
        """The first layer's biases (m,), zeros where none are drawn."""
        return (self.bias or 0.0) * stream(self.seed, "biases").standard_normal(self.m)

    @cached_property
    def columns(self) -> Array:
        """The weights along the data's span and the spare directions (m, width)."""
        drawn = stream(self.seed, "columns").standard_normal((self.problem.width, self.m))
        return np.ascontiguousarray(self.beta * drawn.T)

    @cached_property
    def rest(self) -> Array:
        """The weights along what is left of P, in coordinates where they are triangular (m, at most m)."""
        p = self.problem
        return self.beta * gaussian_factor(stream(self.seed, "rest"), self.m, p.d - p.ell - p.width)

    @cached_property
    def off(self) -> Array:
        """The weights orthogonal to P, in coordinates where they are triangular (m, min(m, ell))."""
        return self.beta * gaussian_factor(self._off_stream("off"), self.m, self.problem.ell)

    @cached_property
    def off_frame(self) -> Array:
        """The vectors of P-perp, in the frame, that the columns of `off` belong to (ell, min(m, ell))."""
        return haar(self._off_stream("off frame"), self.problem.ell, self.off.shape[1])

    def _off_stream(self, purpose: str) -> np.random.Generator:
        return stream(self.seed if self.off_seed is None else self.off_seed, purpose)

    @single_threaded
    def assembled(self, columns: Array, decay: float = 1.0) -> Array:
        """All weights as vectors of R^d (m, d): these columns, and the untrained part shrunk by `decay`."""
        p = self.problem
        p.require_memory(self.m)
        width = p.d - p.ell - p.width
        turn = haar(stream(self.seed, "rest frame"), width, self.rest.shape[1])
        untrained = [decay * (self.rest @ turn.T), decay * (self.off @ self.off_frame.T)]
        return p.frame.vectors(np.hstack([columns, *untrained]))

    @cached_property
    def full(self) -> Array:
        """The initial weights as vectors of R^d (m, d)."""
        return self.assembled(self.columns)


class FirstLayer(Protocol):
    """The weights of a first layer: what a network asks of them."""

    @property
    def subspace(self) -> Subspace:
        """P, which says how points are written."""

    @property
    def m(self) -> int:
        """The number of neurons."""

    @property
    def full(self) -> bool:
        """Whether vectors orthogonal to P are vectors of R^d here; else they are coordinates."""

    @property
    def vectors(self) -> Array:
        """The weights as vectors of R^d (m, d)."""

    @property
    def columns(self) -> Array:
        """The weights along the frame's first `width` vectors (m, width)."""

    @property
    def on(self) -> Array:
        """The weights' parts on P (m, n)."""

    @property
    def off(self) -> Array:
        """The weights' parts orthogonal to P (m, n)."""

    @property
    def off_by(self) -> Array:
        """By how much rounding may have moved each of `off` (m,)."""

    @property
    def free(self) -> Array:
        """The weights as a step in any direction sees them (m, n)."""

    def lift(self, z: Array) -> Array:
        """A vector orthogonal to P, as it is written here, as a vector of R^d."""


@dataclass(frozen=True, eq=False)
class FullLayer:
    """All weights as vectors of R^d."""

    subspace: Subspace
    vectors: Array

    full = True

    def __post_init__(self) -> None:
        given = np.asarray(self.vectors, dtype=float)
        if given.ndim != 2 or given.shape[1] != self.subspace.d or not len(given):
            raise ParameterError(f"weights of shape {given.shape}: give (m, {self.subspace.d}), a neuron a row")
        object.__setattr__(self, "vectors", given)

    @property
    def m(self) -> int:
        """The number of neurons."""
        return int(self.vectors.shape[0])

    @cached_property
    def columns(self) -> Array:
        """The weights along the frame's first `width` vectors (m, width)."""
        return self.vectors @ self.subspace.frame.vectors(np.eye(self.subspace.width)).T

    @cached_property
    def off(self) -> Array:
        """The weights' parts orthogonal to P (m, d)."""
        return self.subspace.off(self.vectors)

    @cached_property
    def off_by(self) -> Array:
        """By how much these parts may be off those of the vectors as they are: what is left on P, and what was lost."""
        n = self.subspace.d - self.subspace.ell
        basis = self.subspace.frame.vectors(np.eye(n)).T
        skew = float(np.linalg.norm(basis.T @ basis - np.eye(n))) + gamma(self.subspace.d) * n
        known, plain = norms(self.off), self._lost(basis, slice(None), np.dtype(float))
        left = norms(self.off @ basis) + gamma(self.subspace.d) * np.sqrt(n) * known
        near = plain > FINE * known  # there doubles cannot tell: what is left off P is about what they round
        plain[near] = self._lost(basis, near, np.dtype(np.longdouble))
        return np.asarray((left + plain) / (1 - min(skew, 0.5)))

    def _lost(self, basis: Array, some: Any, kind: np.dtype[Any]) -> Array:
        """How much of these weights is orthogonal to P and was not kept, at most, computed in numbers of this kind.

        What was not kept is no farther from P than from any vector of P: here from that of its inner products.
        """
        eps = max(float(np.finfo(kind).eps), SHARPEST)
        frame = basis.astype(kind)
        on = self.vectors[some].astype(kind) - self.off[some]
        sizes = norms(self.vectors[some]) + norms(self.off[some])
        lost = np.asarray(on - (on @ frame) @ frame.T, dtype=float)
        spread = 4 * gamma(basis.shape[1], eps) * np.sqrt(basis.shape[1]) * sizes
        return np.asarray(norms(lost) * (1 + gamma(basis.shape[0])) + spread)

    @cached_property
    def on(self) -> Array:
        """The weights' parts on P (m, d)."""
        return self.vectors - self.off

    @cached_property
    def free(self) -> Array:
        """The weights themselves."""
        return self.vectors

    def lift(self, z: Array) -> Array:
        """The vector itself."""
        return z


@dataclass(frozen=True, eq=False)
class SubspaceLayer:
    """The trained coordinates (m, rank), and what was never trained: the start, times `decay`."""

    start: Initialisation
    trained: Array
    decay: float

    full = False

    @property
    def m(self) -> int:
        """The number of neurons."""
        return self.start.m

    @cached_property
    def subspace(self) -> Problem:
        """The data's."""
        return self.start.problem

    @cached_property
    def vectors(self) -> Array:
        """The weights as vectors of R^d (m, d)."""
        return self.start.assembled(self.columns, self.decay)

    @cached_property
    def columns(self) -> Array:
        """The weights along the frame's first `width` vectors (m, width)."""
        return np.hstack([self.trained, self.decay * self.start.columns[:, self.subspace.rank :]])

    @cached_property
    def off(self) -> Array:
        """The weights' parts orthogonal to P, in coordinates of their span (m, min(m, ell))."""
        return self.decay * self.start.off

    @cached_property
    def off_by(self) -> Array:
        """By how much rounding may have moved them (m,): the coordinates are the weights, times `decay`."""
        return gamma(0) * norms(self.off)

    @cached_property
    def on(self) -> Array:
        """The weights' parts on P, in coordinates (m, n)."""
        return np.hstack([self.columns, self.decay * self.start.rest])

    @cached_property
    def free(self) -> Array:
        """The two side by side."""
        return np.hstack([self.on, self.off])

    def lift(self, z: Array) -> Array:
        """A vector orthogonal to P, in these coordinates, as a vector of R^d."""
        p = self.subspace
        p.require_memory(self.start.m)
        tail = z @ self.start.off_frame.T
        return p.frame.vectors(np.concatenate([np.zeros((*tail.shape[:-1], p.d - p.ell)), tail], axis=-1))


def redrawn(layer: FirstLayer, start: Initialisation, decay: float, off_seed: int) -> tuple[FirstLayer, Initialisation]:
    """The same trained part with the weights orthogonal to P drawn anew, and the start that they belong to."""
    start = replace(start, off_seed=off_seed)
    if isinstance(layer, SubspaceLayer):
        return replace(layer, start=start), start
    return FullLayer(layer.subspace, start.assembled(layer.columns, decay)), start
