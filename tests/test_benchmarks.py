"""The stored run of the benchmarks holds the rows that the code has, and what is said elsewhere about speed is so."""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from operator import ge, le
from pathlib import Path
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

from benchmarks.record import NAMES, Record, Row, duration, page, read
import pytest

ROOT = Path(__file__).parent.parent
HOME = ROOT / "tests" / "benchmarks"
STORED = ROOT / "docs" / "benchmarks.json"
RECORD = read(STORED)

PROSE = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *(path for path in sorted((ROOT / "docs").glob("*.md")) if path.name != "benchmarks.md"),
    *sorted((ROOT / "boundkit").rglob("*.py")),
]
FIGURE = re.compile(
    r"\d(?:[.,]?\d)* "
    r"(?:times(?: (?:as|at|the time|faster|quicker|slower)\b|[.,;:)])"
    r"|(?:ns|us|ms|s|seconds?|minutes?|hours?)\b(?! =|\) x))"  # (n + 2 s) x is a formula
)
needs_times = pytest.mark.skipif(not RECORD.quiet, reason="the stored run was made on a busy machine")

ACCURACY = ("lost %", "its lost %", "its error")
VALUES: dict[str, Callable[[Row], float]] = {
    "ratio": lambda row: row.ratio,
    "times": lambda row: row.times,
    "s": lambda row: row.ours,
    "ms": lambda row: 1000 * row.ours,
    "lost %": lambda row: 100 * row.lost,
    "its lost %": lambda row: 100 * row.its_lost,
    "its error": lambda row: row.its_error,
}


class Claim(NamedTuple):
    """A sentence of a page, and the rows that it is about: those of a benchmark in which `what` and `peer` are found.

    In every such row the value is at most, or at least, the number in the sentence, or `bound` where it says none.
    """

    page: str
    sentence: str
    benchmark: str
    what: str
    peer: str
    value: str
    agrees: Callable[[float, float], bool]
    bound: float | None = None

    def holds(self, record: Record) -> bool:
        found = re.search(self.sentence, text(ROOT / self.page))
        assert found, f"{self.page} does not say {self.sentence!r}"
        bound = float(found[1]) if self.bound is None else self.bound
        rows = [
            row for row in record.rows.get(self.benchmark, ())
            if re.search(self.what, row.what) and re.search(self.peer, row.peer)
        ]  # fmt: skip
        return bool(rows) and all(self.agrees(VALUES[self.value](row), bound) for row in rows)


CLAIMS = (
    Claim("docs/comparison.md", r"infinite at more than (\d+)% \(lower\)",
          "laws_chi_square", "logcdf, wide", "chi2", "its lost %", ge),
    Claim("docs/comparison.md", r"and (\d+)% \(upper\) of points",
          "laws_chi_square", "logsf, wide", "chi2", "its lost %", ge),
    Claim("docs/comparison.md", r"off by more than (\S+) of itself",
          "laws_chi_square", "large, below", "chi2", "its error", ge),
    Claim("docs/comparison.md", "boundkit loses none",
          "laws_chi_square", "log(cdf|sf), (?!one)", "stats|special", "lost %", le, 0),
    Claim("docs/comparison.md", r"is more than (\d+) times as fast",
          "laws_chi_square", "log(cdf|sf), (?!one)", "chi2", "times", ge),
    Claim("docs/comparison.md", r"more than (\d+)% lost at n to 1e6",
          "laws_family", "^inner .*1e6$", "infinity", "its lost %", ge),
    Claim("docs/comparison.md", "none when 13 digits are asked",
          "laws_family", "^inner .*1e6$", "13 digits", "its lost %", le, 0),
    Claim("docs/comparison.md", r"asked, at more than (\d+) times the time",
          "laws_family", "^inner .*1e6$", "13 digits", "times", ge),
    Claim("docs/comparison.md", r"`evaluate` takes at most (\d+) times as long",
          "evaluate", "", "by hand", "ratio", le),
    Claim("docs/comparison.md", r"more than (\d+) times the time for 1000 steps",
          "simulate", "1000 steps", "PyTorch", "times", ge),
    Claim("docs/comparison.md", r"more than (\d+) times the time at 400 neurons",
          "perturbations", "m = 400", "SLSQP", "times", ge),
    Claim("docs/comparison.md", "less than ours at 10,",
          "perturbations", "m = 10,", "SLSQP", "ratio", ge, 1),
    Claim("docs/comparison.md", r"`import boundkit` takes at most (\S+) times as long",
          "start", "^`import boundkit`", "", "ratio", le),
    Claim("docs/comparison.md", r"`boundkit --version` less than (\d+) ms",
          "start", "--version", "", "ms", le),
    Claim("docs/guarantee.md", r"at most (\d+) times as long as the same",
          "evaluate", "", "by hand", "ratio", le),
    Claim("docs/laws_chi_square.md", r"takes more than (\d+) times as long on all",
          "laws_chi_square", "log(cdf|sf), (?!one)", "chi2", "times", ge),
    Claim("docs/laws_chi_square.md", "are quicker on four of the mixes",
          "laws_chi_square", "wide|middle|CLT|small", "special", "ratio", ge, 1),
    Claim("docs/laws_chi_square.md", r"both take more than (\d+) times as long",
          "laws_chi_square", "large, below", "", "times", ge),
    Claim("docs/laws_chi_square.md", r"have an error above ([\d.]+\d)",
          "laws_chi_square", "large, below", "", "its error", ge),
    Claim("docs/laws_family.md", r"quad` takes more than (\d+) times as long",
          "laws_family", "", "infinity", "times", ge),
    Claim("docs/laws_family.md", r"loses more than (\d+)% of",
          "laws_family", r"(product|sum), n 100\.\.1e6$", "infinity", "its lost %", ge),
    Claim("docs/laws_family.md", r"by hand it takes more than (\d+) times as long",
          "laws_family", r"\d$", "13 digits", "times", ge),
    Claim("docs/laws_family.md", r"mpmath takes more than (\d+) times as long",
          "laws_family", "", "mpmath", "times", ge),
    Claim("docs/laws_family.md", r"certified answer more than (\d+) times",
          "laws_family", "", "certified", "times", ge),
    Claim("docs/laws_family.md", "boundkit is still the quicker one",
          "laws_family", "one at a time", "", "ratio", le, 1),
    Claim("docs/own_network.md", r"1000 points take less than (\d+) s",
          "own_network", "all of these", "", "s", le),
    Claim("docs/perturbations.md", r"more than (\d+) times as fast as SLSQP at 400",
          "perturbations", "m = 400", "SLSQP", "times", ge),
    Claim("docs/perturbations.md", r"more than (\d+) times as fast as trust-constr",
          "perturbations", "", "trust-constr", "times", ge),
    Claim("docs/perturbations.md", "sooner done with small programmes",
          "perturbations", "m = 10,", "SLSQP", "ratio", ge, 1),
    Claim("docs/simulate.md", r"Theorem 5\.1 take less than (\d+) s",
          "simulate", "million", "", "s", le),
    Claim("docs/simulate.md", r"at d = 10\^12 at most (\S+) times as long",
          "simulate", "million", "d = 1000", "ratio", le),
    Claim("docs/simulate.md", r"takes at most (\S+) times as long as the two",
          "simulate", r"rank \d{3}", "products", "ratio", le),
    Claim("docs/simulate.md", r"at most ([\d.]+) times as long at 32",
          "simulate", "rank 32", "products", "ratio", le),
    Claim("docs/simulate.md", r"PyTorch takes more than (\d+) times as long",
          "simulate", "1000 steps", "PyTorch", "times", ge),
    Claim("docs/sweeps.md", r"more than (\S+) times as fast as one",
          "sweep", "simulations", "on 1 worker", "times", ge),
    Claim("docs/sweeps.md", r"adds less than (\d+) ms to a task",
          "sweep", "adds", "", "ms", le),
    Claim("docs/sweeps.md", r"stored in less than (\d+) s",
          "sweep", "exact rows", "", "s", le),
)  # fmt: skip


def text(path: Path) -> str:
    """A page or module with its lines joined, without the blocks that are run."""
    shown = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\s+", " ", shown)


def keys(record: Record) -> dict[str, list[tuple[str, str]]]:
    """The rows' names; the peers that a machine may lack are left out."""
    return {name: [row.key for row in rows if row.peer not in ("PyTorch", "R")] for name, rows in record.rows.items()}


def test_every_benchmark_of_the_folder_is_run() -> None:
    assert {path.stem for path in HOME.glob("*.py")} - {"__main__", "measure", "record"} == set(NAMES)


@pytest.mark.slow
def test_the_stored_rows_are_those_that_the_command_finds(tmp_path: Path) -> None:
    out = tmp_path / "again.json"
    command = [sys.executable, str(HOME), "--quick", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    again = read(out)
    assert keys(again) == keys(RECORD)
    assert all(len(set(rows)) == len(rows) for rows in keys(again).values())
    assert all(row.what in done.stdout and row.peer in done.stdout for rows in again.rows.values() for row in rows)
    assert ("| PyTorch |" in done.stdout) == (find_spec("torch") is not None)
    assert ("| R |" in done.stdout) == (shutil.which("Rscript") is not None)
    assert out.with_suffix(".md").read_text() == page(again)
    assert "mean nothing" in page(again)


def test_the_stored_run_was_whole() -> None:
    assert tuple(RECORD.rows) == NAMES
    assert not RECORD.run["quick"]
    assert {"Python", "boundkit", "NumPy", "SciPy", "SymPy", "python-flint"} <= set(RECORD.run["versions"])


def test_rows_measured_later_stand_in_their_place_and_say_so() -> None:
    row = Row("what", "peer", 1.0, 1.0, 1.0)
    versions = {**RECORD.run["versions"], "NumPy": "0.1"}
    later = Record({"date": "2000-01-01", "load": 3.5, "versions": versions}, {"evaluate": (row,)})
    found = RECORD.with_later(later)
    assert tuple(found.rows) == NAMES
    assert found.rows["evaluate"] == (row,)
    assert all(found.rows[name] == RECORD.rows[name] for name in NAMES if name != "evaluate")
    assert (
        page(found).count("Measured apart, 2000-01-01, NumPy 0.1, load 3.5 before the run: the machine was busy") == 1
    )


def test_the_page_is_made_from_the_stored_run() -> None:
    assert STORED.with_suffix(".md").read_text() == page(RECORD)


@needs_times
@pytest.mark.parametrize("name", NAMES)
def test_the_aims_are_met(name: str) -> None:
    missed = [
        f"{row.what}: {row.ratio} times {row.peer}, {duration(row.ours)}"
        for row in RECORD.rows[name]
        if not row.meets_its_aim()
    ]
    assert not missed


@pytest.mark.parametrize(
    "claim",
    [pytest.param(c, marks=() if c.value in ACCURACY else needs_times, id=f"{c.page}: {c.sentence}") for c in CLAIMS],
)
def test_what_is_said_was_measured(claim: Claim) -> None:
    assert claim.holds(RECORD)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.page}: {claim.sentence}")
def test_a_claim_can_fail(claim: Claim) -> None:
    """Small values are for it and large ones against it, or the other way round; so is a record without its rows."""
    low, high = (
        Record({}, {name: tuple(uniform(row, size) for row in rows) for name, rows in RECORD.rows.items()})
        for size in (0, 1)
    )
    assert claim.holds(low) != claim.holds(high)
    assert not claim.holds(Record({}, {}))


def uniform(row: Row, size: int) -> Row:
    """A row whose values are all as small, or as large, as they could be."""
    time = (1e-12, 1e12)[size]
    return replace(row, ours=time, ratio=time, lost=size, its_lost=size, its_error=time)


def test_no_other_figure_of_speed_is_named() -> None:
    assert not [f"{path.relative_to(ROOT)}: {figure}" for path in PROSE for figure in unbacked(path)]


def unbacked(path: Path) -> list[str]:
    said = text(path)
    backed = [re.search(claim.sentence, said) for claim in CLAIMS if ROOT / claim.page == path]
    return [
        found[0]
        for found in FIGURE.finditer(said)
        if not any(claim and claim.start() <= found.start() < claim.end() for claim in backed)
    ]
