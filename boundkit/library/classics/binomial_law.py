"""Binomial variables: bounds from below, what lies between, medians, and other laws beside them."""

from fractions import Fraction
from typing import Any

from sympy import Abs, Float, Or, Piecewise, Rational, ceiling, exp, floor, sqrt

from boundkit.library.classics.laws import (
    distance_to_poisson,
    exact_interval_misses,
    two_kinds_at_least,
    two_kinds_at_most,
)
from boundkit.library.classics.notation import (
    CHANCE,
    COUNT,
    NOT_SURE,
    X,
    a,
    b,
    decides,
    integers,
    k,
    law,
    m,
    misquoted,
    n,
    of,
    p,
    reals,
    relative_entropy,
    t,
)
from boundkit.model.statement import assumed
from boundkit.tails import binomial_at_least, binomial_at_most, normal_at_least, poisson_at_least

BIN, WHAT = "X ~ Bin(n, p)", of("the number of successes")
ABOVE, BELOW = of("P[Bin(n, p) >= k]"), of("P[Bin(n, p) <= k]")
q = 1 - p
spread = sqrt(n * p * q)
FROM_0, FROM_1 = integers(k, "the count", 0, n, typical=40), integers(k, "the count", 1, n, typical=40)
upper, lower = binomial_at_least(n, p, k), binomial_at_most(n, p, k)

ash = misquoted(
    law(
        "ash", "Ash 1965, Lemma 4.7.2", "a count above the mean is reached with probability at least e^(-n KL)/sqrt(8 "
        "n a (1 - a)).",
        (COUNT, CHANCE, FROM_1), X >= exp(-n * relative_entropy(k / n, p)) / sqrt(8 * k * (1 - k / n)), 0, upper,
        k < n, n * p < k, **ABOVE,
    ),
    "M11", "for any share a, where a n is not whole", "for counts: a = k/n", {"n": 1, "p": Fraction(1, 100),
    "a": Fraction(1, 2)},
    parameters=(COUNT, CHANCE, reals(a, "the share of successes", 0, 1, typical=Fraction(2, 5))),
    claims=(X >= exp(-n * relative_entropy(a, p)) / sqrt(8 * n * a * (1 - a)),), truth=binomial_at_least(n, p, a * n),
    hypotheses=decides(a < 1, p < a),
)  # fmt: skip
slud = misquoted(
    law(
        "slud", "Slud 1977, Theorem 2.1", "a count is reached at least as likely as a normal variable of its mean and "
        "variance.",
        (COUNT, CHANCE, FROM_0), X >= normal_at_least((k - n * p) / spread), 0, upper, k >= n * p,
        Or(p <= Rational(1, 4), k <= n * q), NOT_SURE, **ABOVE,
    ),
    "M12", "for p <= 1/2 and every k >= n p", "for p <= 1/4, or k <= n q", {"n": 12, "p": Fraction(1, 2), "k": 12},
    grade="missing hypothesis", hypotheses=decides(k >= n * p, p <= Rational(1, 2)),
)  # fmt: skip
inner = integers(k, "the count", 1, n - 1, typical=40)


def likelihood_root(count: Any) -> Piecewise:
    """The normal distribution function at the signed root of the likelihood ratio."""
    root = sqrt(2 * n * relative_entropy(count / n, p))
    return Piecewise((normal_at_least(-root), count > n * p), (normal_at_least(root), True))


zubkov_serov_lower = law(
    "zubkov_serov_lower", "Zubkov and Serov 2013, Theorem 1",
    "a binomial distribution function is at least the normal one at the root of the likelihood ratio.",
    (COUNT, CHANCE, inner), X >= likelihood_root(k), 0, lower, n >= 2, NOT_SURE, **BELOW,
)  # fmt: skip
zubkov_serov_upper = law(
    "zubkov_serov_upper", "Zubkov and Serov 2013, Theorem 1",
    "a binomial distribution function is at most the normal one at the root of the next count's likelihood ratio.",
    (COUNT, CHANCE, integers(k, "the count", 0, n - 2, typical=40)), X <= likelihood_root(k + 1), 0, lower, n >= 2,
    NOT_SURE, **BELOW,
)  # fmt: skip
miss = Float("0.4748") * (p**2 + q**2) / spread
berry_esseen = law(
    "berry_esseen", "Shevtsova 2011", "a binomial distribution function is near the normal one, with constant 0.4748.",
    (COUNT, CHANCE, FROM_0), X <= miss, 0, Abs(lower - normal_at_least((n * p - k) / spread)), NOT_SURE,
    what="the distance of the two distribution functions at k", size=True,
)  # fmt: skip
berry_esseen_tail = misquoted(
    law(
        "berry_esseen_tail", "Shevtsova 2011", "a binomial tail is at most the normal tail and 0.4748 (p^2 + "
        "q^2)/sqrt(n p q).",
        (COUNT, CHANCE, FROM_0), X < k, normal_at_least((k - n * p) / spread) + miss, upper, NOT_SURE, BIN,
        depends_on=("berry_esseen",), **WHAT,
    ),
    "M30", "at most the normal tail with the correction for continuity",
    "at most the normal tail and the error of Berry and Esseen", {"n": 50, "p": Fraction(1, 10), "k": 12},
    failure=normal_at_least((k - Rational(1, 2) - n * p) / spread),
)  # fmt: skip
greenberg_mohri = misquoted(
    law(
        "greenberg_mohri", "Greenberg and Mohri 2014, Theorem 1",
        "a count reaches its mean with probability above 1/4, for p > 1/n.",
        (COUNT, CHANCE), X > Rational(1, 4), 0, binomial_at_least(n, p, n * p), n * p > 1, what="P[Bin(n, p) >= n p]",
        size=True,
    ),
    "M14", "P[X >= n p] >= 1/2", "P[X >= n p] > 1/4, for p > 1/n", {"n": 1, "p": Fraction(1, 10)},
    claims=(X >= Rational(1, 2),), hypotheses=(),
)  # fmt: skip
kaas_buhrman_upper = law(
    "kaas_buhrman_upper", "Kaas and Buhrman 1980", "a count has its median at most the mean, rounded up.",
    (COUNT, CHANCE), X >= Rational(1, 2), 0, binomial_at_most(n, p, ceiling(n * p)), what="P[Bin(n, p) <= ceil(n p)]",
    size=True,
)  # fmt: skip
kaas_buhrman_lower = law(
    "kaas_buhrman_lower", "Kaas and Buhrman 1980", "a count has its median at least the mean, rounded down.",
    (COUNT, CHANCE), X >= Rational(1, 2), 0, binomial_at_least(n, p, floor(n * p)), what="P[Bin(n, p) >= floor(n p)]",
    size=True,
)  # fmt: skip
anderson_samuels = misquoted(
    law(
        "anderson_samuels", "Anderson and Samuels 1967", "a binomial tail is at most the Poisson tail from the mean "
        "plus 1 on.",
        (COUNT, CHANCE, FROM_0), X < k, poisson_at_least(n * p, k), upper, k >= n * p + 1, BIN, **WHAT,
    ),
    "M15", "from the mean on", "from the mean plus 1 on", {"n": 1, "p": Fraction(1, 2), "k": 1},
    hypotheses=(*decides(k >= n * p), assumed(BIN)),
)  # fmt: skip
share = reals(t, "the share of the mean", 0, 1, strict=False, typical=Fraction(1, 2))
paley_zygmund = law(
    "paley_zygmund", "Paley and Zygmund 1932",
    "a count is above a share of its mean with probability at least (1 - t)^2 (E X)^2/E X^2.",
    (COUNT, CHANCE, share), X >= (1 - t) ** 2 * n * p / (n * p + q), 0, binomial_at_least(n, p, floor(t * n * p) + 1),
    t < 1, what="P[Bin(n, p) > t n p]", size=True,
)  # fmt: skip
median_of_means = law(
    "median_of_means", "Nemirovsky and Yudin 1983",
    "half of k blocks are bad, each with probability 1/4, with probability at most e^(-k/8).",
    (integers(k, "the number of blocks", typical=40),), X < k / 2, exp(-k / 8), binomial_at_least(k, Rational(1, 4),
    k / 2),
    "X ~ Bin(k, 1/4) counts the bad blocks", what="the number of bad blocks", size=True,
)  # fmt: skip
score_interval = misquoted(
    law(
        "score_interval", "Wilson 1927", "the score interval at 1.96 deviations misses with probability at most "
        "1/1.96^2.",
        (COUNT, CHANCE), (X < n * p + Rational(49, 25) * spread, X > n * p - Rational(49, 25) * spread),
        Rational(625, 2401), binomial_at_least(n, p, n * p + Rational(49, 25) * spread)
        + binomial_at_most(n, p, n * p - Rational(49, 25) * spread), NOT_SURE, BIN, depends_on=("chebyshev",), **WHAT,
    ),
    "M29", "it covers with probability at least 95%", "at least 1 - 1/1.96^2, by Chebyshev; 95% on the average of p "
    "only",
    {"n": 1, "p": Fraction(1, 5)}, failure=Rational(1, 20),
)  # fmt: skip
# Coins of two kinds
KINDS = (
    integers(m, "the coins of the first kind", 1, 40, typical=10), reals(a, "their probability", 0, 1, typical=0.2),
    integers(n, "the coins of the second kind", 1, 40, typical=10), reals(b, "their probability", 0, 1, typical=0.4),
)  # fmt: skip
total = m * a + n * b
average = total / (m + n)
REACHED, TWO = integers(k, "the count", 0, m + n, typical=10), "X counts the successes of coins of two kinds"
hoeffding_unequal_upper = misquoted(
    law(
        "hoeffding_unequal_upper", "Hoeffding 1956, Theorem 4",
        "from the mean plus 1 on a count of unequal coins is reached no likelier than one of coins of their average.",
        (*KINDS, REACHED), X < k, binomial_at_least(m + n, average, k), two_kinds_at_least(m, a, n, b, k),
        k >= total + 1, TWO, **WHAT,
    ),
    "M45", "from the mean on", "from the mean plus 1 on",
    {"m": 1, "a": Fraction(9, 10), "n": 1, "b": Fraction(1, 10), "k": 1},
    hypotheses=(*decides(k >= total), assumed(TWO)),
)  # fmt: skip
hoeffding_unequal_lower = law(
    "hoeffding_unequal_lower", "Hoeffding 1956, Theorem 4",
    "up to the mean less 1 a count of unequal coins is undercut no likelier than one of coins of their average.",
    (*KINDS, REACHED), X > k, binomial_at_most(m + n, average, k), two_kinds_at_most(m, a, n, b, k),
    k <= total - 1, TWO, **WHAT,
)  # fmt: skip
barbour_hall = law(
    "barbour_hall", "Barbour and Hall 1984, Theorem 1",
    "the distance of a count to the Poisson law of its mean lam is at most (1 - e^-lam)/lam times the sum of p^2.",
    KINDS, X <= (1 - exp(-total)) / total * (m * a**2 + n * b**2), 0, distance_to_poisson(m, a, n, b),
    what="the total variation", size=True,
)  # fmt: skip
exact_interval_coverage = misquoted(
    law(
        "exact_interval_coverage", "Clopper and Pearson 1934",
        "the exact interval at 95% covers with probability at least 95%.",
        (integers(n, "the number of draws", 1, 1000, typical=20), CHANCE), X >= Rational(19, 20), 0,
        1 - exact_interval_misses(n, p),
        what="the probability that the interval covers p", size=True,
    ),
    "M28", "exactly 95%, so at most 95%", "at least 95%: the count jumps", {"n": 10, "p": Fraction(1, 2)},
    claims=(X <= Rational(19, 20),),
)  # fmt: skip
