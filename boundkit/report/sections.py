"""One statement in the report: what it says, what is true, where it applies, and what shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from boundkit.api.objects import Statement
from boundkit.engine.cards import bracketed, statement_dict, summary
from boundkit.engine.guarantee import claimed_text
from boundkit.engine.proof.words import LABELS, relation_between, spoken
from boundkit.engine.proof.words import verdict as proved
from boundkit.errors import BoundkitError
from boundkit.formats.expressions import expression_latex, failure_formula, relation_latex
from boundkit.formats.html import Html, formula, joined, listed, source, tag
from boundkit.formats.numbers import number_text
from boundkit.formats.prose import prose_html
from boundkit.formats.tables import grid
from boundkit.report.pictures import map_picture, tightness_picture
from boundkit.studies.audit_summary import corrected_text
from boundkit.studies.audit_words import looseness_text, smallest_text
from boundkit.studies.budget_words import HEADINGS, OWN_LAW, heading, sums_of
from boundkit.studies.budget_words import cells as budget_cells
from boundkit.studies.budgets import budget
from boundkit.studies.point_check import PointStatus
from boundkit.values import value_text

if TYPE_CHECKING:
    from boundkit.api.objects import Guarantee
    from boundkit.simulate.evidence import Evidence
    from boundkit.studies.auditing import Entry
    from boundkit.studies.budgets import Budget
    from boundkit.studies.errata import ErratumCheck

TOLD = {
    PointStatus.HOLDS: "holds", PointStatus.FALSE: "is false", PointStatus.UNDECIDED: "could not be decided",
    PointStatus.MEASURED: "can only be measured", PointStatus.VACUOUS: "promises nothing",
    PointStatus.INAPPLICABLE: "does not apply",
}  # fmt: skip

MODES = {
    "full": "Everything was drawn and trained anew in every trial; nothing is taken from the laws.",
    "own": "Drawn in every trial by the sampler that comes with the statement.",
    "conditional": "Trained once; what training leaves alone was drawn anew in every trial, by its law.",
}


def statement_section(entry: Entry) -> Html:
    """Everything about one statement."""
    s = entry.statement
    parts = [
        tag("h3", s.title, " ", badge(entry)),
        tag("p", s.place.partition(", ")[2], class_="place") if ", " in s.place else None,
        tag("p", prose_html(_sentence(s.reading)), ".", class_="place") if s.reading else None,
        tag("p", _sentence(summary(s)), class_="says"),
        *(tag("p", prose_html(text.replace("\n", " "))) for text in s.doc.strip().split("\n\n")[1:]),
        _claims(s), _parameters(s), _in_fact(entry), _reach(entry), _errata(entry), _budget(entry),
        _certificate(s), _simulated(entry),
    ]  # fmt: skip
    return tag("section", *parts, id=entry.label, class_="statement")


def badge(entry: Entry) -> Html:
    """The verdict on the corrected statement, told by its words and coloured too."""
    kind = "bad" if entry.is_false else "good" if entry.outcome == "true" else "open"
    return tag("span", corrected_text(entry), class_=f"badge {kind}")


def erratum_section(f: ErratumCheck, section: str) -> Html:
    """One erratum in a section of that name, with what shows it."""
    e = f.erratum
    rows: list[tuple[str, str]] = [("Printed", prose_html(e.printed)), ("Holds", prose_html(e.holds))]
    if e.witness:
        rows.append(("Witness", prose_html(f.seen) if f.refutation else tag("strong", prose_html(f.seen))))
    if f.simulation:
        shown, seen = f.simulation
        rows.append(("Simulated", joined((prose_html(seen), None if shown else tag("strong", " NOT CONFIRMED")))))
    elif e.simulation:
        rows.append(("Simulated", tag("strong", f"UNDECIDED: {f.undecided}")))
    rows += [("Because", prose_html(e.reason))] if e.reason else []
    return tag(
        "div", tag("h5", f"{e.id}, {f.where}: {e.grade}"), _facts(rows), id=f"{section}-{e.id}",
        class_=f"erratum {e.grade.replace(' ', '-')}",
    )  # fmt: skip


def _claims(s: Statement) -> Html:
    """What it says: where, how likely, its claims and what it assumes, as formulas, with its LaTeX."""
    decided = [h for h in s.hypotheses if h.relation is not None]
    failure = failure_formula(s, latex=True)
    likely = (
        "Always" if s.failure == 0 else joined(("With probability at least ", formula(f"1 - {bracketed(failure)}")))
    )
    return joined((
        tag("h4", "The statement"),
        tag("p", "Where") if decided else None,
        *(formula(h.tex or relation_latex(s, h.relation), display=True) for h in decided),
        tag("p", likely, ":", class_="formula"),
        *(formula(relation_latex(s, claim), display=True) for claim in s.claims),
        tag("p", "It assumes: ", prose_html("; ".join(s.assumed)), ".") if s.assumed else None,
        source(s.latex()),
    ))  # fmt: skip


def _parameters(s: Statement) -> Html | None:
    meanings = statement_dict(s)["parameters"]
    rows = [(formula(p.tex or p.name), tag("code", p.name), prose_html(meanings[p.name])) for p in s.parameters]
    return grid(("Parameter", "Name", "What it is"), rows, "Parameters", "parameters") if rows else None


def _in_fact(entry: Entry) -> Html:
    """What is true: the law of its failure or the value that it bounds, how loose it is, and a picture of that."""
    s = entry.statement
    if s.failure == 0:
        told = [tag("p", "Nothing in it is random: it holds or it does not.")]
        if s.truth is not None:
            quantity = next(q for q in s.quantities if q.symbol == s.claims[0].lhs)
            law = formula(f"{quantity.tex or quantity.name} = {expression_latex(s, s.truth)}", display=True)
            told.append(joined((tag("p", "What it bounds is"), law)))
    elif s.truth is None:
        told = [tag("p", "No law of its failure probability is known; it is measured.")]
    else:
        word = "is" if s.truth_is == "exact" else "is at most"
        attained = f", with equality at {s.attained}" if s.attained else ""
        needs = (
            tag("p", "This needs besides: ", prose_html("; ".join(s.truth_assumes)), ".") if s.truth_assumes else None
        )
        law = formula(expression_latex(s, s.truth), display=True)
        told = [joined((tag("p", f"The probability that it fails {word}{attained}"), law, needs))]
    if loose := looseness_text(entry):
        told.append(tag("p", f"The true exponent over the claimed one, where 1 would be tight: {loose}."))
    return joined((tag("h4", "Exact failure probability"), *told, _picture(lambda: tightness_picture(s, entry.label))))


def _reach(entry: Entry) -> Html:
    """At how many sizes it holds, is false or open, and a map of them; or why it could not be checked."""
    if entry.error:
        stopped = tag("p", f"It could not be checked: {entry.error}", class_="note")
        return joined((tag("h4", "Where it applies"), stopped))
    told = [f"{n} where it {TOLD[status]}" for status, n in entry.counts.items() if n]
    smallest = smallest_text(entry).removeprefix("; ")
    counted = f"Of {len(entry.checks)} sizes from 1 to 10^6: {', '.join(told)}"
    seen = tag("p", f"{counted}{f'; {smallest}' if smallest else ''}.")
    why = tag("p", f"Undecided {entry.reason}", class_="note") if entry.reason else None
    return joined(
        (tag("h4", "Where it applies"), seen, why, _picture(lambda: map_picture(entry.statement, entry.label)))
    )


def _picture(draw: Callable[[], tuple[Html | None, str] | None]) -> Html | None:
    """A figure with its caption, or a caption alone; a note where drawing fails, None where nothing is to be drawn."""
    try:
        found = draw()
    except (ValueError, ArithmeticError, RuntimeError) as error:  # matplotlib's too: the rest is told all the same
        return tag("p", f"Not drawn: {error}.", class_="note")
    if found is None:
        return None
    drawn, caption = found
    return tag("p", caption) if drawn is None else tag("figure", drawn, tag("figcaption", caption))


def _errata(entry: Entry) -> Html | None:
    found = [erratum_section(f, entry.label) for f in entry.erratum_checks]
    return joined((tag("h4", "Errata"), *found)) if found else None


def _budget(entry: Entry) -> Html | None:
    """What its proof spends at a typical size, event by event, and the sums; None where `budget_of` has none."""
    try:
        found = budget_of(entry)
        if found is None:
            return None
        says = spoken(entry.statement)
        rows = [
            (
                *map(prose_html, budget_cells(found, item)[:-1]),
                formula(relation_between(says, item.spend.granted[0], latex=True)),
            )
            for item in found.items
        ]
        sums = [
            (prose_html(name), number, text if text in ("", OWN_LAW) else formula(text))
            for name, number, text in sums_of(found, latex=True)
        ]
    except BoundkitError as error:
        return joined((tag("h4", "Budget"), tag("p", f"No budget: {error}.", class_="note")))
    return joined((
        tag("h4", "Failure budget"),
        tag("p", "The events on which its proof spends it: ", prose_html(heading(found)), "."),
        grid(tuple(map(_sentence, HEADINGS)), rows, "Events", "numbers"),
        grid(("Sum", "Number", "Formula"), sums, "Sums", "sums"),
    ))  # fmt: skip


def budget_of(entry: Entry) -> Budget | None:
    """The budget at a typical size; None where there is nothing to pay for, no such size, or no law to compare with."""
    s, at = entry.statement, _typical(entry)
    if s.proof is None or not s.proof.spends or s.truth is None or at is None:
        return None
    return budget(s, **dict(at.values))


def _typical(entry: Entry) -> Guarantee | None:
    """A size at which the statement says something: the one of median looseness, or the first at which it holds."""
    ranked = sorted((j for j in entry.checks if j.looseness is not None), key=lambda j: j.looseness or 0)
    rest = [j for j in entry.checks if j.status is PointStatus.HOLDS]
    chosen = ranked[len(ranked) // 2 :] or rest
    return chosen[0].guarantee if chosen else None


def _certificate(s: Statement) -> Html | None:
    """Its proof step by step, with what is taken as known; or that there is none, or why none could be made."""
    if s.proof is None:
        return joined((tag("h4", "Certificate"), tag("p", "It carries no proof that a machine can check.")))
    try:
        found = s.certificate()
    except BoundkitError as error:
        return joined((tag("h4", "Certificate"), tag("p", f"No certificate: {error}.", class_="note")))
    says, rows, last = spoken(s), [], ""
    for line in found.lines:
        why = f"{line.why}: {line.because}" if line.because else line.why
        shown = prose_html(why if line.shown else f"; {why}")
        shown = shown if line.shown else joined((tag("strong", "NOT SHOWN"), shown))
        label = LABELS[line.part]
        rows.append(("" if label == last else label, formula(relation_between(says, line.relation, latex=True)), shown))
        last = label
    known = joined((tag("p", "Taken as known:"), listed(map(prose_html, found.assumed)))) if found.assumed else None
    return joined((
        tag("h4", "Certificate"), tag("p", f"{_sentence(proved(found))}."),
        tag("p", f"{_sentence(str(found.accepted))}.") if found.accepted else None,
        grid(("Part", "Step", "Because"), rows, "The proof, step by step", "steps"), known,
    ))  # fmt: skip


def _simulated(entry: Entry) -> Html | None:
    """What was found in simulation, size by size; or why nothing was simulated, None where that is not said."""
    if not entry.simulations:
        why = tag("p", f"Nothing was simulated: {entry.why_not}.") if entry.why_not else None
        return joined((tag("h4", "Simulated"), why)) if why else None
    mode = entry.simulations[0].mode if entry.statement.experiment else "own"
    return joined((tag("h4", "Simulated"), tag("p", MODES[mode]), *map(_seen, entry.simulations)))


def _seen(found: Evidence) -> Html:
    """One simulation: at which size, how many failed, and what that says of what is claimed."""
    at = ", ".join(f"{name} = {_shown(value)}" for name, value in found.values)
    rows = [
        ("At", at),
        ("Found", f"{found.verdict.name}: {found.verdict.value}"),
        ("Failed", f"{found.failures} of {found.trials} trials"),
    ]
    if found.uncovered:
        rows.append(("Not covered", f"{found.uncovered} trials more, in which a hypothesis failed"))
    if not found.deterministic:
        low, high = found.interval
        rows.append(("Interval", f"{low:.4g} to {high:.4g}, at level 1 - 10^-6"))
        rows.append(("Claimed", f"at most {claimed_text(found.guarantee) if found.claimed < 1 else 1}"))
    if found.exact is not None and not found.deterministic:
        kind = "" if found.exact_is == "exact" else "at most "
        rows.append(("Exact", f"{kind}{number_text(found.exact, 4, 1)}"))
    return _facts(rows)


def _facts(rows: list[tuple[str, str]]) -> Html:
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", text)) for name, text in rows))


def _shown(value: object) -> str:
    return value_text(value) if isinstance(value, int) else f"{float(value):.6g}"  # type: ignore[arg-type]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
