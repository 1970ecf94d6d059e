"""Everything that is known of one probability: every number shown is a bound of it, and the reasons are right."""

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
import json
from math import comb, exp, log
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from support import assert_sound_bounds
import sympy
from sympy import Max, Rational, sqrt, symbols
from sympy import exp as e

import boundkit as bk
from boundkit.cli import main
from boundkit.enclose import log_ball, outward
from boundkit.library.spoken import LAWS
from boundkit.studies.matching import NoMatch, bare_values, law_in, matches
from boundkit.tails import Tail, chi_square_at_least, chi_square_at_most, inner_product_at_least, normal_two_sided

n, a, t, k, h, P, X = symbols("n a t k h P X")
HALF = Rational(1, 2)
OWN = Path(__file__).parent.parent / "examples" / "laurent_massart.py"


class coin_at_least(Tail):
    """``P[S >= x]``, S the number of heads of n fair coins."""

    nargs = 2

    @property
    def domain(self) -> tuple[Any, ...]:
        return (sympy.Ge(self.args[0], 1),)

    @property
    def event(self) -> Any:
        coins, x = self.args
        return "coins", (coins,), ">=", x

    def cumulant(self, theta: Any) -> Any:
        return self.args[0] * sympy.log((1 + sympy.exp(theta)) / 2), sympy.true

    @staticmethod
    def ball(n: Any, x: Any) -> Any:
        assert isinstance(n, fmpq), "the number of coins is exact"
        coins, least = int(n.p), max(0, int(x.ceil()) if isinstance(x, fmpq) else int(float(x.ceil().mid())))
        favourable = sum(comb(coins, i) for i in range(least, coins + 1))
        return arb("-inf") if not favourable else (arb(favourable).log() - coins * arb(2).log()).min(arb(0))


class nameless(Tail):
    """A law that says no event, and has no value."""

    nargs = 2


def statement(name: str, truth: Any, failure: Any, *parameters: Any, **more: Any) -> bk.Statement:
    quantity = bk.reals(X, "a number")
    told = {"claims": (X <= 0,), "hypotheses": (), "quantities": (quantity,), **more}
    return bk.Statement(name=name, place=name, parameters=parameters, truth=truth, failure=failure, **told)


size = bk.integers(n, "the size")
upper = statement("upper", chi_square_at_least(n, 1 + 2 * sqrt(t / n) + 2 * t / n), e(-t), size, bk.reals(t, "t", 0))
lower = statement("lower", chi_square_at_most(n, Max(0, 1 - 2 * sqrt(t / n))), e(-t), size, bk.reals(t, "t", 0))
powers = statement("powers", chi_square_at_least(n, a), (a * e(1 - a)) ** (n / 2), size, bk.reals(a, "a", 1))
eighth = statement(
    "eighth", chi_square_at_least(n, 1 + t), e(-n * t**2 / 8), size, bk.reals(t, "t", 0),
    hypotheses=(bk.Hypothesis("t <= 1", t <= 1),),
)  # fmt: skip
hoeffding = statement("hoeffding", coin_at_least(n, n / 2 + t), e(-2 * t**2 / n), size, bk.reals(t, "t", 0))
whole = statement("whole", coin_at_least(n, k), e(-2 * (k - n / 2) ** 2 / n), size, bk.integers(k, "heads", n / 2, n))
wrong = statement("wrong", coin_at_least(n, n / 2 + t), e(-9 * t**2 / n), size, bk.reals(t, "t", 0))
sandwich = statement(
    "sandwich", coin_at_least(n, k), 0, size, bk.integers(k, "heads", 0, n),
    quantities=(bk.reals(P, "the probability", 0, 1, strict=False),),
    claims=(P >= 2**-n, P <= 1),
)  # fmt: skip
CHI = (upper, lower, powers, eighth)
COINS = (hoeffding, whole, sandwich)


def by_name(found: bk.Bounds) -> dict[str, bk.Bound]:
    return {b.name: b for b in found.upper}


def run(*words: str) -> Result:
    done = CliRunner().invoke(main, ["bounds", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@settings(max_examples=20)
@given(st.integers(1, 2000), st.fractions(Fraction(11, 10), 10, max_denominator=50))
def test_every_bound_of_the_upper_chi_square_tail_is_one(size: int, ratio: Fraction) -> None:
    found = bk.bounds(chi_square_at_least(size, Rational(ratio)), also=CHI)
    assert_sound_bounds(found)
    names = by_name(found)
    # the parameter is solved for: the claims are those of the formulas at the root
    root = ((-1 + (2 * float(ratio) - 1) ** 0.5) / 2) ** 2 * size
    assert names["upper"].log_claimed == pytest.approx(-root, rel=1e-9)
    assert names["powers"].log_claimed == pytest.approx(size / 2 * (log(ratio) + 1 - ratio), rel=1e-9)
    assert names["Chernoff"].log_claimed == pytest.approx(names["powers"].log_claimed, rel=1e-9)
    assert names["eighth"].applies is (ratio <= 2)


@settings(max_examples=20)
@given(st.integers(1, 2000), st.fractions(Fraction(1, 50), Fraction(9, 10), max_denominator=50))
def test_every_bound_of_the_lower_chi_square_tail_is_one(size: int, ratio: Fraction) -> None:
    found = bk.bounds(chi_square_at_most(size, Rational(ratio)), also=CHI)
    assert_sound_bounds(found)
    assert by_name(found)["lower"].log_claimed == pytest.approx(-size * (1 - float(ratio)) ** 2 / 4, rel=1e-9)


@settings(max_examples=20)
@given(st.integers(1, 60), st.fractions(0, 60, max_denominator=4))
def test_every_bound_of_a_lattice_law_is_one(coins: int, x: Fraction) -> None:
    found = bk.bounds(coin_at_least(coins, Rational(x)), also=COINS)
    assert_sound_bounds(found)
    for b in found.upper:  # what speaks of another law speaks of one whose event is larger
        assert b.law.args[0] == coins
        assert b.law.args[1] <= x
    for b in found.lower:
        assert b.law.args[1] >= x


def test_between_two_points_of_a_lattice_the_smaller_one_is_taken() -> None:
    found = bk.bounds(coin_at_least(40, Rational(59, 2)), also=COINS)
    assert dict(by_name(found)["whole"].values)["k"] == 29
    assert dict(by_name(found)["hoeffding"].values)["t"] == Fraction(19, 2)
    assert by_name(found)["hoeffding"].is_exact
    assert not by_name(found)["whole"].is_exact
    (below,) = found.lower
    assert dict(below.values)["k"] == 30
    assert below.log_claimed == pytest.approx(-40 * log(2))


def test_a_rational_solution_is_exact() -> None:
    found = bk.bounds(chi_square_at_least(100, Rational(13, 10)), also=CHI)
    assert dict(by_name(found)["eighth"].values)["t"] == Fraction(3, 10)
    at_one = chi_square_at_least(100, Rational(122, 100))  # 1 + 2 sqrt(1/100) + 2/100
    assert dict(by_name(bk.bounds(at_one, also=CHI))["upper"].values)["t"] == 1
    assert by_name(bk.bounds(at_one, also=CHI))["upper"].is_exact


def test_an_irrational_solution_is_on_the_safe_side() -> None:
    asked = chi_square_at_least(600, 2)
    b = by_name(bk.bounds(asked, also=CHI))["upper"]
    assert not b.is_exact
    assert b.law.args[1] <= 2
    assert b.log_claimed > -600 * ((-1 + 3**0.5) / 2) ** 2 - 1e-9


def test_the_house_statements_are_found() -> None:
    found = bk.bounds(chi_square_at_least(600, 2))
    assert {"melamed2023.lemma_c_1", "Chernoff"} <= by_name(found).keys()
    assert found.winner.name == "beyond.chi_square_two_sided_above"
    assert [bound.name for bound in found.lower] == ["beyond.chi_square_two_sided_above"]
    assert dict(by_name(found)["Chernoff"].values)["theta"] == Fraction(1, 4)
    assert "beyond.gradient_interval" not in dict(found.left_out)  # a sum of laws does not speak of one
    for bound in found.upper:
        ours = bound.guarantee is not None and bound.guarantee.statement.paper == "melamed2023"
        assert not ours or bound.log_claimed == pytest.approx(-37.5)


def test_every_statement_whose_truth_is_a_law_is_listed() -> None:
    """Only these are loaded for it; here all are, and each is asked."""
    spoken: dict[str, list[str]] = {}
    for name, s in bk.catalogue.items():
        for law in dict.fromkeys(type(tail) for tail in (() if s.truth is None else s.truth.atoms(Tail))):
            with suppress(NoMatch):
                spoken.setdefault(law.__name__, []).extend([name] if law_in(s, law) else [])
    assert {law: tuple(names) for law, names in spoken.items() if names} == LAWS


def test_a_statement_at_a_fixed_threshold_bounds_what_lies_beyond() -> None:
    found = by_name(bk.bounds(chi_square_at_least(600, 3)))
    assert found["melamed2023.lemma_c_1"].law == chi_square_at_least(600, 2)
    assert "melamed2023.lemma_c_1" not in by_name(bk.bounds(chi_square_at_least(600, Rational(19, 10))))


def test_a_false_statement_is_shown_as_false_and_never_wins() -> None:
    found = bk.bounds(coin_at_least(100, 70), also=(wrong, hoeffding))
    b = by_name(found)["wrong"]
    assert b.true is False
    assert not b.counts
    assert found.winner.name != "wrong"
    assert "false here" in str(found)


def test_a_reading_that_is_corrected_says_which_it_is() -> None:
    found = by_name(bk.bounds(normal_two_sided(3), also=(bk.lemma_c_2.as_printed,)))
    assert {"melamed2023.lemma_c_2", "melamed2023.lemma_c_2 as printed"} <= found.keys()


def test_the_nearest_root_of_several_is_the_tightest() -> None:
    hump = statement("hump", normal_two_sided(t * (4 - t)), e(-t), bk.reals(t, "t", 0, 4))
    b = by_name(bk.bounds(normal_two_sided(3), also=(hump,)))["hump"]
    assert b.values == (("t", 3),)
    assert b.true


def test_a_multiple_of_the_law_is_left_out() -> None:
    twice = statement("twice", 2 * normal_two_sided(t), 2 * e(-(t**2) / 2), bk.reals(t, "t", 0))
    assert (
        dict(bk.bounds(normal_two_sided(3), also=(twice,)).left_out)["twice"]
        == "its truth is a sum or multiple of laws"
    )


def test_where_it_does_not_apply_the_reason_is_told() -> None:
    found = bk.bounds(chi_square_at_least(100, 4), also=CHI)
    b = by_name(found)["eighth"]
    assert b.applies is False
    assert b.reason == "t <= 1: 3 > 1"
    assert not b.counts
    assert found.upper.index(b) > max(i for i, other in enumerate(found.upper) if other.counts)


@pytest.mark.parametrize("law", [normal_two_sided(Rational(7, 2)), inner_product_at_least(50, 20)])
def test_chernoff_of_a_symmetric_variable_counts_both_tails(law: Tail) -> None:
    assert_sound_bounds(found := bk.bounds(law))
    assert by_name(found)["Chernoff"].true


def test_chernoff_of_the_normal_tail() -> None:
    b = by_name(bk.bounds(normal_two_sided(3)))["Chernoff"]
    assert b.log_claimed == pytest.approx(log(2) - 4.5, rel=1e-14)
    assert b.log_claimed >= outward(log_ball(2 * e(-Rational(9, 2)), {}))[0]


def test_below_the_mean_chernoff_says_nothing() -> None:
    b = by_name(bk.bounds(chi_square_at_least(60, Rational(1, 2))))["Chernoff"]
    assert not b.counts
    assert b.reason == "it allows probability 1"


def test_irrational_arguments_are_taken_as_they_are() -> None:
    assert_sound_bounds(bk.bounds(chi_square_at_least(600, sqrt(3)), also=CHI))


def test_along_a_range_each_point_has_its_winner() -> None:
    found = bk.bounds_over(coin_at_least(40, X), {"X": "22:40:6"}, also=COINS)
    assert [value for value, _ in found.points] == [22, 28, 34, 40]
    assert all(at.winner for _, at in found.points)
    assert found.names[0] == "Chernoff"
    assert len(found.to_csv().splitlines()) == 5
    assert json.loads(json.dumps(found.to_dict()))["parameter"] == "X"
    assert found.latex().count(r"\\") == 5
    axes = bk.plots.bounds_curves(found)
    labels = [line.get_label() for line in axes.get_lines()]
    assert {"exact", "Chernoff", "whole, hoeffding", "at least sandwich"} <= {*labels}
    assert sorted(note.get_text().replace("\n", " ") for note in axes.texts) == sorted(labels)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda: bk.bounds(chi_square_at_least(n, 2)), "n is no number"),
        (lambda: bk.bounds(chi_square_at_least(-1, 2)), "n > 0 is needed"),
        (lambda: bk.bounds(7), "a law at numbers is needed"),
        (lambda: bk.bounds_over(chi_square_at_least(n, 2), {"a": "1:2:1"}), "a is no symbol"),
        (lambda: bk.bounds_over(chi_square_at_least(n, 2), {}), "exactly one"),
        (lambda: bk.bounds(nameless(1, 2)), "no statement in reach bounds"),
        (lambda: bk.bounds(bk.tails.row_sum_below_zero(60, 3)), "its exact value is 4.4956e-7"),
    ],
)
def test_bad_input_is_refused_in_a_line(asked: Any, says: str) -> None:
    with pytest.raises(bk.BoundkitError, match=says) as raised:
        asked()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("chi_square_at_lest", "n=1", "a=2"), "did you mean chi_square_at_least"),
        (("chi_square_at_least", "n=1", "b=2"), "no parameter 'b'; it has n, a"),
        (("chi_square_at_least", "n=1"), "needs a"),
        (("chi_square_at_least", "n=0", "a=2"), "n > 0 is needed"),
        (("chi_square_at_least", "n=x", "a=2"), "n = x: x is not given; give a number for it"),
        (("row_sum_below_zero", "n=60", "m=3"), "no statement in reach bounds"),
        (("chi_square_at_least", "n=6", "a=2", "--over", "a=2,3"), "both varied and fixed"),
        (("chi_square_at_least", "n=6", "a=2", "--out", "x.svg"), "give --over"),
        (("chi_square_at_least", "n=6", "--over", "a=2,3", "--out", "x.txt"), "svg"),
        (("chi_square_at_least", "n=6", "a=2", "--also", "nothing.py"), "cannot be read"),
    ],
)
def test_the_command_refuses_in_a_line(words: tuple[str, ...], says: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert says in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_the_command_answers_in_every_form(tmp_path: Path) -> None:
    words = ("chi_square_at_least", "n=600", "a=2", "--also", str(OWN))
    assert "laurent_massart_upper" in run(*words).output
    assert json.loads(run(*words, "--format", "json").output)["upper"][1]["name"] == "Chernoff"
    assert run(*words, "--format", "latex").output.count("Chernoff & ") == 2
    assert run(*words, "--format", "csv").output.splitlines()[1].startswith("name,side,log_claimed")
    along = ("chi_square_at_least", "n=600", "--over", "a=2:3:0.5")
    for form in ("text", "json", "latex", "csv"):
        assert run(*along, "--format", form).exit_code == 0
    picture = tmp_path / "bounds.svg"
    assert run(*along, "--out", str(picture)).exit_code == 0
    assert picture.read_text().startswith("<?xml")


def test_what_is_shown_is_rounded_to_the_safe_side() -> None:
    found = bk.bounds(coin_at_least(40, 30), also=COINS)
    said = {
        line.split()[0]: line.split()[1]
        for line in str(found).splitlines()
        if line.startswith("  ") and line.split()[1:]
    }
    _, high = found.enclosure
    assert float(said["hoeffding"]) >= exp(by_name(found)["hoeffding"].log_claimed) * (1 - 1e-12)
    assert float(said["sandwich"]) <= exp(high)
    assert found._repr_html_().startswith("<table>")


@pytest.mark.parametrize("law", [chi_square_at_least(10**300, 2), chi_square_at_least(5, 10**200)])
def test_numbers_of_any_size_are_answered(law: Tail) -> None:
    found = bk.bounds(law)
    assert found.winner.name in ("Chernoff", "beyond.chi_square_two_sided_above")
    assert len(max(str(found).splitlines(), key=len)) < 200


moment = statement(
    "moment", chi_square_at_least(n, a), e(-h * a * n) / (1 - 2 * h) ** (n / 2), size, bk.reals(a, "a", 0),
    bk.reals(h, "the tilt", 0, HALF, typical=Rational(1, 100)), hypotheses=(bk.Hypothesis("2 h < 1", 2 * h < 1),),
)  # fmt: skip


@settings(max_examples=10)
@given(st.integers(1, 2000), st.fractions(Fraction(11, 10), 10, max_denominator=50))
def test_what_a_law_leaves_open_is_taken_where_the_claim_is_tightest(degrees: int, ratio: Fraction) -> None:
    found = bk.bounds(chi_square_at_least(degrees, Rational(ratio)), also=(moment, powers))
    assert_sound_bounds(found)
    names = by_name(found)
    assert names["moment"].log_claimed == pytest.approx(names["powers"].log_claimed, rel=1e-9)
    assert names["moment"].log_claimed >= names["powers"].log_claimed - 1e-12


@settings(max_examples=10)
@given(st.fractions(Fraction(1, 10), 1, max_denominator=20), st.fractions(4, 20, max_denominator=20))
def test_the_least_delta_of_the_gaussian_mechanism_is_found(eps: Fraction, sigma: Fraction) -> None:
    found = bk.bounds(bk.tails.gaussian_mechanism_delta(Rational(eps), Rational(sigma)))
    assert_sound_bounds(found)
    classical = by_name(found)["gaussian_mechanism.classical_calibration"]
    least = 1.25 * exp(-(float(eps * sigma) ** 2) / 2)  # sigma = sqrt(2 log(1.25/delta))/eps
    assert classical.counts == (least < 1)
    if classical.counts:
        assert least * (1 - 1e-12) <= exp(classical.log_claimed) <= least * (1 + 1e-6)
    unbounded = {dict(b.values)["delta"] for b in found.upper if not b.counts}
    assert unbounded <= {Fraction(1, 10**5)}, "where nothing applies the values stay"


def least_claim(s: bk.Statement, law: Tail) -> tuple[float, set[Any]]:
    """The log of the least failure that a statement claims of a law, and the points at which it speaks of it."""
    found = list(matches(s, law, s.failure.free_symbols))
    logs = [outward(log_ball(s.failure, {sympy.Symbol(name): x for name, x in m.values}))[1] for m in found]
    return min(logs), {m.values for m in found}


def test_open_parameters_of_the_law_itself_change_no_bound_of_ours() -> None:
    """So `bounds` looks for no best values of parameters that the law has: it has to, where one gains by them."""
    varied = set()
    for s in (bk.catalogue[name] for name in bk.catalogue):
        law = None if s.failure == 0 or not isinstance(s.truth, Tail) else s.truth
        if law is None:
            continue
        bare = {p.symbol: 2 for p in s.parameters} | bare_values(s, frozenset(p.symbol for p in s.parameters))
        asked = law.xreplace({x: Rational(str(Fraction(value))) for x, value in bare.items()})
        try:
            least, points = least_claim(s, asked)
        except NoMatch:
            continue
        for p in s.parameters:
            other = None if p.integer else bare[p.symbol] * Fraction(3, 2)
            if other is None or (p.high.is_number and other > p.high):
                continue
            moved = replace(p, default=None, typical=other)
            worst = tuple((name, value) for name, value in s.worst_case if name != p.name)
            parameters = tuple(moved if q is p else q for q in s.parameters)
            claimed, elsewhere = least_claim(replace(s, parameters=parameters, worst_case=worst), asked)
            assert claimed == pytest.approx(least, rel=1e-9), (s.qualified_name, p.name)
            varied |= {s.qualified_name} if elsewhere != points else set()
    assert varied >= {"melamed2023.lemma_c_3", "classics.bernstein_range"}
