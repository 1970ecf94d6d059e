"""Train the network that docs/own_network.md looks at, and write it beside its data and its start.

Scikit-learn's digits 3 and 8, every pixel shown as 2 x 2, in a network of 16 neurons with biases and one output, as
torch.nn.Sequential(Linear(256, 16), ReLU(), Linear(16, 1)) has it: all layers trained by SGD in single precision. The
first layer starts as torch.nn.init.normal_(weight, std=1/16) would have it.

Run it with the folder to write to; it needs scikit-learn and NumPy.
"""

from pathlib import Path
import sys

import numpy as np
from sklearn.datasets import load_digits

STEPS, BATCH, RATE, NEURONS = 3000, 32, 0.05, 16


def images() -> tuple[np.ndarray, np.ndarray]:
    """The pixels (N, 256) between 0 and 1, and labels -1 for a 3 and 1 for an 8."""
    digits = load_digits()
    chosen = np.isin(digits.target, (3, 8))
    large = np.kron(digits.images[chosen] / 16, np.ones((1, 2, 2)))
    return large.reshape(len(large), -1).astype(np.float32), np.where(digits.target[chosen] == 8, 1, -1).astype(np.int8)


def train(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, list[np.ndarray]]:
    """The first layer's start, and all parameters after training by the logistic loss."""
    d = X.shape[1]
    start = (rng.standard_normal((NEURONS, d)) / np.sqrt(d)).astype(np.float32)
    W, b = start.copy(), np.zeros(NEURONS, np.float32)
    u, o = (rng.standard_normal(NEURONS) / np.sqrt(NEURONS)).astype(np.float32), np.zeros(1, np.float32)
    for _ in range(STEPS):
        rows = rng.integers(len(X), size=BATCH)
        a = X[rows] @ W.T + b
        h = np.maximum(a, 0)
        slope = (-y[rows] / (1 + np.exp(y[rows] * (h @ u + o)))).astype(np.float32) / BATCH
        back = slope[:, None] * u * (a > 0)
        for held, step in ((u, h.T @ slope), (o, slope.sum()), (W, back.T @ X[rows]), (b, back.sum(axis=0))):
            held -= RATE * step
    return start, [W, b, u[None], o]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    X, y = images()
    start, layers = train(X, y, np.random.default_rng(0))
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    np.savez_compressed(folder / "digits_network.npz", **dict(zip(names, layers, strict=True)))
    np.savez_compressed(folder / "digits_start.npz", W=start)
    np.savez_compressed(folder / "digits_data.npz", X=X, y=y)
    W, b, u, o = layers
    right = np.sign(np.maximum(X @ W.T + b, 0) @ u[0] + o) == y
    print(f"{right.sum()} of {len(y)} right")  # noqa: T201
