"""A formula read from text, sign by sign; no part of the text is ever run, and every error says where it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from fractions import Fraction
import re
from typing import Any, NamedTuple, NoReturn

import sympy

from boundkit.errors import BoundkitError, StatementError
from boundkit.formats.plain.building import (
    ANY,
    CONDITIONS,
    CONSTANTS,
    DEEPEST,
    HEADS,
    LONGEST,
    SIGNS,
    added,
    applied,
    arguments,
    head_named,
    inverse,
    moderate,
    multiplied,
    negated,
    opposite,
    piecewise,
    power,
    short,
)
from boundkit.values import Formula

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/^(),<>=])"
)
_SPACE = re.compile(r"[ \t\n]*")
_SHORT_NUMBER = re.compile(r"[0-9.]{1,1001}(?:[eE][+-]?[0-9]{1,4})?")
_TYPED = str.maketrans({"\N{MIDDLE DOT}": "*", "\N{MULTIPLICATION SIGN}": "*", "\N{MINUS SIGN}": "-"})
AROUND = 20  # characters of a long text that an error shows on either side


class _Token(NamedTuple):
    kind: str  # number, name, sign or end
    text: str
    at: int


def read_formula(text: str, parameters: Collection[str] | None) -> sympy.Expr:
    """Read a formula.

    Parameters
    ----------
    text : str
        In the grammar of docs/exchange.md.
    parameters : collection of str, optional
        The parameters that it may hold; any but the constants' names where they are not known.

    Raises
    ------
    StatementError
        For anything else; it says where in the text, and what was expected.

    Examples
    --------
    >>> read_formula("2*exp(-n/16) + 1/3/sqrt(t)", ["n", "t"])
    2*exp(-n/16) + 1/(3*sqrt(t))
    """
    return _read(text, parameters, _Reader.sum)


def read_condition(text: str, parameters: Collection[str] | None) -> Formula:
    """Read a relation, or several joined by And, Or and Not. See `read_formula`.

    Examples
    --------
    >>> read_condition("Or(n >= 5, Not(t > 2))", ["n", "t"])
    (n >= 5) | (t <= 2)
    """
    return _read(text, parameters, _Reader.condition)


def read_part(text: str, parameters: Collection[str] | None) -> Formula:
    """Read a formula or a condition, whichever it is. See `read_formula`."""
    return _read(text, parameters, _Reader.part)


def read_typed(text: str) -> sympy.Expr:
    """Read a formula as people type it: also 0.9d, 2(m - 1) and 1_000 for 0.9*d, 2*(m - 1) and 1000.

    See `read_formula`; a product without a sign does not follow a division, since 1/2d may mean either.

    Examples
    --------
    >>> read_typed("0.9d"), read_typed("10^3 (m - 1)/2")
    (9*d/10, 500*(m - 1))
    """
    plain = re.sub(r"(?<=[0-9])_(?=[0-9])", "", text).translate(_TYPED)
    return _read(plain, None, _Typed.sum, _Typed)


def _read(
    text: str,
    parameters: Collection[str] | None,
    what: Callable[[Any], Formula],
    kind: type[_Reader] | None = None,
) -> Formula:
    """What a method of the reader makes of all the text; a StatementError where it is too long or more follows."""
    if len(text) > LONGEST:
        raise StatementError(
            f"{text[:AROUND]!r}... has {len(text)} characters; at most {LONGEST} are read as a formula"
        )
    reader = (kind or _Reader)(text, parameters)
    found = what(reader)
    if reader.token.kind != "end":
        reader.refuse("an operator, or the end of the text")
    return reader.built(moderate, found, start=_Token("end", "", 0))


class _Reader:
    """Its place in the text; each method reads what it is called."""

    def __init__(self, text: str, parameters: Collection[str] | None) -> None:
        self.text, self.parameters, self.depth = text, parameters, 0
        self.token = self._after(0)

    def refuse(self, expected: str, token: _Token | None = None) -> NoReturn:
        """Say where it is, what is there and what should be."""
        token = token or self.token
        found = "the text ends" if token.kind == "end" else f"there is {token.text[:AROUND]!r}"
        raise StatementError(f"{self._shown(token.at)}, position {token.at + 1}: {found}; expected {expected}")

    def _shown(self, at: int) -> str:
        if len(self.text) <= 3 * AROUND:
            return repr(self.text)
        start, end = max(at - AROUND, 0), at + AROUND
        return f"{'...' if start else ''}{self.text[start:end]!r}{'...' if end < len(self.text) else ''}"

    def _after(self, at: int) -> _Token:
        """The token from this place on, past white space, "end" where the text ends; refuses what begins none."""
        space = _SPACE.match(self.text, at)
        at = space.end() if space else at
        if at == len(self.text):
            return _Token("end", "", at)
        found = _TOKEN.match(self.text, at)
        if found is None:
            self.refuse("a number, a parameter, a function or a sign", _Token("odd", self.text[at], at))
        return _Token(str(found.lastgroup), found[0], at)

    def take(self) -> _Token:
        """The next token, and go on."""
        taken = self.token
        self.token = self._after(taken.at + len(taken.text))
        return taken

    def takes(self, *signs: str) -> str:
        """The next token if it is one of these signs, and go on; else ''."""
        return self.take().text if self.token.kind == "sign" and self.token.text in signs else ""

    def need(self, sign: str, expected: str = "") -> None:
        """Go past a sign that has to be there."""
        if not self.takes(sign):
            self.refuse(expected or repr(sign))

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One more bracket."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"at most {DEEPEST} brackets within each other")
        yield
        self.depth -= 1

    def sum(self) -> Formula:
        """Products, added or taken away."""
        with self.deeper():
            sign, terms = self.takes("-", "+"), []
            while True:
                term = self.product()
                terms.append(negated(term) if sign == "-" else term)
                if not (sign := self.takes("-", "+")):
                    return self.built(added, terms)

    def product(self) -> Formula:
        """Powers, multiplied or divided."""
        sign, factors = "*", []
        while sign:
            start = self.token
            factor = self.power()
            factors.append(factor if sign == "*" else self.built(inverse, factor, start=start))
            sign = self.next_factor(sign)
        return self.built(multiplied, factors)

    def next_factor(self, _before: str) -> str:
        """The sign before the next factor, '' where there is none."""
        return self.takes("*", "/")

    def power(self) -> Formula:
        """An atom, to the power of another; a sign before it binds less."""
        if sign := self.takes("-", "+"):
            with self.deeper():
                inside = self.power()
                return negated(inside) if sign == "-" else inside
        start, base = self.token, self.atom()
        if not self.takes("**", "^"):
            return base
        with self.deeper():
            return self.built(power, base, self.power(), start=start)

    def atom(self) -> Formula:
        """A number, a parameter, a function of arguments, or a sum in brackets."""
        if self.token.kind == "number":
            return self.number()
        if self.token.kind == "name":
            name = self.take()
            return self.function(name) if self.takes("(") else self.value(name)
        self.need("(", "a number, a parameter, a function or '('")
        inside = self.sum()
        self.need(")", "an operator or ')'")
        return inside

    def number(self) -> Formula:
        """A number, exact."""
        token = self.take()
        if not _SHORT_NUMBER.fullmatch(token.text):
            self.refuse("a number of at most 1000 digits", token)
        exact = Fraction(token.text)
        return self.built(short, sympy.Rational(exact.numerator, exact.denominator), start=token)

    def value(self, name: _Token) -> Formula:
        """A parameter; a constant where no parameter has its name."""
        is_parameter = name.text not in CONSTANTS if self.parameters is None else name.text in self.parameters
        if is_parameter:
            return sympy.Symbol(name.text)
        if name.text not in CONSTANTS:
            known = sorted(self.parameters or ())
            near = get_close_matches(name.text[:100], known, n=1) or [", ".join(known[:20]) or "there are none"]
            self.refuse(f"a parameter that is declared: {near[0]}", name)
        return CONSTANTS[name.text]

    def function(self, name: _Token) -> Formula:
        """What is called with arguments, after its bracket."""
        if name.text == "Piecewise":
            return self.branches()
        head = sympy.Pow if name.text == "sqrt" else head_named(name.text)
        if head is None:
            near = get_close_matches(name.text[:100], HEADS, n=1) or ["those of the grammar"]
            self.refuse(f"a function that formulas may hold: {near[0]}", name)
        args = self.listed(self.sum)
        wanted = 1 if name.text == "sqrt" else arguments(head)
        if len(args) != (max(len(args), 2) if wanted is ANY else wanted):
            self.refuse(f"{'two arguments or more' if wanted is ANY else f'{wanted} argument(s)'} of {name.text}", name)
        return applied(head, (*args, sympy.S.Half) if name.text == "sqrt" else args)

    def listed(self, part: Callable[[], Formula]) -> list[Formula]:
        """What stands between commas, up to the closing bracket."""
        found = [part()]
        while self.takes(","):
            found.append(part())
        self.need(")", "an operator, ',' or ')'")
        return found

    def branches(self) -> Formula:
        """The formulas of a Piecewise, each with its condition; the last may have True."""
        return piecewise(self.listed(self.branch))

    def branch(self) -> tuple[Formula, Formula]:
        """One of them."""
        self.need("(")
        formula = self.sum()
        self.need(",", "an operator or ','")
        always = self.token.kind == "name" and self.token.text == "True"
        start = self.token
        when = sympy.true if always and self.take() else self.condition()
        if when.has(sympy.Piecewise):
            self.refuse("a condition without Piecewise", start)
        self.need(")", "')'")
        return formula, when

    def condition(self) -> Formula:
        """A relation, or conditions joined."""
        found = self.part()
        if isinstance(found, sympy.Expr):
            self.refuse(f"an operator or one of {' '.join(SIGNS)}")
        return found

    def part(self) -> Formula:
        """A condition, or a formula where no relation follows it."""
        with self.deeper():
            if (
                self.token.text in (*CONDITIONS, "Not")
                and self._after(self.token.at + len(self.token.text)).text == "("
            ):
                return self.joined(self.take())
            left = self.sum()
            sign = self.takes(*SIGNS, "==")
            return SIGNS["=" if sign == "==" else sign](left, self.sum(), evaluate=False) if sign else left

    def joined(self, name: _Token) -> Formula:
        """Conditions in And, Or or Not, after its name."""
        self.need("(")
        parts = self.listed(self.condition)
        if (name.text == "Not") != (len(parts) == 1):
            self.refuse("one condition in Not, two or more in And and Or", name)
        return opposite(parts[0]) if name.text == "Not" else applied(CONDITIONS[name.text], parts)

    def built(self, build: Callable[..., Formula], *parts: Formula, start: _Token | None = None) -> Formula:
        """What is made of parts; an error tells its place too."""
        try:
            return build(*parts)
        except BoundkitError as error:
            at = (start or self.token).at
            raise StatementError(f"{self._shown(at)}, position {at + 1}: {error}") from None


class _Typed(_Reader):
    """Takes a parameter or a bracket right after a factor for one more factor."""

    def next_factor(self, before: str) -> str:
        if self.token.kind != "name" and self.token.text != "(":
            return super().next_factor(before)
        if before == "/":
            self.refuse("'*', or brackets around what is divided by")
        return "*"
