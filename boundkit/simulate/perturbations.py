"""Steps orthogonal to P that take the label: the paper's, and four that bring the output down surely.

Along z the inputs move by <hat w_i, z>, so what a step does is decided by the moves that it makes, wherever in R^d it
starts. Prescribe the moves of q <= ell neurons and the shortest z has length |moves|/(b chi), chi^2 chi-square with
ell - q + 1 degrees of freedom, for moves that are fixed given the subspace (inverse Wishart).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.errors import HypothesisError, ParameterError
from boundkit.simulate.arguments import size
from boundkit.simulate.context import view_of
from boundkit.simulate.least import least
from boundkit.simulate.moves import of_one_point, one_point
from boundkit.simulate.scales import near_one, norms, times
from boundkit.simulate.steps import Perturbation, Swap
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network
    from boundkit.simulate.trained import TrainedNetwork

PAST = 1.01  # the default c: one per cent past the boundary


@single_threaded
def paper_step(network: TrainedNetwork, x0: Any = 0, c: float = 8.0, *, as_printed: bool = False) -> Perturbation:
    """The paper's z = -y0 alpha sum_j sign(u_j) hat w_j, alpha = c sqrt(m) |N(x0)|/(b^2 ell k).

    It flips with high probability only. k is the number of active neurons that oppose the label y0 = sign(N(x0)).

    Parameters
    ----------
    x0 : point
        Anywhere: a data point's number, coordinates or a vector of R^d.
    c : float
        The factor in alpha.
    as_printed : bool
        Take alpha with N(x0) instead of |N(x0)|, and b^2 = 1/d whatever b is.

    Returns
    -------
    Perturbation

    Raises
    ------
    HypothesisError
        There is no such z at x0: N(x0) = 0, b = 0, k = 0, or output weights other than +-1/sqrt(m).
    ParameterError
        x0 is no point, or c is not positive.
    """
    c, view = size("c", c, "the factor in alpha"), view_of(network, x0)
    d, ell = network.subspace.d, network.subspace.ell
    if (network.stretch != 1).any():
        raise HypothesisError("output weights other than +-1/sqrt(m): the paper has no z for them; take universal_flip")
    if view.k == 0:
        raise view.uncovered("the step needs k >= 1 and N(x0) != 0")
    output, deviation = (view.output, d**-0.5) if as_printed else (abs(view.output), network.b)
    b = times(deviation, -view.weights)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # `step` refuses what is not finite
        alpha = np.float64(c * np.sqrt(network.m) * output) / b / b / (ell * view.k)
        z = -view.y0 * alpha * (np.sign(view.u) @ view.off)
    return view.step(z, "paper_step", c, float(times(alpha, view.inputs - 2 * view.weights)))


@single_threaded
def universal_flip(network: Network, x0: Any = 0, c: float = PAST) -> Perturbation:
    """The shortest z that moves every opposing input by +alpha and every supporting one by -alpha.

    It is the same direction for every x0 of R^d, up to the sign. With U_F the sum of |u_i| over the k active opposing
    neurons and u_min the least |u_i| of an active supporting one, alpha = c |N(x0)|/(U_F + u_min): for output weights
    +-1/sqrt(m), c sqrt(m) |N(x0)|/(k + 1). For c >= 1 it takes the label surely, y0 N(x0 + z) <= 0; it flips it where
    k >= 1 and c > 1, and where k = 0 it may end at N = 0. Where an output bias makes the label alone, without
    u_min, k >= 1 is needed.

    Parameters
    ----------
    x0 : point
        Anywhere: coordinates or a vector of R^d; a data point's number.
    c : float
        How far past the boundary, which is at c = 1 or before.

    Returns
    -------
    Perturbation

    Raises
    ------
    HypothesisError
        There is no such z at x0: N(x0) = 0, no weights orthogonal to P, or more neurons than these can move.
    ParameterError
        x0 is no point, or c is not positive.
    """
    c, view = size("c", c, "the factor in alpha"), view_of(network, x0)
    ell, q = network.subspace.ell, int(view.moves.sum())
    if ell < q:
        raise HypothesisError(
            f"ell = {ell} < m = {q}: that many neurons cannot all be moved at will; take shortest_flip, or ell >= m"
        )
    active = view.supports & view.moves & (view.a > 0)
    weight = view.sizes[view.pushing & view.moves].sum()
    if view.moves.all() or view.a[active].sum() >= view.weight:
        weight += view.sizes[active].min()
    elif not view.k:
        raise view.uncovered("an output bias makes this label, and then this step needs k >= 1")
    alpha = c * view.weight / weight
    moves = view.sizes * np.where(view.supports, -alpha, alpha)
    z = view.rows.shortest(moves, view.moves)
    return view.step(z, "universal_flip", c, float(times(alpha, view.inputs)))


@single_threaded
def exact_flip(network: Network, x0: Any = 0, c: float = PAST) -> Perturbation:
    """The shortest z that moves the k active opposing neurons, and no supporting one, to lower the output by c |N(x0)|.

    Input i moves by c |N(x0)| |u_i|/|u_F|^2: for output weights +-1/sqrt(m), by c sqrt(m) |N(x0)|/k. An inactive
    opposing neuron that wakes up adds to that, so y0 N(x0 + z) <= (1 - c) |N(x0)| surely.

    Parameters, returns and errors are those of `universal_flip`; it needs k >= 1 and k + p <= ell, p the number of
    supporting neurons, active or not.
    """
    c, view = size("c", c, "the factor in alpha"), view_of(network, x0)
    if view.k == 0:
        raise view.uncovered("exact_flip moves those alone; universal_flip and shortest_flip do without them")
    pushing = view.pushing & view.moves
    alpha = c * view.weight / np.square(view.sizes[pushing]).sum()
    moves = np.where(pushing, alpha * np.square(view.sizes), 0.0)
    return view.step(of_one_point(view, moves), "exact_flip", c, float(times(alpha, view.inputs)))


@single_threaded
def one_point_flip(network: Network, x0: Any = 0, c: float = PAST) -> Perturbation:
    """The shortest z that moves the active neurons as the shortest move of inputs that takes the label does.

    With tau the least that makes sum_F u_i^2 tau + sum_S |u_i| min(tau |u_i|, a_i) = |N(x0)|, over the active opposing
    neurons F and the active supporting ones S with inputs a_i, the first move by c tau |u_i| and the second by
    -min(c tau |u_i|, a_i); inactive supporting ones stay. For c >= 1 it takes the label surely; for output weights
    +-1/sqrt(m) its moves are at most c |N(x0)| sqrt(m/(k + 1)) long.

    Parameters, returns and errors are those of `universal_flip`; it needs k + p <= ell, p the number of supporting
    neurons, active or not.
    """
    c, view = size("c", c, "the factor in alpha"), view_of(network, x0)
    z, alpha = one_point(view, c)
    return view.step(z, "one_point_flip", c, float(times(alpha, view.inputs)))


@single_threaded
def shortest_flip(network: Network, x0: Any = 0, c: float = PAST) -> Perturbation:
    """The shortest z with y0 N(x0 + z) <= (1 - c) |N(x0)| that convex programmes find.

    Opposing neurons are counted along their lines where active at x0, and as nothing else: a convex quadratic
    programme. Where its z leaves others active, the next programme counts those, until nothing changes. At c = 1 it is
    the distance to the boundary where `certified` is True. Where k = 0 and c >= 1, the nearest opposing neuron is
    counted first. It is no longer than the one-point flip, gone as far as brings the output down so.

    Parameters and errors are those of `universal_flip`; a `NoStepError` says that no step was found, or that none
    exists.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> network = train(problem(d=784, ell=600, points=30, seed=1), m=50, steps=300, seed=2)
    >>> steps = network.shortest_flip, network.one_point_flip, network.exact_flip, network.universal_flip
    >>> lengths = [step(0).norm for step in steps]
    >>> lengths == sorted(lengths)
    True
    """
    return least(view_of(network, x0), size("c", c, "the factor in alpha"))


@single_threaded
def swap(network: Network, x0: Any, x1: Any) -> Swap:
    """The shortest z orthogonal to P with W (x0 + z) = W x1: from the first layer on, the network sees x1.

    All outputs at x0 + z are those at x1, whatever stands above the first layer. Where x1 - x0 lies in P and neither
    depends on the weights orthogonal to P, |z| = |W (x1 - x0)|/(b chi) in law, chi^2 chi-square with ell - m + 1
    degrees of freedom; elsewhere it is at most that with ell - m.

    Parameters
    ----------
    x0, x1 : point or points
        Anywhere: coordinates or vectors of R^d; a data point's number. Of many each has its own x1, or all have one.

    Returns
    -------
    Swap

    Raises
    ------
    HypothesisError
        ell < m, or no weights orthogonal to P that could move all inputs.
    ParameterError
        x0 or x1 is no point.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> network = train(problem(d=60, ell=40, points=6, seed=1), m=8, steps=50)
    >>> z = network.swap(0, 1).z
    >>> bool(abs(network.output(0, z) - network.output(1)) < 1e-12)
    True
    """
    ell, m = network.subspace.ell, network.m
    there, at = (network.subspace.settled(x) for x in (x1, x0))
    if at.ndim > 1 and there.ndim > 1 and at.shape[:-1] != there.shape[:-1]:
        raise ParameterError(
            f"points of shapes {at.shape} and {there.shape}: give each x0 its own x1, or all of them one"
        )
    change = network.inputs(there) - network.inputs(at)
    if ell < m or network.nothing_off:
        raise HypothesisError(
            f"ell = {ell}, m = {m}: a swap moves all inputs at will; take a network with ell >= m, and with weights "
            "orthogonal to P"
        )
    rows, weights = network.near_off
    near, inputs = near_one(change.reshape(-1, m))
    z = [rows.shortest(each) for each in near]
    steps = times(np.array(z).reshape(*near.shape[:1], -1), inputs - weights)
    steps = steps.reshape(*change.shape[:-1], network.off.shape[1])
    moved = norms(change)
    return Swap(network, at, steps, there, moved if moved.ndim else float(moved))
