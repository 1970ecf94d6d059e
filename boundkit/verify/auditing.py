"""The audit: every statement held against its exact law over a grid of sizes, its errata run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import ceil
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

import sympy

import boundkit
from boundkit.errors import BoundkitError
from boundkit.parameter import Parameter
from boundkit.statement import Statement
from boundkit.values import Value
from boundkit.verify.drawing import ends_of
from boundkit.verify.errata import Finding, all_errata
from boundkit.verify.judgement import Judgement, Standing, judge
from boundkit.verify.walking import covered_points

if TYPE_CHECKING:
    from boundkit.simulate.evidence import Evidence

LARGEST = 10**6
POINTS = 300  # of each statement's grid, where it has more
SEED = 20230228  # which of them
SMALL, LIKELY = 100, (0.01, 0.5)  # sizes and claimed failure probabilities at which one's own sampler is asked

# Where a statement is simulated: failures should be seen if they are as likely as it allows.
SIMULATED: tuple[dict[str, Value], ...] = tuple(
    {
        "d": d, "ell": ell, "c_ell": Fraction(ell, d), "m": m, "n": 20, "beta": Fraction(1, 20),
        "eta": Fraction(1, 1000), "lam": 40, "T": 100, "sigma": 1, "sigma_1": 1, "sigma_2": 1, "t": 2, "norm_u": 1,
    }
    for d, ell, m in ((40, 20, 8), (1600, 1580, 5))
)


@dataclass(frozen=True)
class Entry:
    """One statement of the audit.

    Attributes
    ----------
    statement : Statement
        The reading that should hold.
    judgements : tuple of Judgement
        One for each point of the grid.
    findings : tuple of Finding
        Its errata, each with its witness run again.
    evidence : Evidence, optional
        How often its claims failed in simulation; none where it was not simulated.
    """

    statement: Statement
    judgements: tuple[Judgement, ...]
    findings: tuple[Finding, ...]
    evidence: Evidence | None = None

    @cached_property
    def counts(self) -> dict[Standing, int]:
        """How many points have each standing."""
        return {standing: sum(j.standing is standing for j in self.judgements) for standing in Standing}

    @property
    def counterexample(self) -> Judgement | None:
        """A point where it is certainly false."""
        return next((j for j in self.judgements if j.standing is Standing.FALSE), None)

    @property
    def is_false(self) -> bool:
        """Whether the mended reading is false somewhere, or a witness no longer refutes the printed one."""
        return self.counts[Standing.FALSE] > 0 or self.is_violated or any(f.confirmed is False for f in self.findings)

    @property
    def is_violated(self) -> bool:
        """Whether its claims failed more often in simulation than it allows."""
        return self.evidence is not None and self.evidence.verdict.name == "VIOLATED"

    @property
    def is_measured(self) -> bool:
        """Whether no law decides it, and simulation found nothing against it."""
        consistent = self.evidence is not None and self.evidence.verdict.name == "CONSISTENT"
        return self.counts[Standing.MEASURED] > 0 and consistent

    @property
    def is_undecided(self) -> bool:
        """Whether a point could not be decided, by a law or on a trained network."""
        return self.counts[Standing.UNDECIDED] > 0 or (self.counts[Standing.MEASURED] > 0 and not self.is_measured)

    @cached_property
    def looseness(self) -> tuple[float, float, float] | None:
        """Smallest, median and largest ratio of the true exponent to the claimed one."""
        ratios = [j.looseness for j in self.judgements if j.looseness is not None]
        return (min(ratios), median(ratios), max(ratios)) if ratios else None


@dataclass(frozen=True)
class Audit:
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

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.report.words import audit_dict

        return audit_dict(self)

    def to_html(self, command: str = "", progress: Callable[[str, int, int], None] | None = None) -> str:
        """Return a self-contained page: every statement with its formulas, plots, errata, ledger and certificate.

        Parameters
        ----------
        command : str
            What is printed on the page as the command that made it.
        progress : callable, optional
            Called with the statement's name, the number done and the number in all.
        """
        from boundkit.report.page import audit_page

        return audit_page(self, command, progress)

    def latex_tables(self) -> dict[str, str]:
        r"""Return LaTeX files by name: tables ready for \input, and `report.tex`, a document that inputs them all."""
        from boundkit.report.folder import audit_tables

        return audit_tables(self)

    def __str__(self) -> str:
        from boundkit.report.words import audit_text

        return audit_text(self)

    def __repr__(self) -> str:
        false = sum(entry.is_false for entry in self.entries)
        return f"<audit of {len(self.entries)} statements: {false} found false>"


def audit(
    *statements: Statement,
    points: int = POINTS,
    simulated: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> Audit:
    """Check statements against their exact laws over a grid of sizes from 1 to 10^6, and in simulation.

    Parameters
    ----------
    *statements : Statement
        By default the whole paper.
    points : int
        How many points of each statement's grid are taken, where it has more.
    simulated : bool
        Whether to simulate each statement too, at one small size: networks are trained, vectors drawn, and nothing
        is taken from the laws.
    progress : callable, optional
        Called with the statement's name, the number done and the number in all.

    Returns
    -------
    Audit
        One entry for each statement: at how many points it holds, is false, is undecided, does not apply or
        promises nothing; how loose it is; its errata with their witnesses run again.

    Raises
    ------
    StatementError
        Where a statement's hypotheses are met nowhere: it names the one in the way. Where its truth asks a law
        outside the law's domain, or its sampler breaks.

    Examples
    --------
    >>> import boundkit as bk
    >>> entry = bk.audit(bk.lemma_b_1, points=20).entries[0]
    >>> entry.is_false, entry.is_undecided
    (False, False)
    """
    chosen = statements or tuple(boundkit.catalogue[name] for name in boundkit.PAPER)
    entries = []
    for done, s in enumerate(chosen):
        if progress:
            progress(s.name, done, len(chosen))
        judgements = tuple(judge(s, **dict(point)) for point in grid(s, points))
        if all(j.standing is Standing.INAPPLICABLE for j in judgements):  # the grid missed what it covers
            judgements += tuple(judge(s, **dict(point)) for point in covered_points(s)[:points])
        entries.append(Entry(s, judgements, all_errata((s,)), simulation(s) if simulated else None))
    if progress:
        progress("", len(chosen), len(chosen))
    return Audit(tuple(entries))


def simulation(s: Statement) -> Evidence | None:
    """Return how often a statement's claims fail at the first of a few small sizes that it covers; None at none."""
    from boundkit.simulate.evidence import check

    named: Iterator[dict[str, Any]] = (
        {p.name: sizes[p.name] for p in s.parameters if p.name in sizes} for sizes in SIMULATED
    )
    for values in named if s.sampler is None else _small_points(s):
        try:
            if s(**values).applies is not False:
                return check(s, seed=SEED, mode="full", **values)
        except BoundkitError:  # a statement of other letters, or without a sampler, is not simulated
            if s.sampler is not None:
                raise
    return None


def _small_points(s: Statement) -> Iterator[dict[str, Any]]:
    """Small points that meet every hypothesis and at which failures, as likely as is claimed, would be seen."""
    for point in covered_points(s):
        g = s(**dict(point))
        if all(abs(x) <= SMALL for _, x in point) and (s.failure == 0 or LIKELY[0] <= g.failure <= LIKELY[1]):
            yield dict(point)


def grid(s: Statement, points: int = POINTS) -> tuple[tuple[tuple[str, Value], ...], ...]:
    """Return points of the statement's domain: every combination of a few values of each letter, or so many of them.

    Integers take their smallest value, powers of ten up to 10^6, and parts of their largest value; real numbers
    small, middle and large values. The same points each time.
    """
    found = tuple(islice(_all_points(s), points + 1))
    if len(found) <= points:
        return found
    rng, chosen = Random(SEED), dict[tuple[tuple[str, Value], ...], None]()
    while len(chosen) < points:
        chosen[_random_point(s, rng)] = None
    return tuple(chosen)


def levels(p: Parameter, given: dict[sympy.Symbol, Value]) -> tuple[Value, ...]:
    """The values of a letter that the grid takes, once the letters before it are given."""
    low, high = ends_of(p, given)
    if p.integer:
        top = LARGEST if high is None else min(int(high), LARGEST)
        parts = (Fraction(1, 100), Fraction(1, 10), Fraction(1, 2), Fraction(9, 10), Fraction(1))
        powers = {2, *(10**power for power in range(7))}
        chosen = powers if high is None else {ceil(part * top) for part in parts}
        least = 0 if low is None else ceil(low)
        return tuple(sorted(x for x in chosen | {least} if least <= x <= top))
    if low is not None and high is not None:
        inside = {low + (high - low) * part for part in (Fraction(1, 20), Fraction(1, 2), Fraction(19, 20))}
        return tuple(sorted(inside | {high} | (set() if p.strict else {low})))
    sizes = {Fraction(x) for x in ("1/100", "1/2", "1", "3", "25")}
    both = {low + x for x in sizes} if low is not None else sizes | {-x for x in sizes}
    return tuple(sorted(both | (set() if p.strict or low is None else {low})))


def _all_points(s: Statement) -> Iterator[tuple[tuple[str, Value], ...]]:
    def extend(given: dict[sympy.Symbol, Value], rest: tuple[Parameter, ...]) -> Iterator[dict[sympy.Symbol, Value]]:
        if not rest:
            yield given
            return
        for value in levels(rest[0], given):
            yield from extend({**given, rest[0].symbol: value}, rest[1:])

    yield from map(_point, extend({}, s.parameters))


def _random_point(s: Statement, rng: Random) -> tuple[tuple[str, Value], ...]:
    given: dict[sympy.Symbol, Value] = {}
    for p in s.parameters:
        given[p.symbol] = rng.choice(levels(p, given))
    return _point(given)


def _point(given: dict[sympy.Symbol, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple((symbol.name, value) for symbol, value in given.items())
