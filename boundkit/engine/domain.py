"""Points of a statement's domain: what values a parameter may take, which are special, near another, or simpler."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import ceil, exp, floor, log, log2, log10
from random import Random

from flint import arb
import sympy

from boundkit.enclose import Values, ball, fraction, outward
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.values import Value

LARGEST = 10**6  # of integers that have no end
PLAIN = (-25, -1, 0, 1, 2, 3, 5, 25)
PARTS = tuple(Fraction(part) for part in ("1/100", "1/10", "3/10", "1/2", "7/10", "9/10", "99/100", "999/1000"))
SIZES = tuple(Fraction(size) for size in ("1/100", "3/100", "1/10", "3/10", "1", "3", "10", "30", "100"))
REACH = 3  # decades from 1 that a real number without an end is drawn from
DECADES = 8  # of a bounded real range, about
STEPS = ("0.1", "0.3", "0.7", "0.9", "0.99", "0.999", "1", "1.001", "1.01", "1.1", "1.5", "2", "10")

Ends = tuple[Fraction | None, Fraction | None]
Choose = Callable[[Parameter, Ends], Value]


def in_order(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """The parameters, each after those that its ends depend on."""
    done: list[Parameter] = []
    while left := [p for p in parameters if p not in done]:
        known = {p.symbol for p in done}
        ready = (p for p in left if (p.low.free_symbols | p.high.free_symbols) <= known)
        done.append(next(ready, left[0]))
    return tuple(done)


def filled(parameters: tuple[Parameter, ...], choose: Choose) -> dict[str, Value] | None:
    """A point, each parameter moved inside the ends that those before it set; None where one has no values left."""
    given: dict[sympy.Symbol, Value] = {}
    for p in parameters:
        low, high = ends = ends_of(p, given)
        if low is not None and high is not None and (low > high or (p.strict and low == high)):
            return None
        given[p.symbol] = plain(_inside(p, choose(p, ends), ends))
    return {symbol.name: value for symbol, value in given.items()}


def scale(p: Parameter, ends: Ends) -> tuple[Value, ...]:
    """Values of every size: the ends, distances from them that grow tenfold, parts of the way, the usual ones."""
    return _scale(p.integer, p.strict, p.usual, ends)


@lru_cache(maxsize=4096)
def _scale(integer: bool, strict: bool, usual: tuple[Value, ...], ends: Ends) -> tuple[Value, ...]:
    """The values of `scale` in order, remembered by all that they depend on."""
    low, high = ends
    some = {end for end in ends if end is not None}
    if low is not None and high is not None and low >= high:
        some &= {low} if low == high else set()
    elif low is not None and high is not None:
        some |= {low + (high - low) * part for part in PARTS}
        some |= _from(low, integer, high - low) | ({high - 1} if integer else set())
    elif low is not None:
        some |= _from(low, integer)
    elif high is not None:
        some |= {-x for x in _from(-high, integer)}
    else:
        some |= {Fraction(0)} | (sizes := _from(Fraction(0), integer)) | {-x for x in sizes}
    some |= set(spread(*usual)) if usual else set()
    kept = {Fraction(round(x)) for x in some} if integer else some
    return tuple(sorted(plain(x) for x in kept if lies(x, integer, strict, ends)))


def _from(low: Fraction, integer: bool, width: Fraction | None = None) -> set[Fraction]:
    """What lies above an end at distances that grow tenfold; round numbers, where it is as good as 0."""
    if integer:
        start = Fraction(0) if 0 <= low <= 10 else low
        return {low + step for step in (1, 2)} | {start + 10**power for power in range(7)}
    if not width:
        return {low + size for size in SIZES}
    top = floor(log10(width))
    finest = min(top, 0) - 3
    stride = max(1, (top - finest) // DECADES)
    return {low + Fraction(10) ** power for power in range(finest, top + 1, stride)}


def spread(low: Value, high: Value) -> list[Fraction]:
    """Five values from end to end, by their logs where there are such."""
    if low <= 0:
        return [low + (high - low) * Fraction(part, 4) for part in range(5)]
    inner = (float(low) * float(high / Fraction(low)) ** (part / 4) for part in (1, 2, 3))
    return [Fraction(low), *(Fraction(f"{x:.3g}") for x in inner), Fraction(high)]


def special(p: Parameter, ends: Ends) -> list[Value]:
    """The values at which statements break: the scale, what is next to the ends, and plain numbers."""
    return list(_special(p.integer, p.strict, p.usual, ends))


@lru_cache(maxsize=4096)
def _special(integer: bool, strict: bool, usual: tuple[Value, ...], ends: Ends) -> tuple[Value, ...]:
    some = {Fraction(x) for x in PLAIN} | set(_scale(integer, strict, usual, ends))
    if integer:
        some |= {end + step for end in ends if end is not None for step in (-1, 1)}
    return tuple(sorted(x for x in some if lies(x, integer, strict, ends)))


def anywhere(p: Parameter, ends: Ends, rng: Random) -> Value:
    """A random value: from either end on, the logarithm of the distance is uniform. Half lie where it usually does."""
    if p.usual and rng.random() < 0.5:
        return _usually(p, *p.usual, rng.random())
    low, high = ends
    if p.integer:
        bottom = min(-LARGEST, -LARGEST if high is None else int(high)) if low is None else int(low)
        top = max(LARGEST, bottom) if high is None else int(high)
        step = int(exp(rng.uniform(0, log(top - bottom + 1)))) - 1
        return rng.choice((bottom + step, bottom + step, top - step))
    if low is not None and high is not None:
        decades = 4 + max(0, floor(log10(high - low))) if high > low else 0
        part = rng.choice((Fraction(rng.randint(1, 999), 1000), Fraction(f"{10 ** rng.uniform(-decades, 0):.3g}")))
        return low + (high - low) * rng.choice((part, 1 - part))
    size = Fraction(f"{10 ** rng.uniform(-REACH, REACH):.3g}")
    return low + size if low is not None else high - size if high is not None else rng.choice((size, -size))


def _usually(p: Parameter, low: Value, high: Value, part: float) -> Value:
    some = float(low) * float(high / Fraction(low)) ** part if low > 0 else float(low + (high - low) * Fraction(part))
    return round(some) if p.integer else Fraction(f"{some:.3g}")


def near(p: Parameter, old: Value, ends: Ends, rng: Random) -> Value:
    """A step away from a value, coarse or of any size, and now and then a leap."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice((anywhere(p, ends, rng), rng.choice(special(p, ends) or [old])))
    coarse = old * Fraction(rng.choice(STEPS)) + rng.choice((-1, 0, 0, 1))
    new = coarse if kind < 0.7 else old + old * Fraction(rng.choice((-1, 1)) * 10 ** rng.uniform(-6, -1))
    return round(new) if p.integer else new.limit_denominator(10**4)


def along(p: Parameter, old: dict[str, Value], ends: Ends) -> Value:
    """A value between new ends as far along as the old one was between the old ends, where both are numbers."""
    before, after = ends_of(p, {sympy.Symbol(name): value for name, value in old.items()})
    (low, high), x = ends, old[p.name]
    if before is None or after is None or low is None or high is None or before == after:
        return x
    new = low + (high - low) * (x - before) / (after - before)
    return round(new) if p.integer else new.limit_denominator(10**4)


def complexity(parameters: tuple[Parameter, ...], point: Point) -> float:
    """How many digits a point takes to write, more or less; a default, 0 or 1 takes next to none."""
    default = {p.name: p.default for p in parameters}
    return sum(
        0 if x == default[name] else log2(1 + abs(x.numerator)) + 2 * log2(x.denominator) + (x < 0) for name, x in point
    )


def simpler(p: Parameter, old: Value) -> set[Value]:
    """Values that may be simpler than this one."""
    some = {Fraction(x) for x in (0, 1, 2, -1, round(old), f"{float(old):.1g}", f"{float(old):.2g}")}
    some |= {Fraction(int(old * Fraction(part, 10))) for part in (1, 5, 9)}
    if -100 <= old <= 100:
        some.add(Fraction(int(old) - (old > 0) + (old < 0)))
    some |= {Fraction(old).limit_denominator(10)} | ({Fraction(p.default)} if p.default is not None else set())
    return {plain(x) for x in some} - {old}


def ends_of(p: Parameter, given: Values) -> Ends:
    """The ends of a parameter's domain once those before it are given; an irrational one a float's width inside."""
    low, high = (
        None if end.is_infinite or not end.free_symbols <= given.keys() else _number(end, given, side)
        for side, end in ((1, p.low), (0, p.high))
    )
    if p.integer:
        low = low if low is None else Fraction(floor(low) + 1 if p.strict else ceil(low))
        high = high if high is None else Fraction(floor(high))
    return low, high


def _number(end: sympy.Expr, given: Values, side: int) -> Fraction:
    if not end.free_symbols:
        return _constant(end, side)
    if end.is_Symbol and not isinstance(given[end], arb):
        return Fraction(given[end])
    return _enclosed(end, given, side)


@lru_cache(maxsize=4096)
def _constant(end: sympy.Expr, side: int) -> Fraction:
    return _enclosed(end, {}, side)


def _enclosed(end: sympy.Expr, given: Values, side: int) -> Fraction:
    value = ball(end, given)
    return Fraction(outward(value)[side]) if isinstance(value, arb) else fraction(value)


def _inside(p: Parameter, x: Value, ends: Ends) -> Value:
    low, high = ends
    if high is not None and x > high:
        x = high
    if low is not None and (x < low or (x == low and p.strict and not p.integer)):
        x = low if p.integer or not p.strict else low + 1 if high is None else (low + high) / 2
    return x


def lies(x: Value, integer: bool, strict: bool, ends: Ends) -> bool:
    low, high = ends
    return (low is None or x > low or (x == low and (integer or not strict))) and (high is None or x <= high)


def plain(x: Value) -> Value:
    return x.numerator if x.denominator == 1 else x
