"""The continuous laws: on arrays against balls, balls against routes that do not share their formulas, bad input."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial, inf, isnan
from pathlib import Path
import re
from typing import Any

from flint import arb, fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st
from laws import continuous
import mpmath
import numpy as np
import pytest
from scipy import special
from support import some

from boundkit.errors import ParameterError, PrecisionError
from boundkit.laws import beta, gaussian_mechanism, greatest_normal, kolmogorov, normal, student, uniform_sum
from boundkit.laws import continuous_balls as B  # noqa: N812  it names every law below
from boundkit.laws import gamma as gamma_law

HALF = Fraction(1, 2)
unit = st.fractions(Fraction(1, 1000), Fraction(999, 1000), max_denominator=1000)


@pytest.fixture(autouse=True)
def _digits() -> Any:
    with mpmath.workdps(40):
        yield


def mpf(x: Any) -> Any:
    return mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator


def agrees(ball: Any, truth: Any, digits: float = 15) -> bool:
    """Whether a ball is narrow and beside a log that is known to some digits."""
    assert ball.rel_accuracy_bits() >= 80
    found = mpmath.mpf(ball.mid().str(38, radius=False))
    return bool(abs(found - truth) <= abs(truth) * mpmath.mpf(10) ** -digits)


# On arrays.


@pytest.mark.parametrize("law", list(continuous.LAWS))
@pytest.mark.parametrize("count", [300, pytest.param(5000, marks=pytest.mark.slow)])
def test_logs_are_as_good_as_is_said(law: str, count: int) -> None:
    fast, ball, _, tolerance = continuous.LAWS[law]
    error, at = continuous.worst(fast, ball, continuous.stream(law, count), count)
    assert error < tolerance, at


def test_quantiles_of_the_normal_are_where_the_tail_is() -> None:
    rng = np.random.default_rng(5)
    log_p = -np.concatenate([10 ** rng.uniform(-300, 15, 300), rng.uniform(0.5, 0.9, 100)])
    for log, t in zip(log_p.tolist(), normal.isf_log(log_p).tolist(), strict=True):
        beside = [B.normal_log_at_least(Fraction(t) + way * Fraction(abs(t)) / 10**15) for way in (-1, 1)]
        wide = 1e-15 * abs(log)
        assert beside[0] > log - wide
        assert beside[1] < log + wide
    assert normal.isf_log([0.0, -inf]).tolist() == [-inf, inf]
    assert normal.ppf_log([0.0, -inf]).tolist() == [inf, -inf]
    np.testing.assert_array_equal(normal.ppf_log(log_p), -normal.isf_log(log_p))


def test_ends() -> None:
    assert normal.logsf([inf, -inf]).tolist() == [-inf, 0.0]
    assert normal.log_interval([-inf, 3.0, -inf, 1.0], [inf, 3.0, -inf, inf]).tolist()[:3] == [0.0, -inf, -inf]
    assert gamma_law.logsf([-1.0, 0.0, 1e308, inf], 2).tolist() == [0.0, 0.0, -1e308, -inf]
    assert gamma_law.logcdf([-1.0, 0.0, inf], 2).tolist() == [-inf, -inf, 0.0]
    assert beta.logsf([-1.0, 0.0, 1.0, 2.0], 2, 3).tolist() == [0.0, 0.0, -inf, -inf]
    assert beta.logcdf([-inf, 0.0, 1.0, inf], 2, 3).tolist() == [-inf, -inf, 0.0, 0.0]
    assert student.logsf([-inf, inf], 3).tolist() == [0.0, -inf]
    assert student.log_two_sided([-1.0, 0.0, inf], 3).tolist() == [0.0, 0.0, -inf]
    assert greatest_normal.logsf([-inf, inf], 3).tolist() == [0.0, -inf]
    assert greatest_normal.logsf_abs([-1.0, 0.0], 3).tolist() == [0.0, 0.0]
    assert kolmogorov.logsf([-1.0, 0.0, 1.0, 2.0], [3, 3, 10**6, 10**6]).tolist() == [0.0, 0.0, -inf, -inf]
    assert uniform_sum.logsf([-1.0, 0.0, 3.0, 4.0], 3).tolist() == [0.0, 0.0, -inf, -inf]
    assert gaussian_mechanism.log_delta(1.0, 1e-9) == 0


def test_nan_stays_where_it_is() -> None:
    for law, (fast, _, draw, _) in continuous.LAWS.items():
        rows = np.array([draw(np.random.default_rng(seed)) for seed in range(3)])
        rows[1, 0] = np.nan
        found = fast(*rows.T)
        assert np.isnan(found).tolist() == [False, True, False], law
        assert type(fast(*rows[0].tolist())) is float


@pytest.mark.parametrize(
    ("law", "args"),
    [
        (normal.logsf, (np.nan,)), (normal.logcdf, ("1",)), (normal.isf_log, (0.1,)), (normal.log_interval, (2, 1)),
        (gamma_law.logsf, (1, 0)), (gamma_law.logcdf, (1, -1)), (beta.logcdf, (0.5, 0, 1)),
        (beta.logsf, (0.5, 1, -1)), (beta.logsf, (0.5, 1, 1e13)), (student.logsf, (1, 0)),
        (student.log_two_sided, (np.nan, 1)), (greatest_normal.logsf, (1, 0.5)),
        (kolmogorov.logsf, (0.5, 2.5)), (kolmogorov.logsf, (0.5, 0)), (uniform_sum.logsf, (0.5, 1.5)),
        (gaussian_mechanism.log_delta, (-1, 1)), (gaussian_mechanism.log_delta, (1, 0)),
        (B.gamma_log_at_least, (0, 1)), (B.beta_log_at_least, (1, 0, HALF)), (B.beta_log_at_most, (-1, 1, 5)),
        (B.student_log_at_least, (0, 1)), (B.student_log_two_sided, (-1, 1)), (B.normal_log_interval, (2, 1)),
        (B.greatest_normal_log_at_least, (0, 1)), (B.kolmogorov_log_at_least, (HALF, HALF)),
        (B.kolmogorov_log_at_least, (0, HALF)), (B.uniform_sum_log_at_least, (Fraction(3, 2), 1)),
        (B.gaussian_mechanism_log_delta, (-1, 1)), (B.gaussian_mechanism_log_delta, (1, 0)),
        (B.normal_log_at_least, ("x",)),
    ],
)  # fmt: skip
def test_bad_input(law: Any, args: tuple[Any, ...]) -> None:
    with pytest.raises(ParameterError):
        law(*args)


@pytest.mark.parametrize(
    ("law", "args"),
    [
        (kolmogorov.logsf, (0.5, 30_000)), (uniform_sum.logsf, (500.5, 3000)),
        (B.kolmogorov_log_at_least, (30_000, HALF)), (B.uniform_sum_log_at_least, (3000, 5)),
        (B.beta_log_at_least, (1, 1, arb(0, 1))), (B.gamma_log_at_least, (1, arb(0, 1))),
        (B.student_log_at_least, (1, arb(0, 1))), (B.kolmogorov_log_at_least, (arb(3, 0.01), HALF)),
    ],
)  # fmt: skip
def test_what_is_out_of_reach_is_said(law: Any, args: tuple[Any, ...]) -> None:
    with pytest.raises(PrecisionError):
        law(*args)


# At one point.


@given(st.fractions(-30, 30, max_denominator=1000), st.fractions(Fraction(1, 1000), 3, max_denominator=1000))
@settings(max_examples=60, deadline=None)
def test_normal_and_an_interval_are_integrals_of_the_density(t: Fraction, width: Fraction) -> None:
    low, high = mpf(t), mpf(t + width)
    if t < 0:
        low, high = -high, -low  # the same interval on the other side
    near = low if low > 0 else mpmath.mpf(0)

    def log_integral(start: Any, end: Any) -> Any:
        """Relative to the density at `near`: mpmath's tolerance is absolute."""
        whole = mpmath.quad(lambda u: mpmath.exp((near * near - u * u) / 2), mpmath.linspace(start, end, 8))
        return mpmath.log(whole) - near * near / 2 - mpmath.log(2 * mpmath.pi) / 2

    assert agrees(B.normal_log_interval(t, t + width), log_integral(low, high))
    if t >= 0:
        assert agrees(B.normal_log_at_least(t), log_integral(low, low + 14))
    assert B.normal_log_at_most(-t).overlaps(B.normal_log_at_least(t))


@given(st.fractions(Fraction(1, 20), 60, max_denominator=20), st.fractions(Fraction(1, 50), 8, max_denominator=50))
@settings(max_examples=40, deadline=None)
def test_gamma_is_mpmaths(k: Fraction, ratio: Fraction) -> None:
    x = k * ratio
    with mpmath.workdps(120):
        above = mpmath.gammainc(mpf(k), mpf(x)) / mpmath.gamma(mpf(k))
        below = mpmath.gammainc(mpf(k), 0, mpf(x)) / mpmath.gamma(mpf(k))
        logs = [mpmath.log(p) if p < 0.9 else mpmath.log1p(-q) for p, q in ((above, below), (below, above))]
    assert agrees(B.gamma_log_at_least(k, x), logs[0], 22)
    assert agrees(B.gamma_log_at_most(k, x), logs[1], 22)


@given(st.integers(1, 130), st.integers(1, 130), unit)
@example(1, 1, HALF)
@example(24, 24, HALF)
@example(25, 24, HALF)
@example(100, 30, Fraction(77, 100))
@settings(max_examples=80, deadline=None)
def test_beta_of_whole_shapes_is_a_binomial_tail(a: int, b: int, x: Fraction) -> None:
    n = a + b - 1
    above = sum(comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
    assert B.beta_log_at_most(a, b, x).overlaps(arb(fmpq(above.numerator, above.denominator)).log())
    below = 1 - above
    logs = [mpmath.log(mpf(p)) if p < HALF else mpmath.log1p(-mpf(1 - p)) for p in (above, below)]
    assert agrees(B.beta_log_at_most(a, b, x), logs[0], 22)
    assert agrees(B.beta_log_at_least(a, b, x), logs[1], 22)


SHAPES = [(1e9, 1e9), (1e9, 30), (1e9, 2.5), (1e6, 0.5), (500.25, 1e5), (40, 1e9), (0.75, 3)]


@pytest.mark.parametrize(("a", "b", "away"), some([(*s, t) for s in SHAPES for t in (-30, -3, -0.1, 0.1, 3, 30)]))
def test_beta_of_any_shapes_is_an_integral_of_its_density(a: float, b: float, away: float) -> None:
    mean, size = mpmath.mpf(a) / (mpmath.mpf(a) + b), mpmath.mpf(a) + b
    spread = mpmath.sqrt(mean * (1 - mean) / (size + 1))
    x = mpmath.mpf(float(mean + away * spread))
    if not 0 < x < 1 or x == 1 or 1 - x < 1e-13:
        return
    log_whole = mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(size)

    def log_density(u: Any) -> Any:
        return (a - 1) * mpmath.log(u) + (b - 1) * mpmath.log1p(-u)

    peak = log_density(x)
    steps = [0, 0.02, 0.1, 0.3, 0.6, 1, 2, 4, 8, 16, 30, 60]
    ends = [u for u in (x + (1 if away > 0 else -1) * step * spread for step in steps) if 0 < u < 1]
    integral = mpmath.quad(lambda u: mpmath.exp(log_density(u) - peak), ends if away > 0 else ends[::-1], maxdegree=5)
    reaches = 0 < x + (60 if away > 0 else -60) * spread < 1 and min(a, b) > 20
    law = B.beta_log_at_least if away > 0 else B.beta_log_at_most
    found = law(Fraction(a), Fraction(b), Fraction(float(x)))
    truth = peak + mpmath.log(integral) - log_whole
    assert found.rel_accuracy_bits() >= 80
    if reaches:
        assert agrees(found, truth, 15)
    else:  # the integral stops short of the end
        assert mpmath.mpf(found.mid().str(38, radius=False)) > truth - mpmath.mpf(10) ** -15 * abs(truth)


@given(st.fractions(Fraction(1, 2), 50, max_denominator=4), st.fractions(-9, 9, max_denominator=100))
@settings(max_examples=30, deadline=None)
def test_student_is_an_integral_of_its_density(n: Fraction, x: Fraction) -> None:
    df, end = mpf(n), mpf(x)
    front = mpmath.gamma((df + 1) / 2) / mpmath.gamma(df / 2) / mpmath.sqrt(df * mpmath.pi)
    inside = mpmath.quad(lambda u: front * (1 + u * u / df) ** (-(df + 1) / 2), mpmath.linspace(0, end, 6))
    assert agrees(B.student_log_at_least(n, x), mpmath.log(mpmath.mpf(1) / 2 - inside), 15)
    if x > 0:
        assert agrees(B.student_log_two_sided(n, x), mpmath.log(1 - 2 * inside), 15)


@given(st.integers(1, 10**6), st.fractions(-3, 12, max_denominator=100))
@settings(max_examples=60, deadline=None)
def test_greatest_normals_are_products_in_many_digits(n: int, x: Fraction) -> None:
    with mpmath.workdps(200):
        below, within = mpmath.ncdf(mpf(x)) ** n, mpmath.erf(mpf(x) / mpmath.sqrt(2)) ** n
        truth, size = mpmath.log1p(-below), mpmath.log1p(-within) if x > 0 else mpmath.mpf(0)
    assert agrees(B.greatest_normal_log_at_least(n, x), truth, 30) or truth > -(mpmath.mpf(10) ** -150)
    if x > 0:
        assert agrees(B.greatest_absolute_normal_log_at_least(n, x), size, 30) or size > -(mpmath.mpf(10) ** -150)
    else:
        assert B.greatest_absolute_normal_log_at_least(n, x) == 0


def stays_below(n: int, t: Fraction) -> Fraction:
    """P[D_n^+ < t] as n! times the volume of u_1 < ... < u_n with u_i > i/n - t, one polynomial after the other."""
    polynomial = [Fraction(1)]
    for i in range(1, n + 1):
        least = max(Fraction(0), Fraction(i, n) - t)
        higher = [Fraction(0), *(c / (k + 1) for k, c in enumerate(polynomial))]
        higher[0] = -sum((c * least**k for k, c in enumerate(higher)), Fraction(0))
        polynomial = higher
    return factorial(n) * sum(polynomial, Fraction(0))


@given(st.integers(1, 14), unit)
@example(1, HALF)
@example(4, Fraction(1, 4))
@settings(max_examples=60, deadline=None)
def test_kolmogorov_is_a_volume(n: int, t: Fraction) -> None:
    truth = 1 - stays_below(n, t)
    ball = B.kolmogorov_log_at_least(n, t)
    assert ball.overlaps(arb(fmpq(truth.numerator, truth.denominator)).log())
    assert continuous.error(kolmogorov.logsf(float(t), n), B.kolmogorov_log_at_least(n, float(t))) < 1e-13


def volume_of_a_slice(n: int, x: Fraction) -> Fraction:
    """The density of the sum of n uniforms, by the recursion of B-splines, whose terms are positive."""
    rows = {k: Fraction(int(0 <= x - k < 1)) for k in range(n + 1)}
    for m in range(2, n + 1):
        rows = {k: ((x - k) * rows[k] + (m - x + k) * rows[k + 1]) / (m - 1) for k in range(n - m + 1)}
    return rows[0]


@given(st.integers(1, 18), unit)
@example(1, HALF)
@example(2, HALF)
@settings(max_examples=60, deadline=None)
def test_a_sum_of_uniforms_adds_up_slices(n: int, share: Fraction) -> None:
    x = n * share
    below = sum((volume_of_a_slice(n + 1, x - k) for k in range(n + 1) if x > k), Fraction(0))
    truth = 1 - below
    ball = B.uniform_sum_log_at_least(n, x)
    assert ball.overlaps(arb(fmpq(truth.numerator, truth.denominator)).log())
    wide = B.uniform_sum_log_at_least(n, arb(fmpq(x.numerator, x.denominator)))
    assert wide.overlaps(ball)


@pytest.mark.slow
@given(st.fractions(0, 8, max_denominator=50), st.fractions(Fraction(1, 5), 20, max_denominator=50))
@settings(max_examples=40, deadline=None)
def test_delta_is_an_integral_of_the_excess(eps: Fraction, sigma: Fraction) -> None:
    e, s = mpf(eps), mpf(sigma)

    start = mpmath.mpf(1) / 2 + e * s * s

    def excess(v: Any) -> Any:
        """phi_1(x) - e^eps phi_0(x) at x = start + v, relative to phi_1(start)."""
        return -mpmath.expm1(-v / (s * s)) * mpmath.exp(-v * (v + 2 * (start - 1)) / (2 * s * s))

    width = s / max(1, e * s)
    whole = mpmath.quad(excess, [width * step for step in (0, 1, 2, 4, 8, 16, 30, 60)])
    truth = mpmath.log(whole) - (start - 1) ** 2 / (2 * s * s) - mpmath.log(s * mpmath.sqrt(2 * mpmath.pi))
    assert agrees(B.gaussian_mechanism_log_delta(eps, sigma), truth)


@pytest.mark.parametrize("law", [name for name in continuous.LAWS if name != "normal, interval"])
def test_a_ball_of_an_argument_holds_what_its_points_give(law: str) -> None:
    _, ball, _, _ = continuous.LAWS[law]
    points, held = continuous.stream(law, 9), 0
    for point in (next(points) for _ in range(40)):
        exact = ball(*map(Fraction, point))
        x = fmpq(*float(point[0]).as_integer_ratio())
        around = arb(x, abs(arb(x)) * arb(2) ** -100)
        try:
            wide = ball(around, *map(Fraction, point[1:]))
        except PrecisionError:
            continue
        held += 1
        assert wide.overlaps(exact), point
        assert isnan(float(wide.rad())) is False
    assert held > 20


def test_large_sizes_are_certified() -> None:
    for ball, args in (
        (B.normal_log_at_least, (10**8,)), (B.normal_log_at_least, (-(10**8),)), (B.gamma_log_at_least, (10**9, 10**9)),
        (B.beta_log_at_most, (10**9, 10**9, HALF)), (B.beta_log_at_most, (10**9, 24, 1 - Fraction(24, 10**9))),
        (B.beta_log_at_least, (Fraction(1, 10**9), 10**9, HALF)), (B.student_log_at_least, (10**9, 10**6)),
        (B.student_log_at_least, (Fraction(1, 1000), 10**300)), (B.greatest_normal_log_at_least, (10**9, 10**8)),
        (B.kolmogorov_log_at_least, (20_000, Fraction(1, 10**9))), (B.uniform_sum_log_at_least, (1000, 500)),
        (B.uniform_sum_log_at_least, (411, Fraction(155413487, 799969))),
        (B.gaussian_mechanism_log_delta, (1, 10**9)), (B.gaussian_mechanism_log_delta, (0, 10**9)),
    ):  # fmt: skip
        assert ball(*args).rel_accuracy_bits() >= 80


@settings(max_examples=30, deadline=None)
@given(st.floats(-9, 2), st.floats(-3, 9), st.fractions(1, 1000), st.fractions(0, 1), st.fractions(0, 1))
def test_the_mechanism_falls_along_an_interval(e: float, s: float, wide: Fraction, u: Fraction, v: Fraction) -> None:
    """An interval's enclosure holds what its points give, and goes no further than points a little outside."""
    law, low = B.gaussian_mechanism_log_delta, [Fraction(10**x) for x in (e, s)]
    interval = [ball_of(x).union(ball_of(x * wide)) for x in low]
    inside = [x * (1 + share * (wide - 1)) for x, share in zip(low, (u, v), strict=True)]
    found = law(*interval)
    assert found.contains(law(*inside))
    most, least = (law(*(x * factor for x in low)) for factor in (Fraction(99, 100), wide * Fraction(101, 100)))
    slack = abs(least) * arb(2) ** -28  # a ball's radius has 30 bits
    assert found.upper() <= most + slack
    assert found.lower() >= least - slack


def ball_of(x: Fraction) -> Any:
    return arb(fmpq(*x.as_integer_ratio()))


# Beside scipy.special.

PAGE = Path(__file__).parents[2] / "docs" / "laws_continuous.md"
SHARES = re.findall(r"^\| ([^|]+) \| .+ \| (\d+)% \| (\d+)% \|$", PAGE.read_text(), re.MULTILINE)
SCIPY = {
    "gamma, above": lambda x, k: special.gammaincc(k, np.maximum(x, 0)),
    "beta, above": lambda x, a, b: special.betaincc(a, b, x),
    "beta, below": lambda x, a, b: special.betainc(a, b, x),
    "Student, above": lambda x, n: special.stdtr(n, -x),
    "greatest normal": lambda x, n: 1 - special.ndtr(x) ** n,
    "Kolmogorov": lambda t, n: special.smirnov(n.astype(int), t),
    "Gaussian mechanism": lambda eps, sigma: (
        special.ndtr(0.5 / sigma - eps * sigma) - np.exp(eps) * special.ndtr(-0.5 / sigma - eps * sigma)
    ),
}


def test_the_page_names_what_is_measured() -> None:
    assert [law for law, _, _ in SHARES] == list(SCIPY)


@pytest.mark.slow
@pytest.mark.parametrize(("law", "lost", "wrong"), SHARES, ids=[law for law, _, _ in SHARES])
def test_scipy_loses_the_shares_that_the_page_says(law: str, lost: str, wrong: str) -> None:
    points = continuous.stream(law, 300)
    chosen = [next(points) for _ in range(1000)]
    with np.errstate(all="ignore"):
        found = np.log(SCIPY[law](*np.array(chosen).T))
    truth = [continuous.LAWS[law][1](*map(Fraction, point)) for point in chosen]
    errors = np.array([
        continuous.error(got, log) if np.isfinite(got) else inf
        for got, log in zip(found.tolist(), truth, strict=True)
        if log.is_finite() and abs(float(log)) > continuous.TINY
    ])  # fmt: skip
    assert np.isinf(errors).mean() > int(lost) / 100
    assert (errors > 1e-10).mean() > int(wrong) / 100
