"""Steps orthogonal to P that flip the label: the paper's, and three that bring the output down surely.

Along z the inputs move by <hat w_i, z>, so what a step does is decided by the moves that it makes. Prescribe the moves
of q <= ell neurons and the shortest z has length |moves|/(b chi), chi^2 chi-square with ell - q + 1 degrees of freedom,
for moves that are fixed given the subspace (inverse Wishart).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import solve_triangular

from boundkit.errors import HypothesisError, ParameterError
from boundkit.simulate.arguments import choice, size
from boundkit.simulate.context import PointContext, view_of
from boundkit.simulate.least import least
from boundkit.simulate.piecewise import Perturbation
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import times
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.trained import TrainedNetwork

METHODS = ("paper", "universal", "exact", "least")
PAST = 1.01  # the default c: one per cent past the boundary


@single_threaded
def perturb(
    network: TrainedNetwork, x0: Any = 0, method: str = "paper", c: float | None = None, *, as_printed: bool = False
) -> Perturbation:
    """Build a step z orthogonal to P at a point x0 of P.

    All but the paper's make y0 N(x0 + z) <= (1 - c) |N(x0)| surely, up to rounding: c > 1 flips the label, c = 1
    reaches the boundary. k is the number of active neurons that oppose the label y0, and p of those that support it.

    Parameters
    ----------
    network : TrainedNetwork
        A trained network.
    x0 : point
        On P: a data point's number, coordinates or a vector of R^d.
    method : {"paper", "universal", "exact", "least"}
        - "paper": z = -y0 alpha sum_j sign(u_j) hat w_j, alpha = c sqrt(m) |N(x0)|/(b^2 ell k). It
          flips with high probability only.
        - "universal": the shortest z that moves every opposing neuron by +alpha and every supporting one by -alpha,
          alpha = c sqrt(m) |N(x0)|/k; the same direction for every x0, up to the sign. Needs ell >= m. Where k = 0,
          alpha is as large as it takes to turn all supporting neurons off and the nearest opposing one on.
        - "exact": the shortest z that moves the k active opposing neurons by that alpha, and no supporting one, so
          that they lower the output by c |N(x0)| exactly. Needs k >= 1 and k + p <= ell.
        - "least": the shortest z that does so if opposing neurons are counted along their lines where active at x0,
          and as nothing else: a convex quadratic programme. Where its z leaves others active, the next programme
          counts those, until nothing changes. At c = 1 it is the distance to the boundary where `certified` is True.
          Where k = 0 and c >= 1, the nearest opposing neuron is counted first.
    c : float, optional
        8 for the paper's, 1.01 for the others.
    as_printed : bool
        "paper" only: alpha with N(x0) instead of |N(x0)|, and b^2 = 1/d whatever b is.

    Returns
    -------
    Perturbation

    Raises
    ------
    HypothesisError
        There is no such z at x0: N(x0) = 0, b = 0, k = 0, too few dimensions, or no opposing neuron.
    ParameterError
        x0 lies off P, an unknown method, or c is not positive.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> network = train(problem(d=784, ell=600, points=30, seed=1), m=50, steps=300, seed=2)
    >>> lengths = {method: network.perturbation(0, method).norm for method in METHODS}
    >>> lengths["least"] < lengths["exact"] < lengths["universal"] < lengths["paper"]
    True
    """
    method = choice("method", method, METHODS)
    if as_printed and method != "paper":
        raise ParameterError(f"as_printed with method = {method!r}: only the paper's z is printed; leave it out")
    factor = size("c", (8.0 if method == "paper" else PAST) if c is None else c, "the factor in alpha")
    view = view_of(network, x0)
    if method == "paper":
        z, alpha = _papers(view, factor, as_printed)
        return view.step(z, method, factor, alpha)
    if method == "least":
        return least(view, factor)
    z, alpha = (_universal if method == "universal" else _exact)(view, factor)
    return view.step(z, method, factor, alpha)


def _papers(view: PointContext[TrainedNetwork], c: float, as_printed: bool) -> tuple[Array, float]:
    """The paper's z (n,), in the view's units, and its alpha as it is; a HypothesisError where k = 0."""
    net, d, ell = view.network, view.network.problem.d, view.network.subspace.ell
    if view.k == 0:
        raise view.uncovered("the step needs k >= 1 and N(x0) != 0")
    output, deviation = (view.output, d**-0.5) if as_printed else (abs(view.output), net.b)
    b = times(deviation, -view.weights)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # `step` refuses what is not finite
        alpha = np.float64(c * np.sqrt(net.m) * output) / b / b / (ell * view.k)
        z = -view.y0 * alpha * (np.sign(net.u) @ view.off)
    return z, float(times(alpha, view.inputs - 2 * view.weights))


def _universal(view: PointContext[TrainedNetwork], c: float) -> tuple[Array, float]:
    """The same of the shortest z that moves every neuron by alpha against the label; refuses ell < m."""
    net, ell = view.network, view.network.subspace.ell
    if ell < net.m:
        raise HypothesisError(
            f"ell = {ell} < m = {net.m}: that many neurons cannot all be moved at will; "
            "take method='least', or ell >= m"
        )
    if view.k:
        alpha = c * view.weight / view.k
    else:
        alpha = view.a[view.supports].max()
        if c > 1 or not view.supports.all():
            alpha = max(alpha, max(c - 1, 0) * view.weight - view.a[view.some_opposing()].max())
    z = shortest_with_moves(view.off, np.where(view.supports, -alpha, alpha))
    return z, float(times(alpha, view.inputs))


def _exact(view: PointContext[TrainedNetwork], c: float) -> tuple[Array, float]:
    """The same, moving the k active opposing neurons and no supporting one; refuses k = 0 and k + p > ell."""
    ell = view.network.subspace.ell
    if view.k == 0:
        raise view.uncovered("method='exact' moves those alone; method='universal' and 'least' do without them")
    chosen = view.pushing | view.supports
    q = int(chosen.sum())
    if q > ell:
        raise HypothesisError(
            f"k + p = {q} > ell = {ell}: that many neurons cannot all be moved at will; take method='least', or a "
            "larger ell"
        )
    alpha = c * view.weight / view.k
    z = shortest_with_moves(view.off[chosen], np.where(view.supports, 0.0, alpha)[chosen])
    return z, float(times(alpha, view.inputs))


def shortest_with_moves(rows: Array, moves: Array) -> Array:
    """The shortest z with rows @ z = moves, for at most as many rows (q, n) as columns."""
    basis, factor = np.linalg.qr(rows.T)
    z = basis @ solve_triangular(factor, moves, trans="T")
    z += basis @ solve_triangular(factor, moves - rows @ z, trans="T")
    return np.asarray(z)
