"""Values for a statement's parameters: which are taken, exactly, and which make no sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import sympy

from boundkit.errors import ParameterError
from boundkit.formats.letters import spelled
from boundkit.model.statement import StatementRecord
from boundkit.terms import given_text, is_formula, worked_out
from boundkit.values import Value


def accept(statement: StatementRecord, values: Mapping[str, Any]) -> tuple[tuple[str, Value], ...]:
    """Return the values in the statement's order, exact, each checked against its parameter.

    Raises
    ------
    ParameterError
        For an unknown parameter, or a value that makes no sense for its parameter.
    """
    values = with_formulas(statement, named(statement, values))
    given: dict[sympy.Symbol, Value] = {}
    for p in statement.parameters:
        value = values.get(p.name, p.default)
        if value is not None:
            given[p.symbol] = p.read(value)
    for p in statement.parameters:
        if p.symbol in given:
            p.require_inside(given)
    return tuple((symbol.name, value) for symbol, value in given.items())


def named(statement: StatementRecord, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values under the parameters' own names, which may be given as the paper writes them: lambda for lam.

    Raises
    ------
    ParameterError
        For a name that is no parameter, or two of one parameter.
    """
    if values.keys() <= {s.name for s in statement.symbols}:
        return dict(values)
    found: dict[str, Any] = {}
    for name, value in values.items():
        own = parameter_named(statement, name)
        if own in found:
            raise ParameterError(f"{own} is given twice; give each parameter once")
        found[own] = value
    return found


def parameter_named(statement: StatementRecord, name: str) -> str:
    """The parameter that a name means: its own, or as its letters are written, in the paper or in Greek.

    Raises
    ------
    ParameterError
        Where it means none, or several.
    """
    parameters = [s.name for s in statement.symbols]
    if name in parameters:
        return name
    letters = spelled(name)
    meant = [p.name for p in statement.parameters if letters in map(spelled, (p.name, p.tex, p.text))]
    if len(meant) == 1:
        return meant[0]
    refuse_unknown(statement, (name,))
    raise AssertionError  # what is no parameter's own name is refused


def refuse_unknown(statement: StatementRecord, names: Iterable[str]) -> None:
    """Raise a ParameterError where a name is none of the statement's parameters."""
    parameters = [s.name for s in statement.symbols]
    for name in names:
        if name not in parameters:
            near = [p for p in parameters if p.lower() == name.lower()] or get_close_matches(name, parameters, n=1)
            hint = "".join(f"did you mean {parameter}? " for parameter in near[:1])
            raise ParameterError(
                f"{statement.name} has no parameter {name!r}; {hint}its parameters are {', '.join(parameters)}"
            )


def with_formulas(statement: StatementRecord, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with each formula among them, such as 9*d/10, as its number at the others and the defaults.

    Raises
    ------
    ParameterError
        See `boundkit.terms.worked_out`.
    """
    if not any(map(is_formula, values.values())):
        return dict(values)
    own = {name: in_parameters(statement, name, value) for name, value in values.items()}
    whole = {p.name: p.meaning for p in statement.parameters if p.integer}
    return worked_out(own, {p.name: p.default for p in statement.parameters}, whole)


def in_parameters(statement: StatementRecord, name: str, value: Any) -> Any:
    """A value with the parameters' own names in it, where it is a formula."""
    if not is_formula(value):
        return value
    try:
        own = {s: sympy.Symbol(parameter_named(statement, s.name)) for s in value.free_symbols}
    except ParameterError as error:
        raise ParameterError(f"{name} = {given_text(value)} is not a number: {error}") from None
    return value.xreplace(own)
