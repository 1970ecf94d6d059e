"""Randomness by purpose: one seed, one independent stream for each thing that is drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.arguments import count
from boundkit.simulate.threads import single_threaded

Array = NDArray[np.float64]

# A purpose's place in this tuple is its key: append, never reorder, or old seeds change their meaning.
PURPOSES = (
    "points", "labels", "subspace", "signs", "columns", "rest", "rest frame", "off", "off frame",
    "order", "trials", "draw", "conditional", "attack", "fresh points", "deep", "figures", "output weights", "biases",
)  # fmt: skip


def stream(seed: int, purpose: str, *index: int) -> np.random.Generator:
    """The generator of one purpose; what one purpose draws never moves another."""
    key = (PURPOSES.index(purpose), *index)
    return np.random.default_rng(np.random.SeedSequence(count("seed", seed, "the seed", 0), spawn_key=key))


@single_threaded
def haar(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """`columns` orthonormal vectors of R^rows, uniformly distributed, as columns."""
    q, r = np.linalg.qr(rng.standard_normal((rows, columns)))
    # LAPACK's sign convention is not uniform; a positive diagonal of R is.
    return q * np.where(np.diag(r) < 0, -1.0, 1.0)


def gaussian_factor(rng: np.random.Generator, rows: int, dimension: int, *trials: int) -> Array:
    """L with L Q' an iid standard normal (rows, dimension) matrix for Q uniform and independent of L; `trials` of them.

    Bartlett's decomposition: L is lower triangular with independent entries, normal below the diagonal and
    chi with `dimension - j` degrees of freedom on it. It costs O(rows^2) whatever the dimension is.
    """
    width = min(rows, dimension)
    at = np.arange(width)
    factor = np.tril(rng.standard_normal((*trials, rows, width)), -1)
    factor[..., at, at] = np.sqrt(rng.chisquare(dimension - at, (*trials, width)))
    return factor
