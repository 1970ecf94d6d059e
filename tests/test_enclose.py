"""Balls at one point: three-valued answers, exactness, outward rounding, and what cannot be enclosed."""

from fractions import Fraction
import math

from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
import mpmath
import pytest
from support import examples
import sympy

import boundkit as bk
from boundkit.enclose import ball, holds, log_ball, log_law_ball, outward
from boundkit.tails import Tail, chi_square_at_most

x, y = sympy.symbols("x y")
rationals = st.fractions(min_value=Fraction(1, 50), max_value=50, max_denominator=50)


def test_rational_arithmetic_stays_exact() -> None:
    value = ball((x + 1) ** 3 / (y - 2), {x: Fraction(1, 2), y: 5})
    assert isinstance(value, fmpq)
    assert value == fmpq(27, 24)


@given(rationals, rationals)
def test_enclosures_contain_the_value_that_mpmath_finds(a: Fraction, b: Fraction) -> None:
    largest = sympy.Max(x, y) - sympy.Abs(x - y)
    for expr in (sympy.sqrt(x * y), sympy.exp(-x / y), sympy.log(x + y), x**y, largest, sympy.pi * x):
        with ctx.workprec(128):
            value = arb(ball(expr, {x: a, y: b}))
        with mpmath.workdps(60):
            here = {x: mpmath.mpf(a.numerator) / a.denominator, y: mpmath.mpf(b.numerator) / b.denominator}
            other = sympy.lambdify((x, y), expr, "mpmath")(here[x], here[y])
            with ctx.workprec(128):
                assert abs(arb(str(other)) - value) < 1e-28 * (1 + abs(value))


def test_relations_have_three_answers() -> None:
    assert holds(sympy.sqrt(x) > 2, {x: 5}) is True
    assert holds(sympy.sqrt(x) > 2, {x: 3}) is False
    assert holds(sympy.sqrt(x) >= 2, {x: 4}) is True  # an exact root
    for truth in (True, False, sympy.true, sympy.false):
        assert holds(truth, {}) is bool(truth)
    undefined = sympy.Ge(sympy.log(x - 5), 0, evaluate=False)
    assert holds(undefined, {x: 1}) is None
    assert holds(sympy.And(x > 1, undefined), {x: Fraction(1, 2)}) is False
    assert holds(sympy.Or(x > 1, undefined), {x: Fraction(1, 2)}) is None
    assert holds(sympy.Or(x < 1, undefined), {x: Fraction(1, 2)}) is True


def test_equality_that_no_precision_can_see_is_asked_of_algebra() -> None:
    equal = sympy.Ge(sympy.log(x**2), 2 * sympy.log(x), evaluate=False)
    assert holds(equal, {x: 3}) is True
    assert holds(equal, {x: 9999}) is True
    assert holds(sympy.Gt(*equal.args, evaluate=False), {x: 3}) is False
    assert holds(equal, {x: 10**30}) is None  # too large to ask
    assert holds(equal, {x: Fraction(1, 10**30)}) is None
    assert holds(equal, {x: arb(3, 0.5)}) is None  # true of some, and of all only by algebra
    assert holds(sympy.Ge(*equal.args[::-1], evaluate=False), {x: arb(3, 0.5)}) is None


@given(st.integers(1, 10**30), st.integers(1, 10**30), st.integers(1, 10**30))
def test_a_tie_of_roots_is_decided_at_any_size(a: int, b: int, c: int) -> None:
    """sqrt(2) sqrt(2 a^2 x/y)/2 = a sqrt(x/y); a part in 10^90 beside it is no tie."""
    side = sympy.sqrt(2) * sympy.sqrt(2 * x / y) / 2
    at = {x: c * a**2, y: c * b**2}
    assert holds(sympy.Ge(side, sympy.Rational(a, b), evaluate=False), at) is True
    assert holds(sympy.Lt(side, sympy.Rational(a, b), evaluate=False), at) is False
    assert holds(sympy.Ge(-side, sympy.Rational(a, b), evaluate=False), at) is False
    assert holds(sympy.Eq(side, sympy.Rational(a * 10**90 + 1, b * 10**90), evaluate=False), at) is False


def test_a_hair_apart_is_decided_with_more_digits() -> None:
    hair = sympy.Rational(1, 10**60)
    assert holds(sympy.log(x) < sympy.log(x + hair), {x: 3}) is True
    assert holds(sympy.log(x) > sympy.log(x + hair), {x: 3}) is False


def test_what_more_digits_than_are_tried_would_decide_stays_open() -> None:
    """10^-700 apart: neither equal nor in order, whichever way it is asked."""
    sides = (sympy.log(x), sympy.log(x) + sympy.Rational(1, 10**700))
    for order in (sympy.Lt, sympy.Le, sympy.Gt, sympy.Ge, sympy.Eq, sympy.Ne):
        for left, right in (sides, sides[::-1]):
            assert holds(order(left, right, evaluate=False), {x: 3}) is None


@given(st.floats(-1e300, 1e300), st.floats(0, 1e250))
def test_outward_never_cuts_anything_off(middle: float, radius: float) -> None:
    value = arb(middle, radius) + arb(1) / 3
    low, high = outward(value)
    assert arb(low) <= value.lower()
    assert value.upper() <= arb(high)


@given(st.fractions(), st.integers(-1100, 1000), st.sampled_from([53, 128, 300]))
def test_outward_takes_the_nearest_floats_outside_at_any_size(x: Fraction, power: int, bits: int) -> None:
    exact = x * Fraction(2) ** power
    with ctx.workprec(bits):
        low, high = outward(arb(fmpq(exact.numerator, exact.denominator)))
    assert low == -math.inf or Fraction(low) <= exact
    assert high == math.inf or exact <= Fraction(high)
    if bits > 53 and max(abs(low), abs(high)) < 1e308:
        assert exact < Fraction(math.nextafter(low, math.inf)) or low == high == exact
        assert Fraction(math.nextafter(high, -math.inf)) < exact


def test_outward_keeps_floats_and_survives_the_ends() -> None:
    assert outward(arb(-62500)) == (-62500.0, -62500.0)
    assert outward(arb(10) ** 400)[1] == math.inf
    assert outward(arb("nan")) == (-math.inf, math.inf)


def test_where_a_formula_is_not_defined_the_ball_is_nan() -> None:
    assert arb(ball(1 / x, {x: 0})).is_nan()
    assert arb(ball(x / y, {x: 0, y: 0})).is_nan()
    assert arb(ball(sympy.log(x), {x: -1})).is_nan()
    assert ball(x**y, {x: 0, y: 0}) == 1
    assert log_ball(x, {x: 0}) == arb("-inf")


def test_the_larger_of_two_that_overlap_holds_both() -> None:
    for a, b in ((arb(1, 0.5), 1), (1, arb(1, 0.5)), (arb(1, 0.5), arb(1.25, 0.125))):
        larger, smaller = arb(ball(sympy.Max(x, y), {x: a, y: b})), arb(ball(sympy.Min(x, y), {x: a, y: b}))
        assert larger.contains(arb(1.5))
        assert smaller.contains(arb(0.5))
        assert larger > 0.9
        assert smaller < 1.4


def test_constants_and_powers() -> None:
    e, pi = "2.71828182845904523536028747135266", "3.14159265358979323846264338327950"
    with ctx.workprec(128):
        assert abs(arb(ball(sympy.E, {})) - arb(e)) < 1e-31
        assert abs(arb(ball(sympy.pi, {})) - arb(pi)) < 1e-31
    assert ball(-sympy.oo, {}) == arb("-inf")
    for power in (-64, -1, 1, 2, 64):
        assert ball(x**y, {x: Fraction(2, 3), y: power}) == fmpq(2, 3) ** power  # exact
    for power in (-65, 65, 10**6):
        with ctx.workprec(128):
            assert arb(ball(x**y, {x: Fraction(2, 3), y: power})).overlaps(arb(fmpq(2, 3)) ** power)


def test_logs_go_as_deep_as_they_must() -> None:
    deep = log_ball(5 * (x * sympy.exp(-y / 16) + 1 / sympy.sqrt(y)), {x: 10, y: 10**30})
    with ctx.workprec(128):
        assert abs(deep - (arb(5).log() - arb(10**30).log() / 2)) < 1e-30
    assert log_ball(sympy.exp(-y), {y: 2**200}) == -arb(2**200)


def test_what_is_taken_away_keeps_its_digits() -> None:
    for formula, at, log in (
        (1 - sympy.exp(-x), 1e-20, -46.05170185988091368), (1 - (1 - x) ** y, 1e-20, -29.93360620892259448),
        (sympy.exp(-x) - sympy.exp(-2 * x), 5000, -5000.0), (1 - sympy.erfc(x), 1e-20, -45.93091962224565919),
        (2 - sympy.exp(x), 1, None), (-sympy.exp(-x), 1, None), ((x - 2) * (sympy.exp(-x) - 1), 1,-0.45867514538708189),
    ):  # fmt: skip
        found = log_ball(formula, {x: Fraction(at), y: 10**7})
        assert found.is_nan() if log is None else abs(float(found.mid()) - log) < 1e-14 * abs(log)


def test_functions_without_an_enclosure_are_named() -> None:
    with pytest.raises(bk.StatementError, match="sin has no enclosure"):
        ball(sympy.sin(x), {x: 1})


def test_a_law_of_ones_own() -> None:
    class heads_only(Tail):
        """P[n fair coins all show heads]."""

        nargs = 1

        @staticmethod
        def ball(n: fmpq) -> arb:
            return -arb(n) * arb(2).log()

    with ctx.workprec(256):
        assert log_ball(3 * heads_only(x), {x: 10}).contains(arb(3).log() - 10 * arb(2).log())
    with pytest.raises(bk.StatementError, match="one point only"):
        heads_only.log(3)
    with pytest.raises(bk.StatementError, match="no certified value"):
        Tail.ball(3)
    assert float(arb(ball(chi_square_at_most(x, sympy.Rational(1, 2)), {x: 600})).mid()) == pytest.approx(
        3.130415126e-27, rel=1e-9
    )


WIDE = st.tuples(st.integers(0, 300), st.fractions(1, 9), st.fractions(Fraction(1), Fraction(10**6)))


@settings(max_examples=examples(60))
@given(st.lists(st.fractions(Fraction(1, 100), 10, max_denominator=100), min_size=2, max_size=4), WIDE)
def test_the_log_of_a_sum_is_enclosed_on_wide_intervals(rates: list, wide: tuple) -> None:
    """It holds what every point gives, and at the end where the sum is largest adds at most the log of their number."""
    power, start, factor = wide
    low, high = start * 10**power, start * factor * 10**power
    n = sympy.Symbol("n")
    formula = sympy.Add(*(sympy.exp(-sympy.Rational(r.numerator, r.denominator) * n) for r in rates), evaluate=False)
    ends = [arb(fmpq(x.numerator, x.denominator)) for x in (low, high)]
    found = log_ball(formula, {n: ends[0].union(ends[1])})
    assert found.is_finite()
    for x in (low, (low + high) / 2, high):
        assert found.contains(log_ball(formula, {n: x}).mid())
    slowest = fmpq(min(rates).numerator, min(rates).denominator)
    slack = fmpq(max(rates).numerator, max(rates).denominator) * ends[1] * arb("1e-8")  # a ball's radius has 30 bits
    assert found.upper() <= -slowest * ends[0] + 2 + slack


@given(st.fractions(Fraction(1, 100), Fraction(99, 100)), st.integers(20, 200))
def test_a_certain_event_is_not_asked_for_more_digits_for_ever(p: Fraction, zeros: int) -> None:
    """Two laws that add to 1 have the log 0 at any precision; of one that only comes near to 1 no digit is lost."""
    asked = []

    class share(Tail):
        """P[a coin that shows heads with probability p shows heads]."""

        nargs = 1

        @staticmethod
        def ball(p: fmpq) -> arb:
            asked.append(ctx.prec)
            return arb(p).log()

    certain = log_law_ball(share(x) + share(y), {x: p, y: 1 - p})
    assert certain.contains(0)
    assert max(asked) <= 512
    assert float(log_law_ball(share(1 - x), {x: Fraction(1, 10**zeros)}).mid()) == pytest.approx(-(10.0**-zeros))
