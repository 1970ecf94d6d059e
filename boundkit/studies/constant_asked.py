"""A statement with a constant of its formulas as a parameter, and the domain of all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

import sympy

from boundkit.api.objects import Statement
from boundkit.engine.accept import named, parameter_named
from boundkit.errors import BoundkitError, ParameterError, StatementError
from boundkit.model.parameter import Parameter, reals
from boundkit.model.proof import Proof
from boundkit.model.statement import Hypothesis
from boundkit.values import Value, exact_number, parse_number, value_text

HALVINGS = 40  # between a constant that is certified and one that is refuted


@dataclass(frozen=True, eq=False)
class Asked:
    """A statement with the constant as a parameter, and the domain of the others."""

    statement: Statement
    symbol: sympy.Symbol
    start: Value
    text: str
    given: tuple[tuple[str, Any], ...]

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
            symbol, text, start = p.symbol, name, _start(p)
        else:
            symbol, text, start = _fresh(s), str(constant), number
            s = _opened(s, number, symbol)
        _refuse_dependence(s, symbol)
        parameters = tuple(_narrowed(p, given[p.name]) if p.name in given else p for p in s.parameters)
        hypotheses = (*s.hypotheses, *(end for p in s.parameters if p.name in given for end in _moving_ends(p)))
        narrowed = replace(s, parameters=parameters, hypotheses=hypotheses)
        return cls(_bare(narrowed), symbol, start, text, tuple(given.items()))

    def at(self, value: Value) -> Statement:
        """The statement with a number for the constant, its proof too."""
        s, number = self.statement, {self.symbol: sympy.Rational(value.numerator, value.denominator)}
        formulas = ("claims", "failure", "truth", "proof")
        put = {name: _changed(getattr(s, name), lambda formula: formula.xreplace(number)) for name in formulas}
        parameters = tuple(p for p in s.parameters if p.symbol != self.symbol)
        return replace(s, parameters=parameters, **put)

    def certified(self, bad: Value | None) -> tuple[Value | None, str]:
        """The best constant with which the proof is accepted, to eleven digits; None and '' where none is."""
        if self.statement.proof is None or not self._proved(self.start):
            return None, ""
        good, bad = Fraction(self.start), Fraction(self.start if bad is None else bad)
        for _ in range(HALVINGS):
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


def _start(p: Parameter) -> Value:
    """Where the search for a parameter begins."""
    known: tuple[Value | None, ...] = (p.typical, p.default, *p.usual)
    return next((value for value in known if value is not None and value > 0), 1)


def _fresh(s: Statement) -> sympy.Symbol:
    """A letter that the statement does not have."""
    known = {p.name for p in (*s.parameters, *s.quantities)}
    return next(sympy.Symbol(name) for name in ("C", "C_", "constant_", "the_constant_") if name not in known)


def _opened(s: Statement, number: Value, symbol: sympy.Symbol) -> Statement:
    """The statement with a parameter in the place of a number, in what it promises and in its proof."""
    exact = sympy.Rational(number.numerator, number.denominator)
    promised, where = (s.failure, "failure probability") if s.failure != 0 else (s.claims, "claims")
    places = sum(map(_is_place(exact), _factors(promised)))
    if places != 1:
        stands = f"stands in {s.title}'s {where} {places} times" if places else f"does not stand in {s.title}'s {where}"
        remedy = "write it as a parameter where it is meant" if places else "name a number that does, or a parameter"
        raise ParameterError(f"{value_text(number)} {stands}; {remedy}")
    parts = ("failure", "proof") if s.failure != 0 else ("claims", "proof")
    opened = {part: _changed(getattr(s, part), lambda formula: _put(formula, exact, symbol)) for part in parts}
    new = reals(symbol, f"what stands for {value_text(number)}", 0)
    return replace(_bare(s), parameters=(*s.parameters, new), **opened)


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
        p.require_inside({p.symbol: end})
    return p.within(low=sympy.Rational(low), high=sympy.Rational(high), strict=False)


def _moving_ends(p: Parameter) -> Iterator[Hypothesis]:
    """The ends of its range that depend on other parameters, which hold beside the two that are given."""
    for edge, inside, words in p.edges:
        if not edge.is_number:
            yield Hypothesis(f"{p.name} {words} {edge}", inside(p.symbol, edge))


def _bare(s: Statement) -> Statement:
    """What is said and proved, without what is written of it."""
    return replace(s, errata=(), printed=None, tex=(), text=(), sharpens=(), sampler=None, tilted=None, experiment=None)


def _factors(formulas: Any) -> Iterator[sympy.Basic]:
    """All that stands in formulas but for numbers that are exponents: the 2 of t^2 is no constant, nor a root's 1/2."""
    for formula in formulas if isinstance(formulas, tuple) else (formulas,):
        yield formula
        numeric = isinstance(formula, sympy.Pow) and formula.exp.is_number
        yield from _factors(formula.args[:1] if numeric else formula.args)


def _is_place(number: sympy.Rational) -> Callable[[sympy.Basic], bool]:
    return lambda x: x in (number, -number)


def _put(x: sympy.Basic, number: sympy.Rational, symbol: sympy.Symbol) -> sympy.Basic:
    """A formula with the symbol in the place of a number, which exponents keep."""
    if x == number or x == -number:
        return symbol if x == number else -symbol
    if not x.args:
        return x
    if isinstance(x, sympy.Pow) and x.exp.is_number:
        return sympy.Pow(_put(x.base, number, symbol), x.exp)
    return x.func(*(_put(part, number, symbol) for part in x.args))


def _changed(x: Any, change: Callable[[sympy.Basic], sympy.Basic]) -> Any:
    """A record with all its formulas changed; statements in it stay."""
    if isinstance(x, sympy.core.relational.Relational):
        return x.func(*map(change, x.args), evaluate=False)
    if isinstance(x, sympy.Basic):
        return change(x)
    if isinstance(x, tuple):
        return tuple(_changed(part, change) for part in x)
    if is_dataclass(x) and not isinstance(x, Statement | type) and (isinstance(x, Proof) or _of_proof(x)):
        return replace(x, **{f.name: _changed(getattr(x, f.name), change) for f in fields(x)})
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
