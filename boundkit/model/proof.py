"""A proof as data: what it spends, what it takes as known, and steps that a machine can check.

The proof of a statement spends events: other statements, or laws, each of which fails with some probability. Where
none of them fails, their claims are granted, and steps of algebra lead from there to the statement's own claims; one
more chain of steps leads from the sum of what was spent to the failure probability that the statement allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy
from sympy.core.relational import Relational

from boundkit.coerce import exactly, expression
from boundkit.errors import StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.statement import StatementRecord
from boundkit.tails import Tail
from boundkit.values import Formula, cut_text

Factor = Formula  # an expression, or a relation that is known, which stands for its gap
Term = tuple[Factor, ...]

FAILS = {"<=": sympy.Gt, "<": sympy.Ge, ">=": sympy.Lt, ">": sympy.Le}
_CLOSED = {sympy.Lt: sympy.Le, sympy.Gt: sympy.Ge}


@dataclass(frozen=True)
class Fact:
    """Taken as known, and named in the certificate: what numbers cannot see, or a theorem of the literature.

    `needs` is what it is only true under: relations that are known before it, and assumptions of the statement, in
    their own words.
    """

    why: str
    needs: tuple[Relational | str, ...] = ()


@dataclass(frozen=True)
class NonnegativeSum:
    """The larger side less the smaller one is a sum of products of what is at least 0.

    Without terms the machine looks for the sum itself; a term is a tuple of factors, each an expression or a known
    relation, which stands for the larger of its sides less the smaller one.
    """

    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Squares:
    """Both sides are at least 0, and the squares compare, by `NonnegativeSum`."""

    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Logs:
    """Both sides are positive, and the logarithms compare, by `NonnegativeSum`."""

    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Both sides are one expression."""


@dataclass(frozen=True)
class Chernoff:
    """P[X >= x] <= E exp(theta (X - x)), and P[X <= x] <= E exp(theta (x - X)), for theta >= 0 (Markov)."""

    theta: sympy.Expr


@dataclass(frozen=True)
class GaussianMixtureTail:
    """P[one row sum of m <= 0] <= (1 - 1/m)^(n/2)/2, for m >= 1.

    It is P[g <= -sqrt(R/(m - 1))], g normal and R chi-square: the normal tail is at most exp(-R/(2 (m - 1)))/2, and the
    mean of that is (1 + 1/(m - 1))^(-n/2)/2. At m = 1 both sides are 0.
    """


@dataclass(frozen=True)
class Unimodal:
    """The larger side less the smaller one rises with the parameter up to `turn`, then falls, and both ends are >= 0.

    Without `turn` it rises all the way. Its range ends at a number, or at infinity.
    """

    parameter: sympy.Symbol
    turn: sympy.Expr | None = None


Rule = Fact | NonnegativeSum | Squares | Logs | Identity | Chernoff | GaussianMixtureTail | Unimodal


@dataclass(frozen=True)
class Step:
    """One relation, how it follows from what is known, and what it says in words."""

    relation: Relational
    by: Rule = NonnegativeSum()
    because: str = ""


@dataclass(frozen=True)
class Spend:
    """An event that the proof pays for: a statement at values of its parameters, or a law and its variable.

    Attributes
    ----------
    event : StatementRecord or Tail
        What may fail.
    values : tuple of (symbol, expression)
        Of the spent statement's parameters, where they differ from the proof's own; for a law one pair, its variable
        and the name it has here.
    names : tuple of (symbol, symbol)
        What the spent statement's quantities are called here.
    count : expression
        How often it is spent.
    because : str
        Why its assumptions are met here, or why the variable has this law; taken as known, and never left out.
    where : relation, optional
        The sizes at which it is spent; at all others its claims hold for the reason `otherwise`.
    otherwise : str
        That reason; taken as known.
    needs : tuple of str
        The statement's assumptions under which the spent statement's own are met, in their own words.
    whole : str
        Why parameters that have to be integers are; taken as known.
    proved : str
        Who proves a spent statement that carries no proof, such as a theorem of the literature; taken as known.
    given : tuple of symbols
        Random parameters of the proof that its values depend on, and that are independent of what may fail; printed.
    """

    event: StatementRecord | Tail
    values: tuple[tuple[sympy.Symbol, Formula], ...] = ()
    names: tuple[tuple[sympy.Symbol, sympy.Symbol], ...] = ()
    count: Formula = sympy.S.One
    because: str = ""
    where: Relational | None = None
    otherwise: str = ""
    needs: tuple[str, ...] = ()
    whole: str = ""
    proved: str = ""
    given: tuple[sympy.Symbol, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "event", _exact(self.event))
        object.__setattr__(self, "count", _exact(self.count))
        object.__setattr__(self, "values", tuple((symbol, _exact(value)) for symbol, value in self.values))

    @cached_property
    def granted(self) -> tuple[Relational, ...]:
        """What holds where the event does not fail."""
        here = {**dict(self.values), **dict(self.names)}
        claims: tuple[Relational, ...] = (
            (self._complement(self.event),)
            if isinstance(self.event, Tail)
            else tuple(claim.xreplace(here) for claim in self.event.claims)
        )
        return claims if self.where is None else tuple(_CLOSED.get(type(c), type(c))(*c.args) for c in claims)

    @property
    def failure(self) -> sympy.Expr:
        """The most that one of it costs."""
        return self.event if isinstance(self.event, Tail) else self.at(self.event.failure)

    @cached_property
    def bound(self) -> tuple[tuple[Parameter | None, Formula], ...]:
        """What it speaks of, each as the range that the event gives it, if it says so, and its name here."""
        if isinstance(self.event, Tail):
            support = self.event.support
            source = support and Parameter(sympy.Dummy(), False, support[0], sympy.oo, "", strict=support[1])
            return tuple((source, name) for _, name in self.values)
        names = dict(self.names)
        return tuple(
            (q.within(low=self.at(q.low), high=self.at(q.high)), names.get(q.symbol, q.symbol))
            for q in self.event.quantities
        )

    @property
    def used(self) -> tuple[Formula, ...]:
        """The values that it is spent at: the law's own parameters, or those of the spent statement."""
        if isinstance(self.event, Tail):
            return tuple(self.event.args)
        return tuple(self.at(symbol) for symbol in self.event.symbols)

    def at(self, expr: Formula) -> Formula:
        """An expression in the spent statement's parameters, in the proof's."""
        return expr.xreplace(dict(self.values))

    def _complement(self, tail: Tail) -> Relational:
        """The law's event turned round, of the variable named here; a StatementError where either is not said."""
        if tail.event is None or tail.event[2] not in FAILS:
            raise StatementError(f"{type(tail).__name__} does not say what its event is; give it an `event`")
        if len(self.values) != 1:
            raise StatementError(f"{type(tail).__name__} is the law of one variable; give it one name: {{X: X}}")
        ((_, variable),) = self.values
        _, _, operator, threshold = tail.event
        relation: Relational = FAILS[operator](variable, threshold)
        return relation


@dataclass(frozen=True)
class Proof:
    """Why a statement holds for all sizes.

    Attributes
    ----------
    spends : tuple of Spend
        The events that may fail.
    parameters : tuple of Parameter
        What the proof names besides the statement's own parameters and quantities, each with its range.
    let : tuple of (symbol, expression)
        Abbreviations.
    steps : tuple of Step
        From what is granted to the statement's claims.
    budget : tuple of Step
        A chain ``a <= b``, ``b <= c``, ... from the sum of what is spent to the failure probability allowed; empty
        where they are equal.
    at : tuple of (name, value)
        Values at which the hypotheses hold, and the facts with them, where they are not easily found.
    """

    spends: tuple[Spend, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    let: tuple[tuple[sympy.Symbol, Formula], ...] = ()
    steps: tuple[Step, ...] = ()
    budget: tuple[Step, ...] = ()
    at: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        for field, kind in (
            ("spends", Spend),
            ("parameters", Parameter),
            ("let", tuple),
            ("steps", Step),
            ("budget", Step),
            ("at", tuple),
        ):
            parts = getattr(self, field)
            if not isinstance(parts, tuple) or not all(isinstance(part, kind) for part in parts):
                raise StatementError(f"the {field} of a proof are {cut_text(parts)}; write a tuple of {kind.__name__}s")

    @property
    def spent(self) -> sympy.Expr:
        """The sum of what is spent: the failure probability that the proof gives."""
        return sympy.Add(*(spend.count * spend.failure for spend in self.spends))


def spend(
    event: StatementRecord | Tail,
    values: Mapping[Any, Any] | None = None,
    names: Mapping[Any, Any] | None = None,
    **how: Any,
) -> Spend:
    """Return a Spend; mappings are easier to write than pairs."""
    return Spend(event, _pairs(values), _pairs(names), **how)


def in_words(text: str) -> bool:
    """Whether a reason says anything that can be read."""
    return any(map(str.isalnum, text))


def _exact(value: Any) -> Any:
    """With floats as the decimals that they print: SymPy would round what is made of them."""
    return exactly(sympy.sympify(value)) if isinstance(value, float | sympy.Basic) else value


def _pairs(mapping: Mapping[Any, Any] | None) -> tuple[tuple[Formula, Formula], ...]:
    return tuple((key, expression(value, f"the value of {key}")) for key, value in (mapping or {}).items())
