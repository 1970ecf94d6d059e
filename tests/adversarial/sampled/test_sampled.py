"""Statements that only a sampler knows: the false ones are found, the true ones called false as rarely as said."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import islice, product
from math import exp, log
from random import Random
from time import monotonic
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import stats
from support import some

from adversarial.sampled.false import FALSE, HARD, RARE
from adversarial.sampled.true import TIGHT, TRUE
import boundkit as bk
from boundkit.laws.binomial import ERROR
from boundkit.simulate.tilted import log_wealth, weighted
from boundkit.simulate.verdicts import log_chance
from boundkit.studies.climbing import _beside, search
from boundkit.studies.looks import Looker, Place
from boundkit.studies.simulation import ANY, LARGEST, small_points
from boundkit.studies.walking import covered_points

SEEDS = range(5)
QUICK = ("no_root_n", "one_side_for_two", "all_equal", "student_as_normal")  # found in a second or so
RARELY = "doubled_too_rarely"
# Failure probabilities of the rare ones by SciPy, at a point.
RARELY_FAILS = {
    "norm_too_narrow": ({"n": 1, "t": 4}, stats.chi.sf(5, 1)),
    "no_root_of_2_pi": ({"t": 6}, stats.norm.sf(6)),
    "doubled_too_rarely": ({"n": 100}, stats.chi2.sf(200, 100)),
    "a_quarter_of_the_fourth_power": ({"n": 30, "t": 30}, 2.0**-30),
}
TILTED = {"lipschitz": 1.8, "mills": 6.0, "doubled": 0.35, "coin": 2.0}


def test_there_are_twenty_of_each_and_three_that_fail_rarely() -> None:
    assert len(FALSE) - len(HARD) >= 20
    assert len(set(RARE) - set(HARD)) >= 3
    assert len(TRUE) >= 20
    assert not any(s.truth is not None for s in (*FALSE.values(), *TRUE.values()))
    assert set(RARELY_FAILS) == set(RARE)
    for name, (at, fails) in RARELY_FAILS.items():
        assert float(FALSE[name](**at).failure) < fails < 1e-6, name


FOUND = [name for name in FALSE if name not in HARD]


@pytest.mark.parametrize(
    ("name", "seed"), some(product(FOUND, SEEDS), 0, lambda case: case[0] in QUICK and not case[1])
)
def test_a_false_statement_is_found_false(name: str, seed: int) -> None:
    found = bk.falsify(FALSE[name], seed=seed)
    assert found.counterexample is not None
    assert found.error == ERROR
    assert found.evidence.refutes(log(ERROR / 2))
    ratio, low, high = found.ratio
    assert 1 < low <= ratio <= high
    assert found.counterexample.point == found.ratio_at


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_a_hard_one_is_found_more_often_than_not(name: str) -> None:
    """On two idle cores; where it is found depends on how many places there is time for."""
    assert sum(bk.falsify(FALSE[name], seed=seed).counterexample is not None for seed in SEEDS) >= 3


def test_a_failure_below_a_millionth_is_found() -> None:
    found = bk.falsify(FALSE[RARELY], seed=0)
    assert found.counterexample is not None
    assert "under a tilt of" in " ".join(str(found).split())
    n = dict(found.counterexample.point)["n"]
    assert exp(found.evidence.log_low) < stats.chi2.sf(2 * n, n) < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_never_found_false(name: str) -> None:
    for seed in range(50):
        assert bk.falsify(TRUE[name], seed=seed, seconds=5).counterexample is None


@pytest.mark.parametrize(
    ("name", "seeds", "error"),
    [(TIGHT[0], 4, 1e-3), (TIGHT[-1], 4, 1e-3), *(pytest.param(s, 100, 0.1, marks=pytest.mark.slow) for s in TIGHT)],
)
def test_the_false_alarms_of_a_whole_search_are_as_rare_as_said(name: str, seeds: int, error: float) -> None:
    """Equalities: more alarms than the error explains once in 10^8 are a mistake; of four searches, three."""
    s, alarms = TRUE[name], 0
    for seed in range(seeds):
        looker = Looker(s, seed, monotonic() + 0.6, error)
        search(looker, covered_points(s), Random(seed))
        assert looker.looks > 5
        alarms += looker.violated is not None
    assert stats.binom.sf(alarms - 1, seeds, error) > 1e-8


def test_the_shares_of_all_tests_add_up_to_half_of_the_error() -> None:
    looker = Looker(TRUE["coin"], 0, 0.0, 0.1)
    shares = [exp(looker.log_share(test)) for test in range(1, 10**4)]
    assert 0.0499 < sum(shares) < 0.05


@given(st.integers(1, 300), st.floats(1e-6, 1), st.floats(1e-12, 0.3))
def test_a_test_of_plain_draws_is_wrong_at_most_as_often_as_its_share(trials: int, p: float, error: float) -> None:
    """By SciPy's binomial law: how likely it is to refute, at the largest failure probability that is allowed."""
    least = bisect_left(range(trials + 1), True, key=lambda x: log_chance(x, trials, p) <= log(error))
    assert stats.binom.sf(least - 1, trials, p) <= error * (1 + 1e-9)


@pytest.mark.parametrize("sigma", [0.1, 1.0, 3.0])
def test_bets_win_at_most_as_often_as_markov_allows(sigma: float) -> None:
    """Lognormal weights of mean 1, up to ones without a variance in practice: 500 games, a false alarm in 10^9."""
    rng = np.random.default_rng(1)
    for trials in (1, 10, 100):
        logs = sigma * rng.standard_normal((500, trials)) - sigma**2 / 2
        wins = sum(log_wealth(game, trials) >= log(10) for game in logs)
        assert stats.binom.sf(wins - 1, len(logs), 0.1) > 1e-9


@pytest.mark.parametrize("name", TILTED)
def test_tilted_draws_weigh_what_the_law_says(name: str) -> None:
    """The weighted share of failures against SciPy's, where plain draws show none; six standard errors."""
    at = {"lipschitz": {"n": 3, "t": 5}, "mills": {"t": 6}, "doubled": {"n": 100}, "coin": {"n": 40, "t": 36}}[name]
    fails = {
        "lipschitz": stats.chi.sf(3**0.5 + 5, 3), "mills": stats.norm.sf(6), "doubled": stats.chi2.sf(200, 100),
        "coin": stats.binom.sf(37, 40, 0.5),
    }[name]  # fmt: skip
    seen = weighted(TRUE[name], 40_000, tilt=TILTED[name], seed=3, **at)
    weights = np.exp(seen.log_weights)
    spread = weights.size and np.sqrt((weights**2).sum()) / seen.trials
    assert abs(exp(seen.log_estimate) - fails) <= 6 * spread
    assert exp(seen.log_low) < fails < 1.5 * exp(seen.log_estimate)
    assert seen.log_against(log(fails)) < log(1e9)


def shifted(density: float) -> Any:
    return lambda rng, trials, tilt, **_: (rng.standard_normal(trials) + tilt, np.full(trials, density * abs(tilt)))


@pytest.mark.parametrize(
    ("tilted", "match"),
    [
        (shifted(1.0), "gave weights of mean"),
        (lambda rng, trials, tilt, **_: (np.zeros(trials), np.zeros(3)), "log weights of shape"),
        (lambda rng, trials, tilt, **_: (np.zeros(trials), np.full(trials, np.nan)), "log weights of shape"),
        (lambda rng, trials, tilt, **_: np.zeros(trials), "mend tilted"),
        (lambda rng, trials, tilt, **_: 1 / 0, "tilted gave ZeroDivisionError"),
    ],
)
def test_weights_that_cannot_be_are_refused(tilted: Any, match: str) -> None:
    with pytest.raises(bk.StatementError, match=match):
        weighted(replace(TRUE["mills"], tilted=tilted), 500, tilt=2.0, t=6)


def test_what_is_no_tilted_sampler_is_refused_when_it_is_written() -> None:
    with pytest.raises(bk.StatementError, match="tilted is 1; give a function"):
        replace(TRUE["mills"], tilted=1)
    with pytest.raises(bk.StatementError, match="tilted has no sampler beside it"):
        replace(TRUE["mills"], sampler=None)
    with pytest.raises(bk.StatementError, match="has no tilted"):
        weighted(TRUE["walk"], 10, tilt=1.0, n=1, t=1)


def test_a_search_says_where_it_was_and_what_it_saw() -> None:
    found = bk.falsify(TRUE["hoeffding"], seconds=2)
    assert found.counterexample is None
    told = {name: (low, high) for name, low, high in found.sizes}
    assert told["n"][1] >= 1000 * told["n"][0]
    ratio, low, high = found.ratio
    assert low <= 1
    assert low <= ratio <= high
    assert {"simulated", "tests", "ratio", "ratio_at", "sizes"} <= found.to_dict().keys()
    assert f"{found.tests} tests" in " ".join(str(found).split())
    assert "times as often as claimed" in " ".join(str(found).split())


SWAPS = bk.representation_swap_everywhere


def test_a_search_trains_no_network_that_it_cannot_wait_for() -> None:
    """A single one cannot be stopped: whatever leads to a place, its dimensions have an end."""
    rng = Random(0)
    places = [Place(point) for point in small_points(SWAPS, covered_points(SWAPS), rng, ANY)]
    assert len(places) > 20
    for _ in range(4):
        places = [beside for place in places[:40] for beside in islice(_beside(SWAPS, place, rng), 3)]
    assert places
    sizes = [x for place in places for _, x in place.point if isinstance(x, int)]
    assert 100 < max(sizes) <= LARGEST
