r"""F_m(t) = P[max_i (g_i - mean(g)) <= t] for m independent standard normals, and 1 - F_m(t), in log space.

The deviations from the mean are what g is when mean(g) = 0, so by Fourier inversion of that condition

    F_m(t) = sqrt(m/(2 pi)) int e^(-m w^2/2) Phi(t - i w)^m dw,

entire in w. The line may go through any point i lam and bend upwards, where what remains for large w decays like
e^(i m t w). For F_m, lam is the saddle point, lam = -phi/Phi(t + lam). For 1 - F_m, Phi^m becomes 1 - Phi^m and
lam = t/(m - 1), the saddle point of its leading term. On w = i lam + s (sinh(u + i bend) - i sin(bend)) the midpoint
rule in u converges geometrically, with one rule for every m; the integrand at -u is the conjugate. Measured against
closed forms (m = 2), Nair's recursion (m = 3, 4) and half the step: relative error of either log below 10^-13 for
m to 100, 10^-12 at 10^4, for t from 10^-2 on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import log_ndtr

from boundkit.laws.arrays import Array

STEP, TOGETHER, CHUNKS, BEND = 0.08, 16, 8, 0.35
NEGLIGIBLE = 42.0  # nats below the peak
LEAST = 1e-3  # below, F_m(t) is proportional to t^(m-1), up to a factor 1 + O(m t^2)
WIDTH = 1.5  # s, in standard deviations of the peak


def log_below(t: Array, m: float) -> Array:
    """Return log F_m(t) for t >= 0; minus infinity at t = 0 if m > 1."""
    if m == 1:
        return np.zeros_like(t)
    result = np.full_like(t, -np.inf)
    positive = t > 0
    reached = np.maximum(t[positive], LEAST)
    result[positive] = _log_below(reached, m) + (m - 1)*np.log(t[positive]/reached)
    return result


def log_above(t: Array, m: float) -> Array:
    """Return log(1 - F_m(t)) for t >= 0."""
    if m == 1:
        return np.full_like(t, -np.inf)
    below = log_below(t, m)
    result: Array = np.log1p(-np.exp(np.minimum(below, 0)))
    small = below > -0.5
    result[small] = _log_above(t[small], m)
    return result


def _log_below(t: Array, m: float) -> Array:
    u = t.copy()  # t + lam; u + hazard(u) = t is solved by Newton's method, from the right of a convex function
    for _ in range(60):
        hazard = np.exp(-u*u/2 - log_ndtr(u))/np.sqrt(2*np.pi)
        slope = np.maximum(1 - hazard*(u + hazard), 0.5/(1 + u*u))
        step = (u + hazard - t)/slope
        u -= step
        if (np.abs(step) < 1e-6*(1 + np.abs(u))).all():
            break

    def log_terms(zeta: Any) -> Any:
        return m*(log_ndtr(u - 1j*zeta) - (zeta + 1j*(u - t))**2/2)

    return _log_integral(log_terms, WIDTH/np.sqrt(m*slope), m)


def _log_above(t: Array, m: float) -> Array:
    def log_terms(zeta: Any) -> Any:
        w = 1j*t/(m - 1) + zeta
        log_tail = log_ndtr(1j*w - t)
        log_power = m*_log1m_exp(np.minimum(log_tail.real, 2), log_tail.imag)
        far = log_tail.real > 2
        log_power[far] = m*log_ndtr((t - 1j*w)[far])
        log_gap = np.log(-_expm1(np.minimum(log_power.real, 30), log_power.imag))
        log_gap = np.where(log_power.real > 30, log_power + 1j*np.pi, log_gap)
        return np.where(log_tail.real < -40, np.log(m) + log_tail, log_gap) - m/2*w*w

    return _log_integral(log_terms, np.full_like(t, WIDTH/np.sqrt(m - 1)), m)


def _log_integral(log_terms: Callable[[Any], Any], s: Array, m: float) -> Array:
    """The log of sqrt(m/(2 pi)) times the integral, from the peak outwards until nothing is left."""
    total, top = np.zeros_like(s), np.zeros_like(s)
    for chunk in range(CHUNKS):
        u = STEP*(np.arange(TOGETHER)[:, None] + TOGETHER*chunk + 0.5) + 1j*BEND
        terms = log_terms(s*(np.sinh(u) - 1j*np.sin(BEND)))
        if not chunk:
            top = terms.real.max(axis=0)
        total += (np.exp(terms - top)*np.cosh(u)).real.sum(axis=0)
        if (terms.real[-1] < top - NEGLIGIBLE).all():
            break
    result: Array = top + np.log(2*STEP*s*np.sqrt(m/(2*np.pi))*total)
    return result


def _log1m_exp(x: Array, y: Array) -> Any:
    """log(1 - e^(x + iy)), its imaginary part in (-pi, pi]; NumPy's complex log1p and expm1 lose small arguments."""
    real, imag = -np.exp(x)*np.cos(y), -np.exp(x)*np.sin(y)
    return 0.5*np.log1p(real*(2 + real) + imag*imag) + 1j*np.arctan2(imag, 1 + real)


def _expm1(x: Array, y: Array) -> Any:
    return np.expm1(x)*np.cos(y) - 2*np.sin(y/2)**2 + 1j*np.exp(x)*np.sin(y)
