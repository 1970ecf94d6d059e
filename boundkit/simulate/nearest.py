"""How far the pre-activations at a point are from nearest ones without the label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.errors import HypothesisError
from boundkit.simulate.context import view_of
from boundkit.simulate.scales import times
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network


@single_threaded
def distance_in_inputs(network: Network, x0: Any = 0) -> float:
    """The Euclidean distance in R^m from the pre-activations at x0 to the nearest ones that have lost the label.

    The nearest ones raise the k active opposing neurons and the j inactive ones nearest to 0 by tau each, and lower
    the active supporting ones by min(tau, a_i), for the best j: a minimum of at most m closed forms. It lies between
    |N(x0)| sqrt(m/q) and |N(x0)| sqrt(m/(k + 1)), with q neurons that oppose the label or are active. Where output
    weights differ in size, as those of N_y - N_c do, which inactive neurons are best raised is not told by their order,
    and there is no such form.

    Parameters
    ----------
    x0 : point
        Anywhere: coordinates or a vector of R^d; a data point's number.

    Raises
    ------
    HypothesisError
        N(x0) = 0, output weights other than +-1/sqrt(m), an output bias, or no weights orthogonal to P.
    ParameterError
        x0 is no point.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> network = train(problem(d=60, ell=40, points=6, seed=1), m=8, steps=50)
    >>> N, k, q = abs(network.output(0)), network.opposing(0).sum(), network.counting(0).sum()
    >>> bool(N * (8 / q) ** 0.5 <= network.distance_in_inputs(0) <= N * (8 / (k + 1)) ** 0.5)
    True
    """
    view = view_of(network, x0)
    if (network.stretch != 1).any() or not view.moves.all():
        raise HypothesisError(
            "output weights other than +-1/sqrt(m), or an output bias: no closed form is known there; "
            "take the length of a step's moves, as of one_point_flip, which is an upper bound"
        )
    held = np.sort(view.a[view.supports & (view.a > 0)])
    asleep = np.sort(-view.a[~view.supports & (view.a < 0)])
    sums, squares = (np.concatenate([[0.0], np.cumsum(x)]) for x in (held, held**2))
    remaining = len(held) - np.arange(len(held))
    needs = view.weight + np.concatenate([[0.0], np.cumsum(asleep)])
    best = np.inf
    for j, need in enumerate(needs):
        rising = view.k + j
        i = int(np.searchsorted(sums[:-1] + (rising + remaining) * held, need))  # how many are off
        if i == len(held) and not rising:
            i -= 1  # rounding apart, the last one off takes the label
        tau = (need - sums[i]) / (rising + len(held) - i)
        best = min(best, (rising + len(held) - i) * tau**2 + squares[i])
    return float(times(np.sqrt(best), view.inputs))
