"""The classics: what is true is not refuted; every misquote is, at its witness and by a search without it."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from support import some

import boundkit as bk
from boundkit.library.classics import STATEMENTS
from boundkit.library.classics.bibliography import SOURCES
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


@pytest.mark.parametrize("name", some(STATEMENTS))
def test_the_audit_does_not_find_it_false(name: str) -> None:
    (entry,) = bk.audit(CLASSICS[name], points=100).entries
    assert not entry.is_false


@pytest.mark.parametrize(("name", "seed"), some(product(STATEMENTS, SEEDS)))
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


@pytest.mark.parametrize(("name", "seed"), some(product(MISQUOTED, SEEDS)))
def test_a_misquote_is_found_unaided(name: str, seed: int) -> None:
    found = bk.falsify(CLASSICS[name].as_printed, seed=seed).counterexample
    assert found is not None
    assert found.statement == CLASSICS[name].as_printed


@pytest.mark.parametrize("name", PROVED)
def test_its_proof_is_checked(name: str) -> None:
    assert CLASSICS[name].certificate().holds
