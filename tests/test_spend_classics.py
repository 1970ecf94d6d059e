"""Proofs of one's own spend the classics: with their proofs where they have one, else by who proves them."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import Rational, Symbol, symbols

import boundkit as bk
from boundkit.api.objects import Statement
from boundkit.model.proof import Proof, Spend, spend

CLASSICS = bk.papers.classics
X = Symbol("X")
a, d, x = symbols("a d x")
# each classic, at values of its parameters, with what it then says of a variable of its own
USES: dict[str, tuple[str, dict[Any, Any]]] = {
    "hypergeometric": ("serfling", {Symbol("t"): Rational(1, 10)}),
    "binomial": ("chernoff_any", {d: 1}),
    "Poisson": ("poisson_bernstein", {x: Symbol("lam")}),
    "gamma": ("gamma_chernoff_upper", {a: 2}),
    "Student": ("student_tail", {Symbol("n"): 9, Symbol("t"): 3}),
}
AT = {"n": 100, "p": Fraction(1, 10), "lam": 10, "N": 1000, "K": 300, "k": 20}


def spent(law: str, name: Symbol, classic: Statement | None = None) -> Spend:
    event = classic or CLASSICS[USES[law][0]]
    cited = {} if event.proof else {"proved": event.place.partition(", ")[2]}
    return spend(event, USES[law][1], {X: name}, because=f"{name} has the law that {event.title} is of", **cited)


def own(*spends: Spend) -> Statement:
    """What the spent statements say, at the sum of what they allow; its parameters are those that are left."""
    claims = tuple(claim for s in spends for claim in s.granted)
    failure = sum(s.failure for s in spends)
    names = tuple(s.names[0][1] for s in spends)
    left = set().union(failure.free_symbols, *(c.free_symbols for c in claims)) - set(names)
    parameters = {p.symbol: p for s in reversed(spends) for p in s.event.parameters if p.symbol in left}
    ends_last = sorted(parameters.values(), key=lambda p: len(p.high.free_symbols))
    return bk.Statement(
        name="own", place="Own", parameters=tuple(ends_last),
        quantities=tuple(bk.reals(q, "a variable", 0, strict=False) for q in names),
        hypotheses=(), claims=claims, failure=failure, proof=Proof(spends=spends),
    )  # fmt: skip


@pytest.mark.parametrize("law", USES)
def test_a_proof_spends_a_classic_of_each_law(law: str) -> None:
    s = own(spent(law, Symbol("Y")))
    classic = CLASSICS[USES[law][0]]
    certificate = s.certificate()
    assert certificate.holds is True, str(certificate)
    cited = [text for text in certificate.assumed if text.startswith(f"{classic.title} is proved by ")]
    assert len(cited) == (classic.proof is None)
    (item,) = bk.budget(s, **{p.name: AT[p.name] for p in s.parameters}).items
    assert item.name == classic.title
    assert item.log_exact < item.log_claimed < 0


def test_one_proof_spends_them_all() -> None:
    s = own(*(spent(law, Symbol(f"Y_{i}")) for i, law in enumerate(USES)))
    assert s.certificate().holds is True, str(s.certificate())
    found = bk.budget(s, **AT)
    assert [item.name for item in found.items] == [CLASSICS[name].title for name, _ in USES.values()]
    assert found.log_exact < found.log_claimed == pytest.approx(found.log_printed)
    assert all(CLASSICS[name].title in str(found) for name, _ in USES.values())


def test_what_carries_no_proof_is_named_with_who_proves_it() -> None:
    unsaid = spend(CLASSICS.serfling, USES["hypergeometric"][1], {X: Symbol("Y")}, because="Y counts the white balls")
    assert "who proves it" in str(own(unsaid).certificate().missing)
    with pytest.raises(bk.StatementError, match="who proves it"):
        bk.budget(own(unsaid), **{name: AT[name] for name in "nNK"})


def test_a_misquote_is_not_spent() -> None:
    wrong = own(spent("hypergeometric", Symbol("Y"), CLASSICS.serfling.as_printed))
    assert wrong.certificate().holds is None
    assert "the reading that holds, not the one as printed" in str(wrong.certificate().missing)


def test_what_a_number_refutes_is_not_spent() -> None:
    false = replace(CLASSICS.student_tail, failure=Rational(1, 10**9))
    refused = own(spent("Student", Symbol("Y"), false)).certificate()
    assert refused.holds is None
    assert "to be true" in str(refused.missing)
    untrue = replace(CLASSICS.chu, claims=(X >= 1,))  # nothing is random in it
    values = {Symbol("t"): 3}
    refused = own(spend(untrue, values, {X: Symbol("Y")}, because="Y is that", proved="nobody")).certificate()
    assert refused.holds is None


def test_there_is_no_budget_where_a_classic_has_no_exact_law() -> None:
    event = spend(CLASSICS.dkw, {Symbol("t"): Rational(1, 5)}, {X: Symbol("Y")}, because="it is", proved="Massart")
    s = own(event)
    assert s.certificate().holds is True, str(s.certificate())
    with pytest.raises(bk.StatementError, match="neither an exact law"):
        bk.budget(s, n=100)
