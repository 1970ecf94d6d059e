"""Values as JSON text and back, without losing a digit: fractions, infinities and nan too."""

from __future__ import annotations

from fractions import Fraction
import json
from math import isfinite
import re
from typing import Any

from boundkit.errors import StatementError

_FRACTION = re.compile(r"-?\d+/\d+")


def to_text(values: dict[str, Any]) -> str:
    """Write named numbers, words, truth values, None and lists of them as JSON.

    Raises
    ------
    StatementError
        For a value of any other kind, and for an integer of thousands of digits; names it.

    Examples
    --------
    >>> to_text({"n": 10**20, "t": Fraction(1, 3), "bound": float("inf")})
    '{"n": 100000000000000000000, "t": {"fraction": "1/3"}, "bound": {"float": "inf"}}'
    """
    try:
        return json.dumps({name: _plain(name, value) for name, value in values.items()}, allow_nan=False)
    except ValueError as error:
        if isinstance(error, StatementError):
            raise
        raise StatementError("a number of thousands of digits cannot be stored; give its logarithm, or text") from None
    except RecursionError:
        raise StatementError("lists within lists without end cannot be stored; give flat ones") from None


def from_text(text: str) -> dict[str, Any]:
    """Read what `to_text` wrote.

    Raises
    ------
    StatementError
        For any other text.

    Examples
    --------
    >>> from_text(to_text({"t": Fraction(1, 3), "x": [0.1, float("-inf")]}))
    {'t': Fraction(1, 3), 'x': [0.1, -inf]}
    """
    try:
        return {name: _restored(value) for name, value in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise StatementError("this is no record of a run") from None


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it, a fraction, infinity or nan as an object; a StatementError for any other kind."""
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else {"float": repr(value)}
    if isinstance(value, Fraction):
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, list | tuple):
        return [_plain(name, item) for item in value]
    raise StatementError(f"{name} is {type(value).__name__}; give numbers, words, or lists of them")


def _restored(value: Any) -> Any:
    """The value that `_plain` wrote; a ValueError for objects that it does not write."""
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        if kind == "fraction" and _FRACTION.fullmatch(text):
            return Fraction(text)
        if kind == "float" and text in ("inf", "-inf", "nan"):
            return float(text)
        raise ValueError(kind)
    return value
