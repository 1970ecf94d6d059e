"""The checker: a proof's steps one by one, each shown or not shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import sympy
from sympy.core.relational import Relational

from boundkit import tails
from boundkit.enclose import holds
from boundkit.engine.proof.certificate import CertificateRecord, Line
from boundkit.engine.proof.kernel import missing, name_of, range_in_words, unpaid
from boundkit.engine.proof.known import RELATIONS, Known, ordered
from boundkit.engine.proof.together import facts_of, together
from boundkit.engine.proof.witness import witnesses
from boundkit.errors import BoundkitError, StatementError
from boundkit.formats.expressions import TextPrinter
from boundkit.model.parameter import Parameter
from boundkit.model.proof import Fact, Proof, Spend, Step, in_words
from boundkit.model.statement import StatementRecord
from boundkit.tails import Tail
from boundkit.values import Formula, Value

T = TypeVar("T")


def check(statement: StatementRecord) -> CertificateRecord:
    """Return the certificate of a statement that carries a proof."""
    if statement.proof is None:
        raise StatementError(f"{statement.title} carries no proof that a machine can check; give it a `proof`")
    if circle := _circle(statement, ()):
        line = Line("spends", statement.claims[0], False, f"a proof may not spend itself: {' spends '.join(circle)}")
        return CertificateRecord(statement, (line,), statement.assumed)
    return _checked(statement, statement.proof)


@lru_cache(maxsize=256)
def _checked(statement: StatementRecord, proof: Proof) -> CertificateRecord:
    return Checker(statement, proof).run()


def _circle(statement: StatementRecord, above: tuple[StatementRecord, ...]) -> tuple[str, ...]:
    """The titles from a statement round to itself, if what it spends leads there."""
    if any(statement is one for one in above):
        return tuple(s.title for s in (*above, statement))
    events = [spend.event for spend in statement.proof.spends] if statement.proof else []
    found = (_circle(event, (*above, statement)) for event in events if isinstance(event, StatementRecord))
    return next((circle for circle in found if circle), ())


class Checker:
    def __init__(self, statement: StatementRecord, proof: Proof) -> None:
        self.statement, self.proof = statement, proof
        self.bound = {name for spend in proof.spends for _, name in spend.bound}
        self.own = {p.symbol for p in proof.parameters}
        parameters = (*statement.parameters, *statement.quantities, *proof.parameters)
        self.points = witnesses(statement.parameters, statement.relations, proof.at)
        fixed = {*statement.symbols, *(self.own - self.random())}
        self.sure = Known(parameters, proof.let, statement.relations, fixed, self.points)
        self.here = self.sure  # and what holds where nothing that was spent fails
        self.lines: list[Line] = []
        self.assumed: dict[str, None] = dict.fromkeys(statement.assumed)

    def random(self) -> set[Formula]:
        """Quantities, what spends bind, and what facts or ranges tie to these."""
        found = {*self.bound, *(q.symbol for q in self.statement.quantities)}
        let = Known((), self.proof.let)
        tied = [
            let.plain(s.relation.lhs - s.relation.rhs).free_symbols
            for s in (*self.proof.steps, *self.proof.budget)
            if isinstance(s.by, Fact) and type(s.relation) in RELATIONS
        ]
        tied += [{p.symbol} | p.low.free_symbols | p.high.free_symbols for p in self.proof.parameters]
        while more := {symbol for symbols in tied if symbols & found for symbol in symbols & self.own} - found:
            found |= more
        return found

    def run(self) -> CertificateRecord:
        self._declared()
        for relation, why in self._strange_parameters():
            self._line("parameters", relation, False, why)
        early = {i: line for i, step in enumerate(self.proof.steps) if (line := self._surely(step))}
        granted = [(spend, self._unpaid(spend, i)) for i, spend in enumerate(self.proof.spends)]
        self.here = Known(self.sure.parameters, self.proof.let, self.sure.relations, points=self.points)
        for spend, needed in granted:
            self._grant(spend, needed)
        for i, step in enumerate(self.proof.steps):
            if line := early.get(i):
                self.lines.append(line)
            else:
                self._take("so", step, self.here)
        for claim in self.statement.claims:
            self._claim(claim)
        _, error = _tried(self._add_up)
        if error:
            self._line("budget", self.statement.claims[0], False, f"it cannot be read {error}")
        if all(line.shown for line in self.lines):
            self._own_laws()
        return CertificateRecord(
            self.statement, tuple(self.lines), tuple(" ".join(text.split()) for text in self.assumed)
        )

    def _line(self, part: str, relation: Formula, shown: bool, why: str, because: str = "") -> Line:
        self.lines.append(Line(part, relation, shown, why, because))
        return self.lines[-1]

    def _declared(self) -> None:
        """Raise a StatementError for a name that nothing declares, and for an abbreviation called as a parameter."""
        s, parameters = self.statement, set(self.sure.ranges)
        if renamed := sorted(symbol.name for symbol in parameters & self.sure.let.keys()):
            raise StatementError(
                f"the proof of {s.name} abbreviates by {', '.join(renamed)}, which is a parameter; take another name"
            )
        names = parameters | self.sure.let.keys()
        used: set[Formula] = set()
        for relation in (*(s.relation for s in self.proof.steps), *(g for s in self.proof.spends for g in s.granted)):
            used |= relation.free_symbols if type(relation) in RELATIONS else set()
        if undeclared := sorted(s.name for s in used - names):
            raise StatementError(
                f"the proof of {s.name} uses {', '.join(undeclared)}, which it does not declare; "
                "add a Parameter to its parameters, or an abbreviation to its let"
            )

    def _strange_parameters(self) -> Iterator[tuple[Formula, str]]:
        """Names that would make anything provable; what is left of ranges is printed as assumed."""
        s = self.statement
        if not self.points:
            relation = next(
                iter(s.relations),
                sympy.Le(s.parameters[0].low, s.parameters[0].high, evaluate=False) if s.parameters else s.claims[0],
            )
            yield (
                relation,
                (
                    "no point was found at which every hypothesis holds, and of no point anything can be proved; "
                    "mend the hypotheses, or give such a point, at=((name, value), ...)"
                ),
            )
        elif (facts := _tried(facts_of, self.proof)[0]) and _tried(together, s, self.proof)[0] is None:
            yield (
                facts[-1],
                (
                    "no values were found at which all that is taken as known holds together, and from facts that "
                    "contradict each other anything follows; mend them, or give such values, at=((name, value), ...)"
                ),
            )
        names = [*s.symbols, *(q.symbol for q in s.quantities)]
        earlier = Known(s.parameters, self.proof.let, s.relations)
        for p in (*s.quantities, *self.proof.parameters):
            shown = sympy.Ge(p.symbol, p.low, evaluate=False)
            if p.symbol in self.own:
                if p.symbol in names or p.symbol != sympy.Symbol(p.name):
                    yield shown, f"{p.name} is the name of another parameter, or a symbol with assumptions; rename it"
                names.append(p.symbol)
            if p.symbol not in self.bound and (p.edges or p.integer):
                self.assumed |= {f"{p.text or p.name}, {p.meaning}, is {range_in_words(p)}": None}
            if strange := sorted(map(str, (p.low.free_symbols | p.high.free_symbols) - set(earlier.ranges))):
                yield shown, f"the ends of {p.name} use {', '.join(strange)}; give it ends in parameters before it"
            if not _has_values(earlier, p):
                yield shown, f"{p.name} may have no values, between {p.low} and {p.high}; give it ends that it can have"
            earlier = Known((*earlier.parameters, p), self.proof.let, s.relations)
        for symbol, meaning in self.proof.let:
            if symbol in names or symbol != sympy.Symbol(str(symbol)) or not meaning.free_symbols <= set(names):
                yield (
                    sympy.Eq(symbol, meaning, evaluate=False),
                    (f"{symbol} is no abbreviation: a new name for a formula in parameters and earlier abbreviations"),
                )
            names.append(symbol)

    def _surely(self, step: Step) -> Line | None:
        """A step between fixed parameters, shown without what is spent; other steps are left for later."""
        if not self.sure.plain_symbols(step.relation) <= self.sure.fixed or self._why_not(step, self.sure):
            return None
        line = self._take("so", step, self.sure)
        return self.lines.pop() if line.shown else None

    def _unpaid(self, spend: Spend, index: int) -> list[str]:
        """What is missing, in words, for the spend at this index to grant what it says; empty where nothing is."""
        needed, error = _tried(unpaid, self.sure, self.statement, spend, self.proof.parameters)
        if needed is None:
            return [f"formulas that can be read {error}"]
        s, where = self.statement, spend.where
        if not needed and where is not None and not witnesses(s.parameters, (*s.relations, where)):
            needed.append(f"a point at which it is spent, as {where} holds nowhere; what nobody pays for is a fact")
        for earlier in self.proof.spends[:index]:
            shared = {name for _, name in earlier.bound} & {name for _, name in spend.bound}
            if shared and not _one_variable(earlier, spend):
                taken = ", ".join(sorted(map(str, shared)))
                needed.append(f"a name of its own where it says {taken}, which {_name(earlier)} binds")
        if isinstance(spend.event, StatementRecord):
            if spend.event.proof is None:
                needed += self._unproved(spend, spend.event)
            elif (certificate := check(spend.event)).holds is not True:
                needed.append(f"a certificate of its own ({len(certificate.missing)} steps of it were not shown)")
        return needed

    def _unproved(self, spend: Spend, event: StatementRecord) -> list[str]:
        """What is missing to take a spent statement as known: who proves it, its last reading, no number against it."""
        if not in_words(spend.proved):
            return ["a certificate of its own (it carries no proof), or the words who proves it (proved)"]
        if event.superseded:
            return [f"the reading that holds, not the one {event.reading}"]
        claim = event.claims[0]  # where nothing is random its truth is what it bounds
        kept = claim.func(event.truth, claim.rhs) if event.failure == 0 else sympy.Le(event.truth, event.failure)
        told = event.truth is not None and spend.at(kept).free_symbols <= set(self.statement.symbols)
        return ["to be true"] if told and any(_is_false(spend.at(kept), at) for at in self.points) else []

    def _grant(self, spend: Spend, needed: list[str]) -> None:
        """Add a line for each relation granted, believe it where nothing is missing, and note what is assumed."""
        name = _name(spend)
        why = f"{name}, spent {_times(spend.count)}" if not needed else f"{name} needs {', '.join(needed)}"
        for granted in spend.granted:
            needs_more = needed or type(granted) not in RELATIONS or self.here.undefined(granted)
            if needs_more and not needed:
                why = f"{name} grants nothing that is defined: {needs_more}"
            self._line("spends", granted, not needs_more, why)
            if not needs_more:
                self.here.add(granted)
        self.assumed |= dict.fromkeys(text for text in (spend.because, spend.otherwise, spend.whole) if text)
        if isinstance(spend.event, StatementRecord) and spend.event.proof is None:
            self.assumed |= {f"{name} is proved by {spend.proved}": None}
        if isinstance(spend.event, StatementRecord) and spend.event.proof is not None:
            told = check(spend.event).assumed  # what it assumes in words itself is met, by what the spend says
            self.assumed |= {f"{name}: {text}": None for text in told if text not in spend.event.assumed}
        for parameter in sorted(self.own & self.sure.fixed, key=str):
            if any(parameter in self.sure.plain(value).free_symbols for value in (*spend.used, spend.count)):
                self.assumed |= {f"{parameter} is a fixed number, and depends on nothing random": None}
        for parameter in spend.given:
            self.assumed |= {f"{name} is spent given {parameter}, on which what is random in it does not depend": None}
        if isinstance(spend.event, Tail) and not _is_ours(spend.event):
            ranges = [(name, self.sure.ranges[name]) for _, name in spend.bound if name in self.sure.ranges]
            self.assumed |= {f"{name} is {range_in_words(p)}": None for name, p in ranges if p.edges or p.integer}

    def _own_laws(self) -> None:
        """What a law of the user's says of itself is taken as known wherever it stands."""
        sides = [side for line in self.lines if line.shown for side in line.relation.args]
        found = {tail for side in (*sides, self.proof.spent) for tail in self.sure.plain(side).atoms(Tail)}
        names = sorted({type(tail).__name__ for tail in found if not _is_ours(tail)})
        self.assumed |= {f"{name} is the law that its class says it is": None for name in names}

    def _take(self, part: str, step: Step, known: Known) -> Line:
        """The line of a step, added to the others; what is shown is known from here on, what a fact says is assumed."""
        why = self._why_not(step, known)
        how = f"{'a fact' if isinstance(step.by, Fact) else name_of(step.by)} needs {why}" if why else name_of(step.by)
        if why and not isinstance(step.by, Fact) and (at := _tried(self._refuted, step.relation)[0]):
            how = f"false at {at}; {how}"
        line = self._line(part, step.relation, not why, how, step.because)
        if isinstance(step.by, Fact):
            self.assumed |= {step.by.why: None}
        if not why:
            known.add(step.relation)
        return line

    def _why_not(self, step: Step, known: Known) -> str:
        ask = self._no_fact if isinstance(step.by, Fact) else missing
        why, error = _tried(ask, known, step.relation, step.by)
        return f"formulas that can be read {error}" if why is None else why

    def _no_fact(self, known: Known, relation: Formula, fact: Formula) -> str:
        """A fact is believed where it is named, what it needs is known, and it is not plainly false."""
        if type(relation) not in RELATIONS:
            return f"a relation that SymPy keeps, not {relation}"
        if not in_words(fact.why):
            return "words: what is taken as known has a name"
        if unmet := [str(need) for need in fact.needs if not self._met(need, known)]:
            return ", ".join(unmet)
        if part := known.undefined(relation):
            return f"both sides defined: {part}"
        return f"to be true, and is not at {at}" if (at := self._refuted(relation)) else ""

    def _refuted(self, relation: Formula) -> str:
        """A point, in words, at which a relation between the statement's parameters is plainly false; or ''."""
        known = self.sure
        if type(relation) not in RELATIONS or not known.plain_symbols(relation) <= set(self.statement.symbols):
            return ""
        plain = type(relation)(*map(known.plain, relation.args), evaluate=False)
        found = next((at for at in self.points if _is_false(plain, at)), None)
        return "" if found is None else ", ".join(f"{a} = {b}" for a, b in found.items()) or "all"

    def _met(self, need: Formula | str, known: Known) -> bool:
        return need in self.statement.assumed if isinstance(need, str) else known.has(need)

    def _claim(self, claim: Relational) -> None:
        """A claim is one of the relations shown, or weaker than one by its strictness only."""
        part = self.here.undefined(claim)
        found = not part and any(
            (known.rel_op == claim.rel_op or (known.rel_op, claim.rel_op) in ((">", ">="), ("<", "<=")))
            and known.lhs == claim.lhs
            and self.here.same(known.rhs, claim.rhs)
            for known in self.here.relations
        )
        why = f"its bound may not be defined: {part}" if part else "no step shows it; end the steps with this relation"
        self._line("claims", claim, found, "shown above" if found else why)

    def _add_up(self) -> None:
        """The sum of what is spent, by a chain of relations that are surely known, to what is allowed."""
        total, allowed = self.proof.spent, self.statement.failure
        for step in self.proof.budget:
            if type(step.relation) not in RELATIONS or step.relation.rel_op == "!=":
                self._line("budget", step.relation, False, "this does not compare; write <= or ==", step.because)
                return
            small, large = ordered(step.relation)
            if not self.sure.same(small, total):
                why = f"the chain stands at {total}; go on from there"
                self._line("budget", step.relation, False, why, step.because)
                return
            self._take("budget", step, self.sure)
            total = large
        reached = sympy.Le(total, allowed, evaluate=False)
        if part := self.sure.undefined(allowed) or self.sure.undefined(total):
            self._line("budget", reached, False, f"it may not be defined: {part}")
        elif not self.sure.same(total, allowed):
            self._line("budget", reached, False, "the chain ends before the failure probability allowed")
        elif not self.proof.budget:
            self._line("budget", reached, True, "which is what is allowed")


def _tried(ask: Callable[..., T], *args: Any) -> tuple[T | None, str]:
    """The answer, or None and the error in words: SymPy may raise anything for what has no place in a proof."""
    try:
        return ask(*args), ""
    except Exception as error:  # noqa: BLE001  whatever SymPy raises, the step is not shown
        return None, f"({type(error).__name__}: {error})"


def _is_ours(tail: Tail) -> bool:
    return type(tail) is getattr(tails, type(tail).__name__, None)


def _is_false(relation: Formula, at: Mapping[sympy.Symbol, Value]) -> bool:
    try:
        return holds(relation, at) is False
    except BoundkitError:  # a law that nobody can compute
        return False


def _has_values(known: Known, p: Parameter) -> bool:
    """Whether a range is not empty, whatever the parameters of its ends are."""
    if p.low.is_infinite or p.high.is_infinite:
        return bool(p.low != sympy.oo and p.high != -sympy.oo)
    apart = sympy.Lt if p.strict else sympy.Le
    whole = not p.integer or (known.whole(p.low) and known.whole(p.high) and not p.strict)
    relation: Formula = apart(p.low if whole else p.low + 1, p.high, evaluate=False)
    return known.has(relation)


def _one_variable(a: Spend, b: Spend) -> bool:
    """Whether two laws are said, in the same words, to be of the same variable."""
    if not (isinstance(a.event, Tail) and isinstance(b.event, Tail) and a.event.event and b.event.event):
        return False
    return a.event.event[:2] == b.event.event[:2] and a.because == b.because


def _name(spend: Spend) -> str:
    return spend.event.title if isinstance(spend.event, StatementRecord) else "its law"


def _times(count: Formula) -> str:
    return "once" if count == 1 else f"{TextPrinter({}).doprint(count)} times"
