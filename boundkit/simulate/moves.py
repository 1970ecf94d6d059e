"""The shortest steps that move neurons as prescribed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from boundkit.errors import HypothesisError
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import norms

if TYPE_CHECKING:
    from boundkit.simulate.context import PointContext

DEPENDENT = 1e-13  # a row's part orthogonal to those before it, over its length, that is only rounding


def one_point(view: PointContext[Any], c: float) -> tuple[Array, float]:
    """The step of `perturbations.one_point_flip` in the view's units, and c tau."""
    alpha = c * _least_alpha(view)
    squares = alpha * np.square(view.sizes)
    active = view.supports & (view.a > 0)
    moves = np.where(view.pushing, squares, np.where(active, -np.minimum(squares, view.a), 0.0))
    return of_one_point(view, moves), alpha


def of_one_point(view: PointContext[Any], moves: Array) -> Array:
    """The shortest z that moves active opposing and all supporting neurons so, in the view's units."""
    ell, chosen = view.network.subspace.ell, (view.pushing | view.supports) & view.moves
    if chosen.sum() > ell:
        raise HypothesisError(
            f"k + p = {chosen.sum()} > ell = {ell}: that many neurons cannot all be moved at will; take shortest_flip, "
            "or a larger ell"
        )
    return view.rows.shortest(moves, chosen)


def _least_alpha(view: PointContext[Any]) -> float:
    """The least alpha with sum_F alpha s_i^2 + sum_S min(alpha s_i^2, a_i) = sqrt(m) |N|, s_i the neurons' sizes."""
    squares = np.square(view.sizes)
    steady = squares[view.pushing].sum()
    some = view.supports & view.moves & (view.a > 0)
    order = np.argsort(view.a[some] / squares[some])
    a, squares = view.a[some][order], squares[some][order]
    spent = np.concatenate([[0.0], np.cumsum(a)])  # by those that are off
    slope = steady + np.concatenate([np.cumsum(squares[::-1])[::-1], [0.0]])
    reached = np.append(spent[:-1] + slope[:-1] * a / squares >= view.weight, steady > 0)
    if reached.any():
        i = int(np.argmax(reached))
        return float((view.weight - spent[i]) / slope[i])
    if not view.moves.all():
        raise view.uncovered("an output bias makes this label, and then this step needs k >= 1")
    return float((a / squares)[-1])  # rounding apart, the last one off takes the label


@dataclass(frozen=True, eq=False)
class Rows:
    """Weights orthogonal to P, and what is worked out once for all steps that move some of them as prescribed.

    Attributes
    ----------
    vectors : array (m, n)
        The weights.
    first : array of bool (m,), optional
        Those that most steps move all of: to choose among the others is cheap.
    """

    vectors: Array
    first: NDArray[np.bool_] | None = None

    @cached_property
    def lengths(self) -> Array:
        """How long each is (m,)."""
        return norms(self.vectors)

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        """In which they are factored."""
        first = np.zeros(len(self.vectors), dtype=bool) if self.first is None else self.first
        return np.argsort(~first, kind="stable")

    @cached_property
    def _factors(self) -> tuple[Array, Array]:
        """A basis (n, q) and a triangular (q, m) whose product is the transpose of the vectors in that order."""
        basis, triangle = np.linalg.qr(self.vectors[self._order].T)
        return basis, triangle

    @cached_property
    def factors(self) -> tuple[Array, Array]:
        """A basis (n, q) and coordinates in it (q, m), whose product is the transpose of the vectors."""
        basis, triangle = self._factors
        return basis, triangle[:, np.argsort(self._order)]

    def shortest(self, moves: Array, chosen: NDArray[np.bool_] | None = None) -> Array:
        """The shortest z (n,) whose inner products with the vectors are `moves`, for those `chosen` (m,), or all.

        From the first that is not chosen on, the triangle's columns are factored again: that is far less than the
        vectors, and no less accurate, as Householder's rounding is relative to each column.

        Raises
        ------
        HypothesisError
            The chosen vectors are linearly dependent.
        """
        basis, triangle = self._factors
        inside = np.ones(len(moves), dtype=bool) if chosen is None else chosen[self._order]
        some, lead = self._order[inside], int(np.argmin(np.append(inside, False)))
        dependent = len(some) > len(triangle)
        if not dependent:
            factor = triangle[: len(some), inside].copy()
            turn, factor[lead:, lead:] = np.linalg.qr(triangle[lead:, lead:][:, inside[lead:]])
            dependent = bool((np.abs(np.diag(factor)) <= DEPENDENT * self.lengths[some]).any())
        if dependent:
            raise HypothesisError(
                f"the parts orthogonal to P of {len(some)} weights are linearly dependent: they cannot all be moved at "
                "will; take shortest_flip"
            )
        z = np.zeros(len(basis))
        for _ in range(2):  # the second time what rounding has left
            w = solve_triangular(factor, (moves - self.vectors @ z)[some], trans="T", check_finite=False)
            z += basis[:, :lead] @ w[:lead] + basis[:, lead:] @ (turn @ w[lead:])
        return z
