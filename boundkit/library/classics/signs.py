"""Sums of independent signs and uniforms, and martingales, where signs are the worst case."""

from dataclasses import replace
from typing import Any

from sympy import Rational, exp, floor, sqrt

from boundkit.library.classics.notation import (
    CHANCE,
    COUNT,
    POSITIVE,
    SHIFT,
    N,
    X,
    a,
    c,
    d,
    integers,
    law,
    misquoted,
    n,
    of,
    p,
    reals,
    t,
)
from boundkit.tails import binomial_at_least, normal_at_least, uniform_sum_at_least

HALF = Rational(1, 2)
STEPS = integers(n, "the number of steps", typical=100)
SIGNS = "X is the sum of n independent signs over sqrt(n)"
EQUAL: dict[str, Any] = {"truth_assumes": ("the weights are equal",)}
WEIGHED = "X is a sum of n independent signs with weights of square sum 1"
scaled = binomial_at_least(n, HALF, (n + t * sqrt(n)) / 2)

azuma = misquoted(
    law(
        "azuma", "Azuma 1967", "a martingale whose n differences are at most c in size rises by t with probability at "
        "most "
        "e^(-t^2/(2 n c^2)).", (STEPS, reals(c, "the greatest size of a difference", 0, typical=1), POSITIVE), X < t,
        exp(-(t**2) / (2 * n * c**2)), binomial_at_least(n, HALF, (n + t / c) / 2),
        "X is the end of a martingale from 0 whose differences are at most c in size",
        what="the end of the martingale", truth_assumes=("every difference is c or -c",),
    ),
    "M2", "e^(-2 t^2/(n c^2))", "e^(-t^2/(2 n c^2)): the other is for differences in intervals of length c",
    {"n": 1, "c": 1, "t": 1}, failure=exp(-2 * t**2 / (n * c**2)),
)  # fmt: skip
mcdiarmid = law(
    "mcdiarmid", "McDiarmid 1998, Theorem 3.1", "a function of n independent variables, each of which moves it by at "
    "most c, is t above its mean with probability at most e^(-2 t^2/(n c^2)).",
    (COUNT, replace(CHANCE, meaning="how likely each variable moves it up", chosen=True),
     reals(c, "the greatest move", 0, typical=1), POSITIVE), X < t, exp(-2 * t**2 / (n * c**2)),
    binomial_at_least(n, p, n * p + t / c), "X is the function less its mean", what="the function less its mean",
    truth_assumes=("it is c times a sum of coins with probability p",),
)  # fmt: skip
signs_hoeffding = law(
    "signs_hoeffding", "Hoeffding 1963, Theorem 2", "a weighted sum of signs is t or more with probability at most "
    "e^(-t^2/2).",
    (COUNT, POSITIVE), X < t, exp(-(t**2) / 2), scaled, WEIGHED, what="the sum", **EQUAL,
)  # fmt: skip
bentkus_dzindzalieta = misquoted(
    law(
        "bentkus_dzindzalieta", "Bentkus and Dzindzalieta 2015",
        "a weighted sum of signs has at most Q(t)/(4 Q(sqrt 2)) as its tail, Q the normal one.",
        (COUNT, POSITIVE), X < t, normal_at_least(t) / (4 * normal_at_least(sqrt(2))), scaled, WEIGHED, what="the sum",
        **EQUAL,
    ),
    "M33", "at most the normal tail Q(t)", "Q(t)/(4 Q(sqrt 2)), about 3.178 Q(t)", {"n": 1, "t": 1},
    failure=normal_at_least(t),
)  # fmt: skip
tomaszewski = law(
    "tomaszewski", "Keller and Klein 2022", "a weighted sum of signs is at most 1 in size with probability at least "
    "1/2.",
    (COUNT,), X >= HALF, 0, 1 - 2 * binomial_at_least(n, HALF, floor((n + sqrt(n)) / 2) + 1),
    what="P[|sum of n signs| <= sqrt(n)]", size=True,
)  # fmt: skip
uniform_hoeffding = law(
    "uniform_hoeffding", "Hoeffding 1963, Theorem 2", "the mean of n uniforms is t above 1/2 with probability at most "
    "e^(-2 n t^2).",
    (integers(n, "the number of uniforms", 1, 300, typical=20), SHIFT), X < HALF + t, exp(-2 * n * t**2),
    uniform_sum_at_least(n, n * (HALF + t)), "X is the mean of n independent uniforms on [0, 1]", what="the mean",
    size=True,
)  # fmt: skip

# The greatest of a walk
HEIGHT = integers(a, "the height", typical=20)
reached = binomial_at_least(n, HALF, (n + a) / 2)
passed = binomial_at_least(n, HALF, floor((n + a) / 2) + 1)
WALK = "X is the greatest of the first n positions of a fair walk of steps 1 and -1"
WHAT = of("the greatest position", size=False)
levy = law(
    "levy", "Levy 1937, by reflection", "a walk has been at a with at most twice the probability that it ends there "
    "or above.",
    (STEPS, HEIGHT), X < a, 2 * reached, reached + passed, WALK, **WHAT,
)  # fmt: skip
kolmogorov_maximal = law(
    "kolmogorov_maximal", "Kolmogorov 1928", "a walk has been at a with probability at most n/a^2.",
    (STEPS, HEIGHT), X < a, n / a**2, reached + passed, WALK, **WHAT,
)  # fmt: skip
hoeffding_maximal = law(
    "hoeffding_maximal", "Hoeffding 1963, section 2", "a walk has been at a with probability at most e^(-a^2/(2 n)).",
    (STEPS, HEIGHT), X < a, exp(-(a**2) / (2 * n)), reached + passed, WALK, **WHAT,
)  # fmt: skip

# Matrices
SIZE = integers(d, "the dimension", typical=10)
SUMMANDS = integers(N, "the number of summands", typical=100)
column = binomial_at_least(N, HALF, (N + t) / 2)
matrix_bernstein = misquoted(
    law(
        "matrix_bernstein", "Tropp 2012, Theorem 1.4",
        "a sum of N Hermitian matrices has its greatest eigenvalue at t with probability at most d exp(-(t^2/2)/(N + "
        "t/3)).",
        (SUMMANDS, SIZE, POSITIVE), X < t, d * exp(-(t**2 / 2) / (N + t / 3)), 1 - (1 - column) ** d,
        "X is the greatest eigenvalue of a sum of N independent d x d matrices of norm 1, mean 0 and square at most 1",
        what="the greatest eigenvalue", truth_assumes=("they are diagonal, with independent signs",),
    ),
    "M36", "without the dimension d", "d times as much", {"N": 1, "d": 2, "t": 1},
    failure=exp(-(t**2 / 2) / (N + t / 3)),
)  # fmt: skip
matrix_bernstein_norm = law(
    "matrix_bernstein_norm", "Tropp 2012, Theorem 1.4, for both signs",
    "a sum of N Hermitian matrices has norm t or more with probability at most 2 d exp(-(t^2/2)/(N + t/3)).",
    (SUMMANDS, SIZE, POSITIVE), X < t, 2 * d * exp(-(t**2 / 2) / (N + t / 3)), 1 - (1 - 2 * column) ** d,
    "X is the norm of a sum of N independent d x d matrices of norm 1, mean 0 and square at most 1", size=True,
    what="the norm", truth_assumes=("they are diagonal, with independent signs",), depends_on=("matrix_bernstein",),
)  # fmt: skip
