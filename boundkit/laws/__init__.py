"""Exact laws as numbers: NumPy, scipy.special and python-flint, never SymPy.

Fast, on arrays, in log space: `chi_square`, `normal`, `inner_product`, `row_sum`, `row_sums`, `closed_forms`; on the
whole numbers `binomial`, `poisson`, `negative_binomial`, `hypergeometric`; the continuous laws of textbooks: `gamma`,
`beta`, `student`, `greatest_normal`, `kolmogorov`, `uniform_sum`, `gaussian_mechanism`. One point at a time with proof:
`certified` (Fractions out), `balls`, `continuous_balls` and `discrete_balls` (flint's balls out). Each loads when it is
first used.
"""

from importlib import import_module
from types import ModuleType

_LAWS = (
    "balls",
    "beta",
    "binomial",
    "certified",
    "chi_square",
    "closed_forms",
    "continuous_balls",
    "discrete_balls",
    "gamma",
    "gaussian_mechanism",
    "greatest_normal",
    "hypergeometric",
    "inner_product",
    "kolmogorov",
    "negative_binomial",
    "normal",
    "poisson",
    "row_sum",
    "row_sums",
    "student",
    "uniform_sum",
)


def __getattr__(name: str) -> ModuleType:
    if name in _LAWS:
        return import_module(f"boundkit.laws.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; the laws are {', '.join(_LAWS)}")


def __dir__() -> list[str]:
    return sorted(_LAWS)
