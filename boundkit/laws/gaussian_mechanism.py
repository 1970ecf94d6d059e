r"""The delta of the Gaussian mechanism in log space, without the cancellation of its formula.

With u = eps sigma, d = 1/(2 sigma) and M = Q/phi (Mills' ratio), e^eps phi(u + d) = phi(u - d), so that

    delta = Q(u - d) - e^eps Q(u + d) = phi(u - d) (M(u - d) - M(u + d)),   M(u - d) - M(u + d) = int g,
    g(s) = -M'(s) = 1 - s M(s) > 0, over [u - d, u + d],

which is integrated by nodes where the two ratios are near each other. g is a difference for s < 2, where it is good to
a digit, and beyond it T/(s + T), T = 1/(s + 2/(s + 3/(s + ...))) (Laplace's fraction).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfcx

from boundkit.laws.arrays import Array, Domain, elementwise, piecewise
from boundkit.laws.normal_tails import LOG_ROOT_2_PI
from boundkit.laws.pairs import Pair, divide, exact, multiply, two_product, two_sum

NOISE = Domain("in [1e-9, 1e9]", lambda s: (s >= 1e-9) & (s <= 1e9), "give a deviation in that range")
LEVEL = Domain(">= 0 and at most 1e9", lambda eps: (eps >= 0) & (eps <= 1e9), "give a level in that range")
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)
FRACTION_FROM, DEPTH = 2.0, 120
TOGETHER = 512  # points at which all nodes are asked at once: few enough for the cache
NARROW = 1.0  # d up to which the nodes are used at any u; and at any d where u > 3 d
CERTAIN = 38.0  # where Q is below every double that counts


def log_delta(eps: ArrayLike, sigma: ArrayLike) -> Any:
    """log(Q(eps sigma - 1/(2 sigma)) - e^eps Q(eps sigma + 1/(2 sigma))): sensitivity 1 (Balle and Wang 2018).

    Parameters
    ----------
    eps : array_like
        The level of privacy, from 0 to 1e9.
    sigma : array_like
        The noise's standard deviation, from 1e-9 to 1e9.

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
    Relative error of the log at most 5e-15, measured against balls over the whole domain. The formula in doubles is 0,
    negative or noise where sigma is large: at eps = 1 from sigma = 39 on.

    Examples
    --------
    >>> log_delta([1.0, 1.0, 0.1], [1.0, 100.0, 1e6])
    array([-2.06406645e+00, -5.01423476e+03, -5.00000004e+09])
    """
    return elementwise(_log_delta, eps=(eps, LEVEL), sigma=(sigma, NOISE))


def _log_delta(eps: Array, sigma: Array) -> Array:
    """By nodes where Mills' ratio changes little, else by its difference, or for u < d by the complement."""
    u, d = two_product(eps, sigma), divide(exact(np.full_like(sigma, 0.5)), exact(sigma))
    near = _sum(u, (-d[0], -d[1]))
    far = u[0] + d[0]
    narrow = (d[0] <= NARROW) | (u[0] > 3 * d[0])
    return piecewise(
        (near[0], near[1], u[0], d[0], far),
        (narrow, _by_nodes),
        (~narrow & (near[0] >= 0), _by_difference),
        (~narrow & (near[0] < 0), _by_complement),
    )


def _sum(x: Pair, y: Pair) -> Pair:
    total, lost = two_sum(x[0], y[0])
    return two_sum(total, lost + x[1] + y[1])


def _log_density(near: Array, rest: Array) -> tuple[Array, Array]:
    """log phi as a pair."""
    square, lost = multiply((near, rest), (near, rest))
    return -0.5 * square, -0.5 * lost - LOG_ROOT_2_PI


def _by_nodes(near: Array, rest: Array, u: Array, d: Array, far: Array) -> Array:
    """Where u - d may be negative, but not below -1."""
    del far
    parts = np.array_split(np.arange(u.size), 1 + u.size // TOGETHER)
    mean = 0.5 * np.concatenate([WEIGHTS @ _fall(u[part] + d[part] * NODES[:, None]) for part in parts])
    lead, more = _log_density(near, rest)
    found: Array = (np.log(2 * d * mean) + more) + lead
    return found


def _fall(s: Array) -> Array:
    """1 - s M(s), for s > -1."""
    near = np.minimum(s, FRACTION_FROM)
    direct = 1 - near * np.sqrt(np.pi / 2) * erfcx(near * np.sqrt(0.5))
    far = np.maximum(s, FRACTION_FROM)
    T: Array = far.copy()
    for k in range(DEPTH, 1, -1):
        T = far + k / T
    T = 1 / T
    found: Array = np.where(s < FRACTION_FROM, direct, T / (far + T))
    return found


def _mills(s: Array) -> Array:
    ratio: Array = np.sqrt(np.pi / 2) * erfcx(s * np.sqrt(0.5))
    return ratio


def _by_difference(near: Array, rest: Array, u: Array, d: Array, far: Array) -> Array:
    del u, d
    lead, more = _log_density(near, rest)
    return (np.log(_mills(near) - _mills(far)) + more) + lead


def _by_complement(near: Array, rest: Array, u: Array, d: Array, far: Array) -> Array:
    """log(1 - phi(u - d) (M(d - u) + M(u + d))) for u < d."""
    del u, d
    certain = near < -CERTAIN * 1.02
    near, rest = np.where(certain, -1.0, near), np.where(certain, 0.0, rest)
    lead, more = _log_density(near, rest)
    p = np.exp(lead) * np.exp(more) * (_mills(-near) + _mills(far))
    return np.where(certain, 0.0, np.log1p(-p)) + 0.0
