"""Formulas as Coq writes them, and what has to hold for each to be the number that is meant.

Coq's functions are total: 1/0, the root of -1 and the log of 0 are numbers there. So beside every formula stand its
conditions, each of them a sign, and each is shown or asked for wherever the formula is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
import re
from typing import Literal

import sympy
from sympy.core.relational import Relational

from boundkit.engine.proof.known import Known, gap, ordered, strict
from boundkit.errors import StatementError
from boundkit.tails import Tail
from boundkit.values import Formula

FUNCTIONS = {sympy.exp: "exp", sympy.log: "ln", sympy.Abs: "Rabs", sympy.erfc: "erfc"}
OPERATORS = {"<=": "<=", "<": "<", ">=": ">=", ">": ">", "==": "=", "!=": "<>"}
AND, OR = " /\\ ", " \\/ "
OUTCOME = "omega"
THETA = sympy.Symbol("theta")
HALF = sympy.Rational(1, 2)
PRELUDE = Path(__file__).with_name("prelude.v").read_text(encoding="utf-8")
TAKEN = frozenset(  # words of Coq, names of its library in scripts, and those that files of ours use
    """R Z IZR INR exp ln sqrt Rabs Rmin Rmax PI Rle_trans Rle_lt_dec Rplus_le_compat ln_exp ex inhabited fun forall
    exists exists2 in if then else match with end let fix cofix as at by do for mod IF return Prop Set Type SProp using
    where theorem erfc theta Omega omega point Prob Prob_is none grows adds between H W S L A claimed adds_up somewhere
    outcome averaged_normal_tail""".split()  # noqa: SIM905  as a list of strings nobody could read them
) | set(re.findall(r"^(?:Lemma|Definition) (\w+)", PRELUDE, re.MULTILINE))
OURS = re.compile(
    r"(step|fact|spend|paid|defined|budget|claim|granted|assumption|markov)_|(E|D|root|square|above)\d*$"
    r"|\w+_(range_\d+|whole|sign)$|x_\d+$"
)


@dataclass(frozen=True)
class Condition:
    """What has to hold for a formula to be defined: an expression above 0, at least 0, not 0, or an integer."""

    kind: Literal["above", "at least", "apart", "whole"]
    expr: Formula


def identifier(name: str) -> str:
    """A name as Coq takes it, none of its own and none of ours."""
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    ours = plain in TAKEN or not plain[:1].isalpha() or OURS.match(plain)
    return f"the_{plain}" if ours else plain


def identifiers(names: Iterable[str]) -> list[str]:
    """A name for each, no two of them the same."""
    found: dict[str, None] = {}
    for name in map(identifier, names):
        while name in found:
            name = f"the_{name}"
        found[name] = None
    return list(found)


@dataclass(frozen=True)
class Writer:
    """Formulas in Coq's spelling; `names` says what each symbol is called, at the outcome where it is random."""

    names: Mapping[Formula, str]

    def relation(self, relation: Relational) -> str:
        """Both sides, and how they compare."""
        left, right = map(self.term, relation.args)
        return f"{left} {OPERATORS[relation.rel_op]} {right}"

    def comparison(self, relation: Relational) -> str:
        """The same, the smaller side first."""
        if relation.rel_op in ("==", "!="):
            return self.relation(relation)
        small, large = map(self.term, ordered(relation))
        return f"{small} {'<' if strict(relation) else '<='} {large}"

    def proposition(self, thing: Formula) -> str:
        """A comparison, or some joined by And and Or."""
        if isinstance(thing, sympy.And | sympy.Or):
            joint = AND if isinstance(thing, sympy.And) else OR
            return f"({joint.join(map(self.proposition, thing.args))})"
        return self.comparison(thing)

    def condition(self, condition: Condition) -> str:
        """A condition as a proposition."""
        term = self.term(condition.expr)
        forms = {"above": f"0 < {term}", "at least": f"0 <= {term}", "apart": f"{term} <> 0", "whole": f"whole {term}"}
        return forms[condition.kind]

    def term(self, expr: Formula) -> str:
        """An expression, in brackets wherever it has parts."""
        if expr in self.names:
            return self.names[expr]
        if expr.is_Symbol:
            raise StatementError(f"{expr} is not a number here: it is random, or not declared")
        if expr.is_Rational:
            return str(expr.p) if expr.is_Integer and expr >= 0 else f"({expr.p} / {expr.q})".replace(" / 1)", ")")
        if expr is sympy.pi:
            return "PI"
        if expr is sympy.E:
            return "(exp 1)"
        if expr.is_Add:
            return self._sum(expr)
        if expr.is_Mul:
            return self._product(expr)
        if expr.is_Pow:
            return self._power(expr)
        if isinstance(expr, sympy.Min | sympy.Max):
            name, (first, *others) = ("Rmin" if isinstance(expr, sympy.Min) else "Rmax"), expr.args
            rest = others[0] if len(others) == 1 else expr.func(*others, evaluate=False)
            return f"({name} {self.term(first)} {self.term(rest)})"
        name = FUNCTIONS.get(expr.func) or (called(type(expr)) if isinstance(expr, Tail) else "")
        if not name or (isinstance(expr, sympy.log) and len(expr.args) != 1):
            raise StatementError(f"{expr} has no spelling in Coq")
        return f"({' '.join([name, *map(self.term, expr.args)])})"

    def _sum(self, expr: Formula) -> str:
        """Terms in their printed order, a minus sign before those that have one."""
        text = ""
        for term in expr.as_ordered_terms():
            number = term.as_coeff_Mul()[0]
            if text and number.is_negative:
                text += f" - {self.term(-term)}"
            else:
                text += f" + {self.term(term)}" if text else self.term(term)
        return f"({text})"

    def _product(self, expr: Formula) -> str:
        """One fraction, a minus sign before it."""
        number, rest = expr.as_coeff_Mul()
        if number.is_negative:
            return f"(- {self.term(-expr)})"
        above = [sympy.Integer(number.p)] * (number.p != 1)
        below = [sympy.Integer(number.q)] * (number.q != 1)
        for factor in sympy.Mul.make_args(rest):
            power = factor.exp if factor.is_Pow else sympy.S.One
            turned = power.is_Rational and power < 0
            (below if turned else above).append(factor.base**-power if turned else factor)
        numerator = " * ".join(map(self.term, above)) or "1"
        return f"({numerator} / {self._grouped(below)})" if below else f"({numerator})"

    def _grouped(self, factors: list[Formula]) -> str:
        written = " * ".join(map(self.term, factors))
        return written if len(factors) == 1 else f"({written})"

    def _power(self, expr: Formula) -> str:
        """Whole powers, roots, and `power` for all else."""
        base, exponent = self.term(expr.base), expr.exp
        if exponent.is_Rational and exponent < 0:
            return f"(/ {self.term(expr.base**-exponent)})"
        if exponent == HALF:
            return f"(sqrt {base})"
        if exponent.is_Integer:
            return f"({base} ^ {exponent})"
        if exponent.is_Rational and exponent.q == 2:
            return f"(sqrt {base} ^ {exponent.p})"
        return f"(power {base} {self.term(exponent)})"


def is_plain(condition: Condition) -> bool:
    """Whether a number meets a condition, which then needs no proof."""
    x = condition.expr
    if not x.is_Rational:
        return False
    return bool({"above": x > 0, "at least": x >= 0, "apart": x != 0, "whole": x.is_Integer}[condition.kind])


def conditions(known: Known, *things: Formula) -> dict[Condition, None]:
    """What has to hold for expressions, or both sides of relations, to be defined: inner parts first, each once."""
    found: dict[Condition, None] = {}
    for thing in things:
        for side in thing.args if isinstance(thing, Relational) else (thing,):
            for part in sympy.postorder_traversal(known.plain(side)):
                found |= dict.fromkeys(_of_part(known, part))
    return found


def called(law: type[Tail]) -> str:
    """What a law is called."""
    return identifier(law.__name__)


def law_of(law: type[Tail]) -> Tail:
    """A law of parameters of its own."""
    count = int(max(law.nargs)) if isinstance(law.nargs, sympy.FiniteSet) else len(law.parameters)
    found: Tail = law(*sympy.symbols(f"x_1:{count + 1}"))
    return found


class LawAtTheta:
    """Markov's inequality for exp(theta X), X the variable of a law: P <= sides exp(exponent), under conditions."""

    def __init__(self, law: type[Tail]) -> None:
        self.tail = law_of(law)
        self.symbols = (*self.tail.args, THETA)
        if self.tail.event is None:
            raise StatementError(f"{law.__name__} does not say what its event is; give it an `event`")
        sign = 1 if self.tail.event[2] == ">=" else -1
        cumulant, finite = self.tail.cumulant(sign * THETA)
        self.exponent = cumulant - sign * THETA * self.tail.event[3]
        needs = [*conditions(Known(()), self.tail, cumulant)]
        needs += _signs_of(finite)
        self.needs = tuple(dict.fromkeys([*needs, Condition("at least", THETA)]))
        self.relation = sympy.Le(self.tail, self.tail.sides * sympy.exp(self.exponent), evaluate=False)


def _signs_of(relation: Formula) -> list[Condition]:
    """A condition of a law as signs; none where it is always so, and one that is never met where it never is."""
    if isinstance(relation, Relational):
        return [sign_of(relation)]
    if isinstance(relation, sympy.And):
        return [sign for part in relation.args for sign in _signs_of(part)]
    if relation == sympy.true:
        return []
    if relation == sympy.false:
        return [Condition("above", sympy.S.Zero)]
    raise StatementError(f"the condition {relation} has no translation")


def sign_of(relation: Formula) -> Condition:
    """A comparison as the sign of its gap."""
    if relation.rel_op == "!=":
        return Condition("apart", relation.lhs - relation.rhs)
    if relation.rel_op == "==":
        raise StatementError(f"{relation} has no translation as a condition; write it as two comparisons")
    return Condition("above" if strict(relation) else "at least", gap(relation))


def _of_part(known: Known, part: Formula) -> Iterator[Condition]:
    """What the outermost function of an expression asks for."""
    if isinstance(part, sympy.log):
        yield Condition("above", part.args[0])
    elif isinstance(part, Tail):
        yield from (Condition("whole", known.plain(x)) for x in part.whole)
        yield from (sign for relation in part.domain for sign in _signs_of(relation))
    elif part.is_Pow:
        base, exponent = part.args
        if exponent.is_Integer:
            if exponent < 0:
                yield Condition("apart", base)
        elif known.nonnegative(base, True) or (exponent.is_Rational and exponent < 0):
            yield Condition("above", base)
        else:
            yield Condition("at least", base)
            if not exponent.is_Rational:
                yield Condition("at least", exponent)
