"""A statement of a user's with one of our names, and with our parameters, gets nothing of ours."""

from dataclasses import replace

import numpy as np
import pytest
from support import STATEMENTS
import sympy

import boundkit as bk
from boundkit.api.papers import belongs, sharper
from boundkit.explorer.formulas import words
from boundkit.report.page import audit_page
from boundkit.simulate import check, problem, train
from boundkit.studies.audit_words import title
from boundkit.studies.errata import all_errata

NAMES = tuple(STATEMENTS)
d, m, k, flipped = sympy.symbols("d m k flipped")


def namesake(name: str, **fields: object) -> bk.Statement:
    """P[Z >= 2] <= 1/20 for a normal Z, in parameters and quantities named like the paper's."""
    own = bk.Statement(
        name=name,
        place="Lemma 7",
        parameters=(bk.integers(d, "a size"), bk.integers(m, "another"), bk.integers(k, "a third", 0, m)),
        quantities=(bk.reals(flipped, "Z"),),
        hypotheses=(),
        claims=(flipped <= 2,),
        failure=sympy.Rational(1, 20),
        doc="A normal variable.",
    )
    return replace(own, **fields)


@pytest.mark.parametrize("name", NAMES)
def test_a_namesake_has_no_citation_no_sharper_statement_and_no_title(name: str) -> None:
    s = namesake(name)
    assert not belongs(s)
    assert sharper(s) == ()
    with pytest.raises(bk.StatementError, match="nothing to cite"):
        bk.cite(s)
    assert words(s)["sharpened"] == ""
    assert [f for f in all_errata((s,)) if f.simulation] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_namesake_is_not_simulated_by_our_samplers(name: str) -> None:
    with pytest.raises(bk.StatementError, match="give the Statement sampler="):
        check(namesake(name), 100, d=40, m=5, k=1)
    asked = []

    def sampler(rng: np.random.Generator, trials: int, **parameters: object) -> np.ndarray:
        asked.append(parameters)
        return rng.standard_normal(trials)

    own = namesake(name, sampler=sampler)
    seen = check(own, 1000, d=40, k=1, seed=1)
    assert all(parameters == {"d": 40, "k": 1} for parameters in asked)
    assert seen.values == (("d", 40), ("k", 1))  # nothing is measured on a network for it
    assert 0 < seen.failures < 50  # Binomial(1000, 0.0228): outside with probability below 1e-5
    with pytest.raises(bk.ParameterError, match="takes no problem"):
        check(own, 100, problem=problem(40, 20), m=5, k=1)
    assert train(problem(20, 10), 3, steps=1).values(own) == {}


def test_an_audit_of_namesakes_has_no_title_and_errata_of_ours() -> None:
    audit = bk.audit(*(namesake(name) for name in ("theorem_5_1", "lemma_b_1")), points=5)
    assert title(audit) == "Statements, one by one"
    assert all(entry.evidence is None for entry in audit.entries)
    page = audit_page(audit)
    assert "Melamed" not in page
    assert "beyond.md" not in page


def test_a_reading_of_ours_is_ours_whatever_its_printing() -> None:
    assert all(belongs(reading) for s in bk.catalogue.values() for reading in s.readings)
    assert {other.name for s in bk.catalogue.values() for other, _ in sharper(s)} == {
        s.name for s in bk.catalogue.values() if s.sharpens
    }
    assert not belongs(replace(bk.lemma_b_1, place="Lemma B.1 of mine"))


def test_the_functions_that_experiments_name_exist() -> None:
    for e in filter(None, (s.experiment for s in STATEMENTS.values())):
        for later in (e.law, e.full, e.weight, e.full_weight):
            assert callable(getattr(__import__(later.module, fromlist=["_"]), later.name)), later


def test_a_bound_is_read_by_its_value_and_not_by_how_it_is_written() -> None:
    """1000 |N(x0)| and |1000 N(x0)| are one bound, whichever class SymPy makes of them."""
    output = sympy.Symbol("output")
    reading = bk.theorem_5_1
    for bound in (1000 * sympy.Abs(output), sympy.Abs(1000 * output, evaluate=False)):
        own = replace(reading, claims=(sympy.Le(reading.claims[0].lhs, bound), reading.claims[1]), proof=None)
        seen = check(own, 200, d=10**6, ell=9 * 10**5, m=10, k=1, output=-2.0, seed=3)
        assert seen.failures == 0, bound
