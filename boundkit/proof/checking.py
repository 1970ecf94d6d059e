"""The checker: a proof's steps one by one, each shown or not shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sympy
from sympy.core.relational import Relational

from boundkit.errors import StatementError
from boundkit.expressions import expression
from boundkit.proof.signs import Known, gap, ordered, strict
from boundkit.proof.steps import Chernoff, Fact, Logs, Mixed, Proof, Same, Shape, Signs, Spend, Squares, Step, Term
from boundkit.render import TextPrinter
from boundkit.statement import Statement
from boundkit.tails import Tail, log_of, row_sum_below_zero


@dataclass(frozen=True)
class Line:
    """One thing that was checked.

    Attributes
    ----------
    part : {"spends", "so", "claims", "adding up"}
        Where in the proof it stands.
    relation : sympy relation
        What it says.
    shown : bool
        Whether the machine showed it.
    why : str
        How, in words; or what is missing.
    says : str
        What it means.
    """

    part: str
    relation: Any
    shown: bool
    why: str
    says: str = ""


@dataclass(frozen=True)
class Certificate:
    """A proof for all sizes, checked.

    Attributes
    ----------
    statement : Statement
        What it proves.
    lines : tuple of Line
        Every step, in order.
    assumed : tuple of str
        What it takes as known.
    """

    statement: Statement
    lines: tuple[Line, ...]
    assumed: tuple[str, ...]

    @property
    def holds(self) -> bool | None:
        """True where every step was shown; None where one was not, which refutes nothing."""
        return True if all(line.shown for line in self.lines) else None

    @property
    def missing(self) -> tuple[Line, ...]:
        """What was not shown."""
        return tuple(line for line in self.lines if not line.shown)

    def latex(self) -> str:
        """Return it as LaTeX, a description of the proof with its steps in an enumerate."""
        from boundkit.proof.words import certificate_latex

        return certificate_latex(self)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.proof.words import certificate_dict

        return certificate_dict(self)

    def __str__(self) -> str:
        from boundkit.proof.words import certificate_text

        return certificate_text(self)

    def __repr__(self) -> str:
        found = "every step shown" if self.holds else f"{len(self.missing)} of {len(self.lines)} steps not shown"
        return f"<certificate of {self.statement.name}: {found}>"


_BOTH = ("<=", "<", ">=", ">")
_PROVES = {
    Signs: _BOTH, Squares: _BOTH, Logs: _BOTH, Same: ("==", "<=", ">="), Chernoff: ("<=", ">="), Mixed: ("<=", ">="),
    Shape: ("<=", ">="),
}


@lru_cache(maxsize=256)
def check(statement: Statement) -> Certificate:
    """Return the certificate of a statement that carries a proof."""
    if statement.proof is None:
        raise StatementError(f"{statement.title} carries no proof that a machine can check; give it a `proof`")
    return _Checker(statement, statement.proof).run()


class _Checker:
    def __init__(self, statement: Statement, proof: Proof) -> None:
        self.statement, self.proof = statement, proof
        self.known = Known((*statement.parameters, *statement.quantities, *proof.letters), proof.let)
        self.lines: list[Line] = []
        self.assumed: dict[str, None] = dict.fromkeys(statement.assumed)
        for relation in statement.relations:
            self.known.add(relation)

    def run(self) -> Certificate:
        self._declared()
        for spend in self.proof.spends:
            self._grant(spend)
        for step in self.proof.steps:
            self._take("so", step)
        for claim in self.statement.claims:
            found = self._claimed(claim)
            self._line("claims", claim, found, "shown above" if found else "no step shows it")
        self._add_up()
        return Certificate(self.statement, tuple(self.lines), tuple(self.assumed))

    def _line(self, part: str, relation: Any, shown: bool, why: str, says: str = "") -> None:
        self.lines.append(Line(part, relation, shown, why, says))

    def _declared(self) -> None:
        s, own = self.statement, {p.symbol for p in self.known.letters}
        if renamed := sorted(symbol.name for symbol in own & self.known.let.keys()):
            raise StatementError(
                f"the proof of {s.name} abbreviates by {', '.join(renamed)}, which is a letter; take another name"
            )
        names = own | self.known.let.keys()
        used: set[Any] = set()
        for relation in (*(s.relation for s in self.proof.steps), *(g for s in self.proof.spends for g in s.granted)):
            used |= relation.free_symbols
        if missing := sorted(s.name for s in used - names):
            raise StatementError(
                f"the proof of {s.name} uses {', '.join(missing)}, which it does not declare; "
                "add a Parameter to its letters, or an abbreviation to its let"
            )

    def _grant(self, spend: Spend) -> None:
        missing = self._uncovered(spend) if isinstance(spend.event, Statement) else []
        if not self.known.nonnegative(spend.count):
            missing.append(f"a count that is at least 0, not {spend.count}")
        missing += [f'the assumption "{need}"' for need in spend.needs if need not in self.statement.assumed]
        if spend.where is not None and not self.known.nonnegative(spend.failure):
            missing.append("a failure that is at least 0 where it is not spent")
        name = spend.event.title if isinstance(spend.event, Statement) else "its law"
        why = f"{name}, spent {_times(spend.count)}" if not missing else f"{name} needs {', '.join(missing)}"
        for granted in spend.granted:
            self._line("spends", granted, not missing, why)
            if not missing:
                self.known.add(granted)
        self.assumed |= dict.fromkeys(text for text in (spend.says, spend.otherwise, spend.whole) if text)

    def _uncovered(self, spend: Spend) -> list[str]:
        """What the spent statement needs and is not known at its values."""
        event: Any = spend.event
        within = Known(self.known.letters, self.known.let.items())
        for relation in (*self.known.relations, *([spend.where] if spend.where is not None else [])):
            within.add(relation)
        needed = [spend.at(relation) for relation in event.relations]
        for p in event.parameters:
            value = spend.at(p.symbol)
            if p.integer and not self._whole(value):
                if spend.whole:  # an integer above 0 is at least 1
                    needed += [sympy.Gt(value, spend.at(p.low) - 1), sympy.Le(value, spend.at(p.high))]
                    continue
                needed.append(sympy.Eq(sympy.floor(value), value, evaluate=False))
            needed += [value > spend.at(p.low) if p.strict else value >= spend.at(p.low), value <= spend.at(p.high)]
        missing = [str(relation) for relation in needed if not within.has(relation)]
        if spend.where is not None and not spend.otherwise:
            missing.append(f"a reason why it is not needed outside {spend.where}")
        if (certificate := event.certificate()).holds is not True:
            missing.append(f"a certificate of its own ({len(certificate.missing)} steps of it were not shown)")
        return missing

    def _whole(self, value: Any) -> bool:
        """Sums and products of integers."""
        integers = {p.symbol for p in self.known.letters if p.integer}
        return bool(expression(value, "a value").xreplace({s: sympy.Dummy(integer=True) for s in integers}).is_integer)

    def _take(self, part: str, step: Step) -> None:
        shown, why = self._shown(step)
        self._line(part, step.relation, shown, why, step.says)
        if shown:
            self.known.add(step.relation)

    def _claimed(self, claim: Relational) -> bool:
        """Whether a claim is one of the relations shown, or weaker than one by its strictness only."""
        for relation in self.known.relations:
            same_way = relation.rel_op == claim.rel_op or (relation.rel_op, claim.rel_op) in ((">", ">="), ("<", "<="))
            if same_way and relation.lhs == claim.lhs and self.known.same(relation.rhs, claim.rhs):
                return True
        return False

    def _add_up(self) -> None:
        total = self.proof.spent
        for step in self.proof.adding_up:
            small, large = ordered(step.relation)
            if not self.known.same(small, total):
                self._line("adding up", step.relation, False, f"the chain stands at {total}", step.says)
                return
            self._take("adding up", step)
            total = large
        reached = sympy.Le(total, self.statement.failure, evaluate=False)
        if not self.known.same(total, self.statement.failure):
            self._line("adding up", reached, False, "the chain ends before the failure probability allowed")
        elif not self.proof.adding_up:
            self._line("adding up", reached, True, "which is what is allowed")

    def _shown(self, step: Step) -> tuple[bool, str]:
        relation, rule = step.relation, step.by
        if isinstance(rule, Fact):
            open_needs = [str(need) for need in rule.needs if not self._met(need)]
            self.assumed |= {rule.why: None}
            return not open_needs, f"needs {', '.join(open_needs)}" if open_needs else "taken as known"
        if relation.rel_op not in _PROVES[type(rule)]:
            return False, f"this rule shows no {relation.rel_op}"
        if isinstance(rule, Signs):
            return self._signs(gap(relation), strict(relation), rule.terms), "signs"
        if isinstance(rule, Same):
            return self.known.same(relation.lhs, relation.rhs), "one expression"
        if isinstance(rule, Squares):
            return self._squares(relation, rule.terms), "squares"
        if isinstance(rule, Logs):
            return self._logs(relation, rule.terms), "logarithms"
        if isinstance(rule, Chernoff):
            return self._chernoff(relation, rule.theta), "Chernoff's bound"
        if isinstance(rule, Mixed):
            return self._mixed(relation), "a normal tail, averaged"
        return self._shape(relation, rule), f"its shape in {rule.letter}"

    def _met(self, need: Relational | str) -> bool:
        return need in self.statement.assumed if isinstance(need, str) else self._knows(need)

    def _knows(self, relation: Relational) -> bool:
        return relation in self.known.relations or self.known.has(relation)

    def _signs(self, difference: Any, strictly: bool, terms: tuple[Term, ...]) -> bool:
        if not terms:
            return self.known.nonnegative(difference, strictly)
        total, positive = sympy.S.Zero, False
        for term in terms:
            factors = []
            for factor in term:
                relational = isinstance(factor, Relational)
                if not (self._knows(factor) if relational else self.known.nonnegative(factor)):
                    return False
                factors.append(gap(factor) if relational else expression(factor, "a factor"))
            total += sympy.Mul(*factors)
            positive |= all(
                strict(factor) if isinstance(factor, Relational) else self.known.nonnegative(factor, True)
                for factor in term
            )
        return (positive or not strictly) and self.known.same(total, difference)

    def _squares(self, relation: Relational, terms: tuple[Term, ...]) -> bool:
        small, large = ordered(relation)
        if not (self.known.nonnegative(small) and self.known.nonnegative(large)):
            return False
        squares = self.known.written_out(large) ** 2 - self.known.written_out(small) ** 2
        return self._signs(squares, strict(relation), terms)

    def _logs(self, relation: Relational, terms: tuple[Term, ...]) -> bool:
        small, large = ordered(relation)
        if not (self.known.nonnegative(small, True) and self.known.nonnegative(large, True)):
            return False
        return self._signs(log_of(large) - log_of(small), strict(relation), terms)

    def _chernoff(self, relation: Relational, theta: Any) -> bool:
        tail, bound = ordered(relation)
        if not isinstance(tail, Tail) or tail.event is None or not self.known.nonnegative(theta):
            return False
        _, _, operator, threshold = tail.event
        sign = 1 if operator == ">=" else -1
        cumulant, finite = tail.cumulant(sign * theta)
        if not self.known.has(finite):
            return False
        return self.known.same(log_of(bound), sympy.log(tail.sides) + cumulant - sign * theta * threshold)

    def _mixed(self, relation: Relational) -> bool:
        tail, bound = ordered(relation)
        if not isinstance(tail, row_sum_below_zero):
            return False
        n, m = tail.args
        return self.known.has(m >= 1) and self.known.same(bound, (1 - 1 / m) ** (n / 2) / 2)

    def _shape(self, relation: Relational, rule: Shape) -> bool:
        """The gap at both ends, and the sign of its derivative on either side of the turn."""
        letter = next(p for p in self.known.letters if p.symbol == rule.letter)
        low = self.known.lows[letter.symbol][0]
        difference = self.known.written_out(gap(relation))
        formulas = {tail: tail.formula for tail in difference.atoms(Tail)}
        if None in formulas.values() or not letter.high.is_infinite:
            return False
        x = sympy.Dummy(positive=True)
        curve = difference.xreplace(formulas)
        slope = sympy.factor(sympy.simplify(curve.diff(letter.symbol)))
        start = curve.xreplace({letter.symbol: low})
        if not self.known.nonnegative(sympy.simplify(start)):
            return False
        if rule.turn is None:
            return self.known.nonnegative(slope)
        end = sympy.limit(curve.xreplace({letter.symbol: x}), x, sympy.oo)
        rising, falling = self._with(letter, high=rule.turn), self._with(letter, low=rule.turn)
        return bool(self.known.nonnegative(end) and rising.nonnegative(slope) and falling.nonnegative(-slope))

    def _with(self, letter: Any, **ends: Any) -> Known:
        return Known(replace(p, **ends) if p is letter else p for p in self.known.letters)


def _times(count: Any) -> str:
    return "once" if count == 1 else f"{TextPrinter({}).doprint(count)} times"
