"""Which reading of a statement one looks at: the printed one, the one that holds, or one between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import sympy

from boundkit.coerce import expression
from boundkit.model.erratum import CHANGING, Erratum
from boundkit.model.hypothesis import Hypothesis

if TYPE_CHECKING:
    from boundkit.model.statement import StatementRecord

S = TypeVar("S", bound="StatementRecord")


def corrections(s: StatementRecord) -> tuple[Erratum, ...]:
    """Return the errata that are corrected in this reading and change what it says."""
    if s.printed is None:
        return ()
    corrected = s.errata[len(s.as_printed.errata) :] if s.superseded else s.errata
    return tuple(e for e in corrected if e.grade in CHANGING)


def reading_words(s: StatementRecord) -> str:
    """Say which reading it is; nothing where there is one only."""
    corrected = corrections(s)
    if s.superseded:
        return f"as printed but for {', '.join(dict.fromkeys(e.id for e in corrected))}" if corrected else "as printed"
    return f"corrected: {'; '.join(e.correction for e in corrected)}" if corrected else ""


def corrected(
    s: S, *, add: tuple[Hypothesis, ...] = (), fixed: Mapping[sympy.Symbol, Any] | None = None, **changes: Any
) -> S:
    """Return the reading with one erratum corrected; `printed` of it is this one. See `Statement.corrected`."""
    at = {symbol: expression(value, f"{s.name}: {symbol}") for symbol, value in (fixed or {}).items()}
    errata = s.errata + tuple(changes.pop("errata", ()))
    formulas = {key: changes.pop(key, getattr(s, key)) for key in ("claims", "failure", "truth", "parameters")}
    truth = formulas["truth"]
    return replace(
        s,
        hypotheses=changes.pop("hypotheses", s.hypotheses) + add,
        errata=errata,
        printed=s,
        superseded=False,
        parameters=tuple(p for p in formulas["parameters"] if p.symbol not in at),
        claims=tuple(claim.xreplace(at) for claim in formulas["claims"]),
        failure=formulas["failure"].xreplace(at),
        truth=None if truth is None else truth.xreplace(at),
        **changes,
    )
