"""Factorials, binomial coefficients, gamma functions, birthdays, coupons: little or nothing is random."""

from fractions import Fraction

from sympy import Piecewise, Rational, binomial, ceiling, exp, factorial, gamma, log, loggamma, pi, sqrt

from boundkit.library.classics.laws import coupons_later_than
from boundkit.library.classics.notation import (
    N,
    X,
    c,
    d,
    decides,
    integers,
    k,
    law,
    m,
    misquoted,
    n,
    of,
    reals,
    s,
    sigma,
    x,
)
from boundkit.tails import binomial_at_most

NATURAL = integers(n, "a natural number", typical=10)
stirling = sqrt(2 * pi * n) * (n / exp(1)) ** n
robbins = misquoted(
    law(
        "robbins", "Robbins 1955", "a factorial is e^(1/(12 n + 1)) to e^(1/(12 n)) times Stirling's formula.",
        (NATURAL,), (X <= stirling * exp(1 / (12 * n)), X >= stirling * exp(1 / (12 * n + 1))), 0, factorial(n),
        what="n!", size=True,
    ),
    "M38", "n! <= sqrt(2 pi n) (n/e)^n", "e^(1/(12 n)) times that: Stirling's formula is below n!", {"n": 1},
    claims=(X <= stirling,),
)  # fmt: skip
PART = integers(k, "the size of a part", 1, n, typical=5)
binomial_coefficient = law(
    "binomial_coefficient", "Motwani and Raghavan 1995, Proposition B.2",
    "a binomial coefficient is (n/k)^k at least, and (e n/k)^k at most.",
    (NATURAL, PART), (X <= (exp(1) * n / k) ** k, X >= (n / k) ** k), 0, binomial(n, k), what="C(n, k)", size=True,
)  # fmt: skip
binomial_sum = law(
    "binomial_sum", "Shalev-Shwartz and Ben-David 2014, Lemma A.5",
    "the subsets of at most k of n things are (n/k)^k at least, and (e n/k)^k at most.",
    (NATURAL, PART), (X <= (exp(1) * n / k) ** k, X >= (n / k) ** k), 0, 2**n * binomial_at_most(n, Rational(1, 2), k),
    what="C(n, 0) + ... + C(n, k)", size=True,
)  # fmt: skip
gamma_quotient = law(
    "gamma_quotient", "Gautschi 1959", "a quotient of gamma functions is between x^(1 - s) and (x + 1)^(1 - s).",
    (reals(x, "the argument", 0, 1000, typical=10), reals(s, "the shift", 0, 1, typical=Fraction(1, 2))),
    (X <= (x + 1) ** (1 - s), X >= x ** (1 - s)), 0, gamma(x + 1) / gamma(x + s), s < 1,
    what="Gamma(x + 1)/Gamma(x + s)", size=True,
)  # fmt: skip
labellings = misquoted(
    law(
        "labellings", "Shalev-Shwartz and Ben-David 2014, from Lemma 6.10",
        "m <= d points in general position are labelled in at most m^d + 1 ways.",
        (integers(m, "the points", 1, 1000, typical=5), integers(d, "the dimension", 1, 1000, typical=5)),
        X <= m**d + 1, 0,
        2**m, m <= d, what="the labellings of m points", size=True,
    ),
    "M38b", "at most m^d ways", "at most m^d + 1", {"m": 1, "d": 1}, grade="degenerate case", claims=(X <= m**d,),
)  # fmt: skip

# Birthdays: draws of N, and whether all are distinct
DAYS = integers(N, "the days", 1, 10**6, typical=365)
DRAWS = (integers(n, "the draws", 2, 10**4, typical=23), DAYS)
distinct = Piecewise((exp(loggamma(N + 1) - loggamma(N - n + 1) - n * log(N)), n <= N), (0, True))
REPEATED = of("the probability of a repetition")
pairs = n * (n - 1) / (2 * N)
birthday_lower = misquoted(
    law(
        "birthday_lower", "Motwani and Raghavan 1995, section 3.1",
        "n draws of N are distinct with probability at most e^(-n (n - 1)/(2 N)).",
        DRAWS, X <= exp(-pairs), 0, distinct, what="the probability of no repetition", size=True,
    ),
    "M37b", "at most e^(-n^2/(2 N))", "at most e^(-n (n - 1)/(2 N))", {"n": 23, "N": 365},
    claims=(X <= exp(-(n**2) / (2 * N)),),
)  # fmt: skip
birthday_upper = misquoted(
    law(
        "birthday_upper", "Motwani and Raghavan 1995, section 3.1",
        "n >= 3 draws of N repeat one with probability at most n (n - 1)/(2 N).",
        (integers(n, "the draws", 3, 10**4, typical=23), DAYS), X <= pairs, 0, 1 - distinct, **REPEATED,
    ),
    "M37", "at most 1 - e^(-n (n - 1)/(2 N))", "at most n (n - 1)/(2 N), by the union over pairs: the other is below "
    "it",
    {"n": 23, "N": 365}, claims=(X <= 1 - exp(-pairs),),
)  # fmt: skip
MANY = (integers(N, "the days", 1, 10**6, typical=365),)
half_way = ceiling(Rational(1, 2) + sqrt(Rational(1, 4) + 2 * N * log(2)))


def all_new(draws: object) -> Piecewise:
    """The probability that so many draws are all distinct."""
    return distinct.xreplace({n: draws})


birthday_half = misquoted(
    law(
        "birthday_half", "Motwani and Raghavan 1995, from section 3.1",
        "ceil(1/2 + sqrt(1/4 + 2 N log 2)) draws repeat one with probability at least 1/2.",
        MANY, X >= Rational(1, 2), 0, 1 - all_new(half_way), depends_on=("birthday_lower",), **REPEATED,
    ),
    "M37c", "ceil(sqrt(2 N log 2)) draws suffice", "ceil(1/2 + sqrt(1/4 + 2 N log 2)) do", {"N": 6},
    truth=1 - all_new(ceiling(sqrt(2 * N * log(2)))),
)  # fmt: skip
KINDS = integers(n, "the kinds of coupons", 1, 60, typical=20)
DELAY = reals(c, "the delay", 0, 30, strict=False, typical=3)
coupon_collector = misquoted(
    law(
        "coupon_collector", "Motwani and Raghavan 1995, section 3.6",
        "a collector of n kinds waits longer than ceil(n log(n) + c n) with probability at most e^(-c).",
        (KINDS, DELAY), X <= ceiling(n * log(n) + c * n), exp(-c), coupons_later_than(n, ceiling(n * log(n) + c * n)),
        "X is the number of coupons until every kind is seen", what="the number of coupons", size=True,
    ),
    "M42", "longer than n log(n) + c n", "longer than that, rounded up", {"n": 2, "c": Fraction(3, 10)},
    grade="degenerate case", claims=(X <= n * log(n) + c * n,), truth=coupons_later_than(n, n * log(n) + c * n),
    hypotheses=decides(n >= 2),
)  # fmt: skip
SCALE = reals(sigma, "the scale", 0, default=1)
subgaussian_variance = misquoted(
    law(
        "subgaussian_variance", "Vershynin 2018, Proposition 2.5.2",
        "a variable with tail 2 e^(-t^2/(2 sigma^2)) has its mean square at most (2 + 2 log 2) sigma^2.",
        (SCALE,), X <= (2 + 2 * log(2)) * sigma**2, 0, (2 + 2 * log(2)) * sigma**2,
        "P[|Y| >= t] <= 2 e^(-t^2/(2 sigma^2)) for all t", what="the mean square of Y", size=True,
    ),
    "M34", "its mean square, as its moments' series e^(l^2 sigma^2/2) would say, at most sigma^2",
    "at most (2 + 2 log 2) sigma^2, attained by the law with that tail", {"sigma": 1}, claims=(X <= sigma**2,),
)  # fmt: skip
