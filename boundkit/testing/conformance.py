"""What every statement must pass: each check raises AssertionError where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
import inspect
import json
from math import inf, log
import pickle
from random import Random
import re
from typing import Any

from flint import arb
import numpy as np
import sympy

from boundkit.api.objects import Statement
from boundkit.enclose import ball, log_ball, nearest, outward
from boundkit.errors import HypothesisError, LawError, ParameterError, PrecisionError
from boundkit.model.statement import Point
from boundkit.studies.prefilter import Screen
from boundkit.studies.refutation import refute
from boundkit.studies.walking import covered_points
from boundkit.values import exact_number, point_text

CHECKED = 60  # points of each check, of those that meet every hypothesis
SUSPECTS = 20  # points at which floats say most loudly that the claim is false
LARGEST = 10**6  # of integers at which laws are asked
EPSILON = 2.0**-52
FLOAT_BITS = 53
ULPS = 2**16  # what a law on arrays may be off, in spacings of floats: five digits go where thresholds are rounded


def assert_conforms(statement: Statement, seed: int = 0) -> None:
    """Raise AssertionError where a statement is not what a statement must be: one line for a test-suite.

    Its hypotheses can be met; at dozens of points that meet them no law refutes it; arrays and single points give
    the same numbers, its laws included; it prints, and survives pickling. A statement that is wrong at points not
    looked at passes: `boundkit.falsify` looks harder.

    Parameters
    ----------
    statement : Statement
        Any.
    seed : int
        Fixes the points.

    Raises
    ------
    AssertionError
        It names the statement, the point and what is wrong there.

    Examples
    --------
    >>> import boundkit as bk
    >>> assert_conforms(bk.lemma_b_1)
    >>> assert_conforms(bk.lemma_b_1.as_printed)
    Traceback (most recent call last):
    ...
    AssertionError: Lemma B.1 as printed is false at n = 1, sigma = 0: it fails with probability 1, and claims ...
    """
    for check in CHECKS:
        check(statement, seed)


def hypotheses_can_be_met(s: Statement, seed: int = 0) -> None:
    """The statement speaks of something: enough points meet every hypothesis."""
    _covered(s, seed)


def claims_hold_against_the_law(s: Statement, seed: int = 0) -> None:
    """Nowhere is it certainly false: no law contradicts it, and every bound makes sense. A law that says nothing at any
    of the points is a LawError.
    """
    chosen = _covered(s, seed)
    points = covered_points(s, seed)
    suspicion = Screen(s).evaluate_batch(list(points)).priority
    suspects = [points[i] for i in np.argsort(-suspicion, kind="stable")[:SUSPECTS] if suspicion[i] > 0]
    answered, errors = 0, []
    for point in dict.fromkeys((*chosen, *suspects)):
        try:
            refutation = refute(s, **dict(point))
        except LawError as error:
            errors.append(error)
        except (HypothesisError, PrecisionError):  # neither refutes it
            continue
        else:
            _require(refutation is None, str(refutation))
            answered += 1
    if errors and not answered:
        raise errors[0]


def floats_lie_in_the_ball(s: Statement, seed: int = 0) -> None:
    """On arrays bound and log_failure are the certified values, to the last digits that floats can keep of them."""
    for point, got in _on_arrays(s, ("bound", "log_failure"), _in_floats(s, _covered(s, seed))):
        given = _given(point)
        for name, enclosed in (("bound", ball(s.bound, given)), ("log_failure", log_ball(s.failure, given))):
            low, high = outward(enclosed)
            size = min(max(abs(low), abs(high)), 1e300)
            magnified = EPSILON * abs(log(size)) if size else 0.0  # an exponential has its exponent's rounding
            slack = (1e-13 + magnified) * size + 1e-300
            if name == "bound" and not low - slack <= got[name] <= high + slack:
                slack += _cancelled(s.bound, given)
            says = f"{s.title} {_at(point)}: {name} is {got[name]} on arrays, and in [{low}, {high}] certified"
            _require(low - slack <= got[name] <= high + slack, says)


def float_laws_lie_in_the_ball(s: Statement, seed: int = 0, ulps: int = ULPS) -> None:
    """On arrays log_exact, which comes from the float laws, is the certified value, to so many spacings of floats."""
    if s.truth is None or s.failure == 0:
        return
    for point, got in _on_arrays(s, ("log_exact",), _in_floats(s, filter(_within_reach, _covered(s, seed)))):
        try:
            low, high = s(**dict(point)).exact().enclosure
        except (LawError, HypothesisError, PrecisionError):  # no certified value to hold it against
            continue
        found = got["log_exact"]
        least = 1.0 if s.truth.is_Add or s.truth.is_Mul else 0.0  # a sum or multiple near 1 is rounded before its log
        size = max(least, min(max(abs(low), abs(high)), 1e300))
        slack = ulps * _rounding(s.truth, _given(point)) * np.spacing(size) + 1e-300
        says = f"{s.title} {_at(point)}: log_exact is {found} on arrays, and in [{low}, {high}] certified"
        _require(low - slack <= found <= high + slack or low < -1e300, says)


def _on_arrays(s: Statement, columns: tuple[str, ...], points: list[Point]) -> Iterator[tuple[Point, dict[str, float]]]:
    """Each point with its columns; those at which a law says nothing are left out."""
    arrays = {p.name: np.array([dict(point)[p.name] for point in points]) for p in s.parameters}
    try:
        got = {name: np.broadcast_to(column, len(points)) for name, column in s.evaluate(columns, **arrays).items()}
    except LawError:
        if len(points) > 1:
            middle = len(points) // 2
            yield from _on_arrays(s, columns, points[:middle])
            yield from _on_arrays(s, columns, points[middle:])
        return
    yield from ((point, {name: float(column[i]) for name, column in got.items()}) for i, point in enumerate(points))


def record_is_sound(s: Statement, seed: int = 0) -> None:
    """It can be named, hashed, shown and called; pickled too, where it is made of functions that have a name."""
    again = _pickled(s)
    _require(again == s and hash(again) == hash(s), f"{s.name} does not survive pickling")
    _require(bool(s.doc.strip()), f"{s.name} has no doc: say the statement in words")
    _require(s.doc.strip() in (inspect.getdoc(s) or ""), f"{s.name}: help() does not show its doc")
    g = s(**dict(_covered(s, seed)[0]))
    _require(g.applies is True, f"{g!r} does not apply where every hypothesis holds")
    _require(_pickled(g) == g, f"{g!r} does not survive pickling")
    json.dumps(g.to_dict(), allow_nan=False)
    _require("\n" not in repr(g), f"{s.name}: a repr of more than one line")
    for text in (str(g), g.latex(), s.latex(), str(s), g._repr_html_(), g._repr_latex_()):
        says = f"{s.name}: what it prints has nothing, or nan, in it: {text}"
        _require(bool(text) and not re.search(r"\bnan\b", text), says)


CHECKS: tuple[Callable[..., None], ...] = (
    hypotheses_can_be_met,
    claims_hold_against_the_law,
    floats_lie_in_the_ball,
    float_laws_lie_in_the_ball,
    record_is_sound,
)


def _require(condition: bool, says: str) -> None:
    if not condition:
        raise AssertionError(says)


def _covered(s: Statement, seed: int) -> tuple[Point, ...]:
    """Points that meet every hypothesis: the simplest third, where edges and corners are, and others at random."""
    try:
        points = covered_points(s, seed)
    except ValueError as error:
        raise AssertionError(str(error)) from None
    simple, others = points[: CHECKED // 3], points[CHECKED // 3 :]
    return simple + tuple(Random(seed).sample(others, min(len(others), CHECKED - len(simple))))


def _pickled(thing: Any) -> Any:
    """The same after pickling; the thing itself where a lambda in it, or a file without a name, rules that out."""
    try:
        data = pickle.dumps(thing)
    except (pickle.PicklingError, AttributeError):
        return thing
    return pickle.loads(data)  # noqa: S301  our own bytes


def _within_reach(point: Point) -> bool:
    """Sizes that certified laws answer quickly."""
    return all(abs(value) <= LARGEST for _, value in point)


def _in_floats(s: Statement, points: Iterable[Point]) -> list[Point]:
    """The same where every value is a float, exactly, but for those that rounding leads out of the domain."""
    rounded = [tuple((name, exact_number(float(value))) for name, value in point) for point in points]
    return [point for point in rounded if _is_inside(s, point)]


def _is_inside(s: Statement, point: Point) -> bool:
    try:
        s.accept(dict(point))
    except ParameterError:
        return False
    return True


def _given(point: Point) -> dict[sympy.Symbol, Any]:
    return {sympy.Symbol(name): value for name, value in point}


def _rounding(truth: sympy.Expr, given: dict[sympy.Symbol, Any]) -> float:
    """How much powers multiply the rounding of their bases."""
    factor = 1.0
    for power in truth.atoms(sympy.Pow):
        if power.exp.free_symbols:
            base, exponent = (abs(nearest(ball(part, given))) for part in power.args)
            factor += exponent / (min(base, 1.0) or 1.0)
    return factor


def _cancelled(bound: sympy.Expr, given: dict[sympy.Symbol, Any]) -> float:
    """What is lost where terms cancel: the radius of a ball with a float's digits."""
    found = ball(bound, given, FLOAT_BITS, enough=lambda _: True)
    if not isinstance(found, arb):
        return 0.0
    return float(found.rad()) if found.is_finite() else inf


def _at(point: Point) -> str:
    return f"at {point_text(point)}"
