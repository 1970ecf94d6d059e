"""The audit in words: a table for the terminal, Markdown, LaTeX, and what JSON can carry."""

from __future__ import annotations

from fractions import Fraction
from io import StringIO
from typing import TYPE_CHECKING, Any

from boundkit.api.papers import belongs, papers
from boundkit.engine.cards import summary
from boundkit.engine.guarantee import claimed_text
from boundkit.formats.expressions import escaped_latex, failure_text, number_text, relation_text
from boundkit.formats.plainly import plainly
from boundkit.formats.tables import latex_table, markdown_table
from boundkit.model.erratum import by_grade, counted
from boundkit.studies.point_check import PointStatus
from boundkit.text import markdown_cell
from boundkit.values import point_text, point_words
from boundkit.version import VERSION

if TYPE_CHECKING:
    from rich.console import Console

    from boundkit.api.objects import Statement
    from boundkit.studies.auditing import Audit, Entry

WIDTH = 150  # of the plain table; from here on there is room for an example beside each ratio
COLUMNS = r"lllp{0.12\linewidth}p{0.22\linewidth}p{0.12\linewidth}p{0.16\linewidth}"  # in LaTeX
RAGGED = (3, 4, 5)  # those of running text
HEADINGS = (
    "Statement",
    "As corrected",
    "Holds at",
    "Silent at",
    "True exponent / claimed",
    "Simulated",
    "As printed",
)
LEGEND = (
    "Each statement was evaluated at sizes from 1 to 10^6 and held against the exact law of its quantity.",
    "True: by a proof for all sizes whose every step is shown; not refuted: nothing was found against it.",
    "Holds at: sizes where it applies and the certified failure probability is at most the claimed one.",
    "Silent at: sizes where a hypothesis fails (outside), and sizes where the promise is vacuous.",
    "Simulated: how often its claims failed at one small size where it says something, everything drawn anew; it is "
    "VIOLATED only with confidence 1 - 10^-6.",
    "True exponent / claimed: log of the true failure probability over log of the claimed one; 1 would be tight.",
    "As printed: the grade of the worst erratum, and which errata have it; witnesses were run again.",
)


def audit_text(audit: Audit) -> str:
    """The audit as a plain table."""
    from rich.console import Console

    page = StringIO()
    print_audit(audit, Console(file=page, width=WIDTH, color_system=None, legacy_windows=False))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def print_audit(audit: Audit, console: Console) -> None:
    """Print the audit on a rich console."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold", no_wrap=heading == HEADINGS[0])
    style = {"true": "green", "not refuted": "green", "FALSE": "bold red"}
    for entry in audit.entries:
        statement, corrected, *rest = entry_cells(entry, wide=console.width >= WIDTH)
        told = Text(corrected, style=style.get(corrected.partition(" at ")[0], "yellow"))
        table.add_row(Text(statement), told, *map(Text, rest))
    console.print(Text(title(audit), style="bold"))
    console.print(table)
    console.print(Text("\n".join((*LEGEND, "", verdict_text(audit)))))


def title(audit: Audit) -> str:
    """The paper's title, where all is of papers that are known; the first one's where there are several."""
    statements = [entry.statement for entry in audit.entries]
    if not all(map(belongs, statements)):
        return "Statements, one by one"
    return f"{papers[statements[0].paper].heading}, statement by statement"


def verdict_text(audit: Audit) -> str:
    """The outcome in a sentence or two."""
    false = [entry.statement.title for entry in audit.entries if entry.is_false]
    undecided = [entry for entry in audit.entries if entry.is_undecided and not entry.is_false]
    unproved = [entry.statement.title for entry in audit.entries if entry.outcome == "not refuted"]
    found = counted(f.erratum for entry in audit.entries for f in entry.erratum_checks)
    lines = [f"FALSE: {', '.join(false)}." if false else "No corrected statement was found false."]
    lines += [f"Undecided: {', '.join((e.statement.title, *([e.reason] if e.reason else [])))}." for e in undecided]
    lines += [f"Not refuted, and without a proof that is shown: {', '.join(unproved)}."] if unproved else []
    lines += [f"Errata as printed: {found}; boundkit errata shows them."] if found else []
    for entry in audit.entries:
        if entry.counterexample and entry.counterexample.refutation:
            lines.append(str(entry.counterexample.refutation))
        failed = (f for f in entry.erratum_checks if f.confirmed is False)
        lines += [f"The witness of {f.erratum.id} no longer refutes {f.where}." for f in failed]
    return "\n".join(lines)


def entry_cells(entry: Entry, wide: bool = True) -> tuple[str, ...]:
    """One row: a cell for each heading; where there is room, with an example of claimed and true probability."""
    counts = entry.counts
    holds = "" if counts[PointStatus.MEASURED] or entry.error else f"{counts[PointStatus.HOLDS]} of {len(entry.checks)}"
    silent = [
        f"{counts[status]} {word}"
        for status, word in ((PointStatus.INAPPLICABLE, "outside"), (PointStatus.VACUOUS, "vacuous"))
        if counts[status]
    ]
    said = ", ".join(silent) + smallest_text(entry)
    return (
        entry.statement.title,
        entry.outcome,
        holds,
        said,
        looseness_text(entry, wide),
        simulated_text(entry, wide),
        printed_text(entry),
    )


def simulated_text(entry: Entry, wide: bool = True) -> str:
    """How many trials failed, and out of how many."""
    found = entry.evidence
    if found is None:
        return f"not simulated: {entry.why_not}" if entry.why_not else ""
    seen = f"{'VIOLATED: ' if entry.is_violated else ''}{found.failures} of {found.trials}"
    if found.deterministic or not wide:
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


def looseness_text(entry: Entry, wide: bool = True) -> str:
    """How loose: the range of the ratio, and one size with both numbers."""
    if entry.looseness is None:
        return ""
    low, middle, high = (number_text(ratio, 2) for ratio in entry.looseness)
    if not wide:
        return f"{low} to {high}"
    ranked = sorted((j for j in entry.checks if j.looseness is not None), key=lambda j: j.looseness or 0)
    typical = ranked[len(ranked) // 2]
    claimed, exact = failure_text(typical.log_claimed[1]), failure_text(typical.log_exact[1])
    return f"{low} to {high}, median {middle} ({claimed} claimed, {exact} exact)"


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
    r"""The audit as a bare tabular with booktabs, ready for \input."""
    rows = [
        [r"\raggedright " * (i in RAGGED) + escaped_latex(cell) for i, cell in enumerate(entry_cells(entry))]
        for entry in audit.entries
    ]
    return f"% boundkit {VERSION}: boundkit audit --format latex\n{latex_table(HEADINGS, rows, COLUMNS)}"


def audit_dict(audit: Audit) -> dict[str, Any]:
    """What JSON can carry."""
    return {
        "version": VERSION,
        "false": audit.is_false,
        "undecided": audit.is_undecided,
        "errata": by_grade(f.erratum for entry in audit.entries for f in entry.erratum_checks),
        "statements": [_entry_dict(entry) for entry in audit.entries],
    }


def _entry_dict(entry: Entry) -> dict[str, Any]:
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
