"""Networks that were trained here: how they started, how the run went, and what is untrained in them."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import count
from boundkit.simulate.data import Problem
from boundkit.simulate.layers import Initialisation, redrawn
from boundkit.simulate.measures import MEASURES
from boundkit.simulate.networks import Network
from boundkit.simulate.perturbations import paper_step
from boundkit.simulate.rng import Array

if TYPE_CHECKING:
    from boundkit.api.objects import Statement


@dataclass(frozen=True, eq=False)
class History:
    """A training run as it went: at these steps, the summed loss and the margin min_i y_i N(x_i)."""

    step: NDArray[np.int_]
    loss: Array
    margin: Array


@dataclass(frozen=True, eq=False)
class TrainedNetwork(Network):
    """A network with the start that it was trained from, and the run's history.

    Its weights orthogonal to the data are known in law: given all the rest they are normal, with standard deviation b.
    """

    _: KW_ONLY
    start: Initialisation
    eta: float
    lam: float
    history: History

    def __repr__(self) -> str:
        return f"<network of {self.m} neurons on {self.problem!r}: {self.steps} steps, margin {self.margin:.4g}>"

    @property
    def problem(self) -> Problem:
        """The data it was trained on."""
        return self.start.problem

    @property
    def steps(self) -> int:
        """The number of training steps taken."""
        return int(self.history.step[-1])

    @property
    def margin(self) -> float:
        """min_i y_i N(x_i) over the data."""
        return float(self.history.margin[-1])

    @property
    def finite(self) -> bool:
        """Whether training left finite numbers."""
        return bool(np.isfinite(self.history.loss[-1]))

    @property
    def decay(self) -> float:
        """(1 - eta lam)^T, by which the untrained weights have shrunk."""
        return decay(self.eta, self.lam, self.steps)

    @property
    def b(self) -> float:
        """The standard deviation of the untrained weights, beta |1 - eta lam|^T."""
        return self.start.beta * abs(self.decay)

    @property
    def nothing_off(self) -> bool:
        """Whether the run left no weight orthogonal to P: what is there in R^d is rounding."""
        return self.b == 0 or super().nothing_off

    def redrawn(self, seed: int) -> TrainedNetwork:
        """The same trained part with the weights orthogonal to P drawn anew, by their law given that part."""
        layer, start = redrawn(self.layer, self.start, self.decay, count("seed", seed, "the seed", 0))
        return replace(self, layer=layer, start=start)

    def values(self, statement: Statement, x0: Any = 0) -> dict[str, Any]:
        """The statement's own parameters, measured on this network at the point x0 of P.

        Its `experiment` says what is measured for which parameter; a statement without one gets nothing.

        Raises
        ------
        ParameterError
            x0 lies off P (and how far), or the network has biases, several outputs, or trained output weights.
        """
        if not self.standard:
            raise ParameterError(
                f"{self!r} has biases, several outputs or output weights other than +-1/sqrt(m), of which "
                f"{statement.name} says nothing; train the first layer alone, without biases"
            )
        at, parameters = self.problem.locate(x0), {p.name for p in statement.parameters}
        measures = statement.experiment.measures if statement.experiment else ()
        return {parameter: MEASURES[measure](self, at) for parameter, measure in measures if parameter in parameters}

    paper_step = paper_step


def decay(eta: float, lam: float, steps: int) -> float:
    """(1 - eta lam)^steps."""
    with np.errstate(over="ignore"):
        return float(np.power(1 - eta * lam, steps))
