"""The simulator.

A million trials in a huge dimension beside a small one; a training step beside the two matrix products that every step
has to take, X W^T and its transpose's; the same training in PyTorch with autograd and `torch.optim.SGD`, if PyTorch is
installed. On one thread, in double precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec

from measure import Run, pairs
import numpy as np
from record import Row

import boundkit as bk
from boundkit.simulate import check, problem, step, train
from boundkit.simulate.threads import one_thread

MILLION = 10**6
TOY_STEPS = 1000


def flips(trials: int, d: int, ell: int) -> Run:
    return lambda: check(bk.theorem_5_1, trials, d=d, ell=ell, m=10, seed=1)


def steps(points: int, m: int, rank: int) -> tuple[Run, Run]:
    rng = np.random.default_rng(1)
    W, X = rng.standard_normal((m, rank)) / rank, rng.standard_normal((points, rank))
    y, u = np.where(rng.random(points) < 0.5, -1.0, 1.0), np.where(rng.random(m) < 0.5, -1.0, 1.0) / np.sqrt(m)

    def products() -> None:
        a = X @ W.T
        _ = a.T @ X

    return lambda: step(W, X, y, u, 1e-5, 0.01), products


def toy() -> tuple[np.ndarray, np.ndarray]:
    """Seven points on the line y = x from (-1, -1) to (1, 1), as in the paper's Figure 2."""
    t = np.linspace(-1, 1, 7)
    return np.column_stack([t, t]), np.where(np.arange(7) % 2, 1.0, -1.0)


def torch_loop(count: int) -> Run:
    """The same training with autograd and PyTorch's optimiser, one thread, double precision."""
    import torch

    torch.set_num_threads(1)
    X, y = (torch.tensor(v, dtype=torch.float64) for v in toy())

    def run() -> None:
        generator = torch.Generator().manual_seed(0)
        W = torch.randn(100, 2, dtype=torch.float64, generator=generator).div(2**0.5).requires_grad_()
        u = torch.where(torch.rand(100, dtype=torch.float64, generator=generator) < 0.5, -0.1, 0.1).double()
        optimiser = torch.optim.SGD([W], lr=0.02)
        for _ in range(count):
            optimiser.zero_grad()
            loss = torch.nn.functional.softplus(-y * (torch.relu(X @ W.T) @ u)).sum()
            loss.backward()
            optimiser.step()

    return run


def rows(quick: bool) -> Iterator[Row]:
    trials, points, toy_steps = (1000, 20, 10) if quick else (MILLION, 1000, TOY_STEPS)
    large, small = flips(trials, 10**12, 6 * 10**11), flips(trials, 1000, 600)
    found = pairs(large, small, 1 if quick else 7)
    yield Row("a million trials of Theorem 5.1, d = 10^12", "d = 1000", *found, at_most=1.2, within=3.0)
    for m, rank, aim in ((1000, 400, 1.3), (100, 400, 1.3), (1000, 784, 1.3), (1000, 32, 2.2), (100, 32, 2.2)):
        with one_thread():
            found = pairs(*steps(points, m, rank), 1 if quick else 31)
        yield Row(f"a step, 1000 points, rank {rank}, m = {m}", "two products", *found, at_most=aim)
    if find_spec("torch"):
        X, y = toy()
        ours = partial(train, problem(X=X, y=y), 100, eta=0.02, steps=toy_steps)
        found = pairs(ours, torch_loop(toy_steps), 1 if quick else 7)
        yield Row(f"{TOY_STEPS} steps, 7 points, m = 100", "PyTorch", *found, at_most=0.2)
