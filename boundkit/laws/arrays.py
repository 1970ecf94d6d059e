"""What the fast laws share: conversion, domains, broadcasting, NaN and blocks, so that a law is one kernel on columns.

Scalars in give a Python float out; anything else gives an array of the broadcast shape. A scalar NaN is an error, a NaN
inside an array makes its own result NaN and touches no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boundkit.errors import ParameterError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SLICE = 16384  # elements whose temporaries stay in the cache
BLOCK = 131072  # measured: shorter ones pay for more calls, longer ones leave the cache


@dataclass(frozen=True)
class Domain:
    """The values an argument may take: the rule in words, the rule as a test (false at NaN), what to do outside."""

    rule: str
    holds: Callable[[Array], Mask]
    remedy: str


POSITIVE = Domain("> 0 and finite", lambda x: (x > 0) & (x < np.inf), "give a positive number")
NONNEGATIVE = Domain(">= 0", lambda x: x >= 0, "give zero or a positive number")
DIMENSION = Domain("> 0, from 1/16 to 1e15,", lambda n: (n >= 0.0625) & (n <= 1e15), "give a dimension in that range")
REAL = Domain("a real number", lambda x: x == x, "give a number, or infinity")
SIZE = Domain("a whole number from 0 to 2^53", lambda n: (n >= 0) & (n <= 2.0**53) & (n == np.floor(n)), "give a size")
PROBABILITY = Domain("0, or from 1e-300 to 1,", lambda p: (p == 0) | ((p >= 1e-300) & (p <= 1)), "give a probability")
LOG_PROBABILITY = Domain("<= 0", lambda x: x <= 0, "give the natural log of a probability")


def elementwise(kernel: Callable[..., Array], **arguments: tuple[ArrayLike, Domain]) -> Any:
    """Apply `kernel` to arguments broadcast against each other, `name=(value, domain)`, in blocks.

    The kernel gets contiguous float64 columns of one length, inside their domains and without NaN, and returns one.
    It runs with NumPy's warnings off.
    """
    values = [_real(name, value) for name, (value, _) in arguments.items()]
    checks = [_known(name, value, domain) for value, (name, (_, domain)) in zip(values, arguments.items(), strict=True)]
    if not all(checks):
        kernel = _around_nan(kernel)
    operands: Any = [*values, None]
    roles: Any = [["readonly", "contig"]] * len(values) + [["writeonly", "allocate", "contig"]]
    try:
        blocks = np.nditer(
            operands,
            ["buffered", "external_loop", "zerosize_ok"],
            roles,
            [np.float64] * len(operands),
            buffersize=BLOCK,
        )
    except ValueError:
        shapes = ", ".join(f"{name} has {value.shape}" for name, value in zip(arguments, values, strict=True))
        raise ParameterError(f"{shapes}: shapes that broadcast are needed; reshape one of them") from None
    with blocks, np.errstate(all="ignore"):
        for *columns, out in blocks:
            out[...] = kernel(*columns)
        result = blocks.operands[-1]
    return result if result.ndim else float(result)


def in_cache(kernel: Callable[..., tuple[Any, ...]], *columns: Array) -> tuple[Any, ...]:
    """Run a kernel that has many temporaries and returns columns on short slices."""
    size = len(columns[0])
    if size <= SLICE:
        return kernel(*columns)
    parts = [kernel(*(column[i : i + SLICE] for column in columns)) for i in range(0, size, SLICE)]
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def piecewise(columns: tuple[Array, ...], *cases: tuple[Mask, Callable[..., Array]]) -> Array:
    """Each law on its own rows of the columns; the cases share every row among them."""
    result = np.empty_like(columns[0])
    for rows, law in cases:
        if rows.all():
            return law(*columns)
        if rows.any():
            result[rows] = law(*(column[rows] for column in columns))
    return result


def log_complement(log_p: Array) -> Array:
    """log(1 - p), good where p is near 0 and where it is near 1."""
    large = log_p > -0.7
    result: Array = np.where(large, np.log(-np.expm1(log_p)), np.log1p(-np.exp(log_p)))
    return result


def _real(name: str, given: ArrayLike) -> Array:
    try:
        value = np.asarray(given)
        if value.dtype.kind not in "iufO" or any(isinstance(x, str | bytes | bool | NoneType) for x in _objects(value)):
            raise TypeError  # NumPy would read text, and take None for NaN
        return value.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{name} = {given!r}: real numbers are needed; give floats, integers or arrays") from None


def _objects(value: np.ndarray) -> Iterable[object]:
    return value.flat if value.dtype.kind == "O" else ()


def _known(name: str, value: Array, domain: Domain) -> bool:
    """Whether every entry is inside the domain; False if some are NaN instead; an error if one is outside."""
    inside = np.asarray(domain.holds(value))
    if inside.all():
        return True
    outside = ~inside & (~np.isnan(value) if value.ndim else True)
    if outside.any():
        where = np.unravel_index(int(outside.argmax()), value.shape)
        place = f"[{', '.join(map(str, where))}]" if where else ""
        raise ParameterError(f"{name}{place} = {value[where]}: {name} {domain.rule} is needed; {domain.remedy}")
    return False


def _around_nan(kernel: Callable[..., Array]) -> Callable[..., Array]:
    """The kernel for columns with NaN: it sees the rows without one, and the others give NaN."""

    def around(*columns: Array) -> Array:
        known = ~np.logical_or.reduce([np.isnan(column) for column in columns])
        result = np.full(known.shape, np.nan)
        if known.any():
            result[known] = kernel(*(column[known] for column in columns))
        return result

    return around
