"""What a function or a law of the user's is, by what it does: its code, and every value that the code names.

A name is not enough to know a row again: files are edited, two have one name, a notebook defines a function twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from hashlib import sha256
import inspect
from pathlib import Path, PurePath
import sys
import sysconfig
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
import sympy

from boundkit.errors import ParameterError
from boundkit.values import cut_text

_PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...), range, slice, Fraction, Decimal, PurePath, date)
_HOMES = tuple(str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_REMEDY = "give version=, and change it whenever that changes; or pass it in the grid"


def refuse_nameless(function: Any) -> None:
    """Raise a ParameterError for what has no name that its results could be stored under."""
    name, module = getattr(function, "__qualname__", ""), getattr(function, "__module__", "")
    if not isinstance(function, FunctionType) or not name or not module or "<lambda>" in name:
        raise ParameterError(
            f"{cut_text(function)} has no name that its results could be stored under; define it with def, "
            "and what differs from one to the next goes into the grid"
        )
    if function.__closure__:
        raise ParameterError(
            f"{name} holds {', '.join(function.__code__.co_freevars)} from the function around it, and so is not one "
            "function but many; define it at the top of a file, with these as letters of the grid"
        )


def fingerprint(*things: Any, version: str = "") -> str:
    """Twelve hexadecimal digits that change with what functions, laws, or anything made of them, do.

    Parameters
    ----------
    *things : function, class, record, or list of them
    version : str
        The user's own; with one, values that cannot be told apart are left to it.

    Raises
    ------
    ParameterError
        Where a value that their code uses is of a kind that cannot be told apart from others, and there is no version.
    """
    try:
        told = "\n".join(_Reader(version).read(things, "it"))
    except RecursionError:
        raise ParameterError(f"a value that this code uses holds itself, and has no end; {_REMEDY}") from None
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class _Reader:
    """Writes down what things are; each function, class and module once."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._seen: set[int] = set()

    def read(self, value: Any, where: str) -> Iterator[str]:
        """The value in lines; `where` is how the user knows it."""
        if isinstance(value, _PLAIN):
            yield f"{type(value).__name__} {value!r}"
        elif isinstance(value, list | tuple):
            yield f"{type(value).__name__} of {len(value)}"
            for item in value:
                yield from self.read(item, where)
        elif isinstance(value, set | frozenset | dict):
            items = value.items() if isinstance(value, dict) else value
            yield f"{type(value).__name__} of {len(value)}"
            yield from sorted("\n".join(self.read(item, where)) for item in items)
        elif isinstance(value, CodeType):
            yield from self._code(value, where)
        elif _is_installed(value):
            yield f"{type(value).__name__} {_name(value)}"
        elif id(value) in self._seen:
            yield f"again {getattr(value, '__qualname__', '')}"
        elif isinstance(value, FunctionType | type | ModuleType):
            self._seen.add(id(value))
            yield from self._own(value)
        elif (parts := _parts(value)) is not None:
            yield type(value).__qualname__
            yield from self.read(parts, where)
        elif isinstance(value, sympy.Basic):
            yield str(value)
            yield from self.read(sorted({type(f) for f in value.atoms(sympy.Function)}, key=_name), where)
        elif hasattr(value, "dtype") and value.dtype.kind != "O":  # NumPy's arrays and numbers
            yield f"{value.dtype} {value.shape} {sha256(value.tobytes()).hexdigest()}"
        elif self._version:
            yield f"a {type(value).__qualname__}"
        else:
            raise ParameterError(
                f"{where} is a {type(value).__name__}, of which a store cannot tell whether it has changed; {_REMEDY}"
            )

    def _own(self, value: Any) -> Iterator[str]:
        """A function, a class or a module that is the user's."""
        if isinstance(value, FunctionType):
            yield from self._function(value)
        elif isinstance(value, ModuleType):
            yield f"module {value.__name__.rpartition('.')[2]}"
        else:
            yield f"class {value.__qualname__}"
            yield from self.read(value.__bases__, value.__qualname__)
            for name, part in sorted(vars(value).items()):
                plain = isinstance(part, (*_PLAIN, type, tuple, list, dict)) and not name.startswith("__")
                if plain or isinstance(part, FunctionType) or _parts(part) is not None:
                    yield from self._named(name, part, f"{value.__qualname__}.{name}")

    def _function(self, function: FunctionType) -> Iterator[str]:
        name, scope = function.__qualname__, function.__globals__
        yield f"function {name}"
        yield from self._code(function.__code__, name)
        yield from self.read((function.__defaults__, function.__kwdefaults__), f"a default of {name}")
        for held, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            yield from self._named(held, _inside(cell), f"{held}, which {name} holds,")
        names = sorted(_names(function.__code__) - {"__name__"})
        for used in (used for used in names if used in scope):
            yield from self._named(used, scope[used], f"{used}, which {name} uses,")
            if isinstance(scope[used], ModuleType) and not _is_installed(scope[used]):
                inside = vars(scope[used])
                for part in (part for part in names if part in inside):
                    yield from self._named(part, inside[part], f"{used}.{part}, which {name} uses,")

    def _named(self, name: str, value: Any, where: str) -> Iterator[str]:
        yield name
        yield from self.read(value, where)

    def _code(self, code: CodeType, where: str) -> Iterator[str]:
        yield code.co_code.hex()
        yield repr((code.co_names, code.co_varnames, code.co_freevars, code.co_argcount, code.co_kwonlyargcount))
        yield from self.read(code.co_consts, where)


def _names(code: CodeType) -> set[str]:
    return set(code.co_names).union(*(_names(inner) for inner in code.co_consts if isinstance(inner, CodeType)))


def _name(value: Any) -> str:
    module = getattr(value, "__module__", "") or ""
    return f"{module}.{getattr(value, '__qualname__', getattr(value, '__name__', ''))}"


def _inside(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _parts(value: Any) -> Any:
    """What a wrapper or a record is made of; None for anything else."""
    if isinstance(value, staticmethod | classmethod):
        return value.__func__
    if isinstance(value, MethodType):
        return value.__func__, value.__self__
    if isinstance(value, property):
        return value.fget, value.fset
    if isinstance(value, Enum):
        return value.name, value.value
    if isinstance(value, np.ufunc):
        return value.__name__
    if isinstance(value, partial):
        return value.func, value.args, value.keywords
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in fields(value)]
    return getattr(value, "__wrapped__", None) if callable(value) else None


def _is_installed(value: Any) -> bool:
    """Whether a function, class or module comes with Python, boundkit or another installed package."""
    if not isinstance(value, ModuleType | type | FunctionType) and not inspect.isroutine(value):
        return False
    module = value if isinstance(value, ModuleType) else sys.modules.get(getattr(value, "__module__", None) or "")
    if module is None:
        return getattr(value, "__module__", None) in (None, "builtins") and not isinstance(value, FunctionType)
    name, file = module.__name__, getattr(module, "__file__", None)
    if name.partition(".")[0] == "boundkit":
        return True
    if file is None:
        return name in sys.builtin_module_names
    return str(Path(file).resolve()).startswith(_HOMES)
