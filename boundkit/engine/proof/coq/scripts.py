"""How Coq is told to prove what a rule shows: a script for each, made of signs, identities and known relations.

Nothing here is trusted: a script that does not fit is refused by Coq.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import sympy
from sympy.core.relational import Relational

from boundkit.engine.proof.coq.normal import Equation, Normal, is_algebra
from boundkit.engine.proof.coq.writing import Condition, LawAtTheta, Writer, called
from boundkit.engine.proof.known import Known, gap, in_factors, ordered, strict
from boundkit.engine.proof.signs import factorings, proposals
from boundkit.errors import StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import (
    Chernoff,
    GaussianMixtureTail,
    Identity,
    Logs,
    NonnegativeSum,
    Rule,
    Squares,
    Term,
    Unimodal,
)
from boundkit.tails import Tail, log_of
from boundkit.values import Formula

POINT = "point"
Sum = tuple[str, Formula, list[str]]  # the sum of products that shows a sign, as text and value, and what it needs


class Script:
    """Scripts at one place of a proof: with what is known there, in the words of its file."""

    def __init__(self, known: Known, writer: Writer, rewritten: Iterable[str] = ()) -> None:
        self.known, self.writer = known, writer
        self.rewritten = "".join(f"rewrite ?{name}; " for name in rewritten)

    def condition(self, condition: Condition) -> str:
        """That an expression has a sign, is not 0, or is an integer."""
        if condition.kind == "whole":
            return "sign"
        if condition.kind == "apart":
            return self._asserted(self._apart(condition.expr), "sign")
        return self._sign(condition.expr, condition.kind == "above")

    def step(self, relation: Relational, rule: Rule) -> str:
        """A step, by its rule."""
        if type(rule) not in _RULES:
            raise StatementError(f"the rule {type(rule).__name__} has no script for Coq")
        return _RULES[type(rule)](self, relation, rule)

    def same(self, *exprs: Formula) -> str:
        """That expressions are one: by algebra, their functions taken apart where that is needed."""
        if len(exprs) == 2 and is_algebra(*map(self.known.plain, exprs)):
            return "close"
        normal = Normal(self.known, self.writer, exprs, self._rewriter() if self.rewritten else None)
        start = f"rewrite ?ln_exp; {self.rewritten}"
        equated = self.equated(normal.equations())
        return f"{start}first [close | {equated}same]" if len(exprs) > 2 and equated else f"{start}{equated}same"

    def _rewriter(self) -> Writer:
        """Formulas as they stand once known equations are put in."""
        names = dict(self.writer.names)
        for _ in self.known.equations:
            for symbol, meaning in self.known.equations.items():
                names[symbol] = Writer(names).term(meaning)
        return Writer(names)

    def equated(self, equations: Iterable[Equation]) -> str:
        return "".join(
            f"assert (E{i} : {a} = {b}) by ({proof}); rewrite ?E{i} in *; " for i, (a, b, proof) in enumerate(equations)
        )

    def _sign(self, expr: Formula, strictly: bool, terms: tuple[Term, ...] = ()) -> str:
        total, value, hints = self._total(expr, strictly, terms)
        by = "positive_by" if strictly else "nonnegative_by"
        return self._asserted(hints, f"apply ({by} {total}); [{self.same(expr, value)} | sign]")

    def signs(self, relation: Relational, rule: NonnegativeSum) -> str:
        """The larger side less the smaller one is a sum of products."""
        total, value, hints = self._total(gap(relation), strict(relation), rule.terms)
        same = self.same(gap(relation), value)
        return self._asserted(hints, f"apply ({_of(relation)}_by_sum {total}); [{same} | sign]")

    def squares(self, relation: Relational, rule: Squares) -> str:
        """Both sides are at least 0, and their squares compare."""
        small, large = ordered(relation)
        difference = self.known.written_out(large) ** 2 - self.known.written_out(small) ** 2
        return self._compared(relation, rule.terms, difference, "squares", False)

    def logs(self, relation: Relational, rule: Logs) -> str:
        """Both sides are above 0, and their logs compare."""
        small, large = (self.known.plain(side) for side in ordered(relation))
        try:
            difference = log_of(large) - log_of(small)
        except StatementError:
            difference = sympy.log(large) - sympy.log(small)
        return self._compared(relation, rule.terms, difference, "logs", True)

    def _compared(
        self, relation: Relational, terms: tuple[Term, ...], difference: Formula, what: str, above: bool
    ) -> str:
        """By squares or logs: the signs of both sides, and that of the difference."""
        sides = [hint for side in ordered(relation) for hint in self._hints(self.known.plain(side), above)]
        total, value, hints = self._total(difference, strict(relation), terms)
        by = "positive_by" if strict(relation) else "nonnegative_by"
        seen = [sympy.log(side) if above else side for side in ordered(relation)]
        last = f"apply ({by} {total}); [{self.same(*seen, value)} | sign]"
        return self._asserted(sides + hints, f"apply {_of(relation)}_by_{what}; [sign | sign | {last}]")

    def identity(self, relation: Relational, _rule: Identity) -> str:
        """Both sides are one."""
        return self.same(*relation.args)

    def markov(self, relation: Relational, rule: Chernoff) -> str:
        """Markov's inequality for this law at this theta; the bound is what it says, since its log is."""
        tail, bound = ordered(relation)
        if not isinstance(tail, Tail) or tail.event is None:
            raise StatementError(f"{tail} is no law with an event")
        law = LawAtTheta(type(tail))
        said = _Said(self, law, (*tail.args, rule.theta))
        premises = [said.premise(need) for need in law.needs]
        raw, exponent, equal = said.equal(law.exponent)
        seen = self.same(sympy.log(bound), exponent + sympy.log(tail.sides))
        return self._asserted(
            [
                *self._hints(self.known.plain(bound), True),
                *said.hints(),
                *premises,
                f"assert (L : {raw} = {self._text(exponent)}) by ({equal})",
            ],
            f"eapply Rle_trans; [apply (markov_{called(type(tail))} {' '.join(said.args)}); assumption | right; "
            f"rewrite L; apply eq_by_logs; [sign | sign | {seen}]]",
        )

    def _text(self, expr: Formula) -> str:
        return self.writer.term(self.known.plain(expr))

    def mixture(self, relation: Relational, _rule: GaussianMixtureTail) -> str:
        """What is known of the law of one row sum."""
        same = f"first [solve [f_equal; f_equal; close] | {self.same(ordered(relation)[1])}]"
        return f"eapply Rle_trans; [apply averaged_normal_tail; sign | right; {same}]"

    def shape(self, relation: Relational, rule: Unimodal) -> str:
        """The difference rises from where it is at least 0, by its slope; from a turn on it falls to such a place."""
        x = rule.parameter
        p, low = self.known.ranges[x], self.known.lows[x][0]
        here = self.writer.term(x)
        start = "apply le_by_difference; "
        if rule.turn is None:
            return start + self._moves("rises", relation, p, f"{self.writer.term(low)} {here}")
        if p.high.is_infinite:
            raise StatementError(f"{relation} falls to a limit, for which there is no script")
        turn, high = self.writer.term(rule.turn), self.writer.term(p.high)
        rising = self._moves("rises", relation, p.within(high=rule.turn), f"{self.writer.term(low)} {here}")
        falling = self._moves("falls", relation, p.within(low=rule.turn), f"{here} {high}")
        return f"{start}destruct (Rle_lt_dec {here} {turn}); [{rising} | {falling}]"

    def _moves(self, how: str, relation: Relational, p: Parameter, ends: str) -> str:
        """That the difference rises, or falls, between two ends."""
        x = p.symbol
        known = Known(
            [p.within(strict=False) if q.symbol == x else q for q in self.known.parameters], self.known.let.items(),
            [r for r in self.known.relations if x not in self.known.plain_symbols(r)],
        )  # fmt: skip
        writer = Writer({**self.writer.names, x: POINT})
        small, large = map(known.plain, ordered(relation))
        slope = (large - small).diff(x)
        slope = next((f for f in factorings(slope) if known.same(slope, f)), slope)
        inside = Script(known, writer)
        sign = inside.condition(Condition("at least", slope if how == "rises" else -slope))
        curve = f"(fun {POINT} => {writer.term(large)} - {writer.term(small)})"
        derived = f"intros {POINT} between; auto_derive; [repeat split; sign | close]"
        return (
            f"apply ({how} {curve} (fun {POINT} => {writer.term(slope)}) {ends});\n"
            f"  [lra | {derived} | intros {POINT} between; {sign} | at_end]"
        )

    def _asserted(self, hints: Iterable[str], last: str) -> str:
        return ";\n  ".join([*dict.fromkeys(hints), last])

    def _total(self, expr: Formula, strictly: bool, terms: tuple[Term, ...] = ()) -> Sum:
        """The sum of products that shows a sign: the terms given, those that were found, or the expression itself."""
        expr = self.known.plain(expr)
        found = terms or self._found(expr, strictly)
        if not found and expr.is_Symbol and expr not in self.known.gaps and expr in self.known.equations:
            value = self.known.written_out(expr)
            return self.writer.term(value), value, [*self._hints(value, strictly, outer=True)]
        if not found:
            return self._turned(expr) or self.writer.term(expr), expr, [*self._hints(expr, strictly, outer=True)]
        products: list[str] = []
        hints: list[str] = []
        values: list[Formula] = []
        for term in found:
            factors, parts = [], []
            for factor in term:
                value = self.known.plain(gap(factor) if isinstance(factor, Relational) else factor)
                if not isinstance(factor, Relational):
                    above = strictly and self.known.nonnegative(value, True)
                    hints += self._hints(value, above)
                factors.append(self.writer.term(value))
                parts.append(value)
            values.append(sympy.Mul(*parts))
            products.append(" * ".join(factors) if len(factors) > 1 else factors[0])
        return f"({' + '.join(products)})", sympy.Add(*values), hints

    def _found(self, expr: Formula, strictly: bool) -> tuple[Term, ...]:
        """The products that show the sign of a sum, where its form does not."""
        if not expr.is_Add or self._by_form(expr, strictly):
            return ()
        for relation in self.known.relations:
            signed = strict(relation) or (not strictly and relation.rel_op in ("<=", ">="))
            if (
                signed
                and self.known.plain_symbols(relation) == expr.free_symbols
                and self.known.same(gap(relation), expr)
            ):
                return ((relation,),)
        for terms in proposals(self.known, expr):
            if terms != ((expr,),) and not self.known.short_of(expr, strictly, terms, 1):
                return terms
        return ()

    def _by_form(self, expr: Formula, strictly: bool) -> bool:
        """Whether a sum is known, or all its terms have the sign."""
        if expr.is_number or self.known.gaps.get(expr, False) or (not strictly and expr in self.known.gaps):
            return True
        return all(self.known.nonnegative(term, False, 1, search=False) for term in expr.args)

    def _turned(self, expr: Formula) -> str:
        """A product with a minus sign, which belongs to a factor that is a sum; '' for any other expression."""
        if not expr.is_Mul or not expr.as_coeff_Mul()[0].is_negative:
            return ""
        return f"({' * '.join(self.writer.term(factor) for factor in in_factors(expr))})"

    def _by(self, expr: Formula, total: str, value: Formula, hints: list[str], strictly: bool) -> str:
        """The assertion of a sign, by a total, unless it is plain to see."""
        by, comparison = ("positive_by", "<") if strictly else ("nonnegative_by", "<=")
        proof = self._asserted(hints, f"apply ({by} {total}); [{self.same(expr, value)} | sign]")
        return f"assert (0 {comparison} {self.writer.term(expr)}) by (first [by_parts | {proof}])"

    def _hints(self, expr: Formula, strictly: bool, outer: bool = False) -> Iterator[str]:
        """The signs of inner sums, asserted before the outer form is looked at, innermost first."""
        known = self.known
        if expr.is_number or expr.is_Symbol or expr in known.gaps:
            return
        if expr.is_Mul:
            for factor in in_factors(expr):
                yield from self._hints(factor, strictly)
            if (turned := self._turned(expr)) and not outer:
                yield self._by(expr, turned, expr, [], strictly)
        elif expr.is_Pow and not (expr.exp.is_Integer and expr.exp.is_even and expr.exp > 0):
            yield from self._hints(expr.base, strictly or bool(expr.exp.is_negative))
        elif isinstance(expr, sympy.log):
            yield from self._hints(expr.args[0] - 1, strictly)
        elif expr.is_Add:
            if self._by_form(expr, strictly):
                for term in expr.args:
                    yield from self._hints(term, strictly and known.nonnegative(term, True, 1, search=False))
            terms = self._found(expr, strictly)
            if terms:
                yield self._by(expr, *self._total(expr, strictly, terms), strictly)

    def signs_inside(self, expr: Formula) -> Iterator[str]:
        """That an expression is above 0, asserted."""
        yield f"assert (0 < {self.writer.term(expr)}) by ({self._sign(expr, True)})"

    def _apart(self, expr: Formula) -> Iterator[str]:
        """The signs of the factors of what is not 0."""
        expr = self.known.plain(expr)
        for factor in sympy.Mul.make_args(expr):
            if self.known.nonnegative(factor, True):
                yield from self._hints(factor, True)
            elif self.known.nonnegative(-factor, True):
                yield from self._hints(-factor, True)


class _Said:
    """What is known of a law in general, with arguments put in: as Coq then has it, and as it is written here."""

    def __init__(self, script: Script, law: LawAtTheta, values: tuple[Formula, ...]) -> None:
        self.script = script
        plain = [script.known.plain(value) for value in values]
        self.args = [script.writer.term(value) for value in plain]
        self.values: dict[Formula, Formula] = dict(zip(law.symbols, plain, strict=True))
        self.names: dict[Formula, str] = dict(zip(law.symbols, self.args, strict=True))
        self.seen = dict(self.names)  # and functions, as they stand once they are taken apart
        parts = [p for e in (law.exponent, *(need.expr for need in law.needs)) for p in sympy.postorder_traversal(e)]
        self.functions = [p for p in dict.fromkeys(parts) if isinstance(p, sympy.exp | sympy.log)]
        self.equations = [e for e in map(self._equation, self.functions) if e[0] != e[1]]

    def _equation(self, part: Formula) -> Equation:
        """A function at these arguments, what it is, and the proof; it is written as what it is from here on."""
        raw, simple = Writer(self.seen).term(part), self.script.writer.term(self.value(part))
        proof = "apply eq_by_logs; [sign | sign | logs; close]"
        if isinstance(part, sympy.log):
            inside = self.script.writer.term(self.value(part.args[0]))
            proof = f"replace {Writer(self.seen).term(part.args[0])} with {inside} by close; logs; close"
        self.seen[part] = simple
        return raw, simple, proof

    def value(self, expr: Formula) -> Formula:
        """An expression in the law's own symbols, at these arguments."""
        return self.script.known.plain(expr.xreplace(self.values))

    def raw(self, expr: Formula) -> str:
        """The same as Coq has it."""
        return Writer(self.names).term(expr)

    def equal(self, expr: Formula) -> tuple[str, Formula, str]:
        """What Coq has, what it is, and why."""
        value = self.value(expr)
        if not expr.atoms(sympy.exp, sympy.log):
            return self.raw(expr), value, "close"
        equations = [*self.equations, *Normal(self.script.known, self.script.writer, [value], every=True).equations()]
        return self.raw(expr), value, f"first [close | {self.script.equated(equations)}close]"

    def hints(self) -> Iterator[str]:
        """The signs of the arguments of logs."""
        for part in self.functions:
            if isinstance(part, sympy.log):
                yield from self.script.signs_inside(self.value(part.args[0]))

    def premise(self, need: Condition) -> str:
        """A condition of what is known of the law, asserted as Coq has it."""
        written = Writer(self.names).condition(need)
        if need.kind == "whole":
            return f"assert ({written}) by sign"
        _, value, equal = self.equal(need.expr)
        shown = self.script.condition(Condition(need.kind, value))
        by = {"above": "positive_by", "at least": "nonnegative_by", "apart": "apart_by"}[need.kind]
        there = f"assert ({self.script.writer.condition(Condition(need.kind, value))}) by ({shown})"
        return f"assert ({written}) by ({there}; apply ({by} {self.script.writer.term(value)}); [{equal} | assumption])"


def _of(relation: Relational) -> str:
    return "lt" if strict(relation) else "le"


_RULES: dict[type, Callable[..., str]] = {
    NonnegativeSum: Script.signs,
    Squares: Script.squares,
    Logs: Script.logs,
    Identity: Script.identity,
    Chernoff: Script.markov,
    GaussianMixtureTail: Script.mixture,
    Unimodal: Script.shape,
}
