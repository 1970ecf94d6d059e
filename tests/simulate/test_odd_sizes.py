"""Beyond the paper, simulated where sizes are at their ends, bounds are as near as rounding, and training blows up.

A verdict or an interval is wrong by chance once in 10^6 times; a run of these tests has about 100 of them.
"""

from contextlib import suppress
from math import isfinite
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import examples

import boundkit as bk
from boundkit.errors import BoundkitError, HypothesisError
from boundkit.simulate import Evidence, SimulationVerdict, check

SIMULATED = [name for name in bk.BEYOND if bk.catalogue[name].experiment]
# The ends of what a parameter may be, and what is just inside.
ENDS = {
    "d": (1, 2, 3, 30), "ell": (1, 2, 29, 30), "m": (1, 2, 5), "k": (0, 1, 4, 5), "p": (1, 4), "q": (1, 5), "h": (1, 5),
    "n_o": (1, 4), "points": (1, 29), "D": (0, 5), "off": (0, 1), "pairs": (1, 3), "n": (1, 2, 0.5), "t": (0, 1, 3),
    "a": (None, 0.98, 1.1), "c": (None, 1.0001, 1.5, 30), "output": (None, 1, -2, 1e-200, 1e200, 0, 0.3, -1 / 7),
    "U_F": (None, 1, 1e200, 0), "u_min": (None, 1, 1e200, 0), "norm_u_f": (None, 1, 1e200), "moved": (None, 1, 1e200),
    "delta": (None, 1, 1e-200, 1e200), "norm_J": (None, 1, 1e200, 0), "rho": (1, 1e-200, 1e200),
    "u_1": (None, 1, 1e200), "u_2": (None, 1, 1e-200, 1e200), "width": (None, 1, 1e-200, 1e200),
}  # fmt: skip
OF_A_NETWORK = ("k", "p", "q", "output", "delta")  # what full mode measures


def is_sound(found: Evidence) -> None:
    assert found.verdict is not SimulationVerdict.VIOLATED, str(found)
    assert found.exact_inside is not False, str(found)


def at_ends(name: str, mode: str, seed: int) -> None:
    """A point of ends, refused with a reason or simulated without a wrong word."""
    rng = Random(seed)
    values = {p.name: rng.choice(ENDS.get(p.name, (None,))) for p in bk.catalogue[name].parameters}
    measured = OF_A_NETWORK if mode == "full" and rng.random() < 0.8 else ()
    given = {parameter: x for parameter, x in values.items() if x is not None and parameter not in measured}
    with suppress(BoundkitError):
        is_sound(check(bk.catalogue[name], 40 if mode == "full" else 500, mode=mode, seed=seed, **given))


@settings(max_examples=examples(60))
@given(st.sampled_from(SIMULATED), st.sampled_from(["conditional", "full"]), st.integers(0, 2**32))
def test_at_the_ends_of_its_sizes_no_statement_is_called_violated(name: str, mode: str, seed: int) -> None:
    at_ends(name, mode, seed)


@pytest.mark.parametrize("name", ["distance_at", "distance_linear", "flip_at", "off_subspace_radius_at"])
def test_a_network_without_a_label_at_x0_is_refused_with_a_reason(name: str) -> None:
    """One neuron, which is off at x0 in every other network."""
    sizes = {"d": 2, "ell": 1, "m": 1} | {
        "distance_at": {"t": 1},
        "off_subspace_radius_at": {"t": 1},
        "flip_at": {"h": 1},
    }.get(name, {})
    refused = 0
    for seed in range(12):
        try:
            is_sound(check(bk.catalogue[name], 20, seed=seed, **sizes))
        except HypothesisError:
            refused += 1
    assert refused


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["conditional", "full"])
@pytest.mark.parametrize("name", SIMULATED)
def test_nor_at_many_more_of_them(name: str, mode: str) -> None:
    for seed in range(120 if mode == "conditional" else 40):
        at_ends(name, mode, seed)


FLIPS = {
    "universal_flip": {"d": 40, "ell": 20, "m": 4},
    "any_data_flip": {"d": 40, "points": 12, "D": 3, "m": 4},
    "flip_any_output": {"d": 40, "ell": 20, "m": 4},
    "class_flip": {"d": 40, "ell": 20, "m": 4, "pairs": 3},
    "flip_at": {"d": 40, "ell": 20, "m": 4, "h": 4, "p": 1},
    "flip_any_output_at": {"d": 40, "ell": 20, "m": 4, "h": 4},
}


@settings(max_examples=examples(40))
@given(
    st.sampled_from(sorted(FLIPS)), st.floats(-9, 0.5), st.floats(-3, 3), st.sampled_from([1, -1, 1e200, 1e-200]),
    st.integers(0, 3), st.floats(-9, 1),
)  # fmt: skip
def test_a_bound_as_near_as_rounding_is_kept(
    name: str, past: float, size: float, unit: float, k: int, weight: float
) -> None:
    """c is 1 + 10^past: what is left of N(x0) is a difference of numbers of its size."""
    values = {"k": k, "U_F": 10**weight, "u_min": 0.3, "norm_u_f": 10**weight}
    known = {p.name for p in bk.catalogue[name].parameters}
    given = {parameter: x for parameter, x in values.items() if parameter in known}
    found = check(bk.catalogue[name], 200, seed=k, **FLIPS[name], **given, c=1 + 10**past, output=unit * 10**size)
    assert isfinite(found.claimed)
    is_sound(found)


BLOWN_UP = {
    **FLIPS,
    "flip_at": {"d": 40, "ell": 20, "m": 4, "h": 4},
    "any_data_gradient": {"d": 40, "points": 12, "D": 3, "m": 4},
    "representation_swap": {"d": 40, "ell": 20, "m": 4},
    "representation_swap_everywhere": {"d": 40, "ell": 20, "m": 4, "t": 1},
    "distance_linear": {"d": 40, "ell": 20, "m": 4},
}


@pytest.mark.parametrize(
    "eta", [100.0, 1e12, 1e300, *(pytest.param(eta, marks=pytest.mark.slow) for eta in (1.0, 30.0, 1e4, 1e18, 1e100))]
)
@pytest.mark.parametrize("name", BLOWN_UP)
@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")  # weights of 10^300 are no one's to sum
def test_a_network_that_has_blown_up_refutes_nothing(name: str, eta: float) -> None:
    """What is left untrained may be no more than rounding of its weights: then the trial does not count."""
    found = check(bk.catalogue[name], 20, mode="full", seed=1, training={"eta": eta}, **BLOWN_UP[name])
    assert found.verdict is not SimulationVerdict.VIOLATED, str(found)
    assert found.trials + found.uncovered == 20
