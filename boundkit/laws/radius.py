"""E[law((R - c n)/sqrt(m R)); c n <= R <= rho^2 n] for R ~ chi2_n, in log space.

The integral is over v = log(R/n), in Gauss-Legendre panels that split until the last Legendre coefficients of the
integrand are negligible in each. The argument of the law is a sinh of v - log c (a cosh for c < 0): no cancellation at
either end. Where to look: outside a range that is known the density alone is below the highest point seen by more than
NEGLIGIBLE, and a look at a few points narrows it down. For c < 0 the argument is least at v = log -c, so a law that
increases has one peak on each side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np

from boundkit.errors import PrecisionError
from boundkit.laws.arrays import Array
from boundkit.laws.gamma_tails import scale

NEGLIGIBLE = 45.0  # nats below the highest point
CELLS, MOST_LOOKS, MOST_SPLITS = 24, 12, 30
NODES, LAST = 80, 16  # of a panel, and the coefficients that must be negligible
RESOLVED = 1e-8  # relative to the whole; a Gaussian rule errs by about the square

Law = Callable[[Array, float], Array]


def log_mean(log_law: Law, increasing: bool, c: float, n: float, m: float, rho: float) -> float:
    """Return the log of the mean of a law given by its log, where it is at most 1 and monotone."""
    origin, factor = (np.log(abs(c)), 2 * np.sqrt(n * abs(c) / m)) if c else (0.0, np.sqrt(n / m))
    wave = (np.sinh if c > 0 else np.cosh) if c else np.exp

    def height(v: Array) -> Array:
        with np.errstate(over="ignore"):
            t = factor * wave((v - origin) / 2)
        return n / 2 * (v - np.expm1(v)) + log_law(t, m)

    end = 2 * np.log(rho)
    log_density = float(np.log(scale(np.array([n / 2])))[0])
    parts = [_log_piece(height, n, low, min(high, end)) for low, high in _pieces(increasing, c, origin)]
    return float(np.logaddexp.reduce(parts)) + log_density


def _pieces(increasing: bool, c: float, origin: float) -> Iterator[tuple[float, float]]:
    if c < 0 and increasing:
        yield -np.inf, origin
    yield origin if c > 0 or (c < 0 and increasing) else -np.inf, np.inf


def _log_piece(height: Callable[[Array], Array], n: float, low: float, high: float) -> float:
    """The log of the integral of e^height from low to high, where that is not negligible; -inf for an empty range."""
    if low >= high:
        return -np.inf
    first, last = _reach(n, 0.0)
    first, last = max(low, min(first, high - 1)), min(high, max(last, low + 1))
    top = height(np.linspace(first, last, CELLS + 1)).max()
    first, last = _reach(n, top)
    low, high = max(low, first), min(high, last)
    for _ in range(MOST_LOOKS):
        v = np.linspace(low, high, CELLS + 1)
        values = height(v)
        top = values.max()
        seen = np.flatnonzero(values > top - NEGLIGIBLE)
        if not (seen.size and np.isfinite(top)):
            raise PrecisionError(f"n = {n}: the joint law has no digits here; give arguments that are less extreme")
        low, high = v[max(seen[0] - 1, 0)], v[min(seen[-1] + 1, CELLS)]
        if seen.size > CELLS // 3:
            break
    return float(top + np.log(_integral(lambda v: np.exp(height(v) - top), low, high)))


def _reach(n: float, top: float) -> tuple[float, float]:
    """Outside, n/2 (v + 1 - e^v) is below `top` by more than NEGLIGIBLE."""
    t = 2 * (NEGLIGIBLE - top) / n
    return -(t + np.sqrt(2 * t)), np.log1p(t + np.sqrt(2 * t))


def _integral(f: Callable[[Array], Array], low: float, high: float) -> float:
    """The integral of f from low to high, in panels halved until resolved; a PrecisionError where that fails."""
    x, weights, last = _rule()
    total, low_ends, width = 0.0, np.array([low]), high - low
    for _ in range(MOST_SPLITS):
        values = f((low_ends[:, None] + width * (x + 1) / 2).ravel()).reshape(-1, NODES)
        parts, rough = values @ weights * width / 2, np.abs(values @ last.T).max(axis=1) * width / 2
        split = ~(rough <= RESOLVED * (total + parts.sum()))
        total += parts[~split].sum()
        if not split.any():
            return float(total)
        width /= 2
        low_ends = np.concatenate([low_ends[split], low_ends[split] + width])
    raise PrecisionError("the joint law of the row sums could not be integrated; give arguments that are less extreme")


@cache
def _rule() -> tuple[Array, Array, Array]:
    """Nodes and weights on [-1, 1], and what gives the last coefficients."""
    x, weights = np.polynomial.legendre.leggauss(NODES)
    degrees = np.arange(NODES - LAST, NODES)
    last = np.polynomial.legendre.legvander(x, NODES - 1)[:, degrees] * (degrees + 0.5) * weights[:, None]
    return x, weights, last.T
