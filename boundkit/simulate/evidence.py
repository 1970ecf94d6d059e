"""How often a statement's claims fail, and what that says of the failure probability it allows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from boundkit.engine.cards import corrected_lines
from boundkit.errors import BoundkitError, ParameterError
from boundkit.formats.progress import Progress
from boundkit.laws.binomial import ERROR
from boundkit.simulate.arguments import choice, count
from boundkit.simulate.data import LARGEST_D, Problem
from boundkit.simulate.failing import failing
from boundkit.simulate.rng import stream
from boundkit.simulate.samplers import experiment_of
from boundkit.simulate.setting import Setting
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.verdicts import LEAST_CLAIM, SimulationVerdict, interval_of, judged, log_chance, trials_to_decide
from boundkit.values import point_numbers

if TYPE_CHECKING:
    from boundkit.api.objects import Guarantee, Statement

BLOCK = 8192  # trials in a block: its arrays stay in cache, and its stream does not depend on the others
LARGEST_TRIAL = 2**27  # numbers, a gigabyte


@dataclass(frozen=True)
class Evidence:
    """How often the claims failed.

    Attributes
    ----------
    guarantee : Guarantee
        The statement, at its parameters given or measured on the one trained network.
    mode : {"conditional", "full"}
        Only the untrained part was drawn anew in each trial, or everything.
    trials : int
        The trials that the statement covers; `uncovered` others met a hypothesis that fails (k = 0, N(x0) = 0).
    failures : int
        Trials in which at least one claim was false; `by_claim` counts them claim by claim.
    close : int
        Trials more in which a strict claim's two sides agree up to rounding, which may be failures or none.
    """

    guarantee: Guarantee
    mode: str
    trials: int
    uncovered: int
    failures: int
    by_claim: tuple[int, ...]
    close: int = 0

    @property
    def statement(self) -> Statement:
        """What was checked."""
        return self.guarantee.statement

    @property
    def values(self) -> tuple[tuple[str, Any], ...]:
        """Its parameters, given or measured."""
        return self.guarantee.values

    @cached_property
    def claimed(self) -> float:
        """The failure probability that the statement allows."""
        return float(self.guarantee.failure)

    @property
    def applies(self) -> bool | None:
        """Whether the hypotheses hold at these values; where they fail nothing is promised, and nothing judged."""
        return self.guarantee.applies

    @cached_property
    def promises_nothing(self) -> str:
        """Why nothing can be judged: the statement does not apply, or is vacuous; '' where it promises something."""
        if self.applies is False:
            return "a hypothesis fails: nothing is promised"
        return f"promises nothing there: {self.guarantee.vacuous_reason}" if self.guarantee.vacuous_reason else ""

    @property
    def reason(self) -> str:
        """What the verdict means here."""
        return self.promises_nothing or self.verdict.value

    @property
    def confidence(self) -> float:
        """The level of `interval`, 1 - 10^-6, and so of the verdict."""
        return 1 - ERROR

    @property
    def deterministic(self) -> bool:
        """Whether nothing in it is random: then one failure refutes it, and none is all that one can ask."""
        return bool(self.statement.failure == 0)

    @cached_property
    def _law(self) -> tuple[float | None, str]:
        try:
            exact = self.guarantee.exact()
        except BoundkitError:  # a statement without a law at these values is checked all the same
            return None, ""
        return exact.failure, "upper bound" if exact.worst_case else exact.kind  # trials need not be the worst case

    @property
    def exact(self) -> float | None:
        """The exact failure probability; None where no law is known."""
        return self._law[0]

    @property
    def exact_is(self) -> str:
        """What the law gives: "exact" or "upper bound"."""
        return self._law[1]

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Clopper and Pearson's interval of the failure probability, at level `confidence`."""
        return interval_of(self.failures, self.trials, self.close)

    @cached_property
    def verdict(self) -> SimulationVerdict:
        """VIOLATED: the interval lies above `claimed`; CONSISTENT: none of it does; else, or vacuous, INCONCLUSIVE."""
        if self.promises_nothing or self.trials == 0:
            return SimulationVerdict.INCONCLUSIVE
        if self.deterministic:
            near = SimulationVerdict.INCONCLUSIVE if self.close else SimulationVerdict.CONSISTENT
            return SimulationVerdict.VIOLATED if self.failures else near
        return judged(self.failures, self.trials, self.claimed, self.close)

    @property
    def tilt(self) -> float:
        """0: it was drawn from the statement's own law."""
        return 0.0

    @property
    def failing(self) -> str:
        """How often the claims failed, in words."""
        return f"{self.failures} of {self.trials} simulated trials failed"

    @property
    def ratio(self) -> tuple[float, float, float]:
        """How many times as often as claimed the claims failed, and the ends of its interval."""
        claimed = max(self.claimed, LEAST_CLAIM)
        low, high = self.interval
        return self.failures / max(self.trials, 1) / claimed, low / claimed, high / claimed

    def refutes(self, log_error: float) -> bool:
        """Whether so many failures are at most that likely where the statement holds; its trials were fixed before."""
        if self.promises_nothing or not self.failures:
            return False
        return self.deterministic or log_chance(self.failures, self.trials, self.claimed) <= log_error

    @property
    def exact_inside(self) -> bool | None:
        """Whether the exact law lies in the interval (an upper bound: not below it); None without a law."""
        if self.deterministic or self.exact is None:
            return None
        low, high = self.interval
        return low <= self.exact and (self.exact <= high or self.exact_is != "exact")

    @cached_property
    def trials_needed(self) -> int | None:
        """About how many trials could decide, if failures go on as the law says, or else as they were seen.

        None where it is decided already, or where no number below 10^18 would do.
        """
        if self.verdict is not SimulationVerdict.INCONCLUSIVE or self.promises_nothing or self.close:
            return None
        known = self.exact is not None and self.exact_is == "exact"
        rate = self.exact if known and self.exact is not None else self.failures / max(self.trials, 1)
        return trials_to_decide(rate, self.claimed)

    def to_dict(self) -> dict[str, Any]:
        """What JSON can carry."""
        return {
            "statement": self.statement.name, "reading": self.statement.reading, "values": point_numbers(self.values),
            "mode": self.mode, "verdict": self.verdict.name,
            "reason": self.reason, "confidence": self.confidence,
            "failures": self.failures, "trials": self.trials, "uncovered": self.uncovered, "close": self.close,
            "by_claim": list(self.by_claim), "interval": list(self.interval), "claimed": min(self.claimed, 1.0),
            "exact": self.exact, "exact_is": self.exact_is, "exact_inside": self.exact_inside,
            "applies": self.applies, "trials_needed": self.trials_needed,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<{self.statement.label}: {self.verdict.name}, {self.failures} of {self.trials} trials failed>"

    def __str__(self) -> str:
        at = ", ".join(f"{name} = {_shown(value)}" for name, value in self.values)
        lines = [f"{self.statement.title} at {at}: {self.verdict.name}, {self.reason}"]
        if self.deterministic:
            lines.append(f"  {self.failures} of {self.trials} runs failed; nothing in it is random")
        else:
            low, high = self.interval
            mode = f" ({self.mode} mode)" if self.statement.experiment else ""
            counted = f"{self.failures} of {self.trials} trials failed{mode}"
            lines.append(f"  {counted}; probability in [{low:.4g}, {high:.4g}], at confidence 1 - 10^-6")
            lines.append(f"  claimed: at most {self.claimed:.6g}")
        if self.close:
            lines.append(f"  {self.close} trials more lie within rounding of a strict bound: failures, or none")
        if self.uncovered:
            lines.append(f"  not covered: {self.uncovered} trials more, in which a hypothesis failed")
        if self.exact_inside is not None:
            fact = f"{self.exact:.6g}" if self.exact else "below every float"
            where = "in" if self.exact_inside else "outside"
            kind = "exact" if self.exact_is == "exact" else "exact, at most"
            lines.append(f"  {kind}: {fact}, {where} the interval")
        if self.trials_needed is not None:
            lines.append(f"  about {self.trials_needed:.2g} trials could decide")
        lines += corrected_lines(self.statement)
        return "\n".join(lines)


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, int) else f"{float(value):.6g}"


@single_threaded
def check(
    statement: Statement,
    trials: Any = None,
    *,
    seed: int = 0,
    mode: str = "conditional",
    problem: Problem | None = None,
    x0: Any = 0,
    training: dict[str, Any] | None = None,
    progress: Progress | None = None,
    **values: Any,
) -> Evidence:
    """Simulate a statement: how often do its claims fail over the initialisation?

    Parameters
    ----------
    statement : Statement
        One with an `experiment` or a `sampler`.
    trials : int, optional
        By default 10000; 100 where every trial trains a network.
    seed : int
        Fixes everything.
    mode : {"conditional", "full"}
        Train once and draw the untrained weights anew by their law, O(m) a trial for any d and ell; or train
        a network in every trial (lemmas: draw whole vectors). In full mode nothing is taken from the laws.
    problem : Problem, optional
        The data; by default 20 points of rank min(10, d - ell).
    x0 : point
        Where the network is looked at, the first data point by default.
    training : dict, optional
        Options of `train` (200 steps by default), and m where the statement has no such parameter.
    progress : callable, optional
        Called with (what, done, total) after every block, in trials.
    **values
        The statement's parameters. Parameters given (k=7, output=2.0) are conditioned on and nothing is trained
        for them; the others are measured on a trained network.

    Returns
    -------
    Evidence

    Raises
    ------
    ParameterError
        A value that makes no sense, or a parameter that has to be given.
    HypothesisError
        The trained network is not covered (k = 0, N(x0) = 0) in conditional mode.
    StatementError
        The statement cannot be simulated.

    Examples
    --------
    >>> import boundkit as bk
    >>> found = check(bk.theorem_5_1, trials=100_000, d=10**12, ell=6 * 10**11, m=10, k=3, output=2.0)
    >>> found.verdict.name, found.failures
    ('INCONCLUSIVE', 0)
    """
    experiment = experiment_of(statement)
    full = choice("mode", mode, ("conditional", "full")) == "full"
    setting = setting_of(statement, values, seed, x0, training, problem)
    draw, weight = (experiment.full, experiment.full_weight) if full else (experiment.law, experiment.weight)
    heavy = weight(setting)
    if heavy > LARGEST_TRIAL:
        remedy = "use mode='conditional'" if statement.sampler is None else "take smaller sizes, or draw in parts"
        raise ParameterError(f"one trial would draw {heavy:.3g} numbers in {mode} mode; {remedy}")
    size = int(np.clip((BLOCK * 16) // heavy, 1, BLOCK))
    trials = count("trials", (100 if size <= 16 else 10_000) if trials is None else trials, "the number of trials")
    exact = dict(statement.accept(values))
    covered = np.zeros(3, dtype=int)
    by_claim = np.zeros(len(statement.claims), dtype=int)
    for done in range(0, trials, size):
        now = min(size, trials - done)
        drawn = draw(setting, stream(seed, "trials", done // size), now)
        fails, close, covers = failing(setting, drawn, now, exact)
        failed, near = fails.any(axis=0), close.any(axis=0)
        covered += covers.sum(), (covers & failed).sum(), (covers & near & ~failed).sum()
        by_claim += (covers & fails).sum(axis=1)
        if progress is not None:
            progress(setting.statement.name, done + now, trials)
    guarantee = _guarantee(setting, drawn.keys(), exact)
    _require_claim(guarantee)
    seen, failures, near_ones = map(int, covered)
    return Evidence(guarantee, mode, seen, trials - seen, failures, tuple(by_claim.tolist()), near_ones)


def setting_of(
    statement: Statement,
    values: dict[str, Any],
    seed: int,
    x0: Any = 0,
    training: dict[str, Any] | None = None,
    data: Problem | None = None,
) -> Setting:
    """The setting at these values, a problem's sizes among them; a ParameterError where the two do not agree."""
    accepted = dict(statement.accept(values))
    if data is not None:
        if statement.experiment is None:
            raise ParameterError(f"{statement.name} draws by its own sampler, which takes no problem; leave it out")
        sizes = {name: getattr(data, part) for name, part in statement.experiment.named("d", "ell").items()}
        for name, size in sizes.items():
            if accepted.get(name, size) != size:
                raise ParameterError(f"{name} = {accepted[name]} and the problem has {size}: leave {name} out")
        own = {p.name for p in statement.parameters} & sizes.keys()
        accepted = {**accepted, **{name: sizes[name] for name in own}}
    given = {name: _number(value) for name, value in accepted.items()}
    return Setting(statement, given, seed, x0, training or {}, data)


def _number(value: Any) -> int | float:
    """An int that NumPy can carry, or a float."""
    return value if isinstance(value, int) and abs(value) <= LARGEST_D else float(value)


def _guarantee(setting: Setting, anew: Any, exact: dict[str, Any]) -> Guarantee:
    """The statement at every parameter that is the same in all trials."""
    s = setting.statement
    widths = setting.experiment.named("m") if setting.trains else {}
    known = {**dict.fromkeys(widths, setting.m), **setting.given}
    if "network" in setting.__dict__:
        known = {**{k: v for k, v in setting.measured.items() if np.isfinite(v)}, **known}
    known |= exact
    names = {p.name for p in s.parameters}
    return s(**{name: value for name, value in known.items() if name in names and name not in anew})


def _require_claim(guarantee: Guarantee) -> None:
    failure = guarantee.failure
    if not isinstance(failure, float):
        missing = ", ".join(sorted(str(x) for x in failure.free_symbols))
        raise ParameterError(f"{guarantee.statement.name}: the claimed failure probability needs {missing}; give it")
