"""A network of one's own against the statements, as one self-contained page without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from boundkit.formats.html import Html, joined, listed, tag
from boundkit.formats.prose import prose_html
from boundkit.formats.tables import grid
from boundkit.plots import networks
from boundkit.report.page import made_by, whole_page
from boundkit.report.pictures import svg
from boundkit.simulate.inspection import Measured, Standing
from boundkit.studies import applicability_words as words
from boundkit.studies.applicability import p_text

if TYPE_CHECKING:
    from boundkit.studies.applicability import Applicability, Applied

TITLE = "A network against the statements"
PICTURES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    (
        "steps",
        networks.step_lengths,
        "How long a step to the boundary is, by kind: the share of points that it reaches.",
    ),
    (
        "gradients",
        networks.gradients,
        "The gradient's length orthogonal to P over that in P; on the line both are equal.",
    ),
    ("spectrum", networks.spectrum, "The singular values of the points over the largest, and where P cuts them."),
)
SHORT = {Standing.OPEN: "not told"}  # a badge is one line, on a phone too
CLASSES = {Standing.HOLDS: "good", Standing.REFUTED: "bad", Standing.FAILS: "bad"}


def network_page(found: Applicability, command: str = "") -> str:
    """Write the page: what is measured at the points, the assumptions, the statements, three pictures.

    Parameters
    ----------
    found : Applicability
        From `boundkit.applicable`.
    command : str
        The command that makes the page again, printed on it.

    Returns
    -------
    str
        HTML; equal findings give equal pages.
    """
    seen = found.inspection
    first, *lines = (line.strip() for line in (*words.network_lines(seen), words.counts_text(found)))
    pictures = [tag("figure", svg(draw(found), name, alt), tag("figcaption", alt)) for name, draw, alt in PICTURES]
    parts = [
        ("measured", "What is measured", [
            *(tag("p", prose_html(f"{line[0].upper()}{line[1:]}.")) for line in lines),
            grid(words.HEADINGS, words.measured_rows(seen), "At the points"), *pictures,
        ]),
        ("assumptions", "Assumptions", [_assumptions(found)]),
        ("statements", "Statements", [part for group in words.grouped(found) for part in _group(*group)]),
        ("made", "How it was made", [made_by(command)]),
    ]  # fmt: skip
    inside = [tag("section", tag("h2", text), *content, id=name) for name, text, content in parts]
    top = tag(
        "header",
        tag("p", "boundkit network", class_="kicker"),
        tag("h1", TITLE),
        tag("p", prose_html(first), class_="place"),
    )
    items = [tag("li", tag("a", text, href=f"#{name}")) for name, text, _ in parts]
    contents = tag("nav", tag("p", "Contents", class_="kicker"), tag("ol", *items), aria_label="Contents")
    return whole_page(f"boundkit network: {first}", top, contents, tag("main", *inside))


def _assumptions(found: Applicability) -> Html:
    """Each assumption, how it stands, and by which numbers."""
    rows = [
        (
            prose_html(a.text),
            tag(
                "span",
                SHORT.get(a.measured.standing, a.measured.standing.value),
                class_=f"badge {CLASSES.get(a.measured.standing, 'open')}",
            ),
            prose_html(_numbers(a.measured)) or a.measured.standing.value,
        )
        for a in found.assumptions
    ]
    return grid(("Assumption", "Stands", "Measured"), rows, "Only what holds is known to be met")


def _numbers(found: Measured) -> str:
    """The numbers that say how an assumption stands."""
    return "; ".join(filter(None, ["" if found.p is None else p_text(found.p), found.says]))


def _group(heading: str, applied: list[Applied]) -> list[Html]:
    """Statements that do the same here."""
    found: list[Html] = [tag("h3", heading)]
    for s in applied:
        if s.promises:
            rows = [
                (prose_html(words.relation_of(s, c)), words.median_text(c.bound), words.seen_text(c)) for c in s.claims
            ]
            said = f"{s.statement.qualified_name}, at {words.places(s)}: {words.likely(s)}{words.chosen_text(s)}."
            untold = [tag("p", "Only you can say:"), listed(map(prose_html, s.untold))] if s.untold else []
            table = grid(("Claim", "Median bound", "At the points"), rows, s.statement.qualified_name)
            found += [tag("p", prose_html(said)), table, joined(untold)]
    silent = [(prose_html(reason), ", ".join(names)) for reason, names in words.by_reason(applied).items()]
    return [*found, *([grid(("What decides", "Statements"), silent)] if silent else [])]
