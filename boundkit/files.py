"""A statement in a file of the user's own, named as path/to/file.py:name.

The folder of the file is a package, under a name made of its path: files import their neighbours, by name or with a
dot, and two folders may both hold a ``notation.py``. A pickle names the folders that were known when it was written,
so that a worker finds what it refers to.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from hashlib import sha256
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
import re
import sys
from types import ModuleType
from typing import Any

from boundkit.errors import UnknownStatement, is_mistake
from boundkit.statement import Statement
from boundkit.text import one_line

PREFIX = "boundkit_own_"
_NAME = re.compile(r"(.+\.py)(?::(.*))?", re.DOTALL)  # the colon is the one after .py, as in C:/x/my.py:name


def is_file_name(name: str) -> bool:
    """Whether a name is path/to/file.py or path/to/file.py:name, rather than one of the catalogue."""
    return _NAME.fullmatch(name) is not None


def statement_in(name: str) -> Statement:
    """Run the file, and return the statement of that name in it; without a name, the only one there.

    Raises
    ------
    UnknownStatement
        Where the file cannot be read or run, or has no such statement.
    """
    split = _NAME.fullmatch(name)
    path, wanted = (split[1], split[2] or "") if split else (name, "")
    there = vars(_module_of(path))
    statements = {key: value for key, value in there.items() if isinstance(value, Statement)}
    chosen = [wanted] if wanted in statements else list(statements) if not wanted else []
    if len(chosen) != 1:
        known = ", ".join(statements) or "none"
        asked = f"no statement {wanted!r}" if wanted else "more or less than one statement"
        raise UnknownStatement(f"{path} has {asked}; write {path}:name, where name is one of: {known}")
    return statements[chosen[0]]


def _module_of(path: str) -> ModuleType:
    """A file as a module; what has not changed since it was read is not run again."""
    try:
        with Path(path).open("rb"):
            file = Path(path).resolve()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnknownStatement(f"{path} cannot be read: {why}; write path/to/file.py:name") from None
    package = package_of(str(file.parent))
    _forget(package)
    try:
        return import_module(f"{package}.{_module_name(file.stem)}")
    except BaseException as error:
        _forget(package, changed_only=False)
        if not is_mistake(error):
            raise
        why = one_line(f"{type(error).__name__}: {error}")
        raise UnknownStatement(f"{path} does not run: {why} ({_place(error, file.parent)}); mend it there") from error


def package_of(folder: str) -> str:
    """The package under which a folder's files are imported; made where it is new."""
    name = f"{PREFIX}{_word(Path(folder).name)}_{_digits(folder.encode())}"
    if name not in sys.modules:
        sys.modules[name] = package = ModuleType(name)
        package.__path__ = [folder]
    return name


class Folder(str):
    """A folder's path, which becomes a package where it is unpickled."""

    __slots__ = ()

    def __reduce__(self) -> Any:
        return package_of, (str(self),)


def folders() -> tuple[Folder, ...]:
    """The folders known so far; first in a pickle that refers to their files."""
    own = (m for name, m in sys.modules.items() if name.startswith(PREFIX) and "." not in name)
    return tuple(Folder(m.__path__[0]) for m in own)


def _word(text: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in text)


def _digits(data: bytes) -> str:
    return sha256(data).hexdigest()[:12]


def _module_name(stem: str) -> str:
    return stem if stem.isidentifier() else f"{_word(stem)}_{_digits(stem.encode())}"


def _forget(package: str, *, changed_only: bool = True) -> None:
    """Drop what was read of a folder, so that it is read again: all of it or, where no file has changed, nothing."""
    read = {name: m for name, m in list(sys.modules.items()) if name.startswith(f"{package}.")}
    if not changed_only or any(m.__dict__.get("__read__") != _written(m.__file__) for m in read.values()):
        for name in read:
            del sys.modules[name]


def _written(file: str | None) -> str:
    try:
        return _digits(Path(file or "").read_bytes())
    except OSError:
        return ""


def _place(error: BaseException, folder: Path) -> str:
    """The deepest line of the user's own that raised."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}"
    place, trace = "at its first line", error.__traceback__
    while trace is not None:
        if folder in (file := Path(trace.tb_frame.f_code.co_filename)).parents:
            place = f"{file.relative_to(folder)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


class _OwnFiles(MetaPathFinder):
    """Finds the files of such folders, and nothing else."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        if not name.startswith(PREFIX) or not path:
            return None
        if (spec := PathFinder.find_spec(name, path)) is None:
            last = name.rpartition(".")[2]
            odd = (file for file in Path(path[0]).glob("*.py") if _module_name(file.stem) == last)
            spec = spec_from_file_location(name, next(odd, None) or "")
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _OwnLoader(name, spec.loader.path)
        return spec


class _OwnLoader(SourceFileLoader):
    """Runs a file in which ``import lemma_1`` means ``from . import lemma_1`` where that file is beside it."""

    def exec_module(self, module: ModuleType) -> None:
        file = Path(self.path)

        def import_(name: str, scope: Any = None, local: Any = None, names: Any = (), level: int = 0) -> Any:
            head = file.parent / name.partition(".")[0]
            beside = (head.with_suffix(".py"), head / "__init__.py")
            if level == 0 and beside[0] != file and any(path.is_file() for path in beside):
                return builtins.__import__(name, vars(module), local, names, 1)
            return builtins.__import__(name, scope, local, names, level)

        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": import_}
        module.__dict__["__read__"] = _written(self.path)
        super().exec_module(module)

    def path_stats(self, path: Any) -> Any:
        """Use no bytecode: it goes by whole seconds, and an edit within one would not be seen."""
        raise OSError(path)


sys.meta_path.insert(0, _OwnFiles())
