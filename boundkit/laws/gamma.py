"""The gamma law of real shape k and scale 1 in log space: a chi-square of 2k degrees of freedom at 2x."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws import chi_square
from boundkit.laws.arrays import REAL, Array, Domain, elementwise

SHAPE = Domain("in [5e-7, 5e14]", lambda k: (k >= 5e-7) & (k <= 5e14), "give a shape in that range")
FAR = 1e300  # beyond, log P[G >= x] is -x to all digits, and 2x might overflow


def logsf(x: ArrayLike, k: ArrayLike) -> Any:
    """log P[G >= x].

    Parameters
    ----------
    x : array_like
        Any real number; for x <= 0 the log is 0.
    k : array_like
        Shape, real, in [5e-7, 5e14].

    Returns
    -------
    float or ndarray
        Of the broadcast shape.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    Notes
    -----
    `boundkit.laws.chi_square`, whose accuracy it has: relative error of the log at most 2e-15.

    Examples
    --------
    >>> logsf([-1.0, 1.0, 2e3], 1)
    array([-0.e+00, -1.e+00, -2.e+03])
    """
    return elementwise(
        lambda x, k: np.where(x > FAR, -x, _chi_square(chi_square.logsf, x, k)), x=(x, REAL), k=(k, SHAPE)
    )


def logcdf(x: ArrayLike, k: ArrayLike) -> Any:
    """log P[G <= x]: parameters, errors and accuracy as for `logsf`; -inf for x <= 0.

    Examples
    --------
    >>> print(f"{logcdf(150, 300):.12f}")
    -61.028631887063
    """
    return elementwise(lambda x, k: _chi_square(chi_square.logcdf, x, k), x=(x, REAL), k=(k, SHAPE))


def _chi_square(law: Any, x: Array, k: Array) -> Array:
    found: Array = law(2 * np.clip(x, 0.0, FAR), 2 * k)
    return found
