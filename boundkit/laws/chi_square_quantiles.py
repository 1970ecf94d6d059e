"""Quantiles of the chi-square law from the logs of probabilities: Newton's method.

Both log tails are concave in log x, so Newton's method on the smaller one, in log x, converges from any start on one
side of the solution, and its first step leads there from the other side.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri_exp

from boundkit.laws.arrays import Array, Mask, log_complement
from boundkit.laws.gamma_tails import HIGH, LEAST, LOW, MOST, log_density, log_least, log_tail

STEPS = 60
LONGEST_STEP = 2.0  # upwards in log x in the upper tail, where log Q falls like -x
DONE = 2.0**-50
FAR = -1e8  # where a tail's log and its density's have few digits of their difference left


def quantile(upper: bool, log_p: Array, df: Array) -> Array:
    """x with log Q = log_p where `upper`, else with log P = log_p."""
    flip = log_p > -np.log(2)
    on_upper = flip != upper
    target = np.where(flip, log_complement(log_p), log_p)
    beyond = on_upper & (target < -HIGH)
    ends = np.isneginf(target)
    s = 0.5 * df
    a = _solve(on_upper, np.where(ends, -1.0, target), s)
    x = np.where(beyond, -2 * target, a * df)
    if (low := (x < LOW) & ~ends).any():
        at_most = log_complement(log_p[low]) if upper else log_p[low]
        x[low] = LOW * np.exp((at_most - log_least(df[low])) / s[low])
    return np.where(ends, np.where(on_upper, np.inf, 0.0), x)


def _solve(on_upper: Mask, target: Array, s: Array) -> Array:
    """Each a = x/df with this log of its tail, the upper one where `on_upper`: Newton's method on all at once."""
    a = _start(on_upper, target, s)
    left = np.arange(a.size)
    for _ in range(STEPS):
        before = a[left]
        a[left], done = _improve(on_upper[left], target[left], before, s[left])
        left = left[~done & (a[left] != before)]
        if not left.size:
            break
    return a


def _improve(on_upper: Mask, target: Array, a: Array, s: Array) -> tuple[Array, Mask]:
    """One step, and whether it was as short as rounding allows."""
    exact = np.zeros_like(a)
    log_here = log_tail(on_upper, a, exact, s)
    per_log = np.exp(log_here - log_density(a, exact, s))  # of log x for a change of the log tail
    per_log = np.where(log_here < FAR, 1 / np.abs(s * (a - 1)), per_log)  # all but equal there, and nothing cancels
    step = np.where(on_upper, -1.0, 1.0) * (target - log_here) * per_log
    done = np.abs(step) < DONE * (1 + np.abs(target) * per_log)
    step = np.where(on_upper, np.minimum(step, LONGEST_STEP), step)
    return np.clip(a * np.exp(step), LEAST, MOST), done


def _start(on_upper: Mask, log_p: Array, s: Array) -> Array:
    """a with s phi(a) = z^2/2, z the normal quantile of the same probability, by Newton's method in w = log a."""
    t = np.minimum(ndtri_exp(log_p) ** 2 / (2 * s), MOST)
    w = np.where(on_upper, np.log1p(t + np.sqrt(2 * t)), -(t + np.sqrt(2 * t)))
    for _ in range(6):
        slope = np.expm1(w)
        w -= np.where(slope == 0, 0.0, (slope - w - t) / slope)
    a: Array = np.clip(np.exp(w), LEAST, MOST)
    return a
