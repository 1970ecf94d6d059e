"""The strategies of boundkit.testing: what they draw, how it shrinks; and what the checks reject."""

from dataclasses import replace
from pathlib import Path
import runpy
import subprocess
import sys
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
import pytest
from support import STATEMENTS, examples, some
import sympy

import boundkit as bk
from boundkit.enclose import holds
from boundkit.simulate import Problem, TrainedNetwork
from boundkit.testing import assert_conforms, networks, parameters, problems

ROOT = Path(__file__).parent.parent
STRICT = settings(suppress_health_check=[], database=None, derandomize=True)
MISSED = [(s.name, h.text) for s in STATEMENTS.values() for h in s.hypotheses if h.relation is not None]


def drawn(strategy: Any, count: int = 200) -> list[Any]:
    """What the strategy gives, with every health check on."""
    found = []

    @settings(STRICT, max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def smallest(strategy: Any, bad: Any) -> Any:
    """What a failing example shrinks to."""
    found = []

    @settings(STRICT, max_examples=1000)
    @given(strategy)
    def never(value: Any) -> None:
        if bad(value):
            found.append(value)
            raise AssertionError

    with pytest.raises(AssertionError):
        never()
    return found[-1]


def answers(s: bk.Statement, values: dict) -> dict[str, bool | None]:
    """Each hypothesis recomputed in balls."""
    given_ = {sympy.Symbol(name): value for name, value in values.items()}
    return {h.text: holds(h.relation, given_) for h in s.hypotheses if h.relation is not None}


@pytest.mark.parametrize("name", some(bk.PAPER, 4))
def test_points_meet_every_hypothesis(name: str) -> None:
    s = bk.catalogue[name]
    for values in drawn(parameters(s), examples(40)):
        assert set(answers(s, values).values()) <= {True}
        assert s(**values).applies is True
        assert list(values) == [p.name for p in s.parameters]


@pytest.mark.parametrize(("name", "text"), some(MISSED, 3))
def test_points_miss_one_hypothesis_and_no_other(name: str, text: str) -> None:
    s = bk.catalogue[name]
    for values in drawn(parameters(s, missing=text), examples(20)):
        assert {t for t, answer in answers(s, values).items() if answer is not True} == {text}
        assert answers(s, values)[text] is False


@pytest.mark.slow
def test_the_narrow_hypothesis_of_theorem_5_1_is_met_and_missed_closely() -> None:
    """Sizes are varied, and its edge is drawn: one more neuron, or one dimension less, and it no longer applies."""
    s = bk.theorem_5_1
    met = drawn(parameters(s), 300)
    assert len({v["m"] for v in met}) >= 10
    assert sum(v["m"] > 1 for v in met) >= 75
    ell = "ell >= 32 (m - 1) log(m^2 d)"
    more = [answers(s, {**v, "m": v["m"] + 1})[ell] for v in met if v["m"] > 1]
    assert sum(answer is False for answer in more) >= 10
    missed = drawn(parameters(s, missing="ell >="), 300)
    fewer = [answers(s, {**v, "m": v["m"] - 1})[ell] for v in missed]
    assert sum(answer is True for answer in fewer) >= 30


@pytest.mark.slow
def test_edges_are_drawn() -> None:
    points = drawn(parameters(bk.theorem_4_1, largest=5000), 500)
    for edge in ({"m": 1}, {"ell": 1}, {"d": 1}, {"k": 0}):
        assert any(edge.items() <= values.items() for values in points), edge
    assert any(values["ell"] == values["d"] > 1 for values in points)
    assert any(values["k"] == values["m"] > 1 for values in points)
    assert 2500 < max(values["d"] for values in points) <= 5000
    covered = drawn(parameters(bk.theorem_5_1, largest=5000), 250)
    assert any(values["m"] == 2 for values in covered)
    assert any(values["k"] == values["m"] - 1 > 1 for values in covered)


@pytest.mark.slow
def test_what_fails_shrinks_to_small_numbers() -> None:
    assert smallest(parameters(bk.lemma_b_1), lambda v: v["n"] >= 77)["n"] == 77
    few = smallest(parameters(bk.theorem_5_1), lambda v: v["ell"] >= 100)
    assert few["ell"] <= 1000
    assert few["m"] <= 3
    assert few["k"] == 1
    many = smallest(parameters(bk.theorem_5_1), lambda v: v["m"] >= 3)
    assert many["m"] == 3
    assert many["d"] <= 1000  # 544 is the least that there is
    wrong = smallest(parameters(bk.theorem_6_2), lambda v: v["k"] >= 12)
    assert wrong["k"] == 12
    assert wrong["m"] <= 20


@pytest.mark.slow
def test_anywhere_in_the_domain_and_fixed_parameters() -> None:
    anywhere = drawn(parameters(replace(bk.theorem_5_1, hypotheses=())))
    assert {bk.theorem_5_1(**values).applies for values in anywhere} == {True, False}
    assert {v["d"] for v in drawn(parameters(bk.theorem_5_1, d=3000, m=2), 50)} == {3000}
    for values in drawn(parameters(bk.lemma_c_2, t=0.5, sigma=1), 20):
        assert values["t"] == sympy.Rational(1, 2)


@pytest.mark.slow
def test_what_cannot_be_drawn_is_refused() -> None:
    n = bk.lemma_b_1.symbols[0]
    never = replace(bk.lemma_b_1, hypotheses=(bk.Hypothesis("n >= 5", n >= 5), bk.Hypothesis("n <= 3", n <= 3)))
    with pytest.raises(bk.StatementError, match="look at its hypothesis n <= 3"):
        parameters(never)
    with pytest.raises(AssertionError, match="look at its hypothesis n <= 3"):
        assert_conforms(never)
    with pytest.raises(bk.ParameterError, match="no one hypothesis 'm >= 2' to miss; it has ell >= 32"):
        parameters(bk.theorem_5_1, missing="m >= 2")
    with pytest.raises(bk.ParameterError, match="no parameter 'e'"):
        parameters(bk.theorem_5_1, e=1)
    for wrong in (0, 1.5, True):
        with pytest.raises(bk.ParameterError, match="largest"):
            parameters(bk.theorem_5_1, largest=wrong)
        with pytest.raises(bk.ParameterError, match="max_points"):
            problems(max_points=wrong)
        with pytest.raises(bk.ParameterError, match="max_m"):
            networks(max_m=wrong)


@pytest.mark.slow
def test_problems_are_of_every_kind() -> None:
    found = drawn(problems(max_d=9, max_points=4), 200)
    assert all(isinstance(p, Problem) and 1 <= p.ell < p.d <= 9 and 1 <= p.points <= 4 for p in found)
    assert {p.d for p in found} == set(range(2, 10))
    assert {p.aligned for p in found} == {True, False}
    assert smallest(problems(), lambda p: p.points >= 2 and p.d >= 3).d == 3


def test_networks_are_of_every_kind() -> None:
    found = drawn(networks(problems(max_d=6), max_m=4, max_steps=10), 150)
    assert all(isinstance(net, TrainedNetwork) and net.m <= 4 and net.steps <= 10 and net.finite for net in found)
    assert {net.full for net in found} == {True, False}
    assert {net.lam for net in found} == {0.0, 0.01, 0.1}
    assert {1, 4} <= {net.m for net in found}


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_strategies_compose(data: st.DataObject) -> None:
    s = bk.catalogue[data.draw(st.sampled_from(bk.PAPER))]
    assert s(**data.draw(parameters(s))).applies is True


def test_without_hypothesis_the_remedy_is_named() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import boundkit as bk\n"
        "bk.testing.assert_conforms(bk.lemma_b_1)\n"
        "try: bk.testing.parameters(bk.lemma_b_1)\n"
        "except bk.BoundkitError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'boundkit[test]'" in done.stdout


OWN = {
    f"{file}:{name}": value
    for file in ("hoeffding", "laurent_massart", "johnson_lindenstrauss")
    for name, value in runpy.run_path(str(ROOT / "examples" / f"{file}.py")).items()
    if isinstance(value, bk.Statement)
}
WRONG = {"hoeffding:twice_the_exponent", "laurent_massart:without_2t", "johnson_lindenstrauss:four_times_the_exponent"}


@pytest.mark.parametrize("name", some(sorted(OWN.keys() - WRONG), 2))
def test_statements_of_the_examples_conform(name: str) -> None:
    s = OWN[name]
    assert_conforms(s)
    assert bk.falsify(s, seconds=5).counterexample is None


@pytest.mark.parametrize("name", sorted(WRONG))
def test_wrong_variants_of_the_examples_are_refuted(name: str) -> None:
    with pytest.raises(AssertionError, match="is false at"):
        assert_conforms(OWN[name])
    found = bk.falsify(OWN[name]).counterexample
    assert found is not None
    assert all(abs(x) <= 100 for _, x in found.point)
