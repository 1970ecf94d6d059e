"""The kinds of values whose content a store can read: each as the plain values that it is made of.

A kind that is not in the tables below may hold what nothing here sees, and is refused by the reader (`identity`).
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from inspect import get_annotations
from itertools import count
from logging import Logger
from operator import attrgetter, itemgetter, methodcaller
from pathlib import PurePath
import re
from struct import Struct
import types
from typing import Any, NamedTuple, get_args, get_origin
from zoneinfo import ZoneInfo

from flint import fmpq, fmpz
import numpy as np
import sympy

from boundkit.studies.sweeps.installed import home_of, is_of_c

PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...), type(NotImplemented))
# What Python and its library write into a class and that says nothing of it, or says it again.
_OF_PYTHON = {"__module__", "__dict__", "__weakref__", "__firstlineno__", "__static_attributes__", "__annotations__",
              "__annotations_cache__", "__annotate__", "__annotate_func__", "_abc_impl"}  # fmt: skip
_OF_SYMPY = {"default_assumptions", "_explicit_class_assumptions", "_prop_handler"}  # deduced, in the order of hashes
_UNSAID = re.compile(r" at 0x[0-9a-fA-F]+|([^\W\d]\w*\.)+")  # addresses, and modules, whose names differ in a script
_DESCRIPTORS = (
    types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType,
    types.GetSetDescriptorType, types.MemberDescriptorType,
)  # fmt: skip


class _Pair(NamedTuple):
    left: int


def words(hint: Any) -> str:
    """An annotation, as it is written."""
    if isinstance(hint, str):
        return hint
    return _UNSAID.sub("", hint.__qualname__ if type(hint) is type else repr(hint))


def hints(value: Any) -> list[tuple[str, str]]:
    """The annotations of a function or a class."""
    return [(name, words(hint)) for name, hint in get_annotations(value).items()]


def class_attributes(kind: type) -> dict[str, Any]:
    """What a class of the user's defines, in its order."""
    own = {name: value for name, value in vars(kind).items() if name not in _OF_PYTHON}
    if issubclass(kind, sympy.Basic):
        return {name: own[name] for name in sorted(own) if name not in _OF_SYMPY}
    return own


def attributes(value: Any) -> list[tuple[str, Any]]:
    """The attributes of an instance; of a record of an installed package its fields."""
    if home_of(type(value)) is not None and is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    slots = (
        (name, slot.__get__(value)) for kind in type(value).__mro__ if not is_of_c(kind)
        for name, slot in vars(kind).items() if isinstance(slot, types.MemberDescriptorType) and _is_filled(value, slot)
    )  # fmt: skip
    own = [*slots, *getattr(value, "__dict__", {}).items()]
    if isinstance(
        value, sympy.Basic
    ):  # whose arguments are read, and whose assumptions and hash come as they are asked
        return [(name, part) for name, part in own if name not in sympy.Basic.__slots__]
    return own


def _is_filled(value: Any, slot: Any) -> bool:
    try:
        slot.__get__(value)
    except AttributeError:
        return False
    return True


def inside(cell: types.CellType) -> tuple[Any, ...]:
    """What a function holds in a cell; nothing where it is not filled yet."""
    try:
        return (cell.cell_contents,)
    except ValueError:
        return ()


def _routine(value: Any) -> Any:
    """A method written in C, by its name and what it is bound to."""
    bound = getattr(value, "__self__", None)
    return value.__name__, None if isinstance(bound, types.ModuleType) else bound


def _array(value: np.ndarray) -> Any:
    plain = value.view(np.ndarray)
    inner = list(plain.flat) if plain.dtype.kind == "O" else sha256(plain.tobytes()).hexdigest()
    return str(plain.dtype), plain.shape, plain.strides, bool(plain.flags.writeable), inner


def _sympy(value: sympy.Basic) -> Any:
    """An expression as it prints, with what does not print: assumptions, digits, and the classes of its nodes."""
    symbols = sorted(f"{s.name} {sorted(s.assumptions0.items())}" for s in value.atoms(sympy.Symbol))
    floats = sorted(sympy.srepr(number) for number in value.atoms(sympy.Float))
    nodes = [type(node) for node in sympy.preorder_traversal(value)]
    kinds = sorted(dict.fromkeys(nodes), key=_place)
    namesakes = len({_place(kind) for kind in kinds}) < len(kinds)  # the text does not say which of them stands where
    return str(value), symbols, floats, kinds, [kinds.index(node) for node in nodes] if namesakes else []


def _place(kind: type) -> tuple[str, str]:
    return kind.__module__ or "", kind.__qualname__


def _field(value: Any) -> Any:
    how = value.init, value.repr, value.hash, value.compare, value.kw_only, str(value._field_type)
    return value.name, words(value.type), value.default, value.default_factory, how, value.metadata


def _nothing(_: Any) -> Any:
    return ()


# Read as a whole, whatever else is inside; the first that fits.
_WHOLE: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (sympy.Basic, _sympy),
    (sympy.MatrixBase, lambda value: value.as_immutable()),
    (PurePath, str),
    ((Fraction, fmpq, fmpz), str),
    (cached_property, lambda value: value.func),
    (Logger, lambda value: value.name),  # it tells, and computes nothing
    (Field, _field),
    (np.vectorize, lambda value: (value.pyfunc, value.otypes, value.signature, value.excluded, value.cache)),
    (np.generic, lambda value: (str(value.dtype), value.tobytes())),
    (np.dtype, lambda value: (str(value), value.descr if value.names else ())),
)

# Read as the content of the base that is written in C; attributes of the user's come beside it.
_BUILT_IN: dict[type, Callable[[Any], Any]] = {
    object: _nothing, types.SimpleNamespace: _nothing, types.MappingProxyType: dict,
    int: int.__repr__, float: float.__repr__, complex: complex.__repr__, str: str.__str__, bytes: bytes.__repr__,
    tuple: lambda value: list(tuple.__iter__(value)), list: lambda value: tuple(list.__iter__(value)),
    dict: lambda value: [part for pair in dict.items(value) for part in pair],
    OrderedDict: lambda value: [part for pair in value.items() for part in pair],
    defaultdict: lambda value: [value.default_factory, *(part for pair in dict.items(value) for part in pair)],
    deque: lambda value: [value.maxlen, *value],
    set: lambda value: frozenset(set.__iter__(value)), bytearray: bytes,
    range: repr, slice: lambda value: (value.start, value.stop, value.step),
    Decimal: Decimal.__repr__, date: repr, datetime: repr, time: repr, timedelta: repr, timezone: repr, ZoneInfo: str,
    re.Pattern: lambda value: (value.pattern, value.flags), Struct: lambda value: value.format, count: repr,
    staticmethod: lambda value: value.__func__, classmethod: lambda value: value.__func__,
    property: lambda value: (value.fget, value.fset, value.fdel), types.MethodType: lambda v: (v.__func__, v.__self__),
    partial: lambda value: (value.func, value.args, value.keywords),
    type(lru_cache(int)): lambda value: (value.__wrapped__, value.cache_parameters()),
    types.BuiltinMethodType: _routine, types.MethodWrapperType: _routine,
    itemgetter: lambda value: value.__reduce__()[1], attrgetter: lambda value: value.__reduce__()[1],
    methodcaller: lambda value: value.__reduce__()[1],
    types.GenericAlias: lambda value: (get_origin(value), get_args(value)), types.UnionType: get_args,
    BaseException: lambda value: value.args, np.ndarray: _array,
    type(_Pair.left): lambda value: value.__reduce__()[1],
    **dict.fromkeys(_DESCRIPTORS, lambda value: value.__name__),
}  # fmt: skip


def content(value: Any) -> tuple[Any, bool] | None:
    """What a value is made of, and whether its attributes come beside that; None where that cannot be told."""
    whole = next((read for kind, read in _WHOLE if isinstance(value, kind)), None)
    if whole is not None:
        return whole(value), home_of(type(value)) is None
    if type(value).__module__ == "typing":
        return (get_origin(value), get_args(value), words(value)), False
    if isinstance(value, np.ufunc):
        return None if "(vectorized)" in value.__name__ else (value.__name__, False)
    base = next(kind for kind in type(value).__mro__ if is_of_c(kind))
    if issubclass(base, BaseException) and home_of(base) is not None:
        base = BaseException
    read = _BUILT_IN.get(base)
    if read is None or (isinstance(value, np.ndarray) and value.dtype.hasobject and value.dtype.kind != "O"):
        return None
    return read(value), type(value) is not base or base is types.SimpleNamespace
