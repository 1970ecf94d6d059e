"""A file of results: SQLite, one row a task, written as results come, readable at any moment.

SQLite's rollback journal undoes a write that a kill cut short, also on network disks, where its other journal (WAL)
does not work. A row is determined by its task, so a row that is there is never written again, and several sweeps
may write to one store at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
import sqlite3
from types import TracebackType
from typing import Any

import boundkit
from boundkit.errors import BoundkitError
from boundkit.sweeps.exchange import from_text
from boundkit.sweeps.records import Run, Runs, sorted_runs
from boundkit.sweeps.tasks import Identity

APPLICATION = 0x62_6B_72_73  # in the file's header: a store of runs, and nobody else's database
FORMAT = 1
PATIENCE = 60.0  # seconds to wait for another writer
MEMORY = ":memory:"

_NO_DATABASE = "{} is not a database, and so no store of runs; give another file"
_SCHEMA = """
CREATE TABLE made (boundkit TEXT NOT NULL);
CREATE TABLE runs (
    key TEXT PRIMARY KEY, statement TEXT NOT NULL, kind TEXT NOT NULL, letters TEXT NOT NULL, seed INTEGER,
    settings TEXT NOT NULL, result TEXT, error TEXT, CHECK ((result IS NULL) <> (error IS NULL))
) WITHOUT ROWID;
"""
_COLUMNS = "statement, kind, letters, seed, settings"


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
        self.path = MEMORY if path is None else str(path)
        self._connection = _connected(self.path, create)
        try:
            with self._telling():
                self.version = self._opened(create)
        except BaseException:
            self._connection.close()
            raise
        if create and self.version != boundkit.__version__:
            self._connection.close()
            raise BoundkitError(
                f"{self.path} holds runs of boundkit {self.version}, and this is {boundkit.__version__}, whose numbers "
                "may differ; sweep into another file, or install that version to go on (bk.runs reads it as it is)"
            )

    def keys(self) -> set[str]:
        """The keys of all its rows."""
        with self._telling():
            return {key for (key,) in self._connection.execute("SELECT key FROM runs")}

    def add(self, rows: Iterable[tuple[Identity, str | None, str | None]]) -> None:
        """Write rows (task, result as JSON, error) in one transaction; a row that is there stays as it is."""
        values = [(i.key, i.label, i.kind, i.letters, i.seed, i.settings, result, error) for i, result, error in rows]
        with self._telling(), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def runs(self, keys: Iterable[str] | None = None) -> Runs:
        """The rows with these keys, in that order; or all."""
        with self._telling():
            found = self._connection.execute(f"SELECT key, {_COLUMNS}, result, error FROM runs").fetchall()  # noqa: S608
        rows = {key: _run(rest) for key, *rest in found}
        ordered = sorted_runs(iter(rows.values())) if keys is None else tuple(rows[key] for key in keys)
        return Runs(ordered, self.version, "" if self.path == MEMORY else self.path)

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
            ours = run("PRAGMA application_id").fetchone()[0] == APPLICATION
            if not ours and run("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0 and create:
                for line in _SCHEMA.split(";"):
                    run(line)
                run("INSERT INTO made VALUES (?)", (boundkit.__version__,))
                run(f"PRAGMA application_id = {APPLICATION}")
                run(f"PRAGMA user_version = {FORMAT}")
            elif not ours:
                raise BoundkitError(f"{self.path} is a database, and no store of runs; give another file")
            if (found := run("PRAGMA user_version").fetchone()[0]) != FORMAT:
                raise BoundkitError(
                    f"{self.path} is a store of format {found}, and this boundkit reads format {FORMAT}; "
                    "use the boundkit that made it, or another file"
                )
            return str(run("SELECT boundkit FROM made").fetchone()[0])

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
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

    Raises
    ------
    BoundkitError
        Where there is no such file, or it is no store.

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


def _connected(path: str, create: bool) -> sqlite3.Connection:
    if path == MEMORY:
        return sqlite3.connect(path, isolation_level=None)
    file = Path(path)
    if not create and not file.exists():
        raise BoundkitError(f"there is no file {path}; boundkit sweep makes one")
    if not file.parent.is_dir():
        raise BoundkitError(f"{path} cannot be written: there is no folder {file.parent}; make it first")
    try:
        # SQLite takes a file shorter than its header for an empty database, and would write over it.
        if file.is_file():
            with file.open("rb") as begins:
                if begins.read(16) not in (b"", b"SQLite format 3\0"):
                    raise BoundkitError(_NO_DATABASE.format(path))
        uri = f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
    except sqlite3.Error as error:
        raise BoundkitError(_reason(path, error)) from None
    except OSError as error:
        raise BoundkitError(f"{path} cannot be read: {error.strerror}; give another file") from None


def _reason(path: str, error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_NOTADB"):
        return _NO_DATABASE.format(path)
    if name.startswith("SQLITE_CORRUPT"):
        return f"{path} is damaged ({error}); sweep into another file (sqlite3's .recover may save the rows of this)"
    if name.startswith("SQLITE_BUSY"):
        return f"{path} is locked by another program, for {PATIENCE:.0f} s now; sweep later, or into another file"
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return f"{path} cannot be opened as a store ({error}); give a file that can be written"
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return f"{path} cannot be written ({error}); make room and sweep again: what was stored is kept"
    return f"{path}: {error}"


def _run(row: list[Any]) -> Run:
    *identity, result, error = row
    return Run(Identity(*identity), None if result is None else from_text(result), error)
