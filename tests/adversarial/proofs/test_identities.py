"""The kernel's algebra and its signs against numbers: what it believes holds at every point, edges and negative too.

SymPy is asked to lie: its forced rewritings hold for positive parameters only.
"""

from collections.abc import Callable
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
import pytest
import sympy
from sympy import Abs, Rational, exp, log, sqrt

import boundkit as bk
from boundkit.enclose import ball
from boundkit.engine.proof.known import Known
from boundkit.errors import BoundkitError

a, b, x, T = sympy.symbols("a b x T")
PARAMETERS = (
    bk.integers(a, "a"),
    bk.reals(b, "b", 0, 2, strict=False),
    bk.reals(x, "x"),
    bk.integers(T, "T", 0),
)
POINTS = [
    dict(zip((a, b, x, T), map(sympy.Rational, at), strict=True))
    for at in product((1, 3), (0, "2/7", 2), (-5, -1, "-1/3", 0, "1/2", 4), (0, 1, 2, 5))
]
SIMPLE = st.sampled_from([a, b, x, x, sympy.Integer(1), sympy.Integer(-1), Rational(1, 2), sympy.Integer(2), sqrt(2)])


def grown(inner: st.SearchStrategy) -> st.SearchStrategy:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda p: p[0] + p[1]),
        two.map(lambda p: p[0] - p[1]),
        two.map(lambda p: p[0] * p[1]),
        two.map(lambda p: p[0] / p[1] if p[1] != 0 else p[0]),
        inner.map(Abs),
        inner.map(lambda e: e**2),
        inner.map(sqrt),
        inner.map(lambda e: exp(e) if len(str(e)) < 12 else e),
        inner.map(lambda e: log(e) if e != 0 else e),
        inner.map(lambda e: Abs(e) ** T),
        inner.map(lambda e: 1 / (1 + e**2)),
    )


EXPRESSIONS = st.recursive(SIMPLE, grown, max_leaves=6)


def forced(expr: sympy.Expr) -> dict[str, Callable[[], sympy.Expr]]:
    positive = {s: sympy.Dummy(s.name, positive=True) for s in expr.free_symbols}
    back = {dummy: s for s, dummy in positive.items()}
    as_positive = expr.xreplace(positive)
    return {
        "powdenest": lambda: sympy.powdenest(expr, force=True),
        "expand_log": lambda: sympy.expand_log(expr, force=True),
        "logcombine": lambda: sympy.logcombine(expr, force=True),
        "positive": lambda: as_positive.xreplace(back),
        "simplified": lambda: sympy.simplify(as_positive).xreplace(back),
        "expanded": lambda: sympy.expand(expr),
    }


NO_FORMULA = (sympy.zoo, sympy.nan, sympy.oo, sympy.I, sympy.re, sympy.im, sympy.arg)


def value(expr: sympy.Expr, at: dict) -> object:
    """A ball around the value; None where it is not defined."""
    try:
        found = ball(expr, {s: at[s] for s in expr.free_symbols})
    except (BoundkitError, ZeroDivisionError, OverflowError, ValueError):
        return None
    return found if not hasattr(found, "is_finite") or found.is_finite() else None


@pytest.mark.slow
@given(EXPRESSIONS, st.sampled_from(["powdenest", "expand_log", "logcombine", "positive", "simplified", "expanded"]))
def test_what_is_believed_to_be_one_is_one_everywhere(expr: sympy.Expr, way: str) -> None:
    if expr.has(*NO_FORMULA):
        return
    other = forced(expr)[way]()
    if other.has(*NO_FORMULA) or not Known(PARAMETERS).same(expr, other):
        return
    for at in POINTS:
        left, right = value(expr, at), value(other, at)
        if left is not None and right is not None:
            assert (left - right) == 0 or (left - right).contains(0), (expr, other, at)


@pytest.mark.slow
@given(EXPRESSIONS, st.booleans())
def test_what_is_believed_to_be_defined_and_positive_is(expr: sympy.Expr, strictly: bool) -> None:
    known = Known(PARAMETERS)
    if expr.has(*NO_FORMULA):
        return
    defined, positive = not known.undefined(expr), known.nonnegative(expr, strictly)
    for at in POINTS if defined or positive else ():
        found = value(expr, at)
        assert found is not None, (expr, at)
        if positive:
            assert not found < 0, (expr, at)
            assert not (strictly and found == 0), (expr, at)


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        (sqrt(x**2), x, False), (sqrt(x**2), Abs(x), False), (sqrt(b**2), b, True), (Abs(x) ** 2, x**2, True),
        (Abs(-x), Abs(x), True), (Abs(b), b, True), (log(a**2), 2 * log(a), True), (log(x**2), 2 * log(x), False),
        (log(b * x), log(b) + log(x), False), (log(8), 3 * log(2), True), (sqrt(8), 2 * sqrt(2), True),
        (exp(log(a) / 2), sqrt(a), True), (exp(x + b), exp(x) * exp(b), True), (exp(2 * x), exp(x) ** 2, True),
        ((x**2 - 1) / (x - 1), x + 1, True), (1 / (x - 1) - 1 / (x + 1), 2 / (x**2 - 1), True),
        (sqrt(x * b), sqrt(x) * sqrt(b), False), (sqrt(a * x), sqrt(a) * sqrt(x), True),
        ((Abs(x) ** T) ** 2, Abs(x) ** (2 * T), True), (x ** (2 * T), (x**T) ** 2, True), (2**T, exp(T * log(2)), True),
        (sqrt(1 + x**2) ** 4, (1 + x**2) ** 2, True), (1 / sqrt(1 + x**2), sqrt(1 + x**2) / (1 + x**2), True),
        ((a * b) ** Rational(3, 2), a * b * sqrt(a) * sqrt(b), True), (x**3, Abs(x) ** 3, False), (x, x + 1, False),
        (sympy.floor(x), x, False), (sympy.Max(x, 0), x, False), (sympy.Max(x, b + b), sympy.Max(x, 2 * b), True),
    ],
)  # fmt: skip
def test_identities(left: sympy.Expr, right: sympy.Expr, one: bool) -> None:
    """Both ways; where both are defined, as (x^2 - 1)/(x - 1) = x + 1 but at 1."""
    known = Known(PARAMETERS)
    assert known.same(left, right) is one
    assert known.same(right, left) is one
