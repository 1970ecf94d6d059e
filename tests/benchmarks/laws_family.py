"""Inner products and row sums.

The fast laws on 200,000 points at a time beside what one would use instead, one point at a time. A time is that of one
point; an error is the largest relative error of the log on the peer's points, against certified values; a value is lost
where the log came out infinite, NaN or 0. Quadrature is over the length of one vector: `scipy.integrate.quad` from 0 to
infinity as one writes it first, the same to 13 digits on a range chosen by hand, and mpmath with 50 digits on 6 points.
`certified` is boundkit's own proof of 80 bits or more. In rows "one at a time" boundkit is called for each point, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any
import warnings

from measure import errors, pairs
import mpmath
import numpy as np
from record import Row
from scipy.integrate import quad
from scipy.special import gammaln, ndtr

from boundkit.laws import balls, continuous_balls, inner_product, row_sum, row_sums

POINTS, SAMPLE, FEW, RUNS, FEWER_RUNS = 200_000, 300, 6, 5, 3
DRAWS = 1_000_000


def inner_products(rng: np.random.Generator, size: int, low: float, high: float) -> tuple[Any, ...]:
    n = np.round(np.exp(rng.uniform(np.log(low), np.log(high), size)))
    return np.exp(rng.uniform(-3, 3, size)) * np.sqrt(n), n


def lower_tails(rng: np.random.Generator, size: int, low: float, high: float) -> tuple[Any, ...]:
    n = np.round(np.exp(rng.uniform(np.log(low), np.log(high), size)))
    m = 1 + np.exp(rng.uniform(-3, 9.2, size))
    return 1 - np.abs(rng.normal(size=size)) * 6 * np.sqrt((m + 1) / n), n, m


def below_zero(rng: np.random.Generator, size: int, low: float, high: float) -> tuple[Any, ...]:
    return tuple(lower_tails(rng, size, low, high)[1:])


def plain(integrand: Callable[[float], float], _centre: float) -> float:
    return float(quad(integrand, 0, np.inf)[0])


def careful(integrand: Callable[[float], float], centre: float) -> float:
    return float(quad(integrand, max(0.0, centre - 12), centre + 12, epsabs=0, epsrel=1e-13, limit=200)[0])


def over_lengths(integrate: Callable[..., float], n: float, tail: Callable[[float], float]) -> float:
    """log of the mean of tail(|b|)."""
    scale = (n / 2 - 1) * np.log(2) + gammaln(n / 2)
    value = integrate(lambda r: np.exp((n - 1) * np.log(r) - r * r / 2 - scale) * tail(r), np.sqrt(n))
    return float(np.log(value)) if value > 0 else -np.inf


def quad_inner_product(integrate: Callable[..., float], s: float, n: float) -> float:
    return over_lengths(integrate, n, lambda r: 2 * ndtr(-s / r))


def quad_row_sum(integrate: Callable[..., float], c: float, n: float, m: float) -> float:
    return over_lengths(integrate, n, lambda r: ndtr((c * n - r * r) / (np.sqrt(m - 1) * r)))


def mpmath_lengths(n: float, tail: Callable[[Any], Any]) -> float:
    with mpmath.workdps(50):
        n, root = mpmath.mpf(n), mpmath.sqrt(n)
        scale = 2 ** (n / 2 - 1) * mpmath.gamma(n / 2)
        cuts = [max(0, root + k) for k in (-12, -6, -3, 0, 3, 6, 12)]
        return float(
            mpmath.log(
                mpmath.quad(lambda r: r ** (n - 1) * mpmath.exp(-r * r / 2) / scale * tail(r), sorted(set(cuts)))
            )
        )


def mpmath_inner_product(s: float, n: float) -> float:
    return mpmath_lengths(n, lambda r: mpmath.erfc(s / r / mpmath.sqrt(2)))


def mpmath_row_sum(c: float, n: float, m: float) -> float:
    return mpmath_lengths(n, lambda r: mpmath.ncdf((c * n - r * r) / (mpmath.sqrt(m - 1) * r)))


def mpmath_below_zero(n: float, m: float) -> float:
    with mpmath.workdps(50):
        n, m = mpmath.mpf(n), mpmath.mpf(m)
        try:
            return float(mpmath.log(mpmath.betainc(n / 2, mpmath.mpf(1) / 2, 0, (m - 1) / m, regularized=True) / 2))
        except (ValueError, mpmath.libmp.NoConvergence):  # for large n
            return np.nan


CASES: dict[str, tuple[Any, ...]] = {
    "inner product, n 1..100": (
        inner_products,
        1,
        100,
        inner_product.logsf_abs,
        balls.inner_product_log_at_least,
        quad_inner_product,
        mpmath_inner_product,
    ),
    "inner product, n 100..1e6": (
        inner_products,
        100,
        1e6,
        inner_product.logsf_abs,
        balls.inner_product_log_at_least,
        quad_inner_product,
        mpmath_inner_product,
    ),
    "row sum, n 1..100": (lower_tails, 1, 100, row_sum.logcdf, balls.row_sum_log_at_most, quad_row_sum, mpmath_row_sum),
    "row sum, n 100..1e6": (
        lower_tails,
        100,
        1e6,
        row_sum.logcdf,
        balls.row_sum_log_at_most,
        quad_row_sum,
        mpmath_row_sum,
    ),
    "row sum below zero, n 1..1e6": (
        below_zero,
        1,
        1e6,
        row_sum.log_below_zero,
        continuous_balls.row_sum_log_below_zero,
        lambda how, n, m: quad_row_sum(how, 0, n, m),
        mpmath_below_zero,
    ),
}


def each(law: Callable[..., Any], points: tuple[Any, ...]) -> list[float]:
    """The values, one point at a time; what SciPy and mpmath say about them is shown by their errors."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return [law(*point) for point in zip(*(column.tolist() for column in points), strict=True)]


def case(name: str, quick: bool) -> Iterator[Row]:
    draw, low, high, fast, ball, by_quad, by_mpmath = CASES[name]
    points, size, few = (200, 6, 1) if quick else (POINTS, SAMPLE, FEW)
    many, sample = draw(np.random.default_rng(2), points, low, high), draw(np.random.default_rng(1), size, low, high)
    truth = each(lambda *point: ball(*map(Fraction, point)), sample)
    first, wide = partial(by_quad, plain), partial(by_quad, careful)
    peers = (
        ("quad, 0 to infinity", first, size, RUNS),
        ("quad, 13 digits asked", wide, size, RUNS),
        ("mpmath, 50 digits", by_mpmath, few, FEWER_RUNS),
        ("certified", lambda *point: ball(*map(Fraction, point)), size, FEWER_RUNS),
    )
    for peer, law, count, runs in peers:
        some = tuple(column[:count] for column in sample)
        error, lost = errors(fast(*some), truth[:count])
        its_error, its_lost = (0.0, 0.0) if peer == "certified" else errors(each(law, some), truth[:count])
        found = pairs(partial(fast, *many), partial(each, law, some), 1 if quick else runs, (points, count))
        yield Row(name, peer, *found, error, its_error, lost, its_lost)
    found = pairs(partial(each, fast, sample), partial(each, wide, sample), 1 if quick else RUNS, (size, size))
    yield Row(f"{name}, one at a time", "quad, 13 digits asked", *found)


def drawn(n: int, m: int, draws: int) -> float:
    """log P[some X_i < n/8, or R > 2n] as simulated: from R ~ chi2_n and m normal variables a draw."""
    rng = np.random.default_rng(1)
    R, g = rng.chisquare(n, draws), rng.standard_normal((draws, m))
    least = R + np.sqrt(m * R) * (g.min(axis=1) - g.mean(axis=1))
    with np.errstate(divide="ignore"):
        return float(np.log(np.mean((least < n / 8) | (R > 2 * n))))


def joint(quick: bool) -> Row:
    n, m, draws = 600, 10, 100 if quick else DRAWS
    ours, theirs = partial(row_sums.log_some_below, 1 / 8, n, m, np.sqrt(2)), partial(drawn, n, m, draws)
    lost = float(np.isinf(theirs()))
    found = pairs(ours, theirs, 1 if quick else RUNS)
    return Row("some X_i < n/8 or R > 2n; n = 600, m = 10", "a million draws in NumPy", *found, lost=0.0, its_lost=lost)


def rows(quick: bool) -> Iterator[Row]:
    for name in CASES:
        yield from case(name, quick)
    yield joint(quick)
