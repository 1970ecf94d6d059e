"""What training on the residue does: data near a subspace are not data on one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.errors import ParameterError
from boundkit.formats.style import BLUE, DASHES, GREEN, GREY, VERMILION, legend_below, styled
from boundkit.library.beyond.gradient_interval import gradient_interval
from boundkit.library.beyond.weights_move_at_most import weights_move_at_most
from boundkit.simulate.arguments import count
from boundkit.simulate.near import Points, train_logged
from boundkit.simulate.rng import Array
from boundkit.simulate.subspace import Subspace
from boundkit.studies.tables.grids import grid_values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = (1, 20, 100, 400, 1000, 4000)
DIGITS = "scikit-learn's digits"


@dataclass(frozen=True)
class ResidueRow:
    """One network after so many steps.

    Attributes
    ----------
    steps : int
    own : float
        b sqrt(ell), about the singular values that hat W starts with.
    moved, by_log, by_sizes : float
        The largest singular value of what training added to hat W, and its bounds by the log of losses and by sizes.
    gradient : float
        The median over the points of the gradient's part orthogonal to P, over b sqrt(k ell/m).
    too_long, too_short : float
        The share of points at which it is above the upper bound of Theorem 6.1, or below the lower one of Theorem 4.1.
    flip : float
        The length of the step off P that moves every input by 1 the right way.
    """

    steps: int
    own: float
    moved: float
    by_log: float
    by_sizes: float
    gradient: float
    too_long: float
    too_short: float
    flip: float


def digits() -> tuple[Array, Array]:
    """scikit-learn's digits with entries between 0 and 1, and whether they are odd, as +1 and -1.

    Raises
    ------
    ParameterError
        scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise ParameterError(f"{DIGITS} are not there: pip install 'boundkit[data]', or give X and y") from error
    X, number = load_digits(return_X_y=True)
    return X / 16, np.where(number % 2, 1.0, -1.0)


def residue_rows(
    X: Any = None,
    y: Any = None,
    share: float = 0.95,
    m: Any = 10,
    steps: Any = STEPS,
    eta: float = 0.5,
    seed: int = 0,
) -> tuple[ResidueRow, ...]:
    """Train networks on the mean loss of data that are cut at a share of their squares, and measure them off the cut.

    Parameters
    ----------
    X, y : arrays (r, d) and (r,), optional
        Points, and labels +1 and -1; the digits by default.
    share : float
        Of the sum of squares (the mean is not taken off) that the cut holds.
    m : int
        Neurons.
    steps : whole numbers, or a range in text
        After how many steps.
    eta, seed : float, int
        The step size, and what fixes the start.

    Returns
    -------
    tuple of ResidueRow

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> X = rng.standard_normal((40, 12)) * np.where(np.arange(12) < 4, 1, 0.1)
    >>> rows = residue_rows(X, np.sign(X[:, 0]), steps=(10, 100), m=3)
    >>> rows[0].moved < rows[1].moved < rows[1].by_log < rows[1].by_sizes
    True
    """
    if (X is None) != (y is None):
        raise ParameterError("X and y go together: points (r, d) and labels +1 and -1")
    points, labels = digits() if X is None else (np.asarray(X, dtype=float), np.asarray(y, dtype=float))
    if labels.shape != points.shape[:1] or not np.isin(labels, (-1.0, 1.0)).all():
        raise ParameterError(f"y of shape {labels.shape} for X of shape {points.shape}: give a label +1 or -1 for each")
    cut = Subspace.from_pca(points, share=share, affine=False)
    off = np.linalg.qr(cut.basis, mode="complete")[0][:, cut.d - cut.ell :]
    data = Points(points, labels, off)
    return tuple(
        _row(data, count("m", m, "the number of neurons"), count("steps", t, "the number of steps"), eta, seed)
        for t in grid_values(steps)
    )


def _row(data: Points, m: int, steps: int, eta: float, seed: int) -> ResidueRow:
    """What a network trained for so many steps is found to be off the cut."""
    (r, d), ell = data.X.shape, data.off.shape[1]
    run = train_logged(data, m, steps=steps, eta=eta, weight=1 / r, seed=seed)
    W, u = run.weights[0], run.u[0]
    on = data.X @ W.T >= 0
    k = on.sum(axis=1)
    some = k > 0
    lengths = np.linalg.norm((on * u) @ (W @ data.off), axis=1)[some] / np.sqrt(k[some] * ell / (m * d))
    low, high = gradient_interval(d=d, ell=ell, m=1, k=1).bounds
    unit = np.sqrt(ell / d)
    moved = weights_move_at_most(
        residue=data.residue,
        path=float(np.linalg.norm(run.logged[0])),
        eta=eta,
        T=steps,
        points=r,
        point_weight=1 / r,
    )
    return ResidueRow(
        steps,
        own=float(unit),
        moved=float(run.moved(data.off)[0]),
        by_log=moved.bounds[0],
        by_sizes=moved.bounds[1],
        gradient=float(np.median(lengths)),
        too_long=float(np.mean(lengths * unit > high)),
        too_short=float(np.mean(lengths * unit < low)),
        flip=float(np.linalg.norm(np.linalg.pinv(W @ data.off) @ np.sign(u))),
    )


@styled
def residue_against_steps(rows: Iterable[ResidueRow] | None = None, *, ax: Axes, **options: Any) -> Axes:
    """Draw how far training moves the weights off the cut, the gradient there, and how short a step suffices.

    Parameters
    ----------
    rows : iterable of ResidueRow, optional
        What to draw; by default `residue_rows` with these options.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.

    Returns
    -------
    matplotlib axes

    Examples
    --------
    >>> X = np.random.default_rng(1).standard_normal((30, 6)) * [3, 3, 3, 1, 1, 1]
    >>> ax = residue_against_steps(X=X, y=np.sign(X[:, 0]), steps=(5, 50), m=3)
    >>> ax.get_xscale(), len(ax.lines)
    ('log', 6)
    """
    found = tuple(residue_rows(**options) if rows is None else rows)
    for name, label, colour, dash, marker in (
        ("by_sizes", "bound from sizes", GREY, DASHES[2], ""),
        ("by_log", "bound from the log", GREY, DASHES[1], ""),
        ("own", r"$b\sqrt{\ell}$", GREY, DASHES[0], ""),
        ("moved", r"added to $\hat W$", VERMILION, DASHES[0], "o"),
        ("gradient", "median gradient, over its law", BLUE, DASHES[0], "s"),
        ("flip", "step that moves inputs by 1", GREEN, DASHES[0], "^"),
    ):
        at = [(row.steps, getattr(row, name)) for row in found]
        ax.plot(*zip(*at, strict=True), color=colour, ls=dash, marker=marker, ms=4, label=label)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("steps")
    ax.set_title("orthogonally to a subspace that the data are only near", color=GREY)
    legend_below(ax, 2)
    return ax
