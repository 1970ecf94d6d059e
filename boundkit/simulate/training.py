"""Gradient descent: on the first layer alone, with a fixed output layer, and what all runs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
import warnings

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.formats.progress import Progress
from boundkit.simulate.arguments import choice, count, size
from boundkit.simulate.both_layers import Layers, advanced, ascent, outputs
from boundkit.simulate.data import Problem
from boundkit.simulate.layers import FullLayer, Initialisation, SubspaceLayer
from boundkit.simulate.losses import point_margins, slopes, summed
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.trained import History, TrainedNetwork, decay

State = TypeVar("State")


class DivergenceWarning(RuntimeWarning):
    """Training made the loss worse, or the weights stopped being finite."""


def step(W: Any, X: Any, y: Any, u: Any, eta: float, lam: float = 0.0) -> tuple[Any, Any]:
    """One step of gradient descent on sum_i log(1 + exp(-y_i N(x_i))) + (lam/2) |W|^2 over the rows of X.

    Written against the array API standard; X costs two matrix products and a few passes over (r, m).

    Parameters
    ----------
    W : array (m, n)
        First-layer weights.
    X, y : arrays (r, n) and (r,)
        Points and labels +-1.
    u : array (m,)
        Output weights.
    eta, lam : float
        Step size and L2 parameter; the whole penalty counts, however few the points are.

    Returns
    -------
    W, margins : arrays (m, n) and (r,)
        The new weights, and y_i N(x_i) under the old ones.
    """
    xp = W.__array_namespace__()
    # Blocks of rows keep the (rows, m) arrays in cache; below 2 n rows, adding up their (m, n) costs more than that.
    points = X.shape[0]
    blocks = max(1, points // max(128, 2 * W.shape[1]))
    rows = -(-points // blocks)
    stop = min(rows, points)
    total, margins = loss_gradient(xp, W, X[:stop, :], y[:stop], u)
    while stop < points:
        start, stop = stop, min(stop + rows, points)
        more, q = loss_gradient(xp, W, X[start:stop, :], y[start:stop], u)
        total += more
        margins = xp.concat([margins, q])
    total *= (eta * u)[:, None]
    total += W if lam == 0 else (1 - eta * lam) * W
    return total, margins


def loss_gradient(xp: Any, W: Any, X: Any, y: Any, u: Any) -> tuple[Any, Any]:
    """sum_i -L'(y_i N(x_i)) y_i 1[<w_j, x_i> >= 0] x_i as rows j, and the margins."""
    a = X @ W.T
    on = xp.astype(a >= 0, a.dtype)
    a *= on
    margins = y * (a @ u)
    slope = slopes(xp, y, margins)[:, None]
    if W.shape[0] > X.shape[1]:
        return on.T @ (slope * X), margins
    on *= slope  # the smaller of the two, and in place
    return on.T @ X, margins


def margins_of(W: Array, X: Array, y: Array, u: Array) -> Array:
    """y_i N(x_i) for every row of X."""
    return np.asarray(y * (np.maximum(X @ W.T, 0) @ u))


def epochs(rng: np.random.Generator, points: int, batch: int) -> Iterator[NDArray[np.intp]]:
    """Batches of row numbers without end: every epoch is a fresh shuffle."""
    while True:
        shuffled = rng.permutation(points)
        yield from (shuffled[start : start + batch] for start in range(0, points, batch))


@dataclass(frozen=True)
class Schedule:
    """How a run goes on: step size, penalty, length, batches, when to stop, whom to tell, and momentum."""

    eta: float
    lam: float
    steps: int
    batch: int | None = None  # None: the whole data in every step
    margin: float | None = None
    seed: int = 0
    progress: Progress | None = None
    momentum: float = 0.0
    nesterov: bool = False


@single_threaded
def descend(W: Array, X: Array, y: Array, u: Array, plan: Schedule) -> tuple[Array, History]:
    """Train the weights W (m, n) on the rows of X (r, n); any coordinates will do.

    With a margin asked for, training stops at the first weights that have it: looked for before every step
    of full gradient descent, and once in about an epoch of SGD.
    """
    if plan.momentum:
        layers, history = descend_layers(Layers(W, np.zeros(len(W)), u, np.zeros(())), X, y, plan, (0,))
        return layers.W, history

    def move(weights: Array, rows: Any) -> tuple[Array, Array]:
        return step(weights, X[rows], y[rows], u, plan.eta, plan.lam)

    def told(q: Array) -> tuple[float, float]:
        return float(np.logaddexp(0, -q).sum()), float(q.min())

    return run(W, move, lambda weights: margins_of(weights, X, y, u), told, len(y), plan)


def descend_layers(
    layers: Layers, X: Array, y: Array, plan: Schedule, moved: tuple[int, ...]
) -> tuple[Layers, History]:
    """Train those of both layers' parts that are `moved`, as `descend`."""

    def move(state: tuple[Layers, Layers], rows: Any) -> tuple[tuple[Layers, Layers], Array]:
        up, seen = ascent(state[0], X[rows], y[rows])
        return advanced(*state, up, plan.eta, plan.lam, plan.momentum, plan.nesterov, moved), seen

    def told(seen: Array) -> tuple[float, float]:
        return summed(seen, y), float(point_margins(seen, y).min())

    still = Layers(*(np.zeros_like(part) for part in layers))
    (layers, _), history = run((layers, still), move, lambda state: outputs(state[0], X), told, len(y), plan)
    return layers, history


def run(
    state: State,
    move: Callable[[State, Any], tuple[State, Array]],
    see: Callable[[State], Array],
    told: Callable[[Array], tuple[float, float]],
    points: int,
    plan: Schedule,
) -> tuple[State, History]:
    """Go through the steps of a plan.

    Parameters
    ----------
    state : anything
        What is trained.
    move : callable
        A step on some of the points' rows: the new state, and what was seen at those rows under the old one.
    see : callable
        What is seen at all points.
    told : callable
        The summed loss and the smallest margin of what was seen.
    points : int
        How many points there are.
    plan : Schedule

    Returns
    -------
    The last state, and the history.
    """
    batches = None if plan.batch is None else epochs(stream(plan.seed, "order"), points, plan.batch)
    record = max(1, plan.steps // 100)
    look = 1 if plan.batch is None else max(1, points // plan.batch)
    kept: list[tuple[int, float, float]] = []
    t = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(plan.steps):
            due, may_stop = t % record == 0, plan.margin is not None and t % look == 0
            rows = slice(None) if batches is None else next(batches)
            new, seen = move(state, rows)
            if batches is not None and (due or may_stop):
                seen = see(state)
            if due:
                kept.append((t, *told(seen)))
                if plan.progress is not None:
                    plan.progress("training", t, plan.steps)
                if not np.isfinite(kept[-1][1]):
                    break
            if plan.margin is not None and may_stop and told(seen)[1] >= plan.margin:
                break
            state = new
        else:
            t = plan.steps
        if kept[-1][0] != t:
            kept.append((t, *told(see(state))))
    if plan.progress is not None:
        plan.progress("training", plan.steps, plan.steps)
    return state, History(*map(np.array, zip(*kept, strict=True)))


@single_threaded
def train(
    problem: Problem,
    m: Any,
    *,
    method: str = "gd",
    eta: float | None = None,
    steps: Any = 1000,
    batch: Any = None,
    beta: float | None = None,
    lam: float = 0.0,
    margin: float | None = None,
    seed: int = 0,
    representation: str = "subspace",
    layers: str = "first",
    biases: float | None = None,
    momentum: float = 0.0,
    nesterov: bool = False,
    progress: Progress | None = None,
) -> TrainedNetwork:
    """Train a two-layer ReLU network on a problem: summed logistic loss, or softmax cross entropy of K classes.

    Whatever is trained, gradients in the first layer's weights lie in the data's span: what is orthogonal to it is only
    multiplied by 1 - eta lam a step.

    Parameters
    ----------
    problem : Problem
        The data.
    m : int
        The number of neurons.
    method : {"gd", "sgd"}
        Every step on all points, or on `batch` of them, shuffled anew every epoch.
    eta : float, optional
        Step size. By default 1/|X|^2, |X| the largest singular value of the data: an eighth of the step at
        which the linearised loss would stop decreasing.
    steps : int
        The number of steps, T.
    batch : int, optional
        Points in a step of SGD, 1 by default.
    beta : float, optional
        Standard deviation of the initial weights, 1/sqrt(d) by default.
    lam : float
        L2 parameter; every step, also of SGD, carries the whole penalty (lam/2) |w|^2 of all that is trained.
    margin : float, optional
        Stop as soon as y_i N(x_i) >= margin for every point.
    seed : int
        Fixes initial weights, signs and the order of SGD, in both representations and for any number of
        threads.
    representation : {"subspace", "full"}
        Train m x rank numbers, at a cost that does not depend on d and ell, or all m x d weights. The two
        agree weight for weight up to rounding.
    layers : {"first", "all"}
        Which are trained: the first alone, or the output layer too.
    biases : float, optional
        Standard deviation of the first layer's initial biases, 0 allowed; they are trained with it. With layers="all"
        an output bias that starts at 0 is trained too. By default there are none.
    momentum : float
        In [0, 1): every step is the gradient's plus `momentum` times the one before; only without L2.
    nesterov : bool
        Take the gradient's step once more beyond that, as Nesterov does.
    progress : callable, optional
        Called with (what, done, total) now and then, in steps.

    Returns
    -------
    TrainedNetwork

    Warns
    -----
    DivergenceWarning
        The loss grew, or stopped being finite.

    Raises
    ------
    ParameterError
        A value out of range, or a full representation that would not fit into memory.

    Examples
    --------
    >>> from boundkit.simulate import problem
    >>> network = train(problem(d=100, ell=60, points=5, seed=1), m=20, steps=500, margin=0.5)
    >>> network.margin >= 0.5
    True
    """
    m = count("m", m, "the number of neurons")
    steps = count("steps", steps, "the number of steps")
    sgd = choice("method", method, ("gd", "sgd")) == "sgd"
    rows = count("batch", 1 if batch is None else batch, "the points in a step", 1, problem.points) if sgd else None
    largest = float(np.linalg.norm(problem.coordinates, 2))
    eta = 1 / largest**2 if eta is None else size("eta", eta, "the step size")
    lam = size("lam", lam, "the L2 parameter", zero=True)
    beta = problem.d**-0.5 if beta is None else size("beta", beta, "the standard deviation of the initial weights")
    target = None if margin is None else size("margin", margin, "the margin to stop at", zero=True)
    all_layers = choice("layers", layers, ("first", "all")) == "all"
    bias = None if biases is None else size("biases", biases, "the standard deviation of the initial biases", zero=True)
    plan = Schedule(eta, lam, steps, rows, target, seed, progress, _momentum(momentum, nesterov, lam), bool(nesterov))
    full = choice("representation", representation, ("subspace", "full")) == "full"
    start = Initialisation(problem, m, beta, seed, bias=bias)
    W, X = (start.full, problem.X) if full else (start.columns[:, : problem.rank], problem.coordinates)
    trained = Layers(W, start.biases, start.u, np.zeros(start.u.shape[:-1]))
    if all_layers or problem.classes or bias is not None:
        moved = (0, *((1,) if bias is not None else ()), *((2,) if all_layers else ()))
        moved += (3,) if all_layers and bias is not None else ()
        trained, history = descend_layers(trained, X, problem.labels, plan, moved)
    else:
        W, history = descend(W, X, problem.labels, start.u, plan)
        trained = trained._replace(W=W)
    _warn(history, plan)
    left = decay(eta, lam, int(history.step[-1]))
    return TrainedNetwork(
        FullLayer(problem, trained.W) if full else SubspaceLayer(start, trained.W, left),
        trained.u,
        None if bias is None else trained.biases,
        trained.output_bias[()],
        start=start,
        eta=eta,
        lam=lam,
        history=history,
    )


def _momentum(momentum: Any, nesterov: bool, lam: float) -> float:
    """The momentum, where it makes sense."""
    kept = size("momentum", momentum, "what is kept of the step before", zero=True)
    if kept >= 1:
        raise ParameterError(f"momentum = {kept:g}: what is kept of the step before is a share below 1")
    if nesterov and not kept:
        raise ParameterError("nesterov = True without momentum changes nothing: give momentum > 0")
    if kept and lam:
        raise ParameterError(
            f"momentum = {kept:g} with lam = {lam:g}: then weights orthogonal to the data do not shrink by 1 - eta lam "
            "a step, and their law is not known; take lam = 0, or momentum = 0"
        )
    return kept


def _warn(history: History, plan: Schedule) -> None:
    """Warn of a loss that stopped being finite, or that has grown where there is no penalty."""
    first, last = history.loss[0], history.loss[-1]
    if not np.isfinite(last):
        found = f"the weights stopped being finite by step {int(history.step[-1])}"
    elif plan.lam == 0 and last > first:  # a penalty may well trade some loss for smaller weights
        found = f"the loss went from {first:.4g} to {last:.4g}"
    else:
        return
    # 4: out of here, out of the wrapper, to whoever called train.
    message = f"training diverged: {found}; try a step size below eta = {plan.eta:.3g}"
    warnings.warn(message, DivergenceWarning, stacklevel=4)
