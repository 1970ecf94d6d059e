"""What rounding may do, by the type of the numbers: one place for all of it.

Whatever is given is taken as it is, and computed with in doubles. Single and half precision only widen what counts as
rounding of the data.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import real, values

EPS = 2.0**-52
EXACT = 1e-6  # the relative gap up to which two ends count as one: steps are lengthened by that much at most
ON_P = 1e-9  # how far from P a point of doubles may lie, relative to its length: rounding, not geometry
LAST_PLACES = 32  # the same for shorter types, in units of their last place
COARSE = 0.05  # a tolerance from subnormal numbers above which they say nothing of the rank


def gamma(n: int, eps: float = EPS) -> float:
    """What sums of n products of floats may be off by, in any order, over the sum of the products' sizes.

    `eps` is the distance from 1 to the next float, that of doubles by default.

    That is n u/(1 - n u) with u = 2^-53 in theory (Higham, Accuracy and Stability of Numerical Algorithms, chapter
    3); twice as much, and some, also pays for the bound's own rounding.
    """
    return (n + 16) * eps


def own_dtype(x: Any) -> np.dtype[Any]:
    """The type that numbers were rounded to: their own where it is a float of at most 64 bits, else double."""
    given: np.dtype[Any] = np.asarray(values("numbers", x)).dtype
    return given if given.kind == "f" and given.itemsize <= 8 else np.dtype(float)


def relative(x: Any) -> float:
    """How far off numbers of this type may be, relatively, and count as right."""
    return max(ON_P, LAST_PLACES * float(np.finfo(own_dtype(x)).eps)) if own_dtype(x).itemsize < 8 else ON_P


def rank_tolerance(X: Any, largest: float) -> float:
    """Eightfold what rounding X to its dtype moves a singular value by, over the largest one."""
    x, held = real("X", X), np.finfo(own_dtype(X))
    small = np.abs(x) < float(held.tiny)
    relative_part = float(held.eps) * float(np.linalg.norm(x[~small] / largest))
    absolute = float(held.smallest_subnormal) * float(np.sqrt(small.sum())) / largest
    if 4 * absolute > COARSE:
        raise ParameterError(
            f"X holds {held.dtype} numbers below {held.tiny:.3g}, whose rounding to multiples of "
            f"{held.smallest_subnormal:.3g} may move singular values by {absolute / 2:.2g} of the largest: the rank "
            "cannot be told; scale the data up before they are rounded, or give tol"
        )
    return float(4 * np.hypot(relative_part, absolute))
