"""Products of many vectors with one matrix, in which every vector gets what it would get alone, to the last bit."""

from __future__ import annotations

import numpy as np

from boundkit.simulate.rng import Array


def one_by_one(x: Array, matrix: Array) -> Array:
    """x @ matrix for vectors x (..., n); as one product of matrices it would round by how many vectors there are."""
    return np.asarray((np.ascontiguousarray(x)[..., None, :] @ matrix)[..., 0, :])
