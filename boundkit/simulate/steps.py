"""Steps orthogonal to P, as they are handed out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.simulate.rng import Array
from boundkit.simulate.scales import norms

if TYPE_CHECKING:
    from boundkit.simulate.networks import Network


@dataclass(frozen=True, eq=False)
class Step:
    """A step z orthogonal to P at x0.

    Attributes
    ----------
    x0 : array
        The point.
    z : array
        The step, as the network writes vectors orthogonal to P; `vector` is the same in R^d.
    """

    network: Network
    x0: Array
    z: Array

    @property
    def norm(self) -> float:
        """The length of z."""
        return float(norms(self.z))

    @property
    def vector(self) -> Array:
        """z as a vector of R^d (d,)."""
        return self.network.lift(self.z)


@dataclass(frozen=True, eq=False)
class Swap(Step):
    """Steps z (..., n) after which the first layer sees x1 at x0 + z; see `swap`.

    Attributes
    ----------
    x1 : array
        The points whose pre-activations, and outputs, x0 + z has.
    moved : float, or array (...)
        |W (x1 - x0)|, by how much the pre-activations move.
    """

    x1: Array
    moved: Any

    def __repr__(self) -> str:
        if np.ndim(self.moved):
            shortest, longest = np.min(self.norm, initial=np.inf), np.max(self.norm, initial=0)
            return f"<{np.size(self.moved)} swaps of lengths {shortest:.4g} to {longest:.4g}>"
        return f"<swap of length {self.norm:.4g}: pre-activations moved by {self.moved:.4g}>"

    @property
    def norm(self) -> Any:
        """The lengths of z (...)."""
        return norms(self.z) if self.z.ndim > 1 else float(norms(self.z))


@dataclass(frozen=True, eq=False)
class Perturbation(Step):
    """A step z orthogonal to P at x0, built to take the label.

    Attributes
    ----------
    method : str
        The method that built it: "paper_step", "universal_flip", "exact_flip", "one_point_flip", "shortest_flip".
    c : float
        How far past the boundary, which is at c = 1.
    alpha : float, optional
        `paper_step`: the factor in z, negative where the printed one is taken and N(x0) < 0. `universal_flip`: how far
        each input is moved. `exact_flip`, `one_point_flip`: how far input i is moved at most, over sqrt(m) |u_i|.
    k : int
        Active neurons that oppose the label.
    before, after : float
        N(x0) and N(x0 + z).
    flipped : bool
        Whether the label flips: y0 N(x0 + z) < 0, by more than rounding.
    lost : bool
        Whether the label is lost: y0 N(x0 + z) <= 0, up to rounding.
    gap : float, optional
        `shortest_flip`: |z| is within this relative distance of its programme's optimum, by duality and with what
        rounding may have done to weights, inputs and the step; infinity where no programme found it.
    certified : bool, optional
        `shortest_flip`: True where no shorter z orthogonal to P brings the output down as far, up to the gap, which is
        at most 10^-6; None where that is not known.
    found : {"formula", "programmes", "line", "patterns", "one point", "attack"}
        How: written down; by convex programmes; on the only line that there is, or over all sets of opposing neurons,
        both of which prove their answer; along the one-point flip; or by the attack, where the programmes have no step.
        `proves` says it.
    """

    method: str
    c: float
    alpha: float | None
    k: int
    before: float
    after: float
    flipped: bool
    lost: bool
    gap: float | None = None
    certified: bool | None = None
    found: str = "formula"

    def __repr__(self) -> str:
        moved = f"N from {self.before:.4g} to {self.after:.4g}, k = {self.k}"
        does = "flips" if self.flipped else "only loses the label" if self.lost else "keeps the label"
        return f"<{self.method} of length {self.norm:.4g}, {does}: {moved}>"

    @property
    def proves(self) -> str:
        """What is known of shorter steps that bring the output down as far."""
        if self.certified:
            return f"no shorter step does, but for a relative {self.gap:.1g}"
        if self.found == "programmes":
            return "none that counts inactive opposing neurons as nothing is shorter; the network may have one"
        return "nothing of shorter steps"

    @cached_property
    def scale(self) -> float:
        """The infimum of the t at which t z flips the label, exactly; inf where none does."""
        return self.network.flip_scale(self.x0, self.z)
