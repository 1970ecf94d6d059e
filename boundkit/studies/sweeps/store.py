"""A file of results: SQLite, one row a task, written as results come, readable at any moment.

SQLite's rollback journal undoes a write that a kill cut short, also on network disks, where its other journal (WAL)
does not work. A row is determined by its task, so a row that is there is never written again, and several sweeps
may write to one store at once. SQLite does not see a flipped bit: every row carries a checksum, and so does the
header, which says the version and the number of rows; a row's key is computed again as it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
import json
from pathlib import Path
import sqlite3
from types import TracebackType
from typing import Any

from boundkit.errors import BoundkitError
from boundkit.studies.sweeps.records import Run, Runs, run_of, sorted_runs
from boundkit.studies.sweeps.tasks import Identity
from boundkit.text import one_line
from boundkit.version import VERSION

APPLICATION = 0x62_6B_72_73  # in the file's header: a store of runs, and nobody else's database
FORMAT = 4
PATIENCE = 60.0  # seconds to wait for another writer
MEMORY = ":memory:"

_NO_DATABASE = "{} is not a database, and so no store of runs; give another file"
_TABLE = """CREATE TABLE runs (
    key TEXT PRIMARY KEY, boundkit TEXT NOT NULL, statement TEXT NOT NULL, kind TEXT NOT NULL, parameters TEXT NOT NULL,
    seed INTEGER, settings TEXT NOT NULL, code TEXT NOT NULL, result TEXT, error TEXT, checksum TEXT NOT NULL
) WITHOUT ROWID"""
_MADE = "CREATE TABLE made (boundkit TEXT NOT NULL, rows INTEGER NOT NULL, checksum TEXT NOT NULL)"
_HEADER = "SELECT boundkit, rows, checksum FROM made"
_OLD = {
    1: "whose rows carry no checksums, so that damage cannot be seen",
    2: "whose header carries no checksum, so that its version may be any",
    3: "whose rows name statements without their paper, and so may be of either of two",
}
_HEADER_DAMAGED = "the header, which says the version and how many rows there are"
_ROW = "SELECT key, boundkit, statement, kind, parameters, seed, settings, code, result, error, checksum FROM runs"
_WRITE = "INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Contents:
    """What a store holds: sound rows by their keys, and a name for each that is damaged or lost."""

    sound: dict[str, Run]
    damaged: tuple[str, ...]


class Store:
    """An open store; a context manager.

    Parameters
    ----------
    path : str or path, optional
        The file; without it the rows are kept in memory.
    create : bool
        Whether rows will be added, and the file made where there is none.

    Raises
    ------
    BoundkitError
        For a file that is no store, a store of another version where rows are to be added, and a place that
        cannot be read or written.
    """

    def __init__(self, path: Any = None, create: bool = True) -> None:
        self.path = "" if path is None else str(path)
        self._connection = _connected(path, create)
        try:
            with self._telling():
                self.version = self._opened(create)
        except BaseException:
            self._connection.close()
            raise
        if create and self.version != VERSION:
            self._connection.close()
            raise BoundkitError(
                f"{self.path} holds runs of boundkit {self.version}, and this is {VERSION}, whose numbers "
                "may differ; sweep into another file, or install that version to go on (bk.runs reads it as it is)"
            )

    def contents(self) -> Contents:
        """All its rows, each held against its checksum and its key."""
        with self._telling(), self._connection:
            self._connection.execute("BEGIN")
            return self._read()[0]

    def mend(self) -> Contents:
        """The same; where there is any damage the sound rows are written anew, in one transaction."""
        run = self._connection.execute
        with self._telling(), self._connection:
            run("BEGIN IMMEDIATE")
            found, rows = self._read()
            whole = run("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            if found.damaged or not whole:
                run("DROP TABLE runs")
                run(_TABLE)
                self._connection.executemany(_WRITE, rows)
                self._write_header(len(rows))
        return found

    def _read(self) -> tuple[Contents, list[tuple[Any, ...]]]:
        """Its contents, and the sound rows as they are written."""
        rows = self._connection.execute(_ROW).fetchall()
        header = self._header()
        sound: dict[str, tuple[Run, tuple[Any, ...]]] = {}
        damaged = []
        for row in rows:
            if row[1] != self.version or (run := _sound(row)) is None:
                damaged.append(_name(row))
            else:
                sound[row[0]] = (run, row)
        if header is None:
            damaged.append(_HEADER_DAMAGED)
        elif header[1] != len(rows):
            damaged.append(f"of {header[1]} rows {len(rows)} are there, and the others gone")
        runs = {key: run for key, (run, _) in sound.items()}
        return Contents(runs, tuple(damaged)), [row for _, row in sound.values()]

    def keys(self) -> set[str]:
        """The keys of its sound rows."""
        return set(self.contents().sound)

    def add(self, rows: Iterable[tuple[Identity, str | None, str | None]]) -> None:
        """Write rows (task, result as JSON, error) in one transaction; a row that is there stays as it is."""
        with self._telling(), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            if (header := self._header()) is None:
                raise BoundkitError(f"{self.path} was damaged while this sweep ran ({_HEADER_DAMAGED}); sweep again")
            self._write_header(header[1] + self._write(rows))

    def _write(self, rows: Iterable[tuple[Identity, str | None, str | None]]) -> int:
        values = []
        for i, result, error in rows:
            row = (i.key, self.version, i.label, i.kind, i.parameters, i.seed, i.settings, i.code, result, error)
            values.append((*row, _checksum(row)))
        return max(self._connection.executemany(_WRITE, values).rowcount, 0)

    def _header(self) -> tuple[str, int] | None:
        """Which boundkit made it, and how many rows it holds; None where that is not as it was written."""
        made = self._connection.execute(_HEADER).fetchall()
        return made[0][:2] if len(made) == 1 and made[0][2] == _checksum((FORMAT, *made[0][:2])) else None

    def _write_header(self, rows: int) -> None:
        self._connection.execute("DELETE FROM made")
        header = (self.version, rows)
        self._connection.execute("INSERT INTO made VALUES (?, ?, ?)", (*header, _checksum((FORMAT, *header))))

    def runs(self, keys: Iterable[str] | None = None, corrected: tuple[str, ...] = ()) -> Runs:
        """The rows with these keys, in that order; or all. `corrected` are those that were damaged before."""
        found = self.contents()
        try:
            ordered = sorted_runs(iter(found.sound.values())) if keys is None else tuple(found.sound[k] for k in keys)
        except KeyError:
            raise BoundkitError(
                f"{self.path} was damaged while this sweep ran ({'; '.join(found.damaged[:3])}); sweep again"
            ) from None
        return Runs(ordered, self.version, self.path, found.damaged, corrected=corrected)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _opened(self, create: bool) -> str:
        """The version of boundkit that it belongs to; a new file is made a store in one transaction."""
        run = self._connection.execute
        with self._connection:
            run("BEGIN IMMEDIATE" if create else "BEGIN")
            if create and run("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                self._make()
            self._refuse_foreign()
            header = self._header()
            versions = {row[1] for row in run(_ROW) if _sound(row)} if header is None else {header[0]}
            if len(versions) != 1:
                raise BoundkitError(f"{self.path} {_DAMAGED.format('where it says which boundkit made it')}")
            return str(versions.pop())

    def _make(self) -> None:
        run = self._connection.execute
        run(_MADE)
        run(_TABLE)
        self.version = VERSION
        self._write_header(0)
        run(f"PRAGMA application_id = {APPLICATION}")
        run(f"PRAGMA user_version = {FORMAT}")

    def _refuse_foreign(self) -> None:
        """Raise a BoundkitError for what is no store of this format, or is one whose file says something else."""
        run = self._connection.execute
        application, found = (run(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if (application, found) == (APPLICATION, FORMAT):
            return
        columns = [column[1] for column in run("PRAGMA table_info(made)")]
        if columns == ["boundkit", "rows", "checksum"] and self._header() is not None:
            raise BoundkitError(f"{self.path} {_DAMAGED.format('where it says that it is a store, and its format')}")
        if application != APPLICATION:
            raise BoundkitError(f"{self.path} is a database, and no store of runs; give another file")
        raise BoundkitError(
            f"{self.path} is a store of format {found}, {_OLD.get(found, 'unknown here')}; this boundkit reads format "
            f"{FORMAT}: read it with the boundkit that made it, and sweep into another file"
        )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError, MemoryError, OverflowError, TypeError) as error:
            raise BoundkitError(_reason(self.path, error)) from None


def runs(path: Any) -> Runs:
    """Read a store, also while a sweep writes to it, and also one that another version made.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Runs
        Its rows; those that were damaged since they were written are left out, and named in `damaged`.

    Raises
    ------
    BoundkitError
        Where there is no such file, it is no store, or SQLite cannot read it.

    Examples
    --------
    >>> import boundkit as bk, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "runs.sqlite")
    ...     done = bk.sweep(bk.lemma_b_1, {"n": "100:300:100"}, store=file, workers=1)
    ...     [round(run.result["log_exact"], 3) for run in bk.runs(file)]
    [-11.876, -21.863, -31.717]
    """
    with Store(path, create=False) as store:
        return store.runs()


def _connected(path: Any, create: bool) -> sqlite3.Connection:
    """A connection to the file, or to memory without one; a BoundkitError where it cannot be opened as a store."""
    if path is None:
        return sqlite3.connect(MEMORY, isolation_level=None)
    name = str(path)
    if name in ("", MEMORY) or name.startswith("file:") or "\0" in name:
        raise BoundkitError(f"{one_line(repr(name))} is no file that could keep anything; give the name of one")
    file = Path(name)
    try:
        if not create and not file.exists():
            raise BoundkitError(f"there is no file {name}; boundkit sweep makes one")
        if not file.parent.is_dir():
            raise BoundkitError(f"{name} cannot be written: there is no folder {file.parent}; make it first")
        # SQLite takes a file shorter than its header for an empty database, and would write over it.
        if file.is_file():
            with file.open("rb") as begins:
                if begins.read(16) not in (b"", b"SQLite format 3\0"):
                    raise BoundkitError(_NO_DATABASE.format(name))
        uri = f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        made = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
    except sqlite3.Error as error:
        raise BoundkitError(_reason(name, error)) from None
    except OSError as error:
        raise BoundkitError(f"{name} cannot be read: {error.strerror}; give another file") from None
    made.text_factory = lambda text: text.decode("utf-8", "replace")  # what is no text fails its checksum
    return made


_DAMAGED = "is damaged ({}); sweep into another file (sqlite3's .recover may save the rows of this)"


def _reason(path: str, error: Exception) -> str:
    """What an error on a store comes to, and what to do, in words."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_NOTADB"):
        return _NO_DATABASE.format(path)
    if name.startswith("SQLITE_BUSY"):
        return f"{path} is locked by another program, for {PATIENCE:.0f} s now; sweep later, or into another file"
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return f"{path} cannot be opened as a store ({error}); give a file that can be written"
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return f"{path} cannot be written ({error}); make room and sweep again: what was stored is kept"
    return f"{path} {_DAMAGED.format(one_line(error) or type(error).__name__)}"


def _sound(row: tuple[Any, ...]) -> Run | None:
    """A row as it was written, or None."""
    *whole, checksum = row
    if checksum != _checksum(whole):
        return None
    key, version, *identity, result, error = whole
    run = run_of(Identity(*identity), result, error)
    return run if run is not None and key == run.identity.key_of(version) else None


def _checksum(row: Iterable[Any]) -> str:
    """A digest of everything in a row; of what is no text or number, one that no row carries."""
    whole = list(row)
    if any(isinstance(value, bytes | float) for value in whole):
        return ""
    return sha256(json.dumps(whole).encode()).hexdigest()[:32]


def _name(row: tuple[Any, ...]) -> str:
    """A damaged row, as far as it can be read."""
    _, _, statement, kind, parameters, seed, *_ = row
    at = cut(parameters) + ("" if seed is None else f", seed {cut(seed)}")
    return f"{cut(statement)}, {cut(kind)}, at {at}"


def cut(value: Any, most: int = 80) -> str:
    """Anything in at most 80 characters of one line."""
    text = one_line(value)
    return text if len(text) <= most else f"{text[: most - 3]}..."
