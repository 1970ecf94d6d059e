"""Grids of values: ranges written as text, and the points that several parameters' ranges span.

A range is ``start:stop:step``, with stop included where a step hits it, or ``start:stop:xFACTOR``, which multiplies;
a list is ``2,10,100``, and its items may be ranges. Numbers follow the one grammar of `boundkit.values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from math import prod
from typing import Any

from boundkit.errors import ParameterError
from boundkit.values import Value, exact_number, parse_number, value_text

LARGEST = 10_000  # points of a grid; each one is certified, which takes milliseconds to seconds
FINEST = 10**300
_HOW = "write start:stop:step, start:stop:xFACTOR or a list such as 2,10,100"


def parse_range(text: str) -> tuple[Value, ...]:
    """Read a range or a list of numbers exactly.

    Parameters
    ----------
    text : str
        ``100:1000:100``, ``10:1e6:x10`` or ``2,10,100``; steps may be negative, factors below 1.

    Returns
    -------
    tuple of int or fractions.Fraction
        The values, in order; the stop is one of them where a step hits it.

    Raises
    ------
    ParameterError
        For text that is no range, a range without values, a step or factor that leads nowhere, and more than
        10000 values.

    Examples
    --------
    >>> parse_range("100:400:100"), parse_range("10:1e4:x10"), parse_range("2,10:30:10,0.5")
    ((100, 200, 300, 400), (10, 100, 1000, 10000), (2, 10, 20, 30, Fraction(1, 2)))
    """
    values: list[Value] = []
    for part in text.split(","):
        if not part.strip():
            raise ParameterError(f"{text!r} has an empty item; {_HOW}")
        for value in _range(part.strip()) if ":" in part else (_number(part, text),):
            values.append(value)
            if len(values) > LARGEST:
                raise ParameterError(f"{text!r} has more than {LARGEST} values; take larger steps")
    return tuple(values)


def grid_values(values: Any) -> tuple[Value, ...]:
    """Return exact values from a range in text, any iterable of numbers (an array too), or one number.

    >>> grid_values(range(1, 4)), grid_values("1:2:0.5"), grid_values(7)
    ((1, 2, 3), (1, Fraction(3, 2), 2), (7,))
    """
    if isinstance(values, str):
        return parse_range(values)
    if not isinstance(values, Iterable) or getattr(values, "shape", None) == ():
        return (exact_number(values),)
    exact: list[Value] = []
    for value in values:
        if len(exact) == LARGEST:
            raise ParameterError(f"more than {LARGEST} values are given; give fewer")
        exact.append(exact_number(value))
    if not exact:
        raise ParameterError("no values are given; give at least one")
    return tuple(exact)


def range_text(values: tuple[Value, ...]) -> str:
    """Write values as text that `parse_range` reads back.

    >>> range_text((100, 200, 300, 400)), range_text((2, 10, 100))
    ('100:400:100', '2,10,100')
    """
    steps = {after - before for before, after in pairwise(values)}
    if len(values) > 3 and len(steps) == 1 and 0 not in steps:
        return ":".join(map(value_text, (values[0], values[-1], steps.pop())))
    return ",".join(map(value_text, values))


def grid(over: Mapping[str, Any]) -> dict[str, tuple[Value, ...]]:
    """Return each parameter's values, as `grid_values` reads them.

    Raises
    ------
    ParameterError
        Names the parameter whose values cannot be read; or says that there are more than 10000 points.
    """
    read = {}
    for parameter, values in over.items():
        try:
            read[parameter] = grid_values(values)
        except ParameterError as error:
            raise ParameterError(f"{parameter}: {error}") from None
    if (count := prod(map(len, read.values()))) > LARGEST:
        sizes = " x ".join(f"{len(values)} of {parameter}" for parameter, values in read.items())
        raise ParameterError(f"the grid has {count} points ({sizes}), and at most {LARGEST} are allowed")
    return read


def points(over: Mapping[str, tuple[Value, ...]]) -> Iterator[dict[str, Value]]:
    """Yield every combination of values, the last parameter changing fastest."""
    for combination in product(*over.values()):
        yield dict(zip(over, combination, strict=True))


def _range(text: str) -> Iterator[Value]:
    """The values of start:stop:step or start:stop:xFACTOR, in order; refuses one without values, or without end."""
    parts = text.split(":")
    if len(parts) != 3:
        raise ParameterError(f"{text!r} is no range; {_HOW}")
    multiplies = parts[2].strip().startswith("x")
    start, stop = (_number(part, text) for part in parts[:2])
    step = _number(parts[2].strip().removeprefix("x"), text)
    if multiplies and (step <= 0 or step == 1 or start == 0 or start * stop <= 0):
        raise ParameterError(
            f"{text!r} leads nowhere: a factor is positive and not 1, and both ends are on one side of 0"
        )
    if step == 0:
        raise ParameterError(f"{text!r} has step 0; give a step that leads from {parts[0]} to {parts[1]}")
    upward = (step > 1) == (start > 0) if multiplies else step > 0
    if start > stop if upward else start < stop:
        raise ParameterError(f"{text!r} is empty: from {parts[0]} its steps lead away from {parts[1]}")
    return _walk(start, stop, step, multiplies, upward)


def _walk(start: Value, stop: Value, step: Value, multiplies: bool, upward: bool) -> Iterator[Value]:
    """The values from start on, as far as stop, exactly; a ParameterError where a denominator passes 300 digits."""
    value = start
    while value <= stop if upward else value >= stop:
        if value.denominator > FINEST:  # powers of a fraction grow without end, and every one is kept exactly
            raise ParameterError(
                f"from {value_text(start)}, x{value_text(step)} leads to values past 300 digits; "
                "take a whole factor, or steps"
            )
        yield exact_number(value)
        value = value * step if multiplies else value + step


def _number(text: str, whole: str) -> Value:
    try:
        return exact_number(parse_number(text))
    except ParameterError as error:
        raise ParameterError(f"{error}; in {whole!r}" if text.strip() != whole.strip() else str(error)) from None
