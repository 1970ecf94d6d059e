"""The simulator beside what it cannot do without: its matrix products, a small dimension, the same loop in PyTorch.

    python tests/benchmarks/bench_simulate.py

Prints a Markdown table of medians over alternating pairs of runs; PyTorch's row needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

import boundkit as bk
from boundkit.simulate import check, problem, step, train
from boundkit.simulate.threads import one_thread

MILLION = 10**6
TOY_STEPS = 1000


def seconds(run: Callable[[], Any]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def pairs(ours: Callable[[], Any], theirs: Callable[[], Any], runs: int) -> tuple[float, float, float]:
    """Median seconds of each, and the median of the ratios within pairs."""
    ours()
    theirs()
    times = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return median(a for a, _ in times), median(b for _, b in times), median(a / b for a, b in times)


def row(name: str, beside: str, found: tuple[float, float, float], target: str) -> None:
    ours, theirs, ratio = found
    print(f"| {name} | {1000 * ours:.4g} ms | {beside}, {1000 * theirs:.4g} ms | {ratio:.2f} | {target} |")


def flips(d: int, ell: int) -> Callable[[], Any]:
    return lambda: check(bk.theorem_5_1, MILLION, d=d, ell=ell, m=10, seed=1)


def steps(points: int, m: int, rank: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
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


def torch_loop() -> Callable[[], Any]:
    """The same training with autograd and PyTorch's optimiser, one thread, double precision."""
    import torch

    torch.set_num_threads(1)
    X, y = (torch.tensor(v, dtype=torch.float64) for v in toy())

    def run() -> None:
        generator = torch.Generator().manual_seed(0)
        W = torch.randn(100, 2, dtype=torch.float64, generator=generator).div(2**0.5).requires_grad_()
        u = torch.where(torch.rand(100, dtype=torch.float64, generator=generator) < 0.5, -0.1, 0.1).double()
        optimiser = torch.optim.SGD([W], lr=0.02)
        for _ in range(TOY_STEPS):
            optimiser.zero_grad()
            loss = torch.nn.functional.softplus(-y * (torch.relu(X @ W.T) @ u)).sum()
            loss.backward()
            optimiser.step()

    return run


def main() -> None:
    print("| what | time | beside | ratio | target |\n|---|---|---|---|---|")
    large, small = flips(10**12, 6 * 10**11), flips(1000, 600)
    row("a million trials of Theorem 5.1, d = 10^12", "d = 1000", pairs(large, small, 7), "3 s; at most 1.2")
    for m, rank, target in ((1000, 400, 1.3), (100, 400, 1.3), (1000, 784, 1.3), (1000, 32, 2.2), (100, 32, 2.2)):
        with one_thread():
            found = pairs(*steps(1000, m, rank), 31)
        row(f"a step, 1000 points, rank {rank}, m = {m}", "two products", found, f"at most {target}")
    X, y = toy()
    if find_spec("torch"):
        data = problem(X=X, y=y)
        ours = partial(train, data, 100, eta=0.02, steps=TOY_STEPS)
        row(f"{TOY_STEPS} steps, 7 points, m = 100", "PyTorch", pairs(ours, torch_loop(), 7), "at most 0.2")


if __name__ == "__main__":
    main()
