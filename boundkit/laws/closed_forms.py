"""What has a closed form: Wendel's probability, and the tail of a length that is a chi-square law.

`wendel_probability` is exact. `log_perturbation_longer` is as good as the chi-square law it calls: arrays broadcast; a
float comes out for scalars; NaN in an array gives NaN there; a value outside its domain, or a scalar NaN, is a
ParameterError.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.errors import ParameterError
from boundkit.laws.arrays import DIMENSION, POSITIVE, Array, elementwise
from boundkit.laws.gamma_tails import log_tail
from boundkit.laws.pairs import divide, exact, two_product
from boundkit.laws.row_sum import ROWS

LEAST_FREEDOM = 1e-6
LONGEST = 1e140  # from there on the law of a length is a power, and below 1/LONGEST it is 1


def wendel_probability(vectors: int, dimension: int) -> Fraction:
    """Return P[0 is outside the convex hull of the vectors], exactly, for any symmetric law in general position.

    2^(1-m) sum over j < n of C(m - 1, j), m vectors in R^n (Wendel 1962): then some direction moves every neuron the
    right way.

    Examples
    --------
    >>> wendel_probability(10, 5)
    Fraction(1, 2)
    """
    given: dict[str, object] = {"vectors": vectors, "dimension": dimension}
    for name, value in given.items():
        if not (isinstance(value, int | np.integer) and value >= 1):
            raise ParameterError(f"{name} = {value!r}: a whole number >= 1 is needed; give a count")
    m, n = int(vectors), int(dimension)
    return Fraction(sum(comb(m - 1, j) for j in range(min(n, m))), 2 ** (m - 1))


def log_perturbation_longer(length: ArrayLike, n: ArrayLike, rows: ArrayLike) -> Any:
    """Return log P[1/chi > length], chi^2 chi-square with n - rows + 1 >= 1e-6 degrees of freedom.

    The least z with given moves delta of `rows` neurons has length |delta|/(b chi) (inverse Wishart). For a
    universal flip rows = m, and all moves are alpha: |z| = alpha sqrt(m)/(b chi).

    Examples
    --------
    >>> round(log_perturbation_longer(0.1, 600, 10), 4)
    -283.0779
    """

    def kernel(length: Array, n: Array, rows: Array) -> Array:
        freedom = n - rows + 1
        if not (freedom >= LEAST_FREEDOM).all():
            raise ParameterError(
                f"n - rows + 1 = {freedom.min()}: more dimensions than rows - 1 are needed, by "
                f"{LEAST_FREEDOM:g} at least; raise n"
            )
        near = np.clip(length, 1 / LONGEST, LONGEST)
        ratio = divide(divide(exact(np.ones_like(near)), two_product(near, near)), exact(freedom))
        result: Array = log_tail(False, *ratio, freedom / 2)
        return result - freedom * np.log(np.maximum(length / LONGEST, 1))

    return elementwise(kernel, length=(length, POSITIVE), n=(n, DIMENSION), rows=(rows, ROWS))
