"""White balls drawn without replacement."""

from fractions import Fraction

from sympy import exp

from boundkit.library.classics.notation import SHIFT, K, N, X, decides, integers, law, misquoted, n, of, t
from boundkit.model.statement import assumed
from boundkit.tails import hypergeometric_at_least, hypergeometric_at_most

URN = (
    integers(N, "the balls in the urn", typical=1000),
    integers(K, "the white ones", 0, N, typical=300),
    integers(n, "the balls drawn", 1, N, typical=100),
)
WHITE, WHAT = "X counts the white balls drawn without replacement", of("the white balls drawn")
over, under = hypergeometric_at_least(N, K, n, n * (K / N + t)), hypergeometric_at_most(N, K, n, n * (K / N - t))
serfling_rate = exp(-2 * n * t**2 / (1 - (n - 1) / N))

urn_hoeffding = law(
    "urn_hoeffding", "Hoeffding 1963, section 6", "the share of white balls is t too high with probability at most "
    "e^(-2 n t^2), without replacement too.", (*URN, SHIFT), X < n * (K / N + t), exp(-2 * n * t**2), over, WHITE,
    **WHAT,
)  # fmt: skip
urn_hoeffding_lower = law(
    "urn_hoeffding_lower", "Hoeffding 1963, section 6", "the share of white balls is t too low with probability at "
    "most "
    "e^(-2 n t^2), without replacement too.", (*URN, SHIFT), X > n * (K / N - t), exp(-2 * n * t**2), under, WHITE,
    **WHAT,
)  # fmt: skip
serfling = misquoted(
    law(
        "serfling", "Serfling 1974, Corollary 1.1",
        "the share of white balls is t too high with probability at most exp(-2 n t^2/(1 - (n - 1)/N)).",
        (*URN, SHIFT), X < n * (K / N + t), serfling_rate, over, WHITE, **WHAT,
    ),
    "M26", "1 - n/N in the exponent", "1 - (n - 1)/N", {"N": 2, "K": 1, "n": 1, "t": Fraction(1, 2)},
    failure=exp(-2 * n * t**2 / (1 - n / N)), hypotheses=(*decides(n < N), assumed(WHITE)),
)  # fmt: skip
serfling_lower = law(
    "serfling_lower", "Serfling 1974, Corollary 1.1",
    "the share of white balls is t too low with probability at most exp(-2 n t^2/(1 - (n - 1)/N)).",
    (*URN, SHIFT), X > n * (K / N - t), serfling_rate, under, WHITE, **WHAT,
)  # fmt: skip
