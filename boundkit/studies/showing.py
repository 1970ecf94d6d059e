"""What a statement is shown by: a point at which it says something, the parameters that matter, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, log10, sqrt

import sympy

from boundkit.api.objects import Statement
from boundkit.engine.domain import LARGEST, Ends, filled, in_order, lies, plain, spread
from boundkit.engine.verdict import Verdict
from boundkit.errors import StatementError
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.studies.walking import covered_points
from boundkit.values import Value

FINE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)  # significands of each decade
EVEN = (1, 2, 3, 4, 6, 8)
COARSE = (1, 2, 5)
ROUND = (1,)
PARTS = tuple(Fraction(x, 100) for x in (1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100))
FEW_PARTS = PARTS[3::3]
NARROW = 100  # a real parameter's ends this far apart at most are shown evenly
AROUND = 2  # decades on either side of a typical value
SMALLEST_TOP = 1000  # integers are shown up to this at least
LOOKED_AT = 200  # points searched for one that says something


def typical_value(p: Parameter) -> Value:
    """A value that makes sense: the one it says, its default, or the middle of where it lives."""
    for said in (p.typical, p.default):
        if said is not None:
            return said
    if p.usual:
        middle = min(max(spread(*p.usual)[2], Fraction(p.usual[0])), Fraction(p.usual[1]))
        return round(middle) if p.integer else plain(middle)
    low, high = number_ends(p)
    if p.integer:
        return _middle_integer(low, high)
    if high is None:
        return 1 if low is None or low < 1 else low + 1
    if low is None:
        return high if high < 1 else 1
    return 1 if low < 1 < high else (low + high) / 2


def _middle_integer(low: Fraction | None, high: Fraction | None) -> int:
    bottom = 1 if low is None else int(low)
    if high is None:
        return max(bottom, 10)
    if bottom < 1:
        return min(int(high), 1)
    return round(sqrt(bottom) * sqrt(high))


def number_ends(p: Parameter) -> Ends:
    """The ends that are numbers; an irrational one as a float."""
    low, high = (_number(end) for end in (p.low, p.high))
    return low, high


def _number(end: sympy.Expr) -> Fraction | None:
    if not end.is_number or end.is_infinite:
        return None
    return Fraction(int(end.p), int(end.q)) if end.is_Rational else Fraction(float(end))


@lru_cache(maxsize=256)
def shown_at(s: Statement) -> Mapping[str, Value]:
    """Return a point at which the statement is shown: its parameters' typical values, if it says something there.

    Otherwise the simplest point found at which it does, or at least applies; the same in every run.

    Examples
    --------
    >>> import boundkit as bk
    >>> shown_at(bk.lemma_b_2)
    {'n': 600, 'm': 10, 'sigma': 1}
    """
    typical = filled(in_order(s.parameters), lambda p, _: typical_value(p))
    if typical is not None and _says_something(s, tuple(typical.items())):
        return {p.name: typical[p.name] for p in s.parameters}
    try:
        covered = covered_points(s)
    except StatementError:  # none applies, and that is what is shown
        return typical or {p.name: typical_value(p) for p in s.parameters}
    return dict(next((at for at in covered[:LOOKED_AT] if _says_something(s, at)), covered[0]))


def _says_something(s: Statement, at: Point) -> bool:
    return s(**dict(at)).verdict is Verdict.INFORMATIVE


def leading(s: Statement) -> tuple[Parameter, ...]:
    """The parameters, first those that decide what the statement is worth.

    Those without a default come first, then those that failure and hypotheses speak of, of these the failure's;
    a parameter that ends another's range stands behind it. The second is none that ends the range of the first.

    Examples
    --------
    >>> import boundkit as bk
    >>> [p.name for p in leading(bk.theorem_5_1)]
    ['ell', 'm', 'k', 'output', 'd']
    """
    failing = s.failure.free_symbols
    deciding = failing.union(*(r.free_symbols for r in s.relations))
    ending = set().union(*(p.low.free_symbols | p.high.free_symbols for p in s.parameters))

    def place(p: Parameter) -> tuple[bool, ...]:
        x = p.symbol
        return p.default is not None, x not in deciding, x not in failing, x in ending

    ranked = sorted(s.parameters, key=place)
    if not ranked:
        return ()
    first, *rest = ranked
    own = first.low.free_symbols | first.high.free_symbols
    return (first, *sorted(rest, key=lambda p: (p.default is not None, p.symbol in own)))


def values(p: Parameter, ends: Ends, significands: tuple[float, ...], at: Value | None = None) -> tuple[Value, ...]:
    """Values of a parameter from the small to the large, inside these ends: where it usually lives, or around `at`.

    Parameters
    ----------
    p : Parameter
        The parameter.
    ends : pair of number or None
        Of its domain, both as numbers, where there are such.
    significands : tuple of numbers
        What stands in each decade, where a range is wide.
    at : number, optional
        A value that is among them, and around which an open range is shown; by default the typical one.

    Examples
    --------
    >>> from sympy import Symbol
    >>> from boundkit.model.parameter import integers
    >>> values(integers(Symbol("k"), "a count", 0), (0, None), (1, 3))
    (0, 1, 3, 10, 30, 100, 300, 1000)
    """
    middle = typical_value(p) if at is None else at
    low, high = ends
    some = {Fraction(x) for x in (middle, low if not p.strict else None, high) if x is not None}
    some |= _usual(p, significands) if p.usual else _spanning(p, ends, significands, Fraction(middle))
    kept = (x for x in some if not p.integer or x.denominator == 1)
    return tuple(sorted({plain(x) for x in kept if lies(x, p.integer, p.strict, ends)}))


def _usual(p: Parameter, significands: tuple[float, ...]) -> set[Fraction]:
    """What lies where it usually lives."""
    low, high = map(Fraction, p.usual)
    some = {Fraction(round(x)) if p.integer else x for x in spread(low, high)}
    inner = decades(significands, _decade(low), _decade(high) + 1) if low > 0 else set()
    return {x for x in some | inner if low <= x <= high}


def _spanning(p: Parameter, ends: Ends, significands: tuple[float, ...], middle: Fraction) -> set[Fraction]:
    """Values of a parameter that does not say where it lives."""
    low, high = ends
    if p.integer:
        top = 10 ** (AROUND + max(0, ceil(log10(middle)))) if middle > 0 else 1
        last = max(min(top, LARGEST), SMALLEST_TOP, middle) if high is None else high
        base = Fraction(0) if low is None or 0 <= low <= 10 else low
        up = decades(significands, 0, _decade(last - base if last - base > 1 else Fraction(1)) + 1)
        return {base + x for x in up if x <= last - base} | ({-x for x in up} if low is None else set())
    if low is not None and high is not None and high - low <= NARROW:
        return {low + (high - low) * part for part in (PARTS if len(significands) > 1 else FEW_PARTS)}
    base = Fraction(0) if low is None else low
    reach = _decade(abs(middle - base)) if middle != base else 0
    wide = decades(significands, reach - AROUND, reach + AROUND)
    return {base + x for x in wide} | ({Fraction(0)} | {-x for x in wide} if low is None else set())


def decades(significands: tuple[float, ...], first: int, last: int) -> set[Fraction]:
    """These significands in each decade, and the power of ten at the end."""
    found = {Fraction(str(x)) * Fraction(10) ** power for power in range(first, last) for x in significands}
    return found | {Fraction(10) ** last}


def _decade(x: Fraction) -> int:
    return floor(log10(x))
