"""Chernoff's bounds at their best theta, as steps of proofs."""

from __future__ import annotations

from sympy import exp, sqrt

from boundkit.model.proof import Chernoff, NonnegativeSum, Squares, Step
from boundkit.tails import chi_square_at_least, chi_square_rate, row_sum_at_most, row_sum_rate
from boundkit.values import Formula


def chi_square_steps(n: Formula, a: Formula) -> tuple[Step, ...]:
    """P[chi2_n >= a n] <= e^(-n chi_square_rate(a)), for a > 1; the last step says so."""
    return (Step(chi_square_at_least(n, a) <= exp(-n * chi_square_rate(a)), Chernoff((1 - 1 / a) / 2)),)


def row_sum_steps(tau: Formula, n: Formula, rows: Formula) -> tuple[Step, ...]:
    """P[one row sum <= tau n] <= e^(-n row_sum_rate(tau, rows)), for tau < 1 and rows >= 1; the last step says so."""
    v = rows - 1
    root = sqrt(v**2 + 4 * tau**2 * rows)
    over = v + 2 * tau + root
    theta = 2 * (1 - tau) / over
    wide_root = root >= v
    finite = 1 + 2 * theta - v * theta**2 > 0
    return (
        Step(wide_root, Squares()),
        Step(
            finite, NonnegativeSum(((1 / (tau * over), wide_root), (2 * rows / over,))), "where the cumulant is finite"
        ),
        Step(row_sum_at_most(tau, n, rows) <= exp(-n * row_sum_rate(tau, rows)), Chernoff(theta)),
    )
