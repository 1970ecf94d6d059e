"""Steps of gradient descent on both layers of a network, with momentum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from boundkit.simulate.losses import output_slopes
from boundkit.simulate.rng import Array


class Layers(NamedTuple):
    """Weights (m, n), biases (m,), output weights (m,) or (K, m), and output bias () or (K,), in any coordinates."""

    W: Array
    biases: Array
    u: Array
    output_bias: Array


def outputs(layers: Layers, X: Array) -> Array:
    """N at the rows of X: (r,) or (r, K)."""
    return np.asarray(np.maximum(X @ layers.W.T + layers.biases, 0) @ layers.u.T + layers.output_bias)


def ascent(layers: Layers, X: Array, y: Array) -> tuple[Layers, Array]:
    """Minus the gradient of the loss summed over the rows of X, and their outputs."""
    a = X @ layers.W.T + layers.biases
    on = a >= 0
    hidden = a * on
    found = hidden @ layers.u.T + layers.output_bias
    back = output_slopes(found, y)
    into = (np.multiply.outer(back, layers.u) if back.ndim == 1 else back @ layers.u) * on
    up = Layers(into.T @ X, into.sum(axis=0), back.T @ hidden, back.sum(axis=0))
    return up, np.asarray(found)


def advanced(
    layers: Layers, velocity: Layers, up: Layers, eta: float, lam: float, momentum: float, nesterov: bool,
    moved: tuple[int, ...],
) -> tuple[Layers, Layers]:  # fmt: skip
    """The layers and their velocities one step later, of which those `moved` are trained."""
    parts, kept = list(layers), list(velocity)
    for i in moved:
        downhill = eta * up[i]
        if momentum:
            kept[i] = momentum * kept[i] + downhill
            downhill = downhill + momentum * kept[i] if nesterov else kept[i]
        parts[i] = (parts[i] if lam == 0 else (1 - eta * lam) * parts[i]) + downhill
    return Layers(*parts), Layers(*kept)
