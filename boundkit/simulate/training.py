"""Gradient descent on the first layer: summed logistic loss, fixed output layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
import warnings

import numpy as np
from numpy.typing import NDArray

from boundkit.formats.progress import Progress
from boundkit.simulate.arguments import choice, count, size
from boundkit.simulate.data import Problem
from boundkit.simulate.layers import FullLayer, Initialisation, SubspaceLayer
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.trained import History, TrainedNetwork, decay

LARGEST_EXPONENT = 700.0  # e^700 is still a float; a slope below e^-700 moves no weight


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


def slopes(xp: Any, y: Any, margins: Any) -> Any:
    """y_i over 1 + exp(margin_i): how fast the logistic loss of each point falls as its output grows."""
    return y / (1 + xp.exp(xp.minimum(margins, LARGEST_EXPONENT)))


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
    """How a run goes on: step size, penalty, length, batches, when to stop and whom to tell."""

    eta: float
    lam: float
    steps: int
    batch: int | None = None  # None: the whole data in every step
    margin: float | None = None
    seed: int = 0
    progress: Progress | None = None


@single_threaded
def descend(W: Array, X: Array, y: Array, u: Array, plan: Schedule) -> tuple[Array, History]:
    """Train the weights W (m, n) on the rows of X (r, n); any coordinates will do.

    With a margin asked for, training stops at the first weights that have it: looked for before every step
    of full gradient descent, and once in about an epoch of SGD.
    """
    batches = None if plan.batch is None else epochs(stream(plan.seed, "order"), len(y), plan.batch)
    record = max(1, plan.steps // 100)
    look = 1 if plan.batch is None else max(1, len(y) // plan.batch)
    kept: list[tuple[int, float, float]] = []

    def note(t: int, q: Array) -> None:
        kept.append((t, float(np.logaddexp(0, -q).sum()), float(q.min())))

    t = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(plan.steps):
            due, may_stop = t % record == 0, plan.margin is not None and t % look == 0
            rows = slice(None) if batches is None else next(batches)
            new, q = step(W, X[rows], y[rows], u, plan.eta, plan.lam)
            if batches is not None and (due or may_stop):
                q = margins_of(W, X, y, u)
            if due:
                note(t, q)
                if plan.progress is not None:
                    plan.progress("training", t, plan.steps)
                if not np.isfinite(kept[-1][1]):
                    break
            if plan.margin is not None and may_stop and q.min() >= plan.margin:
                break
            W = new
        else:
            t = plan.steps
        if kept[-1][0] != t:
            note(t, margins_of(W, X, y, u))
    if plan.progress is not None:
        plan.progress("training", plan.steps, plan.steps)
    return W, History(*map(np.array, zip(*kept, strict=True)))


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
    progress: Progress | None = None,
) -> TrainedNetwork:
    """Train a two-layer ReLU network on a problem.

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
        L2 parameter; every step, also of SGD, carries the whole penalty (lam/2) |w|^2.
    margin : float, optional
        Stop as soon as y_i N(x_i) >= margin for every point.
    seed : int
        Fixes initial weights, signs and the order of SGD, in both representations and for any number of
        threads.
    representation : {"subspace", "full"}
        Train m x rank numbers, at a cost that does not depend on d and ell, or all m x d weights. The two
        agree weight for weight up to rounding.
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
    start = Initialisation(problem, m, beta, seed)
    plan = Schedule(eta, lam, steps, rows, target, seed, progress)
    full = choice("representation", representation, ("subspace", "full")) == "full"
    W, X = (start.full, problem.X) if full else (start.columns[:, : problem.rank], problem.coordinates)
    trained, history = descend(W, X, problem.labels, start.u, plan)
    _warn(history, plan)
    layer = (
        FullLayer(problem, trained) if full else SubspaceLayer(start, trained, decay(eta, lam, int(history.step[-1])))
    )
    return TrainedNetwork(layer, start.u, start=start, eta=eta, lam=lam, history=history)


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
