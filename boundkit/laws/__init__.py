"""Exact laws as numbers: NumPy, scipy.special and python-flint, never SymPy.

Fast, on arrays, in log space: `chi_square`, `normal`, `inner_product`, `row_sum`, `row_sums`, `closed_forms`, and on
the whole numbers `binomial`, `poisson`, `negative_binomial`, `hypergeometric`. One point at a time with proof:
`certified` (Fractions out), `balls` and `discrete_balls` (flint's balls out). Each loads when it is first used.
"""

from importlib import import_module
from types import ModuleType

_LAWS = (
    "balls",
    "binomial",
    "certified",
    "chi_square",
    "closed_forms",
    "discrete_balls",
    "hypergeometric",
    "inner_product",
    "negative_binomial",
    "normal",
    "poisson",
    "row_sum",
    "row_sums",
)


def __getattr__(name: str) -> ModuleType:
    if name in _LAWS:
        return import_module(f"boundkit.laws.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; the laws are {', '.join(_LAWS)}")


def __dir__() -> list[str]:
    return sorted(_LAWS)
