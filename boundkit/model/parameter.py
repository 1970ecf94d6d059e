"""A parameter of a statement: what it stands for, and the values that make sense for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cached_property
import operator
from typing import Any

import sympy

from boundkit.coerce import expression
from boundkit.enclose import holds
from boundkit.errors import ParameterError, StatementError
from boundkit.filling import filled
from boundkit.values import Formula, Value, cut, cut_text, exact_number, value_text

RELATIONS = {operator.gt: sympy.Gt, operator.ge: sympy.Ge, operator.le: sympy.Le}


@dataclass(frozen=True)
class Parameter:
    """A parameter, and the values that make sense for it; outside them a call is an error, whatever is assumed.

    Attributes
    ----------
    symbol : sympy.Symbol
        Without assumptions: SymPy would use them to delete hypotheses.
    integer : bool
        Whether only integers make sense.
    low, high : sympy.Expr
        The domain's ends, numbers or expressions in other parameters; an infinite end is no end.
    meaning : str
        What it stands for, in words.
    tex, text : str
        How it is written in LaTeX and in plain text; by default its name.
    strict : bool
        Whether `low` itself is outside.
    default : int or fractions.Fraction, optional
        The value it has when it is not given.
    degree : int
        For a quantity: the power of it to which the threshold in its exact law is proportional, 2 for a length
        under a chi-square law; 0 where there is no such law.
    phrase : tuple of (str, str)
        For a quantity whose claims read better in words: the words, and their LaTeX.
    why_ends : tuple of (str, str)
        Why `low` and why `high` is where its domain ends, for the error; empty where that goes without saying.
    usual : tuple of (low, high)
        Where it usually lives, two numbers: the audit looks there more closely, and pictures and sliders keep to it.
    typical : int or fractions.Fraction, optional
        A value at which its statements say something: there they are first shown, drawn and tabulated.
    chosen : bool
        Whether whoever refutes the statement chooses it: which of the laws or data that the statement is claimed for,
        or how many points are looked at once the weights are known. Truth and samplers may take it; no promise may.
    """

    symbol: sympy.Symbol
    integer: bool
    low: sympy.Expr
    high: sympy.Expr
    meaning: str
    tex: str = ""
    text: str = ""
    strict: bool = False
    default: Value | None = None
    degree: int = 0
    phrase: tuple[str, str] | tuple[()] = ()
    why_ends: tuple[str, str] = ("", "")
    usual: tuple[Value, Value] | tuple[()] = ()
    typical: Value | None = None
    chosen: bool = False

    def __post_init__(self) -> None:
        if self.default is not None:
            with suppress(ParameterError):  # a statement says what is wrong with it
                object.__setattr__(self, "default", exact_number(self.default))
        if self.usual != ():
            object.__setattr__(self, "usual", self._read_usual())
        if self.typical is not None:
            object.__setattr__(self, "typical", self._read_typical())

    def _read_usual(self) -> tuple[Value, Value]:
        """The usual ends as exact numbers; mostly they are written as Python's."""
        try:
            low, high = (self.read(end) for end in self.usual)
        except (TypeError, ValueError) as error:  # no two, or no numbers; a ParameterError is a ValueError
            raise StatementError(
                f"usual={self.usual!r} of {self.name}: two numbers are needed, usual=(low, high); {error}"
            ) from None
        if low >= high or self._is_outside(low) or self._is_outside(high):
            raise StatementError(
                f"usual={self.usual!r} of {self.name}: low < high is needed, both in its domain; mend usual"
            )
        return low, high

    def _read_typical(self) -> Value:
        """The typical value as an exact number."""
        try:
            value = self.read(self.typical)
        except ParameterError as error:
            raise StatementError(f"typical={self.typical!r} of {self.name}: a number is needed; {error}") from None
        if self._is_outside(value):
            raise StatementError(f"typical={self.typical!r} of {self.name} is outside its domain; mend typical")
        return value

    def _is_outside(self, x: Value) -> bool:
        """Whether a value lies outside an end that is a number."""
        return any(not end.free_symbols and not _compares(x, end, inside, {}) for end, inside, _ in self.edges)

    @property
    def name(self) -> str:
        """The parameter as Python and the command line write it."""
        return str(self.symbol.name)

    @cached_property
    def edges(self) -> tuple[tuple[sympy.Expr, Callable[..., bool], str], ...]:
        """The finite ends: the end, the comparison that a value there satisfies, and its words."""
        low = (self.low, operator.gt, "above") if self.strict else (self.low, operator.ge, "at least")
        ends = (low, (self.high, operator.le, "at most"))
        return tuple(end for end in ends if end[0] not in (sympy.oo, -sympy.oo))

    def __reduce__(self) -> Any:
        return type(self), tuple(getattr(self, f.name) for f in fields(self))

    def read(self, value: Any) -> Value:
        """Return a value as an exact number of the parameter's kind.

        Raises
        ------
        ParameterError
            For what is no number, and for a fraction where an integer is meant.
        """
        try:
            exact = exact_number(value)
        except ParameterError as error:
            raise ParameterError(f"{self.name} = {cut_text(value)}: {self.meaning}; {error}") from None
        if self.integer and not isinstance(exact, int):
            raise ParameterError(f"{self.name} = {value_text(exact)}: {self.meaning} is an integer")
        return exact

    def is_inside(self, given: Mapping[sympy.Symbol, Value], edge: sympy.Expr, inside: Callable[..., bool]) -> bool:
        """Whether the parameter's value keeps to one of `edges`, the end and its comparison."""
        return _compares(given[self.symbol], edge, inside, given)

    def require_inside(self, given: Mapping[sympy.Symbol, Value]) -> None:
        """Raise a ParameterError where the parameter's value lies outside an end of its domain that is known."""
        value = given[self.symbol]
        for edge, inside, words in self.edges:
            if edge.free_symbols <= given.keys() and not self.is_inside(given, edge, inside):
                limit = str(edge) if edge.is_number else f"{edge} = {_shown(edge, given)}"
                raise ParameterError(f"{self.name} = {cut(value_text(value))}: {self.rule(words, limit)}")

    def within(self, **ends: Formula) -> Parameter:
        """The parameter with other ends: where it usually lives may lie outside them, so that is left out."""
        return replace(self, usual=(), typical=None, **ends)

    def rule(self, words: str, limit: str) -> str:
        """Say that the parameter keeps to an end, and why where there is more to say than its meaning."""
        why = self.why_ends[words == "at most"]
        return f"{self.meaning} is {words} {limit}{f'; {why}' if why else ''}"


def integers(symbol: sympy.Symbol, meaning: str, low: Any = 1, high: Any = sympy.oo, **how: Any) -> Parameter:
    """Return a Parameter that takes integers from `low` to `high`.

    Parameters
    ----------
    symbol : sympy.Symbol
        Without assumptions.
    meaning : str
        What it stands for, in words; error messages print it.
    low, high : number or sympy.Expr, optional
        The domain's ends, both inside. They may depend on other parameters.
    **how
        Further fields of `Parameter`: default, usual, typical, chosen, tex, text, ...

    Raises
    ------
    StatementError
        For an end that is no number, such as text.

    Examples
    --------
    >>> d, m = sympy.symbols("d m")
    >>> integers(m, "the number of neurons", 1, d).edges
    ((1, <built-in function ge>, 'at least'), (d, <built-in function le>, 'at most'))
    """
    return Parameter(symbol, True, *_ends(symbol, low, high), meaning, **how)


def reals(symbol: sympy.Symbol, meaning: str, low: Any = -sympy.oo, high: Any = sympy.oo, **how: Any) -> Parameter:
    """Return a Parameter that takes real numbers above `low` (or from it, with ``strict=False``) to `high`.

    Parameters
    ----------
    symbol : sympy.Symbol
        Without assumptions.
    meaning : str
        What it stands for, in words; error messages print it.
    low, high : number or sympy.Expr, optional
        The domain's ends; `low` itself is outside unless ``strict=False``. They may depend on other parameters.
    **how
        Further fields of `Parameter`: default, usual, typical, chosen, tex, text, ...

    Raises
    ------
    StatementError
        For an end that is no number, such as text.

    Examples
    --------
    >>> reals(sympy.Symbol("t"), "a threshold", 0).edges
    ((0, <built-in function gt>, 'above'),)
    """
    return Parameter(symbol, False, *_ends(symbol, low, high), meaning, **{"strict": True, **how})


def _ends(symbol: sympy.Symbol, low: Any, high: Any) -> tuple[sympy.Expr, sympy.Expr]:
    return expression(low, f"the lower end of {symbol}"), expression(high, f"the upper end of {symbol}")


def _compares(value: Value, edge: sympy.Expr, inside: Callable[..., bool], given: Mapping[sympy.Symbol, Value]) -> bool:
    if edge.is_Symbol:
        return bool(inside(value, given[edge]))
    probe = sympy.Symbol("value")
    return holds(RELATIONS[inside](probe, edge, evaluate=False), {**given, probe: value}) is not False


def _shown(edge: sympy.Expr, given: Mapping[sympy.Symbol, Value]) -> str:
    if edge.is_Symbol:
        return value_text(given[edge])
    at = {s: sympy.Rational(v.numerator, v.denominator) for s, v in given.items()}
    return str(filled(edge, at, instead=lambda part: part))
