"""`Statement.substituted`: what it says at values is what the statement before says at the values put in."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
import sympy

import boundkit as bk
from boundkit.errors import StatementError
from boundkit.model.hypothesis import Hypothesis

N, SIDE, TOP, X = sympy.symbols("n side top x")
NAMED = {"name": "mine", "place": "Mine"}
OF_5_1 = {p.name: p.symbol for p in bk.theorem_5_1.parameters}


def same(one: bk.Guarantee, other: bk.Guarantee) -> None:
    assert (one.applies, one.bound, one.log_failure) == (other.applies, other.bound, other.log_failure)
    if one.statement.truth is not None:
        assert one.exact().enclosure == other.exact().enclosure


@settings(max_examples=20)  # certified laws at three readings each
@given(st.integers(10**3, 10**6), st.data())
def test_the_corollaries_are_their_theorems_at_fractions(d: int, data: st.DataObject) -> None:
    """In every reading."""
    ell, m = data.draw(st.integers(100, d)), data.draw(st.integers(2, 200))
    k, output = data.draw(st.integers(1, m - 1)), data.draw(st.sampled_from((-2, 3)))
    c_ell, c_k = Fraction(ell, d), Fraction(k, m)
    same(bk.corollary_4_1(d=d, c_ell=c_ell, c_k=c_k), bk.theorem_4_1(d=d, ell=ell, m=m, k=k))
    for corollary, theorem in zip(bk.corollary_5_1.readings, bk.theorem_5_1.readings, strict=True):
        same(corollary(d=d, m=m, c_ell=c_ell, c_k=c_k, output=output), theorem(d=d, ell=ell, m=m, k=k, output=output))


@given(st.integers(7, 300), st.fractions(Fraction(1, 100), 100))
def test_a_formula_and_a_new_sense_of_a_name_are_put_in_at_once(side: int, sigma: Fraction) -> None:
    _, of_sigma = bk.lemma_b_1.parameters
    mine = bk.lemma_b_1.substituted(
        {N: SIDE**2, of_sigma.symbol: SIDE * of_sigma.symbol},
        parameters=(bk.integers(SIDE, "a side"), of_sigma),
        **NAMED,
    )
    same(mine(side=side, sigma=sigma), bk.lemma_b_1(n=side**2, sigma=side * sigma))


@given(st.integers(1, 10**4), st.integers(1, 50), st.fractions(Fraction(1, 9), 9))
def test_what_is_written_by_hand_has_the_same_value(low: int, times: int, x: Fraction) -> None:
    """A root of an inverse, a common factor and a sign: of parameters above 0, and never of others."""
    top = sympy.sqrt(TOP / N) * (TOP - N) * sympy.Piecewise((2, sympy.Eq(N, 0)), (1, True))
    quantity = bk.reals(sympy.Symbol("q"), "what is bounded")
    before = bk.Statement(
        parameters=(bk.reals(N, "one"), bk.reals(TOP, "another", 0)), quantities=(quantity,),
        hypotheses=(Hypothesis("n < top", N < TOP), bk.assumed("all is well")), claims=(quantity.symbol <= top,),
        failure=sympy.exp(-TOP), truth=sympy.exp(-2 * TOP) * N / TOP, **NAMED,
    )  # fmt: skip
    after = before.substituted(
        {N: X * TOP},
        parameters=(bk.reals(X, "a share", 0, strict=False), before.parameters[1]),
        words=(("x top < top", r"xt < t"),),
        **NAMED,
    )
    assert after.bound == sympy.sqrt(1 / X) * TOP * (1 - X) * sympy.Piecewise((2, sympy.Eq(X, 0)), (1, True))
    assert [h.text for h in after.hypotheses] == ["x top < top", "all is well"]
    same(after(x=x, top=low * times), before(n=x * low * times, top=low * times))


def test_no_word_of_the_old_statement_stays() -> None:
    wide = bk.integers(OF_5_1["d"], "the input dimension", 10**6)
    others = tuple(p for p in bk.theorem_5_1.parameters if p.name not in ("d", "ell"))
    mine = bk.theorem_5_1.substituted(
        {OF_5_1["ell"]: 10**6}, parameters=(wide, *others), words=(("d is not too large", ""),), **NAMED
    )
    assert not any((mine.text, mine.tex, mine.errata, mine.doc, mine.depends_on, mine.paper))
    assert mine.worst_case == bk.theorem_5_1.worst_case  # k is still there
    assert mine.proof is mine.experiment is mine.sampler is mine.printed is None
    assert (mine.truth_is, mine.truth_assumes) == (bk.theorem_5_1.truth_is, bk.theorem_5_1.truth_assumes)
    for word in ("5.1", "ell"):
        assert word not in str(mine)
        assert word not in mine.latex()


def test_a_hypothesis_that_is_always_met_is_left_out() -> None:
    mine = bk.theorem_5_1.substituted(
        {OF_5_1["k"]: 1}, parameters=tuple(p for p in bk.theorem_5_1.parameters if p.name != "k"), **NAMED
    )
    assert [h.text for h in mine.hypotheses] == [h.text for h in bk.theorem_5_1.hypotheses if h.text != "k >= 1"]
    with pytest.raises(StatementError, match="never met"):
        bk.theorem_5_1.substituted(
            {OF_5_1["k"]: 0}, parameters=bk.theorem_5_1.parameters, words=(("k = 0", ""),), **NAMED
        )


@pytest.mark.parametrize(
    ("statement", "values", "words", "says"),
    [
        (bk.lemma_b_1, {X: 1}, (), "lemma_b_1 has no parameter x; its parameters are n, sigma"),
        (bk.lemma_b_1, {N: "2"}, (), "lemma_b_1: n is '2'"),
        (bk.lemma_b_1, {N: X}, (), "it uses x, which it does not declare"),
        (bk.lemma_b_1, {N: 5}, (("n = 5", ""),), "1 hypotheses are written anew, and 0 change"),
        (bk.theorem_5_1, {OF_5_1["ell"]: 5}, (), "0 hypotheses are written anew, and 1 change .ell >= 32"),
    ],
)
def test_what_cannot_be_put_in_is_refused(statement, values, words, says) -> None:
    with pytest.raises(StatementError, match=says):
        statement.substituted(values, parameters=statement.parameters, words=words, **NAMED)


T = sympy.Symbol("t")


def of(failure: sympy.Expr, *hypotheses: sympy.Basic, low: object = -sympy.oo) -> bk.Statement:
    quantity = bk.reals(sympy.Symbol("q"), "what is bounded")
    return bk.Statement(
        parameters=(bk.reals(N, "one", low, strict=False), bk.reals(T, "another")), quantities=(quantity,), **NAMED,
        hypotheses=tuple(Hypothesis(str(h), h) for h in hypotheses), claims=(quantity.symbol <= 1,), failure=failure,
    )  # fmt: skip


VANISHING = {
    "a pole": (of(sympy.exp(-N * T / (T - 5))), {N: T - 5}),
    "a log times 0": (of(sympy.exp(-20 + N * sympy.log(T))), {N: sympy.S.Zero}),
    "a root that is squared": (of(sympy.exp(-N * sympy.sqrt(T))), {N: sympy.sqrt(T)}),
    "a law times 0": (of(N * bk.tails.chi_square_at_least(T, 2) + sympy.exp(-1)), {N: sympy.S.Zero}),
    "a hypothesis": (of(sympy.exp(-9), sympy.Eq(sympy.log(N), T)), {T: sympy.log(N)}),
    "an end": (of(sympy.exp(-N)), {N: sympy.oo}),
}


@pytest.mark.parametrize("kind", VANISHING)
def test_what_may_not_be_defined_never_vanishes(kind: str) -> None:
    """SymPy cancels what is not defined: the statement would promise where the one before promises nothing."""
    s, values = VANISHING[kind]
    with pytest.raises(StatementError, match="may not be|becomes infinite"):
        s.substituted(values, parameters=s.parameters, **NAMED)


def test_a_range_of_its_own_holds_for_a_parameter_that_stays() -> None:
    before = of(sympy.exp(-20), N * T <= 0, low=0)
    after = before.substituted(
        {T: X}, parameters=(bk.reals(X, "new"), bk.reals(N, "one, and any")), words=(("n x <= 0", ""),), **NAMED
    )
    assert after(x=-1, n=-1).applies is False
    assert after(x=1, n=-1).applies is True


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"values": [N]}, "give symbols and formulas"),
        ({"words": ("abc",)}, "give pairs of text and LaTeX"),
        ({"words": ("ab",)}, "give pairs of text and LaTeX"),
        ({"nonsense": 1}, "no field nonsense"),
        ({"place": None}, "needs place"),
    ],
)
def test_wrong_use_is_told(how: dict, says: str) -> None:
    s = of(sympy.exp(-N))
    given = {"values": {N: X}, "parameters": (bk.reals(X, "new"), s.parameters[1]), **NAMED, **how}
    given = {name: value for name, value in given.items() if value is not None}
    with pytest.raises(StatementError, match=says):
        s.substituted(given.pop("values"), **given)
