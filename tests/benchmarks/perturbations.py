"""The shortest flip.

The first quadratic programme of `shortest_flip(x0)` at networks with m neurons and ell dimensions off the data,
beside SciPy's general solvers on the same programme, on one thread. An error is the relative excess of the length over
the lower bound that boundkit proves by duality. SciPy's solvers get the gradients, and the smooth form with one more
variable for each supporting neuron: |z|^2/2 over (z, s) with s >= 0, s >= -(switch, z) - room and
(slope, z) - sum s >= need. SLSQP is compiled and sooner done with small programmes; it grows faster, proves nothing
about its answer, and does not say that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from measure import pairs
import numpy as np
from record import Row
from scipy.optimize import LinearConstraint, minimize

from boundkit.simulate import problem, train
from boundkit.simulate.min_norm_qp import Programme, solved
from boundkit.simulate.threads import one_thread


def programme(m: int, ell: int) -> Programme:
    """The first programme of `shortest_flip` at the first covered point of a trained network, c = 3: many switch."""
    data = problem(d=2 * ell, ell=ell, points=20, seed=1, rank=10)
    net = train(data, m, steps=200, seed=1)
    x = data.coordinates[np.flatnonzero(net.opposing(data.coordinates).any(axis=1))[0]]
    a, output = net.inputs(x), float(net.output(x))
    supports = net.u * output > 0
    active = supports & (a >= 0)
    slope = net.off[~supports & (a >= 0)].sum(axis=0) - net.off[active].sum(axis=0)
    switches = np.where(active, 1.0, -1.0)[supports, None] * net.off[supports]
    return Programme(slope, switches, np.abs(a[supports]), 3 * abs(output) * np.sqrt(m))


def scipys(p: Programme, method: str) -> Callable[[], Any]:
    """The same in SciPy, from the linear network's step."""
    n, width = p.switches.shape
    rows = np.block([[p.switches, np.eye(n)], [p.slope[None], -np.ones((1, n))]])
    low = np.append(-p.room, p.need)
    z = p.slope * p.need / (p.slope @ p.slope)
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


CASES = (
    (10, 100, "SLSQP", 11), (40, 100, "SLSQP", 11), (100, 200, "SLSQP", 5), (400, 1000, "SLSQP", 3),
    (10, 100, "trust-constr", 5), (40, 100, "trust-constr", 5), (100, 200, "trust-constr", 3),
)  # fmt: skip


def case(p: Programme, what: str, method: str, runs: int) -> Row:
    ours, theirs = partial(solved, p), scipys(p, method)
    with one_thread():
        z, bound = ours()
        its = np.linalg.norm(theirs())
        found = pairs(ours, theirs, runs)
    return Row(what, f"SciPy's {method}", *found, float(np.linalg.norm(z) / bound - 1), float(its / bound - 1))


def rows(quick: bool) -> Iterator[Row]:
    for m, ell, method, runs in CASES:
        p = programme(10, 100) if quick else programme(m, ell)
        yield case(p, f"m = {m}, ell = {ell}", method, 1 if quick else runs)
