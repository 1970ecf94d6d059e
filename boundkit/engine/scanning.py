"""Where conditions begin to hold: what was looked at, and what was found.

Conditions that can be asked of an interval are asked of halves of halves, so that every value is seen (`searched`).
Laws that answer one point at a time are looked at where they change (`scanned`, `sampled`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, isqrt

from boundkit.errors import PrecisionError
from boundkit.values import Value, value_text

LARGEST = 10**18  # the end of a range that the parameter's domain leaves open, for laws
REACH = 10**300  # the same for formulas: no larger number is understood, and nothing nearer to 0 than 1/REACH
MOST, MOST_ON = 20_000, 2_000  # intervals looked at to find a value, and from the other end
DIGITS = 10  # of a real answer
FINE = 10 ** (DIGITS + 1)  # real parameters are solved for to one part in so many
NEAR = Fraction(1, 10 ** (DIGITS - 1))  # what is not told apart in an answer
SAMPLED = 48  # values at which the exact failure is looked at before bisecting
SCANNED, NEIGHBOURS = 512, 64  # of a law that may jump: ranges looked at whole; alike neighbours that are enough

Interval = tuple[Value, Value]
Region = tuple[Value, Value, bool | None]  # an interval and what holds on all of it
Test = Callable[[Interval], bool | None]


def all_of(tests: list[Test], interval: Interval) -> bool | None:
    answers = {test(interval) for test in tests}
    return False if False in answers else None if None in answers else True


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    first, onward : int or fractions.Fraction or None
        The first value that works, and the one from which on all do.
    all_seen : bool
        Whether every value before them was looked at.
    before : int or fractions.Fraction or None
        The last value before the first that certainly fails, where one was seen.
    open_before, open_after : tuple of intervals
        What could not be decided.
    """

    first: Value | None
    onward: Value | None
    all_seen: bool
    before: Value | None = None
    open_before: tuple[Interval, ...] = ()
    open_after: tuple[Interval, ...] = ()


def searched(tests: list[Test], span: Interval, step: int | None, largest: bool) -> Found:
    """The answer where conditions can be asked of intervals: every value before it certified to fail, or left open."""
    before: Value | None = None
    left: list[Interval] = []
    for low, high, answer in regions(tests, span, step, largest):
        near, far = (high, low) if largest else (low, high)
        if answer:
            apart = tuple(gap for gap in left if not _beside(gap, near, step))
            onward, open_after = _onward(tests, span, step, largest, near)
            return Found(near, onward, True, before, apart, open_after)
        if answer is False:
            before = far
        else:
            left.append((low, high))
    return Found(None, None, True, None, tuple(left))


def _onward(
    tests: list[Test], span: Interval, step: int | None, largest: bool, value: Value
) -> tuple[Value | None, tuple[Interval, ...]]:
    """The value from which on all work, looked for from the other end; and what could not be decided there."""
    onward: Value | None = None
    last = span
    try:
        for low, high, answer in regions(tests, span, step, not largest, MOST_ON):
            last = (low, high)
            if low <= value <= high or (onward is not None and _beside((low, high), value, step)):
                break
            touches = answer is None and not step and all(all_of(tests, (end, end)) for end in last)
            if not answer and not touches:  # to the digits asked for, all between two that work do too
                return onward, () if answer is False else (last,)
            onward = high if largest else low
    except PrecisionError:
        return onward, (last,)
    return value, ()


def regions(tests: list[Test], span: Interval, step: int | None, largest: bool, most: int = MOST) -> Iterator[Region]:
    """From one end to the other, intervals on all of which the conditions hold, or fail, or cannot be decided.

    Raises
    ------
    PrecisionError
        Where too many are needed.
    """
    waiting = [span] if span[0] <= span[1] else []
    for _ in range(most):
        if not waiting:
            return
        low, high = waiting.pop()
        answer = all_of(tests, (low, high))
        if answer is not None or low == high:
            yield low, high, answer
            continue
        middle = middle_of(low, high, step)
        if middle is None:
            yield from _smallest(tests, low, high, largest)
            continue
        halves = [(low, middle), (middle + (step or 0), high)]
        waiting += halves if largest else reversed(halves)
    if waiting:
        reach = f"from {value_text(span[0])} to {value_text(span[1])}"
        raise PrecisionError(f"the range {reach} could not be decided; give more parameters")


def _smallest(tests: list[Test], low: Value, high: Value, largest: bool) -> Iterator[Region]:
    """Real values that nothing tells apart, but for their ends and the plainest numbers among them."""
    points = sorted({low, plainest(low, high), roundest(low, high), high}, reverse=largest)
    good = [x for x in points if is_understood(x) and all_of(tests, (x, x))]
    ends = [points[0], *good, points[-1]]
    if not good and 0 in (low, high) and high - low <= Fraction(1, REACH):
        yield low, high, False  # no number between them is understood
        return
    for before, after in pairwise(ends):
        if before != after:
            yield min(before, after), max(before, after), None
        if after in good:
            yield after, after, True


def roundest(low: Value, high: Value) -> Value:
    """The decimal with the fewest digits from low to high; high where it takes too many."""
    for digits in range(1, 2 * DIGITS):
        with localcontext(prec=digits, rounding=ROUND_CEILING):
            short = Fraction(Decimal(low.numerator) / Decimal(low.denominator))
        if short <= high:
            return short
    return high


def _beside(gap: Interval, value: Value, step: int | None) -> bool:
    """Whether an interval that is open lies so near to a value that they are one to the digits that are asked for."""
    far = max(abs(Fraction(value) - Fraction(end)) for end in gap)
    return not step and far <= max(abs(Fraction(value)) * NEAR, Fraction(1, REACH))


def is_understood(value: Value) -> bool:
    """Whether a statement can be called with it: numbers too near to 0 or too far from it are refused."""
    size = abs(Fraction(value))
    return size == 0 or Fraction(1, REACH) <= size <= REACH


def plainest(low: Value, high: Value) -> Value:
    """The fraction with the smallest denominator from low to high.

    >>> plainest(Fraction(3, 10), Fraction(34, 100))
    Fraction(1, 3)
    """
    whole = ceil(low)
    if whole <= high:
        return whole
    below = floor(low)
    return below + 1 / Fraction(plainest(1 / Fraction(high - below), 1 / Fraction(low - below)))


def scanned(tests: list[Test], span: Interval, largest: bool) -> Found:
    """The answer where a law may jump at each integer: a short range looked at whole, a long one where it changes."""
    low, high = (int(end) for end in span)
    way = -1 if largest else 1
    start, end = (high, low) if largest else (low, high)
    seen: dict[int, bool | None] = {}

    def works(value: int) -> bool:
        if value not in seen:
            seen[value] = all_of(tests, (value, value))
        return seen[value] is True

    def looked(value: int) -> None:
        """At its neighbours on both sides, as long as they change."""
        for side in (way, -way):
            alike = 0
            for at in range(value, value + side * SCANNED, side):
                if alike == NEIGHBOURS or not low <= at + side <= high:
                    break
                alike = alike + 1 if works(at) == works(at + side) else 0

    if high - low < SCANNED:
        for value in range(low, high + 1):
            works(value)
    else:
        rungs = [start, *(x for k in range(SAMPLED) if low < (x := start + way * 2**k) < high), end]
        for before, after in pairwise(rungs):
            if works(before) != works(after):
                looked(_switch(works, before, after))
    order = sorted(seen, reverse=largest)
    good = [value for value in order if works(value)]
    bad = [value for value in order if not works(value)]
    onward = next((value for value in order if not bad or way * (value - bad[-1]) > 0), None)
    left = [value for value in order if seen[value] is None]
    first = good[0] if good else None
    before = tuple((x, x) for x in left if first is None or way * (first - x) > 0)
    after = tuple((x, x) for x in left if (x, x) not in before)
    return Found(first, onward if good else None, high - low < SCANNED, None, before, after)


def _switch(works: Callable[[int], bool], before: int, after: int) -> int:
    """A value between two that differ, next to one that differs from it."""
    kind = works(before)
    while abs(after - before) > 1:
        middle = middle_of(min(before, after), max(before, after), 1)
        middle = int(middle or 0)
        before, after = (middle, after) if works(middle) == kind else (before, middle)
    return after


def sampled(tests: list[Test], span: Interval, step: int | None, largest: bool) -> Found:
    """The first value that works from one end, by bisection, where the values looked at are monotone."""
    low, high = span
    reach: Value = step or max(abs(Fraction(low)), Fraction(1, FINE))
    ladder: list[Value] = [low, *(low + 2**k * reach for k in range(SAMPLED) if low + 2**k * reach < high), high]
    if largest:
        ladder.reverse()
    answers = [all_of(tests, (value, value)) for value in ladder]
    if True not in answers:
        return Found(None, None, False)
    first = answers.index(True)
    if False in answers[first:]:  # None lies beyond what the law can enclose
        raise PrecisionError("the exact failure is not monotone in this parameter; evaluate it on arrays instead")
    good: Value = ladder[first]
    bad: Value | None = ladder[first - 1] if first else None
    while bad is not None:
        middle = middle_of(min(good, bad), max(good, bad), step)
        if middle is None or middle in (good, bad):
            break
        if all_of(tests, (middle, middle)) is True:
            good = middle
        else:
            bad = middle
    return Found(good, good, False)


def middle_of(low: Value, high: Value, step: int | None) -> Value | None:
    """A value between, in the middle of the orders of magnitude where they are far apart; None where none is needed."""
    if low < 0 < high:
        return 0
    if high <= 0:  # in a mirror, where the first of two integers is the second
        mirrored = middle_of(-high, -low, step)
        return None if mirrored is None else -mirrored - (step or 0)
    if step:
        return isqrt(int(max(low, 1) * high)) if high > 4 * max(low, 1) else int(low + high) // 2
    tiny = Fraction(1, REACH)
    if high - low <= max(Fraction(high) / FINE, tiny):
        return None
    from_ = max(Fraction(low), tiny)
    if high <= 4 * from_:
        return Fraction(low + high) / 2
    with localcontext(prec=2 * DIGITS):
        square = from_ * Fraction(high)
        return Fraction((Decimal(square.numerator) / Decimal(square.denominator)).sqrt())
