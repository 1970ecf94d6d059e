"""At which parameters does a statement speak of a law? Exactly there, or of a larger event, which is the safe side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

import sympy

from boundkit.api.objects import Statement
from boundkit.enclose import Values, as_arb, ball, holds, nearest
from boundkit.errors import BoundkitError, ParameterError
from boundkit.filling import TooLong, filled
from boundkit.model.parameter import Parameter
from boundkit.tails import Tail
from boundkit.values import Value, cut_text

HALVINGS = 72  # of a bracket: to more digits than are kept
DIGITS = 15  # of a value that is not rational, on the safe side
GREATEST = 10**9  # the denominator of a value that is tried as the exact one
# Powers of two, measured from the ends of a domain, between which roots are looked for.
SCANNED = (*range(-960, -160, 80), *range(-160, -40, 20), *range(-40, 62, 2))


class NoMatch(Exception):  # noqa: N818  no error: a statement that cannot speak of the law, and why
    """Why a statement does not speak of a law."""


@dataclass(frozen=True)
class Event:
    """A law at numbers, and what of it may move.

    Attributes
    ----------
    law : Tail
        The law that is asked.
    moving : tuple of int
        The places of the arguments that its threshold alone speaks of; none where the law does not say its event.
    """

    law: Tail
    moving: tuple[int, ...]

    def threshold(self, args: tuple[Any, ...]) -> Any:
        """The operator and the threshold where the moving arguments are these."""
        return type(self.law)(*args).event[2:]  # type: ignore[index]  # a law whose arguments move has one


def event_of(law: Tail) -> Event:
    """A law, and the arguments of it that only its threshold speaks of."""
    names = [sympy.Dummy() for _ in law.args]
    event = type(law)(*names).event
    if event is None:
        return Event(law, ())
    _, parameters, _, threshold = event
    fixed = set().union(*(sympy.sympify(p).free_symbols for p in parameters))
    moving = sympy.sympify(threshold).free_symbols - fixed
    return Event(law, tuple(i for i, name in enumerate(names) if name in moving))


def law_in(s: Statement, law: type[Tail]) -> tuple[Tail, tuple[Any, ...], tuple[Any, ...]] | None:
    """The one law that a statement's truth is, with the conditions that have to hold and to fail for it.

    None where its truth does not speak of the law.

    Raises
    ------
    NoMatch
        Where it does, and is more than that law.
    """
    if s.truth is None or not any(type(tail) is law for tail in s.truth.atoms(Tail)):
        return None
    if type(s.truth) is law:
        _require_attained(s)
        return s.truth, (), ()
    if isinstance(s.truth, sympy.Piecewise):
        found = [i for i, (branch, _) in enumerate(s.truth.args) if type(branch) is law]
        if len(found) == 1 and all(b.is_number for i, (b, _) in enumerate(s.truth.args) if i not in found):
            _require_attained(s)
            branch, when = s.truth.args[found[0]]
            return branch, (when,), tuple(condition for _, condition in s.truth.args[: found[0]])
    raise NoMatch("its truth is a sum or multiple of laws")


def _require_attained(s: Statement) -> None:
    if s.truth_is != "exact" and not s.attained:
        raise NoMatch("its law is only an upper bound of its failure")


@dataclass(frozen=True)
class Match:
    """Values at which a statement speaks of a law, or of one whose event holds the asked one (or lies in it).

    Attributes
    ----------
    values : tuple of (name, value)
        The values of its parameters.
    law : Tail
        Its own law there, to be read: what is too long to be written out is rounded.
    is_exact : bool
        Whether that is the asked one.
    tail : Tail
        Its law in its parameters.
    """

    values: tuple[tuple[str, Value], ...]
    law: Tail
    is_exact: bool
    tail: Tail


def matches(s: Statement, law: Tail, needs: frozenset[sympy.Symbol], larger: bool = True) -> Iterator[Match]:
    """Yield the values at which a statement speaks of the law, certified; `needs`: what else has to have a value.

    With `larger` its event holds the asked one, so that what bounds it from above bounds the asked one; else it lies
    in the asked one.

    Raises
    ------
    NoMatch
        Where there are none.
    """
    found = law_in(s, type(law))
    if found is None:
        raise NoMatch("its truth is another law")
    tail, when, unless = found
    needed = needs | s.truth.free_symbols  # type: ignore[union-attr]  # law_in found a law in it
    event = event_of(law)
    fixed = dict(_fixed(s, tail, event))
    any_yet, why = False, "no values of its parameters give this law"
    for values in _moved(s, tail, event, fixed, larger):
        full = {**bare_values(s, needed - values.keys()), **values}
        if missing := sorted(x.name for x in needed - full.keys()):
            why = f"it needs {', '.join(missing)}, which the law leaves open"
            continue
        if any(holds(c, full) is not True for c in when) or any(holds(c, full) is not False for c in unless):
            why = "its truth is not the law there"
            continue
        try:
            point = s.accept({x.name: value for x, value in full.items()})
        except ParameterError as error:
            why = str(error)
            continue
        any_yet = True
        yield Match(point, *_own(tail, event, dict(full)), tail)
    if not any_yet:
        raise NoMatch(why)


def _own(tail: Tail, event: Event, values: Values) -> tuple[Tail, bool]:
    """The statement's law at its values, as an expression, and whether it is the asked one."""
    same = all(
        holds(sympy.Eq(a, b, evaluate=False), values) is True for a, b in zip(tail.args, event.law.args, strict=True)
    )
    if same:
        return event.law, True

    def rounded(part: Any) -> sympy.Expr:
        return sympy.Float(nearest(ball(part, values)))

    return type(tail)(*(filled(arg, _rationals(values), rounded) for arg in tail.args)), False


def _fixed(s: Statement, tail: Tail, event: Event) -> Iterator[tuple[sympy.Symbol, Value]]:
    """Values at which the arguments that may not move are the asked ones, exactly."""
    values: dict[sympy.Symbol, Value] = {}
    pairs = [(tail.args[i], event.law.args[i]) for i in range(len(tail.args)) if i not in event.moving]
    while pairs:
        pairs.sort(key=lambda pair: len(pair[0].free_symbols - values.keys()))
        expr, target = pairs.pop(0)
        unknown = sorted(
            expr.free_symbols - values.keys(), key=lambda x: (_parameter(s, x).default is not None, str(x))
        )
        if not unknown:
            _require_equal(expr, target, values)
            continue
        bare = bare_values(s, frozenset(unknown[1:]))
        if len(bare) < len(unknown) - 1:
            raise NoMatch(f"several parameters give {expr}")
        values |= bare
        values[unknown[0]] = _exact_root(_parameter(s, unknown[0]), expr, target, values)
    yield from values.items()


def _require_equal(expr: Any, target: Any, values: Values) -> None:
    if holds(sympy.Eq(expr, target, evaluate=False), values) is not True:
        raise NoMatch(f"it speaks of another law: {expr} is not {target}")


def _exact_root(p: Parameter, expr: Any, target: Any, values: Values) -> Value:
    """A value in the parameter's domain at which an expression is exactly the target."""
    for root in _roots(p, expr - target, values):
        with suppress(ParameterError):
            if root.exact is not None:
                p.require_inside({**values, p.symbol: p.read(root.exact)})
                return p.read(root.exact)
    raise NoMatch(f"no {p.name} makes {expr} exactly {cut_text(target)}")


def _moved(
    s: Statement, tail: Tail, event: Event, fixed: dict[sympy.Symbol, Value], larger: bool
) -> Iterator[dict[sympy.Symbol, Value]]:
    """Values at which the statement's threshold is the asked one, or the nearest that is known on the safe side."""
    if not event.moving:
        yield fixed
        return
    own = tuple(tail.args[i] if i in event.moving else arg for i, arg in enumerate(event.law.args))
    operator, threshold = event.threshold(own)
    _, asked = event.threshold(event.law.args)
    below = (operator in (">=", ">")) == larger  # where the statement's threshold has to be
    gap = threshold - asked if below else asked - threshold
    unknown = sorted(gap.free_symbols - fixed.keys(), key=str)
    told = [x for x in unknown if _parameter(s, x).default is None and x.name not in dict(s.worst_case)]
    order = [p.symbol for p in reversed(s.parameters)]
    for x in sorted(told or unknown, key=order.index) or (None,):
        bare = bare_values(s, frozenset(unknown) - {x})
        if len(bare) < len(unknown) - (x is not None):
            continue
        for values in _safe(s, x, gap, {**fixed, **bare}):
            if holds(sympy.Le(gap, 0, evaluate=False), values) is True:
                yield values


def _safe(s: Statement, x: Any, gap: Any, values: dict[sympy.Symbol, Value]) -> Iterator[dict[sympy.Symbol, Value]]:
    """Values of one parameter at which a gap is 0, or a little below; the ends of its domain where it has no root."""
    if x is None:
        yield values
        return
    p = _parameter(s, x)
    roots = [value for root in _roots(p, gap, values) for value in (root.exact, root.safe) if value is not None]
    for value in roots or _ends(p, values):
        yield {**values, x: value}


@dataclass(frozen=True)
class Root:
    """Where an expression changes its sign: exactly, where that is rational; and beside it, where it is below 0."""

    exact: Value | None
    safe: Value | None = None


def _roots(p: Parameter, gap: Any, values: Values) -> Iterator[Root]:
    """The roots of an expression in a parameter, between the points that are scanned."""
    with suppress(sympy.PolynomialError, TooLong):
        line = sympy.Poly(filled(gap, _rationals(values)), p.symbol)
        if line.degree() == 1 and all(c.is_Rational for c in line.all_coeffs()):
            a, b = line.all_coeffs()
            root = Fraction(int((-b / a).p), int((-b / a).q))
            if not p.integer or root.denominator == 1:
                yield Root(_plain(root))
                return
    points = scanned(p, values)
    signs = [_sign(gap, {**values, p.symbol: x}) for x in points]
    for i, (x, sign) in enumerate(zip(points, signs, strict=True)):
        if sign == 0:
            yield from _at(p, gap, values, x, x)
        elif i and sign and (signs[i - 1] or 0) * sign < 0:
            yield from _at(p, gap, values, points[i - 1], x)


def _at(p: Parameter, gap: Any, values: Values, low: Fraction, high: Fraction) -> Iterator[Root]:
    """The root in a bracket, halved until it is narrow."""
    rises = _sign(gap, {**values, p.symbol: high}) == 1 or _sign(gap, {**values, p.symbol: low}) == -1
    for _ in range(3 * HALVINGS):
        if high - low <= (1 if p.integer else max(abs(low), abs(high)) / 2**HALVINGS):
            break
        middle = Fraction((low + high) // 2) if p.integer else (low + high) / 2
        sign = _sign(gap, {**values, p.symbol: middle})
        if not sign:
            low, high = (middle, middle) if sign == 0 else (low, low)
            break
        low, high = (low, middle) if (sign > 0) == rises else (middle, high)
    guesses = (low, high) if p.integer else (_simplest(low, high),)
    exact = (x for x in guesses if x.denominator < GREATEST and _is_zero(gap, {**values, p.symbol: x}))
    found = next(exact, None)
    safe = None if found is not None else _rounded(p, gap, values, low if rises else high, -1 if rises else 1)
    yield Root(None if found is None else _plain(found), None if safe is None else _plain(safe))


def _is_zero(gap: Any, values: Values) -> bool:
    return holds(sympy.Eq(gap, 0, evaluate=False), values) is True


def _rounded(p: Parameter, gap: Any, values: Values, x: Fraction, away: int) -> Fraction | None:
    """A value beside a root at which the gap is certainly not above 0, in few digits where that can be."""
    if not p.integer:
        rounding = ROUND_FLOOR if away < 0 else ROUND_CEILING
        context = Context(prec=DIGITS, rounding=rounding)
        short = Fraction(context.divide(Decimal(x.numerator), Decimal(x.denominator)))
        step = abs(short) / 10 ** (DIGITS - 2) * away
        for tried in (short, short + step):
            if _sign(gap, {**values, p.symbol: tried}) == -1:
                return tried
    return x if _sign(gap, {**values, p.symbol: x}) == -1 else None


def _sign(gap: Any, values: Values) -> int | None:
    """The sign of an expression: 0 where a ball cannot tell it from 0, None where it is not defined."""
    try:
        found = as_arb(ball(gap, values))
    except BoundkitError:
        return None
    if found.is_nan():
        return None
    return 1 if found > 0 else -1 if found < 0 else 0


def scanned(p: Parameter, values: Values) -> list[Fraction]:
    """Points of a parameter's domain, ever closer to its ends."""
    low, high = (_end(end, values) for end in (p.low, p.high))
    steps = [Fraction(2**k) if k >= 0 else Fraction(1, 2**-k) for k in SCANNED]
    points = {Fraction(0), *steps, *(-x for x in steps)} if low is None else {low, *(low + x for x in steps)}
    points |= set() if high is None else {high, *(high - x for x in steps)}
    if p.integer:
        points = {Fraction(x.numerator // x.denominator) for x in points}
    return sorted(x for x in points if not _outside(x, low, high, p.strict))


def _outside(x: Fraction, low: Fraction | None, high: Fraction | None, strict: bool) -> bool:
    return bool((low is not None and (x <= low if strict else x < low)) or (high is not None and x > high))


def _ends(p: Parameter, values: Values) -> Iterator[Value]:
    """The ends that a domain has inside."""
    for end in (_end(p.high, values), None if p.strict else _end(p.low, values)):
        if end is not None and (not p.integer or end.denominator == 1):
            yield _plain(end)


def _end(end: Any, values: Values) -> Fraction | None:
    """An end as a number; None where it is none, or needs a parameter that has no value yet."""
    if end.is_infinite or not end.free_symbols <= values.keys():
        return None
    found = nearest(ball(end, values))
    exact = Fraction(int(end.p), int(end.q)) if end.is_Rational else None
    return exact if exact is not None else Fraction(found) if abs(found) < float("inf") else None


def bare_values(s: Statement, symbols: frozenset[sympy.Symbol]) -> dict[sympy.Symbol, Value]:
    """Values of parameters that the law leaves open: the default, the worst case, else a typical one."""
    worst = dict(s.worst_case)
    found = {}
    for p in s.parameters:
        value = next((v for v in (p.default, worst.get(p.name), p.typical) if v is not None), None)
        if p.symbol in symbols and value is not None:
            found[p.symbol] = value
    return found


def _parameter(s: Statement, symbol: sympy.Symbol) -> Parameter:
    return next(p for p in s.parameters if p.symbol == symbol)


def _rationals(values: Mapping[sympy.Symbol, Value]) -> dict[sympy.Symbol, sympy.Rational]:
    return {s: sympy.Rational(v.numerator, v.denominator) for s, v in values.items()}


def _plain(x: Fraction) -> Value:
    return x.numerator if x.denominator == 1 else x


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of the smallest denominator in an interval."""
    if low > high:
        low, high = high, low
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -_simplest(-high, -low)
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    rest = _simplest(1 / (high - (whole - 1)), 1 / (low - (whole - 1)))
    return whole - 1 + 1 / rest
