"""True statements from outside the paper: classical inequalities with their laws, samplers and deterministic claims."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import (
    Abs,
    Float,
    Min,
    Piecewise,
    Rational,
    binomial,
    ceiling,
    erf,
    exp,
    factorial,
    gamma,
    log,
    pi,
    sqrt,
    symbols,
)

from adversarial.statements.laws import (
    binomial_at_least,
    binomial_at_most,
    coupons_later_than,
    distinct_birthdays,
    gamma_at_least,
    gamma_at_most,
    normal_at_least,
    poisson_at_least,
    poisson_at_most,
    privacy_loss,
    statement,
    white_at_least,
)
import boundkit as bk
from boundkit.tails import chi_square_at_least, chi_square_at_most, normal_two_sided

t, x, n, p, d, e, s, a, k, lam, N, K, u, H, X, delta, eps, sigma, m = symbols(
    "t x n p d e s a k lam N K u H X delta eps sigma m"
)
phi = exp(-(t**2) / 2) / sqrt(2 * pi)
T_ = bk.reals(t, "a threshold", 0, 40)
COUNT = bk.integers(n, "a number of trials", 1, 3000)
FEW = bk.integers(n, "a number of trials", 1, 1000)
P_ = bk.reals(p, "a probability", 0, 1)
DF = bk.reals(n, "degrees of freedom", 0, 10**6)
X_ = bk.reals(x, "a deviation", 0, 10**4)
LESS_THAN_ONE = p < 1


def kl(a: Any, b: Any) -> Any:
    """Relative entropy of coins."""
    return a * log(a / b) + (1 - a) * log((1 - a) / (1 - b))


def h(v: Any) -> Any:
    """Bennett's function."""
    return (1 + v) * log(1 + v) - v


# The normal distribution; Q is the tail itself, and nothing is random.
tail = normal_at_least(t)
mills_upper = statement("mills_upper", (T_,), X <= phi / t, 0, tail)
gordon_lower = statement("gordon_lower", (T_,), X >= phi * t / (1 + t**2), 0, tail)
komatu_lower = statement("komatu_lower", (T_,), X >= phi * 2 / (t + sqrt(t**2 + 4)), 0, tail)
komatu_upper = statement("komatu_upper", (T_,), X <= phi * 2 / (t + sqrt(t**2 + 2)), 0, tail)
sampford_upper = statement("sampford_upper", (T_,), X <= phi * 4 / (3 * t + sqrt(t**2 + 8)), 0, tail)
polya = statement("polya", (T_,), X <= sqrt(1 - exp(-2 * t**2 / pi)), 0, erf(t / sqrt(2)))
half_gaussian = statement("half_gaussian", (T_,), X < t, exp(-(t**2) / 2) / 2, tail)
gaussian_two_sided = statement("gaussian_two_sided", (T_,), X < t, exp(-(t**2) / 2), normal_two_sided(t))
greatest_normal = statement(
    "greatest_normal",
    (COUNT, T_),
    X < sqrt(2 * log(n)) + t,
    exp(-(t**2) / 2 - t * sqrt(2 * log(n))) / 2,
    1 - (1 - normal_at_least(sqrt(2 * log(n)) + t)) ** n,
)

# Chi-square.
above = chi_square_at_least(n, 1 + 2 * sqrt(x / n) + 2 * x / n)
laurent_massart_upper = statement("laurent_massart_upper", (DF, X_), X < n + 2 * sqrt(n * x) + 2 * x, exp(-x), above)
laurent_massart_lower = statement(
    "laurent_massart_lower",
    (DF, X_),
    X > n - 2 * sqrt(n * x),
    exp(-x),
    Piecewise((chi_square_at_most(n, 1 - 2 * sqrt(x / n)), n > 4 * x), (0, True)),
)
chernoff_upper = statement(
    "chernoff_upper",
    (DF, bk.reals(a, "a factor", 1, 100)),
    X < a * n,
    (a * exp(1 - a)) ** (n / 2),
    chi_square_at_least(n, a),
)
chernoff_lower = statement(
    "chernoff_lower",
    (DF, bk.reals(a, "a factor", 0, 1)),
    X > a * n,
    (a * exp(1 - a)) ** (n / 2),
    chi_square_at_most(n, a),
)
dasgupta_gupta = statement(
    "dasgupta_gupta",
    (DF, bk.reals(e, "a distortion", 0, 1)),
    X < (1 + e) * n,
    exp(-n * (e**2 / 4 - e**3 / 6)),
    chi_square_at_least(n, 1 + e),
)
wainwright = statement(
    "wainwright",
    (DF, bk.reals(t, "a deviation", 0, 1)),
    X < t,
    2 * exp(-n * t**2 / 8),
    chi_square_at_least(n, 1 + t) + chi_square_at_most(n, 1 - t),
)
chi_norm = statement(
    "chi_norm",
    (DF, bk.reals(s, "a deviation", 0, 100)),
    X < sqrt(n) + s,
    exp(-(s**2) / 2),
    chi_square_at_least(n, (1 + s / sqrt(n)) ** 2),
)

# Binomial.
COIN, SHIFT = (COUNT, P_), bk.reals(t, "a deviation", 0, 1)
beyond = binomial_at_least(n, p, n * (p + t))
hoeffding = statement("hoeffding", (*COIN, SHIFT), X < n * (p + t), exp(-2 * n * t**2), beyond)
chernoff_kl = statement(
    "chernoff_kl", (*COIN, SHIFT), X < n * (p + t), exp(-n * kl(p + t, p)), beyond, LESS_THAN_ONE, p + t < 1
)
D_ = bk.reals(d, "a relative deviation", 0, 100)
many = binomial_at_least(n, p, (1 + d) * n * p)
multiplicative = statement(
    "multiplicative",
    (*COIN, bk.reals(d, "a relative deviation", 0, 1)),
    X < (1 + d) * n * p,
    exp(-(d**2) * n * p / 3),
    many,
)
multiplicative_any = statement(
    "multiplicative_any", (*COIN, D_), X < (1 + d) * n * p, exp(-(d**2) * n * p / (2 + d)), many
)
bernstein = statement(
    "bernstein", (*COIN, SHIFT), X < n * (p + t), exp(-n * t**2 / (2 * p * (1 - p) + 2 * t / 3)), beyond
)
bennett = statement(
    "bennett", (*COIN, SHIFT), X < n * (p + t), exp(-n * p * (1 - p) * h(t / (p * (1 - p)))), beyond, LESS_THAN_ONE
)
few = statement(
    "few",
    (*COIN, bk.reals(d, "a relative deviation", 0, 1)),
    X > (1 - d) * n * p,
    exp(-(d**2) * n * p / 2),
    binomial_at_most(n, p, (1 - d) * n * p),
)
okamoto = statement(
    "okamoto",
    (*COIN, SHIFT),
    X < n * (p + t),
    exp(-n * t**2 / (2 * p * (1 - p))),
    beyond,
    p >= Rational(1, 2),
    LESS_THAN_ONE,
)
far_above = statement(
    "far_above", (*COIN, bk.reals(x, "a threshold", 0)), X < x, 2**-x, binomial_at_least(n, p, x), x >= 6 * n * p
)
ash = statement(
    "ash",
    (FEW, P_, bk.integers(k, "a count", 1, n)),
    X >= exp(-n * kl(k / n, p)) / sqrt(8 * k * (1 - k / n)),
    0,
    binomial_at_least(n, p, k),
    k < n,
    n * p < k,
)
cantelli = statement(
    "cantelli",
    (*COIN, bk.reals(s, "standard deviations", 0, 100)),
    X < n * p + s * sqrt(n * p * (1 - p)),
    1 / (1 + s**2),
    binomial_at_least(n, p, n * p + s * sqrt(n * p * (1 - p))),
    LESS_THAN_ONE,
)
chebyshev = statement(
    "chebyshev",
    (*COIN, bk.reals(s, "standard deviations", 0, 100)),
    X < s,
    1 / s**2,
    binomial_at_least(n, p, n * p + s * sqrt(n * p * (1 - p)))
    + binomial_at_most(n, p, n * p - s * sqrt(n * p * (1 - p))),
    LESS_THAN_ONE,
)
berry_esseen = statement(
    "berry_esseen",
    (FEW, P_, bk.integers(k, "a count", 0, n)),
    X <= Float("0.4748") * (p**2 + (1 - p) ** 2) / sqrt(n * p * (1 - p)),
    0,
    Abs(binomial_at_most(n, p, k) - normal_at_least((n * p - k) / sqrt(n * p * (1 - p)))),
    LESS_THAN_ONE,
)

# Poisson, gamma, sampling without replacement, coupons, birthdays, privacy.
RATE = bk.reals(lam, "a mean", 0, 10**6)
poisson_upper = statement(
    "poisson_upper",
    (RATE, bk.reals(x, "a threshold", lam)),
    X < x,
    exp(-lam) * (exp(1) * lam / x) ** x,
    poisson_at_least(lam, x),
)
poisson_bernstein = statement(
    "poisson_bernstein", (RATE, X_), X < lam + x, exp(-(x**2) / (2 * lam + 2 * x / 3)), poisson_at_least(lam, lam + x)
)
poisson_lower = statement(
    "poisson_lower",
    (RATE, bk.reals(x, "a deviation", 0, lam)),
    X > lam - x,
    exp(-(x**2) / (2 * lam)),
    poisson_at_most(lam, lam - x),
)
SHAPE = bk.integers(k, "a number of exponentials", 1, 10**4)
janson_upper = statement(
    "janson_upper",
    (SHAPE, bk.reals(a, "a factor", 1, 50, strict=False)),
    X < a * k,
    exp(-k * (a - 1 - log(a))) / a,
    gamma_at_least(k, a * k),
)
janson_lower = statement(
    "janson_lower",
    (SHAPE, bk.reals(a, "a factor", 0, 1)),
    X > a * k,
    exp(-k * (a - 1 - log(a))),
    gamma_at_most(k, a * k),
)
URN = (bk.integers(N, "balls", 1, 60), bk.integers(K, "white balls", 0, N), bk.integers(n, "balls drawn", 1, N))
white = white_at_least(N, K, n, n * (K / N + t))
hoeffding_urn = statement("hoeffding_urn", (*URN, SHIFT), X < n * (K / N + t), exp(-2 * n * t**2), white)
serfling = statement("serfling", (*URN, SHIFT), X < n * (K / N + t), exp(-2 * n * t**2 / (1 - (n - 1) / N)), white)
KINDS = bk.integers(n, "kinds of coupons", 1, 60)
coupon_collector = statement(
    "coupon_collector",
    (KINDS, bk.reals(t, "a delay", 0, 20)),
    X <= ceiling(n * log(n) + t * n),
    exp(-t),
    coupons_later_than(n, ceiling(n * log(n) + t * n)),
)
birthdays = statement(
    "birthdays",
    (bk.integers(n, "people", 1, 200), bk.integers(N, "days", 1, 10**6)),
    X <= exp(-n * (n - 1) / (2 * N)),
    0,
    distinct_birthdays(n, N),
)
dwork_roth = statement(
    "dwork_roth",
    (bk.reals(eps, "the loss", 0, 1), bk.reals(delta, "the failure", 0, 1)),
    X <= delta,
    0,
    privacy_loss(eps, sqrt(2 * log(Rational(5, 4) / delta)) / eps),
    delta < 1,
)

# Deterministic, of gamma functions and binomial coefficients.
stirling = sqrt(2 * pi * n) * (n / exp(1)) ** n
robbins = statement(
    "robbins", (COUNT,), (X >= stirling * exp(1 / (12 * n + 1)), X <= stirling * exp(1 / (12 * n))), 0, factorial(n)
)
binomial_coefficient = statement(
    "binomial_coefficient",
    (FEW, bk.integers(k, "a count", 1, n)),
    (X >= (n / k) ** k, X <= (exp(1) * n / k) ** k),
    0,
    binomial(n, k),
)
gautschi = statement(
    "gautschi",
    (bk.reals(x, "an argument", 0, 10**4), bk.reals(s, "a shift", 0, 1)),
    (X >= x ** (1 - s), X <= (x + 1) ** (1 - s)),
    0,
    gamma(x + 1) / gamma(x + s),
    s < 1,
)
union_of_coins = statement("union_of_coins", (COUNT, P_), X >= Min(1, n * p) / 2, 0, 1 - (1 - p) ** n)


# By sampler only.
def farthest(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    drawn = np.sort(rng.random((trials, n)), axis=1)
    return np.maximum(np.arange(1, n + 1) / n - drawn, drawn - np.arange(n) / n).max(axis=1)


def greatest_singular_value(rng: np.random.Generator, trials: int, n: int, m: int, **_: float) -> np.ndarray:
    return np.linalg.svd(rng.standard_normal((trials, m, n)), compute_uv=False)[:, 0]


def sum_of_signs(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    return 2.0 * rng.binomial(n, 0.5, trials) - n


def worst_survivor(rng: np.random.Generator, trials: int, H: int, eps: float, m: int) -> np.ndarray:
    """H hypotheses, each of an error just above eps, on m examples: that error if one makes no mistake, else 0."""
    return np.where((rng.binomial(m, min(1, 1.01 * eps), (trials, H)) == 0).any(axis=1), 1.01 * eps, 0.0)


def largest_partial_sum(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    return np.maximum(np.cumsum(rng.choice((-1, 1), (trials, n)), axis=1).max(axis=1), 0)


SMALL = bk.integers(n, "a size", 1, 60)
SIDES = (SMALL, bk.integers(m, "rows", n, 120))
dvoretzky = statement("dvoretzky", (SMALL, SHIFT), X <= t, 2 * exp(-2 * n * t**2), None, sampler=farthest)
davidson_szarek = statement(
    "davidson_szarek", (*SIDES, T_), X < sqrt(m) + sqrt(n) + t, exp(-(t**2) / 2), None, sampler=greatest_singular_value
)
azuma = statement("azuma", (SMALL, T_), X < t, exp(-(t**2) / (2 * n)), None, sampler=sum_of_signs)
OCCAM = (
    bk.integers(H, "hypotheses", 1, 50),
    bk.reals(eps, "an error", 0, Rational(1, 2)),
    bk.integers(m, "examples", 1, 200),
)
occam = statement("occam", OCCAM, X <= eps, H * exp(-eps * m), None, sampler=worst_survivor)
maximal_hoeffding = statement(
    "maximal_hoeffding", (SMALL, T_), X < t, exp(-(t**2) / (2 * n)), None, sampler=largest_partial_sum
)

TRUE = {name: value for name, value in vars().items() if isinstance(value, bk.Statement)}
