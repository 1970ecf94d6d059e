"""Whether weights look like independent normals of one standard deviation: p-values that hold at every size.

No p-value rests on a limit: each statistic has an exact law, or a tail bound, under which its scale cancels. Several of
them become one by Bonferroni's inequality, so that the least of them is multiplied by how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaincc, chdtr, chdtrc, chdtri

from boundkit.simulate.rng import Array
from boundkit.simulate.scales import all_near_one, times

SURE = 1e-6  # a p-value below it refutes; intervals have the confidence 1 - SURE


@dataclass(frozen=True)
class Normality:
    """How well a matrix (m, n) fits independent N(0, b^2) entries.

    Attributes
    ----------
    shape : float
        Of adjacent entries the smaller size over the larger: 4/pi arctan of it is uniform, whatever b is, and the
        deviation of so many of them from that has the Dvoretzky-Kiefer-Wolfowitz bound 2 e^(-2 n D^2), with Massart's
        constant.
    rows, columns : float
        Squared lengths of rows and of columns over the whole: each is beta.
    pairs : float
        Squared correlations of two rows: each is beta.
    mean : float
        The squared sum of all entries over their squares' sum: beta too.
    """

    shape: float
    rows: float
    columns: float
    pairs: float
    mean: float

    @property
    def p(self) -> float:
        """The p-value of all of them."""
        return float(min(1.0, len(self.parts) * min(self.parts.values())))

    @property
    def parts(self) -> dict[str, float]:
        """The p-values by what they look at, in words."""
        return {
            "their shape": self.shape, "the neurons' lengths": self.rows, "the directions' scales": self.columns,
            "the neurons' correlations": self.pairs, "their mean": self.mean,
        }  # fmt: skip

    @property
    def worst(self) -> str:
        """What fits worst."""
        return min(self.parts, key=lambda part: self.parts[part])


def normality(x: Array) -> Normality:
    """The p-values of a matrix (m, n), n >= 1, that is not all zeros; 1 of what it is too small for.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> round(normality(rng.standard_normal((20, 30))).p, 2), normality(rng.uniform(-1, 1, (40, 60))).p < 1e-6
    (0.24, True)
    """
    m, n = x.shape
    x, _ = all_near_one(x)
    squares = np.square(x)
    total = float(squares.sum())
    return Normality(
        _shape(x),
        _shares(squares.sum(axis=1) / total, n / 2, (m - 1) * n / 2),
        _shares(squares.sum(axis=0) / total, m / 2, (n - 1) * m / 2),
        _pairs(x),
        _above(np.array([float(x.sum()) ** 2 / (m * n * total)]), 0.5, (m * n - 1) / 2),
    )


def _shape(x: Array) -> float:
    """Of the sizes of neighbours, the smaller over the larger."""
    flat = np.abs(x).ravel()
    two = flat[: len(flat) // 2 * 2].reshape(-1, 2)
    low, high = two.min(axis=1), two.max(axis=1)
    u = np.sort(4 / np.pi * np.arctan2(low, np.where(high > 0, high, 1.0)))
    n = len(u)
    if not n:
        return 1.0
    steps = np.arange(n + 1) / n
    D = max(float((steps[1:] - u).max()), float((u - steps[:-1]).max()))
    return float(min(1.0, 2 * np.exp(-2 * n * D**2)))


def _shares(shares: Array, a: float, b: float) -> float:
    """Beta variables, each of which may be too small or too large."""
    if b == 0:
        return 1.0
    least = min(float(betainc(a, b, shares).min()), float(betaincc(a, b, shares).min()))
    return min(1.0, 2 * len(shares) * least)


def _above(shares: Array, a: float, b: float) -> float:
    """Beta variables, each of which may be too large."""
    if b == 0:
        return 1.0
    return min(1.0, len(shares) * float(betaincc(a, b, np.clip(shares, 0, 1)).min()))


def _pairs(x: Array) -> float:
    """The correlations of any two rows."""
    m, n = x.shape
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    if m < 2 or n < 2 or not lengths.all():
        return 1.0
    unit = x / lengths
    return _above(np.square((unit @ unit.T)[np.triu_indices(m, 1)]), 0.5, (n - 1) / 2)


def deviation_p(x: Array, deviation: float) -> float:
    """The p-value of independent normals having just this standard deviation: their squares' sum is chi-square."""
    with np.errstate(over="ignore"):
        scaled = float(np.square(x / deviation).sum()) if deviation > 0 else np.inf
    return float(min(1.0, 2 * min(chdtr(x.size, scaled), chdtrc(x.size, scaled))))


def deviation_within(x: Array) -> tuple[float, float]:
    """An interval that holds the standard deviation of independent normals, at the confidence 1 - SURE."""
    near, exponent = all_near_one(x)
    ends = np.sqrt(np.square(near).sum() / chdtri(x.size, np.array([SURE / 2, 1 - SURE / 2])))
    low, high = times(ends, exponent).tolist()
    return low, high
