"""Inverse questions against looking everywhere: ties, strict ends, ends in other parameters, what does not exist."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import examples
import sympy

import boundkit as bk
from boundkit.engine.scanning import middle_of, plainest

n, t, k, U, delta = sympy.symbols("n t k U delta")
TENTH = sympy.Rational(1, 10)


def own(*parameters: Any, failure: Any = TENTH, **how: Any) -> bk.Statement:
    parameters = parameters or (bk.integers(n, "a count"),)
    claim = sympy.Le(U, parameters[-1].symbol, evaluate=False)
    told = {"quantities": (bk.reals(U, "a length"),), "hypotheses": (), "claims": (claim,), **how}
    return bk.Statement(name="own", place="Own", parameters=parameters, failure=failure, **told)


def rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


@st.composite
def failures(draw: Any, x: sympy.Symbol) -> sympy.Expr:
    """Rational wherever x is, monotone or not, and never negative."""
    a, b, c = (draw(st.integers(1, 12)) for _ in range(3))
    kinds = (
        sympy.Integer(a) / (x**2 + b),
        (x - a) ** 2 / sympy.Integer(10 * b),
        (x - a) ** 2 * (x - a - b) ** 2 / sympy.Integer(1000) + sympy.Rational(1, 10 * c),
        sympy.Rational(a, a + b) ** (x + 20),
        sympy.Rational(a, 12),
        sympy.Abs(x - a) / sympy.Integer(b + c),
        sympy.Max(sympy.Rational(1, a), sympy.Integer(1) / (x**2 + 1)),
        sympy.Rational(1, 2) ** sympy.floor((x + 20) / 4),
    )
    return draw(st.sampled_from(kinds))


def at(f: sympy.Expr, x: sympy.Symbol, value: Any) -> Fraction:
    found = f.subs(x, rational(Fraction(value)))
    return Fraction(int(found.p), int(found.q))


@st.composite
def questions(draw: Any) -> tuple[bk.Statement, dict[str, Any], list[int], list[int]]:
    """A statement over integers, the parameters given, its domain, and where all but the failure holds."""
    low, size = draw(st.integers(-15, 15)), draw(st.integers(1, 30))
    strict = draw(st.booleans())
    other = draw(st.integers(-15, 40))
    f = draw(failures(n))
    inside = [x for x in range(low, low + size + 1) if x > low or not strict]
    how: dict[str, Any] = {"strict": strict}
    parameters = {
        "none": (bk.integers(n, "n", low, low + size, **how),),
        "half": (bk.integers(n, "n", low - sympy.Rational(1, 2), low + size + sympy.Rational(1, 3), **how),),
        "root": (bk.integers(n, "n", low - 1 + 1 / sympy.sqrt(2), low + size + 1 / sympy.sqrt(3), **how),),
        "high": (bk.integers(k, "k", -100), bk.integers(n, "n", low, k, **how)),
        "low": (bk.integers(k, "k", -100), bk.integers(n, "n", k, low + size, **how)),
        "above": (bk.integers(n, "n", low, low + size, **how), bk.reals(k, "k", n)),
        "from": (bk.integers(n, "n", low, low + size, **how), bk.reals(k, "k", n, strict=False)),
        "below": (bk.integers(n, "n", low, low + size, **how), bk.integers(k, "k", -100, n)),
        "twice": (bk.integers(n, "n", low, low + size, **how), bk.integers(k, "k", 2 * n, strict=True)),
    }
    kind = draw(st.sampled_from(sorted(parameters)))
    everything = range(low, low + size + 1)
    domain = {
        "none": inside, "half": everything, "root": everything, "twice": inside,
        "high": [x for x in range(low, other + 1) if x > low or not strict],
        "low": [x for x in range(other, low + size + 1) if x > other or not strict],
        "above": [x for x in inside if x < other], "from": [x for x in inside if x <= other],
        "below": [x for x in inside if x >= other],
    }[kind]  # fmt: skip
    fine = [x for x in domain if kind != "twice" or other > 2 * x]
    level = draw(st.integers(-10, 20))
    hypotheses: tuple[bk.Hypothesis, ...] = ()
    if draw(st.booleans()):
        relation = draw(st.sampled_from([n > level, n <= level, sympy.Ne(n, level), 2 * n >= level]))
        hypotheses = (bk.Hypothesis("h", relation),)
        fine = [x for x in fine if relation.subs(n, x)]
    s = own(*parameters[kind], failure=f, truth=f, hypotheses=hypotheses)
    return s, {} if len(parameters[kind]) == 1 else {"k": other}, list(domain), fine


@pytest.mark.slow
@settings(max_examples=examples(100))
@given(questions(), st.data())
def test_integers_are_what_looking_everywhere_says(question: Any, data: st.DataObject) -> None:
    s, rest, domain, fine = question
    reached = sorted({y for x in domain if 0 < (y := at(s.failure, n, x)) <= 1})
    levels = st.fractions(Fraction(1, 100), 1, max_denominator=100)
    target = data.draw(st.one_of(st.sampled_from(reached), levels) if reached else levels)
    largest, exact = data.draw(st.booleans()), data.draw(st.booleans())
    found = s.solve_for("n", failure=target, largest=largest, exact=exact, **rest)
    order = domain[::-1] if largest else domain
    works = [x for x in order if x in fine and at(s.failure, n, x) <= target]
    assert (found.how, found.undecided, found.only_looked_at) == ("certified", "", False)
    assert found.value == (works[0] if works else None)
    if not works:
        assert str(found).startswith("there is no n at which")
        return
    beside = works[0] + (1 if largest else -1)
    assert found.neighbour == (beside if beside in domain else None)
    bad = [i for i, x in enumerate(order) if x not in works]
    after = order[bad[-1] + 1 :] if bad else order
    assert found.onward == (after[0] if after else None)
    assert found.guarantee.applies is True


@settings(max_examples=examples(15))
@given(st.data())
def test_real_answers_work_and_nothing_before_them_does(data: st.DataObject) -> None:
    f = data.draw(failures(t).filter(lambda f: not any(p.exp.has(t) for p in f.atoms(sympy.Pow))))
    low = data.draw(st.fractions(-5, 10, max_denominator=7))
    high = low + data.draw(st.fractions(0, 20, max_denominator=7).filter(bool))
    strict, largest = data.draw(st.booleans()), data.draw(st.booleans())
    s = own(bk.reals(t, "t", rational(low), rational(high), strict=strict), failure=f)
    grid = [low + (high - low) * i / 30 for i in range(strict, 31)]
    reached = [y for x in grid if 0 < (y := at(f, t, x)) <= 1]
    levels = st.fractions(Fraction(1, 100), 1, max_denominator=100)
    target = data.draw(st.one_of(st.sampled_from(reached), levels) if reached else levels)
    found = s.solve_for("t", failure=target, largest=largest)
    works = [x for x in grid if at(f, t, x) <= target]
    if found.value is None:
        assert not works or found.undecided
        return
    assert found.guarantee.applies is True
    assert at(f, t, found.value) <= target
    side = 1 if largest else -1
    near = 2e-9 * max(1, abs(found.value))
    assert found.undecided or not [x for x in works if side * (x - found.value) > near]
    if found.neighbour is not None:
        assert side * (found.neighbour - found.value) > 0
        assert found.undecided or at(f, t, found.neighbour) > target
    if found.onward is not None:
        assert all(x in works for x in grid if side * (found.onward - x) > near)
    elif not found.undecided:
        assert at(f, t, low if largest else high) > target or (largest and strict)


@settings(max_examples=examples(30))
@given(st.integers(-300, 300), st.integers(-300, 300), st.integers(1, 9), st.booleans())
def test_a_real_answer_of_any_size(size: int, slope: int, digit: int, largest: bool) -> None:
    """Linear in the parameter: the root is met exactly, however near to 0."""
    root = digit * Fraction(10) ** (size // 2)
    steep = Fraction(10) ** (slope // 2)
    relation = sympy.Le(rational(steep) * t, rational(steep * root), evaluate=False)
    other = sympy.Ge(rational(steep) * t, rational(steep * root), evaluate=False)
    s = own(bk.reals(t, "t", 0), hypotheses=(bk.Hypothesis("h", relation if largest else other),))
    found = s.solve_for("t", largest=largest)
    assert found.value == root
    assert not found.only_looked_at
    equal = own(bk.reals(t, "t", 0), hypotheses=(bk.Hypothesis("e", sympy.Eq(t / rational(root), 1)),))
    assert equal.solve_for("t", largest=largest).value == root


@settings(max_examples=examples(20))
@given(st.integers(1, 9), st.booleans(), st.booleans())
def test_an_answer_at_0_is_met(a: int, largest: bool, stated: bool) -> None:
    """Where numbers near 0 are lost beside others: no precision is too small for them."""
    side = -1 if largest else 1
    f = (t - side * a) ** 2 / sympy.Integer(100)
    level = sympy.Rational(a**2, 100)
    hypotheses = (bk.Hypothesis("h", sympy.Le(f, level, evaluate=False)),) if stated else ()
    s = own(bk.reals(t, "t", -10, 10), failure=TENTH if stated else f, hypotheses=hypotheses)
    found = s.solve_for("t", largest=largest, **({} if stated else {"failure": Fraction(a**2, 100)}))
    assert (found.value, found.undecided) == (0, "")


@pytest.mark.parametrize(
    ("parameters", "failure", "asked", "value", "neighbour"),
    [
        ((bk.integers(n, "n"), bk.reals(t, "t", 0)), 1 / (n * t**2), {"t": 1, "failure": 0.01}, 100, 99),
        ((bk.integers(n, "n"),), 1 / n, {"failure": 0.1}, 10, 9),
        ((bk.integers(n, "n"),), sympy.Rational(1, 2) ** n, {"failure": 0.25}, 2, 1),
        ((bk.integers(n, "n"),), sympy.Rational(1, 10), {"failure": 0.1}, 1, None),
        ((bk.integers(n, "n"),), sympy.sqrt(n) / 6, {"failure": 0.5, "largest": True}, 9, 10),
        ((bk.integers(n, "n"),), 1 / sympy.sqrt(n), {"failure": 0.5}, 4, 3),
        ((bk.integers(n, "n"),), 1 / n, {"failure": Fraction(1, 10**30)}, 10**30, 10**30 - 1),
        ((bk.integers(n, "n"), bk.reals(t, "t", n)), sympy.exp(-n), {"t": 3, "failure": 0.5, "largest": True}, 2, None),
        ((bk.integers(n, "n", 3, strict=True),), sympy.exp(-n), {"failure": 0.5}, 4, None),
        ((bk.integers(n, "n", sympy.log(8) / sympy.log(2), 9),), sympy.exp(-n), {"failure": 0.5}, 3, None),
    ],
    ids=lambda x: str(x) if isinstance(x, sympy.Expr | int | dict) else "",
)
def test_ties_and_strict_ends(parameters: Any, failure: Any, asked: dict, value: int, neighbour: int | None) -> None:
    found = own(*parameters, failure=failure).solve_for("n", **asked)
    assert (found.value, found.neighbour) == (value, neighbour)
    assert (found.how, found.undecided, found.only_looked_at) == ("certified", "", False)


def test_where_there_is_no_smallest() -> None:
    s = own(bk.integers(n, "n"), bk.reals(delta, "delta", 0, 1), failure=n * delta)
    found = s.solve_for("delta", n=10**9, failure=Fraction(1, 10**8))
    assert found.only_looked_at
    assert found.neighbour is None
    assert "is the smallest delta that was looked at" in str(found)
    assert "the domain of delta goes on below" in str(found)
    assert "ends there" not in str(found)
    assert s.solve_for("delta", n=10**9, failure=Fraction(1, 10**12), largest=True).value == Fraction(1, 10**21)
    assert "goes on above" in str(own().solve_for("n", failure=0.5, largest=True))


def test_an_equation_is_met_or_left_open() -> None:
    def root(equation: Any) -> Any:
        return own(bk.reals(t, "t"), hypotheses=(bk.Hypothesis("e", equation),)).solve_for("t")

    assert root(sympy.Eq(3 * t, 1)).value == Fraction(1, 3)
    assert root(sympy.Eq(t**2, 4)).value == -2
    assert root(sympy.Eq(104729 * t, -7919)).value == Fraction(-7919, 104729)
    left = root(sympy.Eq(t**2, 2))
    assert left.value is None
    assert "it could not be decided whether there is a t" in str(left)
    with pytest.raises(bk.HypothesisError, match="no t is known to work"):
        _ = left.guarantee
    assert str(root(sympy.Eq(t**2, -1))).startswith("there is no t")


def test_beside_an_end_that_is_outside_nothing_is_denied() -> None:
    near = bk.Hypothesis("near", t < 5 + sympy.Rational(1, 10**15))
    found = own(bk.reals(t, "t", 5, 10), hypotheses=(near,)).solve_for("t")
    assert found.value is None
    assert "could not be decided" in str(found)


@pytest.mark.parametrize("largest", [False, True])
def test_irrational_ends(largest: bool) -> None:
    s = own(bk.reals(t, "angle", 0, sympy.pi), failure=sympy.exp(-t))
    found = s.solve_for("t", failure=0.1, largest=largest)
    assert float(found.value) == pytest.approx(3.14159265359 if largest else 2.302585093, rel=1e-9)
    assert found.guarantee.failure <= 0.1
    assert str(s.solve_for("t", failure=0.01)).startswith("there is no t")
    between = own(bk.reals(k, "k", 0), bk.reals(t, "t", sympy.sqrt(2) * k, sympy.sqrt(5) * k), failure=sympy.exp(-t))
    found = between.solve_for("t", k=2, failure=0.1, largest=largest)
    assert float(found.value) == pytest.approx(2 * (5 if largest else 2) ** 0.5, rel=1e-9)
    assert found.guarantee.applies is True
    found = between.solve_for("k", t=3, failure=0.1, largest=largest)
    assert float(found.value) == pytest.approx(3 / (2 if largest else 5) ** 0.5, rel=1e-8)
    assert found.guarantee.applies is True


def test_what_is_not_defined_does_not_work() -> None:
    assert own(failure=1 / (n - 5)).solve_for("n", failure=0.25).value == 9
    defined = bk.Hypothesis("h", sympy.log(n - 5) >= 1)
    found = own(failure=sympy.exp(-n), hypotheses=(defined,)).solve_for("n", failure=0.5)
    assert (found.value, found.neighbour, found.undecided) == (8, 7, "")


@given(st.fractions(0, 100), st.fractions(0, 1))
def test_the_plainest_fraction(low: Fraction, width: Fraction) -> None:
    found = Fraction(plainest(low, low + width))
    assert low <= found <= low + width
    for below in range(1, min(found.denominator, 50)):
        assert (low * below).__ceil__() > (low + width) * below


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**20), st.integers(1, 10**6))
def test_a_middle_lies_between(low: int, width: int, parts: int) -> None:
    high = low + width
    middle = middle_of(low, high, 1)
    assert middle is not None
    assert low <= middle < high
    real = middle_of(Fraction(low, parts), Fraction(high, parts), None)
    assert real is None or Fraction(low, parts) < real < Fraction(high, parts)
