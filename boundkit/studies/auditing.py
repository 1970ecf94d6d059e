"""The audit: every statement held against its exact law over a grid of sizes, its errata run again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any

from boundkit.api.objects import Statement
from boundkit.api.papers import Paper, first, statements_in
from boundkit.errors import BoundkitError, LawError
from boundkit.formats.progress import Progress
from boundkit.formats.tables import Tabular, html_table
from boundkit.studies.errata import ErratumCheck, all_errata
from boundkit.studies.falsification import POINTS as MOST
from boundkit.studies.falsification import falsify
from boundkit.studies.grid import POINTS, SEED, grid
from boundkit.studies.point_check import PointCheck, PointStatus, check_point
from boundkit.studies.refutation import refute
from boundkit.studies.simulation import simulations
from boundkit.studies.walking import covered_points
from boundkit.values import point_text
from boundkit.version import VERSION

if TYPE_CHECKING:
    from boundkit.simulate.evidence import Evidence

SEARCHED = 10  # points of a search for each of the grid
SEARCHING = (
    10.0  # seconds, of the search for a counterexample to what has no proof; fewer for fewer points without a law
)


@dataclass(frozen=True)
class Entry:
    """One statement of the audit.

    Attributes
    ----------
    statement : Statement
        The reading that should hold.
    checks : tuple of PointCheck
        One for each point of the grid.
    erratum_checks : tuple of ErratumCheck
        Its errata, each with its witness run again.
    simulations : tuple of Evidence
        How often its claims failed in simulation, one for each size at which it was simulated.
    why_not : str
        Why it was not simulated, where it was asked for.
    error : str
        What stopped its check, in which case no point of it was judged.
    proved : bool
        Whether it has a proof for all sizes, every step of which is shown.
    label : str
        What it is called among all that is audited: its name, with its paper's where others have it too.
    shared : bool
        Whether another that is audited has the same title.
    """

    statement: Statement
    checks: tuple[PointCheck, ...]
    erratum_checks: tuple[ErratumCheck, ...]
    simulations: tuple[Evidence, ...] = ()
    why_not: str = ""
    error: str = ""
    proved: bool = False
    label: str = ""
    shared: bool = False

    @property
    def title(self) -> str:
        """The statement's title; its label too, where it shares the title."""
        return f"{self.statement.title} ({self.label})" if self.shared else self.statement.title

    @cached_property
    def counts(self) -> dict[PointStatus, int]:
        """How many points have each status."""
        return {status: sum(p.status is status for p in self.checks) for status in PointStatus}

    @property
    def counterexample(self) -> PointCheck | None:
        """A point where it is certainly false."""
        return next((j for j in self.checks if j.status is PointStatus.FALSE), None)

    @property
    def is_false(self) -> bool:
        """Whether the corrected reading is false somewhere, or a witness no longer refutes the printed one."""
        return (
            self.counts[PointStatus.FALSE] > 0
            or self.is_violated
            or any(f.confirmed is False for f in self.erratum_checks)
        )

    @property
    def evidence(self) -> Evidence | None:
        """The simulation that is shown: the first that violates it, or else the first."""
        violated = (seen for seen in self.simulations if seen.verdict.name == "VIOLATED")
        return next(violated, next(iter(self.simulations), None))

    @property
    def is_violated(self) -> bool:
        """Whether its claims failed more often in simulation than it allows."""
        return self.evidence is not None and self.evidence.verdict.name == "VIOLATED"

    @property
    def is_measured(self) -> bool:
        """Whether no law decides it, and simulation found nothing against it."""
        consistent = any(seen.verdict.name == "CONSISTENT" for seen in self.simulations)
        return self.counts[PointStatus.MEASURED] > 0 and consistent and not self.is_violated

    @property
    def is_undecided(self) -> bool:
        """Whether something could not be decided: a point by its law or in simulation, a witness, or all of it."""
        unmeasured = self.counts[PointStatus.MEASURED] > 0 and not self.is_measured
        return (
            bool(self.error)
            or self.counts[PointStatus.UNDECIDED] > 0
            or unmeasured
            or any(f.undecided for f in self.erratum_checks)
        )

    @property
    def outcome(self) -> str:
        """What it comes to, in a word or two: "true" only with a proof; where no point is false, "not refuted"."""
        counts = self.counts
        if self.error or self.is_false or counts[PointStatus.UNDECIDED]:
            at = f" at {counts[PointStatus.FALSE]}" if counts[PointStatus.FALSE] else ""
            undecided = f"undecided at {counts[PointStatus.UNDECIDED]}"
            return "not checked" if self.error else f"FALSE{at}" if self.is_false else undecided
        if self.proved:
            return "true"
        return "not decided" if self.is_undecided else "not refuted"

    @property
    def reason(self) -> str:
        """Why the first point that could not be decided was not, and where; what stopped the check; else ''."""
        first = next((j for j in self.checks if j.status is PointStatus.UNDECIDED), None)
        if self.error or first is None:
            return self.error or (
                "" if self.is_measured or not self.counts[PointStatus.MEASURED] else "no law decides it"
            )
        return f"at {point_text(first.guarantee.values)}: {first.reason}"

    def record(self) -> dict[str, Any]:
        """Return it as one flat record, for tables."""
        least, middle, most = self.looseness or (None, None, None)
        return {
            "statement": self.statement.qualified_name,
            "outcome": self.outcome,
            "proved": self.proved,
            **{f"sizes_{status.name.lower()}": count for status, count in self.counts.items()},
            "ratio_min": least,
            "ratio_median": middle,
            "ratio_max": most,
            "simulated": None if self.evidence is None else self.evidence.verdict.name,
            "errata": ", ".join(f.erratum.id for f in self.erratum_checks),
        }

    @cached_property
    def looseness(self) -> tuple[float, float, float] | None:
        """Smallest, median and largest ratio of the true exponent to the claimed one."""
        ratios = [j.looseness for j in self.checks if j.looseness is not None]
        return (min(ratios), median(ratios), max(ratios)) if ratios else None


@dataclass(frozen=True)
class Audit(Tabular):
    """The whole paper, or some of its statements, checked."""

    entries: tuple[Entry, ...]

    @property
    def is_false(self) -> bool:
        """Whether any claim was found false."""
        return any(entry.is_false for entry in self.entries)

    @property
    def is_undecided(self) -> bool:
        """Whether any point could not be decided."""
        return any(entry.is_undecided for entry in self.entries)

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a statement: what it comes to, at how many sizes, and how loose it is."""
        return [entry.record() for entry in self.entries]

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.studies.audit_words import audit_dict

        return audit_dict(self)

    def __str__(self) -> str:
        from boundkit.studies.audit_words import audit_text

        return audit_text(self)

    def __repr__(self) -> str:
        false = sum(entry.is_false for entry in self.entries)
        return f"<audit of {len(self.entries)} statements: {false} found false>"

    def _repr_html_(self) -> str:
        rows = [["" if x is None else f"{x:.4g}" if isinstance(x, float) else str(x) for x in record.values()]
                for record in self.records()]  # fmt: skip
        headings = tuple(name.replace("_", " ") for name in (self.records() or [{}])[0])
        return str(html_table(headings, rows, f"{repr(self)[1:-1]}; boundkit {VERSION}"))


def audit(
    *chosen: Statement | Paper,
    points: int = POINTS,
    simulated: bool = True,
    progress: Progress | None = None,
) -> Audit:
    """Check statements against their exact laws over a grid of sizes from 1 to 10^6, and in simulation.

    Parameters
    ----------
    *chosen : Statement or Paper
        By default the first paper.
    points : int
        How many points of each statement's grid are taken, where it has more; what has no proof is searched at up to
        ten times as many besides.
    simulated : bool
        Whether to simulate each statement too, at up to three sizes where failures as frequent as it allows would be
        seen: networks are trained, vectors drawn, and nothing is taken from the laws.
    progress : callable, optional
        Called with (what, done, total) before each statement, and at the end.

    Returns
    -------
    Audit
        One entry for each statement: at how many points it holds, is false, is undecided, does not apply or
        promises nothing; how loose it is; its errata with their witnesses run again.

    Raises
    ------
    StatementError
        Where the hypotheses of the only statement are met nowhere: it names the one in the way; where its law fails at
        every point, or its sampler breaks. Among others that can be checked such a statement is an entry with an
        `error`. A single point that a law cannot say is undecided.

    Examples
    --------
    >>> import boundkit as bk
    >>> entry = bk.audit(bk.lemma_b_1, points=20).entries[0]
    >>> entry.is_false, entry.is_undecided
    (False, False)
    """
    statements = statements_in(chosen or (first(),))
    entries, errors = [], []
    for done, s in enumerate(statements):
        if progress:
            progress(s.name, done, len(statements))
        try:
            entries.append(_entry(s, points, simulated))
        except BoundkitError as error:  # of one statement, which must not stop the others
            errors.append(error)
            entries.append(Entry(s, (), (), error=str(error)))
    if len(errors) == len(statements):
        raise errors[0]
    if progress:
        progress("", len(statements), len(statements))
    times = Counter(s.title for s in statements)
    labelled = zip(entries, _labels(statements), strict=True)
    return Audit(tuple(replace(e, label=label, shared=times[e.statement.title] > 1) for e, label in labelled))


def _labels(statements: tuple[Statement, ...]) -> list[str]:
    """A name for each that no other has, fit for files and for links."""
    times = Counter(s.name for s in statements)
    labels = [s.name if times[s.name] == 1 else s.qualified_name.replace(".", "-") for s in statements]
    return [f"{x}-{labels[:i].count(x) + 1}" if x in labels[:i] else x for i, x in enumerate(labels)]


def _entry(s: Statement, points: int, simulated: bool) -> Entry:
    """What checking finds: on the grid, in simulation, and by a search for what has no proof and no experiment."""
    from boundkit.simulate.evidence import Evidence

    checks = tuple(check_point(s, **dict(point)) for point in grid(s, points))
    if all(j.status is PointStatus.INAPPLICABLE for j in checks):  # the grid missed what it covers
        checks += tuple(check_point(s, **dict(point)) for point in covered_points(s)[:points])
    _require_some_law(checks)
    seen, why_not = simulations(s) if simulated else ((), "")
    proved = s.proof is not None and bool(s.certificate().holds)
    open_to_search = not proved and s.experiment is None and (simulated or s.truth is not None)
    wide = min(SEARCHED * points, MOST)
    seconds = SEARCHING if s.truth is not None else SEARCHING * wide / MOST
    search = falsify(s, seed=SEED, seconds=seconds, points=wide) if open_to_search else None
    if search and search.counterexample:
        found = search.counterexample
        checks += (PointCheck(s(**dict(found.point)), PointStatus.FALSE, refutation=found),)
        seen = (*seen, search.evidence) if isinstance(search.evidence, Evidence) else seen
    return Entry(s, checks, all_errata((s,)), seen, why_not, proved=proved)


def _require_some_law(checks: tuple[PointCheck, ...]) -> None:
    """Raise the LawError of the first point where the law says nothing at any point that the statement covers."""
    covered = [j for j in checks if j.status is not PointStatus.INAPPLICABLE]
    if covered and all(j.status is PointStatus.UNDECIDED for j in covered):
        try:
            refute(covered[0].guarantee.statement, **dict(covered[0].guarantee.values))
        except LawError:
            raise
        except BoundkitError:  # too little precision is no mistake of the law's
            return
