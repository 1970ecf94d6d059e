"""A statement and its proof as a file that Coq checks.

What the statement speaks of is a section: its parameters with their ranges, its hypotheses, any probability, and the
quantities as functions of the outcome. What is taken as known is a hypothesis of the section, with its words beside it,
and says what it says only where that is defined. All the rest are lemmas, the last of them the statement: with the
section closed it shows everything that it assumes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
import re
import textwrap

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import expression, relations_in
from boundkit.engine.proof.checking import Checker
from boundkit.engine.proof.coq.scripts import Script
from boundkit.engine.proof.coq.writing import Condition, LawAtTheta, Writer, conditions, identifier, law_symbols, sign_of
from boundkit.engine.proof.kernel import missing
from boundkit.engine.proof.known import RELATIONS, Known, ordered, strict
from boundkit.errors import StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import Chernoff, Fact, GaussianMixtureTail, NonnegativeSum, Proof, Spend, Step
from boundkit.model.statement import StatementRecord
from boundkit.tails import Tail, row_sum_below_zero
from boundkit.values import Formula

WIDTH = 116
OUTCOME = "omega"
AND, OR = " /\\ ", " \\/ "


@dataclass(frozen=True)
class Translation:
    """A file for Coq, and what its lemmas are about.

    Attributes
    ----------
    name : str
        The last theorem.
    text : str
        The file.
    about : tuple of (lemma, words)
        What each lemma shows.
    """

    name: str
    text: str
    about: tuple[tuple[str, str], ...]


def translated(statement: StatementRecord) -> Translation:
    """Return the proof of a statement in the language of Coq.

    Raises
    ------
    StatementError
        Where it carries no proof, or one that has no translation.
    """
    if statement.proof is None:
        raise StatementError(f"{statement.title} carries no proof to translate; give it a `proof`")
    return _File(statement, statement.proof).written()


class _File:
    def __init__(self, statement: StatementRecord, proof: Proof) -> None:
        self.statement, self.proof = statement, proof
        checker = Checker(statement, proof)
        self.random = {*checker.random(), *(q.symbol for q in statement.quantities)}
        self.sure, self.here = checker.sure, checker.sure
        self.parameters = [*statement.parameters, *(p for p in proof.parameters if p.symbol not in self.random)]
        self.quantities = [*statement.quantities, *(p for p in proof.parameters if p.symbol in self.random)]
        names = {p.symbol: identifier(p.name) for p in self.parameters}
        self.fixed = Writer(names)
        self.writer = Writer(names | {q.symbol: f"({identifier(q.name)} {OUTCOME})" for q in self.quantities})
        self.name = identifier(statement.name)
        self.lines: list[str] = []
        self.about: list[tuple[str, str]] = []
        self.named: list[tuple[Formula, str]] = []  # what is known, and its name; of a condition, its expression
        self.done: dict[Condition, str] = {}
        self.inside = False  # where an outcome is at hand

    def written(self) -> Translation:
        """The file, from top to bottom."""
        self._opening()
        for section in (self._declared, self._laws, self._assumed, self._fixed_steps, self._paid, self._budget):
            section()
        self._outcome()
        self._theorem()
        return Translation(self.name, "\n".join(self.lines) + "\n", tuple(self.about))

    # What is said

    def _opening(self) -> None:
        s = self.statement
        self._comment(f"{s.title}. What is checked here is the algebra: facts are assumed, and named.")
        self.lines += [Path(__file__).with_name("prelude.v").read_text(encoding="utf-8"), f"Section {self.name}.", ""]

    def _declared(self) -> None:
        """Parameters with their ranges, hypotheses, a probability, quantities."""
        for p in self.parameters:
            self._say(f"Variable {self.fixed.names[p.symbol]} : R.", p.meaning)
        self._say("Variable Omega : Type.")
        self._say("Variable Prob : (Omega -> Prop) -> R.")
        self._say("Hypothesis Prob_is : probability Omega Prob.")
        for q in self.quantities:
            self._say(f"Variable {identifier(q.name)} : Omega -> R.", q.meaning)
        for p in (*self.parameters, *self.quantities):
            for i, relation in enumerate(_range(p)):
                self._hypothesis(f"{identifier(p.name)}_range_{i + 1}", relation)
            if p.integer:
                self._hypothesis(f"{identifier(p.name)}_whole", Condition("whole", p.symbol))
        for i, hypothesis in enumerate(h for h in self.statement.hypotheses if h.relation is not None):
            self._hypothesis(f"assumption_{i + 1}", hypothesis.relation, hypothesis.text)

    def _laws(self) -> None:
        """Laws are functions of which only what is used is known."""
        proof, formulas = self.proof, [self.statement.failure, self.proof.spent]
        relations = [*self.statement.claims, *(step.relation for step in (*proof.steps, *proof.budget))]
        formulas += [side for relation in relations for side in relation.args]
        laws: dict[str, type[Tail]] = {}
        for formula in formulas:
            for tail in sorted(self.sure.plain(formula).atoms(Tail), key=str):
                if laws.setdefault(type(tail).__name__, type(tail)) is not type(tail):
                    raise StatementError(f"two laws are called {type(tail).__name__}; rename one")
        used = {type(t).__name__ for step in self._by(Chernoff) for t in ordered(step.relation) if isinstance(t, Tail)}
        for name, law in sorted(laws.items()):
            count = max(law.nargs) if isinstance(law.nargs, sympy.FiniteSet) else len(law.parameters)
            symbols = law_symbols(int(count))
            self._say(f"Variable {name} : {' -> '.join(['R'] * (len(symbols) + 1))}.", _first_line(law))
            self._probability(name, law(*symbols), symbols)
            if name in used:
                self._markov(law)
        if [*self._by(GaussianMixtureTail)]:
            n, m = sympy.symbols("n m")
            bound = (1 - 1 / m) ** (n / 2) / 2
            self._for_all(
                "averaged_normal_tail", row_sum_below_zero(n, m) <= bound, (n, m),
                [Condition("above", n), Condition("at least", m - 1)], str(GaussianMixtureTail.__doc__),
            )  # fmt: skip

    def _by(self, rule: type) -> Iterable[Step]:
        return (step for step in (*self.proof.steps, *self.proof.budget) if isinstance(step.by, rule))

    def _probability(self, name: str, tail: Tail, symbols: tuple[Formula, ...]) -> None:
        needs = [*conditions(Known(()), tail)]
        self._for_all(f"{name}_sign", sympy.Ge(tail, 0, evaluate=False), symbols, needs, "a probability")

    def _markov(self, law: type[Tail]) -> None:
        """Markov's inequality for exp(theta X), with the law's own cumulant."""
        at = LawAtTheta(law)
        self._for_all(f"markov_{law.__name__}", at.relation, at.symbols, at.needs, "Markov's inequality for exp(theta X)")

    def _for_all(
        self, name: str, relation: Relational, symbols: Iterable[Formula], needs: Iterable[Condition], words: str
    ) -> None:
        """A hypothesis about a law, whatever its parameters are."""
        writer = Writer({s: str(s) for s in symbols})
        parts = [*map(writer.condition, dict.fromkeys(needs)), writer.comparison(relation)]
        self._say(f"Hypothesis {name} : forall {' '.join(map(str, symbols))} : R, {' -> '.join(parts)}.", words)

    def _assumed(self) -> None:
        """Facts, and what is spent."""
        for text in self.statement.assumed:
            self._comment(f"Assumed: {text}.")
        for i, step in enumerate((*self.proof.steps, *self.proof.budget)):
            if isinstance(step.by, Fact):
                needs = [need for need in step.by.needs if not isinstance(need, str)]
                words = "; ".join([step.by.why, *(need for need in step.by.needs if isinstance(need, str))])
                self._hypothesis(f"fact_{i + 1}", step.relation, words, needs)
        for i, spend in enumerate(self.proof.spends):
            self._spent(f"spend_{i + 1}", spend)

    def _spent(self, name: str, spend: Spend) -> None:
        """Off an event that is paid for its claims hold, where it applies; nothing is said of it elsewhere."""
        for i, value in enumerate(self._whole_in_words(spend)):
            self._hypothesis(f"{name}_whole_{i + 1}", Condition("whole", value), spend.whole)
        where = [spend.where] if spend.where is not None else []
        premises = [*map(self._closed, where), *(f"({self._closed(need)})" for need in self._price(spend))]
        event = f"Prob (fun {OUTCOME} => ~ {self._granted(spend)}) <= {self._cost(spend)}"
        title = spend.event.title if isinstance(spend.event, StatementRecord) else "its law"
        times = "" if spend.count == 1 else f", {spend.count} times"
        self._say(f"Hypothesis {name} : {' -> '.join([*premises, event])}.", f"{title}{times}: {spend.because}")
        if spend.where is not None:
            elsewhere = f"~ ({self._closed(spend.where)}) -> forall {OUTCOME}, {self._granted(spend)}"
            self._say(f"Hypothesis {name}_elsewhere : {elsewhere}.", spend.otherwise)

    def _price(self, spend: Spend) -> list[Condition]:
        """What has to hold for the spend to apply: its count, and its parameters and hypotheses, defined and true."""
        known = self.sure if spend.where is None else self.sure.where(spend.where)
        count = expression(spend.count, "a count")
        needs = [*conditions(known, count), Condition("at least", count - 1), Condition("whole", count)]
        event = spend.event
        if isinstance(event, Tail):
            return list(dict.fromkeys([*needs, *conditions(known, event, *spend.granted)]))
        for p in event.parameters:
            needs += [*conditions(known, spend.at(p.symbol))]
            needs += [Condition("whole", spend.at(p.symbol))] * p.integer
            needs += [sign_of(_at(spend, relation)) for relation in _range(p)]
        for hypothesis in event.relations:
            if not isinstance(hypothesis, Relational):
                raise StatementError(f"{event.title} assumes {hypothesis}, which has no translation as a premise")
            needs += [*conditions(known, _at(spend, hypothesis)), sign_of(_at(spend, hypothesis))]
        needs += conditions(known, spend.failure, *spend.granted)
        return [c for c in dict.fromkeys(needs) if not _is_plain(c)]

    def _whole_in_words(self, spend: Spend) -> list[Formula]:
        """Which of its values are whole for a reason in words."""
        if not spend.whole:
            return []
        integers = [spend.at(p.symbol) for p in spend.event.parameters if p.integer] if isinstance(
            spend.event, StatementRecord) else []
        return [v for v in dict.fromkeys([*integers, spend.count]) if not self.sure.whole(v)]

    def _granted(self, spend: Spend) -> str:
        return f"({AND.join(self.writer.comparison(_plain(self.sure, r)) for r in spend.granted)})"

    def _cost(self, spend: Spend) -> str:
        return f"{self.fixed.term(self.sure.plain(spend.count))} * {self.fixed.term(self.sure.plain(spend.failure))}"

    # What is shown

    def _fixed_steps(self) -> None:
        """Steps between fixed parameters, shown without what is spent."""
        self.early = {}
        self._ranges()
        self._met([f"assumption_{i + 1}" for i in range(len(self.statement.relations))])
        for i, step in enumerate(self.proof.steps):
            if self._is_early(step):
                self.early[i] = step
                self._step(f"{'fact' if isinstance(step.by, Fact) else 'step'}_{i + 1}", step, self.sure)

    def _is_early(self, step: Step) -> bool:
        if self.sure.plain_symbols(step.relation) & self.random:
            return False
        return isinstance(step.by, Fact) or not missing(self.sure, step.relation, step.by)

    def _ranges(self) -> None:
        """What is known of quantities at an outcome."""
        for q in self.quantities:
            for i, relation in enumerate(_range(q)):
                self.named.append((relation, f"({identifier(q.name)}_range_{i + 1} {OUTCOME})"))
            if q.integer:
                self.named.append((q.symbol, f"({identifier(q.name)}_whole {OUTCOME})"))

    def _met(self, names: Iterable[str]) -> None:
        """Hypotheses that say something only where they are defined, which they are."""
        for name in names:
            if name in self.premises:
                self._holds(name, self.sure)

    def _paid(self) -> None:
        """What each spend costs, everything that it needs being so."""
        for i, spend in enumerate(self.proof.spends):
            name = f"spend_{i + 1}"
            known = self.sure if spend.where is None else self.sure.where(spend.where)
            given = "" if spend.where is None else f"{self._closed(spend.where)} -> "
            shown = []
            for j, condition in enumerate(self._price(spend)):
                lemma = f"{name}_needs_{j + 1}"
                statement = f"{given}{self._closed(condition)}"
                script = self._script(known, condition, condition.expr)
                whole = self._whole_in_words(spend)
                for k, value in enumerate(whole):
                    low = value - condition.expr
                    if condition.kind == "whole" and condition.expr == value:
                        script = f"exact {name}_whole_{k + 1}"
                    elif condition.kind == "at least" and low.is_Integer:  # above low - 1, and whole
                        above = self._script(known, Condition("above", condition.expr + 1), condition.expr)
                        term = self.writer.term(condition.expr + 1)
                        script = (
                            f"assert (A : 0 < {term}) by ({above});\n  pose proof "
                            f"(whole_from {low} {self.writer.term(value)} {name}_whole_{k + 1} ltac:(lra)); lra"
                        )
                self._lemma(lemma, statement, script, f"{name} applies")
                shown.append(lemma)
            event = f"Prob (fun {OUTCOME} => ~ {self._granted(spend)}) <= {self._cost(spend)}"
            if spend.where is None:
                proof = f"exact ({' '.join([name, *shown])})."
            else:
                proof = (
                    f"assert (D : {{{self._closed(spend.where)}}} + {{~ ({self._closed(spend.where)})}}) by decided.\n"
                    f"  destruct D as [W | W]; [exact ({' '.join([name, 'W', *(f'({s} W)' for s in shown)])}) |].\n"
                    f"  assert (S : 0 <= {self._cost(spend)}) by ({self._unused(spend)}).\n"
                    "  destruct Prob_is as [none [grows _]]; eapply Rle_trans; [| exact S].\n"
                    f"  rewrite <- none; apply grows; intros {OUTCOME} H; apply H; now apply {name}_elsewhere."
                )
            self._lemma(f"paid_{i + 1}", event, proof, f"what {name} costs")

    def _unused(self, spend: Spend) -> str:
        """That a spend which is not needed costs at least nothing."""
        return self._posed(spend.count * spend.failure) + "sign"

    def _budget(self) -> None:
        """The chain from what is spent to what is allowed."""
        self._define(self.sure, self.proof.spent, self.statement.failure)
        allowed = self.fixed.term(self.sure.plain(self.statement.failure))
        chain: list[str] = []
        total: Formula = self.proof.spent
        for i, step in enumerate(self.proof.budget):
            number = len(self.proof.steps) + i + 1
            name = f"{'fact' if isinstance(step.by, Fact) else 'budget'}_{number}"
            self._step(name, step, self.sure)
            small, large = (self.fixed.term(self.sure.plain(side)) for side in ordered(step.relation))
            how = {"<": "left; ", ">": "left; ", "==": "right; "}.get(step.relation.rel_op, "")
            chain += [
                f"apply Rle_trans with {small}; [right; {self._same(total, ordered(step.relation)[0])} |].",
                f"apply Rle_trans with {large}; [{how}exact {self.name_of(step.relation)} |].",
            ]
            total = ordered(step.relation)[1]
        last = f"right; {self._same(total, self.statement.failure)}."
        self._lemma(
            "adds_up", f"{self._total()} <= {allowed}", "\n  ".join([self._posed(self.proof.spent, self.statement.failure), *chain, last]).strip(),
            "what is spent is at most what is allowed",
        )  # fmt: skip

    def _total(self) -> str:
        costs = [self._cost(spend) for spend in self.proof.spends] or ["0"]
        return "".join(f"{cost} + (" for cost in costs[:-1]) + costs[-1] + ")" * (len(costs) - 1)

    def _outcome(self) -> None:
        """Where nothing that was spent fails, the claims hold."""
        self.here = Known(self.sure.parameters, self.proof.let, self.sure.relations)
        self.lines += ["", "Section outcome.", ""]
        self._say(f"Variable {OUTCOME} : Omega.")
        self.inside = True
        for i, spend in enumerate(self.proof.spends):
            for j, relation in enumerate(spend.granted):
                plain = _plain(self.sure, relation)
                self._say(f"Hypothesis granted_{i + 1}_{j + 1} : {self.writer.comparison(plain)}.")
                self.here.add(relation)
                self._know(relation, f"granted_{i + 1}_{j + 1}")
        for i, step in enumerate(self.proof.steps):
            if i not in self.early:
                self._step(f"{'fact' if isinstance(step.by, Fact) else 'step'}_{i + 1}", step, self.here)
        for i, claim in enumerate(self.statement.claims):
            self._claim(f"claim_{i + 1}", claim)
        shown = ", ".join(f"claim_{i + 1}" for i in range(len(self.statement.claims)))
        proof = "repeat split; first [" + shown.replace("claim", "exact claim").replace(", ", " | ") + "]."
        self._lemma("claimed", self._claims(), proof, "the claims", using=True)
        self.lines += ["End outcome.", ""]
        self.inside = False

    def _claim(self, name: str, claim: Relational) -> None:
        self._define(self.here, claim)
        at = next(
            (
                (relation, known)
                for relation, known in self.named
                if isinstance(relation, Relational) and relation.lhs == claim.lhs
                and relation.rel_op in (claim.rel_op, claim.rel_op.rstrip("=")) and self.here.same(relation.rhs, claim.rhs)
            ),
            None,
        )  # fmt: skip
        if at is None:
            raise StatementError(f"no step shows {claim}; end the steps with this relation")
        found, known = at
        ends = (self.writer.term(self.here.plain(r.rhs)) for r in (claim, found))
        proof = f"{self._posed(claim)}assert (E : {' = '.join(ends)}) by ({self._same(claim.rhs, found.rhs, self.here)}).\n  pose proof {known}; lra."
        self._lemma(name, self.writer.comparison(_plain(self.here, claim)), proof, "a claim")

    def _claims(self) -> str:
        return AND.join(self.writer.comparison(_plain(self.sure, claim)) for claim in self.statement.claims)

    def _theorem(self) -> None:
        """The statement: the probability that a claim fails is at most what is allowed."""
        bad = [f"~ {self._granted(spend)}" for spend in self.proof.spends]
        union = OR.join(bad) or "False"
        steps = [f"apply Rle_trans with (Prob (fun {OUTCOME} => {union})).", f"apply grows; intros {OUTCOME} H."]
        steps[1:1] = ["-"]
        for i, spend in enumerate(self.proof.spends):
            side = "right; " * i + ("" if i == len(bad) - 1 else "left; ")
            steps.append(f"assert (D{i} : {{{self._granted(spend)}}} + {{{bad[i]}}}) by decided.")
            steps.append(f"destruct D{i} as [D{i} | D{i}]; [| {side}exact D{i}].")
        steps.append("exfalso; apply H; apply claimed; tauto.")
        steps.append("- eapply Rle_trans; [| exact adds_up].")
        steps += [f"eapply Rle_trans; [apply adds | apply Rplus_le_compat; [exact paid_{i + 1} |]]." for i in range(len(bad) - 1)]
        steps.append(f"exact paid_{len(bad)}." if bad else "right; exact none.")
        allowed = self.fixed.term(self.sure.plain(self.statement.failure))
        self._lemma(
            self.name, f"Prob (fun {OUTCOME} => ~ ({self._claims()})) <= {allowed}",
            "destruct Prob_is as [none [grows adds]].\n  " + "\n  ".join(steps), "the statement", "Theorem", True,
        )  # fmt: skip
        self.lines += [f"End {self.name}.", "", f"Check {self.name}.", f"Print Assumptions {self.name}."]

    # How it is written

    def _step(self, name: str, step: Step, known: Known) -> None:
        """A step as a lemma, what it needs to be defined before it; of a fact, that what it needs is so."""
        if isinstance(step.by, Fact):
            self._holds(name, known)
            known.add(step.relation)
            return
        self._define(known, step.relation)
        relation = _plain(known, step.relation)
        terms = getattr(step.by, "terms", ())
        inside = [f for term in terms for f in term] + [getattr(step.by, "theta", sympy.S.Zero)]
        script = self._tell(known, step.relation, *inside).step(step.relation, step.by)
        self._lemma(name, self.writer.comparison(relation), self._posed(step.relation, *inside) + script, str(step.relation))
        known.add(step.relation)
        self._know(step.relation, name)

    def _holds(self, name: str, known: Known) -> None:
        """A hypothesis without the conditions under which it is said."""
        relation, needs = self.premises[name]
        random = bool(self._symbols(relation) & self.random) or any(self._symbols(n) & self.random for n in needs)
        shown = [name, *([OUTCOME] if random else [])]
        for i, need in enumerate(needs):
            lemma = f"{name}_needs_{i + 1}"
            if isinstance(need, Condition):
                script = self._script(known, need, need.expr)
            else:
                tell = self._tell(known, need)
                apart = need.rel_op == "!="
                script = tell.condition(sign_of(need)) if apart else tell.step(need, NonnegativeSum())
                script = self._posed(need) + script
            self._lemma(lemma, self._proposition(need), script, f"{name} applies")
            shown.append(lemma)
        told = name if not needs and not random else f"{name}_holds"
        if told != name:
            self._lemma(told, self._proposition(relation), f"exact ({' '.join(shown)}).", str(relation))
        self._know(relation, told)

    def _define(self, known: Known, *things: Formula) -> None:
        """What has to hold for formulas to be defined, shown."""
        for condition in conditions(known, *things):
            if condition not in self.done and not _is_plain(condition):
                lemma = f"defined_{len(self.done) + 1}"
                self.done[condition] = lemma
                self._lemma(lemma, self._proposition(condition), self._script(known, condition, condition.expr), "defined")
                self.named.append((condition.expr, lemma))

    def _script(self, known: Known, condition: Condition, *about: Formula) -> str:
        given = "intros W; " if known not in (self.sure, self.here) else ""
        if not self.inside and any(self._symbols(thing) & self.random for thing in about):
            given += f"intros {OUTCOME}; "
        return given + self._posed(*about) + self._tell(known, *about).condition(condition)

    def _tell(self, known: Known, *about: Formula) -> Script:
        symbols = set().union(*map(self._symbols, about))
        equations = [
            name for relation, name in reversed(self.named)
            if isinstance(relation, sympy.Eq) and relation.lhs.is_Symbol and relation.lhs in symbols | self._reached(symbols)
        ]  # fmt: skip
        return Script(known, self.writer, equations)

    def _reached(self, symbols: set[Formula]) -> set[Formula]:
        """The symbols that known equations lead to."""
        found: set[Formula] = set()
        for relation, _ in self.named:
            if isinstance(relation, sympy.Eq) and relation.lhs in symbols | found:
                found |= self.sure.plain(relation.rhs).free_symbols
        return found

    def _same(self, a: Formula, b: Formula, known: Known | None = None) -> str:
        known = known or self.sure
        return self._tell(known, a, b).same(a, b)

    def _posed(self, *about: Formula) -> str:
        """What is known of the symbols at hand, brought before Coq's eyes."""
        symbols = set().union(*map(self._symbols, about))
        symbols |= self._reached(symbols)
        known = [(thing, name) for thing, name in self.named if self._symbols(thing) & symbols]
        at_hand = self.inside or bool(symbols & self.random)
        names = [name for _, name in known if name not in self.in_sight and (at_hand or OUTCOME not in name)]
        return "".join(f"pose proof {name}; " for name in dict.fromkeys(names)) + ("\n  " if names else "")

    @cached_property
    def in_sight(self) -> set[str]:
        """Hypotheses that need no mention."""
        return set()

    @cached_property
    def premises(self) -> dict[str, tuple[Formula, list[Formula | Condition]]]:
        """What is assumed, by name, and the conditions under which it is."""
        return {}

    def _hypothesis(
        self, name: str, thing: Formula | Condition, words: str = "", needs: Iterable[Relational] = ()
    ) -> None:
        """What is assumed, where it is defined and what it rests on is so."""
        before: list[Formula | Condition] = []
        if not isinstance(thing, Condition):
            before = [c for c in conditions(self.sure, *_parts(thing)) if not _is_plain(c)]
            before += list(needs)
        self._say(f"Hypothesis {name} : {self._closed(thing, before)}.", words)
        if not isinstance(thing, Condition):
            self.premises[name] = (thing, before)
        symbols = self._symbols(thing)
        if not before and not symbols & self.random and not isinstance(thing, Condition):
            self.named.append((thing, name))
            self.in_sight.add(name)

    def _closed(self, thing: Formula | Condition, before: Iterable[Formula | Condition] = ()) -> str:
        """A proposition, under conditions; for every outcome where it speaks of one."""
        parts = [*before, thing]
        text = " -> ".join(map(self._proposition, parts))
        return f"forall {OUTCOME} : Omega, {text}" if any(self._symbols(p) & self.random for p in parts) else text

    def _proposition(self, thing: Formula | Condition) -> str:
        if isinstance(thing, Condition):
            return self.writer.condition(Condition(thing.kind, self.sure.plain(thing.expr)))
        if isinstance(thing, sympy.And | sympy.Or):
            joint = AND if isinstance(thing, sympy.And) else OR
            return f"({joint.join(map(self._proposition, thing.args))})"
        return self.writer.comparison(_plain(self.sure, thing))

    def _symbols(self, thing: Formula | Condition) -> set[Formula]:
        if isinstance(thing, Condition):
            return self.sure.plain(thing.expr).free_symbols
        if isinstance(thing, Relational):
            return self.sure.plain_symbols(thing)
        return thing.free_symbols if isinstance(thing, sympy.And | sympy.Or) else self.sure.plain(thing).free_symbols

    def _know(self, relation: Formula, name: str) -> None:
        self.named.append((relation, name))

    def name_of(self, relation: Formula) -> str:
        """What a relation that is known is called."""
        return next(name for known, name in self.named if known == relation)

    def _lemma(
        self, name: str, statement: str, proof: str, about: str, kind: str = "Lemma", using: bool = False
    ) -> None:
        self.about.append((name, about))
        start = "Proof using All." if using else "Proof."
        self.lines += [*_wrapped(f"{kind} {name} : {statement}."), start, f"  {proof.removesuffix('.')}.", "Qed.", ""]

    def _say(self, text: str, words: str = "") -> None:
        if words:
            self._comment(words)
        self.lines += _wrapped(text)

    def _comment(self, words: str) -> None:
        safe = re.sub(r"[(*)\"]", lambda c: {"(": "[", ")": "]", "*": "x", '"': "'"}[c[0]], " ".join(words.split()))
        self.lines += textwrap.wrap(f"(* {safe} *)", WIDTH, subsequent_indent="   ")


def _range(p: Parameter) -> list[Relational]:
    """The ends of a parameter's range, as relations."""
    above = sympy.Gt if p.strict else sympy.Ge
    low = [above(p.symbol, p.low, evaluate=False)] if p.low != -sympy.oo else []
    return low + ([sympy.Le(p.symbol, p.high, evaluate=False)] if p.high != sympy.oo else [])


def _at(spend: Spend, relation: Relational) -> Relational:
    found: Relational = type(relation)(*map(spend.at, relation.args), evaluate=False)
    return found


def _plain(known: Known, relation: Relational) -> Relational:
    found: Relational = type(relation)(*map(known.plain, relation.args), evaluate=False)
    return found


def _is_plain(condition: Condition) -> bool:
    """Whether a number meets a condition that needs no proof."""
    x = condition.expr
    if not x.is_Rational:
        return False
    return bool({"above": x > 0, "at least": x >= 0, "apart": x != 0, "whole": x.is_Integer}[condition.kind])


def _parts(thing: Formula) -> list[Formula]:
    return [*relations_in(thing)] if not isinstance(thing, Relational) else [thing]


def _first_line(law: type[Tail]) -> str:
    return (law.__doc__ or law.__name__).strip().splitlines()[0].replace("`", "")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
