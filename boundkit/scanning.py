"""Where an exact failure, asked one point at a time, becomes small enough: what was looked at, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt

from boundkit.errors import PrecisionError
from boundkit.values import Value

LARGEST = 10**18  # the end of a range that the letter's domain leaves open
DIGITS = 10  # of a real answer
FINE = 10 ** (DIGITS + 1)  # real letters are solved for to one part in so many
SAMPLED = 48  # values at which the exact failure is looked at before bisecting
SCANNED, NEIGHBOURS = 512, 64  # of a law that may jump: ranges looked at whole; alike neighbours that are enough

Interval = tuple[Value, Value]
Test = Callable[[Interval], bool | None]


def all_of(tests: list[Test], interval: Interval) -> bool | None:
    answers = {test(interval) for test in tests}
    return False if False in answers else None if None in answers else True


@dataclass(frozen=True)
class Found:
    """The first value that works, the one from which on all do, and whether every value before them was looked at."""

    first: Value | None
    onward: Value | None
    all_seen: bool


def scanned(tests: list[Test], span: Interval, largest: bool) -> Found:
    """The answer where a law may jump at each integer: a short range looked at whole, a long one where it changes."""
    low, high = (int(end) for end in span)
    way = -1 if largest else 1
    start, end = (high, low) if largest else (low, high)
    seen: dict[int, bool] = {}

    def works(value: int) -> bool:
        if value not in seen:
            seen[value] = all_of(tests, (value, value)) is True
        return seen[value]

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
    return Found(good[0] if good else None, onward if good else None, high - low < SCANNED)


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
        raise PrecisionError("the exact failure is not monotone in this letter; evaluate it on arrays instead")
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
    """A value between, in the middle of the orders of magnitude where they are far apart."""
    apart = low > 0 and high > 4 * low
    if step:
        return isqrt(int(low * high)) if apart else int(low + high) // 2
    if high - low <= max(abs(Fraction(low)) / FINE, abs(Fraction(high)) / FINE, Fraction(1, LARGEST)):
        return None
    return Fraction(isqrt(int(low * high * LARGEST**2)), LARGEST) if apart else Fraction(low + high) / 2
