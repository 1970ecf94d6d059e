"""A little of what `python -m fuzz` does at full size, and that it sees what it looks for."""

from fractions import Fraction
from pathlib import Path

from fuzz.again import certain
from fuzz.draws import mistaken_line
from fuzz.fuzzing import Found, _judge, fuzz_arrays, fuzz_calls, fuzz_commands
import pytest
import sympy

import boundkit as bk
from boundkit.cli import main


@pytest.mark.parametrize("seed", [1, 2])
def test_arrays(seed: int) -> None:
    found = fuzz_arrays(8000, seed)
    assert not found, "\n".join(found)
    assert found.count["applies True, again True"] > 500
    assert found.count["applies False, again False"] > 100


def test_calls() -> None:
    found = fuzz_calls(250, 0)
    assert not found, "\n".join(found)
    assert found.count["INFORMATIVE"] > 25
    assert found.count["INAPPLICABLE"] > 10
    assert found.count["refused: ParameterError"] > 5


def test_commands(tmp_path: Path) -> None:
    found = fuzz_commands(30, 0, tmp_path)
    assert not found, "\n".join(found)
    assert found.count["exit code 0"] > 3


@pytest.mark.slow
def test_mistakes_that_people_make_end_in_a_line(tmp_path: Path) -> None:
    found = fuzz_commands(200, 0, tmp_path, mistaken_line)
    assert not found, "\n".join(found)
    assert found.count["exit code 2"] > 60
    assert all(found.count[f"command {name}"] for name in main.commands), found.count


def test_hypotheses_judged_again_know_true_from_false() -> None:
    point = {"d": Fraction(1000), "ell": Fraction(600), "m": Fraction(10), "k": Fraction(1), "output": Fraction(1)}
    assert certain(bk.theorem_5_1, point) is False
    assert certain(bk.theorem_5_1, {**point, "ell": Fraction(3316), "d": Fraction(1000)}) is True
    assert certain(bk.theorem_5_1, {**point, "m": Fraction(1), "output": Fraction(0)}) is False
    edge = {"d": Fraction(2), "ell": Fraction(1), "eta": Fraction(1), "lam": Fraction(1, 2), "T": Fraction(1)}
    assert certain(bk.corollary_6_2, edge) is None  # 1/2 against 1/sqrt(4), which balls cannot tell apart
    assert certain(bk.corollary_6_2, {**edge, "lam": Fraction(499, 1000)}) is False


def test_a_wrong_answer_is_seen() -> None:
    point = {"d": Fraction(1000), "ell": Fraction(600), "m": Fraction(10), "k": Fraction(1), "output": Fraction(1)}
    found = Found()
    _judge(bk.theorem_5_1, point, False, found)
    assert not found
    _judge(bk.theorem_5_1, point, True, found)
    assert len(found) == 1
    found.guard("a mistake", lambda: 1 // 0)
    assert "ZeroDivisionError" in found[1]
    found.guard("a refusal", lambda: bk.theorem_5_1(d=-1))
    assert len(found) == 2


# What fuzzing found, each in its own words.


def test_an_undefined_failure_promises_nothing() -> None:
    parameters = {"d": 5, "ell": 2, "m": 2, "k": 0, "output": 1, "c": 2}
    g, got = bk.sharpened_5_1(**parameters), bk.sharpened_5_1.evaluate(**parameters)
    assert g.log_failure == got["log_failure"] == float("inf")
    assert (g.probability, g.applies, bool(got["applies"])) == (0.0, False, False)
    assert "nan" not in repr(g)
    assert "-inf" not in repr(g)


def test_an_int_too_long_to_write_is_refused_on_arrays_too() -> None:
    with pytest.raises(bk.ParameterError, match="thousands of digits"):
        bk.lemma_b_1.evaluate(n=[10**5000])


def test_a_ledger_counts_an_event_whose_condition_is_open() -> None:
    given = {"d": 1000, "ell": 600}
    assert bk.budget(bk.theorem_4_1, **given).log_claimed == bk.budget(bk.theorem_4_1, **given, k=1).log_claimed


def test_digits_of_a_failure_far_below_every_float_come_at_once() -> None:
    g = bk.universal_flip(d=8463296, ell=8463296, m=1000, k=1, output=1)
    assert float(sympy.log(g.digits(30)["failure"])) == pytest.approx(g.log_failure, rel=1e-14)


def test_a_side_beyond_every_float_is_decided_as_a_call_decides_it() -> None:
    printed = bk.corollary_6_2.as_printed
    at = {"d": 2, "ell": 1, "eta": 50.0, "lam": 500.0}
    for steps, expected in ((9999, True), (10000, False)):  # a power of a negative number
        assert printed(**at, T=steps).applies is expected
        assert bool(printed.evaluate(**at, T=steps)["applies"]) is expected


def test_the_truth_of_what_is_not_random_needs_the_parameters_of_its_claims() -> None:
    with pytest.raises(bk.ParameterError, match="needs d"):
        bk.remark_3_1(gamma=200).exact()
    assert bk.remark_3_1(gamma=200, d=10).exact().failure == 0
