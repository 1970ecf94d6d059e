"""The chi-square law in log space: tails, density and quantiles, where log(cdf) would underflow or round to 0.

All functions broadcast; scalars give a float, anything else an array. df is real, from 1e-6 to 1e15. A NaN in an array
makes its own result NaN; a scalar NaN, and a value outside its domain, is a ParameterError that says which and why.

Accuracy of the tails, tested against balls on the whole domain: relative error of the log at most 2e-15, on the large
side too, where log P is -Q. Results that no double can hold are -0.0 there.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf, ulp
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlogy

from boundkit.errors import PrecisionError
from boundkit.laws.arrays import LOG_PROBABILITY, NONNEGATIVE, Array, Domain, elementwise, in_cache, log_complement
from boundkit.laws.chi_square_quantiles import quantile
from boundkit.laws.gamma_tails import HIGH, LOW, STIRLING_FROM, log_density, log_least, log_tail
from boundkit.laws.pairs import two_product

DEGREES = Domain("in [1e-6, 1e15]", lambda df: (df >= 1e-6) & (df <= 1e15), "give degrees of freedom in that range")


def logcdf(x: ArrayLike, df: ArrayLike) -> Any:
    """log P[chi2_df <= x].

    Parameters
    ----------
    x : array_like
        At least 0. The quotient x/df is carried beyond double precision, so x as large as df = 1e9 loses nothing.
    df : array_like
        Degrees of freedom, real, in [1e-6, 1e15].

    Returns
    -------
    float or ndarray
        Of the broadcast shape; -inf at x = 0 and nowhere else.

    Raises
    ------
    ParameterError
        For values outside the domains, scalar NaN, and shapes that do not broadcast.

    Notes
    -----
    log P(df/2, x/2), DLMF 8.2.4; see `boundkit.laws.gamma_tails` for the method.

    Examples
    --------
    >>> print(f"{logcdf(300, 600):.12f}, and at 1e9 degrees {logcdf(5e8, 1e9):.6f}")
    -61.028631887063, and at 1e9 degrees -96573600.520823
    """
    return elementwise(lambda x, df: tail_by_value(False, x, df), x=(x, NONNEGATIVE), df=(df, DEGREES))


def logsf(x: ArrayLike, df: ArrayLike) -> Any:
    """log P[chi2_df >= x]: parameters, errors and accuracy as for `logcdf`; 0 at x = 0, -inf at x = inf.

    Examples
    --------
    >>> logsf([1e3, 1e9], 600)
    array([-5.01301433e+01, -4.99995420e+08])
    """
    return elementwise(lambda x, df: tail_by_value(True, x, df), x=(x, NONNEGATIVE), df=(df, DEGREES))


def logcdf_ratio(a: ArrayLike, df: ArrayLike) -> Any:
    """log P[chi2_df <= a df], a >= 0 as it is: a itself may be rounded before, the product is not formed.

    Examples
    --------
    >>> logcdf_ratio(0.5, [16, 10**9])
    array([-2.97331315e+00, -9.65736005e+07])
    """
    return elementwise(lambda a, df: _by_ratio(False, a, df), a=(a, NONNEGATIVE), df=(df, DEGREES))


def logsf_ratio(a: ArrayLike, df: ArrayLike) -> Any:
    """log P[chi2_df >= a df], like `logcdf_ratio`.

    Examples
    --------
    >>> print(f"{logsf_ratio(2.0, 600):.12f}")
    -95.833533463711
    """
    return elementwise(lambda a, df: _by_ratio(True, a, df), a=(a, NONNEGATIVE), df=(df, DEGREES))


def logpdf(x: ArrayLike, df: ArrayLike) -> Any:
    """log of the density of chi2_df at x; domains and errors as for `logcdf`.

    The error is at most 4e-16 times |log density| + |log x| + 4. At x = 0 it is inf, -log 2 or -inf for df <, =, > 2.

    Examples
    --------
    >>> logpdf([0, 600], [2, 600])
    array([-0.69314718, -4.46425473])
    """
    return elementwise(_logpdf, x=(x, NONNEGATIVE), df=(df, DEGREES))


def ppf_log(log_p: ArrayLike, df: ArrayLike) -> Any:
    """The x with log P[chi2_df <= x] = log_p.

    Parameters
    ----------
    log_p : array_like
        Natural log of a probability, at most 0; from -inf (x = 0) to 0 (x = inf).
    df : array_like
        Degrees of freedom, real, in [1e-6, 1e15].

    Returns
    -------
    float or ndarray
        Of the broadcast shape. Relative error at most 8e-16 (1 + |log(x/df)|), but for what 2e-15 of log_p moves x.

    Raises
    ------
    ParameterError
        As for `logcdf`.

    Examples
    --------
    >>> round(ppf_log(-61.028631887063, 600), 9)
    300.0
    """
    return elementwise(lambda log_p, df: quantile(False, log_p, df), log_p=(log_p, LOG_PROBABILITY), df=(df, DEGREES))


def isf_log(log_p: ArrayLike, df: ArrayLike) -> Any:
    """The x with log P[chi2_df >= x] = log_p, like `ppf_log`; inf at log_p = -inf, 0 at log_p = 0.

    Examples
    --------
    >>> isf_log([-95.833533463711, -1e6], 600)
    array([1.2000000e+03, 2.0054449e+06])
    """
    return elementwise(lambda log_p, df: quantile(True, log_p, df), log_p=(log_p, LOG_PROBABILITY), df=(df, DEGREES))


def ppf_log_bracket(log_p: float, df: float) -> tuple[float, float]:
    """Doubles (lo, hi) around the quantile of `ppf_log`, a few units in the last place apart, proved in balls.

    Raises
    ------
    ParameterError
        As for `ppf_log`.
    PrecisionError
        If no bracket can be proved.

    Examples
    --------
    >>> lo, hi = ppf_log_bracket(-5.0, 10)
    >>> lo < ppf_log(-5.0, 10) < hi and hi - lo < 1e-14
    True
    """
    from boundkit.laws.balls import chi_square_log_at_most

    x: float = ppf_log(log_p, df)
    ratio = _exact_ratio(df)
    return (
        _widen(x, -1, lambda end: chi_square_log_at_most(ratio(end), Fraction(df)) <= log_p),
        _widen(x, +1, lambda end: chi_square_log_at_most(ratio(end), Fraction(df)) >= log_p),
    )


def isf_log_bracket(log_p: float, df: float) -> tuple[float, float]:
    """Doubles (lo, hi) around the quantile of `isf_log`, like `ppf_log_bracket`.

    Examples
    --------
    >>> lo, hi = isf_log_bracket(-1e6, 600)
    >>> lo < isf_log(-1e6, 600) < hi and hi - lo < 1e-8
    True
    """
    from boundkit.laws.balls import chi_square_log_at_least

    x: float = isf_log(log_p, df)
    ratio = _exact_ratio(df)
    return (
        _widen(x, -1, lambda end: chi_square_log_at_least(ratio(end), Fraction(df)) >= log_p),
        _widen(x, +1, lambda end: chi_square_log_at_least(ratio(end), Fraction(df)) <= log_p),
    )


def _by_ratio(upper: bool, a: Array, df: Array) -> Array:
    return log_tail(upper, a, np.zeros_like(a), 0.5 * df)


def tail_by_value(upper: bool, x: Array, df: Array) -> Array:
    """log P[chi2_df >= x] where `upper`, else log P[chi2_df <= x], on columns; past LOW and HIGH as these go there."""
    if x.min(initial=HIGH) >= LOW and x.max(initial=LOW) <= HIGH:
        a, a_rest = in_cache(_ratio, x, df)
        return log_tail(upper, a, a_rest, 0.5 * df)
    log_p = tail_by_value(upper, np.clip(x, LOW, HIGH), df)
    low, high = x < LOW, x > HIGH
    s, less = 0.5 * df[low], x[low] / LOW
    if upper:  # P itself, where it is small, not the exponential of its log
        log_p[low] = np.where(
            log_p[low] > -0.7,
            np.log1p(np.expm1(log_p[low]) * less**s),
            log_complement(log_least(df[low]) + s * np.log(less)),
        )
    else:
        log_p[low] += s * np.log(less)
    log_p[high] = -0.5 * x[high] if upper else 0.0
    return log_p


def _ratio(x: Array, df: Array) -> tuple[Array, Array]:
    """x/df as a double, and what its rounding lost."""
    a = x / df
    product, lost = two_product(a, df)
    return a, ((x - product) - lost) / df


def _logpdf(x: Array, df: Array) -> Array:
    s, near = 0.5 * df, np.clip(x, LOW, HIGH)
    few = xlogy(s - 1, 0.5 * near) - 0.5 * near - gammaln(s) - np.log(2)
    many = log_density(*_ratio(near, df), s) - np.log(near)
    density = np.where(s < STIRLING_FROM, few, many)
    return np.where(x > HIGH, -0.5 * x, np.where(x < LOW, density + xlogy(s - 1, x / LOW), density))


def _exact_ratio(df: float) -> Callable[[float], Fraction]:
    return lambda x: Fraction(x) / Fraction(df)


def _widen(x: float, direction: int, proved: Callable[[float], bool]) -> float:
    """The first of x -+ 1, 4, 16, ... units in the last place that is proved to lie beyond the quantile."""
    if x == inf or (x == 0 and direction < 0):
        return x
    for steps in (4**k for k in range(16)):
        end: float = max(x + direction * steps * ulp(x), 0.0)
        if proved(end):
            return end
    raise PrecisionError(f"no bracket around {x} could be proved; give a probability further from 0 and 1")
