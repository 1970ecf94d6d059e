"""The exact laws as SymPy functions, so that a true failure probability is an expression like any other.

Each says which probability it is and which law computes its logarithm: on arrays as floats (`log`), at one
point as a ball (`ball`). This is the one place that says which; nothing is computed here, and `laws/` never
sees SymPy. A law of your own is one more subclass of `Tail`.
"""

from boundkit.tails.continuous import (
    beta_at_least,
    beta_at_most,
    gamma_at_least,
    gamma_at_most,
    gaussian_mechanism_delta,
    greatest_absolute_normal_at_least,
    greatest_normal_at_least,
    kolmogorov_at_least,
    normal_at_least,
    normal_at_most,
    student_at_least,
    student_two_sided,
    uniform_sum_at_least,
)
from boundkit.tails.discrete import (
    binomial_at_least,
    binomial_at_most,
    hypergeometric_at_least,
    hypergeometric_at_most,
    negative_binomial_at_least,
    negative_binomial_at_most,
    poisson_at_least,
    poisson_at_most,
)
from boundkit.tails.laws import (
    chi_square_at_least,
    chi_square_at_most,
    correlated_inner_product_at_least,
    gaussian_deviation,
    inner_product_at_least,
    normal_two_sided,
    row_sum_at_most,
    row_sum_below_zero,
)
from boundkit.tails.logs import LogOf, LogSumExp, log_of
from boundkit.tails.rates import Named, chi_square_rate, mean_excess, row_sum_rate
from boundkit.tails.tail import Tail, law_at, law_says, parameter_names

__all__ = [
    "LogOf",
    "LogSumExp",
    "Named",
    "Tail",
    "beta_at_least",
    "beta_at_most",
    "binomial_at_least",
    "binomial_at_most",
    "chi_square_at_least",
    "chi_square_at_most",
    "chi_square_rate",
    "correlated_inner_product_at_least",
    "gamma_at_least",
    "gamma_at_most",
    "gaussian_deviation",
    "gaussian_mechanism_delta",
    "greatest_absolute_normal_at_least",
    "greatest_normal_at_least",
    "hypergeometric_at_least",
    "hypergeometric_at_most",
    "inner_product_at_least",
    "kolmogorov_at_least",
    "law_at",
    "law_says",
    "log_of",
    "mean_excess",
    "negative_binomial_at_least",
    "negative_binomial_at_most",
    "normal_at_least",
    "normal_at_most",
    "normal_two_sided",
    "parameter_names",
    "poisson_at_least",
    "poisson_at_most",
    "row_sum_at_most",
    "row_sum_below_zero",
    "row_sum_rate",
    "student_at_least",
    "student_two_sided",
    "uniform_sum_at_least",
]
