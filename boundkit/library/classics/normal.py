"""The normal distribution: Mills' ratio, both sides of the tail, and the greatest of n."""

from sympy import Eq, Rational, S, erf, exp, log, pi, sqrt

from boundkit.library.classics.notation import (
    COUNT,
    LEVEL,
    POSITIVE,
    X,
    integers,
    law,
    misquoted,
    n,
    phi,
    reals,
    t,
)
from boundkit.model.proof import Fact, NonnegativeSum, Proof, Step, Unimodal, spend
from boundkit.tails import (
    Tail,
    greatest_absolute_normal_at_least,
    greatest_normal_at_least,
    normal_at_least,
    normal_two_sided,
    student_two_sided,
)

TAIL, NORMAL = "Q, the tail of the normal distribution", "a standard normal variable"
Z_IS, SIZE_IS = "X ~ N(0, 1)", "X is the size of a standard normal variable"
upper, twice = normal_at_least(t), normal_two_sided(t)


def shaped(tail: Tail, because: str, *steps: Step) -> Proof:
    """The tail against its bound, by how their difference rises and falls; the last step says so."""
    return Proof((spend(tail, {X: X}, because=because),), steps=steps[:-1], budget=steps[-1:])


product = t * upper <= phi  # the density less this falls to 0
mills_upper = law(
    "mills_upper", "Gordon 1941", "the normal tail is at most the density over the threshold.",
    (POSITIVE,), X < t, phi / t, upper, Z_IS, what=NORMAL,
    proof=shaped(
        upper, Z_IS, Step(product, Unimodal(t, S.Zero)), Step(upper <= phi / t, NonnegativeSum(((1 / t, product),)))
    ),
)  # fmt: skip
gordon = phi * t / (1 + t**2) <= upper  # the tail less this falls to 0
mills_gordon = law(
    "mills_gordon", "Gordon 1941, (10)", "the normal tail is at least t/(1 + t^2) of the density.",
    (POSITIVE,), X >= phi * t / (1 + t**2), 0, upper, what=TAIL,
    proof=Proof(steps=(
        Step(Eq(X, upper), Fact(f"X is {TAIL}")), Step(gordon, Unimodal(t, S.Zero)),
        Step(X >= phi * t / (1 + t**2), NonnegativeSum(((gordon,),))),
    )),
)  # fmt: skip
mills_birnbaum = law(
    "mills_birnbaum", "Birnbaum 1942", "the normal tail is at least 2/(t + sqrt(t^2 + 4)) of the density.",
    (POSITIVE,), X >= 2 * phi / (t + sqrt(t**2 + 4)), 0, upper, what=TAIL,
)  # fmt: skip
mills_komatu = law(
    "mills_komatu", "Komatu 1955", "the normal tail is at most 2/(t + sqrt(t^2 + 2)) of the density.",
    (POSITIVE,), X < t, 2 * phi / (t + sqrt(t**2 + 2)), upper, Z_IS, what=NORMAL,
)  # fmt: skip
mills_sampford = law(
    "mills_sampford", "Sampford 1953", "the normal tail is at most 4/(3 t + sqrt(t^2 + 8)) of the density, for t > -1.",
    (reals(t, "the threshold", -1, typical=3),), X < t, 4 * phi / (3 * t + sqrt(t**2 + 8)), upper, Z_IS,
    what=NORMAL,
)  # fmt: skip
tail_below_density = misquoted(
    law(
        "tail_below_density", "Gordon 1941", "the normal tail is below the density from 0.303 on.",
        (reals(t, "the threshold", Rational(303, 1000), strict=False, typical=3),), X < t, phi, upper, Z_IS,
        what=NORMAL, proof=shaped(upper, Z_IS, Step(upper <= phi, Unimodal(t, S.One))),
    ),
    "M22", "Q(t) <= phi(t) for all t >= 0", "t >= 0.303, where Mills' ratio falls to 1", {"t": 0},
    grade="degenerate case", parameters=(LEVEL,),
)  # fmt: skip
normal_half = law(
    "normal_half", "Chu 1955, from its lower bound", "half of e^(-t^2/2) is enough for one side of the normal tail.",
    (LEVEL,), X < t, exp(-(t**2) / 2) / 2, upper, Z_IS, what=NORMAL,
    proof=shaped(upper, Z_IS, Step(upper <= exp(-(t**2) / 2) / 2, Unimodal(t, sqrt(2 / pi)))),
)  # fmt: skip
normal_sides = law(
    "normal_sides", "Chu 1955, from its lower bound", "both sides of the normal tail together are at most e^(-t^2/2).",
    (LEVEL,), X < t, exp(-(t**2) / 2), twice, SIZE_IS, what="the size of a normal variable", size=True,
    proof=shaped(twice, SIZE_IS, Step(twice <= exp(-(t**2) / 2), Unimodal(t, sqrt(2 / pi)))),
)  # fmt: skip
polya = law(
    "polya", "Polya 1949", "a normal variable is within t with probability at most sqrt(1 - e^(-2 t^2/pi)).",
    (LEVEL,), X <= sqrt(1 - exp(-2 * t**2 / pi)), 0, erf(t / sqrt(2)), what="P[|Z| <= t]",
)  # fmt: skip
chu = law(
    "chu", "Chu 1955", "a normal variable is within t with probability at least sqrt(1 - e^(-t^2/2)).",
    (LEVEL,), X >= sqrt(1 - exp(-(t**2) / 2)), 0, erf(t / sqrt(2)), what="P[|Z| <= t]",
)  # fmt: skip
beyond = exp(-(t**2) / 2 - t * sqrt(2 * log(n)))
greatest_of_normals = misquoted(
    law(
        "greatest_of_normals", "Boucheron et al. 2013, section 2.5, with the union bound",
        "the greatest of n normal variables is above sqrt(2 log n) + t with probability at most e^(-t^2/2)/2.",
        (COUNT, LEVEL), X < sqrt(2 * log(n)) + t, beyond / 2, greatest_normal_at_least(n, sqrt(2 * log(n)) + t),
        "X is the greatest of n standard normal variables, of any dependence", what="the greatest of n",
        truth_assumes=("they are independent",),
    ),
    "M23", "at most sqrt(2 log n) with probability 1 - 1/n", "sqrt(2 log n) + t, which fails with e^(-t^2/2)/2 at most",
    {"n": 100}, parameters=(COUNT,), claims=(X < sqrt(2 * log(n)),), failure=1 / n,
    truth=greatest_normal_at_least(n, sqrt(2 * log(n))),
)  # fmt: skip
greatest_normal_size = law(
    "greatest_normal_size", "Boucheron et al. 2013, section 2.5, with the union bound",
    "the greatest size of n normal variables is above sqrt(2 log n) + t with probability at most e^(-t^2/2).",
    (COUNT, LEVEL), X < sqrt(2 * log(n)) + t, beyond, greatest_absolute_normal_at_least(n, sqrt(2 * log(n)) + t),
    "X is the greatest size of n standard normal variables, of any dependence", what="the greatest size of n",
    truth_assumes=("they are independent",),
)  # fmt: skip
normal_interval = misquoted(
    law(
        "normal_interval", "Student 1908", "the mean of n normal draws is within 1.96 sigma/sqrt(n) at 95%.",
        (integers(n, "the number of draws", 2, typical=10),), X < Rational(49, 25), Rational(1, 20),
        normal_two_sided(Rational(49, 25)), "X is |mean - mu| sqrt(n)/sigma, of n normal draws",
        what="the miss over its deviation",
    ),
    "M31", "mean +- 1.96 S/sqrt(n) is a 95% interval, S the sample's deviation",
    "sigma, or Student's quantile for 1.96",
    {"n": 2}, truth=student_two_sided(n - 1, Rational(49, 25)),
)  # fmt: skip
student_tail = law(
    "student_tail", "Student 1908, with the normal tail's bound averaged over the deviation",
    "Student's variable of n degrees of freedom is t or more in size with probability at most (1 + t^2/n)^(-n/2).",
    (reals(n, "the degrees of freedom", 0, typical=10), LEVEL), X < t, (1 + t**2 / n) ** (-n / 2),
    student_two_sided(n, t), "X is |mean - mu| sqrt(n + 1)/S, of n + 1 normal draws with sample deviation S",
    what="the miss over the sample's deviation", size=True, depends_on=("normal_sides",),
)  # fmt: skip
