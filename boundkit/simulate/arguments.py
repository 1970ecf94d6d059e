"""What a caller may give, and the sentence a wrong value earns."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.values import cut_text


def count(name: str, value: Any, meaning: str, low: int = 1, high: float = inf) -> int:
    """An integer within [low, high]; 1e12 counts as an integer, True does not."""
    if not (_finite(value) and value == int(value) and low <= value <= high):
        most = "" if high == inf else f" and at most {int(high)}"
        raise ParameterError(f"{name} = {cut_text(value)}: {meaning} is an integer, at least {low}{most}")
    return int(value)


def size(name: str, value: Any, meaning: str, *, zero: bool = False) -> float:
    """A finite positive number, or zero where `zero` allows it."""
    if not (_finite(value) and (value > 0 or (zero and value == 0))):
        raise ParameterError(f"{name} = {cut_text(value)}: {meaning} is a finite number {'>= 0' if zero else '> 0'}")
    return float(value)


def choice(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """One of the allowed words."""
    if value not in allowed:
        raise ParameterError(f"{name} = {cut_text(value)}: choose one of {', '.join(map(repr, allowed))}")
    return str(value)


def values(name: str, value: Any) -> Any:
    """A tensor's values, without its gradient; anything else as it is."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        if not hasattr(value, "numpy"):
            raise ParameterError(f"{name} of type {type(value).__name__}: give something that NumPy reads")
        try:
            value = value.numpy()
        except TypeError as error:
            raise ParameterError(f"{name}: {error}; give it as {name}.float()") from error
    return value


def real(name: str, value: Any) -> NDArray[np.float64]:
    """An array of finite real numbers as doubles; nothing masked, no text, no objects; of a tensor its values."""
    value = values(name, value)
    try:
        x = np.asarray(value) if not isinstance(value, np.ma.MaskedArray) else np.array(value, dtype=object)
    except ValueError as error:  # rows of different lengths
        raise ParameterError(f"{name}: {error}; give rows of one length") from error
    if x.dtype.kind not in "biuf":
        raise ParameterError(f"{name} of type {x.dtype}: give an array of real numbers, none of them masked")
    try:
        x = x.astype(np.float64, copy=False)
    except MemoryError as error:
        raise ParameterError(
            f"{name} of shape {x.shape}: as doubles {8 * x.size / 2**30:.3g} GiB, for which there is no memory; give "
            "less of it, or another machine"
        ) from error
    if not np.isfinite(x).all():
        raise ParameterError(f"{name} with {np.sum(~np.isfinite(x))} numbers that are not finite: clean or drop them")
    return x


def _finite(value: Any) -> bool:
    if isinstance(value, int | np.integer):
        return not isinstance(value, bool)
    return isinstance(value, float | np.floating | Fraction) and isfinite(value)
