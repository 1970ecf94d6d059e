"""The classic laws beside SciPy and R: log P[X >= x] at seeded points, and how far each is off from ball arithmetic.

cd tests && python -m laws.beside prints the table of docs/laws_beside.md; R's rows need Rscript.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import inf, isfinite
import shutil
import subprocess
from typing import Any

from laws import continuous, discrete
import numpy as np
from scipy import stats

from boundkit.laws import discrete_balls

SEED, BAD, TINY = 7, 1e-10, 1e-300
CALLS = 10
TIMED = (  # prints the seconds of so many calls, then the values
    'd <- read.table(file("stdin")); f <- function() with(d, {}); '
    f'cat(system.time(for (i in 1:{CALLS}) v <- f())[["elapsed"]], sprintf("%.17g", v), sep = "\\n")'
)


@dataclass(frozen=True)
class Law:
    """A law on arrays with its certified values, and what one would use instead.

    `points` are (x, parameters) from a seed, of which `count` are compared; `scipy` is called with their columns, and
    `r` is in R's V1, V2, ...
    """

    fast: Callable[..., Any]
    ball: Callable[..., Any]
    points: Callable[[int], Iterator[tuple[float, ...]]]
    scipy: Callable[..., Any]
    r: str
    count: int = 5000


def on_integers(name: str, scipy: Callable[..., Any], r: str, **how: Any) -> Law:
    """A law on the whole numbers, of which the peers know P[X > x]."""
    ball = getattr(discrete_balls, f"{name}_log_at_least")
    return Law(
        discrete.FAST[name].log_at_least, continuous.last_first(ball),
        lambda seed: discrete.DRAWN[name](np.random.default_rng(seed)),
        lambda x, *rest: scipy(np.ceil(x) - 1, *rest), r.replace("V1", "(ceiling(V1) - 1)"), **how,
    )  # fmt: skip


def on_reals(name: str, scipy: Callable[..., Any], r: str) -> Law:
    """A continuous law."""
    fast, ball, *_ = continuous.LAWS[name]
    return Law(fast, ball, lambda seed: continuous.stream(name, seed), scipy, r)


LAWS = {
    "binomial": on_integers("binomial", stats.binom.logsf, "pbinom(V1, V2, V3, FALSE, TRUE)"),
    "Poisson": on_integers("poisson", stats.poisson.logsf, "ppois(V1, V2, FALSE, TRUE)"),
    "trials until r successes": on_integers(
        "negative_binomial",
        lambda t, r, p: stats.nbinom.logsf(t - r, r, p),
        "pnbinom(V1 - V2, V2, V3, lower = FALSE, log = TRUE)",
    ),
    "urns": on_integers(  # which SciPy sums, ball by ball
        "hypergeometric", stats.hypergeom.logsf, "phyper(V1, V3, V2 - V3, V4, FALSE, TRUE)", count=1000
    ),
    "normal": on_reals("normal, above", stats.norm.logsf, "pnorm(V1, lower = FALSE, log = TRUE)"),
    "gamma": on_reals("gamma, above", stats.gamma.logsf, "pgamma(V1, V2, lower = FALSE, log = TRUE)"),
    "beta": on_reals("beta, above", stats.beta.logsf, "pbeta(V1, V2, V3, lower = FALSE, log = TRUE)"),
    "Student": on_reals("Student, above", stats.t.logsf, "pt(V1, V2, lower = FALSE, log = TRUE)"),
}


def chosen(law: Law, count: int) -> list[tuple[float, ...]]:
    """The points at which all are asked."""
    return list(islice(law.points(SEED), count))


def by_r(expression: str, points: list[tuple[float, ...]]) -> tuple[float, Any]:
    """The seconds that R took for one call, and what it gave."""
    lines = "".join(" ".join(repr(float(x)) for x in point) + "\n" for point in points)
    command = ["Rscript", "-e", TIMED.replace("{}", expression)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    seconds, *values = done.stdout.split()
    return float(seconds) / CALLS, np.array([float(value) for value in values])


def found_by(law: Law, points: list[tuple[float, ...]]) -> dict[str, Any]:
    """The logs of each, at the points."""
    columns = np.array(points).T
    with np.errstate(all="ignore"):
        found = {"boundkit": law.fast(*columns), "SciPy": law.scipy(*columns)}
    return found | ({"R": by_r(law.r, points)[1]} if shutil.which("Rscript") else {})


@dataclass(frozen=True)
class Quality:
    """Of so many points how many are lost (infinite, NaN, or 0) or off by more than BAD, and the worst of the rest."""

    points: int
    lost: int
    wrong: int
    worst: float


def quality(found: Any, truth: list[Any]) -> Quality:
    """How good the logs are, at the points at which a double can hold the true one."""
    both = [(got, log) for got, log in zip(found.tolist(), truth, strict=True) if log.is_finite() and abs(log) > TINY]
    errors = [continuous.error(got, log) if isfinite(got) and got != 0 else inf for got, log in both]
    kept = [error for error in errors if isfinite(error)]
    return Quality(len(errors), len(errors) - len(kept), sum(error > BAD for error in errors), max(kept))


def qualities(name: str) -> dict[str, Quality]:
    """How good each is for one law."""
    law = LAWS[name]
    points = chosen(law, law.count)
    truth = [law.ball(*map(Fraction, point)) for point in points]
    return {by: quality(found, truth) for by, found in found_by(law, points).items()}


def table() -> Iterator[str]:
    """The lines of the table."""
    yield from ("| law | points | by | lost | error above 1e-10 | largest error |", "|---|---:|---|---:|---:|---:|")
    for name in LAWS:
        for by, one in qualities(name).items():
            yield f"| {name} | {one.points} | {by} | {one.lost} | {one.wrong} | {one.worst:.0e} |"


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)  # noqa: T201  a command
