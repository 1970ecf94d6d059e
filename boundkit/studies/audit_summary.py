"""The audit on one screen: a row a statement, and the outcome as a reviewer would write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from boundkit.engine.guarantee import failure_at
from boundkit.formats.numbers import number_text
from boundkit.model.erratum import CHANGING, by_grade, counted
from boundkit.studies.point_check import PointStatus
from boundkit.text import series

if TYPE_CHECKING:
    from boundkit.studies.auditing import Audit, Entry

HEADINGS = ("Statement", "As printed", "Corrected", "Covers", "Slack", "Simulated (allowed)")
LEGEND = (
    "As printed: the grade of its worst erratum.",
    "Corrected: proved for all sizes; or held against its exact law at so many sizes, from 1 to 10^6; or measured, in "
    "simulation only.",
    "Covers: the sizes, of those tried, at which it applies and its promise is not vacuous.",
    "Slack: log of the true failure probability over log of the claimed one, least to largest; 1 is tight.",
    "Simulated: the share of trials in which its claims failed at a size where it says something, and the share "
    "that it allows.",
)
FEW = 5  # statements that a sentence names one by one


def summary_cells(entry: Entry) -> tuple[str, ...]:
    """One row: a cell for each heading."""
    grades = by_grade(f.erratum for f in entry.erratum_checks)
    failed = any(f.confirmed is False for f in entry.erratum_checks)
    worst = next(iter(grades), "")
    return (
        entry.title,
        "WITNESS FAILS" if failed else worst,
        corrected_text(entry, brief=True),
        f"{_covered(entry)}/{len(entry.checks)}" if entry.checks else "",
        slack_text(entry),
        _simulated(entry),
    )


def corrected_text(entry: Entry, brief: bool = False) -> str:
    """How far it stands: proved, checked at so many sizes, or measured; or what was found against it."""
    holding = entry.counts[PointStatus.HOLDS]
    if entry.outcome == "true":
        return "proved" if brief else "proved for all sizes"
    if entry.outcome != "not refuted":
        return entry.outcome
    if not _is_checked(entry):
        return "measured"
    sizes = f"{holding} size{'' if holding == 1 else 's'}"
    return sizes if brief else f"checked at {sizes}"


def slack_text(entry: Entry) -> str:
    """The range of the true exponent over the claimed one."""
    if entry.looseness is None:
        return ""
    low, _, high = (number_text(ratio, 2) for ratio in entry.looseness)
    return f"{low} to {high}"


def _covered(entry: Entry) -> int:
    """At how many sizes it applies and says something."""
    silent = entry.counts[PointStatus.INAPPLICABLE] + entry.counts[PointStatus.VACUOUS]
    return len(entry.checks) - silent


def _simulated(entry: Entry) -> str:
    """How often its claims failed, and how often they may."""
    found = entry.evidence
    if found is None:
        return ""
    seen = number_text(found.failures / found.trials, 2) if found.trials else "no trial"
    allowed = "0" if found.deterministic else number_text(failure_at(found.guarantee)[1], 2, toward=1)
    return f"{'VIOLATED: ' if entry.is_violated else ''}{seen} ({allowed})"


def verdict_text(audit: Audit) -> str:
    """The outcome, a sentence a line: what is false, how far the rest stands, and what print gets wrong."""
    return "\n".join([*_false(audit), *_standing(audit), *_printed(audit)])


def _false(audit: Audit) -> Iterator[str]:
    false = [entry.title for entry in audit.entries if entry.is_false]
    yield f"FALSE: {', '.join(false)}." if false else "No corrected statement was found false."
    for entry in audit.entries:
        if entry.counterexample and entry.counterexample.refutation:
            yield str(entry.counterexample.refutation)
        failed = (f for f in entry.erratum_checks if f.confirmed is False)
        yield from (f"The witness of {f.erratum.id} no longer refutes {f.where}." for f in failed)


def _standing(audit: Audit) -> Iterator[str]:
    """How far those stand that are not false."""
    unproved = [entry for entry in audit.entries if entry.outcome == "not refuted"]
    groups = (
        ("proved for all sizes", [entry for entry in audit.entries if entry.outcome == "true"]),
        ("held against the exact law at finitely many sizes, without a proof", [e for e in unproved if _is_checked(e)]),
        ("only measured in simulation", [entry for entry in unproved if not _is_checked(entry)]),
    )
    told = [f"{_subject(group, audit)} {how}" for how, group in groups if group]
    if told:
        yield f"{'; '.join(told)}."
    for entry in audit.entries:
        if entry.is_undecided and not entry.is_false:
            yield f"Undecided: {', '.join(filter(None, (entry.title, entry.reason)))}."


def _printed(audit: Audit) -> Iterator[str]:
    """Which statements print gets wrong, by the worst grade of each, and how many errata there are."""
    worst = [(next(iter(by_grade(f.erratum for f in e.erratum_checks)), ""), e.title) for e in audit.entries]
    wrong = {grade: [title for found, title in worst if found == grade] for grade in CHANGING}
    many = sum(map(len, wrong.values()))
    if many:
        places = (f"{grade} in {series(titles)}" for grade, titles in wrong.items() if titles)
        verb = "needs" if many == 1 else "need"
        yield f"As printed, {many} of {len(audit.entries)} {verb} a correction: {'; '.join(places)}."
    if found := counted(f.erratum for entry in audit.entries for f in entry.erratum_checks):
        yield f"Errata as printed: {found}; boundkit errata shows them."


def _is_checked(entry: Entry) -> bool:
    return not entry.is_measured or entry.counts[PointStatus.HOLDS] > 0


def _subject(group: list[Entry], audit: Audit) -> str:
    """These of all that were audited, with the verb: by their names where they are few."""
    total = len(audit.entries)
    if len(group) == total:
        return f"{'Both' if total == 2 else f'All {total}'} are" if total > 1 else f"{group[0].title} is"
    if len(group) > FEW:
        return f"{len(group)} of {total} are"
    return f"{series([entry.title for entry in group])} {'are' if len(group) > 1 else 'is'}"
