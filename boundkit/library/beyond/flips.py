"""How long a step orthogonal to the data has to be: how often the label has flipped by that length."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.errors import HypothesisError, ParameterError
from boundkit.formats.numbers import number_text
from boundkit.formats.style import BLUE, DASHES, GREEN, GREY, ORANGE, VERMILION, legend_below, styled
from boundkit.laws.closed_forms import log_perturbation_longer
from boundkit.library.beyond.off_subspace_radius_at import off_subspace_radius_at
from boundkit.simulate.arguments import count
from boundkit.simulate.context import PointContext, view_of
from boundkit.simulate.trained import TrainedNetwork

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHODS = ("paper", "universal", "exact", "shortest")  # and the steps that they build
STEPS = dict(zip(METHODS, ("paper_step", "universal_flip", "exact_flip", "shortest_flip"), strict=True))
COLOURS = dict(zip(METHODS, (VERMILION, GREEN, BLUE, ORANGE), strict=True))
POINTS = 300  # of a law's curve


@styled
def flip_probability(
    network: TrainedNetwork, x0: Any = 0, draws: int = 400, seed: int = 0, failure: float = 0.01, *, ax: Axes
) -> Axes:
    """Draw how often the label has flipped by a given length along each method's step, and the radius without flips.

    The weights orthogonal to P are drawn anew, by their exact law given the trained part; a curve is the share of
    draws in which the output has lost its sign by that length. Thin lines are the laws: of the universal flip's
    length, and of the least that the exact one promises, which an inactive neuron that wakes up only shortens.

    Parameters
    ----------
    network : TrainedNetwork
        A trained network.
    x0 : point
        On P: a data point's number, coordinates or a vector of R^d.
    draws, seed : int
        How many draws, and from which seed.
    failure : float
        No step shorter than the radius flips, except with this probability; at most, and for this x0.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes
        Lengths are over the size of N(x0). A method without a step at x0 has no curve.

    Raises
    ------
    HypothesisError
        No method has a step at x0.
    ParameterError
        x0 lies off P, or a number out of range.

    Examples
    --------
    >>> import boundkit as bk
    >>> data = bk.simulate.problem(d=100, ell=80, points=30, seed=1)
    >>> net = bk.simulate.train(data, m=10, steps=300, seed=2)
    >>> [line.get_label() for line in bk.flip_probability(net, draws=20).get_lines()][:4]
    ['paper', 'universal', 'exact', 'shortest']
    """
    draws = count("draws", draws, "the number of draws")
    if not 0 < failure < 1:
        raise ParameterError(f"failure = {failure!r}: a failure probability lies strictly between 0 and 1")
    if not network.standard:
        raise ParameterError(f"{network!r}: laws are drawn for one output, weights +-1/sqrt(m) and no biases")
    p, view = network.problem, view_of(network, network.problem.locate(x0))
    found = _flips(network, view, draws, seed)
    share = np.arange(1, draws + 1) / draws
    for method, steps in found.items():
        lengths = np.sort(steps)
        seen = np.isfinite(lengths)
        ax.step(
            lengths[seen],
            share[seen],
            where="post",
            color=COLOURS[method],
            ls=DASHES[METHODS.index(method)],
            label=method,
        )
    for method, law in _laws(view, found).items():
        seen = found[method][np.isfinite(found[method])]
        at = np.linspace(0.9 * seen.min(), 1.1 * max(seen.max(), law.scale / sqrt(law.freedom(p.ell))), POINTS)
        word = "exact law" if method == "universal" else "law, a lower bound"
        flipped = -np.expm1(log_perturbation_longer(at / law.scale, p.ell, law.rows))
        ax.plot(
            at, flipped, color="black", lw=0.6, ls=DASHES[0 if method == "universal" else 2], label=f"{method}: {word}"
        )
    level = number_text(failure, 3)
    ax.axvline(radius(view, failure), color=GREY, lw=1.0, ls=DASHES[4], label=f"radius, at failure {level}")
    ax.set_xlim(left=0)
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("length of the step off $P$, over $|N(x_0)|$")
    ax.set_ylabel("share of draws flipped")
    ax.set_title(f"$d = {p.d}$, $\\ell = {p.ell}$, $m = {network.m}$, $k = {view.k}$", color=GREY)
    legend_below(ax, 3)
    return ax


@dataclass(frozen=True)
class Law:
    """A length in law: scale/chi, chi^2 with ell - rows + 1 degrees of freedom."""

    scale: float
    rows: int

    def freedom(self, ell: int) -> int:
        """The degrees of freedom."""
        return ell - self.rows + 1


def radius(view: PointContext[TrainedNetwork], failure: float) -> float:
    """The length over |N(x0)| below which no step off P flips, except with this probability, at this x0."""
    p = view.network.problem
    q = int(np.sum(~view.supports | (view.a >= 0)))
    g = off_subspace_radius_at(
        d=p.d, ell=p.ell, m=view.network.m, q=q, output=1, t=sqrt(-2 * np.log(failure)),
        shrink=float(view.network.b * sqrt(p.d)),
    )  # fmt: skip
    return float(g.bound)


def _flips(network: TrainedNetwork, view: PointContext[TrainedNetwork], draws: int, seed: int) -> dict[str, np.ndarray]:
    """For each method that has a step, how long it has to be in each draw; inf where it never flips."""
    lengths = {method: np.full(draws, np.inf) for method in METHODS}
    refused: HypothesisError | None = None
    for i in range(draws):
        drawn = network.redrawn(seed + i)
        for method in METHODS:
            try:
                step = getattr(drawn, STEPS[method])(view.at)
            except HypothesisError as error:
                refused = error
            else:
                lengths[method][i] = step.scale * step.norm / abs(view.before)
    found = {method: steps for method, steps in lengths.items() if np.isfinite(steps).any()}
    if not found and refused is not None:
        raise refused
    return found


def _laws(view: PointContext[TrainedNetwork], found: dict[str, np.ndarray]) -> dict[str, Law]:
    """The laws of those steps whose moves are prescribed, over |N(x0)|."""
    network, k, p = view.network, view.k, int(view.supports.sum())
    laws = {}
    if "universal" in found:
        step = network.universal_flip(view.at)  # where it flips along it does not depend on the draw
        moves = step.scale * (step.alpha or 0.0) * sqrt(network.m)
        laws["universal"] = Law(moves / (network.b * abs(view.before)), network.m)
    if "exact" in found:
        laws["exact"] = Law(sqrt(network.m / k) / network.b, k + p)
    return laws
