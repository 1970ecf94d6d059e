"""A textbook's appendix: true lemmas are not refuted, false ones are found, and the false step of a proof is named."""

from fractions import Fraction
from itertools import product
from math import comb, exp
from random import Random
from typing import Any

import pytest
from support import some
import sympy

import boundkit as bk
from boundkit.library.classics.notation import X
from boundkit.library.uml_appendix_b import STATEMENTS
from boundkit.model.erratum import CHANGING

BOOK = bk.papers.uml_appendix_b
SEEDS = (0, 1, 2)
FALSE = ("uml_b_10_sample", "uml_b_12_above", "uml_b_12")
ERRATA = [(erratum.id, erratum, reading) for s in BOOK.statements for erratum, reading in s.steps()]
PROVED = [name for name in STATEMENTS if BOOK[name].proof is not None]


def test_every_lemma_of_the_appendix_is_there() -> None:
    assert tuple(s.name for s in BOOK.statements) == STATEMENTS
    assert {s.number.split()[1] for s in BOOK.statements} == {f"B.{i}" for i in range(1, 13)}
    assert all(s.place.endswith(", appendix B") for s in BOOK.statements)
    assert [s.name for s in BOOK.statements if s.errata and {e.grade for e in s.errata} <= {"wrong formula"}] == [
        *FALSE
    ]


@pytest.mark.parametrize("name", some(STATEMENTS, 2))
def test_the_audit_does_not_find_it_false(name: str) -> None:
    (entry,) = bk.audit(BOOK[name], points=60).entries
    assert not entry.is_false
    assert not entry.is_undecided


@pytest.mark.parametrize(("name", "seed"), some(product(STATEMENTS, SEEDS), 1))
def test_no_search_refutes_what_is_true(name: str, seed: int) -> None:
    found = bk.falsify(BOOK[name], seed=seed)
    assert found.counterexample is None
    assert found.covered


@pytest.mark.parametrize(("name", "seed"), [*product(FALSE, SEEDS)])
def test_what_is_false_in_print_is_found_unaided(name: str, seed: int) -> None:
    found = bk.falsify(BOOK[name].as_printed, seed=seed).counterexample
    assert found is not None
    assert found.statement == BOOK[name].as_printed


@pytest.mark.parametrize(("erratum", "reading"), [x[1:] for x in ERRATA], ids=[x[0] for x in ERRATA])
def test_a_witness_refutes_what_is_printed_and_not_what_holds(erratum: Any, reading: Any) -> None:
    assert bool(erratum.witness) != bool(erratum.reason)
    if erratum.witness:
        assert bk.refute(reading, **dict(erratum.witness)) is not None
    if erratum.witness and erratum.grade in CHANGING:
        (s,) = (s for s in BOOK.statements if erratum in s.errata)
        inside = {p.name: p.high for p in s.parameters}
        point = {name: min(value, inside[name]) for name, value in erratum.witness}
        assert bk.check_point(s, **point).status.name == "HOLDS"


@pytest.mark.parametrize("name", PROVED)
def test_its_proof_is_checked(name: str) -> None:
    assert BOOK[name].certificate().holds


@pytest.mark.parametrize("name", ["uml_b_12_above", "uml_b_12"])
def test_the_certificate_names_the_step_that_fails(name: str) -> None:
    found = BOOK[name].as_printed.certificate()
    assert found.holds is None
    step = found.missing[0]
    assert "1 - a <= e^(-a)" in step.because
    assert step.why.startswith("false at k = 20, eps = 2;")
    small, large = (float(side.subs({"k": 20, "eps": 2})) for side in step.relation.args)
    assert small == pytest.approx(exp(-20) * 3**10)  # E e^(lam Z) e^(-lam (1 + eps) k), lam = eps/6
    assert large == pytest.approx(exp(-20) * exp(20 / 3))
    assert small > large
    only_that = [line for line in found.missing if line.part != "budget"] or found.missing
    assert [*only_that] == [step]


def test_its_range_is_right_to_two_digits() -> None:
    s = BOOK.uml_b_12_above
    assert bk.check_point(s, k=10**6, eps=Fraction(78, 100)).status.name == "HOLDS"
    assert bk.refute(s.as_printed, k=10**6, eps=Fraction(79, 100)) is not None


def test_what_to_use_instead_holds_where_the_printed_lemma_fails() -> None:
    printed = BOOK.uml_b_12_above.as_printed(k=254, eps=1)
    chernoff = bk.papers.classics.chi_square_chernoff_upper(n=254, a=2)
    stretch = bk.papers.classics.chi_square_stretch(n=254, eps=1)
    assert printed.failure < printed.exact().failure < chernoff.failure < stretch.failure < 1e-9


def count_to_quantity(name: str, at: dict[str, Any], ones: int) -> Any:
    """What X is where so many of the m variables are the greater of their two values."""
    m, p = sympy.Integer(at["m"]), sympy.Rational(at["p"])
    share = ones / m
    if name in ("uml_b_3", "uml_b_4", "uml_b_5", "uml_b_5_quadratic"):
        return sympy.Integer(ones)
    if name == "uml_b_10_sample":
        return share
    if name == "uml_b_10_risk":
        return p - share - sympy.sqrt(2 * share * sympy.log(1 / sympy.Rational(at["delta"])) / m)
    if name == "uml_b_2":
        return abs(share - p) / sympy.sqrt(p * (1 - p))
    if name == "uml_b_6":
        return abs(share - p) * sympy.Rational(at["b"] - at["a"])
    centred = (1 if name == "uml_b_8" else sympy.Rational(at["M"])) * sympy.Matrix([1, -p / (1 - p)])
    return ones * centred[0] + (m - ones) * centred[1]


COUNTED = [s.name for s in BOOK.statements if {"m", "p"} <= {p.name for p in s.parameters}]


def drawn(name: str, rng: Random) -> dict[str, Any]:
    """A small point at which the lemma applies."""
    draws = {
        "m": rng.randint(1, 7), "p": Fraction(rng.randint(1, 9), 20), "d": Fraction(rng.randint(1, 9), 10),
        "eps": Fraction(rng.randint(1, 9), 10), "t": Fraction(rng.randint(1, 9), 4), "a": rng.randint(-2, 1), "b": 2,
        "M": rng.randint(1, 3), "delta": Fraction(rng.randint(1, 19), 20),
    }  # fmt: skip
    return {p.name: draws[p.name] for p in BOOK[name].parameters}


@pytest.mark.parametrize("reading", ["corrected", "printed"])
@pytest.mark.parametrize("name", COUNTED)
def test_the_exact_law_is_that_of_the_variables_that_it_names(name: str, reading: str) -> None:
    """Counted out: every number of ones, its probability, and whether the claims hold there."""
    s = BOOK[name] if reading == "corrected" else BOOK[name].as_printed
    rng = Random(f"{name} {reading}")
    for _ in range(5):
        at = drawn(name, rng)
        m, p = at["m"], at["p"]
        values = {symbol: sympy.Rational(at[symbol.name]) for symbol in s.symbols}
        failing = [
            ones for ones in range(m + 1)
            if not all(c.xreplace({**values, X: count_to_quantity(name, at, ones)}) for c in s.claims)
        ]  # fmt: skip
        failure = sum(comb(m, ones) * p**ones * (1 - p) ** (m - ones) for ones in failing)
        if failure < 1:  # two tails that add up to 1 exactly have no narrow log
            assert s(**at).exact().failure == pytest.approx(float(failure), rel=1e-9), at


@pytest.mark.parametrize("name", ["uml_b_1", "uml_b_1_level"])
def test_markov_is_attained_where_the_lesser_value_is_the_threshold(name: str) -> None:
    s, a, mu = BOOK[name], Fraction(2, 5), Fraction(7, 10)
    c = 1 - a if name == "uml_b_1" else a
    g = s(mu=mu, c=c, a=a)
    assert g.exact().failure == pytest.approx(g.failure)
    assert g.exact().failure == pytest.approx(float((1 - mu) / (1 - c)))
    assert s(mu=mu, c=c + Fraction(1, 100), a=a).exact().failure == 0


def test_a_single_coin_all_but_attains_lemma_b_11() -> None:
    """1 - eps^2 >= exp(-eps^2/(1 - eps^2)), as log u >= 1 - 1/u: for m = 1, the least odd m, by little."""
    for i in range(1, 100):
        assert bk.check_point(BOOK.uml_b_11, m=1, eps=Fraction(i, 100)).status.name == "HOLDS"
