"""A statement at given values: what it answers, how it prints, and what it refuses."""

from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal
from fractions import Fraction
import inspect
import json
import math
import pickle
import pydoc

from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st
import mpmath
import numpy as np
import pytest
from support import STATEMENTS, examples, points
import sympy

import boundkit as bk
from boundkit.enclose import ball
from boundkit.engine.verdict import apart_from_truth
from boundkit.tails import Tail

k, output = sympy.symbols("k output")

INAPPLICABLE = """\
Theorem 5.1 at d = 1000, ell = 600, m = 10: does not apply; nothing is promised.
  fails  ell >= 32 (m - 1) log(m^2 d)    600 < 3315.7226, so ell >= 3316 is needed
  open   k >= 1, N(x0) != 0
  the formula would say: |z| <= 146.06 |N(x0)|/k and the label flips, with probability at least 0.841886
  corrected: |N(x0)| for N(x0) (E2); k >= 1, N(x0) != 0 (E13); k <= m - 1 (E25)"""

PROMISED = """\
Theorem 5.1 at d = 1000000, ell = 900000, m = 10: for every k >= 1 and N(x0) != 0,
  with probability at least 0.995: |z| <= 119.26 |N(x0)|/k and the label flips
  undetermined without a value for k, output
  assumed: the data and x0 lie on P; standard initialisation; only the first
    layer is trained
  corrected: |N(x0)| for N(x0) (E2); k >= 1, N(x0) != 0 (E13); k <= m - 1 (E25)"""


def test_the_papers_theorem_at_sizes_where_it_says_nothing() -> None:
    g = bk.theorem_5_1(d=1000, ell=600, m=10)
    assert g.verdict is bk.Verdict.INAPPLICABLE
    assert g.applies is False
    assert g.free == ("k", "output")
    assert sympy.simplify(g.bound - 80 * sympy.sqrt(30) * sympy.Abs(output) / (3 * k)) == 0
    assert g.probability == pytest.approx(0.841886, abs=1e-6)
    assert str(g) == INAPPLICABLE
    assert repr(g) == "<theorem_5_1(d=1000, ell=600, m=10): INAPPLICABLE: probability >= 0.841886>"


def test_the_papers_theorem_at_sizes_where_it_applies() -> None:
    g = bk.theorem_5_1(d=1_000_000, ell=900_000, m=10)
    assert g.verdict is bk.Verdict.UNDETERMINED
    assert g.applies is None
    assert str(g) == PROMISED
    assert bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10, k=2, output=-1).verdict is bk.Verdict.INFORMATIVE


@pytest.mark.parametrize(
    ("g", "verdict"),
    [
        (bk.theorem_5_1.as_printed(d=10, ell=5, m=1, k=1, output=2), bk.Verdict.VACUOUS),  # failure above 1
        (bk.theorem_4_1(d=100, ell=50, m=4, k=0), bk.Verdict.VACUOUS),  # a length is at least 0
        (bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10, k=0, output=1), bk.Verdict.INAPPLICABLE),
        (bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10, k=1, output=0), bk.Verdict.INAPPLICABLE),
        (bk.theorem_4_1(d=100), bk.Verdict.UNDETERMINED),  # the failure is still an expression
        (bk.theorem_4_1(d=100, ell=50), bk.Verdict.INFORMATIVE),
        (bk.theorem_5_1.as_printed(d=1, ell=1, m=1), bk.Verdict.VACUOUS),
        (bk.lemma_c_2(norm_u=0, t=3), bk.Verdict.INAPPLICABLE),
        (bk.lemma_c_2(norm_u=1, t=1), bk.Verdict.VACUOUS),
        (bk.theorem_a_2(d=5, ell=2, m=3), bk.Verdict.INFORMATIVE),
        (bk.corollary_6_2(d=2, ell=1, eta=1, lam=Fraction(1, 2), T=1), bk.Verdict.INFORMATIVE),  # 1/2 <= 1/2: an edge
        (bk.corollary_6_2(d=2, ell=1, eta=1, lam=Fraction(499, 1000), T=1), bk.Verdict.INAPPLICABLE),
    ],
    ids=repr,
)
def test_verdicts(g: bk.Guarantee, verdict: bk.Verdict) -> None:
    assert g.verdict is verdict


def test_require_names_every_hypothesis_that_is_not_met() -> None:
    with pytest.raises(bk.HypothesisError) as caught:
        bk.theorem_5_1(d=1000, ell=600, m=10, k=0).require()
    assert "600 < 3315.7226" in str(caught.value)
    assert "k >= 1: 0 < 1" in str(caught.value)
    assert "N(x0) != 0" in str(caught.value)
    g = bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10, k=1, output=3)
    assert g.require() is g


def test_exact_names_the_worst_case() -> None:
    true = bk.theorem_5_1(d=1000, ell=600, m=10).exact()
    assert true.failure == pytest.approx(2.5659e-12, rel=1e-4)
    assert true.kind == "upper bound"
    assert true.worst_case == (("k", 1),)
    assert str(true).startswith("the exact failure probability is at most 2.5659e-12, for the worst case k = 1")


@pytest.mark.parametrize(
    ("g", "failure"),
    [
        (bk.lemma_b_1(n=600), mpmath.gammainc(300, 0, 150, regularized=True)),
        (bk.theorem_4_1(d=1000, ell=600, m=3, k=2), mpmath.gammainc(300, 0, 150, regularized=True)),
        (bk.lemma_c_1(n=50), mpmath.gammainc(25, 50, regularized=True)),
        (bk.theorem_6_1(d=80, ell=50, m=3, k=2, beta=1), mpmath.gammainc(25, 50, regularized=True)),
        (bk.corollary_6_1(d=80, ell=50), mpmath.gammainc(25, 80, regularized=True)),
        (bk.lemma_c_2(norm_u=1, sigma=2, t=5), mpmath.erfc(2.5 / mpmath.sqrt(2))),
    ],
    ids=repr,
)
def test_exact_against_another_library(g: bk.Guarantee, failure: mpmath.mpf) -> None:
    true = g.exact()
    assert true.failure == pytest.approx(float(failure), rel=1e-12)
    assert true.enclosure[0] <= float(mpmath.log(failure)) <= true.enclosure[1] or true.failure == pytest.approx(
        float(failure), rel=1e-15
    )


def test_exact_holds_the_two_ends_together() -> None:
    for g in (bk.lemma_b_1(n=10**6), bk.lemma_c_1(n=10**6), bk.theorem_6_1(d=10**6, ell=10**6, m=5, k=5, beta=1)):
        low, high = g.exact().enclosure
        assert low <= high
        assert high - low <= 1e-12 * abs(low)


def test_exact_where_nothing_can_fail() -> None:
    assert bk.theorem_4_1(d=9, ell=3, m=2, k=0).exact().enclosure == (-math.inf, -math.inf)
    assert bk.theorem_6_2(d=9, ell=3, m=2, k=2, eta=1, lam=1, T=5).exact().failure == 0
    assert bk.remark_3_1(gamma=50, d=1000).exact().failure == 0
    assert bk.remark_3_1.as_printed(gamma=50, d=1000).exact().failure == 1


def balls(middle: arb, radius: arb) -> bk.Statement:
    """A statement whose law answers with this ball."""

    class wide(bk.tails.Tail):
        @staticmethod
        def ball(n: object) -> arb:
            return middle + arb(0, radius)

    return replace(bk.lemma_b_1, truth=wide(sympy.Symbol("n")), proof=None)


@pytest.mark.parametrize("log", [-1.0, -1e9, -1e-9, -3.0])
def test_exact_answers_to_12_digits_or_not_at_all(log: float) -> None:
    low, high = balls(arb(log), arb(abs(log) * 9e-13))(n=5).exact().enclosure
    assert low < log < high
    with pytest.raises(bk.PrecisionError, match="ask for smaller values"):
        balls(arb(log), arb(abs(log) * 1.1e-12))(n=5).exact()


def settled(claim: sympy.Rel, truth: sympy.Expr) -> bk.Statement:
    return replace(bk.remark_3_1, claims=(claim,), truth=truth, hypotheses=(), proof=None)


def test_where_nothing_is_random_it_holds_or_not_or_that_is_not_known() -> None:
    slope, gamma, d = sympy.symbols("slope gamma d")
    power = sympy.exp(-gamma - 1)
    for at in (1, 10**6):  # algebra is asked of all values where these are too large to put in
        values = {"gamma": at, "d": 5}
        assert settled(sympy.Eq(slope, power), sympy.exp(-1) * sympy.exp(-gamma))(**values).exact().failure == 0
        assert settled(sympy.Eq(slope, power), 2 * power)(**values).exact().failure == 1
        assert settled(slope <= power, power / 2)(**values).exact().failure == 0
        assert settled(slope <= power, power * 2)(**values).exact().failure == 1
    hair = power * (1 + sympy.exp(-(gamma**2)))
    for claim in (sympy.Eq(slope, power), slope <= power):
        with pytest.raises(bk.PrecisionError, match="could not be decided"):
            settled(claim, hair)(gamma=10**6, d=5).exact()
    undefined = sympy.log(gamma - 5)
    for claim in (sympy.Eq(slope, undefined), slope <= undefined):
        with pytest.raises(bk.PrecisionError, match="could not be decided"):
            settled(claim, undefined)(gamma=1, d=5).exact()
    both = replace(settled(slope <= power, power), claims=(slope <= 2 * power, slope <= power / 2))
    assert both(gamma=1, d=5).exact().failure == 1
    with pytest.raises(bk.ParameterError, match="needs d"):
        settled(slope <= 1 / d, power)(gamma=1).exact()


def test_exact_refuses_what_it_cannot_answer() -> None:
    with pytest.raises(bk.StatementError, match="can only be simulated"):
        bk.theorem_a_1(d=5, ell=2, m=3).exact()
    with pytest.raises(bk.ParameterError, match="needs ell"):
        bk.theorem_4_1(d=5).exact()
    with pytest.raises(bk.HypothesisError, match="not defined"):
        bk.theorem_5_1(d=1000, ell=600, m=10, k=0).exact()
    with pytest.raises(bk.PrecisionError):
        bk.papers.classics.chi_square_shrink(n=10**200, eps=Fraction(1, 100)).exact()


@pytest.mark.parametrize("name", [n for n, s in STATEMENTS.items() if s.truth is not None and apart_from_truth(s)])
def test_a_law_says_nothing_where_a_hypothesis_beyond_it_fails(name: str) -> None:
    """N(x0) = 0 is no parameter of the law: the step has length 0 there, and flips nothing."""
    s = bk.catalogue[name]
    at = {p.name: 1 for p in s.parameters if p.default is None}
    at |= {"d": 10**6, "ell": 9 * 10**5, "m": 4, "c_ell": 0.9, "c_k": 0.25, "output": 2}
    at |= {"h": 4, "dimension": 100, "level": Fraction(1, 2)}
    at = {name: x for name, x in at.items() if name in {p.name for p in s.parameters}}
    assert s(**at).exact().log_failure < 0
    with pytest.raises(bk.HypothesisError, match="the law is not defined"):
        s(**at | {"output": 0}).exact()
    found = s.evaluate(("log_exact",), **at | {"output": [2, 0, -2]})["log_exact"]
    assert list(np.isnan(found)) == [False, True, False]


def test_a_law_that_loses_every_digit_is_undecided_and_named() -> None:
    class lossy(Tail):
        """A law whose ball is nan at whatever precision."""

        ball = staticmethod(lambda n: arb("nan"))

    s = replace(bk.lemma_b_1, truth=lossy(bk.lemma_b_1.symbols[0]), proof=None, errata=(), printed=None)
    with pytest.raises(bk.PrecisionError, match=r"the law lossy\(50.*\) is nan at every precision"):
        s(n=50).exact()
    assert bk.check_point(s, n=50, sigma=1).status.name == "UNDECIDED"


def test_failure_far_below_every_float() -> None:
    g = bk.lemma_b_1(n=10**6)
    assert g.log_failure == -62500.0
    assert g.failure == 0.0
    assert g.probability == 1.0
    assert "1 - 4e-27144" in str(g)


def test_huge_and_odd_sizes() -> None:
    huge = bk.theorem_5_1(d=10**30, ell=10**29, m=10, k=1, output=1)
    assert huge.verdict is bk.Verdict.INFORMATIVE
    assert "d = 1e30" in str(huge)
    assert bk.theorem_4_1(d=10**9, ell=10**9, m=1, k=1).verdict is bk.Verdict.INFORMATIVE
    assert bk.theorem_5_1.as_printed(d=1, ell=1, m=1, k=1, output=1).applies is True  # 32 (m - 1) log(m^2 d) = 0


OPPOSED = (bk.theorem_5_1, bk.corollary_5_1, bk.sharpened_5_1)
ACTIVE = (bk.theorem_4_1, bk.theorem_6_1, bk.theorem_6_2, bk.gradient_interval)


@pytest.mark.parametrize("s", OPPOSED, ids=lambda s: s.name)
def test_an_output_needs_a_neuron_that_supports_it(s: bk.Statement) -> None:
    """Not all m neurons oppose the label, so m >= 2; at k = m the call, the arrays and the search say why."""
    names = {p.name for p in s.parameters}
    for m in (2, 3, 10, 10**6):
        most = {"k": m - 1} if "k" in names else {"c_k": Fraction(m - 1, m)}
        all_of_them = {"k": m} if "k" in names else {"c_k": 1}
        s(m=m, **most)
        with pytest.raises(bk.ParameterError, match="needs an active neuron that supports it"):
            s(m=m, **all_of_them)
    with pytest.raises(bk.ParameterError, match="at least 2; for an active neuron to oppose y0 there must be another"):
        s(m=1)
    rest = {name: value for name, value in {"d": 100, "ell": 50, "c_ell": 0.5, "output": 1}.items() if name in names}
    with pytest.raises(bk.ParameterError, match="index 1.*needs an active neuron that supports it"):
        s.evaluate(m=[4, 3], **({"k": 3} if "k" in names else {"c_k": 0.75}), **rest)
    if "k" in names:
        assert s.solve_for("m", failure=1, k=5, **{**rest, "d": 10**9, "ell": 10**9}).value == 6


@pytest.mark.parametrize("s", [bk.sharpened_5_1_everywhere, bk.universal_flip], ids=lambda s: s.name)
def test_where_none_has_to_oppose_one_neuron_is_enough(s: bk.Statement) -> None:
    rest = {"d": 100, "ell": 50, "output": 1}
    assert s(m=1, k=0, **rest).verdict is bk.Verdict.INFORMATIVE
    for m in (1, 3):
        with pytest.raises(bk.ParameterError, match="needs an active neuron that supports it"):
            s(m=m, k=m)
    assert s.solve_for("m", failure=1, k=5, **{**rest, "d": 10**9, "ell": 10**9}).value == 6


@pytest.mark.parametrize("s", ACTIVE, ids=lambda s: s.name)
def test_all_neurons_may_be_active(s: bk.Statement) -> None:
    for m in (1, 2, 10):
        assert s(d=100, ell=50, m=m, k=m).verdict is not bk.Verdict.INAPPLICABLE


@pytest.mark.parametrize("s", OPPOSED[:2], ids=lambda s: s.name)
def test_print_leaves_the_number_of_opposing_neurons_open(s: bk.Statement) -> None:
    s.as_printed(m=1, **({"k": 1} if s.name == "theorem_5_1" else {"c_k": 1}))


def test_hypotheses_at_the_very_edge() -> None:
    """ell = ceil(32 (m - 1) log(m^2 d)) applies and the integer below does not, at sizes of any kind."""
    for d, m in ((10**6, 2), (10**9, 10), (10**30, 100), (3, 2)):
        with mpmath.workdps(60):
            edge = int(mpmath.ceil(32 * (m - 1) * mpmath.log(m * m * d)))
        if edge <= d:
            assert bk.theorem_5_1(d=d, ell=edge, m=m, k=1, output=1).applies is True
            assert bk.theorem_5_1(d=d, ell=edge - 1, m=m, k=1, output=1).applies is False


def test_digits_go_on() -> None:
    digits = bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10, k=1, output=1).digits(50)
    with mpmath.workdps(60):
        expected = 5 * (10 * mpmath.exp(-mpmath.mpf(900000) / 16) + 1 / mpmath.sqrt(10**6))
        assert abs(mpmath.mpf(str(digits["failure"])) / expected - 1) < mpmath.mpf(10) ** -49
    assert bk.lemma_b_1(n=7).digits() == bk.lemma_b_1(n=7).digits(50) != bk.lemma_b_1(n=7).digits(49)
    assert set(bk.theorem_5_1(d=1000, ell=600, m=10).digits()) == {"failure", "probability"}
    for wrong in (0, True, 2.5, 10**6):
        with pytest.raises(bk.ParameterError, match="digits"):
            bk.lemma_b_1(n=5).digits(wrong)


def test_high_powers_are_not_written_out() -> None:
    g = bk.theorem_6_2(d=100, ell=50, m=4, eta=0.1, lam=1, T=10**6)
    assert g.free == ("k",)
    assert str(g.bound).startswith("1.6158")
    for count in (60, 2000):
        digits = bk.theorem_6_2(d=100, ell=50, m=4, k=1, eta=Fraction(1, 10), lam=1, T=10**6).digits(count)["bound"]
        with mpmath.workdps(count + 20):
            expected = mpmath.mpf("0.9") ** 10**6 * mpmath.mpf("0.5")
            assert abs(mpmath.mpf(str(digits)) / expected - 1) < mpmath.mpf(10) ** (2 - count)


def test_records_are_frozen_hashable_picklable_and_jsonable() -> None:
    g = bk.theorem_5_1(d=1000, ell=600, m=10)
    str(g)  # fills the caches, which must not travel
    assert pickle.loads(pickle.dumps(g)) == g == bk.theorem_5_1(m=10, ell=600, d=1000)
    assert len({g, bk.theorem_5_1(m=10, ell=600, d=1000.0)}) == 1
    copy = pickle.loads(pickle.dumps(g.statement))
    assert copy == g.statement
    assert inspect.signature(copy) == inspect.signature(g.statement)
    assert vars(copy).keys() == {f.name for f in fields(copy)}
    for record, field in ((g, "values"), (g.statement, "failure"), (g.exact(), "kind"), (g.hypotheses[0], "holds")):
        with pytest.raises(FrozenInstanceError):
            setattr(record, field, None)
    told = json.loads(json.dumps(g.to_dict(), allow_nan=False))
    assert told["verdict"] == "INAPPLICABLE"
    assert told["bound"] == "146.06 |N(x0)|/k"
    assert told["hypotheses"][0]["holds"] is False


def test_notebooks_show_latex_and_html() -> None:
    g = bk.theorem_5_1(d=10**6, ell=9 * 10**5, m=10)
    assert r"\|z\| \leq 119.26 \frac{\left|{N(x_0)}\right|}{k_{y_0}}" in g._repr_latex_()
    page = g._repr_html_()
    assert "Theorem 5.1 at d = 1000000" in page
    assert "<script" not in page
    assert "http" not in page
    assert bk.theorem_5_1._repr_latex_().startswith("$")


def test_help_shows_the_theorem() -> None:
    page = pydoc.render_doc(bk.theorem_5_1, renderer=pydoc.plaintext)
    assert "one short step orthogonal to the data flips the label" in page
    assert "|z| <= 8 sqrt(2) |N(x0)| (m/k) sqrt(d/ell)" in page
    assert str(inspect.signature(bk.theorem_5_1)) == "(*, d=d, ell=ell, m=m, k=k, output=output)"
    assert str(inspect.signature(bk.lemma_b_1)) == "(*, n=n, sigma=1)"
    assert "With probability at least" in (type(bk.theorem_5_1).__doc__ or "")


@settings(max_examples=examples(200))
@given(points(bk.theorem_5_1, largest=10**9))
def test_every_answer_is_a_verdict_and_no_number_is_nan(values: dict) -> None:
    g = bk.theorem_5_1(**values)
    assert isinstance(g.verdict, bk.Verdict)
    assert g.bound is None or not math.isnan(g.bound)
    assert 0 <= g.probability <= 1
    assert not math.isnan(g.log_failure)
    json.dumps(g.to_dict(), allow_nan=False)
    assert str(g)


@settings(max_examples=examples(100))
@given(points(bk.theorem_6_2), st.sets(st.sampled_from(["d", "ell", "m", "k", "eta", "lam", "T"])))
def test_any_subset_of_parameters_may_be_given(values: dict, kept: set) -> None:
    part = {name: value for name, value in values.items() if name in kept}
    g = bk.theorem_6_2(**part)
    assert g.free == tuple(name for name in values if name not in kept)
    whole = bk.theorem_6_2(**values).bound
    rest = {sympy.Symbol(name): Fraction(value) for name, value in values.items() if name not in kept}
    if rest and not isinstance(g.bound, float | None):
        again = float(arb(ball(g.bound, rest)).mid())  # SymPy would write out powers of a million digits
        assert again == pytest.approx(whole, rel=1e-12, abs=1e-300) or not math.isfinite(whole)
    assert str(g)
    assert g.latex()


WRONG = [
    ("d", True, "truth value"),
    ("d", np.True_, "truth value"),
    ("d", "10", "text"),
    ("d", math.nan, "finite"),
    ("d", math.inf, "finite"),
    ("d", 2j, "real number"),
    ("d", None, "real number"),
    ("d", [10], "real number"),
    ("d", np.array([1, 2]), "arrays go to .evaluate"),
    ("d", sympy.Symbol("d"), "leave the parameter out"),
    ("d", 1.5, "integer"),
    ("d", 0, "at least 1"),
    ("d", -3, "at least 1"),
    ("d", 10**400, "1e-300 to 1e300"),
    ("d", 10**10000, "1e-300 to 1e300"),
    ("d", Decimal("nan"), "finite"),
    ("ell", 1001, "at most d = 1000"),
    ("k", 11, "at most m - 1 = 9"),
    ("k", -1, "at least 0"),
    ("output", "1", "text"),
    ("ell", Fraction(1, 2), "integer"),
]


@pytest.mark.parametrize(("parameter", "value", "rule"), WRONG, ids=[f"{w[0]}-{i}" for i, w in enumerate(WRONG)])
def test_values_that_make_no_sense(parameter: str, value: object, rule: str) -> None:
    values = {"d": 1000, "ell": 600, "m": 10, parameter: value}
    if value is None:
        values["d"] = object()
    with pytest.raises(bk.ParameterError, match=rule) as caught:
        bk.theorem_5_1(**values)
    assert parameter in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        1000,
        1000.0,
        np.int64(1000),
        np.float32(1000),
        Fraction(1000),
        Decimal(1000),
        sympy.Integer(1000),
        np.array(1000),
    ],
    ids=lambda v: type(v).__name__,
)
def test_numbers_of_any_kind_are_taken_exactly(value: object) -> None:
    assert bk.theorem_5_1(d=value).values == (("d", 1000),)


def test_reals_are_taken_exactly() -> None:
    assert dict(bk.lemma_c_2(t=Fraction(1, 3)).values)["t"] == Fraction(1, 3)
    assert dict(bk.lemma_c_2(t=0.1).values)["t"] == Fraction(1, 10)
    assert dict(bk.lemma_c_2(t=sympy.Rational(2, 7)).values)["t"] == Fraction(2, 7)
    assert "t = 0.1" in str(bk.lemma_c_2(norm_u=1, t=0.1))
    assert "t = 1/3" in str(bk.lemma_c_2(norm_u=1, t=Fraction(1, 3)))


@pytest.mark.parametrize(
    ("name", "parameter"), [("lemma_b_1", "sigma"), ("theorem_6_1", "beta"), ("theorem_6_2", "eta")]
)
def test_standard_deviations_and_step_sizes_are_above_0(name: str, parameter: str) -> None:
    for value in (0, -1):
        with pytest.raises(bk.ParameterError, match="above 0"):
            bk.catalogue[name](**{parameter: value})


def test_unknown_names_suggest_near_ones() -> None:
    with pytest.raises(bk.UnknownStatement, match="did you mean theorem_5_1"):
        bk.catalogue["theorem_51"]
    with pytest.raises(KeyError):
        bk.catalogue["nonsense"]
    assert "nonsense" not in STATEMENTS
    assert bk.catalogue.get("nonsense") is None
    with pytest.raises(AttributeError, match="did you mean theorem_5_1"):
        _ = bk.theorem_51
    with pytest.raises(bk.ParameterError, match="did you mean ell"):
        bk.theorem_5_1(el=3)
    with pytest.raises(TypeError):
        bk.theorem_5_1(1000, 600)


@pytest.mark.parametrize(
    ("eta", "lam", "value"),
    [(0.094, 1000, math.inf), (3e-300, 1, math.exp(-3)), (1e-300, 1e-200, 1.0), (0.5, 1, 0.0)],
)
@pytest.mark.parametrize("given", [{}, {"d": 1000}])
def test_powers_beyond_every_float_are_shown_as_they_are(
    eta: float, lam: float, value: float, given: dict[str, int]
) -> None:
    """(1 - eta lam)^T at T = 10^300 takes a thousand bits and more; too few give a ball around 0."""
    g = bk.corollary_6_2(ell=500, eta=eta, lam=lam, T=10**300, **given)
    assert g.hypotheses[0].lhs == pytest.approx(value, rel=1e-12, abs=0)
    assert g.applies is ((value < 0.02) if given else None)
    assert str(g)
