"""How far a training run is from what the deterministic statements say of it, on its own weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from boundkit.errors import StatementError
from boundkit.simulate.arguments import count
from boundkit.simulate.data import Problem
from boundkit.simulate.layers import Initialisation
from boundkit.simulate.rng import Array
from boundkit.simulate.scales import norms
from boundkit.simulate.trained import TrainedNetwork
from boundkit.simulate.training import Schedule, descend, loss_gradient


def off_subspace_change(network: TrainedNetwork) -> float:
    """max_i |hat w_i(T) - (1 - eta lam)^T hat w_i(0)|: 0 where gradients lie in P.

    Measured on all d weights of a network in the full representation; the other has it by construction.

    Raises
    ------
    StatementError
        The network is in subspace coordinates, where there is nothing to measure.
    """
    if not network.full:
        raise StatementError("subspace coordinates hold no off-subspace weights: train with representation='full'")
    start = network.problem.off(network.start.full)
    return float(np.linalg.norm(network.off - network.decay * start, axis=1).max())


def rotation_gap(problem: Problem, m: int, plan: Schedule, seed: int = 0) -> float:
    """max_i |R w_i - w~_i|, trained on X from w and on R X from R w in the same order: 0 in exact numbers.

    R is the rotation that turns P onto span(e_1, ..., e_{d-ell}), the problem's frame.
    """
    start = Initialisation(problem, count("m", m, "the number of neurons"), problem.d**-0.5, seed)
    turn = problem.frame.coordinates
    here, _ = descend(start.full, problem.X, problem.labels, start.u, plan)
    there, _ = descend(turn(start.full), turn(problem.X), problem.labels, start.u, plan)
    return float(np.linalg.norm(turn(here) - there, axis=1).max())


def slope_at_margin(network: TrainedNetwork) -> float:
    """|L'| at the point of smallest margin, read off training's own gradient."""
    p = network.problem
    x: Array = p.coordinates
    y: Any = p.labels
    worst = int(np.argmin(y * network.output(x)))
    rows = slice(worst, worst + 1)
    gradient, _ = loss_gradient(np, network.on_columns[:, : p.rank], x[rows], y[rows], network.u)
    active = np.sum(network.active(worst))
    length = float(norms(np.ravel(gradient)))  # its squares may be below all floats
    return length / float(np.linalg.norm(x[worst]) * np.sqrt(active)) if active else 0.5
