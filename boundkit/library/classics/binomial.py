"""Binomial variables: tails above and below the mean."""

from fractions import Fraction

from sympy import Eq, Piecewise, Rational, exp, log, sqrt

from boundkit.library.classics.notation import (
    CHANCE,
    COIN,
    COUNT,
    NOT_SURE,
    RELATIVE,
    SHIFT,
    M,
    R,
    X,
    bennett_h,
    c,
    d,
    decides,
    integers,
    law,
    misquoted,
    n,
    of,
    p,
    r,
    reals,
    relative_entropy,
    t,
)
from boundkit.model.statement import assumed
from boundkit.tails import binomial_at_least, binomial_at_most

BIN, WHAT = "X ~ Bin(n, p)", of("the number of successes")
TENTH = Fraction(1, 10)
q = 1 - p
over, under = binomial_at_least(n, p, n * (p + t)), binomial_at_most(n, p, n * (p - t))
many, few = binomial_at_least(n, p, (1 + d) * n * p), binomial_at_most(n, p, (1 - d) * n * p)
SMALL = reals(d, "the relative deviation", 0, 1, typical=Fraction(1, 2))
SIGNS = "X is the mean of n independent signs"

# Hoeffding
hoeffding = law(
    "hoeffding", "Hoeffding 1963, Theorem 2", "the mean is t above p with probability at most e^(-2 n t^2).",
    (*COIN, SHIFT), X < n * (p + t), exp(-2 * n * t**2), over, BIN, **WHAT,
)  # fmt: skip
hoeffding_lower = law(
    "hoeffding_lower", "Hoeffding 1963, Theorem 2", "the mean is t below p with probability at most e^(-2 n t^2).",
    (*COIN, SHIFT), X > n * (p - t), exp(-2 * n * t**2), under, BIN, **WHAT,
)  # fmt: skip
hoeffding_sides = misquoted(
    law(
        "hoeffding_sides", "Hoeffding 1963, Theorem 2", "the mean is off by t with probability at most 2 e^(-2 n t^2).",
        (*COIN, SHIFT), (X < n * (p + t), X > n * (p - t)), 2 * exp(-2 * n * t**2), over + under, BIN,
        depends_on=("hoeffding", "hoeffding_lower"), **WHAT,
    ),
    "M4", "e^(-2 n t^2) for both sides", "2 e^(-2 n t^2): each side costs e^(-2 n t^2)",
    {"n": 2, "p": Fraction(1, 2), "t": Fraction(1, 2)}, failure=exp(-2 * n * t**2),
)  # fmt: skip
hoeffding_signs = misquoted(
    law(
        "hoeffding_signs", "Hoeffding 1963, Theorem 2", "the mean of n signs is t or more with probability at most "
        "e^(-n t^2/2).", (COUNT, SHIFT), X < t, exp(-n * t**2 / 2),
        binomial_at_least(n, Rational(1, 2), n * (1 + t) / 2), SIGNS, what="the mean of n signs",
    ),
    "M3", "e^(-2 n t^2), for variables in [-1, 1] too", "e^(-2 n t^2/(b - a)^2) for variables in [a, b]",
    {"n": 1, "t": 1}, failure=exp(-2 * n * t**2),
)  # fmt: skip
hoeffding_pairwise = misquoted(
    law(
        "hoeffding_pairwise", "Hoeffding 1963, Theorem 2", "2^r - 1 independent fair bits are all 1 with probability "
        "at "
        "most e^(-(2^r - 1)/2).", (integers(r, "the number of bits that make the others", typical=3),), X < 2**r - 1,
        exp(-(2**r - 1) / 2), 2 ** -(2**r - 1), "X is the sum of 2^r - 1 fair bits", "the bits are independent",
        what="the sum of the bits", depends_on=("hoeffding",),
    ),
    "M5", "the bits are independent in pairs", "independent bits: the nonzero sums of r bits, turned, are all 1 in "
    "2^-r",
    {"r": 2}, grade="missing hypothesis", truth=2**-r,
    hypotheses=(assumed("X is the sum of 2^r - 1 fair bits"), assumed("the bits are independent in pairs")),
)  # fmt: skip

# Chernoff
chernoff_kl = law(
    "chernoff_kl", "Chernoff 1952, Theorem 1", "the mean is t above p with probability at most e^(-n KL(p + t, p)).",
    (*COIN, SHIFT), X < n * (p + t), exp(-n * relative_entropy(p + t, p)), over, p + t < 1, BIN, **WHAT,
)  # fmt: skip
chernoff_kl_lower = law(
    "chernoff_kl_lower", "Chernoff 1952, Theorem 1",
    "the mean is t below p with probability at most e^(-n KL(p - t, p)).",
    (*COIN, SHIFT), X > n * (p - t), exp(-n * relative_entropy(p - t, p)), under, t < p, NOT_SURE, BIN, **WHAT,
)  # fmt: skip
chernoff_relative = law(
    "chernoff_relative", "Mitzenmacher and Upfal 2005, Theorem 4.4",
    "a count is 1 + d times its mean with probability at most (e^d/(1 + d)^(1 + d))^(n p).",
    (*COIN, RELATIVE), X < (1 + d) * n * p, exp(-n * p * bennett_h(d)), many, BIN, **WHAT,
)  # fmt: skip
chernoff_third = misquoted(
    law(
        "chernoff_third", "Mitzenmacher and Upfal 2005, Theorem 4.4",
        "a count is 1 + d times its mean with probability at most e^(-d^2 n p/3), for d <= 1.",
        (*COIN, SMALL), X < (1 + d) * n * p, exp(-(d**2) * n * p / 3), many, BIN,
        depends_on=("chernoff_relative",), **WHAT,
    ),
    "M6", "for any d > 0", "for d <= 1", {"n": 1, "p": TENTH, "d": 9}, parameters=(*COIN, RELATIVE),
)  # fmt: skip
chernoff_any = misquoted(
    law(
        "chernoff_any", "Angluin and Valiant 1979",
        "a count is 1 + d times its mean with probability at most e^(-d^2 n p/(2 + d)).",
        (*COIN, RELATIVE), X < (1 + d) * n * p, exp(-(d**2) * n * p / (2 + d)), many, BIN,
        depends_on=("chernoff_relative",), **WHAT,
    ),
    "M7", "e^(-d^2 n p/2)", "e^(-d^2 n p/(2 + d)): the other is for counts below the mean",
    {"n": 1, "p": TENTH, "d": 9}, failure=exp(-(d**2) * n * p / 2),
)  # fmt: skip
mcdiarmid_relative = law(
    "mcdiarmid_relative", "McDiarmid 1998, Theorem 2.3",
    "a count is 1 + d times its mean with probability at most e^(-d^2 n p/(2 + 2 d/3)).",
    (*COIN, RELATIVE), X < (1 + d) * n * p, exp(-(d**2) * n * p / (2 + 2 * d / 3)), many, BIN, **WHAT,
)  # fmt: skip
chernoff_quarter = misquoted(
    law(
        "chernoff_quarter", "Mitzenmacher and Upfal 2005, from Theorem 4.4",
        "a count is 1 + d times its mean with probability at most e^(-d^2 n p/4), for d <= 4.",
        (*COIN, reals(d, "the relative deviation", 0, 4, typical=1)), X < (1 + d) * n * p,
        exp(-(d**2) * n * p / 4), many, BIN, depends_on=("chernoff_relative",), **WHAT,
    ),
    "M43", "for d <= 2 e - 1", "for d <= 4: (1 + d) log(1 + d) - d is below d^2/4 from 4.11 on, and 2 e - 1 is 4.44",
    {"n": 12000, "p": Fraction(1, 100), "d": Fraction(22, 5)},
    parameters=(*COIN, reals(d, "the relative deviation", 0, 2 * exp(1) - 1, typical=1)),
)  # fmt: skip
HIGH = reals(R, "the threshold", 0, typical=200)
power_of_two = law(
    "power_of_two", "Mitzenmacher and Upfal 2005, Theorem 4.4",
    "a count is R or more with probability at most 2^-R, for R >= 6 n p.",
    (*COIN, HIGH), X < R, 2**-R, binomial_at_least(n, p, R), R >= 6 * n * p, BIN, **WHAT,
)  # fmt: skip
power_of_two_sharp = law(
    "power_of_two_sharp", "Motwani and Raghavan 1995, section 4.1",
    "a count is R or more with probability at most 2^-R, for R >= 2 e n p.",
    (*COIN, HIGH), X < R, 2**-R, binomial_at_least(n, p, R), R >= 2 * exp(1) * n * p, BIN, **WHAT,
)  # fmt: skip
chernoff_lower = law(
    "chernoff_lower", "Mitzenmacher and Upfal 2005, Theorem 4.5",
    "a count is 1 - d times its mean with probability at most e^(-d^2 n p/2).",
    (*COIN, SMALL), X > (1 - d) * n * p, exp(-(d**2) * n * p / 2), few, BIN, **WHAT,
)  # fmt: skip

# With the variance
bernstein = law(
    "bernstein", "Bernstein 1946", "the mean is t above p with probability at most exp(-n t^2/(2 p q + 2 t/3)).",
    (*COIN, SHIFT), X < n * (p + t), exp(-n * t**2 / (2 * p * q + 2 * t / 3)), over, BIN, **WHAT,
)  # fmt: skip
RANGE = reals(M, "the greatest value of a variable", 0, typical=10)
bernstein_range = misquoted(
    law(
        "bernstein_range", "Bernstein 1946",
        "the mean of n variables 0 and M is t too high with probability at most exp(-n t^2/(2 M^2 p q + 2 M t/3)).",
        (*COIN, RANGE, SHIFT), X < M * p + t, exp(-n * t**2 / (2 * M**2 * p * q + 2 * M * t / 3)),
        binomial_at_least(n, p, n * (p + t / M)), "X is the mean of n variables, each M with probability p, else 0",
        depends_on=("bernstein",), what="the mean", size=True,
    ),
    "M9", "2 t/3, for variables in [0, M] too", "2 M t/3", {"n": 1, "p": TENTH, "M": 10, "t": 9},
    failure=exp(-n * t**2 / (2 * M**2 * p * q + 2 * t / 3)),
)  # fmt: skip
bennett = law(
    "bennett", "Bennett 1962", "the mean is t above p with probability at most exp(-n p q h(t/(p q))).",
    (*COIN, SHIFT), X < n * (p + t), exp(-n * p * q * bennett_h(t / (p * q))), over, NOT_SURE, BIN, **WHAT,
)  # fmt: skip
bennett_sharp = law(
    "bennett_sharp", "Bennett 1962", "the mean is t above p with probability at most exp(-n (p/q) h(t/p)).",
    (*COIN, SHIFT), X < n * (p + t), exp(-n * p / q * bennett_h(t / p)), over, NOT_SURE, BIN, **WHAT,
)  # fmt: skip
factor = Piecewise((2, Eq(p, Rational(1, 2))), (log(q / p) / (1 - 2 * p), True))
kearns_saul = law(
    "kearns_saul", "Kearns and Saul 1998",
    "the mean is t above p with probability at most exp(-n t^2 log(q/p)/(1 - 2 p)).",
    (*COIN, SHIFT), X < n * (p + t), exp(-n * t**2 * factor), over, NOT_SURE, BIN, **WHAT,
)  # fmt: skip
kearns_saul_lower = law(
    "kearns_saul_lower", "Kearns and Saul 1998",
    "the mean is t below p with probability at most exp(-n t^2 log(q/p)/(1 - 2 p)).",
    (*COIN, SHIFT), X > n * (p - t), exp(-n * t**2 * factor), under, NOT_SURE, BIN, **WHAT,
)  # fmt: skip
okamoto = misquoted(
    law(
        "okamoto", "Okamoto 1958", "the mean is t above p >= 1/2 with probability at most exp(-n t^2/(2 p q)).",
        (*COIN, SHIFT), X < n * (p + t), exp(-n * t**2 / (2 * p * q)), over, p >= Rational(1, 2), NOT_SURE, BIN, **WHAT,
    ),
    "M8", "for any p", "for p >= 1/2", {"n": 1, "p": TENTH, "t": Fraction(9, 10)}, grade="missing hypothesis",
    hypotheses=(*decides(NOT_SURE), assumed(BIN)),
)  # fmt: skip

# By moments
DEVIATIONS = reals(c, "the standard deviations", 0, typical=3)
far = binomial_at_least(n, p, n * p + c * sqrt(n * p * q))
near = binomial_at_most(n, p, n * p - c * sqrt(n * p * q))
cantelli = misquoted(
    law(
        "cantelli", "Cantelli 1928", "a variable is c deviations above its mean with probability at most 1/(1 + c^2).",
        (*COIN, DEVIATIONS), X < n * p + c * sqrt(n * p * q), 1 / (1 + c**2), far, NOT_SURE, BIN, **WHAT,
    ),
    "M17", "1/(2 c^2), half of Chebyshev's for one side", "1/(1 + c^2)", {"n": 1, "p": Fraction(1, 5), "c": 2},
    failure=1 / (2 * c**2),
)  # fmt: skip
chebyshev = misquoted(
    law(
        "chebyshev", "Chebyshev 1867", "a variable is c deviations from its mean with probability at most 1/c^2.",
        (*COIN, DEVIATIONS), (X < n * p + c * sqrt(n * p * q), X > n * p - c * sqrt(n * p * q)), 1 / c**2, far + near,
        NOT_SURE, BIN, **WHAT,
    ),
    "M16", "1/(1 + c^2), Cantelli's, for both sides", "1/c^2", {"n": 1, "p": Fraction(1, 2), "c": 1},
    failure=1 / (1 + c**2),
)  # fmt: skip
binomial_markov = law(
    "binomial_markov", "Mitzenmacher and Upfal 2005, Theorem 3.1",
    "a count is R or more with probability at most its mean over R.",
    (*COIN, HIGH), X < R, n * p / R, binomial_at_least(n, p, R), BIN, **WHAT,
)  # fmt: skip
LOW = reals(c, "the lesser value", 0, 1, strict=False, typical=0)
sign_markov = misquoted(
    law(
        "sign_markov", "Mitzenmacher and Upfal 2005, Theorem 3.1",
        "a variable that is 1 or c >= 0 is 1 with probability at most its mean.",
        (CHANCE, LOW), X < 1, p + c * (1 - p), p, c < 1, "X is 1 with probability p, else c", what="the variable",
    ),
    "M18", "for variables of any sign", "for variables that are at least 0", {"p": Fraction(1, 2), "c": -1},
    grade="missing hypothesis", parameters=(CHANCE, reals(c, "the lesser value", -1, 1, strict=False, typical=0)),
)  # fmt: skip
STATEMENTS = (
    hoeffding, hoeffding_lower, hoeffding_sides, hoeffding_signs, hoeffding_pairwise, chernoff_kl, chernoff_kl_lower,
    chernoff_relative, chernoff_third, chernoff_any, mcdiarmid_relative, chernoff_quarter, power_of_two,
    power_of_two_sharp, chernoff_lower, bernstein, bernstein_range, bennett, bennett_sharp, kearns_saul,
    kearns_saul_lower, okamoto, cantelli, chebyshev, binomial_markov, sign_markov,
)  # fmt: skip
