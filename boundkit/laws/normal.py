"""The normal law in log space."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erf, erfcx

from boundkit.laws.arrays import NONNEGATIVE, Array, elementwise


def log_two_sided(t: ArrayLike) -> Any:
    """log P[|Z| >= t] for a standard normal Z.

    Parameters
    ----------
    t : array_like
        At least 0. A threshold for the standard deviation sigma is t sigma.

    Returns
    -------
    float or ndarray
        A float for a scalar, else the shape of `t`. NaN entries of an array give NaN.

    Raises
    ------
    ParameterError
        If t is negative, a scalar NaN, or no real number.

    Notes
    -----
    log(erfcx(t/sqrt 2)) - t^2/2, and log(1 - erf(t/sqrt 2)) for t < 1 (DLMF 7.2.1 to 7.2.3). The relative error of
    the log is below 1e-15 for t in [0, 1e5], tested against balls.

    Examples
    --------
    >>> print(f"{log_two_sided(40.0):.12f}")
    -803.915294833194
    >>> log_two_sided([0.0, 1e-20, float("nan")])
    array([ 0.00000000e+00, -7.97884561e-21,             nan])
    """
    return elementwise(_log_two_sided, t=(t, NONNEGATIVE))


def _log_two_sided(t: Array) -> Array:
    z = t * np.sqrt(0.5)
    log_p: Array = np.log(erfcx(z)) - 0.5 * t * t
    near = t < 1
    log_p[near] = np.log1p(-erf(z[near]))
    return log_p + 0.0  # 0, not -0
