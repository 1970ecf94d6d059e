"""Chi-square and normal tails.

The fast laws beside SciPy's `stats` and `special`, a million points at a time. A time is that of one point; an error is
the largest relative error of the log on 500 of the points, against certified values; a value is lost where the log came
out infinite, NaN or 0 and the truth is an ordinary number. mpmath, with 50 digits, runs one by one on a few of the
points with df to 10^4. The last rows are calls with one value.
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
from scipy import special, stats

from boundkit.laws import balls, chi_square, normal

POINTS, SAMPLE, FEW, RUNS = 1_000_000, 500, 12, 5
Law = Callable[..., Any]


def mixes(rng: np.random.Generator, size: int) -> dict[str, tuple[Any, Any]]:
    """Ratios and degrees of freedom."""
    even = 10 * (1 - rng.random(size))
    df = 10 ** rng.uniform(0, 9, size)
    large = 10 ** np.random.default_rng(2).uniform(7, 9, size)
    below = np.random.default_rng(3).uniform(1, 10, size)
    return {
        "wide: df 1..1e9, a in (0, 10]": (even, 10 ** rng.uniform(0, 9, size)),
        "middle: df 10..1e5, a in 0.3..3": (rng.uniform(0.3, 3, size), 10 ** rng.uniform(1, 5, size)),
        "CLT: a = 1 + z sqrt(2/df), df 1..1e9": (np.maximum(1 + rng.standard_normal(size) * np.sqrt(2 / df), 1e-3), df),
        "small: df = 1, ..., 20, a in (0, 10]": (even, np.floor(rng.uniform(1, 21, size))),
        "large, below: a = 1 - z sqrt(2/df), z 1..10, df 1e7..1e9": (1 - below * np.sqrt(2 / large), large),
    }


def by_mpmath(x: Any, df: Any) -> Any:
    with mpmath.workdps(50):
        return np.array(
            [
                float(mpmath.log(mpmath.gammainc(n / 2, 0, u / 2, regularized=True)))
                for u, n in zip(x.tolist(), df.tolist(), strict=True)
            ]
        )


PEERS: dict[str, dict[str, Law]] = {
    "logcdf": {
        "stats.chi2.logcdf": stats.chi2.logcdf,
        "log of special.gammainc": lambda x, df: np.log(special.gammainc(df / 2, x / 2)),
    },
    "logsf": {
        "stats.chi2.logsf": stats.chi2.logsf,
        "log of special.gammaincc": lambda x, df: np.log(special.gammaincc(df / 2, x / 2)),
    },
}
OURS = {"logcdf": chi_square.logcdf, "logsf": chi_square.logsf}
TRUTH = {"logcdf": balls.chi_square_log_at_most, "logsf": balls.chi_square_log_at_least}
NORMAL: dict[str, Law] = {
    "stats.norm.logsf + log 2": lambda t: stats.norm.logsf(t) + np.log(2),
    "special.log_ndtr + log 2": lambda t: special.log_ndtr(-t) + np.log(2),
    "log of special.erfc": lambda t: np.log(special.erfc(t / np.sqrt(2))),
}


def compare(
    what: str,
    ours: Law,
    peers: dict[str, Law],
    points: tuple[Any, ...],
    truth: list[Any],
    runs: int,
) -> Iterator[Row]:
    """Speed on all points, accuracy on as many of them as there are true values."""
    size, sample = len(points[0]), [column[: len(truth)] for column in points]
    error, lost = errors(ours(*sample), truth)
    for peer, law in peers.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SciPy's logs of 0
            its_error, its_lost = errors(law(*sample), truth)
            found = pairs(partial(ours, *points), partial(law, *points), runs, (size, size))
        yield Row(what, peer, *found, error, its_error, lost, its_lost)


def rows(quick: bool) -> Iterator[Row]:
    size, sample, few, runs = (100, 20, 1, 1) if quick else (POINTS, SAMPLE, FEW, RUNS)
    rng = np.random.default_rng(1)
    for mix, (a, df) in mixes(rng, size).items():
        x = a * df
        for law, peers in PEERS.items():
            some = zip(x[:sample].tolist(), df[:sample].tolist(), strict=True)
            true = [TRUTH[law](Fraction(u) / Fraction(n), n) for u, n in some]
            yield from compare(f"{law}, {mix}", OURS[law], peers, (x, df), true, runs)
        chosen = np.flatnonzero(df[:sample] <= 1e4)[:few]
        if chosen.size:
            ours, theirs = partial(chi_square.logcdf, x, df), partial(by_mpmath, x[chosen], df[chosen])
            yield Row(f"logcdf, {mix}", "mpmath", *pairs(ours, theirs, runs, (size, chosen.size)))
    t = 10 ** rng.uniform(-6, 5, size)
    true = [balls.normal_log_two_sided(u) for u in t[:sample].tolist()]
    yield from compare("log_two_sided, t log-uniform in 1e-6..1e5", normal.log_two_sided, NORMAL, (t,), true, runs)
    for x, df in ((1100.0, 1000.0), (1.2, 1.1)):  # the second is about the slowest
        ours, theirs = partial(chi_square.logcdf, x, df), partial(stats.chi2.logcdf, x, df)
        found = pairs(ours, theirs, 1 if quick else 200)
        yield Row(f"logcdf, one value, df = {df:g}", "stats.chi2.logcdf", *found)
