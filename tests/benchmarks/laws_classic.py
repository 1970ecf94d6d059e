"""The classic laws: binomial, Poisson, gamma, normal and their like.

log P[X >= x] on seeded points at a time beside `scipy.stats`, and beside R, whose own clock times one call; its rows
need Rscript. Points and errors are those of [their page](laws_beside.md): an error is the largest relative error of the
log against ball arithmetic, and a value is lost where the log came out infinite, NaN or 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
import shutil
import sys

from measure import errors, medians, pairs, seconds
import numpy as np
from record import Row

sys.path.append(str(Path(__file__).parents[1]))
from laws.beside import LAWS, by_r, chosen

RUNS, SAMPLE, SLOW = 3, 1000, {"urns"}


def rows(quick: bool) -> Iterator[Row]:
    for name, law in LAWS.items():
        points = chosen(law, 20 if quick else 100 if name in SLOW else law.count)
        columns, sample = np.array(points).T, points[: 20 if quick else SAMPLE]
        truth = [law.ball(*map(Fraction, point)) for point in sample]
        ours, theirs = partial(law.fast, *columns), partial(law.scipy, *columns)
        runs, many = 1 if quick else RUNS, len(points)
        with np.errstate(all="ignore"):
            (error, lost), scipy = (errors(run()[: len(sample)], truth) for run in (ours, theirs))
            yield Row(name, "scipy.stats", *pairs(ours, theirs, runs, (many, many)), error, scipy[0], lost, scipy[1])
        if shutil.which("Rscript"):
            found = [(seconds(ours) / many, by_r(law.r, points)) for _ in range(runs)]
            r = errors(found[0][1][1][: len(sample)], truth)
            measured = medians([(time, its / many) for time, (its, _) in found])
            yield Row(name, "R", *measured, error, r[0], lost, r[1])
