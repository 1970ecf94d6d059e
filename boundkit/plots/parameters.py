"""Parameters on axes: their values, their scales, and values for those that nobody gave."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any

import numpy as np
import sympy

from boundkit.api.objects import Statement
from boundkit.coerce import exactly
from boundkit.engine.accept import in_parameters, named, with_formulas
from boundkit.errors import ParameterError
from boundkit.formats.style import math
from boundkit.model.parameter import Parameter
from boundkit.studies.showing import number_ends
from boundkit.studies.tables.grids import grid_values
from boundkit.terms import is_formula

WIDE = 30  # parameters whose ends differ by more than this factor are drawn on a log scale


def varied(statement: Statement, over: Mapping[str, Any], parameters: int) -> list[tuple[str, np.ndarray]]:
    """The parameters that vary, each with at least two increasing values, rounded where the parameter is whole."""
    if len(over) != parameters:
        raise ParameterError(f"over = {dict(over)!r} varies {len(over)} parameters; give exactly {parameters}")
    axes = []
    for name, values in named(statement, over).items():
        found = np.array([float(value) for value in grid_values(values)])
        found = np.unique(np.rint(found) if parameter(statement, name).integer else found)
        if len(found) < 2:
            raise ParameterError(f"{name} = {values!r} is one value; give at least two")
        axes.append((name, found))
    return axes


def formulas_of(statement: Statement, fixed: Mapping[str, Any]) -> dict[str, sympy.Expr]:
    """Those of the values that are in terms of other parameters; of a whole parameter rounded down, as on an axis."""
    found = {name: exactly(in_parameters(statement, name, value)) for name, value in fixed.items() if is_formula(value)}
    whole = {name for name in found if parameter(statement, name).integer}
    return {name: sympy.floor(formula) if name in whole else formula for name, formula in found.items()}


def along(statement: Statement, given: Mapping[str, Any], formulas: Mapping[str, sympy.Expr]) -> dict[str, Any]:
    """The values with the formulas' own at each point of the axes."""
    if not formulas:
        return dict(given)
    grids = dict(
        zip(given, np.broadcast_arrays(*(np.asarray(value, dtype=object) for value in given.values())), strict=True)
    )
    shape = next((x.shape for x in grids.values()), ())
    found = {name: np.empty(shape) for name in formulas}
    for at in np.ndindex(shape):
        point = with_formulas(statement, {name: x[at] for name, x in grids.items()} | dict(formulas))
        for name, values in found.items():
            values[at] = float(point[name])
    return {**given, **found}


def parameter(statement: Statement, name: str) -> Parameter:
    """The parameter of that name."""
    return next(p for p in statement.parameters if p.name == name)


def tex(statement: Statement, name: str) -> str:
    """The parameter as LaTeX mathematics."""
    return math(parameter(statement, name).tex or name, name)


def is_wide(x: np.ndarray) -> bool:
    """Whether values are better drawn on a log scale."""
    return bool(x[0] > 0 and x[-1] > WIDE * x[0])


def plain_value(p: Parameter) -> Any:
    """A value for a parameter that nobody gave: its default, a typical one that is surely inside, or 1."""
    if p.default is not None:
        return p.default
    low, high = number_ends(p)
    if p.typical is not None and not (p.low.free_symbols | p.high.free_symbols):
        return p.typical
    if (low is None or low < 1 or (low == 1 and not p.strict)) and (high is None or high >= 1):
        return 1
    if high is None:
        return low + 1 if low is not None else 1
    middle = ((0 if low is None else low) + high) / 2 if low is not None or high >= 0 else high
    return floor(middle) if p.integer else middle
