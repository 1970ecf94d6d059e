"""A sweep whose process is killed at random moments ends, once resumed, with the rows of one left in peace."""

from pathlib import Path
import random
import sqlite3
import subprocess
import sys
import time

import pytest

import boundkit as bk
from boundkit.studies.sweeps.store import Store

# A batch a task, and so a write a task: as many moments to be killed at as there can be.
DRIVER = """
import sys, boundkit as bk
from boundkit.studies.sweeps import running
running.TARGET = 0.0
bk.sweep(
    "lemma_b_1", {"n": "10:300:10"}, trials=int(sys.argv[3]), seeds=4, store=sys.argv[1], workers=int(sys.argv[2]),
    progress=lambda what, done, total: print(done, flush=True),
)
"""
TASKS = 30 * 4
TRIALS = 100_000


def start(file: Path, workers: int) -> subprocess.Popen:
    words = [sys.executable, "-c", DRIVER, str(file), str(workers), str(TRIALS)]
    with file.with_suffix(".log").open("ab") as log:
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log)


def table(file: Path) -> list[tuple]:
    """The bytes of all rows, and that SQLite finds nothing wrong with the file."""
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = connection.execute("SELECT * FROM runs ORDER BY key").fetchall()
    connection.close()
    return rows


def keys(file: Path) -> set[str]:
    if not file.exists() or not file.stat().st_size:
        return set()
    with Store(file, create=False) as store:
        return store.keys()


def killed_and_resumed(file: Path, kills: int, workers: int, rng: random.Random) -> list[int]:
    """Kill the sweep so many times, each shortly after it has stored something new; then let it finish."""
    counts, before = [], keys(file)
    for _ in range(kills):
        driver = start(file, workers)
        driver.stdout.readline()  # something new is stored
        time.sleep(rng.uniform(0, 0.05))
        driver.kill()
        driver.communicate(timeout=60)
        assert before <= keys(file), "a kill lost what was stored"
        before = keys(file)
        counts.append(len(before))
    last = start(file, workers)
    last.communicate(timeout=120)
    assert last.returncode == 0, file.with_suffix(".log").read_text()
    return counts


def undisturbed(file: Path) -> list[tuple]:
    bk.sweep("lemma_b_1", {"n": "10:300:10"}, trials=TRIALS, seeds=4, store=file, workers=1)
    rows = table(file)
    assert len(rows) == TASKS
    return rows


@pytest.mark.slow
def test_killed_three_times_and_once_while_it_starts(tmp_path: Path) -> None:
    file = tmp_path / "killed.sqlite"
    rng = random.Random(5)
    first = start(file, 1)
    time.sleep(rng.uniform(0, 0.8))
    first.kill()
    first.communicate(timeout=60)
    counts = killed_and_resumed(file, 3, 1, rng)
    assert 0 < counts[0] < TASKS, "the first kill came before or after everything"
    assert table(file) == undisturbed(tmp_path / "peace.sqlite")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_killed_often_with_two_workers(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "killed.sqlite"
    counts = killed_and_resumed(file, 8, 2, random.Random(seed))
    assert 0 < counts[0] < TASKS, file.with_suffix(".log").read_text()
    assert table(file) == undisturbed(tmp_path / "peace.sqlite")
