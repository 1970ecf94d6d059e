"""Where a statement applies, promises nothing, or says something, over two parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from boundkit.api.objects import Statement
from boundkit.engine.accept import named
from boundkit.engine.evaluate import compiled
from boundkit.engine.verdict import Verdict
from boundkit.formats.style import BLUE, GREY, ORANGE, legend_below, styled, wrapped
from boundkit.plots.parameters import along, formulas_of, is_wide, plain_value, tex, varied
from boundkit.terms import given_text
from boundkit.values import value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERDICTS = tuple(Verdict)
COLOURS = ("#E8E8E8", "#9FB8CC", ORANGE, BLUE)


@styled
def coverage(
    statement: Statement,
    over: Mapping[str, Any],
    *,
    ax: Axes,
    **fixed: Any,
) -> Axes:
    """Draw the map of what a statement is worth: where it does not apply, promises nothing, or says something.

    Parameters
    ----------
    statement : Statement
        Any.
    over : mapping of two parameters to their values
        The horizontal parameter first: ``{"d": "100:1e6:x1.2", "m": "1:1000:x1.2"}``; whole parameters are rounded.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.
    **fixed
        The other parameters, numbers or SymPy formulas in others, of whole ones rounded down. Those not given take
        their default or typical value, or 1, and the title says so.

    Returns
    -------
    matplotlib axes
        Cells outside the parameters' own ranges stay white.

    Raises
    ------
    ParameterError
        Not two parameters vary, or a value makes no sense.

    Examples
    --------
    >>> import boundkit as bk, sympy
    >>> ax = bk.plots.coverage(bk.theorem_5_1, {"d": "100:1e6:x2", "m": "1:100:x2"}, ell=0.9 * sympy.Symbol("d"))
    >>> ax.get_title()
    'Theorem 5.1 at ell = floor(9*d/10); not given: k = 1, output = 1'
    """
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    (across, x), (up, y) = varied(statement, over, 2)
    fixed = named(statement, fixed)
    formulas = formulas_of(statement, fixed)
    fixed = {name: value for name, value in fixed.items() if name not in formulas}
    given = along(statement, {across: x[None, :], up: y[:, None], **fixed}, formulas)
    told = [f"{name} = {value_text(value)}" for name, value in statement.accept(fixed) if name not in formulas]
    told += [f"{name} = {given_text(formula)}" for name, formula in formulas.items()]
    taken: list[str] = []
    for p in statement.parameters:
        if p.name not in given:
            given[p.name] = plain_value(p)
            (taken if p.default is None else told).append(f"{p.name} = {value_text(plain_value(p))}")
    found = _verdicts(statement, given, np.broadcast_shapes(x[None, :].shape, y[:, None].shape))
    norm = BoundaryNorm(np.arange(len(VERDICTS) + 1) - 0.5, len(VERDICTS))
    ax.pcolormesh(_edges(x), _edges(y), found, cmap=ListedColormap(list(COLOURS)), norm=norm, rasterized=True)
    for values, scale in ((x, ax.set_xscale), (y, ax.set_yscale)):
        if is_wide(values):
            scale("log")
    ax.set_xlabel(tex(statement, across))
    ax.set_ylabel(tex(statement, up))
    title = f"{statement.title} at {', '.join(dict.fromkeys(told))}" if told else statement.title
    ax.set_title(wrapped(title + (f"; not given: {', '.join(taken)}" if taken else "")))
    seen = [i for i in range(len(VERDICTS)) if np.any(found == i)]
    patches = [Patch(facecolor=COLOURS[i], edgecolor=GREY, lw=0.5, label=VERDICTS[i].brief) for i in seen]
    legend_below(ax, 3, handles=patches)
    return ax


def _verdicts(s: Statement, given: Mapping[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    """The place of each verdict in `VERDICTS`, masked where no value makes sense."""
    values = {name: np.broadcast_to(np.asarray(value, dtype=float), shape) for name, value in given.items()}
    inside = np.ones(shape, dtype=bool)
    for p in s.parameters:
        for end, is_inside, _ in p.edges:
            inside &= is_inside(values[p.name], _at(end, values))
    flat = {name: value[inside] for name, value in values.items()}
    result = np.full(shape, np.nan)
    if inside.any():
        names = s.evaluate(("verdict",), **{p.name: flat[p.name] for p in s.parameters})["verdict"]
        result[inside] = sum(i * (names == verdict.name) for i, verdict in enumerate(VERDICTS))
    return np.ma.masked_invalid(result)


def _at(end: sympy.Expr, values: Mapping[str, Any]) -> Any:
    """An end of a parameter's domain at arrays of values."""
    parameters = sorted(end.free_symbols, key=str)
    with np.errstate(all="ignore"):
        return compiled(tuple(parameters), (end,))(*(np.asarray(values[x.name], dtype=float) for x in parameters))[0]


def _edges(x: np.ndarray) -> np.ndarray:
    """Cell borders halfway between the values, on the scale on which they are drawn."""
    logs = is_wide(x)
    at = np.log(x) if logs else x
    middle = (at[1:] + at[:-1]) / 2
    edges = np.concatenate([[2 * at[0] - middle[0]], middle, [2 * at[-1] - middle[-1]]])
    return np.exp(edges) if logs else edges
