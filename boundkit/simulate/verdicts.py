"""What counted failures say of a claimed failure probability."""

from __future__ import annotations

from enum import Enum
from math import floor

from boundkit.laws.binomial import clopper_pearson, log_at_least

MOST_TRIALS = 10**18
LEAST_CLAIM = 1e-300  # a smaller one is judged as this
SURE_TRIALS = 10**9  # with failures among them


class SimulationVerdict(Enum):
    """What a simulation says of a statement."""

    VIOLATED = "the claims fail more often than the statement allows"
    CONSISTENT = "the claims fail no more often than the statement allows"
    INCONCLUSIVE = "these trials cannot tell"


def judged(failures: float, trials: float, claimed: float, close: float = 0) -> SimulationVerdict:
    """The finding for these counts, where `close` trials more may have failed."""
    low, high = interval_of(failures, trials, close)
    if low > claimed:
        return SimulationVerdict.VIOLATED
    return SimulationVerdict.CONSISTENT if high <= claimed else SimulationVerdict.INCONCLUSIVE


def log_chance(failures: int, trials: int, claimed: float) -> float:
    """Log of how likely so many failures are, or more, at most, where each is as likely as claimed or less."""
    return float(log_at_least(failures, trials, min(max(claimed, LEAST_CLAIM), 1.0))) if trials else 0.0


def interval_of(failures: float, trials: float, close: float) -> tuple[float, float]:
    """Clopper and Pearson's interval, where `close` trials more may have failed."""
    return clopper_pearson(failures, trials)[0], clopper_pearson(failures + close, trials)[1]


def trials_to_decide(rate: float, claimed: float) -> int | None:
    """The least number of trials, to three digits, that decides if a share `rate` of them fails."""

    def decides(trials: int) -> bool:
        return judged(floor(rate * trials), trials, claimed) is not SimulationVerdict.INCONCLUSIVE

    low, high = 1, 2
    while not decides(high):
        low, high = high, 2 * high
        if high > (MOST_TRIALS if rate == 0 else SURE_TRIALS):
            return None
    while high - low > max(1, high // 1000):
        middle = (low + high) // 2
        low, high = (low, middle) if decides(middle) else (middle, high)
    return high
