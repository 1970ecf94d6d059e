"""What may stand in a statement's formulas: what the table of `boundkit.formulas` holds, and laws; never text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import sympy
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, to_nnf

from boundkit.errors import ParameterError, StatementError
from boundkit.formulas import TABLE, WRITTEN
from boundkit.tails import Named, Tail
from boundkit.values import Formula, cut_text, decimal_value

T = TypeVar("T")

RELATIONS = (sympy.Ge, sympy.Le, sympy.Gt, sympy.Lt, sympy.Eq, sympy.Ne)
OF_THE_TABLE = (
    "a formula holds parameters, rational numbers, pi, E, + - * / "
    + " ".join(WRITTEN)
    + " Piecewise((x, relation), ..., "
    "(y, True)), relations with And, Or, Not, and laws: a Tail, or a Named formula, of your own too"
)
_CLOSED = "write its closed form, or a law of your own: a Tail"
_REAL = "parameters and formulas are real; write a real formula"
INSTEAD = {
    "Sum": _CLOSED, "Product": _CLOSED, "Integral": _CLOSED, "Limit": _CLOSED,
    "Derivative": "write the derivative itself: .doit()", "Subs": "write the formula itself: .doit()",
    "Lambda": "call it, and write what it gives", "Infinity": "give a finite number; an end that is none is left out",
    "NegativeInfinity": "give a finite number; an end that is none is left out",
    "ComplexInfinity": "it divides by 0; mend it", "NaN": "it is not defined; mend it",
    "ImaginaryUnit": f"{_REAL} (SymPy writes I for the root or the log of a negative number)",
    "im": _REAL, "arg": _REAL, "conjugate": _REAL, "polar_lift": _REAL,
    "Mod": "write x - y*floor(x/y)", "frac": "write x - floor(x)",
    "sign": "write Piecewise((1, x > 0), (-1, x < 0), (0, True))",
    "Heaviside": "write Piecewise((1, x >= 0), (0, True))", "DiracDelta": _CLOSED,
    "KroneckerDelta": "write Piecewise((1, Eq(x, y)), (0, True))", "ITE": "write Piecewise",
    "Xor": "write it with And, Or, Not", "Implies": "write Or(Not(a), b)",
    "Equivalent": "write it with And, Or, Not", "Contains": "write its relations",
    "expm1": "write exp(x) - 1", "log2": "write log(x)/log(2)", "log10": "write log(x)/log(10)", "exp2": "write 2**x",
    "Sqrt": "write sqrt(x) of SymPy", "Cbrt": "write x**Rational(1, 3)", "hypot": "write sqrt(x**2 + y**2)",
    "sinh": "write (exp(x) - exp(-x))/2", "cosh": "write (exp(x) + exp(-x))/2", "tanh": "write 1 - 2/(exp(2*x) + 1)",
    "beta": "write gamma(x)*gamma(y)/gamma(x + y)", "RisingFactorial": "write gamma(x + k)/gamma(x)",
    "FallingFactorial": "write factorial(x)/factorial(x - k)", "erf2": "write erf(y) - erf(x)",
    "MatrixSymbol": "write its entries as parameters", "EulerGamma": "write its digits as a Rational",
    "Catalan": "write its digits as a Rational", "GoldenRatio": "write (1 + sqrt(5))/2",
}  # fmt: skip


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
    >>> expression(0.1 * sympy.Symbol("t"), "failure")
    t/10
    """
    with suppress(sympy.SympifyError, ParameterError):
        found = _rational(value) if isinstance(value, float) else sympy.sympify(value, strict=True)
        if isinstance(found, sympy.Expr) and found is not sympy.nan:
            return as_real(found)
    raise StatementError(f"{what} is {cut_text(value)}; give a number or a SymPy expression (text is never evaluated)")


def as_real(formula: Formula) -> Formula:
    """A formula or a condition as real parameters have it, each float in it as the decimal that it prints.

    exp(re(x)), for Abs(exp(x)), is exp(x); Not is pushed inwards.
    """
    if not isinstance(formula, sympy.Basic):
        return formula
    formula = exactly(formula)
    if formula.has(sympy.re):
        formula = formula.replace(sympy.re, lambda x: x)
    return to_nnf(formula, simplify=False) if isinstance(formula, sympy.Not) or formula.has(sympy.Not) else formula


def relations_in(condition: Formula) -> Iterator[Relational]:
    """The relations that a condition is made of, in its order."""
    if isinstance(condition, Relational):
        yield condition
    elif isinstance(condition, sympy.And | sympy.Or):
        for part in condition.args:
            yield from relations_in(part)


def fold(
    condition: Formula, leaf: Callable[[Formula], T], all_of: Callable[[list[T]], T], any_of: Callable[[list[T]], T]
) -> T:
    """A condition's value: `leaf` of each of its relations, in their order, joined by `all_of` and `any_of`."""
    if not isinstance(condition, sympy.And | sympy.Or):
        return leaf(condition)
    parts = [fold(part, leaf, all_of, any_of) for part in condition.args]
    return (all_of if isinstance(condition, sympy.And) else any_of)(parts)


def foreign(formula: Formula) -> Iterator[str]:
    """What a formula or condition holds that is not in the table, each with what to write instead."""
    if isinstance(formula, sympy.And | sympy.Or):
        for part in formula.args:
            yield from foreign(part) if isinstance(part, Boolean) and not part.is_Symbol else [_strange(part)]
    elif isinstance(formula, RELATIONS):
        for side in formula.args:
            yield from _foreign(side)
    else:
        yield from _foreign(formula)


def _foreign(expr: Formula) -> Iterator[str]:
    """As `foreign`, of what has to be a number: a relation is strange there but for the conditions of a Piecewise."""
    if expr.is_Symbol or (expr.is_Number and expr.is_finite) or expr in (sympy.pi, sympy.E):
        return
    if isinstance(expr, sympy.Piecewise):
        for branch, when in expr.args:
            yield from _foreign(branch)
            yield from foreign(when) if when not in (True, False) else ()
    elif expr.is_Add or expr.is_Mul or isinstance(expr, Tail | Named) or _is_written(expr.func):
        for arg in expr.args:
            yield from _foreign(arg)
    else:
        yield _strange(expr)


def _is_written(head: type[sympy.Basic]) -> bool:
    return head in TABLE and TABLE[head].written != ""


def _strange(expr: Formula) -> str:
    """The part as it prints, why it may not stand there, and what to write instead."""
    kind = type(expr).__name__
    instead = next((INSTEAD[base.__name__] for base in type(expr).__mro__ if base.__name__ in INSTEAD), OF_THE_TABLE)
    if isinstance(expr, AppliedUndef):
        return f"{cut_text(expr)}: {kind} is a function without a formula; write it out, or a law of your own: a Tail"
    if isinstance(expr, RELATIONS):
        return f"{cut_text(expr)}: a relation is no number; write Piecewise((1, {cut_text(expr)}), (0, True))"
    if isinstance(expr, sympy.Function):
        return f"{cut_text(expr)}: {kind} is not in the table; {instead}"
    return f"{cut_text(expr)} ({kind}): {instead}"


def exactly(formula: Formula) -> Formula:
    """Return a formula or relation with each float in it as the decimal that it prints."""
    floats = formula.atoms(sympy.Float) if isinstance(formula, sympy.Basic) else ()
    if not floats:
        return formula
    if isinstance(formula, Relational | sympy.And | sympy.Or):  # as it is written: SymPy would decide it, or turn it
        return formula.func(*map(exactly, formula.args), evaluate=False)
    return formula.xreplace({number: _rational(number) for number in floats})


def _rational(number: float | sympy.Float) -> sympy.Expr:
    if isinstance(number, float) and abs(number) == float("inf"):
        return sympy.sympify(number)
    exact = decimal_value(number)
    return sympy.Rational(exact.numerator, exact.denominator)
