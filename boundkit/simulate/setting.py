"""Where a check takes its parameters from: given by the caller, or measured on a network trained for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import signature
from math import isclose
from typing import TYPE_CHECKING, Any
import warnings

import numpy as np
import sympy

from boundkit.engine.evaluate import compiled
from boundkit.errors import HypothesisError, ParameterError
from boundkit.model.experiment import Experiment
from boundkit.simulate.data import Problem, problem
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.trained import TrainedNetwork
from boundkit.simulate.training import DivergenceWarning, train

if TYPE_CHECKING:
    from boundkit.api.objects import Statement

TRIES = 20  # networks tried until one is covered
UNSAID = Experiment(print, print, float, float)  # of a statement without one: it measures nothing
COUNTED = {"d": "dimensions", "ell": "dimensions", "m": "neurons", "opposing": "neurons"}  # parts of a network
UNSPOKEN = {"layers", "biases", "momentum", "nesterov"}  # options of which no statement speaks
OPTIONS = signature(train).parameters.keys() - UNSPOKEN - {"problem", "m", "seed", "progress"}


@dataclass(frozen=True, eq=False)
class Setting:
    """A statement, the parameters given for it, and the data and training that measure the others.

    Attributes
    ----------
    statement : Statement
        What is checked.
    given : mapping of name to number
        Parameters given, as ints and floats.
    seed : int
        Fixes everything.
    x0 : point
        Where the network is looked at.
    training : mapping
        Options of `train`, and m where it is no parameter of the statement.
    data : Problem, optional
        The data; by default 20 points of rank min(10, d - ell).
    """

    statement: Statement
    given: Mapping[str, Any]
    seed: int
    x0: Any = 0
    training: Mapping[str, Any] = field(default_factory=dict)
    data: Problem | None = None

    def value(self, name: str) -> Any:
        """A parameter's value: given, or measured on the trained network."""
        if name in self.given:
            return self.given[name]
        if part := self.experiment.named("d", "ell", *(() if self.trains else ("m",))).get(name):
            return getattr(self, part)
        if not self.trains or name not in self.measured:
            raise ParameterError(f"{self.statement.name} needs {name}: no network measures it here, so give it")
        return self.measured[name]

    @property
    def trains(self) -> bool:
        """Whether there are data, or enough parameters to draw some, so that a network can be trained."""
        return self.data is not None or self._known("d") is not None

    @property
    def experiment(self) -> Experiment:
        """How the statement's quantities are drawn."""
        return self.statement.experiment or UNSAID

    def number(self, formula: sympy.Expr) -> Any:
        """A formula in the statement's parameters as a number; a parameter alone as it was given."""
        if formula.is_Symbol:
            return self.value(formula.name)
        symbols = tuple(sorted(formula.free_symbols, key=lambda x: x.name))
        with np.errstate(over="ignore"):
            return float(compiled(symbols, (formula,))(*(np.float64(self.value(x.name)) for x in symbols))[0])

    @cached_property
    def deviation(self) -> float:
        """b, the standard deviation of the untrained weights."""
        formula = self.experiment.deviation
        return float(1 / np.sqrt(self.d) if formula is None else self.number(formula))

    @cached_property
    def d(self) -> Any:
        """The input dimension."""
        if self.data is not None:
            return self.data.d
        return self._part("d")

    @cached_property
    def ell(self) -> Any:
        """The off-subspace dimension: as the parameters say, or half of d where the statement has none for it."""
        if self.data is not None:
            return self.data.ell
        return self._part("ell") if self._possible("ell") else self.d // 2

    @cached_property
    def m(self) -> Any:
        """The number of neurons: a parameter, or an option of training, or 10."""
        formula = self._known("m")
        return self.training.get("m", 10) if formula is None else self._count("m", formula)

    def _possible(self, part: str) -> list[sympy.Expr]:
        """What may say a part of the network: what is in the statement's parameters."""
        own = {p.symbol for p in self.statement.parameters}
        return [formula for formula in self.experiment.formulas(part) if formula.free_symbols <= own]

    def _known(self, part: str) -> sympy.Expr | None:
        """What says a part of the network, where its parameters are given or the data's."""
        known = {*self.given, *(self.experiment.named("d") if part != "d" else ())}
        return next((f for f in self._possible(part) if {x.name for x in f.free_symbols} <= known), None)

    def _part(self, part: str) -> Any:
        """A part of the network as the parameters given say it."""
        if (formula := self._known(part)) is not None:
            return self._count(part, formula)
        wanted = {x.name for formula in self._possible(part) for x in formula.free_symbols} - self.given.keys()
        raise ParameterError(
            f"{self.statement.name} needs {' or '.join(sorted(wanted)) or part}: give it, or a problem"
        )

    def _count(self, part: str, formula: sympy.Expr) -> Any:
        """A parameter as it is given; a formula has to be whole."""
        value = self.number(formula)
        return value if formula.is_Symbol else whole(str(formula).replace("*", " "), value, COUNTED[part])

    @cached_property
    def problem(self) -> Problem:
        """The data."""
        if self.data is not None:
            return self.data
        return problem(self.d, self.ell, 20, self.seed, rank=max(1, min(10, self.d - self.ell)))

    def train(self, seed: int, **options: Any) -> TrainedNetwork:
        """A network trained as the parameters and options say, 200 steps by default."""
        parameters = {
            option: self.number(formula)
            for option, formula in self.experiment.training
            if {x.name for x in formula.free_symbols} <= {*self.experiment.named("d"), *self.given}
        }
        chosen = {"steps": 200, **self.training, **parameters, **options}
        chosen.pop("m", None)
        self._refuse(chosen)
        with warnings.catch_warnings():
            # The statements hold however training went; a run that stops being finite is counted as not covered.
            warnings.simplefilter("ignore", DivergenceWarning)
            return train(self.problem, self.m, seed=seed, **chosen)

    def _refuse(self, chosen: Mapping[str, Any]) -> None:
        """Raise a ParameterError for an unknown option, and for a beta or lam of which the statement says nothing."""
        if unknown := sorted(chosen.keys() - OPTIONS - UNSPOKEN):
            raise ParameterError(f"training has no option {', '.join(unknown)}; it has m, {', '.join(sorted(OPTIONS))}")
        if more := sorted(UNSPOKEN & chosen.keys()):
            raise ParameterError(
                f"training with {', '.join(more)}, of which {self.statement.name} says nothing; leave it out"
            )
        if self.problem.classes:
            raise ParameterError(
                f"a problem in {self.problem.classes} classes, of which {self.statement.name} says nothing; give one "
                "with labels +1 and -1"
            )
        parameters = {p.name for p in self.statement.parameters}
        said = {name for name, at in self.experiment.training if {x.name for x in at.free_symbols} <= parameters}
        if foreign := sorted(({"beta", "lam"} & self.training.keys()) - said):
            raise ParameterError(
                f"training with {', '.join(foreign)}, of which {self.statement.name} says nothing; "
                "leave it out, or check a statement that speaks of it"
            )

    @cached_property
    def network(self) -> TrainedNetwork:
        """The network of conditional mode: about a flip, the first in a row of seeds that is covered.

        Raises
        ------
        HypothesisError
            None in TRIES of them has finite weights and, about a flip, an active neuron that opposes its label.
        """
        flip = "opposing" in dict(self.experiment.measures).values()
        for attempt in range(TRIES):
            net = self.train(int(stream(self.seed, "conditional", attempt).integers(2**63)))
            if net.finite and (not flip or net.opposing(self.problem.locate(self.x0)).any()):
                return net
        found = "k = 0 or N(x0) = 0" if net.finite else "weights that are not finite"
        raise HypothesisError(
            f"{found} in each of {TRIES} networks: {self.statement.name} covers none of them; "
            "take another x0, train with a smaller step, or give the parameters that are measured"
        )

    @cached_property
    def measured(self) -> dict[str, Any]:
        """The statement's parameters as that network has them."""
        return self.network.values(self.statement, self.x0)

    @cached_property
    def inputs(self) -> tuple[Array, Array]:
        """Pre-activations and output weights at x0: the trained network's, or some with the parameters given.

        With their number k or N(x0) given: the k opposing neurons at 0, all others active and supporting,
        equally strong, so that no inactive opposing neuron helps the flip.
        """
        e = self.experiment
        if not (e.parameters("opposing", "output") - e.parameters("d", "ell", "m")) & self.given.keys():
            return self.network.inputs(self.x0), self.network.u
        m, k, output = (self._given_or_measured(part) for part in ("m", "opposing", "output"))
        m, k, output = int(m), int(k), float(output)
        support = m - k
        if support == 0 and output != 0:
            raise ParameterError(f"k = m = {m}: if every neuron opposes the label, none makes it; give k <= {m - 1}")
        u = np.where(np.arange(m) < k, -1.0, 1.0) * (np.sign(output) or 1.0) / np.sqrt(m)
        a = np.where(np.arange(m) < k, 0.0, abs(output) * np.sqrt(m) / max(support, 1))
        return a, u

    def _given_or_measured(self, part: str) -> Any:
        """A part of a network with given inputs; what is not given is measured."""
        formula = self._known(part) or next(iter(self._possible(part)), None)
        if formula is None:
            raise ParameterError(f"{self.statement.name} has no parameter for {part}: its Experiment has to say it")
        return self._count(part, formula) if part in COUNTED else self.number(formula)


def whole(name: str, value: Any, of: str) -> int:
    """A fraction of a count that has to be a count itself."""
    if not isclose(float(value), round(value), rel_tol=1e-9, abs_tol=1e-9):
        raise ParameterError(f"{name} = {float(value):.6g}: a network has a whole number of {of}; change the fraction")
    return int(np.rint(float(value)))
