"""Arrays as they are given to a statement: read by the rules of a call, as float64 where that carries them exactly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from boundkit.errors import ParameterError
from boundkit.model.parameter import Parameter
from boundkit.values import LARGEST, SIZES, cut_text, exact_number

EXACT_INTEGERS = 2**53
TOO_LARGE = "arrays carry integers up to 2^53 exactly; call the statement itself for larger ones"


def column(p: Parameter, values: Any) -> np.ndarray:
    """The values of a parameter as float64, each standing for the decimal that it prints; as exact numbers, in an
    array of objects, where no float64 prints what is meant.

    Raises
    ------
    ParameterError
        For what a call would refuse too, the first of it by its index.
    """
    array = _array(p, values)
    if array.dtype.kind == "O" or (array.dtype.itemsize > 8 and array.dtype.kind == "f"):
        array = _exact(p, array)
        floats = array.astype(float)
        if any(exact_number(x) != exact for x, exact in zip(floats.flat, array.flat, strict=True)):
            return array
        return floats
    if array.dtype.kind not in "iuf":
        raise ParameterError(f"{p.name}: {p.meaning}; an array of numbers is needed, not of {array.dtype}")
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        array = array.astype(str)  # the decimals that are meant
    floats = array.astype(float)
    _refuse(p, array, floats, ~np.isfinite(floats), "a finite number is needed")
    if array.dtype.kind in "iu":
        _refuse(p, array, floats, np.abs(floats) > EXACT_INTEGERS, TOO_LARGE)
    elif p.integer:
        _refuse(p, array, floats, np.floor(floats) != floats, "an integer is needed")
    size = np.abs(floats)
    _refuse(p, array, floats, (size > LARGEST) | ((size < 1 / LARGEST) & (size > 0)), SIZES)
    return floats


def _array(p: Parameter, values: Any) -> np.ndarray:
    """What was given as an array, of objects where NumPy would change values; refuses masked ones and uneven rows."""
    if isinstance(values, np.ma.MaskedArray):
        masked = np.ma.getmaskarray(values)
        if masked.any():
            at = int(np.argmax(masked.ravel()))
            raise ParameterError(f"{p.name} at index {at}: {p.meaning}; a masked value is not a number; leave it out")
        return np.asarray(values)
    if not isinstance(values, list | tuple):
        return np.asarray(values)
    scalars = _scalars(p, values)
    kinds = {type(value) for value in _leaves(scalars)}
    plain = kinds <= {int, float} or len(kinds) == 1  # NumPy would make True a 1 beside numbers, and 0.1 a float64
    try:
        return np.asarray(scalars) if plain else np.array(scalars, dtype=object)
    except ValueError:
        raise ParameterError(f"{p.name}: {p.meaning}; rows of one length are needed") from None


def _scalars(p: Parameter, values: Any) -> Any:
    """Rows, and arrays among them, as lists of scalars."""
    if isinstance(values, np.ma.MaskedArray):
        raise ParameterError(f"{p.name}: {p.meaning}; a masked value is not a number; leave it out")
    if isinstance(values, list | tuple) or (isinstance(values, np.ndarray) and values.ndim):
        return [_scalars(p, value) for value in values]
    return values[()] if isinstance(values, np.ndarray) else values


def _leaves(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _leaves(value)
        else:
            yield value


def _refuse(p: Parameter, array: np.ndarray, floats: np.ndarray, bad: np.ndarray, rule: str) -> None:
    if bad.any():
        at = int(np.argmax(bad.ravel()))
        value = array.ravel()[at] if array.dtype.kind in "iu" else floats.ravel()[at]
        raise ParameterError(f"{p.name} = {value} at index {at}: {p.meaning}; {rule}")


def _exact(p: Parameter, array: np.ndarray) -> np.ndarray:
    """The values as exact numbers, objects in the same shape; a ParameterError for the first that a call refuses."""
    found = np.empty(array.shape, object)
    for at, value in enumerate(array.flat):
        try:
            exact = exact_number(value)
        except ParameterError as error:
            raise ParameterError(f"{p.name} = {cut_text(value)} at index {at}: {p.meaning}; {error}") from None
        if p.integer and int(float(exact)) != exact:
            rule = TOO_LARGE if isinstance(exact, int) else "an integer is needed"
            raise ParameterError(f"{p.name} = {value} at index {at}: {p.meaning}; {rule}")
        found.flat[at] = exact
    return found
