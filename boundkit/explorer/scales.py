"""The sliders: at which values each letter stops, and where it stands when a statement is first shown."""

from __future__ import annotations

from math import isfinite

from boundkit.enclose import ball, nearest
from boundkit.parameter import Parameter
from boundkit.statement import Statement
from boundkit.values import exact_number

FINE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
EVEN = (1, 2, 3, 4, 6, 8)
COARSE = (1, 2, 5)

# Where a range says too little: the significands of each decade, and the first and last power of ten.
SCALES: dict[str, tuple[tuple[float, ...], int, int]] = {
    "d": (FINE, 0, 6), "ell": (FINE, 0, 6), "n": (FINE, 0, 6),
    "m": (EVEN, 0, 3), "k": (EVEN, 0, 3), "q": (EVEN, 0, 3),
    "T": (COARSE, 0, 4), "eta": (COARSE, -2, 0), "lam": (COARSE, -3, 0),
    "t": (FINE, -1, 2), "sigma_1": (COARSE, -2, 2), "sigma_2": (COARSE, -2, 2), "sigma": (COARSE, -2, 2),
    "gamma": (FINE, -1, 3), "beta": (FINE, -5, 1), "norm_u": (COARSE, -2, 2),
}  # fmt: skip
FRACTIONS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1)
LISTED: dict[str, tuple[float, ...]] = {
    "c": (1.1, 1.25, 1.5, 2, 3, 4, 6, 8, 12), "a": (1.01, 1.05, 1.1, 1.2, 1.5, 2, 3, 4),
    "c_k": FRACTIONS,
    "output": (-100, -50, -20, -10, -5, -2, -1, -0.5, -0.2, -0.1, 0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100),
}  # fmt: skip

START: dict[str, float] = {
    "d": 10**6, "ell": 9 * 10**5, "m": 10, "k": 3, "q": 6, "n": 600, "output": 1, "c_ell": 0.9, "c_k": 0.3, "t": 5,
    "gamma": 200, "beta": 0.001, "eta": 0.1, "lam": 0.1, "T": 1000, "norm_u": 1, "sigma_1": 1, "sigma_2": 1,
}  # fmt: skip


def stops(p: Parameter) -> tuple[float, ...]:
    """Return the values at which the letter's slider stops, increasing, each a number that floats hold.

    Log-spaced where the letter is positive; letters of one name stop at the same values in every statement.

    >>> from boundkit.parameter import integers
    >>> from sympy import Symbol
    >>> stops(integers(Symbol("k"), "a count", 0))[:8]
    (0, 1, 2, 3, 4, 6, 8, 10)
    """
    low, high = (float(end) if end.is_number and end.is_finite else None for end in (p.low, p.high))
    if p.name in LISTED:
        values = LISTED[p.name]
    elif p.name in SCALES:
        values = _decades(*SCALES[p.name])
    elif high == 1 and low is not None and low >= 0:
        values = FRACTIONS
    elif low is None or low < 0:
        values = LISTED["output"]
    else:
        values = tuple(low + x for x in _decades(COARSE, 0 if p.integer else -2, 3))
    whole = {int(x) if float(x).is_integer() else x for x in values if float(x).is_integer() or not p.integer}
    if low is not None and not p.strict:
        whole.add(int(low) if low.is_integer() else low)
    return tuple(sorted(x for x in whole if _inside(x, p, low, high)))


def start(s: Statement) -> dict[str, float]:
    """Return the values at which the statement is first shown: inside every letter's range."""
    at = {p.name: _first(p) for p in s.parameters}
    for p in s.parameters:
        if p.high.free_symbols:
            high = ball(p.high, {x: exact_number(at[x.name]) for x in p.high.free_symbols})
            at[p.name] = min(at[p.name], nearest(high))
    return at


def _first(p: Parameter) -> float:
    values = stops(p)
    if p.name in START and p.default is None:
        return START[p.name]
    if p.default is not None:
        return int(p.default) if p.integer else float(p.default)
    return min(values, key=lambda x: abs(x - 1))


def _decades(significands: tuple[float, ...], first: int, last: int) -> tuple[float, ...]:
    """Each written as a decimal and read back, so that a slider and a typed number name the same float."""
    found = [float(f"{x}e{power}") for power in range(first, last) for x in significands]
    return (*found, float(f"1e{last}"))


def _inside(x: float, p: Parameter, low: float | None, high: float | None) -> bool:
    above = low is None or x > low or (x == low and not p.strict)
    return isfinite(x) and above and (high is None or x <= high)
