"""What a caller may give, and the sentence a wrong value earns."""

from __future__ import annotations

from math import inf, isfinite
from numbers import Real
from typing import Any

from boundkit.errors import ParameterError


def count(name: str, value: Any, meaning: str, low: int = 1, high: float = inf) -> int:
    """An integer within [low, high]; 1e12 counts as an integer, True does not."""
    whole = isinstance(value, Real) and not isinstance(value, bool) and isfinite(value) and value == int(value)
    if not whole or not low <= value <= high:
        most = "" if high == inf else f" and at most {int(high)}"
        raise ParameterError(f"{name} = {value!r}: {meaning} is an integer, at least {low}{most}")
    return int(value)


def size(name: str, value: Any, meaning: str, *, zero: bool = False) -> float:
    """A finite positive number, or zero where `zero` allows it."""
    real = isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
    if not real or value < 0 or (value == 0 and not zero):
        raise ParameterError(f"{name} = {value!r}: {meaning} is a finite number {'>= 0' if zero else '> 0'}")
    return float(value)


def choice(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """One of the allowed words."""
    if value not in allowed:
        raise ParameterError(f"{name} = {value!r}: choose one of {', '.join(map(repr, allowed))}")
    return str(value)
