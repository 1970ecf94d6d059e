"""What a trained network can be asked about a statement's parameters, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.errors import HypothesisError

if TYPE_CHECKING:
    from boundkit.simulate.trained import TrainedNetwork

Measure = Callable[["TrainedNetwork", Any], Any]


def _distance(net: TrainedNetwork, x0: Any) -> float:
    """delta*, or nan where there is no label to lose."""
    try:
        return net.distance_in_inputs(x0)
    except HypothesisError:
        return np.nan


# Of these every network has its own, even where the sizes and the training are given.
OF_EACH_NETWORK: dict[str, Measure] = {
    "output": lambda net, x0: float(net.output(x0)),
    "active": lambda net, x0: int(np.sum(net.active(x0))),
    "active/m": lambda net, x0: int(np.sum(net.active(x0))) / net.m,
    "opposing": lambda net, x0: int(np.sum(net.opposing(x0))),
    "opposing/m": lambda net, x0: int(np.sum(net.opposing(x0))) / net.m,
    "counting": lambda net, x0: int(np.sum(net.counting(x0))),
    "supporting": lambda net, x0: int(np.sum(net.u * np.sign(net.output(x0)) > 0)),
    "distance in the pre-activations": lambda net, x0: _distance(net, x0),
    "gradient in the pre-activations": lambda net, x0: float(np.sqrt(np.mean(net.active(x0)))),
}
# These a run may be given, or end with.
OF_EACH_RUN: dict[str, Measure] = {"margin": lambda net, _: net.margin, "steps": lambda net, _: net.steps}
MEASURES: dict[str, Measure] = {
    **OF_EACH_NETWORK, **OF_EACH_RUN,
    "d": lambda net, _: net.problem.d,
    "ell": lambda net, _: net.subspace.ell,
    "ell/d": lambda net, _: net.subspace.ell / net.problem.d,
    "m": lambda net, _: net.m,
    "beta": lambda net, _: net.start.beta,
    "eta": lambda net, _: net.eta,
    "lam": lambda net, _: net.lam,
    "deviation times sqrt(d)": lambda net, _: float(net.b * np.sqrt(net.problem.d)),
}  # fmt: skip
