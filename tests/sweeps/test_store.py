"""The store: what it refuses, several writers and readers at once, and writes that a kill cuts short."""

from dataclasses import replace
from pathlib import Path
import sqlite3
from threading import Thread

import pytest

import boundkit as bk
from boundkit.errors import BoundkitError
from boundkit.studies.sweeps import store as stores
from boundkit.studies.sweeps.serialize import to_text
from boundkit.studies.sweeps.store import Store
from boundkit.studies.sweeps.tasks import Identity

GRID = {"n": "10:50:10"}


def changed(file: Path, *lines: str) -> None:
    with sqlite3.connect(file) as connection:
        for line in lines:
            connection.execute(line)
    connection.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "runs.sqlite"
    bk.sweep("lemma_b_1", GRID, store=path, workers=1)
    return path


def test_what_is_stored_is_what_was_returned_and_is_not_run_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from boundkit.studies.sweeps import running

    first = bk.sweep("lemma_b_1", GRID, workers=1)
    assert bk.runs(file).rows == first.rows
    assert (bk.runs(file).version, bk.runs(file).store) == (bk.__version__, str(file))
    ran = []
    monkeypatch.setattr(running, "run_batch", lambda batch: ran.extend(batch.tasks) or pytest.fail("ran again"))
    assert bk.sweep("lemma_b_1", GRID, store=file, workers=1).rows == first.rows
    assert ran == []


def test_a_store_of_another_version_is_read_and_not_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = bk.sweep("lemma_b_1", GRID, workers=1).rows
    file = tmp_path / "old.sqlite"
    with monkeypatch.context() as older:
        older.setattr(stores, "VERSION", "0.0.9")
        older.setattr("boundkit.studies.sweeps.tasks.VERSION", "0.0.9")
        with Store(file) as kept:
            kept.add((replace(run.identity), to_text(run.result), None) for run in rows)
    with pytest.raises(BoundkitError, match="holds runs of boundkit 0.0.9, and this is .* another file"):
        bk.sweep("lemma_b_1", {"n": 7}, store=file, workers=1)
    assert bk.runs(file).version == "0.0.9"
    assert bk.runs(file).rows == rows


def test_a_store_of_another_format_is_refused(file: Path) -> None:
    changed(file, "PRAGMA user_version = 99")
    changed(file, "UPDATE made SET checksum = 'of another format'")
    for use in (lambda: bk.runs(file), lambda: bk.sweep("lemma_b_1", GRID, store=file, workers=1)):
        with pytest.raises(BoundkitError, match="format 99, unknown here; this boundkit reads format 4"):
            use()


OLD = [
    (1, "rows carry no checksums"),
    (2, "header carries no checksum"),
    (3, "rows name statements without their paper"),
]


@pytest.mark.parametrize(("number", "why"), OLD)
def test_an_old_store_is_refused_with_the_reason(file: Path, number: int, why: str) -> None:
    changed(file, f"PRAGMA user_version = {number}")
    changed(file, "ALTER TABLE made DROP COLUMN checksum")
    for use in (lambda: bk.runs(file), lambda: bk.sweep("lemma_b_1", GRID, store=file, workers=1)):
        with pytest.raises(BoundkitError, match=f"{why}, .* sweep into another file"):
            use()


@pytest.mark.parametrize("content", [b"n,m\n1,2\n" * 100, b"x", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    for use in (lambda: bk.runs(path), lambda: bk.sweep("lemma_b_1", GRID, store=path, workers=1)):
        with pytest.raises(BoundkitError, match="notes.txt (is not a database|is damaged|: )"):
            use()
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    changed(path, "CREATE TABLE runs (key TEXT)")
    before = path.read_bytes()
    for use in (lambda: bk.runs(path), lambda: bk.sweep("lemma_b_1", GRID, store=path, workers=1)):
        with pytest.raises(BoundkitError, match="no store of runs; give another file"):
            use()
    assert path.read_bytes() == before


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(BoundkitError, match="there is no folder .*; make it first"):
        bk.sweep("lemma_b_1", GRID, store=tmp_path / "none" / "runs.sqlite", workers=1)
    with pytest.raises(BoundkitError, match="cannot be opened as a store .* a file that can be written"):
        bk.sweep("lemma_b_1", GRID, store=tmp_path, workers=1)
    with pytest.raises(BoundkitError, match="there is no file"):
        bk.runs(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_what_was_stored(file: Path) -> None:
    before = bk.runs(file).rows
    with Store(file) as kept:
        pages = kept._connection.execute("PRAGMA page_count").fetchone()[0]
        kept._connection.execute(f"PRAGMA max_page_count = {pages}")
        row = Identity("x", "function", "{}", 0, "{}")
        with pytest.raises(BoundkitError, match="make room and sweep again: what was stored is kept"):
            kept.add([(row, '{"y": "' + "1" * 100_000 + '"}', None)])
    assert bk.runs(file).rows == before


def test_an_empty_file_that_a_kill_left_behind_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    path.touch()
    assert len(bk.sweep("lemma_b_1", GRID, store=path, workers=1)) == len(bk.runs(path)) == 5


def test_two_sweeps_may_write_to_one_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    rows = [(Identity("f", "function", f'{{"i": {i}}}', 0, "{}"), f'{{"y": {i}}}', None) for i in range(200)]
    errors = []

    def write(mine: list) -> None:
        try:
            with Store(path) as kept:
                for row in mine:
                    kept.add([row])
        except BaseException as error:  # noqa: BLE001  told below, in the test's own thread
            errors.append(error)

    threads = [Thread(target=write, args=(mine,)) for mine in (rows[:150], rows[50:][::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    found = bk.runs(path)
    assert [run.parameters["i"] for run in found] == list(range(200))
    assert [run.result["y"] for run in found] == list(range(200))


def test_a_row_that_is_there_is_never_written_again(file: Path) -> None:
    with Store(file) as kept:
        run = kept.runs().rows[0]
        kept.add([(run.identity, '{"other": 1}', None)])
        assert kept.runs().rows[0] == run


def test_a_store_locked_by_another_program_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PATIENCE", 0.05)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BoundkitError, match="locked by another program"):
        bk.runs(file)
    other.rollback()
    other.close()
    assert len(bk.runs(file)) == 5


def test_records_are_flat_and_exported(file: Path) -> None:
    bk.sweep("lemma_c_2", {"norm_u": [0, 2], "sigma": 1, "t": "1/2"}, store=file, workers=1)
    found = bk.runs(file)
    told = found.records()
    assert len({tuple(record) for record in told}) == 1
    assert [record["n"] for record in told] == [10, 20, 30, 40, 50, None, None]
    assert told[-1]["t"] == 0.5
    frame = found.to_pandas()
    assert list(frame["log_exact"]) == [record["log_exact"] for record in told]
    lines = found.to_csv().splitlines()
    assert lines[0].split(",") == list(told[0])
    assert repr(told[0]["log_exact"]) in lines[1]
    assert '"log_exact": ' in found.to_json()
