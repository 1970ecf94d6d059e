"""Certified laws: two independent routes overlap, both narrow; enclosures are honest; nothing hangs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import routes
import mpmath
import pytest
from support import examples, some

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws import balls, certified, continuous_balls, contour, mixture
from boundkit.laws.certified import Enclosure

Q = Fraction
NAN, INF = arb("nan"), arb.pos_inf()


def same(one: Any, other: Any) -> None:
    """Both narrow, and with a common point."""
    with ctx.workprec(400):
        assert one.rel_accuracy_bits() >= 80
        assert other.rel_accuracy_bits() >= 80
        assert one.overlaps(other)


@pytest.mark.parametrize("n", [2, 4, 10, 46, 48, 50, 100, 300])
@pytest.mark.parametrize("s", [Q(1, 10**6), Q(1, 3), 5, 80, 2000])
def test_inner_product_against_its_finite_sum(n: int, s: Fraction) -> None:
    same(balls.inner_product_log_at_least(s, n), routes.inner_product(Q(s), n))


@pytest.mark.parametrize(
    ("n", "root_m", "c"),
    some(product([2, 10, 46, 50, 120], [Q(101, 100), 2, 3, 40], [-20, -1, 0, Q(1, 8), Q(9, 10), 1, 3]), 40),
)
def test_row_sum_against_its_finite_sum(n: int, root_m: Fraction, c: Fraction) -> None:
    same(balls.row_sum_log_at_most(c, n, Q(root_m) ** 2), routes.row_sum_at_most(Q(c), n, Q(root_m)))


def test_a_slip_in_one_term_of_the_finite_sum_is_seen() -> None:
    with ctx.workprec(400):
        wrong = routes.inner_product(Q(5), 100, slip=arb(10) ** -28)
        assert not balls.inner_product_log_at_least(5, 100).overlaps(wrong)


@pytest.mark.parametrize(
    ("n", "sign", "nu", "z"), some(product([48, 49, 200, Q(1001, 3)], [-1, 1], [Q(1, 50), 1, 30], [0, 1, 7, 40]), 30)
)
def test_contour_and_mixture_overlap(n: Fraction, sign: int, nu: Fraction, z: int) -> None:
    with ctx.workprec(300):
        size, spread = routes.ball(n), routes.ball(nu)
        q = size * sign + z * (size * (2 + spread)).sqrt()
        one, other = (route.log_upper_tail(q, size, arb(sign), spread, 110) for route in (contour, mixture))
    same(one, other)


@pytest.mark.parametrize("n", [49, 600, 124045, 10**6])
@pytest.mark.parametrize("a", [Q(101, 100), 3, 1000])
def test_chi_square_above_the_mean_against_the_incomplete_gamma_function(n: int, a: Fraction) -> None:
    with ctx.workprec(400):
        gamma = (routes.ball(a) * n / 2).gamma_upper(arb(n) / 2, regularized=1).log()
    same(balls.chi_square_log_at_least(a, n), gamma)


@pytest.mark.parametrize("n", [49, 600, 10_001])
@pytest.mark.parametrize("a", [Q(1, 10**12), Q(1, 2), Q(19, 20)])
def test_chi_square_below_the_mean_against_its_series(n: int, a: Fraction) -> None:
    with ctx.workprec(400):
        series = balls._log_lower_series(routes.ball(a) * n / 2, arb(n) / 2)
    same(balls.chi_square_log_at_most(a, n), series)


@given(st.integers(1, 400), st.fractions(Q(1, 1000), 10, max_denominator=1000))
@settings(max_examples=examples(60))
def test_chi_square_obeys_its_recurrence_in_n(n: int, a: Fraction) -> None:
    """P[chi2_{n+2} >= x] - P[chi2_n >= x] = (x/2)^(n/2) e^(-x/2)/Gamma(n/2 + 1)."""
    x = a * n
    here, there = balls.chi_square_log_at_least(a, n), balls.chi_square_log_at_least(x / (n + 2), n + 2)
    with ctx.workprec(400):
        half, s = routes.ball(x / 2), arb(n) / 2
        assert (there.exp() - here.exp()).overlaps((s * half.log() - half - (s + 1).lgamma()).exp())


@pytest.mark.parametrize(("n", "m"), [(1, 2), (600, 10), (10**6, 10**4), (100, Q(11, 10))])
def test_below_zero_is_the_row_sum_at_zero(n: int, m: Fraction) -> None:
    same(continuous_balls.row_sum_log_below_zero(n, m), balls.row_sum_log_at_most(0, n, m))


@given(st.integers(1, 10**6), st.fractions(-3, 3, max_denominator=100), st.integers(2, 10**4))
@settings(max_examples=examples(40))
def test_row_sum_tails_add_up_to_one(n: int, c: Fraction, m: int) -> None:
    total = balls.row_sum_log_at_most(c, n, m).exp() + balls.row_sum_log_at_least(c, n, m).exp()
    assert total.overlaps(arb(1))


def test_canaries() -> None:
    with ctx.workprec(200):
        low = balls.chi_square_log_at_most(Q(1, 2), 600).exp()
        zero = continuous_balls.row_sum_log_below_zero(600, 10).exp()
        total = (
            9 * zero + balls.row_sum_log_at_most(Q(1, 8), 600, 10).exp() + balls.chi_square_log_at_least(2, 600).exp()
        )
    assert float(low) == pytest.approx(3.130415126e-27, rel=1e-9)
    assert float(zero) == pytest.approx(9.509e-16, rel=1e-4)
    assert float(total) == pytest.approx(2.5659e-12, rel=1e-4)


@pytest.mark.parametrize("n", [1, 10, 1000, 10**6, 10**9])
@pytest.mark.parametrize("a", [Q(1, 10**6), Q(1, 2), 1, 3])
def test_chi_square_has_80_bits_at_every_size(n: int, a: Fraction) -> None:
    found = (certified.chi_square_logcdf_ratio if a <= 1 else certified.chi_square_logsf_ratio)(a, n)
    assert found.lo <= found.hi < 0
    assert found.hi - found.lo <= abs(found.hi) * Fraction(1, 2**80)


@settings(max_examples=examples(60))
@given(st.floats(48, 1e10), st.floats(-3, 3), st.booleans())
def test_chi_square_overlaps_with_the_contour(n: float, far: float, near: bool) -> None:
    """Two routes without a formula in common, within three deviations of the mean and up to a factor 1000 off it."""
    a, size = Q(1 + far / n**0.5 if near else 10**far), arb(n)
    lower = a < 1
    found = (balls.chi_square_log_at_most if lower else balls.chi_square_log_at_least)(a, Q(n))
    sign = -1 if lower else 1
    with ctx.workprec(300):
        same(found, contour.log_upper_tail(sign * balls.as_exact(a) * size, size, sign, 0, 100))


@pytest.mark.parametrize(
    ("law", "args"),
    [
        (balls.row_sum_log_at_most, (NAN, 10, 10)),
        (balls.row_sum_log_at_most, (Q(1, 2), 10, INF)),
        (balls.row_sum_log_at_most, (arb(0, 1e300), 10, 10)),
        (balls.row_sum_log_at_most, (Q(1, 2), 10, arb(3, 5))),
        (balls.row_sum_log_at_most, (arb(0, 1), 10, 1)),
        (balls.row_sum_log_at_least, (Q(1, 2), 10, NAN)),
        (balls.correlated_inner_product_log_at_least, (NAN, 10, Q(1, 2))),
        (balls.correlated_inner_product_log_at_least, (1, 10, arb(0, 3))),
        (balls.inner_product_log_at_least, (arb(3, 5), 10)),
        (balls.chi_square_log_at_most, (Q(1, 2), INF)),
        (balls.chi_square_log_at_least, (Q(99, 100), 10**200)),
        (balls.row_sum_log_at_most, (Q(1, 2), 10**200, 10)),
        (balls.inner_product_log_at_least, (5 * 10**199, 10**200)),
        (balls.inner_product_log_at_least, (Q(1, 2), Q(1, 10**200))),
        (balls.normal_log_two_sided, (NAN,)),
        (certified.chi_square_logcdf_ratio, (10, 10**9)),
    ],
)
def test_what_cannot_be_enclosed_is_refused(law: Callable[..., Any], args: tuple) -> None:
    with pytest.raises(PrecisionError):
        law(*args)


def test_extreme_ratios_answer() -> None:
    far = balls.chi_square_log_at_least(Q(10) ** 930, 124045)
    with ctx.workprec(4000):
        x, s = arb(10) ** 930 * 124045 / 2, arb(124045) / 2
        leading = (s - 1) * x.log() - x - s.lgamma()
        assert far.rel_accuracy_bits() > 80
        assert far >= leading - 1
        assert far <= leading + 1


@pytest.mark.parametrize(
    ("law", "args", "message"),
    [
        (certified.normal_log_two_sided, (-1,), "t = -1.0+: t >= 0"),
        (certified.normal_log_two_sided, (float("nan"),), "nan: a finite real number"),
        (certified.chi_square_logcdf, (-1, 5), "x = -1, df = 5"),
        (certified.chi_square_logcdf_ratio, (1, 0), "n > 0"),
        (certified.inner_product_logsf_abs, (1, 5, 2), r"\|r\| <= 1"),
        (certified.row_sum_logcdf, (1, 5, Q(1, 2)), "m >= 1"),
        (certified.row_sum_logcdf, ("1", 5, 2), "finite real number"),
    ],
)
def test_bad_values_are_named_with_the_rule(law: Callable[..., Any], args: tuple, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        law(*args)


@given(st.fractions(), st.fractions(min_value=0, max_value=Q(1, 10**6)))
def test_floats_go_outward_and_digits_are_certain(lo: Fraction, width: Fraction) -> None:
    box = Enclosure(lo, lo + width)
    low, high = box.floats()
    assert Q(low) <= box.lo <= box.hi <= Q(high)
    assert box.contains(lo)
    assert not box.contains(lo - 1)
    text = repr(box).removeprefix("Enclosure(").removesuffix(")")
    if text.endswith("..."):
        shown = Q(text.removesuffix("..."))
        digits = text.removesuffix("...").split("e")[0].partition(".")[2]
        exponent = int(text.removesuffix("...").split("e")[1]) if "e" in text else 0
        unit = Q(10) ** (exponent - len(digits))
        assert all(0 <= abs(end) - abs(shown) < unit for end in (box.lo, box.hi))


def test_enclosures_are_frozen_and_name_the_ends() -> None:
    nothing = certified.chi_square_logcdf_ratio(0, 5)
    assert nothing == Enclosure(float("-inf"), float("-inf"))
    assert repr(nothing) == "Enclosure(-inf)"
    assert certified.row_sum_logcdf(-1, 5, 1) == nothing
    assert certified.chi_square_logsf(0, 5) == Enclosure(Q(0), Q(0))
    with pytest.raises(FrozenInstanceError):
        nothing.lo = 0
    narrow = certified.inner_product_logsf_abs(300, 600)
    assert 0 < narrow.hi - narrow.lo < -narrow.lo / 2**80
    assert narrow.contains(narrow.lo)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (certified.chi_square_logcdf(300, 600), certified.chi_square_logcdf_ratio(Q(1, 2), 600)),
        (certified.chi_square_logsf(Q(1, 3), 2), Enclosure(Q(-1, 6), Q(-1, 6))),
        (certified.row_sum_logsf(2, 60, 1), certified.chi_square_logsf_ratio(2, 60)),
        (certified.inner_product_logsf_abs(9, 60, 1), certified.chi_square_logsf(9, 60)),
        (certified.inner_product_logsf_abs(9, 60, Q(1, 10**30)), certified.inner_product_logsf_abs(9, 60)),
    ],
)
def test_the_same_law_by_another_name(one: Enclosure, other: Enclosure) -> None:
    assert abs(one.lo - other.lo) <= abs(other.lo) / 2**78
    assert abs(one.hi - other.hi) <= abs(other.hi) / 2**78


@pytest.mark.parametrize("t", [1414, 1415, 440_000, 10**9])
def test_far_normal_tails_against_an_integral(t: int) -> None:
    """P[|Z| >= t] = 2 e^(-t^2/2) / (t sqrt(2 pi)) times the integral of e^(-s - s^2/(2 t^2)) over s >= 0."""
    with mpmath.workdps(45):
        mean = mpmath.quad(lambda s: mpmath.exp(-s - (s / t) ** 2 / 2), [0, 8, 32, 128])  # beyond lies less than e^-128
        log = mpmath.log(2 * mean / (t * mpmath.sqrt(2 * mpmath.pi))) - mpmath.mpf(t) ** 2 / 2
        found = certified.normal_log_two_sided(t)
        low, high = (mpmath.mpf(end.numerator) / end.denominator for end in (found.lo, found.hi))
        assert abs(low - log) <= abs(log) * mpmath.mpf(2) ** -75
        assert abs(high - log) <= abs(log) * mpmath.mpf(2) ** -75
        assert high - low <= abs(log) * mpmath.mpf(2) ** -75
