"""The functions of formulas on float arrays, where NumPy has none or loses digits."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
import operator
from typing import Any

import numpy as np

Numbers = np.ndarray | float


def special(name: str) -> Callable[..., np.ndarray]:
    """A function of SciPy's, which is not loaded before it is asked."""

    def function(*args: Any) -> Any:
        from scipy import special

        return getattr(special, name)(*args)

    return function


floor, ceil, erf, erfc = np.floor, np.ceil, special("erf"), special("erfc")


def largest(*terms: Numbers) -> Any:
    """The largest of several, item by item."""
    return reduce(np.maximum, terms)


def smallest(*terms: Numbers) -> Any:
    """The smallest of several, item by item."""
    return reduce(np.minimum, terms)


def factorial(n: Numbers) -> np.ndarray:
    """x!, nan at a pole."""
    return gamma(np.add(n, 1.0))


def gamma(x: Numbers) -> np.ndarray:
    """Gamma(x), nan at a pole."""
    pole = (np.asarray(x) <= 0) & (np.floor(x) == x)
    return np.where(pole, np.nan, special("gamma")(x))


def loggamma(x: Numbers) -> np.ndarray:
    """log(Gamma(x)), nan where x <= 0."""
    return np.where(np.asarray(x) > 0, special("gammaln")(x), np.nan)


def binomial(n: Numbers, k: Numbers) -> np.ndarray:
    """nan where floats lose digits: outside n >= k >= 0, but for small whole k."""
    n, k = np.broadcast_arrays(np.asarray(n, float), np.asarray(k, float))
    few = (np.floor(k) == k) & (k >= 0) & (k < 20)
    return np.where(few, special("binom")(n, k), np.exp(log_binomial(n, k)))


def log_binomial(n: Numbers, k: Numbers) -> np.ndarray:
    """By Stirling's formula, whose large terms have one sign; nan unless n >= k >= 0."""
    n, k = np.broadcast_arrays(np.asarray(n, float), np.asarray(k, float))
    rest = n - k
    with np.errstate(all="ignore"):
        half = np.log(n / k / rest / (2 * np.pi)) / 2
        large = -k * np.log(k / n) - rest * np.log1p(-k / n)
        found = large + half + _stirling_error(n) - _stirling_error(k) - _stirling_error(rest)
    return np.where((k == 0) | ((rest == 0) & (k > 0)), 0.0, np.where((rest > 0) & (k > 0), found, np.nan))


def _stirling_error(x: Numbers) -> np.ndarray:
    """log(x!) - (x log x - x + log(2 pi x)/2), x > 0."""
    far = ((1 / 1260 - 1 / 1680 / x**2) / x**2 - 1 / 360) / x**2 / x + 1 / 12 / x
    near = special("gammaln")(x + 1) - (x * np.log(x) - x + np.log(2 * np.pi * x) / 2)
    return np.where(x > 100, far, near)


def log_sum_exp(*terms: Numbers) -> np.ndarray:
    """log(exp(a) + exp(b) + ...) on arrays, without overflow or underflow."""
    top = largest(*terms)
    finite = np.where(np.isfinite(top), top, 0.0)
    return finite + np.log(reduce(operator.add, (np.exp(term - finite) for term in terms)))


def log_diff_exp(a: Numbers, b: Numbers) -> np.ndarray:
    """log(exp(a) - exp(b))."""
    gap = np.where(np.asarray(b) == -np.inf, -np.inf, np.subtract(b, a))
    return a + np.where(gap > -0.6931, np.log(-np.expm1(gap)), np.log1p(-np.exp(gap)))


def log_abs_diff_exp(a: Numbers, b: Numbers) -> np.ndarray:
    """log|exp(a) - exp(b)|."""
    return log_diff_exp(np.maximum(a, b), np.minimum(a, b))


def log_log1p_exp(a: Numbers) -> np.ndarray:
    """log(log(1 + exp(a)))."""
    return np.where(np.asarray(a) < -37, a, np.log(np.logaddexp(0.0, a)))


def log_erfc(x: Numbers) -> Any:
    """log(erfc(x))."""
    x = np.asarray(x, float)
    far = np.maximum(x, 0.0)
    return np.where(x > 0, np.log(special("erfcx")(far)) - far * far, np.log(erfc(x)))


def power_array(base: Numbers, exponent: Numbers) -> np.ndarray:
    """nan where floats cannot tell: NumPy makes 1 of nan**0, inf**0 and 1**nan, and a whole exponent of one near it."""
    told = np.isfinite(base) & np.isfinite(exponent) & np.greater_equal(base, 0)
    return np.where(told, np.power(base, exponent), np.nan)


def power_of_one_plus(x: Numbers, exponent: Numbers) -> np.ndarray:
    """|1 + x|**exponent by log(1 + x): what rounding 1 + x loses, a high power would magnify."""
    near = np.where(np.greater(x, -1.0), x, -2.0 - x)
    known = np.isfinite(near) & np.isfinite(exponent) & (near > -1)
    by_log = np.exp(exponent * np.log1p(np.where(known, near, 0.0)))
    return np.where(known, by_log, power_array(np.abs(1.0 + x), exponent))
