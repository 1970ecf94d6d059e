"""Which statements apply to a network of one's own, what they promise there, and what is measured beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boundkit.api.objects import Statement
from boundkit.api.papers import Paper, catalogue, statements_in
from boundkit.engine.cards import check_text
from boundkit.engine.evaluate import compiled
from boundkit.engine.verdict import Verdict
from boundkit.errors import ParameterError
from boundkit.formats.progress import Progress
from boundkit.simulate.arguments import count
from boundkit.simulate.inspection import Inspection, Measured, Standing
from boundkit.simulate.networks import Network
from boundkit.simulate.reading import array, read_array
from boundkit.simulate.rng import Array
from boundkit.simulate.seeing import SEEN
from boundkit.simulate.trained import TrainedNetwork

LOOKED_AT = 20  # points at which is looked for the fewest hypotheses that fail
CARRIED = 1e-9  # of the output or the bound: what rounding may make of a claim that is met with equality


@dataclass(frozen=True)
class Assumption:
    """An assumption that numbers of the statement cannot decide, and how it stands on this network."""

    text: str
    measured: Measured


@dataclass(frozen=True, eq=False)
class ClaimSeen:
    """A claim at the points where its statement says something, beside what is measured there.

    Attributes
    ----------
    claim : sympy relation
        The claim.
    bound : array (n,)
        Its right-hand side.
    low, high : array (n,), optional
        Between which what is measured lies; none where nothing is measured for it.
    met, broken : array of bool (n,)
        Where the numbers meet the claim, and where they do not; elsewhere they do not tell.
    """

    claim: Any
    bound: Array
    low: Array | None
    high: Array | None
    met: NDArray[np.bool_]
    broken: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Applied:
    """A statement, held against a network and points.

    Attributes
    ----------
    statement : Statement
        Which one.
    verdict : Verdict
        The best over the points: INAPPLICABLE where an assumption or a hypothesis fails everywhere, UNDETERMINED
        where a parameter is not known.
    assumptions : tuple of Assumption
        What numbers of the statement cannot decide.
    reasons : tuple of str
        Why it does not apply, or what is missing, each with the number that decides.
    values : mapping of parameter to number or array (N,)
        What the network says of its parameters.
    where : array of bool (N,)
        The points at which it has the verdict.
    log_failure : float, optional
        The log of the greatest failure probability that it allows at any of them.
    claims : tuple of ClaimSeen
        Its claims there.
    """

    statement: Statement
    verdict: Verdict
    assumptions: tuple[Assumption, ...]
    reasons: tuple[str, ...]
    values: Mapping[str, Any]
    where: NDArray[np.bool_]
    log_failure: float | None = None
    claims: tuple[ClaimSeen, ...] = ()

    @property
    def promises(self) -> bool:
        """Whether it says something here, as far as its assumptions are not refuted."""
        return self.verdict is Verdict.INFORMATIVE

    @property
    def untold(self) -> tuple[str, ...]:
        """The assumptions of which weights and data tell nothing: they are yours to answer for."""
        return tuple(a.text for a in self.assumptions if a.measured.standing is Standing.OPEN)


@dataclass(frozen=True, eq=False)
class Applicability:
    """A network and points, held against statements; prints itself, and `to_dict` is what JSON carries.

    Attributes
    ----------
    inspection : Inspection
        The network, the points, and everything that was measured.
    statements : tuple of Applied
        Each statement that speaks of such networks.
    """

    inspection: Inspection
    statements: tuple[Applied, ...]

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """All assumptions, each way that it stands once, those that hold first."""
        found = {(a.text, a.measured): a for s in self.statements for a in s.assumptions}
        order = list(Standing)
        return tuple(sorted(found.values(), key=lambda a: order.index(a.measured.standing)))

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        from boundkit.studies.applicability_words import applicability_dict

        return applicability_dict(self)

    def __str__(self) -> str:
        from boundkit.studies.applicability_words import applicability_text

        return applicability_text(self)

    def __repr__(self) -> str:
        some, seen = sum(s.promises for s in self.statements), self.inspection
        return f"<{some} of {len(self.statements)} statements apply to {seen.network!r} at {len(seen.X)} points>"


def applicable(
    network: Network, X: Any, start: Any = None, *, statements: Iterable[Statement | Paper] | None = None,
    attacked: int = 50, progress: Progress | None = None,
) -> Applicability:  # fmt: skip
    """Hold a network of your own and its data against the statements about such networks.

    Each assumption is measured, and none is said to hold that is only not refuted. Where a statement applies as far as
    that goes, what it promises stands beside what is measured at the points; elsewhere stands the number that decides.

    Parameters
    ----------
    network : Network
        From `boundkit.simulate.network` or `train`, with its subspace P.
    X : array (N, d), or path
        The points: best all that the network was trained on. Or a .npz or .safetensors file with `X`.
    start : array (m, d), or path, optional
        The first layer's weights before training. Or such a file with `W`.
    statements : iterable of Statement and Paper, optional
        Which; by default all that are known.
    attacked : int
        At how many of the points, evenly spread, the dear steps are looked for: the shortest, and attacks.
    progress : callable, optional
        Called with (what, done, total) before each statement.

    Returns
    -------
    Applicability

    Raises
    ------
    ParameterError
        Points or a start of another shape, or numbers that are not finite.

    Notes
    -----
    The standard deviation of the weights orthogonal to P is the one that they have, an estimate; a network that was
    trained by `boundkit.simulate.train` knows it. Of several classes N is N_y - N_c at each point, c the runner-up.

    Examples
    --------
    >>> import boundkit as bk
    >>> data = bk.simulate.problem(d=300, ell=250, points=30, seed=1)
    >>> net = bk.simulate.train(data, m=20, steps=100, seed=2)
    >>> found = bk.applicable(net, data.X)
    >>> {s.statement.name: s.verdict.name for s in found.statements}["theorem_4_1"]
    'INFORMATIVE'
    """
    if not isinstance(network, Network):
        raise ParameterError(
            f"a network of type {type(network).__name__}: make it with boundkit.simulate.network(weights, subspace=...)"
        )
    attacked = count("attacked", attacked, "at how many points the dear steps are looked for")
    X = read_array(X, "X")
    if start is not None:
        start = array("start", read_array(start, "W"))
    elif isinstance(network, TrainedNetwork):
        start = network.start.full
    inspection = Inspection(network, X, start, attacked)
    chosen = [s for s in (catalogue.values() if statements is None else statements_in(statements)) if speaks(s)]
    found = []
    for i, s in enumerate(chosen):
        if progress is not None:
            progress(s.name, i, len(chosen))
        found.append(_applied(s, inspection))
    return Applicability(inspection, tuple(found))


def speaks(s: Statement) -> bool:
    """Whether a statement is about networks, and something that it speaks of can be seen on one's own."""
    names = {q.name for q in s.quantities}
    return s.experiment is not None and any(name in names for name, _ in s.experiment.seen)


def _applied(s: Statement, seen: Inspection) -> Applied:
    """One statement at all points."""
    assumptions = tuple(
        Assumption(h.text, h.measure(seen, s) if h.measure else Measured(Standing.OPEN))
        for h in s.hypotheses
        if h.relation is None
    )
    nowhere = np.zeros(len(seen.X), dtype=bool)
    denied = [a for a in assumptions if a.measured.standing.denied]
    if denied:
        why = tuple(f"{a.text}: {told(a.measured)}" for a in denied)
        return Applied(s, Verdict.INAPPLICABLE, assumptions, why, {}, nowhere)
    values, missing = _values(s, seen)
    if missing:
        return Applied(
            s, Verdict.UNDETERMINED, assumptions, (f"not known here: {', '.join(missing)}",), values, nowhere
        )
    return _at_points(s, seen, assumptions, values)


def told(measured: Measured) -> str:
    """How an assumption stands, with its p-value."""
    p = "" if measured.p is None else f" ({p_text(measured.p)})"
    return f"{measured.standing.value}{p}" + (f": {measured.says}" if measured.says else "")


def p_text(p: float) -> str:
    """A p-value; below all floats it is not 0."""
    return f"p = {p:.2g}" if p > 0 else "p < 1e-300"


def _values(s: Statement, seen: Inspection) -> tuple[dict[str, Any], list[str]]:
    """What the network says of the parameters, and those that nothing is known of."""
    how: dict[str, Any] = {}
    if s.experiment is not None:
        how = {**dict(s.experiment.measures), **dict(s.experiment.seen)}
    values, missing = {}, []
    for p in s.parameters:
        look = how.get(p.name)
        value = SEEN[look](seen, {}) if isinstance(look, str) else look
        if value is not None:
            values[p.name] = value
        elif p.default is not None:
            values[p.name] = p.default
        else:
            missing.append(p.name)
    return values, missing


def _at_points(s: Statement, seen: Inspection, assumptions: tuple[Assumption, ...], values: dict[str, Any]) -> Applied:
    """The statement with these values, where they make sense."""
    N = len(seen.X)
    inside, why = _inside(s, values, N)
    if not inside.any():
        return Applied(s, Verdict.INAPPLICABLE, assumptions, (why,), values, inside)
    at = _rows(s, values, inside)
    found = s.evaluate(**at, columns=("verdict", "log_failure"))
    verdicts = np.broadcast_to(found["verdict"], int(inside.sum()))
    best = next(v for v in reversed(Verdict) if (verdicts == v.name).any())
    where = inside.copy()
    where[inside] = verdicts == best.name
    if best is not Verdict.INFORMATIVE:
        return Applied(s, best, assumptions, _deciding(s, values, where), values, where)
    failures = np.broadcast_to(found["log_failure"], verdicts.shape)[verdicts == best.name]
    claims = tuple(_claims(s, seen, values, where))
    return Applied(s, best, assumptions, (), values, where, float(failures.max()), claims)


def _rows(s: Statement, values: Mapping[str, Any], where: NDArray[np.bool_]) -> dict[str, Any]:
    """The values at some points, whole where the parameter is."""
    rows = {}
    for p in s.parameters:
        value = values[p.name]
        if np.ndim(value):
            value = np.asarray(value)[where]
            value = value.astype(np.int64) if p.integer else value
        rows[p.name] = value
    return rows


def _one(s: Statement, values: Mapping[str, Any], where: NDArray[np.bool_]) -> dict[str, Any]:
    """The values at the first of some points."""
    first = np.zeros_like(where)
    first[np.argmax(where)] = True
    return {name: x.item() if isinstance(x, np.ndarray) else x for name, x in _rows(s, values, first).items()}


def _inside(s: Statement, values: Mapping[str, Any], N: int) -> tuple[NDArray[np.bool_], str]:
    """The points at which the values make sense for the parameters, and why the first of the others is none."""
    inside = np.ones(N, dtype=bool)
    for value in values.values():
        if np.ndim(value):
            inside &= np.isfinite(np.asarray(value, dtype=float))
    why = "" if inside.all() else "what it speaks of is not defined at the points"
    if inside.any():
        try:
            s.evaluate(**_rows(s, values, inside), columns=("applies",))
        except ParameterError:
            for i in np.flatnonzero(inside):
                try:
                    s(**_one(s, values, np.arange(N) == i))
                except ParameterError as error:
                    inside[i], why = False, str(error)
    return inside, why


def _deciding(s: Statement, values: Mapping[str, Any], where: NDArray[np.bool_]) -> tuple[str, ...]:
    """The fewest hypotheses that fail at one of the points, with their two sides; or why the promise is vacuous."""
    index = np.flatnonzero(where)
    some = index[np.unique(np.linspace(0, len(index) - 1, min(len(index), LOOKED_AT)).astype(np.intp))]
    found = []
    for i in some:
        g = s(**_one(s, values, np.arange(len(where)) == i))
        failing = tuple(check_text(s, check) for check in g.hypotheses if check.holds is False)
        found.append(failing or tuple(filter(None, [g.vacuous_reason])))
    return min(found, key=len)


def _claims(s: Statement, seen: Inspection, values: Mapping[str, Any], where: NDArray[np.bool_]) -> Iterator[ClaimSeen]:
    """Each claim at these points."""
    rows = {name: np.asarray(x, dtype=float) for name, x in _rows(s, values, where).items()}
    run = compiled(s.symbols, tuple(claim.rhs for claim in s.claims))
    with np.errstate(all="ignore"):
        bounds = run(*(rows[x.name] for x in s.symbols))
    looks = dict(s.experiment.seen) if s.experiment else {}
    for claim, bound in zip(s.claims, bounds, strict=True):
        look = looks.get(claim.lhs.name)
        found = SEEN[look](seen, values) if isinstance(look, str) else None
        yield _claim(claim, np.broadcast_to(np.asarray(bound, dtype=float), int(where.sum())), found, seen, where)


def _claim(claim: Any, bound: Array, found: Any, seen: Inspection, where: NDArray[np.bool_]) -> ClaimSeen:
    """A claim, held against numbers that are known up to rounding, or from both sides."""
    if found is None:
        nothing = np.zeros(len(bound), dtype=bool)
        return ClaimSeen(claim, bound, None, None, nothing, nothing)
    ends = found if isinstance(found, tuple) else (found, found)
    low, high = (np.broadcast_to(np.asarray(end, dtype=float), len(where))[where] for end in ends)
    slack = CARRIED * np.maximum(np.abs(bound), np.abs(seen.output[where]))
    below, above = claim.rel_op in ("<", "<=", "=="), claim.rel_op in (">", ">=", "==")
    with np.errstate(invalid="ignore"):
        met = np.isfinite(low) & ((high <= bound + slack) | (not below)) & ((low >= bound - slack) | (not above))
        broken = (below & (low > bound + slack)) | (above & (high < bound - slack))
    return ClaimSeen(claim, bound, low, high, met, broken)
