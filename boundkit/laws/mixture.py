"""The same tails for small n, in balls, from the definition: the mean of a normal tail over the radius R ~ chi2_n.

With R = e^v everything is entire in v, so `acb.integral` needs no care for cuts:
P[S >= q] = int f(v) erfc((q - mu e^v)/sqrt(2 nu e^v))/2 dv, f(v) = e^(n v/2 - e^v/2)/(2^(n/2) Gamma(n/2)).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb

from boundkit.errors import PrecisionError
from boundkit.precision import watch


def log_upper_tail(q: arb, n: arb, mu: arb, nu: arb, bits: int) -> arb:
    """log P[S >= q] in a ball, for the family of `contour`, nu > 0."""
    scale = 1 / (2 * arb(nu)).sqrt()
    return log_mean(lambda v: ((q * (-v / 2).exp() - mu * (v / 2).exp()) * scale).erfc() / 2, n, bits)


def log_inside(s: arb, n: arb, bits: int) -> arb:
    """log P[|S| < s] for the inner product: what is left where P[|S| >= s] is nearly 1."""
    scale = s / arb(2).sqrt()
    return log_mean(lambda v: ((-v / 2).exp() * scale).erf(), n, bits)


def log_mean(kernel: Callable[[Any], Any], n: arb, bits: int) -> arb:  # of arb and acb
    """log E kernel(log R), R ~ chi2_n, for a kernel entire in v with 0 <= kernel <= 1 on the real line.

    What lies outside the range [v_0, v_1] is at most P[R <= e^(v_0)] + P[R >= e^(v_1)]. The first is at most
    (e^(v_0)/2)^(n/2)/Gamma(n/2 + 1). The second, for e^(v_1) = U >= 2 n, is at most
    4 U^(n/2 - 1) e^(-U/2)/(2^(n/2) Gamma(n/2)), because R^(n/2 - 1) e^(-R/4) decreases there.
    """
    half = arb(n) / 2

    def log_height(v: arb) -> Any:
        return half * v - v.exp() / 2 + kernel(v).log()

    height = highest(log_height, (2 * half).log().mid())
    drop = height - (bits + 12) * arb(2).log()
    v_0 = ((drop + half.log()) / half).mid() - 1
    U = 4 * half + 1
    for _ in range(400):
        if (U - 4 * half) > 0 and (half - 1) * U.log() - U / 2 < drop - 2:
            break
        U *= arb(1.25)
    else:
        raise PrecisionError("the arguments are too wide or too extreme for the mixture; give exact, milder ones")
    v_1 = U.log().mid()
    U, low = v_1.exp(), (half * v_0).exp() / half
    inside = acb.integral(
        lambda v, _: (half * v - v.exp() / 2 - height).exp() * kernel(v),
        acb(v_0),
        acb(v_1),
        rel_tol=arb(2) ** -bits,
        abs_tol=arb(2) ** (-bits - 10),
        eval_limit=200_000,
    ).real
    watch()
    outside = (low + 4 * ((half - 1) * U.log() - U / 2).exp()) / height.exp()
    return (inside + arb(0, outside.abs_upper())).log() + height - half * arb(2).log() - half.lgamma()


def highest(log_height: Callable[[arb], arb], start: arb) -> arb:
    """The greatest value of a unimodal function, exact and only roughly right."""
    at, best, step = start, log_height(start).mid(), arb(1)
    for _ in range(400):
        for there in (at - step, at + step):
            value = log_height(there).mid()
            if value > best:
                at, best, step = there, value, 2 * step
                break
        else:
            step /= 4
            if step < 2**-12:
                break
    return best
