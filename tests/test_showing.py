"""Where statements are shown: they say something there, whoever wrote them and whatever their parameters are called."""

from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
import sys

from adversarial.statements.true import TRUE
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import STATEMENTS, some
from sympy import Rational, Symbol, exp, symbols

import boundkit as bk
from boundkit.engine.domain import ends_of
from boundkit.explorer.scales import start, stops
from boundkit.model.experiment import Experiment
from boundkit.plots.parameters import plain_value
from boundkit.report.page import audit_page
from boundkit.report.pictures import map_picture, table_rows, tightness_picture
from boundkit.simulate import check
from boundkit.studies.audit_words import smallest_text
from boundkit.studies.showing import COARSE, EVEN, FINE, ROUND, leading, number_ends, shown_at, typical_value, values

EXAMPLES = ("hoeffding", "johnson_lindenstrauss", "laurent_massart")


def of_examples() -> dict[str, bk.Statement]:
    folder = str(Path(__file__).parents[1] / "examples")
    sys.path.insert(0, folder)
    try:
        modules = [import_module(name) for name in EXAMPLES]
    finally:
        sys.path.remove(folder)
    return {f"{m.__name__}.{key}": s for m in modules for key, s in vars(m).items() if isinstance(s, bk.Statement)}


FOREIGN = {**TRUE, **of_examples()}
ALL = {**FOREIGN, **STATEMENTS}
x = Symbol("x")


def some_parameter() -> st.SearchStrategy[bk.Parameter]:
    """A parameter with or without ends, where it usually lives, or a typical value."""
    ends = st.one_of(st.just(None), st.fractions(-1000, 1000, max_denominator=50))

    def made(whole: bool, low: Fraction | None, width: Fraction | None, part: Fraction, says: str) -> bk.Parameter:
        make = bk.integers if whole else bk.reals
        bottom = None if low is None else Fraction(round(low)) if whole else low
        top = None if width is None else (bottom or 0) + abs(width) + 2
        top = Fraction(round(top)) if whole and top is not None else top
        inside = (bottom or 0) + (1 if top is None else (top - (bottom or 0)) * (1 + part) / 3)
        value = round(inside) if whole else inside
        more = {"usual": {"usual": (value, value + 1 if top is None else top)}, "typical": {"typical": value}}
        given_ends = {"low": bottom} if bottom is not None else {"low": -(10**9)} if whole else {}
        given_ends |= {"high": top} if top is not None else {}
        try:
            return make(x, "a parameter", **given_ends, **more.get(says, {}))
        except bk.StatementError:  # no room between these ends
            return make(x, "a parameter", **given_ends)

    return st.builds(
        made,
        st.booleans(),
        ends,
        ends,
        st.fractions(0, 1, max_denominator=9),
        st.sampled_from(("", "usual", "typical")),
    )  # fmt: skip


@settings(derandomize=True, database=None, max_examples=300)
@given(some_parameter(), st.sampled_from((FINE, EVEN, COARSE, ROUND)))
def test_what_is_shown_of_a_parameter_lies_in_its_domain(p: bk.Parameter, significands: tuple[float, ...]) -> None:
    shown = values(p, ends_of(p, {}), significands)
    assert list(shown) == sorted(set(shown))
    for value in (*shown, typical_value(p), plain_value(p)):
        p.require_inside({p.symbol: p.read(value)})
    assert typical_value(p) in shown
    assert list(stops(p)) == sorted(set(stops(p)))
    if p.usual:
        assert all(p.usual[0] <= value <= p.usual[1] for value in set(shown) - set(number_ends(p)))


@pytest.mark.parametrize("name", ALL)
def test_a_statement_is_shown_where_it_says_something(name: str) -> None:
    s = ALL[name]
    assert s(**shown_at(s)).verdict is bk.Verdict.INFORMATIVE
    assert s(**start(s)).verdict is bk.Verdict.INFORMATIVE
    assert sorted(p.name for p in leading(s)) == sorted(p.name for p in s.parameters)


@pytest.mark.parametrize("name", some(ALL, 30))
def test_its_table_has_content(name: str) -> None:
    s = ALL[name]
    over, fixed = table_rows(s)
    if not s.failure.free_symbols:
        assert (over, fixed) == ({}, {})
        return
    (column,) = over.values()
    told = [row.guarantee.verdict.name for row in bk.table(s, over, fixed).rows]
    assert len(told) == len(column) >= 2
    assert "INFORMATIVE" in told


PICTURED = [name for name, s in FOREIGN.items() if s.failure.free_symbols]
# Audited in a moment: the laws of the others are sums of thousands of terms.
PAGED = ("half_gaussian", "laurent_massart_lower", "wainwright", "dvoretzky", "occam", "laurent_massart.upper")


@pytest.mark.parametrize("name", some(PICTURED, 3))
def test_its_pictures_are_drawn(name: str) -> None:
    s = FOREIGN[name]
    curve, seen = tightness_picture(s, s.name), map_picture(s, s.name)
    assert (curve is not None) == (s.truth is not None)
    assert (seen is not None) == (sum(p.default is None for p in s.parameters) > 1)


@pytest.mark.parametrize("name", some(PAGED, 1))
def test_its_page_has_content(name: str) -> None:
    s = FOREIGN[name]
    page = audit_page(bk.audit(s, points=5, simulated=False))
    drawn = [
        found
        for found in (tightness_picture(s, s.name), map_picture(s, s.name))
        if found is not None and found[0] is not None
    ]
    assert "Not drawn" not in page
    assert page.count("<svg") == len(drawn)
    assert all(caption in page for _, caption in drawn)


def test_parameters_that_say_nothing_are_looked_for() -> None:
    """No default value says anything here: n has to be large and t small."""
    n, t, y = symbols("n t y")
    parameters = (bk.integers(n, "a size"), bk.reals(t, "a threshold", 0))
    s = bk.Statement(
        name="own", place="Own, nowhere", parameters=parameters, quantities=(bk.reals(y, "a number", 0),),
        hypotheses=(bk.Hypothesis("n >= 500", n >= 500), bk.Hypothesis("t <= 1/4", t <= Rational(1, 4))),
        claims=(y <= t,), failure=exp(-n * t**2), doc="Own: of its own.",
    )  # fmt: skip
    assert s(n=10, t=1).verdict is not bk.Verdict.INFORMATIVE
    assert s(**shown_at(s)).verdict is bk.Verdict.INFORMATIVE
    (entry,) = bk.audit(s, points=60, simulated=False).entries
    assert smallest_text(entry).startswith("; covered from n = ")


def test_a_typical_value_is_exact_and_inside() -> None:
    assert bk.reals(x, "x", 0, typical=0.3).typical == Fraction(3, 10)
    for wrong in (-1, "many", 0):
        with pytest.raises(bk.StatementError, match="typical="):
            bk.reals(x, "x", 0, typical=wrong)
    with pytest.raises(bk.StatementError, match="typical="):
        bk.integers(x, "x", typical=Fraction(1, 2))


def test_other_ends_are_no_contradiction_to_where_a_parameter_lives() -> None:
    """Proofs and strategies cut a parameter's domain: at those ends its usual and typical values may lie outside."""
    parameter = bk.reals(x, "x", 0, usual=(1, 9), typical=5)
    cut = parameter.within(high=Rational(1, 2))
    assert (cut.high, cut.usual, cut.typical) == (Rational(1, 2), (), None)


@pytest.mark.parametrize(
    "s", some([s for s in STATEMENTS.values() if s.proof and any(p.typical for p in s.parameters)], 2)
)
def test_proofs_of_statements_with_typical_values_hold(s: bk.Statement) -> None:
    assert s.certificate().holds


def renamed(s: bk.Statement, names: dict[str, str]) -> bk.Statement:
    """The same statement in other parameters."""
    new = {Symbol(old): Symbol(name) for old, name in names.items()}

    def swap(value: object) -> object:
        return value.xreplace(new) if hasattr(value, "xreplace") else value

    e = s.experiment
    assert e is not None
    experiment = replace(
        e, measures=tuple((names.get(parameter, parameter), measure) for parameter, measure in e.measures),
        training=tuple((option, swap(at)) for option, at in e.training), deviation=swap(e.deviation),
        network=tuple((part, swap(at)) for part, at in e.network), sizes=(),
    )  # fmt: skip
    parameters = tuple(
        replace(p, symbol=swap(p.symbol), low=swap(p.low), high=swap(p.high), usual=(), tex="", text="")
        for p in s.parameters
    )
    hypotheses = tuple(h if h.relation is None else replace(h, relation=swap(h.relation), tex="") for h in s.hypotheses)
    return bk.Statement(
        f"{s.name}_renamed", s.place, parameters, s.quantities, hypotheses, tuple(map(swap, s.claims)),
        swap(s.failure), swap(s.truth), truth_is=s.truth_is, experiment=experiment, doc=s.doc,
    )  # fmt: skip


NAMES = {"d": "p", "ell": "codim", "m": "width", "k": "count", "output": "N", "c_ell": "part", "c_k": "some"}


@pytest.mark.parametrize("name", ["theorem_4_1", "corollary_4_1", "theorem_5_1", "corollary_5_1", "corollary_6_1"])
@pytest.mark.parametrize("mode", ["conditional", "full"])
def test_a_draw_does_not_depend_on_what_parameters_are_called(name: str, mode: str) -> None:
    s = bk.catalogue[name]
    e = s.experiment
    assert isinstance(e, Experiment)
    own = {p.name for p in s.parameters} - {"k", "c_k", "output"}
    at = {parameter: value for parameter, value in e.sizes[0] if parameter in own}
    other = renamed(s, NAMES)
    one = check(s, 20, seed=3, mode=mode, **at).to_dict()
    two = check(
        other, 20, seed=3, mode=mode, **{NAMES.get(parameter, parameter): v for parameter, v in at.items()}
    ).to_dict()
    assert two["values"] == {NAMES.get(parameter, parameter): value for parameter, value in one["values"].items()}
    assert (two["failures"], two["by_claim"], two["uncovered"]) == (one["failures"], one["by_claim"], one["uncovered"])
