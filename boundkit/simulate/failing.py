"""In which trials a statement's claims fail, judged on what was drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb
import numpy as np
from numpy.typing import NDArray
import sympy

from boundkit.coerce import fold, relations_in
from boundkit.enclose import BITS, as_arb, ball, nearest
from boundkit.engine.evaluate import compiled
from boundkit.errors import PrecisionError, StatementError
from boundkit.formulas.points import whole
from boundkit.model.parameter import Parameter
from boundkit.precision import at_bits
from boundkit.simulate.samplers import LARGEST_INTEGER, Draws
from boundkit.simulate.setting import Setting
from boundkit.values import Ball, Formula

CLOSE = 1e-9  # equalities and deterministic claims hold up to this, relative
ROUNDING = 2.0**-44  # of what a sampler computes with: a sampled value this close to a bound violates nothing
ROUGH = 1e-6  # and no more than this beside the bound itself

_COMPARE: dict[str, Callable[..., Any]] = {
    ">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less, "!=": np.not_equal,
    "==": lambda a, b: np.isclose(a, b, rtol=CLOSE, atol=0.0),
}  # fmt: skip


def failing(
    setting: Setting, drawn: Draws, trials: int, exact: dict[str, Any]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which claims fail, and which are too close to tell, in which trials (claims, trials); the trials covered."""
    s = setting.statement
    quantities = {q.symbol: q for q in s.quantities}
    if lacking := {x.name for claim in s.claims for x in claim.free_symbols & quantities.keys()} - drawn.keys():
        raise StatementError(f"{s.name}'s sampler does not draw {', '.join(sorted(lacking))}, which its claims bound")
    # In conditional mode a failing hypothesis is one verdict on the whole check; here only what varies is
    # looked at.
    varying = tuple(r for r in s.relations if {x.name for x in r.free_symbols} & drawn.keys())
    relations = (*s.claims, *varying)
    symbols = tuple(sorted(set().union(*(r.free_symbols for r in relations)), key=lambda x: x.name))
    run = compiled(symbols, tuple(side for c in relations for r in relations_in(c) for side in r.args))
    with np.errstate(all="ignore"):
        values = [np.asarray(drawn[x.name] if x.name in drawn else setting.value(x.name), float) for x in symbols]
        sides = [np.broadcast_to(np.asarray(side, dtype=float), trials) for side in run(*values)]
        pairs = zip(sides[::2], sides[1::2], strict=True)
        given = {sympy.Symbol(name): value for name, value in exact.items() if name not in drawn}
        judged_claims = [
            _judged(claim, *next(pairs), quantities[claim.lhs], given, s.failure == 0, drawn[claim.lhs.name].dtype.kind)
            for claim in s.claims
        ]
        met = [
            fold(c, lambda r: _COMPARE[r.rel_op](*next(pairs)), np.logical_and.reduce, np.logical_or.reduce)
            for c in varying
        ]
    defined = ~np.any([np.isnan(x) for x in drawn.values()], axis=0)
    fails, close = (np.array(part) for part in zip(*judged_claims, strict=True))
    return fails, close, np.logical_and.reduce([defined, *met])


def _judged(
    claim: Formula, lhs: np.ndarray, rhs: np.ndarray, quantity: Parameter, given: dict[sympy.Symbol, Any],
    certain: bool, kind: str,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:  # fmt: skip
    """In which trials a claim fails beyond rounding, and in which a strict one may; a bound that is known is exact.

    What is drawn as integers is not rounded.
    """
    if claim.rhs.free_symbols <= given.keys():
        bound = ball(claim.rhs, given)
        if kind in "iub" and (near := _whole(claim.rel_op, bound)) is not None:
            return ~_COMPARE[claim.rel_op](lhs, near), np.zeros(lhs.shape, bool)
        rhs = np.full_like(lhs, nearest(bound))
        if (lhs == rhs).any() and _is_beyond_floats(bound):
            raise PrecisionError(
                f"{claim.lhs} and its bound, near {as_arb(bound).str(5, radius=False)}, are beyond the floats that "
                "trials are drawn in; take sizes less extreme"
            )
    ends = [abs(float(end)) for end in (quantity.low, quantity.high) if end.is_number and end.is_finite]
    scale = np.maximum(np.abs(rhs), max(ends, default=0.0) or _typical(np.abs(lhs)))
    slack = np.minimum(ROUNDING * scale, np.where(rhs == 0, np.inf, ROUGH * np.abs(rhs)))
    if certain:
        slack = np.maximum(slack, CLOSE * np.abs(rhs))
    near, holds = (np.abs(lhs - rhs) <= slack) & (slack > 0), _COMPARE[claim.rel_op](lhs, rhs)
    if claim.rel_op in ("<", ">", "!="):
        return ~holds & ~near, near
    return ~holds & ~near, np.zeros_like(near)


def _is_beyond_floats(bound: Ball) -> bool:
    """Whether its float is 0 or infinite where it is neither."""
    near, enclosed = nearest(bound), as_arb(bound)
    return bool((near == 0 and enclosed != 0) or (np.isinf(near) and enclosed.is_finite()))


def _typical(sizes: np.ndarray) -> float:
    """The median of those that are finite; 0 where none is."""
    finite = sizes[np.isfinite(sizes)]
    return float(np.median(finite)) if finite.size else 0.0


def _whole(op: str, bound: Any) -> float | None:
    """An integer that every integer compares with as it does with the bound; None where that is not known."""
    if op not in ("<", "<=", ">", ">="):
        return None
    rounded = at_bits(BITS, bound.floor if op in ("<=", ">") else bound.ceil)
    found = whole(rounded) if isinstance(rounded, arb) else rounded
    return None if found is None or abs(found) > LARGEST_INTEGER else float(int(found))
