"""What a function or a law of the user's is, by what it does: its code, and every value that the code names.

A name is not enough to know a row again: files are edited, two have one name, a notebook defines a function twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dis import get_instructions
from hashlib import sha256
import inspect
from types import CodeType, FunctionType, ModuleType
from typing import Any

import sympy

from boundkit.errors import ParameterError
from boundkit.studies.sweeps.contents import PLAIN, attributes, class_attributes, content, hints, inside
from boundkit.studies.sweeps.installed import full_name, home_of, is_found, is_held, is_installed, is_of_c
from boundkit.values import cut_text

_OF_MODULES = {
    f"__{name}__" for name in ("name", "file", "cached", "spec", "loader", "package", "path", "builtins", "doc", "read")
}
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
            "function but many; define it at the top of a file, with these as parameters of the grid"
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
        reader = _Reader(version)
        reader.read(things, "it")
    except RecursionError:
        raise ParameterError(f"a value that this code uses holds itself, and has no end; {_REMEDY}") from None
    return sha256("\n".join(reader.lines).encode("utf-8", "surrogatepass")).hexdigest()[:12]


class _Reader:
    """Writes down what things are: functions, classes and instances once, and then by their number."""

    def __init__(self, version: str, seen: dict[int, tuple[int, Any]] | None = None) -> None:
        self._version = version
        self._seen = dict(seen or {})  # the numbers, and the things, so that no other gets the id of one
        self.lines: list[str] = []

    def read(self, value: Any, where: str) -> None:
        """Write a value down; `where` is how the user knows it."""
        kind = type(value)
        if kind in PLAIN:
            self.lines.append(f"{kind.__name__} {value!r}")
        elif kind in (list, tuple):
            self.lines.append(f"{kind.__name__} of {len(value)}")
            self._each(value, where)
        elif kind is dict:
            self.lines.append(f"dict of {len(value)}")
            self._each((part for pair in value.items() for part in pair), where)
        elif kind is frozenset:
            self._unordered(value, where)
        elif kind is CodeType:
            self._code(value, where)
        elif isinstance(value, ModuleType | type) and self._by_name(value):
            self.lines.append(f"installed {full_name(value) if isinstance(value, type) else value.__name__}")
        elif id(value) in self._seen:
            self.lines.append(f"again {self._seen[id(value)][0]}")
        else:
            self._seen[id(value)] = len(self._seen), value
            self._once(value, where)

    def _each(self, values: Iterable[Any], where: str) -> None:
        for value in values:
            self.read(value, where)

    def _unordered(self, values: frozenset[Any], where: str) -> None:
        """Each apart from the others: their order is that of their hashes, and differs from run to run."""
        told = []
        for value in values:
            alone = _Reader(self._version, self._seen)
            alone.read(value, where)
            told.append("\n".join(alone.lines))
        self.lines += [f"set of {len(told)}", *sorted(told)]

    @staticmethod
    def _by_name(value: Any) -> bool:
        if isinstance(value, ModuleType):
            return is_installed(value)
        return is_found(value) or (is_of_c(value) and home_of(value) is not None)

    def _once(self, value: Any, where: str) -> None:
        """Write down a function, class, module or instance that is met for the first time."""
        if isinstance(value, FunctionType):
            self._function(value)
        elif isinstance(value, sympy.core.function.UndefinedFunction):
            self.lines.append(f"{value.__name__} {sorted(value._kwargs.items())}")
        elif isinstance(value, type):
            self._class(value)
        elif isinstance(value, ModuleType):
            name = value.__name__.rpartition(".")[2]
            self.lines.append(f"module {name}")
            for part in sorted(vars(value).keys() - _OF_MODULES):
                self._named(part, vars(value)[part], f"{name}.{part}")
        elif self._is_found(value):
            self.lines.append(f"installed {full_name(value)}")
        else:
            self._instance(value, where)

    @staticmethod
    def _is_found(value: Any) -> bool:
        """Whether it is a routine that an installed package names; or an object, as the normal law of SciPy is."""
        return is_held(value) or (inspect.isroutine(value) and is_found(value))

    def _instance(self, value: Any, where: str) -> None:
        """Write down an instance: its class and what it holds; a ParameterError where nothing tells it apart."""
        found = content(value)
        if found is None and not self._version:
            raise ParameterError(
                f"{where} is a {type(value).__name__}, of which a store cannot tell whether it has changed; {_REMEDY}"
            )
        self.read(type(value), where)
        if found is None:
            return
        inner, has_attributes = found
        self.read(inner, where)
        for name, part in attributes(value) if has_attributes else ():
            self._named(name, part, f"{name} of {where}")

    def _class(self, kind: type) -> None:
        self.lines.append(f"class {kind.__qualname__} {hints(kind)}")
        self.read((type(kind), kind.__bases__), kind.__qualname__)
        for name, part in class_attributes(kind).items():
            self._named(name, part, f"{kind.__qualname__}.{name}")

    def _function(self, function: FunctionType) -> None:
        """Write down a function: the name a package has for it, else what it holds and, of the user's, the code."""
        name, code = function.__qualname__, function.__code__
        installed = home_of(function) is not None
        self.lines.append(f"installed {full_name(function)}" if installed else f"function {name} {hints(function)}")
        if installed and is_found(function):
            return
        self.read((function.__defaults__, function.__kwdefaults__, vars(function)), f"a default or attribute of {name}")
        for held, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            self._named(held, inside(cell), f"{held}, which {name} holds,")
        if installed:
            return
        self._code(code, name)
        for path in sorted(names_used(code)):
            self._used(path, function, name)

    def _used(self, path: tuple[str, ...], function: FunctionType, name: str) -> None:
        """What a function means by a.b.c: of modules of the user's the part that is named, and all where none is."""
        if path[0] == "__name__" or path[0] not in function.__globals__:
            return
        found, at = function.__globals__[path[0]], 1
        while isinstance(found, ModuleType) and not is_installed(found) and at < len(path):
            inner = vars(found)
            if path[at] not in inner:
                self.read(inner.get("__getattr__"), f"{'.'.join(path[:at])}.__getattr__")
                return
            found, at = inner[path[at]], at + 1
        used = ".".join(path[:at])
        self._named(used, found, f"{used}, which {name} uses,")

    def _named(self, name: str, value: Any, where: str) -> None:
        self.lines.append(name)
        self.read(value, where)

    def _code(self, code: CodeType, where: str) -> None:
        takes = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags
        self.lines += [code.co_code.hex(), code.co_exceptiontable.hex()]
        self.lines.append(repr((takes, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)))
        self.read(code.co_consts, where)


def names_used(code: CodeType) -> set[tuple[str, ...]]:
    """The names that code takes from around it, each with the attributes that are taken of it at once: a.b.c."""
    found: set[tuple[str, ...]] = set()
    path: tuple[str, ...] = ()
    for step in get_instructions(code):
        if step.opname in ("LOAD_ATTR", "LOAD_METHOD") and path:
            path = (*path, step.argval)
        elif step.opname != "EXTENDED_ARG":
            found |= {path} if path else set()
            named = "GLOBAL" in step.opname or step.opname == "LOAD_NAME"
            path = (step.argval,) if named else ()
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return found.union(*map(names_used, inner))
