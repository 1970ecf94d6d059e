"""Which signs a formula may have, as far as its form says: SymPy writes numbers out, and may never answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flint import arb, fmpq
import sympy

from boundkit import enclose
from boundkit.errors import BoundkitError
from boundkit.tails import Tail
from boundkit.values import Formula

NonnegativeSum = frozenset[int]
ANY, AT_LEAST_0, ABOVE_0 = frozenset((-1, 0, 1)), frozenset((0, 1)), frozenset((1,))
_ABOVE_0 = (Tail, sympy.exp, sympy.erfc)
_KEEPS = (sympy.factorial, sympy.gamma)  # above 0 where their argument is


def signs(formula: Formula, parameters: Mapping[sympy.Symbol, NonnegativeSum]) -> NonnegativeSum:
    """Return the signs that a formula may have; all of them where its form does not say.

    Examples
    --------
    >>> n = sympy.Symbol("n")
    >>> sorted(signs(-sympy.exp(-n) - n, {n: AT_LEAST_0})), sorted(signs(1 - n, {n: AT_LEAST_0}))
    ([-1], [-1, 0, 1])
    """
    if not formula.free_symbols and not formula.has(Tail):
        return _of_number(formula)
    if formula.is_Symbol:
        return parameters.get(formula, ANY)
    if isinstance(formula, _ABOVE_0):
        return ABOVE_0
    if isinstance(formula, sympy.Piecewise):
        return frozenset[int]().union(*(signs(branch, parameters) for branch, _ in formula.args))
    parts = [signs(arg, parameters) for arg in formula.args]
    if formula.is_Add:
        return _sum(parts)
    if formula.is_Mul:
        return _product(parts)
    if formula.is_Pow:
        return _power(formula.exp, parts[0])
    if isinstance(formula, _KEEPS) and parts[0] == ABOVE_0:
        return ABOVE_0
    return frozenset(map(abs, parts[0])) if isinstance(formula, sympy.Abs) else ANY


def _of_number(number: Formula) -> NonnegativeSum:
    try:
        found = enclose.ball(number, {})
    except BoundkitError:
        return ANY
    if isinstance(found, fmpq):
        return frozenset(((found > 0) - (found < 0),))
    return ABOVE_0 if found > arb(0) else frozenset((-1,)) if found < arb(0) else ANY


def _sum(parts: Iterable[NonnegativeSum]) -> NonnegativeSum:
    found: NonnegativeSum = frozenset((0,))
    for part in parts:
        found = frozenset[int]().union(*(ANY if a * b < 0 else {a or b} for a in found for b in part))
    return found


def _product(parts: Iterable[NonnegativeSum]) -> NonnegativeSum:
    found = ABOVE_0
    for part in parts:
        found = frozenset(a * b for a in found for b in part)
    return found


def _power(exponent: Formula, base: NonnegativeSum) -> NonnegativeSum:
    if exponent.is_Integer and exponent % 2:
        return base
    even = exponent.is_Integer
    return ABOVE_0 if base == ABOVE_0 or (even and 0 not in base) else AT_LEAST_0 if even or base <= AT_LEAST_0 else ANY
