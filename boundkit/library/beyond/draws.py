"""How the quantities of the statements beyond the paper are drawn: by their law given the trained part, or in full.

"For every x0" is drawn at the x0 that is worst for the weights drawn, as if x0 could have any pre-activations.
Parameters in which such a statement only scales (output, norm_J, delta) are 1 where they are not given.
"""

from __future__ import annotations

from functools import partial
from itertools import combinations, product
from math import comb
from typing import Any

import numpy as np

from boundkit.errors import HypothesisError, ParameterError
from boundkit.laws import row_sums
from boundkit.library.melamed2023.draws import each, labelled
from boundkit.simulate.rng import Array, gaussian_factor
from boundkit.simulate.samplers import Draws
from boundkit.simulate.scales import norms
from boundkit.simulate.setting import Setting
from boundkit.simulate.trained import TrainedNetwork

BISECTIONS, DESCENT, SETTLED = 45, 100, 1e-10  # of a projection, of a search for the best direction
LONGER = 1 + 1e-10  # what rounding may take from moves
WIDTH, SPHERE_STEPS = 8, 30  # of networks trained on a sphere
MOST_PATTERNS = 14  # neurons whose activation patterns are all looked at


def _vectors(rng: np.random.Generator, rows: int, dimension: int, trials: int) -> Array:
    return rng.standard_normal((trials, rows, dimension))


# The sharpened theorem everywhere, and the improved one.


def _worst_flip(s: Setting, rng: np.random.Generator, X: Array, R: Array) -> Draws:
    """The step's length, and y0 N(x0 + z) at the worst x0 with k active opposing neurons and at the worst label.

    In units of sqrt(m) |N(x0)| input i moves the right way by `moves`. The opposing neurons with the least moves are
    active, just as far as they fall, and one supporting neuron is, that with the least move; every other supporting one
    with a move below 0 grows by all of it.
    """
    trials, m = X.shape
    k, output, c = int(s.given.get("k", min(1, m - 1))), float(s.given.get("output", 1.0)), s.value("c")
    if output == 0:
        raise HypothesisError("output = 0: there is no label to lose; give output != 0")
    moves = c * X / (s.ell * (k + 1))
    after = np.full(trials, np.nan)
    plus = rng.random((trials, m)) < 0.5
    for opposing in (plus, ~plus):
        pushing = np.sort(np.where(opposing, moves, np.inf), axis=1)[:, :k]
        held = np.where(opposing, np.inf, moves)
        first = held.min(axis=1)
        lost = np.minimum(first, 1 + np.maximum(-pushing, 0).sum(axis=1))
        lost = lost + pushing.sum(axis=1) + np.minimum(held, 0).sum(axis=1) - np.minimum(first, 0)
        possible = (opposing.sum(axis=1) >= k) & ~opposing.all(axis=1)
        with np.errstate(invalid="ignore"):
            after = np.fmax(after, np.where(possible, abs(output) * (1 - lost), np.nan))
    norm = c * abs(output) * m / (k + 1) * np.sqrt(R) / (s.deviation * s.ell)
    return {"norm_z": norm, "flipped": after, "k": np.full(trials, float(k)), "output": np.full(trials, output)}


def worst_flip_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    return _worst_flip(s, rng, *row_sums.sample(s.ell, int(s.m), trials, rng))


def worst_flip_of_vectors(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    V = _vectors(rng, int(s.m), s.ell, trials)
    total = V.sum(axis=1)
    return _worst_flip(s, rng, np.einsum("tij,tj->ti", V, total), np.einsum("tj,tj->t", total, total) / V.shape[1])


# The universal flip.


def _require_rank(ell: int, m: int) -> None:
    if ell < m:
        raise HypothesisError(f"ell = {ell} < m = {m}: no direction moves every neuron as it should; give ell >= m")


def _changes(a: Array, moves: Array) -> Array:
    """max(a + moves, 0) - max(a, 0), to the last digits of small moves."""
    return np.asarray(np.where(a >= 0, np.maximum(moves, -a), np.maximum(a + moves, 0)))


def _after(output: float, a: Array, u: Array, moves: Array) -> float:
    """y0 N(x0 + z), where z makes these moves: exactly 0 where every neuron is off."""
    on = (a + moves > 0).any()
    return abs(output) + float(np.sign(output) * (_changes(a, moves) @ u)) if on else 0.0


def universal_law(s: Setting, rng: np.random.Generator, trials: int, ell: int | None = None) -> Draws:
    """Every move is alpha up or down, and |z| is alpha sqrt(m)/(b chi), with ell - m + 1 degrees of freedom."""
    a, u, output, y0, k = labelled(s)
    m, ell = len(u), s.ell if ell is None else ell
    _require_rank(ell, m)
    alpha = s.value("c") * abs(output) * np.sqrt(m) / (k + 1)
    after = _after(output, a, u, -alpha * LONGER * y0 * np.sign(u))
    chi = np.sqrt(rng.chisquare(ell - m + 1, trials))
    return {"norm_z": alpha * np.sqrt(m) / (s.deviation * chi), "flipped": np.full(trials, after)}


def universal_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    def flip(net: TrainedNetwork) -> dict[str, float]:
        before, k = float(net.output(s.x0)), int(np.sum(net.opposing(s.x0)))
        if not before or s.ell < net.m:
            return {"norm_z": np.nan, "flipped": np.nan}
        alpha = s.value("c") * abs(before) * np.sqrt(net.m) / (k + 1)
        moves = -np.sign(before) * np.sign(net.u) * alpha * LONGER
        z = np.linalg.lstsq(net.off, moves, rcond=None)[0]
        return {"norm_z": float(norms(z)), "flipped": _after(before, net.inputs(s.x0), net.u, net.off @ z)}

    return each(s, rng, trials, flip)


# The radius: the greatest |sum_i D_i v_i| over activation patterns D.


def _steepest(V: Array) -> Array:
    """The greatest |D V| over D in {0, 1}^rows, for V (..., rows, n)."""
    rows = V.shape[-2]
    if rows > MOST_PATTERNS:
        raise ParameterError(
            f"{rows} neurons have 2^{rows} activation patterns, and all are looked at; give at most {MOST_PATTERNS}"
        )
    patterns = np.array(list(product((0.0, 1.0), repeat=rows)))
    return np.asarray(np.linalg.norm(patterns @ V, axis=-1).max(axis=-1))


def radius_law(s: Setting, rng: np.random.Generator, trials: int, vectors: Any = gaussian_factor) -> Draws:
    m, output = int(s.m), float(s.given.get("output", 1.0))
    lipschitz = s.deviation / np.sqrt(m) * _steepest(vectors(rng, m, s.ell, trials))
    return {"distance": abs(output) / lipschitz, "output": np.full(trials, output)}


radius_of_vectors = partial(radius_law, vectors=_vectors)


def radius_at_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    m, q, output = s.value("m"), int(s.value("q")), float(s.value("output"))
    if output == 0:
        raise HypothesisError("N(x0) = 0: there is no label to lose; take another x0 or seed, or give q and output")
    lipschitz = s.deviation / np.sqrt(m) * _steepest(gaussian_factor(rng, q, s.ell, trials))
    return {"distance": abs(output) / lipschitz}


def radius_at_of_vectors(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """With q as given, or m: x0 does not depend on these vectors, so which neurons count does not matter."""
    q, output = int(s.given.get("q", s.m)), float(s.given.get("output", 1.0))
    lipschitz = s.deviation / np.sqrt(int(s.m)) * _steepest(_vectors(rng, q, s.ell, trials))
    return {"distance": abs(output) / lipschitz, "q": np.full(trials, float(q)), "output": np.full(trials, output)}


# Gradients, and singular values.


def gradient_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """b |J| chi_ell, with |J| = sqrt(k/m)."""
    length = np.sqrt(s.value("k") / s.value("m"))
    return {"norm_gradient": s.deviation * length * np.sqrt(rng.chisquare(s.ell, trials))}


def deep_gradient_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """b |J| chi_ell, with |J| as given."""
    return {"norm_gradient": s.deviation * s.value("norm_J") * np.sqrt(rng.chisquare(s.ell, trials))}


def _extremes(s: Setting, rng: np.random.Generator, trials: int, vectors: Any) -> tuple[Array, Array]:
    """The least and greatest singular value of the off-subspace weights."""
    values = s.deviation * np.linalg.svd(vectors(rng, int(s.m), s.ell, trials), compute_uv=False)
    return values[:, -1] if s.ell >= s.m else np.zeros(trials), values[:, 0]


def gradients_law(s: Setting, rng: np.random.Generator, trials: int, vectors: Any = gaussian_factor) -> Draws:
    least, greatest = _extremes(s, rng, trials, vectors)
    J = np.full(trials, float(s.given.get("norm_J", 1.0)))
    return {"least_gradient": J * least, "greatest_gradient": J * greatest, "norm_J": J}


def distances_law(s: Setting, rng: np.random.Generator, trials: int, vectors: Any = gaussian_factor) -> Draws:
    least, greatest = _extremes(s, rng, trials, vectors)
    delta = np.full(trials, float(s.given.get("delta", 1.0)))
    with np.errstate(divide="ignore"):
        return {"least_distance": delta / greatest, "greatest_distance": delta / least, "delta": delta}


gradients_of_vectors = partial(gradients_law, vectors=_vectors)
distances_of_vectors = partial(distances_law, vectors=_vectors)


def _of_k(V: Array, k: int) -> tuple[Array, Array]:
    """The least and the greatest |D V| over the D in {0, 1}^rows with k ones, for V (..., rows, n)."""
    rows = V.shape[-2]
    if not comb(rows, k) <= 2**MOST_PATTERNS:
        raise ParameterError(f"{rows} neurons have {comb(rows, k)} patterns of k = {k}; give at most 2^{MOST_PATTERNS}")
    patterns = np.zeros((comb(rows, k), rows))
    for i, chosen in enumerate(combinations(range(rows), k)):
        patterns[i, list(chosen)] = 1
    lengths = np.linalg.norm(patterns @ V, axis=-1)
    return lengths.min(axis=-1), lengths.max(axis=-1)


def patterned_gradients_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """|V^T D| b/sqrt(m) at its least and its greatest over the patterns of k neurons, as if x0 could have any."""
    m = int(s.m)
    least, greatest = _of_k(gaussian_factor(rng, m, s.ell, trials), int(s.value("k")))
    scale = s.deviation / np.sqrt(m)
    return {"least_gradient": scale * least, "greatest_gradient": scale * greatest}


def patterned_gradients_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The same of the weights that training leaves: orthogonally to P the gradient is the sum of u_i hat w_i over D."""

    def look(net: TrainedNetwork) -> dict[str, float]:
        least, greatest = _of_k(net.u[:, None] * net.off, int(s.value("k")))
        return {"least_gradient": float(least), "greatest_gradient": float(greatest)}

    return each(s, rng, trials, look)


# One direction for every x0.


def _onto(x: Array, total: int, or_more: bool) -> Array:
    """The nearest points with coordinates in [0, 1] that add up to `total`, or more, to points (trials, n)."""
    low, high = x.min(axis=1, keepdims=True) - total - 1, x.max(axis=1, keepdims=True)
    for _ in range(BISECTIONS):
        shift = (low + high) / 2
        large = np.clip(x - shift, 0, 1).sum(axis=1, keepdims=True) > total
        low, high = np.where(large, shift, low), np.where(large, high, shift)
    return np.asarray(np.clip(x - (np.minimum(high, 0) if or_more else high), 0, 1))


def best_direction(V: Array, opposing: int, k: int) -> Array:
    """How far the best direction goes over sqrt(m) |N(x0)|, for rows (trials, m, n), the first of which oppose.

    A direction takes the label from every x0 once the k least moves of opposing neurons add up to that with the moves
    of the supporting neurons that are below 0, or with the least where none is. So the best is V^T w for the shortest
    V^T w with weights from 0 to 1 that add up to k over the opposing neurons, and to 1 or more over the others: by
    gradient descent, accelerated. The direction with moves in proportion to the constant weights is never missed.
    """
    gram, (trials, m, _) = V @ np.swapaxes(V, -1, -2), V.shape
    even = np.where(np.arange(m) < opposing, k / opposing, 1 / (m - opposing))
    step = 1 / np.linalg.norm(gram, 2, axis=(1, 2))[:, None]
    w = ahead = np.tile(even, (trials, 1))
    for i in range(DESCENT):
        x = ahead - step * np.einsum("tij,tj->ti", gram, ahead)
        after = np.concatenate([_onto(x[:, :opposing], k, False), _onto(x[:, opposing:], 1, True)], axis=1)
        change = after - w
        ahead, w = after + i / (i + 3) * change, after
        if np.abs(change).max() < SETTLED:
            break
    in_proportion = np.linalg.solve(gram, np.broadcast_to(even, (trials, m))[..., None])[..., 0]
    return np.minimum(_length(gram, w, opposing, k), _length(gram, in_proportion, opposing, k))


def _length(gram: Array, w: Array, opposing: int, k: int) -> Array:
    """How far the direction V^T w goes, at its own worst x0; inf where it does not take the label."""
    moves = np.einsum("tij,tj->ti", gram, w)
    pushing, held = np.sort(moves[:, :opposing], axis=1)[:, :k], moves[:, opposing:]
    lowered = pushing.sum(axis=1) + np.minimum(held, 0).sum(axis=1) + np.maximum(held.min(axis=1), 0)
    length = np.sqrt(np.einsum("ti,ti->t", w, moves))
    return np.asarray(np.where(lowered > 0, length / np.where(lowered > 0, lowered, 1), np.inf))


def best_direction_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    m = int(s.m)
    _require_rank(s.ell, m)
    found = best_direction(gaussian_factor(rng, m, s.ell, trials), int(s.value("n_o")), int(s.value("k")))
    return {"best_length": np.sqrt(m) / s.deviation * found}


def best_direction_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The same of a trained network's weights, for the label that so many of its neurons oppose; nan without one."""
    opposing, k = int(s.value("n_o")), int(s.value("k"))
    _require_rank(s.ell, s.m)

    def look(net: TrainedNetwork) -> dict[str, float]:
        for label in (1, -1):
            against = net.u * label < 0
            if int(against.sum()) == opposing:
                V = (np.sign(net.u)[:, None] * net.off)[np.argsort(~against, kind="stable")]
                return {"best_length": float(np.sqrt(net.m) * best_direction(V[None], opposing, k)[0])}
        return {"best_length": np.nan}

    return each(s, rng, trials, look)


# Data on a sphere.


def sphere_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Three-layer networks without biases, all layers trained on points of a sphere that span R^d, at one of these.

    N is looked at along the line through x0 and 0, where every z orthogonal to the tangent space leads. The last layer
    is scaled so that N(x0) is what is given.
    """
    d, rho, output = int(s.value("d")), float(s.value("rho")), float(s.value("output"))
    X = rng.standard_normal((trials, 2 * d, d))
    X /= np.linalg.norm(X, axis=-1, keepdims=True)  # over rho, which only scales what is seen
    y = np.where(rng.random((trials, 2 * d)) < 0.5, -1.0, 1.0)
    W, A, v = (
        rng.standard_normal((trials, *shape)) / np.sqrt(shape[-1]) for shape in ((WIDTH, d), (WIDTH, WIDTH), (1, WIDTH))
    )
    v = v[:, 0]
    for _ in range(SPHERE_STEPS):
        first, second, N = _three_layers(W, A, v, X)
        slope = -y / (1 + np.exp(y * N)) / (2 * d)
        back = slope[..., None] * v[:, None] * (second > 0)
        down = (back @ A) * (first > 0)
        v = v - np.einsum("tr,tri->ti", slope, np.maximum(second, 0))
        A = A - np.swapaxes(back, 1, 2) @ np.maximum(first, 0)
        W = W - np.swapaxes(down, 1, 2) @ X
    x0 = X[:, :1]
    first, second, N = _three_layers(W, A, v, x0)
    v = v * np.divide(output, N, out=np.full_like(N, np.nan), where=np.abs(N) > 1e-6)
    along = np.linspace(-1, 3, 401)
    _, _, seen = _three_layers(W, A, v, along[:, None] * x0)
    lost = np.where(np.sign(output) * seen <= 0, np.abs(1 - along), np.inf).min(axis=1)
    gradient = (((v[:, None] * (second > 0)) @ A) * (first > 0)) @ W
    defined = np.where(np.isfinite(v[:, 0]), 1.0, np.nan)
    with np.errstate(over="ignore"):  # N(x0)/rho may be beyond all floats
        steep = np.abs(np.sum(gradient * x0, axis=-1)[:, 0]) / rho
    return {"distance": defined * rho * lost, "normal_gradient": steep}


def _three_layers(W: Array, A: Array, v: Array, x: Array) -> tuple[Array, Array, Array]:
    """The pre-activations of both hidden layers, and N, at points (trials, n, d)."""
    first = x @ np.swapaxes(W, 1, 2)
    second = np.maximum(first, 0) @ np.swapaxes(A, 1, 2)
    return first, second, np.einsum("tri,ti->tr", np.maximum(second, 0), v)


def absolute_normal(_: Setting, rng: np.random.Generator, trials: int) -> Draws:
    return {"Z": np.abs(rng.standard_normal(trials))}


def square(s: Setting) -> float:
    return float(s.m * min(s.m, s.ell))


def whole(s: Setting) -> float:
    return float(s.m * s.ell)


def patterns(s: Setting) -> float:
    return float(2.0 ** min(s.given.get("q", s.m), MOST_PATTERNS) * min(s.m, s.ell))


def patterns_whole(s: Setting) -> float:
    return float(2.0 ** min(s.given.get("q", s.m), MOST_PATTERNS) * s.ell)


def patterns_of_k(s: Setting) -> float:
    return float(min(comb(int(s.m), int(s.value("k"))), 2**MOST_PATTERNS) * min(s.m, s.ell))
