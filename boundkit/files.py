"""A statement in a file of the user's own, named as path/to/file.py:name."""

from __future__ import annotations

import runpy

from boundkit.errors import UnknownStatement
from boundkit.statement import Statement


def is_file_name(name: str) -> bool:
    """Whether a name is path/to/file.py or path/to/file.py:name, rather than one of the catalogue."""
    return name.partition(":")[0].endswith(".py")


def statement_in(name: str) -> Statement:
    """Run the file, and return the statement of that name in it; without a name, the only one there.

    Raises
    ------
    UnknownStatement
        Where the file cannot be read or run, or has no such statement.
    """
    path, _, wanted = name.partition(":")
    try:
        there = runpy.run_path(path, run_name="boundkit_file")
    except OSError as error:
        raise UnknownStatement(f"{path} cannot be read: {error.strerror}; write path/to/file.py:name") from None
    except Exception as error:  # the user's own file may raise anything
        raise UnknownStatement(f"{path} does not run: {type(error).__name__}: {error}; mend the file") from error
    statements = {key: value for key, value in there.items() if isinstance(value, Statement)}
    chosen = [wanted] if wanted in statements else list(statements) if not wanted else []
    if len(chosen) != 1:
        known = ", ".join(statements) or "none"
        asked = f"no statement {wanted!r}" if wanted else "more or less than one statement"
        raise UnknownStatement(f"{path} has {asked}; write {path}:name, where name is one of: {known}")
    return statements[chosen[0]]
