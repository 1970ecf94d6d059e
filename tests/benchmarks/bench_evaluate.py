"""Statement.evaluate on a million points of Theorem 5.1 beside the same formulas written by hand in NumPy.

    python tests/benchmarks/bench_evaluate.py

Prints the median of paired runs and their ratio; the aim is at most 2.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter

import numpy as np

import boundkit as bk

POINTS = 1_000_000
RUNS = 9


def by_hand(d, ell, m, k, output):
    """What one would write: bound, log failure and hypotheses, without a check of the values."""
    bound = 8 * np.sqrt(2) * np.abs(output) * m / k * np.sqrt(d / ell)
    log_failure = np.log(5) + np.logaddexp(np.log(m) - ell / 16, -np.log(d) / 2)
    applies = (ell >= 32 * (m - 1) * np.log(m**2 * d)) & (k >= 1) & (output != 0)
    return {"bound": bound, "log_failure": log_failure, "applies": applies}


def main() -> None:
    rng = np.random.default_rng(1)
    d = np.floor(10 ** rng.uniform(3, 8, POINTS))
    m = np.floor(10 ** rng.uniform(0, 2, POINTS))
    points = {
        "d": d, "ell": np.ceil(d * rng.uniform(0, 1, POINTS)), "m": m, "k": np.ceil(m * rng.uniform(0, 1, POINTS)),
        "output": rng.standard_normal(POINTS),
    }
    ours, hand = bk.theorem_5_1.evaluate(**points), by_hand(**points)
    for name in hand:
        assert np.allclose(ours[name], hand[name], rtol=1e-12, atol=1e-12), name
    times: dict[str, list[float]] = {"evaluate": [], "by hand": []}
    for _ in range(RUNS):
        for name, run in (("evaluate", bk.theorem_5_1.evaluate), ("by hand", by_hand)):
            start = perf_counter()
            run(**points)
            times[name].append(perf_counter() - start)
    ratios = [a / b for a, b in zip(*times.values(), strict=True)]
    print("| 10^6 points of Theorem 5.1 | median ms |\n|---|---|")
    for name, seconds in times.items():
        print(f"| {name} | {1000 * median(seconds):.0f} |")
    print(f"| ratio | {median(ratios):.2f} |")


if __name__ == "__main__":
    main()
