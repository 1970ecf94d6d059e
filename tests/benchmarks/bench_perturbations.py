"""The least step's quadratic programme beside SciPy's general solvers on the same programme.

    python tests/benchmarks/bench_perturbations.py

Prints a Markdown table of medians over alternating pairs of runs, with the relative excess of each length over the
best lower bound known (ours, by duality). SciPy's solvers get the gradients, and the smooth form with one more variable
for each supporting neuron: |z|^2/2 over (z, s) with s >= 0, s >= -<switch, z> - room and <pull, z> - sum s >= need.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint, minimize

from boundkit.simulate import problem, train
from boundkit.simulate.shortest import Programme, solved
from boundkit.simulate.threads import one_thread


def programme(m: int, ell: int) -> Programme:
    """The first programme of method="least" at the first covered point of a trained network, c = 3: many switch."""
    data = problem(d=2 * ell, ell=ell, points=20, seed=1, rank=10)
    net = train(data, m, steps=200, seed=1)
    x = data.coordinates[np.flatnonzero(net.opposing(data.coordinates).any(axis=1))[0]]
    a, output = net.inputs(x), float(net.output(x))
    supports = net.u * output > 0
    active = supports & (a >= 0)
    pull = net.off[~supports & (a >= 0)].sum(axis=0) - net.off[active].sum(axis=0)
    switches = np.where(active, 1.0, -1.0)[supports, None] * net.off[supports]
    return Programme(pull, switches, np.abs(a[supports]), 3 * abs(output) * np.sqrt(m))


def scipys(p: Programme, method: str) -> Callable[[], Any]:
    """The same in SciPy, from the linear network's step."""
    n, width = p.switches.shape
    rows = np.block([[p.switches, np.eye(n)], [p.pull[None], -np.ones((1, n))]])
    low = np.append(-p.room, p.need)
    z = p.pull * p.need / (p.pull @ p.pull)
    start = np.append(z, np.maximum(-p.switches @ z - p.room, 0))
    bounds = [(None, None)] * width + [(0, None)] * n
    if method == "SLSQP":
        constraints: Any = {"type": "ineq", "fun": lambda y: rows @ y - low, "jac": lambda _: rows}
        options = {"maxiter": 1000, "ftol": 1e-12}
    else:
        constraints, options = LinearConstraint(rows, low, np.inf), {"maxiter": 1000}

    def value(y: np.ndarray) -> tuple[float, np.ndarray]:
        return float(y[:width] @ y[:width]) / 2, np.append(y[:width], np.zeros(n))

    hessian = np.diag(np.append(np.ones(width), np.zeros(n)))
    second = {} if method == "SLSQP" else {"hess": lambda _: hessian}
    return lambda: minimize(
        value, start, jac=True, method=method, bounds=bounds, constraints=constraints, options=options, **second
    ).x[:width]


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    found = run()
    return perf_counter() - start, found


def main() -> None:
    print("| m, ell | ours | excess | SciPy | its excess | ratio |\n|---|---|---|---|---|---|")
    for m, ell, method, runs in (
        (10, 100, "SLSQP", 11), (40, 100, "SLSQP", 11), (100, 200, "SLSQP", 5), (400, 1000, "SLSQP", 1),
        (10, 100, "trust-constr", 3), (40, 100, "trust-constr", 3), (100, 200, "trust-constr", 1),
    ):  # fmt: skip
        p = programme(m, ell)
        theirs = scipys(p, method)
        pairs = [(timed(lambda p=p: solved(p)), timed(theirs)) for _ in range(runs)]
        (_, (z, gap)), (_, its) = pairs[-1]
        best = np.linalg.norm(z) / (1 + gap)
        ours, slower = (median(t) for t in zip(*((mine[0], other[0]) for mine, other in pairs), strict=True))
        print(
            f"| {m}, {ell} | {1000 * ours:.3g} ms | {gap:.0e} | {method}, {1000 * slower:.3g} ms | "
            f"{np.linalg.norm(its) / best - 1:.0e} | {slower / ours:.2g} |"
        )


if __name__ == "__main__":
    with one_thread():
        main()
