"""A sweep on a Dask cluster: a scheduler and two workers on this machine, one of which is killed mid-run."""

from collections.abc import Iterator
from contextlib import contextmanager
import json
from pathlib import Path
import signal
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

from click.testing import CliRunner
import joblib
import pytest

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import BoundkitError
from boundkit.studies.sweeps import running

pytest.importorskip("distributed")
GRID, TRIALS = {"n": "10:400:10"}, 200_000


class Late(BaseException):
    """The hard limit of these tests has passed."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def dask(folder: Path, *words: str) -> subprocess.Popen:
    """A Dask process on the loopback interface and a port of its own."""
    loopback = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(folder / "scheduler.json"))
    command = [sys.executable, "-m", "dask", *words, *loopback]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Any]:
    """Its address, and the processes of its scheduler and two workers, which nothing restarts."""
    worker = ("worker", "--no-nanny", "--nthreads", "1")
    processes = [dask(tmp_path, "scheduler", "--port", "0"), dask(tmp_path, *worker), dask(tmp_path, *worker)]
    try:
        with at_most(60):
            while True:
                try:
                    address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
                    break
                except (OSError, ValueError):
                    time.sleep(0.05)
            yield SimpleNamespace(address=address, scheduler=processes[0], workers=processes[1:])
    finally:
        for process in processes:
            process.kill()
            process.wait(20)


@pytest.mark.slow
def test_a_worker_killed_mid_run_costs_no_row(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import Client

    monkeypatch.setattr(running, "TARGET", 0.0)  # a batch a task
    told = []

    def kill_one(_what: str, done: int, _total: int) -> None:
        told.append(done)
        if done == 10:
            cluster.workers[0].kill()

    file = tmp_path / "dask.sqlite"
    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
        with joblib.parallel_config(backend="dask", client=client):
            found = bk.sweep("lemma_b_1", GRID, trials=TRIALS, store=file, progress=kill_one)
        assert len(client.nthreads()) == 1
    assert told == list(range(1, 41))
    here = bk.sweep("lemma_b_1", GRID, trials=TRIALS, workers=1)
    assert found.rows == here.rows == bk.runs(file).rows

    # The command line, on the worker that is left.
    (tmp_path / "more.toml").write_text('[[sweep]]\nwhat = "lemma_b_1"\ntrials = 200_000\ngrid = { n = "10:450:10" }\n')
    words = ["sweep", str(tmp_path / "more.toml"), "--store", str(file), "--scheduler", cluster.address]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert "45 runs" in result.output
    assert bk.runs(file).rows[:40] == here.rows


@pytest.mark.slow
def test_a_scheduler_killed_mid_run_is_an_error_and_nothing_stored_is_lost(cluster: Any, tmp_path: Path) -> None:
    from distributed import Client

    file = tmp_path / "dask.sqlite"
    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
        stored = []

        def kill_all(_what: str, done: int, _total: int) -> None:
            stored.append(done)
            cluster.scheduler.kill()

        with joblib.parallel_config(backend="dask", client=client), pytest.raises(BoundkitError, match="gave up"):
            bk.sweep("lemma_b_1", {"n": "10:4000:1"}, trials=TRIALS, store=file, progress=kill_all)
    assert len(bk.runs(file)) == stored[-1] < 3991


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_a_scheduler_that_does_not_answer_is_an_error(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "ANSWERS", 0.5)
    (tmp_path / "x.toml").write_text('store = "x.sqlite"\n[[sweep]]\nwhat = "lemma_b_1"\ngrid = { n = 10 }\n')
    with at_most(60):
        result = CliRunner().invoke(main, ["sweep", str(tmp_path / "x.toml"), "--scheduler", address])
    assert result.exit_code == 2
    assert f"no Dask scheduler answers at '{address}'" in result.output
    assert "dask scheduler" in result.output
