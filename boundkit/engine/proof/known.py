"""What is known at some place in a proof, and three questions about it, each answered with certainty or not at all.

Is this at least 0 (or above 0), is it defined, and are these two one, at every point? A point is a value for each
parameter in its range at which all that is known holds. Each rule stands beside the reason why it is sound. Numbers are
compared in ball arithmetic, identities by `identities`; `signs` proposes how to write an expression as a sum of
products and is not trusted: what it proposes is checked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from flint import arb
import sympy
from sympy.codegen.cfunctions import log1p
from sympy.core.relational import Relational

from boundkit.coerce import exactly, expression
from boundkit.enclose import BITS, ball
from boundkit.engine.proof.cells import shown_by_cells
from boundkit.engine.proof.identities import Algebra
from boundkit.engine.proof.signs import proposals
from boundkit.engine.proof.witness import At, holding, refuted
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import Term
from boundkit.precision import at_bits
from boundkit.tails import Named, Tail
from boundkit.values import Formula

RELATIONS = {sympy.Le: "<=", sympy.Lt: "<", sympy.Ge: ">=", sympy.Gt: ">", sympy.Eq: "==", sympy.Ne: "!="}
FUNCTIONS = (sympy.exp, sympy.log, sympy.Abs, sympy.Min, sympy.Max, sympy.erfc, Tail)
DEEPEST = 12  # products of sums of products, as deep as this


def ordered(relation: Relational) -> tuple[sympy.Expr, sympy.Expr]:
    """The smaller side and the larger one, floats in them as the decimals that they print: SymPy would round."""
    left, right = map(exactly, relation.args)
    return (right, left) if relation.rel_op in (">", ">=") else (left, right)


def gap(relation: Relational) -> sympy.Expr:
    """The larger side less the smaller one: at least 0 where the relation holds, unless it is a !=."""
    small, large = ordered(relation)
    return large - small


def strict(relation: Relational) -> bool:
    """Whether the gap is above 0. A != says nothing of the gap's sign."""
    return relation.rel_op in ("<", ">")


class Known:
    """What is known at some place in a proof: the parameters' ranges, abbreviations, and relations believed before."""

    def __init__(
        self,
        parameters: Iterable[Parameter],
        let: Iterable[tuple[Formula, Formula]] = (),
        relations: Iterable[Relational] = (),
        fixed: Iterable[Formula] = (),
        points: Iterable[At] = (),
    ) -> None:
        self.parameters = tuple(parameters)
        self.points = tuple(points)  # at which all that is known of their parameters holds
        self.fixed = frozenset(fixed)  # parameters that are no random variables
        self.let: dict[Formula, Formula] = {}
        for symbol, meaning in let:  # each in parameters and earlier abbreviations only, so none goes round in a circle
            self.let[symbol] = exactly(meaning).xreplace(self.let)
        self.relations: list[Relational] = []
        self.equations: dict[Formula, Formula] = {}
        self.algebra = Algebra(lambda e: self._simply(e, True), lambda e: self._simply(e, False))
        for relation in relations:
            self.add(relation)

    def add(self, relation: Formula) -> None:
        """Believe a relation from here on; an equation for a parameter is also used to write it out.

        Of an And both parts are known; of an Or neither.
        """
        for part in relation.args if isinstance(relation, sympy.And) else ():
            self.add(part)
        if type(relation) in RELATIONS:
            self.relations.append(relation)
            if isinstance(relation, sympy.Eq) and relation.lhs.is_Symbol:
                self.equations.setdefault(relation.lhs, self.plain(relation.rhs))
            for cached in ("lows", "gaps", "apart", "_seen"):
                self.__dict__.pop(cached, None)

    def has(self, relation: Formula) -> bool:
        """Whether a relation is known: word for word, or both its sides defined and from signs."""
        if isinstance(relation, sympy.And | sympy.Or):
            return (all if isinstance(relation, sympy.And) else any)(map(self.has, relation.args))
        if type(relation) not in RELATIONS:
            return relation in (True, sympy.true)  # as 1 <= 2 becomes
        if relation in self.relations:
            return True
        if self.undefined(relation):
            return False
        if relation.rel_op == "==":
            return self.same(relation.lhs, relation.rhs)
        if relation.rel_op == "!=":
            return self.never_zero(gap(relation))
        return self.nonnegative(gap(relation), strict(relation))

    def plain(self, expr: Formula) -> Formula:
        """Written without abbreviations and named formulas, which are definitions."""
        expr = expression(expr, "a formula of a proof").xreplace(self.let)
        while named := expr.atoms(Named):
            expr = expr.xreplace({name: name.formula for name in named})
        return expr.replace(log1p, lambda x: sympy.log(1 + x))

    def plain_symbols(self, relation: Formula) -> set[Formula]:
        """The parameters in a relation, with abbreviations written out."""
        return set().union(*(self.plain(side).free_symbols for side in relation.args))

    def written_out(self, expr: Formula) -> Formula:
        """The same with parameters replaced by what known equations say: equals for equals, at any depth."""
        expr = self.plain(expr)
        for _ in self.equations:
            expr = expr.xreplace(self.equations)
        return expr

    def same(self, a: Formula, b: Formula) -> bool:
        """Whether two expressions are one wherever both are defined, by the rewritings of `identities`."""
        return any(self.algebra.is_zero(write(a) - write(b)) for write in (self.plain, self.written_out))

    def undefined(self, thing: Formula) -> str:
        """The first part of an expression, or of a relation's sides, that may not be defined at some point; or ''.

        What is left out of this list (floor, Piecewise, oo, I, floats, ...) counts as not defined: no rule knows it.
        """
        if type(thing) in RELATIONS:
            return self.undefined(thing.lhs) or self.undefined(thing.rhs)
        expr = self.plain(thing)
        if expr.is_Symbol:
            return "" if expr in self.ranges else f"{expr}, which is declared nowhere"
        if expr.is_Rational or expr in (sympy.pi, sympy.E):
            return ""
        if expr.is_Float:
            return f"{expr}, a float; write it as a Rational"
        of_two = isinstance(expr, sympy.log) and len(expr.args) != 1  # to a base that may be below 1
        if of_two or not (expr.is_Add or expr.is_Mul or expr.is_Pow or isinstance(expr, FUNCTIONS)):
            return f"{expr}, which no rule knows"
        if first := next((found for found in map(self.undefined, expr.args) if found), ""):
            return first
        if isinstance(expr, sympy.log):
            return "" if self.nonnegative(expr.args[0], True) else f"{expr}, where {expr.args[0]} may not be above 0"
        if isinstance(expr, Tail):  # a probability where the law's own parameters make sense
            needs = [f"{x} to be a whole number" for x in expr.whole if not self.whole(x)]
            needs += [str(need) for need in expr.domain if not self.has(need)]
            return f"{expr}, which needs {needs[0]}" if needs else ""
        if not expr.is_Pow or self._power_is_defined(expr.base, expr.exp):
            return ""  # the others are defined where their parts are
        return f"{expr}, where {expr.base} may be 0 or below"

    def _power_is_defined(self, base: Formula, exponent: Formula) -> bool:
        """b^n, n an integer and n >= 0 or b != 0; b^e, b > 0; b^e, b >= 0 and e >= 0 (0^0 being 1)."""
        at_least = self.nonnegative(exponent)
        if self.whole(exponent) and (at_least or self.never_zero(base)):
            return True
        return self.nonnegative(base, True) or (at_least and self.nonnegative(base))

    def whole(self, expr: Formula) -> bool:
        """Whether an expression is an integer: sums, products and powers (from 0 on) of integers are."""
        expr = self.plain(expr)
        if expr.is_Symbol:
            return expr in self.ranges and self.ranges[expr].integer
        if expr.is_Pow:
            return bool(expr.exp.is_Integer and expr.exp >= 0 and self.whole(expr.base))
        return bool(expr.is_Integer or ((expr.is_Add or expr.is_Mul) and all(map(self.whole, expr.args))))

    def never_zero(self, expr: Formula) -> bool:
        """Above 0, or below 0, or said by a known !=; a product of such."""
        expr = self.plain(expr)
        if self.nonnegative(expr, True) or self.nonnegative(-expr, True) or {expr, -expr} & self.apart:
            return True
        return bool(expr.is_Mul and all(map(self.never_zero, expr.args)))

    def nonnegative(self, expr: Formula, strictly: bool = False, depth: int = 0, search: bool = True) -> bool:
        """Whether an expression is defined and at least 0, or above 0, at every point."""
        expr = self.plain(expr)
        if depth > DEEPEST:
            return False
        key = expr, strictly, search
        if key not in self._seen:
            self._seen[key] = False  # while it is looked into, so that nothing is believed because of itself
            found = self._sign(expr, strictly, depth, search)
            if found or depth == 0:
                self._seen[key] = found
            else:
                del self._seen[key]
        return self._seen.get(key, False)

    def _simply(self, expr: Formula, strictly: bool) -> bool:
        return self.nonnegative(expr, strictly, DEEPEST - 4, search=False)

    def _sign(self, expr: Formula, strictly: bool, depth: int, search: bool) -> bool:
        """Whether its form and what is known show that an expression is at least 0, or above 0, at every point."""

        def part(x: Formula, strictly: bool = strictly) -> bool:
            return self.nonnegative(x, strictly, depth + 1, search)

        if expr.is_number:
            return self.number_sign(expr) in ((">",) if strictly else (">", "0"))
        if self.gaps.get(expr, False) or (not strictly and expr in self.gaps):
            return True  # what a known relation, or an end of a parameter's range, says
        if expr.is_Symbol:
            low, outside = self.lows.get(expr, (sympy.S.NegativeOne, False))
            sign = self.number_sign(low)
            if sign == ">" or (sign == "0" and (outside or not strictly)):
                return True
            return expr in self.equations and part(self.equations[expr])
        if isinstance(expr, sympy.exp | sympy.erfc):  # above 0
            return not self.undefined(expr.args[0])
        if isinstance(expr, Tail):  # a probability
            return not strictly and not self.undefined(expr)
        if isinstance(expr, sympy.Abs):
            inside = expr.args[0]
            return self.never_zero(inside) if strictly else not self.undefined(inside)
        if isinstance(expr, sympy.log):  # log x >= 0 for x >= 1
            return len(expr.args) == 1 and part(expr.args[0] - 1)
        if expr.is_Mul:  # of what is at least 0; a minus sign belongs to a factor that is a sum
            return all(map(part, in_factors(expr)))
        if expr.is_Pow:
            if expr.exp.is_Integer and expr.exp.is_even:  # x^2 >= 0, above it for x != 0; x^-2 for x != 0
                positive = self.never_zero(expr.base) and not self.undefined(expr.base)
                return positive or bool(not strictly and expr.exp >= 0 and not self.undefined(expr.base))
            if part(expr.base, True) and not self.undefined(expr.exp):  # b^e > 0 for b > 0
                return True
            return not strictly and part(expr.base) and part(expr.exp)  # b^e >= 0 for b >= 0 and e >= 0
        return bool(expr.is_Add) and self._sum_sign(expr, strictly, depth, search)

    def _sum_sign(self, expr: Formula, strictly: bool, depth: int, search: bool) -> bool:
        """A sum of what is at least 0, one of them above 0 if it has to be; or, once rewritten as such a sum."""
        if all(self.nonnegative(term, False, depth + 1, search=False) for term in expr.args) and (
            not strictly or any(self.nonnegative(term, True, depth + 1, search=False) for term in expr.args)
        ):
            return True
        if not search or refuted(expr, strictly, self.points):
            return False
        found = any(not self.short_of(expr, strictly, terms, depth + 1) for terms in proposals(self, expr))
        return (found and not self.undefined(expr)) or self._by_cells(expr, strictly)

    def short_of(self, expr: Formula, strictly: bool, terms: Iterable[Term], depth: int = 0) -> str:
        """What is missing for expr = sum of products of factors, each at least 0; '' where nothing is.

        A factor is an expression at least 0 at every point, or a known relation, which stands for its gap. A != has no
        gap of known sign, so it is no factor. To be above 0 one product needs all its factors above 0.
        """
        total, some_above = sympy.S.Zero, False
        for term in terms:
            values = []
            for factor in term:
                if isinstance(factor, Relational):
                    if factor.rel_op == "!=":
                        return f"another factor than {factor}: a != has no sign"
                    if not self.has(factor):
                        return f"the factor {factor}, which is not known"
                    values.append(gap(factor))
                elif self.nonnegative(factor, depth=depth):
                    values.append(self.plain(factor))
                else:
                    return f"the factor {factor} to be at least 0, which was not shown"
            total += sympy.Mul(*values)
            some_above |= strictly and all(
                strict(factor) if isinstance(factor, Relational) else self.nonnegative(factor, True, depth)
                for factor in term
            )
        if strictly and not some_above:
            return "one product whose factors are all above 0, for a strict relation"
        return "" if self.same(total, expr) else f"products that add up to {self.plain(expr)}, and these do not"

    def _by_cells(self, expr: Formula, strictly: bool) -> bool:
        """A ball around the value on each cell of a box, where one or two parameters all lie between two numbers."""
        own = [p for p in self.parameters if p.symbol in expr.free_symbols]
        ends = [(self.lows.get(p.symbol, (sympy.S.NegativeInfinity,))[0], p.high) for p in own]
        if (
            not 0 < len(own) == len(expr.free_symbols) <= 2
            or any(not (end.is_number and end.is_finite) for pair in ends for end in pair)
            or self.undefined(expr)
        ):
            return False
        return at_bits(BITS, shown_by_cells, expr, strictly, own, ends)

    def number_sign(self, expr: Formula) -> str:
        """ ">", "<" or "0" of a number; "?" where a ball does not tell. 0 is only seen by algebra."""
        if expr.is_Rational:
            return ">" if expr > 0 else "<" if expr < 0 else "0"
        if expr.has(sympy.Float, sympy.oo, -sympy.oo, sympy.zoo, sympy.nan, sympy.I):
            return "?"
        for bits in (128, 512):
            try:
                value = arb(ball(expr, {}, bits))
            except BoundkitError:
                return "?"
            if not value.is_finite():
                return "?"
            if value > 0 or value < 0:
                return ">" if value > 0 else "<"
        x = sympy.Dummy()
        zero = self.algebra.is_zero(expr) or (expr.is_algebraic and sympy.minimal_polynomial(expr, x) == x)
        return "0" if zero else "?"

    @cached_property
    def ranges(self) -> dict[Formula, Parameter]:
        """The parameters."""
        return {p.symbol: p for p in self.parameters}

    @cached_property
    def _seen(self) -> dict[Formula, bool]:
        return {}

    @cached_property
    def lows(self) -> dict[Formula, tuple[Formula, bool]]:
        """Each parameter's greatest known lower end that is a number, and whether it is outside."""
        found = {p.symbol: (p.low, p.strict) for p in self.parameters if p.low.is_number and p.low.is_finite}
        for relation in self.relations:
            small, large = ordered(relation)
            if large.is_Symbol and small.is_number and relation.rel_op in ("<", "<=", ">", ">="):
                low, outside = found.get(large, (small, False))
                sign = self.number_sign(small - low)
                if sign == ">" or (sign == "0" and not outside):
                    found[large] = (small, strict(relation))
        return found

    @cached_property
    def gaps(self) -> dict[Formula, bool]:
        """What is at least 0 by a known relation or the end of a range, and whether it is above 0."""
        found: dict[Formula, bool] = {}
        for p in self.parameters:
            for end, above in ((p.symbol - p.low, p.strict), (p.high - p.symbol, False)):
                if self._is_an_end(end):
                    found[self.plain(end)] = above
        for relation in self.relations:
            if relation.rel_op not in ("==", "!="):
                for expr in (self.plain(gap(relation)), self.written_out(gap(relation))):
                    found[expr] = found.get(expr, False) or strict(relation)
        return found

    def _is_an_end(self, end: Formula) -> bool:
        """Finite, and a polynomial in parameters and in 1/x for x above 0: an end that is not defined is none."""
        return not end.atoms(sympy.Function, sympy.oo, -sympy.oo, sympy.zoo, sympy.nan) and all(
            power.exp.is_Integer
            and power.base.is_Symbol
            and (power.exp > 0 or self.number_sign(self.lows.get(power.base, (sympy.S.Zero,))[0]) == ">")
            for power in end.atoms(sympy.Pow)
            if not power.is_number
        )

    @cached_property
    def apart(self) -> set[Formula]:
        """What is not 0 by a known !=."""
        return {self.plain(gap(relation)) for relation in self.relations if relation.rel_op == "!="}

    def within(self, parameter: Parameter, **ends: Formula) -> Known:
        """The ranges, one of them narrower, and what is known without this parameter."""
        apart = [r for r in self.relations if parameter.symbol not in self.plain_symbols(r)]
        return Known([p.within(**ends) if p is parameter else p for p in self.parameters], self.let.items(), apart)

    def where(self, relation: Formula) -> Known:
        """The same where one more relation holds."""
        relations = (*self.relations, relation)
        return Known(self.parameters, self.let.items(), relations, self.fixed, holding(self.points, relation))


def in_factors(expr: Formula) -> tuple[Formula, ...]:
    """The factors of a product, a minus sign moved into one that is a sum."""
    number, rest = expr.as_coeff_Mul()
    factors = list(sympy.Mul.make_args(rest))
    turned = next((i for i, factor in enumerate(factors) if factor.is_Add), None)
    if number.is_negative and turned is not None:
        factors[turned], number = -factors[turned], -number
    return (number, *factors)
