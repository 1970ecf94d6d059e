"""A subspace P of R^d, and how points are written with respect to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import real
from boundkit.simulate.frame import Frame
from boundkit.simulate.rng import Array

FULL_BYTES = 4 * 2**30  # what the full representation may take
SMALLEST = 1e-140  # sizes between this and its inverse have squares that are floats
ON_P = 1e-9  # how far from P a point may lie, relative to its length: rounding, not geometry


@dataclass(frozen=True, eq=False)
class Subspace:
    """P, of dimension d - ell, with an orthonormal frame of R^d whose first d - ell vectors span it.

    A point is a vector of R^d, or its leading coordinates in the frame (at most `width` of them, the rest being 0).
    """

    d: int
    ell: int

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
                "use representation='subspace' and give points by number or by coordinates, where d costs nothing"
            )

    def point(self, x: Any) -> Array:
        """Coordinates or vectors of R^d as they are, anywhere.

        Raises
        ------
        ParameterError
            Too many coordinates, or numbers that are not finite, too large or too small.
        """
        at = np.asarray(real("a point", x), order="C")  # sums along it go by its layout in memory
        if at.ndim == 0 or (at.shape[-1] != self.d and not 1 <= at.shape[-1] <= self.width):
            raise ParameterError(
                f"a point of {at.shape[-1] if at.ndim else 'no'} numbers: give {self.d} (a vector of R^d) or up to "
                f"{self.width} (coordinates; problem(..., spare=) allows more)"
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
        off = self.off(at)
        gap = np.linalg.norm(off, axis=-1)
        return at, off, (gap > ON_P * np.linalg.norm(at, axis=-1)) & (gap > self.slack)


@dataclass(frozen=True, eq=False)
class Span(Subspace):
    """The span of the columns of `basis` (d, n), which are orthonormal.

    Examples
    --------
    >>> Span(np.eye(5, 2)).ell
    3
    """

    d: int = field(init=False)
    ell: int = field(init=False)
    basis: Array

    def __post_init__(self) -> None:
        basis = real("basis", self.basis)
        if basis.ndim != 2 or not 1 <= basis.shape[1] <= basis.shape[0]:
            raise ParameterError(f"a basis of shape {basis.shape}: give orthonormal columns (d, n), 1 <= n <= d")
        gap = float(np.abs(basis.T @ basis - np.eye(basis.shape[1])).max())
        if gap > ON_P:
            raise ParameterError(
                f"columns whose inner products are {gap:.3g} off those of orthonormal ones: take np.linalg.qr(basis)[0]"
            )
        for name, value in (("d", len(basis)), ("ell", basis.shape[0] - basis.shape[1]), ("basis", basis)):
            object.__setattr__(self, name, value)

    @cached_property
    def frame(self) -> Frame:
        """The frame that starts with the basis."""
        return Frame(self.basis)


def within_floats(name: str, value: float, meaning: str) -> float:
    """A size whose square is a float, with room for sums."""
    if not SMALLEST <= value <= 1 / SMALLEST:
        raise ParameterError(
            f"{name}: {meaning} is {value:.3g}, and squares leave the range of floats; rescale to between {SMALLEST:g} "
            f"and {1 / SMALLEST:g}"
        )
    return value
