"""False statements: what books and habit get wrong, and a few planted mistakes, each with a point where it fails.

`WITNESS` has the point by name; the suite first checks there, by balls, that the statement is false.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import Float, Rational, exp, log, sqrt, symbols

from adversarial.statements.laws import (
    binomial_at_least,
    binomial_at_most,
    coupons_later_than,
    distinct_birthdays,
    normal_at_least,
    poisson_at_least,
    privacy_loss,
    statement,
)
from adversarial.statements.true import (
    COIN,
    COUNT,
    D_,
    DF,
    FEW,
    KINDS,
    LESS_THAN_ONE,
    P_,
    SHIFT,
    T_,
    URN,
    X_,
    X,
    a,
    above,
    ash,
    azuma,
    berry_esseen,
    beyond,
    birthdays,
    chebyshev,
    d,
    davidson_szarek,
    dvoretzky,
    e,
    gordon_lower,
    half_gaussian,
    k,
    kl,
    lam,
    m,
    many,
    n,
    occam,
    okamoto,
    p,
    phi,
    poisson_bernstein,
    robbins,
    s,
    serfling,
    stirling,
    t,
    tail,
    x,
)
import boundkit as bk
from boundkit.tails import chi_square_at_least, chi_square_at_most

N, eps, delta = symbols("N eps delta")
WITNESS: dict[str, dict[str, Any]] = {}


def wrong(at: dict[str, Any], name: str, *parts: Any, **how: Any) -> bk.Statement:
    """A statement that is false at a point."""
    WITNESS[name] = at
    return statement(name, *parts, **how)


def misread(at: dict[str, Any], name: str, right: bk.Statement, **changes: Any) -> bk.Statement:
    """A true statement with a part of it read wrongly."""
    WITNESS[name] = at
    return replace(right, name=name, place=name.replace("_", " ").capitalize(), **changes)


tenth = Fraction(1, 10)
one_coin = {"n": 1, "p": tenth}

m1 = wrong(
    {"n": 20, "e": 2},
    "chi_square_sixth",
    (DF, bk.reals(e, "a distortion", 0, 3)),
    X < (1 + e) * n,
    exp(-(e**2) * n / 6),
    chi_square_at_least(n, 1 + e),
)
signs = binomial_at_least(n, Rational(1, 2), (n + t) / 2)  # of n signs, their sum at least t
m2 = wrong({"n": 1, "t": 1}, "azuma_four_times", (COUNT, T_), X < t, exp(-2 * t**2 / n), signs)
m3 = wrong(
    {"n": 1, "t": 1},
    "hoeffding_wide",
    (COUNT, SHIFT),
    X < t,
    exp(-2 * n * t**2),
    binomial_at_least(n, Rational(1, 2), n * (1 + t) / 2),
)
m4 = wrong(
    {"n": 2, "p": Fraction(1, 2), "t": Fraction(1, 2)},
    "hoeffding_both_sides",
    (*COIN, SHIFT),
    X < t,
    exp(-2 * n * t**2),
    beyond + binomial_at_most(n, p, n * (p - t)),
)
m6, m7 = (
    wrong({**one_coin, "d": 9}, name, (*COIN, D_), X < (1 + d) * n * p, exp(-(d**2) * n * p / part), many)
    for name, part in (("multiplicative_third", 3), ("multiplicative_half", 2))
)
m8 = misread(
    {**one_coin, "t": Fraction(9, 10)}, "okamoto_any", okamoto, hypotheses=(bk.Hypothesis("p < 1", LESS_THAN_ONE),)
)
m9 = wrong(  # of n variables with values 0 and 10, their mean at least 10 p + t
    {"n": 1, "p": tenth, "t": 9},
    "bernstein_without_range",
    (*COIN, bk.reals(t, "a deviation", 0, 10)),
    X < 10 * p + t,
    exp(-n * t**2 / (2 * 100 * p * (1 - p) + 2 * t / 3)),
    binomial_at_least(n, p, n * (p + t / 10)),
)
m11 = misread(
    {"n": 1, "a": Fraction(1, 2), "p": Fraction(1, 100)},
    "ash_real",
    ash,
    parameters=(FEW, P_, bk.reals(a, "a share", 0, 1)),
    claims=(X >= exp(-n * kl(a, p)) / sqrt(8 * n * a * (1 - a)),),
    truth=binomial_at_least(n, p, a * n),
    hypotheses=(bk.Hypothesis("p < a", p < a), bk.Hypothesis("a < 1", a < 1)),
)
deviations = (k - n * p) / sqrt(n * p * (1 - p))
m12 = wrong(
    {"n": 12, "p": Fraction(1, 2), "k": 12},
    "slud_any",
    (FEW, P_, bk.integers(k, "a count", 0, n)),
    X >= normal_at_least(deviations),
    0,
    binomial_at_least(n, p, k),
    p <= Rational(1, 2),
    k >= n * p,
)
m13 = misread({"lam": 1, "x": 3}, "poisson_gaussian", poisson_bernstein, failure=exp(-(x**2) / (2 * lam)))
m14 = wrong(one_coin, "mean_is_median", COIN, X >= Rational(1, 2), 0, binomial_at_least(n, p, n * p))
m15 = wrong(
    {"n": 1, "p": Fraction(1, 2), "k": 1},
    "binomial_below_poisson",
    (FEW, P_, bk.integers(k, "a count", 0, n)),
    X <= poisson_at_least(n * p, k),
    0,
    binomial_at_least(n, p, k),
    k >= n * p,
)
m16 = misread({"n": 1, "p": Fraction(1, 2), "s": 1}, "cantelli_both_sides", chebyshev, failure=1 / (1 + s**2))
m17 = misread(
    {"n": 1, "p": Fraction(1, 5), "s": 2},
    "half_of_chebyshev",
    chebyshev,
    failure=1 / (2 * s**2),
    truth=binomial_at_least(n, p, n * p + s * sqrt(n * p * (1 - p))),
)
m19 = wrong({"n": 1, "x": 16}, "laurent_massart_once", (DF, X_), X < n + 2 * sqrt(n * x) + x, exp(-x),
            chi_square_at_least(n, 1 + 2 * sqrt(x / n) + x / n))  # fmt: skip
m20 = wrong(
    {"n": 1, "t": 8},
    "wainwright_any",
    (DF, bk.reals(t, "a deviation", 0, 100)),
    X < t,
    2 * exp(-n * t**2 / 8),
    chi_square_at_least(n, 1 + t),
    t >= 1,
)
m21 = wrong({"n": 10, "t": 1}, "chi_square_tenth", (DF, bk.reals(t, "a factor", 1, 100, strict=False)), X < t * n,
            exp(-t * n / 10), chi_square_at_least(n, t))  # fmt: skip
m22 = wrong({"t": tenth}, "tail_below_density", (T_,), X <= phi, 0, tail)
m23 = wrong({"n": 100}, "greatest_normal_sharp", (COUNT,), X < sqrt(2 * log(n)), 1 / n,
            1 - (1 - normal_at_least(sqrt(2 * log(n)))) ** n)  # fmt: skip
m24 = wrong(
    {"N": 100, "e": Fraction(1, 2), "k": 74},
    "johnson_lindenstrauss_four",
    (bk.integers(N, "points", 2, 10**6), bk.reals(e, "a distortion", 0, 1), bk.integers(k, "dimensions", 1, 10**5)),
    X < e,
    2 / N**2,
    chi_square_at_least(k, 1 + e) + chi_square_at_most(k, 1 - e),
    k >= 4 * log(N) / e**2,
)
m25 = misread({"n": 1, "t": Fraction(1, 2)}, "dvoretzky_once", dvoretzky, failure=exp(-2 * n * t**2))
m26 = misread(
    {"N": 2, "K": 1, "n": 1, "t": Fraction(1, 2)},
    "serfling_too_far",
    serfling,
    failure=exp(-2 * n * t**2 / (1 - n / N)),
    hypotheses=(bk.Hypothesis("n < N", n < N),),
    parameters=(*URN, SHIFT),
)
m30 = wrong(
    {"n": 50, "p": tenth, "k": 12},
    "continuity_correction",
    (FEW, P_, bk.integers(k, "a count", 0, n)),
    X <= normal_at_least((k - Rational(1, 2) - n * p) / sqrt(n * p * (1 - p))),
    0,
    binomial_at_least(n, p, k),
    k > n * p,
    LESS_THAN_ONE,
)
m33 = wrong({"n": 1, "t": 1}, "signs_below_normal", (FEW, T_), X <= tail, 0,
            binomial_at_least(n, Rational(1, 2), (n + t * sqrt(n)) / 2))  # fmt: skip
m37a = wrong({"n": 23, "N": 365}, "birthdays_upper", birthdays.parameters, X <= 1 - exp(-n * (n - 1) / (2 * N)), 0,
             1 - distinct_birthdays(n, N))  # fmt: skip
m37b = wrong({"n": 23, "N": 365}, "birthdays_lower", birthdays.parameters, X >= 1 - exp(-(n**2) / (2 * N)), 0,
             1 - distinct_birthdays(n, N), n <= N)  # fmt: skip
m38 = misread({"n": 1}, "stirling_upper", robbins, claims=(X <= stirling,))
m39 = wrong(
    {"eps": 10, "delta": Fraction(1, 10**5)},
    "gaussian_mechanism_any",
    (bk.reals(eps, "the loss", 0, 50), bk.reals(delta, "the failure", 0, 1)),
    X <= delta,
    0,
    privacy_loss(eps, sqrt(2 * log(Rational(5, 4) / delta)) / eps),
    delta < 1,
)
growth = wrong(  # all 2^m labellings of m <= d points in general position
    {"m": 1, "d": 1},
    "growth",
    (bk.integers(m, "points", 1, 30), bk.integers(d, "dimensions", 1, 30)),
    X <= m**d,
    0,
    2**m,
    m <= d,
)

# Planted.
mills_planted = misread({"t": 10}, "mills_planted", gordon_lower, claims=(X >= phi * t / (Float("0.9") + t**2),))
pollak_planted = misread(  # true with 8/pi; this one is false for t < 0.2 only
    {"t": Fraction(1, 100)},
    "pollak_planted",
    gordon_lower,
    parameters=(bk.reals(t, "a threshold", 0, 1000),),
    claims=(X <= phi * 2 / (t + sqrt(t**2 + Float("2.6"))),),
)
berry_wrong = misread(
    {"n": 6, "p": Fraction(2, 5), "k": 2},
    "berry_esseen_planted",
    berry_esseen,
    claims=(X <= Rational(2, 5) * (p**2 + (1 - p) ** 2) / sqrt(n * p * (1 - p)),),
)
power_of_two = wrong(
    {"n": 3, "p": Fraction(1, 3), "x": 2},
    "two_to_the_minus",
    (*COIN, bk.reals(x, "a threshold", 0)),
    X < x,
    2**-x,
    binomial_at_least(n, p, x),
    x >= 2 * n * p,
)
coupons_real = wrong(
    {"n": 2, "t": Fraction(3, 10)},
    "coupons_without_ceiling",
    (KINDS, bk.reals(t, "a delay", 0, 20)),
    X <= n * log(n) + t * n,
    exp(-t),
    coupons_later_than(n, n * log(n) + t * n),
    n >= 2,
)
half = misread({"t": 1}, "half_gaussian_planted", half_gaussian, failure=exp(-(t**2) / 2) / 4)
massart_planted = wrong({"n": 1, "x": 10}, "laurent_massart_planted", (DF, X_), X < n + 2 * sqrt(n * x) + 2 * x,
                        exp(-2 * x), above)  # fmt: skip
boundary = wrong(  # false at its corner only: a fair coin
    {"n": 1, "p": Fraction(1, 2)},
    "only_at_the_corner",
    (COUNT, P_),
    X >= Rational(51, 100),
    0,
    1 - (1 - p) ** n,
    p >= Rational(1, 2),
)


# By sampler only.
def greatest_eigenvalue(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    return rng.choice((-1.0, 1.0), (trials, n)).max(axis=1)


def t_statistic(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    drawn = rng.standard_normal((trials, n))
    return np.abs(drawn.mean(axis=1)) * np.sqrt(n) / drawn.std(axis=1, ddof=1)


def greatest_look(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    walk = np.cumsum(rng.choice((-1, 1), (trials, n)), axis=1)
    return (np.abs(walk) / np.sqrt(np.arange(1, n + 1)))[:, min(n, 10) - 1 :].max(axis=1)


LOOKS = bk.integers(n, "looks", 1, 100)
spectral = misread({"n": 10, "m": 10, "t": 1}, "davidson_szarek_square", davidson_szarek, claims=(X < sqrt(m) + t,))
occam_free = misread({"H": 50, "eps": Fraction(1, 20), "m": 40}, "occam_for_free", occam, failure=exp(-eps * m))
azuma_sharp = misread({"n": 1, "t": Fraction(9, 10)}, "azuma_sharp", azuma, failure=exp(-2 * t**2 / n))
m31 = wrong({"n": 2}, "normal_interval", (bk.integers(n, "draws", 2, 30),), X <= Rational(49, 25), Rational(1, 20),
            None, sampler=t_statistic)  # fmt: skip
m32 = wrong({"n": 100}, "peeking", (LOOKS,), X < Rational(49, 25), Rational(1, 20), None, sampler=greatest_look)
m36 = wrong(
    {"n": 20, "t": Fraction(9, 10)},
    "matrix_bernstein_without_dimension",
    (bk.integers(n, "dimensions", 1, 20), T_),
    X < t,
    exp(-(t**2 / 2) / (1 + t / 3)),
    None,
    sampler=greatest_eigenvalue,
)

FALSE = {value.name: value for value in vars().values() if isinstance(value, bk.Statement) and value.name in WITNESS}
