"""Labelled points on a subspace P of R^d, stored by their coordinates, so that d and ell cost nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import choice, count, real, size
from boundkit.simulate.frame import Frame
from boundkit.simulate.rng import Array, gaussian_factor, haar, stream
from boundkit.simulate.subspace import Subspace, within_floats
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.tolerances import ON_P, rank_tolerance

LARGEST_D = 2**53  # floats hold integers exactly up to here


@dataclass(frozen=True, eq=False)
class Problem(Subspace):
    """Points on P, a subspace of dimension d - ell, and their labels.

    Everything is written in an orthonormal frame of R^d: its first `rank` vectors span the data, the first
    d - ell span P, the last ell are orthogonal to P. A point can be given in three ways: the number of a data
    point, a vector of R^d, or its leading coordinates in the frame (at most `width` of them, the rest being
    0).

    Attributes
    ----------
    d, ell : int
        The input dimension and the dimension orthogonal to P.
    coordinates : array (points, rank)
        The points in the frame.
    labels : array (points,)
        +1 or -1; of K classes 0 to K - 1.
    spare : int
        How many directions of P beyond the data's span have coordinates of their own.
    norm : float
        The length that `draw` gives to fresh points.
    spread : int
        The dimension of the subspace of P that points are drawn from.
    tol : float, optional
        With points given: singular values up to this times the largest counted as 0 when their rank was found.
    classes : int, optional
        K, where there are several classes.
    off_by : float
        With points given: how far from P the farthest of them was, over the largest singular value. What is stored, and
        what the network sees, is the projection.
    """

    coordinates: Array
    labels: Array
    spare: int
    norm: float
    spread: int
    seed: int
    aligned: bool = False
    given: Array | None = None  # the first vectors of the frame, where they come from the user's data
    tol: float | None = None
    off_by: float = 0.0
    classes: int | None = None

    def __repr__(self) -> str:
        kinds = f" in {self.classes} classes" if self.classes else ""
        near = "" if self.tol is None else f" at tolerance {self.tol:.2g}, within {self.off_by:.2g} of P"
        return f"<problem: {self.points} points{kinds} of rank {self.rank}{near}, d = {self.d}, ell = {self.ell}>"

    @cached_property
    def size(self) -> float:
        """The largest singular value of the points."""
        return float(np.linalg.norm(self.coordinates, 2))

    @property
    def points(self) -> int:
        """The number of data points."""
        return int(self.coordinates.shape[0])

    @property
    def rank(self) -> int:
        """The dimension of the data's span."""
        return int(self.coordinates.shape[1])

    @property
    def width(self) -> int:
        """How many coordinates a point may have: the data's span and the spare directions."""
        return min(self.d - self.ell, self.rank + self.spare)

    @cached_property
    def frame(self) -> Frame:
        """The frame itself, O(d (d - ell)) numbers; only vectors of R^d need it."""
        if self.given is not None:
            return Frame(self.given)
        self.require_memory(0)
        if self.aligned:
            return Frame(np.eye(self.d, self.d - self.ell))
        return Frame(haar(stream(self.seed, "subspace"), self.d, self.d - self.ell))

    @cached_property
    def basis(self) -> Array:
        """An orthonormal basis of P as columns (d, d - ell)."""
        return self.frame.vectors(np.eye(self.d - self.ell)).T

    @cached_property
    def X(self) -> Array:
        """The points as vectors of R^d (points, d)."""
        self.require_memory(0)
        return self.frame.vectors(self.coordinates)

    @property
    def held(self) -> int:
        """How many vectors of R^d are held beside the weights where any are."""
        return 3 * (self.d - self.ell if self.given is None else self.given.shape[1]) + self.points

    @property
    def slack(self) -> float:
        """How far off P a point may lie and count as one on it: as far as the user's own data do."""
        return 0.0 if self.given is None or self.tol is None else self.tol * self.size

    def point(self, x: Any) -> Array:
        """A data point's number, coordinates or vectors of R^d, as coordinates or vectors, anywhere.

        Raises
        ------
        ParameterError
            No such point, too many coordinates, or numbers that are not finite, too large or too small.
        """
        if not isinstance(x, list | tuple) and np.ndim(x) == 0:
            row = count("x0", x, "the number of a data point", 0, self.points - 1)
            return np.asarray(self.coordinates[row])
        return super().point(x)

    def draw(self, number: int, seed: int) -> Array:
        """Fresh points, uniform on the sphere of the data's subspace of P, as coordinates (number, at most `width`).

        Points beyond the data's span use up the spare directions, one each, so two draws share theirs.

        Raises
        ------
        ParameterError
            Where the points would need more spare directions than there are.
        """
        number = count("number", number, "the number of points")
        extra = min(number, self.spread - self.rank)
        if extra > self.width - self.rank:
            raise ParameterError(
                f"{number} fresh points need {extra} directions beyond the data's span and {self.width - self.rank} "
                f"are there: make the problem with spare={extra}"
            )
        rng = stream(seed, "fresh points")
        inside = rng.standard_normal((number, self.rank))
        outside = gaussian_factor(rng, number, self.spread - self.rank) if extra else np.empty((number, 0))
        return scaled(np.hstack([inside, outside]), self.norm)


def scaled(x: Array, norm: float) -> Array:
    """The rows of x, stretched to this length."""
    return np.asarray(x * (norm / np.linalg.norm(x, axis=1, keepdims=True)))


@single_threaded
def problem(
    d: Any = None,
    ell: Any = None,
    points: Any = 20,
    seed: int = 0,
    *,
    rank: Any = None,
    labels: str = "random",
    classes: Any = None,
    norm: float | None = None,
    aligned: bool = False,
    spare: int = 32,
    X: Any = None,
    y: Any = None,
    tol: float | None = None,
) -> Problem:
    """Labelled points on a random (d - ell)-dimensional subspace P, or the user's own.

    Parameters
    ----------
    d, ell : int
        The input dimension, at least 2, and the dimension orthogonal to P, 1 <= ell <= d - 1. With X given,
        d is its width, and ell defaults to d minus the rank of X.
    points : int
        How many points, drawn uniformly from the sphere of P.
    seed : int
        Fixes points, labels and P.
    rank : int, optional
        Draw the points from a subspace of P of this dimension instead of from all of P.
    labels : {"random", "linear", "clusters"}
        Fair coins; the sign of a random linear function; or two clusters, each with its label. Of K classes: fair
        dice, the greatest of K random linear functions, or K clusters.
    classes : int, optional
        K >= 2 classes, with labels 0 to K - 1, instead of the labels +1 and -1.
    norm : float, optional
        The length of every point, sqrt(d) by default.
    aligned : bool
        P = span(e_1, ..., e_{d-ell}) instead of a random subspace.
    spare : int
        How many directions of P beyond the data's span test points may use; they cost memory only when used.
    X, y : arrays (points, d) and (points,), optional
        The user's own points and labels; nothing is drawn or scaled then. P is the points' span, as far as their
        numbers tell it.
    tol : float, optional
        With X: singular values up to `tol` times the largest count as 0. By default the numbers are assumed to be as
        right as their dtype can hold them, each within half a unit in its last place (float64 for integers): eps/2 of
        its size, or half the smallest subnormal number where it is below the smallest normal one or 0. This moves no
        singular value by more than the Frobenius norm of all those halves, and the tolerance is eightfold. Data
        that were rounded more than their dtype says need a larger one, and where so much lies below the smallest
        normal number that hardly a digit is left X is refused; the rank that was found and how far the points are off
        P stand in the result.

    Returns
    -------
    Problem

    Raises
    ------
    ParameterError
        A size out of range, a wrong shape, labels not +-1, numbers not finite, or points that do not fit into
        d - ell dimensions (and how far off the best subspace they lie).

    Examples
    --------
    >>> p = problem(d=10**12, ell=6 * 10**11, points=20, rank=10, seed=1)
    >>> p.coordinates.shape, bool(abs(p.coordinates[0] @ p.coordinates[0] / 10**12 - 1) < 1e-12)
    ((20, 10), True)
    """
    spare = count("spare", spare, "the number of spare directions", 0)
    classes = None if classes is None else count("classes", classes, "the number of classes", 2)
    if X is not None or y is not None:
        return _given(X, y, d, ell, spare, seed, tol, classes)
    if tol is not None:
        raise ParameterError(f"tol = {tol!r}: points that are drawn lie on P exactly; give it together with X")
    if d is None or ell is None:
        raise ParameterError("a problem needs d and ell, or the data themselves: problem(X=..., y=...)")
    d = count("d", d, "the input dimension", 2, LARGEST_D)
    ell = count("ell", ell, "the dimension orthogonal to the data (ell = d would leave no data)", 1, d - 1)
    points = count("points", points, "the number of points")
    spread = d - ell if rank is None else count("rank", rank, "the dimension of the points' subspace of P", 1, d - ell)
    length = np.sqrt(d) if norm is None else size("norm", norm, "the length of the points")
    within_floats("norm", float(length), "the length of the points")
    rng, coin = stream(seed, "points"), stream(seed, "labels")
    x = gaussian_factor(rng, points, spread)
    kind = choice("labels", labels, ("random", "linear", "clusters"))
    sign, centre = _labelled(kind, x, coin, classes)
    if kind == "clusters":
        x = scaled(x, 1.0) + centre
        opposite = np.linalg.norm(x, axis=1, keepdims=True) < ON_P  # in one dimension
        x = np.where(opposite, centre, x)
    return Problem(d, ell, scaled(x, length), sign, spare, float(length), spread, seed, bool(aligned), classes=classes)


def _labelled(kind: str, x: Array, coin: np.random.Generator, classes: int | None) -> tuple[Array, Array]:
    """Labels of the points x, and the centres (points, n) that clusters with these labels have."""
    along = scaled(coin.standard_normal((classes or 1, x.shape[1])), 1.0)
    if classes:
        drawn = np.argmax(x @ along.T, axis=1) if kind == "linear" else coin.integers(classes, size=len(x))
        return drawn.astype(float), along[drawn]
    sign = np.where(coin.random(len(x)) < 0.5, -1.0, 1.0)
    if kind == "linear":
        sign = np.where(x @ along[0] >= 0, 1.0, -1.0)
    return sign, np.multiply.outer(sign, along[0])


def _given(X: Any, y: Any, d: Any, ell: Any, spare: int, seed: int, tol: float | None, classes: int | None) -> Problem:
    """The user's points; P is their span, completed where ell leaves room for more."""
    if X is None or y is None:
        raise ParameterError("X and y go together: points (points, d) and labels (points,)")
    x, labels = real("X", X), real("y", y)
    if x.ndim != 2 or labels.shape != x.shape[:1] or not x.size:
        raise ParameterError(f"X of shape {x.shape} and y of shape {labels.shape}: X is (points, d), y is (points,)")
    if classes and not np.isin(labels, range(classes)).all():
        raise ParameterError(f"y holds {np.unique(labels)[:4]}: the labels of {classes} classes are 0 to {classes - 1}")
    if not classes and not np.isin(labels, (-1.0, 1.0)).all():
        raise ParameterError(
            f"y holds {np.unique(labels)[:4]}: labels are +1 and -1 (0/1 labels become 2*y - 1); or give classes="
        )
    width = count("d", x.shape[1] if d is None else d, "the input dimension, the width of X", 2)
    if width != x.shape[1]:
        raise ParameterError(f"d = {width} and X has {x.shape[1]} columns: leave d out, or give X with d columns")
    if not x.any():
        raise ParameterError("X is all zeros: the data need at least one point that is not 0")
    within_floats("X", float(np.abs(x).max()), "the largest number in X")
    _, sines, right = np.linalg.svd(x, full_matrices=False)
    if tol is None:
        tol = rank_tolerance(X, float(sines[0]))
    tol = size("tol", tol, "what singular values may have and count as 0", zero=True)
    rank = int(np.sum(sines > tol * sines[0]))
    if rank == 0:
        raise ParameterError(f"tol = {tol:.3g}: then no direction of X counts; take a tolerance below 1")
    ell = width - rank if ell is None else count("ell", ell, "the dimension orthogonal to the data", 1, width - 1)
    keep = min(rank, width - ell)
    if keep == width:
        raise ParameterError(
            f"the points span all of R^{width}, so ell = 0: project them onto fewer dimensions first, or give a larger "
            f"tol than {tol:.2g}"
        )
    off = np.linalg.norm(x - (x @ right[:keep].T) @ right[:keep], axis=1)
    if np.max(off) > max(ON_P, tol) * sines[0]:
        raise ParameterError(
            f"the points span {rank} dimensions at tolerance {tol:.2g}, more than d - ell = {width - ell}: the "
            f"farthest, point {np.argmax(off)}, lies {np.max(off):.3g} off the best subspace of that size; take "
            "a smaller ell, project the points, or give a larger tol"
        )
    basis = np.ascontiguousarray(right[:keep].T)
    norm = float(np.sqrt(np.mean(np.sum(x * x, axis=1))))
    off_by = float(np.max(off) / sines[0])
    return Problem(
        width, ell, x @ basis, labels, spare, norm, width - ell, seed, given=basis, tol=float(tol), off_by=off_by,
        classes=classes,
    )  # fmt: skip
