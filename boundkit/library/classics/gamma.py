"""Gamma variables, and the trials until some successes: Chernoff's bounds and Janson's, medians."""

from fractions import Fraction

from sympy import Expr, Rational, exp, log

from boundkit.library.classics.notation import (
    LOG_ABOVE,
    LOG_BELOW,
    NOT_SURE,
    X,
    a,
    c,
    chernoff,
    integers,
    k,
    law,
    log_above,
    log_below,
    of,
    p,
    r,
    reals,
    stands_for,
    u,
    v,
    weaker,
)
from boundkit.model.proof import NonnegativeSum, Step
from boundkit.tails import (
    gamma_at_least,
    gamma_at_most,
    negative_binomial_at_least,
    negative_binomial_at_most,
)

SHAPE = reals(k, "the shape", 0, typical=20)
EXPONENTIALS = integers(k, "the number of exponentials", typical=20)
SUCCESSES = integers(r, "the number of successes", typical=20)
CHANCE = reals(p, "the probability of success", 0, 1, typical=Fraction(1, 10))
ABOVE = reals(a, "the factor", 1, strict=False, typical=2)
BELOW = reals(a, "the factor", 0, 1, typical=Fraction(1, 2))
GAMMA, WHAT = "X is gamma with shape k and scale 1", of("a gamma variable")
TRIALS, COUNT = "X counts the trials until r successes", of("the number of trials")
long, brief = gamma_at_least(k, a * k), gamma_at_most(k, a * k)
rate = exp(-k * (a - 1 - log(a)))
late, soon = negative_binomial_at_least(r, p, a * r / p), negative_binomial_at_most(r, p, a * r / p)
trial_rate = exp(-r * (a - 1 - log(a)))
between = a - a * p + p
BETWEEN = Step(between > 0, NonnegativeSum(((1 - p, a), (p,))))
MORE, MORE_IS = stands_for(v, p * (a - 1) / between)
LESS, LESS_IS = stands_for(u, p * (1 / a - 1))
late_rate, soon_rate = exp(r * log(a) - a * r / p * log(1 + v)), exp(r * log(a) + a * r / p * log(1 + u))

gamma_chernoff_upper = law(
    "gamma_chernoff_upper", "Boucheron et al. 2013, section 2.4",
    "a gamma variable is a times its mean with probability at most e^(-k (a - 1 - log a)), for a >= 1.",
    (SHAPE, ABOVE), X < a * k, rate, long, GAMMA,
    proof=chernoff(long, 1 - 1 / a, rate, GAMMA), **WHAT,
)  # fmt: skip
gamma_chernoff_lower = law(
    "gamma_chernoff_lower", "Boucheron et al. 2013, section 2.4",
    "a gamma variable is a times its mean with probability at most e^(-k (a - 1 - log a)), for a <= 1.",
    (SHAPE, BELOW), X > a * k, rate, brief, GAMMA,
    proof=chernoff(brief, 1 / a - 1, rate, GAMMA), **WHAT,
)  # fmt: skip
janson_exponential = law(
    "janson_exponential", "Janson 2018, Theorem 5.1",
    "a sum of k exponentials is a times its mean with probability at most e^(-k (a - 1 - log a))/a.",
    (EXPONENTIALS, ABOVE), X < a * k, rate / a, long, "X is the sum of k independent exponentials of one mean", **WHAT,
)  # fmt: skip
FASTER = reals(c, "the second rate, the first being 1", 1, typical=2)
both = 1 + 1 / c
RATES = "X is the sum of two independent exponentials of rates 1 and c"


def beyond(threshold: Expr) -> Expr:
    """The tail of a sum of exponentials of rates 1 and c."""
    return (c * exp(-threshold) - exp(-c * threshold)) / (c - 1)


janson_rates_upper = law(
    "janson_rates_upper", "Janson 2018, Theorem 5.1",
    "exponentials of rates 1 and c > 1 add up to a times their mean, mu, with probability at most "
    "e^(-mu (a - 1 - log a))/a.", (FASTER, ABOVE), X < a * both, exp(-both * (a - 1 - log(a))) / a, beyond(a * both),
    RATES, **WHAT,
)  # fmt: skip
janson_rates_lower = law(
    "janson_rates_lower", "Janson 2018, Theorem 5.1",
    "exponentials of rates 1 and c > 1 add up to a <= 1 times their mean, mu, with probability at most "
    "e^(-mu (a - 1 - log a)).", (FASTER, BELOW), X > a * both, exp(-both * (a - 1 - log(a))), 1 - beyond(a * both),
    RATES, **WHAT,
)  # fmt: skip
janson_geometric_upper = law(
    "janson_geometric_upper", "Janson 2018, Theorem 2.1",
    "the trials until r successes are a times their mean with probability at most e^(-r (a - 1 - log a)).",
    (SUCCESSES, CHANCE, ABOVE), X < a * r / p, trial_rate, late, TRIALS,
    proof=chernoff(
        late, log(1 + v), late_rate, TRIALS, LOG_ABOVE, BETWEEN, MORE_IS,
        Step(1 - (1 - p) * (1 + v) > 0, NonnegativeSum(((p / between,),))),
        chain=(weaker(late_rate, trial_rate, (a * r / p, log_above)),), parameters=(MORE,),
    ), **COUNT,
)  # fmt: skip
janson_geometric_factor = law(
    "janson_geometric_factor", "Janson 2018, Theorem 2.3",
    "the trials until r successes are a times their mean with probability at most (1 - p)^(r (a - 1 - log a)/p)/a.",
    (SUCCESSES, CHANCE, ABOVE), X < a * r / p, exp(r * (a - 1 - log(a)) * log(1 - p) / p) / a, late, NOT_SURE, TRIALS,
    **COUNT,
)  # fmt: skip
janson_geometric_lower = law(
    "janson_geometric_lower", "Janson 2018, Theorem 3.1",
    "the trials until r successes are a times their mean with probability at most e^(-r (a - 1 - log a)), for a <= 1.",
    (SUCCESSES, CHANCE, BELOW), X > a * r / p, trial_rate, soon, TRIALS,
    proof=chernoff(
        soon, log(1 + u), soon_rate, TRIALS, LOG_BELOW, BETWEEN, LESS_IS,
        Step(1 - (1 - p) / (1 + u) > 0, NonnegativeSum(((u + p, 1 / (1 + u)),))),
        chain=(weaker(soon_rate, trial_rate, (a * r / p, log_below)),), parameters=(LESS,),
    ), **COUNT,
)  # fmt: skip
chen_rubin_upper = law(
    "chen_rubin_upper", "Chen and Rubin 1986, Theorem 1", "a gamma variable has its median below its mean.",
    (SHAPE,), X > Rational(1, 2), 0, gamma_at_most(k, k), what="P[G <= k]", size=True,
)  # fmt: skip
chen_rubin_lower = law(
    "chen_rubin_lower", "Chen and Rubin 1986, Theorem 1", "a gamma variable has its median above k - 1/3.",
    (SHAPE,), X > Rational(1, 2), 0, gamma_at_least(k, k - Rational(1, 3)), what="P[G >= k - 1/3]", size=True,
)  # fmt: skip
