"""Inverse questions: the smallest or largest value of one letter at which a statement promises enough.

With the claimed failure the whole range is searched in balls: an interval of values is dropped only where a condition
certainly fails on all of it, so nothing about monotonicity is assumed. With the exact failure, whose laws answer one
point at a time, monotonicity is checked at many points, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import Any

from flint import arb, fmpq
import sympy

from boundkit.enclose import BITS, all_hold, ball, difference, fraction, holds, log_ball
from boundkit.errors import BoundkitError, HypothesisError, ParameterError, PrecisionError
from boundkit.exact import claims_hold
from boundkit.guarantee import Guarantee
from boundkit.parameter import RELATIONS, Parameter
from boundkit.precision import at_bits
from boundkit.scanning import DIGITS, LARGEST, Found, Interval, Test, all_of, middle_of, sampled, scanned
from boundkit.statement import Statement
from boundkit.tails import Tail
from boundkit.values import Value, exact_number, value_text

MOST = 20_000  # intervals looked at


@dataclass(frozen=True)
class Solution:
    """The answer to an inverse question.

    Attributes
    ----------
    statement : Statement
        What was asked.
    letter : str
        The letter that was solved for.
    value : int or fractions.Fraction or None
        Its smallest (or largest) value that works; None where none does.
    neighbour : int or fractions.Fraction or None
        The next value on the other side, which certainly fails; None where the letter's domain ends there.
    given : tuple of (name, value)
        The other letters.
    asked : str
        What was asked of the statement, in words.
    how : {"certified", "sampled"}
        Whether every other value was certified to fail, or monotonicity was checked at many sizes.
    reason : str
        Why the neighbour fails, or why no value works.
    onward : int or fractions.Fraction or None
        The value from which on (or down to which) all work, of those looked at; None where the last of them fails,
        and where no value works.
    """

    statement: Statement
    letter: str
    value: Value | None
    neighbour: Value | None
    given: tuple[tuple[str, Value], ...]
    asked: str
    how: str
    reason: str
    onward: Value | None = None

    @property
    def guarantee(self) -> Guarantee:
        """The statement at the answer.

        Raises
        ------
        HypothesisError
            Where no value works.
        """
        if self.value is None:
            raise HypothesisError(f"no {self.letter} works: {self.reason}")
        return self.statement(**dict(self.given), **{self.letter: self.value})

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        return {
            "statement": self.statement.name,
            "reading": self.statement.reading,
            "letter": self.letter,
            "value": None if self.value is None else value_text(self.value),
            "neighbour": None if self.neighbour is None else value_text(self.neighbour),
            "given": {name: value_text(value) for name, value in self.given},
            "asked": self.asked,
            "how": self.how,
            "reason": self.reason,
            "onward": None if self.onward is None else value_text(self.onward),
        }

    def __str__(self) -> str:
        at = ", ".join(f"{name} = {value_text(value)}" for name, value in self.given)
        asked = self.asked + (f", at {at}" if at else "")
        if self.value is None:
            return f"there is no {asked.partition(' ')[2]}\n  {self.reason}"
        return f"{self.letter} = {value_text(self.value)} is the {asked}{self._checked}\n  {self.reason}"

    @property
    def _checked(self) -> str:
        """What was seen beyond the answer."""
        looked = "" if self.how == "certified" else " (as far as looked)"
        if self.onward == self.value:
            return looked and " (monotone at every size that was looked at)"
        if self.onward is None:
            return f"; not all {'below' if self.asked.startswith('largest') else 'above'} it work{looked}"
        way = "down to" if self.asked.startswith("largest") else "from"
        return f"; {way} {value_text(self.onward)} {'on ' if way == 'from' else ''}all work{looked}"


def solve(
    statement: Statement, letter: str, *, failure: Any = None, exact: bool = False, largest: bool = False, **given: Any
) -> Solution:
    """Return the smallest (or largest) value of a letter that works; see `Statement.solve_for`."""
    statement.refuse_unknown({letter: None})
    parameter = next(p for p in statement.parameters if p.name == letter)
    if letter in given:
        raise ParameterError(f"{letter} is both given and solved for; leave it out")
    values = {**{p.name: p.default for p in statement.parameters if p.default is not None and p is not parameter}}
    rest = statement.accept({**values, **given})
    at = {sympy.Symbol(name): value for name, value in rest if name != letter}
    target = None if failure is None else _target(failure)
    conditions = _conditions(statement, parameter, at, target, exact)
    if not conditions:
        raise ParameterError(f"{statement.title} assumes nothing of {letter} at what is given; give a failure to reach")
    span = _span(statement, parameter, at)
    step = 1 if parameter.integer else None
    asked = f"{'largest' if largest else 'smallest'} {letter} at which {statement.title} applies"
    if target is not None:
        asked += f" and {'in fact ' if exact else ''}fails with probability at most {value_text(target)}"
        asked += _worst_text(statement, statement.truth if exact else statement.failure, {*at, parameter.symbol})
    conditions = [*_domain(statement, parameter, at), *conditions]
    tests = [test for _, test in conditions]
    laws = statement.truth.atoms(Tail) if exact and statement.truth is not None else set()
    lattice = step is not None and not all(law.continuous for law in laws)

    def search(tests: list[Test]) -> Found:
        if not exact:
            value = _searched(tests, span, step, largest)
            return Found(value, value, True)
        return scanned(tests, span, largest) if lattice else sampled(tests, span, step, largest)

    found = search(tests)
    shown = tuple((symbol.name, number) for symbol, number in at.items())
    how = "certified" if found.all_seen else "sampled"
    if found.first is None:
        reason = _why_none(conditions, lambda test: search([test]).first, span, letter)
        return Solution(statement, letter, None, None, shown, asked, how, reason)
    value = found.first if step else _tidy(found.first, tests, largest)
    onward = found.onward if lattice else value
    next_to = _neighbour(value, span, step, largest)
    reason = _why_not(conditions, letter, next_to)
    return Solution(statement, letter, value, next_to, shown, asked, how, reason, onward)


def _target(failure: Any) -> Value:
    target = exact_number(failure)
    if not 0 < target <= 1:
        raise ParameterError(f"failure = {value_text(target)}: a probability above 0 and at most 1 is needed")
    return target


def _domain(s: Statement, p: Parameter, at: Mapping[sympy.Symbol, Value]) -> list[tuple[str, Test]]:
    """What the domains of the letters given ask of this one, beyond its being one of their ends: see `_span`."""
    known = {*at, p.symbol}
    ends = [(q.symbol, end, compare) for q in s.parameters if q.symbol in at for end, compare, _ in q.edges]
    relations = [
        RELATIONS[compare](symbol, end, evaluate=False)
        for symbol, end, compare in ends
        if not end.is_Symbol and p.symbol in end.free_symbols and end.free_symbols <= known
    ]
    return [(str(relation), _relation_test(relation, p, at)) for relation in relations]


def _relation_test(relation: Any, p: Parameter, at: Mapping[sympy.Symbol, Value]) -> Test:
    return lambda interval: holds(relation, {**at, p.symbol: _as_value(interval)})


def _conditions(
    s: Statement, p: Parameter, at: Mapping[sympy.Symbol, Value], target: Value | None, exact: bool
) -> list[tuple[str, Test]]:
    """What has to hold, in words and as a test on an interval of values; what needs other free letters is left open."""
    known = {*at, p.symbol}
    found: list[tuple[str, Test]] = [
        (h.text, _relation_test(h.relation, p, at))
        for h in s.hypotheses
        if h.relation is not None and h.relation.free_symbols <= known
    ]
    if target is None:
        return [condition for condition in found if p.symbol in _relation(s, condition[0]).free_symbols] or found
    formula = s.truth if exact else s.failure
    worst = {sympy.Symbol(name): value for name, value in s.worst}
    if formula is None:
        raise ParameterError(f"{s.title} has no law; leave exact out")
    certain = exact and s.failure == 0  # then truth is the quantity, and the claims hold or they do not
    needed = formula.free_symbols.union(*(claim.rhs.free_symbols for claim in s.claims if certain))
    if missing := sorted(x.name for x in needed - known - worst.keys()):
        raise ParameterError(f"{s.title}: its failure probability needs {', '.join(missing)}; give them")

    wanted = log_ball(sympy.Rational(target.numerator, target.denominator), {})

    def failure_test(interval: Interval) -> bool | None:
        try:
            if certain:
                return all_hold(claims_hold(s, {**worst, **at, p.symbol: _as_value(interval)}))
            log = log_ball(formula, {**worst, **at, p.symbol: _as_value(interval)})
        except BoundkitError:  # outside what the law can enclose
            return None
        gap = difference(log, wanted)
        return True if gap <= 0 else False if gap > 0 else None

    return [*found, (f"failure <= {value_text(target)}", failure_test)]


def _worst_text(s: Statement, formula: sympy.Expr, known: set[sympy.Symbol]) -> str:
    needed = {symbol.name for symbol in formula.free_symbols - known}
    worst = ", ".join(f"{name} = {value_text(value)}" for name, value in s.worst if name in needed)
    return f", for the worst case {worst}" if worst else ""


def _relation(s: Statement, text: str) -> Any:
    return next(h.relation for h in s.hypotheses if h.text == text)


def _as_value(interval: Interval) -> Any:
    """One value as it is, an interval as a ball around it."""
    low, high = interval
    return low if low == high else at_bits(BITS, _ball_between, low, high)


def _ball_between(low: Value, high: Value) -> Any:
    ends = (arb(fmpq(end.numerator, end.denominator)) for end in (low, high))
    return next(ends).union(next(ends))


def _span(s: Statement, p: Parameter, at: Mapping[sympy.Symbol, Value]) -> Interval:
    """The letter's domain, with what the letters given ask of it, cut to sizes that make sense."""

    def end(edge: sympy.Expr, fallback: Value) -> Value:
        return fallback if edge.is_infinite or not edge.free_symbols <= at.keys() else fraction(ball(edge, at))

    low, high = end(p.low, -LARGEST), end(p.high, LARGEST)
    for other in s.parameters:
        if other.symbol in at and other.high == p.symbol:
            low = max(low, at[other.symbol])
        if other.symbol in at and other.low == p.symbol:
            high = min(high, at[other.symbol])
    if p.integer:
        return ceil(low), floor(high)
    return (low + Fraction(1, LARGEST) if p.strict else low), high


def _searched(tests: list[Test], span: Interval, step: int | None, largest: bool) -> Value | None:
    """The first value that works from one end, every interval before it certified to fail."""
    waiting = [span]
    for _ in range(MOST):
        if not waiting:
            return None
        low, high = waiting.pop()
        answer = all_of(tests, (low, high))
        if answer:
            return high if largest else low
        if answer is False or low == high:
            continue
        middle = middle_of(low, high, step)
        if middle is None:  # two real values that nothing tells apart
            end = high if largest else low
            other = low if largest else high
            if all_of(tests, (other, other)) and end != other:
                return other
            continue
        halves = [(low, middle), (middle + (step or 0), high)]
        waiting += halves if largest else reversed(halves)
    reach = f"from {value_text(span[0])} to {value_text(span[1])}"
    raise PrecisionError(f"the range {reach} could not be decided; give more letters")


def _tidy(value: Value, tests: list[Test], largest: bool) -> Value:
    """A real answer as a decimal of ten digits on the side that works."""
    with localcontext(prec=DIGITS, rounding=ROUND_FLOOR if largest else ROUND_CEILING):
        short = Fraction(Decimal(value.numerator) / Decimal(value.denominator))
    return exact_number(short) if all_of(tests, (short, short)) else value


def _neighbour(value: Value, span: Interval, step: int | None, largest: bool) -> Value | None:
    size = step or Fraction(10) ** (Decimal(value.numerator // value.denominator or 1).adjusted() + 2 - DIGITS)
    beside = value + size if largest else value - size
    return beside if span[0] <= beside <= span[1] else None


def _why_not(conditions: list[tuple[str, Test]], letter: str, value: Value | None) -> str:
    if value is None:
        return f"the domain of {letter} ends there"
    answers = {text: test((value, value)) for text, test in conditions}
    if failing := [text for text, answer in answers.items() if answer is False]:
        return f"{letter} = {value_text(value)} fails: {' and '.join(failing)} does not hold"
    open_ones = [text for text, answer in answers.items() if answer is None]
    return f"{letter} = {value_text(value)} could not be decided: {' and '.join(open_ones)}"


def _why_none(
    conditions: list[tuple[str, Test]], first: Callable[[Test], Value | None], span: Interval, letter: str
) -> str:
    low, high = (value_text(end) for end in span)
    reach = f"for {letter} from {low} to {high}"
    if span[0] > span[1]:
        return f"the letters given leave no {letter}"
    hopeless = [text for text, test in conditions if first(test) is None]
    texts = "; ".join(text for text, _ in conditions)
    return f"{hopeless[0]} does not hold {reach}" if hopeless else f"not all of these hold at once {reach}: {texts}"
