"""Samples: empirical distributions, intervals, selection among hypotheses, random matrices, random walks."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Rational, ceiling, exp, floor, log, sqrt

from boundkit.library.classics.notation import (
    CHANCE,
    COIN,
    COUNT,
    LEVEL,
    POSITIVE,
    SHIFT,
    H,
    X,
    b,
    c,
    decides,
    delta,
    eps,
    integers,
    law,
    m,
    misquoted,
    n,
    of,
    p,
    r,
    reals,
    t,
)
from boundkit.model.statement import assumed
from boundkit.tails import (
    binomial_at_least,
    binomial_at_most,
    greatest_absolute_normal_at_least,
    greatest_normal_at_least,
    kolmogorov_at_least,
    normal_two_sided,
)

if TYPE_CHECKING:
    import numpy as np

FEW = integers(n, "the number of draws", 1, 200, typical=20)
FAILURE = reals(delta, "the failure allowed", 0, 1, typical=Fraction(1, 20))
Drawn = Any
Z95 = Rational(49, 25)


# Empirical distribution functions
def farthest(rng: np.random.Generator, trials: int, n: int, **_: Any) -> Drawn:
    """How far the empirical distribution function of n uniforms is from the true one."""
    import numpy as np

    drawn = np.sort(rng.random((trials, n)), axis=1)
    steps = np.arange(n + 1) / n
    return np.maximum(steps[1:] - drawn, drawn - steps[:-1]).max(axis=1)


dkw_one_sided = law(
    "dkw_one_sided", "Reeve 2024",
    "an empirical distribution function is t above the true one somewhere with probability at most e^(-2 n t^2).",
    (COUNT, SHIFT), X < t, exp(-2 * n * t**2), kolmogorov_at_least(n, t),
    "X is sup(F_n - F) of n draws from a continuous law F", what="the greatest excess", size=True,
)  # fmt: skip
dkw = misquoted(
    law(
        "dkw", "Massart 1990, Corollary 1",
        "an empirical distribution function is t off somewhere with probability at most 2 e^(-2 n t^2).",
        (FEW, SHIFT), X <= t, 2 * exp(-2 * n * t**2), None, "X is sup|F_n - F| of n draws from a continuous law F",
        what="the greatest distance", size=True, sampler=farthest, depends_on=("dkw_one_sided",),
    ),
    "M25", "e^(-2 n t^2) for both sides", "2 e^(-2 n t^2)", {}, failure=exp(-2 * n * t**2),
    reason="of one draw, t = 1/2, the distance is never less, and e^(-1/2) is claimed",
)  # fmt: skip


# Intervals
def outside(rng: np.random.Generator, trials: int, n: int, p: float) -> Drawn:
    """1 where the interval of Clopper and Pearson at 95% misses p."""
    import numpy as np
    from scipy.stats import binom

    k = rng.binomial(n, p, trials)
    return np.where((binom.sf(k - 1, n, p) <= 0.025) | (binom.cdf(k, n, p) <= 0.025), 1.0, 0.0)


slack = Z95**2 / n
middle, radius = 2 * p + slack, sqrt((2 * p + slack) ** 2 - 4 * p**2 * (1 + slack))
high, low = (n * (middle + sign * radius) / (2 * (1 + slack)) for sign in (1, -1))
exact_interval = misquoted(
    law(
        "exact_interval", "Clopper and Pearson 1934", "the exact interval at 95% misses p with probability at most 5%.",
        COIN, X < 1, Rational(1, 20), None, "X is 1 where the interval of a count from Bin(n, p) misses p, else 0",
        what="whether the interval misses", size=True, sampler=outside,
    ),
    "M27", "mean +- 1.96 sqrt(mean (1 - mean)/n) covers p at 95%, where n p, n q >= 5",
    "the exact interval covers at 95%",
    {"n": 12, "p": Fraction(1, 2)}, sampler=None,
    truth=binomial_at_least(n, p, floor(high) + 1) + binomial_at_most(n, p, ceiling(low) - 1),
    hypotheses=(*decides(n * p >= 5, n * (1 - p) >= 5), assumed("X is 1 where Wald's interval misses p, else 0")),
)  # fmt: skip
SPREAD = of("the mean's miss below p, beyond the radius", size=False)


def below_by(rng: np.random.Generator, n: int, p: float, trials: int, likely: float, factor: float) -> Drawn:
    """How far the mean is below p, beyond the radius of an interval from the sample's variance."""
    import numpy as np

    mean = rng.binomial(n, p, trials) / n
    radius = np.sqrt(2 * mean * (1 - mean) * n / (n - 1) * likely / n) + factor * likely
    return p - mean - radius


def maurer_pontil_miss(rng: np.random.Generator, trials: int, n: int, p: float, delta: float) -> Drawn:
    """With their radius."""
    import numpy as np

    return below_by(rng, n, p, trials, np.log(2 / delta), 7 / (3 * (n - 1)))


def plug_in_miss(rng: np.random.Generator, trials: int, n: int, p: float, delta: float) -> Drawn:
    """With Bernstein's radius, and the sample's variance for the true one."""
    import numpy as np

    return below_by(rng, n, p, trials, np.log(1 / delta), 2 / (3 * n))


PLUGGED = (
    integers(n, "the number of draws", 2, 10**4, typical=100, usual=(20, 200)),
    reals(p, "the probability of success", 0, 1, typical=Fraction(3, 10), usual=(Fraction(1, 100), Fraction(1, 10))),
    reals(delta, "the failure allowed", 0, 1, typical=Fraction(1, 20), usual=(Fraction(1, 1000), Fraction(1, 10))),
)
maurer_pontil = misquoted(
    law(
        "maurer_pontil", "Maurer and Pontil 2009, Theorem 4",
        "a mean is sqrt(2 V log(2/delta)/n) + 7 log(2/delta)/(3 (n - 1)) too low with probability at most delta.",
        PLUGGED, X <= 0, delta, None, delta < 1,
        "X is p - mean - radius, of n draws that are 1 with probability p, V their variance",
        sampler=maurer_pontil_miss, **SPREAD,
    ),
    "M10", "sqrt(2 V log(1/delta)/n) + 2 log(1/delta)/(3 n), V the sample's variance in Bernstein's bound",
    "sqrt(2 V log(2/delta)/n) + 7 log(2/delta)/(3 (n - 1))", {},
    reason="of n = 100 draws with p = 0.031 all are 0 with probability 0.043, and 0.01 is claimed",
    sampler=plug_in_miss,
)  # fmt: skip
ORDER = reals(b, "the order of the quantile", 0, 1, typical=Fraction(19, 20))
wilks = law(
    "wilks", "Wilks 1941", "log(delta)/log(b) draws have one above the quantile of order b, but for delta.",
    (integers(n, "the number of draws", typical=59), ORDER, FAILURE), X > b, delta, b**n, n >= log(delta) / log(b),
    b < 1,
    "X is F(greatest of n draws) for a continuous law F", what="the order of the greatest draw", size=True,
)  # fmt: skip
rule_of_three = law(
    "rule_of_three", "Hanley and Lippman-Hand 1983", "n draws have no success at p = 3/n with probability below 5%.",
    (integers(n, "the number of draws", 3, typical=100),), X < Rational(1, 20), 0, (1 - 3 / n) ** n,
    what="the probability of no success", size=True,
)  # fmt: skip
looked = normal_two_sided(Z95)


def greatest_look(rng: np.random.Generator, trials: int, n: int) -> Drawn:
    """The greatest standardised position of a normal walk over its first n steps."""
    import numpy as np

    walk = rng.standard_normal((trials, n)).cumsum(axis=1)
    return (np.abs(walk) / np.sqrt(np.arange(1, n + 1))).max(axis=1)


single_look = misquoted(
    law(
        "single_look", "Armitage et al. 1969", "one look at the end of a trial at 1.96 deviations errs at 5%.",
        (FEW,), X <= Z95, Rational(1, 20), looked, "X is |S_n|/sqrt(n), S a walk with standard normal steps",
        what="the deviations at the end", size=True,
    ),
    "M32", "at every step", "at the end only: every look costs", {}, truth=None, sampler=greatest_look,
    reason="of n = 100 looks one is beyond 1.96 with probability 0.37, and 0.05 is claimed",
)  # fmt: skip


# Many hypotheses
HYPOTHESES = integers(H, "the number of hypotheses", 1, 10**6, typical=100)
EXAMPLES = integers(m, "the number of examples", typical=1000)
ERROR = reals(eps, "the error", 0, 1, typical=Fraction(1, 10))
occam = law(
    "occam", "Blumer et al. 1987", "one of H hypotheses of error eps or more fits m examples with probability at most "
    "H e^(-eps m).", (HYPOTHESES, ERROR, EXAMPLES), X < eps, H * exp(-eps * m), 1 - (1 - (1 - eps) ** m) ** H,
    "X is the greatest error of those that fit m examples", what="the greatest error of those that fit", size=True,
    truth_assumes=("each errs with probability eps, independently",),
)  # fmt: skip
off = binomial_at_least(m, p, m * (p + t)) + binomial_at_most(m, p, m * (p - t))
finite_class = misquoted(
    law(
        "finite_class", "Shalev-Shwartz and Ben-David 2014, Corollary 4.6",
        "the error of one of H hypotheses is t off on m examples with probability at most 2 H e^(-2 m t^2).",
        (HYPOTHESES, CHANCE, EXAMPLES, SHIFT), X < t, 2 * H * exp(-2 * m * t**2), 1 - (1 - off) ** H,
        "X is how far the H errors on m examples are off at most, each a mean of m coins with probability p",
        what="the greatest distance", size=True, truth_assumes=("the hypotheses err independently",),
        depends_on=("hoeffding_sides",),
    ),
    "M4b", "H e^(-2 m t^2)", "2 H e^(-2 m t^2): errors are off on both sides",
    {"H": 1, "m": 1, "p": Fraction(1, 2), "t": Fraction(1, 2)}, failure=H * exp(-2 * m * t**2),
)  # fmt: skip
TESTS = integers(n, "the number of tests", typical=10)
level = 1 - (1 - delta) ** (1 / n)
sidak = misquoted(
    law(
        "sidak", "Sidak 1967", "n independent tests at level 1 - (1 - delta)^(1/n) reject some truth with probability "
        "delta.",
        (TESTS, FAILURE), X < 1, delta, 1 - (1 - level) ** n, delta < 1, "X is the number of true hypotheses rejected",
        "the tests are independent", what="the false rejections", size=True,
    ),
    "M35", "under any dependence", "for independent tests: disjoint rejections add up", {"n": 2, "delta": Fraction(3,
    4)},
    grade="missing hypothesis", truth=n * level,
    hypotheses=(*decides(delta < 1), assumed("X is the number of true hypotheses rejected")),
)  # fmt: skip
CORRELATION = reals(r, "the correlation", -1, 1, strict=False, typical=Fraction(1, 2))


def pair(rng: np.random.Generator, trials: int, r: float) -> tuple[Drawn, Drawn]:
    """Two normals of this correlation."""
    import numpy as np

    one, other = rng.standard_normal((2, trials))
    return one, r * one + np.sqrt(1 - r * r) * other


def greatest_size(rng: np.random.Generator, trials: int, r: float, **_: Any) -> Drawn:
    """The greater size of the two."""
    import numpy as np

    one, other = pair(rng, trials, r)
    return np.maximum(np.abs(one), np.abs(other))


def greater(rng: np.random.Generator, trials: int, r: float, **_: Any) -> Drawn:
    """The greater of the two."""
    import numpy as np

    return np.maximum(*pair(rng, trials, r))


sidak_normals = law(
    "sidak_normals", "Sidak 1967", "two normals exceed t in size no likelier than if they were independent.",
    (CORRELATION, LEVEL), X < t, greatest_absolute_normal_at_least(2, t), None,
    "X is the greater size of two standard normals of correlation r", what="the greater size", size=True,
    sampler=greatest_size,
)  # fmt: skip
slepian = misquoted(
    law(
        "slepian", "Slepian 1962", "two normals of correlation r >= 0 exceed t no likelier than if they were "
        "independent.",
        (reals(r, "the correlation", 0, 1, strict=False, typical=Fraction(1, 2)), LEVEL), X < t,
        greatest_normal_at_least(2, t), None, "X is the greater of two standard normals of correlation r",
        what="the greater", sampler=greater,
    ),
    "M44", "for any correlation", "for r >= 0; for r = -1 one of them is at least 0", {},
    reason="for r = -1 and t = 0 one of the two is never less, and 3/4 is claimed",
    grade="missing hypothesis", parameters=(CORRELATION, LEVEL),
)  # fmt: skip


# Random matrices, walks without end
SIDES = (integers(m, "the columns", 1, 40, typical=10), integers(n, "the rows", m, 80, typical=40))


def singular(rng: np.random.Generator, trials: int, n: int, m: int, which: int) -> Drawn:
    """A singular value of n x m normal matrices."""
    import numpy as np

    return np.linalg.svd(rng.standard_normal((trials, n, m)), compute_uv=False)[:, which]


def greatest_singular(rng: np.random.Generator, trials: int, n: int, m: int, **_: Any) -> Drawn:
    """The greatest."""
    return singular(rng, trials, n, m, 0)


def least_singular(rng: np.random.Generator, trials: int, n: int, m: int, **_: Any) -> Drawn:
    """The least."""
    return singular(rng, trials, n, m, -1)


davidson_szarek_upper = law(
    "davidson_szarek_upper", "Davidson and Szarek 2001, Theorem II.13",
    "a normal matrix stretches by more than sqrt(n) + sqrt(m) + t with probability at most e^(-t^2/2).",
    (*SIDES, POSITIVE), X < sqrt(n) + sqrt(m) + t, exp(-(t**2) / 2), None,
    "X is the greatest singular value of an n x m matrix of standard normals", what="the greatest singular value",
    size=True, sampler=greatest_singular,
)  # fmt: skip
davidson_szarek_lower = law(
    "davidson_szarek_lower", "Davidson and Szarek 2001, Theorem II.13",
    "a normal matrix shrinks below sqrt(n) - sqrt(m) - t with probability at most e^(-t^2/2).",
    (*SIDES, POSITIVE), X > sqrt(n) - sqrt(m) - t, exp(-(t**2) / 2), None,
    "X is the least singular value of an n x m matrix of standard normals", what="the least singular value",
    size=True, sampler=least_singular,
)  # fmt: skip
WEIGHT = reals(c, "the weight of the start", 0, 100, typical=10)


def worst_time(rng: np.random.Generator, trials: int, n: int, c: float, delta: float) -> Drawn:
    """The greatest of |S_j| over the curve, for j up to n."""
    import numpy as np

    walk = rng.choice((-1, 1), (trials, n)).cumsum(axis=1)
    times = np.arange(1, n + 1) + c
    return (np.abs(walk) / np.sqrt(times * np.log(times / (c * delta**2)))).max(axis=1)


robbins_mixture = law(
    "robbins_mixture", "Robbins 1970", "a fair walk ever leaves sqrt((n + c) log((n + c)/(c delta^2))) with "
    "probability at most "
    "delta.", (FEW, WEIGHT, FAILURE), X < 1, delta, None, delta < 1,
    "X is the greatest of |S_j|/sqrt((j + c) log((j + c)/(c delta^2))) for j <= n, S a fair walk of steps 1 and -1",
    what="the walk over the curve", size=True, sampler=worst_time,
)  # fmt: skip
