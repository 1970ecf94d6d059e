"""How the statements about any data, any two points and any output weights are drawn.

In full mode a network is trained for every trial and looked at a fresh point of R^d, as long as the data are; what it
says of the parameters comes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from boundkit.errors import HypothesisError, ParameterError
from boundkit.library.beyond.draws import universal_law
from boundkit.simulate.data import Problem, problem
from boundkit.simulate.rng import Array
from boundkit.simulate.samplers import Draws
from boundkit.simulate.setting import Setting
from boundkit.simulate.trained import TrainedNetwork
from boundkit.simulate.training import train

Look = Callable[[TrainedNetwork, Array], dict[str, float]]


def _each(s: Setting, rng: np.random.Generator, trials: int, data: Problem, look: Look, **how: Any) -> Draws:
    """What a network trained for each trial, looked at a fresh point, says; its own parameters may not be given."""
    rows = []
    for seed in rng.integers(2**63, size=trials):
        options = {"steps": 100, "beta": s.deviation, **how, **s.training}
        options.pop("m", None)
        x0 = rng.standard_normal(s.d)
        rows.append(look(train(data, s.m, seed=int(seed), **options), x0 * data.norm / np.linalg.norm(x0)))
    anew = rows[0].keys() & {p.name for p in s.statement.parameters}
    if fixed := ", ".join(sorted(anew & s.given.keys())):
        raise ParameterError(
            f"{fixed} given: full mode measures it on every network; leave it out, or use mode='conditional'"
        )
    return {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}


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

    return _each(s, rng, trials, _spanned(s), look)


def any_data_flip_of_networks(s: Setting, rng: np.random.Generator, trials: int) -> Draws:
    _in_e(s)

    def look(net: TrainedNetwork, x0: Array) -> dict[str, float]:
        before, k = float(net.output(x0)), int(net.opposing(x0).sum())
        E = weights_in(net, x0, rng.standard_normal((s.d, int(s.value("D")))))
        moves = -np.sign(before) * np.sign(net.u) * s.value("c") * abs(before) * np.sqrt(net.m) / (k + 1)
        z = np.linalg.lstsq(E, moves, rcond=None)[0]
        after = np.sign(before) * float(net.output(x0 + z))
        return {"norm_z": float(np.linalg.norm(z)), "flipped": after, "k": k, "output": before}

    return _each(s, rng, trials, _spanned(s), look)
