"""Files of the user's own, run as what they are: a folder of them is a package, under a name that says its path.

Files import their neighbours, by name or with a dot, and two folders may both hold a ``notation.py``. As the name says
the path, another process finds there what a pickle refers to.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from hashlib import sha256
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from os import fsdecode, fsencode
from pathlib import Path
import sys
from types import ModuleType
from typing import Any

from boundkit.errors import UnknownStatement, is_mistake
from boundkit.text import one_line

PREFIX = "boundkit_own_"


def module_of(path: str) -> ModuleType:
    """A file as a module; what has not changed since it was read is not run again."""
    try:
        with Path(path).open("rb"):
            file = Path(path).resolve()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnknownStatement(f"{path} cannot be read: {why}; name a file that is there") from None
    package = package_of(str(file.parent))
    _forget(package)
    try:
        return import_module(f"{package}.{_module_name(file.stem)}")
    except BaseException as error:
        _forget(package, changed_only=False)
        if not is_mistake(error):
            raise
        said = error.msg if isinstance(error, SyntaxError) else error  # its text would name the place again
        why = one_line(f"{type(error).__name__}: {said}")
        raise UnknownStatement(f"{path} does not run: {why} ({_place(error, file.parent)}); mend it there") from error


def package_of(folder: str) -> str:
    """The name of the package under which a folder's files are imported."""
    name = f"{PREFIX}{_word(Path(folder).name)}_{fsencode(folder).hex()}"
    import_module(name)
    return name


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


def read_files() -> dict[str, str]:
    """Of each such file that this process has read, by its name as a module, what tells its text from another."""
    own = ((name, m) for name, m in list(sys.modules.items()) if name.startswith(PREFIX))
    return {name: m.__dict__["__read__"] for name, m in own if "__read__" in m.__dict__}


def forget_other(read: dict[str, str]) -> str:
    """Drop what was read otherwise than another process did, with all of its folder; the first such file, or ""."""
    here = read_files()
    other = [name for name, text in here.items() if read.get(name, text) != text]
    files = [str(sys.modules[name].__file__) for name in other]
    for name in other:
        _forget(name.partition(".")[0], changed_only=False)
    return files[0] if files else ""


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
        if not name.startswith(PREFIX):
            return None
        if not path:
            package = ModuleSpec(name, None, is_package=True)
            package.submodule_search_locations = [fsdecode(bytes.fromhex(name.rpartition("_")[2]))]
            return package
        if (spec := PathFinder.find_spec(name, path)) is None:
            last = name.rpartition(".")[2]
            odd = (file for file in Path(path[0]).glob("*.py") if _module_name(file.stem) == last)
            spec = spec_from_file_location(name, next(odd, None) or "")
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _OwnLoader(name, spec.loader.path)
        return spec


class _OwnLoader(SourceFileLoader):
    """Runs a file in which ``import lemmas`` means ``from . import lemmas`` where that file is beside it."""

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
