"""Regions of steps, and lower bounds in them that hold after all rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boundkit.simulate.certified import Output
from boundkit.simulate.rng import Array


@dataclass(frozen=True, eq=False)
class Region:
    """Where low <= t <= high, (..., m): multipliers to start from (..., m), and a bound (...) known before."""

    low: Array
    high: Array
    omega: Array
    bound: Array


def within(output: Output, radius: Array, region: Region, caps: int, climbs: int) -> Region:
    """What is left of the region within |z| <= radius (...) where the label is taken, and a bound as far as radius is.

    What f <= 0 leaves of the ball is a cap, on which the chords are shorter: they are drawn again, so many times, and
    the multipliers go so many steps up for each. Where nothing is left the bound is the radius.
    """
    low, high, omega, bound = region.low, region.high, region.omega, region.bound
    for _ in range(caps):
        by = output.relaxed(omega, low, high)
        for _ in range(climbs):
            by = output.climbed(by)
        omega, bound = by.omega, np.maximum(bound, output.at_least(by))
        lower, upper = output.cap(radius, by)
        low, high = np.maximum(low, lower), np.minimum(high, upper)
        bound = np.where((low > high).any(-1), np.maximum(bound, radius), bound)
        low = np.minimum(low, high)
    return Region(low, high, omega, bound)
