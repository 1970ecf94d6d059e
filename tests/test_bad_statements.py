"""Statements that contradict themselves, laws and samplers that break: each an error that says which part to mend."""

from dataclasses import replace
from pathlib import Path
import re
from typing import Any

from click.testing import CliRunner
from flint import arb, fmpq
import numpy as np
import pytest
from support import some
import sympy

import boundkit as bk
from boundkit.cli import main

n, t, U, V = sympy.symbols("n t U V")
positive = sympy.Symbol("n", positive=True)
PARAMETERS = (bk.integers(n, "a count"), bk.reals(t, "a threshold", 0))
U_IS = (bk.reals(U, "a quantity", 0, strict=False),)


def own(**changes: Any) -> bk.Statement:
    """A statement that is sound, and true, but for the changes."""
    fields = {
        "name": "own",
        "place": "Own",
        "parameters": PARAMETERS,
        "quantities": U_IS,
        "hypotheses": (),
        "claims": (U < 2 * n * (1 + t),),
        "failure": 2 * sympy.exp(-n / 16),
        "truth": bk.tails.chi_square_at_least(n, 2 * (1 + t)),
        "doc": "Own.",
    }
    return bk.Statement(**{**fields, **changes})


WRONG = {
    "no claim": ({"claims": ()}, "claims nothing"),
    "a claim without its quantity": ({"claims": (n <= t,)}, "no quantity on its left.*declare it"),
    "a claim the wrong way round": ({"claims": (2 * n > U + 1,)}, "no quantity on its left"),
    "a quantity on both sides": ({"claims": (U <= n * U,)}, "has U on its right"),
    "a claim that SymPy settled": ({"claims": (sympy.true,)}, "no relation that SymPy keeps"),
    "a claim without its comma": ({"claims": U < n}, r"claims is no tuple; write claims=\(...,\)"),
    "a list of parameters": ({"parameters": list(PARAMETERS)}, "parameters is no tuple"),
    "a parameter twice": ({"parameters": (*PARAMETERS, PARAMETERS[0])}, "n is declared twice"),
    "a parameter that is a quantity too": ({"quantities": (*U_IS, bk.reals(t, "t"))}, "t is declared twice"),
    "a bare symbol": ({"parameters": (n, t)}, r"parameters holds n; make it with integers\(...\)"),
    "a parameter with assumptions": (
        {"parameters": (bk.integers(positive, "n"), PARAMETERS[1])},
        "symbol with assumptions",
    ),
    "a formula with assumptions": ({"failure": sympy.exp(-positive)}, "n is a symbol with assumptions in a formula"),
    "a parameter that Python keeps": (
        {"parameters": (*PARAMETERS, bk.reals(sympy.Symbol("lambda"), "x"))},
        "'lambda' cannot be written in a call",
    ),
    "a parameter not declared": ({"failure": sympy.exp(-V)}, "uses V, which it does not declare; add a Parameter"),
    "ends in the wrong order": ({"parameters": (bk.integers(n, "n", 5, 3), PARAMETERS[1])}, "n has no values: low = 5"),
    "one end, and that left out": ({"parameters": (PARAMETERS[0], bk.reals(t, "t", 1, 1))}, "t has no values"),
    "ends in a parameter that is none": ({"parameters": (bk.integers(n, "n", 1, V), PARAMETERS[1])}, "ends of n use V"),
    "a default outside": ({"parameters": (bk.integers(n, "n", default=0), PARAMETERS[1])}, "default outside.*n = 0"),
    "a default that is no integer": (
        {"parameters": (bk.integers(n, "n", default=0.5), PARAMETERS[1])},
        "is an integer",
    ),
    "a default above another": (
        {"parameters": (bk.integers(n, "n", default=2), bk.reals(t, "t", 0, n, default=3))},
        "default outside.*t = 3",
    ),
    "a failure as text": ({"failure": "print('read')"}, r"failure is .*text is never evaluated"),
    "a truth as text": ({"truth": "print('read')"}, r"truth is .*text is never evaluated"),
    "a claim as text": ({"claims": ("U < print('read')",)}, "no relation that SymPy keeps"),
    "a negative failure": ({"failure": -0.1}, "failure = -0.1.* is negative, and no probability; mend failure"),
    "a failure with its sign lost": ({"failure": -sympy.exp(-n / 16)}, "is negative"),
    "a negative truth": ({"truth": -bk.tails.normal_two_sided(t)}, "truth = .* is negative"),
    "a random failure": ({"failure": sympy.exp(-U)}, "failure uses U, a quantity"),
    "a random hypothesis": ({"hypotheses": (bk.Hypothesis("U > 1", U > 1),)}, "'U > 1' speaks of U, a quantity"),
    "a settled hypothesis": (
        {"hypotheses": (bk.Hypothesis("1 < 2", sympy.Integer(1) < 2),)},
        "'1 < 2' is True: always met, so leave it out",
    ),
    "a worst case of no parameter": ({"worst_case": (("m", 1),)}, "worst_case names 'm', which is no parameter"),
    "a worst case outside": ({"worst_case": (("n", 0),)}, "worst_case outside its range: n = 0"),
    "a promise that knows what is chosen": (
        {"parameters": (bk.integers(n, "n", chosen=True), PARAMETERS[1])},
        "failure uses n, which whoever refutes it chooses; leave it out, or drop chosen=True",
    ),
    "a hypothesis on what is chosen": (
        {"parameters": (*PARAMETERS, bk.reals(V, "V", chosen=True)), "hypotheses": (bk.Hypothesis("V > 1", V > 1),)},
        "the hypothesis 'V > 1' uses V",
    ),
    "a range that knows what is chosen": (
        {"parameters": (PARAMETERS[0], bk.reals(t, "t", 0, V), bk.reals(V, "V", chosen=True))},
        "an end of t uses V",
    ),
    "a quantity that is chosen": ({"quantities": (bk.reals(U, "U", chosen=True),)}, "True to parameters only"),
    "chosen in words": ({"parameters": (*PARAMETERS, bk.reals(V, "V", chosen="yes"))}, "chosen of V is 'yes'"),
    "a truth of no kind": ({"truth_is": "about"}, "truth_is = 'about'; write one of 'exact', 'upper bound'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_statement_that_contradicts_itself_is_refused(name: str) -> None:
    changes, says = WRONG[name]
    with pytest.raises(bk.StatementError, match=f"^own: .*{says}"):
        own(**changes)


def test_a_sound_one_is_not() -> None:
    s = own(failure=0.5)
    assert s(n=3, t=1).failure == pytest.approx(0.5)
    bk.testing.assert_conforms(own())
    assert bk.falsify(own()).counterexample is None


NEVER = (bk.Hypothesis("n >= 5", n >= 5), bk.Hypothesis("n <= 3", n <= 3))


@pytest.mark.parametrize("ask", [bk.falsify, bk.audit, bk.testing.parameters], ids=lambda ask: ask.__name__)
def test_hypotheses_that_nothing_meets_are_named(ask: Any) -> None:
    with pytest.raises(bk.StatementError, match="meets every hypothesis.*look at its hypothesis n <= 3"):
        ask(own(hypotheses=NEVER))


def test_the_audit_looks_where_the_grid_does_not() -> None:
    """One size in a million is no verdict on nothing."""
    narrow = own(hypotheses=(bk.Hypothesis("n = 777", sympy.Eq(n, 777)),))
    assert any(j.guarantee.applies for j in bk.audit(narrow, points=20).entries[0].checks)
    wrong = replace(narrow, failure=sympy.exp(-n))
    assert bk.audit(replace(wrong, truth=bk.tails.chi_square_at_least(n, 1)), points=20).is_false


class raises_below_one(bk.tails.Tail):
    """exp(-x), which its author gives for x >= 1 only."""

    @staticmethod
    def ball(x: fmpq) -> arb:
        if x < 1:
            raise ValueError("x >= 1 is needed")
        return -arb(x)


class nan_below_one(bk.tails.Tail):
    """The same, with nan."""

    @staticmethod
    def ball(x: fmpq) -> arb:
        return arb("nan") if x < 1 else -arb(x)


class gives_text(bk.tails.Tail):
    """What is no ball."""

    @staticmethod
    def ball(x: fmpq) -> str:
        return "much"


BROKEN = [
    (raises_below_one(t), "the law raises_below_one.* gave ValueError: x >= 1 is needed"),
    (gives_text(t), "the law gives_text.* gave "),
    (bk.tails.chi_square_at_most(n, sympy.Min(t - 1, sympy.Rational(1, 100))), "the law chi_square_at_most.*>= 0"),
]


@pytest.mark.parametrize(("truth", "says"), some(BROKEN, 1))
def test_a_law_that_does_not_cover_the_domain_is_named_with_the_point(truth: Any, says: str) -> None:
    """Asked of one point, and where it says nothing at any."""
    s = own(failure=0.9, truth=truth)
    never = replace(s, hypotheses=(bk.Hypothesis("t < 1", t < 1),))
    says = f"Own at n = .*, t = .*: {says}.*mend truth there.*or add a hypothesis"
    for ask in (
        lambda: s(n=3, t=0.5).exact(),
        lambda: bk.refute(s, n=3, t=0.5),
        lambda: bk.falsify(never),
        lambda: bk.audit(never),
        lambda: bk.testing.assert_conforms(never),
    ):
        with pytest.raises(bk.LawError, match=says):
            ask()


LAPSING = [BROKEN[0], (nan_below_one(t), "the law nan_below_one.* is nan at every precision")]


@pytest.mark.parametrize(("truth", "says"), LAPSING, ids=lambda x: type(x).__name__)
def test_where_a_law_says_something_the_points_at_which_it_does_not_are_undecided(truth: Any, says: str) -> None:
    s = own(failure=0.9, truth=truth)
    judged = bk.check_point(s, n=3, t=0.5)
    assert judged.status.name == "UNDECIDED"
    assert re.search(says, judged.reason)
    entry = bk.audit(s, points=60).entries[0]
    assert entry.is_undecided
    assert not entry.is_false
    assert re.search(f"at n = .*, t = .*: .*{says}", entry.reason)
    assert any(j.status.name == "HOLDS" for j in entry.checks)
    found = bk.falsify(s)
    assert found.counterexample is None
    assert 0 < found.searched < found.covered
    assert re.search(says, found.reason)
    bk.testing.assert_conforms(s)


def test_a_hypothesis_that_leaves_the_points_out_mends_it() -> None:
    above = (bk.Hypothesis("t >= 1", t >= 1),)
    for truth, _ in LAPSING:
        s = own(failure=0.9, truth=truth, hypotheses=above)
        assert bk.falsify(s).counterexample is None
        with pytest.raises(bk.HypothesisError, match="does not cover"):
            s(n=3, t=0.5).exact()


def test_a_law_that_is_nan_is_undecided_there_and_named() -> None:
    """It may be defined there, with a ball that loses every digit: that is no mistake of the statement's."""
    s = own(failure=0.9, truth=nan_below_one(t))
    never = replace(s, hypotheses=(bk.Hypothesis("t < 1", t < 1),))
    says = r"the law nan_below_one\(0.5.*is nan at every precision"
    with pytest.raises(bk.PrecisionError, match=says):
        never(n=3, t=0.5).exact()
    found = bk.check_point(never, n=3, t=0.5)
    assert found.status.name == "UNDECIDED"
    assert re.search(says, found.reason)
    search = bk.falsify(never, points=200)
    assert (search.counterexample, search.searched) == (None, 0)
    assert "is nan at every precision" in str(search)
    (entry,) = bk.audit(never, points=20).entries
    assert entry.is_undecided
    assert not entry.is_false


SAMPLERS = {
    "raises": (lambda rng, trials, n, t: 1 / 0, "gave ZeroDivisionError at n = 20, t = 1.*mend sampler"),
    "other parameters": (lambda rng, trials, m: rng.random(trials), "gave TypeError.*mend sampler"),
    "one number": (lambda rng, trials, n, t: 1.0, r"arrays of shapes \[\(\)\]; it has to give one of shape \(1,\)"),
    "two columns": (lambda rng, trials, n, t: rng.random((trials, 2)), r"shapes \[\(1, 2\)\]"),
    "ragged": (lambda rng, trials, n, t: [[1], [2, 3]], "mend sampler"),
    "nothing": (lambda rng, trials, n, t: None, r"shapes \[\(\)\]"),
    "text": (lambda rng, trials, n, t: np.array(["x"] * trials), "no real numbers at n = 20, t = 1; mend sampler"),
    "complex": (lambda rng, trials, n, t: np.ones(trials) * 1j, "no real numbers at n = 20, t = 1; mend sampler"),
}


@pytest.mark.parametrize("name", some(SAMPLERS, 3))
def test_a_sampler_that_breaks_is_named(name: str) -> None:
    sampler, says = SAMPLERS[name]
    s = own(sampler=sampler)
    with pytest.raises(bk.StatementError, match=f"own's sampler .*{says}"):
        bk.simulate.check(s, 50, n=20, t=1)
    with pytest.raises(bk.StatementError, match="own's sampler"):
        bk.audit(s, points=10)
    with pytest.raises(bk.StatementError, match="own's sampler"):
        bk.falsify(replace(s, truth=None))


def test_a_sampler_may_name_what_it_draws() -> None:
    named = own(sampler=lambda rng, trials, n, t: {"U": rng.random(trials), "more": rng.random((trials, 2))})
    plain = own(sampler=lambda rng, trials, n, t: rng.random(trials))
    one, other = (bk.simulate.check(s, 50, n=20, t=1) for s in (named, plain))
    assert (one.failures, one.trials) == (other.failures, other.trials)
    lacking = own(sampler=lambda rng, trials, n, t: {"V": rng.random(trials)})
    with pytest.raises(bk.StatementError, match="own's sampler gave KeyError.*'U'"):
        bk.simulate.check(lacking, 50, n=20, t=1)


def test_an_upper_bound_is_simulated_with_ones_own_sampler() -> None:
    """No law decides whether the claim is true; trials do."""
    s = own(
        failure=sympy.exp(-n),
        truth_is="upper bound",
        claims=(U < n,),
        truth=bk.tails.chi_square_at_least(n, 1),
        sampler=lambda rng, trials, n, t: rng.chisquare(n, trials),
    )
    assert "simulated trials failed" in bk.falsify(s).counterexample.why


ROOT = Path(__file__).parent.parent
MASSART = str(ROOT / "examples" / "laurent_massart.py")
FILES = [
    (["eval", f"{MASSART}:upper", "n=100", "t=3", "--exact"], 0, "the exact failure probability is 0.0046275"),
    (["falsify", f"{MASSART}:without_2t"], 1, "is false at n = 1"),
    (["table", f"{MASSART}:lower", "t=3", "--over", "n=10,100"], 0, "65.358"),
    (["audit", f"{MASSART}:upper", "--points", "20"], 0, "No corrected statement was found false"),
    (["show", f"{MASSART}:upper"], 0, "chi2"),
    (["simulate", f"{MASSART}:upper", "n=10", "t=1"], 0, "CONSISTENT"),
    (["solve", MASSART, "n"], 2, "has 2 statements; name one: .*:laurent_massart_upper, .*:laurent_massart_lower"),
    (["eval", f"{MASSART}:uper"], 2, "no statement 'uper'.*upper, lower"),
    (["eval", "nowhere.py:x"], 2, "nowhere.py cannot be read: No such file"),
]


@pytest.mark.parametrize(("words", "code", "says"), FILES)
def test_statements_in_files_at_the_command_line(words: list[str], code: int, says: str) -> None:
    done = CliRunner(env={"COLUMNS": "200"}).invoke(main, words)
    assert done.exit_code == code
    assert "Traceback" not in done.output
    assert re.search(says, done.output)


@pytest.mark.parametrize(("text", "says"), [("1 / 0", "ZeroDivisionError"), ("def", "SyntaxError"), ("x = 1", "none")])
def test_files_that_do_not_run(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(text)
    done = CliRunner().invoke(main, ["eval", f"{tmp_path / 'own.py'}:x"])
    assert done.exit_code == 2
    assert says in done.output


@pytest.mark.parametrize("end", ["1", "print(1)", True, None, float("nan"), [1]], ids=repr)
@pytest.mark.parametrize("kind", [bk.integers, bk.reals])
def test_ends_that_are_no_numbers(kind: Any, end: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for ends in ({"low": end}, {"high": end}):
        with pytest.raises(bk.StatementError, match="end of n is .*; give a number or a SymPy expression"):
            kind(n, "a count", **ends)
    assert capsys.readouterr().out == ""


def test_writing_a_statement_writes_no_number_out() -> None:
    """SymPy would, once it sees that the parameter is gone from n/n, or compares the ends of a parameter."""
    one = sympy.Mul(n, 1 / n, evaluate=False)
    immense = sympy.Pow(2, sympy.Mul(10**18, one, evaluate=False), evaluate=False)
    number = sympy.Pow(2, sympy.Integer(10) ** 18, evaluate=False)
    fields = {"name": "own", "place": "Own", "quantities": (bk.reals(U, "a length"),), "hypotheses": ()}
    parameters = (bk.integers(n, "a count"), bk.Parameter(t, False, sympy.S.Zero, number, "a size", usual=(1, 2)))
    s = bk.Statement(**fields, parameters=parameters, claims=(U <= n,), failure=immense, truth=immense)
    assert s.failure == immense
    with pytest.raises(bk.StatementError, match="is negative"):
        replace(s, failure=sympy.Mul(-1, immense, evaluate=False))
