"""Your own network.

What a network's report asks at 1000 points, for m = 200 neurons with biases on R^784 and data that span 100
dimensions, on one thread; first all of it, beside the processor time that it took. In the other rows a time is that of
one point. By hand means NumPy as one would write it, which checks nothing: for the universal flip one pseudo-inverse
for all points, for the one-point flip a least-squares problem for each, for the radius the output over the Lipschitz
constant |u| |W|, which is shorter. SciPy's SLSQP looks for the shortest flip from five of the points, in the span of
the weights and with the network's gradient, and proves nothing; PyTorch, if it is installed, takes 100 steps of
projected gradient by autograd and halves the last one 20 times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from time import process_time

from measure import medians, pairs, seconds
import numpy as np
from record import Row
from scipy.optimize import minimize

from boundkit.simulate import Network, Subspace, network
from boundkit.simulate.threads import one_thread

M, D, RANK, POINTS, FEW, RUNS = 200, 784, 100, 1000, 5, 3
Ask = Callable[[np.ndarray], object]


def trained(m: int, d: int, rank: int, points: int) -> tuple[Network, np.ndarray]:
    """Weights as they are drawn, and data on a subspace: no question here asks how they came about."""
    rng = np.random.default_rng(1)
    X = rng.standard_normal((points, rank)) @ rng.standard_normal((rank, d)) / np.sqrt(d)
    W, u, biases = rng.standard_normal((m, d)) / np.sqrt(d), rng.standard_normal(m) / np.sqrt(m), rng.standard_normal(m)
    return network(W, u, biases / 10, 0.05, subspace=Subspace.from_data(X)), X


def asked(net: Network) -> dict[str, Ask]:
    """The questions."""
    return {
        "gradients off P": net.off_subspace_gradient,
        "universal flips": net.flips,
        "one-point flips": lambda x: net.flips(x, "one_point_flip"),
        "certified radius off P": net.certified_radius,
    }


def by_hand(net: Network) -> dict[str, Ask]:
    """The same as one would write it."""
    W, u, biases, o, basis = net.weights, net.u, net.biases, net.output_bias, net.subspace.basis
    off = W - W @ basis @ basis.T

    def outputs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a = x @ W.T + biases
        return a, np.maximum(a, 0) @ u + o

    def gradients(x: np.ndarray) -> np.ndarray:
        return ((outputs(x)[0] > 0) * u) @ off

    def universal(x: np.ndarray) -> np.ndarray:
        a, N = outputs(x)
        on, against = a > 0, np.sign(N)[:, None] * u < 0
        least = np.where(on & ~against, np.abs(u), np.inf).min(axis=1)
        alpha = 1.01 * np.abs(N) / ((on & against) @ np.abs(u) + least)
        return (-np.sign(N) * alpha)[:, None] * (np.linalg.pinv(off) @ np.sign(u))

    def one_point(x: np.ndarray) -> np.ndarray:
        found = []
        for a, N in zip(*outputs(x), strict=True):
            against, on, size = np.sign(N) * u < 0, a > 0, np.abs(u)
            moving = on | ~against
            low, high = 0.0, 1e6
            for _ in range(60):
                tau = (low + high) / 2
                moves = np.where(against, tau * size, -np.minimum(tau * size, np.maximum(a, 0)))
                low, high = (low, tau) if (size * np.abs(moves))[on].sum() >= abs(N) else (tau, high)
            found.append(np.linalg.lstsq(off[moving], 1.01 * moves[moving])[0])
        return np.array(found)

    def radius(x: np.ndarray) -> np.ndarray:
        return np.abs(outputs(x)[1]) / (np.linalg.norm(u) * np.linalg.norm(off, 2))

    names = ("gradients off P", "universal flips", "one-point flips", "certified radius off P")
    return dict(zip(names, (gradients, universal, one_point, radius), strict=True))


def slsqp(net: Network) -> Ask:
    """The shortest z with y0 N(x + z) <= 0, from the step that the gradient suggests."""
    basis, factor = np.linalg.qr(net.off.T)

    def flip(x: np.ndarray) -> np.ndarray:
        a, N = net.inputs(x), float(net.output(x))
        v = np.sign(N) * net.u

        def left(w: np.ndarray) -> float:
            return -float(np.maximum(a + w @ factor, 0) @ v + np.sign(N) * net.output_bias)

        def slope(w: np.ndarray) -> np.ndarray:
            return -factor @ (v * (a + w @ factor > 0))

        there = slope(np.zeros(len(factor)))
        found = minimize(
            lambda w: (float(w @ w) / 2, w), there * abs(N) / (there @ there), jac=True, method="SLSQP",
            constraints={"type": "ineq", "fun": left, "jac": slope}, options={"maxiter": 100},
        )  # fmt: skip
        return basis @ found.x

    return lambda x: [flip(one) for one in x]


def autograd(net: Network) -> Ask:
    """Projected gradient off P by autograd for all points at once, then the first flip along the step by halving."""
    import torch

    torch.set_num_threads(1)
    W, u, biases, basis = (torch.tensor(x) for x in (net.weights, net.u, net.biases, net.subspace.basis))

    def output(x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x @ W.T + biases) @ u + net.output_bias

    def flip(points: np.ndarray) -> torch.Tensor:
        x = torch.tensor(points)
        z = torch.zeros_like(x)
        label = torch.sign(output(x))
        for _ in range(100):
            z.requires_grad_()
            (slope,) = torch.autograd.grad((label * output(x + z)).sum(), z)
            with torch.no_grad():
                slope = slope - slope @ basis @ basis.T
                z = z - 0.1 * slope / slope.norm(dim=1, keepdim=True)
        low, high = torch.zeros(len(x), dtype=x.dtype), torch.ones(len(x), dtype=x.dtype)
        for _ in range(20):
            t = (low + high) / 2
            lost = label * output(x + t[:, None] * z) < 0
            low, high = torch.where(lost, low, t), torch.where(lost, t, high)
        return high[:, None] * z

    return flip


def rows(quick: bool) -> Iterator[Row]:
    net, X = trained(20, 60, 10, 20) if quick else trained(M, D, RANK, POINTS)
    runs, n, asks, hand = 1 if quick else RUNS, len(X), asked(net), by_hand(net)

    def everything() -> float:
        began = process_time()
        for ask in asks.values():
            ask(X)
        return process_time() - began

    used: list[float] = []
    with one_thread():
        both = [(seconds(lambda: used.append(everything())), used[-1]) for _ in range(runs)]
        yield Row("all of these, 1000 points at m = 200", "its processor time", *medians(both), within=10.0)
        for what, ask in asks.items():
            found = pairs(lambda ask=ask: ask(X), lambda what=what: hand[what](X), runs, (n, n))
            yield Row(what, "by hand in NumPy", *found)
        flips = asks["one-point flips"]
        found = pairs(lambda: flips(X), lambda: slsqp(net)(X[:FEW]), runs, (n, FEW))
        yield Row("one-point flips", "SciPy's SLSQP", *found)
        if find_spec("torch"):
            attack = autograd(net)
            yield Row("one-point flips", "PyTorch", *pairs(lambda: flips(X), lambda: attack(X), runs, (n, n)))
