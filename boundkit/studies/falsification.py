"""Look for a point where a statement is false: edges and corners, then random points, then uphill from the worst."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.api.objects import Statement
from boundkit.engine.cards import corrected_lines
from boundkit.engine.domain import complexity, simpler
from boundkit.engine.exact import told_by_truth
from boundkit.engine.guarantee import claimed_text
from boundkit.errors import BoundkitError, HypothesisError, Interrupted, ParameterError, PrecisionError
from boundkit.formats.html import listed, tag
from boundkit.formats.plainly import plainly
from boundkit.formats.progress import Progress
from boundkit.model.parameter import Parameter
from boundkit.model.statement import Point
from boundkit.studies.climbing import search
from boundkit.studies.looks import Looker, Seen
from boundkit.studies.refutation import Refutation, refute
from boundkit.studies.simulation import can_be_simulated
from boundkit.studies.walking import Walk, require_search
from boundkit.text import filled
from boundkit.values import Value, point_text, point_words, value_text

if TYPE_CHECKING:
    from boundkit.simulate import Evidence, Weighted

POINTS = 2000
SECONDS = 20.0
SUSPECTS = 50  # of a batch, the simplest and the worst, that are put to the certified oracle
LOOKED_AT = 10  # of the points at which floats give no finite number
SHRINKING, LOOKED_AGAIN = 600, 100  # questions to the oracle while a find is shrunk, and to simulation
SHRINKING_SECONDS = 2.0  # more than the search has, for the latter


@dataclass(frozen=True)
class Search:
    """What a search for counterexamples found.

    Attributes
    ----------
    statement : Statement
        What was searched.
    counterexample : Refutation, optional
        A point at which it is certainly false, shrunk to simple numbers; where no law decides, one at which
        simulation violates it.
    searched, drawn : int
        How many points met every hypothesis and were decided by a law, out of how many.
    worst : float, optional
        The largest log of the true failure probability over the claimed one met, in floats; of an upper bound of the
        true one where no more is known; None where there is no such law.
    worst_at : tuple of (name, value)
        Where.
    covered : int
        How many points met every hypothesis: where no law decides, only their bounds were looked at.
    reason : str
        Why the first of those that could not be decided was not, and where.
    simulated, places, tests, trials : int
        Where no law decides: how many looks by simulation were taken, at how many points, how many of these were
        tested by draws of their own, and all trials.
    sizes : tuple of (name, value, value)
        The least and the greatest of each parameter at which it was simulated.
    error : float
        The probability, at most, that all of this calls a statement false that is true: one for the whole search.
    ratio : tuple of (float, float, float), optional
        Where the claims failed most often for what they allow: how many times as often, and the ends of its
        interval at confidence 1 - 10^-6 (of weighted draws no upper one, inf), by draws that did not choose the point.
    ratio_at : tuple of (name, value)
        Where.
    evidence : Evidence or Weighted, optional
        The test that found it violated.
    """

    statement: Statement
    counterexample: Refutation | None
    searched: int
    drawn: int
    worst: float | None = None
    worst_at: Point = ()
    covered: int = 0
    reason: str = ""
    simulated: int = 0
    places: int = 0
    tests: int = 0
    trials: int = 0
    sizes: tuple[tuple[str, Value, Value], ...] = ()
    error: float = 0.0
    ratio: tuple[float, float, float] | None = None
    ratio_at: Point = ()
    evidence: Evidence | Weighted | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        found = self.counterexample
        return plainly({
            "statement": self.statement.name,
            "reading": self.statement.reading,
            "counterexample": found
            and {"point": point_words(found.point), "why": found.why, "excess": found.excess},
            "searched": self.searched,
            "covered": self.covered,
            "drawn": self.drawn,
            "reason": self.reason,
            "worst": self.worst,
            "worst_at": point_words(self.worst_at),
            "simulated": self.simulated,
            "places": self.places,
            "tests": self.tests,
            "trials": self.trials,
            "sizes": {name: ends for name, *ends in self.sizes},
            "error": self.error,
            "ratio": self.ratio,
            "ratio_at": point_words(self.ratio_at),
        })  # fmt: skip

    def _repr_html_(self) -> str:
        first, *rest = str(self).split("\n  ")
        return str(tag("div", tag("p", tag("b", first)), listed(rest)))

    def __str__(self) -> str:
        title = self.statement.title
        lines = [str(self.counterexample) if self.counterexample else f"{title}: no counterexample found"]
        if self.statement.truth is None:
            met = f"{self.covered} points that meet every hypothesis, of {self.drawn} drawn"
            lines.append(f"  looked at: the bounds at {met}; no law decides more")
        else:
            lines.append(f"  searched: {self.searched} points that meet every hypothesis, of {self.drawn} drawn")
        if left := self.covered - self.searched if self.statement.truth is not None else 0:
            lines.append(f"  undecided: {left} points{f', {self.reason}' if self.reason else ''}")
        if self.worst is not None:
            bound = "an upper bound of the true" if self.statement.truth_is != "exact" else "the true"
            excess = f"e^{self.worst:.4g} times the claimed at {point_text(self.worst_at)}"
            lines.append(f"  worst: {bound} failure probability is {excess}")
        if self.simulated:
            lines += self._simulation_lines()
        elif self.statement.truth is None and self.counterexample is None:
            lines.append("  simulated: nothing")
        lines += corrected_lines(self.statement)
        return "\n".join(map(filled, lines))

    def _simulation_lines(self) -> list[str]:
        """Where it was simulated, how often, and the most failures for what is claimed."""
        sizes = ", ".join(f"{name} = {value_text(low)} to {value_text(high)}" for name, low, high in self.sizes)
        at = f"{self.places} points{f' ({sizes})' if sizes else ''}"
        wrong = f"all of it calls a true statement false with probability at most {self.error:.2g}"
        looks = f"{self.trials} trials in {self.simulated} looks and {self.tests} tests"
        lines = [f"  simulated: {at}, {looks}; {wrong}"]
        if self.ratio is not None:
            ratio, low, high = (f"{x:.3g}" for x in self.ratio)
            ends = f"at least {low}" if high == "inf" else f"in [{low}, {high}]"
            often = f"{ratio} times as often as claimed ({ends}, at confidence 1 - 10^-6)"
            lines.append(f"  most failures: {often}, at {point_text(self.ratio_at)}")
        return lines


def falsify(
    statement: Statement,
    *,
    seed: int = 0,
    seconds: float = SECONDS,
    points: int = POINTS,
    apart_from: Statement | None = None,
    progress: Progress | None = None,
) -> Search:
    """Look for a point of a statement's own domain at which it is false; nothing is taken from its errata.

    A quarter of the points are edges and corners, every parameter at a special value; a quarter are random; from the
    worst of them the search climbs, in floats, towards the largest ratio of true to claimed failure probability.
    Suspects are put to `refute`, and the first that is certainly false is shrunk to simple numbers. Where the truth
    has no law, the statement is simulated in full for the rest of the time: cheap looks at many sizes, uphill from the
    worst, and tests by draws of their own.

    Parameters
    ----------
    statement : Statement
        Any reading: ``statement.as_printed``.
    seed : int
        Fixes every point.
    seconds : float
        The search stops after the batch of points in which the time is up; it changes nothing else. A simulation that
        is slower than what is left of it is not begun.
    points : int
        How many points are drawn, at most; simulation goes on from these as long as there is time.
    apart_from : Statement, optional
        Another reading: only points at which it is not refuted too count, so that what is found tells the two apart.
    progress : callable, optional
        Called with (what, done, total) as points are drawn; while it simulates, with percents of its time.

    Raises
    ------
    Interrupted
        A KeyboardInterrupt, at Ctrl-C: its `found` is the Search until then.
    ParameterError
        Where seed, seconds or points make no sense.
    StatementError
        Where no point meets the hypotheses: it names the one that is met least often. Where the law says nothing at any
        of them: it names law and point.

    Examples
    --------
    >>> import boundkit as bk
    >>> print(bk.falsify(bk.lemma_c_2.as_printed).counterexample)
    Lemma C.2 as printed is false at norm_u = 0, sigma = 1, t = 2: it claims |<u, v>| < 0, which cannot be
    >>> bk.falsify(bk.lemma_c_2, points=400).counterexample is None
    True
    """
    require_search(seed, seconds, points)
    hunt = _Hunt(statement, Random(seed), apart_from)
    try:
        hunt.run(points, seed, monotonic() + seconds, progress)
    except KeyboardInterrupt as stopped:
        raise Interrupted(hunt.report()) from stopped
    return hunt.report()


class _Hunt:
    """One search: what was drawn, what met the hypotheses, the worst so far."""

    def __init__(self, statement: Statement, rng: Random, apart_from: Statement | None) -> None:
        self.statement, self.other, self.rng = statement, apart_from, rng
        self.walk = Walk(statement, rng)
        self.parameters = self.walk.parameters
        self.searched = self.covered = 0
        self.met: list[Point] = []
        self.unsaid: list[Point] = []
        self.reason = ""
        self.looker: Looker | None = None
        self.worst: tuple[float, Point] = (-inf, ())
        self.found: Refutation | None = None

    def run(self, points: int, seed: int, end: float, progress: Progress | None) -> None:
        """Search: by the law, and where none decides by simulation."""
        for batch in self.walk.batches(points):
            self.found = self.examine(batch)
            if progress is not None:
                progress(self.statement.name, len(self.walk.seen), points)
            if self.found or monotonic() > end:
                break
        if self.found:
            self.shrink(self.still)
            return
        self.require_law()
        self.walk.require_some(self.covered)
        if self.open_to_simulation:
            self.simulate(seed, end, progress)

    def report(self) -> Search:
        """What was found until now."""
        log_excess, at = self.worst
        loose = self.statement.truth_is == "upper bound" and self.searched < self.covered
        found_here = Search(
            self.statement,
            self.found,
            self.searched,
            len(self.walk.seen),
            log_excess if isfinite(log_excess) else None,
            at,
            self.covered,
            self.reason or ("where the truth is only an upper bound, and above the claim" if loose else ""),
        )
        return replace(found_here, **self.looker.told()) if self.looker else found_here

    @property
    def open_to_simulation(self) -> bool:
        """Whether no law decides it: there is none, or an upper bound beside a sampler of the statement's own."""
        s = self.statement
        loose = s.truth_is == "upper bound" and not s.attained and s.sampler is not None
        return can_be_simulated(s) and (s.truth is None or (loose and s.failure != 0) or not self.decisive)

    @cached_property
    def decisive(self) -> bool:
        """Whether there is a truth that speaks of every claim."""
        s = self.statement
        return s.truth is not None and (s.failure != 0 or all(told_by_truth(s, claim) for claim in s.claims))

    # Looking at them.

    def examine(self, batch: list[Point]) -> Refutation | None:
        """Take the points into account, and return a suspect that is certainly false: a simple one if there is."""
        covered, log_excess, priority, violation = self.walk.screen.evaluate_batch(batch)
        unknown = covered & np.isnan(log_excess)
        suspects = [int(i) for i in np.argsort(-priority, kind="stable") if covered[i] and priority[i] > 0]
        simple = sorted(suspects, key=lambda i: complexity(self.parameters, batch[i]))
        found, nameless = None, [int(i) for i in np.flatnonzero(unknown)[:LOOKED_AT]]
        for i in dict.fromkeys(simple[:SUSPECTS] + suspects[:SUSPECTS] + nameless):
            try:
                found = self.refuted(batch[i])
                unknown[i] = False
            except HypothesisError:
                covered[i] = unknown[i] = False
            except BoundkitError as error:
                unknown[i] = True
                self.reason = self.reason or f"at {point_text(batch[i])}: {error}"
            if found:
                break
        decided = covered & ~unknown & self._told(log_excess)
        for dubious in (
            covered & unknown,
            covered & (log_excess == -inf),
        ):  # no number, or a failure that never happens
            self.unsaid += [batch[int(i)] for i in np.flatnonzero(dubious)[:LOOKED_AT]]
        self.searched += int(decided.sum())
        self.covered += int(covered.sum())
        self.met += [point for point, ok in zip(batch, covered, strict=True) if ok]
        self.walk.climb(batch, covered, log_excess, violation)
        if self.statement.failure != 0:
            excesses = np.where(covered & np.isfinite(log_excess), log_excess, -inf)
            top = int(np.argmax(excesses))
            self.worst = max(self.worst, (float(excesses[top]), batch[top]), key=lambda worst: worst[0])
        return found

    def _told(self, log_excess: np.ndarray) -> Any:
        """At which points the law, where it is not the exact one, tells that the claim holds."""
        s = self.statement
        if not self.decisive or s.truth_is == "exact" or s.attained:
            return np.full(len(log_excess), self.decisive)
        return np.isnan(log_excess) | (log_excess <= 0)

    def refuted(self, point: Point) -> Refutation | None:
        """Why the statement is certainly false at a point, and the other reading not."""
        found = refute(self.statement, **dict(point))
        if found is None or self.other is None:
            return found
        known = {p.name for p in self.other.parameters}
        try:
            return None if refute(self.other, **{name: x for name, x in point if name in known}) else found
        except (HypothesisError, ParameterError):  # outside the other reading nothing refutes it
            return found

    def shrink(self, still: Callable[[Point], Refutation | None], most: int = SHRINKING) -> None:
        """Find the same at the simplest numbers within reach: one parameter, or all of one value, changed at a time."""
        asked, before = 0, None
        while self.found is not None and self.found is not before:
            before = self.found
            for p in reversed(self.parameters):
                for point in self.smaller(self.found.point, p):
                    asked += 1
                    if asked > most:
                        return
                    if smaller := still(point):
                        self.found = smaller
                        break

    def smaller(self, point: Point, p: Parameter) -> list[Point]:
        """Simpler points than this one that differ in a parameter, the simplest first."""
        old, moves = dict(point).get(p.name), set[Point]()
        if old is None:  # it was drawn, or is not needed
            return []
        for x in simpler(p, old):
            moves.add(tuple((name, x if name == p.name else y) for name, y in point))
            moves.add(tuple((name, x if y == old else y) for name, y in point))
        sizes = sorted((complexity(self.parameters, move), move) for move in moves)
        return [move for size, move in sizes if size < complexity(self.parameters, point)]

    def still(self, point: Point) -> Refutation | None:
        """The same as `refuted`, also outside the domain and where nothing is decided."""
        try:
            return self.refuted(point)
        except BoundkitError:
            return None

    def require_law(self) -> None:
        """Raise a LawError where the law does not cover a single point that the statement does."""
        if self.searched:
            return
        for point in self.unsaid[:LOOKED_AT]:
            with suppress(PrecisionError, HypothesisError):
                refute(self.statement, **dict(point))

    def simulate(self, seed: int, end: float, progress: Progress | None) -> None:
        """Draw everything anew at many sizes, and longer where that cannot tell and there is time."""
        looker = self.looker = Looker(self.statement, seed, end)
        search(looker, self.met, self.rng, progress)
        self.found, end = self.violated(looker.violated), end + SHRINKING_SECONDS
        self.shrink(lambda point: self.violated(looker.again(point, end)), LOOKED_AGAIN)

    def violated(self, seen: Seen | None) -> Refutation | None:
        """A violation in words."""
        if seen is None:
            return None
        g = seen.guarantee
        return Refutation(self.statement, g.values, f"{seen.failing}, and it claims at most {claimed_text(g)}")
