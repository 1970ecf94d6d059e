"""The fast chi-square law against balls, Boost's tables, R, and itself. Samples are seeded."""

from __future__ import annotations

from collections.abc import Callable
import csv
from fractions import Fraction
from pathlib import Path
import shutil
import subprocess
from typing import Any

from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st
import mpmath
import numpy as np
from numpy.testing import assert_allclose
import pytest

from boundkit.errors import ParameterError
from boundkit.laws import balls, chi_square, gamma_tails, temme
from boundkit.laws.deviance import deviance

DATA = Path(__file__).parent / "data"
TAILS = [
    (chi_square.logcdf_ratio, balls.chi_square_log_at_most),
    (chi_square.logsf_ratio, balls.chi_square_log_at_least),
]
LOST = 1e-300  # logs nearer to 0 are subnormal, or -0


def wide(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    return 10 * (1 - rng.random(size)), 10 ** rng.uniform(0, 9, size)


def middle(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    return rng.uniform(0.3, 3, size), 10 ** rng.uniform(1, 5, size)


def clt(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    df = 10 ** rng.uniform(0, 9, size)
    return np.maximum(1 + rng.standard_normal(size) * np.sqrt(2 / df), 1e-3), df


def small(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    return 10 * (1 - rng.random(size)), np.floor(rng.uniform(1, 21, size))


def deviations(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    """To 40 standard deviations on both sides: where a complement is still representable."""
    df = 10 ** rng.uniform(0, 9, size)
    return np.maximum(1 + rng.uniform(-40, 40, size) * np.sqrt(2 / df), 1e-6), df


def few(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    """Below one degree of freedom too."""
    return 10 ** rng.uniform(-6, 2, size), 10 ** rng.uniform(-5, 1, size)


def either(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    parts = [mix(rng, size // 3) for mix in (deviations, few, clt)]
    return np.concatenate([a for a, _ in parts]), np.concatenate([df for _, df in parts])


def far(rng: np.random.Generator, size: int) -> tuple[Any, Any]:
    """Few points: there balls take their time."""
    return 10 ** rng.uniform(-250, 2, size // 5), 10 ** rng.uniform(0, 9, size // 5)


MIXES = [wide, middle, clt, small, deviations, few, far]


def misses(computed: Any, truth: list[Any]) -> list[int]:
    """Where the log is neither within 2e-15 relatively nor within 16 units in the last place."""
    with ctx.workprec(160):
        return [i for i, (value, log_p) in enumerate(zip(computed, truth, strict=True)) if not good(value, log_p)]


def good(value: float, log_p: Any) -> bool:
    value, size = float(value), abs(float(log_p))
    if size < LOST or np.isinf(size):
        return abs(value) < LOST if size < LOST else value == float(log_p)
    return np.isfinite(value) and abs(arb(value) - log_p) <= max(2e-15 * size, 16 * np.spacing(size))


def check(mix: Callable[..., Any], size: int, seed: int) -> None:
    a, df = mix(np.random.default_rng(seed), size)
    for law, ball in TAILS:
        bad = misses(law(a, df), [ball(*point) for point in zip(a, df, strict=True)])
        assert not bad, f"{law.__name__}: {len(bad)} of {len(a)}, first at a = {a[bad[0]]!r}, df = {df[bad[0]]!r}"


@pytest.mark.parametrize("mix", MIXES)
def test_relative_error_of_the_log_is_at_most_2e_15(mix: Callable[..., Any]) -> None:
    check(mix, 1500, seed=20)


@pytest.mark.slow
@pytest.mark.parametrize("mix", MIXES)
def test_relative_error_on_twenty_thousand_points(mix: Callable[..., Any]) -> None:
    check(mix, 20_000, seed=21)


def test_x_itself_is_as_good_as_the_ratio() -> None:
    rng = np.random.default_rng(22)
    a, df = (np.concatenate(parts) for parts in zip(clt(rng, 400), wide(rng, 400), deviations(rng, 400), strict=True))
    x = a * df
    exact = [Fraction(u) / Fraction(v) for u, v in zip(x, df, strict=True)]
    for law, (_, ball) in zip((chi_square.logcdf, chi_square.logsf), TAILS, strict=True):
        assert misses(law(x, df), [ball(u, Fraction(v)) for u, v in zip(exact, df, strict=True)]) == []


def test_every_border_between_methods_is_crossed_without_a_step() -> None:
    """Both sides of s = 20, 40, 100, ..., of x = 1, s = 1, s = 10, and of s phi = 1, 2, 4, ..., 1024."""
    s = np.array([0.3, 0.9999999, 1.0, 1.7, 9.999999, 10, 19.999999, 20, 39.9999, 40, 100, 1e3, 99999, 1e5, 4e8])
    for exponent in 2.0 ** np.arange(-3, 11):
        t = exponent / s
        for side in (-1, 1):
            w = side * np.sqrt(2 * t) if side > 0 else -(t + np.sqrt(2 * t))
            for _ in range(60):
                w = w - (np.expm1(w) - w - t) / np.expm1(w)
            for factor in (1 - 1e-9, 1 + 1e-9):
                a = np.exp(w) * factor
                for law, ball in TAILS:
                    truth = [ball(*point) for point in zip(a, 2 * s, strict=True)]
                    assert misses(law(a, 2 * s), truth) == [], (exponent, side, law.__name__)


def boost_rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open() as file:
        return list(csv.DictReader(file))


def exact_float(text: str) -> float:
    assert Fraction(float(text)) == Fraction(text)
    return float(text)


@pytest.mark.parametrize(("name", "rows"), [("boost_igamma_int_data.csv", 140), ("boost_igamma_big_data.csv", 287)])
def test_boost_tables(name: str, rows: int) -> None:
    """Every row's smaller side, and its larger where the table's 100 digits hold the complement; to 1e-71174558."""
    table = boost_rows(name)
    compared = 0
    with mpmath.workdps(120), ctx.workprec(400):
        for row in table:
            x, df = 2 * exact_float(row["z"]), 2 * exact_float(row["a"])
            sides = {chi_square.logcdf: mpmath.mpf(row["P"]), chi_square.logsf: mpmath.mpf(row["Q"])}
            low = min(sides.values())
            assert low < mpmath.exp(-0.4)
            for law, p in sides.items():
                log_p = mpmath.log(low) if p == low else mpmath.log1p(-low)
                assert good(law(x, df), arb(mpmath.nstr(log_p, 60))), (law.__name__, row["a"], row["z"])
            compared += 1
    assert compared == len(table) == rows


def test_boost_logs() -> None:
    table = boost_rows("boost_lgamma_pq_spots.csv")
    with ctx.workprec(200):
        for row in table:
            law = chi_square.logsf if row["which"] == "q" else chi_square.logcdf
            assert good(law(2 * exact_float(row["x"]), 2 * exact_float(row["a"])), arb(row["log_value"])), row
    assert len(table) == 33


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_agrees() -> None:
    rng = np.random.default_rng(23)
    a, df = (np.concatenate(parts) for parts in zip(wide(rng, 300), clt(rng, 300), small(rng, 300), strict=True))
    x = a * df
    program = (
        'd <- read.table(file("stdin")); for (lower in c(TRUE, FALSE)) '
        'cat(sprintf("%.17g\\n", pchisq(d$V1, d$V2, lower.tail = lower, log.p = TRUE)), sep = "")'
    )
    lines = "".join(f"{float(u)!r} {float(v)!r}\n" for u, v in zip(x, df, strict=True))
    run = subprocess.run(["Rscript", "-e", program], input=lines, capture_output=True, text=True, check=True)
    theirs = np.array(run.stdout.split(), dtype=float).reshape(2, -1)
    ours = np.stack([chi_square.logcdf(x, df), chi_square.logsf(x, df)])
    assert_allclose(ours, theirs, rtol=5e-13, atol=LOST)  # R keeps about 1e-13


degrees = st.floats(0, 9).map(lambda e: 10**e)
ratios = st.one_of(st.floats(1e-3, 10), st.floats(-8, 8))


def ratio(r: float, df: float) -> float:
    """Half of the ratios as they are, half as standard deviations from 1."""
    return r if r >= 1e-3 else max(1 + r * np.sqrt(2 / df), 1e-3)


@given(ratios, degrees)
def test_recurrence_in_the_degrees_of_freedom(r: float, df: float) -> None:
    """Q(s + 1, x) = Q(s, x) + x^s e^(-x)/Gamma(s + 1), DLMF 8.8.6."""
    x = ratio(r, df) * df
    term = chi_square.logpdf(x, df + 2) + np.log(2)
    if x > 0.1:
        left, right = chi_square.logsf(x, df + 2), np.logaddexp(chi_square.logsf(x, df), term)
        assert abs(left - right) <= 1e-12 * max(1, abs(left), df**0.5 * 1e-3)


@given(ratios, st.floats(1e-12, 1), degrees)
def test_monotone(r: float, gap: float, df: float) -> None:
    a = ratio(r, df)
    cdf, sf = (law([a, a * (1 + gap)], df) for law in (chi_square.logcdf_ratio, chi_square.logsf_ratio))
    assert cdf[0] <= cdf[1] * (1 - 4e-15)
    assert sf[1] <= sf[0] * (1 - 4e-15)


@given(ratios, degrees)
def test_complement(r: float, df: float) -> None:
    a = ratio(r, df)
    assert np.exp(chi_square.logcdf_ratio(a, df)) + np.exp(chi_square.logsf_ratio(a, df)) == pytest.approx(1, abs=4e-15)


def test_density_against_balls() -> None:
    rng = np.random.default_rng(24)
    a, df = (np.concatenate(parts) for parts in zip(wide(rng, 300), clt(rng, 300), few(rng, 300), strict=True))
    x = a * df
    with ctx.workprec(200):
        for value, u, n in zip(chi_square.logpdf(x, df), x, df, strict=True):
            s, half = arb(float(n)) / 2, arb(float(u)) / 2
            truth = (s - 1) * half.log() - half - s.lgamma() - arb(2).log()
            assert abs(arb(float(value)) - truth) <= 4e-16 * (abs(float(truth)) + abs(np.log(u)) + 4)


@pytest.mark.parametrize(
    ("law", "quantile"), [(chi_square.logcdf, chi_square.ppf_log), (chi_square.logsf, chi_square.isf_log)]
)
def test_quantiles_come_back(law: Callable[..., Any], quantile: Callable[..., Any]) -> None:
    rng = np.random.default_rng(25)
    log_p, df = -(10 ** rng.uniform(-12, 5, 3000)), 10 ** rng.uniform(0, 9, 3000)
    x = quantile(log_p, df)
    back, inside = law(x, df), (x / df > 1e-250)
    step = 16 * np.spacing(x)  # what rounding of x itself may cost
    slack = np.abs(law(x + step, df) - law(np.maximum(x - step, 0), df)) + 2e-15 * np.abs(log_p)
    assert np.all(np.abs(back - log_p)[inside] <= slack[inside] * 4)
    assert inside.mean() > 0.9


@pytest.mark.parametrize("log_p", [-1e-9, -0.7, -40.0, -1e5])
@pytest.mark.parametrize("df", [1, 7.5, 600, 10**9])
def test_brackets(log_p: float, df: float) -> None:
    for quantile, bracket in (
        (chi_square.ppf_log, chi_square.ppf_log_bracket),
        (chi_square.isf_log, chi_square.isf_log_bracket),
    ):
        x = quantile(log_p, df)
        lo, hi = bracket(log_p, df)
        assert lo < x < hi or lo == x == 0 < hi
        assert hi - lo <= 1e-13 * (x + LOST) * (1 + abs(np.log(max(x / df, LOST))))


def test_ends() -> None:
    assert chi_square.logcdf([0, np.inf], 3).tolist() == [-np.inf, 0]
    assert chi_square.logsf([0, np.inf], 3).tolist() == [0, -np.inf]
    assert chi_square.logsf([1e200, 1e300, 1e304], 1e-3).tolist() == [-5e199, -5e299, -5e303]
    assert not np.any(chi_square.logcdf_ratio(10.0 ** np.arange(4, 300, 5), [[10.0], [3e7], [1e9]]))
    assert chi_square.logpdf(0, [1, 2, 3, 50]).tolist() == [np.inf, -np.log(2), -np.inf, -np.inf]
    assert chi_square.logpdf(np.inf, [1, 50]).tolist() == [-np.inf, -np.inf]
    assert chi_square.ppf_log([-np.inf, 0], 3).tolist() == [0, np.inf]
    assert chi_square.isf_log([-np.inf, 0], 3).tolist() == [np.inf, 0]


def test_shapes_and_kinds() -> None:
    assert type(chi_square.logcdf(3, 4)) is type(chi_square.logcdf(np.float64(3), np.array(4))) is float
    assert chi_square.logcdf(np.ones((3, 1)), np.ones(5, dtype=np.int64)).shape == (3, 5)
    assert chi_square.logcdf(np.ones((0, 3)), 1).shape == (0, 3)
    assert chi_square.logcdf(Fraction(1, 2), 10**9) == chi_square.logcdf(0.5, 1e9)
    rng = np.random.default_rng(26)
    a, df = wide(rng, 70_000)  # more than one block, and not contiguous
    assert np.array_equal(chi_square.logsf_ratio(a[::-3], df[::-3]), chi_square.logsf_ratio(a, df)[::-3])
    assert chi_square.logsf_ratio(a[7], df[7]) == chi_square.logsf_ratio(a, df)[7]


def test_nan_stays_where_it_is() -> None:
    result = chi_square.logcdf([1, np.nan, 3], [[2], [np.nan]])
    assert np.isnan(result).tolist() == [[False, True, False], [True, True, True]]
    assert result[0, 2] == chi_square.logcdf(3, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chi_square.logcdf(-1, 3), r"x = -1.0: x >= 0 is needed; give"),
        (lambda: chi_square.logsf_ratio([1, -2], 3), r"a\[1\] = -2.0: a >= 0 is needed; give"),
        (lambda: chi_square.logcdf(1, 0), r"df = 0.0: df in \[1e-6, 1e15\] is needed; give"),
        (lambda: chi_square.logcdf(1, np.inf), r"df = inf: df in"),
        (lambda: chi_square.logcdf(np.nan, 3), r"x = nan: x >= 0"),
        (lambda: chi_square.logcdf([1, 2], np.nan), r"df = nan: df in"),
        (lambda: chi_square.ppf_log(0.5, 3), r"log_p = 0.5: log_p <= 0 is needed; give the natural log"),
        (lambda: chi_square.logpdf("1", 3), r"x = '1': real numbers are needed"),
        (lambda: chi_square.logpdf(1j, 3), r"x = 1j: real numbers are needed"),
        (
            lambda: chi_square.logcdf([1, 2], [1, 2, 3]),
            r"x has \(2,\), df has \(3,\): shapes that broadcast are needed",
        ),
    ],
)
def test_bad_input(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        call()


def test_deviance_has_twenty_digits() -> None:
    rng = np.random.default_rng(27)
    a = np.concatenate(
        [
            rng.uniform(0, 10, 3000),
            1 + rng.standard_normal(3000) * 10 ** rng.uniform(-12, -1, 3000),
            10 ** rng.uniform(-300, 0, 500),
            10 ** rng.uniform(0, 250, 500),
            [1, 0.5, 2, 1 - 2**-53, 1 + 2**-52, 5e-324],
        ]
    )
    with ctx.workprec(200):
        for u, lead, rest in zip(a, *deviance(a), strict=True):
            truth = arb(float(u)) - 1 - arb(float(u)).log()
            assert abs(arb(float(lead)) + arb(float(rest)) - truth) <= 1e-24 + 1e-18 * truth


PLANTED = {
    "temme": (temme, "truncations", lambda: [table * (1 + 1e-8 * (table == table[1, 2])) for table in TABLES]),
    "stirling": (gamma_tails, "STIRLING", gamma_tails.STIRLING * [1, 1, 1, 1 + 1e-3, 1, 1, 1, 1]),
    "depth": (gamma_tails, "DEPTHS", (*gamma_tails.DEPTHS[:4], 18, *gamma_tails.DEPTHS[5:])),
    "zeta": (gamma_tails, "LOG_GAMMA", gamma_tails.LOG_GAMMA * (1 + 1e-12 * (np.arange(55) == 3))),
}
TABLES = temme.truncations()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, attribute, wrong = PLANTED[name]
    monkeypatch.setattr(module, attribute, wrong)
    with pytest.raises(AssertionError, match="first at a = "):
        check(either, 3000, seed=20)
