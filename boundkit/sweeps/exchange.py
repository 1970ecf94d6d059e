"""Values as JSON text and back, without losing a digit: fractions, infinities and nan too."""

from __future__ import annotations

from fractions import Fraction
import json
from math import isfinite
from typing import Any

from boundkit.errors import StatementError


def to_text(values: dict[str, Any]) -> str:
    """Write named numbers, words, truth values, None and lists of them as JSON.

    Raises
    ------
    StatementError
        For a value of any other kind; names it.

    Examples
    --------
    >>> to_text({"n": 10**20, "t": Fraction(1, 3), "bound": float("inf")})
    '{"n": 100000000000000000000, "t": {"fraction": "1/3"}, "bound": {"float": "inf"}}'
    """
    return json.dumps({name: _plain(name, value) for name, value in values.items()}, allow_nan=False)


def from_text(text: str) -> dict[str, Any]:
    """Read what `to_text` wrote.

    >>> from_text(to_text({"t": Fraction(1, 3), "x": [0.1, float("-inf")]}))
    {'t': Fraction(1, 3), 'x': [0.1, -inf]}
    """
    return {name: _restored(value) for name, value in json.loads(text).items()}


def _plain(name: str, value: Any) -> Any:
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else {"float": repr(value)}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, list | tuple):
        return [_plain(name, item) for item in value]
    raise StatementError(f"{name} is {type(value).__name__}; give numbers, words, or lists of them")


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return Fraction(text) if kind == "fraction" else float(text)
    return value
