"""How the statements about other norms are drawn: by their law given the trained part, or on trained networks.

In full mode a network is trained for every trial, on data that leave ell pixels at 0, and its own weights there are
asked. "For every x0" is drawn at the x0 that is worst for them, as if x0 could have any pre-activations. `output` is 1
and `k` is 1 where they are not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
import warnings

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import HypothesisError, ParameterError
from boundkit.library.beyond.draws import LONGER, MOST_PATTERNS, universal_law
from boundkit.library.melamed2023.draws import each
from boundkit.simulate.data import problem
from boundkit.simulate.pixels import all_free, signs
from boundkit.simulate.rng import Array
from boundkit.simulate.samplers import Draws
from boundkit.simulate.scales import norms
from boundkit.simulate.setting import Setting
from boundkit.simulate.trained import TrainedNetwork
from boundkit.simulate.training import DivergenceWarning, train

Look = Callable[[TrainedNetwork], dict[str, float]]

MOST_PIXELS = 10**6  # of each a normal is drawn
WIDTH = 6  # of networks whose patterns are all looked at


def _whole_ell(s: Setting) -> int:
    if s.ell > MOST_PIXELS:
        raise ParameterError(f"ell = {s.ell}: a draw takes numbers for every pixel; give ell <= {MOST_PIXELS}")
    return int(s.ell)


def pixels(s: Setting) -> float:
    """How many numbers a draw takes: of each pixel, and of each neuron."""
    return float(min(s.ell, MOST_PIXELS) + s.m)


def _stands(s: Setting) -> tuple[int, float]:
    """k and N(x0), as they are given."""
    k, output = int(s.given.get("k", min(1, s.m - 1))), float(s.given.get("output", 1))
    if output == 0:
        raise HypothesisError("output = 0: there is no label to lose; give output != 0")
    return k, output


def worst_after(moves: Array, opposing: NDArray[np.bool_], k: int) -> Array:
    """The most that is left of |N| = 1, over all x0 with k active opposing neurons; nan where there are not so many.

    Input i moves the right way by sqrt(m) `moves` (trials, m). The opposing neurons with the least moves are active,
    just as far as they fall, and one supporting neuron is, that with the least move; every other supporting one with a
    move below 0 grows by all of it.
    """
    pushing = np.sort(np.where(opposing, moves, np.inf), axis=1)[:, :k]
    held = np.where(opposing, np.inf, moves)
    first = held.min(axis=1)
    with np.errstate(invalid="ignore"):
        lost = np.minimum(first, 1 + np.maximum(-pushing, 0).sum(axis=1))
        lost = lost + pushing.sum(axis=1) + np.minimum(held, 0).sum(axis=1) - np.minimum(first, 0)
    possible = (opposing.sum(axis=1) >= k) & ~opposing.all(axis=1)
    return np.where(possible, 1 - lost, np.nan)


def _flipped(largest: float, k: int, output: float, after: Array) -> Draws:
    """The draws of a step of this size; k and N(x0) come with them where they are not given."""
    fixed = {"norm_inf": largest, "k": float(k), "output": output}
    return {"flipped": abs(output) * after, **{name: np.full(len(after), x) for name, x in fixed.items()}}


def _size(s: Setting, upward: bool) -> tuple[int, float, float]:
    """k, N(x0) and the size of the step."""
    k, output = _stands(s)
    share = np.sqrt(2 * np.pi) if upward else np.sqrt(np.pi / 2)
    return k, output, s.value("c") * share * abs(output) * s.m / (k + 1) / (s.deviation * s.ell)


def _by_law(s: Setting, rng: np.random.Generator, trials: int, upward: bool) -> Draws:
    """Given the sum s_v over the neurons <v_i, z> = <s_v, z>/m + |z| (g_i - gbar), for every z made of it."""
    m, ell = int(s.m), _whole_ell(s)
    k, output, size = _size(s, upward)
    plus = rng.random((trials, m)) < 0.5
    total, coins = rng.standard_normal((trials, ell)), rng.random((trials, ell)) < 0.5

    def moved(on: NDArray[np.bool_]) -> Array:
        """X by the pixels that are on (trials, ell)."""
        g = rng.standard_normal((trials, m))
        g -= g.mean(axis=1, keepdims=True)
        along = np.where(on, np.abs(total), 0).sum(axis=1, keepdims=True)
        return np.asarray(along / np.sqrt(m) + np.sqrt(on.sum(axis=1, keepdims=True)) * g)

    X = (moved(coins), moved(~coins)) if upward else (moved(np.ones_like(coins)),) * 2
    unit = s.deviation * size / (np.sqrt(m) * abs(output))
    after = [worst_after(unit * x, opposing, k) for x, opposing in zip(X, (plus, ~plus), strict=True)]
    return _flipped(size, k, output, _worse(s, rng, *after))


def _worse(s: Setting, rng: np.random.Generator, first: Array, second: Array) -> Array:
    """Of two labels the worse one; of one label either, by a fair coin."""
    if s.given.get("both", 1) == 0:
        return np.where(rng.random(first.shape) < 0.5, first, second)
    return np.asarray(np.fmax(first, second))


def _of_networks(s: Setting, rng: np.random.Generator, trials: int, upward: bool) -> Draws:
    """The same of the weights of trained networks."""
    _whole_ell(s)
    k, output, size = _size(s, upward)

    def look(net: TrainedNetwork) -> dict[str, float]:
        rows, unit = net.weights[:, all_free(net.problem)], size / (np.sqrt(net.m) * abs(output))
        after = [
            worst_after((-y0 * np.sign(net.u) * (rows @ signs(rows, net.u, y0, upward)) * unit)[None],
                        (net.u * y0 < 0)[None], k)
            for y0 in (1.0, -1.0)
        ]  # fmt: skip
        return {"norm_inf": size, "flipped": float(_worse(s, rng, *after)[0])}

    return _flipped(size, k, output, each(_on_pixels(s), rng, trials, look)["flipped"])


def _on_pixels(s: Setting) -> Setting:
    """The same with data that leave pixels at 0, unless data are given."""
    if s.data is not None:
        return s
    return replace(s, data=problem(s.d, s.ell, 20, s.seed, rank=max(1, min(10, s.d - s.ell)), aligned=True))


linf_flip_law, linf_flip_of_networks = partial(_by_law, upward=False), partial(_of_networks, upward=False)
valid_image_law, valid_image_of_networks = partial(_by_law, upward=True), partial(_of_networks, upward=True)


# Few pixels.


def _rooted(s: Setting) -> tuple[int, int]:
    """The number of pixels, and what is left of it as degrees of freedom."""
    h = int(s.value("h"))
    if h < s.m:
        raise HypothesisError(f"h = {h} pixels and m = {s.m}: not all inputs can be moved at will; give h >= m")
    return h, int(h - s.m + 1)


def sparse_flip_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Of the universal flip, in h dimensions, at the x0 for which Lemma 1 is sharp."""
    _, freedom = _rooted(s)
    k, output = _stands(s)
    share = s.value("c") / (k + 1)
    chi = np.sqrt(rng.chisquare(freedom, trials))
    after = abs(output) * (1 - k * share - min(share, 1))
    return {
        "norm_z": share * abs(output) * s.m / (s.deviation * chi),
        **{name: np.full(trials, float(x)) for name, x in (("flipped", after), ("k", k), ("output", output))},
    }


def sparse_flip_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """In h of the pixels that are 0 on P, chosen before training, at a training point."""
    h, _ = _rooted(s)
    s = _on_pixels(replace(s, data=s.data or problem(s.d, h, 20, s.seed, rank=max(1, min(10, s.d - h)), aligned=True)))
    chosen = rng.permutation(all_free(s.problem))[:h]

    return each(s, rng, trials, lambda net: _sure_step(s, net, chosen))


def _sure_step(s: Setting, net: TrainedNetwork, pixels: NDArray[np.intp]) -> dict[str, float]:
    """The shortest step in these pixels that moves every input the right way, at a training point."""
    before, k = float(net.output(s.x0)), int(net.opposing(s.x0).sum())
    alpha = s.value("c") * abs(before) * np.sqrt(net.m) / (k + 1) * LONGER
    rows = net.weights[:, pixels]
    z = np.linalg.lstsq(rows, -np.sign(before) * np.sign(net.u) * alpha, rcond=None)[0]
    after = np.sign(before) * float(np.maximum(net.inputs(s.x0) + rows @ z, 0) @ net.u)
    return {"norm_z": float(np.linalg.norm(z)), "norm_inf": float(np.abs(z).max()), "flipped": after}


# The universal flip's largest change.


def _seen(rng: np.random.Generator, pixels: int, dimension: int) -> Array | None:
    """What pixels see of a direction of R^dimension, as rows; None where each is a coordinate of its own."""
    if pixels <= dimension:
        return None
    rows = rng.standard_normal((pixels, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def universal_in_norm_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The universal flip's length, and a direction of its own; pixels beyond the dimension at fixed angles."""
    pixels, dimension = (_few(s, name) for name in ("pixels", "dimension"))
    found = universal_law(s, rng, trials)
    way = rng.standard_normal((trials, dimension))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    rows = _seen(np.random.default_rng(s.seed), pixels, dimension)
    largest = np.abs(way[:, :pixels] if rows is None else way @ rows.T).max(axis=1)
    return {**found, "norm_inf": float(s.value("reach")) * found["norm_z"] * largest}


def _few(s: Setting, name: str) -> int:
    number = s.value(name)
    if number > MOST_PIXELS:
        raise ParameterError(f"{name} = {number}: a draw takes numbers for every pixel; give at most {MOST_PIXELS}")
    return int(number)


def universal_in_norm_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Where P is spanned by coordinates: ell pixels, a direction of their dimension, and reach 1."""
    own = (("pixels", s.ell), ("dimension", s.ell), ("reach", 1))
    for name, value in own:
        if s.value(name) != value:
            raise ParameterError(
                f"{name} = {s.value(name)}: networks are trained where P is spanned by coordinates; give {name} = "
                f"{value}, or use mode='conditional'"
            )
    s = _on_pixels(s)
    if s.ell < s.m:
        raise HypothesisError(f"ell = {s.ell} < m = {s.m}: no step moves every input as it should; give ell >= m")
    return each(s, rng, trials, lambda net: _sure_step(s, net, all_free(net.problem)))


# Gradients.


def gradient_in_norm_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Independent normal entries of equal deviations, as they are where P-perp is spanned by coordinates."""
    pixels, J = _few(s, "pixels"), float(s.given.get("norm_J", 1))
    entries = s.deviation * J * np.abs(rng.standard_normal((trials, pixels)))
    return _entries(s, entries.max(axis=1), entries.sum(axis=1), np.full(trials, J))


def _entries(s: Setting, greatest: Array, total: Array, J: Array) -> Draws:
    """The draws from the entries in pixels of reach 1; of a smaller reach where total_reach says so."""
    pixels = float(s.value("pixels"))
    whole = float(s.given.get("total_reach", pixels))
    given = {"norm_J": J, "total_reach": np.full(len(J), whole)}
    return {"greatest_slope": greatest * whole / pixels, "total_slope": total * whole / pixels, **given}


def gradient_in_norm_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Of trained networks at a training point, stretched to the norm_J that is given."""
    pixels = _few(s, "pixels")
    d = max(int(s.d), pixels + 1)  # P needs a dimension
    data = s.data or problem(d, pixels, 20, s.seed, rank=max(1, min(10, d - pixels)), aligned=True)

    def look(net: TrainedNetwork) -> dict[str, float]:
        active = net.active(s.x0)
        J = float(np.linalg.norm(net.u[active]))
        stretch = float(s.given["norm_J"]) / J if "norm_J" in s.given and J else 1.0
        entries = stretch * np.abs((active * net.u) @ net.weights[:, all_free(net.problem)])
        return {"greatest_slope": float(entries.max()), "total_slope": float(entries.sum()), "norm_J": stretch * J}

    found = _trained(replace(s, data=data), rng, trials, look)
    return _entries(s, found["greatest_slope"], found["total_slope"], found["norm_J"])


def _trained(s: Setting, rng: np.random.Generator, trials: int, look: Look) -> Draws:
    """What networks with this deviation at the start, one for each trial, say; nan of one that is not finite."""
    rows = []
    for seed in rng.integers(2**63, size=trials):
        options = {"m": WIDTH, "steps": 40, "beta": s.deviation, **s.training}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DivergenceWarning)  # the statements hold however training went
            net = train(s.problem, seed=int(seed), **options)
        rows.append(look(net) if net.finite else {})
    names = {name for row in rows for name in row}
    return {name: np.array([row.get(name, np.nan) for row in rows]) for name in names}


# The radius, in the largest change of a pixel.


def _in_ball(s: Setting) -> int:
    """The most pixels for which the steps of at most 1 in each have these rho and width."""
    rho, width = (min(float(s.value(name)), MOST_PIXELS + 1) for name in ("rho", "width"))
    pixels = int(min(rho**2, width * np.sqrt(np.pi / 2)) * LONGER)
    if pixels < 1:
        raise HypothesisError("rho < 1 or width < sqrt(2/pi): not even one pixel has a ball so small; give larger ones")
    if pixels > MOST_PIXELS:
        raise ParameterError(
            f"more than {MOST_PIXELS} pixels: a draw takes numbers for each; give rho^2 or width <= {MOST_PIXELS}"
        )
    return pixels


def _with_norms(length: float, total: float) -> Array:
    """Output weights of this length and this sum of sizes, as few as there can be."""
    ratio = min(total / length, MOST_PATTERNS)
    number = int(np.ceil(ratio**2 / LONGER))
    if total < length or number > MOST_PATTERNS:
        raise HypothesisError(
            f"|u|_1 = {total:.4g} and |u|_2 = {length:.4g}: draws need up to {MOST_PATTERNS} neurons, 1 <= |u|_1/|u|_2 "
            f"<= {np.sqrt(MOST_PATTERNS):.4g}; give such"
        )
    if number == 1:
        return np.array([length])
    n = number - 1  # of one size, and one more
    size = (ratio + np.sqrt(max((number - ratio**2) / n, 0))) / number
    return length * np.append(np.full(n, size), ratio - n * size)


def _steepest_in_boxes(rows: Array) -> Array:
    """The most that patterns of the rows (trials, m, n) add up to in sizes, over all patterns."""
    patterns = np.array(list(product((0.0, 1.0), repeat=rows.shape[1])))
    return np.array([np.abs(patterns @ some).sum(axis=1).max() for some in rows])


def radius_weight(s: Setting) -> float:
    """Numbers a trial."""
    return float(min(_in_ball(s), MOST_PIXELS) * MOST_PATTERNS)


def radius_in_norm_law(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """The least step, in the largest change of so many pixels, that could take N(x0) to 0."""
    pixels = _in_ball(s)
    output = float(s.given.get("output", 1))
    u = _with_norms(float(s.given.get("u_2", 1)), float(s.given.get("u_1", 2)))
    steepest = s.deviation * _steepest_in_boxes(u[:, None] * rng.standard_normal((trials, u.size, pixels)))
    fixed = {"output": output, "u_2": norms(u), "u_1": u.sum()}
    return {"distance": abs(output) / steepest, **{name: np.full(trials, float(x)) for name, x in fixed.items()}}


def radius_in_norm_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    """Of networks that are trained in all layers; with output weights of the norms that are given, if they are."""
    pixels, output = _in_ball(s), float(s.given.get("output", 1))
    d = max(int(s.d), pixels + 1)  # P needs a dimension
    data = s.data or problem(d, pixels, 20, s.seed, rank=max(1, min(10, d - pixels)), aligned=True)
    given = {"u_1", "u_2"} & s.given.keys()
    of_norms = _with_norms(float(s.given.get("u_2", 1)), float(s.given.get("u_1", 2))) if given else np.ones(WIDTH)

    def look(net: TrainedNetwork) -> dict[str, float]:
        u = of_norms if given else net.u[: of_norms.size]
        rows = u[:, None] * net.weights[: u.size][:, all_free(data)]
        steepest = float(_steepest_in_boxes(rows[None])[0])
        return {"distance": abs(output) / steepest, "u_2": float(norms(u)), "u_1": float(np.abs(u).sum())}

    how = {"layers": "all", "biases": 0.3, "m": of_norms.size}
    found = _trained(replace(s, data=data, training={**how, **s.training}), rng, trials, look)
    return {**found, "output": np.full(trials, output)}
