"""Binomial variables: tails above and below the mean."""

from fractions import Fraction

from sympy import Eq, Expr, Piecewise, Rational, S, exp, log, sqrt

from boundkit.library.classics.notation import (
    CHANCE,
    COIN,
    COUNT,
    LOG_ABOVE,
    LOG_BELOW,
    NOT_SURE,
    RELATIVE,
    SHIFT,
    M,
    R,
    X,
    bennett_h,
    c,
    chernoff,
    d,
    decides,
    integers,
    law,
    log_above,
    log_below,
    misquoted,
    n,
    of,
    p,
    r,
    reals,
    relative_entropy,
    stands_for,
    t,
    u,
    v,
    weaker,
)
from boundkit.model.proof import NonnegativeSum, Proof, Step, Unimodal
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
up, rest = log((p + t) / p), log(q / (q - t))
chernoff_kl = law(
    "chernoff_kl", "Chernoff 1952, Theorem 1", "the mean is t above p with probability at most e^(-n KL(p + t, p)).",
    (*COIN, SHIFT), X < n * (p + t), exp(-n * relative_entropy(p + t, p)), over, p + t < 1, BIN,
    proof=chernoff(
        over, up + rest, exp(-n * relative_entropy(p + t, p)), BIN,
        Step(p < 1, NonnegativeSum(((S.One, p + t < 1), (t,)))),
        Step(q / (q - t) >= 1, NonnegativeSum(((t / (q - t),),))),
        Step(up + rest >= 0, NonnegativeSum(((up,), (rest,)))),
        Step(q + q * (p + t) / (q - t) > 0, NonnegativeSum(((q / (q - t),),))),
    ), **WHAT,
)  # fmt: skip
down, back = log(p / (p - t)), log((q + t) / q)
chernoff_kl_lower = law(
    "chernoff_kl_lower", "Chernoff 1952, Theorem 1",
    "the mean is t below p with probability at most e^(-n KL(p - t, p)).",
    (*COIN, SHIFT), X > n * (p - t), exp(-n * relative_entropy(p - t, p)), under, t < p, NOT_SURE, BIN,
    proof=chernoff(
        under, down + back, exp(-n * relative_entropy(p - t, p)), BIN,
        Step(q + t > 0, NonnegativeSum(((S.One, NOT_SURE), (t,)))),
        Step((q + t) / q >= 1, NonnegativeSum(((t / q,),))),
        Step(down + back >= 0, NonnegativeSum(((down,), (back,)))),
        Step(q + q * (p - t) / (q + t) > 0, NonnegativeSum(((q / (q + t),),))),
    ), **WHAT,
)  # fmt: skip
relative = exp(-n * p * bennett_h(d))


def relative_proof(shape: Step | None = None, rate: Expr = relative, *terms: tuple[Expr, ...]) -> Proof:
    """Chernoff's bound at log(1 + d), where 1 + d p <= e^(d p); and on to a rate by what its shape shows."""
    share, share_is = stands_for(u, d * p)
    first = exp(n * log(1 + d * p) - (1 + d) * n * p * log(1 + d))
    chain = (weaker(first, relative, (n, log_below)), *((weaker(relative, rate, *terms),) if terms else ()))
    steps = (LOG_BELOW, share_is, Step(1 + d * p > 0), *((shape,) if shape else ()))
    return chernoff(many, log(1 + d), first, BIN, *steps, chain=chain, parameters=(share,))


chernoff_relative = law(
    "chernoff_relative", "Mitzenmacher and Upfal 2005, Theorem 4.4",
    "a count is 1 + d times its mean with probability at most (e^d/(1 + d)^(1 + d))^(n p).",
    (*COIN, RELATIVE), X < (1 + d) * n * p, relative, many, BIN, proof=relative_proof(), **WHAT,
)  # fmt: skip
slow = log(1 + d) >= 2 * d / (2 + d)
third, any_d = exp(-(d**2) * n * p / 3), exp(-(d**2) * n * p / (2 + d))
chernoff_third = misquoted(
    law(
        "chernoff_third", "Mitzenmacher and Upfal 2005, Theorem 4.4",
        "a count is 1 + d times its mean with probability at most e^(-d^2 n p/3), for d <= 1.",
        (*COIN, SMALL), X < (1 + d) * n * p, third, many, BIN, depends_on=("chernoff_relative",),
        proof=relative_proof(
            Step(slow, Unimodal(d)), third, (n * p * (1 + d), slow), (n * p * d**2, 1 - d, 1 / (3 * (2 + d)))
        ), **WHAT,
    ),
    "M6", "for any d > 0", "for d <= 1", {"n": 1, "p": TENTH, "d": 9}, parameters=(*COIN, RELATIVE),
)  # fmt: skip
chernoff_any = misquoted(
    law(
        "chernoff_any", "Angluin and Valiant 1979",
        "a count is 1 + d times its mean with probability at most e^(-d^2 n p/(2 + d)).",
        (*COIN, RELATIVE), X < (1 + d) * n * p, any_d, many, BIN, depends_on=("chernoff_relative",),
        proof=relative_proof(Step(slow, Unimodal(d)), any_d, (n * p * (1 + d), slow)), **WHAT,
    ),
    "M7", "e^(-d^2 n p/2)", "e^(-d^2 n p/(2 + d)): the other is for counts below the mean",
    {"n": 1, "p": TENTH, "d": 9}, failure=exp(-(d**2) * n * p / 2),
)  # fmt: skip
bernstein_like = exp(-(d**2) * n * p / (2 + 2 * d / 3))
bent = log(1 + d) >= (d + d**2 / (2 + 2 * d / 3)) / (1 + d)
mcdiarmid_relative = law(
    "mcdiarmid_relative", "McDiarmid 1998, Theorem 2.3",
    "a count is 1 + d times its mean with probability at most e^(-d^2 n p/(2 + 2 d/3)).",
    (*COIN, RELATIVE), X < (1 + d) * n * p, bernstein_like, many, BIN,
    proof=relative_proof(Step(bent, Unimodal(d)), bernstein_like, (n * p * (1 + d), bent)), **WHAT,
)  # fmt: skip
quarter, bowed = exp(-(d**2) * n * p / 4), log(1 + d) >= (d + d**2 / 4) / (1 + d)
chernoff_quarter = misquoted(
    law(
        "chernoff_quarter", "Mitzenmacher and Upfal 2005, from Theorem 4.4",
        "a count is 1 + d times its mean with probability at most e^(-d^2 n p/4), for d <= 4.",
        (*COIN, reals(d, "the relative deviation", 0, 4, typical=1)), X < (1 + d) * n * p,
        quarter, many, BIN, depends_on=("chernoff_relative",),
        proof=relative_proof(Step(bowed, Unimodal(d, S(2))), quarter, (n * p * (1 + d), bowed)), **WHAT,
    ),
    "M43", "for d <= 2 e - 1", "for d <= 4: (1 + d) log(1 + d) - d is below d^2/4 from 4.11 on, and 2 e - 1 is 4.44",
    {"n": 12000, "p": Fraction(1, 100), "d": Fraction(22, 5)},
    parameters=(*COIN, reals(d, "the relative deviation", 0, 2 * exp(1) - 1, typical=1)),
)  # fmt: skip
HIGH = reals(R, "the threshold", 0, typical=200)
reach = binomial_at_least(n, p, R)


def powered(base: Expr) -> Proof:
    """Chernoff's bound at log(base), for R >= base n p; base^-1 - 1 + log(base/2) is at least 0."""
    scaled, scaled_is = stands_for(u, (base - 1) * p)
    first = exp(n * log(1 + (base - 1) * p) - R * log(base))
    then = exp(n * (base - 1) * p - R * log(base))
    left = R * (log(base) - log(2) - 1 + 1 / base)
    return chernoff(
        reach, log(base), first, BIN, LOG_BELOW, scaled_is, Step(1 + (base - 1) * p > 0), parameters=(scaled,),
        chain=(weaker(first, then, (n, log_below)), weaker(then, 2**-R, (1 - 1 / base, R >= base * n * p), (left,))),
    )  # fmt: skip


power_of_two = law(
    "power_of_two", "Mitzenmacher and Upfal 2005, Theorem 4.4",
    "a count is R or more with probability at most 2^-R, for R >= 6 n p.",
    (*COIN, HIGH), X < R, 2**-R, reach, R >= 6 * n * p, BIN, proof=powered(S(6)), **WHAT,
)  # fmt: skip
power_of_two_sharp = law(
    "power_of_two_sharp", "Motwani and Raghavan 1995, section 4.1",
    "a count is R or more with probability at most 2^-R, for R >= 2 e n p.",
    (*COIN, HIGH), X < R, 2**-R, reach, R >= 2 * exp(1) * n * p, BIN, proof=powered(2 * exp(1)), **WHAT,
)  # fmt: skip
LOST, LOST_IS = stands_for(v, d * p / (1 + d - d * p))
first = exp(n * log((1 + d - d * p) / (1 + d)) + (1 - d) * n * p * log(1 + d))
then = exp(-n * p * d / (1 + d) + (1 - d) * n * p * log(1 + d))
fast, half = log(1 + d) <= d * (2 + d) / (2 * (1 + d)), exp(-(d**2) * n * p / 2)
chernoff_lower = law(
    "chernoff_lower", "Mitzenmacher and Upfal 2005, Theorem 4.5",
    "a count is 1 - d times its mean with probability at most e^(-d^2 n p/2).",
    (*COIN, SMALL), X > (1 - d) * n * p, half, few, BIN,
    proof=chernoff(
        few, log(1 + d), first, BIN, Step(fast, Unimodal(d)), LOG_ABOVE,
        Step(1 + d - d * p > 0, NonnegativeSum(((S.One,), (1 - p, d)))), LOST_IS,
        Step(1 - p + p / (1 + d) > 0, NonnegativeSum((((1 + d - d * p) / (1 + d),),))), parameters=(LOST,),
        chain=(weaker(first, then, (n, log_above)), weaker(then, half, (n * p, 1 - d, fast))),
    ), **WHAT,
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
    (*COIN, HIGH), X < R, n * p / R, reach, BIN, **WHAT,
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
