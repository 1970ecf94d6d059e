"""Side by side at realistic sizes: what Theorem 5.1 promises, what is true, and how short a flip can be."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields
from math import floor
from typing import Any

import numpy as np

from boundkit.errors import HypothesisError, ParameterError, PrecisionError
from boundkit.formats.plainly import plainly
from boundkit.formats.progress import Progress
from boundkit.formats.tables import Tabular
from boundkit.laws import chi_square, row_sum
from boundkit.simulate.arguments import count, size
from boundkit.simulate.context import PointContext, view_of
from boundkit.simulate.rng import stream
from boundkit.simulate.setting import TRIES, Setting
from boundkit.simulate.trained import TrainedNetwork
from boundkit.studies.tables.grids import grid_values
from boundkit.terms import is_formula, worked_out

DATA = {784: "MNIST", 3072: "CIFAR-10", 150528: "ImageNet"}
WIDTHS = (2, 4, 16, 64, 256, 1024, 4096)
LARGEST_SEARCHED = 1024  # neurons; a search costs m^2 numbers, and seconds there
SPLITS = np.linspace(0.02, 0.98, 49)
HALVINGS = 60
SEARCHED = ("shortest", "attack", "certified", "shortest_flips", "attack_flips")


@dataclass(frozen=True)
class Lengths:
    """How long a flipping step is, over |N(x0)|, at one point of one trained network.

    Attributes
    ----------
    d, ell, m, k, p : int
        Sizes; active neurons that oppose the label, and neurons that support it.
    promised, claimed : float, optional
        Theorem 5.1's length and its failure probability; None where it does not apply, or the probability is 1.
    log_in_fact : float
        Log of how often at most its z fails to flip or is longer than 8 sqrt 2 (m/k)/(b sqrt ell): the exact terms,
        whether the theorem applies or not.
    sharpened : float, optional
        The theorem's direction with the best c and rho, c rho (m/k)/(b sqrt ell), at the failure level.
    universal, one_point : float, optional
        What these flips' lengths at c = 1 exceed with the level's probability at most: the same direction for every
        x0, m/(k + 1) over b chi, and the shortest move at this one, sqrt(m/(k + 1)) over it.
    swap : float, optional
        The same of the swap for the data point of the other label whose pre-activations are nearest; None without one.
    shortest, attack : float, optional
        Found on this network: by convex programmes at c = 1, and by projected gradient steps.
    certified : bool, optional
        Whether no shorter step than `shortest` loses the label; None where that is not known.
    shortest_flips, attack_flips : bool, optional
        Whether that step flips the label, or only loses it: N = 0 there. None where there is no step.
    radius : float
        No shorter step flips, except with the level's probability.
    """

    d: int
    ell: int
    m: int
    k: int
    p: int
    promised: float | None
    claimed: float | None
    log_in_fact: float
    sharpened: float | None
    universal: float | None
    one_point: float | None
    swap: float | None
    shortest: float | None
    attack: float | None
    certified: bool | None
    shortest_flips: bool | None
    attack_flips: bool | None
    radius: float

    @property
    def data(self) -> str:
        """The data set with that many inputs."""
        return DATA.get(self.d, "")

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON can carry it."""
        row = {"data": self.data} | {field.name: getattr(self, field.name) for field in fields(self)}
        return plainly(row)


@dataclass(frozen=True)
class Comparison(Tabular):
    """Rows of lengths at one failure level."""

    failure: float
    seed: int
    searched: int
    rows: tuple[Lengths, ...]

    def __repr__(self) -> str:
        return f"<comparison of perturbations: {len(self.rows)} rows at failure {self.failure:.3g}>"

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a network."""
        return [row.to_dict() for row in self.rows]

    def _repr_html_(self) -> str:
        from boundkit.library.melamed2023.lengths import lengths_html

        return lengths_html(self)

    def to_dict(self) -> dict[str, Any]:
        """The whole as JSON can carry it."""
        rows = [row.to_dict() for row in self.rows]
        return {"failure": self.failure, "seed": self.seed, "searched": self.searched, "rows": rows}


def compare(
    d: Any = tuple(DATA),
    m: Any = WIDTHS,
    *,
    ell: Any = None,
    failure: Any = 0.01,
    seed: int = 0,
    searched: Any = LARGEST_SEARCHED,
    progress: Progress | None = None,
) -> Comparison:
    """Compare perturbations over sizes, each on a network trained for it, at its first data point with k >= 1.

    Parameters
    ----------
    d, m : int, or several
        Input dimensions and widths, also as text: ``"784,3072"``. By default those of MNIST, CIFAR-10 and ImageNet,
        and widths from 2 to 4096.
    ell : int or SymPy formula in d, optional
        The dimension orthogonal to the data, rounded down; 9 d/10 by default. The data are 20 points of rank
        min(10, d - ell), with random labels.
    failure : float
        The level of all lengths but the theorem's own, between 0 and 1.
    seed : int
        Fixes everything.
    searched : int
        The widest network on which `shortest` and `attack` are looked for.
    progress : callable, optional
        Called with (what, done, total) before each row.

    Returns
    -------
    Comparison

    Raises
    ------
    ParameterError
        A value out of range.
    HypothesisError
        No network with an active opposing neuron was found at some size.

    Examples
    --------
    >>> row = compare(1000, 10, ell=600).rows[0]
    >>> row.promised is None, row.radius < row.shortest <= row.one_point < row.universal < row.sharpened
    (True, True)
    """
    dims = [count("d", x, "the input dimension", 2) for x in grid_values(d)]
    widths = [count("m", x, "the number of neurons", 2) for x in grid_values(m)]
    level = size("failure", failure, "the failure probability")
    searched = count("searched", searched, "the widest network that is searched", 0)
    if not level < 1:
        raise ParameterError(f"failure = {level:g}: it lies strictly between 0 and 1")
    rows: list[Lengths] = []
    for n in dims:
        off = count("ell", _off(n, ell), "the dimension orthogonal to the data", 1, n - 1)
        for width in widths:
            if progress is not None:
                progress(f"d = {n}, m = {width}", len(rows), len(dims) * len(widths))
            rows.append(_lengths(n, off, width, level, seed, searched))
    return Comparison(level, seed, searched, tuple(rows))


def _off(d: int, ell: Any) -> Any:
    """The dimension orthogonal to the data, from a number or a formula in d."""
    if ell is None:
        return max(1, 9 * d // 10)
    return floor(worked_out({"d": d, "ell": ell})["ell"]) if is_formula(ell) else ell


def _lengths(d: int, ell: int, m: int, level: float, seed: int, searched: int) -> Lengths:
    """The row of a trained network: lengths by the laws at its sizes, and found on it where m is at most `searched`."""
    from boundkit.library.melamed2023.theorem_5_1 import theorem_5_1

    view = _covered(Setting(theorem_5_1, {"d": d, "ell": ell, "m": m}, seed))
    network = view.network
    k, p = view.k, int(view.supports.sum())
    unit = 1 / network.b
    theorem = theorem_5_1(d=d, ell=ell, m=m, k=k, output=1)
    promises = bool(theorem.applies) and float(theorem.failure) < 1
    q = int(np.sum(~view.supports | (view.a >= 0)))
    normal = np.sqrt(-2 * np.log(level))
    return Lengths(
        d, ell, m, k, p,
        float(theorem.bound) if promises else None,
        float(theorem.failure) if promises else None,
        log_papers_failure(ell, m, k, p),
        _scaled(unit, sharpened_length(level, ell, m, k, p)),
        _scaled(unit * m / (k + 1), chi_quantile(level, ell - m + 1)),
        _scaled(unit * np.sqrt(m / (k + 1)), chi_quantile(level, ell - k - p + 1)),
        _scaled(unit * to_swap(view), chi_quantile(level, ell - m + 1)),
        **(_searched(view) if m <= searched else dict.fromkeys(SEARCHED)),
        radius=float(unit * np.sqrt(m / q) / (np.sqrt(ell) + np.sqrt(q / (2 * np.pi)) + normal)),
    )  # fmt: skip


def _covered(setting: Setting) -> PointContext[TrainedNetwork]:
    """From the first covered data point of the first network in a row of seeds that has one."""
    for attempt in range(TRIES):
        network = setting.train(int(stream(setting.seed, "conditional", attempt).integers(2**63)))
        for x0 in np.flatnonzero(network.opposing(setting.problem.coordinates).any(axis=1)) if network.finite else ():
            with suppress(HypothesisError):  # an output that is rounding is no label
                return view_of(network, int(x0))
    raise HypothesisError(
        f"k = 0 at every data point of {TRIES} networks of {setting.m} neurons, d = {setting.d}: no theorem on flips "
        "covers them; take another seed or more neurons"
    )


def to_swap(view: PointContext[TrainedNetwork]) -> float:
    """|W (x1 - x0)|/|N(x0)| for the nearest data point x1 of the other label, in the inputs; inf without one."""
    network = view.network
    there = network.problem.coordinates
    others = network.output(there) * view.before < 0
    moved = np.linalg.norm(network.inputs(there) - network.inputs(view.at), axis=1)
    return float(np.min(moved[others], initial=np.inf) / abs(view.before))


def _scaled(unit: float, length: float | None) -> float | None:
    return None if length is None or unit == np.inf else float(unit * length)


def log_papers_failure(ell: int, m: int, k: int, p: int) -> float:
    """Log of how often at most Theorem 5.1's z (c = 8) fails to flip, or is longer than its bound at this b."""
    logs = [
        np.log(p) + row_sum.log_below_zero(ell, m),
        row_sum.logcdf(1 / 8, ell, m / k),
        chi_square.logsf_ratio(2, ell),
    ]
    return float(min(0.0, np.logaddexp.reduce(logs)))


def chi_quantile(level: float, freedom: int) -> float | None:
    """What 1/chi exceeds with this probability; None without a degree of freedom."""
    return None if freedom < 1 else float(chi_square.ppf_log(np.log(level), freedom) ** -0.5)


def sharpened_length(level: float, ell: int, m: int, k: int, p: int) -> float | None:
    """The least c rho (m/k)/sqrt(ell) for which the theorem's z fails with this probability at most; None where none.

    It fails with at most p P[a row sum <= 0] + P[the opposing rows' mean <= ell/c] + P[chi2_ell > rho^2 ell].
    """
    left = level - p * np.exp(row_sum.log_below_zero(ell, m))
    if left <= 0 or row_sum.log_below_zero(ell, m / k) >= np.log(left):
        return None
    logs = np.log(left * SPLITS)
    low, high = np.zeros_like(logs), np.ones_like(logs)  # of 1/c
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rare = row_sum.logcdf(middle, ell, m / k) <= logs
        low, high = np.where(rare, middle, low), np.where(rare, high, middle)
    rho = np.sqrt(np.asarray(chi_square.isf_log(np.log(left * (1 - SPLITS)), ell)) / ell)
    with np.errstate(divide="ignore"):
        best = float(np.min(np.maximum(rho, 1.0) / low))
    return best * m / k / ell**0.5 if np.isfinite(best) else None


def _searched(view: PointContext[TrainedNetwork]) -> dict[str, Any]:
    """The shortest step at c = 1 and the attack's, over |N(x0)|, and whether they flip."""
    output, found = abs(view.before), dict[str, Any].fromkeys(SEARCHED)
    attack = view.network.attack(view.at)
    if attack.found:
        found |= {"attack": float(attack.norm) / output, "attack_flips": bool(attack.flipped)}
    try:
        shortest = view.network.shortest_flip(view.at, 1)
    except (HypothesisError, PrecisionError):
        return found
    return found | {
        "shortest": shortest.norm / output, "certified": shortest.certified, "shortest_flips": shortest.flipped,
    }  # fmt: skip
