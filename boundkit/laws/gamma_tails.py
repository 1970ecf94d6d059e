"""The regularised incomplete gamma functions at x = a s, as e^(-s phi(a)) times something tame, on arrays.

With g(s) = s^s e^(-s)/Gamma(s) the two M- and J-fractions are

    P(s, x) = g e^(-s phi)/T_0,  T_k = s - x + k + (k + 1) x/T_(k+1),
    Q(s, x) = g e^(-s phi)/U_0,  U_k = x - s + 2k + 1 + (k + 1)(s - k - 1)/U_(k+1)   (DLMF 8.9.2, contracted),

run backwards from the fixed point of their last step. How deep depends on s phi, and little on s: the depths below are
the largest needed for 2^-54 at any s >= 1/2 and x >= 1, found by comparison with depth 3000 in extended precision;
for smaller s those of half the exponent do.
Near the centre, where the fractions are slow, there is Temme's expansion; for x < 1 the power series of P.
"""

from __future__ import annotations

from functools import partial
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma, zetac

from boundkit.laws.arrays import Array, Mask, in_cache
from boundkit.laws.deviance import deviance
from boundkit.laws.pairs import half_word
from boundkit.laws.temme import EXPONENT_BELOW, SMALLEST, horner, temme

DEPTHS = (96, 48, 30, 22, 26, 17, 12, 9, 7, 6, 5, 3)  # for s phi below 1, 2, 4, ..., 1024, and beyond
STIRLING_FROM = 10.0
STIRLING = np.array(
    [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400]
)  # DLMF 5.11.1
LOG_GAMMA = np.array([1 - np.euler_gamma, *((-1) ** k * zetac(k) / k for k in range(2, 56))])  # DLMF 5.7.3
SERIES_BELOW = 1.0  # x; there the fraction for Q is slow, and P not near 1 unless s is small
TERMS = 20  # 1/20! is below 2^-60
TINY_BELOW, TINY_EXPONENT = 1.0, 2.0  # s and s phi; there P may be near 1 also for x < 1
LEAST, MOST = 5e-324, 1e290  # a; beyond the one P = 0, beyond the other log Q = -x as far as doubles see
LOW, HIGH = 2.0**-900, 2.0**900  # 2x; below, P is a power of x to all digits; above, log Q and the log density are -x
UPPER, LOWER, TEMME, SERIES, TINY = accumulate([0, len(DEPTHS), len(DEPTHS), len(SMALLEST), 1])


def log_tail(upper: Mask | bool, a: Array, a_rest: Array, s: Array) -> Array:
    """log Q(s, x) where `upper`, else log P(s, x), x = (a + a_rest) s, for 0 <= a <= inf."""
    lower, lead, rest, gap, method = in_cache(_prepare, a, a_rest, s)
    tame = _by_method(method, s, a, gap, lead + rest)
    log_p: Array = in_cache(_finish, np.broadcast_to(upper, a.shape), lower, lead, rest, tame, method, a, s)[0]
    return log_p


def log_density(a: Array, a_rest: Array, s: Array) -> Array:
    """log of x times the gamma density at x = (a + a_rest) s > 0."""
    lead, rest = exponent(np.clip(a, LEAST, MOST), a_rest, s)
    return (np.log(scale(s)) - rest) - lead


def log_least(df: Array) -> Array:
    """log P[chi2_df <= LOW]."""
    return log_tail(False, LOW / df, np.zeros_like(df), 0.5 * df)


def _prepare(a: Array, a_rest: Array, s: Array) -> tuple[Mask, Array, Array, Array, NDArray[np.uint8]]:
    """Whether P is the tail to compute, not Q; lead and rest of the exponent; x - s; the method.

    That tail is the smaller one, or its logarithm is not near 0, or the method is TINY.
    """
    a = np.clip(a, LEAST, MOST)
    lead, rest = exponent(a, a_rest, s)
    gap = s * ((a - 1) + a_rest)
    x = s * a
    lower = (gap < 0) | (x < SERIES_BELOW)
    return lower, lead, rest, gap, _methods(s, x, lead, lower)


def _finish(
    upper: Mask, lower: Mask, lead: Array, rest: Array, tame: Array, method: NDArray[np.uint8], a: Array, s: Array
) -> tuple[Array]:
    """The log that was asked for, from the tail that was computed."""
    small = (np.log(tame) - rest) - lead
    large = np.log1p(-np.exp(-lead) * np.exp(-np.maximum(rest, -1)) * tame)  # rest < -1 only if e^-lead is 0
    if (tiny := method == TINY).any():
        small[tiny] = tame[tiny]  # is the log itself, good near 0
        large[tiny] = np.log(-np.expm1(tame[tiny]))
    log_p = np.where(lower != upper, small, large)
    if (edge := (a < LEAST) | (a > MOST)).any():
        log_p[edge] = np.where(upper == (a > MOST), np.where(a > MOST, -s * a, -np.inf), 0.0)[edge]
    return (log_p,)


def _by_method(method: NDArray[np.uint8], *columns: Array) -> Array:
    """Sort the points by method and run each on its own."""
    order = np.argsort(method, kind="stable")
    columns = tuple(column[order] for column in columns)
    tame = np.empty_like(columns[0])
    ends = np.cumsum(np.bincount(method))
    for m in np.flatnonzero(np.diff(ends, prepend=0)):
        group = slice(ends[m - 1] if m else 0, ends[m])
        (tame[order[group]],) = in_cache(partial(_tame, int(m)), *(column[group] for column in columns))
    return tame


def _methods(s: Array, x: Array, exponents: Array, lower: Mask) -> NDArray[np.uint8]:
    """UPPER + i or LOWER + i for the fractions of DEPTHS[i], TEMME + i for its truncation i, SERIES, TINY."""
    octave = np.frexp(exponents)[1].astype(np.int16)  # short types are faster, also to sort
    quick = (lower | (s >= 2)).view(np.uint8) + (~lower & (s >= 3))  # there fewer terms do near the centre
    method = np.clip(octave - (s < 0.5), quick, len(DEPTHS) - 1).astype(np.uint8)
    method[lower] += LOWER
    truncation = sum(((s >= least).view(np.uint8) for least in SMALLEST), np.uint8(TEMME - 1))
    method = np.where((truncation >= TEMME) & (exponents < EXPONENT_BELOW), truncation, method)
    if (low := x < SERIES_BELOW).any():
        method[low] = SERIES
        method[low & (s < TINY_BELOW) & (exponents < TINY_EXPONENT)] = TINY
    return method


def _tame(method: int, s: Array, a: Array, gap: Array, exponents: Array) -> tuple[Array]:
    """The tail times e^exponent by one method; gap = (a - 1) s."""
    if method >= TINY:
        return (log_lower_tiny(s, a),)
    if method >= SERIES:
        return (scale(s) * lower_series(s, s * a),)
    if method >= TEMME:
        return (temme(s, np.copysign(1.0, gap), exponents, method - TEMME),)
    if method >= LOWER:
        return (scale(s) / lower_fraction(s * a, -gap, DEPTHS[method - LOWER]),)
    return (scale(s) / upper_fraction(s, gap, DEPTHS[method]),)


def exponent(a: Array, a_rest: Array, s: Array) -> tuple[Array, Array]:
    """s phi(a + a_rest) as an exact product and a rest of 2^-26 of it."""
    lead, rest = deviance(a)
    relative = a_rest / a
    rest += relative * ((a - 1) + 0.5 * relative)  # to second order: near a = 1 that is all there is
    s_lead = half_word(s)
    return s_lead * lead, (s - s_lead) * lead + s * rest


def scale(s: Array) -> Array:
    """g(s) = s^s e^(-s)/Gamma(s)."""
    result = np.sqrt(s / (2 * np.pi)) * np.exp(-horner(STIRLING, 1 / (s * s)) / s)
    small = s < STIRLING_FROM
    if small.any():
        t = s[small]
        result[small] = t**t * np.exp(-t) / gamma(t)
    return result


def lower_fraction(x: Array, gap: Array, depth: int) -> Array:
    """T_0; gap = s - x."""
    T = fixed_point(gap + depth, (depth + 1) * x)
    for k in range(depth - 1, -1, -1):
        np.divide(x, T, out=T)
        T *= k + 1
        T += gap
        T += k
    return T


def upper_fraction(s: Array, gap: Array, depth: int) -> Array:
    """U_0; gap = x - s."""
    U = fixed_point(gap + (2 * depth + 1), (depth + 1) * (s - (depth + 1)))
    for k in range(depth - 1, -1, -1):
        np.divide(s - (k + 1), U, out=U)
        U *= k + 1
        U += gap
        U += 2 * k + 1
    return U


def lower_series(s: Array, x: Array) -> Array:
    """1/T_0 for x < 1: sum of x^k/(s (s + 1) ... (s + k)), DLMF 8.7.1."""
    total = np.ones_like(x)
    for k in range(TERMS, 0, -1):
        total *= x / (s + k)
        total += 1
    return total / s


def log_lower_tiny(s: Array, a: Array) -> Array:
    """log P for s < 1, a s < 1, good where it is near 0: log(x^s/Gamma(s + 1)) + log(1 - s(...)), DLMF 8.7.1."""
    x = s * a
    total = np.zeros_like(x)
    for k in range(TERMS, 0, -1):
        total = x / k * (1 / (s + k) - total)
    log_x = np.where(a > 1e-290, np.log(x), np.log(s) + np.log(a))  # x may underflow
    return s * log_x - horner(LOG_GAMMA, s) * s + np.log1p(s) + np.log1p(-s * total)


def fixed_point(b: Array, c: Array) -> Array:
    """The larger solution of T = b + c/T, or where that is complex its real part."""
    return 0.5 * (b + np.sqrt(np.maximum(b * b + 4 * c, 0)))
