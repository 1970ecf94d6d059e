"""Failures too rare to be seen, drawn under another law and weighted back; and what that says against a claim.

The test bets: of a trial that weighs w where the claims fail, and 0 where they hold, the mean of w/c is at most 1 if
the claims fail with probability at most c. So a bettor who stakes a share s of what he has on each trial, and gets
1 - s + s w/c for it, has on average never more than he began with, and comes to 1/error times that with probability at
most `error` (Markov), whatever the weights are. Many bettors with a share each are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, isnan, log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from boundkit.errors import StatementError
from boundkit.formats.numbers import failure_text
from boundkit.laws.binomial import ERROR
from boundkit.simulate.evidence import BLOCK, setting_of
from boundkit.simulate.failing import failing
from boundkit.simulate.rng import Array, stream
from boundkit.simulate.samplers import weight_of, weighted_draw
from boundkit.simulate.threads import single_threaded
from boundkit.simulate.verdicts import LEAST_CLAIM

if TYPE_CHECKING:
    from boundkit.api.objects import Guarantee, Statement

SHARES = tuple(2.0**-power for power in range(1, 17))  # that are staked, one by each bettor
ROUNDING = 1e-6  # of a sum of logs, far above what it is wrong by
FIRST_STEP, FINEST, DEEPEST = 2.0**-6, 1e-3, 700.0  # nats below an estimate at which a lower end is looked for
IMPOSSIBLE = 1e-12  # how often, at most, weights of mean 1 are refused


@dataclass(frozen=True)
class Weighted:
    """How often the claims fail, from trials drawn under another law.

    Attributes
    ----------
    guarantee : Guarantee
        The statement at its parameters.
    tilt : float
        Which law was drawn from.
    trials, failures : int
        How many trials, and in how many of them a claim failed.
    log_weights : array (failures,)
        Of the trials that failed: log of the density of the statement's law over that of the one drawn from.
    """

    guarantee: Guarantee
    tilt: float
    trials: int
    failures: int
    log_weights: Array

    @cached_property
    def log_estimate(self) -> float:
        """Log of the mean weight of a failure: of the failure probability, without bias; -inf where none was seen."""
        return float(logsumexp(self.log_weights)) - log(self.trials) if self.failures else -inf

    @property
    def uncovered(self) -> int:
        """0: a sampler of one's own draws what the hypotheses say."""
        return 0

    @property
    def promises_nothing(self) -> str:
        """Why nothing can be judged: the statement does not apply, or is vacuous; '' where it promises something."""
        return "a hypothesis fails" if self.guarantee.applies is False else self.guarantee.vacuous_reason

    @property
    def failing(self) -> str:
        """How often the claims fail, in words."""
        low = failure_text(self.log_low, 3, -1)
        under = f"{self.failures} of {self.trials} simulated trials failed under a tilt of {self.tilt:.3g}"
        return f"{under}; weighted back, at least {low} of all fail"

    @property
    def ratio(self) -> tuple[float, float, float]:
        """How many times as often as claimed the claims fail, and the ends of its interval: there is no upper one."""
        log_claimed = max(float(self.guarantee.log_failure), log(LEAST_CLAIM))
        return exp(min(self.log_estimate - log_claimed, DEEPEST)), exp(min(self.log_low - log_claimed, DEEPEST)), inf

    def refutes(self, log_error: float) -> bool:
        """Whether bets against the claim come to what is at most that likely where the statement holds."""
        if self.promises_nothing or not self.failures:
            return False
        log_claimed = max(float(self.guarantee.log_failure), log(LEAST_CLAIM))
        return self.log_against(log_claimed) >= ROUNDING - log_error

    def log_against(self, log_claimed: float) -> float:
        """Log of what the bettors have made of 1, on average, against this failure probability."""
        return log_wealth(self.log_weights - log_claimed, self.trials)

    @cached_property
    def log_low(self) -> float:
        """Log of a number that the failure probability lies below with probability at most `ERROR`.

        It is the greatest claim that the bets refuse, but for a thousandth or so of itself.
        """
        needed, step = ROUNDING - log(ERROR), FIRST_STEP
        while self.log_against(self.log_estimate - step) < needed:
            step *= 2
            if not self.failures or step > DEEPEST:
                return -inf
        low, high = self.log_estimate - step, self.log_estimate - step / 2
        while high - low > FINEST:
            middle = (low + high) / 2
            low, high = (middle, high) if self.log_against(middle) >= needed else (low, middle)
        return low


def log_wealth(log_ratios: Array, trials: int) -> float:
    """What the bettors have made of 1, on average, in logs: from log(w/c) of what failed, the other trials being 0."""
    made = [
        (trials - len(log_ratios)) * np.log1p(-share) + np.logaddexp(np.log1p(-share), np.log(share) + log_ratios).sum()
        for share in SHARES
    ]
    return float(logsumexp(made)) - log(len(SHARES))


@single_threaded
def weighted(statement: Statement, trials: int, *, tilt: float, seed: int = 0, **values: Any) -> Weighted:
    """Draw from the law that a statement's `tilted` has for this tilt, and keep the weights of what fails.

    Parameters
    ----------
    statement : Statement
        One with `tilted`.
    trials : int
        How many.
    tilt : float
        Which law; 0 is the statement's own.
    seed : int
        Fixes everything.
    **values
        A value for each parameter.

    Returns
    -------
    Weighted

    Raises
    ------
    StatementError
        Where `tilted` is not there, breaks, or gives weights whose mean is certainly not 1.

    Examples
    --------
    >>> import boundkit as bk, sympy
    >>> t, z = sympy.symbols("t z")
    >>> def shifted(rng, trials, tilt, t):
    ...     drawn, log_weights = bk.simulate.shifted_normals(rng, (trials, 1), tilt)
    ...     return drawn[:, 0], log_weights
    >>> s = bk.Statement(
    ...     name="tail", place="A tail", parameters=(bk.reals(t, "t", 0),), claims=(z < t,), failure=sympy.exp(-(t**2)),
    ...     sampler=lambda rng, trials, t: rng.standard_normal(trials), tilted=shifted,
    ... )
    >>> seen = weighted(s, 10_000, tilt=6.0, t=6)  # 9.87e-10; the claim is 2.3e-16
    >>> 8e-10 < sympy.exp(seen.log_low) < 9.87e-10 < sympy.exp(seen.log_estimate) * 1.1
    True
    """
    draw = weighted_draw(statement, tilt)
    exact = dict(statement.accept(values))
    setting = setting_of(statement, values, seed)
    size = int(np.clip((BLOCK * 16) // weight_of(lambda *given: draw(*given)[0])(setting), 1, BLOCK))
    kept, every = [], []
    for done in range(0, trials, size):
        now = min(size, trials - done)
        drawn, logs = draw(setting, stream(seed, "trials", done // size), now)
        fails, _, _ = failing(setting, drawn, now, exact)
        kept.append(logs[fails.any(axis=0)])
        every.append(logs)
    log_weights = np.concatenate(kept)
    _require_weights(statement, np.concatenate(every), tilt)
    return Weighted(statement(**values), tilt, trials, len(log_weights), log_weights)


def _require_weights(statement: Statement, log_weights: Array, tilt: float) -> None:
    """Raise a StatementError where bets against a mean of 1 come to what is never seen."""
    mean = float(np.exp(np.minimum(log_weights, DEEPEST)).mean())
    off = (tilt == 0 and bool(log_weights.any())) or isnan(mean)
    if off or log_wealth(log_weights, len(log_weights)) >= -log(IMPOSSIBLE) + ROUNDING:
        raise StatementError(
            f"{statement.name}'s tilted gave weights of mean {mean:.3g} at tilt = {tilt:.3g}, where it has to be 1; "
            "give the log of the statement's density over the one drawn from, 0 at tilt = 0"
        )


def scaled_normals(rng: np.random.Generator, shape: tuple[int, ...], tilt: float) -> tuple[Array, Array]:
    """Standard normal numbers times e^tilt, (trials, ...), and the log weight of each trial, (trials,).

    Examples
    --------
    >>> z, log_weights = scaled_normals(np.random.default_rng(0), (5, 100), 0.2)
    >>> z.shape, log_weights.shape
    ((5, 100), (5,))
    """
    drawn = rng.standard_normal(shape)
    squares = (drawn**2).reshape(shape[0], -1)
    return exp(tilt) * drawn, (tilt - np.expm1(2 * tilt) / 2 * squares).sum(axis=1)


def shifted_normals(rng: np.random.Generator, shape: tuple[int, ...], tilt: float) -> tuple[Array, Array]:
    """Standard normal numbers, each moved by `tilt`, (trials, ...), and the log weight of each trial, (trials,).

    Examples
    --------
    >>> z, log_weights = shifted_normals(np.random.default_rng(0), (5, 100), 0.2)
    >>> bool(np.allclose(log_weights, (0.02 - 0.2 * z).sum(axis=1)))
    True
    """
    drawn = rng.standard_normal(shape) + tilt
    return drawn, (tilt**2 / 2 - tilt * drawn).reshape(shape[0], -1).sum(axis=1)


def tilted_bits(
    rng: np.random.Generator, shape: tuple[int, ...], p: float, tilt: float
) -> tuple[NDArray[np.int64], Array]:
    """Numbers 1 with probability p, else 0, tilted: (trials, ...), and the log weight of each trial, (trials,).

    Under the tilt a 1 is e^tilt times as likely beside a 0 as before, so that the weight depends on their sum alone.

    Examples
    --------
    >>> bits, log_weights = tilted_bits(np.random.default_rng(0), (5, 100), 0.1, 2.0)
    >>> bits.shape, log_weights.shape
    ((5, 100), (5,))
    """
    log_mean = float(np.logaddexp(log(p) + tilt, log(1 - p))) if 0 < p < 1 else p * tilt
    bits = (rng.random(shape) < p * exp(tilt - log_mean)).astype(np.int64)  # sums of integers are compared exactly
    return bits, (log_mean - tilt * bits).reshape(shape[0], -1).sum(axis=1)
