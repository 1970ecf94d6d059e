"""phi(a) = a - 1 - log a to about 20 digits as a pair of doubles: the exponent of every chi-square probability.

A tail is exp(-s phi(a)) times something tame, s up to 10^9. Where that tail is the small side of a complement its own
relative error counts, so s phi must be good to 1e-16 absolutely, up to s phi = 745 where exp underflows.

a = 2^e c (1 + r) with c from a table, so phi(a) = (a - 1) - r - log(2^e c) + (r^2/2 - r^3/3 + ...), |r| < 2^-8. a, r
and the table's logs are split such that the leading parts are multiples of 2^-40 and add up without rounding; near
a = 1, where c = 1, they vanish and r^2/2 leads.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import cache

import numpy as np

from boundkit.laws.arrays import Array
from boundkit.laws.pairs import half_word

CELLS = 512  # of the mantissa's range [1/2, 1)
GRID = 2.0**-40  # of the leading parts of the logs
LARGE = 2.0**12  # there the leading parts would need more than 53 bits, and log a in double precision is enough


@cache
def _table() -> tuple[Array, Array, Array, float, float]:
    """1/c in few bits for each cell of the mantissa, -log c in two parts, and log 2 in two parts."""
    cells = np.arange(CELLS, 2 * CELLS)
    inverse = np.round(CELLS / (cells + 0.5) * 2 * CELLS) / CELLS
    inverse[0], inverse[-1] = 2.0, 1.0  # the cells beside a = 1 must have r = a - 1
    digits = Context(prec=40)
    logs = [digits.ln(Decimal(float(x))) for x in (*inverse, 2)]
    lead = np.array([round(float(x) / GRID) * GRID for x in logs])
    rest = np.array([float(digits.subtract(x, Decimal(float(y)))) for x, y in zip(logs, lead, strict=True)])
    return inverse, lead[:-1], rest[:-1], lead[-1], rest[-1]


def deviance(a: Array) -> tuple[Array, Array]:
    """phi(a), a > 0, as `lead + rest`: lead has 26 bits, its product with another such number is exact."""
    inverse, log_lead, log_rest, log2_lead, log2_rest = _table()
    m, e = np.frexp(a)
    cell = (m * (2 * CELLS)).astype(np.intp) - CELLS
    q, e = inverse[cell], e.astype(np.float64)
    m_lead = on_grid(m, 2.0**-26)
    a_lead = on_grid(a, np.where(a < 1, 2.0**-26, 2.0**-25))  # 2^e m_lead near a = 1, so that nothing is left there
    r_lead, r_rest = m_lead * q - 1, (m - m_lead) * q
    r = r_lead + r_rest
    lead = (a_lead - 1) - r_lead - (e * log2_lead - log_lead[cell])
    square = 0.5 * r_lead * r_lead
    cubic = r * r * r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7 - r / 8)))))
    rest = ((a - a_lead) - r_rest - (e * log2_rest - log_rest[cell])) + (r_rest * (r_lead + 0.5 * r_rest) - cubic)
    short = half_word(lead + square + rest)
    rest += (lead - short) + square
    if (large := a > LARGE).any():
        log_term = 1 + np.log(a[large])
        short[large] = half_word(a[large] - log_term)
        rest[large] = (a[large] - short[large]) - log_term
    return short, rest


def on_grid(x: Array, grid: Array | float) -> Array:
    """x rounded to a multiple of `grid`; x itself where that is large."""
    shift = 1.5 * 2.0**52 * grid
    return (x + shift) - shift
