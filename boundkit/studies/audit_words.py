"""The audit in words: a table for the terminal, Markdown, LaTeX, and what JSON can carry."""

from __future__ import annotations

from fractions import Fraction
from io import StringIO
from typing import TYPE_CHECKING, Any

from boundkit.api.papers import belongs, papers
from boundkit.engine.cards import summary
from boundkit.engine.guarantee import claimed_text
from boundkit.formats.expressions import escaped_latex, relation_text
from boundkit.formats.latex import latex_table
from boundkit.formats.numbers import failure_text, number_text
from boundkit.formats.plainly import plainly
from boundkit.formats.prose import prose_latex
from boundkit.formats.tables import markdown_table
from boundkit.model.erratum import by_grade
from boundkit.studies.audit_summary import HEADINGS as SHORT
from boundkit.studies.audit_summary import LEGEND as SHORT_LEGEND
from boundkit.studies.audit_summary import corrected_text, slack_text, summary_cells, verdict_text
from boundkit.studies.point_check import PointStatus
from boundkit.text import fitted, markdown_cell
from boundkit.values import point_text, point_words
from boundkit.version import VERSION

if TYPE_CHECKING:
    from rich.console import Console

    from boundkit.api.objects import Statement
    from boundkit.studies.auditing import Audit, Entry

NARROW, WIDE = 80, 150  # columns: on one screen, and with all that was found
MORE = "boundkit audit --wide, or --html FILE for a page"
STYLE = {"true": "green", "not refuted": "green", "FALSE": "bold red"}
HEADINGS = (
    "Statement",
    "Corrected",
    "Holds at",
    "Silent at",
    "Slack",
    "Simulated",
    "As printed",
)
LEGEND = (
    "Each statement was evaluated at sizes from 1 to 10^6 and held against the exact law of its quantity.",
    "Corrected: proved for all sizes, by a proof whose every step is shown; or checked at so many sizes; or only "
    "measured in simulation.",
    "Holds at: sizes where it applies and the certified failure probability is at most the claimed one.",
    "Silent at: sizes where a hypothesis fails (outside), and sizes where the promise is vacuous.",
    "Simulated: how often its claims failed at a size where it says something, everything drawn anew; it is "
    "VIOLATED only with confidence 1 - 10^-6.",
    "Slack: log of the true failure probability over log of the claimed one; 1 is tight.",
    "As printed: the grade of the worst erratum, and which errata have it; witnesses were run again.",
)


def audit_text(audit: Audit, wide: bool = False) -> str:
    """The audit as a plain table: a row a statement at 80 columns, or all that was found at 150."""
    from rich.console import Console

    page = StringIO()
    width = WIDE if wide else NARROW
    print_audit(audit, Console(file=page, width=width, color_system=None, legacy_windows=False), wide)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def print_audit(audit: Audit, console: Console, wide: bool = False) -> None:
    """Print the audit on a rich console; no wider than 80 columns, or all that was found as wide as it is."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    width = console.width if wide else min(console.width, NARROW)
    headings, legend, cells = (HEADINGS, LEGEND, entry_cells) if wide else (SHORT, SHORT_LEGEND, summary_cells)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading == headings[0] and wide)
    told_at = headings.index("Corrected")
    for entry in audit.entries:
        row = [Text(cell) for cell in cells(entry)]
        row[told_at].stylize(STYLE.get(entry.outcome.partition(" at ")[0], "yellow"))
        table.add_row(*row)
    console.print(Text(fitted(title(audit), width), style="bold"), Text(""), sep="\n")
    console.print(table, width=width)
    more = () if wide else ("", f"All that was found: {MORE}.")
    console.print(Text(fitted("\n".join(("", *legend, "", verdict_text(audit), *more)), width)))


def title(audit: Audit) -> str:
    """The paper's title, where all is of papers that are known; the first one's where there are several."""
    statements = [entry.statement for entry in audit.entries]
    if not all(map(belongs, statements)):
        return "Statements, one by one"
    return f"{papers[statements[0].paper].heading}, statement by statement"


def entry_cells(entry: Entry) -> tuple[str, ...]:
    """One row: a cell for each heading."""
    counts = entry.counts
    holds = "" if counts[PointStatus.MEASURED] or entry.error else f"{counts[PointStatus.HOLDS]} of {len(entry.checks)}"
    silent = [
        f"{counts[status]} {word}"
        for status, word in ((PointStatus.INAPPLICABLE, "outside"), (PointStatus.VACUOUS, "vacuous"))
        if counts[status]
    ]
    said = ", ".join(silent) + smallest_text(entry)
    return (
        entry.title,
        corrected_text(entry),
        holds,
        said,
        looseness_text(entry),
        simulated_text(entry),
        printed_text(entry),
    )


def simulated_text(entry: Entry) -> str:
    """How many trials failed, and out of how many."""
    found = entry.evidence
    if found is None:
        return f"not simulated: {entry.why_not}" if entry.why_not else ""
    seen = f"{'VIOLATED: ' if entry.is_violated else ''}{found.failures} of {found.trials}"
    if found.deterministic:
        return seen
    return f"{seen} (claimed {claimed_text(found.guarantee)})"


def smallest_text(entry: Entry) -> str:
    """Where hypotheses fail somewhere: the smallest size of the grid at which they hold."""
    covered = [j for j in entry.checks if j.status is not PointStatus.INAPPLICABLE]
    if not covered or len(covered) == len(entry.checks):
        return ""
    own = _sizes(entry.statement)
    sizes = [{name: value for name, value in j.guarantee.values if name in own} for j in covered]
    smallest = min(sizes, key=lambda point: sum((abs(Fraction(x)) for x in point.values()), Fraction(0)))
    named = point_text(smallest.items())
    return f"; covered from {named}" if named else ""


def _sizes(s: Statement) -> set[str]:
    """The parameters that hypotheses speak of: the whole ones, or all where none is whole."""
    told = set().union(*(r.free_symbols for r in s.relations))
    own = [p for p in s.parameters if p.symbol in told]
    return {p.name for p in own if p.integer} or {p.name for p in own}


def looseness_text(entry: Entry) -> str:
    """How loose: the range of the ratio, and one size with both numbers."""
    if entry.looseness is None:
        return ""
    ranked = sorted((j for j in entry.checks if j.looseness is not None), key=lambda j: j.looseness or 0)
    typical = ranked[len(ranked) // 2]
    claimed, exact = failure_text(typical.log_claimed[1]), failure_text(typical.log_exact[1])
    middle = number_text(entry.looseness[1], 2)
    return f"{slack_text(entry)}, median {middle} ({claimed} claimed, {exact} exact)"


def printed_text(entry: Entry) -> str:
    """The grade of its worst erratum, and which have it; then the others."""
    failed = dict.fromkeys(f.erratum.id for f in entry.erratum_checks if f.confirmed is False)
    worst, *rest = by_grade(f.erratum for f in entry.erratum_checks).items() or [("", ())]
    others = [name for _, names in rest for name in names]
    told = [f"WITNESS FAILS: {', '.join(failed)}"] if failed else []
    told += [f"{worst[0]}: {', '.join(worst[1])}"] if worst[0] else []
    return "; ".join([*told, *([f"also {', '.join(others)}"] if others else [])])


def audit_markdown(audit: Audit) -> str:
    """The audit as a Markdown table."""
    lines = markdown_table(HEADINGS, map(entry_cells, audit.entries))
    told = map(markdown_cell, verdict_text(audit).splitlines())
    return "\n".join([lines, "", *(f"- {line}" for line in LEGEND), "", *told])


def audit_latex(audit: Audit) -> str:
    r"""The audit as bare tabulars with booktabs, ready for \input."""
    rows = [[escaped_latex(name), *map(prose_latex, cells)] for name, *cells in map(entry_cells, audit.entries)]
    return latex_table(HEADINGS, rows, "l" * len(HEADINGS))


def audit_dict(audit: Audit) -> dict[str, Any]:
    """What JSON can carry."""
    return {
        "boundkit": VERSION,
        "false": audit.is_false,
        "undecided": audit.is_undecided,
        "errata": by_grade(f.erratum for entry in audit.entries for f in entry.erratum_checks),
        "statements": [entry_dict(entry) for entry in audit.entries],
    }


def entry_dict(entry: Entry) -> dict[str, Any]:
    """What JSON can carry of one statement: what it says, what was found, and every point."""
    s = entry.statement
    false = entry.counterexample
    return plainly({
        "name": s.name,
        "says": summary(s),
        "claims": [relation_text(s, claim) for claim in s.claims],
        "outcome": entry.outcome,
        "proved": entry.proved,
        "counts": {status.name: count for status, count in entry.counts.items()},
        "exponent_ratio": dict(zip(("min", "median", "max"), entry.looseness or (None,) * 3, strict=True)),
        "counterexample": None
        if false is None or false.refutation is None
        else {"point": point_words(false.refutation.point), "why": false.refutation.why},
        "simulated": None if entry.evidence is None else entry.evidence.to_dict(),
        "simulations": [seen.to_dict() for seen in entry.simulations],
        "not_simulated": entry.why_not,
        "error": entry.error,
        "errata": [finding.to_dict() for finding in entry.erratum_checks],
        "points": [
            {
                "at": point_words(j.guarantee.values),
                "status": j.status.name,
                "log_claimed": j.log_claimed,
                "log_exact": j.log_exact,
                "reason": j.reason,
            }
            for j in entry.checks
        ],
    })  # fmt: skip
