"""A subspace P of R^d, and how points are written with respect to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import count, real, size, values
from boundkit.simulate.frame import Frame
from boundkit.simulate.rng import Array
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.tolerances import ON_P, rank_tolerance, relative

FULL_BYTES = 4 * 2**30  # what the full representation may take
SMALLEST = 1e-140  # sizes between this and its inverse have squares that are floats


@dataclass(frozen=True, eq=False)
class Subspace:
    """P, of dimension d - ell, with an orthonormal frame of R^d whose first d - ell vectors span it.

    A point is a vector of R^d, or its leading coordinates in the frame (at most `width` of them, the rest being 0).
    """

    d: int
    ell: int

    less_memory: ClassVar[str] = (
        "use representation='subspace' and give points by number or by coordinates, where d costs nothing"
    )

    @staticmethod
    def from_data(X: Any, tol: float | None = None, *, affine: bool = False) -> Span:
        """The span of points X (N, d); with `affine` their mean and the span of what is left of them.

        Parameters
        ----------
        X : array (N, d)
            The points.
        tol : float, optional
            Singular values up to `tol` times the largest count as 0. By default what rounding to the dtype of X may
            have made of 0, eightfold.
        affine : bool
            Through the mean instead of through 0.

        Raises
        ------
        ParameterError
            The points span all of R^d, so that no direction is orthogonal to P, or nothing.

        Examples
        --------
        >>> X = np.outer([1.0, 2.0, -1.0], [1.0, 1.0, 0.0])
        >>> Subspace.from_data(X)
        <subspace of 1 dimensions in R^3, ell = 2, all of the data's squares in it>
        """
        x, mean, sines, right = _decomposed(X, affine)
        tol = rank_tolerance(X, float(sines[0])) if tol is None else size("tol", tol, "a tolerance", zero=True)
        rank = int(np.sum(sines > tol * sines[0]))
        if rank == 0:
            raise ParameterError(f"tol = {tol:.3g}: then no direction of X counts; take a tolerance below 1")
        return _cut(x.shape[1], mean, sines, right, rank, f"give a larger tol than {tol:.2g}, or take from_pca")

    @staticmethod
    def from_pca(X: Any, directions: Any = None, *, share: float | None = None, affine: bool = True) -> Span:
        """The mean of points X (N, d) and their first principal directions: so many, or as many as hold a share.

        Parameters
        ----------
        X : array (N, d)
            The points.
        directions : int, optional
            How many directions P has.
        share : float, optional
            The least number of directions that hold this share of the variance, 0 < share <= 1.
        affine : bool
            Through the mean; else through 0, with the singular directions of X as it is.

        Examples
        --------
        >>> X = np.random.default_rng(0).standard_normal((100, 5)) * [9, 5, 1, 0.1, 0.1]
        >>> Subspace.from_pca(X, 2).ell, Subspace.from_pca(X, share=0.999).ell
        (3, 2)
        """
        if (directions is None) == (share is None):
            raise ParameterError("a cut needs one of two: directions=, how many, or share=, of the variance")
        x, mean, sines, right = _decomposed(X, affine)
        squares = np.cumsum(np.square(sines / sines[0]))
        if share is not None:
            if size("share", share, "the share of the variance that P holds") > 1:
                raise ParameterError(f"share = {share}: at most 1, all of the variance")
            directions = 1 + int(np.sum(squares < share * squares[-1]))
        rank = int(np.sum(sines > rank_tolerance(X, float(sines[0])) * sines[0]))
        number = count("directions", directions, "the number of directions that the points have", 1, rank)
        return _cut(x.shape[1], mean, sines, right, number, "take fewer directions, or a smaller share")

    @property
    def frame(self) -> Frame:
        """The frame itself."""
        raise NotImplementedError

    @property
    def width(self) -> int:
        """How many coordinates a point may have."""
        return self.d - self.ell

    @property
    def held(self) -> int:
        """How many vectors of R^d are held beside the weights where any are."""
        return 3 * (self.d - self.ell)

    @property
    def slack(self) -> float:
        """How far off P a point may lie and count as one on it, whatever its length."""
        return 0.0

    @property
    def origin(self) -> Array | None:
        """Where P passes, if not through 0: then P is the affine subspace of this point plus the frame's vectors."""
        return None

    def off(self, x: Array) -> Array:
        """The part of the vectors x (..., d) orthogonal to P."""
        return np.reshape([self._off(row) for row in np.reshape(x, (-1, self.d))], np.shape(x))

    def _off(self, x: Array) -> Array:
        """Of one vector: a product of matrices would round by how many there are."""
        c = self.frame.coordinates(x)
        c[: self.d - self.ell] = 0
        return self.frame.vectors(c)

    def require_memory(self, m: int) -> None:
        """Refuse to write out m weights of R^d where that would take more than FULL_BYTES.

        Raises
        ------
        ParameterError
            Saying how much the full representation would need.
        """
        need = 8 * self.d * (self.held + 2 * m)
        if need > FULL_BYTES:
            raise ParameterError(
                f"vectors of R^{self.d} would need {need / 2**30:.3g} GiB here, more than {FULL_BYTES / 2**30:g} GiB; "
                f"{self.less_memory}"
            )

    def point(self, x: Any) -> Array:
        """Coordinates or vectors of R^d as they are, anywhere.

        Raises
        ------
        ParameterError
            Too many coordinates, or numbers that are not finite, too large or too small.
        """
        x = values("a point", x)
        at = np.asarray(real("a point", x), order="C")  # sums along it go by its layout in memory
        if at.ndim == 0 or (at.shape[-1] != self.d and not 1 <= at.shape[-1] <= self.width):
            more = "; problem(..., spare=) allows more" if self.width < self.d - self.ell else ""
            raise ParameterError(
                f"a point of {at.shape[-1] if at.ndim else 'no'} numbers: give {self.d} (a vector of R^d) or up to "
                f"{self.width} (coordinates{more})"
            )
        if at.any():
            within_floats("x0", float(np.abs(at).max()), "the largest coordinate")
        if at.shape[-1] != self.d and np.asarray(x).dtype.kind in "biu":
            raise ParameterError(
                f"x0 = {x!r}: whole numbers could be coordinates or several points' numbers; give coordinates as "
                "floats, or problem.coordinates[...] for several data points"
            )
        return at

    def settled(self, x: Any) -> Array:
        """Like `point`, with vectors that lie within rounding of P put on it."""
        at, off, far = self._parts(x)
        return np.where(far[..., None], at, at - off)

    def locate(self, x: Any) -> Array:
        """Coordinates, or vectors of R^d that lie on P.

        Raises
        ------
        ParameterError
            As for `point`, and for a vector off P (saying how far off).
        """
        at, off, far = self._parts(x)
        if far.any():
            gap = np.max(np.linalg.norm(off, axis=-1))
            raise ParameterError(f"x0 lies {gap:.3g} off the data subspace P; take its projection onto P")
        return np.asarray(at - off)

    def _parts(self, x: Any) -> tuple[Array, Array, Any]:
        """Points, their parts off P, and where those are more than rounding."""
        at = self.point(x)
        if at.shape[-1] != self.d:
            return at, np.zeros_like(at), np.zeros(at.shape[:-1], dtype=bool)
        off = self.off(at if self.origin is None else at - self.origin)
        gap = np.linalg.norm(off, axis=-1)
        return at, off, (gap > relative(x) * np.linalg.norm(at, axis=-1)) & (gap > self.slack)


@dataclass(frozen=True, eq=False)
class Span(Subspace):
    """The span of the columns of `basis` (d, n), which are orthonormal; or `mean` plus that.

    Orthonormal to rounding in the type that they are given in; single precision is made so in doubles. `from_data` and
    `from_pca` find one in data.

    Attributes
    ----------
    basis : array (d, n)
        Orthonormal columns.
    mean : array (d,), optional
        A point of P, where P does not pass through 0.
    kept : float, optional
        The share of the data's sum of squares, about the mean if there is one, that lies in P; of `from_data` and
        `from_pca`.

    Examples
    --------
    >>> Span(np.eye(5, 2)).ell
    3
    """

    d: int = field(init=False)
    ell: int = field(init=False)
    basis: Array
    mean: Array | None = None
    kept: float | None = None

    less_memory = "take fewer input dimensions, or fewer neurons"

    def __post_init__(self) -> None:
        basis = real("basis", self.basis)
        if basis.ndim != 2 or not 1 <= basis.shape[1] <= basis.shape[0]:
            raise ParameterError(f"a basis of shape {basis.shape}: give orthonormal columns (d, n), 1 <= n <= d")
        gap = float(np.abs(basis.T @ basis - np.eye(basis.shape[1])).max())
        if gap > relative(self.basis):
            raise ParameterError(
                f"columns whose inner products are {gap:.3g} off those of orthonormal ones: take np.linalg.qr(basis)[0]"
            )
        if gap > ON_P:
            basis = orthonormal(basis)
        mean = None if self.mean is None else real("mean", self.mean)
        if mean is not None and mean.shape != (len(basis),):
            raise ParameterError(f"a mean of shape {mean.shape}: give ({len(basis)},), a point of P")
        sizes = {"d": len(basis), "ell": basis.shape[0] - basis.shape[1], "basis": basis, "mean": mean}
        for name, value in sizes.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        through = "" if self.mean is None else " through a mean"
        left = 0.0 if self.kept is None else 1 - self.kept
        but = f" but {left:.2g}" if left > 1e-15 else ""
        share = "" if self.kept is None else f", all{but} of the data's squares in it"
        return f"<subspace of {self.d - self.ell} dimensions in R^{self.d}{through}, ell = {self.ell}{share}>"

    @property
    def origin(self) -> Array | None:
        """The mean, if there is one."""
        return self.mean

    def point(self, x: Any) -> Array:
        """Coordinates or vectors of R^d; with a mean always the latter."""
        at = super().point(x)
        return at if self.mean is None or at.shape[-1] == self.d else self.mean + self.frame.vectors(at)

    @cached_property
    def frame(self) -> Frame:
        """The frame that starts with the basis."""
        return Frame(self.basis)


def _cut(d: int, mean: Array | None, sines: Array, right: Array, number: int, remedy: str) -> Span:
    """The first of these directions, and what share of the squares they hold."""
    if number == d:
        raise ParameterError(
            f"P would be all of R^{d}, so ell = 0 and no step is orthogonal to it: cut some directions; {remedy}"
        )
    squares = np.square(sines / sines[0])
    kept = float(squares[:number].sum() / squares.sum())
    return Span(np.ascontiguousarray(right[:number].T), mean, kept)


def orthonormal(basis: Array) -> Array:
    """Orthonormal columns of the same span, near to those given."""
    q, r = np.linalg.qr(basis)
    return np.asarray(q * np.where(np.diag(r) < 0, -1.0, 1.0))


@single_threaded
def _decomposed(X: Any, affine: bool) -> tuple[Array, Array | None, Array, Array]:
    """Points, their mean where it is taken off, and singular values and right vectors of what is left."""
    x = real("X", X)
    if x.ndim != 2 or not x.size or x.shape[1] < 2:
        raise ParameterError(f"X of shape {x.shape}: give points (N, d), one a row, d >= 2")
    mean = x.mean(axis=0) if affine else None
    centred = x if mean is None else x - mean
    if not centred.any():
        told = "all points are the same" if affine else "X is all zeros"
        raise ParameterError(f"{told}, so that P is nothing; give other points")
    within_floats("X", float(np.abs(centred).max()), "the largest number in X")
    _, sines, right = np.linalg.svd(centred, full_matrices=False)
    return x, mean, sines, right


def within_floats(name: str, value: float, meaning: str) -> float:
    """A size whose square is a float, with room for sums."""
    if not SMALLEST <= value <= 1 / SMALLEST:
        raise ParameterError(
            f"{name}: {meaning} is {value:.3g}, and squares leave the range of floats; rescale to between {SMALLEST:g} "
            f"and {1 / SMALLEST:g}"
        )
    return value
