"""Figure 4: how far attacks have to go as the first layer starts smaller; three layers (section 6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammaln

from boundkit.errors import ParameterError
from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.clouds import (
    SPHERE,
    SPHERE_NAME,
    STAND_IN,
    Cloud,
    pictured,
    projected_name,
    source,
)
from boundkit.library.melamed2023.figures.pictures import LINE, MINUS, PLUS, THIRD, Picture, new_axes, new_figure
from boundkit.simulate.attacks import shortest_steps
from boundkit.simulate.deep import DeepNetwork, TrainingConfig, pytorch_default, train_deep
from boundkit.simulate.rng import Array, gaussian_factor, stream

if TYPE_CHECKING:
    from matplotlib.figure import Figure


FACTORS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
SPACES = {"off": ("off the subspace", MINUS, "s", "-"), "on": ("on the subspace", PLUS, "o", "--"),
          "free": ("free", THIRD, "^", "-.")}  # fmt: skip
FARTHEST = 1e4  # how far an attack looks
ATTACK_STEPS, ATTACK_STARTS = 40, 8


@dataclass(frozen=True)
class Plan:
    """What the paper leaves out, chosen.

    Attributes
    ----------
    width : int
        Of both hidden layers.
    points, attacked : int
        How many points are trained on, and how many of them, picked at random, are attacked.
    eta, margin, steps : float, float, int
        Step size, the margin that training stops at, and the steps it stops after all the same.
    factors : tuple of float
        What the first layer's start is divided by.
    seeds : int
        Networks at every factor, each with data of its own.
    """

    width: int = 200
    points: int = 400
    attacked: int = 200
    eta: float = 0.1
    margin: float = 0.3
    steps: int = 20_000
    factors: tuple[float, ...] = FACTORS
    seeds: int = 5

    @property
    def recipe(self) -> TrainingConfig:
        """How its networks are trained."""
        return TrainingConfig(self.eta, self.margin, self.steps)

    def grid(self, seed: int) -> dict[str, Any]:
        """What a sweep of `network` varies, and what stays."""
        fixed = {name: getattr(self, name) for name in ("width", "points", "attacked", "eta", "margin", "steps")}
        return {**fixed, "factor": self.factors, "seed": range(seed, seed + self.seeds)}


QUICK = Plan(width=50, points=60, attacked=30, factors=(1.0, 4.0, 16.0), seeds=2)


@dataclass(frozen=True, eq=False)
class Found:
    """One network: the lengths of the attacks' steps by space, and its gradients off the subspace, all (points,).

    Beside them the steps it was trained for, the least margin it came to, and whether that is the one to stop at.
    """

    off: Array
    on: Array
    free: Array
    gradient: Array
    predicted: Array
    took: int
    least: float
    reached: bool


def three_layers(cloud: Cloud, width: int, factor: float, seed: int) -> tuple[DeepNetwork, Array]:
    """A network as seen from the subspace, and its first layer orthogonal to it (width, n).

    The first layer starts as N(0, 1/d), section 3.1's standard, and the rest as PyTorch's default; weights and
    biases of the first layer are divided by the factor. Training leaves what is orthogonal to the data alone
    (Theorem A.2), so it is drawn as a triangular factor with the lengths and inner products of the real thing.
    """
    usual = pytorch_default((cloud.d, width, width, 1), seed)
    beta = cloud.d**-0.5 / factor
    on = beta * stream(seed, "figures", 4).standard_normal((width, cloud.X.shape[1]))
    off = beta * gaussian_factor(stream(seed, "figures", 5), width, cloud.ell)
    return DeepNetwork((on, *usual.weights[1:]), (usual.biases[0] / factor, *usual.biases[1:])), off


def mean_chi(n: int) -> float:
    """The mean of the chi law with n degrees of freedom."""
    return float(np.sqrt(2) * np.exp(gammaln((n + 1) / 2) - gammaln(n / 2)))


def attacked(cloud: Cloud, plan: Plan, factor: float, seed: int) -> Found:
    """Train one network, attack it, and hold its gradients off the subspace against b |J| chi_ell in the mean."""
    start, off = three_layers(cloud, plan.width, factor, seed)
    run = train_deep(start, cloud.X, cloud.y, plan.recipe)
    picked = stream(seed, "figures", 6).permutation(len(cloud.y))[: plan.attacked]
    a, on = run.network.inputs(cloud.X[picked]), run.network.weights[0]
    top = np.full(len(a), FARTHEST)
    lengths = {
        space: shortest_steps(run.network, a, rows, top, ATTACK_STEPS, ATTACK_STARTS, seed)[0]
        for space, rows in (("off", off), ("on", on), ("free", np.hstack([on, off])))
    }
    J = run.network.output_gradient(a)
    predicted = cloud.d**-0.5 / factor * np.linalg.norm(J, axis=1) * mean_chi(cloud.ell)
    took, least, reached = int(run.steps), float(run.margin), bool(run.reached)
    return Found(**lengths, gradient=np.linalg.norm(J @ off, axis=1), predicted=predicted, took=took, least=least,
                 reached=reached)  # fmt: skip


def network(*, data: str, digest: str, factor: float, seed: int, **chosen: Any) -> dict[str, Any]:
    """One network, as a task of a sweep; the digest is that of the images, `chosen` are fields of a Plan."""
    plan = Plan(**chosen)
    return asdict(attacked(source(data, digest)(plan.points, seed), plan, factor, seed))


@dataclass(frozen=True, eq=False)
class Scan:
    """All networks on one kind of data: found[i] at the factor factors[i], one a seed."""

    name: str
    plan: Plan
    found: tuple[tuple[Found, ...], ...]

    def lengths(self, space: str) -> tuple[Array, Array, Array]:
        """Mean and standard deviation over points and seeds, and the number of points where no step was found."""
        pooled = [np.concatenate([getattr(f, space) for f in row]) for row in self.found]
        finite = [x[np.isfinite(x)] for x in pooled]
        middle = [(x.mean(), x.std()) if len(x) else (np.nan, np.nan) for x in finite]
        missing = [len(x) - len(y) for x, y in zip(pooled, finite, strict=True)]
        return (*np.array(middle).T, np.array(missing))

    def gradients(self) -> tuple[Array, Array]:
        """Mean norm of the gradient off the subspace over points, by factor and seed: measured and predicted."""
        measured = [[f.gradient.mean() for f in row] for row in self.found]
        return np.array(measured), np.array([[f.predicted.mean() for f in row] for row in self.found])

    @property
    def line(self) -> str:
        """What came out, in words: from the first factor to the last."""
        first, last = self.plan.factors[0], self.plan.factors[-1]
        ends = {space: self.lengths(space)[0][[0, -1]] for space in SPACES}
        told = ", ".join(
            f"{SPACES[s][0]} {_short(low)} to {_short(high)}{self._missing(s)}" for s, (low, high) in ends.items()
        )
        measured, predicted = self.gradients()
        alive = predicted > 0  # a network whose neurons have all died has no gradient
        ratio = measured[alive] / predicted[alive]
        law = f"{ratio.min():.3f} to {ratio.max():.3f}" if ratio.size else "every gradient is 0"
        return (
            f"{self.name}: mean attack from factor {first:g} to {last:g}: {told}; "
            f"gradient off the subspace over b |J| E chi: {law}"
        )

    def _missing(self, space: str) -> str:
        missing = int(self.lengths(space)[2].sum())
        return f" (none found within {FARTHEST:g} at {missing} points)" if missing else ""

    @property
    def note(self) -> str:
        """How many networks stopped short of the margin; '' where none did."""
        missed = [f for row in self.found for f in row if not f.reached]
        least = min((f.least for f in missed), default=0.0)
        r, number = self.plan.recipe, len(self.plan.factors) * self.plan.seeds
        told = f"{self.name}: margin {r.margin:g} not reached in {r.steps} steps by {len(missed)} of {number} networks"
        return f"{told}, the least is {least:.3g}" if missed else ""

    def to_dict(self) -> dict[str, Any]:
        """The numbers behind the curves."""
        measured, predicted = self.gradients()
        spaces = {s: dict(zip(("mean", "std", "not_found"), self.lengths(s), strict=True)) for s in SPACES}
        runs = [[{"steps": f.took, "margin": f.least} for f in row] for row in self.found]
        return {"data": self.name, "factors": self.plan.factors, "attack": spaces, "gradient": measured,
                "gradient_predicted": predicted, "runs": runs}  # fmt: skip


def scans(
    data: Sequence[str], plan: Plan, seed: int = 0, workers: int | None = None, progress: Progress | None = None,
    store: str | Path | None = None,
) -> tuple[Scan, ...]:  # fmt: skip
    """Train and attack at every factor, for every seed, as one sweep over the networks.

    Parameters
    ----------
    data : sequence of str
        SPHERE, STAND_IN, or folders of images.
    plan : Plan
    seed : int
        The first of the plan's seeds.
    workers : int, optional
        Processes; by default what the caller's joblib.parallel_config says, or else all cores.
    progress : callable, optional
        Called with (what, done, total) as networks are done.
    store : path, optional
        The file of a sweep: networks that it holds are not trained again.
    """
    from boundkit.studies.sweeps.running import sweep

    pictures = [None if one == SPHERE else pictured(one) for one in data]
    digests = ["" if one is None else one.digest for one in pictures]
    grids = [{"data": [one], "digest": [d], **plan.grid(seed)} for one, d in zip(data, digests, strict=True)]
    runs = sweep(network, grids, store=store, workers=workers, progress=progress)
    if runs.failed:
        raise ParameterError(f"{runs.failed[0].parameters}: {runs.failed[0].error}")
    done = (_found(run.result or {}) for run in runs)
    tables = [tuple(tuple(islice(done, plan.seeds)) for _ in plan.factors) for _ in data]
    names = [projected_name(one) if one else SPHERE_NAME for one in pictures]
    return tuple(Scan(name, plan, table) for name, table in zip(names, tables, strict=True))


def _found(result: dict[str, Any]) -> Found:
    arrays = {name: np.array(value) for name, value in result.items() if isinstance(value, list)}
    return Found(**{**result, **arrays})


def draw_attacks(scan: Scan, ax: Any = None) -> Any:
    """Draw the mean length of the attacks' steps and return the axes."""
    ax = new_axes(ax)
    for shift, (space, (label, colour, mark, style)) in zip((0.985, 1.0, 1.015), SPACES.items(), strict=True):
        mean, std, _ = scan.lengths(space)
        x = np.array(scan.plan.factors) * shift  # so that bars do not hide each other
        bars = [np.minimum(std, 0.9 * mean), std]  # the axis is logarithmic
        thin = {"ms": 4, "lw": 1.2, "elinewidth": 0.8, "capsize": 2}
        ax.errorbar(x, mean, bars, color=colour, marker=mark, ls=style, label=label, **thin)
    return _log_axes(ax, scan, "norm of the perturbation")


def draw_gradients(scan: Scan, ax: Any = None) -> Any:
    """Draw the gradients off the subspace, measured and predicted, and return the axes."""
    ax = new_axes(ax)
    measured, predicted = scan.gradients()
    law = r"predicted, $b\,\|J\|\,\mathrm{E}\,\chi_\ell$"
    ax.plot(scan.plan.factors, predicted.mean(1), color=LINE, lw=1.2, label=law)
    ax.plot(scan.plan.factors, measured.mean(1), color=MINUS, ls="", marker="s", ms=4, label="measured")
    return _log_axes(ax, scan, "gradient off the subspace")


def picture(
    *, seed: int = 0, quick: bool = False, data: str | Path | None = None, workers: int | None = None,
    progress: Progress | None = None, store: str | Path | None = None,
) -> Picture:  # fmt: skip
    """Make figure 4: (a) a sphere, (b) images from a folder or what stands in; `quick` is small."""
    plan = QUICK if quick else Plan()
    folder = STAND_IN if data is None else str(Path(data).absolute())
    found = scans((SPHERE, folder), plan, seed, workers, progress, store)
    notes = [scan.note for scan in found if scan.note]
    if not found[1].name.startswith("MNIST"):
        notes.append(f"(b) shows {found[1].name}; the paper shows MNIST")
    settings = {
        "seed": seed, "quick": quick, "data": None if data is None else Path(data).name,
        **asdict(plan), **asdict(plan.recipe),
        "attack_steps": ATTACK_STEPS, "attack_starts": ATTACK_STARTS, "farthest": FARTHEST,
        "initialisation": "N(0, 1/d) in layer 1, its weights and biases over the factor; PyTorch's default above",
        "labels": "(a) a fair coin, (b) the parity of the class", "bars": "standard deviation over points and seeds",
    }  # fmt: skip

    def figure() -> Figure:
        drawn = new_figure(7.2, 5.0)
        axes = drawn.subplots(2, 2, sharex=True, gridspec_kw={"height_ratios": [3, 2]})
        for letter, scan, (top, bottom) in zip("ab", found, axes.T, strict=True):
            draw_attacks(scan, top).set_title(f"({letter}) {scan.name}")
            draw_gradients(scan, bottom)
            top.set_xlabel("")
        for ax in axes[:, 0]:
            ax.legend(frameon=False)
        return drawn

    title = f"attacks and the first layer's initialisation: {found[0].name}; {found[1].name}"
    lines = tuple(f"({letter}) {scan.line}" for letter, scan in zip("ab", found, strict=True))
    return Picture(4, title, settings, {"panels": [s.to_dict() for s in found]}, lines, tuple(notes), figure)


def _log_axes(ax: Any, scan: Scan, label: str) -> Any:
    """The axes with label and ticks, logarithmic along the factors, and upwards where some value is above 0."""
    from matplotlib.ticker import LogLocator, NullFormatter

    ax.set(ylabel=label)
    with np.errstate(invalid="ignore"):
        positive = any(np.any(np.asarray(line.get_ydata()) > 0) for line in ax.lines)
    if positive:  # else all neurons have died
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
        ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set(xscale="log", xlabel="first layer's initialisation divided by")
    ax.set_xticks(scan.plan.factors, [f"{f:g}" for f in scan.plan.factors])
    ax.minorticks_off()
    return ax


def _short(x: float) -> str:
    return f"{x:.3g}" if np.isfinite(x) else "nowhere"
