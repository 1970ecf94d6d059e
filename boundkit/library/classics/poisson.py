"""Poisson variables: Chernoff's bounds, Bernstein's, the likelihood root, medians."""

from typing import Any

from sympy import Eq, Expr, Piecewise, Rational, S, exp, log, loggamma, sqrt

from boundkit.library.classics.notation import (
    RATE,
    X,
    bennett_h,
    chernoff,
    integers,
    k,
    lam,
    law,
    misquoted,
    of,
    reals,
    stands_for,
    u,
    weaker,
    x,
)
from boundkit.model.proof import NonnegativeSum, Step, Unimodal
from boundkit.tails import normal_at_least, poisson_at_least, poisson_at_most

POISSON, WHAT = "X ~ Poisson(lam)", of("a Poisson variable")
BELOW = of("P[Poisson(lam) <= k]")
EXCESS = reals(x, "the deviation", 0, typical=10)
HIGH = reals(x, "the threshold", lam, strict=False, typical=20)
LOW = reals(x, "the threshold", 0, lam, typical=5)
rate = exp(-lam + x - x * log(x / lam))

poisson_chernoff_upper = law(
    "poisson_chernoff_upper", "Mitzenmacher and Upfal 2005, Theorem 5.4",
    "a Poisson variable is x or more with probability at most e^-lam (e lam/x)^x, for x above the mean.",
    (RATE, HIGH), X < x, rate, poisson_at_least(lam, x), POISSON,
    proof=chernoff(
        poisson_at_least(lam, x), log(x / lam), rate, POISSON, Step(lam > 0),
        Step(x > 0, NonnegativeSum(((S.One, x >= lam), (lam,)))),
    ), **WHAT,
)  # fmt: skip
poisson_chernoff_lower = law(
    "poisson_chernoff_lower", "Mitzenmacher and Upfal 2005, Theorem 5.4",
    "a Poisson variable is x or less with probability at most e^-lam (e lam/x)^x, for x below the mean.",
    (RATE, LOW), X > x, rate, poisson_at_most(lam, x), POISSON,
    proof=chernoff(poisson_at_most(lam, x), log(lam / x), rate, POISSON), **WHAT,
)  # fmt: skip
PART, PART_IS = stands_for(u, x / lam, Eq(x, lam * u))
above, bernstein = poisson_at_least(lam, lam + x), exp(-(x**2) / (2 * lam + 2 * x / 3))
bent = log(1 + u) >= (u + u**2 / (2 + 2 * u / 3)) / (1 + u)
bennett = exp(-lam * bennett_h(u))
poisson_bernstein = misquoted(
    law(
        "poisson_bernstein", "Boucheron et al. 2013, section 2.7",
        "a Poisson variable is x above its mean with probability at most exp(-x^2/(2 lam + 2 x/3)).",
        (RATE, EXCESS), X < lam + x, bernstein, above, POISSON, depends_on=("poisson_chernoff_upper",),
        proof=chernoff(
            above, log(1 + u), bennett, POISSON, Step(bent, Unimodal(u)), PART_IS,
            chain=(weaker(bennett, bernstein, (lam * (1 + u), bent)),), parameters=(PART,),
        ), **WHAT,
    ),
    "M13", "exp(-x^2/(2 lam))", "exp(-x^2/(2 lam + 2 x/3)): the other is for the lower tail", {"lam": 1, "x": 3},
    failure=exp(-(x**2) / (2 * lam)),
)  # fmt: skip
short = poisson_at_most(lam, lam - x)
risen, fallen = exp(u) * (1 - u + u**2 / 2) >= 1, exp(-u) <= 1 - u + u**2 / 2
short_rate = exp(lam * (exp(-u) - 1 + u - u**2))
poisson_below = law(
    "poisson_below", "Boucheron et al. 2013, section 2.2",
    "a Poisson variable is x below its mean with probability at most exp(-x^2/(2 lam)).",
    (RATE, reals(x, "the deviation", 0, typical=5)), X > lam - x, exp(-(x**2) / (2 * lam)),
    Piecewise((short, x <= lam), (0, True)), POISSON, depends_on=("poisson_chernoff_lower",),
    proof=chernoff(
        short, u, short_rate, POISSON, Step(risen, Unimodal(u)), Step(fallen, NonnegativeSum(((exp(-u), risen),))),
        PART_IS, chain=(weaker(short_rate, exp(-(x**2) / (2 * lam)), (lam, fallen)),), parameters=(PART,),
    ), **WHAT,
)  # fmt: skip
COUNT = integers(k, "the count", 0, typical=20)
glynn = law(
    "glynn", "Glynn 1987", "a Poisson tail is at most its first term over 1 - lam/(k + 1), for k > lam - 1.",
    (RATE, COUNT), X < k, exp(-lam + k * log(lam) - loggamma(k + 1)) / (1 - lam / (k + 1)), poisson_at_least(lam, k),
    k > lam - 1, POISSON, **WHAT,
)  # fmt: skip


def root(count: Any) -> Expr:
    """The signed root of twice the likelihood ratio's logarithm, without its sign."""
    return sqrt(2 * (lam - count + count * log(count / lam)))


ABOVE = of("P[Poisson(lam) > k]")
SOME = integers(k, "the count", 1, typical=20)
short_lower = law(
    "short_lower", "Short 2013", "below the mean a Poisson distribution function is at least Q of the likelihood root.",
    (RATE, SOME), X >= normal_at_least(root(k)), 0, poisson_at_most(lam, k), k <= lam, **BELOW,
)  # fmt: skip
short_upper = law(
    "short_upper", "Short 2013", "below the mean a Poisson distribution function is at most Q of the next count's "
    "root.",
    (RATE, COUNT), X <= normal_at_least(root(k + 1)), 0, poisson_at_most(lam, k), k + 1 <= lam, **BELOW,
)  # fmt: skip
short_tail_upper = law(
    "short_tail_upper", "Short 2013", "above the mean a Poisson tail is at most Q of the likelihood root.",
    (RATE, SOME), X <= normal_at_least(root(k)), 0, poisson_at_least(lam, k + 1), k >= lam, **ABOVE,
)  # fmt: skip
short_tail_lower = law(
    "short_tail_lower", "Short 2013", "above the mean a Poisson tail is at least Q of the next count's likelihood "
    "root.",
    (RATE, COUNT), X >= normal_at_least(root(k + 1)), 0, poisson_at_least(lam, k + 1), k + 1 >= lam, **ABOVE,
)  # fmt: skip
choi_upper = law(
    "choi_upper", "Choi 1994", "a Poisson variable has its median below lam + 1/3.",
    (RATE,), X >= Rational(1, 2), 0, poisson_at_most(lam, lam + Rational(1, 3)), what="P[Poisson(lam) <= lam + 1/3]",
    size=True,
)  # fmt: skip
choi_lower = law(
    "choi_lower", "Choi 1994", "a Poisson variable has its median at lam - log(2) or above.",
    (RATE,), X >= Rational(1, 2), 0, poisson_at_least(lam, lam - log(2)), what="P[Poisson(lam) >= lam - log(2)]",
    size=True,
)  # fmt: skip
