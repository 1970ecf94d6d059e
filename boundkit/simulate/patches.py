"""Networks whose first layer sees patches of the input with shared filters, all layers trained.

Many networks of one shape are one record: their weights carry leading axes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import count, real, size
from boundkit.simulate.losses import slopes
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.threads import single_threaded

RANK = 1e-10  # singular values up to this times the largest count as 0


@dataclass(frozen=True, eq=False)
class PatchNetwork:
    """N(x) = sum over positions t and filters c of head_tc max(<f_c, x at patch t> + bias_c, 0).

    Attributes
    ----------
    filters : array (..., C, p)
    biases : array (..., C)
    head : array (..., positions, C)
    patches : array of ints (positions, p)
        Which entries of the input each patch has.
    d : int
        The input dimension.
    """

    filters: Array
    biases: Array
    head: Array
    patches: NDArray[np.intp]
    d: int

    def __repr__(self) -> str:
        positions, size = self.patches.shape
        return f"<patch network of {self.filters.shape[-2]} filters of {size} entries at {positions} positions>"

    def __getitem__(self, i: Any) -> PatchNetwork:
        """Some of the networks, or one."""
        return replace(self, filters=self.filters[i], biases=self.biases[i], head=self.head[i])

    def inputs(self, x: Array) -> Array:
        """The pre-activations (..., positions, C) at x (..., d)."""
        seen = np.einsum("...tp,...cp->...tc", x[..., self.patches], self.filters)
        return np.asarray(seen + self.biases[..., None, :])

    def output(self, x: Array) -> Array:
        """N(x) (...)."""
        return np.asarray((self.head * np.maximum(self.inputs(x), 0)).sum(axis=(-1, -2)))

    def slopes(self, x: Array) -> Array:
        """The derivatives of N in the pre-activations (..., positions, C)."""
        return np.asarray(self.head * (self.inputs(x) >= 0))

    def gradient(self, x: Array) -> Array:
        """The gradient of N (..., d)."""
        by_patch = np.einsum("...tc,...cp->...tp", self.slopes(x), self.filters)
        found = np.zeros((*by_patch.shape[:-2], self.d))
        for t, entries in enumerate(self.patches):
            found[..., entries] += by_patch[..., t, :]
        return found


def patches_of(d: Any, size: Any, stride: Any = None) -> NDArray[np.intp]:
    """The patches of so many neighbouring entries of R^d, one every `stride` (positions, size).

    Examples
    --------
    >>> patches_of(6, 3)
    array([[0, 1, 2],
           [3, 4, 5]])
    """
    d, size = count("d", d, "the input dimension"), count("size", size, "the size of a patch")
    stride = size if stride is None else count("stride", stride, "the distance of neighbouring patches")
    if size > d:
        raise ParameterError(f"size = {size} > d = {d}: no patch is so large; give a smaller one")
    return np.arange(0, d - size + 1, stride)[:, None] + np.arange(size)


def off_patches(X: Array, patches: NDArray[np.intp]) -> Array:
    """An orthonormal basis of what is orthogonal to all patches of the points X (r, d), as columns (p, ell).

    Examples
    --------
    >>> X = np.array([[1.0, 0, 0, 0, 2, 0]])
    >>> off_patches(X, patches_of(6, 3)).shape
    (3, 1)
    """
    seen = real("X", X)[..., patches].reshape(-1, patches.shape[1])
    _, values, rows = np.linalg.svd(seen)
    rank = int((values > RANK * values.max(initial=0)).sum())
    return np.asarray(rows[rank:].T)


@single_threaded
def train_patches(
    X: Any,
    y: Any,
    patches: NDArray[np.intp],
    filters: Any = 4,
    *,
    networks: Any = 1,
    deviation: float | None = None,
    steps: Any = 40,
    eta: float = 0.05,
    bias: float = 0.3,
    seed: int = 0,
) -> tuple[PatchNetwork, PatchNetwork]:
    """Gradient descent on the summed logistic loss, in filters, biases and head: the networks before and after.

    Parameters
    ----------
    X : array (r, d)
    y : array (r,)
        Labels, +1 or -1.
    patches : array of ints (positions, p)
    filters : int
    networks : int
        How many, from independent starts.
    deviation : float, optional
        Of the filters' entries at the start, 1/sqrt(p) by default; that of the head is 1/sqrt(positions C).
    steps, eta, bias, seed
        Gradient steps, their size, the biases' deviation, and what fixes the starts.

    Returns
    -------
    (PatchNetwork, PatchNetwork)
        Each with one leading axis, of the networks.

    Examples
    --------
    >>> X = np.random.default_rng(0).standard_normal((5, 12))
    >>> start, trained = train_patches(X, np.sign(X[:, 0]), patches_of(12, 4), networks=3)
    >>> trained.output(X[0]).shape
    (3,)
    """
    X, y, networks = real("X", X), real("y", y), count("networks", networks, "the number of networks")
    filters, steps = count("filters", filters, "the number of filters"), count("steps", steps, "the number of steps")
    eta, (positions, p) = size("eta", eta, "the step size"), patches.shape
    if X.ndim != 2 or y.shape != X.shape[:1] or not np.isin(y, (-1, 1)).all():
        raise ParameterError(
            f"X of shape {X.shape} and y of shape {y.shape}: give (r, d) and a label +1 or -1 for each"
        )
    deviation = 1 / np.sqrt(p) if deviation is None else size("deviation", deviation, "the standard deviation")
    rng = stream(seed, "deep")
    start = PatchNetwork(
        deviation * rng.standard_normal((networks, filters, p)),
        bias * rng.standard_normal((networks, filters)),
        rng.standard_normal((networks, positions, filters)) / np.sqrt(positions * filters),
        patches,
        X.shape[1],
    )
    net = start
    for _ in range(steps):
        net = _stepped(net, X, y, eta)
    return start, net


def _stepped(net: PatchNetwork, X: Array, y: Array, eta: float) -> PatchNetwork:
    """After one step of gradient descent."""
    seen = X[:, net.patches]  # (r, positions, p)
    a = np.einsum("rtp,ncp->nrtc", seen, net.filters) + net.biases[:, None, None, :]
    output = np.einsum("ntc,nrtc->nr", net.head, np.maximum(a, 0))
    up = slopes(np, y, y * output)
    back = up[..., None, None] * net.head[:, None] * (a >= 0)
    return replace(
        net,
        filters=net.filters + eta * np.einsum("nrtc,rtp->ncp", back, seen),
        biases=net.biases + eta * back.sum(axis=(1, 2)),
        head=net.head + eta * np.einsum("nr,nrtc->ntc", up, np.maximum(a, 0)),
    )
