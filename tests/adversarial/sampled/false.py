"""False statements that only a sampler knows, each a true one with a mistake planted; `RARE` ones fail below 10^-6."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from sympy import exp, log, pi, sqrt

from adversarial.sampled import true
from adversarial.sampled.true import Rng, X, eps, k, lam, m, n, p, t
import boundkit as bk

FALSE: dict[str, bk.Statement] = {}


def wrong(name: str, right: bk.Statement, **changes: Any) -> None:
    FALSE[name] = replace(right, name=name, place=name.replace("_", " ").capitalize(), **changes)


def all_equal(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return n * (2 * rng.integers(0, 2, trials) - 1)


def one_radius(rng: Rng, trials: int, n: int, k: int, **_: Any) -> Any:
    """Sums that share one random scale, so that they are uncorrelated and not independent."""
    scale = rng.choice([0.0, np.sqrt(2)], (trials, 1))
    return abs(scale * (2 * rng.binomial(n, 0.5, (trials, k)) - n)).max(axis=1) / np.sqrt(n)


def student(rng: Rng, trials: int, n: int, **_: Any) -> Any:
    return rng.standard_t(n, trials)


# Roots and logs that are missing.
wrong("no_root_n", true.davidson_szarek, claims=(X < sqrt(m) + t,))
wrong("no_root_n_in_the_norm", true.lipschitz, claims=(X < 1 + t,), tilted=None)
wrong("no_linear_term", true.massart, claims=(X < n + 2 * sqrt(n * t),))
wrong("no_log_of_the_class", true.occam, failure=exp(-eps * m))
wrong("no_log_of_the_number", true.greatest, claims=(X < sqrt(2) + t,))
wrong("no_log_of_the_kinds", true.collector, claims=(X <= 2 * k + k * t,))
wrong("no_union", true.union, failure=2 * exp(-(t**2) / 2))
wrong("no_variance_term", true.poisson_above, failure=exp(-(t**2) / (2 * lam)))
# A factor 2.
wrong("twice_the_exponent", true.hoeffding, failure=exp(-4 * n * t**2))
wrong("twice_the_exponent_of_a_walk", true.walk, failure=exp(-(t**2) / n))
wrong("one_side_for_two", true.dvoretzky, failure=exp(-2 * n * t**2))
wrong("half_the_pairs", true.birthdays, failure=k * (k - 1) / (4 * n))
wrong("half_the_variance", true.bernstein, failure=exp(-n * t**2 / (p + t / 3)))
wrong("four_times_the_exponent", true.projection, failure=2 * exp(-k * (t**2 - 2 * t**3 / 3)))
wrong("half_a_log", true.greatest, claims=(X < sqrt(log(n)) + t,))
# The wrong dimension, and tails of the wrong kind.
wrong("rows_for_columns", true.gordon, claims=(X > sqrt(m) - sqrt(n) / 2 - t,))
wrong("twice_the_dimension", true.cosines, failure=k**2 * exp(-n * t**2))
wrong("exponentials_as_normal", true.exponentials, failure=exp(-n * t**2 / 2))
wrong("student_as_normal", true.massart, claims=(X < t,), failure=exp(-(t**2) / 2), sampler=student)
# Independence that was dropped.
wrong("all_equal", true.walk, sampler=all_equal)
wrong("one_radius", true.union, sampler=one_radius)
# False only where it fails less than once in 10^6.
wrong("norm_too_narrow", true.lipschitz, failure=exp(-(t**2)), hypotheses=(bk.Hypothesis("t >= 4", t >= 4),))
wrong("no_root_of_2_pi", true.mills, failure=exp(-(t**2) / 2) / (pi * t))
wrong("doubled_too_rarely", true.doubled, failure=exp(-n / 4))
wrong("a_quarter_of_the_fourth_power", true.coin, failure=exp(-(t**2) / (2 * n) - t**4 / (4 * n**3)))

HARD = ["half_the_variance", "a_quarter_of_the_fourth_power"]  # false on narrow ridges: not found by every seed
RARE = ["norm_too_narrow", "no_root_of_2_pi", "doubled_too_rarely", "a_quarter_of_the_fourth_power"]
