"""Chi-square variables: Laurent and Massart's bounds, Chernoff's, lengths of normal vectors, random projections."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Eq, Piecewise, exp, log, loggamma, sqrt, symbols

from boundkit.library.classics.notation import (
    DEGREES,
    EXPONENT,
    N,
    X,
    a,
    b,
    chernoff,
    decides,
    eps,
    integers,
    k,
    law,
    m,
    misquoted,
    n,
    of,
    reals,
    s,
    stands_for,
    t,
    u,
    weaker,
    x,
)
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Step, Unimodal, spend
from boundkit.model.statement import assumed
from boundkit.tails import chi_square_at_least, chi_square_at_most, gamma_at_most

if TYPE_CHECKING:
    import numpy as np

CHI = "X ~ chi-square with n degrees of freedom"
LENGTH = "X is the length of a vector N(0, I_n)"
WHAT = of("a chi-square variable")
ABOVE = reals(a, "the factor", 1, strict=False, typical=2)
BELOW = reals(a, "the factor", 0, 1, typical=Fraction(1, 2))
DISTORTION = reals(eps, "the distortion", 0, 1, typical=Fraction(1, 2))
EXCESS = reals(s, "the deviation of the length", 0, strict=False, typical=3)


def below(factor: object) -> Piecewise:
    """The tail below a factor that may be negative."""
    return Piecewise((chi_square_at_most(n, factor), factor > 0), (0, True))  # type: ignore[operator]  # SymPy compares what it holds


# Laurent and Massart
top = 1 + 2 * sqrt(x / n) + 2 * x / n
wide, narrow = n + 2 * sqrt(n * x) + 2 * x, n - 2 * sqrt(n * x)
ROOT, ROOT_IS = stands_for(u, sqrt(x / n), Eq(x, n * u**2))
rise, log_rise = 1 + 2 * u + 2 * u**2, log(1 + 2 * u + 2 * u**2) / 2 <= u
high_rate = exp(-n * (rise - 1 - log(rise)) / 2)
G = symbols("G")
half, log_fall = gamma_at_most(n / 2, narrow / 2), log(1 + 2 * u) >= 2 * u - 2 * u**2
low_rate = exp(-n * (log(1 + 2 * u) / 2 - u * (1 - 2 * u)))
laurent_massart_upper = misquoted(
    law(
        "laurent_massart_upper", "Laurent and Massart 2000, Lemma 1",
        "a chi-square variable is above n + 2 sqrt(n x) + 2 x with probability at most e^(-x).",
        (DEGREES, EXPONENT), X < wide, exp(-x), chi_square_at_least(n, top), CHI,
        proof=chernoff(
            chi_square_at_least(n, top), (1 - 1 / rise) / 2, high_rate, CHI, Step(log_rise, Unimodal(u)), ROOT_IS,
            Step(X < wide, NonnegativeSum(((X < n * top,),))), chain=(weaker(high_rate, exp(-x), (n, log_rise)),),
            parameters=(ROOT,),
        ), **WHAT,
    ),
    "M19", "n + 2 sqrt(n x) + x", "n + 2 sqrt(n x) + 2 x", {"n": 1, "x": 16},
    claims=(X < n + 2 * sqrt(n * x) + x,), truth=chi_square_at_least(n, 1 + 2 * sqrt(x / n) + x / n),
)  # fmt: skip
laurent_massart_lower = law(
    "laurent_massart_lower", "Laurent and Massart 2000, Lemma 1",
    "a chi-square variable is below n - 2 sqrt(n x) with probability at most e^(-x).",
    (DEGREES, EXPONENT), X > narrow, exp(-x), below(1 - 2 * sqrt(x / n)), CHI,
    proof=Proof(
        spends=(spend(half, {G: G}, because="G, half of X, is gamma with shape n/2"),),
        parameters=(ROOT, reals(G, "half of X", 0, strict=False)),
        steps=(
            Step(log_fall, Unimodal(u)), ROOT_IS, Step(Eq(X, 2 * G), Fact("G is half of X")),
            Step(X > narrow, NonnegativeSum(((2, G > narrow / 2),))),
        ),
        budget=(Step(half <= low_rate, Chernoff(2 * u)), weaker(low_rate, exp(-x), (n / 2, log_fall))),
    ), **WHAT,
)  # fmt: skip
laurent_massart_sides = misquoted(
    law(
        "laurent_massart_sides", "Laurent and Massart 2000, Lemma 1",
        "a chi-square variable is off by 2 sqrt(n x) + 2 x with probability at most 2 e^(-x).",
        (DEGREES, EXPONENT), (X < wide, X > n - 2 * sqrt(n * x) - 2 * x), 2 * exp(-x),
        chi_square_at_least(n, top) + below(1 - 2 * sqrt(x / n) - 2 * x / n), CHI,
        depends_on=("laurent_massart_upper", "laurent_massart_lower"), **WHAT,
    ),
    "M20", "|X - n| < 2 sqrt(n x)", "|X - n| < 2 sqrt(n x) + 2 x: far above, the tail is exponential",
    {"n": 1, "x": 16}, claims=(X < n + 2 * sqrt(n * x), X > narrow),
    truth=chi_square_at_least(n, 1 + 2 * sqrt(x / n)) + below(1 - 2 * sqrt(x / n)),
)  # fmt: skip

# Of weighted sums, and with a mean
OTHERS = integers(m, "the normals of weight 1", typical=10)
LIGHT = integers(n, "the normals of weight b", typical=20)
SMALLER = reals(b, "the lesser weight", 0, 1, strict=False, typical=Fraction(1, 2))
SUM = "X is the sum of m squared normals, and b times the sum of n others"


def weighted(rng: np.random.Generator, trials: int, m: int, n: int, b: float, **_: Any) -> Any:
    """Sums of squared normals of two weights."""
    return rng.chisquare(m, trials) + b * rng.chisquare(n, trials)


swing = 2 * sqrt((m + b**2 * n) * x)
laurent_massart_weights_upper = law(
    "laurent_massart_weights_upper", "Laurent and Massart 2000, Lemma 1",
    "a weighted sum of squared normals is 2 |weights| sqrt(x) + 2 (the greatest) x above its mean with probability at "
    "most e^(-x).", (OTHERS, LIGHT, SMALLER, EXPONENT), X < m + b * n + swing + 2 * x, exp(-x), None, SUM,
    sampler=weighted, **WHAT,
)  # fmt: skip
laurent_massart_weights_lower = law(
    "laurent_massart_weights_lower", "Laurent and Massart 2000, Lemma 1",
    "a weighted sum of squared normals is 2 |weights| sqrt(x) below its mean with probability at most e^(-x).",
    (OTHERS, LIGHT, SMALLER, EXPONENT), X > m + b * n - swing, exp(-x), None, SUM, sampler=weighted, **WHAT,
)  # fmt: skip
PUSH = reals(s, "the squared length of the mean", 0, strict=False, typical=10)
WHOLE = integers(n, "the degrees of freedom", typical=20)
MOVED = "X is the squared length of a vector N(mu, I_n), |mu|^2 = s"


def moved(rng: np.random.Generator, trials: int, n: int, s: float, **_: Any) -> Any:
    """Squared lengths of normal vectors with a mean."""
    return rng.noncentral_chisquare(n, s, trials)


birge_upper = law(
    "birge_upper", "Birge 2001, Lemma 8.1",
    "a noncentral chi-square variable is 2 sqrt((n + 2 |mu|^2) x) + 2 x above its mean with probability at most "
    "e^(-x).",
    (WHOLE, PUSH, EXPONENT), X < n + s + 2 * sqrt((n + 2 * s) * x) + 2 * x, exp(-x), None, MOVED, sampler=moved, **WHAT,
)  # fmt: skip
birge_lower = law(
    "birge_lower", "Birge 2001, Lemma 8.1",
    "a noncentral chi-square variable is 2 sqrt((n + 2 |mu|^2) x) below its mean with probability at most e^(-x).",
    (WHOLE, PUSH, EXPONENT), X > n + s - 2 * sqrt((n + 2 * s) * x), exp(-x), None, MOVED, sampler=moved, **WHAT,
)  # fmt: skip
anderson = law(
    "anderson", "Anderson 1955, Theorem 1",
    "a normal vector with a mean is as short as sqrt(a n) no likelier than one without.",
    (WHOLE, PUSH, reals(a, "the factor", 0, typical=Fraction(1, 2))), X > a * n, chi_square_at_most(n, a), None, MOVED,
    sampler=moved, **WHAT,
)  # fmt: skip

# Chernoff's bound, and what is made of it
over, under = chi_square_at_least(n, a), chi_square_at_most(n, a)
rate = exp(-n * (a - 1 - log(a)) / 2)
chi_square_chernoff_upper = law(
    "chi_square_chernoff_upper", "Dasgupta and Gupta 2003, Lemma 2.2",
    "a chi-square variable is above a n with probability at most (a e^(1 - a))^(n/2), for a >= 1.",
    (DEGREES, ABOVE), X < a * n, rate, over, CHI,
    proof=chernoff(over, (1 - 1 / a) / 2, rate, CHI), **WHAT,
)  # fmt: skip
chi_square_chernoff_lower = law(
    "chi_square_chernoff_lower", "Dasgupta and Gupta 2003, Lemma 2.2",
    "a chi-square variable is below a n with probability at most (a e^(1 - a))^(n/2), for a <= 1.",
    (DEGREES, BELOW), X > a * n, rate, under, CHI,
    proof=chernoff(under, (1 / a - 1) / 2, rate, CHI), **WHAT,
)  # fmt: skip
steep = a - 1 - log(a) >= a / 5
chi_square_tenth = misquoted(
    law(
        "chi_square_tenth", "Dasgupta and Gupta 2003, from Lemma 2.2",
        "a chi-square variable is above a n with probability at most e^(-a n/10), for a >= 3.",
        (DEGREES, reals(a, "the factor", 3, strict=False, typical=4)), X < a * n, exp(-a * n / 10), over, CHI,
        depends_on=("chi_square_chernoff_upper",), proof=chernoff(
            over, (1 - 1 / a) / 2, rate, CHI, Step(steep, Unimodal(a)),
            chain=(weaker(rate, exp(-a * n / 10), (n / 2, steep)),),
        ), **WHAT,
    ),
    "M21", "for a >= 1", "for a >= 3, where a - 1 - log a >= a/5", {"n": 10, "a": 1}, parameters=(DEGREES, ABOVE),
)  # fmt: skip
stretched, shrunk = chi_square_at_least(n, 1 + eps), chi_square_at_most(n, 1 - eps)
ANY = reals(eps, "the distortion", 0, typical=Fraction(1, 2))
stretch_rate, stretch = exp(-n * (eps - log(1 + eps)) / 2), exp(-n * (eps**2 / 4 - eps**3 / 6))
bent = log(1 + eps) <= eps - eps**2 / 2 + eps**3 / 3
chi_square_stretch = law(
    "chi_square_stretch", "Dasgupta and Gupta 2003, Lemma 2.2",
    "a chi-square variable is above (1 + eps) n with probability at most e^(-n (eps^2/4 - eps^3/6)).",
    (DEGREES, ANY), X < (1 + eps) * n, stretch, stretched, CHI,
    proof=chernoff(
        stretched, eps / (2 * (1 + eps)), stretch_rate, CHI, Step(bent, Unimodal(eps)),
        chain=(weaker(stretch_rate, stretch, (n / 2, bent)),),
    ), **WHAT,
)  # fmt: skip
curved = log(1 + eps) >= eps - eps**2 / 2
shrink_rate = exp(-n * (log(1 + eps) - eps * (1 - eps)) / 2)
chi_square_shrink = law(
    "chi_square_shrink", "Dasgupta and Gupta 2003, Lemma 2.2",
    "a chi-square variable is below (1 - eps) n with probability at most e^(-n eps^2/4).",
    (DEGREES, DISTORTION), X > (1 - eps) * n, exp(-n * eps**2 / 4), shrunk, eps < 1, CHI,
    depends_on=("chi_square_chernoff_lower",), proof=chernoff(
        shrunk, eps / 2, shrink_rate, CHI, Step(curved, Unimodal(eps)),
        chain=(weaker(shrink_rate, exp(-n * eps**2 / 4), (n / 2, curved)),),
    ), **WHAT,
)  # fmt: skip
NARROW = reals(t, "the relative deviation", 0, 1, typical=Fraction(1, 2))
chi_square_sides = misquoted(
    law(
        "chi_square_sides", "Wainwright 2019, Example 2.11",
        "the mean of n squared normals is off by t with probability at most 2 e^(-n t^2/8), for t <= 1.",
        (DEGREES, NARROW), (X < (1 + t) * n, X > (1 - t) * n), 2 * exp(-n * t**2 / 8),
        chi_square_at_least(n, 1 + t) + below(1 - t), CHI, **WHAT,
    ),
    "M20b", "for any t > 0", "for t <= 1: far above, the tail is exponential", {"n": 1, "t": 8},
    parameters=(DEGREES, reals(t, "the relative deviation", 0, typical=Fraction(1, 2))),
)  # fmt: skip

# The length of a normal vector
chi_above_root = law(
    "chi_above_root", "Laurent and Massart 2000, from Lemma 1",
    "a normal vector is longer than sqrt(n) + s with probability at most e^(-s^2/2).",
    (DEGREES, EXCESS), X < sqrt(n) + s, exp(-(s**2) / 2), chi_square_at_least(n, (1 + s / sqrt(n)) ** 2), LENGTH,
    depends_on=("laurent_massart_upper",), what="the length of a normal vector", size=True,
)  # fmt: skip
chi_below_root = law(
    "chi_below_root", "Laurent and Massart 2000, from Lemma 1",
    "a normal vector is shorter than sqrt(n) - s with probability at most e^(-s^2).",
    (DEGREES, EXCESS), X > sqrt(n) - s, exp(-(s**2)),
    Piecewise((chi_square_at_most(n, (1 - s / sqrt(n)) ** 2), s < sqrt(n)), (0, True)), LENGTH,
    depends_on=("laurent_massart_lower",), what="the length of a normal vector", size=True,
)  # fmt: skip
mean = sqrt(2) * exp(loggamma((n + 1) / 2) - loggamma(n / 2))
chi_above_mean = law(
    "chi_above_mean", "Boucheron et al. 2013, Theorem 5.6",
    "a normal vector is longer than its mean length plus s with probability at most e^(-s^2/2).",
    (DEGREES, EXCESS), X < mean + s, exp(-(s**2) / 2), chi_square_at_least(n, (mean + s) ** 2 / n), LENGTH,
    what="the length of a normal vector", size=True,
)  # fmt: skip
chi_below_mean = law(
    "chi_below_mean", "Boucheron et al. 2013, Theorem 5.6",
    "a normal vector is shorter than its mean length less s with probability at most e^(-s^2/2).",
    (DEGREES, EXCESS), X > mean - s, exp(-(s**2) / 2),
    Piecewise((chi_square_at_most(n, (mean - s) ** 2 / n), s < mean), (0, True)), LENGTH,
    what="the length of a normal vector", size=True,
)  # fmt: skip

# Random projections
ROWS = integers(k, "the dimension of the image", typical=600)
POINTS = integers(N, "the number of points", 2, typical=100)
PROJECTED = "X is the squared length of a unit vector under a k x d matrix N(0, 1/k), d >= k"
both = chi_square_at_least(k, 1 + eps) + chi_square_at_most(k, 1 - eps)
enough = 4 * log(N) / (eps**2 / 2 - eps**3 / 3)
johnson_lindenstrauss = misquoted(
    law(
        "johnson_lindenstrauss", "Dasgupta and Gupta 2003, Theorem 2.1",
        "one squared distance is off by more than eps with probability at most 2/N^2.",
        (POINTS, DISTORTION, ROWS), (X < 1 + eps, X > 1 - eps), 2 / N**2, both, k >= enough, eps < 1, PROJECTED,
        what="the squared length of the image", size=True, depends_on=("chi_square_stretch", "chi_square_shrink"),
    ),
    "M24", "k >= 4 log(N)/eps^2", "k >= 4 log(N)/(eps^2/2 - eps^3/3); the other serves lengths that are not squared",
    {"N": 100, "eps": Fraction(1, 2), "k": 74}, hypotheses=(*decides(k >= 4 * log(N) / eps**2, eps < 1),
    assumed(PROJECTED)),
)  # fmt: skip
johnson_lindenstrauss_twelve = misquoted(
    law(
        "johnson_lindenstrauss_twelve", "Dasgupta and Gupta 2003, from Theorem 2.1",
        "12 log(N)/eps^2 dimensions are enough for one squared distance, for eps <= 1/2.",
        (POINTS, reals(eps, "the distortion", 0, Fraction(1, 2), typical=Fraction(1, 2)), ROWS),
        (X < 1 + eps, X > 1 - eps), 2 / N**2, both, k >= 12 * log(N) / eps**2, PROJECTED,
        what="the squared length of the image", size=True, depends_on=("johnson_lindenstrauss",),
    ),
    "M24b", "k >= 8 log(N)/eps^2, for eps < 1", "k >= 12 log(N)/eps^2, for eps <= 1/2",
    {"N": 1000, "eps": Fraction(9, 10), "k": 69}, parameters=(POINTS, DISTORTION, ROWS),
    hypotheses=(*decides(k >= 8 * log(N) / eps**2, eps < 1), assumed(PROJECTED)),
)  # fmt: skip
johnson_lindenstrauss_all = law(
    "johnson_lindenstrauss_all", "Dasgupta and Gupta 2003, Theorem 2.1",
    "some squared distance among N points is off by eps with probability at most 1 - 1/N.",
    (POINTS, DISTORTION, ROWS), X < eps, 1 - 1 / N, N * (N - 1) / 2 * both, k >= enough, eps < 1,
    "X is the greatest relative error of the squared distances of N points under a k x d matrix N(0, 1/k)",
    truth_is="upper bound", depends_on=("johnson_lindenstrauss",), what="the greatest error", size=True,
)  # fmt: skip
johnson_lindenstrauss_lengths = law(
    "johnson_lindenstrauss_lengths", "Dasgupta and Gupta 2003, from Lemma 2.2",
    "one distance, not squared, is off by more than eps with probability at most N^(-2) + N^(-4).",
    (POINTS, DISTORTION, ROWS), (X < 1 + eps, X > 1 - eps), N**-2 + N**-4,
    chi_square_at_least(k, (1 + eps) ** 2) + chi_square_at_most(k, (1 - eps) ** 2), k >= 4 * log(N) / eps**2, eps < 1,
    "X is the length of a unit vector under a k x d matrix N(0, 1/k), d >= k", what="the length of the image",
    size=True, depends_on=("chi_above_root", "chi_below_root"),
)  # fmt: skip
