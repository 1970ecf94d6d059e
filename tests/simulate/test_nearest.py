"""The distance in the pre-activations in closed form: against programmes over all patterns, and its bounds."""

from itertools import product
from math import sqrt

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy.optimize import nnls
from support import examples

from boundkit.errors import HypothesisError
from boundkit.simulate import FullLayer, Network, Span

SEEDS = st.integers(0, 2**32)


def at_inputs(a: np.ndarray, u: np.ndarray) -> Network:
    """A network on R^(m + 1) whose pre-activations at the first unit vector, which spans P, are a."""
    m = len(a)
    return Network(FullLayer(Span(np.eye(m + 1, 1)), np.hstack([a[:, None], np.eye(m)])), u=u)


def nearest(rows: np.ndarray, needs: np.ndarray) -> float:
    """The least |x| with rows @ x >= needs, by Lawson and Hanson's least-distance programme; inf where none."""
    E, f = np.vstack([rows.T, needs]), np.eye(rows.shape[1] + 1)[-1]
    r = E @ nnls(E, f)[0] - f
    return float(np.linalg.norm(r[:-1] / r[-1])) if np.linalg.norm(r) > 1e-7 else np.inf


def by_enumeration(a: np.ndarray, u: np.ndarray) -> float:
    """The nearest move after which the label is lost, over all patterns of who is active afterwards."""
    y0, best = np.sign(np.maximum(a, 0) @ u), np.inf
    for pattern in product((0.0, 1.0), repeat=len(a)):
        D = np.array(pattern)
        lowered, sides = -y0 * u * D, np.diag(2 * D - 1)
        best = min(best, nearest(np.vstack([lowered, sides]), np.append(-lowered @ a, -(2 * D - 1) * a)))
    return best


def drawn(seed: int, largest: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    m = int(rng.integers(1, largest + 1))
    a = np.where(rng.random(m) < 0.15, 0.0, rng.standard_normal(m) * rng.choice([0.1, 1, 10], m))
    return a, rng.choice([-1, 1], m) / sqrt(m)


@settings(max_examples=examples(20))
@given(SEEDS)
def test_it_is_the_least_over_all_patterns(seed: int) -> None:
    a, u = drawn(seed, 6)
    if abs(np.maximum(a, 0) @ u) > 1e-6:
        assert at_inputs(a, u).distance_in_inputs(np.ones(1)) == pytest.approx(by_enumeration(a, u), rel=1e-6)


@given(SEEDS)
def test_its_bounds(seed: int) -> None:
    a, u = drawn(seed, 40)
    network, x0, m = at_inputs(a, u), np.ones(1), len(a)
    N = abs(network.output(x0))
    if N < 1e-6:
        return
    found = network.distance_in_inputs(x0)
    assert N * sqrt(m / network.counting(x0).sum()) <= found * (1 + 1e-12)
    assert found <= N * sqrt(m / (network.opposing(x0).sum() + 1)) * (1 + 1e-12)


@pytest.mark.parametrize("k", [0, 1, 5])
def test_both_bounds_are_attained(k: int) -> None:
    """The upper one where opposing neurons are at 0 and one supporting is active, the lower one where all are."""
    m, N = k + 4, 2.0
    above = np.array([N * sqrt(m), *[0.0] * k, -1e9, -1e9, -1e9])
    u = np.array([1.0, *[-1.0] * k, -1.0, 1.0, -1.0]) / sqrt(m)
    assert at_inputs(above, u).distance_in_inputs(np.ones(1)) == pytest.approx(N * sqrt(m / (k + 1)))
    below = np.where(u < 0, 1e3, 0.0)
    below[u > 0] = (sqrt(m) * N + below.sum()) / (u > 0).sum()
    assert at_inputs(below, u).distance_in_inputs(np.ones(1)) == pytest.approx(N, rel=1e-9)


def test_with_unequal_output_weights_the_nearest_in_the_order_of_the_inputs_is_not_the_nearest() -> None:
    """Waking inactive neurons in the order |a_i|/|u_i| is only an upper bound there, so the method refuses."""

    def least(a: np.ndarray, u: np.ndarray, woken: np.ndarray) -> float:
        """The nearest move that raises these opposing neurons along their lines, active or not, and no other."""
        rising = (u < 0) & ((a >= 0) | woken)
        held = np.flatnonzero((u > 0) & (a > 0))
        best = np.inf
        for off in product((False, True), repeat=len(held)):
            D = rising.astype(float)
            D[held] = ~np.array(off)
            lowered, sides = -u * D, np.diag(2 * D - 1)[held]
            best = min(best, nearest(np.vstack([lowered, sides]), np.append(-lowered @ a, -sides @ a)))
        return best

    worst = 1.0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        a, u = rng.standard_normal(5) * 2, rng.standard_normal(5) ** 3
        u *= np.sign(np.maximum(a, 0) @ u)
        asleep = np.flatnonzero((u < 0) & (a < 0))
        if not np.maximum(a, 0) @ u > 0.05 or len(asleep) < 2:
            continue
        order = asleep[np.argsort(np.abs(a[asleep] / u[asleep]))]
        prefixes = min(least(a, u, np.isin(np.arange(5), order[:j])) for j in range(len(order) + 1))
        true = by_enumeration(a, u)
        assert true <= prefixes * (1 + 1e-3)  # what the programmes are good for
        worst = max(worst, prefixes / true)
    assert worst > 1.05
    with pytest.raises(HypothesisError, match="no closed form"):
        at_inputs(a, np.abs(u)).distance_in_inputs(np.ones(1))
