"""What may stand in a statement's formulas: numbers and SymPy expressions, never text."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sympy

from boundkit.errors import StatementError
from boundkit.values import cut_text


def expression(value: Any, what: str) -> sympy.Expr:
    """Return a number or an expression as SymPy's; `what` names it in the error.

    Raises
    ------
    StatementError
        For anything else, such as text, which SymPy would evaluate.

    Examples
    --------
    >>> expression(2, "failure") + sympy.Symbol("t")
    t + 2
    """
    with suppress(sympy.SympifyError):
        found = sympy.sympify(value, strict=True)
        if isinstance(found, sympy.Expr) and found is not sympy.nan:
            return found
    raise StatementError(f"{what} is {cut_text(value)}; give a number or a SymPy expression (text is never evaluated)")
