"""What only a trained network shows: the errata of the paper that no formula refutes, each run on the spot.

Every witness is seeded and takes about a second. It says whether the printed sentence failed, and what was seen.
"""

from __future__ import annotations

import numpy as np

from boundkit.simulate.data import problem
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.training import train

Seen = tuple[bool, str]


@single_threaded
def printed_alpha() -> Seen:
    """E2: with N(x0) in alpha instead of |N(x0)|, points of label -1 are moved away from the boundary."""
    net = train(problem(d=2000, ell=1900, points=40, seed=1), 12, steps=150, seed=2)
    flips = {+1: [0, 0], -1: [0, 0]}
    corrected = 0
    for i in (i for i in range(40) if net.opposing(i).any()):
        count = flips[int(np.sign(net.output(i)))]
        count[0] += net.paper_step(i, as_printed=True).flipped
        count[1] += 1
        corrected += net.paper_step(i).flipped
    (plus, of_plus), (minus, of_minus) = flips[+1], flips[-1]
    seen = f"the printed z flips {plus} of {of_plus} points with y0 = +1 and {minus} of {of_minus} with y0 = -1; "
    return minus == 0 < of_minus, f"{seen}with |N(x0)| {corrected} of {of_plus + of_minus}"


@single_threaded
def fixed_direction() -> Seen:
    """E16: a z fixed before the weights are drawn, however long, flips the label at best about half the time."""
    p = problem(d=400, ell=300, points=10, seed=1)
    z = p.off(np.random.default_rng(0).standard_normal(400))
    z *= 50 / np.linalg.norm(z)
    nets = [net for net in (train(p, 6, steps=50, seed=seed) for seed in range(200)) if net.output(0)]
    flips = sum(bool(np.sign(net.output(0)) * net.output(p.X[0] + z) < 0) for net in nets)
    return flips < 0.7 * len(nets), f"one z of length 50 flips {flips} of {len(nets)} networks, d = 400, m = 6"


@single_threaded
def split_penalty() -> Seen:
    """E18: with the penalty split over the samples a step of SGD shrinks hat w by less than the theorem says."""
    p = problem(d=40, ell=15, points=25, seed=1)
    eta, shrink = 1e-3, 0.1

    def left(lam: float) -> float:
        net = train(p, 6, method="sgd", eta=eta, lam=lam, steps=100, seed=2)
        return float(np.linalg.norm(net.off) / np.linalg.norm(net.start.off))

    split, whole = left(shrink / eta / 25), left(shrink / eta)
    seen = f"after T = 100 steps of SGD over 25 samples at eta lambda = 0.1, |hat w| is {split:.3f} of its start"
    failed = bool(split > 1000 * (1 - shrink) ** 100)
    return failed, f"{seen}; with the whole penalty in each step {whole:.2g}"


@single_threaded
def one_large_step() -> Seen:
    """E20: one step with eta = 1 takes the margin far past log(d)^2."""
    p = problem(d=1000, ell=500, points=5, seed=1, labels="clusters")
    margin = train(p, 100, eta=1.0, steps=1, seed=0).margin
    target = np.log(1000) ** 2
    seen = f"one step with eta = 1 at d = 1000 gives margin {margin:.3g}, and log(d)^2 is {target:.3g}"
    return bool(margin > target), seen
