"""How the statements about affine sets and data near a subspace are drawn: by their law, or on trained networks.

In full mode many small networks are trained in R^d, one for each trial, and their own weights are asked. `k`, `output`
and `norm_J` are 1 where they are not given, and `drift` is what training added, or a tenth of b in conditional mode.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from boundkit.errors import HypothesisError, ParameterError
from boundkit.library.beyond.draws import LONGER, MOST_PATTERNS
from boundkit.library.beyond.draws_anywhere import outweighed
from boundkit.library.melamed2023.draws import ROUNDING
from boundkit.simulate.near import LoggedRun, Points, points_near, points_on_affine, train_logged
from boundkit.simulate.rng import Array, gaussian_factor
from boundkit.simulate.samplers import Draws
from boundkit.simulate.setting import Setting

MOST_STEPS, MOST_POINTS = 10**4, 10**3
POINTS, STEPS, RESIDUE = 12, 40, 0.5  # of the data and the runs, where no parameter says it
NEURONS, DIMENSION, FREE = 3, 10, 6  # of networks of which only what training added is asked


def in_space(s: Setting) -> float:
    """How many numbers a network written out in R^d takes, with what training makes of them."""
    return float(6 * s.d * s.m)


def _fits(s: Setting) -> tuple[int, int]:
    """d and ell of networks that are written out."""
    d, ell = int(s.value("d")), int(s.value("ell"))
    if ell >= d:
        raise HypothesisError(f"ell = d = {d}: no data but 0 are orthogonal to everything; give ell < d")
    return d, ell


def _run(s: Setting, rng: np.random.Generator, trials: int, data: Points, bias: float | None = None) -> LoggedRun:
    """Networks trained on the data, one for each trial."""
    seed, eta = int(rng.integers(2**31)), 0.5 / POINTS
    return train_logged(data, s.m, networks=trials, deviation=s.deviation, bias=bias, steps=STEPS, eta=eta, seed=seed)


# Affine sets.


def _active(s: Setting) -> float:
    return float(s.given.get("k", 1))


def affine_gradient_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """b sqrt(k/m) chi with ell - 1 degrees of freedom."""
    k, ell = _active(s), s.value("ell")
    if ell < 2:
        raise HypothesisError("ell = 1: the span of the affine set is all of R^d; give ell >= 2")
    length = s.deviation * np.sqrt(k / s.value("m") * rng.chisquare(ell - 1, trials))
    return {"norm_gradient": length, "k": np.full(trials, k)}


def affine_trained_bias_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """With the trained mean that makes it shortest, which is 0."""
    k, ell, ratio, height = _active(s), s.value("ell"), float(s.value("bias_ratio")), float(s.value("height"))
    square = rng.standard_normal(trials) ** 2 * ratio**2 / (height**2 + ratio**2)
    if ell > 1:
        square += rng.chisquare(ell - 1, trials)
    return {"norm_gradient": s.deviation * np.sqrt(k / s.value("m") * square), "k": np.full(trials, k)}


def _affine(s: Setting, rng: np.random.Generator, trials: int, height: float, bias: float | None) -> tuple[Array, ...]:
    """Of networks trained on an affine set: the gradients' parts along its normal, the others, and k, at a point."""
    d, ell = _fits(s)
    data = points_on_affine(d, ell, POINTS, height, int(rng.integers(2**31)))
    run = _run(s, rng, trials, data, bias)
    on = run.inputs(data.X[0]) >= 0
    gradient = np.einsum("nm,nmd->nd", on * run.u, run.weights)
    return gradient @ data.normal, np.linalg.norm(gradient @ data.off, axis=1), on.sum(axis=1)


def affine_gradient_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """With trained biases, at a training point."""
    _, off, k = _affine(s, rng, trials, 1.0, s.deviation)
    return _with_active(s, off, k)


def affine_trained_bias_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    along, off, k = _affine(s, rng, trials, float(s.value("height")), float(s.value("bias_ratio")) * s.deviation)
    return _with_active(s, np.hypot(along, off), k)


def _with_active(s: Setting, length: Array, k: Array) -> Draws:
    """The lengths and the numbers of active neurons; stretched to the k that is given."""
    if "k" not in s.given:
        return {"norm_gradient": length, "k": k}
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"norm_gradient": length * np.sqrt(np.where(k > 0, float(s.given["k"]) / k, np.nan))}


# How far training moves the weights.


def moved_weight(_: Setting) -> float:
    """The numbers of a trial by law."""
    return float(POINTS * (NEURONS + FREE))


def moved_full_weight(s: Setting) -> float:
    """The numbers of a network."""
    return float(6 * NEURONS * DIMENSION + 2 * min(s.value("points"), MOST_POINTS))


def moved_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """-G^T R for rows of G as long as they may be and R of this residue: at random, or all in line, where it is most.

    Of many points only the first few push.
    """
    points = int(min(s.value("points"), POINTS))
    most = float(s.value("point_weight")) * float(s.value("eta")) * float(s.value("T"))
    pushed = most * np.where(rng.random((trials, 1)) < 0.5, 1.0, rng.random((trials, points)))
    walked = np.linalg.norm(pushed, axis=1)
    if "path" in s.given:
        shrunk = np.minimum(1, float(s.given["path"]) / np.where(walked > 0, walked, 1))
        pushed, walked = pushed * shrunk[:, None], walked * shrunk
    way = rng.standard_normal((trials, points, NEURONS))
    R = rng.standard_normal((trials, points, FREE))
    line = (rng.random(trials) < 0.5)[:, None, None]
    way, R = np.where(line, np.eye(NEURONS)[0], way), np.where(line, pushed[..., None] * np.eye(FREE)[0], R)
    way /= np.linalg.norm(way, axis=2, keepdims=True)
    largest = np.linalg.norm(R, 2, axis=(1, 2))
    R *= (float(s.value("residue")) / np.where(largest > 0, largest, 1))[:, None, None]
    G = pushed[..., None] * way
    added = np.linalg.norm(np.swapaxes(G, 1, 2) @ R, 2, axis=(1, 2)) / LONGER
    return {"added": added, **({} if "path" in s.given else {"path": walked * LONGER})}


def moved_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Of networks trained on points near a subspace; where `path` is given those that went no farther are covered."""
    points, steps = int(s.value("points")), int(s.value("T"))
    if points > MOST_POINTS or steps > MOST_STEPS:
        raise ParameterError(
            f"points = {points}, T = {steps}: networks are trained here; give points <= {MOST_POINTS} and T <= "
            f"{MOST_STEPS}, or use mode='conditional'"
        )
    data = points_near(DIMENSION, FREE, points, float(s.value("residue")), int(rng.integers(2**31)))
    options = {"eta": float(s.value("eta")), "lam": float(s.value("lam")), "weight": float(s.value("point_weight"))}
    run = train_logged(data, NEURONS, networks=trials, steps=steps, seed=int(rng.integers(2**31)), **options)
    sizes = np.linalg.norm(run.weights, axis=(1, 2)) + np.linalg.norm(run.start, axis=(1, 2))
    added = np.maximum(run.moved(data.off) - ROUNDING * sizes, 0)
    walked = np.linalg.norm(run.pushed, axis=1)
    if "path" in s.given:
        return {"added": np.where(walked <= float(s.given["path"]), added, np.nan)}
    return {"added": added, "path": walked}


# What survives near a subspace.


def _drift(s: Setting) -> float:
    return float(s.given.get("drift", s.deviation / 10))


def _drifted(s: Setting, trials: int, drift: float) -> Draws:
    return {} if "drift" in s.given else {"drift": np.full(trials, drift)}


def _singular(s: Setting, rng: np.random.Generator, trials: int) -> tuple[Array, Array]:
    """Left vectors and singular values of the shrunk start; 0 where there are fewer dimensions than neurons."""
    m = int(s.m)
    left, values, _ = np.linalg.svd(gaussian_factor(rng, m, s.ell, trials), full_matrices=True)
    return left, s.deviation * np.pad(values, ((0, 0), (0, m - values.shape[1])))


def nearly_gradient_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Where what training added takes as much from the least singular value, and gives as much to the greatest."""
    _, values = _singular(s, rng, trials)
    drift, J = _drift(s), float(s.given.get("norm_J", 1))
    return {
        "least_gradient": J * np.maximum(values[:, -1] - drift, 0),
        "greatest_gradient": J * (values[:, 0] + drift),
        "norm_J": np.full(trials, J),
        **_drifted(s, trials, drift),
    }


def nearly_flip_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Where what training added takes as much from every singular value, at the x0 for which Lemma 1b is sharp."""
    left, values = _singular(s, rng, trials)
    drift = _drift(s)
    signs = np.where(rng.random((trials, int(s.m))) < 0.5, -1.0, 1.0)
    along = np.einsum("tmi,tm->ti", left, signs)
    with np.errstate(divide="ignore"):
        length = np.sqrt(((along / np.maximum(values - drift, 0)) ** 2).sum(axis=1))
        chi = np.sqrt(float(s.m)) / (s.deviation * length)
        found = outweighed(s, trials, chi)
    return {**found, **_drifted(s, trials, drift)}


def _patterns(m: int) -> Array:
    if m > MOST_PATTERNS:
        raise ParameterError(
            f"{m} neurons have 2^{m} activation patterns, and all are looked at; give at most {MOST_PATTERNS}"
        )
    return np.array(list(product((0.0, 1.0), repeat=m)))[1:]


def nearly_radius_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Where what training added makes a pattern steeper by all it can."""
    m, drift, output = int(s.m), _drift(s), float(s.given.get("output", 1))
    patterns = _patterns(m)
    start = s.deviation * np.linalg.norm(patterns @ gaussian_factor(rng, m, s.ell, trials), axis=-1)
    steepest = (start + drift * np.sqrt(patterns.sum(axis=1))).max(axis=1) / np.sqrt(m)
    return {
        "distance": abs(output) / steepest,
        "output": np.full(trials, output),
        **_drifted(s, trials, drift),
    }


def _trained(s: Setting, rng: np.random.Generator, trials: int) -> tuple[LoggedRun, Array, Array, Array]:
    """Networks trained near a subspace, their hat W in coordinates, drift, and a point of R^d.

    Where drift is given what training added is stretched to be so large.
    """
    d, ell = _fits(s)
    data = points_near(d, ell, POINTS, RESIDUE, int(rng.integers(2**31)))
    run = _run(s, rng, trials, data)
    added, drift = run.added(data.off), run.moved(data.off)
    if "drift" in s.given:
        stretch = float(s.given["drift"]) / np.where(drift > 0, drift, 1)
        added, drift = added * stretch[:, None, None], drift * stretch
    hat = run.decay * (run.start @ data.off) + added
    return run, hat, drift * LONGER, data.X[0] + rng.standard_normal(d)


def _with_drift(s: Setting, drift: Array) -> Draws:
    return {} if "drift" in s.given else {"drift": drift}


def nearly_gradient_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The least and the greatest singular value of hat W, which some J may have."""
    _, hat, drift, _ = _trained(s, rng, trials)
    values = np.asarray(np.linalg.svd(hat, compute_uv=False), dtype=np.float64)
    J = float(s.given.get("norm_J", 1))
    least = values[:, -1] if hat.shape[2] >= hat.shape[1] else np.zeros(trials)
    found = {"least_gradient": J * least, "greatest_gradient": J * values[:, 0], "norm_J": np.full(trials, J)}
    return found | _with_drift(s, drift)


def nearly_flip_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """From a point of R^d off P; where N(x0), U_F or u_min is given, from the x0 for which Lemma 1b is sharp."""
    if s.ell < s.m:
        raise HypothesisError(f"ell = {s.ell} < m = {s.m}: not all inputs can be moved at will; give ell >= m")
    run, hat, drift, x0 = _trained(s, rng, trials)
    z = np.einsum("nem,nm->ne", np.linalg.pinv(hat), np.sign(run.u))  # moves every input by 1
    length = np.linalg.norm(z, axis=1) / LONGER
    if {"output", "U_F", "u_min"} & s.given.keys():
        sharp = outweighed(s, trials, np.sqrt(float(s.m)) / (s.deviation * length))
        return {**sharp, **_with_drift(s, drift)}
    a, output = run.inputs(x0), run.output(x0)
    y0, sizes = np.sign(output), np.abs(run.u)
    opposing = run.u * y0[:, None] < 0
    pushing = np.where(opposing & (a >= 0), sizes, 0).sum(axis=1)
    least = np.where(~opposing & (a > 0), sizes, np.inf).min(axis=1)
    defined = np.where(output != 0, 1.0, np.nan)
    alpha = s.value("c") * np.abs(output) / (pushing + least)
    moves = -(y0 * alpha * LONGER)[:, None] * np.einsum("nme,ne->nm", hat, z)
    after = y0 * (run.u * np.maximum(a + moves, 0)).sum(axis=1)
    found = {"norm_z": alpha * length, "flipped": after, "U_F": pushing, "u_min": least, "output": output}
    return {**{name: x * defined for name, x in found.items()}, **_with_drift(s, drift)}


def nearly_radius_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """By the steepest pattern of their weights, whatever the pre-activations may be."""
    patterns = _patterns(int(s.m))
    run, hat, drift, _ = _trained(s, rng, trials)
    output = float(s.given.get("output", 1))
    steepest = np.linalg.norm(patterns @ (run.u[..., None] * hat), axis=-1).max(axis=1)
    found = {"distance": abs(output) / steepest, "output": np.full(trials, output)}
    return found | _with_drift(s, drift)
