"""The fast chi-square and normal laws beside what one would use instead, accuracy beside speed.

    python tests/benchmarks/bench_laws_chi_square.py [--points 1000000] [--runs 7]

Every method runs on the same points in turn, `runs` times; a row gives the median time a point and the median of the
paired ratios to boundkit's. Errors are relative errors of the log on a sample, the truth is certified; a value is lost
where the log came out infinite, NaN, or 0, and the truth is an ordinary number. mpmath (50 digits) runs on a few points
of the sample with df <= 10^4 only.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from fractions import Fraction
from statistics import median
from time import perf_counter
from typing import Any
import warnings

from flint import arb, ctx
import mpmath
import numpy as np
from scipy import special, stats

from boundkit.laws import balls, chi_square, normal

SAMPLE, FEW = 500, 12


def mixes(rng: np.random.Generator, size: int) -> dict[str, tuple[Any, Any]]:
    """Ratios and degrees of freedom."""
    even = 10*(1 - rng.random(size))
    df = 10**rng.uniform(0, 9, size)
    large = 10**np.random.default_rng(2).uniform(7, 9, size)
    below = np.random.default_rng(3).uniform(1, 10, size)
    return {
        "wide: df 1..1e9, a in (0, 10]": (even, 10**rng.uniform(0, 9, size)),
        "middle: df 10..1e5, a in 0.3..3": (rng.uniform(0.3, 3, size), 10**rng.uniform(1, 5, size)),
        "CLT: a = 1 + z sqrt(2/df), df 1..1e9": (np.maximum(1 + rng.standard_normal(size)*np.sqrt(2/df), 1e-3), df),
        "small: df = 1, ..., 20, a in (0, 10]": (even, np.floor(rng.uniform(1, 21, size))),
        "large, below: a = 1 - z sqrt(2/df), z 1..10, df 1e7..1e9": (1 - below*np.sqrt(2/large), large),
    }


def by_mpmath(x: Any, df: Any) -> Any:
    with mpmath.workdps(50):
        return np.array([float(mpmath.log(mpmath.gammainc(n/2, 0, u/2, regularized=True)))
                         for u, n in zip(x.tolist(), df.tolist(), strict=True)])


METHODS: dict[str, dict[str, Callable[..., Any]]] = {
    "logcdf": {
        "boundkit": chi_square.logcdf,
        "scipy.stats.chi2.logcdf": stats.chi2.logcdf,
        "log of scipy.special.gammainc": lambda x, df: np.log(special.gammainc(df/2, x/2)),
    },
    "logsf": {
        "boundkit": chi_square.logsf,
        "scipy.stats.chi2.logsf": stats.chi2.logsf,
        "log of scipy.special.gammaincc": lambda x, df: np.log(special.gammaincc(df/2, x/2)),
    },
}
NORMAL: dict[str, Callable[..., Any]] = {
    "boundkit": normal.log_two_sided,
    "scipy.stats.norm.logsf + log 2": lambda t: stats.norm.logsf(t) + np.log(2),
    "scipy.special.log_ndtr + log 2": lambda t: special.log_ndtr(-t) + np.log(2),
    "log of scipy.special.erfc": lambda t: np.log(special.erfc(t/np.sqrt(2))),
}
TRUTH = {"logcdf": balls.chi_square_log_at_most, "logsf": balls.chi_square_log_at_least}


def errors(computed: Any, truth: list[Any]) -> tuple[float, float]:
    """The worst relative error of the log, and the share of lost values."""
    worst, lost, ordinary = 0.0, 0, 0
    with ctx.workprec(160):
        for value, log_p in zip(computed.tolist(), truth, strict=True):
            if abs(float(log_p)) < 1e-300:
                continue
            ordinary += 1
            if value == 0 or not np.isfinite(value):
                lost += 1
            else:
                worst = max(worst, float(abs((arb(value) - log_p)/log_p)))
    return worst, lost/max(ordinary, 1)


def seconds(run: Callable[..., Any], *arguments: Any) -> float:
    start = perf_counter()
    run(*arguments)
    return perf_counter() - start


def compare(points: str, law: str, methods: dict[str, Callable[..., Any]], arguments: tuple[Any, ...], truth: list[Any],
            runs: int) -> None:
    times = [[seconds(run, *arguments) for run in methods.values()] for _ in range(runs)]
    for i, (name, run) in enumerate(methods.items()):
        cost, ratio = median(row[i] for row in times), median(row[i]/row[0] for row in times)
        worst, lost = errors(run(*(x[:SAMPLE] for x in arguments)), truth)
        speed = f"{cost/len(arguments[0])*1e9:.0f} | {ratio:.2f}"
        print(f"| {points} | {law} | {name} | {speed} | {worst:.1e} | {lost:.0%} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    warnings.simplefilter("ignore")  # SciPy's logs of 0
    print("| points | law | method | ns a point | ratio | worst error | lost |")
    print("|---|---|---|---:|---:|---:|---:|")
    for mix, (a, df) in mixes(rng, options.points).items():
        x = a*df
        for law, methods in METHODS.items():
            sample = zip(x[:SAMPLE].tolist(), df[:SAMPLE].tolist(), strict=True)
            truth = [TRUTH[law](Fraction(u)/Fraction(n), n) for u, n in sample]
            compare(mix, law, methods, (x, df), truth, options.runs)
        few = np.flatnonzero(df[:SAMPLE] <= 1e4)[:FEW]
        if few.size:
            cost = seconds(by_mpmath, x[few], df[few])/len(few)
            print(f"| {mix} | logcdf | mpmath, 50 digits | {cost*1e9:.0f} | | | |")
    t = 10**rng.uniform(-6, 5, options.points)
    truth = [balls.normal_log_two_sided(u) for u in t[:SAMPLE].tolist()]
    compare("t log-uniform in 1e-6..1e5", "log_two_sided", NORMAL, (t,), truth, options.runs)
    one = median(seconds(chi_square.logcdf, 1100.0, 1000.0) for _ in range(200))
    another = median(seconds(chi_square.logcdf, 1.2, 1.1) for _ in range(200))
    print(f"\nOne value: {one*1e6:.0f} microseconds at df = 1000, {another*1e6:.0f} at df = 1.1, about the slowest.")


if __name__ == "__main__":
    main()
