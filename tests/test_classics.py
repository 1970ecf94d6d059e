"""The classics: what is true is not refuted; every misquote is, at its witness and by a search without it."""

from fractions import Fraction
from itertools import product
import math
import subprocess
import sys
from typing import Any

from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from scipy import stats
from support import some

import boundkit as bk
from boundkit.laws.discrete_balls import binomial_log_at_least, binomial_log_at_most
from boundkit.library.classics import STATEMENTS
from boundkit.library.classics.bibliography import SOURCES
from boundkit.library.classics.laws import (
    distance_to_poisson,
    exact_interval_misses,
    two_kinds_at_least,
    two_kinds_at_most,
)
from boundkit.model.erratum import CHANGING
from boundkit.simulate import check

CLASSICS = bk.papers.classics
SEEDS = (0, 1, 2)
SAMPLED: dict[str, dict[str, Any]] = {  # where draws alone show what is wrong
    "dkw": {"n": 1, "t": Fraction(1, 2)},
    "maurer_pontil": {"n": 100, "p": Fraction(31, 1000), "delta": Fraction(1, 100)},
    "single_look": {"n": 100},
    "slepian": {"r": -1, "t": 0},
}
MISQUOTED = [name for name in STATEMENTS if CLASSICS[name].errata]
PROVED = [name for name in STATEMENTS if CLASSICS[name].proof is not None]


def test_there_are_as_many_as_promised() -> None:
    assert tuple(s.name for s in CLASSICS.statements) == STATEMENTS
    assert len(STATEMENTS) >= 120
    assert len(MISQUOTED) >= 45
    ids = [e.id for s in CLASSICS.statements for e in s.errata]
    assert len(ids) == len(set(ids)) == len(MISQUOTED)
    assert all(e.grade in CHANGING and (e.witness or e.reason) for s in CLASSICS.statements for e in s.errata)


def test_they_are_in_the_catalogue_and_not_at_the_front_door() -> None:
    assert bk.catalogue["hoeffding"] is bk.catalogue["classics.hoeffding"] is CLASSICS.hoeffding
    assert not set(STATEMENTS) & set(dir(bk))


def test_every_one_says_where_it_is_stated_and_every_work_is_used() -> None:
    assert {key for s in CLASSICS.statements for key, _ in s.rests_on} == set(dict(SOURCES))
    assert all(s.doc.splitlines()[-1].startswith("It is stated in ") for s in CLASSICS.statements)
    for key, entry in SOURCES:
        assert entry.startswith(f"@{entry[1 : entry.index('{')]}{{{key},\n")
        assert entry.count("{") == entry.count("}")


@pytest.mark.parametrize("name", some(STATEMENTS, 4))
def test_the_audit_does_not_find_it_false(name: str) -> None:
    (entry,) = bk.audit(CLASSICS[name], points=100).entries
    assert not entry.is_false


@pytest.mark.parametrize(("name", "seed"), some(product(STATEMENTS, SEEDS), 1))
def test_no_search_refutes_what_is_true(name: str, seed: int) -> None:
    found = bk.falsify(CLASSICS[name], seed=seed)
    assert found.counterexample is None
    assert found.covered


@pytest.mark.parametrize("name", MISQUOTED)
def test_a_witness_refutes_its_misquote_and_not_what_holds(name: str) -> None:
    s = CLASSICS[name]
    ((erratum, reading),) = s.steps()
    if name in SAMPLED:
        assert check(reading, 4000, seed=1, **SAMPLED[name]).verdict.name == "VIOLATED"
    else:
        assert bk.refute(reading, **dict(erratum.witness)) is not None
    assert reading == s.as_printed


@pytest.mark.parametrize(("name", "seed"), some(product(MISQUOTED, SEEDS), 4))
def test_a_misquote_is_found_unaided(name: str, seed: int) -> None:
    found = bk.falsify(CLASSICS[name].as_printed, seed=seed).counterexample
    assert found is not None
    assert found.statement == CLASSICS[name].as_printed


@pytest.mark.parametrize("name", some(PROVED))
def test_its_proof_is_checked(name: str) -> None:
    assert CLASSICS[name].certificate().holds


@given(st.integers(1, 12), st.integers(1, 12), st.fractions(0, 1), st.integers(0, 24))
@settings(max_examples=20)
def test_coins_of_two_kinds_that_are_alike_are_of_one_kind(m: int, n: int, p: Fraction, k: int) -> None:
    chance, k = fmpq(p.numerator, p.denominator), min(k, m + n)
    for two, one in ((two_kinds_at_least, binomial_log_at_least), (two_kinds_at_most, binomial_log_at_most)):
        got, expected = two.ball(m, chance, n, chance, fmpq(k)), one(m + n, chance, k)
        assert got.overlaps(expected)
    sides = [math.exp(float(f.ball(m, chance, n, fmpq(1, 3), fmpq(x)))) for f, x in
             ((two_kinds_at_least, k + 1), (two_kinds_at_most, k))]  # fmt: skip
    assert sum(sides) == pytest.approx(1)


@pytest.mark.parametrize(("m", "a", "n", "b"), [(1, 0.5, 1, 0.25), (7, 0.125, 3, 0.75), (40, 0.01, 40, 0.02)])
def test_the_distance_to_poisson_is_half_the_sum_of_the_differences(m: int, a: float, n: int, b: float) -> None:
    counts = np.arange(300)
    mass = np.convolve(stats.binom.pmf(np.arange(m + 1), m, a), stats.binom.pmf(np.arange(n + 1), n, b))
    mass = np.pad(mass, (0, len(counts) - len(mass)))
    expected = abs(mass - stats.poisson.pmf(counts, m * a + n * b)).sum() / 2
    found = distance_to_poisson.ball(m, arb(a), n, arb(b))
    assert math.exp(float(found)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("n", "p"), [(1, 0.01), (10, 0.5), (50, 0.1), (200, 0.9), (30, 1.0)])
def test_the_exact_interval_misses_as_its_ends_say(n: int, p: float) -> None:
    counts = np.arange(n + 1)
    low = np.where(counts == 0, 0, stats.beta.ppf(0.025, counts, n - counts + 1))
    high = np.where(counts == n, 1, stats.beta.ppf(0.975, counts + 1, n - counts))
    expected = stats.binom.pmf(counts, n, p)[(p < low) | (p > high)].sum()
    assert math.exp(float(exact_interval_misses.ball(n, arb(p)))) == pytest.approx(expected, rel=1e-9)


def test_a_first_call_loads_no_classic() -> None:
    ask = (
        "import sys, boundkit; boundkit.theorem_5_1(d=1000, ell=600, m=10); "
        "print([name for name in sys.modules if name.startswith('boundkit.library.classics')])"
    )
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert told.stdout == "['boundkit.library.classics']\n"
