"""What a file for Coq assumes: parameters, hypotheses, laws, facts, and what is spent, each under its conditions."""

from __future__ import annotations

from collections.abc import Iterable

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import expression
from boundkit.engine.proof.coq.file import File, plainly, words_of
from boundkit.engine.proof.coq.writing import (
    AND,
    OUTCOME,
    PRELUDE,
    Condition,
    LawAtTheta,
    Writer,
    called,
    conditions,
    is_plain,
    law_of,
    sign_of,
)
from boundkit.engine.proof.known import Known, ordered
from boundkit.engine.proof.together import ends
from boundkit.errors import StatementError
from boundkit.model.proof import Chernoff, Fact, GaussianMixtureTail, Spend, Step
from boundkit.model.statement import StatementRecord
from boundkit.tails import Tail, row_sum_below_zero
from boundkit.values import Formula


class Stated(File):
    """A file down to the last of its hypotheses."""

    def open(self) -> None:
        """The prelude, and all that is assumed."""
        self.comment(f"{self.statement.title}. What is checked here is the algebra: facts are assumed, and named.")
        self.lines += [PRELUDE, f"Section {self.name}.", ""]
        self._declare()
        self._ranges()
        self._laws()
        for text in self.statement.assumed:
            self.comment(f"Assumed: {text}.")
        for i, step in enumerate(self._steps()):
            if isinstance(step.by, Fact):
                words = "; ".join([step.by.why, *(need for need in step.by.needs if isinstance(need, str))])
                needs = [need for need in step.by.needs if not isinstance(need, str)]
                self.hypothesis(f"fact_{i + 1}", step.relation, words, needs)
        for i, spend in enumerate(self.proof.spends):
            self._spent(f"spend_{i + 1}", spend)

    def _steps(self) -> tuple[Step, ...]:
        return (*self.proof.steps, *self.proof.budget)

    def _declare(self) -> None:
        """Parameters are numbers, quantities functions of the outcome, and there is any probability."""
        for p in self.parameters:
            self.say(f"Variable {self.fixed.names[p.symbol]} : R.", p.meaning)
        self.say("Variable Omega : Type.")
        self.say("Variable Prob : (Omega -> Prop) -> R.")
        self.say("Hypothesis Prob_is : probability Omega Prob.")
        for q in self.quantities:
            self.say(f"Variable {self.plain.names[q.symbol]} : Omega -> R.", q.meaning)

    def _ranges(self) -> None:
        """Ranges, and the statement's hypotheses; what is known of a quantity is known at an outcome."""
        for p in (*self.parameters, *self.quantities):
            name, random = self.plain.names[p.symbol], p.symbol in self.random
            found = [(f"{name}_range_{i + 1}", end) for i, end in enumerate(ends(p))]
            found += [(f"{name}_whole", Condition("whole", p.symbol))] * p.integer
            for told, thing in found:
                self.hypothesis(told, thing)
                if random and not self.premises[told][1]:
                    self.named.append((thing, f"({told} {OUTCOME})"))
        relations = [h for h in self.statement.hypotheses if h.relation is not None]
        for i, hypothesis in enumerate(relations):
            self.hypothesis(f"assumption_{i + 1}", hypothesis.relation, hypothesis.text)

    def _laws(self) -> None:
        """Laws are functions of which only what is used is known."""
        relations = [*self.statement.claims, *(step.relation for step in self._steps())]
        sides = [self.statement.failure, self.proof.spent, *(side for r in relations for side in r.args)]
        laws: dict[str, type[Tail]] = {}
        for tail in (tail for side in sides for tail in self.sure.plain(side).atoms(Tail)):
            name = called(type(tail))
            if laws.setdefault(name, type(tail)) is not type(tail) or name in (*self.plain.names.values(), self.name):
                raise StatementError(
                    f"the law {type(tail).__name__} has the name of another, or of a parameter; rename it"
                )
        if any(self.sure.plain(side).has(sympy.erfc) for side in sides):
            self.say("Variable erfc : R -> R.", "the complementary error function")
        chernoff = [step.relation for step in self._steps() if isinstance(step.by, Chernoff)]
        used = {type(side) for relation in chernoff for side in ordered(relation)}
        for name, law in sorted(laws.items()):
            tail = law_of(law)
            self.say(f"Variable {name} : {' -> '.join(['R'] * (len(tail.args) + 1))}.", words_of(law.__doc__ or name))
            sign = sympy.Ge(tail, 0, evaluate=False)
            self._for_all(f"{name}_sign", sign, tail.args, conditions(Known(()), tail), "a probability")
            if law in used:
                at = LawAtTheta(law)
                words = "Markov's inequality for exp(theta X)"
                self._for_all(f"markov_{name}", at.relation, at.symbols, at.needs, words)
        if any(isinstance(step.by, GaussianMixtureTail) for step in self._steps()):
            n, m = sympy.symbols("n m")
            bound = row_sum_below_zero(n, m) <= (1 - 1 / m) ** (n / 2) / 2
            needs = [Condition("above", n), Condition("at least", m - 1)]
            self._for_all("averaged_normal_tail", bound, (n, m), needs, words_of(str(GaussianMixtureTail.__doc__)))

    def _for_all(
        self, name: str, relation: Relational, symbols: Iterable[Formula], needs: Iterable[Condition], words: str
    ) -> None:
        """A hypothesis about a law, whatever its parameters are."""
        writer = Writer({s: str(s) for s in symbols})
        parts = [*map(writer.condition, needs), writer.comparison(relation)]
        self.say(f"Hypothesis {name} : forall {' '.join(writer.names.values())} : R, {' -> '.join(parts)}.", words)

    def _spent(self, name: str, spend: Spend) -> None:
        """Off an event that is paid for its claims hold, where it applies; nothing is said of it elsewhere."""
        for i, value in enumerate(self.whole_in_words(spend)):
            self.hypothesis(f"{name}_whole_{i + 1}", Condition("whole", value), spend.whole)
        where = [] if spend.where is None else [self.closed(spend.where)]
        premises = [*where, *(f"({self.closed(need)})" for need in self.price(spend))]
        title = spend.event.title if isinstance(spend.event, StatementRecord) else "its law"
        times = "" if spend.count == 1 else f", {spend.count} times"
        self.say(
            f"Hypothesis {name} : {' -> '.join([*premises, self.paid(spend)])}.", f"{title}{times}: {spend.because}"
        )
        if spend.where is not None:
            elsewhere = f"~ ({self.closed(spend.where)}) -> forall {OUTCOME}, {self.granted(spend)}"
            self.say(f"Hypothesis {name}_elsewhere : {elsewhere}.", spend.otherwise)

    def paid(self, spend: Spend) -> str:
        """That the event has at most the probability that is spent."""
        return f"Prob (fun {OUTCOME} => ~ {self.granted(spend)}) <= {self.cost(spend)}"

    def granted(self, spend: Spend) -> str:
        """What holds where the event does not fail."""
        return f"({AND.join(self.writer.comparison(plainly(self.sure, r)) for r in spend.granted)})"

    def cost(self, spend: Spend) -> str:
        """What is spent, a number that depends on nothing random."""
        return f"{self.fixed.term(self.sure.plain(spend.count))} * {self.fixed.term(self.sure.plain(spend.failure))}"

    def price(self, spend: Spend) -> list[Condition]:
        """What has to hold for a spend to apply: its count, its parameters and hypotheses, all defined and true."""
        known = self.sure if spend.where is None else self.sure.where(spend.where)
        count = expression(spend.count, "a count")
        needs = [*conditions(known, count), Condition("at least", count - 1), Condition("whole", count)]
        if isinstance(spend.event, StatementRecord):
            needs += self._applies(known, spend, spend.event)
        needs += conditions(known, spend.failure, *spend.granted)
        return [need for need in dict.fromkeys(needs) if not is_plain(need)]

    def _applies(self, known: Known, spend: Spend, event: StatementRecord) -> Iterable[Condition]:
        """The spent statement's parameters are in their ranges, and its hypotheses hold."""
        for p in event.parameters:
            yield from conditions(known, spend.at(p.symbol))
            yield from [Condition("whole", spend.at(p.symbol))] * p.integer
        for relation in (*(end for p in event.parameters for end in ends(p)), *event.relations):
            if not isinstance(relation, Relational):
                raise StatementError(f"{event.title} assumes {relation}, which has no translation as a premise")
            here: Relational = type(relation)(*map(spend.at, relation.args), evaluate=False)
            yield from conditions(known, here)
            yield sign_of(here)

    def whole_in_words(self, spend: Spend) -> list[Formula]:
        """Which values of a spend are whole for a reason in words."""
        if not spend.whole:
            return []
        event: Formula = spend.event
        parameters = event.parameters if isinstance(event, StatementRecord) else ()
        values = [spend.at(p.symbol) for p in parameters if p.integer]
        values.append(expression(spend.count, "a count"))
        return [value for value in dict.fromkeys(values) if not self.sure.whole(value)]
