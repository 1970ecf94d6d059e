"""Which pictures and tables a statement gets in the report, at which sizes, and their SVG for a page that has many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
import re
from typing import TYPE_CHECKING, Any

import numpy as np

import boundkit
from boundkit.contents import sharper
from boundkit.parameter import Parameter
from boundkit.plots.coverage import VERDICTS
from boundkit.plots.letters import plain_value
from boundkit.plots.style import svg_text
from boundkit.report.markup import Html, tag
from boundkit.statement import Statement
from boundkit.verify.drawing import ends_of, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Sizes at which the paper's statements apply: as small as that allows, so that the pictures look alike.
SIZES: dict[str, Any] = {
    "d": 10_000, "ell": 9000, "c_ell": Fraction(9, 10), "m": 10, "k": 3, "c_k": Fraction(3, 10), "n": 100,
    "beta": Fraction(1, 100), "eta": Fraction(1, 1000), "lam": 40, "T": 150, "t": 5, "sigma": 1, "sigma_2": 1,
    "norm_u": 1,
}  # fmt: skip
SWEPT = {"ell": "10:9000:x1.2", "n": "2:2000:x1.2", "d": "10:1e6:x1.3", "t": "0.5:8:0.25"}  # the first that matters
TABLED = {"ell": "10,100,1000,4000,9000", "n": "10,100,1000,10000", "d": "10,100,1000,1e4,1e6", "t": "1,2,4,8"}
MAPPED = (
    ("d", "m", {"d": "10:1e6:x1.3", "m": "1:1000:x1.3"}), ("d", "ell", {"d": "10:1e4:x1.3", "ell": "1:1e4:x1.3"}),
    ("n", "t", {"n": "1:1000:x1.3", "t": "0.25:8:0.25"}), ("n", "m", {"n": "1:1000:x1.5", "m": "1:1000:x1.5"}),
)  # fmt: skip


@dataclass(frozen=True)
class Sizes:
    """One letter that varies, and the others."""

    letter: str
    values: Any
    fixed: Mapping[str, Any]


def sizes(s: Statement, ranges: Mapping[str, str]) -> Sizes | None:
    """What a statement is drawn or tabulated over; None where nothing in it is random."""
    in_failure = {str(x) for x in s.failure.free_symbols}
    if not in_failure:
        return None
    known = next((letter for letter in ranges if letter in in_failure), None)
    chosen = next(p for p in s.parameters if p.name == (known or min(in_failure)))
    usual = {p.symbol: _size(p) for p in s.parameters}
    values = ranges[chosen.name] if known and not _bounded(chosen) else scale(chosen, ends_of(chosen, usual))
    needed = in_failure | (set() if s.truth is None else {str(x) for x in s.truth.free_symbols} - dict(s.worst).keys())
    needed |= {str(x) for end in (chosen.low, chosen.high) for x in end.free_symbols}
    told = {str(x) for relation in s.relations for x in relation.free_symbols}
    told |= {str(x) for p in s.parameters for end in (p.low, p.high) for x in end.free_symbols}
    own = [p for p in s.parameters if p.default is None and p.name in (needed | (told & SIZES.keys())) - {chosen.name}]
    return Sizes(chosen.name, values, {p.name: _size(p) for p in own})


def _bounded(p: Parameter) -> bool:
    """Whether a letter ends at a number: then it is no size of the paper's."""
    return bool(p.high.is_number and p.high.is_finite)


def _size(p: Parameter) -> Any:
    usual = p.name in SIZES and not (p.high.is_number and p.high < SIZES[p.name])
    return SIZES[p.name] if usual else int(p.high) if p.integer and _bounded(p) else plain_value(p)


def tightness_picture(s: Statement) -> tuple[Html, str] | None:
    """Claimed against exact failure probability, and what it shows; None where there is no law to compare with."""
    at = sizes(s, SWEPT)
    if at is None or s.truth is None:
        return None
    others = [other for other, _ in sharper(s)]
    ax = boundkit.plots.tightness_curves(s, {at.letter: at.values}, others, **at.fixed)
    beside = f"; beside them {' and '.join(other.title for other in others)}" if others else ""
    exact = "the exact" if s.truth_is == "exact" else "the largest possible"
    what = f"The claimed failure probability and {exact} one{beside}. Higher is safer."
    return svg(ax, f"{s.name}-tightness", f"{what} {ax.get_title()}"), what


def map_picture(s: Statement) -> tuple[Html | None, str] | None:
    """Where it applies, and what it shows; only words where the map would have one colour, None where no map fits."""
    names = {p.name for p in s.parameters if not _bounded(p)}
    found = next((over for a, b, over in MAPPED if {a, b} <= names and s.failure != 0), None)
    if found is None:
        return None
    share = {"ell": 0.9} if "ell" in names - found.keys() else None
    left = [p for p in s.parameters if p.default is None and p.name not in (*found, "ell", "k", "c_k")]
    ax = boundkit.plots.coverage(s, found, share, **{p.name: _size(p) for p in left if p.name in SIZES})
    seen = np.ma.compressed(ax.collections[0].get_array())
    if len(set(seen)) == 1:
        a, b = found
        at = ax.get_title().replace("\n", " ").removeprefix(s.title).replace("; not given: ", ", ")
        where = f"At {at.removeprefix(' at ').removeprefix(', ')} it" if at else "It"
        drawn_at = f"all {len(seen)} sizes of a grid with {a} up to {_end(found[a])} and {b} up to {_end(found[b])}"
        return None, f"{where} {VERDICTS[int(seen[0])].brief} at {drawn_at}."
    what = "Where it does not apply, promises nothing, or says something."
    return svg(ax, f"{s.name}-map", f"{what} {ax.get_title()}"), what


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


def _end(text: str) -> str:
    return text.split(":")[1]


def table_rows(s: Statement) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The grid and the fixed letters of a statement's own table."""
    at = sizes(s, TABLED)
    return ({}, {}) if at is None else ({at.letter: at.values}, at.fixed)
