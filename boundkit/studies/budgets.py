"""The failure budget of a proof: the events that it is spent on, and what each really costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import arb
import sympy

from boundkit.api.answers import Certificate
from boundkit.api.objects import Guarantee, Statement
from boundkit.enclose import BITS, ball, holds, log_ball, outward
from boundkit.engine.conditions import Given
from boundkit.engine.proof.words import LABELS, relation_between, spoken
from boundkit.errors import ParameterError, StatementError, asked_for
from boundkit.formats.expressions import TextPrinter
from boundkit.formats.tables import Tabular
from boundkit.model.proof import Spend
from boundkit.precision import at_bits
from boundkit.tails import Tail, normal_two_sided
from boundkit.values import Ball

NOTHING = arb("-inf")


@dataclass(frozen=True)
class Item:
    """One event that a proof spends on; logs of failure probabilities, for all `count` of it together.

    Attributes
    ----------
    spend : Spend
        The event.
    count : float
        How often it is paid for; 0 where it is not needed at these sizes.
    log_claimed : float
        By the spent statement's own failure probability.
    log_one_constant : float
        The same with P[|Z| >= x] <= e^(-x^2/2) for every two-sided normal tail in it, instead of 2 e^(-x^2/2).
    log_exact : float
        By the spent statement's exact law.
    """

    spend: Spend
    count: float
    log_claimed: float
    log_one_constant: float
    log_exact: float

    @property
    def name(self) -> str:
        """What is spent."""
        return event_name(self.spend)


def event_name(spend: Spend) -> str:
    """What a proof spends: a statement by its title, a law as a probability."""
    event = spend.event
    return event.title if isinstance(event, Statement) else str(TextPrinter({}).doprint(event))


@dataclass(frozen=True)
class Budget(Tabular):
    """A statement's failure probability as the sum of the events its proof spends.

    Attributes
    ----------
    guarantee : Guarantee
        The statement at given values.
    items : tuple of Item
        What its proof spends.
    log_printed : float
        What the statement allows.
    log_claimed, log_one_constant, log_exact : float
        The sums over the items.
    log_law : float or None
        The statement's own exact law; None where there is none.
    """

    guarantee: Guarantee
    items: tuple[Item, ...]
    log_printed: float
    log_claimed: float
    log_one_constant: float
    log_exact: float
    log_law: float | None

    @cached_property
    def formulas(self) -> dict[str, sympy.Expr]:
        """What is allowed, what the proof's own union bound gives, and that with one constant."""
        s = self.guarantee.statement
        spends = _spends(s)
        return {
            "printed": s.failure,
            "claimed": tidy(s, sympy.Add(*(spend.count * spend.failure for spend in spends))),
            "one_constant": tidy(s, sympy.Add(*(spend.count * one_constant(spend) for spend in spends))),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.studies.budget_words import budget_dict

        return budget_dict(self)

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record an event that its proof spends."""
        items: list[dict[str, Any]] = self.to_dict()["items"]
        return items

    def latex(self) -> str:
        r"""Return the budget as a LaTeX tabular, ready for \input."""
        from boundkit.studies.budget_words import budget_latex

        return budget_latex(self)

    def __str__(self) -> str:
        from boundkit.studies.budget_words import budget_text

        return budget_text(self)

    def __repr__(self) -> str:
        return f"<budget of {self.guarantee!r}: {len(self.items)} events>"

    def _repr_html_(self) -> str:
        from boundkit.studies.budget_words import budget_html

        return budget_html(self)


def budget(statement: Statement, **values: Any) -> Budget:
    """Return where the failure probability of a statement goes: the events its proof spends, side by side.

    Parameters
    ----------
    statement : Statement
        One that carries a proof.
    **values
        Its parameters; those that its failure probability needs have to be there.

    Returns
    -------
    Budget
        Every number certified, and rounded up.

    Raises
    ------
    StatementError
        Where it carries no proof, or one that is not shown; where nothing in it is random, or an event it spends has
        no exact law.
    ParameterError
        Where parameters are missing or make no sense.

    Examples
    --------
    >>> import boundkit as bk
    >>> [(item.name, item.count) for item in bk.budget(bk.theorem_5_1, d=10_000, ell=9000, m=10).items]
    [('Lemma B.1', 10.0), ('Lemma C.3', 10.0), ('Lemma C.1', 1.0)]
    """
    g = statement(**values)
    spends = _spends(statement)
    _require_shown(statement.certificate())
    for spend in spends:
        if isinstance(spend.event, Tail) and type(spend.event).ball is Tail.ball:
            law = TextPrinter({}).doprint(spend.event)
            raise StatementError(f"{statement.title} has no budget: {law} is only bounded, no exact law of it is known")
    missing = set().union(statement.failure.free_symbols, *(s.failure.free_symbols for s in spends)) - g.given.keys()
    if missing:
        raise ParameterError(f"the budget of {statement.title} {asked_for(map(str, missing))}")
    items, sums = [], [NOTHING] * 3
    for spend in spends:
        costs = list(_costs(spend, g.given))
        items.append(Item(spend, _count(spend, g.given), *map(_upper, costs)))
        sums = [_add(a, b) for a, b in zip(sums, costs, strict=True)]
    own = None if statement.truth is None else g.exact().enclosure[1]
    claimed, one, true = map(_upper, sums)
    return Budget(g, tuple(items), _upper(log_ball(statement.failure, g.given)), claimed, one, true, own)


def one_constant(spend: Spend) -> sympy.Expr:
    """What one event costs with e^(-x^2/2) for each two-sided normal tail that its proof bounds."""
    event = spend.event
    inside = event.proof.spends if isinstance(event, Statement) and event.proof else ()
    if not any(isinstance(part.event, Statement | normal_two_sided) for part in inside):
        return spend.failure
    costs = (
        sympy.exp(-(part.event.args[0] ** 2) / 2) if isinstance(part.event, normal_two_sided) else one_constant(part)
        for part in inside
    )
    return spend.at(sympy.Add(*(part.count * cost for part, cost in zip(inside, costs, strict=True))))


def exact(spend: Spend, given: Given) -> sympy.Expr:
    """What one event costs by its exact law; by the laws in its own proof where that needs parameters not given."""
    event = spend.event
    if isinstance(event, Tail):
        return event
    truth = event.truth if event.truth is None else spend.at(event.truth)
    if truth is not None and truth.free_symbols <= given.keys():
        return truth
    if event.proof is None:
        raise StatementError(f"there is no budget: {event.title} has neither an exact law at these values nor a proof")
    inside = event.proof.spends
    return spend.at(sympy.Add(*(part.count * exact(part, given) for part in inside)))


def tidy(statement: Statement, expr: sympy.Expr) -> sympy.Expr:
    """An expression with equal exponentials collected."""
    signed = {p.symbol: sympy.Dummy(p.name, positive=True) for p in statement.parameters if p.low.is_nonnegative}
    plain = sympy.expand(sympy.powdenest(expr.xreplace(signed)))
    collected = sympy.collect(plain, [*plain.atoms(sympy.exp), *plain.atoms(Tail)])
    return collected.xreplace({dummy: symbol for symbol, dummy in signed.items()})


def _spends(statement: Statement) -> tuple[Spend, ...]:
    if statement.proof is None or not statement.proof.spends:
        raise StatementError(f"{statement.title} has no budget: nothing in it is random, or it carries no proof")
    return statement.proof.spends


def _require_shown(certificate: Certificate) -> None:
    """Raise a StatementError where a step of the proof is not shown: what it spends then adds up to nothing."""
    if certificate.holds:
        return
    first, others = certificate.missing[0], len(certificate.missing) - 1
    raise StatementError(
        f"{certificate.statement.title} has no budget: its proof is not shown; "
        f"{LABELS[first.part]} {relation_between(spoken(certificate.statement), first.relation)}: {first.why}"
        + (f" (and {others} more: see its certificate)" if others else "")
    )


def _needed(spend: Spend, given: Given) -> bool:
    where = spend.where
    return where is None or not where.free_symbols <= given.keys() or holds(where, given) is not False


def _count(spend: Spend, given: Given) -> float:
    return _upper(ball(spend.count, given)) if _needed(spend, given) else 0.0


def _costs(spend: Spend, given: Given) -> Iterator[arb]:
    """Logs of what all of one event cost: as claimed, with one constant, exactly."""
    for expr in (spend.failure, one_constant(spend), exact(spend, given)):
        yield log_ball(spend.count * expr, given) if _needed(spend, given) else NOTHING


def _add(a: arb, b: arb) -> arb:
    if a == NOTHING or b == NOTHING:
        return b if a == NOTHING else a
    return at_bits(BITS, _log_sum, a, b)


def _log_sum(a: arb, b: arb) -> arb:
    top = a.max(b)
    return top + ((a - top).exp() + (b - top).exp()).log()


def _upper(x: Ball) -> float:
    return outward(x)[1]
