"""Values for a statement's parameters: which are taken, exactly, and which make no sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import sympy

from boundkit.coerce import exactly
from boundkit.errors import ParameterError
from boundkit.filling import TooLong, filled
from boundkit.formats.letters import spelled
from boundkit.model.parameter import Parameter
from boundkit.model.statement import StatementRecord
from boundkit.values import Value, cut, exact_number, point_text, value_text


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


def is_formula(value: Any) -> bool:
    """Whether a value is given in terms of parameters, or as a number that SymPy has not worked out."""
    return isinstance(value, sympy.Expr) and not value.is_Number


def with_formulas(statement: StatementRecord, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with each formula among them, such as 9*d/10, as its number at the others and the defaults.

    Raises
    ------
    ParameterError
        Where a formula needs what is not given or is no rational number, or formulas need each other.
    """
    done = {name: value for name, value in values.items() if not is_formula(value)}
    open_ = {
        name: _in_parameters(statement, name, value) for name, value in values.items() if is_formula(value)
    }
    defaults = {p.name: p.default for p in statement.parameters if p.default is not None and p.name not in values}
    while open_:
        known = {name: value for name, value in {**defaults, **done}.items() if value is not None}
        ready = [name for name, formula in open_.items() if all(s.name in known for s in formula.free_symbols)]
        if not ready:
            _refuse_open(open_, known)
        for name in ready:
            done[name] = _worked_out(_parameter(statement, name), open_.pop(name), known)
    return {name: done[name] for name in values}


def _parameter(statement: StatementRecord, name: str) -> Parameter:
    return next(p for p in statement.parameters if p.name == name)


def _in_parameters(statement: StatementRecord, name: str, formula: sympy.Expr) -> sympy.Expr:
    """The formula with the parameters' own names in it."""
    try:
        own = {s: sympy.Symbol(parameter_named(statement, s.name)) for s in formula.free_symbols}
    except ParameterError as error:
        raise ParameterError(f"{name} = {cut(str(formula))}: {error}") from None
    return exactly(formula).xreplace(own)


def _refuse_open(formulas: Mapping[str, sympy.Expr], known: Mapping[str, Any]) -> None:
    """Say what is missing: a value, or a number among formulas that need each other."""
    missing = {s.name for f in formulas.values() for s in f.free_symbols} - known.keys() - formulas.keys()
    told = ", ".join(f"{name} = {cut(str(formula))}" for name, formula in formulas.items())
    if missing:
        raise ParameterError(f"{told}: {', '.join(sorted(missing))} is not given; give a number for it")
    itself = len(formulas) == 1
    why = "it is in terms of itself" if itself else "these need each other"
    raise ParameterError(f"{told}: {why}; give a number{'' if itself else ' for one'}, or leave it out to keep it free")


def _worked_out(p: Parameter, formula: sympy.Expr, known: Mapping[str, Any]) -> Value:
    """The formula's value at numbers, exact."""
    at = {s.name: exact_number(known[s.name]) for s in formula.free_symbols}
    told = f"{p.name} = {cut(str(formula))}" + (f" at {point_text(at.items())}" if at else "")
    try:
        value = filled(formula, {sympy.Symbol(n): sympy.Rational(x.numerator, x.denominator) for n, x in at.items()})
    except TooLong:
        raise ParameterError(f"{told} is too long a number; give a shorter one") from None
    whole = f"{p.meaning} is an integer; write floor({formula})"
    if value.is_Rational:
        exact = exact_number(value)
        if p.integer and not isinstance(exact, int):
            raise ParameterError(f"{told} is {cut(value_text(exact))}, and {whole}")
        return exact
    if not value.is_real or not value.is_finite:
        raise ParameterError(f"{told} is no real number; give one that is defined")
    raise ParameterError(f"{told} is {float(value):.6g}, no fraction; {whole if p.integer else 'give a decimal'}")
