"""Quantiles of the chi-square law from the logs of probabilities: Newton's method.

Both log tails are concave in log x, so Newton's method on the smaller one, in log x, converges from any start on one
side of the solution, and its first step leads there from the other side.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri_exp

from boundkit.laws.arrays import Array, Mask
from boundkit.laws.gamma_tails import LEAST, MOST, log_density, log_tail

STEPS = 60
LONGEST_STEP = 2.0  # upwards in log x in the upper tail, where log Q falls like -x
DONE = 2.0**-50


def quantile(upper: bool, log_p: Array, df: Array) -> Array:
    """x with log Q = log_p where `upper`, else with log P = log_p."""
    flip = log_p > -np.log(2)
    on_upper = flip != upper
    target = np.where(flip, np.log(-np.expm1(log_p)), log_p)
    ends = np.isneginf(target)
    target[ends] = -1.0
    s = 0.5*df
    a = _start(on_upper, target, s)
    left = np.arange(a.size)
    for _ in range(STEPS):
        before = a[left]
        a[left], done = _improve(on_upper[left], target[left], before, s[left])
        left = left[~done & (a[left] != before)]
        if not left.size:
            break
    return np.where(ends, np.where(on_upper, np.inf, 0.0), a*df)


def _improve(on_upper: Mask, target: Array, a: Array, s: Array) -> tuple[Array, Mask]:
    """One step, and whether it was as short as rounding allows."""
    exact = np.zeros_like(a)
    log_here = log_tail(on_upper, a, exact, s)
    per_log = np.exp(log_here - log_density(a, exact, s))  # of log x for a change of the log tail
    step = np.where(on_upper, -1.0, 1.0)*(target - log_here)*per_log
    done = np.abs(step) < DONE*(1 + np.abs(target)*per_log)
    step = np.where(on_upper, np.minimum(step, LONGEST_STEP), step)
    return np.clip(a*np.exp(step), LEAST, MOST), done


def _start(on_upper: Mask, log_p: Array, s: Array) -> Array:
    """a with s phi(a) = z^2/2, z the normal quantile of the same probability, by Newton's method in w = log a."""
    t = ndtri_exp(log_p)**2/(2*s)
    w = np.where(on_upper, np.log1p(t + np.sqrt(2*t)), -(t + np.sqrt(2*t)))
    for _ in range(6):
        slope = np.expm1(w)
        w -= np.where(slope == 0, 0.0, (slope - w - t)/slope)
    a: Array = np.clip(np.exp(w), LEAST, MOST)
    return a
