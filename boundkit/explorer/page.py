"""The page: one HTML file with everything in it, plots by Bokeh, formulas by SymPy, exact values by boundkit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib.resources import files
import json
from string import Template
from typing import Any

from boundkit.api.objects import Statement
from boundkit.api.papers import Paper, first, sharper, statements_in
from boundkit.engine.qualified import NO_PROMISE
from boundkit.engine.verdict import Verdict
from boundkit.errors import BoundkitError, StatementError
from boundkit.explorer.formulas import functions, words
from boundkit.explorer.glance import glance
from boundkit.explorer.lawtables import law_table
from boundkit.formats.style import BLUE, GREEN, ORANGE, VERMILION
from boundkit.tails import Tail
from boundkit.version import VERSION

SCRIPTS = ("balls", "text", "stops", "judge", "words", "pictures", "page")
CURVES = (
    ("applies", BLUE, "solid", 2.5), ("elsewhere", BLUE, "dotted", 1.5), ("sharpened", GREEN, "dashed", 2.5),
    ("exact", VERMILION, "solid", 1.0),
)  # fmt: skip


def explorer_page(
    chosen: Iterable[Statement | Paper] | None = None,
    left_out: Callable[[Statement, BoundkitError], None] | None = None,
) -> str:
    """Return the explorer of statements as one HTML page, which asks nothing of any server.

    Parameters
    ----------
    chosen : iterable of Statement or Paper, optional
        What is on it, with the statements that say more of the same; by default the first paper.
    left_out : callable, optional
        Told which statement cannot be drawn, and why; without it, and where none can, that is an error.

    Returns
    -------
    str
        About 3 MB of HTML, most of it Bokeh's own JavaScript and tables of exact laws.

    Raises
    ------
    BoundkitError
        Where Bokeh is not installed.
    StatementError
        Where a statement holds what cannot be drawn.
    """
    try:
        from bokeh.embed import json_item
        from bokeh.resources import Resources
    except ImportError:
        raise BoundkitError(
            "the explorer draws with Bokeh, which is not installed; install boundkit with its extra, '.[explore]', "
            "or run pip install bokeh"
        ) from None
    asked = statements_in((first(),) if chosen is None else chosen)
    statements = tuple(dict.fromkeys((*asked, *(more for s in asked for more, _ in sharper(s)))))
    main = first().main or next(iter(first().statements)).name
    tables = _Tables()
    said: dict[Statement, dict[str, Any]] = {}
    formulas = []
    for s in statements:
        try:
            says, drawn = words(s), functions(s, partial(tables.number, s))
        except StatementError as error:
            if left_out is None or (s is statements[-1] and not said):
                raise
            left_out(s, error)
        else:
            said[s] = says
            formulas.append(f'"{s.name}": {drawn}')
    told = {
        "statements": {s.name: told for s, told in said.items()},
        "verdicts": {verdict.name: verdict.value for verdict in Verdict},
        "noPromise": {verdict.name: words for verdict, words in NO_PROMISE.items()},
        "briefs": {verdict.name: verdict.brief for verdict in Verdict},
        "laws": tables.all,
        "plots": {"curve": json_item(_curve()), "map": json_item(_map())},
        "first": main if any(s.name == main for s in said) else next(iter(said)).name,
        "version": VERSION,
    }
    scripts = {name: _source(f"{name}.js") for name in SCRIPTS}
    return Template(_source("page.html")).substitute(
        scripts, style=_source("page.css"), bokeh="\n".join(Resources(mode="inline", components=["bokeh"]).js_raw),
        told=_inside_script(told), formulas=",\n".join(formulas),
        glances="\n".join(map(glance, said)),
    )  # fmt: skip


class _Tables:
    """The tables of exact laws, each kept once."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []

    def number(self, s: Statement, tail: Tail) -> int:
        """The place of a law's table, for a statement's parameters, among all."""
        table = law_table(tail, s).to_dict()
        if table not in self.all:
            self.all.append(table)
        return self.all.index(table)


def _curve() -> Any:
    """Failure probabilities, or bounds, over one parameter; the page fills in the data."""
    plot = _plot("curve")
    for name, colour, dash, width in CURVES:
        source = _source_of(name, x=[], y=[])
        plot.line("x", "y", source=source, color=colour, line_dash=dash, line_width=width)
        if name == "exact":
            plot.scatter("x", "y", source=source, color=colour, size=4)
    plot.scatter("x", "y", source=_source_of("here", x=[], y=[]), color=BLUE, size=11, line_color="white", line_width=2)
    return plot


def _map() -> Any:
    """What the statement is worth over two parameters."""
    plot = _plot("map")
    plot.grid.visible = False
    cells = _source_of("cells", across=[], up=[], left=[], right=[], bottom=[], top=[], color=[])
    plot.quad("left", "right", "top", "bottom", source=cells, fill_color="color", line_color="color", line_width=0.5)
    here = _source_of("here", x=[], y=[])
    plot.scatter("x", "y", source=here, size=13, fill_color=ORANGE, line_color="white", line_width=2)
    return plot


def _plot(name: str) -> Any:
    """An empty Bokeh figure of this name, without ticks and tools, that tells the page where it is tapped."""
    from bokeh.models import CustomJS, FixedTicker, Range1d
    from bokeh.plotting import figure

    plot = figure(
        name=name, height=270, sizing_mode="stretch_width", toolbar_location=None, tools="", x_range=Range1d(0, 1),
        y_range=Range1d(0, 1),
    )  # fmt: skip
    plot.outline_line_color = None
    plot.background_fill_color = plot.border_fill_color = "white"
    plot.grid.grid_line_color = "#ececec"
    for axis in plot.axis:
        axis.ticker = FixedTicker(ticks=[])
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_font_size = axis.major_label_text_font_size = "13px"
        axis.minor_tick_line_color = None
    plot.js_on_event("tap", CustomJS(code=f"explorer.tapped('{name}', cb_obj.x, cb_obj.y)"))
    return plot


def _source_of(name: str, **columns: Any) -> Any:
    from bokeh.models import ColumnDataSource

    return ColumnDataSource(columns, name=name)


def _source(name: str) -> str:
    return (files("boundkit.explorer") / name).read_text(encoding="utf-8")


def _inside_script(value: Any) -> str:
    """JSON in which nothing can end the script element around it."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
