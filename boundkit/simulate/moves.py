"""The shortest steps that move neurons as prescribed."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import solve_triangular

from boundkit.errors import HypothesisError
from boundkit.simulate.context import PointContext
from boundkit.simulate.rng import Array

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
    return shortest_with_moves(view.off, moves, chosen)


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


def shortest_with_moves(
    rows: Array, moves: Array, chosen: Any = ..., factors: tuple[Array, Array] | None = None
) -> Array:
    """The shortest z with rows @ z = moves, of those chosen: at most as many rows (q, n) as columns.

    `factors` are those of QR for the chosen rows, where they are known.

    Raises
    ------
    HypothesisError
        The rows are linearly dependent.
    """
    rows, moves = rows[chosen], moves[chosen]
    basis, factor = factors or np.linalg.qr(rows.T)
    if (np.abs(np.diag(factor)) <= DEPENDENT * np.linalg.norm(rows, axis=1)).any():
        raise HypothesisError(
            f"the parts orthogonal to P of {len(rows)} weights are linearly dependent: they cannot all be moved at "
            "will; take shortest_flip"
        )
    z = basis @ solve_triangular(factor, moves, trans="T")
    z += basis @ solve_triangular(factor, moves - rows @ z, trans="T")
    return np.asarray(z)
