"""The inner product and row sums beside what one would use instead, accuracy beside speed.

    python tests/benchmarks/bench_laws_family.py [--points 200000] [--sample 300]

Quadrature is over the length of one vector: scipy.integrate.quad from 0 to infinity as one writes it first, the same
to 13 digits on a range chosen by hand, and mpmath.quad at 50 digits on a few points; what underflows is lost. Errors
are relative errors of the log on the sample; the truth is certified. One run, one process, one thread.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from fractions import Fraction
from statistics import median
from time import perf_counter
from typing import Any
import warnings

from flint import ctx
import mpmath
import numpy as np
from scipy.integrate import quad
from scipy.special import gammaln, ndtr

from boundkit.laws import balls, inner_product, row_sum, row_sums

FEW, RUNS = 6, 5


def inner_products(rng: np.random.Generator, size: int, low: float, high: float) -> tuple[Any, ...]:
    n = np.round(np.exp(rng.uniform(np.log(low), np.log(high), size)))
    return np.exp(rng.uniform(-3, 3, size))*np.sqrt(n), n


def lower_tails(rng: np.random.Generator, size: int, low: float, high: float) -> tuple[Any, ...]:
    n = np.round(np.exp(rng.uniform(np.log(low), np.log(high), size)))
    m = 1 + np.exp(rng.uniform(-3, 9.2, size))
    return 1 - np.abs(rng.normal(size=size))*6*np.sqrt((m + 1)/n), n, m


def below_zero(rng: np.random.Generator, size: int, low: float, high: float) -> tuple[Any, ...]:
    return tuple(lower_tails(rng, size, low, high)[1:])


def plain(integrand: Callable[[float], float], _centre: float) -> float:
    return float(quad(integrand, 0, np.inf)[0])


def careful(integrand: Callable[[float], float], centre: float) -> float:
    return float(quad(integrand, max(0.0, centre - 12), centre + 12, epsabs=0, epsrel=1e-13, limit=200)[0])


def over_lengths(integrate: Callable[..., float], n: float, tail: Callable[[float], float]) -> float:
    """log of the mean of tail(|b|)."""
    scale = (n/2 - 1)*np.log(2) + gammaln(n/2)
    value = integrate(lambda r: np.exp((n - 1)*np.log(r) - r*r/2 - scale)*tail(r), np.sqrt(n))
    return float(np.log(value)) if value > 0 else -np.inf


def quad_inner_product(integrate: Callable[..., float], s: float, n: float) -> float:
    return over_lengths(integrate, n, lambda r: 2*ndtr(-s/r))


def quad_row_sum(integrate: Callable[..., float], c: float, n: float, m: float) -> float:
    return over_lengths(integrate, n, lambda r: ndtr((c*n - r*r)/(np.sqrt(m - 1)*r)))


def mpmath_lengths(n: float, tail: Callable[[Any], Any]) -> float:
    with mpmath.workdps(50):
        n, root = mpmath.mpf(n), mpmath.sqrt(n)
        scale = 2**(n/2 - 1)*mpmath.gamma(n/2)
        cuts = [max(0, root + k) for k in (-12, -6, -3, 0, 3, 6, 12)]
        return float(mpmath.log(mpmath.quad(lambda r: r**(n - 1)*mpmath.exp(-r*r/2)/scale*tail(r), sorted(set(cuts)))))


def mpmath_inner_product(s: float, n: float) -> float:
    return mpmath_lengths(n, lambda r: mpmath.erfc(s/r/mpmath.sqrt(2)))


def mpmath_row_sum(c: float, n: float, m: float) -> float:
    return mpmath_lengths(n, lambda r: mpmath.ncdf((c*n - r*r)/(mpmath.sqrt(m - 1)*r)))


def mpmath_below_zero(n: float, m: float) -> float:
    with mpmath.workdps(50):
        n, m = mpmath.mpf(n), mpmath.mpf(m)
        try:
            return float(mpmath.log(mpmath.betainc(n/2, mpmath.mpf(1)/2, 0, (m - 1)/m, regularized=True)/2))
        except (ValueError, mpmath.libmp.NoConvergence):  # for large n
            return np.nan


CASES: dict[str, tuple[Any, ...]] = {
    "inner product, n 1..100": (inner_products, 1, 100, inner_product.logsf_abs, balls.inner_product_log_at_least,
                                quad_inner_product, mpmath_inner_product),
    "inner product, n 100..1e6": (inner_products, 100, 1e6, inner_product.logsf_abs, balls.inner_product_log_at_least,
                                  quad_inner_product, mpmath_inner_product),
    "row sum, n 1..100": (lower_tails, 1, 100, row_sum.logcdf, balls.row_sum_log_at_most, quad_row_sum, mpmath_row_sum),
    "row sum, n 100..1e6": (lower_tails, 100, 1e6, row_sum.logcdf, balls.row_sum_log_at_most, quad_row_sum,
                            mpmath_row_sum),
    "row sum below zero, n 1..1e6": (below_zero, 1, 1e6, row_sum.log_below_zero, balls.row_sum_log_below_zero,
                                     lambda how, n, m: quad_row_sum(how, 0, n, m), mpmath_below_zero),
}


def timed(law: Callable[..., Any], columns: tuple[Any, ...]) -> tuple[float, list[float]]:
    """Seconds a point, and the values, one point at a time."""
    start = perf_counter()
    values = [law(*point) for point in zip(*(column.tolist() for column in columns), strict=True)]
    return (perf_counter() - start)/len(values), values


def errors(found: Any, truth: list[Any]) -> str:
    """The largest relative error of the log, and how many are lost."""
    with ctx.workprec(200):
        sizes = [float(abs((balls.arb(float(value)) - true)/true)) for value, true in zip(found, truth, strict=True)
                 if np.isfinite(value) and value != 0]
    lost = len(truth) - len(sizes)
    worst = f"{max(sizes):.1e}" if sizes else "-"
    return f"{worst}{f', {lost} of {len(truth)} lost' if lost else ''}"


def duration(seconds: float) -> str:
    return f"{seconds*1e6:.2f} us" if seconds < 1e-4 else f"{seconds*1e3:.2f} ms"


def rows(points: int, size: int) -> list[tuple[str, ...]]:
    found = []
    for name, (draw, low, high, fast, ball, by_quad, by_mpmath) in CASES.items():
        sample = draw(np.random.default_rng(1), size, low, high)
        exact, truth = timed(lambda *point, ball=ball: ball(*map(Fraction, point)), sample)
        many = draw(np.random.default_rng(2), points, low, high)
        runs = []
        for _ in range(RUNS):
            start = perf_counter()
            fast(*many)
            runs.append((perf_counter() - start)/points)
        ours = median(runs)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            slow, values = timed(lambda *point, law=by_quad: law(plain, *point), sample)
            slower, better = timed(lambda *point, law=by_quad: law(careful, *point), sample)
        few = tuple(column[:FEW] for column in sample)
        slowest, digits = timed(by_mpmath, few)
        one = min(timed(fast, few)[0] for _ in range(20))
        found += [
            (name, "boundkit", duration(ours), "1", errors(fast(*sample), truth), f"one point {duration(one)}"),
            ("", "quad, 0 to infinity", duration(slow), f"{slow/ours:.0f}", errors(values, truth), ""),
            ("", "quad, 13 digits asked", duration(slower), f"{slower/ours:.0f}", errors(better, truth), ""),
            ("", "mpmath, 50 digits", duration(slowest), f"{slowest/ours:.0f}", errors(digits, truth[:FEW]),
             f"{FEW} points"),
            ("", "certified", duration(exact), f"{exact/ours:.0f}", "0", "80 bits or more"),
        ]
    return found


def joint() -> tuple[str, ...]:
    arguments = (1/8, 600, 10, np.sqrt(2))
    row_sums.log_some_below(*arguments)
    start = perf_counter()
    value = row_sums.log_some_below(*arguments)
    seconds = perf_counter() - start
    event = "some X_i < n/8 or R > 2n; n = 600, m = 10"
    return event, "boundkit", duration(seconds), "", f"probability {np.exp(value):.4e}", ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--sample", type=int, default=300)
    given = parser.parse_args()
    print("| law | method | time a point | times boundkit's | largest relative error of the log | |")
    print("|---|---|---|---|---|---|")
    for row in (*rows(given.points, given.sample), joint()):
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
