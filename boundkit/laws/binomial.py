"""The exact interval for a probability of which so many trials were seen."""

from __future__ import annotations

from scipy.special import betainccinv, betaincinv

ERROR = 1e-6  # how often the interval misses the true probability, at most


def clopper_pearson(failures: float, trials: float, error: float = ERROR) -> tuple[float, float]:
    """The exact two-sided interval of a binomial probability, at level 1 - error.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 1_000_000)
    >>> low, round(high * 1_000_000, 2)
    (0.0, 14.51)
    """
    if trials == 0:
        return 0.0, 1.0
    low = betaincinv(failures, trials - failures + 1, error / 2) if failures > 0 else 0.0
    high = betainccinv(failures + 1, trials - failures, error / 2) if failures < trials else 1.0
    return float(low), float(high)
