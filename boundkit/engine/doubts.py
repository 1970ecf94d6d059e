"""Where floats may get a formula or a relation wrong, so that balls have to say: found once, asked on arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import sympy
from sympy.codegen.cfunctions import log1p
from sympy.core.relational import Relational

from boundkit.formulas import TABLE, LogAbsDiffExp, LogBinomial, LogDiffExp, LogErfc, LogLog1pExp, LogSumExp
from boundkit.model.parameter import Parameter
from boundkit.tails import LogOf, Named, Tail
from boundkit.values import Formula

Columns = Mapping[sympy.Expr, np.ndarray | float]  # of each expression its values at some points, or one for all

NEAR = 1e-9  # a relation whose sides agree to this is decided in ball arithmetic
STEEP = 1e6  # powers magnify rounding: up to this exponent it stays well below NEAR
LOST, FEWER = 1e-3, 1e-6  # a difference this small beside its terms has lost too many digits: of a value, of a side
LEAST, MOST = 1e-290, 1e290  # beyond, floats end
TAME = 1e6

# What has zeros near which floats have no digits of it left, whatever digits its arguments have.
_LOST_NEAR_0 = (sympy.loggamma, LogErfc, LogBinomial, LogLog1pExp, LogSumExp, LogDiffExp, LogAbsDiffExp)
_DEEP = (sympy.exp, sympy.factorial, sympy.gamma, sympy.binomial, sympy.erfc)


@dataclass(frozen=True)
class Gap:
    """Two numbers whose difference is taken or compared: doubtful where it is small beside `terms`."""

    left: sympy.Expr
    right: sympy.Expr
    terms: tuple[sympy.Expr, ...]
    small: float


@dataclass(frozen=True)
class Doubt:
    """Where floats may be wrong.

    Attributes
    ----------
    gaps : tuple of Gap
        Sums that may cancel, and the sides of relations.
    steps : tuple of sympy.Expr
        What stands in a floor or ceiling, which jumps at integers.
    deep : tuple of (sympy.Expr, sympy.Expr or None)
        What may be beyond floats, with what it is multiplied by where it is a factor.
    exponents : tuple of sympy.Expr
        Of powers.
    rounded : tuple of sympy.Expr
        Exponents of powers whose base floats round: a high one magnifies that.
    poles : tuple of sympy.Expr
        What stands in a gamma function, or below in a binomial, at which it has a pole, or zero, at every whole number
        up to 0.
    zeros : tuple of sympy.Expr
        What is divided by, and exponents: where they are 0 floats give infinity, or 1, for what is not defined.
    """

    gaps: tuple[Gap, ...]
    steps: tuple[sympy.Expr, ...]
    deep: tuple[tuple[sympy.Expr, sympy.Expr | None], ...]
    exponents: tuple[sympy.Expr, ...]
    rounded: tuple[sympy.Expr, ...]
    poles: tuple[sympy.Expr, ...]
    zeros: tuple[sympy.Expr, ...]

    @property
    def needs(self) -> Iterator[sympy.Expr]:
        """What has to be known of a point to tell."""
        for gap in self.gaps:
            yield from (gap.left, gap.right, *gap.terms)
        for node, rest in self.deep:
            yield from (node,) if rest is None else (node, rest)
        yield from (*self.steps, *self.exponents, *self.rounded, *self.poles, *self.zeros)

    def near(self, values: Columns) -> Any:
        """Where rounding may decide."""
        steep = 1 + _largest(values, self.exponents) / STEEP
        doubtful: Any = False
        for gap in self.gaps:
            apart = np.abs(np.subtract(values[gap.left], values[gap.right]))
            doubtful = doubtful | ~(apart > gap.small * steep * _largest(values, gap.terms))
        for step in self.steps:
            x = values[step]
            doubtful = doubtful | ~(np.abs(x - np.rint(x)) > NEAR * steep * np.maximum(1.0, np.abs(x)))
        for exponent in self.rounded:
            doubtful = doubtful | ~(np.abs(values[exponent]) <= STEEP)
        for pole in self.poles:
            x = values[pole]
            doubtful = doubtful | ((x < 0.5) & ~(np.abs(x - np.rint(x)) > LOST * np.maximum(1.0, np.abs(x))))
        for zero in self.zeros:
            doubtful = doubtful | (values[zero] == 0)
        for node, rest in self.deep:
            size = np.abs(values[node])
            beyond = ~((size >= LEAST) & (size <= MOST))
            if rest is not None:
                times = np.abs(values[rest])
                beyond = beyond & ~((times >= 1 / TAME) & (times <= TAME))
            doubtful = doubtful | beyond
        return doubtful


def doubt_of(exprs: Iterable[Formula], parameters: Iterable[Parameter], small: float = LOST) -> Doubt:
    """What may go wrong with these expressions on arrays; sums of integers alone are exact, and left out;
    so are sums with logs of laws, which balls take long to tell."""
    parameters = tuple(parameters)
    whole = {p.symbol for p in parameters if p.integer}
    signs = {p.symbol: sympy.Dummy(real=True, nonnegative=p.low.is_nonnegative or None) for p in parameters}
    integers = {symbol: sympy.Dummy(integer=True) for symbol in whole}
    gaps: dict[Gap, None] = {}
    steps: dict[sympy.Expr, None] = {}
    powers: dict[sympy.Expr, None] = {}
    rounded: dict[sympy.Expr, None] = {}
    poles: dict[sympy.Expr, None] = {}
    zeros: dict[sympy.Expr, None] = {}
    deep: dict[tuple[sympy.Expr, sympy.Expr | None], None] = {}
    for expr in map(_written_out, exprs):
        lawful = expr.has(LogOf)  # among logs of laws a log near 0 needs no digits of its own
        for node in _nodes(expr):
            head = node.func
            if node.is_Add and not is_exact(node, whole) and not node.has(LogOf) and not _one_sign(node.args, signs):
                gaps[Gap(node, sympy.S.Zero, node.args, small)] = None
            elif head is log1p:
                gaps[Gap(node.args[0], sympy.S.NegativeOne, (sympy.S.One,), small)] = None
            elif head is sympy.log and not lawful and not node.args[0].xreplace(integers).is_integer:
                gaps[Gap(node.args[0], sympy.S.One, (sympy.S.One,), small)] = None
            elif head in (LogDiffExp, LogAbsDiffExp):
                gaps[Gap(node.args[0], node.args[1], node.args, small)] = None
            elif isinstance(node, Relational):
                gaps[compared(node)] = None
            elif head in (sympy.gamma, sympy.factorial):
                poles[node.args[0] + int(head is sympy.factorial)] = None
            elif head in (sympy.binomial, LogBinomial) and not _are_whole(node.args, integers):
                above, below = node.args
                poles |= dict.fromkeys((above + 1, below + 1, above - below + 1))
                gaps[Gap(above, below, node.args, small)] = None
            elif head in TABLE and TABLE[head].jumps and not node.args[0].xreplace(integers).is_integer:
                steps[node.args[0]] = None
            if head in _LOST_NEAR_0 and not lawful and not _are_whole(node.args, integers):
                gaps[Gap(node, sympy.S.Zero, (sympy.S.One,), small)] = None
            if node.is_Pow and _may_be_steep(node.exp) and _is_rounded(node.base, integers):
                rounded[node.exp] = None
            if isinstance(node, sympy.Pow | sympy.exp) and node.exp.free_symbols:
                powers[node.exp] = None
                zeros[node.exp] = None
            if node.is_Pow and not node.exp.is_nonnegative and node not in sympy.Mul.make_args(expr):
                zeros[node.base] = None
        deep |= dict.fromkeys(_beyond_floats(expr))
    return Doubt(tuple(gaps), tuple(steps), tuple(deep), tuple(powers), tuple(rounded), tuple(poles), tuple(zeros))


def compared(relation: Formula) -> Gap:
    """A relation's own gap."""
    ends = tuple(term for side in relation.args for term in sympy.Add.make_args(side))
    return Gap(relation.lhs, relation.rhs, ends, NEAR)


def is_exact(total: sympy.Expr, integers: set[sympy.Symbol]) -> bool:
    """Whether floats hold a sum exactly: of integers, and of whole multiples of integer parameters."""
    terms = (term.as_coeff_Mul() for term in total.args)
    return all(number.is_Integer and (parameter in integers or parameter == 1) for number, parameter in terms)


def _are_whole(args: Iterable[Formula], integers: Mapping[sympy.Symbol, sympy.Dummy]) -> bool:
    return all(arg.xreplace(integers).is_integer for arg in args)


def _may_be_steep(exponent: sympy.Expr) -> bool:
    return bool(exponent.free_symbols) or not abs(exponent) <= STEEP


def _is_rounded(base: sympy.Expr, integers: Mapping[sympy.Symbol, sympy.Dummy]) -> bool:
    """Whether floats may not hold a base; |1 + x| to a power goes by log(1 + x), which keeps the digits of x."""
    by_log = isinstance(base, sympy.Abs) and abs(base.args[0].as_coeff_Add()[0]) == 1
    return not by_log and not base.xreplace(integers).is_integer


def _written_out(expr: Formula) -> Formula:
    while named := expr.atoms(Named):
        expr = expr.xreplace({name: name.formula for name in named})
    return expr


def _nodes(expr: Formula) -> Iterator[Formula]:
    """Every part of an expression that has parameters, each once; a law's arguments are its own matter."""
    waiting, seen = [expr], set()
    while waiting:
        node = waiting.pop()
        if node in seen or not node.free_symbols:
            continue
        seen.add(node)
        yield node
        if not isinstance(node, Tail):
            waiting += node.args


def _beyond_floats(expr: Formula) -> Iterator[tuple[sympy.Expr, sympy.Expr | None]]:
    """Exponentials and the like; one that is the only such factor of a term loses nothing unless the rest is large."""
    for term in sympy.Add.make_args(expr) if isinstance(expr, sympy.Expr) else (expr,):
        inside = [n for n in _nodes(term) if isinstance(n, _DEEP) or (n.is_Pow and n.exp.free_symbols)]
        alone = len(inside) == 1 and inside[0] in sympy.Mul.make_args(term)
        yield from ((node, term / node if alone else None) for node in inside)


def _one_sign(terms: tuple[sympy.Expr, ...], signs: Mapping[sympy.Symbol, sympy.Dummy]) -> bool:
    known = [term.xreplace(signs) for term in terms]
    return all(t.is_nonnegative for t in known) or all(t.is_nonpositive for t in known)


def _largest(values: Mapping[sympy.Expr, Any], of: tuple[sympy.Expr, ...]) -> Any:
    return reduce(np.maximum, (np.abs(values[expr]) for expr in of), 0.0)
