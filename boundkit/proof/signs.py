"""Signs of expressions over all values of their letters: shown, or not shown; never guessed.

An expression is at least 0 if it is a product, power, root or exponential of what is; if it is what some known
relation says; or if, with every letter written as its lower end plus something that is at least 0, it expands to a
sum of terms that all are. Numbers are compared in ball arithmetic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import Any

from flint import arb
import sympy
from sympy.codegen.cfunctions import log1p
from sympy.core.relational import Relational

from boundkit.enclose import ball
from boundkit.expressions import expression
from boundkit.parameter import Parameter
from boundkit.tails import Named, Tail

CELLS = 4096  # of a box whose letters all have two finite ends
DEEPEST = 12  # products of sums of products, as deep as this


def gap(relation: Relational) -> sympy.Expr:
    """The larger side less the smaller one."""
    small, large = ordered(relation)
    return large - small


def ordered(relation: Relational) -> tuple[sympy.Expr, sympy.Expr]:
    """The smaller side and the larger one."""
    return (relation.rhs, relation.lhs) if relation.rel_op in (">", ">=") else (relation.lhs, relation.rhs)


def strict(relation: Relational) -> bool:
    """Whether the sides have to differ."""
    return relation.rel_op in ("<", ">", "!=")


class Known:
    """What is known at some place in a proof: the letters' ranges, abbreviations, and relations shown before."""

    def __init__(self, letters: Iterable[Parameter], let: Iterable[tuple[sympy.Symbol, Any]] = ()) -> None:
        self.letters = tuple(letters)
        self.let = dict(let)
        self.relations: list[Relational] = []

    def add(self, relation: Relational) -> None:
        """Take a relation as known from here on; an equation for a letter becomes an abbreviation."""
        if isinstance(relation, sympy.And):
            for part in relation.args:
                self.add(part)
        if not isinstance(relation, Relational):  # an Or is no fact of any of its parts
            return
        if relation.rel_op == "==" and relation.lhs.is_Symbol:
            self.let[relation.lhs] = relation.rhs
        self.relations.append(relation)
        self.__dict__.pop("lows", None)

    def has(self, relation: Relational) -> bool:
        """Whether a relation is known, as it stands or from the ranges of its letters."""
        if relation in (True, False):
            return bool(relation)
        if isinstance(relation, sympy.And | sympy.Or):
            return (all if isinstance(relation, sympy.And) else any)(map(self.has, relation.args))
        small, large = ordered(relation)
        if small == -sympy.oo or large == sympy.oo:
            return True
        if relation.rel_op == "==":
            return self.same(relation.lhs, relation.rhs)
        if relation.rel_op == "!=":
            return relation in self.relations or self._never_zero(gap(relation))
        return relation in self.relations or self.nonnegative(gap(relation), strict(relation))

    @cached_property
    def lows(self) -> dict[sympy.Symbol, tuple[sympy.Expr, bool]]:
        """Each letter's lower end that is a number, and whether it is outside."""
        found = {p.symbol: (p.low, p.strict) for p in self.letters if p.low.is_number and p.low.is_finite}
        for relation in self.relations:
            small, large = ordered(relation)
            if large.is_Symbol and small.is_number and relation.rel_op in ("<", "<=", ">", ">="):
                low, _ = found.get(large, (small, False))
                if _number_sign(small - low) != "<":
                    found[large] = (small, strict(relation))
        return found

    def written_out(self, expr: Any) -> Any:
        """An expression without abbreviations and named formulas."""
        for _ in range(len(self.let) + 1):
            expr = expr.xreplace(self.let)
        while named := expr.atoms(Named):
            expr = expr.xreplace({name: name.formula for name in named})
        return expr.replace(log1p, lambda x: sympy.log(1 + x))

    def same(self, a: Any, b: Any) -> bool:
        """Whether two expressions are one, wherever both are defined."""
        difference = self.written_out(expression(a, "a side") - expression(b, "a side"))
        if difference == 0:
            return True
        plain = self._plain(difference)
        return any(way(plain) == 0 for way in (sympy.expand, _rooted, _joined, sympy.simplify))

    def nonnegative(self, expr: Any, strictly: bool = False, depth: int = 0) -> bool:
        """Whether an expression is certain to be at least 0, or above it, for all values."""
        expr = self.written_out(expression(expr, "a factor"))
        if depth > DEEPEST or expr.has(sympy.re, sympy.im):
            return False
        if expr.is_number:
            return _number_sign(expr) in ((">",) if strictly else (">", "0"))
        if self._known_gap(expr, strictly, depth) or self._by_kind(expr, strictly, depth):
            return True
        if not expr.is_Add:
            return False
        factored = sympy.factor_terms(sympy.factor(expr))
        if not factored.is_Add and self.nonnegative(factored, strictly, depth + 1):
            return True
        return self._by_terms(expr, strictly, depth) or self._by_cells(expr, strictly)

    def _known_gap(self, expr: Any, strictly: bool, depth: int) -> bool:
        for relation in self.relations:
            if relation.rel_op in ("==", "!="):
                continue
            if (strict(relation) or not strictly) and self.written_out(gap(relation)) == expr:
                return True
        return any(self._below_its_end(expr, p, strictly, depth) for p in self.letters if not p.high.is_infinite)

    def _below_its_end(self, expr: Any, p: Parameter, strictly: bool, depth: int) -> bool:
        """Whether an expression is a nonnegative multiple of a letter's upper end less the letter, and a number."""
        times = -expr.coeff(p.symbol)
        rest = sympy.expand(expr - times * (p.high - p.symbol))
        if times == 0 or not rest.is_number or _number_sign(rest) not in ((">",) if strictly else (">", "0")):
            return False
        return self.nonnegative(times, depth=depth + 1)

    def _by_kind(self, expr: Any, strictly: bool, depth: int) -> bool:
        """By what kind of expression it is."""

        def part(x: Any, strictly: bool = strictly) -> bool:
            return self.nonnegative(x, strictly, depth + 1)

        if expr.is_Symbol:
            if expr not in self.lows:
                return False
            low, outside = self.lows[expr]
            sign = _number_sign(low)
            return sign == ">" or (sign == "0" and (outside or not strictly))
        if isinstance(expr, sympy.exp):
            return True
        if isinstance(expr, Tail):
            return not strictly
        if isinstance(expr, sympy.Abs):
            return not strictly or part(expr.args[0]) or self._never_zero(expr.args[0])
        if isinstance(expr, sympy.log):
            return part(expr.args[0] - 1)
        if expr.is_Mul:
            return all(part(factor) for factor in _without_sign(expr))
        if expr.is_Pow:
            if expr.exp.is_even and (not strictly or self._never_zero(expr.base)):
                return bool(expr.exp.is_positive) or self._never_zero(expr.base)
            return part(expr.base, True) or (not strictly and part(expr.base) and part(expr.exp))
        return False

    def _never_zero(self, expr: Any) -> bool:
        known = any(r.rel_op == "!=" and gap(r) in (expr, -expr) for r in self.relations)
        return known or self.nonnegative(expr, True) or self.nonnegative(-expr, True)

    def _by_terms(self, expr: Any, strictly: bool, depth: int) -> bool:
        """With every letter at its lower end plus a rest, every term is at least 0."""
        return any(self._terms(*self._shifted(expr, chained), strictly, depth) for chained in (True, False))

    def _terms(self, rests: Known, shifted: Any, strictly: bool, depth: int) -> bool:
        terms: dict[Any, Any] = defaultdict(lambda: sympy.S.Zero)
        for term in sympy.Add.make_args(sympy.expand(shifted)):
            number, rest = term.as_independent(*term.free_symbols, as_Add=False)
            terms[rest] += number
        some_positive = False
        for rest, number in terms.items():
            sign = _number_sign(number)
            if sign not in (">", "0") or (rest != 1 and not rests.nonnegative(rest, depth=depth + 1)):
                return False
            some_positive |= sign == ">" and (rest == 1 or rests.nonnegative(rest, True, depth + 1))
        return some_positive or not strictly

    def _shifted(self, expr: Any, chained: bool) -> tuple[Known, Any]:
        """The expression in rests: letter = lower end + rest; chained, a letter that bounds another is that + rest."""
        taken: dict[Any, Any] = {}
        rests = []
        for p in self.letters:
            rest = sympy.Symbol(f"{p.name}'")
            low, outside = self.lows.get(p.symbol, (None, False))
            below = next((q for q in self.letters if _is_near(q.high, p.symbol) and q.symbol in self.lows), None)
            if chained and below is not None:
                taken[p.symbol], outside = below.symbol + (p.symbol - below.high) + rest, False
            elif low is not None:
                taken[p.symbol] = low + rest
            else:
                continue
            rests.append(Parameter(rest, False, sympy.S.Zero, sympy.oo, f"the rest of {p.name}", strict=outside))
        for _ in range(3):  # d = ell + d', ell = 1 + ell'
            expr = expr.xreplace({symbol: at for symbol, at in taken.items() if symbol in expr.free_symbols})
        return Known([*rests, *(p for p in self.letters if p.symbol not in taken)]), expr

    def _by_cells(self, expr: Any, strictly: bool) -> bool:
        """In ball arithmetic, cell by cell, where every letter lies between two numbers."""
        bounds = [_numbers(p, self.lows) for p in self.letters if p.symbol in expr.free_symbols]
        if not bounds or len(bounds) != len(expr.free_symbols) or len(bounds) > 2 or any(b is None for b in bounds):
            return False
        symbols = [p.symbol for p in self.letters if p.symbol in expr.free_symbols]
        work = list(_split(bounds, 8))
        for _ in range(CELLS):
            if not work:
                return True
            cell = work.pop()
            values = {s: arb(low).union(arb(high)) for s, (low, high) in zip(symbols, cell, strict=True)}
            value = arb(ball(expr, values))
            if value > 0 or (not strictly and value >= 0):
                continue
            if value < 0:
                return False
            work += _split(cell, 2)
        return not work

    def _plain(self, expr: Any) -> Any:
        """With letters that SymPy knows the signs of, each log under a root one more letter, other logs apart."""
        signs = {s: sympy.Dummy(s.name, positive=True) for s, (low, _) in self.lows.items()
                 if _number_sign(low) in (">", "0")}
        others = {s: sympy.Dummy(s.name, real=True) for s in expr.free_symbols - signs.keys()}
        under_roots = {at for p in expr.atoms(sympy.Pow) if not p.exp.is_integer for at in p.base.atoms(sympy.log)}
        logs = {at: sympy.Dummy("log", positive=True) for at in under_roots if self.nonnegative(at)}
        signed = sympy.powdenest(expr.xreplace(logs).xreplace(signs | others))
        return _one_log_for_each_value(signed)


def _is_near(end: Any, letter: Any) -> bool:
    """Whether an end is a letter, or a number away from it."""
    return bool((end - letter).is_number)


def _without_sign(product: Any) -> tuple[Any, ...]:
    """The factors, a minus sign moved into one that is a sum."""
    number, rest = product.as_coeff_Mul()
    factors = list(sympy.Mul.make_args(rest))
    turned = next((i for i, factor in enumerate(factors) if factor.is_Add), None)
    if number.is_negative and turned is not None:
        factors[turned], number = -factors[turned], -number
    return (number, *factors)


def _one_log_for_each_value(expr: Any) -> Any:
    """Logs of products and quotients taken apart, and one spelling for arguments that are equal."""
    spelled: dict[Any, Any] = {}
    for at in sorted(expr.atoms(sympy.log), key=sympy.default_sort_key):
        alike = next((other for other in spelled if _rooted(at.args[0] - other.args[0]) == 0), None)
        spelled[at] = spelled[alike] if alike else sympy.expand_log(sympy.log(sympy.factor(at.args[0])))
    return expr.xreplace(spelled)


def _rooted(expr: Any) -> Any:
    """The numerator, with the square of every root of a sum as that sum."""
    halves = {p for p in expr.atoms(sympy.Pow) if p.base.is_Add and (2 * p.exp).is_integer and not p.exp.is_integer}
    roots = {base: sympy.Dummy("root", positive=True) for base in {p.base for p in halves}}
    rational = expr.xreplace({p: roots[p.base] ** (2 * p.exp) for p in halves})
    numerator = sympy.numer(sympy.together(rational))
    try:
        for base, root in roots.items():
            numerator = sympy.rem(numerator, root**2 - base.xreplace({p: roots[p.base] for p in halves}), root)
    except sympy.PolynomialError:  # a root inside a logarithm or an exponential
        return expr
    return sympy.expand(numerator)


def _joined(expr: Any) -> Any:
    return sympy.expand(sympy.powsimp(sympy.together(sympy.expand(expr))))


def _number_sign(expr: Any) -> str:
    """">", "<", "0", or "?" where a ball does not tell."""
    if expr.is_Rational:
        return ">" if expr > 0 else "<" if expr < 0 else "0"
    for bits in (128, 512):
        value = arb(ball(expr, {}, bits))
        if value > 0:
            return ">"
        if value < 0:
            return "<"
    return "0" if sympy.simplify(expr) == 0 else "?"


def _numbers(p: Parameter, lows: Any) -> tuple[Any, Any] | None:
    if p.symbol in lows and p.high.is_number and p.high.is_finite:
        return ball(lows[p.symbol][0], {}), ball(p.high, {})
    return None


def _split(cell: Any, parts: int) -> Iterator[tuple[tuple[Any, Any], ...]]:
    edges = [[low + (high - low) * i / parts for i in range(parts)] + [high] for low, high in cell]
    return product(*([(e[i], e[i + 1]) for i in range(parts)] for e in edges))
