"""The chi-square law in log space."""
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boundkit.laws.arrays import NONNEGATIVE, POSITIVE, Array, elementwise
from boundkit.laws.deviance import half_word
from boundkit.laws.gamma_tails import TINY_BELOW, exponent, scale, small_tail

LARGEST_RATIO = 1e290  # beyond, phi(a) = a


def logcdf(x: ArrayLike, df: ArrayLike) -> Any:
    return elementwise(lambda x, df: _log_tail(*_ratio(x, df), df, False), x=(x, NONNEGATIVE), df=(df, POSITIVE))


def logsf(x: ArrayLike, df: ArrayLike) -> Any:
    return elementwise(lambda x, df: _log_tail(*_ratio(x, df), df, True), x=(x, NONNEGATIVE), df=(df, POSITIVE))


def logcdf_ratio(a: ArrayLike, df: ArrayLike) -> Any:
    return elementwise(lambda a, df: _log_tail(a, np.zeros_like(a), df, False), a=(a, NONNEGATIVE), df=(df, POSITIVE))


def logsf_ratio(a: ArrayLike, df: ArrayLike) -> Any:
    return elementwise(lambda a, df: _log_tail(a, np.zeros_like(a), df, True), a=(a, NONNEGATIVE), df=(df, POSITIVE))


def _ratio(x: Array, df: Array) -> tuple[Array, Array]:
    """x/df as a double and what its rounding lost."""
    a = x/df
    a_lead, df_lead = half_word(a), half_word(df)
    a_rest, df_rest = a - a_lead, df - df_lead
    lost = ((x - a_lead*df_lead) - a_lead*df_rest - a_rest*df_lead) - a_rest*df_rest
    return a, np.where(a < LARGEST_RATIO, lost/df, 0.0)


def _log_tail(a: Array, a_rest: Array, df: Array, upper: bool) -> Array:
    s = 0.5*df
    lower, lead, rest, tame = small_tail(np.clip(a, 5e-324, LARGEST_RATIO), a_rest, s)
    small_side = (np.log(tame) - rest) - lead
    large_side = np.log1p(-np.exp(-lead)*np.exp(-rest)*tame)
    if (near := (s < TINY_BELOW) & (small_side > -0.5)).any():
        large_side[near] = np.log(-np.expm1(small_side[near]))
    result = np.where(lower != upper, small_side, large_side)
    if upper:
        result = np.where(a > LARGEST_RATIO, -s*a, result)
    return np.where(a == 0, 0.0 if upper else -np.inf, result)
