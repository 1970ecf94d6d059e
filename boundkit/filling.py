"""Numbers put in for parameters, where SymPy may compute with them: never one too long to write out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy

from boundkit.formulas import GROWING
from boundkit.values import Formula

POWERS = 64  # exponents up to which SymPy may write a power out
CHEAP = 10**4  # what SymPy may take the factorial of
ROUNDED = 10**15  # what SymPy may round to an integer: of more digits it gets none right, or raises what it likes
NOT_DEFINED = (sympy.nan, sympy.zoo, sympy.I)  # a division by 0, or the root of a negative number


class TooLong(Exception):  # noqa: N818  no error of the user's: whoever fills in answers it
    """SymPy would write out a number too long."""


def filled(
    expr: Formula, at: Mapping[sympy.Symbol, Formula], instead: Callable[[Formula], Formula] | None = None,
    powers: int = POWERS, largest: int = CHEAP,
) -> Formula:  # fmt: skip
    """The expression with numbers for parameters, computed by SymPy, but for branches that are not taken.

    Parameters
    ----------
    expr : sympy expression or relation
        What is filled in.
    at : mapping of symbol to number
        For parameters; others stay.
    instead : callable, optional
        What stands for a part too long to write out, from that part; by default there is none.
    powers, largest : int
        Exponents, and arguments of factorials and the like, up to which numbers are written out.

    Raises
    ------
    TooLong
        Where there is nothing instead.
    """
    if not expr.args:
        return at.get(expr, expr)
    if isinstance(expr, sympy.Piecewise):
        return _taken(expr, at, instead, powers, largest)
    parts = [filled(arg, at, instead, powers, largest) for arg in expr.args]
    if isinstance(expr, sympy.Expr) and any(part.has(*NOT_DEFINED) for part in parts):
        return sympy.nan
    if _is_long(expr, parts, powers, largest):
        if instead is None:
            raise TooLong
        return instead(expr)
    return expr.func(*parts)


def _taken(expr: sympy.Piecewise, at: Mapping[sympy.Symbol, Formula], *how: Any) -> Formula:
    """The branches that may be taken, filled in, up to one that surely is; nan where there is none."""
    branches = []
    for branch, when in expr.args:
        condition = filled(when, at, *how)
        if condition != False:  # noqa: E712  SymPy's own
            branches.append((filled(branch, at, *how), condition))
        if condition == True:  # noqa: E712  SymPy's own
            break
    return sympy.Piecewise(*branches) if branches else sympy.nan


def _is_long(expr: Formula, parts: list[Formula], powers: int, largest: int) -> bool:
    """Whether SymPy, given these parts, would write out a power, factorial or integer beyond these sizes."""
    if isinstance(expr, GROWING):
        return all(part.is_number for part in parts) and not all(_is_at_most(part, largest) for part in parts)
    if isinstance(expr, sympy.exp):  # of logs SymPy makes powers
        return bool(parts[0].is_number and parts[0].has(sympy.log) and not _is_at_most(parts[0], powers))
    if isinstance(expr, sympy.floor | sympy.ceiling):  # of what SymPy keeps as it is, and here would write out
        short = all(_is_at_most(e.exp, largest) for e in parts[0].atoms(sympy.exp) if e.is_number)
        rounded = parts[0].is_number and not parts[0].is_Rational
        return not short or bool(rounded and not _is_at_most(parts[0].evalf(), ROUNDED))
    if not expr.is_Pow or not all(part.is_number for part in parts):
        return False
    return bool(parts[0] not in (0, 1, -1, sympy.E) and not _is_at_most(parts[1], powers))


def _is_at_most(number: Formula, largest: int) -> bool:
    return bool(number.is_extended_real and (abs(number) <= largest) == True)  # noqa: E712  SymPy's own, or a relation
