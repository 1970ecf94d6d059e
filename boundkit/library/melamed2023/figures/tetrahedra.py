"""The zero set of a function on a grid in space, as triangles (marching tetrahedra)."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from boundkit.simulate.rng import Array


def zero_set(values: Array, low: float, high: float) -> Array:
    """Triangles of {f = 0} in the box [low, high]^3, f known at the corners of n^3 cubes and linear between.

    Every cube is cut into six tetrahedra along one diagonal; in each the zero set is empty, a triangle, or a
    quadrangle, which gives two.

    Parameters
    ----------
    values : array (n + 1, n + 1, n + 1)
        f at the grid's points, by x, y, z.
    low, high : float

    Returns
    -------
    array (triangles, 3, 3)
        Corners of each, as points.

    Examples
    --------
    >>> x = np.linspace(0, 1, 3)
    >>> plane = zero_set(np.broadcast_to(x - 0.25, (3, 3, 3)), 0, 1)
    >>> bool(np.allclose(plane[..., 2], 0.25))
    True
    """
    n = values.shape[0] - 1
    cells = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
    found = []
    for order in permutations(range(3)):
        corners = cells + np.vstack([np.zeros((1, 3), int), np.cumsum(np.eye(3, dtype=int)[list(order)], axis=0)])
        f = values[tuple(np.moveaxis(corners, -1, 0))]
        cut = (f > 0).any(-1) & (f <= 0).any(-1)
        corners, f = corners[cut], f[cut]
        rank = np.argsort(f > 0, axis=-1, kind="stable")  # those not above 0 first
        f, corners = np.take_along_axis(f, rank, -1), np.take_along_axis(corners, rank[..., None], 1)
        above = (f > 0).sum(-1)
        for number, pairs in ((1, ((3, 0), (3, 1), (3, 2))), (3, ((0, 1), (0, 2), (0, 3)))):
            found.append(_crossings(f[above == number], corners[above == number], pairs))
        quad = _crossings(f[above == 2], corners[above == 2], ((0, 2), (0, 3), (1, 3), (1, 2)))
        found += [quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]
    return np.asarray(low + (high - low) / n * np.concatenate(found))


def _crossings(f: Array, corners: Array, pairs: tuple[tuple[int, int], ...]) -> Array:
    """Where f is 0 on these edges of each tetrahedron (tetrahedra, edges, 3)."""
    i, j = np.array(pairs).T
    t = (f[:, i] / (f[:, i] - f[:, j]))[..., None]
    return np.asarray((1 - t) * corners[:, i] + t * corners[:, j])
