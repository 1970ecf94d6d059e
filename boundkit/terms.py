"""Values in terms of each other: ell = 9*d/10 where d = 1000 is 900, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import sympy

from boundkit.coerce import exactly
from boundkit.errors import ParameterError
from boundkit.filling import TooLong, filled
from boundkit.values import Formula, Value, cut, exact_number, point_text, value_text


def is_formula(value: Any) -> bool:
    """Whether a value is given in terms of parameters, or as a number that SymPy has not worked out."""
    return isinstance(value, sympy.Expr) and not value.is_Number


def given_text(value: Any) -> str:
    """A value as people type it, without spaces.

    >>> given_text(1000), given_text(9 * sympy.Symbol("d") / 10)
    ('1000', '9*d/10')
    """
    return str(value).replace(" ", "") if is_formula(value) else value_text(value)


def worked_out(
    values: Mapping[str, Any], others: Mapping[str, Any] | None = None, whole: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the values with each formula among them as its number, exact; the rest as they are.

    Parameters
    ----------
    values : mapping of name to number or formula
        What is given.
    others : mapping of name to number, optional
        What formulas may hold besides, such as defaults.
    whole : mapping of name to words, optional
        What has to be a whole number, and what it stands for.

    Raises
    ------
    ParameterError
        Where a formula needs what is not given, or is no rational number or not whole; or formulas need each other.

    Examples
    --------
    >>> d = sympy.Symbol("d")
    >>> worked_out({"d": 1000, "ell": 0.9 * d, "k": sympy.Symbol("ell") / 4})
    {'d': 1000, 'ell': 900, 'k': 225}
    """
    formulas = {name: exactly(value) for name, value in values.items() if is_formula(value)}
    known = {name: value for name, value in {**(others or {}), **values}.items() if name not in formulas}
    known = {name: value for name, value in known.items() if value is not None}
    while formulas:
        ready = [name for name, formula in formulas.items() if all(s.name in known for s in formula.free_symbols)]
        if not ready:
            _refuse_open(formulas, known)
        for name in ready:
            known[name] = _number(name, formulas.pop(name), known, (whole or {}).get(name))
    return {name: known.get(name) for name in values}


def _number(name: str, formula: Formula, known: Mapping[str, Any], meaning: str | None) -> Value:
    """A formula's value at numbers."""
    at = {s.name: exact_number(known[s.name]) for s in sorted(formula.free_symbols, key=str)}
    told = f"{name} = {cut(str(formula))}" + (f" at {point_text(at.items())}" if at else "")
    try:
        value = filled(formula, {sympy.Symbol(x): sympy.Rational(v.numerator, v.denominator) for x, v in at.items()})
    except TooLong:
        raise ParameterError(f"{told} is too long a number; give a shorter one") from None
    whole = f"{meaning} is an integer; write floor({cut(str(formula))})"
    if value.is_Rational:
        exact = exact_number(value)
        if meaning is not None and not isinstance(exact, int):
            raise ParameterError(f"{told} is {cut(value_text(exact))}, and {whole}")
        return exact
    if not value.is_real or not value.is_finite:
        raise ParameterError(f"{told} is no real number; give one that is defined")
    remedy = "give a decimal" if meaning is None else whole
    raise ParameterError(f"{told} is {float(value):.6g}, rounded, and no fraction; {remedy}")


def _refuse_open(formulas: Mapping[str, Formula], known: Mapping[str, Any]) -> NoReturn:
    """Say what is missing: a value, or a number among formulas that need each other."""
    missing = {s.name for f in formulas.values() for s in f.free_symbols} - known.keys() - formulas.keys()
    told = ", ".join(f"{name} = {cut(str(formula))}" for name, formula in formulas.items())
    if missing:
        raise ParameterError(f"{told}: {', '.join(sorted(missing))} is not given; give a number for it")
    if len(formulas) == 1:
        raise ParameterError(f"{told}: it is in terms of itself; give a number, or leave the parameter out")
    raise ParameterError(f"{told}: these need each other; give a number for one")
