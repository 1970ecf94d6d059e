"""The regularised incomplete gamma functions at x = a s, as e^(-s phi(a)) times something tame, on arrays.

With g(s) = s^s e^(-s)/Gamma(s + 1) the two M- and J-fractions are

    P(s, x) = s g e^(-s phi)/T_0,  T_k = s - x + k + (k + 1) x/T_(k+1),
    Q(s, x) = s g e^(-s phi)/U_0,  U_k = x - s + 2k + 1 + (k + 1)(s - k - 1)/U_(k+1)   (DLMF 8.9.2, contracted),

run backwards from the fixed point of their last step. How deep depends on s phi only, and little on s: the depths below
are the largest needed for 2^-54 anywhere, found by comparison with depth 3000 in extended precision.
Near the centre, where the fractions are slow, there is Temme's expansion.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gamma

from boundkit.laws.arrays import Array
from boundkit.laws.deviance import deviance, half_word
from boundkit.laws.temme import EXPONENT_BELOW, SMALLEST, horner, temme

DEPTHS = {0: 80, 1: 44, 2: 30, 4: 20, 8: 26, 13: 19, 20: 15, 50: 10, 150: 7, 745: 3}  # from this s phi on
EXPONENTS, DEPTH = np.array(list(DEPTHS), dtype=np.float64), list(DEPTHS.values())
STIRLING_FROM = 10.0
STIRLING = np.array([1/12, -1/360, 1/1260, -1/1680, 1/1188, -691/360360, 1/156, -3617/122400])  # DLMF 5.11.1
UPPER_FROM = 1.0  # x; below, the fraction for Q is slow, and P is not near 1


def small_tail(a: Array, a_rest: Array, s: Array) -> tuple[Array, Array, Array, Array]:
    """At the ratio a + a_rest: (whether the tail is P, not Q; lead and rest of s phi; the tail times e^(s phi)).

    The tail is the one away from the mean: the smaller one, or nearly so.
    """
    lead, rest = exponent(a, a_rest, s)
    deviation = (a - 1) + a_rest
    x = s*a
    lower = (deviation < 0) | (x < UPPER_FROM)
    centre = (s >= SMALLEST[0]) & (lead < EXPONENT_BELOW)
    method = np.searchsorted(EXPONENTS, lead, side="right")
    method += np.where(lower, len(DEPTH), 0)
    method[centre] = -np.searchsorted(SMALLEST, s[centre], side="right")
    tame = np.empty_like(a)
    for m in np.flatnonzero(np.bincount(method + len(SMALLEST))) - len(SMALLEST):
        here = np.flatnonzero(method == m)
        s_m, gap = s[here], (s*deviation)[here]
        if m < 0:
            tame[here] = temme(s_m, np.where(gap < 0, -1.0, 1.0), (lead + rest)[here], -m - 1)
        elif m <= len(DEPTH):
            tame[here] = s_m*scaled_gamma(s_m)/upper_fraction(s_m, gap, DEPTH[m - 1])
        else:
            tame[here] = s_m*scaled_gamma(s_m)/lower_fraction(x[here], -gap, DEPTH[m - 1 - len(DEPTH)])
    return lower, lead, rest, tame


def exponent(a: Array, a_rest: Array, s: Array) -> tuple[Array, Array]:
    """s phi(a + a_rest) as an exact product and a rest of 2^-26 of it."""
    lead, rest = deviance(a)
    rest += a_rest*((a - 1)/a)
    s_lead = half_word(s)
    return s_lead*lead, (s - s_lead)*lead + s*rest


def scaled_gamma(s: Array) -> Array:
    """s^s e^(-s)/Gamma(s + 1)."""
    small = s < STIRLING_FROM
    result = np.exp(-horner(STIRLING, 1/(s*s))/s)/np.sqrt(2*np.pi*s)
    if small.any():
        t = s[small]
        result[small] = t**t*np.exp(-t)/gamma(t + 1)
    return result


def lower_fraction(x: Array, gap: Array, depth: int) -> Array:
    """T_0; gap = s - x."""
    T = fixed_point(gap + depth, (depth + 1)*x)
    for k in range(depth - 1, -1, -1):
        np.divide(x, T, out=T)
        T *= k + 1
        T += gap
        T += k
    return T


def upper_fraction(s: Array, gap: Array, depth: int) -> Array:
    """U_0; gap = x - s."""
    U = fixed_point(gap + (2*depth + 1), (depth + 1)*(s - (depth + 1)))
    for k in range(depth - 1, -1, -1):
        np.divide(s - (k + 1), U, out=U)
        U *= k + 1
        U += gap
        U += 2*k + 1
    return U


def fixed_point(b: Array, c: Array) -> Array:
    """The larger solution of T = b + c/T, or where that is complex its real part."""
    return 0.5*(b + np.sqrt(np.maximum(b*b + 4*c, 0)))
