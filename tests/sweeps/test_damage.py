"""Damaged stores: whatever bits are flipped, no row is silently another one, and nothing but our own errors comes."""

from collections.abc import Callable
import json
from pathlib import Path
import random
import sqlite3

from click.testing import CliRunner
import pytest

import boundkit as bk
from boundkit.cli import main
from boundkit.errors import BoundkitError
from boundkit.studies.sweeps.store import FORMAT, Store, _checksum
from boundkit.studies.sweeps.tasks import Identity

GRID = {"n": "10:400:10"}
TEXT = ("", "0.1", None, b"\x00\xff", 3, "9" * 5000, "[" * 100_000, "{}", "null", "1e400", '{"n": {"fraction": "1/0"}}')

COLUMNS = (
    "key",
    "boundkit",
    "statement",
    "kind",
    "parameters",
    "seed",
    "settings",
    "code",
    "result",
    "error",
    "checksum",
)
FIFTY = "parameters LIKE '%: 50}'"  # one row


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, tuple]:
    """A store's bytes, and its rows."""
    path = tmp_path_factory.mktemp("sound") / "runs.sqlite"
    found = bk.sweep("lemma_b_1", GRID, store=path, workers=1)
    assert len(found) == 40
    return path.read_bytes(), found.rows


def flipped(whole: bytes, rng: random.Random) -> bytes:
    """One to three flipped bits, or a run of bytes of noise; half of all damage falls into the first page."""
    data = bytearray(whole)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(rng.choice((100, 4096, len(data), len(data))))
        if rng.random() < 0.85:
            data[at] ^= 1 << rng.randrange(8)
        else:
            data[at : at + 20] = rng.randbytes(min(20, len(data) - at))
    return bytes(data)


def check_line(error: BoundkitError, path: Path) -> None:
    """It names the file, in one line."""
    assert str(path) in str(error)
    assert "\n" not in str(error)


def check_damage(path: Path, whole: bytes, rows: tuple, seed: int) -> tuple[bool, bool]:
    """Whether the damage was seen, and whether the store could be read all the same."""
    path.write_bytes(flipped(whole, random.Random(seed)))
    known = {run.identity: run for run in rows}
    seen = False
    try:
        found = bk.runs(path)
        assert all(known.get(run.identity) == run for run in found), seed
        assert len(found) == len(rows) or found.damaged, seed
        seen = bool(found.damaged)
    except BoundkitError as error:
        check_line(error, path)
    try:
        again = bk.sweep("lemma_b_1", GRID, store=path, workers=1)
    except BoundkitError as error:
        check_line(error, path)
        return True, False
    assert again.rows == rows, seed
    assert bool(again.corrected) >= seen, seed
    after = bk.runs(path)
    assert (after.rows, after.damaged) == (rows, ()), seed
    return bool(again.corrected), True


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_changes_a_row(tmp_path: Path, sound: tuple, seed: int) -> None:
    ends = [check_damage(tmp_path / f"{i}.sqlite", *sound, 100 * seed + i) for i in range(15)]
    assert any(seen for seen, _ in ends)
    assert any(read for _, read in ends)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_no_flipped_bit_changes_a_row_often(tmp_path: Path, sound: tuple, seed: int) -> None:
    for i in range(100):
        path = tmp_path / "runs.sqlite"
        check_damage(path, *sound, 1000 * (seed + 1) + i)
        path.unlink()


def test_a_changed_number_is_named_and_run_again(tmp_path: Path, sound: tuple) -> None:
    path = tmp_path / "runs.sqlite"
    whole, rows = sound
    at = whole.index(b'"failure": 0.') + len(b'"failure": 0.')
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    found = bk.runs(path)
    assert (len(found), len(found.damaged)) == (39, 1)
    assert found.damaged[0].startswith('melamed2023.lemma_b_1, exact, at {"n": ')
    shown = CliRunner().invoke(main, ["runs", str(path)])
    assert shown.exit_code == 2
    assert f"Error: {path} is damaged in 1 places" in shown.output
    again = bk.sweep("lemma_b_1", GRID, store=path, workers=1)
    assert again.rows == rows
    assert again.corrected == found.damaged
    assert "damaged, and taken out; run again: melamed2023.lemma_b_1, exact, at" in str(again)
    assert bk.sweep("lemma_b_1", GRID, store=path, workers=1).corrected == ()


def changed(path: Path, line: str, *values: object) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(line, values)
    connection.close()


@pytest.mark.parametrize("text", TEXT, ids=lambda text: repr(text)[:12])
def test_nonsense_in_a_column_is_a_line(tmp_path: Path, sound: tuple, text: object) -> None:
    whole, rows = sound
    path = tmp_path / "runs.sqlite"
    for line in (
        "UPDATE OR IGNORE made SET boundkit = ?", "UPDATE OR IGNORE made SET rows = ?",
        *(f"UPDATE OR IGNORE runs SET {column} = ? WHERE {FIFTY}"  # noqa: S608
          for column in COLUMNS),
    ):  # fmt: skip
        path.write_bytes(whole)
        changed(path, line, text)
        code = CliRunner().invoke(main, ["runs", str(path)])
        assert code.exit_code in (0, 2), line
        assert code.exit_code == 2 or bk.runs(path).rows == rows, line
        try:
            assert bk.sweep("lemma_b_1", GRID, store=path, workers=1).rows == rows
        except BoundkitError as error:
            check_line(error, path)


HEADERS = (
    "UPDATE made SET boundkit = '0.3.0'", "UPDATE made SET boundkit = ''", "UPDATE made SET rows = rows + 1",
    "UPDATE made SET rows = 'x'", "UPDATE made SET checksum = boundkit", "DELETE FROM made",
    "INSERT INTO made SELECT * FROM made",
)  # fmt: skip


@pytest.mark.parametrize("line", HEADERS)
def test_a_damaged_header_is_named_and_speaks_for_nothing(tmp_path: Path, sound: tuple, line: str) -> None:
    whole, rows = sound
    path = tmp_path / "runs.sqlite"
    path.write_bytes(whole)
    changed(path, line)
    found = bk.runs(path)
    assert (found.version, found.rows) == (bk.__version__, rows)
    assert found.damaged == ("the header, which says the version and how many rows there are",)
    shown = CliRunner().invoke(main, ["runs", str(path)])
    assert shown.exit_code == 2
    assert "damaged in 1 places, left out here: the header" in shown.output
    again = bk.sweep("lemma_b_1", GRID, store=path, workers=1)
    assert (again.rows, again.corrected) == (rows, found.damaged)
    assert bk.runs(path).damaged == ()


def test_where_no_row_says_the_version_a_damaged_header_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    Store(path).__exit__(None, None, None)
    assert len(bk.runs(path)) == 0
    changed(path, HEADERS[0])
    for use in (lambda: bk.runs(path), lambda: bk.sweep("lemma_b_1", GRID, store=path, workers=1)):
        with pytest.raises(BoundkitError, match="is damaged .where it says which boundkit made it"):
            use()


@pytest.mark.parametrize("line", ["PRAGMA application_id = 1", "PRAGMA user_version = 1", "PRAGMA user_version = 7"])
def test_damaged_numbers_of_the_file_do_not_make_another_store_of_it(tmp_path: Path, sound: tuple, line: str) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(sound[0])
    changed(path, line)
    with pytest.raises(BoundkitError, match="is damaged .where it says that it is a store, and its format"):
        bk.runs(path)


def test_rows_of_another_version_than_the_header_says_are_damage(tmp_path: Path, sound: tuple) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(sound[0])
    header = "0.3.0", len(sound[1])
    changed(path, "UPDATE made SET boundkit = ?, checksum = ?", header[0], _checksum((FORMAT, *header)))
    assert (len(bk.runs(path)), len(bk.runs(path).damaged)) == (0, len(sound[1]))


@pytest.mark.parametrize("text", [text for text in TEXT if isinstance(text, str)], ids=lambda text: text[:12])
def test_nonsense_with_a_checksum_of_its_own_is_damage_too(tmp_path: Path, sound: tuple, text: str) -> None:
    whole, rows = sound
    path = tmp_path / "runs.sqlite"
    for field in range(3):
        path.write_bytes(whole)
        parameters, settings, result = (text if i == field else "{}" for i in range(3))
        one = Identity("lemma_b_1", "exact", parameters, None, settings)
        row = (one.key, bk.__version__, one.label, one.kind, parameters, None, settings, "", result, None)
        changed(path, "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row, _checksum(row))
        header = bk.__version__, len(rows) + 1
        changed(path, "UPDATE made SET rows = ?, checksum = ?", header[1], _checksum((FORMAT, *header)))
        assert CliRunner().invoke(main, ["runs", str(path)]).exit_code in (0, 2)
        assert bk.sweep("lemma_b_1", GRID, store=path, workers=1).rows == rows


@pytest.mark.parametrize("name", [":memory:", "", "file:runs?mode=memory", "a\0b", "x" * 5000])
def test_a_store_that_would_keep_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    uses: tuple[Callable[[], object], ...] = (
        lambda: bk.runs(name), lambda: bk.sweep("lemma_b_1", GRID, store=name, workers=1)
    )  # fmt: skip
    for use in uses:
        with pytest.raises(BoundkitError, match="no file that could keep anything|cannot be read: File name too long"):
            use()
    Path("one.toml").write_text(f"store = {json.dumps(name)}\n[[sweep]]\nwhat = 'lemma_b_1'\ngrid = {{ n = 10 }}\n")
    assert CliRunner().invoke(main, ["sweep", "one.toml", "--workers", "1"]).exit_code == 2
    assert not Path("runs").exists()


def test_numbers_too_long_to_store_are_a_row_with_the_reason() -> None:
    (long, deep) = bk.sweep(endless, {"n": [1, 2]}, workers=1)
    assert "thousands of digits" in long.error
    assert "lists within lists" in deep.error


def endless(n: int) -> dict:
    deep: list = []
    for _ in range(100_000 * (n - 1)):
        deep = [deep]
    return {"y": 10**5000 if n == 1 else deep}


def test_two_mends_at_once_lose_nothing(tmp_path: Path, sound: tuple) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(sound[0])
    changed(path, f"UPDATE runs SET error = 'x' WHERE {FIFTY}")  # noqa: S608
    with Store(path) as one, Store(path) as other:
        assert len(one.mend().damaged) == 1
        new = Identity("f", "function", '{"i": 1}', None, "{}")
        one.add([(new, '{"y": 1}', None)])
        assert other.mend().damaged == ()
        assert new.key in other.contents().sound
