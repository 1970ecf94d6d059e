"""What is refused when a statement is written: each kind of malformed field, by name, and never by a raw exception."""

import inspect
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import numpy as np
import pytest
from support import examples
import sympy

import boundkit as bk
from boundkit.coerce import INSTEAD
from boundkit.model.validation import RESERVED
from boundkit.simulate import check
from boundkit.studies.tables.making import COLUMNS

n, t, U = sympy.symbols("n t U")
f = sympy.Function("f")


def own(**changes: Any) -> bk.Statement:
    fields = {
        "name": "own", "place": "Own", "parameters": (bk.integers(n, "a count"), bk.reals(t, "a threshold", 0)),
        "quantities": (bk.reals(U, "a quantity", 0, strict=False),), "hypotheses": (), "claims": (U < 2 * n * (1 + t),),
        "failure": 2 * sympy.exp(-n / 16), "doc": "Own: a test.",
    }  # fmt: skip
    return bk.Statement(**{**fields, **changes})


FOREIGN = (
    sympy.sin(n), sympy.tanh(n), sympy.sinh(t), sympy.Sum(1 / n, (n, 1, 5)), sympy.Product(n, (n, 1, t)),
    sympy.Integral(sympy.exp(-n), (n, 0, t)), sympy.Derivative(f(n), n), sympy.Lambda(n, n), f(n), f(n, t), sympy.I * n,
    sympy.exp(sympy.I * n), sympy.sqrt(-2) * n, sympy.oo, -sympy.oo, n * sympy.oo, sympy.zoo, n / 0, sympy.nan,
    sympy.Mod(n, 2), sympy.Heaviside(n), sympy.sign(n), sympy.KroneckerDelta(n, t), sympy.LambertW(n),
    sympy.zeta(n), sympy.polygamma(0, n), sympy.uppergamma(n, t), sympy.beta(n, t), sympy.erfinv(t), sympy.arg(n),
    sympy.conjugate(n), sympy.im(n), sympy.frac(t), sympy.EulerGamma, sympy.GoldenRatio,
    sympy.RisingFactorial(n, t), sympy.FallingFactorial(n, t), sympy.factorial2(n), sympy.harmonic(n), sympy.atan(n),
    sympy.Max(n, sympy.sin(t)), sympy.exp(n > 1), sympy.Symbol("A", commutative=False), sympy.Matrix([[n]]),
    sympy.MatrixSymbol("M", 2, 2), sympy.IndexedBase("a")[n], sympy.Limit(1 / n, n, t), sympy.Subs(f(n), n, 1),
    sympy.floor(sympy.I * n), sympy.Piecewise((sympy.sin(n), n > 1), (1, True)), sympy.DiracDelta(t),
    sympy.Piecewise((n, sympy.Gt(sympy.sin(n), 0)), (1, True)), sympy.Piecewise((n, sympy.Symbol("b"))),
    bk.tails.LogOf(bk.tails.normal_two_sided(t)), bk.tails.LogSumExp(n, t), bk.tails.normal_two_sided(sympy.sin(t)),
    sympy.re(n) * sympy.I, sympy.Wild("w"), sympy.Dummy("n"), sympy.Symbol("n", real=True), sympy.Symbol("z"),
)  # fmt: skip
NO_NUMBERS = (
    "n", b"1", None, True, False, [1], (1,), {1: 2}, {1}, object(), print, sympy.exp, bk.tails.normal_two_sided,
    np.array([1.0]), float("nan"), float("inf"), 1j, sympy.true, n > 1, sympy.Interval(0, 1), sympy.S.EmptySet,
)  # fmt: skip
NO_TEXTS = (None, 1, ("a",), b"a", n)
NO_TUPLES = (None, "text", ["list"], {"a": 1}, {1}, 5, n, n > 1)


@pytest.mark.parametrize("formula", FOREIGN, ids=str)
def test_what_is_not_in_the_table_is_refused_by_name_wherever_it_stands(formula: Any) -> None:
    where: list[dict[str, Any]] = [{"failure": formula}, {"truth": formula}, {"failure": 0, "truth": formula}]
    if not formula.is_Matrix and not isinstance(formula, sympy.Lambda | sympy.exp):  # which SymPy cannot add to
        where.append({"failure": sympy.Add(sympy.S.Half, formula, evaluate=False)})
    if isinstance(formula, sympy.Expr) and not formula.is_Matrix and not isinstance(formula, sympy.MatrixExpr):
        for relation in (sympy.Le, sympy.Eq):
            where.append({"claims": (relation(U, formula, evaluate=False),)})
            where.append({"hypotheses": (bk.Hypothesis("h", relation(formula, t, evaluate=False)),)})
        both = sympy.Or(n > 5, sympy.Ge(formula, t, evaluate=False), evaluate=False)
        where.append({"hypotheses": (bk.Hypothesis("h", both),)})
    for changes in where:
        with pytest.raises(bk.StatementError, match="^own: ") as caught:
            own(**changes)
        assert len(str(caught.value)) < 700
    if formula not in (sympy.oo, -sympy.oo):
        with pytest.raises(bk.StatementError):
            own(parameters=(bk.integers(n, "n", 1, formula), bk.reals(t, "t")))


@pytest.mark.parametrize("kind", INSTEAD)
def test_what_to_write_instead_is_said(kind: str) -> None:
    found = [x for x in FOREIGN if any(type(part).__name__ == kind for part in sympy.preorder_traversal(x))]
    for formula in found[:1]:
        with pytest.raises(bk.StatementError, match="write|give|mend|call"):
            own(failure=formula)


MALFORMED = {
    **{f"{field} no tuple": (field, NO_TUPLES) for field in
       ("parameters", "quantities", "hypotheses", "claims", "worst_case", "errata", "depends_on", "truth_assumes",
        "tex")},
    **{f"{field} no number": (field, NO_NUMBERS) for field in ("failure",)},
    "truth no number": ("truth", [x for x in NO_NUMBERS if x is not None]),
    **{f"{field} no text": (field, NO_TEXTS) for field in ("place", "attained", "doc")},
    "parameters": ("parameters", [(x,) for x in (n, "n", None, 1, ("n", 1), bk.Hypothesis("h"), int)]),
    "quantities": ("quantities", [(x,) for x in (U, "U", None, 1, ("U", 1))]),
    "hypotheses": ("hypotheses", [(x,) for x in (
        "n > 1", None, True, 1, n > 1, n, ("n > 1", n > 1), bk.Hypothesis(None), bk.Hypothesis(5, n > 1),
        bk.Hypothesis("", n > 1), bk.Hypothesis("h", "n > 1"), bk.Hypothesis("h", True), bk.Hypothesis("h", False),
        bk.Hypothesis("h", 1), bk.Hypothesis("h", n), bk.Hypothesis("h", sympy.true), bk.Hypothesis("h", n > 1, None),
        bk.Hypothesis("h", sympy.Xor(n > 1, t > 1)), bk.Hypothesis("h", sympy.Implies(n > 1, t > 1)),
        bk.Hypothesis("h", sympy.Contains(n, sympy.S.Integers)), bk.Hypothesis("h", (n > 1, t > 1)),
        bk.Hypothesis("h", sympy.And(n > 1, sympy.Symbol("b"))), bk.Hypothesis("h", U > 1),
        bk.Hypothesis("h", sympy.ITE(n > 1, t > 1, t > 2)),
    )]),
    "a hypothesis twice": ("hypotheses", [(bk.Hypothesis("h", n > 1), bk.Hypothesis("h", n > 2))]),
    "claims": ("claims", [(x,) for x in (
        "U < 1", None, True, 1, n, U, sympy.And(U < n, U > 0), sympy.Or(U < n, U > t),
        sympy.Not(sympy.And(U < n, U > t)), n < t, n > U + 1, U < U + n, sympy.true, (U < n,), U < sympy.oo,
    )]),
    "worst_case": ("worst_case", [(x,) for x in (
        ("n",), "n", None, 1, ("n", 1, 2), (n, 1), ["n", 1], ("m", 1), ("n", "1"), ("n", None), ("n", 0), ("n", n),
        ("n", 0.5), ("n", float("nan")), ("n", True),
    )]),
    "depends_on": ("depends_on", [(x,) for x in (None, 1, n, ("a",))]),
    "truth_assumes": ("truth_assumes", [(x,) for x in (None, 1, n, ("a",))]),
    "tex and text": ("tex", [(x,) for x in (
        None, "failure", ("failure",), ("failure", 1), ("failure", None), (1, "a"), ("falure", "a"), ("bound_2", "a"),
    )]),
    "errata": ("errata", [(x,) for x in (
        None, "E1", 1, ("E1", "a"), bk.Erratum("E1", "a", "b", "typo", witness=(("n",),)),
        bk.Erratum("E1", "a", "b", "typo", witness=[("n", 1)]),
    )]),
    "sampler": ("sampler", ["sampler", 1, (1,), [print]]),
    "truth_is": ("truth_is", [None, "about", 1, ("exact",)]),
}  # fmt: skip
CASES = [(name, field, value) for name, (field, values) in MALFORMED.items() for value in values]


@settings(max_examples=examples(40))
@given(st.sampled_from(CASES), st.data())
def test_malformed_fields_are_refused(case: tuple[str, str, Any], data: st.DataObject) -> None:
    """Alone and beside other malformed fields."""
    _, field, value = case
    others = {f: v for _, f, v in data.draw(st.lists(st.sampled_from(CASES), max_size=2)) if f != field}
    for changes in ({field: value}, {**others, field: value}):
        with pytest.raises(bk.StatementError):
            own(**changes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_each_malformed_field_is_refused(case: tuple[str, str, Any]) -> None:
    _, field, value = case
    with pytest.raises(bk.StatementError, match="^own: "):
        own(**{field: value})


PARAMETERS = [
    (bk.reals(sympy.Symbol(name), "a parameter"),)
    for name in ("a b", "1a", "lambda", "a-b", "a.b", "!", "None", "x\n", "")
] + [
    (bk.reals(sympy.Symbol("a", positive=True), "a"),), (bk.reals(sympy.Dummy("a"), "a"),),
    (bk.integers(sympy.Symbol("a"), "a", sympy.oo),), (bk.reals(sympy.Symbol("a"), "a", high=-sympy.oo),),
    (bk.reals(sympy.Symbol("a"), "a", 2, 1),), (bk.reals(sympy.Symbol("a"), "a", sympy.Symbol("a")),),
    (bk.reals(sympy.Symbol("a"), "a", sympy.Symbol("b")), bk.reals(sympy.Symbol("b"), "b", sympy.Symbol("a"))),
    (bk.reals(sympy.Symbol("a"), None),), (bk.reals(sympy.Symbol("a"), "a", tex=None),),
    (bk.reals(sympy.Symbol("a"), "a", phrase="words"),), (bk.reals(sympy.Symbol("a"), "a", degree=-1),),
    (bk.Parameter("a", True, sympy.S.One, sympy.oo, "a"),), (bk.Parameter(sympy.Symbol("a"), True, 1, 2, "a"),),
    (bk.reals(sympy.Symbol("a"), "a", default="1"),), (bk.reals(sympy.Symbol("a"), "a"),) * 2,
]  # fmt: skip


@pytest.mark.parametrize("parameters", PARAMETERS, ids=lambda parameters: repr(parameters[0].symbol))
def test_parameters_that_cannot_be_used_are_refused(parameters: tuple[Any, ...]) -> None:
    with pytest.raises(bk.StatementError, match="^own: "):
        own(parameters=(bk.integers(n, "n"), bk.reals(t, "t"), *parameters))


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_parameters_that_mean_something_else_are_refused(name: str) -> None:
    with pytest.raises(bk.StatementError, match=f"^own: '{name}' means something else"):
        own(parameters=(bk.integers(n, "n"), bk.reals(t, "t"), bk.reals(sympy.Symbol(name), "a parameter")))


def test_what_means_something_else_is_what_calls_and_tables_say() -> None:
    asked = (
        bk.Statement.__call__,
        bk.Statement.evaluate,
        bk.Statement.solve_for,
        check,
        bk.tightness,
        bk.refute,
        bk.check_point,
        bk.testing.parameters,
    )
    names = {
        p.name for call in asked for p in inspect.signature(call).parameters.values() if p.kind is not p.VAR_KEYWORD
    }
    assert names | {carried for columns in COLUMNS.values() for carried in columns} <= RESERVED
    assert not any(p.name in RESERVED for s in bk.catalogue.values() for p in s.parameters)


def test_and_or_not_are_kept_as_they_are_meant() -> None:
    both = bk.Hypothesis("both", sympy.Not(sympy.And(n > 1, sympy.Or(t < 1, sympy.Ne(n, 3)))))
    assert both.relation == sympy.Or(n <= 1, sympy.And(t >= 1, sympy.Eq(n, 3)))
    s = own(hypotheses=(both,))
    answers = {(1, 0.5): True, (3, 2): True, (3, 0.5): False, (4, 2): False}
    for (a, b), answer in answers.items():
        assert s(n=a, t=b).applies is answer
    arrays = s.evaluate(n=[a for a, _ in answers], t=[b for _, b in answers])
    assert arrays["applies"].tolist() == list(answers.values())
    assert s(n=3).applies is None
    assert s(n=1).applies is True
    assert s(t=0.5).applies is None
    assert "fails  both    3 > 1, 0.5 < 1" in str(s(n=3, t=0.5))
    assert r"\left(n = 3 \wedge t \geq 1\right) \vee n \leq 1 \implies" in s.latex()
