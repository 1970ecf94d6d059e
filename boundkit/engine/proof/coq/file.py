"""A file for Coq as it is written: what is said, what is known so far and by which name, and lemmas."""

from __future__ import annotations

from collections.abc import Iterable
import re
import textwrap

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import relations_in
from boundkit.engine.proof.checking import Checker
from boundkit.engine.proof.coq.scripts import Script
from boundkit.engine.proof.coq.writing import OUTCOME, Condition, Writer, conditions, identifiers, is_plain
from boundkit.engine.proof.known import Known
from boundkit.model.proof import Proof
from boundkit.model.statement import StatementRecord
from boundkit.values import Formula

WIDTH = 116
Said = Formula | Condition  # what can be a proposition


class File:
    """The lines of a file, and what is known at the place that they have come to."""

    def __init__(self, statement: StatementRecord, proof: Proof) -> None:
        checker = Checker(statement, proof)
        self.statement, self.proof = statement, proof
        self.sure = checker.sure
        self.random = checker.random() | {q.symbol for q in statement.quantities}
        self.parameters = [*statement.parameters, *(p for p in proof.parameters if p.symbol not in self.random)]
        self.quantities = [*statement.quantities, *(p for p in proof.parameters if p.symbol in self.random)]
        spoken = [*self.parameters, *self.quantities]
        *names, self.name = identifiers([*(p.name for p in spoken), statement.name])
        self.plain = Writer({p.symbol: name for p, name in zip(spoken, names, strict=True)})  # at no outcome
        self.fixed = Writer({p.symbol: self.plain.names[p.symbol] for p in self.parameters})
        random = {q.symbol: f"({self.plain.names[q.symbol]} {OUTCOME})" for q in self.quantities}
        self.writer = Writer({**self.fixed.names, **random})
        self.lines: list[str] = []
        self.about: list[tuple[str, str]] = []
        self.named: list[tuple[Said, str]] = []  # what is known, and by which name
        self.in_sight: set[str] = set()  # hypotheses that need no mention
        self.premises: dict[
            str, tuple[Said, list[Said]]
        ] = {}  # hypotheses, and the conditions under which they are said
        self.inside = False  # where an outcome is at hand

    def say(self, text: str, words: str = "") -> None:
        """A sentence, and its words before it."""
        if words:
            self.comment(words)
        self.lines += textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)

    def comment(self, words: str) -> None:
        """Words, with nothing in them that Coq would read."""
        read = {"(": "[", ")": "]", "*": "x", '"': "'"}
        safe = "".join(read.get(c, c) for c in " ".join(words.split()))
        self.lines += textwrap.wrap(f"(* {safe} *)", WIDTH, subsequent_indent="   ")

    def lemma(self, name: str, says: str, proof: str, about: str, kind: str = "Lemma", using: bool = False) -> None:
        """A lemma with its proof; `using` all that is assumed, so that it shows it."""
        self.about.append((name, about))
        self.say(f"{kind} {name} : {says}.")
        self.lines += ["Proof using All." if using else "Proof.", f"  {proof}.", "Qed.", ""]

    def hypothesis(self, name: str, thing: Said, words: str = "", needs: Iterable[Said] = ()) -> None:
        """What is assumed, where it is defined and what it rests on is so."""
        before = [] if isinstance(thing, Condition) else self.conditions(*_relations(thing))
        before += list(needs)
        self.say(f"Hypothesis {name} : {self.closed(thing, before)}.", words)
        self.premises[name] = thing, before
        if not before and not self.symbols(thing) & self.random:
            self.named.append((thing, name))
            self.in_sight.add(name)

    def conditions(self, *things: Formula) -> list[Said]:
        """What has to hold for formulas to be defined, but for what numbers show."""
        return [condition for condition in conditions(self.sure, *things) if not is_plain(condition)]

    def closed(self, thing: Said, before: Iterable[Said] = ()) -> str:
        """A proposition, under conditions; for every outcome where it speaks of one."""
        parts = [*before, thing]
        text = " -> ".join(map(self.proposition, parts))
        return f"forall {OUTCOME} : Omega, {text}" if self.is_random(*parts) else text

    def proposition(self, thing: Said) -> str:
        """A relation, some joined by And and Or, or a condition, in Coq's words."""
        if isinstance(thing, Condition):
            return self.writer.condition(Condition(thing.kind, self.sure.plain(thing.expr)))
        return self.writer.proposition(plainly(self.sure, thing))

    def symbols(self, thing: Said) -> set[Formula]:
        """The parameters and quantities in it, abbreviations written out."""
        if isinstance(thing, Relational):
            return self.sure.plain_symbols(thing)
        if isinstance(thing, sympy.And | sympy.Or):
            return set().union(*map(self.symbols, thing.args))
        found: set[Formula] = self.sure.plain(thing.expr if isinstance(thing, Condition) else thing).free_symbols
        return found

    def is_random(self, *things: Said) -> bool:
        """Whether one of them speaks of what is random."""
        return any(self.symbols(thing) & self.random for thing in things)

    def posed(self, *about: Said) -> str:
        """What is known of the symbols at hand, brought before Coq's eyes."""
        symbols = self._reached(set().union(*map(self.symbols, about)))
        at_hand = self.inside or bool(symbols & self.random)
        names = dict.fromkeys(name for thing, name in self.named if self.symbols(thing) & symbols)
        seen = [name for name in names if name not in self.in_sight and (at_hand or OUTCOME not in name)]
        return "".join(f"pose proof {name}; " for name in seen) + ("\n  " if seen else "")

    def script(self, known: Known, *about: Said) -> Script:
        """Scripts where this is known, with the equations for what they are about."""
        symbols = self._reached(set().union(*map(self.symbols, about)))
        equations = [n for e, n in reversed(self.named) if isinstance(e, sympy.Eq) and e.lhs in symbols]
        return Script(known, self.writer, equations)

    def shown(self, known: Known, condition: Condition) -> str:
        """The script of a condition, at an outcome where it speaks of one."""
        outcome = f"intros {OUTCOME}; " if not self.inside and self.is_random(condition) else ""
        return outcome + self.posed(condition) + self.script(known, condition).condition(condition)

    def same(self, known: Known, a: Formula, b: Formula) -> str:
        """The script of an equation."""
        return self.script(known, a, b).same(a, b)

    def name_of(self, relation: Formula) -> str:
        """What a relation that is known is called."""
        return next(name for known, name in self.named if known == relation)

    def _reached(self, symbols: set[Formula]) -> set[Formula]:
        """Symbols, and those that known equations lead to from there."""
        equations = [e for e, _ in self.named if isinstance(e, sympy.Eq) and e.lhs.is_Symbol]
        found = set(symbols)
        for _ in equations:
            found |= {s for e in equations if e.lhs in found for s in self.symbols(e)}
        return found


def plainly(known: Known, thing: Formula) -> Formula:
    """A relation, or some joined by And and Or, without abbreviations."""
    parts = (known.plain(x) if isinstance(thing, Relational) else plainly(known, x) for x in thing.args)
    return type(thing)(*parts, evaluate=False)


def _relations(thing: Formula) -> list[Formula]:
    return [thing] if isinstance(thing, Relational) else [*relations_in(thing)]


def words_of(text: str) -> str:
    """The first line of a docstring, without its marks."""
    return re.sub("`", "", text.strip().splitlines()[0]) if text.strip() else ""
