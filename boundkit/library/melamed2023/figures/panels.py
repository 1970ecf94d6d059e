"""How figures 2, 3, 5 and 6 are drawn: the points, the decision boundary, and the way to it along the normal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.formats.progress import Progress
from boundkit.library.melamed2023.figures.boundaries import REACH, Experiment, Outcome, outcomes
from boundkit.library.melamed2023.figures.pictures import LINE, MINUS, PLUS, Picture, new_axes, new_figure
from boundkit.library.melamed2023.figures.tetrahedra import zero_set
from boundkit.simulate.rng import Array

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKS = ((1, PLUS, "o"), (-1, MINUS, "s"))  # two shapes as well as two colours
CUBES = 24  # cubes along an edge of the box in which the boundary's triangles are looked for
LIGHT = np.array([0.35, 0.6, 0.72])  # about a unit vector, towards the reader's left shoulder


def draw_plane(experiment: Experiment, outcome: Outcome, seed: int = 0, ax: Any = None) -> Any:
    """Draw one network in the plane and return the axes; `seed` is its place among the seeds."""
    ax = new_axes(ax)
    e, network = experiment, outcome.run.network[seed]
    t = np.linspace(e.low, e.high, 401)
    grid = np.stack(np.meshgrid(t, t), axis=-1)
    height = network.output(grid.reshape(-1, 2)).reshape(grid.shape[:2])
    ax.contourf(t, t, height, levels=[-np.inf, 0, np.inf], colors=["#FBE3D6", "#DCEBF5"])
    if height.min() < 0 < height.max():
        ax.contour(t, t, height, levels=[0], colors=[LINE], linewidths=1)
    ends = e.X + (_shown(e, outcome, seed) * outcome.side[seed])[:, None] * e.normal
    ax.plot(*np.stack([e.X, ends], axis=1).T, color=LINE, lw=0.9, ls=(0, (1, 1.5)), zorder=2)
    for label, colour, mark in MARKS:
        ax.scatter(*e.X[e.y == label].T, c=colour, marker=mark, s=26, edgecolors="white", linewidths=0.6, zorder=3)
    ax.set(xlim=(e.low, e.high), ylim=(e.low, e.high), aspect="equal")
    ax.set_xticks([-1, 0, 1], ["$-1$", "0", "1"])
    ax.set_yticks([-1, 0, 1], ["$-1$", "0", "1"])
    return ax


def draw_space(experiment: Experiment, outcome: Outcome, seed: int = 0, ax: Any = None, cubes: int = CUBES) -> Any:
    """Draw one network in space and return the axes (3-D axes, if given); more cubes an edge show finer shapes."""
    from matplotlib import colormaps
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    ax = new_figure(4, 3.6).add_subplot(projection="3d") if ax is None else ax
    e = experiment
    triangles = zero_set(_heights(outcome, seed, e.low, e.high, cubes), e.low, e.high)
    if len(triangles):
        edges = triangles[:, 1:] - triangles[:, :1]
        normals = np.cross(edges[:, 0], edges[:, 1])
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
        light = np.abs(normals @ LIGHT)  # on either side
        height = triangles[..., 2].mean(-1) - (e.low + e.high) / 2
        colours = colormaps["cividis"](0.5 + height / (2 * (np.abs(height).max() or 1)))
        colours[:, :3] *= (0.6 + 0.4 * light)[:, None]
        faces = {"facecolors": colours, "edgecolors": colours}
        ax.add_collection3d(Poly3DCollection(triangles, linewidths=0.15, zorder=1, **faces))
    ends = e.X + (_shown(e, outcome, seed) * outcome.side[seed])[:, None] * e.normal
    for start, end in zip(e.X, ends, strict=True):
        ax.plot(*np.stack([start, end]).T, color=LINE, lw=0.9, ls=(0, (1, 1.5)), zorder=2)
    for label, colour, mark in MARKS:
        ax.scatter(*e.X[e.y == label].T, c=colour, marker=mark, s=16, edgecolors="white", linewidths=0.5,
                   depthshade=False, zorder=3)  # fmt: skip
    for axis in "xyz":
        getattr(ax, f"set_{axis}lim")(e.low, e.high)
        getattr(ax, f"set_{axis}ticks")([0, 0.5, 1], ["0", "0.5", "1"], fontsize=7)
    ax.set(xlabel="$x$", ylabel="$y$", zlabel="$z$")
    ax.tick_params(pad=-3)
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.labelpad = -10
        axis.set_pane_color((0.97, 0.97, 0.97, 1))
    ax.computed_zorder = False
    ax.view_init(elev=18, azim=60)
    ax.set_box_aspect((1, 1, 0.85), zoom=1.05)
    return ax


def boundary_picture(
    experiment: Experiment, seed: int, quick: bool, notes: tuple[str, ...] = (), workers: int | None = None,
    progress: Progress | None = None,
) -> Picture:  # fmt: skip
    """Train and measure the three panels for one seed."""
    e = experiment
    found = outcomes(e, (seed,), workers, progress)
    lines = tuple(
        f"({letter}) {o.setting.title}: {int(o.run.steps[0])} steps, margin {o.run.margin[0]:.3g}; "
        f"distance to the boundary along the normal: {', '.join(distance_words(e, o, 0))}"
        for letter, o in zip("abc", found, strict=True)
    )
    missed = tuple(f"({letter}) {o.run.note}" for letter, o in zip("abc", found, strict=True) if o.run.note)
    settings = {"seed": seed, "quick": quick, "box": [e.low, e.high], "reach": REACH,
                "panels": [o.setting.to_dict() for o in found]}  # fmt: skip
    numbers = {"points": e.X, "labels": e.y, "normal": e.normal, "panels": [_numbers(e, o) for o in found]}

    def figure() -> Figure:
        return _in_space(e, found, 12 if quick else CUBES) if e.X.shape[1] == 3 else _in_plane(e, found)

    return Picture(e.number, e.title, settings, numbers, lines, notes + missed, figure)


def _in_plane(e: Experiment, found: tuple[Outcome, ...]) -> Figure:
    drawn = new_figure(7.2, 3.1)
    for ax, letter, outcome in zip(drawn.subplots(1, 3), "abc", found, strict=True):
        draw_plane(e, outcome, 0, ax)
        ax.set_title(f"({letter}) {outcome.setting.title}")
        ax.set_xlabel(_below(e, outcome), fontsize=7)
    return drawn


def _in_space(e: Experiment, found: tuple[Outcome, ...], cubes: int) -> Figure:
    """The three panels in three dimensions, on grids of `cubes` a side, each above its distances."""
    drawn = new_figure(7.2, 3.1)
    drawn.set_layout_engine("none")  # it leaves 3-D axes too much room
    for place, letter, outcome in zip((0.03, 0.36, 0.69), "abc", found, strict=True):
        ax = drawn.add_axes((place, 0.24, 0.3, 0.68), projection="3d")
        draw_space(e, outcome, 0, ax, cubes)
        drawn.text(place + 0.15, 0.95, f"({letter}) {outcome.setting.title}", ha="center", va="top", fontsize=9)
        drawn.text(place + 0.15, 0.2, _below(e, outcome), ha="center", va="top", fontsize=7)
    return drawn


def _below(e: Experiment, outcome: Outcome) -> str:
    note = outcome.run.note.replace(" (", "\n(")
    first, *others = distance_words(e, outcome, 0)
    return "\n".join([f"distance: {first}", *others, *([note] if note else [])])


def distance_words(experiment: Experiment, outcome: Outcome, seed: int) -> tuple[str, ...]:
    """Median and range over the points, and at how many the boundary is not within the box, or nowhere within REACH."""
    d = outcome.distance[seed]
    outside = int(np.sum(d > experiment.exits + 1e-12))
    found = [_number(np.median(d)), f"{_number(d.min())} to {_number(d.max())}"]
    words = [f"median {found[0]}", f"range {found[1]}"]
    where = f"none within the box at {outside} of {len(d)}" if outside else "within the box at all points"
    return (", ".join(words), where)


def _number(x: float) -> str:
    return f"{x:.2g}" if np.isfinite(x) else f"over {REACH:g}"


def _shown(e: Experiment, outcome: Outcome, seed: int) -> Array:
    """The distances, cut off at the box."""
    return np.asarray(np.minimum(outcome.distance[seed], e.exits))


def _heights(outcome: Outcome, seed: int, low: float, high: float, cubes: int) -> Array:
    """The output on the grid, slice by slice so that wide networks need little memory."""
    network, t = outcome.run.network[seed], np.linspace(low, high, cubes + 1)
    rest = np.stack(np.meshgrid(t, t, indexing="ij"), axis=-1).reshape(-1, 2)
    slices = [network.output(np.hstack([np.full((len(rest), 1), x), rest])) for x in t]
    return np.array(slices).reshape((cubes + 1,) * 3)


def _numbers(e: Experiment, o: Outcome) -> dict[str, Any]:
    return {
        "panel": o.setting.title, "steps": o.run.steps[0], "margin": o.run.margin[0], "loss": o.run.loss[0],
        "margin_reached": o.run.reached[0], "distance": o.distance[0], "side": o.side[0],
        "within_box": o.distance[0] <= e.exits + 1e-12,
    }  # fmt: skip
