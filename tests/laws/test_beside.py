"""The table of docs/laws_beside.md is what its command measures."""

from fractions import Fraction
from pathlib import Path
import re
import shutil
import subprocess

from laws.beside import LAWS, found_by, qualities
import numpy as np
import pytest
import scipy

PAGE = (Path(__file__).parents[2] / "docs" / "laws_beside.md").read_text()
ROWS = re.findall(r"^\| ([\w ]+) \| (\d+) \| (boundkit|SciPy|R) \| (\d+) \| (\d+) \| (\S+) \|$", PAGE, re.MULTILINE)
PLAIN = {
    "binomial": (7.0, 20.0, 0.25), "Poisson": (9.0, 5.5), "trials until r successes": (30.0, 5.0, 0.25),
    "urns": (6.0, 50.0, 20.0, 10.0), "normal": (1.5,), "gamma": (9.0, 5.5), "beta": (0.5, 2.0, 5.0),
    "Student": (1.5, 7.0),
}  # fmt: skip


def versions() -> dict[str, str]:
    """Those that are installed."""
    found = {"SciPy": scipy.__version__}
    if shutil.which("Rscript"):
        command = ["Rscript", "-e", "cat(as.character(getRversion()))"]
        found["R"] = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return found


def test_the_page_has_every_law_by_everyone() -> None:
    assert [(law, by) for law, _, by, *_ in ROWS] == [(law, by) for law in LAWS for by in ("boundkit", "SciPy", "R")]


@pytest.mark.parametrize("law", LAWS)
def test_all_mean_the_same_probability(law: str) -> None:
    point = PLAIN[law]
    truth = float(LAWS[law].ball(*map(Fraction, point)))
    for by, (log, *_) in found_by(LAWS[law], [point, point]).items():
        np.testing.assert_allclose(log, truth, rtol=1e-11, err_msg=by)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_the_page_says_what_is_measured(law: str) -> None:
    measured, named = qualities(law), {"boundkit": ""} | {by: v for by, v in versions().items() if f"{by} {v}" in PAGE}
    for name, points, by, lost, wrong, worst in ROWS:
        if name == law and by in named:  # other versions may be better, or worse
            found = measured[by]
            assert found.points == int(points)
            assert found.lost == pytest.approx(int(lost), rel=0.02, abs=2)
            assert found.wrong == pytest.approx(int(wrong), rel=0.02, abs=2)
            assert float(worst) / 2 < found.worst < 2 * float(worst)
        if by == "boundkit":
            assert (lost, wrong) == ("0", "0")
