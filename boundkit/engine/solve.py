"""Inverse questions: the smallest or largest value of one parameter at which a statement promises enough.

Formulas are searched over the whole range in balls: an interval of values is dropped only where a condition certainly
fails on all of it, so nothing about monotonicity is assumed, and what stays open is named. Laws, in an exact failure,
answer one point at a time: monotonicity is checked at many points, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from typing import Any

import sympy

from boundkit.engine.accept import accept, named, parameter_named
from boundkit.engine.conditions import Span, conditions_on, domain, promised, span_of
from boundkit.engine.scanning import (
    DIGITS,
    LARGEST,
    REACH,
    Found,
    Interval,
    Test,
    all_of,
    is_understood,
    sampled,
    scanned,
    searched,
)
from boundkit.errors import HypothesisError, ParameterError
from boundkit.model.statement import StatementRecord
from boundkit.tails import Tail
from boundkit.values import Value, exact_number, point_text, point_words, value_text

LONG = 40  # characters: a longer number is written by its first digits


@dataclass(frozen=True)
class SolutionRecord:
    """The answer to an inverse question.

    Attributes
    ----------
    statement : StatementRecord
        What was asked.
    parameter : str
        The parameter that was solved for.
    value : int or fractions.Fraction or None
        Its smallest (or largest) value that works; None where none does.
    neighbour : int or fractions.Fraction or None
        The next value on the other side, which certainly fails (or is `undecided`); None where its domain ends
        there, or no value beyond was looked at.
    given : tuple of (name, value)
        The other parameters.
    asked : str
        What was asked of the statement, in words.
    how : {"certified", "sampled"}
        Whether every value before it was looked at, and fails but for those in `undecided`, or monotonicity was checked
        at many sizes.
    reason : str
        Why the neighbour fails, or why no value works.
    onward : int or fractions.Fraction or None
        The value from which on (for the largest, from which down) all work, of those looked at; None where the last of
        them fails or is left open, and where no value works.
    undecided : str
        What could not be decided, in words; '' where everything that was looked at was.
    only_looked_at : bool
        Whether the value is the first of those looked at or decided, and may not be the first of all.
    """

    statement: StatementRecord
    parameter: str
    value: Value | None
    neighbour: Value | None
    given: tuple[tuple[str, Value], ...]
    asked: str
    how: str
    reason: str
    onward: Value | None = None
    undecided: str = ""
    only_looked_at: bool = False

    @property
    def solved(self) -> dict[str, Value]:
        """Every parameter's value, the answer among them.

        Raises
        ------
        HypothesisError
            Where no value works.
        """
        if self.value is None:
            raise HypothesisError(f"no {self.parameter} {'is known to work' if self._open else 'works'}: {self.reason}")
        return {**dict(self.given), self.parameter: self.value}

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        return {
            "statement": self.statement.name,
            "reading": self.statement.reading,
            "parameter": self.parameter,
            "value": None if self.value is None else value_text(self.value),
            "neighbour": None if self.neighbour is None else value_text(self.neighbour),
            "given": point_words(self.given),
            "asked": self.asked,
            "how": self.how,
            "reason": self.reason,
            "onward": None if self.onward is None else value_text(self.onward),
            "undecided": self.undecided,
            "only_looked_at": self.only_looked_at,
        }

    def __str__(self) -> str:
        asked = self.asked + (f", at {point_text(self.given)}" if self.given else "")
        rule = asked.partition(" ")[2]
        if self.value is None:
            looked = "as far as looked, " if self.how == "sampled" else ""
            none = "it could not be decided whether there is a" if self.undecided else f"{looked}there is no"
            return f"{none} {rule}\n  {self.reason}"
        lines = (
            f"{self.parameter} = {value_text(self.value)} is the {self._kind(asked)}{self._checked}\n  {self.reason}"
        )
        return lines if self.reason.startswith(self.undecided) else f"{lines}\n  {self.undecided}"

    def _kind(self, asked: str) -> str:
        """The words for it: the smallest of all, or of those that were looked at and decided."""
        if not self.only_looked_at:
            return asked
        known = "that is known to work" if self.undecided else "that was looked at"
        most, _, rule = asked.partition(f" {self.parameter} ")
        return f"{most} {self.parameter} {known}, {rule.replace('at which ', 'where ', 1)}"

    @property
    def _open(self) -> bool:
        return bool(self.undecided) or self.how == "sampled"

    @property
    def _checked(self) -> str:
        """What was seen beyond the answer."""
        looked = "" if self.how == "certified" else " (as far as looked)"
        largest = self.asked.startswith("largest")
        if self.onward == self.value and not self.only_looked_at:
            return looked and " (monotone at every size that was looked at)"
        if self.onward is None:
            if self.undecided:
                return ""
            return f"; not all {'below' if largest else 'above'} it work{looked}"
        return f"; from {_short(self.onward)} {'down' if largest else 'on'} all work{looked}"


def solve(
    statement: StatementRecord,
    parameter: str,
    *,
    failure: Any = None,
    bound: Any = None,
    exact: bool = False,
    largest: bool = False,
    **given: Any,
) -> SolutionRecord:
    """Return the smallest (or largest) value of a parameter that works; see `Statement.solve_for`."""
    parameter, given = parameter_named(statement, parameter), named(statement, given)
    solved = next(p for p in statement.parameters if p.name == parameter)
    if parameter in given:
        raise ParameterError(f"{parameter} is both given and solved for; leave it out")
    values = {**{p.name: p.default for p in statement.parameters if p.default is not None and p is not solved}}
    rest = accept(statement, {**values, **given})
    at = {sympy.Symbol(name): value for name, value in rest if name != parameter}
    target = None if failure is None else _target(failure)
    reached = None if bound is None else _number("bound", bound)
    conditions = conditions_on(statement, solved, at, target, exact, reached)
    if not conditions:
        raise ParameterError(
            f"{statement.title} assumes nothing of {parameter} at what is given; give a failure or a bound to reach"
        )
    laws = statement.truth.atoms(Tail) if exact and statement.truth is not None else set()
    span = span_of(statement, solved, at, LARGEST if laws else REACH)
    step = 1 if solved.integer else None
    conditions = [*domain(statement, solved, at), *conditions]
    tests = [test for _, test in conditions]
    lattice = step is not None and not all(law.continuous for law in laws)

    def search(tests: list[Test]) -> Found:
        if not laws:
            return searched(tests, span.interval, step, largest)
        return scanned(tests, span.interval, largest) if lattice else sampled(tests, span.interval, step, largest)

    found = search(tests)
    shown = tuple((symbol.name, number) for symbol, number in at.items())
    how = "certified" if found.all_seen else "sampled"
    solution = SolutionRecord(statement, parameter, None, None, shown, "", how, "")
    solution = replace(solution, asked=_asked_text(solution, target, reached, exact, largest))
    if found.first is not None:
        return _with_value(solution, found, conditions, span, step, largest)
    rims = tuple(rim for rim in span.rims if found.all_seen and all_of(tests, rim) is not False)
    undecided = _open_text(parameter, (*found.open_before, *rims))
    reason = undecided or _why_none(conditions, lambda test: search([test]).first, span.interval, parameter)
    return replace(solution, reason=reason, undecided=undecided)


def _with_value(
    solution: SolutionRecord,
    found: Found,
    conditions: list[tuple[str, Test]],
    span: Span,
    step: int | None,
    largest: bool,
) -> SolutionRecord:
    """The solution with the value that was found, and what was seen on both sides of it."""
    tests, parameter = [test for _, test in conditions], solution.parameter
    value, onward = (_tidy(x, tests, span.interval, step, largest) for x in (found.first, found.onward))
    at_the_end = found.first == span.interval[largest] and span.goes_on[largest]
    next_to = None if at_the_end else _neighbour(value, found, span.interval, tests, step, largest)
    before = found.open_before
    if next_to is not None and not before and all_of(tests, (next_to, next_to)) is None:
        before = ((next_to, next_to),)
    return replace(
        solution,
        value=value,
        neighbour=next_to,
        onward=onward,
        reason=_why_not(conditions, parameter, next_to, value, largest, at_the_end),
        undecided=_open_text(parameter, (*before, *found.open_after)),
        only_looked_at=at_the_end or bool(before),
    )


def _asked_text(found: SolutionRecord, target: Value | None, bound: Value | None, exact: bool, largest: bool) -> str:
    """What is asked of the statement, in words."""
    s, parameter = found.statement, found.parameter
    asked = f"{'largest' if largest else 'smallest'} {parameter} at which {s.title} applies"
    asked += "" if bound is None else f" and promises {promised(s, bound)}"
    if target is None:
        return asked
    known = {sympy.Symbol(name) for name in (parameter, *dict(found.given))}
    worst = _worst_text(s, s.truth if exact else s.failure, known)
    fails = "its exact failure probability is" if exact else "fails with probability"
    return f"{asked} and {fails} at most {value_text(target)}{worst}"


def _open_text(parameter: str, left: tuple[Interval, ...]) -> str:
    """Which values could not be decided, in words; '' where all were."""
    if not left:
        return ""
    (low, high), more = left[0], len(left) - 1
    where = f"= {value_text(low)}" if low == high else f"from {_short(low)} to {_short(high)}"
    return f"{parameter} {where} could not be decided" + (f", nor could {more} more" if more else "")


def _short(value: Value) -> str:
    """A value as people write it, where that is short; else its first twelve digits."""
    text = value_text(value)
    return text if len(text) <= LONG else f"{Decimal(value.numerator) / Decimal(value.denominator):.12g}"


def _number(name: str, value: Any) -> Value:
    try:
        return exact_number(value)
    except ParameterError as error:
        raise ParameterError(f"{name}: {error}") from None


def _target(failure: Any) -> Value:
    target = exact_number(failure)
    if not 0 < target <= 1:
        raise ParameterError(f"failure = {value_text(target)}: a probability above 0 and at most 1 is needed")
    return target


def _worst_text(s: StatementRecord, formula: sympy.Expr, known: set[sympy.Symbol]) -> str:
    needed = {symbol.name for symbol in formula.free_symbols - known}
    worst = point_text((name, value) for name, value in s.worst_case if name in needed)
    return f", for the worst case {worst}" if worst else ""


def _tidy(value: Any, tests: list[Test], span: Interval, step: int | None, largest: bool) -> Any:
    """A real answer as a decimal of ten digits: on the far side where that works too, else on the near one."""
    if step or value is None:
        return value
    for up in (largest, not largest):
        with localcontext(prec=DIGITS, rounding=ROUND_CEILING if up else ROUND_FLOOR):
            short = Fraction(Decimal(value.numerator) / Decimal(value.denominator))
        if span[0] <= short <= span[1] and is_understood(short) and all_of(tests, (short, short)):
            return exact_number(short)
    return value


def _neighbour(
    value: Value, found: Found, span: Interval, tests: list[Test], step: int | None, largest: bool
) -> Value | None:
    """The next value that is told apart from the answer, or the last one seen to fail; None at the domain's end."""
    size: Value = step or max(Fraction(10) ** (_magnitude(value) + 2 - DIGITS), Fraction(1, REACH))
    beside = [value + size if largest else value - size, *([] if found.before is None else [found.before])]
    inside = [x for x in beside if span[0] <= x <= span[1] and x != value and is_understood(x)]
    answers = [all_of(tests, (x, x)) for x in inside]
    for wanted in (False, None):
        if wanted in answers:
            return _plain(inside[answers.index(wanted)])
    return None


def _plain(value: Value) -> Value:
    return int(value) if value == int(value) else value


def _magnitude(value: Value) -> int:
    return (Decimal(value.numerator) / Decimal(value.denominator)).adjusted() if value else -DIGITS


def _why_not(
    conditions: list[tuple[str, Test]], parameter: str, beside: Value | None, value: Value, largest: bool, goes_on: bool
) -> str:
    """Why the answer is not a value further: the domain ends, goes on unseen, or what fails or is open beside it."""
    if goes_on:
        side = "above" if largest else "below"
        return f"the domain of {parameter} goes on {side} {_short(value)}, but was not looked at there"
    if beside is None:
        return f"the domain of {parameter} ends there"
    answers = {text: test((beside, beside)) for text, test in conditions}
    if failing := [text for text, answer in answers.items() if answer is False]:
        return f"{parameter} = {_short(beside)} fails: {' and '.join(failing)} does not hold"
    open_ones = [text for text, answer in answers.items() if answer is None]
    return f"{parameter} = {_short(beside)} could not be decided: {' and '.join(open_ones)}"


def _why_none(
    conditions: list[tuple[str, Test]], first: Callable[[Test], Value | None], span: Interval, parameter: str
) -> str:
    low, high = (_short(end) for end in span)
    reach = f"for {parameter} from {low} to {high}"
    if span[0] > span[1]:
        return f"the parameters given leave no {parameter}"
    hopeless = [text for text, test in conditions if first(test) is None]
    texts = "; ".join(text for text, _ in conditions)
    return f"{hopeless[0]} does not hold {reach}" if hopeless else f"not all of these hold at once {reach}: {texts}"
