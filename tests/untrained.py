"""Many small networks, trained here by hand on a subspace P, for the tests of what training leaves off P."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pytest

D, ELL, M, STEPS, ETA = 30, 14, 5, 40, 0.05
FALSE_ALARM = 1e-5
FEW, MANY = 300, 2500  # trained networks: by default, and in slow tests
NETWORKS = pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])


@dataclass(frozen=True)
class Trained:
    """Many networks: their weights before and after (count, m, d), u (count, m), and an orthonormal frame of P-perp."""

    start: np.ndarray
    W: np.ndarray
    u: np.ndarray
    perp: np.ndarray  # (d, ell)

    @property
    def V(self) -> np.ndarray:
        """sign(u_i) hat w_i/b (count, m, ell)."""
        return np.sign(self.u)[..., None] * (self.W @ self.perp) * sqrt(D)

    def inputs(self, x: np.ndarray) -> np.ndarray:
        return np.einsum("tmd,td->tm", self.W, x)

    def output(self, a: np.ndarray) -> np.ndarray:
        return np.einsum("tm,tm->t", np.maximum(a, 0), self.u)


def trained(count: int, seed: int, method: str = "gd", noise: float = 0.0, ell: int = ELL) -> Trained:
    """Two-layer networks trained on 8 points each of a random P, with gradients of every sample by hand."""
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(rng.standard_normal((D, D)))[0]
    W = start = rng.standard_normal((count, M, D)) / sqrt(D)
    u = np.where(rng.random((count, M)) < 0.5, -1, 1) / sqrt(M)
    X = rng.standard_normal((count, 8, D - ell)) @ frame[:, ell:].T
    X = X + noise * rng.standard_normal((count, 8, ell)) @ frame[:, :ell].T
    y = np.where(rng.random((count, 8)) < 0.5, -1, 1)
    first = second = np.zeros_like(W)
    for t in range(1, STEPS + 1):
        a = X @ np.swapaxes(W, 1, 2)
        slope = -y / (1 + np.exp(y * np.einsum("trm,tm->tr", np.maximum(a, 0), u)))
        gradient = np.swapaxes(slope[..., None] * u[:, None] * (a >= 0), 1, 2) @ X
        first = (0.9 if method != "gd" else 0) * first + (0.1 if method == "adam" else 1) * gradient
        second = 0.999 * second + 0.001 * gradient**2
        step = first / (1 - 0.9**t) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8) if method == "adam" else first
        W = W - ETA * step
    return Trained(start, W, u, frame[:, :ell])
