"""Temme's uniform expansion of the incomplete gamma functions, DLMF 8.12.

With phi(a) = a - 1 - log a = eta^2/2, eta of the sign of a - 1, z = |eta| sqrt(s/2), the tail away from the mean is

    P(s, a s) = e^(-z^2) (erfcx(z)/2 - S/sqrt(2 pi s)) for a < 1,   Q(s, a s) = the same with + for a > 1,

S(eta, s) ~ sum_k C_k(eta) s^-k, C_k(eta) = sum_n d_kn eta^n. The d_kn are exact rationals, by the recurrences of
DiDonato and Morris (ACM TOMS 12, 1986, 377-393).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import prod

import numpy as np
from scipy.special import erfcx

from boundkit.laws.arrays import Array

EXPONENT_BELOW = 8.0  # z^2, where the expansion is used
SMALLEST = (20.0, 40.0, 100.0, 1e3, 1e5)  # s, from which each of its truncations is good
ROWS, COLUMNS = 14, 32
NEGLIGIBLE = 2.0**-58  # a term of S, which is 1/3 at the centre


@cache
def coefficients(rows: int, columns: int) -> tuple[tuple[Fraction, ...], ...]:
    """d_kn for k < rows, n < columns."""
    wide = columns + 2 * rows
    alpha = [Fraction(0), Fraction(1), Fraction(1, 3)]  # a - 1 = sum of alpha_n eta^n
    for n in range(3, wide + 2):
        mixed = sum(j * alpha[j] * alpha[n - j + 1] for j in range(2, n))
        alpha.append((alpha[n - 1] - mixed) / (n + 1))
    first = [(n + 2) * alpha[n + 2] for n in range(wide)]
    first[0] = Fraction(-1, 3)
    table = [first]
    for k in range(1, rows):
        stirling = (-1) ** k * prod(range(1, 2 * k + 2, 2)) * alpha[2 * k + 1]  # of 1/Gamma*
        table.append([stirling * first[n] + (n + 2) * table[-1][n + 2] for n in range(wide - 2 * k)])
    return tuple(tuple(row[:columns]) for row in table)


@cache
def truncations() -> tuple[Array, ...]:
    """For each of SMALLEST the table of coefficients up to its last row and column that matter."""
    return tuple(_cut(s) for s in SMALLEST)


def _cut(s: float) -> Array:
    table = np.array(coefficients(ROWS, COLUMNS), dtype=np.float64)
    eta = (2 * EXPONENT_BELOW / s) ** 0.5
    matters = np.abs(table) * eta ** np.arange(COLUMNS) / s ** np.arange(ROWS)[:, None] > NEGLIGIBLE
    rows, columns = np.nonzero(matters)
    return table[: rows.max() + 1, : columns.max() + 1]


def temme(s: Array, sign: Array, exponent: Array, truncation: int) -> Array:
    """The tail away from the mean, on the side that `sign` (of a - 1) says, times e^exponent; exponent = s phi(a)."""
    eta = sign * np.sqrt(2 * exponent / s)
    table = truncations()[truncation]
    rows = np.zeros((len(table), s.size))
    for column in table.T[::-1]:
        rows *= eta
        rows += column[:, None]
    total = np.zeros_like(s)
    for row in rows[::-1]:
        total /= s
        total += row
    normal: Array = 0.5 * erfcx(np.sqrt(exponent))
    return normal + sign * total / np.sqrt(2 * np.pi * s)


def horner(row: Array, x: Array) -> Array:
    """The polynomial with these coefficients, constant term first."""
    total = np.full_like(x, row[-1])
    for coefficient in row[-2::-1]:
        total *= x
        total += coefficient
    return total
