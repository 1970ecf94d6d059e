"""Exact laws as numbers: NumPy, scipy.special and python-flint, never SymPy.

Fast, on arrays, in log space: `chi_square`, `normal`, `inner_product`, `row_sum`, `row_sums`, `closed_forms`, and the
continuous laws of textbooks: `gamma`, `beta`, `student`, `greatest_normal`, `kolmogorov`, `uniform_sum`,
`gaussian_mechanism`. One point at a time with proof: `certified` (Fractions out), `balls` and `continuous_balls`
(flint's balls out). Each loads when it is first used.
"""

from importlib import import_module
from types import ModuleType

_LAWS = (
    "balls", "beta", "certified", "chi_square", "closed_forms", "continuous_balls", "gamma", "gaussian_mechanism",
    "greatest_normal", "inner_product", "kolmogorov", "normal", "row_sum", "row_sums", "student", "uniform_sum",
)  # fmt: skip


def __getattr__(name: str) -> ModuleType:
    if name in _LAWS:
        return import_module(f"boundkit.laws.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; the laws are {', '.join(_LAWS)}")


def __dir__() -> list[str]:
    return sorted(_LAWS)
