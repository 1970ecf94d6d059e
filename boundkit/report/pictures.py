"""Which pictures and tables a statement gets in the report, at which sizes, and their SVG for a page that has many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

import boundkit
from boundkit.api.objects import Statement
from boundkit.api.papers import sharper
from boundkit.engine.domain import ends_of
from boundkit.formats.html import Html, tag
from boundkit.formats.style import svg_text
from boundkit.model.parameter import Parameter
from boundkit.plots.coverage import VERDICTS
from boundkit.studies.showing import FINE, ROUND, leading, shown_at, values
from boundkit.values import Value, value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAPPED = 3  # values of a parameter at least: with fewer there is no map


@dataclass(frozen=True)
class Sizes:
    """One parameter that varies, and the others."""

    parameter: str
    values: Any
    fixed: Mapping[str, Any]


def sizes(s: Statement, significands: tuple[float, ...]) -> Sizes | None:
    """What a statement is drawn or tabulated over; None where nothing in it is random.

    The parameter is the first that its failure probability depends on, the others stand where the statement is shown.
    """
    failing = s.failure.free_symbols
    if not failing:
        return None
    at = shown_at(s)
    chosen = next(p for p in leading(s) if p.symbol in failing)
    worst = set() if s.truth is None else {x for x in s.truth.free_symbols if x.name not in dict(s.worst_case)}
    needed = failing.union(worst, chosen.low.free_symbols, chosen.high.free_symbols)
    needed |= told_of(s) & {p.symbol for p in s.parameters if p.default is None}
    fixed = {p.name: at[p.name] for p in s.parameters if p.symbol in needed - {chosen.symbol} and not _stays(p, at)}
    return Sizes(chosen.name, _along(s, chosen, significands), fixed)


def told_of(s: Statement) -> set[sympy.Symbol]:
    """The parameters that hypotheses and the ends of others speak of."""
    ends = (end for p in s.parameters for end in (p.low, p.high))
    return {x for told in (*s.relations, *ends) for x in told.free_symbols}


def _stays(p: Parameter, at: Mapping[str, Value]) -> bool:
    """Whether a parameter has its default anyway."""
    return p.default is not None and p.default == at[p.name]


def _along(s: Statement, p: Parameter, significands: tuple[float, ...]) -> tuple[Value, ...]:
    """The values of a parameter, the others where the statement is shown."""
    at = shown_at(s)
    return values(p, ends_of(p, {q.symbol: at[q.name] for q in s.parameters}), significands, at[p.name])


def tightness_picture(s: Statement, label: str) -> tuple[Html, str] | None:
    """Claimed against exact failure probability, and what it shows; None where there is no law to compare with."""
    at = sizes(s, FINE)
    if at is None or s.truth is None:
        return None
    others = [other for other, _ in sharper(s)]
    ax = boundkit.plots.tightness_curves(s, {at.parameter: at.values}, others, **at.fixed)
    beside = f"; beside them {' and '.join(other.title for other in others)}" if others else ""
    exact = "the exact" if s.truth_is == "exact" else "the largest possible"
    what = f"The claimed failure probability and {exact} one{beside}. Higher is safer."
    return svg(ax, f"{label}-tightness", f"{what} {ax.get_title()}"), what


def map_picture(s: Statement, label: str) -> tuple[Html | None, str] | None:
    """Where it applies, and what it shows; only words where the map would have one colour, None where no map fits."""
    chosen = [p for p in leading(s) if p.default is None][:2]
    found = {p.name: _along(s, p, FINE) for p in chosen}
    if len(found) < 2 or s.failure == 0 or min(map(len, found.values())) < MAPPED:
        return None
    at = shown_at(s)
    ax = boundkit.plots.coverage(s, found, **{p.name: at[p.name] for p in s.parameters if _holds_still(p, found, at)})
    seen = np.ma.compressed(ax.collections[0].get_array())
    if len(set(seen)) == 1:
        told = ax.get_title().replace("\n", " ").removeprefix(s.title).replace("; not given: ", ", ")
        where = f"At {told.removeprefix(' at ').removeprefix(', ')} it" if told else "It"
        ends = " and ".join(f"{name} up to {value_text(along[-1])}" for name, along in found.items())
        drawn_at = f"all {len(seen)} sizes of a grid with {ends}"
        return None, f"{where} {VERDICTS[int(seen[0])].brief} at {drawn_at}."
    what = "Where it does not apply, promises nothing, or says something."
    return svg(ax, f"{label}-map", f"{what} {ax.get_title()}"), what


def svg(ax: Axes, prefix: str, alt: str) -> Html:
    """The figure as SVG for a page with many: only names that are referred to, and none used twice."""
    drawn = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg_text(ax), flags=re.DOTALL)
    drawn = drawn[drawn.index("<svg") :]
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', drawn))
    drawn = re.sub(r' id="([^"]+)"', lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", drawn)
    drawn = re.sub(r'(href="|url\()#', rf"\g<1>#{prefix}-", drawn)
    title = tag("title", alt.replace("\n", " "), id=f"{prefix}-title")
    start = f'<svg role="img" aria-labelledby="{prefix}-title" '
    opened, rest = drawn.replace("<svg ", start, 1).split(">", 1)
    return Html(f"{opened}>{title}{rest}")


def _holds_still(p: Parameter, varied: Mapping[str, Any], at: Mapping[str, Value]) -> bool:
    """Whether a parameter has one value all over a map; one that ends at a parameter that varies cannot."""
    ends = {x.name for x in p.low.free_symbols | p.high.free_symbols}
    return p.name not in varied and not ends & varied.keys() and not _stays(p, at)


def table_rows(s: Statement) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The grid and the fixed parameters of a statement's own table."""
    at = sizes(s, ROUND)
    return ({}, {}) if at is None else ({at.parameter: at.values}, at.fixed)
