"""True proofs, spoilt in every way that makes them false: none is accepted; what is accepted is searched all the same.

`tests/test_certificate.py` takes away every spend, fact and hypothesis, and changes every number by 1%.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from support import STATEMENTS, some
import sympy
from sympy import Rational, nan, zoo

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.errors import BoundkitError
from boundkit.model.parameter import Parameter
from boundkit.model.proof import Chernoff, Fact, NonnegativeSum, Proof, Step
from boundkit.model.statement import Hypothesis
from boundkit.tails import Tail

PROVED = tuple(s for s in STATEMENTS.values() if s.proof is not None)
QUICK = ("lemma_b_1", "lemma_c_2", "lemma_c_3", "lemma_d_1", "theorem_6_1", "corollary_4_1", "normal_tail")
by_name = pytest.mark.parametrize(
    "s", [pytest.param(s, marks=() if s.name in QUICK else pytest.mark.slow) for s in PROVED], ids=lambda s: s.name
)
TURNED = {sympy.Le: sympy.Ge, sympy.Ge: sympy.Le, sympy.Lt: sympy.Gt, sympy.Gt: sympy.Lt}


def accepted(s: Statement) -> bool:
    """Whether its proof is shown; what cannot even be written is not."""
    try:
        return s.certificate().holds is True
    except BoundkitError:
        return False


def with_proof(s: Statement, field: str, i: int, part: object) -> Statement:
    parts = getattr(s.proof, field)
    return replace(s, proof=replace(s.proof, **{field: (*parts[:i], part, *parts[i + 1 :])}))


def unpaid(s: Statement) -> Iterator[Statement]:
    """An event paid for a part of once, not at all, less than nothing, or nobody knows how often."""
    for i, spent in enumerate(s.proof.spends):
        for count in (0, -spent.count, spent.count / 100, Rational(1, 2), spent.count + Rational(1, 3), nan, zoo):
            yield with_proof(s, "spends", i, replace(spent, count=sympy.sympify(count)))


def unsaid(s: Statement) -> Iterator[Statement]:
    """A reason left out."""
    for i, spent in enumerate(s.proof.spends):
        yield with_proof(s, "spends", i, replace(spent, because=""))
        for field in ("otherwise", "whole"):
            if getattr(spent, field):
                yield with_proof(s, "spends", i, replace(spent, **{field: " "}))
        if spent.given:
            yield with_proof(s, "spends", i, replace(spent, given=()))
    for i, step in enumerate(s.proof.steps):
        if isinstance(step.by, Fact):
            yield with_proof(s, "steps", i, replace(step, by=replace(step.by, why="")))


def unmet(s: Statement) -> Iterator[Statement]:
    """An assumption that a fact or a spend needs left out."""
    needs = {need for step in s.proof.steps if isinstance(step.by, Fact) for need in step.by.needs}
    needs |= {need for spent in s.proof.spends for need in spent.needs}
    for h in s.hypotheses:
        if h.relation is None and h.text in needs:
            yield replace(s, hypotheses=tuple(other for other in s.hypotheses if other is not h))


def captured(s: Statement) -> Iterator[Statement]:
    """A variable bound to a parameter of the statement, or all variables to one."""
    for i, spent in enumerate(s.proof.spends):
        for p in s.parameters:
            if isinstance(spent.event, Tail):
                yield with_proof(s, "spends", i, replace(spent, values=((spent.values[0][0], p.symbol),)))
            else:
                names = tuple((q.symbol, p.symbol) for q in spent.event.quantities)
                yield with_proof(s, "spends", i, replace(spent, names=names))


def turned(s: Statement) -> Iterator[Statement]:
    """A claim, a step or a link of the chain the other way round."""
    for i, claim in enumerate(s.claims):
        if type(claim) in TURNED:
            other = TURNED[type(claim)](*claim.args)
            yield replace(s, claims=(*s.claims[:i], other, *s.claims[i + 1 :]))
    for field in ("steps", "budget"):
        for i, step in enumerate(getattr(s.proof, field)):
            if type(step.relation) in TURNED and not isinstance(step.by, Fact):
                relation = TURNED[type(step.relation)](*step.relation.args)
                yield with_proof(s, field, i, replace(step, relation=relation))


def differ(one: sympy.Expr, other: sympy.Expr) -> bool:
    """Whether two expressions differ where every parameter is another prime: sqrt(m/q) sqrt(d) is sqrt(d/q) sqrt(m)."""
    parameters = sorted(one.free_symbols | other.free_symbols, key=str)
    at = {parameter: sympy.prime(i + 3) for i, parameter in enumerate(parameters)}
    return abs(sympy.N((one - other).xreplace(at), 30)) > Rational(1, 10**20) * abs(sympy.N(one.xreplace(at), 30))


def swapped(s: Statement) -> Iterator[Statement]:
    """Two parameters exchanged in the claims or in the failure probability, where that changes them."""
    for a, b in combinations(s.symbols, 2):
        at = {a: b, b: a}
        claims = tuple(claim.xreplace(at) for claim in s.claims)
        if any(differ(x.rhs, y.rhs) for x, y in zip(claims, s.claims, strict=True)):
            yield replace(s, claims=claims)
        if differ(s.failure.xreplace(at), s.failure):
            yield replace(s, failure=s.failure.xreplace(at))


def empty(s: Statement) -> Iterator[Statement]:
    """A hypothesis that is never met."""
    yield replace(s, hypotheses=(*s.hypotheses, Hypothesis("nowhere", s.parameters[0].symbol ** 2 + 1 < 0)))


def undefined(s: Statement) -> Iterator[Statement]:
    """nan, zoo and oo for a theta; a law at a point where there is none."""
    for field in ("steps", "budget"):
        for i, step in enumerate(getattr(s.proof, field)):
            if isinstance(step.by, Chernoff):
                wrong = (nan, zoo, sympy.oo, -step.by.theta, sympy.I * step.by.theta, sympy.Float(0.25) + step.by.theta)
                for theta in wrong:
                    yield with_proof(s, field, i, replace(step, by=Chernoff(theta)))


def not_whole(s: Statement) -> Iterator[Statement]:
    """A parameter that has to be an integer, because it is one of what is spent, any real number."""
    needed = set()
    for spent in s.proof.spends:
        if isinstance(spent.event, Statement) and not spent.whole:
            needed |= set().union(*(spent.at(p.symbol).free_symbols for p in spent.event.parameters if p.integer))
    for i, p in enumerate(s.parameters):
        if p.integer and p.symbol in needed:
            yield replace(s, parameters=(*s.parameters[:i], replace(p, integer=False), *s.parameters[i + 1 :]))


def ne_for_a_sign(s: Statement) -> Iterator[Statement]:
    """A step between other sides, 'shown' by a !=."""
    for claim in s.claims:
        wrong = TURNED.get(type(claim), sympy.Ge)(claim.lhs, claim.rhs + 1)
        apart = sympy.Ne(wrong.lhs, wrong.rhs, evaluate=False)
        yield replace(
            s,
            claims=(wrong,),
            tex=(),
            text=(),
            proof=replace(
                s.proof,
                steps=(
                    *s.proof.steps,
                    Step(apart, Fact("they differ")),
                    Step(wrong, NonnegativeSum(((apart,),))),
                ),
            ),
        )


SPOILT = (unpaid, unsaid, unmet, captured, turned, swapped, empty, undefined, not_whole, ne_for_a_sign)


@by_name
@pytest.mark.parametrize("way", SPOILT, ids=lambda way: way.__name__)
def test_no_spoilt_proof_is_accepted(s: Statement, way: object) -> None:
    for mutant in way(s):
        assert not accepted(mutant), mutant.proof


def test_every_way_spoils_something() -> None:
    for way in SPOILT:
        assert any(True for s in PROVED if s.name in QUICK for _ in way(s)), way.__name__


def widened(s: Statement) -> Iterator[Statement]:
    """A parameter's range with its end, or from one step further down."""
    for i, p in enumerate(s.parameters):
        if p.low.is_number and p.low.is_finite:
            for low, strict in ((p.low, False), (p.low - 1, p.strict)):
                if (low, strict) != (p.low, p.strict):
                    wide: Parameter = replace(p, low=low, strict=strict)
                    yield replace(s, parameters=(*s.parameters[:i], wide, *s.parameters[i + 1 :]), truth_assumes=())


@pytest.mark.slow
@by_name
def test_what_is_still_accepted_with_wider_ranges_is_not_found_false(s: Statement) -> None:
    """Such a proof may be right: then no point says otherwise."""
    for mutant in widened(s):
        if accepted(mutant) and mutant.truth is not None:
            found = bk.falsify(mutant, points=200, seed=3)
            assert found.counterexample is None, found


SEARCHED = tuple(s for s in PROVED if s.truth is not None)


@pytest.mark.parametrize("s", some(SEARCHED, 8))
def test_what_is_proved_is_searched_for_counterexamples(s: Statement) -> None:
    found = bk.falsify(s, points=60, seed=11)
    assert found.counterexample is None, found


@pytest.mark.slow
@pytest.mark.parametrize("s", SEARCHED, ids=lambda s: s.name)
def test_what_is_proved_is_searched_at_length(s: Statement) -> None:
    found = bk.falsify(s, points=3000, seed=12, seconds=120)
    assert found.counterexample is None, found
    assert found.searched >= 300


def test_a_proof_that_is_cut_off_anywhere_is_not_accepted() -> None:
    for s in PROVED:
        if s.name not in QUICK:
            continue
        proof = s.proof
        for cut in (Proof(), replace(proof, spends=()), replace(proof, budget=(), steps=())):
            if cut != proof and (cut.spends, cut.steps, cut.budget) != (proof.spends, proof.steps, proof.budget):
                assert not accepted(replace(s, proof=cut)), (s.name, cut)
