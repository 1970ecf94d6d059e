"""Data near a subspace, or on an affine one, and many small networks trained on them in R^d, with a log of each step.

Many networks of one shape are one record: their weights carry a leading axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import count, real, size
from boundkit.simulate.losses import slopes
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.subspace import within_floats
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.training import epochs


@dataclass(frozen=True, eq=False)
class Points:
    """Labelled points of R^d and a basis of what is orthogonal to the subspace that they are on, or near.

    Attributes
    ----------
    X : array (r, d)
    y : array (r,)
        Labels, +1 or -1.
    off : array (d, ell)
        Orthonormal columns.
    normal : array (d,), optional
        Of an affine set, the unit vector from 0 towards its nearest point; `off` is orthogonal to it.
    """

    X: Array
    y: Array
    off: Array
    normal: Array | None = None

    @property
    def residue(self) -> float:
        """The largest singular value of the points' parts orthogonal to the subspace."""
        return float(np.linalg.norm(self.X @ self.off, 2))


@single_threaded
def points_near(d: Any, ell: Any, points: Any = 20, residue: float = 0.1, seed: int = 0) -> Points:
    """Points near a random subspace of d - ell dimensions, whose parts orthogonal to it have this singular value.

    Examples
    --------
    >>> near = points_near(d=30, ell=20, points=12, residue=0.5, seed=1)
    >>> near.X.shape, near.off.shape, round(near.residue, 9)
    ((12, 30), (30, 20), 0.5)
    """
    frame, rng, r = _frame(d, ell, points, seed)
    on = frame.shape[0] - int(ell)
    x = rng.standard_normal((r, frame.shape[0]))
    x[:, on:] *= size("residue", residue, "the size of the parts off the subspace", zero=True) / np.linalg.norm(
        x[:, on:], 2
    )
    return Points(x @ frame.T, _labels(rng, r), frame[:, on:])


@single_threaded
def points_on_affine(d: Any, ell: Any, points: Any = 20, height: float = 1.0, seed: int = 0) -> Points:
    """Points on a random affine set of d - ell dimensions, so far from 0; `off` is orthogonal to its span.

    Examples
    --------
    >>> affine = points_on_affine(d=30, ell=20, points=12, height=0.5, seed=1)
    >>> affine.off.shape, bool(abs(affine.X @ affine.normal - 0.5).max() < 1e-12)
    ((30, 19), True)
    """
    frame, rng, r = _frame(d, ell, points, seed)
    on = frame.shape[0] - int(ell)
    x = rng.standard_normal((r, on + 1))
    x[:, on] = within_floats("height", size("height", height, "the distance from 0"), "the distance from 0")
    return Points(x @ frame[:, : on + 1].T, _labels(rng, r), frame[:, on + 1 :], frame[:, on])


def _frame(d: Any, ell: Any, points: Any, seed: int) -> tuple[Array, np.random.Generator, int]:
    """A random orthonormal frame of R^d, what the points are drawn from, and how many they are."""
    d = count("d", d, "the input dimension", 2)
    count("ell", ell, "the dimension orthogonal to the set", 1, d - 1)
    rng = stream(count("seed", seed, "the seed", 0), "points")
    return np.linalg.qr(rng.standard_normal((d, d)))[0], rng, count("points", points, "the number of points")


def _labels(rng: np.random.Generator, points: int) -> Array:
    return np.where(rng.random(points) < 0.5, -1.0, 1.0)


@dataclass(frozen=True, eq=False)
class LoggedRun:
    """Networks N(x) = sum_i u_i max(<w_i, x> + c_i, 0) before and after training, and what the run's log says.

    Attributes
    ----------
    start, weights : array (networks, m, d)
    start_biases, biases : array (networks, m)
        Zeros where there are none.
    u : array (networks, m)
        The output weights, +-1/sqrt(m), which are not trained.
    decay : float
        (1 - eta lam)^steps.
    pushed : array (networks, r)
        A_r: the sum over the steps of eta times the length of the derivative of point r's term of the loss in the
        pre-activations.
    logged : array (networks, r)
        The same with min(1, loss of the point) for that length, which is at most this.
    """

    start: Array
    weights: Array
    start_biases: Array
    biases: Array
    u: Array
    decay: float
    pushed: Array
    logged: Array

    def added(self, off: Array) -> Array:
        """What training added to the weights, in these columns (networks, m, ell)."""
        return np.asarray((self.weights - self.decay * self.start) @ off)

    def moved(self, off: Array) -> Array:
        """Its largest singular value (networks,)."""
        return np.asarray(np.linalg.norm(self.added(off), 2, axis=(1, 2)))

    def inputs(self, x: Array) -> Array:
        """The pre-activations (networks, m) at a point (d,)."""
        return np.asarray(self.weights @ x + self.biases)

    def output(self, x: Array) -> Array:
        """N(x) (networks,)."""
        return np.asarray((self.u * np.maximum(self.inputs(x), 0)).sum(axis=1))


@single_threaded
def train_logged(
    data: Points,
    m: Any = 4,
    *,
    networks: Any = 1,
    deviation: float | None = None,
    bias: float | None = None,
    steps: Any = 40,
    eta: float = 0.05,
    lam: float = 0.0,
    weight: float = 1.0,
    batch: Any = None,
    seed: int = 0,
) -> LoggedRun:
    """Train first layers by gradient descent or SGD on `weight` times the summed logistic loss, and log every step.

    Parameters
    ----------
    data : Points
    m : int
        Neurons.
    networks : int
        How many, from independent starts.
    deviation : float, optional
        Of the weights at the start, 1/sqrt(d) by default.
    bias : float, optional
        Of the biases at the start, which are then trained, with the same step and penalty; by default there are none.
    steps, eta, lam : int, float, float
        Gradient steps, their size, and the L2 parameter, whose whole penalty every step carries.
    weight : float
        Of a point in the loss: 1 for the sum, 1/r for the mean.
    batch : int, optional
        Points in a step of SGD, in passes that use all alike; by default all.
    seed : int
        Fixes starts and order.

    Returns
    -------
    LoggedRun

    Examples
    --------
    >>> data = points_near(d=30, ell=20, points=12, residue=0.5, seed=1)
    >>> run = train_logged(data, m=3, networks=2, steps=100)
    >>> bool((run.moved(data.off) <= 0.5 * np.linalg.norm(run.pushed, axis=1)).all())
    True
    """
    networks, m = count("networks", networks, "the number of networks"), count("m", m, "the number of neurons")
    steps, (points, d) = count("steps", steps, "the number of steps", 0), data.X.shape
    eta, lam = size("eta", eta, "the step size"), size("lam", lam, "the L2 parameter", zero=True)
    weight = size("weight", weight, "the weight of a point")
    deviation = d**-0.5 if deviation is None else size("deviation", deviation, "the standard deviation")
    rows = points if batch is None else count("batch", batch, "the points in a step", 1, points)
    rng, order = stream(seed, "deep"), stream(seed, "order")
    W = deviation * rng.standard_normal((networks, m, d))
    c = (bias or 0.0) * rng.standard_normal((networks, m))
    u = np.where(rng.random((networks, m)) < 0.5, -1.0, 1.0) / np.sqrt(m)
    start, start_biases, kept = W, c, 1 - eta * lam
    pushed, logged = np.zeros((2, networks, points))
    for some in islice(epochs(order, points, rows), steps):
        X, y = data.X[some], data.y[some]
        a = X @ np.swapaxes(W, 1, 2) + c[:, None]
        margins = y * np.einsum("nm,nrm->nr", u, np.maximum(a, 0))
        back = eta * weight * slopes(np, y, margins)[..., None] * u[:, None] * (a >= 0)
        pushed[:, some] += np.linalg.norm(back, axis=2)
        logged[:, some] += eta * weight * np.minimum(1, np.logaddexp(0, -margins))
        W = kept * W + np.swapaxes(back, 1, 2) @ X
        if bias is not None:
            c = kept * c + back.sum(axis=1)
    return LoggedRun(start, W, start_biases, c, u, float(kept**steps), pushed, logged)


def path_of_losses(losses: Any, eta: float, weight: float = 1.0) -> float:
    """How far the points can have pushed the first layer, read off the logistic losses before each step.

    The length of the derivative of a loss L in the pre-activations of a two-layer network with output weights
    +-1/sqrt(m) is at most 1 - e^(-L) <= min(1, L). This is the root of the sum over the points of the squares of
    eta weight sum_t min(1, L_t): times the residue it bounds what plain gradient descent, or SGD, adds to the weights.

    Parameters
    ----------
    losses : array (steps, r)
        The loss of each point before each step; 0 in the steps that do not use it.
    eta, weight : float
        The step size, and a point's weight in the loss: 1 for the sum, 1/r for the mean.

    Examples
    --------
    >>> float(path_of_losses(np.full((100, 4), 0.25), eta=0.1, weight=0.25))
    1.25
    """
    found = real("losses", losses)
    if found.ndim != 2 or (found < 0).any():
        raise ParameterError(f"losses of shape {found.shape}: give (steps, r), each loss at least 0")
    eta, weight = size("eta", eta, "the step size"), size("weight", weight, "the weight of a point")
    return float(np.linalg.norm(eta * weight * np.minimum(found, 1).sum(axis=0)))
