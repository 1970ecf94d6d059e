"""What comes with Python, boundkit or another installed package: a store knows it by its name."""

from __future__ import annotations

from pathlib import Path
from struct import calcsize
import sys
import sysconfig
from types import FunctionType, MemberDescriptorType, ModuleType
from typing import Any

_HOMES = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_POINTER = calcsize("P")
_SEEN = ("__dict__", "__weakref__")  # where attributes are kept, and nothing else
_HEAP = 1 << 9  # of a type's __flags__: made while Python runs, as all classes of Python code are


def is_installed(module: Any) -> bool:
    """Whether a module comes with Python, boundkit or another installed package."""
    if not isinstance(module, ModuleType):
        return False
    head, file = module.__name__.partition(".")[0], getattr(module, "__file__", None)
    if head == "boundkit":
        return True
    if file is None and (places := list(getattr(module, "__path__", ()))):  # a folder without __init__.py
        file = places[0]
    if file is None:
        return head in sys.builtin_module_names or head in sys.stdlib_module_names
    return any(Path(file).resolve().is_relative_to(home) for home in _HOMES)


def home_of(value: Any) -> ModuleType | None:
    """The installed module that a function, a class or a routine says it is from."""
    if isinstance(value, FunctionType):  # whose __module__ a decorator may have changed
        module = sys.modules.get(value.__globals__.get("__name__", ""))
        module = module if module is not None and vars(module) is value.__globals__ else None
    else:
        name = getattr(value, "__module__", None)
        module = sys.modules.get(name if isinstance(name, str) else "builtins")
    return module if is_installed(module) else None


def is_found(value: Any) -> bool:
    """Whether an installed module holds it under its own name, so that the name says all."""
    found: Any = home_of(value)
    for part in full_name(value).partition(":")[2].split("."):
        found = getattr(found, part, None)
    return found is value


def is_of_c(kind: type) -> bool:
    """Whether a class is not written in Python, so that its instances may hold what no attribute shows."""
    own = vars(kind)
    if not kind.__flags__ & _HEAP or getattr(own.get("__new__"), "__self__", None) is kind:
        return True
    seen = sum(isinstance(part, MemberDescriptorType) or name in _SEEN for name, part in own.items())
    base = kind.__base__ or object
    return kind.__basicsize__ > base.__basicsize__ + _POINTER * seen


def is_held(value: Any) -> bool:
    """Whether an object is one that an installed package made: held by the module that defines its class."""
    home = home_of(type(value))
    return home is not None and any(held is value for held in list(vars(home).values()))


def full_name(value: Any) -> str:
    """Module and qualified name."""
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", "")
    return f"{getattr(value, '__module__', None) or 'builtins'}:{name}"
