"""The beta law in log space: both tails, where `scipy.special.betainc` underflows or rounds to 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import REAL, Array, Domain, elementwise
from boundkit.laws.beta_tails import log_tails
from boundkit.laws.pairs import exact, two_sum

SHAPE = Domain("in [1e-6, 1e12]", lambda a: (a >= 1e-6) & (a <= 1e12), "give a shape in that range")


def logcdf(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Any:
    """log P[B <= x].

    Parameters
    ----------
    x : array_like
        Any real number; the log is -inf for x <= 0 and 0 for x >= 1.
    a, b : array_like
        Shapes, real, in [1e-6, 1e12].

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
    log I_x(a, b), DLMF 8.17.2; see `boundkit.laws.beta_tails` for the method. Relative error of the log at most 5e-14,
    measured against balls for shapes from 1e-6 to 1e9; below 5e-15 at all but one point in a thousand, which are those
    with a shape below 1 and a probability near 1.

    Examples
    --------
    >>> logcdf([0.25, 1e-300, 1.0], 2, [3, 1e6, 5])
    array([-1.34048483e+00, -1.35461318e+03,  0.00000000e+00])
    """
    return elementwise(lambda x, a, b: _tail(True, x, a, b), x=(x, REAL), a=(a, SHAPE), b=(b, SHAPE))


def logsf(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Any:
    """log P[B >= x]: parameters, errors and accuracy as for `logcdf`; 0 for x <= 0, -inf for x >= 1.

    Examples
    --------
    >>> print(f"{logsf(0.25, 1e9, 1e9)}, {logsf(0.75, 1e9, 1e9):.6f}")
    -0.0, -287682083.385779
    """
    return elementwise(lambda x, a, b: _tail(False, x, a, b), x=(x, REAL), a=(a, SHAPE), b=(b, SHAPE))


def _tail(lower: bool, x: Array, a: Array, b: Array) -> Array:
    inside = (x > 0) & (x < 1)
    near = np.where(inside, x, 0.5)
    log_p = log_tails(lower, a, b, exact(near), two_sum(np.ones_like(near), -near))
    return np.where(inside, log_p, np.where((x <= 0) == lower, -np.inf, 0.0))
