"""Measurements drawn anew in every trial: nothing is taken from the laws."""

import numpy as np


def means_and_deviations(rng: np.random.Generator, trials: int, n: int) -> np.ndarray:
    """The mean and the sample deviation of n standard normal measurements, a row a trial."""
    drawn = (rng.standard_normal(n) for _ in range(trials))  # one at a time: n may be large
    return np.array([(x.mean(), x.std(ddof=1)) for x in drawn])


def errors(rng: np.random.Generator, trials: int, n: int, sigma: float, **_: float) -> np.ndarray:
    return sigma * np.abs(means_and_deviations(rng, trials, n)[:, 0])


def deviations(rng: np.random.Generator, trials: int, n: int, sigma: float) -> np.ndarray:
    return sigma * means_and_deviations(rng, trials, n)[:, 1]


def ratios(rng: np.random.Generator, trials: int, n: int, **_: float) -> np.ndarray:
    means, deviations = means_and_deviations(rng, trials, n).T
    return np.abs(means) / deviations
