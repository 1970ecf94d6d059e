"""Values for a statement's parameters: which are taken, exactly, and which make no sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import sympy

from boundkit.errors import ParameterError
from boundkit.model.statement import StatementRecord
from boundkit.values import Value


def accept(statement: StatementRecord, values: Mapping[str, Any]) -> tuple[tuple[str, Value], ...]:
    """Return the values in the statement's order, exact, each checked against its parameter.

    Raises
    ------
    ParameterError
        For an unknown parameter, or a value that makes no sense for its parameter.
    """
    refuse_unknown(statement, values)
    given: dict[sympy.Symbol, Value] = {}
    for p in statement.parameters:
        value = values.get(p.name, p.default)
        if value is not None:
            given[p.symbol] = p.read(value)
    for p in statement.parameters:
        if p.symbol in given:
            p.require_inside(given)
    return tuple((symbol.name, value) for symbol, value in given.items())


def refuse_unknown(statement: StatementRecord, names: Iterable[str]) -> None:
    """Raise a ParameterError where a name is none of the statement's parameters."""
    parameters = [s.name for s in statement.symbols]
    for name in names:
        if name not in parameters:
            near = get_close_matches(name, parameters, n=1)
            hint = "".join(f"did you mean {parameter}? " for parameter in near)
            raise ParameterError(
                f"{statement.name} has no parameter {name!r}; {hint}its parameters are {', '.join(parameters)}"
            )
