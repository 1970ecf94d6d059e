"""Steps from many points at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from boundkit.errors import HypothesisError, ParameterError
from boundkit.simulate.arguments import choice
from boundkit.simulate.rng import Array
from boundkit.simulate.steps import Perturbation
from boundkit.simulate.threads import single_threaded

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network

METHODS = ("universal_flip", "exact_flip", "one_point_flip", "shortest_flip")


@dataclass(frozen=True, eq=False)
class Flips:
    """A step from each of many points, or why there is none.

    Attributes
    ----------
    method : str
        The method that built them.
    steps : tuple of Perturbation or None
        One for each point; of several classes the shortest over the rivals.
    reasons : tuple of str
        Why there is none; empty where there is one.
    toward : array (N,), optional
        Of several classes the one that the step leads to; -1 where there is none.
    """

    method: str
    steps: tuple[Perturbation | None, ...]
    reasons: tuple[str, ...]
    toward: NDArray[np.int_] | None

    def __repr__(self) -> str:
        some = self.norm[np.isfinite(self.norm)]
        told = f", of lengths {some.min():.4g} to {some.max():.4g}" if len(some) else ""
        without = [reason for reason in self.reasons if reason]
        one = ", the first" if len(set(without)) > 1 else ""
        why = f"; {len(without)} without{one}: {without[0]}" if without else ""
        return f"<{self.method} from {len(self.steps)} points: {len(some)} steps{told}{why}>"

    @property
    def norm(self) -> Array:
        """Their lengths (N,); inf where there is none."""
        return np.array([np.inf if step is None else step.norm for step in self.steps])

    @property
    def flipped(self) -> NDArray[np.bool_]:
        """Which of them flip the label (N,)."""
        return np.array([step is not None and step.flipped for step in self.steps], dtype=bool)

    @property
    def certified(self) -> NDArray[np.bool_]:
        """Which of them are known to be the shortest that do as much (N,)."""
        return np.array([step is not None and step.certified is True for step in self.steps], dtype=bool)

    @property
    def z(self) -> Array:
        """The steps as the network writes them (N, n); zeros where there is none."""
        widths = [len(step.z) for step in self.steps if step is not None]
        none = np.zeros(widths[0] if widths else 0)
        return np.array([none if step is None else step.z for step in self.steps])


@single_threaded
def flips(network: Network, x0: Any, method: str = "universal_flip", c: float = 1.01) -> Flips:
    """A step orthogonal to P from each of many points, by one of the methods for a single one.

    Parameters
    ----------
    x0 : points
        Anywhere: coordinates (N, q) or vectors (N, d).
    method : {"universal_flip", "exact_flip", "one_point_flip", "shortest_flip"}
        How each is built.
    c : float
        How far past the boundary, which is at c = 1 or before.

    Returns
    -------
    Flips

    Raises
    ------
    ParameterError
        x0 are no points, or a value out of range.

    Examples
    --------
    >>> from boundkit.simulate import problem, train
    >>> network = train(problem(d=60, ell=40, points=6, seed=1), m=8, steps=50)
    >>> network.flips(network.problem.coordinates).flipped.all()
    np.True_
    """
    choice("method", method, METHODS)
    at = network.subspace.point(x0)
    if at.ndim != 2:
        raise ParameterError(
            f"points of shape {at.shape}: give (N, d), one a row; from one point take network.{method}"
        )
    labels = np.asarray(network.labels(at))
    pair = cache(network.pair)  # each has its own factors of the weights, which are worked out once
    rivals: tuple[int | None, ...] = tuple(range(network.classes)) if network.classes else (None,)
    found: list[tuple[Perturbation | None, str, int]] = []
    for x, y in zip(at, labels, strict=True):
        best, reason, toward = None, "", -1
        for rival in rivals:
            if rival is not None and rival == y:
                continue
            try:
                step = getattr(network if rival is None else pair(int(y), rival), method)(x, c)
            except HypothesisError as error:
                reason = str(error)
                continue
            if best is None or step.norm < best.norm:
                best, toward = step, -1 if rival is None else rival
        found.append((best, "" if best else reason, toward))
    steps, reasons, towards = zip(*found, strict=True) if found else ((), (), ())
    return Flips(method, steps, reasons, np.array(towards, dtype=int) if network.classes else None)
