"""A network of one's own and its data, looked at: what the assumptions of statements are measured on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import HypothesisError, ParameterError
from boundkit.simulate.arguments import real
from boundkit.simulate.networks import Network
from boundkit.simulate.normality import Normality, deviation_within, normality
from boundkit.simulate.pixels import free_pixels
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import deviation, norms
from boundkit.simulate.steps import Swap
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.tolerances import ON_P, gamma, relative
from boundkit.simulate.trained import TrainedNetwork

PAST = 1.01  # how far past the boundary steps go


class Standing(Enum):
    """How an assumption stands on a network: only HOLDS says that it is met."""

    HOLDS = "holds"
    NOT_REFUTED = "not refuted"
    OPEN = "not told by weights and data"
    REFUTED = "refuted"
    FAILS = "fails"

    @property
    def denied(self) -> bool:
        """Whether the statements that assume it say nothing of the network."""
        return self in (Standing.REFUTED, Standing.FAILS)


@dataclass(frozen=True)
class Measured:
    """How an assumption stands, the numbers that say so, and a p-value where it was tested."""

    standing: Standing
    says: str = ""
    p: float | None = None


@dataclass(frozen=True, eq=False)
class Inspection:
    """A network and points (N, d), with what is asked of both, each worked out once.

    Of several classes N stands for N_y - N_c at each point: y is its class and c the runner-up there.

    Attributes
    ----------
    network : Network
        With its subspace P.
    X : array (N, d)
        The points, in their own dtype.
    start : array (m, d), optional
        The first layer before training.
    attacked : int
        At how many points, evenly spread, the dear steps are looked for.
    """

    network: Network
    X: NDArray[Any]
    start: Array | None = None
    attacked: int = 50

    def __post_init__(self) -> None:
        d = self.network.subspace.d
        X = np.asarray(self.X)
        if real("X", X).ndim != 2 or X.shape[1] != d or not len(X):
            raise ParameterError(f"X of shape {X.shape}: give points (N, {d}), one a row, N >= 1")
        object.__setattr__(self, "X", X)
        if self.start is not None and (start := real("start", self.start)).shape != (self.network.m, d):
            raise ParameterError(
                f"start of shape {start.shape}: give the first layer's weights before training, ({self.network.m}, {d})"
            )

    @cached_property
    def points(self) -> Array:
        """The points in doubles (N, d), those within rounding of P put on it."""
        return self.network.subspace.settled(self.X)

    @cached_property
    def off_p(self) -> Array:
        """How far off P each point is, over its length (N,)."""
        at, P = real("X", self.X), self.network.subspace
        lengths = norms(at)
        off = norms(P.off(at if P.origin is None else at - P.origin))
        return np.where(lengths > 0, off / np.where(lengths > 0, lengths, 1.0), off)

    @property
    def rounding(self) -> float:
        """How far off P a point may be, over its length, and count as on it."""
        return relative(self.X)

    @cached_property
    @single_threaded
    def spectrum(self) -> Array:
        """The singular values of the points, about the point that P passes through."""
        at, P = real("X", self.X), self.network.subspace
        return np.asarray(np.linalg.svd(at if P.origin is None else at - P.origin, compute_uv=False))

    @cached_property
    def kept(self) -> float:
        """The share of the points' squares, about that point, that lies in P."""
        at, P = real("X", self.X), self.network.subspace
        centred = at if P.origin is None else at - P.origin
        total = float(np.square(norms(centred)).sum())
        return 1 - float(np.square(norms(P.off(centred))).sum()) / total if total else 1.0

    @cached_property
    def points_in_space(self) -> Array:
        """The points as vectors of R^d (N, d)."""
        P, at = self.network.subspace, self.points
        return at if at.shape[-1] == P.d else P.frame.vectors(at)

    @cached_property
    def reaches(self) -> Array:
        """How long each pixel's part orthogonal to P is (d,), 0 where that may be rounding, below 3e-5."""
        P = self.network.subspace
        square = 1 - np.square(P.frame.vectors(np.eye(P.d - P.ell))).sum(axis=0)
        return np.sqrt(np.where(square > ON_P, square, 0.0))

    @cached_property
    def free_pixels(self) -> NDArray[np.intp]:
        """The pixels that are 0 on P and at all points."""
        free = free_pixels(self.network.subspace)
        return free[~self.X[:, free].any(axis=0)]

    def coordinates_off(self, W: Array) -> Array:
        """Weights (m, d) in an orthonormal basis of what is orthogonal to P (m, ell): normals stay normals."""
        P = self.network.subspace
        return P.frame.coordinates(W)[:, P.d - P.ell :]

    @cached_property
    def off(self) -> Array:
        """The network's weights there (m, ell)."""
        return self.coordinates_off(self.network.weights)

    @cached_property
    def leaves_p(self) -> bool:
        """Whether some weight has a part there that is more than rounding of the rest of it, or of its numbers."""
        rounding = self.network.layer.off_by + gamma(self.network.subspace.d) * norms(self.network.weights)
        return bool((norms(self.off) > rounding).any())

    @cached_property
    def b(self) -> float:
        """Their standard deviation about 0: known of a network that was trained here, else estimated."""
        known = isinstance(self.network, TrainedNetwork)
        return self.network.b if known else deviation(self.off)  # type: ignore[attr-defined]  # as `known` says

    @cached_property
    def b_within(self) -> tuple[float, float]:
        """An interval that holds it, if these weights are independent normals."""
        return deviation_within(self.off)

    @cached_property
    def normality(self) -> Normality:
        """How well these weights fit independent normals of one standard deviation."""
        return normality(self.off)

    @cached_property
    def start_normality(self) -> Normality:
        """How well the start does; without one, a ParameterError."""
        if self.start is None:
            raise ParameterError("no start was given: give start=, the first layer's weights before training")
        return normality(self.start)

    @cached_property
    def moved_off(self) -> float | None:
        """The longest move of a weight orthogonally to P since the start, over the start's longest part there."""
        if self.start is None:
            return None
        before = self.coordinates_off(self.start)
        longest = float(norms(before).max())
        return float(norms(self.off - before).max()) / longest if longest else np.inf

    @cached_property
    def output(self) -> Array:
        """N at each point (N,)."""
        return self.grouped(lambda net, x: np.asarray(net.output(x)))

    @cached_property
    def _pairs(self) -> list[tuple[Network, NDArray[np.intp]]]:
        """Each network of one output that is asked, and the points at which it is."""
        net = self.network
        if not net.classes:
            return [(net, np.arange(len(self.points)))]
        own, rival = net.labels(self.points), np.argmin(net.margins(self.points), axis=-1)
        found, index = np.unique(np.stack([own, rival], axis=-1), axis=0, return_inverse=True)
        return [(net.pair(y, c), np.flatnonzero(index.ravel() == i)) for i, (y, c) in enumerate(found)]

    def grouped(self, ask: Callable[[Network, Array], Array], among: NDArray[np.intp] | None = None) -> Array:
        """What is asked of many points at once (N, ...); of the points `among` only, nan at all others."""
        out: Array | None = None
        for net, index in self._pairs:
            some = index if among is None else np.intersect1d(index, among)
            if len(some):
                found = ask(net, self.points[some])
                out = np.full((len(self.points), *found.shape[1:]), np.nan) if out is None else out
                out[some] = found
        return np.full(len(self.points), np.nan) if out is None else out

    def each(self, ask: Callable[[Network, Array], float]) -> Array:
        """What is asked of one point after the other (N,)."""
        return self.grouped(lambda net, at: np.array([ask(net, x) for x in at], dtype=float))

    @cached_property
    def _held(self) -> dict[tuple[Any, ...], Any]:
        return {}

    def steps(self, method: str, c: float = PAST, *, few: bool = False) -> tuple[Array, Array]:
        """The lengths of a method's steps (N,), inf where there is none, and y0 N after them; nan where not looked."""
        key = method, float(c), few
        if key not in self._held:
            among = self.chosen if few else None
            found = self.grouped(lambda net, x: _stepped(net, x, method, c), among)
            self._held[key] = found[:, 0], found[:, 1]
        norm, after = self._held[key]
        return norm, after

    @cached_property
    def radius(self) -> Array:
        """Within which no step orthogonal to P takes the label, to any class (N,): proved of these weights."""
        return self.network.certified_radius(self.points)

    @cached_property
    def shortest(self) -> Array:
        """The shortest step orthogonal to P that was found to take the label (N,)."""
        found = [self.steps("universal_flip")[0], self.steps("shortest_flip", few=True)[0], self.attack("off")]
        return np.asarray(np.fmin.reduce(found))

    def attack(self, within: str) -> Array:
        """The lengths of an attack's steps at the chosen points, nan elsewhere (N,)."""
        key = "attack", within
        if key not in self._held:
            self._held[key] = self.grouped(lambda net, x: net.attack(x, within).norm, self.chosen)
        found: Array = self._held[key]
        return found

    @cached_property
    def swaps(self) -> Swap | None:
        """The steps after which the first layer takes each point for the next one; none where there are none."""
        if len(self.points) < 2:
            return None
        try:
            return self.network.swap(self.points, np.roll(self.points, -1, axis=0))
        except HypothesisError:
            return None

    @cached_property
    def gradients(self) -> tuple[Array, Array]:
        """The lengths of N's gradient orthogonal to P and in it (N,)."""
        off = self.grouped(lambda net, x: norms(net.off_subspace_gradient(x)))
        return off, self.grouped(lambda net, x: norms(net.on_subspace_gradient(x)))

    @cached_property
    def chosen(self) -> NDArray[np.intp]:
        """The points of the dear steps."""
        N = len(self.points)
        return np.unique(np.linspace(0, N - 1, min(N, self.attacked)).round().astype(np.intp))


def _stepped(net: Network, x: Array, method: str, c: float) -> Array:
    """The length of each step and y0 N after it (n, 2)."""
    found = net.flips(x, method, c).steps
    return np.array([(np.inf, np.nan) if z is None else (z.norm, np.sign(z.before) * z.after) for z in found])


Look = Callable[[Inspection, Mapping[str, Any]], Any]  # what is seen of the points, given the parameters
