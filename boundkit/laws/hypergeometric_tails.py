"""Probabilities and the shorter tail of white balls drawn from an urn, on columns: the method of `hypergeometric`.

With the four counts of the two by two table at x, and what each is on the average, log P[X = x] is minus the sum of
count times phi(average/count), phi as in `deviance`, plus Stirling's corrections; so it is known for real x. The
shorter tail is summed from x outward: term by term where up to DIRECT count, else by the quadrature of Gauss for sums
over L consecutive whole numbers, whose nodes are the zeros of Gram's polynomials; L is some ten deviations.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from boundkit.laws.arrays import Array, piecewise
from boundkit.laws.gamma_tails import exponent, scale
from boundkit.laws.pairs import Pair, add, divide, exact, minus, multiply, two_sum

DIRECT = 512  # terms
NODES = 40
REACH, MORE, SMALL = 9.5, 25.0, 42.0  # standard deviations; terms besides; e^-SMALL does not count


def log_mass(x: Pair, N: Array, K: Array, n: Array) -> Pair:
    """log P[X = x] as -lead + rest, for x in the support that need not be whole."""
    lead, rest = np.zeros_like(N), np.zeros_like(N)
    for white, drawn, sign, base in (
        (K, n, 1, 0 * N),
        (K, N - n, -1, K),
        (N - K, n, -1, n),
        (N - K, N - n, 1, N - K - n),
    ):
        count = add(exact(base), x if sign > 0 else minus(x))
        average = divide(multiply(exact(white), exact(drawn)), exact(np.maximum(N, 1.0)))
        some = count[0] > 0
        safe = (np.where(some, count[0], 1.0), np.where(some, count[1], 0.0))
        far = average[0] > 0
        most, more = exponent(*divide((np.where(far, average[0], 1.0), np.where(far, average[1], 0.0)), safe), safe[0])
        lead, lost = two_sum(lead, np.where(some, most, average[0]))
        rest = rest - lost - np.where(some, more, average[1]) - np.log(_stirling(np.maximum(count[0], 0.0)))
    top = _stirling(K) * _stirling(N - K) / _stirling(N)
    return lead, rest + np.log(top * (_stirling(n) * _stirling(N - n)))


def _stirling(b: Array) -> Array:
    """b! e^b/b^b, which is 1 at b = 0."""
    safe = np.where(b > 0, b, 1.0)
    return np.where(b > 0, safe / scale(safe), 1.0)


def shorter_tail(k: Array, N: Array, K: Array, n: Array, other: bool) -> Array:
    """log P[X >= k], k above the mean and in the support; or where `other` the log of what is left to 1."""
    log_p = _one_side(k, N, K, n, other)
    near = (_one_side(k, N, K, n, False) if other else log_p) > -0.7  # near an end of the support
    if near.any():
        k, N, K, n = (column[near] for column in (k, N, K, n))
        log_p[near] = _one_side(n - k + 1, N, N - K, n, not other)
    return log_p


def _one_side(k: Array, N: Array, K: Array, n: Array, other: bool) -> Array:
    """As `shorter_tail`, from k upward."""
    lead, rest = log_mass(exact(k), N, K, n)
    black = N - K - n + k
    ratio = (K - k) / (k + 1) * ((n - k) / (black + 1))
    spread = 1 / np.sqrt(1 / k + 1 / (K - k) + 1 / (n - k) + 1 / np.maximum(black, 1e-9))
    count = np.minimum(np.minimum(K, n) - k + 1, np.minimum(SMALL / -np.log(ratio), REACH * spread + MORE))
    few = ~(count > DIRECT)
    total = piecewise((k, N, K, n, count), (few, _term_by_term), (~few, _by_nodes))
    if other:
        return np.log1p(-np.exp(-lead) * (np.exp(rest) * total))
    return (np.log(total) + rest) - lead


def _term_by_term(k: Array, N: Array, K: Array, n: Array, _: Array) -> Array:
    """P[X >= k]/P[X = k] by the ratios of its terms."""
    term, total = np.ones_like(k), np.ones_like(k)
    white, drawn, above, black = K - k, n - k, k + 1, N - K - n + k + 1
    for i in range(2 * DIRECT):
        term = term * (np.maximum(white - i, 0.0) / (above + i)) * (np.maximum(drawn - i, 0.0) / (black + i))
        total += term
        if not (term > 1e-18 * total).any():
            break
    return total


def _by_nodes(k: Array, N: Array, K: Array, n: Array, count: Array) -> Array:
    """P[X >= k]/P[X = k] by quadrature, points with the same L together."""
    result = np.empty_like(k)
    halves = np.ceil(2 * np.log2(count))
    lead, rest = log_mass(exact(k), N, K, n)
    for half in np.unique(halves):
        rows = halves == half
        nodes, weights = _gauss(int(np.ceil(2.0 ** (half / 2))))
        total = np.zeros(int(rows.sum()))
        for node, weight in zip(nodes, weights, strict=True):
            x = two_sum(k[rows], np.full_like(total, node))
            there, more = log_mass(x, N[rows], K[rows], n[rows])
            total += weight * np.exp((lead[rows] - there) + (more - rest[rows]))
        result[rows] = total
    return result


@cache
def _gauss(length: int) -> tuple[Any, Any]:
    """Nodes and weights exact for sums over 0, ..., length - 1 of polynomials below degree 2 NODES (Golub, Welsch)."""
    i = np.arange(1.0, NODES)
    beside = i * np.sqrt((length - i) * (length + i) / (4 * (4 * i * i - 1)))
    matrix = np.diag(np.full(NODES, 0.5 * (length - 1))) + np.diag(beside, 1) + np.diag(beside, -1)
    nodes, vectors = np.linalg.eigh(matrix)
    return nodes, length * vectors[0] ** 2
