"""The exact interval for a probability of which so many trials were seen."""

from __future__ import annotations

from math import expm1, inf, log, nextafter

from scipy.special import betainccinv, betaincinv

from boundkit.errors import ParameterError

ERROR = 1e-6  # how often the interval misses the true probability, at most


MOST_TRIALS, LEAST_ERROR = 10**9, 1e-12  # beyond, the inverse of the incomplete beta function is not reliable


def clopper_pearson(failures: float, trials: float, error: float = ERROR) -> tuple[float, float]:
    """The exact two-sided interval of a binomial probability at level 1 - error, for up to 10^9 trials.

    It covers the truth with probability at least 1 - error, whatever the truth is (Clopper and Pearson 1934). With no
    failures, or no successes, it has a closed form, for any number of trials.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 1_000_000)
    >>> low, round(high * 1_000_000, 2)
    (0.0, 14.51)
    """
    if failures in (0, trials) and 0 < trials < inf and LEAST_ERROR <= error < 1:
        end = nextafter(-expm1(log(error / 2) / trials), 2)
        return (0.0, min(end, 1.0)) if failures == 0 else (max(1 - end, 0.0), 1.0)
    if not (0 <= failures <= trials <= MOST_TRIALS and LEAST_ERROR <= error < 1):
        raise ParameterError(
            f"failures = {failures!r}, trials = {trials!r}, error = {error!r}: 0 <= failures <= trials"
            f" <= {MOST_TRIALS:g} and {LEAST_ERROR:g} <= error < 1 are needed; check their order"
        )
    low = betaincinv(failures, trials - failures + 1, error / 2) if failures > 0 else 0.0
    high = betainccinv(failures + 1, trials - failures, error / 2) if failures < trials else 1.0
    return max(nextafter(low, -1), 0.0), min(nextafter(high, 2), 1.0)
