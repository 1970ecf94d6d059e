r"""F_m(t) = P[max_i (g_i - mean(g)) <= t] for m independent standard normals, and 1 - F_m(t), in log space.

The deviations from the mean are what g is when mean(g) = 0, so by Fourier inversion of that condition

    F_m(t) = sqrt(m/(2 pi)) int e^(-m w^2/2) Phi(t - i w)^m dw,

entire in w. The line may go through any point i lam and bend upwards, where what remains for large w decays like
e^(i m t w). For F_m, lam is the saddle point, lam = -phi/Phi(t + lam). For 1 - F_m, Phi^m becomes 1 - Phi^m and
lam = t/(m - 1), the saddle point of its leading term. On w = i lam + s (sinh(u + i bend) - i sin(bend)) the midpoint
rule in u converges geometrically, with one rule for every m; the integrand at -u is the conjugate. Near t = 0, where
lam is about -1/t, the squares of t + lam in both factors are left out of both. Measured for m to 10^9 and every t > 0,
by smoothing F_m back into Phi^m and, for m = 2, against erf: the log of the smaller of F_m and 1 - F_m is within
10^-11 + 10^-13 |log|.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import erfcx, log_ndtr, wofz

from boundkit.laws.arrays import Array

STEP, TOGETHER, CHUNKS, BEND = 0.08, 16, 8, 0.35
NEGLIGIBLE = 42.0  # nats below the peak
WIDTH = 1.5  # s, in standard deviations of the peak
FAR = 40.0  # t; there 1 - F_m is m times the tail of one deviation to all digits, for m to 10^9
LEAST = 1e-100  # t; below, F_m is a multiple of t^(m-1)
NEAR_ZERO = 1e-3  # t; there the saddle point t + lam is -1/t, but for a part t^2


def log_below(t: Array, m: float) -> Array:
    """Return log F_m(t) for t >= 0; minus infinity at t = 0 if m > 1."""
    if m == 1:
        return np.zeros_like(t)
    result = np.where(t > 0, 0.0, -np.inf)  # at t >= FAR the difference to 0 is below every double
    inner = (t > 0) & (t < FAR)
    reached = np.maximum(t[inner], LEAST)
    result[inner] = _log_below(reached, m) + (m - 1) * np.log(t[inner] / reached)
    return result


def log_above(t: Array, m: float) -> Array:
    """Return log(1 - F_m(t)) for t >= 0."""
    if m == 1:
        return np.full_like(t, -np.inf)
    result: Array = np.log(m) + log_ndtr(-t * np.sqrt(m / (m - 1)))
    inner = t < FAR
    below = log_below(t[inner], m)
    above = np.log1p(-np.exp(np.minimum(below, 0)))
    small = below > -0.5
    above[small] = _log_above(t[inner][small], m)
    result[inner] = above
    return result


def _log_below(t: Array, m: float) -> Array:
    """log F_m(t) on a column of t from LEAST to FAR, for m > 1, by the line through the saddle point."""
    zero = t < NEAR_ZERO
    u = np.maximum(t, NEAR_ZERO)  # t + lam; u + hazard(u) = t by Newton's method, from the right of a convex function
    for _ in range(60):
        hazard = np.sqrt(2 / np.pi) / erfcx(-u / np.sqrt(2))
        slope = np.maximum(1 - hazard * (u + hazard), 0.5 / (1 + u * u))
        step = (u + hazard - np.maximum(t, NEAR_ZERO)) / slope
        u -= step
        if (np.abs(step) < 1e-6 * (1 + np.abs(u))).all():
            break
    u, slope = np.where(zero, -1 / t, u), np.where(zero, t * t, slope)

    def log_terms(zeta: np.ndarray) -> Any:
        """m (log Phi(w) + (w - t)^2/2), w = u - i zeta; where Phi(w) is +-e^(-w^2/2) times `tail` the squares go."""
        w = u - 1j * zeta
        left = w.real < 0
        tail = wofz((np.where(left, w.imag, -w.imag) + 1j * np.abs(w.real)) / np.sqrt(2)) / 2  # of Phi(-|w|)
        free = np.log(np.where(left, tail, -tail)) - t * w + t * t / 2
        inside = np.where(left | (w.imag**2 - w.real**2 > 80), 0, w)
        return m * np.where(inside == 0, free, _log1m(tail * np.exp(-inside * inside / 2)) + (w - t) ** 2 / 2)

    return _log_integral(log_terms, WIDTH / np.sqrt(m * slope), m)


def _log_above(t: Array, m: float) -> Array:
    """log(1 - F_m(t)) on a column of t up to FAR, for m > 1, by the line through i t/(m - 1)."""

    def log_terms(zeta: np.ndarray) -> Any:
        w = 1j * t / (m - 1) + zeta
        log_tail = log_ndtr(1j * w - t)
        log_power = m * _log1m_exp(np.minimum(log_tail.real, 2), log_tail.imag)
        far = log_tail.real > 2
        log_power[far] = m * log_ndtr((t - 1j * w)[far])
        log_gap = np.log(-_expm1(np.minimum(log_power.real, 30), log_power.imag))
        log_gap = np.where(log_power.real > 30, log_power + 1j * np.pi, log_gap)
        return np.where(log_tail.real < -200, np.log(m) + log_tail, log_gap) - m / 2 * w * w

    return _log_integral(log_terms, np.full_like(t, WIDTH / np.sqrt(m - 1)), m)


def _log_integral(log_terms: Callable[[np.ndarray], np.ndarray], s: Array, m: float) -> Array:
    """The log of sqrt(m/(2 pi)) times the integral, from the peak outwards until nothing is left."""
    total, top = np.zeros_like(s), np.zeros_like(s)
    for chunk in range(CHUNKS):
        u = STEP * (np.arange(TOGETHER)[:, None] + TOGETHER * chunk + 0.5) + 1j * BEND
        terms = log_terms(s * (np.sinh(u) - 1j * np.sin(BEND)))
        if not chunk:
            top = terms.real.max(axis=0)
        total += (np.exp(terms - top) * np.cosh(u)).real.sum(axis=0)
        if (terms.real[-1] < top - NEGLIGIBLE).all():
            break
    result: Array = top + np.log(2 * STEP * s * np.sqrt(m / (2 * np.pi)) * total)
    return result


def _log1m_exp(x: Array, y: Array) -> Any:
    return _log1m(np.exp(x) * np.cos(y) + 1j * np.exp(x) * np.sin(y))


def _log1m(z: np.ndarray) -> Any:
    """log(1 - z), its imaginary part in (-pi, pi]; NumPy's complex log1p and expm1 lose small arguments."""
    x, y = -z.real, -z.imag
    return 0.5 * np.log1p(x * (2 + x) + y * y) + 1j * np.arctan2(y, 1 + x)


def _expm1(x: Array, y: Array) -> Any:
    return np.expm1(x) * np.cos(y) - 2 * np.sin(y / 2) ** 2 + 1j * np.exp(x) * np.sin(y)
