"""The best constant: between what is refuted and what is proved, and where the truth is known on it."""

from math import log, pi, sqrt

from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from scipy import stats
from support import examples
import sympy

import boundkit as bk
from boundkit.cli import main

C, D, n, t, X = sympy.symbols("C D n t X")
CLASSICS = bk.papers.classics


def test_lemma_b_1s_is_known_to_eleven_digits():
    """(log 2 - 1/2)/2, by Chernoff's bound from one side and by the law at large n from the other."""
    found = bk.best_constant(bk.lemma_b_1, "1/16", points=100, seconds=2)
    true = (log(2) - 0.5) / 2
    assert (found.kind, found.refutation is not None) == ("largest", True)
    assert true * (1 - 1e-9) <= found.certified <= true <= found.refuted <= true * (1 + 1e-7)
    assert "is certified: its proof is accepted with it" in str(found)
    assert {"certified", "refuted", "refutation"} <= found.to_dict().keys()


@pytest.mark.slow
def test_berry_and_esseens_lies_where_it_is_known_to_lie():
    """For coins the supremum is (sqrt(10) + 3)/(6 sqrt(2 pi)) = 0.40973 (Schulz 2016); nothing proves it here."""
    found = bk.best_constant(CLASSICS.berry_esseen, "0.4748", seconds=40)
    assert found.kind == "smallest"
    assert found.certified is None
    assert 0.4097 <= found.refuted <= (sqrt(10) + 3) / (6 * sqrt(2 * pi))
    assert found.refuted <= found.value <= 0.4748


def normal(failure, *more, **changes):
    fields = {"name": "own", "place": "Own", "claims": (X < t,), "truth": bk.tails.normal_at_least(t)}
    parameters = (bk.reals(t, "a threshold", 0, 30, strict=False), *more)
    return bk.Statement(**{**fields, "parameters": parameters, "failure": failure, **changes})


RATE = bk.reals(C, "a rate", 0, typical=sympy.Rational(1, 4))


@settings(max_examples=examples(5))
@given(st.integers(1, 40))
def test_at_one_point_it_is_where_the_law_meets_the_claim(size):
    """Mills: log of 1/(2 P[Z >= t]) over t^2, by SciPy."""
    t_ = size / 4
    found = bk.best_constant(normal(sympy.exp(-C * t**2) / 2, RATE), "C", t=t_, points=5, seconds=1)
    true = -(log(2) + stats.norm.logsf(t_)) / t_**2
    assert found.kind == "largest"
    assert float(found.refuted) == pytest.approx(true, rel=1e-8)
    assert found.holds is None or found.holds <= found.refuted


@settings(max_examples=examples(10))
@given(st.booleans(), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_what_is_refuted_is_refuted_inside_the_domain(low, m, first, more):
    """Of a range whose end moves with another parameter, narrowed to ends on either side of it."""
    M = sympy.Symbol("m")
    moving = bk.reals(t, "a threshold", M, 30) if low else bk.reals(t, "a threshold", sympy.Rational(1, 2), M)
    own = normal(sympy.exp(-C * t**2) / 2, RATE, parameters=(bk.reals(M, "an end", 0, 5), moving, RATE))
    ends = (m - first, m + more) if low else (max(m - first, 1), m + more)
    found = bk.best_constant(own, "C", m=m, t=ends, points=30)
    assert found.refutation is not None
    point = dict(found.refutation.point)
    assert own(**point, C=1).applies is True
    assert ends[0] <= point["t"] <= ends[1]
    assert point["t"] >= m if low else point["t"] <= m


def test_two_constants_are_a_curve():
    """For e^(-C t^2)/D the best C falls as D grows, and more is claimed."""
    own = normal(sympy.exp(-C * t**2) / D, RATE, bk.reals(D, "a factor", 0, typical=1))
    curve = bk.best_constants(own, "C", {"D": "1,1.5,2"}, t=(1, 30), points=20, seconds=20)
    values = [float(found.refuted) for found in curve]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(0.5, abs=0.2)
    assert [dict(found.given)["D"] for found in curve] == [1, sympy.Rational(3, 2), 2]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: bk.best_constant(bk.lemma_b_1, "1/17"), "1/17 does not stand in Lemma B.1's failure probability"),
        (lambda: bk.best_constant(bk.lemma_b_1, -1), "a constant above 0 is needed"),
        (lambda: bk.best_constant(bk.lemma_b_1, "m"), "has no parameter 'm'"),
        (lambda: bk.best_constant(normal(sympy.exp(-C), RATE), "C", C=1), "both given and looked for"),
        (lambda: bk.best_constant(normal(sympy.exp(-C), RATE), "C", t=(3, 2)), "turn the ends round"),
        (lambda: bk.best_constant(normal(sympy.exp(-C * (t - 1)), RATE), "C", points=60), "claims less at some points"),
        (lambda: bk.best_constant(CLASSICS.dkw, "2"), "has no exact law"),
        (lambda: bk.best_constant(normal(2 * sympy.exp(-2 * t**2)), "2"), "2 stands in Own's failure .* 2 times"),
        (lambda: bk.best_constant(normal(sympy.exp(-(t**3))), "3"), "3 does not stand in"),
        (lambda: bk.best_constant(normal((1 + C) / 2, RATE), "C", points=40), "at none of 40 points"),
        (lambda: bk.best_constant(normal(C * sympy.exp(-t) / 10**12, RATE), "C", points=40), "at none of 40 points"),
        (lambda: bk.best_constant(normal(8 * C * sympy.exp(-C * t**2), RATE), "C", t=(1, 2), points=40), "no best one"),
        (lambda: bk.best_constant(normal(sympy.exp(-C), RATE), "C", seconds="x"), "a time above 0"),
        (lambda: bk.best_constant(normal(sympy.exp(-C), RATE), "C", points=0), "an integer from 1 on"),
        (
            lambda: bk.best_constant(normal(sympy.exp(-t), RATE, hypotheses=(bk.Hypothesis("t > C", t > C),)), "C"),
            "depend on it",
        ),
    ],
)
def test_what_is_no_constant_is_refused(ask, says):
    with pytest.raises(bk.BoundkitError, match=says):
        ask()


def test_the_command_says_both_sides():
    done = CliRunner().invoke(main, ["solve", "lemma_b_1", "1/16", "--everywhere", "--over", "n=2"])
    assert done.exit_code == 0, done.output
    assert done.output.count("the largest constant in the place of 1/16") == 1
    for words in (["--everywhere", "--exact"], ["--over", "n=1,2"]):
        assert CliRunner().invoke(main, ["solve", "lemma_b_1", "1/16", *words]).exit_code == 2
