"""A statement with a constant of its formulas as a parameter, and the domain of all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from math import inf
from typing import Any

import sympy

from boundkit.api.objects import Statement
from boundkit.engine.accept import named, parameter_named
from boundkit.errors import BoundkitError, ParameterError, StatementError
from boundkit.model.parameter import Parameter, reals
from boundkit.model.proof import Proof
from boundkit.values import Value, exact_number, parse_number, value_text

SHARES = 40  # halvings between a constant that is certified and one that is refuted


@dataclass(frozen=True, eq=False)
class Asked:
    """A statement with the constant as a parameter, and the domain of the others."""

    statement: Statement
    symbol: sympy.Symbol
    start: Value
    text: str
    given: tuple[tuple[str, Any], ...]
    ends: tuple[float, float] = (0.0, inf)  # of the parameter's own range

    @classmethod
    def of(cls, s: Statement, constant: Any, given: dict[str, Any]) -> Asked:
        """What is meant."""
        if s.truth is None or (s.truth_is == "upper bound" and not s.attained):
            raise StatementError(f"{s.title} has no exact law, so no constant can be told to be the best; use falsify")
        given = named(s, given)
        number = _as_number(constant)
        if number is None:
            name = parameter_named(s, str(constant))
            p = next(p for p in s.parameters if p.name == name)
            if name in given:
                raise ParameterError(f"{name} is both given and looked for; leave it out")
            ends = _ends(p)
            symbol, text, start = p.symbol, name, _start(p, ends)
        else:
            symbol, text, start, ends = _fresh(s), str(constant), number, (0.0, inf)
            s = _opened(s, number, symbol)
        _refuse_dependence(s, symbol)
        parameters = tuple(_narrowed(p, given[p.name]) if p.name in given else p for p in s.parameters)
        return cls(_bare(replace(s, parameters=parameters)), symbol, start, text, tuple(given.items()), ends)

    def at(self, value: Value) -> Statement:
        """The statement with a number for the constant, its proof too."""
        s, number = self.statement, sympy.Rational(value.numerator, value.denominator)
        put = {name: _put(getattr(s, name), self.symbol, number) for name in ("claims", "failure", "truth", "proof")}
        parameters = tuple(p for p in s.parameters if p.symbol != self.symbol)
        return replace(s, parameters=parameters, **put)

    def certified(self, bad: Value | None) -> tuple[Value | None, str]:
        """The best constant with which the proof is accepted, to eleven digits; None and '' where none is."""
        if self.statement.proof is None or bad is None or not self._proved(self.start):
            return None, ""
        good, bad = Fraction(self.start), Fraction(bad)
        for _ in range(SHARES):
            middle = short(float(good + bad) / 2, 11)
            if middle in (good, bad):
                break
            good, bad = (middle, bad) if self._proved(middle) else (good, middle)
        return exact_number(good), "its proof is accepted with it"

    def _proved(self, value: Value) -> bool:
        try:
            return self.at(value).certificate().holds is True
        except BoundkitError:
            return False


def _as_number(constant: Any) -> Value | None:
    """The constant as a number, exactly; None where it is a name."""
    try:
        number = parse_number(constant) if isinstance(constant, str) else exact_number(constant)
    except ParameterError:
        if not isinstance(constant, str):
            raise
        return None
    if number <= 0:
        raise ParameterError(f"{value_text(number)}: a constant above 0 is needed; write a minus into the statement")
    return number


def _ends(p: Parameter) -> tuple[float, float]:
    """Between which a parameter is looked for."""
    if p.integer:
        raise ParameterError(
            f"{p.name} is a whole number, and the best constant a real one; make it a real parameter, or ask solve_for"
        )
    low, high = (float(end) if end.is_number else free for end, free in ((p.low, 0.0), (p.high, inf)))
    if high <= 0:
        raise ParameterError(f"{p.name} is at most {high:g}: a constant above 0 is needed; write a minus into it")
    return max(low, 0.0), high


def _start(p: Parameter, ends: tuple[float, float]) -> Value:
    """Where the search for a parameter begins."""
    low, high = ends
    middle = short((low + high) / 2 if high < inf else max(2 * low, 1.0), 3)
    known: tuple[Value | None, ...] = (p.typical, p.default, *p.usual)
    return next((value for value in known if value is not None and max(low, 0) < value < high), exact_number(middle))


def _fresh(s: Statement) -> sympy.Symbol:
    """A letter that the statement does not have."""
    known = {p.name for p in (*s.parameters, *s.quantities)}
    return next(sympy.Symbol(name) for name in ("C", "C_", "constant_", "the_constant_") if name not in known)


def _opened(s: Statement, number: Value, symbol: sympy.Symbol) -> Statement:
    """The statement with a parameter in the place of a number, in what it promises and in its proof."""
    exact = sympy.Rational(number.numerator, number.denominator)
    parts = ("failure", "proof") if s.failure != 0 else ("claims", "proof")
    opened = {part: _put(_put(getattr(s, part), exact, symbol), -exact, -symbol) for part in parts}
    if opened[parts[0]] == getattr(s, parts[0]):
        where = "failure probability" if s.failure != 0 else "claims"
        raise ParameterError(
            f"{value_text(number)} does not stand in {s.title}'s {where}; name a number that does, or a parameter"
        )
    places = sum(_places(getattr(s, parts[0]), exact))
    if places > 1:
        raise ParameterError(
            f"{value_text(number)} stands at {places} places in {s.title}'s formula; write a parameter there"
        )
    new = reals(symbol, f"what stands for {value_text(number)}", 0)
    return replace(_bare(s), parameters=(*s.parameters, new), **opened)


def _places(x: Any, number: sympy.Rational) -> Iterator[int]:
    """1 for each place in a formula, or in several, at which a number or its negative stands."""
    for part in x if isinstance(x, tuple) else (x,):
        yield from (1 for leaf in sympy.preorder_traversal(part) if leaf in (number, -number))


def _refuse_dependence(s: Statement, symbol: sympy.Symbol) -> None:
    """Refuse a constant that says which points are covered: then another one is about other points."""
    ends = [end for p in s.parameters if p.symbol != symbol for end in (p.low, p.high)]
    if any(symbol in formula.free_symbols for formula in (*s.relations, *ends)):
        raise ParameterError(
            f"{symbol}: hypotheses or ranges of {s.title} depend on it, so it is no constant of a bound"
        )


def _narrowed(p: Parameter, given: Any) -> Parameter:
    """A parameter at one value, or between two ends that lie in its range."""
    ends = given if isinstance(given, tuple | list) else (given, given)
    if len(ends) != 2:
        raise ParameterError(f"{p.name} = {given!r}: a number is needed, or two ends, (low, high)")
    low, high = (p.read(end) for end in ends)
    if low > high:
        raise ParameterError(
            f"{p.name} from {value_text(low)} to {value_text(high)} has no values; turn the ends round"
        )
    for end in (low, high):
        if p.low.is_number and p.high.is_number:
            p.require_inside({p.symbol: end})
    return p.within(low=sympy.Rational(low), high=sympy.Rational(high), strict=False)


def _bare(s: Statement) -> Statement:
    """What is said and proved, without what is written of it."""
    return replace(s, errata=(), printed=None, tex=(), text=(), sharpens=(), sampler=None, tilted=None, experiment=None)


def _put(x: Any, old: Any, new: Any) -> Any:
    """A record with one number or symbol for another in all its formulas; statements in it stay."""
    if isinstance(x, sympy.core.relational.Relational):
        return x.func(*(_put(side, old, new) for side in x.args), evaluate=False)
    if isinstance(x, sympy.Basic):
        return x.xreplace({old: new})
    if isinstance(x, tuple):
        return tuple(_put(part, old, new) for part in x)
    if is_dataclass(x) and not isinstance(x, Statement | type) and (isinstance(x, Proof) or _of_proof(x)):
        return replace(x, **{f.name: _put(getattr(x, f.name), old, new) for f in fields(x)})
    return x


def _of_proof(x: Any) -> bool:
    return type(x).__module__ == Proof.__module__


def short(x: float, digits: int, upward: bool | None = None) -> Fraction:
    """A float as a decimal of so many digits: the nearest, or the next above or below."""
    near_it = Fraction(f"{x:.{digits - 1}e}")
    if upward is None or (near_it >= Fraction(x) if upward else near_it <= Fraction(x)):
        return near_it
    unit = Fraction(10) ** (int(f"{x:e}".partition("e")[2]) - digits + 1)
    return near_it + unit if upward else near_it - unit
