"""The figures of the residue and of single pixels: what they draw is what the statements say and networks do."""

from __future__ import annotations

from math import isnan
from pathlib import Path
import re

import numpy as np
import pytest

import boundkit as bk
from boundkit.errors import ParameterError
from boundkit.library.beyond.linf_flip import linf_flip
from boundkit.library.beyond.pixels_figure import LARGEST, change_against_pixels, least_change
from boundkit.library.beyond.residue_figure import residue_against_steps, residue_rows
from boundkit.library.beyond.valid_image_flip import valid_image_flip

PAGE = Path(__file__).parents[2] / "docs" / "residue.md"
CUT = np.where(np.arange(20) < 5, 1, 0.15)


def near(seed: int) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(seed).standard_normal((60, 20)) * CUT
    return X, np.sign(X[:, 0])


def test_the_least_change_is_that_of_the_smallest_c() -> None:
    """By another route: the solver's smallest c; the figure's is on a grid of 500 and at most 2% above."""
    for s, more in ((linf_flip, {}), (valid_image_flip, {"top": LARGEST})):
        at = {"d": 12288, "ell": 6144, "m": 16, "k": 4}
        c = bk.catalogue[s.name].solve_for("c", failure=0.01, **at, output=1, **more).value
        best = s(**at, output=1, c=c, **more).bounds[0]
        assert best <= least_change(s, 0.01, **at, **more) <= best * 1.02
    assert isnan(least_change(linf_flip, 0.01, d=784, ell=392, m=64, k=16))


def test_the_steps_are_above_the_radius_and_fall_with_the_pixels() -> None:
    ax = change_against_pixels(d="3072,12288,150528", m=(16,))
    upward, both, none = (line.get_ydata() for line in ax.lines)
    assert (none < both).all()
    assert (both < upward).all()
    assert all((np.diff(values) < 0).all() for values in (upward, both, none))
    with pytest.raises(ParameterError, match="below 1"):
        change_against_pixels(failure=2)


def test_the_rows_keep_the_bounds_and_are_what_is_drawn() -> None:
    rows = residue_rows(*near(1), steps=(5, 50, 500), m=4)
    assert all(row.moved <= row.by_log <= row.by_sizes for row in rows)
    assert rows[0].gradient == pytest.approx(1, abs=0.5)
    assert rows[-1].gradient > 1.5
    ax = residue_against_steps(rows)
    drawn = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert list(drawn["bound from the log"]) == [row.by_log for row in rows]
    assert list(drawn[r"added to $\hat W$"]) == [row.moved for row in rows]


def test_points_without_labels_are_refused() -> None:
    X, y = near(1)
    with pytest.raises(ParameterError, match="go together"):
        residue_rows(X)
    with pytest.raises(ParameterError, match="a label"):
        residue_rows(X, 2 * y)


@pytest.mark.slow
def test_the_page_says_what_the_digits_do() -> None:
    """Medians over five starts: to a tenth up to 400 steps, to a fifth beyond, where rounding has grown."""
    pytest.importorskip("sklearn")
    table = [
        [float(x.strip(" %")) for x in line.strip("|").split("|")]
        for line in PAGE.read_text().splitlines()
        if re.match(r"\| \d+ \|", line)
    ]
    steps = [int(row[0]) for row in table]
    found = [residue_rows(steps=steps, seed=seed) for seed in range(5)]
    names = ("moved", "by_log", "by_sizes", "gradient", "too_long", "too_short", "flip")
    for i, (_, *printed) in enumerate(table):
        for name, number in zip(names, printed, strict=True):
            share = 100 if name.startswith("too_") else 1
            median = share * np.median([getattr(rows[i], name) for rows in found])
            assert median == pytest.approx(number, rel=0.1 if steps[i] <= 400 else 0.2, abs=0.5 if share > 1 else 0.01)
        assert all(rows[i].too_short == 0 for rows in found)
