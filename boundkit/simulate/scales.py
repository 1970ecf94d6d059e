"""Powers of two that bring numbers near to 1, where none of their products and squares leaves the floats.

A network without biases is homogeneous: scaled weights flip at the same steps. A power of two rounds nothing, so what
is computed in such units has the digits that it would have without them, and has them for the smallest weights too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boundkit.simulate.rng import Array


def near_one(x: Array) -> tuple[Array, NDArray[np.intc]]:
    """Vectors (..., n) whose largest number is between 1/2 and 1, or 0, and the exponents (..., 1) taken out."""
    exponents = np.frexp(np.abs(x).max(axis=-1, keepdims=True, initial=0))[1]
    return np.ldexp(x, -exponents), exponents


def all_near_one(x: Array) -> tuple[Array, int]:
    """An array whose largest number is between 1/2 and 1, or 0, and the one exponent taken out."""
    exponent = int(np.frexp(np.abs(x).max(initial=0))[1])
    return np.ldexp(x, -exponent), exponent


def times(x: Array | float, exponents: NDArray[np.intc] | int) -> Array:
    """x 2^exponents; inf beyond all floats."""
    with np.errstate(over="ignore"):
        return np.asarray(np.ldexp(x, exponents))


def deviation(x: Array) -> float:
    """The root of the mean square of numbers."""
    near, exponent = all_near_one(x)
    return float(times(np.sqrt(np.mean(np.square(near))), exponent))


def norms(x: Array) -> Array:
    """The lengths of the vectors (..., n)."""
    near, exponents = near_one(x)
    return times(np.linalg.norm(near, axis=-1), exponents[..., 0])
