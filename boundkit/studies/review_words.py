"""A review in words: one page for the terminal, for HTML, and what JSON can carry."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, Any

from boundkit.api.papers import used_by
from boundkit.engine.cards import bracketed, summary
from boundkit.engine.guarantee import claimed_text
from boundkit.engine.proof.words import verdict as proved
from boundkit.engine.qualified import qualification
from boundkit.errors import BoundkitError
from boundkit.formats.expressions import failure_formula, outward, relation_latex, relation_text
from boundkit.formats.html import Html, formula, joined, listed, tag
from boundkit.formats.numbers import failure_text, number_text
from boundkit.formats.plainly import plainly
from boundkit.formats.prose import prose_html
from boundkit.formats.tables import beside, grid, noted_table
from boundkit.model.erratum import CHANGING
from boundkit.studies.audit_summary import corrected_text, slack_text
from boundkit.studies.audit_words import entry_dict, printed_text
from boundkit.studies.budgets import event_name
from boundkit.studies.citations import listed as cited
from boundkit.studies.point_check import PointStatus
from boundkit.text import filled
from boundkit.values import point_text
from boundkit.version import VERSION

if TYPE_CHECKING:
    from boundkit.api.objects import Statement
    from boundkit.studies.errata import ErratumCheck
    from boundkit.studies.reviewing import Review
    from boundkit.studies.tightness import Tightness

HEADINGS = ("claimed", "exact", "slack", "bound", "best bound")
PARTS = ("assumed", "if", "always", "with probability at least", "it holds that")
SAME, NOTHING = "the same", "nothing"
READINGS = ("as printed", "as corrected")


def review_text(found: Review) -> str:
    """The page for a terminal of 80 columns."""
    s = found.statement
    parts = [filled(s.title + s.place.removeprefix(s.number)) + "\n" + filled(_sentence(summary(s)))]
    parts.append(beside(_readings(found, latex=False)))
    parts.append(_lines("Verdict", _verdict(found)))
    parts += [_lines("What is wrong in print", _errata_text(found))] if found.entry.erratum_checks else []
    parts.append(f"Exact against claimed\n{_rows_text(found)}")
    parts += [_lines("Certificate", _certificate(found)), _lines("It depends on", _depends(found))]
    return "\n\n".join(parts)


def review_html(found: Review) -> Html:
    """The page as a part of another one, its formulas typeset."""
    s = found.statement
    rows = [(_row_text(found, row)[0], *_row_text(found, row)[1]) for row in found.rows]
    headings = ("at", *HEADINGS)
    shown = [(prose_html(at), *cells) for at, *cells in rows]
    exact = grid(headings, shown, "Exact against claimed") if rows else tag("p", prose_html(_sentence(found.why_not)))
    head, *readings = _readings(found, latex=True)
    verdict, errata, proof = (
        listed(map(prose_html, lines)) for lines in (_verdict(found), _errata_text(found), _certificate(found))
    )
    parts = [
        tag("h2", s.title), tag("p", s.place, class_="place"), tag("p", _sentence(summary(s)), class_="says"),
        grid(("part", *head[1:]), readings, "The statement"),
        tag("h3", "Verdict"), verdict,
        *((tag("h3", "What is wrong in print"), errata) if errata else ()),
        tag("h3", "Exact against claimed"), exact,
        tag("h3", "Certificate"), proof, tag("h3", "It depends on"), listed(_depends(found)),
    ]  # fmt: skip
    return tag("section", *parts, class_="statement")


def review_dict(found: Review) -> dict[str, Any]:
    """What JSON can carry."""
    return plainly({
        "boundkit": VERSION,
        **entry_dict(found.entry),
        "verdict": list(_verdict(found)),
        "rows": [row.to_dict() for row in found.rows],
        "no_rows": found.why_not,
        "certificate": None if found.certificate is None else found.certificate.to_dict(),
        "depends_on": list(found.statement.depends_on),
        "rests_on": [list(work) for work in found.statement.rests_on],
    })  # fmt: skip


def _readings(found: Review, latex: bool) -> list[tuple[str, ...]]:
    """The printed reading beside the corrected one, a row for each part; one column where they say the same."""
    s = found.statement
    said = _parts(s, latex)
    if s.superseded or s.as_printed is s or _parts(s.as_printed, False) == _parts(s, False):
        heading = s.reading or (READINGS[0] if s.errata else "the statement")
        return [("", heading), *said.items()]
    before = _parts(s.as_printed, latex)
    rows = [(part, before.get(part, NOTHING), said.get(part, NOTHING)) for part in PARTS if part in before | said]
    return [("", *READINGS), *((part, one, SAME if one == other else other) for part, one, other in rows)]


def _parts(s: Statement, latex: bool) -> dict[str, str]:
    """What a reading says, part by part, as text or as HTML."""
    conditions = [h for h in s.hypotheses if h.relation is not None]
    if latex:
        told: str = joined((formula(h.tex or relation_latex(s, h.relation)) for h in conditions), ", ")
        likely: str = formula(f"1 - {bracketed(failure_formula(s, latex=True))}")
        claims: str = joined((formula(relation_latex(s, claim)) for claim in s.claims), " and ")
    else:
        told = " and ".join(h.text for h in conditions)
        likely = f"1 - {bracketed(failure_formula(s))}"
        claims = " and ".join(relation_text(s, claim) for claim in s.claims)
    always = s.failure == 0
    assumed = prose_html("; ".join(s.assumed)) if latex else "; ".join(s.assumed)
    texts = (assumed, told, claims if always else "", "" if always else likely, "" if always else claims)
    return {name: text for name, text in zip(PARTS, texts, strict=True) if text}


def _verdict(found: Review) -> Iterator[str]:
    """Print and correction, each with what it comes to; where it says something; and simulation."""
    entry = found.entry
    printed = printed_text(entry)
    yield f"as printed: {printed or 'no erratum is known'}"
    against = entry.counterexample
    refuted = f"; {against.refutation.where}" if against and against.refutation else ""
    yield f"{'as corrected' if printed else 'as it stands'}: {corrected_text(entry)}{refuted}"
    if entry.checks:
        silent = entry.counts[PointStatus.INAPPLICABLE] + entry.counts[PointStatus.VACUOUS]
        told = f"it says something at {len(entry.checks) - silent} of {len(entry.checks)} sizes from 1 to 10^6"
        slack = slack_text(entry)
        yield f"{told}; there its true exponent is {slack} times the claimed one" if slack else told
    if entry.is_undecided:
        yield f"undecided {entry.reason}" if entry.reason else "undecided"
    if (seen := entry.evidence) is not None:
        allowed = (
            "nothing in it is random" if seen.deterministic else f"at most {claimed_text(seen.guarantee)} is claimed"
        )
        failed = f"{seen.failures} of {seen.trials} trials failed, {allowed}"
        yield f"simulated at {point_text(seen.values)}: {seen.verdict.name}, {failed}"


def _errata_text(found: Review) -> Iterator[str]:
    """Those that change what it says, each with its witness; the numbers of the others."""
    checks = found.entry.erratum_checks
    changing = [f for f in checks if f.erratum.grade in CHANGING]
    for f in changing:
        e = f.erratum
        yield f"{e.id}, {e.grade}: printed {e.printed}; holds: {e.holds}; {_shown(f)}"
    if others := [f"{f.erratum.id} ({f.erratum.grade})" for f in checks if f not in changing]:
        yield f"besides, without a change of what it says: {', '.join(others)}"


def _shown(f: ErratumCheck) -> str:
    """What shows an erratum: the witness with its numbers, a simulation, or a reason."""
    shown = [f"witness: false {f.seen}" if f.refutation else f"witness: {f.seen}"] if f.erratum.witness else []
    shown += [f"simulated: {f.simulation[1]}{'' if f.simulation[0] else '; NOT CONFIRMED'}"] if f.simulation else []
    shown += [f"because {f.erratum.reason}"] if f.erratum.reason else []
    return "; ".join(shown)


def _rows_text(found: Review) -> str:
    if not found.rows:
        return filled(f"  {found.why_not}")
    told = [_row_text(found, row) for row in found.rows]
    return noted_table([HEADINGS, *(cells for _, cells in told)], ["", *(at for at, _ in told)], "r" * 5, "  ")


def _row_text(found: Review, row: Tightness) -> tuple[str, tuple[str, ...]]:
    """A size, and its numbers: failure probabilities rounded up, the bound on the side of what is claimed."""
    words = qualification(row.guarantee)
    promised = (
        "" if words.leads or row.bound is not None else f"promised: {' and '.join(row.guarantee.to_dict()['claims'])}"
    )
    told = "; ".join(filter(None, (words.text if words.leads else "", promised, row.reason)))
    at = f"at {point_text(row.guarantee.values)}{f': {told}' if told else ''}"
    kind = "" if found.statement.truth_is == "exact" or found.statement.failure == 0 else "<= "
    exact = "" if row.log_exact is None else f"{kind}{failure_text(row.log_exact)}"
    numbers = (
        "" if row.log_claimed is None else _claimed(row.log_claimed),
        exact,
        "" if row.exponent_ratio is None else number_text(row.exponent_ratio, 3),
        "" if row.bound is None else number_text(row.bound, 4, outward(found.statement.claims[0])),
        "" if row.best is None else number_text(row.best, 4),
    )
    return at, numbers


def _claimed(log: float) -> str:
    return "1" if log >= 0 or log == inf else failure_text(log)


def _certificate(found: Review) -> tuple[str, ...]:
    """The proof in three lines: what it came to, what it spends, and what it takes as known; Coq's word, if any."""
    c, s = found.certificate, found.statement
    if c is None:
        return (
            "it carries no proof that a machine can check" if s.proof is None else "its proof could not be checked",
        )
    events = dict.fromkeys(map(event_name, () if s.proof is None else s.proof.spends))
    return (
        proved(c),
        f"it spends {', '.join(events) or 'no failure probability'}",
        f"it takes {len(c.assumed)} facts as known; boundkit certificate {s.name} shows every step",
        *([str(c.accepted)] if c.accepted else []),
    )


def _depends(found: Review) -> tuple[str, ...]:
    """The statements and works that its proof uses."""
    s = found.statement
    try:
        own = ", ".join(f"{other.title} ({other.name})" for other in used_by(s))
    except BoundkitError:
        own = ", ".join(s.depends_on)
    return tuple(filter(None, (own, "; ".join(cited(*work) for work in s.rests_on)))) or ("nothing else",)


def _lines(heading: str, lines: Any) -> str:
    return "\n".join([heading, *(filled(f"  {line}") for line in lines)])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
