"""A formula as exact text. Where signs would be read as another form than the one that is kept, its name is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
import re

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import exactly
from boundkit.errors import StatementError
from boundkit.formats.plain.building import (
    CONDITIONS,
    CONSTANTS,
    DEEPEST,
    LONGEST,
    SIGNS,
    added,
    head_named,
    inverse,
    moderate,
    multiplied,
    negated,
    power,
    short,
)
from boundkit.tails import Named, Tail
from boundkit.values import Formula, cut_text

SUM, PRODUCT, POWER, ATOM = range(4)  # how firmly a text holds together
Written = tuple[str, int]


def formula_text(formula: Formula, parameters: Collection[str] | None) -> str:
    """Write a formula, or a condition, such that `boundkit.formats.plain.reading` gives back the very same.

    Parameters
    ----------
    formula : sympy.Expr or Boolean
        What is written; each float in it as the decimal that it prints.
    parameters : collection of str, optional
        The parameters there are: a constant is not called as one of them. Where they are not known, no parameter may be
        called as a constant.

    Raises
    ------
    StatementError
        For what has no name in the text, such as a law of one's own.

    Examples
    --------
    >>> n, t = sympy.symbols("n t")
    >>> formula_text(2 * sympy.exp(-n / 16) + sympy.Rational(1, 3) / sympy.sqrt(t), ["n", "t"])
    '2*exp(-n/16) + 1/sqrt(t)/3'
    """
    text, _ = _Writer(parameters).write(moderate(exactly(formula)), 0)
    if len(text) > LONGEST:
        raise StatementError(f"a formula of {len(text)} characters; at most {LONGEST} are written")
    return text


class _Writer:
    def __init__(self, parameters: Collection[str] | None) -> None:
        self.parameters = parameters

    def write(self, x: Formula, depth: int) -> Written:
        """The text, and how firmly it holds together."""
        if depth >= DEEPEST:
            raise StatementError(f"a formula of more than {DEEPEST} brackets within each other; write it flatter")
        if x.is_Rational:
            return _number(short(x))
        if x.is_Symbol:
            return self._parameter(x), ATOM
        if x in (sympy.E, sympy.pi):
            return self._constant(x), ATOM
        signs = {sympy.Add: self._sum, sympy.Mul: self._product, sympy.Pow: self._power}.get(type(x))
        found = signs and signs(x, depth + 1)
        return found or (self._called(x, depth + 1), ATOM)

    def _called(self, x: Formula, depth: int) -> str:
        """A truth value, a relation by its sign, or a call by name; a StatementError for what has no name in text."""

        def listed(args: Iterable[Formula]) -> str:
            return ", ".join(self.write(arg, depth)[0] for arg in args)

        if x in (True, False):
            return str(x)
        if isinstance(x, Relational):
            sign = next((sign for sign, kind in SIGNS.items() if type(x) is kind), None)
            if sign is not None:
                return f" {sign} ".join(self.write(side, depth)[0] for side in x.args)
        if isinstance(x, sympy.Piecewise):
            return f"Piecewise({', '.join(f'({listed(branch)})' for branch in x.args)})"
        name = type(x).__name__
        if type(x) not in (CONDITIONS.get(name), head_named(name)):
            raise StatementError(f"{cut_text(x)}: {_why_not(x)}")
        return f"{name}({listed(x.args)})"

    def _parameter(self, x: Formula) -> str:
        if x != sympy.Symbol(x.name) or not re.fullmatch(r"[^\W\d]\w*", x.name):
            raise StatementError(f"{x.name} is no plain parameter; make it sympy.Symbol with an identifier for a name")
        if self.parameters is None and x.name in CONSTANTS:
            raise StatementError(f"the parameter {x.name} cannot be told from the constant of that name; rename it")
        return str(x.name)

    def _constant(self, x: Formula) -> str:
        free = [name for name, constant in CONSTANTS.items() if constant is x and name not in (self.parameters or ())]
        if not free:
            raise StatementError(
                f"the constant {x} cannot be told from the parameter of that name; rename the parameter"
            )
        return free[0]

    def _sum(self, x: Formula, depth: int) -> Written | None:
        """The terms by their signs, and that they are a sum; None where they would be read as another form."""
        text, read = "", []
        for term in x.args:
            minus = _is_negative(term)
            piece = negated(term) if minus else term
            sign = (" - " if minus else " + ") if text else ("-" if minus else "")
            text += sign + self._within(piece, PRODUCT, depth)
            read.append(negated(piece) if minus else piece)
        return (text, SUM) if added(read) == x else None

    def _product(self, x: Formula, depth: int) -> Written | None:
        """The factors by * and /, and how firmly they hold; None where they would be read as another form."""
        number, factors = (x.args[0], x.args[1:]) if x.args[0].is_Rational else (sympy.S.One, x.args)
        above, below = sympy.Integer(abs(number.p)), sympy.Integer(number.q)
        text, read = ("" if above == 1 else str(short(above))), [above]
        for factor in factors:
            if _is_inverse(factor):
                text = f"{text or '1'}/{self._within(inverse(factor), POWER, depth)}"
                read.append(inverse(inverse(factor)))
            else:
                text = f"{text}*{self._within(factor, POWER, depth)}" if text else self._within(factor, POWER, depth)
                read.append(factor)
        text += "" if below == 1 else f"/{short(below)}"
        same = multiplied([*read, 1 / below])
        if number.is_negative:
            text, same = f"-{text}", negated(same)
        return (text, SUM if number.is_negative else PRODUCT) if same == x else None

    def _power(self, x: Formula, depth: int) -> Written | None:
        """A root, a quotient or a power, and how firmly it holds; None where it would be read as another form."""
        if x.exp == sympy.S.Half:
            return f"sqrt({self.write(x.base, depth)[0]})", ATOM
        if _is_inverse(x):
            turned = inverse(x)
            return (f"1/{self._within(turned, POWER, depth)}", PRODUCT) if inverse(turned) == x else None
        if power(x.base, x.exp) != x:
            return None
        return f"{self._within(x.base, ATOM, depth)}**{self._within(x.exp, ATOM, depth)}", POWER

    def _within(self, x: Formula, least: int, depth: int) -> str:
        text, firm = self.write(x, depth)
        return text if firm >= least else f"({text})"


def _number(x: Formula) -> Written:
    return str(x), SUM if x < 0 else PRODUCT if x.q != 1 else ATOM


def _is_negative(x: Formula) -> bool:
    """Whether a minus is written before it."""
    number = x.args[0] if x.is_Mul else x
    return bool(number.is_Number and number < 0)


def _is_inverse(x: Formula) -> bool:
    """Whether it is written below a line."""
    return bool(x.is_Pow and not x.base.is_Number and _is_negative(x.exp))


def _why_not(x: Formula) -> str:
    kind = type(x).__name__
    if isinstance(x, Tail | Named):
        return f"{kind} is a law of your own, which is code; write its closed form, or exchange the Python file"
    return f"{kind} is not in the grammar; write it by what is"
