"""A statement and its proof as a file that Coq checks.

What the statement speaks of is a section: its parameters with their ranges, its hypotheses, any probability, and the
quantities as functions of the outcome. What is taken as known is a hypothesis of the section, with its words beside it,
and says what it says only where that is defined. All the rest are lemmas, the last of them the statement: with the
section closed it shows everything that it assumes.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy.core.relational import Relational

from boundkit.engine.proof.coq.file import plainly
from boundkit.engine.proof.coq.stating import Stated
from boundkit.engine.proof.coq.writing import AND, OR, OUTCOME, Condition, Writer, is_plain, sign_of
from boundkit.engine.proof.kernel import missing
from boundkit.engine.proof.known import Known, ordered
from boundkit.engine.proof.together import ends, facts_of, together
from boundkit.errors import StatementError
from boundkit.model.proof import Fact, NonnegativeSum, Spend, Step
from boundkit.model.statement import StatementRecord
from boundkit.values import Formula


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
    return _proved(statement).written()


def stated(statement: StatementRecord) -> str:
    """Return all that a translation assumes and what follows, without the lemmas that show it.

    Raises
    ------
    StatementError
        As `translated`.
    """
    proved = _proved(statement)
    proved.open()
    return "\n".join([*proved.lines, proved.says()])


def _proved(statement: StatementRecord) -> _Proved:
    if statement.proof is None:
        raise StatementError(f"{statement.title} carries no proof to translate; give it a `proof`")
    return _Proved(statement, statement.proof)


class _Proved(Stated):
    """The lemmas."""

    def written(self) -> Translation:
        """The file, from top to bottom."""
        self.done: set[Condition] = set()
        self.early: set[int] = set()
        self.open()
        for name in [name for name in self.premises if name.partition("_")[0] == "assumption"]:
            if self.premises[name][1]:
                self._holds(name, self.sure)
        self._fixed_steps()
        for i, spend in enumerate(self.proof.spends):
            self._spend(f"spend_{i + 1}", f"paid_{i + 1}", spend)
        self._budget()
        self._outcome()
        self._theorem()
        self._somewhere()
        return Translation(self.name, "\n".join(self.lines) + "\n", tuple(self.about))

    def _fixed_steps(self) -> None:
        """Steps between fixed parameters, shown without what is spent."""
        for i, step in enumerate(self.proof.steps):
            fact = isinstance(step.by, Fact)
            if not self.is_random(step.relation) and (fact or not missing(self.sure, step.relation, step.by)):
                self.early.add(i)
                self._step(i, step, self.sure)

    def _spend(self, name: str, paid: str, spend: Spend) -> None:
        """What a spend costs, everything that it needs being so."""
        known = self.sure if spend.where is None else self.sure.where(spend.where)
        given, intro = ("", "") if spend.where is None else (f"{self.closed(spend.where)} -> ", "intros W; ")
        needs = [f"{name}_needs_{i + 1}" for i, _ in enumerate(self.price(spend))]
        for lemma, condition in zip(needs, self.price(spend), strict=True):
            script = self._whole(name, known, spend, condition) or self.shown(known, condition)
            self.lemma(lemma, f"{given}{self.closed(condition)}", f"{intro}{script}", f"{name} applies")
        if spend.where is None:
            proof = f"exact ({' '.join([name, *needs])})"
        else:
            where = self.closed(spend.where)
            proof = (
                f"assert (S : 0 <= {self.cost(spend)}) by ({self._unspent(spend)});\n"
                f"  assert (D : {{{where}}} + {{~ ({where})}}) by decided; destruct D as [W | W];\n"
                f"  [exact ({' '.join([name, 'W', *(f'({need} W)' for need in needs)])}) |];\n"
                "  destruct Prob_is as [none [grows adds]]; eapply Rle_trans; [| exact S];\n"
                f"  rewrite <- none; apply grows; intros {OUTCOME} H; apply H; now apply {name}_elsewhere"
            )
        self.lemma(paid, self.paid(spend), proof, f"what {name} costs")

    def _unspent(self, spend: Spend) -> str:
        cost = spend.count * spend.failure
        return self.posed(cost) + "sign"

    def _whole(self, name: str, known: Known, spend: Spend, condition: Condition) -> str:
        """The script of what follows from a value being whole for a reason in words; '' of all else."""
        for i, value in enumerate(self.whole_in_words(spend)):
            told, low = f"{name}_whole_{i + 1}", value - condition.expr
            if condition == Condition("whole", value):
                return f"exact {told}"
            if condition.kind == "at least" and low.is_Integer:  # above low - 1, and whole
                above = Condition("above", condition.expr + 1)
                asserted = f"assert (A : {self.proposition(above)}) by ({self.shown(known, above)})"
                return f"{asserted};\n  pose proof (whole_from {low} {self.writer.term(value)} {told} ltac:(lra)); lra"
        return ""

    def _budget(self) -> None:
        """The chain from what is spent to what is allowed."""
        self._define(self.sure, self.proof.spent, self.statement.failure)
        chain: list[str] = []
        total: Formula = self.proof.spent
        for i, step in enumerate(self.proof.budget):
            self._step(len(self.proof.steps) + i, step, self.sure)
            small, large = ordered(step.relation)
            how = {"<=": "", ">=": "", "==": "right; "}.get(step.relation.rel_op, "left; ")
            start = f"right; {self.same(self.sure, total, small)}"
            for to, why in ((small, start), (large, f"{how}exact {self.name_of(step.relation)}")):
                chain.append(f"apply Rle_trans with {self.fixed.term(self.sure.plain(to))}; [{why} |]")
            total = large
        chain.append(f"right; {self.same(self.sure, total, self.statement.failure)}")
        posed = self.posed(self.proof.spent, self.statement.failure)
        self.lemma(
            "adds_up", f"{self._total()} <= {self._allowed()}", posed + ";\n  ".join(chain), "the sum of what is spent"
        )

    def _total(self) -> str:
        """The sum of what is spent, in the order of the union bound."""
        costs = [self.cost(spend) for spend in self.proof.spends] or ["0"]
        return "".join(f"{cost} + (" for cost in costs[:-1]) + costs[-1] + ")" * (len(costs) - 1)

    def _allowed(self) -> str:
        return self.fixed.term(self.sure.plain(self.statement.failure))

    def _outcome(self) -> None:
        """Where nothing that was spent fails, the claims hold."""
        here = Known(self.sure.parameters, self.proof.let, self.sure.relations)
        self.lines += ["", "Section outcome.", ""]
        self.say(f"Variable {OUTCOME} : Omega.")
        self.inside = True
        for i, spend in enumerate(self.proof.spends):
            for j, relation in enumerate(spend.granted):
                name = f"granted_{i + 1}_{j + 1}"
                self.say(f"Hypothesis {name} : {self.proposition(relation)}.")
                here.add(relation)
                self.named.append((relation, name))
        for i, step in enumerate(self.proof.steps):
            if i not in self.early:
                self._step(i, step, here)
        claims = [f"claim_{i + 1}" for i in range(len(self.statement.claims))]
        for name, claim in zip(claims, self.statement.claims, strict=True):
            self._claim(name, claim, here)
        self.lemma(
            "claimed",
            self._claims(),
            f"repeat split; first [{' | '.join(f'exact {c}' for c in claims)}]",
            "the claims",
            using=True,
        )
        self.lines += ["End outcome.", ""]
        self.inside = False

    def _claim(self, name: str, claim: Relational, known: Known) -> None:
        """A claim is one of the relations shown, or weaker than one by its strictness only."""
        self._define(known, claim)
        operators = (claim.rel_op, claim.rel_op.rstrip("="))
        found = (
            (relation, told)
            for relation, told in self.named
            if isinstance(relation, Relational) and relation.lhs == claim.lhs and relation.rel_op in operators
        )
        at = next(((relation, told) for relation, told in found if known.same(relation.rhs, claim.rhs)), None)
        if at is None:
            raise StatementError(f"no step shows {claim}; end the steps with this relation")
        relation, told = at
        equal = " = ".join(self.writer.term(known.plain(side)) for side in (claim.rhs, relation.rhs))
        same = self.same(known, claim.rhs, relation.rhs)
        proof = f"{self.posed(claim)}assert (E : {equal}) by ({same});\n  pose proof {told}; lra"
        self.lemma(name, self.proposition(claim), proof, "a claim")

    def _claims(self) -> str:
        return AND.join(self.writer.comparison(plainly(self.sure, claim)) for claim in self.statement.claims)

    def says(self) -> str:
        """The statement."""
        return f"Prob (fun {OUTCOME} => ~ ({self._claims()})) <= {self._allowed()}"

    def _theorem(self) -> None:
        """The statement: the probability that a claim fails is at most what is allowed, by the union bound."""
        granted = [self.granted(spend) for spend in self.proof.spends]
        bad = [f"~ {event}" for event in granted]
        fails = [
            f"assert (D{i} : {{{g}}} + {{~ {g}}}) by decided; destruct D{i} as [D{i} | D{i}]; [| tauto]; "
            for i, g in enumerate(granted)
        ]
        steps = [
            "destruct Prob_is as [none [grows adds]]",
            f"apply Rle_trans with (Prob (fun {OUTCOME} => {OR.join(bad) or 'False'}));\n"
            f"  [apply grows; intros {OUTCOME} H; {''.join(fails)}exfalso; apply H; apply claimed; tauto |]",
            "eapply Rle_trans; [| exact adds_up]",
        ]
        steps += [
            f"eapply Rle_trans; [apply adds | apply Rplus_le_compat; [exact paid_{i + 1} |]]"
            for i in range(len(bad) - 1)
        ]
        steps.append(f"exact paid_{len(bad)}" if bad else "right; exact none")
        self.lemma(self.name, self.says(), ";\n  ".join(steps), "the statement", "Theorem", True)
        self.lines += [f"End {self.name}.", "", f"Check {self.name}.", f"Print Assumptions {self.name}."]

    def _somewhere(self) -> None:
        """Values at which hypotheses, ranges and facts hold together: from what contradicts itself anything follows."""
        s, found = self.statement, together(self.statement, self.proof)
        if found is None:
            raise StatementError(
                f"no values were found at which the hypotheses and facts of {s.title} hold together; "
                "give some, at=((name, value), ...)"
            )
        spoken = (*self.parameters, *self.quantities)
        numbers = {x: sympy.Rational(v.numerator, v.denominator) for x, v in found.numbers.items()}
        there = {symbol: Writer({}).term(value) for symbol, value in numbers.items()}
        for _ in found.formulas:
            there |= {x: Writer(there).term(f) for x, f in found.formulas.items() if f.free_symbols <= there.keys()}
        here = self.plain
        said = (*(end for p in spoken for end in ends(p)), *s.relations, *facts_of(self.proof))
        whole = [here.condition(Condition("whole", p.symbol)) for p in spoken if p.integer]
        parts = AND.join(f"({text})" for text in (*map(here.proposition, said), *whole)) or "True"
        names = " ".join(here.names.values())
        at = f"exists {', '.join(there[p.symbol] for p in spoken)}; " if names else ""
        says = f"exists {names} : R, {parts}" if names else parts
        self.lemma("somewhere", says, f"{at}at_a_point", "values at which all that is assumed holds together")

    def _step(self, i: int, step: Step, known: Known) -> None:
        """A step as a lemma, what it needs to be defined before it; of a fact, that what it needs is so."""
        if isinstance(step.by, Fact):
            self._holds(f"fact_{i + 1}", known)
            known.add(step.relation)
            return
        self._define(known, step.relation)
        inside = [factor for term in getattr(step.by, "terms", ()) for factor in term]
        about = [step.relation, *inside, getattr(step.by, "theta", sympy.S.Zero)]
        script = self.script(known, *about).step(step.relation, step.by)
        self.lemma(f"step_{i + 1}", self.proposition(step.relation), self.posed(*about) + script, str(step.relation))
        known.add(step.relation)
        self.named.append((step.relation, f"step_{i + 1}"))

    def _holds(self, name: str, known: Known) -> None:
        """A hypothesis without the conditions under which it is said, each of them shown."""
        thing, needs = self.premises[name]
        shown = [name, *([OUTCOME] if self.is_random(thing, *needs) else [])]
        for i, need in enumerate(needs):
            lemma = f"{name}_needs_{i + 1}"
            self.lemma(lemma, self.proposition(need), self._need(need, known), f"{name} applies")
            shown.append(lemma)
        told = name
        if len(shown) > 1:
            told = f"{name}_holds"
            self.lemma(told, self.proposition(thing), f"exact ({' '.join(shown)})", str(thing))
        self.named.append((thing, told))

    def _need(self, need: Formula | Condition, known: Known) -> str:
        """The script of what a hypothesis needs."""
        if isinstance(need, Condition):
            return self.shown(known, need)
        if need.rel_op == "!=":
            return self.shown(known, sign_of(need))
        if need.rel_op == "==":
            return self.posed(need) + self.same(known, *need.args)
        return self.posed(need) + self.script(known, need).step(need, NonnegativeSum())

    def _define(self, known: Known, *things: Formula) -> None:
        """What has to hold for formulas to be defined, each shown once."""
        for condition in self.conditions(*things):
            if condition not in self.done and isinstance(condition, Condition) and not is_plain(condition):
                self.done.add(condition)
                lemma = f"defined_{len(self.done)}"
                self.lemma(lemma, self.proposition(condition), self.shown(known, condition), "it is defined")
                self.named.append((condition, lemma))
