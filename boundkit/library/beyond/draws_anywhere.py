"""How the statements about any data, any two points and any output weights are drawn.

In full mode a network is trained for every trial and looked at a fresh point of R^d, as long as the data are; what it
says of the parameters comes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
import warnings

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import BoundkitError, HypothesisError, ParameterError
from boundkit.library.beyond.draws import LONGER, distances_law, universal_law
from boundkit.library.beyond.draws_pointwise import longest_flip
from boundkit.library.melamed2023.draws import ROUNDING
from boundkit.simulate.data import Problem, problem
from boundkit.simulate.networks import Network
from boundkit.simulate.rng import Array, gaussian_factor
from boundkit.simulate.samplers import Draws
from boundkit.simulate.setting import Setting
from boundkit.simulate.trained import TrainedNetwork
from boundkit.simulate.training import DivergenceWarning, train

Look = Callable[[TrainedNetwork, Array], dict[str, float]]

RESOLVED = 1e-7  # how large the untrained weights are to be beside the trained ones, for a float to hold their sum
CARRIED = 1e-14  # relative rounding of an input, of the weights' and the point's lengths


def _each(s: Setting, rng: np.random.Generator, trials: int, look: Look, data: Problem, **how: Any) -> Draws:
    """What a network trained for each trial, looked at a fresh point, says; its own parameters may not be given."""
    rows = []
    for seed in rng.integers(2**63, size=trials):
        options = {"steps": 40, "beta": s.deviation, **how, **s.training}
        options.pop("m", None)
        x0 = rng.standard_normal(s.d)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DivergenceWarning)  # the statements hold however training went
            net = train(data, s.m, seed=int(seed), **options)
        rows.append(look(net, x0 * data.norm / np.linalg.norm(x0)) if _resolved(net) else {})
    names = {name for row in rows for name in row} or _unknown(s)
    anew = names & {p.name for p in s.statement.parameters}
    if fixed := ", ".join(sorted(anew & s.given.keys())):
        raise ParameterError(
            f"{fixed} given: full mode measures it on every network; leave it out, or use mode='conditional'"
        )
    return {name: np.array([row.get(name, np.nan) for row in rows], dtype=float) for name in names}


def _resolved(net: TrainedNetwork) -> bool:
    """Whether training has left finite weights, beside which those orthogonal to P are more than rounding."""
    return net.finite and bool(RESOLVED * np.abs(net.on).max(initial=0) <= net.b)


def _unknown(s: Setting) -> set[str]:
    """What a network says where none can be looked at: the quantities, and what has no value without it."""
    built = s.given.keys() | s.experiment.named("d", "ell", "m").keys()
    measured = {p.name for p in s.statement.parameters if p.default is None} - built
    return measured | {q.symbol.name for q in s.statement.quantities}


# Any data.


def _in_e(s: Setting) -> int:
    """The dimension of E."""
    h = int(s.d - s.value("points") - 1 - s.value("D"))
    if h < 1:
        raise HypothesisError(f"d - points - 1 - D = {h}: nothing is left for E; give fewer points, or a larger d")
    return h


def any_data_gradient_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """b sqrt(k/m) chi with as many degrees of freedom as E has dimensions."""
    length = s.deviation * np.sqrt(s.value("k") / s.value("m"))
    return {"norm_gradient": length * np.sqrt(rng.chisquare(_in_e(s), trials))}


def any_data_flip_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The universal flip's law, with E for the orthogonal complement of P."""
    return universal_law(s, rng, trials, _in_e(s))


def _spanned(s: Setting) -> Problem:
    """As many points as the statement has, spanning P."""
    points = int(s.value("points"))
    data = problem(s.d, s.d - points, points, s.seed) if s.data is None else s.data
    if data.d - data.ell != points:
        raise ParameterError(f"points = {points} and P has the dimension {data.d - data.ell}: the two have to agree")
    return data


def weights_in(net: TrainedNetwork, *others: Array) -> Array:
    """The weights' parts orthogonal to P and to `others`, as vectors of R^d (m, d)."""
    taken = np.linalg.qr(np.column_stack([net.problem.basis, *others]))[0]
    return np.asarray(net.weights - (net.weights @ taken) @ taken.T)


def any_data_gradient_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    _in_e(s)

    def look(net: TrainedNetwork, x0: Array) -> dict[str, float]:
        active = net.active(x0)
        E = weights_in(net, x0, rng.standard_normal((s.d, int(s.value("D")))))
        return {"norm_gradient": float(np.linalg.norm((active * net.u) @ E)), "k": int(active.sum())}

    return _each(s, rng, trials, look, _spanned(s))


def any_data_flip_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    _in_e(s)

    def look(net: TrainedNetwork, x0: Array) -> dict[str, float]:
        before, k = float(net.output(x0)), int(net.opposing(x0).sum())
        E = weights_in(net, x0, rng.standard_normal((s.d, int(s.value("D")))))
        moves = -np.sign(before) * np.sign(net.u) * s.value("c") * abs(before) * np.sqrt(net.m) / (k + 1)
        z = np.linalg.lstsq(E, moves, rcond=None)[0]
        after = np.sign(before) * float(net.output(x0 + z))
        return {"norm_z": float(np.linalg.norm(z)), "flipped": after, "k": k, "output": before}

    return _each(s, rng, trials, look, _spanned(s))


# Two points: W (x0 + z) = W x1.


def _all_layers(s: Setting, classes: int | None = None) -> dict[str, Any]:
    """Data, unless they are given, and options of training for all layers, biases among them."""
    data = problem(s.d, s.ell, 20, s.seed, rank=min(10, s.d - s.ell), classes=classes) if s.data is None else s.data
    return {"data": data, "layers": "all", "biases": 0.3}


def _movable(s: Setting, ell: int) -> int:
    """The degrees of freedom of the shortest step that moves all m inputs in ell dimensions."""
    if ell < s.m:
        raise HypothesisError(f"{ell} dimensions and m = {s.m}: not all inputs can be moved at will; give ell >= m")
    return int(ell - s.m + 1)


def swap_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """|W (x1 - x0)|/(b chi)."""
    chi = np.sqrt(rng.chisquare(_movable(s, s.ell - s.value("off")), trials))
    moved = np.full(trials, float(s.given.get("moved", 1)))
    return {"norm_z": moved / (s.deviation * chi), "gap": np.zeros(trials), "moved": moved}


def swap_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Three outputs; x1 anywhere in R^d, or where off = 0 from x0 along P."""
    _movable(s, s.ell - s.value("off"))

    def look(net: TrainedNetwork, x0: Array) -> dict[str, float]:
        way = rng.standard_normal(s.d)
        if s.value("off"):
            E = weights_in(net, way)
        else:
            way, E = way - net.subspace.off(way), weights_in(net)
        way *= _stretched(s, net.weights @ way)
        moves = net.weights @ way
        z = np.linalg.lstsq(E, moves, rcond=None)[0]
        there = net.output(x0 + way)
        gap = float(np.abs(net.output(x0 + z) - there).max())
        size = np.linalg.norm(net.inputs(x0 + way)) + np.linalg.norm(moves)
        carried = np.linalg.norm(net.weights) * (np.linalg.norm(x0) + np.linalg.norm(z))
        return {
            "norm_z": float(np.linalg.norm(z)),
            "gap": 0.0 if gap <= np.linalg.norm(net.u) * (ROUNDING * size + CARRIED * carried) else gap,
            **_moved(s, moves),
        }

    return _each(s, rng, trials, look, **_all_layers(s, classes=3))


def _stretched(s: Setting, moves: Array) -> float:
    """What x1 - x0 is to be stretched by for the pre-activations to be as far apart as is given."""
    return float(s.given.get("moved", np.linalg.norm(moves)) / np.linalg.norm(moves))


def _moved(s: Setting, moves: Any) -> dict[str, float]:
    """How far apart they are, where that is not given."""
    return {} if "moved" in s.given else {"moved": float(np.linalg.norm(moves))}


def swaps_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """|W (x1 - x0)| over the least singular value of hat W."""
    moved = float(s.given.get("moved", 1))
    return {
        "greatest_distance": moved * distances_law(s, rng, trials)["greatest_distance"],
        "moved": np.full(trials, moved),
    }


def swaps_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The step to the x1, so far away in the pre-activations, that is hardest to reach from x0: seen after training."""
    _movable(s, s.ell)

    def look(net: TrainedNetwork, x0: Array) -> dict[str, float]:
        hardest = np.linalg.svd(net.off)[0][:, -1]
        way = np.linalg.lstsq(net.weights, hardest, rcond=None)[0]
        z = net.swap(x0, x0 + way * _stretched(s, hardest))
        return {"greatest_distance": z.norm, **_moved(s, z.moved)}

    return _each(s, rng, trials, look, **_all_layers(s, classes=3))


# Any output weights, and classes.


def any_output_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """At the x0 for which Lemma 1 is sharp: the opposing neurons at 0, one active supporting one."""
    return outweighed(s, trials, np.sqrt(rng.chisquare(_movable(s, s.ell), trials)))


def outweighed(s: Setting, trials: int, chi: Array) -> Draws:
    """The draws of a step for these values of chi; output, U_F and u_min are 1 where they are not given."""
    names = ("output", "U_F", "u_min")
    output, pushing, least = (float(s.given.get(name, 1)) for name in names)
    if output == 0 or pushing + least == 0:
        raise HypothesisError("N(x0) = 0 or U_F + u_min = 0: there is no such step; give others")
    c, together = s.value("c"), pushing + least
    alpha = c * abs(output) / together  # below all floats where the output is tiny: not so the shares of it
    after = abs(output) * (max(1 - c * (least / together) * LONGER, 0) - c * (pushing / together) * LONGER)
    found = dict(zip((*names, "flipped"), (output, pushing, least, after), strict=True))
    never = np.full(trials, np.inf)
    return {
        "norm_z": np.divide(alpha * np.sqrt(float(s.m)), s.deviation * chi, out=never, where=chi > 0),
        **{name: np.full(trials, value) for name, value in found.items() if name not in s.given},
    }


def _sides(net: Network, x0: Array) -> tuple[float, float]:
    """U_F and u_min, which is 0 where an output bias makes the label alone."""
    sizes, a = np.abs(net.u), net.inputs(x0)
    supports = (a > 0) & (net.u * net.output(x0) > 0)
    enough = sizes[supports] @ a[supports] >= abs(net.output(x0))
    return float(sizes[net.opposing(x0)].sum()), float(sizes[supports].min()) if enough else 0.0


def _pushed(s: Setting, net: Network, x0: Array) -> dict[str, float]:
    """The universal flip of a network with one output, and what the statement says of it; nan where there is none."""
    try:
        z = net.universal_flip(x0, s.value("c"))
    except BoundkitError:
        return dict.fromkeys(("norm_z", "flipped", "U_F", "u_min", "output"), np.nan)
    pushing, least = _sides(net, x0)
    after = float(np.sign(z.before) * z.after)
    return {"norm_z": z.norm, "flipped": after, "U_F": pushing, "u_min": least, "output": z.before}


def any_output_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    _movable(s, s.ell)
    return _each(s, rng, trials, lambda net, x0: _pushed(s, net, x0), **_all_layers(s))


def flip_any_output_at_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Where only opposing neurons bring the output down; it and |(u_F, u_min)| are 1 where they are not given."""
    given = {name: float(s.given.get(name, 1)) for name in ("output", "norm_u_f")}
    return {
        **longest_flip(s, rng, trials, given["output"], given["norm_u_f"], 0.0),
        **{name: np.full(trials, value) for name, value in given.items() if name not in s.given},
    }


def flip_any_output_at_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """At a fresh point of P; nan where more than h neurons are moved."""

    def look(net: TrainedNetwork, x0: Array) -> dict[str, float]:
        at = x0 - net.subspace.off(x0)
        opposing, output = net.opposing(at), float(net.output(at))
        if (opposing | (net.u * output > 0)).sum() > s.value("h"):
            return {}
        try:
            z = net.one_point_flip(at, s.value("c"))
        except BoundkitError:
            return {}
        return {
            "norm_z": z.norm, "flipped": np.sign(output) * z.after * (not z.lost), "output": output,
            "norm_u_f": float(np.hypot(np.linalg.norm(net.u[opposing]), _sides(net, at)[1])),
        }  # fmt: skip

    return _each(s, rng, trials, look, **_all_layers(s))


def _pairs(s: Setting) -> tuple[int, NDArray[np.intp]]:
    """The least number of classes with so many pairs, and the pairs (pairs, 2)."""
    pairs = int(s.value("pairs"))
    classes = int(np.ceil((1 + np.sqrt(1 + 8 * pairs)) / 2))
    return classes, np.column_stack(np.triu_indices(classes, 1))[:pairs]


def _least_chi(V: Array, U: Array, pairs: NDArray[np.intp]) -> Array:
    """The least chi of the pairs' directions, for weights V (..., m, n) over b and output weights U (..., K, m)."""
    signs = np.sign(U[..., pairs[:, 0], :] - U[..., pairs[:, 1], :])
    solved = np.linalg.solve(V @ np.swapaxes(V, -1, -2), np.swapaxes(signs, -1, -2))
    return np.asarray(np.sqrt(V.shape[-2] / np.einsum("...pm,...mp->...p", signs, solved).max(axis=-1)))


def classes_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The longest of the pairs' steps, which share the weights orthogonal to P; random output weights."""
    _movable(s, s.ell)
    classes, pairs = _pairs(s)
    U = rng.standard_normal((trials, classes, int(s.m)))
    return outweighed(s, trials, _least_chi(gaussian_factor(rng, int(s.m), s.ell, trials), U, pairs))


def classes_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The step between the classes of a random pair, stretched as that of the pair with the longest one would be."""
    _movable(s, s.ell)
    classes, pairs = _pairs(s)

    def look(net: TrainedNetwork, x0: Array) -> dict[str, float]:
        found = _pushed(s, net.pair(*rng.permutation(rng.choice(pairs))), x0)
        alpha = s.value("c") * abs(found["output"]) / (found["U_F"] + found["u_min"])
        return {**found, "norm_z": alpha * np.sqrt(net.m) / float(net.b * _least_chi(net.off / net.b, net.u, pairs))}

    return _each(s, rng, trials, look, **_all_layers(s, classes=classes))
