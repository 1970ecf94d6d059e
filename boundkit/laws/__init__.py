"""Exact laws as numbers: NumPy, scipy.special and python-flint, never SymPy.

Fast, on arrays, in log space: `chi_square`, `normal`, `inner_product`, `row_sum`, `row_sums`, `closed_forms`. One point
at a time with proof: `certified` (Fractions out) and `balls` (flint's balls out). Each loads when it is first used.
"""

from importlib import import_module
from types import ModuleType

_LAWS = ("balls", "certified", "chi_square", "closed_forms", "inner_product", "normal", "row_sum", "row_sums")


def __getattr__(name: str) -> ModuleType:
    if name in _LAWS:
        return import_module(f"boundkit.laws.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; the laws are {', '.join(_LAWS)}")


def __dir__() -> list[str]:
    return sorted(_LAWS)
