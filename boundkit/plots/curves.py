"""How loose a statement is along one parameter: claimed against exact failure probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.api.objects import Statement
from boundkit.engine.accept import named
from boundkit.formats.expressions import failure_formula
from boundkit.formats.style import BLUE, COLOURS_IN_ORDER, DASHES, VERMILION, legend_below, math, plain, styled, wrapped
from boundkit.plots.parameters import along, formulas_of, is_wide, plain_value, tex, varied
from boundkit.terms import given_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEN = log(10)


@styled
def tightness_curves(
    statement: Statement,
    over: Mapping[str, Any],
    beside: Sequence[Statement] = (),
    *,
    ax: Axes,
    **fixed: Any,
) -> Axes:
    """Draw the claimed and the exact failure probability over a parameter, as negative powers of ten: higher is safer.

    Parameters
    ----------
    statement : Statement
        One with an exact law.
    over : mapping of one parameter to its values
        ``{"ell": range(10, 1000, 10)}``, or as text ``{"ell": "10:1000:10"}``.
    beside : sequence of Statement
        Others whose claimed failure probability is drawn too, with the parameters they share.
    ax : matplotlib axes, optional
        Where to draw; new ones by default.
    **fixed
        The other parameters, numbers or SymPy formulas in others; for the exact law those not given take their worst
        case.

    Returns
    -------
    matplotlib axes
        Where the statement does not apply, its claimed curve is dotted and thin.

    Raises
    ------
    ParameterError
        Not one parameter varies, parameters are missing, or a value makes no sense.
    StatementError
        The statement has no law.

    Examples
    --------
    >>> import boundkit as bk
    >>> ax = bk.plots.tightness_curves(bk.lemma_b_1, {"n": "10:1000:10"})
    >>> [line.get_label() for line in ax.get_lines() if len(line.get_xdata())]
    ['claimed: $e^{-\\\\frac{n}{16}}$', 'exact']
    """
    ((parameter, x),) = varied(statement, over, 1)
    fixed = named(statement, fixed)
    formulas = formulas_of(statement, fixed)
    fixed = {name: value for name, value in fixed.items() if name not in formulas}
    worst = {name: value for name, value in statement.worst_case if name not in {parameter, *fixed, *formulas}}
    given = along(statement, {parameter: x, **fixed}, formulas)
    found = statement.evaluate(("log_failure", "log_exact"), **_own(statement, {**worst, **given}))
    applies = _applies(statement, {**worst, **given}, x)
    claimed = _zeros(found["log_failure"])
    label = f"claimed: {math(failure_formula(statement, latex=True), failure_formula(statement))}"
    ax.plot(x, np.where(applies, claimed, np.nan), color=BLUE, ls=DASHES[0], label=label if applies.any() else None)
    if not applies.all():
        ax.plot(
            x,
            np.where(applies, np.nan, claimed),
            color=BLUE,
            lw=0.8,
            ls=DASHES[2],
            label="the same where it does not apply" if applies.any() else f"{label}, which applies nowhere here",
        )
    for i, other in enumerate(beside):
        log_failure = other.evaluate(("log_failure",), **_own(other, {**dict(other.worst_case), **worst, **given}))
        ax.plot(
            x,
            _zeros(log_failure["log_failure"]),
            color=COLOURS_IN_ORDER[2 + i % 4],
            ls=DASHES[3 + i % 3],
            label=plain(f"claimed: {other.title}"),
        )
    word = "exact" if statement.truth_is == "exact" else "exact, at most"
    ax.plot(x, _zeros(found["log_exact"]), color=VERMILION, ls=DASHES[1], label=word)
    if is_wide(x):
        ax.set_xscale("log")
    told = {
        name: v for name, v in statement.accept({**worst, **fixed}) if name not in {parameter, *formulas}
    } | formulas
    at = ", ".join(f"{name} = {given_text(value)}" for name, value in told.items())
    ax.set_xlabel(tex(statement, parameter))
    ax.set_yscale("log")
    ax.set_ylabel(r"$-\log_{10}$ of the failure probability")
    ax.set_title(wrapped(f"{statement.title}{' at ' + at if at else ''}"))
    legend_below(ax, 2)
    return ax


def _zeros(log_failure: np.ndarray) -> np.ndarray:
    """-log10 of a failure probability; none where it is 1 or more."""
    return np.where(log_failure < 0, -log_failure / TEN, np.nan)


def _own(statement: Statement, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that are parameters of the statement."""
    names = {p.name for p in statement.parameters}
    return {name: value for name, value in values.items() if name in names}


def _applies(statement: Statement, given: Mapping[str, Any], x: np.ndarray) -> np.ndarray:
    """Where no hypothesis between known parameters fails."""
    wanted = {p.name for p in statement.parameters} - given.keys()
    if wanted:
        given = {**given, **{p.name: plain_value(p) for p in statement.parameters if p.name in wanted}}
    found: np.ndarray = statement.evaluate(("applies",), **given)["applies"]
    return np.broadcast_to(found, x.shape)
