"""Results as JSON carries them: numbers where it has them, and text where it has not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
import json
from math import isfinite
from typing import Any

from boundkit.values import value_text


def plainly(record: Mapping[Any, Any], odd: Callable[[float], Any] = str) -> dict[str, Any]:
    """A record for JSON: arrays as lists, fractions that are no float as text, and what is not finite as `odd` has it.

    >>> plainly({"at": (2, Fraction(1, 2), Fraction(1, 3)), "log": float("-inf")})
    {'at': [2, 0.5, '1/3'], 'log': '-inf'}
    """
    return {str(name): _plain(value, odd) for name, value in record.items()}


def json_text(value: Any) -> str:
    """The JSON of a record, or of a list of them, as files and the command line have it."""
    return json.dumps(_plain(value, str), indent=2, allow_nan=False)


def _plain(value: Any, odd: Callable[[float], Any]) -> Any:
    """One value of a record, and whatever it holds."""
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        value = value.tolist()
    if isinstance(value, dict):
        return plainly(value, odd)
    if isinstance(value, list | tuple):
        return [_plain(item, odd) for item in value]
    if isinstance(value, Fraction):
        return float(value) if float(value) == value else value_text(value)
    return odd(value) if isinstance(value, float) and not isfinite(value) else value
