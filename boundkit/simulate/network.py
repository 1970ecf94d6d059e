"""Two-layer ReLU networks: how they start, and what a trained one can be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import ParameterError
from boundkit.simulate.arguments import count, real
from boundkit.simulate.data import Problem
from boundkit.simulate.measures import MEASURES
from boundkit.simulate.products import one_by_one
from boundkit.simulate.rng import Array, gaussian_factor, haar, stream
from boundkit.simulate.scales import all_near_one, times
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.api.objects import Statement
    from boundkit.simulate.attacks import Attack
    from boundkit.simulate.piecewise import Perturbation


@dataclass(frozen=True, eq=False)
class History:
    """A training run as it went: at these steps, the summed loss and the margin min_i y_i N(x_i)."""

    step: NDArray[np.int_]
    loss: Array
    margin: Array


@dataclass(frozen=True, eq=False)
class Initialisation:
    """Weights w_i ~ N(0, beta^2 I_d) and signs u_i = +-1/sqrt(m) from a seed, drawn as far as they are read.

    In the problem's frame the weights are [columns, rest Q', off R']: the first `width` columns entry by
    entry, so that more of them never change those before; the rest of P and the part orthogonal to P as a
    triangular factor times a uniform frame, in law the same Gaussian matrix. The frames Q and R matter only
    to vectors of R^d. The part orthogonal to P has a seed of its own where it is drawn anew.
    """

    problem: Problem
    m: int
    beta: float
    seed: int
    off_seed: int | None = None

    @cached_property
    def u(self) -> Array:
        """The output weights (m,)."""
        coin: Array = stream(self.seed, "signs").random(self.m)
        return np.asarray(np.where(coin < 0.5, -1.0, 1.0) / np.sqrt(self.m))

    @cached_property
    def columns(self) -> Array:
        """The weights along the data's span and the spare directions (m, width)."""
        drawn = stream(self.seed, "columns").standard_normal((self.problem.width, self.m))
        return np.ascontiguousarray(self.beta * drawn.T)

    @cached_property
    def rest(self) -> Array:
        """The weights along what is left of P, in coordinates where they are triangular (m, at most m)."""
        p = self.problem
        return self.beta * gaussian_factor(stream(self.seed, "rest"), self.m, p.d - p.ell - p.width)

    @cached_property
    def off(self) -> Array:
        """The weights orthogonal to P, in coordinates where they are triangular (m, min(m, ell))."""
        return self.beta * gaussian_factor(self._off_stream("off"), self.m, self.problem.ell)

    @cached_property
    def off_frame(self) -> Array:
        """The vectors of P-perp, in the frame, that the columns of `off` belong to (ell, min(m, ell))."""
        return haar(self._off_stream("off frame"), self.problem.ell, self.off.shape[1])

    def _off_stream(self, purpose: str) -> np.random.Generator:
        return stream(self.seed if self.off_seed is None else self.off_seed, purpose)

    @single_threaded
    def assembled(self, columns: Array, decay: float = 1.0) -> Array:
        """All weights as vectors of R^d (m, d): these columns, and the untrained part shrunk by `decay`."""
        p = self.problem
        p.require_memory(self.m)
        width = p.d - p.ell - p.width
        turn = haar(stream(self.seed, "rest frame"), width, self.rest.shape[1])
        untrained = [decay * (self.rest @ turn.T), decay * (self.off @ self.off_frame.T)]
        return p.frame.vectors(np.hstack([columns, *untrained]))

    @cached_property
    def full(self) -> Array:
        """The initial weights as vectors of R^d (m, d)."""
        return self.assembled(self.columns)


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network N(x) = sum_i u_i max(<w_i, x>, 0).

    Points are data points' numbers, coordinates in the problem's frame, or vectors of R^d, one or many (last axis);
    each gets the same alone or among others, in any order, to the last bit. Vectors orthogonal to P are vectors of
    R^d in the full representation; in the other they are coordinates in the span of the off-subspace weights, with
    the same lengths and inner products, and `lift` makes vectors of them.
    """

    start: Initialisation
    trained: Array  # (m, d) in the full representation, (m, rank) in the other
    full: bool
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
    def m(self) -> int:
        """The number of neurons."""
        return self.start.m

    @property
    def u(self) -> Array:
        """The output weights (m,)."""
        return self.start.u

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
        with np.errstate(over="ignore"):
            return float(np.power(1 - self.eta * self.lam, self.steps))

    @property
    def b(self) -> float:
        """The standard deviation of the untrained weights, beta |1 - eta lam|^T."""
        return self.start.beta * abs(self.decay)

    @cached_property
    def weights(self) -> Array:
        """The first layer as vectors of R^d (m, d)."""
        return self.trained if self.full else self.start.assembled(self.on_columns, self.decay)

    @cached_property
    def on_columns(self) -> Array:
        """The weights along the frame's first `width` vectors (m, width)."""
        if self.full:
            return self.trained @ self.problem.frame.vectors(np.eye(self.problem.width)).T
        return np.hstack([self.trained, self.decay * self.start.columns[:, self.problem.rank :]])

    @cached_property
    def off(self) -> Array:
        """The weights' parts orthogonal to P (m, n)."""
        return self.problem.off(self.trained) if self.full else self.decay * self.start.off

    @cached_property
    def on(self) -> Array:
        """The weights' parts on P (m, n)."""
        return self.trained - self.off if self.full else np.hstack([self.on_columns, self.decay * self.start.rest])

    def redrawn(self, seed: int) -> Network:
        """The same trained part with the weights orthogonal to P drawn anew, by their law given that part."""
        start = replace(self.start, off_seed=count("seed", seed, "the seed", 0))
        trained = start.assembled(self.on_columns, self.decay) if self.full else self.trained
        return replace(self, start=start, trained=trained)

    def lift(self, z: Array) -> Array:
        """A vector orthogonal to P, as this network writes it, as a vector of R^d."""
        if self.full:
            return z
        p = self.problem
        p.require_memory(self.m)
        tail = z @ self.start.off_frame.T
        return p.frame.vectors(np.concatenate([np.zeros((*tail.shape[:-1], p.d - p.ell)), tail], axis=-1))

    @single_threaded
    def inputs(self, x: Any) -> Array:
        """The pre-activations <w_i, x> (..., m)."""
        at = self.problem.point(x)
        if at.shape[-1] == self.problem.d:
            return one_by_one(at, self.weights.T)
        return one_by_one(at, self.on_columns[:, : at.shape[-1]].T)

    def output(self, x: Any, z: Array | None = None) -> Any:
        """N(x), or N(x + z) for z orthogonal to P as this network writes it."""
        return self._above(self.inputs(x) if z is None else self.inputs(x) + one_by_one(z, self.off.T))

    def _above(self, a: Array) -> Any:
        return one_by_one(np.maximum(a, 0), self.u[:, None])[..., 0]

    def active(self, x: Any) -> NDArray[np.bool_]:
        """Which neurons are in S = {i : <w_i, x> >= 0}."""
        return self.inputs(x) >= 0

    def opposing(self, x: Any) -> NDArray[np.bool_]:
        """Which active neurons have the sign opposite to N(x); none where N(x) = 0."""
        a = self.inputs(x)
        y0 = np.sign(self._above(a))[..., None]
        return np.asarray((a >= 0) & (self.u * y0 < 0))

    def counting(self, x: Any) -> NDArray[np.bool_]:
        """Which neurons can bring the output down: those that are active, or have the sign opposite to N(x)."""
        return np.asarray(self.active(x) | (self.u * np.sign(self.output(x))[..., None] < 0))

    @single_threaded
    def gradient(self, x: Any) -> Array:
        """dN/dx at x: a vector of R^d in the full representation, else [its part on P, its part off P]."""
        output_gradient = self.active(x) * self.u
        return one_by_one(output_gradient, self.weights if self.full else np.hstack([self.on, self.off]))

    @single_threaded
    def off_subspace_gradient(self, x: Any) -> Array:
        """The part of dN/dx at x orthogonal to P; in law its length is b sqrt(k/m) chi_ell."""
        return one_by_one(self.active(x) * self.u, self.off)

    def values(self, statement: Statement, x0: Any = 0) -> dict[str, Any]:
        """The statement's own parameters, measured on this network at the point x0 of P.

        Its `experiment` says what is measured for which parameter; a statement without one gets nothing.

        Raises
        ------
        ParameterError
            x0 lies off P (and how far).
        """
        at, parameters = self.problem.locate(x0), {p.name for p in statement.parameters}
        measures = statement.experiment.measures if statement.experiment else ()
        return {parameter: MEASURES[measure](self, at) for parameter, measure in measures if parameter in parameters}

    def perturbation(
        self, x0: Any = 0, method: str = "paper", c: float | None = None, *, as_printed: bool = False
    ) -> Perturbation:
        """A step z orthogonal to P at a point x0 of P that flips the label; see `perturbations.perturb`."""
        from boundkit.simulate.perturbations import perturb

        return perturb(self, x0, method, c, as_printed=as_printed)

    def flip_scale(self, x0: Any, z: Array) -> float:
        """The infimum of the t >= 0 at which t z flips the label, y0 N(x0 + t z) < 0, exactly; inf where none does.

        Along a line the network is piecewise linear: the kinks are sorted and one linear equation is solved.
        `flips.first_lost` is the same for where the label is lost, N = 0.
        """
        from boundkit.simulate.piecewise import first_flip

        step = real("z", z)
        if step.shape != self.off.shape[1:]:
            raise ParameterError(f"z of shape {step.shape}: this network writes a step in {self.off.shape[1]} numbers")
        (step, length), (rows, weights) = all_near_one(step), all_near_one(self.off)
        return float(times(first_flip(self.inputs(x0), np.asarray(step @ rows.T), self.u), -length - weights))

    def attack(self, x0: Any = 0, within: Literal["off", "on", "free"] = "off", **options: Any) -> Attack:
        """The shortest step from x0 `within` P, P-perp or R^d found by an attack; see `attacks.projected_gradient`."""
        from boundkit.simulate.attacks import projected_gradient

        return projected_gradient(self, x0, within, **options)
