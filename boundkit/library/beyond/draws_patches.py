"""How the statements about patches are drawn: by their law given the trained part, or on trained patch networks."""

from __future__ import annotations

import numpy as np

from boundkit.errors import HypothesisError, ParameterError
from boundkit.library.beyond.draws import LONGER
from boundkit.library.beyond.draws_anywhere import swaps_law
from boundkit.library.melamed2023.draws import ROUNDING
from boundkit.simulate.patches import PatchNetwork, off_patches, patches_of, train_patches
from boundkit.simulate.rng import Array
from boundkit.simulate.samplers import Draws
from boundkit.simulate.setting import Setting

POSITIONS, FILTERS, POINTS = 5, 3, 6
MOST_WEIGHTS = 10**6


def weights(_: Setting) -> float:
    """How many chi-square variables are drawn."""
    return 2


def patch_gradient_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Where all weights but one are the largest: n of them, the last one a share of it."""
    n, norm = float(s.value("n")), float(s.given.get("norm_M", 1))
    whole = np.floor(n)
    X = (n - whole) * rng.chisquare(1, trials)
    if whole:
        X += rng.chisquare(whole, trials)
    return {"norm_gradient": s.deviation * norm * np.sqrt(X / n), "norm_M": np.full(trials, norm)}


def patch_gradient_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Of networks trained on patches that leave n dimensions, or nearly, at a fresh point with such patches.

    Not covered are those whose effective number is below n; |M| is stretched to what is given.
    """
    d, n = int(s.value("d")), float(s.value("n"))
    if d < 2:
        raise HypothesisError("d = 1: a patch of one entry leaves nothing orthogonal to the training patches")
    ell = min(int(np.ceil(n)), d - 1)
    net, Q, x0 = _trained(s, rng, trials, d, ell, FILTERS)
    J = net.slopes(x0)
    gradient = np.einsum("ntc,nce->nte", J, net.filters @ Q)
    total, largest = (J**2).sum(axis=(1, 2)), np.linalg.norm(J, 2, axis=(1, 2)) ** 2
    defined = np.where((total > 0) & (n * largest <= ell * total * LONGER), 1.0, np.nan)
    norm = np.sqrt(ell * total)
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = float(s.given["norm_M"]) / norm if "norm_M" in s.given else 1.0
        length = stretch * defined * np.sqrt((gradient**2).sum(axis=(1, 2)))
        return {"norm_gradient": length, "norm_M": stretch * norm}


def _trained(
    s: Setting, rng: np.random.Generator, trials: int, d: int, ell: int, filters: int
) -> tuple[PatchNetwork, Array, Array]:
    """Networks on patches that leave ell dimensions, a basis of these, and a fresh point with such patches."""
    if d * trials * filters > MOST_WEIGHTS * 100:
        raise ParameterError(f"d = {d}: patch networks are written out; give smaller patches, or fewer trials")
    frame = np.linalg.qr(rng.standard_normal((d, d - ell)))[0]
    number = max(POINTS, -(-(d - ell) // POSITIONS))  # their patches span all that is not left
    points = (rng.standard_normal((number + 1, POSITIONS, d - ell)) @ frame.T).reshape(number + 1, -1)
    y = np.where(rng.random(number) < 0.5, -1.0, 1.0)
    patches = patches_of(POSITIONS * d, d)
    _, net = train_patches(
        points[:-1], y, patches, filters, networks=trials, deviation=s.deviation, seed=int(rng.integers(2**63))
    )
    return net, off_patches(points[:-1], patches), points[-1]


def patch_swap_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """How far apart the pre-activations are over the least singular value of the filters' parts."""
    return {**swaps_law(s, rng, trials), "gap": np.zeros(trials)}


def patch_swap_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Between points that differ in one patch, in the direction that is hardest to reach: seen after training."""
    d, ell, m = (int(s.value(name)) for name in ("d", "ell", "m"))
    if not m <= ell < d:
        raise HypothesisError(
            f"d = {d}, ell = {ell}, m = {m}: give m <= ell < d, so that there is such a step and data"
        )
    net, Q, x0 = _trained(s, rng, trials, d, ell, m)
    hat = net.filters @ Q
    hardest = np.linalg.svd(hat)[0][:, :, -1]
    moved = float(s.given.get("moved", 1))
    z, way = (moved * (np.linalg.pinv(rows) @ hardest[..., None])[..., 0] for rows in (hat, net.filters))
    there, to = np.zeros((2, trials, len(x0))) + x0
    there[:, :d] += z @ Q.T
    to[:, :d] += way
    gap = np.array([abs(net[i].output(there[i]) - net[i].output(to[i])) for i in range(trials)])
    size = np.abs(net.head).sum(axis=(1, 2)) * (np.abs(net.inputs(x0)).max(axis=(1, 2)) + moved)
    return {
        "greatest_distance": np.linalg.norm(z, axis=1),
        "gap": np.where(gap <= ROUNDING * size, 0.0, gap),
        "moved": np.full(trials, moved),
    }
